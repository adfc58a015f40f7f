//! What was made from what, computed from records alone.
//!
//! [`Graph`] takes records, [`Graph::up`] follows a version to what it was made from, [`Graph::down`] follows a version, a
//! batch or a device to what was made from it, and [`Graph::taint`] adds who is concerned. The rule by which a version
//! depends on a device is that of the page on grants, which the node's index follows too.
//!
//! # What it does not cover
//!
//! Records that are not there. A source whose record is missing is said to be left out; a version that is missing as a
//! whole, with all that was made from it, does not show: prove the lists complete.

use crate::{
    lineage::{grants_for, may_have, uses, Attested, Bounds, Made, Start, Use},
    names::{text, Names},
};
use citynet_primitives::{
    BatchId, Body, DatasetId, DeviceId, GrantId, GrantState, Moment, OrganisationId, Record, Source, VersionId,
    Versions,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// There is nothing to begin with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// No record published the version.
    #[error("there is no version {0}; `citynet dataset show` says which there are")]
    NoVersion(VersionId),
    /// No record registered the device.
    #[error("there is no device {0}; `citynet device list` says which there are")]
    NoDevice(DeviceId),
    /// No record attested the batch.
    #[error("device {} attested no batch that begins with reading {}; ask `citynet audit devices` what it attested", .0.device, .0.first_sequence)]
    NoBatch(BatchId),
    /// Nobody said since when.
    #[error("device {0} is not distrusted; say with --since from when on it is in doubt")]
    NotDistrusted(DeviceId),
}

/// A dataset as the last records have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDataset {
    /// Who owns it.
    pub owner: OrganisationId,
    /// Its title.
    pub title: String,
}

/// A device as the last records have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownDevice {
    /// Who answers for it.
    pub owner: OrganisationId,
    /// From when on it is distrusted.
    pub distrusted_since: Option<Moment>,
}

/// A period in which a device fed a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Feed {
    device: DeviceId,
    dataset: DatasetId,
    /// The record that began it.
    added: u64,
    /// The record that ended it, and its time.
    removed: Option<(u64, Moment)>,
}

/// A grant, as far as it says who could have what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KnownGrant {
    dataset: DatasetId,
    consumer: OrganisationId,
    versions: Versions,
    was_active: bool,
}

/// All that records say about versions and what these were made from.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    versions: BTreeMap<VersionId, Made>,
    /// The versions that name a version as a source.
    made_from: BTreeMap<VersionId, BTreeSet<VersionId>>,
    datasets: BTreeMap<DatasetId, KnownDataset>,
    devices: BTreeMap<DeviceId, KnownDevice>,
    batches: BTreeMap<BatchId, Attested>,
    feeds: Vec<Feed>,
    grants: BTreeMap<GrantId, KnownGrant>,
    names: Names,
}

/// What a version was made from, and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Up {
    /// The versions, each with the shortest way to it.
    pub versions: BTreeMap<VersionId, Made>,
    /// Every use, the nearest first.
    pub uses: Vec<Use>,
    /// Why it is not complete; nothing when it is.
    pub left_out: Vec<String>,
}

/// A version that was made from where a walk down began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The version.
    pub version: VersionId,
    /// What comes before it on the shortest way: a version such as `7@3`, or `device:12`.
    pub via: String,
    /// By which grants it used that.
    pub grants: Vec<GrantId>,
    /// What it is, with how many steps it takes at least.
    pub made: Made,
}

/// What was made from something, and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Down {
    /// The versions, the nearest first.
    pub reached: Vec<Reached>,
    /// Why it is not complete; nothing when it is.
    pub left_out: Vec<String>,
}

/// Readings of a device that are in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    /// The first one's number.
    pub first: u64,
    /// The last one's number.
    pub last: u64,
    /// In how many batches.
    pub batches: u64,
    /// How many.
    pub readings: u64,
}

/// Why somebody should be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concern {
    /// What it owns of what is touched: `device:12`, `7@3`.
    pub owns: BTreeSet<String>,
    /// What it could have had, and by which grant.
    pub had: BTreeSet<String>,
}

/// All that something in doubt touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taint {
    /// Since when a device is in doubt, or a version is faulty.
    pub since: Option<Moment>,
    /// The readings of the device from the first batch on that has an observation of that time or later.
    pub readings: Option<Readings>,
    /// The versions.
    pub down: Down,
    /// Whom to tell.
    pub concerns: BTreeMap<OrganisationId, Concern>,
}

/// Reading records.
impl Graph {
    /// What the records say, which are by index.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut graph = Self::default();
        for record in records {
            graph.add(record);
        }
        graph
    }

    fn add(&mut self, record: &Record) {
        match &record.body {
            Body::DatasetRegistered { dataset, owner, profile, .. } => {
                self.datasets.insert(*dataset, KnownDataset { owner: *owner, title: text(&profile.title) });
            }
            Body::DatasetChanged { dataset, profile } => {
                if let Some(found) = self.datasets.get_mut(dataset) {
                    found.title = text(&profile.title);
                }
            }
            Body::DatasetTransferred { dataset, to, .. } => {
                if let Some(found) = self.datasets.get_mut(dataset) {
                    found.owner = *to;
                }
            }
            Body::DatasetDevicesChanged { dataset, added, removed } => {
                let ended = Some((record.index, record.time));
                for feed in self.feeds.iter_mut().filter(|feed| feed.dataset == *dataset && feed.removed.is_none()) {
                    if removed.contains(&feed.device) {
                        feed.removed = ended;
                    }
                }
                let begun =
                    |device: &DeviceId| Feed { device: *device, dataset: *dataset, added: record.index, removed: None };
                self.feeds.extend(added.iter().map(begun));
            }
            Body::VersionPublished { .. } | Body::VersionFlagged { .. } => self.add_version(record),
            Body::DeviceRegistered { device, owner, .. } => {
                self.devices.insert(*device, KnownDevice { owner: *owner, distrusted_since: None });
            }
            Body::DeviceDistrusted { device, since, .. } => {
                if let Some(found) = self.devices.get_mut(device) {
                    found.distrusted_since = Some(found.distrusted_since.map_or(*since, |before| before.min(*since)));
                }
            }
            Body::BatchAttested { .. } => {
                if let Some(attested) = Attested::read(record) {
                    self.batches.insert(attested.batch.id(), attested);
                }
            }
            Body::GrantRequested { grant, terms, .. } | Body::GrantOffered { grant, terms, .. } => {
                let (dataset, consumer, versions) = (terms.dataset, terms.consumer, terms.versions);
                self.grants.insert(*grant, KnownGrant { dataset, consumer, versions, was_active: false });
            }
            Body::GrantAdvanced { grant, state: GrantState::Active, .. } => {
                if let Some(found) = self.grants.get_mut(grant) {
                    found.was_active = true;
                }
            }
            other => self.names.add(other),
        }
    }

    fn add_version(&mut self, record: &Record) {
        match &record.body {
            Body::VersionPublished { dataset, version, content } => {
                let id = VersionId { dataset: *dataset, version: *version };
                for source in &content.sources {
                    if let Source::Version { dataset, version, .. } = source {
                        let source = VersionId { dataset: *dataset, version: *version };
                        self.made_from.entry(source).or_default().insert(id);
                    }
                }
                let Record { index, time, organisation, .. } = *record;
                let made = Made {
                    content: content.clone(),
                    record: index,
                    time,
                    publisher: organisation,
                    faulty_since: None,
                    depth: 0,
                };
                self.versions.insert(id, made);
            }
            Body::VersionFlagged { dataset, version, since, .. } => {
                let id = VersionId { dataset: *dataset, version: *version };
                if let Some(found) = self.versions.get_mut(&id) {
                    found.faulty_since = Some(found.faulty_since.map_or(*since, |before| before.min(*since)));
                }
            }
            _ => {}
        }
    }

    /// The organisations' names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// A dataset, if it was registered.
    pub fn dataset(&self, id: DatasetId) -> Option<&KnownDataset> {
        self.datasets.get(&id)
    }

    /// A dataset's title, or nothing.
    pub fn title(&self, id: DatasetId) -> String {
        self.dataset(id).map(|found| found.title.clone()).unwrap_or_default()
    }

    /// A device, if it was registered.
    pub fn device(&self, id: DeviceId) -> Option<&KnownDevice> {
        self.devices.get(&id)
    }

    /// A batch, if it was attested.
    pub fn batch(&self, id: BatchId) -> Option<&Attested> {
        self.batches.get(&id)
    }

    fn batches_of(&self, device: DeviceId) -> impl Iterator<Item = &Attested> {
        let id = |first_sequence| BatchId { device, first_sequence };
        self.batches.range(id(0)..=id(u64::MAX)).map(|(_, attested)| attested)
    }
}

/// Walking.
impl Graph {
    /// What a version was made from, step by step.
    ///
    /// # Errors
    ///
    /// [`GraphError::NoVersion`].
    pub fn up(&self, version: VersionId, bounds: Bounds) -> Result<Up, GraphError> {
        let mut versions: BTreeMap<VersionId, Made> = BTreeMap::new();
        let mut left_out = BTreeSet::new();
        let mut queue = VecDeque::from([(version, 0)]);
        while let Some((id, depth)) = queue.pop_front() {
            if versions.contains_key(&id) {
                continue;
            }
            let Some(found) = self.versions.get(&id) else {
                if id == version {
                    return Err(GraphError::NoVersion(version));
                }
                left_out.insert(format!("there is no record of version {id}"));
                continue;
            };
            if versions.len() >= bounds.versions {
                left_out.insert(bounds.too_many_versions());
                break;
            }
            if depth >= bounds.depth && !found.content.sources.is_empty() {
                left_out.insert(bounds.too_many_steps());
            } else {
                let sources = found.content.sources.iter().filter_map(|source| match source {
                    Source::Version { dataset, version, .. } => {
                        Some(VersionId { dataset: *dataset, version: *version })
                    }
                    Source::Batches { .. } | Source::External { .. } => None,
                });
                queue.extend(sources.map(|source| (source, depth.saturating_add(1))));
            }
            versions.insert(id, Made { depth, ..found.clone() });
        }
        let uses = uses(&versions);
        Ok(Up { versions, uses, left_out: left_out.into_iter().collect() })
    }

    /// What was made from a start, step by step; from a device since a time, if one is given.
    ///
    /// # Errors
    ///
    /// [`GraphError`].
    pub fn down(&self, start: Start, since: Option<Moment>, bounds: Bounds) -> Result<Down, GraphError> {
        let mut walk = Walk::default();
        match start {
            Start::Version(version) => {
                if !self.versions.contains_key(&version) {
                    return Err(GraphError::NoVersion(version));
                }
                walk.seen.insert(version);
                self.step(&mut walk, version, 0);
            }
            Start::Device(device) => {
                self.device(device).ok_or(GraphError::NoDevice(device))?;
                for version in self.direct(device, since.unwrap_or_default()) {
                    walk.find(version, 1, format!("device:{device}"));
                }
            }
            Start::Batch(id) => {
                let attested = self.batch(id).ok_or(GraphError::NoBatch(id))?;
                let direct = self.direct(id.device, attested.batch.window_start);
                let made = |version: &VersionId| self.versions.get(version);
                for version in direct {
                    if made(&version).is_some_and(|made| may_have(&made.content, attested)) {
                        walk.find(version, 1, format!("device:{}", id.device));
                    }
                }
            }
        }
        while let Some((version, depth)) = walk.waiting.pop_front() {
            self.step(&mut walk, version, depth);
        }
        Ok(self.within(walk, bounds))
    }

    /// Finds what names a version as a source.
    fn step(&self, walk: &mut Walk, version: VersionId, depth: u32) {
        for made in self.made_from.get(&version).into_iter().flatten() {
            walk.find(*made, depth.saturating_add(1), version.to_string());
        }
    }

    fn within(&self, walk: Walk, bounds: Bounds) -> Down {
        let mut down = Down::default();
        for (version, depth, via) in walk.found {
            let Some(found) = self.versions.get(&version) else { continue };
            if depth > bounds.depth {
                down.left_out = vec![bounds.too_many_steps()];
                break;
            }
            if down.reached.len() >= bounds.versions {
                down.left_out = vec![bounds.too_many_versions()];
                break;
            }
            let grants = grants_for(&found.content, &via);
            down.reached.push(Reached { version, via, grants, made: Made { depth, ..found.clone() } });
        }
        down
    }

    /// The versions that were made, or may have been made, from what a device observed at `since` or later, in one step:
    /// first those whose sources name readings, then those of what it fed, each ascending.
    fn direct(&self, device: DeviceId, since: Moment) -> Vec<VersionId> {
        let first = self.batches_of(device).find(|attested| since <= attested.batch.window_end);
        let first = first.map(|attested| attested.batch.first_sequence);
        let names_readings = |made: &Made| {
            made.content.sources.iter().any(|source| match source {
                Source::Batches { device: named, last_sequence, .. } => {
                    *named == device && first.is_some_and(|first| first <= *last_sequence)
                }
                Source::Version { .. } | Source::External { .. } => false,
            })
        };
        let was_fed = |id: &VersionId, made: &Made| {
            since <= made.content.to
                && self.feeds.iter().any(|feed| {
                    let still = |(removed, time): (u64, Moment)| made.record < removed || made.content.from <= time;
                    feed.device == device
                        && feed.dataset == id.dataset
                        && feed.added < made.record
                        && feed.removed.is_none_or(still)
                })
        };
        let named = self.versions.iter().filter(|(_, made)| names_readings(made));
        let fed = self.versions.iter().filter(|(id, made)| was_fed(id, made));
        named.chain(fed).map(|(id, _)| *id).collect()
    }

    /// All that a device distrusted since a time touches (by default since when it is distrusted), or a version.
    ///
    /// # Errors
    ///
    /// [`GraphError`].
    pub fn taint(&self, of: Start, since: Option<Moment>, bounds: Bounds) -> Result<Taint, GraphError> {
        let since = match of {
            Start::Device(device) => {
                let known = self.device(device).ok_or(GraphError::NoDevice(device))?;
                Some(since.or(known.distrusted_since).ok_or(GraphError::NotDistrusted(device))?)
            }
            Start::Batch(id) => self.batch(id).map(|attested| attested.batch.window_start),
            Start::Version(version) => self.versions.get(&version).and_then(|made| made.faulty_since),
        };
        let down = self.down(of, since, bounds)?;
        let readings = match (of, since) {
            (Start::Device(device), Some(since)) => self.in_doubt(device, since),
            _ => None,
        };
        let concerns = self.concerns(of, &down);
        Ok(Taint { since, readings, down, concerns })
    }

    /// The readings of a device from the first batch on that has an observation of a time or later.
    fn in_doubt(&self, device: DeviceId, since: Moment) -> Option<Readings> {
        let mut batches = self.batches_of(device).skip_while(|attested| attested.batch.window_end < since);
        let first = batches.next()?;
        let begin = Readings {
            first: first.batch.first_sequence,
            last: first.last_sequence(),
            batches: 1,
            readings: first.batch.count.into(),
        };
        Some(batches.fold(begin, |sum, attested| Readings {
            first: sum.first,
            last: attested.last_sequence(),
            batches: sum.batches.saturating_add(1),
            readings: sum.readings.saturating_add(attested.batch.count.into()),
        }))
    }

    /// Who owns what is touched, and who could have had it.
    fn concerns(&self, of: Start, down: &Down) -> BTreeMap<OrganisationId, Concern> {
        let mut concerns: BTreeMap<OrganisationId, Concern> = BTreeMap::new();
        let mut touched: BTreeSet<VersionId> = down.reached.iter().map(|reached| reached.version).collect();
        match of {
            Start::Version(version) => _ = touched.insert(version),
            Start::Device(device) | Start::Batch(BatchId { device, .. }) => {
                if let Some(found) = self.device(device) {
                    concerns.entry(found.owner).or_default().owns.insert(format!("device:{device}"));
                }
            }
        }
        for version in touched {
            if let Some(found) = self.dataset(version.dataset) {
                concerns.entry(found.owner).or_default().owns.insert(version.to_string());
            }
            for (grant, found) in &self.grants {
                // One that was never in force gave nothing, one that ended did.
                let gave = found.was_active && found.versions.covers(Some(version.version));
                if found.dataset == version.dataset && gave {
                    let concern = concerns.entry(found.consumer).or_default();
                    concern.had.insert(format!("{version} by grant {grant}"));
                }
            }
        }
        concerns
    }
}

/// A walk, nearest first, that sees every version once.
#[derive(Default)]
struct Walk {
    seen: BTreeSet<VersionId>,
    waiting: VecDeque<(VersionId, u32)>,
    found: Vec<(VersionId, u32, String)>,
}

impl Walk {
    fn find(&mut self, version: VersionId, depth: u32, via: String) {
        if self.seen.insert(version) {
            self.waiting.push_back((version, depth));
            self.found.push((version, depth, via));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        samples::parts::{attested, id, made, profile, some_terms},
        source::print,
    };
    use citynet_primitives::{
        AlgorithmId, DatasetKind, DeviceKey, DeviceProfile, Location, OrganisationKind, Sensitivity, VersionContent,
        RECORD_VERSION,
    };
    use proptest::prelude::*;

    /// Records by index, from 1; the time of each is its index.
    #[derive(Default)]
    struct Written(Vec<Record>);

    impl Written {
        fn add(&mut self, body: Body) -> &mut Self {
            let index = self.0.len() as u64 + 1;
            let (version, organisation, account) = (RECORD_VERSION, OrganisationId(3), [1; 32]);
            self.0.push(Record { version, index, block: 1, time: index, organisation, account, body });
            self
        }

        fn dataset(&mut self, dataset: u64, owner: u32) -> &mut Self {
            let (dataset, owner, profile) = (DatasetId(dataset), OrganisationId(owner), profile(Sensitivity::Open));
            self.add(Body::DatasetRegistered { dataset, owner, dataset_kind: DatasetKind::Derived, profile })
        }

        fn version(&mut self, version: VersionId, sources: &[&str], observed: (Moment, Moment)) -> &mut Self {
            let (from, to) = observed;
            let content = VersionContent { from, to, ..made(sources, 1, 0).content };
            self.add(Body::VersionPublished { dataset: version.dataset, version: version.version, content })
        }

        fn device(&mut self, device: u64) -> &mut Self {
            let profile = DeviceProfile {
                model: Default::default(),
                properties: Default::default(),
                location: Location::Text(Default::default()),
                calibration: None,
            };
            let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: Default::default() };
            self.add(Body::DeviceRegistered { device: DeviceId(device), owner: OrganisationId(1), profile, key })
        }

        /// A batch whose observations are 1000 later than its numbers.
        fn batch(&mut self, device: u64, first: u64, count: u32) -> &mut Self {
            let batch = attested(device, first, count, 1).batch;
            self.add(Body::BatchAttested { batch, signature: Default::default() })
        }

        fn feeds(&mut self, dataset: u64, added: &[u64], removed: &[u64]) -> &mut Self {
            let devices = |ids: &[u64]| ids.iter().map(|id| DeviceId(*id)).collect::<Vec<_>>().try_into().unwrap();
            let (added, removed) = (devices(added), devices(removed));
            self.add(Body::DatasetDevicesChanged { dataset: DatasetId(dataset), added, removed })
        }

        fn graph(&self) -> Graph {
            Graph::of(&self.0)
        }
    }

    fn told(down: &Down) -> Vec<(String, u32, &str)> {
        let reached = down.reached.iter();
        reached.map(|found| (found.version.to_string(), found.made.depth, found.via.as_str())).collect()
    }

    #[test]
    fn a_version_is_followed_both_ways() {
        let mut written = Written::default();
        written
            .dataset(7, 1)
            .version(id(7, 1), &["device:12:0-99"], (0, 0))
            .dataset(8, 2)
            .version(id(8, 1), &["7@1:grant=5"], (0, 0))
            .dataset(9, 3)
            .version(id(9, 1), &["8@1", "7@1:grant=6"], (0, 0))
            .version(id(9, 2), &["9@1", "6@1"], (0, 0));
        let graph = written.graph();
        let up = graph.up(id(9, 1), Bounds::default()).unwrap();
        let depths: Vec<_> = up.versions.iter().map(|(version, made)| (version.to_string(), made.depth)).collect();
        let expected = [("7@1", 1), ("8@1", 1), ("9@1", 0)].map(|(version, depth)| (version.to_owned(), depth));
        assert_eq!(depths, expected);
        let uses: Vec<_> = up.uses.iter().map(|found| (found.depth, print(&found.source))).collect();
        let expected = [(1, "8@1"), (1, "7@1:grant=6"), (2, "device:12:0-99"), (2, "7@1:grant=5")];
        assert_eq!(uses, expected.map(|(depth, source)| (depth, source.to_owned())));
        assert!(up.left_out.is_empty());

        let down = graph.down(Start::Version(id(7, 1)), None, Bounds::default()).unwrap();
        let expected = [("8@1", 1, "7@1"), ("9@1", 1, "7@1"), ("9@2", 2, "9@1")];
        assert_eq!(told(&down), expected.map(|(version, depth, via)| (version.to_owned(), depth, via)));
        assert_eq!(down.reached[1].grants, [GrantId(6)]);

        // A source whose record is not there is said to be.
        let up = graph.up(id(9, 2), Bounds::default()).unwrap();
        assert_eq!(up.left_out, ["there is no record of version 6@1"]);
        assert_eq!(graph.up(id(6, 1), Bounds::default()), Err(GraphError::NoVersion(id(6, 1))));
        let refused = graph.down(Start::Version(id(6, 1)), None, Bounds::default());
        assert_eq!(refused, Err(GraphError::NoVersion(id(6, 1))));
    }

    #[test]
    fn bounds_say_what_they_leave_out() {
        let mut written = Written::default();
        written.dataset(7, 1).version(id(7, 1), &[], (0, 0));
        for version in 2..6 {
            written.version(id(7, version), &[&format!("7@{}", version - 1)], (0, 0));
        }
        let graph = written.graph();
        let few = Bounds { versions: 2, ..Bounds::default() };
        let near = Bounds { depth: 2, ..Bounds::default() };
        for (bounds, words) in [(few, "more than 2 versions"), (near, "more than 2 steps")] {
            let up = graph.up(id(7, 5), bounds).unwrap();
            let down = graph.down(Start::Version(id(7, 1)), None, bounds).unwrap();
            assert!(up.left_out[0].starts_with(words) && down.left_out[0].starts_with(words), "{words}");
            assert_eq!(down.reached.len(), 2);
        }
        let exact = Bounds { depth: 4, versions: 4, ..Bounds::default() };
        assert!(graph.down(Start::Version(id(7, 1)), None, exact).unwrap().left_out.is_empty());
    }

    #[test]
    fn readings_and_feeds_lead_from_a_device() {
        let mut written = Written::default();
        written.device(12).batch(12, 0, 100).batch(12, 100, 100).dataset(7, 1).dataset(8, 1).feeds(7, &[12], &[]);
        // By its readings: those of the second batch and later.
        written.version(id(8, 1), &["device:12:0-99"], (0, 0)).version(id(8, 2), &["device:12:90-100"], (0, 0));
        // By feeding: as long as it does, or up to what it was removed after.
        written.version(id(7, 1), &[], (0, 1150)).version(id(7, 2), &[], (0, 1149)).feeds(7, &[], &[12]);
        let removed = written.0.len() as u64;
        written.version(id(7, 3), &[], (removed, 2000)).version(id(7, 4), &[], (removed + 1, 2000));
        let graph = written.graph();
        let down = |since| graph.down(Start::Device(DeviceId(12)), since, Bounds::default()).unwrap();
        let found = |since| down(since).reached.iter().map(|reached| reached.version.to_string()).collect::<Vec<_>>();
        assert_eq!(found(Some(1150)), ["8@2", "7@1", "7@3"]);
        assert_eq!(found(None), ["8@1", "8@2", "7@1", "7@2", "7@3"]);
        assert_eq!(found(Some(5000)), Vec::<String>::new());
        assert!(down(None).reached.iter().all(|reached| reached.via == "device:12"));
        let refused = graph.down(Start::Device(DeviceId(13)), None, Bounds::default());
        assert_eq!(refused, Err(GraphError::NoDevice(DeviceId(13))));

        let batch = |first_sequence| Start::Batch(BatchId { device: DeviceId(12), first_sequence });
        let of_batch = graph.down(batch(0), None, Bounds::default()).unwrap();
        let found: Vec<_> = of_batch.reached.iter().map(|reached| reached.version.to_string()).collect();
        assert_eq!(found, ["8@1", "8@2", "7@1", "7@2", "7@3"]);
        assert!(matches!(graph.down(batch(5), None, Bounds::default()), Err(GraphError::NoBatch(_))));
    }

    #[test]
    fn whoever_is_concerned_is_told() {
        let terms = |dataset, consumer, first, last| citynet_primitives::Terms {
            dataset: DatasetId(dataset),
            consumer: OrganisationId(consumer),
            versions: Versions { first, last, content: None },
            ..some_terms()
        };
        let mut written = Written::default();
        written.device(12).batch(12, 0, 100).batch(12, 100, 50).dataset(7, 1);
        written.version(id(7, 1), &["device:12:0-99"], (0, 0)).version(id(7, 2), &["device:12:100-149"], (0, 0));
        // 5 is in force, 6 never was, 8 covers another version only.
        for (grant, consumer, first, last) in [(5, 4, 1, None), (6, 5, 1, None), (8, 6, 1, Some(1))] {
            let (parent, supersedes) = (None, None);
            let terms = terms(7, consumer, first, last);
            written.add(Body::GrantOffered { grant: GrantId(grant), parent, supersedes, binding: true, terms });
        }
        for grant in [5, 8] {
            let (grant, terms) = (GrantId(grant), [0; 32]);
            written.add(Body::GrantAdvanced { grant, state: GrantState::Active, terms });
        }
        written.add(Body::OrganisationRegistered {
            organisation: OrganisationId(4),
            organisation_kind: OrganisationKind::University,
            name: b"University".to_vec().try_into().unwrap(),
        });
        let device = Start::Device(DeviceId(12));
        let refused = written.graph().taint(device, None, Bounds::default());
        assert_eq!(refused, Err(GraphError::NotDistrusted(DeviceId(12))));
        let reason = citynet_primitives::Text::default();
        written.add(Body::DeviceDistrusted { device: DeviceId(12), since: 1101, reason: reason.clone() });
        written.add(Body::VersionFlagged { dataset: DatasetId(7), version: 2, since: 5, reason });

        let graph = written.graph();
        let taint = graph.taint(device, None, Bounds::default()).unwrap();
        assert_eq!(taint.since, Some(1101));
        assert_eq!(taint.readings, Some(Readings { first: 100, last: 149, batches: 1, readings: 50 }));
        assert_eq!(told(&taint.down), [("7@2".to_owned(), 1, "device:12")]);
        assert_eq!(taint.down.reached[0].made.faulty_since, Some(5));
        let concern = |id| &taint.concerns[&OrganisationId(id)];
        assert_eq!(concern(1).owns, BTreeSet::from(["device:12".to_owned(), "7@2".to_owned()]));
        assert_eq!(concern(4).had, BTreeSet::from(["7@2 by grant 5".to_owned()]));
        assert_eq!(taint.concerns.len(), 2);
        assert_eq!(graph.names().numbered(OrganisationId(4)), "4 University");

        let version = graph.taint(Start::Version(id(7, 1)), None, Bounds::default()).unwrap();
        assert_eq!((version.since, version.readings), (None, None));
        assert_eq!(version.concerns[&OrganisationId(6)].had, BTreeSet::from(["7@1 by grant 8".to_owned()]));
    }

    proptest! {
        /// Up and down are the same edges: a version is above another exactly when that is below it.
        #[test]
        fn what_is_above_is_below(edges in proptest::collection::vec(proptest::collection::vec(0..12_u32, 0..4), 1..12)) {
            let mut written = Written::default();
            written.dataset(7, 1);
            let count = edges.len() as u32;
            for (version, sources) in (1..).zip(&edges) {
                // Only what was published before can be a source.
                let sources: BTreeSet<u32> = sources.iter().copied().filter(|source| (1..version).contains(source)).collect();
                let sources: Vec<String> = sources.iter().map(|source| format!("7@{source}")).collect();
                let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
                written.version(id(7, version), &sources, (0, 0));
            }
            let graph = written.graph();
            for version in 1..=count {
                let up = graph.up(id(7, version), Bounds::default()).unwrap();
                for other in (1..=count).filter(|other| *other != version) {
                    let down = graph.down(Start::Version(id(7, other)), None, Bounds::default()).unwrap();
                    let below = down.reached.iter().find(|reached| reached.version == id(7, version));
                    let above = up.versions.get(&id(7, other));
                    prop_assert_eq!(below.map(|reached| reached.made.depth), above.map(|made| made.depth));
                }
            }
        }
    }
}
