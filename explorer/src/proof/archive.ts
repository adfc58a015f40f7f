import type { Decimal, Hex } from "@citynet/ledger";
import { ProofError } from "./outcome";
import { Database, DatabaseError, type Value } from "./sqlite";
import { Verifier } from "./verifier";

/** The version of the archive's tables that is known here. */
const VERSION = 1;

/** A reading out of an archive, with its path to the root of its batch. */
export interface ArchivedReading {
    genesis: Hex;
    device: Decimal;
    sequence: Decimal;
    /** The epoch of the key that signed its batch. */
    epoch: number;
    /** The record of its batch, and the block that wrote it. */
    record: Decimal;
    block: number;
    /** The leaf's canonical JSON. */
    leaf: string;
    /** The source line. */
    raw: Hex;
    path: Hex[];
}

/** A batch of an archive. */
export interface ArchivedBatch {
    /** The sequence number of its first reading. */
    first: bigint;
    count: number;
    epoch: number;
    root: Hex;
    /** Where it is on the chain, if it is final. */
    receipt: { record: Decimal; block: number } | null;
}

/** Why a file is no archive, or has no such reading. */
export type ArchiveErrorCode = "no_archive" | "version" | "no_reading" | "damaged";

export class ArchiveError extends Error {
    override readonly name = "ArchiveError";
    readonly code: ArchiveErrorCode;

    constructor(code: ArchiveErrorCode, message: string, options?: ErrorOptions) {
        super(message, options);
        this.code = code;
    }
}

/**
 * The archive that `citynet attest` writes: the readings of one device, from which they can be proven. It says nothing that
 * a verification does not check again.
 */
export class Archive {
    readonly #database: Database;
    readonly genesis: Hex;
    readonly device: Decimal;
    /** The only sensor whose lines it takes, once there is one. */
    readonly sensor: string | null;
    readonly batches: readonly ArchivedBatch[];

    /** Reads `archive.sqlite`, and the `archive.sqlite-wal` beside it, if there is one. Throws an `ArchiveError`. */
    constructor(bytes: Uint8Array, log?: Uint8Array) {
        try {
            this.#database = new Database(bytes, log);
            if (this.#database.version !== VERSION) {
                throw new ArchiveError("version", `it has version ${this.#database.version}, and ${VERSION} is known here`);
            }
            const [only] = this.#database.rows("archive");
            const [, genesis, device, , sensor] = only?.values ?? [];
            this.genesis = hex(blob(genesis));
            this.device = integer(device).toString();
            this.sensor = typeof sensor === "string" ? sensor : null;
            this.batches = [...this.#database.rows("batches")].map(({ id, values }) => batch(id, values));
        } catch (error) {
            throw noArchive(error);
        }
    }

    /** The first and the last sequence number, if there is any reading. */
    get range(): { first: bigint; last: bigint } | null {
        const [first, last] = [this.batches.at(0), this.batches.at(-1)];
        return first && last ? { first: first.first, last: last.first + BigInt(last.count) - 1n } : null;
    }

    /**
     * Takes a reading out. Rejects with an `ArchiveError` when it is not there, or the readings do not make up the root of
     * their batch, and with a `ProofError` when the batch is not final.
     */
    async reading(sequence: bigint, verifier = new Verifier()): Promise<ArchivedReading> {
        const found = this.batches.findLast(({ first }) => first <= sequence);
        if (found === undefined || sequence >= found.first + BigInt(found.count)) {
            const { range } = this;
            const available = range === null ? "none" : `${range.first} to ${range.last}`;
            throw new ArchiveError("no_reading", `the archive has no reading ${sequence}; it has ${available}`);
        }
        const { receipt, epoch } = found;
        if (receipt === null) throw new ProofError("not_attested", `reading ${sequence} was not final on the chain`);
        const position = Number(sequence - found.first);
        const readings = this.#readings(found);
        const reading = readings.length === found.count ? readings[position] : undefined;
        if (reading === undefined) throw new ArchiveError("damaged", `readings of the batch that has ${sequence} are missing`);
        const { path, root } = await verifier.pathOf(readings.map(({ leaf }) => leaf), position);
        if (root !== found.root) {
            throw new ArchiveError("damaged", `its leaves do not make up the root of the batch that has reading ${sequence}`);
        }
        const { genesis, device } = this;
        return { genesis, device, sequence: sequence.toString(), epoch, ...receipt, ...reading, path };
    }

    #readings({ first, count }: ArchivedBatch): Array<{ leaf: string; raw: Hex }> {
        const end = first + BigInt(count);
        const readings = [];
        try {
            for (const { id, values } of this.#database.rows("readings", first)) {
                if (id >= end) break;
                const [, leaf, raw] = values;
                readings.push({ leaf: text(leaf), raw: hex(blob(raw)) });
            }
        } catch (error) {
            throw noArchive(error);
        }
        return readings;
    }
}

function batch(first: bigint, values: Value[]): ArchivedBatch {
    const [, count, epoch, , , root, , , record, block] = values;
    const receipt =
        record === null ? null : { record: integer(record).toString(), block: Number(integer(block)) };
    return { first, count: Number(integer(count)), epoch: Number(integer(epoch)), root: hex(blob(root)), receipt };
}

function noArchive(error: unknown): unknown {
    // Whatever is read beyond the end of a damaged file.
    if (!(error instanceof DatabaseError || error instanceof RangeError || error instanceof TypeError)) return error;
    return new ArchiveError("no_archive", `the file is no archive of readings: ${error.message}`, { cause: error });
}

function integer(value: Value | undefined): bigint {
    if (typeof value === "bigint") return value;
    throw new DatabaseError("a number is missing");
}

function blob(value: Value | undefined): Uint8Array {
    if (value instanceof Uint8Array) return value;
    throw new DatabaseError("bytes are missing");
}

function text(value: Value | undefined): string {
    if (typeof value === "string") return value;
    throw new DatabaseError("a text is missing");
}

function hex(bytes: Uint8Array): Hex {
    return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
