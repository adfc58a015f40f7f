use crate::{
    mock::*,
    tariff::{check, Fault},
    Error,
};
use citynet_primitives::{
    tariff::{metered, per_period},
    Amount, Document, Price, Tiers, Unit, Usage,
};
use citynet_support::Payments;
use frame_support::{assert_noop, assert_ok};
use proptest::{collection::btree_map, prelude::*};

fn metered_by(per: u64, steps: Tiers) -> Price {
    Price::Metered { currency: RUB, unit: Unit::Byte, per, tiers: steps, dispute_window: 0 }
}

/// What so many accesses cost.
fn price(units: u64, per: u64, steps: &[(u64, Amount)]) -> Option<Amount> {
    metered(Unit::Access, per, &tiers(steps), &accesses(units))
}

#[test]
fn prices_that_make_sense_are_taken() {
    let contract = Document { hash: [1; 32], uri: text("") };
    for price in [
        Price::Free,
        Price::Contract { contract },
        fixed_price(1),
        daily_price(1),
        metered_by(1, tiers(&[(0, 0)])),
        metered_by(1, tiers(&[(0, 5), (1, 4), (2, 3), (3, 2), (4, 1), (5, 0), (6, 0), (u64::MAX, 0)])),
    ] {
        assert_eq!(check(&price), Ok(()));
    }
}

#[test]
fn every_fault_is_found() {
    let no_period = Price::PerPeriod { currency: RUB, amount: 1, period: 0 };
    let cases = [
        (fixed_price(0), Fault::AmountZero),
        (daily_price(0), Fault::AmountZero),
        (no_period, Fault::PeriodZero),
        (metered_by(0, tiers(&[(0, 1)])), Fault::PerZero),
        (metered_by(1, tiers(&[])), Fault::TiersUnordered),
        (metered_by(1, tiers(&[(1, 1)])), Fault::TiersUnordered),
        (metered_by(1, tiers(&[(0, 1), (5, 1), (5, 1)])), Fault::TiersUnordered),
        (metered_by(1, tiers(&[(0, 1), (5, 1), (4, 1)])), Fault::TiersUnordered),
    ];
    for (price, fault) in cases {
        assert_eq!(check(&price), Err(fault));
    }
}

#[test]
fn the_ledger_answers_with_the_same_faults_and_knows_its_currencies() {
    ExtBuilder::default().run(|| {
        let check = |price: Price| Settlements::check_price(&price);
        assert_ok!(check(Price::Free));
        assert_ok!(check(fixed_price(1)));
        assert_noop!(check(fixed_price(0)), Error::<Test>::AmountZero);
        assert_noop!(check(Price::PerPeriod { currency: RUB, amount: 1, period: 0 }), Error::<Test>::PeriodZero);
        assert_noop!(check(metered_by(0, tiers(&[(0, 1)]))), Error::<Test>::PerZero);
        assert_noop!(check(metered_by(1, tiers(&[]))), Error::<Test>::TiersUnordered);
        let elsewhere = Price::Fixed { currency: NO_CURRENCY, amount: 1 };
        assert_noop!(check(elsewhere), Error::<Test>::UnknownCurrency);
    });
}

#[test]
fn units_are_counted_as_the_price_says() {
    let usage = Usage { accesses: 2, records: 3, bytes: 5 };
    let steps = tiers(&[(0, 10)]);
    for (unit, expected) in [(Unit::Access, 20), (Unit::Record, 30), (Unit::Byte, 50)] {
        assert_eq!(metered(unit, 1, &steps, &usage), Some(expected));
    }
}

#[test]
fn every_unit_costs_what_its_tier_says() {
    let steps = [(0, 10), (100, 5), (200, 0)];
    for (units, expected) in [(0, 0), (1, 10), (100, 1_000), (101, 1_005), (200, 1_500), (201, 1_500)] {
        assert_eq!(price(units, 1, &steps), Some(expected), "{units}");
    }
}

#[test]
fn the_sum_is_rounded_down_once() {
    let steps = [(0, 1), (1, 1)];
    // Rounded tier by tier, both would be nothing.
    assert_eq!(price(1, 2, &steps), Some(0));
    assert_eq!(price(2, 2, &steps), Some(1));
    assert_eq!(price(3, 2, &steps), Some(1));
    assert_eq!(price(4, 2, &steps), Some(2));
}

#[test]
fn the_bounds_of_128_bits_are_refused_and_not_wrapped() {
    assert_eq!(price(1, 1, &[(0, Amount::MAX)]), Some(Amount::MAX));
    assert_eq!(price(2, 1, &[(0, Amount::MAX)]), None);
    // What is between may be wider.
    assert_eq!(price(u64::MAX, u64::MAX, &[(0, Amount::MAX)]), Some(Amount::MAX));
    assert_eq!(price(u64::MAX, 1, &[(0, Amount::MAX)]), None);
    let eight: Vec<_> = (0..8).map(|above| (above, Amount::MAX)).collect();
    assert_eq!(price(u64::MAX, u64::MAX, &eight), Some(Amount::MAX));
    assert_eq!(price(1, 0, &[(0, 1)]), None);

    assert_eq!(per_period(Amount::MAX, 1, 0, 1), Some(Amount::MAX));
    assert_eq!(per_period(Amount::MAX, 1, 0, 2), None);
    assert_eq!(per_period(1, 0, 0, 1), None);
}

#[test]
fn a_period_counts_from_its_first_moment() {
    let days = |end| per_period(7, DAY, HOUR, HOUR + end);
    assert_eq!(days(0), Some(0));
    assert_eq!(days(1), Some(7));
    assert_eq!(days(DAY), Some(7));
    assert_eq!(days(DAY + 1), Some(14));
    // What ended before it began.
    assert_eq!(per_period(7, DAY, HOUR, 0), Some(0));
}

fn steps() -> impl Strategy<Value = Tiers> {
    let others = btree_map(1_u64..10_000, 0_u128..1_000_000_000, 0..7);
    (0_u128..1_000_000_000, others).prop_map(|(first, others)| {
        let all: Vec<_> = core::iter::once((0, first)).chain(others).collect();
        tiers(&all)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Unit by unit, with nothing shared with the function but the tiers.
    #[test]
    fn the_price_is_that_of_its_units(units in 0_u64..12_000, per in 1_u64..5_000, steps in steps()) {
        let mut sum = 0_u128;
        for unit in 0..units {
            let tier = steps.iter().rev().find(|tier| tier.above <= unit).expect("the first is for all");
            sum += tier.amount;
        }
        prop_assert_eq!(metered(Unit::Access, per, &steps, &accesses(units)), Some(sum / u128::from(per)));
    }

    /// However often it is billed, the bills add up to the price of the whole, and on the way never differ from the
    /// exact price by a unit.
    #[test]
    fn bills_add_up_to_the_price(
        uses in proptest::collection::vec(0_u64..1_000, 1..20),
        per in 1_u64..5_000,
        steps in steps(),
    ) {
        let (mut units, mut billed) = (0, 0);
        for used in uses {
            units += used;
            let price = metered(Unit::Access, per, &steps, &accesses(units)).expect("it is small");
            prop_assert!(price >= billed, "the price never falls");
            billed += price - billed;
        }
        let exact = metered(Unit::Access, 1, &steps, &accesses(units)).expect("it is small");
        prop_assert!(billed * u128::from(per) <= exact);
        prop_assert!((billed + 1) * u128::from(per) > exact);
    }
}
