use super::only_active_admins;
use crate::{mock::*, *};
use citynet_primitives::{Body, Role, Roles, Subject};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{AccountId32, DispatchError};

#[test]
fn an_admin_removes_an_account() {
    ExtBuilder::default().execute(|| {
        let records = MockJournal::entries().len() as u64;
        assert_ok!(Consortium::remove_account(signed(ALICE), GATEWAY));

        assert_eq!(Accounts::<Test>::get(GATEWAY), None);
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().accounts, 1);
        assert!(!System::account_exists(&GATEWAY));

        let entry = MockJournal::last().unwrap();
        assert_eq!(entry.record.body, Body::AccountRemoved { organisation: CITY, account: GATEWAY.into() });
        assert_eq!((entry.record.organisation, entry.record.account), (CITY, ALICE.into()));
        assert_eq!(entry.subjects[..], [Subject::Organisation(CITY)]);
        System::assert_last_event(
            Event::<Test>::AccountRemoved { organisation: CITY, account: GATEWAY, record: records }.into(),
        );
    });
}

#[test]
fn it_takes_an_active_admin() {
    ExtBuilder::default().execute(|| {
        only_active_admins(|origin| Consortium::remove_account(origin, GATEWAY));
    });
}

#[test]
fn accounts_of_others_are_not_touched() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::remove_account(signed(BOB), GATEWAY), Error::<Test>::NotFound);
        assert_noop!(Consortium::remove_account(signed(ALICE), STRANGER), Error::<Test>::NotFound);
    });
}

#[test]
fn an_organisation_keeps_an_admin() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ADMIN));
        assert_ok!(Consortium::set_roles(signed(ALICE), ALICE, Roles::of(&[Role::Validator])));
        assert_noop!(Consortium::remove_account(signed(STRANGER), STRANGER), Error::<Test>::LastAdmin);
    });
}

#[test]
fn an_admin_may_leave_when_another_stays() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ADMIN));
        assert_ok!(Consortium::remove_account(signed(STRANGER), STRANGER));
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().admins, 1);
    });
}

#[test]
fn a_validator_stays() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ADMIN));
        assert_noop!(Consortium::remove_account(signed(STRANGER), ALICE), Error::<Test>::ValidatorAccount);
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::remove_account(signed(ALICE), GATEWAY), MockJournal::FAILURE);
    });
}

#[test]
fn what_a_removed_account_signed_is_not_valid_again() {
    ExtBuilder::default().execute(|| {
        for _ in 0..3 {
            System::inc_account_nonce(&GATEWAY);
        }
        assert_ok!(Consortium::remove_account(signed(ALICE), GATEWAY));
        assert_eq!(System::account_nonce(&GATEWAY), 0);

        assert_ok!(Consortium::add_account(signed(BOB), GATEWAY, ATTESTOR));
        assert_eq!(System::account_nonce(&GATEWAY), 3);

        // An account with fewer transactions does not lower the mark for the next.
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ATTESTOR));
        assert_ok!(Consortium::remove_account(signed(ALICE), STRANGER));
        let another = AccountId32::new([9; 32]);
        assert_ok!(Consortium::add_account(signed(ALICE), another.clone(), ATTESTOR));
        assert_eq!(System::account_nonce(&another), 3);
    });
}

#[test]
fn an_account_that_exists_for_another_reason_keeps_its_nonce() {
    ExtBuilder::default().execute(|| {
        System::inc_sufficients(&GATEWAY);
        System::inc_account_nonce(&GATEWAY);
        assert_ok!(Consortium::remove_account(signed(ALICE), GATEWAY));
        assert_eq!(FirstNonce::<Test>::get(), 0);

        assert_ok!(Consortium::add_account(signed(ALICE), GATEWAY, ATTESTOR));
        assert_eq!(System::account_nonce(&GATEWAY), 1);
    });
}

#[test]
fn an_account_that_another_pallet_relies_on_stays() {
    ExtBuilder::default().execute(|| {
        assert_ok!(System::inc_consumers(&GATEWAY));
        assert_noop!(Consortium::remove_account(signed(ALICE), GATEWAY), DispatchError::ConsumerRemaining);

        System::dec_consumers(&GATEWAY);
        assert_ok!(Consortium::remove_account(signed(ALICE), GATEWAY));
    });
}
