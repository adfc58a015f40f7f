import { TransportError } from "@citynet/ledger";

import { connection, FailureError, type Header, isHeader } from "../../ledger";
import { slotOf } from "../../ledger/head";
import { type TreeHead, treeHeadOf } from "./digest";
import { bytesOf, Reader } from "./reader";

/** A block as the node has it. */
export interface Block {
    readonly hash: string;
    readonly number: number;
    readonly header: Header;
    /** In hex, each beginning with its length. Null where the node has thrown the block's body away. */
    readonly extrinsics: readonly string[] | null;
    readonly slot: bigint | null;
    /** The beginning of its slot, in milliseconds since 1970. */
    readonly time: number | null;
    /** The journal's tree after it. */
    readonly tree: TreeHead | null;
}

/** Where the state keeps the events of a block: the hashes of `System` and `Events`. */
export const EVENTS = "0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";
/** Where it keeps who may author: the hashes of `Session` and `Validators`. */
const VALIDATORS = "0xcec5070d609dd3497f72bde07fc96ba088dcde934c658227ee1dfafcd6e16903";

/** How many answers about blocks are kept. They never change: a hash stands for one block. */
const KEPT = 400;

/** Answers by their question, the latest ones, of one node. */
const kept = new Map<string, Promise<unknown>>();
let session = -1;

function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    if (session !== connection.session) {
        session = connection.session;
        kept.clear();
    }
    const before = kept.get(key) as Promise<T> | undefined;
    if (before !== undefined) return before;
    const answer = ask();
    kept.set(key, answer);
    // What failed is asked for again.
    answer.catch(() => kept.delete(key));
    const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return answer;
}

/** Asks by a method of Substrate's. That the node has thrown a state away is told apart from other failures. */
async function ask(method: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
        return await connection.request(method, parameters);
    } catch (error) {
        if (error instanceof TransportError && /discarded|pruned/i.test(error.message)) {
            throw new FailureError({ kind: "pruned", message: error.message, data: {} });
        }
        throw error;
    }
}

/** The hashes of blocks of the best chain by their numbers; null where there is no such block yet. */
export async function blockHashes(numbers: readonly number[]): Promise<(string | null)[]> {
    const hashes = await ask("chain_getBlockHash", [numbers]);
    const list = Array.isArray(hashes) ? hashes : [hashes];
    if (list.length !== numbers.length || !list.every((hash) => hash === null || typeof hash === "string")) {
        throw new Error("the node's answer is no list of hashes");
    }
    return list as (string | null)[];
}

/** The hash of a block of the best chain. Rejects with `not_found` where there is no such block yet. */
export async function blockHash(number: number): Promise<string> {
    const [hash] = await blockHashes([number]);
    if (hash === null || hash === undefined) {
        throw new FailureError({ kind: "not_found", message: `there is no block ${number} yet`, data: { what: "block" } });
    }
    return hash;
}

/** A block by its hash. */
export function block(hash: string): Promise<Block> {
    return once(`block ${hash}`, async () => {
        const whole = (await ask("chain_getBlock", [hash])) as {
            block?: { header?: unknown; extrinsics?: unknown };
        } | null;
        const header = whole?.block?.header ?? (await ask("chain_getHeader", [hash]));
        if (!isHeader(header)) throw new FailureError({ kind: "not_found", message: "there is no such block", data: {} });
        const extrinsics = whole?.block?.extrinsics ?? null;
        if (extrinsics !== null && !(Array.isArray(extrinsics) && extrinsics.every((each) => typeof each === "string"))) {
            throw new Error("the node's answer is no block");
        }
        const slot = slotOf(header);
        return {
            hash,
            number: Number.parseInt(header.number, 16),
            header,
            extrinsics,
            slot,
            time: slot === null || connection.slotDuration === null ? null : Number(slot) * connection.slotDuration,
            tree: treeHeadOf(header),
        };
    });
}

/** What the state after a block has under a key; null for nothing. */
export function storage(key: string, hash: string): Promise<string | null> {
    return once(`storage ${key} ${hash}`, async () => {
        const value = await ask("state_getStorage", [key, hash]);
        if (value !== null && typeof value !== "string") throw new Error("the node's answer is no storage value");
        return value;
    });
}

/** The account of the validator whose slot a block is in: the slots go around the validators of the state before it. */
export async function authorOf(of: Block): Promise<string | null> {
    if (of.slot === null) return null;
    const value = await storage(VALIDATORS, of.header.parentHash);
    if (value === null) return null;
    const reader = new Reader(bytesOf(value));
    const accounts = reader.list(() => reader.hex(32));
    reader.end();
    return accounts[Number(of.slot % BigInt(accounts.length || 1))] ?? null;
}

/** The version of the runtime that the state after a block has, which executes the next one. */
export function specVersionAt(hash: string): Promise<number> {
    return once(`version ${hash}`, async () => {
        const version = (await ask("state_getRuntimeVersion", [hash])) as { specVersion?: unknown } | null;
        if (typeof version?.specVersion !== "number") throw new Error("the node's answer is no runtime version");
        return version.specVersion;
    });
}

/** The metadata of the runtime that the state after a block has. One answer serves all blocks of a version. */
export async function metadataAt(hash: string): Promise<{ specVersion: number; metadata: string }> {
    const specVersion = await specVersionAt(hash);
    const metadata = await once(`metadata ${specVersion}`, async () => {
        const answer = await ask("state_getMetadata", [hash]);
        if (typeof answer !== "string") throw new Error("the node's answer is no metadata");
        return answer;
    });
    return { specVersion, metadata };
}
