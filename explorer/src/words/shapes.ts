import type {
    AccessReport,
    BankReference,
    Batch,
    Body,
    Calibration,
    CurrencyInfo,
    CycleId,
    DatasetProfile,
    DeviceKey,
    DeviceProfile,
    Document,
    NetPosition,
    Notice,
    ObligationInfo,
    OrganisationProfile,
    Parameter,
    Price,
    Quota,
    RefusalReport,
    RefusedCount,
    Source,
    Stranger,
    Terms,
    Tier,
    Usage,
    UsageLimit,
    VersionContent,
    Versions,
    WithdrawalInfo,
} from "@citynet/ledger";

import type en from "../i18n/en/fields";

import type { List } from "./names";
import type { BodyOf, Kind } from "./parts";

/** The name of a field, as `src/i18n/en/fields.ts` has it. */
export type FieldName = keyof typeof en.names;

/** How a value is shown. */
export type Shape =
    /** Words that somebody wrote. */
    | "text"
    | "hash"
    /** Bytes of any length. */
    | "bytes"
    /** A count, with separators. */
    | "number"
    /** A number that names something, without. */
    | "ordinal"
    | "yes"
    | "moment"
    | "span"
    /** In the smallest unit of the nearest currency around it. */
    | "amount"
    | "organisation"
    | "currency"
    | "account"
    | "peer"
    | "payment"
    | "dataset"
    | "device"
    | "grant"
    | "obligation"
    | "withdrawal"
    | "motion"
    | "block"
    | "purpose"
    | "legalBasis"
    /** One of a closed list. */
    | { readonly word: List }
    | { readonly list: Shape }
    | { readonly fields: Fields };

/** A struct's fields in the order in which they are shown. A field without a name of its own has that of its key. */
export type Fields = Readonly<Record<string, Shape | readonly [FieldName, Shape]>>;

type KeysOf<T> = T extends unknown ? keyof T : never;
/** Of every key of a struct, or of any of a union's, its shape: none can be forgotten. */
type Complete<T> = { readonly [K in KeysOf<T>]: Shape | readonly [FieldName, Shape] };

const word = (list: List): Shape => ({ word: list });
const listOf = (shape: Shape): Shape => ({ list: shape });
const struct = <T>(fields: Complete<T>): Shape => ({ fields });

const document = struct<Document>({ uri: "text", hash: "hash" });
const usage = struct<Usage>({ accesses: "number", records: "number", bytes: "number" });
const limit = struct<UsageLimit>({ accesses: "number", records: "number", bytes: "number" });
const payment = struct<BankReference>({ uetr: "payment", notification: "hash" });
const cycle = struct<CycleId>({ currency: "currency", number: ["cycle", "ordinal"] });
const deviceKey = struct<DeviceKey>({ algorithm: word("algorithms"), publicKey: "bytes" });
const quota = struct<Quota>({ rate: "number", burst: "number" });

const organisationProfile = struct<OrganisationProfile>({ name: "text", contact: "text", legalId: "hash" });

const deviceProfile = struct<DeviceProfile>({
    model: "text",
    properties: listOf("text"),
    location: { fields: { text: ["place", "text"], geohash: "text" } },
    calibration: struct<Calibration>({ validFrom: "moment", validUntil: "moment", certificate: "hash" }),
});

const batch = struct<Batch>({
    device: "device",
    epoch: "ordinal",
    schema: word("schemas"),
    firstSequence: "ordinal",
    count: ["readings", "number"],
    missing: "number",
    windowStart: "moment",
    windowEnd: "moment",
    root: ["readingsRoot", "hash"],
    expires: "moment",
});

const datasetProfile = struct<DatasetProfile>({
    title: "text",
    sensitivity: word("sensitivities"),
    licence: "text",
    schema: ["dataSchema", "text"],
    description: document,
});

const source = struct<Source>({
    source: word("sources"),
    dataset: "dataset",
    version: "ordinal",
    device: "device",
    firstSequence: "ordinal",
    lastSequence: "ordinal",
    uri: "text",
    content: "hash",
    grant: ["byGrant", "grant"],
});

const versionContent = struct<VersionContent>({
    activity: word("activities"),
    from: ["earliest", "moment"],
    to: ["latest", "moment"],
    records: "number",
    bytes: "number",
    mediaType: "text",
    content: "hash",
    sources: listOf(source),
    code: ["program", "text"],
    parameters: ["parametersHash", "hash"],
});

const price = struct<Price>({
    price: word("prices"),
    contract: document,
    amount: "amount",
    currency: "currency",
    period: "span",
    unit: word("units"),
    per: "number",
    tiers: listOf(struct<Tier>({ above: "number", amount: "amount" })),
    disputeWindow: "span",
});

const terms = struct<Terms>({
    provider: "organisation",
    consumer: "organisation",
    controller: "organisation",
    dataset: "dataset",
    versions: struct<Versions>({ first: "ordinal", last: "ordinal", content: "hash" }),
    actions: listOf(word("actions")),
    purposes: listOf("purpose"),
    notBefore: "moment",
    notAfter: "moment",
    jurisdiction: "text",
    limit,
    price,
    delegationDepth: "number",
    restrictedDelegation: "yes",
    recipients: listOf("text"),
    retentionDays: "number",
    personalData: word("personalData"),
    legalBasis: "legalBasis",
    consent: "hash",
    notice: struct<Notice>({ language: "text", hash: "hash" }),
    withdrawal: ["consentWithdrawal", "text"],
    assessment: "hash",
    agreement: document,
});

const accessReport = struct<AccessReport>({
    counter: "ordinal",
    from: ["windowFrom", "moment"],
    to: ["windowTo", "moment"],
    receipts: "number",
    refused: listOf(struct<RefusedCount>({ reason: ["reason", word("denials")], count: ["times", "number"] })),
    usage,
    root: ["receiptsRoot", "hash"],
});

const refusalReport = struct<RefusalReport>({
    counter: "ordinal",
    from: ["windowFrom", "moment"],
    to: ["windowTo", "moment"],
    receipts: "number",
    strangers: listOf(struct<Stranger>({ requester: "hash", count: ["times", "number"] })),
    root: ["receiptsRoot", "hash"],
});

const parameter = struct<Parameter>({
    parameter: word("parameters"),
    kind: ["organisationKind", word("organisationKinds")],
    value: "number",
    quota,
});

const currencyInfo = struct<CurrencyInfo>({ symbol: "text", exponent: "number", agent: "organisation" });

const withdrawalInfo = struct<WithdrawalInfo>({
    organisation: "organisation",
    currency: "currency",
    amount: "amount",
    account: ["bankAccount", "hash"],
});

const obligationInfo = struct<ObligationInfo>({
    debtor: "organisation",
    creditor: "organisation",
    currency: "currency",
    amount: "amount",
    grant: "grant",
    usage,
    since: "moment",
    state: word("obligationStates"),
    cycle: "ordinal",
    declared: "moment",
    payment,
    reversed: "amount",
    reverses: "obligation",
});

const position = struct<NetPosition>({ organisation: "organisation", pays: "amount", gets: "amount" });

/** The fields of the body of every kind of records. */
export const BODIES: { readonly [K in Kind]: Complete<Omit<BodyOf<K>, "kind">> } = {
    organisation_registered: {
        organisation: "organisation",
        name: "text",
        organisationKind: word("organisationKinds"),
    },
    account_added: { organisation: "organisation", account: "account", roles: listOf(word("roles")) },
    account_roles_changed: { organisation: "organisation", account: "account", roles: listOf(word("roles")) },
    account_removed: { organisation: "organisation", account: "account" },
    organisation_profile_changed: { organisation: "organisation", profile: organisationProfile },
    organisation_status_changed: {
        organisation: "organisation",
        status: word("organisationStates"),
        reason: "text",
    },
    organisation_kind_changed: {
        organisation: "organisation",
        organisationKind: word("organisationKinds"),
        reason: "text",
    },
    recovery_started: { organisation: "organisation", account: "account", matures: "block", reason: "text" },
    recovery_objected: { organisation: "organisation", account: "account", reason: "text" },
    recovery_completed: { organisation: "organisation", account: "account" },
    validator_registered: { organisation: "organisation", account: "account", keys: "bytes" },
    validator_keys_changed: { organisation: "organisation", account: "account", keys: "bytes" },
    validator_withdrawn: { organisation: "organisation", account: "account", reason: "text" },
    validator_suspended: {
        organisation: "organisation",
        account: "account",
        session: "ordinal",
        evidence: "hash",
    },
    validator_reinstated: { organisation: "organisation", account: "account", reason: "text" },
    validator_silent: { organisation: "organisation", account: "account", skipped: "number" },
    device_registered: { device: "device", owner: "organisation", profile: deviceProfile, key: deviceKey },
    device_key_rotated: { device: "device", epoch: "ordinal", key: deviceKey, previousValidUntil: "moment" },
    device_suspended: { device: "device", reason: "text" },
    device_resumed: { device: "device", reason: "text" },
    device_retired: { device: "device", reason: "text" },
    device_distrusted: { device: "device", since: "moment", reason: "text" },
    batch_attested: { batch, signature: "bytes" },
    dataset_registered: {
        dataset: "dataset",
        owner: "organisation",
        datasetKind: word("datasetKinds"),
        profile: datasetProfile,
    },
    dataset_changed: { dataset: "dataset", profile: datasetProfile },
    dataset_devices_changed: { dataset: "dataset", added: listOf("device"), removed: listOf("device") },
    dataset_offered: { dataset: "dataset", to: ["offeredTo", "organisation"] },
    dataset_transferred: {
        dataset: "dataset",
        from: ["ownerBefore", "organisation"],
        to: ["ownerAfter", "organisation"],
    },
    version_published: { dataset: "dataset", version: "ordinal", content: ["versionContent", versionContent] },
    version_flagged: { dataset: "dataset", version: "ordinal", since: "moment", reason: "text" },
    peer_added: { organisation: "organisation", peer: "peer", purpose: word("peerPurposes"), address: "text" },
    peer_removed: { organisation: "organisation", peer: "peer" },
    motion_proposed: {
        number: ["motion", "motion"],
        reason: "text",
        threshold: "number",
        motion: ["callHash", "hash"],
        call: "bytes",
    },
    motion_voted: { number: ["motion", "motion"], approve: "yes", reason: "text", motion: ["callHash", "hash"] },
    motion_closed: {
        number: ["motion", "motion"],
        approved: "yes",
        yes: "number",
        no: "number",
        seats: "number",
        motion: ["callHash", "hash"],
    },
    parameter_changed: { parameter },
    upgrade_scheduled: { block: "block", code: ["codeHash", "hash"], bytes: "number" },
    grant_requested: { grant: "grant", supersedes: "grant", terms },
    grant_offered: { grant: "grant", binding: "yes", parent: "grant", supersedes: "grant", terms },
    grant_advanced: { grant: "grant", state: word("grantStates"), terms: ["termsHash", "hash"] },
    grant_state_changed: {
        grant: "grant",
        state: word("grantStates"),
        reason: ["reason", word("reasons")],
        note: "text",
    },
    access_reported: { grant: "grant", report: accessReport },
    access_contested: { grant: "grant", counter: "ordinal", usage, reason: "text" },
    refusals_reported: { dataset: "dataset", report: refusalReport },
    code_added: { list: word("codeLists"), code: "ordinal", name: ["codeName", "text"] },
    currency_created: { currency: ["currencyNumber", "ordinal"], info: currencyInfo },
    deposited: { organisation: "organisation", currency: "currency", amount: "amount", reference: payment },
    withdrawal_requested: { withdrawal: "withdrawal", info: withdrawalInfo },
    withdrawal_paid: { withdrawal: "withdrawal", reference: payment },
    withdrawal_returned: { withdrawal: "withdrawal", reason: "text" },
    price_held: { grant: "grant", currency: "currency", amount: "amount" },
    price_released: { grant: "grant" },
    price_paid: { grant: "grant", creditor: "organisation", currency: "currency", amount: "amount" },
    usage_stated: { grant: "grant", statement: "ordinal", usage, root: ["receiptsRoot", "hash"] },
    usage_disputed: { grant: "grant", statement: "ordinal", usage, reason: "text" },
    usage_ruled: { grant: "grant", statement: "ordinal", usage, reason: "text" },
    obligation_created: { obligation: "obligation", info: obligationInfo },
    obligation_paid: { obligation: "obligation" },
    payment_declared: { obligation: "obligation", reference: payment },
    payment_answered: { obligation: "obligation", confirmed: "yes", reason: "text" },
    cycle_opened: { cycle: ["cycle", cycle], cutoff: "moment", deadline: "moment" },
    cycle_computed: {
        cycle: ["cycle", cycle],
        obligations: "number",
        gross: "amount",
        root: ["grossRoot", "hash"],
        positions: listOf(position),
    },
    cycle_defaulted: { cycle: ["cycle", cycle], debtor: "organisation", amount: "amount" },
    cycle_settled: { cycle: ["cycle", cycle], net: "amount" },
    obligation_reversed: { obligation: "obligation", reason: "text", info: obligationInfo },
    declaration_withdrawn: { obligation: "obligation" },
};

/** The fields of a body; none where the kind is not known. */
export function shapesOf(body: Body): Fields {
    return Object.hasOwn(BODIES, body.kind) ? BODIES[body.kind] : {};
}
