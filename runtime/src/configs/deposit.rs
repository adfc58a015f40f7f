//! The currency of a chain that has none.

use crate::{AccountId, RuntimeHoldReason};
use frame_support::traits::{
    fungible::{hold, Dust, Inspect, Mutate, Unbalanced},
    tokens::{DepositConsequence, Fortitude, Preservation, Provenance, WithdrawConsequence},
};
use sp_runtime::{DispatchError, DispatchResult, TokenError};

/// pallet-session takes a deposit for session keys and pallet-safe-mode one from who enters it, and so they ask for a
/// currency. Here the one deposit is zero, the other is not taken at all, and this currency has no units: every balance
/// is zero, moving nothing succeeds, moving anything fails.
pub struct NoDeposit;

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
