//! A thousand organisations and a hundred thousand obligations. With `--nocapture` it says in how many blocks.

use super::netting::{info, open_later, phase};
use crate::{mock::*, Config, ObligationCount, Obligations, Positions, Supply, WeightInfo};
use citynet_primitives::{Amount, CyclePhase, GrantId, ObligationInfo, ObligationState, OrganisationId, Usage};
use citynet_support::mock::MockClock;
use frame_support::{
    traits::fungibles::{Inspect, Mutate},
    weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight},
};

const ORGANISATIONS: u32 = 1_000;
const EACH: u32 = 100;
const PLENTY: Amount = 1_000_000;

/// What a block of the runtime has for such calls, and what a member's quota has in it, in milliseconds.
const BLOCK: u64 = 300;
const QUOTA: u64 = 150;

fn milliseconds(weight: Weight) -> u64 {
    weight.ref_time().div_ceil(WEIGHT_REF_TIME_PER_MILLIS)
}

/// Straight in storage: a hundred thousand records would be read and written again by each append of the mock journal.
fn owe(debtor: OrganisationId, creditor: OrganisationId, amount: Amount) {
    let obligation = ObligationCount::<Test>::get() + 1;
    ObligationCount::<Test>::put(obligation);
    let info = ObligationInfo {
        state: ObligationState::Open,
        currency: RUB,
        debtor,
        creditor,
        amount,
        grant: GrantId(1),
        usage: Usage::default(),
        reverses: None,
        reversed: 0,
        since: MockClock::START,
        cycle: 0,
        payment: None,
        declared: None,
    };
    Obligations::<Test>::insert(obligation, info);
    Settlements::enqueue(RUB, obligation);
}

#[test]
fn a_thousand_organisations_settle_a_hundred_thousand_obligations_in_steps_that_fit_into_blocks() {
    ExtBuilder::default().build().execute_with(|| {
        let organisation = |number: u32| OrganisationId(1_000 + number % ORGANISATIONS);
        for number in 0..ORGANISATIONS {
            Assets::mint_into(RUB, &Settlements::treasury(organisation(number)), PLENTY)
                .expect("the currency is there");
            for other in 1..=EACH {
                owe(organisation(number), organisation(number + other), Amount::from(1 + (number * other) % 97));
            }
        }
        let supply = PLENTY * Amount::from(ORGANISATIONS);
        Supply::<Test>::insert(RUB, supply);
        let cycle = open_later();

        let (mut steps, mut heaviest, mut all) = (0_u64, 0, Weight::zero());
        while !info(cycle).moved {
            let was = phase(cycle);
            let done = Settlements::advance_cycle(signed(treasurer(CITY)), RUB, MAX_PAGE).expect("there is work");
            let declared = <<Test as Config>::WeightInfo as WeightInfo>::advance_cycle(MAX_PAGE);
            let weight = done.actual_weight.unwrap_or(declared);
            heaviest = heaviest.max(milliseconds(weight));
            all = all.saturating_add(weight);
            steps += 1;
            assert!(was != CyclePhase::Removing, "everybody can pay");
        }
        println!(
            "{} obligations of {ORGANISATIONS} organisations: {steps} steps of at most {heaviest} ms, {} ms in all; \
             {} blocks if they take all of each, {} at the rate of one member's quota",
            info(cycle).obligations,
            milliseconds(all),
            milliseconds(all).div_ceil(BLOCK),
            milliseconds(all).div_ceil(QUOTA),
        );
        assert_eq!(info(cycle).obligations, u64::from(ORGANISATIONS * EACH));
        assert!(heaviest <= BLOCK, "a step of {heaviest} ms fits into no block");
        assert_eq!(Positions::<Test>::get(cycle).iter().map(|position| position.pays).sum::<Amount>(), info(cycle).net);
        let sum: Amount = (0..ORGANISATIONS).map(|number| free(organisation(number))).sum();
        assert_eq!((sum, Assets::total_issuance(RUB)), (supply, supply));
        for position in Positions::<Test>::get(cycle) {
            assert_eq!(free(position.organisation), PLENTY + position.gets - position.pays);
        }
    });
}
