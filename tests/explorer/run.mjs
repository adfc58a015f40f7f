// Opens the explorer in a browser over a network that runs, and looks at everything.
import { mkdirSync } from "node:fs";

import { launch } from "./browser.mjs";
import { cutOff } from "./cut.mjs";
import { altered, proven, unpinned } from "./evidence.mjs";
import { keyboard } from "./keyboard.mjs";
import { lightClient, lyingNode, otherChain } from "./light.mjs";
import { Node } from "./node.mjs";
import { options } from "./options.mjs";
import { everyPage } from "./pages.mjs";
import { places as placesOf } from "./places.mjs";
import { Report } from "./report.mjs";

const USAGE =
    "node tests/explorer/run.mjs --explorer http://127.0.0.1:PORT --node ws://127.0.0.1:PORT [--screenshots FOLDER] [--only PAGE,…] [--light-spec FILE --light-address MULTIADDRESS,…]";
const chosenOptions = options(USAGE, ["explorer", "node", "screenshots", "only", "light-spec", "light-address"]);
const { explorer: address, node: nodeAddress, screenshots, only } = chosenOptions;
const light = { specification: chosenOptions["light-spec"], address: chosenOptions["light-address"] };
if (address === undefined || nodeAddress === undefined) {
    console.error(`usage: ${USAGE}`);
    process.exit(2);
}
const explorer = address.replace(/\/$/, "");
if (screenshots !== undefined) mkdirSync(screenshots, { recursive: true });

const node = await Node.connect(nodeAddress);
const report = new Report();
const { genesisHash } = await node.ask("citynet_status");
const { places, record, device } = await placesOf(node);
/** What the reader chose: this node, and the chain that it has to be of. */
const settings = { node: nodeAddress, genesis: genesisHash, language: "en", zone: "utc", theme: "system" };
const chosen = only === undefined ? places : Object.fromEntries(only.split(",").map((name) => [name, places[name]]));

const browser = await launch();
try {
    await everyPage(report, browser, explorer, settings, chosen, screenshots);
    let evidence;
    await report.check("a record is proven in the browser", async () => {
        evidence = await proven(browser, explorer, settings, `#/record/${record}`, 6);
    });
    await report.check("all records about a device are proven in the browser", async () => {
        await proven(browser, explorer, settings, `#/device/${device}`, 6);
    });
    await report.check("a question's records are proven in the browser", async () => {
        await proven(browser, explorer, settings, places.access, 7);
    });
    await report.check("a genesis hash that nobody vouches for is called that", () =>
        unpinned(browser, explorer, settings, `#/record/${record}`),
    );
    await report.check("altered evidence is refused at the step that finds it", () => {
        if (evidence === undefined) throw new Error("there is no evidence to alter");
        return altered(browser, explorer, settings, evidence, genesisHash);
    });
    if (light.specification !== undefined && light.address !== undefined) {
        await report.check("a light client comes to the finalised head", () =>
            lightClient(browser, explorer, settings, node, light, evidence),
        );
        await report.check("a node that contradicts the light client is found out", () =>
            lyingNode(browser, explorer, settings, light),
        );
        await report.check("a light client for another chain is refused", () =>
            otherChain(browser, explorer, settings, light),
        );
    }
    await report.check("without a mouse", () => keyboard(browser, explorer, settings));
    await report.check("the node is cut off, and comes back", () => cutOff(browser, explorer, nodeAddress, settings));
} finally {
    await browser.close();
    node.close();
}
process.exitCode = report.end();
