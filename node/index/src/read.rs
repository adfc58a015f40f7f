//! Queries.

use crate::{
    budget::{Budget, Query},
    content,
    database::{first, values, Connection, Row, Stretch, Value},
    writer::{decode, integer, subject_key, Position},
    Error,
};
use citynet_merkle::NodeStore;
use citynet_primitives::{
    Account, DeviceId, DeviceProfile, Epoch, Hash, Moment, OrganisationId, Record, Subject, Subjects, TreeHead,
};
use std::ops::ControlFlow;

/// What a query returns of a record, in the order in which [`indexed_record`] reads it.
pub(crate) const RECORD_COLUMNS: &str = "b.hash, r.leaf, r.encoded, r.subjects";

/// What to narrow where single things are looked up.
pub(crate) const FEWER: &str = "ask for fewer things at a time";
const FEWER_DEVICES: &str = "ask for fewer devices at a time";

/// The index at one position. Also the store of the tree's nodes for proofs.
pub struct Snapshot<'a> {
    pub(crate) connection: &'a dyn Connection,
    pub(crate) budget: Budget,
    position: Position,
}

/// A block that the index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexedBlock {
    /// Its hash.
    pub hash: Hash,
    /// The tree head after it.
    pub head: TreeHead,
}

/// A record with what the index knows about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedRecord {
    /// The hash of the block that wrote it.
    pub block_hash: Hash,
    /// Its leaf hash.
    pub leaf: Hash,
    /// The record.
    pub record: Record,
    /// Its SCALE encoding, the leaf of the tree.
    pub encoded: Vec<u8>,
    /// What it is about.
    pub subjects: Subjects,
}

/// What the records say about a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedDevice {
    /// Its number.
    pub device: DeviceId,
    /// The organisation that registered it.
    pub owner: OrganisationId,
    /// What it is and where.
    pub profile: DeviceProfile,
    /// The record that registered it.
    pub registered: u64,
    /// Each epoch of its key with the record that began it.
    pub keys: Vec<(Epoch, u64)>,
}

/// Which batch holds a sequence number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchLookup {
    /// This one.
    Found(Box<IndexedRecord>),
    /// None: the record with this index declares that the number is missing.
    Missing {
        /// The record.
        declared_by: u64,
    },
    /// None so far.
    Unknown,
}

/// Which records are wanted: those that satisfy everything that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// About this subject.
    pub subject: Option<Subject>,
    /// Of this kind, as [`citynet_primitives::Body::kind`] names it.
    pub kind: Option<&'static str>,
    /// Caused by this organisation.
    pub organisation: Option<OrganisationId>,
    /// Caused by this account.
    pub account: Option<Account>,
    /// Made at this time or later.
    pub from_time: Option<Moment>,
    /// Made at this time or earlier.
    pub to_time: Option<Moment>,
}

impl<'a> Snapshot<'a> {
    pub(crate) fn new(connection: &'a dyn Connection, budget: Budget, position: Position) -> Self {
        Self { connection, budget, position }
    }

    /// The block that the answers are true for.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// A block by its number.
    ///
    /// # Errors
    ///
    /// As with every query here: [`Error::TooExpensive`] when it goes beyond what a query may cost, else when the database
    /// cannot be read.
    pub fn block(&self, number: u32) -> Result<Option<IndexedBlock>, Error> {
        let query = Query { sql: "SELECT hash, tree_size, tree_root FROM blocks WHERE number = ?1", narrow: FEWER };
        self.first(query, &values![number], |row| {
            Ok(IndexedBlock { hash: row.get(0)?, head: TreeHead { size: row.get(1)?, root: row.get(2)? } })
        })
    }

    /// The number of the block with a hash.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn block_number(&self, hash: &Hash) -> Result<Option<u32>, Error> {
        let query = Query { sql: "SELECT number FROM blocks WHERE hash = ?1", narrow: FEWER };
        self.first(query, &values![hash], |row| row.get(0))
    }

    /// The hash of the index's content after a block: equal in two indexes exactly when all their rows up to there are. What
    /// it is made of is specified in `node/index/src/content.rs`.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn content(&self, number: u32) -> Result<Option<Hash>, Error> {
        content::after(self.connection, number)
    }

    /// A record by its index.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn record(&self, index: u64) -> Result<Option<IndexedRecord>, Error> {
        let Ok(index) = integer(index) else { return Ok(None) };
        let sql = format!(
            "SELECT {RECORD_COLUMNS} FROM records r CROSS JOIN blocks b ON b.number = r.block WHERE r.idx = ?1"
        );
        self.first(Query { sql: &sql, narrow: FEWER }, &values![index], indexed_record)
    }

    /// At most `limit` records that satisfy `filter`, from index `first` up to, but not including, `end`, in order.
    ///
    /// One index of the database leads to the records: that of the subject, else of the account, else of the organisation,
    /// each with the kind where one is given, else of the kind alone. What else is given is looked for among these. Where
    /// several could lead, PostgreSQL chooses one itself.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn records(&self, filter: &Filter, first: u64, end: u64, limit: u32) -> Result<Vec<IndexedRecord>, Error> {
        let Some((first, end)) = self.within_times(filter, first, end)? else { return Ok(Vec::new()) };
        let Some((sql, values)) = select_records(self.connection, filter, first, end, limit)? else {
            return Ok(Vec::new());
        };
        let narrow = "give a subject, an account, an organisation or a kind, a shorter time, or a smaller limit";
        self.all(Query { sql: &sql, narrow }, &values, indexed_record)
    }

    /// The steps by which the database looks for what [`Snapshot::records`] returns, in its own words (SQLite's `EXPLAIN
    /// QUERY PLAN`, PostgreSQL's `EXPLAIN`): to see why a question is expensive.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn plan(&self, filter: &Filter) -> Result<Vec<String>, Error> {
        let selected = select_records(self.connection, filter, 0, self.position.records(), 1)?;
        let Some((sql, values)) = selected else { return Ok(Vec::new()) };
        self.budget.check_time(FEWER)?;
        self.connection.plan(&sql, &values)
    }

    /// How many records there are up to a time, that moment included: the index of the first one after it.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn records_until(&self, time: Moment) -> Result<u64, Error> {
        let after = self.first_record("SELECT idx FROM records WHERE time > ?1 ORDER BY time, idx LIMIT 1", time)?;
        Ok(after.unwrap_or_else(|| self.position.records()))
    }

    /// Narrows a range of indices to the filter's times, which the clock makes possible: it never goes back, so records
    /// are in the order of their times. `None` when nothing is left.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn within_times(&self, filter: &Filter, first: u64, end: u64) -> Result<Option<(u64, u64)>, Error> {
        let Some((mut first, mut end)) = known_records(first, end, &self.position) else { return Ok(None) };
        if let Some(from) = filter.from_time {
            let earliest =
                self.first_record("SELECT idx FROM records WHERE time >= ?1 ORDER BY time, idx LIMIT 1", from)?;
            first = first.max(earliest.unwrap_or(end));
        }
        if let Some(to) = filter.to_time {
            end = end.min(self.records_until(to)?);
        }
        Ok((first < end).then_some((first, end)))
    }

    fn first_record(&self, sql: &str, time: Moment) -> Result<Option<u64>, Error> {
        // No record has a time beyond SQL's integers, so the greatest of them finds what `time` would.
        let time = i64::try_from(time).unwrap_or(i64::MAX);
        self.first(Query { sql, narrow: FEWER }, &values![time], |row| row.get(0))
    }

    /// A device by its number.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn device(&self, device: DeviceId) -> Result<Option<IndexedDevice>, Error> {
        Ok(self.devices(device.0, self.position.records(), 1)?.pop().filter(|found| found.device == device))
    }

    /// At most `limit` devices from number `first` on that the first `records` records registered, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn devices(&self, first: u64, records: u64, limit: u32) -> Result<Vec<IndexedDevice>, Error> {
        let Ok(first) = integer(first) else { return Ok(Vec::new()) };
        let records = integer(records)?;
        let sql = "SELECT id, owner, profile, registered FROM devices WHERE id >= ?1 AND registered < ?2
                   ORDER BY id LIMIT ?3";
        let query = Query { sql, narrow: FEWER_DEVICES };
        let mut devices = self.all(query, &values![first, records, limit], |row| {
            Ok(IndexedDevice {
                device: DeviceId(row.get(0)?),
                owner: OrganisationId(row.get(1)?),
                profile: decode(&row.get::<Vec<u8>>(2)?)?,
                registered: row.get(3)?,
                keys: Vec::new(),
            })
        })?;
        let (Some(first), Some(last)) = (devices.first(), devices.last()) else { return Ok(devices) };
        let (first, last) = (integer(first.device.0)?, integer(last.device.0)?);
        // One question for all of them: each is a way to the database and back.
        let sql = "SELECT device, epoch, idx FROM device_keys
                   WHERE device >= ?1 AND device <= ?2 AND idx < ?3 ORDER BY device, epoch";
        let query = Query { sql, narrow: FEWER_DEVICES };
        self.visit(query, &values![first, last, records], |row| {
            let device = DeviceId(row.get(0)?);
            // Numbers are given in the order of the records, so the page has all devices between its first and its last.
            let at = devices.binary_search_by_key(&device, |found| found.device);
            if let Some(found) = at.ok().and_then(|at| devices.get_mut(at)) {
                found.keys.push((row.get(1)?, row.get(2)?));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(devices)
    }

    /// The batch of a device that holds a sequence number.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn batch(&self, device: DeviceId, sequence: u64) -> Result<BatchLookup, Error> {
        let Ok(device) = integer(device.0) else { return Ok(BatchLookup::Unknown) };
        let sought = sequence.to_be_bytes();
        let sql = "SELECT first_sequence, count, idx FROM batches
                   WHERE device = ?1 AND first_sequence <= ?2 ORDER BY first_sequence DESC LIMIT 1";
        let before = self.first(Query { sql, narrow: FEWER }, &values![device, sought], |row| {
            Ok((row.get(0)?, row.get::<u32>(1)?, row.get(2)?))
        })?;
        if let Some((first, count, index)) = before {
            if sequence.saturating_sub(u64::from_be_bytes(first)) < u64::from(count) {
                let record = self.record(index)?;
                return Ok(record.map_or(BatchLookup::Unknown, |record| BatchLookup::Found(Box::new(record))));
            }
        }
        let sql = "SELECT first_sequence, missing, idx FROM batches
                   WHERE device = ?1 AND first_sequence > ?2 ORDER BY first_sequence LIMIT 1";
        let after = self.first(Query { sql, narrow: FEWER }, &values![device, sought], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok(match after {
            Some((first, missing, declared_by))
                if u64::from_be_bytes(first).saturating_sub(u64::from_be_bytes(missing)) <= sequence =>
            {
                BatchLookup::Missing { declared_by }
            }
            Some(_) | None => BatchLookup::Unknown,
        })
    }
}

/// What remains of a range of indices where there are records. `None` when nothing does.
pub(crate) fn known_records(first: u64, end: u64, position: &Position) -> Option<(u64, u64)> {
    let end = end.min(position.records());
    (first < end).then_some((first, end))
}

/// The query for records of a range that satisfy a filter, but for its times. `None` where the subject has a number that
/// nothing can have.
fn select_records<'f>(
    connection: &dyn Connection,
    filter: &'f Filter,
    first: u64,
    end: u64,
    limit: u32,
) -> Result<Option<(String, Vec<Value<'f>>)>, Error> {
    let mut values = vec![Value::Integer(integer(first)?), Value::Integer(integer(end)?), Value::Integer(limit.into())];
    let mut place = |value| {
        values.push(value);
        values.len()
    };
    let subject = match filter.subject.as_ref().map(subject_key) {
        None => None,
        Some(Ok((kind, id))) => Some((place(Value::Integer(kind)), place(Value::Integer(id)))),
        Some(Err(_)) => return Ok(None),
    };
    let account = filter.account.as_ref().map(|account| place(Value::Blob(account)));
    let organisation = filter.organisation.map(|organisation| place(Value::Integer(organisation.0.into())));
    let kind = filter.kind.map(|kind| place(Value::Text(kind)));

    // What leads to the records, and the index that has them in order. SQLite does not know which one leads to the fewest
    // rows, and CROSS JOIN keeps it from turning the join around, which would sort all matches for each page.
    let (tables, key, mut group) = match (subject, account, organisation, kind) {
        (Some((of, id)), ..) => {
            let by = if kind.is_some() { "INDEXED BY subjects_kind " } else { "" };
            let tables = format!("subjects s {by}CROSS JOIN records r ON r.idx = s.idx");
            (tables, "s.idx", vec![("s.kind", of), ("s.id", id)])
        }
        (None, Some(account), _, _) => (led_by("account", kind), "r.idx", vec![("r.account", account)]),
        (None, None, Some(of), _) => (led_by("organisation", kind), "r.idx", vec![("r.organisation", of)]),
        (None, None, None, Some(_)) => ("records r INDEXED BY records_kind".to_owned(), "r.idx", vec![]),
        (None, None, None, None) => ("records r NOT INDEXED".to_owned(), "r.idx", vec![]),
    };
    let kind_column = if subject.is_some() { "s.record_kind" } else { "r.kind" };
    group.extend(kind.map(|kind| (kind_column, kind)));
    let stretch =
        Stretch { group: &group, from: &[(key, 1)], end: Some(2), apart: subject.is_none() || kind.is_some() };
    let (condition, order) = connection.stretch(&stretch);
    // What does not lead is put so that no index can be used for it.
    let others = [("r.account", account), ("r.organisation", organisation)];
    let others = others.iter().filter(|(column, _)| !group.iter().any(|(leading, _)| leading == column));
    let others: String =
        others.filter_map(|(column, place)| place.map(|place| format!(" AND ({column} = ?{place}) IS TRUE"))).collect();
    let sql = format!(
        "SELECT {RECORD_COLUMNS} FROM {tables} CROSS JOIN blocks b ON b.number = r.block
         WHERE {condition}{others} ORDER BY {order} LIMIT ?3"
    );
    Ok(Some((sql, values)))
}

fn led_by(column: &str, kind: Option<usize>) -> String {
    format!("records r INDEXED BY records_{column}{}", if kind.is_some() { "_kind" } else { "" })
}

impl NodeStore for Snapshot<'_> {
    type Error = Error;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Error> {
        // A proof takes as many of these as the tree is high, which is no matter for the budget of rows.
        self.budget.check_time(FEWER)?;
        let position = integer(index)?;
        let node = if level == 0 {
            first(self.connection, "SELECT leaf FROM records WHERE idx = ?1", &values![position], |row| row.get(0))
        } else {
            let sql = "SELECT hash FROM nodes WHERE level = ?1 AND position = ?2";
            first(self.connection, sql, &values![level, position], |row| row.get(0))
        };
        node.map_err(|error| self.budget.explain(error, FEWER))?.ok_or(Error::NoNode { level, position: index })
    }
}

pub(crate) fn indexed_record(row: &dyn Row) -> Result<IndexedRecord, Error> {
    let encoded: Vec<u8> = row.get(2)?;
    Ok(IndexedRecord {
        block_hash: row.get(0)?,
        leaf: row.get(1)?,
        record: decode(&encoded)?,
        subjects: decode(&row.get::<Vec<u8>>(3)?)?,
        encoded,
    })
}
