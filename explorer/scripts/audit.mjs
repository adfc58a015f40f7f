// Asks the registry for advisories about the packages of a lock file, also about those that only build the explorer, and
// fails on those that are high or critical and have no written reason. Where the registry does not answer, it says so.
//
//     node scripts/audit.mjs [FOLDER...]     by default the explorer's own

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const GRAVE = new Set(["high", "critical"]);

/** Advisories that do not concern the explorer, by their number, each with the reason. */
const EXCEPTIONS = new Map([]);

const own = fileURLToPath(new URL("../", import.meta.url));
const folders = process.argv.slice(2);
for (const folder of folders.length > 0 ? folders : [own]) {
    const { stdout, error } = spawnSync("npm", ["audit", "--json", "--prefix", folder], {
        encoding: "utf8",
        timeout: 120_000,
        stdio: ["ignore", "pipe", "ignore"],
    });
    const report = parse(stdout);
    if (report?.vulnerabilities === undefined) {
        const why = error?.message ?? report?.message ?? "there is no answer";
        // The address is that of whoever runs this.
        console.log(`NOT RUN: npm audit: the registry gives no advisories (${why.replace(/ - .*/, "")})`);
        break;
    }
    // What is affected by way of another package names that, and the advisory is there.
    const found = Object.values(report.vulnerabilities)
        .flatMap(({ via }) => via)
        .filter((advisory) => typeof advisory === "object" && GRAVE.has(advisory.severity));
    for (const { source, name, severity, title, url } of found) {
        const reason = EXCEPTIONS.get(source);
        const line = `${severity}: ${name}: ${title} (${source}, ${url})`;
        if (reason === undefined) {
            console.error(line);
            process.exitCode = 1;
        } else console.log(`${line}: ${reason}`);
    }
    const { total } = report.metadata.dependencies;
    console.log(`npm audit: ${total} packages, ${found.length} advisories that are high or critical`);
}

function parse(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
