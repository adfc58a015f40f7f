use super::receipts::use_accesses;
use crate::mock::*;
use citynet_primitives::{
    Action, DatasetId, Decision, Denial, GrantId, GrantState, Moment, OrganisationId, OrganisationStatus, PurposeCode,
    Sensitivity, Terms, UsageLimit, Versions,
};
use citynet_support::{
    mock::{MockCatalogue, MockClock, MockMembership},
    Access,
};
use frame_support::assert_ok;

/// The purposes of [`terms`].
const GRANTED: [PurposeCode; 2] = [PurposeCode(2), PurposeCode(3)];

#[derive(Clone, Copy)]
struct Question {
    consumer: OrganisationId,
    dataset: DatasetId,
    version: Option<u32>,
    action: Action,
    purpose: PurposeCode,
    time: Moment,
}

impl Question {
    fn ask(self) -> Decision {
        let Self { consumer, dataset, version, action, purpose, time } = self;
        Grants::check_access(consumer, dataset, version, action, purpose, time)
    }
}

/// What [`terms`] allow the consumer now.
fn by(consumer: OrganisationId) -> Question {
    Question { consumer, dataset: AIR, version: Some(1), action: Action::Read, purpose: PurposeCode(2), time: now() }
}

fn allowed(chain: &[GrantId]) -> Decision {
    Decision::Allowed { chain: chain.to_vec() }
}

fn denied(reason: Denial, grant: impl Into<Option<GrantId>>) -> Decision {
    Decision::Denied { reason, grant: grant.into() }
}

/// Makes [`AIR`] another dataset in one respect.
fn set_air(sensitivity: Sensitivity, versions: &[[u8; 32]]) {
    MockCatalogue::set(AIR, CITY, sensitivity, versions);
}

#[test]
fn the_owner_needs_no_grant() {
    ExtBuilder::default().run(|| {
        for version in [None, Some(1), Some(2)] {
            for action in Action::ALL.iter().copied() {
                assert_eq!(Question { version, action, purpose: PurposeCode(999), ..by(CITY) }.ask(), allowed(&[]));
            }
        }
        // Nobody else has any right of its own, and the owner before has none any more.
        assert_eq!(by(UNIVERSITY).ask(), denied(Denial::NoGrant, None));
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        assert_eq!(by(CITY).ask(), denied(Denial::NoGrant, None));
        assert_eq!(by(TELECOM).ask(), allowed(&[]));
    });
}

#[test]
fn a_grant_allows_what_it_says() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        for version in [None, Some(1), Some(2)] {
            for action in Action::ALL.iter().copied() {
                for purpose in (0..20).map(PurposeCode) {
                    let decision = Question { version, action, purpose, ..by(UNIVERSITY) }.ask();
                    let permitted = Grants::permits(grant, UNIVERSITY, AIR, version, action);
                    if !info(grant).terms.actions.contains(action) {
                        assert_eq!(decision, denied(Denial::ActionNotGranted, grant));
                        assert_eq!(permitted, Err(Denial::ActionNotGranted));
                    } else if !GRANTED.contains(&purpose) {
                        assert_eq!(decision, denied(Denial::PurposeNotGranted, grant));
                        assert_eq!(permitted, Ok(()));
                    } else {
                        assert_eq!(decision, allowed(&[grant]));
                        assert_eq!(permitted, Ok(()));
                    }
                }
            }
        }
        assert_eq!(by(TELECOM).ask(), denied(Denial::NoGrant, None));
        // The controller answers for the data; that gives it no access.
        assert_eq!(by(CLINIC).ask(), denied(Denial::NoGrant, None));
        assert_eq!(Question { dataset: TRAFFIC, ..by(UNIVERSITY) }.ask(), denied(Denial::NoGrant, None));
    });
}

#[test]
fn the_chain_goes_from_the_consumers_grant_to_the_first() {
    ExtBuilder::default().run(|| {
        let [root, middle, leaf] = chain();
        assert_eq!(by(UNIVERSITY).ask(), allowed(&[root]));
        assert_eq!(by(TELECOM).ask(), allowed(&[middle, root]));
        assert_eq!(by(CLINIC).ask(), allowed(&[leaf, middle, root]));
    });
}

#[test]
fn there_must_be_such_data_and_such_a_consumer() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        for consumer in [CITY, UNIVERSITY, TELECOM] {
            assert_eq!(Question { dataset: NOWHERE, ..by(consumer) }.ask(), denied(Denial::UnknownDataset, None));
            for version in [0, 3, u32::MAX] {
                let question = Question { version: Some(version), ..by(consumer) };
                assert_eq!(question.ask(), denied(Denial::UnknownVersion, None));
            }
        }
        assert_eq!(by(OrganisationId(9)).ask(), denied(Denial::ConsumerInactive, None));
        for status in [OrganisationStatus::Suspended, OrganisationStatus::Expelled, OrganisationStatus::Left] {
            for consumer in [CITY, UNIVERSITY] {
                MockMembership::set_status(consumer, status);
                assert_eq!(by(consumer).ask(), denied(Denial::ConsumerInactive, None));
                MockMembership::set_status(consumer, OrganisationStatus::Active);
            }
        }

        let permits =
            |grant, consumer, dataset, version| Grants::permits(grant, consumer, dataset, version, Action::Read);
        assert_eq!(permits(GrantId(9), UNIVERSITY, AIR, Some(1)), Err(Denial::NoGrant));
        assert_eq!(permits(grant, UNIVERSITY, TRAFFIC, Some(1)), Err(Denial::WrongDataset));
        assert_eq!(permits(grant, TELECOM, AIR, Some(1)), Err(Denial::WrongConsumer));
        assert_eq!(permits(grant, CITY, AIR, Some(1)), Err(Denial::WrongConsumer));
        assert_eq!(permits(grant, UNIVERSITY, AIR, Some(0)), Err(Denial::UnknownVersion));
        assert_eq!(permits(grant, UNIVERSITY, AIR, Some(3)), Err(Denial::UnknownVersion));
        assert_eq!(permits(grant, UNIVERSITY, AIR, Some(2)), Ok(()));
        assert_eq!(permits(grant, UNIVERSITY, AIR, None), Ok(()));
        MockMembership::set_status(UNIVERSITY, OrganisationStatus::Suspended);
        assert_eq!(permits(grant, UNIVERSITY, AIR, Some(1)), Err(Denial::ConsumerInactive));
        assert_eq!(Grants::dataset_of(grant), Some(AIR));
        assert_eq!(Grants::dataset_of(GrantId(9)), None);
    });
}

#[test]
fn a_grant_of_a_dataset_that_is_gone_allows_nothing() {
    ExtBuilder::default().build().execute_with(|| {
        let grant = activate(terms());
        crate::Grants::<Test>::mutate(grant, |info| info.as_mut().unwrap().terms.dataset = NOWHERE);
        assert_eq!(Grants::provider_of(&info(grant)), None);
        assert_eq!(Grants::permits(grant, UNIVERSITY, NOWHERE, None, Action::Read), Err(Denial::UnknownDataset));
        assert!(!Grants::in_force(&info(grant), now()));
    });
}

#[test]
fn only_what_is_finalised_and_goes_on_allows_anything() {
    for state in GrantState::ALL.iter().copied() {
        ExtBuilder::default().run(|| {
            let grant = grant_in(state, terms());
            let (permitted, decision) = match state {
                GrantState::Active => (Ok(()), allowed(&[grant])),
                GrantState::Suspended => (Err(Denial::Suspended), denied(Denial::Suspended, grant)),
                GrantState::Terminated | GrantState::Revoked | GrantState::Completed => {
                    (Err(Denial::Ended), denied(Denial::NoGrant, None))
                }
                _ => (Err(Denial::NotFinalized), denied(Denial::NoGrant, None)),
            };
            assert_eq!(Grants::permits(grant, UNIVERSITY, AIR, Some(1), Action::Read), permitted);
            assert_eq!(by(UNIVERSITY).ask(), decision);
        });
    }
}

#[test]
fn times_are_half_open() {
    ExtBuilder::default().run(|| {
        let (begin, end) = (now() + HOUR, now() + DAY);
        let root = activate(Terms { not_before: begin, not_after: end, ..terms() });
        let at = |consumer, time| Question { time, ..by(consumer) }.ask();
        assert_eq!(at(UNIVERSITY, 0), denied(Denial::NotYetValid, root));
        assert_eq!(at(UNIVERSITY, begin - 1), denied(Denial::NotYetValid, root));
        assert_eq!(at(UNIVERSITY, begin), allowed(&[root]));
        assert_eq!(at(UNIVERSITY, end - 1), allowed(&[root]));
        assert_eq!(at(UNIVERSITY, end), denied(Denial::Expired, root));
        assert_eq!(at(UNIVERSITY, Moment::MAX), denied(Denial::Expired, root));

        // In the block, by the block's time.
        let permits = |grant, consumer| Grants::permits(grant, consumer, AIR, Some(1), Action::Read);
        assert_eq!(permits(root, UNIVERSITY), Err(Denial::NotYetValid));
        MockClock::set(begin);
        assert_eq!(permits(root, UNIVERSITY), Ok(()));

        // A sub-grant with a time of its own.
        let (sub_begin, sub_end) = (begin + HOUR, end - HOUR);
        let sub_terms = Terms { not_before: sub_begin, not_after: sub_end, ..sub_terms(root, TELECOM) };
        let sub = delegate_with(root, sub_terms);
        assert_eq!(at(TELECOM, sub_begin - 1), denied(Denial::NotYetValid, sub));
        assert_eq!(at(TELECOM, sub_begin), allowed(&[sub, root]));
        assert_eq!(at(TELECOM, sub_end - 1), allowed(&[sub, root]));
        assert_eq!(at(TELECOM, sub_end), denied(Denial::Expired, sub));

        MockClock::set(end - 1);
        assert_eq!(permits(root, UNIVERSITY), Ok(()));
        MockClock::set(end);
        assert_eq!(permits(root, UNIVERSITY), Err(Denial::Expired));
        // It expired without anybody saying so.
        assert_eq!(info(root).state, GrantState::Active);
    });
}

#[test]
fn nothing_was_allowed_before_it_was_finalised() {
    ExtBuilder::default().run(|| {
        let root = activate(terms());
        let since = now();
        assert!(info(root).terms.not_before < since);
        MockClock::advance(HOUR);
        let sub = delegate(root, TELECOM);
        let at = |consumer, time| Question { time, ..by(consumer) }.ask();
        assert_eq!(at(UNIVERSITY, since - 1), denied(Denial::NotYetValid, root));
        assert_eq!(at(UNIVERSITY, since), allowed(&[root]));
        assert_eq!(at(TELECOM, now() - 1), denied(Denial::NotYetValid, sub));
        assert_eq!(at(TELECOM, now()), allowed(&[sub, root]));
    });
}

#[test]
fn nothing_is_left_once_a_limit_is_reached() {
    ExtBuilder::default().run(|| {
        let limit = UsageLimit { accesses: Some(3), ..UsageLimit::default() };
        let root = activate(Terms { limit, ..terms() });
        let sub = delegate(root, TELECOM);
        use_accesses(sub, 2);
        assert_eq!(by(UNIVERSITY).ask(), allowed(&[root]));
        assert_eq!(by(TELECOM).ask(), allowed(&[sub, root]));
        use_accesses(root, 1);
        assert_eq!(by(UNIVERSITY).ask(), denied(Denial::LimitReached, root));
        // The sub-grant has one left of its own, of which there is nothing.
        assert_eq!(by(TELECOM).ask(), denied(Denial::LimitReached, root));
    });
}

#[test]
fn versions_are_those_of_the_terms() {
    ExtBuilder::default().run(|| {
        set_air(Sensitivity::Open, &[[1; 32], [2; 32], [3; 32], [4; 32]]);
        let grant = activate(Terms { versions: Versions { first: 2, last: Some(3), content: None }, ..terms() });
        let of = |version| Question { version, ..by(UNIVERSITY) }.ask();
        assert_eq!(of(Some(1)), denied(Denial::VersionNotCovered, grant));
        assert_eq!(of(Some(2)), allowed(&[grant]));
        assert_eq!(of(Some(3)), allowed(&[grant]));
        assert_eq!(of(Some(4)), denied(Denial::VersionNotCovered, grant));
        assert_eq!(of(None), denied(Denial::VersionNotCovered, grant));

        let open_ended = activate(Terms { versions: Versions { first: 4, last: None, content: None }, ..terms() });
        assert_eq!(of(Some(4)), allowed(&[open_ended]));
        assert_eq!(of(None), allowed(&[open_ended]));
        assert_eq!(of(Some(5)), denied(Denial::UnknownVersion, None));
        set_air(Sensitivity::Open, &[[1; 32], [2; 32], [3; 32], [4; 32], [5; 32]]);
        assert_eq!(of(Some(5)), allowed(&[open_ended]));
    });
}

#[test]
fn the_content_is_that_of_the_terms() {
    ExtBuilder::default().run(|| {
        let [first, second] = CONTENTS;
        let expected = [3; 32];
        // Of a version that is still to come.
        let versions = Versions { first: 3, last: Some(3), content: Some(expected) };
        let grant = activate(Terms { versions, ..terms() });
        let question = Question { version: Some(3), ..by(UNIVERSITY) };
        assert_eq!(question.ask(), denied(Denial::UnknownVersion, None));
        set_air(Sensitivity::Open, &[first, second, [4; 32]]);
        assert_eq!(question.ask(), denied(Denial::ContentDiffers, grant));
        assert_eq!(Grants::permits(grant, UNIVERSITY, AIR, Some(3), Action::Read), Err(Denial::ContentDiffers));
        set_air(Sensitivity::Open, &[first, second, expected]);
        assert_eq!(question.ask(), allowed(&[grant]));
    });
}

#[test]
fn members_who_may_not_act_neither_give_nor_have() {
    ExtBuilder::default().run(|| {
        let [root, middle, leaf] = chain();
        for (organisation, reason, grant) in [
            (CITY, Denial::ProviderInactive, root),
            // Each of these is the consumer of one grant and the provider of the next, which is asked first.
            (UNIVERSITY, Denial::ProviderInactive, middle),
            (TELECOM, Denial::ProviderInactive, leaf),
            (CLINIC, Denial::ConsumerInactive, leaf),
        ] {
            MockMembership::set_status(organisation, OrganisationStatus::Suspended);
            let expected = if organisation == CLINIC { None } else { Some(grant) };
            assert_eq!(by(CLINIC).ask(), denied(reason, expected));
            assert_eq!(Grants::permits(leaf, CLINIC, AIR, Some(1), Action::Read), Err(reason));
            MockMembership::set_status(organisation, OrganisationStatus::Active);
            assert_eq!(by(CLINIC).ask(), allowed(&[leaf, middle, root]));
        }
        // The grants went on with the dataset: whoever owns it now is the provider.
        MockCatalogue::set(AIR, TELECOM, Sensitivity::Open, &CONTENTS);
        MockMembership::set_status(CITY, OrganisationStatus::Left);
        assert_eq!(by(UNIVERSITY).ask(), allowed(&[root]));
        MockMembership::set_status(TELECOM, OrganisationStatus::Suspended);
        assert_eq!(by(UNIVERSITY).ask(), denied(Denial::ProviderInactive, root));
    });
}

#[test]
fn terms_must_suffice_for_what_the_data_is_now() {
    ExtBuilder::default().run(|| {
        let root = activate(terms());
        let passed_on = delegate(root, TELECOM);
        let own_use = activate(Terms { consumer: CLINIC, delegation_depth: 0, ..terms() });
        set_air(Sensitivity::Internal, &CONTENTS);
        for consumer in [UNIVERSITY, TELECOM, CLINIC] {
            assert!(matches!(by(consumer).ask(), Decision::Allowed { .. }));
        }
        set_air(Sensitivity::Restricted, &CONTENTS);
        assert_eq!(by(UNIVERSITY).ask(), denied(Denial::TermsInsufficient, root));
        assert_eq!(by(TELECOM).ask(), denied(Denial::TermsInsufficient, passed_on));
        assert_eq!(by(CLINIC).ask(), allowed(&[own_use]));
        set_air(Sensitivity::Pseudonymised, &CONTENTS);
        assert_eq!(by(CLINIC).ask(), denied(Denial::TermsInsufficient, own_use));
        set_air(Sensitivity::Open, &CONTENTS);
        assert_eq!(by(TELECOM).ask(), allowed(&[passed_on, root]));
    });
}

#[test]
fn a_restricted_parent_stops_a_sub_grant_that_would_do() {
    ExtBuilder::default().run(|| {
        let root = activate(terms());
        let last = delegate_with(root, Terms { delegation_depth: 0, ..sub_terms(root, TELECOM) });
        set_air(Sensitivity::Restricted, &CONTENTS);
        assert_eq!(by(TELECOM).ask(), denied(Denial::TermsInsufficient, root));
        assert_eq!(Grants::permits(last, TELECOM, AIR, Some(1), Action::Read), Err(Denial::TermsInsufficient));
    });
}

#[test]
fn suspension_stops_what_stands_on_it_and_resuming_brings_it_back() {
    ExtBuilder::default().run(|| {
        let [root, middle, leaf] = chain();
        assert_ok!(suspend(middle));
        assert_eq!(by(UNIVERSITY).ask(), allowed(&[root]));
        assert_eq!(by(TELECOM).ask(), denied(Denial::Suspended, middle));
        assert_eq!(by(CLINIC).ask(), denied(Denial::Suspended, middle));
        assert_ok!(resume(middle));
        assert_eq!(by(CLINIC).ask(), allowed(&[leaf, middle, root]));
        assert_ok!(revoke(root));
        assert_eq!(by(UNIVERSITY).ask(), denied(Denial::NoGrant, None));
        // Theirs are still active; what they stand on is not.
        assert_eq!(by(TELECOM).ask(), denied(Denial::Ended, root));
        assert_eq!(by(CLINIC).ask(), denied(Denial::Ended, root));
    });
}

#[test]
fn an_amendment_does_not_carry_what_stood_on_the_old_grant() {
    ExtBuilder::default().run(|| {
        let [root, _, _] = chain();
        let amendment = offer(terms(), true, None, Some(root));
        assert_ok!(accept(amendment));
        assert_eq!(by(UNIVERSITY).ask(), allowed(&[amendment]));
        assert_eq!(by(TELECOM).ask(), denied(Denial::Ended, root));
        assert_eq!(by(CLINIC).ask(), denied(Denial::Ended, root));
    });
}

/// Makes a grant of the university.
type Make = fn() -> GrantId;

/// All the checks in their order. Once [`spoil`] was called, the grant fails this check and none before it.
const CHECKS: [(Denial, Make); 9] = [
    (Denial::Suspended, || {
        let grant = activate(terms());
        assert_ok!(suspend(grant));
        grant
    }),
    (Denial::ProviderInactive, || {
        let parent = activate(Terms { consumer: TELECOM, ..terms() });
        delegate(parent, UNIVERSITY)
    }),
    (Denial::NotYetValid, || activate(Terms { not_before: now() + DAY, ..terms() })),
    (Denial::LimitReached, || {
        let limit = UsageLimit { accesses: Some(1), ..UsageLimit::default() };
        let grant = activate(Terms { limit, ..terms() });
        use_accesses(grant, 1);
        grant
    }),
    (Denial::VersionNotCovered, || {
        activate(Terms { versions: Versions { first: 2, last: None, content: None }, ..terms() })
    }),
    (Denial::ContentDiffers, || {
        let [first, _] = CONTENTS;
        activate(Terms { versions: Versions { first: 1, last: Some(1), content: Some(first) }, ..terms() })
    }),
    (Denial::ActionNotGranted, || activate(Terms { actions: [Action::Derive].into_iter().collect(), ..terms() })),
    (Denial::PurposeNotGranted, || activate(Terms { purposes: purposes(&[3]), ..terms() })),
    (Denial::TermsInsufficient, || activate(terms())),
];

/// What cannot be wrong with a grant from its beginning. It lets every grant that may be passed on fail the last check.
fn spoil() {
    MockMembership::set_status(TELECOM, OrganisationStatus::Suspended);
    let [_, second] = CONTENTS;
    set_air(Sensitivity::Restricted, &[[0xff; 32], second]);
}

#[test]
fn every_check_has_its_reason() {
    for (reason, make) in CHECKS {
        ExtBuilder::default().run(|| {
            let grant = make();
            spoil();
            assert_eq!(by(UNIVERSITY).ask(), denied(reason, grant));
            // The purpose is not asked where data is made from other data.
            let permitted = if reason == Denial::PurposeNotGranted { Denial::TermsInsufficient } else { reason };
            assert_eq!(Grants::permits(grant, UNIVERSITY, AIR, Some(1), Action::Read), Err(permitted));
        });
    }
}

#[test]
fn the_reason_is_that_of_the_grant_that_came_nearest() {
    for (one, (reason, make)) in CHECKS.into_iter().enumerate() {
        for (other, (other_reason, make_other)) in CHECKS.into_iter().enumerate() {
            ExtBuilder::default().run(|| {
                let (grant, other_grant) = (make(), make_other());
                assert!(grant < other_grant);
                spoil();
                // Of two that fail the same check it is the later one.
                let expected = if one > other { denied(reason, grant) } else { denied(other_reason, other_grant) };
                assert_eq!(by(UNIVERSITY).ask(), expected);
            });
        }
    }
}

#[test]
fn one_grant_that_allows_it_is_enough() {
    for (_, make) in CHECKS {
        for first in [true, false] {
            ExtBuilder::default().run(|| {
                // Terms that suffice for restricted data.
                let sufficient = || activate(Terms { delegation_depth: 0, ..terms() });
                let early = first.then(sufficient);
                make();
                let grant = early.unwrap_or_else(sufficient);
                spoil();
                assert_eq!(by(UNIVERSITY).ask(), allowed(&[grant]));
            });
        }
    }
}

#[test]
fn the_view_asks_about_this_block_unless_told_otherwise() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        let view = |time| Grants::decision(UNIVERSITY, AIR, Some(1), Action::Read, PurposeCode(2), time);
        assert_eq!(view(None), allowed(&[grant]));
        let over = info(grant).terms.not_after;
        assert_eq!(view(Some(over)), denied(Denial::Expired, grant));
        MockClock::set(over);
        assert_eq!(view(None), denied(Denial::Expired, grant));
        assert_eq!(view(Some(over - 1)), allowed(&[grant]));
    });
}
