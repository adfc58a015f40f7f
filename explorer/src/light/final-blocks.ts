import type { Hex } from "@citynet/ledger";

/** A block. */
export interface Block {
    readonly number: number;
    readonly hash: Hex;
}

/** How many blocks are kept at most: some hours of a block each second. */
const MOST = 20_000;

/** The blocks that the light client has found to be final. */
export class FinalBlocks {
    /** In the order in which they were found. */
    readonly #hashes = new Map<number, Hex>();
    readonly #most: number;
    #head: Block | null = null;

    constructor(most = MOST) {
        this.#most = most;
    }

    /** The last one. */
    get head(): Block | null {
        return this.#head;
    }

    /** The hash of the one with a number. Null where it is not known, as those before the light client began are. */
    at(number: number): Hex | null {
        return this.#hashes.get(number) ?? null;
    }

    /** Throws when another one of that number is final: then the finalisers have signed both. */
    add({ number, hash }: Block): void {
        const known = this.at(number);
        if (known !== null && known !== hash) {
            throw new Error(`two blocks of number ${number} are final: ${known} and ${hash}`);
        }
        this.#hashes.set(number, hash);
        if (this.#head === null || number > this.#head.number) this.#head = { number, hash };
        const [oldest] = this.#hashes.keys();
        if (this.#hashes.size > this.#most && oldest !== undefined) this.#hashes.delete(oldest);
    }
}
