// Compiles and tests everything. Installs the compiler where it is missing, and says on a line of its own when that is
// not possible.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const GOLDEN = new URL("../../../node/rpc/tests/golden/", import.meta.url);
process.chdir(HERE);

function run(command, ...options) {
    console.log(`$ ${command} ${options.join(" ")}`);
    const { status, error } = spawnSync(command, options, { stdio: "inherit" });
    if (error) console.error(error.message);
    return status === 0;
}

/** Ends with an error unless a step is done. */
function step(done) {
    if (!done) process.exit(1);
}

function tsc(...options) {
    return run(process.execPath, "node_modules/typescript/bin/tsc", ...options);
}

/** One constant for each recorded answer and request: they compile only if they are of the type that the client promises. */
function goldenTypes() {
    const lines = ['import type { Methods } from "@citynet/ledger";\n'];
    // Subscriptions are no methods of the client.
    const methods = readdirSync(GOLDEN).filter((name) => /^citynet_(?!subscribe|unsubscribe)/.test(name));
    for (const method of methods) {
        for (const file of readdirSync(new URL(`${method}/`, GOLDEN))) {
            const { request, answer } = JSON.parse(readFileSync(new URL(`${method}/${file}`, GOLDEN), "utf8"));
            if (answer.result === undefined) continue;
            const name = `${method}_${file.replace(".json", "")}`;
            lines.push(`export const ${name}: Methods["${method}"]["result"] = ${JSON.stringify(answer.result)};\n`);
            lines.push(`export const ${name}_: Methods["${method}"]["params"] = ${JSON.stringify(request.params)};\n`);
        }
    }
    if (lines.length < 60) throw new Error(`there are only ${lines.length} lines of golden answers`);
    return lines.join("");
}

/** The examples of the README, in order. */
function examples() {
    return [...readFileSync("README.md", "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
}

if (!existsSync("node_modules/typescript/bin/tsc")) {
    const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
    if (!run("npm", "ci", ...options)) {
        console.log("\nNOT RUN: the TypeScript client: npm cannot install the compiler");
        process.exit(0);
    }
}
step(run(process.execPath, "scripts/generate.mjs", "--check"));
rmSync("dist", { recursive: true, force: true });
step(tsc());
rmSync("build", { recursive: true, force: true });
mkdirSync("build/src", { recursive: true });
writeFileSync("build/src/golden.ts", goldenTypes());
examples().forEach((code, position) => writeFileSync(`build/src/example-${position}.ts`, code));
step(tsc("-p", "tsconfig.check.json"));
// Node 20 has a WebSocket only when it is asked for.
const flags = globalThis.WebSocket === undefined ? ["--experimental-websocket"] : [];
const tests = readdirSync("test").filter((name) => name.endsWith(".test.mjs"));
step(run(process.execPath, ...flags, "--test", "--test-reporter=spec", ...tests.map((name) => `test/${name}`)));
