//! The command as a process: exit codes, and what it writes where. Nothing here needs a node.

mod support;

use std::{fs, process::Output};
use support::{citynet, code, stderr, stdout, text, GENESIS};

#[test]
fn help_is_success_and_a_wrong_command_line_is_failure() {
    for arguments in [
        &["--help"][..],
        &["attest", "--help"],
        &["verify", "--help"],
        &["bench", "finality", "--help"],
        &["--version"],
    ] {
        assert_eq!(code(&citynet(arguments)), 0, "{arguments:?}");
    }
    assert!(stdout(&citynet(&["attest", "--help"])).contains("Examples:"));
    for arguments in [
        &["no-such-command"][..],
        &["attest"],
        &["verify", "evidence.json"],
        &["verify", "evidence.json", "--genesis", "0x12zz"],
        &["verify", "evidence.json", "--genesis", GENESIS, "--spec", "spec.json"],
        &["attest", "--device", "1", "--format", "no-such-format", "--archive", "a", "file.csv"],
        &["attest", "--device", "1", "--format", "sensor-community", "--archive", "a", "--batch-size", "0", "f"],
        &["status", "--key-file", "x"],
        &["bench", "finality", "--blocks", "0"],
    ] {
        let output = citynet(arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stdout(&output).is_empty());
    }
}

#[test]
fn what_is_no_evidence_fails_at_step_format() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("evidence.json");
    for evidence in ["", "{}", "not json", "{\"format\":\"citynet.evidence/1\"}"] {
        fs::write(&path, evidence).unwrap();
        let output = citynet(&["verify", text(&path), "--genesis", GENESIS]);
        assert_eq!(code(&output), 1);
        assert!(stdout(&output).contains("✗ format"), "{}", stdout(&output));
        assert!(stdout(&output).contains("does NOT hold"));

        let output = citynet(&["verify", text(&path), "--genesis", GENESIS, "--json"]);
        assert_eq!(code(&output), 1);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["holds"], &report["step"]), (&false.into(), &"format".into()));
        assert_eq!(report["passed"], serde_json::json!([]));
    }
}

#[test]
fn the_steps_that_passed_are_told_before_the_one_that_failed() {
    let good =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../proofs/tests/golden/evidence-1.json")).unwrap();
    let genesis = "0x59df85694552ca0c2c4b5ba9ad18bc551bd384e2ca71f0ac041c22d62bfc165b";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("evidence.json");
    fs::write(&path, &good).unwrap();
    let output = citynet(&["verify", text(&path), "--genesis", genesis]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let marks: Vec<bool> = stdout(&output).lines().map(|line| line.starts_with("✓ ")).collect();
    assert_eq!(marks, [[true; 9].as_slice(), &[false]].concat(), "{}", stdout(&output));

    // One digit of the reading's value: it is another leaf, from the same source line.
    assert_eq!(good.matches("146.33").count(), 1);
    fs::write(&path, good.replace("146.33", "146.34")).unwrap();
    let output = citynet(&["verify", text(&path), "--genesis", genesis]);
    assert_eq!(code(&output), 1);
    let lines = stdout(&output);
    let lines: Vec<&str> = lines.lines().collect();
    let expected = ["✓ format ", "✓ reading ", "✗ batch ", "the evidence does NOT hold: it fails at step `batch`"];
    assert_eq!(lines.len(), expected.len(), "{lines:?}");
    assert!(lines.iter().zip(expected).all(|(line, expected)| line.starts_with(expected)), "{lines:?}");
    assert!(lines[2].contains("the leaf is not number 6 of the 11 in the batch's root"), "{lines:?}");

    let output = citynet(&["verify", text(&path), "--genesis", genesis, "--json"]);
    assert_eq!(code(&output), 1);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["holds"], &report["step"]), (&false.into(), &"batch".into()));
    assert!(report["reason"].as_str().unwrap().starts_with("the leaf is not number 6"), "{report}");
    let steps: Vec<&str> = report["passed"].as_array().unwrap().iter().map(|step| step[0].as_str().unwrap()).collect();
    assert_eq!(steps, ["format", "reading"]);
    assert!(report["passed"][1][1].as_str().unwrap().starts_with("reading 46 of device 3"), "{report}");
}

#[test]
fn files_that_are_missing_or_wrong_are_failures_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let (evidence, spec) = (dir.path().join("evidence.json"), dir.path().join("spec.json"));
    let output = citynet(&["verify", text(&evidence), "--genesis", GENESIS]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("cannot read"));

    fs::write(&evidence, "{}").unwrap();
    fs::write(&spec, "{\"genesis\":{\"runtimeGenesis\":{}}}").unwrap();
    let output = citynet(&["verify", text(&evidence), "--spec", text(&spec)]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("not raw"), "{}", stderr(&output));

    let output = citynet(&["prove", "--archive", text(dir.path()), "--reading", "0", "-o", "x.json"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("holds no archive"), "{}", stderr(&output));

    let output = citynet(&["status", "--node", "ws://127.0.0.1:1", "--json"]);
    assert_eq!(code(&output), 1);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["error"].as_str().unwrap().contains("ws://127.0.0.1:1"));
}

#[test]
fn keys_are_made_once_inspected_and_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    for scheme in ["sr25519", "ed25519"] {
        let path = dir.path().join(scheme);
        let made = citynet(&["key", "generate", "--scheme", scheme, "--out", text(&path), "--json"]);
        assert_eq!(code(&made), 0, "{}", stderr(&made));
        let secret = fs::read_to_string(&path).unwrap();
        let shown = citynet(&["key", "inspect", text(&path), "--scheme", scheme, "--json"]);
        assert_eq!(code(&shown), 0);
        let public = |output: &Output| -> String {
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            report["keys"][0]["publicKey"].as_str().unwrap().to_owned()
        };
        assert_eq!(public(&made), public(&shown));
        for output in [&made, &shown] {
            assert!(!stdout(output).contains(secret.trim().trim_start_matches("0x")));
        }

        let again = citynet(&["key", "generate", "--scheme", scheme, "--out", text(&path)]);
        assert_eq!(code(&again), 1);
        assert!(stderr(&again).contains("not overwritten"));
        assert_eq!(fs::read_to_string(&path).unwrap(), secret);
    }
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    assert_eq!(code(&citynet(&["key", "generate", "--scheme", "ed25519", "--out", text(&path)])), 0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let output = citynet(&["key", "inspect", text(&path)]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("chmod 600"), "{}", stderr(&output));
}
