//! What a version was made from, looked at backward.
//!
//! `citynet_dependents` is the same the other way round: a version is among what depends on a device exactly when the
//! device is among what the version was made from.

use crate::{catalogue::parse_version, Decimal, Error, Hex, NotFound, Page};
use citynet_index::{Filter, IndexedRecord, Snapshot};
use citynet_primitives::{Body, DatasetId, DeviceId, Devices, GrantId, Moment, Source, Subject, VersionId};
use serde::Serialize;
use std::collections::{hash_map::Entry, BTreeMap, HashMap, HashSet, VecDeque};

/// How many steps a walk can have.
pub const MAX_DEPTH: u32 = 64;

/// Something that a version was made from, directly or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// How many steps it takes at least: 1 for what it was made from directly.
    pub depth: u32,
    /// The version on the shortest way that was made from it directly, such as `7@3`.
    pub of: String,
    /// What it is.
    #[serde(flatten)]
    pub origin: OriginView,
}

/// What a version can be made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "source", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum OriginView {
    /// Another version.
    Version {
        /// Its dataset.
        dataset: DatasetId,
        /// Its number.
        version: u32,
        /// The grant by which it was used, where the dataset was another organisation's.
        grant: Option<GrantId>,
        /// The record that published it.
        record: Decimal,
    },
    /// Attested readings.
    Readings {
        /// Their device.
        device: DeviceId,
        /// Sequence number of the first one.
        first_sequence: Decimal,
        /// Sequence number of the last one.
        last_sequence: Decimal,
        /// The grant by which they were used, where the device was another organisation's.
        grant: Option<GrantId>,
    },
    /// A device that fed the version's dataset, whatever the version names: the device was added before the version was
    /// published, and it was not removed by then, or it was removed no earlier than the version's `from`.
    Device {
        /// The device.
        device: DeviceId,
    },
    /// Something that the ledger does not know.
    External {
        /// SHA-256 of its content.
        content: Hex,
        /// What it is or where it was had, or nothing.
        uri: String,
    },
}

/// An origin without what one use of it says.
#[derive(PartialEq, Eq, Hash)]
enum Seen {
    Version(VersionId),
    Readings(DeviceId, u64, u64),
    Device(DeviceId),
    External(Vec<u8>),
}

impl Seen {
    fn new(origin: &OriginView) -> Self {
        match origin {
            OriginView::Version { dataset, version, .. } => {
                Self::Version(VersionId { dataset: *dataset, version: *version })
            }
            OriginView::Readings { device, first_sequence, last_sequence, .. } => {
                Self::Readings(*device, first_sequence.0, last_sequence.0)
            }
            OriginView::Device { device } => Self::Device(*device),
            OriginView::External { content, .. } => Self::External(content.0.clone()),
        }
    }
}

/// What `citynet_sources` answers: one page of at most `limit` sources, which has no next one.
///
/// # Errors
///
/// When the version is none or does not exist, `depth` is not from 1 to [`MAX_DEPTH`], or the index fails.
pub fn sources(
    snapshot: &Snapshot<'_>,
    version: &str,
    depth: Option<u32>,
    limit: u32,
) -> Result<Page<SourceView>, Error> {
    let version = parse_version(version)?;
    let depth = match depth.unwrap_or(MAX_DEPTH) {
        0 => return Err(Error::invalid("the depth is at least 1")),
        depth if depth > MAX_DEPTH => return Err(Error::LimitExceeded { what: "steps", limit: MAX_DEPTH }),
        depth => depth,
    };
    let record = snapshot.version(version)?.ok_or(Error::NotFound(NotFound::Version(version)))?;
    let mut walk = Walk {
        snapshot,
        seen: HashSet::from([Seen::Version(version)]),
        waiting: VecDeque::from([Waiting { version, record, depth: 0 }]),
        found: Vec::new(),
        feeds: HashMap::new(),
    };
    let complete = walk.run(depth, usize::try_from(limit).unwrap_or(usize::MAX))?;
    Ok(Page { anchor: snapshot.position().into(), items: walk.found, next: None, complete })
}

/// A walk, nearest first, that sees everything once.
struct Walk<'s, 'i> {
    snapshot: &'s Snapshot<'i>,
    seen: HashSet<Seen>,
    waiting: VecDeque<Waiting>,
    found: Vec<SourceView>,
    /// What fed the datasets on the way.
    feeds: HashMap<DatasetId, Vec<FeedChange>>,
}

/// A version whose sources are still to be looked at.
struct Waiting {
    version: VersionId,
    /// The record that published it.
    record: u64,
    depth: u32,
}

impl Walk<'_, '_> {
    /// Goes so many steps and finds so many sources at most. Returns whether nothing is left out.
    fn run(&mut self, depth: u32, limit: usize) -> Result<bool, Error> {
        while let Some(made) = self.waiting.pop_front() {
            // One step too far nothing more may be found.
            let limit = if made.depth < depth { limit } else { self.found.len() };
            for origin in self.origins(&made)? {
                if !self.find(origin, &made, limit) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Notes an origin. Returns whether the walk may go on: not when there is one more than `limit`.
    fn find(&mut self, origin: OriginView, made: &Waiting, limit: usize) -> bool {
        if !self.seen.insert(Seen::new(&origin)) {
            return true;
        }
        if self.found.len() >= limit {
            return false;
        }
        let depth = made.depth.saturating_add(1);
        if let OriginView::Version { dataset, version, record, .. } = &origin {
            let version = VersionId { dataset: *dataset, version: *version };
            self.waiting.push_back(Waiting { version, record: record.0, depth });
        }
        self.found.push(SourceView { depth, of: made.version.to_string(), origin });
        true
    }

    /// What a version was made from directly: what it names, in its order, and then the devices that fed its dataset,
    /// by number.
    fn origins(&mut self, made: &Waiting) -> Result<Vec<OriginView>, Error> {
        let published = self.snapshot.record(made.record)?.map(|found| found.record.body);
        let Some(Body::VersionPublished { content, .. }) = published else {
            return Err(Error::inconsistent("the record of a version did not publish it"));
        };
        let named = content.sources.into_iter().map(|source| self.named(source)).collect::<Result<Vec<_>, Error>>()?;
        let changes = match self.feeds.entry(made.version.dataset) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(feed_changes(self.snapshot, made.version.dataset)?),
        };
        let devices = fed_by(changes, made.record, content.from).into_iter();
        Ok(named.into_iter().chain(devices.map(|device| OriginView::Device { device })).collect())
    }

    fn named(&self, source: Source) -> Result<OriginView, Error> {
        Ok(match source {
            Source::Version { dataset, version, grant } => {
                let missing = Error::inconsistent("a source of a version is not in the index");
                let record = self.snapshot.version(VersionId { dataset, version })?.ok_or(missing)?;
                OriginView::Version { dataset, version, grant, record: Decimal(record) }
            }
            Source::Batches { device, first_sequence, last_sequence, grant } => OriginView::Readings {
                device,
                first_sequence: Decimal(first_sequence),
                last_sequence: Decimal(last_sequence),
                grant,
            },
            Source::External { content, uri } => {
                OriginView::External { content: content.into(), uri: String::from_utf8_lossy(&uri).into_owned() }
            }
        })
    }
}

/// A change of the devices that feed a dataset.
struct FeedChange {
    record: u64,
    time: Moment,
    added: Devices,
    removed: Devices,
}

/// The changes of what feeds a dataset, in order.
fn feed_changes(snapshot: &Snapshot<'_>, dataset: DatasetId) -> Result<Vec<FeedChange>, Error> {
    let subject = Some(Subject::Dataset(dataset));
    let filter = Filter { subject, kind: Some("dataset_devices_changed"), ..Filter::default() };
    let found = snapshot.records(&filter, 0, snapshot.position().records(), u32::MAX)?.into_iter();
    let change = |found: IndexedRecord| match found.record.body {
        Body::DatasetDevicesChanged { added, removed, .. } => {
            Some(FeedChange { record: found.record.index, time: found.record.time, added, removed })
        }
        _ => None,
    };
    Ok(found.filter_map(change).collect())
}

/// The devices that fed a dataset, as far as they may be in a version that a record published, whose readings begin at
/// `from`: those that were added before, and that were not removed before, or removed no earlier than `from`.
fn fed_by(changes: &[FeedChange], published: u64, from: Moment) -> Vec<DeviceId> {
    // When they were removed, unless they were not.
    let mut known = BTreeMap::new();
    for change in changes.iter().take_while(|change| change.record < published) {
        known.extend(change.removed.iter().map(|device| (*device, Some(change.time))));
        known.extend(change.added.iter().map(|device| (*device, None)));
    }
    known.into_iter().filter(|(_, removed)| removed.is_none_or(|time| time >= from)).map(|(device, _)| device).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(record: u64, added: &[u64], removed: &[u64]) -> FeedChange {
        let devices = |numbers: &[u64]| -> Devices {
            numbers.iter().copied().map(DeviceId).collect::<Vec<_>>().try_into().expect("there are few of them")
        };
        FeedChange { record, time: record * 10, added: devices(added), removed: devices(removed) }
    }

    #[test]
    fn devices_feed_from_their_addition_to_their_removal() {
        let changes = [change(1, &[7, 8], &[]), change(3, &[9], &[7]), change(5, &[7], &[8]), change(7, &[], &[7, 9])];
        for (published, from, expected) in [
            (1, 0, vec![]),
            (2, 0, vec![7, 8]),
            (4, 0, vec![7, 8, 9]),
            (4, 30, vec![7, 8, 9]),
            (4, 31, vec![8, 9]),
            (6, 51, vec![7, 9]),
            (8, 50, vec![7, 8, 9]),
            (8, 70, vec![7, 9]),
            (8, 71, vec![]),
        ] {
            let found: Vec<_> = fed_by(&changes, published, from).into_iter().map(|device| device.0).collect();
            assert_eq!(found, expected, "published by {published}, from {from}");
        }
    }
}
