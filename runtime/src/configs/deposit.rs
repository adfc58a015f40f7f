//! The currency of a chain that has none.

use crate::{AccountId, RuntimeHoldReason};
use frame_support::traits::{
    fungible::{hold, Dust, Imbalance, Inspect, Mutate, Unbalanced},
    tokens::{BalanceStatus, DepositConsequence, Fortitude, Preservation, Provenance, WithdrawConsequence},
    Currency, ExistenceRequirement, ReservableCurrency, SignedImbalance, WithdrawReasons,
};
use sp_runtime::{DispatchError, DispatchResult, TokenError};

/// pallet-session takes a deposit for session keys, pallet-safe-mode one from who enters it and pallet-assets one for
/// an asset's storage, and so they ask for a currency. Here deposits are zero or not taken at all, and this currency
/// has no units: every balance is zero, moving nothing succeeds, moving anything fails.
pub struct NoDeposit;

/// What is left over when nothing moves. The SDK has `()` for it only with `std`.
type Nothing = Imbalance<u32, (), ()>;

/// Succeeds for an amount of zero.
fn nothing(amount: u32) -> DispatchResult {
    if amount == 0 {
        Ok(())
    } else {
        Err(TokenError::FundsUnavailable.into())
    }
}

impl Inspect<AccountId> for NoDeposit {
    type Balance = u32;

    fn total_issuance() -> u32 {
        0
    }

    fn minimum_balance() -> u32 {
        0
    }

    fn total_balance(_: &AccountId) -> u32 {
        0
    }

    fn balance(_: &AccountId) -> u32 {
        0
    }

    fn reducible_balance(_: &AccountId, _: Preservation, _: Fortitude) -> u32 {
        0
    }

    fn can_deposit(_: &AccountId, amount: u32, _: Provenance) -> DepositConsequence {
        nothing(amount).map_or(DepositConsequence::UnknownAsset, |()| DepositConsequence::Success)
    }

    fn can_withdraw(_: &AccountId, amount: u32) -> WithdrawConsequence<u32> {
        nothing(amount).map_or(WithdrawConsequence::UnknownAsset, |()| WithdrawConsequence::Success)
    }
}

impl Unbalanced<AccountId> for NoDeposit {
    fn handle_dust(_: Dust<AccountId, Self>) {}

    fn write_balance(_: &AccountId, amount: u32) -> Result<Option<u32>, DispatchError> {
        nothing(amount).map(|()| None)
    }

    fn set_total_issuance(_: u32) {}
}

impl Mutate<AccountId> for NoDeposit {}

impl hold::Inspect<AccountId> for NoDeposit {
    type Reason = RuntimeHoldReason;

    fn total_balance_on_hold(_: &AccountId) -> u32 {
        0
    }

    fn balance_on_hold(_: &RuntimeHoldReason, _: &AccountId) -> u32 {
        0
    }
}

impl hold::Unbalanced<AccountId> for NoDeposit {
    fn set_balance_on_hold(_: &RuntimeHoldReason, _: &AccountId, amount: u32) -> DispatchResult {
        nothing(amount)
    }
}

impl hold::Mutate<AccountId> for NoDeposit {}

/// The same in the older form, which pallet-assets asks for.
impl Currency<AccountId> for NoDeposit {
    type Balance = u32;
    type PositiveImbalance = Nothing;
    type NegativeImbalance = Nothing;

    fn total_balance(_: &AccountId) -> u32 {
        0
    }

    fn can_slash(_: &AccountId, amount: u32) -> bool {
        amount == 0
    }

    fn total_issuance() -> u32 {
        0
    }

    fn minimum_balance() -> u32 {
        0
    }

    fn burn(_: u32) -> Nothing {
        Nothing::default()
    }

    fn issue(_: u32) -> Nothing {
        Nothing::default()
    }

    fn free_balance(_: &AccountId) -> u32 {
        0
    }

    fn ensure_can_withdraw(_: &AccountId, amount: u32, _: WithdrawReasons, _: u32) -> DispatchResult {
        nothing(amount)
    }

    fn transfer(_: &AccountId, _: &AccountId, amount: u32, _: ExistenceRequirement) -> DispatchResult {
        nothing(amount)
    }

    fn slash(_: &AccountId, amount: u32) -> (Nothing, u32) {
        (Nothing::default(), amount)
    }

    fn deposit_into_existing(_: &AccountId, amount: u32) -> Result<Nothing, DispatchError> {
        nothing(amount).map(|()| Nothing::default())
    }

    fn deposit_creating(_: &AccountId, _: u32) -> Nothing {
        Nothing::default()
    }

    fn withdraw(
        _: &AccountId,
        amount: u32,
        _: WithdrawReasons,
        _: ExistenceRequirement,
    ) -> Result<Nothing, DispatchError> {
        nothing(amount).map(|()| Nothing::default())
    }

    fn make_free_balance_be(_: &AccountId, _: u32) -> SignedImbalance<u32, Nothing> {
        SignedImbalance::Positive(Nothing::default())
    }
}

impl ReservableCurrency<AccountId> for NoDeposit {
    fn can_reserve(_: &AccountId, amount: u32) -> bool {
        amount == 0
    }

    fn slash_reserved(_: &AccountId, amount: u32) -> (Nothing, u32) {
        (Nothing::default(), amount)
    }

    fn reserved_balance(_: &AccountId) -> u32 {
        0
    }

    fn reserve(_: &AccountId, amount: u32) -> DispatchResult {
        nothing(amount)
    }

    fn unreserve(_: &AccountId, amount: u32) -> u32 {
        amount
    }

    fn repatriate_reserved(_: &AccountId, _: &AccountId, amount: u32, _: BalanceStatus) -> Result<u32, DispatchError> {
        Ok(amount)
    }
}
