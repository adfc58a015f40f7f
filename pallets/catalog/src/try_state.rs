//! What must hold of the pallet's state between any two calls.

use crate::{Config, DatasetCount, Datasets, FedBy, Pallet, Versions};
use citynet_primitives::{DatasetId, DatasetInfo, OrganisationId};
use citynet_support::DeviceRegister;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Datasets::<T>::iter().try_for_each(|(id, info)| Self::check_dataset(id, &info))?;
        // Every number is one that was given, so that as many as were given are all of them.
        let datasets = u64::try_from(Datasets::<T>::iter_keys().count());
        ensure!(datasets == Ok(DatasetCount::<T>::get()), "a dataset is missing");
        for (dataset, version) in Versions::<T>::iter_keys() {
            let was_given = Datasets::<T>::get(dataset).is_some_and(|info| (1..=info.versions).contains(&version));
            ensure!(was_given, "a version has a number that was never given");
        }
        for (dataset, _) in FedBy::<T>::iter_keys() {
            ensure!(Datasets::<T>::contains_key(dataset), "a device feeds a dataset that does not exist");
        }
        Ok(())
    }

    fn check_dataset(id: DatasetId, info: &DatasetInfo) -> Result<(), TryRuntimeError> {
        ensure!((1..=DatasetCount::<T>::get()).contains(&id.0), "a dataset has a number that was never given");
        ensure!(info.owner != OrganisationId::CONSORTIUM, "a dataset belongs to no organisation");
        ensure!(info.offered_to != Some(info.owner), "a dataset is offered to its owner");
        // One that registered it, and one for each version.
        ensure!(info.head.count > u64::from(info.versions), "a dataset has too few records");
        let versions = u32::try_from(Versions::<T>::iter_key_prefix(id).count());
        ensure!(versions == Ok(info.versions), "a dataset has not as many versions as it counts");
        let devices = u32::try_from(FedBy::<T>::iter_key_prefix(id).count());
        ensure!(devices == Ok(info.devices), "a dataset has not as many devices as it counts");
        for device in FedBy::<T>::iter_key_prefix(id) {
            let facts = T::Devices::facts(device).ok_or("a dataset is fed by a device that does not exist")?;
            ensure!(facts.owner == info.owner, "a dataset is fed by another organisation's device");
        }
        Ok(())
    }
}
