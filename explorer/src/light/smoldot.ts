/** Runs smoldot beside the page. It is told the specification first, and then one request after the other. */
import { type Chain, start } from "smoldot";

/** What the page sends. */
export type ToWorker = { specification: string } | { request: string };

/** What it is sent: answers and notifications of JSON-RPC, or why there will be none. */
export type FromWorker = { message: string } | { failed: string };

/** Errors. Its warnings are about slow computers and about which methods it would rather be asked. */
const LEVEL = 1;

let chain: Promise<Chain> | undefined;

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
    if ("specification" in data) {
        chain = added(data.specification);
        answers(chain).catch(fail);
    } else {
        ask(data.request).catch(fail);
    }
});

function added(chainSpec: string): Promise<Chain> {
    const logCallback = (_: number, target: string, message: string) => console.error(`${target}: ${message}`);
    // Nothing is kept: the next one begins at genesis again.
    return start({ maxLogLevel: LEVEL, logCallback }).addChain({ chainSpec });
}

async function answers(chain: Promise<Chain>): Promise<never> {
    const added = await chain;
    for (;;) tell({ message: await added.nextJsonRpcResponse() });
}

async function ask(request: string): Promise<void> {
    if (chain === undefined) throw new Error("a request came before the specification");
    (await chain).sendJsonRpc(request);
}

function fail(error: unknown): void {
    tell({ failed: error instanceof Error ? error.message : String(error) });
}

function tell(message: FromWorker): void {
    self.postMessage(message);
}
