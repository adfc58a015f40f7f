//! What was made from what.

use crate::{chain::*, database::*};
use citynet_index::{Dependent, Dependents};
use citynet_primitives::{Body, DatasetKind, DeviceId, Source, Subject};

/// The device's readings 0 to 9 are of times up to 100, 10 to 19 up to 200, and from `HUGE` on, 5 of them, up to 150.
///
/// ```text
/// 0-4 → 1@1 → 2@1 → 3@1 → 4@1
/// 0-12 → 1@2 ─────→ 3@1, 2@2
/// HUGE → 5@1 → 4@1
/// ```
fn lineage() -> Chain {
    let mut chain = Chain::default();
    let device = vec![Subject::Device(DEVICE)];
    let registered = Body::DeviceRegistered { device: DEVICE, owner: CITY, profile: profile(), key: key(1) };
    chain.block(vec![(CITY, registered, device.clone())]);
    chain.block(vec![
        (CITY, batch_until(0, 10, 0, 100), device.clone()),
        (CITY, batch_until(10, 10, 0, 200), device.clone()),
        (CITY, batch_until(HUGE, 5, HUGE - 20, 150), device),
    ]);
    let kinds = [DatasetKind::Stream, DatasetKind::Derived, DatasetKind::Derived, DatasetKind::Model];
    chain.block((1..).zip(kinds).map(|(number, kind)| dataset(number, kind)).collect());
    chain.block(vec![
        dataset(5, DatasetKind::Stream),
        published(version(1, 1), vec![readings(0, 4)]),
        published(version(1, 2), vec![Source::External { content: [9; 32], uri: Default::default() }, readings(0, 12)]),
        published(version(5, 1), vec![readings(HUGE, HUGE + 4)]),
    ]);
    chain.block(vec![
        published(version(2, 1), vec![of(version(1, 1))]),
        published(version(2, 2), vec![of(version(1, 2))]),
        published(version(3, 1), vec![of(version(2, 1)), of(version(1, 2))]),
        published(version(4, 1), vec![of(version(3, 1)), of(version(5, 1)), readings(3, 3)]),
    ]);
    chain
}

/// Each dependent with its depth and what it was found by.
fn ways(dependents: &Dependents) -> Vec<(String, u32, Option<String>)> {
    let way = |found: &Dependent| (found.version.to_string(), found.depth, found.via.map(|via| via.to_string()));
    dependents.found.iter().map(way).collect()
}

fn way(version: &str, depth: u32, via: Option<&str>) -> (String, u32, Option<String>) {
    (version.to_owned(), depth, via.map(str::to_owned))
}

#[test]
fn what_was_made_from_a_version_is_found() {
    for store in stores() {
        let index = filled(&store, &lineage());
        let dependents = |of, limit| read(&index, |snapshot| snapshot.dependents_of_version(of, limit));
        let all = dependents(version(1, 1), 10);
        let expected = [way("2@1", 1, Some("1@1")), way("3@1", 2, Some("2@1")), way("4@1", 3, Some("3@1"))];
        assert_eq!((ways(&all), all.complete), (expected.to_vec(), true));
        // The shortest way counts, and each version once.
        let all = dependents(version(1, 2), 10);
        let expected = [way("2@2", 1, Some("1@2")), way("3@1", 1, Some("1@2")), way("4@1", 2, Some("3@1"))];
        assert_eq!((ways(&all), all.complete), (expected.to_vec(), true));
        assert_eq!(dependents(version(1, 2), 3), all);
        let some = dependents(version(1, 2), 2);
        assert_eq!((ways(&some), some.complete), (expected[..2].to_vec(), false));
        for nothing in [version(4, 1), version(9, 1), version(u64::MAX >> 1, 1)] {
            assert_eq!(dependents(nothing, 10), Dependents { found: Vec::new(), complete: true });
        }

        let record = |id| read(&index, |snapshot| snapshot.version(id));
        assert_eq!((record(version(1, 1)), record(version(4, 1))), (Some(9), Some(15)));
        assert_eq!((record(version(1, 3)), record(version(u64::MAX, 1))), (None, None));
    }
}

#[test]
fn what_was_made_from_a_device_since_a_time_is_found() {
    for store in stores() {
        let index = filled(&store, &lineage());
        let dependents = |since, limit| read(&index, |snapshot| snapshot.dependents_of_device(DEVICE, since, limit));
        let all = dependents(0, 10);
        let expected = [
            way("1@1", 1, None),
            way("1@2", 1, None),
            way("4@1", 1, None),
            way("5@1", 1, None),
            way("2@1", 2, Some("1@1")),
            way("2@2", 2, Some("1@2")),
            way("3@1", 2, Some("1@2")),
        ];
        assert_eq!((ways(&all), all.complete), (expected.to_vec(), true));
        assert_eq!(dependents(100, 10), all, "a batch that ends at that time counts");
        // From the second batch on: what reaches its first reading, and what comes later, although it is of earlier times.
        let later = dependents(101, 10);
        let expected = [
            way("1@2", 1, None),
            way("5@1", 1, None),
            way("2@2", 2, Some("1@2")),
            way("3@1", 2, Some("1@2")),
            way("4@1", 2, Some("5@1")),
        ];
        assert_eq!((ways(&later), later.complete), (expected.to_vec(), true));
        assert_eq!(dependents(200, 10), later);
        let some = dependents(101, 1);
        assert_eq!((ways(&some), some.complete), (expected[..1].to_vec(), false));
        for since in [201, u64::MAX] {
            assert_eq!(dependents(since, 10), Dependents { found: Vec::new(), complete: true });
        }
        for device in [DeviceId(2), DeviceId(u64::MAX)] {
            let none = read(&index, |snapshot| snapshot.dependents_of_device(device, 0, 10));
            assert_eq!(none, Dependents { found: Vec::new(), complete: true });
        }
    }
}

/// Block N has time N000. The device feeds dataset 1 in blocks 1 to 3 and from block 5 on, and dataset 2 from block 1 on; the
/// silent one feeds dataset 2 in blocks 1 to 3. Dataset 3 has what was made from 1@2 and 1@5, and no device.
fn feeding() -> Chain {
    let mut chain = Chain::default();
    let external = || vec![Source::External { content: [9; 32], uri: Default::default() }];
    chain.block(vec![
        dataset(1, DatasetKind::Stream),
        dataset(2, DatasetKind::Stream),
        dataset(3, DatasetKind::Derived),
        (CITY, batch_until(0, 10, 0, 100), vec![Subject::Device(DEVICE)]),
    ]);
    chain.block(vec![
        published_of((1, 900), version(1, 1), Vec::new()),
        fed(1, &[DEVICE], &[]),
        fed(2, &[DEVICE, SILENT], &[]),
    ]);
    chain.block(vec![
        // Of times before the device fed it, and published after.
        published_of((1, 900), version(1, 2), Vec::new()),
        published_of((1, 1600), version(1, 3), vec![readings(0, 4)]),
        published_of((1, 1500), version(2, 1), external()),
        // Of times ahead, when the silent device will feed it no more.
        published_of((3001, 3002), version(2, 2), Vec::new()),
        published_of((1, 900), version(3, 1), vec![of(version(1, 2))]),
    ]);
    chain.block(vec![fed(1, &[], &[DEVICE]), fed(2, &[], &[SILENT])]);
    chain.block(vec![
        published_of((3000, 3500), version(1, 4), Vec::new()),
        published_of((3001, 3600), version(1, 5), Vec::new()),
        published_of((2000, 3700), version(1, 6), external()),
        published_of((3001, 3002), version(2, 3), Vec::new()),
        published_of((3001, 3600), version(3, 2), vec![of(version(1, 5))]),
    ]);
    chain.block(vec![fed(1, &[DEVICE], &[])]);
    chain.block(vec![
        // Of both times in which the device fed it.
        published_of((1, 5900), version(1, 7), Vec::new()),
        published_of((5500, 5950), version(1, 8), Vec::new()),
    ]);
    chain
}

#[test]
fn what_a_device_fed_is_found_without_its_readings_being_named() {
    for store in stores() {
        let index = filled(&store, &feeding());
        let dependents =
            |device, since, limit| read(&index, |snapshot| snapshot.dependents_of_device(device, since, limit));
        let direct = |versions: &[&str]| versions.iter().map(|version| way(version, 1, None)).collect::<Vec<_>>();

        // Not 1@1, which was there before the device fed it, and not 1@5, which is of times after it was removed.
        let all = dependents(DEVICE, 0, 10);
        let mut expected = direct(&["1@3", "1@2", "1@4", "1@6", "1@7", "1@8", "2@1", "2@2", "2@3"]);
        expected.push(way("3@1", 2, Some("1@2")));
        assert_eq!((ways(&all), all.complete), (expected.clone(), true));
        for limit in 0..expected.len() {
            let some = dependents(DEVICE, 0, u32::try_from(limit).unwrap());
            assert_eq!((ways(&some), some.complete), (expected[..limit].to_vec(), false));
        }

        // What the silent device fed is found although it has no batch: while it fed, even if of times after that.
        let silent = dependents(SILENT, 0, 10);
        assert_eq!((ways(&silent), silent.complete), (direct(&["2@1", "2@2"]), true));
        let nobody = dependents(DeviceId(3), 0, 10);
        assert_eq!(nobody, Dependents { found: Vec::new(), complete: true });
    }
}

#[test]
fn what_a_device_fed_counts_by_its_latest_observation() {
    for store in stores() {
        let index = filled(&store, &feeding());
        let since = |since| {
            let found = read(&index, |snapshot| snapshot.dependents_of_device(DEVICE, since, 10)).found;
            assert!(found.iter().all(|found| (found.depth, found.via) == (1, None)));
            found.into_iter().map(|found| found.version.to_string()).collect::<Vec<_>>()
        };
        // The device attested nothing of these times, so that 1@3 is found as something that it fed.
        assert_eq!(since(1600), ["1@3", "1@4", "1@6", "1@7", "1@8", "2@2", "2@3"]);
        assert_eq!(since(1601), ["1@4", "1@6", "1@7", "1@8", "2@2", "2@3"]);
        assert_eq!(since(3501), ["1@6", "1@7", "1@8"]);
        assert_eq!(since(5901), ["1@8"]);
        assert_eq!(since(5951), [""; 0]);
        assert_eq!(since(u64::MAX), [""; 0]);
    }
}

#[test]
fn what_a_device_feeds_is_the_same_when_the_blocks_come_one_by_one() {
    for store in stores() {
        let other = store.another();
        let chain = feeding();
        let expected = filled(&store, &chain);
        let index = bound(&other);
        for block in &chain.blocks {
            index.append(std::slice::from_ref(block)).unwrap();
        }
        for device in [DEVICE, SILENT] {
            let found = |index| read(index, |snapshot| snapshot.dependents_of_device(device, 0, 100));
            assert_eq!(found(&index), found(&expected));
        }
    }
}
