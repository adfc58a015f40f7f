import { type Language, settings } from "../../settings.svelte";
import type { Gap, ReadingAnswer } from "./answer";
import { textsOf } from "./told";

/** Whether the reading is in doubt, in words; with the time since when its device is distrusted, if it is. */
export function doubt(
    { inDoubt, device }: ReadingAnswer,
    language: Language = settings.language,
): { good: boolean; words: string; since: string | null } {
    const { reading } = textsOf(language);
    const since = device.distrustedSince;
    if (inDoubt) return { good: false, words: reading.doubtful, since };
    return { good: true, words: since === null ? reading.trusted : reading.laterDoubt, since };
}

export function gapWords(gap: Gap | null, language: Language = settings.language): string {
    const { reading } = textsOf(language);
    return gap === null ? reading.noGap : reading.numbers(gap.first, gap.last);
}

/** The batch as texts name subjects: `batch:12/4000`. */
export function batchSubject({ batch }: ReadingAnswer): string {
    return `batch:${batch.id.replace("-", "/")}`;
}
