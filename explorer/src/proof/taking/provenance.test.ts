import { expect, test } from "vitest";

import example from "../../../../tests/clients/prov/example.json?raw";
import { type Attested, type Made, nothing, upstream } from "./lineage";
import { provenance } from "./provenance";

const GENESIS = `0x${"07".repeat(32)}`;

function made(name: string, record: number, sources: Made["content"]["sources"]): Made {
    const [dataset = "", version = ""] = name.split("@");
    const content: Made["content"] = {
        content: `0x${record.toString(16).padStart(2, "0").repeat(32)}`,
        bytes: "10",
        records: "2",
        mediaType: "text/csv",
        from: "1000",
        to: "2000",
        sources,
        activity: "aggregation",
        parameters: null,
        code: "",
    };
    return {
        dataset,
        version: Number(version),
        content,
        record: String(record),
        time: String(record * 1000),
        publisher: 3,
        faultySince: null,
    };
}

function attested(device: string, firstSequence: number, count: number, record: number): Attested {
    return {
        batch: {
            device,
            epoch: 0,
            schema: 1,
            firstSequence: String(firstSequence),
            count,
            missing: "0",
            windowStart: String(1000 + firstSequence),
            windowEnd: String(1000 + firstSequence + count),
            root: `0x${"05".repeat(32)}`,
            expires: "0",
        },
        record: String(record),
        time: String(record * 1000),
        organisation: 1,
    };
}

/** The lineage of the example that the client's tests and a PROV library agree on. */
function lineage() {
    const found = nothing();
    const model = made("9@1", 40, [
        { source: "version", dataset: "7", version: 1, grant: null },
        { source: "version", dataset: "8", version: 2, grant: "9" },
    ]);
    found.versions.set("9@1", {
        ...model,
        content: {
            ...model.content,
            activity: "training",
            code: "https://example.org/model.git#4f2a9c1",
            parameters: `0x${"03".repeat(32)}`,
        },
        faultySince: "1772366400000",
    });
    found.versions.set(
        "7@1",
        made("7@1", 30, [
            { source: "batches", device: "12", firstSequence: "10", lastSequence: "39", grant: "5" },
            { source: "batches", device: "13", firstSequence: "0", lastSequence: "9", grant: "6" },
            { source: "external", content: `0x${"ab".repeat(32)}`, uri: "https://example.org/weather.csv" },
        ]),
    );
    found.versions.set("8@2", made("8@2", 31, [{ source: "external", content: `0x${"cd".repeat(32)}`, uri: "" }]));
    for (const each of [attested("12", 0, 20, 10), attested("12", 20, 20, 11), attested("13", 0, 10, 12)]) {
        found.batches.set(`${each.batch.device}-${each.batch.firstSequence}`, each);
    }
    return found;
}

test("a lineage gives the text that the command line writes", () => {
    expect(provenance(lineage(), "9@1", GENESIS)).toBe(example);
});

test("what was not followed is said", () => {
    const found = lineage();
    found.versions.delete("7@1");
    found.leftOut.add("more than 0 steps");
    const { entity } = JSON.parse(provenance(found, "9@1", GENESIS));
    expect(entity["version:7@1"]["cn:followed"]).toBe(false);
    expect(entity["version:9@1"]["cn:lineageComplete"]).toBe(false);
});

test("a walk follows versions up, and stops where it is told to", async () => {
    const whole = lineage();
    const batches = [...whole.batches.values()];
    const record = ({ batch, record: index, time, organisation }: Attested) => ({
        index,
        time,
        organisation,
        body: { kind: "batch_attested", batch, signature: "0x" },
    });
    const ledger = {
        datasetVersion: async ({ dataset, version }: { dataset: string; version: string }) => {
            const found = whole.versions.get(`${dataset}@${version}`);
            return { record: found?.record, faultySince: found?.faultySince };
        },
        record: async ({ index }: { index: string }) => {
            const [, found] = [...whole.versions].find(([, each]) => each.record === index) ?? [];
            const { dataset, version, content, time, publisher } = found as Made;
            const body = { kind: "version_published", dataset, version, content };
            return { record: { index, time, organisation: publisher, body } };
        },
        batch: async () => ({ record: { index: "10" } }),
        records: async ({ filter: { subject } }: { filter: { subject: string } }) => ({
            anchor: { number: 1, hash: "0x" },
            items: batches.filter(({ batch }) => `device:${batch.device}` === subject).map(record),
            next: null,
            complete: true,
        }),
        organisations: async () => ({ items: [] }),
        dataset: async () => ({ title: "Air", kind: "derived", licence: "CC0-1.0" }),
        device: async () => ({ distrustedSince: null }),
        grant: async () => ({ termsHash: "0x00", terms: { provider: 1, consumer: 2 } }),
    } as unknown as Parameters<typeof upstream>[0];
    const found = await upstream(ledger, "9@1");
    expect([...found.versions.keys()]).toEqual(["9@1", "7@1", "8@2"]);
    expect([...found.batches.keys()]).toEqual(["12-0", "12-20", "13-0"]);
    expect(found.leftOut.size).toBe(0);
    const short = await upstream(ledger, "9@1", { depth: 0, versions: 10, batches: 10 });
    expect([[...short.versions.keys()], [...short.leftOut]]).toEqual([["9@1"], ["more than 0 steps"]]);
    const few = await upstream(ledger, "9@1", { depth: 9, versions: 10, batches: 1 });
    expect([few.batches.size, [...few.leftOut]]).toEqual([1, ["more than 1 batches"]]);
});
