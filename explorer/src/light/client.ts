import type { Hex } from "@citynet/ledger";
import { blockHeader } from "@polkadot-api/substrate-bindings";

import { type Block, FinalBlocks } from "./final-blocks";
import { Following, followEvent } from "./following";
import { type Open, Rpc, Stopped } from "./rpc";
import { inWorker } from "./worker-channel";

/** How it stands with the light client. */
export type LightState =
    /** The program is fetched and started. */
    | { readonly phase: "starting" }
    | {
          readonly phase: "running";
          /** How many nodes it exchanges blocks with. */
          readonly peers: number;
          /** The finalised head. It is genesis until the client has leapt to where the chain is. */
          readonly head: Block | null;
      }
    /** It has come to an end by itself. */
    | { readonly phase: "failed"; readonly reason: string };

/** What can be told otherwise in tests. */
interface LightOptions {
    open?: Open;
    /** Between two questions for its peers, in milliseconds. */
    pace?: number;
    /** Before it follows again once that was stopped, in milliseconds. */
    pause?: number;
}

/**
 * A light client of the chain with a specification, whose genesis hash is known. It finds nodes by the specification's
 * boot nodes, and takes for final what the finalisers have signed, each set of which was named by the one before, from
 * genesis on. What it has found is told to `changed`.
 */
export class LightClient {
    readonly genesis: Hex;
    readonly final = new FinalBlocks();
    readonly #changed: (state: LightState) => void;
    readonly #rpc: Rpc;
    readonly #pace: number;
    readonly #pause: number;
    #state: LightState = { phase: "starting" };

    constructor(
        specification: string,
        genesis: Hex,
        changed: (state: LightState) => void,
        { open = inWorker, pace = 2_000, pause = 500 }: LightOptions = {},
    ) {
        this.genesis = genesis;
        this.#changed = changed;
        this.#pace = pace;
        this.#pause = pause;
        this.#rpc = new Rpc(specification, open);
        this.#run().catch((error: unknown) => this.#fail(error));
    }

    /** Ends it, and lets go of its connections. */
    stop(): void {
        this.#rpc.close();
    }

    async #run(): Promise<void> {
        // Two programs have read the specification. What both take for its chain is its chain.
        const found = await this.#rpc.ask("chainSpec_v1_genesisHash");
        if (found !== this.genesis) {
            const other = String(found);
            throw new Error(`the light client's genesis hash is ${other}, and the verifier's is ${this.genesis}`);
        }
        this.#tell({ phase: "running", peers: 0, head: null });
        // Either fails with the other: both end when the light client does.
        await Promise.all([this.#watch(), this.#followOn()]);
    }

    /** Not by `system_health`: without a peer smoldot takes half a minute for it, and answers nothing else then. */
    async #watch(): Promise<never> {
        for (;;) {
            const peers = await this.#rpc.ask("system_peers");
            if (!Array.isArray(peers)) throw new Error("the light client does not say who its peers are");
            this.#update({ peers: peers.length });
            await pause(this.#pace);
        }
    }

    async #followOn(): Promise<never> {
        for (;;) {
            await this.#follow();
            await pause(this.#pause);
        }
    }

    /** Follows until that is stopped, as it is when the light client has leapt to a later block. */
    async #follow(): Promise<void> {
        const subscription = await this.#rpc.ask("chainHead_v1_follow", [false]);
        if (typeof subscription !== "string") throw new Error("the light client lets nobody follow");
        let following: Following | null = null;
        for (;;) {
            const event = followEvent(await this.#rpc.next(subscription));
            switch (event.event) {
                case "initialized": {
                    const header = await this.#rpc.ask("chainHead_v1_header", [subscription, event.last]);
                    // It was stopped meanwhile.
                    if (header === null) return this.#rpc.forget(subscription);
                    const begin = { number: numberOf(header), hash: event.last };
                    following = new Following(begin);
                    this.#final([begin]);
                    break;
                }
                case "newBlock":
                    begun(following).newBlock(event.hash, event.parent);
                    break;
                case "finalized": {
                    const { final, unpin } = begun(following).finalized(event.last, event.pruned);
                    this.#final(final);
                    if (unpin.length > 0) await this.#rpc.ask("chainHead_v1_unpin", [subscription, unpin]);
                    break;
                }
                case "stop":
                    return this.#rpc.forget(subscription);
                case "other":
                    break;
            }
        }
    }

    #final(blocks: readonly Block[]): void {
        for (const block of blocks) this.final.add(block);
        this.#update({ head: this.final.head });
    }

    #update(news: { peers?: number; head?: Block | null }): void {
        if (this.#state.phase === "running") this.#tell({ ...this.#state, ...news });
    }

    #tell(state: LightState): void {
        this.#state = state;
        this.#changed(state);
    }

    #fail(error: unknown): void {
        this.#rpc.close();
        if (error instanceof Stopped || this.#state.phase === "failed") return;
        this.#tell({ phase: "failed", reason: error instanceof Error ? error.message : String(error) });
    }
}

function begun(following: Following | null): Following {
    if (following === null) throw new Error("the light client reports a block before it has begun");
    return following;
}

function numberOf(header: unknown): number {
    if (typeof header !== "string" || !/^0x(?:[0-9a-f]{2})+$/.test(header)) throw new Error("a header is no hex");
    return blockHeader.dec(header).number;
}

function pause(time: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, time));
}
