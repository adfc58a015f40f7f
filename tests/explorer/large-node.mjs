// Plays a node with a long journal and a wide lineage, which no test network has: 1,000,000 records and 5,000 versions.
import { createServer } from "node:http";
import { once } from "node:events";
import { WebSocketServer } from "ws";

export const RECORDS = 1_000_000;
export const VERSIONS = 5_000;
/** Into how many others each version of the lineage was made. */
const SPREAD = 3;
/** Between blocks, in milliseconds. */
const PACE = 3_000;

const hash = (number) => `0x${number.toString(16).padStart(64, "0")}`;
const START = 1_700_000_000_000;
const anchor = { number: 100_000, hash: hash(100_000) };
const head = (count) => ({ count: String(count), chain: hash(count) });

function record(index) {
    const device = String((index % 500) + 1);
    const time = START + index * 1_000;
    const batch = {
        device,
        epoch: 0,
        schema: 1,
        firstSequence: String(index * 10),
        count: 10,
        missing: "0",
        windowStart: String(time - 1_000),
        windowEnd: String(time),
        root: hash(index),
        expires: String(time + 60_000),
    };
    return {
        index: String(index),
        version: 1,
        block: Math.floor(index / 10),
        blockHash: hash(Math.floor(index / 10)),
        time: String(time),
        organisation: 1,
        account: hash(7),
        body: { kind: "batch_attested", batch, signature: `0x${"00".repeat(64)}` },
        encoded: "0x01",
        leafHash: hash(index),
        subjects: [`device:${device}`],
    };
}

function page(items, next) {
    return { anchor, items, next, complete: next === null };
}

/** Version 1 of dataset n + 1 was made from that of the n-th one's parent. */
const parent = (number) => Math.floor((number - 1) / SPREAD);
const depth = (number) => (number === 0 ? 0 : depth(parent(number)) + 1);

function version(dataset) {
    const number = Number(dataset) - 1;
    const sources =
        number === 0 ? [] : [{ source: "version", dataset: String(parent(number) + 1), version: 1, grant: null }];
    const content = {
        activity: "aggregation",
        bytes: "1000",
        code: "",
        content: hash(number),
        from: String(START),
        to: String(START + 1_000),
        mediaType: "text/csv",
        parameters: null,
        records: "10",
        sources,
    };
    return {
        anchor,
        dataset,
        version: 1,
        content: content.content,
        faultySince: null,
        record: String(number),
        body: { kind: "version_published", dataset, version: 1, content },
    };
}

const methods = {
    state_call: () => "0xe803000000000000",
    chain_getHeader: () => header(anchor.number),
    citynet_status: () => ({
        best: anchor,
        finalized: anchor,
        chain: "Large",
        genesisHash: hash(1),
        index: { ...anchor, behind: 0, records: String(RECORDS), synced: true },
        specVersion: 1000,
        treeHead: { root: hash(2), size: String(RECORDS) },
    }),
    citynet_organisations: () => {
        const organisation = { id: 1, name: "City", kind: "city", status: "active", head: head(1) };
        return { anchor, items: [organisation] };
    },
    citynet_currencies: () => ({ anchor, items: [] }),
    citynet_records: ({ filter = {}, cursor, limit = 100 }) => {
        const first = Number(cursor ?? filter.fromIndex ?? 0);
        const last = Math.min(first + limit, RECORDS);
        const items = Array.from({ length: last - first }, (_, at) => record(first + at));
        return page(items, last === RECORDS ? null : String(last));
    },
    citynet_dataset: ({ dataset }) => ({ anchor, dataset, title: `Dataset ${dataset}`, owner: 1, head: head(1) }),
    citynet_datasetVersion: ({ dataset }) => version(String(dataset)),
    citynet_sources: () => page([], null),
    citynet_dependents: () => {
        const numbers = Array.from({ length: VERSIONS - 1 }, (_, at) => at + 1);
        const items = numbers.map((number) => ({
            dataset: String(number + 1),
            version: 1,
            depth: depth(number),
            via: `${parent(number) + 1}@1`,
        }));
        return page(items, null);
    },
};

function header(number) {
    const slot = Buffer.alloc(8);
    slot.writeBigUInt64LE(BigInt(Math.floor(START / 1_000) + number));
    return {
        number: `0x${number.toString(16)}`,
        parentHash: hash(3),
        stateRoot: hash(4),
        extrinsicsRoot: hash(5),
        digest: { logs: [`0x066175726120${slot.toString("hex")}`] },
    };
}

function serve(socket) {
    const send = (message) => socket.send(JSON.stringify({ jsonrpc: "2.0", ...message }));
    let number = anchor.number;
    const timers = [];
    socket.on("close", () => timers.forEach(clearInterval));
    socket.on("message", (text) => {
        const { id, method, params } = JSON.parse(text);
        if (method in methods) return send({ id, result: methods[method](params) });
        if (method.includes("_subscribe")) {
            const subscription = `${method} ${id}`;
            send({ id, result: subscription });
            if (method !== "chain_subscribeFinalizedHeads") return undefined;
            const tell = () =>
                send({ method: "chain_finalizedHead", params: { subscription, result: header((number += 1)) } });
            timers.push(setInterval(tell, PACE));
            return tell();
        }
        if (method.includes("_unsubscribe")) return send({ id, result: true });
        return send({ id, error: { code: -32601, message: `Method not found: ${method}` } });
    });
}

/** Starts it; gives its address and what ends it. */
export async function largeNode() {
    const server = createServer((_, response) => response.writeHead(426).end());
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", serve);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const close = () => {
        for (const socket of sockets.clients) socket.terminate();
        server.close();
    };
    return { url: `ws://127.0.0.1:${server.address().port}`, close };
}
