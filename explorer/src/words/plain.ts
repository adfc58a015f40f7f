import en from "../i18n/en/words";
import { formatAmount, formatSpan, formatTime } from "../i18n/format";
import enParts from "../i18n/en/parts";
import ru from "../i18n/ru/words";
import ruParts from "../i18n/ru/parts";
import { names } from "../ledger/names.svelte";
import { type Language, settings } from "../settings.svelte";

import type { Part, Worded } from "./parts";
import { recordWords } from "./sentence";

/** Parts as plain text, such as for a CSV: hashes are whole, and times in the reader's zone. */
export function plainText(parts: readonly Part[], language: Language = settings.language): string {
    return parts.map((part) => (typeof part === "string" ? part : textOf(part, language))).join("");
}

/** A record as a sentence of plain text. */
export function plainRecord(record: Worded, language: Language = settings.language): string {
    return plainText(recordWords(record, language), language);
}

/** The text of a part that is not only text. */
export function textOf(part: Exclude<Part, string>, language: Language): string {
    const words = language === "ru" ? ru : en;
    const others = language === "ru" ? ruParts : enParts;
    if ("organisation" in part) return organisationText(part, language);
    if ("label" in part) return part.label;
    if ("id" in part) return part.id.slice(part.id.indexOf(":") + 1);
    if ("hash" in part) return part.hash;
    if ("amount" in part) {
        const info = names.currency(part.currency);
        return info === undefined
            ? others.smallestUnits(part.amount, part.currency)
            : `${formatAmount(part.amount, info.exponent, language)}\u00a0${info.symbol}`;
    }
    if ("currency" in part) return names.currency(part.currency)?.symbol ?? words.currency(part.currency);
    if ("time" in part) {
        if (part.time === "0") return others.genesisTime;
        return formatTime(part.time, language, settings.zone) ?? others.endless;
    }
    if ("span" in part) return formatSpan(Number(part.span), language);
    return words.quoted(part.quote);
}

/** What an organisation is called in a sentence. */
function organisationText(part: Extract<Part, { organisation: number }>, language: Language): string {
    const words = language === "ru" ? ru : en;
    const { organisation, initial = false } = part;
    if (organisation === 0) return initial ? words.consortiumInitial : words.consortium;
    const name = part.name ?? names.organisation(organisation)?.name;
    // Russian names stand behind the word for what they name, and therefore in quotes.
    if (name !== undefined) return language === "ru" ? words.quoted(name) : name;
    return initial ? words.organisationInitial(organisation) : words.organisation(organisation);
}
