import type { ObligationView, RecordView } from "@citynet/ledger";
import { expect, test } from "vitest";

import { addsUp, discrepancies, plain, reconciles, statement, uuid } from "./statement";

const [OWN, OTHER] = [2, 3];
const CYCLE = { currency: 1, number: 1 };
const ALWAYS = { from: null, to: null };

function records(bodies: readonly RecordView["body"][]): RecordView[] {
    // The agent and others write too, but only holds depend on who does.
    return bodies.map(
        (body, index) =>
            ({ index: String(index), time: String(index * 10), block: 1, organisation: OWN, body }) as RecordView,
    );
}

function reference(byte: number) {
    const hex = byte.toString(16).padStart(2, "0");
    return { uetr: `0x${hex.repeat(16)}`, notification: `0x${hex.repeat(32)}` };
}

function deposited(amount: string, currency = 1, organisation = OWN): RecordView["body"] {
    return { kind: "deposited", currency, organisation, amount, reference: reference(1) };
}

function view(obligation: string, debtor: number, creditor: number, amount: string): ObligationView {
    return {
        obligation,
        state: "settled",
        currency: 1,
        debtor,
        creditor,
        amount,
        grant: "5",
        usage: { accesses: "0", records: "0", bytes: "0" },
        reverses: null,
        reversed: "0",
        since: "0",
        cycle: 1,
        payment: null,
        declared: null,
    };
}

function owed(obligation: string, debtor: number, creditor: number, amount: string): RecordView["body"] {
    return { kind: "obligation_created", obligation, info: { ...view(obligation, debtor, creditor, amount), state: "open", cycle: 0 } };
}

function computed(...positions: [number, string, string][]): RecordView["body"] {
    return {
        kind: "cycle_computed",
        cycle: CYCLE,
        obligations: "2",
        gross: "0",
        root: "0x",
        positions: positions.map(([organisation, pays, gets]) => ({ organisation, pays, gets })),
    };
}

const settled: RecordView["body"] = { kind: "cycle_settled", cycle: CYCLE, net: "25" };

function make(bodies: readonly RecordView["body"][], obligations: readonly ObligationView[] = [], period = ALWAYS as Parameters<typeof statement>[2]) {
    return statement(OWN, 1, period, records(bodies), obligations);
}

const info = { currency: 1, organisation: OWN, amount: "30", account: "0x" };
const COMES_AND_GOES: readonly RecordView["body"][] = [
    deposited("100"),
    deposited("7", 2),
    deposited("7", 1, OTHER),
    { kind: "withdrawal_requested", withdrawal: "1", info },
    { kind: "withdrawal_requested", withdrawal: "2", info },
    { kind: "withdrawal_paid", withdrawal: "1", reference: reference(4) },
    { kind: "withdrawal_returned", withdrawal: "2", reason: "" },
    { kind: "price_held", grant: "5", currency: 1, amount: "20" },
    { kind: "price_held", grant: "6", currency: 1, amount: "10" },
    { kind: "price_paid", grant: "5", currency: 1, amount: "20", creditor: OTHER },
    { kind: "price_released", grant: "6" },
    { kind: "price_paid", grant: "9", currency: 1, amount: "5", creditor: OWN },
];

test("money comes and goes", () => {
    const made = make(COMES_AND_GOES);
    expect(made.lines.map(({ balance, onHold }) => [balance, onHold])).toEqual([
        [100n, 0n],
        [100n, 30n],
        [100n, 60n],
        [70n, 30n],
        [70n, 0n],
        [70n, 20n],
        [70n, 30n],
        [50n, 10n],
        [50n, 0n],
        [55n, 0n],
    ]);
    expect([made.opening, made.closing, made.debits, made.credits]).toEqual([0n, 55n, 50n, 105n]);
    expect(addsUp(made) && reconciles(made, 55n, 0n)).toBe(true);
    expect(reconciles(made, 50n, 5n) || reconciles(made, 56n, 0n)).toBe(false);
    expect(discrepancies(made, 50n, 7n)).toEqual({ balance: 2n, hold: 7n });
    expect(made.lines[3]?.uetr).toBe("04040404-0404-0404-0404-040404040404");
});

test("a period is half-open", () => {
    const part = make(COMES_AND_GOES, [], { from: 30n, to: 60n });
    expect(part.lines.map(({ record }) => record)).toEqual(["3", "4", "5"]);
    expect([part.opening, part.openingOnHold, part.closing, part.closingOnHold]).toEqual([100n, 0n, 70n, 30n]);
    expect(addsUp(part)).toBe(true);
});

test("obligations are paid on the ledger and by bank", () => {
    const made = make([
        deposited("100"),
        owed("1", OWN, OTHER, "40"),
        owed("2", OTHER, OWN, "15"),
        owed("3", OWN, OTHER, "8"),
        { kind: "obligation_paid", obligation: "1" },
        { kind: "obligation_paid", obligation: "2" },
        { kind: "payment_declared", obligation: "3", reference: reference(7) },
        { kind: "payment_answered", obligation: "3", confirmed: false, reason: "" },
        { kind: "payment_answered", obligation: "3", confirmed: true, reason: "" },
    ]);
    expect(made.lines.map(({ debit, credit, byBank }) => [debit, credit, byBank])).toEqual([
        [0n, 100n, 0n],
        [40n, 0n, 0n],
        [0n, 15n, 0n],
        [0n, 0n, 8n],
    ]);
    expect(made.lines[3]?.uetr).toBe("07070707-0707-0707-0707-070707070707");
    expect([made.lines[1]?.with, made.closing]).toEqual([OTHER, 75n]);
    expect(addsUp(made) && reconciles(made, 75n, 0n)).toBe(true);
});

test("a cycle moves what its obligations sum up to", () => {
    // The positions count that were computed last.
    const bodies = [
        deposited("100"),
        computed([OWN, "90", "0"], [OTHER, "0", "90"]),
        computed([OWN, "25", "0"], [OTHER, "0", "25"]),
        settled,
    ];
    const obligations = [view("1", OWN, OTHER, "40"), view("2", OTHER, OWN, "15")];
    const made = make(bodies, obligations);
    expect(made.lines[1]).toMatchObject({
        about: "cycle:1-1",
        debit: 25n,
        credit: 0n,
        netted: { owed: 40n, due: 15n, obligations: ["1", "2"], agrees: true },
    });
    expect(addsUp(made) && reconciles(made, 75n, 0n)).toBe(true);
    expect(addsUp(make(bodies, obligations.slice(1)))).toBe(false);

    // Before it is settled, what it pays may be on hold.
    const waits = make(bodies.slice(0, 2));
    expect(reconciles(waits, 100n, 0n) && reconciles(waits, 10n, 90n)).toBe(true);
    expect(reconciles(waits, 75n, 25n)).toBe(false);
    expect(discrepancies(waits, 10n, 90n)).toEqual({ balance: 0n, hold: 0n });

    // Nothing moves where both sides are the same.
    const even = make([computed(), settled], [view("1", OWN, OTHER, "40"), view("2", OTHER, OWN, "40")]);
    expect([even.lines.length, even.closing, addsUp(even)]).toEqual([1, 0n, true]);
    expect(make([computed(), settled]).lines).toEqual([]);
});

test("records that cannot be all are named, and what follows is not shown", () => {
    expect(make([{ kind: "obligation_paid", obligation: "1" }]).trouble).toEqual({
        what: "unknown",
        record: "0",
        about: "obligation:1",
    });
    expect(make([settled]).trouble).toEqual({ what: "unknown", record: "0", about: "cycle:1-1" });
    const overdrawn = make([owed("1", OWN, OTHER, "1"), { kind: "obligation_paid", obligation: "1" }, deposited("5")]);
    expect(overdrawn.trouble).toEqual({ what: "unbalanced", record: "1" });
    expect([overdrawn.lines.length, addsUp(overdrawn)]).toEqual([0, false]);
    const most = String((1n << 128n) - 1n);
    expect(make([deposited(most), deposited("1")]).trouble).toEqual({ what: "unbalanced", record: "1" });
    expect(make([deposited("10"), { kind: "price_held", grant: "5", currency: 1, amount: "20" }, deposited("1")]).trouble).toEqual({
        what: "unbalanced",
        record: "1",
    });
});

test("amounts and references are written for other programs", () => {
    expect(plain(1250n, 2)).toBe("12.50");
    expect(plain(5n, 2)).toBe("0.05");
    expect(plain(-5n, 0)).toBe("-5");
    expect(plain((1n << 128n) - 1n, 18)).toBe("340282366920938463463.374607431768211455");
    expect(uuid("0xeb6305c91f7f49deaed016487c27b42d")).toBe("eb6305c9-1f7f-49de-aed0-16487c27b42d");
});
