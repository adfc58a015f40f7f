use super::only_active_admins;
use crate::{mock::*, *};
use citynet_primitives::{Body, Role, Roles, Subject};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::AccountId32;

#[test]
fn an_admin_adds_an_account() {
    ExtBuilder::default().execute(|| {
        let records = MockJournal::entries().len() as u64;
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ATTESTOR));

        assert_eq!(Accounts::<Test>::get(STRANGER), Some(AccountRecord { organisation: CITY, roles: ATTESTOR }));
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().accounts, 3);
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().admins, 1);
        assert_eq!(System::providers(&STRANGER), 1);

        let entry = MockJournal::last().unwrap();
        assert_eq!(
            entry.record.body,
            Body::AccountAdded { organisation: CITY, account: STRANGER.into(), roles: ATTESTOR }
        );
        assert_eq!((entry.record.organisation, entry.record.account), (CITY, ALICE.into()));
        assert_eq!(entry.subjects[..], [Subject::Organisation(CITY)]);
        System::assert_last_event(
            Event::<Test>::AccountAdded { organisation: CITY, account: STRANGER, roles: ATTESTOR, record: records }
                .into(),
        );
    });
}

#[test]
fn an_added_admin_adds_accounts_too() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ADMIN));
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().admins, 2);

        let another = AccountId32::new([9; 32]);
        assert_ok!(Consortium::add_account(signed(STRANGER), another.clone(), ATTESTOR));
        assert_eq!(Accounts::<Test>::get(another).unwrap().organisation, CITY);
    });
}

#[test]
fn it_takes_an_active_admin() {
    ExtBuilder::default().execute(|| {
        only_active_admins(|origin| Consortium::add_account(origin, AccountId32::new([9; 32]), ATTESTOR));
    });
}

#[test]
fn an_account_has_one_organisation() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::add_account(signed(ALICE), GATEWAY, ATTESTOR), Error::<Test>::AccountTaken);
        assert_noop!(Consortium::add_account(signed(BOB), GATEWAY, ATTESTOR), Error::<Test>::AccountTaken);
    });
}

#[test]
fn an_account_has_roles_that_exist() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::add_account(signed(ALICE), STRANGER, Roles::NONE), Error::<Test>::NoRoles);
        let unknown = Roles(1 << 6 | Roles::of(&[Role::Attestor]).0);
        assert_noop!(Consortium::add_account(signed(ALICE), STRANGER, unknown), Error::<Test>::UnknownRole);
    });
}

#[test]
fn an_organisation_has_so_many_accounts() {
    ExtBuilder::default().execute(|| {
        for number in 2..MAX_ACCOUNTS as u8 {
            assert_ok!(Consortium::add_account(signed(ALICE), AccountId32::new([100 + number; 32]), ATTESTOR));
        }
        assert_noop!(Consortium::add_account(signed(ALICE), STRANGER, ATTESTOR), Error::<Test>::TooManyAccounts);

        // Others are not kept from it, and a place that falls free can be taken.
        assert_ok!(Consortium::add_account(signed(BOB), AccountId32::new([99; 32]), ATTESTOR));
        assert_ok!(Consortium::remove_account(signed(ALICE), GATEWAY));
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ATTESTOR));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::add_account(signed(ALICE), STRANGER, ATTESTOR), MockJournal::FAILURE);
    });
}
