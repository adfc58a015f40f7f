//! What happens from block to block.

use crate::{mock::*, *};
use citynet_merkle::{empty_root, Portable};
use citynet_primitives::TreeHead;
use citynet_support::Journal as _;

#[test]
fn every_header_has_exactly_one_tree_head() {
    execute(|| {
        let empty = run_block(|| ());
        assert_eq!(tree_heads(&empty), [TreeHead { size: 0, root: empty_root::<Portable>() }]);

        let mut leaf = [0; 32];
        let one = run_block(|| leaf = Journal::append(&author(), &[], body(1)).unwrap().leaf);
        assert_eq!(tree_heads(&one), [TreeHead { size: 1, root: leaf }]);

        let unchanged = run_block(|| ());
        assert_eq!(tree_heads(&unchanged), tree_heads(&one));
    });
}

#[test]
fn records_are_readable_in_their_block_and_cleared_by_the_next() {
    execute(|| {
        run_block(|| {
            Journal::append(&author(), &[], body(1)).unwrap();
            Journal::append(&author(), &[], body(2)).unwrap();
        });
        assert_eq!(Journal::records().len(), 2);

        run_block(|| assert!(Journal::records().is_empty()));
        assert!(!Records::<Test>::exists());
    });
}

#[test]
fn a_block_without_records_writes_nothing() {
    execute(|| {
        run_block(|| {
            Journal::append(&author(), &[organisation(1)], body(1)).unwrap();
        });
        run_block(|| ());
        let before = (Edge::<Test>::get(), EdgeBefore::<Test>::get(), RecordsBlock::<Test>::get());

        run_block(|| ());
        assert_eq!((Edge::<Test>::get(), EdgeBefore::<Test>::get(), RecordsBlock::<Test>::get()), before);
        assert_eq!(before.2, OpenBlock { number: 1, first_index: 0 });
    });
}

#[test]
fn a_record_of_an_earlier_hook_survives() {
    execute(|| {
        run_block(|| {
            Journal::append(&author(), &[], body(1)).unwrap();
        });

        AppendsEarly::set(true);
        let header = run_block(|| {
            Journal::append(&author(), &[], body(2)).unwrap();
        });

        let bodies: Vec<_> = Journal::records().into_iter().map(|entry| entry.record.body).collect();
        assert_eq!(bodies, [body(0), body(2)]);
        assert_eq!(tree_heads(&header)[0].size, 3);
    });
}

#[test]
fn an_earlier_hook_can_write_in_every_block() {
    execute(|| {
        AppendsEarly::set(true);
        for size in 1..=4 {
            let header = run_block(|| ());
            assert_eq!(Journal::records().len(), 1);
            assert_eq!(tree_heads(&header)[0].size, size);
        }
    });
}

#[test]
fn the_genesis_block_has_records_too() {
    execute(|| {
        Journal::append(&author(), &[organisation(1)], body(1)).unwrap();
        Journal::append(&author(), &[organisation(1)], body(2)).unwrap();
        assert_eq!(Journal::do_try_state(), Ok(()));

        let records = Journal::records();
        assert_eq!(records.len(), 2);
        assert!(records.iter().all(|entry| entry.record.block == 0));

        let header = run_block(|| {
            Journal::append(&author(), &[], body(3)).unwrap();
        });
        assert_eq!(tree_heads(&header)[0].size, 3);
        assert_eq!(Journal::records().len(), 1);
        assert_eq!(Journal::records()[0].record.index, 2);
    });
}
