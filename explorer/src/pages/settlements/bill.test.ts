import type { ObligationView, RecordView, Usage } from "@citynet/ledger";
import { expect, test } from "vitest";

import { bill, metered, perPeriod, stateByRecords } from "./bill";

const used = (accesses: number): Usage => ({ accesses: String(accesses), records: "0", bytes: "0" });

test("each unit costs what its tier says", () => {
    const tiers = [
        { above: "0", amount: "10" },
        { above: "100", amount: "5" },
    ];
    const prices: [number, bigint][] = [
        [0, 0n],
        [1, 3n],
        [2, 6n],
        [3, 10n],
        [100, 333n],
        [101, 335n],
        [200, 500n],
    ];
    for (const [units, price] of prices) expect(metered("access", 3n, tiers, used(units)), String(units)).toBe(price);
    expect(metered("byte", 3n, tiers, used(100))).toBe(0n);
    expect(metered("access", 0n, tiers, used(100))).toBeNull();
});

test("a period counts when it has begun", () => {
    const prices: [bigint, bigint, bigint][] = [
        [0n, 0n, 0n],
        [0n, 1n, 7n],
        [0n, 10n, 7n],
        [0n, 11n, 14n],
        [5n, 16n, 14n],
        [9n, 3n, 0n],
    ];
    for (const [begin, end, price] of prices) expect(perPeriod(7n, 10n, begin, end)).toBe(price);
    expect(perPeriod(7n, 0n, 0n, 1n)).toBeNull();
});

function records(bodies: readonly object[]): RecordView[] {
    return bodies.map((body, index) => ({ index: String(index), time: String(index * 10), body }) as unknown as RecordView);
}

const price = {
    price: "metered",
    currency: 1,
    disputeWindow: "15",
    per: "1",
    unit: "access",
    tiers: [{ above: "0", amount: "2" }],
};
const offered = { kind: "grant_offered", terms: { price, notBefore: "0", notAfter: "1000" } };
const stated = (statement: number, accesses: number) => ({ kind: "usage_stated", statement, usage: used(accesses) });
const created = (amount: string) => ({ kind: "obligation_created", info: { amount } });

test("a bill rests on the use that was beyond dispute then, and on what was billed before", () => {
    const all = records([
        offered,
        { kind: "access_reported", report: {} },
        stated(1, 10),
        { kind: "access_reported", report: {} },
        // The window of the statement at 20 ends at 35.
        created("20"),
        stated(2, 15),
        { kind: "usage_disputed", statement: 2, usage: used(11), reason: "twice" },
        { kind: "other" },
        { kind: "usage_ruled", statement: 2, usage: used(12), reason: "once" },
        created("4"),
    ]);
    const first = bill(all, all[4] as RecordView);
    expect([first.statement?.index, first.report?.index, first.terms?.index]).toEqual(["2", "3", "0"]);
    expect([first.matured.accesses, first.whole, first.billed]).toEqual(["10", 20n, 0n]);
    expect(first.disputes).toEqual([]);
    const second = bill(all, all[9] as RecordView);
    expect([second.statement?.index, second.matured.accesses, second.whole, second.billed]).toEqual(["8", "12", 24n, 20n]);
    expect(second.disputes.map(({ index }) => index)).toEqual(["5", "6"]);
});

test("what is disputed, or stated a moment ago, is not billed", () => {
    const young = records([offered, stated(1, 10), created("0")]);
    expect(bill(young, young[2] as RecordView).matured.accesses).toBe("0");
    const disputed = records([
        offered,
        stated(1, 10),
        { kind: "usage_disputed", statement: 1, usage: used(1), reason: "" },
        { kind: "other" },
        created("0"),
    ]);
    const found = bill(disputed, disputed[4] as RecordView);
    expect([found.matured.accesses, found.whole, found.statement]).toEqual(["0", 0n, null]);
});

test("a price for each period counts from when the grant was in force", () => {
    const monthly = { price: "per_period", currency: 1, amount: "7", period: "10" };
    const all = records([
        { kind: "grant_offered", terms: { price: monthly, notBefore: "5", notAfter: "1000" } },
        { kind: "grant_advanced", state: "active" },
        { kind: "other" },
        created("7"),
        created("7"),
    ]);
    expect(bill(all, all[3] as RecordView).whole).toBe(14n);
    expect(bill(all, all[4] as RecordView)).toMatchObject({ whole: 21n, billed: 7n });
});

test("records say where an obligation is", () => {
    const own = { obligation: "7" } as ObligationView;
    const state = (...bodies: object[]) => stateByRecords(own, records(bodies));
    const arose = { kind: "obligation_created", obligation: "7", info: {} };
    expect(state()).toBeNull();
    expect(state(arose)).toBe("open");
    expect(state(arose, { kind: "payment_declared" })).toBe("declared");
    expect(state(arose, { kind: "payment_declared" }, { kind: "payment_answered", confirmed: true })).toBe("booked");
    expect(state(arose, { kind: "payment_declared" }, { kind: "declaration_withdrawn" })).toBe("open");
    expect(state(arose, { kind: "cycle_opened" }, { kind: "cycle_computed" })).toBe("netting");
    expect(state(arose, { kind: "cycle_computed" }, { kind: "cycle_settled" })).toBe("settled");
    // What reverses it is another obligation.
    expect(state(arose, { kind: "obligation_paid" }, { kind: "obligation_reversed", obligation: "8" })).toBe("settled");
});
