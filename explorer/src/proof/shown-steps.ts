import { type FailedStep, type Outcome, type Step, STEPS } from "./outcome";

/** How a step ended; `open`: it was not reached, because another one failed. */
export interface Shown {
    readonly step: FailedStep;
    readonly state: "passed" | "failed" | "open";
    /** What the verifier found, or why it failed, in its own words. */
    readonly detail: string | null;
}

const ENDS: readonly Step[] = ["finality", "authorities", "genesis"];
const OF_READING: readonly Step[] = ["reading", "batch", "device signature"];
const OF_FORMAT: Readonly<Record<string, readonly Step[]>> = {
    evidence: ["format", "inclusion", "tree head", ...ENDS],
    list: ["format", "records", "subject head", ...ENDS],
    dossier: ["format", "question", "records", "subject head", ...ENDS],
};

/**
 * All steps that a document has to take, with how each ended. Those of a document that failed are known from its text, as
 * far as that can be read at all.
 */
export function shownSteps(outcome: Outcome, document: string): Shown[] {
    const taken = outcome.ok ? outcome.steps : outcome.passed;
    const found = new Map(taken.map(({ step, found: words }) => [step, words]));
    const failed = outcome.ok ? null : outcome.failed;
    const applicable = new Set<Step>([...found.keys(), ...(failed === null ? [] : applicableTo(document))]);
    const steps: Shown[] = STEPS.filter((step) => applicable.has(step) || step === failed?.step).map((step) => {
        if (step === failed?.step) return { step, state: "failed", detail: failed.reason };
        const words = found.get(step);
        return words === undefined ? { step, state: "open", detail: null } : { step, state: "passed", detail: words };
    });
    // What is no step of a document stands before or behind all of them.
    if (failed?.step === "verifier") steps.unshift({ step: "verifier", state: "failed", detail: failed.reason });
    if (failed?.step === "asked") steps.push({ step: "asked", state: "failed", detail: failed.reason });
    return steps;
}

function applicableTo(document: string): readonly Step[] {
    const format = /"format":"citynet\.(evidence|list|dossier)\//.exec(document)?.[1];
    const steps = OF_FORMAT[format ?? ""] ?? ["format", ...ENDS];
    return /"reading":\{"leaf":/.test(document) ? [...steps, ...OF_READING] : steps;
}
