use crate::{mock::*, DatasetCount, Datasets, FedBy, Versions};
use citynet_primitives::{
    DatasetId, DatasetInfo, DatasetKind, DeviceId, GrantId, OrganisationId, Subject, SubjectHead, VersionInfo,
};
use citynet_support::{mock::MockDevices, Catalogue, DatasetFacts, HeldHeads};
use frame_support::{assert_err, assert_ok};

#[test]
fn answers_about_datasets() {
    ExtBuilder::run(|| {
        assert_eq!(Catalog::dataset_count(), 0);
        let dataset = register(DatasetKind::Stream);
        assert_eq!(Catalog::dataset(dataset), Some(info(dataset)));
        assert_eq!(Catalog::dataset(DatasetId(2)), None);
        assert_eq!(Catalog::dataset_count(), 1);
    });
}

#[test]
fn answers_about_devices_in_order() {
    ExtBuilder::run(|| {
        (1..=40).for_each(|number| MockDevices::set(DeviceId(number), CITY, 0));
        let dataset = register(DatasetKind::Stream);
        feed(dataset, (1..=40).rev());
        assert_eq!(Catalog::devices(dataset), (1..=40).map(DeviceId).collect::<Vec<_>>());
        assert!(Catalog::devices(DatasetId(2)).is_empty());
    });
}

#[test]
fn tells_other_pallets_the_facts() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Model);
        let facts =
            DatasetFacts { owner: CITY, kind: DatasetKind::Model, sensitivity: profile().sensitivity, versions: 0 };
        assert_eq!(Catalog::facts(dataset), Some(facts));
        assert_eq!(Catalog::facts(DatasetId(2)), None);
        assert_eq!(Catalog::content(dataset, 1), None);

        let stream = register(DatasetKind::Stream);
        let version = publish_by(registrar(), stream);
        assert_eq!(Catalog::facts(stream).map(|facts| facts.versions), Some(1));
        assert_eq!(Catalog::content(stream, version), Some(content().content));
        assert_eq!(Catalog::content(stream, 0), None);
        assert_eq!(Catalog::content(stream, 2), None);
    });
}

#[test]
fn holds_the_heads_of_datasets_and_of_nothing_else() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let head = info(dataset).head;
        assert_eq!(head.count, 1);
        assert_eq!(Catalog::held_head(&Subject::Dataset(dataset)), Some(head));
        assert_eq!(Catalog::held_head(&Subject::Dataset(DatasetId(2))), Some(SubjectHead::default()));
        for other in [Subject::Organisation(CITY), Subject::Device(CITYS_DEVICE), Subject::Grant(GrantId(1))] {
            assert_eq!(Catalog::held_head(&other), None);
        }
    });
}

/// Spoils a sound state of one dataset that has a device and a version, and checks that `try_state` notices.
#[track_caller]
fn assert_unsound(spoil: impl FnOnce(DatasetId), complaint: &'static str) {
    ExtBuilder::build().execute_with(|| {
        let dataset = register(DatasetKind::Stream);
        feed(dataset, [CITYS_DEVICE.0]);
        publish_by(registrar(), dataset);
        assert_ok!(Catalog::do_try_state());
        spoil(dataset);
        assert_err!(Catalog::do_try_state(), complaint);
    });
}

fn change(dataset: DatasetId, change: impl FnOnce(&mut DatasetInfo)) {
    Datasets::<Test>::mutate(dataset, |info| change(info.as_mut().expect("the test registered the dataset")));
}

fn insert_version(dataset: DatasetId, version: u32) {
    Versions::<Test>::insert(dataset, version, VersionInfo { content: [0; 32], record: 0, faulty_since: None });
}

#[test]
fn try_state_notices() {
    assert_unsound(|_| DatasetCount::<Test>::put(0), "a dataset has a number that was never given");
    assert_unsound(|_| DatasetCount::<Test>::put(2), "a dataset is missing");
    assert_unsound(
        |dataset| change(dataset, |info| info.owner = OrganisationId::CONSORTIUM),
        "a dataset belongs to no organisation",
    );
    assert_unsound(|dataset| change(dataset, |info| info.offered_to = Some(CITY)), "a dataset is offered to its owner");
    assert_unsound(
        |dataset| change(dataset, |info| info.head = SubjectHead::default()),
        "a dataset has too few records",
    );
    assert_unsound(|dataset| change(dataset, |info| info.head.count = 1), "a dataset has too few records");
    assert_unsound(
        |dataset| change(dataset, |info| info.versions = 2),
        "a dataset has not as many versions as it counts",
    );
    assert_unsound(|dataset| insert_version(dataset, 2), "a dataset has not as many versions as it counts");
    assert_unsound(
        |dataset| {
            Versions::<Test>::remove(dataset, 1);
            insert_version(dataset, 2);
        },
        "a version has a number that was never given",
    );
    assert_unsound(|_| insert_version(DatasetId(9), 1), "a version has a number that was never given");
    assert_unsound(
        |dataset| change(dataset, |info| info.devices = 0),
        "a dataset has not as many devices as it counts",
    );
    assert_unsound(
        |dataset| {
            FedBy::<Test>::insert(dataset, DeviceId(9), ());
            change(dataset, |info| info.devices = 2);
        },
        "a dataset is fed by a device that does not exist",
    );
    assert_unsound(
        |_| MockDevices::set(CITYS_DEVICE, TELECOM, 100),
        "a dataset is fed by another organisation's device",
    );
    assert_unsound(
        |_| FedBy::<Test>::insert(DatasetId(9), CITYS_DEVICE, ()),
        "a device feeds a dataset that does not exist",
    );
}
