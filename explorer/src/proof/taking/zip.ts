/** A file of an archive. */
export interface Entry {
    readonly name: string;
    readonly bytes: Uint8Array;
}

const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;
const END = 22;
/** Version 2.0 of the format, made on Unix. */
const VERSION = 20;
const MADE_BY = (3 << 8) | VERSION;
/** The first day that the format knows: the same files have to give the same bytes whenever they are packed. */
const DATE = (1 << 5) | 1;
/** A plain file that everybody may read, in the upper half of Unix' attributes. */
const ATTRIBUTES = 0o100644 * 0x10000;
/** Names are UTF-8. */
const FLAGS = 0x0800;

/** Packs files into a ZIP archive (PKWARE's APPNOTE, without Zip64), sorted by name and not compressed. */
export function zip(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
    const encoder = new TextEncoder();
    const files = entries
        .map(({ name, bytes }) => ({ name: encoder.encode(name), bytes, checksum: crc32(bytes), text: name }))
        .sort((one, other) => (one.text < other.text ? -1 : 1));
    const total = files.reduce(
        (sum, { name, bytes }) => sum + LOCAL_HEADER + CENTRAL_HEADER + 2 * name.length + bytes.length,
        END,
    );
    // Beyond these the format needs an extension.
    if (total > 0xffff_ffff || files.length > 0xffff) throw new Error("the archive would be too large");
    const archive = new Uint8Array(total);
    const view = new DataView(archive.buffer);
    let at = 0;
    const u16 = (...values: number[]) => {
        for (const value of values) {
            view.setUint16(at, value, true);
            at += 2;
        }
    };
    const u32 = (...values: number[]) => {
        for (const value of values) {
            view.setUint32(at, value, true);
            at += 4;
        }
    };
    const raw = (bytes: Uint8Array) => {
        archive.set(bytes, at);
        at += bytes.length;
    };
    /** What both headers of a file have in common: no compression, and no extra field. */
    const common = ({ name, bytes, checksum }: (typeof files)[number]) => {
        u16(VERSION, FLAGS, 0, 0, DATE);
        u32(checksum, bytes.length, bytes.length);
        u16(name.length, 0);
    };
    const starts = files.map((file) => {
        const start = at;
        u32(0x04034b50);
        common(file);
        raw(file.name);
        raw(file.bytes);
        return start;
    });
    const directory = at;
    for (const [position, file] of files.entries()) {
        u32(0x02014b50);
        u16(MADE_BY);
        common(file);
        // No comment, the first disk, no word on what it contains.
        u16(0, 0, 0);
        u32(ATTRIBUTES, starts[position] ?? 0);
        raw(file.name);
    }
    const size = at - directory;
    u32(0x06054b50);
    u16(0, 0, files.length, files.length);
    u32(size, directory);
    u16(0);
    return archive;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit += 1) remainder = (remainder & 1 ? 0xedb88320 : 0) ^ (remainder >>> 1);
    return remainder;
});

/** The checksum that the format has. */
export function crc32(bytes: Uint8Array): number {
    let remainder = 0xffffffff;
    for (const byte of bytes) remainder = (TABLE[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8);
    return (remainder ^ 0xffffffff) >>> 0;
}
