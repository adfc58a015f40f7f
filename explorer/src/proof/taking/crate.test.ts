import { describe, expect, test } from "vitest";

import { type AsOf, tabled } from "./table";
import { pack } from "./crate";
import { crc32, zip } from "./zip";

const AS_OF: AsOf = {
    genesis: `0x${"01".repeat(32)}`,
    block: { number: 9, hash: `0x${"02".repeat(32)}` },
    time: 1_772_366_400_000,
};

/** The files of an archive, by its central directory. */
function unzip(archive: Uint8Array): Map<string, Uint8Array> {
    const view = new DataView(archive.buffer, archive.byteOffset);
    const end = archive.length - 22;
    expect(view.getUint32(end, true)).toBe(0x06054b50);
    const files = new Map<string, Uint8Array>();
    let at = view.getUint32(end + 16, true);
    for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
        expect(view.getUint32(at, true)).toBe(0x02014b50);
        const [checksum, size] = [view.getUint32(at + 16, true), view.getUint32(at + 24, true)];
        const [name, local] = [view.getUint16(at + 28, true), view.getUint32(at + 42, true)];
        expect(view.getUint32(local, true)).toBe(0x04034b50);
        const start = local + 30 + view.getUint16(local + 26, true);
        const bytes = archive.slice(start, start + size);
        expect(crc32(bytes)).toBe(checksum);
        files.set(new TextDecoder().decode(archive.subarray(at + 46, at + 46 + name)), bytes);
        at += 46 + name;
    }
    expect(at).toBe(end);
    return files;
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("an archive", () => {
    test("has the checksum that the format prescribes", () => {
        expect(crc32(bytes("123456789"))).toBe(0xcbf43926);
        expect(crc32(bytes(""))).toBe(0);
    });

    test("gives its files back, and the same bytes in whatever order they come", () => {
        const files = [
            { name: "b.csv", bytes: bytes("b\n") },
            { name: "a.json", bytes: bytes("{}") },
            { name: "empty", bytes: bytes("") },
        ];
        const archive = zip(files);
        expect([...unzip(archive).keys()]).toEqual(["a.json", "b.csv", "empty"]);
        expect(zip(files.toReversed())).toEqual(archive);
        expect(unzip(zip([])).size).toBe(0);
    });
});

describe("a crate", () => {
    const part = (name: string) => ({ name, bytes: bytes(name), mediaType: "text/csv", description: "what was there" });

    test("says what is in it", async () => {
        const files = unzip(await pack({ name: "An audit", description: "of it" }, AS_OF, [part("b.csv"), part("a.csv")]));
        const metadata = JSON.parse(new TextDecoder().decode(files.get("ro-crate-metadata.json")));
        const graph = new Map<string, Record<string, unknown>>(
            metadata["@graph"].map((entity: { "@id": string }) => [entity["@id"], entity]),
        );
        expect(graph.get("./")).toMatchObject({
            datePublished: "2026-03-01T12:00:00Z",
            hasPart: [{ "@id": "a.csv" }, { "@id": "b.csv" }],
        });
        expect(graph.get("a.csv")).toMatchObject({
            contentSize: "5",
            sha256: "32f29f33d51165a6808e62cc3dfe85d090bc7521591fa6b6f829f061402704dc",
        });
        expect([...graph.keys()]).toContain("#ledger");
    });

    test("has no two files of one name", async () => {
        await expect(pack({ name: "", description: "" }, AS_OF, [part("a"), part("a")])).rejects.toThrow("more than one");
        const taken = [part("ro-crate-metadata.json")];
        await expect(pack({ name: "", description: "" }, AS_OF, taken)).rejects.toThrow("more than one");
    });
});

test("a table comes with its manifest", async () => {
    const rows = {
        columns: ["grant", "title"],
        rows: [
            ["1", 'a "b", c'],
            ["2", "=1+1"],
        ],
        complete: false,
        anchor: AS_OF.block,
    };
    const table = await tabled("grants.csv", rows, { page: "#/grants" }, AS_OF);
    expect(new TextDecoder().decode(table.bytes)).toBe('grant,title\r\n1,"a ""b"", c"\r\n2,\'=1+1\r\n');
    expect(table.manifestFile).toBe("grants.csv.manifest.json");
    expect(table.manifest).toMatchObject({
        format: "citynet.table/1",
        file: "grants.csv",
        bytes: String(table.bytes.length),
        rows: "2",
        complete: false,
        genesisHash: AS_OF.genesis,
        block: AS_OF.block,
        time: "1772366400000",
    });
    await expect(tabled("a.csv", { ...rows, rows: [["1"]] }, {}, AS_OF)).rejects.toThrow("1 cells");
});
