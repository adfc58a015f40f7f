//! Where the chain's state has the head of a subject: how many records there are about it, and a hash over all of them.
//!
//! A pallet that writes a subject's own value with every record keeps the head in that value; all other heads are in the
//! journal's map. [`storage_key`] says which is where. The runtime and this module must agree: a test of the crate
//! `citynet-rpc` compares them for every kind of subject.

use crate::trie::{self, TrieError};
use alloc::vec::Vec;
use citynet_primitives::{CycleInfo, DatasetInfo, DeviceInfo, GrantInfo, Hash, Subject, SubjectHead};
use codec::{DecodeAll, Encode};
use sp_crypto_hashing::{blake2_128, sha2_256, twox_128};

/// Why a state does not show the head of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// A node is missing, or is not the one that its hash names.
    #[error("the trie nodes do not lead from the block's state root to the head of {0}")]
    Incomplete(Subject),
    /// A node is there that the path does not visit, or is there twice.
    #[error("there are trie nodes that the head of {0} does not need")]
    UnusedNode(Subject),
    /// The value is of another layout than this verifier knows.
    #[error("the value that has the head of {0} does not decode")]
    Encoding(Subject),
}

/// The storage key of the value that has the head of a subject.
pub fn storage_key(subject: &Subject) -> Vec<u8> {
    match subject {
        Subject::Organisation(_) => map_key(b"Journal", b"Heads", &subject.encode()),
        Subject::Dataset(dataset) => map_key(b"Catalog", b"Datasets", &dataset.encode()),
        Subject::Device(device) => map_key(b"Attestations", b"Devices", &device.encode()),
        Subject::Grant(grant) => map_key(b"Grants", b"Grants", &grant.encode()),
        Subject::Cycle(cycle) => map_key(b"Settlements", b"Cycles", &cycle.encode()),
    }
}

/// `twox128(pallet) ‖ twox128(map) ‖ BLAKE2b-128(key) ‖ key`: an entry of a map with the hasher `Blake2_128Concat`.
fn map_key(pallet: &[u8], map: &[u8], key: &[u8]) -> Vec<u8> {
    [&twox_128(pallet)[..], &twox_128(map)[..], &blake2_128(key)[..], key].concat()
}

/// The head of a subject in the state with this root, shown by trie nodes in any order. Where there is no value there is
/// no record.
pub fn in_state(state_root: &Hash, subject: &Subject, nodes: &[Vec<u8>]) -> Result<SubjectHead, HeadError> {
    let value = trie::value(state_root, &storage_key(subject), nodes).map_err(|error| match error {
        TrieError::Incomplete => HeadError::Incomplete(*subject),
        TrieError::UnusedNode => HeadError::UnusedNode(*subject),
    })?;
    match value {
        Some(value) => in_value(subject, &value).ok_or(HeadError::Encoding(*subject)),
        None => Ok(SubjectHead::default()),
    }
}

fn in_value(subject: &Subject, value: &[u8]) -> Option<SubjectHead> {
    match subject {
        Subject::Organisation(_) => exactly::<SubjectHead>(value),
        Subject::Dataset(_) => exactly::<DatasetInfo>(value).map(|info| info.head),
        Subject::Device(_) => exactly::<DeviceInfo>(value).map(|info| info.head),
        Subject::Grant(_) => exactly::<GrantInfo>(value).map(|info| info.head),
        Subject::Cycle(_) => exactly::<CycleInfo>(value).map(|info| info.head),
    }
}

fn exactly<T: DecodeAll + Encode>(value: &[u8]) -> Option<T> {
    T::decode_all(&mut &value[..]).ok().filter(|decoded| decoded.encode() == value)
}

/// The head of the subject of records with these leaf hashes, in their order: from 32 zero bytes on, every record makes
/// the chain hash `SHA256(0x02 ‖ chain hash ‖ leaf hash)`.
pub fn over<'a>(leaves: impl IntoIterator<Item = &'a Hash>) -> SubjectHead {
    leaves.into_iter().fold(SubjectHead::default(), |head, leaf| SubjectHead {
        count: head.count.saturating_add(1),
        chain: sha2_256(&[&[0x02][..], &head.chain[..], &leaf[..]].concat()),
    })
}
