import { Machine } from "./machine";
import wasm from "./verifier.wasm?url";
import type { FromWorker, ToWorker } from "./worker";

/** Something that answers one request after the other. */
export interface Instance {
    /** Rejects when the verifier failed; it must not be asked again then. */
    ask(request: string, body: Uint8Array): Promise<string>;
    /** Lets go of it. */
    end(): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** An instance of the verifier, in a worker. The verifier is fetched and compiled once. */
export async function inWorker(): Promise<Instance> {
    compiled ??= fetched();
    let module: WebAssembly.Module;
    try {
        module = await compiled;
    } catch (error) {
        // The next one may have more luck.
        compiled = undefined;
        throw error;
    }
    return new WorkerInstance(module);
}

async function fetched(): Promise<WebAssembly.Module> {
    const answer = await fetch(wasm);
    if (!answer.ok) throw new Error(`the verifier cannot be fetched: ${answer.status}`);
    // Not streamed: a server of plain files need not know the media type of Wasm.
    return WebAssembly.compile(await answer.arrayBuffer());
}

/** An instance in the same thread. */
export function inPlace(module: WebAssembly.Module): Instance {
    const machine = new Machine(module);
    return { ask: async (request, body) => machine.ask(request, body), end: () => undefined };
}

class WorkerInstance implements Instance {
    readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    #ended: (reason: Error) => void = () => undefined;

    constructor(module: WebAssembly.Module) {
        this.#post({ module });
    }

    ask(request: string, body: Uint8Array): Promise<string> {
        return new Promise((resolve, reject) => {
            this.#ended = reject;
            this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
                if ("answer" in data) resolve(data.answer);
                else reject(new Error(data.failed));
            };
            this.#worker.onerror = (event) => reject(new Error(event.message || "the worker cannot be started"));
            this.#worker.onmessageerror = () => reject(new Error("the worker's answer cannot be read"));
            this.#post({ request, body });
        });
    }

    end(): void {
        this.#worker.terminate();
        this.#ended(new Error("the verifier was told to end"));
    }

    #post(message: ToWorker): void {
        this.#worker.postMessage(message);
    }
}
