//! Grants: who may use which data, for what, on which legal basis, until when.

use crate::{
    json, organisation::closed_list, Amount, DatasetId, Document, GrantId, Hash, LegalBasisCode, Moment,
    OrganisationId, PurposeCode, SubjectHead, Text, Tiers, Unit,
};
use alloc::vec::Vec;
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize, Serializer};

/// How often a grant may be passed on at most: the terms' depth is never above it.
pub const MAX_DELEGATION_DEPTH: u8 = 4;

closed_list!(
    /// What may be done with data.
    Action {
        /// Read it (`odrl:read`).
        Read = 0 => "read",
        /// Make other data from it (`odrl:derive`).
        Derive = 1 => "derive",
        /// Train a model with it (`cn:train`).
        Train = 2 => "train",
        /// Sum it up (`odrl:aggregate`).
        Aggregate = 3 => "aggregate",
        /// Give it to everybody (`odrl:distribute`).
        Publish = 4 => "publish",
    }
);

/// A set of [`Action`]s: bit `n` is the action with codec index `n`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Actions(pub u8);

impl Actions {
    const fn bit(action: Action) -> u8 {
        match action {
            Action::Read => 1,
            Action::Derive => 2,
            Action::Train => 4,
            Action::Aggregate => 8,
            Action::Publish => 16,
        }
    }

    /// Whether the set has `action`.
    pub const fn contains(self, action: Action) -> bool {
        self.0 & Self::bit(action) != 0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every set bit stands for an action.
    pub const fn is_known(self) -> bool {
        self.0 & !0b1_1111 == 0
    }

    /// Whether all of it is in `other`.
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The actions of the set, in order.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        actions.into_iter().fold(Self(0), |set, action| Self(set.0 | Self::bit(action)))
    }
}

impl Serialize for Actions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Actions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Action>::deserialize(deserializer)?.into_iter().collect())
    }
}

closed_list!(
    /// How far data is about people.
    PersonalData {
        /// Not at all.
        None = 0 => "none",
        /// About people whose names were replaced.
        Pseudonymised = 1 => "pseudonymised",
        /// About people.
        Personal = 2 => "personal",
        /// About their health, origin, opinions or bodies (GDPR Article 9, 152-FZ Articles 10 and 11).
        SpecialCategory = 3 => "special_category",
    }
);

/// Which versions of the dataset a grant covers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Versions {
    /// The first one, from 1.
    pub first: u32,
    /// The last one; without it, also all that are still to come and what arrives before it becomes a version.
    pub last: Option<u32>,
    /// SHA-256 of the content where it is one version only: `first` and `last` are the same then.
    #[serde(serialize_with = "json::optional_hex")]
    pub content: Option<Hash>,
}

impl Versions {
    /// Whether `version` is covered. `None` stands for what is no version yet, as of a stream.
    pub fn covers(&self, version: Option<u32>) -> bool {
        match version {
            Some(version) => self.first <= version && self.last.is_none_or(|last| version <= last),
            None => self.last.is_none(),
        }
    }

    /// Whether nothing is covered that `other` does not cover.
    pub fn is_within(&self, other: &Self) -> bool {
        let ends = match (self.last, other.last) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(others)) => own <= others,
        };
        // A narrower grant of the one version must name the same content, or it would promise more than there is.
        other.first <= self.first && ends && other.content.is_none_or(|content| self.content == Some(content))
    }
}

/// Counts of use, cumulative since the grant began.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// How often data was had.
    #[serde(serialize_with = "json::decimal")]
    pub accesses: u64,
    /// How many records.
    #[serde(serialize_with = "json::decimal")]
    pub records: u64,
    /// How many bytes.
    #[serde(serialize_with = "json::decimal")]
    pub bytes: u64,
}

impl Usage {
    /// Whether no count is below that of `other`.
    pub const fn is_at_least(&self, other: &Self) -> bool {
        self.accesses >= other.accesses && self.records >= other.records && self.bytes >= other.bytes
    }

    /// Both together, or `None` where a count does not fit.
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        Some(Self {
            accesses: self.accesses.checked_add(other.accesses)?,
            records: self.records.checked_add(other.records)?,
            bytes: self.bytes.checked_add(other.bytes)?,
        })
    }

    /// Both together. A count that does not fit stays at the highest one.
    pub const fn saturating_add(&self, other: &Self) -> Self {
        Self {
            accesses: self.accesses.saturating_add(other.accesses),
            records: self.records.saturating_add(other.records),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    /// What this has more than `other`, or `None` where a count is below.
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        Some(Self {
            accesses: self.accesses.checked_sub(other.accesses)?,
            records: self.records.checked_sub(other.records)?,
            bytes: self.bytes.checked_sub(other.bytes)?,
        })
    }
}

/// How much may be used in all. What has no limit is not limited.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct UsageLimit {
    /// How often data may be had.
    #[serde(serialize_with = "json::optional_decimal")]
    pub accesses: Option<u64>,
    /// How many records.
    #[serde(serialize_with = "json::optional_decimal")]
    pub records: Option<u64>,
    /// How many bytes.
    #[serde(serialize_with = "json::optional_decimal")]
    pub bytes: Option<u64>,
}

impl UsageLimit {
    /// Whether `usage` is within the limit: at it, or below.
    pub fn allows(&self, usage: &Usage) -> bool {
        let within = |limit: Option<u64>, used: u64| limit.is_none_or(|limit| used <= limit);
        within(self.accesses, usage.accesses) && within(self.records, usage.records) && within(self.bytes, usage.bytes)
    }

    /// Whether `usage` has reached a limit, so that there is nothing left to use.
    pub fn is_used_up(&self, usage: &Usage) -> bool {
        let reached = |limit: Option<u64>, used: u64| limit.is_some_and(|limit| used >= limit);
        reached(self.accesses, usage.accesses)
            || reached(self.records, usage.records)
            || reached(self.bytes, usage.bytes)
    }

    /// Whether it allows nothing that `other` does not allow.
    pub fn is_within(&self, other: &Self) -> bool {
        let within = |own: Option<u64>, others: Option<u64>| match (own, others) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(others)) => own <= others,
        };
        within(self.accesses, other.accesses) && within(self.records, other.records) && within(self.bytes, other.bytes)
    }
}

/// What use costs.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(tag = "price", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Price {
    /// Nothing.
    #[codec(index = 0)]
    Free,
    /// What a contract outside the ledger says.
    #[codec(index = 1)]
    Contract {
        /// The contract.
        contract: Document,
    },
    /// A sum, paid when the grant begins: it becomes active only together with the payment.
    #[codec(index = 2)]
    Fixed {
        /// The currency.
        currency: u32,
        /// The sum.
        #[serde(serialize_with = "json::decimal")]
        amount: Amount,
    },
    /// A sum for every period that begins while the grant is in force.
    #[codec(index = 3)]
    PerPeriod {
        /// The currency.
        currency: u32,
        /// The sum for one period.
        #[serde(serialize_with = "json::decimal")]
        amount: Amount,
        /// How long a period is, in milliseconds, counted from the grant's first moment.
        #[serde(serialize_with = "json::decimal")]
        period: Moment,
    },
    /// By use.
    #[codec(index = 4)]
    Metered {
        /// The currency.
        currency: u32,
        /// What is counted.
        unit: Unit,
        /// For how many units the tiers' amounts are, at least 1.
        #[serde(serialize_with = "json::decimal")]
        per: u64,
        /// The steps.
        #[serde(serialize_with = "json::list")]
        tiers: Tiers,
        /// For how many milliseconds a usage statement can be disputed.
        #[serde(serialize_with = "json::decimal")]
        dispute_window: Moment,
    },
}

/// What the people whom the data is about were told.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// SHA-256 of the notice.
    #[serde(serialize_with = "json::hex")]
    pub hash: Hash,
    /// Its language, as in BCP 47, such as `ru`: 2 to 8 bytes.
    #[serde(serialize_with = "json::text")]
    pub language: Text<8>,
}

/// The tag of [`Terms::to_bytes`].
const TERMS_TAG: [u8; 16] = *b"citynet.terms\0\0\0";
/// The version of [`Terms::to_bytes`].
const TERMS_VERSION: u8 = 1;

/// What a grant says. Times are half-open: `not_before` belongs to the grant, `not_after` does not.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// The dataset.
    pub dataset: DatasetId,
    /// Which of its versions.
    pub versions: Versions,
    /// The organisation that grants.
    pub provider: OrganisationId,
    /// The organisation that uses.
    pub consumer: OrganisationId,
    /// The organisation that answers to the people whom the data is about, and can withdraw for them.
    pub controller: OrganisationId,
    /// What the consumer may do.
    pub actions: Actions,
    /// For what: 1 to 8 codes, ascending.
    #[serde(serialize_with = "json::list")]
    pub purposes: BoundedVec<PurposeCode, ConstU32<8>>,
    /// First moment of the grant.
    #[serde(serialize_with = "json::decimal")]
    pub not_before: Moment,
    /// First moment after the grant.
    #[serde(serialize_with = "json::decimal")]
    pub not_after: Moment,
    /// How much may be used.
    pub limit: UsageLimit,
    /// What use costs.
    pub price: Price,
    /// How often it may be passed on: 0 for not at all, at most [`MAX_DELEGATION_DEPTH`].
    pub delegation_depth: u8,
    /// Whether restricted or pseudonymised data may be passed on.
    pub restricted_delegation: bool,
    /// Where it is used, as in ISO 3166, such as `RU` or `RU-SPE`: 2 to 6 bytes.
    #[serde(serialize_with = "json::text")]
    pub jurisdiction: Text<6>,
    /// On which legal basis personal data is processed.
    pub legal_basis: Option<LegalBasisCode>,
    /// How far the data is about people.
    pub personal_data: PersonalData,
    /// A commitment to the consent: `SHA256(tag ‖ salt ‖ record)`, never without a salt.
    #[serde(serialize_with = "json::optional_hex")]
    pub consent: Option<Hash>,
    /// What the people were told.
    pub notice: Option<Notice>,
    /// For how many days after its end the consumer may keep what it had.
    pub retention_days: Option<u32>,
    /// Who else receives the data, by category: up to 8 texts of 1 to 64 bytes.
    #[serde(serialize_with = "json::texts")]
    pub recipients: BoundedVec<Text<64>, ConstU32<8>>,
    /// SHA-256 of the data protection impact assessment.
    #[serde(serialize_with = "json::optional_hex")]
    pub assessment: Option<Hash>,
    /// How consent is withdrawn, such as a URL: 1 to 128 bytes.
    #[serde(serialize_with = "json::optional_text")]
    pub withdrawal: Option<Text<128>>,
    /// The ODRL agreement of these terms.
    pub agreement: Option<Document>,
}

impl Terms {
    /// The bytes whose SHA-256 is the terms' hash: a tag of 16 bytes, `citynet.terms` padded with zeros, a version of one
    /// byte (1), and the terms in SCALE, field by field in the order above.
    pub fn to_bytes(&self) -> Vec<u8> {
        (TERMS_TAG, TERMS_VERSION, self).encode()
    }
}

closed_list!(
    /// A combination of terms that is not allowed.
    Rule {
        /// Data about people, or pseudonymised data, needs a legal basis.
        LegalBasisMissing = 0 => "legal_basis_missing",
        /// Consent as legal basis needs a commitment to the consent.
        ConsentMissing = 1 => "consent_missing",
        /// A commitment to a consent needs consent as legal basis.
        ConsentWithoutBasis = 2 => "consent_without_basis",
        /// Pseudonymised data is data about people: the terms must say so.
        PersonalDataUnderstated = 3 => "personal_data_understated",
        /// Restricted and pseudonymised data is passed on only where the terms say so.
        RestrictedDelegation = 4 => "restricted_delegation",
        /// Restricted and pseudonymised data is not published.
        RestrictedPublication = 5 => "restricted_publication",
        /// Consent as legal basis needs to say what people were told.
        NoticeMissing = 6 => "notice_missing",
        /// Consent as legal basis needs to say how it is withdrawn.
        WithdrawalMissing = 7 => "withdrawal_missing",
        /// Data about people needs a time after which it is deleted.
        RetentionMissing = 8 => "retention_missing",
        /// Special categories of personal data need an impact assessment.
        AssessmentMissing = 9 => "assessment_missing",
        /// A legal basis of 152-FZ holds in Russia: the jurisdiction must be `RU` or one of its regions.
        JurisdictionMismatch = 10 => "jurisdiction_mismatch",
    }
);

closed_list!(
    /// Where a grant is: the states of the Dataspace Protocol's contract negotiation (2025-1), of which `FINALIZED` is
    /// [`GrantState::Active`] here, and what comes after it.
    GrantState {
        /// The consumer asked.
        Requested = 0 => "requested",
        /// The provider offered.
        Offered = 1 => "offered",
        /// The consumer accepted the offer.
        Accepted = 2 => "accepted",
        /// The provider agreed.
        Agreed = 3 => "agreed",
        /// The consumer verified the agreement.
        Verified = 4 => "verified",
        /// The provider finalised it: it is in force from its first moment to its last.
        Active = 5 => "active",
        /// The provider put it on hold.
        Suspended = 6 => "suspended",
        /// The negotiation failed. For good.
        Terminated = 7 => "terminated",
        /// The provider revoked it, or the controller withdrew consent. For good.
        Revoked = 8 => "revoked",
        /// The consumer renounced it, or another grant took its place. For good.
        Completed = 9 => "completed",
    }
);

impl GrantState {
    /// Whether nothing follows.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Terminated | Self::Revoked | Self::Completed)
    }

    /// Whether it was finalised at some time.
    pub const fn was_active(self) -> bool {
        matches!(self, Self::Active | Self::Suspended | Self::Revoked | Self::Completed)
    }
}

closed_list!(
    /// Why a grant was terminated, suspended, resumed, revoked or completed.
    ReasonCode {
        /// See the note.
        Other = 0 => "other",
        /// The parties could not agree.
        NoAgreement = 1 => "no_agreement",
        /// A party broke the terms.
        TermsBroken = 2 => "terms_broken",
        /// The data was used for another purpose.
        PurposeExceeded = 3 => "purpose_exceeded",
        /// Data or keys leaked.
        SecurityIncident = 4 => "security_incident",
        /// The data is faulty.
        DataFaulty = 5 => "data_faulty",
        /// The legal basis is gone.
        LegalBasisGone = 6 => "legal_basis_gone",
        /// The people whom the data is about withdrew their consent.
        ConsentWithdrawn = 7 => "consent_withdrawn",
        /// It is not needed any more.
        NotNeeded = 8 => "not_needed",
        /// It was not paid for.
        NotPaid = 9 => "not_paid",
        /// Another grant took its place.
        Superseded = 10 => "superseded",
        /// The reason for its suspension is gone.
        Resolved = 11 => "resolved",
    }
);

closed_list!(
    /// Why access is denied.
    Denial {
        /// There is no such dataset.
        UnknownDataset = 0 => "unknown_dataset",
        /// The dataset has no such version.
        UnknownVersion = 1 => "unknown_version",
        /// The organisation holds no grant of the dataset.
        NoGrant = 2 => "no_grant",
        /// The grant is of another dataset.
        WrongDataset = 3 => "wrong_dataset",
        /// The grant is another organisation's.
        WrongConsumer = 4 => "wrong_consumer",
        /// The grant is still being negotiated.
        NotFinalized = 5 => "not_finalized",
        /// The grant is suspended.
        Suspended = 6 => "suspended",
        /// The grant was revoked, terminated or renounced, or another one took its place.
        Ended = 7 => "ended",
        /// It is before the grant's first moment.
        NotYetValid = 8 => "not_yet_valid",
        /// It is after the grant's last moment.
        Expired = 9 => "expired",
        /// All that may be used was used.
        LimitReached = 10 => "limit_reached",
        /// The grant does not cover the version.
        VersionNotCovered = 11 => "version_not_covered",
        /// The version's content is not what the grant names.
        ContentDiffers = 12 => "content_differs",
        /// The grant does not have the action.
        ActionNotGranted = 13 => "action_not_granted",
        /// The grant does not have the purpose.
        PurposeNotGranted = 14 => "purpose_not_granted",
        /// The provider is not an active member.
        ProviderInactive = 15 => "provider_inactive",
        /// The consumer is not an active member.
        ConsumerInactive = 16 => "consumer_inactive",
        /// The dataset has become more sensitive, and the terms do not suffice for that.
        TermsInsufficient = 17 => "terms_insufficient",
    }
);

/// The answer to: may this organisation do this with this data?
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize)]
#[serde(tag = "decision", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Decision {
    /// Yes.
    #[codec(index = 0)]
    Allowed {
        /// By this grant and those that it stands on, from it to the first. Empty where the dataset is its own.
        chain: Vec<GrantId>,
    },
    /// No.
    #[codec(index = 1)]
    Denied {
        /// Why. Where it holds several grants: of the one that came nearest.
        reason: Denial,
        /// The grant that does not allow it, which may be one that its own stands on.
        grant: Option<GrantId>,
    },
}

/// How often access was refused for a reason.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct RefusedCount {
    /// Why.
    pub reason: Denial,
    /// How often.
    #[serde(serialize_with = "json::decimal")]
    pub count: u64,
}

/// Refused attempts by reason, ascending by the reason's codec index, each at most once.
pub type RefusedCounts = BoundedVec<RefusedCount, ConstU32<18>>;

/// What a provider's gateway reports about a grant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessReport {
    /// The report's number: greater than that of the report before.
    #[serde(serialize_with = "json::decimal")]
    pub counter: u64,
    /// First moment of the window.
    #[serde(serialize_with = "json::decimal")]
    pub from: Moment,
    /// First moment after the window.
    #[serde(serialize_with = "json::decimal")]
    pub to: Moment,
    /// Use since the grant began, this window's included.
    pub usage: Usage,
    /// Attempts that were refused in the window.
    #[serde(serialize_with = "json::list")]
    pub refused: RefusedCounts,
    /// How many receipts the window has: one for each access and each refusal.
    #[serde(serialize_with = "json::decimal")]
    pub receipts: u64,
    /// RFC 9162 root over the window's receipts.
    #[serde(serialize_with = "json::hex")]
    pub root: Hash,
}

/// Attempts on a dataset by somebody without any grant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stranger {
    /// A salted commitment to who it was.
    #[serde(serialize_with = "json::hex")]
    pub requester: Hash,
    /// How often it was refused.
    #[serde(serialize_with = "json::decimal")]
    pub count: u64,
}

/// What a provider's gateway reports about attempts without a grant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusalReport {
    /// The report's number: greater than that of the dataset's report before.
    #[serde(serialize_with = "json::decimal")]
    pub counter: u64,
    /// First moment of the window.
    #[serde(serialize_with = "json::decimal")]
    pub from: Moment,
    /// First moment after the window.
    #[serde(serialize_with = "json::decimal")]
    pub to: Moment,
    /// Who was refused, and how often: up to 64.
    #[serde(serialize_with = "json::list")]
    pub strangers: BoundedVec<Stranger, ConstU32<64>>,
    /// How many receipts the window has.
    #[serde(serialize_with = "json::decimal")]
    pub receipts: u64,
    /// RFC 9162 root over the window's receipts.
    #[serde(serialize_with = "json::hex")]
    pub root: Hash,
}

closed_list!(
    /// A code list that the council can extend.
    CodeList {
        /// What data is used for.
        Purpose = 0 => "purpose",
        /// On which legal basis personal data is processed.
        LegalBasis = 1 => "legal_basis",
    }
);

/// A grant as chain state and the runtime API hold it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantInfo {
    /// Where it is. Whether it is in force also depends on the time, on its use and on its ancestors.
    pub state: GrantState,
    /// The grant that it passes on, if it does.
    pub parent: Option<GrantId>,
    /// The grant whose place it takes once it is finalised.
    pub supersedes: Option<GrantId>,
    /// Whether accepting the offer is enough.
    pub binding: bool,
    /// What it says.
    pub terms: Terms,
    /// SHA-256 of [`Terms::to_bytes`].
    #[serde(serialize_with = "json::hex")]
    pub terms_hash: Hash,
    /// When it was finalised.
    #[serde(serialize_with = "json::optional_decimal")]
    pub active_since: Option<Moment>,
    /// When it was revoked or completed.
    #[serde(serialize_with = "json::optional_decimal")]
    pub ended: Option<Moment>,
    /// Number of the last access report, or 0.
    #[serde(serialize_with = "json::decimal")]
    pub last_report: u64,
    /// First moment after the last report's window, or 0.
    #[serde(serialize_with = "json::decimal")]
    pub reported_until: Moment,
    /// Its own use, as last reported.
    pub used: Usage,
    /// Its own use and that of all grants that stand on it. The limit is about this. A count that does not fit stays at
    /// the highest one.
    pub used_in_all: Usage,
    /// Count and chain hash of its records.
    pub head: SubjectHead,
}
