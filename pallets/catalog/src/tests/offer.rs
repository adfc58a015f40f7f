use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, DatasetId, DatasetInfo, DatasetKind, OrganisationId, OrganisationStatus};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn offers_and_takes_it_back() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let before = info(dataset);
        for to in [Some(TELECOM), Some(UNIVERSITY), None] {
            assert_ok!(Catalog::offer(signed(registrar()), dataset, to));
            let body = Body::DatasetOffered { dataset, to };
            let record = assert_recorded((&registrar(), CITY), dataset, &[CITY], &body);
            assert_eq!(last_event(), Event::DatasetOffered { dataset, to, record });
            let head = info(dataset).head;
            assert_eq!(info(dataset), DatasetInfo { offered_to: to, head, ..before.clone() });
            assert_noop!(Catalog::offer(signed(registrar()), dataset, to), Error::<Test>::NothingChanged);
        }
    });
}

#[test]
fn refuses() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let call = |account, dataset, to| Catalog::offer(signed(account), dataset, Some(to));
        assert_noop!(Catalog::offer(RuntimeOrigin::none(), dataset, Some(TELECOM)), DispatchError::BadOrigin);
        assert_noop!(call(nobody(), dataset, TELECOM), MockMembership::NOT_MEMBER);
        assert_noop!(call(attestor(), dataset, TELECOM), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(stranger(), dataset, TELECOM), Error::<Test>::NotOwner);
        assert_noop!(call(registrar(), DatasetId(2), TELECOM), Error::<Test>::NotFound);
        assert_noop!(call(registrar(), dataset, CITY), Error::<Test>::RecipientIsOwner);
        assert_noop!(Catalog::offer(signed(registrar()), dataset, None), Error::<Test>::NothingChanged);
        for unknown in [OrganisationId::CONSORTIUM, OrganisationId(9)] {
            assert_noop!(call(registrar(), dataset, unknown), Error::<Test>::RecipientInactive);
        }
        MockMembership::set_status(TELECOM, OrganisationStatus::Suspended);
        assert_noop!(call(registrar(), dataset, TELECOM), Error::<Test>::RecipientInactive);
        MockJournal::fail(true);
        assert_noop!(call(registrar(), dataset, UNIVERSITY), MockJournal::FAILURE);
    });
}
