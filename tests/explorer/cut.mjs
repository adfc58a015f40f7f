// The node is cut off, and comes back: the explorer says so, shows no failure as an empty list, and goes on by itself.
import { go, tab } from "./browser.mjs";
import { Proxy } from "./proxy.mjs";
import { demand } from "./report.mjs";

export async function cutOff(browser, explorer, node, settings) {
    const proxy = new Proxy(node);
    await proxy.open();
    const { page, close } = await tab(browser, { settings: { ...settings, node: proxy.url } });
    try {
        const rows = page.locator("main tbody tr");
        const says = (text) => page.getByText(text).first().waitFor({ timeout: 60_000 });
        await go(page, explorer, "#/records?view=table");
        await rows.first().waitFor();
        const before = await rows.count();

        await proxy.cut();
        await says("not reachable");
        await says("This is what was true before");
        demand((await rows.count()) === before, "what was true before stays, and is called that");

        // Another page, while there is no node: it has nothing to show, and does not call that empty.
        await page.evaluate(() => (location.hash = "#/devices"));
        await says("The node does not answer");
        demand((await rows.count()) === 0, "there is no list");

        await proxy.open();
        await says("connected");
        await rows.first().waitFor({ timeout: 60_000 });
        demand((await page.getByText("The node does not answer").count()) === 0, "nothing is said of it any more");
    } finally {
        await close();
        await proxy.cut();
    }
}
