//! Use and what it costs: statements, disputes, rulings, bills and reversals.
//!
//! A provider states the use of a metered grant since it began: never below what is beyond dispute, never above what
//! its gateway reported. For the window that the terms name, the consumer can dispute a statement. Undisputed, it
//! matures by time alone: nobody writes that down, and whoever reads the account next counts it. Disputed, it waits
//! until the provider states it anew, which opens a whole window again, or the council rules.
//!
//! A bill is the price of all mature use less all that was billed before. So what rounding leaves is carried from bill
//! to bill and never exceeds one unit. What was billed wrongly is not edited: the creditor reverses it by an obligation
//! of its own.
//!
//! The provider is whoever provides the data now. A dataset that changes hands takes with it what was not billed yet.
//! One that comes to its own consumer bills nothing, since nobody owes itself.

use crate::{Accounts, Config, Error, Event, ObligationCount, Obligations, Pallet};
use citynet_primitives::{
    tariff, Amount, Author, Body, Dispute, GrantAccount, GrantId, Hash, Moment, ObligationInfo, ObligationState,
    OpenStatement, Price, Text, Usage,
};
use citynet_support::{Clock, GrantFacts, GrantRegister};
use frame_support::ensure;
use sp_runtime::DispatchError;

/// Statements.
impl<T: Config> Pallet<T> {
    /// What is stated and billed of a grant, if anything is. A statement that has matured by now counts as mature,
    /// whether or not that was written down.
    pub fn account(grant: GrantId) -> Option<GrantAccount> {
        let mut account = Accounts::<T>::try_get(grant).ok()?;
        if let Some(Price::Metered { dispute_window, .. }) = T::Grants::facts(grant).map(|facts| facts.price) {
            mature(&mut account, dispute_window, T::Clock::now());
        }
        Some(account)
    }

    pub(crate) fn do_state_usage(
        author: &Author,
        grant: GrantId,
        usage: Usage,
        root: Hash,
    ) -> Result<u64, DispatchError> {
        let facts = Self::provided(author, grant)?;
        let Price::Metered { dispute_window, .. } = facts.price else {
            return Err(Error::<T>::NotMetered.into());
        };
        ensure!(facts.active_since.is_some(), Error::<T>::NeverActive);
        let now = T::Clock::now();
        let mut account = Accounts::<T>::get(grant);
        mature(&mut account, dispute_window, now);
        ensure!(account.open.is_none(), Error::<T>::StatementOpen);
        check_usage::<T>(&usage, &account, &facts)?;

        let statement = account.statements.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        account.statements = statement;
        account.open = Some(OpenStatement { usage, root, at: now, dispute: None });
        let body = Body::UsageStated { grant, statement, usage, root };
        Self::change_account(author, grant, &facts, &account, body)
    }

    pub(crate) fn do_dispute_usage(
        author: &Author,
        grant: GrantId,
        usage: Usage,
        reason: Text<256>,
    ) -> Result<u64, DispatchError> {
        Self::check_text(&reason)?;
        let facts = T::Grants::facts(grant).ok_or(Error::<T>::UnknownGrant)?;
        ensure!(facts.consumer == author.organisation, Error::<T>::NotConsumer);
        let Price::Metered { dispute_window, .. } = facts.price else {
            return Err(Error::<T>::NoStatement.into());
        };
        let mut account = Accounts::<T>::get(grant);
        let open = account.open.ok_or(Error::<T>::NoStatement)?;
        ensure!(open.dispute.is_none(), Error::<T>::AlreadyDisputed);
        let now = T::Clock::now();
        ensure!(now < end_of_window(&open, dispute_window), Error::<T>::DisputeOver);

        account.open = Some(OpenStatement { dispute: Some(Dispute { usage, at: now }), ..open });
        let body = Body::UsageDisputed { grant, statement: account.statements, usage, reason };
        Self::change_account(author, grant, &facts, &account, body)
    }

    pub(crate) fn do_restate_usage(
        author: &Author,
        grant: GrantId,
        usage: Usage,
        root: Hash,
    ) -> Result<u64, DispatchError> {
        let facts = Self::provided(author, grant)?;
        let mut account = Self::disputed(grant)?;
        check_usage::<T>(&usage, &account, &facts)?;

        account.open = Some(OpenStatement { usage, root, at: T::Clock::now(), dispute: None });
        // It is the same statement, under the same number.
        let body = Body::UsageStated { grant, statement: account.statements, usage, root };
        Self::change_account(author, grant, &facts, &account, body)
    }

    pub(crate) fn do_rule_usage(grant: GrantId, usage: Usage, reason: Text<256>) -> Result<u64, DispatchError> {
        Self::check_text(&reason)?;
        let facts = T::Grants::facts(grant).ok_or(Error::<T>::UnknownGrant)?;
        let mut account = Self::disputed(grant)?;
        check_usage::<T>(&usage, &account, &facts)?;

        account.matured = usage;
        account.open = None;
        let body = Body::UsageRuled { grant, statement: account.statements, usage, reason };
        Self::change_account(&Author::CHAIN, grant, &facts, &account, body)
    }

    /// The account of a grant, given that its last statement is disputed. Such a statement does not mature.
    fn disputed(grant: GrantId) -> Result<GrantAccount, Error<T>> {
        let account = Accounts::<T>::get(grant);
        let open = account.open.ok_or(Error::<T>::NoStatement)?;
        ensure!(open.dispute.is_some(), Error::<T>::NotDisputed);
        Ok(account)
    }

    /// The grant, given that the author acts for its provider.
    fn provided(author: &Author, grant: GrantId) -> Result<GrantFacts, Error<T>> {
        let facts = T::Grants::facts(grant).ok_or(Error::<T>::UnknownGrant)?;
        ensure!(facts.provider == author.organisation, Error::<T>::NotProvider);
        Ok(facts)
    }

    /// Appends a record about a grant's parties, then stores its account. Gives the record's index.
    fn change_account(
        author: &Author,
        grant: GrantId,
        facts: &GrantFacts,
        account: &GrantAccount,
        body: Body,
    ) -> Result<u64, DispatchError> {
        let record = Self::record_of_grant(author, grant, &[facts.provider, facts.consumer], body)?;
        Accounts::<T>::insert(grant, account);
        Ok(record)
    }
}

/// Bills.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_bill(author: &Author, grant: GrantId) -> Result<u64, DispatchError> {
        let facts = T::Grants::facts(grant).ok_or(Error::<T>::UnknownGrant)?;
        let now = T::Clock::now();
        let mut account = Accounts::<T>::get(grant);
        let (currency, price) = match &facts.price {
            Price::Metered { currency, unit, per, tiers, dispute_window } => {
                ensure!(facts.active_since.is_some(), Error::<T>::NeverActive);
                mature(&mut account, *dispute_window, now);
                (*currency, tariff::metered(*unit, *per, tiers, &account.matured))
            }
            Price::PerPeriod { currency, amount, period } => {
                let since = facts.active_since.ok_or(Error::<T>::NeverActive)?;
                let begin = facts.not_before.max(since);
                let end = facts.ended.unwrap_or(now).min(facts.not_after).min(now);
                (*currency, tariff::per_period(*amount, *period, begin, end))
            }
            Price::Free | Price::Contract { .. } | Price::Fixed { .. } => return Err(Error::<T>::NotPriced.into()),
        };
        let price = price.ok_or(Error::<T>::Overflow)?;
        // Neither price ever falls: use that is beyond dispute only grows, and so do the periods that have begun.
        let amount = price.saturating_sub(account.billed);
        ensure!(amount > 0 && facts.provider != facts.consumer, Error::<T>::NothingToBill);

        account.billed = price;
        let record = Self::create_obligation(
            author,
            ObligationInfo {
                state: ObligationState::Open,
                currency,
                debtor: facts.consumer,
                creditor: facts.provider,
                amount,
                grant,
                usage: account.matured,
                reverses: None,
                reversed: 0,
                since: now,
                cycle: 0,
                payment: None,
                declared: None,
            },
            |obligation, info| Body::ObligationCreated { obligation, info },
        )?;
        Accounts::<T>::insert(grant, account);
        Ok(record)
    }

    pub(crate) fn do_reverse(
        author: &Author,
        obligation: u64,
        amount: Amount,
        reason: Text<256>,
    ) -> Result<u64, DispatchError> {
        Self::check_text(&reason)?;
        ensure!(amount > 0, Error::<T>::AmountZero);
        // Read as it is stored: what its cycle settles is not written to it, and must not be by a reversal.
        let mut info = Obligations::<T>::get(obligation).ok_or(Error::<T>::UnknownObligation)?;
        ensure!(info.creditor == author.organisation, Error::<T>::NotCreditor);
        ensure!(info.reverses.is_none(), Error::<T>::ReversalOfReversal);
        let reversed = info.reversed.checked_add(amount).filter(|reversed| *reversed <= info.amount);
        info.reversed = reversed.ok_or(Error::<T>::ReversalTooLarge)?;

        let record = Self::create_obligation(
            author,
            ObligationInfo {
                state: ObligationState::Open,
                debtor: info.creditor,
                creditor: info.debtor,
                amount,
                reverses: Some(obligation),
                reversed: 0,
                since: T::Clock::now(),
                cycle: 0,
                payment: None,
                declared: None,
                ..info
            },
            |obligation, info| Body::ObligationReversed { obligation, info, reason },
        )?;
        Obligations::<T>::insert(obligation, info);
        Ok(record)
    }

    /// Makes an obligation and has it wait for the next netting cycle. Gives the record's index; `body` says what the
    /// record says of the obligation's number and of what is owed.
    pub(crate) fn create_obligation(
        author: &Author,
        info: ObligationInfo,
        body: impl FnOnce(u64, ObligationInfo) -> Body,
    ) -> Result<u64, DispatchError> {
        let obligation = ObligationCount::<T>::get().checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let parties = [info.debtor, info.creditor];
        let record = Self::record_of_grant(author, info.grant, &parties, body(obligation, info))?;
        ObligationCount::<T>::put(obligation);
        Obligations::<T>::insert(obligation, info);
        Self::enqueue(info.currency, obligation);
        Self::deposit_event(Event::ObligationCreated { obligation, record });
        Ok(record)
    }
}

/// The first moment at which a statement cannot be disputed any more.
const fn end_of_window(open: &OpenStatement, window: Moment) -> Moment {
    open.at.saturating_add(window)
}

/// Counts the last statement as beyond dispute, where it is that by `now`.
fn mature(account: &mut GrantAccount, window: Moment, now: Moment) {
    let matured = account.open.filter(|open| open.dispute.is_none() && end_of_window(open, window) <= now);
    if let Some(open) = matured {
        account.matured = open.usage;
        account.open = None;
    }
}

/// Use that is stated or ruled is between what is beyond dispute and what was reported.
fn check_usage<T: Config>(usage: &Usage, account: &GrantAccount, facts: &GrantFacts) -> Result<(), Error<T>> {
    ensure!(usage.is_at_least(&account.matured), Error::<T>::UsageDecreased);
    ensure!(facts.used.is_at_least(usage), Error::<T>::BeyondReported);
    Ok(())
}
