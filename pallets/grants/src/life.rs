//! What becomes of a grant once it is active: on hold and back, and its end.
//!
//! The order of the checks, which decides the error that a call with several faults gets: the note, the grant, the
//! party, the consent, the state, the time. A grant whose time is over has ended by itself: nothing can be said about
//! it any more, except that another one takes its place.

use crate::{Config, Error, Event, Grants, Pallet};
use citynet_primitives::{Author, Body, GrantId, GrantInfo, GrantState, ReasonCode, Text};
use citynet_support::Clock;
use frame_support::ensure;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_suspend(author: &Author, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
        check_note::<T>(&note)?;
        let mut info = Self::provided(author, grant)?;
        ensure!(info.state == GrantState::Active, Error::<T>::IllegalTransition);
        Self::ensure_in_time(&info)?;
        Self::change_state(author, grant, &mut info, GrantState::Suspended, reason, note)
    }

    pub(crate) fn do_resume(author: &Author, grant: GrantId, note: Text<256>) -> DispatchResult {
        check_optional_note::<T>(&note)?;
        let mut info = Self::provided(author, grant)?;
        ensure!(info.state == GrantState::Suspended, Error::<T>::IllegalTransition);
        Self::ensure_in_time(&info)?;
        Self::change_state(author, grant, &mut info, GrantState::Active, ReasonCode::Resolved, note)
    }

    pub(crate) fn do_revoke(author: &Author, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
        check_note::<T>(&note)?;
        let info = Self::provided(author, grant)?;
        Self::end(author, grant, info, GrantState::Revoked, reason, note)
    }

    pub(crate) fn do_renounce(author: &Author, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
        check_note::<T>(&note)?;
        let info = Self::consumed(author, grant)?;
        Self::end(author, grant, info, GrantState::Completed, reason, note)
    }

    pub(crate) fn do_withdraw_consent(author: &Author, grant: GrantId, note: Text<256>) -> DispatchResult {
        check_optional_note::<T>(&note)?;
        let info = Grants::<T>::get(grant).ok_or(Error::<T>::NotFound)?;
        ensure!(info.terms.controller == author.organisation, Error::<T>::NotController);
        ensure!(info.terms.consent.is_some(), Error::<T>::NoConsent);
        Self::end(author, grant, info, GrantState::Revoked, ReasonCode::ConsentWithdrawn, note)
    }

    /// Ends an active or suspended grant. Those that stand on it are not touched: whoever asks about one of them walks
    /// up and finds this one ended.
    fn end(
        author: &Author,
        grant: GrantId,
        mut info: GrantInfo,
        state: GrantState,
        reason: ReasonCode,
        note: Text<256>,
    ) -> DispatchResult {
        ensure!(is_alive(&info), Error::<T>::IllegalTransition);
        Self::ensure_in_time(&info)?;
        info.ended = Some(T::Clock::now());
        Self::change_state(author, grant, &mut info, state, reason, note)?;
        Self::unlist(grant, &info);
        Ok(())
    }

    /// Gives a grant its next state and says so.
    pub(crate) fn change_state(
        author: &Author,
        grant: GrantId,
        info: &mut GrantInfo,
        state: GrantState,
        reason: ReasonCode,
        note: Text<256>,
    ) -> DispatchResult {
        info.state = state;
        let record = Self::record(author, grant, info, Body::GrantStateChanged { grant, state, reason, note })?;
        Self::deposit_event(Event::GrantStateChanged { grant, state, reason, record });
        Ok(())
    }

    fn ensure_in_time(info: &GrantInfo) -> Result<(), DispatchError> {
        ensure!(T::Clock::now() < info.terms.not_after, Error::<T>::Expired);
        Ok(())
    }
}

/// Whether the grant is active or suspended.
pub(crate) fn is_alive(info: &GrantInfo) -> bool {
    matches!(info.state, GrantState::Active | GrantState::Suspended)
}

/// Checks a note that must say something.
fn check_note<T: Config>(note: &[u8]) -> Result<(), Error<T>> {
    ensure!(!note.is_empty(), Error::<T>::InvalidText);
    check_optional_note(note)
}

/// Checks a note that may be empty.
pub(crate) fn check_optional_note<T: Config>(note: &[u8]) -> Result<(), Error<T>> {
    ensure!(core::str::from_utf8(note).is_ok(), Error::<T>::InvalidText);
    Ok(())
}
