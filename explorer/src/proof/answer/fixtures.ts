/** Answers of the verifier as JSON, for tests: one to each kind of question, and those that are less than good. */
import type {
    AccessAnswer,
    AsOf,
    GovernanceAnswer,
    LineageAnswer,
    PaymentsAnswer,
    ReadingAnswer,
    Side,
    TaintAnswer,
} from "./answer";

/** 1 March 2026, 12:00:00 UTC. */
const NOON = 1_772_366_400_000;
const at = (seconds: number): string => String(NOON + 1000 * seconds);
const ACCOUNT = `0x${"01".repeat(32)}`;

const asOf: AsOf = {
    genesisHash: `0x${"01".repeat(32)}`,
    block: { number: 9, hash: `0x${"02".repeat(32)}` },
    time: at(108),
    proven: true,
};

const BY_WORD = "sources are the publisher's word: what was not published, or does not name them, is in no record";
const BY_TIME =
    "what the device fed counts by the times of its versions: whether these have its readings is in no record";

export const access: AccessAnswer = {
    dataset: "7",
    at: at(60),
    asOf,
    records: "8",
    registered: true,
    title: "Air",
    sensitivity: "restricted",
    owner: 1,
    ownerMay: true,
    rights: [
        {
            consumer: 3,
            grant: "6",
            chain: ["6", "5"],
            actions: ["read", "derive"],
            purposes: ["dpv:AcademicResearch", "city:Simulation"],
            versions: { first: 1, last: null, content: null },
            legalBasis: "A6-1-e",
            personalData: "pseudonymised",
            from: at(0),
            until: "1798761600000",
            provider: 2,
            controller: 1,
            granted: { organisation: 2, account: ACCOUNT, record: "12", time: at(30) },
        },
        {
            consumer: 2,
            grant: "5",
            chain: ["5"],
            actions: ["read"],
            purposes: ["dpv:AcademicResearch"],
            versions: { first: 2, last: 2, content: `0x${"07".repeat(32)}` },
            legalBasis: null,
            personalData: "none",
            from: at(0),
            until: "1798761600000",
            provider: 1,
            controller: 1,
            granted: null,
        },
    ],
    without: [
        { grant: "8", consumer: 3, reason: "expired", by: "8" },
        { grant: "9", consumer: 4, reason: "suspended", by: "8" },
    ],
    organisations: [
        { id: 1, name: "City", status: "active" },
        { id: 2, name: "University", status: "active" },
        { id: 3, name: "Institute", status: "active" },
    ],
    notCovered: ["use that was not reported by then", "what was done with data by who had it"],
};

/** The owner was suspended, and nobody else had a grant. */
export const accessOfNobody: AccessAnswer = {
    ...access,
    at: at(200),
    ownerMay: false,
    rights: [],
    without: [],
    organisations: [{ id: 1, name: "City", status: "suspended" }],
};

export const accessTooEarly: AccessAnswer = {
    ...accessOfNobody,
    registered: false,
    title: null,
    sensitivity: null,
    owner: null,
    organisations: [],
};

export const lineage: LineageAnswer = {
    query: { question: "lineage", of: "7@1", up: true, down: true },
    asOf,
    complete: true,
    leftOut: [],
    notInRecords: [BY_WORD],
    steps: [
        {
            direction: "up",
            depth: 1,
            made: "7@1",
            from: "device:12:0-9",
            grants: [],
            how: "aggregation",
            by: 1,
            record: "5",
            time: at(105),
            remark: "the device is distrusted since 2026-03-01T12:00:00Z",
        },
        {
            direction: "up",
            depth: 1,
            made: "7@1",
            from: `sha256:0x${"ab".repeat(32)}:https://example.org:8080/a`,
            grants: [],
            how: "aggregation",
            by: 1,
            record: "5",
            time: at(105),
            remark: "unknown to the ledger",
        },
        {
            direction: "down",
            depth: 1,
            made: "9@1",
            from: "7@1",
            grants: ["5"],
            how: "training",
            by: 2,
            record: "7",
            time: at(107),
            remark: "",
        },
    ],
};

/** A version in between is in no record, so that what comes before it is not known. */
export const lineageIncomplete: LineageAnswer = {
    ...lineage,
    complete: false,
    leftOut: ["there is no record of version 6@1"],
    steps: lineage.steps.filter(({ direction }) => direction === "up"),
};

/** Above a device is nothing. */
export const lineageOfDevice: LineageAnswer = {
    ...lineage,
    query: { question: "lineage", of: "device:12", up: false, down: true },
    notInRecords: [BY_WORD, BY_TIME],
    steps: [],
};

export const taint: TaintAnswer = {
    query: { question: "taint", of: "device:12" },
    asOf,
    since: at(30),
    complete: true,
    leftOut: [],
    notInRecords: [BY_WORD, BY_TIME],
    readings: { first: "0", last: "9", batches: "1", readings: "10" },
    versions: [
        {
            version: "7@1",
            title: "Air",
            depth: 1,
            via: "device:12",
            grants: [],
            owner: 1,
            publisher: 1,
            record: "5",
            time: at(105),
            faultySince: at(0),
        },
        {
            version: "9@1",
            title: "Air",
            depth: 2,
            via: "7@1",
            grants: ["5"],
            owner: 2,
            publisher: 2,
            record: "7",
            time: at(107),
            faultySince: null,
        },
    ],
    notify: [
        {
            organisation: 1,
            name: "City",
            contact: "mailto:data@city.example",
            owns: ["7@1", "device:12"],
            couldHave: [],
        },
        { organisation: 2, name: "University", contact: "", owns: ["9@1"], couldHave: ["7@1"] },
    ],
};

export const taintIncomplete: TaintAnswer = {
    ...taint,
    query: { question: "taint", of: "7@1" },
    since: null,
    complete: false,
    leftOut: ["more than 1000 versions: give --versions a higher number"],
    notInRecords: [BY_WORD],
    readings: null,
};

const HOUR = 3600;
const USAGE = { accesses: "3", records: "30", bytes: "300" };
const NOTHING: Side = {
    opening: "0",
    arisen: "0",
    paid: "0",
    netted: "0",
    byBank: "0",
    open: "0",
    atOnce: "0",
    addsUp: true,
};

export const payments: PaymentsAnswer = {
    query: { question: "payments", organisation: 2 },
    asOf: { ...asOf, time: at(7 * HOUR) },
    sums: [
        {
            currency: 1,
            symbol: "RUB",
            exponent: 2,
            owes: { ...NOTHING, arisen: "252500", netted: "2500", open: "250000" },
            due: NOTHING,
        },
    ],
    grants: [
        {
            grant: "5",
            provider: 3,
            consumer: 2,
            currency: 1,
            reported: { usage: USAGE, record: "3" },
            stated: null,
            matured: USAGE,
            billed: "252500",
        },
    ],
    obligations: [
        {
            obligation: "1",
            record: "4",
            time: at(4 * HOUR),
            grant: "5",
            currency: 1,
            debtor: 2,
            creditor: 3,
            amount: "2500",
            usage: USAGE,
            reverses: null,
            report: "3",
            statement: null,
            outcome: "netted",
            cycle: "1-1",
            uetr: null,
            records: ["6", "7"],
            settled: at(7 * HOUR),
        },
        {
            obligation: "2",
            record: "8",
            time: at(7 * HOUR),
            grant: "5",
            currency: 1,
            debtor: 2,
            creditor: 3,
            amount: "250000",
            usage: USAGE,
            reverses: null,
            report: null,
            statement: "3",
            outcome: "declared",
            cycle: null,
            uetr: "eb6305c9-1f7f-49de-aed0-16487c27b42d",
            records: ["9"],
            settled: null,
        },
    ],
    bought: [{ grant: "6", record: "10", time: at(7 * HOUR), currency: 4, amount: "5", debtor: 3, creditor: 2 }],
    cycles: [
        {
            cycle: "1-1",
            opened: "5",
            computed: "6",
            settled: "7",
            pays: "2500",
            gets: "2500",
            ownPays: "2500",
            ownGets: "0",
            owed: "2500",
            due: "0",
            obligations: ["1"],
            sumsToZero: true,
            agrees: true,
        },
    ],
    reconciles: true,
    problems: [],
    notCovered: ["use that no gateway reported", "of a cycle, what others owe one another"],
};

/** A bill that is not the price, a cycle that does not follow from the bills, and sums that do not add up. */
export const paymentsDiffering: PaymentsAnswer = {
    ...payments,
    sums: payments.sums.map((sums) => ({ ...sums, owes: { ...sums.owes, addsUp: false } })),
    cycles: payments.cycles.map((cycle) => ({
        ...cycle,
        gets: "2400",
        owed: "2600",
        sumsToZero: false,
        agrees: false,
    })),
    reconciles: false,
    problems: [
        "record 4: obligation 1 is 2600, and by the terms of grant 5 it should be 2500",
        "record 6: in cycle 1-1 the organisation pays 2500 and gets 0, and of its obligations in it, it owes 2600 and is due 0",
    ],
};

export const governance: GovernanceAnswer = {
    query: { question: "governance" },
    asOf,
    records: "6",
    organisations: [
        {
            id: 1,
            name: "City",
            kind: "government",
            status: "active",
            seat: true,
            record: "0",
            joined: "0",
            validators: [
                { account: ACCOUNT, standing: "since genesis", record: "1" },
                { account: `0x${"08".repeat(32)}`, standing: "suspended", record: "3" },
            ],
        },
        {
            id: 2,
            name: "University",
            kind: "university",
            status: "active",
            seat: true,
            record: "4",
            joined: at(0),
            validators: [],
        },
    ],
    motions: [
        {
            number: 1,
            callHash: `0x${"07".repeat(32)}`,
            call: "0x010203",
            reason: "Admit it",
            threshold: 1,
            organisation: 1,
            account: ACCOUNT,
            record: "2",
            time: at(0),
            votes: [
                { organisation: 1, account: ACCOUNT, approve: true, reason: "now", record: "3", time: at(10) },
            ],
            closed: {
                approved: true,
                yes: 1,
                no: 0,
                seats: 1,
                organisation: 1,
                account: ACCOUNT,
                record: "5",
                time: at(20),
                changed: [{ record: "4", kind: "organisation_registered" }],
            },
            countedRight: true,
        },
        {
            number: 2,
            callHash: `0x${"09".repeat(32)}`,
            call: "0x",
            reason: "Expel it",
            threshold: 2,
            organisation: 2,
            account: ACCOUNT,
            record: "6",
            time: at(30),
            votes: [],
            closed: {
                approved: false,
                yes: 1,
                no: 1,
                seats: 2,
                organisation: 1,
                account: ACCOUNT,
                record: "7",
                time: at(40),
                changed: [],
            },
            countedRight: false,
        },
        {
            number: 3,
            callHash: `0x${"0a".repeat(32)}`,
            call: "0x01",
            reason: "Wait",
            threshold: 2,
            organisation: 2,
            account: ACCOUNT,
            record: "8",
            time: at(50),
            votes: [],
            closed: null,
            countedRight: true,
        },
    ],
    deeds: [
        { organisation: 1, kind: "motion_voted", count: "1", first: at(10), last: at(10) },
        { organisation: 0, kind: "organisation_registered", count: "2", first: "0", last: at(20) },
    ],
    notCovered: ["attested batches, which are about devices", "the computing and settling of cycles"],
};

export const reading: ReadingAnswer = {
    query: { question: "reading", device: "12", sequence: "22" },
    asOf,
    owner: 1,
    model: "SDS011",
    observedAt: "2026-03-01T12:00:30Z",
    sourceLine: "1;2;3",
    batch: { id: "12-13", record: "2", time: at(102), organisation: 1, count: 10, epoch: 0, keyRecord: "0" },
    withoutGap: { first: "13", last: "32" },
    gapBefore: { first: "10", last: "12", record: "2", time: at(102) },
    gapAfter: { first: "33", last: "33", record: "4", time: at(104) },
    device: {
        batches: "4",
        readings: "40",
        missing: "4",
        gaps: "2",
        nextSequence: "44",
        distrustedSince: at(30),
    },
    inDoubt: true,
};

/** A dossier that holds though nothing follows from it. */
export const NO_ANSWER = {
    answer: null,
    reason: "there is no version 7@9; `citynet dataset show` says which there are",
};
