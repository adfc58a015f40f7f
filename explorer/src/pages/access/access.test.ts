import type { GrantAccessView, GrantView, RecordView } from "@citynet/ledger";
import { expect, test } from "vitest";

import { lastChange, marksOf, neighbour, place } from "./life";
import { product, rightsOf } from "./rights";

const link = (grant: string, consumer: number, notAfter: string) =>
    ({ grant, consumer, provider: 1, notAfter, state: "active" }) as GrantAccessView["chain"][number];
const allowed = (action: string, purpose: number) =>
    ({ action, purpose, version: null, decision: "allowed", chain: [] }) as unknown as GrantAccessView["uses"][number];
const denied = (action: string, purpose: number, reason: string, grant: string | null) =>
    ({ action, purpose, version: null, decision: "denied", reason, grant }) as unknown as GrantAccessView["uses"][number];

test("a right lasts as long as all grants of its chain", () => {
    const view: GrantAccessView = {
        grant: "7",
        chain: [link("7", 4, "3000"), link("3", 3, "2000")],
        uses: [allowed("read", 2), allowed("derive", 2)],
    };
    const { rights, without } = rightsOf([view]);
    expect(without).toEqual([]);
    expect(rights[0]).toMatchObject({ consumer: 4, until: "2000", partly: false });
    expect(product(rights[0]!.uses)).toEqual({ actions: ["read", "derive"], purposes: [2], versions: [null] });
});

test("a grant may allow one use and deny another", () => {
    const view: GrantAccessView = {
        grant: "7",
        chain: [link("7", 4, "3000"), link("3", 3, "2000")],
        uses: [allowed("read", 2), denied("read", 3, "purpose_not_granted", "3")],
    };
    const { rights, without } = rightsOf([view]);
    expect(rights[0]?.partly).toBe(true);
    expect(without[0]?.reasons).toEqual([
        { denial: "purpose_not_granted", grant: "3", use: { action: "read", purpose: 3, version: null } },
    ]);
});

test("one reason for everything is said once, and nothing asked is no reason", () => {
    const chain = [link("7", 4, "3000")];
    const suspended = { grant: "7", chain, uses: [denied("read", 2, "suspended", "7"), denied("derive", 2, "suspended", "7")] };
    expect(rightsOf([suspended]).without[0]?.reasons).toEqual([{ denial: "suspended", grant: null, use: null }]);
    expect(rightsOf([{ grant: "7", chain, uses: [] }])).toMatchObject({ rights: [], without: [{ reasons: [] }] });
});

test("uses that are no product are named one by one", () => {
    const uses = [
        { action: "read", purpose: 1, version: null },
        { action: "derive", purpose: 2, version: null },
    ] as const;
    expect(product(uses)).toBeNull();
});

const grant = (changes: Partial<GrantView>) =>
    ({ grant: "5", activeSince: "1000", ended: null, terms: { notBefore: "2000", notAfter: "5000" }, ...changes }) as GrantView;
const record = (index: string, time: string, body: object) => ({ index, time, body }) as RecordView;
const became = (index: string, time: string, state: string) =>
    record(index, time, { kind: "grant_state_changed", grant: "5", state, reason: "not_needed", note: "" });

test("marks are what had happened by then, in order", () => {
    const records = [record("1", "500", { kind: "dataset_registered" })];
    const marks = marksOf(records, [grant({ ended: "4000" })], [became("9", "4000", "completed")], 4500n);
    expect(marks.map(({ kind, time }) => `${kind} ${time}`)).toEqual(["registered 500", "begins 2000", "became 4000"]);
    // Nobody revoked this one: it ends by itself, if that is not still to come.
    expect(marksOf([], [grant({})], [], 9000n).map(({ kind }) => kind)).toEqual(["begins", "ends"]);
    expect(marksOf([], [grant({})], [], 4999n).map(({ kind }) => kind)).toEqual(["begins"]);
    // Revoked before its first moment, it never began.
    expect(marksOf([], [grant({ ended: "1500" })], [], 9000n)).toEqual([]);
    // Never finalised, it changed nothing.
    expect(marksOf([], [grant({ activeSince: null })], [], 9000n)).toEqual([]);
});

test("one can go from change to change", () => {
    const marks = marksOf([], [], [became("1", "10", "suspended"), became("2", "20", "active")], 100n);
    expect(neighbour(marks, 15n, "before")).toBe("10");
    expect(neighbour(marks, 10n, "before")).toBeNull();
    expect(neighbour(marks, 10n, "after")).toBe("20");
    expect(lastChange(marks, "5", 15n)).toMatchObject({ state: "suspended" });
    expect(lastChange(marks, "5", 9n)).toBeUndefined();
    expect([place("0", 0, 100), place("50", 0, 100), place("500", 0, 100), place("5", 5, 5)]).toEqual([0, 50, 100, 100]);
});
