import { type Language, settings } from "../../settings.svelte";
import { actionName, denialName, listed, nameOf } from "../../words";
import type { AccessAnswer, Right, Without } from "./answer";
import { type Known, party } from "./known";
import { textsOf } from "./told";

/** A right in words. */
export interface RightRow {
    readonly key: string;
    readonly right: Right;
    readonly may: string;
    readonly purposes: readonly string[];
    readonly versions: string;
    readonly basis: string;
    /** Empty where it is not about people. */
    readonly personal: string;
}

export function rightRows({ rights }: AccessAnswer, language: Language = settings.language): RightRow[] {
    const { access } = textsOf(language);
    return rights.map((right) => ({
        key: right.chain.join(" "),
        right,
        may: listed(right.actions.map((action) => actionName(action, language)), language),
        purposes: right.purposes.map((purpose) => nameOf("purposes", purpose, language)),
        versions: access.versions(right.versions.first, right.versions.last),
        basis: right.legalBasis === null ? access.noBasis : nameOf("legalBases", right.legalBasis, language),
        personal: right.personalData === "none" ? "" : nameOf("personalData", right.personalData, language),
    }));
}

/** A grant that allowed nothing, in words. */
export interface WithoutRow {
    readonly without: Without;
    readonly consumer: string;
    readonly reason: string;
    /** The grant that is the reason, where it is another one. */
    readonly by: string | null;
}

export function withoutRows(
    { without }: AccessAnswer,
    known: Known,
    language: Language = settings.language,
): WithoutRow[] {
    return without.map((each) => ({
        without: each,
        consumer: party(each.consumer, known, language),
        reason: denialName(each.reason, language),
        by: each.by === each.grant ? null : each.by,
    }));
}

/** What there is to be said of the owner, behind its name. */
export function ownerWords(
    { owner, ownerMay, organisations }: AccessAnswer,
    language: Language = settings.language,
): string {
    const { access } = textsOf(language);
    if (ownerMay) return access.ownerMay;
    const status = organisations.find(({ id }) => id === owner)?.status;
    const said = status === undefined ? "" : ` (${access.status(nameOf("organisationStates", status, language))})`;
    return access.ownerMayNot + said;
}

/** Where nobody had a right by a grant, who had one at all. */
export function nobodyWords({ ownerMay }: AccessAnswer, language: Language = settings.language): string {
    const { access } = textsOf(language);
    return ownerMay ? access.nobody : access.nobodyAtAll;
}

/** Whether the time is one that the records may not reach: a block has no time, so that it is not known. */
export function isLate({ at, asOf }: AccessAnswer): boolean {
    return BigInt(at) > BigInt(asOf.time);
}
