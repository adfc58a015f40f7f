import { block, EVENTS, metadataAt, storage } from "./chain";
import type { Decoder } from "./decoder";
import type { Event } from "./value";

/** Decoders by the metadata that they were made of. Making one takes a moment, and there are as many as runtimes. */
const decoders = new Map<string, Decoder>();

/** A decoder with the version of the runtime that it is of. */
export interface Runtime {
    readonly specVersion: number;
    readonly decoder: Decoder;
}

/** The runtime that executed a block: that of the state after the block before it. */
export async function runtimeOf(hash: string): Promise<Runtime> {
    const { header } = await block(hash);
    // The genesis block was not executed by any; what is in it is of its own runtime.
    return runtimeAfter(Number.parseInt(header.number, 16) === 0 ? hash : header.parentHash);
}

/** The runtime that the state after a block has. */
export async function runtimeAfter(hash: string): Promise<Runtime> {
    const [{ specVersion, metadata }, { Decoder }] = await Promise.all([metadataAt(hash), import("./decoder")]);
    let decoder = decoders.get(metadata);
    if (decoder === undefined) {
        decoder = new Decoder(metadata);
        decoders.set(metadata, decoder);
    }
    return { specVersion, decoder };
}

/** The events of a block. */
export async function eventsOf(hash: string): Promise<Event[]> {
    const [bytes, { decoder }] = await Promise.all([storage(EVENTS, hash), runtimeOf(hash)]);
    return bytes === null ? [] : decoder.events(bytes);
}
