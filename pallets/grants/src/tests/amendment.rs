use crate::{mock::*, Error, Event};
use citynet_primitives::{Body, GrantId, GrantState, ReasonCode, Sensitivity, Terms, UsageLimit};
use citynet_support::mock::{MockCatalogue, MockClock, MockJournal};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

fn more() -> Terms {
    Terms { limit: UsageLimit { accesses: Some(1_000), ..UsageLimit::default() }, ..terms() }
}

fn request_instead(of: GrantId, terms: Terms) -> DispatchResult {
    Grants::request(signed(registrar(terms.consumer)), Box::new(terms), Some(of))
}

fn offer_instead(of: GrantId, terms: Terms) -> DispatchResult {
    Grants::offer(signed(registrar(terms.provider)), Box::new(terms), true, None, Some(of))
}

#[test]
fn takes_the_place_of_the_older_one() {
    for suspended in [false, true] {
        ExtBuilder::default().run(|| {
            let old = activate(terms());
            if suspended {
                assert_ok!(suspend(old));
            }
            let new = offer(more(), true, None, Some(old));
            assert_eq!(info(new).supersedes, Some(old));
            let body =
                Body::GrantOffered { grant: new, parent: None, supersedes: Some(old), binding: true, terms: more() };
            assert_recorded(&registrar(CITY), new, &[CITY, UNIVERSITY, CLINIC], &body);
            assert_eq!(active_grants(AIR, UNIVERSITY), [old]);

            MockClock::advance(HOUR);
            assert_ok!(accept(new));
            assert_eq!((info(new).state, info(new).active_since), (GrantState::Active, Some(now())));
            assert_eq!((info(old).state, info(old).ended), (GrantState::Completed, Some(now())));
            assert_eq!(active_grants(AIR, UNIVERSITY), [new]);
            let (state, reason) = (GrantState::Completed, ReasonCode::Superseded);
            let body = Body::GrantStateChanged { grant: old, state, reason, note: text("") };
            let record = assert_recorded(&registrar(UNIVERSITY), old, &[CITY, UNIVERSITY, CLINIC], &body);
            assert_eq!(last_event(), Event::GrantStateChanged { grant: old, state, reason, record });
        });
    }
}

#[test]
fn works_step_by_step_too() {
    ExtBuilder::default().run(|| {
        let old = activate(terms());
        assert_ok!(request_instead(old, more()));
        let new = GrantId(Grants::grant_count());
        let body = Body::GrantRequested { grant: new, supersedes: Some(old), terms: more() };
        assert_recorded(&registrar(UNIVERSITY), new, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_ok!(agree(new));
        assert_ok!(Grants::verify(signed(registrar(UNIVERSITY)), new));
        assert_eq!(info(old).state, GrantState::Active);
        assert_ok!(Grants::finalize(signed(registrar(CITY)), new));
        assert_eq!((info(old).state, info(new).state), (GrantState::Completed, GrantState::Active));
        assert_eq!(MockJournal::last().unwrap().record.organisation, CITY);
    });
}

#[test]
fn makes_room_for_itself() {
    ExtBuilder::default().run(|| {
        let grants: Vec<GrantId> = (0..MAX_GRANTS).map(|_| activate(terms())).collect();
        let old = grants[3];
        let new = offer(more(), true, None, Some(old));
        assert_ok!(accept(new));
        let expected: Vec<GrantId> = grants.into_iter().filter(|grant| *grant != old).chain([new]).collect();
        assert_eq!(active_grants(AIR, UNIVERSITY), expected);
    });
}

#[test]
fn sub_grants_are_amended_and_end_with_an_amended_parent() {
    ExtBuilder::default().run(|| {
        let parent = activate(terms());
        let old = delegate(parent, TELECOM);
        let new = offer(sub_terms(parent, TELECOM), true, Some(parent), Some(old));
        assert_ok!(accept(new));
        assert_eq!((info(old).state, info(new).state), (GrantState::Completed, GrantState::Active));
        assert!(Grants::in_force(&info(new), now()));

        let successor = offer(more(), true, None, Some(parent));
        assert_ok!(accept(successor));
        assert_eq!(info(new).state, GrantState::Active);
        assert!(!Grants::in_force(&info(new), now()));
    });
}

#[test]
fn is_of_the_same_dataset_and_parties() {
    ExtBuilder::default().run(|| {
        let of_other_dataset = activate(Terms { dataset: TRAFFIC, delegation_depth: 0, ..terms() });
        let of_other_consumer = activate(Terms { consumer: TELECOM, ..terms() });
        let of_other_provider = delegate(of_other_consumer, UNIVERSITY);
        for other in [of_other_dataset, of_other_consumer, of_other_provider, GrantId(99)] {
            assert_noop!(request_instead(other, more()), Error::<Test>::CannotSupersede);
            assert_noop!(offer_instead(other, more()), Error::<Test>::CannotSupersede);
        }
    });
}

#[test]
fn is_of_what_is_active_or_suspended() {
    for state in GrantState::ALL.iter().copied() {
        ExtBuilder::default().run(|| {
            let old = grant_in(state, terms());
            if matches!(state, GrantState::Active | GrantState::Suspended) {
                assert_ok!(request_instead(old, more()));
                assert_ok!(offer_instead(old, more()));
            } else {
                assert_noop!(request_instead(old, more()), Error::<Test>::CannotSupersede);
                assert_noop!(offer_instead(old, more()), Error::<Test>::CannotSupersede);
            }
        });
    }
}

#[test]
fn happens_once() {
    ExtBuilder::default().run(|| {
        let old = activate(terms());
        let [first, second] = [(); 2].map(|()| offer(more(), true, None, Some(old)));
        assert_ok!(accept(first));
        assert_noop!(accept(second), Error::<Test>::CannotSupersede);

        let revoked = activate(terms());
        let late = offer(more(), true, None, Some(revoked));
        assert_ok!(revoke(revoked));
        assert_noop!(accept(late), Error::<Test>::CannotSupersede);
    });
}

#[test]
fn may_come_late() {
    ExtBuilder::default().run(|| {
        let old = activate(Terms { not_after: now() + HOUR, ..terms() });
        let new = offer(more(), true, None, Some(old));
        MockClock::advance(2 * HOUR);
        assert_ok!(accept(new));
        assert_eq!(info(old).state, GrantState::Completed);
        assert_eq!(active_grants(AIR, UNIVERSITY), [new]);
    });
}

#[test]
fn follows_the_dataset() {
    ExtBuilder::default().run(|| {
        let old = activate(terms());
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        let new = offer(Terms { provider: TELECOM, ..more() }, true, None, Some(old));
        assert_ok!(accept(new));
        assert_eq!(info(old).state, GrantState::Completed);
    });
}
