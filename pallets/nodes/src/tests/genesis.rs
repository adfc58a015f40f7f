//! Chains start from nodes that make sense, and from no others.

use crate::{mock::*, *};
use citynet_primitives::{Author, Body, OrganisationId, PeerPurpose};
use citynet_support::mock::MockJournal;
use serde_json::json;
use sp_runtime::{AccountId32, DispatchError};

fn genesis_peer(number: u8) -> GenesisPeer {
    GenesisPeer {
        organisation: CITY,
        peer: peer(number),
        purpose: PeerPurpose::Validator,
        address: Some("/dns/node.city.example/tcp/30333".into()),
    }
}

/// What comes of founding a network of these validators under the `rules`.
fn found_under(
    rules: impl FnOnce(&mut citynet_primitives::Parameters),
    validators: &[(OrganisationId, AccountId32)],
) -> Result<(), DispatchError> {
    ExtBuilder::members().execute_with(|| {
        set_rules(rules);
        Nodes::found(validators, &[])
    })
}

fn found(validators: &[(OrganisationId, AccountId32)]) -> Result<(), DispatchError> {
    found_under(|_| (), validators)
}

/// What comes of founding a network of these peers.
fn found_peers(peers: &[GenesisPeer]) -> Result<(), DispatchError> {
    ExtBuilder::members().execute_with(|| Nodes::found(&[], peers))
}

fn founders(count: u8) -> Vec<(OrganisationId, AccountId32)> {
    ExtBuilder::founders(count).validators
}

#[test]
fn nodes_are_registered() {
    ExtBuilder::default().peers(vec![genesis_peer(1), genesis_peer(2)]).execute(|| {
        assert_eq!(Nodes::elected(), [ALICE, BOB, CHARLIE, DAVE]);
        assert_eq!(SessionValidators::<Test>::get().into_inner(), [ALICE, BOB, CHARLIE, DAVE]);
        assert_eq!(Session::validators(), [ALICE, BOB, CHARLIE, DAVE]);
        assert_eq!(PeersOf::<Test>::get(CITY).into_inner(), [peer(1), peer(2)]);
        let purpose = PeerPurpose::Validator;
        assert_eq!(Peers::<Test>::get(peer(2)), Some(Peer { organisation: CITY, purpose, address: address() }));
    });
}

#[test]
fn the_chain_itself_records_the_peers() {
    ExtBuilder::default().peers(vec![genesis_peer(1)]).execute(|| {
        assert_eq!(MockJournal::entries().len(), 1);
        let purpose = PeerPurpose::Validator;
        let body = Body::PeerAdded { organisation: CITY, peer: peer(1), purpose, address: address() };
        assert_recorded(&Author::CHAIN, CITY, &body);
    });
}

#[test]
fn a_sound_configuration_is_accepted() {
    for count in [0, 1, 2, 4, MAX_VALIDATORS as u8] {
        assert_eq!(found(&founders(count)), Ok(()));
    }
    assert_eq!(found(&[founders(6), vec![(CITY, SPARE)]].concat()), Ok(()));
    assert_eq!(found_peers(&[genesis_peer(1), GenesisPeer { address: None, ..genesis_peer(2) }]), Ok(()));
}

#[test]
fn a_validator_is_an_own_account_with_the_role() {
    let refused: Result<(), DispatchError> =
        Err("a validator is no account of its organisation with the role validator".into());
    for account in [GATEWAY, ADMIN, BOB, STRANGER] {
        assert_eq!(found(&[(CITY, account)]), refused);
    }
    assert_eq!(found(&[(CITY, ALICE), (CITY, ALICE)]), Err("a validator is named twice".into()));
}

#[test]
fn there_are_so_many_validators() {
    let too_many = [founders(MAX_VALIDATORS as u8), vec![(CITY, SPARE)]].concat();
    assert_eq!(found(&too_many), Err("there are more validators than there may be".into()));

    let third: Result<(), DispatchError> = Err("an organisation with several validators has a third of all".into());
    assert_eq!(found(&[founders(5), vec![(CITY, SPARE)]].concat()), third);

    let seven = [founders(6), vec![(CITY, SPARE)]].concat();
    let one = |rules: &mut citynet_primitives::Parameters| rules.max_validators_per_organisation = 1;
    assert_eq!(found_under(one, &seven), Err("an organisation has more validators than it may".into()));

    let five = |rules: &mut citynet_primitives::Parameters| rules.min_validators = 5;
    assert_eq!(found_under(five, &founders(5)), Ok(()));
    assert_eq!(found_under(five, &founders(4)), Err("there are fewer validators than there must be".into()));
}

#[test]
fn peers_follow_the_rules_of_the_calls() {
    assert_eq!(found_peers(&[genesis_peer(1), genesis_peer(1)]), Err(Error::<Test>::PeerTaken.into()));
    let address = |address: String| found_peers(&[GenesisPeer { address: Some(address), ..genesis_peer(1) }]);
    assert_eq!(address("node.city.example".into()), Err(Error::<Test>::InvalidAddress.into()));
    assert_eq!(address("/".repeat(128)), Ok(()));
    assert_eq!(address("/".repeat(129)), Err("a peer's address is longer than 128 bytes".into()));

    let four: Vec<_> = (1..=4).map(genesis_peer).collect();
    assert_eq!(MAX_PEERS_PER_ORGANISATION, 3);
    assert_eq!(found_peers(&four), Err(Error::<Test>::TooManyPeers.into()));

    let homeless = GenesisPeer { organisation: OrganisationId(99), ..genesis_peer(1) };
    assert_eq!(found_peers(&[homeless]), Err("a peer's organisation does not exist".into()));
}

#[test]
#[should_panic(expected = "no network can start from this genesis configuration")]
fn no_chain_starts_from_a_bad_configuration() {
    ExtBuilder::default().peers(vec![genesis_peer(1), genesis_peer(1)]).build();
}

#[test]
fn the_configuration_is_readable_json() {
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let peer = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
    let address = "/dns/node.city.example/tcp/30333";
    let json = json!({
        "validators": [[1, alice]],
        "peers": [{ "organisation": 1, "peer": peer, "purpose": "validator", "address": address }],
    });
    let config: GenesisConfig<Test> = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(config.validators[0].0, CITY);
    assert_eq!(config.peers[0].purpose, PeerPurpose::Validator);
    assert_eq!(serde_json::to_value(&config).unwrap(), json);

    let without = json!({ "organisation": 1, "peer": peer, "purpose": "boot" });
    assert_eq!(serde_json::from_value::<GenesisPeer>(without).unwrap().address, None);
    for (field, wrong) in [("peer", json!("12D3KooW")), ("purpose", json!("miner")), ("adress", json!(address))] {
        let mut peer = json["peers"][0].clone();
        peer[field] = wrong;
        assert!(serde_json::from_value::<GenesisPeer>(peer).is_err(), "{field}");
    }
}
