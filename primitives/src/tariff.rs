//! What use costs: pure functions of a price, by which the chain bills and auditors compute again.
//!
//! A metered price is that of all use since the grant began, rounded down once. What is billed is the difference to
//! what was billed before, so a fraction of a unit is carried on and never lost, and bills of any number never differ
//! from the price of the whole by a unit.

use crate::{Amount, Moment, Tier, Unit, Usage};
use primitive_types::U256;

/// How many units a use is.
pub const fn units(unit: Unit, usage: &Usage) -> u64 {
    match unit {
        Unit::Access => usage.accesses,
        Unit::Record => usage.records,
        Unit::Byte => usage.bytes,
    }
}

/// What a use costs in all: `floor(Σ (units in the tier × its amount) / per)`. The first tier is `above` 0, and the others
/// ascend. `None` where that does not fit in 128 bits, or `per` is zero.
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn used(accesses: u64) -> Usage {
        Usage { accesses, records: 0, bytes: 0 }
    }

    #[test]
    fn each_unit_costs_what_its_tier_says() {
        let tiers = [Tier { above: 0, amount: 10 }, Tier { above: 100, amount: 5 }];
        for (units, price) in [(0, 0), (1, 3), (2, 6), (3, 10), (100, 333), (101, 335), (200, 500)] {
            assert_eq!(metered(Unit::Access, 3, &tiers, &used(units)), Some(price), "{units}");
        }
        assert_eq!(metered(Unit::Byte, 3, &tiers, &used(100)), Some(0));
        assert_eq!(metered(Unit::Access, 0, &tiers, &used(100)), None);
    }

    #[test]
    fn what_does_not_fit_is_no_price() {
        let dearest = [Tier { above: 0, amount: Amount::MAX }];
        assert_eq!(metered(Unit::Access, u64::MAX, &dearest, &used(u64::MAX)), Some(Amount::MAX));
        assert_eq!(metered(Unit::Access, u64::MAX - 1, &dearest, &used(u64::MAX)), None);
        assert_eq!(metered(Unit::Access, 1, &dearest, &used(1)), Some(Amount::MAX));
        assert_eq!(metered(Unit::Access, 1, &dearest, &used(2)), None);
    }

    #[test]
    fn a_period_counts_when_it_has_begun() {
        for (begin, end, price) in [(0, 0, 0), (0, 1, 7), (0, 10, 7), (0, 11, 14), (5, 16, 14), (9, 3, 0)] {
            assert_eq!(per_period(7, 10, begin, end), Some(price), "{begin} to {end}");
        }
        assert_eq!(per_period(7, 0, 0, 1), None);
        assert_eq!(per_period(Amount::MAX, 1, 0, 2), None);
    }

    proptest! {
        #[test]
        fn small_prices_are_those_of_plain_arithmetic(
            steps in proptest::collection::vec((1..1000_u64, 0..1_000_000_u128), 1..8), per in 1..1000_u64,
            used in 0..10_000_u64,
        ) {
            let mut above = 0;
            let mut tiers = Vec::new();
            for (width, amount) in steps {
                tiers.push(Tier { above, amount });
                above += width;
            }
            let tier = |unit: u64| tiers.iter().rev().find(|tier| tier.above < unit).map_or(0, |tier| tier.amount);
            let expected = (1..=used).map(tier).sum::<u128>() / u128::from(per);
            let usage = Usage { accesses: 0, records: used, bytes: 0 };
            prop_assert_eq!(metered(Unit::Record, per, &tiers, &usage), Some(expected));
        }

        #[test]
        fn a_product_divided_by_its_factor_is_the_other_one(units in 1..=u64::MAX, amount: u128) {
            prop_assert_eq!(metered(Unit::Access, units, &[Tier { above: 0, amount }], &used(units)), Some(amount));
        }
    }
}
