//! The commands about money as a process: what they refuse before a node is asked. Nothing here needs a node.

mod support;

use std::fs;
use support::{citynet, code, stderr, stdout, text};

/// Where nobody listens: a command that gets as far as asking a node fails here.
const NOWHERE: [&str; 4] = ["--node", "ws://127.0.0.1:1", "--dev-account", "alice"];
const UETR: &str = "eb6305c9-1f7f-49de-aed0-16487c27b42d";

#[test]
fn every_command_explains_itself() {
    for command in [
        "currency list",
        "currency balances",
        "council propose currency",
        "council propose usage",
        "deposit",
        "withdraw request",
        "withdraw list",
        "withdraw pay",
        "withdraw return",
        "usage state",
        "usage restate",
        "usage dispute",
        "usage bill",
        "usage show",
        "settle price hold",
        "settle price release",
        "settle price accept",
        "settle pay",
        "settle declare",
        "settle confirm",
        "settle deny",
        "settle withdraw",
        "settle reverse",
        "settle list",
        "settle show",
        "settle cycle open",
        "settle cycle show",
        "settle run",
        "settle export obligation",
        "settle export cycle",
        "statement",
    ] {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 0, "{command}: {}", stderr(&output));
        assert!(stdout(&output).contains(&format!("Usage: citynet {command}")), "{command}: {}", stdout(&output));
    }
}

#[test]
fn wrong_arguments_are_refused_before_anything_is_asked() {
    for (arguments, words) in [
        ("currency balances", "ORGANISATION"),
        ("council propose currency RUB --exponent 2 --reason x", "--agent"),
        ("council propose currency RUB --exponent 256 --agent 5 --reason x", "256"),
        ("deposit --currency RUB --organisation 3 --amount 1 --notification-hash 0x12", "`0x12` is no hash"),
        ("withdraw pay 1 --uetr 12 --notification camt.xml", "`12` is no UETR"),
        ("withdraw pay 1 --uetr eb6305c9-1f7f-49de-aed0-16487c27b42d", "--notification"),
        ("withdraw return 1", "--reason"),
        ("usage state 5", "FILE"),
        ("usage state 5 --accesses 3", "--root"),
        ("usage state 5 receipts.jsonl --accesses 3", "cannot be used with"),
        ("usage dispute 5 --accesses 3 --records 2 --reason x", "--bytes"),
        ("settle list --state paid", "`paid` is none of: open, netting"),
        ("settle cycle open RUB", "--deadline"),
        ("settle cycle open RUB --deadline tomorrow", "`tomorrow` is not a UTC time"),
        ("settle run --page 0", "--page"),
        ("settle export obligation 7 --format pacs009", "pacs009"),
        ("settle export cycle RUB-7 --bank 3=short", "`short` is no BIC"),
        ("settle export cycle RUB-7 --account 3=a-b", "`a-b` is no account"),
        ("settle deny 7", "--reason"),
        ("statement --org 3", "--currency"),
        ("statement --org 3 --currency RUB --from yesterday", "`yesterday` is not a UTC time"),
    ] {
        let output = citynet(&arguments.split(' ').collect::<Vec<_>>());
        assert_eq!(code(&output), 1, "{arguments}");
        assert!(stdout(&output).is_empty(), "{arguments}");
        assert!(stderr(&output).contains(words), "{arguments}: {}", stderr(&output));
    }
}

#[test]
fn wrong_values_are_refused_before_a_node_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let (camt, missing) = (dir.path().join("camt054.xml"), dir.path().join("missing.xml"));
    fs::write(&camt, "<Document/>").unwrap();
    let long = "n".repeat(257);
    for (arguments, words) in [
        (&["settle", "declare", "7", "--uetr", UETR, "--notification", text(&missing)][..], "cannot read"),
        (&["usage", "state", "5", text(&missing)], "missing.xml"),
        (&["settle", "deny", "7", "--reason", ""], "the reason is empty"),
        (&["withdraw", "return", "7", "--reason", &long], "more than 256 bytes"),
        // And these get as far as the node.
        (&["settle", "declare", "7", "--uetr", UETR, "--notification", text(&camt)], "no connection"),
        (&["usage", "bill", "5"], "no connection"),
        (&["settle", "pay", "7"], "no connection"),
        (&["settle", "price", "accept", "5"], "no connection"),
        (&["settle", "run"], "no connection"),
    ] {
        let output = citynet(&[arguments, &NOWHERE].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
    for arguments in [
        &["currency", "list"][..],
        &["usage", "show", "5"],
        &["settle", "cycle", "show", "RUB"],
        &["settle", "export", "obligation", "7"],
        &["statement", "--org", "3", "--currency", "RUB"],
    ] {
        let output = citynet(&[arguments, &NOWHERE[..2], &["--json"]].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["error"].as_str().unwrap().contains("ws://127.0.0.1:1"), "{report}");
    }
    let backwards = ["--from", "2026-02-01T00:00:00Z", "--to", "2026-01-01T00:00:00Z"];
    let output = citynet(&[&["statement", "--org", "3", "--currency", "RUB"][..], &backwards].concat());
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("would end before it begins"), "{}", stderr(&output));
}
