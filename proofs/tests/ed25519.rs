//! Strictness of Ed25519.

mod support;

use citynet_proofs::ed25519::{verify_strict, SignatureError};
use ed25519_dalek::Signer;
use serde_json::Value;

fn read(path: std::path::PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    hex::decode(case[name].as_str().unwrap()).unwrap()
}

#[test]
fn of_speccheck_only_case_3_is_accepted() {
    let Some(folder) = support::vectors("ed25519") else { return };
    let cases = read(folder.join("speccheck.json"));
    let accepted: Vec<_> = cases
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, case)| {
            verify_strict(&bytes(case, "pub_key"), &bytes(case, "message"), &bytes(case, "signature")).is_ok()
        })
        .map(|(index, _)| index)
        .collect();
    assert_eq!(cases.as_array().unwrap().len(), 12);
    assert_eq!(accepted, [3]);
}

#[test]
fn wycheproof() {
    let Some(folder) = support::vectors("ed25519") else { return };
    let file = read(folder.join("wycheproof_ed25519.json"));
    let mut cases = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let key = bytes(&group["publicKey"], "pk");
        for case in group["tests"].as_array().unwrap() {
            let expected = case["result"] == "valid";
            let accepted = verify_strict(&key, &bytes(case, "msg"), &bytes(case, "sig")).is_ok();
            assert_eq!(accepted, expected, "case {}: {}", case["tcId"], case["comment"]);
            cases += 1;
        }
    }
    assert_eq!(cases, file["numberOfTests"].as_u64().unwrap());
}

#[test]
fn a_key_has_one_encoding() {
    // y = 3 and the same point with y + p, and y = 1 (x = 0) with a sign: the second of each is not canonical.
    let mut three = [0u8; 32];
    three[0] = 3;
    let mut three_plus_p = [0xff; 32];
    (three_plus_p[0], three_plus_p[31]) = (0xf0, 0x7f);
    let mut minus_zero = [0u8; 32];
    (minus_zero[0], minus_zero[31]) = (1, 0x80);
    let decodes = |key: &[u8; 32]| ed25519_dalek::VerifyingKey::from_bytes(key);
    assert_eq!(decodes(&three).unwrap().to_edwards(), decodes(&three_plus_p).unwrap().to_edwards());
    assert_eq!(verify_strict(&three, b"", &[0; 64]), Err(SignatureError::Signature));
    assert_eq!(verify_strict(&three_plus_p, b"", &[0; 64]), Err(SignatureError::Key));
    assert_eq!(verify_strict(&minus_zero, b"", &[0; 64]), Err(SignatureError::Key));
}

#[test]
fn lengths_are_exact() {
    let key = support::key("some device");
    let signature = key.sign(b"text").to_bytes();
    let public = key.verifying_key().to_bytes();
    assert_eq!(verify_strict(&public, b"text", &signature), Ok(()));
    assert_eq!(verify_strict(&public, b"Text", &signature), Err(SignatureError::Signature));
    assert_eq!(verify_strict(&public[1..], b"text", &signature), Err(SignatureError::Key));
    assert_eq!(verify_strict(&[&public[..], &[0]].concat(), b"text", &signature), Err(SignatureError::Key));
    assert_eq!(verify_strict(&public, b"text", &signature[1..]), Err(SignatureError::Length));
    assert_eq!(verify_strict(&public, b"text", &[&signature[..], &[0]].concat()), Err(SignatureError::Length));
    assert_eq!(verify_strict(&[], b"", &[]), Err(SignatureError::Key));
}
