import {
    type AnyPage,
    type CycleAnswer,
    type DeviceView,
    type GrantView,
    items,
    type Ledger,
    type ObligationView,
    type ValidatorInfo,
} from "@citynet/ledger";

const DAY = 86_400_000;
/** What ends within this time ends soon. */
export const SOON = 30 * DAY;
/** What is owed for longer is overdue: the ledger itself knows no date by which an obligation is to be paid. */
export const OVERDUE = 30 * DAY;
/** After this time without an answer a debtor may take back that it has paid. */
export const UNANSWERED = 7 * DAY;

/** At most so many of each list are looked at. */
const MOST = 5_000;
const PAGE = 1_000;

export type FindingKind =
    | "obligation_overdue"
    | "payment_unanswered"
    | "cycle_late"
    | "grant_expiring"
    | "calibration_expired"
    | "calibration_expiring"
    | "key_expiring"
    | "device_distrusted"
    | "validator_silent";

/** Something that somebody should look after. */
export interface Finding {
    readonly kind: FindingKind;
    /** What it is about, such as `grant:5`. */
    readonly subject: string;
    /** Since when, or until when, in milliseconds since 1970. */
    readonly moment: string | null;
}

/** How much of a list was looked at. */
export interface Looked {
    readonly count: number;
    readonly complete: boolean;
}

export interface Attention {
    readonly findings: readonly Finding[];
    readonly looked: Readonly<Record<"obligations" | "cycles" | "grants" | "devices" | "validators", Looked>>;
    readonly block: number;
}

/** What of the ledger needs attention at a moment, of what its lists say. */
export async function attention(ledger: Ledger, now: number): Promise<Attention> {
    const [obligations, grants, devices, validators, cycles] = await Promise.all([
        some((cursor) => ledger.obligations({ cursor, limit: PAGE })),
        some((cursor) => ledger.grants({ cursor, limit: PAGE })),
        some((cursor) => ledger.devices({ cursor, limit: PAGE })),
        ledger.validators(),
        lastCycles(ledger),
    ]);
    return {
        findings: [
            ...validators.items.flatMap(aboutValidator),
            ...cycles.flatMap((cycle) => aboutCycle(cycle, now)),
            ...devices.items.flatMap((device) => aboutDevice(device, now)),
            ...obligations.items.flatMap((obligation) => aboutObligation(obligation, now)),
            ...grants.items.flatMap((grant) => aboutGrant(grant, now)),
        ],
        looked: {
            obligations: { count: obligations.items.length, complete: obligations.complete },
            grants: { count: grants.items.length, complete: grants.complete },
            devices: { count: devices.items.length, complete: devices.complete },
            validators: { count: validators.items.length, complete: true },
            cycles: { count: cycles.length, complete: true },
        },
        block: validators.anchor.number,
    };
}

/** The last cycle of each currency: those before are over. */
async function lastCycles(ledger: Ledger): Promise<CycleAnswer[]> {
    const currencies = await ledger.currencies();
    return Promise.all(
        currencies.items
            .filter(({ lastCycle }) => lastCycle > 0)
            .map(({ currency, lastCycle }) => ledger.cycle({ currency, number: lastCycle })),
    );
}

/** The first items of a list, as many as may be looked at. */
async function some<T>(ask: (cursor: string | undefined) => Promise<AnyPage<T>>): Promise<{ items: T[]; complete: boolean }> {
    const found: T[] = [];
    for await (const item of items(ask)) {
        if (found.length === MOST) return { items: found, complete: false };
        found.push(item);
    }
    return { items: found, complete: true };
}

export function aboutObligation({ obligation, state, since, declared }: ObligationView, now: number): Finding[] {
    const subject = `obligation:${obligation}`;
    if (state === "open" && Number(since) < now - OVERDUE) return [{ kind: "obligation_overdue", subject, moment: since }];
    if (state === "declared" && declared !== null && Number(declared) < now - UNANSWERED) {
        return [{ kind: "payment_unanswered", subject, moment: declared }];
    }
    return [];
}

export function aboutCycle(
    { currency, number, phase, deadline }: Pick<CycleAnswer, "currency" | "number" | "phase" | "deadline">,
    now: number,
): Finding[] {
    const over = phase === "settled" || phase === "empty";
    return over || Number(deadline) >= now
        ? []
        : [{ kind: "cycle_late", subject: `cycle:${currency}-${number}`, moment: deadline }];
}

export function aboutGrant({ grant, state, terms }: Pick<GrantView, "grant" | "state" | "terms">, now: number): Finding[] {
    const end = Number(terms.notAfter);
    return state === "active" && end > now && end <= now + SOON
        ? [{ kind: "grant_expiring", subject: `grant:${grant}`, moment: terms.notAfter }]
        : [];
}

export function aboutDevice(
    { device, status, distrustedSince, profile, previous }: Pick<DeviceView, "device" | "status" | "distrustedSince" | "profile" | "previous">,
    now: number,
): Finding[] {
    const subject = `device:${device}`;
    const found: Finding[] = [];
    if (distrustedSince !== null) found.push({ kind: "device_distrusted", subject, moment: distrustedSince });
    // What a retired device is calibrated for, or signs with, matters to nobody.
    if (status === "retired") return found;
    const calibrated = profile.calibration?.validUntil;
    if (calibrated !== undefined && Number(calibrated) <= now + SOON) {
        const kind = Number(calibrated) < now ? "calibration_expired" : "calibration_expiring";
        found.push({ kind, subject, moment: calibrated });
    }
    const until = Number(previous?.validUntil ?? 0);
    if (previous !== null && until > now && until <= now + SOON) {
        found.push({ kind: "key_expiring", subject, moment: previous.validUntil });
    }
    return found;
}

export function aboutValidator({ account, silent, active }: Pick<ValidatorInfo, "account" | "silent" | "active">): Finding[] {
    return silent && active ? [{ kind: "validator_silent", subject: `account:${account}`, moment: null }] : [];
}
