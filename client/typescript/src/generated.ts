// Made by scripts/generate.mjs of docs/openrpc.json. Do not edit.

/** Answer of `citynet_accessAt`: a page of the grants on a dataset that there were, by number. */
export interface AccessAtAnswer {
    /** The last block that is not later than the time asked about: its state decides. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The grants. */
    items: Array<GrantAccessView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
    /** Who owned the dataset: while it is an active member, it needs no grant. */
    owner: OrganisationId;
    /** The time of that block, in milliseconds since 1970. */
    time: Decimal;
}

/** What `citynet_accessAt` is asked: who could use this data at this time? */
export interface AccessAtParams {
    /** Only what allows this action. */
    action?: Action | undefined;
    /** Only grants to this organisation. */
    consumer?: DecimalInput | undefined;
    /** The dataset. */
    dataset: DecimalInput;
    /** Only what allows this purpose. */
    purpose?: CodeParam | undefined;
    /** When, in milliseconds since 1970; not later than the finalised block. */
    time: DecimalInput;
    /**
     * Which version would be used. Without it, every grant is asked about what is no version yet, as in a stream, or,
     * if it covers certain versions only, about the last of them that there was.
     */
    version?: DecimalInput | undefined;
}

/** What `citynet_checkAccess` is asked: may this organisation do this with this data? */
export interface AccessParams {
    /** What it would do. */
    action: Action;
    /** The organisation that would use the data. */
    consumer: DecimalInput;
    /** The dataset. */
    dataset: DecimalInput;
    /** For what. */
    purpose: CodeParam;
    /** When, in milliseconds since 1970; at the anchor's time unless told. The state is the anchor's in any case. */
    time?: DecimalInput | undefined;
    /** Which of its versions; without it, what is no version yet, as in a stream. */
    version?: DecimalInput | undefined;
}

/** What a provider's gateway reports about a grant. */
export interface AccessReport {
    /** The report's number: greater than that of the report before. */
    counter: Decimal;
    /** First moment of the window. */
    from: Moment;
    /** How many receipts the window has: one for each access and each refusal. */
    receipts: Decimal;
    /** Attempts that were refused in the window. */
    refused: Array<RefusedCount>;
    /** RFC 9162 root over the window's receipts. */
    root: Hash;
    /** First moment after the window. */
    to: Moment;
    /** Use since the grant began, this window's included. */
    usage: Usage;
}

/** The 32 bytes of an account's public key (`AccountId32` on chain). */
export type Account = string;

/** An account with its roles. */
export interface AccountRoles {
    /** The account's public key. */
    account: Account;
    /** What it may do. */
    roles: Roles;
}

/**
 * What may be done with data.
 *
 * * `read`: Read it (`odrl:read`).
 * * `derive`: Make other data from it (`odrl:derive`).
 * * `train`: Train a model with it (`cn:train`).
 * * `aggregate`: Sum it up (`odrl:aggregate`).
 * * `publish`: Give it to everybody (`odrl:distribute`).
 */
export type Action = "read" | "derive" | "train" | "aggregate" | "publish";

/** A set of `Action`s: bit `n` is the action with codec index `n`. */
export type Actions = Array<Action>;

/**
 * How a version was made.
 *
 * * `collection`: Observed or received.
 * * `cleaning`: Errors taken out.
 * * `transformation`: Brought into another form.
 * * `aggregation`: Summed up.
 * * `linkage`: Joined with other data about the same things.
 * * `anonymisation`: Names replaced or taken out.
 * * `annotation`: Notes added by people or programs.
 * * `training`: A model trained.
 * * `evaluation`: A model or data measured.
 * * `synthesis`: Made up, after a model of real data.
 */
export type Activity = "collection" | "cleaning" | "transformation" | "aggregation" | "linkage" | "anonymisation" | "annotation" | "training" | "evaluation" | "synthesis";

/** A signature algorithm of the registry. See the constants. */
export type AlgorithmId = number;

/** An amount in the smallest unit of its currency. */
export type Amount = string;

/** The finalised block that an answer is true for. */
export interface Anchor {
    /** Its hash. */
    hash: Hex;
    /** Its number. */
    number: number;
}

/** As of when something is asked: either at a block, or at the last block that is not later than a time. */
export interface AsOfParams {
    /** The number of a finalised block. */
    block?: number | undefined;
    /** A time, in milliseconds since 1970, that is not later than the finalised block. */
    time?: DecimalInput | undefined;
}

/** The authority sets in `ProofView`. */
export interface AuthoritiesView {
    /** The handover from each set to the next, up to the set of the justification. */
    changes: Array<ChangeView>;
    /** Set 0. */
    genesis: GenesisView;
}

/** What an organisation has of a currency. */
export interface BalanceView {
    /** The currency. */
    currency: number;
    /** What it can spend. */
    free: Amount;
    /** What is on hold, for withdrawals and for grants that are not active yet. */
    held: Amount;
}

/** Answer of `citynet_balances`. */
export interface BalancesAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** One for every currency, by its number. */
    balances: Array<BalanceView>;
    /** Whose they are. */
    organisation: OrganisationId;
}

/** A payment as a bank shows it. */
export interface BankReference {
    /** SHA-256 of the bank's notification (camt.054). */
    notification: Hash;
    /** The payment's UETR. */
    uetr: Uetr;
}

/** What a device says about a run of its readings. */
export interface Batch {
    /** Number of readings, at least 1. Their sequence numbers follow one another. */
    count: number;
    /** The device. */
    device: DeviceId;
    /** The epoch of the key that signed. */
    epoch: Epoch;
    /** After this moment the chain refuses the batch. */
    expires: Moment;
    /** Sequence number of the first reading. */
    firstSequence: Decimal;
    /** How many sequence numbers before the first are declared missing: 0, or exactly the gap since the last batch. */
    missing: Decimal;
    /** RFC 9162 root over the readings' leaves, in the order of their sequence numbers. */
    root: Hash;
    /** The format of the leaves. */
    schema: SchemaId;
    /** Time of the latest observation. */
    windowEnd: Moment;
    /** Time of the earliest observation. */
    windowStart: Moment;
}

/** A block in `StatusView`. */
export interface BlockView {
    /** Its hash. */
    hash: Hex;
    /** Its number. */
    number: number;
}

/**
 * What happened. Indices below 16 belong to organisations and their validators, 16 to 31 to devices, 32 to 47 to
 * batches, 48 to 63 to the catalogue, 64 to 79 to the network and the council, 80 to 111 to grants, 112 to 143 to
 * settlement.
 */
export type Body =
    /** An organisation joined. */
    | {
        kind: "organisation_registered";
        /** Its name. */
        name: string;
        /** Its number. */
        organisation: OrganisationId;
        /** What it is. */
        organisationKind: OrganisationKind;
    }
    /** An account may act for an organisation from now on. */
    | {
        kind: "account_added";
        /** The account. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
        /** What it may do. */
        roles: Roles;
    }
    /** An account may do something else from now on. */
    | {
        kind: "account_roles_changed";
        /** The account. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
        /** What it may do now. */
        roles: Roles;
    }
    /** An account may no longer act. */
    | {
        kind: "account_removed";
        /** The account. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
    }
    /** An organisation says who it is. */
    | {
        kind: "organisation_profile_changed";
        /** The organisation. */
        organisation: OrganisationId;
        /** How it presents itself from now on. */
        profile: OrganisationProfile;
    }
    /** An organisation was suspended, reinstated or expelled, or it left. */
    | {
        kind: "organisation_status_changed";
        /** The organisation. */
        organisation: OrganisationId;
        /** Why. */
        reason: string;
        /** What it is from now on. */
        status: OrganisationStatus;
    }
    /** An organisation counts as another kind, and so may gain or lose its seat. */
    | {
        kind: "organisation_kind_changed";
        /** The organisation. */
        organisation: OrganisationId;
        /** What it is from now on. */
        organisationKind: OrganisationKind;
        /** Why. */
        reason: string;
    }
    /** The members voted to give an organisation another admin, because it lost its key. */
    | {
        kind: "recovery_started";
        /** Its admin to be. */
        account: Account;
        /** The first block in which the recovery can be completed. Until then the organisation's admins may object. */
        matures: number;
        /** The organisation. */
        organisation: OrganisationId;
        /** Why. */
        reason: string;
    }
    /**
     * The recovery is off: an admin of the organisation is there after all, or, by the chain itself, the account
     * cannot become its admin any more.
     */
    | {
        kind: "recovery_objected";
        /** The account that does not become its admin. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
        /** Why. */
        reason: string;
    }
    /** Nobody objected in time: the account is an admin of the organisation from now on. */
    | {
        kind: "recovery_completed";
        /** Its new admin. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
    }
    /** An organisation runs a validator from the set after the next one on. */
    | {
        kind: "validator_registered";
        /** The validator's account. */
        account: Account;
        /** Its session keys in SCALE: 32 bytes sr25519 to author, 32 bytes Ed25519 to finalise. */
        keys: EncodedKeys;
        /** The organisation. */
        organisation: OrganisationId;
    }
    /** A validator signs with other keys from the set after the next one on. */
    | {
        kind: "validator_keys_changed";
        /** The validator's account. */
        account: Account;
        /** Its session keys, as in `ValidatorRegistered`. */
        keys: EncodedKeys;
        /** The organisation. */
        organisation: OrganisationId;
    }
    /** A validator leaves the set. */
    | {
        kind: "validator_withdrawn";
        /** The validator's account. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
        /** Why. */
        reason: string;
    }
    /**
     * A validator signed two things of which it may sign one. It is disabled at once and in no set until the council
     * votes it back.
     */
    | {
        kind: "validator_suspended";
        /** The validator's account. */
        account: Account;
        /** SHA-256 of the SCALE-encoded equivocation proof. */
        evidence: Hash;
        /** The organisation. */
        organisation: OrganisationId;
        /** The session in which it did. */
        session: number;
    }
    /** The council voted a suspended validator back. */
    | {
        kind: "validator_reinstated";
        /** The validator's account. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
        /** Why. */
        reason: string;
    }
    /** A validator let its turns pass while others authored. It stays one; this is said once until it authors again. */
    | {
        kind: "validator_silent";
        /** The validator's account. */
        account: Account;
        /** The organisation. */
        organisation: OrganisationId;
        /** How many of its slots it has skipped since it became a validator. */
        skipped: Decimal;
    }
    /** A device was registered; its key has epoch 0. */
    | {
        kind: "device_registered";
        /** Its number. */
        device: DeviceId;
        /** Its first key. */
        key: DeviceKey;
        /** The organisation that answers for it. */
        owner: OrganisationId;
        /** What it is and where. */
        profile: DeviceProfile;
    }
    /** A device's key was replaced. */
    | {
        kind: "device_key_rotated";
        /** The device. */
        device: DeviceId;
        /** The epoch that begins. */
        epoch: Epoch;
        /** The key of that epoch. */
        key: DeviceKey;
        /** Until when batches of the epoch before are still accepted. */
        previousValidUntil: Moment;
    }
    /** A device's batches are refused until it resumes. */
    | {
        kind: "device_suspended";
        /** The device. */
        device: DeviceId;
        /** Why. */
        reason: string;
    }
    /** A suspended device's batches are accepted again. */
    | {
        kind: "device_resumed";
        /** The device. */
        device: DeviceId;
        /** Why. */
        reason: string;
    }
    /** A device will never attest again. */
    | {
        kind: "device_retired";
        /** The device. */
        device: DeviceId;
        /** Why. */
        reason: string;
    }
    /** What a device observed since a time is not to be trusted. Never taken back. */
    | {
        kind: "device_distrusted";
        /** The device. */
        device: DeviceId;
        /** Why. */
        reason: string;
        /** From when on its observations are in doubt. */
        since: Moment;
    }
    /** A batch of readings was attested. */
    | {
        kind: "batch_attested";
        /** What was signed. */
        batch: Batch;
        /** The device's signature over `BatchStatement`. */
        signature: Signature;
    }
    /** A dataset was registered. */
    | {
        kind: "dataset_registered";
        /** Its number. */
        dataset: DatasetId;
        /** What it is. */
        datasetKind: DatasetKind;
        /** The organisation that answers for it. */
        owner: OrganisationId;
        /** What it is about. */
        profile: DatasetProfile;
    }
    /** What is said about a dataset changed. */
    | {
        kind: "dataset_changed";
        /** The dataset. */
        dataset: DatasetId;
        /** What it is about from now on. */
        profile: DatasetProfile;
    }
    /** Other devices feed a dataset from now on. */
    | {
        kind: "dataset_devices_changed";
        /** Those that feed it from now on. */
        added: Array<DeviceId>;
        /** The dataset. */
        dataset: DatasetId;
        /** Those that do not any more. */
        removed: Array<DeviceId>;
    }
    /** A dataset's owner offers it to another organisation, or to nobody any more. */
    | {
        kind: "dataset_offered";
        /** The dataset. */
        dataset: DatasetId;
        /** To whom. */
        to: OrganisationId | null;
    }
    /** The organisation that a dataset was offered to took it. */
    | {
        kind: "dataset_transferred";
        /** The dataset. */
        dataset: DatasetId;
        /** Its owner before. */
        from: OrganisationId;
        /** Its owner from now on. */
        to: OrganisationId;
    }
    /** A dataset has another version. */
    | {
        kind: "version_published";
        /** What it is and how it was made. */
        content: VersionContent;
        /** The dataset. */
        dataset: DatasetId;
        /** The version's number. */
        version: number;
    }
    /** A version's content is faulty. */
    | {
        kind: "version_flagged";
        /** The dataset. */
        dataset: DatasetId;
        /** Why. */
        reason: string;
        /** From when on its observations are faulty. */
        since: Moment;
        /** The version's number. */
        version: number;
    }
    /** A node of an organisation belongs to the network. */
    | {
        kind: "peer_added";
        /** Where it listens, if everybody may know. */
        address: string | null;
        /** The organisation. */
        organisation: OrganisationId;
        /** The node's id. */
        peer: PeerId;
        /** What it is for. */
        purpose: PeerPurpose;
    }
    /** A node belongs to the network no longer. */
    | {
        kind: "peer_removed";
        /** The organisation. */
        organisation: OrganisationId;
        /** The node's id. */
        peer: PeerId;
    }
    /** An organisation puts a call to the vote. */
    | {
        kind: "motion_proposed";
        /** The call in SCALE, as the runtime of this block encodes calls. */
        call: EncodedCall;
        /** Blake2b-256 of the call. */
        motion: Hash;
        /** The motion's number. */
        number: number;
        /** Why. */
        reason: string;
        /** How many seats must approve. */
        threshold: number;
    }
    /** An organisation voted, or voted otherwise than before. */
    | {
        kind: "motion_voted";
        /** Whether it approves. */
        approve: boolean;
        /** Blake2b-256 of the call. */
        motion: Hash;
        /** The motion's number. */
        number: number;
        /** Why. */
        reason: string;
    }
    /**
     * The vote is over. The call of an approved motion was dispatched; what it changed is in records of its own, and
     * when there are none it was refused.
     */
    | {
        kind: "motion_closed";
        /** Whether enough seats approved. */
        approved: boolean;
        /** Blake2b-256 of the call. */
        motion: Hash;
        /** How many did not. */
        no: number;
        /** The motion's number. */
        number: number;
        /** How many there were. */
        seats: number;
        /** How many approved. */
        yes: number;
    }
    /** The council changed a parameter. */
    | {
        kind: "parameter_changed";
        /** The parameter with its new value. */
        parameter: Parameter;
    }
    /** The runtime will be replaced by code that the council authorised. */
    | {
        kind: "upgrade_scheduled";
        /** The block whose execution replaces the code. The blocks after it run on the new one. */
        block: number;
        /** How many bytes the code has, as it was sent. */
        bytes: number;
        /** Blake2b-256 of the code. */
        code: Hash;
    }
    /** A consumer asks for a grant, or for other terms than were offered. */
    | {
        kind: "grant_requested";
        /** The grant. */
        grant: GrantId;
        /** The grant whose place it shall take. */
        supersedes: GrantId | null;
        /** What it asks for. */
        terms: Terms;
    }
    /** A provider offers a grant, or other terms than were asked for. */
    | {
        kind: "grant_offered";
        /** Whether accepting is enough. */
        binding: boolean;
        /** The grant. */
        grant: GrantId;
        /** The grant that it passes on. */
        parent: GrantId | null;
        /** The grant whose place it shall take. */
        supersedes: GrantId | null;
        /** What it offers. */
        terms: Terms;
    }
    /** A negotiation went on: accepted, agreed, verified or finalised. */
    | {
        kind: "grant_advanced";
        /** The grant. */
        grant: GrantId;
        /** Where it is now. */
        state: GrantState;
        /** The hash of the terms that this is about. */
        terms: Hash;
    }
    /** A grant was terminated, suspended, resumed, revoked or completed. */
    | {
        kind: "grant_state_changed";
        /** The grant. */
        grant: GrantId;
        /** Why, in words. */
        note: string;
        /** Why. */
        reason: ReasonCode;
        /** Where it is now. */
        state: GrantState;
    }
    /** A provider's gateway reported the use of a grant. */
    | {
        kind: "access_reported";
        /** The grant. */
        grant: GrantId;
        /** What it reported. */
        report: AccessReport;
    }
    /** A consumer contests a report. */
    | {
        kind: "access_contested";
        /** The report's number. */
        counter: Decimal;
        /** The grant. */
        grant: GrantId;
        /** Why. */
        reason: string;
        /** Use since the grant began, as the consumer counts it. */
        usage: Usage;
    }
    /** A provider's gateway reported attempts without any grant. */
    | {
        kind: "refusals_reported";
        /** The dataset. */
        dataset: DatasetId;
        /** What it reported. */
        report: RefusalReport;
    }
    /** The council added a code. */
    | {
        kind: "code_added";
        /** Its number. */
        code: number;
        /** To which list. */
        list: CodeList;
        /** What it stands for, such as a DPV IRI. */
        name: string;
    }
    /** The council created a currency. */
    | {
        kind: "currency_created";
        /** Its number. */
        currency: number;
        /** What it is. */
        info: CurrencyInfo;
    }
    /** An agent minted money against a deposit at its bank. */
    | {
        kind: "deposited";
        /** How much. */
        amount: Amount;
        /** The currency. */
        currency: number;
        /** Whose money it is. */
        organisation: OrganisationId;
        /** The deposit. */
        reference: BankReference;
    }
    /** An organisation asks for money to be paid out. */
    | {
        kind: "withdrawal_requested";
        /** What it asks for. */
        info: WithdrawalInfo;
        /** Its number. */
        withdrawal: Decimal;
    }
    /** An agent paid out, and burned the money. */
    | {
        kind: "withdrawal_paid";
        /** The payment. */
        reference: BankReference;
        /** The withdrawal. */
        withdrawal: Decimal;
    }
    /** An agent did not pay out, and the money is free again. */
    | {
        kind: "withdrawal_returned";
        /** Why. */
        reason: string;
        /** The withdrawal. */
        withdrawal: Decimal;
    }
    /** A consumer put the price of a grant on hold. */
    | {
        kind: "price_held";
        /** How much. */
        amount: Amount;
        /** The currency. */
        currency: number;
        /** The grant. */
        grant: GrantId;
    }
    /** The price of a grant that did not become active is free again. */
    | {
        kind: "price_released";
        /** The grant. */
        grant: GrantId;
    }
    /** The price of a grant was paid, and it is active. */
    | {
        kind: "price_paid";
        /** How much. */
        amount: Amount;
        /** To whom. */
        creditor: OrganisationId;
        /** The currency. */
        currency: number;
        /** The grant. */
        grant: GrantId;
    }
    /** A provider stated the use of a grant, or stated it anew after a dispute. */
    | {
        kind: "usage_stated";
        /** The grant. */
        grant: GrantId;
        /** RFC 9162 root over the receipts that it adds. */
        root: Hash;
        /** The statement's number. */
        statement: number;
        /** Use since the grant began. */
        usage: Usage;
    }
    /** A consumer disputes a statement. */
    | {
        kind: "usage_disputed";
        /** The grant. */
        grant: GrantId;
        /** Why. */
        reason: string;
        /** The statement's number. */
        statement: number;
        /** Use as the consumer counts it. */
        usage: Usage;
    }
    /** The council ruled on a disputed statement. */
    | {
        kind: "usage_ruled";
        /** The grant. */
        grant: GrantId;
        /** Why. */
        reason: string;
        /** The statement's number. */
        statement: number;
        /** Use, beyond dispute. */
        usage: Usage;
    }
    /** Something is owed for use. */
    | {
        kind: "obligation_created";
        /** What is owed. */
        info: ObligationInfo;
        /** Its number. */
        obligation: Decimal;
    }
    /** An obligation was paid at once on the ledger. */
    | {
        kind: "obligation_paid";
        /** The obligation. */
        obligation: Decimal;
    }
    /** A debtor says that it paid by bank. */
    | {
        kind: "payment_declared";
        /** The obligation. */
        obligation: Decimal;
        /** The payment. */
        reference: BankReference;
    }
    /** A creditor has the payment, or has it not. */
    | {
        kind: "payment_answered";
        /** Whether it has it. */
        confirmed: boolean;
        /** The obligation. */
        obligation: Decimal;
        /** Why not. */
        reason: string;
    }
    /** A netting cycle began. */
    | {
        kind: "cycle_opened";
        /** It takes obligations that arose before this time. */
        cutoff: Moment;
        /** The cycle. */
        cycle: CycleId;
        /** Until when debtors must have the money. */
        deadline: Moment;
    }
    /** A cycle's positions are computed, for the first time or without what defaulters owe. */
    | {
        kind: "cycle_computed";
        /** The cycle. */
        cycle: CycleId;
        /** What they sum up to. */
        gross: Amount;
        /** How many obligations it has. */
        obligations: Decimal;
        /** What everybody pays or gets. */
        positions: Array<NetPosition>;
        /** RFC 9162 root over the gross list. */
        root: Hash;
    }
    /** A debtor could not cover its position by the deadline. What it owes waits for the next cycle. */
    | {
        kind: "cycle_defaulted";
        /** What it should have paid. */
        amount: Amount;
        /** The cycle. */
        cycle: CycleId;
        /** The debtor. */
        debtor: OrganisationId;
    }
    /** A cycle is settled. */
    | {
        kind: "cycle_settled";
        /** The cycle. */
        cycle: CycleId;
        /** What was paid in all. */
        net: Amount;
    }
    /** A creditor reversed an obligation, or a part of it: another obligation, the other way round. */
    | {
        kind: "obligation_reversed";
        /** What is owed by it; `reverses` names the other one. */
        info: ObligationInfo;
        /** The number of the obligation that reverses. */
        obligation: Decimal;
        /** Why. */
        reason: string;
    }
    /** A debtor took back its declaration of a payment that the creditor had not answered in time. */
    | {
        kind: "declaration_withdrawn";
        /** The obligation. */
        obligation: Decimal;
    };

/** A calibration certificate. */
export interface Calibration {
    /** SHA-256 of the certificate. */
    certificate: Hash;
    /** First moment at which it holds. */
    validFrom: Moment;
    /** Last moment at which it holds. */
    validUntil: Moment;
}

/** A handover in `AuthoritiesView`. */
export interface ChangeView {
    /** The SCALE-encoded header that names the next authorities: the last block of the set that hands over. */
    header: Hex;
    /** The SCALE-encoded GRANDPA justification of that header by the set that hands over. */
    justification: Hex;
}

/**
 * A code list that the council can extend.
 *
 * * `purpose`: What data is used for.
 * * `legal_basis`: On which legal basis personal data is processed.
 */
export type CodeList = "purpose" | "legal_basis";

/** A code, by its number or its name, such as `dpv:AcademicResearch`. */
export type CodeParam = number | string;

/** A code in an answer of `citynet_codes`. */
export interface CodeView {
    /** Its number. */
    code: number;
    /** What it stands for, such as a DPV IRI in compact form. */
    name: string;
}

/** What `citynet-proofs` needs, besides the records or their leaf hashes, to verify that these are all. */
export interface CompletenessProofView {
    /** How its authorities follow from the genesis block. */
    authorities: AuthoritiesView;
    /** The hash of the chain's first block. */
    genesisHash: Hex;
    /** How many records there are, and the chain hash over their leaf hashes. */
    head: SubjectHead;
    /** The SCALE-encoded header of the anchor. */
    header: Hex;
    /** The SCALE-encoded GRANDPA justification of that header. */
    justification: Hex;
    /** The trie nodes that show this head in the state of the anchor, or that there is none. */
    state: Array<Hex>;
}

/** Answer of `citynet_completeness`: a page of the records about a subject, in their order. */
export interface CompletenessView {
    /** The justified block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The records. */
    items: Array<RecordView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
    /** On the first page, what proves that the records of all pages are all that there are. Null on the others. */
    proof: CompletenessProofView | null;
    /** The subject. */
    subject: string;
}

/** Answer of `citynet_consistency`. */
export interface ConsistencyView {
    /** The earlier tree. */
    first: TreeHead;
    /** The path that shows that the later one begins with the earlier one. */
    path: Array<Hex>;
    /** The later tree. */
    second: TreeHead;
}

/** A currency. */
export interface CurrencyInfo {
    /** The organisation that holds the bank account behind it, mints and burns. */
    agent: OrganisationId;
    /** How many decimals its usual unit has: 2 where the smallest unit is a hundredth. At most 18. */
    exponent: number;
    /** Its code, as in ISO 4217, such as `RUB`: 3 to 8 bytes of capital letters and digits. */
    symbol: string;
}

/** A currency. */
export interface CurrencyView {
    /** The organisation that holds the bank account behind it, mints and burns. */
    agent: OrganisationId;
    /** Its number. */
    currency: number;
    /** How many decimals its usual unit has: 2 where the smallest unit is a hundredth. At most 18. */
    exponent: number;
    /** The number of its last netting cycle, or 0. */
    lastCycle: number;
    /** Its code, as in ISO 4217, such as `RUB`: 3 to 8 bytes of capital letters and digits. */
    symbol: string;
}

/** Answer of `citynet_cycle`. */
export interface CycleAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** The currency. */
    currency: number;
    /** It takes obligations that arose before this time. */
    cutoff: Moment;
    /** Until when debtors must have the money. */
    deadline: Moment;
    /** What they sum up to. */
    gross: Amount;
    /** Count and chain hash of its records. */
    head: SubjectHead;
    /** Whether all that it settled has moved between treasuries. Balances count it as moved as soon as it is settled. */
    moved: boolean;
    /** What moves: the sum of what net debtors pay. */
    net: Amount;
    /** The cycle's number. */
    number: number;
    /** How many obligations it has. */
    obligations: Decimal;
    /** Where it is. */
    phase: CyclePhase;
    /** What everybody pays or gets, by organisation. Empty until they are computed. */
    positions: Array<NetPosition>;
    /** RFC 9162 root over the obligations, each as `GrossLeaf` in SCALE, in the order of their numbers. */
    root: Hash;
}

/** A netting cycle: the number of a currency, and the cycle's own, from 1. */
export interface CycleId {
    /** The currency. */
    currency: number;
    /** The cycle's number. */
    number: number;
}

/**
 * Where a netting cycle is.
 *
 * * `collecting`: It collects obligations, page by page.
 * * `funding`: Positions are known; debtors have until the deadline to have the money.
 * * `removing`: Debtors could not pay: positions are computed without what they owe, page by page.
 * * `settled`: It is settled.
 * * `empty`: It had nothing to settle.
 */
export type CyclePhase = "collecting" | "funding" | "removing" | "settled" | "empty";

/** A netting cycle, as the chain's state has it. */
export interface CycleView {
    /** The currency. */
    currency: number;
    /** It takes obligations that arose before this time. */
    cutoff: Moment;
    /** Until when debtors must have the money. */
    deadline: Moment;
    /** What they sum up to. */
    gross: Amount;
    /** Count and chain hash of its records. */
    head: SubjectHead;
    /** Whether all that it settled has moved between treasuries. Balances count it as moved as soon as it is settled. */
    moved: boolean;
    /** What moves: the sum of what net debtors pay. */
    net: Amount;
    /** The cycle's number. */
    number: number;
    /** How many obligations it has. */
    obligations: Decimal;
    /** Where it is. */
    phase: CyclePhase;
    /** RFC 9162 root over the obligations, each as `GrossLeaf` in SCALE, in the order of their numbers. */
    root: Hash;
}

/** Answer of `citynet_dataset`. */
export interface DatasetAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Its number. */
    dataset: DatasetId;
    /** Its DCAT description. */
    description: Document;
    /** How many devices feed it. */
    devices: number;
    /** The devices that feed it, by number. */
    fedBy: Array<DeviceId>;
    /** Count and chain hash of its records. */
    head: SubjectHead;
    /** What it is. */
    kind: DatasetKind;
    /** Its licence: an SPDX identifier or a URI, 1 to 128 bytes. */
    licence: string;
    /** To whom its owner offers it. */
    offeredTo: OrganisationId | null;
    /** The organisation that answers for it. */
    owner: OrganisationId;
    /** URI of its schema, or nothing. */
    schema: string;
    /** How careful one must be with it. */
    sensitivity: Sensitivity;
    /** A short title, 1 to 96 bytes. */
    title: string;
    /** How many versions it has; the last one has this number. */
    versions: number;
}

/** A dataset of the catalogue. Numbers are given by the chain in order from 1. */
export type DatasetId = string;

/**
 * What a dataset is. This never changes.
 *
 * * `stream`: Readings that go on arriving.
 * * `snapshot`: Data as it was at one time.
 * * `derived`: Data made from other data.
 * * `model`: A trained model.
 */
export type DatasetKind = "stream" | "snapshot" | "derived" | "model";

/** What a dataset is about, as far as it may change. */
export interface DatasetProfile {
    /** Its DCAT description. */
    description: Document;
    /** Its licence: an SPDX identifier or a URI, 1 to 128 bytes. */
    licence: string;
    /** URI of its schema, or nothing. */
    schema: string;
    /** How careful one must be with it. */
    sensitivity: Sensitivity;
    /** A short title, 1 to 96 bytes. */
    title: string;
}

/** A dataset, as the chain's state has it. */
export interface DatasetView {
    /** Its number. */
    dataset: DatasetId;
    /** Its DCAT description. */
    description: Document;
    /** How many devices feed it. */
    devices: number;
    /** Count and chain hash of its records. */
    head: SubjectHead;
    /** What it is. */
    kind: DatasetKind;
    /** Its licence: an SPDX identifier or a URI, 1 to 128 bytes. */
    licence: string;
    /** To whom its owner offers it. */
    offeredTo: OrganisationId | null;
    /** The organisation that answers for it. */
    owner: OrganisationId;
    /** URI of its schema, or nothing. */
    schema: string;
    /** How careful one must be with it. */
    sensitivity: Sensitivity;
    /** A short title, 1 to 96 bytes. */
    title: string;
    /** How many versions it has; the last one has this number. */
    versions: number;
}

/** A 64-bit integer: a decimal string, and as input also a JSON number. */
export type Decimal = string;

/** A 64-bit integer: a decimal string, and as input also a JSON number. */
export type DecimalInput = string | number;

/** The answer to: may this organisation do this with this data? */
export type Decision =
    /** Yes. */
    | {
        decision: "allowed";
        /** By this grant and those that it stands on, from it to the first. Empty where the dataset is its own. */
        chain: Array<GrantId>;
    }
    /** No. */
    | {
        decision: "denied";
        /** The grant that does not allow it, which may be one that its own stands on. */
        grant: GrantId | null;
        /** Why. Where it holds several grants: of the one that came nearest. */
        reason: Denial;
    };

/** Answer of `citynet_checkAccess`. */
export type DecisionAnswer = ({
    /** The block whose state decides. */
    anchor: Anchor;
}) & (Decision);

/**
 * Why access is denied.
 *
 * * `unknown_dataset`: There is no such dataset.
 * * `unknown_version`: The dataset has no such version.
 * * `no_grant`: The organisation holds no grant of the dataset.
 * * `wrong_dataset`: The grant is of another dataset.
 * * `wrong_consumer`: The grant is another organisation's.
 * * `not_finalized`: The grant is still being negotiated.
 * * `suspended`: The grant is suspended.
 * * `ended`: The grant was revoked, terminated or renounced, or another one took its place.
 * * `not_yet_valid`: It is before the grant's first moment.
 * * `expired`: It is after the grant's last moment.
 * * `limit_reached`: All that may be used was used.
 * * `version_not_covered`: The grant does not cover the version.
 * * `content_differs`: The version's content is not what the grant names.
 * * `action_not_granted`: The grant does not have the action.
 * * `purpose_not_granted`: The grant does not have the purpose.
 * * `provider_inactive`: The provider is not an active member.
 * * `consumer_inactive`: The consumer is not an active member.
 * * `terms_insufficient`: The dataset has become more sensitive, and the terms do not suffice for that.
 */
export type Denial = "unknown_dataset" | "unknown_version" | "no_grant" | "wrong_dataset" | "wrong_consumer" | "not_finalized" | "suspended" | "ended" | "not_yet_valid" | "expired" | "limit_reached" | "version_not_covered" | "content_differs" | "action_not_granted" | "purpose_not_granted" | "provider_inactive" | "consumer_inactive" | "terms_insufficient";

/** A version that was made, directly or not, from what was asked about. */
export interface DependentView {
    /** The dataset. */
    dataset: DatasetId;
    /** How many steps it takes at least: 1 for what was made from it directly. */
    depth: number;
    /** The version's number. */
    version: number;
    /**
     * What it was made from on the shortest way: a version such as `7@3`, or `device:12`, which is a device whose
     * readings it names or that fed its dataset.
     */
    via: string;
}

/** What `citynet_dependents` is asked about: either a version, or a device. */
export interface DependentsParams {
    /** A device. */
    device?: DecimalInput | undefined;
    /**
     * From when on the device's observations count, in milliseconds since 1970; from the first one on unless told. Of
     * what the device feeds, versions count whose latest observation is of that time or later.
     */
    since?: DecimalInput | undefined;
    /** A version, such as `7@3`: version 3 of dataset 7. */
    version?: string | undefined;
}

/** Answer of `citynet_device`. */
export interface DeviceAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Its number. */
    device: Decimal;
    /** From when on its observations are in doubt, if they are. */
    distrustedSince: Moment | null;
    /** The epoch of `key`. */
    epoch: Epoch;
    /**
     * Count and chain hash of the device's records. Kept here rather than by the journal so that a batch writes a
     * single trie key.
     */
    head: SubjectHead;
    /** The current key. */
    key: DeviceKey;
    /** Each epoch of its key with the index of the record that began it. */
    keyRecords: Array<KeyRecord>;
    /** The lowest sequence number that has not been attested or declared missing. */
    nextSequence: Decimal;
    /** The organisation that answers for it. */
    owner: OrganisationId;
    /** The key of the epoch before, and until when it still signs. */
    previous: {
        key: DeviceKey;
        validUntil: Moment;
    } | null;
    /** What it is and where. */
    profile: DeviceProfile;
    /** The index of the record that registered it. */
    registeredAt: Decimal;
    /** Whether its batches are accepted. */
    status: DeviceStatus;
}

/** A device. Numbers are given by the chain in order from 1. */
export type DeviceId = string;

/** A public key with its algorithm. */
export interface DeviceKey {
    /** How signatures are verified. */
    algorithm: AlgorithmId;
    /** The key's bytes, as the algorithm encodes them. */
    publicKey: PublicKey;
}

/** What a device is and where. Coarse on purpose: no personal data belongs here. */
export interface DeviceProfile {
    /** Its calibration certificate, if it has one. */
    calibration: Calibration | null;
    /** Where it stands. */
    location: Location;
    /** Make and model, such as `Nova SDS011`. */
    model: string;
    /** What it observes, such as `P1` and `P2`, in the words of its data. */
    properties: Array<string>;
}

/** A device, as the chain's state has it. */
export interface DeviceStateView {
    /** Its number. */
    device: DeviceId;
    /** From when on its observations are in doubt, if they are. */
    distrustedSince: Moment | null;
    /** The epoch of `key`. */
    epoch: Epoch;
    /**
     * Count and chain hash of the device's records. Kept here rather than by the journal so that a batch writes a
     * single trie key.
     */
    head: SubjectHead;
    /** The current key. */
    key: DeviceKey;
    /** The lowest sequence number that has not been attested or declared missing. */
    nextSequence: Decimal;
    /** The organisation that answers for it. */
    owner: OrganisationId;
    /** The key of the epoch before, and until when it still signs. */
    previous: {
        key: DeviceKey;
        validUntil: Moment;
    } | null;
    /** Whether its batches are accepted. */
    status: DeviceStatus;
}

/**
 * Whether a device's batches are accepted.
 *
 * * `active`: Accepted.
 * * `suspended`: Refused until it resumes.
 * * `retired`: Refused for good.
 */
export type DeviceStatus = "active" | "suspended" | "retired";

/** A device: its state at the anchor, and what the records say about it. */
export interface DeviceView {
    /** Its number. */
    device: Decimal;
    /** From when on its observations are in doubt, if they are. */
    distrustedSince: Moment | null;
    /** The epoch of `key`. */
    epoch: Epoch;
    /**
     * Count and chain hash of the device's records. Kept here rather than by the journal so that a batch writes a
     * single trie key.
     */
    head: SubjectHead;
    /** The current key. */
    key: DeviceKey;
    /** Each epoch of its key with the index of the record that began it. */
    keyRecords: Array<KeyRecord>;
    /** The lowest sequence number that has not been attested or declared missing. */
    nextSequence: Decimal;
    /** The organisation that answers for it. */
    owner: OrganisationId;
    /** The key of the epoch before, and until when it still signs. */
    previous: {
        key: DeviceKey;
        validUntil: Moment;
    } | null;
    /** What it is and where. */
    profile: DeviceProfile;
    /** The index of the record that registered it. */
    registeredAt: Decimal;
    /** Whether its batches are accepted. */
    status: DeviceStatus;
}

/** A dispute of a usage statement. */
export interface Dispute {
    /** When it was disputed. */
    at: Moment;
    /** Use as the consumer counts it. */
    usage: Usage;
}

/** A document that is somewhere else. */
export interface Document {
    /** SHA-256 of its bytes. */
    hash: Hash;
    /** Where it can be had, or nothing. */
    uri: string;
}

/** A call in SCALE. */
export type EncodedCall = string;

/** Session keys in SCALE. */
export type EncodedKeys = string;

/** The number of a device's key. The first key has epoch 0; every rotation adds one. */
export type Epoch = number;

/** Answer of `citynet_extrinsic`. */
export interface ExtrinsicAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Whether these are all: an answer has at most 16. */
    complete: boolean;
    /** The extrinsics with that hash, in the order of their blocks. More than one only of inherents, which may repeat. */
    items: Array<ExtrinsicDetailView>;
}

/** An extrinsic with its bytes. */
export interface ExtrinsicDetailView {
    /** The number of the block that has it. */
    block: number;
    /** The hash of that block. */
    blockHash: Hex;
    /** Its SCALE encoding, which begins with its length. Null where the node has pruned the block's body. */
    bytes: Hex | null;
    /** BLAKE2b-256 of its SCALE encoding. */
    hash: Hex;
    /** Its position in the block, from 0. */
    position: number;
    /** Who signed it. Null for inherents, and for transactions without a signer at the place that version 4 gives it. */
    signer: Hex | null;
}

/** What `citynet_extrinsics` selects: those of an account, of a block, or of an account in a block. */
export interface ExtrinsicFilterParams {
    /** The account that signed: `0x` and 64 hex digits. */
    account?: string | undefined;
    /** The number of a block. */
    block?: number | undefined;
}

/** An extrinsic: a transaction or an inherent. */
export interface ExtrinsicView {
    /** The number of the block that has it. */
    block: number;
    /** The hash of that block. */
    blockHash: Hex;
    /** BLAKE2b-256 of its SCALE encoding. */
    hash: Hex;
    /** Its position in the block, from 0. */
    position: number;
    /** Who signed it. Null for inherents, and for transactions without a signer at the place that version 4 gives it. */
    signer: Hex | null;
}

/** What `citynet_records` selects: the records that satisfy everything that is given. */
export interface FilterParams {
    /** The account that acted: `0x` and 64 hex digits. */
    account?: string | undefined;
    /** The lowest index. */
    fromIndex?: DecimalInput | undefined;
    /** The earliest time, inclusive, in milliseconds since 1970. */
    fromTime?: DecimalInput | undefined;
    /** A kind of record, such as `batch_attested`. */
    kind?: string | undefined;
    /**
     * What they name: `organisation:N`, `dataset:N`, `device:N`, `grant:N`, `cycle:CURRENCY-N`, `currency:N`,
     * `obligation:N`, `withdrawal:N`, `motion:N`, `payment:UUID`, `account:ADDRESS`, `peer:ID` or `hash:0x…`. It goes
     * with a kind, `fromIndex` and times, and not with a subject, an organisation or an account.
     */
    naming?: string | undefined;
    /** The organisation that acted. */
    organisation?: DecimalInput | undefined;
    /** What they are about: `organisation:N`, `dataset:N`, `device:N`, `grant:N` or `cycle:CURRENCY-N`. */
    subject?: string | undefined;
    /** The latest time, inclusive, in milliseconds since 1970. */
    toTime?: DecimalInput | undefined;
}

/** The first authorities in `AuthoritiesView`. */
export interface GenesisView {
    /** The trie nodes from that root to `Grandpa::Authorities`. */
    proof: Array<Hex>;
    /** The state root of the genesis block. */
    stateRoot: Hex;
}

/** A grant on a dataset, and what its consumer could do. */
export interface GrantAccessView {
    /** It and the grants that it stands on, from it to the first. */
    chain: Array<GrantLinkView>;
    /** The grant. */
    grant: GrantId;
    /**
     * What the chain decides for the consumer on each action and purpose of the grant. Nothing is asked, and this is
     * empty, where the grant was neither active nor suspended: then it allowed nothing.
     */
    uses: Array<UseView>;
}

/** Answer of `citynet_grantAccount`. */
export interface GrantAccountAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** What was billed in all, before reversals. */
    billed: Amount;
    /** The grant. */
    grant: GrantId;
    /** Use that is beyond dispute. */
    matured: Usage;
    /** The last statement, where it is not part of `matured` yet. */
    open: OpenStatement | null;
    /** How many statements there were. */
    statements: number;
}

/** Answer of `citynet_grant`. */
export interface GrantAnswer {
    /** When it was finalised. */
    activeSince: Moment | null;
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Whether accepting the offer is enough. */
    binding: boolean;
    /** When it was revoked or completed. */
    ended: Moment | null;
    /** Its number. */
    grant: GrantId;
    /** Count and chain hash of its records. */
    head: SubjectHead;
    /** Number of the last access report, or 0. */
    lastReport: Decimal;
    /** The grant that it passes on, if it does. */
    parent: GrantId | null;
    /** First moment after the last report's window, or 0. */
    reportedUntil: Moment;
    /** Where it is. Whether it is in force also depends on the time, on its use and on its ancestors. */
    state: GrantState;
    /** The grant whose place it takes once it is finalised. */
    supersedes: GrantId | null;
    /** What it says. */
    terms: Terms;
    /** SHA-256 of `Terms::to_bytes`. */
    termsHash: Hash;
    /** Its own use, as last reported. */
    used: Usage;
    /**
     * Its own use and that of all grants that stand on it. The limit is about this. A count that does not fit stays at
     * the highest one.
     */
    usedInAll: Usage;
}

/** What `citynet_grants` selects: the grants that satisfy everything that is given. */
export interface GrantFilterParams {
    /** The organisation that uses. */
    consumer?: DecimalInput | undefined;
    /** The dataset. */
    dataset?: DecimalInput | undefined;
    /** The organisation that grants, as the terms have it. */
    provider?: DecimalInput | undefined;
}

/** A grant, from its first request or offer on. Numbers are given by the chain in order from 1. */
export type GrantId = string;

/** A grant in `GrantAccessView`. */
export interface GrantLinkView {
    /** When it was finalised, if it was. */
    activeSince: Decimal | null;
    /** The organisation that it was granted to. */
    consumer: OrganisationId;
    /** The organisation that decides why and how the data is processed. */
    controller: OrganisationId;
    /** Its number. */
    grant: GrantId;
    /** The last step of its provider in the negotiation, if it was finalised: the binding offer, or what finalised it. */
    granted: StepView | null;
    /** On which legal basis, if the terms name one. */
    legalBasis: LegalBasisCode | null;
    /** The moment at which it ends, in milliseconds since 1970. */
    notAfter: Decimal;
    /** Its first moment, in milliseconds since 1970. */
    notBefore: Decimal;
    /** The organisation that granted it, as the terms have it. */
    provider: OrganisationId;
    /** Where it was. */
    state: GrantState;
}

/**
 * Where a grant is: the states of the Dataspace Protocol's contract negotiation (2025-1), of which `FINALIZED` is
 * `GrantState::Active` here, and what comes after it.
 *
 * * `requested`: The consumer asked.
 * * `offered`: The provider offered.
 * * `accepted`: The consumer accepted the offer.
 * * `agreed`: The provider agreed.
 * * `verified`: The consumer verified the agreement.
 * * `active`: The provider finalised it: it is in force from its first moment to its last.
 * * `suspended`: The provider put it on hold.
 * * `terminated`: The negotiation failed. For good.
 * * `revoked`: The provider revoked it, or the controller withdrew consent. For good.
 * * `completed`: The consumer renounced it, or another grant took its place. For good.
 */
export type GrantState = "requested" | "offered" | "accepted" | "agreed" | "verified" | "active" | "suspended" | "terminated" | "revoked" | "completed";

/** A grant, as the chain's state has it. */
export interface GrantView {
    /** When it was finalised. */
    activeSince: Moment | null;
    /** Whether accepting the offer is enough. */
    binding: boolean;
    /** When it was revoked or completed. */
    ended: Moment | null;
    /** Its number. */
    grant: GrantId;
    /** Count and chain hash of its records. */
    head: SubjectHead;
    /** Number of the last access report, or 0. */
    lastReport: Decimal;
    /** The grant that it passes on, if it does. */
    parent: GrantId | null;
    /** First moment after the last report's window, or 0. */
    reportedUntil: Moment;
    /** Where it is. Whether it is in force also depends on the time, on its use and on its ancestors. */
    state: GrantState;
    /** The grant whose place it takes once it is finalised. */
    supersedes: GrantId | null;
    /** What it says. */
    terms: Terms;
    /** SHA-256 of `Terms::to_bytes`. */
    termsHash: Hash;
    /** Its own use, as last reported. */
    used: Usage;
    /**
     * Its own use and that of all grants that stand on it. The limit is about this. A count that does not fit stays at
     * the highest one.
     */
    usedInAll: Usage;
}

/** A SHA-256 or Blake2b-256 hash, or any other 32 opaque bytes. */
export type Hash = string;

/** Bytes as `0x` and lower-case hex. */
export type Hex = string;

/** Something that was found. */
export type HitView =
    /** A block. */
    | {
        kind: "block";
        /** Its number. */
        block: number;
        /** Its hash. */
        hash: Hex;
    }
    /** A transaction or an inherent. */
    | {
        kind: "extrinsic";
        /** The block that has it. */
        block: number;
        /** Its BLAKE2b-256 hash. */
        hash: Hex;
        /** Its position in the block, from 0. */
        position: number;
        /** Who signed it, if that can be told. */
        signer: Hex | null;
    }
    /** A record: it has this index, this leaf hash, or this hash in its body. */
    | {
        kind: "record";
        /** Its index. */
        record: Decimal;
    }
    /** A batch of readings. */
    | {
        kind: "batch";
        /** The device. */
        device: DeviceId;
        /** The sequence number of its first reading. */
        firstSequence: Decimal;
        /** The record that attested it. */
        record: Decimal;
    }
    /** A version of a dataset. */
    | {
        kind: "version";
        /** The dataset. */
        dataset: DatasetId;
        /** The record that published it. */
        record: Decimal;
        /** The version's number. */
        version: number;
    }
    /** An account. */
    | {
        kind: "account";
        /** Its key. */
        account: Hex;
        /** The first record that it caused. */
        acted: Decimal | null;
        /** The first record that names it. */
        named: Decimal | null;
        /** The first transaction that it signed. */
        signed: PositionView | null;
    }
    /** An organisation. */
    | {
        kind: "organisation";
        /** Its number. */
        organisation: OrganisationId;
        /** The first record that names it. */
        record: Decimal;
    }
    /** A dataset. */
    | {
        kind: "dataset";
        /** Its number. */
        dataset: DatasetId;
        /** The first record that names it. */
        record: Decimal;
    }
    /** A device. */
    | {
        kind: "device";
        /** Its number. */
        device: DeviceId;
        /** The first record that names it. */
        record: Decimal;
    }
    /** A grant. */
    | {
        kind: "grant";
        /** Its number. */
        grant: GrantId;
        /** The first record that names it. */
        record: Decimal;
    }
    /** A netting cycle. */
    | {
        kind: "cycle";
        /** Its currency. */
        currency: number;
        /** Its number. */
        number: number;
        /** The first record that names it. */
        record: Decimal;
    }
    /** A currency. */
    | {
        kind: "currency";
        /** Its number. */
        currency: number;
        /** The first record that names it. */
        record: Decimal;
    }
    /** An obligation. */
    | {
        kind: "obligation";
        /** Its number. */
        obligation: Decimal;
        /** The first record that names it. */
        record: Decimal;
    }
    /** A withdrawal. */
    | {
        kind: "withdrawal";
        /** The first record that names it. */
        record: Decimal;
        /** Its number. */
        withdrawal: Decimal;
    }
    /** A payment by bank. */
    | {
        kind: "payment";
        /** The first record that names it. */
        record: Decimal;
        /** Its UETR, a UUID. */
        uetr: string;
    }
    /** A motion of the council. */
    | {
        kind: "motion";
        /** Its number. */
        motion: number;
        /** The first record that names it. */
        record: Decimal;
    }
    /** A node of the network. */
    | {
        kind: "peer";
        /** Its id. */
        peer: PeerId;
        /** The first record that names it. */
        record: Decimal;
    };

/** The index in `StatusView`. */
export interface IndexView {
    /** How many finalised blocks it does not hold yet. */
    behind: number;
    /** The hash of that block. */
    hash: Hex | null;
    /** The last block that it holds; null while it holds none. */
    number: number | null;
    /** How many records it holds. */
    records: Decimal;
    /** Whether it answers: it is at most `MAX_BEHIND` blocks behind and on the node's chain. */
    synced: boolean;
}

/** An epoch of a device's key in `DeviceView`. */
export interface KeyRecord {
    /** The epoch. */
    epoch: number;
    /** The index of the record that began it. */
    record: Decimal;
}

/** A legal basis of processing, by its number in the code list of legal bases. */
export type LegalBasisCode = number;

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfCodeView {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<CodeView>;
}

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfCurrencyView {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<CurrencyView>;
}

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfMotionInfo {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<MotionInfo>;
}

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfOrganisationInfo {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<OrganisationInfo>;
}

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfPeerInfo {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<PeerInfo>;
}

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfRecoveryInfo {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<RecoveryInfo>;
}

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfValidatorInfo {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<ValidatorInfo>;
}

/** A whole list of what the chain's state holds. Such lists are short: they do not come in pages. */
export interface ListAnswerOfWithdrawalView {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Everything that there is. */
    items: Array<WithdrawalView>;
}

/** A coarse location. */
export type Location =
    /** Words: a district, a street. */
    | {
        text: string;
    }
    /** A geohash of at most 7 characters (cells of about 150 m). */
    | {
        geohash: string;
    };

/** Milliseconds since 1970-01-01T00:00:00Z, without leap seconds, as the timestamp inherent counts them. */
export type Moment = string;

/** A motion that is open. */
export interface MotionInfo {
    /** The call in SCALE. */
    call: EncodedCall;
    /** The last block in which votes are taken. After it, whoever did not vote counts as not approving. */
    end: number;
    /** Blake2b-256 of the call. */
    motion: Hash;
    /** Who does not. */
    no: Array<OrganisationId>;
    /** The motion's number. */
    number: number;
    /** How many seats there are. */
    seats: number;
    /** How many seats must approve. */
    threshold: number;
    /** Who approves. */
    yes: Array<OrganisationId>;
}

/** What an organisation pays or gets in a cycle: exactly one of both is above 0. */
export interface NetPosition {
    /** What it gets. */
    gets: Amount;
    /** The organisation. */
    organisation: OrganisationId;
    /** What it pays. */
    pays: Amount;
}

/** What the people whom the data is about were told. */
export interface Notice {
    /** SHA-256 of the notice. */
    hash: Hash;
    /** Its language, as in BCP 47, such as `ru`: 2 to 8 bytes. */
    language: string;
}

/** An object of the chain's state. */
export type ObjectView =
    /** An organisation. */
    | {
        kind: "organisation";
        /** With its accounts. */
        organisation: OrganisationInfo;
    }
    /** A dataset. */
    | {
        kind: "dataset";
        /** The dataset. */
        dataset: DatasetView;
        /** The devices that fed it, by number. */
        fedBy: Array<DeviceId>;
    }
    /** A version of a dataset. */
    | {
        kind: "version";
        /** The version. */
        version: VersionView;
    }
    /** A device. */
    | {
        kind: "device";
        /** The device. */
        device: DeviceStateView;
    }
    /** A grant. */
    | {
        kind: "grant";
        /** The grant. */
        grant: GrantView;
    }
    /** An obligation. */
    | {
        kind: "obligation";
        /** The obligation. */
        obligation: ObligationView;
    }
    /** A netting cycle. */
    | {
        kind: "cycle";
        /** The cycle. */
        cycle: CycleView;
        /** What everybody paid or got, by organisation. Empty until they were computed. */
        positions: Array<NetPosition>;
    }
    /** A currency. */
    | {
        kind: "currency";
        /** The currency. */
        currency: CurrencyView;
    }
    /** A withdrawal. */
    | {
        kind: "withdrawal";
        /** Neither paid nor returned. */
        withdrawal: WithdrawalView;
    }
    /** A motion. */
    | {
        kind: "motion";
        /** Open. */
        motion: MotionInfo;
    };

/** Answer of `citynet_obligation`. */
export interface ObligationAnswer {
    /** How much. */
    amount: Amount;
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** To whom. */
    creditor: OrganisationId;
    /** The currency. */
    currency: number;
    /** The netting cycle of its currency that has or settled it, or 0. */
    cycle: number;
    /** Who owes. */
    debtor: OrganisationId;
    /** When it was declared. */
    declared: Moment | null;
    /** The grant that it comes from. */
    grant: GrantId;
    /** Its number. */
    obligation: Decimal;
    /** The payment by bank, where one was declared. */
    payment: BankReference | null;
    /** How much of it was reversed by others. */
    reversed: Amount;
    /** The obligation that it reverses, if it does. */
    reverses: Decimal | null;
    /** When it arose. */
    since: Moment;
    /** Where it is. */
    state: ObligationState;
    /** Use up to which it bills the grant. Of a reversal, that of the obligation it reverses. */
    usage: Usage;
}

/** What `citynet_obligations` selects: the obligations that satisfy everything that is given. */
export interface ObligationFilterParams {
    /** The organisation that is owed. */
    creditor?: DecimalInput | undefined;
    /** The currency. */
    currency?: DecimalInput | undefined;
    /** The organisation that owes. */
    debtor?: DecimalInput | undefined;
    /** The grant that they come from. */
    grant?: DecimalInput | undefined;
}

/** What one organisation owes another. */
export interface ObligationInfo {
    /** How much. */
    amount: Amount;
    /** To whom. */
    creditor: OrganisationId;
    /** The currency. */
    currency: number;
    /** The netting cycle of its currency that has or settled it, or 0. */
    cycle: number;
    /** Who owes. */
    debtor: OrganisationId;
    /** When it was declared. */
    declared: Moment | null;
    /** The grant that it comes from. */
    grant: GrantId;
    /** The payment by bank, where one was declared. */
    payment: BankReference | null;
    /** How much of it was reversed by others. */
    reversed: Amount;
    /** The obligation that it reverses, if it does. */
    reverses: Decimal | null;
    /** When it arose. */
    since: Moment;
    /** Where it is. */
    state: ObligationState;
    /** Use up to which it bills the grant. Of a reversal, that of the obligation it reverses. */
    usage: Usage;
}

/**
 * Where an obligation is.
 *
 * * `open`: It is owed.
 * * `netting`: A netting cycle has it.
 * * `declared`: The debtor says that it was paid by bank.
 * * `settled`: Paid on the ledger, at once or by a cycle.
 * * `booked`: Paid by bank, as the creditor confirms.
 */
export type ObligationState = "open" | "netting" | "declared" | "settled" | "booked";

/** An obligation, as the chain's state has it. */
export interface ObligationView {
    /** How much. */
    amount: Amount;
    /** To whom. */
    creditor: OrganisationId;
    /** The currency. */
    currency: number;
    /** The netting cycle of its currency that has or settled it, or 0. */
    cycle: number;
    /** Who owes. */
    debtor: OrganisationId;
    /** When it was declared. */
    declared: Moment | null;
    /** The grant that it comes from. */
    grant: GrantId;
    /** Its number. */
    obligation: Decimal;
    /** The payment by bank, where one was declared. */
    payment: BankReference | null;
    /** How much of it was reversed by others. */
    reversed: Amount;
    /** The obligation that it reverses, if it does. */
    reverses: Decimal | null;
    /** When it arose. */
    since: Moment;
    /** Where it is. */
    state: ObligationState;
    /** Use up to which it bills the grant. Of a reversal, that of the obligation it reverses. */
    usage: Usage;
}

/** A usage statement that is not mature, or was not found to be yet. */
export interface OpenStatement {
    /** When it was stated or restated. */
    at: Moment;
    /** Whether the consumer disputes it. */
    dispute: Dispute | null;
    /** RFC 9162 root over the receipts that it adds. */
    root: Hash;
    /** Use since the grant began. */
    usage: Usage;
}

/** Answer of `citynet_organisation`. */
export interface OrganisationAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** The organisation. */
    organisation: OrganisationInfo;
}

/** An organisation of the consortium. Numbers are given in order from 1; 0 is `OrganisationId::CONSORTIUM`. */
export type OrganisationId = number;

/** An organisation as the runtime API reports it. */
export interface OrganisationInfo {
    /** Its accounts and their roles. */
    accounts: Array<AccountRoles>;
    /** Where it can be reached, such as `https://…` or `mailto:…`: at most 128 bytes of UTF-8, or nothing. */
    contact: string;
    /** Its number. */
    id: OrganisationId;
    /** What it is. */
    kind: OrganisationKind;
    /**
     * SHA-256 of the document by which it exists in law, or zeros. A register's number must not be hashed alone: it
     * could be guessed.
     */
    legalId: Hash;
    /** Its name, 1 to 64 bytes of UTF-8. */
    name: string;
    /** Whether it votes: it is active and no observer. */
    seat: boolean;
    /** Whether it may act. */
    status: OrganisationStatus;
}

/**
 * What an organisation is.
 *
 * * `government`: A public authority.
 * * `telecom`: A telecommunications operator.
 * * `university`: A university or research institute.
 * * `industry`: Any other company.
 * * `auditor`: An observer without a seat.
 * * `settlement_agent`: The party that holds the bank account behind a currency.
 */
export type OrganisationKind = "government" | "telecom" | "university" | "industry" | "auditor" | "settlement_agent";

/** How an organisation presents itself to the others. */
export interface OrganisationProfile {
    /** Where it can be reached, such as `https://…` or `mailto:…`: at most 128 bytes of UTF-8, or nothing. */
    contact: string;
    /**
     * SHA-256 of the document by which it exists in law, or zeros. A register's number must not be hashed alone: it
     * could be guessed.
     */
    legalId: Hash;
    /** Its name, 1 to 64 bytes of UTF-8. */
    name: string;
}

/**
 * Whether an organisation's accounts may act.
 *
 * * `active`: A member in good standing.
 * * `suspended`: Put on hold: its accounts are refused until it is reinstated.
 * * `expelled`: Gone for good; its records stay.
 * * `left`: Gone of its own will; its records stay.
 */
export type OrganisationStatus = "active" | "suspended" | "expelled" | "left";

/** What a version can be made from. */
export type OriginView =
    /** Another version. */
    | {
        source: "version";
        /** Its dataset. */
        dataset: DatasetId;
        /** The grant by which it was used, where the dataset was another organisation's. */
        grant: GrantId | null;
        /** The record that published it. */
        record: Decimal;
        /** Its number. */
        version: number;
    }
    /** Attested readings. */
    | {
        source: "readings";
        /** Their device. */
        device: DeviceId;
        /** Sequence number of the first one. */
        firstSequence: Decimal;
        /** The grant by which they were used, where the device was another organisation's. */
        grant: GrantId | null;
        /** Sequence number of the last one. */
        lastSequence: Decimal;
    }
    /**
     * A device that fed the version's dataset, whatever the version names: the device was added before the version was
     * published, and it was not removed by then, or it was removed no earlier than the version's `from`.
     */
    | {
        source: "device";
        /** The device. */
        device: DeviceId;
    }
    /** Something that the ledger does not know. */
    | {
        source: "external";
        /** SHA-256 of its content. */
        content: Hex;
        /** What it is or where it was had, or nothing. */
        uri: string;
    };

/** One page of a list, in ascending order. */
export interface PageOfCycleView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<CycleView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfDatasetView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<DatasetView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfDependentView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<DependentView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfDeviceView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<DeviceView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfExtrinsicView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<ExtrinsicView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfGrantView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<GrantView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfObligationView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<ObligationView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfRecordView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<RecordView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One page of a list, in ascending order. */
export interface PageOfSourceView {
    /** The block that every page of the walk is true for. */
    anchor: Anchor;
    /** Whether this is the last page. */
    complete: boolean;
    /** The items. */
    items: Array<SourceView>;
    /** What to ask for the next page with, unless this is the last. */
    next: string | null;
}

/** One parameter with its value. Its bounds are in `pallet-consortium`. */
export type Parameter =
    /** The least number of members with a seat. */
    | {
        parameter: "min_members";
        /** Seats. */
        value: number;
    }
    /** The least number of validators. */
    | {
        parameter: "min_validators";
        /** Validators. */
        value: number;
    }
    /** The most validators of one organisation. However many there are, it never has a third of all. */
    | {
        parameter: "max_validators_per_organisation";
        /** Validators. */
        value: number;
    }
    /** How long a motion is open, in blocks. */
    | {
        parameter: "motion_duration";
        /** Blocks. */
        value: number;
    }
    /** For how many blocks an organisation can object to its recovery. */
    | {
        parameter: "recovery_delay";
        /** Blocks. */
        value: number;
    }
    /** After how many of its own turns in a row a validator counts as silent. */
    | {
        parameter: "silent_after";
        /** Turns. */
        value: number;
    }
    /** How much computing organisations of a kind may use. */
    | {
        parameter: "quota";
        /** The kind. */
        kind: OrganisationKind;
        /** The quota. */
        quota: Quota;
    };

/** All parameters. */
export interface Parameters {
    /** The most validators of one organisation. */
    maxValidatorsPerOrganisation: number;
    /** The least number of members with a seat. */
    minMembers: number;
    /** The least number of validators. */
    minValidators: number;
    /** How long a motion is open, in blocks. */
    motionDuration: number;
    /** The quotas, in the order of `OrganisationKind::ALL`. */
    quotas: Array<Quota>;
    /** For how many blocks an organisation can object to its recovery. */
    recoveryDelay: number;
    /** After how many of its own turns in a row a validator counts as silent. */
    silentAfter: number;
}

/** Answer of `citynet_parameters`. */
export interface ParametersAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** The parameters. `quotas` are those of government, telecom, university, industry, auditor and settlement agent. */
    parameters: Parameters;
}

/**
 * The id of a libp2p node: its Ed25519 public key. In text it is the base58 of the key's identity multihash,
 * `12D3KooW…`.
 */
export type PeerId = string;

/** A node that belongs to the network. */
export interface PeerInfo {
    /** Where it listens, if everybody may know. */
    address: string | null;
    /** Whose it is. */
    organisation: OrganisationId;
    /** Its id. */
    peer: PeerId;
    /** What it is for. */
    purpose: PeerPurpose;
}

/**
 * What a node is for.
 *
 * * `validator`: It authors and finalises blocks.
 * * `archive`: It keeps everything and answers questions.
 * * `boot`: It introduces nodes to one another.
 */
export type PeerPurpose = "validator" | "archive" | "boot";

/**
 * How far data is about people.
 *
 * * `none`: Not at all.
 * * `pseudonymised`: About people whose names were replaced.
 * * `personal`: About people.
 * * `special_category`: About their health, origin, opinions or bodies (GDPR Article 9, 152-FZ Articles 10 and 11).
 */
export type PersonalData = "none" | "pseudonymised" | "personal" | "special_category";

/**
 * As what a text was looked up.
 *
 * * `block_number`: The number of a block.
 * * `block_hash`: The hash of a block.
 * * `extrinsic_place`: The place of an extrinsic: block and position.
 * * `extrinsic_hash`: The BLAKE2b-256 hash of an extrinsic.
 * * `record_index`: The index of a record.
 * * `record_leaf`: The leaf hash of a record.
 * * `record_hash`: A hash or public key in the body of a record.
 * * `batch`: A batch: device and first sequence number.
 * * `batch_root`: The root of a batch.
 * * `version`: A version: dataset and number.
 * * `account`: An account: named by records, as the one that caused them, and as signer of transactions.
 * * `peer`: A node of the network.
 * * `payment`: The UETR of a payment by bank.
 * * `organisation`: The number of an organisation.
 * * `dataset`: The number of a dataset.
 * * `device`: The number of a device.
 * * `grant`: The number of a grant.
 * * `cycle`: A netting cycle: currency and number.
 * * `currency`: The number of a currency.
 * * `obligation`: The number of an obligation.
 * * `withdrawal`: The number of a withdrawal.
 * * `motion`: The number of a motion.
 */
export type PlaceView = "block_number" | "block_hash" | "extrinsic_place" | "extrinsic_hash" | "record_index" | "record_leaf" | "record_hash" | "batch" | "batch_root" | "version" | "account" | "peer" | "payment" | "organisation" | "dataset" | "device" | "grant" | "cycle" | "currency" | "obligation" | "withdrawal" | "motion";

/** The place of an extrinsic. */
export interface PositionView {
    /** The block. */
    block: number;
    /** Its position in the block, from 0. */
    position: number;
}

/** What use costs. */
export type Price =
    /** Nothing. */
    | {
        price: "free";
    }
    /** What a contract outside the ledger says. */
    | {
        price: "contract";
        /** The contract. */
        contract: Document;
    }
    /** A sum, paid when the grant begins: it becomes active only together with the payment. */
    | {
        price: "fixed";
        /** The sum. */
        amount: Amount;
        /** The currency. */
        currency: number;
    }
    /** A sum for every period that begins while the grant is in force. */
    | {
        price: "per_period";
        /** The sum for one period. */
        amount: Amount;
        /** The currency. */
        currency: number;
        /** How long a period is, in milliseconds, counted from the grant's first moment. */
        period: Moment;
    }
    /** By use. */
    | {
        price: "metered";
        /** The currency. */
        currency: number;
        /** For how many milliseconds a usage statement can be disputed. */
        disputeWindow: Moment;
        /** For how many units the tiers' amounts are, at least 1. */
        per: Decimal;
        /** The steps. */
        tiers: Array<Tier>;
        /** What is counted. */
        unit: Unit;
    };

/** Answer of `citynet_proof`: all that `citynet-proofs` needs to verify the records from the genesis hash. */
export interface ProofView {
    /** How its authorities follow from the genesis block. */
    authorities: AuthoritiesView;
    /** The hash of the chain's first block. */
    genesisHash: Hex;
    /** The SCALE-encoded header whose tree head the paths lead to. */
    header: Hex;
    /** The SCALE-encoded GRANDPA justification of that header. */
    justification: Hex;
    /** The records in the order asked for. */
    records: Array<RecordProofView>;
}

/** A public key of any registered algorithm; the largest reserved one is ML-DSA-87 with 2592 bytes. */
export type PublicKey = string;

/** A purpose for which data may be used, by its number in the code list of purposes. */
export type PurposeCode = number;

/** How much computing an organisation may use: a token bucket of weight. A block has 300,000 µs for all of them. */
export interface Quota {
    /** The most it can save, in microseconds. */
    burst: number;
    /** What it gets back with every block, in microseconds. */
    rate: number;
}

/**
 * Why a grant was terminated, suspended, resumed, revoked or completed.
 *
 * * `other`: See the note.
 * * `no_agreement`: The parties could not agree.
 * * `terms_broken`: A party broke the terms.
 * * `purpose_exceeded`: The data was used for another purpose.
 * * `security_incident`: Data or keys leaked.
 * * `data_faulty`: The data is faulty.
 * * `legal_basis_gone`: The legal basis is gone.
 * * `consent_withdrawn`: The people whom the data is about withdrew their consent.
 * * `not_needed`: It is not needed any more.
 * * `not_paid`: It was not paid for.
 * * `superseded`: Another grant took its place.
 * * `resolved`: The reason for its suspension is gone.
 */
export type ReasonCode = "other" | "no_agreement" | "terms_broken" | "purpose_exceeded" | "security_incident" | "data_faulty" | "legal_basis_gone" | "consent_withdrawn" | "not_needed" | "not_paid" | "superseded" | "resolved";

/** Answer of `citynet_record` and `citynet_batch`. */
export interface RecordAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** The record. */
    record: RecordView;
}

/** A record with its inclusion path. */
export interface RecordProofView {
    /** The path from its leaf to the root, from the bottom up. */
    path: Array<Hex>;
    /** The SCALE-encoded record. */
    record: Hex;
}

/** A record: its own fields, and where it is. */
export interface RecordView {
    /** The account that acted, or zeros when the chain itself did. */
    account: Account;
    /** Number of the block that wrote it. */
    block: number;
    /** The hash of the block that wrote it. */
    blockHash: Hex;
    /** What happened. */
    body: Body;
    /** Its SCALE encoding, the leaf of the journal's tree. */
    encoded: Hex;
    /** Position in the journal, from 0. */
    index: Decimal;
    /** `SHA256(0x00 ‖ encoded)`. */
    leafHash: Hex;
    /** The organisation that acted, or `OrganisationId::CONSORTIUM`. */
    organisation: OrganisationId;
    /** What it is about. */
    subjects: Array<string>;
    /** Time of that block in milliseconds since 1970; 0 in the genesis block. */
    time: Moment;
    /** `RECORD_VERSION`. Always the first byte, so that a reader knows how to read on. */
    version: number;
}

/** A recovery that is under way. */
export interface RecoveryInfo {
    /** Its admin to be. */
    account: Account;
    /** The first block in which it can be completed. */
    matures: number;
    /** The organisation. */
    organisation: OrganisationId;
}

/** What a provider's gateway reports about attempts without a grant. */
export interface RefusalReport {
    /** The report's number: greater than that of the dataset's report before. */
    counter: Decimal;
    /** First moment of the window. */
    from: Moment;
    /** How many receipts the window has. */
    receipts: Decimal;
    /** RFC 9162 root over the window's receipts. */
    root: Hash;
    /** Who was refused, and how often: up to 64. */
    strangers: Array<Stranger>;
    /** First moment after the window. */
    to: Moment;
}

/** How often access was refused for a reason. */
export interface RefusedCount {
    /** How often. */
    count: Decimal;
    /** Why. */
    reason: Denial;
}

/**
 * What an account may do for its organisation.
 *
 * * `admin`: Adds and removes the organisation's accounts.
 * * `validator`: Runs a validator: sets session keys.
 * * `registrar`: Registers and maintains devices and, later, datasets.
 * * `attestor`: Submits attestations.
 * * `treasurer`: Moves money.
 * * `auditor`: Reads, and files findings.
 */
export type Role = "admin" | "validator" | "registrar" | "attestor" | "treasurer" | "auditor";

/** A set of `Role`s: bit `n` is the role with codec index `n`. */
export type Roles = Array<Role>;

/** The format of a batch's leaves. See the constants. */
export type SchemaId = number;

/** Answer of `citynet_search`. */
export interface SearchAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** Whether these are all. Otherwise there are more hits. */
    complete: boolean;
    /** What was found: at most 64. */
    hits: Array<HitView>;
    /** What the text was looked up as. Nothing where it has no form that is known, or names another chain. */
    searched: Array<PlaceView>;
}

/**
 * How careful one must be with a dataset.
 *
 * * `open`: For everybody.
 * * `internal`: For members of the consortium.
 * * `restricted`: For those who were chosen. It is passed on only where the terms say so.
 * * `pseudonymised`: About people whose names were replaced: personal data in law.
 */
export type Sensitivity = "open" | "internal" | "restricted" | "pseudonymised";

/** A signature of any registered algorithm; the largest reserved one is ML-DSA-87 with 4627 bytes. */
export type Signature = string;

/** Something that a version was made from. */
export type Source =
    /** A version of a dataset. */
    | {
        source: "version";
        /** The dataset. */
        dataset: DatasetId;
        /** The grant by which it is used. It is needed where the dataset belongs to another organisation. */
        grant: GrantId | null;
        /** Its version. */
        version: number;
    }
    /** Attested readings of a device. */
    | {
        source: "batches";
        /** The device. */
        device: DeviceId;
        /** Sequence number of the first reading. */
        firstSequence: Decimal;
        /**
         * The grant by which they are used: of a dataset that the device feeds. It is needed where the device belongs
         * to another organisation.
         */
        grant: GrantId | null;
        /** Sequence number of the last reading. */
        lastSequence: Decimal;
    }
    /** Something that the ledger does not know. */
    | {
        source: "external";
        /** SHA-256 of its content. */
        content: Hash;
        /** What it is or where it was had, or nothing. */
        uri: string;
    };

/** Something that a version was made from, directly or not. */
export type SourceView = ({
    /** How many steps it takes at least: 1 for what it was made from directly. */
    depth: number;
    /** The version on the shortest way that was made from it directly, such as `7@3`. */
    of: string;
}) & (OriginView);

/** Answer of `citynet_stateAt`. */
export type StateAtAnswer = ({
    /** The block whose state it is. */
    anchor: Anchor;
    /** The time of that block, in milliseconds since 1970. */
    time: Decimal;
}) & (ObjectView);

/** Answer of `citynet_status`. */
export interface StatusView {
    /** The best block. */
    best: BlockView;
    /** The chain's name. */
    chain: string;
    /** The finalised block. */
    finalized: BlockView;
    /** The hash of its first block. */
    genesisHash: Hex;
    /** The index, or null when the node runs without. */
    index: IndexView | null;
    /** The version of the runtime at the best block. */
    specVersion: number;
    /** The journal's tree at the finalised block. */
    treeHead: TreeHead;
}

/** A record that shows who did something. */
export interface StepView {
    /** The account that acted. */
    account: Hex;
    /** Its kind. */
    kind: string;
    /** The organisation that acted. */
    organisation: OrganisationId;
    /** The record. */
    record: Decimal;
    /** Its time, in milliseconds since 1970. */
    time: Decimal;
}

/** Attempts on a dataset by somebody without any grant. */
export interface Stranger {
    /** How often it was refused. */
    count: Decimal;
    /** A salted commitment to who it was. */
    requester: Hash;
}

/** What a notification of `citynet_streamedRecords` brings. */
export type StreamedView =
    /**
     * The selected records from where the notification before ended, at most 100, in the order of their indices. There
     * may be none: the first notification comes at once, and later ones say how far a search is, or that nothing
     * happened.
     */
    | {
        event: "records";
        /** The finalised block to which the index had come. */
        anchor: Anchor;
        /** The records. */
        items: Array<RecordView>;
        /** Where to go on, as `from` of another subscription: all selected records below it were sent. */
        next: Decimal;
    }
    /** The last notification: the node ended the subscription. */
    | {
        event: "closed";
        /** The same for people. */
        message: string;
        /** Where to go on, as `from` of another subscription: all selected records below it were sent. */
        next: Decimal;
        /**
         * Why: `slow_reader` when notifications waited too long to be read; else the name of the error that stands in
         * the way, as in its `data.code`: `not_synced`, `too_expensive`, `internal`.
         */
        reason: string;
    };

/**
 * How many records a subject has and what they are: `chain` starts as 32 zero bytes, and every record makes it
 * `SHA256(0x02 ‖ chain ‖ leaf hash of the record)`. The prefix keeps it apart from the tree's leaves and nodes.
 */
export interface SubjectHead {
    /** Hash over all of them, in order. */
    chain: Hash;
    /** Number of records about the subject. */
    count: Decimal;
}

/** What a grant says. Times are half-open: `not_before` belongs to the grant, `not_after` does not. */
export interface Terms {
    /** What the consumer may do. */
    actions: Actions;
    /** The ODRL agreement of these terms. */
    agreement: Document | null;
    /** SHA-256 of the data protection impact assessment. */
    assessment: Hash | null;
    /** A commitment to the consent: `SHA256(tag ‖ salt ‖ record)`, never without a salt. */
    consent: Hash | null;
    /** The organisation that uses. */
    consumer: OrganisationId;
    /** The organisation that answers to the people whom the data is about, and can withdraw for them. */
    controller: OrganisationId;
    /** The dataset. */
    dataset: DatasetId;
    /** How often it may be passed on: 0 for not at all, at most `MAX_DELEGATION_DEPTH`. */
    delegationDepth: number;
    /** Where it is used, as in ISO 3166, such as `RU` or `RU-SPE`: 2 to 6 bytes. */
    jurisdiction: string;
    /** On which legal basis personal data is processed. */
    legalBasis: LegalBasisCode | null;
    /** How much may be used. */
    limit: UsageLimit;
    /** First moment after the grant. */
    notAfter: Moment;
    /** First moment of the grant. */
    notBefore: Moment;
    /** What the people were told. */
    notice: Notice | null;
    /** How far the data is about people. */
    personalData: PersonalData;
    /** What use costs. */
    price: Price;
    /** The organisation that grants. */
    provider: OrganisationId;
    /** For what: 1 to 8 codes, ascending. */
    purposes: Array<PurposeCode>;
    /** Who else receives the data, by category: up to 8 texts of 1 to 64 bytes. */
    recipients: Array<string>;
    /** Whether restricted or pseudonymised data may be passed on. */
    restrictedDelegation: boolean;
    /** For how many days after its end the consumer may keep what it had. */
    retentionDays: number | null;
    /** Which of its versions. */
    versions: Versions;
    /** How consent is withdrawn, such as a URL: 1 to 128 bytes. */
    withdrawal: string | null;
}

/** A step of a metered price. */
export interface Tier {
    /** It is for the units above so many, up to where the next step begins. */
    above: Decimal;
    /** What `per` units cost. */
    amount: Amount;
}

/** The head of the journal's tree: how many records there are and the RFC 9162 root over them. */
export interface TreeHead {
    /** `MTH` of RFC 9162, section 2.1.1; of the empty tree, `SHA256("")`. */
    root: Hash;
    /** Number of leaves. */
    size: Decimal;
}

/** A Unique End-to-end Transaction Reference (UUID version 4, ISO 20022): its 16 bytes. */
export type Uetr = string;

/**
 * What a metered price counts.
 *
 * * `access`: Accesses.
 * * `record`: Records.
 * * `byte`: Bytes.
 */
export type Unit = "access" | "record" | "byte";

/** Counts of use, cumulative since the grant began. */
export interface Usage {
    /** How often data was had. */
    accesses: Decimal;
    /** How many bytes. */
    bytes: Decimal;
    /** How many records. */
    records: Decimal;
}

/** How much may be used in all. What has no limit is not limited. */
export interface UsageLimit {
    /** How often data may be had. */
    accesses: Decimal | null;
    /** How many bytes. */
    bytes: Decimal | null;
    /** How many records. */
    records: Decimal | null;
}

/** A decision in `GrantAccessView`. */
export type UseView = ({
    /** What would be done. */
    action: Action;
    /** For what. */
    purpose: PurposeCode;
    /** With which version; null for what is no version yet, as in a stream. */
    version: number | null;
}) & (Decision);

/** A validator. */
export interface ValidatorInfo {
    /** Its account. */
    account: Account;
    /** Whether it is in the set that authors and finalises now. */
    active: boolean;
    /** Its session keys in SCALE, those that it set last. */
    keys: EncodedKeys;
    /** Whether the session pallet was told to have it in the next set. */
    next: boolean;
    /** Whose it is. */
    organisation: OrganisationId;
    /** Whether it let its last turns pass while others authored. */
    silent: boolean;
    /** How many of its slots it has skipped. */
    skipped: Decimal;
    /** Whether it is to be in the set. */
    status: ValidatorStatus;
}

/**
 * Whether a validator is to be in the set.
 *
 * * `registered`: It is.
 * * `suspended`: Not until the council votes it back, because it equivocated.
 */
export type ValidatorStatus = "registered" | "suspended";

/** Answer of `citynet_datasetVersion`. */
export interface VersionAnswer {
    /** The block that the answer is true for. */
    anchor: Anchor;
    /** What the record says that published it. Null where the node has no index, or the index is behind. */
    body: Body | null;
    /** SHA-256 of its bytes. */
    content: Hash;
    /** The dataset. */
    dataset: DatasetId;
    /** From when on its content is faulty, if it is. */
    faultySince: Moment | null;
    /** The record that published it. */
    record: Decimal;
    /** The version's number. */
    version: number;
}

/** What a version is and how it was made. */
export interface VersionContent {
    /** How it was made. */
    activity: Activity;
    /** How many bytes they are. */
    bytes: Decimal;
    /** The program of the activity, such as `https://example.org/air.git#4f2a…`, or nothing. */
    code: string;
    /** SHA-256 of its bytes. */
    content: Hash;
    /** Time of the earliest observation. */
    from: Moment;
    /** Their media type, such as `text/csv`, 1 to 64 bytes. */
    mediaType: string;
    /** SHA-256 of the parameters of the activity, if it has any. */
    parameters: Hash | null;
    /** How many records they hold. */
    records: Decimal;
    /** What it was made from. */
    sources: Array<Source>;
    /** Time of the latest observation, not before the earliest. */
    to: Moment;
}

/** A version, as the chain's state has it. */
export interface VersionView {
    /** SHA-256 of its bytes. */
    content: Hash;
    /** The dataset. */
    dataset: DatasetId;
    /** From when on its content is faulty, if it is. */
    faultySince: Moment | null;
    /** The record that published it. */
    record: Decimal;
    /** The version's number. */
    version: number;
}

/** Which versions of the dataset a grant covers. */
export interface Versions {
    /** SHA-256 of the content where it is one version only: `first` and `last` are the same then. */
    content: Hash | null;
    /** The first one, from 1. */
    first: number;
    /** The last one; without it, also all that are still to come and what arrives before it becomes a version. */
    last: number | null;
}

/** A withdrawal that was asked for. */
export interface WithdrawalInfo {
    /** A salted commitment to the account at a bank that it goes to. */
    account: Hash;
    /** How much, which is on hold. */
    amount: Amount;
    /** The currency. */
    currency: number;
    /** Whose money it is. */
    organisation: OrganisationId;
}

/** A withdrawal that was neither paid nor returned. */
export interface WithdrawalView {
    /** A salted commitment to the account at a bank that it goes to. */
    account: Hash;
    /** How much, which is on hold. */
    amount: Amount;
    /** The currency. */
    currency: number;
    /** Whose money it is. */
    organisation: OrganisationId;
    /** Its number. */
    withdrawal: Decimal;
}

/** Parameters of `citynet_record`. */
export interface RecordParameters {
    index: DecimalInput;
}

/** Parameters of `citynet_records`. */
export interface RecordsParameters {
    filter?: FilterParams | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_search`. */
export interface SearchParameters {
    text: string;
}

/** Parameters of `citynet_extrinsics`. */
export interface ExtrinsicsParameters {
    filter: ExtrinsicFilterParams;
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_extrinsic`. */
export interface ExtrinsicParameters {
    hash: string;
}

/** Parameters of `citynet_stateAt`. */
export interface StateAtParameters {
    object: string;
    at: AsOfParams;
}

/** Parameters of `citynet_proof`. */
export interface ProofParameters {
    indices: Array<DecimalInput>;
}

/** Parameters of `citynet_completeness`. */
export interface CompletenessParameters {
    subject: string;
    cursor?: string | undefined;
    limit?: number | undefined;
    at?: number | undefined;
}

/** Parameters of `citynet_consistency`. */
export interface ConsistencyParameters {
    first: DecimalInput;
    second: DecimalInput;
}

/** Parameters of `citynet_device`. */
export interface DeviceParameters {
    device: DecimalInput;
}

/** Parameters of `citynet_devices`. */
export interface DevicesParameters {
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_batch`. */
export interface BatchParameters {
    device: DecimalInput;
    sequence: DecimalInput;
}

/** Parameters of `citynet_dataset`. */
export interface DatasetParameters {
    dataset: DecimalInput;
}

/** Parameters of `citynet_datasets`. */
export interface DatasetsParameters {
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_datasetVersion`. */
export interface DatasetVersionParameters {
    dataset: DecimalInput;
    version: DecimalInput;
}

/** Parameters of `citynet_dependents`. */
export interface DependentsParameters {
    of: DependentsParams;
}

/** Parameters of `citynet_sources`. */
export interface SourcesParameters {
    version: string;
    depth?: number | undefined;
}

/** Parameters of `citynet_grant`. */
export interface GrantParameters {
    grant: DecimalInput;
}

/** Parameters of `citynet_grants`. */
export interface GrantsParameters {
    filter?: GrantFilterParams | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_checkAccess`. */
export interface CheckAccessParameters {
    question: AccessParams;
}

/** Parameters of `citynet_accessAt`. */
export interface AccessAtParameters {
    question: AccessAtParams;
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_codes`. */
export interface CodesParameters {
    list: CodeList;
}

/** Parameters of `citynet_balances`. */
export interface BalancesParameters {
    organisation: DecimalInput;
}

/** Parameters of `citynet_withdrawals`. */
export interface WithdrawalsParameters {
    currency: DecimalInput;
}

/** Parameters of `citynet_grantAccount`. */
export interface GrantAccountParameters {
    grant: DecimalInput;
}

/** Parameters of `citynet_obligation`. */
export interface ObligationParameters {
    obligation: DecimalInput;
}

/** Parameters of `citynet_obligations`. */
export interface ObligationsParameters {
    filter?: ObligationFilterParams | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_cycle`. */
export interface CycleParameters {
    currency: DecimalInput;
    number: DecimalInput;
}

/** Parameters of `citynet_cycles`. */
export interface CyclesParameters {
    currency: DecimalInput;
    cursor?: string | undefined;
    limit?: number | undefined;
}

/** Parameters of `citynet_organisation`. */
export interface OrganisationParameters {
    id: DecimalInput;
}

/** Parameters of `citynet_subscribeRecords`. */
export interface SubscribeRecordsParameters {
    filter?: FilterParams | undefined;
    from?: DecimalInput | undefined;
}

/** Each method with what it takes and gives. */
export interface Methods {
    citynet_status: { params: Record<string, never>; result: StatusView };
    citynet_record: { params: RecordParameters; result: RecordAnswer };
    citynet_records: { params: RecordsParameters; result: PageOfRecordView };
    citynet_search: { params: SearchParameters; result: SearchAnswer };
    citynet_extrinsics: { params: ExtrinsicsParameters; result: PageOfExtrinsicView };
    citynet_extrinsic: { params: ExtrinsicParameters; result: ExtrinsicAnswer };
    citynet_stateAt: { params: StateAtParameters; result: StateAtAnswer };
    citynet_proof: { params: ProofParameters; result: ProofView };
    citynet_completeness: { params: CompletenessParameters; result: CompletenessView };
    citynet_consistency: { params: ConsistencyParameters; result: ConsistencyView };
    citynet_device: { params: DeviceParameters; result: DeviceAnswer };
    citynet_devices: { params: DevicesParameters; result: PageOfDeviceView };
    citynet_batch: { params: BatchParameters; result: RecordAnswer };
    citynet_dataset: { params: DatasetParameters; result: DatasetAnswer };
    citynet_datasets: { params: DatasetsParameters; result: PageOfDatasetView };
    citynet_datasetVersion: { params: DatasetVersionParameters; result: VersionAnswer };
    citynet_dependents: { params: DependentsParameters; result: PageOfDependentView };
    citynet_sources: { params: SourcesParameters; result: PageOfSourceView };
    citynet_grant: { params: GrantParameters; result: GrantAnswer };
    citynet_grants: { params: GrantsParameters; result: PageOfGrantView };
    citynet_checkAccess: { params: CheckAccessParameters; result: DecisionAnswer };
    citynet_accessAt: { params: AccessAtParameters; result: AccessAtAnswer };
    citynet_codes: { params: CodesParameters; result: ListAnswerOfCodeView };
    citynet_currencies: { params: Record<string, never>; result: ListAnswerOfCurrencyView };
    citynet_balances: { params: BalancesParameters; result: BalancesAnswer };
    citynet_withdrawals: { params: WithdrawalsParameters; result: ListAnswerOfWithdrawalView };
    citynet_grantAccount: { params: GrantAccountParameters; result: GrantAccountAnswer };
    citynet_obligation: { params: ObligationParameters; result: ObligationAnswer };
    citynet_obligations: { params: ObligationsParameters; result: PageOfObligationView };
    citynet_cycle: { params: CycleParameters; result: CycleAnswer };
    citynet_cycles: { params: CyclesParameters; result: PageOfCycleView };
    citynet_organisations: { params: Record<string, never>; result: ListAnswerOfOrganisationInfo };
    citynet_organisation: { params: OrganisationParameters; result: OrganisationAnswer };
    citynet_parameters: { params: Record<string, never>; result: ParametersAnswer };
    citynet_motions: { params: Record<string, never>; result: ListAnswerOfMotionInfo };
    citynet_recoveries: { params: Record<string, never>; result: ListAnswerOfRecoveryInfo };
    citynet_validators: { params: Record<string, never>; result: ListAnswerOfValidatorInfo };
    citynet_peers: { params: Record<string, never>; result: ListAnswerOfPeerInfo };
}

/** Each subscription with what it takes and what its notifications bring. */
export interface Subscriptions {
    citynet_subscribeRecords: { params: SubscribeRecordsParameters; notification: StreamedView };
}

/** The numbers of the ledger's errors, by the name in `data.code`. Both are stable. */
export const ERROR_NUMBERS = {
    /** The cursor's anchor is not a block of the finalised chain. Start over without it. */
    cursor_expired: 9003,
    /** The node failed. The message says nothing more; the node's log does. */
    internal: 9000,
    /** A parameter makes no sense. */
    invalid_params: -32602,
    /** Too much was asked for at once. `data.limit` is how much is allowed. */
    limit_exceeded: 9004,
    /** The node runs without an index. */
    no_index: 9007,
    /** It is not final, or no stored justification covers it. Ask again in a moment. */
    not_final_yet: 9008,
    /** There is no such thing at the anchor. `data.what` says what. */
    not_found: 9005,
    /** The index, or the node, is behind. `data.indexed` and `data.finalized` are block numbers. */
    not_synced: 9001,
    /** The node once had the data. `data.block` is the block. */
    pruned: 9002,
    /** The answer would cost the node too much. `data.narrow` says what to ask for instead. */
    too_expensive: 9009,
} as const;

/** The name of an error of the ledger. */
export type ErrorCode = keyof typeof ERROR_NUMBERS;

/** The methods, on whatever calls them. */
export abstract class LedgerMethods {
    protected abstract call<M extends keyof Methods>(
        method: M,
        params: Methods[M]["params"],
    ): Promise<Methods[M]["result"]>;

    /** The chain, its best and its finalised block, the journal's tree and how far the index is. Needs no index. */
    status(): Promise<StatusView> {
        return this.call("citynet_status", {});
    }

    /** The record with an index. */
    record(params: RecordParameters): Promise<RecordAnswer> {
        return this.call("citynet_record", params);
    }

    /**
     * Records in the order of their indices, `limit` at a time (100 unless told, at most 1000). With a `cursor` the
     * filter must be the same as before. This is how to ask for
     *
     * * what happened to an organisation, a dataset, a device, a grant or a cycle: `subject`;
     * * what an organisation or an account did: `organisation` or `account`, and kind and times;
     * * what happened to an account, a validator or a node: `naming` `account:…` or `peer:…`;
     * * how members voted: `naming` `motion:5`, kind `motion_voted`; how one of them did: `organisation`, kind
     * `motion_voted`;
     * * the receipts of a grant: `subject` `grant:5`, kind `access_reported` or `access_contested`;
     * * the refusals of a dataset: `naming` `dataset:7`, kind `refusals_reported`;
     * * the versions of a dataset: `subject` `dataset:7`, kind `version_published`; those made by right of a grant:
     * `naming` `grant:5` and that kind;
     * * the batches of a device: `subject` `device:12`, kind `batch_attested`;
     * * the statements of a grant: `naming` `grant:5`, kind `usage_stated`, `usage_disputed` or `usage_ruled`;
     * * what became of an obligation or a withdrawal: `naming` `obligation:7` or `withdrawal:2`;
     * * the deposits in a currency: `naming` `currency:1`, kind `deposited`;
     * * the cycles of a currency: `naming` `currency:1`, kind `cycle_opened`, `cycle_computed` or `cycle_settled`;
     * those in which an organisation had a position: `naming` `organisation:3`, kind `cycle_computed`;
     * * what a bank's reference is about: `naming` `payment:UUID`; what has a hash in it: `naming` `hash:0x…`.
     */
    records(params: RecordsParameters = {}): Promise<PageOfRecordView> {
        return this.call("citynet_records", params);
    }

    /**
     * Whatever a text is that somebody holds in hand, looked up as everything that it can be: a number, a hash, an
     * account's address, a node's id, a UETR, `7@3`, `7-3`, `device:12`, a `urn:citynet:…` or a `urn:uuid:…`. Titles,
     * names and other words are not looked up.
     */
    search(params: SearchParameters): Promise<SearchAnswer> {
        return this.call("citynet_search", params);
    }

    /**
     * The extrinsics that an account signed, that a block has, or both, in the order of their blocks and positions,
     * `limit` at a time (100 unless told, at most 1000). With a `cursor` the filter must be the same as before.
     */
    extrinsics(params: ExtrinsicsParameters): Promise<PageOfExtrinsicView> {
        return this.call("citynet_extrinsics", params);
    }

    /**
     * The extrinsics with a BLAKE2b-256 hash, `0x` and 64 hex digits, with their bytes. A transaction has a hash of
     * its own; an inherent may repeat.
     */
    extrinsic(params: ExtrinsicParameters): Promise<ExtrinsicAnswer> {
        return this.call("citynet_extrinsic", params);
    }

    /**
     * An object as the chain's state had it at a block, or at the last block that is not later than a time:
     * `organisation:3`, `dataset:7`, `version:7@3`, `device:12`, `grant:5`, `obligation:7`, `cycle:1-7`, `currency:1`,
     * `withdrawal:2` or `motion:5`. A withdrawal is there until it is paid or returned, and a motion while it is open.
     * What did not exist then is `not_found`; a block or a time that is still to come is `not_final_yet`. Needs no
     * index.
     */
    stateAt(params: StateAtParameters): Promise<StateAtAnswer> {
        return this.call("citynet_stateAt", params);
    }

    /**
     * What proves 1 to 16 records from the genesis hash on: inclusion paths, the header of the first block with a
     * stored justification that covers them all, and the authority sets.
     */
    proof(params: ProofParameters): Promise<ProofView> {
        return this.call("citynet_proof", params);
    }

    /**
     * All records about a subject, such as `grant:5`, in the order of their indices, `limit` at a time (100 unless
     * told, at most 1000), as of a block with a justification: block `at`, or else the newest one. The first page has
     * what proves, with the records of all pages, that none was left out: the subject's head in the state of that
     * block. A subject that does not exist has none.
     *
     * To prove several lists as of one block, give the anchor of the first as `at` of the others. The justification of
     * most blocks is replaced by the next one: the node remembers those of the last 256 anchors, and stores one about
     * every 16 blocks for good. Of another block than these the answer is `not_found`.
     */
    completeness(params: CompletenessParameters): Promise<CompletenessView> {
        return this.call("citynet_completeness", params);
    }

    /** What proves that the journal of `second` records begins with that of `first` records, which is at least 1. */
    consistency(params: ConsistencyParameters): Promise<ConsistencyView> {
        return this.call("citynet_consistency", params);
    }

    /** A device. */
    device(params: DeviceParameters): Promise<DeviceAnswer> {
        return this.call("citynet_device", params);
    }

    /** Devices in the order of their numbers, `limit` at a time (100 unless told, at most 1000). */
    devices(params: DevicesParameters = {}): Promise<PageOfDeviceView> {
        return this.call("citynet_devices", params);
    }

    /** The batch of a device that holds a sequence number. */
    batch(params: BatchParameters): Promise<RecordAnswer> {
        return this.call("citynet_batch", params);
    }

    /** A dataset with the devices that feed it, at the finalised block. Needs no index. */
    dataset(params: DatasetParameters): Promise<DatasetAnswer> {
        return this.call("citynet_dataset", params);
    }

    /** Datasets in the order of their numbers, `limit` at a time (100 unless told, at most 1000). */
    datasets(params: DatasetsParameters = {}): Promise<PageOfDatasetView> {
        return this.call("citynet_datasets", params);
    }

    /**
     * A version of a dataset, at the finalised block, and what the record says that published it. The latter needs an
     * index and is null without.
     */
    datasetVersion(params: DatasetVersionParameters): Promise<VersionAnswer> {
        return this.call("citynet_datasetVersion", params);
    }

    /**
     * Every version that was made, directly or by way of others, from a version (`{"version": "7@3"}`), or from what a
     * device observed (`{"device": "12"}`, or since a time `{"device": "12", "since": "1536019344000"}`). The nearest
     * first, each with what it was made from on the shortest way. At most 1000, with `complete` false where there are
     * more; there is no next page.
     *
     * Made from a device directly are versions that name its readings: those of the first batch with an observation of
     * `since` or later, and all with higher sequence numbers. So is, whatever it names, a version of a dataset that
     * the device fed, if its `to` is `since` or later: the device was added before the version was published, and it
     * was not removed by then, or it was removed no earlier than the version's `from`. These are rather too many than
     * too few.
     */
    dependents(params: DependentsParameters): Promise<PageOfDependentView> {
        return this.call("citynet_dependents", params);
    }

    /**
     * What a version such as `7@3` was made from, directly or by way of other versions: versions, readings, the
     * devices that fed their datasets, and what the ledger does not know. The nearest first, each with the version
     * that was made from it on the shortest way. At most `depth` steps (64 unless told, which is the most) and 1000
     * sources, with `complete` false where there are more; there is no next page. It is `citynet_dependents` the other
     * way round.
     */
    sources(params: SourcesParameters): Promise<PageOfSourceView> {
        return this.call("citynet_sources", params);
    }

    /** A grant, at the finalised block. Needs no index. */
    grant(params: GrantParameters): Promise<GrantAnswer> {
        return this.call("citynet_grant", params);
    }

    /**
     * Grants in the order of their numbers, `limit` at a time (100 unless told, at most 1000). With a `cursor` the
     * filter must be the same as before.
     */
    grants(params: GrantsParameters = {}): Promise<PageOfGrantView> {
        return this.call("citynet_grants", params);
    }

    /** Whether an organisation may use data, by the state of the finalised block. Needs no index. */
    checkAccess(params: CheckAccessParameters): Promise<DecisionAnswer> {
        return this.call("citynet_checkAccess", params);
    }

    /**
     * Who could use a dataset at a time: every grant on it that there was, by number, `limit` at a time (100 unless
     * told, at most 1000; a page that takes a thousand decisions ends earlier), with the grants that it stands on, who
     * granted each of them on which legal basis, and what the chain decides for its consumer on each of its actions
     * and purposes, by the state of the last block that is not later than the time. With a `cursor` the question must
     * be the same as before. The dataset's owner needs no grant. A time that is still to come is `not_final_yet`: ask
     * `citynet_checkAccess`.
     */
    accessAt(params: AccessAtParameters): Promise<AccessAtAnswer> {
        return this.call("citynet_accessAt", params);
    }

    /** The codes of a list, `purpose` or `legal_basis`, by number, at the finalised block. Needs no index. */
    codes(params: CodesParameters): Promise<ListAnswerOfCodeView> {
        return this.call("citynet_codes", params);
    }

    /** Every currency, by number, with the number of its last netting cycle, at the finalised block. Needs no index. */
    currencies(): Promise<ListAnswerOfCurrencyView> {
        return this.call("citynet_currencies", {});
    }

    /** What an organisation has of each currency, free and on hold, at the finalised block. Needs no index. */
    balances(params: BalancesParameters): Promise<BalancesAnswer> {
        return this.call("citynet_balances", params);
    }

    /**
     * The withdrawals of a currency that were neither paid nor returned, by number, at the finalised block. Needs no
     * index.
     */
    withdrawals(params: WithdrawalsParameters): Promise<ListAnswerOfWithdrawalView> {
        return this.call("citynet_withdrawals", params);
    }

    /** What is stated and billed of a grant, at the finalised block. Needs no index. */
    grantAccount(params: GrantAccountParameters): Promise<GrantAccountAnswer> {
        return this.call("citynet_grantAccount", params);
    }

    /** An obligation, at the finalised block. Needs no index. */
    obligation(params: ObligationParameters): Promise<ObligationAnswer> {
        return this.call("citynet_obligation", params);
    }

    /**
     * Obligations in the order of their numbers, `limit` at a time (100 unless told, at most 1000). With a `cursor`
     * the filter must be the same as before.
     */
    obligations(params: ObligationsParameters = {}): Promise<PageOfObligationView> {
        return this.call("citynet_obligations", params);
    }

    /** A netting cycle of a currency with its net positions, at the finalised block. Needs no index. */
    cycle(params: CycleParameters): Promise<CycleAnswer> {
        return this.call("citynet_cycle", params);
    }

    /**
     * The netting cycles of a currency, by number, `limit` at a time (100 unless told, at most 1000), at the finalised
     * block of the first page. Needs no index.
     */
    cycles(params: CyclesParameters): Promise<PageOfCycleView> {
        return this.call("citynet_cycles", params);
    }

    /** Every organisation with its accounts, by number, at the finalised block. Needs no index. */
    organisations(): Promise<ListAnswerOfOrganisationInfo> {
        return this.call("citynet_organisations", {});
    }

    /** An organisation with its accounts, at the finalised block. Needs no index. */
    organisation(params: OrganisationParameters): Promise<OrganisationAnswer> {
        return this.call("citynet_organisation", params);
    }

    /** The parameters that the council sets, at the finalised block. Needs no index. */
    parameters(): Promise<ParametersAnswer> {
        return this.call("citynet_parameters", {});
    }

    /** The motions that are open, by number, at the finalised block. Needs no index. */
    motions(): Promise<ListAnswerOfMotionInfo> {
        return this.call("citynet_motions", {});
    }

    /** The recoveries that are under way, by organisation, at the finalised block. Needs no index. */
    recoveries(): Promise<ListAnswerOfRecoveryInfo> {
        return this.call("citynet_recoveries", {});
    }

    /** The validators, in the order in which they were registered, at the finalised block. Needs no index. */
    validators(): Promise<ListAnswerOfValidatorInfo> {
        return this.call("citynet_validators", {});
    }

    /** The nodes that belong to the network, at the finalised block. Needs no index. */
    peers(): Promise<ListAnswerOfPeerInfo> {
        return this.call("citynet_peers", {});
    }
}
