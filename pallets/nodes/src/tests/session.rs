//! What the session pallet is told, and what comes of it.

use crate::{mock::*, *};
use citynet_primitives::OrganisationStatus;
use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use pallet_session::{SessionInterface, SessionManager};
use sp_runtime::{traits::OpaqueKeys, AccountId32, KeyTypeId};
use sp_staking::offence::OffenceSeverity;

fn new_session_genesis(index: u32) -> Option<Vec<AccountId32>> {
    <Nodes as SessionManager<AccountId32>>::new_session_genesis(index)
}

/// The keys in force, and the number of their set.
fn in_force() -> (Vec<u64>, u64) {
    (Authorities::get(), SetId::get())
}

/// Disables a validator and suspends it, as the runtime does upon evidence.
fn punish(account: &AccountId32) {
    Session::report_offence(account.clone(), OffenceSeverity::max_severity());
    suspend(account);
}

#[test]
fn the_initial_sets_are_those_of_genesis() {
    ExtBuilder::default().execute(|| {
        for index in [0, 1] {
            assert_eq!(new_session_genesis(index), Some(vec![ALICE, BOB, CHARLIE, DAVE]));
        }
        assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
    });
    ExtBuilder::founders(0).execute(|| assert_eq!(new_session_genesis(0), None));
}

#[test]
fn the_set_stays_while_nothing_changes() {
    ExtBuilder::default().execute(|| {
        for index in 2..6 {
            assert_eq!(<Nodes as SessionManager<AccountId32>>::new_session(index), None);
            next_session();
            assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
        }
    });
}

#[test]
fn a_new_validator_is_in_the_set_two_sessions_later() {
    ExtBuilder::default().execute(|| {
        join(5, 5);
        next_session();
        assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
        for _ in 0..3 {
            next_session();
            assert_eq!(in_force(), (vec![1, 2, 3, 4, 5], 1));
        }
    });
}

#[test]
fn a_withdrawn_validator_signs_until_it_is_out_of_the_set() {
    ExtBuilder::default().execute(|| {
        assert_ok!(withdraw(ALICE));
        next_session();
        assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
        for _ in 0..3 {
            next_session();
            assert_eq!(in_force(), (vec![2, 3, 4], 1));
        }
    });
}

#[test]
fn changed_keys_are_in_force_two_sessions_later() {
    ExtBuilder::default().execute(|| {
        assert_ok!(rotate(ALICE, 11));
        next_session();
        assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
        // One new set, however long nothing changes then.
        for _ in 0..3 {
            next_session();
            assert_eq!(in_force(), (vec![11, 2, 3, 4], 1));
        }
    });
}

#[test]
fn several_changes_make_one_set() {
    ExtBuilder::default().execute(|| {
        assert_ok!(rotate(ALICE, 11));
        assert_ok!(rotate(BOB, 12));
        join(5, 5);
        assert_ok!(withdraw(DAVE));
        for _ in 0..4 {
            next_session();
        }
        assert_eq!(in_force(), (vec![11, 12, 3, 5], 1));
    });
}

/// What pallet-session does with keys that changed without the session manager's knowledge: the same.
#[test]
fn changed_keys_are_in_force_also_when_no_new_set_was_told() {
    ExtBuilder::default().execute(|| {
        assert_ok!(<Session as SessionInterface>::set_keys(&ALICE, keys(11)));
        assert_eq!(<Nodes as SessionManager<AccountId32>>::new_session(2), None);
        next_session();
        assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
        next_session();
        assert_eq!(in_force(), (vec![11, 2, 3, 4], 1));
    });
}

/// Whether it can be proven whose key 11 is, once the first session with it is over.
fn new_key_is_provable_afterwards(change: impl FnOnce()) -> bool {
    ExtBuilder::default().build().execute_with(|| {
        change();
        next_session();
        next_session();
        assert!(Authorities::get().contains(&11));

        let key: (KeyTypeId, Vec<u8>) = (KEY_TYPE, keys(11).get_raw(KEY_TYPE).to_vec());
        let proof = <Historical as KeyOwnerProofSystem<_>>::prove(key.clone()).unwrap();
        assert!(<Historical as KeyOwnerProofSystem<_>>::check_proof(key.clone(), proof.clone()).is_some());
        next_session();
        <Historical as KeyOwnerProofSystem<_>>::check_proof(key, proof).is_some()
    })
}

#[test]
fn who_held_a_changed_key_can_be_proven_later() {
    assert!(new_key_is_provable_afterwards(|| rotate(ALICE, 11).unwrap()));
    assert!(new_key_is_provable_afterwards(|| register(founder(5), 11).unwrap()));
    // Withdrawn and back in the same place: the set looks the same.
    assert!(new_key_is_provable_afterwards(|| {
        assert_ok!(withdraw(DAVE));
        assert_ok!(register(DAVE, 11));
        assert_eq!(Nodes::elected(), SessionValidators::<Test>::get().into_inner());
    }));
    // The reason why a set is told anew when its keys changed.
    assert!(!new_key_is_provable_afterwards(|| {
        assert_ok!(<Session as SessionInterface>::set_keys(&ALICE, keys(11)));
    }));
}

#[test]
fn a_suspended_validator_leaves_the_set() {
    ExtBuilder::default().execute(|| {
        suspend(&BOB);
        next_session();
        assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
        next_session();
        assert_eq!(in_force(), (vec![1, 3, 4], 1));
        assert_ok!(reinstate(BOB));
        next_session();
        next_session();
        // In its old place.
        assert_eq!(in_force(), (vec![1, 2, 3, 4], 2));
    });
}

#[test]
fn validators_of_inactive_organisations_leave_the_set() {
    for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled, OrganisationStatus::Left] {
        ExtBuilder::default().execute(|| {
            set_status(TELECOM, status);
            next_session();
            next_session();
            assert_eq!(in_force(), (vec![1, 3, 4], 1));
            set_status(TELECOM, OrganisationStatus::Active);
            next_session();
            next_session();
            assert_eq!(in_force(), (vec![1, 2, 3, 4], 2));
        });
    }
}

#[test]
fn the_last_validators_stay() {
    ExtBuilder::default().execute(|| {
        for organisation in [CITY, TELECOM, POLYTECHNIC, INSTITUTE] {
            set_status(organisation, OrganisationStatus::Suspended);
        }
        for _ in 0..4 {
            next_session();
            assert_eq!(in_force(), (vec![1, 2, 3, 4], 0));
            assert_eq!(Session::validators(), [ALICE, BOB, CHARLIE, DAVE]);
        }
        set_status(CITY, OrganisationStatus::Active);
        next_session();
        next_session();
        assert_eq!(in_force(), (vec![1], 1));
    });
}

#[test]
fn the_newest_of_an_organisation_with_a_third_are_left_out() {
    ExtBuilder::default().execute(|| {
        join(5, 6);
        assert_ok!(register(SPARE, 20));
        next_session();
        next_session();
        assert_eq!(in_force(), (vec![1, 2, 3, 4, 5, 6, 20], 1));

        suspend(&BOB);
        assert_eq!(Nodes::elected(), [ALICE, CHARLIE, DAVE, founder(5), founder(6)]);
        // With the older of the two gone, the newer is the organisation's only one.
        assert_ok!(withdraw(ALICE));
        assert_eq!(Nodes::elected(), [CHARLIE, DAVE, founder(5), founder(6), SPARE]);
    });
}

#[test]
fn a_suspended_validator_stays_disabled_when_another_change_comes_up() {
    ExtBuilder::default().execute(|| {
        join(5, 5);
        next_session();
        punish(&ALICE);
        assert_eq!(Session::disabled_validators(), [0]);

        // Now there are five, and the session pallet enables all.
        next_session();
        assert_eq!(in_force(), (vec![1, 2, 3, 4, 5], 1));
        assert_eq!(Session::disabled_validators(), [0]);

        next_session();
        assert_eq!(in_force(), (vec![2, 3, 4, 5], 2));
        assert!(Session::disabled_validators().is_empty());
    });
}

#[test]
fn one_that_is_voted_back_at_once_is_enabled() {
    ExtBuilder::default().execute(|| {
        punish(&ALICE);
        assert_ok!(reinstate(ALICE));
        next_session();
        assert_eq!(Session::disabled_validators(), [0]);
        for _ in 0..3 {
            next_session();
            assert_eq!(in_force(), (vec![1, 2, 3, 4], 1));
            assert!(Session::disabled_validators().is_empty());
        }
    });
}

#[test]
fn sessions_change_with_blocks() {
    ExtBuilder::default().execute(|| {
        join(5, 5);
        for slot in 2..3 * SESSION {
            block(slot);
        }
        assert_eq!(Session::current_index(), 2);
        assert_eq!(in_force(), (vec![1, 2, 3, 4, 5], 1));
    });
}
