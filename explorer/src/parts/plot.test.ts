import { expect, test } from "vitest";

import { spread, ticks } from "./plot";

test("the marks of an axis are round and enclose all", () => {
    expect(ticks(0, 9.3, 4)).toEqual([0, 5, 10]);
    expect(ticks(0, 0.7, 4)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
    expect(ticks(0, 123_456, 4)).toEqual([0, 50_000, 100_000, 150_000]);
    expect(ticks(0, 2, 4, true)).toEqual([0, 1, 2]);
    expect(ticks(3, 3, 4)).toEqual([3]);
});

test("some of many keep the first and the last", () => {
    const many = Array.from({ length: 100 }, (_, index) => index);
    expect(spread(many, 3)).toEqual([0, 50, 99]);
    expect(spread([1, 2], 5)).toEqual([1, 2]);
});
