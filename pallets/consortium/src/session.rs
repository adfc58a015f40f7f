//! The organisations' validators, handed to pallet-session.

use crate::pallet::*;
use alloc::vec::Vec;
use frame_support::BoundedVec;
use sp_staking::SessionIndex;

impl<T: Config> Pallet<T> {
    fn validator_accounts() -> Vec<T::AccountId> {
        Validators::<T>::get().into_iter().map(|(_, account)| account).collect()
    }
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
    /// The validators, if they are others than last time. Never none: a chain without validators cannot even be mended.
    fn new_session(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        let accounts = Self::validator_accounts();
        if accounts.is_empty() || accounts == SessionValidators::<T>::get().into_inner() {
            return None;
        }
        // As many as there are validators, so nothing is cut off.
        SessionValidators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(accounts.clone()));
        Some(accounts)
    }

    /// The validators of the genesis configuration. `None` when it has none or was not read yet, upon which pallet-session
    /// takes the accounts of its own.
    fn new_session_genesis(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        Some(Self::validator_accounts()).filter(|accounts| !accounts.is_empty())
    }

    fn start_session(_: SessionIndex) {}

    fn end_session(_: SessionIndex) {}
}
