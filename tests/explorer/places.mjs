// Every page of the explorer with something to show, found by asking the node.
import { readFileSync } from "node:fs";

const ROUTES = new URL("../../explorer/src/route/routes.ts", import.meta.url);

/** The names of all routes, so that no page is forgotten. */
function routes() {
    const [, table] = /PATTERNS = \{([^}]*(?:\{\w+\}[^}]*)*)\} as const/.exec(readFileSync(ROUTES, "utf8"));
    return [...table.matchAll(/^\s+(\w+): "/gm)].map(([, name]) => name);
}

/** What stands at the end of a list, since that was made last. */
function last(items, what) {
    const found = items.at(-1);
    if (found === undefined) throw new Error(`the network has no ${what}`);
    return found;
}

export async function places(node) {
    const ofKind = (kind) => node.items("citynet_records", { filter: { kind }, limit: 1000 });
    const batch = last(await ofKind("batch_attested"), "batch").body.batch;
    const obligation = last(await node.items("citynet_obligations", { filter: {} }), "obligation");
    const grant = last(await node.items("citynet_grants"), "grant");
    const versions = await ofKind("version_published");
    const derived = versions.filter(({ body }) => body.content.sources.length > 0);
    const { dataset, version } = last(derived, "version that was made from something").body;
    const cycles = await node.items("citynet_cycles", { currency: obligation.currency });
    const cycle = last(cycles, "cycle").number;
    const [record] = await node.items("citynet_records", { filter: { subject: `grant:${grant.grant}` } });
    const signed = await node.items("citynet_extrinsics", { filter: { account: record.account } });
    const extrinsic = last(signed, "extrinsic").hash;
    const found = {
        overview: "#/",
        search: "#/search?q=device%3A1",
        records: "#/records?view=table",
        record: `#/record/${record.index}`,
        organisations: "#/organisations",
        organisation: `#/organisation/${grant.terms.provider}`,
        validators: "#/validators",
        votes: "#/votes",
        datasets: "#/datasets",
        dataset: `#/dataset/${dataset}`,
        version: `#/dataset/${dataset}/version/${version}`,
        lineage: `#/lineage/${dataset}@${version}`,
        deviceLineage: `#/lineage?device=${batch.device}`,
        access: `#/access?dataset=${grant.terms.dataset}&at=${record.time}`,
        grants: "#/grants",
        grant: `#/grant/${grant.grant}`,
        devices: "#/devices",
        device: `#/device/${batch.device}`,
        batch: `#/batch/${batch.device}/${batch.firstSequence}`,
        settlements: "#/settlements",
        cycle: `#/settlements/${obligation.currency}/${cycle}`,
        obligation: `#/obligation/${obligation.obligation}`,
        statement: `#/statement?organisation=${obligation.debtor}&currency=${obligation.currency}`,
        blocks: "#/blocks",
        block: `#/block/${record.block}`,
        extrinsic: `#/extrinsic/${extrinsic}`,
        account: `#/account/${record.account}`,
        verify: "#/verify",
        settings: "#/settings",
    };
    const missing = routes().filter((name) => !(name in found));
    if (missing.length > 0) throw new Error(`pages that are not opened: ${missing.join(", ")}`);
    return { places: found, record: record.index, device: batch.device };
}
