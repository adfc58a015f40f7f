use crate::{mock::*, Error, SourceDenied};
use citynet_primitives::{Action, DatasetId, DatasetKind, Denial, DeviceId, GrantId, OrganisationStatus, Source};
use citynet_support::mock::{MockAccess, MockDevices, MockMembership};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult, traits::PalletError};

const GRANT: GrantId = GrantId(5);

fn version(dataset: DatasetId, version: u32, grant: Option<GrantId>) -> Source {
    Source::Version { dataset, version, grant }
}

/// All readings of a device but those before `first_sequence`.
fn batches(device: DeviceId, first_sequence: u64, grant: Option<GrantId>) -> Source {
    Source::Batches { device, first_sequence, last_sequence: 99, grant }
}

fn external(seed: u8) -> Source {
    Source::External { content: [seed; 32], uri: text("a map") }
}

/// A stream of the telecom with one version, fed by its device.
fn foreign() -> DatasetId {
    let dataset = register_by(stranger(), DatasetKind::Stream);
    publish_by(stranger(), dataset);
    assert_ok!(Catalog::set_devices(signed(stranger()), dataset, devices([TELECOMS_DEVICE.0]), devices([])));
    dataset
}

/// Lets the city do something with a dataset of the telecom.
fn grant(dataset: DatasetId, actions: &[Action]) {
    MockAccess::set(GRANT, dataset, CITY, actions, None);
}

fn publish(dataset: DatasetId, sources: &[Source]) -> DispatchResult {
    Catalog::publish(signed(registrar()), dataset, made_from(sources))
}

fn denied(position: u8, reason: Denial) -> Error<Test> {
    Error::SourceDenied(SourceDenied { position, reason })
}

#[test]
fn own_sources_and_unknown_ones_need_no_grant() {
    ExtBuilder::run(|| {
        let stream = register(DatasetKind::Stream);
        publish_by(registrar(), stream);
        let own = [version(stream, 1, None), batches(CITYS_DEVICE, 0, None), external(1)];
        for kind in DatasetKind::ALL.iter().copied() {
            let dataset = register(kind);
            assert_ok!(publish(dataset, &own));
            // The version before is a source like any other.
            assert_ok!(publish(dataset, &[version(dataset, 1, None)]));
        }
    });
}

#[test]
fn a_grant_for_an_own_source_is_refused() {
    ExtBuilder::run(|| {
        let stream = register(DatasetKind::Stream);
        publish_by(registrar(), stream);
        grant(stream, Action::ALL);
        let versions = [external(1), version(stream, 1, Some(GRANT))];
        assert_noop!(publish(stream, &versions), Error::<Test>::GrantNotNeeded(1));
        assert_noop!(publish(stream, &[batches(CITYS_DEVICE, 0, Some(GRANT))]), Error::<Test>::GrantNotNeeded(0));
    });
}

#[test]
fn foreign_sources_are_used_by_a_grant() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        let dataset = register(DatasetKind::Derived);
        grant(foreign, &[Action::Derive]);
        assert_ok!(publish(dataset, &[version(foreign, 1, Some(GRANT)), batches(TELECOMS_DEVICE, 0, Some(GRANT))]));
        assert_eq!(info(dataset).versions, 1);
    });
}

#[test]
fn a_foreign_source_without_a_grant_is_denied() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        grant(foreign, Action::ALL);
        for kind in DatasetKind::ALL.iter().copied() {
            let dataset = register(kind);
            // There is a grant; it must be named.
            for source in [version(foreign, 1, None), batches(TELECOMS_DEVICE, 0, None)] {
                let sources = [external(1), external(2), source];
                assert_noop!(publish(dataset, &sources), denied(2, Denial::NoGrant));
            }
        }
    });
}

#[test]
fn a_grant_that_does_not_exist_is_denied() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        let dataset = register(DatasetKind::Derived);
        for source in [version(foreign, 1, Some(GrantId(9))), batches(TELECOMS_DEVICE, 0, Some(GrantId(9)))] {
            assert_noop!(publish(dataset, &[source]), denied(0, Denial::NoGrant));
        }
    });
}

#[test]
fn every_denial_is_passed_on_with_its_position() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        let dataset = register(DatasetKind::Derived);
        for reason in Denial::ALL.iter().copied() {
            MockAccess::set(GRANT, foreign, CITY, Action::ALL, Some(reason));
            for source in [version(foreign, 1, Some(GRANT)), batches(TELECOMS_DEVICE, 0, Some(GRANT))] {
                for position in [0u8, 1, 63] {
                    let mut sources: Vec<Source> = (0..position).map(external).collect();
                    sources.push(source.clone());
                    assert_noop!(publish(dataset, &sources), denied(position, reason));
                }
            }
        }
    });
}

#[test]
fn a_grant_is_for_one_dataset_and_one_organisation() {
    ExtBuilder::run(|| {
        let (first, second) = (foreign(), foreign());
        let dataset = register(DatasetKind::Derived);
        grant(first, Action::ALL);
        assert_ok!(publish(dataset, &[version(first, 1, Some(GRANT))]));
        assert_noop!(publish(dataset, &[version(second, 1, Some(GRANT))]), denied(0, Denial::WrongDataset));

        MockAccess::set(GRANT, first, UNIVERSITY, Action::ALL, None);
        for source in [version(first, 1, Some(GRANT)), batches(TELECOMS_DEVICE, 0, Some(GRANT))] {
            assert_noop!(publish(dataset, &[source]), denied(0, Denial::WrongConsumer));
        }
    });
}

#[test]
fn readings_are_used_by_a_grant_of_a_dataset_that_the_device_feeds() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        let not_fed = register_by(stranger(), DatasetKind::Stream);
        let dataset = register(DatasetKind::Derived);
        let sources = [batches(TELECOMS_DEVICE, 0, Some(GRANT))];
        grant(not_fed, Action::ALL);
        assert_noop!(publish(dataset, &sources), denied(0, Denial::WrongDataset));
        grant(foreign, Action::ALL);
        assert_ok!(publish(dataset, &sources));

        let remove = devices([TELECOMS_DEVICE.0]);
        assert_ok!(Catalog::set_devices(signed(stranger()), foreign, devices([]), remove));
        assert_noop!(publish(dataset, &sources), denied(0, Denial::WrongDataset));
    });
}

#[test]
fn a_model_needs_train_and_all_else_derive() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        for kind in DatasetKind::ALL.iter().copied() {
            let dataset = register(kind);
            let needed = if kind == DatasetKind::Model { Action::Train } else { Action::Derive };
            for source in [version(foreign, 1, Some(GRANT)), batches(TELECOMS_DEVICE, 0, Some(GRANT))] {
                let others: Vec<Action> = Action::ALL.iter().copied().filter(|action| *action != needed).collect();
                grant(foreign, &others);
                let sources = [source];
                assert_noop!(publish(dataset, &sources), denied(0, Denial::ActionNotGranted));
                grant(foreign, &[needed]);
                assert_ok!(publish(dataset, &sources));
            }
        }
    });
}

#[test]
fn who_owns_a_dataset_now_decides() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        let dataset = register(DatasetKind::Derived);
        let remove = devices([TELECOMS_DEVICE.0]);
        assert_ok!(Catalog::set_devices(signed(stranger()), foreign, devices([]), remove));
        assert_ok!(Catalog::offer(signed(stranger()), foreign, Some(CITY)));
        assert_noop!(publish(dataset, &[version(foreign, 1, None)]), denied(0, Denial::NoGrant));
        assert_ok!(Catalog::take(signed(registrar()), foreign));
        assert_ok!(publish(dataset, &[version(foreign, 1, None)]));
        let theirs = register_by(stranger(), DatasetKind::Derived);
        let content = made_from(&[version(foreign, 1, None)]);
        assert_noop!(Catalog::publish(signed(stranger()), theirs, content), denied(0, Denial::NoGrant));
    });
}

#[test]
fn a_flagged_version_is_still_a_source() {
    ExtBuilder::run(|| {
        let stream = register(DatasetKind::Stream);
        publish_by(registrar(), stream);
        assert_ok!(Catalog::flag(signed(registrar()), stream, 1, 0, reason()));
        assert_ok!(publish(stream, &[version(stream, 1, None)]));
    });
}

#[test]
fn a_version_must_exist() {
    ExtBuilder::run(|| {
        let stream = register(DatasetKind::Stream);
        publish_by(registrar(), stream);
        let foreign = foreign();
        grant(foreign, Action::ALL);
        let unknown = [
            version(stream, 0, None),
            // Its own number is that of no version yet.
            version(stream, 2, None),
            version(stream, u32::MAX, None),
            version(foreign, 2, Some(GRANT)),
            version(DatasetId(9), 1, None),
            version(DatasetId(0), 1, Some(GRANT)),
        ];
        for source in unknown {
            assert_noop!(publish(stream, &[external(1), source]), Error::<Test>::UnknownSource(1));
        }
    });
}

#[test]
fn readings_must_have_been_attested() {
    ExtBuilder::run(|| {
        let stream = register(DatasetKind::Stream);
        let call = |device, first_sequence, last_sequence| {
            let source = Source::Batches { device, first_sequence, last_sequence, grant: None };
            publish(stream, &[external(1), source])
        };
        assert_noop!(call(DeviceId(9), 0, 1), Error::<Test>::UnknownSource(1));
        assert_noop!(call(CITYS_DEVICE, 2, 1), Error::<Test>::SequencesReversed(1));
        assert_noop!(call(CITYS_DEVICE, 0, 100), Error::<Test>::SequencesNotAttested(1));
        assert_noop!(call(CITYS_DEVICE, u64::MAX, u64::MAX), Error::<Test>::SequencesNotAttested(1));
        for (first, last) in [(0, 0), (0, 99), (99, 99)] {
            assert_ok!(call(CITYS_DEVICE, first, last));
        }
        MockDevices::set(CITYS_DEVICE, CITY, 0);
        assert_noop!(call(CITYS_DEVICE, 0, 0), Error::<Test>::SequencesNotAttested(1));
    });
}

#[test]
fn the_first_source_that_is_wrong_is_reported() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        let stream = register(DatasetKind::Stream);
        let sources = [external(1), version(foreign, 1, None), version(DatasetId(9), 1, None)];
        assert_noop!(publish(stream, &sources), denied(1, Denial::NoGrant));
        let sources = [external(1), version(DatasetId(9), 1, None), version(foreign, 1, None)];
        assert_noop!(publish(stream, &sources), Error::<Test>::UnknownSource(1));
    });
}

#[test]
fn nothing_is_named_twice() {
    ExtBuilder::run(|| {
        let stream = register(DatasetKind::Stream);
        publish_by(registrar(), stream);
        publish_by(registrar(), stream);
        let elsewhere = Source::External { content: [1; 32], uri: text("another map") };
        let same = [
            (version(stream, 1, None), version(stream, 1, Some(GRANT))),
            (batches(CITYS_DEVICE, 0, None), batches(CITYS_DEVICE, 0, Some(GRANT))),
            (external(1), elsewhere),
        ];
        for (one, other) in same {
            assert_noop!(publish(stream, &[one, external(9), other]), Error::<Test>::SourceNamedTwice);
        }
        MockDevices::set(DeviceId(2), CITY, 100);
        let different = [
            version(stream, 1, None),
            version(stream, 2, None),
            batches(CITYS_DEVICE, 0, None),
            batches(CITYS_DEVICE, 1, None),
            batches(DeviceId(2), 0, None),
            external(1),
            external(2),
        ];
        assert_ok!(publish(stream, &different));
    });
}

#[test]
fn what_is_derived_or_trained_has_a_source() {
    ExtBuilder::run(|| {
        for kind in DatasetKind::ALL.iter().copied() {
            let dataset = register(kind);
            if matches!(kind, DatasetKind::Derived | DatasetKind::Model) {
                assert_noop!(publish(dataset, &[]), Error::<Test>::NoSources);
            } else {
                assert_ok!(publish(dataset, &[]));
            }
            assert_ok!(publish(dataset, &[external(1)]));
        }
    });
}

#[test]
fn takes_as_many_as_the_bound_says() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        (1..64).for_each(|_| {
            publish_by(stranger(), foreign);
        });
        grant(foreign, &[Action::Train]);
        let model = register(DatasetKind::Model);
        let sources: Vec<Source> = (1..=64).map(|number| version(foreign, number, Some(GRANT))).collect();
        assert_ok!(publish(model, &sources));
    });
}

#[test]
fn whether_the_owner_of_a_source_may_act_is_for_the_grants_to_say() {
    ExtBuilder::run(|| {
        let foreign = foreign();
        grant(foreign, &[Action::Derive]);
        MockMembership::set_status(TELECOM, OrganisationStatus::Left);
        assert_ok!(publish(register(DatasetKind::Derived), &[version(foreign, 1, Some(GRANT))]));
    });
}

#[test]
fn the_error_says_which_source_and_why_in_two_bytes() {
    let denied = SourceDenied { position: 63, reason: Denial::Expired };
    assert_eq!(denied.encode(), [63, 9]);
    assert_eq!(SourceDenied::MAX_ENCODED_SIZE, 2);
    for reason in Denial::ALL.iter().copied() {
        let denied = SourceDenied { position: u8::MAX, reason };
        assert_eq!(denied.encode().len(), SourceDenied::MAX_ENCODED_SIZE);
    }
}
