//! Gross payment: one obligation at a time, on the ledger or by bank.
//!
//! On the ledger the debtor's treasury pays the creditor's, and the obligation is settled with that. A payment by bank
//! the chain does not see: the debtor declares it, and the creditor confirms or denies it. A creditor that says nothing
//! has its window alone; after it, the debtor may take the declaration back, for as long as the creditor still says
//! nothing. Whatever becomes of it, a payment by bank is named once.

use crate::{Config, Error, Obligations, Pallet};
use citynet_primitives::{Author, BankReference, Body, ObligationInfo, ObligationState, Text};
use citynet_support::Clock;
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_pay(author: &Author, obligation: u64) -> Result<u64, DispatchError> {
        let mut info = Self::owed(author, obligation)?;
        ensure!(info.state == ObligationState::Open, Error::<T>::NotOpen);
        Self::move_money(info.currency, info.debtor, info.creditor, info.amount)?;
        info.state = ObligationState::Settled;
        Self::dequeue(info.currency, obligation);
        Self::change_obligation(author, obligation, &info, Body::ObligationPaid { obligation })
    }

    pub(crate) fn do_declare_payment(
        author: &Author,
        obligation: u64,
        reference: BankReference,
    ) -> Result<u64, DispatchError> {
        let mut info = Self::owed(author, obligation)?;
        ensure!(info.state == ObligationState::Open, Error::<T>::NotOpen);
        Self::use_reference(&reference)?;
        info.state = ObligationState::Declared;
        info.payment = Some(reference);
        info.declared = Some(T::Clock::now());
        Self::dequeue(info.currency, obligation);
        Self::change_obligation(author, obligation, &info, Body::PaymentDeclared { obligation, reference })
    }

    pub(crate) fn do_confirm_payment(author: &Author, obligation: u64) -> Result<u64, DispatchError> {
        let mut info = Self::claimed(author, obligation)?;
        ensure!(info.state == ObligationState::Declared, Error::<T>::NotDeclared);
        info.state = ObligationState::Booked;
        let body = Body::PaymentAnswered { obligation, confirmed: true, reason: Text::default() };
        Self::change_obligation(author, obligation, &info, body)
    }

    pub(crate) fn do_deny_payment(author: &Author, obligation: u64, reason: Text<256>) -> Result<u64, DispatchError> {
        Self::check_text(&reason)?;
        let info = Self::claimed(author, obligation)?;
        ensure!(info.state == ObligationState::Declared, Error::<T>::NotDeclared);
        let body = Body::PaymentAnswered { obligation, confirmed: false, reason };
        Self::reopen(author, obligation, info, body)
    }

    pub(crate) fn do_withdraw_declaration(author: &Author, obligation: u64) -> Result<u64, DispatchError> {
        let info = Self::owed(author, obligation)?;
        ensure!(info.state == ObligationState::Declared, Error::<T>::NotDeclared);
        let declared = info.declared.ok_or(Error::<T>::NotDeclared)?;
        let end = declared.saturating_add(T::ConfirmationWindow::get());
        ensure!(T::Clock::now() >= end, Error::<T>::ConfirmationPending);
        Self::reopen(author, obligation, info, Body::DeclarationWithdrawn { obligation })
    }

    /// Makes an obligation open again whose declared payment did not arrive. It keeps the time when it arose.
    fn reopen(author: &Author, obligation: u64, mut info: ObligationInfo, body: Body) -> Result<u64, DispatchError> {
        info.state = ObligationState::Open;
        info.payment = None;
        info.declared = None;
        Self::enqueue(info.currency, obligation);
        Self::change_obligation(author, obligation, &info, body)
    }

    /// Appends a record about an obligation's parties, then stores the obligation. Gives the record's index.
    fn change_obligation(
        author: &Author,
        obligation: u64,
        info: &ObligationInfo,
        body: Body,
    ) -> Result<u64, DispatchError> {
        let record = Self::record_of_grant(author, info.grant, &[info.debtor, info.creditor], body)?;
        Obligations::<T>::insert(obligation, info);
        Ok(record)
    }

    /// The obligation as it is, given that the author acts for its debtor.
    fn owed(author: &Author, obligation: u64) -> Result<ObligationInfo, Error<T>> {
        let info = Self::obligation(obligation).ok_or(Error::<T>::UnknownObligation)?;
        ensure!(info.debtor == author.organisation, Error::<T>::NotDebtor);
        Ok(info)
    }

    /// The obligation as it is, given that the author acts for its creditor.
    fn claimed(author: &Author, obligation: u64) -> Result<ObligationInfo, Error<T>> {
        let info = Self::obligation(obligation).ok_or(Error::<T>::UnknownObligation)?;
        ensure!(info.creditor == author.organisation, Error::<T>::NotCreditor);
        Ok(info)
    }
}
