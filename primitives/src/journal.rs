//! The journal's own types: who wrote, what about, and the heads that commit to it all.

use crate::{json, Account, CycleId, DatasetId, DeviceId, GrantId, Hash, Moment, OrganisationId, Record};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::Serialize;

/// The consensus engine id under which every block header carries a SCALE-encoded [`TreeHead`] as a
/// `DigestItem::Consensus`.
pub const TREE_HEAD_ENGINE: [u8; 4] = *b"cnth";

/// The head of the journal's tree: how many records there are and the RFC 9162 root over them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
pub struct TreeHead {
    /// Number of leaves.
    #[serde(serialize_with = "json::decimal")]
    pub size: u64,
    /// `MTH` of RFC 9162, section 2.1.1; of the empty tree, `SHA256("")`.
    #[serde(serialize_with = "json::hex")]
    pub root: Hash,
}

/// Who caused a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Author {
    /// The organisation that acts.
    pub organisation: OrganisationId,
    /// The account by which it acts.
    pub account: Account,
}

impl Author {
    /// The chain itself, for records that no account caused: genesis and hooks.
    pub const CHAIN: Self = Self { organisation: OrganisationId::CONSORTIUM, account: [0; 32] };
}

/// What a record is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Subject {
    /// An organisation.
    #[codec(index = 0)]
    Organisation(OrganisationId),
    /// A dataset.
    #[codec(index = 1)]
    Dataset(DatasetId),
    /// A device.
    #[codec(index = 2)]
    Device(DeviceId),
    /// A grant.
    #[codec(index = 3)]
    Grant(GrantId),
    /// A netting cycle of a currency.
    #[codec(index = 4)]
    Cycle(CycleId),
}

impl fmt::Display for Subject {
    /// `organisation:7`, `dataset:3`, `device:12`, `grant:5`, `cycle:1-7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation(id) => write!(f, "organisation:{id}"),
            Self::Dataset(id) => write!(f, "dataset:{id}"),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::Grant(id) => write!(f, "grant:{id}"),
            Self::Cycle(id) => write!(f, "cycle:{id}"),
        }
    }
}

impl core::str::FromStr for Subject {
    type Err = UnknownSubject;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, id) = text.split_once(':').ok_or(UnknownSubject)?;
        let number = || id.parse::<u64>().map_err(|_| UnknownSubject);
        match kind {
            "organisation" => id.parse().map(|id| Self::Organisation(OrganisationId(id))).map_err(|_| UnknownSubject),
            "dataset" => Ok(Self::Dataset(DatasetId(number()?))),
            "device" => Ok(Self::Device(DeviceId(number()?))),
            "grant" => Ok(Self::Grant(GrantId(number()?))),
            "cycle" => {
                let (currency, number) = id.split_once('-').ok_or(UnknownSubject)?;
                let part = |text: &str| text.parse::<u32>().map_err(|_| UnknownSubject);
                Ok(Self::Cycle(CycleId { currency: part(currency)?, number: part(number)? }))
            }
            _ => Err(UnknownSubject),
        }
    }
}

/// A subject's text is none of `organisation:N`, `dataset:N`, `device:N`, `grant:N` and
/// `cycle:CURRENCY-N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSubject;

impl fmt::Display for UnknownSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a subject is written organisation:N, dataset:N, device:N, grant:N or cycle:CURRENCY-N")
    }
}

impl core::error::Error for UnknownSubject {}

/// The subjects of one record.
pub type Subjects = BoundedVec<Subject, ConstU32<8>>;

/// How many records a subject has and what they are: `chain` starts as 32 zero bytes, and every record makes it
/// `SHA256(0x02 ‖ chain ‖ leaf hash of the record)`. The prefix keeps it apart from the tree's leaves and nodes.
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
pub struct SubjectHead {
    /// Number of records about the subject.
    #[serde(serialize_with = "json::decimal")]
    pub count: u64,
    /// Hash over all of them, in order.
    #[serde(serialize_with = "json::hex")]
    pub chain: Hash,
}

/// One record as the block that wrote it still holds it, with the subjects it counts for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Entry {
    /// The record.
    pub record: Record,
    /// What it is about.
    pub subjects: Subjects,
}

impl Entry {
    /// When the record was made.
    pub fn time(&self) -> Moment {
        self.record.time
    }
}
