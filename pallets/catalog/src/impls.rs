//! The rules: which facts about datasets and versions are allowed. Those about sources are in [`crate::lineage`].
//!
//! Every rule checks first, cheapest checks first, then appends to the journal, which may still refuse, and only then
//! writes. Membership comes before everything and is the calls' business. The order of the checks, which decides the
//! error that a call with several faults gets:
//!
//! * What the call says by itself: texts first.
//! * The dataset, its owner, then what is special to the call.
//! * Devices: those to remove, those to add, how many there would be.
//! * A version: its kind's demand for sources, its number, then its sources one after the other.

use crate::{lineage, Config, DatasetCount, Datasets, Error, FedBy, Pallet, Versions};
use alloc::vec::Vec;
use citynet_primitives::{
    Author, Body, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, DeviceId, Devices, Hash, Moment, OrganisationId,
    Role, Subject, SubjectHead, Text, VersionContent, VersionInfo,
};
use citynet_support::{Catalogue, Clock, DatasetFacts, DeviceRegister, HeldHeads, Journal, Membership};
use frame_support::{ensure, pallet_prelude::DispatchError, traits::Get};
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::SaturatedConversion;

/// What the runtime API answers with.
impl<T: Config> Pallet<T> {
    /// A dataset.
    pub fn dataset(id: DatasetId) -> Option<DatasetInfo> {
        Datasets::<T>::get(id)
    }

    /// How many datasets were ever registered; the last one has this number.
    pub fn dataset_count() -> u64 {
        DatasetCount::<T>::get()
    }

    /// A version of a dataset.
    pub fn version(dataset: DatasetId, version: u32) -> Option<VersionInfo> {
        Versions::<T>::get(dataset, version)
    }

    /// The devices that feed a dataset, by number: at most [`Config::MaxDevicesPerDataset`].
    pub fn devices(dataset: DatasetId) -> Vec<DeviceId> {
        let mut devices: Vec<DeviceId> = FedBy::<T>::iter_key_prefix(dataset).collect();
        devices.sort_unstable();
        devices
    }
}

impl<T: Config> HeldHeads for Pallet<T> {
    /// The head of a dataset; of one that does not exist, the empty head.
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        match subject {
            Subject::Dataset(id) => Some(Datasets::<T>::get(id).map(|info| info.head).unwrap_or_default()),
            Subject::Organisation(_) | Subject::Device(_) | Subject::Grant(_) | Subject::Cycle(_) => None,
        }
    }
}

impl<T: Config> Catalogue for Pallet<T> {
    fn facts(dataset: DatasetId) -> Option<DatasetFacts> {
        let DatasetInfo { owner, kind, profile, versions, .. } = Datasets::<T>::get(dataset)?;
        Some(DatasetFacts { owner, kind, sensitivity: profile.sensitivity, versions })
    }

    fn content(dataset: DatasetId, version: u32) -> Option<Hash> {
        Versions::<T>::get(dataset, version).map(|info| info.content)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(owner: OrganisationId) -> DatasetId {
        crate::benchmarking::insert_dataset::<T>(owner, DatasetKind::Snapshot, 1)
    }
}

/// Datasets.
impl<T: Config> Pallet<T> {
    pub(crate) fn ensure_registrar(origin: OriginFor<T>) -> Result<Author, DispatchError> {
        T::Membership::ensure(&frame_system::ensure_signed(origin)?, Role::Registrar)
    }

    pub(crate) fn do_register(
        author: &Author,
        kind: DatasetKind,
        profile: DatasetProfile,
    ) -> Result<(DatasetId, u64), DispatchError> {
        check_profile::<T>(&profile)?;
        let owner = author.organisation;
        let count = DatasetCount::<T>::get().checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let dataset = DatasetId(count);

        let mut info = DatasetInfo {
            owner,
            kind,
            profile: profile.clone(),
            versions: 0,
            devices: 0,
            offered_to: None,
            head: SubjectHead::default(),
        };
        let body = Body::DatasetRegistered { dataset, owner, dataset_kind: kind, profile };
        let record = Self::record(author, dataset, &mut info, body)?;
        DatasetCount::<T>::put(count);
        Ok((dataset, record))
    }

    pub(crate) fn do_change(
        author: &Author,
        dataset: DatasetId,
        profile: DatasetProfile,
    ) -> Result<u64, DispatchError> {
        check_profile::<T>(&profile)?;
        let mut info = Self::owned(author, dataset)?;
        ensure!(info.profile != profile, Error::<T>::NothingChanged);
        info.profile = profile.clone();
        Self::record(author, dataset, &mut info, Body::DatasetChanged { dataset, profile })
    }

    pub(crate) fn do_set_devices(
        author: &Author,
        dataset: DatasetId,
        added: Devices,
        removed: Devices,
    ) -> Result<u64, DispatchError> {
        ensure!(!added.is_empty() || !removed.is_empty(), Error::<T>::NothingChanged);
        ensure!(!name_one_twice(&added, &removed), Error::<T>::NamedTwice);
        let mut info = Self::owned(author, dataset)?;
        for device in removed.iter() {
            ensure!(FedBy::<T>::contains_key(dataset, device), Error::<T>::DoesNotFeed);
        }
        for device in added.iter() {
            let facts = T::Devices::facts(*device).ok_or(Error::<T>::UnknownDevice)?;
            ensure!(facts.owner == info.owner, Error::<T>::NotOwnerOfDevice);
            ensure!(!FedBy::<T>::contains_key(dataset, device), Error::<T>::AlreadyFeeds);
        }
        let count = info.devices.saturating_add(added.len().saturated_into());
        info.devices = count.saturating_sub(removed.len().saturated_into());
        // Fewer are always allowed, even where the bound was lowered since.
        let bound = T::MaxDevicesPerDataset::get();
        ensure!(added.is_empty() || info.devices <= bound, Error::<T>::TooManyDevices);

        let body = Body::DatasetDevicesChanged { dataset, added: added.clone(), removed: removed.clone() };
        let record = Self::record(author, dataset, &mut info, body)?;
        added.iter().for_each(|device| FedBy::<T>::insert(dataset, device, ()));
        removed.iter().for_each(|device| FedBy::<T>::remove(dataset, device));
        Ok(record)
    }

    pub(crate) fn do_offer(
        author: &Author,
        dataset: DatasetId,
        to: Option<OrganisationId>,
    ) -> Result<u64, DispatchError> {
        let mut info = Self::owned(author, dataset)?;
        ensure!(info.offered_to != to, Error::<T>::NothingChanged);
        if let Some(recipient) = to {
            ensure!(recipient != info.owner, Error::<T>::RecipientIsOwner);
            ensure!(T::Membership::is_active(recipient), Error::<T>::RecipientInactive);
        }
        info.offered_to = to;
        Self::record(author, dataset, &mut info, Body::DatasetOffered { dataset, to })
    }

    /// Gives the owner before and the record's index.
    pub(crate) fn do_take(author: &Author, dataset: DatasetId) -> Result<(OrganisationId, u64), DispatchError> {
        let mut info = Datasets::<T>::get(dataset).ok_or(Error::<T>::NotFound)?;
        let (from, to) = (info.owner, author.organisation);
        ensure!(info.offered_to == Some(to), Error::<T>::NotOffered);
        ensure!(info.devices == 0, Error::<T>::StillFed);
        info.owner = to;
        info.offered_to = None;
        let subjects = [Subject::Organisation(from), Subject::Organisation(to)];
        let body = Body::DatasetTransferred { dataset, from, to };
        let record = Self::record_about(author, dataset, &mut info, &subjects, body)?;
        Ok((from, record))
    }

    /// The dataset, given that the author's organisation owns it.
    fn owned(author: &Author, dataset: DatasetId) -> Result<DatasetInfo, Error<T>> {
        let info = Datasets::<T>::get(dataset).ok_or(Error::<T>::NotFound)?;
        ensure!(info.owner == author.organisation, Error::<T>::NotOwner);
        Ok(info)
    }

    /// Appends a record about the dataset and its owner, then stores the dataset. Gives the record's index.
    fn record(author: &Author, dataset: DatasetId, info: &mut DatasetInfo, body: Body) -> Result<u64, DispatchError> {
        let owner = Subject::Organisation(info.owner);
        Self::record_about(author, dataset, info, &[owner], body)
    }

    /// As [`Pallet::record`], about the dataset and `subjects`.
    fn record_about(
        author: &Author,
        dataset: DatasetId,
        info: &mut DatasetInfo,
        subjects: &[Subject],
        body: Body,
    ) -> Result<u64, DispatchError> {
        let appended = T::Journal::append_held(author, (Subject::Dataset(dataset), &mut info.head), subjects, body)?;
        Datasets::<T>::insert(dataset, &*info);
        Ok(appended.index)
    }
}

/// Versions.
impl<T: Config> Pallet<T> {
    /// Gives the version's number and the record's index.
    pub(crate) fn do_publish(
        author: &Author,
        dataset: DatasetId,
        content: VersionContent,
    ) -> Result<(u32, u64), DispatchError> {
        check_content::<T>(&content)?;
        let mut info = Self::owned(author, dataset)?;
        let needs_sources = matches!(info.kind, DatasetKind::Derived | DatasetKind::Model);
        ensure!(!needs_sources || !content.sources.is_empty(), Error::<T>::NoSources);
        let version = info.versions.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        lineage::check_sources::<T>(author.organisation, info.kind, &content.sources)?;

        let hash = content.content;
        info.versions = version;
        let body = Body::VersionPublished { dataset, version, content };
        let record = Self::record(author, dataset, &mut info, body)?;
        Versions::<T>::insert(dataset, version, VersionInfo { content: hash, record, faulty_since: None });
        Ok((version, record))
    }

    pub(crate) fn do_flag(
        author: &Author,
        dataset: DatasetId,
        version: u32,
        since: Moment,
        reason: Text<256>,
    ) -> Result<u64, DispatchError> {
        check_text::<T>(&reason)?;
        let mut info = Self::owned(author, dataset)?;
        let flagged = Versions::<T>::get(dataset, version).ok_or(Error::<T>::UnknownVersion)?;
        ensure!(since <= T::Clock::now(), Error::<T>::FaultInFuture);
        ensure!(flagged.faulty_since.is_none_or(|recorded| since < recorded), Error::<T>::AlreadyFlagged);
        let body = Body::VersionFlagged { dataset, version, since, reason };
        let record = Self::record(author, dataset, &mut info, body)?;
        Versions::<T>::insert(dataset, version, VersionInfo { faulty_since: Some(since), ..flagged });
        Ok(record)
    }
}

fn check_profile<T: Config>(profile: &DatasetProfile) -> Result<(), Error<T>> {
    check_text::<T>(&profile.title)?;
    check_utf8::<T>(&profile.description.uri)?;
    check_utf8::<T>(&profile.schema)?;
    check_text::<T>(&profile.licence)
}

/// Checks what a version says by itself.
fn check_content<T: Config>(content: &VersionContent) -> Result<(), Error<T>> {
    check_text::<T>(&content.media_type)?;
    check_utf8::<T>(&content.code)?;
    lineage::check_texts::<T>(&content.sources)?;
    ensure!(content.bytes > 0, Error::<T>::EmptyContent);
    ensure!(content.from <= content.to, Error::<T>::WindowReversed);
    let latest = T::Clock::now().saturating_add(T::MaxTimeAhead::get());
    ensure!(content.to <= latest, Error::<T>::WindowInFuture);
    lineage::check_distinct::<T>(&content.sources)
}

/// Checks a text that must not be empty.
fn check_text<T: Config>(text: &[u8]) -> Result<(), Error<T>> {
    ensure!(!text.is_empty(), Error::<T>::InvalidText);
    check_utf8(text)
}

/// Checks a text that may be empty.
pub(crate) fn check_utf8<T: Config>(text: &[u8]) -> Result<(), Error<T>> {
    ensure!(core::str::from_utf8(text).is_ok(), Error::<T>::InvalidText);
    Ok(())
}

/// Whether a device is twice in the lists, be it in one or in both.
fn name_one_twice(added: &Devices, removed: &Devices) -> bool {
    let mut named: Vec<DeviceId> = added.iter().chain(removed.iter()).copied().collect();
    let count = named.len();
    named.sort_unstable();
    named.dedup();
    named.len() != count
}
