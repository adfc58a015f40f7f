//! What a dossier proves, and that every step fails when, and only when, its own part is wrong.

mod support;

use citynet_primitives::{BatchId, Body, DatasetId, DeviceId, OrganisationId, Record, Source, Subject, VersionId};
use citynet_proofs::{
    dossier::DossierFormat, evidence::FormatError, jcs, verify_document, verify_dossier, Dossier, DossierList, Proven,
    Question, QuestionError, Step, Trust,
};
use codec::{Decode, Encode};
use std::sync::LazyLock;
use support::{
    assert_failure, bend_header, bend_justification, build,
    ledger::{cycle, dataset, device, grant, organisation, terms, Closed, Ledger, CONSORTIUM},
    list::{nodes, value},
    Plan, FIRST_SEQUENCE, PROVEN,
};

const ALL: [Step; 7] =
    [Step::Format, Step::Question, Step::Records, Step::SubjectHead, Step::Finality, Step::Authorities, Step::Genesis];

/// Everything that there is. The city (1) gives its dataset 7 to the university (2) by grant 5, which passes it on to the
/// firm (3) by grant 6; the firm is suspended later. The university makes dataset 9 of it, and somebody unexpected (4) makes
/// dataset 10 of that. What is used costs money, which the first cycle settles.
static LEDGER: LazyLock<Closed> = LazyLock::new(|| {
    let mut ledger = Ledger::with_organisations(5);
    let (above, below) = (terms(7, 1, 2, 1), terms(7, 2, 3, 1));
    ledger.decided().attested(&build(&Plan::default()).evidence).registered(7, 1);
    ledger.granted(5, None, &above).granted(6, Some(5), &below);
    let readings = Source::Batches { device: DeviceId(3), first_sequence: 40, last_sequence: 50, grant: None };
    let version = |dataset, version| Source::Version { dataset: DatasetId(dataset), version, grant: None };
    ledger.published(7, 1, 1, &[readings]).published(9, 1, 2, &[version(7, 1)]).published(10, 1, 4, &[version(9, 1)]);
    ledger.currency(1, 5).reported(5, &above).stated(5, &above).billed(1, 5, &above, 1, 1).settled(1, 1, 5, 2, 1);
    ledger.suspended(3);
    ledger.close(1)
});

const READING: Question = Question::Reading { device: DeviceId(3), sequence: FIRST_SEQUENCE + PROVEN };
const ACCESS: Question = Question::Access { at: 1_000_000, dataset: DatasetId(7) };
const LINEAGE: Question = Question::Lineage { version: VersionId { dataset: DatasetId(9), version: 1 } };
const TAINT: Question = Question::Taint { device: DeviceId(3), since: 0 };
const PAYMENTS: Question = Question::Payments { organisation: OrganisationId(2) };
const VERSION_TAINT: Question = Question::VersionTaint { version: VersionId { dataset: DatasetId(7), version: 1 } };
const DEVICE_LINEAGE: Question = Question::DeviceLineage { device: DeviceId(3) };
const BATCH_LINEAGE: Question =
    Question::BatchLineage { batch: BatchId { device: DeviceId(3), first_sequence: FIRST_SEQUENCE } };
const QUESTIONS: [Question; 9] =
    [READING, ACCESS, LINEAGE, TAINT, PAYMENTS, Question::Governance, VERSION_TAINT, DEVICE_LINEAGE, BATCH_LINEAGE];
/// Those of everybody, and of everybody and the device, which is the only source of the version.
const OF_ALL: [Question; 2] = [Question::Governance, VERSION_TAINT];
const OF_DEVICE: [Question; 4] = [LINEAGE, TAINT, DEVICE_LINEAGE, BATCH_LINEAGE];

fn dossier(question: Question) -> Dossier {
    let mut dossier = LEDGER.dossier(question);
    if question == READING {
        dossier.reading = build(&Plan::default()).evidence.reading;
    }
    dossier
}

fn json(dossier: &Dossier) -> String {
    dossier.to_json().unwrap()
}

#[track_caller]
fn fails_as(dossier: &Dossier, step: Step, reason: &str) {
    let failure = verify_dossier(json(dossier).as_bytes(), &LEDGER.trust()).expect_err("the dossier must be refused");
    assert_failure(&failure, step, reason);
}

/// The dossier is bent.
#[track_caller]
fn dossier_fails(question: Question, bend: impl FnOnce(&mut Dossier), step: Step, reason: &str) {
    let mut bent = dossier(question);
    bend(&mut bent);
    fails_as(&bent, step, reason);
}

/// The text is bent.
#[track_caller]
fn text_fails(from: &str, to: &str, reason: &str) {
    let good = json(&dossier(ACCESS));
    let text = good.replacen(from, to, 1);
    assert_ne!(text, good, "nothing was bent");
    let failure = verify_dossier(text.as_bytes(), &LEDGER.trust()).expect_err("the dossier must be refused");
    assert_failure(&failure, Step::Format, reason);
}

fn list_mut(dossier: &mut Dossier, subject: Subject) -> &mut DossierList {
    dossier.lists.iter_mut().find(|list| list.subject == subject).unwrap()
}

fn index_of(record: &[u8]) -> u64 {
    Record::decode(&mut &record[..]).unwrap().index
}

/// The last record of the ledger that is so.
fn last(is: impl Fn(&Body) -> bool) -> u64 {
    LEDGER.ledger.0.iter().rfind(|entry| is(&entry.record.body)).unwrap().record.index
}

/// Leaves out a record everywhere, as somebody would who wants it not to be there.
fn leave_out(dossier: &mut Dossier, index: u64) {
    let before = dossier.records.len();
    dossier.records.retain(|record| index_of(record) != index);
    assert_eq!(dossier.records.len(), before - 1, "record {index} is not in the dossier");
    for list in &mut dossier.lists {
        list.records.retain(|listed| *listed != index);
    }
}

/// Leaves out a list, and the records that only it names.
fn leave_out_list(dossier: &mut Dossier, subject: Subject) {
    let before = dossier.lists.len();
    dossier.lists.retain(|list| list.subject != subject);
    assert_eq!(dossier.lists.len(), before - 1, "the list of {subject} is not in the dossier");
    keep_named(dossier);
}

fn keep_named(dossier: &mut Dossier) {
    let lists = &dossier.lists;
    dossier.records.retain(|record| lists.iter().any(|list| list.records.contains(&index_of(record))));
}

#[test]
fn all_that_a_question_needs_is_proven() {
    for question in QUESTIONS {
        for changes in [0, 2] {
            let closed = LEDGER.ledger.clone().close(changes);
            let built = Dossier { reading: dossier(question).reading, ..closed.dossier(question) };
            let verified = verify_dossier(json(&built).as_bytes(), &closed.trust()).unwrap();
            assert_eq!((verified.genesis, verified.question), (closed.genesis, question));
            assert_eq!((verified.set_id, verified.block.number), (u64::from(changes), 500));
            for list in &built.lists {
                let about: Vec<_> = verified.about(&list.subject).cloned().collect();
                assert_eq!(about, closed.ledger.about(&list.subject), "{}", list.subject);
            }
            assert_eq!(verified.lists.len(), built.lists.len());
            assert!(verified.records.is_sorted_by(|one, next| one.index < next.index));
            let steps: Vec<_> = verified.steps.iter().map(|(step, _)| *step).collect();
            let of_reading = [Step::Reading, Step::Batch, Step::DeviceSignature];
            let expected: Vec<_> =
                ALL[..2].iter().chain(of_reading.iter().filter(|_| question == READING)).chain(&ALL[2..]).collect();
            assert_eq!(steps.iter().collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn the_steps_say_what_they_found() {
    let words = |question, step| {
        let steps = verify_dossier(json(&dossier(question)).as_bytes(), &LEDGER.trust()).unwrap().steps;
        steps.into_iter().find(|(found, _)| *found == step).unwrap().1
    };
    assert_eq!(words(READING, Step::Question), "the list that the question needs is there, and no other");
    assert_eq!(words(READING, Step::SubjectHead), "the state after block 500 counts the records about device:3");
    assert_eq!(words(READING, Step::Records), "these are all: 2 records about device:3");
    assert_eq!(words(PAYMENTS, Step::Question), "the 6 lists that the question needs are there, and no others");
    assert_eq!(words(PAYMENTS, Step::SubjectHead), "the state after block 500 counts the records about 6 subjects");
    let records = dossier(PAYMENTS).records.len();
    assert_eq!(words(PAYMENTS, Step::Records), format!("these are all: {records} records about 6 subjects"));
}

#[test]
fn what_is_verified_can_be_printed() {
    let print = |question| {
        let verified = verify_dossier(json(&dossier(question)).as_bytes(), &LEDGER.trust()).unwrap();
        serde_json::to_value(Proven::Dossier(Box::new(verified))).unwrap()
    };
    let printed = print(READING);
    assert_eq!((&printed["setId"], &printed["block"]["number"]), (&"1".into(), &500.into()));
    assert_eq!(printed["question"]["reading"]["sequence"], "46");
    assert_eq!(printed["lists"], serde_json::json!({ "device:3": ["6", "7"] }));
    assert_eq!(
        (&printed["records"][1]["index"], &printed["records"][1]["body"]["kind"]),
        (&"7".into(), &"batch_attested".into())
    );
    assert_eq!(printed["reading"]["observation"]["P1"], "146.33");
    assert_eq!(printed["steps"][1][0], "question");
    let printed = print(Question::Governance);
    assert_eq!(printed["question"], "governance");
    assert!(printed.get("reading").is_none());
}

#[test]
fn a_document_says_itself_that_it_is_a_dossier() {
    let text = json(&dossier(ACCESS));
    let proven = verify_document(text.as_bytes(), &LEDGER.trust()).unwrap();
    assert_eq!(proven.steps().len(), ALL.len());
    assert!(matches!(proven, Proven::Dossier(verified) if verified.question == ACCESS));
    for bent in [text.replace("dossier/1", "dossier/3"), text[..text.len() - 1].into()] {
        let failure = verify_document(bent.as_bytes(), &LEDGER.trust()).unwrap_err();
        assert_failure(&failure, Step::Format, "not a dossier");
    }
}

#[test]
fn the_text_is_that_of_rfc_8785() {
    for question in QUESTIONS {
        let dossier = dossier(question);
        let canonical = jcs::to_string(&serde_json::to_value(&dossier).unwrap()).unwrap();
        assert_eq!(json(&dossier), canonical);
        assert_eq!(Dossier::from_json(canonical.as_bytes()), Ok(dossier));
    }
    // Whatever the members of a leaf are called, they have their order.
    let mut odd = dossier(READING);
    odd.reading.as_mut().unwrap().leaf = serde_json::json!({ "\u{fb33}": 1.5, "\u{1f600}": "\u{7f}\u{1}", "": null });
    let canonical = jcs::to_string(&serde_json::to_value(&odd).unwrap()).unwrap();
    assert_eq!(json(&odd), canonical);
    assert_eq!(Dossier::from_json(canonical.as_bytes()), Ok(odd.clone()));
    odd.reading.as_mut().unwrap().leaf = u64::MAX.into();
    assert!(odd.to_json().unwrap_err().to_string().contains("would become another one as a double"));
}

#[test]
fn a_checkpoint_replaces_what_lies_before_it() {
    let closed = LEDGER.ledger.clone().close(2);
    let built = closed.dossier(PAYMENTS);
    for set_id in 0..=2 {
        let cut = json(&built.clone().since_checkpoint(set_id).unwrap());
        assert_eq!(verify_dossier(cut.as_bytes(), &closed.checkpoint(set_id)).unwrap().set_id, 2);
        let failure = verify_dossier(cut.as_bytes(), &closed.trust()).unwrap_err();
        assert_failure(&failure, Step::Genesis, "does not start at genesis");
        let failure = verify_dossier(json(&built).as_bytes(), &closed.checkpoint(set_id)).unwrap_err();
        assert_failure(&failure, Step::Genesis, "starts at genesis");
    }
    assert!(built.since_checkpoint(3).is_none());
}

#[test]
fn what_passed_before_a_failure_is_told() {
    // The order in which docs/evidence.md takes the steps.
    let taken = [
        Step::Format,
        Step::SubjectHead,
        Step::Records,
        Step::Question,
        Step::Reading,
        Step::Batch,
        Step::DeviceSignature,
        Step::Genesis,
        Step::Authorities,
        Step::Finality,
    ];
    type Bend = fn(&mut Dossier);
    let bends: [(Step, Bend); 8] = [
        (Step::SubjectHead, |it| it.lists[0].head.clear()),
        (Step::Records, |it| leave_out(it, 6)),
        (Step::Question, |it| it.question = Question::Reading { device: DeviceId(4), sequence: 46 }),
        (Step::Reading, |it| it.question = Question::Reading { device: DeviceId(3), sequence: 47 }),
        (Step::Batch, |it| _ = it.reading.as_mut().unwrap().path.pop()),
        (Step::Genesis, |it| it.authorities.genesis = None),
        (Step::Authorities, |it| bend_justification(&mut it.authorities.changes[0].justification, |it| it.round ^= 1)),
        (Step::Finality, |it| bend_justification(&mut it.finality.justification, |it| it.round ^= 1)),
    ];
    let good = dossier(READING);
    let found = verify_dossier(json(&good).as_bytes(), &LEDGER.trust()).unwrap().steps;
    for (step, bend) in bends {
        let mut bent = good.clone();
        bend(&mut bent);
        let failure = verify_dossier(json(&bent).as_bytes(), &LEDGER.trust()).unwrap_err();
        assert_eq!(failure.step, step, "{failure}");
        let before: Vec<Step> = taken.into_iter().take_while(|earlier| *earlier != step).collect();
        let expected: Vec<_> = found.iter().filter(|(earlier, _)| before.contains(earlier)).cloned().collect();
        // The first says how long the text is, which differs.
        assert_eq!(failure.passed[0].0, Step::Format);
        assert_eq!(failure.passed[1..], expected[1..], "before {step}");
    }
    // Another chain is noticed before anything else is looked at.
    let failure = verify_dossier(json(&good).as_bytes(), &Trust::Genesis([1; 32])).unwrap_err();
    assert_eq!((failure.step, &failure.passed[..]), (Step::Genesis, &found[..1]));
}

#[test]
fn format() {
    text_fails("{\"authorities\"", " {\"authorities\"", "differs at byte 0");
    text_fails("\"records\":[", "\"records\": [", "differs at byte");
    text_fails("\"format\"", "\"a\":0,\"format\"", "unknown field `a`");
    text_fails("{\"head\":[", "{\"a\":0,\"head\":[", "unknown field `a`");
    text_fails("citynet.dossier/1", "citynet.list/1", "citynet.list/1");
    text_fails("\"question\":", "\"question\":\"story\",\"x\":", "unknown variant `story`");
    text_fails("\"dataset\":\"7\"", "\"dataset\":\"07\"", "differs at byte");
    text_fails("\"dataset\":\"7\"", "\"dataset\":\"+7\"", "differs at byte");
    text_fails("\"at\":\"1000000\",\"dataset\":\"7\"", "\"dataset\":\"7\",\"at\":\"1000000\"", "differs at byte");
    text_fails(
        "\"dataset\":\"7\"}},\"records\"",
        "\"dataset\":\"7\"}},\"reading\":null,\"records\"",
        "differs at byte",
    );
    text_fails("\"dataset:7\"", "\"dataset:07\"", "differs at byte");
    text_fails("\"dataset:7\"", "\"7\"", "a subject is written");
    text_fails("\"records\":[\"", "\"records\":[\"0", "differs at byte");
    text_fails("\"records\":[\"", "\"records\":[\"x", "invalid digit");
    text_fails("\"records\":[\"", "\"records\":[null,\"", "expected a string");

    // Parts with something behind them, cut short, of a later version, in another order, or not named.
    let fails = |bend: fn(&mut Dossier), reason| dossier_fails(ACCESS, bend, Step::Format, reason);
    fails(|it| it.records[0].push(0), "`records`: the record is not exactly one");
    fails(|it| _ = it.records[0].pop(), "`records`: the record is not exactly one");
    fails(|it| it.records[0][0] = 2, "records of this version");
    fails(|it| it.records.swap(0, 1), "`records`: the records are not in ascending order");
    fails(|it| it.records.insert(0, it.records[0].clone()), "`records`: the records are not in ascending order");
    fails(|it| _ = it.records.pop(), "`lists.records`: it names a record that is not there");
    fails(|it| it.lists.swap(0, 1), "`lists`: the lists are not in ascending order of their subjects, each once");
    fails(|it| it.lists.insert(0, it.lists[0].clone()), "`lists`: the lists are not in ascending order");
    fails(|it| it.lists[1].records.reverse(), "`lists.records`: the records are not in ascending order, each once");
    fails(|it| it.lists[1].records.insert(0, 0), "`lists.records`: the records are not in ascending order, each once");
    fails(|it| it.lists[1].records.push(u64::MAX), "`lists.records`: it names a record that is not there");
    fails(|it| it.lists[1].head.reverse(), "`lists.head`: the trie nodes are not in ascending order");
    let doubled = |it: &mut Dossier| {
        let node = it.lists[1].head[0].clone();
        it.lists[1].head.insert(0, node);
    };
    fails(doubled, "`lists.head`: the trie nodes are not in ascending order");
    fails(|it| it.finality.header.push(0), "`finality`: the header is not");
    fails(|it| it.authorities.genesis.as_mut().unwrap().proof.reverse(), "`authorities.genesis.proof`: the trie nodes");
    let other = Record { index: 1000, ..LEDGER.ledger.0[0].record.clone() };
    dossier_fails(ACCESS, |it| it.records.push(other.encode()), Step::Format, "there is a record that no list names");
    let registered = last(|body| matches!(body, Body::DatasetRegistered { .. }));
    let bend =
        |it: &mut Dossier| it.lists.iter_mut().for_each(|list| list.records.retain(|index| *index != registered));
    dossier_fails(ACCESS, bend, Step::Format, "there is a record that no list names");
    // The reading belongs to its question.
    dossier_fails(READING, |it| it.reading = None, Step::Format, "`reading`: it is to be there exactly when");
    dossier_fails(ACCESS, |it| it.reading = dossier(READING).reading, Step::Format, "`reading`: it is to be there");
}

#[test]
fn lists_are_put_together_as_they_are() {
    let list = LEDGER.list(device(3));
    let put = |lists| Dossier::of_lists(READING, None, lists).map_err(|error| error.to_string());
    assert_eq!(put(vec![]), Err("`lists`: there is none".into()));
    let mut concealed = list.clone();
    concealed.records[0] = concealed.records[0].concealed();
    assert_eq!(put(vec![concealed]), Err("`records`: a record is concealed".into()));
    let other = LEDGER.list(organisation(1));
    let together = put(vec![list.clone(), other.clone()]).unwrap();
    assert_eq!(put(vec![other.clone(), list.clone(), list]), Ok(together.clone()));
    assert_eq!(together.lists.iter().map(|list| list.subject).collect::<Vec<_>>(), [organisation(1), device(3)]);
    assert_eq!(together.lists[0].head, other.head);
    // The device's registration is about its owner too.
    assert_eq!(together.lists[0].records[..2], [0, 6]);
    assert_eq!(together.lists[1].records, [6, 7]);
    let indices: Vec<_> = together.records.iter().map(|record| index_of(record)).collect();
    let mut expected = together.lists[0].records.clone();
    expected.insert(2, 7);
    assert_eq!(indices, expected);
}

#[test]
fn subject_head() {
    for question in QUESTIONS {
        let good = dossier(question);
        for (position, list) in good.lists.iter().enumerate() {
            for node in 0..list.head.len() {
                let words = format!("do not lead from the block's state root to the head of {}", list.subject);
                let mut bent = good.clone();
                bent.lists[position].head.remove(node);
                fails_as(&bent, Step::SubjectHead, &words);
                let mut bent = good.clone();
                bent.lists[position].head[node][0] ^= 1;
                bent.lists[position].head.sort();
                fails_as(&bent, Step::SubjectHead, &words);
            }
            let mut bent = good.clone();
            bent.lists[position].head.insert(0, vec![]);
            fails_as(&bent, Step::SubjectHead, &format!("trie nodes that the head of {}", list.subject));
        }
    }
    let bend = |it: &mut Dossier| bend_header(&mut it.finality.header, |header| header.state_root[0] ^= 1);
    dossier_fails(PAYMENTS, bend, Step::SubjectHead, "do not lead from the block's state root");
    // The head in the state of another block, in which there is nothing yet.
    let mut early = LEDGER.state.clone();
    early.insert(citynet_proofs::head::storage_key(&grant(6)), value(&grant(6), Default::default()));
    let bend = |it: &mut Dossier| list_mut(it, grant(6)).head = nodes(&early, &grant(6));
    dossier_fails(ACCESS, bend, Step::SubjectHead, "to the head of grant:6");
}

#[test]
fn every_record_of_every_list_counts() {
    for question in QUESTIONS {
        let good = dossier(question);
        for index in good.records.iter().map(|record| index_of(record)) {
            let mut bent = good.clone();
            leave_out(&mut bent, index);
            fails_as(&bent, Step::Records, "records are listed, but there are");
        }
        for (position, list) in good.lists.iter().enumerate() {
            for listed in 0..list.records.len() {
                let mut bent = good.clone();
                let index = bent.lists[position].records.remove(listed);
                keep_named(&mut bent);
                fails_as(&bent, Step::Records, &format!("about {} up to block 500", list.subject));
                // Another record in its place.
                let mut others = good.records.iter().map(|record| index_of(record));
                let Some(other) = others.find(|other| !list.records.contains(other)) else { continue };
                let mut bent = good.clone();
                bent.lists[position].records.retain(|listed| *listed != index);
                bent.lists[position].records.push(other);
                bent.lists[position].records.sort_unstable();
                keep_named(&mut bent);
                let words = format!("are not those about {} up to block 500", list.subject);
                fails_as(&bent, Step::Records, &words);
            }
        }
        // What a record says, as another one would say it.
        for position in 0..good.records.len() {
            let mut bent = good.clone();
            let mut record = Record::decode(&mut &bent.records[position][..]).unwrap();
            record.account[0] ^= 1;
            bent.records[position] = record.encode();
            fails_as(&bent, Step::Records, "another chain hash");
        }
    }
}

#[test]
fn every_list_is_needed_and_no_other() {
    for question in QUESTIONS {
        let good = dossier(question);
        for list in &good.lists {
            let mut bent = good.clone();
            leave_out_list(&mut bent, list.subject);
            fails_as(&bent, Step::Question, &QuestionError::Missing(list.subject).to_string());
        }
        let known: Vec<Subject> = good.lists.iter().map(|list| list.subject).collect();
        let others = LEDGER.ledger.subjects().into_iter().chain([organisation(9), device(9), cycle(1, 9)]);
        for other in others.filter(|other| !known.contains(other)) {
            let lists = known.iter().copied().chain([other]);
            let more = Dossier { reading: good.reading.clone(), ..LEDGER.with_lists(question, lists) };
            fails_as(&more, Step::Question, &QuestionError::NotNeeded(other).to_string());
        }
    }
}

#[test]
fn a_dossier_answers_its_own_question_only() {
    for question in QUESTIONS {
        for other in QUESTIONS.into_iter().filter(|other| *other != question) {
            let mut bent = dossier(question);
            bent.question = other;
            (bent.format, bent.reading) = (dossier(other).format, dossier(other).reading);
            let both = |of: &[Question]| of.contains(&question) && of.contains(&other);
            if both(&OF_ALL) || both(&OF_DEVICE) {
                assert!(verify_dossier(json(&bent).as_bytes(), &LEDGER.trust()).is_ok());
            } else {
                fails_as(&bent, Step::Question, "the question");
            }
        }
    }
    let asks = |question| move |it: &mut Dossier| it.question = question;
    let access = |at| asks(Question::Access { at, dataset: DatasetId(7) });
    // Before the grant was passed on, there were fewer who could have.
    dossier_fails(ACCESS, access(13_000), Step::Question, "does not need the list of organisation:3");
    let other = asks(Question::Payments { organisation: OrganisationId(3) });
    dossier_fails(PAYMENTS, other, Step::Question, "the list of organisation:3 is missing");
}

/// Every question belongs to one version of the format: otherwise a dossier would have two texts.
#[test]
fn a_question_has_its_version_of_the_format() {
    for question in QUESTIONS {
        let of_version_2 = [VERSION_TAINT, DEVICE_LINEAGE, BATCH_LINEAGE].contains(&question);
        let (own, other) =
            if of_version_2 { (DossierFormat::V2, DossierFormat::V1) } else { (DossierFormat::V1, DossierFormat::V2) };
        assert_eq!(dossier(question).format, own, "{question:?}");
        let words = "`format`: the question belongs to another version of it";
        dossier_fails(question, |it| it.format = other, Step::Format, words);
    }
}

/// Who could use a dataset, told by somebody who wants it told otherwise.
#[test]
fn access_cannot_be_hidden() {
    let fails = |bend: &dyn Fn(&mut Dossier), step, reason: &str| dossier_fails(ACCESS, bend, step, reason);
    let missing = |subject: Subject| QuestionError::Missing(subject).to_string();
    let of_grant = |id: u64| {
        let is = move |body: &Body| match body {
            Body::GrantOffered { grant, .. } | Body::GrantAdvanced { grant, .. } => grant.0 == id,
            _ => false,
        };
        let entries = LEDGER.ledger.0.iter().filter(move |entry| is(&entry.record.body));
        entries.map(|entry| entry.record.index)
    };

    // A grant: its list alone, its list said to be empty, or every trace of it.
    fails(&|it| leave_out_list(it, grant(6)), Step::Question, &missing(grant(6)));
    let emptied = |it: &mut Dossier| {
        list_mut(it, grant(6)).records.clear();
        keep_named(it);
    };
    fails(&emptied, Step::Records, "0 records are listed, but there are 5 about grant:6");
    let forgotten = |it: &mut Dossier| {
        leave_out_list(it, grant(6));
        of_grant(6).for_each(|index| leave_out(it, index));
    };
    fails(&forgotten, Step::Records, "about organisation:1 up to block 500");
    // With the organisation whose grant it was.
    let nobody = |it: &mut Dossier| {
        forgotten(it);
        leave_out_list(it, organisation(3));
    };
    fails(&nobody, Step::Records, "about organisation:1 up to block 500");

    // The last record of a grant, which made it active or ended it.
    let active = of_grant(6).next_back().unwrap();
    fails(&|it| leave_out(it, active), Step::Records, "are listed, but there are");
    let from_its_list = |it: &mut Dossier| _ = list_mut(it, grant(6)).records.pop();
    fails(&from_its_list, Step::Records, "4 records are listed, but there are 5 about grant:6");

    // That a grant was passed on, which only the list of who passed it on and the next one's tell.
    let passed_on = |it: &mut Dossier| {
        leave_out_list(it, grant(6));
        leave_out_list(it, organisation(2));
        leave_out_list(it, organisation(3));
    };
    fails(&passed_on, Step::Question, &missing(organisation(2)));

    // That somebody was suspended.
    let suspended = last(|body| matches!(body, Body::OrganisationStatusChanged { .. }));
    let words = "records are listed, but there are 7 about organisation:3";
    fails(&|it| leave_out(it, suspended), Step::Records, words);
    fails(&|it| leave_out_list(it, organisation(3)), Step::Question, &missing(organisation(3)));

    // What the codes of purposes stand for, and who owns the data.
    fails(&|it| leave_out_list(it, CONSORTIUM), Step::Question, &missing(CONSORTIUM));
    fails(&|it| leave_out_list(it, dataset(7)), Step::Question, &missing(dataset(7)));
}

/// What was made from what, told by somebody who wants it told otherwise.
#[test]
fn lineage_cannot_be_hidden() {
    let missing = |subject: Subject| QuestionError::Missing(subject).to_string();
    for question in OF_ALL.into_iter().chain(OF_DEVICE) {
        let fails = |bend: &dyn Fn(&mut Dossier), step, reason: &str| dossier_fails(question, bend, step, reason);
        // The version of somebody from whom nobody expected one.
        let derived = last(|body| matches!(body, Body::VersionPublished { .. }));
        fails(
            &|it| leave_out(it, derived),
            Step::Records,
            "1 records are listed, but there are 2 about organisation:4",
        );
        fails(&|it| leave_out_list(it, organisation(4)), Step::Question, &missing(organisation(4)));
        // The last organisation, that there is none after it, and both.
        fails(&|it| leave_out_list(it, organisation(5)), Step::Question, &missing(organisation(5)));
        fails(&|it| leave_out_list(it, organisation(6)), Step::Question, &missing(organisation(6)));
        let shorter = |it: &mut Dossier| {
            leave_out_list(it, organisation(5));
            leave_out_list(it, organisation(6));
        };
        fails(&shorter, Step::Question, &missing(organisation(5)));
        // As if the fourth were the last one.
        let last = |it: &mut Dossier| {
            leave_out_list(it, organisation(6));
            list_mut(it, organisation(5)).records.clear();
            keep_named(it);
        };
        fails(&last, Step::Records, "0 records are listed, but there are 3 about organisation:5");
        let absent = |it: &mut Dossier| {
            last(it);
            list_mut(it, organisation(5)).head = LEDGER.list(organisation(6)).head;
        };
        fails(&absent, Step::SubjectHead, "to the head of organisation:5");
    }
    let batch = last(|body| matches!(body, Body::BatchAttested { .. }));
    for question in OF_DEVICE {
        dossier_fails(question, |it| leave_out_list(it, device(3)), Step::Question, &missing(device(3)));
        let words = "1 records are listed, but there are 2 about device:3";
        dossier_fails(question, |it| leave_out(it, batch), Step::Records, words);
    }
}

/// What was paid, told by somebody who wants it told otherwise.
#[test]
fn payments_cannot_be_hidden() {
    let fails = |bend: &dyn Fn(&mut Dossier), step, reason: &str| dossier_fails(PAYMENTS, bend, step, reason);
    let missing = |subject: Subject| QuestionError::Missing(subject).to_string();
    let obligation = last(|body| matches!(body, Body::ObligationCreated { .. }));
    fails(&|it| leave_out(it, obligation), Step::Records, "about organisation:2 up to block 500");
    let from_its_grant = |it: &mut Dossier| list_mut(it, grant(5)).records.retain(|index| *index != obligation);
    fails(&from_its_grant, Step::Records, "about grant:5 up to block 500");
    fails(&|it| leave_out_list(it, grant(5)), Step::Question, &missing(grant(5)));
    // A cycle, that there is none after it, and both.
    fails(&|it| leave_out_list(it, cycle(1, 1)), Step::Question, &missing(cycle(1, 1)));
    fails(&|it| leave_out_list(it, cycle(1, 2)), Step::Question, &missing(cycle(1, 2)));
    let never = |it: &mut Dossier| {
        leave_out_list(it, cycle(1, 2));
        list_mut(it, cycle(1, 1)).records.clear();
        keep_named(it);
    };
    fails(&never, Step::Records, "0 records are listed, but there are 3 about cycle:1-1");
    // That a cycle was settled.
    let settled = last(|body| matches!(body, Body::CycleSettled { .. }));
    fails(&|it| leave_out(it, settled), Step::Records, "2 records are listed, but there are 3 about cycle:1-1");
}

#[test]
fn reading() {
    let fails = |bend: &dyn Fn(&mut Dossier), step, reason: &str| dossier_fails(READING, bend, step, reason);
    let asks = |sequence| move |it: &mut Dossier| it.question = Question::Reading { device: DeviceId(3), sequence };
    // Before the first one of the batch, another one of it, and after its last one.
    fails(&asks(39), Step::Reading, "device 3 attested no reading 39");
    fails(&asks(47), Step::Reading, "the leaf is not of reading 47");
    fails(&asks(51), Step::Reading, "device 3 attested no reading 51");
    fails(&asks(u64::MAX), Step::Reading, "attested no reading");
    fn leaf(it: &mut Dossier) -> &mut serde_json::Value {
        &mut it.reading.as_mut().unwrap().leaf
    }
    fails(&|it| leaf(it)["sequence"] = "47".into(), Step::Reading, "the leaf is not of reading 46");
    fails(&|it| leaf(it)["sequence"] = 46.into(), Step::Reading, "the leaf is not of reading 46");
    fails(&|it| *leaf(it) = "46".into(), Step::Reading, "the leaf is not of reading 46");
    fails(&|it| leaf(it)["device"] = "4".into(), Step::Reading, "the leaf is of device 4, the batch of device 3");
    fails(&|it| it.reading.as_mut().unwrap().raw.push(b';'), Step::Reading, "the SHA-256 of the source line");
    fails(&|it| leaf(it)["observation"]["P1"] = "1".into(), Step::Batch, "the leaf is not number 6 of the 11");

    // A ledger that has the batch without its key, with another's, or with a later one.
    let bundle = build(&Plan::default());
    let without = |bend: fn(&mut Ledger)| {
        let mut ledger = Ledger::with_organisations(1);
        ledger.attested(&bundle.evidence);
        bend(&mut ledger);
        let closed = ledger.close(0);
        let dossier = Dossier { reading: bundle.evidence.reading.clone(), ..closed.dossier(READING) };
        verify_dossier(json(&dossier).as_bytes(), &closed.trust()).map(|verified| verified.reading.unwrap())
    };
    let read = without(|_| ()).unwrap();
    assert_eq!((read.device, read.epoch, read.key_record, read.sequence), (DeviceId(3), 0, 1, 46));
    let failure = without(|ledger| drop(ledger.0.remove(1))).unwrap_err();
    assert_failure(&failure, Step::DeviceSignature, "there is no key of epoch 0 among the records about device 3");
    let other = |ledger: &mut Ledger| {
        let Body::DeviceRegistered { device, .. } = &mut ledger.0[1].record.body else { unreachable!() };
        *device = DeviceId(4);
    };
    assert_failure(&without(other).unwrap_err(), Step::DeviceSignature, "there is no key of epoch 0");
    let later = |ledger: &mut Ledger| {
        ledger.0.swap(1, 2);
        (ledger.0[1].record.index, ledger.0[2].record.index) = (1, 2);
    };
    assert_failure(&without(later).unwrap_err(), Step::DeviceSignature, "the key was recorded as number 2");
    let forged = |ledger: &mut Ledger| {
        let Body::BatchAttested { signature, .. } = &mut ledger.0[2].record.body else { unreachable!() };
        signature[0] ^= 1;
    };
    assert_failure(&without(forged).unwrap_err(), Step::DeviceSignature, "signature with the key of epoch 0");
    // The batch of another device does not count, even where it is said to be about this one.
    let others = |ledger: &mut Ledger| {
        let Body::BatchAttested { batch, .. } = &mut ledger.0[2].record.body else { unreachable!() };
        batch.device = DeviceId(4);
    };
    assert_failure(&without(others).unwrap_err(), Step::Reading, "device 3 attested no reading 46");
}

/// After a rotation, the key is that of the batch's epoch.
#[test]
fn the_key_is_that_of_the_batch() {
    let bundle = build(&Plan { rotated: true, ..Plan::default() });
    let mut ledger = Ledger::default();
    let registered = build(&Plan::default()).evidence.device_key.unwrap();
    let Record { body, .. } = Record::decode(&mut &registered.record[..]).unwrap();
    ledger.append(Some(device(3)), &[1], body).attested(&bundle.evidence);
    let closed = ledger.close(0);
    let dossier = Dossier { reading: bundle.evidence.reading, ..closed.dossier(READING) };
    let verified = verify_dossier(json(&dossier).as_bytes(), &closed.trust()).unwrap();
    let reading = verified.reading.unwrap();
    assert_eq!((reading.epoch, reading.key_record), (1, 1));
}

#[test]
fn finality_and_authorities() {
    let fails = |bend: &dyn Fn(&mut Dossier), step, reason: &str| dossier_fails(ACCESS, bend, step, reason);
    fails(&|it| it.authorities.changes.clear(), Step::Finality, "is no authority of set 0");
    fails(&|it| it.genesis_hash[0] ^= 1, Step::Genesis, "of the chain with genesis 0x");
    let bend = |it: &mut Dossier| bend_header(&mut it.finality.header, |header| header.number += 1);
    fails(&bend, Step::Finality, "for another block");
}

/// Lists of different blocks are not true together, though each is by itself.
#[test]
fn lists_of_different_blocks_do_not_go_together() {
    let mut later = LEDGER.ledger.clone();
    later.suspended(2);
    let later = later.close(1);
    let mut mixed = dossier(ACCESS);
    *list_mut(&mut mixed, organisation(2)) = later.dossier(ACCESS).lists.remove(2);
    assert_eq!(mixed.lists[2].subject, organisation(2));
    mixed.records = later.dossier(ACCESS).records;
    fails_as(&mixed, Step::SubjectHead, "to the head of organisation:2");
}

/// Read, verified and written again without a detour by way of a tree of JSON values.
#[test]
fn a_hundred_thousand_records() {
    let mut ledger = Ledger::with_organisations(2);
    for _ in 0..50_000 {
        let removed = |number| Body::AccountRemoved { organisation: OrganisationId(number), account: [3; 32] };
        ledger.append(None, &[1], removed(1)).append(None, &[1, 2], removed(2));
    }
    let closed = ledger.close(0);
    let built = closed.dossier(Question::Governance);
    assert_eq!(built.records.len(), 100_002);
    let text = json(&built);
    let verified = verify_dossier(text.as_bytes(), &closed.trust()).unwrap();
    assert_eq!(verified.about(&organisation(1)).count(), 100_001);
    assert_eq!(verified.about(&organisation(2)).count(), 50_001);
    let mut bent = built;
    bent.lists[2].records.remove(25_000);
    let failure = verify_dossier(json(&bent).as_bytes(), &closed.trust()).unwrap_err();
    assert_failure(&failure, Step::Records, "50000 records are listed, but there are 50001 about organisation:2");
}

#[test]
fn not_a_dossier() {
    for text in ["", "null", "[]", "{}", "{\"format\":\"citynet.dossier/1\"}", "{\"format\":\"citynet.dossier/2\"}"] {
        let error = Dossier::from_json(text.as_bytes()).unwrap_err();
        assert!(matches!(error, FormatError::NotADossier(_)), "{text}: {error}");
    }
}
