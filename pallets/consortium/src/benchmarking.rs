//! Benchmarks. What changes a seat is measured with a full council, since every motion loses that seat's vote.

#![cfg(feature = "runtime-benchmarks")]

use crate::*;
use alloc::{boxed::Box, vec, vec::Vec};
use citynet_primitives::{
    ApplicationStatement, Author, Moment, OrganisationId, OrganisationKind, OrganisationProfile, OrganisationStatus,
    Parameter, Role, Roles, Text,
};
use citynet_support::{AccountBytes, Council, Genesis, Membership, Proposed};
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::{
    dispatch::{DispatchInfo, PostDispatchInfo},
    traits::{EnsureOrigin, OriginTrait},
    weights::Weight,
};
use frame_system::RawOrigin;
use sp_runtime::traits::{DispatchTransaction, Dispatchable};

/// Signs applications. A runtime does it with the host's functions for keys.
pub trait BenchmarkHelper<AccountId, Signature> {
    /// An account of nobody, and its signature over what `statement` says for it.
    fn sign(statement: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature);
}

/// More motions than a council takes at once.
const MANY_MOTIONS: u32 = 256;

/// The longest profile.
pub(crate) fn profile() -> OrganisationProfile {
    OrganisationProfile {
        name: Text::truncate_from(vec![b'n'; 64]),
        contact: Text::truncate_from(vec![b'c'; 128]),
        legal_id: [7; 32],
    }
}

/// The longest reason.
fn reason() -> Text<256> {
    Text::truncate_from(vec![b'r'; 256])
}

/// An admin and an account of the same organisation, which has a seat.
fn colleagues<T: Config>() -> (T::AccountId, T::AccountId) {
    let (admin, _) = member::<T>();
    let colleague = account("colleague", 0, 0);
    let roles = Roles::of(&[Role::Attestor]);
    Pallet::<T>::add_account(RawOrigin::Signed(admin.clone()).into(), colleague, roles)
        .expect("the colleague is new; qed");
    (admin, account("colleague", 0, 0))
}

/// An account with every role, and its organisation, which has a seat, a recovery and a bucket.
fn member<T: Config>() -> (T::AccountId, OrganisationId) {
    let member: T::AccountId = whitelisted_caller();
    let organisation = <Pallet<T> as Membership<T::AccountId>>::admit(&member);
    let recovered: T::AccountId = account("recovered", 0, 0);
    Recoveries::<T>::insert(organisation, Recovery { account: recovered, matures: 0 });
    Buckets::<T>::insert(organisation, Bucket { level: 0, block: 0 });
    (member, organisation)
}

/// Fills the council: every seat but `free` is taken, it has as many motions as it takes, and all vote on each of them.
fn fill_council<T: Config>(free: u32) {
    let seats = || Seats::<T>::get().into_inner();
    while seats().len() as u32 + free < T::Council::max_seats() {
        Pallet::<T>::register(profile(), OrganisationKind::Industry).expect("a seat is free; qed");
    }
    let seats = seats();
    for index in 0..MANY_MOTIONS {
        let call = frame_system::Call::<T>::remark { remark: index.encode() };
        let Ok(Proposed { motion, number, .. }) = T::Council::propose(seats[0], call.into()) else { break };
        for seat in &seats {
            // Some may have voted by proposing; it is there in any case.
            let _ = T::Council::vote(*seat, motion, number, index % 2 == 0);
        }
    }
}

/// The longest call that can be a motion, or nearly.
fn long_call<T: Config>() -> T::RuntimeCall {
    frame_system::Call::<T>::remark { remark: vec![0; 1_000] }.into()
}

fn council<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

fn status<T: Config>(organisation: OrganisationId) -> Option<OrganisationStatus> {
    Organisations::<T>::get(organisation).map(|found| found.status)
}

#[benchmarks(where T: Send + Sync, T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>)]
mod benchmarks {
    use super::*;

    #[benchmark(pov_mode = Measured)]
    fn add_account() {
        let (admin, _) = member::<T>();
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
    fn set_profile() {
        let (admin, organisation) = member::<T>();
        let profile = OrganisationProfile { legal_id: [8; 32], ..profile() };

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), profile.clone());

        assert!(Organisations::<T>::get(organisation).is_some_and(|found| found.profile == profile));
    }

    #[benchmark(pov_mode = Measured)]
    fn leave() {
        let (admin, organisation) = member::<T>();
        fill_council::<T>(0);

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), reason());

        assert_eq!(status::<T>(organisation), Some(OrganisationStatus::Left));
    }

    #[benchmark(pov_mode = Measured)]
    fn admit() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        fill_council::<T>(1);
        let kind = OrganisationKind::University;
        let (admin, signature) = T::BenchmarkHelper::sign(|admin: &T::AccountId| {
            let statement = ApplicationStatement {
                genesis: &T::Genesis::genesis_hash(),
                admin: &admin.account_bytes(),
                kind,
                expires: Moment::MAX,
                profile: &profile(),
            };
            statement.to_bytes()
        });

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, profile(), kind, admin.clone(), Moment::MAX, signature);

        assert!(Accounts::<T>::contains_key(admin));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn suspend() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (_, organisation) = member::<T>();
        fill_council::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, organisation, reason());

        assert_eq!(status::<T>(organisation), Some(OrganisationStatus::Suspended));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn reinstate() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (_, organisation) = member::<T>();
        fill_council::<T>(0);
        Pallet::<T>::do_set_status(&Author::CHAIN, organisation, OrganisationStatus::Suspended, reason())?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, organisation, reason());

        assert_eq!(status::<T>(organisation), Some(OrganisationStatus::Active));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn expel() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (_, organisation) = member::<T>();
        fill_council::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, organisation, reason());

        assert_eq!(status::<T>(organisation), Some(OrganisationStatus::Expelled));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn set_kind() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (_, organisation) = member::<T>();
        fill_council::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, organisation, OrganisationKind::Auditor, reason());

        assert!(!Seats::<T>::get().contains(&organisation));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn recover() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        let (_, organisation) = member::<T>();
        Recoveries::<T>::remove(organisation);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, organisation, account("recovered", 0, 0), reason());

        assert!(Recoveries::<T>::contains_key(organisation));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn object() {
        let (admin, organisation) = member::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), reason());

        assert!(!Recoveries::<T>::contains_key(organisation));
    }

    #[benchmark(pov_mode = Measured)]
    fn complete_recovery() {
        let (member, organisation) = member::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(member), organisation);

        assert!(Accounts::<T>::contains_key(account::<T::AccountId>("recovered", 0, 0)));
    }

    #[benchmark(pov_mode = Measured)]
    fn propose() {
        let (admin, _) = member::<T>();
        let before = T::Council::motions().len();

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), Box::new(long_call::<T>()), reason());

        assert_eq!(T::Council::motions().len(), before + 1);
    }

    #[benchmark(pov_mode = Measured)]
    fn vote() -> Result<(), BenchmarkError> {
        let (admin, organisation) = member::<T>();
        let Proposed { motion, number, .. } = T::Council::propose(organisation, long_call::<T>())?;

        #[extrinsic_call]
        _(RawOrigin::Signed(admin), motion, number, false, reason());

        let motions = T::Council::motions();
        assert!(motions.iter().any(|open| open.motion == motion && open.no.contains(&organisation)));
        Ok(())
    }

    /// The motion is approved and its call dispatched.
    #[benchmark(pov_mode = Measured)]
    fn close() -> Result<(), BenchmarkError> {
        let (member, organisation) = member::<T>();
        let Proposed { motion, number, .. } = T::Council::propose(organisation, long_call::<T>())?;
        for seat in Seats::<T>::get() {
            T::Council::vote(seat, motion, number, true)?;
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(member), motion, number, Weight::MAX, 1_024);

        assert!(T::Council::motions().iter().all(|open| open.motion != motion));
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn set_parameter() -> Result<(), BenchmarkError> {
        let origin = council::<T>()?;
        member::<T>();
        let value = Seats::<T>::get().len() as u32;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Parameter::MinMembers { value });

        assert_eq!(Pallet::<T>::parameters().min_members, value);
        Ok(())
    }

    #[benchmark(pov_mode = Measured)]
    fn check_member() {
        let member: T::AccountId = account("member", 0, 0);
        let organisation = <Pallet<T> as Membership<T::AccountId>>::admit(&member);
        Buckets::<T>::insert(organisation, Bucket { level: u64::MAX, block: 0 });
        let call: T::RuntimeCall = frame_system::Call::<T>::remark { remark: vec![] }.into();
        let info = DispatchInfo { call_weight: Weight::from_parts(1_000_000, 0), ..DispatchInfo::default() };
        let used = Weight::from_parts(500_000, 0);
        let origin = T::RuntimeOrigin::signed(member);
        let outcome;

        #[block]
        {
            outcome = CheckMember::<T>::new().test_run(origin, &call, &info, 0, 0, |_| Ok(Some(used).into()));
        }

        assert!(outcome.is_ok_and(|dispatched| dispatched.is_ok()));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
