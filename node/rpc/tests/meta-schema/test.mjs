// Installs what the check needs where it is missing, and says on a line of its own when that is not possible.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
if (!existsSync("node_modules/ajv")) {
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
    const { status } = spawnSync("npm", ["ci", ...flags], { stdio: "inherit" });
    if (status !== 0) {
        console.log("\nNOT RUN: the schema of OpenRPC documents: npm cannot install it");
        process.exit(0);
    }
}
await import("./check.mjs");
