import type { ObligationView } from "@citynet/ledger";
import { expect, test } from "vitest";

import { grossRoot, leaf, netting, sumOf } from "./netting";

function owes(obligation: number, debtor: number, creditor: number, amount: bigint): ObligationView {
    return { obligation: String(obligation), debtor, creditor, amount: String(amount) } as ObligationView;
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const CIRCLE = [owes(1, 1, 2, 40n), owes(2, 2, 3, 30n), owes(3, 3, 1, 20n), owes(4, 1, 2, 5n)];

test("rows and columns sum up to the net positions, and these to zero", () => {
    const net = netting(CIRCLE, [
        { organisation: 1, pays: "25", gets: "0" },
        { organisation: 2, pays: "0", gets: "15" },
        { organisation: 3, pays: "0", gets: "10" },
    ]);
    expect(net.parties).toEqual([
        { organisation: 1, owes: 45n, due: 20n, net: -25n, position: -25n },
        { organisation: 2, owes: 30n, due: 45n, net: 15n, position: 15n },
        { organisation: 3, owes: 20n, due: 30n, net: 10n, position: 10n },
    ]);
    expect([net.gross, net.net, net.sum]).toEqual([95n, 25n, 0n]);
    expect([net.owed(1, 2), net.owed(2, 1)]).toEqual([45n, 0n]);
    expect(net.pairs).toHaveLength(3);
});

test("whoever is even has no position, and whoever has one without obligations shows", () => {
    const even = netting([owes(1, 1, 2, 7n), owes(2, 2, 1, 7n)], []);
    expect(even.parties.map(({ net, position }) => [net, position])).toEqual([
        [0n, 0n],
        [0n, 0n],
    ]);
    const stranger = netting([], [{ organisation: 9, pays: "1", gets: "0" }]);
    expect(stranger.parties).toEqual([{ organisation: 9, owes: 0n, due: 0n, net: 0n, position: -1n }]);
    expect(netting(CIRCLE, null).parties[0]?.position).toBeNull();
});

test("amounts beyond 2^53 stay exact", () => {
    const most = (1n << 96n) - 1n;
    const net = netting([owes(1, 1, 2, most), owes(2, 2, 1, 1n)], null);
    expect(net.net).toBe(most - 1n);
    expect(sumOf([{ organisation: 1, pays: String(most), gets: "0" }])).toEqual({ pays: most, gets: 0n });
});

test("a leaf of the gross list has 32 bytes, little-endian", () => {
    const bytes = leaf({ obligation: "258", debtor: 3, creditor: 2, amount: String((1n << 64n) + 100n) });
    expect(hex(bytes)).toBe("02010000000000000300000002000000" + "64000000000000000100000000000000");
});

test("the root is that of RFC 9162, whatever the number of leaves", async () => {
    const sha = async (...parts: Uint8Array[]) => {
        const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
        return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    };
    // As section 2.1.1 has it: split at the largest power of two below the number of leaves.
    const tree = async (leaves: Uint8Array[]): Promise<Uint8Array> => {
        const [first] = leaves;
        if (first === undefined) return sha();
        if (leaves.length === 1) return sha(Uint8Array.of(0), first);
        let half = 1;
        while (half * 2 < leaves.length) half *= 2;
        return sha(Uint8Array.of(1), await tree(leaves.slice(0, half)), await tree(leaves.slice(half)));
    };
    for (const size of [0, 1, 2, 3, 5, 6, 7, 8, 11, 16, 21]) {
        const list = Array.from({ length: size }, (_, at) => owes(at * 3 + 1, at, at + 1, BigInt(at) ** 20n));
        const expected = `0x${hex(await tree(list.map(leaf)))}`;
        // Its order is that of the numbers, in whatever order they come.
        expect(await grossRoot([...list].reverse()), String(size)).toBe(expected);
    }
});
