import type { FilterParams } from "@citynet/ledger";

import type { Query } from "../../route/routes";

/** The keys of the address' query that select records. */
export const KEYS = ["subject", "kind", "organisation", "account", "naming", "from", "to", "start"] as const;

/** What the address selects, as the node is asked for it. */
export function filterOf(query: Query): FilterParams {
    const { subject, kind, organisation, account, naming, from, to, start } = query;
    const given = { subject, kind, organisation, account, naming, fromTime: from, toTime: to, fromIndex: start };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => (value ?? "") !== ""));
}

export function isFiltered(query: Query): boolean {
    return KEYS.some((key) => (query[key] ?? "") !== "");
}

/** Whether the address asks for what the node cannot search together. */
export function isContradictory({ naming, subject, organisation, account }: Query): boolean {
    return (naming ?? "") !== "" && [subject, organisation, account].some((value) => (value ?? "") !== "");
}

/** Whether the address selects by nothing but where to begin. */
export function isWhole(query: Query): boolean {
    return KEYS.every((key) => key === "start" || (query[key] ?? "") === "");
}

/** The subject, where it is all that the address selects by: then the list can be proven to be complete. */
export function onlySubject(query: Query): string | null {
    const given = KEYS.filter((key) => (query[key] ?? "") !== "");
    return given.length === 1 && given[0] === "subject" ? (query.subject ?? null) : null;
}
