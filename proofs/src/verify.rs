//! The verification of a bundle, from the reading to genesis, and the steps and failures of every document.

use crate::{
    attestation::{Attestation, DeviceKeyError, VerifiedReading},
    completeness::RecordsError,
    evidence::{Evidence, FormatError, ReadingProof},
    finality::{check_chain, AuthoritiesError, Block, Foundation, GenesisError, Trust},
    grandpa::JustificationError,
    head::HeadError,
    header::TreeHeadError,
    hex_text,
    jcs::JcsError,
    question::QuestionError,
    reading::ReadingError,
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use citynet_merkle::{leaf_hash, verify_inclusion, InclusionError, Portable};
use citynet_primitives::{Hash, Record, TreeHead, RECORD_VERSION};
use codec::{DecodeAll, Encode};
use core::{fmt, mem};
use serde::{Serialize, Serializer};

/// A step of the verification, in the order from the reading to genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The text is exactly one canonical document whose parts decode.
    Format,
    /// The lists of a dossier are those that its question needs.
    Question,
    /// The leaf is about this source line and belongs to this batch.
    Reading,
    /// The leaf is in the batch's tree.
    Batch,
    /// The device signed the batch with the key that the ledger has for it.
    DeviceSignature,
    /// The records are in the journal's tree.
    Inclusion,
    /// The block's header commits to the journal's tree.
    TreeHead,
    /// The records of a list are all those under the subject's head.
    Records,
    /// The subject's head is in the state of the block.
    SubjectHead,
    /// The block is final.
    Finality,
    /// The authorities who made it final follow from the first ones.
    Authorities,
    /// The first authorities are those of the chain that the reader trusts.
    Genesis,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => "format",
            Self::Question => "question",
            Self::Reading => "reading",
            Self::Batch => "batch",
            Self::DeviceSignature => "device signature",
            Self::Inclusion => "inclusion",
            Self::TreeHead => "tree head",
            Self::Records => "records",
            Self::SubjectHead => "subject head",
            Self::Finality => "finality",
            Self::Authorities => "authorities",
            Self::Genesis => "genesis",
        })
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The step that failed, why, and what passed before it.
#[derive(Debug, thiserror::Error)]
#[error("{step}: {reason}")]
pub struct Failure {
    /// The step.
    pub step: Step,
    /// Why.
    #[source]
    pub reason: Reason,
    /// What each step that passed found, in the order of [`Step`], in words. Every step that is neither here nor the one
    /// that failed was not taken.
    pub passed: Vec<(Step, String)>,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// See [`FormatError`].
    #[error(transparent)]
    Format(#[from] FormatError),
    /// See [`ReadingError`].
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// See [`JcsError`].
    #[error(transparent)]
    Leaf(#[from] JcsError),
    /// The path does not lead from the leaf to the root of the batch.
    #[error("the leaf is not number {position} of the {count} in the batch's root: {source}")]
    NotInBatch {
        /// What is wrong.
        source: InclusionError,
        /// Where the leaf should be.
        position: u32,
        /// How many leaves the batch has.
        count: u32,
    },
    /// See [`DeviceKeyError`].
    #[error(transparent)]
    DeviceKey(#[from] DeviceKeyError),
    /// The path does not lead from the record to the root of the journal's tree.
    #[error("`{field}` is not record {index} of the {size} in the tree of block {block}: {source}")]
    NotInJournal {
        /// What is wrong.
        source: InclusionError,
        /// The record.
        field: &'static str,
        /// Where it should be.
        index: u64,
        /// How many there are.
        size: u64,
        /// The block whose tree it is.
        block: u32,
    },
    /// See [`TreeHeadError`].
    #[error(transparent)]
    TreeHead(#[from] TreeHeadError),
    /// See [`QuestionError`].
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// See [`RecordsError`].
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// See [`HeadError`].
    #[error(transparent)]
    SubjectHead(#[from] HeadError),
    /// See [`JustificationError`].
    #[error(transparent)]
    Finality(#[from] JustificationError),
    /// See [`AuthoritiesError`].
    #[error(transparent)]
    Authorities(#[from] AuthoritiesError),
    /// See [`GenesisError`].
    #[error(transparent)]
    Genesis(#[from] GenesisError),
}

/// What a bundle proves.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// The chain.
    #[serde(serialize_with = "hex_text::one::serialize")]
    pub genesis: Hash,
    /// The final block whose header commits to the record.
    pub block: Block,
    /// The authority set that made the block final.
    #[serde(serialize_with = "decimal")]
    pub set_id: u64,
    /// The journal's tree at that block.
    pub tree: TreeHead,
    /// The record.
    pub record: Record,
    /// The reading, if the bundle is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<VerifiedReading>,
    /// What each step found, in the order of [`Step`], in words.
    pub steps: Vec<(Step, String)>,
}

pub(crate) fn decimal<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// Verifies a bundle.
///
/// The steps of the reading are taken upwards to the tree head; then the authority sets downwards from what the reader
/// trusts, so that no vote is ever counted for a set that is not itself proven. The first failure ends it.
pub fn verify(json: &[u8], trust: &Trust) -> Result<Verified, Failure> {
    let mut passed = Passed::new();
    take_steps(json, trust, &mut passed).map_err(|failed| failure(failed, passed))
}

pub(crate) fn failure((step, reason): (Step, Reason), passed: Passed) -> Failure {
    Failure { step, reason, passed: passed.into_iter().collect() }
}

/// What the steps that passed found. They are not taken in the order of [`Step`].
pub(crate) type Passed = BTreeMap<Step, String>;

fn take_steps(json: &[u8], trust: &Trust, passed: &mut Passed) -> Result<Verified, (Step, Reason)> {
    let evidence = Evidence::from_json(json).map_err(at(Step::Format))?;
    let bundle = Bundle::decode(&evidence).map_err(at(Step::Format))?;
    passed.insert(Step::Format, format!("{} bytes of canonical JSON", json.len()));
    // First, because every device signature names the chain too and would blame the device.
    check_chain(evidence.genesis_hash, trust).map_err(at(Step::Genesis))?;

    let reading = match &bundle.reading {
        Some(Reading { proof, key, .. }) => {
            let attestation = Attestation { proof, batch: &bundle.record, key: Some(key) };
            Some(attestation.verify(&evidence.genesis_hash, passed)?)
        }
        None => None,
    };
    let block = bundle.foundation.block();
    let tree = bundle.foundation.header().tree_head().map_err(at(Step::TreeHead))?;
    passed.insert(
        Step::TreeHead,
        format!(
            "the header of block {} commits to a tree of {} records with root {}",
            block.number,
            tree.size,
            hex_text::print(&tree.root)
        ),
    );
    bundle.verify_inclusion(&tree).map_err(at(Step::Inclusion))?;
    passed.insert(
        Step::Inclusion,
        match &bundle.reading {
            Some(reading) => format!(
                "the batch (record {}) and the key (record {}) are among the journal's {} records",
                bundle.record.index, reading.key.index, tree.size
            ),
            None => format!("record {} is among the journal's {} records", bundle.record.index, tree.size),
        },
    );

    let set_id = bundle.foundation.verify(&evidence.genesis_hash, trust, passed)?;

    let steps = mem::take(passed).into_iter().collect();
    Ok(Verified { genesis: evidence.genesis_hash, block, set_id, tree, record: bundle.record, reading, steps })
}

pub(crate) fn at<E: Into<Reason>>(step: Step) -> impl Fn(E) -> (Step, Reason) {
    move |reason| (step, reason.into())
}

/// A bundle with all its parts decoded.
struct Bundle<'a> {
    record: Record,
    path: &'a [Hash],
    reading: Option<Reading<'a>>,
    foundation: Foundation<'a>,
}

struct Reading<'a> {
    proof: &'a ReadingProof,
    key: Record,
    key_path: &'a [Hash],
}

impl<'a> Bundle<'a> {
    fn decode(evidence: &'a Evidence) -> Result<Self, FormatError> {
        let reading = match (&evidence.reading, &evidence.device_key) {
            (Some(proof), Some(key)) => {
                Some(Reading { proof, key: record("deviceKey.record", &key.record)?, key_path: &key.path })
            }
            (None, None) => None,
            _ => return Err(FormatError::Halved),
        };
        Ok(Self {
            record: record("record.record", &evidence.record.record)?,
            path: &evidence.record.path,
            reading,
            foundation: Foundation::decode(&evidence.finality, &evidence.authorities)?,
        })
    }

    fn verify_inclusion(&self, tree: &TreeHead) -> Result<(), Reason> {
        let block = self.foundation.header().number;
        let included = |field, record: &Record, path: &[Hash]| {
            let leaf = leaf_hash::<Portable>(&record.encode());
            verify_inclusion::<Portable>(&leaf, record.index, tree.size, path, &tree.root)
                .map_err(|source| Reason::NotInJournal { source, field, index: record.index, size: tree.size, block })
        };
        included("record", &self.record, self.path)?;
        match &self.reading {
            Some(reading) => included("deviceKey", &reading.key, reading.key_path),
            None => Ok(()),
        }
    }
}

pub(crate) fn record(field: &'static str, bytes: &[u8]) -> Result<Record, FormatError> {
    let refused = |problem| FormatError::Encoding { field, problem };
    if bytes.first().is_some_and(|version| *version != RECORD_VERSION) {
        return Err(refused("records of this version are not supported by this verifier"));
    }
    let record = Record::decode_all(&mut &bytes[..])
        .map_err(|_| refused("the record is not exactly one SCALE-encoded record"))?;
    if record.encode() != bytes {
        return Err(refused("the record is not encoded canonically"));
    }
    Ok(record)
}
