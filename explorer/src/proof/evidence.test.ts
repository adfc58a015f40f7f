import { LedgerError } from "@citynet/ledger";
import { expect, test } from "vitest";
import none from "../../../node/rpc/tests/golden/citynet_completeness/nothing_about_it.json";
import first from "../../../node/rpc/tests/golden/citynet_completeness/first_page.json";
import last from "../../../node/rpc/tests/golden/citynet_completeness/last_page.json";
import two from "../../../node/rpc/tests/golden/citynet_proof/two_records.json";
import { Archive } from "./archive";
import { ARCHIVE, dossier, evidence, GENESIS, ledgerOf, list, LOG, verifier } from "./fixtures/vectors";
import type { Outcome, Proven } from "./outcome";
import { type Progress, proveDossier, proveList, proveReading, proveReadingComplete, proveRecord } from "./prove";

/** The chain of the answers that a node gave. */
const NODE = two.answer.result.genesisHash;

const golden = JSON.parse(evidence);

function proven<K extends Proven["kind"]>(kind: K, outcome: Outcome): Extract<Proven, { kind: K }> {
    if (!outcome.ok || outcome.proven.kind !== kind) throw new Error(JSON.stringify(outcome));
    return outcome.proven as Extract<Proven, { kind: K }>;
}

/** Answers as a node does whose proof is of these records. */
function proofOf(...records: unknown[]): object {
    const { authorities, finality, genesisHash } = golden;
    return { authorities, ...finality, genesisHash, records };
}

/** Answers as a node does that has the lists of the golden dossier. */
function listOf(subject: unknown): object {
    const { authorities, finality, genesisHash, lists, records } = JSON.parse(dossier);
    const index = (encoded: string) => Number.parseInt(encoded.slice(4, 6), 16).toString();
    const found = lists.find((one: { subject: string }) => one.subject === subject);
    const items = records.filter((encoded: string) => found.records.includes(index(encoded)));
    // In an order that is not that of the format.
    const state = found.head.toReversed();
    const head = { count: `${items.length}`, chain: "0x" };
    return {
        anchor: { number: 500, hash: "0x12f9" },
        items: items.map((encoded: string) => ({ encoded })),
        next: null,
        complete: true,
        proof: { authorities, ...finality, genesisHash, head, state },
    };
}

test("what a node answers becomes a bundle that holds", async () => {
    const { authorities, genesisHash, header, justification, records } = two.answer.result;
    const asked: unknown[] = [];
    const ledger = ledgerOf((method, params) => {
        asked.push(method, params);
        return { authorities, genesisHash, header, justification, records: records.slice(0, 1) };
    });
    const { document, outcome, name } = await proveRecord(ledger, "8", NODE, { verifier });
    expect(asked).toEqual(["citynet_proof", { indices: ["8"] }]);
    expect(name).toBe("record-8.json");
    expect(proven("record", outcome).record.index).toBe("8");
    expect((await verifier.verify(document, NODE)).ok).toBe(true);
    expect(await verifier.verify(document, GENESIS)).toMatchObject({ ok: false, failed: { step: "genesis" } });

    const other = await proveRecord(ledger, 9, NODE, { verifier });
    expect(other.outcome).toMatchObject({ ok: false, failed: { step: "asked" } });
});

test("the pages of a node become a list that holds", async () => {
    const ledger = ledgerOf((_, { cursor }) => (cursor === undefined ? first : last).answer.result);
    const told: Progress[] = [];
    const progress = (done: Progress) => told.push(done);
    const { outcome, name } = await proveList(ledger, "dataset:1", NODE, { verifier, progress });
    const { head, records } = proven("list", outcome);
    expect(head.count).toBe("4");
    expect(records.map(({ record }) => record?.index)).toEqual(["6", "7", "9", "10"]);
    expect(records[0]?.record?.body).toEqual(first.answer.result.items[0]?.body);
    expect(told).toEqual([{ lists: 1, records: 2 }]);
    expect(name).toBe("list-dataset-1.json");
});

test("that there is no record is proven too", async () => {
    const { outcome } = await proveList(ledgerOf(() => none.answer.result), "grant:9", NODE, { verifier });
    expect(proven("list", outcome).records).toEqual([]);
});

test("a list from which a node leaves out a record does not hold", async () => {
    const { items, ...rest } = last.answer.result;
    const ledger = ledgerOf((_, { cursor }) =>
        cursor === undefined ? first.answer.result : { ...rest, items: items.slice(1) },
    );
    const { outcome } = await proveList(ledger, "dataset:1", NODE, { verifier });
    expect(outcome).toMatchObject({ ok: false, failed: { step: "records" } });
});

test("pages of different blocks, and more records than are counted, are no list", async () => {
    const anchor = { ...last.answer.result.anchor, hash: "0x00" };
    const forked = ledgerOf((_, { cursor }) =>
        cursor === undefined ? first.answer.result : { ...last.answer.result, anchor },
    );
    await expect(proveList(forked, "dataset:1", NODE, { verifier })).rejects.toMatchObject({ code: "other_block" });
    const endless = ledgerOf(() => first.answer.result);
    await expect(proveList(endless, "dataset:1", NODE, { verifier })).rejects.toMatchObject({ code: "no_proof" });
});

test("a node that has no proof yet is asked again, and not for ever", async () => {
    let asked = 0;
    const ledger = ledgerOf(() => {
        asked += 1;
        if (asked === 2) return proofOf(golden.record);
        throw new LedgerError(9008, "it is not final yet", { code: "not_final_yet" });
    });
    const told: Progress[] = [];
    const progress = (done: Progress) => told.push(done);
    const { outcome } = await proveRecord(ledger, 5, GENESIS, { verifier, progress });
    expect(outcome.ok).toBe(true);
    expect(told).toEqual([{ waiting: "it is not final yet" }]);
    await expect(proveRecord(ledger, 5, GENESIS, { verifier, patience: 0 })).rejects.toThrow("it is not final yet");
    const refused = ledgerOf(() => {
        throw new LedgerError(9005, "there is no such record", { code: "not_found", what: "record" });
    });
    await expect(proveRecord(refused, 5, GENESIS, { verifier })).rejects.toMatchObject({ code: "not_found" });
});

test("a dossier has exactly the lists that its question needs", async () => {
    const asked: unknown[] = [];
    const ledger = ledgerOf((_, { subject, at }) => {
        asked.push(`${subject} ${at}`);
        return listOf(subject);
    });
    const question = { access: { at: "9000", dataset: "7" } };
    const { document, outcome, name } = await proveDossier(ledger, question, GENESIS, { verifier });
    expect(asked).toEqual([
        "organisation:0 undefined",
        "dataset:7 500",
        "organisation:1 500",
        "organisation:2 500",
        "grant:5 500",
    ]);
    expect(document).toBe(dossier);
    expect(proven("dossier", outcome).question).toEqual(question);
    expect(name).toBe("access-9000-7.json");
});

test("a reading out of an archive becomes the bundle that `citynet prove` makes", async () => {
    const reading = await new Archive(ARCHIVE, LOG).reading(46n, verifier);
    const asked: unknown[] = [];
    const ledger = ledgerOf((method, params) => {
        asked.push(method, params);
        if (method === "citynet_device") return { keyRecords: [{ epoch: 0, record: "4" }] };
        return proofOf(golden.record, golden.deviceKey);
    });
    const { document, outcome } = await proveReading(ledger, reading, GENESIS, { verifier });
    expect(asked).toEqual(["citynet_device", { device: "3" }, "citynet_proof", { indices: ["5", "4"] }]);
    expect(document).toBe(evidence);
    expect(proven("record", outcome).reading?.sequence).toBe("46");
});

test("an archive that was altered does not hold", async () => {
    const reading = await new Archive(ARCHIVE, LOG).reading(46n, verifier);
    const ledger = ledgerOf((method) =>
        method === "citynet_device" ? { keyRecords: [{ epoch: 0, record: "4" }] } : proofOf(golden.record, golden.deviceKey),
    );
    const leaf = reading.leaf.replace("146.33", "16.33");
    const altered = await proveReading(ledger, { ...reading, leaf }, GENESIS, { verifier });
    expect(altered.outcome).toMatchObject({ ok: false, failed: { step: "batch" } });
    await expect(proveReading(ledger, { ...reading, genesis: NODE }, GENESIS, { verifier })).rejects.toMatchObject({
        code: "other_chain",
    });
    await expect(proveReading(ledger, { ...reading, epoch: 1 }, GENESIS, { verifier })).rejects.toMatchObject({
        code: "no_key",
    });
});

test("a reading with all records about its device is proven", async () => {
    const reading = await new Archive(ARCHIVE, LOG).reading(46n, verifier);
    // The list of the chain's device 3 has another batch than the archive's, and so it must not hold.
    const { authorities, finality, genesisHash, head, records } = JSON.parse(list);
    const proof = { authorities, ...finality, genesisHash, head: { count: "3" }, state: head };
    const items = records.filter((listed: object) => "record" in listed).map(({ record }: any) => ({ encoded: record }));
    const answer = { anchor: { number: 100, hash: "0xcd85" }, items, next: null, complete: true, proof };
    const { outcome, document } = await proveReadingComplete(ledgerOf(() => answer), reading, GENESIS, { verifier });
    expect(JSON.parse(document).question).toEqual({ reading: { device: "3", sequence: "46" } });
    expect(outcome).toMatchObject({ ok: false, failed: { step: "records" } });

    const late = { ...reading, block: 101 };
    const waiting = proveReadingComplete(ledgerOf(() => answer), late, GENESIS, { verifier, patience: 0 });
    await expect(waiting).rejects.toMatchObject({ code: "too_early" });
});

test("it ends when it is told to", async () => {
    const told = new AbortController();
    const ledger = ledgerOf(() => {
        told.abort();
        return first.answer.result;
    });
    const { signal } = told;
    await expect(proveList(ledger, "dataset:1", NODE, { verifier, signal })).rejects.toThrow("aborted");
});
