//! The worst case of every call: treasuries that hold money for other reasons, prices of as many tiers as there can be,
//! and pages and cycles as large as they can be.

use crate::{
    Accounts, BankReferences, Call, Config, Currencies, CycleWork, Cycles, Escrows, LastCycle, Netted, ObligationCount,
    Obligations, Pallet, Share, Sums, Withdrawals, Work,
};
use alloc::{vec, vec::Vec};
use citynet_primitives::{
    Amount, Author, BankReference, CycleId, CyclePhase, Dispute, GrantAccount, GrantId, Moment, ObligationInfo,
    ObligationState, OpenStatement, OrganisationId, Price, Text, Tier, Tiers, Unit, Usage,
};
use citynet_support::{Clock, GrantRegister, Membership, Payments};
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::RawOrigin;

/// What everybody has.
const PLENTY: Amount = 1_000_000_000_000;
/// A use that the benchmarks' grants allow to be stated.
const USED: Usage = Usage { accesses: 1_000, records: 1_000, bytes: 1_000 };
/// The longest window.
const WINDOW: Moment = 86_400_000;

/// The longest reason.
fn reason() -> Text<256> {
    Text::truncate_from(vec![b'r'; 256])
}

fn reference(number: u32) -> BankReference {
    let mut uetr = [0xfe; 16];
    for (byte, of) in uetr.iter_mut().zip(number.to_le_bytes()) {
        *byte = of;
    }
    // The marks of a UUID of version 4.
    uetr[6] = 0x40;
    uetr[8] = 0x80;
    BankReference { uetr, notification: [7; 32] }
}

/// The caller, with an organisation of its own.
fn member<T: Config>() -> (T::AccountId, OrganisationId) {
    let account = whitelisted_caller();
    let organisation = T::Membership::admit(&account);
    (account, organisation)
}

/// An organisation that is not the caller's.
fn other<T: Config>(number: u32) -> OrganisationId {
    T::Membership::admit(&account("organisation", number, 0))
}

/// A currency of this agent.
fn currency<T: Config>(agent: OrganisationId) -> Result<u32, BenchmarkError> {
    let (currency, _) = Pallet::<T>::do_create_currency(Text::truncate_from(b"CURRENCY".to_vec()), 18, agent)?;
    Ok(currency)
}

/// Has the last cycle of a currency settle [`PLENTY`] for an organisation, which has not moved yet: whoever uses the money
/// next moves it.
fn settled<T: Config>(
    currency: u32,
    agent: OrganisationId,
    organisation: OrganisationId,
) -> Result<(), BenchmarkError> {
    running::<T>(currency, agent, CyclePhase::Settled, 1)?;
    // Nobody can take more than the assets count as issued, so it is issued, to somebody else.
    fund::<T>(currency, agent, PLENTY)?;
    Netted::<T>::insert(currency, organisation, Share { pays: 0, gets: PLENTY });
    Ok(())
}

/// Straight from the assets, so that the set-up takes up no records.
fn fund<T: Config>(currency: u32, organisation: OrganisationId, amount: Amount) -> Result<(), BenchmarkError> {
    use frame_support::traits::fungibles::Mutate;
    T::Money::mint_into(currency, &Pallet::<T>::treasury(organisation), amount)?;
    crate::Supply::<T>::mutate(currency, |supply| *supply = supply.saturating_add(amount));
    Ok(())
}

/// A price of as many tiers as there can be.
fn metered(currency: u32) -> Price {
    let tiers: Vec<Tier> = (0..8).map(|tier| Tier { above: tier, amount: 1_000 }).collect();
    Price::Metered { currency, unit: Unit::Byte, per: 1, tiers: Tiers::truncate_from(tiers), dispute_window: WINDOW }
}

/// A grant by use between these two, with a statement of everything that was reported.
fn stated<T: Config>(
    currency: u32,
    provider: OrganisationId,
    consumer: OrganisationId,
    disputed: bool,
    at: Moment,
) -> GrantId {
    let grant = T::Grants::add_priced(provider, consumer, metered(currency));
    let dispute = disputed.then_some(Dispute { usage: Usage::default(), at });
    let open = Some(OpenStatement { usage: USED, root: [7; 32], at, dispute });
    Accounts::<T>::insert(grant, GrantAccount { statements: 1, open, ..GrantAccount::default() });
    grant
}

/// An obligation straight in storage, from a grant that there is.
fn billed<T: Config>(currency: u32, debtor: OrganisationId, creditor: OrganisationId, state: ObligationState) -> u64 {
    let grant = T::Grants::add_priced(creditor, debtor, metered(currency));
    let obligation = owe::<T>(currency, debtor, creditor, state);
    Obligations::<T>::mutate(obligation, |info| {
        if let Some(info) = info {
            info.grant = grant;
        }
    });
    obligation
}

/// The same, from any grant.
fn owe<T: Config>(currency: u32, debtor: OrganisationId, creditor: OrganisationId, state: ObligationState) -> u64 {
    let obligation = ObligationCount::<T>::get().saturating_add(1);
    ObligationCount::<T>::put(obligation);
    let is_declared = state == ObligationState::Declared;
    Obligations::<T>::insert(
        obligation,
        ObligationInfo {
            state,
            currency,
            debtor,
            creditor,
            amount: 1_000,
            grant: GrantId(1),
            usage: USED,
            reverses: None,
            reversed: 0,
            since: 0,
            cycle: 0,
            payment: is_declared.then(|| reference(1)),
            declared: is_declared.then_some(0),
        },
    );
    if state == ObligationState::Open {
        Pallet::<T>::enqueue(currency, obligation);
    }
    obligation
}

/// A cycle in this phase, in which the first so many organisations owe 1000 each.
fn running<T: Config>(
    currency: u32,
    agent: OrganisationId,
    phase: CyclePhase,
    organisations: u32,
) -> Result<CycleId, BenchmarkError> {
    let author = Author { organisation: agent, account: [7; 32] };
    let (cycle, _) = Pallet::<T>::do_open_cycle(&author, currency, T::Clock::now(), Moment::MAX)?;
    Cycles::<T>::mutate(cycle, |info| {
        if let Some(info) = info {
            // It takes everything, also where the block's time is 0.
            info.cutoff = Moment::MAX;
            info.phase = phase;
            info.obligations = 1;
        }
    });
    let mut work = Work::default();
    for number in 1..=organisations {
        let sums = Sums { owes: 1_000, owed: 0 };
        work.sums.try_insert(OrganisationId(number), sums).map_err(|_| BenchmarkError::Stop("there are too many"))?;
    }
    CycleWork::<T>::insert(currency, work);
    Ok(cycle)
}

/// Has every organisation of a cycle be looked at, and found without money.
fn all_short<T: Config>(currency: u32) {
    CycleWork::<T>::mutate(currency, |work| {
        let Some(work) = work else { return };
        work.next = u64::MAX;
        for organisation in work.sums.keys() {
            let _ = work.short.try_insert(*organisation);
        }
    });
}

/// An organisation has just what it owes in a cycle, while a withdrawal waits. Nobody admits it: the cycle asks for no
/// membership.
fn have<T: Config>(currency: u32, organisation: OrganisationId) -> Result<(), BenchmarkError> {
    fund::<T>(currency, organisation, 1_001)?;
    Pallet::<T>::hold(crate::HoldReason::Withdrawal, currency, organisation, 1)?;
    Ok(())
}

fn state_of<T: Config>(obligation: u64) -> Result<ObligationState, BenchmarkError> {
    Ok(Pallet::<T>::obligation(obligation).ok_or(BenchmarkError::Stop("there is no obligation"))?.state)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn create_currency() -> Result<(), BenchmarkError> {
        let origin = T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let agent = other::<T>(1);
        let symbol = Text::<8>::truncate_from(b"CURRENCY".to_vec());

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, symbol, 18, agent);

        assert!(Currencies::<T>::contains_key(crate::CurrencyCount::<T>::get()));
        Ok(())
    }

    #[benchmark]
    fn deposit() -> Result<(), BenchmarkError> {
        let (caller, agent) = member::<T>();
        let currency = currency::<T>(agent)?;
        let organisation = other::<T>(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), currency, organisation, PLENTY, reference(1));

        assert_eq!(Pallet::<T>::balance(currency, organisation), (PLENTY, 0));
        Ok(())
    }

    /// All that is free is withdrawn while a price is on hold.
    #[benchmark]
    fn request_withdrawal() -> Result<(), BenchmarkError> {
        let ((caller, organisation), agent) = (member::<T>(), other::<T>(1));
        let currency = currency::<T>(agent)?;
        fund::<T>(currency, organisation, PLENTY)?;
        Pallet::<T>::hold(crate::HoldReason::Grant, currency, organisation, 1)?;
        settled::<T>(currency, agent, organisation)?;
        let rest = PLENTY.saturating_mul(2).saturating_sub(1);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), currency, rest, [7; 32]);

        assert_eq!(Pallet::<T>::balance(currency, organisation), (0, PLENTY.saturating_mul(2)));
        Ok(())
    }

    #[benchmark]
    fn complete_withdrawal() -> Result<(), BenchmarkError> {
        let (caller, agent) = member::<T>();
        let (currency, organisation) = (currency::<T>(agent)?, other::<T>(1));
        fund::<T>(currency, organisation, PLENTY)?;
        let author = Author { organisation, account: [7; 32] };
        let (withdrawal, _) = Pallet::<T>::do_request_withdrawal(&author, currency, PLENTY, [7; 32])?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), withdrawal, reference(1));

        assert!(!Withdrawals::<T>::contains_key(withdrawal));
        Ok(())
    }

    #[benchmark]
    fn return_withdrawal() -> Result<(), BenchmarkError> {
        let (caller, agent) = member::<T>();
        let (currency, organisation) = (currency::<T>(agent)?, other::<T>(1));
        fund::<T>(currency, organisation, PLENTY)?;
        let author = Author { organisation, account: [7; 32] };
        let (withdrawal, _) = Pallet::<T>::do_request_withdrawal(&author, currency, PLENTY, [7; 32])?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), withdrawal, reason());

        assert_eq!(Pallet::<T>::balance(currency, organisation), (PLENTY, 0));
        Ok(())
    }

    /// All that is free is put on hold while a withdrawal waits.
    #[benchmark]
    fn hold_price() -> Result<(), BenchmarkError> {
        let ((caller, organisation), agent) = (member::<T>(), other::<T>(1));
        let currency = currency::<T>(agent)?;
        fund::<T>(currency, organisation, PLENTY)?;
        Pallet::<T>::hold(crate::HoldReason::Withdrawal, currency, organisation, 1)?;
        settled::<T>(currency, agent, organisation)?;
        let price = Price::Fixed { currency, amount: PLENTY.saturating_mul(2).saturating_sub(1) };
        let (grant, _) = T::Grants::offer_priced(other::<T>(2), organisation, price);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant);

        assert!(Escrows::<T>::contains_key(grant));
        Ok(())
    }

    #[benchmark]
    fn release_price() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        fund::<T>(currency, organisation, PLENTY)?;
        let price = Price::Fixed { currency, amount: PLENTY };
        let (grant, _) = T::Grants::offer_priced(other::<T>(2), organisation, price);
        Pallet::<T>::do_hold_price(&Author { organisation, account: [7; 32] }, grant)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant);

        assert!(!Escrows::<T>::contains_key(grant));
        Ok(())
    }

    /// What is paid is all that was free, while a withdrawal waits.
    #[benchmark]
    fn capture_price() -> Result<(), BenchmarkError> {
        let (organisation, provider, agent) = (other::<T>(1), other::<T>(2), other::<T>(3));
        let currency = currency::<T>(agent)?;
        fund::<T>(currency, organisation, PLENTY)?;
        Pallet::<T>::hold(crate::HoldReason::Withdrawal, currency, organisation, 1)?;
        let price = Price::Fixed { currency, amount: PLENTY.saturating_sub(1) };
        let (grant, _) = T::Grants::offer_priced(provider, organisation, price.clone());
        let author = Author { organisation, account: [7; 32] };
        Pallet::<T>::do_hold_price(&author, grant)?;
        settled::<T>(currency, agent, organisation)?;

        #[block]
        {
            Pallet::<T>::capture(&author, grant, &price, provider)?;
        }

        assert!(!Escrows::<T>::contains_key(grant));
        Ok(())
    }

    #[benchmark]
    fn state_usage() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let grant = T::Grants::add_priced(organisation, other::<T>(2), metered(currency));

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, USED, [7; 32]);

        assert_eq!(Accounts::<T>::get(grant).statements, 1);
        Ok(())
    }

    #[benchmark]
    fn dispute_usage() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let grant = stated::<T>(currency, other::<T>(2), organisation, false, T::Clock::now());

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, USED, reason());

        assert!(Accounts::<T>::get(grant).open.is_some_and(|open| open.dispute.is_some()));
        Ok(())
    }

    #[benchmark]
    fn restate_usage() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let grant = stated::<T>(currency, organisation, other::<T>(2), true, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant, USED, [8; 32]);

        assert!(Accounts::<T>::get(grant).open.is_some_and(|open| open.dispute.is_none()));
        Ok(())
    }

    #[benchmark]
    fn rule_usage() -> Result<(), BenchmarkError> {
        let origin = T::CouncilOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let currency = currency::<T>(other::<T>(1))?;
        let grant = stated::<T>(currency, other::<T>(2), other::<T>(3), true, 0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, grant, USED, reason());

        assert_eq!(Accounts::<T>::get(grant).matured, USED);
        Ok(())
    }

    #[benchmark]
    fn bill() -> Result<(), BenchmarkError> {
        let (caller, _) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let grant = T::Grants::add_priced(other::<T>(2), other::<T>(3), metered(currency));
        let account = GrantAccount { statements: 1, matured: USED, ..GrantAccount::default() };
        Accounts::<T>::insert(grant, account);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), grant);

        assert!(Accounts::<T>::get(grant).billed > 0);
        Ok(())
    }

    #[benchmark]
    fn reverse() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let obligation = billed::<T>(currency, other::<T>(2), organisation, ObligationState::Open);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), obligation, 1_000, reason());

        assert_eq!(ObligationCount::<T>::get(), obligation.saturating_add(1));
        Ok(())
    }

    /// All that is free is paid while a withdrawal waits.
    #[benchmark]
    fn pay() -> Result<(), BenchmarkError> {
        let ((caller, organisation), agent) = (member::<T>(), other::<T>(1));
        let currency = currency::<T>(agent)?;
        fund::<T>(currency, organisation, 1_001)?;
        Pallet::<T>::hold(crate::HoldReason::Withdrawal, currency, organisation, 1)?;
        settled::<T>(currency, agent, organisation)?;
        let obligation = billed::<T>(currency, organisation, other::<T>(2), ObligationState::Open);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), obligation);

        assert_eq!(state_of::<T>(obligation)?, ObligationState::Settled);
        Ok(())
    }

    #[benchmark]
    fn declare_payment() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let obligation = billed::<T>(currency, organisation, other::<T>(2), ObligationState::Open);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), obligation, reference(1));

        assert!(BankReferences::<T>::contains_key(reference(1).uetr));
        Ok(())
    }

    #[benchmark]
    fn confirm_payment() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let obligation = billed::<T>(currency, other::<T>(2), organisation, ObligationState::Declared);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), obligation);

        assert_eq!(state_of::<T>(obligation)?, ObligationState::Booked);
        Ok(())
    }

    #[benchmark]
    fn deny_payment() -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(other::<T>(1))?;
        let obligation = billed::<T>(currency, other::<T>(2), organisation, ObligationState::Declared);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), obligation, reason());

        assert_eq!(state_of::<T>(obligation)?, ObligationState::Open);
        Ok(())
    }

    #[benchmark]
    fn open_cycle() -> Result<(), BenchmarkError> {
        let (caller, agent) = member::<T>();
        let currency = currency::<T>(agent)?;
        let now = T::Clock::now();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), currency, now, Moment::MAX);

        assert_eq!(LastCycle::<T>::get(currency), 1);
        Ok(())
    }

    /// A page of obligations, and positions of as many organisations as there can be. Each obligation is between two
    /// others as far as there are so many.
    #[benchmark]
    fn advance_cycle(n: Linear<0, 799>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(organisation)?;
        let half = T::MaxOrganisations::get().saturating_div(2);
        for number in 0..n {
            let debtor = OrganisationId(number.checked_rem(half).unwrap_or_default().saturating_add(1));
            let creditor = OrganisationId(debtor.0.saturating_add(half));
            owe::<T>(currency, debtor, creditor, ObligationState::Open);
        }
        let cycle = running::<T>(currency, organisation, CyclePhase::Collecting, T::MaxOrganisations::get())?;

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), currency, n.saturating_add(1));

        assert!(Cycles::<T>::get(cycle).is_some_and(|info| info.phase == CyclePhase::Funding));
        Ok(())
    }

    /// Every organisation pays all that is free while a withdrawal waits. The cycle is settled, and the money moves.
    #[benchmark]
    fn settle_cycle(n: Linear<1, 140>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(organisation)?;
        for debtor in 1..=n {
            have::<T>(currency, OrganisationId(debtor))?;
        }
        let cycle = running::<T>(currency, organisation, CyclePhase::Funding, n)?;

        #[extrinsic_call]
        advance_cycle(RawOrigin::Signed(caller), currency, n.saturating_mul(5));

        assert!(Cycles::<T>::get(cycle).is_some_and(|info| info.moved));
        Ok(())
    }

    /// As many debtors as there can be were short, and the last ones have money now.
    #[benchmark]
    fn fund_late(n: Linear<1, 140>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(organisation)?;
        let all = T::MaxOrganisations::get();
        running::<T>(currency, organisation, CyclePhase::Funding, all)?;
        all_short::<T>(currency);
        for debtor in all.saturating_sub(n).saturating_add(1)..=all {
            have::<T>(currency, OrganisationId(debtor))?;
        }

        #[extrinsic_call]
        advance_cycle(RawOrigin::Signed(caller), currency, n.saturating_mul(5));

        let left = CycleWork::<T>::get(currency).map(|work| work.short.len());
        assert_eq!(left, usize::try_from(all.saturating_sub(n)).ok());
        Ok(())
    }

    /// As many debtors as there can be are short, and their time is over.
    #[benchmark]
    fn name_defaulters(n: Linear<1, 140>) -> Result<(), BenchmarkError> {
        let (caller, organisation) = member::<T>();
        let currency = currency::<T>(organisation)?;
        let cycle = running::<T>(currency, organisation, CyclePhase::Funding, T::MaxOrganisations::get())?;
        all_short::<T>(currency);
        Cycles::<T>::mutate(cycle, |info| {
            if let Some(info) = info {
                info.deadline = 0;
            }
        });

        #[extrinsic_call]
        advance_cycle(RawOrigin::Signed(caller), currency, n.saturating_mul(5));

        let named = CycleWork::<T>::get(currency).map(|work| work.defaulters.len());
        assert_eq!(named, usize::try_from(n).ok());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder::default().build(), crate::mock::Test);
}
