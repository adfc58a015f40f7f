import type { Usage } from "@citynet/ledger";

import { type Language, settings } from "../../settings.svelte";
import type { Bought, Cycle, Obligation, PaymentsAnswer, Side, UsedGrant } from "./answer";
import { type Known, money, party } from "./known";
import { textsOf, type Told } from "./told";

/** Whether everything reconciles; if not, what does not, first the verifier's findings, then sums. */
export function verdict(
    { reconciles, problems, sums }: PaymentsAnswer,
    language: Language = settings.language,
): { good: boolean; words: string; problems: Told[] } {
    const { payments } = textsOf(language);
    const found: Told[] = problems.map((text) => ({ text, lang: "en" }));
    for (const { currency, symbol, owes, due } of sums) {
        if (owes.addsUp && due.addsUp) continue;
        found.push({ text: payments.unbalanced(symbol ?? payments.unknownCurrency(currency)), lang: undefined });
    }
    const good = reconciles && found.length === 0;
    return { good, words: good ? payments.reconciles : payments.differs, problems: found };
}

const AMOUNTS = ["opening", "arisen", "paid", "netted", "byBank", "open", "atOnce"] as const;
type Amounts = Readonly<Record<(typeof AMOUNTS)[number], string>>;

/** What is owed in one direction, in one currency. */
export interface SumRow extends Amounts {
    readonly key: string;
    readonly currency: string;
    readonly side: string;
    readonly addsUp: boolean;
}

export function sumRows({ sums }: PaymentsAnswer, known: Known, language: Language = settings.language): SumRow[] {
    const { payments } = textsOf(language);
    return sums.flatMap(({ currency, symbol, owes, due }) => {
        const row = (what: "owes" | "due", side: Side): SumRow => {
            const amounts = AMOUNTS.map((name) => [name, money(side[name], currency, known, language)]);
            return {
                ...(Object.fromEntries(amounts) as Amounts),
                key: `${currency} ${what}`,
                currency: symbol ?? payments.unknownCurrency(currency),
                side: payments.sides[what],
                addsUp: side.addsUp,
            };
        };
        return [row("owes", owes), row("due", due)];
    });
}

/** An obligation in words. */
export interface ObligationRow {
    readonly obligation: Obligation;
    readonly with: string;
    readonly amount: string;
    readonly outcome: string;
    readonly tone: "good" | "warning" | "info";
}

const TONES: Readonly<Record<Obligation["outcome"], ObligationRow["tone"]>> = {
    open: "warning",
    netting: "info",
    declared: "warning",
    paid: "good",
    netted: "good",
    booked: "good",
};

export function obligationRows(
    { query, obligations }: PaymentsAnswer,
    known: Known,
    language: Language = settings.language,
): ObligationRow[] {
    const { payments } = textsOf(language);
    return obligations.map((obligation) => {
        const { debtor, creditor, amount, currency, outcome } = obligation;
        return {
            obligation,
            with:
                debtor === query.organisation
                    ? payments.owes(party(creditor, known, language))
                    : payments.isOwed(party(debtor, known, language)),
            amount: money(amount, currency, known, language),
            outcome: payments.outcomes[outcome],
            tone: TONES[outcome],
        };
    });
}

/** A netting cycle in words. */
export interface CycleRow {
    readonly cycle: Cycle;
    readonly owed: string;
    readonly due: string;
    readonly moved: string;
    readonly zero: string;
    readonly agrees: string;
}

export function cycleRows(
    { cycles }: PaymentsAnswer,
    known: Known,
    language: Language = settings.language,
): CycleRow[] {
    const { payments } = textsOf(language);
    return cycles.map((cycle) => {
        const amount = (units: string) => money(units, Number(cycle.cycle.split("-")[0]), known, language);
        const { ownPays, ownGets } = cycle;
        return {
            cycle,
            owed: amount(cycle.owed),
            due: amount(cycle.due),
            moved:
                ownPays !== "0"
                    ? payments.pays(amount(ownPays))
                    : ownGets !== "0"
                      ? payments.gets(amount(ownGets))
                      : payments.movesNothing,
            zero: cycle.sumsToZero ? payments.zero : payments.notZero(amount(cycle.pays), amount(cycle.gets)),
            agrees: cycle.agrees ? payments.agrees : payments.disagrees,
        };
    });
}

/** Use that costs something, in words. */
export interface UseRow {
    readonly used: UsedGrant;
    readonly parties: string;
    readonly reported: string;
    readonly stated: string;
    readonly matured: string;
    readonly billed: string;
}

export function useRows({ grants }: PaymentsAnswer, known: Known, language: Language = settings.language): UseRow[] {
    const { payments, usage } = textsOf(language);
    const words = ({ accesses, records, bytes }: Usage) => usage(accesses, records, bytes);
    return grants.map((used) => ({
        used,
        parties: between(used.provider, used.consumer, known, language),
        reported: used.reported === null ? payments.nothingYet : words(used.reported.usage),
        stated: used.stated === null ? payments.nothingYet : words(used.stated.usage),
        matured: words(used.matured),
        billed: money(used.billed, used.currency, known, language),
    }));
}

/** A price that was paid at once, in words. */
export interface BoughtRow {
    readonly bought: Bought;
    readonly parties: string;
    readonly amount: string;
}

export function boughtRows(
    { bought }: PaymentsAnswer,
    known: Known,
    language: Language = settings.language,
): BoughtRow[] {
    return bought.map((each) => ({
        bought: each,
        parties: between(each.debtor, each.creditor, known, language),
        amount: money(each.amount, each.currency, known, language),
    }));
}

function between(one: number, other: number, known: Known, language: Language): string {
    return `${party(one, known, language)} → ${party(other, known, language)}`;
}
