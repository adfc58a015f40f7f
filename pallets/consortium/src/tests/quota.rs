//! The bucket.

use crate::*;
use citynet_primitives::Quota;
use proptest::prelude::*;

const PS: u64 = 1_000_000;

fn quota() -> impl Strategy<Value = Quota> {
    (1_000..=300_000u32)
        .prop_flat_map(|rate| (Just(rate), rate.max(10_000)..=10_000_000u32))
        .prop_map(|(rate, burst)| Quota { rate, burst })
}

/// Blocks until a transaction, whether an admin's, what it may weigh at most, and what it weighs, in microseconds.
fn transactions() -> impl Strategy<Value = Vec<(u32, bool, u64, u64)>> {
    prop::collection::vec((0..4u32, any::<bool>(), 0..12_000_000u64, 0..12_000_000u64), 1..80)
}

#[test]
fn a_bucket_fills_with_time() {
    let quota = Quota { rate: 10_000, burst: 100_000 };
    let empty = Bucket { level: 0, block: 5 };
    assert_eq!(empty.at(quota, 5), empty);
    assert_eq!(empty.at(quota, 6), Bucket { level: 10_000 * PS, block: 6 });
    assert_eq!(empty.at(quota, 14).level, 90_000 * PS);
    assert_eq!(empty.at(quota, 16), Bucket::full(quota, 16));
    assert_eq!(empty.at(quota, u32::MAX), Bucket::full(quota, u32::MAX));
    // Time does not run backwards, but it would do no harm.
    assert_eq!(empty.at(quota, 1), empty);
}

#[test]
fn a_lower_burst_holds_at_once() {
    let quota = Quota { rate: 10_000, burst: 100_000 };
    let overfull = Bucket { level: u64::MAX, block: 5 };
    assert_eq!(overfull.at(quota, 5), Bucket::full(quota, 5));
}

#[test]
fn fullness_is_in_thousandths() {
    let quota = Quota { rate: 10_000, burst: 100_000 };
    let fullness = |level, admin| Bucket { level, block: 0 }.fullness(quota, admin);
    assert_eq!((fullness(0, true), fullness(0, false)), (0, 0));
    assert_eq!((fullness(10_000 * PS, true), fullness(10_000 * PS, false)), (100, 0));
    assert_eq!((fullness(55_000 * PS, true), fullness(55_000 * PS, false)), (550, 500));
    assert_eq!((fullness(100_000 * PS, true), fullness(100_000 * PS, false)), (1_000, 1_000));
}

proptest! {
    /// Over any time a bucket gives no more than its burst and what flowed in.
    #[test]
    fn a_bucket_gives_no_more_than_it_had(quota in quota(), transactions in transactions()) {
        let mut bucket = Bucket::full(quota, 0);
        let (mut block, mut given) = (0, 0u64);
        for (passed, admin, cost, used) in transactions {
            block += passed;
            bucket = bucket.at(quota, block);
            prop_assert_eq!(bucket.block, block);
            let before = bucket;
            match bucket.take(quota, admin, cost * PS) {
                Some(taken) => {
                    prop_assert!(taken <= cost * PS);
                    prop_assert_eq!(bucket.level + taken, before.level);
                    let unused = taken.saturating_sub(used.min(cost) * PS);
                    bucket.level += unused;
                    given += taken - unused;
                }
                None => prop_assert_eq!(bucket, before),
            }
            let burst = u64::from(quota.burst) * PS;
            prop_assert!(bucket.level <= burst);
            prop_assert!(given <= burst + u64::from(quota.rate) * PS * u64::from(block));
            prop_assert!(bucket.fullness(quota, admin) <= 1_000);
        }
    }

    /// It never becomes less by waiting, and waiting in two steps is waiting in one.
    #[test]
    fn time_is_monotone(
        quota in quota(),
        level in 0..=10_000_000 * PS,
        block in 0..1_000u32,
        first in 0..1_000u32,
        second in 0..1_000u32,
    ) {
        let bucket = Bucket { level, block }.at(quota, block);
        let (sooner, later) = (bucket.at(quota, block + first), bucket.at(quota, block + first + second));
        prop_assert!(bucket.level <= sooner.level && sooner.level <= later.level);
        prop_assert_eq!(sooner.at(quota, block + first + second), later);
    }

    /// Everything passes sooner or later, and what an admin may not do nobody may.
    #[test]
    fn nothing_waits_for_ever(quota in quota(), level in 0..=10_000_000 * PS, cost in 0..=u64::MAX) {
        let bucket = Bucket { level, block: 0 }.at(quota, 0);
        // The burst is at most ten thousand times the rate.
        for admin in [true, false] {
            prop_assert!(bucket.at(quota, 10_000).take(quota, admin, cost).is_some());
        }
        let (mut admins, mut others) = (bucket, bucket);
        if others.take(quota, false, cost).is_some() {
            prop_assert!(admins.take(quota, true, cost).is_some());
            prop_assert!(admins.level <= others.level);
        }
    }

    /// Nobody but an admin touches the last tenth.
    #[test]
    fn the_last_tenth_stays(quota in quota(), level in 0..=10_000_000 * PS, cost in 0..=u64::MAX) {
        let mut bucket = Bucket { level, block: 0 }.at(quota, 0);
        let before = bucket.level;
        bucket.take(quota, false, cost);
        prop_assert!(bucket.level >= before.min(u64::from(quota.burst) * PS / 10));
    }
}
