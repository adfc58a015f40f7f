import { type ErrorCode, LedgerError, TransportError } from "@citynet/ledger";

/** Why there is no answer. */
export interface Failure {
    /**
     * An error of the ledger by its stable name; or `unreachable`: no answer came; `unknown_method`: the node has no such
     * method; `foreign`: the node is of another chain than the pinned one; `broken`: the explorer could not use the answer.
     */
    readonly kind: ErrorCode | "unreachable" | "unknown_method" | "foreign" | "broken";
    /** In the words of whoever refused, for those who look closer. */
    readonly message: string;
    /** Details of the ledger's error, such as `indexed` and `finalized` of `not_synced`. */
    readonly data: Readonly<Record<string, unknown>>;
}

const METHOD_NOT_FOUND = -32601;

export function failureOf(error: unknown): Failure {
    if (error instanceof LedgerError) return { kind: error.code, message: error.message, data: error.data };
    if (error instanceof TransportError) {
        if (error.number === METHOD_NOT_FOUND) return { kind: "unknown_method", message: error.message, data: {} };
        // Any other number is an answer of the node's server, such as of a method of Substrate's that failed.
        if (error.number !== undefined) return { kind: "internal", message: error.message, data: { number: error.number } };
        return { kind: "unreachable", message: error.message, data: {} };
    }
    if (error instanceof FailureError) return error.failure;
    // Not swallowed: it is shown to the reader, and whoever develops finds it in the console too.
    console.error(error);
    return { kind: "broken", message: error instanceof Error ? error.message : String(error), data: {} };
}

/** Throws a failure through code that asks. */
export class FailureError extends Error {
    override readonly name = "FailureError";
    readonly failure: Failure;

    constructor(failure: Failure) {
        super(failure.message);
        this.failure = failure;
    }
}

/** Whether asking again when there is a new block, or a connection, may help without the reader doing anything. */
export function passes(failure: Failure): boolean {
    return ["unreachable", "not_synced", "not_final_yet"].includes(failure.kind);
}
