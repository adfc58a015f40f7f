// How much a reader fetches before the first page is there: what index.html loads at once, compressed. Fails when it is more
// than the limit. Needs `npm run build` before.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 150_000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("chunks.json", dist), "utf8"));

const entry = Object.values(manifest).find((chunk) => chunk.isEntry);
if (entry === undefined) throw new Error("the manifest has no entry");

/** The files of a chunk and of all that it imports outright. */
function filesOf(chunk, found = new Set()) {
    if (found.has(chunk.file)) return found;
    found.add(chunk.file);
    for (const file of chunk.css ?? []) found.add(file);
    for (const name of chunk.imports ?? []) filesOf(manifest[name], found);
    return found;
}

const sizeOf = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const format = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const atOnce = ["index.html", ...filesOf(entry)].map((file) => ({ file, size: sizeOf(file) }));
for (const { file, size } of atOnce) console.log(`${format(size).padStart(10)}  ${file}`);
const total = atOnce.reduce((sum, { size }) => sum + size, 0);
console.log(`${format(total).padStart(10)}  at once, compressed; at most ${format(LIMIT)}`);

const later = Object.values(manifest)
    .filter((chunk) => !filesOf(entry).has(chunk.file))
    .map(({ file }) => ({ file, size: sizeOf(file) }))
    .sort((one, other) => other.size - one.size);
console.log("when asked for, the largest:");
for (const { file, size } of later.slice(0, 8)) console.log(`${format(size).padStart(10)}  ${file}`);

if (total > LIMIT) {
    console.error("what is loaded at once is too large");
    process.exitCode = 1;
}
