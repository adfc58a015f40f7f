import type { GrantView } from "@citynet/ledger";
import { expect, test } from "vitest";

import { share, standing, standingAlone } from "./standing";
import { above, treeOf } from "./tree";

type Own = Parameters<typeof standing>[0];

function grant(state: GrantView["state"], changes: Partial<Own> = {}): Own {
    return {
        grant: "5",
        state,
        activeSince: "1000",
        usedInAll: { accesses: "0", records: "0", bytes: "0" },
        terms: {
            notBefore: "2000",
            notAfter: "3000",
            limit: { accesses: "10", records: null, bytes: null },
        } as GrantView["terms"],
        ...changes,
    };
}

test("time and use decide on the standing", () => {
    const active = grant("active");
    expect(standingAlone(active, 1999n).kind).toBe("early");
    expect(standingAlone(active, 2000n).kind).toBe("inForce");
    expect(standingAlone(active, 2999n).kind).toBe("inForce");
    expect(standingAlone(active, 3000n).kind).toBe("expired");
    expect(standingAlone(grant("active", { activeSince: "2500" }), 2400n).kind).toBe("early");
    const used = { accesses: "10", records: "99", bytes: "99" };
    expect(standingAlone(grant("active", { usedInAll: used }), 2000n).kind).toBe("usedUp");
    expect(standingAlone(grant("suspended"), 2000n).kind).toBe("suspended");
    expect(standingAlone(grant("suspended"), 3000n).kind).toBe("suspendedExpired");
    expect(standingAlone(grant("revoked"), 2000n)).toEqual({ kind: "state", state: "revoked" });
});

test("an active grant may stand on one that is not in force", () => {
    const own = grant("active");
    const on = (...states: GrantView["state"][]) =>
        standing(
            own,
            states.map((state, index) => grant(state, { grant: String(4 - index) })),
            2000n,
        );
    expect(on("active", "active")).toEqual({ kind: "inForce" });
    expect(on("active", "revoked")).toEqual({ kind: "above", grant: "3" });
    expect(on("suspended", "revoked")).toEqual({ kind: "above", grant: "4" });
    expect(standing(grant("completed"), [grant("revoked")], 2000n)).toEqual({ kind: "state", state: "completed" });
});

test("shares of a limit are never rounded up", () => {
    expect(share("0", "10")).toBe(0);
    expect(share("18446744073709551614", "18446744073709551615")).toBe(99);
    expect(share("10", "10")).toBe(100);
    expect(share("11", "10")).toBe(100);
    expect(share("0", "0")).toBe(100);
});

test("a tree goes from the first grant down to the last", () => {
    const grants = [
        { grant: "1", parent: null },
        { grant: "2", parent: "1" },
        { grant: "3", parent: "2" },
        { grant: "4", parent: "1" },
        { grant: "9", parent: null },
    ];
    const tree = treeOf(grants, "3");
    expect(tree?.grant.grant).toBe("1");
    expect(tree?.below.map(({ grant }) => grant.grant)).toEqual(["2", "4"]);
    expect(tree?.below[0]?.below[0]?.grant.grant).toBe("3");
    expect(above(grants, grants[2]!).map(({ grant }) => grant)).toEqual(["2", "1"]);
    expect(treeOf(grants, "8")).toBeNull();
    // A node may say nonsense; the page must not hang.
    const circle = [
        { grant: "1", parent: "2" },
        { grant: "2", parent: "1" },
    ];
    expect(treeOf(circle, "1")).not.toBeNull();
    expect(above(circle, circle[0]!).length).toBe(2);
});
