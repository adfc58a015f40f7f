import type { Ledger, RecordView } from "@citynet/ledger";
import { items } from "@citynet/ledger";

import { block, type Block } from "./chain";

/** Which of the journal's records a block wrote: from `first` on, up to and without `end`. */
export interface Range {
    readonly first: bigint;
    readonly end: bigint;
}

/**
 * Which records a block wrote, by the journal's tree in its header and in that of the block before. Null where the headers
 * do not tell: the genesis block has no digest, and so block 1 none to compare with.
 */
export async function rangeOf(of: Block): Promise<Range | null> {
    if (of.tree === null || of.number <= 1) return null;
    const before = await block(of.header.parentHash);
    return before.tree === null ? null : { first: before.tree.size, end: of.tree.size };
}

/** The same of any block, with the journal's answer about the genesis block where the headers do not tell. */
export async function rangeByJournal(ledger: Ledger, of: Block): Promise<Range> {
    const told = await rangeOf(of);
    if (told !== null) return told;
    let genesis = 0n;
    for await (const _ of items<RecordView>((cursor) =>
        ledger.records({ filter: { toTime: "0" }, cursor, limit: 1000 }),
    )) {
        genesis++;
    }
    return of.number === 0 ? { first: 0n, end: genesis } : { first: genesis, end: of.tree?.size ?? genesis };
}

/** A page of a block's records. */
export async function recordsIn(ledger: Ledger, range: Range, cursor: string | undefined) {
    const page = await ledger.records({ filter: { fromIndex: String(range.first) }, cursor, limit: 100 });
    const ours = page.items.filter((record) => BigInt(record.index) < range.end);
    const ended = ours.length < page.items.length || BigInt(page.items.at(-1)?.index ?? range.end) + 1n >= range.end;
    // Once the block's are over there is nothing more to ask for, whatever the journal has behind them.
    return ended ? { ...page, items: ours, next: null, complete: true } : page;
}
