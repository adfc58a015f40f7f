//! What can be asked.

use citynet_primitives::Hash;
use citynet_proofs::{evidence::FormatError, genesis::SpecError, Question, Trust};
use serde::{de::Error, Deserialize, Deserializer};

/// A request. After its line come the bytes that it is about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Request {
    /// Does this document hold? Answered with what it proves, and of a dossier with the answer to its question, or with the
    /// step that failed.
    Verify(Trusted),
    /// What is the genesis hash of the chain with this raw specification?
    Specification,
    /// Where does this leaf lead in the tree over all leaves, one a line? Answered with the root and the path.
    Path {
        /// The leaf's position, from 0.
        position: u64,
    },
    /// A dossier begins, on this question. Answered with the subjects whose lists are missing.
    Question(Question),
    /// This is one of the lists for the dossier. Answered with the subjects whose lists are still missing.
    List,
    /// Nothing is missing any more: what is the dossier's text? The bytes are the reading, if the question asks for one.
    Dossier,
}

/// What the reader trusts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Trusted {
    #[serde(deserialize_with = "hash")]
    genesis: Hash,
    checkpoint: Option<Checkpoint>,
}

/// A later authority set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Checkpoint {
    #[serde(deserialize_with = "decimal")]
    set_id: u64,
    authorities: Vec<Authority>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Authority {
    #[serde(deserialize_with = "hash")]
    key: Hash,
    #[serde(deserialize_with = "decimal")]
    weight: u64,
}

impl From<Trusted> for Trust {
    fn from(Trusted { genesis, checkpoint }: Trusted) -> Self {
        match checkpoint {
            None => Self::Genesis(genesis),
            Some(Checkpoint { set_id, authorities }) => Self::Checkpoint {
                genesis,
                set_id,
                authorities: authorities.into_iter().map(|authority| (authority.key, authority.weight)).collect(),
            },
        }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no line feed after the request.
    #[error("the request has no end")]
    Unended,
    /// It cannot be read.
    #[error("no such request: {0}")]
    Request(serde_json::Error),
    /// The chain's specification has no genesis hash.
    #[error(transparent)]
    Specification(#[from] SpecError),
    /// There is no such leaf.
    #[error("there is no leaf {0}")]
    NoLeaf(u64),
    /// A list or the reading cannot be used.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The reading is not what a document has of one.
    #[error("not a reading: {0}")]
    Reading(serde_json::Error),
    /// A list has something else than records.
    #[error("a record of the list of {0} does not decode")]
    Record(String),
    /// There is no question.
    #[error("no question was asked")]
    NoQuestion,
}

fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| D::Error::custom("a hash is 0x and 64 hex digits"))
}

fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(|_| D::Error::custom("not a decimal number of 64 bits"))
}
