import { connection } from "../../ledger/connection.svelte";
import { headOf } from "../../ledger/head";
import { TransportError } from "@citynet/ledger";
import type { AsOf } from "./table";

/** What is to be said of an answer that is true for a block; without one, for the finalised block. */
export async function asOf(block?: AsOf["block"]): Promise<AsOf> {
    const { genesis, status, slotDuration } = connection;
    const at = block ?? status?.finalized;
    if (genesis === null || at === undefined) throw new TransportError("there is no connection to a node");
    const header = await connection.request("chain_getHeader", [at.hash]);
    // A node forgets headers of blocks that were never final only, but another node may be behind this answer's one.
    const time = header === null ? null : headOf(header, slotDuration).time;
    return { genesis: genesis.hash, block: { number: at.number, hash: at.hash }, time };
}
