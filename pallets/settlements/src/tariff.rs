//! What use costs: pure functions of a price.
//!
//! A metered price is that of all use since the grant began, rounded down once. What is billed is the difference to
//! what was billed before, so a fraction of a unit is carried on and never lost, and bills of any number never differ
//! from the price of the whole by a unit.

use crate::{Config, Error};
use citynet_primitives::{Amount, Moment, Price, Tier, Unit, Usage};
use sp_core::U256;

/// What is wrong with a price by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The sum of a fixed price or of a period is zero.
    AmountZero,
    /// A period has no length.
    PeriodZero,
    /// The tiers' amounts are for no unit.
    PerZero,
    /// There is no tier, the first is not above 0, or the others do not ascend.
    TiersUnordered,
}

impl<T: Config> From<Fault> for Error<T> {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::AmountZero => Self::AmountZero,
            Fault::PeriodZero => Self::PeriodZero,
            Fault::PerZero => Self::PerZero,
            Fault::TiersUnordered => Self::TiersUnordered,
        }
    }
}

/// Checks a price by itself. A tier may cost nothing.
///
/// # Errors
///
/// The first fault, in the order of their list.
pub fn check(price: &Price) -> Result<(), Fault> {
    match price {
        Price::Free | Price::Contract { .. } => Ok(()),
        Price::Fixed { amount: 0, .. } | Price::PerPeriod { amount: 0, .. } => Err(Fault::AmountZero),
        Price::PerPeriod { period: 0, .. } => Err(Fault::PeriodZero),
        Price::Fixed { .. } | Price::PerPeriod { .. } => Ok(()),
        Price::Metered { per: 0, .. } => Err(Fault::PerZero),
        Price::Metered { tiers, .. } => {
            let begins_at_zero = tiers.first().is_some_and(|tier| tier.above == 0);
            let ascends = tiers.iter().zip(tiers.iter().skip(1)).all(|(lower, upper)| lower.above < upper.above);
            if begins_at_zero && ascends {
                Ok(())
            } else {
                Err(Fault::TiersUnordered)
            }
        }
    }
}

/// How many units a use is.
pub const fn units(unit: Unit, usage: &Usage) -> u64 {
    match unit {
        Unit::Access => usage.accesses,
        Unit::Record => usage.records,
        Unit::Byte => usage.bytes,
    }
}

/// What a use costs in all: `floor(Σ (units in the tier × its amount) / per)`. The tiers are as [`check`] wants them.
/// `None` where that does not fit in 128 bits, or `per` is zero.
pub fn metered(unit: Unit, per: u64, tiers: &[Tier], usage: &Usage) -> Option<Amount> {
    let units = units(unit, usage);
    // Eight tiers of 2^64 units at 2^128 each are below 2^195.
    let mut sum = U256::zero();
    for (position, tier) in tiers.iter().enumerate() {
        let next = tiers.get(position.checked_add(1)?);
        let end = next.map_or(units, |next| next.above.min(units));
        let product = U256::from(end.saturating_sub(tier.above)).checked_mul(U256::from(tier.amount))?;
        sum = sum.checked_add(product)?;
    }
    Amount::try_from(sum.checked_div(U256::from(per))?).ok()
}

/// What a grant costs that has been in force from `begin` until `end`, which is no part of it: `amount` for every
/// period that has begun. `None` where that does not fit in 128 bits, or the period has no length.
pub fn per_period(amount: Amount, period: Moment, begin: Moment, end: Moment) -> Option<Amount> {
    let whole = end.saturating_sub(begin).checked_div(period)?;
    let rest = end.saturating_sub(begin).checked_rem(period)?;
    let begun = Amount::from(whole).checked_add(Amount::from(rest > 0))?;
    begun.checked_mul(amount)
}
