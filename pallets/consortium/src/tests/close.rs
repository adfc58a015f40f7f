use super::{assert_record, author, only_active_members, records, CHAIN};
use crate::{mock::*, *};
use citynet_primitives::{Body, Hash, OrganisationId, OrganisationKind, OrganisationStatus};
use citynet_support::mock::{MockCouncil, MockJournal};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, GetDispatchInfo},
    weights::Weight,
};
use sp_runtime::DispatchError;

/// Long enough for every motion here.
const LENGTH: u32 = 1_024;

/// The city proposes a call. Returns the motion's hash and number.
fn propose(call: impl Into<RuntimeCall>) -> (Hash, u32) {
    assert_ok!(Consortium::propose(signed(ALICE), Box::new(call.into()), why()));
    let open = MockCouncil::open().pop().unwrap();
    (open.motion, open.number)
}

/// The city and the telecom propose a call and vote for it.
fn approve(call: impl Into<RuntimeCall>) -> (Hash, u32) {
    let (motion, number) = propose(call);
    assert_ok!(Consortium::vote(signed(BOB), motion, number, true, why()));
    (motion, number)
}

fn close(motion: Hash, number: u32) -> Result<(), DispatchError> {
    plain(Consortium::close(signed(GATEWAY), motion, number, Weight::MAX, LENGTH))
}

fn plain(outcome: DispatchResultWithPostInfo) -> Result<(), DispatchError> {
    outcome.map(|_| ()).map_err(|refused| refused.error)
}

fn suspend_city() -> Call<Test> {
    Call::suspend { organisation: CITY, reason: why() }
}

#[test]
fn what_is_approved_happens() {
    ExtBuilder::default().execute(|| {
        let (motion, number) = approve(suspend_city());
        let record = records();
        // The member that closes it may be the one concerned.
        assert_ok!(close(motion, number));

        assert_eq!(status(CITY), OrganisationStatus::Suspended);
        assert!(MockCouncil::open().is_empty());
        let suspended = OrganisationStatus::Suspended;
        let changed = Body::OrganisationStatusChanged { organisation: CITY, status: suspended, reason: why() };
        assert_record(record, CHAIN, &[CITY], changed);
        let closed = Body::MotionClosed { motion, number, approved: true, yes: 2, no: 0, seats: 2 };
        assert_record(record + 1, author(CITY, GATEWAY), &[OrganisationId::CONSORTIUM], closed);
        System::assert_last_event(
            Event::<Test>::MotionClosed { motion, number, approved: true, record: record + 1 }.into(),
        );
    });
}

#[test]
fn what_is_rejected_does_not() {
    ExtBuilder::default().execute(|| {
        let (motion, number) = propose(suspend_city());
        assert_ok!(Consortium::vote(signed(BOB), motion, number, false, why()));
        let record = records();
        assert_ok!(close(motion, number));

        assert_eq!(status(CITY), OrganisationStatus::Active);
        assert!(MockCouncil::open().is_empty());
        let closed = Body::MotionClosed { motion, number, approved: false, yes: 1, no: 1, seats: 2 };
        assert_record(record, author(CITY, GATEWAY), &[OrganisationId::CONSORTIUM], closed);
        System::assert_last_event(Event::<Test>::MotionClosed { motion, number, approved: false, record }.into());
    });
}

#[test]
fn a_vote_short_of_two_thirds_changes_nothing() {
    ExtBuilder::default().execute(|| {
        assert_ok!(admit(0, OrganisationKind::University));
        assert_ok!(admit(1, OrganisationKind::University));
        // Two of four seats.
        let (motion, number) = approve(suspend_city());
        assert_noop!(close(motion, number), MockCouncil::UNDECIDED);
    });
}

#[test]
fn a_call_that_is_refused_is_closed_all_the_same() {
    ExtBuilder::default().execute(|| {
        let (motion, number) = approve(Call::<Test>::reinstate { organisation: CITY, reason: why() });
        let record = records();
        assert_ok!(close(motion, number));

        let closed = Body::MotionClosed { motion, number, approved: true, yes: 2, no: 0, seats: 2 };
        assert_record(record, author(CITY, GATEWAY), &[OrganisationId::CONSORTIUM], closed);
        assert_eq!(records(), record + 1);
        assert!(MockCouncil::open().is_empty());
    });
}

#[test]
fn a_refusal_leaves_no_trace_of_the_call() {
    let parameters = GenesisParameters { min_members: 2, ..Default::default() };
    ExtBuilder::default().parameters(parameters).execute(|| {
        let (motion, number) = approve(suspend_city());
        assert_ok!(close(motion, number));
        assert_eq!(status(CITY), OrganisationStatus::Active);
        assert_eq!(MockCouncil::seats(), [CITY, TELECOM]);
    });
}

#[test]
fn it_takes_a_member() {
    ExtBuilder::default().execute(|| {
        // The city loses its vote when it is no member for a while.
        let (motion, number) = propose(suspend_city());
        assert_ok!(Consortium::vote(signed(BOB), motion, number, false, why()));
        only_active_members(|origin| plain(Consortium::close(origin, motion, number, Weight::MAX, LENGTH)));
    });
}

#[test]
fn what_the_council_refuses_is_refused() {
    ExtBuilder::default().execute(|| {
        assert_noop!(close([0; 32], 0), MockCouncil::NO_MOTION);
        let (motion, number) = approve(suspend_city());
        assert_noop!(close(motion, number + 1), MockCouncil::NO_MOTION);

        let within = |weight, length| plain(Consortium::close(signed(GATEWAY), motion, number, weight, length));
        assert_noop!(within(Weight::zero(), LENGTH), MockCouncil::CALL_TOO_LARGE);
        assert_noop!(within(Weight::MAX, 1), MockCouncil::CALL_TOO_LARGE);
    });
}

#[test]
fn weight_is_given_back() {
    ExtBuilder::default().execute(|| {
        let (motion, number) = approve(suspend_city());
        let (call_weight, call_length) = (<() as WeightInfo>::suspend().saturating_mul(3), LENGTH);
        let call = Call::<Test>::close { motion, number, call_weight, call_length };
        let own = <() as WeightInfo>::close() + MockCouncil::CLOSE_WEIGHT;
        assert_eq!(call.get_dispatch_info().call_weight, own + call_weight);

        let info = Consortium::close(signed(GATEWAY), motion, number, call_weight, call_length).unwrap();
        assert_eq!(info.actual_weight, Some(own + <() as WeightInfo>::suspend()));
    });
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        let (motion, number) = approve(suspend_city());
        MockJournal::fail(true);
        assert_noop!(close(motion, number), MockJournal::FAILURE);
        assert_eq!(MockCouncil::open().len(), 1);
    });
}
