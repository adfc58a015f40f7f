import { ERROR_NUMBERS, type ErrorCode } from "./generated.js";

/** The ledger has no answer, and says why. */
export class LedgerError extends Error {
    override readonly name = "LedgerError";
    /** The JSON-RPC error number: 9000 and above, or -32602. */
    readonly number: number;
    /** What to decide by; it is stable, and the message is not. */
    readonly code: ErrorCode;
    /** Details, such as what does not exist. */
    readonly data: { readonly code: ErrorCode; readonly [detail: string]: unknown };

    constructor(number: number, message: string, data: LedgerError["data"]) {
        super(message);
        this.number = number;
        this.code = data.code;
        this.data = data;
    }
}

/**
 * There is no answer of the ledger: the node cannot be reached, is too slow, knows no such method, or is no node. `cause`
 * has what was thrown, if anything was.
 */
export class TransportError extends Error {
    override readonly name = "TransportError";
    /** The JSON-RPC error number, where the server gave one, such as -32601 for an unknown method. */
    readonly number: number | undefined;

    constructor(message: string, options: { cause?: unknown; number?: number } = {}) {
        super(message, "cause" in options ? { cause: options.cause } : {});
        this.number = options.number;
    }
}

/** The result in an answer to the request with an id; throws the error that it has instead. */
export function resultOf(answer: unknown, id: number): unknown {
    if (!isObject(answer) || answer["jsonrpc"] !== "2.0") throw new TransportError("the answer is not of JSON-RPC 2.0");
    const error = answer["error"];
    if (isObject(error)) throw errorOf(error);
    if (answer["id"] !== id || !("result" in answer)) throw new TransportError("the answer is to another request");
    return answer["result"];
}

function errorOf(error: Readonly<Record<string, unknown>>): Error {
    const number = typeof error["code"] === "number" ? error["code"] : 0;
    const message = typeof error["message"] === "string" ? error["message"] : "an error without a message";
    const data = error["data"];
    return isLedgerData(data) ? new LedgerError(number, message, data) : new TransportError(message, { number });
}

function isLedgerData(data: unknown): data is LedgerError["data"] {
    return isObject(data) && typeof data["code"] === "string" && Object.hasOwn(ERROR_NUMBERS, data["code"]);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
