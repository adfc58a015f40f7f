import type { Anchor, BalancesAnswer, Ledger } from "@citynet/ledger";

import { allRecords, asOfOneBlock } from "../../ledger/walk";

/** What an organisation has of a currency. */
export interface Balance {
    readonly organisation: number;
    readonly free: bigint;
    readonly held: bigint;
}

export interface Balances {
    readonly balances: readonly Balance[];
    readonly free: bigint;
    readonly held: bigint;
    /** The blocks that the answers are true for: the same one, unless money may have moved in between. */
    readonly first: Anchor;
    readonly last: Anchor;
}

/** How often it is tried to have all answers of one block. */
const ATTEMPTS = 3;

/** What all organisations have of a currency. Each is asked about by itself. */
export async function balancesOf(ledger: Ledger, currency: number): Promise<Balances> {
    const { items, anchor } = await ledger.organisations();
    for (let attempt = 1; ; attempt++) {
        const answers = await Promise.all(items.map(({ id }) => ledger.balances({ organisation: id })));
        const anchors = [anchor, ...answers.map((answer) => answer.anchor)].slice(answers.length > 0 ? 1 : 0);
        const [first, last] = [edge(anchors, -1), edge(anchors, 1)];
        if (first.hash === last.hash || attempt === ATTEMPTS) return { ...summed(answers, currency), first, last };
    }
}

function edge(anchors: readonly Anchor[], sign: 1 | -1): Anchor {
    return anchors.reduce((found, each) => ((each.number - found.number) * sign > 0 ? each : found));
}

export function summed(
    answers: readonly BalancesAnswer[],
    currency: number,
): { balances: readonly Balance[]; free: bigint; held: bigint } {
    const balances = answers.flatMap(({ organisation, balances: all }) => {
        const own = all.find((each) => each.currency === currency);
        return own === undefined ? [] : [{ organisation, free: BigInt(own.free), held: BigInt(own.held) }];
    });
    return {
        balances: balances.filter(({ free, held }) => free > 0n || held > 0n),
        free: balances.reduce((sum, { free }) => sum + free, 0n),
        held: balances.reduce((sum, { held }) => sum + held, 0n),
    };
}

/** What was deposited and paid out of a currency in all, by the records. */
export interface Issuance {
    readonly deposited: bigint;
    readonly paidOut: bigint;
    readonly anchor: Anchor;
}

/** A payout does not name its currency but its withdrawal, so each of these is asked about. */
export async function issuanceOf(ledger: Ledger, currency: number, progress: (count: number) => void): Promise<Issuance> {
    const counts = [0, 0];
    const tell = (list: number) => (count: number) => {
        counts[list] = count;
        progress(counts.reduce((sum, each) => sum + each, 0));
    };
    const naming = `currency:${currency}`;
    const deposits = await allRecords(ledger, { naming, kind: "deposited" }, tell(0));
    const requests = await allRecords(ledger, { naming, kind: "withdrawal_requested" }, tell(1));
    const { items, anchor } = asOfOneBlock(deposits, requests);
    let [deposited, paidOut] = [0n, 0n];
    const amounts = new Map<string, bigint>();
    for (const { body } of items) {
        if (body.kind === "deposited") deposited += BigInt(body.amount);
        if (body.kind === "withdrawal_requested") amounts.set(body.withdrawal, BigInt(body.info.amount));
    }
    await Promise.all(
        [...amounts].map(async ([withdrawal, amount]) => {
            const paid = await ledger.records({ filter: { naming: `withdrawal:${withdrawal}`, kind: "withdrawal_paid" } });
            if (paid.items.some(({ block }) => block <= anchor.number)) paidOut += amount;
        }),
    );
    return { deposited, paidOut, anchor };
}
