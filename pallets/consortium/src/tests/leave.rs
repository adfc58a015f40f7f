use super::{assert_record, author, only_active_admins, only_with_a_reason, records};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationKind, OrganisationStatus};
use citynet_support::mock::{MockCouncil, MockJournal, MockValidators};
use frame_support::{assert_noop, assert_ok};

#[test]
fn an_admin_takes_the_organisation_out() {
    ExtBuilder::default().execute(|| {
        let record = records();
        assert_ok!(Consortium::leave(signed(ALICE), why()));

        assert_eq!(status(CITY), OrganisationStatus::Left);
        assert_eq!(MockCouncil::seats(), [TELECOM]);
        let body =
            Body::OrganisationStatusChanged { organisation: CITY, status: OrganisationStatus::Left, reason: why() };
        assert_record(record, author(CITY, ALICE), &[CITY], body);
        System::assert_last_event(
            Event::<Test>::OrganisationStatusChanged { organisation: CITY, status: OrganisationStatus::Left, record }
                .into(),
        );
    });
}

#[test]
fn it_takes_an_active_admin() {
    ExtBuilder::default().execute(|| only_active_admins(|origin| Consortium::leave(origin, why())));
}

#[test]
fn it_takes_a_reason() {
    ExtBuilder::default().execute(|| only_with_a_reason(|reason| Consortium::leave(signed(ALICE), reason)));
}

#[test]
fn its_accounts_stay_and_stop_working() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::leave(signed(ALICE), why()));
        assert_noop!(Consortium::leave(signed(ALICE), why()), Error::<Test>::OrganisationNotActive);
        assert_noop!(Consortium::add_account(signed(BOB), GATEWAY, ATTESTOR), Error::<Test>::AccountTaken);
        assert_eq!(Accounts::<Test>::get(GATEWAY), Some(AccountRecord { organisation: CITY, roles: ATTESTOR }));
    });
}

#[test]
fn its_validators_recovery_and_bucket_go() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));
        Buckets::<Test>::insert(CITY, Bucket { level: 1, block: 1 });
        assert_ok!(Consortium::leave(signed(ALICE), why()));

        assert_eq!(MockValidators::all(), [(TELECOM, BOB.into())]);
        assert!(!Recoveries::<Test>::contains_key(CITY));
        assert!(!Buckets::<Test>::contains_key(CITY));
    });
}

#[test]
fn there_stay_enough_members() {
    let parameters = GenesisParameters { min_members: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_noop!(Consortium::leave(signed(ALICE), why()), Error::<Test>::TooFewMembers);

        // An observer is none of them, and who joins makes room.
        let auditor = admit(0, OrganisationKind::Auditor).unwrap();
        assert_ok!(Consortium::leave(signed(auditor), why()));
        assert_noop!(Consortium::leave(signed(ALICE), why()), Error::<Test>::TooFewMembers);
        assert_ok!(admit(1, OrganisationKind::University));
        assert_ok!(Consortium::leave(signed(ALICE), why()));
    });
}

#[test]
fn there_stay_enough_validators() {
    let parameters = GenesisParameters { min_validators: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_noop!(Consortium::leave(signed(ALICE), why()), Error::<Test>::TooFewValidators);

        // Who has no validators takes none along, even when there are too few.
        MockValidators::remove(&BOB);
        assert_noop!(Consortium::leave(signed(ALICE), why()), Error::<Test>::TooFewValidators);
        assert_ok!(Consortium::leave(signed(BOB), why()));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::leave(signed(ALICE), why()), MockJournal::FAILURE);
    });
}
