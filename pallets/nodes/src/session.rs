//! Which validators make the next set, and when pallet-session is told.
//!
//! # Who is elected
//!
//! The registered validators of active organisations, in the order in which they were registered. No organisation with
//! more than one has a third of all or more, or it could stop finality alone: from the largest organisations the newest
//! are left out until that holds. An organisation's only validator is always in, also where there are three or fewer.
//!
//! # When keys change
//!
//! Found in pallet-session 50.0.0, `rotate_session`, at the start of session *n*:
//!
//! * The sets are told with `new_session(n + 1)`. On `Some`, those validators are queued for session *n + 1*, and the
//!   queue counts as changed whoever they are. On `None`, the validators of session *n* are queued once more.
//! * **In both cases the queue takes the keys anew from `NextKeys`**, where `set_keys` put them. On `None` it compares
//!   them with the keys of session *n* and counts as changed when any differ.
//! * One session later, when a queue that counts as changed comes up, disabled validators are enabled, Aura takes the
//!   new authorities at once, and GRANDPA schedules the change for the end of that block and adds 1 to its set id.
//!
//! So a rotation of keys takes effect although `new_session` answers `None`, and GRANDPA is told: keys that were set
//! during session *n − 1* are queued at the start of session *n* and sign from the start of session *n + 1*. Until then
//! the old ones sign, so that a node which holds both misses no slot.
//!
//! One thing is not right on `None`: `NoteHistoricalRoot` then notes for session *n + 1* the same root of keys and
//! owners as for *n*, with the old keys. When session *n + 1* is over, nobody could prove any more whose the new key
//! was, and an equivocation under it would go unpunished. Hence [`TellAnew`]: when an elected validator's keys changed,
//! `new_session` answers `Some` with the same validators. That costs nothing, since a new GRANDPA set begins anyway.
//!
//! When nothing changed at all, the answer is `None`, and the set id stays what it is.
//!
//! # When a validator is suspended
//!
//! It is disabled at once by pallet-session, but whenever a changed queue comes up all are enabled, and that may be in
//! the next session, when it is still in the set. So `start_session` reports those that are suspended once more. One
//! that was voted back before it was left out would stay disabled in a set that never changes; this too is a case for
//! [`TellAnew`].

use crate::{pallet::*, Validator};
use alloc::{collections::BTreeMap, vec::Vec};
use citynet_primitives::{OrganisationId, ValidatorStatus};
use citynet_support::Membership;
use frame_support::BoundedVec;
use pallet_session::SessionInterface;
use sp_staking::{offence::OffenceSeverity, SessionIndex};

impl<T: Config> Pallet<T> {
    /// The accounts that make the next set, as things stand now.
    pub fn elected() -> Vec<T::AccountId> {
        Self::elect(&Validators::<T>::get())
    }

    /// Those of `validators` that would make the next set if there were no others.
    pub(crate) fn elect(validators: &[Validator<T::AccountId>]) -> Vec<T::AccountId> {
        let mut active = BTreeMap::new();
        let eligible: Vec<_> = validators
            .iter()
            .filter(|validator| validator.status == ValidatorStatus::Registered)
            .filter(|Validator { organisation, .. }| {
                *active.entry(*organisation).or_insert_with(|| T::Membership::is_active(*organisation))
            })
            .collect();

        let cap = fair_cap(eligible.iter().map(|validator| validator.organisation));
        let mut taken = BTreeMap::<OrganisationId, usize>::new();
        eligible
            .into_iter()
            .filter(|validator| {
                let own = taken.entry(validator.organisation).or_default();
                *own = own.saturating_add(1);
                *own <= cap
            })
            .map(|validator| validator.account.clone())
            .collect()
    }

    /// Makes sure that pallet-session hears of a change in one of the validators that it was told of last.
    pub(crate) fn tell_anew_of(account: &T::AccountId) {
        if SessionValidators::<T>::get().contains(account) {
            TellAnew::<T>::put(true);
        }
    }
}

/// How many validators an organisation can have at most, so that none with more than one has a third of all. The same
/// as taking the newest from one organisation after the other that has too many, in whatever order: who has too many
/// still has when others lose some.
fn fair_cap(organisations: impl Iterator<Item = OrganisationId>) -> usize {
    let mut counts = BTreeMap::<OrganisationId, usize>::new();
    for organisation in organisations {
        let own = counts.entry(organisation).or_default();
        *own = own.saturating_add(1);
    }
    let most = counts.values().copied().max().unwrap_or_default();
    let is_fair = |cap: &usize| {
        let all = counts.values().fold(0_usize, |all, own| all.saturating_add(*own.min(cap)));
        cap.saturating_mul(3) < all
    };
    (2..=most).rev().find(is_fair).unwrap_or(1)
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
    /// The elected, if they or their keys are others than last time. Never none: then the validators stay that there
    /// are.
    fn new_session(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        let elected = Self::elected();
        if elected.is_empty() {
            return None;
        }
        let anew = TellAnew::<T>::take();
        if !anew && elected == SessionValidators::<T>::get().into_inner() {
            return None;
        }
        // At most as many as there are validators, so nothing is cut off.
        SessionValidators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(elected.clone()));
        Some(elected)
    }

    /// The validators of the genesis configuration. `None` when it has none or was not read yet, upon which
    /// pallet-session takes the accounts of its own.
    fn new_session_genesis(_: SessionIndex) -> Option<Vec<T::AccountId>> {
        Some(Self::elected()).filter(|elected| !elected.is_empty())
    }

    /// Disables those that are suspended and in the set still.
    fn start_session(_: SessionIndex) {
        let mut suspended = Validators::<T>::get().into_inner();
        suspended.retain(|validator| validator.status == ValidatorStatus::Suspended);
        if suspended.is_empty() {
            return;
        }
        let current = T::Session::validators();
        for Validator { account, .. } in suspended {
            if current.contains(&account) {
                T::Session::report_offence(account, OffenceSeverity::max_severity());
            }
        }
    }

    fn end_session(_: SessionIndex) {}
}
