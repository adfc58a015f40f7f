//! How code is scheduled and enacted.

use crate::{pallet::*, ScheduledUpgrade, WeightInfo};
use alloc::vec::Vec;
use citynet_primitives::{Author, Body, OrganisationId, Subject};
use citynet_support::Journal;
use frame_support::{dispatch::DispatchResult, ensure, traits::Get, weights::Weight, BoundedVec};
use frame_system::{pallet_prelude::BlockNumberFor, SetCode};
use sp_runtime::traits::{BlakeTwo256, Hash as _};

impl<T: Config> SetCode<T> for Pallet<T> {
    /// Schedules the code.
    fn set_code(code: Vec<u8>) -> DispatchResult {
        ensure!(!Scheduled::<T>::exists(), Error::<T>::AlreadyScheduled);
        let hash = BlakeTwo256::hash(&code).0;
        let bytes = u32::try_from(code.len()).map_err(|_| Error::<T>::TooLarge)?;
        let code = BoundedVec::<u8, T::MaxCode>::try_from(code).map_err(|_| Error::<T>::TooLarge)?;
        let now = TryInto::<u32>::try_into(frame_system::Pallet::<T>::block_number())
            .map_err(|_| Error::<T>::BlockNumberOverflow)?;
        let block = now.checked_add(T::UpgradeDelay::get()).ok_or(Error::<T>::BlockNumberOverflow)?;

        let subjects = [Subject::Organisation(OrganisationId::CONSORTIUM)];
        let body = Body::UpgradeScheduled { code: hash, bytes, block };
        let record = T::Journal::append(&Author::CHAIN, &subjects, body)?.index;
        Scheduled::<T>::put(ScheduledUpgrade { code: hash, block });
        Code::<T>::put(code);
        Self::deposit_event(Event::UpgradeScheduled { code: hash, block, record });
        Ok(())
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn enact_when_due(now: BlockNumberFor<T>) -> Weight {
        match Scheduled::<T>::get() {
            Some(scheduled) if BlockNumberFor::<T>::from(scheduled.block) <= now => {
                Self::enact(scheduled);
                // As frame_system has it where it replaces code itself: nothing else happens in that block.
                T::BlockWeights::get().max_block
            }
            _ => T::WeightInfo::on_initialize_idle(),
        }
    }

    fn enact(scheduled: ScheduledUpgrade) {
        Scheduled::<T>::kill();
        // It is there when anything is scheduled. If it were not, the chain would go on as it is.
        if let Some(code) = Code::<T>::take() {
            frame_system::Pallet::<T>::update_code_in_storage(&code);
            Self::deposit_event(Event::UpgradeEnacted { code: scheduled.code });
        }
    }
}
