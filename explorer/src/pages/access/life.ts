import type { Body, GrantView, RecordView } from "@citynet/ledger";

/** Something by which it may change who can use a dataset. */
export type Change =
    | { readonly kind: "registered" | "changed" }
    | { readonly kind: "transferred"; readonly to: number }
    /** A grant's first or last moment. */
    | { readonly kind: "begins" | "ends"; readonly grant: string }
    | {
          readonly kind: "became";
          readonly grant: string;
          readonly state: GrantView["state"];
          readonly reason: Extract<Body, { kind: "grant_state_changed" }>["reason"];
          readonly note: string;
      };

/** A change with its moment. */
export type Mark = Change & {
    /** In milliseconds since 1970. */
    readonly time: string;
    /** The record that says so; none where it happens by itself. */
    readonly record: string | null;
};

/**
 * The marks of a dataset's life, in their order: from the records about it, the grants on it, and the records by which those
 * changed their state. What is to come after `end` is left out.
 */
export function marksOf(
    records: readonly RecordView[],
    grants: readonly GrantView[],
    changes: readonly RecordView[],
    end: bigint,
): Mark[] {
    const marks: Mark[] = [];
    for (const { body, time, index: record } of records) {
        if (body.kind === "dataset_registered") marks.push({ kind: "registered", time, record });
        else if (body.kind === "dataset_changed") marks.push({ kind: "changed", time, record });
        else if (body.kind === "dataset_transferred") marks.push({ kind: "transferred", to: body.to, time, record });
    }
    for (const { grant, activeSince, ended, terms } of grants) {
        if (activeSince === null) continue;
        const begins = BigInt(activeSince) < BigInt(terms.notBefore) ? terms.notBefore : activeSince;
        const over = ended === null ? null : BigInt(ended);
        // What was revoked before its first or its last moment has none.
        if (over === null || BigInt(begins) < over) marks.push({ kind: "begins", grant, time: begins, record: null });
        if (over === null || BigInt(terms.notAfter) < over) {
            marks.push({ kind: "ends", grant, time: terms.notAfter, record: null });
        }
    }
    for (const { body, time, index: record } of changes) {
        if (body.kind !== "grant_state_changed") continue;
        const { grant, state, reason, note } = body;
        marks.push({ kind: "became", grant, state, reason, note, time, record });
    }
    return marks
        .filter(({ time }) => BigInt(time) <= end)
        .sort((one, other) => Number(BigInt(one.time) - BigInt(other.time)));
}

/** The last change of a grant's state that was not later than a time. */
export function lastChange(marks: readonly Mark[], grant: string, at: bigint) {
    return marks.findLast(
        (mark): mark is Extract<Mark, { kind: "became" }> =>
            mark.kind === "became" && mark.grant === grant && BigInt(mark.time) <= at,
    );
}

/** The next moment at which something changed, after a time or before it, or null. */
export function neighbour(marks: readonly Mark[], at: bigint, direction: "before" | "after"): string | null {
    const found =
        direction === "before"
            ? marks.findLast(({ time }) => BigInt(time) < at)
            : marks.find(({ time }) => BigInt(time) > at);
    return found?.time ?? null;
}

/** Where a moment is on the slider, in percent. */
export function place(time: string, from: number, to: number): number {
    if (to <= from) return 100;
    return Math.min(100, Math.max(0, ((Number(time) - from) / (to - from)) * 100));
}
