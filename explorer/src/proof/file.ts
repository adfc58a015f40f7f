import { isDatabase } from "./sqlite";

/**
 * What a file seems to be: `document`, evidence of any format; `archive`, the archive of readings that `citynet attest`
 * writes; `log`, the file beside it; `specification`, a chain's. What it is, only reading it says.
 */
export type FileKind = "document" | "archive" | "log" | "specification" | "unknown";

/** What a file seems to be. */
export function kindOf(bytes: Uint8Array): FileKind {
    if (isDatabase(bytes)) return "archive";
    if (bytes[0] === 0x37 && bytes[1] === 0x7f && bytes[2] === 0x06) return "log";
    const text = new TextDecoder().decode(bytes);
    // Whatever says that it is a document is verified as one, also where it is cut off or no JSON at all.
    if (/"format"\s*:\s*"citynet\./.test(text)) return "document";
    return /"genesis"\s*:\s*\{/.test(text) ? "specification" : "unknown";
}
