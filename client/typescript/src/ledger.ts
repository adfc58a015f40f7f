import { LedgerMethods, type Methods } from "./generated.js";
import {
    type HttpOptions,
    HttpTransport,
    type SubscribingTransport,
    type Transport,
    type WebSocketOptions,
    WebSocketTransport,
} from "./transport.js";
import { type RecordBatch, watchRecords, type WatchOptions } from "./watch.js";

/** A ledger, as a node tells of it. Parameters go by name; 64-bit numbers are decimal strings. */
export class Ledger extends LedgerMethods {
    readonly #transport: Transport;

    /** A ledger behind any transport. */
    constructor(transport: Transport) {
        super();
        this.#transport = transport;
    }

    /** The ledger of the node at `ws://…`, `wss://…`, `http://…` or `https://…`. */
    static connect(url: string, options: HttpOptions & WebSocketOptions = {}): Ledger {
        const { protocol } = new URL(url);
        switch (protocol) {
            case "ws:":
            case "wss:":
                return new Ledger(new WebSocketTransport(url, options));
            case "http:":
            case "https:":
                return new Ledger(new HttpTransport(url, options));
            default:
                throw new TypeError(`a node's URL begins with ws, wss, http or https, not with ${protocol}`);
        }
    }

    protected override call<M extends keyof Methods>(
        method: M,
        params: Methods[M]["params"],
    ): Promise<Methods[M]["result"]> {
        // What comes is what docs/openrpc.json promises of the method; golden answers are checked against its types.
        return this.#transport.request(method, params) as Promise<Methods[M]["result"]>;
    }

    /**
     * Records as they become final, from an index on or from now on, over as many connections as it takes:
     *
     *     for await (const { items, next } of ledger.watchRecords({ filter: { subject: "grant:5" }, from: 0 })) …
     *
     * With `from: next` another watch goes on. It needs a WebSocket.
     */
    watchRecords(options: WatchOptions = {}): AsyncGenerator<RecordBatch, void> {
        if (!subscribes(this.#transport)) throw new TypeError("records are watched over ws:// or wss:// only");
        return watchRecords(this.#transport, options);
    }

    /** Lets go of the connection. */
    close(): void {
        this.#transport.close();
    }
}

function subscribes(transport: Transport): transport is SubscribingTransport {
    return "subscribe" in transport;
}
