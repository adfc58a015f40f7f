//! Money: currencies, what comes in and goes out by bank, and the prices that are on hold for grants.
//!
//! Every call checks first, then moves money and appends to the journal, which may both still refuse, and what was done
//! until then is undone as a whole. The order of the checks, which decides the error that a call with several faults
//! gets: texts and amounts by themselves, what is named, who acts, its state, references, balances.
//!
//! # The last unit
//!
//! The assets pallet wants the last unit of an account to stay free as long as anything of it is on hold, and takes
//! none into a hold. Here an organisation can put on hold, withdraw and pay all that it has. So where the last free
//! unit goes, the marks of what is on hold are lifted for the moment and set again ([`Pallet::with_marks_lifted`]). An
//! account that only has money on hold is then unknown to the assets pallet until some is free again; its total and the
//! issuance are right all the time.

use crate::{
    funding::Share, tariff, BankReferences, Config, Currencies, CurrencyCount, Error, Escrows, Event, HoldReason,
    Pallet, Supply, WeightInfo, WithdrawalCount, Withdrawals,
};
use alloc::vec::Vec;
use citynet_primitives::{
    Amount, Author, BankReference, Body, CurrencyInfo, GrantId, GrantState, Hash, OrganisationId, Price, Role, Subject,
    Text, Uetr, WithdrawalInfo,
};
use citynet_support::{AccountBytes, GrantFacts, GrantRegister, Journal, Membership, Payments};
use frame_support::{
    ensure,
    pallet_prelude::DispatchError,
    storage::with_storage_layer,
    traits::{
        fungibles::{Create, Inspect, InspectHold, Mutate, MutateHold, Unbalanced, UnbalancedHold},
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::DispatchResult;

/// What a treasury's account is hashed with.
const TREASURY: &[u8] = b"citynet.treasury";
/// The most decimals that a currency can have.
const MAX_EXPONENT: u8 = 18;
/// What every hold of this pallet is for.
const REASONS: [HoldReason; 3] = [HoldReason::Withdrawal, HoldReason::Grant, HoldReason::Netting];
/// The most that there can be of a currency. Half of what fits, so that what a cycle moves can be with its debtors and
/// its creditors at a time.
const MAX_SUPPLY: Amount = Amount::MAX >> 1;

/// What the runtime API answers with.
impl<T: Config> Pallet<T> {
    /// Every currency, by number.
    pub fn currencies() -> Vec<(u32, CurrencyInfo)> {
        (1..=CurrencyCount::<T>::get())
            .filter_map(|currency| Some((currency, Currencies::<T>::get(currency)?)))
            .collect()
    }

    /// What an organisation has: free, and on hold. What a cycle has settled counts as moved.
    pub fn balance(currency: u32, organisation: OrganisationId) -> (Amount, Amount) {
        let held = T::Holds::total_balance_on_hold(currency, &Self::treasury(organisation));
        let free = Self::free_balance(currency, organisation);
        let Share { pays, gets } = Self::settled_share(currency, organisation).unwrap_or_default();
        (free.saturating_add(gets), held.saturating_sub(pays))
    }

    /// A withdrawal that waits for the agent.
    pub fn withdrawal(id: u64) -> Option<WithdrawalInfo> {
        Withdrawals::<T>::get(id)
    }

    /// Every withdrawal of a currency that waits for its agent, by number.
    pub fn withdrawals(currency: u32) -> Vec<(u64, WithdrawalInfo)> {
        let mut withdrawals: Vec<_> =
            Withdrawals::<T>::iter().filter(|(_, withdrawal)| withdrawal.currency == currency).collect();
        withdrawals.sort_unstable_by_key(|(id, _)| *id);
        withdrawals
    }

    /// The price that is on hold for a grant: currency, consumer, amount.
    pub fn escrow(grant: GrantId) -> Option<(u32, OrganisationId, Amount)> {
        Escrows::<T>::get(grant)
    }
}

/// Who acts.
impl<T: Config> Pallet<T> {
    pub(crate) fn ensure_role(origin: OriginFor<T>, role: Role) -> Result<Author, DispatchError> {
        T::Membership::ensure(&ensure_signed(origin)?, role)
    }

    /// The author, given that the account states usage: as an attestor, or else as a treasurer.
    pub(crate) fn ensure_meter(origin: OriginFor<T>) -> Result<Author, DispatchError> {
        let account = ensure_signed(origin)?;
        T::Membership::ensure(&account, Role::Attestor).or_else(|_| T::Membership::ensure(&account, Role::Treasurer))
    }

    /// The author, given that the account is any member's.
    pub(crate) fn ensure_member(origin: OriginFor<T>) -> Result<Author, DispatchError> {
        let account = ensure_signed(origin)?;
        let member = T::Membership::member(&account).ok_or(Error::<T>::NotMember)?;
        Ok(Author { organisation: member.organisation, account: account.account_bytes() })
    }

    /// The currency, given that the author acts for its agent.
    pub(crate) fn administered(author: &Author, currency: u32) -> Result<CurrencyInfo, Error<T>> {
        let info = Currencies::<T>::get(currency).ok_or(Error::<T>::UnknownCurrency)?;
        ensure!(author.organisation == info.agent, Error::<T>::NotAgent);
        Ok(info)
    }
}

/// Treasuries.
impl<T: Config> Pallet<T> {
    /// The account that has an organisation's money. Nobody has its key.
    pub fn treasury(organisation: OrganisationId) -> T::AccountId {
        let number = organisation.0.to_le_bytes();
        T::AccountId::from(sp_io::hashing::sha2_256(&[TREASURY, number.as_slice()].concat()))
    }

    /// What is free of an organisation's money, without what a cycle has settled and not moved.
    pub(crate) fn free_balance(currency: u32, organisation: OrganisationId) -> Amount {
        T::Money::balance(currency, &Self::treasury(organisation))
    }

    /// Moves free money from one organisation to another.
    pub(crate) fn move_money(
        currency: u32,
        from: OrganisationId,
        to: OrganisationId,
        amount: Amount,
    ) -> DispatchResult {
        Self::carry_out(currency, from)?;
        ensure!(amount <= Self::free_balance(currency, from), Error::<T>::FundsUnavailable);
        if from == to {
            return Ok(());
        }
        let (from, to) = (Self::treasury(from), Self::treasury(to));
        Self::with_marks_lifted(currency, &from, amount, || {
            T::Money::transfer(currency, &from, &to, amount, Preservation::Expendable).map(|_| ())
        })
    }

    /// Puts free money of an organisation on hold.
    pub(crate) fn hold(
        reason: HoldReason,
        currency: u32,
        organisation: OrganisationId,
        amount: Amount,
    ) -> DispatchResult {
        Self::carry_out(currency, organisation)?;
        ensure!(amount <= Self::free_balance(currency, organisation), Error::<T>::FundsUnavailable);
        let treasury = Self::treasury(organisation);
        let reason = T::RuntimeHoldReason::from(reason);
        Self::with_marks_lifted(currency, &treasury, amount, || {
            let (exact, expendable, polite) = (Precision::Exact, Preservation::Expendable, Fortitude::Polite);
            T::Holds::decrease_balance(currency, &treasury, amount, exact, expendable, polite).map(|_| ())
        })?;
        T::Holds::increase_balance_on_hold(currency, &reason, &treasury, amount, Precision::Exact)?;
        T::Holds::done_hold(currency, &reason, &treasury, amount);
        Ok(())
    }

    /// Takes money of an organisation off hold.
    pub(crate) fn release(
        reason: HoldReason,
        currency: u32,
        organisation: OrganisationId,
        amount: Amount,
    ) -> DispatchResult {
        let reason = T::RuntimeHoldReason::from(reason);
        T::Holds::release(currency, &reason, &Self::treasury(organisation), amount, Precision::Exact)?;
        Ok(())
    }

    /// Runs `take`, which takes free money of an account. If it takes the last unit, what is on hold is not seen
    /// meanwhile: see the [module](self).
    fn with_marks_lifted(
        currency: u32,
        account: &T::AccountId,
        amount: Amount,
        take: impl FnOnce() -> DispatchResult,
    ) -> DispatchResult {
        let (expendable, polite) = (Preservation::Expendable, Fortitude::Polite);
        if amount <= T::Money::reducible_balance(currency, account, expendable, polite) {
            return take();
        }
        with_storage_layer(|| {
            let marks = REASONS.map(|reason| {
                let reason = T::RuntimeHoldReason::from(reason);
                let amount = T::Holds::balance_on_hold(currency, &reason, account);
                (reason, amount)
            });
            for (reason, amount) in &marks {
                if *amount > 0 {
                    T::Holds::set_balance_on_hold(currency, reason, account, 0)?;
                }
            }
            take()?;
            for (reason, amount) in &marks {
                if *amount > 0 {
                    T::Holds::set_balance_on_hold(currency, reason, account, *amount)?;
                }
            }
            Ok(())
        })
    }

    /// Appends a record about the author's organisation and others.
    pub(crate) fn record(author: &Author, others: &[OrganisationId], body: Body) -> Result<u64, DispatchError> {
        Ok(T::Journal::append(author, &parties(author, others), body)?.index)
    }

    /// The same, also about a grant.
    pub(crate) fn record_of_grant(
        author: &Author,
        grant: GrantId,
        others: &[OrganisationId],
        body: Body,
    ) -> Result<u64, DispatchError> {
        Ok(T::Grants::append(author, grant, &parties(author, others), body)?.index)
    }

    /// Checks a text that must say something.
    pub(crate) fn check_text(text: &[u8]) -> Result<(), Error<T>> {
        ensure!(!text.is_empty() && core::str::from_utf8(text).is_ok(), Error::<T>::InvalidText);
        Ok(())
    }

    /// Notes a payment by bank, which counts once.
    pub(crate) fn use_reference(reference: &BankReference) -> DispatchResult {
        ensure!(is_uuid_4(&reference.uetr), Error::<T>::InvalidReference);
        ensure!(!BankReferences::<T>::contains_key(reference.uetr), Error::<T>::ReferenceUsed);
        BankReferences::<T>::insert(reference.uetr, ());
        Ok(())
    }
}

/// The author's organisation and others, each once.
fn parties(author: &Author, others: &[OrganisationId]) -> Vec<Subject> {
    let mut parties = Vec::from([author.organisation]);
    for other in others {
        if !parties.contains(other) {
            parties.push(*other);
        }
    }
    parties.into_iter().map(Subject::Organisation).collect()
}

/// Whether a UETR has the marks of a UUID of version 4, as ISO 20022 wants it.
fn is_uuid_4(uetr: &Uetr) -> bool {
    let [_, _, _, _, _, _, version, _, variant, ..] = uetr;
    version >> 4 == 4 && variant >> 6 == 2
}

/// Currencies, deposits and withdrawals.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_create_currency(
        symbol: Text<8>,
        exponent: u8,
        agent: OrganisationId,
    ) -> Result<(u32, u64), DispatchError> {
        let is_code = symbol.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        ensure!(symbol.len() >= 3 && is_code, Error::<T>::InvalidSymbol);
        ensure!(exponent <= MAX_EXPONENT, Error::<T>::InvalidExponent);
        ensure!(T::Membership::is_active(agent), Error::<T>::OrganisationInactive);
        let currency = CurrencyCount::<T>::get().checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;

        T::Money::create(currency, Self::treasury(OrganisationId::CONSORTIUM), true, 1)?;
        let info = CurrencyInfo { symbol, exponent, agent };
        let body = Body::CurrencyCreated { currency, info: info.clone() };
        let record = Self::record(&Author::CHAIN, &[agent], body)?;
        Currencies::<T>::insert(currency, info);
        CurrencyCount::<T>::put(currency);
        Ok((currency, record))
    }

    pub(crate) fn do_deposit(
        author: &Author,
        currency: u32,
        organisation: OrganisationId,
        amount: Amount,
        reference: BankReference,
    ) -> Result<u64, DispatchError> {
        ensure!(amount > 0, Error::<T>::AmountZero);
        Self::administered(author, currency)?;
        ensure!(T::Membership::is_active(organisation), Error::<T>::OrganisationInactive);
        Self::use_reference(&reference)?;
        let supply = Supply::<T>::get(currency).checked_add(amount).filter(|supply| *supply <= MAX_SUPPLY);
        let supply = supply.ok_or(Error::<T>::Overflow)?;

        T::Money::mint_into(currency, &Self::treasury(organisation), amount)?;
        Supply::<T>::insert(currency, supply);
        let body = Body::Deposited { currency, organisation, amount, reference };
        Self::record(author, &[organisation], body)
    }

    pub(crate) fn do_request_withdrawal(
        author: &Author,
        currency: u32,
        amount: Amount,
        account: Hash,
    ) -> Result<(u64, u64), DispatchError> {
        ensure!(amount > 0, Error::<T>::AmountZero);
        let CurrencyInfo { agent, .. } = Currencies::<T>::get(currency).ok_or(Error::<T>::UnknownCurrency)?;
        let organisation = author.organisation;
        let withdrawal = WithdrawalCount::<T>::get().checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;

        Self::hold(HoldReason::Withdrawal, currency, organisation, amount)?;
        let info = WithdrawalInfo { currency, organisation, amount, account };
        let record = Self::record(author, &[agent], Body::WithdrawalRequested { withdrawal, info })?;
        Withdrawals::<T>::insert(withdrawal, info);
        WithdrawalCount::<T>::put(withdrawal);
        Ok((withdrawal, record))
    }

    pub(crate) fn do_complete_withdrawal(
        author: &Author,
        withdrawal: u64,
        reference: BankReference,
    ) -> Result<u64, DispatchError> {
        let WithdrawalInfo { currency, organisation, amount, .. } = Self::take_withdrawal(author, withdrawal)?;
        Self::use_reference(&reference)?;
        let supply = Supply::<T>::get(currency).checked_sub(amount).ok_or(Error::<T>::Overflow)?;

        let (reason, treasury) = (T::RuntimeHoldReason::from(HoldReason::Withdrawal), Self::treasury(organisation));
        T::Holds::burn_held(currency, &reason, &treasury, amount, Precision::Exact, Fortitude::Polite)?;
        Supply::<T>::insert(currency, supply);
        Self::record(author, &[organisation], Body::WithdrawalPaid { withdrawal, reference })
    }

    pub(crate) fn do_return_withdrawal(
        author: &Author,
        withdrawal: u64,
        reason: Text<256>,
    ) -> Result<u64, DispatchError> {
        Self::check_text(&reason)?;
        let WithdrawalInfo { currency, organisation, amount, .. } = Self::take_withdrawal(author, withdrawal)?;
        Self::release(HoldReason::Withdrawal, currency, organisation, amount)?;
        Self::record(author, &[organisation], Body::WithdrawalReturned { withdrawal, reason })
    }

    /// The withdrawal, given that the author acts for the currency's agent. It waits no longer.
    fn take_withdrawal(author: &Author, withdrawal: u64) -> Result<WithdrawalInfo, Error<T>> {
        let info = Withdrawals::<T>::get(withdrawal).ok_or(Error::<T>::UnknownWithdrawal)?;
        Self::administered(author, info.currency)?;
        Withdrawals::<T>::remove(withdrawal);
        Ok(info)
    }
}

/// Prices that are paid when a grant begins.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_hold_price(author: &Author, grant: GrantId) -> Result<u64, DispatchError> {
        let price = Self::fixed_price(author, grant)?;
        ensure!(!Escrows::<T>::contains_key(grant), Error::<T>::AlreadyHeld);
        Self::put_in_escrow(author, grant, price)
    }

    /// Puts the price of a grant on hold, if it is not. Gives the record's index if there is one.
    pub(crate) fn ensure_price_held(author: &Author, grant: GrantId) -> Result<Option<u64>, DispatchError> {
        let price = Self::fixed_price(author, grant)?;
        match Escrows::<T>::get(grant) {
            None => Self::put_in_escrow(author, grant, price).map(Some),
            // The consumer may have put it on hold earlier, for the price of that time.
            Some((currency, _, amount)) => {
                ensure!((currency, amount) == (price.currency, price.amount), Error::<T>::AlreadyHeld);
                Ok(None)
            }
        }
    }

    pub(crate) fn do_release_price(author: &Author, grant: GrantId) -> Result<u64, DispatchError> {
        let (currency, consumer, amount) = Escrows::<T>::get(grant).ok_or(Error::<T>::NotHeld)?;
        ensure!(author.organisation == consumer, Error::<T>::NotConsumer);
        Self::release(HoldReason::Grant, currency, consumer, amount)?;
        Escrows::<T>::remove(grant);
        let provider = T::Grants::facts(grant).map(|facts| facts.provider);
        Self::record_of_grant(author, grant, provider.as_slice(), Body::PriceReleased { grant })
    }

    fn put_in_escrow(author: &Author, grant: GrantId, price: FixedPrice) -> Result<u64, DispatchError> {
        let FixedPrice { currency, amount, provider } = price;
        Self::hold(HoldReason::Grant, currency, author.organisation, amount)?;
        Escrows::<T>::insert(grant, (currency, author.organisation, amount));
        Self::record_of_grant(author, grant, &[provider], Body::PriceHeld { grant, currency, amount })
    }

    /// The fixed price of a grant under negotiation, given that the author acts for its consumer.
    fn fixed_price(author: &Author, grant: GrantId) -> Result<FixedPrice, Error<T>> {
        let GrantFacts { state, provider, consumer, price, .. } =
            T::Grants::facts(grant).ok_or(Error::<T>::UnknownGrant)?;
        ensure!(author.organisation == consumer, Error::<T>::NotConsumer);
        let is_negotiated = match state {
            GrantState::Requested
            | GrantState::Offered
            | GrantState::Accepted
            | GrantState::Agreed
            | GrantState::Verified => true,
            GrantState::Active
            | GrantState::Suspended
            | GrantState::Terminated
            | GrantState::Revoked
            | GrantState::Completed => false,
        };
        ensure!(is_negotiated, Error::<T>::NotNegotiated);
        let Price::Fixed { currency, amount } = price else { return Err(Error::<T>::NotFixed) };
        ensure!(Currencies::<T>::contains_key(currency), Error::<T>::UnknownCurrency);
        Ok(FixedPrice { currency, amount, provider })
    }
}

/// What becoming active costs.
struct FixedPrice {
    currency: u32,
    amount: Amount,
    provider: OrganisationId,
}

impl<T: Config> Payments for Pallet<T> {
    fn check_price(price: &Price) -> DispatchResult {
        tariff::check(price).map_err(Error::<T>::from)?;
        match price {
            Price::Free | Price::Contract { .. } => Ok(()),
            Price::Fixed { currency, .. } | Price::PerPeriod { currency, .. } | Price::Metered { currency, .. } => {
                ensure!(Currencies::<T>::contains_key(currency), Error::<T>::UnknownCurrency);
                Ok(())
            }
        }
    }

    fn capture(author: &Author, grant: GrantId, price: &Price, creditor: OrganisationId) -> DispatchResult {
        let Price::Fixed { currency, amount } = price else { return Ok(()) };
        let (currency, amount) = (*currency, *amount);
        let (held_currency, consumer, held_amount) = Escrows::<T>::get(grant).ok_or(Error::<T>::NotHeld)?;
        ensure!((held_currency, held_amount) == (currency, amount), Error::<T>::NotHeld);

        Self::release(HoldReason::Grant, currency, consumer, amount)?;
        Self::move_money(currency, consumer, creditor, amount)?;
        Escrows::<T>::remove(grant);
        let body = Body::PricePaid { grant, currency, amount, creditor };
        let record = Self::record_of_grant(author, grant, &[consumer, creditor], body)?;
        Self::deposit_event(Event::PricePaid { grant, record });
        Ok(())
    }

    fn capture_weight() -> Weight {
        T::WeightInfo::capture_price()
    }
}
