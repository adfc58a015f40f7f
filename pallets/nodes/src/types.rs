//! What the register holds.

use citynet_primitives::{NodeAddress, OrganisationId, PeerPurpose, ValidatorStatus};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Validator<AccountId> {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its account, under which pallet-session keeps its keys.
    pub account: AccountId,
    /// Whether it is to be in the set.
    pub status: ValidatorStatus,
}

/// How a validator used its slots.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Conduct {
    /// How many it has skipped since it was registered.
    pub skipped: u64,
    /// How many of its turns in a row it let pass while others authored.
    pub streak: u32,
    /// Whether the journal says that it is silent. No longer true when it authors again.
    pub silent: bool,
}

/// A node that belongs to the network.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Peer {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// What it is for.
    pub purpose: PeerPurpose,
    /// Where it listens, if everybody may know.
    pub address: Option<NodeAddress>,
}
