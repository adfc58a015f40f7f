import { formatTime } from "../../i18n";
import en from "../../i18n/en/answers";
import ru from "../../i18n/ru/answers";
import { type Language, settings, type Zone } from "../../settings.svelte";

/** Words for people, with their language where it is not the reader's: what the verifier says freely stays as it is. */
export interface Told {
    readonly text: string;
    readonly lang: "en" | undefined;
}

export const textsOf = (language: Language): typeof en => (language === "ru" ? ru : en);

const own = (text: string): Told => ({ text, lang: undefined });
const verbatim = (text: string): Told => ({ text, lang: "en" });

/** A value of one of the verifier's fixed lists. */
function listed(list: Readonly<Record<string, string>>, value: string): Told {
    const text = list[value];
    return text === undefined ? verbatim(value) : own(text);
}

/** What an answer does not cover, or what is in no record. */
export function limit(text: string, language: Language = settings.language): Told {
    return listed(textsOf(language).limits, text);
}

/** How a validator stands. */
export function standing(text: string, language: Language = settings.language): Told {
    return listed(textsOf(language).governance.standings, text);
}

const SINCE = /^(faulty|the device is distrusted) since (\S+)$/;

/** What is to be said about a step of a lineage; empty where it is nothing. */
export function remark(text: string, language: Language = settings.language, zone: Zone = settings.zone): Told {
    const { remarks } = textsOf(language).lineage;
    if (text === "") return own("");
    if (text === "not followed") return own(remarks.unfollowed);
    if (text === "unknown to the ledger") return own(remarks.unknown);
    const [, what, since] = SINCE.exec(text) ?? [];
    const moment = Date.parse(since ?? "");
    const time = Number.isNaN(moment) ? null : formatTime(moment, language, zone);
    if (time === null) return verbatim(text);
    return own(what === "faulty" ? remarks.faulty(time) : remarks.distrusted(time));
}
