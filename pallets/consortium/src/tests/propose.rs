use super::{assert_record, author, only_active_admins, only_with_a_reason, records};
use crate::{mock::*, *};
use citynet_primitives::{Body, OrganisationId, OrganisationKind};
use citynet_support::mock::{MockCouncil, MockJournal};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    DispatchError,
};

/// A remark of so many bytes. Its encoding has four more, or three when it is shorter than 64.
fn remark(length: usize) -> RuntimeCall {
    frame_system::Call::<Test>::remark { remark: vec![7; length] }.into()
}

fn propose(length: usize) -> Result<(), DispatchError> {
    Consortium::propose(signed(ALICE), Box::new(remark(length)), why())
}

#[test]
fn an_admin_puts_a_call_to_the_vote() {
    ExtBuilder::default().execute(|| {
        let record = records();
        assert_ok!(propose(10));

        let motions = MockCouncil::open();
        let [open] = &motions[..] else { panic!("there is one motion") };
        assert_eq!((open.number, open.threshold, &open.yes[..], open.no.len()), (0, 2, &[CITY][..], 0));
        let motion = BlakeTwo256::hash_of(&remark(10)).0;
        assert_eq!(open.motion, motion);

        let call = remark(10).encode().try_into().unwrap();
        let proposed = Body::MotionProposed { motion, number: 0, threshold: 2, call, reason: why() };
        assert_record(record, author(CITY, ALICE), &[OrganisationId::CONSORTIUM, CITY], proposed);
        let voted = Body::MotionVoted { motion, number: 0, approve: true, reason: why() };
        assert_record(record + 1, author(CITY, ALICE), &[OrganisationId::CONSORTIUM, CITY], voted);
        System::assert_has_event(
            Event::<Test>::MotionProposed { motion, number: 0, threshold: 2, organisation: CITY, record }.into(),
        );
        System::assert_last_event(
            Event::<Test>::MotionVoted { motion, number: 0, organisation: CITY, approve: true, record: record + 1 }
                .into(),
        );
    });
}

#[test]
fn it_takes_an_active_admin() {
    ExtBuilder::default().execute(|| {
        only_active_admins(|origin| Consortium::propose(origin, Box::new(remark(0)), why()));
    });
}

#[test]
fn it_takes_a_reason() {
    ExtBuilder::default().execute(|| {
        only_with_a_reason(|reason| Consortium::propose(signed(ALICE), Box::new(remark(0)), reason));
    });
}

#[test]
fn it_takes_a_seat() {
    ExtBuilder::default().execute(|| {
        let auditor = signed(admit(0, OrganisationKind::Auditor).unwrap());
        assert_noop!(Consortium::propose(auditor, Box::new(remark(0)), why()), Error::<Test>::NoSeat);
    });
}

#[test]
fn a_call_has_so_many_bytes() {
    ExtBuilder::default().execute(|| {
        assert_eq!(remark(1_020).encoded_size(), 1_024);
        assert_ok!(propose(1_020));
        assert_noop!(propose(1_021), Error::<Test>::CallTooLong);
    });
}

#[test]
fn what_the_council_refuses_is_refused() {
    ExtBuilder::default().execute(|| {
        for length in 0..MockCouncil::MAX_MOTIONS {
            assert_ok!(propose(length));
            assert_noop!(propose(length), MockCouncil::DUPLICATE_MOTION);
        }
        assert_noop!(propose(10), MockCouncil::TOO_MANY_MOTIONS);
    });
}

#[test]
fn the_councils_weights_are_added() {
    let call = Call::<Test>::propose { call: Box::new(remark(0)), reason: why() };
    let councils = MockCouncil::PROPOSE_WEIGHT + MockCouncil::VOTE_WEIGHT;
    assert_eq!(call.get_dispatch_info().call_weight, <() as WeightInfo>::propose() + councils);
}

#[test]
fn without_a_record_nothing_changes() {
    ExtBuilder::default().execute(|| {
        MockJournal::fail(true);
        assert_noop!(propose(0), MockJournal::FAILURE);
    });
}
