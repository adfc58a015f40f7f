import type { Hex } from "@citynet/ledger";
import { describe, expect, test, vi } from "vitest";

import { LightClient, type LightState } from "./client";
import { Following, followEvent } from "./following";
import type { Open, Receiver } from "./rpc";

const hash = (number: number, chain = "a"): Hex => `0x${chain.repeat(8)}${number.toString().padStart(56, "0")}`;
const GENESIS = hash(0);

/** A header of that number, below 64, with an empty digest. */
function header(number: number): string {
    return `0x${"11".repeat(32)}${(number << 2).toString(16).padStart(2, "0")}${"22".repeat(64)}00`;
}

describe("events", () => {
    test("are read as far as they are needed", () => {
        const initialized = { event: "initialized", finalizedBlockHashes: [hash(1), hash(2)] };
        expect(followEvent(initialized)).toEqual({ event: "initialized", last: hash(2) });
        const newBlock = { event: "newBlock", blockHash: hash(3), parentBlockHash: hash(2), newRuntime: null };
        expect(followEvent(newBlock)).toEqual({ event: "newBlock", hash: hash(3), parent: hash(2) });
        const finalized = { event: "finalized", finalizedBlockHashes: [hash(3)], prunedBlockHashes: [] };
        expect(followEvent(finalized)).toEqual({ event: "finalized", last: hash(3), pruned: [] });
        expect(followEvent({ event: "stop" })).toEqual({ event: "stop" });
        expect(followEvent({ event: "bestBlockChanged", bestBlockHash: hash(3) })).toEqual({ event: "other" });
    });

    test.each([
        null,
        "stop",
        {},
        { event: 1 },
        { event: "initialized", finalizedBlockHashes: [] },
        { event: "initialized", finalizedBlockHashes: hash(1) },
        { event: "newBlock", blockHash: hash(3) },
        { event: "newBlock", blockHash: "0x12", parentBlockHash: hash(2) },
        { event: "finalized", finalizedBlockHashes: [hash(3)] },
        { event: "finalized", finalizedBlockHashes: [hash(3)], prunedBlockHashes: [3] },
    ])("%j makes no sense", (found) => expect(() => followEvent(found)).toThrow("makes no sense"));
});

describe("blocks that are followed", () => {
    /** Two forks after block 10. */
    function following(): Following {
        const found = new Following({ number: 10, hash: hash(10) });
        found.newBlock(hash(11), hash(10));
        found.newBlock(hash(11, "b"), hash(10));
        found.newBlock(hash(12, "b"), hash(11, "b"));
        found.newBlock(hash(12), hash(11));
        found.newBlock(hash(13), hash(12));
        return found;
    }

    test("are numbered by their parents, also where the last final one alone is named", () => {
        const { final, unpin } = following().finalized(hash(12), [hash(11, "b"), hash(12, "b")]);
        expect(final).toEqual([
            { number: 11, hash: hash(11) },
            { number: 12, hash: hash(12) },
        ]);
        expect(unpin).toEqual([hash(10), hash(11), hash(11, "b"), hash(12, "b")]);
    });

    test("are unpinned once", () => {
        const found = following();
        found.finalized(hash(11), [hash(11, "b"), hash(12, "b")]);
        expect(found.finalized(hash(13), [])).toEqual({
            final: [
                { number: 12, hash: hash(12) },
                { number: 13, hash: hash(13) },
            ],
            unpin: [hash(11), hash(12)],
        });
        expect(found.finalized(hash(13), [])).toEqual({ final: [], unpin: [] });
    });

    test("that fit to nothing are refused", () => {
        expect(() => following().newBlock(hash(21), hash(20))).toThrow("parent");
        expect(() => following().finalized(hash(20), [])).toThrow("descend");
        const found = following();
        found.finalized(hash(11), []);
        expect(() => found.finalized(hash(12, "b"), [])).toThrow("descend");
    });
});

/** A light client whose other side the test plays. */
class Played {
    readonly states: LightState[] = [];
    readonly requests: Array<{ id: number; method: string; params: unknown[] }> = [];
    readonly client: LightClient;
    closed = false;
    peers: unknown = [];
    subscriptions = 0;
    headers = new Map<unknown, string | null>();
    #receiver: Receiver | undefined;

    constructor(genesis: unknown = GENESIS) {
        const open: Open = (_, receiver) => {
            this.#receiver = receiver;
            return { send: (text) => this.#answer(genesis, JSON.parse(text)), close: () => (this.closed = true) };
        };
        const options = { open, pace: 5, pause: 1 };
        this.client = new LightClient("{}", GENESIS, (state) => this.states.push(state), options);
    }

    get state(): LightState | undefined {
        return this.states.at(-1);
    }

    asked(method: string): unknown[][] {
        return this.requests.filter((request) => request.method === method).map(({ params }) => params);
    }

    tell(event: object): void {
        const params = { subscription: `s${this.subscriptions}`, result: event };
        this.receive(JSON.stringify({ jsonrpc: "2.0", method: "chainHead_v1_followEvent", params }));
    }

    receive(text: string): void {
        this.#receiver?.receive(text);
    }

    fail(reason: string): void {
        this.#receiver?.fail(reason);
    }

    #answer(genesis: unknown, request: { id: number; method: string; params: unknown[] }): void {
        this.requests.push(request);
        const results: Readonly<Record<string, () => unknown>> = {
            chainSpec_v1_genesisHash: () => genesis,
            system_peers: () => this.peers,
            chainHead_v1_follow: () => `s${++this.subscriptions}`,
            chainHead_v1_header: () => this.headers.get(request.params[1]),
            chainHead_v1_unpin: () => null,
        };
        const result = results[request.method]?.();
        queueMicrotask(() => this.receive(JSON.stringify({ jsonrpc: "2.0", id: request.id, result })));
    }

    /** Until it follows, and has the block of this number as final. */
    async begin(number: number): Promise<void> {
        await vi.waitFor(() => expect(this.subscriptions).toBeGreaterThan(0));
        this.headers.set(hash(number), header(number));
        this.tell({ event: "initialized", finalizedBlockHashes: [hash(number)] });
        await this.until({ head: { number, hash: hash(number) } });
    }

    until(state: object): Promise<void> {
        return vi.waitFor(() => expect(this.state).toMatchObject(state));
    }
}

describe("a light client", () => {
    test("starts, finds peers and follows what is final", async () => {
        const played = new Played();
        await played.until({ phase: "running", peers: 0, head: null });
        await played.begin(0);
        played.peers = [{ peerId: "one" }, { peerId: "two" }];
        await played.until({ peers: 2 });
        played.tell({ event: "newBlock", blockHash: hash(1), parentBlockHash: hash(0) });
        played.tell({ event: "newBlock", blockHash: hash(2), parentBlockHash: hash(1) });
        played.tell({ event: "bestBlockChanged", bestBlockHash: hash(2) });
        played.tell({ event: "finalized", finalizedBlockHashes: [hash(2)], prunedBlockHashes: [] });
        await played.until({ head: { number: 2, hash: hash(2) } });
        expect(played.client.final.at(1)).toBe(hash(1));
        await vi.waitFor(() => expect(played.asked("chainHead_v1_unpin")).toEqual([["s1", [hash(0), hash(1)]]]));
        played.client.stop();
        expect(played.closed).toBe(true);
    });

    test("follows again when that is stopped, and keeps what it knows", async () => {
        const played = new Played();
        await played.begin(0);
        played.tell({ event: "stop" });
        await vi.waitFor(() => expect(played.subscriptions).toBe(2));
        await played.begin(40);
        expect(played.client.final.at(0)).toBe(hash(0));
        // Stopped before the header was asked for, there is none.
        played.tell({ event: "stop" });
        await vi.waitFor(() => expect(played.subscriptions).toBe(3));
        played.headers.set(hash(41), null);
        played.tell({ event: "initialized", finalizedBlockHashes: [hash(41)] });
        await vi.waitFor(() => expect(played.subscriptions).toBe(4));
        expect(played.state).toMatchObject({ phase: "running", head: { number: 40 } });
        played.client.stop();
    });

    test("says nothing more once it is stopped", async () => {
        const played = new Played();
        await played.begin(3);
        played.client.stop();
        const told = played.states.length;
        played.tell({ event: "newBlock", blockHash: hash(4), parentBlockHash: hash(3) });
        played.fail("too late");
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(played.states.length).toBe(told);
    });

    test.each<[string, string, (played: Played) => void]>([
        ["it cannot be started", "no Wasm", (played) => played.fail("no Wasm")],
        ["what comes is no JSON", "no JSON", (played) => played.receive("{")],
        ["an event is garbage", "makes no sense", (played) => played.tell({ event: "newBlock" })],
        [
            "a header is garbage",
            "no hex",
            (played) => played.tell({ event: "initialized", finalizedBlockHashes: [hash(9)] }),
        ],
        ["its peers are garbage", "who its peers are", (played) => (played.peers = { peers: "many" })],
        [
            "a block comes before the beginning",
            "before it has begun",
            (played) => played.tell({ event: "finalized", finalizedBlockHashes: [hash(1)], prunedBlockHashes: [] }),
        ],
    ])("fails when %s", async (_, reason, happen) => {
        const played = new Played();
        await vi.waitFor(() => expect(played.subscriptions).toBe(1));
        happen(played);
        await played.until({ phase: "failed" });
        expect(played.state).toMatchObject({ reason: expect.stringContaining(reason) });
        expect(played.closed).toBe(true);
    });

    test("fails when it has two final blocks of one number", async () => {
        const played = new Played();
        await played.begin(5);
        played.tell({ event: "stop" });
        await vi.waitFor(() => expect(played.subscriptions).toBe(2));
        played.headers.set(hash(5, "b"), header(5));
        played.tell({ event: "initialized", finalizedBlockHashes: [hash(5, "b")] });
        await played.until({ phase: "failed", reason: expect.stringContaining("two blocks of number 5 are final") });
    });

    test("of another chain than the verifier takes it for does not begin", async () => {
        const played = new Played(hash(0, "b"));
        await played.until({ phase: "failed", reason: expect.stringContaining("genesis hash") });
        expect(played.asked("chainHead_v1_follow")).toEqual([]);
    });
});
