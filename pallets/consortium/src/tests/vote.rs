use super::{assert_record, author, only_active_admins, only_with_a_reason, records};
use crate::{mock::*, *};
use citynet_primitives::{Body, Hash, OrganisationId, OrganisationKind};
use citynet_support::mock::{MockCouncil, MockJournal};
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};

/// Runs a test while a motion of the telecom, whose hash it is given, is open with the number 0.
fn proposed(test: impl FnOnce(Hash)) {
    ExtBuilder::default().execute(|| {
        let call = frame_system::Call::<Test>::remark { remark: vec![] };
        assert_ok!(Consortium::propose(signed(BOB), Box::new(call.into()), why()));
        test(MockCouncil::open()[0].motion);
    });
}

#[test]
fn an_admin_votes() {
    for approve in [true, false] {
        proposed(|motion| {
            let record = records();
            assert_ok!(Consortium::vote(signed(ALICE), motion, 0, approve, why()));

            let open = MockCouncil::open().remove(0);
            assert_eq!(open.yes.contains(&CITY), approve);
            assert_eq!(open.no.contains(&CITY), !approve);
            let body = Body::MotionVoted { motion, number: 0, approve, reason: why() };
            assert_record(record, author(CITY, ALICE), &[OrganisationId::CONSORTIUM, CITY], body);
            System::assert_last_event(
                Event::<Test>::MotionVoted { motion, number: 0, organisation: CITY, approve, record }.into(),
            );
        });
    }
}

#[test]
fn a_vote_can_be_changed() {
    proposed(|motion| {
        assert_ok!(Consortium::vote(signed(BOB), motion, 0, false, why()));
        assert_eq!(MockCouncil::open()[0].no, [TELECOM]);
        assert_ok!(Consortium::vote(signed(BOB), motion, 0, true, why()));
        assert_eq!(MockCouncil::open()[0].yes, [TELECOM]);
    });
}

#[test]
fn an_organisation_has_one_vote() {
    proposed(|motion| {
        assert_ok!(Consortium::add_account(signed(BOB), STRANGER, ADMIN));
        assert_noop!(Consortium::vote(signed(STRANGER), motion, 0, true, why()), MockCouncil::DUPLICATE_VOTE);
    });
}

#[test]
fn it_takes_an_active_admin() {
    proposed(|motion| only_active_admins(|origin| Consortium::vote(origin, motion, 0, true, why())));
}

#[test]
fn it_takes_a_reason() {
    proposed(|motion| only_with_a_reason(|reason| Consortium::vote(signed(ALICE), motion, 0, true, reason)));
}

#[test]
fn it_takes_a_seat() {
    proposed(|motion| {
        let auditor = signed(admit(0, OrganisationKind::Auditor).unwrap());
        assert_noop!(Consortium::vote(auditor, motion, 0, true, why()), Error::<Test>::NoSeat);
    });
}

#[test]
fn what_the_council_refuses_is_refused() {
    proposed(|motion| {
        assert_noop!(Consortium::vote(signed(ALICE), [0; 32], 0, true, why()), MockCouncil::NO_MOTION);
        assert_noop!(Consortium::vote(signed(ALICE), motion, 1, true, why()), MockCouncil::NO_MOTION);
    });
}

#[test]
fn the_councils_weight_is_added() {
    let call = Call::<Test>::vote { motion: [0; 32], number: 0, approve: true, reason: why() };
    assert_eq!(call.get_dispatch_info().call_weight, <() as WeightInfo>::vote() + MockCouncil::VOTE_WEIGHT);
}

#[test]
fn without_a_record_nothing_changes() {
    proposed(|motion| {
        MockJournal::fail(true);
        assert_noop!(Consortium::vote(signed(ALICE), motion, 0, true, why()), MockJournal::FAILURE);
    });
}
