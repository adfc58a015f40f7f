//! The exact bytes that devices sign.
//!
//! Every statement is the SCALE encoding of the structure below: fixed-size little-endian integers, one after the
//! other, nothing in between. It begins with a domain tag, a version, the genesis hash and the algorithm, so that a
//! signature for one purpose, chain or algorithm is never one for another.

use crate::{AlgorithmId, Batch, DeviceId, DeviceKey, Epoch, Hash, Moment, OrganisationId};
use alloc::vec::Vec;
use codec::Encode;

/// The version in every statement.
pub const STATEMENT_VERSION: u8 = 1;

const BATCH_TAG: [u8; 16] = *b"citynet.batch\0\0\0";
const POSSESSION_TAG: [u8; 16] = *b"citynet.device\0\0";

/// What a device signs for a batch: 141 bytes.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 16 | `citynet.batch` padded with zeros |
/// | 16 | 1 | version, 1 |
/// | 17 | 32 | genesis hash |
/// | 49 | 2 | algorithm |
/// | 51 | 8 | device |
/// | 59 | 4 | epoch |
/// | 63 | 2 | schema |
/// | 65 | 8 | first sequence number |
/// | 73 | 4 | count |
/// | 77 | 8 | missing |
/// | 85 | 8 | window start, ms |
/// | 93 | 8 | window end, ms |
/// | 101 | 32 | root |
/// | 133 | 8 | expires, ms |
#[derive(Clone, Copy, Debug)]
pub struct BatchStatement<'a> {
    /// Hash of the chain's first block.
    pub genesis: &'a Hash,
    /// The algorithm of the signing key.
    pub algorithm: AlgorithmId,
    /// What is stated.
    pub batch: &'a Batch,
}

impl BatchStatement<'_> {
    /// The bytes to sign.
    pub fn to_bytes(&self) -> Vec<u8> {
        (BATCH_TAG, STATEMENT_VERSION, self.genesis, self.algorithm, self.batch).encode()
    }
}

/// What a device signs to prove that it holds the key under which it is registered, or to which it rotates: 75 bytes
/// and then the key.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 16 | `citynet.device` padded with zeros |
/// | 16 | 1 | version, 1 |
/// | 17 | 32 | genesis hash |
/// | 49 | 2 | algorithm |
/// | 51 | 4 | organisation that registers |
/// | 55 | 8 | device; 0 when it is registered, since it has no number yet |
/// | 63 | 4 | epoch of the key; 0 when it is registered |
/// | 67 | 8 | expires, ms |
/// | 75 | … | the public key, without a length |
#[derive(Clone, Copy, Debug)]
pub struct PossessionStatement<'a> {
    /// Hash of the chain's first block.
    pub genesis: &'a Hash,
    /// The organisation that registers the device.
    pub organisation: OrganisationId,
    /// The device, or 0.
    pub device: DeviceId,
    /// The epoch that the key will have.
    pub epoch: Epoch,
    /// After this moment the chain refuses the statement.
    pub expires: Moment,
    /// The key.
    pub key: &'a DeviceKey,
}

impl PossessionStatement<'_> {
    /// The bytes to sign.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = (
            POSSESSION_TAG,
            STATEMENT_VERSION,
            self.genesis,
            self.key.algorithm,
            self.organisation,
            self.device,
            self.epoch,
            self.expires,
        )
            .encode();
        bytes.extend_from_slice(&self.key.public_key);
        bytes
    }
}
