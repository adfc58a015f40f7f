import type { Anchor, FilterParams, Ledger, RecordView } from "@citynet/ledger";

/** Records, and whether these are all. */
export interface Walked {
    readonly records: readonly RecordView[];
    readonly complete: boolean;
    readonly anchor: Anchor;
}

/** All records that a filter selects, or the first so many, page by page at one state of the ledger. */
export async function walk(ledger: Ledger, filter: FilterParams, most: number): Promise<Walked> {
    const records: RecordView[] = [];
    let cursor: string | undefined;
    for (;;) {
        const page = await ledger.records({ filter, cursor, limit: Math.min(1000, most) });
        records.push(...page.items);
        if (page.next === null || records.length >= most) return { records, complete: page.complete, anchor: page.anchor };
        cursor = page.next;
    }
}

/** The same of several kinds, all together in the order of the journal. */
export async function walkKinds(
    ledger: Ledger,
    kinds: readonly string[],
    filter: FilterParams,
    most: number,
): Promise<Walked> {
    const walks = await Promise.all(kinds.map((kind) => walk(ledger, { ...filter, kind }, most)));
    return {
        records: walks.flatMap(({ records }) => records).sort((one, other) => compare(one.index, other.index)),
        complete: walks.every(({ complete }) => complete),
        // Up to this block none is missing.
        anchor: walks.map(({ anchor }) => anchor).reduce((one, other) => (other.number < one.number ? other : one)),
    };
}

function compare(one: string, other: string): number {
    const difference = BigInt(one) - BigInt(other);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
