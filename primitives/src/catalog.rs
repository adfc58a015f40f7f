//! Datasets, their versions, and what these were made from.

use crate::{
    json, organisation::closed_list, DatasetId, DeviceId, GrantId, Hash, Moment, OrganisationId, SubjectHead, Text,
};
use bounded_collections::{BoundedVec, ConstU32};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

closed_list!(
    /// What a dataset is. This never changes.
    DatasetKind {
        /// Readings that go on arriving.
        Stream = 0 => "stream",
        /// Data as it was at one time.
        Snapshot = 1 => "snapshot",
        /// Data made from other data.
        Derived = 2 => "derived",
        /// A trained model.
        Model = 3 => "model",
    }
);

closed_list!(
    /// How careful one must be with a dataset.
    Sensitivity {
        /// For everybody.
        Open = 0 => "open",
        /// For members of the consortium.
        Internal = 1 => "internal",
        /// For those who were chosen. It is passed on only where the terms say so.
        Restricted = 2 => "restricted",
        /// About people whose names were replaced: personal data in law.
        Pseudonymised = 3 => "pseudonymised",
    }
);

closed_list!(
    /// How a version was made.
    Activity {
        /// Observed or received.
        Collection = 0 => "collection",
        /// Errors taken out.
        Cleaning = 1 => "cleaning",
        /// Brought into another form.
        Transformation = 2 => "transformation",
        /// Summed up.
        Aggregation = 3 => "aggregation",
        /// Joined with other data about the same things.
        Linkage = 4 => "linkage",
        /// Names replaced or taken out.
        Anonymisation = 5 => "anonymisation",
        /// Notes added by people or programs.
        Annotation = 6 => "annotation",
        /// A model trained.
        Training = 7 => "training",
        /// A model or data measured.
        Evaluation = 8 => "evaluation",
        /// Made up, after a model of real data.
        Synthesis = 9 => "synthesis",
    }
);

/// A document that is somewhere else.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// SHA-256 of its bytes.
    #[serde(serialize_with = "json::hex")]
    pub hash: Hash,
    /// Where it can be had, or nothing.
    #[serde(serialize_with = "json::text")]
    pub uri: Text<256>,
}

/// What a dataset is about, as far as it may change.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetProfile {
    /// A short title, 1 to 96 bytes.
    #[serde(serialize_with = "json::text")]
    pub title: Text<96>,
    /// How careful one must be with it.
    pub sensitivity: Sensitivity,
    /// Its DCAT description.
    pub description: Document,
    /// URI of its schema, or nothing.
    #[serde(serialize_with = "json::text")]
    pub schema: Text<256>,
    /// Its licence: an SPDX identifier or a URI, 1 to 128 bytes.
    #[serde(serialize_with = "json::text")]
    pub licence: Text<128>,
}

/// A dataset as chain state and the runtime API hold it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetInfo {
    /// The organisation that answers for it.
    pub owner: OrganisationId,
    /// What it is.
    pub kind: DatasetKind,
    /// What it is about.
    #[serde(flatten)]
    pub profile: DatasetProfile,
    /// How many versions it has; the last one has this number.
    pub versions: u32,
    /// How many devices feed it.
    pub devices: u32,
    /// To whom its owner offers it.
    pub offered_to: Option<OrganisationId>,
    /// Count and chain hash of its records.
    pub head: SubjectHead,
}

/// A version of a dataset.
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
    Serialize,
)]
pub struct VersionId {
    /// The dataset.
    pub dataset: DatasetId,
    /// The version's number, from 1.
    pub version: u32,
}

impl fmt::Display for VersionId {
    /// `7@3`: version 3 of dataset 7.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.dataset, self.version)
    }
}

impl FromStr for VersionId {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        let (dataset, version) = text.split_once('@').ok_or(UnknownVersion)?;
        Ok(Self { dataset: DatasetId(digits(dataset)?), version: digits(version)? })
    }
}

/// Digits and nothing else: a number of the standard library may have a sign.
fn digits<T: FromStr>(text: &str) -> Result<T, UnknownVersion> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_err(|_| UnknownVersion)
    } else {
        Err(UnknownVersion)
    }
}

/// A text is no version of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version is written DATASET@N, such as 7@3")
    }
}

impl core::error::Error for UnknownVersion {}

/// Something that a version was made from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(tag = "source", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Source {
    /// A version of a dataset.
    #[codec(index = 0)]
    Version {
        /// The dataset.
        dataset: DatasetId,
        /// Its version.
        version: u32,
        /// The grant by which it is used. It is needed where the dataset belongs to another organisation.
        grant: Option<GrantId>,
    },
    /// Attested readings of a device.
    #[codec(index = 1)]
    Batches {
        /// The device.
        device: DeviceId,
        /// Sequence number of the first reading.
        #[serde(serialize_with = "json::decimal")]
        first_sequence: u64,
        /// Sequence number of the last reading.
        #[serde(serialize_with = "json::decimal")]
        last_sequence: u64,
        /// The grant by which they are used: of a dataset that the device feeds. It is needed where the device belongs to
        /// another organisation.
        grant: Option<GrantId>,
    },
    /// Something that the ledger does not know.
    #[codec(index = 2)]
    External {
        /// SHA-256 of its content.
        #[serde(serialize_with = "json::hex")]
        content: Hash,
        /// What it is or where it was had, or nothing.
        #[serde(serialize_with = "json::text")]
        uri: Text<128>,
    },
}

/// What a version was made from: at most 64 sources.
pub type Sources = BoundedVec<Source, ConstU32<64>>;
/// Devices that are named in one call.
pub type Devices = BoundedVec<DeviceId, ConstU32<64>>;

/// What a version is and how it was made.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionContent {
    /// SHA-256 of its bytes.
    #[serde(serialize_with = "json::hex")]
    pub content: Hash,
    /// How many bytes they are.
    #[serde(serialize_with = "json::decimal")]
    pub bytes: u64,
    /// How many records they hold.
    #[serde(serialize_with = "json::decimal")]
    pub records: u64,
    /// Their media type, such as `text/csv`, 1 to 64 bytes.
    #[serde(serialize_with = "json::text")]
    pub media_type: Text<64>,
    /// Time of the earliest observation.
    #[serde(serialize_with = "json::decimal")]
    pub from: Moment,
    /// Time of the latest observation, not before the earliest.
    #[serde(serialize_with = "json::decimal")]
    pub to: Moment,
    /// What it was made from.
    #[serde(serialize_with = "json::list")]
    pub sources: Sources,
    /// How it was made.
    pub activity: Activity,
    /// SHA-256 of the parameters of the activity, if it has any.
    #[serde(serialize_with = "json::optional_hex")]
    pub parameters: Option<Hash>,
    /// The program of the activity, such as `https://example.org/air.git#4f2a…`, or nothing.
    #[serde(serialize_with = "json::text")]
    pub code: Text<256>,
}

/// A version as chain state and the runtime API hold it. All else is in the record that published it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct VersionInfo {
    /// SHA-256 of its bytes.
    #[serde(serialize_with = "json::hex")]
    pub content: Hash,
    /// The record that published it.
    #[serde(serialize_with = "json::decimal")]
    pub record: u64,
    /// From when on its content is faulty, if it is.
    #[serde(serialize_with = "json::optional_decimal")]
    pub faulty_since: Option<Moment>,
}
