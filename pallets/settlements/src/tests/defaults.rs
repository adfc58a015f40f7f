//! Debtors that cannot pay in time.

use super::netting::{compute, gets, info, open_later, owe, pays, phase, records_of, root_over, state, step, TO_FUND};
use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, CyclePhase, NetPositions, ObligationState, Subject};
use citynet_support::{
    mock::{MockClock, MockJournal},
    Clock,
};
use frame_support::{assert_noop, assert_ok};

/// Has everybody looked at once, and lets the time to have the money run out.
fn miss_deadline() {
    assert_ok!(step());
    MockClock::advance(TO_FUND);
}

#[test]
fn from_the_deadline_on_a_debtor_without_money_is_named_and_the_others_settle() {
    ExtBuilder::default().run(|| {
        fund(CITY, 10);
        let lost = owe(UNIVERSITY, TELECOM, 50);
        let kept = [owe(CITY, TELECOM, 10), owe(TELECOM, UNIVERSITY, 7)];
        let cycle = open_later();
        compute(cycle);
        let positions = [pays(CITY, 10), pays(UNIVERSITY, 43), gets(TELECOM, 53)];
        assert_eq!(Settlements::positions(cycle).to_vec(), positions);
        assert_ok!(step());
        assert_eq!((held(CITY), held(UNIVERSITY)), (10, 0));
        MockClock::set(info(cycle).deadline - 1);
        assert_noop!(step(), Error::<Test>::NotFunded);

        MockClock::advance(1);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Removing);
        let defaulted = Body::CycleDefaulted { cycle, debtor: UNIVERSITY, amount: 43 };
        let entry = MockJournal::last().unwrap();
        assert_eq!(entry.record.body, defaulted);
        assert_eq!(entry.subjects.to_vec(), [Subject::Cycle(cycle), Subject::Organisation(UNIVERSITY)]);
        let event = Event::CycleDefaulted { cycle, debtor: UNIVERSITY, amount: 43, record: entry.record.index };
        assert_eq!(last_event(), event);

        assert_ok!(step());
        assert_eq!((info(cycle).obligations, info(cycle).gross, info(cycle).net), (2, 17, 10));
        assert_eq!(info(cycle).root, root_over(&kept));
        // What the debtor is owed stays.
        let positions = [pays(CITY, 10), gets(UNIVERSITY, 7), gets(TELECOM, 3)];
        assert_eq!(Settlements::positions(cycle).to_vec(), positions);
        assert_eq!(state(lost), ObligationState::Open);

        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Settled);
        assert_eq!((free(CITY), free(UNIVERSITY), free(TELECOM)), (0, 7, 3));
        let positions = NetPositions::try_from(positions.to_vec()).unwrap();
        let root = root_over(&kept);
        let computed = Body::CycleComputed { cycle, obligations: 2, gross: 17, root, positions };
        assert_eq!(records_of(cycle)[2..], [defaulted, computed, Body::CycleSettled { cycle, net: 10 }]);
    });
}

#[test]
fn what_a_defaulter_owes_is_in_the_next_cycle() {
    ExtBuilder::default().run(|| {
        let lost = owe(CITY, UNIVERSITY, 5);
        let since = Settlements::obligation(lost).unwrap().since;
        let cycle = open_later();
        compute(cycle);
        miss_deadline();
        assert_ok!(step());
        // Nothing is left of the cycle.
        assert_ok!(step());
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Empty);
        assert_eq!((info(cycle).obligations, info(cycle).gross, info(cycle).net), (0, 0, 0));
        assert!(Settlements::positions(cycle).is_empty());
        assert_noop!(step(), Error::<Test>::NothingToDo);
        assert_eq!(
            Settlements::obligation(lost).map(|info| (info.state, info.cycle, info.since)),
            Some((ObligationState::Open, 0, since))
        );

        fund(CITY, 5);
        let next = open_later();
        assert_eq!(compute(next).obligations, 1);
        assert_ok!(step());
        assert_eq!(
            Settlements::obligation(lost).map(|info| (info.state, info.cycle)),
            Some((ObligationState::Settled, 2))
        );
        assert_eq!((free(CITY), free(UNIVERSITY)), (0, 5));
    });
}

#[test]
fn what_a_defaulter_owes_can_be_paid_before_the_next_cycle() {
    ExtBuilder::default().run(|| {
        let lost = owe(CITY, UNIVERSITY, 5);
        let cycle = open_later();
        compute(cycle);
        miss_deadline();
        assert_ok!(step());
        compute(cycle);
        assert_ok!(step());
        fund(CITY, 5);
        assert_ok!(Settlements::pay(signed(treasurer(CITY)), lost));
        let next = open_later();
        assert_eq!(compute(next).phase, CyclePhase::Empty);
    });
}

#[test]
fn who_relied_on_a_defaulter_may_default_too() {
    ExtBuilder::default().run(|| {
        fund(TELECOM, 1);
        let first = owe(CITY, UNIVERSITY, 10);
        let second = owe(UNIVERSITY, TELECOM, 10);
        let third = owe(TELECOM, CITY, 1);
        let cycle = open_later();
        compute(cycle);
        assert_eq!(Settlements::positions(cycle).to_vec(), [pays(CITY, 9), gets(TELECOM, 9)]);
        miss_deadline();
        assert_ok!(step());
        compute(cycle);
        // The university would have passed on what it does not get now. Its time is over too.
        assert_eq!(Settlements::positions(cycle).to_vec(), [gets(CITY, 1), pays(UNIVERSITY, 10), gets(TELECOM, 9)]);
        assert_ok!(step());
        assert_ok!(step());
        compute(cycle);
        assert_eq!(Settlements::positions(cycle).to_vec(), [gets(CITY, 1), pays(TELECOM, 1)]);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Settled);
        assert_eq!(
            [first, second, third].map(state),
            [ObligationState::Open, ObligationState::Open, ObligationState::Settled]
        );
        let defaulters: Vec<_> = records_of(cycle)
            .into_iter()
            .filter_map(|body| match body {
                Body::CycleDefaulted { debtor, amount, .. } => Some((debtor, amount)),
                _ => None,
            })
            .collect();
        assert_eq!(defaulters, [(CITY, 9), (UNIVERSITY, 10)]);
    });
}

#[test]
fn several_default_at_once() {
    ExtBuilder::default().run(|| {
        let lost = [owe(CITY, TELECOM, 1), owe(UNIVERSITY, TELECOM, 1)];
        let cycle = open_later();
        compute(cycle);
        miss_deadline();
        assert_ok!(step());
        assert_eq!(info(cycle).head.count, 4);
        compute(cycle);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Empty);
        assert_eq!(lost.map(state), [ObligationState::Open; 2]);
    });
}

#[test]
fn money_that_comes_after_the_deadline_but_before_the_step_is_in_time() {
    ExtBuilder::default().run(|| {
        owe(CITY, UNIVERSITY, 5);
        let cycle = open_later();
        compute(cycle);
        miss_deadline();
        fund(CITY, 5);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Settled);
    });
}

#[test]
fn a_cycle_may_be_collected_after_its_deadline() {
    ExtBuilder::default().run(|| {
        fund(CITY, 5);
        owe(CITY, UNIVERSITY, 5);
        let cycle = open_later();
        miss_deadline();
        assert_eq!(compute(cycle).phase, CyclePhase::Funding);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Settled);
    });
}

#[test]
fn what_is_removed_page_by_page_is_what_is_removed_at_once() {
    let outcome = |max: u32| {
        ExtBuilder::default().build().execute_with(|| {
            fund(CITY, 1_000);
            for round in 1..=4 {
                owe(CITY, UNIVERSITY, 10 * round);
                owe(UNIVERSITY, TELECOM, 100 * round);
                owe(TELECOM, CITY, round);
            }
            let cycle = open_later();
            compute(cycle);
            miss_deadline();
            assert_ok!(step());
            while phase(cycle) == CyclePhase::Removing {
                // What is back already can neither be lost nor be taken again.
                assert_ok!(Settlements::advance_cycle(signed(treasurer(CITY)), RUB, max));
                assert_ok!(Settlements::do_try_state());
            }
            let mut info = info(cycle);
            info.head = Default::default();
            (info, Settlements::positions(cycle), (1..=12).map(state).collect::<Vec<_>>())
        })
    };
    let whole = outcome(MAX_PAGE);
    assert_eq!(whole.0.obligations, 8);
    for max in [1, 3, 5, 11, 12] {
        assert_eq!(outcome(max), whole, "pages of {max}");
    }
}

#[test]
fn no_cycle_is_opened_while_another_is_not_over() {
    ExtBuilder::default().run(|| {
        owe(CITY, UNIVERSITY, 5);
        let cycle = open_later();
        let refused = || {
            let now = MockClock::now();
            assert_noop!(
                Settlements::open_cycle(signed(treasurer(BANK)), RUB, now, now + 1),
                Error::<Test>::CycleRunning
            );
        };
        refused();
        compute(cycle);
        refused();
        miss_deadline();
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Removing);
        refused();
        compute(cycle);
        refused();
        assert_ok!(step());
        assert_eq!(open_later().number, 2);
    });
}
