//! Money that is set aside page by page, settled in one step, and moved afterwards.

use super::netting::{compute, info, open_later, owe, phase, state, step};
use crate::{mock::*, CycleWork, Error, Event, Netted, Share};
use citynet_primitives::{Amount, CycleId, CyclePhase, ObligationState, OrganisationId};
use citynet_support::{
    mock::{MockClock, MockJournal},
    Clock,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult, traits::fungibles::InspectHold};

/// A step that handles one organisation.
fn small_step() -> DispatchResult {
    Settlements::advance_cycle(signed(treasurer(CLINIC)), RUB, 1).map(|_| ()).map_err(|error| error.error)
}

/// What is in a treasury: free, and on hold. Without what a cycle has settled and not moved.
fn stored(organisation: OrganisationId) -> (Amount, Amount) {
    let treasury = Settlements::treasury(organisation);
    (Assets::balance(RUB, &treasury), AssetsHolder::total_balance_on_hold(RUB, &treasury))
}

/// The city owes 30 to the university and 20 to the telecom, and has 60.
fn two_creditors() -> CycleId {
    fund(CITY, 60);
    owe(CITY, UNIVERSITY, 30);
    owe(CITY, TELECOM, 20);
    let cycle = open_later();
    compute(cycle);
    cycle
}

/// The same, settled, with nothing moved.
fn two_creditors_settled() -> CycleId {
    let cycle = two_creditors();
    for _ in [CITY, UNIVERSITY, TELECOM] {
        assert_eq!(phase(cycle), CyclePhase::Funding);
        assert_ok!(small_step());
    }
    assert_eq!((phase(cycle), info(cycle).moved), (CyclePhase::Settled, false));
    cycle
}

#[test]
fn what_is_set_aside_is_on_hold_and_cannot_be_spent() {
    ExtBuilder::default().run(|| {
        let cycle = two_creditors();
        assert_ok!(small_step());
        assert_eq!(last_event(), Event::CycleAdvanced { cycle, handled: 1 });
        assert_eq!(Settlements::balance(RUB, CITY), (10, 50));
        assert_ok!(Settlements::do_try_state());
        let withdraw = |amount| Settlements::request_withdrawal(signed(treasurer(CITY)), RUB, amount, [1; 32]);
        assert_noop!(withdraw(11), Error::<Test>::FundsUnavailable);
        assert_ok!(withdraw(10));
        let other = owe(CITY, CLINIC, 1);
        assert_noop!(Settlements::pay(signed(treasurer(CITY)), other), Error::<Test>::FundsUnavailable);
        // Nobody has anything before it is settled.
        assert_eq!((free(UNIVERSITY), free(TELECOM)), (0, 0));
    });
}

#[test]
fn all_is_settled_in_one_step_and_moves_page_by_page() {
    ExtBuilder::default().run(|| {
        let cycle = two_creditors_settled();
        let record = MockJournal::last().expect("it was settled").record.index;
        assert_eq!(last_event(), Event::CycleSettled { cycle, record });
        let balances = || [CITY, UNIVERSITY, TELECOM].map(|organisation| Settlements::balance(RUB, organisation));
        let settled = [(10, 0), (30, 0), (20, 0)];
        assert_eq!(balances(), settled);
        assert_eq!([CITY, UNIVERSITY, TELECOM].map(stored), [(10, 50), (0, 0), (0, 0)]);
        assert_eq!(Netted::<Test>::get(RUB, CITY), Some(Share { pays: 50, gets: 0 }));

        for moved in [[(10, 0), (0, 0), (0, 0)], [(10, 0), (30, 0), (0, 0)], [(10, 0), (30, 0), (20, 0)]] {
            assert!(!info(cycle).moved);
            let now = MockClock::now();
            let open = Settlements::open_cycle(signed(treasurer(BANK)), RUB, now, now + 1);
            assert_eq!(open, Err(Error::<Test>::CycleRunning.into()));
            assert_ok!(small_step());
            assert_eq!(last_event(), Event::CycleAdvanced { cycle, handled: 1 });
            assert_eq!([CITY, UNIVERSITY, TELECOM].map(stored), moved);
            assert_eq!(balances(), settled);
            assert_ok!(Settlements::do_try_state());
        }
        assert!(info(cycle).moved);
        assert_eq!(Netted::<Test>::iter().count(), 0);
        assert!(!CycleWork::<Test>::contains_key(RUB));
        assert_noop!(small_step(), Error::<Test>::NothingToDo);
        assert_eq!(open_later().number, 2);
    });
}

#[test]
fn what_is_settled_can_be_spent_before_it_has_moved() {
    let spend: [fn() -> DispatchResult; 3] = [
        || Settlements::request_withdrawal(signed(treasurer(UNIVERSITY)), RUB, 30, [1; 32]),
        || Settlements::pay(signed(treasurer(UNIVERSITY)), owe(UNIVERSITY, CLINIC, 30)),
        || Settlements::hold_price(signed(treasurer(UNIVERSITY)), offered_grant(fixed_price(30))),
    ];
    for spend in spend {
        ExtBuilder::default().run(|| {
            let cycle = two_creditors_settled();
            assert_ok!(spend());
            assert_eq!(free(UNIVERSITY), 0);
            assert_eq!(Netted::<Test>::get(RUB, UNIVERSITY), None);
            assert_ok!(Settlements::do_try_state());
            // It is not credited again.
            while !info(cycle).moved {
                assert_ok!(small_step());
            }
            assert_eq!(free(UNIVERSITY), 0);
            assert_eq!(free(CITY) + free(TELECOM), 30);
        });
    }
}

#[test]
fn a_debtor_can_use_what_is_left_before_the_rest_has_moved() {
    ExtBuilder::default().run(|| {
        let cycle = two_creditors_settled();
        assert_ok!(Settlements::request_withdrawal(signed(treasurer(CITY)), RUB, 10, [1; 32]));
        assert_eq!(Settlements::balance(RUB, CITY), (0, 10));
        while !info(cycle).moved {
            assert_ok!(small_step());
        }
        assert_eq!(Settlements::balance(RUB, CITY), (0, 10));
    });
}

#[test]
fn who_is_late_is_looked_at_again_and_the_others_need_do_nothing() {
    ExtBuilder::default().run(|| {
        fund(CITY, 10);
        owe(CITY, TELECOM, 10);
        owe(UNIVERSITY, TELECOM, 10);
        owe(CLINIC, TELECOM, 10);
        let cycle = open_later();
        compute(cycle);
        assert_ok!(step());
        assert_noop!(step(), Error::<Test>::NotFunded);
        fund(CLINIC, 10);
        assert_ok!(step());
        assert_eq!((phase(cycle), held(CITY), held(CLINIC)), (CyclePhase::Funding, 10, 10));
        assert_eq!(last_event(), Event::CycleAdvanced { cycle, handled: 1 });
        assert_noop!(step(), Error::<Test>::NotFunded);
        fund(UNIVERSITY, 11);
        assert_ok!(step());
        assert_eq!((phase(cycle), free(TELECOM), free(UNIVERSITY)), (CyclePhase::Settled, 30, 1));
    });
}

#[test]
fn what_is_on_hold_follows_the_positions_when_a_default_changes_them() {
    ExtBuilder::default().run(|| {
        fund(CITY, 100);
        fund(UNIVERSITY, 100);
        // The telecom owes more than it has. Without that, the city pays less and the university more.
        let lost = [owe(TELECOM, UNIVERSITY, 40), owe(TELECOM, CLINIC, 1)];
        owe(CITY, CLINIC, 50);
        owe(CLINIC, CITY, 20);
        owe(UNIVERSITY, CLINIC, 60);
        let cycle = open_later();
        compute(cycle);
        assert_ok!(step());
        assert_eq!((held(CITY), held(UNIVERSITY), held(TELECOM)), (30, 20, 0));
        MockClock::set(info(cycle).deadline);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Removing);
        // What they have on hold they keep until it is known what they pay.
        assert_eq!((held(CITY), held(UNIVERSITY)), (30, 20));
        let withdraw = |organisation, amount| {
            Settlements::request_withdrawal(signed(treasurer(organisation)), RUB, amount, [1; 32])
        };
        assert_noop!(withdraw(UNIVERSITY, 81), Error::<Test>::FundsUnavailable);
        compute(cycle);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Settled);
        assert_eq!((free(CITY), free(UNIVERSITY), free(CLINIC)), (70, 40, 90));
        assert_eq!(lost.map(state), [ObligationState::Open; 2]);
        assert_eq!([CITY, UNIVERSITY, TELECOM, CLINIC].map(held), [0; 4]);
    });
}

#[test]
fn a_defaulter_gets_back_what_it_had_set_aside() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 5);
        // The university can pay 5, but not the 10 that are left when the city does not pay it.
        owe(CITY, UNIVERSITY, 5);
        let second = owe(UNIVERSITY, TELECOM, 10);
        let cycle = open_later();
        compute(cycle);
        assert_ok!(step());
        assert_eq!(held(UNIVERSITY), 5);
        MockClock::set(info(cycle).deadline);
        assert_ok!(step());
        compute(cycle);
        assert_ok!(step());
        assert_eq!(held(UNIVERSITY), 5);
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Removing);
        compute(cycle);
        assert_eq!((phase(cycle), info(cycle).obligations), (CyclePhase::Funding, 0));
        assert_ok!(Settlements::do_try_state());
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Empty);
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (5, 0));
        assert_eq!(Netted::<Test>::iter().count(), 0);
        assert_eq!(state(second), ObligationState::Open);
    });
}

#[test]
fn debtors_are_named_page_by_page() {
    ExtBuilder::default().run(|| {
        for debtor in [CITY, UNIVERSITY, CLINIC] {
            owe(debtor, TELECOM, 7);
        }
        let cycle = open_later();
        compute(cycle);
        assert_ok!(step());
        MockClock::set(info(cycle).deadline);
        for left in [2, 1, 0] {
            assert_eq!(phase(cycle), CyclePhase::Funding);
            assert_ok!(small_step());
            assert!(matches!(last_event(), Event::CycleDefaulted { amount: 7, .. }));
            assert_eq!(CycleWork::<Test>::get(RUB).expect("it runs").short.len(), left);
            assert_ok!(Settlements::do_try_state());
        }
        assert_eq!(phase(cycle), CyclePhase::Removing);
    });
}

#[test]
fn as_much_as_there_can_be_is_settled_and_moved() {
    ExtBuilder::default().run(|| {
        // The most that obligations can be is more than the most that can be netted: so many of the latter.
        let (most, count) = (crate::MAX_NETTED, 8);
        fund(CITY, Amount::MAX / 2);
        for _ in 0..count {
            owe(CITY, UNIVERSITY, most);
        }
        let cycle = open_later();
        compute(cycle);
        // The creditor is credited before the debtor is debited: there is room for both.
        for _ in [CITY, UNIVERSITY] {
            assert_ok!(small_step());
        }
        assert_eq!(phase(cycle), CyclePhase::Settled);
        assert_ok!(Settlements::request_withdrawal(signed(treasurer(UNIVERSITY)), RUB, most, [1; 32]));
        while !info(cycle).moved {
            assert_ok!(small_step());
        }
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (most * (count - 1), most));
        assert_eq!(free(CITY), Amount::MAX / 2 - most * count);
    });
}
