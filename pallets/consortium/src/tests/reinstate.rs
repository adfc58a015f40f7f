use super::{assert_record, only_the_council, only_with_a_reason, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationKind, OrganisationStatus};
use citynet_support::mock::{MockCouncil, MockJournal};
use frame_support::{assert_noop, assert_ok};

#[test]
fn the_council_ends_a_suspension() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::suspend(council(), CITY, why()));
        let record = records();
        assert_ok!(Consortium::reinstate(council(), CITY, why()));

        assert_eq!(status(CITY), OrganisationStatus::Active);
        assert_eq!(MockCouncil::seats(), [CITY, TELECOM]);
        let status = OrganisationStatus::Active;
        let body = Body::OrganisationStatusChanged { organisation: CITY, status, reason: why() };
        assert_record(record, CHAIN, &[CITY], body);
        System::assert_last_event(
            Event::<Test>::OrganisationStatusChanged { organisation: CITY, status, record }.into(),
        );
        assert_ok!(Consortium::add_account(signed(ALICE), STRANGER, ATTESTOR));
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| {
        set_status(CITY, OrganisationStatus::Suspended);
        only_the_council(|origin| Consortium::reinstate(origin, CITY, why()));
    });
}

#[test]
fn it_takes_a_reason() {
    ExtBuilder::default().execute(|| {
        set_status(CITY, OrganisationStatus::Suspended);
        only_with_a_reason(|reason| Consortium::reinstate(council(), CITY, reason));
    });
}

#[test]
fn only_suspended_organisations_are_reinstated() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::reinstate(council(), NOBODY, why()), Error::<Test>::UnknownOrganisation);
        for status in [OrganisationStatus::Active, OrganisationStatus::Expelled, OrganisationStatus::Left] {
            set_status(CITY, status);
            assert_noop!(Consortium::reinstate(council(), CITY, why()), Error::<Test>::WrongStatus);
        }
    });
}

#[test]
fn its_seat_may_be_taken() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::suspend(council(), CITY, why()));
        for number in 1..MockCouncil::MAX_SEATS as u8 {
            assert_ok!(admit(number, OrganisationKind::Industry));
        }
        assert_noop!(Consortium::reinstate(council(), CITY, why()), Error::<Test>::TooManyMembers);

        assert_ok!(Consortium::expel(council(), NEWCOMER, why()));
        assert_ok!(Consortium::reinstate(council(), CITY, why()));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        set_status(CITY, OrganisationStatus::Suspended);
        MockJournal::fail(true);
        assert_noop!(Consortium::reinstate(council(), CITY, why()), MockJournal::FAILURE);
    });
}
