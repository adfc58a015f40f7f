//! What must hold of the pallet's state between any two calls.

use crate::{
    netting::{is_over, leaf, Work},
    queue::{join, split, waiting, LEVELS},
    Accounts, BankReferences, Config, Currencies, CurrencyCount, CycleWork, Cycles, Escrows, HoldReason, LastCycle,
    Listed, Netted, ObligationCount, Obligations, Pallet, Positions, Supply, WithdrawalCount, Withdrawals,
};
use alloc::collections::BTreeMap;
use citynet_primitives::{
    tariff, Amount, CycleId, CycleInfo, CyclePhase, GrantId, ObligationInfo, ObligationState, OrganisationId, Price,
};
use citynet_support::GrantRegister;
use frame_support::{
    ensure,
    traits::fungibles::{Inspect, InspectHold},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::numbers_are_dense()?;
        Self::money_is_accounted_for()?;
        Self::holds_are_owned()?;
        Self::shares_are_of_cycles()?;
        Self::check_words()?;
        Self::check_obligations()?;
        Self::reversals_add_up()?;
        Self::bills_add_up()?;
        Cycles::<T>::iter().try_for_each(|(id, info)| Self::check_cycle(id, &info))?;
        Self::work_is_of_cycles()
    }

    fn numbers_are_dense() -> Result<(), TryRuntimeError> {
        let currencies = CurrencyCount::<T>::get();
        ensure!(
            Currencies::<T>::iter_keys().all(|currency| (1..=currencies).contains(&currency))
                && u32::try_from(Currencies::<T>::iter_keys().count()) == Ok(currencies),
            "a currency is missing, or has a number that was never given"
        );
        let obligations = ObligationCount::<T>::get();
        ensure!(
            Obligations::<T>::iter_keys().all(|obligation| (1..=obligations).contains(&obligation))
                && u64::try_from(Obligations::<T>::iter_keys().count()) == Ok(obligations),
            "an obligation is missing, or has a number that was never given"
        );
        let withdrawals = WithdrawalCount::<T>::get();
        ensure!(
            Withdrawals::<T>::iter_keys().all(|withdrawal| (1..=withdrawals).contains(&withdrawal)),
            "a withdrawal has a number that was never given"
        );
        Ok(())
    }

    /// What was deposited and not paid out is what there is.
    fn money_is_accounted_for() -> Result<(), TryRuntimeError> {
        for currency in Currencies::<T>::iter_keys() {
            ensure!(
                T::Money::total_issuance(currency) == Supply::<T>::get(currency),
                "there is more or less money than was deposited"
            );
        }
        ensure!(Supply::<T>::iter_keys().all(Currencies::<T>::contains_key), "money of no currency was deposited");
        Ok(())
    }

    /// What is on hold is what was asked for in withdrawals and is kept for grants.
    fn holds_are_owned() -> Result<(), TryRuntimeError> {
        let mut holds = BTreeMap::<(u32, OrganisationId), (Amount, Amount)>::new();
        for info in Withdrawals::<T>::iter_values() {
            let (withdrawn, _) = holds.entry((info.currency, info.organisation)).or_default();
            *withdrawn = withdrawn.checked_add(info.amount).ok_or("withdrawals do not fit")?;
        }
        for (currency, consumer, amount) in Escrows::<T>::iter_values() {
            let (_, kept) = holds.entry((currency, consumer)).or_default();
            *kept = kept.checked_add(amount).ok_or("prices on hold do not fit")?;
        }
        for ((currency, organisation), (withdrawn, kept)) in holds {
            let held = |reason| Self::held(currency, organisation, reason);
            ensure!(held(HoldReason::Withdrawal) == withdrawn, "other money is on hold than is to be paid out");
            ensure!(held(HoldReason::Grant) == kept, "other money is on hold than is kept for grants");
        }
        Ok(())
    }

    fn held(currency: u32, organisation: OrganisationId, reason: HoldReason) -> Amount {
        T::Holds::balance_on_hold(currency, &reason.into(), &Self::treasury(organisation))
    }

    /// What is on hold for a cycle is what its organisations pay, as far as it was set aside and has not moved.
    fn shares_are_of_cycles() -> Result<(), TryRuntimeError> {
        for (currency, organisation, share) in Netted::<T>::iter() {
            ensure!(share.pays == 0 || share.gets == 0, "an organisation both pays and gets in a cycle");
            let work = CycleWork::<T>::get(currency).ok_or("money of a cycle is left that is over")?;
            ensure!(work.sums.contains_key(&organisation), "an organisation pays or gets in a cycle that it is not in");
            if Self::settled_share(currency, organisation).is_some() {
                ensure!(share == work.share(organisation), "a settled cycle moves other money than it settled");
            }
        }
        for (currency, work) in CycleWork::<T>::iter() {
            for organisation in work.sums.keys() {
                let share = Netted::<T>::get(currency, organisation).unwrap_or_default();
                let held = Self::held(currency, *organisation, HoldReason::Netting);
                ensure!(held == share.pays, "other money is on hold than a cycle takes");
            }
        }
        Ok(())
    }

    /// No word of a list is empty, and each is known to the one above.
    fn check_words() -> Result<(), TryRuntimeError> {
        for (list, (level, index), word) in Listed::<T>::iter() {
            ensure!(!word.is_empty(), "an empty word of a list is kept");
            ensure!(level < LEVELS, "a list has too many levels");
            if let Some(below) = level.checked_sub(1) {
                let known = word.iter().all(|place| Listed::<T>::contains_key(list, (below, join(index, place))));
                ensure!(known, "a list names a word that is not there");
            }
            if let Some(above) = level.checked_add(1).filter(|above| *above < LEVELS) {
                let (parent, place) = split(index);
                let known = Listed::<T>::get(list, (above, parent)).is_some_and(|word| word.contains(place));
                ensure!(known, "a list does not find one of its words");
            }
        }
        Ok(())
    }

    /// Every obligation that is open waits, every one that a cycle has is listed with it, and no other is listed.
    fn check_obligations() -> Result<(), TryRuntimeError> {
        let mut should_be_listed = 0_usize;
        for (id, info) in Obligations::<T>::iter() {
            check_obligation(&info)?;
            ensure!(Currencies::<T>::contains_key(info.currency), "an obligation is in no currency");
            if let Some(before) = id.checked_sub(1).and_then(Obligations::<T>::get) {
                ensure!(before.since <= info.since, "an obligation arose before one with a lower number");
            }
            if let Some(payment) = info.payment {
                ensure!(BankReferences::<T>::contains_key(payment.uetr), "a payment can be declared twice");
            }
            let list = match info.state {
                ObligationState::Open => waiting(info.currency),
                ObligationState::Netting => CycleId { currency: info.currency, number: info.cycle },
                ObligationState::Declared | ObligationState::Settled | ObligationState::Booked => continue,
            };
            ensure!(Self::is_listed(list, id), "an obligation is not in its list");
            should_be_listed = should_be_listed.saturating_add(1);
        }
        let lists = Listed::<T>::iter().filter(|(_, (level, _), _)| *level == 0);
        let listed = lists.fold(0_usize, |sum, (_, _, word)| sum.saturating_add(word.iter().count()));
        ensure!(listed == should_be_listed, "an obligation is in two lists, or in one where it does not belong");
        Ok(())
    }

    /// A reversal is between the same parties the other way, and all of them together do not exceed what they reverse.
    fn reversals_add_up() -> Result<(), TryRuntimeError> {
        let mut reversed = BTreeMap::<u64, Amount>::new();
        for (id, info) in Obligations::<T>::iter() {
            let Some(other) = info.reverses else { continue };
            ensure!(other < id, "an obligation reverses one that came after it");
            let before = Obligations::<T>::get(other).ok_or("an obligation reverses none")?;
            ensure!(
                (before.currency, before.debtor, before.creditor, before.grant)
                    == (info.currency, info.creditor, info.debtor, info.grant),
                "an obligation reverses one of other parties"
            );
            let sum = reversed.entry(other).or_default();
            *sum = sum.checked_add(info.amount).ok_or("reversals do not fit")?;
        }
        for (id, info) in Obligations::<T>::iter() {
            ensure!(info.reversed == reversed.remove(&id).unwrap_or_default(), "reversals do not add up");
            ensure!(info.reversed <= info.amount, "more of an obligation is reversed than it is");
        }
        Ok(())
    }

    /// What was billed of a grant became obligations, and is not more than its use costs.
    fn bills_add_up() -> Result<(), TryRuntimeError> {
        let mut billed = BTreeMap::<GrantId, Amount>::new();
        for info in Obligations::<T>::iter_values().filter(|info| info.reverses.is_none()) {
            let sum = billed.entry(info.grant).or_default();
            *sum = sum.checked_add(info.amount).ok_or("bills do not fit")?;
        }
        for (grant, account) in Accounts::<T>::iter() {
            ensure!(account.billed == billed.remove(&grant).unwrap_or_default(), "bills of a grant do not add up");
            let facts = T::Grants::facts(grant).ok_or("a grant is billed that does not exist")?;
            if let Price::Metered { unit, per, tiers, .. } = &facts.price {
                let price = tariff::metered(*unit, *per, tiers, &account.matured).ok_or("a price does not fit")?;
                ensure!(account.billed <= price, "more is billed of a grant than its use costs");
            }
            ensure!(facts.used.is_at_least(&account.matured), "more use of a grant is stated than was reported");
        }
        ensure!(billed.is_empty(), "a grant without an account is billed");
        Ok(())
    }

    fn check_cycle(id: CycleId, info: &CycleInfo) -> Result<(), TryRuntimeError> {
        ensure!(Currencies::<T>::contains_key(id.currency), "a cycle is in no currency");
        let last = LastCycle::<T>::get(id.currency);
        ensure!((1..=last).contains(&id.number), "a cycle has a number that was never given");
        ensure!(id.number == last || is_over(info), "a cycle runs beside a later one");
        ensure!(info.cutoff < info.deadline, "a cycle ends before it begins");
        ensure!(info.head.count >= 1, "a cycle has no record");
        ensure!(!info.moved || info.phase == CyclePhase::Settled, "a cycle moved money that it did not settle");
        let is_working = matches!(info.phase, CyclePhase::Collecting | CyclePhase::Removing);
        if is_working {
            return Ok(());
        }

        let mut again = Work::default();
        let mut from = 0;
        while let Some(number) = Self::next_listed(id, from) {
            let obligation = Obligations::<T>::get(number).ok_or("a cycle has an obligation that does not exist")?;
            ensure!(obligation.since < info.cutoff, "a cycle has an obligation from after its cut-off");
            ensure!(again.take(&leaf(number, &obligation), u32::MAX), "a cycle has more than it has room for");
            from = number.saturating_add(1);
        }
        ensure!(again.summary() == (info.obligations, info.gross, info.root), "a cycle does not add up");
        match info.phase {
            CyclePhase::Empty => ensure!(info.obligations == 0, "an empty cycle has obligations"),
            CyclePhase::Settled => ensure!(info.obligations > 0, "a cycle of nothing is settled"),
            // What defaulters had on hold is given back first.
            CyclePhase::Collecting | CyclePhase::Funding | CyclePhase::Removing => {}
        }

        let positions = Positions::<T>::get(id);
        ensure!(positions == again.positions(), "a cycle's positions are not those of its obligations");
        let ascend =
            positions.windows(2).all(|pair| matches!(pair, [one, next] if one.organisation < next.organisation));
        ensure!(ascend, "a cycle's positions are out of order");
        let (mut pays, mut gets): (Amount, Amount) = (0, 0);
        for position in &positions {
            ensure!((position.pays == 0) != (position.gets == 0), "a position neither pays nor gets, or does both");
            pays = pays.saturating_add(position.pays);
            gets = gets.saturating_add(position.gets);
        }
        ensure!(pays == gets && pays == info.net, "a cycle's positions do not sum to zero");
        Ok(())
    }

    /// Work is kept of the cycles in which there is something to do, and of no others.
    fn work_is_of_cycles() -> Result<(), TryRuntimeError> {
        for currency in Currencies::<T>::iter_keys() {
            let last = CycleId { currency, number: LastCycle::<T>::get(currency) };
            let is_working = Cycles::<T>::get(last).is_some_and(|info| !is_over(&info));
            ensure!(CycleWork::<T>::contains_key(currency) == is_working, "work is kept of no cycle, or is missing");
        }
        for (currency, last) in LastCycle::<T>::iter() {
            let cycles = (1..=last).all(|number| Cycles::<T>::contains_key(CycleId { currency, number }));
            ensure!(cycles, "a cycle is missing");
        }
        Ok(())
    }
}

fn check_obligation(info: &ObligationInfo) -> Result<(), TryRuntimeError> {
    ensure!(info.amount > 0, "an obligation is of nothing");
    ensure!(
        (info.cycle > 0) == (info.state == ObligationState::Netting),
        "an obligation's cycle does not fit its state"
    );
    let is_declared = matches!(info.state, ObligationState::Declared | ObligationState::Booked);
    ensure!(info.payment.is_some() == is_declared, "an obligation's payment does not fit its state");
    ensure!(info.declared.is_some() == is_declared, "when a payment was declared does not fit its state");
    Ok(())
}
