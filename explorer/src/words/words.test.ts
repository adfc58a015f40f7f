import { describe, expect, it, vi } from "vitest";

vi.mock("../ledger/names.svelte", () => ({
    names: {
        organisation: (id: number) =>
            ({ 1: { name: "City of Saint Petersburg" }, 3: { name: "ITMO" } } as Record<number, object>)[id],
        currency: (number: number) => (number === 1 ? { symbol: "RUB", exponent: 2 } : undefined),
    },
}));

import { EXAMPLES } from "./examples";
import { bodyFields, type Value } from "./fields";
import { codeName, KINDS, kindName, nameOf, plainRecord, plainText, recordWords, stateName } from "./index";
import type { Kind, Worded } from "./parts";

const LANGUAGES = ["en", "ru"] as const;
const record = (kind: Kind, organisation = 1): Worded => ({
    organisation,
    account: `0x${"5a".repeat(32)}`,
    body: EXAMPLES[kind],
    subjects: ["grant:5", "organisation:1", "organisation:3"],
});

describe("kinds", () => {
    it("has every kind once", () => {
        expect([...KINDS].sort()).toEqual(Object.keys(EXAMPLES).sort());
    });

    it("names all of them, differently", () => {
        for (const language of LANGUAGES) {
            const names = KINDS.map((kind) => kindName(kind, language));
            expect(new Set(names).size).toBe(KINDS.length);
            for (const [index, kind] of KINDS.entries()) expect(names[index]).not.toBe(kind);
        }
    });
});

describe("sentences", () => {
    it.each(KINDS)("says what %s is", (kind) => {
        for (const language of LANGUAGES) {
            for (const organisation of [0, 1, 2]) {
                const text = plainRecord(record(kind, organisation), language);
                expect(text).toMatch(/^[\p{Lu}№«]/u);
                expect(text).toMatch(/\.$/);
                expect(text).not.toMatch(/undefined|null|NaN|\[object| {2}| [,.;:]|\.\./);
                if (language === "ru") expect(text).toMatch(/[а-я]{3}/);
                else expect(text).not.toMatch(/[а-яё]/i);
            }
        }
    });

    it.each([
        [
            "grant_offered",
            1,
            "City of Saint Petersburg offered ITMO grant 5 on dataset 7, with binding effect: to read it and derive other data from it, for academic research and official statistics, from 4 Sept 2018, 00:02:24 UTC until 5 Sept 2018, 00:02:24 UTC, at most 100 accesses, passing on grant 2.",
            "Организация «City of Saint Petersburg» предложила организации «ITMO» разрешение 5 на набор данных 7: читать его и создавать из него другие данные (цели: академические исследования и официальная статистика), с 4 сент. 2018 г., 00:02:24 UTC до 5 сент. 2018 г., 00:02:24 UTC, не более 100 обращений; предложение обязывающее; передача прав по разрешению 2.",
        ],
        [
            "grant_advanced",
            1,
            "Grant 5 between City of Saint Petersburg and ITMO came into force.",
            "Разрешение 5 вступило в силу: стороны — организация «City of Saint Petersburg» и организация «ITMO».",
        ],
        [
            "organisation_status_changed",
            0,
            "The consortium suspended ITMO: “no node for a month”.",
            "Консорциум приостановил членство организации «ITMO»: «no node for a month».",
        ],
        [
            "batch_attested",
            1,
            "Device 12 attested 22 readings (numbers 9007199254740993 to 9007199254741014), observed from 4 Sept 2018, 00:02:24 UTC to 5 Sept 2018, 00:02:24 UTC, and declared 2 before them missing.",
            "Устройство 12 аттестовало 22 показания (номера 9007199254740993–9007199254741014) за время с 4 сент. 2018 г., 00:02:24 UTC по 5 сент. 2018 г., 00:02:24 UTC; объявлено пропущенных перед ними: 2.",
        ],
        [
            "obligation_created",
            0,
            "ITMO owes City of Saint Petersburg 123.45 RUB for the use of grant 5 (obligation 7).",
            "Организация «ITMO» должна организации «City of Saint Petersburg» 123,45 RUB за использование разрешения 5 (обязательство 7).",
        ],
        [
            "version_published",
            2,
            "Organisation 2 published version 3 of dataset 7 (aggregation, 1 record), made from version 1 of dataset 5 (by right of grant 5), readings 0 to 9 of device 12 and something from outside the ledger.",
            "Организация № 2 опубликовала версию 3 набора данных 7 (агрегирование, 1 запись); создана из версии 1 набора данных 5 (на основании разрешения 5), показаний 0–9 устройства 12 и источника вне реестра.",
        ],
        [
            "cycle_computed",
            0,
            "Netting cycle 7 in RUB was computed: 21 obligations of 9,999.99 RUB in all, and the positions of 2 organisations.",
            "Рассчитан цикл неттинга 7 в RUB: 21 обязательство всего на 9 999,99 RUB, позиции 2 организаций.",
        ],
    ] as const)("says %s exactly", (kind, organisation, en, ru) => {
        const plain = (text: string) => text.replace(/\u00a0/g, " ");
        expect(plain(plainRecord(record(kind, organisation), "en"))).toBe(en);
        expect(plain(plainRecord(record(kind, organisation), "ru"))).toBe(ru);
    });

    it("says so where a kind is not known", () => {
        const strange = { ...record("price_released"), body: { kind: "moon_landed" } } as unknown as Worded;
        expect(plainRecord(strange, "en")).toContain("moon_landed");
        expect(plainRecord(strange, "ru")).toContain("moon_landed");
    });

    it("links what it is about", () => {
        expect(recordWords(record("price_paid"), "en")).toContainEqual({ subject: "grant:5", label: "grant\u00a05" });
        expect(recordWords(record("price_paid"), "en")).toContainEqual({ organisation: 1 });
    });
});

describe("fields", () => {
    const texts = (value: Value): string[] => {
        if ("parts" in value) return [plainText(value.parts, "en")];
        if ("bytes" in value) return [value.bytes];
        if ("list" in value) return value.list.flatMap(texts);
        return value.fields.flatMap(({ name, value: inner }) => [name, ...texts(inner)]);
    };

    it.each(KINDS)("has all of %s", (kind) => {
        const body = EXAMPLES[kind];
        for (const language of LANGUAGES) {
            const fields = bodyFields(body, language);
            expect(fields.map(({ key }) => key).sort()).toEqual(Object.keys(body).filter((key) => key !== "kind").sort());
            for (const { name, value } of fields) {
                expect(name).toBeTruthy();
                for (const text of texts(value)) {
                    expect(text).toBeTruthy();
                    // Nothing is shown as raw JSON, which is for what is not known here.
                    expect(text).not.toMatch(/undefined|[{}]|\[object/);
                }
            }
        }
    });

    it("shows amounts in the currency around them", () => {
        expect(bodyFields(EXAMPLES.cycle_settled, "en").find(({ key }) => key === "net")?.value).toEqual({
            parts: [{ amount: "500", currency: 1 }],
        });
    });

    it("says what nothing means", () => {
        const [terms] = bodyFields(EXAMPLES.grant_requested, "en").filter(({ key }) => key === "terms");
        const shown = terms === undefined ? [] : texts(terms.value);
        expect(shown).toContain("all that are still to come too");
        expect(shown).toContain("no limit");
        expect(shown).toContain("no term is set");
    });

    it("leaves out nothing that it does not know", () => {
        const body = { ...EXAMPLES.price_released, tip: { amount: "5" } };
        expect(bodyFields(body, "en").at(-1)).toEqual({ key: "tip", name: "tip", value: { parts: ['{"amount":"5"}'] } });
    });
});

describe("names", () => {
    it("agrees with what has the state", () => {
        expect(stateName("suspended", "grant", "ru")).toBe("приостановлено");
        expect(stateName("suspended", "organisation", "ru")).toBe("приостановлена");
        expect(stateName("strange", "grant", "ru")).toBe("strange");
    });

    it("knows the codes that every ledger begins with", () => {
        expect(codeName("purpose", 2, "en")).toBe("academic research");
        expect(codeName("legal_basis", 109, "ru")).toContain("152-ФЗ");
        expect(codeName("purpose", 900, "en")).toBe("900");
    });

    it("shows a value as it is where it has no name", () => {
        expect(nameOf("roles", "gardener", "en")).toBe("gardener");
    });
});
