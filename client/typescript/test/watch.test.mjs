// Watching records over WebSockets that the test plays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Ledger, LedgerError } from "../dist/index.js";

const record = (index) => ({ index: String(index) });
const records = (indices, next) => ({ event: "records", anchor: {}, items: indices.map(record), next: String(next) });
const closed = (reason, next) => ({ event: "closed", reason, message: `it is ${reason}`, next: String(next) });
const refusal = (number, code) => ({ error: { code: number, message: `it is ${code}`, data: { code } } });

/**
 * A WebSocket to a node that says, for each subscription in turn, what the script has: an error, or notifications and then
 * nothing or the end of the connection (`"lost"`). `asked` has what it was asked.
 */
function node(script) {
    const asked = [];
    class Socket extends EventTarget {
        constructor() {
            super();
            queueMicrotask(() => this.dispatchEvent(new Event("open")));
        }

        say(message) {
            const event = new Event("message");
            event.data = JSON.stringify({ jsonrpc: "2.0", ...message });
            this.dispatchEvent(event);
        }

        send(text) {
            const { id, method, params } = JSON.parse(text);
            asked.push([method, params]);
            if (method !== "citynet_subscribeRecords") return this.say({ id, result: true });
            const answer = script.shift() ?? [];
            if (!Array.isArray(answer)) return this.say({ id, ...answer });
            const subscription = `subscription ${asked.length}`;
            // What follows comes before anybody could wait for it.
            this.say({ id, result: subscription });
            for (const result of answer) {
                if (result === "lost") this.close();
                else this.say({ method: "citynet_streamedRecords", params: { subscription, result } });
            }
        }

        close() {
            this.dispatchEvent(new Event("close"));
        }
    }
    return { asked, ledger: Ledger.connect("ws://node.example", { WebSocket: Socket }) };
}

/** The indices of so many batches, and why there was nothing in between. */
async function watch({ ledger }, count, options) {
    const reasons = [];
    const batches = [];
    const watching = ledger.watchRecords({ ...options, onInterruption: (reason) => reasons.push(reason) });
    for await (const { items } of watching) {
        batches.push(items.map(({ index }) => Number(index)));
        if (batches.length === count) break;
    }
    return { batches, reasons };
}

const froms = ({ asked }) =>
    asked.filter(([method]) => method === "citynet_subscribeRecords").map(([, params]) => params.from);

test("a broken connection costs no record", async () => {
    const there = node([[records([0, 1], 2), "lost"], [records([], 5), "lost"], [records([7], 9)]]);
    const { batches, reasons } = await watch(there, 3, { filter: { subject: "device:1" } });
    assert.deepEqual(batches, [[0, 1], [], [7]]);
    assert.equal(reasons.length, 2);
    assert.match(reasons[0], /is lost/);
    assert.deepEqual(froms(there), [undefined, "2", "5"]);
    assert.deepEqual(there.asked[0][1], { filter: { subject: "device:1" } });
    // Whoever leaves says so.
    assert.deepEqual(there.asked.at(-1), ["citynet_unsubscribeRecords", ["subscription 3"]]);
    there.ledger.close();
});

test("what passes is waited for", async () => {
    const there = node([
        refusal(9001, "not_synced"),
        [records([0], 1), closed("slow_reader", 1)],
        refusal(9004, "limit_exceeded"),
        [records([1], 2)],
    ]);
    const { batches, reasons } = await watch(there, 2, { from: 0 });
    assert.deepEqual(batches, [[0], [1]]);
    assert.deepEqual(reasons, ["it is not_synced", "it is slow_reader", "it is limit_exceeded"]);
    assert.deepEqual(froms(there), [0, 0, "1", "1"]);
    there.ledger.close();
});

test("what does not pass is thrown", async () => {
    const { ledger } = node([refusal(9007, "no_index")]);
    await assert.rejects(watch({ ledger }, 1), (error) => error instanceof LedgerError && error.code === "no_index");
    for (const [said, message] of [
        [closed("too_expensive", 0), /it is too_expensive/],
        [records([3], 4), /record 3 comes where 5/],
        [records([6, 6], 8), /record 6 comes where 7/],
        [records([6], 6), /goes on with 6 below 7/],
    ]) {
        await assert.rejects(watch(node([[said]]), 1, { from: "5" }), message);
    }
});

test("who takes too slowly gets the rest from the node again", async () => {
    const many = Array.from({ length: 100 }, (_, index) => records([index], index + 1));
    const there = node([many, many.slice(64)]);
    const { batches, reasons } = await watch(there, 100, { from: 0 });
    assert.deepEqual(batches.flat(), Array.from({ length: 100 }, (_, index) => index));
    assert.deepEqual(reasons, ["records come faster than they are taken"]);
    assert.deepEqual(froms(there), [0, "64"]);
});

test("it ends when it is told to, or with the ledger", async () => {
    const told = new AbortController();
    const first = node([[records([0], 1)]]);
    const ended = watch(first, 9, { signal: told.signal });
    setTimeout(() => told.abort(), 20);
    assert.deepEqual(await ended, { batches: [[0]], reasons: [] });
    assert.deepEqual(await watch(first, 9, { signal: told.signal }), { batches: [], reasons: [] });

    const second = node([[records([0], 1)]]);
    const closing = watch(second, 9);
    setTimeout(() => second.ledger.close(), 20);
    assert.deepEqual(await closing, { batches: [[0]], reasons: [] });
});

test("it needs a WebSocket", () => {
    assert.throws(() => Ledger.connect("http://node.example").watchRecords(), TypeError);
});
