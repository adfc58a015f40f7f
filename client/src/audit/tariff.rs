//! What use costs, computed as the chain computes it. The page on money has the formulas.

use citynet_primitives::{Amount, Moment, Tier, Unit, Usage};

/// How many units a use is.
pub const fn units(unit: Unit, usage: &Usage) -> u64 {
    match unit {
        Unit::Access => usage.accesses,
        Unit::Record => usage.records,
        Unit::Byte => usage.bytes,
    }
}

/// What a use costs in all: `floor(Σ (units in the tier × its amount) / per)`. `None` where that does not fit in 128 bits,
/// or `per` is zero.
pub fn metered(unit: Unit, per: u64, tiers: &[Tier], usage: &Usage) -> Option<Amount> {
    let units = units(unit, usage);
    let mut sum = Wide::default();
    for (position, tier) in tiers.iter().enumerate() {
        let next = tiers.get(position.checked_add(1)?);
        let end = next.map_or(units, |next| next.above.min(units));
        sum.add_product(end.saturating_sub(tier.above), tier.amount);
    }
    sum.divided_by(per)
}

/// What a grant costs that has been in force from `begin` until `end`, which is no part of it: `amount` for every
/// period that has begun. `None` where that does not fit in 128 bits, or the period has no length.
pub fn per_period(amount: Amount, period: Moment, begin: Moment, end: Moment) -> Option<Amount> {
    let length = end.saturating_sub(begin);
    let whole = length.checked_div(period)?;
    let rest = length.checked_rem(period)?;
    let begun = Amount::from(whole).checked_add(Amount::from(rest > 0))?;
    begun.checked_mul(amount)
}

/// A number of 256 bits, the lowest 64 first. Eight tiers of 2^64 units at 2^128 each are below 2^195.
#[derive(Default)]
struct Wide([u64; 4]);

impl Wide {
    fn add_product(&mut self, units: u64, amount: Amount) {
        let low = u128::from(units) * (amount & u128::from(u64::MAX));
        let high = u128::from(units) * (amount >> 64);
        self.add_at(0, low);
        self.add_at(1, high);
    }

    /// Adds 128 bits from a limb on.
    fn add_at(&mut self, begin: usize, value: u128) {
        let mut rest = value;
        for limb in self.0.iter_mut().skip(begin) {
            let sum = u128::from(*limb) + (rest & u128::from(u64::MAX));
            *limb = sum as u64;
            rest = (rest >> 64) + (sum >> 64);
        }
    }

    /// The quotient, rounded down.
    fn divided_by(&self, divisor: u64) -> Option<Amount> {
        let divisor = u128::from(divisor);
        let mut quotient = [0_u64; 4];
        let mut rest = 0_u128;
        for (limb, place) in self.0.iter().zip(&mut quotient).rev() {
            let dividend = (rest << 64) | u128::from(*limb);
            // The rest is below the divisor, so what comes out fits.
            *place = dividend.checked_div(divisor)? as u64;
            rest = dividend.checked_rem(divisor)?;
        }
        let [low, high, 0, 0] = quotient else { return None };
        Some((u128::from(high) << 64) | u128::from(low))
    }
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
            let mut wide = Wide::default();
            wide.add_product(units, amount);
            prop_assert_eq!(wide.divided_by(units), Some(amount));
        }
    }
}
