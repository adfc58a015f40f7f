import type { DeviceProfile, Parameter, Source, Terms, Usage, UsageLimit } from "@citynet/ledger";

import { codeName, nameOf } from "../../words/names";
import { type Author, type BodyOf, joined, type Kind, type Part, type Piece, say } from "../../words/parts";
import { english } from "../plural";

const { count, number } = english;

/** A record of each kind as a sentence. `others`: which organisations it is about besides the one that acted. */
export type Sentences = {
    readonly [K in Kind]: (body: BodyOf<K>, by: Author, others: readonly number[]) => Part[];
};

const organisation = (id: number): Part => ({ organisation: id });
const device = (id: string, label = `device\u00a0${id}`): Part => ({ subject: `device:${id}`, label });
const dataset = (id: string, label = `dataset\u00a0${id}`): Part => ({ subject: `dataset:${id}`, label });
const version = (of: string, its: number): Part => ({ subject: `version:${of}@${its}`, label: `version\u00a0${its}` });
const grant = (id: string): Part => ({ subject: `grant:${id}`, label: `grant\u00a0${id}` });
const obligation = (id: string): Part => ({ subject: `obligation:${id}`, label: `obligation\u00a0${id}` });
const withdrawal = (id: string): Part => ({ subject: `withdrawal:${id}`, label: `withdrawal\u00a0${id}` });
const motion = (id: number): Part => ({ subject: `motion:${id}`, label: `motion\u00a0${id}` });
const cycle = (id: { currency: number; number: number }): Piece => [
    { subject: `cycle:${id.currency}-${id.number}`, label: `netting cycle\u00a0${id.number}` },
    " in ",
    { currency: id.currency },
];
const block = (height: number): Part => ({ subject: `block:${height}`, label: `block\u00a0${number(height)}` });
const account = (id: string): Part => ({ id: `account:${id}` });
const time = (moment: string): Part => ({ time: moment });
const quote = (text: string): Part => ({ quote: text });

const all = (pieces: readonly Piece[]): Piece => joined(pieces, ", ", " and ");
const names = (list: Parameters<typeof nameOf>[0], values: readonly (string | number)[]): Piece =>
    all(values.map((value) => nameOf(list, value, "en")));

/** Why, where somebody said so. */
const because = (reason: string): Piece => (reason === "" ? null : [": ", quote(reason)]);

/** Something of an organisation, seen from the one that acted: `its account 0x…`, or `the account 0x… of Telecom`. */
const its = (by: Author, owner: number, thing: string, id: Part): Piece =>
    by.organisation === owner ? [`its ${thing} `, id] : [`the ${thing} `, id, " of ", organisation(owner)];

const withRoles = (roles: readonly string[]): Piece =>
    roles.length === 0
        ? "without any role"
        : [roles.length === 1 ? "with the role " : "with the roles ", names("roles", roles)];

const usage = ({ accesses, records, bytes }: Usage): string =>
    [
        count(accesses, { one: "access", other: "accesses" }),
        count(records, { one: "record", other: "records" }),
        count(bytes, { one: "byte", other: "bytes" }),
    ].join(", ");

const limit = ({ accesses, records, bytes }: UsageLimit): Piece => {
    const limits = [
        accesses === null ? null : count(accesses, { one: "access", other: "accesses" }),
        records === null ? null : count(records, { one: "record", other: "records" }),
        bytes === null ? null : count(bytes, { one: "byte", other: "bytes" }),
    ].filter((each) => each !== null);
    return limits.length === 0 ? null : [", at most ", all(limits)];
};

/** What terms allow, of a dataset that was named: the part of a sentence after `grant 5`. */
const allows = (terms: Terms): Piece => [
    "to ",
    names("uses", terms.actions),
    ", for ",
    all(terms.purposes.map((code) => codeName("purpose", code, "en"))),
    terms.legalBasis === null ? null : [", on the basis of ", codeName("legal_basis", terms.legalBasis, "en")],
    ", from ",
    time(terms.notBefore),
    " until ",
    time(terms.notAfter),
    limit(terms.limit),
];

const inPlaceOf = (other: string | null): Piece => (other === null ? null : [", in place of ", grant(other)]);

const place = ({ location }: DeviceProfile): Piece =>
    "text" in location ? [", at ", quote(location.text)] : [", in the geohash cell ", { hash: location.geohash }];

const source = (from: Source): Piece => {
    switch (from.source) {
        case "version":
            return [version(from.dataset, from.version), " of ", dataset(from.dataset), by(from.grant)];
        case "batches":
            return [`readings ${from.firstSequence} to ${from.lastSequence} of `, device(from.device), by(from.grant)];
        case "external":
            return from.uri === "" ? "something from outside the ledger" : quote(from.uri);
    }
};

const by = (right: string | null): Piece => (right === null ? null : [" (by right of ", grant(right), ")"]);

/** How many things are named one by one in a sentence. */
const MOST_NAMED = 5;

const several = <T>(things: readonly T[], name: (thing: T) => Piece): Piece =>
    things.length <= MOST_NAMED
        ? all(things.map(name))
        : all([
              ...things.slice(0, MOST_NAMED).map(name),
              `${count(things.length - MOST_NAMED, { one: "other", other: "others" })}`,
          ]);

const KINDS: Readonly<Record<string, string>> = {
    government: "a public authority",
    telecom: "a telecommunications operator",
    university: "a university or research institute",
    industry: "a company",
    auditor: "an auditor without a seat",
    settlement_agent: "a settlement agent",
};

const asKind = (kind: string): string => KINDS[kind] ?? kind;

const set = (parameter: Parameter): Piece =>
    parameter.parameter === "quota"
        ? [
              "the computing quota of every ",
              nameOf("organisationKinds", parameter.kind, "en"),
              ` to ${number(parameter.quota.rate)} µs a block and ${number(parameter.quota.burst)} µs in store`,
          ]
        : [nameOf("parameters", parameter.parameter, "en"), ` to ${number(parameter.value)}`];

const sentences: Sentences = {
    organisation_registered: (body) =>
        say`${{ organisation: body.organisation, name: body.name }} joined the consortium as ${asKind(body.organisationKind)}.`,
    account_added: (body, author) =>
        say`${organisation(author.organisation)} added ${its(author, body.organisation, "account", account(body.account))}, ${withRoles(body.roles)}.`,
    account_roles_changed: (body, author) =>
        say`${organisation(author.organisation)} gave ${its(author, body.organisation, "account", account(body.account))} other roles: ${body.roles.length === 0 ? "none" : names("roles", body.roles)}.`,
    account_removed: (body, author) =>
        say`${organisation(author.organisation)} removed ${its(author, body.organisation, "account", account(body.account))}.`,
    organisation_profile_changed: (body) =>
        say`${organisation(body.organisation)} goes by the name of ${quote(body.profile.name)}${body.profile.contact === "" ? null : [" and can be reached at ", quote(body.profile.contact)]}.`,
    organisation_status_changed: (body, author) => {
        const whose = organisation(body.organisation);
        const who = organisation(author.organisation);
        switch (body.status) {
            case "left":
                return say`${whose} left the consortium${because(body.reason)}.`;
            case "suspended":
                return say`${who} suspended ${whose}${because(body.reason)}.`;
            case "expelled":
                return say`${who} expelled ${whose}${because(body.reason)}.`;
            case "active":
                return say`${who} reinstated ${whose}${because(body.reason)}.`;
        }
    },
    organisation_kind_changed: (body) =>
        say`${organisation(body.organisation)} counts as ${asKind(body.organisationKind)} from now on${because(body.reason)}.`,
    recovery_started: (body, author) =>
        say`${organisation(author.organisation)} decided to give ${organisation(body.organisation)} another administrator, ${account(body.account)}, unless it objects before ${block(body.matures)}${because(body.reason)}.`,
    recovery_objected: (body) =>
        say`The recovery of ${organisation(body.organisation)} is called off: ${account(body.account)} does not become its administrator${because(body.reason)}.`,
    recovery_completed: (body) =>
        say`Nobody objected: ${account(body.account)} is an administrator of ${organisation(body.organisation)} from now on.`,
    validator_registered: (body) =>
        say`${organisation(body.organisation)} registered the validator ${account(body.account)}.`,
    validator_keys_changed: (body) =>
        say`${organisation(body.organisation)} changed the session keys of its validator ${account(body.account)}.`,
    validator_withdrawn: (body, author) =>
        say`${organisation(author.organisation)} withdrew ${its(author, body.organisation, "validator", account(body.account))}${because(body.reason)}.`,
    validator_suspended: (body) =>
        say`The validator ${account(body.account)} of ${organisation(body.organisation)} was suspended, because it signed two contradictory things in session ${number(body.session)}.`,
    validator_reinstated: (body, author) =>
        say`${organisation(author.organisation)} reinstated ${its(author, body.organisation, "validator", account(body.account))}${because(body.reason)}.`,
    validator_silent: (body) =>
        say`The validator ${account(body.account)} of ${organisation(body.organisation)} has fallen silent; it has skipped ${count(body.skipped, { one: "slot", other: "slots" })} so far.`,
    device_registered: (body, author) =>
        say`${organisation(author.organisation)} registered ${device(body.device)}, ${quote(body.profile.model)}${place(body.profile)}${author.organisation === body.owner ? null : [", of ", organisation(body.owner)]}.`,
    device_key_rotated: (body, author) =>
        say`${organisation(author.organisation)} replaced the key of ${device(body.device)} (epoch ${body.epoch}); what the previous key signed is accepted until ${time(body.previousValidUntil)}.`,
    device_suspended: (body, author) =>
        say`${organisation(author.organisation)} suspended ${device(body.device)}${because(body.reason)}.`,
    device_resumed: (body, author) =>
        say`${organisation(author.organisation)} let ${device(body.device)} resume${because(body.reason)}.`,
    device_retired: (body, author) =>
        say`${organisation(author.organisation)} retired ${device(body.device)} for good${because(body.reason)}.`,
    device_distrusted: (body, author) =>
        say`${organisation(author.organisation)} declared that what ${device(body.device)} observed since ${time(body.since)} is not to be trusted${because(body.reason)}.`,
    batch_attested: ({ batch }) => {
        const last = BigInt(batch.firstSequence) + BigInt(batch.count) - 1n;
        const readings = {
            subject: `batch:${batch.device}/${batch.firstSequence}`,
            label: count(batch.count, { one: "reading", other: "readings" }),
        };
        const numbers = batch.count === 1 ? `number ${batch.firstSequence}` : `numbers ${batch.firstSequence} to ${last}`;
        const missing =
            batch.missing === "0" ? null : `, and declared ${number(batch.missing)} before them missing`;
        return say`${device(batch.device)} attested ${readings} (${numbers}), observed from ${time(batch.windowStart)} to ${time(batch.windowEnd)}${missing}.`;
    },
    dataset_registered: (body) =>
        say`${organisation(body.owner)} registered ${dataset(body.dataset)}, ${quote(body.profile.title)} (${nameOf("datasetKinds", body.datasetKind, "en")}, ${nameOf("sensitivities", body.profile.sensitivity, "en")}).`,
    dataset_changed: (body, author) =>
        say`${organisation(author.organisation)} changed the description of ${dataset(body.dataset)}, ${quote(body.profile.title)} (${nameOf("sensitivities", body.profile.sensitivity, "en")}).`,
    dataset_devices_changed: (body, author) => {
        const changes = [
            body.added.length === 0 ? null : [several(body.added, (id) => device(id)), " added"],
            body.removed.length === 0 ? null : [several(body.removed, (id) => device(id)), " removed"],
        ].filter((each) => each !== null);
        return say`${organisation(author.organisation)} changed which devices feed ${dataset(body.dataset)}: ${joined(changes, "; ", "; ")}.`;
    },
    dataset_offered: (body, author) =>
        body.to === null
            ? say`${organisation(author.organisation)} no longer offers ${dataset(body.dataset)} to anybody.`
            : say`${organisation(author.organisation)} offered to hand ${dataset(body.dataset)} over to ${organisation(body.to)}.`,
    dataset_transferred: (body) =>
        say`${organisation(body.to)} took ${dataset(body.dataset)} over from ${organisation(body.from)}.`,
    version_published: (body, author) => {
        const { content } = body;
        const made = content.sources.length === 0 ? null : [", made from ", several(content.sources, source)];
        return say`${organisation(author.organisation)} published ${version(body.dataset, body.version)} of ${dataset(body.dataset)} (${nameOf("activities", content.activity, "en")}, ${count(content.records, { one: "record", other: "records" })})${made}.`;
    },
    version_flagged: (body, author) =>
        say`${organisation(author.organisation)} flagged ${version(body.dataset, body.version)} of ${dataset(body.dataset)} as faulty since ${time(body.since)}${because(body.reason)}.`,
    peer_added: (body, author) =>
        say`${organisation(author.organisation)} added ${its(author, body.organisation, "node", { id: `peer:${body.peer}` })} to the network (${nameOf("peerPurposes", body.purpose, "en")}).`,
    peer_removed: (body, author) =>
        say`${organisation(author.organisation)} removed ${its(author, body.organisation, "node", { id: `peer:${body.peer}` })} from the network.`,
    motion_proposed: (body, author) =>
        say`${organisation(author.organisation)} put ${motion(body.number)} to the vote, which needs ${count(body.threshold, { one: "approval", other: "approvals" })}${because(body.reason)}.`,
    motion_voted: (body, author) =>
        say`${organisation(author.organisation)} voted ${body.approve ? "for" : "against"} ${motion(body.number)}${because(body.reason)}.`,
    motion_closed: (body) =>
        say`${motion(body.number)} was ${body.approved ? "approved" : "rejected"}: ${body.yes} of ${count(body.seats, { one: "seat", other: "seats" })} approved.`,
    parameter_changed: (body, author) =>
        say`${organisation(author.organisation)} set ${set(body.parameter)}.`,
    upgrade_scheduled: (body) =>
        say`The runtime will be replaced in ${block(body.block)} by the code with the hash ${{ hash: body.code }}.`,
    grant_requested: (body) =>
        say`${organisation(body.terms.consumer)} asked ${organisation(body.terms.provider)} for ${grant(body.grant)} on ${dataset(body.terms.dataset)}: ${allows(body.terms)}${inPlaceOf(body.supersedes)}.`,
    grant_offered: (body) =>
        say`${organisation(body.terms.provider)} offered ${organisation(body.terms.consumer)} ${grant(body.grant)} on ${dataset(body.terms.dataset)}${body.binding ? ", with binding effect" : null}: ${allows(body.terms)}${body.parent === null ? null : [", passing on ", grant(body.parent)]}${inPlaceOf(body.supersedes)}.`,
    grant_advanced: (body, author, others) => {
        const who = organisation(author.organisation);
        switch (body.state) {
            case "accepted":
                return say`${who} accepted the offer of ${grant(body.grant)}.`;
            case "agreed":
                return say`${who} agreed to the terms of ${grant(body.grant)}.`;
            case "verified":
                return say`${who} verified the agreement on ${grant(body.grant)}.`;
            case "active": {
                const [other] = others;
                return others.length === 1 && other !== undefined
                    ? say`${grant(body.grant)} between ${who} and ${organisation(other)} came into force.`
                    : say`${grant(body.grant)} came into force; ${who} took the last step.`;
            }
            default:
                return say`${who} brought ${grant(body.grant)} to the state ${quote(nameOf("grantStates", body.state, "en"))}.`;
        }
    },
    grant_state_changed: (body, author) => {
        const who = organisation(author.organisation);
        const what = grant(body.grant);
        const reason = body.reason === "other" ? null : [", because ", nameOf("reasons", body.reason, "en")];
        const why = [reason, because(body.note)];
        switch (body.state) {
            case "terminated":
                return say`${who} ended the negotiation of ${what}${why}.`;
            case "suspended":
                return say`${who} suspended ${what}${why}.`;
            case "active":
                return say`${who} resumed ${what}${why}.`;
            case "revoked":
                return say`${who} revoked ${what}${why}.`;
            case "completed":
                return body.reason === "superseded"
                    ? say`${what} ended${why}.`
                    : say`${who} gave up ${what}${why}.`;
            default:
                return say`${who} brought ${what} to the state ${quote(nameOf("grantStates", body.state, "en"))}${why}.`;
        }
    },
    access_reported: ({ grant: of, report }, author) => {
        const refused = report.refused.reduce((sum, { count: times }) => sum + BigInt(times), 0n);
        return say`${organisation(author.organisation)} reported the use of ${grant(of)} from ${time(report.from)} to ${time(report.to)}: ${count(report.receipts, { one: "receipt", other: "receipts" })}, of which ${count(refused, { one: "refusal", other: "refusals" })}; since its beginning ${usage(report.usage)}.`;
    },
    access_contested: (body, author) =>
        say`${organisation(author.organisation)} contested report ${body.counter} on ${grant(body.grant)}${because(body.reason)}.`,
    refusals_reported: ({ dataset: of, report }, author) => {
        const times = report.strangers.reduce((sum, stranger) => sum + BigInt(stranger.count), 0n);
        return say`${organisation(author.organisation)} reported ${count(times, { one: "attempt", other: "attempts" })} without any grant on ${dataset(of)}, from ${time(report.from)} to ${time(report.to)}.`;
    },
    code_added: (body, author) =>
        say`${organisation(author.organisation)} added ${quote(body.name)} to the list of ${nameOf("codeLists", body.list, "en")}, with the number ${body.code}.`,
    currency_created: (body, author) =>
        say`${organisation(author.organisation)} created the currency ${{ subject: `currency:${body.currency}`, label: body.info.symbol }}, with ${organisation(body.info.agent)} as its agent.`,
    deposited: (body, author) =>
        say`${organisation(author.organisation)} credited ${organisation(body.organisation)} with ${{ amount: body.amount, currency: body.currency }} for a deposit at its bank.`,
    withdrawal_requested: ({ info, withdrawal: id }) =>
        say`${organisation(info.organisation)} asked for ${{ amount: info.amount, currency: info.currency }} to be paid out (${withdrawal(id)}).`,
    withdrawal_paid: (body, author) =>
        say`${organisation(author.organisation)} paid ${withdrawal(body.withdrawal)} out by bank.`,
    withdrawal_returned: (body, author) =>
        say`${organisation(author.organisation)} did not pay ${withdrawal(body.withdrawal)} out, and the money is free again${because(body.reason)}.`,
    price_held: (body, author) =>
        say`${organisation(author.organisation)} put the price of ${grant(body.grant)} on hold: ${{ amount: body.amount, currency: body.currency }}.`,
    price_released: (body) => say`The price of ${grant(body.grant)}, which was on hold, is free again.`,
    price_paid: (body) =>
        say`The price of ${grant(body.grant)} was paid to ${organisation(body.creditor)}: ${{ amount: body.amount, currency: body.currency }}.`,
    usage_stated: (body, author) =>
        say`${organisation(author.organisation)} stated the use of ${grant(body.grant)} (statement ${body.statement}): ${usage(body.usage)}.`,
    usage_disputed: (body, author) =>
        say`${organisation(author.organisation)} disputed statement ${body.statement} on ${grant(body.grant)} and counts ${usage(body.usage)}${because(body.reason)}.`,
    usage_ruled: (body, author) =>
        say`${organisation(author.organisation)} ruled on statement ${body.statement} on ${grant(body.grant)}: ${usage(body.usage)}${because(body.reason)}.`,
    obligation_created: ({ info, obligation: id }) =>
        say`${organisation(info.debtor)} owes ${organisation(info.creditor)} ${{ amount: info.amount, currency: info.currency }} for the use of ${grant(info.grant)} (${obligation(id)}).`,
    obligation_paid: (body, author) =>
        say`${organisation(author.organisation)} paid ${obligation(body.obligation)} on the ledger.`,
    payment_declared: (body, author) =>
        say`${organisation(author.organisation)} declared that it paid ${obligation(body.obligation)} by bank.`,
    payment_answered: (body, author) =>
        body.confirmed
            ? say`${organisation(author.organisation)} confirmed that it received the bank payment of ${obligation(body.obligation)}.`
            : say`${organisation(author.organisation)} has not received the bank payment of ${obligation(body.obligation)}${because(body.reason)}.`,
    cycle_opened: (body) =>
        say`${cycle(body.cycle)} began, for obligations that arose before ${time(body.cutoff)}; the money is due by ${time(body.deadline)}.`,
    cycle_computed: (body) =>
        say`${cycle(body.cycle)} was computed: ${count(body.obligations, { one: "obligation", other: "obligations" })} of ${{ amount: body.gross, currency: body.cycle.currency }} in all, and the positions of ${count(body.positions.length, { one: "organisation", other: "organisations" })}.`,
    cycle_defaulted: (body) =>
        say`${organisation(body.debtor)} did not have ${{ amount: body.amount, currency: body.cycle.currency }} by the deadline of ${cycle(body.cycle)}; what it owes waits for the next cycle.`,
    cycle_settled: (body) =>
        say`${cycle(body.cycle)} was settled: ${{ amount: body.net, currency: body.cycle.currency }} was paid in all.`,
    obligation_reversed: ({ info, obligation: id, reason }, author) =>
        say`${organisation(author.organisation)} reversed ${{ amount: info.amount, currency: info.currency }}${info.reverses === null ? null : [" of ", obligation(info.reverses)]} by ${obligation(id)}${because(reason)}.`,
    declaration_withdrawn: (body, author) =>
        say`${organisation(author.organisation)} took back its declaration that it paid ${obligation(body.obligation)} by bank.`,
};

export default sentences;
