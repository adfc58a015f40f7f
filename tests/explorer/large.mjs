// Measures how the explorer does with 1,000,000 records and a lineage of 5,000 versions, and prints it.
import { launch, settled, tab } from "./browser.mjs";
import { builtExplorer } from "./files.mjs";
import { largeNode, RECORDS, VERSIONS } from "./large-node.mjs";
import { options } from "./options.mjs";

/** How often more of the list is asked for. */
const MORE = 30;

const { explorer: given } = options("node tests/explorer/large.mjs [--explorer http://127.0.0.1:PORT]", ["explorer"]);
const files = given === undefined ? await builtExplorer() : undefined;
const explorer = files?.url ?? given.replace(/\/$/, "");
const node = await largeNode();
const settings = { node: node.url, genesis: null, language: "en", zone: "utc", theme: "light" };
const browser = await launch();
const number = (value) => value.toLocaleString("en-GB", { maximumFractionDigits: 1 });
const milliseconds = (value) => `${number(value)} ms`;
const say = (name, value) => console.log(`  ${name.padEnd(44)} ${value}`);

try {
    console.log(`A list of ${number(RECORDS)} records`);
    await opened("#/records?view=table", "main tbody tr", async (page) => {
        const times = [];
        for (let click = 0; click < MORE; click += 1) times.push(await more(page));
        say(`each page more, middle of ${MORE}`, milliseconds(middle(times)));
        say("the slowest", milliseconds(Math.max(...times)));
        say("rows then", number(await rowsOf(page)));
        say("a frame while scrolling, the slowest", milliseconds(await scrolling(page)));
        await memory(page);
    });
    console.log(`A lineage of ${number(VERSIONS)} versions`);
    await opened("#/lineage/1@1", "main svg g", async (page) => {
        await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length > 0, null, { timeout: 300_000 });
        say("rows of the table beside it", number(await rowsOf(page)));
        const graph = page.locator("main svg").first();
        await graph.scrollIntoViewIfNeeded();
        const times = [];
        for (let turn = 0; turn < 10; turn += 1) {
            await graph.hover();
            const begin = Date.now();
            await page.mouse.wheel(0, turn % 2 === 0 ? -200 : 200);
            await frames(page);
            times.push(Date.now() - begin);
        }
        say("a turn of the wheel on the graph, middle of 10", milliseconds(middle(times)));
        say("the slowest", milliseconds(Math.max(...times)));
        await memory(page);
    });
} finally {
    await browser.close();
    node.close();
    files?.close();
}

/** Opens a page in a tab of its own, and says when something was seen first, and when what was asked for was. */
async function opened(hash, content, look) {
    const { page, wrong, close } = await tab(browser, { settings });
    await page.addInitScript((selector) => {
        // Of the first table. A long one has only those in its document that are seen, and says how many there are.
        window.rowsOfTable = () => {
            const table = document.querySelector("main table");
            const rows = table?.ariaRowCount ?? null;
            return rows === null ? (table?.querySelectorAll("tbody tr").length ?? 0) : Number(rows) - 1;
        };
        window.slowest = 0;
        new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) window.slowest = Math.max(window.slowest, duration);
        }).observe({ type: "event", durationThreshold: 16, buffered: true });
        new MutationObserver((_, observer) => {
            if (document.querySelector(selector) === null) return;
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => (window.contentAt = performance.now())));
        }).observe(document, { childList: true, subtree: true });
    }, content);
    try {
        await page.goto(`${explorer}/${hash}`);
        await page.waitForFunction(() => window.contentAt !== undefined, null, { timeout: 300_000 });
        const { first, contentAt } = await page.evaluate(() => ({
            first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
            contentAt: window.contentAt,
        }));
        say("first paint", milliseconds(first));
        say("what was asked for is seen", milliseconds(contentAt));
        await settled(page, 300_000);
        await look(page);
        say("the slowest interaction, as the browser counts", milliseconds(await page.evaluate(() => window.slowest)));
        for (const each of wrong) say("WRONG", each);
        if (wrong.length > 0) process.exitCode = 1;
    } finally {
        await close();
    }
}

function rowsOf(page) {
    return page.evaluate(() => window.rowsOfTable());
}

/** How long it takes from asking for more until it is seen, with what driving the browser takes. */
async function more(page) {
    const before = await rowsOf(page);
    const button = page.getByRole("button", { name: "Show more" }).first();
    await button.scrollIntoViewIfNeeded();
    const begin = Date.now();
    await button.click();
    const grown = (count) => window.rowsOfTable() > count;
    await page.waitForFunction(grown, before, { polling: "raf", timeout: 30_000 });
    await frames(page);
    return Date.now() - begin;
}

/** The longest time between two frames while the page is scrolled through. */
function scrolling(page) {
    return page.evaluate(async () => {
        const step = document.documentElement.scrollHeight / 60;
        let longest = 0;
        let last = performance.now();
        for (let at = 0; at < 60; at += 1) {
            scrollTo(0, at * step);
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const now = performance.now();
            longest = Math.max(longest, now - last);
            last = now;
        }
        return longest;
    });
}

function frames(page) {
    return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** What the page needs, after what it does not need any more was thrown away. */
async function memory(page) {
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.enable");
    await session.send("HeapProfiler.collectGarbage");
    await session.send("Performance.enable");
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    say("memory of its objects", `${number(of("JSHeapUsedSize") / 1_048_576)} MiB`);
    say("nodes of its document", number(of("Nodes")));
}

function middle(times) {
    return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)];
}
