import { Ledger, type StatusView, TransportError, WebSocketTransport } from "@citynet/ledger";

import { type Failure, failureOf } from "./failure";
import { type Head, headOf, littleEndian } from "./head";

/**
 * How it stands with the node. `foreign`: it is of another chain than the pinned one, and is asked nothing more.
 */
export type ConnectionState = "connecting" | "up" | "down" | "foreign";

/** The genesis hash, and whether somebody other than the node asked vouches for it. */
export interface Genesis {
    readonly hash: string;
    readonly pinned: boolean;
}

/** The pause before the first attempt to connect again, in milliseconds; each further one doubles it, up to the longest. */
const SHORTEST = 500;
const LONGEST = 15_000;

/** How often the status is asked for at most, in milliseconds: blocks may come every second, and nobody reads that fast. */
const STATUS_EVERY = 2_000;

/** One connection to one node at a time, connected again whenever it is lost. */
export class Connection {
    state: ConnectionState = $state("connecting");
    /** Why it is down or foreign. */
    failure: Failure | null = $state.raw(null);
    /** The node that is asked. */
    url: string | null = $state(null);
    /** What the node said of itself last. */
    status: StatusView | null = $state.raw(null);
    genesis: Genesis | null = $state.raw(null);
    /** The finalised block. */
    head: Head | null = $state.raw(null);
    /** The length of a slot in milliseconds. */
    slotDuration: number | null = $state(null);
    /** Grows each time that the node can be asked anew. Whoever failed for want of a node asks again. */
    session = $state(0);

    #pinned: string | null = null;
    #transport: WebSocketTransport | null = null;
    #ledger: Ledger | null = null;
    #lastStatus = 0;
    #statusTimer: ReturnType<typeof setTimeout> | undefined;
    /** Grows with each `open`, so that what belongs to a node before is recognised. */
    #generation = 0;
    #wake: () => void = () => undefined;
    readonly #WebSocket: typeof globalThis.WebSocket | undefined;

    constructor(options: { WebSocket?: typeof globalThis.WebSocket } = {}) {
        this.#WebSocket = options.WebSocket;
    }

    /** Connects to a node, from now on, instead of the one before. `pinned` is what its genesis hash has to be, if known. */
    open(url: string, pinned: string | null): void {
        this.close();
        const generation = this.#generation;
        this.url = url;
        this.#pinned = pinned;
        this.state = "connecting";
        this.failure = null;
        this.status = null;
        this.genesis = null;
        this.head = null;
        this.slotDuration = null;
        void this.#keep(url, generation);
    }

    close(): void {
        this.#generation++;
        clearTimeout(this.#statusTimer);
        this.#transport?.close();
        this.#transport = null;
        this.#ledger = null;
        this.#wake();
    }

    /** Tries again at once rather than after the pause. */
    retry(): void {
        this.#wake();
    }

    /** The ledger to ask. Throws while there is none. */
    get ledger(): Ledger {
        if (this.#ledger === null) throw new TransportError("there is no connection to a node");
        return this.#ledger;
    }

    /** Asks by a method of Substrate's own, such as `chain_getHeader`, with parameters in their order. */
    request(method: string, parameters: readonly unknown[] = []): Promise<unknown> {
        if (this.#transport === null) return Promise.reject(new TransportError("there is no connection to a node"));
        return this.#transport.request(method, parameters);
    }

    async #keep(url: string, generation: number): Promise<void> {
        let pause = 0;
        while (generation === this.#generation) {
            try {
                await this.#run(url, generation, () => (pause = 0));
                return;
            } catch (error) {
                if (generation !== this.#generation) return;
                this.failure = failureOf(error);
                this.state = "down";
                this.#transport?.close();
                this.#transport = null;
                this.#ledger = null;
            }
            pause = Math.min(Math.max(2 * pause, SHORTEST), LONGEST);
            await new Promise<void>((resolve) => {
                const timer = setTimeout(resolve, pause);
                this.#wake = () => {
                    clearTimeout(timer);
                    resolve();
                };
            });
        }
    }

    /** Until the connection is lost, which throws. Returns when the node is of another chain: nothing will change that. */
    async #run(url: string, generation: number, connected: () => void): Promise<void> {
        const transport = new WebSocketTransport(
            url,
            this.#WebSocket === undefined ? {} : { WebSocket: this.#WebSocket },
        );
        const ledger = new Ledger(transport);
        this.#transport = transport;
        const status = await ledger.status();
        if (generation !== this.#generation) return;
        if (this.#pinned !== null && this.#pinned !== status.genesisHash) {
            this.failure = {
                kind: "foreign",
                message: `the node's genesis hash is ${status.genesisHash}, and ${this.#pinned} is pinned`,
                data: { found: status.genesisHash, pinned: this.#pinned },
            };
            this.state = "foreign";
            transport.close();
            return;
        }
        this.genesis = { hash: status.genesisHash, pinned: this.#pinned !== null };
        this.#take(status);
        this.slotDuration = await slotDurationOf(transport);
        let lose: (error: TransportError) => void = () => undefined;
        const lost = new Promise<never>((_, reject) => (lose = reject));
        // Without anybody waiting for it yet it would count as unhandled.
        lost.catch(() => undefined);
        await transport.subscribe("chain_subscribeFinalizedHeads", [], "chain_unsubscribeFinalizedHeads", {
            notify: (header) => {
                if (generation !== this.#generation) return;
                this.head = headOf(header, this.slotDuration);
                this.#refreshStatus(generation);
            },
            lose,
        });
        if (generation !== this.#generation) return;
        this.#ledger = ledger;
        this.failure = null;
        this.state = "up";
        this.session++;
        connected();
        return lost;
    }

    #take(status: StatusView): void {
        this.status = status;
        this.#lastStatus = Date.now();
    }

    /** Asks for the status soon, and once for all heads until then. */
    #refreshStatus(generation: number): void {
        if (this.#statusTimer !== undefined) return;
        const pause = Math.max(0, this.#lastStatus + STATUS_EVERY - Date.now());
        this.#statusTimer = setTimeout(() => {
            this.#statusTimer = undefined;
            if (generation !== this.#generation || this.#ledger === null) return;
            this.#ledger.status().then(
                (status) => {
                    if (generation === this.#generation) this.#take(status);
                },
                (error: unknown) => {
                    // The subscription tells when the connection is lost; what else there is, the next head tries again.
                    console.warn(error);
                },
            );
        }, pause);
    }
}

/** What the runtime says, by its API rather than by a constant: each chain chooses its own. */
async function slotDurationOf(transport: WebSocketTransport): Promise<number | null> {
    const bytes = await transport.request("state_call", ["AuraApi_slot_duration", "0x"]);
    const match = typeof bytes === "string" ? /^0x([0-9a-f]{16})$/.exec(bytes) : null;
    return match?.[1] === undefined ? null : Number(littleEndian(match[1]));
}

/** The one connection of the page. */
export const connection = new Connection();
