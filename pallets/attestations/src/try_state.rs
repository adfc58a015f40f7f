//! What must hold of the pallet's state between any two calls.

use crate::{
    algorithms::{self, AlgorithmStatus},
    impls::key_id,
    Algorithms, Config, DeviceCount, Devices, KeyOwners, Pallet,
};
use citynet_primitives::{DeviceId, DeviceInfo, OrganisationId};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Devices::<T>::iter().try_for_each(|(id, info)| Self::check_device(id, &info))?;
        for device in KeyOwners::<T>::iter_values() {
            ensure!(Devices::<T>::contains_key(device), "a key belongs to a device that does not exist");
        }
        for (algorithm, status) in Algorithms::<T>::get() {
            ensure!(
                status == AlgorithmStatus::Rejected || algorithms::is_implemented(algorithm),
                "the registry admits an algorithm that cannot be verified"
            );
        }
        Ok(())
    }

    fn check_device(id: DeviceId, info: &DeviceInfo) -> Result<(), TryRuntimeError> {
        ensure!((1..=DeviceCount::<T>::get()).contains(&id.0), "a device has a number that was never given");
        ensure!(info.owner != OrganisationId::CONSORTIUM, "a device belongs to no organisation");
        ensure!(info.previous.is_none() || info.epoch > 0, "a device has a key from before its first epoch");
        ensure!(info.head.count >= 1, "a device has no record");
        let previous = info.previous.as_ref().map(|(key, _)| key);
        for key in previous.into_iter().chain([&info.key]) {
            ensure!(KeyOwners::<T>::get(key_id(key)) == Some(id), "a device's key is not registered as its own");
        }
        ensure!(previous != Some(&info.key), "a device rotated to the key that it had");
        Ok(())
    }
}
