//! Answers.

use crate::request::{Refused, Request};
use citynet_answers::{answer_of, hash, Answer as _};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{Record, Subject};
use citynet_proofs::{
    evidence::ReadingProof, genesis, list::ListedRecord, verify_document, Dossier, Failure, List, Proven, Question,
    Step,
};
use codec::DecodeAll as _;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was asked so far, as far as answers depend on it.
#[derive(Debug, Default)]
pub struct Session {
    begun: Option<Begun>,
}

/// A dossier that is not whole yet.
#[derive(Debug)]
struct Begun {
    question: Question,
    known: BTreeMap<Subject, Vec<Record>>,
    indices: BTreeSet<u64>,
    lists: Vec<List>,
}

/// An answer. Each kind of it has another first member.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Answer<'a> {
    Holds {
        kind: &'static str,
        proven: &'a Proven,
        /// Of a dossier only. `null` when its question has no answer, which is proven then as an answer is.
        #[serde(skip_serializing_if = "Option::is_none")]
        answer: Option<Value>,
        /// Why the question has none.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Fails {
        step: Step,
        reason: String,
        passed: &'a [(Step, String)],
    },
    Genesis(String),
    Path {
        path: Vec<String>,
        root: String,
    },
    Missing {
        subjects: Vec<String>,
        records: usize,
    },
    Dossier(String),
    Refused(String),
}

impl Session {
    /// Nothing was asked yet.
    pub const fn new() -> Self {
        Self { begun: None }
    }

    /// Answers an input.
    ///
    /// # Panics
    ///
    /// When memory is too small for the answer.
    pub fn answer(&mut self, input: &[u8]) -> String {
        self.take(input).unwrap_or_else(|refused| print(&Answer::Refused(refused.to_string())))
    }

    fn take(&mut self, input: &[u8]) -> Result<String, Refused> {
        let end = input.iter().position(|byte| *byte == b'\n').ok_or(Refused::Unended)?;
        let (request, rest) = input.split_at(end);
        let body = rest.strip_prefix(b"\n").ok_or(Refused::Unended)?;
        Ok(match serde_json::from_slice(request).map_err(Refused::Request)? {
            Request::Verify(trusted) => match verify_document(body, &trusted.into()) {
                Ok(proven) => holds(&proven),
                Err(Failure { step, reason, passed }) => {
                    print(&Answer::Fails { step, reason: reason.to_string(), passed: &passed })
                }
            },
            Request::Specification => print(&Answer::Genesis(hash::print(genesis::hash_of_raw_spec(body)?))),
            Request::Path { position } => path(body, position)?,
            Request::Question(question) => {
                let (known, indices, lists) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
                self.begun.insert(Begun { question, known, indices, lists }).missing()
            }
            Request::List => {
                let begun = self.begun.as_mut().ok_or(Refused::NoQuestion)?;
                begun.add(List::from_json(body)?)?;
                begun.missing()
            }
            Request::Dossier => {
                let Begun { question, lists, .. } = self.begun.take().ok_or(Refused::NoQuestion)?;
                let reading: Option<ReadingProof> = match body {
                    [] => None,
                    reading => Some(serde_json::from_slice(reading).map_err(Refused::Reading)?),
                };
                print(&Answer::Dossier(Dossier::of_lists(question, reading, lists)?.to_json()?))
            }
        })
    }
}

impl Begun {
    fn add(&mut self, list: List) -> Result<(), Refused> {
        // One that is concealed is refused when the dossier is made.
        let in_full = list.records.iter().filter_map(|listed| match listed {
            ListedRecord::Record(bytes) => Some(bytes),
            ListedRecord::Leaf(_) => None,
        });
        let records = in_full.map(|bytes| Record::decode_all(&mut bytes.as_slice()));
        let records: Vec<Record> =
            records.collect::<Result<_, _>>().map_err(|_| Refused::Record(list.subject.to_string()))?;
        self.indices.extend(records.iter().map(|record| record.index));
        self.known.insert(list.subject, records);
        self.lists.push(list);
        Ok(())
    }

    fn missing(&self) -> String {
        let subjects = self.question.missing(&self.known).iter().map(ToString::to_string).collect();
        print(&Answer::Missing { subjects, records: self.indices.len() })
    }
}

fn holds(proven: &Proven) -> String {
    let (kind, answer, reason) = match proven {
        Proven::Record(_) => ("record", None, None),
        Proven::List(_) => ("list", None, None),
        Proven::Dossier(dossier) => match answer_of(dossier) {
            Ok(answered) => ("dossier", Some(answered.to_json()), None),
            Err(none) => ("dossier", Some(Value::Null), Some(none.to_string())),
        },
    };
    print(&Answer::Holds { kind, proven, answer, reason })
}

/// Canonical JSON has no line feed in it, so no leaf has.
fn path(leaves: &[u8], position: u64) -> Result<String, Refused> {
    let hashes = leaves.split(|byte| *byte == b'\n').map(leaf_hash::<Portable>);
    let tree = MemoryTree::<Portable>::from_leaf_hashes(hashes);
    let path = tree.inclusion_proof(position).map_err(|_| Refused::NoLeaf(position))?;
    Ok(print(&Answer::Path { path: path.iter().map(hash::print).collect(), root: hash::print(tree.root()) }))
}

fn print(answer: &Answer<'_>) -> String {
    serde_json::to_string(answer).expect("keys are text, and nothing else in an answer can fail to be written")
}
