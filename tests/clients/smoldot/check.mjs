// smoldot, as it comes: a light client that is given the chain's specification and trusts nobody. It comes from genesis
// to the finalised head and reads, with proof, who finalises; if asked to, again once that has changed.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { start } from "smoldot";
import { demand, run } from "../job.mjs";

/** The storage key of `Grandpa.Authorities`, a list of keys with a weight each. */
const FINALISERS = "0x5f9cc45b7a00c5899361e1c6099678dc5e0621c4869aa60c02be9adcc98a0d1d";

/** The level of the client's log that tells how it came to a block. */
const DEBUG = 4;

/** Demands that a block of the light client's is the network's, and the state read at it too. */
async function same(light, node, block, count) {
    const hash = await node.ask("chain_getBlockHash", block.number);
    demand(block.hash === hash, `it is at block ${block.number} of the network, which is final`);
    const value = await light.read(block);
    demand(value === (await node.read(block)), "it reads there what the node does");
    demand(finalisers(value) === count, `${count} finalise`);
}

/** The length of an encoded list that is shorter than 64. */
function finalisers(value) {
    return parseInt(value.slice(2, 4), 16) >> 2;
}

/** The chain as somebody who answers JSON-RPC sees it. */
class Chain {
    /** `send` takes a request as text and gives the answer as text. */
    constructor(send) {
        this.send = send;
        this.id = 0;
    }

    async ask(method, ...params) {
        this.id += 1;
        const request = JSON.stringify({ jsonrpc: "2.0", id: this.id, method, params });
        const { result, error } = JSON.parse(await this.send(request));
        if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
        return result;
    }

    async finalized() {
        const hash = await this.ask("chain_getFinalizedHead");
        const { number } = await this.ask("chain_getHeader", hash);
        return { hash, number: Number(number) };
    }

    read({ hash }) {
        return this.ask("state_getStorage", FINALISERS, hash);
    }

    /** The finalised head as soon as `holds` of it. */
    async until(holds) {
        for (;;) {
            const block = await this.finalized();
            if (await holds(block)) return block;
            await pause(300);
        }
    }
}

function overHttp(url) {
    const http = url.replace(/^ws/, "http");
    const headers = { "Content-Type": "application/json" };
    return async (body) => (await fetch(http, { method: "POST", headers, body })).text();
}

/** One request at a time, so the next answer is that to the last request. */
function overSmoldot(chain) {
    return (request) => {
        chain.sendJsonRpc(request);
        return chain.nextJsonRpcResponse();
    };
}

/** What the client tells about itself. */
const log = [];

/** A light client that has come to a block. It asks for headers and for a proof of who finalises, and drops the proof
 * when the headers come first: then another one is tried, up to the fifth. */
async function arrive(chainSpec, number) {
    for (let attempt = 1; ; attempt += 1) {
        log.length = 0;
        const logCallback = (_, target, message) => log.push(`${target}: ${message}`);
        const client = start({ logCallback, maxLogLevel: DEBUG });
        const light = new Chain(overSmoldot(await client.addChain({ chainSpec })));
        const block = await light.until((block) => block.number >= number);
        const proof = log.find((line) => line.includes("warp-sync-fragment-verify-success"));
        if (proof || attempt === 5) return { client, light, block, proof };
        await client.terminate();
    }
}

run(async () => {
    const [specification, url, count, countLater] = process.argv.slice(2);
    if (!count) {
        console.error("usage: node check.mjs RAW-SPECIFICATION ws://NODE FINALISERS [FINALISERS-LATER]");
        process.exit(2);
    }
    process.on("exit", (code) => code && console.log(log.slice(-200).join("\n")));
    const node = new Chain(overHttp(url));
    const head = await node.finalized();

    const { client, light, block, proof } = await arrive(readFileSync(specification, "utf8"), head.number);
    demand(proof, "it has checked a proof of who finalises");
    await same(light, node, block, Number(count));
    if (countLater) {
        const hasChanged = async (block) => finalisers(await light.read(block)) === Number(countLater);
        const changed = await light.until(hasChanged);
        console.log(`ok: the finalisers have changed by block ${changed.number}`);
        // Final by the votes of the new ones.
        await same(light, node, await light.until(({ number }) => number >= changed.number + 5), Number(countLater));
    }
    await client.terminate();
});
