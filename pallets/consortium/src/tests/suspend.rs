use super::{assert_record, only_the_council, only_with_a_reason, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationStatus};
use citynet_support::{
    mock::{MockCouncil, MockJournal, MockValidators},
    Membership,
};
use frame_support::{assert_noop, assert_ok};

#[test]
fn the_council_puts_an_organisation_on_hold() {
    ExtBuilder::default().execute(|| {
        let record = records();
        assert_ok!(Consortium::suspend(council(), CITY, why()));

        assert_eq!(status(CITY), OrganisationStatus::Suspended);
        assert_eq!(MockCouncil::seats(), [TELECOM]);
        assert_eq!(Consortium::member(&GATEWAY), None);
        let status = OrganisationStatus::Suspended;
        let body = Body::OrganisationStatusChanged { organisation: CITY, status, reason: why() };
        assert_record(record, CHAIN, &[CITY], body);
        System::assert_last_event(
            Event::<Test>::OrganisationStatusChanged { organisation: CITY, status, record }.into(),
        );
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| only_the_council(|origin| Consortium::suspend(origin, CITY, why())));
}

#[test]
fn it_takes_a_reason() {
    ExtBuilder::default().execute(|| only_with_a_reason(|reason| Consortium::suspend(council(), CITY, reason)));
}

#[test]
fn its_validators_recovery_and_bucket_stay() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));
        Buckets::<Test>::insert(CITY, Bucket { level: 1, block: 1 });
        assert_ok!(Consortium::suspend(council(), CITY, why()));

        assert_eq!(MockValidators::all().len(), 2);
        assert!(Recoveries::<Test>::contains_key(CITY));
        assert!(Buckets::<Test>::contains_key(CITY));
    });
}

#[test]
fn it_loses_its_vote_on_open_motions() {
    ExtBuilder::default().execute(|| {
        let call = frame_system::Call::<Test>::remark { remark: vec![] };
        assert_ok!(Consortium::propose(signed(ALICE), Box::new(call.into()), why()));
        assert_eq!(MockCouncil::open()[0].yes, [CITY]);
        assert_ok!(Consortium::suspend(council(), CITY, why()));
        assert!(MockCouncil::open()[0].yes.is_empty());
    });
}

#[test]
fn only_active_organisations_are_suspended() {
    ExtBuilder::default().execute(|| {
        assert_noop!(Consortium::suspend(council(), NOBODY, why()), Error::<Test>::UnknownOrganisation);
        for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled, OrganisationStatus::Left] {
            set_status(CITY, status);
            assert_noop!(Consortium::suspend(council(), CITY, why()), Error::<Test>::WrongStatus);
        }
    });
}

#[test]
fn there_stay_enough_members() {
    let parameters = GenesisParameters { min_members: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_noop!(Consortium::suspend(council(), CITY, why()), Error::<Test>::TooFewMembers);
    });
}

#[test]
fn there_stay_enough_validators() {
    let parameters = GenesisParameters { min_validators: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        assert_noop!(Consortium::suspend(council(), CITY, why()), Error::<Test>::TooFewValidators);
        MockValidators::remove(&ALICE);
        assert_ok!(Consortium::suspend(council(), CITY, why()));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::suspend(council(), CITY, why()), MockJournal::FAILURE);
    });
}
