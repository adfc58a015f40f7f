import { expect, test } from "vitest";

import type { Question } from "./outcome";
import { questionWords } from "./question-words";

test("questions are said in both languages", () => {
    const access: Question = { access: { dataset: "7", at: "1767225600000" } };
    expect(questionWords(access, "en", "utc")).toMatch(/^Who could use dataset 7 at 1 Jan 2026, 00:00:00 UTC/);
    expect(questionWords(access, "ru", "utc")).toMatch(/набором данных 7 на момент 1 янв\. 2026/);
    expect(questionWords("governance", "en")).toContain("Who runs the ledger");
    const other = { weather: { city: "1" } } as unknown as Question;
    expect(questionWords(other, "en")).toContain('{"weather":{"city":"1"}}');
});
