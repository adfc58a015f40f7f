use crate::{mock::*, BrokenRule, Error, Event, GrantCount};
use citynet_primitives::{
    Body, GrantId, GrantInfo, GrantState, OrganisationStatus, ReasonCode, Rule, Sensitivity, SubjectHead, Terms, Usage,
    Versions,
};
use citynet_support::mock::{MockCatalogue, MockClock, MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::{AccountId32, DispatchError};

/// Whoever may try something with a grant on [`consent_terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Actor {
    Provider,
    Consumer,
    Controller,
    /// A member that is no party.
    Stranger,
    /// The provider's, but without the role.
    Clerk,
    /// No member.
    Nobody,
}

impl Actor {
    const ALL: [Self; 6] =
        [Self::Provider, Self::Consumer, Self::Controller, Self::Stranger, Self::Clerk, Self::Nobody];

    fn account(self) -> AccountId32 {
        match self {
            Self::Provider => registrar(CITY),
            Self::Consumer => registrar(UNIVERSITY),
            Self::Controller => registrar(CLINIC),
            Self::Stranger => registrar(TELECOM),
            Self::Clerk => attestor(CITY),
            Self::Nobody => nobody(),
        }
    }
}

/// Every call that moves a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    CounterRequest,
    CounterOffer,
    Accept,
    Agree,
    Verify,
    Finalize,
    Terminate,
    Suspend,
    Resume,
    Revoke,
    Renounce,
    WithdrawConsent,
}

impl Step {
    const ALL: [Self; 12] = [
        Self::CounterRequest,
        Self::CounterOffer,
        Self::Accept,
        Self::Agree,
        Self::Verify,
        Self::Finalize,
        Self::Terminate,
        Self::Suspend,
        Self::Resume,
        Self::Revoke,
        Self::Renounce,
        Self::WithdrawConsent,
    ];

    /// As well as `actor` can do it.
    fn by(self, actor: Actor, grant: GrantId) -> DispatchResult {
        let origin = signed(actor.account());
        let (terms, hash) = (Box::new(consent_terms()), hash_of(&consent_terms()));
        let reason = ReasonCode::Other;
        match self {
            Self::CounterRequest => Grants::counter_request(origin, grant, terms),
            Self::CounterOffer => Grants::counter_offer(origin, grant, terms, false),
            Self::Accept => Grants::accept(origin, grant, hash),
            Self::Agree => Grants::agree(origin, grant, hash),
            Self::Verify => Grants::verify(origin, grant),
            Self::Finalize => Grants::finalize(origin, grant),
            Self::Terminate => Grants::terminate(origin, grant, reason, note()),
            Self::Suspend => Grants::suspend(origin, grant, reason, note()),
            Self::Resume => Grants::resume(origin, grant, note()),
            Self::Revoke => Grants::revoke(origin, grant, reason, note()),
            Self::Renounce => Grants::renounce(origin, grant, reason, note()),
            Self::WithdrawConsent => Grants::withdraw_consent(origin, grant, note()),
        }
    }
}

/// All that is allowed: the edges of the Dataspace Protocol 2025-1 from the first request or offer to `FINALIZED`, then
/// those of a grant's life. Everything else is refused.
const EDGES: &[(GrantState, Step, Actor, GrantState)] = &[
    (GrantState::Requested, Step::CounterOffer, Actor::Provider, GrantState::Offered),
    (GrantState::Requested, Step::Agree, Actor::Provider, GrantState::Agreed),
    (GrantState::Requested, Step::Terminate, Actor::Provider, GrantState::Terminated),
    (GrantState::Requested, Step::Terminate, Actor::Consumer, GrantState::Terminated),
    (GrantState::Offered, Step::CounterRequest, Actor::Consumer, GrantState::Requested),
    (GrantState::Offered, Step::Accept, Actor::Consumer, GrantState::Accepted),
    (GrantState::Offered, Step::Terminate, Actor::Provider, GrantState::Terminated),
    (GrantState::Offered, Step::Terminate, Actor::Consumer, GrantState::Terminated),
    (GrantState::Accepted, Step::Agree, Actor::Provider, GrantState::Agreed),
    (GrantState::Accepted, Step::Terminate, Actor::Provider, GrantState::Terminated),
    (GrantState::Agreed, Step::Verify, Actor::Consumer, GrantState::Verified),
    (GrantState::Agreed, Step::Terminate, Actor::Consumer, GrantState::Terminated),
    (GrantState::Verified, Step::Finalize, Actor::Provider, GrantState::Active),
    (GrantState::Verified, Step::Terminate, Actor::Provider, GrantState::Terminated),
    (GrantState::Active, Step::Suspend, Actor::Provider, GrantState::Suspended),
    (GrantState::Active, Step::Revoke, Actor::Provider, GrantState::Revoked),
    (GrantState::Active, Step::Renounce, Actor::Consumer, GrantState::Completed),
    (GrantState::Active, Step::WithdrawConsent, Actor::Controller, GrantState::Revoked),
    (GrantState::Suspended, Step::Resume, Actor::Provider, GrantState::Active),
    (GrantState::Suspended, Step::Revoke, Actor::Provider, GrantState::Revoked),
    (GrantState::Suspended, Step::Renounce, Actor::Consumer, GrantState::Completed),
    (GrantState::Suspended, Step::WithdrawConsent, Actor::Controller, GrantState::Revoked),
];

/// What the table says of a try, and what a refusal is to be called.
fn expected(state: GrantState, step: Step, actor: Actor) -> Result<GrantState, DispatchError> {
    let is_try = |edge: &&(GrantState, Step, Actor, GrantState)| (edge.0, edge.1, edge.2) == (state, step, actor);
    if let Some((.., to)) = EDGES.iter().find(is_try) {
        return Ok(*to);
    }
    match actor {
        Actor::Clerk => return Err(MockMembership::NOT_AUTHORIZED),
        Actor::Nobody => return Err(MockMembership::NOT_MEMBER),
        Actor::Provider | Actor::Consumer | Actor::Controller | Actor::Stranger => (),
    }
    let is_either = matches!(actor, Actor::Provider | Actor::Consumer);
    // Who ends a negotiation depends on the state; who does anything else does not.
    let mover = match step {
        Step::Terminate if !is_either => return Err(Error::<Test>::NotParty.into()),
        Step::Terminate => EDGES.iter().find(|edge| (edge.0, edge.1) == (state, step)),
        _ => EDGES.iter().find(|edge| edge.1 == step),
    };
    let error = match mover.map(|edge| edge.2) {
        Some(mover) if mover == actor => Error::<Test>::IllegalTransition,
        Some(Actor::Provider) => Error::NotProvider,
        Some(Actor::Consumer) => Error::NotConsumer,
        Some(Actor::Controller) => Error::NotController,
        Some(_) => panic!("the table lets nobody else do anything"),
        None => Error::IllegalTransition,
    };
    Err(error.into())
}

#[test]
fn every_state_every_step_every_actor() {
    let mut allowed = 0;
    for state in GrantState::ALL.iter().copied() {
        for step in Step::ALL {
            for actor in Actor::ALL {
                ExtBuilder::default().run(|| {
                    let grant = grant_in(state, consent_terms());
                    match expected(state, step, actor) {
                        Ok(to) => {
                            assert_ok!(step.by(actor, grant));
                            assert_eq!(info(grant).state, to, "{actor:?} {step:?} when {state}");
                            allowed += 1;
                        }
                        Err(error) => {
                            println!("{actor:?} must not {step:?} when {state}");
                            assert_noop!(step.by(actor, grant), error);
                        }
                    }
                });
            }
        }
    }
    assert_eq!(allowed, EDGES.len());
}

#[test]
fn there_is_no_step_before_the_first() {
    for step in Step::ALL {
        for actor in Actor::ALL {
            ExtBuilder::default().run(|| {
                let error = match actor {
                    Actor::Clerk => MockMembership::NOT_AUTHORIZED,
                    Actor::Nobody => MockMembership::NOT_MEMBER,
                    _ => Error::<Test>::NotFound.into(),
                };
                assert_noop!(step.by(actor, GrantId(1)), error);
            });
        }
    }
}

#[test]
fn the_consumer_requests_and_the_provider_offers() {
    for actor in Actor::ALL {
        ExtBuilder::default().run(|| {
            let request = || Grants::request(signed(actor.account()), Box::new(consent_terms()), None);
            let offer = || Grants::offer(signed(actor.account()), Box::new(consent_terms()), false, None, None);
            match actor {
                Actor::Clerk => {
                    assert_noop!(request(), MockMembership::NOT_AUTHORIZED);
                    assert_noop!(offer(), MockMembership::NOT_AUTHORIZED);
                }
                Actor::Nobody => {
                    assert_noop!(request(), MockMembership::NOT_MEMBER);
                    assert_noop!(offer(), MockMembership::NOT_MEMBER);
                }
                Actor::Consumer => {
                    assert_ok!(request());
                    assert_eq!(info(GrantId(1)).state, GrantState::Requested);
                    assert_noop!(offer(), Error::<Test>::NotProvider);
                }
                Actor::Provider => {
                    assert_noop!(request(), Error::<Test>::NotConsumer);
                    assert_ok!(offer());
                    assert_eq!(info(GrantId(1)).state, GrantState::Offered);
                }
                Actor::Controller | Actor::Stranger => {
                    assert_noop!(request(), Error::<Test>::NotConsumer);
                    assert_noop!(offer(), Error::<Test>::NotProvider);
                }
            }
        });
    }
    ExtBuilder::default().run(|| {
        let call = Grants::request(RuntimeOrigin::none(), Box::new(terms()), None);
        assert_eq!(call, Err(DispatchError::BadOrigin));
    });
}

#[test]
fn a_request_is_recorded() {
    ExtBuilder::default().run(|| {
        let grant = request(terms());
        assert_eq!((grant, Grants::grant_count()), (GrantId(1), 1));
        let body = Body::GrantRequested { grant, supersedes: None, terms: terms() };
        let record = assert_recorded(&registrar(UNIVERSITY), grant, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_eq!(events(), [Event::GrantRequested { grant, record }]);
        let stored = info(grant);
        let fresh = GrantInfo {
            state: GrantState::Requested,
            parent: None,
            supersedes: None,
            binding: false,
            terms_hash: hash_of(&terms()),
            terms: terms(),
            active_since: None,
            ended: None,
            last_report: 0,
            reported_until: 0,
            used: Usage::default(),
            used_in_all: Usage::default(),
            head: stored.head,
        };
        assert_eq!(stored, fresh);
        assert_eq!(Grants::grant(grant), Some(stored));
        assert_eq!(Grants::grant(GrantId(2)), None);
        assert!(active_grants(AIR, UNIVERSITY).is_empty());
    });
}

#[test]
fn an_offer_is_recorded() {
    ExtBuilder::default().run(|| {
        let grant = offer(terms(), true, None, None);
        let body = Body::GrantOffered { grant, parent: None, supersedes: None, binding: true, terms: terms() };
        let record = assert_recorded(&registrar(CITY), grant, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_eq!(events(), [Event::GrantOffered { grant, record }]);
        assert!(info(grant).binding);
        assert_eq!(offer(terms(), false, None, None), GrantId(2));
    });
}

#[test]
fn a_party_counts_once() {
    ExtBuilder::default().run(|| {
        let own = Terms { controller: CITY, ..terms() };
        let grant = request(own.clone());
        let body = Body::GrantRequested { grant, supersedes: None, terms: own };
        assert_recorded(&registrar(UNIVERSITY), grant, &[CITY, UNIVERSITY], &body);
    });
}

#[test]
fn counters_replace_the_terms() {
    ExtBuilder::default().run(|| {
        let grant = offer(terms(), true, None, None);
        let shorter = Terms { not_after: now() + DAY, ..terms() };
        assert_ok!(Grants::counter_request(signed(registrar(UNIVERSITY)), grant, Box::new(shorter.clone())));
        let body = Body::GrantRequested { grant, supersedes: None, terms: shorter.clone() };
        let record = assert_recorded(&registrar(UNIVERSITY), grant, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_eq!(last_event(), Event::GrantRequested { grant, record });
        let GrantInfo { state, binding, terms: stored, terms_hash, .. } = info(grant);
        assert_eq!((state, binding, terms_hash), (GrantState::Requested, false, hash_of(&shorter)));
        assert_eq!(stored, shorter);

        let longer = Terms { not_after: now() + 2 * DAY, ..terms() };
        assert_ok!(Grants::counter_offer(signed(registrar(CITY)), grant, Box::new(longer.clone()), true));
        let body = Body::GrantOffered { grant, parent: None, supersedes: None, binding: true, terms: longer.clone() };
        let record = assert_recorded(&registrar(CITY), grant, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_eq!(last_event(), Event::GrantOffered { grant, record });
        let GrantInfo { state, binding, terms: stored, terms_hash, .. } = info(grant);
        assert_eq!((state, binding, terms_hash), (GrantState::Offered, true, hash_of(&longer)));
        assert_eq!(stored, longer);
    });
}

#[test]
fn counters_keep_the_parties() {
    ExtBuilder::default().run(|| {
        let offered = offer(terms(), false, None, None);
        let requested = request(terms());
        for other in [
            Terms { dataset: TRAFFIC, ..terms() },
            Terms { provider: TELECOM, ..terms() },
            Terms { consumer: TELECOM, ..terms() },
            Terms { controller: TELECOM, ..terms() },
        ] {
            let call = Grants::counter_request(signed(registrar(UNIVERSITY)), offered, Box::new(other.clone()));
            assert_eq!(call, Err(Error::<Test>::PartiesChanged.into()));
            let call = || Grants::counter_offer(signed(registrar(CITY)), requested, Box::new(other.clone()), true);
            assert_noop!(call(), Error::<Test>::PartiesChanged);
        }
    });
}

#[test]
fn terms_must_be_those_that_were_read() {
    ExtBuilder::default().run(|| {
        let grant = offer(terms(), true, None, None);
        let call = |hash| Grants::accept(signed(registrar(UNIVERSITY)), grant, hash);
        assert_noop!(call([0; 32]), Error::<Test>::TermsDiffer);
        assert_ok!(call(hash_of(&terms())));

        let grant = request(terms());
        let call = |hash| Grants::agree(signed(registrar(CITY)), grant, hash);
        assert_noop!(call([0; 32]), Error::<Test>::TermsDiffer);
        assert_ok!(call(hash_of(&terms())));
    });
}

#[test]
fn every_step_is_recorded() {
    ExtBuilder::default().run(|| {
        let (city, university) = (registrar(CITY), registrar(UNIVERSITY));
        let grant = offer(terms(), false, None, None);
        let hash = hash_of(&terms());
        let assert_advanced = |account: &AccountId32, state| {
            let body = Body::GrantAdvanced { grant, state, terms: hash };
            let record = assert_recorded(account, grant, &[CITY, UNIVERSITY, CLINIC], &body);
            assert_eq!(last_event(), Event::GrantAdvanced { grant, state, record });
            assert_eq!(info(grant).state, state);
        };
        assert_ok!(Grants::accept(signed(university.clone()), grant, hash));
        assert_advanced(&university, GrantState::Accepted);
        assert_ok!(Grants::agree(signed(city.clone()), grant, hash));
        assert_advanced(&city, GrantState::Agreed);
        assert_ok!(Grants::verify(signed(university.clone()), grant));
        assert_advanced(&university, GrantState::Verified);
        assert_eq!(info(grant).active_since, None);
        assert!(active_grants(AIR, UNIVERSITY).is_empty());

        MockClock::advance(HOUR);
        assert_ok!(Grants::finalize(signed(city.clone()), grant));
        assert_advanced(&city, GrantState::Active);
        assert_eq!((info(grant).active_since, info(grant).ended), (Some(now()), None));
        assert_eq!(active_grants(AIR, UNIVERSITY), [grant]);
        assert_eq!(events().len(), 5);
    });
}

#[test]
fn accepting_a_binding_offer_is_enough() {
    ExtBuilder::default().run(|| {
        let grant = offer(terms(), true, None, None);
        let before = MockJournal::entries().len();
        assert_ok!(accept(grant));
        assert_eq!(info(grant).state, GrantState::Active);
        assert_eq!(info(grant).active_since, Some(now()));
        assert_eq!(active_grants(AIR, UNIVERSITY), [grant]);

        let states = [GrantState::Accepted, GrantState::Agreed, GrantState::Verified, GrantState::Active];
        let records: Vec<Body> = MockJournal::bodies().split_off(before);
        let bodies = states.map(|state| Body::GrantAdvanced { grant, state, terms: hash_of(&terms()) });
        assert_eq!(records, bodies);
        let last = MockJournal::last().unwrap().record;
        assert_eq!(last.organisation, UNIVERSITY);
        let steps: Vec<_> = events()
            .into_iter()
            .filter_map(|event| match event {
                Event::GrantAdvanced { grant: of, state, record } if of == grant => Some((state, record)),
                _ => None,
            })
            .collect();
        let numbered: Vec<_> = states.into_iter().zip(last.index - 3..).collect();
        assert_eq!(steps, numbered);
        assert_eq!(info(grant).head.count, 5);
    });
}

#[test]
fn a_negotiation_ends_with_a_reason() {
    ExtBuilder::default().run(|| {
        let grant = request(terms());
        let call = |note| Grants::terminate(signed(registrar(CITY)), grant, ReasonCode::NoAgreement, note);
        assert_noop!(call(bytes(&[0xff])), Error::<Test>::InvalidText);
        assert_ok!(call(text("")));
        let (state, reason) = (GrantState::Terminated, ReasonCode::NoAgreement);
        let body = Body::GrantStateChanged { grant, state, reason, note: text("") };
        let record = assert_recorded(&registrar(CITY), grant, &[CITY, UNIVERSITY, CLINIC], &body);
        assert_eq!(last_event(), Event::GrantStateChanged { grant, state, reason, record });
        assert_eq!((info(grant).active_since, info(grant).ended), (None, None));
    });
}

#[test]
fn terms_are_of_a_dataset_and_its_owner() {
    ExtBuilder::default().run(|| {
        let nowhere = Terms { dataset: NOWHERE, ..terms() };
        let strange = Terms { provider: TELECOM, ..terms() };
        let request = |terms: &Terms| Grants::request(signed(registrar(UNIVERSITY)), Box::new(terms.clone()), None);
        assert_noop!(request(&nowhere), Error::<Test>::UnknownDataset);
        assert_noop!(request(&strange), Error::<Test>::WrongProvider);
        let offer = |terms: &Terms| {
            let provider = registrar(terms.provider);
            Grants::offer(signed(provider), Box::new(terms.clone()), true, None, None)
        };
        assert_noop!(offer(&nowhere), Error::<Test>::UnknownDataset);
        assert_noop!(offer(&strange), Error::<Test>::WrongProvider);
        let call = Grants::offer(signed(registrar(CITY)), Box::new(terms()), true, Some(GrantId(7)), None);
        assert_eq!(call, Err(Error::<Test>::UnknownParent.into()));
    });
}

#[test]
fn a_sub_grant_is_of_what_its_provider_has() {
    ExtBuilder::default().run(|| {
        let parent = activate(terms());
        let offer =
            |terms: Terms| Grants::offer(signed(registrar(terms.provider)), Box::new(terms), true, Some(parent), None);
        assert_noop!(offer(Terms { provider: TELECOM, ..terms() }), Error::<Test>::NotConsumer);
        let other_dataset = Terms { dataset: TRAFFIC, delegation_depth: 0, ..sub_terms(parent, TELECOM) };
        assert_noop!(offer(other_dataset), Error::<Test>::PartiesChanged);
        assert_noop!(offer(sub_terms(parent, UNIVERSITY)), Error::<Test>::SameParty);

        let leaf = activate(Terms { delegation_depth: 0, ..terms() });
        let call =
            Grants::offer(signed(registrar(UNIVERSITY)), Box::new(sub_terms(leaf, TELECOM)), true, Some(leaf), None);
        assert_eq!(call, Err(Error::<Test>::NoDelegation.into()));
    });
}

#[test]
fn every_party_is_an_active_member() {
    for party in [CITY, UNIVERSITY, CLINIC] {
        ExtBuilder::default().run(|| {
            let offered = offer(terms(), true, None, None);
            let verified = grant_in(GrantState::Verified, terms());
            MockMembership::set_status(party, OrganisationStatus::Suspended);
            if party != UNIVERSITY {
                let call = || Grants::request(signed(registrar(UNIVERSITY)), Box::new(terms()), None);
                assert_noop!(call(), Error::<Test>::PartyInactive);
                assert_noop!(accept(offered), Error::<Test>::PartyInactive);
            }
            if party != CITY {
                let call = || Grants::offer(signed(registrar(CITY)), Box::new(terms()), true, None, None);
                assert_noop!(call(), Error::<Test>::PartyInactive);
                let call = || Grants::finalize(signed(registrar(CITY)), verified);
                assert_noop!(call(), Error::<Test>::PartyInactive);
            }
        });
    }
}

/// Both ways in which a grant becomes active.
fn assert_not_activated(terms: Terms, change: impl Fn(), error: Error<Test>) {
    ExtBuilder::default().run(|| {
        let verified = grant_in(GrantState::Verified, terms.clone());
        let offered = offer(terms, true, None, None);
        change();
        let error = DispatchError::from(error);
        let call = || Grants::finalize(signed(registrar(provider(verified))), verified);
        assert_noop!(call(), error);
        assert_noop!(accept(offered), error);
    });
}

#[test]
fn what_time_changed_is_checked_again() {
    let sample = || ExtBuilder::default().build().execute_with(terms);
    let [first, second] = CONTENTS;
    assert_not_activated(sample(), || MockClock::advance(10 * DAY), Error::WindowOver);
    // The dataset went to the consumer, who needs no grant any more.
    assert_not_activated_for_the_owner(sample());
    let third = Versions { first: 3, last: Some(3), content: Some(first) };
    let change = || MockCatalogue::set(AIR, CITY, Sensitivity::Open, &[first, second, second]);
    assert_not_activated(Terms { versions: third, ..sample() }, change, Error::ContentDiffers);
    let change = || MockCatalogue::set(AIR, CITY, Sensitivity::Restricted, &CONTENTS);
    let broken = Error::RuleBroken(BrokenRule(Rule::RestrictedDelegation));
    assert_not_activated(sample(), change, broken);
}

fn assert_not_activated_for_the_owner(terms: Terms) {
    ExtBuilder::default().run(|| {
        let verified = grant_in(GrantState::Verified, terms.clone());
        let offered = offer(terms, true, None, None);
        MockCatalogue::set(AIR, UNIVERSITY, Sensitivity::Open, &CONTENTS);
        let call = || Grants::finalize(signed(registrar(UNIVERSITY)), verified);
        assert_noop!(call(), Error::<Test>::SameParty);
        // Nor does the offer bind whom it was made to.
        assert_ok!(accept(offered));
        assert_eq!(info(offered).state, GrantState::Accepted);
    });
}

#[test]
fn the_last_moment_is_not_part_of_the_window() {
    ExtBuilder::default().run(|| {
        let verified = grant_in(GrantState::Verified, terms());
        MockClock::set(info(verified).terms.not_after - 1);
        assert_ok!(Grants::finalize(signed(registrar(CITY)), verified));
    });
}

#[test]
fn a_dataset_takes_its_grants_along() {
    ExtBuilder::default().run(|| {
        let verified = grant_in(GrantState::Verified, terms());
        let active = activate(terms());
        let sub = delegate(active, CLINIC);
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        assert_eq!((provider(active), provider(sub)), (TELECOM, UNIVERSITY));

        let finalize = |organisation| Grants::finalize(signed(registrar(organisation)), verified);
        assert_noop!(finalize(CITY), Error::<Test>::NotProvider);
        assert_ok!(finalize(TELECOM));
        let body = Body::GrantAdvanced { grant: verified, state: GrantState::Active, terms: hash_of(&terms()) };
        assert_recorded(&registrar(TELECOM), verified, &[TELECOM, UNIVERSITY, CLINIC], &body);

        let call = Grants::suspend(signed(registrar(CITY)), active, ReasonCode::Other, note());
        assert_eq!(call, Err(Error::<Test>::NotProvider.into()));
        assert_ok!(suspend(active));
    });
}

#[test]
fn an_offer_does_not_bind_who_took_the_dataset_over() {
    ExtBuilder::default().run(|| {
        let parent = activate(terms());
        let offered = offer(terms(), true, None, None);
        let sub = offer(sub_terms(parent, CLINIC), true, Some(parent), None);
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        assert_ok!(accept(offered));
        assert_eq!(info(offered).state, GrantState::Accepted);
        assert_eq!(active_grants(AIR, UNIVERSITY), [parent]);

        let telecom = signed(registrar(TELECOM));
        assert_ok!(Grants::agree(telecom.clone(), offered, hash_of(&terms())));
        assert_ok!(Grants::verify(signed(registrar(UNIVERSITY)), offered));
        assert_ok!(Grants::finalize(telecom, offered));
        assert_eq!(active_grants(AIR, UNIVERSITY), [parent, offered]);

        // Who passes a grant on stays its provider, and bound.
        assert_ok!(accept(sub));
        assert_eq!(info(sub).state, GrantState::Active);
    });
}

#[test]
fn a_parent_must_be_in_force_until_the_end() {
    ExtBuilder::default().run(|| {
        let parent = activate(terms());
        let offered = offer(sub_terms(parent, TELECOM), true, Some(parent), None);
        let requested = offer(sub_terms(parent, TELECOM), false, Some(parent), None);
        let again = Box::new(sub_terms(parent, TELECOM));
        assert_ok!(Grants::counter_request(signed(registrar(TELECOM)), requested, again.clone()));
        assert_ok!(suspend(parent));

        let call = || Grants::offer(signed(registrar(UNIVERSITY)), again.clone(), true, Some(parent), None);
        assert_noop!(call(), Error::<Test>::ParentNotInForce);
        let call = || Grants::counter_offer(signed(registrar(UNIVERSITY)), requested, again.clone(), true);
        assert_noop!(call(), Error::<Test>::ParentNotInForce);
        let call = || Grants::counter_request(signed(registrar(TELECOM)), offered, again.clone());
        assert_noop!(call(), Error::<Test>::ParentNotInForce);
        assert_noop!(accept(offered), Error::<Test>::ParentNotInForce);
        assert_ok!(resume(parent));
        assert_ok!(accept(offered));
    });
}

#[test]
fn a_consumer_has_so_many_grants_and_no_more() {
    ExtBuilder::default().run(|| {
        let brief = || Terms { not_after: now() + HOUR, ..terms() };
        let first = activate(brief());
        let mut grants = vec![first];
        grants.extend((1..MAX_GRANTS).map(|_| activate(terms())));
        assert_eq!(active_grants(AIR, UNIVERSITY), grants);

        let offered = offer(terms(), true, None, None);
        let verified = grant_in(GrantState::Verified, terms());
        assert_noop!(accept(offered), Error::<Test>::TooManyGrants);
        let call = || Grants::finalize(signed(registrar(CITY)), verified);
        assert_noop!(call(), Error::<Test>::TooManyGrants);
        // Of another dataset, or another consumer.
        activate(Terms { dataset: TRAFFIC, delegation_depth: 0, ..terms() });
        activate(Terms { consumer: TELECOM, ..terms() });

        // A grant whose time is over makes room, though nobody ended it.
        MockClock::advance(HOUR - 1);
        assert_noop!(accept(offered), Error::<Test>::TooManyGrants);
        MockClock::advance(1);
        assert_ok!(accept(offered));
        grants.retain(|grant| *grant != first);
        grants.push(offered);
        assert_eq!(active_grants(AIR, UNIVERSITY), grants);
        assert_eq!(info(first).state, GrantState::Active);
    });
}

#[test]
fn lists_ascend_whatever_is_finalised_first() {
    ExtBuilder::default().run(|| {
        let older = offer(terms(), true, None, None);
        let newer = offer(terms(), true, None, None);
        assert_ok!(accept(newer));
        assert_ok!(accept(older));
        assert_eq!(active_grants(AIR, UNIVERSITY), [older, newer]);
    });
}

#[test]
fn numbers_are_used_up_one_day() {
    ExtBuilder::default().build().execute_with(|| {
        GrantCount::<Test>::put(u64::MAX);
        let call = || Grants::request(signed(registrar(UNIVERSITY)), Box::new(terms()), None);
        assert_noop!(call(), Error::<Test>::NumbersExhausted);
        let call = || Grants::offer(signed(registrar(CITY)), Box::new(terms()), true, None, None);
        assert_noop!(call(), Error::<Test>::NumbersExhausted);
    });
}

#[test]
fn nothing_changes_that_is_not_recorded() {
    for (state, step, actor, _) in EDGES.iter().copied() {
        ExtBuilder::default().run(|| {
            let grant = grant_in(state, consent_terms());
            MockJournal::fail(true);
            assert_noop!(step.by(actor, grant), MockJournal::FAILURE);
        });
    }
    ExtBuilder::default().run(|| {
        let offered = offer(terms(), true, None, None);
        MockJournal::fail(true);
        let call = || Grants::request(signed(registrar(UNIVERSITY)), Box::new(terms()), None);
        assert_noop!(call(), MockJournal::FAILURE);
        let call = || Grants::offer(signed(registrar(CITY)), Box::new(terms()), true, None, None);
        assert_noop!(call(), MockJournal::FAILURE);
        assert_noop!(accept(offered), MockJournal::FAILURE);
    });
}

#[test]
fn a_grant_holds_its_head() {
    use citynet_primitives::{DeviceId, Subject};
    use citynet_support::HeldHeads;
    ExtBuilder::default().run(|| {
        let grant = request(terms());
        assert_eq!(Grants::held_head(&Subject::Grant(grant)), Some(info(grant).head));
        assert_eq!(Grants::held_head(&Subject::Grant(GrantId(2))), Some(SubjectHead::default()));
        for other in [Subject::Organisation(CITY), Subject::Dataset(AIR), Subject::Device(DeviceId(1))] {
            assert_eq!(Grants::held_head(&other), None);
        }
        // The journal keeps no head of a dataset, which is the catalogue's to hold.
        assert_eq!(MockJournal::head(&Subject::Dataset(AIR)), SubjectHead::default());
    });
}
