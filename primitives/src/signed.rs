//! The exact bytes that are signed off chain, by devices and by organisations that apply for membership.
//!
//! Every statement is the SCALE encoding of the structure below: fixed-size little-endian integers, one after the
//! other, nothing in between. It begins with a domain tag, a version, the genesis hash and the algorithm, so that a
//! signature for one purpose, chain or algorithm is never one for another.

use crate::{
    Account, AlgorithmId, Batch, DeviceId, DeviceKey, Epoch, Hash, Moment, OrganisationId, OrganisationKind,
    OrganisationProfile,
};
use alloc::vec::Vec;
use codec::Encode;

/// The version in every statement.
pub const STATEMENT_VERSION: u8 = 1;

const BATCH_TAG: [u8; 16] = *b"citynet.batch\0\0\0";
const POSSESSION_TAG: [u8; 16] = *b"citynet.device\0\0";
const APPLICATION_TAG: [u8; 16] = *b"citynet.applicat";

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

/// What the admin-to-be of an organisation signs to apply for its membership. A member puts it to the vote, since the chain
/// takes no transaction from an account that is none.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 16 | `citynet.applicat` |
/// | 16 | 1 | version, 1 |
/// | 17 | 32 | genesis hash |
/// | 49 | 32 | the admin's account, which signs |
/// | 81 | 1 | kind of the organisation |
/// | 82 | 8 | expires, ms |
/// | 90 | … | the profile in SCALE: name, contact, each with its compact length, and 32 bytes legal id |
///
/// The signature's scheme is that of the account and stands beside it in the transaction.
#[derive(Clone, Copy, Debug)]
pub struct ApplicationStatement<'a> {
    /// Hash of the chain's first block.
    pub genesis: &'a Hash,
    /// Its first admin.
    pub admin: &'a Account,
    /// What the organisation is.
    pub kind: OrganisationKind,
    /// After this moment the chain refuses the statement.
    pub expires: Moment,
    /// How it presents itself.
    pub profile: &'a OrganisationProfile,
}

impl ApplicationStatement<'_> {
    /// The bytes to sign.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { genesis, admin, kind, expires, profile } = self;
        (APPLICATION_TAG, STATEMENT_VERSION, genesis, admin, kind, expires, profile).encode()
    }
}
