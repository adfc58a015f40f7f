/** What carries JSON-RPC to a light client. */
export interface Channel {
    send(request: string): void;
    /** Ends the light client. Nothing more comes. */
    close(): void;
}

/** Who is told what comes back. */
export interface Receiver {
    /** An answer or a notification. */
    receive(text: string): void;
    /** The light client cannot be started, or has come to an end. */
    fail(reason: string): void;
}

/** Starts a light client for the chain with this specification. */
export type Open = (specification: string, receiver: Receiver) => Channel;

/** It was told to stop. */
export class Stopped extends Error {
    override readonly name = "Stopped";
}

interface Waiting {
    resolve(result: unknown): void;
    reject(error: Error): void;
}

/**
 * Questions to a light client, and what it notifies. The typed client's transport is not used: it keeps the ids of
 * subscriptions to itself, and `chainHead_v1_header` wants them.
 */
export class Rpc {
    readonly #channel: Channel;
    readonly #waiting = new Map<number, Waiting>();
    /** What was notified and not taken yet, by subscription. */
    readonly #events = new Map<string, unknown[]>();
    readonly #listening = new Map<string, Waiting>();
    #id = 0;
    #ended: Error | null = null;

    constructor(specification: string, open: Open) {
        this.#channel = open(specification, {
            receive: (text) => this.#receive(text),
            fail: (reason) => this.#end(new Error(reason)),
        });
    }

    ask(method: string, params: readonly unknown[] = []): Promise<unknown> {
        if (this.#ended !== null) return Promise.reject(this.#ended);
        const id = ++this.#id;
        return new Promise((resolve, reject) => {
            this.#waiting.set(id, { resolve, reject });
            this.#channel.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
        });
    }

    /** The next notification of a subscription. */
    next(subscription: string): Promise<unknown> {
        const events = this.#events.get(subscription) ?? [];
        if (events.length > 0) return Promise.resolve(events.shift());
        if (this.#ended !== null) return Promise.reject(this.#ended);
        return new Promise((resolve, reject) => this.#listening.set(subscription, { resolve, reject }));
    }

    /** Forgets what is left of a subscription that has ended. */
    forget(subscription: string): void {
        this.#events.delete(subscription);
    }

    close(): void {
        this.#end(new Stopped("the light client was told to stop"));
    }

    #receive(text: string): void {
        if (this.#ended !== null) return;
        let found: unknown;
        try {
            found = JSON.parse(text);
        } catch {
            this.#end(new Error("the light client's answer is no JSON"));
            return;
        }
        const { id, result, error, params } = (found ?? {}) as Record<string, unknown>;
        if (typeof params === "object" && params !== null) {
            const { subscription, result: event } = params as Record<string, unknown>;
            if (typeof subscription === "string") this.#notify(subscription, event);
            return;
        }
        const waiting = typeof id === "number" ? this.#waiting.get(id) : undefined;
        if (waiting === undefined) return;
        this.#waiting.delete(id as number);
        if (error === undefined) waiting.resolve(result);
        else waiting.reject(new Error(`the light client refuses: ${JSON.stringify(error)}`));
    }

    #notify(subscription: string, event: unknown): void {
        const listening = this.#listening.get(subscription);
        if (listening !== undefined) {
            this.#listening.delete(subscription);
            listening.resolve(event);
            return;
        }
        // May come before whoever subscribed has seen the answer.
        const events = this.#events.get(subscription);
        if (events === undefined) this.#events.set(subscription, [event]);
        else events.push(event);
    }

    #end(reason: Error): void {
        if (this.#ended !== null) return;
        this.#ended = reason;
        this.#channel.close();
        for (const { reject } of [...this.#waiting.values(), ...this.#listening.values()]) reject(reason);
        this.#waiting.clear();
        this.#listening.clear();
    }
}
