/** Runs one instance of the verifier beside the page, so that a long document does not keep it from answering its reader. */
import { Machine } from "./machine";

/** What the page sends: first the compiled verifier, then one request after the other. */
export type ToWorker = { module: WebAssembly.Module } | { request: string; body: Uint8Array };

/** What it is sent for each request. */
export type FromWorker = { answer: string } | { failed: string };

let machine: Machine | undefined;

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
    let reply: FromWorker | undefined;
    try {
        if ("module" in data) machine = new Machine(data.module);
        else if (machine === undefined) reply = { failed: "a request came before the verifier" };
        else reply = { answer: machine.ask(data.request, data.body) };
    } catch (error) {
        reply = { failed: error instanceof Error ? error.message : String(error) };
    }
    if (reply !== undefined) self.postMessage(reply);
});
