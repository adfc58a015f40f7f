import type { Anchor, AnyPage, FilterParams, Ledger, RecordView } from "@citynet/ledger";

/** The most that a node gives at once. */
export const LIMIT = 1000;

/** How many items are walked through at most, unless told. */
const MOST = 100_000;

/** Items of a list, all true for one block. */
export interface Walked<T> {
    readonly items: readonly T[];
    /** Whether these are all. */
    readonly complete: boolean;
    readonly anchor: Anchor;
}

/** The items of a list, page after page, until there are `most` or no more. `progress` is told how many are here. */
export async function walk<T>(
    ask: (cursor: string | undefined, limit: number) => Promise<AnyPage<T>>,
    { most = MOST, progress }: { most?: number; progress?: ((count: number) => void) | undefined } = {},
): Promise<Walked<T>> {
    const items: T[] = [];
    let cursor: string | undefined;
    let anchor: Anchor | undefined;
    for (;;) {
        const page = await ask(cursor, Math.min(LIMIT, most));
        anchor ??= page.anchor;
        if (page.anchor.hash !== anchor.hash) throw new Error("a page is about another block than the first one");
        items.push(...page.items);
        progress?.(items.length);
        if (page.next === null || items.length >= most) return { items, complete: page.complete, anchor };
        cursor = page.next;
    }
}

/** All items of a list, however many. Throws where the list ends before it is complete. */
export async function walkAll<T>(
    ask: (cursor: string | undefined, limit: number) => Promise<AnyPage<T>>,
    progress?: (count: number) => void,
): Promise<Walked<T>> {
    const walked = await walk(ask, { most: Number.POSITIVE_INFINITY, progress });
    if (!walked.complete) throw new Error("the list is not complete, and there is no next page");
    return walked;
}

/** Every record that a filter selects. */
export function allRecords(
    ledger: Ledger,
    filter: FilterParams,
    progress?: (count: number) => void,
): Promise<Walked<RecordView>> {
    return walkAll((cursor, limit) => ledger.records({ filter, cursor, limit }), progress);
}

/** The records that a filter selects, or the first so many. */
export function records(ledger: Ledger, filter: FilterParams, most: number): Promise<Walked<RecordView>> {
    return walk((cursor, limit) => ledger.records({ filter, cursor, limit }), { most });
}

/** The same of several kinds, all together in the order of the journal. */
export async function recordsOfKinds(
    ledger: Ledger,
    kinds: readonly string[],
    filter: FilterParams,
    most: number,
): Promise<Walked<RecordView>> {
    const walks = await Promise.all(kinds.map((kind) => records(ledger, { ...filter, kind }, most)));
    return {
        items: walks.flatMap(({ items }) => items).sort(byIndex),
        complete: walks.every(({ complete }) => complete),
        anchor: oldest(walks),
    };
}

/** Records of several lists as of one block, ascending, each once. */
export function asOfOneBlock(...lists: readonly Walked<RecordView>[]): Walked<RecordView> {
    const anchor = oldest(lists);
    const found = new Map<string, RecordView>();
    for (const { items } of lists) {
        for (const record of items) if (record.block <= anchor.number) found.set(record.index, record);
    }
    return { items: [...found.values()].sort(byIndex), complete: lists.every(({ complete }) => complete), anchor };
}

export function compare(one: bigint, other: bigint): number {
    return one < other ? -1 : one > other ? 1 : 0;
}

function byIndex(one: RecordView, other: RecordView): number {
    return compare(BigInt(one.index), BigInt(other.index));
}

/** The block up to which none of several lists lacks anything. */
function oldest(lists: readonly Walked<unknown>[]): Anchor {
    return lists.map(({ anchor }) => anchor).reduce((one, other) => (other.number < one.number ? other : one));
}
