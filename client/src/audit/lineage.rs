//! Where data comes from, and where it went.
//!
//! *Up* goes from a version to what it was made from: versions, attested batches and bytes that the ledger does not know,
//! each with the grant by which it was used. *Down* goes from a version, a batch or a device to the versions that were
//! made from it. Both are bounded ([`Bounds`]), and say what they left out.
//!
//! The walks themselves are computed from records by [`super::graph`]. Here is what they have in common, [`gather`], which
//! fetches their records, and [`upstream`], which fetches also what is said about everything on the way up.

use super::journal::{Journal, Query};
use crate::{
    catalog::source::{parse_version, print},
    connection::{NodeError, NOT_FOUND},
    rpc::{DatasetView, DeviceView, GrantFilter, GrantView, OrganisationView, Origin},
};
use citynet_primitives::{
    Batch, BatchId, Body, DatasetId, DeviceId, GrantId, Moment, OrganisationId, Record, Source, Subject,
    VersionContent, VersionId,
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
    str::FromStr,
};

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most steps from where it begins.
    pub depth: u32,
    /// The most versions.
    pub versions: usize,
    /// The most batches.
    pub batches: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { depth: 32, versions: 1000, batches: 10_000 }
    }
}

impl Bounds {
    /// What is said where a walk would take more steps.
    pub(super) fn too_many_steps(&self) -> String {
        format!("more than {} steps: give --depth a higher number", self.depth)
    }

    /// What is said where a walk would find more versions.
    pub(super) fn too_many_versions(&self) -> String {
        format!("more than {} versions: give --versions a higher number", self.versions)
    }
}

/// What a walk begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// A version, such as `7@3`.
    Version(VersionId),
    /// A batch, such as `batch:12-4000`: that of device 12 whose first reading has number 4000.
    Batch(BatchId),
    /// A device, such as `device:12`.
    Device(DeviceId),
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => version.fmt(f),
            Self::Batch(batch) => write!(f, "batch:{batch}"),
            Self::Device(device) => write!(f, "device:{device}"),
        }
    }
}

/// A text is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is neither a version, such as 7@3, nor a batch, such as batch:12-4000 (device and first reading), nor a device, \
     such as device:12"
)]
pub struct NotAStart(String);

impl FromStr for Start {
    type Err = NotAStart;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| -> Option<u64> {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
        };
        let found = if let Some(device) = text.strip_prefix("device:") {
            number(device).map(|device| Self::Device(DeviceId(device)))
        } else if let Some(batch) = text.strip_prefix("batch:") {
            batch.split_once('-').and_then(|(device, first)| {
                let (device, first_sequence) = (DeviceId(number(device)?), number(first)?);
                Some(Self::Batch(BatchId { device, first_sequence }))
            })
        } else {
            parse_version(text).ok().map(Self::Version)
        };
        found.ok_or_else(|| NotAStart(text.into()))
    }
}

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

/// A version as the record has it that published it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// What it is and how it was made.
    pub content: VersionContent,
    /// The record.
    pub record: u64,
    /// When it was published.
    pub time: Moment,
    /// By which organisation.
    pub publisher: OrganisationId,
    /// From when on it is faulty, if it is.
    pub faulty_since: Option<Moment>,
    /// How many steps it is away.
    pub depth: u32,
}

/// A batch as the record has it that attested it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attested {
    /// What was signed.
    pub batch: Batch,
    /// The record.
    pub record: u64,
    /// When it was attested.
    pub time: Moment,
    /// By which organisation.
    pub organisation: OrganisationId,
}

impl Attested {
    /// What a record says that is about a batch.
    pub fn read(record: &Record) -> Option<Self> {
        let Body::BatchAttested { batch, .. } = &record.body else { return None };
        let Record { index, time, organisation, .. } = *record;
        Some(Self { batch: batch.clone(), record: index, time, organisation })
    }

    /// The number of its last reading.
    pub fn last_sequence(&self) -> u64 {
        let readings = u64::from(self.batch.count).saturating_sub(1);
        self.batch.first_sequence.saturating_add(readings)
    }
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

/// A use of a source by a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// How many steps the source is away from where the walk began.
    pub depth: u32,
    /// The version that was made.
    pub version: VersionId,
    /// What from.
    pub source: Source,
}

impl Use {
    /// By which grant.
    pub fn grant(&self) -> Option<GrantId> {
        match self.source {
            Source::Version { grant, .. } | Source::Batches { grant, .. } => grant,
            Source::External { .. } => None,
        }
    }

    /// The source without its grant, such as `7@3` or `device:12:0-999`.
    pub fn source(&self) -> String {
        let mut source = self.source.clone();
        if let Source::Version { grant, .. } | Source::Batches { grant, .. } = &mut source {
            *grant = None;
        }
        print(&source)
    }
}

/// Every use that versions made, the nearest first.
pub fn uses(versions: &BTreeMap<VersionId, Made>) -> Vec<Use> {
    let mut uses: Vec<Use> = versions
        .iter()
        .flat_map(|(version, made)| {
            let depth = made.depth.saturating_add(1);
            made.content.sources.iter().map(move |source| Use { depth, version: *version, source: source.clone() })
        })
        .collect();
    uses.sort_by_key(|found| (found.depth, found.version));
    uses
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

/// Whether a version may have readings of a batch: it names some, or it names none of the device and is about the time in
/// which they were observed.
pub(super) fn may_have(content: &VersionContent, attested: &Attested) -> bool {
    let batch = &attested.batch;
    let mut names_device = false;
    for source in &content.sources {
        if let Source::Batches { device, first_sequence, last_sequence, .. } = source {
            if *device == batch.device {
                names_device = true;
                if *first_sequence <= attested.last_sequence() && batch.first_sequence <= *last_sequence {
                    return true;
                }
            }
        }
    }
    !names_device && content.from <= batch.window_end && batch.window_start <= content.to
}

/// By which grants a version used what comes before it.
pub(super) fn grants_for(content: &VersionContent, via: &str) -> Vec<GrantId> {
    let uses = content.sources.iter().filter_map(|source| match source {
        Source::Version { dataset, version, grant } if format!("{dataset}@{version}") == via => *grant,
        Source::Batches { device, grant, .. } if format!("device:{device}") == via => *grant,
        _ => None,
    });
    let grants: BTreeSet<GrantId> = uses.collect();
    grants.into_iter().collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::catalog::source;
    use citynet_primitives::{Activity, SchemaId};
    use proptest::prelude::*;

    pub(crate) fn id(dataset: u64, version: u32) -> VersionId {
        VersionId { dataset: DatasetId(dataset), version }
    }

    pub(crate) fn made(sources: &[&str], record: u64, depth: u32) -> Made {
        let sources: Vec<Source> = sources.iter().map(|text| source::parse(text).unwrap()).collect();
        Made {
            content: VersionContent {
                content: [record as u8; 32],
                bytes: 10,
                records: 2,
                media_type: b"text/csv".to_vec().try_into().unwrap(),
                from: 1000,
                to: 2000,
                sources: sources.try_into().unwrap(),
                activity: Activity::Aggregation,
                parameters: None,
                code: Default::default(),
            },
            record,
            time: record * 1000,
            publisher: OrganisationId(3),
            faulty_since: None,
            depth,
        }
    }

    pub(crate) fn attested(device: u64, first_sequence: u64, count: u32, record: u64) -> Attested {
        Attested {
            batch: Batch {
                device: DeviceId(device),
                epoch: 0,
                schema: SchemaId::READING_V1,
                first_sequence,
                count,
                missing: 0,
                window_start: 1000 + first_sequence,
                window_end: 1000 + first_sequence + u64::from(count),
                root: [5; 32],
                expires: 0,
            },
            record,
            time: record * 1000,
            organisation: OrganisationId(1),
        }
    }

    #[test]
    fn starts_are_read() {
        let batch = BatchId { device: DeviceId(12), first_sequence: 4000 };
        for (text, start) in [
            ("7@3", Start::Version(id(7, 3))),
            ("device:12", Start::Device(DeviceId(12))),
            ("batch:12-4000", Start::Batch(batch)),
        ] {
            assert_eq!(text.parse(), Ok(start));
            assert_eq!(start.to_string(), text);
        }
        for text in ["", "7", "device:", "device:+1", "batch:12", "batch:12-", "batch:-1", "12-4000", "7@3@1"] {
            assert_eq!(text.parse::<Start>(), Err(NotAStart(text.into())), "{text}");
        }
    }

    #[test]
    fn uses_are_told_the_nearest_first() {
        let mut lineage = Lineage::default();
        lineage.versions.insert(id(9, 1), made(&["7@3:grant=5", "device:12:0-99:grant=5"], 30, 0));
        lineage.versions.insert(id(7, 3), made(&["device:12:0-99"], 20, 1));
        let uses = uses(&lineage.versions);
        let told: Vec<_> = uses.iter().map(|found| (found.depth, found.source(), found.grant())).collect();
        let grant = Some(GrantId(5));
        let expected = [(1, "7@3", grant), (1, "device:12:0-99", grant), (2, "device:12:0-99", None)];
        assert_eq!(told, expected.map(|(depth, source, grant)| (depth, source.to_owned(), grant)));
        assert!(lineage.is_complete());
    }

    #[test]
    fn a_version_may_have_readings_of_a_batch() {
        let batch = attested(12, 100, 50, 9);
        let content = |sources: &[&str], from, to| VersionContent { from, to, ..made(sources, 1, 0).content };
        assert!(may_have(&content(&["device:12:149-200"], 0, 0), &batch));
        assert!(may_have(&content(&["device:12:0-100"], 0, 0), &batch));
        assert!(!may_have(&content(&["device:12:150-200"], 1100, 1100), &batch));
        assert!(!may_have(&content(&["device:12:0-99"], 1100, 1100), &batch));
        // What names nothing of the device is of its dataset.
        assert!(may_have(&content(&["device:13:0-9"], 1150, 1200), &batch));
        assert!(may_have(&content(&[], 0, 1100), &batch));
        assert!(!may_have(&content(&[], 1151, 1200), &batch));
        assert!(!may_have(&content(&[], 0, 1099), &batch));
    }

    #[test]
    fn grants_are_those_of_the_last_step() {
        let content = made(&["7@3:grant=5", "device:12:0-9:grant=6", "device:12:20-29:grant=6", "8@1"], 1, 0).content;
        assert_eq!(grants_for(&content, "7@3"), [GrantId(5)]);
        assert_eq!(grants_for(&content, "device:12"), [GrantId(6)]);
        assert_eq!(grants_for(&content, "8@1"), []);
        assert_eq!(grants_for(&content, "9@1"), []);
    }

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
