import type { Body } from "@citynet/ledger";

import en from "../i18n/en/fields";
import enWords from "../i18n/en/words";
import { formatNumber } from "../i18n/format";
import ru from "../i18n/ru/fields";
import ruWords from "../i18n/ru/words";
import { type Language, settings } from "../settings.svelte";

import { codeName, codeTerm, nameOf } from "./names";
import { capital, type Part } from "./parts";
import { type Fields, type FieldName, type Shape, shapesOf } from "./shapes";

/** A field as it is shown: its name, and what it says. */
export interface Field {
    readonly key: string;
    readonly name: string;
    readonly value: Value;
}

/** What a field says. */
export type Value =
    | { readonly parts: readonly Part[] }
    | { readonly bytes: string }
    /** `plain`: each is a word or so, and they fit on a line. */
    | { readonly list: readonly Value[]; readonly plain: boolean }
    | { readonly fields: readonly Field[] };

/** What is around a value: amounts are in the nearest currency. */
interface Around {
    readonly language: Language;
    readonly currency: number | null;
}

/** Every field of a body, in an order for people. What is not known here is shown as it came, and never left out. */
export function bodyFields(body: Body, language: Language = settings.language): readonly Field[] {
    const { kind: _, ...rest } = body;
    return fieldsOf(rest, shapesOf(body), { language, currency: null });
}

type Struct = Readonly<Record<string, unknown>>;

function fieldsOf(struct: Struct, shapes: Fields, around: Around): Field[] {
    const texts = around.language === "ru" ? ru : en;
    const inside = { ...around, currency: currencyOf(struct) ?? around.currency };
    const known = Object.entries(shapes)
        // Of a union's fields a value has only some.
        .filter(([key]) => key in struct)
        .map(([key, entry]): Field => {
            const [name, shape] = isNamed(entry) ? entry : [key as FieldName, entry];
            return { key, name: texts.names[name], value: valueOf(struct[key], shape, name, inside) };
        });
    const unknown = Object.entries(struct)
        .filter(([key]) => !(key in shapes))
        .map(([key, value]): Field => ({ key, name: key, value: { parts: [JSON.stringify(value)] } }));
    return [...known, ...unknown];
}

function isNamed(entry: Shape | readonly [FieldName, Shape]): entry is readonly [FieldName, Shape] {
    return Array.isArray(entry);
}

/** The currency of the amounts in a struct, which says it itself or by its cycle. */
function currencyOf({ currency, cycle }: Struct): number | null {
    if (typeof currency === "number") return currency;
    if (typeof cycle === "object" && cycle !== null) return currencyOf(cycle as Struct);
    return null;
}

function valueOf(value: unknown, shape: Shape, name: FieldName, around: Around): Value {
    const { language } = around;
    const texts = language === "ru" ? ru : en;
    const words = language === "ru" ? ruWords : enWords;
    if (value === null) {
        const absent: Readonly<Record<string, string>> = texts.absent;
        return said(absent[name] ?? words.none);
    }
    if (typeof shape === "object") {
        if ("word" in shape) return said(nameOf(shape.word, String(value), language));
        if ("fields" in shape) return { fields: fieldsOf(value as Struct, shape.fields, around) };
        const list = (value as readonly unknown[]).map((each) => valueOf(each, shape.list, name, around));
        if (list.length === 0) return said(words.none);
        return { list, plain: list.every((each) => "parts" in each) };
    }
    // What the ledger writes is what the shape of its field says.
    const text = String(value);
    switch (shape) {
        case "text":
            return said(text === "" ? texts.empty : text);
        case "hash":
            return /^0x0{64}$/.test(text) ? said(texts.zeros) : said({ hash: text });
        case "bytes":
            return { bytes: text };
        case "number":
            return said(formatNumber(text, language));
        case "ordinal":
            return said(text);
        case "yes":
            return said(value === true ? words.yes : words.no);
        case "moment":
            return said({ time: text });
        case "span":
            return said({ span: text });
        case "amount":
            return around.currency === null ? said(text) : said({ amount: text, currency: around.currency });
        case "organisation":
            return { parts: capital([{ organisation: Number(text) }]) };
        case "currency":
            return said({ currency: Number(text) });
        case "account":
        case "peer":
        case "payment":
            return said({ id: `${shape}:${text}` });
        case "purpose":
            return said(coded("purpose", Number(text), language));
        case "legalBasis":
            return said(coded("legal_basis", Number(text), language));
        case "block":
            return said({ subject: `block:${text}`, label: `${nameOfField("block", language)} ${formatNumber(text, language)}` });
        default:
            return said({ subject: `${shape}:${text}`, label: `${nameOfField(shape, language)} ${text}` });
    }
}

const said = (part: Part): Value => ({ parts: [part] });

const nameOfField = (name: FieldName, language: Language): string => (language === "ru" ? ru : en).names[name];

/** A code in words, with what the list calls it where that is more exact. */
function coded(list: "purpose" | "legal_basis", code: number, language: Language): string {
    const name = codeName(list, code, language);
    const term = codeTerm(list, code);
    return term === undefined || term === name ? name : `${name}, ${term}`;
}
