//! Short histories of money, and what must reconcile or not.

use super::*;
use crate::samples::parts::some_terms;
use citynet_primitives::{AccessReport, BankReference, ObligationState, Tier, Unit, RECORD_VERSION};
use proptest::prelude::*;

const OWN: OrganisationId = OrganisationId(2);
const OTHER: OrganisationId = OrganisationId(3);
const THIRD: OrganisationId = OrganisationId(4);
const GRANT: GrantId = GrantId(5);
const CYCLE: CycleId = CycleId { currency: 1, number: 1 };
/// For how long a statement can be disputed.
const WINDOW: Moment = 15;

/// Records by index from 0. The time of each is ten times its index.
#[derive(Clone, Default)]
struct Written(Vec<Record>);

impl Written {
    fn add(&mut self, body: Body) -> u64 {
        let index = self.0.len() as u64;
        let (version, block, account) = (RECORD_VERSION, 1, [0; 32]);
        self.0.push(Record { version, index, block, time: index * 10, organisation: OWN, account, body });
        index
    }

    /// A grant of the other organisation to this one, by which an access costs 3, and half of that above 100.
    fn granted() -> Self {
        let tiers = vec![Tier { above: 0, amount: 6 }, Tier { above: 100, amount: 3 }].try_into().unwrap();
        let price = Price::Metered { currency: 1, unit: Unit::Access, per: 2, tiers, dispute_window: WINDOW };
        Self::granted_for(price)
    }

    fn granted_for(price: Price) -> Self {
        let terms = Terms { provider: OTHER, consumer: OWN, price, not_before: 0, not_after: 10_000, ..some_terms() };
        let (parent, supersedes) = (None, None);
        let mut written = Self::default();
        written.add(Body::GrantOffered { grant: GRANT, parent, supersedes, binding: true, terms });
        written.add(Body::GrantAdvanced { grant: GRANT, state: GrantState::Active, terms: [0; 32] });
        written
    }

    fn reported(&mut self, accesses: u64) -> u64 {
        let report = AccessReport {
            counter: 1,
            from: 0,
            to: 0,
            usage: used(accesses),
            refused: Default::default(),
            receipts: 0,
            root: [0; 32],
        };
        self.add(Body::AccessReported { grant: GRANT, report })
    }

    fn stated(&mut self, accesses: u64) -> u64 {
        self.add(Body::UsageStated { grant: GRANT, statement: 1, usage: used(accesses), root: [0; 32] })
    }

    fn disputed(&mut self, accesses: u64) -> u64 {
        let reason = Default::default();
        self.add(Body::UsageDisputed { grant: GRANT, statement: 1, usage: used(accesses), reason })
    }

    /// Until the last statement is mature.
    fn wait(&mut self) {
        for _ in 0..2 {
            self.add(Body::AccountRemoved { organisation: OrganisationId(9), account: [0; 32] });
        }
    }

    fn billed(&mut self, obligation: u64, accesses: u64, amount: Amount) -> u64 {
        let info = ObligationInfo { usage: used(accesses), ..info(OWN, OTHER, amount) };
        self.owed(obligation, info)
    }

    fn owed(&mut self, obligation: u64, info: ObligationInfo) -> u64 {
        let since = self.0.len() as u64 * 10;
        self.add(Body::ObligationCreated { obligation, info: ObligationInfo { since, ..info } })
    }

    fn opened(&mut self) -> u64 {
        let cutoff = self.0.len() as u64 * 10;
        self.add(Body::CycleOpened { cycle: CYCLE, cutoff, deadline: 0 })
    }

    fn computed(&mut self, positions: &[(OrganisationId, Amount, Amount)]) -> u64 {
        let position = |(organisation, pays, gets): &(OrganisationId, Amount, Amount)| NetPosition {
            organisation: *organisation,
            pays: *pays,
            gets: *gets,
        };
        let positions: Vec<NetPosition> = positions.iter().map(position).collect();
        let positions = positions.try_into().unwrap();
        self.add(Body::CycleComputed { cycle: CYCLE, obligations: 2, gross: 0, root: [0; 32], positions })
    }

    fn settled(&mut self, net: Amount) -> u64 {
        self.add(Body::CycleSettled { cycle: CYCLE, net })
    }

    fn of(&self, period: Period) -> Payments {
        Payments::of(OWN, period, &self.0)
    }

    fn all(&self) -> Payments {
        self.of(Period::default())
    }

    fn problems(&self) -> Vec<Problem> {
        self.all().problems
    }
}

fn used(accesses: u64) -> Usage {
    Usage { accesses, records: 0, bytes: 0 }
}

fn info(debtor: OrganisationId, creditor: OrganisationId, amount: Amount) -> ObligationInfo {
    ObligationInfo {
        state: ObligationState::Open,
        currency: 1,
        debtor,
        creditor,
        amount,
        grant: GRANT,
        usage: Usage::default(),
        reverses: None,
        reversed: 0,
        since: 0,
        cycle: 0,
        payment: None,
        declared: None,
    }
}

fn reference(byte: u8) -> BankReference {
    BankReference { uetr: [byte; 16], notification: [byte; 32] }
}

/// What was billed for periods, 15 and 5, and 10 of the former reversed.
fn three_obligations() -> Written {
    let mut written = Written::granted_for(Price::PerPeriod { currency: 1, amount: 5, period: 10 });
    // A period lasts from one record to the next: three are over since the grant became active, and then one more.
    written.wait();
    written.owed(1, info(OWN, OTHER, 15));
    written.owed(2, info(OWN, OTHER, 5));
    let back = ObligationInfo { reverses: Some(1), ..info(OTHER, OWN, 10) };
    written.add(Body::ObligationReversed { obligation: 3, info: back, reason: Default::default() });
    written
}

#[test]
fn use_is_followed_to_its_payment() {
    let mut written = Written::granted();
    let report = written.reported(120);
    let statement = written.stated(110);
    written.wait();
    let bill = written.billed(1, 110, 315);
    let paid = written.add(Body::ObligationPaid { obligation: 1 });
    let all = written.all();
    assert!(all.reconciles(), "{:?}", all.problems);
    let owed = &all.obligations[0];
    assert_eq!((owed.obligation, owed.record), (1, bill));
    assert_eq!(owed.basis, Basis { report: Some(report), statement: Some(statement) });
    assert_eq!(owed.outcome, Outcome::Paid { record: paid, time: paid * 10 });
    let used_up = &all.grants[0];
    assert_eq!((used_up.reported, used_up.stated), (Some((used(120), report)), Some((used(110), statement))));
    assert_eq!((used_up.matured, used_up.billed), (used(110), 315));
    let sums = all.sums[&1];
    assert_eq!((sums.owes.arisen, sums.owes.paid, sums.owes.open), (315, 315, 0));
    assert_eq!(sums.due, Side::default());
}

#[test]
fn what_is_billed_must_be_the_price_of_what_is_beyond_dispute() {
    let mut written = Written::granted();
    written.reported(120);
    written.stated(110);
    let too_early = written.billed(1, 110, 315);
    let expected = [
        Problem::OtherUsage { record: too_early, obligation: 1, grant: GRANT },
        Problem::OtherPrice { record: too_early, obligation: 1, grant: GRANT, amount: 315, price: 0 },
    ];
    assert_eq!(written.problems(), expected);

    let mut written = Written::granted();
    written.reported(120);
    written.stated(110);
    written.wait();
    let bill = written.billed(1, 110, 316);
    let (amount, price) = (316, 315);
    assert_eq!(written.problems(), [Problem::OtherPrice { record: bill, obligation: 1, grant: GRANT, amount, price }]);
    let words = written.problems()[0].to_string();
    assert_eq!(words, "record 6: obligation 1 is 316, and by the terms of grant 5 it should be 315");

    // A statement beyond the report, and one that is disputed.
    let mut written = Written::granted();
    written.reported(100);
    let statement = written.stated(101);
    assert_eq!(written.problems(), [Problem::BeyondReported { record: statement, grant: GRANT }]);
    let mut written = Written::granted();
    written.reported(100);
    written.stated(100);
    written.disputed(50);
    written.wait();
    let bill = written.billed(1, 100, 300);
    assert_eq!(written.problems()[0], Problem::OtherUsage { record: bill, obligation: 1, grant: GRANT });

    // Ruled on, it is beyond dispute at once.
    let mut written = Written::granted();
    written.reported(100);
    written.stated(100);
    written.disputed(50);
    let usage = used(60);
    let ruled = written.add(Body::UsageRuled { grant: GRANT, statement: 1, usage, reason: Default::default() });
    written.billed(1, 60, 180);
    assert_eq!(written.problems(), []);
    assert_eq!(written.all().obligations[0].basis.statement, Some(ruled));
}

#[test]
fn terms_must_be_there() {
    let mut written = Written::default();
    let bill = written.billed(1, 0, 5);
    assert_eq!(written.problems(), [Problem::NoTerms { record: bill, obligation: 1, grant: GRANT }]);
}

#[test]
fn a_payment_by_bank_is_declared_and_confirmed() {
    let mut written = Written::granted();
    written.reported(10);
    written.stated(10);
    written.wait();
    written.billed(1, 10, 30);
    let answered = |confirmed| Body::PaymentAnswered { obligation: 1, confirmed, reason: Default::default() };
    written.add(Body::PaymentDeclared { obligation: 1, reference: reference(1) });
    written.add(answered(false));
    let declared = written.add(Body::PaymentDeclared { obligation: 1, reference: reference(2) });
    assert_eq!(written.all().obligations[0].outcome, Outcome::Declared { record: declared, uetr: [2; 16] });
    let booked = written.add(answered(true));
    let outcome = Outcome::Booked { declared, uetr: [2; 16], record: booked, time: booked * 10 };
    let all = written.all();
    assert_eq!((all.obligations[0].outcome, all.sums[&1].owes.booked), (outcome, 30));
    assert!(all.reconciles(), "{:?}", all.problems);

    // Paid twice, and answered where nothing was declared.
    let paid = written.add(Body::ObligationPaid { obligation: 1 });
    let again = written.add(answered(true));
    let unknown = written.add(Body::ObligationPaid { obligation: 7 });
    let step = |record, step| Problem::IllegalStep { record, obligation: 1, found: "booked", step };
    let expected =
        [step(paid, "paid"), step(again, "booked"), Problem::UnknownObligation { record: unknown, obligation: 7 }];
    assert_eq!(written.problems(), expected);
}

#[test]
fn a_cycle_pays_what_its_obligations_come_to() {
    let mut written = three_obligations();
    let opened = written.opened();
    let computed = written.computed(&[(OWN, 10, 0), (OTHER, 0, 10)]);
    let before = written.clone();
    let settled = written.settled(10);
    let all = written.all();
    assert!(all.reconciles(), "{:?}", all.problems);
    let [cycle] = all.cycles.as_slice() else { panic!("{:?}", all.cycles) };
    assert_eq!((cycle.opened, cycle.computed), (Some(opened), computed));
    assert_eq!(cycle.settled, Some((settled, settled * 10)));
    assert_eq!((cycle.owed, cycle.due, cycle.own_pays, cycle.own_gets), (20, 10, 10, 0));
    assert_eq!(cycle.obligations, [1, 2, 3]);
    assert!(cycle.balances() && cycle.agrees());
    let outcome = Outcome::Netted { cycle: CYCLE, computed, record: settled, time: settled * 10 };
    assert!(all.obligations.iter().all(|owed| owed.outcome == outcome));
    assert_eq!((all.sums[&1].owes.netted, all.sums[&1].due.netted), (20, 10));
    assert!(before.all().obligations.iter().all(|owed| owed.outcome == Outcome::Netting { cycle: CYCLE, computed }));

    // What was written from the end of the period on does not count.
    let period = Period { from: None, to: Some(settled * 10) };
    assert_eq!(written.of(period).cycles, before.all().cycles);
}

#[test]
fn a_cycle_that_does_not_add_up_is_told() {
    let other = |positions: &[(OrganisationId, Amount, Amount)]| {
        let mut written = three_obligations();
        written.opened();
        (written.computed(positions), written)
    };
    let (record, written) = other(&[(OWN, 11, 0), (OTHER, 0, 11)]);
    let (pays, gets, owed, due) = (11, 0, 20, 10);
    let expected = Problem::OtherPosition { record, cycle: CYCLE, pays, gets, owed, due };
    assert_eq!(written.problems(), [expected]);
    let (record, written) = other(&[(OWN, 10, 0), (OTHER, 0, 9)]);
    assert_eq!(written.problems(), [Problem::Unbalanced { record, cycle: CYCLE, pays: 10, gets: 9 }]);
    let (_, mut written) = other(&[(OWN, 10, 0), (OTHER, 0, 10)]);
    let record = written.settled(9);
    assert_eq!(written.problems(), [Problem::OtherNet { record, cycle: CYCLE, net: 9, pays: 10 }]);
    let mut written = three_obligations();
    written.opened();
    let record = written.settled(10);
    assert_eq!(written.problems(), [Problem::NoPositions { record, cycle: CYCLE }]);
}

#[test]
fn what_a_defaulter_owes_waits_for_the_next_cycle() {
    let mut written = three_obligations();
    written.opened();
    written.computed(&[(OWN, 10, 0), (OTHER, 0, 10)]);
    written.add(Body::CycleDefaulted { cycle: CYCLE, debtor: OTHER, amount: 3 });
    written.computed(&[(OWN, 20, 0), (OTHER, 0, 20)]);
    written.settled(20);
    let all = written.all();
    assert!(all.reconciles(), "{:?}", all.problems);
    assert_eq!(all.obligations[2].outcome, Outcome::Open);
    assert_eq!((all.cycles[0].owed, all.cycles[0].due, all.sums[&1].due.open), (20, 0, 10));

    // Without the default it would not be explained.
    let without: Vec<Record> =
        written.0.into_iter().filter(|record| !matches!(record.body, Body::CycleDefaulted { .. })).collect();
    assert_eq!(Payments::of(OWN, Period::default(), &without).problems.len(), 1);
}

#[test]
fn what_came_back_too_late_is_not_in_a_cycle() {
    let mut written = three_obligations();
    written.add(Body::PaymentDeclared { obligation: 2, reference: reference(1) });
    written.opened();
    let denied = Body::PaymentAnswered { obligation: 2, confirmed: false, reason: Default::default() };
    written.add(denied);
    let (mut with, mut without) = (written.clone(), written);
    with.computed(&[(OWN, 10, 0), (OTHER, 0, 10)]);
    without.computed(&[(OWN, 5, 0), (OTHER, 0, 5)]);
    assert_eq!((with.problems(), with.all().cycles[0].obligations.as_slice()), (vec![], [1, 2, 3].as_slice()));
    assert_eq!((without.problems(), without.all().cycles[0].obligations.as_slice()), (vec![], [1, 3].as_slice()));
}

#[test]
fn cycles_of_others_are_none_of_it() {
    let mut written = three_obligations();
    for obligation in 1..=3 {
        written.add(Body::ObligationPaid { obligation });
    }
    written.opened();
    written.computed(&[(THIRD, 5, 0), (OTHER, 0, 5)]);
    written.settled(5);
    let all = written.all();
    assert!(all.reconciles() && all.cycles.is_empty(), "{:?}", all.problems);
    // Also where they do not sum to zero, it is said.
    let mut written = three_obligations();
    for obligation in 1..=3 {
        written.add(Body::ObligationPaid { obligation });
    }
    written.opened();
    let record = written.computed(&[(THIRD, 5, 0), (OTHER, 0, 4)]);
    assert_eq!(written.problems(), [Problem::Unbalanced { record, cycle: CYCLE, pays: 5, gets: 4 }]);
}

#[test]
fn a_reversal_is_of_what_there_is() {
    let reversed = |info: ObligationInfo| {
        let mut written = three_obligations();
        let body = Body::ObligationReversed { obligation: 4, info, reason: Default::default() };
        let record = written.add(body);
        (written.problems(), Problem::Reversal { record, obligation: 4 })
    };
    let good = ObligationInfo { reverses: Some(2), ..info(OTHER, OWN, 5) };
    assert_eq!(reversed(good).0, []);
    for wrong in [
        ObligationInfo { amount: 6, ..good },
        ObligationInfo { reverses: Some(1), amount: 6, ..good },
        ObligationInfo { reverses: Some(3), ..info(OWN, OTHER, 5) },
        ObligationInfo { reverses: Some(9), ..good },
        ObligationInfo { reverses: None, ..good },
        ObligationInfo { creditor: THIRD, debtor: OWN, ..good },
        ObligationInfo { currency: 2, ..good },
    ] {
        let (problems, expected) = reversed(wrong);
        assert_eq!(problems, [expected], "{wrong:?}");
    }
}

#[test]
fn a_price_is_paid_at_once() {
    let mut written = Written::granted_for(Price::Fixed { currency: 1, amount: 20 });
    let paid = |amount| Body::PricePaid { grant: GRANT, currency: 1, amount, creditor: OTHER };
    written.add(Body::PriceHeld { grant: GRANT, currency: 1, amount: 20 });
    let (mut wrong, mut released) = (written.clone(), written.clone());
    let record = written.add(paid(20));
    let all = written.all();
    assert!(all.reconciles(), "{:?}", all.problems);
    assert_eq!((all.bought[0].record, all.bought[0].debtor, all.sums[&1].owes.at_once), (record, OWN, 20));
    let record = wrong.add(paid(21));
    assert_eq!(wrong.problems(), [Problem::OtherFixedPrice { record, grant: GRANT, amount: 21 }]);
    released.add(Body::PriceReleased { grant: GRANT });
    assert!(released.all().bought.is_empty());
}

#[test]
fn a_period_has_what_was_open_arose_and_was_settled_in_it() {
    let mut written = three_obligations();
    let paid = written.add(Body::ObligationPaid { obligation: 2 });
    let last = written.add(Body::ObligationPaid { obligation: 1 });
    let from = written.all().obligations[2].time;
    let all = written.of(Period { from: Some(from), to: Some(last * 10) });
    let sums = all.sums[&1];
    assert_eq!((sums.owes.opening, sums.owes.arisen, sums.owes.paid, sums.owes.open), (20, 0, 5, 15));
    assert_eq!((sums.due.opening, sums.due.arisen, sums.due.open), (0, 10, 10));
    assert!(all.reconciles());
    // One that was settled before is not in it.
    let all = written.of(Period { from: Some(paid * 10 + 1), to: None });
    assert_eq!(all.obligations.iter().map(|owed| owed.obligation).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn what_others_owe_one_another_is_none_of_it() {
    let mut written = three_obligations();
    let grant = GrantId(8);
    written.owed(4, ObligationInfo { grant, ..info(THIRD, OTHER, 7) });
    written.add(Body::ObligationPaid { obligation: 4 });
    let all = written.all();
    assert!(all.reconciles(), "{:?}", all.problems);
    assert_eq!(all.obligations.len(), 3);
}

proptest! {
    /// Whatever the period, what was open and what arose is what was settled and what is open.
    #[test]
    fn every_period_adds_up(
        steps in proptest::collection::vec((0..6_u8, 1..7_u64, 1..1000_u128), 0..40), from in 0..500_u64, to in 0..500_u64,
    ) {
        let mut written = Written::default();
        let mut count = 0;
        for (step, obligation, amount) in steps {
            match step {
                0 | 1 => {
                    count += 1;
                    let (debtor, creditor) = if step == 0 { (OWN, OTHER) } else { (OTHER, OWN) };
                    written.owed(count, info(debtor, creditor, amount));
                }
                2 => _ = written.add(Body::ObligationPaid { obligation }),
                3 => _ = written.add(Body::PaymentDeclared { obligation, reference: reference(1) }),
                4 => {
                    let (confirmed, reason) = (amount % 2 == 0, Default::default());
                    written.add(Body::PaymentAnswered { obligation, confirmed, reason });
                }
                _ => {
                    written.opened();
                    written.computed(&[]);
                    written.settled(0);
                }
            }
        }
        let period = Period { from: Some(from.min(to)), to: Some(from.max(to)) };
        let all = written.of(period);
        for sums in all.sums.values() {
            prop_assert!(sums.owes.adds_up() && sums.due.adds_up(), "{sums:?}");
        }
        // One period after the other: what is open at the end of the first is open at the beginning of the second.
        let next = written.of(Period { from: period.to, to: None });
        for (currency, sums) in &all.sums {
            prop_assert_eq!(sums.owes.open, next.sums[currency].owes.opening);
            prop_assert_eq!(sums.due.open, next.sums[currency].due.opening);
        }
    }
}
