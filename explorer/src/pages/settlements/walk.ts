import { type Anchor, type AnyPage, items, type Ledger, type RecordView } from "@citynet/ledger";

/** The most that a node gives at once. */
export const LIMIT = 1000;

/** Items that are all true for one block. */
export interface Walked<T> {
    readonly items: T[];
    readonly anchor: Anchor;
}

/** All items of a list, page by page. `progress` is told how many are here. */
export async function walk<T>(
    ask: (cursor: string | undefined, limit: number) => Promise<AnyPage<T>>,
    progress?: (count: number) => void,
): Promise<Walked<T>> {
    const all: T[] = [];
    let anchor: Anchor | null = null;
    const pages = items<T>(async (cursor) => {
        const page = await ask(cursor, LIMIT);
        anchor = page.anchor;
        progress?.(all.length + page.items.length);
        return page;
    });
    for await (const item of pages) all.push(item);
    if (anchor === null) throw new Error("a list has at least one page");
    return { items: all, anchor };
}

/** Records of several lists as of one block, ascending, each once. */
export function asOfOneBlock(first: Walked<RecordView>, ...others: readonly Walked<RecordView>[]): Walked<RecordView> {
    const lists = [first, ...others];
    const { anchor } = lists.reduce((oldest, list) => (list.anchor.number < oldest.anchor.number ? list : oldest));
    const byIndex = new Map<string, RecordView>();
    for (const { items: records } of lists) {
        for (const record of records) if (record.block <= anchor.number) byIndex.set(record.index, record);
    }
    return { items: [...byIndex.values()].sort((one, other) => compare(BigInt(one.index), BigInt(other.index))), anchor };
}

export function compare(one: bigint, other: bigint): number {
    return one < other ? -1 : one > other ? 1 : 0;
}

/** Every record that a filter selects. */
export function records(
    ledger: Ledger,
    filter: NonNullable<Parameters<Ledger["records"]>[0]>["filter"],
    progress?: (count: number) => void,
): Promise<Walked<RecordView>> {
    return walk((cursor, limit) => ledger.records({ filter, cursor, limit }), progress);
}
