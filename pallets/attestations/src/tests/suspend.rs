use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, DeviceId, DeviceInfo, DeviceStatus};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn suspends() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let before = info(device);
        assert_ok!(Attestations::suspend(signed(registrar()), device, reason()));
        let body = Body::DeviceSuspended { device, reason: reason() };
        let record = assert_recorded(&registrar(), device, Some(CITY), &body);
        assert_eq!(last_event(), Event::DeviceSuspended { device, record });
        let head = info(device).head;
        assert_eq!(info(device), DeviceInfo { status: DeviceStatus::Suspended, head, ..before });
    });
}

#[test]
fn refuses() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let call = |account, device| Attestations::suspend(signed(account), device, reason());
        assert_noop!(Attestations::suspend(RuntimeOrigin::none(), device, reason()), DispatchError::BadOrigin);
        assert_noop!(call(nobody(), device), MockMembership::NOT_MEMBER);
        assert_noop!(call(attestor(), device), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(stranger_registrar(), device), Error::<Test>::NotOwner);
        assert_noop!(call(registrar(), DeviceId(0)), Error::<Test>::NotFound);
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(Attestations::suspend(signed(registrar()), device, reason), Error::<Test>::InvalidText);
        }
        MockJournal::fail(true);
        assert_noop!(call(registrar(), device), MockJournal::FAILURE);
        MockJournal::fail(false);

        assert_ok!(call(registrar(), device));
        assert_noop!(call(registrar(), device), Error::<Test>::AlreadySuspended);
        assert_ok!(Attestations::retire(signed(registrar()), device, reason()));
        assert_noop!(call(registrar(), device), Error::<Test>::DeviceRetired);
    });
}
