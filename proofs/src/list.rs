//! The list of all records about a subject, as JSON. The format is specified in `docs/evidence.md`.

use crate::{
    evidence::{ensure_canonical, AuthoritiesProof, FormatError, JustifiedHeader},
    hex_text, subject_text,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{Hash, Subject};
use serde::{Deserialize, Serialize};

/// A list with what proves it complete, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct List {
    /// Who was entitled to make blocks final.
    pub authorities: AuthoritiesProof,
    /// The block up to which the list goes, and why it is final.
    pub finality: JustifiedHeader,
    /// The format's version.
    pub format: ListFormat,
    /// The chain.
    #[serde(with = "hex_text::one")]
    pub genesis_hash: Hash,
    /// Trie nodes from the state root in the header to the value that has the subject's head, or to where it would be:
    /// ascending, each exactly once.
    #[serde(with = "hex_text::list")]
    pub head: Vec<Vec<u8>>,
    /// The records, in the order of their indices.
    pub records: Vec<ListedRecord>,
    /// What they are about.
    #[serde(with = "subject_text")]
    pub subject: Subject,
}

/// Versions of the list's format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListFormat {
    /// Version 1.
    #[default]
    #[serde(rename = "citynet.list/1")]
    V1,
}

impl ListFormat {
    /// With what the names of all versions begin.
    pub const PREFIX: &'static str = "citynet.list/";
}

/// A record of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ListedRecord {
    /// That there is a record, but not what it says: its leaf hash, `SHA256(0x00 ‖ record)`.
    Leaf(#[serde(with = "hex_text::one")] Hash),
    /// The SCALE-encoded record.
    Record(#[serde(with = "hex_text::one")] Vec<u8>),
}

impl ListedRecord {
    /// The record's leaf hash.
    pub fn leaf(&self) -> Hash {
        match self {
            Self::Leaf(leaf) => *leaf,
            Self::Record(record) => leaf_hash::<Portable>(record),
        }
    }

    /// The same without what the record says. A list with it is as complete as before.
    pub fn concealed(&self) -> Self {
        Self::Leaf(self.leaf())
    }
}

impl List {
    /// Reads a list. The text must be exactly what [`List::to_json`] gives: no white space, no other order, no unknown or
    /// repeated member.
    pub fn from_json(json: &[u8]) -> Result<Self, FormatError> {
        let list: Self = serde_json::from_slice(json).map_err(|error| FormatError::NotAList(error.to_string()))?;
        ensure_canonical(&list.to_json(), json)?;
        Ok(list)
    }

    /// The canonical text.
    ///
    /// Members are declared in the order of RFC 8785, and nothing in them is a number or has to be escaped: so the text is
    /// written at once. By way of a [`serde_json::Value`], a list of a million records would take a gigabyte.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("every member is a string, a list or an object with text keys")
    }

    /// The list for a reader who trusts a checkpoint: see [`AuthoritiesProof::since_checkpoint`].
    pub fn since_checkpoint(mut self, set_id: u64) -> Option<Self> {
        self.authorities = self.authorities.since_checkpoint(set_id)?;
        Some(self)
    }
}
