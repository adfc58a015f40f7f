//! Lists of obligations are ordered sets.

use crate::{
    mock::*,
    queue::{join, split, waiting},
    Listed,
};
use citynet_primitives::CycleId;
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeSet;

const LIST: CycleId = CycleId { currency: 7, number: 3 };
const OTHER: CycleId = CycleId { currency: 7, number: 4 };

/// Everything that a list has, in its own order.
fn listed(list: CycleId) -> Vec<u64> {
    let mut all = Vec::new();
    let mut from = Some(0);
    while let Some(number) = from.and_then(|from| Settlements::next_listed(list, from)) {
        all.push(number);
        from = number.checked_add(1);
    }
    all
}

#[test]
fn an_empty_list_has_nothing() {
    ExtBuilder::default().build().execute_with(|| {
        for from in [0, 1, 255, 256, u64::MAX] {
            assert_eq!(Settlements::next_listed(LIST, from), None);
        }
        Settlements::unlist(LIST, 5);
        assert_eq!(Listed::<Test>::iter().count(), 0);
    });
}

#[test]
fn numbers_come_in_order_wherever_they_are() {
    ExtBuilder::default().build().execute_with(|| {
        let mut numbers =
            vec![0, 1, 254, 255, 256, 257, 65_535, 65_536, 1 << 24, (1 << 32) + 5, u64::MAX - 1, u64::MAX];
        for number in numbers.iter().rev() {
            Settlements::list(LIST, *number);
            Settlements::list(LIST, *number);
        }
        assert_eq!(listed(LIST), numbers);
        assert!(listed(OTHER).is_empty());
        assert!(listed(waiting(7)).is_empty());
        assert!(Settlements::is_listed(LIST, 257));
        assert!(!Settlements::is_listed(LIST, 258));

        while let Some(number) = numbers.pop() {
            Settlements::unlist(LIST, number);
            Settlements::unlist(LIST, number);
            assert_eq!(listed(LIST), numbers);
        }
        assert_eq!(Listed::<Test>::iter().count(), 0);
    });
}

#[test]
fn a_number_is_its_word_and_its_place() {
    for number in [0, 1, 255, 256, 0x1234_5678_9abc_def0, u64::MAX] {
        let (word, place) = split(number);
        assert_eq!(join(word, place), number);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_is_an_ordered_set(steps in vec((any::<bool>(), 0u64..700, 0u32..40), 1..120), from in any::<u64>()) {
        ExtBuilder::default().build().execute_with(|| {
            let mut set = BTreeSet::new();
            for (adds, low, shift) in steps {
                let number = low << shift;
                if adds {
                    Settlements::list(LIST, number);
                    set.insert(number);
                } else {
                    Settlements::unlist(LIST, number);
                    set.remove(&number);
                }
                assert_eq!(Settlements::is_listed(LIST, number), adds);
            }
            assert_eq!(listed(LIST), set.iter().copied().collect::<Vec<_>>());
            assert_eq!(Settlements::next_listed(LIST, from), set.range(from..).next().copied());
            for number in set {
                Settlements::unlist(LIST, number);
            }
            assert_eq!(Listed::<Test>::iter().count(), 0);
        });
    }
}
