//! The runtime as it is composed: its pallets accept their configuration, the presets start the networks that they
//! describe, blocks carry the tree head, strangers stay out, the members govern, offenders are put out, data is used by
//! grants only, and what it costs is paid.

mod chain;
mod governance;
mod grants;
mod offences;
mod settlements;

use chain::{accounts, close_block, on, open_block, start, transaction};
use citynet_primitives::{OrganisationId, TreeHead, ValidatorStatus, TREE_HEAD_ENGINE};
use citynet_runtime::{
    configs::{seat, Collective},
    genesis_presets::{get_preset, preset_names, DEVELOPMENT, LOCAL},
    AccountId, AllPalletsWithSystem, Aura, Consortium, Executive, Grandpa, Journal, Nodes, Runtime, RuntimeCall,
    Session,
};
use frame_support::traits::{Get, IntegrityTest, PalletsInfoAccess};
use pallet_session::ShouldEndSession;
use serde_json::json;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityList;
use sp_core::{sr25519, Pair};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity};

fn offer(signer: Sr25519Keyring) -> TransactionValidity {
    let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![7] });
    // The block before is the genesis block, whose hash the transaction's signature covers.
    let parent = frame_system::BlockHash::<Runtime>::get(0);
    Executive::validate_transaction(TransactionSource::External, transaction(signer, remark), parent)
}

#[test]
fn pallets_accept_their_configuration() {
    // Here rather than in the test that the composing macro makes: the length of a slot is state, so these need some.
    start(LOCAL, json!({})).execute_with(<AllPalletsWithSystem as IntegrityTest>::integrity_test);
}

/// What depends on the order is said where it is declared.
#[test]
fn hooks_and_genesis_follow_the_declaration() {
    let pallets = <AllPalletsWithSystem as PalletsInfoAccess>::infos();
    let order: Vec<_> = pallets.iter().map(|pallet| (pallet.name, pallet.index)).collect();
    let expected = [
        ("System", 0),
        ("Timing", 7),
        ("Timestamp", 1),
        ("Aura", 2),
        ("Grandpa", 3),
        ("Offences", 8),
        ("Authorship", 5),
        ("Council", 24),
        ("Consortium", 20),
        ("Nodes", 22),
        ("Session", 4),
        ("Historical", 6),
        ("Whitelist", 25),
        ("TxPause", 26),
        ("SafeMode", 27),
        ("Upgrades", 28),
        ("Attestations", 21),
        ("Catalog", 30),
        ("Grants", 31),
        ("Assets", 34),
        ("AssetsHolder", 35),
        ("Settlements", 33),
        ("Journal", 40),
    ];
    assert_eq!(order, expected);
}

#[test]
fn presets_start_the_networks_they_describe() {
    use Sr25519Keyring::{Alice, Bob, Charlie, Dave};

    assert_eq!(preset_names(), [DEVELOPMENT, LOCAL]);
    assert_eq!(get_preset(&"mainnet".into()), None);

    let founders: [(&str, &[Sr25519Keyring]); 2] = [(DEVELOPMENT, &[Alice]), (LOCAL, &[Alice, Bob, Charlie, Dave])];
    for (preset, founders) in founders {
        on(preset, json!({}), || {
            assert_eq!(Session::validators(), accounts(founders));
            let authors: Vec<AuraId> = founders.iter().map(|keyring| keyring.public().into()).collect();
            assert_eq!(pallet_aura::Authorities::<Runtime>::get().into_inner(), authors);
            let voters: AuthorityList =
                Ed25519Keyring::iter().take(founders.len()).map(|key| (key.public().into(), 1)).collect();
            assert_eq!(Grandpa::grandpa_authorities(), voters);
            assert!(pallet_session::historical::HistoricalSessions::<Runtime>::contains_key(1));

            for (validator, organisation) in Nodes::validators().iter().zip(1..) {
                assert_eq!(validator.organisation, OrganisationId(organisation));
                assert_eq!(validator.status, ValidatorStatus::Registered);
                assert!(validator.active && validator.next && validator.keys.len() == 64);
            }
            assert_eq!(Nodes::validators().len(), founders.len());

            assert_eq!(Consortium::organisations().len(), founders.len());
            let mut seats: Vec<_> = (1..).take(founders.len()).map(|number| seat(OrganisationId(number))).collect();
            seats.sort();
            assert_eq!(pallet_collective::Members::<Runtime, Collective>::get(), seats);
            // Of each organisation: itself, its profile, its account and its gateway.
            assert_eq!(Journal::tree_head().size, 4 * founders.len() as u64);
            assert_eq!(Aura::slot_duration(), 1_000);
        });
    }
}

#[test]
fn gateways_have_the_keys_that_their_names_derive() {
    start(LOCAL, json!({})).execute_with(|| {
        for (name, organisation) in ["Alice", "Bob", "Charlie", "Dave"].iter().zip(1u32..) {
            let pair = sr25519::Pair::from_string(&format!("//{name}//gateway"), None).expect("the path is valid");
            let record = pallet_consortium::Accounts::<Runtime>::get(AccountId::from(pair.public()));
            let roles = record.filter(|record| record.organisation.0 == organisation).map(|record| record.roles);
            assert_eq!(roles.map(|roles| serde_json::json!(roles)), Some(json!(["attestor"])), "//{name}//gateway");
        }
    });
}

#[test]
fn genesis_chooses_the_length_of_a_slot() {
    start(LOCAL, json!({ "timing": { "slotDuration": 2_000 } })).execute_with(|| {
        assert_eq!(Aura::slot_duration(), 2_000);
        assert_eq!(<Runtime as pallet_timestamp::Config>::MinimumPeriod::get(), 1_000);
    });
}

#[test]
#[should_panic(expected = "a slot lasts")]
fn genesis_refuses_an_odd_slot() {
    start(LOCAL, json!({ "timing": { "slotDuration": 1_001 } }));
}

#[test]
fn genesis_chooses_the_length_of_a_session() {
    type Sessions = <Runtime as pallet_session::Config>::ShouldEndSession;
    let ends =
        |length: u32| (1..=1_200).filter(|block| Sessions::should_end_session(*block)).all(|end| end % length == 0);
    on(LOCAL, json!({}), || assert!(Sessions::should_end_session(600) && ends(600)));
    on(LOCAL, json!({ "timing": { "sessionLength": 10 } }), || assert!(Sessions::should_end_session(10) && ends(10)));
}

#[test]
#[should_panic(expected = "a session lasts")]
fn genesis_refuses_a_short_session() {
    start(LOCAL, json!({ "timing": { "sessionLength": 9 } }));
}

#[test]
fn every_block_has_the_tree_head_in_its_header() {
    on(LOCAL, json!({}), || {
        open_block();
        let header = close_block();
        let heads: Vec<TreeHead> =
            header.digest.logs.iter().filter_map(|item| item.consensus_try_to(&TREE_HEAD_ENGINE)).collect();
        assert_eq!(heads, [Journal::tree_head()]);
    });
}

#[test]
fn strangers_stay_out() {
    start(DEVELOPMENT, json!({})).execute_with(|| {
        assert!(offer(Sr25519Keyring::Alice).is_ok());
        assert_eq!(offer(Sr25519Keyring::Eve), Err(InvalidTransaction::Custom(1).into()));
    });
}
