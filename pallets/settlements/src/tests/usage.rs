use crate::{mock::*, Accounts, Error, Event};
use citynet_primitives::{
    Body, Dispute, GrantAccount, GrantId, GrantState, Moment, OpenStatement, OrganisationId, OrganisationStatus, Price,
    Usage,
};
use citynet_support::mock::{MockClock, MockGrants, MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::{AccountId32, DispatchError};

/// An active grant at one unit for every access, of which so many are reported.
pub(super) fn used_grant(used: u64) -> GrantId {
    let grant = active_grant(metered_price(1, 1));
    report(grant, accesses(used));
    grant
}

/// The provider states so many accesses.
pub(super) fn state_usage(grant: GrantId, count: u64) -> DispatchResult {
    Settlements::state_usage(signed(attestor(CITY)), grant, accesses(count), ROOT)
}

/// The consumer counts so many accesses.
pub(super) fn dispute(grant: GrantId, count: u64) -> DispatchResult {
    Settlements::dispute_usage(signed(treasurer(UNIVERSITY)), grant, accesses(count), reason())
}

/// The provider states so many accesses anew.
pub(super) fn restate(grant: GrantId, count: u64) -> DispatchResult {
    Settlements::restate_usage(signed(attestor(CITY)), grant, accesses(count), ROOT)
}

/// The council finds so many accesses.
pub(super) fn rule(grant: GrantId, count: u64) -> DispatchResult {
    Settlements::rule_usage(RuntimeOrigin::root(), grant, accesses(count), reason())
}

fn account(grant: GrantId) -> GrantAccount {
    Settlements::account(grant).expect("the test stated use of the grant")
}

/// A statement of so many accesses, made now.
fn stated(count: u64) -> OpenStatement {
    OpenStatement { usage: accesses(count), root: ROOT, at: now(), dispute: None }
}

fn set_window(grant: GrantId, window: Moment) {
    MockGrants::change(grant, |facts| {
        if let Price::Metered { dispute_window, .. } = &mut facts.price {
            *dispute_window = window;
        }
    });
}

#[test]
fn states_usage() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_eq!(Settlements::account(grant), None);
        assert_ok!(state_usage(grant, 10));
        let body = Body::UsageStated { grant, statement: 1, usage: accesses(10), root: ROOT };
        let record = assert_recorded(&attestor(CITY), &[CITY, UNIVERSITY], &body);
        assert_eq!(last_event(), Event::UsageStated { grant, record });
        assert_eq!(account(grant), GrantAccount { statements: 1, open: Some(stated(10)), ..GrantAccount::default() });
    });
}

#[test]
fn a_treasurer_states_usage_too() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(Settlements::state_usage(signed(treasurer(CITY)), grant, accesses(10), ROOT));
        assert_ok!(dispute(grant, 8));
        assert_ok!(Settlements::restate_usage(signed(treasurer(CITY)), grant, accesses(9), ROOT));
        assert_eq!(account(grant).open, Some(stated(9)));
    });
}

#[test]
fn statements_mature_by_time_alone() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(state_usage(grant, 4));
        let written = Accounts::<Test>::get(grant);
        MockClock::advance(DISPUTE_WINDOW - 1);
        assert_eq!(account(grant), written);
        assert_noop!(state_usage(grant, 5), Error::<Test>::StatementOpen);

        MockClock::advance(1);
        let matured = GrantAccount { statements: 1, matured: accesses(4), ..GrantAccount::default() };
        assert_eq!(account(grant), matured);
        assert_eq!(Accounts::<Test>::get(grant), written);

        // The next statement writes it down.
        assert_ok!(state_usage(grant, 5));
        let next = GrantAccount { statements: 2, open: Some(stated(5)), ..matured };
        assert_eq!(Accounts::<Test>::get(grant), next);
        let body = Body::UsageStated { grant, statement: 2, usage: accesses(5), root: ROOT };
        assert_recorded(&attestor(CITY), &[CITY, UNIVERSITY], &body);
    });
}

#[test]
fn windows_may_be_nothing_or_for_ever() {
    ExtBuilder::default().run(|| {
        let at_once = used_grant(10);
        set_window(at_once, 0);
        assert_ok!(state_usage(at_once, 10));
        assert_eq!(account(at_once).matured, accesses(10));
        assert_noop!(dispute(at_once, 9), Error::<Test>::DisputeOver);

        let never = used_grant(10);
        set_window(never, Moment::MAX);
        assert_ok!(state_usage(never, 5));
        MockClock::advance(1_000 * 365 * DAY);
        assert_noop!(state_usage(never, 6), Error::<Test>::StatementOpen);
        assert_ok!(dispute(never, 4));
    });
}

#[test]
fn states_what_is_between_mature_and_reported() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(0);
        let usage = |accesses, records, bytes| Usage { accesses, records, bytes };
        let call = |usage| Settlements::state_usage(signed(attestor(CITY)), grant, usage, ROOT);
        report(grant, usage(5, 6, 7));
        assert_ok!(call(usage(5, 6, 7)));
        MockClock::advance(DISPUTE_WINDOW);

        report(grant, usage(8, 9, 10));
        for decreased in [usage(4, 9, 10), usage(8, 5, 10), usage(8, 9, 6)] {
            assert_noop!(call(decreased), Error::<Test>::UsageDecreased);
        }
        for beyond in [usage(9, 9, 10), usage(8, 10, 10), usage(8, 9, 11), usage(u64::MAX, 9, 10)] {
            assert_noop!(call(beyond), Error::<Test>::BeyondReported);
        }
        // Nothing new is a statement as well.
        assert_ok!(call(usage(5, 6, 7)));
        MockClock::advance(DISPUTE_WINDOW);
        assert_ok!(call(usage(8, 9, 10)));
    });
}

#[test]
fn states_usage_of_what_has_ended() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        MockGrants::change(grant, |facts| {
            facts.state = GrantState::Revoked;
            facts.ended = Some(now());
        });
        MockClock::advance(1_000 * DAY);
        assert_ok!(state_usage(grant, 10));
    });
}

#[test]
fn disputes_within_the_window() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(state_usage(grant, 10));
        let statement = stated(10);
        MockClock::advance(DISPUTE_WINDOW);
        assert_noop!(dispute(grant, 8), Error::<Test>::DisputeOver);
        MockClock::set(statement.at + DISPUTE_WINDOW - 1);
        assert_ok!(dispute(grant, 8));

        let body = Body::UsageDisputed { grant, statement: 1, usage: accesses(8), reason: reason() };
        let record = assert_recorded(&treasurer(UNIVERSITY), &[UNIVERSITY, CITY], &body);
        assert_eq!(last_event(), Event::UsageDisputed { grant, record });
        let disputed = OpenStatement { dispute: Some(Dispute { usage: accesses(8), at: now() }), ..statement };
        assert_eq!(account(grant).open, Some(disputed));
        assert_noop!(dispute(grant, 7), Error::<Test>::AlreadyDisputed);

        // It does not mature.
        MockClock::advance(365 * DAY);
        assert_eq!(account(grant).open, Some(disputed));
        assert_noop!(dispute(grant, 7), Error::<Test>::AlreadyDisputed);
        assert_noop!(state_usage(grant, 10), Error::<Test>::StatementOpen);
    });
}

#[test]
fn a_statement_that_is_made_anew_has_a_whole_window() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(state_usage(grant, 10));
        assert_ok!(dispute(grant, 7));
        MockClock::advance(2 * DISPUTE_WINDOW);
        assert_ok!(restate(grant, 9));
        let body = Body::UsageStated { grant, statement: 1, usage: accesses(9), root: ROOT };
        let record = assert_recorded(&attestor(CITY), &[CITY, UNIVERSITY], &body);
        assert_eq!(last_event(), Event::UsageStated { grant, record });
        assert_eq!(account(grant), GrantAccount { statements: 1, open: Some(stated(9)), ..GrantAccount::default() });
        assert_noop!(restate(grant, 8), Error::<Test>::NotDisputed);

        MockClock::advance(DISPUTE_WINDOW - 1);
        assert_ok!(dispute(grant, 7));
        assert_ok!(restate(grant, 8));
        MockClock::advance(DISPUTE_WINDOW);
        assert_noop!(dispute(grant, 7), Error::<Test>::DisputeOver);
        let matured = GrantAccount { statements: 1, matured: accesses(8), ..GrantAccount::default() };
        assert_eq!(account(grant), matured);
    });
}

#[test]
fn the_council_rules_at_once() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(state_usage(grant, 10));
        assert_ok!(dispute(grant, 7));
        assert_ok!(rule(grant, 8));
        let body = Body::UsageRuled { grant, statement: 1, usage: accesses(8), reason: reason() };
        let parties = [OrganisationId::CONSORTIUM, CITY, UNIVERSITY];
        let record = assert_recorded(&AccountId32::new([0; 32]), &parties, &body);
        assert_eq!(last_event(), Event::UsageRuled { grant, record });
        let ruled = GrantAccount { statements: 1, matured: accesses(8), ..GrantAccount::default() };
        assert_eq!(Accounts::<Test>::get(grant), ruled);
        assert_noop!(rule(grant, 9), Error::<Test>::NoStatement);

        // What comes later is stated on top of it.
        assert_noop!(state_usage(grant, 7), Error::<Test>::UsageDecreased);
        assert_ok!(state_usage(grant, 10));
    });
}

#[test]
fn refuses_statements() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        let call = |origin| Settlements::state_usage(origin, grant, accesses(10), ROOT);
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(registrar(CITY))), MockMembership::NOT_AUTHORIZED);
        for organisation in [UNIVERSITY, CLINIC] {
            assert_noop!(call(signed(attestor(organisation))), Error::<Test>::NotProvider);
            assert_noop!(call(signed(treasurer(organisation))), Error::<Test>::NotProvider);
        }
        assert_noop!(state_usage(GrantId(99), 0), Error::<Test>::UnknownGrant);
        for price in [Price::Free, fixed_price(1), daily_price(1)] {
            let grant = active_grant(price);
            assert_noop!(state_usage(grant, 0), Error::<Test>::NotMetered);
        }
        let offered = offered_grant(metered_price(1, 1));
        assert_noop!(state_usage(offered, 0), Error::<Test>::NeverActive);

        MockJournal::fail(true);
        assert_noop!(state_usage(grant, 10), MockJournal::FAILURE);
        MockJournal::fail(false);
        Accounts::<Test>::insert(grant, GrantAccount { statements: u32::MAX, ..GrantAccount::default() });
        assert_noop!(state_usage(grant, 10), Error::<Test>::NumbersExhausted);
        Accounts::<Test>::insert(grant, GrantAccount { statements: u32::MAX - 1, ..GrantAccount::default() });
        assert_ok!(state_usage(grant, 10));

        MockMembership::set_status(CITY, OrganisationStatus::Suspended);
        assert_noop!(state_usage(grant, 10), MockMembership::NOT_MEMBER);
    });
}

#[test]
fn refuses_disputes() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_noop!(dispute(grant, 9), Error::<Test>::NoStatement);
        assert_ok!(state_usage(grant, 10));
        let call = |origin, reason| Settlements::dispute_usage(origin, grant, accesses(9), reason);
        assert_noop!(call(RuntimeOrigin::none(), reason()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root(), reason()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody()), reason()), MockMembership::NOT_MEMBER);
        for account in [attestor(UNIVERSITY), registrar(UNIVERSITY)] {
            assert_noop!(call(signed(account), reason()), MockMembership::NOT_AUTHORIZED);
        }
        for organisation in [CITY, CLINIC] {
            assert_noop!(call(signed(treasurer(organisation)), reason()), Error::<Test>::NotConsumer);
        }
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(call(signed(treasurer(UNIVERSITY)), reason), Error::<Test>::InvalidText);
        }
        assert_noop!(dispute(GrantId(99), 9), Error::<Test>::UnknownGrant);
        let daily = active_grant(daily_price(1));
        assert_noop!(dispute(daily, 9), Error::<Test>::NoStatement);

        MockJournal::fail(true);
        assert_noop!(dispute(grant, 9), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(dispute(grant, 9));
    });
}

#[test]
fn refuses_to_state_anew() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_noop!(restate(grant, 10), Error::<Test>::NoStatement);
        assert_ok!(state_usage(grant, 4));
        assert_noop!(restate(grant, 5), Error::<Test>::NotDisputed);
        MockClock::advance(DISPUTE_WINDOW);
        // It has matured, though nothing was written.
        assert_noop!(restate(grant, 5), Error::<Test>::NotDisputed);
        assert_ok!(state_usage(grant, 10));
        assert_ok!(dispute(grant, 8));

        let call = |origin| Settlements::restate_usage(origin, grant, accesses(9), ROOT);
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(registrar(CITY))), MockMembership::NOT_AUTHORIZED);
        for organisation in [UNIVERSITY, CLINIC] {
            assert_noop!(call(signed(attestor(organisation))), Error::<Test>::NotProvider);
        }
        assert_noop!(restate(GrantId(99), 9), Error::<Test>::UnknownGrant);
        assert_noop!(restate(grant, 3), Error::<Test>::UsageDecreased);
        assert_noop!(restate(grant, 11), Error::<Test>::BeyondReported);
        MockJournal::fail(true);
        assert_noop!(restate(grant, 9), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(restate(grant, 4));
    });
}

#[test]
fn refuses_rulings() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_noop!(rule(grant, 10), Error::<Test>::NoStatement);
        assert_ok!(state_usage(grant, 4));
        assert_noop!(rule(grant, 4), Error::<Test>::NotDisputed);
        MockClock::advance(DISPUTE_WINDOW);
        assert_noop!(rule(grant, 4), Error::<Test>::NotDisputed);
        assert_ok!(state_usage(grant, 10));
        assert_ok!(dispute(grant, 8));

        let call = |origin, reason| Settlements::rule_usage(origin, grant, accesses(9), reason);
        assert_noop!(call(RuntimeOrigin::none(), reason()), DispatchError::BadOrigin);
        assert_noop!(call(signed(treasurer(CITY)), reason()), DispatchError::BadOrigin);
        for reason in [text(""), bytes(&[0xff])] {
            assert_noop!(call(RuntimeOrigin::root(), reason), Error::<Test>::InvalidText);
        }
        assert_noop!(rule(GrantId(99), 9), Error::<Test>::UnknownGrant);
        assert_noop!(rule(grant, 3), Error::<Test>::UsageDecreased);
        assert_noop!(rule(grant, 11), Error::<Test>::BeyondReported);
        MockJournal::fail(true);
        assert_noop!(rule(grant, 9), MockJournal::FAILURE);
        MockJournal::fail(false);
        assert_ok!(rule(grant, 4));
    });
}

#[test]
fn the_provider_is_whoever_provides_now() {
    ExtBuilder::default().run(|| {
        let grant = used_grant(10);
        assert_ok!(state_usage(grant, 10));
        assert_ok!(dispute(grant, 8));
        MockGrants::change(grant, |facts| facts.provider = TELECOM);
        assert_noop!(restate(grant, 9), Error::<Test>::NotProvider);
        assert_ok!(Settlements::restate_usage(signed(attestor(TELECOM)), grant, accesses(9), ROOT));
        let body = Body::UsageStated { grant, statement: 1, usage: accesses(9), root: ROOT };
        assert_recorded(&attestor(TELECOM), &[TELECOM, UNIVERSITY], &body);
    });
}
