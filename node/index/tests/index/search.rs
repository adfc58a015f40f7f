//! Whatever a person holds in hand is found.

use crate::{chain::*, database::*};
use citynet_index::{ExtrinsicId, Found, Hit, Index, Place, Thing, MAX_HITS};
use citynet_primitives::{
    Account, BatchId, Body, CycleId, DatasetId, DeviceId, GrantId, Hash, OrganisationId, Subject,
};
use proptest::prelude::*;
use sp_core::crypto::{AccountId32, Ss58AddressFormat, Ss58Codec};

fn search(index: &Index, text: &str) -> Found {
    read(index, |snapshot| snapshot.search(text))
}

/// What is found, and as what it was looked up, where nothing is left out.
fn hits(index: &Index, text: &str) -> (Vec<Hit>, Vec<Place>) {
    let found = search(index, text);
    assert!(found.complete);
    (found.hits, found.searched)
}

fn hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// The record of a kind, where there is one only.
fn record(chain: &Chain, kind: &str) -> u64 {
    let records = chain.blocks.iter().flat_map(|block| &block.entries).map(|entry| &entry.record);
    let found: Vec<_> = records.filter(|record| record.body.kind() == kind).map(|record| record.index).collect();
    assert_eq!(found.len(), 1, "{kind}");
    found[0]
}

#[test]
fn a_number_is_looked_up_as_everything_that_has_numbers() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let (found, searched) = hits(&index, " 1 ");
        let all = [
            Place::BlockNumber,
            Place::RecordIndex,
            Place::Organisation,
            Place::Dataset,
            Place::Device,
            Place::Grant,
            Place::Currency,
            Place::Obligation,
            Place::Withdrawal,
            Place::Motion,
        ];
        assert_eq!(searched, all);
        let expected = [
            Hit::Block { number: 1, hash: chain.blocks[1].hash },
            Hit::Record(1),
            Hit::Thing { thing: Thing::Organisation(CITY), record: 0 },
            Hit::Thing { thing: Thing::Dataset(DatasetId(1)), record: 6 },
            Hit::Thing { thing: Thing::Device(DEVICE), record: 1 },
            Hit::Thing { thing: Thing::Currency(1), record: record(&chain, "grant_offered") },
        ];
        assert_eq!(found, expected);
        let motion = Hit::Thing { thing: Thing::Motion(3), record: record(&chain, "motion_proposed") };
        assert!(hits(&index, "3").0.contains(&motion));
        assert_eq!(hits(&index, &u64::MAX.to_string()), (vec![], all.to_vec()));
    }
}

#[test]
fn a_word_before_a_number_says_what_it_is() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let thing = |thing, kind| Hit::Thing { thing, record: record(&chain, kind) };
        let block = Hit::Block { number: 2, hash: chain.blocks[2].hash };
        let version_hit = Hit::Version { version: version(1, 1), record: record(&chain, "version_published") };
        for (text, hit, place) in [
            ("block:2", block, Place::BlockNumber),
            ("record:2", Hit::Record(2), Place::RecordIndex),
            ("organisation:1", Hit::Thing { thing: Thing::Organisation(CITY), record: 0 }, Place::Organisation),
            ("dataset:1", thing(Thing::Dataset(DatasetId(1)), "dataset_registered"), Place::Dataset),
            ("device:1", Hit::Thing { thing: Thing::Device(DEVICE), record: 1 }, Place::Device),
            ("grant:2", thing(Thing::Grant(GrantId(2)), "grant_offered"), Place::Grant),
            ("obligation:9", thing(Thing::Obligation(9), "obligation_reversed"), Place::Obligation),
            ("withdrawal:6", thing(Thing::Withdrawal(6), "withdrawal_requested"), Place::Withdrawal),
            ("motion:3", thing(Thing::Motion(3), "motion_proposed"), Place::Motion),
            ("currency:1", thing(Thing::Currency(1), "grant_offered"), Place::Currency),
            ("cycle:1-7", thing(Thing::Cycle(CYCLE), "obligation_reversed"), Place::CycleId),
            ("version:1@1", version_hit, Place::Version),
            ("dataset:1@1", version_hit, Place::Version),
            ("1@1", version_hit, Place::Version),
        ] {
            assert_eq!(hits(&index, text), (vec![hit], vec![place]), "{text}");
            if text.contains(':') {
                let urn = format!("urn:citynet:{}:{text}", hex::encode(GENESIS));
                assert_eq!(hits(&index, &urn), (vec![hit], vec![place]), "{urn}");
            }
        }
        for (text, place) in [
            ("device:77", Place::Device),
            ("cycle:7-1", Place::CycleId),
            ("1@2", Place::Version),
            ("organisation:18446744073709551615", Place::Organisation),
            ("cycle:4294967296-1", Place::CycleId),
            ("18446744073709551615@1", Place::Version),
        ] {
            assert_eq!(hits(&index, text), (vec![], vec![place]), "{text}");
        }
    }
}

#[test]
fn a_pair_is_a_batch_a_cycle_or_an_extrinsic() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let all = vec![Place::BatchId, Place::CycleId, Place::ExtrinsicId];
        let batch = |first_sequence, record| Hit::Batch { batch: BatchId { device: DEVICE, first_sequence }, record };
        let extrinsic = |at: ExtrinsicId| {
            Hit::Extrinsic(read(&index, |snapshot| snapshot.extrinsics_of_block(at.block, at.position, 1))[0])
        };
        let inherent = extrinsic(ExtrinsicId { block: 1, position: 0 });
        assert_eq!(hits(&index, "1-0"), (vec![batch(0, 2), inherent], all.clone()));
        assert_eq!(hits(&index, &format!("1-{HUGE}")), (vec![batch(HUGE, 3)], all.clone()));
        assert_eq!(hits(&index, "batch:1-0"), (vec![batch(0, 2)], vec![Place::BatchId]));
        let last = extrinsic(ExtrinsicId { block: 4, position: 2 });
        assert_eq!(hits(&index, "extrinsic:4-2"), (vec![last], vec![Place::ExtrinsicId]));
        assert_eq!(hits(&index, "extrinsic:1-1"), (vec![], vec![Place::ExtrinsicId]));
        assert_eq!(hits(&index, "18446744073709551615-0"), (vec![], all));
    }
}

#[test]
fn a_hash_is_looked_up_as_every_hash() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let all = [
            Place::BlockHash,
            Place::ExtrinsicHash,
            Place::RecordLeaf,
            Place::BatchRoot,
            Place::RecordHash,
            Place::Account,
            Place::Peer,
        ];
        let block = &chain.blocks[4];
        let found = read(&index, |snapshot| snapshot.record(5)).unwrap();
        let extrinsic = read(&index, |snapshot| snapshot.extrinsics_of_block(4, 2, 1))[0];
        let batch = |first_sequence, record| Hit::Batch { batch: BatchId { device: DEVICE, first_sequence }, record };
        let peer = Hit::Thing { thing: Thing::Peer(PEER), record: record(&chain, "peer_added") };
        for (bytes, expected, word) in [
            (block.hash, vec![Hit::Block { number: 4, hash: block.hash }], "block"),
            (extrinsic.hash, vec![Hit::Extrinsic(extrinsic)], "extrinsic"),
            (found.leaf, vec![Hit::Record(5)], "record"),
            ([3; 32], vec![batch(0, 2), batch(HUGE, 3)], "batch"),
            (hash(13), vec![Hit::Record(record(&chain, "version_published"))], "hash"),
            (hash(17), vec![Hit::Record(record(&chain, "grant_advanced"))], "terms"),
            (PEER.0, vec![peer], "peer"),
        ] {
            let digits = hex::encode(bytes);
            for text in [format!("0x{digits}"), digits.clone(), digits.to_uppercase(), format!("0X{digits}")] {
                if text.bytes().all(|digit| digit.is_ascii_digit()) {
                    continue;
                }
                assert_eq!(hits(&index, &text), (expected.clone(), all.to_vec()), "{text}");
            }
            assert_eq!(hits(&index, &format!("{word}:0x{digits}")).0, expected, "{word}");
        }
        assert_eq!(hits(&index, &hex(&[0x99; 32])), (vec![], all.to_vec()));
        assert_eq!(hits(&index, &hex(&[0; 32])), (vec![], all.to_vec()), "zeros stand for nothing");
        let urn = format!("urn:citynet:{}:terms:{}", hex::encode(GENESIS), hex::encode(hash(17)));
        assert_eq!(hits(&index, &urn).1, [Place::RecordHash]);
    }
}

#[test]
fn an_account_is_found_by_hex_and_by_any_address() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let city: Account = account(CITY);
        let first = ExtrinsicId { block: 2, position: 1 };
        let acted = Hit::Account { account: city, named: None, acted: Some(1), signed: Some(first) };
        let validator = record(&chain, "validator_registered");
        let named = Hit::Account { account: VALIDATOR, named: Some(validator), acted: None, signed: None };
        for (account, expected) in [(city, acted), (VALIDATOR, named)] {
            for format in [0_u16, 42, 255, 16_383] {
                let address = AccountId32::from(account).to_ss58check_with_version(Ss58AddressFormat::from(format));
                assert_eq!(hits(&index, &address), (vec![expected], vec![Place::Account]), "{address}");
                assert_eq!(hits(&index, &format!("account:{address}")).0, [expected]);
            }
            assert!(hits(&index, &hex(&account)).0.contains(&expected));
            assert_eq!(hits(&index, &format!("account:{}", hex(&account))), (vec![expected], vec![Place::Account]));
        }
        let stranger = AccountId32::from([0x98; 32]).to_ss58check();
        assert_eq!(hits(&index, &stranger), (vec![], vec![Place::Account]));
    }
}

#[test]
fn a_peer_and_a_payment_are_found() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let peer = Hit::Thing { thing: Thing::Peer(PEER), record: record(&chain, "peer_added") };
        assert_eq!(hits(&index, &PEER.to_string()), (vec![peer], vec![Place::Peer]));
        let payment = Hit::Thing { thing: Thing::Payment(UETR), record: record(&chain, "deposited") };
        for text in [
            "eb6305c9-1f7f-49de-aed0-16487c27b42d",
            "EB6305C9-1F7F-49DE-AED0-16487C27B42D",
            "0xeb6305c91f7f49deaed016487c27b42d",
            "urn:uuid:eb6305c9-1f7f-49de-aed0-16487c27b42d",
            "payment:eb6305c9-1f7f-49de-aed0-16487c27b42d",
        ] {
            assert_eq!(hits(&index, text), (vec![payment], vec![Place::Payment]), "{text}");
        }
        let other = "eb6305c9-1f7f-49de-aed0-16487c27b42e";
        assert_eq!(hits(&index, other), (vec![], vec![Place::Payment]));
    }
}

#[test]
fn what_has_no_known_form_is_looked_up_as_nothing() {
    for store in stores() {
        let index = filled(&store, &every_kind());
        let other_chain = format!("urn:citynet:{}:device:1", hex::encode([8; 32]));
        let long = "1".repeat(300);
        for text in [
            "",
            "  ",
            "+1",
            "-1",
            "1.0",
            "0x",
            "0x12",
            "air",
            "device:",
            "device:+1",
            "device:1:1",
            "device:1@1",
            "air:7",
            "device:0-0",
            "1@",
            "@1",
            "1@1@1",
            "1@+1",
            "1@4294967296",
            "1--1",
            "-",
            ":",
            ":1",
            "urn:",
            "urn:x",
            "urn:uuid:1",
            "urn:uuid:device:1",
            "urn:citynet:7",
            "urn:citynet:device:1",
            "urn:ngsi-ld:Device:1",
            "eb6305c91f7f49deaed016487c27b42d",
            "eb6305c-91f7f-49de-aed0-16487c27b42d",
            "12D3KooWx",
            "5Grwva",
            "датчик",
            "урн:",
            &other_chain,
            &long,
        ] {
            let found = search(&index, text);
            assert_eq!((found.hits, found.searched, found.complete), (vec![], vec![], true), "{text:?}");
        }
    }
}

#[test]
fn hits_are_bounded_and_say_so() {
    for store in stores() {
        let mut chain = Chain::default();
        let removed = |_| {
            let body = Body::UpgradeScheduled { code: hash(1), bytes: 1, block: 1 };
            (CITY, body, vec![Subject::Organisation(OrganisationId::CONSORTIUM)])
        };
        chain.block((0..MAX_HITS).map(removed).collect());
        let index = filled(&store, &chain);
        let found = search(&index, &hex(&hash(1)));
        assert_eq!((found.hits.len(), found.complete), (MAX_HITS, true));
        chain.block(vec![removed(0)]);
        index.append(&chain.blocks[1..]).unwrap();
        let found = search(&index, &hex(&hash(1)));
        assert_eq!((found.hits.len(), found.complete), (MAX_HITS, false));
        assert_eq!(found.hits[0], Hit::Record(0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Nothing is too strange to be looked up, and what is found was looked for.
    #[test]
    fn any_text_has_an_answer(text in prop_oneof![
        any::<String>(),
        "(urn:)?(citynet:|uuid:|device:|dataset:|cycle:|0x)*[0-9a-f@:-]{0,70}",
        "[0-9]{1,20}[-@:][0-9]{1,20}",
    ]) {
        thread_local! {
            static INDEXES: Vec<(Index, Store)> =
                stores().into_iter().map(|store| (filled(&store, &every_kind()), store)).collect();
        }
        let found = INDEXES.with(|indexes| indexes.iter().map(|(index, _)| search(index, &text)).collect::<Vec<_>>());
        prop_assert!(found[0].hits.is_empty() || !found[0].searched.is_empty());
        prop_assert!(found.iter().all(|other| *other == found[0]), "the databases differ");
    }
}

#[test]
fn unused_kinds_of_ids_stay_apart() {
    for store in stores() {
        let index = filled(&store, &every_kind());
        let other: Hash = hash(99);
        assert_eq!(hits(&index, &hex(&other)).0, []);
        let cycle = CycleId { currency: 2, number: 7 };
        assert_eq!(hits(&index, &Subject::Cycle(cycle).to_string()).0, []);
        assert_eq!(hits(&index, &Subject::Device(DeviceId(3)).to_string()).0, []);
    }
}
