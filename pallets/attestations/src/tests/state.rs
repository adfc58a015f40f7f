use crate::{algorithms::AlgorithmStatus, mock::*, Algorithms, DeviceCount, Devices, GenesisConfig, KeyOwners};
use citynet_primitives::{AlgorithmId, DatasetId, DeviceId, DeviceInfo, GrantId, OrganisationId, Subject, SubjectHead};
use citynet_support::{DeviceFacts, DeviceRegister, HeldHeads};
use frame_support::{assert_err, assert_ok};

#[test]
fn genesis_accepts_ed25519_and_nothing_else() {
    ExtBuilder::default().run(|| {
        let registry = Algorithms::<Test>::get();
        assert_eq!(registry.iter().collect::<Vec<_>>(), [(&AlgorithmId::ED25519, &AlgorithmStatus::Accepted)]);
        assert_eq!(Attestations::algorithms(), [AlgorithmId::ED25519]);
        assert_eq!(Attestations::device_count(), 0);
    });
}

#[test]
fn genesis_may_name_others_as_rejected() {
    let algorithms =
        [(AlgorithmId::ED25519, AlgorithmStatus::VerifyOnly), (AlgorithmId::GOST_2012_256, AlgorithmStatus::Rejected)];
    ExtBuilder::default().algorithms(&algorithms).run(|| {
        assert_eq!(Algorithms::<Test>::get().len(), 2);
        assert!(Attestations::algorithms().is_empty());
    });
}

#[test]
#[should_panic(expected = "an algorithm that the runtime cannot verify")]
fn genesis_cannot_accept_what_is_not_implemented() {
    ExtBuilder::default().algorithms(&[(AlgorithmId::ML_DSA_65, AlgorithmStatus::Accepted)]).build();
}

#[test]
#[should_panic(expected = "an algorithm twice")]
fn genesis_cannot_name_an_algorithm_twice() {
    let ed25519 = (AlgorithmId::ED25519, AlgorithmStatus::Accepted);
    ExtBuilder::default().algorithms(&[ed25519, ed25519]).build();
}

#[test]
fn genesis_is_written_in_json_as_people_would() {
    let json = serde_json::to_value(GenesisConfig::<Test>::default()).expect("the configuration is JSON");
    assert_eq!(json, serde_json::json!({ "algorithms": [[1, "accepted"]] }));
}

#[test]
fn answers_about_devices() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_eq!(Attestations::device(device), Some(info(device)));
        assert_eq!(Attestations::device(DeviceId(2)), None);
        assert_eq!(Attestations::device_count(), 1);
    });
}

#[test]
fn holds_the_heads_of_devices_and_of_nothing_else() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let head = info(device).head;
        assert_eq!(head.count, 1);
        assert_eq!(Attestations::held_head(&Subject::Device(device)), Some(head));
        assert_eq!(Attestations::held_head(&Subject::Device(DeviceId(2))), Some(SubjectHead::default()));
        for other in [Subject::Organisation(CITY), Subject::Dataset(DatasetId(1)), Subject::Grant(GrantId(1))] {
            assert_eq!(Attestations::held_head(&other), None);
        }
    });
}

#[test]
fn tells_other_pallets_of_devices() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_eq!(Attestations::facts(device), Some(DeviceFacts { owner: CITY, next_sequence: 0 }));
        let batch = next_batch(device);
        assert_ok!(attest(&pair(1), &batch));
        let next_sequence = batch.first_sequence + u64::from(batch.count);
        assert_eq!(Attestations::facts(device), Some(DeviceFacts { owner: CITY, next_sequence }));
        assert_eq!(Attestations::facts(DeviceId(2)), None);
    });
}

/// Spoils a sound state of one device in its second epoch, and checks that `try_state` notices.
#[track_caller]
fn assert_unsound(spoil: impl FnOnce(DeviceId), complaint: &'static str) {
    ExtBuilder::default().build().execute_with(|| {
        let device = register(&pair(1));
        assert_ok!(rotate(device, &pair(2), 1));
        assert_ok!(Attestations::do_try_state());
        spoil(device);
        assert_err!(Attestations::do_try_state(), complaint);
    });
}

fn change(device: DeviceId, change: impl FnOnce(&mut DeviceInfo)) {
    Devices::<Test>::mutate(device, |info| change(info.as_mut().expect("the test registered the device")));
}

#[test]
fn try_state_notices() {
    assert_unsound(|_| DeviceCount::<Test>::put(0), "a device has a number that was never given");
    assert_unsound(
        |device| change(device, |info| info.owner = OrganisationId::CONSORTIUM),
        "a device belongs to no organisation",
    );
    assert_unsound(|device| change(device, |info| info.epoch = 0), "a device has a key from before its first epoch");
    assert_unsound(|device| change(device, |info| info.head = SubjectHead::default()), "a device has no record");
    assert_unsound(
        |device| change(device, |info| info.key = key(&pair(9))),
        "a device's key is not registered as its own",
    );
    assert_unsound(
        |device| change(device, |info| info.previous = Some((key(&pair(9)), 0))),
        "a device's key is not registered as its own",
    );
    assert_unsound(
        |device| change(device, |info| info.previous = Some((info.key.clone(), 0))),
        "a device rotated to the key that it had",
    );
    assert_unsound(
        |_| KeyOwners::<Test>::insert([0; 32], DeviceId(7)),
        "a key belongs to a device that does not exist",
    );
    assert_unsound(
        |_| set_algorithm(AlgorithmId::ML_DSA_44, Some(AlgorithmStatus::VerifyOnly)),
        "the registry admits an algorithm that cannot be verified",
    );
}
