import type { AnyPage, FilterParams, Ledger, RecordView } from "@citynet/ledger";

import { walk } from "../../ledger/walk";
import { type Language, settings } from "../../settings.svelte";
import { plainRecord } from "../../words";
import type { TakenRows } from "./table";

/** How many records are taken away at most: with more, a browser's memory ends before the journal does. */
const MOST = 50_000;

/** The columns of every table of records, wherever it is taken. The first seven are those of `citynet audit account --csv`. */
const COLUMNS: readonly { readonly name: string; text(record: RecordView, language: Language): string }[] = [
    { name: "record", text: ({ index }) => index },
    { name: "block", text: ({ block }) => String(block) },
    { name: "time", text: ({ time }) => new Date(Number(time)).toISOString() },
    { name: "organisation", text: ({ organisation }) => String(organisation) },
    { name: "account", text: ({ account }) => account },
    { name: "kind", text: ({ body }) => body.kind },
    { name: "about", text: ({ subjects }) => subjects.join(" ") },
    { name: "words", text: plainRecord },
    {
        name: "body",
        text: ({ body }) => {
            const { kind: _, ...fields } = body;
            return JSON.stringify(fields);
        },
    },
    { name: "block_hash", text: ({ blockHash }) => blockHash },
    { name: "leaf_hash", text: ({ leafHash }) => leafHash },
];

/** A row for each record of a list, or for as many of the first as can be taken: `complete` says which. */
export async function recordRows(
    ask: (cursor: string | undefined, limit: number) => Promise<AnyPage<RecordView>>,
    { language = settings.language, most = MOST }: { language?: Language; most?: number } = {},
): Promise<TakenRows> {
    const { items, complete, anchor } = await walk(ask, { most });
    return {
        columns: COLUMNS.map(({ name }) => name),
        rows: items.map((record) => COLUMNS.map(({ text }) => text(record, language))),
        complete,
        anchor,
    };
}

/** The same for all records that a filter selects. */
export function selectedRows(ledger: Pick<Ledger, "records">, filter: FilterParams): Promise<TakenRows> {
    return recordRows((cursor, limit) => ledger.records({ filter, cursor, limit }));
}
