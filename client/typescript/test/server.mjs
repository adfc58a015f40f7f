// A server that plays what was recorded: it answers a request of a golden file with the answer of that file.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { isDeepStrictEqual } from "node:util";

const GOLDEN = new URL("../../../node/rpc/tests/golden/", import.meta.url);

/** Every recorded request with its answer and the kind of node that gave it, but for those of subscriptions. */
export const recorded = readdirSync(GOLDEN)
    .filter((name) => /^citynet_(?!subscribe|unsubscribe)/.test(name))
    .flatMap((method) =>
        readdirSync(new URL(`${method}/`, GOLDEN)).map((file) => ({
            name: `${method}/${file.replace(".json", "")}`,
            ...JSON.parse(readFileSync(new URL(`${method}/${file}`, GOLDEN), "utf8")),
        })),
    );

/** The recorded case with a name such as `citynet_record/found`. */
export function golden(name) {
    const found = recorded.find((file) => file.name === name);
    if (found === undefined) throw new Error(`there is no golden file ${name}`);
    return found;
}

function answer({ id, method, params }, node) {
    const mine = recorded.filter((file) => file.request.method === method);
    if (mine.length === 0) return { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } };
    const file = mine.find((file) => file.node === node && isDeepStrictEqual(file.request.params, params));
    if (file === undefined) {
        const message = `${method} ${JSON.stringify(params)} was not recorded of a node that is ${node}`;
        return { jsonrpc: "2.0", id, error: { code: -32000, message } };
    }
    return { ...file.answer, id };
}

/**
 * Starts a server. Its path says what it is: a kind of node, such as `/complete`, or how it fails: `/silent`, `/garbage`,
 * `/status`, `/mixed` (another request's answer) or `/drops` (the connection).
 */
export async function serve() {
    const server = createServer((request, response) => {
        let body = "";
        request.on("data", (chunk) => (body += chunk));
        request.on("end", () => {
            const path = request.url.slice(1);
            if (path === "drops") return void request.socket.destroy();
            if (path === "status") return void response.writeHead(503).end("busy");
            const text = reply(path, JSON.parse(body));
            if (text !== undefined) response.writeHead(200, { "content-type": "application/json" }).end(text);
        });
    });
    const sockets = new Set();
    server.on("connection", (socket) => sockets.add(socket));
    const state = { connections: 0 };
    server.on("upgrade", (request, socket) => {
        state.connections += 1;
        upgrade(request, socket);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${server.address().port}`;
    const close = () => {
        server.close();
        sockets.forEach((socket) => socket.destroy());
    };
    return { http: `http://${address}`, ws: `ws://${address}`, state, close };
}

function reply(path, request) {
    switch (path) {
        case "silent":
            return undefined;
        case "garbage":
            return "<html>";
        case "mixed":
            return JSON.stringify({ jsonrpc: "2.0", id: request.id + 1000, result: {} });
        default:
            return JSON.stringify(answer(request, path));
    }
}

/** The server's side of RFC 6455, as far as short text messages need it. */
function upgrade(request, socket) {
    const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}\r\n\r\n`,
    );
    socket.on("error", () => undefined);
    let received = Buffer.alloc(0);
    socket.on("data", (chunk) => {
        received = Buffer.concat([received, chunk]);
        for (let frame = parse(received); frame !== undefined; frame = parse(received)) {
            received = received.subarray(frame.length);
            if (frame.opcode === 8) return void socket.end(Buffer.from([0x88, 0]));
            if (frame.opcode !== 1) continue;
            const path = request.url.slice(1);
            if (path === "drops") return void socket.destroy();
            const text = reply(path, JSON.parse(frame.text));
            if (text !== undefined) socket.write(encode(text));
        }
    });
}

/** The first frame, if all of it has come. */
function parse(bytes) {
    if (bytes.length < 6) return undefined;
    const short = bytes[1] & 0x7f;
    const [at, size] = short === 126 ? [4, bytes.readUInt16BE(2)] : [2, short];
    if (bytes.length < at + 4 + size) return undefined;
    const mask = bytes.subarray(at, at + 4);
    const text = Buffer.from(bytes.subarray(at + 4, at + 4 + size).map((byte, position) => byte ^ mask[position % 4]));
    return { opcode: bytes[0] & 0x0f, text: text.toString(), length: at + 4 + size };
}

function encode(text) {
    const body = Buffer.from(text);
    if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
    const head = Buffer.alloc(10);
    head.writeUInt16BE(0x817f);
    head.writeBigUInt64BE(BigInt(body.length), 2);
    return Buffer.concat([head, body]);
}
