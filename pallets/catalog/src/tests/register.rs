use crate::{mock::*, DatasetCount, Error, Event};
use citynet_primitives::{
    Body, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, Document, OrganisationStatus, Sensitivity,
};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

fn try_profile(profile: DatasetProfile) -> DispatchResult {
    Catalog::register(signed(registrar()), DatasetKind::Stream, profile)
}

#[test]
fn registers() {
    ExtBuilder::run(|| {
        for (number, kind) in (1..).zip(DatasetKind::ALL.iter().copied()) {
            let dataset = register(kind);
            assert_eq!(dataset, DatasetId(number));
            let body = Body::DatasetRegistered { dataset, owner: CITY, dataset_kind: kind, profile: profile() };
            let record = assert_recorded((&registrar(), CITY), dataset, &[CITY], &body);
            assert_eq!(last_event(), Event::DatasetRegistered { dataset, owner: CITY, record });
            let head = info(dataset).head;
            assert_eq!(
                info(dataset),
                DatasetInfo { owner: CITY, kind, profile: profile(), versions: 0, devices: 0, offered_to: None, head }
            );
        }
        assert_eq!(events().len(), DatasetKind::ALL.len());
        assert_eq!(register_by(stranger(), DatasetKind::Stream), DatasetId(5));
        assert_eq!(info(DatasetId(5)).owner, TELECOM);
    });
}

#[test]
fn takes_every_sensitivity_and_texts_that_may_be_empty() {
    ExtBuilder::run(|| {
        for sensitivity in Sensitivity::ALL.iter().copied() {
            let description = Document { hash: [0; 32], uri: text("") };
            assert_ok!(try_profile(DatasetProfile { sensitivity, description, schema: text(""), ..profile() }));
        }
        assert_ok!(try_profile(DatasetProfile { title: text("Пыль"), ..profile() }));
    });
}

#[test]
fn refuses_by_membership() {
    ExtBuilder::run(|| {
        let call = |origin| Catalog::register(origin, DatasetKind::Stream, profile());
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(attestor())), MockMembership::NOT_AUTHORIZED);
        MockMembership::set_status(CITY, OrganisationStatus::Suspended);
        assert_noop!(call(signed(registrar())), MockMembership::NOT_MEMBER);
    });
}

#[test]
fn refuses_bad_texts() {
    ExtBuilder::run(|| {
        let bad = [
            DatasetProfile { title: text(""), ..profile() },
            DatasetProfile { title: bytes(&[b'D', 0xff]), ..profile() },
            DatasetProfile { description: Document { hash: [9; 32], uri: bytes(&[0xc3]) }, ..profile() },
            DatasetProfile { schema: bytes(&[0x80]), ..profile() },
            DatasetProfile { licence: text(""), ..profile() },
            DatasetProfile { licence: bytes(&[0xff]), ..profile() },
        ];
        for profile in bad {
            assert_noop!(try_profile(profile), Error::<Test>::InvalidText);
        }
    });
}

#[test]
fn refuses_when_the_numbers_are_used_up() {
    ExtBuilder::build().execute_with(|| {
        DatasetCount::<Test>::put(u64::MAX);
        assert_noop!(try_profile(profile()), Error::<Test>::NumbersExhausted);
    });
}

#[test]
fn writes_nothing_when_the_journal_refuses() {
    ExtBuilder::run(|| {
        MockJournal::fail(true);
        assert_noop!(try_profile(profile()), MockJournal::FAILURE);
    });
}
