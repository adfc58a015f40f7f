import type { AnyPage, RecordView } from "@citynet/ledger";

import { walk } from "../../ledger/walk";
import type { TakenRows } from "./table";

/** What a record's line has where the page of records has the whole. */
const COLUMNS = {
    record: (record: RecordView) => record.index,
    time: (record: RecordView) => new Date(Number(record.time)).toISOString(),
    kind: (record: RecordView) => record.body.kind,
    organisation: (record: RecordView) => String(record.organisation),
    account: (record: RecordView) => record.account,
    subjects: (record: RecordView) => record.subjects.join(" "),
    block: (record: RecordView) => String(record.block),
    leaf_hash: (record: RecordView) => record.leafHash,
} as const;

/** A line for each record of a list, with these columns. */
export async function recordLines(
    ask: (cursor: string | undefined, limit: number) => Promise<AnyPage<RecordView>>,
    columns: readonly (keyof typeof COLUMNS)[],
): Promise<TakenRows> {
    const { items, complete, anchor } = await walk(ask);
    return { columns, rows: items.map((record) => columns.map((column) => COLUMNS[column](record))), complete, anchor };
}
