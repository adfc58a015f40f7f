//! The runtime as it is composed: its pallets accept their configuration, the presets start the networks that they
//! describe, blocks carry the tree head, and strangers stay out.

use citynet_primitives::{TreeHead, TREE_HEAD_ENGINE};
use citynet_runtime::{
    genesis_presets::{get_preset, preset_names, DEVELOPMENT, LOCAL},
    AccountId, Address, AllPalletsWithSystem, Aura, Consortium, Executive, Grandpa, Header, Journal, Runtime,
    RuntimeCall, RuntimeGenesisConfig, Session, SignedPayload, TxExtension, UncheckedExtrinsic,
};
use codec::Encode;
use frame_support::traits::{Get, IntegrityTest};
use serde_json::{json, Value};
use sp_consensus_aura::{sr25519::AuthorityId as AuraId, Slot, AURA_ENGINE_ID};
use sp_consensus_grandpa::AuthorityList;
use sp_core::{sr25519, Pair, H256};
use sp_io::TestExternalities;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{
    generic::{Digest, DigestItem, Era},
    traits::Header as _,
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity},
    BuildStorage,
};

/// RFC 7396, as chain specifications apply a preset to the default configuration.
fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (key, value) in patch {
                merge(target.entry(key).or_insert(Value::Null), value);
            }
        }
        (target, patch) => *target = patch,
    }
}

fn start(preset: &str, patch: Value) -> TestExternalities {
    let preset = get_preset(&preset.into()).expect("the preset exists");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("a configuration is JSON");
    merge(&mut config, serde_json::from_slice(&preset).expect("a preset is JSON"));
    merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("the configuration has known fields only");
    config.build_storage().expect("the genesis builds").into()
}

fn accounts(keyrings: &[Sr25519Keyring]) -> Vec<AccountId> {
    keyrings.iter().map(|keyring| keyring.to_account_id()).collect()
}

fn transaction(signer: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        pallet_consortium::CheckMember::new(),
        frame_system::CheckNonce::from(0),
        frame_system::CheckWeight::new(),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    );
    let payload = SignedPayload::new(call.clone(), extension.clone()).expect("nothing implicit is missing");
    let signature = payload.using_encoded(|payload| signer.sign(payload));
    UncheckedExtrinsic::new_signed(call, Address::Id(signer.to_account_id()), signature.into(), extension)
}

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

#[test]
fn presets_start_the_networks_they_describe() {
    use Sr25519Keyring::{Alice, Bob, Charlie, Dave};

    assert_eq!(preset_names(), [DEVELOPMENT, LOCAL]);
    assert_eq!(get_preset(&"mainnet".into()), None);

    let founders: [(&str, &[Sr25519Keyring]); 2] = [(DEVELOPMENT, &[Alice]), (LOCAL, &[Alice, Bob, Charlie, Dave])];
    for (preset, founders) in founders {
        start(preset, json!({})).execute_with(|| {
            assert_eq!(Session::validators(), accounts(founders));
            let authors: Vec<AuraId> = founders.iter().map(|keyring| keyring.public().into()).collect();
            assert_eq!(pallet_aura::Authorities::<Runtime>::get().into_inner(), authors);
            let voters: AuthorityList =
                Ed25519Keyring::iter().take(founders.len()).map(|key| (key.public().into(), 1)).collect();
            assert_eq!(Grandpa::grandpa_authorities(), voters);
            assert!(pallet_session::historical::HistoricalSessions::<Runtime>::contains_key(1));

            assert_eq!(Consortium::organisations().len(), founders.len());
            // Of each organisation: itself, its account and its gateway.
            assert_eq!(Journal::tree_head().size, 3 * founders.len() as u64);
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
fn every_block_has_the_tree_head_in_its_header() {
    start(LOCAL, json!({})).execute_with(|| {
        let slot = 1_800_000_000;
        let author = DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(slot).encode());
        let parent = frame_system::BlockHash::<Runtime>::get(0);
        Executive::initialize_block(&Header::new(1, H256::zero(), H256::zero(), parent, Digest { logs: vec![author] }));
        let now = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: slot * 1_000 });
        assert_eq!(Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(now)), Ok(Ok(())));
        let header = Executive::finalize_block();

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
