//! Where data comes from, and where it went: what walks in either direction begin with, and what they find.
//!
//! *Up* goes from a version to what it was made from: versions, attested batches and bytes that the ledger does not know,
//! each with the grant by which it was used. *Down* goes from a version, a batch or a device to the versions that were
//! made from it. Both are bounded ([`Bounds`]), and say what they left out. [`crate::graph`] walks.

use crate::source::print;
use citynet_primitives::{
    Batch, BatchId, Body, DeviceId, GrantId, Moment, OrganisationId, Record, Source, VersionContent, VersionId,
};
use citynet_proofs::time;
use std::{
    collections::{BTreeMap, BTreeSet},
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
    pub fn too_many_steps(&self) -> String {
        format!("more than {} steps: give --depth a higher number", self.depth)
    }

    /// What is said where a walk would find more versions.
    pub fn too_many_versions(&self) -> String {
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
            text.parse().ok().map(Self::Version)
        };
        found.ok_or_else(|| NotAStart(text.into()))
    }
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

impl Made {
    /// What is to be said about it: since when it is faulty, or nothing.
    pub fn remark(&self) -> String {
        self.faulty_since.map(|since| format!("faulty since {}", time::print(since))).unwrap_or_default()
    }
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

/// Whether a version may have readings of a batch: it names some, or it names none of the device and is about the time in
/// which they were observed.
pub(crate) fn may_have(content: &VersionContent, attested: &Attested) -> bool {
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
pub(crate) fn grants_for(content: &VersionContent, via: &str) -> Vec<GrantId> {
    let uses = content.sources.iter().filter_map(|source| match source {
        Source::Version { dataset, version, grant } if format!("{dataset}@{version}") == via => *grant,
        Source::Batches { device, grant, .. } if format!("device:{device}") == via => *grant,
        _ => None,
    });
    let grants: BTreeSet<GrantId> = uses.collect();
    grants.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::parts::{attested, id, made};

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
        let versions = BTreeMap::from([
            (id(9, 1), made(&["7@3:grant=5", "device:12:0-99:grant=5"], 30, 0)),
            (id(7, 3), made(&["device:12:0-99"], 20, 1)),
        ]);
        let uses = uses(&versions);
        let told: Vec<_> = uses.iter().map(|found| (found.depth, found.source(), found.grant())).collect();
        let grant = Some(GrantId(5));
        let expected = [(1, "7@3", grant), (1, "device:12:0-99", grant), (2, "device:12:0-99", None)];
        assert_eq!(told, expected.map(|(depth, source, grant)| (depth, source.to_owned(), grant)));
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
}
