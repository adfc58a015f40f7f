//! What pallet-session is told.

use crate::{mock::*, *};
use citynet_primitives::OrganisationId;
use pallet_session::SessionManager;
use sp_runtime::AccountId32;

fn set_validators(validators: Vec<(OrganisationId, AccountId32)>) {
    Validators::<Test>::put(
        frame_support::BoundedVec::<_, <Test as Config>::MaxValidators>::try_from(validators).unwrap(),
    );
}

fn new_session(index: u32) -> Option<Vec<AccountId32>> {
    <Consortium as SessionManager<AccountId32>>::new_session(index)
}

fn new_session_genesis(index: u32) -> Option<Vec<AccountId32>> {
    <Consortium as SessionManager<AccountId32>>::new_session_genesis(index)
}

#[test]
fn the_initial_sets_are_those_of_genesis() {
    ExtBuilder::default().execute(|| {
        for index in [0, 1] {
            assert_eq!(new_session_genesis(index), Some(vec![ALICE, BOB]));
        }
    });
    ExtBuilder::organisations(vec![]).execute(|| assert_eq!(new_session_genesis(0), None));
}

#[test]
fn sessions_go_on_while_nothing_changes() {
    ExtBuilder::default().execute(|| {
        for index in 2..6 {
            assert_eq!(new_session(index), None);
        }
    });
}

#[test]
fn a_change_is_told_once() {
    ExtBuilder::default().execute(|| {
        set_validators(vec![(TELECOM, BOB)]);
        assert_eq!(new_session(2), Some(vec![BOB]));
        assert_eq!(new_session(3), None);

        set_validators(vec![(CITY, ALICE), (TELECOM, BOB)]);
        assert_eq!(new_session(4), Some(vec![ALICE, BOB]));
        assert_eq!(new_session(5), None);
    });
}

#[test]
fn no_validators_are_never_told() {
    ExtBuilder::default().execute(|| {
        set_validators(vec![]);
        assert_eq!(new_session(2), None);
    });
}
