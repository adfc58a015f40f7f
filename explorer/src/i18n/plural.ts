import type { Language } from "../settings.svelte";

/** The forms of a word that each language has after a number. */
interface Forms {
    en: { one: string; other: string };
    ru: { one: string; few: string; many: string; other?: string };
}

/** What messages say numbers with, in their language. */
export interface Speaker<L extends Language> {
    /** A number with its separators. */
    number(value: number | bigint | string): string;
    /** The word that fits a number, such as `records` to 5. */
    word(count: number | bigint | string, forms: Forms[L]): string;
    /** Both, such as `1,234 records`. */
    count(count: number | bigint | string, forms: Forms[L]): string;
}

function speaker<L extends Language>(language: L): Speaker<L> {
    const rules = new Intl.PluralRules(language);
    const format = new Intl.NumberFormat(language);
    const number = (value: number | bigint | string) => format.format(exact(value));
    const word = (count: number | bigint | string, forms: Forms[L]) => {
        const form = rules.select(remainder(exact(count)));
        const all: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = forms;
        return all[form] ?? all.many ?? all.other ?? "";
    };
    return { number, word, count: (count, forms) => `${number(count)} ${word(count, forms)}` };
}

/** Decimal strings stand for 64-bit numbers. */
function exact(value: number | bigint | string): number | bigint {
    return typeof value === "string" ? BigInt(value) : value;
}

/** A smaller number with the same plural form: the rules take no bigint. They look at 1, and at the last six digits. */
function remainder(value: number | bigint): number {
    if (typeof value === "number") return value;
    return Number(value < 1_000_000n ? value : 1_000_000n + (value % 1_000_000n));
}

export const english = speaker("en");
export const russian = speaker("ru");
