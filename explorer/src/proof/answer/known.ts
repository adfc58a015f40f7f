import enParts from "../../i18n/en/parts";
import enWords from "../../i18n/en/words";
import { formatAmount } from "../../i18n/format";
import ruParts from "../../i18n/ru/parts";
import ruWords from "../../i18n/ru/words";
import { type Language, settings } from "../../settings.svelte";
import type { JournalRecord } from "../outcome";
import type { Answered } from "./answer";

/** What proven records and the answer say about numbers. A node is not asked, so that nothing here is its word. */
export interface Known {
    /** The names of organisations. */
    readonly organisations: ReadonlyMap<number, string>;
    readonly currencies: ReadonlyMap<number, { readonly symbol: string; readonly exponent: number }>;
}

/** Records are by index, so that the last name of an organisation counts; those in the answer go before it. */
export function knownOf(records: readonly JournalRecord[], answer: Answered | null): Known {
    const organisations = new Map<number, string>();
    const currencies = new Map<number, { symbol: string; exponent: number }>();
    for (const { body } of records) {
        if (body.kind === "organisation_registered") organisations.set(body.organisation, body.name);
        if (body.kind === "organisation_profile_changed") organisations.set(body.organisation, body.profile.name);
        if (body.kind === "currency_created") currencies.set(body.currency, body.info);
    }
    switch (answer?.kind) {
        case "access":
        case "governance":
            for (const { id, name } of answer.told.organisations) organisations.set(id, name);
            break;
        case "taint":
            for (const { organisation, name } of answer.told.notify) {
                if (name !== null) organisations.set(organisation, name);
            }
            break;
        case "payments":
            for (const { currency, symbol, exponent } of answer.told.sums) {
                if (symbol !== null && exponent !== null) currencies.set(currency, { symbol, exponent });
            }
            break;
    }
    return { organisations, currencies };
}

/** An organisation's name with its number, since names need not differ: `City (1)`. */
export function party(id: number, known: Known, language: Language = settings.language): string {
    if (id === 0) return (language === "ru" ? ruWords : enWords).consortium;
    const name = known.organisations.get(id);
    if (name !== undefined) return `${name} (${id})`;
    return `${(language === "ru" ? ruParts : enParts).subjects.organisation} ${id}`;
}

/** An amount in the usual unit of its currency; in the smallest one where no record says which that is. */
export function money(amount: string, currency: number, known: Known, language: Language = settings.language): string {
    const info = known.currencies.get(currency);
    if (info === undefined) return (language === "ru" ? ruParts : enParts).smallestUnits(amount, currency);
    return `${formatAmount(amount, info.exponent, language)}\u00a0${info.symbol}`;
}
