use crate::mock::*;
use citynet_primitives::{GrantState, Price, Terms};
use citynet_support::{mock::MockPayments, GrantRegister};
use frame_support::{assert_noop, assert_ok};

fn fixed() -> Terms {
    Terms { price: Price::Fixed { currency: MockPayments::CURRENCY, amount: 100 }, ..terms() }
}

#[test]
fn terms_in_an_unknown_currency_are_refused() {
    ExtBuilder::default().run(|| {
        let known = fixed();
        let unknown = Terms { price: Price::Fixed { currency: MockPayments::CURRENCY + 1, amount: 100 }, ..terms() };
        let city = || signed(registrar(CITY));
        assert_noop!(
            Grants::offer(city(), Box::new(unknown.clone()), true, None, None),
            MockPayments::UNKNOWN_CURRENCY
        );
        let grant = request(known);
        assert_noop!(Grants::counter_offer(city(), grant, Box::new(unknown), true), MockPayments::UNKNOWN_CURRENCY);
    });
}

#[test]
fn a_fixed_price_is_paid_exactly_when_the_grant_becomes_active() {
    ExtBuilder::default().run(|| {
        let grant = offer(fixed(), true, None, None);
        assert_noop!(accept(grant), MockPayments::NOT_HELD);
        MockPayments::fund(grant);
        assert_ok!(accept(grant));
        assert_eq!(info(grant).state, GrantState::Active);
        assert_eq!(MockPayments::captured(), [(grant, CITY)]);
    });
}

#[test]
fn what_is_no_binding_offer_is_paid_when_it_is_finalised() {
    ExtBuilder::default().run(|| {
        let grant = grant_in(GrantState::Verified, fixed());
        let finalize = || Grants::finalize(signed(registrar(CITY)), grant);
        assert_noop!(finalize(), MockPayments::NOT_HELD);
        MockPayments::fund(grant);
        assert_ok!(finalize());
        assert_eq!(MockPayments::captured(), [(grant, CITY)]);
    });
}

#[test]
fn other_prices_are_not_paid_at_the_beginning() {
    ExtBuilder::default().run(|| {
        let period = Price::PerPeriod { currency: MockPayments::CURRENCY, amount: 100, period: DAY };
        activate(terms());
        activate(Terms { price: period, ..terms() });
        assert!(MockPayments::captured().is_empty());
    });
}

#[test]
fn settlement_learns_of_a_grant_what_it_must_know() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        let facts = <Grants as GrantRegister>::facts(grant).expect("the test made the grant");
        let stored = info(grant);
        assert_eq!((facts.state, facts.provider, facts.consumer), (GrantState::Active, CITY, UNIVERSITY));
        assert_eq!((facts.not_before, facts.not_after), (stored.terms.not_before, stored.terms.not_after));
        assert_eq!((facts.active_since, facts.ended), (Some(now()), None));
        assert_eq!((facts.price, facts.used), (stored.terms.price, stored.used));
        assert_eq!(<Grants as GrantRegister>::facts(citynet_primitives::GrantId(99)), None);
    });
}
