import enSentences from "../i18n/en/sentences";
import enWords from "../i18n/en/words";
import ruSentences from "../i18n/ru/sentences";
import ruWords from "../i18n/ru/words";
import { type Language, settings } from "../settings.svelte";

import { type BodyOf, capital, type Kind, type Part, say, type Worded } from "./parts";

/** A record as a sentence: `<Said parts={recordWords(record)} />` shows it, `plainText` writes it. */
export function recordWords(record: Worded, language: Language = settings.language): Part[] {
    const { organisation, account, body } = record;
    const sentences = language === "ru" ? ruSentences : enSentences;
    // A newer node may have kinds that are not known here.
    if (!Object.hasOwn(sentences, body.kind)) {
        return say`${(language === "ru" ? ruWords : enWords).unknownKind(body.kind)}`;
    }
    const sentence = sentences[body.kind] as (
        body: BodyOf<Kind>,
        by: { organisation: number; account: string },
        others: readonly number[],
    ) => Part[];
    return capital(sentence(body, { organisation, account }, others(record)));
}

function others({ organisation, subjects = [] }: Worded): number[] {
    return subjects
        .filter((subject) => subject.startsWith("organisation:"))
        .map((subject) => Number(subject.slice("organisation:".length)))
        .filter((each) => each !== organisation && each !== 0);
}
