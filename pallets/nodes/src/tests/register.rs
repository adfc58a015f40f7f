//! What the pallet of the accounts asks.

use crate::{mock::*, *};
use citynet_primitives::{OrganisationId, OrganisationStatus, PeerPurpose};
use citynet_support::ValidatorRegister;
use frame_support::assert_ok;
use sp_runtime::AccountId32;

fn is_validator(account: &AccountId32) -> bool {
    <Nodes as ValidatorRegister<AccountId32>>::is_validator(account)
}

fn count_without(organisation: OrganisationId) -> u32 {
    <Nodes as ValidatorRegister<AccountId32>>::count_without(organisation)
}

fn forget(organisation: OrganisationId) {
    <Nodes as ValidatorRegister<AccountId32>>::forget(organisation);
}

#[test]
fn it_knows_the_validators() {
    ExtBuilder::default().execute(|| {
        assert!(is_validator(&ALICE));
        assert!(!is_validator(&SPARE));
        suspend(&ALICE);
        assert!(is_validator(&ALICE));
        assert_ok!(withdraw(BOB));
        assert!(!is_validator(&BOB));
    });
}

#[test]
fn it_counts_what_the_next_set_would_be() {
    ExtBuilder::default().execute(|| {
        assert_eq!(count_without(CITY), 3);
        assert_eq!(count_without(OrganisationId(9)), 4);
        suspend(&BOB);
        assert_eq!(count_without(CITY), 2);
        assert_eq!(count_without(TELECOM), 3);
        set_status(POLYTECHNIC, OrganisationStatus::Suspended);
        assert_eq!(count_without(CITY), 1);
    });
}

#[test]
fn it_counts_those_that_are_left_out_then() {
    ExtBuilder::default().execute(|| {
        join(5, 6);
        assert_ok!(register(SPARE, 20));
        // Without the sixth, the city has two of six and loses one.
        assert_eq!(count_without(OrganisationId(6)), 5);
        assert_eq!(count_without(CITY), 5);
    });
}

#[test]
fn it_forgets_an_organisation() {
    ExtBuilder::default().execute(|| {
        join(5, 6);
        assert_ok!(register(SPARE, 20));
        block(4);
        block(10);
        assert!(Conducts::<Test>::contains_key(ALICE));
        for (account, number) in [(ALICE, 1), (ADMIN, 2), (BOB, 3)] {
            assert_ok!(Nodes::add_peer(signed(account), peer(number), PeerPurpose::Validator, None));
        }
        set_status(CITY, OrganisationStatus::Expelled);
        forget(CITY);

        assert_eq!(Nodes::elected(), [BOB, CHARLIE, DAVE, founder(5), founder(6)]);
        assert!(!is_validator(&ALICE) && !is_validator(&SPARE));
        assert!(!Conducts::<Test>::contains_key(ALICE));
        for account in [ALICE, SPARE] {
            assert_eq!(pallet_session::NextKeys::<Test>::get(account), None);
        }
        assert_eq!(Peers::<Test>::iter_keys().collect::<Vec<_>>(), [peer(3)]);
        assert_eq!((Peers::<Test>::count(), PeersOf::<Test>::contains_key(CITY)), (1, false));

        next_session();
        next_session();
        assert_eq!(Authorities::get(), [2, 3, 4, 5, 6]);
    });
}

#[test]
fn it_forgets_one_that_has_nothing() {
    ExtBuilder::default().execute(|| {
        frame_support::assert_storage_noop!(forget(OrganisationId(9)));
    });
}

#[test]
fn it_forgets_suspended_validators_and_those_without_keys() {
    ExtBuilder::default().execute(|| {
        suspend(&ALICE);
        forget(CITY);
        pallet_session::NextKeys::<Test>::remove(BOB);
        forget(TELECOM);
        assert_eq!(Nodes::elected(), [CHARLIE, DAVE]);
    });
}
