use super::only_active_members;
use crate::{mock::*, *};
use citynet_primitives::{Body, NodeAddress, PeerPurpose};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::AccountId32;

fn add(account: AccountId32, number: u8) -> DispatchResult {
    Nodes::add_peer(signed(account), peer(number), PeerPurpose::Archive, None)
}

#[test]
fn a_node_joins_the_network() {
    ExtBuilder::default().execute(|| {
        assert_ok!(Nodes::add_peer(signed(ALICE), peer(1), PeerPurpose::Boot, address()));

        let purpose = PeerPurpose::Boot;
        assert_eq!(Peers::<Test>::get(peer(1)), Some(Peer { organisation: CITY, purpose, address: address() }));
        assert_eq!(PeersOf::<Test>::get(CITY).into_inner(), [peer(1)]);

        let body = Body::PeerAdded { organisation: CITY, peer: peer(1), purpose, address: address() };
        let record = assert_recorded(&author(CITY, &ALICE), CITY, &body);
        assert_eq!(last_event(), Event::PeerAdded { organisation: CITY, peer: peer(1), purpose, record });
    });
}

#[test]
fn admins_and_validators_add_nodes() {
    ExtBuilder::default().execute(|| {
        only_active_members(&ALICE, |origin| Nodes::add_peer(origin, peer(1), PeerPurpose::Validator, None));
        only_active_members(&ADMIN, |origin| Nodes::add_peer(origin, peer(1), PeerPurpose::Validator, None));
        assert_ok!(add(ADMIN, 1));
        assert_ok!(add(ALICE, 2));
        // An account with the role need not run a validator.
        assert_ok!(add(SPARE, 3));
    });
}

#[test]
fn a_node_has_one_organisation() {
    ExtBuilder::default().execute(|| {
        assert_ok!(add(ALICE, 1));
        assert_noop!(add(ALICE, 1), Error::<Test>::PeerTaken);
        assert_noop!(add(BOB, 1), Error::<Test>::PeerTaken);
    });
}

#[test]
fn an_address_is_a_multiaddress_without_the_peer() {
    ExtBuilder::default().execute(|| {
        let with = |address: &[u8]| {
            let address = NodeAddress::try_from(address.to_vec()).unwrap();
            Nodes::add_peer(signed(ALICE), peer(1), PeerPurpose::Boot, Some(address))
        };
        for wrong in [
            &b""[..],
            b"node.city.example:30333",
            b"/dns/\xff/tcp/30333",
            b"/ip4/127.0.0.1/tcp/30333/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp",
        ] {
            assert_noop!(with(wrong), Error::<Test>::InvalidAddress);
        }
        assert_ok!(with(b"/ip6/::1/udp/30333/quic-v1"));
    });
}

#[test]
fn there_are_so_many_nodes() {
    ExtBuilder::default().execute(|| {
        for number in 1..=MAX_PEERS_PER_ORGANISATION as u8 {
            assert_ok!(add(ALICE, number));
        }
        assert_noop!(add(ALICE, 100), Error::<Test>::TooManyPeers);

        assert_eq!((MAX_PEERS_PER_ORGANISATION, MAX_PEERS), (3, 5));
        assert_ok!(add(BOB, 4));
        assert_ok!(add(BOB, 5));
        assert_noop!(add(BOB, 6), Error::<Test>::TooManyPeers);
        assert_ok!(Nodes::remove_peer(signed(ALICE), peer(1)));
        assert_ok!(add(BOB, 6));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(add(ALICE, 1), MockJournal::FAILURE);
    });
}
