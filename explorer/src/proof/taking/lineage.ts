import type {
    Batch,
    DatasetView,
    DeviceView,
    GrantView,
    Ledger,
    OrganisationInfo,
    Source,
    VersionContent,
} from "@citynet/ledger";
import { items, LedgerError } from "@citynet/ledger";

/** How far a walk goes. What is beyond is said. */
export interface Bounds {
    readonly depth: number;
    readonly versions: number;
    readonly batches: number;
}

/** Those of `citynet prov export`. */
export const BOUNDS: Bounds = { depth: 32, versions: 1_000, batches: 10_000 };

/** A version as the record has it that published it. */
export interface Made {
    readonly dataset: string;
    readonly version: number;
    readonly content: VersionContent;
    readonly record: string;
    /** When it was published. */
    readonly time: string;
    readonly publisher: number;
    readonly faultySince: string | null;
}

/** A batch as the record has it that attested it. */
export interface Attested {
    readonly batch: Batch;
    readonly record: string;
    readonly time: string;
    readonly organisation: number;
}

/** What a version was made from, and so on, with what the state says about all that has a name. */
export interface Lineage {
    readonly versions: Map<string, Made>;
    readonly batches: Map<string, Attested>;
    readonly datasets: Map<string, Pick<DatasetView, "title" | "kind" | "licence">>;
    readonly devices: Map<string, Pick<DeviceView, "distrustedSince">>;
    readonly organisations: Map<number, Pick<OrganisationInfo, "name">>;
    readonly grants: Map<string, Pick<GrantView, "termsHash" | "terms">>;
    /** Why it is not complete; nothing when it is. */
    readonly leftOut: Set<string>;
}

export function nothing(): Lineage {
    return {
        versions: new Map(),
        batches: new Map(),
        datasets: new Map(),
        devices: new Map(),
        organisations: new Map(),
        grants: new Map(),
        leftOut: new Set(),
    };
}

type Asking = Pick<
    Ledger,
    "batch" | "dataset" | "datasetVersion" | "device" | "grant" | "organisations" | "record" | "records"
>;

/** What a version such as `7@3` was made from, step by step, as a node tells it. */
export async function upstream(ledger: Asking, root: string, bounds = BOUNDS): Promise<Lineage> {
    const lineage = nothing();
    let level = [root];
    for (let depth = 0; level.length > 0; depth += 1) {
        const next = new Set<string>();
        for (const name of level) {
            if (lineage.versions.has(name)) continue;
            if (lineage.versions.size >= bounds.versions) {
                lineage.leftOut.add(`more than ${bounds.versions} versions`);
                break;
            }
            const made = await published(ledger, name);
            lineage.versions.set(name, made);
            if (depth >= bounds.depth && made.content.sources.length > 0) {
                lineage.leftOut.add(`more than ${bounds.depth} steps`);
                continue;
            }
            for (const source of made.content.sources) {
                if (source.source === "version") next.add(`${source.dataset}@${source.version}`);
                if (source.source === "batches") await takeBatches(ledger, lineage, source, bounds);
            }
        }
        level = [...next];
    }
    await name(ledger, lineage);
    return lineage;
}

/** The name of a batch: its device and its first reading. */
export function batchName({ device, firstSequence }: Pick<Batch, "device" | "firstSequence">): string {
    return `${device}-${firstSequence}`;
}

export function lastSequence({ firstSequence, count }: Batch): bigint {
    return BigInt(firstSequence) + BigInt(count) - 1n;
}

async function published(ledger: Asking, name: string): Promise<Made> {
    const [dataset = "", number = ""] = name.split("@");
    const { record: index, faultySince } = await ledger.datasetVersion({ dataset, version: number });
    const { record } = await ledger.record({ index });
    const { body, time, organisation } = record;
    if (body.kind !== "version_published" || body.dataset !== dataset || String(body.version) !== number) {
        throw new Error(`record ${index}, which is to say what version ${name} is, says something else`);
    }
    return { dataset, version: body.version, content: body.content, record: index, time, publisher: organisation, faultySince };
}

/** Fetches the batches that have readings of a source. */
async function takeBatches(
    ledger: Asking,
    lineage: Lineage,
    { device, firstSequence, lastSequence: last }: Extract<Source, { source: "batches" }>,
    bounds: Bounds,
): Promise<void> {
    const filter = {
        subject: `device:${device}`,
        kind: "batch_attested",
        fromIndex: await indexOf(ledger, device, firstSequence),
    };
    for await (const { body, index, time, organisation } of items((cursor) => ledger.records({ filter, cursor }))) {
        if (body.kind !== "batch_attested") continue;
        const { batch } = body;
        if (BigInt(batch.firstSequence) > BigInt(last)) return;
        if (lastSequence(batch) < BigInt(firstSequence)) continue;
        const name = batchName(batch);
        if (!lineage.batches.has(name) && lineage.batches.size >= bounds.batches) {
            lineage.leftOut.add(`more than ${bounds.batches} batches`);
            return;
        }
        lineage.batches.set(name, { batch, record: index, time, organisation });
    }
}

/** The record of the batch with a reading. The reading may be one that is missing: then all batches are looked through. */
async function indexOf(ledger: Asking, device: string, sequence: string): Promise<string | undefined> {
    try {
        return (await ledger.batch({ device, sequence })).record.index;
    } catch (error) {
        if (error instanceof LedgerError && error.code === "not_found") return undefined;
        throw error;
    }
}

async function name(ledger: Asking, lineage: Lineage): Promise<void> {
    const [datasets, devices, grants] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const { dataset, content } of lineage.versions.values()) {
        datasets.add(dataset);
        for (const source of content.sources) {
            if (source.source === "batches") devices.add(source.device);
            if (source.source !== "external" && source.grant !== null) grants.add(source.grant);
        }
    }
    for (const organisation of (await ledger.organisations()).items) lineage.organisations.set(organisation.id, organisation);
    for (const dataset of datasets) lineage.datasets.set(dataset, await ledger.dataset({ dataset }));
    for (const device of devices) lineage.devices.set(device, await ledger.device({ device }));
    for (const grant of grants) lineage.grants.set(grant, await ledger.grant({ grant }));
}
