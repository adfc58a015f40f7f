import type { ObligationInfo, ObligationView, RecordView } from "@citynet/ledger";

import { compare } from "../../ledger/walk";

/**
 * A statement of account: what an organisation had of a currency, what moved, and what it has, each line with the record that
 * says so. It has the same lines and sums as that of `citynet statement`.
 *
 * The balance is all that the organisation has on the ledger, also what is on hold. What was paid by bank is in lines of its
 * own, which move no balance.
 */
export interface Statement {
    readonly opening: bigint;
    readonly openingOnHold: bigint;
    readonly closing: bigint;
    readonly closingOnHold: bigint;
    readonly debits: bigint;
    readonly credits: bigint;
    readonly lines: readonly Line[];
    /** What may be on hold besides, for a netting cycle that is not settled: of which amounts one is, if any. */
    readonly setAside: readonly bigint[];
    /** Why the lines end before the records do: these cannot be all. */
    readonly trouble: Trouble | null;
}

export interface Line {
    readonly record: string;
    readonly time: string;
    readonly kind: string;
    /** Such as `obligation:7`; null of a deposit, which has no number. */
    readonly about: string | null;
    readonly with: number | null;
    readonly uetr: string | null;
    readonly debit: bigint;
    readonly credit: bigint;
    readonly byBank: bigint;
    readonly balance: bigint;
    readonly onHold: bigint;
    /** Of a netting cycle, what it settled. */
    readonly netted: Netted | null;
}

/** What a cycle settled of an organisation's obligations. */
export interface Netted {
    readonly owed: bigint;
    readonly due: bigint;
    readonly obligations: readonly string[];
    /** Whether both together are what moved. */
    readonly agrees: boolean;
}

/** Half-open, in milliseconds since 1970; null where it is open. */
export interface Period {
    readonly from: bigint | null;
    readonly to: bigint | null;
}

export type Trouble =
    /** More is taken than is there. */
    | { readonly what: "unbalanced"; readonly record: string }
    /** It is about something of which there is no record. */
    | { readonly what: "unknown"; readonly record: string; readonly about: string };

class Stop extends Error {
    constructor(readonly trouble: Trouble) {
        super(trouble.what);
    }
}

export function isPossible({ from, to }: Period): boolean {
    return from === null || to === null || from <= to;
}

/** Amounts have 128 bits; what is more cannot be. */
const MOST = (1n << 128n) - 1n;

/**
 * Makes it from the records about the organisation and about the currency's cycles, ascending, and from the obligations that
 * the organisation is a party of.
 */
export function statement(
    organisation: number,
    currency: number,
    period: Period,
    records: readonly RecordView[],
    obligations: readonly ObligationView[],
): Statement {
    const account = new Account(organisation, currency, obligations);
    const lines: Line[] = [];
    let opening: readonly [bigint, bigint] = [0n, 0n];
    let [debits, credits] = [0n, 0n];
    let trouble: Trouble | null = null;
    try {
        for (const record of records) {
            const time = BigInt(record.time);
            if (period.to !== null && period.to <= time) break;
            const line = account.take(record);
            if (period.from !== null && time < period.from) {
                opening = [account.balance, account.held];
            } else if (line !== null) {
                debits += line.debit;
                credits += line.credit;
                lines.push(line);
            }
        }
    } catch (error) {
        if (!(error instanceof Stop)) throw error;
        trouble = error.trouble;
    }
    return {
        opening: opening[0],
        openingOnHold: opening[1],
        closing: account.balance,
        closingOnHold: account.held,
        debits,
        credits,
        lines,
        setAside: account.setAside,
        trouble,
    };
}

/** Whether the lines lead from the opening balance to the closing one, and every cycle moved what its obligations sum up to. */
export function addsUp({ opening, closing, debits, credits, lines, trouble }: Statement): boolean {
    return trouble === null && opening + credits - debits === closing && lines.every(({ netted }) => netted?.agrees !== false);
}

/**
 * Whether it is what the chain's state says: so much free and so much held. Of what a running cycle has set aside there is no
 * record, but it is the organisation's position, as it is now or was before a default changed it.
 */
export function reconciles({ closing, closingOnHold, setAside }: Statement, free: bigint, held: bigint): boolean {
    const besides = held - closingOnHold;
    return free + held === closing && (besides === 0n || setAside.includes(besides));
}

/** What the ledger has more than the lines say, of the balance and of what is on hold; below zero what it has less. */
export function discrepancies(
    { closing, closingOnHold, setAside }: Statement,
    free: bigint,
    held: bigint,
): { balance: bigint; hold: bigint } {
    const besides = held - closingOnHold;
    return { balance: free + held - closing, hold: setAside.includes(besides) ? 0n : besides };
}

/** What a line is about, as the command line says it. */
export function aboutWords({ about }: Pick<Line, "about">): string {
    return about === null ? "deposit" : about.replace(":", " ");
}

/** What a record does to the balance, beside what it does to what is on hold. */
interface Move {
    readonly about: string | null;
    readonly with?: number;
    readonly debit?: bigint;
    readonly credit?: bigint;
    readonly byBank?: bigint;
}

/** What is known of the account after some records. */
class Account {
    balance = 0n;
    held = 0n;
    /** What it pays in the cycle that runs, by each computation of that. */
    setAside: bigint[] = [];
    readonly #withdrawals = new Map<string, bigint>();
    readonly #prices = new Map<string, bigint>();
    readonly #obligations = new Map<string, ObligationInfo>();
    readonly #payments = new Map<string, string>();
    readonly #positions = new Map<number, readonly { organisation: number; pays: string; gets: string }[]>();
    readonly #netted: ReadonlyMap<number, Omit<Netted, "agrees">>;

    constructor(
        readonly organisation: number,
        readonly currency: number,
        obligations: readonly ObligationView[],
    ) {
        this.#netted = nettedBy(organisation, currency, obligations);
    }

    /** Goes on by a record. */
    take(record: RecordView): Line | null {
        const move = this.#read(record);
        if (move === null) return null;
        const { debit = 0n, credit = 0n, byBank = 0n } = move;
        this.balance += credit;
        if (this.balance > MOST || this.balance - debit < this.held) throw unbalanced(record);
        this.balance -= debit;
        const { body } = record;
        return {
            record: record.index,
            time: record.time,
            kind: body.kind,
            about: move.about,
            with: move.with ?? null,
            uetr: this.#reference(record),
            debit,
            credit,
            byBank,
            balance: this.balance,
            onHold: this.held,
            netted: body.kind === "cycle_settled" ? this.#settled(body.cycle.number, debit, credit) : null,
        };
    }

    /** What a record is about and what it moves, if it is about this account. */
    #read(record: RecordView): Move | null {
        const { body } = record;
        switch (body.kind) {
            case "deposited":
                return this.#isOwn(body) ? { about: null, credit: BigInt(body.amount) } : null;
            case "withdrawal_requested": {
                if (!this.#isOwn(body.info)) return null;
                const amount = BigInt(body.info.amount);
                this.#withdrawals.set(body.withdrawal, amount);
                this.#hold(amount, record);
                return { about: `withdrawal:${body.withdrawal}` };
            }
            case "withdrawal_paid":
            case "withdrawal_returned": {
                const amount = taken(this.#withdrawals, body.withdrawal);
                if (amount === undefined) return null;
                this.#free(amount, record);
                const about = `withdrawal:${body.withdrawal}`;
                return body.kind === "withdrawal_paid" ? { about, debit: amount } : { about };
            }
            case "price_held": {
                // Only a grant's consumer holds its price.
                if (!this.#isOwn({ currency: body.currency, organisation: record.organisation })) return null;
                const amount = BigInt(body.amount);
                this.#prices.set(body.grant, amount);
                this.#hold(amount, record);
                return { about: `grant:${body.grant}` };
            }
            case "price_released": {
                const amount = taken(this.#prices, body.grant);
                if (amount === undefined) return null;
                this.#free(amount, record);
                return { about: `grant:${body.grant}` };
            }
            case "price_paid": {
                if (body.currency !== this.currency) return null;
                const about = `grant:${body.grant}`;
                const amount = BigInt(body.amount);
                if (body.creditor === this.organisation) return { about, credit: amount };
                // It was on hold, whoever put the grant into force.
                const held = taken(this.#prices, body.grant);
                if (held === undefined) return null;
                this.#free(held, record);
                return { about, with: body.creditor, debit: amount };
            }
            case "obligation_created":
            case "obligation_reversed":
                this.#obligations.set(body.obligation, body.info);
                return null;
            case "obligation_paid": {
                const party = this.#party(body.obligation, record);
                if (party === null) return null;
                const { owes, amount } = party;
                return {
                    about: `obligation:${body.obligation}`,
                    with: party.with,
                    ...(owes ? { debit: amount } : { credit: amount }),
                };
            }
            case "payment_declared":
                this.#payments.set(body.obligation, body.reference.uetr);
                return null;
            case "payment_answered": {
                if (!body.confirmed) return null;
                const party = this.#party(body.obligation, record);
                if (party === null) return null;
                return { about: `obligation:${body.obligation}`, with: party.with, byBank: party.amount };
            }
            case "cycle_opened":
                if (body.cycle.currency === this.currency) this.setAside = [];
                return null;
            case "cycle_computed": {
                if (body.cycle.currency !== this.currency) return null;
                const own = body.positions.find(({ organisation }) => organisation === this.organisation);
                if (own !== undefined && own.pays !== "0") this.setAside = [...this.setAside, BigInt(own.pays)];
                this.#positions.set(body.cycle.number, body.positions);
                return null;
            }
            case "cycle_settled": {
                const { currency, number } = body.cycle;
                if (currency !== this.currency) return null;
                this.setAside = [];
                const about = `cycle:${currency}-${number}`;
                const positions = this.#positions.get(number);
                if (positions === undefined) throw new Stop({ what: "unknown", record: record.index, about });
                const own = positions.find(({ organisation }) => organisation === this.organisation);
                if (own !== undefined) {
                    return { about, debit: BigInt(own.pays), ...(own.pays === "0" ? { credit: BigInt(own.gets) } : {}) };
                }
                // What it owes and what it is owed were the same, or it has no part in the cycle.
                return this.#netted.has(number) ? { about } : null;
            }
            default:
                return null;
        }
    }

    #isOwn(of: { currency: number; organisation: number }): boolean {
        return of.currency === this.currency && of.organisation === this.organisation;
    }

    /** The other party of an obligation, whether this one owes, and how much, if it is of this account. */
    #party(obligation: string, record: RecordView): { with: number; owes: boolean; amount: bigint } | null {
        const info = this.#obligations.get(obligation);
        if (info === undefined) {
            throw new Stop({ what: "unknown", record: record.index, about: `obligation:${obligation}` });
        }
        if (info.currency !== this.currency) return null;
        const amount = BigInt(info.amount);
        if (info.debtor === this.organisation) return { with: info.creditor, owes: true, amount };
        return info.creditor === this.organisation ? { with: info.debtor, owes: false, amount } : null;
    }

    #hold(amount: bigint, record: RecordView): void {
        this.held += amount;
        if (this.held > MOST) throw unbalanced(record);
    }

    #free(amount: bigint, record: RecordView): void {
        if (amount > this.held) throw unbalanced(record);
        this.held -= amount;
    }

    /** What a cycle settled, compared with what moved. */
    #settled(number: number, debit: bigint, credit: bigint): Netted {
        const netted = this.#netted.get(number) ?? { owed: 0n, due: 0n, obligations: [] };
        return { ...netted, agrees: netted.owed + credit === netted.due + debit };
    }

    #reference({ body }: RecordView): string | null {
        switch (body.kind) {
            case "deposited":
            case "withdrawal_paid":
                return uuid(body.reference.uetr);
            case "payment_answered": {
                const uetr = this.#payments.get(body.obligation);
                return uetr === undefined ? null : uuid(uetr);
            }
            default:
                return null;
        }
    }
}

function unbalanced(record: RecordView): Stop {
    return new Stop({ what: "unbalanced", record: record.index });
}

function taken<K, V>(map: Map<K, V>, key: K): V | undefined {
    const value = map.get(key);
    map.delete(key);
    return value;
}

/** What each cycle of a currency settled, by its number. */
function nettedBy(
    organisation: number,
    currency: number,
    obligations: readonly ObligationView[],
): ReadonlyMap<number, Omit<Netted, "agrees">> {
    const settled = new Map<string, ObligationView>();
    for (const view of obligations) {
        if (view.currency === currency && view.state === "settled" && view.cycle > 0) settled.set(view.obligation, view);
    }
    const ascending = [...settled.values()].sort((one, other) => compare(BigInt(one.obligation), BigInt(other.obligation)));
    const netted = new Map<number, Omit<Netted, "agrees">>();
    for (const { obligation, cycle, debtor, amount } of ascending) {
        const { owed, due, obligations: before } = netted.get(cycle) ?? { owed: 0n, due: 0n, obligations: [] };
        const owes = debtor === organisation;
        netted.set(cycle, {
            owed: owes ? owed + BigInt(amount) : owed,
            due: owes ? due : due + BigInt(amount),
            obligations: [...before, obligation],
        });
    }
    return netted;
}

/** A UETR as banks write it. */
export function uuid(bytes: string): string {
    const digits = bytes.replace(/^0x/, "").replaceAll("-", "");
    const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(digits) ?? [];
    return parts.length === 5 ? parts.join("-") : bytes;
}

/** An amount with its decimals, for other programs: no separators, and always a point. */
export function plain(amount: bigint, exponent: number): string {
    const digits = (amount < 0n ? -amount : amount).toString().padStart(exponent + 1, "0");
    const sign = amount < 0n ? "-" : "";
    return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
