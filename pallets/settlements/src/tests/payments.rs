use super::billing::{billed, info, latest, waits};
use crate::{mock::*, BankReferences, Error, Event};
use citynet_primitives::{
    BankReference, Body, CycleId, CyclePhase, ObligationInfo, ObligationState, OrganisationStatus, Text,
};
use citynet_support::mock::{MockClock, MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

/// The university pays the city on the ledger.
fn pay(obligation: u64) -> DispatchResult {
    Settlements::pay(signed(treasurer(UNIVERSITY)), obligation)
}

/// The university says that it paid by bank.
fn declare(obligation: u64, reference: BankReference) -> DispatchResult {
    Settlements::declare_payment(signed(treasurer(UNIVERSITY)), obligation, reference)
}

/// The city has the payment.
fn confirm(obligation: u64) -> DispatchResult {
    Settlements::confirm_payment(signed(treasurer(CITY)), obligation)
}

/// The city does not have the payment.
fn deny(obligation: u64) -> DispatchResult {
    Settlements::deny_payment(signed(treasurer(CITY)), obligation, reason())
}

/// The university takes its declaration back.
fn withdraw(obligation: u64) -> DispatchResult {
    Settlements::withdraw_declaration(signed(treasurer(UNIVERSITY)), obligation)
}

fn state(obligation: u64) -> ObligationState {
    info(obligation).state
}

/// An obligation whose payment is declared now.
fn declared(amount: u64, reference: BankReference) -> u64 {
    let obligation = billed(amount);
    assert_ok!(declare(obligation, reference));
    obligation
}

#[test]
fn pays_at_once() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 150);
        let obligation = billed(100);
        let before = info(obligation);
        assert!(waits(obligation));
        assert_ok!(pay(obligation));
        assert_eq!((free(UNIVERSITY), free(CITY)), (50, 100));
        assert_eq!(info(obligation), ObligationInfo { state: ObligationState::Settled, ..before });
        assert!(!waits(obligation));
        let record = assert_recorded(&treasurer(UNIVERSITY), &[UNIVERSITY, CITY], &Body::ObligationPaid { obligation });
        assert_eq!(last_event(), Event::ObligationPaid { obligation, record });
        assert_noop!(pay(obligation), Error::<Test>::NotOpen);
        assert_eq!((free(UNIVERSITY), free(CITY)), (50, 100));
    });
}

#[test]
fn pays_with_free_money_to_the_last_unit() {
    ExtBuilder::default().run(|| {
        let [first, second] = [(); 2].map(|()| billed(100));
        assert_noop!(pay(first), Error::<Test>::FundsUnavailable);
        fund(UNIVERSITY, 99);
        assert_noop!(pay(first), Error::<Test>::FundsUnavailable);
        fund(UNIVERSITY, 1);
        assert_ok!(pay(first));
        assert_eq!((free(UNIVERSITY), free(CITY)), (0, 100));

        // What is on hold pays nothing, and stays where it is.
        fund(UNIVERSITY, 150);
        let request = |amount| Settlements::request_withdrawal(signed(treasurer(UNIVERSITY)), RUB, amount, [1; 32]);
        assert_ok!(request(50));
        assert_ok!(request(1));
        assert_noop!(pay(second), Error::<Test>::FundsUnavailable);
        fund(UNIVERSITY, 1);
        assert_ok!(pay(second));
        assert_eq!((free(UNIVERSITY), held(UNIVERSITY), free(CITY)), (0, 51, 200));
    });
}

#[test]
fn refuses_to_pay() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 100);
        fund(CITY, 100);
        let obligation = billed(100);
        let call = |origin| Settlements::pay(origin, obligation);
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        for account in [attestor(UNIVERSITY), registrar(UNIVERSITY)] {
            assert_noop!(call(signed(account)), MockMembership::NOT_AUTHORIZED);
        }
        for organisation in [CITY, CLINIC] {
            assert_noop!(call(signed(treasurer(organisation))), Error::<Test>::NotDebtor);
        }
        for unknown in [0, 2, u64::MAX] {
            assert_noop!(pay(unknown), Error::<Test>::UnknownObligation);
        }
        MockJournal::fail(true);
        assert_noop!(pay(obligation), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(declare(obligation, reference(1)));
        assert_noop!(pay(obligation), Error::<Test>::NotOpen);
        assert_ok!(confirm(obligation));
        assert_noop!(pay(obligation), Error::<Test>::NotOpen);
        MockMembership::set_status(UNIVERSITY, OrganisationStatus::Suspended);
        assert_noop!(pay(obligation), MockMembership::NOT_MEMBER);
    });
}

#[test]
fn what_a_cycle_has_is_not_paid_besides() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        MockClock::advance(1);
        assert_ok!(Settlements::open_cycle(signed(treasurer(BANK)), RUB, now(), now() + HOUR));
        let step = || Settlements::advance_cycle(signed(treasurer(BANK)), RUB, MAX_PAGE);
        assert_ok!(step());
        fund(UNIVERSITY, 200);
        assert_eq!(state(obligation), ObligationState::Netting);
        assert_noop!(pay(obligation), Error::<Test>::NotOpen);
        assert_noop!(declare(obligation, reference(1)), Error::<Test>::NotOpen);
        assert_noop!(confirm(obligation), Error::<Test>::NotDeclared);

        assert_ok!(step());
        let cycle = CycleId { currency: RUB, number: 1 };
        assert_eq!(Settlements::cycle(cycle).map(|cycle| cycle.phase), Some(CyclePhase::Settled));
        assert_eq!(state(obligation), ObligationState::Settled);
        assert_noop!(pay(obligation), Error::<Test>::NotOpen);
        assert_noop!(declare(obligation, reference(1)), Error::<Test>::NotOpen);
        assert_eq!((free(UNIVERSITY), free(CITY)), (100, 100));
    });
}

#[test]
fn declares_a_payment_and_confirms_it() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        let before = info(obligation);
        MockClock::advance(DAY);
        let payment = reference(7);
        assert_ok!(declare(obligation, payment));
        let declared = ObligationInfo {
            state: ObligationState::Declared,
            payment: Some(payment),
            declared: Some(now()),
            ..before
        };
        assert_eq!(info(obligation), declared);
        assert!(!waits(obligation));
        assert!(BankReferences::<Test>::contains_key(payment.uetr));
        let body = Body::PaymentDeclared { obligation, reference: payment };
        let record = assert_recorded(&treasurer(UNIVERSITY), &[UNIVERSITY, CITY], &body);
        assert_eq!(last_event(), Event::PaymentDeclared { obligation, record });

        assert_ok!(confirm(obligation));
        assert_eq!(info(obligation), ObligationInfo { state: ObligationState::Booked, ..declared });
        assert!(!waits(obligation));
        let body = Body::PaymentAnswered { obligation, confirmed: true, reason: Text::default() };
        let record = assert_recorded(&treasurer(CITY), &[CITY, UNIVERSITY], &body);
        assert_eq!(last_event(), Event::PaymentConfirmed { obligation, record });
        // The ledger's money had no part in it.
        assert_eq!((free(UNIVERSITY), free(CITY)), (0, 0));

        assert_noop!(confirm(obligation), Error::<Test>::NotDeclared);
        assert_noop!(deny(obligation), Error::<Test>::NotDeclared);
        assert_noop!(withdraw(obligation), Error::<Test>::NotDeclared);
        assert_noop!(declare(obligation, reference(8)), Error::<Test>::NotOpen);
    });
}

#[test]
fn what_is_denied_is_owed_again() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        let before = info(obligation);
        MockClock::advance(DAY);
        assert_ok!(declare(obligation, reference(7)));
        assert_ok!(deny(obligation));
        // It arose when it arose.
        assert_eq!(info(obligation), before);
        assert!(waits(obligation));
        let body = Body::PaymentAnswered { obligation, confirmed: false, reason: reason() };
        let record = assert_recorded(&treasurer(CITY), &[CITY, UNIVERSITY], &body);
        assert_eq!(last_event(), Event::PaymentDenied { obligation, record });
        assert_noop!(deny(obligation), Error::<Test>::NotDeclared);

        assert_noop!(declare(obligation, reference(7)), Error::<Test>::ReferenceUsed);
        assert_ok!(declare(obligation, reference(8)));
        assert_ok!(deny(obligation));
        fund(UNIVERSITY, 100);
        assert_ok!(pay(obligation));
    });
}

#[test]
fn what_nobody_answers_is_taken_back() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        let before = info(obligation);
        assert_ok!(declare(obligation, reference(7)));
        assert_noop!(withdraw(obligation), Error::<Test>::ConfirmationPending);
        MockClock::advance(CONFIRMATION_WINDOW - 1);
        assert_noop!(withdraw(obligation), Error::<Test>::ConfirmationPending);
        MockClock::advance(1);
        assert_ok!(withdraw(obligation));
        assert_eq!(info(obligation), before);
        assert!(waits(obligation));
        let body = Body::DeclarationWithdrawn { obligation };
        let record = assert_recorded(&treasurer(UNIVERSITY), &[UNIVERSITY, CITY], &body);
        assert_eq!(last_event(), Event::DeclarationWithdrawn { obligation, record });

        assert_noop!(withdraw(obligation), Error::<Test>::NotDeclared);
        assert_noop!(confirm(obligation), Error::<Test>::NotDeclared);
        assert_noop!(declare(obligation, reference(7)), Error::<Test>::ReferenceUsed);
    });
}

#[test]
fn the_creditor_can_answer_until_it_is_taken_back() {
    ExtBuilder::default().run(|| {
        let [confirmed, denied] = [1, 2].map(|number| declared(10, reference(number)));
        MockClock::advance(10 * CONFIRMATION_WINDOW);
        assert_ok!(confirm(confirmed));
        assert_ok!(deny(denied));
        assert_eq!((state(confirmed), state(denied)), (ObligationState::Booked, ObligationState::Open));
    });
}

#[test]
fn a_payment_by_bank_is_named_once() {
    ExtBuilder::default().run(|| {
        let [first, second] = [(); 2].map(|()| billed(100));
        let bank = || signed(treasurer(BANK));
        // Deposits and withdrawals are payments too.
        assert_ok!(Settlements::deposit(bank(), RUB, UNIVERSITY, 10, reference(1)));
        assert_ok!(Settlements::request_withdrawal(signed(treasurer(UNIVERSITY)), RUB, 10, [1; 32]));
        assert_ok!(Settlements::complete_withdrawal(bank(), 1, reference(2)));
        assert_ok!(declare(first, reference(3)));
        for number in [1, 2, 3] {
            let payment = reference(number);
            assert_noop!(declare(second, payment), Error::<Test>::ReferenceUsed);
            // Whatever the notification of it.
            let other = BankReference { notification: [0xee; 32], ..payment };
            assert_noop!(declare(second, other), Error::<Test>::ReferenceUsed);
            assert_noop!(Settlements::deposit(bank(), RUB, CITY, 10, payment), Error::<Test>::ReferenceUsed);
        }
        assert_ok!(confirm(first));
        assert_noop!(declare(second, reference(3)), Error::<Test>::ReferenceUsed);
        assert_ok!(declare(second, reference(4)));
    });
}

#[test]
fn refuses_declarations() {
    ExtBuilder::default().run(|| {
        let obligation = billed(100);
        let call = |origin| Settlements::declare_payment(origin, obligation, reference(1));
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        for account in [attestor(UNIVERSITY), registrar(UNIVERSITY)] {
            assert_noop!(call(signed(account)), MockMembership::NOT_AUTHORIZED);
        }
        for organisation in [CITY, CLINIC] {
            assert_noop!(call(signed(treasurer(organisation))), Error::<Test>::NotDebtor);
        }
        assert_noop!(declare(99, reference(1)), Error::<Test>::UnknownObligation);
        MockJournal::fail(true);
        assert_noop!(declare(obligation, reference(1)), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(declare(obligation, reference(1)));
        assert_noop!(declare(obligation, reference(2)), Error::<Test>::NotOpen);

        fund(UNIVERSITY, 100);
        let paid = billed(100);
        assert_ok!(pay(paid));
        assert_noop!(declare(paid, reference(2)), Error::<Test>::NotOpen);
    });
}

#[test]
fn refuses_answers() {
    ExtBuilder::default().run(|| {
        let open = billed(100);
        for answer in [confirm, deny] {
            assert_noop!(answer(open), Error::<Test>::NotDeclared);
            assert_noop!(answer(99), Error::<Test>::UnknownObligation);
        }
        let obligation = declared(100, reference(1));
        assert_eq!(latest(), obligation);
        let calls: [fn(RuntimeOrigin, u64) -> DispatchResult; 2] =
            [Settlements::confirm_payment, |origin, obligation| {
                Settlements::deny_payment(origin, obligation, reason())
            }];
        for call in calls {
            assert_noop!(call(RuntimeOrigin::none(), obligation), DispatchError::BadOrigin);
            assert_noop!(call(RuntimeOrigin::root(), obligation), DispatchError::BadOrigin);
            assert_noop!(call(signed(nobody()), obligation), MockMembership::NOT_MEMBER);
            for account in [attestor(CITY), registrar(CITY)] {
                assert_noop!(call(signed(account), obligation), MockMembership::NOT_AUTHORIZED);
            }
            for organisation in [UNIVERSITY, CLINIC] {
                assert_noop!(call(signed(treasurer(organisation)), obligation), Error::<Test>::NotCreditor);
            }
        }
        for reason in [text(""), bytes(&[0xff])] {
            let call = || Settlements::deny_payment(signed(treasurer(CITY)), obligation, reason.clone());
            assert_noop!(call(), Error::<Test>::InvalidText);
        }
        MockJournal::fail(true);
        for answer in [confirm, deny] {
            assert_noop!(answer(obligation), MockJournal::FAILURE);
        }
        MockJournal::fail(false);
        assert_ok!(confirm(obligation));
    });
}

#[test]
fn refuses_to_take_declarations_back() {
    ExtBuilder::default().run(|| {
        let open = billed(100);
        MockClock::advance(CONFIRMATION_WINDOW);
        assert_noop!(withdraw(open), Error::<Test>::NotDeclared);
        let obligation = declared(100, reference(1));
        MockClock::advance(CONFIRMATION_WINDOW);
        let call = |origin| Settlements::withdraw_declaration(origin, obligation);
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        for account in [attestor(UNIVERSITY), registrar(UNIVERSITY)] {
            assert_noop!(call(signed(account)), MockMembership::NOT_AUTHORIZED);
        }
        for organisation in [CITY, CLINIC] {
            assert_noop!(call(signed(treasurer(organisation))), Error::<Test>::NotDebtor);
        }
        assert_noop!(withdraw(99), Error::<Test>::UnknownObligation);
        MockJournal::fail(true);
        assert_noop!(withdraw(obligation), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(withdraw(obligation));
    });
}
