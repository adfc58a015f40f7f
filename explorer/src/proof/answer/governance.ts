import { type Language, settings } from "../../settings.svelte";
import { kindName } from "../../words";
import type { Deed, Motion } from "./answer";
import { type Known, party } from "./known";
import { textsOf } from "./told";

/** How a motion ended, in words. */
export interface MotionOutcome {
    readonly words: string;
    readonly tone: "good" | "bad" | "info";
    /** The votes that were counted; null while it is open. */
    readonly tally: string | null;
    /** What it changed, each with its record; a sentence where no record tells it; null where nothing could change. */
    readonly changed: ReadonlyArray<{ readonly kind: string; readonly record: string }> | string | null;
}

export function motionOutcome({ closed }: Motion, language: Language = settings.language): MotionOutcome {
    const { governance } = textsOf(language);
    if (closed === null) return { words: governance.outcomes.open, tone: "info", tally: null, changed: null };
    const tally = governance.tally(closed.yes, closed.no, closed.seats);
    if (!closed.approved) return { words: governance.outcomes.rejected, tone: "bad", tally, changed: null };
    const changed = closed.changed.map(({ kind, record }) => ({ kind: kindName(kind, language), record }));
    return {
        words: governance.outcomes.approved,
        tone: "good",
        tally,
        changed: changed.length === 0 ? governance.changedNothing : changed,
    };
}

/** How many bytes hex stands for. */
export function bytesOf(hex: string): number {
    return (hex.length - 2) / 2;
}

/** Who did something; the consortium's records are those of the chain itself. */
export function doer({ organisation }: Deed, known: Known, language: Language = settings.language): string {
    return organisation === 0 ? textsOf(language).governance.chainItself : party(organisation, known, language);
}
