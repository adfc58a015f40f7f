/** A header, as Substrate's own methods give it (`chain_getHeader`). */
export interface Header {
    /** In hex. */
    readonly number: string;
    readonly parentHash: string;
    readonly stateRoot: string;
    readonly extrinsicsRoot: string;
    readonly digest: { readonly logs: readonly string[] };
}

export function isHeader(value: unknown): value is Header {
    if (typeof value !== "object" || value === null) return false;
    const { number, parentHash, digest } = value as Partial<Header>;
    return (
        typeof number === "string" &&
        typeof parentHash === "string" &&
        Array.isArray(digest?.logs) &&
        digest.logs.every((log: unknown) => typeof log === "string")
    );
}
