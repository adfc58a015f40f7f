import { type CycleAnswer, items, type Ledger, type ObligationView } from "@citynet/ledger";

import { LIMIT } from "../../ledger/walk";

/** The obligations of a cycle, ascending, as far as it collected them. */
export interface Gross {
    readonly obligations: readonly ObligationView[];
    /** The cycle, of a time when its list did not change meanwhile. */
    readonly cycle: CycleAnswer;
}

/** How far the search is. */
export interface Search {
    readonly looked: number;
    readonly found: number;
}

/** How often it is begun anew where the cycle goes on meanwhile. */
const ATTEMPTS = 3;

/**
 * A cycle's gross list. No index leads from a cycle to its obligations, so those of the currency are gone through. They arose
 * in the order of their numbers: the first one that is not before the cut-off is the end, or the last one that is wanted.
 */
export async function grossOf(
    ledger: Ledger,
    currency: number | string,
    number: number | string,
    progress: (search: Search) => void,
): Promise<Gross> {
    let cycle = await ledger.cycle({ currency, number });
    for (let attempt = 1; ; attempt++) {
        const { cutoff, obligations: wanted } = cycle;
        const known = hasPositions(cycle) ? Number(wanted) : Number.POSITIVE_INFINITY;
        const found: ObligationView[] = [];
        let looked = 0;
        const all = items<ObligationView>((cursor) => {
            progress({ looked, found: found.length });
            return ledger.obligations({ filter: { currency }, cursor, limit: LIMIT });
        });
        for await (const each of all) {
            if (BigInt(each.since) >= BigInt(cutoff) || found.length >= known) break;
            looked++;
            // What a defaulter owes is given back, and has no cycle any more.
            if (each.cycle === cycle.number && (each.state === "netting" || each.state === "settled")) found.push(each);
        }
        const after = await ledger.cycle({ currency, number });
        const same = after.root === cycle.root && after.obligations === cycle.obligations && after.phase === cycle.phase;
        if (same || attempt === ATTEMPTS) return { obligations: found, cycle: after };
        cycle = after;
    }
}

/** Whether a cycle's positions, sums and root are about its gross list as it is: not while that is gone through. */
export function hasPositions({ phase }: { readonly phase: string }): boolean {
    return phase === "funding" || phase === "settled" || phase === "empty";
}
