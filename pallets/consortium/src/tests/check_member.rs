//! The gate.

use crate::{mock::*, *};
use citynet_primitives::OrganisationStatus;
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, DispatchInfo, GetDispatchInfo},
    pallet_prelude::{InvalidTransaction, TransactionSource, TransactionValidityError},
};
use sp_runtime::{
    generic::{CheckedExtrinsic, ExtrinsicFormat},
    traits::{Applyable, DispatchTransaction, TransactionExtension},
    AccountId32,
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
    let refusals = [Refusal::NotMember, Refusal::Suspended, Refusal::Expelled, Refusal::NoSigner];
    assert_eq!(refusals.map(Refusal::code), [1, 2, 3, 4]);
}
