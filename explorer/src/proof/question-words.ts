import { formatTime } from "../i18n";
import en from "../i18n/en/verify";
import ru from "../i18n/ru/verify";
import { type Language, settings, type Zone } from "../settings.svelte";
import type { Question } from "./outcome";

/** A question of a dossier as somebody would ask it. */
export function questionWords(
    question: Question,
    language: Language = settings.language,
    zone: Zone = settings.zone,
): string {
    const { questions } = language === "ru" ? ru : en;
    if (question === "governance") return questions.governance;
    const [[kind, members] = ["", {}]]: Array<[string, Readonly<Record<string, string>>]> = Object.entries(question);
    const said = (member: string) => members[member] ?? "?";
    const time = (member: string) => formatTime(said(member), language, zone) ?? said(member);
    switch (kind) {
        case "access":
            return questions.access(said("dataset"), time("at"));
        case "lineage":
            return questions.lineage(said("version"));
        case "taint":
            return questions.taint(said("device"), time("since"));
        case "payments":
            return questions.payments(said("organisation"));
        case "reading":
            return questions.reading(said("device"), said("sequence"));
        case "versionTaint":
            return questions.versionTaint(said("version"));
        case "deviceLineage":
            return questions.deviceLineage(said("device"));
        case "batchLineage":
            return questions.batchLineage(said("batch"));
        default:
            return questions.unknown(JSON.stringify(question));
    }
}
