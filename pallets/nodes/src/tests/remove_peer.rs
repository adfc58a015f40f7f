use super::only_active_members;
use crate::{mock::*, *};
use citynet_primitives::{Body, PeerPurpose};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};

/// Two nodes of the city.
fn with_peers(test: impl FnOnce()) {
    ExtBuilder::default().execute(|| {
        for number in [1, 2] {
            assert_ok!(Nodes::add_peer(signed(ALICE), peer(number), PeerPurpose::Validator, address()));
        }
        test();
    });
}

#[test]
fn a_node_leaves_the_network() {
    with_peers(|| {
        assert_ok!(Nodes::remove_peer(signed(ALICE), peer(1)));
        assert_eq!(Peers::<Test>::get(peer(1)), None);
        assert_eq!(PeersOf::<Test>::get(CITY).into_inner(), [peer(2)]);

        let body = Body::PeerRemoved { organisation: CITY, peer: peer(1) };
        let record = assert_recorded(&author(CITY, &ALICE), CITY, &body);
        assert_eq!(last_event(), Event::PeerRemoved { organisation: CITY, peer: peer(1), record });

        assert_ok!(Nodes::remove_peer(signed(ADMIN), peer(2)));
        assert!(!PeersOf::<Test>::contains_key(CITY));
    });
}

#[test]
fn admins_and_validators_remove_nodes() {
    with_peers(|| {
        only_active_members(&ALICE, |origin| Nodes::remove_peer(origin, peer(1)));
        only_active_members(&ADMIN, |origin| Nodes::remove_peer(origin, peer(1)));
    });
}

#[test]
fn nodes_of_others_are_not_touched() {
    with_peers(|| {
        assert_noop!(Nodes::remove_peer(signed(BOB), peer(1)), Error::<Test>::NotAuthorized);
        assert_noop!(Nodes::remove_peer(signed(ALICE), peer(3)), Error::<Test>::PeerNotFound);
    });
}

#[test]
fn a_removed_node_is_anybodys() {
    with_peers(|| {
        assert_ok!(Nodes::remove_peer(signed(ALICE), peer(1)));
        assert_ok!(Nodes::add_peer(signed(BOB), peer(1), PeerPurpose::Boot, None));
        assert_eq!(Peers::<Test>::get(peer(1)).unwrap().organisation, TELECOM);
    });
}

#[test]
fn without_a_record_nothing_changes() {
    with_peers(|| {
        MockJournal::fail(true);
        assert_noop!(Nodes::remove_peer(signed(ALICE), peer(1)), MockJournal::FAILURE);
    });
}
