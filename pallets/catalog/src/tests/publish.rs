use crate::{mock::*, Call, Datasets, Error, Event, WeightInfo};
use citynet_primitives::{Body, DatasetId, DatasetInfo, DatasetKind, Source, VersionContent, VersionInfo};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResult, GetDispatchInfo},
};
use sp_runtime::DispatchError;

fn publish(dataset: DatasetId, content: VersionContent) -> DispatchResult {
    Catalog::publish(signed(registrar()), dataset, content)
}

#[test]
fn publishes() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let before = info(dataset);
        for version in 1..=3u32 {
            let content = VersionContent { bytes: version.into(), content: [7; 32], ..content() };
            assert_ok!(publish(dataset, content.clone()));
            let body = Body::VersionPublished { dataset, version, content };
            let record = assert_recorded((&registrar(), CITY), dataset, &[CITY], &body);
            assert_eq!(last_event(), Event::VersionPublished { dataset, version, record });
            let head = info(dataset).head;
            assert_eq!(info(dataset), DatasetInfo { versions: version, head, ..before.clone() });
            let expected = VersionInfo { content: [7; 32], record, faulty_since: None };
            assert_eq!(Catalog::version(dataset, version), Some(expected));
        }
        assert_eq!(Catalog::version(dataset, 0), None);
        assert_eq!(Catalog::version(dataset, 4), None);
    });
}

#[test]
fn takes_what_may_be_missing() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Snapshot);
        assert_ok!(publish(dataset, VersionContent { records: 0, parameters: None, code: text(""), ..content() }));
        let nowhere = Source::External { content: [1; 32], uri: text("") };
        assert_ok!(publish(dataset, made_from(&[nowhere])));
    });
}

#[test]
fn refuses_by_membership_and_owner() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let call = |origin, dataset| Catalog::publish(origin, dataset, content());
        assert_noop!(call(RuntimeOrigin::none(), dataset), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody()), dataset), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(attestor()), dataset), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(signed(stranger()), dataset), Error::<Test>::NotOwner);
        assert_noop!(call(signed(registrar()), DatasetId(2)), Error::<Test>::NotFound);
    });
}

#[test]
fn refuses_bad_texts() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let bad = [
            VersionContent { media_type: text(""), ..content() },
            VersionContent { media_type: bytes(&[0xff]), ..content() },
            VersionContent { code: bytes(&[0xc3]), ..content() },
            made_from(&[Source::External { content: [1; 32], uri: bytes(&[0x80]) }]),
        ];
        for content in bad {
            assert_noop!(publish(dataset, content), Error::<Test>::InvalidText);
        }
    });
}

#[test]
fn refuses_an_empty_content() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        assert_noop!(publish(dataset, VersionContent { bytes: 0, ..content() }), Error::<Test>::EmptyContent);
        assert_ok!(publish(dataset, VersionContent { bytes: 1, ..content() }));
    });
}

#[test]
fn refuses_bad_windows() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let call = |from, to| publish(dataset, VersionContent { from, to, ..content() });
        let latest = now() + MAX_TIME_AHEAD;
        assert_noop!(call(2, 1), Error::<Test>::WindowReversed);
        assert_noop!(call(now(), latest + 1), Error::<Test>::WindowInFuture);
        assert_noop!(call(u64::MAX, u64::MAX), Error::<Test>::WindowInFuture);
        for (from, to) in [(0, 0), (1, 1), (0, now()), (latest, latest)] {
            assert_ok!(call(from, to));
        }
    });
}

#[test]
fn refuses_when_the_numbers_are_used_up() {
    ExtBuilder::build().execute_with(|| {
        let dataset = register(DatasetKind::Stream);
        Datasets::<Test>::mutate(dataset, |info| info.as_mut().unwrap().versions = u32::MAX);
        assert_noop!(publish(dataset, content()), Error::<Test>::NumbersExhausted);
    });
}

#[test]
fn weighs_by_its_sources() {
    let weight = |count: u8| {
        let sources: Vec<_> = (0..count).map(|n| Source::External { content: [n; 32], uri: text("") }).collect();
        let content = ExtBuilder::build().execute_with(|| made_from(&sources));
        RuntimeCall::Catalog(Call::publish { dataset: DatasetId(1), content }).get_dispatch_info().call_weight
    };
    for count in [0, 1, 64] {
        let sources = u32::from(count);
        assert_eq!(weight(count), <()>::publish_from_versions(sources).max(<()>::publish_from_batches(sources)));
    }
    assert!(weight(64).all_gt(weight(0)));
}

#[test]
fn writes_nothing_when_the_journal_refuses() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        MockJournal::fail(true);
        assert_noop!(publish(dataset, content()), MockJournal::FAILURE);
    });
}
