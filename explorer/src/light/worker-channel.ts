import type { Channel, Receiver } from "./rpc";
import type { FromWorker, ToWorker } from "./smoldot";

/** Starts smoldot in a worker of its own, which ends with it and takes its connections along. */
export function inWorker(specification: string, { receive, fail }: Receiver): Channel {
    const worker = new Worker(new URL("./smoldot.ts", import.meta.url), { type: "module", name: "light client" });
    const post = (message: ToWorker) => worker.postMessage(message);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if ("message" in data) receive(data.message);
        else fail(data.failed);
    };
    worker.onerror = (event) => fail(event.message || "the worker cannot be started");
    worker.onmessageerror = () => fail("the worker's answer cannot be read");
    post({ specification });
    return { send: (request) => post({ request }), close: () => worker.terminate() };
}
