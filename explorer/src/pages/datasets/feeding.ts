import type { RecordView } from "@citynet/ledger";

/** A time in which a device fed a dataset. */
export interface Period {
    readonly device: string;
    readonly from: RecordView;
    /** The record by which it was removed, or null as long as it feeds the dataset. */
    readonly to: RecordView | null;
}

/** When which device fed a dataset, from the records by which its devices changed, in their order. */
export function periods(records: readonly RecordView[]): Period[] {
    const found: Period[] = [];
    for (const record of records) {
        const { body } = record;
        if (body.kind !== "dataset_devices_changed") continue;
        for (const device of body.removed) {
            const open = found.findLastIndex((period) => period.device === device && period.to === null);
            const period = found[open];
            if (period !== undefined) found[open] = { ...period, to: record };
        }
        for (const device of body.added) found.push({ device, from: record, to: null });
    }
    return found;
}
