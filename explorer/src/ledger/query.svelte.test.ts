import { type Ledger, LedgerError, TransportError } from "@citynet/ledger";
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { load, type Pages, pages, type Query, type Source } from "./query.svelte";

/** A connection that a test moves by hand. */
class Hand implements Source {
    state: Source["state"] = $state("connecting");
    failure: Source["failure"] = $state.raw(null);
    session = $state(0);
    head: Source["head"] = $state.raw(null);
    ledger = {} as Ledger;

    up(): void {
        this.state = "up";
        this.failure = null;
        this.session++;
    }

    down(): void {
        this.state = "down";
        this.failure = { kind: "unreachable", message: "lost", data: {} };
    }
}

const notSynced = () => new LedgerError(9001, "behind", { code: "not_synced", indexed: 1, finalized: 9 });
const notFound = () => new LedgerError(9005, "none", { code: "not_found", what: "grant" });

let source: Hand;
let leave: () => void = () => undefined;

/** Makes something as a component would. */
function make<T>(maker: () => T): T {
    let made: T | undefined;
    leave = $effect.root(() => {
        made = maker();
    });
    flushSync();
    return made as T;
}

/** Lets answers come and effects follow. */
async function settle(milliseconds = 0): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds);
    flushSync();
}

beforeEach(() => {
    vi.useFakeTimers();
    source = new Hand();
});

afterEach(() => {
    leave();
    vi.useRealTimers();
});

describe("what is asked for", () => {
    test("waits for a connection, and is then there", async () => {
        const ask = vi.fn(async () => "answer");
        const query = make(() => load(ask, { source }));
        expect(query.state).toEqual({ phase: "loading" });
        expect(ask).not.toHaveBeenCalled();
        source.up();
        await settle();
        expect(query.state).toEqual({ phase: "ready", value: "answer", stale: null });
    });

    test("fails when the node cannot be reached, and comes when it can", async () => {
        const query = make(() => load(async () => 1, { source }));
        source.down();
        await settle();
        expect(query.state).toMatchObject({ phase: "failed", failure: { kind: "unreachable" } });
        source.up();
        await settle();
        expect(query.value).toBe(1);
    });

    test("stays when the connection is lost, and says that it is of before", async () => {
        const query = make(() => load(async () => 1, { source }));
        source.up();
        await settle();
        source.down();
        await settle();
        expect(query.state).toMatchObject({ phase: "ready", value: 1, stale: { kind: "unreachable" } });
        source.up();
        await settle();
        expect(query.state).toEqual({ phase: "ready", value: 1, stale: null });
    });

    test("is asked for again at a new block while the node is not synchronised", async () => {
        const answers = [() => Promise.reject(notSynced()), () => Promise.resolve(2)];
        const query = make(() => load(() => answers.shift()?.() ?? Promise.reject(new Error("once too often")), { source }));
        source.up();
        await settle();
        expect(query.state).toMatchObject({ phase: "failed", failure: { kind: "not_synced", data: { finalized: 9 } } });
        source.head = { number: 10 };
        await settle(5_000);
        expect(query.value).toBe(2);
        source.head = { number: 11 };
        await settle(5_000);
        expect(query.value).toBe(2);
    });

    test("follows new blocks where asked, and not too often", async () => {
        let count = 0;
        const query = make(() => load(async () => ++count, { source, live: true }));
        source.up();
        await settle();
        for (let number = 1; number <= 20; number++) {
            source.head = { number };
            await settle(1_000);
        }
        expect(query.value).toBeGreaterThan(3);
        expect(query.value).toBeLessThan(8);
    });

    test("goes when it is not there any more", async () => {
        const answers = [() => Promise.resolve(1), () => Promise.reject(notFound())];
        const query = make(() => load(() => answers.shift()?.() ?? Promise.resolve(3), { source }));
        source.up();
        await settle();
        query.reload();
        await settle();
        expect(query.state).toMatchObject({ phase: "failed", failure: { kind: "not_found" } });
    });

    test("is asked for anew when what it depends on changes, and a late answer to before is not taken", async () => {
        let which = $state("a");
        const pending: Record<string, (value: string) => void> = {};
        const query = make(() => load(() => { const now = which; return new Promise<string>((resolve) => (pending[now] = resolve)); }, { source }));
        source.up();
        await settle();
        which = "b";
        await settle();
        expect(query.state).toEqual({ phase: "loading" });
        pending["b"]?.("of b");
        await settle();
        pending["a"]?.("of a");
        await settle();
        expect(query.value).toBe("of b");
    });

    test("that which throws at once fails too, and nothing is swallowed", async () => {
        const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
        const query: Query<never> = make(() => load((): Promise<never> => { throw new Error("a bug"); }, { source }));
        source.up();
        await settle();
        expect(query.state).toMatchObject({ phase: "failed", failure: { kind: "broken", message: "a bug" } });
        expect(told).toHaveBeenCalled();
        told.mockRestore();
    });

    test("of another node is not what the node before said", async () => {
        const query = make(() => load(async () => 1, { source }));
        source.up();
        await settle();
        source.state = "connecting";
        await settle();
        expect(query.state).toEqual({ phase: "loading" });
    });
});

describe("a list", () => {
    const page = (items: number[], next: string | null, hash = "0x01") => ({
        anchor: { number: 1, hash },
        items,
        next,
        complete: next === null,
    });

    function list(of: Record<string, () => Promise<ReturnType<typeof page>>>): Pages<number> {
        return make(() => pages((_, cursor) => of[cursor ?? "first"]?.() ?? Promise.reject(new TransportError("none")), { source }));
    }

    test("comes page by page and says when it is whole", async () => {
        const all = list({ first: async () => page([1, 2], "c"), c: async () => page([3], null) });
        source.up();
        await settle();
        expect([all.items, all.complete, all.more]).toEqual([[1, 2], false, true]);
        all.next();
        expect(all.busy).toBe(true);
        await settle();
        expect([all.items, all.complete, all.more, all.busy]).toEqual([[1, 2, 3], true, false, false]);
    });

    test("keeps what it has when the next page does not come", async () => {
        const all = list({
            first: async () => page([1], "c"),
            c: () => Promise.reject(new LedgerError(9003, "expired", { code: "cursor_expired" })),
        });
        source.up();
        await settle();
        all.next();
        await settle();
        expect([all.items, all.trouble?.kind, all.complete]).toEqual([[1], "cursor_expired", false]);
    });

    test("is never put together of pages about different blocks", async () => {
        const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
        const all = list({ first: async () => page([1], "c"), c: async () => page([2], null, "0x02") });
        source.up();
        await settle();
        all.next();
        await settle();
        expect([all.items, all.trouble?.kind]).toEqual([[1], "broken"]);
        told.mockRestore();
    });

    test("begins anew when it is told to", async () => {
        const all = list({ first: async () => page([1], "c"), c: async () => page([2], null) });
        source.up();
        await settle();
        all.next();
        await settle();
        all.reload();
        await settle();
        expect([all.items, all.more]).toEqual([[1], true]);
    });
});
