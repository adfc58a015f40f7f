import type { SourceView } from "@citynet/ledger";
import { expect, test } from "vitest";

import dependents from "../../../../node/rpc/tests/golden/citynet_dependents/of_a_device.json?raw";
import sources from "../../../../node/rpc/tests/golden/citynet_sources/of_a_version.json?raw";

import { downstream, inOrder, lineageOf, withAllWays, within } from "./lineage";

const answer = (text: string) => (JSON.parse(text) as { answer: { result: { items: never[] } } }).answer.result.items;
const edges = (lineage: ReturnType<typeof lineageOf>) => lineage.edges.map(({ from, to }) => `${from} > ${to}`).sort();

test("what a version was made from goes back to its devices", () => {
    const lineage = lineageOf("version:2@1", [{ of: "version:2@1", sources: answer(sources), dependents: [] }]);
    expect(edges(lineage)).toEqual([
        "device:1 > readings:1:0-9",
        "device:1 > version:1@1",
        "readings:1:0-9 > version:1@1",
        "version:1@1 > version:2@1",
    ]);
    expect(lineage.nodes.get("version:1@1")).toMatchObject({ depth: -1, grant: "1", via: "version:2@1" });
    expect(inOrder(lineage).map(({ id }) => id)).toEqual(["version:1@1", "readings:1:0-9", "device:1"]);
});

test("what was made from a device is found by its way", () => {
    const lineage = lineageOf("device:1", [{ of: "device:1", sources: [], dependents: answer(dependents) }]);
    expect(edges(lineage)).toEqual(["device:1 > version:1@1", "version:1@1 > version:2@1"]);
    expect(lineage.nodes.get("version:2@1")?.depth).toBe(2);
});

const version = (dataset: string, depth: number, of: string): SourceView => ({
    source: "version",
    dataset,
    version: 1,
    grant: null,
    record: "0",
    depth,
    of,
});
const diamond = lineageOf("version:9@1", [
    {
        of: "version:9@1",
        sources: [version("2", 1, "9@1"), version("3", 1, "9@1"), version("1", 2, "2@1")],
        dependents: [{ dataset: "10", version: 1, depth: 1, via: "9@1" }],
    },
]);

test("ways that are not the shortest come from the sources of each version", () => {
    expect(edges(diamond)).not.toContain("version:1@1 > version:3@1");
    const whole = withAllWays(
        diamond,
        new Map([["version:3@1", [{ source: "version", dataset: "1", version: 1, grant: null }]]]),
    );
    expect(edges(whole)).toContain("version:1@1 > version:3@1");
    expect([...downstream(whole.edges, ["version:1@1"])].sort()).toEqual([
        "version:10@1",
        "version:1@1",
        "version:2@1",
        "version:3@1",
        "version:9@1",
    ]);
    expect([...downstream(diamond.edges, ["version:10@1"])]).toEqual(["version:10@1"]);
});

test("what is too many steps away is counted, not forgotten", () => {
    const near = within(diamond, 1, 0);
    expect([...near.lineage.nodes.keys()].sort()).toEqual(["version:2@1", "version:3@1", "version:9@1"]);
    expect(near.hidden).toBe(2);
    expect(within(diamond, 64, 64).hidden).toBe(0);
});

test("a further answer goes on from where the thing is", () => {
    const more = lineageOf("version:9@1", [
        { of: "version:9@1", sources: [], dependents: [{ dataset: "10", version: 1, depth: 1, via: "9@1" }] },
        { of: "version:10@1", sources: [], dependents: [{ dataset: "11", version: 1, depth: 1, via: "10@1" }] },
    ]);
    expect(more.nodes.get("version:11@1")?.depth).toBe(2);
});

test("five thousand things are laid out at once", () => {
    const dependents = Array.from({ length: 5000 }, (_, at) => ({
        dataset: String(at + 10),
        version: 1,
        depth: 1 + (at % 20),
        via: at < 20 ? "9@1" : `${at - 10}@1`,
    }));
    const before = performance.now();
    const lineage = lineageOf("version:9@1", [{ of: "version:9@1", sources: [], dependents }]);
    expect(downstream(lineage.edges, ["version:9@1"]).size).toBeGreaterThan(5000);
    expect(performance.now() - before).toBeLessThan(2000);
});
