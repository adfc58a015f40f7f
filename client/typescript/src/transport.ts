import { isObject, resultOf, TransportError } from "./errors.js";

/** What carries requests to a node and answers back. */
export interface Transport {
    /**
     * Asks for one result. Rejects with a `LedgerError` when the ledger has none, and with a `TransportError` when there
     * is no answer of the ledger.
     */
    request(method: string, params: object): Promise<unknown>;
    /** Lets go of the connection. Requests without an answer are rejected. */
    close(): void;
}

/** Who is told what a subscription brings. */
export interface Listener {
    /** A notification, in the order in which they come. */
    notify(result: unknown): void;
    /** The connection is lost, and nothing more comes. */
    lose(error: TransportError): void;
}

/** A transport over which a node also says something without being asked each time. */
export interface SubscribingTransport extends Transport {
    /** Whether it was closed. */
    readonly closed: boolean;
    /**
     * Subscribes by a method. Once the node has accepted, the listener is told, and what is returned ends that, by another
     * method. Rejects as `request` does.
     */
    subscribe(method: string, params: object, unsubscribe: string, listener: Listener): Promise<() => void>;
}

/** How long an answer may take unless told, in milliseconds. */
export const DEFAULT_TIMEOUT = 30_000;

/** What an `HttpTransport` can be told. */
export interface HttpOptions {
    /** How long an answer may take, in milliseconds. */
    timeout?: number;
    /** Further headers, such as `authorization` for a proxy. */
    headers?: Readonly<Record<string, string>>;
    /** Another `fetch` than the global one. */
    fetch?: typeof globalThis.fetch;
}

/** One POST for each request. */
export class HttpTransport implements Transport {
    readonly #url: string;
    readonly #timeout: number;
    readonly #headers: Readonly<Record<string, string>>;
    readonly #fetch: typeof globalThis.fetch;
    readonly #underWay = new Set<AbortController>();
    #closed = false;
    #id = 0;

    constructor(url: string, options: HttpOptions = {}) {
        this.#url = url;
        this.#timeout = options.timeout ?? DEFAULT_TIMEOUT;
        this.#headers = { ...options.headers, "content-type": "application/json" };
        this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
    }

    async request(method: string, params: object): Promise<unknown> {
        const id = ++this.#id;
        return resultOf(await this.#post(JSON.stringify({ jsonrpc: "2.0", id, method, params })), id);
    }

    async #post(body: string): Promise<unknown> {
        if (this.#closed) throw new TransportError("the transport was closed");
        const abort = new AbortController();
        const slow = () => abort.abort(new TransportError(`no answer within ${this.#timeout} ms`));
        const timer = setTimeout(slow, this.#timeout);
        this.#underWay.add(abort);
        try {
            const answer = await this.#fetch(this.#url, {
                method: "POST",
                headers: this.#headers,
                body,
                signal: abort.signal,
            });
            if (!answer.ok) throw new TransportError(`${this.#url} answers with status ${answer.status}`);
            return JSON.parse(await answer.text());
        } catch (cause) {
            if (cause instanceof TransportError) throw cause;
            if (abort.signal.aborted) throw abort.signal.reason;
            throw new TransportError(`${this.#url} cannot be asked`, { cause });
        } finally {
            clearTimeout(timer);
            this.#underWay.delete(abort);
        }
    }

    close(): void {
        this.#closed = true;
        for (const abort of this.#underWay) abort.abort(new TransportError("the transport was closed"));
    }
}

/** What is needed of a WebSocket: that of browsers and of Node from 22 on has it, and that of the package `ws`. */
export interface WebSocketLike {
    addEventListener(type: "open" | "close" | "error", listener: () => void): void;
    addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
    send(text: string): void;
    close(): void;
}

/** What a `WebSocketTransport` can be told. */
export interface WebSocketOptions {
    /** How long an answer may take, in milliseconds, opening the connection included. */
    timeout?: number;
    /** Another `WebSocket` than the global one, which Node 20 has only with `--experimental-websocket`. */
    WebSocket?: new (url: string) => WebSocketLike;
}

interface Pending {
    /** Called before anything that comes after the answer is looked at. */
    accept(result: unknown): void;
    resolve(result: unknown): void;
    reject(error: Error): void;
    timer: ReturnType<typeof setTimeout>;
}

/**
 * One connection for all requests and subscriptions. It is opened with the first one, and again with the next after it
 * broke; requests without an answer are then rejected rather than repeated, and subscriptions are lost, so that the caller
 * knows.
 */
export class WebSocketTransport implements SubscribingTransport {
    readonly #url: string;
    readonly #timeout: number;
    readonly #WebSocket: new (url: string) => WebSocketLike;
    readonly #pending = new Map<number, Pending>();
    /** By the subscription's id. */
    readonly #listeners = new Map<unknown, Listener>();
    #connection: { socket: WebSocketLike; opened: Promise<void> } | undefined;
    #closed = false;
    #id = 0;

    constructor(url: string, options: WebSocketOptions = {}) {
        const implementation = options.WebSocket ?? globalThis.WebSocket;
        if (implementation === undefined) {
            throw new TransportError("this runtime has no WebSocket: pass one, or use http://");
        }
        this.#url = url;
        this.#timeout = options.timeout ?? DEFAULT_TIMEOUT;
        this.#WebSocket = implementation;
    }

    get closed(): boolean {
        return this.#closed;
    }

    request(method: string, params: object): Promise<unknown> {
        return this.#ask(method, params, () => undefined);
    }

    async subscribe(method: string, params: object, unsubscribe: string, listener: Listener): Promise<() => void> {
        const subscription = await this.#ask(method, params, (id) => this.#listeners.set(id, listener));
        return () => {
            // Nobody needs the answer, and a connection that is lost has ended it already.
            if (this.#listeners.delete(subscription)) this.request(unsubscribe, [subscription]).catch(() => undefined);
        };
    }

    #ask(method: string, params: object, accept: (result: unknown) => void): Promise<unknown> {
        if (this.#closed) return Promise.reject(new TransportError("the transport was closed"));
        const id = ++this.#id;
        const text = JSON.stringify({ jsonrpc: "2.0", id, method, params });
        return new Promise((resolve, reject) => {
            const slow = () => this.#settle(id)?.reject(new TransportError(`no answer within ${this.#timeout} ms`));
            this.#pending.set(id, { accept, resolve, reject, timer: setTimeout(slow, this.#timeout) });
            this.#send(text).catch((cause: unknown) => {
                this.#settle(id)?.reject(new TransportError(`${this.#url} cannot be asked`, { cause }));
            });
        });
    }

    async #send(text: string): Promise<void> {
        const connection = (this.#connection ??= this.#open());
        await connection.opened;
        connection.socket.send(text);
    }

    #open(): { socket: WebSocketLike; opened: Promise<void> } {
        const socket = new this.#WebSocket(this.#url);
        const opened = new Promise<void>((resolve, reject) => {
            socket.addEventListener("open", () => resolve());
            const lost = () => {
                if (this.#connection?.socket === socket) {
                    this.#connection = undefined;
                    this.#lose(new TransportError(`the connection to ${this.#url} is lost`));
                }
                reject(new TransportError(`the connection to ${this.#url} is lost`));
            };
            socket.addEventListener("close", lost);
            socket.addEventListener("error", lost);
        });
        // Whoever sends waits for it too; without anybody it would count as unhandled.
        opened.catch(() => undefined);
        socket.addEventListener("message", (event) => this.#receive(event.data));
        return { socket, opened };
    }

    #receive(data: unknown): void {
        let answer: unknown;
        try {
            answer = JSON.parse(String(data));
        } catch {
            // Without an id nobody can be told; the request ends with its timeout.
            return;
        }
        const id = isObject(answer) ? answer["id"] : undefined;
        if (isObject(answer) && isObject(answer["params"])) {
            const { subscription, result } = answer["params"];
            this.#listeners.get(subscription)?.notify(result);
            return;
        }
        const pending = typeof id === "number" ? this.#settle(id) : undefined;
        if (typeof id !== "number" || pending === undefined) return;
        try {
            const result = resultOf(answer, id);
            pending.accept(result);
            pending.resolve(result);
        } catch (error) {
            pending.reject(error instanceof Error ? error : new TransportError(String(error)));
        }
    }

    /** Takes a request off the list of those without an answer. */
    #settle(id: number): Pending | undefined {
        const pending = this.#pending.get(id);
        if (pending !== undefined) {
            clearTimeout(pending.timer);
            this.#pending.delete(id);
        }
        return pending;
    }

    #lose(error: TransportError): void {
        for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
        const listeners = [...this.#listeners.values()];
        this.#listeners.clear();
        for (const listener of listeners) listener.lose(error);
    }

    close(): void {
        this.#closed = true;
        this.#lose(new TransportError("the transport was closed"));
        const connection = this.#connection;
        this.#connection = undefined;
        connection?.socket.close();
    }
}
