use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, DatasetId, DatasetInfo, DatasetKind, OrganisationStatus};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

/// A dataset of the city that is offered to the telecom.
fn offered() -> DatasetId {
    let dataset = register(DatasetKind::Stream);
    assert_ok!(Catalog::offer(signed(registrar()), dataset, Some(TELECOM)));
    dataset
}

#[test]
fn takes_it_with_its_versions() {
    ExtBuilder::run(|| {
        let dataset = offered();
        let version = publish_by(registrar(), dataset);
        let before = info(dataset);
        let published = Catalog::version(dataset, version);
        assert_ok!(Catalog::take(signed(stranger()), dataset));
        let body = Body::DatasetTransferred { dataset, from: CITY, to: TELECOM };
        let record = assert_recorded((&stranger(), TELECOM), dataset, &[CITY, TELECOM], &body);
        assert_eq!(last_event(), Event::DatasetTransferred { dataset, from: CITY, to: TELECOM, record });
        let head = info(dataset).head;
        assert_eq!(info(dataset), DatasetInfo { owner: TELECOM, offered_to: None, head, ..before });
        assert_eq!(Catalog::version(dataset, version), published);

        // It belongs to nobody else now.
        assert_noop!(Catalog::publish(signed(registrar()), dataset, content()), Error::<Test>::NotOwner);
        assert_eq!(publish_by(stranger(), dataset), 2);
    });
}

#[test]
fn devices_must_have_been_removed() {
    ExtBuilder::run(|| {
        let dataset = offered();
        feed(dataset, [1]);
        assert_noop!(Catalog::take(signed(stranger()), dataset), Error::<Test>::StillFed);
        assert_ok!(Catalog::set_devices(signed(registrar()), dataset, devices([]), devices([1])));
        assert_ok!(Catalog::take(signed(stranger()), dataset));
    });
}

#[test]
fn refuses() {
    ExtBuilder::run(|| {
        let dataset = offered();
        let call = |account, dataset| Catalog::take(signed(account), dataset);
        assert_noop!(Catalog::take(RuntimeOrigin::none(), dataset), DispatchError::BadOrigin);
        assert_noop!(call(nobody(), dataset), MockMembership::NOT_MEMBER);
        assert_noop!(call(attestor(), dataset), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(stranger(), DatasetId(2)), Error::<Test>::NotFound);
        assert_noop!(call(third(), dataset), Error::<Test>::NotOffered);
        assert_noop!(call(registrar(), dataset), Error::<Test>::NotOffered);
        MockMembership::set_status(TELECOM, OrganisationStatus::Suspended);
        assert_noop!(call(stranger(), dataset), MockMembership::NOT_MEMBER);
        MockMembership::set_status(TELECOM, OrganisationStatus::Active);
        MockJournal::fail(true);
        assert_noop!(call(stranger(), dataset), MockJournal::FAILURE);
        MockJournal::fail(false);

        assert_ok!(call(stranger(), dataset));
        assert_noop!(call(stranger(), dataset), Error::<Test>::NotOffered);
    });
}

#[test]
fn an_offer_that_was_taken_back_is_none() {
    ExtBuilder::run(|| {
        let dataset = offered();
        assert_ok!(Catalog::offer(signed(registrar()), dataset, None));
        assert_noop!(Catalog::take(signed(stranger()), dataset), Error::<Test>::NotOffered);
    });
}
