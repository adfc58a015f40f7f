use super::{assert_record, only_the_council, only_with_a_reason, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationKind, OrganisationStatus};
use citynet_support::mock::{MockCouncil, MockJournal};
use frame_support::{assert_noop, assert_ok};

const KIND: OrganisationKind = OrganisationKind::SettlementAgent;

#[test]
fn the_council_changes_a_kind() {
    ExtBuilder::default().execute(|| {
        let record = records();
        assert_ok!(Consortium::set_kind(council(), CITY, KIND, why()));

        assert_eq!(Organisations::<Test>::get(CITY).unwrap().kind, KIND);
        assert_eq!(MockCouncil::seats(), [CITY, TELECOM]);
        let body = Body::OrganisationKindChanged { organisation: CITY, organisation_kind: KIND, reason: why() };
        assert_record(record, CHAIN, &[CITY], body);
        System::assert_last_event(
            Event::<Test>::OrganisationKindChanged { organisation: CITY, kind: KIND, record }.into(),
        );
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| only_the_council(|origin| Consortium::set_kind(origin, CITY, KIND, why())));
}

#[test]
fn it_takes_a_reason() {
    ExtBuilder::default().execute(|| only_with_a_reason(|reason| Consortium::set_kind(council(), CITY, KIND, reason)));
}

#[test]
fn a_seat_is_lost_and_gained() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::set_kind(council(), CITY, OrganisationKind::Auditor, why()));
        assert_eq!(MockCouncil::seats(), [TELECOM]);
        assert_ok!(Consortium::set_kind(council(), CITY, KIND, why()));
        assert_eq!(MockCouncil::seats(), [CITY, TELECOM]);
    });
}

#[test]
fn a_suspended_organisation_gets_no_seat_by_it() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::suspend(council(), CITY, why()));
        assert_ok!(Consortium::set_kind(council(), CITY, OrganisationKind::Auditor, why()));
        assert_ok!(Consortium::set_kind(council(), CITY, KIND, why()));
        assert_eq!(MockCouncil::seats(), [TELECOM]);
    });
}

#[test]
fn only_members_have_a_kind_to_change() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::set_kind(council(), NOBODY, KIND, why()), Error::<Test>::UnknownOrganisation);
        for status in [OrganisationStatus::Expelled, OrganisationStatus::Left] {
            set_status(CITY, status);
            assert_noop!(Consortium::set_kind(council(), CITY, KIND, why()), Error::<Test>::WrongStatus);
        }
    });
}

#[test]
fn the_kind_is_another() {
    ExtBuilder::default().execute(|| {
        let same = OrganisationKind::Government;
        assert_noop!(Consortium::set_kind(council(), CITY, same, why()), Error::<Test>::SameKind);
    });
}

#[test]
fn there_stay_enough_members() {
    let parameters = GenesisParameters { min_members: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        let auditor = OrganisationKind::Auditor;
        assert_noop!(Consortium::set_kind(council(), CITY, auditor, why()), Error::<Test>::TooFewMembers);
    });
}

#[test]
fn the_council_has_so_many_seats() {
    ExtBuilder::default().execute(|| {
        assert_ok!(admit(0, OrganisationKind::Auditor));
        for number in 2..MockCouncil::MAX_SEATS as u8 {
            assert_ok!(admit(number, KIND));
        }
        assert_noop!(Consortium::set_kind(council(), NEWCOMER, KIND, why()), Error::<Test>::TooManyMembers);
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::set_kind(council(), CITY, KIND, why()), MockJournal::FAILURE);
    });
}
