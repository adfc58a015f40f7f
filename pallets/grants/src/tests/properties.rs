//! What holds of any grants, however they came about. A failing case is printed as the steps that lead to it.

use super::receipts::{next_report, usage};
use crate::{mock::*, rules};
use citynet_primitives::{
    AccessReport, Action, Actions, Body, Decision, Denial, GrantId, GrantInfo, GrantState, Moment, OrganisationId,
    OrganisationStatus, PurposeCode, ReasonCode, RefusalReport, RefusedCount, Sensitivity, Stranger, Terms, Usage,
    UsageLimit, Versions, MAX_DELEGATION_DEPTH,
};
use citynet_support::{
    mock::{MockCatalogue, MockClock, MockJournal, MockMembership},
    Catalogue, Membership,
};
use frame_support::{assert_ok, dispatch::DispatchResult};
use proptest::{collection::vec, option, prelude::*, sample::Index};
use sp_runtime::{AccountId32, StateVersion};
use std::collections::{BTreeMap, BTreeSet};

/// What is random about terms.
#[derive(Clone, Debug)]
struct Gene {
    consumer: usize,
    controller: usize,
    actions: u8,
    purposes: u8,
    /// Hours, from an hour ago on.
    begin: u64,
    hours: u64,
    first: u32,
    further: Option<u32>,
    names_content: bool,
    accesses: Option<u64>,
    records: Option<u64>,
    depth: u8,
    restricted_delegation: bool,
    /// Whether a sub-grant is cut down to what its parent has.
    fits: bool,
}

fn gene() -> impl Strategy<Value = Gene> {
    let parties = (0..ORGANISATIONS.len(), 0..ORGANISATIONS.len());
    let scope = (1u8..32, 1u8..16, 1u32..4, option::weighted(0.3, 0u32..3), any::<bool>());
    // Most begin at once: nothing is passed on of what is still to come.
    let time = (prop_oneof![4 => Just(0u64), 1 => 0u64..6], 2u64..12);
    let limits = (option::weighted(0.5, 1u64..10), option::weighted(0.3, 1u64..10));
    let delegation = (0u8..=MAX_DELEGATION_DEPTH, any::<bool>(), prop::bool::weighted(0.8));
    (parties, scope, time, limits, delegation).prop_map(
        |(
            (consumer, controller),
            (actions, purposes, first, further, names_content),
            (begin, hours),
            (accesses, records),
            (depth, restricted_delegation, fits),
        )| Gene {
            consumer,
            controller,
            actions,
            purposes,
            begin,
            hours,
            first,
            further,
            names_content,
            accesses,
            records,
            depth,
            restricted_delegation,
            fits,
        },
    )
}

impl Gene {
    /// Terms of whoever owns the air data, which the chain may refuse.
    fn terms(&self) -> Terms {
        let last = self.further.map(|further| self.first + further);
        let content = (last == Some(self.first) && self.names_content).then_some([self.first as u8; 32]);
        let begin = now() - HOUR + self.begin * HOUR;
        let granted: Vec<u16> = (0..4_u16).filter(|bit| (self.purposes >> bit) & 1 == 1).map(|bit| 2 + bit).collect();
        Terms {
            versions: Versions { first: self.first, last, content },
            provider: MockCatalogue::facts(AIR).expect("the test registered the dataset").owner,
            consumer: ORGANISATIONS[self.consumer],
            controller: ORGANISATIONS[self.controller],
            actions: Actions(self.actions),
            purposes: purposes(&granted),
            not_before: begin,
            not_after: begin + self.hours * HOUR,
            limit: UsageLimit { accesses: self.accesses, records: self.records, bytes: None },
            delegation_depth: self.depth,
            restricted_delegation: self.restricted_delegation,
            ..terms()
        }
    }

    /// Terms that pass on a part of `parent`, or something else, which the chain may refuse.
    fn terms_below(&self, parent: &Terms) -> Terms {
        let mut terms = Terms { provider: parent.consumer, ..self.terms() };
        if !self.fits {
            return terms;
        }
        terms.controller = parent.controller;
        terms.actions = Actions(terms.actions.0 & parent.actions.0);
        if terms.actions.is_empty() {
            terms.actions = parent.actions;
        }
        terms.purposes.retain(|purpose| parent.purposes.contains(purpose));
        if terms.purposes.is_empty() {
            terms.purposes = parent.purposes.clone();
        }
        terms.not_before = terms.not_before.max(parent.not_before);
        terms.not_after = terms.not_after.min(parent.not_after);
        if !terms.versions.is_within(&parent.versions) {
            terms.versions = parent.versions;
        }
        let least = |own: Option<u64>, others: Option<u64>| own.into_iter().chain(others).min();
        terms.limit.accesses = least(terms.limit.accesses, parent.limit.accesses);
        terms.limit.records = least(terms.limit.records, parent.limit.records);
        terms.delegation_depth = terms.delegation_depth.min(parent.delegation_depth.saturating_sub(1));
        terms.restricted_delegation &= parent.restricted_delegation;
        terms
    }
}

/// The versions of the air data.
fn set_air(owner: OrganisationId, sensitivity: Sensitivity) {
    MockCatalogue::set(AIR, owner, sensitivity, &[[1; 32], [2; 32], [3; 32]]);
}

fn grants() -> BTreeMap<GrantId, GrantInfo> {
    crate::Grants::<Test>::iter().collect()
}

/// Some grant, if there is one.
fn pick(index: Index) -> Option<GrantId> {
    let count = usize::try_from(Grants::grant_count()).expect("few grants");
    (count > 0).then(|| GrantId(index.index(count) as u64 + 1))
}

fn is_active(organisation: OrganisationId) -> bool {
    <MockMembership as Membership<AccountId32>>::is_active(organisation)
}

/// Makes a binding offer that is accepted at once, if the chain lets it.
fn try_grant(gene: &Gene, parent: Option<GrantId>) {
    let terms = match parent {
        Some(parent) => gene.terms_below(&info(parent).terms),
        None => gene.terms(),
    };
    let provider = signed(registrar(terms.provider));
    if unchanged_if_refused(|| Grants::offer(provider, Box::new(terms), true, parent, None)).is_ok() {
        let _ = unchanged_if_refused(|| accept(GrantId(Grants::grant_count())));
    }
}

/// Makes a call. One that is refused changes nothing.
fn unchanged_if_refused(call: impl FnOnce() -> DispatchResult) -> DispatchResult {
    let before = sp_io::storage::root(StateVersion::V1);
    let outcome = call();
    if outcome.is_err() {
        assert_eq!(sp_io::storage::root(StateVersion::V1), before, "{outcome:?}");
    }
    outcome
}

/// Grows trees of delegations: each gene below a grant that is there already, or at the root.
fn grow(genes: &[(Gene, Option<Index>)]) {
    set_air(CITY, Sensitivity::Open);
    for (gene, below) in genes {
        try_grant(gene, below.and_then(pick));
    }
}

fn trees() -> impl Strategy<Value = Vec<(Gene, Option<Index>)>> {
    vec((gene(), option::weighted(0.75, any::<Index>())), 1..24)
}

#[derive(Clone, Copy, Debug)]
struct Question {
    version: Option<u32>,
    action: Action,
    purpose: PurposeCode,
    time: Moment,
}

impl Question {
    fn ask(self, consumer: OrganisationId) -> Decision {
        Grants::check_access(consumer, AIR, self.version, self.action, self.purpose, self.time)
    }

    /// The rules again, told in another way: of one grant and, above it, of all that it stands on.
    fn is_allowed_by(self, info: &GrantInfo, grants: &BTreeMap<GrantId, GrantInfo>) -> bool {
        let Terms { versions, actions, purposes, not_before, not_after, limit, consumer, .. } = &info.terms;
        let facts = MockCatalogue::facts(AIR).expect("the test registered the dataset");
        let parent = info.parent.map(|parent| &grants[&parent]);
        let provider = parent.map_or(facts.owner, |parent| parent.terms.consumer);
        let used = info.used_in_all;
        info.state == GrantState::Active
            && is_active(provider)
            && is_active(*consumer)
            && info.active_since.is_some_and(|since| since <= self.time)
            && (*not_before..*not_after).contains(&self.time)
            && limit.accesses.is_none_or(|limit| used.accesses < limit)
            && limit.records.is_none_or(|limit| used.records < limit)
            && limit.bytes.is_none_or(|limit| used.bytes < limit)
            && match (self.version, versions.last) {
                (Some(version), Some(last)) => (versions.first..=last).contains(&version),
                (Some(version), None) => versions.first <= version,
                (None, last) => last.is_none(),
            }
            && versions.content.is_none_or(|content| self.version.is_none_or(|version| content == [version as u8; 32]))
            && actions.contains(self.action)
            && purposes.contains(&self.purpose)
            && rules::broken(&info.terms, facts.sensitivity).is_none()
            && parent.is_none_or(|parent| self.is_allowed_by(parent, grants))
    }
}

fn question() -> impl Strategy<Value = (Option<u32>, usize, u16)> {
    (option::weighted(0.8, 1u32..4), 0..Action::ALL.len(), 2u16..6)
}

/// Every moment at which an answer may change, and the one before it.
fn moments(grants: &BTreeMap<GrantId, GrantInfo>) -> BTreeSet<Moment> {
    grants
        .values()
        .flat_map(|info| [Some(info.terms.not_before), Some(info.terms.not_after), info.active_since])
        .flatten()
        .flat_map(|moment| [moment - 1, moment])
        .chain([now()])
        .collect()
}

/// Asks a question for every organisation and compares the answers with what each grant says by itself.
fn check_answers(question: Question, grants: &BTreeMap<GrantId, GrantInfo>) {
    let owner = MockCatalogue::facts(AIR).expect("the test registered the dataset").owner;
    for consumer in ORGANISATIONS {
        let mut held = grants.values().filter(|info| info.terms.consumer == consumer);
        let expected =
            is_active(consumer) && (consumer == owner || held.any(|info| question.is_allowed_by(info, grants)));
        match question.ask(consumer) {
            Decision::Allowed { chain } => {
                assert!(expected, "{consumer} is allowed {question:?}");
                check_chain(consumer, owner, &chain, question);
            }
            Decision::Denied { reason, grant } => {
                assert!(!expected, "{consumer} is denied {question:?} for {reason}");
                // A grant is named where there is one to name.
                let is_general = matches!(reason, Denial::NoGrant | Denial::ConsumerInactive) && grant.is_none();
                assert!(grant.is_some() || is_general, "{consumer} is denied {question:?} for {reason}");
            }
        }
    }
}

/// A chain leads from the consumer to the owner. What it allows, it allows everybody on the way.
fn check_chain(consumer: OrganisationId, owner: OrganisationId, chain: &[GrantId], question: Question) {
    let Some(first) = chain.first() else {
        assert_eq!(consumer, owner);
        return;
    };
    assert_eq!(info(*first).terms.consumer, consumer);
    assert!(chain.len() <= usize::from(MAX_DELEGATION_DEPTH) + 1);
    for pair in chain.windows(2) {
        assert_eq!(info(pair[0]).parent, Some(pair[1]));
        let parents = question.ask(info(pair[1]).terms.consumer);
        assert!(matches!(parents, Decision::Allowed { .. }), "a grant allows what its parent does not: {parents:?}");
    }
    assert_eq!(info(chain[chain.len() - 1]).parent, None);
}

/// Something that happens to grants which are there.
#[derive(Clone, Debug)]
enum Happening {
    Suspend(Index),
    Resume(Index),
    Revoke(Index),
    Renounce(Index),
    Use(Index, u64, u64),
    Wait(u64),
    Status(usize, bool),
    Sensitivity(usize),
    Transfer(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        2 => any::<Index>().prop_map(Happening::Suspend),
        1 => any::<Index>().prop_map(Happening::Resume),
        1 => any::<Index>().prop_map(Happening::Revoke),
        1 => any::<Index>().prop_map(Happening::Renounce),
        3 => (any::<Index>(), 1u64..5, 0u64..3)
            .prop_map(|(grant, accesses, records)| Happening::Use(grant, accesses, records)),
        2 => (1u64..4).prop_map(Happening::Wait),
        1 => (0..ORGANISATIONS.len(), any::<bool>())
            .prop_map(|(organisation, active)| Happening::Status(organisation, active)),
        1 => (0..Sensitivity::ALL.len()).prop_map(Happening::Sensitivity),
        1 => (0..ORGANISATIONS.len()).prop_map(Happening::Transfer),
    ]
}

impl Happening {
    fn happen(self) {
        let on = |index, call: fn(GrantId) -> DispatchResult| {
            if let Some(grant) = pick(index) {
                let _ = unchanged_if_refused(|| call(grant));
            }
        };
        let facts = MockCatalogue::facts(AIR).expect("the test registered the dataset");
        match self {
            Self::Suspend(index) => on(index, suspend),
            Self::Resume(index) => on(index, resume),
            Self::Revoke(index) => on(index, revoke),
            Self::Renounce(index) => on(index, renounce),
            Self::Use(index, accesses, records) => {
                if let Some(grant) = pick(index) {
                    let report = next_report(grant, usage(accesses, records, 0));
                    let _ = unchanged_if_refused(|| Grants::report(signed(attestor(provider(grant))), grant, report));
                }
            }
            Self::Wait(hours) => MockClock::advance(hours * HOUR / 2),
            Self::Status(organisation, active) => {
                let status = if active { OrganisationStatus::Active } else { OrganisationStatus::Suspended };
                MockMembership::set_status(ORGANISATIONS[organisation], status);
            }
            Self::Sensitivity(sensitivity) => set_air(facts.owner, Sensitivity::ALL[sensitivity]),
            Self::Transfer(owner) => set_air(ORGANISATIONS[owner], facts.sensitivity),
        }
    }
}

/// Who makes a call.
#[derive(Clone, Copy, Debug)]
enum Actor {
    Provider,
    Consumer,
    Controller,
    Any(usize),
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        4 => Just(Actor::Provider),
        4 => Just(Actor::Consumer),
        1 => Just(Actor::Controller),
        1 => (0..ORGANISATIONS.len()).prop_map(Actor::Any),
    ]
}

impl Actor {
    fn of(self, grant: GrantId) -> OrganisationId {
        match self {
            Self::Provider => provider(grant),
            Self::Consumer => info(grant).terms.consumer,
            Self::Controller => info(grant).terms.controller,
            Self::Any(organisation) => ORGANISATIONS[organisation],
        }
    }
}

/// A call about a grant that is there.
#[derive(Clone, Copy, Debug)]
enum Step {
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
    Contest,
}

const STEPS: [Step; 11] = [
    Step::Accept,
    Step::Agree,
    Step::Verify,
    Step::Finalize,
    Step::Terminate,
    Step::Suspend,
    Step::Resume,
    Step::Revoke,
    Step::Renounce,
    Step::WithdrawConsent,
    Step::Contest,
];

impl Step {
    fn take(self, actor: Actor, grant: GrantId) -> DispatchResult {
        let origin = signed(registrar(actor.of(grant)));
        let GrantInfo { terms_hash, last_report, used, .. } = info(grant);
        match self {
            Self::Accept => Grants::accept(origin, grant, terms_hash),
            Self::Agree => Grants::agree(origin, grant, terms_hash),
            Self::Verify => Grants::verify(origin, grant),
            Self::Finalize => Grants::finalize(origin, grant),
            Self::Terminate => Grants::terminate(origin, grant, ReasonCode::NoAgreement, note()),
            Self::Suspend => Grants::suspend(origin, grant, ReasonCode::Other, note()),
            Self::Resume => Grants::resume(origin, grant, note()),
            Self::Revoke => Grants::revoke(origin, grant, ReasonCode::Other, note()),
            Self::Renounce => Grants::renounce(origin, grant, ReasonCode::NotNeeded, note()),
            Self::WithdrawConsent => Grants::withdraw_consent(origin, grant, note()),
            Self::Contest => Grants::contest(origin, grant, last_report, used, note()),
        }
    }
}

/// Any call, by somebody who may make it or not.
#[derive(Clone, Debug)]
enum Call {
    Request { gene: Gene, supersedes: Option<Index> },
    Offer { gene: Gene, binding: bool, parent: Option<Index>, supersedes: Option<Index> },
    CounterRequest { actor: Actor, grant: Index, gene: Gene },
    CounterOffer { actor: Actor, grant: Index, gene: Gene, binding: bool },
    Step { step: usize, actor: Actor, grant: Index },
    Report { actor: Actor, grant: Index, used: (u64, u64), refused: u64, ahead: u64 },
    ReportRefusals { organisation: usize, count: u64, ahead: u64 },
    Happening(Happening),
}

fn call() -> impl Strategy<Value = Call> {
    let some = || option::weighted(0.5, any::<Index>());
    prop_oneof![
        2 => (gene(), option::weighted(0.3, any::<Index>()))
            .prop_map(|(gene, supersedes)| Call::Request { gene, supersedes }),
        5 => (gene(), any::<bool>(), some(), option::weighted(0.3, any::<Index>()))
            .prop_map(|(gene, binding, parent, supersedes)| Call::Offer { gene, binding, parent, supersedes }),
        1 => (actor(), any::<Index>(), gene())
            .prop_map(|(actor, grant, gene)| Call::CounterRequest { actor, grant, gene }),
        1 => (actor(), any::<Index>(), gene(), any::<bool>())
            .prop_map(|(actor, grant, gene, binding)| Call::CounterOffer { actor, grant, gene, binding }),
        16 => (0..STEPS.len(), actor(), any::<Index>())
            .prop_map(|(step, actor, grant)| Call::Step { step, actor, grant }),
        4 => (actor(), any::<Index>(), (0u64..5, 0u64..3), 0u64..3, 0u64..3)
            .prop_map(|(actor, grant, used, refused, ahead)| Call::Report { actor, grant, used, refused, ahead }),
        1 => (0..ORGANISATIONS.len(), 0u64..4, 0u64..3)
            .prop_map(|(organisation, count, ahead)| Call::ReportRefusals { organisation, count, ahead }),
        2 => happening().prop_map(Call::Happening),
    ]
}

impl Call {
    /// Makes the call, unless it is about a grant and there is none.
    fn make(self) {
        let _ = match self {
            Self::Happening(happening) => {
                happening.happen();
                return;
            }
            Self::Request { gene, supersedes } => {
                let terms = gene.terms();
                let origin = signed(registrar(terms.consumer));
                unchanged_if_refused(|| Grants::request(origin, Box::new(terms), supersedes.and_then(pick)))
            }
            Self::Offer { gene, binding, parent, supersedes } => {
                let (parent, supersedes) = (parent.and_then(pick), supersedes.and_then(pick));
                let mut terms = match parent {
                    Some(parent) => gene.terms_below(&info(parent).terms),
                    None => gene.terms(),
                };
                if let Some(superseded) = supersedes.filter(|_| gene.fits) {
                    terms.consumer = info(superseded).terms.consumer;
                }
                let origin = signed(registrar(terms.provider));
                unchanged_if_refused(|| Grants::offer(origin, Box::new(terms), binding, parent, supersedes))
            }
            Self::CounterRequest { actor, grant, gene } => {
                let Some(grant) = pick(grant) else { return };
                let origin = signed(registrar(actor.of(grant)));
                let terms = same_parties(&gene, grant);
                unchanged_if_refused(|| Grants::counter_request(origin, grant, Box::new(terms)))
            }
            Self::CounterOffer { actor, grant, gene, binding } => {
                let Some(grant) = pick(grant) else { return };
                let origin = signed(registrar(actor.of(grant)));
                let terms = same_parties(&gene, grant);
                unchanged_if_refused(|| Grants::counter_offer(origin, grant, Box::new(terms), binding))
            }
            Self::Step { step, actor, grant } => {
                let Some(grant) = pick(grant) else { return };
                unchanged_if_refused(|| STEPS[step].take(actor, grant))
            }
            Self::Report { actor, grant, used: (accesses, records), refused, ahead } => {
                let Some(grant) = pick(grant) else { return };
                let origin = signed(attestor(actor.of(grant)));
                let next = next_report(grant, usage(accesses, records, 0));
                let count = RefusedCount { reason: Denial::Expired, count: refused };
                let counts: Vec<_> = Some(count).into_iter().filter(|_| refused > 0).collect();
                let report = AccessReport {
                    to: next.to + ahead * MAX_TIME_AHEAD / 2,
                    refused: counts.try_into().expect("there is one"),
                    receipts: accesses + refused,
                    root: if accesses + refused == 0 { next.root } else { [7; 32] },
                    ..next
                };
                unchanged_if_refused(|| Grants::report(origin, grant, report))
            }
            Self::ReportRefusals { organisation, count, ahead } => {
                let (counter, until) = crate::RefusalReports::<Test>::get(AIR);
                let report = RefusalReport {
                    counter: counter + 1,
                    from: until,
                    to: now() + ahead * MAX_TIME_AHEAD / 2,
                    strangers: vec![Stranger { requester: [1; 32], count }].try_into().expect("there is one"),
                    receipts: count,
                    root: [7; 32],
                };
                let origin = signed(attestor(ORGANISATIONS[organisation]));
                unchanged_if_refused(|| Grants::report_refusals(origin, AIR, report))
            }
        };
    }
}

/// Other terms between the parties of a grant.
fn same_parties(gene: &Gene, grant: GrantId) -> Terms {
    let GrantInfo { parent, terms: before, .. } = info(grant);
    let terms = match parent {
        Some(parent) => gene.terms_below(&info(parent).terms),
        None => gene.terms(),
    };
    Terms { provider: before.provider, consumer: before.consumer, controller: before.controller, ..terms }
}

/// What the journal alone tells of every grant: its state, and its own use.
fn told() -> BTreeMap<GrantId, (GrantState, Usage)> {
    let mut told = BTreeMap::<GrantId, (GrantState, Usage)>::new();
    for body in MockJournal::bodies() {
        match body {
            Body::GrantRequested { grant, .. } => {
                told.entry(grant).or_insert((GrantState::Requested, Usage::default())).0 = GrantState::Requested;
            }
            Body::GrantOffered { grant, .. } => {
                told.entry(grant).or_insert((GrantState::Offered, Usage::default())).0 = GrantState::Offered;
            }
            Body::GrantAdvanced { grant, state, .. } | Body::GrantStateChanged { grant, state, .. } => {
                told.get_mut(&grant).expect("it was put forward before").0 = state;
            }
            Body::AccessReported { grant, report } => {
                told.get_mut(&grant).expect("it was put forward before").1 = report.usage;
            }
            _ => (),
        }
    }
    told
}

/// The use of a grant and of all that stand on it, added up from above.
fn used_below(grants: &BTreeMap<GrantId, GrantInfo>, grant: GrantId) -> Usage {
    let children = grants.iter().filter(|(_, info)| info.parent == Some(grant));
    children.fold(grants[&grant].used, |sum, (child, _)| {
        sum.checked_add(&used_below(grants, *child)).expect("the counts are small")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_grant_allows_nothing_that_its_parent_does_not(
        trees in trees(),
        happenings in vec(happening(), 0..12),
        questions in vec(question(), 1..6),
    ) {
        ExtBuilder::default().run(|| {
            grow(&trees);
            for happening in happenings {
                happening.happen();
            }
            let grants = grants();
            for (version, action, purpose) in questions {
                let (action, purpose) = (Action::ALL[action], PurposeCode(purpose));
                // Both sides of every moment at which something begins or ends.
                for time in moments(&grants) {
                    check_answers(Question { version, action, purpose, time }, &grants);
                }
            }
        });
    }

    #[test]
    fn use_never_exceeds_a_limit(
        trees in trees(),
        reports in vec((any::<Index>(), 0u64..6, 0u64..6), 1..40),
    ) {
        ExtBuilder::default().run(|| {
            grow(&trees);
            for (index, accesses, records) in reports {
                let Some(grant) = pick(index) else { continue };
                let report = next_report(grant, usage(accesses, records, 0));
                let before = grants();
                let outcome =
                    unchanged_if_refused(|| Grants::report(signed(attestor(provider(grant))), grant, report.clone()));

                // What it would be if the report counted.
                let mut after = before.clone();
                after.entry(grant).and_modify(|info| info.used = report.usage);
                let fits = after.iter().all(|(id, info)| info.terms.limit.allows(&used_below(&after, *id)));
                let GrantInfo { terms, active_since, .. } = &before[&grant];
                let in_time = report.from < terms.not_after && terms.not_before < report.to;
                let says_something = accesses > 0 || records > 0;
                assert_eq!(outcome.is_ok(), active_since.is_some() && says_something && in_time && fits);

                let told = if outcome.is_ok() { &after } else { &before };
                for (id, info) in grants() {
                    assert_eq!(info.used_in_all, used_below(told, id));
                    assert!(info.terms.limit.allows(&info.used_in_all));
                }
            }
        });
    }

    #[test]
    fn any_calls_leave_a_sound_state(calls in vec(call(), 1..60)) {
        ExtBuilder::default().run(|| {
            set_air(CITY, Sensitivity::Open);
            let mut ended = BTreeMap::new();
            for call in calls {
                let described = format!("{call:?}");
                call.make();
                assert_ok!(Grants::do_try_state());
                // What has ended stays as it was but for what is reported of it.
                for (grant, info) in grants() {
                    if info.state.is_final() {
                        let end = (info.state, info.ended, info.terms_hash);
                        assert_eq!(*ended.entry(grant).or_insert(end), end, "after {described}");
                    }
                }
            }
            let held: BTreeMap<_, _> =
                grants().into_iter().map(|(grant, info)| (grant, (info.state, info.used))).collect();
            assert_eq!(told(), held);
        });
    }
}
