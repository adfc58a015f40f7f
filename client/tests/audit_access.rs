//! What is computed from records alone is what the chain decided. Beside the replay stands a model of the chain, written
//! after `pallets/grants/src/decision.rs`: it keeps state, changes it call by call, writes the records that the pallets
//! write, and is asked after each of them. Whatever it answered, the records must tell afterwards.

use citynet_client::{
    audit::access::{access_at, relevant},
    grants::terms_hash,
};
use citynet_primitives::{
    AccessReport, Action, Body, DatasetId, DatasetKind, DatasetProfile, Decision, Denial, Document, GrantId, GrantInfo,
    GrantState, LegalBasisCode, Moment, OrganisationId, OrganisationKind, OrganisationStatus, PersonalData, Price,
    PurposeCode, ReasonCode, Record, Sensitivity, Subject, SubjectHead, Terms, Usage, UsageLimit, VersionContent,
    Versions, MAX_DELEGATION_DEPTH, RECORD_VERSION,
};
use citynet_proofs::Question;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const DATASET: DatasetId = DatasetId(1);
const MEMBERS: u32 = 4;
const PURPOSES: [PurposeCode; 2] = [PurposeCode(2), PurposeCode(3)];

/// The chain, as far as decisions ask for it.
#[derive(Clone)]
struct Chain {
    now: Moment,
    records: Vec<Record>,
    /// The same by what they are about.
    lists: BTreeMap<Subject, Vec<Record>>,
    owner: OrganisationId,
    sensitivity: Sensitivity,
    versions: Vec<[u8; 32]>,
    status: BTreeMap<OrganisationId, OrganisationStatus>,
    grants: BTreeMap<GrantId, GrantInfo>,
    active: BTreeMap<OrganisationId, Vec<GrantId>>,
}

/// A call: what, and numbers from which its arguments are made.
#[derive(Clone, Copy, Debug)]
struct Call {
    kind: u8,
    tick: u8,
    a: u8,
    b: u8,
    c: u8,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = any::<(u8, u8, u8, u8, u8)>().prop_map(|(kind, tick, a, b, c)| Call { kind, tick, a, b, c });
    prop::collection::vec(call, 1..80)
}

fn member(number: u8) -> OrganisationId {
    OrganisationId(u32::from(number) % MEMBERS + 1)
}

fn profile(sensitivity: Sensitivity) -> DatasetProfile {
    DatasetProfile {
        title: b"Air".to_vec().try_into().unwrap(),
        sensitivity,
        description: Document { hash: [4; 32], uri: Default::default() },
        schema: Default::default(),
        licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
    }
}

/// Calls and their effects.
impl Chain {
    fn begin() -> Self {
        let owner = OrganisationId(1);
        let mut chain = Self {
            now: 0,
            records: Vec::new(),
            lists: BTreeMap::new(),
            owner,
            sensitivity: Sensitivity::Internal,
            versions: Vec::new(),
            status: BTreeMap::new(),
            grants: BTreeMap::new(),
            active: BTreeMap::new(),
        };
        for number in 1..=MEMBERS {
            let organisation = OrganisationId(number);
            chain.status.insert(organisation, OrganisationStatus::Active);
            let (organisation_kind, name) = (OrganisationKind::University, b"Neva".to_vec().try_into().unwrap());
            let body = Body::OrganisationRegistered { organisation, organisation_kind, name };
            chain.write(OrganisationId::CONSORTIUM, body);
        }
        let profile = profile(Sensitivity::Internal);
        let body = Body::DatasetRegistered { dataset: DATASET, owner, dataset_kind: DatasetKind::Stream, profile };
        chain.write(owner, body);
        chain
    }

    fn write(&mut self, organisation: OrganisationId, body: Body) {
        let index = self.records.len() as u64;
        let (version, block, time) = (RECORD_VERSION, self.now as u32, self.now);
        let subjects = self.subjects(&body);
        let record = Record { version, index, block, time, organisation, account: [1; 32], body };
        for subject in subjects {
            self.lists.entry(subject).or_default().push(record.clone());
        }
        self.records.push(record);
    }

    /// What the pallets say that a record is about.
    fn subjects(&self, body: &Body) -> BTreeSet<Subject> {
        let (about, organisations) = match body {
            Body::OrganisationRegistered { organisation, .. }
            | Body::OrganisationStatusChanged { organisation, .. } => (None, vec![*organisation]),
            Body::DatasetTransferred { from, to, .. } => (Some(Subject::Dataset(DATASET)), vec![*from, *to]),
            Body::GrantRequested { grant, .. }
            | Body::GrantOffered { grant, .. }
            | Body::GrantAdvanced { grant, .. }
            | Body::GrantStateChanged { grant, .. }
            | Body::AccessReported { grant, .. } => {
                let info = &self.grants[grant];
                let parties = vec![self.provider_of(info), info.terms.consumer, info.terms.controller];
                (Some(Subject::Grant(*grant)), parties)
            }
            _ => (Some(Subject::Dataset(DATASET)), vec![self.owner]),
        };
        organisations.into_iter().map(Subject::Organisation).chain(about).collect()
    }

    /// The records that a dossier has.
    fn dossier(&self, question: &Question) -> Vec<Record> {
        let mut known: BTreeMap<Subject, Vec<Record>> = BTreeMap::new();
        loop {
            let missing = question.missing(&known);
            if missing.is_empty() {
                let records = known.into_values().flatten().map(|record| (record.index, record));
                return records.collect::<BTreeMap<_, _>>().into_values().collect();
            }
            for subject in missing {
                known.insert(subject, self.lists.get(&subject).cloned().unwrap_or_default());
            }
        }
    }

    fn terms(&self, provider: OrganisationId, consumer: OrganisationId, call: Call) -> Terms {
        let Call { b, c, .. } = call;
        let pick = |times: [Moment; 3], by: u8| times[usize::from(by) % 3];
        let content = (c & 64 != 0).then_some([c % 4; 32]);
        let last = (c & 32 != 0 || content.is_some()).then_some(1 + u32::from(c) % 2);
        let personal = c & 16 != 0;
        Terms {
            dataset: DATASET,
            versions: Versions { first: last.filter(|_| content.is_some()).unwrap_or(1), last, content },
            provider,
            consumer,
            controller: self.owner,
            actions: Action::ALL.iter().copied().filter(|action| (b | 1) & (1 << *action as u8) != 0).collect(),
            purposes: if b & 32 == 0 { PURPOSES.to_vec() } else { vec![PURPOSES[0]] }.try_into().unwrap(),
            not_before: pick([0, 10, 40], b),
            not_after: pick([60, 150, 10_000], c),
            limit: UsageLimit { accesses: (b & 64 != 0).then_some(2), ..UsageLimit::default() },
            price: Price::Free,
            delegation_depth: b % (MAX_DELEGATION_DEPTH + 1),
            restricted_delegation: b & 128 != 0,
            jurisdiction: b"RU".to_vec().try_into().unwrap(),
            legal_basis: (c & 8 != 0).then_some(LegalBasisCode::RU152_STATISTICS),
            personal_data: if personal { PersonalData::Pseudonymised } else { PersonalData::None },
            consent: None,
            notice: None,
            retention_days: (c & 4 != 0).then_some(30),
            recipients: Default::default(),
            assessment: None,
            withdrawal: None,
            agreement: None,
        }
    }

    fn call(&mut self, call: Call) {
        self.now += [0, 0, 1, 7][usize::from(call.tick) % 4];
        match call.kind % 20 {
            0 => self.change_status(call),
            1 => {
                self.sensitivity = Sensitivity::ALL[usize::from(call.a) % 4];
                let body = Body::DatasetChanged { dataset: DATASET, profile: profile(self.sensitivity) };
                self.write(self.owner, body);
            }
            2 => {
                let (from, to) = (self.owner, member(call.a));
                if from != to {
                    self.owner = to;
                    self.write(to, Body::DatasetTransferred { dataset: DATASET, from, to });
                }
            }
            3 => self.publish(call),
            4..=6 => self.offer(self.owner, None, call),
            7..=9 => {
                let Some((parent, info)) = self.pick(call.a) else { return };
                let deep = self.ancestors(&info).is_some_and(|above| above.len() < usize::from(MAX_DELEGATION_DEPTH));
                if info.state == GrantState::Active && deep {
                    self.offer(info.terms.consumer, Some(parent), call);
                }
            }
            10 => {
                let consumer = member(call.a);
                if consumer != self.owner {
                    let terms = self.terms(self.owner, consumer, call);
                    self.put_forward(None, GrantState::Requested, false, None, None, terms);
                }
            }
            11 => self.counter(call),
            12..=15 => self.advance(call),
            16 => self.end(call),
            17 => self.suspend_or_resume(call),
            _ => self.report(call),
        }
    }

    fn change_status(&mut self, call: Call) {
        use OrganisationStatus::{Active, Expelled, Left, Suspended};
        let (organisation, status) = (member(call.a), OrganisationStatus::ALL[usize::from(call.b) % 4]);
        let before = self.status[&organisation];
        if matches!((before, status), (Active, Suspended | Expelled | Left) | (Suspended, Active | Expelled)) {
            self.status.insert(organisation, status);
            let body = Body::OrganisationStatusChanged { organisation, status, reason: Default::default() };
            self.write(OrganisationId::CONSORTIUM, body);
        }
    }

    fn publish(&mut self, call: Call) {
        let content = VersionContent {
            content: [call.a % 4; 32],
            bytes: 1,
            records: 1,
            media_type: b"text/csv".to_vec().try_into().unwrap(),
            from: 0,
            to: 0,
            sources: Default::default(),
            activity: citynet_primitives::Activity::Collection,
            parameters: None,
            code: Default::default(),
        };
        self.versions.push(content.content);
        let version = self.versions.len() as u32;
        self.write(self.owner, Body::VersionPublished { dataset: DATASET, version, content });
    }

    fn pick(&self, number: u8) -> Option<(GrantId, GrantInfo)> {
        let position = usize::from(number).checked_rem(self.grants.len())?;
        self.grants.iter().nth(position).map(|(grant, info)| (*grant, info.clone()))
    }

    fn offer(&mut self, provider: OrganisationId, parent: Option<GrantId>, call: Call) {
        let consumer = member(call.a);
        if provider == consumer {
            return;
        }
        let terms = self.terms(provider, consumer, call);
        let supersedes = self.pick(call.b).filter(|(_, other)| {
            let same = other.terms.consumer == consumer && self.provider_of(other) == provider;
            call.c & 1 != 0 && same && matches!(other.state, GrantState::Active | GrantState::Suspended)
        });
        let binding = call.c & 2 == 0;
        let supersedes = supersedes.map(|(grant, _)| grant);
        let grant = self.put_forward(None, GrantState::Offered, binding, parent, supersedes, terms);
        if binding {
            self.accept(grant);
        }
    }

    fn put_forward(
        &mut self,
        grant: Option<GrantId>,
        state: GrantState,
        binding: bool,
        parent: Option<GrantId>,
        supersedes: Option<GrantId>,
        terms: Terms,
    ) -> GrantId {
        let grant = grant.unwrap_or(GrantId(self.grants.len() as u64 + 1));
        let info = GrantInfo {
            state,
            parent,
            supersedes,
            binding,
            terms_hash: terms_hash(&terms),
            terms: terms.clone(),
            active_since: None,
            ended: None,
            last_report: 0,
            reported_until: 0,
            used: Usage::default(),
            used_in_all: Usage::default(),
            head: SubjectHead::default(),
        };
        let (author, body) = match state {
            GrantState::Requested => (terms.consumer, Body::GrantRequested { grant, supersedes, terms }),
            _ => (self.provider_of(&info), Body::GrantOffered { grant, parent, supersedes, binding, terms }),
        };
        self.grants.insert(grant, info);
        self.write(author, body);
        grant
    }

    fn counter(&mut self, call: Call) {
        let Some((grant, info)) = self.pick(call.a) else { return };
        let mut terms = self.terms(info.terms.provider, info.terms.consumer, call);
        terms.controller = info.terms.controller;
        let state = match info.state {
            GrantState::Requested => GrantState::Offered,
            GrantState::Offered => GrantState::Requested,
            _ => return,
        };
        self.put_forward(Some(grant), state, false, info.parent, info.supersedes, terms);
    }

    /// The next step of a negotiation.
    fn advance(&mut self, call: Call) {
        let Some((grant, info)) = self.pick(call.a) else { return };
        let (provider, consumer) = (self.provider_of(&info), info.terms.consumer);
        match info.state {
            GrantState::Offered => self.accept(grant),
            GrantState::Requested | GrantState::Accepted => self.step(provider, grant, GrantState::Agreed),
            GrantState::Agreed => self.step(consumer, grant, GrantState::Verified),
            GrantState::Verified => self.activate(provider, grant),
            _ => {}
        }
    }

    fn accept(&mut self, grant: GrantId) {
        let info = self.grants[&grant].clone();
        let consumer = info.terms.consumer;
        if !info.binding || self.provider_of(&info) != info.terms.provider {
            return self.step(consumer, grant, GrantState::Accepted);
        }
        if self.may_activate(&info) {
            for state in [GrantState::Accepted, GrantState::Agreed, GrantState::Verified] {
                self.step(consumer, grant, state);
            }
            self.activate(consumer, grant);
        }
    }

    fn step(&mut self, author: OrganisationId, grant: GrantId, state: GrantState) {
        let info = self.grants.get_mut(&grant).unwrap();
        info.state = state;
        let terms = info.terms_hash;
        self.write(author, Body::GrantAdvanced { grant, state, terms });
    }

    /// Of all that the chain checks, what would make an impossible state.
    fn may_activate(&self, info: &GrantInfo) -> bool {
        let superseded = info.supersedes.map(|other| &self.grants[&other]);
        superseded.is_none_or(|other| matches!(other.state, GrantState::Active | GrantState::Suspended))
    }

    fn activate(&mut self, author: OrganisationId, grant: GrantId) {
        let info = self.grants[&grant].clone();
        if !self.may_activate(&info) {
            return;
        }
        self.grants.get_mut(&grant).unwrap().active_since = Some(self.now);
        self.step(author, grant, GrantState::Active);
        let list = self.active.entry(info.terms.consumer).or_default();
        list.retain(|listed| {
            info.supersedes != Some(*listed)
                && self.grants.get(listed).is_some_and(|other| self.now < other.terms.not_after)
        });
        let position = list.partition_point(|listed| *listed < grant);
        list.insert(position, grant);
        if let Some(superseded) = info.supersedes {
            self.change(author, superseded, GrantState::Completed, ReasonCode::Superseded);
        }
    }

    fn change(&mut self, author: OrganisationId, grant: GrantId, state: GrantState, reason: ReasonCode) {
        let info = self.grants.get_mut(&grant).unwrap();
        info.state = state;
        let consumer = info.terms.consumer;
        if state.is_final() {
            self.active.entry(consumer).or_default().retain(|listed| *listed != grant);
        }
        self.write(author, Body::GrantStateChanged { grant, state, reason, note: Default::default() });
    }

    fn end(&mut self, call: Call) {
        let Some((grant, info)) = self.pick(call.a) else { return };
        let (provider, consumer) = (self.provider_of(&info), info.terms.consumer);
        match info.state {
            GrantState::Active | GrantState::Suspended if self.now < info.terms.not_after => {
                let (author, state) =
                    if call.b & 1 == 0 { (provider, GrantState::Revoked) } else { (consumer, GrantState::Completed) };
                self.change(author, grant, state, ReasonCode::Other);
            }
            state if state.is_final() || state.was_active() => {}
            _ => self.change(provider, grant, GrantState::Terminated, ReasonCode::NoAgreement),
        }
    }

    fn suspend_or_resume(&mut self, call: Call) {
        let Some((grant, info)) = self.pick(call.a) else { return };
        let provider = self.provider_of(&info);
        if self.now < info.terms.not_after {
            match info.state {
                GrantState::Active => self.change(provider, grant, GrantState::Suspended, ReasonCode::Other),
                GrantState::Suspended => self.change(provider, grant, GrantState::Active, ReasonCode::Resolved),
                _ => {}
            }
        }
    }

    fn report(&mut self, call: Call) {
        let Some((grant, info)) = self.pick(call.a) else { return };
        if info.active_since.is_none() {
            return;
        }
        let grown = Usage { accesses: u64::from(call.b % 3), records: 1, bytes: 1 };
        let ancestors: Vec<GrantId> = self.ancestors(&info).unwrap().into_iter().map(|(grant, _)| grant).collect();
        let all = [vec![grant], ancestors].concat();
        let fits = |grant: &GrantId| {
            let info = &self.grants[grant];
            info.terms.limit.allows(&info.used_in_all.saturating_add(&grown))
        };
        if !all.iter().all(fits) {
            return;
        }
        for counted in all {
            let info = self.grants.get_mut(&counted).unwrap();
            info.used_in_all = info.used_in_all.saturating_add(&grown);
        }
        let info = self.grants.get_mut(&grant).unwrap();
        info.used = info.used.saturating_add(&grown);
        let report = AccessReport {
            counter: self.now,
            from: self.now,
            to: self.now + 1,
            usage: info.used,
            refused: Default::default(),
            receipts: grown.accesses,
            root: [0; 32],
        };
        let provider = self.provider_of(&self.grants[&grant]);
        self.write(provider, Body::AccessReported { grant, report });
    }
}

/// The decision, as `decision.rs` makes it.
impl Chain {
    fn is_active(&self, organisation: OrganisationId) -> bool {
        self.status.get(&organisation) == Some(&OrganisationStatus::Active)
    }

    fn provider_of(&self, info: &GrantInfo) -> OrganisationId {
        match info.parent {
            Some(_) => info.terms.provider,
            None => self.owner,
        }
    }

    fn ancestors(&self, info: &GrantInfo) -> Option<Vec<(GrantId, GrantInfo)>> {
        let mut ancestors = Vec::new();
        let mut next = info.parent;
        for _ in 0..MAX_DELEGATION_DEPTH {
            let Some(parent) = next else { break };
            let info = self.grants.get(&parent)?.clone();
            next = info.parent;
            ancestors.push((parent, info));
        }
        next.is_none().then_some(ancestors)
    }

    fn check_access(
        &self,
        consumer: OrganisationId,
        version: Option<u32>,
        action: Action,
        purpose: PurposeCode,
        time: Moment,
    ) -> Decision {
        let denied = |reason, grant| Decision::Denied { reason, grant };
        if version.is_some_and(|version| !(1..=self.versions.len() as u32).contains(&version)) {
            return denied(Denial::UnknownVersion, None);
        }
        if !self.is_active(consumer) {
            return denied(Denial::ConsumerInactive, None);
        }
        if consumer == self.owner {
            return Decision::Allowed { chain: vec![] };
        }
        let mut nearest: Option<(u8, Denial, GrantId)> = None;
        for grant in self.active.get(&consumer).into_iter().flatten() {
            let mut chain = vec![(*grant, self.grants[grant].clone())];
            chain.extend(self.ancestors(&chain[0].1).unwrap());
            let refusal = chain.iter().find_map(|(grant, info)| {
                let (distance, reason) = self.refuses(info, version, action, purpose, time)?;
                Some((distance, reason, *grant))
            });
            match refusal {
                None => return Decision::Allowed { chain: chain.into_iter().map(|(grant, _)| grant).collect() },
                Some(refusal) if nearest.is_none_or(|other| other.0 <= refusal.0) => nearest = Some(refusal),
                Some(_) => {}
            }
        }
        match nearest {
            Some((_, reason, grant)) => denied(reason, Some(grant)),
            None => denied(Denial::NoGrant, None),
        }
    }

    /// The number of the first check that fails, and why.
    fn refuses(
        &self,
        info: &GrantInfo,
        version: Option<u32>,
        action: Action,
        purpose: PurposeCode,
        time: Moment,
    ) -> Option<(u8, Denial)> {
        let terms = &info.terms;
        let content = version.map(|version| self.versions[version as usize - 1]);
        let (begun, owner_is_active) =
            (info.active_since.is_some_and(|since| since <= time), self.is_active(self.provider_of(info)));
        let sensitive = matches!(self.sensitivity, Sensitivity::Restricted | Sensitivity::Pseudonymised);
        let personal = terms.personal_data != PersonalData::None;
        // Of the rules those that the terms made here can break.
        let pseudonymised = self.sensitivity == Sensitivity::Pseudonymised;
        let has_basis = terms.legal_basis.is_some();
        let unlawful = [
            (personal || pseudonymised) && !has_basis,
            pseudonymised && !personal,
            sensitive && terms.delegation_depth > 0 && !terms.restricted_delegation,
            sensitive && terms.actions.contains(Action::Publish),
            personal && terms.retention_days.is_none(),
        ];
        let checks = [
            (1, !matches!(info.state, GrantState::Suspended), Denial::Suspended),
            (2, owner_is_active, Denial::ProviderInactive),
            (2, self.is_active(terms.consumer), Denial::ConsumerInactive),
            (3, begun && terms.not_before <= time, Denial::NotYetValid),
            (3, time < terms.not_after, Denial::Expired),
            (4, terms.limit.accesses.is_none_or(|most| info.used_in_all.accesses < most), Denial::LimitReached),
            (5, terms.versions.covers(version), Denial::VersionNotCovered),
            (
                6,
                terms.versions.content.is_none_or(|named| content.is_none_or(|content| content == named)),
                Denial::ContentDiffers,
            ),
            (7, terms.actions.contains(action), Denial::ActionNotGranted),
            (8, terms.purposes.contains(&purpose), Denial::PurposeNotGranted),
            (9, !unlawful.contains(&true), Denial::TermsInsufficient),
        ];
        let ended = info.state.is_final().then_some((1, Denial::Ended));
        ended.or_else(|| checks.into_iter().find(|(_, holds, _)| !holds).map(|(place, _, reason)| (place, reason)))
    }
}

/// Every question that there is, at a time.
fn questions(versions: u32) -> impl Iterator<Item = (OrganisationId, Option<u32>, Action, PurposeCode)> {
    let versions = move || std::iter::once(None).chain((1..=versions + 1).map(Some));
    (1..=MEMBERS + 1).flat_map(move |consumer| {
        versions().flat_map(move |version| {
            Action::ALL.iter().flat_map(move |action| {
                PURPOSES.iter().map(move |purpose| (OrganisationId(consumer), version, *action, *purpose))
            })
        })
    })
}

/// The chain after the last call of every time, with that time and some later ones at which it was still so.
fn states(calls: &[Call]) -> (Vec<(Moment, Chain)>, Vec<Record>) {
    let mut chain = Chain::begin();
    let mut states = Vec::new();
    for call in calls {
        let before = chain.clone();
        chain.call(*call);
        if chain.now > before.now {
            let until = chain.now;
            states.extend((before.now..until).step_by(3).map(|time| (time, before.clone())));
        }
    }
    for later in [0, 1, 30, 100, 9_900] {
        states.push((chain.now + later, chain.clone()));
    }
    (states, chain.records)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn records_tell_what_the_chain_decided(calls in calls()) {
        let (states, records) = states(&calls);
        for (time, chain) in states {
            let past = access_at(DATASET, &records, time).unwrap();
            for (consumer, version, action, purpose) in questions(chain.versions.len() as u32) {
                let decided = chain.check_access(consumer, version, action, purpose, time);
                prop_assert_eq!(past.decide(consumer, version, action, purpose), decided, "at {}", time);
            }
        }
    }

    #[test]
    fn rights_are_what_is_allowed(calls in calls()) {
        let (states, records) = states(&calls);
        for (time, chain) in states {
            let past = access_at(DATASET, &records, time).unwrap();
            let rights = past.rights();
            prop_assert_eq!(rights.len() + past.without().len(), past.grants.len());
            for (consumer, version, action, purpose) in questions(chain.versions.len() as u32) {
                if past.dataset.as_ref().unwrap().owner == consumer
                    || version.is_some_and(|version| version as usize > chain.versions.len())
                {
                    continue;
                }
                let decided = chain.check_access(consumer, version, action, purpose, time);
                let listed = rights.iter().any(|right| {
                    right.consumer == consumer
                        && right.versions.covers(version)
                        && right.actions.contains(action)
                        && right.purposes.contains(&purpose)
                        && (right.from..right.until).contains(&time)
                });
                prop_assert_eq!(listed, matches!(decided, Decision::Allowed { .. }), "at {}", time);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A node's records and a dossier's give the same answer: of both, those count that are relevant.
    #[test]
    fn what_a_dossier_has_is_enough(calls in calls()) {
        let (states, records) = states(&calls);
        let last = states.last().unwrap().1.clone();
        for (time, chain) in states.iter().step_by(5) {
            let dossier = last.dossier(&Question::Access { at: *time, dataset: DATASET });
            let past = |records: &[Record]| access_at(DATASET, relevant(DATASET, records, *time), *time);
            let proven = past(&dossier);
            prop_assert_eq!(&proven, &past(&records));
            let proven = proven.unwrap();
            for (consumer, version, action, purpose) in questions(chain.versions.len() as u32) {
                let decided = chain.check_access(consumer, version, action, purpose, *time);
                // Who has nothing to do with the dataset is not in it: that there is no grant is all that is known.
                if matches!(decided, Decision::Denied { reason: Denial::ConsumerInactive | Denial::NoGrant, .. }) {
                    let is_allowed =
                        matches!(proven.decide(consumer, version, action, purpose), Decision::Allowed { .. });
                    prop_assert!(!is_allowed);
                } else {
                    prop_assert_eq!(proven.decide(consumer, version, action, purpose), decided, "at {}", time);
                }
            }
        }
    }
}

#[test]
fn both_answers_occur() {
    // Calls of every kind, always the same: what is compared above is worth nothing if nothing is ever allowed.
    let (mut allowed, mut denied) = (0, BTreeSet::new());
    let mut number = 1_u32;
    let mut next = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (number >> 24) as u8
    };
    for _ in 0..40 {
        let calls: Vec<Call> =
            (0..60).map(|_| Call { kind: next(), tick: next(), a: next(), b: next(), c: next() }).collect();
        let (states, _) = states(&calls);
        for (time, chain) in states {
            for (consumer, version, action, purpose) in questions(chain.versions.len() as u32) {
                match chain.check_access(consumer, version, action, purpose, time) {
                    Decision::Allowed { chain } if chain.len() > 1 => allowed += 1,
                    Decision::Allowed { .. } => {}
                    Decision::Denied { reason, .. } => _ = denied.insert(reason),
                }
            }
        }
    }
    assert!(allowed > 0, "nothing is ever allowed by a chain of grants");
    for reason in [
        Denial::UnknownVersion,
        Denial::NoGrant,
        Denial::Suspended,
        Denial::Ended,
        Denial::ProviderInactive,
        Denial::ConsumerInactive,
        Denial::NotYetValid,
        Denial::Expired,
        Denial::LimitReached,
        Denial::VersionNotCovered,
        Denial::ContentDiffers,
        Denial::ActionNotGranted,
        Denial::PurposeNotGranted,
        Denial::TermsInsufficient,
    ] {
        assert!(denied.contains(&reason), "{reason} never occurs");
    }
}
