// Evidence, verified in the browser: as the node gives it, and altered.
import { readFile } from "node:fs/promises";

import { go, settled, tab } from "./browser.mjs";
import { demand } from "./report.mjs";

/** The steps that are shown, such as `inclusion: failed`. */
export function steps(page) {
    return page
        .locator("li[data-step]")
        .evaluateAll((items) => items.map(({ dataset }) => `${dataset.step}: ${dataset.state}`));
}

/** Presses the evidence panel's button and waits for the verdict. */
export async function verify(page) {
    const button = page.getByRole("button", { name: "Fetch and verify", exact: true }).first();
    await button.scrollIntoViewIfNeeded();
    await button.click();
    await verdict(page);
}

export async function verdict(page) {
    await page.locator("li[data-step]").first().waitFor({ timeout: 120_000 });
}

function allPassed(found, least) {
    demand(found.length >= least, `there are ${least} steps at least: ${found.join(", ")}`);
    const others = found.filter((step) => !step.endsWith(": passed"));
    demand(others.length === 0, `every step is green: ${others.join(", ")}`);
}

/** Something is proven by a button on its page; gives the file that the reader can save. */
export async function proven(browser, explorer, settings, hash, least) {
    const { page, wrong, close } = await tab(browser, { settings });
    try {
        await go(page, explorer, hash);
        await verify(page);
        allPassed(await steps(page), least);
        demand((await page.getByText("Compare the hash with a source").count()) === 0, "a pinned hash needs no warning");
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name: "Save the evidence" }).click();
        const saved = await readFile(await (await download).path(), "utf8");
        demand(wrong.length === 0, `nothing goes wrong: ${wrong.join("; ")}`);
        return saved;
    } finally {
        await close();
    }
}

/** Where nobody vouches for the genesis hash, that is said. */
export async function unpinned(browser, explorer, settings, hash) {
    const { page, close } = await tab(browser, { settings: { ...settings, genesis: null } });
    try {
        await go(page, explorer, hash);
        demand(await page.getByText("The genesis hash came from the node you ask").first().isVisible(), "it is said before");
        await verify(page);
        const words = "The evidence holds against what the node itself says is genesis";
        demand(await page.getByText(words).isVisible(), "the verdict says it too");
    } finally {
        await close();
    }
}

/** The page for files: what was saved holds, and what somebody altered is refused at the step that finds it. */
export async function altered(browser, explorer, settings, text, genesis) {
    const { page, wrong, close } = await tab(browser, { settings: { ...settings, genesis: null } });
    const findings = [];
    try {
        await go(page, explorer, "#/verify");
        const drop = async (content) => {
            await page.locator("input[type=file]").setInputFiles({
                name: "evidence.json",
                mimeType: "application/json",
                buffer: Buffer.from(content),
            });
            // The steps of the file before are gone first.
            await page.waitForTimeout(300);
            await verdict(page);
            await settled(page);
            return steps(page);
        };
        await page.getByRole("radio", { name: "I type it" }).check();
        const hash = page.getByRole("textbox", { name: "Genesis hash" });
        await hash.fill(genesis);
        allPassed(await drop(text), 6);
        const document = JSON.parse(text);
        const last = (hex) => hex.slice(0, -1) + (hex.endsWith("0") ? "1" : "0");
        const cases = {
            format: text.replace("{", "{ "),
            inclusion: changed(text, document.record.path[0], last),
            finality: changed(text, document.finality.justification, flipSignature),
        };
        for (const [step, content] of Object.entries(cases)) {
            const found = await drop(content);
            if (!found.includes(`${step}: failed`)) findings.push(`altered at ${step}, and it is: ${found.join(", ")}`);
            if (found.filter((each) => each.endsWith(": failed")).length !== 1) findings.push("one step fails");
            const refused = page.getByText("The evidence does NOT hold");
            if (!(await refused.isVisible())) findings.push(`altered at ${step}, the verdict does not say so`);
        }
        await hash.fill(`0x${"00".repeat(32)}`);
        const foreign = await drop(text);
        if (!foreign.includes("genesis: failed")) findings.push(`of another chain, and it is: ${foreign.join(", ")}`);
        return [...findings, ...wrong];
    } finally {
        await close();
    }
}

function changed(text, part, change) {
    demand(text.includes(part), "the document has the part that is altered");
    return text.replace(part, change(part));
}

/** Changes the first vote's signature: it stands behind round, target and the vote's block, of 8, 36, 1 and 36 bytes. */
function flipSignature(justification) {
    const at = 2 + 2 * (8 + 36 + 1 + 36 + 4);
    const digit = justification[at] === "0" ? "1" : "0";
    return justification.slice(0, at) + digit + justification.slice(at + 1);
}
