import type { Calibration } from "@citynet/ledger";

import { type Coverage, doubtOf } from "./coverage";

/** How wide a bar is, in its own units. */
export const WIDTH = 1000;
/** What is narrower than this could not be seen. */
const LEAST = 2;
/** A gap must be seen, however short. */
const LEAST_GAP = 4;
/** How many batches one bar shows apart from one another. */
const BATCHES_IN_A_BAR = 50;
const MOST_BARS = 12;

/** A part of a bar. */
export interface Segment {
    readonly x: number;
    readonly width: number;
}

/** One bar of the map: a run of sequence numbers from the left to the right. */
export interface Bar {
    readonly first: bigint;
    readonly last: bigint;
    /** Batches; neighbours are told apart by `even`. Those that are too narrow are drawn together. */
    readonly attested: readonly (Segment & { readonly even: boolean })[];
    readonly missing: readonly Segment[];
    readonly epochs: readonly (Segment & { readonly epoch: number })[];
    readonly distrusted: readonly Segment[];
    readonly uncalibrated: readonly Segment[];
    /** What was attested, and is not here yet. */
    readonly unread: readonly Segment[];
}

/** Draws a coverage into bars. `next` is the number of the device's next reading, which may be beyond what is here. */
export function bars(coverage: Coverage, next: bigint, calibration: Calibration | null): Bar[] {
    const end = next > coverage.next ? next : coverage.next;
    if (end === 0n) return [];
    const wanted = Math.ceil((coverage.batches.length + 1) / BATCHES_IN_A_BAR);
    const most = end < BigInt(MOST_BARS) ? Number(end) : MOST_BARS;
    const count = BigInt(Math.max(1, Math.min(wanted, most)));
    return Array.from({ length: Number(count) }, (_, position) => {
        const from = (end * BigInt(position)) / count;
        return bar(coverage, from, (end * BigInt(position + 1)) / count, calibration);
    });
}

/** The bar of the numbers from `from` up to, but not including, `to`. */
function bar(coverage: Coverage, from: bigint, to: bigint, calibration: Calibration | null): Bar {
    const at = (number: bigint) => Number(((number - from) * 1_000_000n) / (to - from)) * (WIDTH / 1_000_000);
    const cut = (first: bigint, last: bigint): Segment | null => {
        const begin = first < from ? from : first;
        const end = last + 1n > to ? to : last + 1n;
        return begin < end ? { x: at(begin), width: at(end) - at(begin) } : null;
    };
    const begin = firstThat(coverage.batches, ({ last }) => last >= from);
    const end = firstThat(coverage.batches, ({ first }) => first >= to);
    const within = coverage.batches.slice(begin, end).flatMap((each, position) => {
        const segment = cut(each.first, each.last);
        return segment === null ? [] : [{ ...segment, even: (begin + position) % 2 === 0, each }];
    });
    const doubt = within.map(({ x, width, each }) => ({
        x,
        width,
        ...doubtOf(each.batch, coverage.distrustedSince, calibration),
    }));
    const unread = cut(coverage.next, to - 1n);
    return {
        first: from,
        last: to - 1n,
        attested: joined(
            within.map(({ x, width, even }) => ({ x, width, even })),
            (one, other) => one.width < LEAST || other.width < LEAST,
        ),
        missing: joined(
            coverage.gaps
                .slice(
                    firstThat(coverage.gaps, ({ last }) => last >= from),
                    firstThat(coverage.gaps, ({ first }) => first >= to),
                )
                .flatMap(({ first, last }) => {
                    const segment = cut(first, last);
                    return segment === null ? [] : [widened(segment, LEAST_GAP)];
                }),
            // Those that overlap once they can be seen would be drawn one over the other.
            () => true,
            0,
        ),
        epochs: joined(
            within.map(({ x, width, each }) => ({ x, width, epoch: each.batch.epoch })),
            (one, other) => one.epoch === other.epoch,
            // A gap between two batches of a key is no change of the key.
            Number.POSITIVE_INFINITY,
        ),
        distrusted: joined(doubt.filter(({ distrusted }) => distrusted).map(plain), () => true).map(seen),
        uncalibrated: joined(doubt.filter(({ uncalibrated }) => uncalibrated).map(plain), () => true).map(seen),
        unread: unread === null || coverage.next >= to ? [] : [unread],
    };
}

/** The position of the first one for which something is true, where it is true of all after it too. */
function firstThat<T>(ascending: readonly T[], holds: (each: T) => boolean): number {
    let [low, high] = [0, ascending.length];
    while (low < high) {
        const middle = (low + high) >> 1;
        const each = ascending[middle];
        if (each !== undefined && holds(each)) high = middle;
        else low = middle + 1;
    }
    return low;
}

const plain = ({ x, width }: Segment): Segment => ({ x, width });
const seen = (segment: Segment) => widened(segment, LEAST);

function widened(segment: Segment, least: number): Segment {
    const width = Math.max(segment.width, least);
    return { x: Math.max(0, Math.min(segment.x, WIDTH - width)), width };
}

/** Segments that touch, or are at most `apart` from one another, in one where `alike`. They ascend. */
function joined<S extends Segment>(segments: readonly S[], alike: (one: S, other: S) => boolean, apart = 0.001): S[] {
    const found: S[] = [];
    for (const segment of segments) {
        const last = found.at(-1);
        if (last !== undefined && segment.x - (last.x + last.width) <= apart && alike(last, segment)) {
            const end = Math.max(last.x + last.width, segment.x + segment.width);
            found[found.length - 1] = { ...last, width: end - last.x };
        } else found.push(segment);
    }
    return found;
}
