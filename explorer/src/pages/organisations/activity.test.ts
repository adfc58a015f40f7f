import type { RecordView } from "@citynet/ledger";
import { expect, test } from "vitest";

import { byKind, overTime } from "./activity";
import { undecided } from "./motions";

const record = (kind: string, time: string) => ({ time, body: { kind } }) as unknown as RecordView;

test("records are counted by kind and time, those of genesis only by kind", () => {
    const records = [record("a", "0"), record("a", "60000"), record("b", "60001"), record("a", "180000")];
    expect(byKind(records)).toEqual([
        { kind: "a", number: 3 },
        { kind: "b", number: 1 },
    ]);
    const { step, series } = overTime(records, (kind) => kind.toUpperCase(), "others");
    expect(step).toBe(60_000);
    expect(series.map(({ name, points }) => [name, points.map(({ y }) => y)])).toEqual([
        ["A", [1, 0, 1]],
        ["B", [1, 0, 0]],
    ]);
});

test("who has a seat and did not vote is undecided", () => {
    expect(undecided({ yes: [1], no: [3] }, [1, 2, 3])).toEqual([2]);
});
