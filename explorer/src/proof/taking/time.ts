/** A moment in milliseconds since 1970 as `2018-09-04T00:02:24Z`, as leaves and PROV documents have it. */
export function utc(moment: string | number | bigint): string {
    return new Date(Number(moment)).toISOString().replace(/\.\d{3}Z$/, "Z");
}
