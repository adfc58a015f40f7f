//! Every method, asked in every way that has an answer of its own.

use crate::double::{Kind, Node};
use serde_json::{json, Value};
use std::collections::BTreeMap;

/// A request and what came back.
pub struct Answered {
    /// The method, such as `citynet_status`.
    pub method: String,
    /// What the case is about, in words with underscores.
    pub case: String,
    /// The node that was asked.
    pub node: Kind,
    pub request: Value,
    pub answer: Value,
}

/// Asks everything, in order.
pub async fn all() -> Vec<Answered> {
    let mut book = Book::default();
    single_objects(&mut book).await;
    pages(&mut book).await;
    proofs(&mut book).await;
    state(&mut book).await;
    money(&mut book).await;
    failing_nodes(&mut book).await;
    book.answered
}

#[derive(Default)]
struct Book {
    nodes: BTreeMap<Kind, Node>,
    answered: Vec<Answered>,
}

impl Book {
    /// Asks a complete node; parameters go by name.
    async fn ask(&mut self, method: &str, case: &str, params: Value) -> Value {
        self.ask_of(Kind::Complete, method, case, params).await
    }

    /// Returns the result, or null where there was an error.
    async fn ask_of(&mut self, kind: Kind, method: &str, case: &str, params: Value) -> Value {
        let method = format!("citynet_{method}");
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let node = self.nodes.entry(kind).or_insert_with(|| Node::new(kind));
        let answer = node.send(&request).await;
        let result = answer["result"].clone();
        self.answered.push(Answered { method, case: case.into(), node: kind, request, answer });
        result
    }
}

async fn single_objects(book: &mut Book) {
    book.ask("status", "complete", json!({})).await;
    book.ask("record", "found", json!({ "index": "8" })).await;
    book.ask("record", "not_found", json!({ "index": "1000" })).await;
    book.ask("record", "no_number", json!({ "index": "eight" })).await;
    book.ask("record", "no_index_given", json!({})).await;
    book.ask("device", "found", json!({ "device": "1" })).await;
    book.ask("device", "not_found", json!({ "device": "9" })).await;
    book.ask("batch", "found", json!({ "device": "1", "sequence": "15" })).await;
    book.ask("batch", "declared_missing", json!({ "device": "1", "sequence": "11" })).await;
    book.ask("batch", "not_found", json!({ "device": "1", "sequence": "18446744073709551615" })).await;
    book.ask("batch", "unknown_device", json!({ "device": "9", "sequence": "0" })).await;
    book.ask("dataset", "found", json!({ "dataset": "1" })).await;
    book.ask("dataset", "not_found", json!({ "dataset": "9" })).await;
    book.ask("datasetVersion", "found", json!({ "dataset": "2", "version": 1 })).await;
    book.ask("datasetVersion", "not_found", json!({ "dataset": "2", "version": 2 })).await;
    book.ask_of(Kind::WithoutIndex, "datasetVersion", "without_index", json!({ "dataset": "2", "version": 1 })).await;
    book.ask("grant", "found", json!({ "grant": "1" })).await;
    book.ask("grant", "not_found", json!({ "grant": "9" })).await;
    book.ask("organisation", "found", json!({ "id": 2 })).await;
    book.ask("organisation", "not_found", json!({ "id": 9 })).await;
    book.ask("organisation", "beyond_32_bits", json!({ "id": "4294967296" })).await;
}

async fn pages(book: &mut Book) {
    let of_device = json!({ "subject": "device:1", "kind": "batch_attested" });
    let first = book.ask("records", "first_page", json!({ "filter": of_device, "limit": 1 })).await;
    let next = first["next"].clone();
    book.ask("records", "last_page", json!({ "filter": of_device, "cursor": next, "limit": 1 })).await;
    book.ask("records", "all_of_a_device", json!({ "filter": of_device })).await;
    book.ask("records", "another_filter", json!({ "filter": {}, "cursor": next })).await;
    let everything = json!({
        "subject": "organisation:2",
        "organisation": "2",
        "account": "0x0000000000000000000000000000000000000000000000000000000000000000",
        "fromIndex": "1",
        "fromTime": "0",
        "toTime": 1_536_019_352_000u64,
    });
    book.ask("records", "nothing_fits", json!({ "filter": everything })).await;
    book.ask("records", "unknown_kind", json!({ "filter": { "kind": "batch" } })).await;
    book.ask("records", "unknown_field", json!({ "filter": { "device": "1" } })).await;
    book.ask("records", "limit_too_high", json!({ "limit": 1001 })).await;
    book.ask("records", "limit_zero", json!({ "limit": 0 })).await;
    book.ask("records", "cut_cursor", json!({ "filter": of_device, "cursor": "0100" })).await;
    let other = book.ask_of(Kind::Fork, "records", "of_a_fork", json!({ "filter": of_device, "limit": 1 })).await;
    book.ask("records", "cursor_expired", json!({ "filter": of_device, "cursor": other["next"] })).await;
    book.ask_of(Kind::Filling, "records", "not_synced", json!({})).await;
    book.ask_of(Kind::WithoutIndex, "records", "no_index", json!({})).await;

    book.ask("devices", "all", json!({})).await;
    book.ask("devices", "cursor_of_records", json!({ "cursor": next })).await;
    book.ask("devices", "limit_too_high", json!({ "limit": 4_294_967_295u32 })).await;
    let first = book.ask("datasets", "first_page", json!({ "limit": 1 })).await;
    book.ask("datasets", "last_page", json!({ "cursor": first["next"], "limit": 1 })).await;
    book.ask("grants", "found", json!({ "filter": { "dataset": "1", "provider": 2, "consumer": 3 } })).await;
    book.ask("grants", "nothing_fits", json!({ "filter": { "consumer": 2 } })).await;
    let owed = json!({ "currency": 1, "debtor": 3, "creditor": 2, "grant": "1" });
    book.ask("obligations", "found", json!({ "filter": owed })).await;
    book.ask("obligations", "cursor_of_datasets", json!({ "cursor": first["next"] })).await;
    book.ask("dependents", "of_a_device", json!({ "of": { "device": "1", "since": "1536019344500" } })).await;
    book.ask("dependents", "of_a_version", json!({ "of": { "version": "1@1" } })).await;
    book.ask("dependents", "unknown_version", json!({ "of": { "version": "1@2" } })).await;
    book.ask("dependents", "of_both", json!({ "of": { "version": "1@1", "device": "1" } })).await;
}

async fn proofs(book: &mut Book) {
    book.ask("proof", "two_records", json!({ "indices": ["8", "13"] })).await;
    book.ask("proof", "first_authorities", json!({ "indices": ["5"] })).await;
    book.ask("proof", "not_final_yet", json!({ "indices": ["17"] })).await;
    book.ask("proof", "not_finalised", json!({ "indices": ["18"] })).await;
    book.ask("proof", "not_found", json!({ "indices": ["19"] })).await;
    book.ask("proof", "none", json!({ "indices": [] })).await;
    let many: Vec<_> = (0..17).map(|index| index.to_string()).collect();
    book.ask("proof", "too_many", json!({ "indices": many })).await;
    book.ask("consistency", "found", json!({ "first": "7", "second": "18" })).await;
    book.ask("consistency", "from_nothing", json!({ "first": "0", "second": "18" })).await;
    book.ask("consistency", "beyond_the_end", json!({ "first": "7", "second": "19" })).await;
    let first = book.ask("completeness", "first_page", json!({ "subject": "dataset:1", "limit": 2 })).await;
    let last = json!({ "subject": "dataset:1", "cursor": first["next"] });
    book.ask("completeness", "last_page", last).await;
    book.ask("completeness", "nothing_about_it", json!({ "subject": "grant:9" })).await;
    book.ask("completeness", "no_subject", json!({ "subject": "motion:1" })).await;
    let other = json!({ "subject": "device:1", "cursor": first["next"] });
    book.ask("completeness", "another_subject", other).await;
}

async fn state(book: &mut Book) {
    let question = json!({ "consumer": 3, "dataset": "1", "action": "derive", "purpose": "dpv:AcademicResearch" });
    book.ask("checkAccess", "allowed", json!({ "question": question })).await;
    let question = json!({ "consumer": 1, "dataset": "1", "version": 1, "action": "read", "purpose": 2, "time": "5" });
    book.ask("checkAccess", "denied", json!({ "question": question })).await;
    let question = json!({ "consumer": 3, "dataset": "1", "action": "derive", "purpose": "dpv:Snow" });
    book.ask("checkAccess", "unknown_purpose", json!({ "question": question })).await;
    let question = json!({ "consumer": 3, "dataset": "1", "action": "sell", "purpose": 2 });
    book.ask("checkAccess", "unknown_action", json!({ "question": question })).await;
    book.ask("codes", "legal_bases", json!({ "list": "legal_basis" })).await;
    book.ask("codes", "unknown_list", json!({ "list": "colours" })).await;
    book.ask("organisations", "all", json!({})).await;
    book.ask("parameters", "all", json!({})).await;
    book.ask("motions", "all", json!({})).await;
    book.ask("recoveries", "all", json!({})).await;
    book.ask("validators", "all", json!({})).await;
    book.ask("peers", "all", json!({})).await;
}

async fn money(book: &mut Book) {
    book.ask("currencies", "all", json!({})).await;
    book.ask("balances", "found", json!({ "organisation": 3 })).await;
    book.ask("balances", "not_found", json!({ "organisation": 9 })).await;
    book.ask("withdrawals", "found", json!({ "currency": 1 })).await;
    book.ask("withdrawals", "of_no_currency", json!({ "currency": 2 })).await;
    book.ask("grantAccount", "found", json!({ "grant": "1" })).await;
    book.ask("grantAccount", "not_found", json!({ "grant": "9" })).await;
    book.ask("obligation", "found", json!({ "obligation": "1" })).await;
    book.ask("obligation", "not_found", json!({ "obligation": "9" })).await;
    book.ask("cycle", "found", json!({ "currency": 1, "number": 1 })).await;
    book.ask("cycle", "not_found", json!({ "currency": 1, "number": 9 })).await;
}

async fn failing_nodes(book: &mut Book) {
    book.ask_of(Kind::WithoutIndex, "status", "without_index", json!({})).await;
    book.ask_of(Kind::Filling, "status", "filling", json!({})).await;
    book.ask_of(Kind::Broken, "status", "internal", json!({})).await;
    book.ask_of(Kind::Pruned, "organisations", "pruned", json!({})).await;
    book.ask_of(Kind::Pruned, "proof", "pruned", json!({ "indices": ["5"] })).await;
    book.ask_of(Kind::Broken, "grants", "internal", json!({})).await;
    book.ask_of(Kind::Thrifty, "records", "too_expensive", json!({})).await;
}
