import { describe, expect, test } from "vitest";

import en from "../../i18n/en/answers";
import ru from "../../i18n/ru/answers";
import type { Instance } from "../instance";
import type { JournalRecord, Question } from "../outcome";
import { Verifier } from "../verifier";
import { isLate, nobodyWords, ownerWords, rightRows, withoutRows } from "./access";
import { answered, type Answered } from "./answer";
import * as fixtures from "./fixtures";
import { bytesOf, doer, motionOutcome } from "./governance";
import { knownOf, money, party } from "./known";
import { noSteps, noVersions, readingsWords, stepRows, thing, titleOf, versionsWords } from "./lineage";
import { boughtRows, cycleRows, obligationRows, sumRows, useRows, verdict } from "./payments";
import { batchSubject, doubt, gapWords } from "./reading";
import { limit, remark, standing } from "./told";

const QUESTIONS: ReadonlyArray<readonly [Question, object, Answered["kind"]]> = [
    [{ access: { dataset: "7", at: "9" } }, fixtures.access, "access"],
    [{ lineage: { version: "7@1" } }, fixtures.lineage, "lineage"],
    [{ deviceLineage: { device: "12" } }, fixtures.lineageOfDevice, "lineage"],
    [{ batchLineage: { batch: "12-0" } }, fixtures.lineage, "lineage"],
    [{ taint: { device: "12", since: "9" } }, fixtures.taint, "taint"],
    [{ versionTaint: { version: "7@1" } }, fixtures.taintIncomplete, "taint"],
    [{ payments: { organisation: "2" } }, fixtures.payments, "payments"],
    ["governance", fixtures.governance, "governance"],
    [{ reading: { device: "12", sequence: "22" } }, fixtures.reading, "reading"],
];

/** What is read of the verifier's answer to a dossier with this question. */
function read(question: Question, beside: object) {
    const proven = { question, records: [], lists: {}, steps: [["format", "a dossier"]] };
    const instance: Instance = {
        ask: async () => JSON.stringify({ holds: { kind: "dossier", proven, ...beside } }),
        end: () => undefined,
    };
    return new Verifier(async () => instance).verify("{}", "0x");
}

describe("the verifier's answer", () => {
    test.each(QUESTIONS)("to %j is read", async (question, answer, kind) => {
        const outcome = await read(question, { answer });
        expect(outcome).toMatchObject({ ok: true, proven: { kind: "dossier", answer: { kind, told: answer } } });
    });

    test("may be that there is none, and why", async () => {
        const outcome = await read({ lineage: { version: "7@9" } }, fixtures.NO_ANSWER);
        expect(outcome).toMatchObject({ ok: true, proven: fixtures.NO_ANSWER });
    });

    test("to a dossier must be there, and be one to its question", async () => {
        for (const [question, , kind] of QUESTIONS) {
            for (const [, other, otherKind] of QUESTIONS) {
                if (kind !== otherKind) expect(() => answered(question, other)).toThrow(`${kind} is answered as`);
            }
            for (const beside of [{}, { answer: null }, { answer: "yes" }, { answer: {} }]) {
                expect(await read(question, beside)).toMatchObject({ ok: false, failed: { step: "verifier" } });
            }
        }
    });
});

describe("names and currencies", () => {
    const record = (body: object) => ({ body }) as unknown as JournalRecord;
    const records = [
        record({ kind: "organisation_registered", organisation: 1, name: "Town" }),
        record({ kind: "organisation_registered", organisation: 5, name: "Bank" }),
        record({ kind: "organisation_profile_changed", organisation: 5, profile: { name: "The Bank" } }),
        record({ kind: "currency_created", currency: 4, info: { symbol: "EUR", exponent: 0, agent: 5 } }),
    ];

    test("are those of proven records, and of the answer before these", () => {
        const known = knownOf(records, { kind: "access", told: fixtures.access });
        const names = [1, 5, 9].map((id) => party(id, known, "en"));
        expect(names).toEqual(["City (1)", "The Bank (5)", "Organisation 9"]);
        expect(party(0, known, "ru")).toBe("консорциум");
        const told = knownOf(records, { kind: "taint", told: fixtures.taint });
        expect(party(2, told, "en")).toBe("University (2)");
        const members = knownOf([], { kind: "governance", told: fixtures.governance });
        expect(party(2, members, "en")).toBe("University (2)");
    });

    test("make amounts exact, in the smallest unit where there is no currency", () => {
        const known = knownOf(records, { kind: "payments", told: fixtures.payments });
        expect(money("123450", 1, known, "en")).toBe("1,234.50\u00a0RUB");
        expect(money("340282366920938463463374607431768211455", 1, known, "ru")).toMatch(/,55\u00a0RUB$/);
        expect(money("5", 4, known, "en")).toBe("5\u00a0EUR");
        expect(money("5", 2, known, "en")).toBe("5 smallest units of currency 2");
    });
});

describe("who could use a dataset", () => {
    const known = knownOf([], { kind: "access", told: fixtures.access });

    test("by which grants, for what and on which basis", () => {
        const [first, second] = rightRows(fixtures.access, "en");
        expect(first).toMatchObject({
            key: "6 5",
            may: "read and derive",
            purposes: ["academic research", "city:Simulation"],
            versions: "all versions, also those to come",
            basis: "a task in the public interest (GDPR, Article 6(1)(e))",
            personal: "about people whose names were replaced",
        });
        expect(second).toMatchObject({ versions: "version 2 only", basis: "none", personal: "" });
        expect(rightRows(fixtures.access, "ru")[0]?.may).toBe("чтение и создание производных данных");
    });

    test("who had a grant that allowed nothing, and why", () => {
        expect(withoutRows(fixtures.access, known, "en")).toMatchObject([
            { consumer: "Institute (3)", reason: "the grant has expired", by: null },
            { consumer: "Organisation 4", reason: "the grant is suspended", by: "8" },
        ]);
    });

    test("the owner, if it was an active member", () => {
        expect(ownerWords(fixtures.access, "en")).toBe("needs no grant");
        expect(nobodyWords(fixtures.access, "en")).toBe("Nobody but the owner could use it.");
        const inactive = ownerWords(fixtures.accessOfNobody, "en");
        expect(inactive).toMatch(/^was no active member then.* \(status: suspended\)$/);
        expect(nobodyWords(fixtures.accessOfNobody, "en")).toBe("Nobody could use it.");
        expect(rightRows(fixtures.accessTooEarly, "en")).toEqual([]);
    });

    test("at a time that the records may not reach", () => {
        expect(isLate(fixtures.access)).toBe(false);
        expect(isLate(fixtures.accessOfNobody)).toBe(true);
    });
});

describe("what was made from what", () => {
    test("is told step by step, each way for itself", () => {
        const up = stepRows(fixtures.lineage, "up", "en", "utc");
        expect(up).toMatchObject([
            {
                ungranted: "none: its own",
                how: "aggregation",
                remark: { text: "the device is distrusted since 1 Mar 2026, 12:00:00 UTC", lang: undefined },
            },
            { ungranted: "", remark: { text: "unknown to the ledger" } },
        ]);
        const [down] = stepRows(fixtures.lineage, "down", "ru", "utc");
        expect(down).toMatchObject({ ungranted: "", how: "обучение модели", remark: { text: "" } });
    });

    test("is not said to be nothing, or all, where something is left out", () => {
        expect(noSteps(fixtures.lineageOfDevice, "down", "en")).toBe("Nothing was made from it.");
        expect(noSteps(fixtures.lineageIncomplete, "down", "en")).toBe(en.lineage.nothingShown);
        expect(titleOf("Made", fixtures.lineage, "en")).toBe("Made");
        expect(titleOf("Made", fixtures.lineageIncomplete, "en")).toBe("Made (not complete)");
    });

    test("things are known by their forms", () => {
        const hash = `0x${"ab".repeat(32)}`;
        expect(thing("7@3")).toEqual({ subject: "version:7@3" });
        expect(thing("device:12")).toEqual({ subject: "device:12" });
        expect(thing("device:12:0-999")).toEqual({ subject: "device:12", readings: ["0", "999"] });
        expect(thing("batch:12-4000")).toEqual({ subject: "batch:12/4000" });
        expect(thing(`sha256:${hash}`)).toEqual({ hash, uri: "" });
        expect(thing(`sha256:${hash}:https://a.example:1/b`)).toEqual({ hash, uri: "https://a.example:1/b" });
        expect(thing("something new")).toEqual({ other: "something new" });
    });
});

describe("what a doubt touches", () => {
    test("readings and versions", () => {
        expect(readingsWords(fixtures.taint, "en")).toBe("10 readings in 1 batch, numbers 0 to 9");
        expect(readingsWords(fixtures.taint, "ru")).toBe("10 показаний в 1 пакете, номера с 0 по 9");
        expect(readingsWords(fixtures.taintIncomplete, "en")).toBe("none");
        expect(versionsWords(fixtures.taint, "en")).toBe("2");
        expect(versionsWords(fixtures.taintIncomplete, "en")).toBe("at least 2");
        expect(noVersions(fixtures.taint, "en")).toBe("Nothing was made from it.");
        expect(noVersions(fixtures.taintIncomplete, "en")).toContain("not complete");
    });
});

describe("payments", () => {
    const known = knownOf([], { kind: "payments", told: fixtures.payments });

    test("reconcile, or not, and then it is said what does not", () => {
        expect(verdict(fixtures.payments, "en")).toEqual({ good: true, words: en.payments.reconciles, problems: [] });
        const { good, words, problems } = verdict(fixtures.paymentsDiffering, "ru");
        expect([good, words]).toEqual([false, ru.payments.differs]);
        expect(problems).toEqual([
            ...fixtures.paymentsDiffering.problems.map((text) => ({ text, lang: "en" })),
            { text: "Долги в валюте RUB НЕ сходятся.", lang: undefined },
        ]);
    });

    test("are good only where nothing says otherwise", () => {
        const { problems, sums } = fixtures.paymentsDiffering;
        for (const bent of [{ problems }, { sums }, { reconciles: false }]) {
            expect(verdict({ ...fixtures.payments, ...bent }, "en")).toMatchObject({ good: false });
        }
    });

    test("have sums in both directions", () => {
        const [owes, due] = sumRows(fixtures.payments, known, "en");
        const open = "2,500.00\u00a0RUB";
        expect(owes).toMatchObject({ side: "it owes", netted: "25.00\u00a0RUB", open, addsUp: true });
        expect(due).toMatchObject({ side: "it is owed", arisen: "0.00\u00a0RUB" });
        expect(sumRows(fixtures.paymentsDiffering, known, "en").map(({ addsUp }) => addsUp)).toEqual([false, true]);
    });

    test("have obligations with what became of them", () => {
        const [netted, declared] = obligationRows(fixtures.payments, known, "en");
        expect(netted).toMatchObject({
            with: "owes Organisation 3",
            amount: "25.00\u00a0RUB",
            outcome: "netted by a cycle",
            tone: "good",
        });
        expect(declared).toMatchObject({ outcome: "said to be paid by bank", tone: "warning" });
        const others = { ...fixtures.payments, query: { question: "payments", organisation: 3 } } as const;
        expect(obligationRows(others, known, "en")[0]?.with).toBe("is owed by Organisation 2");
    });

    test("have cycles, whose positions sum to zero and agree with the obligations, or do not", () => {
        expect(cycleRows(fixtures.payments, known, "en")).toMatchObject([
            { owed: "25.00\u00a0RUB", moved: "pays 25.00\u00a0RUB", zero: "sum to zero", agrees: "agrees" },
        ]);
        expect(cycleRows(fixtures.paymentsDiffering, known, "en")).toMatchObject([
            {
                owed: "26.00\u00a0RUB",
                zero: "do NOT sum to zero: 25.00\u00a0RUB are paid and 24.00\u00a0RUB got",
                agrees: "does NOT agree",
            },
        ]);
        const moved = (ownPays: string, ownGets: string) => {
            const cycles = fixtures.payments.cycles.map((cycle) => ({ ...cycle, ownPays, ownGets }));
            return cycleRows({ ...fixtures.payments, cycles }, known, "en")[0]?.moved;
        };
        expect([moved("0", "100"), moved("0", "0")]).toEqual(["gets 1.00\u00a0RUB", "pays and gets nothing"]);
    });

    test("have the use that they are for, and prices paid at once", () => {
        expect(useRows(fixtures.payments, known, "en")).toMatchObject([
            {
                parties: "Organisation 3 → Organisation 2",
                reported: "3 accesses, 30 records, 300 bytes",
                stated: "not yet",
                billed: "2,525.00\u00a0RUB",
            },
        ]);
        expect(boughtRows(fixtures.payments, known, "en")[0]?.amount).toBe("5 smallest units of currency 4");
    });
});

describe("motions", () => {
    const [approved, rejected, open] = fixtures.governance.motions.map((motion) => motionOutcome(motion, "en"));

    test("are approved and change something, are rejected, or are open", () => {
        expect(approved).toEqual({
            words: "approved",
            tone: "good",
            tally: "1 yes and 0 no of 1",
            changed: [{ kind: "Organisation joined", record: "4" }],
        });
        expect(rejected).toMatchObject({ words: "rejected", tone: "bad", tally: "1 yes and 1 no of 2", changed: null });
        expect(open).toEqual({ words: "open", tone: "info", tally: null, changed: null });
    });

    test("of which no record tells what they changed are said to be so", () => {
        const [motion] = fixtures.governance.motions;
        if (!motion?.closed) throw new Error("the first motion is closed");
        const silent = motionOutcome({ ...motion, closed: { ...motion.closed, changed: [] } }, "en");
        expect(silent).toMatchObject({ words: "approved", changed: en.governance.changedNothing });
    });

    test("and other deeds are somebody's, or the chain's own", () => {
        const known = knownOf([], { kind: "governance", told: fixtures.governance });
        const doers = fixtures.governance.deeds.map((deed) => doer(deed, known, "en"));
        expect(doers).toEqual(["City (1)", "the chain itself"]);
        expect([bytesOf("0x010203"), bytesOf("0x")]).toEqual([3, 0]);
    });
});

describe("a reading", () => {
    test("is in doubt, or not", () => {
        const since = fixtures.reading.device.distrustedSince;
        expect(doubt(fixtures.reading, "en")).toEqual({ good: false, words: en.reading.doubtful, since });
        const later = { good: true, words: en.reading.laterDoubt, since };
        expect(doubt({ ...fixtures.reading, inDoubt: false }, "en")).toEqual(later);
        const device = { ...fixtures.reading.device, distrustedSince: null };
        const trusted = { good: true, words: en.reading.trusted, since: null };
        expect(doubt({ ...fixtures.reading, inDoubt: false, device }, "en")).toEqual(trusted);
    });

    test("is between gaps", () => {
        expect(gapWords(fixtures.reading.gapBefore, "en")).toBe("numbers 10 to 12");
        expect(gapWords(fixtures.reading.gapAfter, "ru")).toBe("номер 33");
        expect(gapWords(null, "en")).toBe("none");
        expect(batchSubject(fixtures.reading)).toBe("batch:12/13");
        expect(en.reading.withoutGap("13", "32")).toBe("Nothing is missing between readings 13 and 32.");
        expect(party(fixtures.reading.owner, knownOf([], null), "en")).toBe("Organisation 1");
    });
});

describe("words of the verifier", () => {
    test("from its lists are translated", () => {
        const { access, governance, lineage, payments, taint } = fixtures;
        for (const { notCovered } of [access, governance, payments]) {
            for (const text of notCovered) expect(limit(text, "ru")).toMatchObject({ lang: undefined });
        }
        for (const { notInRecords } of [lineage, taint]) {
            for (const text of notInRecords) expect(limit(text, "ru")).toMatchObject({ lang: undefined });
        }
        expect(standing("since genesis", "ru")).toEqual({ text: "с генезиса", lang: undefined });
        expect(remark("not followed", "ru")).toEqual({ text: "дальше не прослежено", lang: undefined });
        const faulty = remark("faulty since 2026-03-01T12:00:00Z", "en", "utc");
        expect(faulty).toEqual({ text: "faulty since 1 Mar 2026, 12:00:00 UTC", lang: undefined });
    });

    test("that are others are shown as they are", () => {
        for (const tell of [limit, standing, remark]) {
            expect(tell("something new", "ru")).toEqual({ text: "something new", lang: "en" });
        }
        expect(remark("faulty since the beginning of time", "ru").lang).toBe("en");
    });
});
