//! The evidence bundle as JSON. The format is specified in `docs/evidence.md`.

use crate::{hex_text, jcs};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use citynet_primitives::Hash;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An evidence bundle, not yet verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    /// Who was entitled to make blocks final.
    pub authorities: AuthoritiesProof,
    /// The record that made the signing key known: the device's registration or a rotation. Present exactly when
    /// [`Evidence::reading`] is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_key: Option<RecordProof>,
    /// The block whose header commits to the journal's tree, and why it is final.
    pub finality: JustifiedHeader,
    /// The format's version.
    pub format: Format,
    /// The chain.
    #[serde(with = "hex_text::one")]
    pub genesis_hash: Hash,
    /// The reading; absent when a bare record is proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<ReadingProof>,
    /// The record: the batch that has the reading, or any record when there is no reading.
    pub record: RecordProof,
}

/// Versions of the format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Version 1.
    #[default]
    #[serde(rename = "citynet.evidence/1")]
    V1,
}

/// The authority sets from a trusted one to the one that made the block final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoritiesProof {
    /// Each header hands over from one set to the next, and is made final by the former.
    pub changes: Vec<JustifiedHeader>,
    /// The first set. Absent when the changes start at a checkpoint that the reader trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genesis: Option<GenesisProof>,
}

/// The authorities of set 0 in the state of the genesis block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisProof {
    /// Trie nodes from the root to the value, each exactly once, in any order.
    #[serde(with = "hex_text::list")]
    pub proof: Vec<Vec<u8>>,
    /// State root of the genesis block.
    #[serde(with = "hex_text::one")]
    pub state_root: Hash,
}

/// A header and the justification that makes its block final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JustifiedHeader {
    /// The SCALE-encoded header.
    #[serde(with = "hex_text::one")]
    pub header: Vec<u8>,
    /// The SCALE-encoded GRANDPA justification.
    #[serde(with = "hex_text::one")]
    pub justification: Vec<u8>,
}

/// A record and its path to the root of the journal's tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordProof {
    /// RFC 9162 inclusion path, from the leaf upwards.
    #[serde(with = "hex_text::list")]
    pub path: Vec<Hash>,
    /// The SCALE-encoded record.
    #[serde(with = "hex_text::one")]
    pub record: Vec<u8>,
}

/// A reading and its path to the root of its batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingProof {
    /// The object whose canonical JSON is the leaf.
    pub leaf: Value,
    /// RFC 9162 inclusion path, from the leaf upwards.
    #[serde(with = "hex_text::list")]
    pub path: Vec<Hash>,
    /// The source line, without its line end.
    #[serde(with = "hex_text::one")]
    pub raw: Vec<u8>,
}

/// Why a text is not an evidence bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Not JSON, or not these fields.
    #[error("not an evidence bundle: {0}")]
    Json(String),
    /// Not JSON, or not the fields of a list.
    #[error("not a list of records: {0}")]
    NotAList(String),
    /// Not JSON, or not the fields of a dossier.
    #[error("not a dossier: {0}")]
    NotADossier(String),
    /// A number in the leaf has no canonical form.
    #[error(transparent)]
    NotPrintable(#[from] jcs::JcsError),
    /// The same content has exactly one text.
    #[error("the text is not RFC 8785 canonical JSON: it differs at byte {offset}")]
    NotCanonical {
        /// Position of the first byte that differs.
        offset: usize,
    },
    /// A part is missing or too much.
    #[error("`reading` and `deviceKey` belong together: one is there without the other")]
    Halved,
    /// Bytes are not what the field must hold.
    #[error("`{field}`: {problem}")]
    Encoding {
        /// The field.
        field: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
}

impl Evidence {
    /// Reads a bundle. The text must be exactly what [`Evidence::to_json`] gives: no white space, no other order, no
    /// unknown or repeated member.
    pub fn from_json(json: &[u8]) -> Result<Self, FormatError> {
        let evidence: Self = serde_json::from_slice(json).map_err(|error| FormatError::Json(error.to_string()))?;
        ensure_canonical(&evidence.to_json()?, json)?;
        Ok(evidence)
    }

    /// The canonical text. Fails only if a leaf has a number without a canonical form, which no leaf of a known schema
    /// has.
    pub fn to_json(&self) -> Result<String, FormatError> {
        let value = serde_json::to_value(self).map_err(|error| FormatError::Json(error.to_string()))?;
        Ok(jcs::to_string(&value)?)
    }

    /// The bundle for a reader who trusts a checkpoint: see [`AuthoritiesProof::since_checkpoint`].
    pub fn since_checkpoint(mut self, set_id: u64) -> Option<Self> {
        self.authorities = self.authorities.since_checkpoint(set_id)?;
        Some(self)
    }
}

impl AuthoritiesProof {
    /// The sets for a reader who trusts a checkpoint with this set id rather than genesis: without the genesis state and
    /// the set changes before the checkpoint. `None` if they do not start at genesis or end before that set.
    pub fn since_checkpoint(mut self, set_id: u64) -> Option<Self> {
        self.genesis.take()?;
        let skipped = usize::try_from(set_id).ok().filter(|skipped| *skipped <= self.changes.len())?;
        self.changes.drain(..skipped);
        Some(self)
    }
}

/// Checks that a text is the one text that its content has.
pub(crate) fn ensure_canonical(canonical: &str, json: &[u8]) -> Result<(), FormatError> {
    if canonical.as_bytes() == json {
        return Ok(());
    }
    let same = canonical.bytes().zip(json).take_while(|(a, b)| a == *b).count();
    Err(FormatError::NotCanonical { offset: same })
}
