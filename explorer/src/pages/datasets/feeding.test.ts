import type { RecordView } from "@citynet/ledger";
import { expect, test } from "vitest";

import { periods } from "./feeding";

const changed = (time: string, added: string[], removed: string[]) =>
    ({ time, body: { kind: "dataset_devices_changed", dataset: "1", added, removed } }) as unknown as RecordView;

test("a device that was removed and added again has two periods", () => {
    const found = periods([changed("1", ["5", "6"], []), changed("2", [], ["5"]), changed("3", ["5"], ["6"])]);
    expect(found.map(({ device, from, to }) => [device, from.time, to?.time ?? null])).toEqual([
        ["5", "1", "2"],
        ["6", "1", "3"],
        ["5", "3", null],
    ]);
});

test("records of other kinds say nothing about it", () => {
    expect(periods([{ body: { kind: "dataset_offered" } } as unknown as RecordView])).toEqual([]);
});
