import type { ObligationView, Price, RecordView, Tier, Unit, Usage } from "@citynet/ledger";

/** What a bill rests on, and whether it is what it should be: computed again from the records about its grant. */
export interface Bill {
    /** The last terms before it. */
    readonly terms: RecordView | null;
    readonly price: Price | null;
    /** The last report of use before it. */
    readonly report: RecordView | null;
    /** The statement or the ruling that was beyond dispute then. */
    readonly statement: RecordView | null;
    /** The disputes and rulings about that statement, and it stated anew. */
    readonly disputes: readonly RecordView[];
    /** Use that was beyond dispute then. */
    readonly matured: Usage;
    /** What all use costs, or null where that cannot be computed. */
    readonly whole: bigint | null;
    /** What was billed before. */
    readonly billed: bigint;
}

const NOTHING: Usage = { accesses: "0", records: "0", bytes: "0" };

/** Follows a grant up to the record by which an obligation arose. `records` are all about the grant, ascending. */
export function bill(records: readonly RecordView[], created: RecordView): Bill {
    let terms: RecordView | null = null;
    let price: Price | null = null;
    let begin: bigint | null = null;
    let notBefore = 0n;
    let notAfter = 0n;
    let ended: bigint | null = null;
    let report: RecordView | null = null;
    let statement: RecordView | null = null;
    let open: { record: RecordView; usage: Usage; disputed: boolean } | null = null;
    let about: RecordView[] = [];
    let matured = NOTHING;
    let billed = 0n;

    const mature = (now: bigint) => {
        if (price?.price !== "metered" || open === null || open.disputed) return;
        if (BigInt(open.record.time) + BigInt(price.disputeWindow) > now) return;
        matured = open.usage;
        statement = open.record;
        open = null;
    };
    for (const record of records) {
        if (BigInt(record.index) >= BigInt(created.index)) break;
        const { body } = record;
        const now = BigInt(record.time);
        switch (body.kind) {
            case "grant_requested":
            case "grant_offered":
                terms = record;
                price = body.terms.price;
                notBefore = BigInt(body.terms.notBefore);
                notAfter = BigInt(body.terms.notAfter);
                break;
            case "grant_advanced":
                if (body.state === "active") begin = now;
                break;
            case "grant_state_changed":
                if (["terminated", "revoked", "completed"].includes(body.state)) ended = now;
                break;
            case "access_reported":
                report = record;
                break;
            case "usage_stated":
                mature(now);
                about = [...about, record];
                open = { record, usage: body.usage, disputed: false };
                break;
            case "usage_disputed":
                if (open !== null) open.disputed = true;
                about = [...about, record];
                break;
            case "usage_ruled":
                matured = body.usage;
                statement = record;
                open = null;
                about = [...about, record];
                break;
            case "obligation_created":
                mature(now);
                billed += BigInt(body.info.amount);
                break;
        }
    }
    const now = BigInt(created.time);
    mature(now);
    let whole: bigint | null = null;
    // The compiler does not see that the loop changes it.
    const last = price as Price | null;
    if (last?.price === "metered") whole = metered(last.unit, BigInt(last.per), last.tiers, matured);
    if (last?.price === "per_period" && begin !== null) {
        const from = notBefore > (begin as bigint) ? notBefore : (begin as bigint);
        const until = [ended ?? now, notAfter, now].reduce((least, each) => (each < least ? each : least));
        whole = perPeriod(BigInt(last.amount), BigInt(last.period), from, until);
    }
    const number = numberOf(statement);
    const disputes = about.filter((record) => record !== statement && number !== null && numberOf(record) === number);
    return { terms, price, report, statement, disputes, matured, whole, billed };
}

/** The number of the statement that a record is about. */
function numberOf(record: RecordView | null): number | null {
    const body = record?.body;
    const known = body?.kind === "usage_stated" || body?.kind === "usage_disputed" || body?.kind === "usage_ruled";
    return known ? body.statement : null;
}

function units(unit: Unit, usage: Usage): bigint {
    return BigInt({ access: usage.accesses, record: usage.records, byte: usage.bytes }[unit]);
}

/** What a use costs in all: `floor(Σ (units in the tier × its amount) / per)`. */
export function metered(unit: Unit, per: bigint, tiers: readonly Tier[], usage: Usage): bigint | null {
    if (per === 0n) return null;
    const used = units(unit, usage);
    let sum = 0n;
    tiers.forEach((tier, position) => {
        const next = tiers[position + 1];
        const end = next !== undefined && BigInt(next.above) < used ? BigInt(next.above) : used;
        if (end > BigInt(tier.above)) sum += (end - BigInt(tier.above)) * BigInt(tier.amount);
    });
    return sum / per;
}

/** What a grant costs that has been in force from `begin` until `end`: `amount` for every period that has begun. */
export function perPeriod(amount: bigint, period: bigint, begin: bigint, end: bigint): bigint | null {
    if (period === 0n) return null;
    const length = end > begin ? end - begin : 0n;
    return (length / period + (length % period > 0n ? 1n : 0n)) * amount;
}

export function sameUsage(one: Usage, other: Usage): boolean {
    return one.accesses === other.accesses && one.records === other.records && one.bytes === other.bytes;
}

/** Where the records say that an obligation is. `records` are those that name it and those about its cycle, ascending. */
export function stateByRecords(
    obligation: ObligationView,
    records: readonly RecordView[],
): ObligationView["state"] | null {
    let state: ObligationView["state"] | null = null;
    for (const { body } of records) {
        switch (body.kind) {
            case "obligation_created":
            case "obligation_reversed":
                if (body.obligation === obligation.obligation) state = "open";
                break;
            case "payment_declared":
                state = "declared";
                break;
            case "payment_answered":
                state = body.confirmed ? "booked" : "open";
                break;
            case "declaration_withdrawn":
                state = "open";
                break;
            case "obligation_paid":
                state = "settled";
                break;
            case "cycle_computed":
                if (state === "open") state = "netting";
                break;
            case "cycle_settled":
                if (state === "netting") state = "settled";
                break;
        }
    }
    return state;
}
