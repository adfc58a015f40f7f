//! Who validates: how validators come, change their keys and go.

use crate::{pallet::*, Validator, WeightInfo};
use alloc::vec::Vec;
use citynet_primitives::{
    Author, Body, EncodedKeys, OrganisationId, Role, Subject, Text, ValidatorInfo, ValidatorStatus,
};
use citynet_support::{AccountBytes, Journal, Membership, ValidatorRegister};
use codec::Encode;
use frame_support::{
    ensure,
    traits::{Defensive, Get},
    weights::Weight,
};
use pallet_session::SessionInterface;
use sp_runtime::{
    traits::{Convert, OpaqueKeys},
    DispatchError,
};

impl<T: Config> Pallet<T> {
    /// The validators, in the order in which they were registered.
    pub fn validators() -> Vec<ValidatorInfo> {
        let active = T::Session::validators();
        let next = SessionValidators::<T>::get();
        let info = |Validator { organisation, account, status }: Validator<T::AccountId>| {
            let conduct = Conducts::<T>::get(&account);
            ValidatorInfo {
                organisation,
                account: account.account_bytes(),
                status,
                active: active.contains(&account),
                next: next.contains(&account),
                skipped: conduct.skipped,
                silent: conduct.silent,
                // One of genesis that was given none has no keys, which is not a failure.
                keys: T::KeysOf::convert(account).unwrap_or_default(),
            }
        };
        Validators::<T>::get().into_iter().map(info).collect()
    }

    pub(crate) fn do_register(
        account: &T::AccountId,
        keys: T::Keys,
        proof: &[u8],
    ) -> Result<(OrganisationId, u64), DispatchError> {
        let author = T::Membership::ensure(account, Role::Validator)?;
        let organisation = author.organisation;
        let mut validators = Validators::<T>::get();
        ensure!(validators.iter().all(|validator| validator.account != *account), Error::<T>::AlreadyRegistered);
        ensure!(Self::owns(account, &keys, proof), Error::<T>::InvalidProof);

        let own = validators.iter().filter(|validator| validator.organisation == organisation).count();
        ensure!(count(own) < T::Parameters::get().max_validators_per_organisation, Error::<T>::TooManyValidators);
        let status = ValidatorStatus::Registered;
        let validator = Validator { organisation, account: account.clone(), status };
        validators.try_push(validator).map_err(|_| Error::<T>::RegisterFull)?;
        // The newest of an organisation is the first to be left out when it has a third of all.
        ensure!(Self::elect(&validators).contains(account), Error::<T>::TooManyValidators);

        let encoded = encode(&keys)?;
        T::Session::set_keys(account, keys)?;
        let body = Body::ValidatorRegistered { organisation, account: author.account, keys: encoded };
        let appended = T::Journal::append(&author, &[Subject::Organisation(organisation)], body)?;
        Validators::<T>::put(validators);
        Self::tell_anew_of(account);
        Ok((organisation, appended.index))
    }

    pub(crate) fn do_rotate(
        account: &T::AccountId,
        keys: T::Keys,
        proof: &[u8],
    ) -> Result<(OrganisationId, u64), DispatchError> {
        let author = T::Membership::ensure(account, Role::Validator)?;
        let organisation = Self::validator(account)?.organisation;
        ensure!(Self::owns(account, &keys, proof), Error::<T>::InvalidProof);
        let encoded = encode(&keys)?;
        // A new set with the same keys would be one for nothing.
        ensure!(T::KeysOf::convert(account.clone()).as_ref() != Some(&encoded), Error::<T>::SameKeys);

        T::Session::set_keys(account, keys)?;
        let body = Body::ValidatorKeysChanged { organisation, account: author.account, keys: encoded };
        let appended = T::Journal::append(&author, &[Subject::Organisation(organisation)], body)?;
        Self::tell_anew_of(account);
        Ok((organisation, appended.index))
    }

    pub(crate) fn do_withdraw(
        caller: &T::AccountId,
        account: &T::AccountId,
        reason: Text<256>,
    ) -> Result<(OrganisationId, u64), DispatchError> {
        let role = if caller == account { Role::Validator } else { Role::Admin };
        let author = T::Membership::ensure(caller, role)?;
        check_reason::<T>(&reason)?;
        let Validator { organisation, status, .. } = Self::validator(account)?;
        ensure!(organisation == author.organisation, Error::<T>::NotAuthorized);
        ensure!(status == ValidatorStatus::Registered, Error::<T>::Suspended);

        let mut validators = Validators::<T>::get();
        let before = Self::elect(&validators).len();
        validators.retain(|validator| validator.account != *account);
        let after = Self::elect(&validators).len();
        // One that is not elected can go at any time: the set loses nothing.
        let enough = count(after) >= T::Parameters::get().min_validators;
        ensure!(enough || after >= before, Error::<T>::TooFewValidators);

        let body = Body::ValidatorWithdrawn { organisation, account: account.account_bytes(), reason };
        let appended = T::Journal::append(&author, &[Subject::Organisation(organisation)], body)?;
        Validators::<T>::put(validators);
        Conducts::<T>::remove(account);
        Self::purge(account)?;
        Ok((organisation, appended.index))
    }

    pub(crate) fn do_reinstate(
        account: &T::AccountId,
        reason: Text<256>,
    ) -> Result<(OrganisationId, u64), DispatchError> {
        check_reason::<T>(&reason)?;
        let mut validators = Validators::<T>::get();
        let found = validators.iter_mut().find(|validator| validator.account == *account);
        let validator = found.ok_or(Error::<T>::NotRegistered)?;
        ensure!(validator.status == ValidatorStatus::Suspended, Error::<T>::NotSuspended);
        validator.status = ValidatorStatus::Registered;
        let organisation = validator.organisation;

        let body = Body::ValidatorReinstated { organisation, account: account.account_bytes(), reason };
        let appended = T::Journal::append(&Author::CHAIN, &[Subject::Organisation(organisation)], body)?;
        Validators::<T>::put(validators);
        // It is disabled until there is a new set.
        Self::tell_anew_of(account);
        Ok((organisation, appended.index))
    }

    /// What is registered about a validator.
    fn validator(account: &T::AccountId) -> Result<Validator<T::AccountId>, Error<T>> {
        let found = Validators::<T>::get().into_iter().find(|validator| validator.account == *account);
        found.ok_or(Error::<T>::NotRegistered)
    }

    fn owns(account: &T::AccountId, keys: &T::Keys, proof: &[u8]) -> bool {
        account.using_encoded(|owner| keys.ownership_proof_is_valid(owner, proof))
    }

    /// Forgets an account's session keys, if it has any.
    fn purge(account: &T::AccountId) -> Result<(), DispatchError> {
        if T::KeysOf::convert(account.clone()).is_none() {
            return Ok(());
        }
        T::Session::purge_keys(account)
    }
}

fn encode(keys: &impl Encode) -> Result<EncodedKeys, DispatchError> {
    // The runtime's keys are all of one length, so a runtime to which this happens takes no keys at all.
    keys.encode().try_into().map_err(|_| DispatchError::Other("session keys take more than 256 bytes"))
}

pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn check_reason<T: Config>(reason: &[u8]) -> Result<(), Error<T>> {
    ensure!(!reason.is_empty() && core::str::from_utf8(reason).is_ok(), Error::<T>::InvalidText);
    Ok(())
}

impl<T: Config> ValidatorRegister<T::AccountId> for Pallet<T> {
    fn is_validator(account: &T::AccountId) -> bool {
        Validators::<T>::get().iter().any(|validator| validator.account == *account)
    }

    fn count_without(organisation: OrganisationId) -> u32 {
        let mut others = Validators::<T>::get();
        others.retain(|validator| validator.organisation != organisation);
        count(Self::elect(&others).len())
    }

    /// Nothing of it is recorded: the record about the organisation says it all.
    fn forget(organisation: OrganisationId) {
        let (own, others) = Validators::<T>::get()
            .into_iter()
            .partition::<Vec<_>, _>(|validator| validator.organisation == organisation);
        if !own.is_empty() {
            Validators::<T>::put(frame_support::BoundedVec::<_, T::MaxValidators>::truncate_from(others));
        }
        for Validator { account, .. } in own {
            Conducts::<T>::remove(&account);
            // It is logged: the keys would stay the account's, and nobody else could set them.
            let _ = Self::purge(&account).defensive_proof("keys that are set can be purged; qed");
        }
        for peer in PeersOf::<T>::take(organisation) {
            Peers::<T>::remove(peer);
        }
    }

    fn forget_weight() -> Weight {
        T::WeightInfo::forget()
    }
}
