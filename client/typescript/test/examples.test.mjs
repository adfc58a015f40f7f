// The examples of the README and those in examples/, run against the recorded answers.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serve } from "./server.mjs";

const RUN = new URL("../build/run/", import.meta.url);
const URL_IN_README = "ws://127.0.0.1:9944";

let server;
before(async () => (server = await serve()));
after(() => server.close());

/** Runs an example, and returns what it prints. */
async function run(position) {
    const code = readFileSync(new URL(`example-${position}.js`, RUN), "utf8");
    assert.ok(code.includes(URL_IN_README));
    const file = new URL(`example-${position}-run.js`, RUN);
    writeFileSync(file, code.replaceAll(URL_IN_README, `${server.ws}/complete`));
    const { log } = console;
    const printed = [];
    console.log = (...words) => printed.push(words.join(" "));
    try {
        await import(file.href);
    } finally {
        console.log = log;
    }
    return printed;
}

test("a developer asks before use", async () => {
    assert.deepEqual(await run(0), ["allowed by grant 1, as of block 8"]);
});

test("an auditor reads everything about a device", async () => {
    assert.deepEqual(await run(1), ["8: 10 readings from 0 on", "12: 8 readings from 12 on"]);
});

test("an operator looks how a node is", async () => {
    assert.deepEqual(await run(2), ["block 9, final up to 8", "the index is 0 blocks behind"]);
});

test("these are all examples", () => {
    const compiled = readdirSync(RUN).filter((name) => /^example-\d+\.js$/.test(name));
    assert.deepEqual(compiled.sort(), ["example-0.js", "example-1.js", "example-2.js"]);
});

test("the program for Node says how a node is and lists records", async () => {
    const program = fileURLToPath(new URL("../examples/records.mjs", import.meta.url));
    const options = ["--url", `${server.http}/complete`, "--subject", "device:1", "--kind", "batch_attested"];
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...options]);
    assert.deepEqual(stdout.trimEnd().split("\n"), [
        "CityNet Double: block 9, final up to 8",
        "the index is 0 blocks behind",
        "2018-09-04T00:02:26.000Z  record 8  batch_attested  by organisation 2",
        "2018-09-04T00:02:29.000Z  record 12  batch_attested  by organisation 2",
    ]);
});
