import type { Batch, Calibration, DeviceKey, RecordView } from "@citynet/ledger";

/**
 * What a device attested and what is missing, computed from the records about it.
 *
 * Every reading has a sequence number, from 0 on. A batch has a run of them and says how many before its first one are
 * missing; the chain refuses a batch that leaves out numbers without saying so, or that repeats one. So up to the last number
 * each one is either attested or declared missing, and a record that was left out shows.
 */
export interface Coverage {
    readonly batches: readonly Attested[];
    readonly gaps: readonly Gap[];
    readonly keys: readonly KeyEpoch[];
    readonly calibration: Calibration | null;
    /** When it was registered, suspended, resumed, retired and distrusted, and when its key was replaced. */
    readonly events: readonly RecordView[];
    readonly distrusts: readonly Distrust[];
    readonly distrustedSince: bigint | null;
    readonly readings: bigint;
    readonly missing: bigint;
    /** The number of the next reading, as far as these records go. */
    readonly next: bigint;
    /** The earliest and the latest observation. */
    readonly observed: { readonly from: bigint; readonly to: bigint } | null;
    /** The first record that does not follow those before it: they cannot be all. */
    readonly trouble: { readonly record: string; readonly expected: bigint; readonly found: bigint } | null;
}

export interface Attested {
    readonly first: bigint;
    readonly last: bigint;
    readonly batch: Batch;
    readonly record: string;
    readonly time: string;
}

/** A run of numbers that a batch declares missing. */
export interface Gap {
    readonly first: bigint;
    readonly last: bigint;
    /** The record of the batch that says so. */
    readonly record: string;
    readonly time: string;
}

export interface KeyEpoch {
    readonly epoch: number;
    readonly key: DeviceKey;
    readonly record: string;
    readonly since: string;
    /** Until when it still signs, once another one is there. */
    readonly until: string | null;
    readonly batches: number;
    readonly readings: bigint;
}

export interface Distrust {
    readonly since: string;
    readonly reason: string;
    readonly record: string;
    readonly time: string;
}

const EVENTS: readonly string[] = [
    "device_registered",
    "device_key_rotated",
    "device_suspended",
    "device_resumed",
    "device_retired",
    "device_distrusted",
];

/** Of all records about a device, or of those that came first, ascending. */
export function coverageOf(records: readonly RecordView[]): Coverage {
    const batches: Attested[] = [];
    const gaps: Gap[] = [];
    const keys: KeyEpoch[] = [];
    const distrusts: Distrust[] = [];
    let calibration: Calibration | null = null;
    let [readings, missing, next] = [0n, 0n, 0n];
    let trouble: Coverage["trouble"] = null;
    for (const { body, index, time } of records) {
        switch (body.kind) {
            case "device_registered":
                calibration = body.profile.calibration;
                keys.push({ epoch: 0, key: body.key, record: index, since: time, until: null, batches: 0, readings: 0n });
                break;
            case "device_key_rotated": {
                const before = keys.length - 1;
                const old = keys[before];
                if (old !== undefined) keys[before] = { ...old, until: body.previousValidUntil };
                const { epoch, key } = body;
                keys.push({ epoch, key, record: index, since: time, until: null, batches: 0, readings: 0n });
                break;
            }
            case "device_distrusted":
                distrusts.push({ since: body.since, reason: body.reason, record: index, time });
                break;
            case "batch_attested": {
                const { batch } = body;
                const first = BigInt(batch.firstSequence);
                const lost = BigInt(batch.missing);
                if (next + lost !== first) trouble ??= { record: index, expected: next, found: first - lost };
                if (lost > 0n) gaps.push({ first: first - lost, last: first - 1n, record: index, time });
                next = first + BigInt(batch.count);
                batches.push({ first, last: next - 1n, batch, record: index, time });
                readings += BigInt(batch.count);
                missing += lost;
                const at = keys.findIndex(({ epoch }) => epoch === batch.epoch);
                const key = keys[at];
                if (key !== undefined) {
                    keys[at] = { ...key, batches: key.batches + 1, readings: key.readings + BigInt(batch.count) };
                }
                break;
            }
        }
    }
    return {
        batches,
        gaps,
        keys,
        calibration,
        events: records.filter(({ body }) => EVENTS.includes(body.kind)),
        distrusts,
        distrustedSince: least(distrusts.map(({ since }) => BigInt(since))),
        readings,
        missing,
        next,
        observed:
            batches.length === 0
                ? null
                : {
                      from: least(batches.map(({ batch }) => BigInt(batch.windowStart))) ?? 0n,
                      to: -(least(batches.map(({ batch }) => -BigInt(batch.windowEnd))) ?? 0n),
                  },
        trouble,
    };
}

function least(numbers: readonly bigint[]): bigint | null {
    return numbers.reduce<bigint | null>((found, each) => (found === null || each < found ? each : found), null);
}

/** Why a batch is in doubt. */
export interface Doubt {
    /** It has observations of a time since which the device is distrusted. */
    readonly distrusted: boolean;
    /** It has observations of a time in which the calibration did not hold. */
    readonly uncalibrated: boolean;
}

export function doubtOf(batch: Batch, distrustedSince: bigint | null, calibration: Calibration | null): Doubt {
    const [start, end] = [BigInt(batch.windowStart), BigInt(batch.windowEnd)];
    return {
        distrusted: distrustedSince !== null && distrustedSince <= end,
        uncalibrated:
            calibration !== null && (start < BigInt(calibration.validFrom) || BigInt(calibration.validUntil) < end),
    };
}

/** Whether a calibration holds at a moment; both its ends belong to it. */
export function calibrationAt(calibration: Calibration, moment: bigint): "ahead" | "holds" | "over" {
    if (moment < BigInt(calibration.validFrom)) return "ahead";
    return moment <= BigInt(calibration.validUntil) ? "holds" : "over";
}
