import { describe, expect, it } from "vitest";

import type { RecordView } from "@citynet/ledger";

import { recordRows } from "../../proof/taking/records";
import { EXAMPLES } from "../../words/examples";

import { filterOf, isContradictory, isFiltered, isWhole, onlySubject } from "./filter";
import { lastBelow } from "./neighbours";

describe("the filter in the address", () => {
    it("is what the node is asked for", () => {
        expect(filterOf({ subject: "device:1", from: "5", to: "", view: "live" })).toEqual({
            subject: "device:1",
            fromTime: "5",
        });
        expect(isFiltered({ view: "live" })).toBe(false);
        expect(isFiltered({ kind: "batch_attested" })).toBe(true);
    });

    it("knows what cannot be searched together", () => {
        expect(isContradictory({ naming: "hash:0x00", kind: "deposited" })).toBe(false);
        expect(isContradictory({ naming: "hash:0x00", organisation: "1" })).toBe(true);
    });

    it("knows the journal as a whole, wherever it begins", () => {
        expect(isWhole({ view: "table", start: "5" })).toBe(true);
        expect(isWhole({ kind: "deposited" })).toBe(false);
    });

    it("is provably complete only of a subject alone", () => {
        expect(onlySubject({ subject: "grant:5", view: "table" })).toBe("grant:5");
        expect(onlySubject({ subject: "grant:5", kind: "grant_offered" })).toBe(null);
        expect(onlySubject({})).toBe(null);
    });
});

describe("rows to take away", () => {
    const anchor = { number: 8, hash: "0x08" };
    const record = (index: number): RecordView => ({
        index: String(index),
        version: 1,
        block: 2,
        blockHash: "0x02",
        time: "1536019346000",
        organisation: 1,
        account: "0x5a",
        subjects: ["grant:5", "organisation:1"],
        body: EXAMPLES.price_released,
        encoded: "0x01",
        leafHash: "0x20",
    });
    /** Five records, two a page. */
    const ask = (cursor: string | undefined) => {
        const from = Number(cursor ?? 0);
        const items = [0, 1, 2, 3, 4].slice(from, from + 2).map(record);
        const complete = from + 2 >= 5;
        return Promise.resolve({ anchor, items, complete, next: complete ? null : String(from + 2) });
    };

    it("are all of them, in words and in full", async () => {
        const { columns, rows, complete, anchor: of } = await recordRows(ask, { language: "en" });
        expect(rows).toHaveLength(5);
        expect(complete).toBe(true);
        expect(of).toBe(anchor);
        expect(rows[0]).toHaveLength(columns.length);
        expect(rows[0]?.[columns.indexOf("body")]).toBe('{"grant":"5"}');
        expect(rows[0]?.[columns.indexOf("about")]).toBe("grant:5 organisation:1");
    });

    it("say so where they are not all", async () => {
        const { rows, complete } = await recordRows(ask, { language: "en", most: 3 });
        expect(rows).toHaveLength(4);
        expect(complete).toBe(false);
    });
});

describe("the record before", () => {
    /** A journal that gives pages of at most `most`, and counts questions. */
    function journal(indices: readonly bigint[], most: number) {
        let questions = 0;
        const ask = (from: bigint) => {
            questions++;
            const rest = indices.filter((each) => each >= from);
            return Promise.resolve({ indices: rest.slice(0, most), complete: rest.length <= most });
        };
        return { ask, questions: () => questions };
    }

    it.each([
        [[5n, 90n, 100n], 100n, 90n],
        [[5n, 100n], 100n, 5n],
        [[100n], 100n, null],
        [[0n, 1n], 1n, 0n],
        [[0n], 0n, null],
        [[3n, 999_999n, 1_000_001n], 999_999n, 3n],
    ])("is found in %s", async (indices, end, expected) => {
        expect(await lastBelow(end, journal(indices, 100).ask)).toBe(expected);
    });

    it("is found where pages are cut, with few questions", async () => {
        // Every hundredth, then nothing for a long while.
        const indices = Array.from({ length: 5_000 }, (_, at) => BigInt(at * 100));
        const { ask, questions } = journal([...indices, 2_000_000n], 100);
        expect(await lastBelow(2_000_000n, ask)).toBe(499_900n);
        expect(questions()).toBeLessThan(30);
    });

    it("is the same as by looking through everything", async () => {
        let seed = 7;
        const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
        for (let round = 0; round < 200; round++) {
            const indices = [...new Set(Array.from({ length: random(60) }, () => random(3_000)))].sort((a, b) => a - b);
            const end = random(3_000);
            const expected = indices.filter((each) => each < end).at(-1) ?? null;
            const { ask } = journal(indices.map(BigInt), 1 + random(9));
            expect(await lastBelow(BigInt(end), ask)).toBe(expected === null ? null : BigInt(expected));
        }
    });
});
