use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, Sensitivity};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn other() -> DatasetProfile {
    DatasetProfile { sensitivity: Sensitivity::Restricted, ..profile() }
}

#[test]
fn changes() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let before = info(dataset);
        assert_ok!(Catalog::change(signed(registrar()), dataset, other()));
        let body = Body::DatasetChanged { dataset, profile: other() };
        let record = assert_recorded((&registrar(), CITY), dataset, &[CITY], &body);
        assert_eq!(last_event(), Event::DatasetChanged { dataset, record });
        let head = info(dataset).head;
        assert_eq!(info(dataset), DatasetInfo { profile: other(), head, ..before });
    });
}

#[test]
fn refuses() {
    ExtBuilder::run(|| {
        let dataset = register(DatasetKind::Stream);
        let call = |account, dataset| Catalog::change(signed(account), dataset, other());
        assert_noop!(Catalog::change(RuntimeOrigin::none(), dataset, other()), DispatchError::BadOrigin);
        assert_noop!(call(nobody(), dataset), MockMembership::NOT_MEMBER);
        assert_noop!(call(attestor(), dataset), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(stranger(), dataset), Error::<Test>::NotOwner);
        assert_noop!(call(registrar(), DatasetId(2)), Error::<Test>::NotFound);
        assert_noop!(Catalog::change(signed(registrar()), dataset, profile()), Error::<Test>::NothingChanged);
        for title in [text(""), bytes(&[0xff])] {
            let profile = DatasetProfile { title, ..profile() };
            assert_noop!(Catalog::change(signed(registrar()), dataset, profile), Error::<Test>::InvalidText);
        }
        MockJournal::fail(true);
        assert_noop!(call(registrar(), dataset), MockJournal::FAILURE);
    });
}
