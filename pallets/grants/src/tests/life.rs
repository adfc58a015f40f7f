use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, GrantId, GrantState, ReasonCode, Terms};
use citynet_support::mock::MockClock;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::AccountId32;

/// Every call of a grant's life, by whoever may make it, on a grant on [`consent_terms`].
const CALLS: [fn(GrantId) -> DispatchResult; 5] = [suspend, resume, revoke, renounce, withdraw];

fn withdraw(grant: GrantId) -> DispatchResult {
    Grants::withdraw_consent(signed(registrar(CLINIC)), grant, note())
}

#[track_caller]
fn assert_changed(account: &AccountId32, grant: GrantId, state: GrantState, reason: ReasonCode) {
    let body = Body::GrantStateChanged { grant, state, reason, note: note() };
    let record = assert_recorded(account, grant, &[CITY, UNIVERSITY, CLINIC], &body);
    assert_eq!(last_event(), Event::GrantStateChanged { grant, state, reason, record });
    let ended = matches!(state, GrantState::Revoked | GrantState::Completed).then(now);
    assert_eq!((info(grant).state, info(grant).ended), (state, ended));
    let listed = active_grants(info(grant).terms.dataset, UNIVERSITY).contains(&grant);
    assert_eq!(listed, ended.is_none());
}

#[test]
fn suspends_and_resumes() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        let since = info(grant).active_since;
        MockClock::advance(HOUR);
        assert_ok!(suspend(grant));
        assert_changed(&registrar(CITY), grant, GrantState::Suspended, ReasonCode::SecurityIncident);
        assert_ok!(resume(grant));
        assert_changed(&registrar(CITY), grant, GrantState::Active, ReasonCode::Resolved);
        assert_eq!(info(grant).active_since, since);
        assert_ok!(suspend(grant));
    });
}

#[test]
fn revokes() {
    ExtBuilder::default().run(|| {
        let [active, suspended, other] = [(); 3].map(|()| activate(terms()));
        assert_ok!(suspend(suspended));
        MockClock::advance(HOUR);
        for grant in [active, suspended] {
            assert_ok!(revoke(grant));
            assert_changed(&registrar(CITY), grant, GrantState::Revoked, ReasonCode::TermsBroken);
        }
        assert_eq!(active_grants(AIR, UNIVERSITY), [other]);
    });
}

#[test]
fn renounces() {
    ExtBuilder::default().run(|| {
        let [active, suspended] = [(); 2].map(|()| activate(terms()));
        assert_ok!(suspend(suspended));
        MockClock::advance(HOUR);
        for grant in [active, suspended] {
            assert_ok!(renounce(grant));
            assert_changed(&registrar(UNIVERSITY), grant, GrantState::Completed, ReasonCode::NotNeeded);
        }
        // A list of nothing is not kept.
        assert!(!crate::ActiveGrants::<Test>::contains_key(AIR, UNIVERSITY));
    });
}

#[test]
fn withdraws_consent() {
    ExtBuilder::default().run(|| {
        let [active, suspended] = [(); 2].map(|()| activate(consent_terms()));
        assert_ok!(suspend(suspended));
        MockClock::advance(HOUR);
        for grant in [active, suspended] {
            assert_ok!(withdraw(grant));
            assert_changed(&registrar(CLINIC), grant, GrantState::Revoked, ReasonCode::ConsentWithdrawn);
        }

        let grant = activate(terms());
        assert_noop!(withdraw(grant), Error::<Test>::NoConsent);
    });
}

#[test]
fn what_stands_on_a_revoked_grant_is_not_touched() {
    ExtBuilder::default().run(|| {
        let [root, middle, leaf] = chain();
        let before = (info(middle), info(leaf));
        assert_ok!(revoke(root));
        assert_eq!((info(middle), info(leaf)), before);
        for info in [&before.0, &before.1] {
            assert!(!Grants::in_force(info, now()));
        }
        // Its provider may still end it, and its consumer give it back.
        assert_ok!(revoke(middle));
        assert_ok!(renounce(leaf));
    });
}

#[test]
fn a_sub_grant_is_its_providers() {
    ExtBuilder::default().run(|| {
        let sub = delegate(activate(terms()), TELECOM);
        let call = |organisation| Grants::revoke(signed(registrar(organisation)), sub, ReasonCode::Other, note());
        assert_noop!(call(CITY), Error::<Test>::NotProvider);
        assert_ok!(call(UNIVERSITY));
        let (state, reason) = (GrantState::Revoked, ReasonCode::Other);
        let body = Body::GrantStateChanged { grant: sub, state, reason, note: note() };
        assert_recorded(&registrar(UNIVERSITY), sub, &[UNIVERSITY, TELECOM, CLINIC], &body);
    });
}

#[test]
fn notes_are_text() {
    ExtBuilder::default().run(|| {
        let grant = activate(consent_terms());
        let [city, university, clinic] = [CITY, UNIVERSITY, CLINIC].map(registrar);
        let reason = ReasonCode::Other;
        for note in [text(""), bytes(&[0xff])] {
            let call = || Grants::suspend(signed(city.clone()), grant, reason, note.clone());
            assert_noop!(call(), Error::<Test>::InvalidText);
            let call = || Grants::revoke(signed(city.clone()), grant, reason, note.clone());
            assert_noop!(call(), Error::<Test>::InvalidText);
            let call = || Grants::renounce(signed(university.clone()), grant, reason, note.clone());
            assert_noop!(call(), Error::<Test>::InvalidText);
        }
        let call = |note| Grants::withdraw_consent(signed(clinic.clone()), grant, note);
        assert_noop!(call(bytes(&[0xff])), Error::<Test>::InvalidText);
        assert_ok!(suspend(grant));
        let resume = |note| Grants::resume(signed(city.clone()), grant, note);
        assert_noop!(resume(bytes(&[0xff])), Error::<Test>::InvalidText);
        assert_ok!(resume(text("")));
        assert_ok!(call(text("")));
    });
}

#[test]
fn a_grant_ends_with_its_time() {
    for state in [GrantState::Active, GrantState::Suspended] {
        for (position, call) in CALLS.into_iter().enumerate() {
            ExtBuilder::default().run(|| {
                let grant = grant_in(state, Terms { not_after: now() + HOUR, ..consent_terms() });
                MockClock::advance(HOUR - 1);
                let last_moment = call(grant);
                let fits = match position {
                    0 => state == GrantState::Active,
                    1 => state == GrantState::Suspended,
                    _ => true,
                };
                assert_eq!(last_moment.is_ok(), fits);
            });
            ExtBuilder::default().run(|| {
                let grant = grant_in(state, Terms { not_after: now() + HOUR, ..consent_terms() });
                MockClock::advance(HOUR);
                let error = match (position, state) {
                    (0, GrantState::Suspended) | (1, GrantState::Active) => Error::<Test>::IllegalTransition,
                    _ => Error::Expired,
                };
                assert_noop!(call(grant), error);
                // The state says what the parties did. That time is over, the clock says.
                assert_eq!(info(grant).state, state);
            });
        }
    }
}
