//! `citynet audit` and `citynet prov` as far as they need no node: what is wrong with a command line, and the check of
//! PROV-JSON.

mod support;

use serde_json::{json, Value};
use std::fs;
use support::{citynet, code, stderr, stdout, text};

/// Where nobody listens: a command that gets as far as asking a node fails here.
const NOWHERE: [&str; 2] = ["--node", "ws://127.0.0.1:1"];
/// What the library's check loads, too.
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/clients/prov/example.json");

#[test]
fn what_makes_no_sense_is_refused_before_anybody_is_asked() {
    for (arguments, words) in [
        (&["audit", "access", "air"][..], "invalid value 'air'"),
        (&["audit", "access", "7", "--at", "yesterday"], "is not a UTC time"),
        (&["audit", "access", "7", "--action", "look"], "is none of: read, derive"),
        (&["audit", "lineage", "7"], "is neither a version, such as 7@3, nor a batch"),
        (&["audit", "lineage", "batch:12"], "is neither a version"),
        (&["audit", "taint", "7@"], "is neither a version"),
        (&["audit", "account", "alice"], "is neither an organisation's number nor an account"),
        (&["audit", "account", "3", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-01T00:00:00Z"], "before --from"),
        (&["audit", "lineage", "device:12", "--up", "--evidence", "a.json"], "nothing is above a device"),
        (&["audit", "taint", "batch:12-0", "--evidence", "a.json"], "a batch is distrusted with its device"),
        (&["audit", "taint", "7@3", "--since", "2026-03-01T00:00:00Z", "--evidence", "a.json"], "used as a whole"),
        (&["audit", "reading", "--device", "1", "--sequence", "4"], "--archive"),
        (&["audit", "reading", "--archive", "/missing", "--device", "1", "--sequence", "4"], "/missing"),
        (&["audit", "reading", "--archive", "a", "--device", "1", "--sequence", "-1"], "unexpected argument '-1'"),
        (&["audit", "payments"], "--org"),
        (
            &["audit", "payments", "--org", "3", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-01T00:00:00Z"],
            "would end before it begins",
        ),
        (&["audit", "governance", "--org", "city"], "invalid value 'city'"),
        (&["audit", "governance", "--evidence", "a.json", "--patience", "soon"], "is not a duration"),
        (&["audit", "dcat"], "--output"),
        (&["audit", "crate", "7", "-o", "a.zip", "--include", "/missing/evidence.json"], "/missing/evidence.json"),
        (&["prov", "export", "7", "-o", "a.json"], "is no version"),
        (&["prov", "check", "/missing/lineage.json"], "/missing/lineage.json"),
    ] {
        let needs_node = arguments[..2] != ["prov", "check"];
        let all = [arguments, if needs_node { &NOWHERE } else { &[] }].concat();
        let output = citynet(&all);
        assert_eq!(code(&output), 1, "{arguments:?}");
        let told = stderr(&output);
        assert!(told.contains(words) && !told.contains("no connection"), "{arguments:?}: {told}");
    }
}

#[test]
fn what_makes_sense_asks_a_node() {
    for arguments in [
        &["audit", "access", "7", "--at", "2026-03-01T12:00:00Z", "--action", "read", "--all"][..],
        &["audit", "lineage", "9@1", "--up", "--down", "--depth", "3"],
        &["audit", "lineage", "batch:12-4000"],
        &["audit", "taint", "device:12", "--since", "2026-03-01T00:00:00Z"],
        &["audit", "access", "7", "--evidence", "/missing/access.json", "--patience", "0s"],
        &["audit", "lineage", "9@1", "--evidence", "/missing/lineage.json", "--patience", "0s"],
        &["audit", "lineage", "batch:12-4000", "--evidence", "/missing/batch.json", "--patience", "0s"],
        &["audit", "lineage", "device:12", "--evidence", "/missing/device.json", "--patience", "0s"],
        &["audit", "taint", "device:12", "--evidence", "/missing/taint.json", "--patience", "0s"],
        &["audit", "taint", "7@3", "--evidence", "/missing/taint.json", "--patience", "0s"],
        &["audit", "payments", "--org", "3", "--from", "2026-03-01T00:00:00Z", "--to", "2026-03-01T00:00:00Z"],
        &["audit", "payments", "--org", "3", "--evidence", "/missing/payments.json", "--patience", "0s"],
        &["audit", "governance", "--org", "3"],
        &["audit", "account", "3", "--list"],
        &["audit", "devices", "--device", "12"],
        &["audit", "dcat", "-o", "catalogue.jsonld"],
        &["audit", "crate", "7", "-o", "audit.zip"],
        &["prov", "export", "9@1", "-o", "-"],
    ] {
        let output = citynet(&[arguments, &NOWHERE].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        let told = stderr(&output);
        assert!(told.contains("no connection to a node at ws://127.0.0.1:1"), "{arguments:?}: {told}");
    }
}

#[test]
fn documents_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lineage.json");
    let check = |document: &str, json: bool| {
        fs::write(&path, document).unwrap();
        let mut arguments = vec!["prov", "check", text(&path)];
        if json {
            arguments.push("--json");
        }
        let output = citynet(&arguments);
        (code(&output), stdout(&output) + &stderr(&output))
    };
    let example = fs::read_to_string(EXAMPLE).unwrap();
    let (code, told) = check(&example, false);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("the document is good") && told.contains("relations   33"), "{told}");

    let mut dangling: Value = serde_json::from_str(&example).unwrap();
    dangling["entity"].as_object_mut().unwrap().remove("grant:5");
    let (code, told) = check(&dangling.to_string(), false);
    assert_eq!(code, 1);
    assert!(told.contains("NOT good") && told.contains("`grant:5`, its `prov:plan`, is no entity"), "{told}");
    let (code, told) = check(&dangling.to_string(), true);
    assert_eq!(code, 1);
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["good"], json!(false));

    let (code, told) = check("{", false);
    assert_eq!(code, 1);
    assert!(told.contains("is no JSON"), "{told}");
}
