//! On what an answer rests.

use crate::hash;
use citynet_primitives::{Hash, Moment};
use citynet_proofs::VerifiedDossier;
use serde_json::{json, Value};

/// On what an answer rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The block for which it is true.
    pub as_of: AsOf,
    /// Whether it is proven, or a node is trusted.
    pub proven: bool,
}

impl Basis {
    /// The word of a node.
    pub fn node(as_of: &AsOf) -> Self {
        Self { as_of: as_of.clone(), proven: false }
    }

    /// A verified dossier. A header has no time, so it is that of the last record in it.
    pub fn of(verified: &VerifiedDossier) -> Self {
        let time = verified.records.last().map(|record| record.time).unwrap_or_default();
        let as_of = AsOf { genesis: verified.genesis, block: verified.block.number, hash: verified.block.hash, time };
        Self { as_of, proven: true }
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        let mut told = self.as_of.to_json();
        told["proven"] = self.proven.into();
        told
    }
}

/// Which state of which chain an answer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The chain.
    pub genesis: Hash,
    /// The number of the block.
    pub block: u32,
    /// Its hash.
    pub hash: Hash,
    /// Its time.
    pub time: Moment,
}

impl AsOf {
    /// As JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "genesisHash": hash::print(self.genesis),
            "block": { "number": self.block, "hash": hash::print(self.hash) },
            "time": self.time.to_string(),
        })
    }
}
