//! `citynet verify` with a list of records. Nothing here needs a node.

mod support;

use std::fs;
use support::{citynet, code, stderr, stdout, text};

const LIST: &str = include_str!("../../proofs/tests/golden/list-1.json");
/// Of the chain of that list.
const GENESIS: &str = "0x59df85694552ca0c2c4b5ba9ad18bc551bd384e2ca71f0ac041c22d62bfc165b";

#[test]
fn a_list_is_verified_by_what_it_says_itself() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("list.json");
    fs::write(&path, LIST).unwrap();
    let output = citynet(&["verify", text(&path), "--genesis", GENESIS]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let lines = stdout(&output);
    let lines: Vec<&str> = lines.lines().collect();
    let steps = ["format", "records", "subject head", "finality", "authorities", "genesis"];
    assert!(lines.iter().zip(steps).all(|(line, step)| line.starts_with(&format!("✓ {step}"))), "{lines:?}");
    let table = &lines[steps.len()..];
    assert!(table[0].starts_with("record  time"), "{lines:?}");
    assert!(table[1].starts_with("10      1970-01-01T00:01:00Z  account_removed"), "{lines:?}");
    assert!(table[3].trim_start().starts_with("concealed: 0x"), "{lines:?}");
    assert_eq!(table[5..], ["complete: 4 records, all there are up to block 100", "the evidence holds"]);

    let output = citynet(&["verify", text(&path), "--genesis", GENESIS, "--json"]);
    assert_eq!(code(&output), 0);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["holds"], &report["verified"]["subject"]), (&true.into(), &"device:3".into()));
    assert_eq!(report["verified"]["records"].as_array().unwrap().len(), 4);
}

#[test]
fn a_list_with_a_record_left_out_does_not_hold() {
    let mut list: serde_json::Value = serde_json::from_str(LIST).unwrap();
    list["records"].as_array_mut().unwrap().remove(1);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("list.json");
    fs::write(&path, list.to_string()).unwrap();
    let output = citynet(&["verify", text(&path), "--genesis", GENESIS]);
    assert_eq!(code(&output), 1);
    let lines = stdout(&output);
    assert!(lines.contains("✗ records          3 records are listed, but there are 4 about device:3"), "{lines}");
    assert!(lines.ends_with("the evidence does NOT hold: it fails at step `records`\n"), "{lines}");

    // Another chain's.
    fs::write(&path, LIST).unwrap();
    let output = citynet(&["verify", text(&path), "--genesis", &GENESIS.replace('9', "8"), "--json"]);
    assert_eq!(code(&output), 1);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["holds"], &report["step"]), (&false.into(), &"genesis".into()));
}
