// The light client: it comes to the finalised head by a node that lets it in, agrees with the node that is asked, and
// says so when that node lies. Nothing of it is loaded before the reader asks for it; for another chain none starts.
import { go, overflow, SIZES, tab, violations } from "./browser.mjs";
import { demand } from "./report.mjs";

/** Coming from genesis to the head, on a machine that also runs the network. */
const PATIENCE = 180_000;

/** What was fetched of smoldot. */
function watched(page) {
    const fetched = [];
    page.on("request", (request) => {
        if (/smoldot/.test(request.url())) fetched.push(request.url());
    });
    return fetched;
}

/** Opens the light client on the page for files, and gives it what it needs. */
async function set(page, explorer, { specification, address }) {
    await go(page, explorer, "#/verify");
    await page.getByRole("button", { name: "Set it up" }).click();
    await page.getByLabel("Choose a specification").setInputFiles(specification);
    await page.getByText(/^\s*Chosen: /).waitFor();
    await page.getByRole("textbox", { name: "Addresses of nodes" }).fill(address.replaceAll(",", "\n"));
}

/** Starts it, and waits until it has a finalised head that is not genesis. */
async function started(page) {
    await page.locator("button.primary[aria-disabled=false]", { hasText: /^Start$/ }).click();
    const arrived = page.locator('[data-light="following"][data-final]:not([data-final="0"])');
    try {
        await arrived.waitFor({ timeout: PATIENCE });
    } catch (cause) {
        throw new Error(`it does not arrive: ${await page.locator("[data-light]").innerText()}`, { cause });
    }
}

export async function lightClient(browser, explorer, settings, node, light, evidence) {
    const { page, wrong, close } = await tab(browser, { settings });
    const fetched = watched(page);
    try {
        await set(page, explorer, light);
        demand(fetched.length === 0, `nothing of it is loaded before: ${fetched.join(", ")}`);
        await started(page);
        demand(fetched.length > 0, "it is loaded then");
        await page.locator("[data-same]").waitFor({ timeout: PATIENCE });
        const found = await page.locator("[data-light]").evaluate((findings) => ({
            number: Number(findings.dataset.final),
            hash: findings.querySelector(".hash").title,
        }));
        const hash = await node.ask("chain_getBlockHash", [found.number]);
        demand(hash === found.hash, "its final block is the network's");
        demand((await page.locator(".findings [role=alert]").count()) === 0, "nobody contradicts it");

        if (evidence !== undefined) {
            const file = { name: "evidence.json", mimeType: "application/json", buffer: Buffer.from(evidence) };
            await page.getByLabel("Choose files").setInputFiles(file);
            const standing = page.locator("[data-standing]");
            await standing.waitFor({ timeout: 60_000 });
            const stands = await standing.getAttribute("data-standing");
            demand(["same", "below"].includes(stands), `the evidence's block is final for it: ${stands}`);
            const said = stands === "same" ? "with the same hash" : "it was not compared";
            demand((await standing.innerText()).includes(said), `no more is claimed than that: ${said}`);
        }

        const findings = await violations(page);
        await page.setViewportSize(SIZES.narrow);
        findings.push(...[...(await violations(page)), await overflow(page)].filter((finding) => finding !== null));

        await page.getByRole("button", { name: "Stop", exact: true }).click();
        await page.locator("[data-light]").waitFor({ state: "detached" });
        await page.getByRole("button", { name: "Start", exact: true }).waitFor();
        return [...findings, ...serious(wrong)];
    } finally {
        await close();
    }
}

/** Nodes tell it addresses of others, and a browser complains of each that nobody is at. */
function serious(wrong) {
    return wrong.filter((line) => !/WebSocket connection to /.test(line));
}

/** The node that is asked lies about a block that is final, and is found out. */
export async function lyingNode(browser, explorer, settings, light) {
    const { page, close } = await tab(browser, { settings });
    const asked = new Set();
    try {
        await page.routeWebSocket(
            (url) => url.href.replace(/\/$/, "") === settings.node.replace(/\/$/, ""),
            (socket) => {
                const server = socket.connectToServer();
                socket.onMessage((text) => {
                    const { id, method, params } = JSON.parse(text);
                    if (method === "chain_getBlockHash" && params[0] > 0) asked.add(id);
                    server.send(text);
                });
                server.onMessage((text) => {
                    const answer = JSON.parse(text);
                    const lie = asked.delete(answer.id) ? { ...answer, result: `0x${"5a".repeat(32)}` } : answer;
                    socket.send(JSON.stringify(lie));
                });
            },
        );
        await set(page, explorer, light);
        await started(page);
        const alarm = page.locator("[data-contradiction]");
        await alarm.waitFor({ timeout: PATIENCE });
        const said = await alarm.innerText();
        demand(said.includes("5a".repeat(32)), "the node's hash is shown");
        demand((await page.locator("[data-same]").count()) === 0, "it does not say besides that both are the same");
        return await violations(page);
    } finally {
        await close();
    }
}

/** A specification of another chain than the pinned one is refused. */
export async function otherChain(browser, explorer, settings, light) {
    const { page, close } = await tab(browser, { settings: { ...settings, genesis: `0x${"00".repeat(32)}` } });
    const fetched = watched(page);
    try {
        await set(page, explorer, light);
        await page.getByText("Refused: this specification is of another chain").waitFor();
        const start = page.getByRole("button", { name: "Start", exact: true });
        demand((await start.getAttribute("aria-disabled")) === "true", "it cannot be started");
        await start.click({ force: true });
        await page.waitForTimeout(500);
        demand((await page.locator("[data-light]").count()) === 0, "it is not started");
        demand(fetched.length === 0, "nothing of it is loaded");
    } finally {
        await close();
    }
}
