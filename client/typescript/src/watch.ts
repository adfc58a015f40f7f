import { LedgerError, TransportError } from "./errors.js";
import type { StreamedView, Subscriptions } from "./generated.js";
import type { Listener, SubscribingTransport } from "./transport.js";

/** How many notifications wait to be taken; when there are more, the node is asked for them again later. */
const MOST_WAITING = 64;

/** The pause after the first interruption, in milliseconds; each further one in a row doubles it, up to the longest. */
const SHORTEST = 200;
const LONGEST = 30_000;

/** Records that follow those of the batch before, perhaps none, and where to go on. */
export type RecordBatch = Extract<StreamedView, { event: "records" }>;

/** Which records are watched, and what else there is to know about it. */
export type WatchOptions = Subscriptions["citynet_subscribeRecords"]["params"] & {
    /** Told why nothing is heard for a while. */
    onInterruption?: (reason: string) => void;
    /** Ends the watch. */
    signal?: AbortSignal;
};

/**
 * Records from an index on, or from now on, as they become final, over as many connections as it takes. No record comes
 * twice. It ends when it is told to, or when the transport is closed, and throws when asking again cannot help.
 */
export async function* watchRecords(
    transport: SubscribingTransport,
    options: WatchOptions = {},
): AsyncGenerator<RecordBatch, void> {
    const { onInterruption, signal, ...params } = options;
    const ended = () => signal?.aborted === true || transport.closed;
    let pause = 0;
    while (!ended()) {
        const inbox = new Inbox();
        const abort = () => inbox.lose(new TransportError("it was told to end"));
        signal?.addEventListener("abort", abort);
        let leave: (() => void) | undefined;
        let reason: string;
        try {
            await sleep(pause, signal);
            leave = await transport.subscribe("citynet_subscribeRecords", params, "citynet_unsubscribeRecords", inbox);
            let next = await inbox.next();
            while (typeof next !== "string" && next.event === "records") {
                check(next, params.from);
                params.from = next.next;
                pause = 0;
                yield next;
                next = await inbox.next();
            }
            reason = typeof next === "string" ? next : passing(next);
        } catch (error) {
            reason = passingError(error);
        } finally {
            signal?.removeEventListener("abort", abort);
            leave?.();
        }
        pause = Math.min(Math.max(2 * pause, SHORTEST), LONGEST);
        if (!ended()) onInterruption?.(reason);
    }
}

/** Notifications that were not taken yet. */
class Inbox implements Listener {
    readonly #waiting: StreamedView[] = [];
    #reason: string | undefined;
    #wake: () => void = () => undefined;

    notify(result: unknown): void {
        if (this.#reason !== undefined) return;
        // What comes is what docs/openrpc.json promises of the notification.
        if (this.#waiting.length < MOST_WAITING) this.#waiting.push(result as StreamedView);
        else this.#reason = "records come faster than they are taken";
        this.#wake();
    }

    lose(error: TransportError): void {
        this.#reason ??= error.message;
        this.#wake();
    }

    /** The next notification, or why there is none. */
    async next(): Promise<StreamedView | string> {
        for (;;) {
            const view = this.#waiting.shift() ?? this.#reason;
            if (view !== undefined) return view;
            await new Promise<void>((resolve) => (this.#wake = resolve));
        }
    }
}

/** Throws when a batch does not follow the one before. */
function check(batch: RecordBatch, from: number | string | undefined): void {
    let lowest = BigInt(from ?? 0);
    for (const { index } of batch.items) {
        if (BigInt(index) < lowest) throw new Error(`record ${index} comes where ${lowest} is the lowest index to come`);
        lowest = BigInt(index) + 1n;
    }
    if (BigInt(batch.next) < lowest) throw new Error(`the node goes on with ${batch.next} below ${lowest}`);
}

/** Why the node ended a subscription; throws when another one cannot help. */
function passing(closed: Extract<StreamedView, { event: "closed" }>): string {
    if (["slow_reader", "not_synced", "internal"].includes(closed.reason)) return closed.message;
    throw new Error(`the node ended the subscription: ${closed.message}`);
}

/** Why there is no subscription; throws when asking again cannot help. */
function passingError(error: unknown): string {
    if (error instanceof LedgerError && ["not_synced", "limit_exceeded"].includes(error.code)) return error.message;
    if (error instanceof TransportError && error.number === undefined) return error.message;
    throw error;
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
        const timer = setTimeout(done, milliseconds);
        function done() {
            clearTimeout(timer);
            signal?.removeEventListener("abort", done);
            resolve();
        }
        signal?.addEventListener("abort", done);
    });
}
