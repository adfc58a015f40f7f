//! What always holds.

use crate::pallet::*;
use alloc::collections::BTreeMap;
use citynet_primitives::{OrganisationId, OrganisationStatus, Role, Roles};
use frame_support::{ensure, traits::Get};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the register.
    ///
    /// # Errors
    ///
    /// What does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::accounts_are_counted()?;
        Self::validators_may_validate()
    }

    fn accounts_are_counted() -> Result<(), TryRuntimeError> {
        let mut counts = BTreeMap::new();
        for (id, mut organisation) in Organisations::<T>::iter() {
            let numbered = id != OrganisationId::CONSORTIUM && id.0 <= OrganisationCount::<T>::get();
            ensure!(numbered, "an organisation has a number that was never given");
            ensure!(
                organisation.accounts <= T::MaxAccountsPerOrganisation::get(),
                "an organisation has more accounts than it may"
            );
            ensure!(
                organisation.admins > 0 || organisation.status != OrganisationStatus::Active,
                "an active organisation has no admin"
            );
            let said = (organisation.accounts, organisation.admins);
            (organisation.accounts, organisation.admins) = (0, 0);
            counts.insert(id, (said, organisation));
        }
        ensure!(u32::try_from(counts.len()) == Ok(OrganisationCount::<T>::get()), "an organisation is missing");

        for (account, record) in Accounts::<T>::iter() {
            let (_, counted) = counts.get_mut(&record.organisation).ok_or("an account's organisation is missing")?;
            counted.recount(Roles::NONE, record.roles);
            ensure!(!record.roles.is_empty() && record.roles.is_known(), "an account's roles mean nothing");
            ensure!(frame_system::Pallet::<T>::sufficients(&account) > 0, "an account does not exist by itself");
        }
        for (said, counted) in counts.values() {
            ensure!(*said == (counted.accounts, counted.admins), "an organisation's accounts are miscounted");
        }
        Ok(())
    }

    fn validators_may_validate() -> Result<(), TryRuntimeError> {
        let validators = Validators::<T>::get();
        for (position, (organisation, account)) in validators.iter().enumerate() {
            let record = Accounts::<T>::get(account).ok_or("a validator is nobody's account")?;
            ensure!(record.organisation == *organisation, "a validator is another organisation's account");
            ensure!(record.roles.contains(Role::Validator), "a validator lacks the role");
            ensure!(
                validators.iter().skip(position.saturating_add(1)).all(|(_, other)| other != account),
                "a validator counts twice"
            );
        }
        Ok(())
    }
}
