//! The form of `citynet_completeness`, and what becomes of it.

use citynet_primitives::{GrantId, Subject, SubjectHead};
use citynet_proofs::{jcs, verify_list, Step, Trust};
use citynet_rpc::{
    Anchor, AuthoritiesView, CompletenessProofView, CompletenessView, GenesisView, Hex, Page, RecordView,
};
use serde_json::{json, Value};
use std::{fs, path::Path};

fn page(next: Option<&str>) -> Page<RecordView> {
    let next = next.map(str::to_owned);
    Page { anchor: Anchor { number: 9, hash: Hex(vec![0xcc; 32]) }, items: Vec::new(), complete: next.is_none(), next }
}

#[test]
fn the_first_page_has_the_proof_and_the_others_have_not() {
    let proof = CompletenessProofView {
        genesis_hash: Hex(vec![1]),
        head: SubjectHead { count: u64::MAX, chain: [2; 32] },
        state: vec![Hex(vec![3]), Hex(vec![4])],
        header: Hex(vec![5]),
        justification: Hex(vec![6]),
        authorities: AuthoritiesView {
            genesis: GenesisView { state_root: Hex(vec![7]), proof: vec![Hex(vec![8])] },
            changes: Vec::new(),
        },
    };
    let subject = Subject::Grant(GrantId(5));
    let anchor = json!({ "number": 9, "hash": format!("0x{}", "cc".repeat(32)) });
    let first = json!(CompletenessView::new(subject, page(Some("00")), Some(proof)));
    let expected = json!({
        "anchor": anchor,
        "subject": "grant:5",
        "items": [],
        "next": "00",
        "complete": false,
        "proof": {
            "genesisHash": "0x01",
            "head": { "count": "18446744073709551615", "chain": format!("0x{}", "02".repeat(32)) },
            "state": ["0x03", "0x04"],
            "header": "0x05",
            "justification": "0x06",
            "authorities": { "genesis": { "stateRoot": "0x07", "proof": ["0x08"] }, "changes": [] },
        },
    });
    assert_eq!(first, expected);
    let last = json!(CompletenessView::new(subject, page(None), None));
    assert_eq!((&last["proof"], &last["complete"], &last["next"]), (&json!(null), &json!(true), &json!(null)));
}

/// What the node of the golden files answered.
fn recorded(name: &str) -> Value {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/citynet_completeness").join(name);
    let file: Value = serde_json::from_slice(&fs::read(golden).unwrap()).unwrap();
    file["answer"]["result"].clone()
}

/// The list that a client makes of pages.
fn list(pages: &[&Value]) -> Value {
    let items = pages.iter().flat_map(|page| page["items"].as_array().unwrap());
    let records: Vec<Value> = items.map(|item| json!({ "record": item["encoded"] })).collect();
    let proof = &pages[0]["proof"];
    json!({
        "authorities": proof["authorities"],
        "finality": { "header": proof["header"], "justification": proof["justification"] },
        "format": "citynet.list/1",
        "genesisHash": proof["genesisHash"],
        "head": proof["state"],
        "records": records,
        "subject": pages[0]["subject"],
    })
}

/// That the list of pages holds, and with any record left out does not.
fn assert_proven(pages: &[&Value]) {
    let (list, proof) = (list(pages), &pages[0]["proof"]);
    let genesis = hex::decode(&proof["genesisHash"].as_str().unwrap()[2..]).unwrap();
    let trust = Trust::Genesis(genesis.try_into().unwrap());
    let verified = verify_list(jcs::to_string(&list).unwrap().as_bytes(), &trust).unwrap();
    assert_eq!(json!(verified.head), proof["head"]);
    assert_eq!(json!(verified.block.number), pages[0]["anchor"]["number"]);
    let records = list["records"].as_array().unwrap().len();
    assert_eq!(verified.records.len(), records);
    for position in 0..records {
        let mut short = list.clone();
        short["records"].as_array_mut().unwrap().remove(position);
        let failure = verify_list(jcs::to_string(&short).unwrap().as_bytes(), &trust).unwrap_err();
        assert_eq!(failure.step, Step::Records, "without {position}");
    }
}

#[test]
fn the_pages_of_a_node_are_proven_complete() {
    let (first, last) = (recorded("first_page.json"), recorded("last_page.json"));
    assert_eq!((&first["complete"], &last["complete"]), (&json!(false), &json!(true)));
    assert_proven(&[&first, &last]);
}

#[test]
fn lists_as_of_one_block_are_proven_complete_there() {
    let (first, other) = (recorded("first_page.json"), recorded("at_the_anchor_of_another.json"));
    assert_eq!(first["anchor"], other["anchor"]);
    assert_ne!(first["subject"], other["subject"]);
    assert_proven(&[&other]);
    let earlier = recorded("at_a_block.json");
    assert_eq!(earlier["anchor"]["number"], 6);
    assert_proven(&[&earlier]);
}
