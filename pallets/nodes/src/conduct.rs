//! Which slots validators skip, and who is silent.
//!
//! Aura gives slot *s* to the validator with index *s mod n*. At the start of a block, every slot between its own and
//! that of the block before is one that somebody skipped, and with fewer than *n* such slots each is somebody else's. A
//! gap of *n* slots and more is another matter: nobody authored, because the nodes or the network stood still. It
//! counts as skipped, but it neither lengthens nor ends a streak.
//!
//! A validator that is suspended may not author. Its slots are counted, its silence is no news. One that has withdrawn,
//! or whose organisation is gone, still owns slots until the next set but; they are nobody's any more.
//!
//! # Bound
//!
//! However long the gap, a block touches each validator at most once. Every one but the author can turn silent in the
//! same block, when one alone has authored for long: that many records are the worst case that is measured.

use crate::{pallet::*, validators::count, Conduct, Validator};
use citynet_primitives::{Author, Body, Subject, ValidatorStatus};
use citynet_support::{AccountBytes, Journal};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
    /// Counts the slots since the block before, given that `validators` own them, and notes that the owner of `slot`
    /// authored. Returns how many owners of skipped slots it looked at.
    pub(crate) fn note_slot(slot: u64, validators: &[T::AccountId]) -> u32 {
        let last = LastSlot::<T>::mutate(|last| last.replace(slot));
        let counted = match last {
            Some(last) => {
                let first = last.saturating_add(1);
                Self::note_skipped(first, slot.saturating_sub(first), validators)
            }
            // The chain begins with this slot, whichever it is.
            None => 0,
        };
        if let Some(author) = owner(slot, validators) {
            Self::note_author(author);
        }
        counted
    }

    /// Counts `skipped` slots from `first` on.
    fn note_skipped(first: u64, skipped: u64, validators: &[T::AccountId]) -> u32 {
        let owners = u64::from(count(validators.len()));
        let (Some(rounds), Some(rest)) = (skipped.checked_div(owners), skipped.checked_rem(owners)) else {
            return 0;
        };
        if skipped == 0 {
            return 0;
        }
        let stood_still = rounds > 0;
        let silent_after = T::Parameters::get().silent_after;
        let registered = Validators::<T>::get();

        let touched = skipped.min(owners);
        for turn in 0..touched {
            let Some(account) = owner(first.saturating_add(turn), validators) else { continue };
            let Some(validator) = registered.iter().find(|validator| validator.account == *account) else { continue };
            let mut conduct = Conducts::<T>::get(account);
            conduct.skipped = conduct.skipped.saturating_add(rounds).saturating_add(u64::from(turn < rest));
            if !stood_still && validator.status == ValidatorStatus::Registered {
                conduct.streak = conduct.streak.saturating_add(1);
                if conduct.streak >= silent_after && !conduct.silent {
                    conduct.silent = Self::tell_silence(validator, conduct.skipped);
                }
            }
            Conducts::<T>::insert(account, conduct);
        }
        u32::try_from(touched).unwrap_or(u32::MAX)
    }

    /// Writes into the journal that a validator is silent. If it takes no more records in this block, that is said
    /// after the validator's next turn.
    fn tell_silence(validator: &Validator<T::AccountId>, skipped: u64) -> bool {
        let Validator { organisation, account, .. } = validator;
        let (organisation, account) = (*organisation, account.clone());
        let body = Body::ValidatorSilent { organisation, account: account.account_bytes(), skipped };
        let Ok(appended) = T::Journal::append(&Author::CHAIN, &[Subject::Organisation(organisation)], body) else {
            return false;
        };
        Self::deposit_event(Event::ValidatorSilent { organisation, account, skipped, record: appended.index });
        true
    }

    fn note_author(author: &T::AccountId) {
        let conduct = Conducts::<T>::get(author);
        if conduct.streak > 0 || conduct.silent {
            Conducts::<T>::insert(author, Conduct { streak: 0, silent: false, ..conduct });
        }
    }
}

/// Whose a slot is.
fn owner<A>(slot: u64, validators: &[A]) -> Option<&A> {
    let index = slot.checked_rem(u64::from(count(validators.len())))?;
    validators.get(usize::try_from(index).ok()?)
}
