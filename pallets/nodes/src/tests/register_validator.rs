use super::only_active_members;
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationId, ValidatorStatus};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};

const FIFTH: OrganisationId = OrganisationId(5);

#[test]
fn a_member_registers_a_validator() {
    ExtBuilder::default().execute(|| {
        assert_ok!(register(founder(5), 5));

        let status = ValidatorStatus::Registered;
        let validator = Validator { organisation: FIFTH, account: founder(5), status };
        assert_eq!(Validators::<Test>::get().last(), Some(&validator));
        assert_eq!(Validators::<Test>::get().len(), 5);
        assert_eq!(pallet_session::NextKeys::<Test>::get(founder(5)), Some(keys(5)));
        assert_eq!(Nodes::elected(), [ALICE, BOB, CHARLIE, DAVE, founder(5)]);
        // Nothing changes before the session pallet asks.
        assert_eq!(Session::validators(), [ALICE, BOB, CHARLIE, DAVE]);
        assert!(!TellAnew::<Test>::get());

        let body =
            Body::ValidatorRegistered { organisation: FIFTH, account: founder(5).into(), keys: encoded(&keys(5)) };
        let record = assert_recorded(&author(FIFTH, &founder(5)), FIFTH, &body);
        assert_eq!(last_event(), Event::ValidatorRegistered { organisation: FIFTH, account: founder(5), record });
    });
}

#[test]
fn it_takes_an_active_member_with_the_role() {
    ExtBuilder::default().execute(|| {
        only_active_members(&SPARE, |origin| Nodes::register_validator(origin, keys(5), proof(&SPARE, 5)));
    });
}

#[test]
fn an_account_is_one_validator() {
    ExtBuilder::default().execute(|| {
        assert_noop!(register(ALICE, 5), Error::<Test>::AlreadyRegistered);
        suspend(&ALICE);
        assert_noop!(register(ALICE, 5), Error::<Test>::AlreadyRegistered);
    });
}

#[test]
fn the_keys_must_be_held() {
    ExtBuilder::default().execute(|| {
        let with = |proof: Vec<u8>| Nodes::register_validator(signed(founder(5)), keys(5), proof);
        for wrong in [proof(&founder(6), 5), proof(&founder(5), 6), vec![], vec![0; 40]] {
            assert_noop!(with(wrong), Error::<Test>::InvalidProof);
        }
        let trailing = [proof(&founder(5), 5), vec![0]].concat();
        assert_noop!(with(trailing), Error::<Test>::InvalidProof);
        assert_ok!(with(proof(&founder(5), 5)));
    });
}

#[test]
fn keys_have_one_owner() {
    ExtBuilder::default().execute(|| {
        assert_noop!(register(founder(5), 1), pallet_session::Error::<Test>::DuplicatedKey);
    });
}

#[test]
fn no_organisation_gets_a_third() {
    ExtBuilder::default().execute(|| {
        // 2 of 5, then 2 of 6, then 2 of 7.
        assert_noop!(register(SPARE, 20), Error::<Test>::TooManyValidators);
        join(5, 5);
        assert_noop!(register(SPARE, 20), Error::<Test>::TooManyValidators);
        join(6, 6);
        assert_ok!(register(SPARE, 20));
        assert_eq!(Nodes::elected().len(), 7);
    });
}

#[test]
fn those_that_are_not_elected_do_not_count_for_the_share() {
    ExtBuilder::default().execute(|| {
        join(5, 6);
        suspend(&BOB);
        assert_noop!(register(SPARE, 20), Error::<Test>::TooManyValidators);
        assert_ok!(reinstate(BOB));
        assert_ok!(register(SPARE, 20));
    });
}

#[test]
fn an_organisation_has_as_many_as_the_council_says() {
    ExtBuilder::default().execute(|| {
        join(5, 12);
        set_rules(|rules| rules.max_validators_per_organisation = 1);
        assert_noop!(register(SPARE, 20), Error::<Test>::TooManyValidators);
        set_rules(|rules| rules.max_validators_per_organisation = 2);
        assert_ok!(register(SPARE, 20));
    });
}

#[test]
fn a_suspended_validator_takes_up_its_organisations_place() {
    ExtBuilder::default().execute(|| {
        join(5, 12);
        set_rules(|rules| rules.max_validators_per_organisation = 1);
        suspend(&ALICE);
        assert_noop!(register(SPARE, 20), Error::<Test>::TooManyValidators);
    });
}

#[test]
fn there_are_so_many_validators() {
    ExtBuilder::default().execute(|| {
        join(5, MAX_VALIDATORS as u8);
        assert_noop!(register(SPARE, 20), Error::<Test>::RegisterFull);
        assert_ok!(withdraw(BOB));
        assert_ok!(register(SPARE, 20));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(register(founder(5), 5), MockJournal::FAILURE);
    });
}
