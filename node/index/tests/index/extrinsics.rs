//! Extrinsics by hash, by signer and by block.

use crate::{chain::*, database::*};
use citynet_index::{ExtrinsicId, IndexedExtrinsic};
use citynet_primitives::Account;
use codec::Encode;
use proptest::{collection::vec, prelude::*};
use sp_core::{crypto::AccountId32, sr25519, H256};
use sp_runtime::{
    generic::Preamble,
    traits::{BlakeTwo256, Hash as _},
    MultiAddress, MultiSignature, OpaqueExtrinsic,
};

fn at(block: u32, position: u32) -> ExtrinsicId {
    ExtrinsicId { block, position }
}

fn places(found: &[IndexedExtrinsic]) -> Vec<ExtrinsicId> {
    found.iter().map(|extrinsic| extrinsic.at).collect()
}

#[test]
fn extrinsics_are_found_by_hash_signer_and_block() {
    for store in stores() {
        let chain = Chain::sample();
        let index = filled(&store, &chain);
        for block in &chain.blocks {
            let found = read(&index, |snapshot| snapshot.extrinsics_of_block(block.number, 0, 10));
            assert_eq!(found.len(), block.extrinsics.len());
            for (position, (found, extrinsic)) in (0..).zip(found.iter().zip(&block.extrinsics)) {
                assert_eq!(found.at, at(block.number, position));
                assert_eq!(H256(found.hash), BlakeTwo256::hash_of(extrinsic));
                let same = read(&index, |snapshot| snapshot.extrinsics_with_hash(&found.hash, 10));
                assert_eq!(same, [*found]);
            }
        }
        assert_eq!(places(&read(&index, |snapshot| snapshot.extrinsics_of_block(2, 1, 1))), [at(2, 1)]);
        assert_eq!(places(&read(&index, |snapshot| snapshot.extrinsics_of_block(9, 0, 10))), []);
        assert_eq!(read(&index, |snapshot| snapshot.extrinsics_with_hash(&[1; 32], 10)), []);
    }
}

#[test]
fn a_walk_through_the_extrinsics_of_an_account_sees_each_once() {
    for store in stores() {
        let index = filled(&store, &Chain::sample());
        let of = |account: Account, first, last, limit| {
            places(&read(&index, |snapshot| snapshot.extrinsics_of_account(&account, first, last, limit)))
        };
        let city = account(CITY);
        let all = [at(2, 1), at(2, 2), at(3, 1), at(4, 1)];
        assert_eq!(of(city, at(0, 0), u32::MAX, 10), all);
        for (first, expected) in all.iter().zip(0..) {
            let page = of(city, *first, u32::MAX, 2);
            assert_eq!(page, all[expected..all.len().min(expected + 2)]);
        }
        assert_eq!(of(city, at(2, 3), 3, 10), [at(3, 1)]);
        assert_eq!(of(account(TELECOM), at(0, 0), u32::MAX, 10), [at(4, 2)]);
        assert_eq!(of([9; 32], at(0, 0), u32::MAX, 10), []);
    }
}

#[test]
fn the_same_inherent_in_two_blocks_is_found_twice() {
    for store in stores() {
        let mut chain = Chain::default();
        chain.block_with(Vec::new(), vec![inherent(7)]);
        chain.block_with(Vec::new(), vec![inherent(8), inherent(7)]);
        let index = filled(&store, &chain);
        let hash = BlakeTwo256::hash_of(&inherent(7)).0;
        let found = |limit| places(&read(&index, |snapshot| snapshot.extrinsics_with_hash(&hash, limit)));
        assert_eq!(found(10), [at(0, 0), at(1, 1)]);
        assert_eq!(found(1), [at(0, 0)]);
    }
}

/// What the index says of the signers of some extrinsics.
fn signers(extrinsics: Vec<OpaqueExtrinsic>) -> Vec<Option<Account>> {
    let store = Store::file();
    let mut chain = Chain::default();
    let count = u32::try_from(extrinsics.len()).unwrap();
    chain.block_with(Vec::new(), extrinsics);
    let index = filled(&store, &chain);
    let found = read(&index, |snapshot| snapshot.extrinsics_of_block(0, 0, count));
    found.into_iter().map(|extrinsic| extrinsic.signer).collect()
}

type Signed = Preamble<MultiAddress<AccountId32, ()>, MultiSignature, ()>;

fn address() -> impl Strategy<Value = MultiAddress<AccountId32, ()>> {
    prop_oneof![
        4 => any::<Account>().prop_map(|account| MultiAddress::Id(account.into())),
        1 => Just(MultiAddress::Index(())),
        1 => vec(any::<u8>(), 0..80).prop_map(MultiAddress::Raw),
        1 => any::<Account>().prop_map(MultiAddress::Address32),
        1 => any::<[u8; 20]>().prop_map(MultiAddress::Address20),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Against the SDK's own encoding.
    #[test]
    fn the_signer_is_the_account_that_the_sdk_writes(addresses in vec(address(), 1..20), call in vec(any::<u8>(), 0..50)) {
        let signature = MultiSignature::from(sr25519::Signature::from_raw([7; 64]));
        let extrinsic = |preamble: Signed| OpaqueExtrinsic::from_blob([preamble.encode(), call.clone()].concat());
        let expected: Vec<_> = addresses.iter().map(|address| match address {
            MultiAddress::Id(account) => Some(<[u8; 32]>::from(account.clone())),
            _ => None,
        }).collect();
        let signed = |address| extrinsic(Preamble::Signed(address, signature.clone(), ()));
        prop_assert_eq!(signers(addresses.into_iter().map(signed).collect()), expected);
        let unsigned = [4, 5].map(|version| extrinsic(Preamble::Bare(version))).to_vec();
        prop_assert_eq!(signers(unsigned), [None, None]);
    }

    #[test]
    fn no_bytes_are_too_strange(blobs in vec(vec(any::<u8>(), 0..100), 1..50), account in any::<Account>()) {
        let blobs: Vec<_> = blobs
            .into_iter()
            // Cut off everywhere in the part that is read, and of every version.
            .chain((0..=34).map(|length| [&[0x84, 0][..], &account].concat()[..length].to_vec()))
            .chain((0..=255).map(|first| [&[first, 0][..], &account].concat()))
            .collect();
        let expected: Vec<Option<Account>> = blobs
            .iter()
            .map(|blob| (blob.len() >= 34 && blob[..2] == [0x84, 0]).then(|| blob[2..34].try_into().unwrap()))
            .collect();
        prop_assert_eq!(signers(blobs.into_iter().map(OpaqueExtrinsic::from_blob).collect()), expected);
    }
}
