import type { FilterParams, Ledger, RecordView } from "@citynet/ledger";

import type { TakenRows } from "../../proof/taking/table";
import { type Language, settings } from "../../settings.svelte";
import { plainRecord } from "../../words";

/** How many records are taken away at most: with more, a browser's memory ends before the journal does. */
const MOST = 50_000;

const COLUMNS = [
    "index",
    "block",
    "block_hash",
    "time",
    "kind",
    "organisation",
    "account",
    "subjects",
    "words",
    "body",
    "leaf_hash",
] as const;

/** All records that a filter selects, at one block, or as many of the first as can be taken. */
export async function rowsOf(
    ledger: Pick<Ledger, "records">,
    filter: FilterParams,
    options: { language?: Language; most?: number } = {},
): Promise<TakenRows> {
    const { language = settings.language, most = MOST } = options;
    const rows: string[][] = [];
    let cursor: string | undefined;
    for (;;) {
        const page = await ledger.records({ filter, cursor, limit: 1_000 });
        rows.push(...page.items.map((record) => rowOf(record, language)));
        if (page.next === null || rows.length >= most) {
            return { columns: COLUMNS, rows, complete: page.complete, anchor: page.anchor };
        }
        cursor = page.next;
    }
}

function rowOf(record: RecordView, language: Language): string[] {
    const { kind, ...body } = record.body;
    return [
        record.index,
        String(record.block),
        record.blockHash,
        record.time,
        kind,
        String(record.organisation),
        record.account,
        record.subjects.join(" "),
        plainRecord(record, language),
        JSON.stringify(body),
        record.leafHash,
    ];
}
