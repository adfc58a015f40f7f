//! The questions that dossiers answer, and whose lists each of them needs.
//!
//! A question needs the lists of some subjects from the start. What their records say may make it need others, and so on
//! until nothing is missing. Which, `docs/evidence.md` lists; why, follows from what the ledger's records are about:
//!
//! * Every record is about at least one organisation, but for batches and for what a netting cycle does. So whoever has the
//!   lists of all organisations knows of everything else that anybody did.
//! * Organisations are numbered from 1 without a gap, netting cycles of a currency too, and each has a record about its
//!   beginning. So the first number without records is proof that there are no more.
//! * A grant's records are about its provider and its consumer. Who passes a grant on is the consumer of the one above.
//!   So from the owners of a dataset on, every list names those that have the next grants.
//! * Anybody may have published what was made from a version, or from what a device observed: a version's record is about
//!   whoever owns its dataset. Which readings a batch has, and when they were observed, only the device's list tells.
//! * A cycle's positions are in records about the cycle alone, and whoever owes as much as it is owed has none. So which
//!   cycles settled an obligation is not told before all cycles of its currency are there.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use citynet_primitives::{
    BatchId, Body, CycleId, DatasetId, DeviceId, GrantId, Moment, OrganisationId, Record, Source, Subject, VersionId,
};
use core::{borrow::Borrow, fmt::Display, str::FromStr};
use serde::{de::Error, Deserialize, Deserializer, Serialize, Serializer};

/// A question to the ledger. In JSON all numbers are decimal strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Question {
    /// What was the reading of a device with this sequence number?
    Reading {
        /// The device.
        #[serde(serialize_with = "print", deserialize_with = "wide")]
        device: DeviceId,
        /// The reading's number among those of the device, from 0.
        #[serde(serialize_with = "print", deserialize_with = "wide")]
        sequence: u64,
    },
    /// Who could use a dataset at a time, and by which grants?
    Access {
        /// The time, in milliseconds since 1970.
        #[serde(serialize_with = "print", deserialize_with = "wide")]
        at: Moment,
        /// The dataset.
        #[serde(serialize_with = "print", deserialize_with = "wide")]
        dataset: DatasetId,
    },
    /// What was a version made from, up to its sources, and what was made from it?
    Lineage {
        /// The version, in JSON such as `7@3`.
        #[serde(serialize_with = "print", deserialize_with = "version")]
        version: VersionId,
    },
    /// Which versions does what a device observed since a time touch?
    Taint {
        /// The device.
        #[serde(serialize_with = "print", deserialize_with = "wide")]
        device: DeviceId,
        /// The time, in milliseconds since 1970.
        #[serde(serialize_with = "print", deserialize_with = "wide")]
        since: Moment,
    },
    /// Which versions does a faulty version touch?
    VersionTaint {
        /// The version, in JSON such as `7@3`.
        #[serde(serialize_with = "print", deserialize_with = "version")]
        version: VersionId,
    },
    /// What was made from what a device observed?
    DeviceLineage {
        /// The device.
        #[serde(serialize_with = "print", deserialize_with = "wide")]
        device: DeviceId,
    },
    /// Which device attested a batch, and what was made from it?
    BatchLineage {
        /// The batch, in JSON such as `12-4000`: its device and the number of its first reading.
        #[serde(serialize_with = "print", deserialize_with = "batch")]
        batch: BatchId,
    },
    /// What did an organisation use and provide, what was stated, owed, netted and paid for it?
    Payments {
        /// The organisation.
        #[serde(serialize_with = "print", deserialize_with = "narrow")]
        organisation: OrganisationId,
    },
    /// Who runs the ledger, who voted for what, and what did each organisation do?
    Governance,
}

/// Why lists are not those that a question needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// One is not there.
    #[error("the list of {0} is missing, which the question needs")]
    Missing(Subject),
    /// One is there for nothing.
    #[error("the question does not need the list of {0}")]
    NotNeeded(Subject),
}

impl Question {
    /// The subjects whose lists the question needs beyond the known ones, given all records of those. Nothing when it has
    /// all. Lists that are added may name further subjects, so it has to be asked again then: never more often than there
    /// are subjects in the ledger.
    pub fn missing<R: Borrow<Record>>(&self, known: &BTreeMap<Subject, Vec<R>>) -> BTreeSet<Subject> {
        let mut missing = self.needed(known);
        missing.retain(|subject| !known.contains_key(subject));
        missing
    }

    /// Checks that exactly the lists are known that the question needs.
    pub(crate) fn check<R: Borrow<Record>>(&self, known: &BTreeMap<Subject, Vec<R>>) -> Result<(), QuestionError> {
        let needed = self.needed(known);
        if let Some(subject) = needed.iter().find(|subject| !known.contains_key(subject)) {
            return Err(QuestionError::Missing(*subject));
        }
        match known.keys().find(|subject| !needed.contains(subject)) {
            Some(subject) => Err(QuestionError::NotNeeded(*subject)),
            None => Ok(()),
        }
    }

    /// The subjects whose lists the question needs, as far as the records of known ones tell. The more are known, the more
    /// it can be, and never the less. What records say that are not needed themselves does not count.
    fn needed<R: Borrow<Record>>(&self, known: &BTreeMap<Subject, Vec<R>>) -> BTreeSet<Subject> {
        match *self {
            Self::Reading { device, .. } => BTreeSet::from([Subject::Device(device)]),
            Self::Access { at, dataset } => access(known, at, dataset),
            Self::Lineage { version } => lineage(known, version),
            Self::Taint { device, .. }
            | Self::DeviceLineage { device }
            | Self::BatchLineage { batch: BatchId { device, .. } } => {
                let mut needed = organisations(known);
                needed.insert(Subject::Device(device));
                needed
            }
            Self::Payments { organisation } => payments(known, organisation),
            Self::VersionTaint { .. } | Self::Governance => organisations(known),
        }
    }
}

const CONSORTIUM: Subject = Subject::Organisation(OrganisationId::CONSORTIUM);

/// The records of a subject, none if it is not known.
fn records<'a, R: Borrow<Record>>(
    known: &'a BTreeMap<Subject, Vec<R>>,
    subject: &Subject,
) -> impl Iterator<Item = &'a Record> {
    known.get(subject).into_iter().flatten().map(<R as Borrow<Record>>::borrow)
}

/// Subjects that are numbered without a gap, up to and including the first one without records.
fn numbered<R: Borrow<Record>>(
    known: &BTreeMap<Subject, Vec<R>>,
    subject: impl Fn(u32) -> Subject,
) -> BTreeSet<Subject> {
    let mut needed = BTreeSet::new();
    for subject in (1..=u32::MAX).map(subject) {
        needed.insert(subject);
        if records(known, &subject).next().is_none() {
            break;
        }
    }
    needed
}

/// The consortium and every organisation.
fn organisations<R: Borrow<Record>>(known: &BTreeMap<Subject, Vec<R>>) -> BTreeSet<Subject> {
    let mut needed = numbered(known, |number| Subject::Organisation(OrganisationId(number)));
    needed.insert(CONSORTIUM);
    needed
}

/// The dataset, its owners and everybody who has or had to do with a grant of it. Nothing later than `at` counts.
fn access<R: Borrow<Record>>(known: &BTreeMap<Subject, Vec<R>>, at: Moment, dataset: DatasetId) -> BTreeSet<Subject> {
    let mut needed = BTreeSet::from([CONSORTIUM, Subject::Dataset(dataset)]);
    let mut waiting: Vec<Subject> = needed.iter().copied().collect();
    while let Some(subject) = waiting.pop() {
        for record in records(known, &subject).filter(|record| record.time <= at) {
            waiting.extend(concerned(dataset, &record.body).filter(|subject| needed.insert(*subject)));
        }
    }
    needed
}

/// Whom a record makes concerned with a dataset, and the grant by which it does.
fn concerned(dataset: DatasetId, body: &Body) -> impl Iterator<Item = Subject> {
    let (grant, organisations) = match body {
        Body::DatasetRegistered { dataset: id, owner, .. } if *id == dataset => (None, [Some(*owner), None, None]),
        Body::DatasetTransferred { dataset: id, from, to } if *id == dataset => (None, [Some(*from), Some(*to), None]),
        Body::GrantRequested { grant, terms, .. } | Body::GrantOffered { grant, terms, .. }
            if terms.dataset == dataset =>
        {
            (Some(*grant), [Some(terms.provider), Some(terms.consumer), Some(terms.controller)])
        }
        _ => (None, [None; 3]),
    };
    let organisations = organisations.into_iter().flatten().map(Subject::Organisation);
    organisations.chain(grant.map(Subject::Grant))
}

/// Everybody, and the devices whose readings are in a version, in what it was made from, and so on.
fn lineage<R: Borrow<Record>>(known: &BTreeMap<Subject, Vec<R>>, version: VersionId) -> BTreeSet<Subject> {
    let mut needed = organisations(known);
    // Before everybody is known, there is no need to look for the devices again and again.
    if !needed.iter().all(|subject| known.contains_key(subject)) {
        return needed;
    }
    let mut sources = BTreeMap::<VersionId, Vec<&Source>>::new();
    for record in needed.iter().flat_map(|subject| records(known, subject)) {
        if let Body::VersionPublished { dataset, version, content } = &record.body {
            let version = VersionId { dataset: *dataset, version: *version };
            sources.entry(version).or_default().extend(&content.sources);
        }
    }
    let mut waiting = Vec::from([version]);
    while let Some(version) = waiting.pop() {
        // Taken out, so that nothing is looked at twice.
        for source in sources.remove(&version).into_iter().flatten() {
            match source {
                Source::Version { dataset, version, .. } => {
                    waiting.push(VersionId { dataset: *dataset, version: *version });
                }
                Source::Batches { device, .. } => {
                    needed.insert(Subject::Device(*device));
                }
                Source::External { .. } => (),
            }
        }
    }
    needed
}

/// The organisation, the consortium, the grants that records about the organisation name, and the cycles of every currency
/// in which it owes or is owed.
fn payments<R: Borrow<Record>>(known: &BTreeMap<Subject, Vec<R>>, organisation: OrganisationId) -> BTreeSet<Subject> {
    let own = Subject::Organisation(organisation);
    let mut needed = BTreeSet::from([CONSORTIUM, own]);
    let mut currencies = BTreeSet::new();
    for record in records(known, &own) {
        match &record.body {
            Body::ObligationCreated { info, .. } | Body::ObligationReversed { info, .. } => {
                // Whoever bills others is named in the record too.
                if [info.debtor, info.creditor].contains(&organisation) {
                    needed.insert(Subject::Grant(info.grant));
                    currencies.insert(info.currency);
                }
            }
            body => needed.extend(grant(body).map(Subject::Grant)),
        }
    }
    for currency in currencies {
        needed.extend(numbered(known, |number| Subject::Cycle(CycleId { currency, number })));
    }
    needed
}

/// The grant that a record is about, but for those of obligations.
fn grant(body: &Body) -> Option<GrantId> {
    match body {
        Body::GrantRequested { grant, .. }
        | Body::GrantOffered { grant, .. }
        | Body::GrantAdvanced { grant, .. }
        | Body::GrantStateChanged { grant, .. }
        | Body::AccessReported { grant, .. }
        | Body::AccessContested { grant, .. }
        | Body::PriceHeld { grant, .. }
        | Body::PriceReleased { grant }
        | Body::PricePaid { grant, .. }
        | Body::UsageStated { grant, .. }
        | Body::UsageDisputed { grant, .. }
        | Body::UsageRuled { grant, .. } => Some(*grant),
        _ => None,
    }
}

fn print<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// A number of 64 bits. One that is written otherwise, such as `05`, is noticed by the comparison with the canonical text.
fn wide<'de, D: Deserializer<'de>, T: From<u64>>(deserializer: D) -> Result<T, D::Error> {
    number::<u64, D::Error>(&String::deserialize(deserializer)?).map(T::from)
}

/// A number of 32 bits, as [`wide`].
fn narrow<'de, D: Deserializer<'de>, T: From<u32>>(deserializer: D) -> Result<T, D::Error> {
    number::<u32, D::Error>(&String::deserialize(deserializer)?).map(T::from)
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<VersionId, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (dataset, version) = text.split_once('@').ok_or_else(|| D::Error::custom("a version is written DATASET@N"))?;
    Ok(VersionId { dataset: DatasetId(number(dataset)?), version: number(version)? })
}

fn batch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BatchId, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (device, first) = text.split_once('-').ok_or_else(|| D::Error::custom("a batch is written DEVICE-FIRST"))?;
    Ok(BatchId { device: DeviceId(number(device)?), first_sequence: number(first)? })
}

fn number<N: FromStr, E: Error>(text: &str) -> Result<N, E> {
    text.parse().map_err(|_| E::custom(format_args!("`{text}` is not a decimal number of this size")))
}
