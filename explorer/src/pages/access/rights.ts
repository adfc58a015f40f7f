import type { Action, Denial, GrantAccessView, UseView } from "@citynet/ledger";

/** What one may do with what, for what. */
export interface Use {
    readonly action: Action;
    readonly purpose: number;
    readonly version: number | null;
}

/** By a grant, some uses are allowed. */
export interface Right {
    readonly view: GrantAccessView;
    readonly consumer: number;
    readonly uses: readonly Use[];
    /** Whether other uses of the same terms are denied. */
    readonly partly: boolean;
    /** The first moment after all grants of the chain. */
    readonly until: string;
}

/** Why a grant does not allow a use: no `use` where the reason is the same for all of them. */
export interface Reason {
    readonly denial: Denial;
    /** Which grant does not allow it, where it is one that it stands on. */
    readonly grant: string | null;
    readonly use: Use | null;
}

/** A grant that does not allow something that its terms have. */
export interface Without {
    readonly view: GrantAccessView;
    readonly consumer: number;
    /** None where nothing was asked, since it was neither active nor suspended. */
    readonly reasons: readonly Reason[];
}

/** Grants on a dataset by whether they allow anything. One that allows some uses and denies others is in both. */
export function rightsOf(views: readonly GrantAccessView[]): { rights: Right[]; without: Without[] } {
    const rights: Right[] = [];
    const without: Without[] = [];
    for (const view of views) {
        const own = view.chain[0];
        if (own === undefined) continue;
        const allowed = view.uses.filter((use) => use.decision === "allowed");
        const denied = view.uses.filter((use): use is UseView & { decision: "denied" } => use.decision === "denied");
        if (allowed.length > 0) {
            const ends = view.chain.map(({ notAfter }) => BigInt(notAfter));
            rights.push({
                view,
                consumer: own.consumer,
                uses: allowed.map(useOf),
                partly: denied.length > 0,
                until: String(ends.reduce((least, end) => (end < least ? end : least))),
            });
        }
        if (denied.length > 0 || view.uses.length === 0) {
            without.push({ view, consumer: own.consumer, reasons: reasonsOf(denied, allowed.length === 0, view.grant) });
        }
    }
    return { rights, without };
}

function useOf({ action, purpose, version }: UseView): Use {
    return { action, purpose, version };
}

function reasonsOf(
    denied: readonly (UseView & { decision: "denied" })[],
    nothingAllowed: boolean,
    own: string,
): Reason[] {
    const elsewhere = (grant: string | null) => (grant === own ? null : grant);
    const [first] = denied;
    if (first === undefined) return [];
    const same = denied.every(({ reason, grant }) => reason === first.reason && grant === first.grant);
    if (same && nothingAllowed) return [{ denial: first.reason, grant: elsewhere(first.grant), use: null }];
    return denied.map((use) => ({ denial: use.reason, grant: elsewhere(use.grant), use: useOf(use) }));
}

/** Actions and purposes of uses, where every action is for every purpose; else null, and each use has to be named. */
export function product(uses: readonly Use[]): { actions: Action[]; purposes: number[]; versions: (number | null)[] } | null {
    const actions = [...new Set(uses.map(({ action }) => action))];
    const purposes = [...new Set(uses.map(({ purpose }) => purpose))];
    const versions = [...new Set(uses.map(({ version }) => version))];
    return uses.length === actions.length * purposes.length * versions.length ? { actions, purposes, versions } : null;
}
