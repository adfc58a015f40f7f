import type { AccessAtParams, Anchor, GrantAccessView, Ledger, OrganisationInfo } from "@citynet/ledger";

/** How many grants are shown at most. Who has more of one dataset narrows the question. */
const MOST = 2000;

/** Who could use a dataset at a time. */
export interface AccessAnswer {
    /** The last block that is not later than the time: its state decides. */
    readonly anchor: Anchor;
    /** The time of that block. */
    readonly time: string;
    readonly owner: number;
    /** How the owner was as a member then. */
    readonly status: OrganisationInfo["status"];
    readonly items: readonly GrantAccessView[];
    /** Whether these are all grants that the question is about. */
    readonly complete: boolean;
}

export async function accessAt(ledger: Ledger, question: AccessAtParams): Promise<AccessAnswer> {
    const first = await ledger.accessAt({ question, limit: 1000 });
    const items = [...first.items];
    let { next, complete } = first;
    while (next !== null && items.length < MOST) {
        const page = await ledger.accessAt({ question, cursor: next, limit: 1000 });
        if (page.anchor.hash !== first.anchor.hash) throw new Error("a page is about another block than the first one");
        items.push(...page.items);
        ({ next, complete } = page);
    }
    const { anchor, time, owner } = first;
    const then = await ledger.stateAt({ object: `organisation:${owner}`, at: { block: anchor.number } });
    if (then.kind !== "organisation") throw new Error(`asked for an organisation, the node answered with ${then.kind}`);
    return { anchor, time, owner, status: then.organisation.status, items, complete };
}
