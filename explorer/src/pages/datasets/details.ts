import type { Ledger, Source } from "@citynet/ledger";

import type { Lineage } from "./lineage";

/** Of how much of a lineage more is asked for, and how much at once. */
const VERSIONS = 400;
const DEVICES = 100;
const AT_ONCE = 8;

/** What is known of the things in a lineage, besides how they depend on one another. */
export interface Details {
    /** The sources of versions, by their ids. */
    readonly sources: ReadonlyMap<string, readonly Source[]>;
    /** Since when versions are faulty and devices distrusted, by their ids. */
    readonly doubtful: ReadonlyMap<string, string>;
    /** What is touched by what distrusted devices observed since then, by the devices' ids. */
    readonly touched: ReadonlyMap<string, ReadonlySet<string>>;
    /** Titles and owners of datasets, by their numbers. */
    readonly datasets: ReadonlyMap<string, { readonly title: string; readonly owner: number }>;
    /** How many versions and devices were looked at, and how many there are. */
    readonly looked: number;
    readonly of: number;
    /** Whether what distrusted devices touch is known in full. */
    readonly complete: boolean;
}

/** Asks the ledger about the things in a lineage, the nearest to its root first. */
export async function detailsOf(ledger: Ledger, lineage: Lineage): Promise<Details> {
    const nearest = [...lineage.nodes.values()].sort((one, other) => Math.abs(one.depth) - Math.abs(other.depth));
    const versions = nearest.filter((node) => node.kind === "version");
    const devices = nearest.filter((node) => node.kind === "device");
    const sources = new Map<string, readonly Source[]>();
    const doubtful = new Map<string, string>();
    const touched = new Map<string, ReadonlySet<string>>();
    const datasets = new Map<string, { title: string; owner: number }>();
    let complete = true;

    await each(versions.slice(0, VERSIONS), async ({ id, dataset, version }) => {
        const { body, faultySince } = await ledger.datasetVersion({ dataset, version });
        if (body?.kind === "version_published") sources.set(id, body.content.sources);
        if (faultySince !== null) doubtful.set(id, faultySince);
    });
    await each(devices.slice(0, DEVICES), async ({ id, device }) => {
        const { distrustedSince: since } = await ledger.device({ device });
        if (since === null) return;
        doubtful.set(id, since);
        const page = await ledger.dependents({ of: { device, since } });
        complete &&= page.complete;
        touched.set(id, new Set(page.items.map(({ dataset, version }) => `version:${dataset}@${version}`)));
    });
    const numbers = [...new Set(versions.map(({ dataset }) => dataset))];
    await each(numbers.slice(0, VERSIONS), async (dataset) => {
        const { title, owner } = await ledger.dataset({ dataset });
        datasets.set(dataset, { title, owner });
    });
    return {
        sources,
        doubtful,
        touched,
        datasets,
        looked: Math.min(versions.length, VERSIONS) + Math.min(devices.length, DEVICES),
        of: versions.length + devices.length,
        complete,
    };
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
    const waiting = [...items].reverse();
    const worker = async () => {
        for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
