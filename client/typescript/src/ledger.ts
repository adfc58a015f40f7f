import { LedgerMethods, type Methods } from "./generated.js";
import { type HttpOptions, HttpTransport, type Transport, type WebSocketOptions, WebSocketTransport } from "./transport.js";

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

    /** Lets go of the connection. */
    close(): void {
        this.#transport.close();
    }
}
