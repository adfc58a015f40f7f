import { describe, expect, test } from "vitest";

import { formatAmount, formatNumber, formatRelative, formatSpan, formatTime, isoTime } from "./format";
import { english, russian } from "./plural";

const files = import.meta.glob<{ default: object }>("./{en,ru}/*.ts", { eager: true });

/** Every text by its path, functions as such. */
function leaves(of: unknown, path = ""): Map<string, unknown> {
    if (typeof of !== "object" || of === null) return new Map([[path, of]]);
    return new Map(Object.entries(of).flatMap(([key, value]) => [...leaves(value, `${path}.${key}`)]));
}

describe("texts", () => {
    const rooms = Object.keys(files).filter((path) => path.startsWith("./en/")).map((path) => path.slice("./en/".length));

    test.each(rooms)("%s is there in both languages, with the same keys", (room) => {
        const [en, ru] = ["en", "ru"].map((language) => leaves(files[`./${language}/${room}`]?.default));
        expect([...(ru?.keys() ?? [])]).toEqual([...(en?.keys() ?? [])]);
        for (const [path, text] of en ?? []) {
            expect(typeof ru?.get(path), path).toBe(typeof text);
            expect(text, path).not.toBe("");
            expect(ru?.get(path), path).not.toBe("");
        }
    });

    test("there is nothing in Russian that is not in English", () => {
        expect(Object.keys(files).filter((path) => path.startsWith("./ru/"))).toHaveLength(rooms.length);
    });
});

describe("words after numbers", () => {
    const records = { one: "запись", few: "записи", many: "записей", other: "записи" };

    test.each([
        [0, "записей"],
        [1, "запись"],
        [2, "записи"],
        [5, "записей"],
        [11, "записей"],
        [12, "записей"],
        [21, "запись"],
        [22, "записи"],
        [111, "записей"],
        [101, "запись"],
        [1.5, "записи"],
    ])("%d %s", (count, word) => expect(russian.word(count, records)).toBe(word));

    test("numbers of 64 bits are exact", () => {
        expect(russian.count("18446744073709551615", records)).toBe("18 446 744 073 709 551 615 записей".replaceAll(" ", "\u00a0").replace("\u00a0з", " з"));
        expect(russian.word("18446744073709551611", records)).toBe("записей");
        expect(russian.word("9007199254740993001", records)).toBe("запись");
        expect(english.count(1n, { one: "record", other: "records" })).toBe("1 record");
        expect(english.count("1234567", { one: "record", other: "records" })).toBe("1,234,567 records");
    });
});

describe("amounts", () => {
    test.each([
        ["0", 2, "0.00"],
        ["5", 2, "0.05"],
        ["123450", 2, "1,234.50"],
        ["-123450", 2, "\u22121,234.50"],
        ["1234", 0, "1,234"],
        ["340282366920938463463374607431768211455", 18, "340,282,366,920,938,463,463.374607431768211455"],
    ])("%s with %d decimals", (amount, exponent, text) => expect(formatAmount(amount, exponent, "en")).toBe(text));

    test("have a comma in Russian", () => expect(formatAmount("123450", 2, "ru").replaceAll(/\s/g, " ")).toBe("1 234,50"));
});

describe("times", () => {
    test("are in UTC and say so", () => {
        expect(formatTime("1536019346000", "en", "utc")).toBe("4 Sept 2018, 00:02:26 UTC");
        expect(formatTime("1536019346000", "ru", "utc", "day")).toBe("4 сент. 2018 г.");
        expect(isoTime("1536019346000")).toBe("2018-09-04T00:02:26.000Z");
    });

    test("beyond the calendar are none", () => {
        expect(formatTime("18446744073709551615", "en", "utc")).toBeNull();
        expect(isoTime("18446744073709551615")).toBeUndefined();
    });

    test("have their distances in words", () => {
        expect(formatRelative(3 * 86_400_000, "en")).toBe("in 3 days");
        expect(formatRelative(-7_200_000, "ru")).toBe("2 часа назад");
        expect(formatSpan(90_000, "en")).toBe("2 minutes");
        expect(formatSpan(2_500, "ru")).toBe("2,5 секунды");
    });
});

test("numbers are exact", () => expect(formatNumber("18446744073709551615", "en")).toBe("18,446,744,073,709,551,615"));
