//! The money of a netting cycle: set aside page by page, then settled in one step.
//!
//! A thousand organisations cannot be paid in one block. So what each debtor pays is put on hold first, a page of
//! organisations at a time. Where all of it is on hold, one write says that the cycle is settled, and nothing can go
//! wrong any more: from then on everybody has what the positions say. Between treasuries it moves afterwards, again in
//! pages, or earlier where its organisation uses its money ([`Pallet::carry_out`]). Nobody can tell the difference,
//! since whoever asks for a balance gets it as if all had moved.
//!
//! A debtor that has not enough is *short*. Until the deadline it is looked at again with every step; from then on it
//! is named, what it owes is removed, and everybody's money is set aside anew for the positions without that. What is on
//! hold already stays on hold meanwhile, so nobody who could pay once can be short of it later.

use crate::{
    netting::{Did, Sums},
    Config, CycleWork, Cycles, Error, Event, HoldReason, LastCycle, Netted, Pallet, Work,
};
use citynet_primitives::{Amount, Author, Body, CycleId, CycleInfo, CyclePhase, OrganisationId, Subject};
use citynet_support::Clock;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{
    ensure,
    traits::{
        fungibles::{Unbalanced, UnbalancedHold},
        tokens::Precision,
    },
};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// What a cycle moves of an organisation's money and has not moved yet. At most one of both is above 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Share {
    /// What it pays: so much is on hold for [`HoldReason::Netting`].
    pub pays: Amount,
    /// What it gets.
    pub gets: Amount,
}

impl From<Sums> for Share {
    fn from(Sums { owes, owed }: Sums) -> Self {
        Self { pays: owes.saturating_sub(owed), gets: owed.saturating_sub(owes) }
    }
}

/// Before it is settled.
impl<T: Config> Pallet<T> {
    /// Sets aside the money of up to `max` organisations, or has up to `max` debtors that were short pay or be named.
    /// Settles the cycle when nobody is short any more.
    pub(crate) fn fund(author: &Author, id: CycleId, info: &mut CycleInfo, max: u32) -> Result<Did, DispatchError> {
        let mut work = CycleWork::<T>::get(id.currency).unwrap_or_default();
        let mut did = if work.has_more() {
            Did::shares(Self::set_aside_page(id, &mut work, max)?)
        } else {
            Self::look_again(author, id, info, &mut work, max)?
        };
        if !work.has_more() && work.short.is_empty() {
            if !work.defaulters.is_empty() {
                info.phase = CyclePhase::Removing;
                work.begin_again();
            } else if info.obligations == 0 {
                // All that was left was to give back what was on hold.
                info.phase = CyclePhase::Empty;
                CycleWork::<T>::remove(id.currency);
                return Ok(did);
            } else {
                did.record = Some(Self::settle(author, id, info, &mut work, max)?);
            }
        }
        Self::keep(id, info, work);
        Ok(did)
    }

    /// Sets aside the money of the organisations that come next, and notes those that are short.
    fn set_aside_page(id: CycleId, work: &mut Work, max: u32) -> Result<u32, DispatchError> {
        let page = work.page(max);
        for (organisation, share) in &page {
            if !Self::set_aside(id.currency, *organisation, *share)? {
                // There are no more of them than organisations.
                let _ = work.short.try_insert(*organisation);
            }
            work.pass(*organisation);
        }
        Ok(count(&page))
    }

    /// Has debtors that were short set their money aside where they have it now. From the deadline on, those that have
    /// not are defaulters.
    fn look_again(
        author: &Author,
        id: CycleId,
        info: &mut CycleInfo,
        work: &mut Work,
        max: u32,
    ) -> Result<Did, DispatchError> {
        let is_over = info.deadline <= T::Clock::now();
        let mut did = Did::late(0);
        for debtor in work.short.clone() {
            if did.handled == max {
                break;
            }
            let share = work.share(debtor);
            if !Self::set_aside(id.currency, debtor, share)? {
                if !is_over {
                    continue;
                }
                did.record = Some(Self::name(author, id, info, debtor, share.pays)?);
                let _ = work.defaulters.try_insert(debtor);
            }
            work.short.remove(&debtor);
            did.handled = did.handled.saturating_add(1);
        }
        ensure!(did.handled > 0, Error::<T>::NotFunded);
        Ok(did)
    }

    /// Says that a debtor has not what it pays.
    fn name(
        author: &Author,
        cycle: CycleId,
        info: &mut CycleInfo,
        debtor: OrganisationId,
        amount: Amount,
    ) -> Result<u64, DispatchError> {
        let body = Body::CycleDefaulted { cycle, debtor, amount };
        let record = Self::record_cycle(author, cycle, info, &[Subject::Organisation(debtor)], body)?;
        Self::deposit_event(Event::CycleDefaulted { cycle, debtor, amount, record });
        Ok(record)
    }

    /// Has exactly what an organisation pays on hold, whatever was before. Does nothing and answers `false` where it has
    /// not so much free.
    fn set_aside(currency: u32, organisation: OrganisationId, share: Share) -> Result<bool, DispatchError> {
        let before = Netted::<T>::get(currency, organisation).unwrap_or_default();
        match share.pays.checked_sub(before.pays) {
            Some(more) if more > Self::free_balance(currency, organisation) => return Ok(false),
            Some(0) => {}
            Some(more) => Self::hold(HoldReason::Netting, currency, organisation, more)?,
            None => {
                let less = before.pays.saturating_sub(share.pays);
                Self::release(HoldReason::Netting, currency, organisation, less)?;
            }
        }
        if share == Share::default() {
            Netted::<T>::remove(currency, organisation);
        } else {
            Netted::<T>::insert(currency, organisation, share);
        }
        Ok(true)
    }
}

/// Settled.
impl<T: Config> Pallet<T> {
    /// Settles a cycle whose money is all on hold. If that is few, it moves at once.
    fn settle(
        author: &Author,
        id: CycleId,
        info: &mut CycleInfo,
        work: &mut Work,
        max: u32,
    ) -> Result<u64, DispatchError> {
        info.phase = CyclePhase::Settled;
        work.next = 0;
        let record = Self::record_cycle(author, id, info, &[], Body::CycleSettled { cycle: id, net: info.net })?;
        if work.sums.len() <= usize::try_from(max).unwrap_or(usize::MAX) {
            Self::move_page(id, info, work, max)?;
        }
        Ok(record)
    }

    /// Moves the money of up to `max` organisations of a settled cycle.
    pub(crate) fn deliver(id: CycleId, info: &mut CycleInfo, max: u32) -> Result<Did, DispatchError> {
        let mut work = CycleWork::<T>::get(id.currency).ok_or(Error::<T>::NothingToDo)?;
        let did = Did::shares(Self::move_page(id, info, &mut work, max)?);
        Self::keep(id, info, work);
        Ok(did)
    }

    fn move_page(id: CycleId, info: &mut CycleInfo, work: &mut Work, max: u32) -> Result<u32, DispatchError> {
        let page = work.page(max);
        for (organisation, _) in &page {
            Self::move_share(id.currency, *organisation)?;
            work.pass(*organisation);
        }
        info.moved = !work.has_more();
        Ok(count(&page))
    }

    /// Keeps how far a cycle is, as long as there is something to do.
    fn keep(id: CycleId, info: &CycleInfo, work: Work) {
        if info.moved {
            CycleWork::<T>::remove(id.currency);
        } else {
            CycleWork::<T>::insert(id.currency, work);
        }
    }

    /// Moves what the last cycle has settled of an organisation's money, if it has not moved yet. Whoever is about to
    /// use free money calls it first.
    pub(crate) fn carry_out(currency: u32, organisation: OrganisationId) -> DispatchResult {
        match Self::settled_share(currency, organisation) {
            Some(_) => Self::move_share(currency, organisation),
            None => Ok(()),
        }
    }

    /// What the last cycle has settled of an organisation's money and has not moved yet.
    pub(crate) fn settled_share(currency: u32, organisation: OrganisationId) -> Option<Share> {
        let share = Netted::<T>::get(currency, organisation)?;
        let cycle = CycleId { currency, number: LastCycle::<T>::get(currency) };
        let is_settled = Cycles::<T>::get(cycle).is_some_and(|info| info.phase == CyclePhase::Settled);
        is_settled.then_some(share)
    }

    /// All debtors together pay what all creditors get, so the issuance stays what it is, though one is debited here and
    /// another credited elsewhere.
    fn move_share(currency: u32, organisation: OrganisationId) -> DispatchResult {
        let Some(Share { pays, gets }) = Netted::<T>::take(currency, organisation) else { return Ok(()) };
        let treasury = Self::treasury(organisation);
        if pays > 0 {
            let reason = T::RuntimeHoldReason::from(HoldReason::Netting);
            T::Holds::decrease_balance_on_hold(currency, &reason, &treasury, pays, Precision::Exact)?;
        }
        if gets > 0 {
            T::Money::increase_balance(currency, &treasury, gets, Precision::Exact)?;
        }
        Ok(())
    }
}

fn count<I>(page: &[I]) -> u32 {
    u32::try_from(page.len()).unwrap_or(u32::MAX)
}
