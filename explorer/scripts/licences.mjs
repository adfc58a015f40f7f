// Looks that every package in the lock file has a licence that may be used, also those that only build the explorer, and
// prints how many there are of each. The licences are those that the packages themselves name.

import { existsSync, readFileSync } from "node:fs";

const ALLOWED = new Set(["MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "MIT OR Apache-2.0"]);

/** Packages under another licence, each with the reason why it may be used. */
const EXCEPTIONS = new Map([
    ["lightningcss", "MPL-2.0; compiles style sheets while building, and nothing of it comes into what is built"],
    ["lightningcss-*", "MPL-2.0; the program of lightningcss for one kind of machine"],
    ["smoldot", "GPL-3.0-or-later WITH Classpath-exception-2.0, as polkadot-sdk's client crates, which the node links"],
]);

const root = new URL("../", import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL("package-lock.json", root), "utf8"));

function exception(name) {
    return [...EXCEPTIONS.keys()].find((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : name === each));
}

const counts = new Map();
const refused = [];
const unused = new Set(EXCEPTIONS.keys());
for (const [path, { license, optional, version }] of Object.entries(packages)) {
    if (path === "") continue;
    const name = path.replace(/^.*node_modules\//, "");
    const manifest = new URL(`${path}/package.json`, root);
    // What is only for other kinds of machines is not installed here, and the lock file says what it is.
    const named = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).license : optional ? license : undefined;
    const licence = (named ?? "none").replace(/^\((.*)\)$/, "$1");
    counts.set(licence, (counts.get(licence) ?? 0) + 1);
    if (ALLOWED.has(licence)) continue;
    const excepted = exception(name);
    if (excepted === undefined) refused.push(`${name} ${version}: ${licence}`);
    else unused.delete(excepted);
}

for (const [licence, count] of [...counts].sort()) console.log(`${String(count).padStart(4)}  ${licence}`);
for (const each of unused) refused.push(`${each}: an exception that is not needed any more`);
for (const each of refused) console.error(each);
if (refused.length > 0) process.exitCode = 1;
