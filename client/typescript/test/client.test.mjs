import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ERROR_NUMBERS, HttpTransport, items, Ledger, LedgerError, TransportError, WebSocketTransport } from "../dist/index.js";
import { golden, recorded, serve } from "./server.mjs";

let server;
before(async () => (server = await serve()));
after(() => server.close());

/** Asks by the method that the client has for a recorded request. */
function ask(ledger, { method, params }) {
    return ledger[method.replace("citynet_", "")](params);
}

for (const scheme of ["http", "ws"]) {
    describe(scheme, () => {
        test("every recorded request has its recorded answer", async () => {
            for (const { name, node, request, answer } of recorded) {
                const ledger = Ledger.connect(`${server[scheme]}/${node}`);
                if (answer.result !== undefined) {
                    assert.deepEqual(await ask(ledger, request), answer.result, name);
                } else {
                    await assert.rejects(ask(ledger, request), (error) => {
                        assert.ok(error instanceof LedgerError, name);
                        assert.equal(error.number, answer.error.code);
                        assert.equal(error.code, answer.error.data.code);
                        assert.equal(error.message, answer.error.message);
                        assert.deepEqual(error.data, answer.error.data);
                        assert.equal(ERROR_NUMBERS[error.code], error.number);
                        return true;
                    });
                }
                ledger.close();
            }
        });

        test("many requests at once each get their own answer", async () => {
            const ledger = Ledger.connect(`${server[scheme]}/complete`);
            const cases = recorded.filter(({ node, answer }) => node === "complete" && answer.result !== undefined);
            const answers = await Promise.all(cases.map(({ request }) => ask(ledger, request)));
            assert.deepEqual(answers, cases.map(({ answer }) => answer.result));
            ledger.close();
        });

        test("an unknown method and a server's own error are no errors of the ledger", async () => {
            const transport = scheme === "http" ? HttpTransport : WebSocketTransport;
            const connection = new transport(`${server[scheme]}/complete`);
            const unknown = connection.request("citynet_nothing", {});
            await assert.rejects(unknown, (error) => error instanceof TransportError && error.number === -32601);
            const own = connection.request("citynet_status", { nonsense: 1 });
            await assert.rejects(own, (error) => error instanceof TransportError && error.number === -32000);
            connection.close();
        });

        test("a node that does not answer in time", async () => {
            const ledger = Ledger.connect(`${server[scheme]}/silent`, { timeout: 50 });
            await assert.rejects(ledger.status(), { name: "TransportError", message: "no answer within 50 ms" });
            ledger.close();
        });

        test("a connection that breaks", async () => {
            const ledger = Ledger.connect(`${server[scheme]}/drops`);
            await assert.rejects(ledger.status(), TransportError);
            await assert.rejects(ledger.status(), TransportError);
            ledger.close();
        });

        test("nobody there", async () => {
            const ledger = Ledger.connect(`${scheme}://127.0.0.1:1`);
            await assert.rejects(ledger.status(), TransportError);
            ledger.close();
        });

        test("what is closed asks nothing and keeps nobody waiting", async () => {
            const ledger = Ledger.connect(`${server[scheme]}/silent`);
            const waiting = assert.rejects(ledger.status(), { message: "the transport was closed" });
            setTimeout(() => ledger.close(), 50);
            await waiting;
            await assert.rejects(ledger.status(), { message: "the transport was closed" });
        });
    });
}

test("what is no answer over HTTP", async () => {
    for (const [path, message] of [
        ["garbage", /cannot be asked/],
        ["mixed", /to another request/],
        ["status", /status 503/],
    ]) {
        await assert.rejects(Ledger.connect(`${server.http}/${path}`).status(), { name: "TransportError", message });
    }
    const other = { fetch: async () => new Response("[]") };
    await assert.rejects(Ledger.connect(server.http, other).status(), { message: /not of JSON-RPC/ });
});

test("what is no answer over WebSocket is waited out", async () => {
    for (const path of ["garbage", "mixed"]) {
        const ledger = Ledger.connect(`${server.ws}/${path}`, { timeout: 50 });
        await assert.rejects(ledger.status(), { message: "no answer within 50 ms" });
        ledger.close();
    }
});

test("one WebSocket serves many requests, and another one follows when it breaks", async () => {
    const before = server.state.connections;
    const ledger = Ledger.connect(`${server.ws}/complete`);
    await Promise.all([ledger.status(), ledger.peers(), ledger.motions()]);
    await ledger.status();
    assert.equal(server.state.connections, before + 1);
    ledger.close();

    const dropping = Ledger.connect(`${server.ws}/drops`);
    await assert.rejects(dropping.status());
    await assert.rejects(dropping.status());
    assert.equal(server.state.connections, before + 3);
    dropping.close();
});

test("headers are sent, and another fetch or WebSocket is used", async () => {
    const seen = [];
    const fetch = async (url, init) => {
        seen.push([url, init.headers, JSON.parse(init.body)]);
        return new Response(JSON.stringify({ jsonrpc: "2.0", id: 1, result: golden("citynet_status/complete").answer.result }));
    };
    await Ledger.connect("https://node.example/", { fetch, headers: { authorization: "Basic x" } }).status();
    const headers = { authorization: "Basic x", "content-type": "application/json" };
    const body = { jsonrpc: "2.0", id: 1, method: "citynet_status", params: {} };
    assert.deepEqual(seen, [["https://node.example/", headers, body]]);

    const own = class extends globalThis.WebSocket {
        constructor(url) {
            super(url);
            seen.push(url);
        }
    };
    const ledger = Ledger.connect(`${server.ws}/complete`, { WebSocket: own });
    await ledger.status();
    assert.equal(seen.at(-1), `${server.ws}/complete`);
    ledger.close();
});

test("a runtime without WebSocket is told what to do", () => {
    const { WebSocket } = globalThis;
    globalThis.WebSocket = undefined;
    try {
        assert.throws(() => Ledger.connect("ws://127.0.0.1:9944"), /pass one, or use http/);
    } finally {
        globalThis.WebSocket = WebSocket;
    }
    assert.throws(() => Ledger.connect("ftp://node.example"), TypeError);
});

describe("pages", () => {
    const page = (hash, items, next, complete) => ({ anchor: { number: 1, hash }, items, next, complete });

    test("all items, in order, at one state", async () => {
        const ledger = Ledger.connect(`${server.ws}/complete`);
        const filter = { subject: "device:1", kind: "batch_attested" };
        const found = [];
        for await (const record of items((cursor) => ledger.records({ filter, cursor, limit: 1 }))) found.push(record);
        const recordedItems = ["first_page", "last_page"].flatMap(
            (name) => golden(`citynet_records/${name}`).answer.result.items,
        );
        assert.equal(found.length, 2);
        assert.deepEqual(found, recordedItems);
        ledger.close();
    });

    test("a list that changes or ends too early is no list", async () => {
        const drain = async (pages) => {
            for await (const _ of items(async () => pages.shift()));
        };
        await drain([page("a", [1], "x", false), page("a", [2], null, true)]);
        await assert.rejects(drain([page("a", [1], "x", false), page("b", [2], null, true)]), /another block/);
        await assert.rejects(drain([page("a", [1], null, false)]), /not complete/);
    });
});
