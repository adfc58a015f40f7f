import type { Hex } from "@citynet/ledger";
import { answered } from "./answer/answer";
import { type Instance, inWorker } from "./instance";
import {
    type Concluded,
    type Outcome,
    ProofError,
    type Proven,
    type ProvenDossier,
    type Question,
    type Step,
    type Taken,
    type Trust,
} from "./outcome";

type Passed = Array<[Step, string]>;

/** What the verifier answers: `Answer` in explorer/verifier/src/session.rs. */
type Answer =
    | { holds: { kind: Proven["kind"]; proven: object & { steps: Passed }; answer?: unknown; reason?: string } }
    | { fails: { step: Step; reason: string; passed: Passed } }
    | { genesis: Hex }
    | { path: { path: Hex[]; root: Hex } }
    | { missing: Missing }
    | { dossier: string }
    | { refused: string };

/** Of a dossier that is not whole yet, the subjects whose lists are missing, and how many records it has by now. */
export interface Missing {
    subjects: string[];
    records: number;
}

const NOTHING = new Uint8Array();

/** Verifies, each document with an instance of its own. */
export class Verifier {
    readonly #open: () => Promise<Instance>;

    constructor(open: () => Promise<Instance> = inWorker) {
        this.#open = open;
    }

    /**
     * Verifies a document of any format against the genesis hash, or what else the reader trusts. Does not reject: when the
     * verifier fails, that is a failed step, and nothing is verified.
     */
    async verify(document: string | Uint8Array, trust: Hex | Trust): Promise<Outcome> {
        const request = { verify: typeof trust === "string" ? { genesis: trust } : trust };
        const body = typeof document === "string" ? new TextEncoder().encode(document) : document;
        try {
            return await this.#using(async (instance) => outcome(await ask(instance, request, body)));
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            return { ok: false, passed: [], failed: { step: "verifier", reason } };
        }
    }

    /** The genesis hash of the chain with a raw specification. Rejects with a `ProofError` where it is none. */
    genesisOf(specification: Uint8Array): Promise<Hex> {
        return this.#using(async (instance) => {
            const answer = await ask(instance, "specification", specification);
            if ("genesis" in answer) return answer.genesis;
            throw unexpected(answer);
        });
    }

    /** The root over some leaves, and the path to it from one of them. */
    pathOf(leaves: readonly string[], position: number): Promise<{ path: Hex[]; root: Hex }> {
        return this.#using(async (instance) => {
            const answer = await ask(instance, { path: { position } }, new TextEncoder().encode(leaves.join("\n")));
            if ("path" in answer) return answer.path;
            throw unexpected(answer);
        });
    }

    /**
     * Puts a dossier together. `fetchLists` is given the subjects whose lists are missing, and adds these, until none is. The
     * reading is there exactly when the question asks for one.
     */
    dossier(
        question: Question,
        reading: string | undefined,
        fetchLists: (missing: Missing, add: (list: string) => Promise<Missing>) => Promise<void>,
    ): Promise<string> {
        const encoder = new TextEncoder();
        return this.#using(async (instance) => {
            const missing = async (request: object | string, body: Uint8Array) => {
                const answer = await ask(instance, request, body);
                if ("missing" in answer) return answer.missing;
                throw unexpected(answer);
            };
            let rest = await missing({ question }, NOTHING);
            const add = async (list: string) => (rest = await missing("list", encoder.encode(list)));
            while (rest.subjects.length > 0) await fetchLists(rest, add);
            const answer = await ask(instance, "dossier", reading === undefined ? NOTHING : encoder.encode(reading));
            if ("dossier" in answer) return answer.dossier;
            throw unexpected(answer);
        });
    }

    async #using<T>(use: (instance: Instance) => Promise<T>): Promise<T> {
        const instance = await this.#open();
        try {
            return await use(instance);
        } finally {
            instance.end();
        }
    }
}

/** Verifies a document of any format: see `Verifier.verify`. */
export function verify(document: string | Uint8Array, trust: Hex | Trust): Promise<Outcome> {
    return new Verifier().verify(document, trust);
}

async function ask(instance: Instance, request: object | string, body: Uint8Array): Promise<Answer> {
    // What comes is what the crate writes: it is of this same version.
    return JSON.parse(await instance.ask(JSON.stringify(request), body)) as Answer;
}

function outcome(answer: Answer): Outcome {
    if ("holds" in answer) {
        const { kind, proven, answer: told, reason } = answer.holds;
        const { steps, ...rest } = proven;
        const found = { kind, ...rest } as Proven;
        const whole = found.kind === "dossier" ? { ...found, ...concluded(found, told, reason) } : found;
        return { ok: true, steps: taken(steps), proven: whole };
    }
    if ("fails" in answer) {
        const { step, reason, passed } = answer.fails;
        return { ok: false, passed: taken(passed), failed: { step, reason } };
    }
    throw unexpected(answer);
}

/** Where there is no answer, the verifier says so: one that says nothing is of another version. */
function concluded({ question }: ProvenDossier, told: unknown, reason: string | undefined): Concluded {
    if (told !== null) return { answer: answered(question, told) };
    if (reason === undefined) throw new Error("the verifier does not say why there is no answer");
    return { answer: null, reason };
}

function taken(passed: Passed): Taken[] {
    return passed.map(([step, found]) => ({ step, found }));
}

function unexpected(answer: Answer): Error {
    if ("refused" in answer) return new ProofError("refused", answer.refused);
    return new Error("the verifier answers something else");
}
