//! Governing the consortium from the command line: what needs no node, and what is refused before one is asked.

mod support;

use codec::Encode as _;
use std::fs;
use support::{citynet, code, stderr, stdout, text, GENESIS};

const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
/// Where nobody listens: a command that gets as far as asking a node fails here.
const NOWHERE: [&str; 2] = ["--node", "ws://127.0.0.1:1"];

#[test]
fn every_command_explains_itself() {
    for command in [
        "org",
        "org apply",
        "org profile",
        "org accounts",
        "org accounts list",
        "org accounts add",
        "org accounts set-roles",
        "org accounts remove",
        "org leave",
        "org recover",
        "org recover object",
        "org recover complete",
        "org recover list",
        "council",
        "council propose",
        "council propose admit",
        "council propose suspend",
        "council propose reinstate",
        "council propose expel",
        "council propose kind",
        "council propose recover",
        "council propose parameter",
        "council propose reinstate-validator",
        "council propose whitelist",
        "council propose upgrade",
        "council propose pause",
        "council propose unpause",
        "council propose safe-mode",
        "council propose safe-mode enter",
        "council propose safe-mode extend",
        "council propose safe-mode exit",
        "council vote",
        "council close",
        "council list",
        "council show",
        "parameters",
        "validator",
        "validator add",
        "validator rotate",
        "validator withdraw",
        "validator status",
        "peer",
        "peer add",
        "peer remove",
        "peer list",
        "upgrade",
        "upgrade prepare",
        "upgrade propose",
        "upgrade propose whitelist",
        "upgrade propose authorize",
        "upgrade apply",
        "upgrade status",
    ] {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 0, "{command}: {}", stderr(&output));
        assert!(stdout(&output).contains("Usage: citynet"), "{command}");
    }
    for command in ["org apply", "council vote", "council propose parameter", "peer add", "upgrade prepare"] {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        assert!(stdout(&citynet(&arguments)).contains("Example"), "{command}");
    }
}

#[test]
fn wrong_arguments_are_refused_before_anything_is_asked() {
    for (arguments, words) in [
        ("org apply --name Neva --kind kingdom -o a.json", "`kingdom` is none of: government, telecom"),
        ("org apply --name Neva --kind university", "--output"),
        ("org apply --name Neva --kind university --legal-id 0x12 -o a.json", "`0x12` is no hash"),
        ("org apply --name Neva --kind university --expires 30 -o a.json", "is not a duration"),
        ("org profile", "--name"),
        ("org accounts add alice --role admin", "`alice` is no account"),
        ("org accounts add ALICE", "--role"),
        ("org accounts add ALICE --role king", "`king` is none of: admin, validator"),
        ("org leave", "--reason"),
        ("org recover complete", "ID"),
        ("council propose suspend 3", "--reason"),
        ("council propose kind 3 kingdom --reason x", "`kingdom` is none of"),
        ("council propose parameter min-members --reason x", "VALUE"),
        ("council propose whitelist 0x12 --reason x", "`0x12` is no hash"),
        ("council propose nothing --reason x", "nothing"),
        ("council vote 7", "--approve"),
        ("council vote 7 --approve --reject", "cannot be used with"),
        ("council vote seven --approve", "`seven` names no motion"),
        ("council close 0x12", "`0x12` names no motion"),
        ("validator withdraw nobody --reason x", "`nobody` is no account"),
        ("peer add 12D3KooW --purpose boot", "12D3KooW"),
        ("peer add --purpose king", "`king` is none of: validator, archive, boot"),
        ("peer remove", "PEERID"),
        ("upgrade propose authorize 0xzz --reason x", "is no hash"),
        ("upgrade prepare", "WASM"),
        ("upgrade prepare x.wasm --rehearsal report.json --without-rehearsal", "cannot be used with"),
    ] {
        let arguments: Vec<&str> =
            arguments.split(' ').map(|word| if word == "ALICE" { ALICE } else { word }).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stdout(&output).is_empty(), "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn wrong_values_are_refused_before_a_node_is_asked() {
    let long = "r".repeat(257);
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing");
    for (arguments, words) in [
        (&["council", "propose", "parameter", "min-friends", "3", "--reason", "x"][..], "there are: min-members"),
        (&["council", "propose", "parameter", "min-members", "three", "--reason", "x"], "takes one number"),
        (&["council", "propose", "parameter", "quota", "telecom", "1", "--reason", "x"], "takes a kind"),
        (&["council", "propose", "expel", "3", "--reason", &long], "more than 256 bytes"),
        (&["council", "propose", "admit", text(&missing), "--reason", "x"], "cannot read"),
        (&["council", "vote", "7", "--reject", "--reason", &long], "more than 256 bytes"),
        (&["org", "leave", "--reason", &long], "more than 256 bytes"),
        (&["org", "leave", "--reason", ""], "the reason is empty"),
        (&["peer", "add", "--purpose", "boot", "--address", "10.0.0.1:30333"], "multiaddress"),
        (&["upgrade", "prepare", text(&missing)], "cannot read"),
        (&["upgrade", "apply", text(&missing)], "cannot read"),
    ] {
        let output = citynet(&[arguments, &NOWHERE].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
    // And these get as far as the node.
    for arguments in [&["parameters"][..], &["council", "list"], &["peer", "list"], &["validator", "status"]] {
        let output = citynet(&[arguments, &NOWHERE, &["--json"]].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["error"].as_str().unwrap().contains("ws://127.0.0.1:1"), "{report}");
    }
}

#[test]
fn an_application_is_made_without_a_node_and_cannot_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    let (key, application) = (dir.path().join("admin.key"), dir.path().join("application.json"));
    assert_eq!(code(&citynet(&["key", "generate", "--scheme", "sr25519", "--out", text(&key)])), 0);
    let apply = |name: &str, more: &[&str]| {
        let common = ["org", "apply", "--name", name, "--kind", "university", "--genesis", GENESIS, "--json"];
        citynet(&[&common[..], &["--output", text(&application)], more].concat())
    };
    let output = apply("Neva University", &["--key-file", text(&key), "--expires", "7d"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let written = fs::read_to_string(&application).unwrap();
    let file: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(file["format"], "citynet.application/1");
    assert_eq!(file["genesisHash"], GENESIS);
    assert_eq!((&file["admin"], &file["expires"]), (&report["admin"], &report["expires"]));
    assert_eq!(file["profile"]["name"], "Neva University");
    let secret = fs::read_to_string(&key).unwrap();
    assert!(!written.contains(secret.trim().trim_start_matches("0x")));

    // As it is, it is read; then the node is asked for. Changed, it is refused before that.
    let admit =
        || citynet(&["council", "propose", "admit", text(&application), "--reason", "x", NOWHERE[0], NOWHERE[1]]);
    let output = admit();
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("application of \"Neva University\" (university)"), "{}", stderr(&output));
    assert!(stderr(&output).contains("no connection"), "{}", stderr(&output));
    fs::write(&application, written.replace("\"university\"", "\"government\"")).unwrap();
    let output = admit();
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("the signature is not the admin's"), "{}", stderr(&output));

    // What the chain would refuse, and keys that everybody has.
    let long = "n".repeat(65);
    for (name, more, words) in [
        ("", &["--key-file", text(&key)][..], "the name is empty"),
        (long.as_str(), &["--key-file", text(&key)], "more than 64 bytes"),
        ("Neva", &["--dev-account", "eve"], "only a node can say"),
    ] {
        let output = apply(name, more);
        assert_eq!(code(&output), 1, "{name:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["error"].as_str().unwrap().contains(words), "{report}");
    }
}

#[test]
fn an_upgrade_is_prepared_with_a_rehearsal_or_expressly_without() {
    let dir = tempfile::tempdir().unwrap();
    let (wasm, report) = (dir.path().join("runtime.wasm"), dir.path().join("report.json"));
    // A module with nothing but the section that says which runtime it is.
    let apis: Vec<([u8; 8], u32)> = vec![];
    let version = ("citynet", "citynet-node", 1u32, 7u32, 0u32, apis, 2u32, 1u8).encode();
    let section = [&[15u8][..], b"runtime_version", &version].concat();
    let module = [&b"\0asm\x01\0\0\0"[..], &[0u8, u8::try_from(section.len()).unwrap()], &section].concat();
    fs::write(&wasm, module).unwrap();

    for (content, arguments, words) in [
        ("", &["--without-rehearsal"][..], "no connection"),
        ("", &[], "the upgrade is not rehearsed"),
        ("{}", &["--rehearsal", text(&report)], "no report of `citynet-node try-upgrade`"),
        ("", &["--rehearsal", text(dir.path())], "cannot read the report"),
    ] {
        fs::write(&report, content).unwrap();
        let output = citynet(&[&["upgrade", "prepare", text(&wasm)][..], arguments, &NOWHERE].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn what_is_no_runtime_is_refused_before_a_node_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("runtime.wasm");
    let compressed = [&[82u8, 188, 83, 118, 70, 219, 142, 5][..], b"no Zstandard"].concat();
    for (bytes, words) in [
        (&b"#!/bin/sh"[..], "no WebAssembly"),
        (b"\0asm\x01\0\0\0", "no section runtime_version"),
        (b"\0asm\x01\0\0\0\x00\xff\xff\xff\xff\x0f", "ends within a section"),
        (compressed.as_slice(), "compressed, and damaged"),
    ] {
        fs::write(&path, bytes).unwrap();
        for command in ["prepare", "apply"] {
            let output = citynet(&["upgrade", command, text(&path), NOWHERE[0], NOWHERE[1]]);
            assert_eq!(code(&output), 1, "{words}");
            assert!(stderr(&output).contains(words), "{words}: {}", stderr(&output));
        }
    }
}
