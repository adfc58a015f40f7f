//! Block headers: the SCALE encoding of the SDK's `generic::Header<u32, BlakeTwo256>`, decoded without the SDK.

use alloc::vec::Vec;
use citynet_primitives::{Hash, TreeHead, TREE_HEAD_ENGINE};
use codec::{Decode, DecodeAll, Encode};

/// A block header.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// Hash of the parent block's header.
    pub parent_hash: Hash,
    /// The block's number.
    #[codec(compact)]
    pub number: u32,
    /// Root of the state trie after the block.
    pub state_root: Hash,
    /// Root of the block's extrinsics.
    pub extrinsics_root: Hash,
    /// What consensus and the runtime added.
    pub digest: Vec<DigestItem>,
}

/// One item of a header's digest.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum DigestItem {
    /// Anything.
    #[codec(index = 0)]
    Other(Vec<u8>),
    /// A message from the runtime to a consensus engine.
    #[codec(index = 4)]
    Consensus([u8; 4], Vec<u8>),
    /// The author's seal, added after the block was made.
    #[codec(index = 5)]
    Seal([u8; 4], Vec<u8>),
    /// A message from the consensus engine to the runtime.
    #[codec(index = 6)]
    PreRuntime([u8; 4], Vec<u8>),
    /// The runtime's code or heap pages changed.
    #[codec(index = 8)]
    RuntimeEnvironmentUpdated,
}

/// Bytes are not exactly one header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not exactly one SCALE-encoded block header")]
pub struct NotAHeader;

/// Why a header commits to no tree head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeHeadError {
    /// There must be exactly one.
    #[error("the header of block {block} has {found} tree heads in its digest instead of one")]
    Count {
        /// The block's number.
        block: u32,
        /// How many there are.
        found: usize,
    },
    /// The digest item holds something else.
    #[error("the tree head in the header of block {block} does not decode")]
    Encoding {
        /// The block's number.
        block: u32,
    },
}

impl Header {
    /// Decodes a header from exactly these bytes.
    pub fn from_scale(bytes: &[u8]) -> Result<Self, NotAHeader> {
        let header = Self::decode_all(&mut &bytes[..]).map_err(|_| NotAHeader)?;
        // One header has one encoding; anything else would hash to another block.
        if header.encode() != bytes {
            return Err(NotAHeader);
        }
        Ok(header)
    }

    /// The block's hash: BLAKE2b-256 of the encoded header.
    pub fn hash(&self) -> Hash {
        sp_crypto_hashing::blake2_256(&self.encode())
    }

    /// The messages from the runtime to one consensus engine.
    pub fn consensus(&self, engine: [u8; 4]) -> impl Iterator<Item = &[u8]> {
        self.digest.iter().filter_map(move |item| match item {
            DigestItem::Consensus(id, data) if *id == engine => Some(data.as_slice()),
            _ => None,
        })
    }

    /// The head of the journal's tree to which the header commits.
    pub fn tree_head(&self) -> Result<TreeHead, TreeHeadError> {
        let block = self.number;
        let mut items = self.consensus(TREE_HEAD_ENGINE);
        match (items.next(), items.count()) {
            (Some(mut item), 0) => TreeHead::decode_all(&mut item).map_err(|_| TreeHeadError::Encoding { block }),
            (first, more) => Err(TreeHeadError::Count { block, found: usize::from(first.is_some()) + more }),
        }
    }
}
