use super::only_active_admins;
use crate::{mock::*, *};
use citynet_primitives::{Body, Role, Roles, Subject};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};

const REGISTRAR: Roles = Roles::of(&[Role::Registrar]);

#[test]
fn an_admin_changes_roles() {
    ExtBuilder::default().execute(|| {
        let records = MockJournal::entries().len() as u64;
        assert_ok!(Consortium::set_roles(signed(ALICE), GATEWAY, REGISTRAR));

        assert_eq!(Accounts::<Test>::get(GATEWAY), Some(AccountRecord { organisation: CITY, roles: REGISTRAR }));
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().accounts, 2);
        assert_eq!(System::providers(&GATEWAY), 1);

        let entry = MockJournal::last().unwrap();
        assert_eq!(
            entry.record.body,
            Body::AccountRolesChanged { organisation: CITY, account: GATEWAY.into(), roles: REGISTRAR }
        );
        assert_eq!((entry.record.organisation, entry.record.account), (CITY, ALICE.into()));
        assert_eq!(entry.subjects[..], [Subject::Organisation(CITY)]);
        System::assert_last_event(
            Event::<Test>::AccountRolesChanged {
                organisation: CITY,
                account: GATEWAY,
                roles: REGISTRAR,
                record: records,
            }
            .into(),
        );
    });
}

#[test]
fn it_takes_an_active_admin() {
    ExtBuilder::default().execute(|| {
        only_active_admins(|origin| Consortium::set_roles(origin, GATEWAY, REGISTRAR));
    });
}

#[test]
fn accounts_of_others_are_not_touched() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::set_roles(signed(BOB), GATEWAY, EVERY_ROLE), Error::<Test>::NotFound);
        assert_noop!(Consortium::set_roles(signed(ALICE), STRANGER, ATTESTOR), Error::<Test>::NotFound);
    });
}

#[test]
fn an_account_has_roles_that_exist() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::set_roles(signed(ALICE), GATEWAY, Roles::NONE), Error::<Test>::NoRoles);
        assert_noop!(Consortium::set_roles(signed(ALICE), GATEWAY, Roles(1 << 15)), Error::<Test>::UnknownRole);
    });
}

#[test]
fn an_organisation_keeps_an_admin() {
    ExtBuilder::default().execute(|| {
        let no_admin = Roles::of(&[Role::Validator, Role::Attestor]);
        assert_noop!(Consortium::set_roles(signed(ALICE), ALICE, no_admin), Error::<Test>::LastAdmin);

        assert_ok!(Consortium::set_roles(signed(ALICE), GATEWAY, ADMIN));
        assert_ok!(Consortium::set_roles(signed(ALICE), ALICE, no_admin));
        assert_eq!(Organisations::<Test>::get(CITY).unwrap().admins, 1);
        assert_noop!(Consortium::set_roles(signed(ALICE), GATEWAY, ATTESTOR), Error::<Test>::NotAuthorized);
        assert_noop!(Consortium::set_roles(signed(GATEWAY), GATEWAY, ATTESTOR), Error::<Test>::LastAdmin);
    });
}

#[test]
fn a_validator_keeps_that_role() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::set_roles(signed(ALICE), ALICE, ADMIN), Error::<Test>::ValidatorAccount);
        assert_ok!(Consortium::set_roles(signed(ALICE), ALICE, Roles::of(&[Role::Admin, Role::Validator])));

        // Who has the role but runs no validator can lose it.
        assert_ok!(Consortium::set_roles(signed(ALICE), GATEWAY, Roles::of(&[Role::Validator])));
        assert_ok!(Consortium::set_roles(signed(ALICE), GATEWAY, ATTESTOR));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::set_roles(signed(ALICE), GATEWAY, REGISTRAR), MockJournal::FAILURE);
    });
}
