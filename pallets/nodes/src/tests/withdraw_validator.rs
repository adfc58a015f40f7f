use super::only_active_members;
use crate::{mock::*, *};
use citynet_primitives::{Body, Role, Roles, Text};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_validator_withdraws() {
    ExtBuilder::default().execute(|| {
        block(4);
        block(9);
        assert_eq!(conduct(&ALICE).skipped, 1);
        assert_ok!(withdraw(ALICE));

        assert_eq!(Nodes::elected(), [BOB, CHARLIE, DAVE]);
        assert_eq!(pallet_session::NextKeys::<Test>::get(ALICE), None);
        assert!(!Conducts::<Test>::contains_key(ALICE));
        // It has to author until the next set but one begins.
        assert_eq!(Session::validators(), [ALICE, BOB, CHARLIE, DAVE]);

        let body = Body::ValidatorWithdrawn { organisation: CITY, account: ALICE.into(), reason: reason() };
        let record = assert_recorded(&author(CITY, &ALICE), CITY, &body);
        assert_eq!(last_event(), Event::ValidatorWithdrawn { organisation: CITY, account: ALICE, record });
    });
}

#[test]
fn an_admin_withdraws_it() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Nodes::withdraw_validator(signed(ADMIN), ALICE, reason()));
        let body = Body::ValidatorWithdrawn { organisation: CITY, account: ALICE.into(), reason: reason() };
        assert_recorded(&author(CITY, &ADMIN), CITY, &body);
    });
}

#[test]
fn it_takes_the_validator_or_an_admin() {
    ExtBuilder::default().execute(|| {
        only_active_members(&ALICE, |origin| Nodes::withdraw_validator(origin, ALICE, reason()));
        only_active_members(&ADMIN, |origin| Nodes::withdraw_validator(origin, ALICE, reason()));
        for other in [SPARE, BOB] {
            assert_noop!(Nodes::withdraw_validator(signed(other), ALICE, reason()), MockMembership::NOT_AUTHORIZED);
        }
        MockMembership::set(&STRANGER, TELECOM, Roles::of(&[Role::Admin]));
        assert_noop!(Nodes::withdraw_validator(signed(STRANGER), ALICE, reason()), Error::<Test>::NotAuthorized);
    });
}

#[test]
fn it_takes_a_validator() {
    ExtBuilder::default().execute(|| {
        assert_noop!(withdraw(SPARE), Error::<Test>::NotRegistered);
        assert_noop!(Nodes::withdraw_validator(signed(ADMIN), STRANGER, reason()), Error::<Test>::NotRegistered);
    });
}

#[test]
fn a_reason_is_text() {
    ExtBuilder::default().execute(|| {
        for wrong in [Text::default(), vec![0xff].try_into().unwrap()] {
            assert_noop!(Nodes::withdraw_validator(signed(ALICE), ALICE, wrong), Error::<Test>::InvalidText);
        }
    });
}

#[test]
fn a_suspended_validator_stays() {
    ExtBuilder::default().execute(|| {
        suspend(&ALICE);
        assert_noop!(withdraw(ALICE), Error::<Test>::Suspended);
        assert_noop!(Nodes::withdraw_validator(signed(ADMIN), ALICE, reason()), Error::<Test>::Suspended);
        assert_ok!(reinstate(ALICE));
        assert_ok!(withdraw(ALICE));
    });
}

#[test]
fn enough_validators_remain() {
    ExtBuilder::default().execute(|| {
        set_rules(|rules| rules.min_validators = 3);
        assert_ok!(withdraw(DAVE));
        assert_noop!(withdraw(CHARLIE), Error::<Test>::TooFewValidators);
        set_rules(|rules| rules.min_validators = 1);
        assert_ok!(withdraw(CHARLIE));
        assert_ok!(withdraw(BOB));
        assert_noop!(withdraw(ALICE), Error::<Test>::TooFewValidators);
    });
}

#[test]
fn those_that_are_left_out_then_count_too() {
    ExtBuilder::default().execute(|| {
        join(5, 6);
        assert_ok!(register(SPARE, 20));
        // Of 6, the city may not have 2: the set shrinks from 7 to 5.
        set_rules(|rules| rules.min_validators = 6);
        assert_noop!(withdraw(founder(6)), Error::<Test>::TooFewValidators);
        set_rules(|rules| rules.min_validators = 5);
        assert_ok!(withdraw(founder(6)));
        assert_eq!(Nodes::elected(), [ALICE, BOB, CHARLIE, DAVE, founder(5)]);

        // One that is left out anyway may go, however few there are.
        set_rules(|rules| rules.min_validators = 6);
        assert_ok!(withdraw(SPARE));
    });
}

#[test]
fn a_withdrawn_validator_comes_back() {
    ExtBuilder::default().execute(|| {
        assert_ok!(withdraw(ALICE));
        // Its keys are free, also for others.
        assert_ok!(register(founder(5), 1));
        assert_ok!(register(ALICE, 11));
        assert_eq!(Nodes::elected(), [BOB, CHARLIE, DAVE, founder(5), ALICE]);
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(withdraw(ALICE), MockJournal::FAILURE);
    });
}
