//! How the OpenRPC document describes the subscription, and whether what is streamed fits.
//!
//! OpenRPC knows requests and answers only. So the two methods are in the document, and the one that subscribes has two
//! extensions: `x-notification` for what follows its answer, and `x-unsubscribe` for the name of the other.

use crate::{
    cases::{self, Answered},
    document::{document, first_sentence},
    schema::{Schemas, Way},
    source::docs,
    validate::check,
};
use citynet_rpc::{STREAMED_RECORDS, SUBSCRIBE_RECORDS, UNSUBSCRIBE_RECORDS};
use serde_json::{json, Map, Value};
use std::{fs, path::Path};
use syn::{Item, ItemConst};

/// The methods whose answers are no objects, since jsonrpsee gives them.
pub const METHODS: [&str; 2] = [SUBSCRIBE_RECORDS, UNSUBSCRIBE_RECORDS];

/// The comments on the names of the methods.
struct Names(Vec<ItemConst>);

impl Names {
    fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/subscription/mod.rs");
        let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
        let constants = file.items.into_iter().filter_map(|item| match item {
            Item::Const(item) => Some(item),
            _ => None,
        });
        Self(constants.collect())
    }

    fn docs(&self, name: &str) -> String {
        let named = self.0.iter().find(|item| item.ident == name);
        docs(&named.unwrap_or_else(|| panic!("there is no constant {name}")).attrs)
    }
}

/// What the document says of the methods and of the notifications.
pub fn describe(schemas: &mut Schemas<'_>, answered: &[Answered]) -> [Value; 2] {
    let names = Names::read();
    let id = json!({ "oneOf": [{ "type": "string" }, { "type": "integer", "minimum": 0 }] });
    let [subscribe, unsubscribe] = ["SUBSCRIBE_RECORDS", "UNSUBSCRIBE_RECORDS"].map(|name| names.docs(name));
    let errors = ["Internal", "InvalidParams", "LimitExceeded", "NoIndex", "NotSynced"];
    let errors = errors.map(|error| json!({ "$ref": format!("#/components/errors/{error}") }));
    let streamed = schemas.of(&syn::parse_str("StreamedView").unwrap(), Way::Out);
    [
        json!({
            "name": SUBSCRIBE_RECORDS,
            "summary": first_sentence(&subscribe),
            "description": subscribe,
            "paramStructure": "either",
            "params": params(schemas),
            "result": { "name": "subscription", "schema": id },
            "errors": errors,
            "examples": examples(SUBSCRIBE_RECORDS, answered),
            "x-unsubscribe": UNSUBSCRIBE_RECORDS,
            "x-notification": {
                "name": STREAMED_RECORDS,
                "description": names.docs("STREAMED_RECORDS"),
                "paramStructure": "by-name",
                "params": [
                    { "name": "subscription", "required": true, "schema": id },
                    { "name": "result", "required": true, "schema": streamed },
                ],
            },
        }),
        json!({
            "name": UNSUBSCRIBE_RECORDS,
            "summary": first_sentence(&unsubscribe),
            "description": unsubscribe,
            "paramStructure": "by-position",
            "params": [{ "name": "subscription", "required": true, "schema": id }],
            "result": { "name": "ended", "schema": { "type": "boolean" } },
            "errors": [],
            "examples": examples(UNSUBSCRIBE_RECORDS, answered),
        }),
    ]
}

/// The fields of the parameters as parameters of their own.
fn params(schemas: &mut Schemas<'_>) -> Vec<Value> {
    schemas.of(&syn::parse_str("SubscriptionParams").unwrap(), Way::In);
    let whole = schemas.components.remove("SubscriptionParams").expect("it was described above");
    let param = |name: &str| {
        let mut schema = whole["properties"][name].clone();
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        json!({ "name": name, "description": description, "required": false, "schema": schema })
    };
    assert_eq!(whole["properties"].as_object().map(Map::len), Some(2), "each has its place");
    ["filter", "from"].map(param).into()
}

fn examples(method: &str, answered: &[Answered]) -> Vec<Value> {
    let cases = answered.iter().filter(|case| case.method == method);
    let example = |case: &Answered| {
        let result = case.answer.get("result")?;
        let named = |(name, value): (&String, &Value)| json!({ "name": name, "value": value });
        let params: Vec<_> = match &case.request["params"] {
            Value::Object(params) => params.iter().map(named).collect(),
            params => vec![json!({ "name": "subscription", "value": params[0] })],
        };
        let name = case.case.replace('_', " ");
        Some(json!({ "name": name, "params": params, "result": { "name": "answer", "value": result } }))
    };
    cases.filter_map(example).collect()
}

#[tokio::test]
async fn what_is_streamed_fits_the_document() {
    let answered = cases::all().await;
    let document = document(&answered);
    let methods = document["methods"].as_array().unwrap();
    let method = methods.iter().find(|method| method["name"] == SUBSCRIBE_RECORDS).unwrap();
    let schema = &method["x-notification"]["params"][1]["schema"];
    let streamed: Vec<_> = answered.iter().flat_map(|case| &case.notifications).collect();
    for notification in &streamed {
        assert_eq!(notification["method"], method["x-notification"]["name"]);
        check(&document, schema, &notification["params"]["result"]).unwrap_or_else(|error| panic!("{error}"));
    }
    for event in ["records", "closed"] {
        assert!(streamed.iter().any(|notification| notification["params"]["result"]["event"] == event), "{event}");
    }
}
