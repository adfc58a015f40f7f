use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, DeviceId, DeviceInfo, DeviceStatus};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn suspended() -> DeviceId {
    let device = register(&pair(1));
    assert_ok!(Attestations::suspend(signed(registrar()), device, reason()));
    device
}

#[test]
fn resumes() {
    ExtBuilder::default().run(|| {
        let device = suspended();
        let before = info(device);
        let batch = next_batch(device);
        assert_noop!(attest(&pair(1), &batch), Error::<Test>::DeviceSuspended);

        assert_ok!(Attestations::resume(signed(registrar()), device, reason()));
        let body = Body::DeviceResumed { device, reason: reason() };
        let record = assert_recorded(&registrar(), device, Some(CITY), &body);
        assert_eq!(last_event(), Event::DeviceResumed { device, record });
        let head = info(device).head;
        assert_eq!(info(device), DeviceInfo { status: DeviceStatus::Active, head, ..before });
        assert_ok!(attest(&pair(1), &batch));
    });
}

#[test]
fn refuses() {
    ExtBuilder::default().run(|| {
        let device = suspended();
        let call = |account, device| Attestations::resume(signed(account), device, reason());
        assert_noop!(Attestations::resume(RuntimeOrigin::none(), device, reason()), DispatchError::BadOrigin);
        assert_noop!(call(nobody(), device), MockMembership::NOT_MEMBER);
        assert_noop!(call(attestor(), device), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(stranger_registrar(), device), Error::<Test>::NotOwner);
        assert_noop!(call(registrar(), DeviceId(2)), Error::<Test>::NotFound);
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(Attestations::resume(signed(registrar()), device, reason), Error::<Test>::InvalidText);
        }
        MockJournal::fail(true);
        assert_noop!(call(registrar(), device), MockJournal::FAILURE);
        MockJournal::fail(false);

        assert_ok!(call(registrar(), device));
        assert_noop!(call(registrar(), device), Error::<Test>::NotSuspended);
        assert_ok!(Attestations::retire(signed(registrar()), device, reason()));
        assert_noop!(call(registrar(), device), Error::<Test>::DeviceRetired);
    });
}
