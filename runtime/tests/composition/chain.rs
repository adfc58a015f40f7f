//! A chain in memory, block after block.

use citynet_runtime::{
    genesis_presets::get_preset, AccountId, Address, Aura, Executive, Header, Runtime, RuntimeCall,
    RuntimeGenesisConfig, Session, SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use codec::Encode;
use serde_json::Value;
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_core::H256;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::{Digest, DigestItem, Era},
    traits::Header as _,
    ApplyExtrinsicResult, BuildStorage,
};

/// The slot before that of the first block. Its owner is the first validator of any set of up to four.
const GENESIS_SLOT: u64 = 1_800_000_000;

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

pub fn start(preset: &str, patch: Value) -> TestExternalities {
    let preset = get_preset(&preset.into()).expect("the preset exists");
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).expect("a configuration is JSON");
    merge(&mut config, serde_json::from_slice(&preset).expect("a preset is JSON"));
    merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).expect("the configuration has known fields only");
    config.build_storage().expect("the genesis builds").into()
}

/// Runs a test on a chain and then checks what always holds, in every pallet.
pub fn on(preset: &str, patch: Value, test: impl FnOnce()) {
    start(preset, patch).execute_with(|| {
        test();
        try_state();
    });
}

#[cfg(feature = "try-runtime")]
pub fn try_state() {
    use citynet_runtime::AllPalletsWithSystem;
    use frame_support::traits::{TryState, TryStateSelect};
    let held = <AllPalletsWithSystem as TryState<u32>>::try_state(System::block_number(), TryStateSelect::All);
    assert_eq!(held, Ok(()));
}

/// The SDK's pallets only have these checks with that feature.
#[cfg(not(feature = "try-runtime"))]
pub fn try_state() {}

pub fn accounts(keyrings: &[Sr25519Keyring]) -> Vec<AccountId> {
    keyrings.iter().map(|keyring| keyring.to_account_id()).collect()
}

pub fn transaction(signer: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        pallet_consortium::CheckMember::new(),
        frame_system::CheckNonce::from(System::account_nonce(signer.to_account_id())),
        frame_system::CheckWeight::new(),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    );
    let payload = SignedPayload::new(call.clone(), extension.clone()).expect("nothing implicit is missing");
    let signature = payload.using_encoded(|payload| signer.sign(payload));
    UncheckedExtrinsic::new_signed(call, Address::Id(signer.to_account_id()), signature.into(), extension)
}

/// Puts a transaction into the block that is open.
pub fn apply(signer: Sr25519Keyring, call: RuntimeCall) -> ApplyExtrinsicResult {
    Executive::apply_extrinsic(transaction(signer, call))
}

/// Begins a block in the next slot whose owner may author.
pub fn open_block() {
    let validators = Session::validators().len() as u64;
    let disabled = Session::disabled_validators();
    let last = u64::from(pallet_aura::CurrentSlot::<Runtime>::get()).max(GENESIS_SLOT);
    let slot = (last + 1..)
        .find(|slot| !disabled.contains(&u32::try_from(slot % validators).expect("there are few validators")))
        .expect("not everybody is disabled");

    let number = System::block_number() + 1;
    // The genesis block's hash is in what transactions sign. The others may have any.
    let parent =
        if number == 1 { frame_system::BlockHash::<Runtime>::get(0) } else { H256::from_low_u64_be(number.into()) };
    let author = DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(slot).encode());
    Executive::initialize_block(&Header::new(
        number,
        H256::zero(),
        H256::zero(),
        parent,
        Digest { logs: vec![author] },
    ));
    let now = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: slot * Aura::slot_duration() });
    assert_eq!(Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(now)), Ok(Ok(())));
}

pub fn close_block() -> Header {
    Executive::finalize_block()
}

/// Makes empty blocks until the one with that number, which is left open.
pub fn open_block_number(number: u32) {
    while System::block_number() < number {
        if System::block_number() > 0 {
            close_block();
        }
        open_block();
    }
}
