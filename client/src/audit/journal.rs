//! Records, all as of one finalised block.
//!
//! A list takes several questions to a node, and meanwhile blocks become final. Each answer says for which block it is
//! true. The first one decides; records that were written since are left out.

pub use citynet_answers::AsOf;

use crate::{
    connection::NodeError,
    ledger::Ledger,
    rpc::{Block, GrantFilter, Page, RecordAt, RecordView},
};
use citynet_primitives::{Account, DatasetId, GrantId, Moment, OrganisationId, Record, Subject};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;
use subxt::rpcs::rpc_params;

/// How many records a node gives at once.
const PAGE: u32 = 1000;

/// Which records: those that satisfy everything that is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// About this.
    pub subject: Option<Subject>,
    /// Of this kind, a name of [`citynet_primitives::Body::KINDS`].
    pub kind: Option<&'static str>,
    /// By this organisation.
    pub organisation: Option<OrganisationId>,
    /// By this account.
    pub account: Option<Account>,
    /// From this index on.
    pub from_index: Option<u64>,
    /// From this time on.
    pub from_time: Option<Moment>,
    /// Up to this time, inclusive.
    pub to_time: Option<Moment>,
}

impl Query {
    /// Everything about a subject.
    pub fn about(subject: Subject) -> Self {
        Self { subject: Some(subject), ..Self::default() }
    }

    /// Everything of a kind.
    pub fn of_kind(kind: &'static str) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// As `citynet_records` takes it.
    pub fn to_json(&self) -> Value {
        let mut filter = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                filter.insert(name.to_owned(), value);
            }
        };
        set("subject", self.subject.map(|subject| subject.to_string().into()));
        set("kind", self.kind.map(Value::from));
        set("organisation", self.organisation.map(|organisation| organisation.0.into()));
        set("account", self.account.map(|account| format!("0x{}", hex::encode(account)).into()));
        set("fromIndex", self.from_index.map(|index| index.to_string().into()));
        set("fromTime", self.from_time.map(|time| time.to_string().into()));
        set("toTime", self.to_time.map(|time| time.to_string().into()));
        Value::Object(filter)
    }
}

/// A record with what a node says that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub record: Record,
    /// Such as `grant:5`.
    pub subjects: Vec<String>,
}

impl Found {
    fn new(view: &RecordView) -> Result<Self, NodeError> {
        let record = view.record()?;
        if record.index != view.index.0 {
            let message = format!("record {} was asked for, and record {} given", view.index, record.index);
            return Err(NodeError::Answer(message));
        }
        let subjects = view.rest.get("subjects").and_then(Value::as_array);
        let subjects = subjects.into_iter().flatten().filter_map(Value::as_str).map(ToOwned::to_owned).collect();
        Ok(Self { record, subjects })
    }
}

/// Asks a node for records, as of one block.
#[derive(Debug)]
pub struct Journal<'a> {
    ledger: &'a Ledger,
    as_of: AsOf,
}

impl<'a> Journal<'a> {
    /// Everything is as of the block to which the node's index has come now.
    ///
    /// # Errors
    ///
    /// [`NodeError`], as with everything here.
    pub async fn open(ledger: &'a Ledger) -> Result<Self, NodeError> {
        let page: Page<RecordView> = ledger
            .with(async |connection| {
                let params = rpc_params![json!({}), Option::<String>::None, 1];
                connection.request("citynet_records", params).await
            })
            .await?;
        let Block { number, hash } = page.anchor;
        let hash = hash.hash()?;
        let time = ledger.stored("Timestamp", "Now", &hash).await?;
        // The genesis block has no time.
        let as_of = AsOf { genesis: *ledger.genesis(), block: number, hash, time: time.unwrap_or_default() };
        Ok(Self { ledger, as_of })
    }

    /// The ledger whose journal it is.
    pub fn ledger(&self) -> &'a Ledger {
        self.ledger
    }

    /// The block for which everything is true.
    pub fn as_of(&self) -> &AsOf {
        &self.as_of
    }

    /// Checks that an answer is not of an older block.
    ///
    /// # Errors
    ///
    /// [`NodeError::Answer`].
    pub fn check_anchor(&self, anchor: &Block) -> Result<(), NodeError> {
        let (asked, given) = (self.as_of.block, anchor.number);
        if given < asked {
            let message = format!("it is of block {given}, and those before were of block {asked}; ask again");
            return Err(NodeError::Answer(message));
        }
        Ok(())
    }

    /// Gives `take` one record after the other, by index, until it says that it has enough. Gives whether these were all.
    ///
    /// # Errors
    ///
    /// [`NodeError`], also when records come in a wrong order.
    pub async fn each(&self, query: &Query, mut take: impl FnMut(Found) -> bool) -> Result<bool, NodeError> {
        let filter = query.to_json();
        let (mut cursor, mut last): (Option<String>, Option<u64>) = (None, None);
        loop {
            let page: Page<RecordView> = self
                .ledger
                .with(async |connection| {
                    let params = rpc_params![&filter, &cursor, PAGE];
                    connection.request("citynet_records", params).await
                })
                .await?;
            self.check_anchor(&page.anchor)?;
            for view in &page.items {
                let found = Found::new(view)?;
                let Record { index, block, .. } = found.record;
                if last.is_some_and(|last| index <= last) {
                    return Err(NodeError::Answer(format!("record {index} comes twice or in a wrong place")));
                }
                if block > self.as_of.block {
                    // It was written since, and so was all that follows.
                    return Ok(true);
                }
                last = Some(index);
                if !take(found) {
                    return Ok(false);
                }
            }
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(true),
            }
        }
    }

    /// All of them, by index.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn all(&self, query: &Query) -> Result<Vec<Record>, NodeError> {
        let mut records = Vec::new();
        self.each(query, |found| {
            records.push(found.record);
            true
        })
        .await?;
        Ok(records)
    }

    /// All of some kinds, by index.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn of_kinds(&self, kinds: &[&'static str]) -> Result<Vec<Record>, NodeError> {
        let mut records = Vec::new();
        for kind in kinds.iter().copied() {
            records.extend(self.all(&Query::of_kind(kind)).await?);
        }
        Ok(in_order(records))
    }

    /// The record with an index.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn one(&self, index: u64) -> Result<Record, NodeError> {
        let answer: RecordAt = self
            .ledger
            .with(async |connection| connection.request("citynet_record", rpc_params![index.to_string()]).await)
            .await?;
        self.check_anchor(&answer.anchor)?;
        let found = Found::new(&answer.record)?;
        if found.record.index != index {
            return Err(NodeError::Answer(format!("record {index} was asked for, and another one given")));
        }
        Ok(found.record)
    }

    /// All that [`super::access::access_at`] needs, and names: the records about organisations' joining and status, about
    /// codes, about a dataset and about all of its grants. Which these are the node says.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn of_access(&self, dataset: DatasetId) -> Result<Vec<Record>, NodeError> {
        let kinds =
            ["organisation_registered", "organisation_profile_changed", "organisation_status_changed", "code_added"];
        let mut records = self.of_kinds(&kinds).await?;
        records.extend(self.all(&Query::about(Subject::Dataset(dataset))).await?);
        let filter = GrantFilter { dataset: Some(dataset), ..GrantFilter::default() };
        for grant in self.ledger.rpc().grants(filter).await? {
            records.extend(self.all(&Query::about(Subject::Grant(GrantId(grant.grant.0)))).await?);
        }
        Ok(in_order(records))
    }
}

/// By index, each once.
fn in_order(records: Vec<Record>) -> Vec<Record> {
    let records: BTreeMap<u64, Record> = records.into_iter().map(|record| (record.index, record)).collect();
    records.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{Body, DeviceId, RECORD_VERSION};
    use codec::Encode as _;

    fn record(index: u64, block: u32) -> Record {
        let body = Body::DeviceRetired { device: DeviceId(1), reason: Default::default() };
        let (organisation, account) = (OrganisationId(1), [1; 32]);
        Record { version: RECORD_VERSION, index, block, time: u64::from(block) * 1000, organisation, account, body }
    }

    #[test]
    fn queries_are_written_as_nodes_read_them() {
        assert_eq!(Query::default().to_json(), json!({}));
        let query = Query {
            subject: Some(Subject::Device(DeviceId(12))),
            kind: Some("batch_attested"),
            organisation: Some(OrganisationId(3)),
            account: Some([10; 32]),
            from_index: Some(u64::MAX),
            from_time: Some(5),
            to_time: Some(6),
        };
        let written = json!({
            "subject": "device:12",
            "kind": "batch_attested",
            "organisation": 3,
            "account": format!("0x{}", "0a".repeat(32)),
            "fromIndex": "18446744073709551615",
            "fromTime": "5",
            "toTime": "6",
        });
        assert_eq!(query.to_json(), written);
    }

    #[test]
    fn a_record_is_what_its_bytes_say() {
        let written = |index: &str| {
            let encoded = format!("0x{}", hex::encode(record(7, 1).encode()));
            let view = json!({
                "index": index, "block": 1, "body": {}, "encoded": encoded, "subjects": ["device:1", "organisation:1"],
            });
            Found::new(&serde_json::from_value(view).unwrap())
        };
        let found = written("7").unwrap();
        assert_eq!(found.record, record(7, 1));
        assert_eq!(found.subjects, ["device:1", "organisation:1"]);
        let error = written("8").unwrap_err().to_string();
        assert!(error.contains("record 8 was asked for, and record 7 given"), "{error}");
    }

    #[test]
    fn records_are_put_in_order() {
        let ordered = in_order(vec![record(3, 2), record(1, 1), record(3, 2)]);
        assert_eq!(ordered, [record(1, 1), record(3, 2)]);
    }
}
