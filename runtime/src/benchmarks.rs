//! What `frame-omni-bencher` can measure in this runtime, and the keys that the measured calls are made with.

use crate::{AccountId, SessionKeys, Signature};
use alloc::vec::Vec;
use codec::Encode;
use sp_core::crypto::KeyTypeId;
use sp_runtime::traits::Convert;

frame_benchmarking::define_benchmarks!(
    [frame_system, SystemBench::<Runtime>]
    [frame_system_extensions, SystemExtensionsBench::<Runtime>]
    [pallet_timestamp, Timestamp]
    [pallet_journal, Journal]
    [pallet_consortium, Consortium]
    [pallet_nodes, Nodes]
    [pallet_attestations, Attestations]
    [pallet_catalog, Catalog]
    [pallet_grants, Grants]
    [pallet_settlements, Settlements]
    [pallet_upgrades, Upgrades]
);

/// The kind of the keys that accounts sign with.
const ACCOUNT: KeyTypeId = KeyTypeId(*b"acco");

/// Makes keys in the keystore of the benchmark, which only lives as long as that.
pub struct Keyring;

impl pallet_consortium::BenchmarkHelper<AccountId, Signature> for Keyring {
    fn sign(statement: impl FnOnce(&AccountId) -> Vec<u8>) -> (AccountId, Signature) {
        let key = sp_io::crypto::sr25519_generate(ACCOUNT, None);
        let account = AccountId::from(key);
        let signature = sp_io::crypto::sr25519_sign(ACCOUNT, &key, &statement(&account))
            .expect("the key was made a moment ago; qed");
        (account, signature.into())
    }
}

impl Convert<AccountId, (SessionKeys, Vec<u8>)> for Keyring {
    fn convert(owner: AccountId) -> (SessionKeys, Vec<u8>) {
        let generated = SessionKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }
}
