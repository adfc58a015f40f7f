//! The worst case of every call and hook: a full register, whose every validator is another active organisation's.

#![cfg(feature = "runtime-benchmarks")]

use crate::*;
use alloc::{vec, vec::Vec};
use citynet_primitives::{NodeAddress, OrganisationId, PeerId, PeerPurpose, Text, ValidatorStatus};
use citynet_support::{Membership, ValidatorRegister};
use core::hint::black_box;
use frame_benchmarking::v2::*;
use frame_support::{
    traits::{EnsureOrigin, Get},
    BoundedVec,
};
use frame_system::RawOrigin;
use pallet_session::SessionInterface;
use sp_runtime::traits::Convert;

/// The highest value of the parameter `MaxValidatorsPerOrganisation`.
const MOST_VALIDATORS: usize = 16;

/// The longest reason.
fn reason() -> Text<256> {
    Text::truncate_from(vec![b'r'; 256])
}

/// The longest address.
fn address() -> NodeAddress {
    NodeAddress::truncate_from(vec![b'/'; 128])
}

fn peer(number: u32) -> PeerId {
    let mut key = [0xff; 32];
    for (byte, of) in key.iter_mut().zip(number.to_le_bytes()) {
        *byte = of;
    }
    PeerId(key)
}

fn put_validators<T: Config>(validators: Vec<Validator<T::AccountId>>) {
    let accounts = validators.iter().map(|validator| validator.account.clone()).collect();
    SessionValidators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(accounts));
    Validators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(validators));
}

/// As many validators as there may be but one, straight in storage. They have no session keys, which nothing here asks
/// for.
fn crowd<T: Config>() -> Vec<Validator<T::AccountId>> {
    let others = (1..T::MaxValidators::get()).map(|number| {
        let account = account("validator", number, 0);
        let organisation = T::Membership::admit(&account);
        Validator { organisation, account, status: ValidatorStatus::Registered }
    });
    others.collect()
}

/// The caller, a validator with keys and the last of a full register.
fn validator<T: Config>() -> T::AccountId {
    let caller: T::AccountId = whitelisted_caller();
    let organisation = T::Membership::admit(&caller);
    let (keys, _) = T::BenchmarkKeys::convert(caller.clone());
    T::Session::set_keys(&caller, keys).expect("keys that were just made are nobody's; qed");
    let mut validators = crowd::<T>();
    validators.push(Validator { organisation, account: caller.clone(), status: ValidatorStatus::Registered });
    put_validators::<T>(validators);
    Conducts::<T>::insert(&caller, Conduct { skipped: 1, streak: 1, silent: true });
    caller
}

fn status_of<T: Config>(account: &T::AccountId) -> Option<ValidatorStatus> {
    Validators::<T>::get().iter().find(|validator| validator.account == *account).map(|validator| validator.status)
}

fn suspend<T: Config>(account: &T::AccountId) {
    Validators::<T>::mutate(|validators| {
        for validator in validators.iter_mut().filter(|validator| validator.account == *account) {
            validator.status = ValidatorStatus::Suspended;
        }
    });
}

/// An organisation with one peer fewer than it may have.
fn operator<T: Config>() -> (T::AccountId, OrganisationId) {
    let caller: T::AccountId = whitelisted_caller();
    let organisation = T::Membership::admit(&caller);
    for number in 1..T::MaxPeersPerOrganisation::get() {
        put_peer::<T>(organisation, peer(number));
    }
    (caller, organisation)
}

fn put_peer<T: Config>(organisation: OrganisationId, peer: PeerId) {
    Peers::<T>::insert(peer, Peer { organisation, purpose: PeerPurpose::Validator, address: Some(address()) });
    PeersOf::<T>::mutate(organisation, |own| own.try_push(peer)).expect("the organisation has room for a peer; qed");
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark(pov_mode = Measured)]
    fn register_validator() {
        put_validators::<T>(crowd::<T>());
        let caller: T::AccountId = whitelisted_caller();
        T::Membership::admit(&caller);
        let (keys, proof) = T::BenchmarkKeys::convert(caller.clone());
        // It was in the set that pallet-session was told of last, and withdrew.
        SessionValidators::<T>::mutate(|told| told.try_push(caller.clone())).expect("there is room for one; qed");

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()), keys, proof);

        assert_eq!(status_of::<T>(&caller), Some(ValidatorStatus::Registered));
    }

    #[benchmark(pov_mode = Measured)]
    fn rotate_keys() {
        let caller = validator::<T>();
        let (keys, proof) = T::BenchmarkKeys::convert(caller.clone());

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), keys, proof);

        assert!(TellAnew::<T>::get());
    }

    #[benchmark(pov_mode = Measured)]
    fn withdraw_validator() {
        let caller = validator::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()), caller.clone(), reason());

        assert_eq!(status_of::<T>(&caller), None);
    }

    #[benchmark(pov_mode = Measured)]
    fn reinstate_validator() -> Result<(), BenchmarkError> {
        let origin = T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let account = validator::<T>();
        suspend::<T>(&account);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, account.clone(), reason());

        assert_eq!(status_of::<T>(&account), Some(ValidatorStatus::Registered));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn add_peer() {
        let (caller, _) = operator::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), peer(0), PeerPurpose::Archive, Some(address()));

        assert!(Peers::<T>::contains_key(peer(0)));
    }

    #[benchmark(pov_mode = Measured)]
    fn remove_peer() {
        let (caller, organisation) = operator::<T>();
        put_peer::<T>(organisation, peer(0));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), peer(0));

        assert!(!Peers::<T>::contains_key(peer(0)));
    }

    /// An organisation with as many validators and peers as it can have.
    #[benchmark(pov_mode = Measured)]
    fn forget() {
        let (_, organisation) = operator::<T>();
        put_peer::<T>(organisation, peer(0));
        let mut validators = crowd::<T>();
        for (number, validator) in validators.iter_mut().enumerate().take(MOST_VALIDATORS) {
            let (keys, _) = T::BenchmarkKeys::convert(validator.account.clone());
            T::Session::set_keys(&validator.account, keys).expect("keys that were just made are nobody's; qed");
            Conducts::<T>::insert(&validator.account, Conduct { skipped: number as u64, streak: 1, silent: true });
            validator.organisation = organisation;
        }
        put_validators::<T>(validators);

        #[block]
        {
            <Pallet<T> as ValidatorRegister<T::AccountId>>::forget(organisation);
        }

        assert!(Validators::<T>::get().iter().all(|validator| validator.organisation != organisation));
        assert!(PeersOf::<T>::get(organisation).is_empty());
    }

    #[benchmark(pov_mode = Measured)]
    fn note_equivocation() {
        let account = validator::<T>();
        Evidence::<T>::put([7; 32]);

        #[block]
        {
            Pallet::<T>::note_equivocation(&account, 1);
        }

        Evidence::<T>::kill();
        assert_eq!(status_of::<T>(&account), Some(ValidatorStatus::Suspended));
    }

    /// `s` slots were skipped, and every owner turns silent by it. The author has a streak that ends.
    #[benchmark(pov_mode = Measured)]
    fn on_initialize(s: Linear<0, { T::MaxValidators::get().saturating_sub(1) }>) {
        validator::<T>();
        let validators = SessionValidators::<T>::get().into_inner();
        let silent_after = T::Parameters::get().silent_after;
        for account in &validators {
            let streak = silent_after.saturating_sub(1);
            Conducts::<T>::insert(account, Conduct { skipped: u64::from(streak), streak, silent: false });
        }
        // Slot 0 is the first validator's, so slot `s` is the author's and those before are skipped.
        let first = u64::from(T::MaxValidators::get());
        LastSlot::<T>::put(first.saturating_sub(1));
        let slot = first.saturating_add(u64::from(s));
        let counted;

        #[block]
        {
            // What the hook asks for. The benchmark brings its own, since it has no say in that of the runtime.
            let _ = black_box((T::Slot::get(), T::Session::validators()));
            counted = Pallet::<T>::note_slot(slot, &validators);
        }

        assert_eq!(counted, s);
        let silent = validators.iter().filter(|account| Conducts::<T>::get(account).silent).count();
        assert_eq!(u32::try_from(silent), Ok(s));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
