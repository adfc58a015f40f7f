// Asks a node by JSON-RPC.
import { once } from "node:events";
import { WebSocket } from "ws";

export class Node {
    #socket;
    #waiting = new Map();
    #id = 0;

    /** Connects to a node at `ws://…`. */
    static async connect(url) {
        const node = new Node();
        node.#socket = new WebSocket(url);
        node.#socket.on("message", (text) => node.#receive(JSON.parse(text)));
        await once(node.#socket, "open");
        return node;
    }

    ask(method, params = {}) {
        this.#id += 1;
        const id = this.#id;
        return new Promise((resolve, reject) => {
            this.#waiting.set(id, { method, resolve, reject });
            this.#socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
        });
    }

    /** The items of a list's first page. */
    async items(method, params = {}) {
        return (await this.ask(method, params)).items;
    }

    close() {
        this.#socket.close();
    }

    #receive({ id, result, error }) {
        const { method, resolve, reject } = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${JSON.stringify(error)}`));
    }
}
