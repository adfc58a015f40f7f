//! Records: what the journal says.

use crate::{
    json, organisation::closed_list, AccessReport, Account, AlgorithmId, Amount, BankReference, BatchId, CodeList,
    CurrencyInfo, CycleId, DatasetId, DatasetKind, DatasetProfile, DeviceId, Devices, Epoch, GrantId, GrantState, Hash,
    Moment, NetPositions, NodeAddress, ObligationInfo, OrganisationId, OrganisationKind, OrganisationProfile,
    OrganisationStatus, Parameter, PeerId, PeerPurpose, PublicKey, ReasonCode, RefusalReport, Roles, SchemaId,
    Signature, SubjectHead, Terms, Text, Usage, VersionContent, WithdrawalInfo,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The version that [`Record::version`] has today.
pub const RECORD_VERSION: u8 = 1;

/// One fact. Its SCALE encoding is the leaf of the journal's tree.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
pub struct Record {
    /// [`RECORD_VERSION`]. Always the first byte, so that a reader knows how to read on.
    pub version: u8,
    /// Position in the journal, from 0.
    #[serde(serialize_with = "json::decimal")]
    pub index: u64,
    /// Number of the block that wrote it.
    pub block: u32,
    /// Time of that block in milliseconds since 1970; 0 in the genesis block.
    #[serde(serialize_with = "json::decimal")]
    pub time: Moment,
    /// The organisation that acted, or [`OrganisationId::CONSORTIUM`].
    pub organisation: OrganisationId,
    /// The account that acted, or zeros when the chain itself did.
    #[serde(serialize_with = "json::hex")]
    pub account: Account,
    /// What happened.
    pub body: Body,
}

/// What happened. Indices below 16 belong to organisations and their validators, 16 to 31 to devices, 32 to 47 to batches,
/// 48 to 63 to the catalogue, 64 to 79 to the network and the council, 80 to 111 to grants, 112 to 143 to
/// settlement.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant, reason = "records are short-lived; boxing would cost an allocation each")]
pub enum Body {
    /// An organisation joined.
    #[codec(index = 0)]
    OrganisationRegistered {
        /// Its number.
        organisation: OrganisationId,
        /// What it is.
        #[serde(rename = "organisationKind")]
        organisation_kind: OrganisationKind,
        /// Its name.
        #[serde(serialize_with = "json::text")]
        name: Text<64>,
    },
    /// An account may act for an organisation from now on.
    #[codec(index = 1)]
    AccountAdded {
        /// The organisation.
        organisation: OrganisationId,
        /// The account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// What it may do.
        roles: Roles,
    },
    /// An account may do something else from now on.
    #[codec(index = 2)]
    AccountRolesChanged {
        /// The organisation.
        organisation: OrganisationId,
        /// The account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// What it may do now.
        roles: Roles,
    },
    /// An account may no longer act.
    #[codec(index = 3)]
    AccountRemoved {
        /// The organisation.
        organisation: OrganisationId,
        /// The account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
    },
    /// An organisation says who it is.
    #[codec(index = 4)]
    OrganisationProfileChanged {
        /// The organisation.
        organisation: OrganisationId,
        /// How it presents itself from now on.
        profile: OrganisationProfile,
    },
    /// An organisation was suspended, reinstated or expelled, or it left.
    #[codec(index = 5)]
    OrganisationStatusChanged {
        /// The organisation.
        organisation: OrganisationId,
        /// What it is from now on.
        status: OrganisationStatus,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// An organisation counts as another kind, and so may gain or lose its seat.
    #[codec(index = 6)]
    OrganisationKindChanged {
        /// The organisation.
        organisation: OrganisationId,
        /// What it is from now on.
        #[serde(rename = "organisationKind")]
        organisation_kind: OrganisationKind,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// The members voted to give an organisation another admin, because it lost its key.
    #[codec(index = 7)]
    RecoveryStarted {
        /// The organisation.
        organisation: OrganisationId,
        /// Its admin to be.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// The first block in which the recovery can be completed. Until then the organisation's admins may object.
        matures: u32,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// The recovery is off: an admin of the organisation is there after all, or, by the chain itself, the account cannot
    /// become its admin any more.
    #[codec(index = 8)]
    RecoveryObjected {
        /// The organisation.
        organisation: OrganisationId,
        /// The account that does not become its admin.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// Nobody objected in time: the account is an admin of the organisation from now on.
    #[codec(index = 9)]
    RecoveryCompleted {
        /// The organisation.
        organisation: OrganisationId,
        /// Its new admin.
        #[serde(serialize_with = "json::hex")]
        account: Account,
    },
    /// An organisation runs a validator from the set after the next one on.
    #[codec(index = 10)]
    ValidatorRegistered {
        /// The organisation.
        organisation: OrganisationId,
        /// The validator's account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// Its session keys in SCALE: 32 bytes sr25519 to author, 32 bytes Ed25519 to finalise.
        #[serde(serialize_with = "json::hex")]
        keys: EncodedKeys,
    },
    /// A validator signs with other keys from the set after the next one on.
    #[codec(index = 11)]
    ValidatorKeysChanged {
        /// The organisation.
        organisation: OrganisationId,
        /// The validator's account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// Its session keys, as in `ValidatorRegistered`.
        #[serde(serialize_with = "json::hex")]
        keys: EncodedKeys,
    },
    /// A validator leaves the set.
    #[codec(index = 12)]
    ValidatorWithdrawn {
        /// The organisation.
        organisation: OrganisationId,
        /// The validator's account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A validator signed two things of which it may sign one. It is disabled at once and in no set until the council votes
    /// it back.
    #[codec(index = 13)]
    ValidatorSuspended {
        /// The organisation.
        organisation: OrganisationId,
        /// The validator's account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// The session in which it did.
        session: u32,
        /// SHA-256 of the SCALE-encoded equivocation proof.
        #[serde(serialize_with = "json::hex")]
        evidence: Hash,
    },
    /// The council voted a suspended validator back.
    #[codec(index = 14)]
    ValidatorReinstated {
        /// The organisation.
        organisation: OrganisationId,
        /// The validator's account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A validator let its turns pass while others authored. It stays one; this is said once until it authors again.
    #[codec(index = 15)]
    ValidatorSilent {
        /// The organisation.
        organisation: OrganisationId,
        /// The validator's account.
        #[serde(serialize_with = "json::hex")]
        account: Account,
        /// How many of its slots it has skipped since it became a validator.
        #[serde(serialize_with = "json::decimal")]
        skipped: u64,
    },
    /// A device was registered; its key has epoch 0.
    #[codec(index = 16)]
    DeviceRegistered {
        /// Its number.
        device: DeviceId,
        /// The organisation that answers for it.
        owner: OrganisationId,
        /// What it is and where.
        profile: DeviceProfile,
        /// Its first key.
        key: DeviceKey,
    },
    /// A device's key was replaced.
    #[codec(index = 17)]
    DeviceKeyRotated {
        /// The device.
        device: DeviceId,
        /// The epoch that begins.
        epoch: Epoch,
        /// The key of that epoch.
        key: DeviceKey,
        /// Until when batches of the epoch before are still accepted.
        #[serde(serialize_with = "json::decimal")]
        previous_valid_until: Moment,
    },
    /// A device's batches are refused until it resumes.
    #[codec(index = 18)]
    DeviceSuspended {
        /// The device.
        device: DeviceId,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A suspended device's batches are accepted again.
    #[codec(index = 19)]
    DeviceResumed {
        /// The device.
        device: DeviceId,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A device will never attest again.
    #[codec(index = 20)]
    DeviceRetired {
        /// The device.
        device: DeviceId,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// What a device observed since a time is not to be trusted. Never taken back.
    #[codec(index = 21)]
    DeviceDistrusted {
        /// The device.
        device: DeviceId,
        /// From when on its observations are in doubt.
        #[serde(serialize_with = "json::decimal")]
        since: Moment,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A batch of readings was attested.
    #[codec(index = 32)]
    BatchAttested {
        /// What was signed.
        batch: Batch,
        /// The device's signature over [`crate::BatchStatement`].
        #[serde(serialize_with = "json::hex")]
        signature: Signature,
    },
    /// A dataset was registered.
    #[codec(index = 48)]
    DatasetRegistered {
        /// Its number.
        dataset: DatasetId,
        /// The organisation that answers for it.
        owner: OrganisationId,
        /// What it is.
        dataset_kind: DatasetKind,
        /// What it is about.
        profile: DatasetProfile,
    },
    /// What is said about a dataset changed.
    #[codec(index = 49)]
    DatasetChanged {
        /// The dataset.
        dataset: DatasetId,
        /// What it is about from now on.
        profile: DatasetProfile,
    },
    /// Other devices feed a dataset from now on.
    #[codec(index = 50)]
    DatasetDevicesChanged {
        /// The dataset.
        dataset: DatasetId,
        /// Those that feed it from now on.
        #[serde(serialize_with = "json::list")]
        added: Devices,
        /// Those that do not any more.
        #[serde(serialize_with = "json::list")]
        removed: Devices,
    },
    /// A dataset's owner offers it to another organisation, or to nobody any more.
    #[codec(index = 51)]
    DatasetOffered {
        /// The dataset.
        dataset: DatasetId,
        /// To whom.
        to: Option<OrganisationId>,
    },
    /// The organisation that a dataset was offered to took it.
    #[codec(index = 52)]
    DatasetTransferred {
        /// The dataset.
        dataset: DatasetId,
        /// Its owner before.
        from: OrganisationId,
        /// Its owner from now on.
        to: OrganisationId,
    },
    /// A dataset has another version.
    #[codec(index = 53)]
    VersionPublished {
        /// The dataset.
        dataset: DatasetId,
        /// The version's number.
        version: u32,
        /// What it is and how it was made.
        content: VersionContent,
    },
    /// A version's content is faulty.
    #[codec(index = 54)]
    VersionFlagged {
        /// The dataset.
        dataset: DatasetId,
        /// The version's number.
        version: u32,
        /// From when on its observations are faulty.
        #[serde(serialize_with = "json::decimal")]
        since: Moment,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A node of an organisation belongs to the network.
    #[codec(index = 64)]
    PeerAdded {
        /// The organisation.
        organisation: OrganisationId,
        /// The node's id.
        peer: PeerId,
        /// What it is for.
        purpose: PeerPurpose,
        /// Where it listens, if everybody may know.
        #[serde(serialize_with = "json::optional_text")]
        address: Option<NodeAddress>,
    },
    /// A node belongs to the network no longer.
    #[codec(index = 65)]
    PeerRemoved {
        /// The organisation.
        organisation: OrganisationId,
        /// The node's id.
        peer: PeerId,
    },
    /// An organisation puts a call to the vote.
    #[codec(index = 66)]
    MotionProposed {
        /// Blake2b-256 of the call.
        #[serde(serialize_with = "json::hex")]
        motion: Hash,
        /// The motion's number.
        number: u32,
        /// How many seats must approve.
        threshold: u32,
        /// The call in SCALE, as the runtime of this block encodes calls.
        #[serde(serialize_with = "json::hex")]
        call: EncodedCall,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// An organisation voted, or voted otherwise than before.
    #[codec(index = 67)]
    MotionVoted {
        /// Blake2b-256 of the call.
        #[serde(serialize_with = "json::hex")]
        motion: Hash,
        /// The motion's number.
        number: u32,
        /// Whether it approves.
        approve: bool,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// The vote is over. The call of an approved motion was dispatched; what it changed is in records of its own, and when
    /// there are none it was refused.
    #[codec(index = 68)]
    MotionClosed {
        /// Blake2b-256 of the call.
        #[serde(serialize_with = "json::hex")]
        motion: Hash,
        /// The motion's number.
        number: u32,
        /// Whether enough seats approved.
        approved: bool,
        /// How many approved.
        yes: u32,
        /// How many did not.
        no: u32,
        /// How many there were.
        seats: u32,
    },
    /// The council changed a parameter.
    #[codec(index = 69)]
    ParameterChanged {
        /// The parameter with its new value.
        parameter: Parameter,
    },
    /// The runtime will be replaced by code that the council authorised.
    #[codec(index = 70)]
    UpgradeScheduled {
        /// Blake2b-256 of the code.
        #[serde(serialize_with = "json::hex")]
        code: Hash,
        /// How many bytes the code has, as it was sent.
        bytes: u32,
        /// The block whose execution replaces the code. The blocks after it run on the new one.
        block: u32,
    },
    /// A consumer asks for a grant, or for other terms than were offered.
    #[codec(index = 80)]
    GrantRequested {
        /// The grant.
        grant: GrantId,
        /// The grant whose place it shall take.
        supersedes: Option<GrantId>,
        /// What it asks for.
        terms: Terms,
    },
    /// A provider offers a grant, or other terms than were asked for.
    #[codec(index = 81)]
    GrantOffered {
        /// The grant.
        grant: GrantId,
        /// The grant that it passes on.
        parent: Option<GrantId>,
        /// The grant whose place it shall take.
        supersedes: Option<GrantId>,
        /// Whether accepting is enough.
        binding: bool,
        /// What it offers.
        terms: Terms,
    },
    /// A negotiation went on: accepted, agreed, verified or finalised.
    #[codec(index = 82)]
    GrantAdvanced {
        /// The grant.
        grant: GrantId,
        /// Where it is now.
        state: GrantState,
        /// The hash of the terms that this is about.
        #[serde(serialize_with = "json::hex")]
        terms: Hash,
    },
    /// A grant was terminated, suspended, resumed, revoked or completed.
    #[codec(index = 83)]
    GrantStateChanged {
        /// The grant.
        grant: GrantId,
        /// Where it is now.
        state: GrantState,
        /// Why.
        reason: ReasonCode,
        /// Why, in words.
        #[serde(serialize_with = "json::text")]
        note: Text<256>,
    },
    /// A provider's gateway reported the use of a grant.
    #[codec(index = 84)]
    AccessReported {
        /// The grant.
        grant: GrantId,
        /// What it reported.
        report: AccessReport,
    },
    /// A consumer contests a report.
    #[codec(index = 85)]
    AccessContested {
        /// The grant.
        grant: GrantId,
        /// The report's number.
        #[serde(serialize_with = "json::decimal")]
        counter: u64,
        /// Use since the grant began, as the consumer counts it.
        usage: Usage,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A provider's gateway reported attempts without any grant.
    #[codec(index = 86)]
    RefusalsReported {
        /// The dataset.
        dataset: DatasetId,
        /// What it reported.
        report: RefusalReport,
    },
    /// The council added a code.
    #[codec(index = 87)]
    CodeAdded {
        /// To which list.
        list: CodeList,
        /// Its number.
        code: u16,
        /// What it stands for, such as a DPV IRI.
        #[serde(serialize_with = "json::text")]
        name: Text<64>,
    },
    /// The council created a currency.
    #[codec(index = 112)]
    CurrencyCreated {
        /// Its number.
        currency: u32,
        /// What it is.
        info: CurrencyInfo,
    },
    /// An agent minted money against a deposit at its bank.
    #[codec(index = 113)]
    Deposited {
        /// The currency.
        currency: u32,
        /// Whose money it is.
        organisation: OrganisationId,
        /// How much.
        #[serde(serialize_with = "json::decimal")]
        amount: Amount,
        /// The deposit.
        reference: BankReference,
    },
    /// An organisation asks for money to be paid out.
    #[codec(index = 114)]
    WithdrawalRequested {
        /// Its number.
        #[serde(serialize_with = "json::decimal")]
        withdrawal: u64,
        /// What it asks for.
        info: WithdrawalInfo,
    },
    /// An agent paid out, and burned the money.
    #[codec(index = 115)]
    WithdrawalPaid {
        /// The withdrawal.
        #[serde(serialize_with = "json::decimal")]
        withdrawal: u64,
        /// The payment.
        reference: BankReference,
    },
    /// An agent did not pay out, and the money is free again.
    #[codec(index = 116)]
    WithdrawalReturned {
        /// The withdrawal.
        #[serde(serialize_with = "json::decimal")]
        withdrawal: u64,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A consumer put the price of a grant on hold.
    #[codec(index = 117)]
    PriceHeld {
        /// The grant.
        grant: GrantId,
        /// The currency.
        currency: u32,
        /// How much.
        #[serde(serialize_with = "json::decimal")]
        amount: Amount,
    },
    /// The price of a grant that did not become active is free again.
    #[codec(index = 118)]
    PriceReleased {
        /// The grant.
        grant: GrantId,
    },
    /// The price of a grant was paid, and it is active.
    #[codec(index = 119)]
    PricePaid {
        /// The grant.
        grant: GrantId,
        /// The currency.
        currency: u32,
        /// How much.
        #[serde(serialize_with = "json::decimal")]
        amount: Amount,
        /// To whom.
        creditor: OrganisationId,
    },
    /// A provider stated the use of a grant, or stated it anew after a dispute.
    #[codec(index = 120)]
    UsageStated {
        /// The grant.
        grant: GrantId,
        /// The statement's number.
        statement: u32,
        /// Use since the grant began.
        usage: Usage,
        /// RFC 9162 root over the receipts that it adds.
        #[serde(serialize_with = "json::hex")]
        root: Hash,
    },
    /// A consumer disputes a statement.
    #[codec(index = 121)]
    UsageDisputed {
        /// The grant.
        grant: GrantId,
        /// The statement's number.
        statement: u32,
        /// Use as the consumer counts it.
        usage: Usage,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// The council ruled on a disputed statement.
    #[codec(index = 122)]
    UsageRuled {
        /// The grant.
        grant: GrantId,
        /// The statement's number.
        statement: u32,
        /// Use, beyond dispute.
        usage: Usage,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// Something is owed for use.
    #[codec(index = 123)]
    ObligationCreated {
        /// Its number.
        #[serde(serialize_with = "json::decimal")]
        obligation: u64,
        /// What is owed.
        info: ObligationInfo,
    },
    /// An obligation was paid at once on the ledger.
    #[codec(index = 124)]
    ObligationPaid {
        /// The obligation.
        #[serde(serialize_with = "json::decimal")]
        obligation: u64,
    },
    /// A debtor says that it paid by bank.
    #[codec(index = 125)]
    PaymentDeclared {
        /// The obligation.
        #[serde(serialize_with = "json::decimal")]
        obligation: u64,
        /// The payment.
        reference: BankReference,
    },
    /// A creditor has the payment, or has it not.
    #[codec(index = 126)]
    PaymentAnswered {
        /// The obligation.
        #[serde(serialize_with = "json::decimal")]
        obligation: u64,
        /// Whether it has it.
        confirmed: bool,
        /// Why not.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A netting cycle began.
    #[codec(index = 127)]
    CycleOpened {
        /// The cycle.
        cycle: CycleId,
        /// It takes obligations that arose before this time.
        #[serde(serialize_with = "json::decimal")]
        cutoff: Moment,
        /// Until when debtors must have the money.
        #[serde(serialize_with = "json::decimal")]
        deadline: Moment,
    },
    /// A cycle's positions are computed, for the first time or without what defaulters owe.
    #[codec(index = 128)]
    CycleComputed {
        /// The cycle.
        cycle: CycleId,
        /// How many obligations it has.
        #[serde(serialize_with = "json::decimal")]
        obligations: u64,
        /// What they sum up to.
        #[serde(serialize_with = "json::decimal")]
        gross: Amount,
        /// RFC 9162 root over the gross list.
        #[serde(serialize_with = "json::hex")]
        root: Hash,
        /// What everybody pays or gets.
        #[serde(serialize_with = "json::list")]
        positions: NetPositions,
    },
    /// A debtor could not cover its position by the deadline. What it owes waits for the next cycle.
    #[codec(index = 129)]
    CycleDefaulted {
        /// The cycle.
        cycle: CycleId,
        /// The debtor.
        debtor: OrganisationId,
        /// What it should have paid.
        #[serde(serialize_with = "json::decimal")]
        amount: Amount,
    },
    /// A cycle is settled.
    #[codec(index = 130)]
    CycleSettled {
        /// The cycle.
        cycle: CycleId,
        /// What was paid in all.
        #[serde(serialize_with = "json::decimal")]
        net: Amount,
    },
    /// A creditor reversed an obligation, or a part of it: another obligation, the other way round.
    #[codec(index = 131)]
    ObligationReversed {
        /// The number of the obligation that reverses.
        #[serde(serialize_with = "json::decimal")]
        obligation: u64,
        /// What is owed by it; `reverses` names the other one.
        info: ObligationInfo,
        /// Why.
        #[serde(serialize_with = "json::text")]
        reason: Text<256>,
    },
    /// A debtor took back its declaration of a payment that the creditor had not answered in time.
    #[codec(index = 132)]
    DeclarationWithdrawn {
        /// The obligation.
        #[serde(serialize_with = "json::decimal")]
        obligation: u64,
    },
}

/// Session keys in SCALE.
pub type EncodedKeys = BoundedVec<u8, ConstU32<256>>;
/// A call in SCALE.
pub type EncodedCall = BoundedVec<u8, ConstU32<1024>>;

impl Body {
    /// The name that [`Body`] has in JSON, for filters and tables.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OrganisationRegistered { .. } => "organisation_registered",
            Self::AccountAdded { .. } => "account_added",
            Self::AccountRolesChanged { .. } => "account_roles_changed",
            Self::AccountRemoved { .. } => "account_removed",
            Self::OrganisationProfileChanged { .. } => "organisation_profile_changed",
            Self::OrganisationStatusChanged { .. } => "organisation_status_changed",
            Self::OrganisationKindChanged { .. } => "organisation_kind_changed",
            Self::RecoveryStarted { .. } => "recovery_started",
            Self::RecoveryObjected { .. } => "recovery_objected",
            Self::RecoveryCompleted { .. } => "recovery_completed",
            Self::ValidatorRegistered { .. } => "validator_registered",
            Self::ValidatorKeysChanged { .. } => "validator_keys_changed",
            Self::ValidatorWithdrawn { .. } => "validator_withdrawn",
            Self::ValidatorSuspended { .. } => "validator_suspended",
            Self::ValidatorReinstated { .. } => "validator_reinstated",
            Self::ValidatorSilent { .. } => "validator_silent",
            Self::DeviceRegistered { .. } => "device_registered",
            Self::DeviceKeyRotated { .. } => "device_key_rotated",
            Self::DeviceSuspended { .. } => "device_suspended",
            Self::DeviceResumed { .. } => "device_resumed",
            Self::DeviceRetired { .. } => "device_retired",
            Self::DeviceDistrusted { .. } => "device_distrusted",
            Self::BatchAttested { .. } => "batch_attested",
            Self::DatasetRegistered { .. } => "dataset_registered",
            Self::DatasetChanged { .. } => "dataset_changed",
            Self::DatasetDevicesChanged { .. } => "dataset_devices_changed",
            Self::DatasetOffered { .. } => "dataset_offered",
            Self::DatasetTransferred { .. } => "dataset_transferred",
            Self::VersionPublished { .. } => "version_published",
            Self::VersionFlagged { .. } => "version_flagged",
            Self::PeerAdded { .. } => "peer_added",
            Self::PeerRemoved { .. } => "peer_removed",
            Self::MotionProposed { .. } => "motion_proposed",
            Self::MotionVoted { .. } => "motion_voted",
            Self::MotionClosed { .. } => "motion_closed",
            Self::ParameterChanged { .. } => "parameter_changed",
            Self::UpgradeScheduled { .. } => "upgrade_scheduled",
            Self::GrantRequested { .. } => "grant_requested",
            Self::GrantOffered { .. } => "grant_offered",
            Self::GrantAdvanced { .. } => "grant_advanced",
            Self::GrantStateChanged { .. } => "grant_state_changed",
            Self::AccessReported { .. } => "access_reported",
            Self::AccessContested { .. } => "access_contested",
            Self::RefusalsReported { .. } => "refusals_reported",
            Self::CodeAdded { .. } => "code_added",
            Self::CurrencyCreated { .. } => "currency_created",
            Self::Deposited { .. } => "deposited",
            Self::WithdrawalRequested { .. } => "withdrawal_requested",
            Self::WithdrawalPaid { .. } => "withdrawal_paid",
            Self::WithdrawalReturned { .. } => "withdrawal_returned",
            Self::PriceHeld { .. } => "price_held",
            Self::PriceReleased { .. } => "price_released",
            Self::PricePaid { .. } => "price_paid",
            Self::UsageStated { .. } => "usage_stated",
            Self::UsageDisputed { .. } => "usage_disputed",
            Self::UsageRuled { .. } => "usage_ruled",
            Self::ObligationCreated { .. } => "obligation_created",
            Self::ObligationPaid { .. } => "obligation_paid",
            Self::PaymentDeclared { .. } => "payment_declared",
            Self::PaymentAnswered { .. } => "payment_answered",
            Self::CycleOpened { .. } => "cycle_opened",
            Self::CycleComputed { .. } => "cycle_computed",
            Self::CycleDefaulted { .. } => "cycle_defaulted",
            Self::CycleSettled { .. } => "cycle_settled",
            Self::ObligationReversed { .. } => "obligation_reversed",
            Self::DeclarationWithdrawn { .. } => "declaration_withdrawn",
        }
    }

    /// Every name that [`Body::kind`] can give.
    pub const KINDS: &'static [&'static str] = &[
        "organisation_registered",
        "account_added",
        "account_roles_changed",
        "account_removed",
        "organisation_profile_changed",
        "organisation_status_changed",
        "organisation_kind_changed",
        "recovery_started",
        "recovery_objected",
        "recovery_completed",
        "validator_registered",
        "validator_keys_changed",
        "validator_withdrawn",
        "validator_suspended",
        "validator_reinstated",
        "validator_silent",
        "device_registered",
        "device_key_rotated",
        "device_suspended",
        "device_resumed",
        "device_retired",
        "device_distrusted",
        "batch_attested",
        "dataset_registered",
        "dataset_changed",
        "dataset_devices_changed",
        "dataset_offered",
        "dataset_transferred",
        "version_published",
        "version_flagged",
        "peer_added",
        "peer_removed",
        "motion_proposed",
        "motion_voted",
        "motion_closed",
        "parameter_changed",
        "upgrade_scheduled",
        "grant_requested",
        "grant_offered",
        "grant_advanced",
        "grant_state_changed",
        "access_reported",
        "access_contested",
        "refusals_reported",
        "code_added",
        "currency_created",
        "deposited",
        "withdrawal_requested",
        "withdrawal_paid",
        "withdrawal_returned",
        "price_held",
        "price_released",
        "price_paid",
        "usage_stated",
        "usage_disputed",
        "usage_ruled",
        "obligation_created",
        "obligation_paid",
        "payment_declared",
        "payment_answered",
        "cycle_opened",
        "cycle_computed",
        "cycle_defaulted",
        "cycle_settled",
        "obligation_reversed",
        "declaration_withdrawn",
    ];
}

/// What a device is and where. Coarse on purpose: no personal data belongs here.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceProfile {
    /// Make and model, such as `Nova SDS011`.
    #[serde(serialize_with = "json::text")]
    pub model: Text<64>,
    /// What it observes, such as `P1` and `P2`, in the words of its data.
    #[serde(serialize_with = "json::texts")]
    pub properties: BoundedVec<Text<32>, ConstU32<16>>,
    /// Where it stands.
    pub location: Location,
    /// Its calibration certificate, if it has one.
    pub calibration: Option<Calibration>,
}

/// A coarse location.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// Words: a district, a street.
    #[codec(index = 0)]
    #[serde(serialize_with = "json::text")]
    Text(Text<64>),
    /// A geohash of at most 7 characters (cells of about 150 m).
    #[codec(index = 1)]
    #[serde(serialize_with = "json::text")]
    Geohash(Text<7>),
}

/// A calibration certificate.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    /// SHA-256 of the certificate.
    #[serde(serialize_with = "json::hex")]
    pub certificate: Hash,
    /// First moment at which it holds.
    #[serde(serialize_with = "json::decimal")]
    pub valid_from: Moment,
    /// Last moment at which it holds.
    #[serde(serialize_with = "json::decimal")]
    pub valid_until: Moment,
}

/// A public key with its algorithm.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceKey {
    /// How signatures are verified.
    pub algorithm: AlgorithmId,
    /// The key's bytes, as the algorithm encodes them.
    #[serde(serialize_with = "json::hex")]
    pub public_key: PublicKey,
}

/// What a device says about a run of its readings.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// The device.
    pub device: DeviceId,
    /// The epoch of the key that signed.
    pub epoch: Epoch,
    /// The format of the leaves.
    pub schema: SchemaId,
    /// Sequence number of the first reading.
    #[serde(serialize_with = "json::decimal")]
    pub first_sequence: u64,
    /// Number of readings, at least 1. Their sequence numbers follow one another.
    pub count: u32,
    /// How many sequence numbers before the first are declared missing: 0, or exactly the gap since the last batch.
    #[serde(serialize_with = "json::decimal")]
    pub missing: u64,
    /// Time of the earliest observation.
    #[serde(serialize_with = "json::decimal")]
    pub window_start: Moment,
    /// Time of the latest observation.
    #[serde(serialize_with = "json::decimal")]
    pub window_end: Moment,
    /// RFC 9162 root over the readings' leaves, in the order of their sequence numbers.
    #[serde(serialize_with = "json::hex")]
    pub root: Hash,
    /// After this moment the chain refuses the batch.
    #[serde(serialize_with = "json::decimal")]
    pub expires: Moment,
}

impl Batch {
    /// The batch's identifier.
    pub const fn id(&self) -> BatchId {
        BatchId { device: self.device, first_sequence: self.first_sequence }
    }
}

closed_list!(
    /// Whether a device's batches are accepted.
    DeviceStatus {
        /// Accepted.
        Active = 0 => "active",
        /// Refused until it resumes.
        Suspended = 1 => "suspended",
        /// Refused for good.
        Retired = 2 => "retired",
    }
);

/// A device as chain state and the runtime API hold it: one small value per device and nothing per batch.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceInfo {
    /// The organisation that answers for it.
    pub owner: OrganisationId,
    /// Whether its batches are accepted.
    pub status: DeviceStatus,
    /// The epoch of `key`.
    pub epoch: Epoch,
    /// The current key.
    pub key: DeviceKey,
    /// The key of the epoch before, and until when it still signs.
    #[serde(serialize_with = "json::previous_key")]
    pub previous: Option<(DeviceKey, Moment)>,
    /// The lowest sequence number that has not been attested or declared missing.
    #[serde(serialize_with = "json::decimal")]
    pub next_sequence: u64,
    /// From when on its observations are in doubt, if they are.
    #[serde(serialize_with = "json::optional_decimal")]
    pub distrusted_since: Option<Moment>,
    /// Count and chain hash of the device's records. Kept here rather than by the journal so that a batch writes a
    /// single trie key.
    pub head: SubjectHead,
}
