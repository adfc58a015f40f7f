import type { Ledger, RecordView } from "@citynet/ledger";

import { walk } from "../../ledger/walk";
import type { TakenRows } from "../../proof/taking/table";
import { plainRecord } from "../../words";

/** All records about a subject, as rows to take away. */
export async function recordRows(ledger: Ledger, subject: string): Promise<TakenRows> {
    const walked = await walk((cursor) => ledger.records({ filter: { subject }, cursor, limit: 1000 }));
    return { ...tabled(walked.items), complete: walked.complete, anchor: walked.anchor };
}

function tabled(records: readonly RecordView[]): Pick<TakenRows, "columns" | "rows"> {
    return {
        columns: ["record", "block", "time", "organisation", "account", "kind", "words", "body", "leaf_hash"],
        rows: records.map((record) => [
            record.index,
            String(record.block),
            record.time,
            String(record.organisation),
            record.account,
            record.body.kind,
            plainRecord(record),
            JSON.stringify(record.body),
            record.leafHash,
        ]),
    };
}
