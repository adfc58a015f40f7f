import type { Anchor, AnyPage, Ledger, RecordView } from "@citynet/ledger";

import type { TakenRows } from "../../proof/taking/table";
import { plainRecord } from "../../words";

/** How many items are walked through at most, unless told. */
const MOST = 100_000;

/** Items of a list, all true for one block. */
export interface Walked<T> {
    readonly items: readonly T[];
    /** Whether these are all. */
    readonly complete: boolean;
    readonly anchor: Anchor;
}

/** The items of a list, page after page, until there are `most` or no more. */
export async function walk<T>(ask: (cursor: string | undefined) => Promise<AnyPage<T>>, most = MOST): Promise<Walked<T>> {
    const items: T[] = [];
    let cursor: string | undefined;
    let first: Anchor | undefined;
    for (;;) {
        const page = await ask(cursor);
        first ??= page.anchor;
        if (page.anchor.hash !== first.hash) throw new Error("a page is about another block than the first one");
        items.push(...page.items);
        if (page.next === null || items.length >= most) return { items, complete: page.complete, anchor: first };
        cursor = page.next;
    }
}

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
