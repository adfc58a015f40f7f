import type { Ledger, RecordView } from "@citynet/ledger";

/** Records before and after one that are about the same subject. */
export interface Neighbours {
    readonly subject: string;
    readonly before: string | null;
    readonly after: string | null;
}

/** A page of indices, in ascending order. */
interface Indices {
    readonly indices: readonly bigint[];
    /** Whether there are no more. */
    readonly complete: boolean;
}

/** How many records before it are looked through first; each further step looks through eight times as many. */
const NEAR = 64n;
const WIDER = 8n;

/** For each subject of a record its neighbours. */
export function neighboursOf(ledger: Ledger, record: RecordView): Promise<Neighbours[]> {
    const index = BigInt(record.index);
    return Promise.all(
        record.subjects.map(async (subject) => {
            const [before, after] = await Promise.all([
                lastBelow(index, async (from) => {
                    const page = await ledger.records({
                        // Nothing later is wanted; the node knows no upper index.
                        filter: { subject, fromIndex: String(from), toTime: record.time },
                        limit: 100,
                    });
                    return { indices: page.items.map((each) => BigInt(each.index)), complete: page.complete };
                }),
                ledger.records({ filter: { subject, fromIndex: String(index + 1n) }, limit: 1 }),
            ]);
            return { subject, before: before === null ? null : String(before), after: after.items[0]?.index ?? null };
        }),
    );
}

/**
 * The last of ascending indices that is below `end`, of a list that can only be read forwards from anywhere: near the end
 * first, then from farther and farther away, and where there are too many for a page, by halves.
 */
export async function lastBelow(end: bigint, ask: (from: bigint) => Promise<Indices>): Promise<bigint | null> {
    /** There is none from here to the end. */
    let high = end;
    let found: bigint | null = null;
    let width = NEAR;
    for (;;) {
        if (found === null && high === 0n) return null;
        if (found !== null && high - found <= 1n) return found;
        const from: bigint = found !== null ? (found + high) / 2n : high > width ? high - width : 0n;
        const { indices, complete } = await ask(from);
        const below = indices.filter((each) => each >= from && each < high).at(-1);
        if (below === undefined) {
            if (indices.length === 0 && !complete) throw new Error("a page has nothing and is not the last");
            high = from;
            width *= WIDER;
        } else {
            found = below;
            // Ascending: whoever sees the end, or something beyond, has seen all before it.
            if (complete || indices.some((each) => each >= high)) return found;
        }
    }
}
