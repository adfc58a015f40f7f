//! Strictness of Ed25519, by the vectors that tell verifiers apart. They are not part of the project: without them the
//! tests of this file that need them say so and check nothing.

use crate::algorithms::{check_key, is_implemented, verify, AlgorithmStatus, Refusal};
use crate::mock::{pair, sign_bytes};
use citynet_primitives::AlgorithmId;
use serde_json::Value;
use std::path::PathBuf;

/// A file of vectors. When `CITYNET_VECTORS` names a folder, the file must be in it.
fn vectors(file: &str) -> Option<Value> {
    let named = std::env::var_os("CITYNET_VECTORS").map(PathBuf::from);
    let folder =
        named.clone().unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors"));
    let path = folder.join("ed25519").join(file);
    if named.is_none() && !path.exists() {
        println!("NOT CHECKED: {} is absent; set CITYNET_VECTORS to the folder of the vectors", path.display());
        return None;
    }
    let json = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn hex_of(case: &Value, field: &str) -> Vec<u8> {
    hex::decode(case[field].as_str().expect("the field is text")).expect("the field is hex")
}

fn list<'a>(value: &'a Value, field: &str) -> &'a Vec<Value> {
    value[field].as_array().expect("the field is a list")
}

#[test]
fn speccheck_accepts_case_3_alone() {
    let Some(cases) = vectors("speccheck.json") else { return };
    let cases = cases.as_array().expect("the file is a list");
    let accepted: Vec<usize> = cases
        .iter()
        .enumerate()
        .filter(|(_, case)| {
            let [message, key, signature] = ["message", "pub_key", "signature"].map(|field| hex_of(case, field));
            verify(AlgorithmId::ED25519, &key, &message, &signature).is_ok()
        })
        .map(|(number, _)| number)
        .collect();
    assert_eq!(cases.len(), 12);
    assert_eq!(accepted, [3]);
}

#[test]
fn wycheproof_results_are_as_expected() {
    let Some(file) = vectors("wycheproof_ed25519.json") else { return };
    let mut seen = 0;
    for group in list(&file, "testGroups") {
        let key = hex_of(&group["publicKey"], "pk");
        for case in list(group, "tests") {
            let [message, signature] = ["msg", "sig"].map(|field| hex_of(case, field));
            let result = verify(AlgorithmId::ED25519, &key, &message, &signature);
            let expected = match case["result"].as_str() {
                Some("valid") => true,
                Some("invalid") => false,
                other => panic!("unexpected result {other:?}"),
            };
            assert_eq!(result.is_ok(), expected, "case {}: {}", case["tcId"], case["comment"]);
            seen += 1;
        }
    }
    assert_eq!(Some(seen), file["numberOfTests"].as_u64());
}

#[test]
fn says_what_is_wrong() {
    let key = pair(1).verifying_key().to_bytes();
    let signature = sign_bytes(&pair(1), b"message");
    let ed25519 = AlgorithmId::ED25519;
    assert_eq!(verify(ed25519, &key, b"message", &signature), Ok(()));
    assert_eq!(verify(ed25519, &key, b"massage", &signature), Err(Refusal::InvalidSignature));
    assert_eq!(verify(ed25519, &key, b"message", &signature[..63]), Err(Refusal::InvalidSignature));
    assert_eq!(verify(ed25519, &key[..31], b"message", &signature), Err(Refusal::InvalidKey));
    assert_eq!(check_key(ed25519, &key), Ok(()));
    assert_eq!(check_key(ed25519, &key[..31]), Err(Refusal::InvalidKey));
}

/// The points of small order: their canonical encodings, and the others that ZIP-215 takes for them.
#[test]
fn refuses_every_small_order_key() {
    let encodings = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];
    for encoding in encodings {
        let key = hex::decode(encoding).expect("the list is hex");
        assert_eq!(check_key(AlgorithmId::ED25519, &key), Err(Refusal::InvalidKey), "{encoding}");
    }
}

/// y = p + n for every n that fits in 255 bits. Some of these are points of large order.
#[test]
fn refuses_every_key_that_is_not_reduced() {
    for low in 0xed..=0xff {
        for high in [0x7f, 0xff] {
            let mut key = [0xff; 32];
            key[0] = low;
            key[31] = high;
            assert_eq!(check_key(AlgorithmId::ED25519, &key), Err(Refusal::InvalidKey), "{low:x} {high:x}");
        }
    }
}

#[test]
fn only_ed25519_is_implemented() {
    for algorithm in (0..=u16::MAX).map(AlgorithmId) {
        let implemented = algorithm == AlgorithmId::ED25519;
        assert_eq!(is_implemented(algorithm), implemented);
        assert_eq!(check_key(algorithm, &[]) == Err(Refusal::UnknownAlgorithm), !implemented);
        assert_eq!(verify(algorithm, &[], &[], &[]) == Err(Refusal::UnknownAlgorithm), !implemented);
    }
}

#[test]
fn statuses_admit_what_they_say() {
    let admits = |status: AlgorithmStatus| (status.admits_keys(), status.admits_batches());
    assert_eq!(admits(AlgorithmStatus::Accepted), (true, true));
    assert_eq!(admits(AlgorithmStatus::VerifyOnly), (false, true));
    assert_eq!(admits(AlgorithmStatus::Rejected), (false, false));
}
