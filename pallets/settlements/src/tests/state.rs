use super::netting::{compute, open_later, owe, phase, step};
use crate::{
    mock::*, netting::Work, queue::waiting, Accounts, BankReferences, Currencies, CurrencyCount, CycleWork, Cycles,
    Escrows, LastCycle, Listed, Netted, ObligationCount, Obligations, Positions, Share, Supply, WithdrawalCount,
    Withdrawals, Word,
};
use citynet_primitives::{
    CycleId, CycleInfo, CyclePhase, GrantAccount, GrantId, ObligationInfo, ObligationState, WithdrawalInfo,
};
use citynet_support::mock::{MockClock, MockGrants};
use frame_support::{assert_err, assert_ok};

/// A sound state to spoil: something of everything.
struct Sound {
    /// A settled cycle, with one obligation.
    settled: CycleId,
    /// Its obligation, which another one reverses.
    netted: u64,
    /// What reverses it in part, open.
    reversal: u64,
    /// Declared as paid by bank.
    declared: u64,
    /// A metered grant with a bill.
    metered: GrantId,
    /// A grant whose price is on hold.
    offered: GrantId,
    /// A withdrawal that waits.
    withdrawal: u64,
}

fn sound() -> Sound {
    fund(CITY, 1_000);
    let netted = owe(CITY, UNIVERSITY, 10);
    let settled = open_later();
    compute(settled);
    assert_ok!(step());
    assert_eq!(phase(settled), CyclePhase::Settled);

    MockClock::advance(1);
    assert_ok!(Settlements::reverse(signed(treasurer(UNIVERSITY)), netted, 4, reason()));
    let reversal = ObligationCount::<Test>::get();
    let declared = owe(CITY, TELECOM, 5);
    assert_ok!(Settlements::declare_payment(signed(treasurer(CITY)), declared, reference(1)));
    let metered = active_grant(metered_price(3, 2));
    report(metered, accesses(10));
    assert_ok!(Settlements::state_usage(signed(attestor(CITY)), metered, accesses(5), ROOT));
    MockClock::advance(DISPUTE_WINDOW);
    assert_ok!(Settlements::bill(signed(treasurer(CITY)), metered));
    fund(UNIVERSITY, 100);
    let offered = offered_grant(fixed_price(7));
    assert_ok!(Settlements::hold_price(signed(treasurer(UNIVERSITY)), offered));
    assert_ok!(Settlements::request_withdrawal(signed(treasurer(CITY)), RUB, 8, [1; 32]));
    let withdrawal = WithdrawalCount::<Test>::get();
    Sound { settled, netted, reversal, declared, metered, offered, withdrawal }
}

/// Spoils a sound state and checks that `try_state` notices.
#[track_caller]
fn assert_unsound(spoil: impl FnOnce(&Sound), complaint: &'static str) {
    ExtBuilder::default().build().execute_with(|| {
        let sound = sound();
        assert_ok!(Settlements::do_try_state());
        spoil(&sound);
        assert_err!(Settlements::do_try_state(), complaint);
    });
}

fn change(obligation: u64, change: impl FnOnce(&mut ObligationInfo)) {
    Obligations::<Test>::mutate(obligation, |info| change(info.as_mut().expect("the test made the obligation")));
}

fn change_cycle(cycle: CycleId, change: impl FnOnce(&mut CycleInfo)) {
    Cycles::<Test>::mutate(cycle, |info| change(info.as_mut().expect("the test made the cycle")));
}

#[test]
fn an_empty_ledger_is_sound() {
    ExtBuilder::default().without_currency().run(|| ());
}

#[test]
fn numbers_are_dense() {
    let currency = "a currency is missing, or has a number that was never given";
    assert_unsound(|_| CurrencyCount::<Test>::put(2), currency);
    assert_unsound(|_| CurrencyCount::<Test>::put(0), currency);
    let obligation = "an obligation is missing, or has a number that was never given";
    assert_unsound(|_| ObligationCount::<Test>::mutate(|count| *count += 1), obligation);
    assert_unsound(|sound| Obligations::<Test>::remove(sound.declared), obligation);
    let withdrawal = "a withdrawal has a number that was never given";
    assert_unsound(|_| WithdrawalCount::<Test>::put(0), withdrawal);
}

#[test]
fn money_is_accounted_for() {
    let differs = "there is more or less money than was deposited";
    assert_unsound(|_| Supply::<Test>::mutate(RUB, |supply| *supply += 1), differs);
    assert_unsound(|_| Supply::<Test>::insert(NO_CURRENCY, 1), "money of no currency was deposited");
}

#[test]
fn holds_are_owned() {
    let add = |info: &mut Option<WithdrawalInfo>| info.as_mut().expect("the test made it").amount += 1;
    assert_unsound(
        |sound| Withdrawals::<Test>::mutate(sound.withdrawal, add),
        "other money is on hold than is to be paid out",
    );
    assert_unsound(
        |sound| Escrows::<Test>::insert(sound.offered, (RUB, UNIVERSITY, 6)),
        "other money is on hold than is kept for grants",
    );
}

#[test]
fn lists_are_sound() {
    let none = CycleId { currency: RUB, number: 77 };
    assert_unsound(|_| Listed::<Test>::insert(none, (0, 0), Word::default()), "an empty word of a list is kept");
    let mut word = Word::default();
    word.insert(3);
    assert_unsound(|_| Listed::<Test>::insert(none, (8, 0), word), "a list has too many levels");
    assert_unsound(|_| Listed::<Test>::insert(none, (7, 0), word), "a list names a word that is not there");
    assert_unsound(|_| Listed::<Test>::insert(none, (0, 0), word), "a list does not find one of its words");
}

#[test]
fn what_is_open_waits_and_nothing_else_does() {
    let missing = "an obligation is not in its list";
    assert_unsound(|sound| Settlements::dequeue(RUB, sound.reversal), missing);
    assert_unsound(|sound| Settlements::unlist(sound.settled, sound.netted), missing);
    let twice = "an obligation is in two lists, or in one where it does not belong";
    assert_unsound(|sound| Settlements::enqueue(RUB, sound.netted), twice);
    assert_unsound(|sound| Settlements::enqueue(RUB, sound.declared), twice);
    assert_unsound(|_| Settlements::list(waiting(NO_CURRENCY), 1), twice);
}

#[test]
fn obligations_are_sound() {
    assert_unsound(|sound| change(sound.declared, |info| info.amount = 0), "an obligation is of nothing");
    let cycle = "an obligation's cycle does not fit its state";
    assert_unsound(|sound| change(sound.netted, |info| info.cycle = 0), cycle);
    assert_unsound(|sound| change(sound.reversal, |info| info.cycle = 1), cycle);
    let payment = "an obligation's payment does not fit its state";
    assert_unsound(|sound| change(sound.declared, |info| info.payment = None), payment);
    assert_unsound(|sound| change(sound.reversal, |info| info.payment = Some(reference(1))), payment);
    let declared = "when a payment was declared does not fit its state";
    assert_unsound(|sound| change(sound.declared, |info| info.declared = None), declared);
    assert_unsound(
        |sound| change(sound.declared, |info| info.currency = NO_CURRENCY),
        "an obligation is in no currency",
    );
    assert_unsound(
        |sound| change(sound.declared, |info| info.since = 0),
        "an obligation arose before one with a lower number",
    );
    assert_unsound(|_| BankReferences::<Test>::remove(reference(1).uetr), "a payment can be declared twice");
}

#[test]
fn reversals_add_up() {
    assert_unsound(
        |sound| change(sound.reversal, |info| info.reverses = Some(sound.reversal)),
        "an obligation reverses one that came after it",
    );
    assert_unsound(|sound| change(sound.reversal, |info| info.reverses = Some(0)), "an obligation reverses none");
    assert_unsound(
        |sound| change(sound.reversal, |info| info.debtor = CITY),
        "an obligation reverses one of other parties",
    );
    assert_unsound(|sound| change(sound.netted, |info| info.reversed += 1), "reversals do not add up");
    assert_unsound(
        |sound| {
            change(sound.netted, |info| info.reversed = 11);
            change(sound.reversal, |info| info.amount = 11);
        },
        "more of an obligation is reversed than it is",
    );
}

#[test]
fn bills_add_up() {
    let change = |grant: GrantId, change: fn(&mut GrantAccount)| Accounts::<Test>::mutate(grant, change);
    assert_unsound(|sound| change(sound.metered, |account| account.billed += 1), "bills of a grant do not add up");
    assert_unsound(
        |sound| change(sound.metered, |account| account.matured.accesses = 4),
        "more is billed of a grant than its use costs",
    );
    assert_unsound(
        |sound| MockGrants::change(sound.metered, |facts| facts.used.accesses = 4),
        "more use of a grant is stated than was reported",
    );
    let nothing = || GrantAccount::default();
    assert_unsound(|_| Accounts::<Test>::insert(GrantId(77), nothing()), "a grant is billed that does not exist");
    assert_unsound(|sound| Accounts::<Test>::remove(sound.metered), "a grant without an account is billed");
}

#[test]
fn cycles_are_sound() {
    assert_unsound(
        |sound| {
            let info = Cycles::<Test>::get(sound.settled).unwrap();
            Cycles::<Test>::insert(CycleId { currency: NO_CURRENCY, number: 1 }, info);
        },
        "a cycle is in no currency",
    );
    assert_unsound(|_| LastCycle::<Test>::insert(RUB, 0), "a cycle has a number that was never given");
    assert_unsound(
        |sound| {
            LastCycle::<Test>::insert(RUB, 2);
            change_cycle(sound.settled, |info| (info.phase, info.moved) = (CyclePhase::Funding, false));
        },
        "a cycle runs beside a later one",
    );
    assert_unsound(
        |sound| change_cycle(sound.settled, |info| info.deadline = info.cutoff),
        "a cycle ends before it begins",
    );
    assert_unsound(|sound| change_cycle(sound.settled, |info| info.head.count = 0), "a cycle has no record");
    assert_unsound(
        |sound| change_cycle(sound.settled, |info| info.phase = CyclePhase::Empty),
        "a cycle moved money that it did not settle",
    );
    assert_unsound(
        |sound| change_cycle(sound.settled, |info| info.cutoff -= 1),
        "a cycle has an obligation from after its cut-off",
    );
    let differs = "a cycle does not add up";
    assert_unsound(|sound| change_cycle(sound.settled, |info| info.gross += 1), differs);
    assert_unsound(|sound| change_cycle(sound.settled, |info| info.obligations += 1), differs);
    assert_unsound(|sound| change_cycle(sound.settled, |info| info.root = [0; 32]), differs);
    assert_unsound(
        |sound| change_cycle(sound.settled, |info| (info.phase, info.moved) = (CyclePhase::Empty, false)),
        "an empty cycle has obligations",
    );
    assert_unsound(
        |sound| Positions::<Test>::remove(sound.settled),
        "a cycle's positions are not those of its obligations",
    );
    assert_unsound(|sound| change_cycle(sound.settled, |info| info.net += 1), "a cycle's positions do not sum to zero");
}

#[test]
fn a_cycle_of_nothing_is_not_settled() {
    assert_unsound(
        |_| {
            let cycle = open_later();
            // What is open arose before the cut-off, so it must wait for another cycle.
            change_cycle(cycle, |info| (info.phase, info.moved) = (CyclePhase::Settled, true));
            CycleWork::<Test>::remove(RUB);
        },
        "a cycle of nothing is settled",
    );
}

#[test]
fn shares_are_of_cycles() {
    let pays = Share { pays: 1, gets: 0 };
    assert_unsound(
        |_| Netted::<Test>::insert(RUB, CITY, Share { pays: 1, gets: 1 }),
        "an organisation both pays and gets in a cycle",
    );
    assert_unsound(|_| Netted::<Test>::insert(RUB, CITY, pays), "money of a cycle is left that is over");
    assert_unsound(
        |_| {
            compute(open_later());
            Netted::<Test>::insert(RUB, BANK, pays);
        },
        "an organisation pays or gets in a cycle that it is not in",
    );
    assert_unsound(
        |_| {
            compute(open_later());
            Netted::<Test>::insert(RUB, UNIVERSITY, pays);
        },
        "other money is on hold than a cycle takes",
    );
    assert_unsound(
        |_| {
            owe(CITY, TELECOM, 9);
            let cycle = open_later();
            compute(cycle);
            while phase(cycle) == CyclePhase::Funding {
                assert_ok!(Settlements::advance_cycle(signed(treasurer(CITY)), RUB, 1));
            }
            Netted::<Test>::mutate(RUB, TELECOM, |share| share.as_mut().expect("it gets money").gets += 1);
        },
        "a settled cycle moves other money than it settled",
    );
}

#[test]
fn work_is_of_cycles() {
    let differs = "work is kept of no cycle, or is missing";
    assert_unsound(|_| CycleWork::<Test>::insert(RUB, Work::default()), differs);
    assert_unsound(
        |_| {
            open_later();
            CycleWork::<Test>::remove(RUB);
        },
        differs,
    );
    assert_unsound(|_| LastCycle::<Test>::insert(RUB, 2), "a cycle is missing");
}

#[test]
fn a_state_of_every_phase_is_sound() {
    ExtBuilder::default().run(|| {
        let sound = sound();
        assert_eq!(Settlements::obligation(sound.netted).unwrap().state, ObligationState::Settled);
        assert!(Currencies::<Test>::contains_key(RUB));
        let cycle = open_later();
        assert_ok!(Settlements::do_try_state());
        compute(cycle);
        assert_ok!(Settlements::do_try_state());
    });
}
