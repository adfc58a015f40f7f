import type { NetPosition, ObligationView } from "@citynet/ledger";

import { compare } from "../../ledger/walk";

/** Who owes whom how much in a netting cycle, and what that comes to. */
export interface Netting {
    /** Everybody who owes or is owed, ascending. */
    readonly parties: readonly Party[];
    /** What one owes another, by `owed(debtor, creditor)`. */
    readonly owed: (debtor: number, creditor: number) => bigint;
    /** Every two of whom one owes the other something, by debtor and then by creditor. */
    readonly pairs: readonly { readonly debtor: number; readonly creditor: number; readonly amount: bigint }[];
    readonly gross: bigint;
    /** What the net debtors pay in all, by the obligations. */
    readonly net: bigint;
    /** The sum of all nets: zero. */
    readonly sum: bigint;
}

export interface Party {
    readonly organisation: number;
    /** The sum of its row. */
    readonly owes: bigint;
    /** The sum of its column. */
    readonly due: bigint;
    /** What it gets, or pays where this is below zero. */
    readonly net: bigint;
    /** The same by the ledger's net positions; null where these are not computed yet. */
    readonly position: bigint | null;
}

export function netting(
    obligations: readonly ObligationView[],
    positions: readonly NetPosition[] | null,
): Netting {
    const cells = new Map<string, { debtor: number; creditor: number; amount: bigint }>();
    const owes = new Map<number, bigint>();
    const due = new Map<number, bigint>();
    let gross = 0n;
    for (const { debtor, creditor, amount: text } of obligations) {
        const amount = BigInt(text);
        const key = `${debtor}-${creditor}`;
        cells.set(key, { debtor, creditor, amount: (cells.get(key)?.amount ?? 0n) + amount });
        owes.set(debtor, (owes.get(debtor) ?? 0n) + amount);
        due.set(creditor, (due.get(creditor) ?? 0n) + amount);
        gross += amount;
    }
    // Who has a position and no obligation shows that something is missing, and so must not be left out.
    const everybody = new Set([...owes.keys(), ...due.keys(), ...(positions ?? []).map(({ organisation }) => organisation)]);
    const parties = [...everybody]
        .sort((one, other) => one - other)
        .map((organisation): Party => {
            const row = owes.get(organisation) ?? 0n;
            const column = due.get(organisation) ?? 0n;
            const own = positions?.find((position) => position.organisation === organisation);
            const position = positions === null ? null : own === undefined ? 0n : BigInt(own.gets) - BigInt(own.pays);
            return { organisation, owes: row, due: column, net: column - row, position };
        });
    return {
        parties,
        owed: (debtor, creditor) => cells.get(`${debtor}-${creditor}`)?.amount ?? 0n,
        pairs: [...cells.values()].sort((one, other) => one.debtor - other.debtor || one.creditor - other.creditor),
        gross,
        net: parties.reduce((sum, { net }) => (net < 0n ? sum - net : sum), 0n),
        sum: parties.reduce((sum, { net }) => sum + net, 0n),
    };
}

/** What positions sum up to: what all get less what all pay. */
export function sumOf(positions: readonly NetPosition[]): { pays: bigint; gets: bigint } {
    return positions.reduce(
        ({ pays, gets }, position) => ({ pays: pays + BigInt(position.pays), gets: gets + BigInt(position.gets) }),
        { pays: 0n, gets: 0n },
    );
}

/** A leaf of the gross list: obligation u64 ‖ debtor u32 ‖ creditor u32 ‖ amount u128, little-endian. */
export function leaf({ obligation, debtor, creditor, amount }: GrossLeaf): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(obligation), true);
    view.setUint32(8, debtor, true);
    view.setUint32(12, creditor, true);
    view.setBigUint64(16, BigInt.asUintN(64, BigInt(amount)), true);
    view.setBigUint64(24, BigInt(amount) >> 64n, true);
    return bytes;
}

type GrossLeaf = Pick<ObligationView, "obligation" | "debtor" | "creditor" | "amount">;

/** The RFC 9162 root over the gross list, as hex. */
export async function grossRoot(obligations: readonly GrossLeaf[]): Promise<string> {
    const ascending = [...obligations].sort((one, other) => compare(BigInt(one.obligation), BigInt(other.obligation)));
    let level = await Promise.all(ascending.map((each) => hash([0], leaf(each))));
    if (level.length === 0) return hex(await hash());
    // Pairing neighbours from the left, and passing on who has none, makes the tree of RFC 9162.
    while (level.length > 1) {
        const above: Promise<Uint8Array>[] = [];
        for (let position = 0; position < level.length; position += 2) {
            const [left, right] = [level[position], level[position + 1]];
            if (left === undefined) continue;
            above.push(right === undefined ? Promise.resolve(left) : hash([1], left, right));
        }
        level = await Promise.all(above);
    }
    return hex(level[0] ?? new Uint8Array());
}

async function hash(...parts: readonly (Uint8Array | readonly number[])[]): Promise<Uint8Array> {
    const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
    }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Whether this browser hashes on this page: it does on those that come by https, or from this computer. */
export function canHash(): boolean {
    return globalThis.crypto?.subtle !== undefined;
}

function hex(bytes: Uint8Array): string {
    return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
