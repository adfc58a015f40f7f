import { describe, expect, test } from "vitest";
import payments from "../../../client/tests/golden/payments-dossier.json?raw";
import { canonical, type Json } from "./canonical";
import { compiled, dossier, evidence, GENESIS, list, newer, verifier } from "./fixtures/vectors";
import { ProofError, STEPS, type Step } from "./outcome";
import { Verifier } from "./verifier";

/** The parts of a document, as far as tests bend them. */
type Parts = Record<string, any>;

/** The text of a document with something in it bent. */
function bent(document: string, bend: (parts: Parts) => void): string {
    const parts = JSON.parse(document) as Parts;
    bend(parts);
    return canonical(parts as Json);
}

/** Other hex of the same length: one digit, counted from the end, is another one. */
function flipped(hex: string, fromEnd = 1): string {
    const at = hex.length - fromEnd;
    return `${hex.slice(0, at)}${hex[at] === "0" ? "1" : "0"}${hex.slice(at + 1)}`;
}

async function failedAt(document: string, trust = GENESIS): Promise<string> {
    const outcome = await verifier.verify(document, trust);
    if (outcome.ok) return "it holds";
    expect(outcome.failed.reason).not.toBe("");
    expect(outcome.passed.map(({ step }) => step)).not.toContain(outcome.failed.step);
    return outcome.failed.step;
}

test("the verifier imports nothing", () => {
    expect(WebAssembly.Module.imports(compiled)).toEqual([]);
});

test("a reading is proven from its source line to genesis", async () => {
    const outcome = await verifier.verify(evidence, GENESIS);
    if (!outcome.ok || outcome.proven.kind !== "record") throw new Error(JSON.stringify(outcome));
    const { proven, steps } = outcome;
    expect(steps.map(({ step }) => step)).toEqual([
        "format",
        "reading",
        "batch",
        "device signature",
        "inclusion",
        "tree head",
        "finality",
        "authorities",
        "genesis",
    ]);
    expect(steps.find(({ step }) => step === "batch")?.found).toContain("leaf 6 of the 11");
    expect(proven.block.number).toBe(100);
    expect(proven.setId).toBe("1");
    expect(proven.genesis).toBe(GENESIS);
    expect(proven.record).toMatchObject({ index: "5", organisation: 1, body: { kind: "batch_attested" } });
    expect(proven.reading).toMatchObject({ device: "3", sequence: "46", observedAt: "2018-09-04T00:02:18Z" });
    expect(proven.reading?.observation["P1"]).toBe("146.33");
});

test("a list is proven complete, with a record of which only the hash is told", async () => {
    const outcome = await verifier.verify(new TextEncoder().encode(list), { genesis: GENESIS });
    if (!outcome.ok || outcome.proven.kind !== "list") throw new Error(JSON.stringify(outcome));
    expect(outcome.proven.subject).toBe("device:3");
    expect(outcome.proven.head.count).toBe("4");
    expect(outcome.proven.records.map(({ record }) => record?.index)).toEqual(["10", "13", undefined, "19"]);
});

test("a dossier has all that its question needs, and the answer that follows", async () => {
    const outcome = await verifier.verify(dossier, GENESIS);
    if (!outcome.ok || outcome.proven.kind !== "dossier") throw new Error(JSON.stringify(outcome));
    expect(outcome.proven.question).toEqual({ access: { at: "9000", dataset: "7" } });
    expect(Object.keys(outcome.proven.lists)).toContain("grant:5");
    expect(outcome.proven.records.map(({ index }) => index)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    expect(outcome.proven.answer).toMatchObject({
        kind: "access",
        told: {
            dataset: "7",
            at: "9000",
            title: "Air",
            ownerMay: true,
            rights: [{ consumer: 2, chain: ["5"], actions: ["read", "derive"], purposes: ["dpv:AcademicResearch"] }],
            asOf: { block: { number: 500 }, proven: true },
        },
    });
    expect(outcome.steps.map(({ step }) => step)).toEqual([
        "format",
        "question",
        "records",
        "subject head",
        "finality",
        "authorities",
        "genesis",
    ]);
});

test("of a dossier about payments it is computed that all of it reconciles", async () => {
    const outcome = await verifier.verify(payments, GENESIS);
    if (!outcome.ok || outcome.proven.kind !== "dossier") throw new Error(JSON.stringify(outcome));
    const { answer } = outcome.proven;
    if (answer?.kind !== "payments") throw new Error(JSON.stringify(answer));
    expect(answer.told).toMatchObject({ query: { organisation: 2 }, reconciles: true, problems: [] });
    expect(answer.told.sums).toMatchObject([{ symbol: "RUB", exponent: 2, owes: { netted: "500", addsUp: true } }]);
    expect(answer.told.obligations).toMatchObject([{ outcome: "netted", cycle: "1-1", records: ["29", "30"] }]);
});

test("a question of the second version is one of that version alone", async () => {
    const outcome = await verifier.verify(newer, GENESIS);
    if (!outcome.ok || outcome.proven.kind !== "dossier") throw new Error(JSON.stringify(outcome));
    expect(outcome.proven.question).toEqual({ versionTaint: { version: "7@1" } });
    // That nobody published it is what is proven.
    expect(outcome.proven).toMatchObject({ answer: null, reason: expect.stringMatching(/^there is no version 7@1;/) });
    expect(await failedAt(newer.replace("citynet.dossier/2", "citynet.dossier/1"))).toBe("format");
});

describe("an altered document is refused at the right step", () => {
    const cases: Array<[Step, string, string, (parts: Parts) => void]> = [
        ["format", "a member is missing", evidence, (it) => delete it["deviceKey"]],
        ["format", "a member is unknown", list, (it) => (it["note"] = "all is well")],
        ["format", "bytes are cut off", evidence, (it) => (it["record"].record = it["record"].record.slice(0, -2))],
        ["format", "records are out of order", dossier, (it) => it["records"].reverse()],
        ["question", "another question", dossier, (it) => (it["question"].access.dataset = "8")],
        ["reading", "another source line", evidence, (it) => (it["reading"].raw = flipped(it["reading"].raw))],
        ["reading", "another device", evidence, (it) => (it["reading"].leaf.device = "4")],
        ["batch", "another value", evidence, (it) => (it["reading"].leaf.observation.P1 = "16.33")],
        ["batch", "another path", evidence, (it) => (it["reading"].path[2] = flipped(it["reading"].path[2]))],
        ["device signature", "another signature", evidence, (it) => (it["record"].record = flipped(it["record"].record, 9))],
        ["inclusion", "another path", evidence, (it) => (it["deviceKey"].path[0] = flipped(it["deviceKey"].path[0]))],
        [
            "tree head",
            "another engine",
            evidence,
            (it) => (it["finality"].header = it["finality"].header.replace("636e7468", "636e7469")),
        ],
        ["records", "one is left out", list, (it) => it["records"].pop()],
        ["records", "two are swapped", list, (it) => it["records"].unshift(it["records"].splice(1, 1)[0])],
        ["records", "one is altered", dossier, (it) => (it["records"][5] = flipped(it["records"][5]))],
        ["subject head", "another subject", list, (it) => (it["subject"] = "device:4")],
        ["subject head", "a node is missing", list, (it) => it["head"].pop()],
        ["subject head", "another state", list, (it) => {
            const { header } = it["finality"];
            // The state root is behind the parent's hash and the number.
            it["finality"].header = flipped(header, header.length - 2 - 64 - 4);
        }],
        ["finality", "another header", evidence, (it) => (it["finality"].header = flipped(it["finality"].header))],
        ["finality", "another vote", list, (it) => (it["finality"].justification = flipped(it["finality"].justification, 900))],
        ["finality", "a change of authorities is missing", evidence, (it) => it["authorities"].changes.pop()],
        ["authorities", "a change is altered", evidence, (it) => {
            const [change] = it["authorities"].changes;
            change.header = flipped(change.header);
        }],
        ["genesis", "another state root", list, (it) => {
            const { genesis } = it["authorities"];
            genesis.stateRoot = flipped(genesis.stateRoot);
        }],
        ["genesis", "a document for a checkpoint", evidence, (it) => delete it["authorities"].genesis],
    ];
    test.each(cases)("%s: %s", async (step, _, document, bend) => {
        const altered = bent(document, bend);
        expect(altered).not.toBe(document);
        expect(await failedAt(altered)).toBe(step);
    });

    test("every step of them is one that there is", () => {
        expect(new Set(cases.map(([step]) => step))).toEqual(new Set(STEPS));
    });
});

test("what passed before a failure is told", async () => {
    const altered = bent(evidence, (it) => (it["reading"].leaf.observation.P1 = "16.33"));
    const outcome = await verifier.verify(altered, GENESIS);
    if (outcome.ok) throw new Error("it holds");
    expect(outcome.passed.map(({ step }) => step)).toEqual(["format", "reading"]);
    expect(outcome.failed.reason).toContain("the leaf is not number 6 of the 11 in the batch's root");
});

test("a document of another chain, and what is none, are refused", async () => {
    expect(await failedAt(evidence, `0x${"11".repeat(32)}`)).toBe("genesis");
    expect(await failedAt("")).toBe("format");
    expect(await failedAt("{}")).toBe("format");
    expect(await failedAt(` ${list}`)).toBe("format");
    expect(await failedAt(`${dossier}\n`)).toBe("format");
    expect(await failedAt(evidence.slice(0, -1))).toBe("format");
});

test("a checkpoint stands for what lies before it", async () => {
    const { authorities } = JSON.parse(evidence) as Parts;
    // The set is at the end of the only change's digest item: count, then keys with their weights, then the delay.
    const change: string = authorities.changes[0].header;
    const [, set = ""] = /46524e4b[0-9a-f]{4}0110((?:[0-9a-f]{64}0100000000000000){4})00000000/.exec(change) ?? [];
    const members = set.match(/.{80}/g) ?? [];
    const keys = members.map((member) => ({ key: `0x${member.slice(0, 64)}`, weight: "1" }));
    expect(keys).toHaveLength(4);
    const cut = bent(evidence, (it) => (it["authorities"] = { changes: [] }));
    const outcome = await verifier.verify(cut, { genesis: GENESIS, checkpoint: { setId: "1", authorities: keys } });
    expect(outcome.ok).toBe(true);
    expect(await failedAt(cut)).toBe("genesis");
});

test("a verifier that fails verifies nothing", async () => {
    const failing = new Verifier(() => Promise.reject(new Error("404")));
    expect(await failing.verify(evidence, GENESIS)).toEqual({
        ok: false,
        passed: [],
        failed: { step: "verifier", reason: "404" },
    });
    const trapping = new Verifier(async () => ({
        ask: () => Promise.reject(new WebAssembly.RuntimeError("unreachable")),
        end: () => undefined,
    }));
    expect(await trapping.verify(evidence, GENESIS)).toMatchObject({ ok: false, failed: { step: "verifier" } });
    const lying = new Verifier(async () => ({ ask: async () => `{"ok":true}`, end: () => undefined }));
    expect(await lying.verify(evidence, GENESIS)).toMatchObject({ ok: false, failed: { step: "verifier" } });
});

test("what is no genesis hash is nothing to verify with", async () => {
    for (const trust of ["", "0x", GENESIS.slice(2), `${GENESIS}00`]) {
        expect(await failedAt(evidence, trust)).toBe("verifier");
    }
});

test("a panic is a trap", () => {
    const { input } = new WebAssembly.Instance(compiled).exports as { input: (length: number) => number };
    expect(() => input(0xffff_ffff)).toThrow(WebAssembly.RuntimeError);
});

test("the genesis hash of a raw specification is computed from its state", async () => {
    const genesisOf = (text: string) => verifier.genesisOf(new TextEncoder().encode(text));
    const empty = await genesisOf(`{"genesis":{"raw":{"top":{},"childrenDefault":{}}}}`);
    expect(empty).toMatch(/^0x[0-9a-f]{64}$/);
    expect(await genesisOf(`{"genesis":{"raw":{"top":{"0x01":"0x02"},"childrenDefault":{}}}}`)).not.toBe(empty);
    await expect(genesisOf(`{"genesis":{"runtime":{}}}`)).rejects.toThrow(ProofError);
    await expect(genesisOf("no specification")).rejects.toThrow(ProofError);
});
