//! What always holds.

use crate::{
    pallet::*,
    parameters::{self, LARGEST_BURST},
    quota::picoseconds,
};
use alloc::{collections::BTreeMap, vec::Vec};
use citynet_primitives::{OrganisationId, OrganisationStatus, Roles};
use frame_support::{ensure, traits::Get};
use sp_runtime::{SaturatedConversion, TryRuntimeError};

impl<T: Config> Pallet<T> {
    /// Checks the register.
    ///
    /// # Errors
    ///
    /// What does not hold.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::accounts_are_counted()?;
        Self::members_have_seats()?;
        parameters::check(&Self::parameters())?;
        Self::belongings_are_members()
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
            ensure!(Self::ensure_profile(&organisation.profile).is_ok(), "an organisation's profile is no text");
            let said = (organisation.accounts, organisation.admins);
            (organisation.accounts, organisation.admins) = (0, 0);
            counts.insert(id, (said, organisation));
        }
        ensure!(u32::try_from(counts.len()) == Ok(OrganisationCount::<T>::get()), "an organisation is missing");

        for (account, record) in Accounts::<T>::iter() {
            let (_, counted) = counts.get_mut(&record.organisation).ok_or("an account's organisation is missing")?;
            counted.recount(Roles::NONE, record.roles);
            ensure!(!record.roles.is_empty() && record.roles.is_known(), "an account's roles mean nothing");
            ensure!(frame_system::Pallet::<T>::providers(&account) > 0, "an account does not exist by itself");
        }
        for (said, counted) in counts.values() {
            ensure!(*said == (counted.accounts, counted.admins), "an organisation's accounts are miscounted");
        }
        Ok(())
    }

    fn members_have_seats() -> Result<(), TryRuntimeError> {
        let organisations: BTreeMap<_, _> = Organisations::<T>::iter().collect();
        let entitled: Vec<_> =
            organisations.iter().filter(|(_, organisation)| organisation.has_seat()).map(|(id, _)| *id).collect();
        let seats = Seats::<T>::get();
        ensure!(seats.as_slice() == entitled.as_slice(), "the seats are not those of the active members");
        let seated: u32 = seats.len().saturated_into();
        ensure!(
            organisations.is_empty() || seated >= Self::parameters().min_members,
            "there are fewer members with a seat than there must be"
        );
        Ok(())
    }

    fn belongings_are_members() -> Result<(), TryRuntimeError> {
        let belongs = |id| Organisations::<T>::get(id).is_some_and(|organisation| organisation.belongs());
        for id in Recoveries::<T>::iter_keys() {
            ensure!(belongs(id), "a recovery is of no member");
        }
        for (id, bucket) in Buckets::<T>::iter() {
            ensure!(belongs(id), "a bucket is of no member");
            // Not today's burst, which may have been lowered since.
            ensure!(bucket.level <= picoseconds(LARGEST_BURST), "a bucket holds more than any may");
            ensure!(bucket.block <= Self::block(), "a bucket is of a block to come");
        }
        Ok(())
    }
}
