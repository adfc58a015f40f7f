import { type Language, settings, type Zone } from "../../settings.svelte";
import { nameOf } from "../../words";
import type { LineageAnswer, LineageStep, TaintAnswer } from "./answer";
import { remark, textsOf, type Told } from "./told";

/** Something that versions are made from, or that is made: a version, readings or bytes from elsewhere. */
export type Thing =
    | { readonly subject: string; readonly readings?: readonly [first: string, last: string] }
    | { readonly hash: string; readonly uri: string }
    | { readonly other: string };

/** Reads `7@3`, `batch:12-4000`, `device:12`, `device:12:0-999` or `sha256:0x…:https://…`. */
export function thing(text: string): Thing {
    if (/^\d+@\d+$/.test(text)) return { subject: `version:${text}` };
    const [, device, first, last] = /^device:(\d+)(?::(\d+)-(\d+))?$/.exec(text) ?? [];
    if (device !== undefined) {
        const subject = `device:${device}`;
        return first === undefined || last === undefined ? { subject } : { subject, readings: [first, last] };
    }
    const [, of, sequence] = /^batch:(\d+)-(\d+)$/.exec(text) ?? [];
    if (of !== undefined) return { subject: `batch:${of}/${sequence}` };
    const [, hash, uri] = /^sha256:(0x[0-9a-f]+)(?::(.*))?$/.exec(text) ?? [];
    return hash === undefined ? { other: text } : { hash, uri: uri ?? "" };
}

/** A step in words. */
export interface StepRow {
    readonly key: string;
    readonly step: LineageStep;
    /** Why there are no grants. Of what the ledger does not know nobody can say whether it needs one. */
    readonly ungranted: string;
    readonly how: string;
    readonly remark: Told;
}

export function stepRows(
    { steps }: LineageAnswer,
    direction: LineageStep["direction"],
    language: Language = settings.language,
    zone: Zone = settings.zone,
): StepRow[] {
    const { lineage, ownData } = textsOf(language);
    return steps
        .filter((step) => step.direction === direction)
        .map((step, position) => ({
            key: String(position),
            step,
            ungranted: step.grants.length > 0 || step.from.startsWith("sha256:") ? "" : ownData,
            how: step.how === "attestation" ? lineage.attestation : nameOf("activities", step.how, language),
            remark: remark(step.remark, language, zone),
        }));
}

/** What is said where there is no step, which says nothing while the answer is not complete. */
export function noSteps(
    { complete }: LineageAnswer,
    direction: LineageStep["direction"],
    language: Language = settings.language,
): string {
    const { lineage } = textsOf(language);
    if (!complete) return lineage.nothingShown;
    return direction === "up" ? lineage.noUp : lineage.noDown;
}

/** What is said of a part in its title. */
export function titleOf(
    title: string,
    { complete }: { readonly complete: boolean },
    language: Language = settings.language,
): string {
    return complete ? title : `${title} (${textsOf(language).lineage.partly})`;
}

/** Which readings are in doubt, in words. */
export function readingsWords({ readings }: TaintAnswer, language: Language = settings.language): string {
    const { taint } = textsOf(language);
    if (readings === null) return taint.noReadings;
    return taint.readingsOf(readings.readings, readings.batches, readings.first, readings.last);
}

/** How many versions there are, as far as that is known. */
export function versionsWords({ versions, complete }: TaintAnswer, language: Language = settings.language): string {
    const { taint } = textsOf(language);
    if (!complete) return taint.atLeast(versions.length);
    return new Intl.NumberFormat(language).format(versions.length);
}

/** What is said where no version is shown. */
export function noVersions({ complete }: TaintAnswer, language: Language = settings.language): string {
    return complete ? textsOf(language).taint.noVersions : textsOf(language).lineage.nothingShown;
}
