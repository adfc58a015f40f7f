import { describe, expect, test, vi } from "vitest";

import { counted } from "./activity";
import { aboutCycle, aboutDevice, aboutGrant, aboutObligation, aboutValidator, OVERDUE, SOON, UNANSWERED } from "./attention";
import { beats, intervals, skipped } from "./rhythm";

const NOW = 1_800_000_000_000;
const at = (milliseconds: number) => String(NOW + milliseconds);
const kinds = (of: readonly { kind: string }[]) => of.map(({ kind }) => kind);

describe("what needs attention", () => {
    test("obligations", () => {
        const owed = { obligation: "7", state: "open", since: at(-OVERDUE - 1), declared: null } as Parameters<typeof aboutObligation>[0];
        expect(aboutObligation(owed, NOW)).toEqual([{ kind: "obligation_overdue", subject: "obligation:7", moment: owed.since }]);
        expect(aboutObligation({ ...owed, since: at(-OVERDUE) }, NOW)).toEqual([]);
        expect(aboutObligation({ ...owed, state: "booked" }, NOW)).toEqual([]);
        const declared = { ...owed, state: "declared" as const, declared: at(-UNANSWERED - 1) };
        expect(kinds(aboutObligation(declared, NOW))).toEqual(["payment_unanswered"]);
        expect(aboutObligation({ ...declared, declared: at(-1) }, NOW)).toEqual([]);
    });

    test("cycles past their deadline", () => {
        const cycle = { currency: 1, number: 7, phase: "funding" as const, deadline: at(-1) };
        expect(aboutCycle(cycle, NOW)).toEqual([{ kind: "cycle_late", subject: "cycle:1-7", moment: at(-1) }]);
        expect(aboutCycle({ ...cycle, deadline: at(0) }, NOW)).toEqual([]);
        expect(aboutCycle({ ...cycle, phase: "settled" }, NOW)).toEqual([]);
    });

    test("grants that end soon, not those that ended or were revoked", () => {
        const grant = (notAfter: string, state = "active") =>
            aboutGrant({ grant: "5", state, terms: { notAfter } } as Parameters<typeof aboutGrant>[0], NOW);
        expect(kinds(grant(at(SOON)))).toEqual(["grant_expiring"]);
        expect(grant(at(SOON + 1))).toEqual([]);
        expect(grant(at(-1))).toEqual([]);
        expect(grant(at(1), "revoked")).toEqual([]);
    });

    test("devices", () => {
        const device = (change: object) =>
            aboutDevice({ device: "1", status: "active", distrustedSince: null, previous: null, profile: { calibration: null }, ...change } as Parameters<typeof aboutDevice>[0], NOW);
        const calibrated = (validUntil: string) => ({ profile: { calibration: { validUntil } } });
        expect(device({})).toEqual([]);
        expect(kinds(device(calibrated(at(-1))))).toEqual(["calibration_expired"]);
        expect(kinds(device(calibrated(at(1))))).toEqual(["calibration_expiring"]);
        expect(device(calibrated(at(SOON + 1)))).toEqual([]);
        expect(kinds(device({ previous: { validUntil: at(1) } }))).toEqual(["key_expiring"]);
        expect(device({ previous: { validUntil: at(-1) } })).toEqual([]);
        expect(kinds(device({ distrustedSince: at(-5), status: "retired", ...calibrated(at(-1)) }))).toEqual(["device_distrusted"]);
    });

    test("validators that are in the set and silent", () => {
        expect(kinds(aboutValidator({ account: "0x1", silent: true, active: true }))).toEqual(["validator_silent"]);
        expect(aboutValidator({ account: "0x1", silent: true, active: false })).toEqual([]);
    });
});

describe("the rhythm of blocks", () => {
    const header = (slot: bigint) => {
        const bytes = new DataView(new ArrayBuffer(8));
        bytes.setBigUint64(0, slot, true);
        const hex = [...new Uint8Array(bytes.buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        return { number: "0x1", parentHash: "0x", stateRoot: "0x", extrinsicsRoot: "0x", digest: { logs: [`0x066175726120${hex}`] } };
    };

    test("is asked for once for each block", async () => {
        const request = vi.fn(async (method: string, [asked]: readonly unknown[]) =>
            method === "chain_getBlockHash" ? (asked as number[]).map(String) : header(2n * BigInt(String(asked))),
        );
        const known = new Map<number, bigint>();
        expect(await beats(request, 3, 5, known)).toEqual([1, 2, 3].map((number) => ({ number, slot: 2n * BigInt(number) })));
        const before = request.mock.calls.length;
        expect((await beats(request, 4, 2, known)).map(({ number }) => number)).toEqual([3, 4]);
        expect(request.mock.calls.length).toBe(before + 2);
    });

    test("has intervals and empty slots", () => {
        const of = [{ number: 1, slot: 10n }, { number: 2, slot: 11n }, { number: 3, slot: 14n }];
        expect(intervals(of, 1_000)).toEqual([{ number: 2, milliseconds: 1_000 }, { number: 3, milliseconds: 3_000 }]);
        expect(skipped(of)).toEqual({ slots: 5, empty: 2 });
        expect(skipped([])).toEqual({ slots: 0, empty: 0 });
    });
});

describe("what was recorded", () => {
    const record = (before: number, kind: string) => ({ time: at(-before), body: { kind } });

    test("is counted by kind and time", () => {
        const found = counted([record(90_000, "a"), record(70_000, "b"), record(0, "a")], NOW);
        expect(found.kinds).toEqual([{ kind: "a", count: 2 }, { kind: "b", count: 1 }]);
        expect(found.width).toBe(60_000);
        expect(found.bins.reduce((sum, { count }) => sum + count, 0)).toBe(3);
        expect(found.bins.at(-1)?.count).toBe(1);
    });

    test("in longer bins where it is longer", () => {
        expect(counted([record(24 * 3_600_000, "a")], NOW).width).toBe(3_600_000);
        expect(counted([], NOW)).toMatchObject({ counted: 0, bins: [], from: null });
    });
});
