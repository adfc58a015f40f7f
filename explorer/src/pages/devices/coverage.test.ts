import type { Batch, RecordView } from "@citynet/ledger";
import { expect, test } from "vitest";

import { bars, WIDTH } from "./bars";
import { calibrationAt, coverageOf, doubtOf } from "./coverage";
import { feedsOf, madeOfBatch, mayHave } from "./made";

const CALIBRATION = { certificate: "0x", validFrom: "0", validUntil: "1500" };

function batch(firstSequence: string, count: number, missing = "0", epoch = 0): Batch {
    const start = BigInt(firstSequence) * 10n;
    return {
        device: "12",
        epoch,
        schema: 1,
        firstSequence,
        count,
        missing,
        windowStart: String(start),
        windowEnd: String(start + BigInt(count) * 10n),
        root: "0x",
        expires: "0",
    };
}

function records(...bodies: object[]): RecordView[] {
    return bodies.map((body, index) => ({ index: String(index), time: String(index * 1000), body }) as unknown as RecordView);
}

const registered = { kind: "device_registered", key: {}, profile: { calibration: CALIBRATION } };
const attested = (...of: Parameters<typeof batch>) => ({ kind: "batch_attested", batch: batch(...of) });
const rotated = { kind: "device_key_rotated", epoch: 1, key: {}, previousValidUntil: "99" };
const distrusted = { kind: "device_distrusted", since: "1100", reason: "moved" };

const LIFE = records(registered, attested("0", 100), attested("110", 40, "10"), rotated, attested("150", 50, "0", 1), distrusted);

test("every number is attested or declared missing", () => {
    const found = coverageOf(LIFE);
    expect([found.readings, found.missing, found.next]).toEqual([190n, 10n, 200n]);
    expect(found.gaps).toEqual([{ first: 100n, last: 109n, record: "2", time: "2000" }]);
    expect(found.batches.map(({ first, last }) => [first, last])).toEqual([
        [0n, 99n],
        [110n, 149n],
        [150n, 199n],
    ]);
    expect(found.keys.map(({ epoch, batches, readings, until }) => [epoch, batches, readings, until])).toEqual([
        [0, 2, 140n, "99"],
        [1, 1, 50n, null],
    ]);
    expect(found.observed).toEqual({ from: 0n, to: 2000n });
    expect(found.events.map(({ index }) => index)).toEqual(["0", "3", "5"]);
    expect([found.distrustedSince, found.distrusts[0]?.reason, found.trouble]).toEqual([1100n, "moved", null]);
});

test("a record that was left out shows", () => {
    const without = LIFE.filter(({ index }) => index !== "2");
    expect(coverageOf(without).trouble).toEqual({ record: "4", expected: 100n, found: 150n });
});

test("numbers beyond 2^53 stay exact", () => {
    const high = "18446744073709551000";
    const found = coverageOf(records(registered, attested(high, 256, high)));
    expect(found.batches[0]?.last).toBe(18446744073709551255n);
    expect(found.missing).toBe(18446744073709551000n);
    const [bar] = bars(found, found.next, null);
    // What was attested is next to nothing beside what is missing, and is seen all the same.
    expect(bar?.missing[0]?.width).toBeCloseTo(WIDTH, 2);
    expect(bar?.attested[0]?.x).toBeCloseTo(WIDTH, 2);
});

test("a batch is in doubt by its observations", () => {
    expect(doubtOf(batch("0", 100), 1001n, CALIBRATION)).toEqual({ distrusted: false, uncalibrated: false });
    expect(doubtOf(batch("0", 100), 1000n, CALIBRATION)).toEqual({ distrusted: true, uncalibrated: false });
    expect(doubtOf(batch("100", 51), null, CALIBRATION)).toEqual({ distrusted: false, uncalibrated: true });
    expect(doubtOf(batch("100", 51), null, null)).toEqual({ distrusted: false, uncalibrated: false });
    expect([0n, 1500n, 1501n].map((at) => calibrationAt({ ...CALIBRATION, validFrom: "1" }, at))).toEqual([
        "ahead",
        "holds",
        "over",
    ]);
});

test("a map has all of it, and says what is not read yet", () => {
    const found = coverageOf(LIFE);
    const [bar, ...others] = bars(found, 400n, CALIBRATION);
    expect(others).toEqual([]);
    expect(bar?.attested.map(({ x, width }) => [x, width])).toEqual([
        [0, 250],
        [275, 100],
        [375, 125],
    ]);
    expect(bar?.missing).toEqual([{ x: 250, width: 25 }]);
    expect(bar?.unread).toEqual([{ x: 500, width: 500 }]);
    expect(bar?.epochs.map(({ x, width, epoch }) => [x, width, epoch])).toEqual([
        [0, 375, 0],
        [375, 125, 1],
    ]);
    expect(bar?.distrusted).toEqual([{ x: 275, width: 225 }]);
    expect(bars(coverageOf([]), 0n, null)).toEqual([]);
});

test("many batches take several bars, and the shortest gap is seen", () => {
    const many = Array.from({ length: 300 }, (_, at) => attested(String(at * 1001 + 1), 1000, "1"));
    const found = coverageOf(records(registered, ...many));
    const drawn = bars(found, found.next, null);
    expect(drawn).toHaveLength(7);
    expect(drawn[0]?.first).toBe(0n);
    expect(drawn.at(-1)?.last).toBe(found.next - 1n);
    drawn.slice(1).forEach((bar, position) => expect(bar.first).toBe((drawn[position]?.last ?? 0n) + 1n));
    const gaps = drawn.flatMap(({ missing }) => missing);
    expect(gaps.length).toBeGreaterThanOrEqual(300);
    expect(gaps.every(({ x, width }) => width >= 4 && x >= 0 && x + width <= WIDTH)).toBe(true);
    // Ten thousand batches are drawn as a few hundred parts.
    const all = coverageOf(records(registered, ...Array.from({ length: 10_000 }, (_, at) => attested(String(at * 10), 10))));
    const parts = bars(all, all.next, null).flatMap(({ attested: segments }) => segments);
    expect(parts.length).toBeLessThan(6_000);
});

test("a version may have readings of a batch that it names, or that its time covers", () => {
    const of = batch("100", 50);
    const source = (firstSequence: string, lastSequence: string) =>
        [{ source: "batches", device: "12", firstSequence, lastSequence, grant: null }] as const;
    const made = (sources: readonly object[], from: string, to: string) =>
        mayHave({ sources, from, to } as unknown as Parameters<typeof mayHave>[0], of);
    expect(made(source("0", "100"), "9000", "9000")).toBe(true);
    expect(made(source("149", "200"), "9000", "9000")).toBe(true);
    expect(made(source("0", "99"), "1000", "1500")).toBe(false);
    expect(made([], "1500", "9000")).toBe(true);
    expect(made([], "1501", "9000")).toBe(false);
});

test("what was made of a batch goes on from what may have its readings", async () => {
    const node = {
        anchor: { number: 1, hash: "0x" },
        complete: true,
    };
    const view = (dataset: string, depth: number, via: string) => ({ dataset, version: 1, depth, via });
    const sources: Record<string, object[]> = {
        "7": [{ source: "batches", device: "12", firstSequence: "0", lastSequence: "99", grant: null }],
        "8": [{ source: "batches", device: "12", firstSequence: "100", lastSequence: "149", grant: null }],
    };
    const ledger = {
        dependents: async ({ of }: { of: { version?: string } }) =>
            of.version === undefined
                ? { ...node, items: [view("7", 1, "device:12"), view("8", 1, "device:12"), view("9", 2, "7@1"), view("10", 2, "8@1")] }
                : { ...node, items: of.version === "8@1" ? [view("10", 1, "8@1")] : [] },
        datasetVersion: async ({ dataset }: { dataset: string }) => ({
            body: { kind: "version_published", content: { sources: sources[dataset] ?? [], from: "0", to: "0" } },
        }),
    };
    const made = await madeOfBatch(ledger as unknown as Parameters<typeof madeOfBatch>[0], batch("100", 50));
    expect(made.versions).toEqual([view("8", 1, "device:12"), view("10", 2, "8@1")]);
    expect(made.complete).toBe(true);
});

test("a device feeds a dataset from when it is added until it is removed", () => {
    const change = (added: string[], removed: string[]) => ({ kind: "dataset_devices_changed", dataset: "7", added, removed });
    const all = records(change(["12", "13"], []), change([], ["13"]), change([], ["12"]), change(["12"], []));
    const feeds = feedsOf("12", all);
    expect(feeds.map(({ added, removed }) => [added.index, removed?.index ?? null])).toEqual([
        ["0", "2"],
        ["3", null],
    ]);
});
