import type { Batch, DependentView, Ledger, RecordView, VersionContent } from "@citynet/ledger";

/** What was made of something, as far as the node lists it. */
export interface Made {
    readonly versions: readonly DependentView[];
    readonly complete: boolean;
    readonly anchor: { readonly number: number; readonly hash: string };
}

/** How many questions are under way at once. */
const AT_ONCE = 8;

/**
 * Every version that was made from a batch, or may have been, directly or by way of others; the nearest first.
 *
 * The node answers for all that a device observed since a time. Of what was made directly from that, a version has readings of
 * the batch if it names some, or if it names none of the device and is about the time in which they were observed. From there
 * it goes on by what the sources of versions name.
 */
export async function madeOfBatch(ledger: Ledger, batch: Batch): Promise<Made> {
    const of = { device: batch.device, since: batch.windowStart };
    const { items, complete: all, anchor } = await ledger.dependents({ of });
    const direct = items.filter(({ depth }) => depth === 1);
    const found = new Map<string, DependentView>();
    await inTurns(direct, async (version) => {
        const { body } = await ledger.datasetVersion({ dataset: version.dataset, version: version.version });
        // Without the record nothing is known of its sources: rather too many than too few.
        const content = body?.kind === "version_published" ? body.content : null;
        if (content === null || mayHave(content, batch)) found.set(key(version), version);
    });
    let complete = all;
    // Where all were kept, all that was made of them was answered already.
    if (found.size === direct.length) return { versions: items, complete, anchor };
    await inTurns([...found.values()], async (version) => {
        const further = await ledger.dependents({ of: { version: key(version) } });
        complete &&= further.complete;
        for (const item of further.items) {
            const known = found.get(key(item));
            const depth = item.depth + 1;
            if (known === undefined || depth < known.depth) found.set(key(item), { ...item, depth });
        }
    });
    return { versions: [...found.values()].sort(nearest), complete, anchor };
}

/** Whether a version may have readings of a batch. */
export function mayHave({ sources, from, to }: Pick<VersionContent, "sources" | "from" | "to">, batch: Batch): boolean {
    const first = BigInt(batch.firstSequence);
    const last = first + BigInt(batch.count) - 1n;
    const named = sources.flatMap((source) => (source.source === "batches" && source.device === batch.device ? [source] : []));
    if (named.length === 0) return BigInt(from) <= BigInt(batch.windowEnd) && BigInt(batch.windowStart) <= BigInt(to);
    return named.some((source) => BigInt(source.firstSequence) <= last && first <= BigInt(source.lastSequence));
}

function key({ dataset, version }: { dataset: string; version: number }): string {
    return `${dataset}@${version}`;
}

function nearest(one: DependentView, other: DependentView): number {
    if (one.depth !== other.depth) return one.depth - other.depth;
    const [a, b] = [BigInt(one.dataset), BigInt(other.dataset)];
    return a < b ? -1 : a > b ? 1 : one.version - other.version;
}

async function inTurns<T>(items: readonly T[], ask: (item: T) => Promise<void>): Promise<void> {
    const waiting = [...items];
    const worker = async () => {
        for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await ask(item);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** When a device fed a dataset. */
export interface Feed {
    readonly dataset: string;
    readonly added: RecordView;
    /** The record by which it does not any more. */
    readonly removed: RecordView | null;
}

/** By the records that name a device, ascending. */
export function feedsOf(device: string, records: readonly RecordView[]): Feed[] {
    const feeds: Feed[] = [];
    for (const record of records) {
        const { body } = record;
        if (body.kind !== "dataset_devices_changed") continue;
        if (body.removed.includes(device)) {
            const open = feeds.findIndex(({ dataset, removed }) => dataset === body.dataset && removed === null);
            const feed = feeds[open];
            if (feed !== undefined) feeds[open] = { ...feed, removed: record };
        }
        if (body.added.includes(device)) feeds.push({ dataset: body.dataset, added: record, removed: null });
    }
    return feeds;
}
