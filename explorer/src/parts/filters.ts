/** One field of a filter form. */
export interface FilterField {
    /** Its key in the query. */
    readonly name: string;
    readonly label: string;
    /** A `time` stands in the query as milliseconds since 1970. */
    readonly kind: "text" | "number" | "choice" | "time";
    /** What can be chosen. */
    readonly choices?: readonly { readonly value: string; readonly label: string }[];
    readonly hint?: string;
}

/** The milliseconds since 1970 of what a reader wrote as a time, or null where it is none. */
export function momentOf(text: string, zone: "utc" | "local"): string | null {
    const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z)?)?$/.exec(text.trim());
    if (match === null) return null;
    const [, day, time = "00:00", mark] = match;
    const moment = Date.parse(`${day}T${time}${mark === "Z" || zone === "utc" ? "Z" : ""}`);
    return Number.isNaN(moment) ? null : String(moment);
}

/** A moment as a reader would write it. */
export function textOf(moment: string, zone: "utc" | "local"): string {
    const date = new Date(Number(moment));
    if (Number.isNaN(date.getTime())) return moment;
    const shifted = zone === "utc" ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
    return shifted.toISOString().replace(/(:00)?\.000Z$/, "").replace(/Z$/, "");
}
