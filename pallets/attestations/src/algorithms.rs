//! The registry of signature algorithms, and the one place where a device's signature is verified.
//!
//! A new algorithm is an arm in [`is_implemented`], [`check_key`] and [`verify`] and an entry in the registry; formats,
//! records and calls stay.

use citynet_primitives::AlgorithmId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ed25519_dalek::VerifyingKey;
use frame_support::{storage::bounded_btree_map::BoundedBTreeMap, traits::ConstU32};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The registry. An algorithm that is not in it is unknown. One small value rather than a map, so that `attest_many`
/// reads it once.
pub type Registry = BoundedBTreeMap<AlgorithmId, AlgorithmStatus, ConstU32<32>>;

/// What an algorithm is good for. The middle status lets a fleet of devices move to another algorithm without a gap.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AlgorithmStatus {
    /// Keys may be registered and sign batches.
    #[codec(index = 0)]
    Accepted,
    /// No new key is registered; batches under the keys that are there are still verified.
    #[codec(index = 1)]
    VerifyOnly,
    /// Neither new keys nor batches.
    #[codec(index = 2)]
    Rejected,
}

impl AlgorithmStatus {
    /// Whether a device may be registered with, or rotate to, such a key.
    pub const fn admits_keys(self) -> bool {
        matches!(self, Self::Accepted)
    }

    /// Whether batches under such a key are taken.
    pub const fn admits_batches(self) -> bool {
        matches!(self, Self::Accepted | Self::VerifyOnly)
    }
}

/// Why a key or a signature is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing here implements the algorithm.
    UnknownAlgorithm,
    /// The key's length or encoding is wrong, or it is weak.
    InvalidKey,
    /// The signature's length or encoding is wrong, or it is not the key's over the message.
    InvalidSignature,
}

/// Whether [`verify`] can verify the algorithm's signatures.
pub const fn is_implemented(algorithm: AlgorithmId) -> bool {
    matches!(algorithm, AlgorithmId::ED25519)
}

/// Whether `key` is a public key that signatures could ever verify under.
///
/// # Errors
///
/// [`Refusal::UnknownAlgorithm`], [`Refusal::InvalidKey`].
pub fn check_key(algorithm: AlgorithmId, key: &[u8]) -> Result<(), Refusal> {
    match algorithm {
        AlgorithmId::ED25519 => ed25519_key(key).map(|_| ()),
        _ => Err(Refusal::UnknownAlgorithm),
    }
}

/// Whether `signature` is that of `key` over `message`.
///
/// # Errors
///
/// Any [`Refusal`].
pub fn verify(algorithm: AlgorithmId, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
    match algorithm {
        AlgorithmId::ED25519 => {
            let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| Refusal::InvalidSignature)?;
            ed25519_key(key)?.verify_strict(message, &signature).map_err(|_| Refusal::InvalidSignature)
        }
        _ => Err(Refusal::UnknownAlgorithm),
    }
}

/// Decodes an Ed25519 key strictly: 32 bytes, a canonical encoding (RFC 8032, 5.1.3) of a point whose order is not
/// small. `from_bytes` alone follows ZIP-215 and takes non-canonical encodings.
fn ed25519_key(bytes: &[u8]) -> Result<VerifyingKey, Refusal> {
    let bytes: &[u8; 32] = bytes.try_into().map_err(|_| Refusal::InvalidKey)?;
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| Refusal::InvalidKey)?;
    if !is_canonical(bytes) || key.is_weak() {
        return Err(Refusal::InvalidKey);
    }
    Ok(key)
}

/// Whether the y coordinate is below the field's prime, 2^255 - 19. The other non-canonical form, x = 0 with the sign
/// bit set, has only small-order points.
fn is_canonical(key: &[u8; 32]) -> bool {
    let [low, middle @ .., high] = key;
    *low < 0xed || high & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}
