use crate::{mock::*, *};
use citynet_primitives::{Author, Body, Text, ValidatorStatus};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn the_council_votes_a_validator_back() {
    ExtBuilder::default().execute(|| {
        suspend(&ALICE);
        assert_eq!(Nodes::elected(), [BOB, CHARLIE, DAVE]);
        assert_ok!(reinstate(ALICE));

        assert_eq!(Validators::<Test>::get()[0].status, ValidatorStatus::Registered);
        assert_eq!(Nodes::elected(), [ALICE, BOB, CHARLIE, DAVE]);
        assert!(TellAnew::<Test>::get());

        let body = Body::ValidatorReinstated { organisation: CITY, account: ALICE.into(), reason: reason() };
        let record = assert_recorded(&Author::CHAIN, CITY, &body);
        assert_eq!(last_event(), Event::ValidatorReinstated { organisation: CITY, account: ALICE, record });
    });
}

#[test]
fn it_takes_the_council() {
    ExtBuilder::default().execute(|| {
        suspend(&ALICE);
        for origin in [signed(ALICE), signed(ADMIN), signed(BOB), RuntimeOrigin::none()] {
            assert_noop!(Nodes::reinstate_validator(origin, ALICE, reason()), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn it_takes_a_suspended_validator() {
    ExtBuilder::default().execute(|| {
        assert_noop!(reinstate(ALICE), Error::<Test>::NotSuspended);
        assert_noop!(reinstate(SPARE), Error::<Test>::NotRegistered);
    });
}

#[test]
fn a_reason_is_text() {
    ExtBuilder::default().execute(|| {
        suspend(&ALICE);
        for wrong in [Text::default(), vec![0xff].try_into().unwrap()] {
            assert_noop!(Nodes::reinstate_validator(RuntimeOrigin::root(), ALICE, wrong), Error::<Test>::InvalidText);
        }
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        suspend(&ALICE);
        MockJournal::fail(true);
        assert_noop!(reinstate(ALICE), MockJournal::FAILURE);
    });
}
