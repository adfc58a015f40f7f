//! The worst case of every call.

use crate::{Call, Config, DatasetCount, Datasets, FedBy, Pallet, Versions};
use alloc::{vec, vec::Vec};
use citynet_primitives::{
    Activity, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, Devices, Document, OrganisationId, Sensitivity,
    Source, Sources, SubjectHead, Text, VersionContent, VersionInfo,
};
use citynet_support::{Access, DeviceRegister, Membership};
use frame_benchmarking::v2::*;
use frame_system::RawOrigin;

/// The largest profile.
fn profile() -> DatasetProfile {
    DatasetProfile {
        title: Text::truncate_from(vec![b't'; 96]),
        sensitivity: Sensitivity::Open,
        description: Document { hash: [7; 32], uri: Text::truncate_from(vec![b'u'; 256]) },
        schema: Text::truncate_from(vec![b's'; 256]),
        licence: Text::truncate_from(vec![b'l'; 128]),
    }
}

/// The largest version that is made from `sources`.
fn content(sources: Vec<Source>) -> VersionContent {
    VersionContent {
        content: [7; 32],
        bytes: 1,
        records: 1,
        media_type: Text::truncate_from(vec![b'm'; 64]),
        from: 0,
        to: 0,
        sources: Sources::truncate_from(sources),
        activity: Activity::Collection,
        parameters: Some([7; 32]),
        code: Text::truncate_from(vec![b'c'; 256]),
    }
}

/// The longest reason.
fn reason() -> Text<256> {
    Text::truncate_from(vec![b'r'; 256])
}

fn member<T: Config>() -> (T::AccountId, OrganisationId) {
    let account = whitelisted_caller();
    let organisation = T::Membership::admit(&account);
    (account, organisation)
}

/// An organisation that is not the caller's.
fn other_member<T: Config>() -> OrganisationId {
    T::Membership::admit(&account("other", 0, 0))
}

/// A dataset with so many versions, put straight into storage: through calls, the set-up of a large `publish` would
/// take up the block's records.
pub(crate) fn insert_dataset<T: Config>(owner: OrganisationId, kind: DatasetKind, versions: u32) -> DatasetId {
    let number = DatasetCount::<T>::get().saturating_add(1);
    let dataset = DatasetId(number);
    DatasetCount::<T>::put(number);
    for version in 1..=versions {
        let info = VersionInfo { content: [7; 32], record: 0, faulty_since: None };
        Versions::<T>::insert(dataset, version, info);
    }
    Datasets::<T>::insert(
        dataset,
        DatasetInfo {
            owner,
            kind,
            profile: profile(),
            versions,
            devices: 0,
            offered_to: None,
            head: SubjectHead { count: u64::from(versions).saturating_add(1), chain: [7; 32] },
        },
    );
    dataset
}

fn update<T: Config>(dataset: DatasetId, change: impl FnOnce(&mut DatasetInfo)) {
    Datasets::<T>::mutate(dataset, |info| {
        if let Some(info) = info {
            change(info);
        }
    });
}

fn info_of<T: Config>(dataset: DatasetId) -> Result<DatasetInfo, BenchmarkError> {
    Datasets::<T>::get(dataset).ok_or(BenchmarkError::Stop("the dataset does not exist"))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() {
        let (caller, _) = member::<T>();
        let dataset = DatasetId(DatasetCount::<T>::get().saturating_add(1));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), DatasetKind::Model, profile());

        assert!(Datasets::<T>::contains_key(dataset));
    }

    #[benchmark]
    fn change() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let dataset = insert_dataset::<T>(organisation, DatasetKind::Stream, 0);
        // It differs in what is compared last.
        let changed = DatasetProfile { licence: Text::truncate_from(vec![b'x'; 128]), ..profile() };

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), dataset, changed.clone());

        assert_eq!(info_of::<T>(dataset)?.profile, changed);
        Ok(())
    }

    /// Adding a device costs more than removing one, so that the call is charged as if all it names were added.
    #[benchmark]
    fn set_devices(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let dataset = insert_dataset::<T>(organisation, DatasetKind::Stream, 0);
        let added = Devices::truncate_from((0..n).map(|_| T::Devices::add(organisation)).collect());

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), dataset, added, Devices::new());

        assert_eq!(info_of::<T>(dataset)?.devices, n);
        Ok(())
    }

    #[benchmark]
    fn offer() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let recipient = other_member::<T>();
        let dataset = insert_dataset::<T>(organisation, DatasetKind::Stream, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), dataset, Some(recipient));

        assert_eq!(info_of::<T>(dataset)?.offered_to, Some(recipient));
        Ok(())
    }

    #[benchmark]
    fn take() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let dataset = insert_dataset::<T>(other_member::<T>(), DatasetKind::Stream, 0);
        update::<T>(dataset, |info| info.offered_to = Some(organisation));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), dataset);

        assert_eq!(info_of::<T>(dataset)?.owner, organisation);
        Ok(())
    }

    /// Every source is a version of another dataset of another organisation, by a grant that stands on as many others
    /// as it may.
    #[benchmark]
    fn publish_from_versions(n: Linear<0, 64>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let provider = other_member::<T>();
        let dataset = insert_dataset::<T>(organisation, DatasetKind::Snapshot, 0);
        let source = |_| {
            let foreign = insert_dataset::<T>(provider, DatasetKind::Snapshot, 1);
            let grant = Some(T::Access::add(provider, organisation, foreign));
            Source::Version { dataset: foreign, version: 1, grant }
        };
        let content = content((0..n).map(source).collect());

        #[extrinsic_call]
        publish(RawOrigin::Signed(caller), dataset, content);

        assert_eq!(info_of::<T>(dataset)?.versions, 1);
        Ok(())
    }

    /// Every source is another device of another organisation, by a grant as above of a dataset that only it feeds.
    #[benchmark]
    fn publish_from_batches(n: Linear<0, 64>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let provider = other_member::<T>();
        let dataset = insert_dataset::<T>(organisation, DatasetKind::Snapshot, 0);
        let source = |_| {
            let foreign = insert_dataset::<T>(provider, DatasetKind::Stream, 0);
            let device = T::Devices::add(provider);
            FedBy::<T>::insert(foreign, device, ());
            update::<T>(foreign, |info| info.devices = 1);
            let grant = Some(T::Access::add(provider, organisation, foreign));
            Source::Batches { device, first_sequence: 0, last_sequence: 0, grant }
        };
        let content = content((0..n).map(source).collect());

        #[extrinsic_call]
        publish(RawOrigin::Signed(caller), dataset, content);

        assert_eq!(info_of::<T>(dataset)?.versions, 1);
        Ok(())
    }

    #[benchmark]
    fn flag() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let dataset = insert_dataset::<T>(organisation, DatasetKind::Stream, 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), dataset, 1, 0, reason());

        let flagged = Versions::<T>::get(dataset, 1).ok_or(BenchmarkError::Stop("the version does not exist"))?;
        assert_eq!(flagged.faulty_since, Some(0));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::build(), crate::mock::Test);
}
