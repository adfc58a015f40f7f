//! The journal's own storage types, and the chain's SHA-256.

use citynet_merkle::{Hash, Sha256};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A block that wrote records.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct OpenBlock<BlockNumber> {
    /// Its number.
    pub number: BlockNumber,
    /// The index of its first record, which is the size of the log before it.
    pub first_index: u64,
}

/// SHA-256 by the host, which is many times faster than in Wasm.
pub struct HostSha256;

impl Sha256 for HostSha256 {
    fn digest(parts: &[&[u8]]) -> Hash {
        sp_io::hashing::sha2_256(&parts.concat())
    }
}
