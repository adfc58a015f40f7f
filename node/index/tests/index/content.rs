//! The content hash: what it is, that it does not depend on how blocks come, and that it covers every row.

use crate::{chain::*, database::*};
use citynet_index::{Difference, Error, FinalisedBlock, Index};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{Body, DeviceId, GrantId, Hash, Subject};
use codec::Encode;
use proptest::{collection::vec, prelude::*};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

fn contents(index: &Index, blocks: &[FinalisedBlock]) -> Vec<Hash> {
    let content = |block: &FinalisedBlock| read(index, |snapshot| snapshot.content(block.number)).unwrap();
    blocks.iter().map(content).collect()
}

/// What a block can have, in short.
#[derive(Clone, Copy, Debug)]
enum Act {
    Batch(u16),
    Feed(bool),
    Leave,
    Offer,
}

fn acts() -> impl Strategy<Value = Vec<Vec<Act>>> {
    let act = prop_oneof![
        any::<u16>().prop_map(Act::Batch),
        any::<bool>().prop_map(Act::Feed),
        Just(Act::Leave),
        Just(Act::Offer),
    ];
    vec(vec(act, 0..6), 1..20)
}

fn chain_of(acts: &[Vec<Act>]) -> Chain {
    let mut chain = Chain::default();
    let (mut sequence, mut grants, mut feeding) = (0, 0, [false; 2]);
    for block in acts {
        let bodies = block
            .iter()
            .map(|act| match act {
                Act::Batch(count) => {
                    let body = batch(sequence, u32::from(*count) + 1, 0);
                    sequence += u64::from(*count) + 1;
                    (CITY, body, vec![Subject::Device(DEVICE)])
                }
                Act::Feed(which) => {
                    let on = &mut feeding[usize::from(*which)];
                    *on = !*on;
                    let device = [DeviceId(1 + u64::from(*which))];
                    if *on {
                        fed(1, &device, &[])
                    } else {
                        fed(1, &[], &device)
                    }
                }
                Act::Leave => {
                    let body = Body::AccountRemoved { organisation: TELECOM, account: [9; 32] };
                    (TELECOM, body, vec![Subject::Organisation(TELECOM), Subject::Organisation(CITY)])
                }
                Act::Offer => {
                    grants += 1;
                    let grant = GrantId(grants);
                    let terms = terms(1, CITY, TELECOM);
                    (CITY, Body::GrantRequested { grant, supersedes: None, terms }, vec![Subject::Grant(grant)])
                }
            })
            .collect();
        chain.block(bodies);
    }
    chain
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn content_does_not_depend_on_how_the_blocks_come(acts in acts(), cuts in vec(1..5_usize, 20)) {
        let chain = chain_of(&acts);
        let expected = contents(&filled(&Store::file(), &chain), &chain.blocks);
        for store in stores() {
            let (mut rest, mut index) = (chain.blocks.as_slice(), bound(&store));
            for cut in &cuts {
                if rest.is_empty() {
                    break;
                }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                index.append(piece).unwrap();
                rest = after;
                // As after a restart.
                drop(index);
                index = bound(&store);
            }
            index.append(rest).unwrap();
            prop_assert_eq!(contents(&index, &chain.blocks), expected.clone());
            prop_assert_eq!(index.check().unwrap(), None);
        }
    }
}

#[test]
fn a_rebuilt_index_equals_the_live_one() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let live = contents(&index, &chain.blocks);
        let distinct: BTreeSet<_> = live.iter().collect();
        assert_eq!(distinct.len(), live.len(), "even an empty block is in it");
        assert_eq!(read(&index, |snapshot| snapshot.content(99)), None);
        index.reset(&GENESIS).unwrap();
        index.append(&chain.blocks).unwrap();
        assert_eq!(contents(&index, &chain.blocks), live);
        assert_eq!(index.check().unwrap(), None);
    }
}

#[test]
fn another_genesis_record_or_extrinsic_makes_another_content() {
    for store in stores() {
        let content = |genesis: &Hash, chain: &Chain| {
            let store = store.another();
            let index = bound(&store);
            index.bind(genesis).unwrap();
            index.append(&chain.blocks).unwrap();
            contents(&index, &chain.blocks)
        };
        let base = content(&GENESIS, &Chain::sample());
        let other = content(&[8; 32], &Chain::sample());
        assert!(base.iter().zip(&other).all(|(base, other)| base != other));
        let mut chain = Chain::sample();
        chain.blocks[4].extrinsics.pop();
        let other = content(&GENESIS, &chain);
        assert_eq!((&other[..4], other[4] == base[4]), (&base[..4], false));
        let mut chain = Chain::sample();
        chain.block(Vec::new());
        let other = content(&GENESIS, &chain);
        assert_eq!(other[..5], base);
    }
}

/// The definition, written out once more: sections of rows of columns, in which integers are `1` and blobs `4`.
#[test]
fn content_is_made_as_it_is_specified() {
    for store in stores() {
        let mut chain = Chain::default();
        let removed = Body::AccountRemoved { organisation: TELECOM, account: [9; 32] };
        chain.block_with(vec![(CITY, removed, vec![Subject::Organisation(TELECOM)])], vec![inherent(0)]);
        let index = filled(&store, &chain);
        let block = &chain.blocks[0];

        let integer = |number: i64| [&[1][..], &number.to_be_bytes()].concat();
        let sized = |kind: u8, bytes: &[u8]| [&[kind][..], &(bytes.len() as u64).to_be_bytes(), bytes].concat();
        let (text, blob) = (|text: &str| sized(3, text.as_bytes()), |bytes: &[u8]| sized(4, bytes));
        let section = |name: &str, rows: &[Vec<Vec<u8>>]| {
            let name = [&(name.len() as u64).to_be_bytes()[..], name.as_bytes()].concat();
            let digest = Sha256::digest(rows.concat().concat());
            [&name[..], &(rows.len() as u64).to_be_bytes(), &digest].concat()
        };
        let record = &block.entries[0].record;
        let (kind, leaf) = (text("account_removed"), leaf_hash::<Portable>(&record.encode()));
        let blocks = vec![integer(0), blob(&block.hash), integer(1), blob(&block.head.root)];
        let hash = sp_crypto_hashing::blake2_256(&inherent(0).encode());
        let extrinsics = vec![integer(0), integer(0), blob(&hash), vec![0]];
        let records = vec![
            integer(0),
            integer(0),
            integer(0),
            integer(1),
            blob(&record.account),
            kind.clone(),
            blob(&leaf),
            blob(&record.encode()),
            blob(&block.entries[0].subjects.encode()),
        ];
        let subjects = vec![integer(0), integer(2), kind.clone(), integer(0)];
        let named = |thing: i64, id: &[u8]| vec![integer(thing), blob(id), kind.clone(), integer(0)];
        let names = [named(0, &2_u64.to_be_bytes()), named(10, &[9; 32])];
        let before = Sha256::digest([&b"citynet.index"[..], &6_i64.to_be_bytes(), &GENESIS].concat());
        let expected = Sha256::digest(
            [
                before.to_vec(),
                section("blocks", &[blocks]),
                section("extrinsics", &[extrinsics]),
                section("records", &[records]),
                section("subjects", &[subjects]),
                section("names", &names),
            ]
            .concat(),
        );
        assert_eq!(contents(&index, &chain.blocks), [Hash::from(expected)]);
    }
}

/// What is found in an index of every kind of record to which something is done by hand. It is made anew afterwards.
fn after(store: &Store, index: &Index, change: &str) -> Result<Option<Difference>, Error> {
    assert!(store.change(change) > 0, "nothing changed by {change}");
    let found = index.check();
    index.reset(&GENESIS).unwrap();
    index.append(&every_kind().blocks).unwrap();
    found
}

#[test]
fn every_column_of_every_table_is_covered() {
    for store in stores() {
        let index = filled(&store, &every_kind());
        assert_eq!(index.check().unwrap(), None);
        let tables = store.tables();
        assert_eq!(tables.len(), 17, "{tables:?}");
        for (table, columns) in &tables {
            let mut key: Vec<_> = columns.iter().filter(|column| column.2 > 0).collect();
            key.sort_by_key(|column| column.2);
            let key = key.iter().map(|column| column.0.as_str()).collect::<Vec<_>>().join(", ");
            // A table without rows would fail here: nothing changes.
            let first = format!("({key}) = (SELECT {key} FROM {table} LIMIT 1)");
            let found = after(&store, &index, &format!("DELETE FROM {table} WHERE {first}"));
            assert!(!matches!(found, Ok(None)), "a row of {table} can be deleted unseen");
            for (column, kind, _) in columns {
                let value = match kind.as_str() {
                    // The cursor's id is fixed by a constraint.
                    "INTEGER" if table == "cursor" && column == "id" => continue,
                    "INTEGER" => format!("coalesce({column}, 0) + 1000000"),
                    "TEXT" => format!("{column} || 'x'"),
                    "BLOB" => match &store {
                        Store::File(_) => format!("CAST(x'ff' || coalesce({column}, x'') AS BLOB)"),
                        Store::Server(_) => format!("'\\xff'::bytea || coalesce({column}, '')"),
                    },
                    other => panic!("{other}"),
                };
                let change = format!("UPDATE {table} SET {column} = {value} WHERE {first}");
                let found = after(&store, &index, &change);
                assert!(!matches!(found, Ok(None)), "{table}.{column} can be changed unseen");
            }
        }
    }
}

#[test]
fn a_difference_says_where_it_is() {
    for store in stores() {
        let zeros = match &store {
            Store::File(_) => "zeroblob(32)",
            Store::Server(_) => "decode(repeat('00', 32), 'hex')",
        };
        let index = filled(&store, &every_kind());
        let found = |change: &str| after(&store, &index, &change.replace("ZEROS", zeros)).unwrap();
        assert_eq!(found("UPDATE records SET time = 1 WHERE idx = 3"), Some(Difference::Block(3)));
        assert_eq!(found("UPDATE blocks SET content = ZEROS WHERE number = 2"), Some(Difference::Block(2)));
        assert_eq!(found("DELETE FROM extrinsics WHERE block = 1"), Some(Difference::Block(1)));
        assert_eq!(found("INSERT INTO datasets (id, idx) VALUES (7, 5)"), Some(Difference::Block(4)));
        assert_eq!(found("INSERT INTO datasets (id, idx) VALUES (7, 999)"), Some(Difference::Stray("datasets")));
        assert_eq!(found("UPDATE feeds SET removed = NULL"), Some(Difference::Block(7)));
        assert_eq!(found("UPDATE cursor SET attestations = 9"), Some(Difference::Position));
        assert_eq!(found("UPDATE meta SET value = ZEROS"), Some(Difference::Block(0)));
    }
}

#[test]
fn an_index_without_blocks_has_no_difference_and_takes_none_before_it_is_bound() {
    for store in stores() {
        let index = Index::open(store.location()).unwrap();
        assert_eq!(index.check().unwrap(), None);
        assert!(matches!(index.append(&Chain::sample().blocks), Err(Error::NotReady)));
        index.bind(&GENESIS).unwrap();
        assert_eq!(index.check().unwrap(), None);
    }
}

#[test]
fn an_index_whose_last_block_is_gone_takes_no_other() {
    for store in stores() {
        let chain = Chain::sample();
        let index = bound(&store);
        index.append(&chain.blocks[..4]).unwrap();
        store.change("DELETE FROM blocks WHERE number = 3");
        let error = index.append(&chain.blocks[4..]).unwrap_err();
        assert!(matches!(error, Error::NoContent(3)) && error.is_final(), "{error:?}");
    }
}
