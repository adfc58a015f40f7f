//! `docs/openrpc.json` against the sources, the methods and the answers.

use crate::{
    cases,
    document::document,
    double::{Kind, Node},
    update,
    validate::check,
    HOW_TO_UPDATE,
};
use serde_json::{json, Value};
use std::{collections::BTreeSet, fs, path::Path};

/// The document in the repository.
fn committed() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openrpc.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_document_is_what_the_sources_say() {
    let made = document(&cases::all().await);
    if update() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openrpc.json");
        fs::write(path, format!("{made:#}\n")).unwrap();
    }
    assert!(committed() == made, "docs/openrpc.json is out of date: {HOW_TO_UPDATE}");
}

#[tokio::test]
async fn rpc_discover_answers_with_it() {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "rpc.discover" });
    let answer = Node::new(Kind::Complete).send(&request).await;
    let compiled: Value = serde_json::from_str(citynet_rpc::OPENRPC).unwrap();
    assert!(answer["result"] == compiled);
    // In an update the file changes after the crate was compiled.
    assert!(update() || compiled == committed());
}

#[tokio::test]
async fn it_has_the_methods_that_the_node_registers() {
    let document = document(&cases::all().await);
    let node = Node::new(Kind::Complete);
    let mut registered: BTreeSet<_> = node.names().into_iter().collect();
    assert!(registered.remove("rpc.discover"));
    let described = names(&document["methods"]);
    assert_eq!(described.len(), registered.len());
    assert_eq!(described.into_iter().collect::<BTreeSet<_>>(), registered);
}

#[tokio::test]
async fn requests_and_answers_fit_it() {
    let answered = cases::all().await;
    let document = document(&answered);
    let methods = document["methods"].as_array().unwrap();
    for case in &answered {
        let at = format!("{}/{}", case.method, case.case);
        let method = methods.iter().find(|method| method["name"] == case.method).unwrap();
        match case.answer.get("result") {
            Some(result) => {
                check(&document, &method["result"]["schema"], result).unwrap_or_else(|error| panic!("{at}: {error}"));
                for (name, value) in case.request["params"].as_object().into_iter().flatten() {
                    let params = method["params"].as_array().unwrap();
                    let param = params.iter().find(|param| param["name"] == *name).unwrap();
                    check(&document, &param["schema"], value).unwrap_or_else(|error| panic!("{at}/{name}: {error}"));
                }
            }
            None => {
                let error = &case.answer["error"];
                let declared = method["errors"].as_array().unwrap().iter().any(|reference| {
                    let declared = document.pointer(&reference["$ref"].as_str().unwrap()[1..]).unwrap();
                    declared["code"] == error["code"] && declared["data"]["code"] == error["data"]["code"]
                });
                assert!(declared, "{at}: {error} is not among the method's errors");
            }
        }
    }
}

/// What `node/rpc/tests/meta-schema` cannot see, and a part of what it can: it needs npm.
#[tokio::test]
async fn it_is_an_openrpc_document() {
    let document = document(&cases::all().await);
    assert_eq!(document["openrpc"], "1.3.2");
    for text in [&document["info"]["title"], &document["info"]["version"], &document["info"]["description"]] {
        assert!(text.as_str().is_some_and(|text| !text.is_empty()));
    }
    for method in document["methods"].as_array().unwrap() {
        let name = method["name"].as_str().unwrap();
        for text in [&method["summary"], &method["description"], &method["result"]["name"]] {
            assert!(text.as_str().is_some_and(|text| !text.is_empty()), "{name}");
        }
        assert!(method["result"]["schema"].is_object(), "{name}");
        let params = method["params"].as_array().unwrap();
        assert_eq!(names(&method["params"]).into_iter().collect::<BTreeSet<_>>().len(), params.len(), "{name}");
        // An optional parameter before a required one could not be left out.
        assert!(params.is_sorted_by_key(|param| !param["required"].as_bool().unwrap()), "{name}");
        let required = params.iter().filter(|param| param["required"] == true);
        let examples = method["examples"].as_array().unwrap();
        assert!(!examples.is_empty(), "{name} has no example");
        let required: Vec<_> = required.map(|param| param["name"].as_str().unwrap()).collect();
        for example in examples {
            let given = names(&example["params"]);
            assert!(required.iter().all(|name| given.contains(name)), "{name}: {example}");
        }
    }
    references(&document, &document);
    // Every type is described, except what a description where it is used suffices for.
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name}");
    }
}

/// Every reference leads somewhere.
fn references(document: &Value, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(&target[1..]).is_some(), "{target} leads nowhere");
            }
            fields.values().for_each(|field| references(document, field));
        }
        Value::Array(items) => items.iter().for_each(|item| references(document, item)),
        _ => {}
    }
}
