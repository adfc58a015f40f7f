import type { Ledger, RecordView } from "@citynet/ledger";

const HOUR = 3_600_000;
/** How far back it is looked. */
export const WINDOW = 24 * HOUR;
/** At most so many of the newest records are looked at. */
const MOST = 5_000n;
const PAGE = 1_000;

/** What was recorded lately. */
export interface Activity {
    /** How many records were counted. */
    readonly counted: number;
    /** Whether these are all of the last 24 hours, or only the newest of them. */
    readonly whole: boolean;
    /** The time of the first one that was counted. */
    readonly from: string | null;
    /** Kinds with how often they were recorded, the most frequent first. */
    readonly kinds: readonly { readonly kind: string; readonly count: number }[];
    /** Records by their time. */
    readonly bins: readonly { readonly from: number; readonly count: number }[];
    /** How long a bin is, in milliseconds. */
    readonly width: number;
    readonly block: number;
}

/** Counts the records of the last 24 hours before a moment, or as many of the newest of them as may be looked at. */
export async function activity(ledger: Ledger, now: number): Promise<Activity> {
    const { treeHead } = await ledger.status();
    const size = BigInt(treeHead.size);
    const oldest = size > MOST ? size - MOST : 0n;
    const filter = { fromTime: String(Math.max(0, now - WINDOW)), fromIndex: oldest.toString() };
    const records: Pick<RecordView, "index" | "time" | "body">[] = [];
    let cursor: string | undefined;
    let block = 0;
    do {
        const page = await ledger.records({ filter, cursor, limit: PAGE });
        records.push(...page.items);
        block = page.anchor.number;
        cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    // The oldest that might be counted was: there may be older ones within the time.
    const whole = oldest === 0n || records[0] === undefined || BigInt(records[0].index) > oldest;
    return { ...counted(records, now), whole, block };
}

const WIDTHS = [60_000, 5 * 60_000, 15 * 60_000, HOUR];

export function counted(
    records: readonly { readonly time: string; readonly body: { readonly kind: string } }[],
    now: number,
): Omit<Activity, "whole" | "block"> {
    const byKind = new Map<string, number>();
    for (const { body } of records) byKind.set(body.kind, (byKind.get(body.kind) ?? 0) + 1);
    const first = records[0]?.time ?? null;
    const span = first === null ? 0 : now - Number(first);
    const width = WIDTHS.find((each) => span / each <= 30) ?? HOUR;
    const start = first === null ? now : Math.floor(Number(first) / width) * width;
    const bins = Array.from({ length: Math.max(1, Math.ceil((now + 1 - start) / width)) }, (_, position) => ({
        from: start + position * width,
        count: 0,
    }));
    for (const { time } of records) {
        const bin = bins[Math.min(bins.length - 1, Math.max(0, Math.floor((Number(time) - start) / width)))];
        if (bin !== undefined) bin.count++;
    }
    return {
        counted: records.length,
        from: first,
        kinds: [...byKind].map(([kind, count]) => ({ kind, count })).sort((one, other) => other.count - one.count),
        bins: first === null ? [] : bins,
        width,
    };
}
