//! The vocabulary of CityNet Ledger: identifiers, units, records and the exact bytes that are signed off chain.
//!
//! Everything here is plain data with a fixed SCALE encoding. Codec indices and field orders are stable: a record
//! written today must be decodable in twenty years, so a variant is never renumbered, reordered or reused, and a field
//! is never inserted into an existing variant (a new variant is added instead).
//!
//! # Terminology
//!
//! * A *record* is one fact in the journal, the append-only RFC 9162 tree whose head is in every block header.
//! * A *subject* is what a record is about. For each subject the ledger keeps a count and a chain hash, so that a list
//!   of records can be proven complete.
//! * A *batch* is a run of sensor readings of one device, committed to by the RFC 9162 root over their leaves and signed
//!   with the key of the device's current *epoch*.
//!
//! # What this crate does not do
//!
//! It decides nothing: whether a fact is allowed is the pallets' business, whether it is proven is that of
//! `citynet-proofs`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod catalog;
mod codes;
mod governance;
mod grant;
mod ids;
mod journal;
mod json;
mod nodes;
mod organisation;
mod record;
mod settlement;
mod signed;
pub mod tariff;
mod uuid;

pub use catalog::{
    Activity, DatasetInfo, DatasetKind, DatasetProfile, Devices, Document, Sensitivity, Source, Sources,
    UnknownVersion, VersionContent, VersionId, VersionInfo,
};
pub use codes::{LEGAL_BASES, PURPOSES};
pub use governance::{MotionInfo, Parameter, Parameters, Quota, RecoveryInfo};
pub use grant::{
    AccessReport, Action, Actions, CodeList, Decision, Denial, GrantInfo, GrantState, Notice, PersonalData, Price,
    ReasonCode, RefusalReport, RefusedCount, RefusedCounts, Rule, Stranger, Terms, Usage, UsageLimit, Versions,
    MAX_DELEGATION_DEPTH,
};
pub use ids::{
    AlgorithmId, BatchId, CycleId, DatasetId, DeviceId, Epoch, GrantId, LegalBasisCode, Moment, OrganisationId,
    PurposeCode, SchemaId,
};
pub use journal::{Author, Entry, Subject, SubjectHead, Subjects, TreeHead, TREE_HEAD_ENGINE};
pub use nodes::{NodeAddress, PeerId, PeerInfo, PeerPurpose, UnknownPeerId, ValidatorInfo, ValidatorStatus};
pub use organisation::{
    AccountRoles, OrganisationInfo, OrganisationKind, OrganisationProfile, OrganisationStatus, Role, Roles,
};
pub use record::{
    Batch, Body, Calibration, DeviceInfo, DeviceKey, DeviceProfile, DeviceStatus, EncodedCall, EncodedKeys, Location,
    Record, RECORD_VERSION,
};
pub use settlement::{
    Amount, BankReference, CurrencyInfo, CycleInfo, CyclePhase, Dispute, GrantAccount, GrossLeaf, NetPosition,
    NetPositions, ObligationInfo, ObligationState, OpenStatement, Tier, Tiers, Uetr, Unit, WithdrawalInfo,
};
pub use signed::{ApplicationStatement, BatchStatement, PossessionStatement, STATEMENT_VERSION};
pub use uuid::{parse_uuid, print_uuid};

use bounded_collections::{BoundedVec, ConstU32};

/// A SHA-256 or Blake2b-256 hash, or any other 32 opaque bytes.
pub type Hash = [u8; 32];
/// The 32 bytes of an account's public key (`AccountId32` on chain).
pub type Account = [u8; 32];
/// UTF-8 text of at most `N` bytes. The chain refuses bytes that are not UTF-8.
pub type Text<const N: u32> = BoundedVec<u8, ConstU32<N>>;
/// A public key of any registered algorithm; the largest reserved one is ML-DSA-87 with 2592 bytes.
pub type PublicKey = BoundedVec<u8, ConstU32<2592>>;
/// A signature of any registered algorithm; the largest reserved one is ML-DSA-87 with 4627 bytes.
pub type Signature = BoundedVec<u8, ConstU32<4627>>;
