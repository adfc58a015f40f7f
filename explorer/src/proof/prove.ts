import { type DecimalInput, type Hex, type Ledger, LedgerError } from "@citynet/ledger";
import type { ArchivedReading } from "./archive";
import { dossierEvidence, type Fetched, listEvidence, questionOf, readingEvidence, recordEvidence } from "./evidence";
import { type Outcome, ProofError, type Question, type Trust } from "./outcome";
import { Verifier } from "./verifier";

/** For how long to wait before a node is asked again, in milliseconds. */
const PAUSE = 500;

/** A document, and whether it holds. */
export interface Proof {
    document: string;
    outcome: Outcome;
    /** A name for its file. */
    name: string;
}

/** How far it is: what was fetched by now, or why it waits. */
export type Progress = { lists: number; records: number } | { waiting: string };

export interface ProveOptions {
    /** For how long to wait until the node has the proof, in milliseconds. */
    patience?: number;
    /** Ends it. */
    signal?: AbortSignal;
    progress?: (progress: Progress) => void;
    verifier?: Verifier;
}

/** Fetches the evidence of one record, and verifies it. */
export function proveRecord(ledger: Ledger, index: DecimalInput, trust: Hex | Trust, options?: ProveOptions): Promise<Proof> {
    return prove(`record-${index}.json`, trust, options, passing, () => recordEvidence(ledger, index), (outcome) => {
        // The verifier does not know what was asked for.
        if (!outcome.ok || outcome.proven.kind !== "record" || outcome.proven.record.index === String(index)) return outcome;
        const reason = `the node gave evidence of record ${outcome.proven.record.index} instead of ${index}`;
        return { ok: false, passed: outcome.steps, failed: { step: "asked", reason } };
    });
}

/** Fetches all records about a subject with what proves them complete, and verifies that. */
export function proveList(ledger: Ledger, subject: string, trust: Hex | Trust, options?: ProveOptions): Promise<Proof> {
    const name = `list-${subject.replace(":", "-")}.json`;
    return prove(name, trust, options, passing, async (fetched) => (await listEvidence(ledger, subject, fetched)).text);
}

/** Fetches all records that a question needs with what proves them complete, and verifies that. */
export function proveDossier(
    ledger: Ledger,
    question: Exclude<Question, { reading: unknown }>,
    trust: Hex | Trust,
    options?: ProveOptions,
): Promise<Proof> {
    return prove(nameOf(question), trust, options, passingOrBehind, (fetched, verifier) =>
        dossierEvidence(ledger, verifier, question, fetched),
    );
}

/** Fetches the evidence of one reading of an archive, and verifies it. */
export function proveReading(
    ledger: Ledger,
    reading: ArchivedReading,
    trust: Hex | Trust,
    options?: ProveOptions,
): Promise<Proof> {
    const name = `reading-${reading.device}-${reading.sequence}.json`;
    return prove(name, trust, options, passingOrBehind, () => readingEvidence(ledger, reading));
}

/** The same with all records about the device, which also show what is missing around the reading. */
export function proveReadingComplete(
    ledger: Ledger,
    reading: ArchivedReading,
    trust: Hex | Trust,
    options?: ProveOptions,
): Promise<Proof> {
    const question = questionOf(reading);
    return prove(nameOf(question), trust, options, passingOrBehind, (fetched, verifier) =>
        dossierEvidence(ledger, verifier, question, fetched, reading),
    );
}

async function prove(
    name: string,
    trust: Hex | Trust,
    { patience = 30_000, signal, progress, verifier = new Verifier() }: ProveOptions = {},
    mayPass: (error: unknown) => boolean,
    assemble: (fetched: Fetched, verifier: Verifier) => Promise<string>,
    check: (outcome: Outcome) => Outcome = (outcome) => outcome,
): Promise<Proof> {
    const fetched: Fetched = (lists, records) => {
        // Between two answers, so that nothing more is asked for.
        signal?.throwIfAborted();
        progress?.({ lists, records });
    };
    const end = Date.now() + patience;
    for (;;) {
        signal?.throwIfAborted();
        try {
            const document = await assemble(fetched, verifier);
            signal?.throwIfAborted();
            return { document, outcome: check(await verifier.verify(document, trust)), name };
        } catch (error) {
            if (!mayPass(error) || Date.now() + PAUSE > end) throw error;
            progress?.({ waiting: error instanceof Error ? error.message : String(error) });
            await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
    }
}

/** Whether the node may know in a moment. */
function passing(error: unknown): boolean {
    return error instanceof LedgerError && ["not_final_yet", "not_synced", "cursor_expired"].includes(error.code);
}

/** The same where it helps to begin again too: the node is behind, or has no proof of the first list's block any more. */
function passingOrBehind(error: unknown): boolean {
    if (error instanceof ProofError) return error.code === "too_early";
    if (passing(error)) return true;
    return error instanceof LedgerError && error.code === "not_found" && error.data["what"] === "justification";
}

/** Such as `access-7-1767225600000.json`. */
function nameOf(question: Question): string {
    if (question === "governance") return "governance.json";
    const [[kind, members] = ["dossier", {}]] = Object.entries(question);
    return `${[kind, ...Object.values(members as object)].join("-")}.json`;
}
