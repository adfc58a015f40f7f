//! What is asked over the boundary, and what comes back: of documents that were valid once, and stay so.

use citynet_answers::{answer_of, Answer as _};
use citynet_proofs::{list::ListedRecord, verify_dossier, Dossier, DossierList, List, Trust};
use citynet_verifier::Session;
use serde_json::{json, Value};

const GENESIS: &str = "0x59df85694552ca0c2c4b5ba9ad18bc551bd384e2ca71f0ac041c22d62bfc165b";
const EVIDENCE: &str = include_str!("../../../proofs/tests/golden/evidence-1.json");
const LIST: &str = include_str!("../../../proofs/tests/golden/list-1.json");
const DOSSIER: &str = include_str!("../../../proofs/tests/golden/dossier-1.json");
const DOSSIER_2: &str = include_str!("../../../proofs/tests/golden/dossier-2.json");
/// What organisation 2 owes and is owed.
const PAYMENTS: &str = include_str!("../../../client/tests/golden/payments-dossier.json");

fn ask(session: &mut Session, request: &Value, body: &str) -> Value {
    serde_json::from_str(&session.answer(format!("{request}\n{body}").as_bytes())).unwrap()
}

fn verify(document: &str) -> Value {
    ask(&mut Session::new(), &json!({ "verify": { "genesis": GENESIS } }), document)
}

fn refused(session: &mut Session, request: &Value, body: &str) -> String {
    let answer = ask(session, request, body);
    answer["refused"].as_str().unwrap_or_else(|| panic!("not refused: {answer}")).to_owned()
}

#[test]
fn documents_of_every_format_are_verified() {
    let documents = [(EVIDENCE, "record", 9), (LIST, "list", 6), (DOSSIER, "dossier", 7), (DOSSIER_2, "dossier", 7)];
    for (document, kind, steps) in documents {
        let answer = verify(document);
        assert_eq!(answer["holds"]["kind"], kind);
        assert_eq!(answer["holds"]["proven"]["genesis"], GENESIS);
        assert_eq!(answer["holds"]["proven"]["steps"].as_array().map(Vec::len), Some(steps));
    }
}

#[test]
fn a_dossier_is_answered() {
    let mut genesis = [0; 32];
    hex::decode_to_slice(&GENESIS[2..], &mut genesis).unwrap();
    for document in [DOSSIER, PAYMENTS] {
        let holds = &verify(document)["holds"];
        let verified = verify_dossier(document.as_bytes(), &Trust::Genesis(genesis)).unwrap();
        assert_eq!(holds["answer"], answer_of(&verified).unwrap().to_json());
        assert_eq!(holds.get("reason"), None);
    }
    // Who could use dataset 7, and whether everything reconciles.
    let (access, payments) = (verify(DOSSIER), verify(PAYMENTS));
    let right = &access["holds"]["answer"]["rights"][0];
    assert_eq!((&right["consumer"], &right["chain"]), (&json!(2), &json!(["5"])));
    let answer = &payments["holds"]["answer"];
    assert_eq!((&answer["reconciles"], &answer["asOf"]["proven"]), (&json!(true), &json!(true)));
    assert_eq!(answer["obligations"][0]["records"], json!(["29", "30"]));
}

#[test]
fn that_there_is_no_answer_is_said_with_the_reason() {
    let holds = &verify(DOSSIER_2)["holds"];
    assert_eq!((&holds["kind"], holds.get("answer")), (&json!("dossier"), Some(&Value::Null)));
    let reason = holds["reason"].as_str().unwrap();
    assert!(reason.starts_with("there is no version 7@1;"), "{reason}");
    for document in [EVIDENCE, LIST] {
        assert_eq!(verify(document)["holds"].get("answer"), None);
    }
}

#[test]
fn what_failed_is_said_with_what_passed_before() {
    let answer = verify(&EVIDENCE.replace("146.33", "16.33"));
    assert_eq!(answer["fails"]["step"], "batch");
    assert!(answer["fails"]["reason"].as_str().unwrap().starts_with("the leaf is not number 6"));
    let passed: Vec<&Value> = answer["fails"]["passed"].as_array().unwrap().iter().map(|step| &step[0]).collect();
    assert_eq!(passed, ["format", "reading"]);
    assert_eq!(verify("")["fails"]["step"], "format");
}

#[test]
fn a_checkpoint_can_be_trusted() {
    let authorities: Vec<Value> =
        (0..3).map(|key| json!({ "key": format!("0x{}", format!("{key:02}").repeat(32)), "weight": "1" })).collect();
    let trust = json!({ "genesis": GENESIS, "checkpoint": { "setId": "1", "authorities": authorities } });
    let answer = ask(&mut Session::new(), &json!({ "verify": trust }), EVIDENCE);
    assert_eq!(answer["fails"]["step"], "genesis");
    assert!(answer["fails"]["reason"].as_str().unwrap().contains("the bundle starts at genesis"));
}

#[test]
fn a_dossier_is_put_together_from_its_lists() {
    let dossier = Dossier::from_json(DOSSIER.as_bytes()).unwrap();
    let list = |subject: &str| {
        let is_of = |list: &&DossierList| list.subject.to_string() == subject;
        let DossierList { head, records, subject } = dossier.lists.iter().find(is_of).unwrap().clone();
        let at = |index: &u64| ListedRecord::Record(dossier.records[usize::try_from(*index).unwrap()].clone());
        let records = records.iter().map(at).collect();
        let (authorities, finality) = (dossier.authorities.clone(), dossier.finality.clone());
        let genesis_hash = dossier.genesis_hash;
        List { authorities, finality, format: Default::default(), genesis_hash, head, records, subject }.to_json()
    };

    let mut session = Session::new();
    let mut answer = ask(&mut session, &json!({ "question": dossier.question }), "");
    let mut asked = Vec::new();
    while let Some(subject) = answer["missing"]["subjects"][0].as_str().map(ToOwned::to_owned) {
        answer = ask(&mut session, &json!("list"), &list(&subject));
        asked.push(subject);
    }
    assert_eq!(asked, ["organisation:0", "dataset:7", "organisation:1", "organisation:2", "grant:5"]);
    assert_eq!(answer["missing"]["records"], dossier.records.len());
    assert_eq!(ask(&mut session, &json!("dossier"), "")["dossier"], DOSSIER);
    assert_eq!(refused(&mut session, &json!("dossier"), ""), "no question was asked");
}

#[test]
fn every_question_can_be_asked() {
    let questions = [
        (json!({ "reading": { "device": "3", "sequence": "46" } }), json!(["device:3"])),
        (json!({ "lineage": { "version": "7@3" } }), json!(["organisation:0", "organisation:1"])),
        (json!({ "taint": { "device": "3", "since": "0" } }), json!(["organisation:0", "organisation:1", "device:3"])),
        (json!({ "versionTaint": { "version": "7@3" } }), json!(["organisation:0", "organisation:1"])),
        (json!({ "deviceLineage": { "device": "3" } }), json!(["organisation:0", "organisation:1", "device:3"])),
        (json!({ "batchLineage": { "batch": "3-40" } }), json!(["organisation:0", "organisation:1", "device:3"])),
        (json!({ "payments": { "organisation": "1" } }), json!(["organisation:0", "organisation:1"])),
        (json!("governance"), json!(["organisation:0", "organisation:1"])),
    ];
    for (question, subjects) in questions {
        let answer = ask(&mut Session::new(), &json!({ "question": question }), "");
        assert_eq!(answer, json!({ "missing": { "subjects": subjects, "records": 0 } }));
    }
}

#[test]
fn a_leaf_leads_to_the_root() {
    let path =
        |position: u64, leaves: &str| ask(&mut Session::new(), &json!({ "path": { "position": position } }), leaves);
    let one = path(0, "a");
    // SHA-256 of a zero byte and `a`.
    assert_eq!(one["path"]["root"], "0x022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c");
    assert_eq!(one["path"]["path"], json!([]));
    let two = path(1, "a\nb");
    assert_eq!(two["path"]["path"], json!([one["path"]["root"]]));
    assert_eq!(path(2, "a\nb")["refused"], "there is no leaf 2");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let mut session = Session::new();
    assert_eq!(session.answer(b"{}"), r#"{"refused":"the request has no end"}"#);
    for request in [json!({}), json!("verify"), json!({ "verify": { "genesis": "0x00" } }), json!({ "trust": true })] {
        assert!(refused(&mut session, &request, EVIDENCE).starts_with("no such request: "));
    }
    let unknown = json!({ "verify": { "genesis": GENESIS, "trust": "all" } });
    assert!(refused(&mut session, &unknown, EVIDENCE).contains("unknown field `trust`"));
    assert_eq!(refused(&mut session, &json!("list"), LIST), "no question was asked");
    ask(&mut session, &json!({ "question": "governance" }), "");
    assert!(refused(&mut session, &json!("list"), EVIDENCE).starts_with("not a list of records: "));
    assert!(refused(&mut session, &json!("specification"), "{}").starts_with("not a chain specification: "));
}
