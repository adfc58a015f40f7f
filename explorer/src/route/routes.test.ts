import { describe, expect, test } from "vitest";

import { href, parse, PATTERNS, type RouteName } from "./routes";
import { subjectHref } from "./subject";

describe("addresses", () => {
    test.each([
        ["", "overview", {}, {}],
        ["#/", "overview", {}, {}],
        ["#/search?q=7%403", "search", {}, { q: "7@3" }],
        ["#/records?subject=device%3A1&kind=batch_attested", "records", {}, { subject: "device:1", kind: "batch_attested" }],
        ["#/record/18446744073709551615", "record", { index: "18446744073709551615" }, {}],
        ["#/dataset/2/version/3", "version", { dataset: "2", version: "3" }, {}],
        ["#/lineage/7@3", "lineage", { dataset: "7", version: "3" }, {}],
        ["#/batch/1/0", "batch", { device: "1", sequence: "0" }, {}],
        ["#/settlements/1/7", "cycle", { currency: "1", cycle: "7" }, {}],
        ["#/settlements/", "settlements", {}, {}],
        ["#/extrinsic/0xab", "extrinsic", { hash: "0xab" }, {}],
    ])("%s", (hash, name, parameters, query) => {
        expect(parse(hash)).toEqual({ name, parameters, query });
    });

    test.each(["#/record/", "#/record/x", "#/record/05", "#/record/5/6", "#/nowhere", "#/account/%", "#/lineage/7"])(
        "%s is no page",
        (hash) => expect(parse(hash)).toBeNull(),
    );

    test("each page's address leads back to it", () => {
        for (const name of Object.keys(PATTERNS) as RouteName[]) {
            const parameters = Object.fromEntries(
                [...PATTERNS[name].matchAll(/<(\w+)>|\{(\w+)\}/g)].map(([, number, text]) => [
                    number ?? text ?? "",
                    number === undefined ? "5Gw/ö?#" : "12",
                ]),
            );
            const print = href as (name: RouteName, parameters: object, query: object) => string;
            expect(parse(print(name, parameters, { q: "a&b=c", none: undefined, empty: "" }))).toEqual({
                name,
                parameters,
                query: { q: "a&b=c" },
            });
        }
    });
});

test("subjects lead to their pages", () => {
    expect(subjectHref("organisation:1")).toBe("#/organisation/1");
    expect(subjectHref("organisation:0")).toBeNull();
    expect(subjectHref("version:7@3")).toBe("#/dataset/7/version/3");
    expect(subjectHref("cycle:1-7")).toBe("#/settlements/1/7");
    expect(subjectHref("hash:0xab")).toBe("#/search?q=0xab");
    expect(subjectHref("nonsense:1")).toBeNull();
    expect(subjectHref("device:x")).toBeNull();
});
