//! Equivocations.

use crate::{mock::*, *};
use citynet_primitives::{Author, Body, ValidatorStatus};
use citynet_support::mock::MockJournal;
use frame_support::{assert_noop, assert_ok, assert_storage_noop};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};

const EVIDENCE: [u8; 32] = [7; 32];

/// A report whose offender is `account`.
fn report(account: &AccountId32) -> DispatchResult {
    Nodes::with_evidence(EVIDENCE, || {
        Nodes::note_equivocation(account, 3);
        Ok(())
    })
}

#[test]
fn who_equivocates_is_suspended() {
    ExtBuilder::default().execute(|| {
        assert_ok!(report(&BOB));

        let statuses: Vec<_> = Validators::<Test>::get().iter().map(|validator| validator.status).collect();
        let registered = ValidatorStatus::Registered;
        assert_eq!(statuses, [registered, ValidatorStatus::Suspended, registered, registered]);
        assert_eq!(Nodes::elected(), [ALICE, CHARLIE, DAVE]);

        let (organisation, account) = (TELECOM, BOB);
        let body = Body::ValidatorSuspended { organisation, account: BOB.into(), session: 3, evidence: EVIDENCE };
        let record = assert_recorded(&Author::CHAIN, TELECOM, &body);
        let event = Event::ValidatorSuspended { organisation, account, session: 3, evidence: EVIDENCE, record };
        assert_eq!(last_event(), event);
    });
}

#[test]
fn it_is_said_once() {
    ExtBuilder::default().execute(|| {
        assert_ok!(report(&BOB));
        assert_storage_noop!(report(&BOB).unwrap());
        assert_ok!(reinstate(BOB));
        let records = MockJournal::entries().len();
        assert_ok!(report(&BOB));
        assert_eq!(MockJournal::entries().len(), records + 1);
    });
}

#[test]
fn who_is_no_validator_is_not_suspended() {
    ExtBuilder::default().execute(|| {
        assert_ok!(withdraw(BOB));
        for account in [BOB, SPARE, STRANGER] {
            assert_storage_noop!(report(&account).unwrap());
        }
    });
}

#[test]
fn even_the_last_one_is_suspended() {
    ExtBuilder::founders(1).execute(|| {
        assert_ok!(report(&ALICE));
        assert!(Nodes::elected().is_empty());
    });
}

#[test]
fn a_report_without_a_record_fails() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(report(&BOB), Error::<Test>::NotRecorded);
        MockJournal::fail(false);
        assert_ok!(report(&BOB));
    });
}

#[test]
fn a_report_that_fails_leaves_nothing_behind() {
    ExtBuilder::default().execute(|| {
        let refused = DispatchError::Other("the evidence proves nothing");
        let outcome = || {
            Nodes::with_evidence(EVIDENCE, || {
                assert_eq!(Evidence::<Test>::get(), Some(EVIDENCE));
                Err(refused)
            })
        };
        assert_noop!(outcome(), refused);
    });
}
