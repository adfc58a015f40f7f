//! What holds of money, whatever happens. A failing case is printed as the steps that lead to it.

use super::netting::root_over;
use crate::{mock::*, Accounts, BankReferences, Cycles, Obligations, Supply, Withdrawals};
use citynet_primitives::{
    tariff, Amount, Body, CycleId, CyclePhase, GrantId, GrantState, Moment, NetPositions, ObligationInfo,
    ObligationState, OrganisationId, Price, Uetr, Unit, Usage, WithdrawalInfo,
};
use citynet_support::mock::{MockClock, MockGrants, MockJournal};
use frame_support::{assert_ok, dispatch::DispatchResult, traits::fungibles::Inspect};
use proptest::{collection::vec, prelude::*, sample::Index};
use sp_runtime::StateVersion;
use std::collections::{BTreeMap, BTreeSet};

/// A tier of the last metered grant begins above so many units.
const TIER: u64 = 25;

/// What may happen. An organisation, grant, obligation or withdrawal is any of those there are; the chain may refuse.
#[derive(Clone, Debug)]
enum Step {
    Wait(Moment),
    Deposit(Index, Amount, u64),
    RequestWithdrawal(Index, Amount),
    CompleteWithdrawal(Index, u64),
    ReturnWithdrawal(Index),
    Hold(Index),
    Release(Index),
    PayAndAccept(Index),
    Use(Index, u64),
    State(Index, u64),
    Dispute(Index, u64),
    Restate(Index, u64),
    Rule(Index, u64),
    Bill(Index),
    Reverse(Index, Amount),
    Pay(Index),
    Declare(Index, u64),
    Confirm(Index),
    Deny(Index),
    WithdrawDeclaration(Index),
    OpenCycle { back: Moment, ahead: Moment },
    Advance(u32),
}

fn happening() -> impl Strategy<Value = Step> {
    let any = any::<Index>;
    // Few references, so that many are named again.
    let reference = 0u64..24;
    let money = prop_oneof![
        6 => (any(), 1u128..400, reference.clone()).prop_map(|(to, amount, by)| Step::Deposit(to, amount, by)),
        1 => (any(), 1u128..200).prop_map(|(of, amount)| Step::RequestWithdrawal(of, amount)),
        1 => (any(), reference.clone()).prop_map(|(which, by)| Step::CompleteWithdrawal(which, by)),
        1 => any().prop_map(Step::ReturnWithdrawal),
        1 => any().prop_map(Step::Hold),
        1 => any().prop_map(Step::Release),
        1 => any().prop_map(Step::PayAndAccept),
    ];
    let usage = prop_oneof![
        4 => (any(), 0u64..60).prop_map(|(grant, more)| Step::Use(grant, more)),
        4 => (any(), 0u64..60).prop_map(|(grant, less)| Step::State(grant, less)),
        1 => (any(), 0u64..60).prop_map(|(grant, less)| Step::Dispute(grant, less)),
        1 => (any(), 0u64..60).prop_map(|(grant, less)| Step::Restate(grant, less)),
        1 => (any(), 0u64..60).prop_map(|(grant, less)| Step::Rule(grant, less)),
        6 => any().prop_map(Step::Bill),
        1 => (any(), 1u128..50).prop_map(|(which, amount)| Step::Reverse(which, amount)),
    ];
    let gross = prop_oneof![
        2 => any().prop_map(Step::Pay),
        2 => (any(), reference).prop_map(|(which, by)| Step::Declare(which, by)),
        1 => any().prop_map(Step::Confirm),
        1 => any().prop_map(Step::Deny),
        1 => any().prop_map(Step::WithdrawDeclaration),
    ];
    let cycles = prop_oneof![
        1 => (0..2 * DAY, 1..2 * DAY).prop_map(|(back, ahead)| Step::OpenCycle { back, ahead }),
        1 => Just(Step::OpenCycle { back: 0, ahead: 1 }),
        6 => (1u32..8).prop_map(Step::Advance),
    ];
    // Both sides of the end of a window, and more.
    let window = prop_oneof![Just(DISPUTE_WINDOW - 1), Just(DISPUTE_WINDOW), Just(DAY)];
    let time = prop_oneof![Just(1u64), Just(HOUR), window, 1..9 * DAY];
    prop_oneof![4 => money, 6 => usage, 2 => gross, 5 => cycles, 4 => time.prop_map(Step::Wait)]
}

/// The grants of every case: three metered ones around, one with tiers and a residue, one by periods, two for a fixed
/// price that are still offered.
fn make_grants() {
    for (provider, consumer) in [(CITY, UNIVERSITY), (UNIVERSITY, TELECOM), (TELECOM, CITY)] {
        new_grant(provider, consumer, metered_price(7, 3), true);
    }
    let stepped = Price::Metered {
        currency: RUB,
        unit: Unit::Record,
        per: 7,
        tiers: tiers(&[(0, 11), (TIER, 5)]),
        dispute_window: DAY,
    };
    new_grant(UNIVERSITY, CITY, stepped, true);
    new_grant(CLINIC, CITY, daily_price(13), true);
    new_grant(CITY, CLINIC, fixed_price(40), false);
    new_grant(CITY, TELECOM, fixed_price(60), false);
}

fn grants() -> Vec<GrantId> {
    (1..=7).map(GrantId).collect()
}

/// So much of everything, less some, but not below nothing.
fn less(usage: Usage, less: u64) -> Usage {
    Usage {
        accesses: usage.accesses.saturating_sub(less),
        records: usage.records.saturating_sub(less),
        bytes: usage.bytes.saturating_sub(less),
    }
}

impl Step {
    fn call(&self) -> DispatchResult {
        let organisation = |index: &Index| *index.get(&ORGANISATIONS);
        let grant = |index: &Index| *index.get(&grants());
        let facts = |grant: GrantId| MockGrants::get(grant).expect("every case has it");
        let numbered = |index: &Index, count: u64| index.index(usize::try_from(count).expect("few") + 1) as u64;
        let obligation = |index: &Index| {
            let id = numbered(index, crate::ObligationCount::<Test>::get());
            Obligations::<Test>::get(id).map(|info| (id, info))
        };
        let withdrawal = |index: &Index| numbered(index, crate::WithdrawalCount::<Test>::get());
        let bank = || signed(treasurer(BANK));
        // Where there is no obligation yet, somebody names one that is not there.
        let none = (0, signed(treasurer(BANK)));
        let debtor = |index: &Index| {
            obligation(index).map_or_else(|| none.clone(), |(id, info)| (id, signed(treasurer(info.debtor))))
        };
        let creditor = |index: &Index| {
            obligation(index).map_or_else(|| none.clone(), |(id, info)| (id, signed(treasurer(info.creditor))))
        };
        match self {
            Self::Wait(time) => {
                MockClock::advance(*time);
                Ok(())
            }
            Self::Deposit(to, amount, by) => {
                Settlements::deposit(bank(), RUB, organisation(to), *amount, reference(*by))
            }
            Self::RequestWithdrawal(of, amount) => {
                Settlements::request_withdrawal(signed(treasurer(organisation(of))), RUB, *amount, [9; 32])
            }
            Self::CompleteWithdrawal(which, by) => {
                Settlements::complete_withdrawal(bank(), withdrawal(which), reference(*by))
            }
            Self::ReturnWithdrawal(which) => Settlements::return_withdrawal(bank(), withdrawal(which), reason()),
            Self::Hold(index) => {
                let grant = grant(index);
                Settlements::hold_price(signed(treasurer(facts(grant).consumer)), grant)
            }
            Self::Release(index) => {
                let grant = grant(index);
                Settlements::release_price(signed(treasurer(facts(grant).consumer)), grant)
            }
            Self::PayAndAccept(index) => {
                let grant = grant(index);
                Settlements::pay_and_accept(signed(buyer(facts(grant).consumer)), grant, MockGrants::TERMS)
            }
            Self::Use(index, more) => {
                MockGrants::change(grant(index), |facts| {
                    let more = Usage { accesses: *more, records: *more, bytes: *more };
                    facts.used = facts.used.checked_add(&more).expect("use is small");
                });
                Ok(())
            }
            Self::State(index, fewer) => {
                let grant = grant(index);
                let facts = facts(grant);
                Settlements::state_usage(signed(attestor(facts.provider)), grant, less(facts.used, *fewer / 3), ROOT)
            }
            Self::Dispute(index, fewer) => {
                let grant = grant(index);
                let facts = facts(grant);
                Settlements::dispute_usage(signed(treasurer(facts.consumer)), grant, less(facts.used, *fewer), reason())
            }
            Self::Restate(index, fewer) => {
                let grant = grant(index);
                let facts = facts(grant);
                Settlements::restate_usage(signed(treasurer(facts.provider)), grant, less(facts.used, *fewer), ROOT)
            }
            Self::Rule(index, fewer) => {
                let grant = grant(index);
                Settlements::rule_usage(RuntimeOrigin::root(), grant, less(facts(grant).used, *fewer), reason())
            }
            Self::Bill(index) => Settlements::bill(signed(registrar(CLINIC)), grant(index)),
            Self::Reverse(index, amount) => {
                let (id, creditor) = creditor(index);
                Settlements::reverse(creditor, id, *amount, reason())
            }
            Self::Pay(index) => {
                let (id, debtor) = debtor(index);
                Settlements::pay(debtor, id)
            }
            Self::Declare(index, by) => {
                let (id, debtor) = debtor(index);
                Settlements::declare_payment(debtor, id, reference(*by))
            }
            Self::Confirm(index) => {
                let (id, creditor) = creditor(index);
                Settlements::confirm_payment(creditor, id)
            }
            Self::Deny(index) => {
                let (id, creditor) = creditor(index);
                Settlements::deny_payment(creditor, id, reason())
            }
            Self::WithdrawDeclaration(index) => {
                let (id, debtor) = debtor(index);
                Settlements::withdraw_declaration(debtor, id)
            }
            Self::OpenCycle { back, ahead } => Settlements::open_cycle(bank(), RUB, now() - back, now() + ahead),
            Self::Advance(max) => {
                let outcome = Settlements::advance_cycle(signed(attestor(TELECOM)), RUB, *max);
                outcome.map(|_| ()).map_err(|error| error.error)
            }
        }
    }

    /// The payment by bank that it names.
    fn uetr(&self) -> Option<Uetr> {
        match self {
            Self::Deposit(_, _, by) | Self::CompleteWithdrawal(_, by) | Self::Declare(_, by) => {
                Some(reference(*by).uetr)
            }
            _ => None,
        }
    }

    /// Makes the call. One that is refused changes nothing, and no payment by bank is taken twice.
    fn happen(&self) {
        let before = sp_io::storage::root(StateVersion::V1);
        let was_used = self.uetr().is_some_and(BankReferences::<Test>::contains_key);
        let outcome = self.call();
        match outcome {
            Ok(()) => assert!(!was_used, "{self:?} took a payment by bank twice"),
            Err(_) => assert_eq!(sp_io::storage::root(StateVersion::V1), before, "{self:?}: {outcome:?}"),
        }
    }
}

/// What everybody has, free and on hold.
fn balances() -> BTreeMap<OrganisationId, Amount> {
    let has = |organisation| {
        let (free, held) = Settlements::balance(RUB, organisation);
        (organisation, free + held)
    };
    ORGANISATIONS.into_iter().map(has).collect()
}

/// The same, as the journal tells it: every unit from a deposit to where it is now.
#[derive(Default)]
struct Ledger {
    has: BTreeMap<OrganisationId, i128>,
    withdrawals: BTreeMap<u64, WithdrawalInfo>,
    obligations: BTreeMap<u64, ObligationInfo>,
    positions: BTreeMap<CycleId, NetPositions>,
    references: BTreeSet<Uetr>,
    issued: Amount,
}

impl Ledger {
    fn told() -> Self {
        let mut ledger = Self::default();
        MockJournal::bodies().into_iter().for_each(|body| ledger.read(body));
        ledger
    }

    fn add(&mut self, organisation: OrganisationId, amount: Amount) {
        *self.has.entry(organisation).or_default() += amount as i128;
    }

    fn take(&mut self, organisation: OrganisationId, amount: Amount) {
        *self.has.entry(organisation).or_default() -= amount as i128;
        assert!(self.has[&organisation] >= 0, "{organisation} paid what it did not have");
    }

    fn read(&mut self, body: Body) {
        match body {
            Body::Deposited { organisation, amount, reference, .. } => {
                assert!(self.references.insert(reference.uetr));
                self.add(organisation, amount);
                self.issued += amount;
            }
            Body::WithdrawalRequested { withdrawal, info } => {
                self.withdrawals.insert(withdrawal, info);
            }
            Body::WithdrawalReturned { withdrawal, .. } => {
                assert!(self.withdrawals.remove(&withdrawal).is_some());
            }
            Body::WithdrawalPaid { withdrawal, reference } => {
                assert!(self.references.insert(reference.uetr));
                let info = self.withdrawals.remove(&withdrawal).expect("it is paid once");
                self.take(info.organisation, info.amount);
                self.issued -= info.amount;
            }
            Body::PricePaid { grant, amount, creditor, .. } => {
                self.take(MockGrants::get(grant).expect("every case has it").consumer, amount);
                self.add(creditor, amount);
            }
            Body::ObligationCreated { obligation, info } | Body::ObligationReversed { obligation, info, .. } => {
                self.obligations.insert(obligation, info);
            }
            Body::ObligationPaid { obligation } => {
                let ObligationInfo { debtor, creditor, amount, .. } = self.obligations[&obligation];
                self.take(debtor, amount);
                self.add(creditor, amount);
            }
            Body::PaymentDeclared { reference, .. } => assert!(self.references.insert(reference.uetr)),
            Body::CycleComputed { cycle, positions, .. } => {
                self.positions.insert(cycle, positions);
            }
            Body::CycleSettled { cycle, net } => {
                let positions = self.positions[&cycle].clone();
                assert_eq!(positions.iter().map(|position| position.pays).sum::<Amount>(), net);
                assert_eq!(positions.iter().map(|position| position.gets).sum::<Amount>(), net);
                for position in &positions {
                    self.take(position.organisation, position.pays);
                    self.add(position.organisation, position.gets);
                }
            }
            _ => {}
        }
    }
}

/// Money is conserved to the unit, and is where the journal says.
fn check_money() {
    let ledger = Ledger::told();
    let sum: Amount = balances().values().sum();
    assert_eq!(sum, Supply::<Test>::get(RUB));
    assert_eq!(sum, Assets::total_issuance(RUB));
    assert_eq!(sum, ledger.issued);
    for (organisation, has) in balances() {
        let told = ledger.has.get(&organisation).copied().unwrap_or_default();
        assert_eq!(has as i128, told, "what {organisation} has is not what the journal says");
    }
    assert_eq!(Withdrawals::<Test>::iter().collect::<BTreeMap<_, _>>(), ledger.withdrawals);
    assert_eq!(Obligations::<Test>::iter().count(), ledger.obligations.len());
    for uetr in ledger.references {
        assert!(BankReferences::<Test>::contains_key(uetr));
    }
}

/// What was billed is the price of all use that is beyond dispute by then, rounded down once.
fn check_bills() {
    for (grant, account) in Accounts::<Test>::iter() {
        let facts = MockGrants::get(grant).expect("every case has it");
        let Price::Metered { unit, per, tiers, .. } = &facts.price else { continue };
        let of_grant = Obligations::<Test>::iter_values().filter(|info| info.grant == grant);
        let (reversals, bills): (Vec<_>, Vec<_>) = of_grant.partition(|info| info.reverses.is_some());
        assert_eq!(bills.iter().map(|info| info.amount).sum::<Amount>(), account.billed);
        assert_eq!(
            reversals.iter().map(|info| info.amount).sum::<Amount>(),
            bills.iter().map(|info| info.reversed).sum::<Amount>()
        );
        // Told once more, unit by unit: what has not been billed yet is less than one unit of the currency.
        let billed_up_to = bills.iter().max_by_key(|info| tariff::units(*unit, &info.usage));
        let units = billed_up_to.map_or(0, |info| tariff::units(*unit, &info.usage));
        let exact: Amount = (0..units)
            .map(|number| tiers.iter().rev().find(|tier| tier.above <= number).expect("the first is above 0").amount)
            .sum();
        let residue = exact - account.billed * Amount::from(*per);
        assert!(residue < Amount::from(*per), "more than a unit of {grant} is not billed");
    }
}

/// No obligation is in two cycles, and what a cycle settled is its gross list to the unit.
fn check_cycles() {
    let mut seen = BTreeSet::new();
    for (id, info) in Cycles::<Test>::iter() {
        if !matches!(info.phase, CyclePhase::Funding | CyclePhase::Settled) {
            continue;
        }
        let mut of_cycle: Vec<u64> = Obligations::<Test>::iter()
            .filter(|(_, obligation)| obligation.cycle == id.number)
            .map(|(obligation, _)| obligation)
            .collect();
        of_cycle.sort_unstable();
        assert!(of_cycle.iter().all(|obligation| seen.insert(*obligation)));
        assert_eq!(info.root, root_over(&of_cycle));
        assert_eq!(info.obligations, of_cycle.len() as u64);

        let mut nets = BTreeMap::<OrganisationId, i128>::new();
        for obligation in &of_cycle {
            let ObligationInfo { state, debtor, creditor, amount, .. } =
                Settlements::obligation(*obligation).expect("it is in the cycle");
            let is_settled = info.phase == CyclePhase::Settled;
            assert_eq!(
                state,
                if is_settled { ObligationState::Settled } else { ObligationState::Netting },
                "obligation {obligation}"
            );
            *nets.entry(debtor).or_default() -= amount as i128;
            *nets.entry(creditor).or_default() += amount as i128;
        }
        nets.retain(|_, net| *net != 0);
        let positions = Settlements::positions(id);
        let told =
            positions.iter().map(|position| (position.organisation, position.gets as i128 - position.pays as i128));
        assert_eq!(told.collect::<BTreeMap<_, _>>(), nets);
    }
}

/// A grant for a fixed price is active exactly when it was paid.
fn check_prices() {
    let paid: BTreeSet<GrantId> = MockJournal::bodies()
        .into_iter()
        .filter_map(|body| if let Body::PricePaid { grant, .. } = body { Some(grant) } else { None })
        .collect();
    for grant in grants() {
        let facts = MockGrants::get(grant).expect("every case has it");
        if matches!(facts.price, Price::Fixed { .. }) {
            assert_eq!(facts.state == GrantState::Active, paid.contains(&grant));
        }
    }
}

/// Gives everybody all that it owes, and settles everything.
fn settle_all() {
    let last = || CycleId { currency: RUB, number: Settlements::last_cycle(RUB) };
    let is_over = || Settlements::cycle(last()).is_none_or(|info| info.moved || info.phase == CyclePhase::Empty);
    MockClock::advance(CONFIRMATION_WINDOW);
    for (id, info) in Obligations::<Test>::iter().collect::<Vec<_>>() {
        if info.state == ObligationState::Declared {
            assert_ok!(Settlements::withdraw_declaration(signed(treasurer(info.debtor)), id));
        }
    }
    let owed: Amount = Obligations::<Test>::iter_values().map(|info| info.amount).sum();
    for organisation in ORGANISATIONS {
        fund(organisation, owed + 1);
    }
    // What runs already, and one more cycle for all that is left.
    for _ in 0..2 {
        while !is_over() {
            assert_ok!(Step::Advance(5).call());
        }
        assert_ok!(Settlements::open_cycle(signed(treasurer(BANK)), RUB, now(), now() + 1));
    }
    while !is_over() {
        assert_ok!(Step::Advance(5).call());
    }
    for id in Obligations::<Test>::iter_keys() {
        let state = Settlements::obligation(id).expect("it is there").state;
        assert!(matches!(state, ObligationState::Settled | ObligationState::Booked), "{id} is {state}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn money_adds_up_whatever_happens(steps in vec(happening(), 1..90)) {
        ExtBuilder::default().run(|| {
            make_grants();
            for step in steps {
                step.happen();
                assert_ok!(Settlements::do_try_state());
                check_money();
            }
            check_bills();
            check_cycles();
            check_prices();
        });
    }

    #[test]
    fn nothing_is_lost_or_settled_twice(steps in vec(happening(), 1..90)) {
        ExtBuilder::default().run(|| {
            make_grants();
            for step in steps {
                step.happen();
            }
            settle_all();
            check_money();
            check_bills();
            check_cycles();
            check_prices();
        });
    }

    #[test]
    fn net_equals_gross(
        owed in vec((0usize..5, 0usize..5, 1u128..1_000), 1..60),
        funds in vec(0u128..3_000, 5),
        max in 1u32..20,
    ) {
        ExtBuilder::default().run(|| {
            for (organisation, amount) in ORGANISATIONS.into_iter().zip(funds) {
                if amount > 0 {
                    fund(organisation, amount);
                }
            }
            let before = balances();
            for (debtor, creditor, amount) in owed {
                super::netting::owe(ORGANISATIONS[debtor], ORGANISATIONS[creditor], amount);
            }
            MockClock::advance(1);
            assert_ok!(Settlements::open_cycle(signed(treasurer(BANK)), RUB, now(), now() + 1));
            MockClock::advance(1);
            let cycle = CycleId { currency: RUB, number: 1 };
            let phase = || super::netting::phase(cycle);
            while !matches!(phase(), CyclePhase::Settled | CyclePhase::Empty) {
                assert_ok!(Step::Advance(max).call());
                assert_ok!(Settlements::do_try_state());
            }
            check_cycles();
            // What everybody has now is what it had, less what it owed, plus what it was owed, of all that is settled.
            let mut expected: BTreeMap<OrganisationId, i128> =
                before.into_iter().map(|(organisation, has)| (organisation, has as i128)).collect();
            for info in Obligations::<Test>::iter_values().filter(|info| info.state == ObligationState::Netting) {
                *expected.get_mut(&info.debtor).expect("it is one of them") -= info.amount as i128;
                *expected.get_mut(&info.creditor).expect("it is one of them") += info.amount as i128;
            }
            for (organisation, has) in balances() {
                assert_eq!(has as i128, expected[&organisation]);
            }
            // Whoever could not pay is a defaulter, and of it alone something is left.
            let defaulters: BTreeSet<OrganisationId> = MockJournal::bodies()
                .into_iter()
                .filter_map(|body| if let Body::CycleDefaulted { debtor, .. } = body { Some(debtor) } else { None })
                .collect();
            for info in Obligations::<Test>::iter_values() {
                assert_eq!(info.state == ObligationState::Open, defaulters.contains(&info.debtor));
            }
        });
    }
}
