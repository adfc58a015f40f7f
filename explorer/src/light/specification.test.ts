import { expect, test } from "vitest";

import { specificationOf } from "./specification";

const RAW = {
    name: "City",
    id: "city",
    chainType: "Local",
    bootNodes: ["/ip4/127.0.0.1/tcp/30333/p2p/x"],
    telemetryEndpoints: null,
    protocolId: "city",
    properties: { ss58Format: 42 },
    codeSubstitutes: { 1: "0x00" },
    lightSyncState: { finalizedBlockHeader: "0x00" },
    anExtension: {},
    genesis: { raw: { top: { "0x01": "0x02" }, childrenDefault: {} } },
};

test("a specification is passed on with other boot nodes, and without what its genesis hash does not cover", () => {
    const specification = specificationOf(JSON.stringify(RAW));
    expect(specification.name).toBe("City");
    expect(specification.bootNodes).toEqual(RAW.bootNodes);
    const { name, id, protocolId, genesis } = RAW;
    const passed = { name, id, protocolId, genesis, bootNodes: ["a", "b"] };
    expect(JSON.parse(specification.withBootNodes(["a", "b"]))).toEqual(passed);
});

test("without boot nodes it has none", () => {
    const { bootNodes, ...rest } = RAW;
    expect(specificationOf(JSON.stringify(rest)).bootNodes).toEqual([]);
});

test.each([
    ["no JSON", "{"],
    ["no object", "null"],
    ["no name", JSON.stringify({ ...RAW, name: 1 })],
    ["not raw", JSON.stringify({ ...RAW, genesis: { runtimeGenesis: {} } })],
    ["not raw", JSON.stringify({ ...RAW, genesis: null })],
    ["boot nodes", JSON.stringify({ ...RAW, bootNodes: [1] })],
    ["boot nodes", JSON.stringify({ ...RAW, bootNodes: "x" })],
])("%s is refused", (reason, text) => expect(() => specificationOf(text)).toThrow(reason));
