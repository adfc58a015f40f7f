import { english } from "../plural";

const { count, number } = english;

const en = {
    title: "Overview",
    lead: "Whether the chain is healthy, what is being recorded, and what needs attention.",
    health: {
        title: "Is the chain healthy?",
        good: "blocks become final",
        slow: "finality is behind",
        stalled: "no block became final for a while",
        away: "not connected",
        block: "Finalised block",
        age: "Made",
        ageBefore: (span: string) => `${span} ago, by this computer's clock`,
        ahead: (span: string) => `${span} in the future, by this computer's clock: one of both clocks is wrong`,
        lag: "Not final yet",
        lagBlocks: (blocks: number) => count(blocks, { one: "block", other: "blocks" }),
        records: "Records in the journal",
        index: "Index",
        indexSynced: "complete",
        indexBehind: (blocks: number) => `${count(blocks, { one: "block", other: "blocks" })} behind`,
        indexNone: "this node has none",
        slots: (empty: number, slots: number, blocks: number) =>
            `During the last ${number(blocks)} blocks ${number(empty)} of ${number(slots)} slots passed without a block.`,
        rhythm: "Time from block to block",
        rhythmBlock: "Block",
        rhythmSeconds: "Seconds",
        noRhythm: "There are not enough blocks yet.",
        validators: "Validators",
        validator: "Validator",
        organisation: "Organisation",
        set: "Set",
        inSet: "in the set",
        joining: "in the next set",
        outside: "not in the set",
        silent: "silent",
        skipped: "Skipped slots",
        all: "All about validators",
    },
    activity: {
        title: "What is being recorded?",
        none: "Nothing was recorded during the last 24 hours.",
        whole: (records: number) => `${count(records, { one: "record", other: "records" })} during the last 24 hours.`,
        part: (records: number, from: string) => `The newest ${count(records, { one: "record", other: "records" })}, since ${from}; there are more during the last 24 hours.`,
        plot: (minutes: number) =>
            minutes === 60
                ? "Records per hour"
                : minutes === 1
                  ? "Records per minute"
                  : `Records per ${count(minutes, { one: "minute", other: "minutes" })}`,
        time: "From",
        records: "Records",
        kind: "Kind",
        count: "Records",
        all: "The journal",
        refresh: "Count again",
        asOf: (block: number) => `As of block ${number(block)}.`,
    },
    attention: {
        title: "What needs attention?",
        nothing: "Nothing was found that needs attention.",
        what: "What",
        which: "Which",
        when: "When",
        since: "since",
        until: "until",
        refresh: "Look again",
        kinds: {
            obligation_overdue: "owed for more than 30 days",
            payment_unanswered: "declared as paid, unanswered for more than 7 days",
            cycle_late: "netting cycle past its deadline",
            grant_expiring: "grant ends within 30 days",
            calibration_expired: "calibration has expired",
            calibration_expiring: "calibration expires within 30 days",
            key_expiring: "former key stops being accepted within 30 days",
            device_distrusted: "device is distrusted",
            validator_silent: "validator is silent",
        },
        looked: (lists: string, block: number) => `Looked at: ${lists}; as of block ${number(block)}.`,
        lists: {
            obligations: (found: number) => count(found, { one: "obligation", other: "obligations" }),
            cycles: (found: number) => `the last ${count(found, { one: "cycle", other: "cycles" })} of their currencies`,
            grants: (found: number) => count(found, { one: "grant", other: "grants" }),
            devices: (found: number) => count(found, { one: "device", other: "devices" }),
            validators: (found: number) => count(found, { one: "validator", other: "validators" }),
        },
        onlyFirst: (list: string) => `only the first ${list}`,
        first: (shown: number, all: number) => `First ${number(shown)} of ${number(all)}.`,
        showAll: "Show all",
    },
};

export default en;
