import type {
    Action,
    Decimal,
    Denial,
    Hex,
    OrganisationKind,
    OrganisationStatus,
    PersonalData,
    Sensitivity,
    Usage,
    Versions,
} from "@citynet/ledger";

import type { Question } from "../outcome";

/**
 * What follows from a dossier's records, by what was asked. The members are those of `citynet audit … --json`: the
 * verifier computes both by the same code. Times are in milliseconds since 1970, amounts in a currency's smallest unit.
 *
 * A dossier's answer is about everything that its question asks for: what narrows one of `citynet audit`, such as one
 * action or a period, is never set in it.
 */
export type Answered =
    | { readonly kind: "access"; readonly told: AccessAnswer }
    | { readonly kind: "lineage"; readonly told: LineageAnswer }
    | { readonly kind: "taint"; readonly told: TaintAnswer }
    | { readonly kind: "payments"; readonly told: PaymentsAnswer }
    | { readonly kind: "governance"; readonly told: GovernanceAnswer }
    | { readonly kind: "reading"; readonly told: ReadingAnswer };

/** For which block an answer is true. */
export interface AsOf {
    readonly genesisHash: Hex;
    readonly block: { readonly number: number; readonly hash: Hex };
    /** That of the last record, since a block's header has no time. */
    readonly time: Decimal;
    readonly proven: boolean;
}

/** Who could use a dataset at a time. */
export interface AccessAnswer {
    readonly dataset: Decimal;
    readonly at: Decimal;
    readonly asOf: AsOf;
    /** Of how many records it was computed. */
    readonly records: Decimal;
    /** Whether the dataset was there at all. */
    readonly registered: boolean;
    readonly title: string | null;
    readonly sensitivity: Sensitivity | null;
    readonly owner: number | null;
    /** Whether the owner was an active member. */
    readonly ownerMay: boolean;
    readonly rights: readonly Right[];
    readonly without: readonly Without[];
    /** As they were then. */
    readonly organisations: ReadonlyArray<{
        readonly id: number;
        readonly name: string;
        readonly status: OrganisationStatus;
    }>;
    readonly notCovered: readonly string[];
}

/** What one could do by a grant, within what it stands on. */
export interface Right {
    readonly consumer: number;
    readonly grant: Decimal | null;
    /** The grant and those that it stands on, up to the first. */
    readonly chain: readonly Decimal[];
    readonly actions: readonly Action[];
    /** What the codes stand for, such as `dpv:AcademicResearch`. */
    readonly purposes: readonly string[];
    readonly versions: Versions;
    readonly legalBasis: string | null;
    readonly personalData: PersonalData;
    readonly from: Decimal;
    /** The first moment after it. */
    readonly until: Decimal;
    readonly provider: number;
    readonly controller: number;
    readonly granted: {
        readonly organisation: number;
        readonly account: Hex;
        readonly record: Decimal;
        readonly time: Decimal;
    } | null;
}

/** A grant that allowed nothing. */
export interface Without {
    readonly grant: Decimal;
    readonly consumer: number;
    readonly reason: Denial;
    /** The grant that did not allow it: itself, or one that it stands on. */
    readonly by: Decimal;
}

/** What a walk from one thing to the next may leave out. */
interface Walked {
    readonly asOf: AsOf;
    readonly complete: boolean;
    /** Why it is not complete, in the verifier's words. */
    readonly leftOut: readonly string[];
    readonly notInRecords: readonly string[];
}

/** What something was made from, and what was made from it. */
export interface LineageAnswer extends Walked {
    readonly query: {
        readonly question: "lineage";
        /** A version such as `7@3`, a batch such as `batch:12-4000`, or a device such as `device:12`. */
        readonly of: string;
        readonly up: boolean;
        readonly down: boolean;
    };
    readonly steps: readonly LineageStep[];
}

export interface LineageStep {
    readonly direction: "up" | "down";
    readonly depth: number;
    readonly made: string;
    /** Such as `7@3`, `device:12`, `device:12:0-999` or `sha256:0x…:https://…`. */
    readonly from: string;
    readonly grants: readonly Decimal[];
    readonly how: string;
    readonly by: number;
    readonly record: Decimal;
    readonly time: Decimal;
    /** Empty where there is nothing to be said. */
    readonly remark: string;
}

/** All that something in doubt touches. */
export interface TaintAnswer extends Walked {
    readonly query: { readonly question: "taint"; readonly of: string };
    readonly since: Decimal | null;
    readonly readings: {
        readonly first: Decimal;
        readonly last: Decimal;
        readonly batches: Decimal;
        readonly readings: Decimal;
    } | null;
    readonly versions: readonly TouchedVersion[];
    readonly notify: readonly Notified[];
}

export interface TouchedVersion {
    readonly version: string;
    readonly title: string;
    readonly depth: number;
    readonly via: string;
    readonly grants: readonly Decimal[];
    readonly owner: number | null;
    readonly publisher: number;
    readonly record: Decimal;
    readonly time: Decimal;
    readonly faultySince: Decimal | null;
}

/** An organisation that is to be told. */
export interface Notified {
    readonly organisation: number;
    readonly name: string | null;
    readonly contact: string | null;
    readonly owns: readonly string[];
    readonly couldHave: readonly string[];
}

/** What an organisation used, provided, owes and is owed. */
export interface PaymentsAnswer {
    readonly query: { readonly question: "payments"; readonly organisation: number };
    readonly asOf: AsOf;
    readonly sums: readonly Sums[];
    readonly grants: readonly UsedGrant[];
    readonly obligations: readonly Obligation[];
    readonly bought: readonly Bought[];
    readonly cycles: readonly Cycle[];
    readonly reconciles: boolean;
    /** What does not, in the verifier's words. */
    readonly problems: readonly string[];
    readonly notCovered: readonly string[];
}

export interface Sums {
    readonly currency: number;
    /** Null where no record has the currency. */
    readonly symbol: string | null;
    readonly exponent: number | null;
    readonly owes: Side;
    readonly due: Side;
}

/** What is owed in one direction: `opening + arisen = paid + netted + byBank + open`. */
export interface Side {
    readonly opening: Decimal;
    readonly arisen: Decimal;
    readonly paid: Decimal;
    readonly netted: Decimal;
    readonly byBank: Decimal;
    readonly open: Decimal;
    readonly atOnce: Decimal;
    readonly addsUp: boolean;
}

/** The use of a grant that costs something. */
export interface UsedGrant {
    readonly grant: Decimal;
    readonly provider: number;
    readonly consumer: number;
    readonly currency: number;
    readonly reported: { readonly usage: Usage; readonly record: Decimal } | null;
    readonly stated: { readonly usage: Usage; readonly record: Decimal } | null;
    /** What of it is beyond dispute. */
    readonly matured: Usage;
    readonly billed: Decimal;
}

export interface Obligation {
    readonly obligation: Decimal;
    readonly record: Decimal;
    readonly time: Decimal;
    readonly grant: Decimal;
    readonly currency: number;
    readonly debtor: number;
    readonly creditor: number;
    readonly amount: Decimal;
    readonly usage: Usage;
    readonly reverses: Decimal | null;
    /** The records that it rests on. */
    readonly report: Decimal | null;
    readonly statement: Decimal | null;
    readonly outcome: "open" | "netting" | "declared" | "paid" | "netted" | "booked";
    readonly cycle: string | null;
    readonly uetr: string | null;
    readonly records: readonly Decimal[];
    readonly settled: Decimal | null;
}

/** A price that was paid at once. */
export interface Bought {
    readonly grant: Decimal;
    readonly record: Decimal;
    readonly time: Decimal;
    readonly currency: number;
    readonly amount: Decimal;
    readonly debtor: number;
    readonly creditor: number;
}

/** A netting cycle that the organisation has a part in. */
export interface Cycle {
    /** The currency and the cycle's number, such as `1-7`. */
    readonly cycle: string;
    readonly opened: Decimal | null;
    readonly computed: Decimal;
    readonly settled: Decimal | null;
    /** What all pay and get. */
    readonly pays: Decimal;
    readonly gets: Decimal;
    readonly ownPays: Decimal;
    readonly ownGets: Decimal;
    /** What its own obligations come to. */
    readonly owed: Decimal;
    readonly due: Decimal;
    readonly obligations: readonly Decimal[];
    readonly sumsToZero: boolean;
    readonly agrees: boolean;
}

/** Who runs the ledger, and who decided what. */
export interface GovernanceAnswer {
    readonly query: { readonly question: "governance" };
    readonly asOf: AsOf;
    readonly records: Decimal;
    readonly organisations: readonly Member[];
    readonly motions: readonly Motion[];
    readonly deeds: readonly Deed[];
    readonly notCovered: readonly string[];
}

export interface Member {
    readonly id: number;
    readonly name: string;
    readonly kind: OrganisationKind;
    readonly status: OrganisationStatus;
    /** Whether it has a vote. */
    readonly seat: boolean;
    readonly record: Decimal;
    readonly joined: Decimal;
    readonly validators: ReadonlyArray<{ readonly account: Hex; readonly standing: string; readonly record: Decimal }>;
}

export interface Motion {
    readonly number: number;
    readonly callHash: Hex;
    readonly call: Hex;
    readonly reason: string;
    readonly threshold: number;
    readonly organisation: number;
    readonly account: Hex;
    readonly record: Decimal;
    readonly time: Decimal;
    readonly votes: readonly Vote[];
    readonly closed: Closed | null;
    /** Whether the votes are those that were counted. */
    readonly countedRight: boolean;
}

export interface Vote {
    readonly organisation: number;
    readonly account: Hex;
    readonly approve: boolean;
    readonly reason: string;
    readonly record: Decimal;
    readonly time: Decimal;
}

export interface Closed {
    readonly approved: boolean;
    readonly yes: number;
    readonly no: number;
    readonly seats: number;
    readonly organisation: number;
    readonly account: Hex;
    readonly record: Decimal;
    readonly time: Decimal;
    /** What it changed: the chain's own records right before it. */
    readonly changed: ReadonlyArray<{ readonly record: Decimal; readonly kind: string }>;
}

/** What an organisation did, and how often; 0 stands for the chain itself. */
export interface Deed {
    readonly organisation: number;
    readonly kind: string;
    readonly count: Decimal;
    readonly first: Decimal;
    readonly last: Decimal;
}

/** Where a reading is. */
export interface ReadingAnswer {
    readonly query: { readonly question: "reading"; readonly device: Decimal; readonly sequence: Decimal };
    readonly asOf: AsOf;
    readonly owner: number;
    readonly model: string;
    readonly observedAt: string | null;
    readonly sourceLine: string | null;
    readonly batch: {
        /** The device and the number of the first reading, such as `12-4000`. */
        readonly id: string;
        readonly record: Decimal;
        readonly time: Decimal;
        readonly organisation: number;
        readonly count: number;
        readonly epoch: number;
        readonly keyRecord: Decimal;
    };
    /** The run without a gap that it is in. */
    readonly withoutGap: { readonly first: Decimal; readonly last: Decimal };
    readonly gapBefore: Gap | null;
    readonly gapAfter: Gap | null;
    readonly device: {
        readonly batches: Decimal;
        readonly readings: Decimal;
        readonly missing: Decimal;
        readonly gaps: Decimal;
        readonly nextSequence: Decimal;
        readonly distrustedSince: Decimal | null;
    };
    /** Whether the device is distrusted since a time at or before the batch's last observation. */
    readonly inDoubt: boolean;
}

/** Readings that are missing, and the record that says so. */
export interface Gap {
    readonly first: Decimal;
    readonly last: Decimal;
    readonly record: Decimal;
    readonly time: Decimal;
}

/** By which answer a question is answered. */
function kindOf(question: Question): Answered["kind"] {
    if (question === "governance") return "governance";
    if ("access" in question) return "access";
    if ("payments" in question) return "payments";
    if ("reading" in question) return "reading";
    if ("taint" in question || "versionTaint" in question) return "taint";
    return "lineage";
}

/** What the verifier answers to a question. Throws where it is an answer to another one. */
export function answered(question: Question, told: unknown): Answered {
    const kind = kindOf(question);
    if (typeof told !== "object" || told === null) throw new Error(`the answer to a question of ${kind} is none`);
    const { query } = told as { query?: { question?: unknown } };
    // That about access has its question in its own members.
    const answers = query === undefined && "dataset" in told ? "access" : query?.question;
    if (answers !== kind) throw new Error(`a question of ${kind} is answered as one of ${String(answers)}`);
    return { kind, told } as Answered;
}
