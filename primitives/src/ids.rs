//! Identifiers and units.

use crate::json;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds, as the timestamp inherent counts them.
pub type Moment = u64;

/// The number of a device's key. The first key has epoch 0; every rotation adds one.
pub type Epoch = u32;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, DecodeWithMemTracking,
            MaxEncodedLen, TypeInfo, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    };
}

id!(
    /// An organisation of the consortium. Numbers are given in order from 1; 0 is [`OrganisationId::CONSORTIUM`].
    OrganisationId(u32)
);
macro_rules! wide_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, DecodeWithMemTracking,
            MaxEncodedLen, TypeInfo, Serialize,
        )]
        #[serde(transparent)]
        pub struct $name(#[serde(serialize_with = "json::decimal")] pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<u64> for $name {
            fn from(value: u64) -> Self {
                Self(value)
            }
        }
    };
}

// In JSON these are decimal strings, as every 64-bit integer is.
wide_id!(
    /// A device. Numbers are given by the chain in order from 1.
    DeviceId
);
wide_id!(
    /// A dataset of the catalogue. Numbers are given by the chain in order from 1.
    DatasetId
);
wide_id!(
    /// A grant, from its first request or offer on. Numbers are given by the chain in order from 1.
    GrantId
);
id!(
    /// A purpose for which data may be used, by its number in the code list of purposes.
    PurposeCode(u16)
);
id!(
    /// A legal basis of processing, by its number in the code list of legal bases.
    LegalBasisCode(u16)
);
id!(
    /// A signature algorithm of the registry. See the constants.
    AlgorithmId(u16)
);
id!(
    /// The format of a batch's leaves. See the constants.
    SchemaId(u16)
);

impl OrganisationId {
    /// The consortium as a whole: the author of records that no single organisation caused.
    pub const CONSORTIUM: Self = Self(0);
}

impl AlgorithmId {
    /// Ed25519 (RFC 8032), verified strictly: canonical encodings, no small-order keys, cofactorless.
    pub const ED25519: Self = Self(1);
    /// Reserved: ML-DSA-44 (FIPS 204).
    pub const ML_DSA_44: Self = Self(2);
    /// Reserved: ML-DSA-65 (FIPS 204).
    pub const ML_DSA_65: Self = Self(3);
    /// Reserved: ML-DSA-87 (FIPS 204).
    pub const ML_DSA_87: Self = Self(4);
    /// Reserved: composite MLDSA65-Ed25519-SHA512.
    pub const ML_DSA_65_ED25519: Self = Self(5);
    /// Reserved: GOST R 34.10-2012 with a 256-bit key.
    pub const GOST_2012_256: Self = Self(6);
}

impl SchemaId {
    /// `citynet.reading/1`: RFC 8785 canonical JSON that binds the raw source line's SHA-256 and the observation whose
    /// values keep their source text. Specified in `docs/evidence.md`.
    pub const READING_V1: Self = Self(1);
}

/// A netting cycle: the number of a currency, and the cycle's own, from 1.
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
pub struct CycleId {
    /// The currency.
    pub currency: u32,
    /// The cycle's number.
    pub number: u32,
}

impl fmt::Display for CycleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.currency, self.number)
    }
}

/// A batch of readings. Sequence numbers of a device never repeat, so the first one names the batch.
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
pub struct BatchId {
    /// The device that signed the batch.
    pub device: DeviceId,
    /// The sequence number of its first reading.
    pub first_sequence: u64,
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.device, self.first_sequence)
    }
}
