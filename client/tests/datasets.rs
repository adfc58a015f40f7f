//! Datasets, versions, decisions and receipts from the command line: what needs no node, and what is refused before one is
//! asked.

mod support;

use std::fs;
use support::{citynet, code, stderr, stdout, text};

/// Where nobody listens: a command that gets as far as asking a node fails here.
const NOWHERE: [&str; 2] = ["--node", "ws://127.0.0.1:1"];
const RECEIPT: &str = concat!(
    r#"{"format":"citynet.receipt/1","grant":"5","at":"2026-03-01T12:00:00Z","action":"read","version":3,"#,
    r#""records":"120","bytes":"4096"}"#,
);

#[test]
fn every_command_explains_itself() {
    for command in [
        "dataset",
        "dataset register",
        "dataset change",
        "dataset devices",
        "dataset offer",
        "dataset take",
        "dataset version",
        "dataset flag",
        "dataset dependents",
        "dataset list",
        "dataset show",
        "access",
        "access check",
        "access report",
        "access contest",
    ] {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 0, "{command}: {}", stderr(&output));
        assert!(stdout(&output).contains("Usage: citynet"), "{command}");
    }
    for command in ["dataset register", "dataset version", "dataset flag", "access check", "access report"] {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        assert!(stdout(&citynet(&arguments)).contains("Example"), "{command}");
    }
    let report = stdout(&citynet(&["access", "report", "--help"]));
    assert!(report.contains("access report [OPTIONS] <GRANT> <FILE>"), "{report}");
    assert!(report.contains("access report [OPTIONS] --dataset <DATASET> <FILE>"), "{report}");
    assert!(report.contains("\"format\":\"citynet.receipt/1\""), "{report}");
}

#[test]
fn wrong_arguments_are_refused_before_anything_is_asked() {
    let version = "dataset version 7 --file a --media-type text/csv --records 1";
    let times = "--from 2026-03-01T00:00:00Z --to 2026-03-01T23:59:59Z";
    let check = "access check --consumer 3 --dataset 7";
    for (arguments, words) in [
        ("dataset register --kind table --title x --sensitivity open --licence x", "`table` is none of: stream"),
        ("dataset register --kind stream --title x --sensitivity secret --licence x", "`secret` is none of: open"),
        ("dataset register --kind stream --title x --sensitivity open --licence x", "--description"),
        (
            "dataset register --kind stream --title x --sensitivity open --licence x --description-hash 0x12",
            "`0x12` is no hash",
        ),
        ("dataset register --kind stream --sensitivity open --licence x --description a", "--title"),
        ("dataset change 7", "--title"),
        ("dataset change seven --title x", "seven"),
        ("dataset change 7 --description a --description-hash 0x12", "`0x12` is no hash"),
        ("dataset devices 7", "--add"),
        ("dataset offer 7", "--to"),
        ("dataset offer 7 --to 3 --withdraw", "cannot be used with"),
        ("dataset take", "DATASET"),
        (&format!("{version} {times} --activity magic"), "`magic` is none of: collection"),
        (&format!("{version} {times} --activity cleaning --source 7"), "`7` is no source; one is 7@3"),
        (&format!("{version} {times} --activity cleaning --source device:12:9-0"), "ends before it begins"),
        (&format!("{version} {times} --activity cleaning --source sha256:0x12"), "`0x12` is no hash"),
        (&format!("{version} --from now --to now --activity cleaning"), "is not a UTC time"),
        (&format!("{version} {times}"), "--activity"),
        ("dataset flag 7 --since 2026-03-01T00:00:00Z --reason x", "`7` is no version; 7@3 is version 3"),
        ("dataset flag 7@3 --reason x", "--since"),
        ("dataset flag 7@3 --since 2026-03-01T00:00:00Z", "--reason"),
        ("dataset show 7@", "`7@` is neither a dataset"),
        ("dataset dependents 7", "`7` is neither a version"),
        (&format!("{check} --action sell --purpose 2"), "`sell` is none of: read, derive, train"),
        (&format!("{check} --action read"), "--purpose"),
        (&format!("{check} --action read --purpose 2 --at now"), "is not a UTC time"),
        ("access report", "GRANT"),
        ("access contest 5 --accesses 1 --records 1 --reason x", "--bytes"),
        ("access contest 5 --accesses 1 --records 1 --bytes -1 --reason x", "-1"),
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stdout(&output).is_empty(), "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn wrong_values_are_refused_before_a_node_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let (missing, empty, file) = (path("missing"), path("empty"), path("air.csv"));
    fs::write(&empty, "").unwrap();
    fs::write(&file, "time,P1\n").unwrap();
    let (long, long_code) = ("t".repeat(97), "c".repeat(257));
    let register = |title: &str, description: &std::path::Path| {
        let words = ["dataset", "register", "--kind", "stream", "--sensitivity", "open", "--licence", "CC-BY-4.0"];
        let given = ["--title", title, "--description", text(description)];
        words.iter().chain(&given).map(ToString::to_string).collect::<Vec<_>>()
    };
    let version = |file: &std::path::Path, more: &[&str]| {
        let words = ["dataset", "version", "7", "--records", "1", "--activity", "collection", "--file", text(file)];
        words.iter().chain(more).map(ToString::to_string).collect::<Vec<_>>()
    };
    let (from, to) = ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z");
    let csv = ["--media-type", "text/csv", "--from", from, "--to", to];
    let sources: Vec<String> = (1..=65).map(|version| format!("--source=7@{version}")).collect();
    let sources: Vec<&str> = csv.iter().copied().chain(sources.iter().map(String::as_str)).collect();
    for (arguments, words) in [
        (register("Air", &missing), "missing"),
        (register("Air", &empty), "is empty"),
        (register("", &file), "the title is empty"),
        (register(&long, &file), "the title has more than 96 bytes"),
        (version(&missing, &csv), "missing"),
        (version(&empty, &csv), "is empty"),
        (version(&file, &["--media-type", "text/csv", "--from", to, "--to", from]), "--to, is before the earliest"),
        (version(&file, &["--media-type", "", "--from", from, "--to", to]), "the media type is empty"),
        (version(&file, &[&csv[..], &["--code", long_code.as_str()]].concat()), "the code has more than 256 bytes"),
        (version(&file, &[&csv[..], &["--parameters", text(&missing)]].concat()), "missing"),
        (version(&file, &sources), "at most 64 sources"),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(NOWHERE).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
    // And these get as far as the node.
    let good = [
        register("Air", &file),
        version(&file, &csv),
        version(&file, &sources[..sources.len() - 1]),
        ["dataset", "list"].map(ToOwned::to_owned).to_vec(),
        ["dataset", "show", "7"].map(ToOwned::to_owned).to_vec(),
        ["dataset", "show", "7@3"].map(ToOwned::to_owned).to_vec(),
        ["dataset", "dependents", "device:12", "--since", from].map(ToOwned::to_owned).to_vec(),
    ];
    for arguments in good {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(NOWHERE).chain(["--json"]).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["error"].as_str().unwrap().contains("ws://127.0.0.1:1"), "{report}");
    }
    let output = citynet(&["dataset", "dependents", "7@3", "--since", from, NOWHERE[0], NOWHERE[1]]);
    assert!(stderr(&output).contains("--since is about what a device observed"), "{}", stderr(&output));
}

#[test]
fn wrong_receipts_are_refused_before_a_node_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let (path, archive) = (dir.path().join("receipts.jsonl"), dir.path().join("archive"));
    for (receipts, words) in [
        (String::new(), "has no receipts"),
        ("{}\n".to_owned(), "receipts.jsonl:1: missing field `format`"),
        (format!("{RECEIPT}\n\n"), "receipts.jsonl:2: "),
        (format!("{RECEIPT}\n{}\n", RECEIPT.replace("\"5\"", "\"6\"")), "receipts.jsonl:2: it is not about grant 5"),
        (format!("{RECEIPT}\n{RECEIPT}"), "no connection"),
    ] {
        fs::write(&path, receipts).unwrap();
        let options = ["--archive", text(&archive), NOWHERE[0], NOWHERE[1]];
        // Options may be anywhere.
        for arguments in [
            [&["access", "report", "5", text(&path)][..], &options].concat(),
            [&["access", "report", "5"][..], &options, &[text(&path)]].concat(),
        ] {
            let output = citynet(&arguments);
            assert_eq!(code(&output), 1, "{words}");
            assert!(stderr(&output).contains(words), "{words}: {}", stderr(&output));
        }
    }
    // Nothing was reported, so nothing is kept.
    assert!(!archive.exists());

    for (arguments, words) in [
        (&["5"][..], "give a grant's number and the file"),
        (&["5", text(&path), "more"], "give a grant's number and the file"),
        (&["five", text(&path)], "`five` is not the number of a grant"),
        (&["--dataset", "7", "5", text(&path)], "give the file with the receipts and nothing else"),
        (&["--dataset", "7", text(&path)], "receipts.jsonl:1: it is not about attempts on dataset 7 without a grant"),
    ] {
        let output = citynet(&[&["access", "report"][..], arguments, &NOWHERE].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}
