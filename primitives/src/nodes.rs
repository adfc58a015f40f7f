//! Nodes of organisations: their validators, and who belongs to the network.

use crate::{json, organisation::closed_list, Account, EncodedKeys, OrganisationId, Text};
use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A multiaddress in text without its `/p2p` part, such as `/dns/node.example/tcp/30333`.
pub type NodeAddress = Text<128>;

/// The id of a libp2p node: its Ed25519 public key. In text it is the base58 of the key's identity multihash,
/// `12D3KooW…`.
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
pub struct PeerId(pub [u8; 32]);

impl PeerId {
    /// Identity multihash of 36 bytes; in them the protobuf of an Ed25519 key of 32 bytes.
    /// <https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md>
    const PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

    /// The bytes as libp2p has them: 38.
    pub fn to_multihash(self) -> Vec<u8> {
        [&Self::PREFIX[..], &self.0].concat()
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bs58::encode(self.to_multihash()).into_string())
    }
}

/// A text is no peer id of an Ed25519 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownPeerId;

impl fmt::Display for UnknownPeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a peer id is the base58 of an Ed25519 key's identity multihash and begins with 12D3KooW")
    }
}

impl core::error::Error for UnknownPeerId {}

impl FromStr for PeerId {
    type Err = UnknownPeerId;

    fn from_str(text: &str) -> Result<Self, UnknownPeerId> {
        let bytes = bs58::decode(text).into_vec().map_err(|_| UnknownPeerId)?;
        let key = bytes.strip_prefix(&Self::PREFIX).ok_or(UnknownPeerId)?;
        key.try_into().map(Self).map_err(|_| UnknownPeerId)
    }
}

impl Serialize for PeerId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PeerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

closed_list!(
    /// What a node is for.
    PeerPurpose {
        /// It authors and finalises blocks.
        Validator = 0 => "validator",
        /// It keeps everything and answers questions.
        Archive = 1 => "archive",
        /// It introduces nodes to one another.
        Boot = 2 => "boot",
    }
);

closed_list!(
    /// Whether a validator is to be in the set.
    ValidatorStatus {
        /// It is.
        Registered = 0 => "registered",
        /// Not until the council votes it back, because it equivocated.
        Suspended = 1 => "suspended",
    }
);

/// A node that belongs to the network.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeerInfo {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its id.
    pub peer: PeerId,
    /// What it is for.
    pub purpose: PeerPurpose,
    /// Where it listens, if everybody may know.
    #[serde(serialize_with = "json::optional_text")]
    pub address: Option<NodeAddress>,
}

/// A validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValidatorInfo {
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Its account.
    #[serde(serialize_with = "json::hex")]
    pub account: Account,
    /// Whether it is to be in the set.
    pub status: ValidatorStatus,
    /// Whether it is in the set that authors and finalises now.
    pub active: bool,
    /// Whether the session pallet was told to have it in the next set.
    pub next: bool,
    /// Its session keys in SCALE, those that it set last.
    #[serde(serialize_with = "json::hex")]
    pub keys: EncodedKeys,
    /// How many of its slots it has skipped.
    #[serde(serialize_with = "json::decimal")]
    pub skipped: u64,
    /// Whether it let its last turns pass while others authored.
    pub silent: bool,
}
