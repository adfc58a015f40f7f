use super::{assert_record, only_the_council, only_with_a_reason, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationStatus};
use citynet_support::mock::{MockCouncil, MockJournal, MockValidators};
use frame_support::{assert_noop, assert_ok};

#[test]
fn the_council_puts_an_organisation_out() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));
        Buckets::<Test>::insert(CITY, Bucket { level: 1, block: 1 });
        let record = records();
        assert_ok!(Consortium::expel(council(), CITY, why()));

        assert_eq!(status(CITY), OrganisationStatus::Expelled);
        assert_eq!(MockCouncil::seats(), [TELECOM]);
        assert_eq!(MockValidators::all(), [(TELECOM, BOB.into())]);
        assert!(!Recoveries::<Test>::contains_key(CITY));
        assert!(!Buckets::<Test>::contains_key(CITY));
        let status = OrganisationStatus::Expelled;
        let body = Body::OrganisationStatusChanged { organisation: CITY, status, reason: why() };
        assert_record(record, CHAIN, &[CITY], body);
        System::assert_last_event(
            Event::<Test>::OrganisationStatusChanged { organisation: CITY, status, record }.into(),
        );
        assert_noop!(Consortium::leave(signed(ALICE), why()), Error::<Test>::OrganisationNotActive);
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| only_the_council(|origin| Consortium::expel(origin, CITY, why())));
}

#[test]
fn it_takes_a_reason() {
    ExtBuilder::default().execute(|| only_with_a_reason(|reason| Consortium::expel(council(), CITY, reason)));
}

#[test]
fn only_members_are_expelled() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::expel(council(), NOBODY, why()), Error::<Test>::UnknownOrganisation);
        for status in [OrganisationStatus::Expelled, OrganisationStatus::Left] {
            set_status(CITY, status);
            assert_noop!(Consortium::expel(council(), CITY, why()), Error::<Test>::WrongStatus);
        }
    });
}

#[test]
fn a_suspended_organisation_is_not_missed() {
    let parameters = GenesisParameters { min_members: 1, min_validators: 1, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_ok!(Consortium::suspend(council(), CITY, why()));
        // It has no seat, and none of its validators is in the next set: the minimum does not keep it.
        assert_ok!(Consortium::expel(council(), CITY, why()));
        assert_noop!(Consortium::expel(council(), TELECOM, why()), Error::<Test>::TooFewValidators);
        MockValidators::remove(&BOB);
        assert_noop!(Consortium::expel(council(), TELECOM, why()), Error::<Test>::TooFewMembers);
    });
}

#[test]
fn there_stay_enough_members() {
    let parameters = GenesisParameters { min_members: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_noop!(Consortium::expel(council(), CITY, why()), Error::<Test>::TooFewMembers);
    });
}

#[test]
fn there_stay_enough_validators() {
    let parameters = GenesisParameters { min_validators: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_noop!(Consortium::expel(council(), CITY, why()), Error::<Test>::TooFewValidators);
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::expel(council(), CITY, why()), MockJournal::FAILURE);
    });
}
