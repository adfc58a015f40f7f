import type { Hex } from "@citynet/ledger";

import { isHash } from "../settings.svelte";
import type { Block } from "./final-blocks";

/** What `chainHead_v1_follow` tells, as far as it is needed here. */
export type FollowEvent =
    | { readonly event: "initialized"; readonly last: Hex }
    | { readonly event: "newBlock"; readonly hash: Hex; readonly parent: Hex }
    | { readonly event: "finalized"; readonly last: Hex; readonly pruned: readonly Hex[] }
    /** Nothing more comes; one has to begin anew. */
    | { readonly event: "stop" }
    | { readonly event: "other" };

/** Reads an event. Throws where it is none. */
export function followEvent(found: unknown): FollowEvent {
    if (typeof found !== "object" || found === null) throw nonsense("an event is no object");
    const { event, blockHash, parentBlockHash, finalizedBlockHashes, ...rest } = found as Record<string, unknown>;
    switch (event) {
        case "initialized":
            return { event, last: last(finalizedBlockHashes) };
        case "newBlock":
            return { event, hash: hex(blockHash), parent: hex(parentBlockHash) };
        case "finalized":
            return { event, last: last(finalizedBlockHashes), pruned: hashes(rest["prunedBlockHashes"]) };
        case "stop":
            return { event };
        default:
            if (typeof event !== "string") throw nonsense("an event has no name");
            return { event: "other" };
    }
}

function hex(found: unknown): Hex {
    if (typeof found !== "string" || !isHash(found)) throw nonsense("a block's hash is none");
    return found as Hex;
}

function hashes(found: unknown): Hex[] {
    if (!Array.isArray(found)) throw nonsense("hashes are no list");
    return found.map(hex);
}

function last(found: unknown): Hex {
    const hash = hashes(found).at(-1);
    if (hash === undefined) throw nonsense("no block is final");
    return hash;
}

function nonsense(what: string): Error {
    return new Error(`the light client makes no sense: ${what}`);
}

/**
 * The blocks that were reported since one follows, with their numbers. The hashes in `finalized` are not counted:
 * smoldot names the last one alone where several became final at once. That a block descends from another is what
 * numbers it.
 */
export class Following {
    /** Those that are pinned: the last final block, and what came after it. */
    readonly #blocks = new Map<Hex, { number: number; parent: Hex | null }>();
    #final: Hex;

    constructor(begin: Block) {
        this.#final = begin.hash;
        this.#blocks.set(begin.hash, { number: begin.number, parent: null });
    }

    newBlock(hash: Hex, parent: Hex): void {
        const found = this.#blocks.get(parent);
        if (found === undefined) throw nonsense("a block's parent was not reported");
        this.#blocks.set(hash, { number: found.number + 1, parent });
    }

    /** What became final, the last one last, and what need not be pinned any more. */
    finalized(last: Hex, pruned: readonly Hex[]): { final: Block[]; unpin: Hex[] } {
        const final: Block[] = [];
        for (let hash = last; hash !== this.#final; ) {
            const block = this.#blocks.get(hash);
            if (block === undefined || block.parent === null) {
                throw nonsense("a final block does not descend from the one before");
            }
            final.unshift({ number: block.number, hash });
            hash = block.parent;
        }
        const head = this.#blocks.get(last)?.number ?? 0;
        const dropped = new Set(pruned);
        const unpin = [...this.#blocks]
            .filter(([hash, { number }]) => hash !== last && (number <= head || dropped.has(hash)))
            .map(([hash]) => hash);
        for (const hash of unpin) this.#blocks.delete(hash);
        this.#final = last;
        return { final, unpin };
    }
}
