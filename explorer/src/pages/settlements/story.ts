import type { Anchor, Ledger, ObligationView, RecordView } from "@citynet/ledger";

import { allRecords, asOfOneBlock } from "../../ledger/walk";

/** All records from which it follows how an obligation arose and what became of it. */
export interface Story {
    readonly obligation: ObligationView;
    /** The record by which it arose; null where that has not come to the index yet. */
    readonly created: RecordView | null;
    /** All about its grant, ascending. */
    readonly ofGrant: readonly RecordView[];
    /** Those that name it, those about its cycle, and defaults of its debtor, ascending. */
    readonly steps: readonly RecordView[];
    /** The obligation that it reverses. */
    readonly original: ObligationView | null;
    readonly anchor: Anchor;
}

export async function storyOf(ledger: Ledger, number: string): Promise<Story> {
    const obligation = await ledger.obligation({ obligation: number });
    const { currency, cycle, debtor, grant, reverses, since } = obligation;
    const [naming, ofGrant, ofCycle, defaults, original] = await Promise.all([
        allRecords(ledger, { naming: `obligation:${number}` }),
        allRecords(ledger, { subject: `grant:${grant}` }),
        cycle > 0 ? allRecords(ledger, { subject: `cycle:${currency}-${cycle}` }) : null,
        allRecords(ledger, { naming: `organisation:${debtor}`, kind: "cycle_defaulted", fromTime: since }),
        reverses === null ? null : ledger.obligation({ obligation: reverses }),
    ]);
    const lists = [defaults, ...(ofCycle === null ? [] : [ofCycle])];
    const { items, anchor } = asOfOneBlock(naming, ...lists);
    const created =
        items.find(
            ({ body }) =>
                (body.kind === "obligation_created" || body.kind === "obligation_reversed") && body.obligation === number,
        ) ?? null;
    const steps = items.filter((record) => isStep(record, obligation));
    return { obligation, created, ofGrant: ofGrant.items, steps, original, anchor };
}

/** Whether a record has a part in what became of an obligation. */
function isStep({ body, time }: RecordView, { currency, debtor, cycle, since }: ObligationView): boolean {
    switch (body.kind) {
        case "cycle_opened":
        case "cycle_computed":
        case "cycle_settled":
            return body.cycle.number === cycle;
        case "cycle_defaulted":
            // In the cycle that has it in the end, its debtor paid.
            return body.cycle.currency === currency && body.debtor === debtor && BigInt(time) >= BigInt(since);
        default:
            return true;
    }
}
