import { expect, test } from "vitest";
import { Archive, ArchiveError } from "./archive";
import { kindOf } from "./file";
import { ARCHIVE, dossier, evidence, GENESIS, list, LOG, verifier } from "./fixtures/vectors";
import { ProofError } from "./outcome";
import { Database } from "./sqlite";

const golden = JSON.parse(evidence);

test("an archive says of what it is", () => {
    const archive = new Archive(ARCHIVE, LOG);
    expect(archive).toMatchObject({ genesis: GENESIS, device: "3", sensor: "15092", range: { first: 40n, last: 50n } });
    expect(archive.batches).toMatchObject([{ first: 40n, count: 11, epoch: 0, receipt: { record: "5", block: 60 } }]);
});

test("a reading is taken out with its path", async () => {
    const { leaf, path, raw, sequence } = await new Archive(ARCHIVE, LOG).reading(46n, verifier);
    expect(sequence).toBe("46");
    expect({ leaf: JSON.parse(leaf), path, raw }).toEqual(golden.reading);
    for (const other of [40n, 50n]) await new Archive(ARCHIVE, LOG).reading(other, verifier);
    await expect(new Archive(ARCHIVE, LOG).reading(51n, verifier)).rejects.toThrow("no reading 51; it has 40 to 50");
    await expect(new Archive(ARCHIVE, LOG).reading(39n, verifier)).rejects.toMatchObject({ code: "no_reading" });
});

test("what only the log says is not known without it, nor what it says after it was cut off", async () => {
    for (const log of [undefined, LOG.slice(0, 0), LOG.slice(0, -1), LOG.map((byte, at) => (at === 600 ? byte ^ 1 : byte))]) {
        const archive = new Archive(ARCHIVE, log);
        expect(archive.batches[0]?.receipt).toBeNull();
        await expect(archive.reading(46n, verifier)).rejects.toThrow(ProofError);
    }
    expect(() => new Archive(ARCHIVE, ARCHIVE)).toThrow(ArchiveError);
});

test("whatever byte of an archive is another, nothing else is taken out of it", async () => {
    const whole = await new Archive(ARCHIVE, LOG).reading(46n, verifier);
    let refused = 0;
    for (let at = 0; at < ARCHIVE.length; at += 41) {
        const damaged = ARCHIVE.slice();
        damaged[at] = (damaged[at] ?? 0) ^ 0x10;
        try {
            const reading = await new Archive(damaged, LOG).reading(46n, verifier);
            // The leaf and its path lead to the root; the rest, the verification of the bundle checks.
            expect([reading.leaf, reading.path]).toEqual([whole.leaf, whole.path]);
        } catch (error) {
            if (!(error instanceof ArchiveError)) throw error;
            refused += 1;
        }
    }
    expect(refused).toBeGreaterThan(20);
}, 60_000);

test("what is no archive is refused", () => {
    for (const bytes of [new Uint8Array(), ARCHIVE.slice(0, 99), ARCHIVE.slice(0, 600), new TextEncoder().encode(list)]) {
        expect(() => new Archive(bytes)).toThrow(ArchiveError);
    }
    const newer = ARCHIVE.slice();
    newer[63] = 2;
    expect(() => new Archive(newer)).toThrow(expect.objectContaining({ code: "version" }));
});

test("rows are found by their number, over pages and beyond them", () => {
    const database = new Database(ARCHIVE, LOG);
    const numbers = (from?: bigint) => [...database.rows("readings", from)].map(({ id }) => id);
    expect(numbers()).toEqual([40n, 41n, 42n, 43n, 44n, 45n, 46n, 47n, 48n, 49n, 50n]);
    expect(numbers(49n)).toEqual([49n, 50n]);
    expect(numbers(51n)).toEqual([]);
    const [file] = database.rows("files");
    expect(file?.values).toEqual([null, "sds011.csv", 900n, 11n, new Uint8Array(), 0n, 1n]);
    expect(() => database.rows("rejected")).toThrow("no table");
});

test("a dropped file is told by its content", () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    for (const document of [evidence, list, dossier, dossier.slice(0, -9)]) expect(kindOf(bytes(document))).toBe("document");
    expect(kindOf(ARCHIVE)).toBe("archive");
    expect(kindOf(LOG)).toBe("log");
    expect(kindOf(bytes(`{"name":"CityNet","genesis":{"raw":{}}}`))).toBe("specification");
    expect(kindOf(bytes("P1;P2"))).toBe("unknown");
    expect(kindOf(new Uint8Array())).toBe("unknown");
});
