//! What was made from what, looked at forward: from a faulty version, or from a device that is not to be trusted.

use crate::{
    budget::Query,
    database::{values, Value},
    read::{Snapshot, FEWER},
    writer::integer,
    Error,
};
use citynet_primitives::{DatasetId, DeviceId, Moment, VersionId};
use std::{
    collections::{HashSet, VecDeque},
    ops::ControlFlow,
};

/// What to narrow of a walk.
const SMALLER_WALK: &str = "ask for fewer dependents, or give a later time";

/// A version that was made from something, directly or by way of other versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The version.
    pub version: VersionId,
    /// How many steps it takes at least: 1 for what was made from it directly.
    pub depth: u32,
    /// The version that it was made from on the shortest way, or `None` where that is the device: its readings are a
    /// source of this version, or it fed the dataset.
    pub via: Option<VersionId>,
}

/// What depends on something: the nearest first, and what is equally near in the order in which it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependents {
    /// Each version once.
    pub found: Vec<Dependent>,
    /// Whether that is all. Otherwise there are more than were asked for.
    pub complete: bool,
}

/// A walk, nearest first, that sees every version once.
struct Walk {
    limit: usize,
    seen: HashSet<VersionId>,
    waiting: VecDeque<(VersionId, u32)>,
    found: Vec<Dependent>,
}

impl Walk {
    fn new(limit: u32) -> Self {
        Self {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            seen: HashSet::new(),
            waiting: VecDeque::new(),
            found: Vec::new(),
        }
    }

    /// Notes a version. Returns whether the walk may go on: not when there is one more than were asked for.
    fn find(&mut self, version: VersionId, depth: u32, via: Option<VersionId>) -> bool {
        if !self.seen.insert(version) {
            return true;
        }
        if self.found.len() == self.limit {
            return false;
        }
        self.found.push(Dependent { version, depth, via });
        self.waiting.push_back((version, depth));
        true
    }
}

impl Snapshot<'_> {
    /// The record that published a version.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn version(&self, id: VersionId) -> Result<Option<u64>, Error> {
        let Ok(dataset) = integer(id.dataset.0) else { return Ok(None) };
        let query = Query { sql: "SELECT idx FROM versions WHERE dataset = ?1 AND version = ?2", narrow: FEWER };
        self.first(query, &values![dataset, id.version], |row| row.get(0))
    }

    /// At most `limit` versions that were made from a version, directly or not.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn dependents_of_version(&self, version: VersionId, limit: u32) -> Result<Dependents, Error> {
        let mut walk = Walk::new(limit);
        walk.seen.insert(version);
        walk.waiting.push_back((version, 0));
        self.follow(walk)
    }

    /// At most `limit` versions that were made, or may have been made, from what a device observed at `since` or later,
    /// directly or not. A version was made from it directly when one of these is true:
    ///
    /// * **Its sources name readings of the device.** Sequence numbers count, since that is what sources name: those of
    ///   the first batch that has an observation of that time, and all that come after it.
    /// * **The device fed its dataset**, and its latest observation is of that time or later. Any period counts in which
    ///   the device fed the dataset, if it began before the version was published, and if it went on until then or ended
    ///   no earlier than the version's earliest observation. What the version's sources are does not matter.
    ///
    /// The latter finds too many rather than too few: nothing says which devices' readings are in a version that does not
    /// name them. So a version counts even if the device began to feed the dataset after all that is in it was observed,
    /// or if it names readings of other devices only. A period is known by the records that began and ended it: a version
    /// is before or after them by the order of the journal, and an observation by the time of the record that ended it.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn dependents_of_device(&self, device: DeviceId, since: Moment, limit: u32) -> Result<Dependents, Error> {
        // No device and no observation is beyond SQL's integers.
        let (Ok(device), Ok(since)) = (integer(device.0), integer(since)) else {
            return Ok(Dependents { found: Vec::new(), complete: true });
        };
        let mut walk = Walk::new(limit);
        let direct =
            self.step_by_readings(&mut walk, device, since)? && self.step_by_feeds(&mut walk, device, since)?;
        if !direct {
            return Ok(Dependents { found: walk.found, complete: false });
        }
        self.follow(walk)
    }

    /// Notes the versions whose sources name a device's readings since a time. Returns whether the walk may go on.
    fn step_by_readings(&self, walk: &mut Walk, device: i64, since: i64) -> Result<bool, Error> {
        let sql =
            "SELECT first_sequence FROM batches WHERE device = ?1 AND window_end >= ?2 ORDER BY first_sequence LIMIT 1";
        let query = Query { sql, narrow: SMALLER_WALK };
        let first = self.first(query, &values![device, since], |row| row.get::<[u8; 8]>(0))?;
        let Some(first) = first else { return Ok(true) };
        self.step(
            walk,
            "SELECT DISTINCT dataset, version FROM sources WHERE kind = 1 AND source = ?1 AND last >= ?2
             ORDER BY dataset, version",
            &values![device, first],
            (1, None),
        )
    }

    /// Notes the versions since a time of what a device fed. Returns whether the walk may go on.
    fn step_by_feeds(&self, walk: &mut Walk, device: i64, since: i64) -> Result<bool, Error> {
        // A version may be of times ahead of its block. So one that was published while the device fed the dataset
        // counts by the order of the records, even if all of it is of times after the device was removed.
        self.step(
            walk,
            "SELECT DISTINCT v.dataset, v.version
             FROM feeds f CROSS JOIN versions v ON v.dataset = f.dataset LEFT JOIN records r ON r.idx = f.removed
             WHERE f.device = ?1 AND f.added < v.idx AND v.window_end >= ?2
                 AND (f.removed IS NULL OR f.removed > v.idx OR r.time >= v.window_start)
             ORDER BY v.dataset, v.version",
            &values![device, since],
            (1, None),
        )
    }

    /// Finds what was made from the versions that wait, from those that this finds, and so on.
    fn follow(&self, mut walk: Walk) -> Result<Dependents, Error> {
        while let Some((version, depth)) = walk.waiting.pop_front() {
            let on = self.step(
                &mut walk,
                "SELECT DISTINCT dataset, version FROM sources WHERE kind = 0 AND source = ?1 AND first = ?2
                 ORDER BY dataset, version",
                &values![integer(version.dataset.0)?, u64::from(version.version).to_be_bytes()],
                (depth.saturating_add(1), Some(version)),
            )?;
            if !on {
                return Ok(Dependents { found: walk.found, complete: false });
            }
        }
        Ok(Dependents { found: walk.found, complete: true })
    }

    /// Notes the versions that a query finds. Returns whether the walk may go on.
    fn step(
        &self,
        walk: &mut Walk,
        sql: &str,
        values: &[Value<'_>],
        (depth, via): (u32, Option<VersionId>),
    ) -> Result<bool, Error> {
        let mut on = true;
        self.visit(Query { sql, narrow: SMALLER_WALK }, values, |row| {
            on = walk.find(VersionId { dataset: DatasetId(row.get(0)?), version: row.get(1)? }, depth, via);
            Ok(if on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(on)
    }
}
