use crate::{
    mock::*, netting::HostSha256, queue::waiting, Accounts, CycleWork, Error, Event, ObligationCount, Obligations,
    MAX_NETTED,
};
use citynet_merkle::{leaf_hash, MemoryTree};
use citynet_primitives::{
    Amount, Author, Body, CycleId, CycleInfo, CyclePhase, GrantAccount, GrantId, GrossLeaf, Hash, Moment, NetPosition,
    ObligationInfo, ObligationState, OrganisationId, Price, Subject, Usage,
};
use citynet_support::{
    mock::{MockClock, MockGrants, MockJournal, MockMembership},
    AccountBytes, Clock, HeldHeads,
};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

/// By when debtors must have the money, from when a cycle is opened.
pub(super) const TO_FUND: Moment = HOUR;

/// What one organisation owes another, arisen now: as if it were billed for a grant by periods.
pub(super) fn owe(debtor: OrganisationId, creditor: OrganisationId, amount: Amount) -> u64 {
    owe_in(RUB, debtor, creditor, amount)
}

pub(super) fn owe_in(currency: u32, debtor: OrganisationId, creditor: OrganisationId, amount: Amount) -> u64 {
    let grant = GrantId(1_000_000 + ObligationCount::<Test>::get());
    MockGrants::set(grant, &MockGrants::active(creditor, debtor, Price::PerPeriod { currency, amount, period: HOUR }));
    Accounts::<Test>::insert(grant, GrantAccount { billed: amount, ..GrantAccount::default() });
    let info = ObligationInfo {
        state: ObligationState::Open,
        currency,
        debtor,
        creditor,
        amount,
        grant,
        usage: Usage::default(),
        reverses: None,
        reversed: 0,
        since: MockClock::now(),
        cycle: 0,
        payment: None,
        declared: None,
    };
    let author = Author { organisation: debtor, account: treasurer(debtor).account_bytes() };
    Settlements::create_obligation(&author, info, |obligation, info| Body::ObligationCreated { obligation, info })
        .expect("numbers are not used up");
    ObligationCount::<Test>::get()
}

/// Opens a cycle of what arose before now.
pub(super) fn open() -> CycleId {
    let now = MockClock::now();
    assert_ok!(Settlements::open_cycle(signed(treasurer(BANK)), RUB, now, now + TO_FUND));
    CycleId { currency: RUB, number: Settlements::last_cycle(RUB) }
}

/// Lets a millisecond pass, so that what is owed by now is before the cut-off, and opens a cycle.
pub(super) fn open_later() -> CycleId {
    MockClock::advance(1);
    open()
}

/// The next step, by an organisation that has nothing to do with it.
pub(super) fn step() -> DispatchResult {
    Settlements::advance_cycle(signed(treasurer(TELECOM)), RUB, MAX_PAGE).map(|_| ()).map_err(|error| error.error)
}

/// Steps until the cycle waits for money or is over.
pub(super) fn compute(cycle: CycleId) -> CycleInfo {
    while matches!(phase(cycle), CyclePhase::Collecting | CyclePhase::Removing) {
        assert_ok!(step());
    }
    info(cycle)
}

pub(super) fn info(cycle: CycleId) -> CycleInfo {
    Settlements::cycle(cycle).expect("the test opened the cycle")
}

pub(super) fn phase(cycle: CycleId) -> CyclePhase {
    info(cycle).phase
}

pub(super) fn state(obligation: u64) -> ObligationState {
    Settlements::obligation(obligation).expect("the test made the obligation").state
}

pub(super) fn pays(organisation: OrganisationId, amount: Amount) -> NetPosition {
    NetPosition { organisation, pays: amount, gets: 0 }
}

pub(super) fn gets(organisation: OrganisationId, amount: Amount) -> NetPosition {
    NetPosition { organisation, pays: 0, gets: amount }
}

/// The root over obligations, by the reference implementation of trees.
pub(super) fn root_over(obligations: &[u64]) -> Hash {
    let leaves = obligations.iter().map(|id| {
        let info = Settlements::obligation(*id).expect("the test made the obligation");
        let leaf = GrossLeaf { obligation: *id, debtor: info.debtor, creditor: info.creditor, amount: info.amount };
        leaf_hash::<HostSha256>(&leaf.encode())
    });
    MemoryTree::<HostSha256>::from_leaf_hashes(leaves).root()
}

/// Another currency of the bank.
fn euro() -> u32 {
    assert_ok!(Settlements::create_currency(RuntimeOrigin::root(), text("EUR"), 2, BANK));
    crate::CurrencyCount::<Test>::get()
}

fn last_record() -> u64 {
    MockJournal::last().expect("the test wrote a record").record.index
}

/// The bodies of the records about a cycle, in order.
pub(super) fn records_of(cycle: CycleId) -> Vec<Body> {
    let entries = MockJournal::entries().into_iter();
    let about = entries.filter(|entry| entry.subjects.contains(&Subject::Cycle(cycle)));
    about.map(|entry| entry.record.body).collect()
}

#[test]
fn a_cycle_nets_what_everybody_owes() {
    ExtBuilder::default().run(|| {
        fund(CITY, 100);
        let obligations =
            [owe(CITY, UNIVERSITY, 70), owe(UNIVERSITY, TELECOM, 60), owe(TELECOM, CITY, 20), owe(CITY, TELECOM, 5)];
        let cycle = open_later();
        let now = MockClock::now();
        assert_eq!(cycle, CycleId { currency: RUB, number: 1 });
        assert_eq!(last_event(), Event::CycleOpened { cycle, record: last_record() });
        let opened = Body::CycleOpened { cycle, cutoff: now, deadline: now + TO_FUND };
        assert_eq!(records_of(cycle), std::slice::from_ref(&opened));

        assert_ok!(step());
        let root = root_over(&obligations);
        let computed = info(cycle);
        assert_eq!((computed.obligations, computed.gross, computed.net, computed.root), (4, 155, 55, root));
        let positions = vec![pays(CITY, 55), gets(UNIVERSITY, 10), gets(TELECOM, 45)];
        assert_eq!(Settlements::positions(cycle).into_inner(), positions);
        assert_eq!(last_event(), Event::CycleComputed { cycle, record: last_record() });
        let positions = positions.try_into().unwrap();
        let told = Body::CycleComputed { cycle, obligations: 4, gross: 155, root, positions };
        assert!(obligations.iter().all(|id| state(*id) == ObligationState::Netting));

        // Before the deadline, as soon as everybody can pay.
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Settled);
        assert_eq!(last_event(), Event::CycleSettled { cycle, record: last_record() });
        assert_eq!(records_of(cycle), [opened, told, Body::CycleSettled { cycle, net: 55 }]);
        assert_eq!(info(cycle).head.count, 3);
        assert_eq!(Settlements::held_head(&Subject::Cycle(cycle)), Some(info(cycle).head));
        assert_eq!(Settlements::held_head(&Subject::Organisation(CITY)), None);
        assert_eq!((free(CITY), free(UNIVERSITY), free(TELECOM)), (45, 10, 45));
        for id in obligations {
            let info = Settlements::obligation(id).unwrap();
            assert_eq!((info.state, info.cycle), (ObligationState::Settled, 1));
        }
        assert_noop!(step(), Error::<Test>::NothingToDo);
    });
}

#[test]
fn a_circle_settles_without_money() {
    ExtBuilder::default().run(|| {
        let obligations = [owe(CITY, UNIVERSITY, 9), owe(UNIVERSITY, TELECOM, 9), owe(TELECOM, CITY, 9)];
        let cycle = open_later();
        assert_eq!(compute(cycle).net, 0);
        assert!(Settlements::positions(cycle).is_empty());
        assert_ok!(step());
        assert!(obligations.iter().all(|id| state(*id) == ObligationState::Settled));
    });
}

#[test]
fn an_organisation_that_owes_itself_pays_nothing() {
    ExtBuilder::default().run(|| {
        let own = owe(CITY, CITY, 1_000);
        let cycle = open_later();
        assert_eq!((compute(cycle).gross, info(cycle).net), (1_000, 0));
        assert_ok!(step());
        assert_eq!(state(own), ObligationState::Settled);
    });
}

#[test]
fn a_cycle_of_nothing_is_empty() {
    ExtBuilder::default().run(|| {
        let cycle = open();
        assert_ok!(step());
        assert_eq!(phase(cycle), CyclePhase::Empty);
        assert_eq!(info(cycle).root, root_over(&[]));
        assert!(!CycleWork::<Test>::contains_key(RUB));
        assert_noop!(step(), Error::<Test>::NothingToDo);
        // The next one may begin at once.
        assert_eq!(open().number, 2);
    });
}

#[test]
fn the_cut_off_is_half_open() {
    ExtBuilder::default().run(|| {
        let before = owe(CITY, UNIVERSITY, 1);
        MockClock::advance(1);
        let at = owe(CITY, UNIVERSITY, 2);
        let cycle = open();
        let after = owe(CITY, UNIVERSITY, 4);
        assert_eq!(compute(cycle).gross, 1);
        assert_eq!(
            [before, at, after].map(state),
            [ObligationState::Netting, ObligationState::Open, ObligationState::Open]
        );
    });
}

#[test]
fn a_cut_off_is_not_in_the_future_and_a_deadline_is() {
    ExtBuilder::default().run(|| {
        let now = MockClock::now();
        let open = |cutoff, deadline| Settlements::open_cycle(signed(treasurer(BANK)), RUB, cutoff, deadline);
        assert_noop!(open(now + 1, now + 2), Error::<Test>::CutoffInFuture);
        assert_noop!(open(now, now), Error::<Test>::DeadlineOver);
        assert_ok!(open(now, now + 1));
    });
}

#[test]
fn only_the_agent_opens_a_cycle_and_one_at_a_time() {
    ExtBuilder::default().run(|| {
        let now = MockClock::now();
        let open = |account, currency| Settlements::open_cycle(signed(account), currency, now, now + 1);
        assert_noop!(open(treasurer(BANK), 77), Error::<Test>::UnknownCurrency);
        assert_noop!(open(treasurer(CITY), RUB), Error::<Test>::NotAgent);
        assert_noop!(open(nobody(), RUB), MockMembership::NOT_MEMBER);
        assert_ok!(open(treasurer(BANK), RUB));
        assert_noop!(open(treasurer(BANK), RUB), Error::<Test>::CycleRunning);
    });
}

#[test]
fn cycles_are_numbered_until_numbers_are_used_up() {
    ExtBuilder::default().build().execute_with(|| {
        crate::LastCycle::<Test>::insert(RUB, u32::MAX);
        let now = MockClock::now();
        assert_noop!(
            Settlements::open_cycle(signed(treasurer(BANK)), RUB, now, now + 1),
            Error::<Test>::NumbersExhausted
        );
    });
}

#[test]
fn a_step_is_for_members_and_of_a_page() {
    ExtBuilder::default().run(|| {
        assert_noop!(step(), Error::<Test>::NothingToDo);
        open();
        let advance = |account, max| {
            Settlements::advance_cycle(signed(account), RUB, max).map(|_| ()).map_err(|error| error.error)
        };
        assert_noop!(advance(nobody(), 1), Error::<Test>::NotMember);
        assert_noop!(advance(treasurer(CITY), 0), Error::<Test>::InvalidPage);
        assert_noop!(advance(treasurer(CITY), MAX_PAGE + 1), Error::<Test>::InvalidPage);
        assert_ok!(advance(treasurer(CITY), MAX_PAGE));
    });
}

#[test]
fn pages_of_any_size_give_the_same_cycle() {
    let outcome = |max: u32| {
        ExtBuilder::default().build().execute_with(|| {
            for round in 0..5 {
                owe(CITY, UNIVERSITY, 10 + round);
                owe(UNIVERSITY, TELECOM, 3 * round + 1);
            }
            let cycle = open_later();
            let mut pages = 0;
            while phase(cycle) == CyclePhase::Collecting {
                assert_ok!(Settlements::advance_cycle(signed(treasurer(CITY)), RUB, max));
                assert_ok!(Settlements::do_try_state());
                pages += 1;
            }
            let CycleInfo { obligations, gross, net, root, .. } = info(cycle);
            (pages, (obligations, gross, net, root, Settlements::positions(cycle)))
        })
    };
    let (pages, whole) = outcome(MAX_PAGE);
    assert_eq!(pages, 1);
    for (max, expected) in [(1, 11), (2, 6), (3, 4), (9, 2), (10, 2)] {
        assert_eq!(outcome(max), (expected, whole.clone()), "pages of {max}");
    }
}

#[test]
fn what_is_paid_meanwhile_is_not_taken_and_what_is_taken_is_not_paid() {
    ExtBuilder::default().run(|| {
        fund(CITY, 10);
        let (first, second) = (owe(CITY, UNIVERSITY, 1), owe(CITY, UNIVERSITY, 2));
        let cycle = open_later();
        assert_ok!(Settlements::advance_cycle(signed(treasurer(CITY)), RUB, 1));
        assert_noop!(Settlements::pay(signed(treasurer(CITY)), first), Error::<Test>::NotOpen);
        assert_ok!(Settlements::pay(signed(treasurer(CITY)), second));
        assert_eq!(compute(cycle).obligations, 1);
        assert_ok!(step());
        assert_eq!([first, second].map(state), [ObligationState::Settled; 2]);
        assert_eq!((free(CITY), free(UNIVERSITY)), (7, 3));
        assert_noop!(Settlements::pay(signed(treasurer(CITY)), first), Error::<Test>::NotOpen);
    });
}

#[test]
fn a_cycle_waits_until_the_money_is_there() {
    ExtBuilder::default().run(|| {
        fund(CITY, 9);
        owe(CITY, UNIVERSITY, 10);
        let cycle = open_later();
        compute(cycle);
        assert_ok!(step());
        assert_eq!(last_event(), Event::CycleAdvanced { cycle, handled: 2 });
        assert_noop!(step(), Error::<Test>::NotFunded);
        MockClock::set(info(cycle).deadline - 1);
        assert_noop!(step(), Error::<Test>::NotFunded);
        fund(CITY, 1);
        assert_ok!(step());
        assert_eq!((free(CITY), free(UNIVERSITY)), (0, 10));
    });
}

#[test]
fn money_on_hold_does_not_pay_but_all_that_is_free_does() {
    ExtBuilder::default().run(|| {
        fund(CITY, 15);
        owe(CITY, UNIVERSITY, 10);
        assert_ok!(Settlements::request_withdrawal(signed(treasurer(CITY)), RUB, 6, [1; 32]));
        let cycle = open_later();
        compute(cycle);
        assert_ok!(step());
        assert_noop!(step(), Error::<Test>::NotFunded);
        fund(CITY, 1);
        assert_ok!(step());
        assert_eq!(Settlements::balance(RUB, CITY), (0, 6));
        assert_eq!(free(UNIVERSITY), 10);
    });
}

#[test]
fn currencies_have_their_own_cycles() {
    ExtBuilder::default().run(|| {
        let other = euro();
        fund(CITY, 10);
        let (roubles, euros) = (owe(CITY, UNIVERSITY, 1), owe_in(other, CITY, UNIVERSITY, 2));
        let cycle = open_later();
        let now = MockClock::now();
        assert_ok!(Settlements::open_cycle(signed(treasurer(BANK)), other, now, now + 1));
        assert_eq!(compute(cycle).gross, 1);
        assert_ok!(step());
        assert_eq!([roubles, euros].map(state), [ObligationState::Settled, ObligationState::Open]);
    });
}

#[test]
fn what_there_is_no_room_for_goes_on_waiting() {
    ExtBuilder::default().run(|| {
        let most = owe(CITY, UNIVERSITY, MAX_NETTED);
        let above = owe(CITY, UNIVERSITY, MAX_NETTED + 1);
        let all = owe(UNIVERSITY, CITY, Amount::MAX);
        let back = owe(UNIVERSITY, CITY, MAX_NETTED);
        let cycle = open_later();
        let computed = compute(cycle);
        assert_eq!((computed.obligations, computed.gross, computed.net), (2, 2 * MAX_NETTED, 0));
        assert_ok!(step());
        assert_eq!(
            [most, above, all, back].map(state),
            [ObligationState::Settled, ObligationState::Open, ObligationState::Open, ObligationState::Settled]
        );
        assert_eq!(Settlements::next_listed(waiting(RUB), 0), Some(above));
    });
}

#[test]
fn a_cycle_has_so_many_organisations_and_no_more() {
    ExtBuilder::default().run(|| {
        let organisation = |number: u32| OrganisationId(1_000 + number);
        // A row in which each but the last owes the next.
        let row: Vec<u64> =
            (0..MAX_ORGANISATIONS).map(|number| owe(organisation(number), organisation(number + 1), 1)).collect();
        let known = owe(organisation(1), organisation(0), 1);
        let cycle = open_later();
        let computed = compute(cycle);
        // The last of the row would be one too many.
        assert_eq!(computed.obligations, u64::from(MAX_ORGANISATIONS));
        assert_eq!(state(*row.last().unwrap()), ObligationState::Open);
        assert_eq!(state(known), ObligationState::Netting);
    });
}

#[test]
fn a_journal_that_fails_undoes_a_step() {
    ExtBuilder::default().run(|| {
        fund(CITY, 100);
        owe(CITY, UNIVERSITY, 10);
        let cycle = open_later();
        MockJournal::fail(true);
        assert_noop!(step(), MockJournal::FAILURE);
        MockJournal::fail(false);
        compute(cycle);
        MockJournal::fail(true);
        assert_noop!(step(), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(step());
        assert!(Obligations::<Test>::iter_values().all(|info| info.state == ObligationState::Netting));
    });
}
