//! Where data comes from, and where it went.
//!
//! *Up* goes from a version to what it was made from: versions, attested batches and bytes that the ledger does not know,
//! each with the grant by which it was used. *Down* goes from a version, a batch or a device to the versions that were
//! made from it. Both are bounded ([`Bounds`]), and say what they left out.
//!
//! The walks themselves are computed from records by [`super::graph`]. Here are [`gather`], which fetches their records, and
//! [`upstream`], which fetches also what is said about everything on the way up.

pub use citynet_answers::lineage::{uses, Attested, Bounds, Made, NotAStart, Start, Use};

use super::journal::{Journal, Query};
use crate::{
    connection::{NodeError, NOT_FOUND},
    rpc::{DatasetView, DeviceView, GrantFilter, GrantView, OrganisationView, Origin},
};
use citynet_primitives::{
    BatchId, Body, DatasetId, DeviceId, GrantId, Moment, OrganisationId, Record, Source, Subject, VersionId,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A walk cannot be made.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LineageError {
    /// The node does not answer, or says no.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The node names a record that says something else.
    #[error("record {record}, which is to say {what}, is `{kind}` and says something else")]
    OtherRecord {
        /// The record.
        record: u64,
        /// What it should say.
        what: String,
        /// What it is.
        kind: &'static str,
    },
}

/// What is said about a dataset, a device, an organisation or a grant on the way, by the state at the finalised head.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Datasets.
    pub datasets: BTreeMap<DatasetId, DatasetView>,
    /// Devices.
    pub devices: BTreeMap<DeviceId, DeviceView>,
    /// Organisations.
    pub organisations: BTreeMap<OrganisationId, OrganisationView>,
    /// Grants.
    pub grants: BTreeMap<GrantId, GrantView>,
}

impl Named {
    /// An organisation's name, or its number.
    pub fn organisation(&self, id: OrganisationId) -> String {
        self.organisations.get(&id).map_or_else(|| format!("organisation {id}"), |found| found.name.clone())
    }

    /// A dataset's title, or nothing.
    pub fn title(&self, id: DatasetId) -> String {
        self.datasets.get(&id).map(|found| found.title.clone()).unwrap_or_default()
    }
}

/// What a version was made from, and so on.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// The versions, each with the shortest way to it.
    pub versions: BTreeMap<VersionId, Made>,
    /// The batches, if they were asked for.
    pub batches: BTreeMap<BatchId, Attested>,
    /// Everything that has a name.
    pub named: Named,
    /// Why it is not complete; nothing when it is.
    pub left_out: Vec<String>,
}

impl Lineage {
    /// Whether it is all.
    pub fn is_complete(&self) -> bool {
        self.left_out.is_empty()
    }

    /// The batches that have readings of a source.
    pub fn batches_of(
        &self,
        device: DeviceId,
        first_sequence: u64,
        last_sequence: u64,
    ) -> impl Iterator<Item = (&BatchId, &Attested)> {
        let until = BatchId { device, first_sequence: last_sequence };
        let from = BatchId { device, first_sequence: 0 };
        self.batches.range(from..=until).filter(move |(_, attested)| first_sequence <= attested.last_sequence())
    }
}

/// What a version was made from, step by step. Batches are fetched only if they are asked for.
///
/// # Errors
///
/// [`LineageError`].
pub async fn upstream(
    journal: &Journal<'_>,
    version: VersionId,
    bounds: Bounds,
    with_batches: bool,
) -> Result<Lineage, LineageError> {
    let mut lineage = Lineage::default();
    let mut queue = VecDeque::from([(version, 0)]);
    let mut left_out = BTreeSet::new();
    while let Some((version, depth)) = queue.pop_front() {
        if lineage.versions.contains_key(&version) {
            continue;
        }
        if lineage.versions.len() >= bounds.versions {
            left_out.insert(bounds.too_many_versions());
            break;
        }
        let made = published(journal, version, depth).await?;
        if depth >= bounds.depth && !made.content.sources.is_empty() {
            left_out.insert(bounds.too_many_steps());
        } else {
            for source in &made.content.sources {
                match source {
                    Source::Version { dataset, version, .. } => {
                        queue.push_back((VersionId { dataset: *dataset, version: *version }, depth + 1));
                    }
                    Source::Batches { device, first_sequence, last_sequence, .. } if with_batches => {
                        let all =
                            fetch_batches(journal, &mut lineage, *device, *first_sequence, *last_sequence, bounds);
                        if !all.await? {
                            let most = bounds.batches;
                            left_out.insert(format!("more than {most} batches: give --batches a higher number"));
                        }
                    }
                    Source::Batches { .. } | Source::External { .. } => {}
                }
            }
        }
        lineage.versions.insert(version, made);
    }
    lineage.left_out = left_out.into_iter().collect();
    name(journal, &mut lineage).await?;
    Ok(lineage)
}

/// The record that published a version.
async fn published(journal: &Journal<'_>, version: VersionId, depth: u32) -> Result<Made, LineageError> {
    let view = journal.ledger().rpc().dataset_version(version).await?;
    let record = journal.one(view.record.0).await?;
    let Record { index, time, organisation, body, .. } = record;
    match body {
        Body::VersionPublished { dataset, version: number, content }
            if dataset == version.dataset && number == version.version =>
        {
            let faulty_since = view.faulty_since.map(|since| since.0);
            Ok(Made { content, record: index, time, publisher: organisation, faulty_since, depth })
        }
        other => {
            let what = format!("what version {version} is");
            Err(LineageError::OtherRecord { record: index, what, kind: other.kind() })
        }
    }
}

/// Fetches the batches that have readings of a source. Gives whether these were all.
async fn fetch_batches(
    journal: &Journal<'_>,
    lineage: &mut Lineage,
    device: DeviceId,
    first_sequence: u64,
    last_sequence: u64,
    bounds: Bounds,
) -> Result<bool, LineageError> {
    // The first reading may be one that is missing. Then all batches are looked through.
    let from_index = match journal.ledger().rpc().batch(device, first_sequence).await {
        Ok(record) => Some(record.index),
        Err(error) if error.code() == Some(NOT_FOUND) => None,
        Err(error) => return Err(error.into()),
    };
    let kind = Some("batch_attested");
    let query = Query { subject: Some(Subject::Device(device)), kind, from_index, ..Query::default() };
    let mut all = true;
    journal
        .each(&query, |found| {
            let Some(attested) = Attested::read(&found.record) else { return true };
            if attested.batch.first_sequence > last_sequence {
                return false;
            }
            if attested.last_sequence() < first_sequence {
                return true;
            }
            let is_known = lineage.batches.contains_key(&attested.batch.id());
            all = is_known || lineage.batches.len() < bounds.batches;
            if all {
                lineage.batches.insert(attested.batch.id(), attested);
            }
            all
        })
        .await?;
    Ok(all)
}

/// Fetches what is said about all that was found.
async fn name(journal: &Journal<'_>, lineage: &mut Lineage) -> Result<(), LineageError> {
    let mut devices: BTreeSet<DeviceId> = lineage.batches.keys().map(|batch| batch.device).collect();
    let mut grants = BTreeSet::new();
    for found in uses(&lineage.versions) {
        grants.extend(found.grant());
        if let Source::Batches { device, .. } = found.source {
            devices.insert(device);
        }
    }
    let datasets: BTreeSet<DatasetId> = lineage.versions.keys().map(|version| version.dataset).collect();
    lineage.named = names(journal, datasets, devices, grants).await?;
    Ok(())
}

/// What is said about datasets, devices and grants, and all organisations.
async fn names(
    journal: &Journal<'_>,
    datasets: impl IntoIterator<Item = DatasetId>,
    devices: impl IntoIterator<Item = DeviceId>,
    grants: impl IntoIterator<Item = GrantId>,
) -> Result<Named, NodeError> {
    let rpc = journal.ledger().rpc();
    let mut named = Named::default();
    for organisation in rpc.organisations().await? {
        named.organisations.insert(OrganisationId(organisation.id), organisation);
    }
    for dataset in datasets {
        named.datasets.insert(dataset, rpc.dataset(dataset).await?);
    }
    for device in devices {
        named.devices.insert(device, rpc.device(device).await?);
    }
    for grant in grants {
        named.grants.insert(grant, rpc.grant(grant).await?);
    }
    Ok(named)
}

/// Which way a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directions {
    /// To what it was made from.
    pub up: bool,
    /// To what was made from it.
    pub down: bool,
    /// And also to who could have had what is found, by which grants.
    pub grants: bool,
}

/// Fetches the records from which [`super::graph::Graph`] computes a walk, by index, and says what the node left out: all
/// about the datasets, devices and, if they were asked for, grants on the way, and organisations' names. Which versions
/// were made from something, and which grants a dataset has, the node says.
///
/// # Errors
///
/// [`NodeError`].
pub async fn gather(
    journal: &Journal<'_>,
    start: Start,
    since: Option<Moment>,
    directions: Directions,
    bounds: Bounds,
) -> Result<(Vec<Record>, Vec<String>), NodeError> {
    let mut gathered = Gathered::default();
    gathered.take(journal.of_kinds(&["organisation_registered", "organisation_profile_changed"]).await?);
    let mut left_out = Vec::new();
    match start {
        Start::Version(version) => gathered.take_dataset(journal, version.dataset).await?,
        Start::Device(device) | Start::Batch(BatchId { device, .. }) => {
            gathered.take(journal.all(&Query::about(Subject::Device(device))).await?);
        }
    }
    if let (true, Start::Version(version)) = (directions.up, start) {
        gathered.take_sources(journal, version, bounds).await?;
    }
    let origin = match start {
        Start::Version(version) => Some(Origin::Version(version)),
        Start::Device(device) => Some(Origin::Device(device, since)),
        Start::Batch(id) => gathered.observed(id).map(|since| Origin::Device(id.device, Some(since))),
    };
    if let (true, Some(origin)) = (directions.down, origin) {
        let answer = journal.ledger().rpc().dependents(origin).await?;
        journal.check_anchor(&answer.anchor)?;
        for dependent in &answer.items {
            gathered.take_dataset(journal, DatasetId(dependent.dataset.0)).await?;
        }
        if !answer.complete {
            let most = answer.items.len();
            left_out.push(format!("the node lists the nearest {most} only: ask about one of them to go on from there"));
        }
    }
    if directions.grants {
        gathered.take_grants(journal).await?;
    }
    Ok((gathered.records.into_values().collect(), left_out))
}

/// Records that were fetched, each once.
#[derive(Default)]
struct Gathered {
    records: BTreeMap<u64, Record>,
    datasets: BTreeSet<DatasetId>,
    sources: BTreeMap<VersionId, Vec<Source>>,
}

impl Gathered {
    fn take(&mut self, records: Vec<Record>) {
        for record in records {
            if let Body::VersionPublished { dataset, version, content } = &record.body {
                let id = VersionId { dataset: *dataset, version: *version };
                self.sources.insert(id, content.sources.to_vec());
            }
            self.records.insert(record.index, record);
        }
    }

    async fn take_dataset(&mut self, journal: &Journal<'_>, dataset: DatasetId) -> Result<(), NodeError> {
        if self.datasets.insert(dataset) {
            self.take(journal.all(&Query::about(Subject::Dataset(dataset))).await?);
        }
        Ok(())
    }

    /// All about the datasets of what a version was made from, step by step, and what the owners of its devices say of
    /// these.
    async fn take_sources(&mut self, journal: &Journal<'_>, of: VersionId, bounds: Bounds) -> Result<(), NodeError> {
        let (mut seen, mut devices) = (BTreeSet::new(), BTreeSet::new());
        let mut queue = VecDeque::from([(of, 0)]);
        while let Some((version, depth)) = queue.pop_front() {
            if seen.len() > bounds.versions || depth > bounds.depth || !seen.insert(version) {
                continue;
            }
            self.take_dataset(journal, version.dataset).await?;
            for source in self.sources.get(&version).into_iter().flatten() {
                match source {
                    Source::Version { dataset, version, .. } => {
                        queue.push_back((VersionId { dataset: *dataset, version: *version }, depth + 1));
                    }
                    Source::Batches { device, .. } => _ = devices.insert(*device),
                    Source::External { .. } => {}
                }
            }
        }
        for device in devices {
            for kind in ["device_registered", "device_distrusted"] {
                let query = Query { kind: Some(kind), ..Query::about(Subject::Device(device)) };
                self.take(journal.all(&query).await?);
            }
        }
        Ok(())
    }

    /// All about the grants of the datasets.
    async fn take_grants(&mut self, journal: &Journal<'_>) -> Result<(), NodeError> {
        for dataset in self.datasets.clone() {
            let filter = GrantFilter { dataset: Some(dataset), ..GrantFilter::default() };
            for grant in journal.ledger().rpc().grants(filter).await? {
                self.take(journal.all(&Query::about(Subject::Grant(GrantId(grant.grant.0)))).await?);
            }
        }
        Ok(())
    }

    /// The time of a batch's first observation.
    fn observed(&self, id: BatchId) -> Option<Moment> {
        let mut batches = self.records.values().filter_map(Attested::read);
        batches.find(|attested| attested.batch.id() == id).map(|attested| attested.batch.window_start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::parts::attested;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn batches_of_a_source_are_those_that_overlap(
            counts in proptest::collection::vec(1..20u32, 1..20), first in 0..300u64, more in 0..100u64,
        ) {
            let mut lineage = Lineage::default();
            let mut next = 0;
            for (record, count) in (1..).zip(counts) {
                for device in [11, 12, 13] {
                    let attested = attested(device, next, count, record);
                    lineage.batches.insert(attested.batch.id(), attested);
                }
                next += u64::from(count);
            }
            let last = first + more;
            let found: Vec<BatchId> = lineage.batches_of(DeviceId(12), first, last).map(|(id, _)| *id).collect();
            let overlaps = |attested: &&Attested| {
                let begin = attested.batch.first_sequence;
                let mut numbers = begin..begin + u64::from(attested.batch.count);
                attested.batch.device == DeviceId(12) && numbers.any(|number| first <= number && number <= last)
            };
            let expected: Vec<BatchId> =
                lineage.batches.values().filter(overlaps).map(|attested| attested.batch.id()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
