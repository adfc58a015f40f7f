//! The verification of a list: that the records about a subject are all that there are up to a block.

use crate::{
    evidence::{AuthoritiesProof, FormatError},
    finality::{check_chain, Block, Foundation, Trust},
    head, hex_text,
    list::{List, ListedRecord},
    subject_text,
    verify::{at, decimal, failure, record, Failure, Passed, Reason, Step},
};
use alloc::{format, string::String, vec::Vec};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{Hash, Record, Subject, SubjectHead};
use core::mem;
use serde::Serialize;

/// Why records are not all that there are about a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordsError {
    /// Too few or too many.
    #[error("{found} records are listed, but there are {count} about {subject} up to block {block}")]
    Count {
        /// How many are listed.
        found: u64,
        /// How many there are.
        count: u64,
        /// About what.
        subject: Subject,
        /// Up to which block.
        block: u32,
    },
    /// The right number, but others, or not in their order.
    #[error("the {count} listed records are not those about {subject} up to block {block} in their order: they lead to another chain hash")]
    Chain {
        /// How many there are.
        count: u64,
        /// About what.
        subject: Subject,
        /// Up to which block.
        block: u32,
    },
}

/// What a list proves: these are all the records about the subject up to the block.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedList {
    /// The chain.
    #[serde(serialize_with = "hex_text::one::serialize")]
    pub genesis: Hash,
    /// The final block whose state has the subject's head.
    pub block: Block,
    /// The authority set that made the block final.
    #[serde(serialize_with = "decimal")]
    pub set_id: u64,
    /// What the records are about.
    #[serde(serialize_with = "subject_text::serialize")]
    pub subject: Subject,
    /// How many there are, and the chain hash over them.
    pub head: SubjectHead,
    /// All of them, in the order of their indices.
    pub records: Vec<CompleteRecord>,
    /// What each step found, in the order of [`Step`], in words.
    pub steps: Vec<(Step, String)>,
}

/// A record of a list that was proven complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CompleteRecord {
    /// Its leaf hash.
    #[serde(serialize_with = "hex_text::one::serialize")]
    pub leaf: Hash,
    /// What it says, unless the list has only its leaf hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

/// Verifies a list.
///
/// First upwards: the subject's head in the state of the final block, then that the records are exactly those under this
/// head. Then the authority sets, as [`crate::verify`] does. The first failure ends it.
pub fn verify_list(json: &[u8], trust: &Trust) -> Result<VerifiedList, Failure> {
    let mut passed = Passed::new();
    take_steps(json, trust, &mut passed).map_err(|failed| failure(failed, passed))
}

fn take_steps(json: &[u8], trust: &Trust, passed: &mut Passed) -> Result<VerifiedList, (Step, Reason)> {
    let list = List::from_json(json).map_err(at(Step::Format))?;
    let (records, foundation) = decode(&list).map_err(at(Step::Format))?;
    passed.insert(Step::Format, format!("{} bytes of canonical JSON", json.len()));
    check_chain(list.genesis_hash, trust).map_err(at(Step::Genesis))?;

    let (subject, block) = (list.subject, foundation.block());
    let head = head::in_state(&foundation.header().state_root, &subject, &list.head).map_err(at(Step::SubjectHead))?;
    passed.insert(
        Step::SubjectHead,
        format!(
            "the state after block {} counts {} records about {subject}, with chain hash {}",
            block.number,
            head.count,
            hex_text::print(&head.chain)
        ),
    );
    let leaves = records.iter().map(|listed| &listed.leaf);
    check_complete(leaves, &head, subject, block.number).map_err(at(Step::Records))?;
    let in_full = records.iter().filter(|listed| listed.record.is_some()).count();
    passed.insert(
        Step::Records,
        match records.len() - in_full {
            0 => format!("these are all: {} records about {subject}", records.len()),
            concealed => format!(
                "these are all: {} records about {subject}, {concealed} of them by their leaf hash alone",
                records.len()
            ),
        },
    );
    let set_id = foundation.verify(&list.genesis_hash, trust, passed)?;

    let steps = mem::take(passed).into_iter().collect();
    Ok(VerifiedList { genesis: list.genesis_hash, block, set_id, subject, head, records, steps })
}

fn decode(list: &List) -> Result<(Vec<CompleteRecord>, Foundation<'_>), FormatError> {
    let records = list.records.iter().map(|listed| match listed {
        ListedRecord::Leaf(leaf) => Ok(CompleteRecord { leaf: *leaf, record: None }),
        ListedRecord::Record(bytes) => {
            let record = record("records", bytes)?;
            Ok(CompleteRecord { leaf: leaf_hash::<Portable>(bytes), record: Some(record) })
        }
    });
    let records = records.collect::<Result<Vec<_>, FormatError>>()?;
    check_nodes("head", &list.head)?;
    check_genesis_nodes(&list.authorities)?;
    Ok((records, Foundation::decode(&list.finality, &list.authorities)?))
}

/// The order of trie nodes means nothing, so one is prescribed.
pub(crate) fn check_nodes(field: &'static str, nodes: &[Vec<u8>]) -> Result<(), FormatError> {
    if nodes.is_sorted_by(|a, b| a < b) {
        return Ok(());
    }
    Err(FormatError::Encoding { field, problem: "the trie nodes are not in ascending order, each once" })
}

/// The same for those of the genesis state.
pub(crate) fn check_genesis_nodes(authorities: &AuthoritiesProof) -> Result<(), FormatError> {
    match &authorities.genesis {
        Some(genesis) => check_nodes("authorities.genesis.proof", &genesis.proof),
        None => Ok(()),
    }
}

/// Checks that records with these leaf hashes are all that a head of a subject counts.
pub(crate) fn check_complete<'a>(
    leaves: impl IntoIterator<Item = &'a Hash>,
    head: &SubjectHead,
    subject: Subject,
    block: u32,
) -> Result<(), RecordsError> {
    let listed = head::over(leaves);
    if listed.count != head.count {
        return Err(RecordsError::Count { found: listed.count, count: head.count, subject, block });
    }
    if listed.chain != head.chain {
        return Err(RecordsError::Chain { count: head.count, subject, block });
    }
    Ok(())
}
