import type { CodeList } from "@citynet/ledger";

import en from "../i18n/en/words";
import ru from "../i18n/ru/words";
import { type Language, settings } from "../settings.svelte";

import { added } from "./codes.svelte";

type Words = typeof en;

/** Lists of names: of each value that the ledger writes, what a person calls it. */
export type List = {
    [L in keyof Words]: Words[L] extends Readonly<Record<string, string>> ? L : never;
}[keyof Words];

/** The name of a value of a list, such as `nameOf("roles", "attestor")`; the value itself where it has none. */
export function nameOf(list: List, value: string | number, language: Language = settings.language): string {
    const names: Readonly<Record<string, string>> = (language === "ru" ? ru : en)[list];
    return names[String(value)] ?? String(value);
}

/** What a code stands for, such as `dpv:AcademicResearch`; undefined as long as that is not known. */
export function codeTerm(list: CodeList, code: number): string | undefined {
    return added.term(list, code);
}

/** The name of a code for people, such as `academic research`; else what it stands for; else its number. */
export function codeName(list: CodeList, code: number, language?: Language): string {
    const term = codeTerm(list, code);
    if (term === undefined) return String(code);
    return nameOf(list === "purpose" ? "purposes" : "legalBases", term, language);
}
