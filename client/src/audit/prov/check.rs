//! Whether a PROV-JSON document is a good one.
//!
//! Libraries load documents whose relations lead nowhere and whose times run backwards. This check does not: it refuses
//! whatever PROV's constraints forbid as far as documents of ours can break them, and whatever it does not know. So a
//! document that it refuses may still be PROV-JSON, but no reader has to guess about one that it accepts.
//!
//! * Every prefix is declared, and every name is a qualified one that needs no escaping.
//! * Every relation has its mandatory arguments (here also those that PROV would let be open), and each leads to an
//!   entity, an activity or an agent of the document. Nothing is two of these.
//! * An activity does not end before it begins. What it generates it generates between the two. What it uses was generated
//!   before it ended, and what something is derived from not later than that.
//! * An entity is generated once, and derived neither from itself nor in a circle; who derives it has used the one and
//!   generated the other.

use crate::time::parse_utc;
use citynet_primitives::Moment;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A document is not a good one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProvError {
    /// Something is not of the form that it must have.
    #[error("{place}: it is not {expected}")]
    Form {
        /// Where.
        place: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A kind of record that this check does not know.
    #[error("`{0}` is no kind of record that is known here")]
    UnknownSection(String),
    /// A name is no qualified one, or it would need escaping.
    #[error("{place}: `{name}` is not a qualified name such as version:7@3")]
    BadName {
        /// Where.
        place: String,
        /// The name.
        name: String,
    },
    /// A name's prefix is declared nowhere.
    #[error("{place}: the prefix of `{name}` is not declared")]
    UndeclaredPrefix {
        /// Where.
        place: String,
        /// The name.
        name: String,
    },
    /// A mandatory argument is missing.
    #[error("{record}: `{argument}` is missing")]
    Missing {
        /// The record.
        record: String,
        /// The argument.
        argument: &'static str,
    },
    /// An argument leads nowhere.
    #[error("{record}: `{name}`, its `{argument}`, is no {kind} of the document")]
    Dangling {
        /// The record.
        record: String,
        /// The argument.
        argument: &'static str,
        /// What it names.
        name: String,
        /// What it should name.
        kind: &'static str,
    },
    /// One name is given to two things of different kinds.
    #[error("`{0}` names things of two kinds")]
    TwoKinds(String),
    /// Times run backwards.
    #[error("{record}: {what}")]
    TimeOrder {
        /// The record.
        record: String,
        /// How.
        what: &'static str,
    },
    /// Something is generated twice.
    #[error("`{0}` is generated more than once")]
    GeneratedTwice(String),
    /// Something is derived from itself, directly or not.
    #[error("`{0}` is derived from itself")]
    Cycle(String),
    /// A derivation names an activity that did not do it.
    #[error("{record}: the activity has not used the one and generated the other")]
    NotDerived {
        /// The record.
        record: String,
    },
}

/// What is in a good document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Entities, activities, agents and relations.
    pub records: usize,
    /// Entities.
    pub entities: usize,
    /// Activities.
    pub activities: usize,
    /// Agents.
    pub agents: usize,
}

/// An argument of a kind of record.
struct Argument {
    name: &'static str,
    is_mandatory: bool,
    leads_to: Target,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Section(&'static str),
    Time,
}

const fn must(name: &'static str, section: &'static str) -> Argument {
    Argument { name, is_mandatory: true, leads_to: Target::Section(section) }
}

const fn may(name: &'static str, section: &'static str) -> Argument {
    Argument { name, is_mandatory: false, leads_to: Target::Section(section) }
}

const fn time(name: &'static str) -> Argument {
    Argument { name, is_mandatory: false, leads_to: Target::Time }
}

/// The kinds of things, whose names are their own.
const ELEMENTS: [&str; 3] = ["entity", "activity", "agent"];

/// The kinds of records with their arguments.
const SECTIONS: &[(&str, &[Argument])] = &[
    ("entity", &[]),
    ("activity", &[time("prov:startTime"), time("prov:endTime")]),
    ("agent", &[]),
    ("used", &[must("prov:activity", "activity"), must("prov:entity", "entity"), time("prov:time")]),
    ("wasGeneratedBy", &[must("prov:entity", "entity"), must("prov:activity", "activity"), time("prov:time")]),
    (
        "wasDerivedFrom",
        &[must("prov:generatedEntity", "entity"), must("prov:usedEntity", "entity"), may("prov:activity", "activity")],
    ),
    (
        "wasAssociatedWith",
        &[must("prov:activity", "activity"), must("prov:agent", "agent"), may("prov:plan", "entity")],
    ),
    ("wasAttributedTo", &[must("prov:entity", "entity"), must("prov:agent", "agent")]),
];

/// The attributes of PROV's own that any record may have.
const ATTRIBUTES: [&str; 5] = ["prov:type", "prov:label", "prov:location", "prov:value", "prov:role"];

/// Checks a document.
///
/// # Errors
///
/// [`ProvError`]: the first thing that is wrong. Names and forms come first, then where they lead, then times.
pub fn check(document: &Value) -> Result<Checked, ProvError> {
    let sections = object(document, "the document", "an object")?;
    let prefixes = prefixes(sections)?;
    let mut read = Document::default();
    for (section, records) in sections.iter().filter(|(section, _)| *section != "prefix") {
        let known = SECTIONS.iter().find(|(known, _)| known == section);
        let (section, arguments) = known.ok_or_else(|| ProvError::UnknownSection(section.clone()))?;
        let records = object(records, section, "an object of records")?;
        for (name, record) in records {
            read.record(section, arguments, name, record, &prefixes)?;
        }
    }
    read.check_references()?;
    read.check_times()?;
    read.check_derivations()?;
    let size = |section: &str| read.names.get(section).map_or(0, BTreeSet::len);
    Ok(Checked {
        records: read.records.len(),
        entities: size("entity"),
        activities: size("activity"),
        agents: size("agent"),
    })
}

fn object<'a>(value: &'a Value, place: &str, expected: &'static str) -> Result<&'a Map<String, Value>, ProvError> {
    value.as_object().ok_or_else(|| ProvError::Form { place: place.to_owned(), expected })
}

fn prefixes(sections: &Map<String, Value>) -> Result<BTreeSet<&str>, ProvError> {
    let declared = sections.get("prefix").unwrap_or(&Value::Null);
    let declared = object(declared, "prefix", "an object of prefixes")?;
    for (prefix, uri) in declared {
        let place = || format!("prefix {prefix}");
        let mut letters = prefix.chars();
        let begins = letters.next().is_some_and(|first| first.is_ascii_alphabetic());
        let goes_on = letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
        if !begins || !goes_on {
            return Err(ProvError::Form { place: place(), expected: "a prefix: a letter, then letters and digits" });
        }
        let scheme = uri.as_str().and_then(|uri| uri.split_once(':')).map(|(scheme, rest)| (scheme, rest.is_empty()));
        let is_uri = scheme.is_some_and(|(scheme, is_empty)| {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.');
            !is_empty && scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.chars().all(plain)
        });
        let is_clean = uri.as_str().is_some_and(|uri| uri.chars().all(|letter| letter.is_ascii_graphic()));
        if !is_uri || !is_clean {
            return Err(ProvError::Form { place: place(), expected: "an absolute URI" });
        }
    }
    Ok(declared.keys().map(String::as_str).collect())
}

/// Checks that a name is a prefix that is declared, and a local part of PROV-N that needs no escaping.
fn check_name(name: &str, place: &str, prefixes: &BTreeSet<&str>) -> Result<(), ProvError> {
    let bad = || ProvError::BadName { place: place.to_owned(), name: name.to_owned() };
    let (prefix, local) = name.split_once(':').ok_or_else(bad)?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./@~&+*?#$!".contains(letter);
    let begins = local.starts_with(|first: char| !matches!(first, '-' | '.'));
    if prefix.is_empty() || !begins || local.ends_with('.') || !local.chars().all(plain) {
        return Err(bad());
    }
    if !prefixes.contains(prefix) {
        return Err(ProvError::UndeclaredPrefix { place: place.to_owned(), name: name.to_owned() });
    }
    Ok(())
}

/// Checks the value of an attribute that is no argument.
fn check_value(value: &Value, place: &str, prefixes: &BTreeSet<&str>) -> Result<(), ProvError> {
    let form = |expected| ProvError::Form { place: place.to_owned(), expected };
    match value {
        Value::String(_) | Value::Bool(_) => Ok(()),
        Value::Number(number) => {
            // Beyond that, readers see another number.
            let is_exact = number.as_i64().is_some_and(|number| number.unsigned_abs() < 1 << 53);
            is_exact.then_some(()).ok_or_else(|| form("an integer below 2^53"))
        }
        Value::Object(literal) => {
            let text = literal.get("$").and_then(Value::as_str).ok_or_else(|| form("a literal with a text"))?;
            match (literal.get("type").map(Value::as_str), literal.get("lang").map(Value::as_str), literal.len()) {
                (Some(Some(datatype)), None, 2) => {
                    check_name(datatype, place, prefixes)?;
                    match datatype {
                        "prov:QUALIFIED_NAME" => check_name(text, place, prefixes),
                        "xsd:dateTime" => read_time(text).map(|_| ()).ok_or_else(|| form("a time in UTC")),
                        "xsd:unsignedLong" => match text.parse::<u64>() {
                            Ok(_) => Ok(()),
                            Err(_) => Err(form("an integer below 2^64")),
                        },
                        _ => Ok(()),
                    }
                }
                (None, Some(Some(_)), 2) => Ok(()),
                _ => Err(form("a literal with a type or a language")),
            }
        }
        Value::Array(values) if !values.is_empty() => values.iter().try_for_each(|value| match value {
            Value::Array(_) => Err(form("a value, or a list of values")),
            value => check_value(value, place, prefixes),
        }),
        Value::Array(_) | Value::Null => Err(form("a value, or a list of values")),
    }
}

fn read_time(text: &str) -> Option<Moment> {
    // Only what is in UTC and says so.
    text.ends_with('Z').then(|| parse_utc(text).ok()).flatten()
}

/// A record: where it is, what its arguments name, and its times.
struct Record {
    section: &'static str,
    name: String,
    names: BTreeMap<&'static str, String>,
    times: BTreeMap<&'static str, Moment>,
}

impl Record {
    fn place(&self) -> String {
        format!("{} {}", self.section, self.name)
    }

    fn named(&self, argument: &str) -> &str {
        self.names.get(argument).map(String::as_str).unwrap_or_default()
    }
}

#[derive(Default)]
struct Document {
    records: Vec<Record>,
    /// The names of things, by kind.
    names: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Document {
    fn record(
        &mut self,
        section: &'static str,
        arguments: &'static [Argument],
        name: &str,
        value: &Value,
        prefixes: &BTreeSet<&str>,
    ) -> Result<(), ProvError> {
        let place = format!("{section} {name}");
        if ELEMENTS.contains(&section) {
            check_name(name, &place, prefixes)?;
            self.names.entry(section).or_default().insert(name.to_owned());
        } else {
            let blank = name.strip_prefix("_:").unwrap_or_default();
            if blank.is_empty() || !blank.chars().all(|letter| letter.is_ascii_alphanumeric()) {
                return Err(ProvError::BadName { place, name: name.to_owned() });
            }
        }
        let fields = object(value, &place, "an object with attributes")?;
        let mut record = Record { section, name: name.to_owned(), names: BTreeMap::new(), times: BTreeMap::new() };
        for (attribute, value) in fields {
            check_name(attribute, &place, prefixes)?;
            let argument = arguments.iter().find(|argument| argument.name == attribute);
            match argument {
                Some(Argument { name, leads_to: Target::Section(_), .. }) => {
                    let text = value
                        .as_str()
                        .ok_or_else(|| ProvError::Form { place: format!("{place}, {name}"), expected: "a name" })?;
                    check_name(text, &place, prefixes)?;
                    record.names.insert(name, text.to_owned());
                }
                Some(Argument { name, leads_to: Target::Time, .. }) => {
                    let moment = value.as_str().and_then(read_time).ok_or_else(|| ProvError::Form {
                        place: format!("{place}, {name}"),
                        expected: "a time in UTC",
                    })?;
                    record.times.insert(name, moment);
                }
                None if attribute.starts_with("prov:") && !ATTRIBUTES.contains(&attribute.as_str()) => {
                    let expected = "an attribute that such a record has";
                    return Err(ProvError::Form { place: format!("{place}, {attribute}"), expected });
                }
                None => check_value(value, &format!("{place}, {attribute}"), prefixes)?,
            }
        }
        let missing =
            arguments.iter().find(|argument| argument.is_mandatory && !record.names.contains_key(argument.name));
        if let Some(argument) = missing {
            return Err(ProvError::Missing { record: place, argument: argument.name });
        }
        self.records.push(record);
        Ok(())
    }

    fn check_references(&self) -> Result<(), ProvError> {
        let mut all = BTreeSet::new();
        for name in self.names.values().flatten() {
            if !all.insert(name) {
                return Err(ProvError::TwoKinds(name.clone()));
            }
        }
        for record in &self.records {
            let arguments = SECTIONS.iter().find(|(section, _)| *section == record.section);
            for argument in arguments.into_iter().flat_map(|(_, arguments)| arguments.iter()) {
                let (Target::Section(kind), Some(name)) = (argument.leads_to, record.names.get(argument.name)) else {
                    continue;
                };
                if !self.names.get(kind).is_some_and(|names| names.contains(name)) {
                    let (argument, name) = (argument.name, name.clone());
                    return Err(ProvError::Dangling { record: record.place(), argument, name, kind });
                }
            }
        }
        Ok(())
    }

    fn of(&self, section: &'static str) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |record| record.section == section)
    }

    /// When each entity was generated, where that is said.
    fn generations(&self) -> Result<BTreeMap<&str, Option<Moment>>, ProvError> {
        let mut generated = BTreeMap::new();
        for record in self.of("wasGeneratedBy") {
            let entity = record.named("prov:entity");
            if generated.insert(entity, record.times.get("prov:time").copied()).is_some() {
                return Err(ProvError::GeneratedTwice(entity.to_owned()));
            }
        }
        Ok(generated)
    }

    fn check_times(&self) -> Result<(), ProvError> {
        let generated = self.generations()?;
        let mut activities = BTreeMap::new();
        for record in self.of("activity") {
            let (start, end) = (record.times.get("prov:startTime").copied(), record.times.get("prov:endTime").copied());
            in_order(record, start, end, "it ends before it begins")?;
            activities.insert(record.name.as_str(), (start, end));
        }
        for record in self.of("wasGeneratedBy") {
            let (start, end) = activities.get(record.named("prov:activity")).copied().unwrap_or_default();
            let at = record.times.get("prov:time").copied();
            in_order(record, start, at, "it is generated before the activity begins")?;
            in_order(record, at, end, "it is generated after the activity ended")?;
        }
        for record in self.of("used") {
            let (start, end) = activities.get(record.named("prov:activity")).copied().unwrap_or_default();
            let at = record.times.get("prov:time").copied();
            let there = generated.get(record.named("prov:entity")).copied().flatten();
            in_order(record, start, at, "it is used before the activity begins")?;
            in_order(record, at, end, "it is used after the activity ended")?;
            in_order(record, there, at, "it is used before it is generated")?;
            in_order(record, there, end, "it is used by an activity that ended before it is generated")?;
        }
        for record in self.of("wasDerivedFrom") {
            let source = generated.get(record.named("prov:usedEntity")).copied().flatten();
            let result = generated.get(record.named("prov:generatedEntity")).copied().flatten();
            in_order(record, source, result, "it is derived from what is generated later")?;
        }
        Ok(())
    }

    fn check_derivations(&self) -> Result<(), ProvError> {
        let pair = |record: &Record| (record.named("prov:activity").to_owned(), record.named("prov:entity").to_owned());
        let used: BTreeSet<(String, String)> = self.of("used").map(pair).collect();
        let generated: BTreeSet<(String, String)> = self.of("wasGeneratedBy").map(pair).collect();
        let mut sources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for record in self.of("wasDerivedFrom") {
            let (result, source) = (record.named("prov:generatedEntity"), record.named("prov:usedEntity"));
            if let Some(activity) = record.names.get("prov:activity") {
                let did = |pairs: &BTreeSet<(String, String)>, entity: &str| {
                    pairs.contains(&(activity.clone(), entity.to_owned()))
                };
                if !did(&used, source) || !did(&generated, result) {
                    return Err(ProvError::NotDerived { record: record.place() });
                }
            }
            sources.entry(result).or_default().push(source);
        }
        // Takes away, again and again, what is derived from nothing that is left. What stays is derived in a circle.
        let mut waiting: BTreeMap<&str, usize> = sources.iter().map(|(result, from)| (*result, from.len())).collect();
        let mut results: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (result, from) in &sources {
            for source in from {
                results.entry(source).or_default().push(result);
            }
        }
        let mut free: Vec<&str> = results.keys().filter(|source| !sources.contains_key(*source)).copied().collect();
        while let Some(source) = free.pop() {
            for result in results.get(source).into_iter().flatten() {
                if let Some(left) = waiting.get_mut(result) {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        waiting.remove(result);
                        free.push(result);
                    }
                }
            }
        }
        match waiting.keys().next() {
            None => Ok(()),
            Some(entity) => Err(ProvError::Cycle((*entity).to_owned())),
        }
    }
}

/// Checks that one time is not after another, where both are known.
fn in_order(
    record: &Record,
    first: Option<Moment>,
    then: Option<Moment>,
    otherwise: &'static str,
) -> Result<(), ProvError> {
    match (first, then) {
        (Some(first), Some(then)) if then < first => {
            Err(ProvError::TimeOrder { record: record.place(), what: otherwise })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn good() -> Value {
        json!({
            "prefix": {
                "prov": "http://www.w3.org/ns/prov#",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
                "ex": "urn:example:",
            },
            "entity": {
                "ex:raw": { "ex:count": 9007199254740991u64, "ex:open": true, "prov:label": "raw" },
                "ex:mean": {
                    "prov:type": [{ "$": "ex:Mean", "type": "prov:QUALIFIED_NAME" }, "mean"],
                    "ex:at": { "$": "2026-03-01T12:00:00Z", "type": "xsd:dateTime" },
                    "ex:bytes": { "$": "18446744073709551615", "type": "xsd:unsignedLong" },
                    "ex:name": { "$": "среднее", "lang": "ru" },
                    "ex:half": { "$": "0.5", "type": "xsd:decimal" },
                },
                "ex:plan": {},
            },
            "activity": {
                "ex:observe": { "prov:startTime": "2026-03-01T10:00:00Z", "prov:endTime": "2026-03-01T11:00:00Z" },
                "ex:average": { "prov:startTime": "2026-03-01T11:00:00Z", "prov:endTime": "2026-03-01T12:00:00Z" },
            },
            "agent": { "ex:city": {} },
            "wasGeneratedBy": {
                "_:g1": { "prov:entity": "ex:raw", "prov:activity": "ex:observe", "prov:time": "2026-03-01T11:00:00Z" },
                "_:g2": { "prov:entity": "ex:mean", "prov:activity": "ex:average", "prov:time": "2026-03-01T12:00:00Z" },
            },
            "used": {
                "_:u1": { "prov:activity": "ex:average", "prov:entity": "ex:raw", "prov:time": "2026-03-01T11:30:00Z" },
            },
            "wasDerivedFrom": {
                "_:d1": {
                    "prov:generatedEntity": "ex:mean", "prov:usedEntity": "ex:raw", "prov:activity": "ex:average",
                },
            },
            "wasAssociatedWith": {
                "_:a1": { "prov:activity": "ex:average", "prov:agent": "ex:city", "prov:plan": "ex:plan" },
            },
            "wasAttributedTo": { "_:t1": { "prov:entity": "ex:mean", "prov:agent": "ex:city" } },
        })
    }

    /// The good document with one value in another's place.
    fn with(pointer: &str, value: Value) -> Result<Checked, ProvError> {
        let mut document = good();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(parent).unwrap();
        parent.as_object_mut().unwrap().insert(name.to_owned(), value);
        check(&document)
    }

    #[test]
    fn a_good_document_is_counted() {
        assert_eq!(check(&good()), Ok(Checked { records: 12, entities: 3, activities: 2, agents: 1 }));
        assert_eq!(check(&json!({ "prefix": {} })), Ok(Checked::default()));
    }

    #[test]
    fn forms_are_checked() {
        for (pointer, value) in [
            ("/entity", json!([])),
            ("/entity/ex:raw", json!([{}])),
            ("/prefix", json!(null)),
            ("/prefix/9", json!("urn:example:")),
            ("/prefix/_", json!("urn:example:")),
            ("/prefix/other", json!("example")),
            ("/prefix/other", json!("urn:")),
            ("/prefix/other", json!("urn:an example")),
            ("/prefix/other", json!(5)),
            ("/entity/ex:raw/ex:count", json!(9007199254740992u64)),
            ("/entity/ex:raw/ex:count", json!(0.5)),
            ("/entity/ex:raw/ex:count", json!(null)),
            ("/entity/ex:raw/ex:count", json!([])),
            ("/entity/ex:raw/ex:count", json!([["a"]])),
            ("/entity/ex:raw/ex:count", json!({ "$": 5, "type": "xsd:integer" })),
            ("/entity/ex:raw/ex:count", json!({ "$": "5" })),
            ("/entity/ex:raw/ex:count", json!({ "$": "5", "type": "xsd:integer", "lang": "ru" })),
            ("/entity/ex:mean/ex:at", json!({ "$": "yesterday", "type": "xsd:dateTime" })),
            ("/entity/ex:mean/ex:bytes", json!({ "$": "-1", "type": "xsd:unsignedLong" })),
            ("/entity/ex:raw/prov:plan", json!("ex:plan")),
            ("/activity/ex:observe/prov:startTime", json!("2026-03-01")),
            ("/activity/ex:observe/prov:startTime", json!("2026-03-01T10:00:00")),
            ("/activity/ex:observe/prov:startTime", json!({ "$": "2026-03-01T10:00:00Z", "type": "xsd:dateTime" })),
            ("/used/_:u1/prov:entity", json!(["ex:raw"])),
        ] {
            let found = with(pointer, value.clone());
            assert!(matches!(found, Err(ProvError::Form { .. })), "{pointer} {value}: {found:?}");
        }
        assert!(matches!(check(&json!([])), Err(ProvError::Form { .. })));
        assert!(matches!(check(&json!({})), Err(ProvError::Form { .. })));
        assert_eq!(with("/bundle", json!({})), Err(ProvError::UnknownSection("bundle".into())));
    }

    #[test]
    fn names_are_qualified_and_declared() {
        for name in ["raw", ":raw", "ex:", "ex:a b", "ex:a:b", "ex:-a", "ex:a.", "ex:a(b)", "ex:имя", "ex:a=b"] {
            let found = with(&format!("/entity/{name}"), json!({}));
            assert!(matches!(found, Err(ProvError::BadName { .. })), "{name}: {found:?}");
        }
        for name in ["ex:7@3", "ex:12-4000", "ex:a.b", "ex:_", "ex:a+b"] {
            assert!(with(&format!("/entity/{name}"), json!({})).is_ok(), "{name}");
        }
        for name in ["u2", "ex:u2", "_:", "_:u-2"] {
            let value = json!({ "prov:activity": "ex:average", "prov:entity": "ex:raw" });
            let found = with(&format!("/used/{name}"), value);
            assert!(matches!(found, Err(ProvError::BadName { .. })), "{name}: {found:?}");
        }
        for (pointer, value) in [
            ("/entity/no:raw", json!({})),
            ("/entity/ex:raw/no:count", json!(5)),
            ("/entity/ex:raw/prov:type", json!({ "$": "no:Raw", "type": "prov:QUALIFIED_NAME" })),
            ("/entity/ex:raw/ex:count", json!({ "$": "5", "type": "no:integer" })),
            ("/used/_:u1/prov:entity", json!("no:raw")),
        ] {
            let found = with(pointer, value);
            assert!(matches!(found, Err(ProvError::UndeclaredPrefix { .. })), "{pointer}: {found:?}");
        }
    }

    #[test]
    fn relations_lead_somewhere() {
        for (pointer, name) in [
            ("/used/_:u1/prov:entity", "ex:average"),
            ("/used/_:u1/prov:activity", "ex:raw"),
            ("/wasGeneratedBy/_:g1/prov:entity", "ex:nothing"),
            ("/wasDerivedFrom/_:d1/prov:usedEntity", "ex:nothing"),
            ("/wasDerivedFrom/_:d1/prov:activity", "ex:nothing"),
            ("/wasAssociatedWith/_:a1/prov:agent", "ex:raw"),
            ("/wasAssociatedWith/_:a1/prov:plan", "ex:city"),
            ("/wasAttributedTo/_:t1/prov:agent", "ex:nobody"),
        ] {
            let found = with(pointer, name.into());
            assert!(matches!(found, Err(ProvError::Dangling { .. })), "{pointer}: {found:?}");
        }
        for relation in ["used", "wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith", "wasAttributedTo"] {
            let found = with(&format!("/{relation}/_:x"), json!({}));
            assert!(matches!(found, Err(ProvError::Missing { .. })), "{relation}: {found:?}");
        }
        assert_eq!(with("/agent/ex:raw", json!({})), Err(ProvError::TwoKinds("ex:raw".into())));
    }

    #[test]
    fn times_run_forwards() {
        for (pointer, at) in [
            ("/activity/ex:observe/prov:startTime", "2026-03-01T11:00:01Z"),
            ("/activity/ex:observe/prov:endTime", "2026-03-01T10:59:59Z"),
            ("/wasGeneratedBy/_:g1/prov:time", "2026-03-01T09:59:59Z"),
            ("/wasGeneratedBy/_:g1/prov:time", "2026-03-01T11:00:01Z"),
            ("/used/_:u1/prov:time", "2026-03-01T10:59:59Z"),
            ("/used/_:u1/prov:time", "2026-03-01T12:00:01Z"),
        ] {
            let found = with(pointer, at.into());
            assert!(matches!(found, Err(ProvError::TimeOrder { .. })), "{pointer} {at}: {found:?}");
        }
        // Used before it is there, though within the activity.
        let mut document = good();
        document["activity"]["ex:average"]["prov:startTime"] = "2026-03-01T10:00:00Z".into();
        document["used"]["_:u1"]["prov:time"] = "2026-03-01T10:30:00Z".into();
        let what = "it is used before it is generated";
        assert_eq!(check(&document), Err(ProvError::TimeOrder { record: "used _:u1".into(), what }));
        // The same where it is not said when it is used.
        let mut document = good();
        document["activity"]["ex:average"] = json!({ "prov:endTime": "2026-03-01T10:30:00Z" });
        document["wasGeneratedBy"]["_:g2"]["prov:time"] = "2026-03-01T10:30:00Z".into();
        document["used"]["_:u1"].as_object_mut().unwrap().remove("prov:time");
        let what = "it is used by an activity that ended before it is generated";
        assert_eq!(check(&document), Err(ProvError::TimeOrder { record: "used _:u1".into(), what }));
        // And where no activity is.
        let mut document = good();
        document.as_object_mut().unwrap().remove("used");
        document["wasDerivedFrom"]["_:d1"] = json!({ "prov:generatedEntity": "ex:raw", "prov:usedEntity": "ex:mean" });
        let what = "it is derived from what is generated later";
        assert_eq!(check(&document), Err(ProvError::TimeOrder { record: "wasDerivedFrom _:d1".into(), what }));
    }

    #[test]
    fn derivations_make_sense() {
        let again = json!({ "prov:entity": "ex:raw", "prov:activity": "ex:average" });
        assert_eq!(with("/wasGeneratedBy/_:g3", again), Err(ProvError::GeneratedTwice("ex:raw".into())));
        let by_other = json!("ex:observe");
        let found = with("/wasDerivedFrom/_:d1/prov:activity", by_other);
        assert_eq!(found, Err(ProvError::NotDerived { record: "wasDerivedFrom _:d1".into() }));
        let itself = json!({ "prov:generatedEntity": "ex:plan", "prov:usedEntity": "ex:plan" });
        assert_eq!(with("/wasDerivedFrom/_:d2", itself), Err(ProvError::Cycle("ex:plan".into())));
    }
}
