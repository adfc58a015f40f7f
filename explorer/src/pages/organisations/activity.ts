import type { RecordView } from "@citynet/ledger";

import type { Series } from "../../parts/plot";

/** Lengths of time that can be chosen, in milliseconds. */
export const PERIODS = {
    day: 86_400_000,
    week: 7 * 86_400_000,
    month: 30 * 86_400_000,
    year: 365 * 86_400_000,
    all: null,
} as const;

export type Period = keyof typeof PERIODS;

/** Steps of an axis of time that people count in. */
const STEPS = [60_000, 300_000, 900_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000, 86_400_000, 7 * 86_400_000, 30 * 86_400_000, 365 * 86_400_000];
/** How many bars there is room for. */
const BARS = 24;
/** How many kinds have a colour of their own; the others share one. */
const KINDS = 3;

/** How many records of each kind, the most frequent first. */
export function byKind(records: readonly RecordView[]): { kind: string; number: number }[] {
    const numbers = new Map<string, number>();
    for (const { body } of records) numbers.set(body.kind, (numbers.get(body.kind) ?? 0) + 1);
    return [...numbers]
        .map(([kind, number]) => ({ kind, number }))
        .sort((one, other) => other.number - one.number || one.kind.localeCompare(other.kind));
}

/** How long each bar of a span of time is. */
export function stepOf(span: number): number {
    return STEPS.find((step) => span / step <= BARS) ?? Math.ceil(span / BARS);
}

/**
 * Records by kind over time, as bars: the most frequent kinds, then all others together. `name` gives kinds their names.
 * Records of the genesis block, which has no time, are left out.
 */
export function overTime(
    records: readonly RecordView[],
    name: (kind: string) => string,
    others: string,
): { step: number; series: Series[] } {
    const timed = records.filter(({ time }) => time !== "0");
    const times = timed.map(({ time }) => Number(time));
    const [first, last] = [Math.min(...times), Math.max(...times)];
    if (timed.length === 0) return { step: 0, series: [] };
    const step = stepOf(last - first);
    const bar = (time: number) => Math.floor(time / step) * step;
    const frequent = byKind(timed).map(({ kind }) => kind);
    // One more kind is no reason to call it others.
    const own = frequent.length <= KINDS + 1 ? frequent : frequent.slice(0, KINDS);
    const bars = Array.from({ length: (bar(last) - bar(first)) / step + 1 }, (_, position) => bar(first) + position * step);
    const counted = (fits: (kind: string) => boolean) => {
        const numbers = new Map<number, number>();
        for (const { time, body } of timed) {
            if (fits(body.kind)) numbers.set(bar(Number(time)), (numbers.get(bar(Number(time))) ?? 0) + 1);
        }
        return bars.map((x) => ({ x, y: numbers.get(x) ?? 0 }));
    };
    const series = own.map((kind) => ({ name: name(kind), points: counted((each) => each === kind) }));
    if (own.length < frequent.length) series.push({ name: others, points: counted((each) => !own.includes(each)) });
    return { step, series };
}
