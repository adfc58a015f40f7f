use super::receipts::use_accesses;
use crate::{delegation::check_within, mock::*, Error, Widened};
use citynet_primitives::{
    Action, Actions, Denial, GrantId, GrantState, LegalBasisCode, OrganisationStatus, PersonalData, Sensitivity, Terms,
    UsageLimit, Versions, MAX_DELEGATION_DEPTH,
};
use citynet_support::{
    mock::{MockCatalogue, MockClock, MockMembership},
    Access,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};

/// Terms with something in every field that a sub-grant could widen.
fn bounded() -> Terms {
    Terms {
        dataset: AIR,
        versions: Versions { first: 1, last: Some(2), content: None },
        limit: UsageLimit { accesses: Some(10), records: Some(100), bytes: Some(1_000) },
        delegation_depth: 3,
        restricted_delegation: false,
        ..consent_terms()
    }
}

type Widen = fn(&mut Terms);

/// Everything by which a sub-grant of [`bounded`] can go beyond it.
const WIDENINGS: &[(Widened, Widen)] = &[
    (Widened::Actions, |terms| terms.actions = [Action::Read, Action::Publish].into_iter().collect()),
    (Widened::Purposes, |terms| terms.purposes = purposes(&[4])),
    (Widened::Purposes, |terms| terms.purposes = purposes(&[2, 3, 4])),
    (Widened::Window, |terms| terms.not_before -= 1),
    (Widened::Window, |terms| terms.not_after += 1),
    (Widened::Limit, |terms| terms.limit.accesses = None),
    (Widened::Limit, |terms| terms.limit.accesses = Some(11)),
    (Widened::Limit, |terms| terms.limit.records = None),
    (Widened::Limit, |terms| terms.limit.records = Some(101)),
    (Widened::Limit, |terms| terms.limit.bytes = None),
    (Widened::Limit, |terms| terms.limit.bytes = Some(1_001)),
    (Widened::Versions, |terms| terms.versions.last = None),
    (Widened::Versions, |terms| terms.versions.last = Some(3)),
    (Widened::Depth, |terms| terms.delegation_depth = 3),
    (Widened::Depth, |terms| terms.delegation_depth = 4),
    (Widened::Controller, |terms| terms.controller = CITY),
    (Widened::Jurisdiction, |terms| terms.jurisdiction = text("RU")),
    (Widened::LegalBasis, |terms| terms.legal_basis = Some(LegalBasisCode::GDPR_CONSENT)),
    (Widened::PersonalData, |terms| terms.personal_data = PersonalData::Personal),
    (Widened::Consent, |terms| terms.consent = Some([9; 32])),
    (Widened::Retention, |terms| terms.retention_days = Some(31)),
    (Widened::Recipients, |terms| terms.recipients = vec![text("advertisers")].try_into().unwrap()),
    (Widened::RestrictedDelegation, |terms| terms.restricted_delegation = true),
];

fn offer_sub(parent: GrantId, terms: Terms) -> DispatchResult {
    Grants::offer(signed(registrar(terms.provider)), Box::new(terms), true, Some(parent), None)
}

#[test]
fn nothing_may_be_wider() {
    ExtBuilder::default().run(|| {
        let parent = activate(bounded());
        for (widened, widen) in WIDENINGS {
            let mut terms = sub_terms(parent, TELECOM);
            assert_eq!(check_within(&info(parent), &terms), Ok(()));
            widen(&mut terms);
            assert_eq!(check_within(&info(parent), &terms), Err(*widened), "{terms:?}");
            assert_noop!(offer_sub(parent, terms), Error::<Test>::Wider(*widened));
        }
    });
}

#[test]
fn what_has_no_bound_may_not_become_unbounded() {
    ExtBuilder::default().run(|| {
        let parent = activate(bounded());
        let within = |change: Widen| {
            let mut terms = sub_terms(parent, TELECOM);
            change(&mut terms);
            check_within(&info(parent), &terms)
        };
        // These break rules as well, so that an offer does not come this far.
        assert_eq!(within(|terms| terms.retention_days = None), Err(Widened::Retention));
        assert_eq!(within(|terms| terms.consent = None), Err(Widened::Consent));
        assert_eq!(within(|terms| terms.legal_basis = None), Err(Widened::LegalBasis));
        assert_eq!(within(|terms| terms.personal_data = PersonalData::None), Err(Widened::PersonalData));
    });
}

#[test]
fn one_content_stays_that_content() {
    ExtBuilder::default().run(|| {
        let [first, _] = CONTENTS;
        let versions = Versions { first: 1, last: Some(1), content: Some(first) };
        let parent = activate(Terms { versions, ..terms() });
        let other = |versions| Terms { versions, ..sub_terms(parent, TELECOM) };
        for wider in [
            Versions { content: None, ..versions },
            Versions { last: Some(2), content: None, ..versions },
            Versions { first: 2, last: Some(2), content: None },
        ] {
            assert_noop!(offer_sub(parent, other(wider)), Error::<Test>::Wider(Widened::Versions));
        }
        assert_ok!(offer_sub(parent, other(versions)));
    });
}

#[test]
fn everything_may_be_narrower() {
    ExtBuilder::default().run(|| {
        let parent = activate(bounded());
        let [_, second] = CONTENTS;
        let narrowings: [Widen; 12] = [
            |terms| terms.actions = Actions::from_iter([Action::Train]),
            |terms| terms.purposes = purposes(&[3]),
            |terms| terms.not_before += 1,
            |terms| terms.not_after -= 1,
            |terms| terms.limit = UsageLimit { accesses: Some(1), records: Some(1), bytes: Some(1) },
            |terms| terms.versions.first = 2,
            |terms| terms.delegation_depth = 0,
            |terms| terms.retention_days = Some(0),
            |terms| terms.recipients = Default::default(),
            |terms| terms.recipients = vec![text("auditors")].try_into().unwrap(),
            // What the sub-grant's own parties agree on.
            |terms| terms.price = citynet_primitives::Price::Free,
            |terms| terms.withdrawal = Some(text("tel:112")),
        ];
        for narrow in narrowings {
            let mut terms = sub_terms(parent, TELECOM);
            narrow(&mut terms);
            assert_eq!(check_within(&info(parent), &terms), Ok(()), "{terms:?}");
            assert_ok!(offer_sub(parent, terms));
        }
        let versions = Versions { first: 2, last: Some(2), content: Some(second) };
        assert_ok!(offer_sub(parent, Terms { versions, ..sub_terms(parent, TELECOM) }));

        // What was not said to be about people may turn out to be.
        let parent = activate(terms());
        let more_personal = Terms { personal_data: PersonalData::Personal, ..sub_terms(parent, TELECOM) };
        assert_eq!(check_within(&info(parent), &more_personal), Ok(()));
        let first_limit = UsageLimit { accesses: Some(1), ..UsageLimit::default() };
        assert_ok!(offer_sub(parent, Terms { limit: first_limit, ..sub_terms(parent, TELECOM) }));
        assert_ok!(offer_sub(parent, Terms { retention_days: Some(1), ..sub_terms(parent, TELECOM) }));
    });
}

#[test]
fn negotiated_terms_are_compared_again() {
    ExtBuilder::default().run(|| {
        let parent = activate(bounded());
        let sub = offer(sub_terms(parent, TELECOM), false, Some(parent), None);
        let mut wider = sub_terms(parent, TELECOM);
        wider.not_after += 1;
        let refused = Error::<Test>::Wider(Widened::Window);
        assert_noop!(Grants::counter_request(signed(registrar(TELECOM)), sub, Box::new(wider.clone())), refused);
        let narrower = Terms { delegation_depth: 0, ..sub_terms(parent, TELECOM) };
        assert_ok!(Grants::counter_request(signed(registrar(TELECOM)), sub, Box::new(narrower.clone())));
        let refused = Error::<Test>::Wider(Widened::Window);
        assert_noop!(Grants::counter_offer(signed(registrar(UNIVERSITY)), sub, Box::new(wider), true), refused);
        assert_ok!(Grants::counter_offer(signed(registrar(UNIVERSITY)), sub, Box::new(narrower), true));
        assert_ok!(accept(sub));
        assert_eq!(info(sub).parent, Some(parent));
    });
}

#[test]
fn only_the_consumer_of_a_parent_passes_it_on() {
    ExtBuilder::default().run(|| {
        let parent = activate(terms());
        let by_city = Terms { provider: CITY, ..sub_terms(parent, TELECOM) };
        assert_noop!(offer_sub(parent, by_city), Error::<Test>::NotConsumer);
        let by_clinic = Terms { provider: CLINIC, ..sub_terms(parent, TELECOM) };
        assert_noop!(offer_sub(parent, by_clinic), Error::<Test>::NotConsumer);
        assert_noop!(offer_sub(GrantId(9), sub_terms(parent, TELECOM)), Error::<Test>::UnknownParent);
        let other_dataset = Terms { dataset: TRAFFIC, restricted_delegation: true, ..sub_terms(parent, TELECOM) };
        assert_noop!(offer_sub(parent, other_dataset), Error::<Test>::PartiesChanged);
        // Not to itself, but to whoever gave it.
        assert_noop!(offer_sub(parent, sub_terms(parent, UNIVERSITY)), Error::<Test>::SameParty);
        assert_ok!(offer_sub(parent, sub_terms(parent, CITY)));
    });
}

#[test]
fn is_passed_on_as_often_as_it_says() {
    ExtBuilder::default().run(|| {
        let mut grant = activate(terms());
        let mut chain = vec![grant];
        for consumer in [TELECOM, CLINIC, UNIVERSITY, TELECOM] {
            grant = delegate(grant, consumer);
            chain.insert(0, grant);
        }
        assert_eq!(chain.len(), usize::from(MAX_DELEGATION_DEPTH) + 1);
        assert_noop!(offer_sub(grant, sub_terms(grant, CLINIC)), Error::<Test>::NoDelegation);
        let ancestors = Grants::ancestors(&info(grant)).expect("all of them exist");
        let numbers: Vec<GrantId> = ancestors.into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, chain[1..]);
        assert_ok!(Grants::permits(grant, TELECOM, AIR, Some(1), Action::Read));
    });
}

#[test]
fn a_chain_that_cannot_be_allows_nothing() {
    ExtBuilder::default().build().execute_with(|| {
        let [root, _, leaf] = chain();
        // One that is too long: it goes round.
        crate::Grants::<Test>::mutate(root, |info| info.as_mut().unwrap().parent = Some(leaf));
        assert_eq!(Grants::ancestors(&info(leaf)), None);
        assert_eq!(Grants::permits(leaf, CLINIC, AIR, Some(1), Action::Read), Err(Denial::NoGrant));
        assert!(!Grants::in_force(&info(leaf), now()));
        // And one that ends nowhere.
        crate::Grants::<Test>::remove(root);
        assert_eq!(Grants::ancestors(&info(leaf)), None);
        assert_eq!(Grants::permits(leaf, CLINIC, AIR, Some(1), Action::Read), Err(Denial::NoGrant));
        assert!(!Grants::in_force(&info(leaf), now()));
    });
}

/// Whether the last grant of [`chain`] is in force once `change` was made. It allows something exactly then.
fn is_leaf_in_force(change: fn([GrantId; 3])) -> bool {
    let mut in_force = false;
    ExtBuilder::default().run(|| {
        let [root, middle, leaf] = chain();
        change([root, middle, leaf]);
        in_force = Grants::in_force(&info(leaf), now());
        assert_eq!(Grants::permits(leaf, CLINIC, AIR, Some(1), Action::Read).is_ok(), in_force);
    });
    in_force
}

#[test]
fn what_stands_on_it_falls_with_it() {
    assert!(is_leaf_in_force(|_| ()));
    let falls: &[fn([GrantId; 3])] = &[
        |[root, _, _]| suspend(root).unwrap(),
        |[_, middle, _]| suspend(middle).unwrap(),
        |[_, _, leaf]| suspend(leaf).unwrap(),
        |[root, _, _]| revoke(root).unwrap(),
        |[_, middle, _]| revoke(middle).unwrap(),
        |[root, _, _]| renounce(root).unwrap(),
        |[_, middle, _]| renounce(middle).unwrap(),
        |[root, _, _]| MockClock::set(info(root).terms.not_after),
        |_| MockMembership::set_status(CITY, OrganisationStatus::Suspended),
        |_| MockMembership::set_status(UNIVERSITY, OrganisationStatus::Left),
        |_| MockMembership::set_status(TELECOM, OrganisationStatus::Suspended),
        |_| MockMembership::set_status(CLINIC, OrganisationStatus::Expelled),
    ];
    for (position, fall) in falls.iter().enumerate() {
        assert!(!is_leaf_in_force(*fall), "the change at position {position}");
    }
    // One that was on hold comes back.
    assert!(is_leaf_in_force(|[root, _, _]| {
        assert_ok!(suspend(root));
        assert_ok!(resume(root));
    }));
    // Who gave the dataset away may go.
    assert!(is_leaf_in_force(|_| {
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        MockMembership::set_status(CITY, OrganisationStatus::Left);
    }));
}

#[test]
fn nothing_is_passed_on_of_what_is_used_up_or_has_not_begun() {
    ExtBuilder::default().run(|| {
        let limit = UsageLimit { accesses: Some(2), ..UsageLimit::default() };
        let root = activate(Terms { limit, ..terms() });
        let sub = delegate(root, TELECOM);
        use_accesses(sub, 1);
        assert_ok!(offer_sub(root, sub_terms(root, CLINIC)));
        use_accesses(root, 1);
        // The sub-grant has one left of its own, but nothing is left of what it stands on.
        assert_eq!(info(sub).used_in_all.accesses, 1);
        for parent in [root, sub] {
            assert_noop!(offer_sub(parent, sub_terms(parent, CLINIC)), Error::<Test>::ParentNotInForce);
        }

        let later = activate(Terms { not_before: now() + HOUR, ..terms() });
        assert_noop!(offer_sub(later, sub_terms(later, TELECOM)), Error::<Test>::ParentNotInForce);
        MockClock::advance(HOUR);
        assert_ok!(offer_sub(later, sub_terms(later, TELECOM)));

        for state in [GrantState::Requested, GrantState::Verified, GrantState::Terminated] {
            let grant = grant_in(state, terms());
            assert_noop!(offer_sub(grant, sub_terms(grant, TELECOM)), Error::<Test>::ParentNotInForce);
        }
    });
}

#[test]
fn a_parent_that_fell_meanwhile_lets_no_offer_become_active() {
    ExtBuilder::default().run(|| {
        let root = activate(terms());
        let middle = delegate(root, TELECOM);
        let sub = offer(sub_terms(middle, CLINIC), true, Some(middle), None);
        assert_ok!(suspend(root));
        assert_noop!(offer_sub(middle, sub_terms(middle, CLINIC)), Error::<Test>::ParentNotInForce);
        assert_noop!(accept(sub), Error::<Test>::ParentNotInForce);
        assert_ok!(resume(root));
        assert_ok!(accept(sub));
    });
}

#[test]
fn revoking_writes_nothing_to_what_stands_on_it() {
    ExtBuilder::default().run(|| {
        let [root, middle, leaf] = chain();
        let before = (info(middle), info(leaf));
        assert_ok!(revoke(root));
        assert_eq!((info(middle), info(leaf)), before);
        assert_eq!(active_grants(AIR, TELECOM), [middle]);
        for (grant, consumer) in [(root, UNIVERSITY), (middle, TELECOM), (leaf, CLINIC)] {
            assert_eq!(Grants::permits(grant, consumer, AIR, Some(1), Action::Read), Err(Denial::Ended));
        }
    });
}

#[test]
fn restricted_data_is_passed_on_only_where_the_terms_say_so() {
    ExtBuilder::default().run(|| {
        let not_at_all = Terms { dataset: TRAFFIC, delegation_depth: 0, ..terms() };
        let not_at_all = activate(not_at_all);
        assert_noop!(offer_sub(not_at_all, sub_terms(not_at_all, TELECOM)), Error::<Test>::NoDelegation);

        let root = activate(Terms { dataset: TRAFFIC, restricted_delegation: true, ..terms() });
        // The last in the line need not say it: nobody comes after it.
        let last = Terms { restricted_delegation: false, delegation_depth: 0, ..sub_terms(root, TELECOM) };
        let last = delegate_with(root, last);
        assert_ok!(Grants::permits(last, TELECOM, TRAFFIC, Some(1), Action::Train));
    });
}
