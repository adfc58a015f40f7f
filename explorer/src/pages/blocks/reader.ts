/** The bytes that hex digits after `0x` stand for. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
    const digits = hex.startsWith("0x") ? hex.slice(2) : hex;
    if (!/^([0-9a-fA-F]{2})*$/.test(digits)) throw new Error("these are no hex digits");
    const bytes = new Uint8Array(digits.length / 2);
    for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
    return bytes;
}

/** The same backwards. */
export function hexOf(bytes: Uint8Array): string {
    return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Reads the few SCALE types that headers and lists of accounts are made of. Whatever does not fit throws. */
export class Reader {
    readonly #bytes: Uint8Array;
    #at = 0;

    constructor(bytes: Uint8Array) {
        this.#bytes = bytes;
    }

    get left(): number {
        return this.#bytes.length - this.#at;
    }

    take(count: number): Uint8Array {
        if (count > this.left) throw new Error(`${count} bytes are wanted, and ${this.left} are left`);
        this.#at += count;
        return this.#bytes.subarray(this.#at - count, this.#at);
    }

    hex(count: number): string {
        return hexOf(this.take(count));
    }

    byte(): number {
        return this.take(1)[0] ?? 0;
    }

    /** A little-endian number of so many bytes. */
    integer(count: number): bigint {
        return this.take(count).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
    }

    u32(): number {
        return Number(this.integer(4));
    }

    /** A compact number. */
    compact(): bigint {
        const first = this.byte();
        switch (first & 3) {
            case 0:
                return BigInt(first >> 2);
            case 1:
                return BigInt((first >> 2) | (this.byte() << 6));
            case 2:
                return BigInt(first >> 2) | (this.integer(3) << 6n);
            default:
                return this.integer((first >> 2) + 4);
        }
    }

    /** How many items follow; never more than there are bytes, so that nonsense takes no memory. */
    length(): number {
        const length = this.compact();
        if (length > BigInt(this.left)) throw new Error(`${length} items are announced, and ${this.left} bytes are left`);
        return Number(length);
    }

    /** A list of things that are read one after the other. */
    list<T>(read: () => T): T[] {
        return Array.from({ length: this.length() }, read);
    }

    /** Throws where something is left. */
    end(): void {
        if (this.left > 0) throw new Error(`${this.left} bytes are left`);
    }
}
