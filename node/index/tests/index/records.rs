//! Records, devices and batches are found and proven.

use crate::{chain::*, database::*};
use citynet_index::{BatchLookup, Error, Filter, FinalisedBlock, Inconsistency, Index};
use citynet_merkle::{consistency_proof, inclusion_proof, leaf_hash, root_of, Portable};
use citynet_primitives::{DeviceId, Hash, Subject};
use codec::Encode;

fn refused(index: &Index, blocks: &[FinalisedBlock]) -> Inconsistency {
    let before = index.position().unwrap();
    let error = index.append(blocks).unwrap_err();
    assert!(error.is_final());
    let Error::Inconsistent { reason, .. } = error else { panic!("{error:?}") };
    assert_eq!(index.position().unwrap(), before, "nothing may be written");
    reason
}

/// Every inclusion and consistency proof at every size, and every root.
fn proofs(index: &Index, size: u64) -> Vec<Vec<Hash>> {
    read(index, |snapshot| {
        let mut all = Vec::new();
        for size in 1..=size {
            all.push(vec![root_of::<Portable, _>(snapshot, size)?]);
            for leaf in 0..size {
                all.push(inclusion_proof::<Portable, _>(snapshot, leaf, size).unwrap());
                all.push(consistency_proof::<Portable, _>(snapshot, leaf + 1, size).unwrap());
            }
        }
        Ok(all)
    })
}

#[test]
fn records_and_blocks_are_found() {
    for store in stores() {
        let chain = Chain::sample();
        let index = filled(&store, &chain);
        let position = index.position().unwrap().unwrap();
        assert_eq!((position.number, position.records(), position.attestations), (4, 6, 2));
        assert_eq!(position.root(), chain.tree.root());
        for block in &chain.blocks {
            let found = read(&index, |snapshot| snapshot.block(block.number)).unwrap();
            assert_eq!((found.hash, found.head), (block.hash, block.head));
            for entry in &block.entries {
                let found = read(&index, |snapshot| snapshot.record(entry.record.index)).unwrap();
                assert_eq!(found.record, entry.record);
                assert_eq!(found.encoded, entry.record.encode());
                assert_eq!(found.leaf, leaf_hash::<Portable>(&found.encoded));
                assert_eq!(found.subjects, entry.subjects);
                assert_eq!(found.block_hash, block.hash);
            }
        }
        assert_eq!(read(&index, |snapshot| snapshot.block(5)), None);
        assert_eq!(read(&index, |snapshot| snapshot.record(6)), None);
        assert_eq!(read(&index, |snapshot| snapshot.record(u64::MAX)), None);
    }
}

#[test]
fn a_restart_resumes() {
    for store in stores() {
        let chain = Chain::sample();
        let (first, rest) = chain.blocks.split_at(3);
        let stopped = {
            let index = bound(&store);
            index.append(first).unwrap().unwrap()
        };
        let index = bound(&store);
        assert_eq!(index.position().unwrap(), Some(stopped));
        assert_eq!(refused(&index, first), Inconsistency::NotNext);
        index.append(rest).unwrap();
        assert_eq!(index.position().unwrap().unwrap().root(), chain.tree.root());
    }
}

#[test]
fn a_rebuild_gives_the_same_proofs() {
    for store in stores() {
        let mut chain = Chain::sample();
        for number in (100..118).step_by(2) {
            let device = vec![Subject::Device(DEVICE)];
            chain.block(vec![
                (CITY, batch(HUGE + number, 1, 0), device.clone()),
                (CITY, batch(HUGE + number + 1, 1, 0), device),
            ]);
        }
        let size = chain.tree.len();
        let other = store.another();
        let index = filled(&store, &chain);
        let expected = proofs(&index, size);
        for leaf in 0..size {
            let path = read(&index, |snapshot| Ok(inclusion_proof::<Portable, _>(snapshot, leaf, size).unwrap()));
            assert_eq!(path, chain.tree.inclusion_proof(leaf).unwrap());
        }

        index.reset(&GENESIS).unwrap();
        assert!(matches!(index.read(|_| Ok::<_, Error>(())), Err(Error::NotReady)));
        index.append(&chain.blocks).unwrap();
        assert_eq!(proofs(&index, size), expected);

        let index = bound(&other);
        for block in &chain.blocks {
            index.append(std::slice::from_ref(block)).unwrap();
        }
        assert_eq!(proofs(&index, size), expected);
    }
}

#[test]
fn a_head_that_the_records_do_not_make_is_refused() {
    for store in stores() {
        let mut chain = Chain::sample();
        let index = bound(&store);
        chain.blocks[3].head.root[0] ^= 1;
        assert!(matches!(refused(&index, &chain.blocks), Inconsistency::TreeHead { .. }));
        index.append(&chain.blocks[..3]).unwrap();
        chain.blocks[3].head.root[0] ^= 1;
        chain.blocks[3].head.size += 1;
        assert!(matches!(refused(&index, &chain.blocks[3..]), Inconsistency::TreeHead { .. }));
    }
}

#[test]
fn records_and_blocks_out_of_place_are_refused() {
    for store in stores() {
        let mut chain = Chain::sample();
        let index = bound(&store);
        assert_eq!(refused(&index, &chain.blocks[1..]), Inconsistency::NotNext);

        chain.blocks[2].entries.swap(0, 1);
        assert_eq!(refused(&index, &chain.blocks), Inconsistency::Index { expected: 1, found: 2 });
        chain.blocks[2].entries.swap(0, 1);

        chain.blocks[2].entries[0].record.block = 1;
        assert_eq!(refused(&index, &chain.blocks), Inconsistency::Block { index: 1, found: 1 });
        chain.blocks[2].entries[0].record.block = 2;

        chain.blocks[4].parent = [0; 32];
        assert_eq!(refused(&index, &chain.blocks), Inconsistency::NotNext);
        index.append(&chain.blocks[..4]).unwrap();
    }
}

#[test]
fn another_chain_or_version_empties_the_index() {
    for store in stores() {
        let chain = Chain::sample();
        drop(filled(&store, &chain));

        let index = Index::open(store.location()).unwrap();
        assert!(matches!(index.read(|_| Ok::<_, Error>(())), Err(Error::NotReady)), "not before it is bound");
        index.bind(&GENESIS).unwrap();
        assert!(index.position().unwrap().is_some());
        index.bind(&[8; 32]).unwrap();
        assert_eq!(index.position().unwrap(), None);
        index.append(&chain.blocks).unwrap();
        drop(index);

        let later: &[_] = match &store {
            Store::File(_) => &["CREATE TABLE later (x BLOB)", "PRAGMA user_version = 99"],
            Store::Server(_) => &["CREATE TABLE later (x bytea)", "COMMENT ON TABLE meta IS '99'"],
        };
        for change in later {
            store.change(change);
        }
        let index = Index::open(store.location()).unwrap();
        index.bind(&[8; 32]).unwrap();
        assert_eq!(index.position().unwrap(), None);
        index.append(&chain.blocks).unwrap();
    }
}

#[test]
fn filters_select_and_combine() {
    for store in stores() {
        let index = filled(&store, &Chain::sample());
        let all = Filter::default();
        assert_eq!(indices(&index, &all), [0, 1, 2, 3, 4, 5]);
        let subject = Filter { subject: Some(Subject::Device(DEVICE)), ..all.clone() };
        assert_eq!(indices(&index, &subject), [1, 2, 3, 4]);
        assert_eq!(indices(&index, &Filter { subject: Some(Subject::Organisation(CITY)), ..all.clone() }), [0, 1]);
        assert_eq!(indices(&index, &Filter { subject: Some(Subject::Device(DeviceId(2))), ..all.clone() }), [0; 0]);
        let impossible = Some(Subject::Device(DeviceId(u64::MAX)));
        assert_eq!(indices(&index, &Filter { subject: impossible, ..all.clone() }), [0; 0]);
        assert_eq!(indices(&index, &Filter { kind: Some("batch_attested"), ..all.clone() }), [2, 3]);
        assert_eq!(indices(&index, &Filter { organisation: Some(TELECOM), ..all.clone() }), [5]);
        assert_eq!(indices(&index, &Filter { account: Some(account(CITY)), ..all.clone() }), [1, 2, 3, 4]);
        assert_eq!(
            indices(&index, &Filter { kind: Some("batch_attested"), from_time: Some(2001), ..subject.clone() }),
            [3]
        );
        assert_eq!(indices(&index, &Filter { from_time: Some(3000), ..all.clone() }), [3, 4, 5]);
        assert_eq!(indices(&index, &Filter { to_time: Some(2000), ..all.clone() }), [0, 1, 2]);
        assert_eq!(indices(&index, &Filter { from_time: Some(2000), to_time: Some(3999), ..all.clone() }), [1, 2, 3]);
        assert_eq!(indices(&index, &Filter { from_time: Some(u64::MAX), ..all.clone() }), [0; 0]);
        assert_eq!(indices(&index, &Filter { from_time: Some(3000), to_time: Some(2000), ..all.clone() }), [0; 0]);
        let part = read(&index, |snapshot| snapshot.records(&subject, 2, 4, 1));
        assert_eq!(part.iter().map(|found| found.record.index).collect::<Vec<_>>(), [2]);
        let part = read(&index, |snapshot| snapshot.records(&subject, 2, 4, 9));
        assert_eq!(part.iter().map(|found| found.record.index).collect::<Vec<_>>(), [2, 3]);
    }
}

#[test]
fn devices_have_their_profile_and_keys() {
    for store in stores() {
        let index = filled(&store, &Chain::sample());
        let device = read(&index, |snapshot| snapshot.device(DEVICE)).unwrap();
        assert_eq!((device.device, device.owner, device.registered), (DEVICE, CITY, 1));
        assert_eq!(device.profile, profile());
        assert_eq!(device.keys, [(0, 1), (1, 4)]);
        assert_eq!(read(&index, |snapshot| snapshot.device(DeviceId(0))), None);
        assert_eq!(read(&index, |snapshot| snapshot.device(DeviceId(u64::MAX))), None);
        assert!(read(&index, |snapshot| snapshot.devices(0, 1, 10)).is_empty());
        let earlier = read(&index, |snapshot| snapshot.devices(0, 4, 10));
        assert_eq!(earlier[0].keys, [(0, 1)]);
    }
}

#[test]
fn batches_are_found_by_sequence_number() {
    for store in stores() {
        let index = filled(&store, &Chain::sample());
        let lookup = |sequence| read(&index, |snapshot| snapshot.batch(DEVICE, sequence));
        let found = |sequence| match lookup(sequence) {
            BatchLookup::Found(found) => found.record.index,
            other => panic!("{other:?}"),
        };
        assert_eq!((found(0), found(9)), (2, 2));
        assert_eq!((found(HUGE), found(HUGE + 4)), (3, 3));
        assert_eq!(lookup(10), BatchLookup::Missing { declared_by: 3 });
        assert_eq!(lookup(HUGE - 1), BatchLookup::Missing { declared_by: 3 });
        assert_eq!(lookup(HUGE + 5), BatchLookup::Unknown);
        assert_eq!(read(&index, |snapshot| snapshot.batch(DeviceId(2), 0)), BatchLookup::Unknown);
    }
}

#[test]
fn a_snapshot_stays_at_its_position() {
    for store in stores() {
        let chain = Chain::sample();
        let index = bound(&store);
        index.append(&chain.blocks[..3]).unwrap();
        read(&index, |snapshot| {
            index.append(&chain.blocks[3..])?;
            assert_eq!(snapshot.position().number, 2);
            assert_eq!(snapshot.record(3)?, None);
            assert_eq!(snapshot.block(3)?, None);
            Ok(())
        });
        assert_eq!(read(&index, |snapshot| Ok(snapshot.position().number)), 4);
    }
}
