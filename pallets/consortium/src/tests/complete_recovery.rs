use super::{assert_record, author, only_active_members, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationStatus, Role, Roles};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::AccountId32;

const DELAY: u32 = 20;

/// Runs a test when a recovery of the city by `account` has matured.
fn matured(account: AccountId32, test: impl FnOnce()) {
    let parameters = GenesisParameters { recovery_delay: DELAY, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_ok!(Consortium::recover(council(), CITY, account, why()));
        System::set_block_number(u64::from(1 + DELAY));
        test();
    });
}

#[test]
fn a_new_account_becomes_an_admin() {
    matured(STRANGER, || {
        let record = records();
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));

        assert_eq!(Accounts::<Test>::get(STRANGER), Some(AccountRecord { organisation: CITY, roles: ADMIN }));
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().admins, 2);
        assert!(!Recoveries::<Test>::contains_key(CITY));

        let completed = Body::RecoveryCompleted { organisation: CITY, account: STRANGER.into() };
        assert_record(record, author(TELECOM, BOB), &[CITY], completed);
        let added = Body::AccountAdded { organisation: CITY, account: STRANGER.into(), roles: ADMIN };
        assert_record(record + 1, author(TELECOM, BOB), &[CITY], added);
        System::assert_last_event(
            Event::<Test>::RecoveryCompleted { organisation: CITY, account: STRANGER, record }.into(),
        );
        // The new admin puts the lost key out.
        assert_ok!(Consortium::set_roles(signed(STRANGER), ALICE, Roles::of(&[Role::Validator])));
    });
}

#[test]
fn an_account_of_the_organisation_becomes_an_admin_too() {
    matured(GATEWAY, || {
        let record = records();
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));
        let roles = Roles::of(&[Role::Admin, Role::Attestor]);
        assert_eq!(Accounts::<Test>::get(GATEWAY), Some(AccountRecord { organisation: CITY, roles }));
        let changed = Body::AccountRolesChanged { organisation: CITY, account: GATEWAY.into(), roles };
        assert_record(record + 1, author(TELECOM, BOB), &[CITY], changed);
    });
}

#[test]
fn who_is_an_admin_by_then_stays_one() {
    matured(STRANGER, || {
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, EVERY_ROLE));
        let record = records();
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));
        assert_eq!(Accounts::<Test>::get(STRANGER).unwrap().roles, EVERY_ROLE);
        assert_eq!(records(), record + 1);
    });
}

#[test]
fn it_takes_a_member() {
    matured(STRANGER, || only_active_members(|origin| Consortium::complete_recovery(origin, CITY)));
}

#[test]
fn any_member_will_do() {
    matured(STRANGER, || {
        assert_ok!(Consortium::complete_recovery(signed(GATEWAY), CITY));
    });
}

#[test]
fn a_suspended_organisation_gets_its_admin() {
    matured(STRANGER, || {
        set_status(CITY, OrganisationStatus::Suspended);
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().admins, 2);
    });
}

#[test]
fn a_recovery_is_under_way() {
    matured(STRANGER, || {
        assert_noop!(Consortium::complete_recovery(signed(BOB), TELECOM), Error::<Test>::NoRecovery);
        assert_noop!(Consortium::complete_recovery(signed(BOB), NOBODY), Error::<Test>::NoRecovery);
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));
        assert_noop!(Consortium::complete_recovery(signed(BOB), CITY), Error::<Test>::NoRecovery);
    });
}

#[test]
fn the_organisation_has_had_its_time() {
    matured(STRANGER, || {
        System::set_block_number(u64::from(DELAY));
        assert_noop!(Consortium::complete_recovery(signed(BOB), CITY), Error::<Test>::NotMatured);
        System::set_block_number(u64::from(1 + DELAY));
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));
    });
}

#[test]
fn an_account_that_went_elsewhere_ends_it() {
    matured(STRANGER, || {
        assert_ok!(Consortium::add_account(signed(BOB), STRANGER, ATTESTOR));
        let record = records();
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));

        assert_eq!(Accounts::<Test>::get(STRANGER).unwrap().organisation, TELECOM);
        assert!(!Recoveries::<Test>::contains_key(CITY));
        let reason = text("The account belongs to another organisation by now.");
        let body = Body::RecoveryObjected { organisation: CITY, account: STRANGER.into(), reason };
        assert_record(record, CHAIN, &[CITY], body);
        System::assert_last_event(
            Event::<Test>::RecoveryObjected { organisation: CITY, account: STRANGER, record }.into(),
        );
        assert_ok!(Consortium::recover(council(), CITY, GATEWAY, why()));
    });
}

#[test]
fn an_organisation_with_too_many_accounts_ends_it() {
    matured(STRANGER, || {
        for number in 2..MAX_ACCOUNTS as u8 {
            assert_ok!(Consortium::add_account(signed(ALICE), AccountId32::new([100 + number; 32]), ATTESTOR));
        }
        let record = records();
        assert_ok!(Consortium::complete_recovery(signed(BOB), CITY));

        assert_eq!(Accounts::<Test>::get(STRANGER), None);
        assert!(!Recoveries::<Test>::contains_key(CITY));
        let reason = text("The organisation has as many accounts as it may.");
        let body = Body::RecoveryObjected { organisation: CITY, account: STRANGER.into(), reason };
        assert_record(record, CHAIN, &[CITY], body);
    });
}

#[test]
fn without_a_record_nothing_changes() {
    matured(STRANGER, || {
        MockJournal::fail(true);
        assert_noop!(Consortium::complete_recovery(signed(BOB), CITY), MockJournal::FAILURE);
    });
}
