//! What always holds.

use crate::pallet::*;
use frame_support::ensure;
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    TryRuntimeError,
};

impl<T: Config> Pallet<T> {
    /// Checks what is scheduled.
    ///
    /// # Errors
    ///
    /// What does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let scheduled = match (Scheduled::<T>::get(), Code::<T>::get()) {
            (None, None) => return Ok(()),
            (None, Some(_)) => return Err("there is code that is not scheduled".into()),
            (Some(_), None) => return Err("an upgrade is scheduled without code".into()),
            (Some(scheduled), Some(code)) => {
                ensure!(BlakeTwo256::hash(&code).0 == scheduled.code, "the scheduled code has another hash");
                scheduled
            }
        };
        // The block itself takes it away before anything else can look.
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(BlockNumberFor::<T>::from(scheduled.block) > now, "an upgrade that was due was not enacted");
        Ok(())
    }
}
