import type { Header } from "../../ledger";
import { bytesOf, hexOf, Reader } from "./reader";

/** The head of the journal's tree. */
export interface TreeHead {
    /** How many records there are. */
    readonly size: bigint;
    readonly root: string;
}

/** A finalising authority: its Ed25519 key and how much its vote counts. */
export interface Voter {
    readonly key: string;
    readonly weight: bigint;
}

/** What an item of a digest says, as far as it is known. */
export type Said =
    | { readonly is: "slot"; readonly slot: bigint }
    /** The author's signature over the header without it. */
    | { readonly is: "seal"; readonly signature: string }
    | { readonly is: "tree"; readonly head: TreeHead }
    /** Who authors from the next block on, by their sr25519 keys. */
    | { readonly is: "authors"; readonly keys: readonly string[] }
    | { readonly is: "authorDisabled"; readonly position: number }
    /** Who finalises, from so many blocks after this one is final (`forced`: without waiting for that). */
    | { readonly is: "voters"; readonly voters: readonly Voter[]; readonly delay: number; readonly forced: boolean }
    | { readonly is: "voterDisabled"; readonly position: bigint }
    | { readonly is: "paused" | "resumed"; readonly delay: number }
    /** The runtime's code is another one from the next block on. */
    | { readonly is: "code" }
    | { readonly is: "unknown" };

/** An item of a digest. */
export interface DigestItem {
    readonly kind: "preRuntime" | "consensus" | "seal" | "other" | "runtimeUpdated" | "unknown";
    /** The four characters by which an engine knows its own, where the item has them. */
    readonly engine: string | null;
    /** All of it. */
    readonly raw: string;
    readonly said: Said;
}

/** The kinds by their tags. */
const KINDS: Readonly<Record<number, DigestItem["kind"]>> = {
    0: "other",
    4: "consensus",
    5: "seal",
    6: "preRuntime",
    8: "runtimeUpdated",
};
const UNKNOWN: Said = { is: "unknown" };

/** The engines of a ledger's headers: of its authors, of its finality and of its journal. */
const AURA = "aura";
const GRANDPA = "FRNK";
const JOURNAL = "cnth";

/** An item of a digest, from its SCALE encoding in hex. What cannot be read is `unknown`, with its bytes. */
export function digestItem(raw: string): DigestItem {
    try {
        const reader = new Reader(bytesOf(raw));
        const kind = KINDS[reader.byte()] ?? "unknown";
        switch (kind) {
            case "unknown":
            case "other":
                return { kind, engine: null, raw, said: UNKNOWN };
            case "runtimeUpdated":
                reader.end();
                return { kind, engine: null, raw, said: { is: "code" } };
        }
        const engine = String.fromCharCode(...reader.take(4));
        const data = reader.take(reader.length());
        reader.end();
        return { kind, engine, raw, said: said(kind, engine, data) };
    } catch {
        // The item is shown as the bytes that it is, and as not understood.
        return { kind: "unknown", engine: null, raw, said: UNKNOWN };
    }
}

/** The items of a header's digest, in their order. */
export function digestOf(header: Header): DigestItem[] {
    return header.digest.logs.map(digestItem);
}

/** The journal's tree after the block, or null where the header has none, as that of the genesis block. */
export function treeHeadOf(header: Header): TreeHead | null {
    for (const { said } of digestOf(header)) if (said.is === "tree") return said.head;
    return null;
}

function said(kind: DigestItem["kind"], engine: string, data: Uint8Array): Said {
    const reader = new Reader(data);
    const found = read(kind, engine, reader);
    if (found.is !== "unknown") reader.end();
    return found;
}

function read(kind: DigestItem["kind"], engine: string, reader: Reader): Said {
    switch (`${kind} ${engine}`) {
        case `preRuntime ${AURA}`:
            return { is: "slot", slot: reader.integer(8) };
        case `seal ${AURA}`:
            return { is: "seal", signature: hexOf(reader.take(64)) };
        case `consensus ${JOURNAL}`:
            return { is: "tree", head: { size: reader.integer(8), root: reader.hex(32) } };
        case `consensus ${AURA}`:
            return ofAura(reader);
        case `consensus ${GRANDPA}`:
            return ofGrandpa(reader);
        default:
            return UNKNOWN;
    }
}

function ofAura(reader: Reader): Said {
    switch (reader.byte()) {
        case 1:
            return { is: "authors", keys: reader.list(() => reader.hex(32)) };
        case 2:
            return { is: "authorDisabled", position: reader.u32() };
        default:
            return UNKNOWN;
    }
}

function ofGrandpa(reader: Reader): Said {
    const voters = () => reader.list(() => ({ key: reader.hex(32), weight: reader.integer(8) }));
    switch (reader.byte()) {
        case 1:
            return { is: "voters", voters: voters(), delay: reader.u32(), forced: false };
        case 2:
            // The median block of the last finalised ones comes first.
            reader.u32();
            return { is: "voters", voters: voters(), delay: reader.u32(), forced: true };
        case 3:
            return { is: "voterDisabled", position: reader.integer(8) };
        case 4:
            return { is: "paused", delay: reader.u32() };
        case 5:
            return { is: "resumed", delay: reader.u32() };
        default:
            return UNKNOWN;
    }
}
