//! `citynet verify` with a dossier: it computes the answer again from what is proven. Nothing here needs a node.
//!
//! The dossiers were made of ledgers of `proofs/tests`, and are never made again: what was evidence once stays evidence, and
//! says the same.

mod support;

use serde_json::{json, Value};
use std::fs;
use support::{citynet, code, stderr, stdout, text};

/// Who could use dataset 7 at a time.
const ACCESS: &str = include_str!("../../proofs/tests/golden/dossier-1.json");
/// What version 7@1 touches, which nobody published.
const NO_VERSION: &str = include_str!("../../proofs/tests/golden/dossier-2.json");
/// What organisation 2 owes and is owed: it used grant 5, was billed for it, and cycle 1-1 netted that.
const DOSSIER: &str = include_str!("golden/payments-dossier.json");
/// Of the chain of all.
const GENESIS: &str = "0x59df85694552ca0c2c4b5ba9ad18bc551bd384e2ca71f0ac041c22d62bfc165b";

/// Verifies a text. Gives the exit code and what is said.
fn verify(dossier: &str, more: &[&str]) -> (i32, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("dossier.json");
    fs::write(&path, dossier).unwrap();
    let output = citynet(&[&["verify", text(&path), "--genesis", GENESIS], more].concat());
    (code(&output), stdout(&output) + &stderr(&output))
}

#[test]
fn a_dossier_is_answered_again() {
    let (code, told) = verify(DOSSIER, &[]);
    assert_eq!(code, 0, "{told}");
    let lines: Vec<&str> = told.lines().collect();
    let steps = ["format", "question", "records", "subject head", "finality", "authorities", "genesis"];
    assert!(lines.iter().zip(steps).all(|(line, step)| line.starts_with(&format!("✓ {step}"))), "{told}");
    let expected = "

payments of organisation 2

use that costs something
grant  provider  consumer  reported                                       stated                                         beyond dispute                     billed
5      1         2         10 accesses, 20 records, 30 bytes (record 25)  10 accesses, 20 records, 30 bytes (record 26)  10 accesses, 20 records, 30 bytes  5.00 RUB
6      2         3                                                                                                       0 accesses, 0 records, 0 bytes     0.00 RUB

obligations
obligation     arose                 it      amount    for      report  statement  and then
1 (record 27)  1970-01-01T00:00:27Z  owes 1  5.00 RUB  grant 5  25      26         netted by cycle 1-1 (records 29, 30)

netting, by records
cycle  opened  computed  settled  it owes   it is owed  it             positions sum to  agrees  obligations
1-1    28      29        30       5.00 RUB  0.00 RUB    pays 5.00 RUB  zero              yes     1

currency  what        opening  arisen  paid  netted  by bank  open  paid at once
RUB       it owes     0.00     5.00    0.00  5.00    0.00     0.00  0.00
RUB       it is owed  0.00     0.00    0.00  0.00    0.00     0.00  0.00
everything reconciles: use, statements, obligations, netting and payments
proven complete up to block 500; the last record in it is of 1970-01-01T00:00:30Z
the evidence holds
";
    let (_, answer) = told.split_at(told.find("\n\npayments").unwrap());
    assert_eq!(answer, expected);

    let (code, told) = verify(DOSSIER, &["--json"]);
    assert_eq!(code, 0, "{told}");
    let report: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&report["holds"], &report["answer"]["reconciles"]), (&json!(true), &json!(true)));
    assert_eq!(report["answer"]["query"]["organisation"], json!(2));
    assert_eq!(report["answer"]["asOf"]["proven"], json!(true));
    assert_eq!(report["answer"]["obligations"][0]["records"], json!(["29", "30"]));
    assert_eq!(report["verified"]["block"]["number"], json!(500));
}

#[test]
fn who_could_use_a_dataset_is_answered_again() {
    let (code, told) = verify(ACCESS, &[]);
    assert_eq!(code, 0, "{told}");
    for words in [
        "dataset 7, Air, at 1970-01-01T00:00:09Z\norganisation 1 Organisation 1 owns it and needs no grant\n",
        "2 Organisation 2  5         read derive  dpv:AcademicResearch",
        "computed from 8 records\nproven complete up to block 500; the last record in it is of 1970-01-01T00:00:07Z\n",
        "so it was at the time asked for if block 500 is not before it",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let (code, told) = verify(ACCESS, &["--json"]);
    assert_eq!(code, 0, "{told}");
    let report: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&report["answer"]["dataset"], &report["answer"]["at"]), (&json!("7"), &json!("9000")));
    assert_eq!(report["answer"]["rights"][0]["chain"], json!(["5"]));
}

#[test]
fn that_there_is_no_such_version_is_proven() {
    let (code, told) = verify(NO_VERSION, &["--json"]);
    assert_eq!(code, 1, "{told}");
    let report: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&report["holds"], &report["answer"]), (&json!(true), &json!(null)));
    assert!(report["reason"].as_str().unwrap().starts_with("there is no version 7@1;"), "{told}");
    // A verifier of version 1 does not know the question.
    let (code, told) = verify(&NO_VERSION.replace("dossier/2", "dossier/1"), &["--json"]);
    let report: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &report["holds"], &report["step"]), (1, &json!(false), &json!("format")));
}

#[test]
fn a_dossier_with_anything_left_out_does_not_hold() {
    let good: Value = serde_json::from_str(DOSSIER).unwrap();
    // A record that no list names any more is no part of a dossier; one that a list names still has to be there.
    let fails = |bend: &dyn Fn(&mut Value), steps: &[&str]| {
        let mut bent = good.clone();
        bend(&mut bent);
        let (code, told) = verify(&bent.to_string(), &["--json"]);
        assert_eq!(code, 1, "{told}");
        let report: Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&report["holds"], &report["answer"]), (&json!(false), &json!(null)));
        assert!(steps.contains(&report["step"].as_str().unwrap()), "{told}");
    };
    let lists = good["lists"].as_array().unwrap();
    for (position, list) in lists.iter().enumerate() {
        fails(&|bent| _ = bent["lists"].as_array_mut().unwrap().remove(position), &["format", "question"]);
        let records = list["records"].as_array().unwrap();
        if !records.is_empty() {
            fails(&|bent| _ = bent["lists"][position]["records"].as_array_mut().unwrap().pop(), &["format", "records"]);
        }
    }
    for position in 0..good["records"].as_array().unwrap().len() {
        fails(&|bent| _ = bent["records"].as_array_mut().unwrap().remove(position), &["format"]);
    }
    // Another question needs other lists.
    fails(&|bent| bent["question"] = json!({ "payments": { "organisation": "1" } }), &["question"]);
}
