/**
 * Reads tables out of an SQLite database in memory: as much of the format (https://www.sqlite.org/fileformat2.html) as the
 * archive of readings needs. No SQL, no indices, no writing.
 */

/** A value; integers are exact. */
export type Value = bigint | number | string | Uint8Array | null;

/** A row by the number that its table has it under. Where that is a column of its own, its value among these is null. */
export interface Row {
    id: bigint;
    values: Value[];
}

/** The bytes are no such database, or a damaged one. */
export class DatabaseError extends Error {
    override readonly name = "DatabaseError";
}

const MAGIC = "SQLite format 3\0";
const HEADER = 100;
/** Page types. */
const INTERIOR = 5;
const LEAF = 13;
/** A b-tree over as many rows as there can be is not as deep; a damaged one may be a circle. */
const DEEPEST = 40;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const UTF_8 = 1;

/** Whether the bytes begin as an SQLite database does. */
export function isDatabase(bytes: Uint8Array): boolean {
    return bytes.length >= HEADER && [...MAGIC].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}

export class Database {
    readonly #pageSize: number;
    /** The bytes of a page that are SQLite's own. */
    readonly #usable: number;
    readonly #bytes: Uint8Array;
    /** Pages of the log that are newer than those of the file. */
    readonly #newer: ReadonlyMap<number, Uint8Array>;
    readonly #tables: ReadonlyMap<string, number>;
    /** What the application calls the version of its tables. */
    readonly version: number;

    /** A database, and the write-ahead log beside it, if there is one. */
    constructor(bytes: Uint8Array, log?: Uint8Array) {
        if (!isDatabase(bytes)) throw new DatabaseError("it is no SQLite database");
        this.#bytes = bytes;
        const size = view(bytes).getUint16(16);
        // As the format writes 65536.
        this.#pageSize = size === 1 ? 65_536 : size;
        if (this.#pageSize < 512 || (this.#pageSize & (this.#pageSize - 1)) !== 0) {
            throw new DatabaseError(`pages of ${this.#pageSize} bytes`);
        }
        this.#newer = log === undefined ? new Map() : committed(log, this.#pageSize);
        const first = this.#page(1);
        this.#usable = this.#pageSize - (first[20] ?? 0);
        if (view(first).getUint32(56) !== UTF_8) throw new DatabaseError("its text is not UTF-8");
        this.version = view(first).getUint32(60);
        const tables = new Map<string, number>();
        for (const { values } of this.#rows(1, 0n, DEEPEST)) {
            const [kind, name, , root] = values;
            if (kind === "table" && typeof name === "string") tables.set(name, Number(root));
        }
        this.#tables = tables;
    }

    /** The rows of a table in their order, from a number on. */
    rows(table: string, from = 0n): Generator<Row, void> {
        const root = this.#tables.get(table);
        if (root === undefined) throw new DatabaseError(`there is no table ${table}`);
        return this.#rows(root, from, DEEPEST);
    }

    *#rows(number: number, from: bigint, depth: number): Generator<Row, void> {
        if (depth === 0) throw new DatabaseError("its pages lead in a circle");
        const page = this.#page(number);
        // The first page begins with the header of the file.
        const start = number === 1 ? HEADER : 0;
        const kind = page[start];
        if (kind !== LEAF && kind !== INTERIOR) throw new DatabaseError(`page ${number} is of no table`);
        const bytes = view(page);
        const count = bytes.getUint16(start + 3);
        const pointers = start + (kind === LEAF ? 8 : 12);
        for (let cell = 0; cell < count; cell += 1) {
            const at = bytes.getUint16(pointers + 2 * cell);
            if (kind === INTERIOR) {
                // The key is the highest number in the page below.
                const key = new Reader(page, at + 4).variable();
                if (key >= from) yield* this.#rows(bytes.getUint32(at), from, depth - 1);
                continue;
            }
            const reader = new Reader(page, at);
            const length = reader.length();
            const id = reader.variable();
            if (id >= from) yield { id, values: values(this.#payload(page, reader.at, length)) };
        }
        if (kind === INTERIOR) yield* this.#rows(bytes.getUint32(start + 8), from, depth - 1);
    }

    /** The content of a cell; what does not fit into the page is in a chain of others. */
    #payload(page: Uint8Array, at: number, length: number): Uint8Array {
        if (length > this.#bytes.length + this.#newer.size * this.#pageSize) throw new DatabaseError("a row is too long");
        const most = this.#usable - 35;
        if (length <= most) return slice(page, at, length);
        const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
        const fitting = least + ((length - least) % (this.#usable - 4));
        const here = fitting <= most ? fitting : least;
        const payload = new Uint8Array(length);
        payload.set(slice(page, at, here));
        let next = view(page).getUint32(at + here);
        for (let filled = here; filled < length; ) {
            const overflow = this.#page(next);
            const part = slice(overflow, 4, Math.min(length - filled, this.#usable - 4));
            payload.set(part, filled);
            filled += part.length;
            next = view(overflow).getUint32(0);
        }
        return payload;
    }

    #page(number: number): Uint8Array {
        const newer = this.#newer.get(number);
        if (newer !== undefined) return newer;
        if (number < 1) throw new DatabaseError("it names a page that cannot be");
        return slice(this.#bytes, (number - 1) * this.#pageSize, this.#pageSize);
    }
}

/** The pages of a write-ahead log up to its last commit. What follows a frame that is not valid was never written whole. */
function committed(log: Uint8Array, pageSize: number): Map<number, Uint8Array> {
    const pages = new Map<number, Uint8Array>();
    if (log.length < WAL_HEADER) return pages;
    const bytes = view(log);
    const magic = bytes.getUint32(0);
    if ((magic & ~1) >>> 0 !== 0x377f0682) throw new DatabaseError("the log is none of SQLite");
    if (bytes.getUint32(8) !== pageSize) throw new DatabaseError("the log is of another database");
    // The words of the checksums are in the order of the machine that wrote them.
    const little = (magic & 1) === 0;
    let sums = checksum(bytes, 0, 24, little, [0, 0]);
    if (sums[0] !== bytes.getUint32(24) || sums[1] !== bytes.getUint32(28)) return pages;
    let waiting = new Map<number, Uint8Array>();
    for (let at = WAL_HEADER; at + FRAME_HEADER + pageSize <= log.length; at += FRAME_HEADER + pageSize) {
        const salted = bytes.getUint32(at + 8) === bytes.getUint32(16) && bytes.getUint32(at + 12) === bytes.getUint32(20);
        sums = checksum(bytes, at, 8, little, sums);
        sums = checksum(bytes, at + FRAME_HEADER, pageSize, little, sums);
        if (!salted || sums[0] !== bytes.getUint32(at + 16) || sums[1] !== bytes.getUint32(at + 20)) break;
        waiting.set(bytes.getUint32(at), slice(log, at + FRAME_HEADER, pageSize));
        if (bytes.getUint32(at + 4) === 0) continue;
        for (const [number, page] of waiting) pages.set(number, page);
        waiting = new Map();
    }
    return pages;
}

function checksum(bytes: DataView, at: number, length: number, little: boolean, sums: [number, number]): [number, number] {
    let [one, two] = sums;
    for (let word = at; word < at + length; word += 8) {
        one = (one + bytes.getUint32(word, little) + two) >>> 0;
        two = (two + bytes.getUint32(word + 4, little) + one) >>> 0;
    }
    return [one, two];
}

/** The values of a row: their types, then what they are. */
function values(payload: Uint8Array): Value[] {
    const types = new Reader(payload, 0);
    const content = new Reader(payload, types.length());
    const end = content.at;
    const found: Value[] = [];
    while (types.at < end) found.push(content.value(types.length()));
    return found;
}

/** The bytes of the integers of each type. */
const INTEGERS = [0, 1, 2, 3, 4, 6, 8];

class Reader {
    readonly #bytes: Uint8Array;
    at: number;

    constructor(bytes: Uint8Array, at: number) {
        this.#bytes = bytes;
        this.at = at;
    }

    /** An integer of one to nine bytes: seven bits of each, but all eight of the ninth. */
    variable(): bigint {
        let number = 0n;
        for (let count = 1; ; count += 1) {
            const [byte] = this.#take(1);
            const bits = BigInt(byte ?? 0);
            if (count === 9) return BigInt.asIntN(64, (number << 8n) | bits);
            number = (number << 7n) | (bits & 0x7fn);
            if (bits < 0x80n) return number;
        }
    }

    /** The same where it is a number of bytes, or the type of a value. */
    length(): number {
        const length = this.variable();
        if (length < 0n || length > BigInt(Number.MAX_SAFE_INTEGER)) throw new DatabaseError("a length makes no sense");
        return Number(length);
    }

    value(type: number): Value {
        if (type === 0) return null;
        const integer = INTEGERS[type];
        if (integer !== undefined) return signed(this.#take(integer));
        if (type === 7) return view(this.#take(8)).getFloat64(0);
        if (type === 8 || type === 9) return BigInt(type - 8);
        if (type < 12) throw new DatabaseError("a value of an unknown type");
        const bytes = this.#take(Math.floor((type - 12) / 2));
        return type % 2 === 0 ? bytes : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    }

    #take(length: number): Uint8Array {
        const bytes = slice(this.#bytes, this.at, length);
        this.at += length;
        return bytes;
    }
}

function signed(bytes: Uint8Array): bigint {
    let number = 0n;
    for (const byte of bytes) number = (number << 8n) | BigInt(byte);
    return BigInt.asIntN(8 * bytes.length, number);
}

function slice(bytes: Uint8Array, at: number, length: number): Uint8Array {
    if (at + length > bytes.length) throw new DatabaseError("it ends too early");
    return bytes.subarray(at, at + length);
}

function view(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
