//! Which prices make sense. What use costs by them is computed in [`citynet_primitives::tariff`].

use crate::{Config, Error};
use citynet_primitives::Price;

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
