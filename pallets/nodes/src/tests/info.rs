//! What the runtime API tells.

use crate::mock::*;
use citynet_primitives::{OrganisationStatus, PeerInfo, PeerPurpose, ValidatorInfo, ValidatorStatus};
use frame_support::assert_ok;

fn info_of(number: usize) -> ValidatorInfo {
    Nodes::validators()[number - 1].clone()
}

#[test]
fn validators_are_told_of() {
    ExtBuilder::default().execute(|| {
        assert_eq!(Nodes::validators().len(), 4);
        assert_eq!(
            info_of(2),
            ValidatorInfo {
                organisation: TELECOM,
                account: BOB.into(),
                status: ValidatorStatus::Registered,
                active: true,
                next: true,
                keys: encoded(&keys(2)),
                skipped: 0,
                silent: false,
            }
        );
    });
}

#[test]
fn a_new_validator_becomes_next_and_then_active() {
    ExtBuilder::default().execute(|| {
        join(5, 5);
        let stages = [(false, false), (false, true), (true, true)];
        for (active, next) in stages {
            assert_eq!((info_of(5).active, info_of(5).next), (active, next));
            next_session();
        }
    });
}

#[test]
fn keys_are_those_that_were_set_last() {
    ExtBuilder::default().execute(|| {
        assert_ok!(rotate(ALICE, 11));
        assert_eq!(info_of(1).keys, encoded(&keys(11)));
        pallet_session::NextKeys::<Test>::remove(ALICE);
        assert!(info_of(1).keys.is_empty());
    });
}

#[test]
fn conduct_is_told_of() {
    ExtBuilder::default().execute(|| {
        for slot in [4, 8, 12, 16] {
            block(slot);
        }
        suspend(&DAVE);
        assert_eq!((info_of(1).skipped, info_of(1).silent), (0, false));
        assert_eq!((info_of(2).skipped, info_of(2).silent), (3, true));
        assert_eq!(info_of(4).status, ValidatorStatus::Suspended);
    });
}

#[test]
fn peers_of_active_organisations_are_told_of() {
    ExtBuilder::default().execute(|| {
        let purpose = PeerPurpose::Archive;
        for (account, number) in [(BOB, 1), (ALICE, 3), (ALICE, 2)] {
            assert_ok!(Nodes::add_peer(signed(account), peer(number), purpose, address()));
        }
        let info = |organisation, number| PeerInfo { organisation, peer: peer(number), purpose, address: address() };
        assert_eq!(Nodes::peers(), [info(CITY, 2), info(CITY, 3), info(TELECOM, 1)]);
        set_status(CITY, OrganisationStatus::Suspended);
        assert_eq!(Nodes::peers(), [info(TELECOM, 1)]);
        set_status(CITY, OrganisationStatus::Active);
        assert_eq!(Nodes::peers().len(), 3);
    });
}
