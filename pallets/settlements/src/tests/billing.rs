use super::usage::{dispute, rule, state_usage, used_grant};
use crate::{mock::*, queue::waiting, Accounts, Error, Event, ObligationCount, Obligations};
use citynet_primitives::{
    Amount, Body, CycleId, CyclePhase, Document, GrantId, Moment, ObligationInfo, ObligationState, OrganisationStatus,
    Price, Usage,
};
use citynet_support::mock::{MockClock, MockGrants, MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

/// Somebody who has nothing to do with it bills the grant.
fn bill(grant: GrantId) -> DispatchResult {
    Settlements::bill(signed(registrar(CLINIC)), grant)
}

/// The provider takes back so much of an obligation.
fn reverse(obligation: u64, amount: Amount) -> DispatchResult {
    Settlements::reverse(signed(treasurer(CITY)), obligation, amount, reason())
}

/// The number of the latest obligation.
pub(super) fn latest() -> u64 {
    ObligationCount::<Test>::get()
}

pub(super) fn info(obligation: u64) -> ObligationInfo {
    Settlements::obligation(obligation).expect("the test made the obligation")
}

/// Whether the obligation waits for the next netting cycle.
pub(super) fn waits(obligation: u64) -> bool {
    Settlements::is_listed(waiting(info(obligation).currency), obligation)
}

/// What the university owes the city for so many accesses.
pub(super) fn billed(amount: u64) -> u64 {
    let grant = used_grant(amount);
    assert_ok!(state_usage(grant, amount));
    MockClock::advance(DISPUTE_WINDOW);
    assert_ok!(bill(grant));
    assert_eq!(info(latest()).amount, Amount::from(amount));
    latest()
}

/// What the last bill is of, where there is something to bill, and that there is nothing more.
#[track_caller]
fn assert_billed(grant: GrantId, amount: Amount) {
    let count = latest();
    if amount > 0 {
        assert_ok!(bill(grant));
        assert_eq!((latest(), info(latest()).amount), (count + 1, amount));
    }
    assert_noop!(bill(grant), Error::<Test>::NothingToBill);
}

#[test]
fn bills_what_is_mature() {
    ExtBuilder::default().run(|| {
        let grant = active_grant(metered_price(5, 1));
        let usage = Usage { accesses: 8, records: 3, bytes: 1 };
        report(grant, usage);
        assert_ok!(Settlements::state_usage(signed(attestor(CITY)), grant, usage, ROOT));
        assert_billed(grant, 0);
        MockClock::advance(DISPUTE_WINDOW - 1);
        assert_billed(grant, 0);
        MockClock::advance(1);
        assert_ok!(bill(grant));

        let info = ObligationInfo {
            state: ObligationState::Open,
            currency: RUB,
            debtor: UNIVERSITY,
            creditor: CITY,
            amount: 40,
            grant,
            usage,
            reverses: None,
            reversed: 0,
            since: now(),
            cycle: 0,
            payment: None,
            declared: None,
        };
        assert_eq!(latest(), 1);
        assert_eq!(Settlements::obligation(1), Some(info));
        assert!(waits(1));
        let body = Body::ObligationCreated { obligation: 1, info };
        let record = assert_recorded(&registrar(CLINIC), &[CLINIC, UNIVERSITY, CITY], &body);
        assert_eq!(last_event(), Event::ObligationCreated { obligation: 1, record });
        let account = Accounts::<Test>::get(grant);
        assert_eq!((account.matured, account.open, account.billed), (usage, None, 40));
        assert_billed(grant, 0);
    });
}

#[test]
fn parties_bill_as_well() {
    ExtBuilder::default().run(|| {
        for (organisation, parties) in [(CITY, [CITY, UNIVERSITY]), (UNIVERSITY, [UNIVERSITY, CITY])] {
            let grant = used_grant(1);
            assert_ok!(state_usage(grant, 1));
            MockClock::advance(DISPUTE_WINDOW);
            assert_ok!(Settlements::bill(signed(attestor(organisation)), grant));
            let (obligation, info) = (latest(), info(latest()));
            let body = Body::ObligationCreated { obligation, info };
            assert_recorded(&attestor(organisation), &parties, &body);
        }
    });
}

#[test]
fn what_rounding_leaves_is_carried() {
    ExtBuilder::default().run(|| {
        // Ten for every three.
        let grant = active_grant(metered_price(10, 3));
        report(grant, accesses(9));
        let bills = [(1, 3), (2, 3), (3, 4), (4, 3), (9, 17)];
        for (count, amount) in bills {
            assert_ok!(state_usage(grant, count));
            MockClock::advance(DISPUTE_WINDOW);
            assert_billed(grant, amount);
        }
        assert_eq!(bills.iter().map(|(_, amount)| amount).sum::<Amount>(), 30);

        // Less than a unit is no bill yet.
        let grant = active_grant(metered_price(1, 3));
        report(grant, accesses(3));
        for (count, amount) in [(1, 0), (2, 0), (3, 1)] {
            assert_ok!(state_usage(grant, count));
            MockClock::advance(DISPUTE_WINDOW);
            assert_billed(grant, amount);
        }
    });
}

#[test]
fn bills_do_not_wait_for_one_another() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(9);
        for count in [2, 5] {
            assert_ok!(state_usage(grant, count));
            MockClock::advance(DISPUTE_WINDOW);
        }
        // Use that is not mature is not in the bill.
        assert_ok!(state_usage(grant, 9));
        assert_billed(grant, 5);
        assert_eq!(info(latest()).usage, accesses(5));
        MockClock::advance(DISPUTE_WINDOW);
        assert_billed(grant, 4);
    });
}

#[test]
fn what_is_disputed_is_not_billed() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(state_usage(grant, 10));
        assert_ok!(dispute(grant, 6));
        MockClock::advance(365 * DAY);
        assert_billed(grant, 0);
        assert_ok!(rule(grant, 7));
        assert_billed(grant, 7);
    });
}

#[test]
fn bills_periods_that_have_begun() {
    ExtBuilder::default().run(|| {
        let grant = active_grant(daily_price(7));
        let begin = now();
        let at = |time: Moment, amount: Amount| {
            MockClock::set(begin + time);
            assert_billed(grant, amount);
        };
        at(0, 0);
        at(1, 7);
        at(DAY, 0);
        at(DAY + 1, 7);
        at(2 * DAY, 0);
        at(5 * DAY, 21);
        at(5 * DAY + 1, 7);
        assert_eq!(info(latest()).usage, Usage::default());
        assert_eq!(Accounts::<Test>::get(grant).billed, 42);
    });
}

#[test]
fn periods_end_with_the_grant() {
    ExtBuilder::default().run(|| {
        let begin = now();
        let [expired, revoked, both, never] = [(); 4].map(|()| active_grant(daily_price(7)));
        for grant in [expired, both] {
            MockGrants::change(grant, |facts| facts.not_after = begin + 3 * DAY);
        }
        MockGrants::change(revoked, |facts| facts.ended = Some(begin + 2 * DAY + 1));
        MockGrants::change(both, |facts| facts.ended = Some(begin + DAY));
        // It ended before it began.
        MockGrants::change(never, |facts| {
            facts.not_before = begin + 2 * DAY;
            facts.ended = Some(begin + DAY);
        });
        MockClock::advance(30 * DAY);
        assert_billed(expired, 21);
        assert_billed(revoked, 21);
        assert_billed(both, 7);
        assert_billed(never, 0);
    });
}

#[test]
fn periods_begin_with_the_grant() {
    ExtBuilder::default().run(|| {
        let begin = now() + 2 * DAY;
        let [later, before] = [(); 2].map(|()| active_grant(daily_price(7)));
        // It was finalised before its first moment, or after it.
        MockGrants::change(later, |facts| facts.not_before = begin);
        MockGrants::change(before, |facts| {
            facts.not_before = begin - DAY;
            facts.active_since = Some(begin);
        });
        for grant in [later, before] {
            MockClock::set(begin);
            assert_billed(grant, 0);
            MockClock::set(begin + 1);
            assert_billed(grant, 7);
        }
    });
}

#[test]
fn whoever_provides_now_is_the_creditor() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(state_usage(grant, 4));
        MockClock::advance(DISPUTE_WINDOW);
        assert_billed(grant, 4);
        assert_ok!(state_usage(grant, 10));
        MockClock::advance(DISPUTE_WINDOW);

        // Nobody owes itself.
        MockGrants::change(grant, |facts| facts.provider = UNIVERSITY);
        assert_billed(grant, 0);
        MockGrants::change(grant, |facts| facts.provider = TELECOM);
        assert_billed(grant, 6);
        assert_eq!((info(1).creditor, info(2).creditor), (CITY, TELECOM));
    });
}

#[test]
fn bills_fit_in_128_bits() {
    ExtBuilder::default().run(|| {
        let metered = active_grant(metered_price(Amount::MAX, 1));
        report(metered, accesses(2));
        assert_ok!(state_usage(metered, 1));
        MockClock::advance(DISPUTE_WINDOW);
        assert_ok!(bill(metered));
        assert_eq!(info(latest()).amount, Amount::MAX);
        assert_ok!(state_usage(metered, 2));
        MockClock::advance(DISPUTE_WINDOW);
        assert_noop!(bill(metered), Error::<Test>::Overflow);

        let daily = active_grant(daily_price(Amount::MAX));
        MockClock::advance(DAY);
        assert_ok!(bill(daily));
        assert_eq!(info(latest()).amount, Amount::MAX);
        MockClock::advance(1);
        assert_noop!(bill(daily), Error::<Test>::Overflow);
    });
}

#[test]
fn refuses_bills() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_noop!(bill(grant), Error::<Test>::NothingToBill);
        assert_ok!(state_usage(grant, 10));
        MockClock::advance(DISPUTE_WINDOW);

        let call = |origin| Settlements::bill(origin, grant);
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), Error::<Test>::NotMember);
        MockMembership::set_status(CLINIC, OrganisationStatus::Suspended);
        assert_noop!(bill(grant), Error::<Test>::NotMember);
        MockMembership::set_status(CLINIC, OrganisationStatus::Active);
        assert_noop!(bill(GrantId(99)), Error::<Test>::UnknownGrant);
        let contract = Document { hash: [1; 32], uri: text("https://example.org/contract") };
        for price in [Price::Free, Price::Contract { contract }, fixed_price(5)] {
            let grant = active_grant(price);
            assert_noop!(bill(grant), Error::<Test>::NotPriced);
        }
        for price in [metered_price(5, 1), daily_price(5)] {
            let grant = offered_grant(price);
            assert_noop!(bill(grant), Error::<Test>::NeverActive);
        }
        MockJournal::fail(true);
        assert_noop!(bill(grant), MockJournal::FAILURE);
        MockJournal::fail(false);
        ObligationCount::<Test>::put(u64::MAX);
        assert_noop!(bill(grant), Error::<Test>::NumbersExhausted);
        ObligationCount::<Test>::put(0);
        assert_ok!(bill(grant));
    });
}

#[test]
fn reverses() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        let before = info(obligation);
        MockClock::advance(DAY);
        assert_ok!(reverse(obligation, 100));
        assert_eq!(latest(), 2);
        let reversal =
            ObligationInfo { debtor: CITY, creditor: UNIVERSITY, reverses: Some(obligation), since: now(), ..before };
        assert_eq!(info(2), reversal);
        assert!(waits(2));
        let body = Body::ObligationReversed { obligation: 2, info: reversal, reason: reason() };
        let record = assert_recorded(&treasurer(CITY), &[CITY, UNIVERSITY], &body);
        assert_eq!(last_event(), Event::ObligationCreated { obligation: 2, record });
        // It is still owed, and still billed.
        assert_eq!(info(obligation), ObligationInfo { reversed: 100, ..before });
        assert!(waits(obligation));
        assert_eq!(Accounts::<Test>::get(before.grant).billed, 100);
        assert_billed(before.grant, 0);
    });
}

#[test]
fn reverses_no_more_than_there_is() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        for amount in [101, Amount::MAX] {
            assert_noop!(reverse(obligation, amount), Error::<Test>::ReversalTooLarge);
        }
        assert_ok!(reverse(obligation, 60));
        for amount in [41, 100, Amount::MAX] {
            assert_noop!(reverse(obligation, amount), Error::<Test>::ReversalTooLarge);
        }
        assert_ok!(reverse(obligation, 40));
        assert_eq!(info(obligation).reversed, 100);
        assert_noop!(reverse(obligation, 1), Error::<Test>::ReversalTooLarge);
    });
}

#[test]
fn reverses_what_is_paid() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 100);
        let obligation = billed(100);
        assert_ok!(Settlements::pay(signed(treasurer(UNIVERSITY)), obligation));
        assert_ok!(reverse(obligation, 30));
        assert_eq!((info(obligation).state, info(obligation).reversed), (ObligationState::Settled, 30));
        assert_ok!(Settlements::pay(signed(treasurer(CITY)), latest()));
        assert_eq!((free(UNIVERSITY), free(CITY)), (30, 70));
    });
}

#[test]
fn reverses_what_a_cycle_has() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        MockClock::advance(1);
        assert_ok!(Settlements::open_cycle(signed(treasurer(BANK)), RUB, now(), now() + HOUR));
        let step = || Settlements::advance_cycle(signed(treasurer(BANK)), RUB, MAX_PAGE);
        assert_ok!(step());
        assert_ok!(reverse(obligation, 10));
        let netting = info(obligation);
        assert_eq!((netting.state, netting.cycle, netting.reversed), (ObligationState::Netting, 1, 10));
        // The reversal waits for the next cycle.
        assert_eq!((info(latest()).state, info(latest()).cycle), (ObligationState::Open, 0));

        fund(UNIVERSITY, 100);
        assert_ok!(step());
        let cycle = CycleId { currency: RUB, number: 1 };
        assert_eq!(Settlements::cycle(cycle).map(|cycle| cycle.phase), Some(CyclePhase::Settled));
        assert_eq!(free(CITY), 100);
        // That it is settled is still not written to it.
        assert_ok!(reverse(obligation, 20));
        assert_eq!(Obligations::<Test>::get(obligation).map(|info| info.state), Some(ObligationState::Netting));
        assert_eq!((info(obligation).state, info(obligation).reversed), (ObligationState::Settled, 30));
    });
}

#[test]
fn refuses_reversals() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        let call = |origin, reason| Settlements::reverse(origin, obligation, 10, reason);
        assert_noop!(call(RuntimeOrigin::none(), reason()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root(), reason()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody()), reason()), MockMembership::NOT_MEMBER);
        for account in [attestor(CITY), registrar(CITY)] {
            assert_noop!(call(signed(account), reason()), MockMembership::NOT_AUTHORIZED);
        }
        for organisation in [UNIVERSITY, CLINIC] {
            assert_noop!(call(signed(treasurer(organisation)), reason()), Error::<Test>::NotCreditor);
        }
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(call(signed(treasurer(CITY)), reason), Error::<Test>::InvalidText);
        }
        assert_noop!(reverse(obligation, 0), Error::<Test>::AmountZero);
        for unknown in [0, 2, u64::MAX] {
            assert_noop!(reverse(unknown, 10), Error::<Test>::UnknownObligation);
        }
        MockJournal::fail(true);
        assert_noop!(reverse(obligation, 10), MockJournal::FAILURE);
        MockJournal::fail(false);
        ObligationCount::<Test>::put(u64::MAX);
        assert_noop!(reverse(obligation, 10), Error::<Test>::NumbersExhausted);
        ObligationCount::<Test>::put(obligation);

        assert_ok!(reverse(obligation, 10));
        let reversal = latest();
        let again = || Settlements::reverse(signed(treasurer(UNIVERSITY)), reversal, 1, reason());
        assert_noop!(again(), Error::<Test>::ReversalOfReversal);
    });
}
