//! Whether all that an organisation owes and is owed goes back to use, and forward to a payment.
//!
//! [`Payments::of`] follows the records: what gateways reported, what providers stated and nobody disputed in time, what was
//! billed for it, how that was netted or paid. On the way everything is computed anew: the use that was beyond dispute, the
//! price of it, and what the organisation pays or gets in a netting cycle. What is otherwise is a [`Problem`].
//!
//! # Terminology
//!
//! An obligation *arises* when it is billed or reversed, and is *settled* when it is paid on the ledger, netted by a cycle
//! that settles, or confirmed to be paid by bank. Until then it is *open*. Of a period, `opening + arisen = settled + open`.
//!
//! # What it does not cover
//!
//! * Use that no gateway reported.
//! * Of a cycle, what others owe one another: only their positions are known, which must sum to zero.
//! * Money that comes from a bank and goes there: a statement of account has it.

use crate::Period;
use citynet_primitives::{
    tariff, Amount, Body, CycleId, GrantId, GrantState, Moment, NetPosition, ObligationInfo, OrganisationId, Price,
    Record, Terms, Uetr, Usage,
};
use std::collections::{BTreeMap, BTreeSet};

/// The most that an obligation can be for a cycle to take it.
const MAX_NETTED: Amount = Amount::MAX >> 32;

/// Something does not reconcile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A statement or a ruling goes beyond what was reported.
    #[error("record {record}: the use of grant {grant} that it states is more than its gateway had reported")]
    BeyondReported {
        /// The statement.
        record: u64,
        /// The grant.
        grant: GrantId,
    },
    /// Something is billed by terms that are not there.
    #[error("record {record}: obligation {obligation} is about grant {grant}, of which no record has the terms")]
    NoTerms {
        /// The bill.
        record: u64,
        /// The obligation.
        obligation: u64,
        /// The grant.
        grant: GrantId,
    },
    /// What is billed is not the use beyond dispute.
    #[error(
        "record {record}: obligation {obligation} bills use of grant {grant} that is not what was beyond dispute then"
    )]
    OtherUsage {
        /// The bill.
        record: u64,
        /// The obligation.
        obligation: u64,
        /// The grant.
        grant: GrantId,
    },
    /// What is billed is not the price.
    #[error(
        "record {record}: obligation {obligation} is {amount}, and by the terms of grant {grant} it should be {price}"
    )]
    OtherPrice {
        /// The bill.
        record: u64,
        /// The obligation.
        obligation: u64,
        /// The grant.
        grant: GrantId,
        /// What is billed.
        amount: Amount,
        /// What should be.
        price: Amount,
    },
    /// What was paid for a grant at once is not its price.
    #[error("record {record}: {amount} was paid for grant {grant}, which is not the price in its terms")]
    OtherFixedPrice {
        /// The payment.
        record: u64,
        /// The grant.
        grant: GrantId,
        /// What was paid.
        amount: Amount,
    },
    /// A record is about an obligation of which there is none.
    #[error("record {record} is about obligation {obligation}, of which there is no record before it")]
    UnknownObligation {
        /// The record.
        record: u64,
        /// The obligation.
        obligation: u64,
    },
    /// An obligation is paid that is not open, or answered that was not declared.
    #[error("record {record}: obligation {obligation} is {found} and cannot be {step}")]
    IllegalStep {
        /// The record.
        record: u64,
        /// The obligation.
        obligation: u64,
        /// Where it is.
        found: &'static str,
        /// What the record makes it.
        step: &'static str,
    },
    /// A reversal is of something else, or of more than there is.
    #[error("record {record}: obligation {obligation} reverses more than there is, or what is between others")]
    Reversal {
        /// The record.
        record: u64,
        /// The obligation that reverses.
        obligation: u64,
    },
    /// The positions of a cycle do not sum to zero.
    #[error("record {record}: the positions of cycle {cycle} pay {pays} and get {gets}, which is not the same")]
    Unbalanced {
        /// The record.
        record: u64,
        /// The cycle.
        cycle: CycleId,
        /// What all pay.
        pays: Amount,
        /// What all get.
        gets: Amount,
    },
    /// A cycle moved something else than its positions say.
    #[error("record {record}: cycle {cycle} moved {net}, and its positions pay {pays}")]
    OtherNet {
        /// The record.
        record: u64,
        /// The cycle.
        cycle: CycleId,
        /// What it says that it moved.
        net: Amount,
        /// What its positions pay.
        pays: Amount,
    },
    /// A cycle that settles has no positions.
    #[error("record {record}: cycle {cycle} is settled, and no record has its positions")]
    NoPositions {
        /// The record.
        record: u64,
        /// The cycle.
        cycle: CycleId,
    },
    /// What an organisation pays or gets in a cycle is not what its obligations come to.
    #[error(
        "record {record}: in cycle {cycle} the organisation pays {pays} and gets {gets}, and of its obligations in it, it owes \
         {owed} and is due {due}"
    )]
    OtherPosition {
        /// The record with the positions.
        record: u64,
        /// The cycle.
        cycle: CycleId,
        /// What it pays.
        pays: Amount,
        /// What it gets.
        gets: Amount,
        /// What it owes.
        owed: Amount,
        /// What it is owed.
        due: Amount,
    },
}

/// How an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is owed.
    Open,
    /// A cycle has it that is not settled.
    Netting {
        /// The cycle.
        cycle: CycleId,
        /// The record with its positions.
        computed: u64,
    },
    /// The debtor says that it was paid by bank.
    Declared {
        /// The record that says so.
        record: u64,
        /// The payment.
        uetr: Uetr,
    },
    /// It was paid on the ledger.
    Paid {
        /// The record.
        record: u64,
        /// When.
        time: Moment,
    },
    /// A cycle settled it.
    Netted {
        /// The cycle.
        cycle: CycleId,
        /// The record with its positions.
        computed: u64,
        /// The record that settled it.
        record: u64,
        /// When.
        time: Moment,
    },
    /// It was paid by bank, and the creditor has the money.
    Booked {
        /// The record by which the debtor declared it.
        declared: u64,
        /// The payment.
        uetr: Uetr,
        /// The record by which the creditor confirmed it.
        record: u64,
        /// When.
        time: Moment,
    },
}

impl Outcome {
    /// In one word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Netting { .. } => "netting",
            Self::Declared { .. } => "declared",
            Self::Paid { .. } => "paid",
            Self::Netted { .. } => "netted",
            Self::Booked { .. } => "booked",
        }
    }

    /// When it was settled, if it was.
    pub const fn settled(&self) -> Option<Moment> {
        match self {
            Self::Paid { time, .. } | Self::Netted { time, .. } | Self::Booked { time, .. } => Some(*time),
            Self::Open | Self::Netting { .. } | Self::Declared { .. } => None,
        }
    }

    /// The records by which it came to that, ascending.
    pub fn records(&self) -> Vec<u64> {
        match *self {
            Self::Open => Vec::new(),
            Self::Netting { computed, .. } => vec![computed],
            Self::Declared { record, .. } | Self::Paid { record, .. } => vec![record],
            Self::Netted { computed, record, .. } => vec![computed, record],
            Self::Booked { declared, record, .. } => vec![declared, record],
        }
    }
}

/// On what a bill rests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// The last report of use before it.
    pub report: Option<u64>,
    /// The statement, or the ruling, that was beyond dispute then.
    pub statement: Option<u64>,
}

/// An obligation, from use to payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Its number.
    pub obligation: u64,
    /// The record by which it arose, and its time.
    pub record: u64,
    /// When.
    pub time: Moment,
    /// What is owed, as that record has it.
    pub info: ObligationInfo,
    /// On what it rests; nothing of a reversal.
    pub basis: Basis,
    /// How it stands.
    pub outcome: Outcome,
    /// How much of it others reverse.
    reversed: Amount,
}

/// What was paid for a grant at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The grant.
    pub grant: GrantId,
    /// The record of the payment.
    pub record: u64,
    /// When.
    pub time: Moment,
    /// The currency.
    pub currency: u32,
    /// How much.
    pub amount: Amount,
    /// Who paid.
    pub debtor: OrganisationId,
    /// To whom.
    pub creditor: OrganisationId,
}

/// The use of a grant that costs something, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// The grant.
    pub grant: GrantId,
    /// Who provides the data, by the last terms.
    pub provider: OrganisationId,
    /// Who uses it.
    pub consumer: OrganisationId,
    /// The currency.
    pub currency: u32,
    /// What was reported last, and the record.
    pub reported: Option<(Usage, u64)>,
    /// What was stated or ruled last, and the record.
    pub stated: Option<(Usage, u64)>,
    /// What of it is beyond dispute.
    pub matured: Usage,
    /// What was billed in all, before reversals.
    pub billed: Amount,
}

/// A netting cycle in which the organisation has a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Netted {
    /// The cycle.
    pub cycle: CycleId,
    /// The record by which it began, if it is there.
    pub opened: Option<u64>,
    /// The record that has the positions which count, and its time.
    pub computed: u64,
    /// When these were computed.
    pub time: Moment,
    /// The record that settled it, and its time.
    pub settled: Option<(u64, Moment)>,
    /// What all positions pay together.
    pub pays: Amount,
    /// What they get.
    pub gets: Amount,
    /// What the organisation pays.
    pub own_pays: Amount,
    /// What it gets.
    pub own_gets: Amount,
    /// The organisation's obligations in it, ascending.
    pub obligations: Vec<u64>,
    /// What it owes of them.
    pub owed: Amount,
    /// What it is owed of them.
    pub due: Amount,
}

impl Netted {
    /// Whether what all pay is what all get.
    pub const fn balances(&self) -> bool {
        self.pays == self.gets
    }

    /// Whether what the organisation pays and gets is what its obligations come to.
    pub fn agrees(&self) -> bool {
        net(self.owed, self.due) == (self.own_pays, self.own_gets)
    }
}

/// One side of what an organisation has with others in a currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// What was open when the period began.
    pub opening: Amount,
    /// What arose in it.
    pub arisen: Amount,
    /// What was paid on the ledger in it.
    pub paid: Amount,
    /// What cycles netted in it.
    pub netted: Amount,
    /// What was paid by bank in it.
    pub booked: Amount,
    /// What is open at its end.
    pub open: Amount,
    /// What was paid at once in it for grants, which was never owed.
    pub at_once: Amount,
}

impl Side {
    /// What was settled in the period, or `None` where that is more than can be counted.
    pub fn settled(&self) -> Option<Amount> {
        self.paid.checked_add(self.netted)?.checked_add(self.booked)
    }

    /// Whether `opening + arisen = settled + open`.
    pub fn adds_up(&self) -> bool {
        let before = self.opening.checked_add(self.arisen);
        let after = self.settled().and_then(|settled| settled.checked_add(self.open));
        before.is_some() && before == after
    }
}

/// What an organisation has with others in a currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// As the one who owes.
    pub owes: Side,
    /// As the one to whom is owed.
    pub due: Side,
}

/// An organisation's payments, reconciled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payments {
    /// Whose.
    pub organisation: OrganisationId,
    /// Of which time.
    pub period: Period,
    /// The grants whose use costs something, as they stand at the end of the period.
    pub grants: Vec<Used>,
    /// The obligations that were open, arose or were settled in the period, by number.
    pub obligations: Vec<Owed>,
    /// What was paid at once in the period, by record.
    pub bought: Vec<Bought>,
    /// The cycles with a part of the organisation that were computed last in the period, or settled in it.
    pub cycles: Vec<Netted>,
    /// By currency.
    pub sums: BTreeMap<u32, Sums>,
    /// What does not reconcile, of the period and of all before it.
    pub problems: Vec<Problem>,
}

impl Payments {
    /// Reconciles the records about an organisation, its grants, and the cycles of its currencies, by index. Those of
    /// others do no harm. What was written from the end of the period on does not count.
    pub fn of<'a>(organisation: OrganisationId, period: Period, records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut replay = Replay::new(organisation);
        for record in records {
            if period.is_over(record.time) {
                break;
            }
            replay.take(record);
        }
        replay.finish(period)
    }

    /// Whether everything reconciles.
    pub fn reconciles(&self) -> bool {
        self.problems.is_empty() && self.sums.values().all(|sums| sums.owes.adds_up() && sums.due.adds_up())
    }
}

/// A statement that is not mature, or was not found to be yet.
#[derive(Clone, Copy)]
struct Stated {
    usage: Usage,
    record: u64,
    time: Moment,
    is_disputed: bool,
}

/// What is known of a grant.
#[derive(Default)]
struct Account {
    terms: Option<Terms>,
    active_since: Option<Moment>,
    ended: Option<Moment>,
    reported: Option<(Usage, u64)>,
    stated: Option<(Usage, u64)>,
    open: Option<Stated>,
    matured: Usage,
    /// The statement or ruling that says so.
    matured_by: Option<u64>,
    billed: Amount,
}

impl Account {
    /// Counts the last statement as beyond dispute, where it is that by `now`.
    fn mature(&mut self, now: Moment) {
        let Some(Price::Metered { dispute_window, .. }) = self.terms.as_ref().map(|terms| &terms.price) else { return };
        let matures = |open: &Stated| !open.is_disputed && open.time.saturating_add(*dispute_window) <= now;
        if let Some(open) = self.open.filter(matures) {
            (self.matured, self.matured_by, self.open) = (open.usage, Some(open.record), None);
        }
    }

    /// What the grant costs up to now, if that can be computed.
    fn price(&self, now: Moment) -> Option<Amount> {
        let terms = self.terms.as_ref()?;
        match &terms.price {
            Price::Metered { unit, per, tiers, .. } => tariff::metered(*unit, *per, tiers, &self.matured),
            Price::PerPeriod { amount, period, .. } => {
                let begin = terms.not_before.max(self.active_since?);
                let end = self.ended.unwrap_or(now).min(terms.not_after).min(now);
                tariff::per_period(*amount, *period, begin, end)
            }
            Price::Free | Price::Contract { .. } | Price::Fixed { .. } => None,
        }
    }
}

/// What is known of a cycle.
#[derive(Default)]
struct Cycle {
    opened: Option<u64>,
    cutoff: Moment,
    /// The record with the positions that count, and its time.
    computed: Option<(u64, Moment)>,
    positions: Vec<NetPosition>,
    defaulters: BTreeSet<OrganisationId>,
    settled: Option<(u64, Moment)>,
    obligations: BTreeSet<u64>,
    /// What came back to those that wait while the cycle collected them. It may have come too late.
    returned: BTreeSet<u64>,
}

/// What is known after some records.
struct Replay {
    organisation: OrganisationId,
    accounts: BTreeMap<GrantId, Account>,
    obligations: BTreeMap<u64, Owed>,
    /// Obligations between others, which are not followed.
    others: BTreeSet<u64>,
    held: BTreeMap<GrantId, OrganisationId>,
    bought: Vec<Bought>,
    cycles: BTreeMap<CycleId, Cycle>,
    problems: Vec<Problem>,
    now: Moment,
}

impl Replay {
    fn new(organisation: OrganisationId) -> Self {
        Self {
            organisation,
            accounts: BTreeMap::new(),
            obligations: BTreeMap::new(),
            others: BTreeSet::new(),
            held: BTreeMap::new(),
            bought: Vec::new(),
            cycles: BTreeMap::new(),
            problems: Vec::new(),
            now: 0,
        }
    }

    fn account(&mut self, grant: GrantId) -> &mut Account {
        self.accounts.entry(grant).or_default()
    }

    fn take(&mut self, record: &Record) {
        self.now = record.time;
        match &record.body {
            Body::GrantRequested { grant, terms, .. } | Body::GrantOffered { grant, terms, .. } => {
                self.account(*grant).terms = Some(terms.clone());
            }
            Body::GrantAdvanced { grant, state: GrantState::Active, .. } => {
                self.account(*grant).active_since = Some(record.time);
            }
            Body::GrantStateChanged { grant, state, .. } if state.is_final() => {
                self.account(*grant).ended = Some(record.time);
            }
            Body::AccessReported { grant, report } => {
                self.account(*grant).reported = Some((report.usage, record.index));
            }
            Body::UsageStated { .. } | Body::UsageDisputed { .. } | Body::UsageRuled { .. } => self.take_usage(record),
            Body::ObligationCreated { .. } | Body::ObligationReversed { .. } => self.take_obligation(record),
            Body::ObligationPaid { .. }
            | Body::PaymentDeclared { .. }
            | Body::PaymentAnswered { .. }
            | Body::DeclarationWithdrawn { .. } => self.take_payment(record),
            Body::PriceHeld { .. } | Body::PriceReleased { .. } | Body::PricePaid { .. } => self.take_price(record),
            Body::CycleOpened { .. }
            | Body::CycleComputed { .. }
            | Body::CycleDefaulted { .. }
            | Body::CycleSettled { .. } => self.take_cycle(record),
            _ => {}
        }
    }

    fn take_usage(&mut self, record: &Record) {
        let (now, index) = (record.time, record.index);
        match &record.body {
            Body::UsageStated { grant, usage, .. } => {
                self.check_reported(*grant, usage, index);
                let account = self.account(*grant);
                account.mature(now);
                account.stated = Some((*usage, index));
                account.open = Some(Stated { usage: *usage, record: index, time: now, is_disputed: false });
            }
            Body::UsageDisputed { grant, .. } => {
                if let Some(open) = &mut self.account(*grant).open {
                    open.is_disputed = true;
                }
            }
            Body::UsageRuled { grant, usage, .. } => {
                self.check_reported(*grant, usage, index);
                let account = self.account(*grant);
                account.stated = Some((*usage, index));
                (account.matured, account.matured_by, account.open) = (*usage, Some(index), None);
            }
            _ => {}
        }
    }

    fn check_reported(&mut self, grant: GrantId, usage: &Usage, record: u64) {
        let reported = self.account(grant).reported.map(|(usage, _)| usage).unwrap_or_default();
        if !reported.is_at_least(usage) {
            self.problems.push(Problem::BeyondReported { record, grant });
        }
    }

    fn take_obligation(&mut self, record: &Record) {
        let (obligation, info, is_bill) = match &record.body {
            Body::ObligationCreated { obligation, info } => (*obligation, *info, true),
            Body::ObligationReversed { obligation, info, .. } => (*obligation, *info, false),
            _ => return,
        };
        let is_own = [info.debtor, info.creditor].contains(&self.organisation);
        let mut basis = Basis::default();
        let has_terms = self.accounts.get(&info.grant).is_some_and(|account| account.terms.is_some());
        if is_bill && (is_own || has_terms) {
            basis = self.check_bill(record, obligation, &info);
        }
        if !is_own {
            self.others.insert(obligation);
            return;
        }
        if !is_bill {
            self.check_reversal(record.index, obligation, &info);
        }
        let owed = Owed {
            obligation,
            record: record.index,
            time: record.time,
            info,
            basis,
            outcome: Outcome::Open,
            reversed: 0,
        };
        self.obligations.insert(obligation, owed);
    }

    /// Computes what is billed, and gives on what it rests.
    fn check_bill(&mut self, record: &Record, obligation: u64, info: &ObligationInfo) -> Basis {
        let (index, grant, amount) = (record.index, info.grant, info.amount);
        let account = self.account(grant);
        account.mature(record.time);
        let basis = Basis { report: account.reported.map(|(_, record)| record), statement: account.matured_by };
        let price = account.price(record.time).map(|price| price.saturating_sub(account.billed));
        let (has_terms, usage) = (account.terms.is_some(), account.matured);
        account.billed = account.billed.saturating_add(amount);
        if !has_terms {
            self.problems.push(Problem::NoTerms { record: index, obligation, grant });
            return basis;
        }
        if info.usage != usage {
            self.problems.push(Problem::OtherUsage { record: index, obligation, grant });
        }
        if price != Some(amount) {
            let price = price.unwrap_or_default();
            self.problems.push(Problem::OtherPrice { record: index, obligation, grant, amount, price });
        }
        basis
    }

    fn check_reversal(&mut self, record: u64, obligation: u64, info: &ObligationInfo) {
        let original = info.reverses.and_then(|reverses| self.obligations.get_mut(&reverses));
        let is_right = original.is_some_and(|original| {
            original.reversed = original.reversed.saturating_add(info.amount);
            let of = &original.info;
            let same = (of.currency, of.debtor, of.creditor) == (info.currency, info.creditor, info.debtor);
            same && of.reverses.is_none() && original.reversed <= of.amount
        });
        if !is_right {
            self.problems.push(Problem::Reversal { record, obligation });
        }
    }

    fn take_payment(&mut self, record: &Record) {
        let (index, time) = (record.index, record.time);
        let (obligation, step) = match &record.body {
            Body::ObligationPaid { obligation } => (*obligation, "paid"),
            Body::PaymentDeclared { obligation, .. } => (*obligation, "declared"),
            Body::PaymentAnswered { obligation, confirmed: true, .. } => (*obligation, "booked"),
            Body::PaymentAnswered { obligation, .. } | Body::DeclarationWithdrawn { obligation } => {
                (*obligation, "opened again")
            }
            _ => return,
        };
        if self.others.contains(&obligation) {
            return;
        }
        let Some(owed) = self.obligations.get_mut(&obligation) else {
            self.problems.push(Problem::UnknownObligation { record: index, obligation });
            return;
        };
        let outcome = match (&record.body, owed.outcome) {
            (Body::ObligationPaid { .. }, Outcome::Open) => Some(Outcome::Paid { record: index, time }),
            (Body::PaymentDeclared { reference, .. }, Outcome::Open) => {
                Some(Outcome::Declared { record: index, uetr: reference.uetr })
            }
            (Body::PaymentAnswered { confirmed: true, .. }, Outcome::Declared { record, uetr }) => {
                Some(Outcome::Booked { declared: record, uetr, record: index, time })
            }
            (Body::PaymentAnswered { .. } | Body::DeclarationWithdrawn { .. }, Outcome::Declared { .. }) => {
                Some(Outcome::Open)
            }
            _ => None,
        };
        let (found, currency) = (owed.outcome.word(), owed.info.currency);
        match outcome {
            Some(outcome) => owed.outcome = outcome,
            None => self.problems.push(Problem::IllegalStep { record: index, obligation, found, step }),
        }
        if outcome == Some(Outcome::Open) {
            let collecting = |(id, cycle): &(&CycleId, &mut Cycle)| id.currency == currency && cycle.computed.is_none();
            if let Some((_, cycle)) = self.cycles.iter_mut().rfind(collecting) {
                cycle.returned.insert(obligation);
            }
        }
    }

    fn take_price(&mut self, record: &Record) {
        match &record.body {
            // Only a grant's consumer holds its price.
            Body::PriceHeld { grant, .. } => _ = self.held.insert(*grant, record.organisation),
            Body::PriceReleased { grant } => _ = self.held.remove(grant),
            Body::PricePaid { grant, currency, amount, creditor } => {
                let (grant, currency, amount, creditor) = (*grant, *currency, *amount, *creditor);
                let terms = self.account(grant).terms.clone();
                let fixed = Price::Fixed { currency, amount };
                if terms.as_ref().is_none_or(|terms| terms.price != fixed) {
                    self.problems.push(Problem::OtherFixedPrice { record: record.index, grant, amount });
                }
                let consumer = terms.map(|terms| terms.consumer);
                let debtor = self.held.remove(&grant).or(consumer).unwrap_or(record.organisation);
                if [debtor, creditor].contains(&self.organisation) {
                    let (record, time) = (record.index, record.time);
                    self.bought.push(Bought { grant, record, time, currency, amount, debtor, creditor });
                }
            }
            _ => {}
        }
    }

    fn take_cycle(&mut self, record: &Record) {
        let at = (record.index, record.time);
        match &record.body {
            Body::CycleOpened { cycle, cutoff, .. } => {
                let begun = Cycle { opened: Some(record.index), cutoff: *cutoff, ..Cycle::default() };
                self.cycles.insert(*cycle, begun);
            }
            Body::CycleDefaulted { cycle, debtor, .. } => {
                self.cycles.entry(*cycle).or_default().defaulters.insert(*debtor);
            }
            Body::CycleComputed { cycle, positions, .. } => self.compute(*cycle, positions, at),
            Body::CycleSettled { cycle, net } => self.settle(*cycle, *net, at),
            _ => {}
        }
    }

    /// What a cycle has: at first all that waits and arose before its cut-off, later without what defaulters owe.
    fn compute(&mut self, id: CycleId, positions: &[NetPosition], at: (u64, Moment)) {
        let cycle = self.cycles.entry(id).or_default();
        if cycle.computed.is_none() {
            let waits = |owed: &&Owed| {
                let info = &owed.info;
                let is_before = info.since < cycle.cutoff && info.amount <= MAX_NETTED;
                owed.outcome == Outcome::Open && info.currency == id.currency && is_before
            };
            cycle.obligations = self.obligations.values().filter(waits).map(|owed| owed.obligation).collect();
            // What came back meanwhile is in it or not: what adds up says which.
            let without: BTreeSet<u64> = cycle.obligations.difference(&cycle.returned).copied().collect();
            let position = own_position(positions, self.organisation);
            let come_to = |obligations: &BTreeSet<u64>| sides(&self.obligations, obligations, self.organisation);
            let agrees = |(owed, due)| net(owed, due) == position;
            if !agrees(come_to(&cycle.obligations)) && agrees(come_to(&without)) {
                cycle.obligations = without;
            }
        } else {
            for obligation in std::mem::take(&mut cycle.obligations) {
                let Some(owed) = self.obligations.get_mut(&obligation) else { continue };
                if cycle.defaulters.contains(&owed.info.debtor) {
                    owed.outcome = Outcome::Open;
                } else {
                    cycle.obligations.insert(obligation);
                }
            }
        }
        cycle.computed = Some(at);
        cycle.positions = positions.to_vec();
        for obligation in &cycle.obligations {
            if let Some(owed) = self.obligations.get_mut(obligation) {
                owed.outcome = Outcome::Netting { cycle: id, computed: at.0 };
            }
        }
        let (pays, gets) = totals(positions);
        if pays != gets {
            self.problems.push(Problem::Unbalanced { record: at.0, cycle: id, pays, gets });
        }
        let (owed, due) = sides(&self.obligations, &cycle.obligations, self.organisation);
        let (pays, gets) = own_position(positions, self.organisation);
        if net(owed, due) != (pays, gets) {
            self.problems.push(Problem::OtherPosition { record: at.0, cycle: id, pays, gets, owed, due });
        }
    }

    fn settle(&mut self, id: CycleId, net: Amount, (record, time): (u64, Moment)) {
        let cycle = self.cycles.entry(id).or_default();
        let Some((computed, _)) = cycle.computed else {
            self.problems.push(Problem::NoPositions { record, cycle: id });
            return;
        };
        cycle.settled = Some((record, time));
        for obligation in &cycle.obligations {
            if let Some(owed) = self.obligations.get_mut(obligation) {
                owed.outcome = Outcome::Netted { cycle: id, computed, record, time };
            }
        }
        let (pays, _) = totals(&cycle.positions);
        if net != pays {
            self.problems.push(Problem::OtherNet { record, cycle: id, net, pays });
        }
    }
}

/// What comes out.
impl Replay {
    fn finish(mut self, period: Period) -> Payments {
        let now = self.now;
        for account in self.accounts.values_mut() {
            account.mature(now);
        }
        let sums = self.sums(period);
        let touched = |settled: Option<Moment>| settled.is_none_or(|time| !period.is_before(time));
        let obligations = self.obligations.values().filter(|owed| touched(owed.outcome.settled()));
        let cycles = self.cycles.iter().filter_map(|(id, cycle)| self.netted(*id, cycle));
        let bought = self.bought.iter().filter(|bought| !period.is_before(bought.time));
        let billed: BTreeSet<GrantId> = self.obligations.values().map(|owed| owed.info.grant).collect();
        let used = |(grant, account): (&GrantId, &Account)| self.used(*grant, account, billed.contains(grant));
        let grants = self.accounts.iter().filter_map(used).collect();
        Payments {
            organisation: self.organisation,
            period,
            grants,
            obligations: obligations.copied().collect(),
            bought: bought.copied().collect(),
            cycles: cycles.filter(|cycle| touched(cycle.settled.map(|(_, time)| time))).collect(),
            sums,
            problems: self.problems,
        }
    }

    /// A grant whose use costs something, if the organisation provides or uses it, or use of it was billed to or by it.
    fn used(&self, grant: GrantId, account: &Account, is_billed: bool) -> Option<Used> {
        let terms = account.terms.as_ref()?;
        let currency = match &terms.price {
            Price::Metered { currency, .. } | Price::PerPeriod { currency, .. } => *currency,
            Price::Free | Price::Contract { .. } | Price::Fixed { .. } => return None,
        };
        account.active_since?;
        let own = [terms.provider, terms.consumer].contains(&self.organisation);
        (own || is_billed).then_some(Used {
            grant,
            provider: terms.provider,
            consumer: terms.consumer,
            currency,
            reported: account.reported,
            stated: account.stated,
            matured: account.matured,
            billed: account.billed,
        })
    }

    /// A cycle, if the organisation has a part in it.
    fn netted(&self, id: CycleId, cycle: &Cycle) -> Option<Netted> {
        let (computed, time) = cycle.computed?;
        let (own_pays, own_gets) = own_position(&cycle.positions, self.organisation);
        if cycle.obligations.is_empty() && own_pays == own_gets {
            return None;
        }
        let (pays, gets) = totals(&cycle.positions);
        let (owed, due) = sides(&self.obligations, &cycle.obligations, self.organisation);
        Some(Netted {
            cycle: id,
            opened: cycle.opened,
            computed,
            time,
            settled: cycle.settled,
            pays,
            gets,
            own_pays,
            own_gets,
            obligations: cycle.obligations.iter().copied().collect(),
            owed,
            due,
        })
    }

    fn sums(&self, period: Period) -> BTreeMap<u32, Sums> {
        let mut all: BTreeMap<u32, Sums> = BTreeMap::new();
        for Owed { time, info, outcome, .. } in self.obligations.values() {
            let sums = all.entry(info.currency).or_default();
            let side = if info.debtor == self.organisation { &mut sums.owes } else { &mut sums.due };
            let settled = outcome.settled();
            if settled.is_some_and(|settled| period.is_before(settled)) {
                continue;
            }
            add(if period.is_before(*time) { &mut side.opening } else { &mut side.arisen }, info.amount);
            let end = match outcome {
                Outcome::Open | Outcome::Netting { .. } | Outcome::Declared { .. } => &mut side.open,
                Outcome::Paid { .. } => &mut side.paid,
                Outcome::Netted { .. } => &mut side.netted,
                Outcome::Booked { .. } => &mut side.booked,
            };
            add(end, info.amount);
        }
        for bought in self.bought.iter().filter(|bought| !period.is_before(bought.time)) {
            let sums = all.entry(bought.currency).or_default();
            if bought.debtor == self.organisation {
                add(&mut sums.owes.at_once, bought.amount);
            }
            if bought.creditor == self.organisation {
                add(&mut sums.due.at_once, bought.amount);
            }
        }
        all
    }
}

/// A sum that is too great is no sum of money: [`Side::adds_up`] says so.
fn add(sum: &mut Amount, amount: Amount) {
    *sum = sum.saturating_add(amount);
}

/// What who owes so much and is owed so much pays and gets.
const fn net(owed: Amount, due: Amount) -> (Amount, Amount) {
    (owed.saturating_sub(due), due.saturating_sub(owed))
}

fn own_position(positions: &[NetPosition], organisation: OrganisationId) -> (Amount, Amount) {
    let own = positions.iter().find(|position| position.organisation == organisation);
    own.map_or((0, 0), |position| (position.pays, position.gets))
}

/// What all pay and what all get.
fn totals(positions: &[NetPosition]) -> (Amount, Amount) {
    positions
        .iter()
        .fold((0, 0), |(pays, gets), position| (pays.saturating_add(position.pays), gets.saturating_add(position.gets)))
}

/// What an organisation owes and what it is owed of some obligations.
fn sides(all: &BTreeMap<u64, Owed>, obligations: &BTreeSet<u64>, organisation: OrganisationId) -> (Amount, Amount) {
    let (mut owes, mut due) = (0, 0);
    for info in obligations.iter().filter_map(|obligation| all.get(obligation)).map(|owed| &owed.info) {
        add(if info.debtor == organisation { &mut owes } else { &mut due }, info.amount);
    }
    (owes, due)
}

#[cfg(test)]
mod tests;
