//! Whether JSON fits a schema, as far as `schema.rs` makes schemas. Stricter than a client needs to be: an object must have
//! nothing that is not described, or a field could be forgotten unseen.

use crate::schema::{BYTES, DECIMAL, DIGITS};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every keyword that is understood.
const KEYWORDS: [&str; 18] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "description",
    "enum",
    "items",
    "maxItems",
    "maximum",
    "minItems",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "uniqueItems",
];

/// Checks a value; references are looked up in `document`.
///
/// # Errors
///
/// Where it does not fit, and why.
pub fn check(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    whole(document, schema, value, "")
}

fn whole(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let known = fit(document, schema, value, at)?;
    let undescribed = value.as_object().and_then(|object| object.keys().find(|key| !known.contains(key.as_str())));
    undescribed.map_or(Ok(()), |key| Err(format!("{at}/{key} is not described")))
}

/// Returns the properties of the value that the schema describes.
fn fit<'s>(document: &'s Value, schema: &'s Value, value: &Value, at: &str) -> Result<BTreeSet<&'s str>, String> {
    let object = schema.as_object().ok_or_else(|| format!("{at}: a schema is an object"))?;
    if let Some(unknown) = object.keys().find(|key| !KEYWORDS.contains(&key.as_str())) {
        return Err(format!("{at}: validate.rs does not know the keyword {unknown}"));
    }
    if let Some(target) = schema["$ref"].as_str() {
        let target = target.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        return fit(document, target.ok_or_else(|| format!("{at}: {} leads nowhere", schema["$ref"]))?, value, at);
    }
    let differs = |what: &str| Err(format!("{at}: {value} is not {what}"));
    if let Some(options) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fits: Vec<_> = options.iter().map(|option| fit(document, option, value, at)).collect();
        let reasons: Vec<_> = fits.iter().filter_map(|fit| fit.as_ref().err().cloned()).collect();
        let mut fitting = fits.into_iter().flatten();
        let (first, second) = (fitting.next(), fitting.next());
        if second.is_some() && schema["oneOf"].is_array() {
            return differs("exactly one of several");
        }
        return first.ok_or_else(|| format!("{at}: fits nothing: {}", reasons.join("; ")));
    }
    if let Some(all) = schema["allOf"].as_array() {
        let mut known = BTreeSet::new();
        for part in all {
            known.extend(fit(document, part, value, at)?);
        }
        return Ok(known);
    }
    if let Some(constant) = schema.get("const") {
        return if value == constant { Ok(BTreeSet::new()) } else { differs(&constant.to_string()) };
    }
    match schema["type"].as_str() {
        Some("null") if value.is_null() => {}
        Some("boolean") if value.is_boolean() => {}
        Some("integer") => {
            let number = value.as_u64();
            let (least, most) = (schema["minimum"].as_u64(), schema["maximum"].as_u64());
            if number.is_none_or(|number| {
                least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most)
            }) {
                return differs("a number within its bounds");
            }
        }
        Some("string") => {
            let text = value.as_str().ok_or_else(|| format!("{at}: {value} is no string"))?;
            if schema["enum"].as_array().is_some_and(|members| !members.contains(value)) {
                return differs("in the list");
            }
            if schema["pattern"].as_str().is_some_and(|pattern| !matches(pattern, text)) {
                return differs("of the pattern");
            }
        }
        Some("array") => {
            let items = value.as_array().ok_or_else(|| format!("{at}: {value} is no list"))?;
            let count = u64::try_from(items.len()).map_err(|error| error.to_string())?;
            if schema["minItems"].as_u64().is_some_and(|least| count < least)
                || schema["maxItems"].as_u64().is_some_and(|most| count > most)
            {
                return differs("of a length within its bounds");
            }
            for (position, item) in items.iter().enumerate() {
                whole(document, &schema["items"], item, &format!("{at}/{position}"))?;
            }
        }
        Some("object") => {
            let fields = value.as_object().ok_or_else(|| format!("{at}: {value} is no object"))?;
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            if let Some(missing) = required.into_iter().find(|name| !fields.contains_key(*name)) {
                return Err(format!("{at}/{missing} is missing"));
            }
            let properties = schema["properties"].as_object().ok_or_else(|| format!("{at}: no properties"))?;
            for (name, property) in properties {
                if let Some(field) = fields.get(name) {
                    whole(document, property, field, &format!("{at}/{name}"))?;
                }
            }
            return Ok(properties.keys().map(String::as_str).collect());
        }
        _ => return differs(&schema["type"].to_string()),
    }
    Ok(BTreeSet::new())
}

/// The patterns that `schema.rs` writes.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match pattern {
        BYTES => text.strip_prefix("0x").is_some_and(|text| hex(text) && text.len() % 2 == 0),
        DECIMAL => digits(text) && (text == "0" || !text.starts_with('0')),
        DIGITS => digits(text),
        _ => {
            let count = pattern.strip_prefix("^0x[0-9a-f]{").and_then(|rest| rest.strip_suffix("}$"));
            let count: usize = count.and_then(|count| count.parse().ok()).expect("schema.rs writes no other pattern");
            text.strip_prefix("0x").is_some_and(|text| hex(text) && text.len() == count)
        }
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    use serde_json::json;
    let document = json!({ "components": { "schemas": {
        "Hash": { "type": "string", "pattern": "^0x[0-9a-f]{4}$" },
        "Thing": { "oneOf": [
            { "type": "object", "properties": { "kind": { "const": "a" }, "hash": { "$ref": "#/components/schemas/Hash" } }, "required": ["hash", "kind"] },
            { "type": "object", "properties": { "kind": { "const": "b" } }, "required": ["kind"] },
        ] },
        "Answer": { "allOf": [
            { "type": "object", "properties": { "number": { "type": "string", "pattern": DECIMAL } }, "required": ["number"] },
            { "$ref": "#/components/schemas/Thing" },
        ] },
    } } });
    let check = |value: Value| check(&document, &json!({ "$ref": "#/components/schemas/Answer" }), &value);
    assert_eq!(check(json!({ "number": "10", "kind": "a", "hash": "0x00ff" })), Ok(()));
    assert_eq!(check(json!({ "number": "0", "kind": "b" })), Ok(()));
    for (wrong, reason) in [
        (json!({ "kind": "b" }), "/number is missing"),
        (json!({ "number": "01", "kind": "b" }), "not of the pattern"),
        (json!({ "number": 1, "kind": "b" }), "no string"),
        (json!({ "number": "1", "kind": "c" }), "fits nothing"),
        (json!({ "number": "1", "kind": "a" }), "/hash is missing"),
        (json!({ "number": "1", "kind": "a", "hash": "0x00FF" }), "not of the pattern"),
        (json!({ "number": "1", "kind": "b", "hash": "0x00ff" }), "/hash is not described"),
        (json!({ "number": "1", "kind": "b", "more": null }), "/more is not described"),
        (json!([]), "no object"),
    ] {
        let error = check(wrong.clone()).unwrap_err();
        assert!(error.contains(reason), "{wrong}: {error}");
    }
}
