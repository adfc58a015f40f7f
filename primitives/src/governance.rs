//! What the council decides about: motions and parameters.

use crate::{json, Account, EncodedCall, Hash, OrganisationId, OrganisationKind};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::Serialize;

/// How much computing an organisation may use: a token bucket of weight. A block has 300,000 µs for all of them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Quota {
    /// What it gets back with every block, in microseconds.
    pub rate: u32,
    /// The most it can save, in microseconds.
    pub burst: u32,
}

/// One parameter with its value. Its bounds are in `pallet-consortium`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize,
)]
#[serde(tag = "parameter", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Parameter {
    /// The least number of members with a seat.
    #[codec(index = 0)]
    MinMembers {
        /// Seats.
        value: u32,
    },
    /// The least number of validators.
    #[codec(index = 1)]
    MinValidators {
        /// Validators.
        value: u32,
    },
    /// The most validators of one organisation. However many there are, it never has a third of all.
    #[codec(index = 2)]
    MaxValidatorsPerOrganisation {
        /// Validators.
        value: u32,
    },
    /// How long a motion is open, in blocks.
    #[codec(index = 3)]
    MotionDuration {
        /// Blocks.
        value: u32,
    },
    /// For how many blocks an organisation can object to its recovery.
    #[codec(index = 4)]
    RecoveryDelay {
        /// Blocks.
        value: u32,
    },
    /// After how many of its own turns in a row a validator counts as silent.
    #[codec(index = 5)]
    SilentAfter {
        /// Turns.
        value: u32,
    },
    /// How much computing organisations of a kind may use.
    #[codec(index = 6)]
    Quota {
        /// The kind.
        kind: OrganisationKind,
        /// The quota.
        quota: Quota,
    },
}

/// All parameters.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters {
    /// The least number of members with a seat.
    pub min_members: u32,
    /// The least number of validators.
    pub min_validators: u32,
    /// The most validators of one organisation.
    pub max_validators_per_organisation: u32,
    /// How long a motion is open, in blocks.
    pub motion_duration: u32,
    /// For how many blocks an organisation can object to its recovery.
    pub recovery_delay: u32,
    /// After how many of its own turns in a row a validator counts as silent.
    pub silent_after: u32,
    /// The quotas, in the order of [`OrganisationKind::ALL`].
    pub quotas: [Quota; 6],
}

/// A motion that is open.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MotionInfo {
    /// Blake2b-256 of the call.
    #[serde(serialize_with = "json::hex")]
    pub motion: Hash,
    /// The motion's number.
    pub number: u32,
    /// How many seats must approve.
    pub threshold: u32,
    /// How many seats there are.
    pub seats: u32,
    /// Who approves.
    pub yes: Vec<OrganisationId>,
    /// Who does not.
    pub no: Vec<OrganisationId>,
    /// The last block in which votes are taken. After it, whoever did not vote counts as not approving.
    pub end: u32,
    /// The call in SCALE.
    #[serde(serialize_with = "json::hex")]
    pub call: EncodedCall,
}

/// A recovery that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryInfo {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its admin to be.
    #[serde(serialize_with = "json::hex")]
    pub account: Account,
    /// The first block in which it can be completed.
    pub matures: u32,
}
