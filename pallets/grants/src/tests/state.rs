use super::receipts::{next_report, submit, usage};
use crate::{mock::*, ActiveGrants, Codes, Contested, GrantCount, RefusalReports};
use citynet_primitives::{
    Action, Actions, CodeList, GrantId, GrantInfo, GrantState, OrganisationId, Subject, SubjectHead, Terms,
    MAX_DELEGATION_DEPTH,
};
use citynet_support::HeldHeads;
use frame_support::{assert_err, assert_ok};

/// A sound state to spoil.
struct Sound {
    /// A line of three grants that nobody used.
    unused: [GrantId; 3],
    /// A grant of the telecom, of which only `below` was used.
    above: GrantId,
    /// What the telecom passed on to the clinic, which contested the report.
    below: GrantId,
}

fn sound() -> Sound {
    let unused = chain();
    let above = activate(Terms { consumer: TELECOM, ..terms() });
    let below = delegate(above, CLINIC);
    let report = next_report(below, usage(1, 2, 3));
    assert_ok!(submit(below, report));
    assert_ok!(Grants::contest(signed(registrar(CLINIC)), below, 1, usage(0, 0, 0), note()));
    Sound { unused, above, below }
}

/// Spoils a sound state and checks that `try_state` notices.
#[track_caller]
fn assert_unsound(spoil: impl FnOnce(&Sound), complaint: &'static str) {
    ExtBuilder::default().build().execute_with(|| {
        let sound = sound();
        assert_ok!(Grants::do_try_state());
        spoil(&sound);
        assert_err!(Grants::do_try_state(), complaint);
    });
}

/// As [`assert_unsound`], for what is wrong with the last of three grants that nobody used.
#[track_caller]
fn assert_unsound_leaf(spoil: impl FnOnce(GrantId, &mut GrantInfo), complaint: &'static str) {
    assert_unsound(|Sound { unused: [_, _, leaf], .. }| change(*leaf, |info| spoil(*leaf, info)), complaint);
}

/// As [`assert_unsound`], for the terms of the last of three grants that nobody used.
#[track_caller]
fn assert_unsound_terms(spoil: impl FnOnce(&mut Terms), complaint: &'static str) {
    assert_unsound_leaf(
        |_, info| {
            spoil(&mut info.terms);
            info.terms_hash = hash_of(&info.terms);
        },
        complaint,
    );
}

fn change(grant: GrantId, change: impl FnOnce(&mut GrantInfo)) {
    crate::Grants::<Test>::mutate(grant, |info| change(info.as_mut().expect("the test made the grant")));
}

/// Puts another grant at the end of the university's list, which has one.
fn list(grant: GrantId) {
    ActiveGrants::<Test>::mutate(AIR, UNIVERSITY, |grants| grants.try_push(grant).expect("there is room"));
}

#[test]
fn try_state_notices_what_is_wrong_with_numbers() {
    assert_unsound(|_| GrantCount::<Test>::put(4), "a grant has a number that was never given");
    assert_unsound(|_| GrantCount::<Test>::put(6), "a grant is missing");
}

#[test]
fn try_state_notices_what_is_wrong_with_terms() {
    assert_unsound_terms(|terms| terms.consumer = terms.provider, "a grant is to its own provider");
    let nobody = OrganisationId::CONSORTIUM;
    assert_unsound_terms(|terms| terms.provider = nobody, "a party of a grant is no organisation");
    assert_unsound_terms(|terms| terms.consumer = nobody, "a party of a grant is no organisation");
    assert_unsound_terms(|terms| terms.controller = nobody, "a party of a grant is no organisation");
    assert_unsound_terms(
        |terms| terms.delegation_depth = MAX_DELEGATION_DEPTH + 1,
        "a grant may be passed on too often",
    );
    assert_unsound_terms(|terms| terms.not_before = terms.not_after, "a grant has no time");
    assert_unsound_leaf(|_, info| info.terms.not_after -= 1, "the terms of a grant are not the hashed ones");
    assert_unsound_terms(|terms| terms.dataset = NOWHERE, "a grant is of a dataset that does not exist");
}

#[test]
fn try_state_notices_what_is_wrong_with_states() {
    assert_unsound_leaf(|_, info| info.head = SubjectHead::default(), "a grant has no record");
    let complaint = "when a grant was finalised does not fit its state";
    assert_unsound_leaf(|_, info| info.active_since = None, complaint);
    assert_unsound_leaf(|_, info| info.state = GrantState::Terminated, complaint);
    let complaint = "when a grant ended does not fit its state";
    assert_unsound_leaf(|_, info| info.ended = Some(now()), complaint);
    assert_unsound_leaf(|_, info| info.state = GrantState::Revoked, complaint);
    assert_unsound_leaf(
        |_, info| {
            info.state = GrantState::Completed;
            info.ended = info.active_since.map(|since| since - 1);
        },
        "a grant ended before it was finalised",
    );
}

#[test]
fn try_state_notices_what_is_wrong_with_ancestors() {
    assert_unsound_leaf(|leaf, info| info.supersedes = Some(leaf), "a grant supersedes one that came after it");
    assert_unsound_leaf(|leaf, info| info.parent = Some(leaf), "a grant stands on one that came after it");
    assert_unsound_leaf(|_, info| info.parent = Some(GrantId(0)), "a grant stands on none");
    assert_unsound(
        |Sound { unused: [_, middle, _], .. }| {
            change(*middle, |info| {
                info.state = GrantState::Offered;
                info.active_since = None;
            });
        },
        "a grant stands on one that was never finalised",
    );
    assert_unsound_terms(|terms| terms.dataset = TRAFFIC, "a grant stands on one of another dataset");
    assert_unsound_terms(|terms| terms.provider = CITY, "a grant passes on what another organisation has");
    let complaint = "a grant allows more than the one it stands on";
    assert_unsound_terms(|terms| terms.actions = Actions::from_iter([Action::Publish]), complaint);
    assert_unsound_terms(|terms| terms.delegation_depth = MAX_DELEGATION_DEPTH, complaint);
    assert_unsound_leaf(
        |_, info| info.active_since = info.active_since.map(|since| since - 1),
        "a grant was finalised before the one it stands on",
    );
}

#[test]
fn try_state_notices_what_is_wrong_with_use() {
    assert_unsound(
        |sound| change(sound.below, |info| info.used_in_all = usage(1, 2, 2)),
        "more is used by a grant than in all",
    );
    assert_unsound(
        |sound| {
            change(sound.below, |info| {
                info.terms.limit.records = Some(1);
                info.terms_hash = hash_of(&info.terms);
            });
        },
        "more is used of a grant than it allows",
    );
    assert_unsound(
        |sound| {
            change(sound.below, |info| {
                info.state = GrantState::Verified;
                info.active_since = None;
            });
        },
        "a grant is used that was never finalised",
    );
    assert_unsound(|sound| change(sound.below, |info| info.last_report = 0), "use of a grant was never reported");
    assert_unsound_leaf(|_, info| info.reported_until = 1, "use of a grant was never reported");
    let complaint = "a report is of no window, or of no active grant";
    assert_unsound(|sound| change(sound.below, |info| info.reported_until = 0), complaint);
    let complaint = "the use of a grant does not add up";
    assert_unsound(|sound| change(sound.above, |info| info.used_in_all = usage(1, 2, 4)), complaint);
    assert_unsound(|sound| change(sound.above, |info| info.used_in_all = usage(0, 0, 0)), complaint);
    assert_unsound(
        |sound| {
            let beside = delegate(sound.above, UNIVERSITY);
            for grant in [sound.below, beside] {
                change(grant, |info| info.used_in_all = usage(1, 2, u64::MAX));
            }
        },
        complaint,
    );
}

#[test]
fn try_state_notices_what_is_wrong_with_lists() {
    assert_unsound(|sound| list(sound.unused[0]), "active grants are out of order");
    assert_unsound(|_| list(GrantId(99)), "an active grant does not exist");
    assert_unsound(|sound| list(sound.unused[2]), "an active grant is listed for another dataset or consumer");
    assert_unsound_leaf(
        |_, info| {
            info.state = GrantState::Revoked;
            info.ended = Some(now());
        },
        "a grant that is not active is listed",
    );
    assert_unsound(|_| ActiveGrants::<Test>::remove(AIR, UNIVERSITY), "an active grant is not listed");
    assert_unsound(
        // Writes what it read: nothing.
        |_| ActiveGrants::<Test>::mutate(TRAFFIC, UNIVERSITY, |_| ()),
        "a list of no active grants is kept",
    );
}

#[test]
fn try_state_notices_what_is_wrong_with_reports_and_codes() {
    assert_unsound(|_| Contested::<Test>::insert(GrantId(99), 1), "a report of no grant is contested");
    let complaint = "a report is contested that does not exist";
    assert_unsound(|sound| Contested::<Test>::insert(sound.below, 2), complaint);
    assert_unsound(|sound| Contested::<Test>::insert(sound.below, 0), complaint);
    assert_unsound(|_| RefusalReports::<Test>::insert(NOWHERE, (1, 1)), "refusals are reported of no dataset");
    let complaint = "refusals are reported without a window";
    assert_unsound(|_| RefusalReports::<Test>::insert(AIR, (0, 1)), complaint);
    assert_unsound(|_| RefusalReports::<Test>::insert(AIR, (1, 0)), complaint);
    let complaint = "a code that was there before was added";
    assert_unsound(|_| Codes::<Test>::insert(CodeList::Purpose, 1, text::<64>("dpv:Marketing")), complaint);
    assert_unsound(|_| Codes::<Test>::insert(CodeList::LegalBasis, 109, text::<64>("ru152-6-1-9")), complaint);
    let complaint = "a code has no name";
    assert_unsound(|_| Codes::<Test>::insert(CodeList::Purpose, 1_000, text::<64>("")), complaint);
    assert_unsound(|_| Codes::<Test>::insert(CodeList::LegalBasis, 1_000, bytes::<64>(&[0xff])), complaint);
}

#[test]
fn a_grant_whose_time_is_over_may_be_missing_from_the_list() {
    ExtBuilder::default().run(|| {
        let old = activate(terms());
        citynet_support::mock::MockClock::set(info(old).terms.not_after);
        let new = activate(terms());
        assert_eq!(active_grants(AIR, UNIVERSITY), [new]);
        assert_eq!(info(old).state, GrantState::Active);
    });
}

#[test]
fn answers_about_grants() {
    ExtBuilder::default().run(|| {
        assert_eq!(Grants::grant_count(), 0);
        let grant = activate(terms());
        assert_eq!(Grants::grant(grant), Some(info(grant)));
        assert_eq!(Grants::grant(GrantId(2)), None);
        assert_eq!(Grants::grant_count(), 1);
    });
}

#[test]
fn holds_the_heads_of_grants_and_of_nothing_else() {
    ExtBuilder::default().run(|| {
        let grant = activate(terms());
        let head = info(grant).head;
        // Offered, accepted, agreed, verified, active.
        assert_eq!(head.count, 5);
        assert_eq!(Grants::held_head(&Subject::Grant(grant)), Some(head));
        assert_eq!(Grants::held_head(&Subject::Grant(GrantId(2))), Some(SubjectHead::default()));
        assert_eq!(Grants::held_head(&Subject::Organisation(CITY)), None);
        assert_eq!(Grants::held_head(&Subject::Dataset(AIR)), None);
    });
}
