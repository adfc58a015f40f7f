import { expect, test } from "vitest";

import { digestItem } from "./digest";
import { seatOf } from "./owner";
import { resultOf, validIn } from "./value";

test("a header's slot and tree head are read", () => {
    expect(digestItem("0x066175726120b3fc0c6b00000000")).toMatchObject({ kind: "preRuntime", said: { is: "slot", slot: 1796013235n } });
    expect(digestItem(`0x04636e7468a01b01000000000000${"ab".repeat(32)}`).said).toEqual({
        is: "tree",
        head: { size: 283n, root: `0x${"ab".repeat(32)}` },
    });
});

test("what does not fit is unknown rather than guessed", () => {
    for (const raw of ["0x", "0x066175726120b3fc", "0x04636e746804ff", "0x99"]) {
        expect(digestItem(raw)).toMatchObject({ raw, said: { is: "unknown" } });
    }
});

test("a change of those who finalise is read", () => {
    const raw = `0x0446524e4bb80104${"11".repeat(32)}010000000000000000000000`;
    expect(digestItem(raw).said).toMatchObject({ is: "voters", delay: 0, forced: false, voters: [{ weight: 1n }] });
});

test("an account of a seat names its organisation", () => {
    expect(seatOf(`0x636974796e65742f7365617407000000${"00".repeat(16)}`)).toBe(7);
    expect(seatOf(`0x${"11".repeat(32)}`)).toBeNull();
});

test("an extrinsic without an event has no known end, and an era the blocks that belong to it", () => {
    expect(resultOf([], 0)).toEqual({ ended: "unknown" });
    expect(validIn({ period: 256, phase: 34 }, 35)).toEqual({ first: 34, last: 289 });
});
