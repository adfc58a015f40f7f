import { english } from "../plural";

const { count, number, word } = english;

/** A list as a sentence has it: `a, b and c`. */
function and(items: readonly string[]): string {
    return new Intl.ListFormat("en", { type: "conjunction" }).format(items);
}

const accesses = (value: string | bigint) => count(value, { one: "access", other: "accesses" });
const records = (value: string | bigint) => count(value, { one: "record", other: "records" });
const bytes = (value: string | bigint) => count(value, { one: "byte", other: "bytes" });

const en = {
    title: "Grants",
    lead: "Who may use whose data, for what, on which legal basis and until when.",
    grant: (grant: string) => `Grant ${grant}`,
    none: "No grant fits. Here stands every grant from its first request or offer on, also those that failed or ended.",
    filters: "Which grants",
    looked: (shown: number, looked: number) =>
        `${number(shown)} of the ${count(looked, { one: "grant", other: "grants" })} looked through so far ${word(shown, { one: "is", other: "are" })} in this state.`,
    columns: {
        grant: "Grant",
        dataset: "Dataset",
        provider: "Provider",
        consumer: "Consumer",
        state: "State",
        may: "May",
        until: "Until before",
        parent: "Stands on",
    },
    /** What stands behind "may" in a sentence. */
    verbs: {
        read: "read it",
        derive: "make other data from it",
        train: "train models with it",
        aggregate: "sum it up",
        publish: "give it to everybody",
    },
    standing: {
        title: "Where it is",
        inForce: "It is in force.",
        expired: "Its time is over, so it allows nothing any more.",
        early: "It has not begun yet, so it allows nothing yet.",
        usedUp: "All that may be used was used, so it allows nothing any more.",
        suspended: "It is on hold and allows nothing until it is resumed.",
        above: (grant: string) => `It allows nothing, since grant ${grant}, on which it stands, is not in force.`,
        binding: "Accepting the offer is enough.",
        requested: "The provider agrees or offers other terms.",
        offered: "The consumer accepts or asks for other terms.",
        accepted: "The provider agrees.",
        agreed: "The consumer verifies.",
        verified: "The provider finalises it.",
        terminated: "The negotiation failed, for good.",
        revoked: "It was revoked or withdrawn, for good.",
        completed: "It was renounced, or another grant took its place, for good.",
        decides:
            "Computed here from the grant and those that it stands on. Whether an organisation may act is not looked at: the page on access asks the ledger itself.",
        short: {
            inForce: "in force",
            expired: "active, but expired",
            suspendedExpired: "suspended, but expired",
            early: "active, not begun",
            usedUp: "active, but used up",
            above: "active, but not in force",
        },
    },
    facts: {
        parent: "Stands on",
        supersedes: "In place of",
        activeSince: "Finalised",
        ended: "Ended",
        termsHash: "Hash of the terms",
        records: "Records about it",
        state: "State",
        now: "Who may use the dataset now",
    },
    terms: {
        title: "What it says",
        data: "Data",
        provider: "Provider",
        providerRole: "grants it",
        consumer: "Consumer",
        consumerRole: "uses it",
        controller: "Controller",
        controllerRole: "answers to the people whom the data is about",
        may: "May",
        for: "For",
        time: "Time",
        limit: "Limit",
        price: "Price",
        passing: "Passing on",
        where: "Where",
        personal: "Personal data",
        basis: "Legal basis",
        retention: "Retention",
        recipients: "Recipients",
        consent: "Consent",
        notice: "Notice",
        withdrawal: "Withdrawal",
        assessment: "Impact assessment",
        contract: "Contract",
        agreement: "ODRL agreement",
        language: (code: string) => `in language ${code}`,
        until: "until before",
        noBasis: "none",
        nobody: "nobody else",
        noAgreement: "none is named",
        commitment: "committed to by",
    },
    sentence: (to: string, verbs: readonly string[], purposes: readonly string[]) =>
        `${to} may ${and(verbs)}, for ${and(purposes)}.`,
    versions: (first: number, last: number | null) =>
        last === null
            ? first === 1
                ? "all versions, also those to come"
                : `all versions from ${number(first)} on, also those to come`
            : first === last
              ? `version ${number(first)} only`
              : `versions ${number(first)} to ${number(last)}`,
    content: "whose content is",
    limits: (limit: { accesses: string | null; records: string | null; bytes: string | null }) => {
        const parts = [
            ...(limit.accesses === null ? [] : [accesses(limit.accesses)]),
            ...(limit.records === null ? [] : [records(limit.records)]),
            ...(limit.bytes === null ? [] : [bytes(limit.bytes)]),
        ];
        return parts.length === 0 ? "none" : `${and(parts)} in all`;
    },
    usage: (usage: { accesses: string; records: string; bytes: string }) =>
        `${accesses(usage.accesses)}, ${records(usage.records)}, ${bytes(usage.bytes)}`,
    prices: {
        free: "free",
        contract: "as the contract says",
        fixed: (sum: string) => `${sum}, paid when it begins`,
        perPeriod: (sum: string, period: string) => `${sum} for every period of ${period} that begins`,
        metered: (unit: "access" | "record" | "byte", per: string, steps: readonly string[], window: string) =>
            `for every ${{ access: accesses, record: records, byte: bytes }[unit](per)}: ${steps.join(", ")}; statements can be disputed for ${window}`,
        step: (sum: string, above: string) => (above === "0" ? sum : `${sum} above ${number(above)}`),
    },
    passing: (depth: number, restricted: boolean) => {
        const data = restricted ? "restricted data too" : "no restricted data";
        return depth === 0
            ? "not allowed"
            : depth === 1
              ? `allowed, once (${data})`
              : `allowed, ${number(depth)} times one after the other (${data})`;
    },
    retention: (days: number | null) =>
        days === null
            ? "not limited"
            : `what it had is deleted at most ${count(days, { one: "day", other: "days" })} after the end`,
    timeline: {
        title: "What became of it",
        label: "States of the grant, one after the other",
        all: "Its records",
        by: (organisation: string) => `by ${organisation}`,
        requested: "Requested",
        offered: "Offered",
        offeredBindingly: "Offered, bindingly",
        standingOn: (grant: string) => `standing on grant ${grant}`,
        inPlaceOf: (grant: string) => `in place of grant ${grant}`,
        otherTerms: "with other terms than before",
        became: {
            requested: "Requested",
            offered: "Offered",
            accepted: "Accepted",
            agreed: "Agreed",
            verified: "Verified",
            active: "Active",
            suspended: "Suspended",
            terminated: "Terminated",
            revoked: "Revoked",
            completed: "Completed",
        },
        resumed: "Resumed",
        held: "Its price was put on hold",
        released: "Its price is free again",
        paid: "Its price was paid",
        stated: (statement: number) => `Use stated (statement ${number(statement)})`,
        disputed: (statement: number) => `Statement ${number(statement)} disputed`,
        ruled: (statement: number) => `The council ruled on statement ${number(statement)}`,
        owed: (obligation: string) => `Obligation ${obligation} arose`,
        reversed: (obligation: string) => `Obligation ${obligation} reverses another one`,
        contested: (counter: string) => `Report ${number(counter)} contested`,
        consumerCounts: (usage: string) => `the consumer counts ${usage}`,
        cut: (shown: number, total: string) =>
            `The timeline shows the first ${number(shown)} of ${number(total)} records; the list has them all.`,
        reports: (reports: number) =>
            `${count(reports, { one: "report of use is", other: "reports of use are" })} left out here and ${word(reports, { one: "stands", other: "stand" })} below.`,
    },
    tree: {
        title: "Who passed it on",
        lead: "Grants that it stands on, and those that stand on it.",
        alone: "It stands on no other grant, and none stands on it.",
        this: "this grant",
        cut: (looked: number) =>
            `Only the first ${count(looked, { one: "grant", other: "grants" })} of the dataset were looked through: more may stand on it.`,
    },
    use: {
        title: "Use",
        none: "No use was reported. Here stand the sums that the provider's gateway reports, and how much of the limit they take.",
        own: "Its own use",
        all: "With what was passed on",
        limit: "Limit",
        what: "What is counted",
        accesses: "Accesses",
        records: "Records",
        bytes: "Bytes",
        unlimited: "no limit",
        share: "Of the limit",
        until: "Reported until before",
        report: "Last report",
        reports: "Reports of use",
        reportsLead:
            "Each report has the sums since the grant began, and the root over the window's receipts: with the receipts in hand, anybody can compute it again.",
        noReports: "There is no report.",
        counter: "Report",
        window: "Window",
        refused: "Refused in the window",
        receipts: "Receipts",
        root: "Root of the receipts",
        contested: "Contested",
        nothingRefused: "none",
        record: "Record",
        reportedBy: "The counts are the provider's word.",
    },
    account: {
        title: "Account",
        free: "Nothing is billed on the ledger: it is free.",
        contract: "Nothing is billed on the ledger: the contract says what it costs.",
        billed: "Billed in all, before reversals",
        matured: "Use beyond dispute",
        open: "Last statement, not yet beyond dispute",
        noOpen: "none is open",
        statements: "Statements",
        stated: "Stated",
        disputed: "Disputed",
        disputedAs: (usage: string) => `the consumer counts ${usage}`,
        obligations: "What is owed for it",
        noObligations: "Nothing is owed for it.",
        columns: {
            obligation: "Obligation",
            since: "Arose",
            debtor: "Debtor",
            creditor: "Creditor",
            amount: "Amount",
            reversed: "Reversed",
            state: "State",
        },
    },
    odrl: {
        title: "ODRL agreement",
        lead: "The terms as an ODRL 2.2 agreement. It follows from the terms and the genesis hash alone, so this page makes it again and compares.",
        named: "Hash that the terms name",
        made: "Hash of the agreement made here",
        same: "The terms name exactly this agreement.",
        other: "The terms name another document. The parties may do so; its text is then not this one.",
        absent: "The terms name no agreement.",
        termsSame: "The hash of the terms, computed here from what the node says, is the one on the ledger.",
        termsOther: "The hash of the terms, computed here from what the node says, is NOT the one on the ledger.",
        unavailable:
            "This browser computes hashes only on pages that came over https or from this computer, so nothing was compared.",
        failed: "The agreement could not be made from these terms.",
        save: "Agreement (JSON-LD)",
        genesis: "The genesis hash is not known yet.",
    },
};

export default en;
