//! Inclusion and consistency cases of another implementation, good and bad.
//!
//! They are no part of this repository: every `*.json` file, at any depth, below `merkle/inclusion` and
//! `merkle/consistency` in the folder that `CITYNET_VECTORS` names, or else in `../shared/vectors` beside the
//! repository.
#![cfg(feature = "std")]

use base64::{prelude::BASE64_STANDARD, Engine};
use citynet_merkle::{verify_consistency, verify_inclusion, Hash, Portable};
use serde::{de::DeserializeOwned, Deserialize};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inclusion {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consistency {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

/// The case's hash. `None` when it has not 32 bytes: the types of this crate cannot even express it, which is its way
/// to refuse.
fn hash(text: &str) -> Option<Hash> {
    BASE64_STANDARD.decode(text).expect("the vectors hold base64").try_into().ok()
}

fn path(proof: &Option<Vec<String>>) -> Option<Vec<Hash>> {
    proof.iter().flatten().map(|text| hash(text)).collect()
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder that opened can be listed").path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Checks every case of `kind`. `verify` says whether the case's proof was accepted and whether it should have been.
fn check<C: DeserializeOwned>(kind: &str, verify: impl Fn(&C) -> (bool, bool)) {
    let vectors = std::env::var_os("CITYNET_VECTORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"), PathBuf::from);
    if !vectors.is_dir() {
        // Not `eprintln!`, which the test harness keeps to itself when a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "NOT TESTED: merkle {kind} vectors, because {} is absent (CITYNET_VECTORS names another folder)",
            vectors.display()
        );
        return;
    }
    let folder = vectors.join("merkle").join(kind);
    let mut files = Vec::new();
    json_files(&folder, &mut files);
    assert!(!files.is_empty(), "{} holds no case", folder.display());

    let wrong: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let text = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let case = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let (accepted, wanted) = verify(&case);
            (accepted != wanted).then(|| format!("{}: accepted {accepted}, should be {wanted}", file.display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

#[test]
fn inclusion() {
    check("inclusion", |case: &Inclusion| {
        let accepted = || {
            let (leaf, path, root) = (hash(&case.leaf_hash)?, path(&case.proof)?, hash(&case.root)?);
            verify_inclusion::<Portable>(&leaf, case.leaf_idx, case.tree_size, &path, &root).ok()
        };
        (accepted().is_some(), !case.want_err)
    });
}

#[test]
fn consistency() {
    check("consistency", |case: &Consistency| {
        let accepted = || {
            let (path, first, second) = (path(&case.proof)?, hash(&case.root1)?, hash(&case.root2)?);
            verify_consistency::<Portable>(case.size1, case.size2, &path, &first, &second).ok()
        };
        (accepted().is_some(), !case.want_err)
    });
}
