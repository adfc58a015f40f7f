use super::{assert_record, only_the_council, only_with_a_reason, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationStatus};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};

#[test]
fn the_council_starts_a_recovery() {
    let parameters = GenesisParameters { recovery_delay: 20, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        System::set_block_number(7);
        let record = records();
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));

        assert_eq!(Recoveries::<Test>::get(CITY), Some(Recovery { account: STRANGER, matures: 27 }));
        let body = Body::RecoveryStarted { organisation: CITY, account: STRANGER.into(), matures: 27, reason: why() };
        assert_record(record, CHAIN, &[CITY], body);
        System::assert_last_event(
            Event::<Test>::RecoveryStarted { organisation: CITY, account: STRANGER, matures: 27, record }.into(),
        );
        // The account is nobody's yet.
        assert_eq!(Accounts::<Test>::get(STRANGER), None);
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| only_the_council(|origin| Consortium::recover(origin, CITY, STRANGER, why())));
}

#[test]
fn it_takes_a_reason() {
    ExtBuilder::default().execute(|| {
        only_with_a_reason(|reason| Consortium::recover(council(), CITY, STRANGER, reason));
    });
}

#[test]
fn members_are_recovered_also_when_suspended() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::recover(council(), NOBODY, STRANGER, why()), Error::<Test>::UnknownOrganisation);
        for status in [OrganisationStatus::Expelled, OrganisationStatus::Left] {
            set_status(CITY, status);
            assert_noop!(Consortium::recover(council(), CITY, STRANGER, why()), Error::<Test>::WrongStatus);
        }
        set_status(CITY, OrganisationStatus::Suspended);
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));
    });
}

#[test]
fn there_is_one_at_a_time() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));
        assert_noop!(Consortium::recover(council(), CITY, GATEWAY, why()), Error::<Test>::RecoveryPending);
        // Others are not kept from theirs, even with the same account.
        assert_ok!(Consortium::recover(council(), TELECOM, STRANGER, why()));
    });
}

#[test]
fn the_account_is_no_other_organisations() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::recover(council(), CITY, BOB, why()), Error::<Test>::AccountTaken);
        assert_ok!(Consortium::recover(council(), CITY, GATEWAY, why()));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::recover(council(), CITY, STRANGER, why()), MockJournal::FAILURE);
    });
}
