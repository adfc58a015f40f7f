use super::{assert_record, author, only_active_admins, only_with_a_reason, records};
use crate::{mock::*, *};
use citynet_primitives::Body;
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};

/// Runs a test while a recovery of the city is under way.
fn recovering(test: impl FnOnce()) {
    ExtBuilder::default().execute(|| {
        assert_ok!(Consortium::recover(council(), CITY, STRANGER, why()));
        test();
    });
}

#[test]
fn an_admin_calls_the_recovery_off() {
    recovering(|| {
        let record = records();
        assert_ok!(Consortium::object(signed(ALICE), why()));

        assert!(!Recoveries::<Test>::contains_key(CITY));
        let body = Body::RecoveryObjected { organisation: CITY, account: STRANGER.into(), reason: why() };
        assert_record(record, author(CITY, ALICE), &[CITY], body);
        System::assert_last_event(
            Event::<Test>::RecoveryObjected { organisation: CITY, account: STRANGER, record }.into(),
        );
        assert_ok!(Consortium::recover(council(), CITY, GATEWAY, why()));
    });
}

#[test]
fn it_takes_an_active_admin() {
    recovering(|| only_active_admins(|origin| Consortium::object(origin, why())));
}

#[test]
fn it_takes_a_reason() {
    recovering(|| only_with_a_reason(|reason| Consortium::object(signed(ALICE), reason)));
}

#[test]
fn only_the_own_recovery_is_called_off() {
    recovering(|| {
        assert_noop!(Consortium::object(signed(BOB), why()), Error::<Test>::NoRecovery);
        assert_ok!(Consortium::object(signed(ALICE), why()));
        assert_noop!(Consortium::object(signed(ALICE), why()), Error::<Test>::NoRecovery);
    });
}

#[test]
fn until_it_is_completed_it_is_not_too_late() {
    recovering(|| {
        System::set_block_number(1_000_000);
        assert_ok!(Consortium::object(signed(ALICE), why()));
        assert_noop!(Consortium::complete_recovery(signed(BOB), CITY), Error::<Test>::NoRecovery);
    });
}

#[test]
fn without_a_record_nothing_changes() {
    recovering(|| {
        MockJournal::fail(true);
        assert_noop!(Consortium::object(signed(ALICE), why()), MockJournal::FAILURE);
    });
}
