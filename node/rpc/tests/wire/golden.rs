//! The golden files: `golden/METHOD/CASE.json` with the kind of node that was asked, the request and the answer.

use crate::{
    cases,
    document::errors,
    double::{Kind, Node},
    update, HOW_TO_UPDATE,
};
use citynet_primitives::Hash;
use citynet_proofs::{verify, Trust};
use serde_json::{json, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The files that are there, by `METHOD/CASE.json`.
fn found() -> BTreeMap<String, Value> {
    let mut files = BTreeMap::new();
    for method in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for case in fs::read_dir(&method).unwrap().map(|entry| entry.unwrap().path()) {
            let name = case.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned();
            files.insert(name, serde_json::from_str(&fs::read_to_string(&case).unwrap()).unwrap());
        }
    }
    files
}

/// The files that should be there.
async fn expected() -> BTreeMap<String, Value> {
    let mut files = BTreeMap::new();
    for answered in cases::all().await {
        let name = format!("{}/{}.json", answered.method, answered.case);
        let mut file = json!({ "node": answered.node.name(), "request": answered.request, "answer": answered.answer });
        if !answered.notifications.is_empty() {
            file["notifications"] = answered.notifications.into();
        }
        assert!(files.insert(name.clone(), file).is_none(), "two cases are called {name}");
    }
    files
}

fn write(expected: &BTreeMap<String, Value>) {
    for name in found().keys().filter(|name| !expected.contains_key(*name)) {
        fs::remove_file(folder().join(name)).unwrap();
    }
    for (name, file) in expected {
        let path = folder().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{file:#}\n")).unwrap();
    }
}

#[tokio::test]
async fn answers_are_those_of_the_golden_files() {
    let expected = expected().await;
    if update() {
        write(&expected);
    }
    let found = found();
    let names = |files: &BTreeMap<String, Value>| files.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&found), names(&expected), "cases and files differ; {HOW_TO_UPDATE}");
    for (name, file) in &expected {
        assert_eq!(&found[name], file, "{name} is another one; if that is meant: {HOW_TO_UPDATE}");
    }
}

#[tokio::test]
async fn every_method_answers_and_every_error_occurs() {
    let answered = cases::all().await;
    let answering: BTreeSet<_> =
        answered.iter().filter(|case| !case.answer["result"].is_null()).map(|case| case.method.as_str()).collect();
    let methods: BTreeSet<_> =
        Node::new(Kind::Complete).names().into_iter().filter(|name| *name != "rpc.discover").collect();
    assert_eq!(answering, methods);

    let occurring: BTreeSet<_> = answered
        .iter()
        .filter(|case| case.answer["error"].is_object())
        .map(|case| {
            (case.answer["error"]["code"].clone().to_string(), case.answer["error"]["data"]["code"].to_string())
        })
        .collect();
    let declared: BTreeSet<_> =
        errors().values().map(|error| (error["code"].to_string(), error["data"]["code"].to_string())).collect();
    assert_eq!(occurring, declared);
}

#[tokio::test]
async fn what_the_double_proves_is_proven() {
    let node = Node::new(Kind::Complete);
    for (indices, sets) in [(json!(["8", "13"]), 1), (json!(["5"]), 0), (json!(["16"]), 1)] {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "citynet_proof", "params": [indices] });
        let proof = &node.send(&request).await["result"];
        assert_eq!(proof["authorities"]["changes"].as_array().unwrap().len(), sets);
        for record in proof["records"].as_array().unwrap() {
            let bundle = evidence(proof, record);
            let verified = verify(bundle.to_string().as_bytes(), &Trust::Genesis(node.genesis()));
            assert!(verified.is_ok(), "{verified:?}");
            let other: Hash = [1; 32];
            assert!(verify(bundle.to_string().as_bytes(), &Trust::Genesis(other)).is_err());
        }
    }
}

/// The bundle as `docs/evidence.md` has it, for a bare record.
fn evidence(proof: &Value, record: &Value) -> Value {
    json!({
        "format": "citynet.evidence/1",
        "genesisHash": proof["genesisHash"],
        "record": record,
        "finality": { "header": proof["header"], "justification": proof["justification"] },
        "authorities": proof["authorities"],
    })
}
