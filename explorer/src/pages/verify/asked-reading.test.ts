import { expect, test } from "vitest";

import { askedReading } from "./asked-reading";

test("a batch's link asks for a reading", () => {
    expect(askedReading({ device: "7", sequence: "18446744073709551615" })).toEqual({
        device: "7",
        sequence: "18446744073709551615",
    });
});

test("an address that names no reading asks for none", () => {
    for (const query of [{}, { device: "7" }, { sequence: "0" }, { device: "7", sequence: "x" }, { device: "07", sequence: "1" }]) {
        expect(askedReading(query)).toBeNull();
    }
});
