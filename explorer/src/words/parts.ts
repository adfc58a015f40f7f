import type { Body, RecordView } from "@citynet/ledger";

/** The kind of a record, such as `batch_attested`. */
export type Kind = Body["kind"];

/** The body of a record of a kind. */
export type BodyOf<K extends Kind> = Extract<Body, { kind: K }>;

/** What of a record its words are made from. Records that were proven offline have it too. */
export type Worded = Pick<RecordView, "organisation" | "account" | "body"> & { readonly subjects?: readonly string[] };

/** Who acted. Number 0 is the consortium. */
export type Author = Pick<RecordView, "organisation" | "account">;

/**
 * A piece of a sentence: text, or something that is shown as more than text.
 *
 * Names of organisations and currencies are not in it, only their numbers: they are looked up where it is shown.
 */
export type Part =
    | string
    /** `initial`: at the beginning of a sentence. `name`: what it is called, rather than what it is called now. */
    | { readonly organisation: number; readonly initial?: boolean; readonly name?: string }
    | { readonly currency: number }
    /** Anything that `subjectHref` knows, such as `grant:5`, with the words for it. */
    | { readonly subject: string; readonly label: string }
    /** An account, a node or anything else of which the id is shown. */
    | { readonly id: string }
    | { readonly hash: string }
    | { readonly amount: string; readonly currency: number }
    | { readonly time: string }
    /** A length of time in milliseconds. */
    | { readonly span: string }
    /** What somebody wrote. */
    | { readonly quote: string };

/** What may stand in a sentence's template. */
export type Piece = Part | readonly Piece[] | number | null | undefined;

/** A sentence as a template: `` say`${who} suspended ${device}.` `` */
export function say(texts: TemplateStringsArray, ...pieces: Piece[]): Part[] {
    const parts: Part[] = [];
    texts.forEach((text, index) => {
        add(parts, text);
        add(parts, pieces[index]);
    });
    return parts;
}

function add(parts: Part[], piece: Piece): void {
    if (piece === null || piece === undefined || piece === "") return;
    if (Array.isArray(piece)) {
        for (const each of piece as readonly Piece[]) add(parts, each);
        return;
    }
    const part = typeof piece === "number" ? String(piece) : (piece as Part);
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else parts.push(part);
}

/** The same with a capital letter at its beginning. */
export function capital(parts: readonly Part[]): Part[] {
    const [first, ...others] = parts;
    if (first === undefined) return [];
    if (typeof first === "string") return [first.charAt(0).toUpperCase() + first.slice(1), ...others];
    if ("organisation" in first) return [{ ...first, initial: true }, ...others];
    if ("label" in first) return [{ ...first, label: first.label.charAt(0).toUpperCase() + first.label.slice(1) }, ...others];
    return [...parts];
}

/** Pieces with a separator between them, and another one before the last. */
export function joined(pieces: readonly Piece[], separator: string, last: string): Piece[] {
    return pieces.flatMap((piece, index) =>
        index === 0 ? [piece] : [index === pieces.length - 1 ? last : separator, piece],
    );
}
