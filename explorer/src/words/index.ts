/**
 * What the ledger says, in words: records as sentences, and names of kinds, states, codes and reasons.
 *
 * Every function takes the language last, and the reader's where it is left out; read in markup or in `$derived` they follow
 * a change of it.
 */
import type { Action, Denial, ReasonCode } from "@citynet/ledger";

import en from "../i18n/en/words";
import { type Language, settings } from "../settings.svelte";

import { type List, nameOf } from "./names";

export { codeName, codeTerm, type List, nameOf } from "./names";
export { recordWords } from "./sentence";
export { plainRecord, plainText } from "./plain";
export { type Part, type Worded } from "./parts";
export { GROUPS, KINDS } from "./kinds";

/** The name of a kind of records, such as `Readings attested` of `batch_attested`. */
export function kindName(kind: string, language?: Language): string {
    return nameOf("kinds", kind, language);
}

const STATES = {
    grant: "grantStates",
    organisation: "organisationStates",
    device: "deviceStates",
    validator: "validatorStates",
    obligation: "obligationStates",
    cycle: "cycleStates",
} as const satisfies Record<string, List>;

/** What has states. */
export type Stateful = keyof typeof STATES;

/** The name of a state. Say of what it is: Russian names agree with it. */
export function stateName(state: string, of?: Stateful, language: Language = settings.language): string {
    const lists = of === undefined ? Object.values(STATES) : [STATES[of]];
    const list = lists.find((each) => state in en[each]);
    return list === undefined ? state : nameOf(list, state, language);
}

export type Tone = "neutral" | "good" | "warning" | "bad" | "info";

/** The tone of a badge with a state. */
export function stateTone(state: string): Tone {
    if (["active", "registered", "settled", "booked"].includes(state)) return "good";
    if (["suspended", "removing", "declared", "open"].includes(state)) return "warning";
    if (["revoked", "expelled", "terminated"].includes(state)) return "bad";
    if (["requested", "offered", "accepted", "agreed", "verified", "collecting", "funding", "netting"].includes(state)) {
        return "info";
    }
    return "neutral";
}

export function actionName(action: Action, language?: Language): string {
    return nameOf("actions", action, language);
}

/** Why a grant was suspended, revoked and so on. */
export function reasonName(reason: ReasonCode, language?: Language): string {
    return nameOf("reasons", reason, language);
}

/** Why access is denied. */
export function denialName(denial: Denial, language?: Language): string {
    return nameOf("denials", denial, language);
}

/** A list of words, such as `read, derive and publish`. */
export function listed(words: readonly string[], language: Language = settings.language): string {
    return new Intl.ListFormat(language, { type: "conjunction" }).format(words);
}
