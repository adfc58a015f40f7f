//! Which lists a question needs: exactly those, and found by asking again.

mod support;

use citynet_primitives::{
    BatchId, Body, DatasetId, DeviceId, GrantId, OrganisationId, Record, Source, Subject, VersionId,
};
use citynet_proofs::{verify_dossier, Question, QuestionError, Reason, Step};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::ledger::{cycle, dataset, device, grant, organisation, terms, Ledger, CONSORTIUM};

/// A time after all records.
const LATE: u64 = 1_000_000;

fn access(dataset: u64, at: u64) -> Question {
    Question::Access { at, dataset: DatasetId(dataset) }
}

fn version(dataset: u64, version: u32) -> VersionId {
    VersionId { dataset: DatasetId(dataset), version }
}

fn batch(device: u64, first_sequence: u64) -> BatchId {
    BatchId { device: DeviceId(device), first_sequence }
}

fn payments(number: u32) -> Question {
    Question::Payments { organisation: OrganisationId(number) }
}

#[track_caller]
fn needs(ledger: &Ledger, question: Question, expected: impl IntoIterator<Item = Subject>) {
    let mut expected: Vec<_> = expected.into_iter().collect();
    expected.sort_unstable();
    let (known, _) = ledger.needed(&question);
    assert_eq!(known.into_keys().collect::<Vec<_>>(), expected, "{question:?}");
}

fn organisations(last: u32) -> impl Iterator<Item = Subject> {
    (0..=last).map(organisation)
}

fn of_version(dataset: u64, version: u32) -> Source {
    Source::Version { dataset: DatasetId(dataset), version, grant: None }
}

fn of_device(device: u64) -> Source {
    Source::Batches { device: DeviceId(device), first_sequence: 0, last_sequence: 9, grant: None }
}

/// Six organisations. Dataset 7 belongs to the first and later to the fifth; grant 5 of it is passed on by grant 6. Grant 7 is
/// of dataset 8. The time of record `n` is `n` seconds.
fn grants() -> Ledger {
    let mut ledger = Ledger::with_organisations(6);
    ledger.decided();
    ledger.registered(7, 1).registered(8, 1);
    ledger.granted(5, None, &terms(7, 1, 2, 1)).granted(6, Some(5), &terms(7, 2, 3, 1));
    ledger.granted(7, None, &terms(8, 1, 4, 1));
    ledger.transferred(7, 1, 5).suspended(3).requested(8, &terms(7, 5, 6, 1));
    ledger
}

#[test]
fn a_reading_needs_its_device() {
    let question = Question::Reading { device: DeviceId(3), sequence: 46 };
    needs(&grants(), question, [device(3)]);
}

#[test]
fn access_needs_the_owners_and_all_who_have_to_do_with_a_grant() {
    let ledger = grants();
    let all = [0, 1, 2, 3, 5, 6].map(organisation).into_iter().chain([dataset(7), grant(5), grant(6), grant(8)]);
    needs(&ledger, access(7, LATE), all);
    needs(&ledger, access(8, LATE), [0, 1, 4].map(organisation).into_iter().chain([dataset(8), grant(7)]));
    needs(&ledger, access(9, LATE), [CONSORTIUM, dataset(9)]);
}

#[test]
fn nothing_later_counts_for_access() {
    let ledger = grants();
    let at = |seconds: u64, organisations: &[u32], grants: &[u64]| {
        let organisations = organisations.iter().copied().map(organisation);
        let grants = grants.iter().copied().map(grant);
        needs(&ledger, access(7, 1000 * seconds), organisations.chain([dataset(7)]).chain(grants));
    };
    at(6, &[0], &[]);
    at(7, &[0, 1], &[]);
    at(8, &[0, 1], &[]);
    at(9, &[0, 1, 2], &[5]);
    at(13, &[0, 1, 2], &[5]);
    at(14, &[0, 1, 2, 3], &[5, 6]);
    at(23, &[0, 1, 2, 3], &[5, 6]);
    at(24, &[0, 1, 2, 3, 5], &[5, 6]);
    at(26, &[0, 1, 2, 3, 5, 6], &[5, 6, 8]);
}

/// Somebody who is neither asked for nor passes anything on, but whom the people behind the data can turn to.
#[test]
fn access_needs_the_controller() {
    let mut ledger = Ledger::with_organisations(3);
    ledger.registered(7, 1).granted(5, None, &terms(7, 1, 2, 3));
    needs(&ledger, access(7, LATE), [0, 1, 2, 3].map(organisation).into_iter().chain([dataset(7), grant(5)]));
}

#[test]
fn lineage_needs_everybody_and_the_devices_above() {
    let mut ledger = grants();
    ledger.published(7, 1, 5, &[of_device(3), Source::External { content: [1; 32], uri: Default::default() }]);
    ledger.published(9, 1, 2, &[of_version(7, 1)]);
    ledger.published(9, 2, 2, &[of_version(7, 1), of_device(4), of_device(5)]);
    ledger.published(10, 1, 6, &[of_version(9, 2), of_version(9, 1), of_device(6)]);
    let needs = |of: VersionId, devices: &[u64]| {
        let devices = devices.iter().copied().map(device);
        needs(&ledger, Question::Lineage { version: of }, organisations(7).chain(devices));
    };
    needs(version(7, 1), &[3]);
    needs(version(9, 1), &[3]);
    needs(version(9, 2), &[3, 4, 5]);
    needs(version(10, 1), &[3, 4, 5, 6]);
    // There is no such version.
    needs(version(7, 2), &[]);
}

/// The chain refuses what is made from itself; a node could still claim it.
#[test]
fn a_lineage_in_circles_has_an_end() {
    let mut ledger = Ledger::with_organisations(1);
    ledger.published(7, 1, 1, &[of_version(7, 2), of_version(7, 1), of_device(3)]);
    ledger.published(7, 2, 1, &[of_version(7, 1)]);
    needs(&ledger, Question::Lineage { version: version(7, 1) }, organisations(2).chain([device(3)]));
}

#[test]
fn taint_and_governance_need_everybody() {
    let ledger = grants();
    needs(&ledger, Question::Governance, organisations(7));
    let taint = Question::Taint { device: DeviceId(3), since: 0 };
    needs(&ledger, taint, organisations(7).chain([device(3)]));
    // Whatever was made from it, and whether there is such a version at all.
    needs(&ledger, Question::VersionTaint { version: version(7, 1) }, organisations(7));
    // The consortium may have nothing to say.
    needs(&Ledger::with_organisations(2), Question::Governance, organisations(3));
    needs(&Ledger::default(), Question::Governance, organisations(1));
}

#[test]
fn payments_need_grants_and_cycles() {
    let mut ledger = grants();
    ledger.currency(1, 6).currency(2, 6).currency(3, 6);
    let above = terms(7, 1, 2, 1);
    ledger.reported(5, &above).stated(5, &above).billed(1, 5, &above, 1, 4);
    ledger.settled(1, 1, 6, 2, 1).settled(1, 2, 6, 3, 4).settled(2, 1, 6, 3, 4);
    let first = [CONSORTIUM, organisation(1), grant(5), grant(6), grant(7), grant(8)];
    let cycles = [cycle(1, 1), cycle(1, 2), cycle(1, 3)];
    needs(&ledger, payments(1), first.into_iter().chain(cycles));
    needs(&ledger, payments(2), [CONSORTIUM, organisation(2), grant(5), grant(6)].into_iter().chain(cycles));
    // Who has only a grant owes nothing; who only billed for others neither.
    needs(&ledger, payments(3), [CONSORTIUM, organisation(3), grant(6)]);
    needs(&ledger, payments(4), [CONSORTIUM, organisation(4), grant(7)]);
    // The agent of all currencies has no part in what they settle.
    needs(&ledger, payments(6), [CONSORTIUM, organisation(6), grant(8)]);
    needs(&ledger, payments(9), [CONSORTIUM, organisation(9)]);

    // Whoever is owed in a currency without any cycle.
    ledger.billed(2, 6, &terms(7, 2, 3, 1), 3, 2);
    let third = [CONSORTIUM, organisation(3), grant(6), cycle(3, 1)];
    needs(&ledger, payments(3), third);
    let second = [CONSORTIUM, organisation(2), grant(5), grant(6), cycle(3, 1)];
    needs(&ledger, payments(2), second.into_iter().chain(cycles));
}

/// What lists say that are not needed themselves must not make others needed.
#[test]
fn only_lists_that_are_needed_count() {
    let ledger = grants();
    let (mut known, _) = ledger.needed(&access(8, LATE));
    for subject in [organisation(2), dataset(7)] {
        known.insert(subject, ledger.about(&subject));
    }
    assert!(access(8, LATE).missing(&known).is_empty());
}

/// Unlike the lineage of a version, in which devices are found.
#[test]
fn what_was_made_from_readings_needs_everybody_and_the_device() {
    let mut ledger = grants();
    ledger.published(7, 1, 5, &[of_device(3), of_device(4)]).published(9, 1, 2, &[of_version(7, 1), of_device(5)]);
    for question in [Question::DeviceLineage { device: DeviceId(3) }, Question::BatchLineage { batch: batch(3, 40) }] {
        needs(&ledger, question, organisations(7).chain([device(3)]));
        needs(&Ledger::default(), question, organisations(1).chain([device(3)]));
    }
}

/// What can be known of a subject does not hang on how its records are held.
#[test]
fn records_may_be_borrowed() {
    let ledger = grants();
    let (known, _) = ledger.needed(&access(7, LATE));
    let borrowed: BTreeMap<Subject, Vec<&Record>> =
        known.iter().map(|(subject, records)| (*subject, records.iter().collect())).collect();
    assert!(access(7, LATE).missing(&borrowed).is_empty());
}

#[test]
fn json() {
    let questions = [
        (
            Question::Reading { device: DeviceId(3), sequence: u64::MAX },
            r#"{"reading":{"device":"3","sequence":"18446744073709551615"}}"#,
        ),
        (access(7, 1_767_225_600_000), r#"{"access":{"at":"1767225600000","dataset":"7"}}"#),
        (Question::Lineage { version: version(7, 3) }, r#"{"lineage":{"version":"7@3"}}"#),
        (Question::Taint { device: DeviceId(12), since: 0 }, r#"{"taint":{"device":"12","since":"0"}}"#),
        (Question::VersionTaint { version: version(7, 3) }, r#"{"versionTaint":{"version":"7@3"}}"#),
        (Question::DeviceLineage { device: DeviceId(12) }, r#"{"deviceLineage":{"device":"12"}}"#),
        (Question::BatchLineage { batch: batch(12, 4000) }, r#"{"batchLineage":{"batch":"12-4000"}}"#),
        (payments(3), r#"{"payments":{"organisation":"3"}}"#),
        (Question::Governance, r#""governance""#),
    ];
    for (question, text) in questions {
        assert_eq!(serde_json::to_string(&question).unwrap(), text);
        assert_eq!(serde_json::from_str::<Question>(text).unwrap(), question);
    }
    for (text, reason) in [
        (r#""access""#, "expected struct variant"),
        (r#"{"access":{"at":"1"}}"#, "missing field `dataset`"),
        (r#"{"access":{"at":1,"dataset":"7"}}"#, "expected a string"),
        (r#"{"access":{"at":"-1","dataset":"7"}}"#, "`-1` is not a decimal number"),
        (r#"{"access":{"at":"1","dataset":"7","to":"2"}}"#, "unknown field `to`"),
        (r#"{"payments":{"organisation":"4294967296"}}"#, "`4294967296` is not a decimal number"),
        (r#"{"lineage":{"version":"7"}}"#, "a version is written DATASET@N"),
        (r#"{"lineage":{"version":"7@"}}"#, "`` is not a decimal number"),
        (r#"{"versionTaint":{"since":"0","version":"7@3"}}"#, "unknown field `since`"),
        (r#"{"batchLineage":{"batch":"12"}}"#, "a batch is written DEVICE-FIRST"),
        (r#"{"batchLineage":{"batch":"12-"}}"#, "`` is not a decimal number"),
        (r#"{"batchLineage":{"batch":"12--1"}}"#, "`-1` is not a decimal number"),
        (r#""story""#, "unknown variant `story`"),
    ] {
        let error = serde_json::from_str::<Question>(text).unwrap_err().to_string();
        assert!(error.contains(reason), "`{error}` does not say `{reason}`");
    }
}

/// What somebody does to a ledger. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Deed {
    Join,
    Suspend(u32),
    Register(u32),
    Transfer(u64, u32),
    Grant(u64, u32, u32),
    PassOn(u64, u32),
    Publish(u64, u64, u64),
    Bill(u64, u32, u32),
    Settle(u32, u32),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let (few, many) = (0u32..6, 0u64..12);
    let deed = prop_oneof![
        1 => Just(Deed::Join),
        1 => few.clone().prop_map(Deed::Suspend),
        2 => few.clone().prop_map(Deed::Register),
        2 => (many.clone(), few.clone()).prop_map(|(id, to)| Deed::Transfer(id, to)),
        4 => (many.clone(), few.clone(), few.clone()).prop_map(|(id, to, controller)| Deed::Grant(id, to, controller)),
        4 => (many.clone(), few.clone()).prop_map(|(id, to)| Deed::PassOn(id, to)),
        4 => (many.clone(), many.clone(), many.clone()).prop_map(|(id, from, device)| Deed::Publish(id, from, device)),
        2 => (many, few.clone(), few.clone()).prop_map(|(id, currency, by)| Deed::Bill(id, currency, by)),
        1 => (few.clone(), few).prop_map(|(currency, pays)| Deed::Settle(currency, pays)),
    ];
    prop::collection::vec(deed, 0..25)
}

/// A ledger by the rules of the chain, as far as they decide what records are about.
#[derive(Default)]
struct Story {
    ledger: Ledger,
    joined: u32,
    /// The owner of every dataset, from 1.
    owners: Vec<u32>,
    /// Every version.
    versions: Vec<VersionId>,
    /// The dataset, provider, consumer and controller of every grant, from 1, as they were in the beginning.
    grants: Vec<(u64, u32, u32, u32)>,
    bills: u64,
    /// How many cycles each of the currencies 1 and 2 has.
    cycles: [u32; 2],
}

impl Story {
    fn of(deeds: &[Deed]) -> Self {
        let mut story = Self { ledger: Ledger::with_organisations(2), joined: 2, ..Self::default() };
        deeds.iter().for_each(|deed| story.take(deed));
        story
    }

    fn member(&self, number: u32) -> u32 {
        1 + number % self.joined
    }

    fn take(&mut self, deed: &Deed) {
        let pick = |length: usize, number: u64| (length > 0).then(|| usize::try_from(number).unwrap() % length);
        match *deed {
            Deed::Join => {
                self.joined += 1;
                let body = Body::OrganisationRegistered {
                    organisation: OrganisationId(self.joined),
                    organisation_kind: citynet_primitives::OrganisationKind::Auditor,
                    name: Default::default(),
                };
                self.ledger.append(None, &[self.joined], body);
            }
            Deed::Suspend(number) => {
                let member = self.member(number);
                self.ledger.suspended(member);
            }
            Deed::Register(owner) => {
                let owner = self.member(owner);
                self.owners.push(owner);
                self.ledger.registered(self.owners.len() as u64, owner);
            }
            Deed::Transfer(id, to) => {
                let (Some(position), to) = (pick(self.owners.len(), id), self.member(to)) else { return };
                let from = std::mem::replace(&mut self.owners[position], to);
                self.ledger.transferred(position as u64 + 1, from, to);
            }
            Deed::Grant(id, to, controller) => {
                let Some(position) = pick(self.owners.len(), id) else { return };
                let (to, controller) = (self.member(to), self.member(controller));
                self.grant(None, (position as u64 + 1, self.owners[position], to, controller));
            }
            Deed::PassOn(id, to) => {
                let (Some(position), to) = (pick(self.grants.len(), id), self.member(to)) else { return };
                let (dataset, _, consumer, controller) = self.grants[position];
                self.grant(Some(position as u64 + 1), (dataset, consumer, to, controller));
            }
            Deed::Publish(id, from, device) => {
                let Some(position) = pick(self.owners.len(), id) else { return };
                let mut sources = vec![of_device(device)];
                if let Some(from) = pick(self.versions.len(), from) {
                    sources.push(of_version(self.versions[from].dataset.0, self.versions[from].version));
                }
                let dataset = DatasetId(position as u64 + 1);
                let before = self.versions.iter().filter(|version| version.dataset == dataset).count();
                let version = VersionId { dataset, version: before as u32 + 1 };
                self.versions.push(version);
                self.ledger.published(dataset.0, version.version, self.owners[position], &sources);
            }
            Deed::Bill(id, currency, by) => {
                let (Some(position), by) = (pick(self.grants.len(), id), self.member(by)) else { return };
                let (dataset, provider, consumer, controller) = self.grants[position];
                self.bills += 1;
                let terms = terms(dataset, provider, consumer, controller);
                self.ledger.billed(self.bills, position as u64 + 1, &terms, 1 + currency % 2, by);
            }
            Deed::Settle(currency, pays) => {
                let (currency, pays) = (currency % 2, self.member(pays));
                let cycles = &mut self.cycles[currency as usize];
                *cycles += 1;
                self.ledger.settled(currency + 1, *cycles, 1, pays, pays + 1);
            }
        }
    }

    fn grant(&mut self, parent: Option<u64>, parties: (u64, u32, u32, u32)) {
        let (dataset, provider, consumer, controller) = parties;
        self.grants.push(parties);
        self.ledger.granted(self.grants.len() as u64, parent, &terms(dataset, provider, consumer, controller));
    }

    /// The records that answer a question, read off the whole ledger.
    fn answering(&self, question: Question) -> Vec<&Record> {
        let of_dataset = |id: &GrantId, dataset: DatasetId| self.grants[id.0 as usize - 1].0 == dataset.0;
        let is_answer = |record: &&Record| match (question, &record.body) {
            (Question::Access { at, .. }, _) if record.time > at => false,
            (Question::Access { dataset, .. }, Body::DatasetRegistered { dataset: id, .. })
            | (Question::Access { dataset, .. }, Body::DatasetTransferred { dataset: id, .. }) => *id == dataset,
            (Question::Access { dataset, .. }, Body::GrantOffered { grant, .. })
            | (Question::Access { dataset, .. }, Body::GrantAdvanced { grant, .. }) => of_dataset(grant, dataset),
            (
                Question::Lineage { .. }
                | Question::Taint { .. }
                | Question::VersionTaint { .. }
                | Question::DeviceLineage { .. }
                | Question::BatchLineage { .. },
                Body::VersionPublished { .. },
            ) => true,
            (Question::Payments { organisation }, Body::ObligationCreated { info, .. }) => {
                [info.debtor, info.creditor].contains(&organisation)
            }
            (Question::Governance, Body::CycleComputed { .. } | Body::CycleSettled { .. }) => false,
            (Question::Governance, _) => true,
            _ => false,
        };
        self.ledger.0.iter().map(|entry| &entry.record).filter(is_answer).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever happened: the lists are found by asking, have what answers the question, and none of them is too much.
    #[test]
    fn any_question_to_any_ledger_is_answered(
        deeds in deeds(),
        (kind, id, number, at) in (0usize..8, 1u64..5, 1u32..5, 0u64..130_000),
    ) {
        let story = Story::of(&deeds);
        let question = match kind {
            0 => access(id, at),
            1 => Question::Lineage { version: version(id, number) },
            2 => Question::Taint { device: DeviceId(id), since: at },
            3 => payments(number),
            4 => Question::VersionTaint { version: version(id, number) },
            5 => Question::DeviceLineage { device: DeviceId(id) },
            6 => Question::BatchLineage { batch: batch(id, at) },
            _ => Question::Governance,
        };
        let (known, asked) = story.ledger.needed(&question);
        // Every time but the last one it names something.
        prop_assert!(asked <= known.len() + 1, "asked {asked} times");
        let listed = |record: &Record| known.values().flatten().any(|known| known == record);
        prop_assert!(story.answering(question).into_iter().all(listed));

        let closed = story.ledger.clone().close(0);
        let subjects: Vec<Subject> = known.into_keys().collect();
        let dossier = closed.with_lists(question, subjects.iter().copied());
        let verified = verify_dossier(dossier.to_json().unwrap().as_bytes(), &closed.trust()).unwrap();
        prop_assert!(verified.lists.keys().eq(&subjects));
        for left_out in &subjects {
            if subjects.len() == 1 {
                break;
            }
            let others = subjects.iter().copied().filter(|subject| subject != left_out);
            let dossier = closed.with_lists(question, others);
            let failure = verify_dossier(dossier.to_json().unwrap().as_bytes(), &closed.trust()).unwrap_err();
            prop_assert_eq!(failure.step, Step::Question, "without {}: {}", left_out, failure);
        }
        let all = story.ledger.subjects();
        for added in all.iter().filter(|subject| !subjects.contains(subject)) {
            let dossier = closed.with_lists(question, subjects.iter().copied().chain([*added]));
            let failure = verify_dossier(dossier.to_json().unwrap().as_bytes(), &closed.trust()).unwrap_err();
            prop_assert_eq!(failure.step, Step::Question);
            prop_assert_eq!(failure.reason, Reason::from(QuestionError::NotNeeded(*added)));
        }
    }
}
