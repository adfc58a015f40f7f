use crate::{mock::*, BankReferences, Error, Escrows, Event, HoldReason, Supply, Withdrawals};
use citynet_primitives::{
    Amount, BankReference, Body, CurrencyInfo, GrantId, GrantState, Hash, OrganisationId, Price, Text, WithdrawalInfo,
};
use citynet_support::{
    mock::{MockGrants, MockJournal, MockMembership},
    Payments,
};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::DispatchResult,
    traits::fungibles::{Inspect, InspectHold},
};
use sp_runtime::DispatchError;

const ACCOUNT: Hash = [0xac; 32];

fn create(symbol: Text<8>, exponent: u8, agent: OrganisationId) -> DispatchResult {
    Settlements::create_currency(RuntimeOrigin::root(), symbol, exponent, agent)
}

fn deposit(organisation: OrganisationId, amount: Amount, reference: BankReference) -> DispatchResult {
    Settlements::deposit(signed(treasurer(BANK)), RUB, organisation, amount, reference)
}

fn request(organisation: OrganisationId, amount: Amount) -> DispatchResult {
    Settlements::request_withdrawal(signed(treasurer(organisation)), RUB, amount, ACCOUNT)
}

fn complete(withdrawal: u64, reference: BankReference) -> DispatchResult {
    Settlements::complete_withdrawal(signed(treasurer(BANK)), withdrawal, reference)
}

fn give_back(withdrawal: u64) -> DispatchResult {
    Settlements::return_withdrawal(signed(treasurer(BANK)), withdrawal, reason())
}

fn hold_price(grant: GrantId) -> DispatchResult {
    Settlements::hold_price(signed(treasurer(UNIVERSITY)), grant)
}

fn release_price(grant: GrantId) -> DispatchResult {
    Settlements::release_price(signed(treasurer(UNIVERSITY)), grant)
}

fn pay_and_accept(grant: GrantId) -> DispatchResult {
    Settlements::pay_and_accept(signed(buyer(UNIVERSITY)), grant, MockGrants::TERMS)
}

#[test]
fn the_council_creates_a_currency() {
    ExtBuilder::default().without_currency().run(|| {
        assert_ok!(create(text("RUB"), 2, BANK));
        let info = CurrencyInfo { symbol: text("RUB"), exponent: 2, agent: BANK };
        assert_eq!(Settlements::currencies(), [(RUB, info.clone())]);
        assert!(Assets::asset_exists(RUB));
        let last = MockJournal::last().expect("there is a record").record;
        assert_eq!(last.body, Body::CurrencyCreated { currency: RUB, info });
        assert_eq!(last.organisation, OrganisationId::CONSORTIUM);
        assert_eq!(last_event(), Event::CurrencyCreated { currency: RUB, record: last.index });

        assert_ok!(create(text("POINTS01"), 18, CITY));
        assert_eq!(Settlements::currencies().len(), 2);
    });
}

#[test]
fn a_currency_needs_a_symbol_an_exponent_and_an_agent() {
    ExtBuilder::default().run(|| {
        for symbol in ["RU", "", "rub", "RU ", "РУ"] {
            assert_noop!(create(text(symbol), 2, BANK), Error::<Test>::InvalidSymbol);
        }
        assert_noop!(create(text("USD"), 19, BANK), Error::<Test>::InvalidExponent);
        assert_noop!(create(text("USD"), 2, GONE), Error::<Test>::OrganisationInactive);
        let by_member = Settlements::create_currency(signed(treasurer(BANK)), text("USD"), 2, BANK);
        assert_noop!(by_member, DispatchError::BadOrigin);
        MockJournal::fail(true);
        assert_noop!(create(text("USD"), 2, BANK), MockJournal::FAILURE);
        MockJournal::fail(false);
    });
}

#[test]
fn no_currency_is_made_when_the_numbers_are_used_up() {
    ExtBuilder::default().build().execute_with(|| {
        crate::CurrencyCount::<Test>::put(u32::MAX);
        assert_noop!(create(text("USD"), 2, BANK), Error::<Test>::NumbersExhausted);
    });
}

#[test]
fn an_agent_mints_what_was_deposited() {
    ExtBuilder::default().run(|| {
        assert_ok!(deposit(CITY, 500, reference(1)));
        assert_eq!(Settlements::balance(RUB, CITY), (500, 0));
        assert_eq!((Supply::<Test>::get(RUB), Assets::total_issuance(RUB)), (500, 500));
        let body = Body::Deposited { currency: RUB, organisation: CITY, amount: 500, reference: reference(1) };
        let record = assert_recorded(&treasurer(BANK), &[BANK, CITY], &body);
        assert_eq!(last_event(), Event::Deposited { currency: RUB, organisation: CITY, amount: 500, record });
    });
}

#[test]
fn one_deposit_mints_once() {
    ExtBuilder::default().run(|| {
        assert_ok!(deposit(CITY, 500, reference(1)));
        assert_noop!(deposit(CITY, 500, reference(1)), Error::<Test>::ReferenceUsed);
        // It is the payment that counts, not what is said of it.
        let other = BankReference { notification: [9; 32], ..reference(1) };
        assert_noop!(deposit(UNIVERSITY, 1, other), Error::<Test>::ReferenceUsed);
    });
}

#[test]
fn a_payment_is_named_by_a_uuid_of_version_4() {
    ExtBuilder::default().run(|| {
        let with = |change: fn(&mut BankReference)| {
            let mut reference = reference(1);
            change(&mut reference);
            reference
        };
        let wrong = [
            BankReference { uetr: [0; 16], notification: [1; 32] },
            BankReference { uetr: [0xff; 16], notification: [1; 32] },
            with(|reference| reference.uetr[6] = 0x10),
            with(|reference| reference.uetr[8] = 0x40),
            with(|reference| reference.uetr[8] = 0xc0),
        ];
        fund(CITY, 10);
        assert_ok!(request(CITY, 4));
        let owed = super::netting::owe(CITY, UNIVERSITY, 1);
        for reference in wrong {
            assert_noop!(deposit(CITY, 1, reference), Error::<Test>::InvalidReference);
            let declare = Settlements::declare_payment(signed(treasurer(CITY)), owed, reference);
            assert_noop!(declare, Error::<Test>::InvalidReference);
            // What is undone with the transaction: the withdrawal was taken already.
            let complete = frame_support::storage::with_storage_layer(|| complete(1, reference));
            assert_eq!(complete, Err(Error::<Test>::InvalidReference.into()));
        }
        // All other bits are the bank's.
        for byte in [0x4f, 0x45] {
            let mut reference = reference(u64::from(byte));
            (reference.uetr[6], reference.uetr[8]) = (byte, 0xbf);
            assert_ok!(deposit(CITY, 1, reference));
        }
    });
}

#[test]
fn only_the_agent_mints_and_only_for_members() {
    ExtBuilder::default().run(|| {
        let by = |account| Settlements::deposit(signed(account), RUB, CITY, 1, reference(1));
        assert_noop!(by(nobody()), MockMembership::NOT_MEMBER);
        assert_noop!(by(registrar(BANK)), MockMembership::NOT_AUTHORIZED);
        assert_noop!(by(treasurer(CITY)), Error::<Test>::NotAgent);
        assert_noop!(deposit(CITY, 0, reference(1)), Error::<Test>::AmountZero);
        assert_noop!(deposit(GONE, 1, reference(1)), Error::<Test>::OrganisationInactive);
        let elsewhere = Settlements::deposit(signed(treasurer(BANK)), NO_CURRENCY, CITY, 1, reference(1));
        assert_noop!(elsewhere, Error::<Test>::UnknownCurrency);
    });
}

#[test]
fn more_than_128_bits_of_money_is_refused() {
    ExtBuilder::default().run(|| {
        let most = Amount::MAX / 2;
        for above in [most + 1, Amount::MAX] {
            assert_noop!(deposit(CITY, above, reference(1)), Error::<Test>::Overflow);
        }
        assert_ok!(deposit(CITY, most, reference(1)));
        for more in [1, most, Amount::MAX] {
            assert_noop!(deposit(UNIVERSITY, more, reference(2)), Error::<Test>::Overflow);
        }
        assert_eq!(free(CITY), most);
    });
}

#[test]
fn all_of_it_can_be_withdrawn() {
    ExtBuilder::default().run(|| {
        fund(CITY, 500);
        assert_ok!(request(CITY, 500));
        assert_eq!(Settlements::balance(RUB, CITY), (0, 500));
        let info = WithdrawalInfo { currency: RUB, organisation: CITY, amount: 500, account: ACCOUNT };
        assert_eq!(Settlements::withdrawals(RUB), [(1, info)]);
        let body = Body::WithdrawalRequested { withdrawal: 1, info };
        let record = assert_recorded(&treasurer(CITY), &[CITY, BANK], &body);
        assert_eq!(last_event(), Event::WithdrawalRequested { withdrawal: 1, record });
        assert_eq!(Assets::total_issuance(RUB), 500);

        assert_ok!(complete(1, reference(7)));
        assert_eq!(Settlements::balance(RUB, CITY), (0, 0));
        assert_eq!((Supply::<Test>::get(RUB), Assets::total_issuance(RUB)), (0, 0));
        assert!(!Withdrawals::<Test>::contains_key(1));
        let body = Body::WithdrawalPaid { withdrawal: 1, reference: reference(7) };
        let record = assert_recorded(&treasurer(BANK), &[BANK, CITY], &body);
        assert_eq!(last_event(), Event::WithdrawalPaid { withdrawal: 1, record });
    });
}

#[test]
fn the_last_unit_can_be_put_on_hold_in_parts() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 3);
        let grant = offered_grant(fixed_price(1));
        assert_ok!(hold_price(grant));
        assert_ok!(request(UNIVERSITY, 1));
        assert_ok!(request(UNIVERSITY, 1));
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (0, 3));
        let treasury = Settlements::treasury(UNIVERSITY);
        let on_hold = |reason: HoldReason| AssetsHolder::balance_on_hold(RUB, &reason.into(), &treasury);
        assert_eq!((on_hold(HoldReason::Withdrawal), on_hold(HoldReason::Grant)), (2, 1));
        assert_noop!(request(UNIVERSITY, 1), Error::<Test>::FundsUnavailable);

        // And all of it comes back, in any order.
        assert_ok!(give_back(2));
        assert_ok!(release_price(grant));
        assert_ok!(complete(1, reference(7)));
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (2, 0));
        assert_eq!(Assets::total_issuance(RUB), 2);
    });
}

#[test]
fn the_last_free_unit_moves_while_something_is_on_hold() {
    ExtBuilder::default().run(|| {
        fund(CITY, 10);
        assert_ok!(request(CITY, 4));
        assert_ok!(Settlements::move_money(RUB, CITY, CLINIC, 6));
        assert_eq!(Settlements::balance(RUB, CITY), (0, 4));
        assert_eq!(Settlements::balance(RUB, CLINIC), (6, 0));
        assert_noop!(Settlements::move_money(RUB, CITY, CLINIC, 1), Error::<Test>::FundsUnavailable);
        // Money comes to an account that has only some on hold.
        assert_ok!(Settlements::move_money(RUB, CLINIC, CITY, 6));
        assert_eq!(Settlements::balance(RUB, CITY), (6, 4));
        assert_eq!(Settlements::balance(RUB, CLINIC), (0, 0));
        assert_eq!(Assets::total_issuance(RUB), 10);
    });
}

#[test]
fn money_that_stays_where_it_is_must_be_there() {
    ExtBuilder::default().run(|| {
        fund(CITY, 10);
        assert_ok!(Settlements::move_money(RUB, CITY, CITY, 10));
        assert_noop!(Settlements::move_money(RUB, CITY, CITY, 11), Error::<Test>::FundsUnavailable);
    });
}

#[test]
fn a_withdrawal_needs_money() {
    ExtBuilder::default().run(|| {
        fund(CITY, 10);
        assert_noop!(request(CITY, 0), Error::<Test>::AmountZero);
        assert_noop!(request(CITY, 11), Error::<Test>::FundsUnavailable);
        assert_noop!(request(CLINIC, 1), Error::<Test>::FundsUnavailable);
        let city = || signed(treasurer(CITY));
        let elsewhere = Settlements::request_withdrawal(city(), NO_CURRENCY, 1, ACCOUNT);
        assert_noop!(elsewhere, Error::<Test>::UnknownCurrency);
        let by_attestor = Settlements::request_withdrawal(signed(attestor(CITY)), RUB, 1, ACCOUNT);
        assert_noop!(by_attestor, MockMembership::NOT_AUTHORIZED);
    });
}

#[test]
fn no_withdrawal_is_made_when_the_numbers_are_used_up() {
    ExtBuilder::default().build().execute_with(|| {
        fund(CITY, 10);
        crate::WithdrawalCount::<Test>::put(u64::MAX);
        assert_noop!(request(CITY, 1), Error::<Test>::NumbersExhausted);
    });
}

#[test]
fn only_the_agent_answers_a_withdrawal_and_only_once() {
    ExtBuilder::default().run(|| {
        fund(CITY, 10);
        assert_ok!(request(CITY, 5));
        let city = || signed(treasurer(CITY));
        assert_noop!(Settlements::complete_withdrawal(city(), 1, reference(7)), Error::<Test>::NotAgent);
        assert_noop!(Settlements::return_withdrawal(city(), 1, reason()), Error::<Test>::NotAgent);
        assert_noop!(complete(2, reference(7)), Error::<Test>::UnknownWithdrawal);
        assert_noop!(give_back(2), Error::<Test>::UnknownWithdrawal);
        let silent = Settlements::return_withdrawal(signed(treasurer(BANK)), 1, text(""));
        assert_noop!(silent, Error::<Test>::InvalidText);
        let garbled = Settlements::return_withdrawal(signed(treasurer(BANK)), 1, bytes(&[0xff]));
        assert_noop!(garbled, Error::<Test>::InvalidText);

        assert_ok!(give_back(1));
        assert_eq!(Settlements::balance(RUB, CITY), (10, 0));
        let body = Body::WithdrawalReturned { withdrawal: 1, reason: reason() };
        let record = assert_recorded(&treasurer(BANK), &[BANK, CITY], &body);
        assert_eq!(last_event(), Event::WithdrawalReturned { withdrawal: 1, record });
        assert_noop!(give_back(1), Error::<Test>::UnknownWithdrawal);
        assert_noop!(complete(1, reference(7)), Error::<Test>::UnknownWithdrawal);
    });
}

#[test]
fn one_payment_completes_one_withdrawal_and_is_no_deposit_either() {
    ExtBuilder::default().run(|| {
        assert_ok!(deposit(CITY, 10, reference(1)));
        assert_ok!(request(CITY, 4));
        assert_ok!(request(CITY, 4));
        assert_noop!(complete(1, reference(1)), Error::<Test>::ReferenceUsed);
        assert_ok!(complete(1, reference(2)));
        assert_noop!(complete(2, reference(2)), Error::<Test>::ReferenceUsed);
        assert_noop!(deposit(CITY, 4, reference(2)), Error::<Test>::ReferenceUsed);
        assert!(BankReferences::<Test>::contains_key(reference(2).uetr));
    });
}

#[test]
fn a_fixed_price_is_held_and_paid_when_the_grant_is_accepted() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 100);
        let grant = offered_grant(fixed_price(100));
        assert_ok!(hold_price(grant));
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (0, 100));
        assert_eq!(Settlements::escrow(grant), Some((RUB, UNIVERSITY, 100)));
        let body = Body::PriceHeld { grant, currency: RUB, amount: 100 };
        let record = assert_recorded(&treasurer(UNIVERSITY), &[UNIVERSITY, CITY], &body);
        assert_eq!(last_event(), Event::PriceHeld { grant, record });

        assert_ok!(pay_and_accept(grant));
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (0, 0));
        assert_eq!(Settlements::balance(RUB, CITY), (100, 0));
        assert_eq!(Settlements::escrow(grant), None);
        assert_eq!(MockGrants::get(grant).map(|facts| facts.state), Some(GrantState::Active));
        let body = Body::PricePaid { grant, currency: RUB, amount: 100, creditor: CITY };
        let record = assert_recorded(&buyer(UNIVERSITY), &[UNIVERSITY, CITY], &body);
        assert_eq!(last_event(), Event::PricePaid { grant, record });
        assert_eq!(Supply::<Test>::get(RUB), 100);
    });
}

#[test]
fn paying_and_accepting_are_one() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 100);
        let grant = offered_grant(fixed_price(100));
        let other_terms = Settlements::pay_and_accept(signed(buyer(UNIVERSITY)), grant, [0; 32]);
        assert_noop!(other_terms, MockGrants::TERMS_DIFFER);
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (100, 0));
        assert_ok!(pay_and_accept(grant));
        assert_eq!((free(CITY), held(UNIVERSITY)), (100, 0));

        let dear = offered_grant(fixed_price(1));
        assert_noop!(pay_and_accept(dear), Error::<Test>::FundsUnavailable);
        assert_eq!(MockGrants::get(dear).map(|facts| facts.state), Some(GrantState::Offered));
    });
}

#[test]
fn paying_and_accepting_takes_both_roles() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 100);
        let grant = offered_grant(fixed_price(100));
        for account in [treasurer(UNIVERSITY), registrar(UNIVERSITY)] {
            let by_one = Settlements::pay_and_accept(signed(account), grant, MockGrants::TERMS);
            assert_noop!(by_one, MockMembership::NOT_AUTHORIZED);
        }
    });
}

#[test]
fn a_price_is_held_once_and_not_paid_at_another_price() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 1_000);
        let grant = offered_grant(fixed_price(100));
        assert_ok!(hold_price(grant));
        assert_noop!(hold_price(grant), Error::<Test>::AlreadyHeld);
        MockGrants::change(grant, |facts| facts.price = fixed_price(200));
        assert_noop!(pay_and_accept(grant), Error::<Test>::AlreadyHeld);
        assert_ok!(release_price(grant));
        assert_ok!(pay_and_accept(grant));
        assert_eq!((free(CITY), free(UNIVERSITY)), (200, 800));
    });
}

#[test]
fn a_price_is_not_paid_that_is_not_on_hold() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 1_000);
        let grant = offered_grant(fixed_price(100));
        let author = Settlements::ensure_member(signed(buyer(UNIVERSITY))).expect("it is a member's");
        let capture = |price: Price| Settlements::capture(&author, grant, &price, CITY);
        assert_noop!(capture(fixed_price(100)), Error::<Test>::NotHeld);
        assert_ok!(hold_price(grant));
        assert_noop!(capture(fixed_price(99)), Error::<Test>::NotHeld);
        assert_noop!(capture(Price::Fixed { currency: NO_CURRENCY, amount: 100 }), Error::<Test>::NotHeld);
        // Nothing else is paid at the beginning.
        for price in [Price::Free, daily_price(100), metered_price(100, 1)] {
            assert_ok!(capture(price));
        }
        assert_eq!(held(UNIVERSITY), 100);
    });
}

#[test]
fn only_a_fixed_price_of_a_grant_under_negotiation_is_held_by_its_consumer() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 1_000);
        fund(CITY, 1_000);
        assert_noop!(hold_price(GrantId(99)), Error::<Test>::UnknownGrant);
        let grant = offered_grant(fixed_price(100));
        let by_provider = Settlements::hold_price(signed(treasurer(CITY)), grant);
        assert_noop!(by_provider, Error::<Test>::NotConsumer);
        for price in [Price::Free, daily_price(1), metered_price(1, 1)] {
            let other = offered_grant(price);
            assert_noop!(hold_price(other), Error::<Test>::NotFixed);
        }
        let elsewhere = offered_grant(Price::Fixed { currency: NO_CURRENCY, amount: 1 });
        assert_noop!(hold_price(elsewhere), Error::<Test>::UnknownCurrency);
        let dear = offered_grant(fixed_price(1_001));
        assert_noop!(hold_price(dear), Error::<Test>::FundsUnavailable);
        for state in [
            GrantState::Active,
            GrantState::Suspended,
            GrantState::Terminated,
            GrantState::Revoked,
            GrantState::Completed,
        ] {
            MockGrants::change(grant, |facts| facts.state = state);
            assert_noop!(hold_price(grant), Error::<Test>::NotNegotiated);
        }
        for state in [GrantState::Requested, GrantState::Accepted, GrantState::Agreed, GrantState::Verified] {
            MockGrants::change(grant, |facts| facts.state = state);
            assert_ok!(hold_price(grant));
            assert_ok!(release_price(grant));
        }
    });
}

#[test]
fn the_consumer_takes_a_price_off_hold() {
    ExtBuilder::default().run(|| {
        fund(UNIVERSITY, 100);
        let grant = offered_grant(fixed_price(100));
        assert_noop!(release_price(grant), Error::<Test>::NotHeld);
        assert_ok!(hold_price(grant));
        let by_provider = Settlements::release_price(signed(treasurer(CITY)), grant);
        assert_noop!(by_provider, Error::<Test>::NotConsumer);
        MockGrants::change(grant, |facts| facts.state = GrantState::Terminated);
        assert_ok!(release_price(grant));
        assert_eq!(Settlements::balance(RUB, UNIVERSITY), (100, 0));
        assert!(!Escrows::<Test>::contains_key(grant));
        let body = Body::PriceReleased { grant };
        let record = assert_recorded(&treasurer(UNIVERSITY), &[UNIVERSITY, CITY], &body);
        assert_eq!(last_event(), Event::PriceReleased { grant, record });
    });
}

#[test]
fn treasuries_are_accounts_of_their_own() {
    let mut treasuries: Vec<_> = (0..1_000).map(|number| Settlements::treasury(OrganisationId(number))).collect();
    treasuries.sort();
    treasuries.dedup();
    assert_eq!(treasuries.len(), 1_000);
    let bytes = [b"citynet.treasury".as_slice(), &[7, 0, 0, 0]].concat();
    assert_eq!(Settlements::treasury(OrganisationId(7)), sp_io::hashing::sha2_256(&bytes).into());
}
