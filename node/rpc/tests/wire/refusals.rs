//! Requests that make no sense: every answer is a JSON-RPC error with the number and the name of an [`Error`], and the
//! node goes on.
//!
//! [`Error`]: citynet_rpc::Error

use crate::{
    document::errors,
    double::{Kind, Node},
    story, subscription,
};
use serde_json::{json, Value};

const INVALID_PARAMS: i64 = -32_602;

fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": "a", "method": method, "params": params })
}

/// Asserts that an answer is an error that the ledger declares, and returns its number and name.
fn refused(answer: &Value) -> (i64, String) {
    let error = &answer["error"];
    assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!("a")), "{answer}");
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
    let known =
        errors().values().any(|known| known["code"] == error["code"] && known["data"]["code"] == error["data"]["code"]);
    assert!(known, "{answer}");
    (error["code"].as_i64().unwrap(), error["data"]["code"].as_str().unwrap().to_owned())
}

fn methods(node: &Node) -> Vec<&'static str> {
    let names = node.names().into_iter();
    names.filter(|name| *name != "rpc.discover" && !subscription::METHODS.contains(name)).collect()
}

#[tokio::test]
async fn parameters_of_no_meaning_are_refused_by_every_method() {
    let node = Node::new(Kind::Complete);
    let deep = (0..100).fold(json!([]), |inside, _| json!([inside]));
    let many: Vec<_> = (0..5_000).collect();
    for method in methods(&node) {
        for params in [
            json!([-1, -1, -1]),
            json!([1.5, 1.5, 1.5]),
            json!([true, true, true]),
            json!(["", "", ""]),
            json!(["0x1", "0x1", "0x1"]),
            json!(["18446744073709551616", "18446744073709551616", "18446744073709551616"]),
            json!([{ "a": 1 }, { "a": 1 }, { "a": 1 }]),
            json!([[[]], [[]], [[]]]),
            json!([deep, deep, deep]),
            json!([many, many, many]),
        ] {
            // Any text may be searched for.
            if method == "citynet_search" && params[0].is_string() {
                continue;
            }
            let answer = node.send(&request(method, params.clone())).await;
            // What takes no parameters does not look at them.
            if !answer["result"].is_object() {
                refused(&answer);
            } else {
                let without = node.send(&request(method, json!([]))).await;
                assert_eq!(without["result"], answer["result"], "{method} took {params}");
            }
        }
    }
    assert!(node.send(&request("citynet_status", json!([]))).await["result"].is_object());
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let node = Node::new(Kind::Complete);
    let mut refusals = 0;
    for method in methods(&node) {
        for params in [json!([]), json!({}), json!({ "nonsense": 1 })] {
            let answer = node.send(&request(method, params)).await;
            if answer["error"].is_object() {
                refusals += 1;
                assert_eq!(refused(&answer), (INVALID_PARAMS, "invalid_params".into()), "{method}");
            }
        }
    }
    assert!(refusals >= 3 * 10, "{refusals}");
    let answer = node.send(&request("citynet_consistency", json!({ "first": 1 }))).await;
    assert!(answer["error"]["message"].as_str().unwrap().contains("second"), "{answer}");
    let answer = node.send(&request("citynet_record", json!(["eight"]))).await;
    assert!(answer["error"]["message"].as_str().unwrap().contains("decimal string"), "{answer}");
}

#[tokio::test]
async fn parameters_go_by_position_as_by_name() {
    let node = Node::new(Kind::Complete);
    for (method, by_position, by_name) in [
        ("citynet_batch", json!(["1", 15]), json!({ "sequence": "15", "device": 1 })),
        ("citynet_records", json!([null, null, 3]), json!({ "limit": 3 })),
        ("citynet_records", json!([{ "kind": "batch_attested" }]), json!({ "filter": { "kind": "batch_attested" } })),
    ] {
        let answer = node.send(&request(method, by_position)).await;
        assert!(answer["result"].is_object(), "{answer}");
        assert_eq!(answer, node.send(&request(method, by_name)).await);
    }
}

#[tokio::test]
async fn an_unknown_method_is_no_method() {
    let node = Node::new(Kind::Complete);
    for method in ["citynet_nothing", "citynet_", "status", "citynet_Status", "rpc.discover2"] {
        let answer = node.send(&request(method, json!([]))).await;
        assert_eq!((&answer["error"]["code"], &answer["id"]), (&json!(-32_601), &json!("a")), "{answer}");
    }
}

/// Every list that comes in pages, with what else it takes.
fn lists() -> [(&'static str, Value); 9] {
    [
        ("citynet_records", json!({})),
        ("citynet_datasets", json!({})),
        ("citynet_devices", json!({})),
        ("citynet_grants", json!({})),
        ("citynet_obligations", json!({})),
        ("citynet_completeness", json!({ "subject": "dataset:1" })),
        ("citynet_extrinsics", json!({ "filter": { "block": 4 } })),
        ("citynet_accessAt", json!({ "question": { "dataset": "1", "time": story::time(8) } })),
        ("citynet_cycles", json!({ "currency": 1 })),
    ]
}

fn with(params: &Value, name: &str, value: Value) -> Value {
    let mut params = params.clone();
    params[name] = value;
    params
}

#[tokio::test]
async fn a_cursor_serves_its_own_list_only() {
    let node = Node::new(Kind::Complete);
    let mut cursors = Vec::new();
    for (method, params) in lists() {
        let first = node.send(&request(method, with(&params, "limit", json!(1)))).await;
        match first["result"]["next"].as_str() {
            Some(next) => cursors.push((method, next.to_owned())),
            None => assert_eq!(first["result"]["complete"], true, "{first}"),
        }
    }
    assert!(cursors.len() >= 6, "{cursors:?}");
    for (method, params) in lists() {
        for (own, cursor) in &cursors {
            let answer = node.send(&request(method, with(&params, "cursor", json!(cursor)))).await;
            if method == *own {
                assert!(answer["result"].is_object(), "{answer}");
            } else {
                assert_eq!(refused(&answer), (INVALID_PARAMS, "invalid_params".into()), "{method}");
            }
        }
    }
}

#[tokio::test]
async fn every_list_has_a_highest_limit() {
    let node = Node::new(Kind::Complete);
    for (method, params) in lists() {
        let most = node.send(&request(method, with(&params, "limit", json!(1000)))).await;
        assert!(most["result"]["complete"].is_boolean(), "{most}");
        for (limit, expected) in [
            (json!(1001), (9004, "limit_exceeded")),
            (json!(u32::MAX), (9004, "limit_exceeded")),
            (json!(0), (INVALID_PARAMS, "invalid_params")),
            (json!(1u64 << 32), (INVALID_PARAMS, "invalid_params")),
            (json!("10"), (INVALID_PARAMS, "invalid_params")),
        ] {
            let (number, code) = refused(&node.send(&request(method, with(&params, "limit", limit.clone()))).await);
            assert_eq!((number, code.as_str()), expected, "{method} {limit}");
        }
    }
}

#[tokio::test]
async fn what_fails_inside_stays_inside() {
    let node = Node::new(Kind::Broken);
    let answer = node.send(&request("citynet_organisations", json!([]))).await;
    assert_eq!(refused(&answer), (9000, "internal".into()));
    assert!(!answer.to_string().contains("secret"), "{answer}");
}
