use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, DatasetId, DatasetKind, VersionInfo};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn flags_and_only_earlier_replaces_later() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        publish_by(registrar(), dataset);
        let version = publish_by(registrar(), dataset);
        let before = Catalog::version(dataset, version).expect("it was just published");
        for since in [now(), now() - 1, 0] {
            assert_ok!(Catalog::flag(signed(registrar()), dataset, version, since, reason()));
            let body = Body::VersionFlagged { dataset, version, since, reason: reason() };
            let record = assert_recorded((&registrar(), CITY), dataset, &[CITY], &body);
            assert_eq!(last_event(), Event::VersionFlagged { dataset, version, record });
            let expected = VersionInfo { faulty_since: Some(since), ..before };
            assert_eq!(Catalog::version(dataset, version), Some(expected));
            for not_earlier in [since, now()] {
                assert_noop!(
                    Catalog::flag(signed(registrar()), dataset, version, not_earlier, reason()),
                    Error::<Test>::AlreadyFlagged
                );
            }
        }
        // The other version is as it was, and none of the three records went away.
        assert_eq!(Catalog::version(dataset, 1).expect("it was published").faulty_since, None);
        assert_eq!(MockJournal::bodies().iter().filter(|body| body.kind() == "version_flagged").count(), 3);
    });
}

#[test]
fn a_new_owner_may_flag_what_it_took_over() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let version = publish_by(registrar(), dataset);
        assert_ok!(Catalog::offer(signed(registrar()), dataset, Some(TELECOM)));
        assert_ok!(Catalog::take(signed(stranger()), dataset));
        assert_ok!(Catalog::flag(signed(stranger()), dataset, version, 0, reason()));
    });
}

#[test]
fn refuses() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let version = publish_by(registrar(), dataset);
        let call = |account, dataset, version, since| Catalog::flag(signed(account), dataset, version, since, reason());
        assert_noop!(Catalog::flag(RuntimeOrigin::none(), dataset, version, 0, reason()), DispatchError::BadOrigin);
        assert_noop!(call(nobody(), dataset, version, 0), MockMembership::NOT_MEMBER);
        assert_noop!(call(attestor(), dataset, version, 0), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(stranger(), dataset, version, 0), Error::<Test>::NotOwner);
        assert_noop!(call(registrar(), DatasetId(2), version, 0), Error::<Test>::NotFound);
        for unknown in [0, version + 1] {
            assert_noop!(call(registrar(), dataset, unknown, 0), Error::<Test>::UnknownVersion);
        }
        assert_noop!(call(registrar(), dataset, version, now() + 1), Error::<Test>::FaultInFuture);
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(Catalog::flag(signed(registrar()), dataset, version, 0, reason), Error::<Test>::InvalidText);
        }
        MockJournal::fail(true);
        assert_noop!(call(registrar(), dataset, version, 0), MockJournal::FAILURE);
    });
}
