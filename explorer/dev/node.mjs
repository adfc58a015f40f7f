// Plays a node for whoever writes pages: answers with the golden answers of the RPC's tests, over a WebSocket.
//
//     npm run mock        then choose ws://127.0.0.1:9944, which is what public/config.json says
//
// A question that was recorded gets its answer. Another one gets that of the most similar question that has an answer, so
// what is shown need not fit together. The paths /filling, /without_index and others play those kinds of nodes.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { isDeepStrictEqual } from "node:util";

const GOLDEN = new URL("../../node/rpc/tests/golden/", import.meta.url);
const PORT = Number(process.argv[2] ?? 9944);
/** Between blocks, in milliseconds. */
const PACE = 3_000;
const FIRST_BLOCK = 8;
const FIRST_SLOT = 1_536_019_352n;

const recorded = readdirSync(GOLDEN)
    .filter((name) => name.startsWith("citynet_"))
    .flatMap((method) =>
        readdirSync(new URL(`${method}/`, GOLDEN)).map((file) =>
            JSON.parse(readFileSync(new URL(`${method}/${file}`, GOLDEN), "utf8")),
        ),
    );

const beginning = Date.now();
const blocks = () => Math.floor((Date.now() - beginning) / PACE);

function header(number) {
    const slot = Buffer.alloc(8);
    // Now and then a slot is skipped.
    slot.writeBigUInt64LE(FIRST_SLOT + BigInt(number) + BigInt(Math.floor(number / 7)));
    return {
        number: `0x${number.toString(16)}`,
        parentHash: `0x${"11".repeat(32)}`,
        stateRoot: `0x${"22".repeat(32)}`,
        extrinsicsRoot: `0x${"33".repeat(32)}`,
        digest: { logs: [`0x066175726120${slot.toString("hex")}`] },
    };
}

/** A block's hash is its number here, so that blocks can be asked for by hash. */
const hashOf = (number) => `0x${number.toString(16).padStart(64, "0")}`;

/** The answer to a question, or undefined where there is none like it. */
function answer(kind, method, params) {
    const node = kind === "" ? "complete" : kind;
    switch (method) {
        case "state_call":
            return { result: "0xe803000000000000" };
        case "chain_getBlockHash":
            return { result: Array.isArray(params[0]) ? params[0].map(hashOf) : hashOf(params[0] ?? FIRST_BLOCK + blocks()) };
        case "chain_getHeader":
            return { result: header(params[0] === undefined ? FIRST_BLOCK + blocks() : Number(params[0])) };
        case "chain_getBlock":
            return { result: { block: { header: header(FIRST_BLOCK + blocks()), extrinsics: [] }, justifications: null } };
        case "system_health":
            return { result: { peers: 3, isSyncing: false, shouldHavePeers: true } };
    }
    const ours = recorded.filter(({ request }) => request.method === method);
    const same = ours.find((file) => file.node === node && isDeepStrictEqual(file.request.params, params));
    if (same !== undefined) return same.answer;
    const likeness = ({ request }) =>
        Object.entries(params).filter(([key, value]) => isDeepStrictEqual(request.params[key], value)).length;
    const refused = ours.find((file) => file.node === node && file.answer.error !== undefined);
    if (node !== "complete" && refused !== undefined) return refused.answer;
    const [best] = ours
        .filter(({ answer }) => answer.result !== undefined)
        .sort((one, other) => likeness(other) - likeness(one));
    return best?.answer;
}

function notify(send, method, subscription, result) {
    send({ jsonrpc: "2.0", method, params: { subscription, result } });
}

/** What a subscription begins with; returns what ends it. */
function subscribe(method, subscription, send) {
    if (method === "chain_subscribeFinalizedHeads") {
        const tell = () => notify(send, "chain_finalizedHead", subscription, header(FIRST_BLOCK + blocks()));
        const timer = setInterval(tell, PACE);
        setTimeout(tell);
        return () => clearInterval(timer);
    }
    const records = recorded.find(({ request, notifications }) => request.method === method && notifications?.length > 0);
    const timers = (records?.notifications ?? []).map(({ method, params }, position) =>
        setTimeout(() => notify(send, method, subscription, params.result), position * PACE),
    );
    return () => timers.forEach(clearTimeout);
}

function serve(kind, send) {
    const subscriptions = new Map();
    let count = 0;
    return {
        receive({ id, method, params }) {
            if (/_subscribe/.test(method)) {
                const subscription = `s${++count}`;
                send({ jsonrpc: "2.0", id, result: subscription });
                subscriptions.set(subscription, subscribe(method, subscription, send));
                return;
            }
            if (/_unsubscribe/.test(method)) {
                subscriptions.get(params[0])?.();
                subscriptions.delete(params[0]);
                send({ jsonrpc: "2.0", id, result: true });
                return;
            }
            const found = answer(kind, method, params);
            const error = { code: -32601, message: `Method not found: ${method}` };
            send(found === undefined ? { jsonrpc: "2.0", id, error } : { ...found, jsonrpc: "2.0", id });
        },
        end: () => subscriptions.forEach((stop) => stop()),
    };
}

/** One whole frame from a client, or undefined until all of it is here (RFC 6455). */
function frameOf(bytes) {
    if (bytes.length < 6) return undefined;
    const short = bytes[1] & 0x7f;
    const at = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < at + 4) return undefined;
    const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < at + 4 + size) return undefined;
    const mask = bytes.subarray(at, at + 4);
    const body = Buffer.from(bytes.subarray(at + 4, at + 4 + size).map((byte, position) => byte ^ mask[position % 4]));
    return { opcode: bytes[0] & 0x0f, text: body.toString(), length: at + 4 + size };
}

function frame(text) {
    const body = Buffer.from(text);
    // Browsers insist on the shortest form of the length.
    const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
    head[0] = 0x81;
    if (body.length < 126) head[1] = body.length;
    else if (body.length < 65_536) {
        head[1] = 126;
        head.writeUInt16BE(body.length, 2);
    } else {
        head[1] = 127;
        head.writeBigUInt64BE(BigInt(body.length), 2);
    }
    return Buffer.concat([head, body]);
}

createServer((_, response) => response.writeHead(426).end())
    .on("upgrade", (request, socket) => {
        const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
        socket.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}\r\n\r\n`,
        );
        const { receive, end } = serve(request.url.slice(1), (message) => socket.write(frame(JSON.stringify(message))));
        let received = Buffer.alloc(0);
        socket.on("error", () => socket.destroy());
        socket.on("close", end);
        socket.on("data", (chunk) => {
            received = Buffer.concat([received, chunk]);
            for (let next = frameOf(received); next !== undefined; next = frameOf(received)) {
                received = received.subarray(next.length);
                if (next.opcode === 8) return void socket.end(Buffer.from([0x88, 0]));
                if (next.opcode === 1) receive(JSON.parse(next.text));
            }
        });
    })
    .listen(PORT, "127.0.0.1", () => console.log(`ws://127.0.0.1:${PORT}`));
