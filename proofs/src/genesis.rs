//! The genesis block: its hash names the chain and is all that a reader must know.

use crate::header::Header;
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use citynet_primitives::Hash;
use serde::{de::IgnoredAny, Deserialize};
use sp_core::Blake2Hasher;
use sp_trie::{LayoutV1, TrieConfiguration};

/// The root of a trie without entries: BLAKE2b-256 of one zero byte.
pub const EMPTY_TRIE_ROOT: Hash = [
    0x03, 0x17, 0x0a, 0x2e, 0x75, 0x97, 0xb7, 0xb7, 0xe3, 0xd8, 0x4c, 0x05, 0x39, 0x1d, 0x13, 0x9a, 0x62, 0xb1, 0x57,
    0xe7, 0x87, 0x86, 0xd8, 0xc0, 0x82, 0xf2, 0x9d, 0xcf, 0x4c, 0x11, 0x13, 0x14,
];

/// The genesis hash of the chain whose first state has this root. Everything else in a genesis header is fixed: no
/// parent, number 0, no extrinsics, no digest.
pub fn header_hash(state_root: &Hash) -> Hash {
    Header {
        parent_hash: [0; 32],
        number: 0,
        state_root: *state_root,
        extrinsics_root: EMPTY_TRIE_ROOT,
        digest: Vec::new(),
    }
    .hash()
}

/// Why a chain specification has no genesis hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Not JSON, or not a chain specification.
    #[error("not a chain specification: {0}")]
    Json(String),
    /// The state is not spelled out.
    #[error("the chain specification is not raw, so its genesis state is not known without running it; export it with --raw")]
    NotRaw,
    /// Keys and values are hex.
    #[error("the genesis state has a key or value that is not hex with 0x before it: {0}")]
    Hex(String),
    /// Child tries are not computed here.
    #[error("the genesis state has child tries, which this verifier does not support")]
    ChildTries,
}

#[derive(Deserialize)]
struct Spec {
    genesis: Genesis,
}

#[derive(Deserialize)]
struct Genesis {
    raw: Option<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    top: BTreeMap<String, String>,
    #[serde(default)]
    children_default: BTreeMap<String, IgnoredAny>,
}

/// The genesis hash of a raw chain specification (`export-chain-spec --raw`), computed from the whole state that it
/// spells out, in state version 1.
pub fn hash_of_raw_spec(json: &[u8]) -> Result<Hash, SpecError> {
    let spec: Spec = serde_json::from_slice(json).map_err(|error| SpecError::Json(error.to_string()))?;
    let raw = spec.genesis.raw.ok_or(SpecError::NotRaw)?;
    if !raw.children_default.is_empty() {
        return Err(SpecError::ChildTries);
    }
    let state = raw
        .top
        .iter()
        .map(|(key, value)| Ok((bytes(key)?, bytes(value)?)))
        .collect::<Result<BTreeMap<Vec<u8>, Vec<u8>>, SpecError>>()?;
    let root = LayoutV1::<Blake2Hasher>::trie_root(state);
    Ok(header_hash(&root.0))
}

/// Chain specifications may write hex in either case.
fn bytes(text: &str) -> Result<Vec<u8>, SpecError> {
    text.strip_prefix("0x")
        .and_then(|digits| hex::decode(digits).ok())
        .ok_or_else(|| SpecError::Hex(text.chars().take(80).collect()))
}
