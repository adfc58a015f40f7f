//! `try_state` notices what is wrong.

use crate::{mock::*, *};
use citynet_primitives::{DeviceId, Subject, SubjectHead};
use citynet_support::Journal as _;

/// Two records in block 1, `damage` to the storage, and what `try_state` then says.
fn after(damage: impl FnOnce()) -> Result<(), sp_runtime::TryRuntimeError> {
    new_test_ext().execute_with(|| {
        run_block(|| {
            Journal::append(&author(), &[organisation(1)], body(1)).unwrap();
            Journal::append(&author(), &[organisation(1)], body(2)).unwrap();
        });
        damage();
        Journal::do_try_state()
    })
}

#[test]
fn an_intact_journal_passes() {
    assert_eq!(after(|| ()), Ok(()));
}

#[test]
fn a_changed_record_is_noticed() {
    let change = || {
        Records::<Test>::mutate(|records| records[0].record.account = [1; 32]);
    };
    assert_eq!(after(change), Err("the block's records do not lead to the edge".into()));
}

#[test]
fn a_lost_record_is_noticed() {
    let lose_last = || {
        Records::<Test>::mutate(|records| records.pop());
    };
    assert_eq!(after(lose_last), Err("the block's records do not lead to the edge".into()));

    let lose_first = || {
        Records::<Test>::mutate(|records| records.remove(0));
    };
    assert_eq!(after(lose_first), Err("the records' indices do not follow one another".into()));

    assert_eq!(after(Records::<Test>::kill), Err("the block's records do not lead to the edge".into()));
}

#[test]
fn a_record_of_another_block_or_version_is_noticed() {
    let other_block = || Records::<Test>::mutate(|records| records[1].record.block = 7);
    assert_eq!(after(other_block), Err("a record names another block than the one that wrote it".into()));

    let other_version = || Records::<Test>::mutate(|records| records[1].record.version = 2);
    assert_eq!(after(other_version), Err("a record has an unknown version".into()));
}

#[test]
fn a_wrong_edge_is_noticed() {
    assert_eq!(after(Edge::<Test>::kill), Err("the block's records do not lead to the edge".into()));

    let shifted = || EdgeBefore::<Test>::put(Edge::<Test>::get());
    assert_eq!(after(shifted), Err("the edge before the block has another size than its first index".into()));
}

#[test]
fn a_wrong_head_is_noticed() {
    let too_many = || Heads::<Test>::insert(organisation(1), SubjectHead { count: 3, chain: [0; 32] });
    assert_eq!(after(too_many), Err("a subject has more records than the log".into()));

    let none = || Heads::<Test>::insert(organisation(2), SubjectHead::default());
    assert_eq!(after(none), Err("a subject without records has a head".into()));

    let uncounted = || Heads::<Test>::remove(organisation(1));
    assert_eq!(after(uncounted), Err("a record was not counted for its subject".into()));

    let device = Subject::Device(DeviceId(1));
    let twice = || Heads::<Test>::insert(device, SubjectHead { count: 1, chain: [0; 32] });
    assert_eq!(after(twice), Err("a subject's head is kept twice".into()));
}
