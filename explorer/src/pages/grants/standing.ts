import type { GrantView } from "@citynet/ledger";

/**
 * How it stands with a grant at a time. The ledger's state is not all: a grant is over without anybody saying so, may be used
 * up, and allows nothing while one that it stands on does not.
 */
export type Standing =
    | { readonly kind: "inForce" | "expired" | "early" | "usedUp" | "suspended" | "suspendedExpired" }
    /** It is active, but this one, on which it stands, is not in force. */
    | { readonly kind: "above"; readonly grant: string }
    /** It is negotiated still, or for good over. */
    | { readonly kind: "state"; readonly state: GrantView["state"] };

type Own = Pick<GrantView, "state" | "terms" | "usedInAll" | "grant" | "activeSince">;

/** That of one grant, whatever it stands on. */
export function standingAlone({ state, terms, usedInAll, activeSince }: Own, now: bigint): Standing {
    if (state !== "active" && state !== "suspended") return { kind: "state", state };
    if (BigInt(terms.notAfter) <= now) return { kind: state === "active" ? "expired" : "suspendedExpired" };
    if (state === "suspended") return { kind: "suspended" };
    const since = activeSince === null || BigInt(activeSince) < BigInt(terms.notBefore) ? terms.notBefore : activeSince;
    if (now < BigInt(since)) return { kind: "early" };
    return { kind: isUsedUp(terms.limit, usedInAll) ? "usedUp" : "inForce" };
}

/** That of a grant with those that it stands on, from its parent to the first. */
export function standing(grant: Own, above: readonly Own[], now: bigint): Standing {
    const own = standingAlone(grant, now);
    if (own.kind !== "inForce") return own;
    const broken = above.find((each) => standingAlone(each, now).kind !== "inForce");
    return broken === undefined ? own : { kind: "above", grant: broken.grant };
}

/** Nothing is left as soon as one of the counts is reached. */
function isUsedUp(limit: GrantView["terms"]["limit"], used: GrantView["usedInAll"]): boolean {
    return (["accesses", "records", "bytes"] as const).some((what) => {
        const most = limit[what];
        return most !== null && BigInt(used[what]) >= BigInt(most);
    });
}

/** How much of a limit is used, in whole percent, rounded down: 100 means that nothing is left. */
export function share(used: string, most: string): number {
    const limit = BigInt(most);
    if (limit === 0n) return 100;
    const percent = (BigInt(used) * 100n) / limit;
    return percent > 100n ? 100 : Number(percent);
}

export type Tone = "neutral" | "good" | "warning" | "bad" | "info";

/** The colour of a standing. The word says the same. */
export function toneOf(standing: Standing): Tone {
    switch (standing.kind) {
        case "inForce":
            return "good";
        case "early":
            return "info";
        case "state":
            return toneOfState(standing.state);
        case "suspended":
        case "above":
        case "usedUp":
            return "warning";
        default:
            return "neutral";
    }
}

/** The colour of a state of the ledger. */
export function toneOfState(state: GrantView["state"]): Tone {
    switch (state) {
        case "active":
            return "good";
        case "suspended":
            return "warning";
        case "terminated":
        case "revoked":
            return "bad";
        case "completed":
            return "neutral";
        default:
            return "info";
    }
}
