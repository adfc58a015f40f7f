import { settings } from "../settings.svelte";

export { english, russian } from "./plural";
export { formatAmount, formatNumber, formatRelative, formatSpan, formatTime, isoTime, type Precision } from "./format";

/**
 * The texts of a room in the language that the reader has:
 *
 *     import en from "../../i18n/en/grants";
 *     import ru from "../../i18n/ru/grants";
 *     const t = texts(en, ru);
 *     … {t().title}
 *
 * It is a function, so that markup follows when the language changes.
 */
export function texts<T>(en: T, ru: NoInfer<T>): () => T {
    return () => (settings.language === "ru" ? ru : en);
}
