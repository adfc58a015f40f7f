//! Netting cycles: collected page by page, computed, then [funded](crate::funding) and settled all or nothing.
//!
//! Every step is a page of bounded work, so anybody can move a cycle on and twice does no harm. A cycle ends settled or
//! empty, since every removal takes at least one obligation.

use crate::{
    funding::Share, queue::waiting, Config, CycleWork, Cycles, Error, LastCycle, Obligations, Pallet, Positions,
};
use alloc::vec::Vec;
use citynet_merkle::{empty_root, leaf_hash, Hash, RightEdge, Sha256};
use citynet_primitives::{
    Amount, Author, Body, CurrencyInfo, CycleId, CycleInfo, CyclePhase, GrossLeaf, Moment, NetPosition, NetPositions,
    ObligationInfo, ObligationState, OrganisationId, Subject, SubjectHead,
};
use citynet_support::{Clock, HeldHeads, Journal};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{
    ensure,
    pallet_prelude::DispatchError,
    traits::{ConstU32, Get},
    BoundedBTreeMap, BoundedBTreeSet,
};
use scale_info::TypeInfo;

/// What [`NetPositions`] has room for, and so the most organisations that a cycle can have, whatever the runtime says.
const MAX_POSITIONS: u32 = 1024;

/// The most that an obligation can be for a cycle to take it: 2^32 of them add up without overflow. Without it, two
/// organisations could owe one another more than a cycle can add up, and stop those of all others.
pub const MAX_NETTED: Amount = Amount::MAX >> 32;

/// An organisation's money costs a step about as much as so many obligations.
const OBLIGATIONS_PER_SHARE: u32 = 5;

/// How many organisations a step handles that could handle so many obligations.
pub(crate) const fn shares(max: u32) -> u32 {
    max.div_ceil(OBLIGATIONS_PER_SHARE)
}

/// SHA-256 by the host, which is many times faster than in Wasm.
pub(crate) struct HostSha256;

impl Sha256 for HostSha256 {
    fn digest(parts: &[&[u8]]) -> Hash {
        sp_io::hashing::sha2_256(&parts.concat())
    }
}

/// What an organisation owes in a cycle, and what others owe it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Sums {
    /// What it owes.
    pub owes: Amount,
    /// What others owe it.
    pub owed: Amount,
}

/// How far the cycle of a currency is, as long as there is something to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Work {
    /// The lowest number of an obligation, or of an organisation once positions are known, that it has not handled.
    pub next: u64,
    /// The gross list so far.
    pub edge: RightEdge,
    /// What it sums up to.
    pub gross: Amount,
    /// The same by organisation. Whoever was in the cycle once stays here, since money of it may be on hold.
    pub sums: BoundedBTreeMap<OrganisationId, Sums, ConstU32<MAX_POSITIONS>>,
    /// Who had not enough money when it was looked at last.
    pub short: BoundedBTreeSet<OrganisationId, ConstU32<MAX_POSITIONS>>,
    /// Whose obligations it removes.
    pub defaulters: BoundedBTreeSet<OrganisationId, ConstU32<MAX_POSITIONS>>,
}

impl Work {
    /// Takes an obligation into the gross list and the sums. Does nothing and answers `false` where there is no room:
    /// for another organisation, or for the amount.
    pub(crate) fn take(&mut self, leaf: &GrossLeaf, max_organisations: u32) -> bool {
        let Some(gross) = self.gross.checked_add(leaf.amount) else { return false };
        let is_new = |party: OrganisationId| u32::from(!self.sums.contains_key(&party));
        let others = if leaf.creditor == leaf.debtor { 0 } else { is_new(leaf.creditor) };
        let organisations = u32::try_from(self.sums.len())
            .ok()
            .and_then(|known| known.checked_add(is_new(leaf.debtor))?.checked_add(others));
        if organisations.is_none_or(|organisations| organisations > max_organisations.min(MAX_POSITIONS)) {
            return false;
        }
        if self.edge.push::<HostSha256>(leaf_hash::<HostSha256>(&leaf.encode())).is_err() {
            return false;
        }
        self.gross = gross;
        // No sum exceeds the gross one, and there is room for both parties.
        self.add(leaf.debtor, Sums { owes: leaf.amount, owed: 0 });
        self.add(leaf.creditor, Sums { owes: 0, owed: leaf.amount });
        true
    }

    /// How many obligations it took, what they sum up to, and the root over them.
    pub(crate) fn summary(&self) -> (u64, Amount, Hash) {
        (self.edge.size(), self.gross, self.edge.root::<HostSha256>())
    }

    fn add(&mut self, organisation: OrganisationId, more: Sums) {
        let Sums { owes, owed } = self.sums.get(&organisation).copied().unwrap_or_default();
        let sums = Sums { owes: owes.saturating_add(more.owes), owed: owed.saturating_add(more.owed) };
        let _ = self.sums.try_insert(organisation, sums);
    }

    /// Forgets the gross list, so that the cycle can be gone through again.
    pub(crate) fn begin_again(&mut self) {
        for sums in self.sums.iter_mut().map(|(_, sums)| sums) {
            *sums = Sums::default();
        }
        (self.next, self.edge, self.gross) = (0, RightEdge::default(), 0);
    }

    /// Whether there are organisations that were not handled yet.
    pub(crate) fn has_more(&self) -> bool {
        self.sums.keys().next_back().is_some_and(|last| u64::from(last.0) >= self.next)
    }

    /// Up to `max` organisations that come next, with their shares.
    pub(crate) fn page(&self, max: u32) -> Vec<(OrganisationId, Share)> {
        let left = self.sums.iter().filter(|(organisation, _)| u64::from(organisation.0) >= self.next);
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        left.take(max).map(|(organisation, sums)| (*organisation, Share::from(*sums))).collect()
    }

    /// Notes that an organisation was handled, and all before it.
    pub(crate) fn pass(&mut self, organisation: OrganisationId) {
        self.next = u64::from(organisation.0).saturating_add(1);
    }

    /// What an organisation pays or gets.
    pub(crate) fn share(&self, organisation: OrganisationId) -> Share {
        Share::from(self.sums.get(&organisation).copied().unwrap_or_default())
    }

    /// What everybody pays or gets, by organisation. What one owes another is owed, so both sum up to the same.
    pub(crate) fn positions(&self) -> NetPositions {
        let nets = self.sums.iter().filter_map(|(organisation, sums)| {
            let Share { pays, gets } = Share::from(*sums);
            (pays != gets).then_some(NetPosition { organisation: *organisation, pays, gets })
        });
        NetPositions::truncate_from(nets.collect())
    }
}

/// What a step went through, which is what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Obligations.
    Obligations,
    /// Organisations' shares.
    Shares,
    /// Debtors that were short.
    Late,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Did {
    /// What it went through.
    pub kind: Kind,
    /// How many of them.
    pub handled: u32,
    /// The last record that it wrote, if it wrote one.
    pub record: Option<u64>,
}

impl Did {
    pub(crate) const fn shares(handled: u32) -> Self {
        Self { kind: Kind::Shares, handled, record: None }
    }

    pub(crate) const fn late(handled: u32) -> Self {
        Self { kind: Kind::Late, handled, record: None }
    }
}

/// One step of a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The cycle.
    pub cycle: CycleId,
    /// Where it is now.
    pub phase: CyclePhase,
    /// What it did.
    pub did: Did,
}

/// What the runtime API answers with.
impl<T: Config> Pallet<T> {
    /// An obligation as it is: one whose cycle is settled is settled, though nothing was written to it then.
    pub fn obligation(id: u64) -> Option<ObligationInfo> {
        let mut info = Obligations::<T>::get(id)?;
        if info.state == ObligationState::Netting {
            let cycle = CycleId { currency: info.currency, number: info.cycle };
            if Cycles::<T>::get(cycle).is_some_and(|cycle| cycle.phase == CyclePhase::Settled) {
                info.state = ObligationState::Settled;
            }
        }
        Some(info)
    }

    /// A cycle.
    pub fn cycle(id: CycleId) -> Option<CycleInfo> {
        Cycles::<T>::get(id)
    }

    /// The number of a currency's last cycle, or 0.
    pub fn last_cycle(currency: u32) -> u32 {
        LastCycle::<T>::get(currency)
    }

    /// What everybody pays or gets in a cycle, as it was last computed.
    pub fn positions(id: CycleId) -> NetPositions {
        Positions::<T>::get(id)
    }
}

impl<T: Config> HeldHeads for Pallet<T> {
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        match subject {
            Subject::Cycle(id) => Some(Cycles::<T>::get(id).map(|info| info.head).unwrap_or_default()),
            Subject::Organisation(_) | Subject::Dataset(_) | Subject::Device(_) | Subject::Grant(_) => None,
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Begins the next cycle of a currency. Gives its number and the record's index.
    pub(crate) fn do_open_cycle(
        author: &Author,
        currency: u32,
        cutoff: Moment,
        deadline: Moment,
    ) -> Result<(CycleId, u64), DispatchError> {
        let CurrencyInfo { agent, .. } = Self::administered(author, currency)?;
        let now = T::Clock::now();
        ensure!(cutoff <= now, Error::<T>::CutoffInFuture);
        ensure!(now < deadline, Error::<T>::DeadlineOver);
        let last = LastCycle::<T>::get(currency);
        let before = Cycles::<T>::get(CycleId { currency, number: last });
        ensure!(before.is_none_or(|before| is_over(&before)), Error::<T>::CycleRunning);

        let number = last.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let id = CycleId { currency, number };
        let mut info = CycleInfo {
            phase: CyclePhase::Collecting,
            cutoff,
            deadline,
            obligations: 0,
            gross: 0,
            net: 0,
            root: empty_root::<HostSha256>(),
            moved: false,
            head: SubjectHead::default(),
        };
        let body = Body::CycleOpened { cycle: id, cutoff, deadline };
        let record = Self::record_cycle(author, id, &mut info, &[Subject::Organisation(agent)], body)?;
        LastCycle::<T>::insert(currency, number);
        Cycles::<T>::insert(id, info);
        CycleWork::<T>::insert(currency, Work::default());
        Ok((id, record))
    }

    /// Does the next step of a currency's cycle: a page of at most `max` obligations, or of [`shares`] of so many.
    pub(crate) fn do_advance_cycle(author: &Author, currency: u32, max: u32) -> Result<Step, DispatchError> {
        ensure!((1..=T::MaxPage::get()).contains(&max), Error::<T>::InvalidPage);
        let cycle = CycleId { currency, number: LastCycle::<T>::get(currency) };
        let mut info = Cycles::<T>::get(cycle).ok_or(Error::<T>::NothingToDo)?;
        let did = match info.phase {
            CyclePhase::Collecting => Self::page(author, cycle, &mut info, max, Self::collect)?,
            CyclePhase::Removing => Self::page(author, cycle, &mut info, max, Self::recompute)?,
            CyclePhase::Funding => Self::fund(author, cycle, &mut info, shares(max))?,
            CyclePhase::Settled => Self::deliver(cycle, &mut info, shares(max))?,
            CyclePhase::Empty => return Err(Error::<T>::NothingToDo.into()),
        };
        Cycles::<T>::insert(cycle, info);
        Ok(Step { cycle, phase: info.phase, did })
    }

    pub(crate) fn record_cycle(
        author: &Author,
        id: CycleId,
        info: &mut CycleInfo,
        subjects: &[Subject],
        body: Body,
    ) -> Result<u64, DispatchError> {
        let appended = T::Journal::append_held(author, (Subject::Cycle(id), &mut info.head), subjects, body)?;
        Ok(appended.index)
    }
}

/// Whether nothing happens in a cycle any more.
pub(crate) const fn is_over(info: &CycleInfo) -> bool {
    match info.phase {
        CyclePhase::Settled => info.moved,
        CyclePhase::Empty => true,
        CyclePhase::Collecting | CyclePhase::Funding | CyclePhase::Removing => false,
    }
}

pub(crate) const fn leaf(obligation: u64, info: &ObligationInfo) -> GrossLeaf {
    GrossLeaf { obligation, debtor: info.debtor, creditor: info.creditor, amount: info.amount }
}

/// Pages.
impl<T: Config> Pallet<T> {
    /// Goes through up to `max` obligations: `step` does the next one, and answers `false` when there is none. At the
    /// end positions are computed.
    fn page(
        author: &Author,
        id: CycleId,
        info: &mut CycleInfo,
        max: u32,
        step: fn(CycleId, &CycleInfo, &mut Work) -> bool,
    ) -> Result<Did, DispatchError> {
        let mut work = CycleWork::<T>::get(id.currency).unwrap_or_default();
        let mut did = Did { kind: Kind::Obligations, handled: 0, record: None };
        while did.handled < max {
            if !step(id, info, &mut work) {
                did.record = Some(Self::compute(author, id, info, work)?);
                return Ok(did);
            }
            did.handled = did.handled.saturating_add(1);
        }
        CycleWork::<T>::insert(id.currency, work);
        Ok(did)
    }

    /// Takes the next obligation that waits. They arose in the order of their numbers, so the first one that is not
    /// before the cut-off is the end.
    fn collect(id: CycleId, info: &CycleInfo, work: &mut Work) -> bool {
        let Some(number) = Self::next_listed(waiting(id.currency), work.next) else { return false };
        let Some(obligation) = Obligations::<T>::get(number) else { return false };
        if obligation.since >= info.cutoff {
            return false;
        }
        work.next = number.saturating_add(1);
        // What there is no room for goes on waiting.
        if obligation.amount <= MAX_NETTED && work.take(&leaf(number, &obligation), T::MaxOrganisations::get()) {
            let taken = ObligationInfo { state: ObligationState::Netting, cycle: id.number, ..obligation };
            Obligations::<T>::insert(number, taken);
            Self::dequeue(id.currency, number);
            Self::list(id, number);
        }
        true
    }

    /// Takes the next obligation of the cycle once more, or gives it back if a defaulter owes it.
    fn recompute(id: CycleId, _: &CycleInfo, work: &mut Work) -> bool {
        let Some(number) = Self::next_listed(id, work.next) else { return false };
        let Some(obligation) = Obligations::<T>::get(number) else { return false };
        work.next = number.saturating_add(1);
        // There is room for all that it had before.
        if work.defaulters.contains(&obligation.debtor) || !work.take(&leaf(number, &obligation), MAX_POSITIONS) {
            Obligations::<T>::insert(number, ObligationInfo { state: ObligationState::Open, cycle: 0, ..obligation });
            Self::unlist(id, number);
            Self::enqueue(id.currency, number);
        }
        true
    }

    /// Computes positions at the end of the pages. A cycle that never had anything is over.
    fn compute(author: &Author, id: CycleId, info: &mut CycleInfo, mut work: Work) -> Result<u64, DispatchError> {
        let positions = work.positions();
        (info.obligations, info.gross, info.root) = work.summary();
        info.net = positions.iter().fold(0, |sum: Amount, position| sum.saturating_add(position.pays));
        work.next = 0;
        work.defaulters.clear();
        if work.has_more() {
            info.phase = CyclePhase::Funding;
            CycleWork::<T>::insert(id.currency, work);
        } else {
            info.phase = CyclePhase::Empty;
            CycleWork::<T>::remove(id.currency);
        }
        Positions::<T>::insert(id, &positions);
        let body = Body::CycleComputed {
            cycle: id,
            obligations: info.obligations,
            gross: info.gross,
            root: info.root,
            positions,
        };
        Self::record_cycle(author, id, info, &[], body)
    }
}
