//! What happens to a validator that equivocates.
//!
//! The runtime processes a report within [`Pallet::with_evidence`], and its `OnOffenceHandler` calls
//! [`Pallet::note_equivocation`], which pallet-offences does not tell which evidence it is about. Disabling the
//! validator at once is for the handler too, by `Session::report_offence`.

use crate::pallet::*;
use citynet_primitives::{Author, Body, Hash, Subject, ValidatorStatus};
use citynet_support::{AccountBytes, Journal};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// Processes the evidence of an equivocation whose SHA-256 is `evidence`.
    ///
    /// # Errors
    ///
    /// Those of `process`, and `NotRecorded` when the journal took no record of a validator's suspension. The caller
    /// must then take everything back, as a transaction does, so that the evidence can be reported again.
    pub fn with_evidence(evidence: Hash, process: impl FnOnce() -> DispatchResult) -> DispatchResult {
        Evidence::<T>::put(evidence);
        let outcome = process();
        let recorded = Evidence::<T>::take().is_some();
        outcome?;
        ensure!(recorded, Error::<T>::NotRecorded);
        Ok(())
    }

    /// Suspends a validator that equivocated in `session`: it is in no set that is decided from now on, until the
    /// council votes it back. Nothing happens when it is suspended already or no validator any more.
    ///
    /// Event: `ValidatorSuspended`.
    pub fn note_equivocation(account: &T::AccountId, session: u32) {
        let mut validators = Validators::<T>::get();
        let found = validators.iter_mut().find(|validator| validator.account == *account);
        let Some(validator) = found.filter(|validator| validator.status == ValidatorStatus::Registered) else { return };
        validator.status = ValidatorStatus::Suspended;
        let organisation = validator.organisation;

        let evidence = Evidence::<T>::get().unwrap_or_default();
        let body = Body::ValidatorSuspended { organisation, account: account.account_bytes(), session, evidence };
        let Ok(appended) = T::Journal::append(&Author::CHAIN, &[Subject::Organisation(organisation)], body) else {
            // By this `with_evidence` knows that nothing was recorded.
            Evidence::<T>::kill();
            return;
        };
        Validators::<T>::put(validators);
        let (account, record) = (account.clone(), appended.index);
        Self::deposit_event(Event::ValidatorSuspended { organisation, account, session, evidence, record });
    }
}
