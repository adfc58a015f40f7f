//! Who could use a dataset at a time, by which grants: computed from the journal's records alone.
//!
//! [`access_at`] replays the records about organisations, about the dataset and about its grants, in the order of the
//! journal, up to a time. What comes out is the state that the chain had then, as far as decisions ask for it, and
//! [`Past::decide`] decides as the chain did. The rules are those of the page on grants.
//!
//! # What it does not cover
//!
//! * **Use that was not reported.** Limits are compared with what providers' gateways had reported by then, as the chain
//!   does. Between two reports more may have been used.
//! * **Records that are not there.** Some that are left out show, because what follows is not possible without them
//!   ([`Contradiction`]): a step of a negotiation, a version, the beginning of a grant. A grant left out as a whole, or
//!   the last records of one, do not show: prove the lists complete.
//! * **What was done with data** by who had it, and what was had without asking.
//! * **Other rules.** The rules are those that this program knows. A runtime of another time may have had others.
//! * **Other times than those of blocks.** The state at a time is that after the last block whose time is not later.

mod decision;
mod replay;
#[cfg(test)]
mod tests;

use citynet_primitives::{
    Account, Actions, Body, DatasetId, DatasetKind, Denial, GrantId, GrantState, Hash, LegalBasisCode, Moment,
    OrganisationId, OrganisationStatus, PersonalData, PurposeCode, Record, Sensitivity, Terms, Usage, Versions,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Records cannot be what a chain wrote: one is missing, one is of another chain, or one was made up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {record} contradicts those before it: {reason}; records are missing or are not of this chain")]
pub struct Contradiction {
    /// The first one that cannot be.
    pub record: u64,
    /// Why.
    pub reason: Impossible,
}

/// Why a record cannot follow those before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// Records are not in the order of the journal, or one is there twice.
    #[error("it is in a wrong place")]
    Unordered,
    /// It is earlier than the one before.
    #[error("it is of an earlier time than the one before")]
    BackInTime,
    /// An organisation that did not join.
    #[error("organisation {0} did not join")]
    UnknownOrganisation(OrganisationId),
    /// A dataset that was not registered.
    #[error("dataset {0} was not registered")]
    UnknownDataset(DatasetId),
    /// Something that begins only once begins again.
    #[error("it begins a second time")]
    BegunTwice,
    /// A dataset goes from an organisation that does not own it.
    #[error("dataset {0} belongs to another organisation")]
    WrongOwner(DatasetId),
    /// Versions are numbered without a gap.
    #[error("version {version} of dataset {dataset} does not follow")]
    VersionSkipped {
        /// The dataset.
        dataset: DatasetId,
        /// The version.
        version: u32,
    },
    /// A grant of which nothing is known.
    #[error("grant {0} did not begin")]
    UnknownGrant(GrantId),
    /// A step that a grant cannot take from where it is.
    #[error("grant {grant} is {from} and cannot become {to}")]
    IllegalStep {
        /// The grant.
        grant: GrantId,
        /// Where it is.
        from: GrantState,
        /// What the record makes it.
        to: GrantState,
    },
    /// A step about other terms than were put forward last.
    #[error("it is about other terms of grant {0}")]
    OtherTerms(GrantId),
    /// A report counts less use than the one before.
    #[error("the reported use of grant {0} shrinks")]
    UsageShrinks(GrantId),
}

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// For which organisation.
    pub organisation: OrganisationId,
    /// By which account.
    pub account: Account,
    /// The record that says so.
    pub record: u64,
    /// When.
    pub time: Moment,
}

impl From<&Record> for Act {
    fn from(record: &Record) -> Self {
        let Record { organisation, account, index, time, .. } = *record;
        Self { organisation, account, record: index, time }
    }
}

/// A dataset at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastDataset {
    /// Who owned it.
    pub owner: OrganisationId,
    /// What it is.
    pub kind: DatasetKind,
    /// How careful one had to be with it.
    pub sensitivity: Sensitivity,
    /// Its title.
    pub title: String,
    /// The content of its versions, by number.
    pub versions: BTreeMap<u32, Hash>,
}

/// An organisation at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastOrganisation {
    /// Its name.
    pub name: String,
    /// Whether it could act.
    pub status: OrganisationStatus,
}

/// A grant at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastGrant {
    /// Where it was.
    pub state: GrantState,
    /// The grant that it passes on.
    pub parent: Option<GrantId>,
    /// The grant whose place it takes.
    pub supersedes: Option<GrantId>,
    /// What it says.
    pub terms: Terms,
    /// The hash of that.
    pub terms_hash: Hash,
    /// When it was finalised.
    pub active_since: Option<Moment>,
    /// Its own use, as last reported.
    pub used: Usage,
    /// Its own use and that of all that stand on it.
    pub used_in_all: Usage,
    /// The last offer.
    pub offered: Option<Act>,
    /// What bound the provider: that it agreed, or that it offered bindingly.
    pub granted: Option<Act>,
    /// The last record about it.
    pub last_record: u64,
}

/// What one may do by a grant, within what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// Who.
    pub consumer: OrganisationId,
    /// By this grant and those that it stands on, from it to the first.
    pub chain: Vec<GrantId>,
    /// Who provides the data by it.
    pub provider: OrganisationId,
    /// Who answers to the people whom the data is about.
    pub controller: OrganisationId,
    /// Who granted it, when and in which record.
    pub granted: Option<Act>,
    /// What.
    pub actions: Actions,
    /// For what.
    pub purposes: Vec<PurposeCode>,
    /// With which versions.
    pub versions: Versions,
    /// On which legal basis.
    pub legal_basis: Option<LegalBasisCode>,
    /// How far the data is about people.
    pub personal_data: PersonalData,
    /// First moment.
    pub from: Moment,
    /// First moment after it, unless it is ended before.
    pub until: Moment,
}

impl Right {
    /// The consumer's own grant.
    pub fn grant(&self) -> Option<GrantId> {
        self.chain.first().copied()
    }
}

/// A grant that allowed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Without {
    /// The grant.
    pub grant: GrantId,
    /// Whose it is.
    pub consumer: OrganisationId,
    /// Why.
    pub reason: Denial,
    /// The grant that did not allow it: itself, or one that it stands on.
    pub by: GrantId,
}

/// What the records say about a dataset at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The time.
    pub at: Moment,
    /// The dataset's number.
    pub id: DatasetId,
    /// The dataset, if it was there.
    pub dataset: Option<PastDataset>,
    /// The organisations.
    pub organisations: BTreeMap<OrganisationId, PastOrganisation>,
    /// Its grants.
    pub grants: BTreeMap<GrantId, PastGrant>,
    /// The records that were used.
    pub records: u64,
    /// The grants that the chain looks through for a consumer, ascending.
    listed: BTreeMap<OrganisationId, Vec<GrantId>>,
    /// Grants of other datasets, which the records may be about too.
    others: BTreeMap<GrantId, PastGrant>,
}

/// The hash by which the chain knows terms: SHA-256 of [`Terms::to_bytes`].
pub fn terms_hash(terms: &Terms) -> Hash {
    Sha256::digest(terms.to_bytes()).into()
}

/// Of records those that [`access_at`] needs: about the dataset and its grants, and about the joining and status of whoever
/// owns or owned it or is a party of one of them. Up to the time; what is later can say nothing about it.
pub fn relevant(dataset: DatasetId, records: &[Record], at: Moment) -> Vec<&Record> {
    let mut grants = BTreeSet::new();
    let mut organisations = BTreeSet::new();
    let past = || records.iter().filter(move |record| record.time <= at);
    for record in past() {
        match &record.body {
            Body::DatasetRegistered { dataset: id, owner, .. } if *id == dataset => _ = organisations.insert(*owner),
            Body::DatasetTransferred { dataset: id, to, .. } if *id == dataset => _ = organisations.insert(*to),
            Body::GrantRequested { grant, terms, .. } | Body::GrantOffered { grant, terms, .. }
                if terms.dataset == dataset =>
            {
                grants.insert(*grant);
                organisations.extend([terms.provider, terms.consumer, terms.controller]);
            }
            _ => {}
        }
    }
    let is_relevant = |record: &&Record| match &record.body {
        Body::OrganisationRegistered { organisation, .. }
        | Body::OrganisationProfileChanged { organisation, .. }
        | Body::OrganisationStatusChanged { organisation, .. } => organisations.contains(organisation),
        Body::DatasetRegistered { dataset: id, .. }
        | Body::DatasetChanged { dataset: id, .. }
        | Body::DatasetTransferred { dataset: id, .. }
        | Body::VersionPublished { dataset: id, .. } => *id == dataset,
        Body::GrantRequested { grant, .. }
        | Body::GrantOffered { grant, .. }
        | Body::GrantAdvanced { grant, .. }
        | Body::GrantStateChanged { grant, .. }
        | Body::AccessReported { grant, .. } => grants.contains(grant),
        _ => false,
    };
    past().filter(is_relevant).collect()
}

/// Who could use a dataset at a time. `records` are all that were ever written about organisations' joining and status,
/// about the dataset and about its grants, by index; others do no harm, as long as the grants in them begin there too.
///
/// # Errors
///
/// [`Contradiction`].
pub fn access_at<'a>(
    dataset: DatasetId,
    records: impl IntoIterator<Item = &'a Record>,
    at: Moment,
) -> Result<Past, Contradiction> {
    let mut past = Past {
        at,
        id: dataset,
        dataset: None,
        organisations: BTreeMap::new(),
        grants: BTreeMap::new(),
        records: 0,
        listed: BTreeMap::new(),
        others: BTreeMap::new(),
    };
    let mut last: Option<(u64, Moment)> = None;
    for record in records {
        let wrong = |reason| Contradiction { record: record.index, reason };
        if last.is_some_and(|(index, _)| record.index <= index) {
            return Err(wrong(Impossible::Unordered));
        }
        if last.is_some_and(|(_, time)| record.time < time) {
            return Err(wrong(Impossible::BackInTime));
        }
        last = Some((record.index, record.time));
        if record.time <= at {
            past.apply(record).map_err(wrong)?;
            past.records += 1;
        }
    }
    Ok(past)
}
