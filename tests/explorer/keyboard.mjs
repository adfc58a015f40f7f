// One way through the explorer without a mouse: from the overview to a record that is proven.
import { go, settled, tab } from "./browser.mjs";
import { steps, verdict } from "./evidence.mjs";
import { demand } from "./report.mjs";

/** The most keys that somebody presses to come to what they want. */
const PATIENCE = 250;

export async function keyboard(browser, explorer, settings) {
    const { page, wrong, close } = await tab(browser, { settings });
    try {
        await go(page, explorer, "#/");
        await page.keyboard.press("Tab");
        demand((await focused(page)).text === "Skip to the content", "the first key leads to what skips the navigation");
        await page.keyboard.press("Enter");
        demand((await focused(page)).name === "MAIN", "it skips to the content");

        await page.reload();
        await settled(page);
        await until(page, ({ text, name }) => name === "A" && text === "Records");
        await page.keyboard.press("Enter");
        await page.waitForFunction(() => location.hash.startsWith("#/records"));
        await settled(page);
        demand((await focused(page)).name === "H1", "the focus goes on from the heading of the page");

        await until(page, ({ link }) => /^#\/record\/\d+$/.test(link));
        await page.keyboard.press("Enter");
        await page.waitForFunction(() => /^#\/record\/\d+$/.test(location.hash));
        await settled(page);
        await until(page, ({ text }) => text === "Fetch and verify");
        await page.keyboard.press("Enter");
        await verdict(page);
        demand((await steps(page)).every((step) => step.endsWith(": passed")), "the record is proven");
        demand((await focused(page)).text === "Fetch and verify again", "the focus stays where it was");
        return wrong;
    } finally {
        await close();
    }
}

async function until(page, wanted) {
    for (let pressed = 0; pressed < PATIENCE; pressed += 1) {
        await page.keyboard.press("Tab");
        const found = await focused(page);
        demand(found.seen || found.name === "BODY", `one sees what has the focus: ${found.name} ${found.text}`);
        if (wanted(found)) return;
    }
    throw new Error(`${PATIENCE} keys do not lead there: ${wanted}`);
}

function focused(page) {
    return page.evaluate(() => {
        const element = document.activeElement ?? document.body;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return {
            name: element.tagName,
            text: element.textContent?.trim() ?? "",
            link: element.getAttribute("href") ?? "",
            seen: outlineStyle !== "none" && outlineWidth !== "0px",
        };
    });
}
