//! Benchmarks.

#![cfg(feature = "runtime-benchmarks")]

use crate::*;
use alloc::vec;
use citynet_primitives::{OrganisationId, Role, Roles};
use citynet_support::Membership;
use frame_benchmarking::v2::*;
use frame_support::{
    dispatch::DispatchInfo,
    pallet_prelude::TransactionSource,
    traits::{Get, OriginTrait},
    BoundedVec,
};
use frame_system::RawOrigin;
use sp_runtime::traits::{Dispatchable, TransactionExtension, TxBaseImplication};

/// An admin and an account of the same organisation, and as many validators as there may be, none of them that account.
fn colleagues<T: Config>() -> (T::AccountId, T::AccountId) {
    let admin: T::AccountId = whitelisted_caller();
    Pallet::<T>::admit(&admin);
    let colleague = account("colleague", 0, 0);
    Pallet::<T>::add_account(RawOrigin::Signed(admin.clone()).into(), colleague, Roles::of(&[Role::Attestor]))
        .expect("the colleague is new; qed");
    let validators =
        (0..T::MaxValidators::get()).map(|index| (OrganisationId(1), account::<T::AccountId>("validator", index, 0)));
    Validators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(validators.collect()));
    (admin, account("colleague", 0, 0))
}

#[benchmarks(where T: Send + Sync, T::RuntimeCall: Dispatchable<Info = DispatchInfo>)]
mod benchmarks {
    use super::*;

    #[benchmark(pov_mode = Measured)]
    fn add_account() {
        let admin: T::AccountId = whitelisted_caller();
        Pallet::<T>::admit(&admin);
        let new: T::AccountId = account("new", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), new.clone(), Roles::of(Role::ALL));

        assert!(Accounts::<T>::contains_key(new));
    }

    #[benchmark(pov_mode = Measured)]
    fn set_roles() {
        let (admin, colleague) = colleagues::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), colleague.clone(), Roles::of(&[Role::Treasurer]));

        let record = Accounts::<T>::get(colleague).expect("the colleague is still there; qed");
        assert_eq!(record.roles, Roles::of(&[Role::Treasurer]));
    }

    #[benchmark(pov_mode = Measured)]
    fn remove_account() {
        let (admin, colleague) = colleagues::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), colleague.clone());

        assert!(!Accounts::<T>::contains_key(colleague));
    }

    #[benchmark(pov_mode = Measured)]
    fn check_member() {
        let member: T::AccountId = account("member", 0, 0);
        Pallet::<T>::admit(&member);
        let call: T::RuntimeCall = frame_system::Call::<T>::remark { remark: vec![] }.into();
        let origin = T::RuntimeOrigin::signed(member);
        let outcome;

        #[block]
        {
            outcome = CheckMember::<T>::new().validate(
                origin,
                &call,
                &DispatchInfo::default(),
                0,
                (),
                &TxBaseImplication(()),
                TransactionSource::External,
            );
        }

        assert!(outcome.is_ok());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
