use super::only_active_members;
use crate::{mock::*, *};
use citynet_primitives::{Body, ValidatorStatus};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};

#[test]
fn a_validator_changes_its_keys() {
    ExtBuilder::default().execute(|| {
        assert_ok!(rotate(ALICE, 11));

        assert_eq!(pallet_session::NextKeys::<Test>::get(ALICE), Some(keys(11)));
        assert!(TellAnew::<Test>::get());
        assert_eq!(Nodes::elected(), [ALICE, BOB, CHARLIE, DAVE]);

        let body = Body::ValidatorKeysChanged { organisation: CITY, account: ALICE.into(), keys: encoded(&keys(11)) };
        let record = assert_recorded(&author(CITY, &ALICE), CITY, &body);
        assert_eq!(last_event(), Event::ValidatorKeysChanged { organisation: CITY, account: ALICE, record });
    });
}

#[test]
fn it_takes_an_active_member_with_the_role() {
    ExtBuilder::default().execute(|| {
        only_active_members(&ALICE, |origin| Nodes::rotate_keys(origin, keys(11), proof(&ALICE, 11)));
    });
}

#[test]
fn it_takes_a_validator() {
    ExtBuilder::default().execute(|| {
        assert_noop!(rotate(SPARE, 11), Error::<Test>::NotRegistered);
    });
}

#[test]
fn the_keys_must_be_held() {
    ExtBuilder::default().execute(|| {
        for wrong in [proof(&BOB, 11), proof(&ALICE, 1), vec![]] {
            assert_noop!(Nodes::rotate_keys(signed(ALICE), keys(11), wrong), Error::<Test>::InvalidProof);
        }
    });
}

#[test]
fn the_keys_must_be_others() {
    ExtBuilder::default().execute(|| {
        assert_noop!(rotate(ALICE, 1), Error::<Test>::SameKeys);
        assert_noop!(rotate(ALICE, 2), pallet_session::Error::<Test>::DuplicatedKey);
        assert_ok!(rotate(ALICE, 11));
        assert_noop!(rotate(ALICE, 11), Error::<Test>::SameKeys);
        assert_ok!(rotate(ALICE, 1));
    });
}

#[test]
fn a_suspended_validator_changes_its_keys_and_stays_suspended() {
    ExtBuilder::default().execute(|| {
        suspend(&ALICE);
        assert_ok!(rotate(ALICE, 11));
        assert_eq!(Validators::<Test>::get()[0].status, ValidatorStatus::Suspended);
        assert_eq!(Nodes::elected(), [BOB, CHARLIE, DAVE]);
    });
}

#[test]
fn one_that_was_not_told_of_changes_nothing_in_the_set() {
    ExtBuilder::default().execute(|| {
        join(5, 5);
        assert_ok!(rotate(founder(5), 15));
        assert!(!TellAnew::<Test>::get());
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(rotate(ALICE, 11), MockJournal::FAILURE);
    });
}
