// A way to a node that can be cut off and opened again, at the same address.
import { connect, createServer } from "node:net";
import { once } from "node:events";

export class Proxy {
    #target;
    #server;
    #sockets = new Set();
    #port = 0;

    constructor(webSocket) {
        const { hostname, port } = new URL(webSocket);
        this.#target = { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 80) };
    }

    get url() {
        return `ws://127.0.0.1:${this.#port}`;
    }

    async open() {
        this.#server = createServer((client) => {
            const node = connect(this.#target);
            for (const [one, other] of [
                [client, node],
                [node, client],
            ]) {
                this.#sockets.add(one);
                one.on("error", () => other.destroy());
                one.on("close", () => {
                    this.#sockets.delete(one);
                    other.destroy();
                });
            }
            node.pipe(client);
            // The node answers whoever asks for its own address only.
            const { host, port } = this.#target;
            client.once("data", (request) => {
                const text = request.toString("latin1").replace(/^host:.*$/im, `Host: ${host}:${port}`);
                node.write(text, "latin1");
                client.pipe(node);
            });
        });
        this.#server.listen(this.#port, "127.0.0.1");
        await once(this.#server, "listening");
        this.#port = this.#server.address().port;
    }

    async cut() {
        if (!this.#server.listening) return;
        this.#server.close();
        for (const socket of this.#sockets) socket.destroy();
        await once(this.#server, "close");
    }
}
