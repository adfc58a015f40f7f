use crate::{mock::*, Call, Error, Event, WeightInfo};
use citynet_primitives::{Body, DatasetId, DatasetInfo, DatasetKind, DeviceId};
use citynet_support::mock::{MockDevices, MockJournal, MockMembership};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResult, GetDispatchInfo},
};
use sp_runtime::DispatchError;

/// More devices of the city, up to this number.
fn add_devices(last: u64) {
    (2..=last).for_each(|number| MockDevices::set(DeviceId(number), CITY, 0));
}

fn set(dataset: DatasetId, add: &[u64], remove: &[u64]) -> DispatchResult {
    let (add, remove) = (devices(add.iter().copied()), devices(remove.iter().copied()));
    Catalog::set_devices(signed(registrar()), dataset, add, remove)
}

#[test]
fn adds_and_removes() {
    ExtBuilder::run(|| {
        add_devices(4);
        let dataset = register(DatasetKind::Stream);
        let before = info(dataset);
        for (add, remove, left) in
            [(vec![3, 1, 2], vec![], vec![1, 2, 3]), (vec![4], vec![3, 1], vec![2, 4]), (vec![], vec![2, 4], vec![])]
        {
            assert_ok!(set(dataset, &add, &remove));
            let body = Body::DatasetDevicesChanged { dataset, added: devices(add), removed: devices(remove) };
            let record = assert_recorded((&registrar(), CITY), dataset, &[CITY], &body);
            assert_eq!(last_event(), Event::DatasetDevicesChanged { dataset, record });
            let (head, count) = (info(dataset).head, left.len() as u32);
            assert_eq!(info(dataset), DatasetInfo { devices: count, head, ..before.clone() });
            assert_eq!(Catalog::devices(dataset), left.into_iter().map(DeviceId).collect::<Vec<_>>());
        }
    });
}

#[test]
fn a_device_may_feed_several_datasets() {
    ExtBuilder::run(|| {
        let (first, second) = (register(DatasetKind::Stream), register(DatasetKind::Snapshot));
        feed(first, [1]);
        feed(second, [1]);
        assert_ok!(set(first, &[], &[1]));
        assert!(Catalog::devices(first).is_empty());
        assert_eq!(Catalog::devices(second), [CITYS_DEVICE]);
    });
}

#[test]
fn refuses_by_membership_and_owner() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let call = |origin, dataset| Catalog::set_devices(origin, dataset, devices([1]), devices([]));
        assert_noop!(call(RuntimeOrigin::none(), dataset), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody()), dataset), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(attestor()), dataset), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(signed(stranger()), dataset), Error::<Test>::NotOwner);
        assert_noop!(call(signed(registrar()), DatasetId(2)), Error::<Test>::NotFound);
    });
}

#[test]
fn refuses_bad_lists() {
    ExtBuilder::run(|| {
        add_devices(2);
        let dataset = register(DatasetKind::Stream);
        feed(dataset, [1]);
        assert_noop!(set(dataset, &[], &[]), Error::<Test>::NothingChanged);
        for (add, remove) in [(vec![2, 2], vec![]), (vec![], vec![1, 1]), (vec![1], vec![1]), (vec![2], vec![1, 2])] {
            assert_noop!(set(dataset, &add, &remove), Error::<Test>::NamedTwice);
        }
        assert_noop!(set(dataset, &[1], &[]), Error::<Test>::AlreadyFeeds);
        assert_noop!(set(dataset, &[], &[2]), Error::<Test>::DoesNotFeed);
        assert_noop!(set(dataset, &[], &[77]), Error::<Test>::DoesNotFeed);
        assert_noop!(set(dataset, &[77], &[]), Error::<Test>::UnknownDevice);
        assert_noop!(set(dataset, &[TELECOMS_DEVICE.0], &[]), Error::<Test>::NotOwnerOfDevice);
        // One that is wrong is enough.
        assert_noop!(set(dataset, &[2, 77], &[1]), Error::<Test>::UnknownDevice);
    });
}

#[test]
fn takes_as_many_as_the_bound_says() {
    ExtBuilder::run(|| {
        let bound = u64::from(MAX_DEVICES);
        add_devices(bound + 1);
        let dataset = register(DatasetKind::Stream);
        feed(dataset, 1..=64);
        feed(dataset, 65..=bound);
        assert_noop!(set(dataset, &[bound + 1], &[]), Error::<Test>::TooManyDevices);
        assert_ok!(set(dataset, &[bound + 1], &[1]));
        assert_eq!(info(dataset).devices, MAX_DEVICES);
    });
}

#[test]
fn weighs_by_how_many_are_named() {
    let (add, remove) = (devices([1, 2]), devices([3]));
    let call = RuntimeCall::Catalog(Call::set_devices { dataset: DatasetId(1), add, remove });
    assert_eq!(call.get_dispatch_info().call_weight, <()>::set_devices(3));
}

#[test]
fn writes_nothing_when_the_journal_refuses() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        MockJournal::fail(true);
        assert_noop!(set(dataset, &[1], &[]), MockJournal::FAILURE);
    });
}
