//! What always holds.

use crate::{pallet::*, validators::count};
use alloc::{collections::BTreeSet, vec::Vec};
use citynet_primitives::Role;
use citynet_support::Membership;
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the register.
    ///
    /// # Errors
    ///
    /// What does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::validators_may_validate()?;
        Self::conduct_is_a_validators()?;
        Self::peers_are_listed()?;
        ensure!(!Evidence::<T>::exists(), "evidence was left behind");
        Ok(())
    }

    fn validators_may_validate() -> Result<(), TryRuntimeError> {
        let mut seen = BTreeSet::new();
        for validator in Validators::<T>::get() {
            // Of an organisation that may not act now, the membership tells nothing.
            if let Some(member) = T::Membership::member(&validator.account) {
                ensure!(member.organisation == validator.organisation, "a validator is another organisation's account");
                ensure!(member.roles.contains(Role::Validator), "a validator lacks the role");
            } else {
                ensure!(!T::Membership::is_active(validator.organisation), "a validator is nobody's account");
            }
            ensure!(seen.insert(validator.account), "a validator counts twice");
        }

        let mut told = BTreeSet::new();
        for account in SessionValidators::<T>::get() {
            ensure!(told.insert(account), "a validator is in the set twice");
        }
        Ok(())
    }

    fn conduct_is_a_validators() -> Result<(), TryRuntimeError> {
        let accounts: Vec<_> = Validators::<T>::get().into_iter().map(|validator| validator.account).collect();
        for (account, conduct) in Conducts::<T>::iter() {
            ensure!(accounts.contains(&account), "the conduct of no validator is kept");
            ensure!(u64::from(conduct.streak) <= conduct.skipped, "a streak is longer than what was skipped");
            ensure!(conduct.streak > 0 || !conduct.silent, "a validator that authored counts as silent");
        }
        Ok(())
    }

    fn peers_are_listed() -> Result<(), TryRuntimeError> {
        let mut listed = 0_usize;
        for (organisation, own) in PeersOf::<T>::iter() {
            ensure!(!own.is_empty(), "an organisation without peers has a list of them");
            for peer in &own {
                let of = Peers::<T>::get(peer).ok_or("a listed peer does not exist")?.organisation;
                ensure!(of == organisation, "a peer is listed for another organisation");
            }
            let different: BTreeSet<_> = own.iter().collect();
            ensure!(different.len() == own.len(), "a peer is listed twice");
            listed = listed.saturating_add(own.len());
        }
        ensure!(Peers::<T>::iter().count() == listed, "a peer is not listed");
        ensure!(Peers::<T>::count() == count(listed), "the peers are miscounted");
        ensure!(count(listed) <= T::MaxPeers::get(), "there are more peers than there may be");
        Ok(())
    }
}
