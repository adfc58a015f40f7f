/**
 * Every address of the explorer. `<name>` stands for a number and `{name}` for any other text, so that what is no number
 * is no page either.
 */
export const PATTERNS = {
    overview: "",
    search: "search",
    records: "records",
    record: "record/<index>",
    organisations: "organisations",
    organisation: "organisation/<organisation>",
    validators: "validators",
    votes: "votes",
    datasets: "datasets",
    dataset: "dataset/<dataset>",
    version: "dataset/<dataset>/version/<version>",
    lineage: "lineage/<dataset>@<version>",
    deviceLineage: "lineage",
    access: "access",
    grants: "grants",
    grant: "grant/<grant>",
    devices: "devices",
    device: "device/<device>",
    batch: "batch/<device>/<sequence>",
    settlements: "settlements",
    cycle: "settlements/<currency>/<cycle>",
    obligation: "obligation/<obligation>",
    statement: "statement",
    blocks: "blocks",
    block: "block/<block>",
    extrinsic: "extrinsic/{hash}",
    account: "account/{address}",
    verify: "verify",
    settings: "settings",
} as const;

export type RouteName = keyof typeof PATTERNS;

type NamesIn<P extends string> = P extends `${string}<${infer N}>${infer Rest}`
    ? N | NamesIn<Rest>
    : P extends `${string}{${infer N}}${infer Rest}`
      ? N | NamesIn<Rest>
      : never;

/** What the path of a route says. Numbers stay decimal strings: they may pass 2^53. */
export type Parameters<N extends RouteName> = { readonly [P in NamesIn<(typeof PATTERNS)[N]>]: string };

/** What stands behind the `?`. */
export type Query = Readonly<Record<string, string>>;

/** Where the reader is. */
export type Place = {
    [N in RouteName]: { readonly name: N; readonly parameters: Parameters<N>; readonly query: Query };
}[RouteName];

/** What a page gets. */
export interface PageProperties<N extends RouteName> {
    parameters: Parameters<N>;
    query: Query;
}

/** What `href` takes besides the name: parameters only where the path has any. */
export type Destination<N extends RouteName> = keyof Parameters<N> extends never
    ? [parameters?: Record<string, never>, query?: LooseQuery]
    : [parameters: Parameters<N>, query?: LooseQuery];

/** A query that leaves out what is undefined or empty. */
export type LooseQuery = Readonly<Record<string, string | undefined>>;

const MATCHERS = Object.entries(PATTERNS).map(([name, pattern]) => ({
    name: name as RouteName,
    expression: new RegExp(
        `^${pattern
            .replace(/<(\w+)>/g, "(?<$1>0|[1-9][0-9]{0,19})")
            .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`,
    ),
}));

/** The place that a hash such as `#/record/5?…` names, or null where there is no such page. */
export function parse(hash: string): Place | null {
    const text = hash.replace(/^#?\/?/, "");
    const mark = text.indexOf("?");
    const path = (mark < 0 ? text : text.slice(0, mark)).replace(/\/$/, "");
    for (const { name, expression } of MATCHERS) {
        const match = expression.exec(path);
        if (match === null) continue;
        const parameters: Record<string, string> = {};
        for (const [key, value] of Object.entries(match.groups ?? {})) {
            const decoded = decode(value);
            if (decoded === null) return null;
            parameters[key] = decoded;
        }
        const query = Object.fromEntries(new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)));
        return { name, parameters, query } as Place;
    }
    return null;
}

/** The hash that leads to a place, such as `#/record/5`. */
export function href<N extends RouteName>(name: N, ...[parameters, query]: Destination<N>): string {
    const values: Readonly<Record<string, string>> = parameters ?? {};
    const path = PATTERNS[name].replace(/<(\w+)>|\{(\w+)\}/g, (_, number: string, text: string) =>
        encodeURIComponent(values[number ?? text] ?? ""),
    );
    const search = new URLSearchParams(
        Object.entries(query ?? {}).filter((entry): entry is [string, string] => (entry[1] ?? "") !== ""),
    ).toString();
    return `#/${path}${search === "" ? "" : `?${search}`}`;
}

function decode(text: string): string | null {
    try {
        return decodeURIComponent(text);
    } catch {
        // A stray `%` makes no address.
        return null;
    }
}
