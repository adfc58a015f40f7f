//! The verification of a dossier: that its lists are complete, and that they are those which its question needs.

use crate::{
    attestation::{Attestation, VerifiedReading},
    completeness::{check_complete, check_genesis_nodes, check_nodes},
    dossier::{Dossier, DossierFormat},
    evidence::FormatError,
    finality::{check_chain, Block, Foundation, Trust},
    head, hex_text,
    question::Question,
    reading::ReadingError,
    verify::{at, decimal, failure, record, Failure, Passed, Reason, Step},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString},
    vec::Vec,
};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{Batch, Body, DeviceId, Epoch, Hash, Record, Subject};
use core::mem;
use serde::{Serialize, Serializer};

/// What a dossier proves: these are all the records up to the block from which the question is answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedDossier {
    /// The chain.
    #[serde(serialize_with = "hex_text::one::serialize")]
    pub genesis: Hash,
    /// The final block whose state has the subjects' heads.
    pub block: Block,
    /// The authority set that made the block final.
    #[serde(serialize_with = "decimal")]
    pub set_id: u64,
    /// The question.
    pub question: Question,
    /// The indices of all records about each subject that the question needs, ascending.
    #[serde(serialize_with = "print_lists")]
    pub lists: BTreeMap<Subject, Vec<u64>>,
    /// Every record of the lists once, ascending by index.
    pub records: Vec<Record>,
    /// The reading, if the question asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<VerifiedReading>,
    /// What each step found, in the order of [`Step`], in words.
    pub steps: Vec<(Step, String)>,
}

impl VerifiedDossier {
    /// All records about a subject, ascending by index. None about a subject that the question does not need.
    pub fn about(&self, subject: &Subject) -> impl Iterator<Item = &Record> {
        self.lists.get(subject).into_iter().flatten().filter_map(|index| find(&self.records, *index))
    }
}

fn print_lists<S: Serializer>(lists: &BTreeMap<Subject, Vec<u64>>, serializer: S) -> Result<S::Ok, S::Error> {
    let texts = |indices: &Vec<u64>| indices.iter().map(ToString::to_string).collect::<Vec<_>>();
    serializer.collect_map(lists.iter().map(|(subject, indices)| (subject.to_string(), texts(indices))))
}

/// The record with this index among some that ascend by it.
fn find(records: &[Record], index: u64) -> Option<&Record> {
    let position = records.binary_search_by_key(&index, |record| record.index).ok()?;
    records.get(position)
}

/// Verifies a dossier.
///
/// First upwards: every subject's head in the state of the final block, that the records are exactly those under these
/// heads, that they are what the question needs, and the reading, if it asks for one. Then the authority sets, as
/// [`crate::verify()`] does. The first failure ends it.
///
/// # Errors
///
/// [`Failure`].
pub fn verify_dossier(json: &[u8], trust: &Trust) -> Result<VerifiedDossier, Failure> {
    let mut passed = Passed::new();
    take_steps(json, trust, &mut passed).map_err(|failed| failure(failed, passed))
}

fn take_steps(json: &[u8], trust: &Trust, passed: &mut Passed) -> Result<VerifiedDossier, (Step, Reason)> {
    let dossier = Dossier::from_json(json).map_err(at(Step::Format))?;
    let records = decode_records(&dossier).map_err(at(Step::Format))?;
    let lists = decode_lists(&dossier, &records).map_err(at(Step::Format))?;
    let foundation = decode_foundation(&dossier).map_err(at(Step::Format))?;
    passed.insert(Step::Format, format!("{} bytes of canonical JSON", json.len()));
    check_chain(dossier.genesis_hash, trust).map_err(at(Step::Genesis))?;

    check_lists(&dossier, &records, &foundation, passed)?;
    dossier.question.check(&lists).map_err(at(Step::Question))?;
    passed.insert(
        Step::Question,
        match lists.len() {
            1 => "the list that the question needs is there, and no other".into(),
            count => format!("the {count} lists that the question needs are there, and no others"),
        },
    );
    let reading = verify_reading(&dossier, &lists, passed)?;
    let set_id = foundation.verify(&dossier.genesis_hash, trust, passed)?;

    Ok(VerifiedDossier {
        genesis: dossier.genesis_hash,
        block: foundation.block(),
        set_id,
        question: dossier.question,
        lists: dossier.lists.into_iter().map(|list| (list.subject, list.records)).collect(),
        records,
        reading,
        steps: mem::take(passed).into_iter().collect(),
    })
}

fn decode_records(dossier: &Dossier) -> Result<Vec<Record>, FormatError> {
    let records = dossier.records.iter().map(|bytes| record("records", bytes)).collect::<Result<Vec<_>, _>>()?;
    if !records.is_sorted_by(|one, next| one.index < next.index) {
        return Err(refused("records", "the records are not in ascending order, each once"));
    }
    Ok(records)
}

/// The records of every list.
fn decode_lists<'a>(
    dossier: &Dossier,
    records: &'a [Record],
) -> Result<BTreeMap<Subject, Vec<&'a Record>>, FormatError> {
    if !dossier.lists.is_sorted_by(|one, next| one.subject < next.subject) {
        return Err(refused("lists", "the lists are not in ascending order of their subjects, each once"));
    }
    let mut named = BTreeSet::<u64>::new();
    let mut lists = BTreeMap::new();
    for list in &dossier.lists {
        check_nodes("lists.head", &list.head)?;
        if !list.records.is_sorted_by(|one, next| one < next) {
            return Err(refused("lists.records", "the records are not in ascending order, each once"));
        }
        let found = list.records.iter().map(|index| find(records, *index)).collect::<Option<Vec<_>>>();
        lists.insert(
            list.subject,
            found.ok_or_else(|| refused("lists.records", "it names a record that is not there"))?,
        );
        named.extend(&list.records);
    }
    // All that are named are there.
    if named.len() != records.len() {
        return Err(refused("records", "there is a record that no list names"));
    }
    Ok(lists)
}

fn decode_foundation(dossier: &Dossier) -> Result<Foundation<'_>, FormatError> {
    check_genesis_nodes(&dossier.authorities)?;
    if dossier.format != DossierFormat::of(&dossier.question) {
        return Err(refused("format", "the question belongs to another version of it"));
    }
    if matches!(dossier.question, Question::Reading { .. }) != dossier.reading.is_some() {
        return Err(refused("reading", "it is to be there exactly when the question asks for one"));
    }
    Foundation::decode(&dossier.finality, &dossier.authorities)
}

fn refused(field: &'static str, problem: &'static str) -> FormatError {
    FormatError::Encoding { field, problem }
}

/// Checks that every list is complete: first the heads of all, then the records.
fn check_lists(
    dossier: &Dossier,
    records: &[Record],
    foundation: &Foundation<'_>,
    passed: &mut Passed,
) -> Result<(), (Step, Reason)> {
    let block = foundation.block().number;
    let state_root = &foundation.header().state_root;
    let heads = dossier.lists.iter().map(|list| head::in_state(state_root, &list.subject, &list.head));
    let heads = heads.collect::<Result<Vec<_>, _>>().map_err(at(Step::SubjectHead))?;
    let subjects = match dossier.lists.as_slice() {
        [list] => list.subject.to_string(),
        lists => format!("{} subjects", lists.len()),
    };
    passed.insert(Step::SubjectHead, format!("the state after block {block} counts the records about {subjects}"));

    // A record is about several subjects, but hashed once.
    let leaves = dossier.records.iter().map(|bytes| leaf_hash::<Portable>(bytes));
    let leaves: BTreeMap<u64, Hash> = records.iter().map(|record| record.index).zip(leaves).collect();
    for (list, head) in dossier.lists.iter().zip(&heads) {
        let listed = list.records.iter().filter_map(|index| leaves.get(index));
        check_complete(listed, head, list.subject, block).map_err(at(Step::Records))?;
    }
    passed.insert(Step::Records, format!("these are all: {} records about {subjects}", records.len()));
    Ok(())
}

/// Takes the steps of the reading that the question asks for. Batch and key are looked for in the device's list, which is
/// complete: what is not there is not in the ledger.
fn verify_reading(
    dossier: &Dossier,
    lists: &BTreeMap<Subject, Vec<&Record>>,
    passed: &mut Passed,
) -> Result<Option<VerifiedReading>, (Step, Reason)> {
    let (Question::Reading { device, sequence }, Some(proof)) = (dossier.question, &dossier.reading) else {
        return Ok(None);
    };
    let list = lists.get(&Subject::Device(device)).map(Vec::as_slice).unwrap_or_default();
    let (record, epoch) = batch(list, device, sequence)
        .ok_or(ReadingError::NotAttested { device, sequence })
        .map_err(at(Step::Reading))?;
    if proof.leaf.get("sequence").and_then(|text| text.as_str()) != Some(&sequence.to_string()) {
        return Err(at(Step::Reading)(ReadingError::NotAsked(sequence)));
    }
    let attestation = Attestation { proof, batch: record, key: key(list, device, epoch) };
    attestation.verify(&dossier.genesis_hash, passed).map(Some)
}

/// The record of the batch that has a reading, and the epoch of the key that signed it.
fn batch<'a>(list: &[&'a Record], device: DeviceId, sequence: u64) -> Option<(&'a Record, Epoch)> {
    let has = |batch: &Batch| {
        let position = sequence.checked_sub(batch.first_sequence);
        batch.device == device && position.is_some_and(|position| position < batch.count.into())
    };
    list.iter().find_map(|record| match &record.body {
        Body::BatchAttested { batch, .. } if has(batch) => Some((*record, batch.epoch)),
        _ => None,
    })
}

/// The record that made a device's key known.
fn key<'a>(list: &[&'a Record], device: DeviceId, epoch: Epoch) -> Option<&'a Record> {
    list.iter().copied().find(|record| match &record.body {
        Body::DeviceRegistered { device: id, .. } => (*id, 0) == (device, epoch),
        Body::DeviceKeyRotated { device: id, epoch: begun, .. } => (*id, *begun) == (device, epoch),
        _ => false,
    })
}
