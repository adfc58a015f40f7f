// A browser, and pages that tell of everything that went wrong in them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Widths and heights of a computer and a small phone. */
export const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 740 } };

export function launch() {
    return chromium.launch({
        executablePath: "/usr/bin/chromium",
        args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    });
}

/** A tab of its own profile, in which the reader has chosen these settings. `wrong` gathers errors. */
export async function tab(browser, { settings, size = SIZES.wide, reducedMotion = "reduce" }) {
    const context = await browser.newContext({ viewport: size, reducedMotion, serviceWorkers: "block" });
    await context.addInitScript((chosen) => {
        if (localStorage.getItem("citynet-explorer") === null) {
            localStorage.setItem("citynet-explorer", JSON.stringify(chosen));
        }
        addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
            console.error(`policy violated: ${violatedDirective} ${blockedURI}`),
        );
    }, settings);
    const page = await context.newPage();
    const wrong = [];
    page.on("console", (message) => {
        if (message.type() === "error") wrong.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => wrong.push(`thrown: ${error.stack ?? error.message}`));
    return { page, wrong, close: () => context.close() };
}

/** Waits until a page has what it shows: a heading, and nothing that still loads or connects. */
export async function settled(page, timeout = 60_000) {
    const loaded = () =>
        document.querySelector("main h1") !== null &&
        document.querySelector("main .loading") === null &&
        document.querySelector("header .status.wait") === null &&
        // Headings that are being fetched.
        document.querySelector("main")?.innerText.trim() !== "";
    // Questions follow one another, so it has to stay so for a moment.
    for (let quiet = 0; quiet < 3; ) {
        await page.waitForFunction(loaded, null, { timeout, polling: 100 });
        await page.waitForTimeout(150);
        quiet = (await page.evaluate(loaded)) ? quiet + 1 : 0;
    }
}

/** Goes to an address of the explorer and waits for what it shows. */
export async function go(page, explorer, hash) {
    await page.goto(`${explorer}/${hash}`);
    await settled(page);
}

/** What axe finds wrong, a line each. */
export async function violations(page) {
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return found.violations.map(({ id, nodes }) => {
        const [first] = nodes;
        return `axe ${id} (${nodes.length}): ${first.html.slice(0, 200)} — ${first.failureSummary?.split("\n").at(1)?.trim() ?? ""}`;
    });
}

/** How far a page can be scrolled sideways, and by what. */
export function overflow(page) {
    return page.evaluate(() => {
        const beyond = document.documentElement.scrollWidth - innerWidth;
        if (beyond <= 0) return null;
        // What is for screen readers only is cut off, and moves nothing.
        const right = (element) =>
            element.closest("thead, .visually-hidden, .full") === null ? element.getBoundingClientRect().right : 0;
        const [widest] = [...document.querySelectorAll("main *")].sort((one, other) => right(other) - right(one));
        return `the page can be scrolled sideways by ${beyond} px: ${widest?.outerHTML.slice(0, 160)}`;
    });
}
