//! Which GRANDPA authorities there were: the first set in the genesis state, and the headers that name each next set.

use crate::{
    grandpa::Authorities,
    header::Header,
    trie::{self, TrieError},
};
use alloc::vec::Vec;
use citynet_primitives::Hash;
use codec::{Decode, DecodeAll, Encode};

/// The consensus engine id of GRANDPA.
pub const GRANDPA_ENGINE: [u8; 4] = *b"FRNK";

/// The storage key of `Grandpa::Authorities`.
pub fn storage_key() -> Vec<u8> {
    [sp_crypto_hashing::twox_128(b"Grandpa"), sp_crypto_hashing::twox_128(b"Authorities")].concat()
}

/// Why a trie proof does not show the genesis authorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateProofError {
    /// A node is missing, or is not the one that its hash names.
    #[error("the trie nodes do not lead from the genesis state root to the GRANDPA authorities")]
    Incomplete,
    /// The state has no such value.
    #[error("the genesis state has no GRANDPA authorities")]
    Absent,
    /// A node is there that the path does not visit, or is there twice.
    #[error("the proof has trie nodes that it does not need")]
    UnusedNode,
    /// The value is not a list of authorities.
    #[error("the GRANDPA authorities in the genesis state do not decode")]
    Encoding,
}

/// The authorities of set 0, proven by trie nodes against the state root of the genesis block. The nodes may have any
/// order.
pub fn in_genesis_state(state_root: &Hash, nodes: &[Vec<u8>]) -> Result<Authorities, StateProofError> {
    let value = trie::value(state_root, &storage_key(), nodes).map_err(|error| match error {
        TrieError::Incomplete => StateProofError::Incomplete,
        TrieError::UnusedNode => StateProofError::UnusedNode,
    })?;
    let value = value.ok_or(StateProofError::Absent)?;
    Authorities::decode_all(&mut &value[..]).map_err(|_| StateProofError::Encoding)
}

/// What the runtime tells GRANDPA, as `sp_consensus_grandpa::ConsensusLog<u32>` encodes it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
enum ConsensusLog {
    #[codec(index = 1)]
    ScheduledChange(ScheduledChange),
    #[codec(index = 2)]
    ForcedChange(u32, ScheduledChange),
    #[codec(index = 3)]
    OnDisabled(u64),
    #[codec(index = 4)]
    Pause(u32),
    #[codec(index = 5)]
    Resume(u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct ScheduledChange {
    next_authorities: Authorities,
    delay: u32,
}

/// Why a header does not name the next authorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetChangeError {
    /// A GRANDPA digest item is unknown.
    #[error("a GRANDPA message in the header of block {0} does not decode")]
    Encoding(u32),
    /// There must be exactly one change.
    #[error("the header of block {block} schedules {found} changes of the authority set instead of one")]
    Count {
        /// The block's number.
        block: u32,
        /// How many there are.
        found: usize,
    },
    /// The set would change in a later block, which the bundle does not show.
    #[error("the change of the authority set in block {block} is delayed by {delay} blocks")]
    Delayed {
        /// The block's number.
        block: u32,
        /// By how many blocks.
        delay: u32,
    },
    /// A forced change is not backed by the votes of the set before.
    #[error("the header of block {0} forces a change of the authority set, which proves nothing")]
    Forced(u32),
}

/// The authorities that the header of a justified block hands over to.
pub fn handed_over(header: &Header) -> Result<Authorities, SetChangeError> {
    let block = header.number;
    let mut changes = Vec::new();
    for mut message in header.consensus(GRANDPA_ENGINE) {
        match ConsensusLog::decode_all(&mut message).map_err(|_| SetChangeError::Encoding(block))? {
            ConsensusLog::ScheduledChange(change) => changes.push(change),
            ConsensusLog::ForcedChange(..) => return Err(SetChangeError::Forced(block)),
            // None of them changes who is in the set.
            ConsensusLog::OnDisabled(_) | ConsensusLog::Pause(_) | ConsensusLog::Resume(_) => {}
        }
    }
    let found = changes.len();
    match (changes.pop(), found) {
        (Some(ScheduledChange { next_authorities, delay: 0 }), 1) => Ok(next_authorities),
        (Some(ScheduledChange { delay, .. }), 1) => Err(SetChangeError::Delayed { block, delay }),
        _ => Err(SetChangeError::Count { block, found }),
    }
}
