import type { Body, MotionInfo, RecordView } from "@citynet/ledger";

/** A record of a kind. */
export type Recorded<K extends Body["kind"]> = Omit<RecordView, "body"> & { readonly body: Extract<Body, { kind: K }> };

/** A motion as the journal has it. */
export interface Motion {
    readonly number: number;
    readonly proposed: Recorded<"motion_proposed"> | null;
    readonly closed: Recorded<"motion_closed"> | null;
    /** The votes in the order in which they were cast. */
    readonly votes: readonly Ballot[];
}

/** A vote. */
export interface Ballot {
    readonly record: Recorded<"motion_voted">;
    /** Whether the organisation voted again later. */
    readonly replaced: boolean;
}

function is<K extends Body["kind"]>(record: RecordView, kind: K): record is RecordView & Recorded<K> {
    return record.body.kind === kind;
}

/** Motions from their records, the newest first. */
export function motionsOf(records: readonly RecordView[]): Motion[] {
    const numbers = new Set<number>();
    const proposed = new Map<number, Recorded<"motion_proposed">>();
    const closed = new Map<number, Recorded<"motion_closed">>();
    const votes = new Map<number, Recorded<"motion_voted">[]>();
    for (const record of records) {
        if (is(record, "motion_proposed")) proposed.set(record.body.number, record);
        else if (is(record, "motion_closed")) closed.set(record.body.number, record);
        else if (is(record, "motion_voted")) {
            votes.set(record.body.number, [...(votes.get(record.body.number) ?? []), record]);
        } else continue;
        numbers.add(record.body.number);
    }
    return [...numbers]
        .sort((one, other) => other - one)
        .map((number) => ({
            number,
            proposed: proposed.get(number) ?? null,
            closed: closed.get(number) ?? null,
            votes: ballots(votes.get(number) ?? []),
        }));
}

function ballots(records: readonly Recorded<"motion_voted">[]): Ballot[] {
    const last = new Map(records.map((record) => [record.organisation, record.index]));
    return records.map((record) => ({ record, replaced: last.get(record.organisation) !== record.index }));
}

/** Who has a seat and neither approves nor disapproves yet. */
export function undecided(motion: Pick<MotionInfo, "yes" | "no">, seated: readonly number[]): number[] {
    return seated.filter((organisation) => !motion.yes.includes(organisation) && !motion.no.includes(organisation));
}

/** How a motion stands. `lapsed`: no more votes are taken, and nobody closed it. */
export function standing(motion: Motion, open: readonly MotionInfo[], block: number): "open" | "lapsed" | "approved" | "rejected" {
    if (motion.closed !== null) return motion.closed.body.approved ? "approved" : "rejected";
    const now = open.find(({ number }) => number === motion.number);
    return now !== undefined && now.end < block ? "lapsed" : "open";
}
