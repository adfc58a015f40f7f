import type { Decimal, Hex, RecordView } from "@citynet/ledger";

import type { Answered } from "./answer/answer";

/** The steps of a verification by their stable names, from the reading to genesis. docs/evidence.md says what each one checks. */
export const STEPS = [
    "format",
    "question",
    "reading",
    "batch",
    "device signature",
    "inclusion",
    "tree head",
    "records",
    "subject head",
    "finality",
    "authorities",
    "genesis",
] as const;

export type Step = (typeof STEPS)[number];

/**
 * What failed. Beside the steps: `asked`, the document holds but is about something else than what was asked for; and
 * `verifier`, the verifier itself cannot be had, or failed, so that nothing is known of the document.
 */
export type FailedStep = Step | "asked" | "verifier";

/** A step that passed, and what it found, in the verifier's own words. */
export interface Taken {
    step: Step;
    found: string;
}

/** What a verification says. */
export type Outcome =
    | { ok: true; steps: Taken[]; proven: Proven }
    | { ok: false; passed: Taken[]; failed: { step: FailedStep; reason: string } };

/** What the reader knows from elsewhere: the genesis hash, and for a document that is cut to it, a later authority set. */
export interface Trust {
    genesis: Hex;
    checkpoint?: { setId: Decimal; authorities: Array<{ key: Hex; weight: Decimal }> };
}

export type Proven = ProvenRecord | ProvenList | ProvenDossier;

interface ProvenAtABlock {
    /** The chain. */
    genesis: Hex;
    /** The final block that it is true for. */
    block: { number: number; hash: Hex };
    /** The authority set that made the block final. */
    setId: Decimal;
}

/** A reading, or any other single record. */
export interface ProvenRecord extends ProvenAtABlock {
    kind: "record";
    record: JournalRecord;
    tree: { size: Decimal; root: Hex };
    reading?: ProvenReading;
}

/** All records about a subject. */
export interface ProvenList extends ProvenAtABlock {
    kind: "list";
    subject: string;
    head: { count: Decimal; chain: Hex };
    /** In the order of their indices. One without `record` is concealed: that it is there is proven, and not what it says. */
    records: Array<{ leaf: Hex; record?: JournalRecord }>;
}

/** All records that a question needs, and what follows from them. */
export type ProvenDossier = ProvenRecords & Concluded;

interface ProvenRecords extends ProvenAtABlock {
    kind: "dossier";
    question: Question;
    /** By subject, the indices of all records about it. */
    lists: Record<string, Decimal[]>;
    records: JournalRecord[];
    reading?: ProvenReading;
}

/** The answer to the question; or why there is none though everything is proven, in the verifier's own words. */
export type Concluded = { answer: Answered } | { answer: null; reason: string };

/** What a record says. The rest of a `RecordView` is the node's word. */
export type JournalRecord = Omit<RecordView, "blockHash" | "encoded" | "leafHash" | "subjects">;

/** A proven reading. */
export interface ProvenReading {
    device: Decimal;
    /** The epoch of the key that signed. */
    epoch: number;
    /** The record that made the key known. */
    keyRecord: Decimal;
    /** Its number among the device's readings. */
    sequence: Decimal;
    /** When it was observed, as the leaf writes it, and in milliseconds since 1970. */
    observedAt: string;
    observed: Decimal;
    /** The source's fields with their source text. */
    observation: Record<string, string>;
    /** The source line. */
    raw: Hex;
}

/**
 * A question that a dossier is about. All numbers are decimal strings, and times are in milliseconds since 1970. A version is
 * written `7@3`, a batch by its device and the number of its first reading, `12-4000`.
 */
export type Question =
    | { reading: { device: Decimal; sequence: Decimal } }
    | { access: { at: Decimal; dataset: Decimal } }
    | { lineage: { version: string } }
    | { deviceLineage: { device: Decimal } }
    | { batchLineage: { batch: string } }
    | { taint: { device: Decimal; since: Decimal } }
    | { versionTaint: { version: string } }
    | { payments: { organisation: Decimal } }
    | "governance";

/** Why there is no evidence of something. */
export type ProofErrorCode =
    | "no_proof"
    | "other_block"
    | "other_chain"
    | "too_early"
    | "too_many"
    | "no_key"
    | "not_attested"
    | "refused";

/** There is no evidence, though the node answered. */
export class ProofError extends Error {
    override readonly name = "ProofError";
    readonly code: ProofErrorCode;

    constructor(code: ProofErrorCode, message: string) {
        super(message);
        this.code = code;
    }
}
