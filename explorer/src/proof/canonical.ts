/** What has a canonical text. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/**
 * The canonical text of RFC 8785: members sorted by UTF-16 code units, no white space, and numbers and strings as ECMAScript
 * writes them.
 */
export function canonical(value: Json): string {
    if (isList(value)) return `[${value.map(canonical).join()}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}

function isList(value: Json): value is readonly Json[] {
    return Array.isArray(value);
}
