import type { Hex } from "@citynet/ledger";

import type { Block, FinalBlocks } from "./final-blocks";

/**
 * The block by which the light client and a node can be compared: the last one that both have as final. Null where the
 * light client does not know it, because the node is behind where it began.
 */
export function common(final: FinalBlocks, node: number): Block | null {
    if (final.head === null) return null;
    const number = Math.min(final.head.number, node);
    const hash = final.at(number);
    return hash === null ? null : { number, hash };
}

/** What the node answered for a block that the light client has as final. */
export interface Compared {
    readonly block: Block;
    /** The node's hash of that number; null where it has none, although it says that this one is final. */
    readonly node: Hex | null;
}

/** What a comparison shows. Who contradicted once has done so, whatever comes later. */
export function after(before: Compared | null, next: Compared): Compared {
    if (before === null) return next;
    if (contradicts(before)) return before;
    return contradicts(next) || next.block.number >= before.block.number ? next : before;
}

export function contradicts({ block, node }: Compared): boolean {
    return node !== null && node !== block.hash;
}

/** What verified evidence is about: a block of a chain. */
export interface Evident {
    readonly genesis: Hex;
    readonly block: Block;
}

/**
 * How the block of some evidence stands to the light client. `same`: it has this very block as final; `differs`: it has
 * another one of that number; `below`: its finalised head is above, and it does not know which block has that number;
 * `above`: it has not come to that number; `foreign`: the evidence is of another chain.
 */
export type Standing = "same" | "differs" | "below" | "above" | "foreign";

export function standing(
    evidence: Evident,
    light: { readonly genesis: Hex; readonly final: FinalBlocks },
): Standing | null {
    const { head } = light.final;
    if (evidence.genesis !== light.genesis) return "foreign";
    if (head === null) return null;
    const { number, hash } = evidence.block;
    if (number > head.number) return "above";
    const known = light.final.at(number);
    if (known === null) return "below";
    return known === hash ? "same" : "differs";
}

/**
 * The genesis hash that a specification would have to have, where it has another one than the chain that is meant. The
 * reader says which that is, on this page or by what is pinned; without either, the specification itself does.
 */
export function refusal(specified: Hex, meant: readonly (string | null)[]): string | null {
    return meant.find((hash) => hash !== null && hash !== specified) ?? null;
}
