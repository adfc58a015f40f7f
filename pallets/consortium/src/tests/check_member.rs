//! The gate.

use crate::{mock::*, *};
use citynet_primitives::{OrganisationId, OrganisationKind, OrganisationStatus, Parameter, Quota};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, DispatchInfo, DispatchResultWithPostInfo, GetDispatchInfo},
    pallet_prelude::{InvalidTransaction, TransactionSource, TransactionValidityError},
    weights::Weight,
};
use proptest::prelude::*;
use sp_runtime::{
    generic::{CheckedExtrinsic, ExtrinsicFormat},
    traits::{Applyable, DispatchTransaction, TransactionExtension},
    AccountId32, DispatchError,
};

type Checked = CheckedExtrinsic<AccountId32, RuntimeCall, Gate>;

fn add_stranger() -> RuntimeCall {
    Call::<Test>::add_account { account: STRANGER, roles: ATTESTOR }.into()
}

fn remark() -> RuntimeCall {
    frame_system::Call::<Test>::remark { remark: b"self-proving".to_vec() }.into()
}

fn custom(code: u8) -> TransactionValidityError {
    InvalidTransaction::Custom(code).into()
}

/// What the pool says about a transaction with this origin.
fn pool(origin: RuntimeOrigin) -> Result<(), TransactionValidityError> {
    let call = add_stranger();
    Gate::new().validate_only(origin, &call, &call.get_dispatch_info(), 0, TransactionSource::External, 0).map(|_| ())
}

#[test]
fn members_pass() {
    ExtBuilder::default().execute(|| {
        for member in [ALICE, GATEWAY, BOB] {
            assert_ok!(pool(signed(member)));
        }
    });
}

#[test]
fn strangers_are_refused() {
    ExtBuilder::default().execute(|| {
        assert_eq!(pool(signed(STRANGER)), Err(custom(1)));
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ATTESTOR));
        assert_ok!(pool(signed(STRANGER)));
        assert_ok!(Consortium::remove_account(signed(ALICE), STRANGER));
        assert_eq!(pool(signed(STRANGER)), Err(custom(1)));
    });
}

#[test]
fn organisations_that_may_not_act_are_refused() {
    ExtBuilder::default().execute(|| {
        set_status(CITY, OrganisationStatus::Suspended);
        assert_eq!(pool(signed(GATEWAY)), Err(custom(2)));
        set_status(CITY, OrganisationStatus::Expelled);
        assert_eq!(pool(signed(GATEWAY)), Err(custom(3)));
        set_status(CITY, OrganisationStatus::Left);
        assert_eq!(pool(signed(GATEWAY)), Err(custom(5)));
        assert_ok!(pool(signed(BOB)));
        set_status(CITY, OrganisationStatus::Active);
        assert_ok!(pool(signed(GATEWAY)));
    });
}

#[test]
fn general_transactions_without_a_signer_are_refused() {
    ExtBuilder::default().execute(|| {
        assert_eq!(pool(RuntimeOrigin::none()), Err(custom(4)));
        assert_eq!(pool(RuntimeOrigin::root()), Err(custom(4)));
        assert_eq!(pool(frame_system::Origin::<Test>::Authorized.into()), Err(custom(4)));
    });
}

#[test]
fn bare_transactions_are_refused() {
    ExtBuilder::default().execute(|| {
        let call = add_stranger();
        let info = call.get_dispatch_info();
        assert_eq!(Gate::bare_validate(&call, &info, 0), Err(custom(4)));
        assert_eq!(Gate::bare_validate_and_prepare(&call, &info, 0), Err(custom(4)));
    });
}

#[test]
fn bare_calls_that_prove_themselves_pass() {
    ExtBuilder::default().execute(|| {
        let call = remark();
        let info = call.get_dispatch_info();
        assert_ok!(Gate::bare_validate(&call, &info, 0));
        assert_ok!(Gate::bare_validate_and_prepare(&call, &info, 0));
    });
}

#[test]
fn inherents_pass_in_a_block_and_not_in_the_pool() {
    ExtBuilder::default().execute(|| {
        let call = add_stranger();
        let inherent = DispatchInfo { class: DispatchClass::Mandatory, ..call.get_dispatch_info() };
        assert_ok!(Gate::bare_validate_and_prepare(&call, &inherent, 0));
        assert_eq!(Gate::bare_validate(&call, &inherent, 0), Err(custom(4)));
    });
}

#[test]
fn whole_transactions_are_gated_in_a_block() {
    ExtBuilder::default().execute(|| {
        let apply = |format| {
            let call = add_stranger();
            let info = call.get_dispatch_info();
            Checked { format, function: call }.apply::<Test>(&info, 0).map(|outcome| outcome.is_ok())
        };
        assert_eq!(apply(ExtrinsicFormat::Bare), Err(custom(4)));
        assert_eq!(apply(ExtrinsicFormat::Signed(STRANGER, Gate::new())), Err(custom(1)));
        assert!(!Accounts::<Test>::contains_key(STRANGER));
        // A member enters the block; the call itself asks for the role.
        assert_eq!(apply(ExtrinsicFormat::Signed(GATEWAY, Gate::new())), Ok(false));
        assert_eq!(apply(ExtrinsicFormat::Signed(ALICE, Gate::new())), Ok(true));
        assert!(Accounts::<Test>::contains_key(STRANGER));
    });
}

#[test]
fn it_has_no_bytes() {
    assert!(Gate::new().encode().is_empty());
    assert_eq!(<Gate as TransactionExtension<RuntimeCall>>::implicit(&Gate::new()), Ok(()));
    let metadata = <Gate as TransactionExtension<RuntimeCall>>::metadata();
    assert_eq!(metadata.len(), 1);
    assert_eq!(metadata[0].identifier, "CheckMember");
}

#[test]
fn the_codes_are_stable() {
    let refusals = [Refusal::NotMember, Refusal::Suspended, Refusal::Expelled, Refusal::NoSigner, Refusal::Left];
    assert_eq!(refusals.map(Refusal::code), [1, 2, 3, 4, 5]);
}

/// A millisecond of `ref_time`, in picoseconds. By default a member's rate is 150 of them and its burst 200, of which
/// 20 are for admins.
const MS: u64 = 1_000_000_000;
const EXHAUSTED: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);

fn weighing(milliseconds: u64) -> DispatchInfo {
    DispatchInfo { call_weight: Weight::from_parts(milliseconds * MS, 0), ..DispatchInfo::default() }
}

/// What comes of a transaction in a block that may weigh so many milliseconds, and does, or else `outcome` says.
fn run(
    account: AccountId32,
    info: DispatchInfo,
    outcome: DispatchResultWithPostInfo,
) -> Result<(), TransactionValidityError> {
    Gate::new().test_run(signed(account), &remark(), &info, 0, 0, |_| outcome).map(|_| ())
}

fn send(account: AccountId32, milliseconds: u64) -> Result<(), TransactionValidityError> {
    run(account, weighing(milliseconds), Ok(().into()))
}

/// What is left in an organisation's bucket, in milliseconds, as of its last transaction.
fn left(organisation: OrganisationId) -> u64 {
    Buckets::<Test>::get(organisation).unwrap().level / MS
}

fn priority(account: AccountId32) -> u64 {
    let info = weighing(1);
    let source = TransactionSource::External;
    Gate::new().validate_only(signed(account), &remark(), &info, 0, source, 0).unwrap().0.priority
}

#[test]
fn a_transaction_takes_what_it_weighs() {
    ExtBuilder::default().execute(|| {
        assert_ok!(send(GATEWAY, 30));
        assert_eq!(left(CITY), 170);
        // Whichever account it is, and whatever comes of the call.
        assert_ok!(run(ALICE, weighing(20), Err(DispatchError::Unavailable.into())));
        assert_eq!(left(CITY), 150);
        assert!(!Buckets::<Test>::contains_key(TELECOM));
    });
}

#[test]
fn the_extensions_weight_counts() {
    ExtBuilder::default().execute(|| {
        let info = DispatchInfo { extension_weight: Weight::from_parts(5 * MS, 0), ..weighing(10) };
        assert_ok!(run(GATEWAY, info, Ok(().into())));
        assert_eq!(left(CITY), 185);
    });
}

#[test]
fn operational_calls_take_as_much() {
    ExtBuilder::default().execute(|| {
        let info = DispatchInfo { class: DispatchClass::Operational, ..weighing(30) };
        assert_ok!(run(GATEWAY, info, Ok(().into())));
        assert_eq!(left(CITY), 170);
    });
}

#[test]
fn what_was_not_used_is_given_back() {
    ExtBuilder::default().execute(|| {
        let used = Weight::from_parts(10 * MS, 0);
        assert_ok!(run(GATEWAY, weighing(100), Ok(Some(used).into())));
        assert_eq!(left(CITY), 190);

        // More than was taken is never given back.
        assert_ok!(run(GATEWAY, weighing(0), Ok(Some(Weight::zero()).into())));
        assert_eq!(left(CITY), 190);
    });
}

#[test]
fn an_organisation_without_quota_waits() {
    ExtBuilder::default().execute(|| {
        assert_ok!(send(GATEWAY, 150));
        assert_eq!(send(GATEWAY, 31), Err(EXHAUSTED));
        assert_eq!(left(CITY), 50);
        assert_ok!(send(GATEWAY, 30));

        // The pool keeps what the block has no place for.
        assert_ok!(pool(signed(GATEWAY)));
        // Others are not concerned.
        assert_ok!(send(BOB, 200));

        System::set_block_number(2);
        assert_ok!(send(GATEWAY, 31));
        assert_eq!(left(CITY), 139);
    });
}

#[test]
fn a_bucket_does_not_overflow() {
    ExtBuilder::default().execute(|| {
        assert_ok!(send(GATEWAY, 10));
        System::set_block_number(1_000);
        assert_ok!(send(GATEWAY, 0));
        assert_eq!(Buckets::<Test>::get(CITY), Some(Bucket { level: 200 * MS, block: 1_000 }));
    });
}

#[test]
fn the_last_tenth_is_for_admins() {
    ExtBuilder::default().execute(|| {
        assert_ok!(send(GATEWAY, 180));
        assert_eq!(send(GATEWAY, 1), Err(EXHAUSTED));
        assert_ok!(send(ALICE, 20));
        assert_eq!(send(ALICE, 1), Err(EXHAUSTED));
    });
}

#[test]
fn what_is_heavier_than_the_bucket_passes_when_it_is_full() {
    ExtBuilder::default().execute(|| {
        // It leaves no debt, and the admins what is theirs.
        assert_ok!(send(GATEWAY, 5_000));
        assert_eq!(left(CITY), 20);
        System::set_block_number(2);
        assert_eq!(send(GATEWAY, 5_000), Err(EXHAUSTED));
        System::set_block_number(3);
        assert_ok!(send(ALICE, 5_000));
        assert_eq!(left(CITY), 0);
        // What it did not use of what it took comes back.
        System::set_block_number(5);
        let used = Weight::from_parts(50 * MS, 0);
        assert_ok!(run(GATEWAY, weighing(5_000), Ok(Some(used).into())));
        assert_eq!(left(CITY), 150);
    });
}

#[test]
fn quotas_go_by_kind_and_can_be_changed() {
    ExtBuilder::default().execute(|| {
        let auditor = admit(0, OrganisationKind::Auditor).unwrap();
        assert_ok!(send(auditor, 10));
        assert_eq!(left(NEWCOMER), 90);

        assert_ok!(send(GATEWAY, 10));
        let quota = Quota { rate: 1_000, burst: 100_000 };
        let kind = OrganisationKind::Government;
        assert_ok!(Consortium::set_parameter(council(), Parameter::Quota { kind, quota }));
        // A lower burst holds at once, a lower rate from now on.
        assert_ok!(send(GATEWAY, 10));
        assert_eq!(left(CITY), 90);
        System::set_block_number(4);
        assert_ok!(send(GATEWAY, 10));
        assert_eq!(left(CITY), 83);
    });
}

#[test]
fn who_leaves_gets_nothing_back() {
    ExtBuilder::default().execute(|| {
        let leave = |origin| {
            assert_ok!(Consortium::leave(origin, why()));
            Ok(Some(Weight::zero()).into())
        };
        assert_ok!(Gate::new().test_run(signed(ALICE), &remark(), &weighing(10), 0, 0, leave));
        assert!(!Buckets::<Test>::contains_key(CITY));
    });
}

#[test]
fn nobody_pays_for_what_comes_without_a_signer() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Gate::bare_validate_and_prepare(&remark(), &weighing(100), 0));
        assert_eq!(Buckets::<Test>::iter().count(), 0);
    });
}

#[test]
fn a_flood_ranks_last_in_the_pool() {
    ExtBuilder::default().execute(|| {
        assert_eq!((priority(GATEWAY), priority(ALICE), priority(BOB)), (1_000, 1_000, 1_000));
        assert_ok!(send(GATEWAY, 90));
        assert_eq!((priority(GATEWAY), priority(ALICE), priority(BOB)), (500, 550, 1_000));
        assert_ok!(send(GATEWAY, 90));
        // The admin who would stop it comes before it.
        assert_eq!((priority(GATEWAY), priority(ALICE), priority(BOB)), (0, 100, 1_000));
        System::set_block_number(2);
        assert_eq!((priority(GATEWAY), priority(ALICE), priority(BOB)), (833, 850, 1_000));
    });
}

/// Blocks that pass, and then the city's gateway sends so much, of which so much is used, in milliseconds.
fn flood() -> impl Strategy<Value = Vec<(u64, u64, u64)>> {
    prop::collection::vec((0..3u64, 0..300u64, 0..300u64), 0..50)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However a gateway floods, its organisation's admin can stop it, the others can do what they always could, and
    /// what it uses is within its quota.
    #[test]
    fn a_flood_takes_nothing_from_others(flood in flood()) {
        ExtBuilder::default().execute(|| {
            let mut used_in_all = 0;
            for (passed, weight, used) in flood {
                System::set_block_number(System::block_number() + passed);
                let post = Some(Weight::from_parts(used.min(weight) * MS, 0));
                match run(GATEWAY, weighing(weight), Ok(post.into())) {
                    // What is heavier than the bucket is let through for less.
                    Ok(()) => used_in_all += used.min(weight).min(180),
                    Err(refusal) => assert_eq!(refusal, EXHAUSTED),
                }
                assert!(used_in_all <= 200 + 150 * (System::block_number() - 1));

                let before = Buckets::<Test>::get(CITY);
                assert_ok!(send(ALICE, 20));
                if let Some(bucket) = before {
                    Buckets::<Test>::insert(CITY, bucket);
                }
                assert_ok!(send(BOB, 200));
                Buckets::<Test>::remove(TELECOM);
                assert_eq!(Consortium::do_try_state(), Ok(()));
            }
        });
    }
}
