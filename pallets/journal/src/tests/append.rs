//! One record.

use crate::{mock::*, *};
use citynet_merkle::{leaf_hash, Portable, Sha256};
use citynet_primitives::{DeviceId, Entry, Record, Subject, SubjectHead, RECORD_VERSION};
use citynet_support::{mock::MockClock, Appended, Journal as _};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, storage::with_storage_layer};
use sp_runtime::DispatchError;

const DEVICE: Subject = Subject::Device(DeviceId(3));

/// A log that has `size` records already, as far as its edge can tell.
fn pretend_size(size: u64) {
    let peaks = vec![[0x5a; 32]; size.count_ones() as usize];
    sp_io::storage::set(&Edge::<Test>::hashed_key(), &(size, peaks).encode());
    assert_eq!(Edge::<Test>::get().size(), size);
}

#[test]
fn a_record_says_what_when_and_by_whom() {
    execute(|| {
        run_block(|| ());
        run_block(|| {
            let Appended { index, leaf } = Journal::append(&author(), &[organisation(7)], body(1)).unwrap();

            let record = Record {
                version: RECORD_VERSION,
                index: 0,
                block: 2,
                time: MockClock::START,
                organisation: author().organisation,
                account: author().account,
                body: body(1),
            };
            assert_eq!(index, 0);
            assert_eq!(leaf, leaf_hash::<Portable>(&record.encode()));
            let subjects = vec![organisation(7)].try_into().unwrap();
            assert_eq!(Journal::records(), vec![Entry { record, subjects }]);
        });
    });
}

#[test]
fn a_subject_is_counted_and_chained() {
    execute(|| {
        let first = Journal::append(&author(), &[organisation(7)], body(1)).unwrap();
        let second = Journal::append(&author(), &[organisation(7), organisation(8)], body(2)).unwrap();

        let chain = |before: [u8; 32], leaf: [u8; 32]| Portable::digest(&[&[0x02], &before, &leaf]);
        let once = chain([0; 32], first.leaf);
        assert_eq!(Journal::subject_head(organisation(7)), SubjectHead { count: 2, chain: chain(once, second.leaf) });
        assert_eq!(
            Journal::subject_head(organisation(8)),
            SubjectHead { count: 1, chain: chain([0; 32], second.leaf) }
        );
        assert_eq!(Journal::subject_head(organisation(9)), SubjectHead::default());
    });
}

#[test]
fn a_held_head_advances_in_place_and_is_not_kept() {
    execute(|| {
        let mut head = SubjectHead::default();
        let appended = Journal::append_held(&author(), (DEVICE, &mut head), &[organisation(7)], body(1)).unwrap();

        assert_eq!(head.count, 1);
        assert_eq!(head, Journal::subject_head(organisation(7)));
        assert!(!Heads::<Test>::contains_key(DEVICE));
        assert_eq!(Journal::records()[0].subjects[..], [DEVICE, organisation(7)]);
        assert_eq!(appended.index, 0);

        DeviceHeads::mutate(|heads| heads.insert(DeviceId(3), head));
        assert_eq!(Journal::subject_head(DEVICE), head);
    });
}

#[test]
fn the_bound_on_records_is_per_block() {
    execute(|| {
        run_block(|| {
            for number in 0..MAX_RECORDS as u8 {
                assert_ok!(Journal::append(&author(), &[], body(number)));
            }
            assert_noop!(Journal::append(&author(), &[], body(99)), Error::<Test>::TooManyRecords);

            let mut head = SubjectHead::default();
            assert_noop!(
                Journal::append_held(&author(), (DEVICE, &mut head), &[], body(99)),
                Error::<Test>::TooManyRecords
            );
            assert_eq!(head, SubjectHead::default());
        });
        run_block(|| {
            assert_ok!(Journal::append(&author(), &[], body(100)));
        });
    });
}

#[test]
fn a_record_has_at_most_eight_subjects() {
    execute(|| {
        let eight: Vec<_> = (0..8).map(organisation).collect();
        let nine: Vec<_> = (0..9).map(organisation).collect();
        let mut head = SubjectHead::default();

        assert_noop!(Journal::append(&author(), &nine, body(1)), Error::<Test>::TooManySubjects);
        assert_noop!(
            Journal::append_held(&author(), (DEVICE, &mut head), &eight, body(1)),
            Error::<Test>::TooManySubjects
        );
        assert_ok!(Journal::append(&author(), &eight, body(1)));
        assert_eq!(head, SubjectHead::default());
    });
}

#[test]
fn a_subject_is_named_once() {
    execute(|| {
        let twice = [organisation(1), organisation(2), organisation(1)];
        let mut head = SubjectHead::default();

        assert_noop!(Journal::append(&author(), &twice, body(1)), Error::<Test>::DuplicateSubject);
        assert_noop!(
            Journal::append_held(&author(), (DEVICE, &mut head), &[DEVICE], body(1)),
            Error::<Test>::DuplicateSubject
        );
        assert_eq!(head, SubjectHead::default());
    });
}

#[test]
fn a_full_log_takes_no_more() {
    execute(|| {
        System::set_block_number(5);
        pretend_size(u64::MAX);

        assert_noop!(Journal::append(&author(), &[organisation(7)], body(1)), Error::<Test>::LogFull);
    });
}

#[test]
fn a_block_number_fits_32_bits() {
    execute(|| {
        System::set_block_number(u64::from(u32::MAX) + 1);
        assert_noop!(Journal::append(&author(), &[], body(1)), Error::<Test>::BlockNumberOverflow);

        System::set_block_number(u64::from(u32::MAX));
        assert_ok!(Journal::append(&author(), &[], body(1)));
    });
}

#[test]
fn what_is_rolled_back_was_never_appended() {
    execute(|| {
        run_block(|| {
            Journal::append(&author(), &[organisation(7)], body(1)).unwrap();
            let head = Journal::tree_head();

            let undone: Result<(), DispatchError> = with_storage_layer(|| {
                Journal::append(&author(), &[organisation(7)], body(2))?;
                Journal::append(&author(), &[organisation(7)], body(3))?;
                Err(DispatchError::Unavailable)
            });
            assert_eq!(undone, Err(DispatchError::Unavailable));
            assert_eq!(Journal::tree_head(), head);
            assert_eq!(Journal::records().len(), 1);

            assert_eq!(Journal::append(&author(), &[organisation(7)], body(4)).unwrap().index, 1);
            let bodies: Vec<_> = Journal::records().into_iter().map(|entry| entry.record.body).collect();
            assert_eq!(bodies, [body(1), body(4)]);
        });
    });
}
