/** The exports of the verifier's Wasm; explorer/verifier says what they do. */
interface Exports {
    memory: WebAssembly.Memory;
    input(length: number): number;
    answer(): number;
    output(): number;
}

/**
 * One instance of the verifier's Wasm, for one document. It imports nothing, so that it can do nothing but answer. After it
 * threw, it must not be asked again.
 */
export class Machine {
    readonly #exports: Exports;

    constructor(module: WebAssembly.Module) {
        // What they are is checked by the first call; that they are these, the crate says.
        this.#exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
    }

    /** Answers a request, which is one line of JSON, about some bytes. */
    ask(request: string, body: Uint8Array): string {
        const { memory, input, answer, output } = this.#exports;
        const line = new TextEncoder().encode(`${request}\n`);
        const length = line.length + body.length;
        // Pointers above 2 GiB come as negative numbers. A call may move the memory, so its buffer is taken after it.
        const place = input(length) >>> 0;
        const room = new Uint8Array(memory.buffer, place, length);
        room.set(line);
        room.set(body, line.length);
        const size = answer() >>> 0;
        const found = output() >>> 0;
        return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(memory.buffer, found, size));
    }
}
