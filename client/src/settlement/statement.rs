//! A statement of account: what an organisation had of a currency, what moved, and what it has, each line with the
//! record of the journal that says so.
//!
//! It is made from records alone. Whether it is what the chain's state says, [`Statement::reconciles`] compares.
//!
//! # Terminology
//!
//! The *balance* is all that the organisation has on the ledger, also what is *on hold*. What was paid by bank is in
//! lines of its own, which move no balance.

pub use citynet_answers::Period;

use super::uetr;
use crate::rpc::{ObligationView, Units};
use citynet_primitives::{
    Amount, Body, CycleId, GrantId, Moment, NetPositions, ObligationInfo, ObligationState, OrganisationId, Record, Uetr,
};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// The records are not those of an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// More is taken than is there, or more is there than can be.
    #[error("record {0} does not add up with those before it")]
    Unbalanced(u64),
    /// It is about something of which there is no record.
    #[error("record {record} is about {what}, of which there is no record before it")]
    Unknown {
        /// Which.
        record: u64,
        /// About what.
        what: String,
    },
}

/// What a netting cycle settled of an organisation's obligations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Netted {
    /// What it owed.
    pub owed: Units,
    /// What it was owed.
    pub due: Units,
    /// The obligations, ascending.
    #[serde(serialize_with = "as_text")]
    pub obligations: Vec<u64>,
    /// Whether both together are what moved.
    pub agrees: bool,
}

fn as_text<S: serde::Serializer>(numbers: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(numbers.iter().map(ToString::to_string))
}

fn decimal<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The record.
    #[serde(serialize_with = "decimal")]
    pub record: u64,
    /// Its time.
    #[serde(serialize_with = "decimal")]
    pub time: Moment,
    /// What happened: the record's kind.
    pub kind: &'static str,
    /// What it is about, such as `obligation 7`.
    pub about: String,
    /// The other organisation, if there is one.
    pub with: Option<u32>,
    /// The payment at a bank, if there is one.
    pub uetr: Option<String>,
    /// What the balance lost.
    pub debit: Units,
    /// What it gained.
    pub credit: Units,
    /// What was paid by bank, and moved no balance.
    pub by_bank: Units,
    /// The balance after it.
    pub balance: Units,
    /// What of that is on hold.
    pub on_hold: Units,
    /// Of a netting cycle, what it settled.
    pub netted: Option<Netted>,
}

/// A statement of account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// Whose.
    pub organisation: u32,
    /// Of which currency.
    pub currency: u32,
    /// Of which time.
    #[serde(skip)]
    pub period: Period,
    /// The balance at its beginning.
    pub opening: Units,
    /// What of that was on hold.
    pub opening_on_hold: Units,
    /// The balance at its end.
    pub closing: Units,
    /// What of that is on hold.
    pub closing_on_hold: Units,
    /// What may be on hold besides, for a netting cycle that is not settled: of which amounts one is, if any.
    pub set_aside: Vec<Units>,
    /// All debits.
    pub debits: Units,
    /// All credits.
    pub credits: Units,
    /// The lines, in the order of the records.
    pub lines: Vec<Line>,
}

impl Statement {
    /// Makes it from the records about the organisation and about the currency's cycles, by index, and from the
    /// obligations that the organisation is a party of.
    ///
    /// # Errors
    ///
    /// [`StatementError`] when the records cannot be all.
    pub fn make(
        organisation: OrganisationId,
        currency: u32,
        period: Period,
        records: &BTreeMap<u64, Record>,
        obligations: &[ObligationView],
    ) -> Result<Self, StatementError> {
        let mut account = Account::new(organisation, currency, obligations);
        let (mut opening, mut lines) = ((0, 0), Vec::new());
        let (mut debits, mut credits): (Amount, Amount) = (0, 0);
        for record in records.values() {
            if period.is_over(record.time) {
                break;
            }
            let line = account.take(record)?;
            if period.is_before(record.time) {
                opening = (account.balance, account.held);
            } else if let Some(line) = line {
                let sum =
                    |sum: Amount, more: Units| sum.checked_add(more.0).ok_or(StatementError::Unbalanced(record.index));
                debits = sum(debits, line.debit)?;
                credits = sum(credits, line.credit)?;
                lines.push(line);
            }
        }
        Ok(Self {
            organisation: organisation.0,
            currency,
            period,
            opening: Units(opening.0),
            opening_on_hold: Units(opening.1),
            closing: Units(account.balance),
            closing_on_hold: Units(account.held),
            set_aside: account.set_aside.into_iter().map(Units).collect(),
            debits: Units(debits),
            credits: Units(credits),
            lines,
        })
    }

    /// Whether the lines lead from the opening balance to the closing one, and every cycle moved what its obligations
    /// sum up to.
    pub fn adds_up(&self) -> bool {
        let closing = self.opening.0.checked_add(self.credits.0).and_then(|sum| sum.checked_sub(self.debits.0));
        let cycles = self.lines.iter().filter_map(|line| line.netted.as_ref()).all(|netted| netted.agrees);
        closing == Some(self.closing.0) && cycles
    }

    /// Whether it is what the chain's state says: so much free and so much held. Of what a running cycle has set aside
    /// there is no record, but it is the organisation's position, as it is now or was before a default changed it.
    pub fn reconciles(&self, free: Amount, held: Amount) -> bool {
        let besides = held.checked_sub(self.closing_on_hold.0);
        let explained = besides.is_some_and(|besides| besides == 0 || self.set_aside.contains(&Units(besides)));
        free.checked_add(held) == Some(self.closing.0) && explained
    }
}

/// What is known of the account after some records.
struct Account {
    organisation: OrganisationId,
    currency: u32,
    balance: Amount,
    held: Amount,
    withdrawals: HashMap<u64, Amount>,
    prices: HashMap<GrantId, Amount>,
    obligations: HashMap<u64, ObligationInfo>,
    payments: HashMap<u64, Uetr>,
    positions: HashMap<CycleId, NetPositions>,
    /// What it pays in the cycle that runs, by each computation of that.
    set_aside: Vec<Amount>,
    netted: HashMap<u32, Netted>,
}

/// What a record does to the balance, beside what it does to what is on hold.
enum Move {
    Nothing,
    Debit(Amount),
    Credit(Amount),
    ByBank(Amount),
}

impl Account {
    fn new(organisation: OrganisationId, currency: u32, obligations: &[ObligationView]) -> Self {
        Self {
            organisation,
            currency,
            balance: 0,
            held: 0,
            withdrawals: HashMap::new(),
            prices: HashMap::new(),
            obligations: HashMap::new(),
            payments: HashMap::new(),
            positions: HashMap::new(),
            set_aside: Vec::new(),
            netted: netted(organisation, currency, obligations),
        }
    }

    /// Goes on by a record.
    fn take(&mut self, record: &Record) -> Result<Option<Line>, StatementError> {
        let unbalanced = || StatementError::Unbalanced(record.index);
        let Some((about, with, change)) = self.read(record)? else { return Ok(None) };
        let (mut debit, mut credit, mut by_bank) = (0, 0, 0);
        match change {
            Move::Nothing => {}
            Move::Debit(amount) => debit = amount,
            Move::Credit(amount) => credit = amount,
            Move::ByBank(amount) => by_bank = amount,
        }
        let balance = self.balance.checked_add(credit).and_then(|sum| sum.checked_sub(debit));
        self.balance = balance.filter(|balance| self.held <= *balance).ok_or_else(unbalanced)?;
        let netted = match &record.body {
            Body::CycleSettled { cycle, .. } => Some(self.settled(*cycle, debit, credit)),
            _ => None,
        };
        Ok(Some(Line {
            record: record.index,
            time: record.time,
            kind: record.body.kind(),
            about,
            with: with.map(|organisation| organisation.0),
            uetr: self.reference(&record.body).map(|bytes| uetr::format(&bytes)),
            debit: Units(debit),
            credit: Units(credit),
            by_bank: Units(by_bank),
            balance: Units(self.balance),
            on_hold: Units(self.held),
            netted,
        }))
    }

    /// What a record is about, with whom, and what it moves, if it is about this account.
    fn read(&mut self, record: &Record) -> Result<Option<(String, Option<OrganisationId>, Move)>, StatementError> {
        let index = record.index;
        Ok(Some(match &record.body {
            Body::Deposited { currency, organisation, amount, .. } => {
                if !self.is_own(*currency, *organisation) {
                    return Ok(None);
                }
                ("deposit".to_owned(), None, Move::Credit(*amount))
            }
            Body::WithdrawalRequested { withdrawal, info } => {
                if !self.is_own(info.currency, info.organisation) {
                    return Ok(None);
                }
                self.withdrawals.insert(*withdrawal, info.amount);
                self.hold(info.amount, index)?;
                (format!("withdrawal {withdrawal}"), None, Move::Nothing)
            }
            Body::WithdrawalPaid { withdrawal, .. } => {
                let Some(amount) = self.withdrawals.remove(withdrawal) else { return Ok(None) };
                self.free(amount, index)?;
                (format!("withdrawal {withdrawal}"), None, Move::Debit(amount))
            }
            Body::WithdrawalReturned { withdrawal, .. } => {
                let Some(amount) = self.withdrawals.remove(withdrawal) else { return Ok(None) };
                self.free(amount, index)?;
                (format!("withdrawal {withdrawal}"), None, Move::Nothing)
            }
            Body::PriceHeld { grant, currency, amount } => {
                // Only a grant's consumer holds its price.
                if !self.is_own(*currency, record.organisation) {
                    return Ok(None);
                }
                self.prices.insert(*grant, *amount);
                self.hold(*amount, index)?;
                (format!("grant {grant}"), None, Move::Nothing)
            }
            Body::PriceReleased { grant } => {
                let Some(amount) = self.prices.remove(grant) else { return Ok(None) };
                self.free(amount, index)?;
                (format!("grant {grant}"), None, Move::Nothing)
            }
            Body::PricePaid { grant, currency, amount, creditor } => {
                if *currency != self.currency {
                    return Ok(None);
                }
                let about = format!("grant {grant}");
                if *creditor == self.organisation {
                    (about, None, Move::Credit(*amount))
                } else {
                    // It was on hold, whoever put the grant into force.
                    let Some(held) = self.prices.remove(grant) else { return Ok(None) };
                    self.free(held, index)?;
                    (about, Some(*creditor), Move::Debit(*amount))
                }
            }
            Body::ObligationCreated { obligation, info } | Body::ObligationReversed { obligation, info, .. } => {
                self.obligations.insert(*obligation, *info);
                return Ok(None);
            }
            Body::ObligationPaid { obligation } => {
                let Some((with, owes, amount)) = self.party(*obligation, index)? else { return Ok(None) };
                let change = if owes { Move::Debit(amount) } else { Move::Credit(amount) };
                (format!("obligation {obligation}"), Some(with), change)
            }
            Body::PaymentDeclared { obligation, reference } => {
                self.payments.insert(*obligation, reference.uetr);
                return Ok(None);
            }
            Body::PaymentAnswered { obligation, confirmed, .. } => {
                if !*confirmed {
                    return Ok(None);
                }
                let Some((with, _, amount)) = self.party(*obligation, index)? else { return Ok(None) };
                (format!("obligation {obligation}"), Some(with), Move::ByBank(amount))
            }
            Body::CycleOpened { cycle, .. } => {
                if cycle.currency == self.currency {
                    self.set_aside.clear();
                }
                return Ok(None);
            }
            Body::CycleComputed { cycle, positions, .. } => {
                if cycle.currency == self.currency {
                    let own = positions.iter().find(|position| position.organisation == self.organisation);
                    self.set_aside.extend(own.map(|position| position.pays).filter(|pays| *pays > 0));
                }
                self.positions.insert(*cycle, positions.clone());
                return Ok(None);
            }
            Body::CycleSettled { cycle, .. } => {
                if cycle.currency != self.currency {
                    return Ok(None);
                }
                self.set_aside.clear();
                let what = || format!("the positions of cycle {cycle}");
                let positions = self.positions.get(cycle);
                let positions = positions.ok_or_else(|| StatementError::Unknown { record: index, what: what() })?;
                let own = positions.iter().find(|position| position.organisation == self.organisation);
                let change = match own {
                    Some(position) if position.pays > 0 => Move::Debit(position.pays),
                    Some(position) => Move::Credit(position.gets),
                    // What it owes and what it is owed were the same, or it has no part in the cycle.
                    None if self.netted.contains_key(&cycle.number) => Move::Nothing,
                    None => return Ok(None),
                };
                (format!("cycle {cycle}"), None, change)
            }
            _ => return Ok(None),
        }))
    }

    fn is_own(&self, currency: u32, organisation: OrganisationId) -> bool {
        currency == self.currency && organisation == self.organisation
    }

    /// The other party of an obligation, whether this one owes, and how much, if it is of this account.
    fn party(&self, obligation: u64, record: u64) -> Result<Option<(OrganisationId, bool, Amount)>, StatementError> {
        let what = || format!("obligation {obligation}");
        let info = self.obligations.get(&obligation);
        let info = info.ok_or_else(|| StatementError::Unknown { record, what: what() })?;
        if info.currency != self.currency {
            return Ok(None);
        }
        Ok(match self.organisation {
            own if own == info.debtor => Some((info.creditor, true, info.amount)),
            own if own == info.creditor => Some((info.debtor, false, info.amount)),
            _ => None,
        })
    }

    fn hold(&mut self, amount: Amount, record: u64) -> Result<(), StatementError> {
        self.held = self.held.checked_add(amount).ok_or(StatementError::Unbalanced(record))?;
        Ok(())
    }

    fn free(&mut self, amount: Amount, record: u64) -> Result<(), StatementError> {
        self.held = self.held.checked_sub(amount).ok_or(StatementError::Unbalanced(record))?;
        Ok(())
    }

    /// What a cycle settled, compared with what moved.
    fn settled(&self, cycle: CycleId, debit: Amount, credit: Amount) -> Netted {
        let mut netted = self.netted.get(&cycle.number).cloned().unwrap_or_default();
        netted.agrees = match (netted.owed.0.checked_add(credit), netted.due.0.checked_add(debit)) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        };
        netted
    }

    fn reference(&self, body: &Body) -> Option<Uetr> {
        match body {
            Body::Deposited { reference, .. } | Body::WithdrawalPaid { reference, .. } => Some(reference.uetr),
            Body::PaymentAnswered { obligation, .. } => self.payments.get(obligation).copied(),
            _ => None,
        }
    }
}

/// What was settled by each cycle of a currency, by its number.
fn netted(organisation: OrganisationId, currency: u32, obligations: &[ObligationView]) -> HashMap<u32, Netted> {
    let mut netted: HashMap<u32, Netted> = HashMap::new();
    let mut settled: BTreeMap<u64, &ObligationView> = BTreeMap::new();
    for view in obligations {
        let by_cycle = view.state == ObligationState::Settled.as_str() && view.cycle > 0;
        if view.currency == currency && by_cycle {
            settled.insert(view.obligation.0, view);
        }
    }
    for (number, view) in settled {
        let of_cycle = netted.entry(view.cycle).or_default();
        of_cycle.obligations.push(number);
        // A sum that is too great is no cycle's: it does not agree with what moved.
        let side = if view.debtor == organisation.0 { &mut of_cycle.owed } else { &mut of_cycle.due };
        side.0 = side.0.saturating_add(view.amount.0);
    }
    netted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rpc::{Decimal, UsageView};
    use citynet_primitives::{BankReference, NetPosition, Usage, WithdrawalInfo, RECORD_VERSION};

    const OWN: OrganisationId = OrganisationId(2);
    const OTHER: OrganisationId = OrganisationId(3);
    const CYCLE: CycleId = CycleId { currency: 1, number: 1 };

    fn records(bodies: Vec<Body>) -> BTreeMap<u64, Record> {
        let record = |(index, body): (usize, Body)| {
            let index = index as u64;
            // The agent and others write too, but only holds depend on who does.
            let (version, block, account) = (RECORD_VERSION, 1, [0; 32]);
            (index, Record { version, index, block, time: index * 10, organisation: OWN, account, body })
        };
        bodies.into_iter().enumerate().map(record).collect()
    }

    fn reference(byte: u8) -> BankReference {
        BankReference { uetr: uetr::marked([byte; 16]), notification: [byte; 32] }
    }

    fn deposited(amount: Amount) -> Body {
        Body::Deposited { currency: 1, organisation: OWN, amount, reference: reference(1) }
    }

    fn owed(obligation: u64, debtor: OrganisationId, creditor: OrganisationId, amount: Amount) -> Body {
        let info = ObligationInfo {
            state: ObligationState::Open,
            currency: 1,
            debtor,
            creditor,
            amount,
            grant: GrantId(5),
            usage: Usage::default(),
            reverses: None,
            reversed: 0,
            since: 0,
            cycle: 0,
            payment: None,
            declared: None,
        };
        Body::ObligationCreated { obligation, info }
    }

    fn view(obligation: u64, debtor: OrganisationId, creditor: OrganisationId, amount: Amount) -> ObligationView {
        let zero = Decimal(0);
        ObligationView {
            obligation: Decimal(obligation),
            state: "settled".into(),
            currency: 1,
            debtor: debtor.0,
            creditor: creditor.0,
            amount: Units(amount),
            grant: Decimal(5),
            usage: UsageView { accesses: zero, records: zero, bytes: zero },
            reverses: None,
            reversed: Units(0),
            since: zero,
            cycle: 1,
            payment: None,
            rest: serde_json::Map::new(),
        }
    }

    fn computed(positions: &[(OrganisationId, Amount, Amount)]) -> Body {
        let position = |(organisation, pays, gets): &(OrganisationId, Amount, Amount)| NetPosition {
            organisation: *organisation,
            pays: *pays,
            gets: *gets,
        };
        let positions: Vec<NetPosition> = positions.iter().map(position).collect();
        let positions = positions.try_into().unwrap();
        Body::CycleComputed { cycle: CYCLE, obligations: 2, gross: 0, root: [0; 32], positions }
    }

    fn make(bodies: Vec<Body>, period: Period, obligations: &[ObligationView]) -> Result<Statement, StatementError> {
        Statement::make(OWN, 1, period, &records(bodies), obligations)
    }

    #[test]
    fn money_comes_and_goes() {
        let info = WithdrawalInfo { currency: 1, organisation: OWN, amount: 30, account: [0; 32] };
        let bodies = vec![
            deposited(100),
            Body::Deposited { currency: 2, organisation: OWN, amount: 7, reference: reference(2) },
            Body::Deposited { currency: 1, organisation: OTHER, amount: 7, reference: reference(3) },
            Body::WithdrawalRequested { withdrawal: 1, info },
            Body::WithdrawalRequested { withdrawal: 2, info },
            Body::WithdrawalPaid { withdrawal: 1, reference: reference(4) },
            Body::WithdrawalReturned { withdrawal: 2, reason: Default::default() },
            Body::PriceHeld { grant: GrantId(5), currency: 1, amount: 20 },
            Body::PriceHeld { grant: GrantId(6), currency: 1, amount: 10 },
            Body::PricePaid { grant: GrantId(5), currency: 1, amount: 20, creditor: OTHER },
            Body::PriceReleased { grant: GrantId(6) },
            Body::PricePaid { grant: GrantId(9), currency: 1, amount: 5, creditor: OWN },
        ];
        let made = make(bodies.clone(), Period::default(), &[]).unwrap();
        let balances: Vec<(Amount, Amount)> = made.lines.iter().map(|line| (line.balance.0, line.on_hold.0)).collect();
        let expected =
            [(100, 0), (100, 30), (100, 60), (70, 30), (70, 0), (70, 20), (70, 30), (50, 10), (50, 0), (55, 0)];
        assert_eq!(balances, expected);
        assert_eq!((made.opening, made.closing), (Units(0), Units(55)));
        assert_eq!((made.debits, made.credits), (Units(50), Units(105)));
        assert!(made.adds_up() && made.reconciles(55, 0));
        assert!(!made.reconciles(50, 5) && !made.reconciles(56, 0));
        assert_eq!(made.lines[3].uetr, Some(uetr::format(&reference(4).uetr)));

        // Half-open: the line at the first moment is in, the one at the first moment after it is not.
        let part = make(bodies, Period { from: Some(30), to: Some(60) }, &[]).unwrap();
        assert_eq!(part.lines.iter().map(|line| line.record).collect::<Vec<_>>(), [3, 4, 5]);
        assert_eq!((part.opening, part.opening_on_hold), (Units(100), Units(0)));
        assert_eq!((part.closing, part.closing_on_hold), (Units(70), Units(30)));
        assert!(part.adds_up());
    }

    #[test]
    fn obligations_are_paid_on_the_ledger_and_by_bank() {
        let paid = |obligation| Body::ObligationPaid { obligation };
        let answered =
            |obligation, confirmed| Body::PaymentAnswered { obligation, confirmed, reason: Default::default() };
        let made = make(
            vec![
                deposited(100),
                owed(1, OWN, OTHER, 40),
                owed(2, OTHER, OWN, 15),
                owed(3, OWN, OTHER, 8),
                paid(1),
                paid(2),
                Body::PaymentDeclared { obligation: 3, reference: reference(7) },
                answered(3, false),
                answered(3, true),
            ],
            Period::default(),
            &[],
        )
        .unwrap();
        let lines: Vec<(Amount, Amount, Amount)> =
            made.lines.iter().map(|line| (line.debit.0, line.credit.0, line.by_bank.0)).collect();
        assert_eq!(lines, [(0, 100, 0), (40, 0, 0), (0, 15, 0), (0, 0, 8)]);
        assert_eq!(made.lines[3].uetr, Some(uetr::format(&reference(7).uetr)));
        assert_eq!((made.lines[1].with, made.closing), (Some(3), Units(75)));
        assert!(made.adds_up() && made.reconciles(75, 0));
    }

    #[test]
    fn a_cycle_moves_what_its_obligations_sum_up_to() {
        let settled = || Body::CycleSettled { cycle: CYCLE, net: 25 };
        let first = computed(&[(OWN, 90, 0), (OTHER, 0, 90)]);
        // The positions count that were computed last.
        let bodies = vec![deposited(100), first, computed(&[(OWN, 25, 0), (OTHER, 0, 25)]), settled()];
        let obligations = [view(1, OWN, OTHER, 40), view(2, OTHER, OWN, 15)];
        let made = make(bodies.clone(), Period::default(), &obligations).unwrap();
        let line = &made.lines[1];
        assert_eq!((line.debit, line.credit, line.about.as_str()), (Units(25), Units(0), "cycle 1-1"));
        let netted = line.netted.as_ref().unwrap();
        assert_eq!((netted.owed, netted.due, netted.agrees), (Units(40), Units(15), true));
        assert_eq!(netted.obligations, [1, 2]);
        assert!(made.adds_up() && made.reconciles(75, 0));

        let made = make(bodies.clone(), Period::default(), &obligations[..1]).unwrap();
        assert!(!made.adds_up());

        // Before it is settled, what it pays may be on hold.
        let made = make(bodies[..2].to_vec(), Period::default(), &[]).unwrap();
        assert!(made.reconciles(100, 0) && made.reconciles(10, 90));
        assert!(!made.reconciles(75, 25) && !made.reconciles(9, 90));
        let made = make(bodies[..3].to_vec(), Period::default(), &[]).unwrap();
        assert!(made.reconciles(10, 90) && made.reconciles(75, 25) && !made.reconciles(0, 100));

        // Nothing moves where both sides are the same.
        let even = [view(1, OWN, OTHER, 40), view(2, OTHER, OWN, 40)];
        let made = make(vec![computed(&[]), settled()], Period::default(), &even).unwrap();
        assert_eq!((made.lines.len(), made.closing), (1, Units(0)));
        assert!(made.adds_up());
        let made = make(vec![computed(&[]), settled()], Period::default(), &[]).unwrap();
        assert!(made.lines.is_empty());
    }

    #[test]
    fn records_that_cannot_be_all_are_refused() {
        let refused = |bodies| make(bodies, Period::default(), &[]).unwrap_err();
        let unknown = |what: &str| StatementError::Unknown { record: 0, what: what.into() };
        assert_eq!(refused(vec![Body::ObligationPaid { obligation: 1 }]), unknown("obligation 1"));
        let settled = Body::CycleSettled { cycle: CYCLE, net: 25 };
        assert_eq!(refused(vec![settled]), unknown("the positions of cycle 1-1"));
        let paid = Body::ObligationPaid { obligation: 1 };
        assert_eq!(refused(vec![owed(1, OWN, OTHER, 1), paid]), StatementError::Unbalanced(1));
        assert_eq!(refused(vec![deposited(Amount::MAX), deposited(1)]), StatementError::Unbalanced(1));
        let held = Body::PriceHeld { grant: GrantId(5), currency: 1, amount: 20 };
        assert_eq!(refused(vec![deposited(10), held]), StatementError::Unbalanced(1));
    }
}
