//! Every method, asked in every way that has an answer of its own.

use crate::{
    double::{Kind, Node},
    story::{admin, time, TELECOM, UNIVERSITY},
};
use citynet_rpc::{SUBSCRIBE_RECORDS, UNSUBSCRIBE_RECORDS};
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
    /// What followed, if it was to subscribe.
    pub notifications: Vec<Value>,
}

/// What stands for the id of a subscription.
const SUBSCRIPTION: &str = "FB6NJY4eVgWiLhEo";

/// Asks everything, in order.
pub async fn all() -> Vec<Answered> {
    let mut book = Book::default();
    single_objects(&mut book).await;
    pages(&mut book).await;
    things(&mut book).await;
    extrinsics(&mut book).await;
    lineage(&mut book).await;
    proofs(&mut book).await;
    state(&mut book).await;
    as_of(&mut book).await;
    money(&mut book).await;
    subscriptions(&mut book).await;
    failing_nodes(&mut book).await;
    book.answered
}

fn hex(bytes: [u8; 32]) -> String {
    format!("0x{}", hex::encode(bytes))
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
        let (case, notifications) = (case.to_owned(), Vec::new());
        self.answered.push(Answered { method, case, node: kind, request, answer, notifications });
        result
    }

    /// Subscribes to records, and takes the first notifications.
    async fn subscribe(&mut self, kind: Kind, case: &str, params: Value, notifications: usize) {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": SUBSCRIBE_RECORDS, "params": params });
        let node = self.nodes.entry(kind).or_insert_with(|| Node::new(kind));
        let (mut answer, mut notifications, _) = node.subscribe(&request, notifications).await;
        // Chance makes the ids.
        let id = std::mem::replace(&mut answer["result"], json!(SUBSCRIPTION));
        for notification in &mut notifications {
            let given = std::mem::replace(&mut notification["params"]["subscription"], json!(SUBSCRIPTION));
            assert_eq!(given, id);
        }
        let (method, case) = (SUBSCRIBE_RECORDS.to_owned(), case.to_owned());
        self.answered.push(Answered { method, case, node: kind, request, answer, notifications });
    }

    /// Ends a subscription that there is.
    async fn unsubscribe(&mut self, case: &str) {
        let kind = Kind::Complete;
        let request = |method, params| json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let node = self.nodes.entry(kind).or_insert_with(|| Node::new(kind));
        let (subscribed, _, _open) = node.subscribe(&request(SUBSCRIBE_RECORDS, json!({})), 0).await;
        let answer = node.send(&request(UNSUBSCRIBE_RECORDS, json!([subscribed["result"]]))).await;
        let request = request(UNSUBSCRIBE_RECORDS, json!([SUBSCRIPTION]));
        let (method, case, notifications) = (UNSUBSCRIBE_RECORDS.to_owned(), case.to_owned(), Vec::new());
        self.answered.push(Answered { method, case, node: kind, request, answer, notifications });
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
}

/// Things by their names: records that name them, and whatever a text can be.
async fn things(book: &mut Book) {
    let of_cycles = json!({ "naming": "currency:1", "kind": "cycle_opened", "fromTime": "1", "toTime": time(8) });
    let first = book.ask("records", "naming_first_page", json!({ "filter": of_cycles, "limit": 1 })).await;
    let last = json!({ "filter": of_cycles, "cursor": first["next"], "limit": 1 });
    book.ask("records", "naming_last_page", last).await;
    let both = json!({ "naming": "grant:1", "subject": "grant:1" });
    book.ask("records", "naming_and_subject", json!({ "filter": both })).await;
    book.ask("records", "naming_nothing_known", json!({ "filter": { "naming": "vote:1" } })).await;
    let beyond = json!({ "subject": "grant:18446744073709551615" });
    book.ask("records", "number_beyond_the_index", json!({ "filter": beyond })).await;

    book.ask("search", "number", json!({ "text": "1" })).await;
    book.ask("search", "version", json!({ "text": "dataset:1@1" })).await;
    book.ask("search", "pair", json!({ "text": "1-0" })).await;
    book.ask("search", "account", json!({ "text": hex(admin(TELECOM)) })).await;
    book.ask("search", "payment", json!({ "text": "urn:uuid:1e1e1e1e-1e1e-1e1e-1e1e-1e1e1e1e1e1e" })).await;
    book.ask("search", "words", json!({ "text": "Neva Telecom" })).await;
    book.ask_of(Kind::WithoutIndex, "search", "no_index", json!({ "text": "1" })).await;
}

async fn extrinsics(book: &mut Book) {
    let signed = json!({ "account": hex(admin(UNIVERSITY)) });
    let first = book.ask("extrinsics", "of_an_account", json!({ "filter": signed, "limit": 1 })).await;
    let last = json!({ "filter": signed, "cursor": first["next"], "limit": 1 });
    book.ask("extrinsics", "of_an_account_last_page", last).await;
    book.ask("extrinsics", "of_a_block", json!({ "filter": { "block": 4 } })).await;
    let both = json!({ "account": hex(admin(TELECOM)), "block": 4 });
    let one = book.ask("extrinsics", "of_both", json!({ "filter": both })).await;
    book.ask("extrinsics", "of_neither", json!({ "filter": {} })).await;
    book.ask("extrinsics", "unknown_block", json!({ "filter": { "block": 9 } })).await;
    let other = json!({ "filter": { "block": 4 }, "cursor": first["next"] });
    book.ask("extrinsics", "another_filter", other).await;
    let hash = &one["items"][0]["hash"];
    book.ask("extrinsic", "found", json!({ "hash": hash })).await;
    book.ask("extrinsic", "not_found", json!({ "hash": hex([0x11; 32]) })).await;
    book.ask("extrinsic", "no_hash", json!({ "hash": "0x11" })).await;
    book.ask_of(Kind::Pruned, "extrinsic", "pruned", json!({ "hash": hash })).await;
}

async fn lineage(book: &mut Book) {
    book.ask("dependents", "of_a_device", json!({ "of": { "device": "1", "since": "1536019344500" } })).await;
    book.ask("dependents", "of_a_version", json!({ "of": { "version": "1@1" } })).await;
    book.ask("dependents", "unknown_version", json!({ "of": { "version": "1@2" } })).await;
    book.ask("dependents", "of_both", json!({ "of": { "version": "1@1", "device": "1" } })).await;
    book.ask("sources", "of_a_version", json!({ "version": "2@1" })).await;
    book.ask("sources", "one_step", json!({ "version": "2@1", "depth": 1 })).await;
    book.ask("sources", "unknown_version", json!({ "version": "1@2" })).await;
    book.ask("sources", "no_version", json!({ "version": "2" })).await;
    book.ask("sources", "too_deep", json!({ "version": "2@1", "depth": 65 })).await;
    book.ask("sources", "depth_zero", json!({ "version": "2@1", "depth": 0 })).await;
}

async fn proofs(book: &mut Book) {
    book.ask("proof", "two_records", json!({ "indices": ["8", "13"] })).await;
    book.ask("proof", "first_authorities", json!({ "indices": ["5"] })).await;
    book.ask("proof", "not_final_yet", json!({ "indices": ["17"] })).await;
    book.ask("proof", "not_finalised", json!({ "indices": ["20"] })).await;
    book.ask("proof", "not_found", json!({ "indices": ["21"] })).await;
    book.ask("proof", "none", json!({ "indices": [] })).await;
    let many: Vec<_> = (0..17).map(|index| index.to_string()).collect();
    book.ask("proof", "too_many", json!({ "indices": many })).await;
    book.ask("consistency", "found", json!({ "first": "7", "second": "20" })).await;
    book.ask("consistency", "from_nothing", json!({ "first": "0", "second": "20" })).await;
    book.ask("consistency", "beyond_the_end", json!({ "first": "7", "second": "21" })).await;
    let first = book.ask("completeness", "first_page", json!({ "subject": "dataset:1", "limit": 2 })).await;
    let last = json!({ "subject": "dataset:1", "cursor": first["next"] });
    book.ask("completeness", "last_page", last).await;
    book.ask("completeness", "nothing_about_it", json!({ "subject": "grant:9" })).await;
    book.ask("completeness", "no_subject", json!({ "subject": "motion:1" })).await;
    let other = json!({ "subject": "device:1", "cursor": first["next"] });
    book.ask("completeness", "another_subject", other).await;
    book.ask("completeness", "at_a_block", json!({ "subject": "dataset:1", "at": 6 })).await;
    book.ask("completeness", "at_the_anchor_of_another", json!({ "subject": "device:1", "at": 7 })).await;
    book.ask("completeness", "at_a_block_without_justification", json!({ "subject": "dataset:1", "at": 5 })).await;
    book.ask("completeness", "at_a_block_to_come", json!({ "subject": "dataset:1", "at": 9 })).await;
    let elsewhere = json!({ "subject": "dataset:1", "cursor": first["next"], "at": 6 });
    book.ask("completeness", "at_another_block_than_the_cursor", elsewhere).await;
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

async fn as_of(book: &mut Book) {
    for object in ["organisation:2", "dataset:1", "version:1@1", "device:1", "grant:1", "obligation:1", "cycle:1-1"] {
        let case = object.replace([':', '@', '-'], "_");
        book.ask("stateAt", &case, json!({ "object": object, "at": { "block": 8 } })).await;
    }
    book.ask("stateAt", "currency_1", json!({ "object": "currency:1", "at": { "time": time(6) } })).await;
    book.ask("stateAt", "withdrawal_1", json!({ "object": "withdrawal:1", "at": { "time": time(6) + 999 } })).await;
    book.ask("stateAt", "motion_3", json!({ "object": "motion:3", "at": { "time": "0" } })).await;
    book.ask("stateAt", "before_it_was", json!({ "object": "grant:1", "at": { "time": time(4) - 1 } })).await;
    book.ask("stateAt", "when_it_began", json!({ "object": "grant:1", "at": { "time": time(4) } })).await;
    book.ask("stateAt", "motion_closed", json!({ "object": "motion:2", "at": { "block": 8 } })).await;
    book.ask("stateAt", "block_to_come", json!({ "object": "grant:1", "at": { "block": 9 } })).await;
    book.ask("stateAt", "time_to_come", json!({ "object": "grant:1", "at": { "time": time(8) + 1 } })).await;
    book.ask("stateAt", "no_object", json!({ "object": "record:1", "at": { "block": 8 } })).await;
    book.ask("stateAt", "at_both", json!({ "object": "grant:1", "at": { "block": 8, "time": "0" } })).await;

    let asked = json!({ "dataset": "1", "time": time(8) });
    let first = book.ask("accessAt", "first_page", json!({ "question": asked, "limit": 1 })).await;
    let last = json!({ "question": asked, "cursor": first["next"], "limit": 1 });
    book.ask("accessAt", "last_page", last).await;
    let later = json!({ "dataset": "1", "time": time(8) - 1 });
    book.ask("accessAt", "another_question", json!({ "question": later, "cursor": first["next"] })).await;
    let narrow = json!({
        "dataset": "1",
        "time": time(5) + 500,
        "consumer": 3,
        "version": 1,
        "action": "read",
        "purpose": "dpv:AcademicResearch",
    });
    book.ask("accessAt", "one_use", json!({ "question": narrow })).await;
    book.ask("accessAt", "before_the_grant", json!({ "question": { "dataset": "1", "time": time(3) } })).await;
    book.ask("accessAt", "before_the_dataset", json!({ "question": { "dataset": "1", "time": "0" } })).await;
    book.ask("accessAt", "time_to_come", json!({ "question": { "dataset": "1", "time": time(9) } })).await;
    let unknown = json!({ "dataset": "1", "time": time(8), "purpose": "dpv:Snow" });
    book.ask("accessAt", "unknown_purpose", json!({ "question": unknown })).await;
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
    let first = book.ask("cycles", "first_page", json!({ "currency": 1, "limit": 1 })).await;
    book.ask("cycles", "last_page", json!({ "currency": 1, "cursor": first["next"], "limit": 1 })).await;
    book.ask("cycles", "not_found", json!({ "currency": 2 })).await;
    book.ask("cycles", "another_currency", json!({ "currency": 2, "cursor": first["next"] })).await;
    let other = book.ask_of(Kind::Fork, "cycles", "of_a_fork", json!({ "currency": 1, "limit": 1 })).await;
    book.ask("cycles", "cursor_expired", json!({ "currency": 1, "cursor": other["next"] })).await;
}

async fn subscriptions(book: &mut Book) {
    let of_device = json!({ "subject": "device:1", "kind": "batch_attested" });
    let from_genesis = json!({ "filter": of_device, "from": "0" });
    book.subscribe(Kind::Complete, "from_genesis", from_genesis.clone(), 1).await;
    book.subscribe(Kind::Complete, "from_now", json!({}), 1).await;
    book.subscribe(Kind::Fork, "ended_by_the_node", from_genesis, 2).await;
    book.ask("subscribeRecords", "unknown_kind", json!({ "filter": { "kind": "batch" } })).await;
    book.ask("subscribeRecords", "no_index_to_begin_with", json!({ "from": "now" })).await;
    book.ask_of(Kind::Filling, "subscribeRecords", "not_synced", json!({})).await;
    book.ask_of(Kind::WithoutIndex, "subscribeRecords", "no_index", json!({})).await;
    book.ask_of(Kind::Thrifty, "subscribeRecords", "limit_exceeded", json!({})).await;
    book.unsubscribe("ended").await;
    book.ask("unsubscribeRecords", "no_such_subscription", json!([SUBSCRIPTION])).await;
}

async fn failing_nodes(book: &mut Book) {
    book.ask_of(Kind::WithoutIndex, "status", "without_index", json!({})).await;
    book.ask_of(Kind::Filling, "status", "filling", json!({})).await;
    book.ask_of(Kind::Broken, "status", "internal", json!({})).await;
    book.ask_of(Kind::Pruned, "organisations", "pruned", json!({})).await;
    book.ask_of(Kind::Pruned, "proof", "pruned", json!({ "indices": ["5"] })).await;
    let long_ago = json!({ "object": "grant:1", "at": { "time": time(4) } });
    book.ask_of(Kind::Pruned, "stateAt", "pruned", long_ago).await;
    book.ask_of(Kind::Broken, "grants", "internal", json!({})).await;
    book.ask_of(Kind::Thrifty, "records", "too_expensive", json!({})).await;
}
