//! All lists that a question needs, at one block, in one file that proves that no record was left out of any of them.
//!
//! The node is not trusted: the dossier is verified before it is handed out, and answers are computed from what is
//! verified.

pub use citynet_answers::Basis;

use super::{
    completeness::{fetch, is_passing, CompletenessError, Page, PAUSE},
    journal::{Journal, Query},
};
use crate::{
    connection::{NodeError, NOT_FOUND},
    ledger::Ledger,
};
use citynet_primitives::{Hash, Moment, OrganisationId, Record, Subject};
use citynet_proofs::{
    evidence::{FormatError, ReadingProof},
    list::ListedRecord,
    verify_dossier, Dossier, Failure, List, Question, Trust, VerifiedDossier,
};
use codec::DecodeAll as _;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};
use subxt::rpcs::rpc_params;

/// The most records that a dossier may have. With terms of several kilobytes in many of them, so many are a file of some
/// hundred megabytes, which an auditor's laptop still verifies in memory.
pub const MAX_RECORDS: u64 = 200_000;

/// How many records to ask for at once.
const PAGE: u32 = 250;

/// A dossier cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DossierError {
    /// The node's lists cannot be had.
    #[error(transparent)]
    List(#[from] CompletenessError),
    /// The question needs more records than a dossier may have.
    #[error("the dossier would have more than {} records: {}", MAX_RECORDS, narrow(.0))]
    TooMany(Question),
    /// The node has no proof of a block that is late enough.
    #[error("the node has a proof up to block {found} only, and block {least} is needed; try again later")]
    TooEarly {
        /// The block of which it has a proof.
        found: u32,
        /// The one that is needed.
        least: u32,
    },
    /// The dossier cannot be written.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The node's answers are wrong, or not all.
    #[error("the dossier made from the node's answers does not verify, at step {0}")]
    Wrong(#[from] Failure),
}

impl From<NodeError> for DossierError {
    fn from(error: NodeError) -> Self {
        Self::List(error.into())
    }
}

/// What to ask instead of a question that needs too many records.
fn narrow(question: &Question) -> String {
    match question {
        Question::Reading { device, .. } => format!(
            "that is all that device {device} attested; `citynet prove` proves the reading alone, and `citynet audit devices` \
             says without proof what is missing"
        ),
        Question::Access { .. } => {
            "ask for an earlier time with --at, or prove single grants with `citynet audit completeness grant:N`".to_owned()
        }
        Question::Lineage { .. }
        | Question::Taint { .. }
        | Question::VersionTaint { .. }
        | Question::DeviceLineage { .. }
        | Question::BatchLineage { .. } => {
            "it needs the records about every organisation; prove single datasets with `citynet audit completeness \
             dataset:N`"
                .to_owned()
        }
        Question::Payments { organisation } => format!(
            "that is all about organisation {organisation} and its grants; prove single grants with `citynet audit \
             completeness grant:N`, and single cycles with cycle:CURRENCY-N"
        ),
        Question::Governance => {
            "it needs the records about every organisation; prove a single one with `citynet audit completeness \
             organisation:N`"
                .to_owned()
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many lists are there, with so many records.
    Fetched {
        /// Lists.
        lists: usize,
        /// Records.
        records: usize,
    },
    /// It waits for the node.
    Waiting(&'a str),
}

/// A dossier's text, and what it proves.
#[derive(Debug)]
pub struct Made {
    /// The text.
    pub text: String,
    /// What it proves.
    pub verified: VerifiedDossier,
}

/// What goes with [`Question::Reading`], and with no other.
#[derive(Clone, Debug)]
pub struct WithReading {
    /// The reading.
    pub reading: ReadingProof,
    /// The block that has its batch.
    pub block: u32,
}

/// Fetches all lists that a question needs, as of the newest block of which the node has a proof, and verifies them against
/// the chain's genesis. Waits for at most `patience` until the node has that.
///
/// # Errors
///
/// [`DossierError`].
pub async fn make(
    ledger: &Ledger,
    question: Question,
    reading: Option<WithReading>,
    patience: Duration,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Made, DossierError> {
    let genesis = *ledger.genesis();
    let ask = async |subject: Subject, cursor: Option<String>, at: Option<u32>| {
        let params = rpc_params![subject.to_string(), cursor, PAGE, at];
        ledger.with(async |connection| connection.request::<Page>("citynet_completeness", params.clone()).await).await
    };
    let least = reading.as_ref().map(|reading| reading.block).unwrap_or_default();
    let begin = Instant::now();
    let lists = loop {
        match fetch_all(genesis, &question, least, progress, &ask).await {
            Err(error) if begin.elapsed() < patience && may_pass(&error) => {
                progress(Progress::Waiting(&error.to_string()));
                tokio::time::sleep(PAUSE).await;
            }
            fetched => break fetched?,
        }
    };
    let text = Dossier::of_lists(question, reading.map(|with| with.reading), lists)?.to_json()?;
    let verified = verify_dossier(text.as_bytes(), &Trust::Genesis(genesis))?;
    Ok(Made { text, verified })
}

/// Whether it helps to begin again: the node may know in a moment, or it has no proof of the block of the first list any more.
fn may_pass(error: &DossierError) -> bool {
    let error = match error {
        DossierError::TooEarly { .. } => return true,
        DossierError::List(CompletenessError::Node(error)) => error,
        _ => return false,
    };
    let data: Option<Value> = match error {
        NodeError::Refused { code: NOT_FOUND, data: Some(data), .. } => serde_json::from_str(data).ok(),
        _ => None,
    };
    is_passing(error) || data.is_some_and(|data| data["what"] == "justification")
}

/// All lists, at the block of the first one, which is `least` or a later one.
async fn fetch_all(
    genesis: Hash,
    question: &Question,
    least: u32,
    progress: &mut dyn FnMut(Progress<'_>),
    ask: &impl AsyncFn(Subject, Option<String>, Option<u32>) -> Result<Page, NodeError>,
) -> Result<Vec<List>, DossierError> {
    let mut known: BTreeMap<Subject, Vec<Record>> = BTreeMap::new();
    let (mut lists, mut anchor) = (Vec::new(), None);
    let mut indices = BTreeSet::new();
    loop {
        let missing = question.missing(&known);
        if missing.is_empty() {
            return Ok(lists);
        }
        for subject in missing {
            let ask_one = async |cursor: Option<String>| ask(subject, cursor, anchor).await;
            let (block, list) = match fetch(genesis, subject, MAX_RECORDS, &ask_one).await {
                Err(CompletenessError::TooMany { .. }) => return Err(DossierError::TooMany(*question)),
                fetched => fetched?,
            };
            let first = *anchor.get_or_insert(block.number);
            if block.number != first {
                return Err(CompletenessError::OtherBlock { first, other: block.number }.into());
            }
            if first < least {
                return Err(DossierError::TooEarly { found: first, least });
            }
            let records = decode(&list)?;
            indices.extend(records.iter().map(|record| record.index));
            if u64::try_from(indices.len()).is_ok_and(|count| count > MAX_RECORDS) {
                return Err(DossierError::TooMany(*question));
            }
            known.insert(subject, records);
            lists.push(list);
            progress(Progress::Fetched { lists: lists.len(), records: indices.len() });
        }
    }
}

fn decode(list: &List) -> Result<Vec<Record>, NodeError> {
    let in_full = list.records.iter().filter_map(|listed| match listed {
        ListedRecord::Record(bytes) => Some(bytes),
        ListedRecord::Leaf(_) => None,
    });
    in_full.map(|bytes| Record::decode_all(&mut bytes.as_slice()).map_err(NodeError::answer)).collect()
}

/// The time of the newest block of which a node has a proof: a dossier that is made afterwards goes at least so far.
///
/// # Errors
///
/// [`NodeError`].
pub async fn proven_time(ledger: &Ledger) -> Result<Moment, NodeError> {
    let consortium = Subject::Organisation(OrganisationId::CONSORTIUM);
    let params = rpc_params![consortium.to_string(), Option::<String>::None, 1];
    let page: Page =
        ledger.with(async |connection| connection.request("citynet_completeness", params.clone()).await).await?;
    let time = ledger.stored("Timestamp", "Now", &page.anchor.hash.hash()?).await?;
    Ok(time.unwrap_or_default())
}

/// All records that a question needs, by index, from a node that is trusted to leave none out.
///
/// # Errors
///
/// [`NodeError`].
pub async fn records(
    journal: &Journal<'_>,
    question: &Question,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Vec<Record>, NodeError> {
    let mut known: BTreeMap<Subject, Vec<Record>> = BTreeMap::new();
    let mut records: BTreeMap<u64, Record> = BTreeMap::new();
    loop {
        let missing = question.missing(&known);
        if missing.is_empty() {
            return Ok(records.into_values().collect());
        }
        for subject in missing {
            let found = journal.all(&Query::about(subject)).await?;
            records.extend(found.iter().map(|record| (record.index, record.clone())));
            known.insert(subject, found);
            progress(Progress::Fetched { lists: known.len(), records: records.len() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{Body, DeviceId, OrganisationKind, RECORD_VERSION};
    use codec::Encode as _;
    use serde_json::json;
    use std::cell::RefCell;

    fn hex(bytes: &[u8]) -> String {
        format!("0x{}", ::hex::encode(bytes))
    }

    fn joined(id: u32) -> Record {
        let body = Body::OrganisationRegistered {
            organisation: OrganisationId(id),
            organisation_kind: OrganisationKind::University,
            name: b"University".to_vec().try_into().unwrap(),
        };
        Record {
            version: RECORD_VERSION,
            index: id.into(),
            block: 1,
            time: 0,
            organisation: OrganisationId::CONSORTIUM,
            account: [0; 32],
            body,
        }
    }

    fn page(block: u32, count: u64, records: &[Record]) -> Page {
        let items: Vec<Value> = records.iter().map(|record| json!({ "encoded": hex(&record.encode()) })).collect();
        let proof = json!({
            "head": { "count": count.to_string() },
            "state": [],
            "header": hex(&[3]),
            "justification": hex(&[4]),
            "authorities": { "genesis": { "stateRoot": hex(&[2; 32]), "proof": [] }, "changes": [] },
        });
        let anchor = json!({ "number": block, "hash": hex(&[9; 32]) });
        serde_json::from_value(json!({ "anchor": anchor, "items": items, "next": null, "proof": proof })).unwrap()
    }

    /// Three organisations join, and the node is at block `block + asked`.
    async fn fetched(
        block: impl Fn(usize, Option<u32>) -> u32,
        count: u64,
    ) -> (Result<Vec<List>, DossierError>, String) {
        let asked = RefCell::new(Vec::new());
        let told = RefCell::new(String::new());
        let ask = async |subject: Subject, _: Option<String>, at: Option<u32>| {
            let number = asked.borrow().len();
            asked.borrow_mut().push((subject, at));
            let records = match subject {
                Subject::Organisation(OrganisationId(id)) if (1..=3).contains(&id) => vec![joined(id)],
                _ => Vec::new(),
            };
            Ok(page(block(number, at), if records.is_empty() { 0 } else { count }, &records))
        };
        let mut progress = |done: Progress<'_>| *told.borrow_mut() = format!("{done:?}");
        let lists = fetch_all([1; 32], &Question::Governance, 7, &mut progress, &ask).await;
        let first = asked.borrow().iter().map(|(subject, at)| format!("{subject} {at:?}, ")).collect::<String>();
        (lists, first + &told.into_inner())
    }

    #[tokio::test]
    async fn lists_are_fetched_until_none_is_missing_all_at_the_first_block() {
        let (lists, told) = fetched(|number, at| at.unwrap_or(7 + number as u32), 1).await;
        let subjects: Vec<String> = lists.unwrap().iter().map(|list| list.subject.to_string()).collect();
        let expected = ["organisation:0", "organisation:1", "organisation:2", "organisation:3", "organisation:4"];
        assert_eq!(subjects, expected);
        let expected = "organisation:0 None, organisation:1 Some(7), organisation:2 Some(7), organisation:3 Some(7), \
                        organisation:4 Some(7), Fetched { lists: 5, records: 3 }";
        assert_eq!(told, expected);
    }

    #[tokio::test]
    async fn lists_of_other_blocks_are_refused() {
        let (refused, _) = fetched(|number, _| 7 + number as u32, 1).await;
        let other = CompletenessError::OtherBlock { first: 7, other: 8 };
        assert_eq!(refused.unwrap_err().to_string(), other.to_string());
        let (refused, _) = fetched(|_, _| 6, 1).await;
        assert!(matches!(refused, Err(DossierError::TooEarly { found: 6, least: 7 })));
    }

    #[tokio::test]
    async fn too_many_records_are_refused_with_what_to_narrow() {
        let (refused, _) = fetched(|_, _| 7, MAX_RECORDS + 1).await;
        let error = refused.unwrap_err().to_string();
        assert!(error.starts_with("the dossier would have more than 200000 records: "), "{error}");
        assert!(error.contains("`citynet audit completeness organisation:N`"), "{error}");
        let reading = Question::Reading { device: DeviceId(1), sequence: 0 };
        assert!(narrow(&reading).contains("`citynet prove`"));
        let made = Question::DeviceLineage { device: DeviceId(1) };
        assert!(narrow(&made).contains("`citynet audit completeness dataset:N`"));
    }

    #[test]
    fn a_block_that_is_not_proven_any_more_is_begun_again_with() {
        let refused = |code, data: Option<&str>| {
            let data = data.map(ToOwned::to_owned);
            DossierError::from(NodeError::Refused { code, message: String::new(), data })
        };
        let justification = r#"{"what":"justification","block":7}"#;
        assert!(may_pass(&refused(NOT_FOUND, Some(justification))));
        assert!(may_pass(&refused(9001, None)));
        for data in [None, Some(r#"{"what":"block"}"#), Some("{}"), Some("no JSON"), Some("[]")] {
            assert!(!may_pass(&refused(NOT_FOUND, data)), "{data:?}");
        }
        assert!(!may_pass(&refused(9000, Some(justification))));
        assert!(may_pass(&DossierError::TooEarly { found: 6, least: 7 }));
        assert!(!may_pass(&DossierError::TooMany(Question::Governance)));
    }
}
