use crate::{mock::*, Error, Event};
use citynet_primitives::{Batch, Body, DeviceId, DeviceInfo};
use citynet_support::mock::{MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn distrusts_and_only_earlier_replaces_later() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        for since in [now(), now() - 1, 0] {
            let before = info(device);
            assert_ok!(Attestations::distrust(signed(registrar()), device, since, reason()));
            let body = Body::DeviceDistrusted { device, since, reason: reason() };
            let record = assert_recorded(&registrar(), device, Some(CITY), &body);
            assert_eq!(last_event(), Event::DeviceDistrusted { device, record });
            let head = info(device).head;
            assert_eq!(info(device), DeviceInfo { distrusted_since: Some(since), head, ..before });
            for not_earlier in [since, now()] {
                assert_noop!(
                    Attestations::distrust(signed(registrar()), device, not_earlier, reason()),
                    Error::<Test>::AlreadyDistrusted
                );
            }
        }
        // None of the three records went away.
        assert_eq!(MockJournal::bodies().iter().filter(|body| body.kind() == "device_distrusted").count(), 3);
    });
}

#[test]
fn is_possible_for_a_retired_device() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_ok!(Attestations::retire(signed(registrar()), device, reason()));
        assert_ok!(Attestations::distrust(signed(registrar()), device, now(), reason()));
    });
}

#[test]
fn batches_that_reach_into_it_are_refused() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let since = now() - 10_000;
        assert_ok!(Attestations::distrust(signed(registrar()), device, since, reason()));
        let batch = |window_start, window_end| Batch { window_start, window_end, ..next_batch(device) };
        assert_noop!(attest(&pair(1), &batch(now(), now())), Error::<Test>::DeviceDistrusted);
        assert_noop!(attest(&pair(1), &batch(since - 1, since)), Error::<Test>::DeviceDistrusted);
        assert_ok!(attest(&pair(1), &batch(since - 1, since - 1)));
    });
}

#[test]
fn refuses() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let call = |account, device, since| Attestations::distrust(signed(account), device, since, reason());
        assert_noop!(Attestations::distrust(RuntimeOrigin::none(), device, 0, reason()), DispatchError::BadOrigin);
        assert_noop!(call(nobody(), device, 0), MockMembership::NOT_MEMBER);
        assert_noop!(call(attestor(), device, 0), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(stranger_registrar(), device, 0), Error::<Test>::NotOwner);
        assert_noop!(call(registrar(), DeviceId(2), 0), Error::<Test>::NotFound);
        assert_noop!(call(registrar(), device, now() + 1), Error::<Test>::DistrustInFuture);
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(Attestations::distrust(signed(registrar()), device, 0, reason), Error::<Test>::InvalidText);
        }
        MockJournal::fail(true);
        assert_noop!(call(registrar(), device, 0), MockJournal::FAILURE);
    });
}
