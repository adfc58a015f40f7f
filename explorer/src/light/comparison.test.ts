import type { Hex } from "@citynet/ledger";
import { describe, expect, test } from "vitest";

import { after, common, contradicts, refusal, standing } from "./comparison";
import { FinalBlocks } from "./final-blocks";

const hash = (number: number, chain = "a"): Hex => `0x${chain.repeat(8)}${number.toString().padStart(56, "0")}`;
const block = (number: number, chain?: string) => ({ number, hash: hash(number, chain) });

/** Genesis, and what came after it leapt to block 100. */
function known(): FinalBlocks {
    const final = new FinalBlocks();
    for (const number of [0, 100, 101, 102]) final.add(block(number));
    return final;
}

describe("final blocks", () => {
    test("are known by their numbers", () => {
        expect(known().head).toEqual(block(102));
        expect(known().at(101)).toBe(hash(101));
        expect(known().at(50)).toBeNull();
        expect(new FinalBlocks().head).toBeNull();
    });

    test("come again, and never as others", () => {
        const final = known();
        final.add(block(101));
        expect(final.head).toEqual(block(102));
        expect(() => final.add(block(101, "b"))).toThrow("two blocks of number 101 are final");
    });

    test("are forgotten, the oldest first", () => {
        const final = new FinalBlocks(2);
        for (const number of [1, 2, 3]) final.add(block(number));
        expect([1, 2, 3].map((number) => final.at(number))).toEqual([null, hash(2), hash(3)]);
    });
});

describe("a node and a light client", () => {
    test("are compared at the last block that both have as final", () => {
        expect(common(known(), 105)).toEqual(block(102));
        expect(common(known(), 101)).toEqual(block(101));
        expect(common(known(), 50)).toBeNull();
        expect(common(known(), 0)).toEqual(block(0));
        expect(common(new FinalBlocks(), 50)).toBeNull();
    });

    test("contradict each other by another hash, and not by none", () => {
        expect(contradicts({ block: block(5), node: hash(5) })).toBe(false);
        expect(contradicts({ block: block(5), node: null })).toBe(false);
        expect(contradicts({ block: block(5), node: hash(5, "b") })).toBe(true);
    });

    test("that contradicted each other once have done so", () => {
        const agree = { block: block(6), node: hash(6) };
        const differ = { block: block(5), node: hash(5, "b") };
        expect(after(null, agree)).toBe(agree);
        expect(after(differ, agree)).toBe(differ);
        // The answer to an earlier question comes late.
        expect(after(agree, differ)).toBe(differ);
        expect(after(agree, { block: block(4), node: hash(4) })).toBe(agree);
        expect(after(agree, { block: block(7), node: null }).block.number).toBe(7);
    });
});

describe("evidence", () => {
    const genesis = hash(0);
    const light = { genesis, final: known() };

    test.each([
        ["same", 101, "a"],
        ["same", 102, "a"],
        ["differs", 101, "b"],
        // The numbers alone say nothing about the hash.
        ["below", 50, "b"],
        ["above", 103, "a"],
    ])("is %s: %d", (expected, number, chain) =>
        expect(standing({ genesis, block: block(number, chain) }, light)).toBe(expected),
    );

    test("of another chain is not compared", () =>
        expect(standing({ genesis: hash(0, "b"), block: block(101) }, light)).toBe("foreign"));

    test("waits for a finalised head", () =>
        expect(standing({ genesis, block: block(1) }, { genesis, final: new FinalBlocks() })).toBeNull());
});

test("a specification of another chain than any that is meant is refused", () => {
    expect(refusal(hash(0), [])).toBeNull();
    expect(refusal(hash(0), [null, hash(0)])).toBeNull();
    expect(refusal(hash(0), [hash(0), hash(0, "b")])).toBe(hash(0, "b"));
    expect(refusal(hash(0), [hash(0, "b"), null])).toBe(hash(0, "b"));
});
