//! Lists as of one block, while the node goes on.

use crate::double::{Kind, Node};
use serde_json::{json, Value};

async fn complete(node: &Node, params: Value) -> Value {
    node.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": "citynet_completeness", "params": params })).await
}

#[tokio::test]
async fn the_anchor_of_a_list_serves_others_after_its_justification_was_replaced() {
    let node = Node::new(Kind::Complete);
    let first = complete(&node, json!({ "subject": "dataset:1" })).await;
    assert_eq!(first["result"]["anchor"]["number"], 7);
    node.justify(8);
    let newest = complete(&node, json!({ "subject": "dataset:1" })).await;
    assert_eq!(newest["result"]["anchor"]["number"], 8);
    let again = complete(&node, json!({ "subject": "dataset:1", "at": 7 })).await;
    assert_eq!(again, first);
    let other = complete(&node, json!({ "subject": "device:1", "at": 7 })).await;
    assert_eq!(other["result"]["proof"]["justification"], first["result"]["proof"]["justification"]);
}

#[tokio::test]
async fn a_justification_that_was_replaced_unseen_is_gone() {
    let node = Node::new(Kind::Complete);
    node.justify(8);
    let gone = complete(&node, json!({ "subject": "dataset:1", "at": 7 })).await;
    assert_eq!(gone["error"]["data"], json!({ "code": "not_found", "what": "justification", "block": 7 }));
    // What is stored with its block stays.
    let stored = complete(&node, json!({ "subject": "dataset:1", "at": 6 })).await;
    assert_eq!(stored["result"]["anchor"]["number"], 6);
}
