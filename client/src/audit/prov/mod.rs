//! A version's whole lineage as W3C PROV-JSON.
//!
//! | in the ledger | in the document |
//! |---|---|
//! | version, batch, bytes that the ledger does not know | entity `version:7@3`, `batch:12-4000`, `sha256:…` |
//! | how a version was made, how a batch was attested | activity `making:7@3`, `attestation:12-4000` |
//! | organisation | agent `organisation:3` |
//! | grant | entity `grant:5`, a `prov:Plan` |
//! | source of a version | `used` and `wasDerivedFrom` |
//! | record that published or attested | `wasGeneratedBy`, with the time of its block |
//! | organisation that did, and the grants by which | `wasAssociatedWith`, one for each grant, which is its `prov:plan` |
//! | organisation that answers for it | `wasAttributedTo` |
//!
//! The names in these namespaces need no escaping: the whole identifier of `version:7@3` is
//! `urn:citynet:` and the genesis hash, `:version:7@3`.
//!
//! # Times
//!
//! They are the ledger's. An attestation begins with the batch's earliest observation and ends with the block that
//! recorded it. When somebody began to make a version, the ledger does not know: here it begins when the last of its
//! sources was on the ledger, and ends with the block that published it. A version of unknown bytes only has no beginning.
//!
//! # What it does not say
//!
//! Which framework or seed trained a model: the ledger has the code and the hash of the parameters. And nothing that was
//! not named as a source.

mod check;

pub use check::{check, Checked, ProvError};

use super::lineage::{Attested, Lineage, Made};
use crate::time::format_utc;
use citynet_primitives::{Activity, GrantId, Hash, Moment, OrganisationId, Source, VersionId};
use serde_json::{json, Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The namespace of our own attributes and types.
const VOCABULARY: &str = "urn:citynet:prov:";

/// Makes the document of what a version was made from.
///
/// # Errors
///
/// [`ProvError`] when [`check`] refuses it: then the lineage contradicts itself.
pub fn document(lineage: &Lineage, root: VersionId, genesis: &Hash) -> Result<Value, ProvError> {
    let mut writer = Writer { lineage, sections: BTreeMap::new(), count: 0 };
    for (version, made) in &lineage.versions {
        writer.version(*version, made, *version == root);
    }
    for attested in lineage.batches.values() {
        writer.batch(attested);
    }
    let document = writer.finish(genesis);
    check(&document)?;
    Ok(document)
}

struct Writer<'a> {
    lineage: &'a Lineage,
    sections: BTreeMap<&'static str, Map<String, Value>>,
    /// How many relations there are.
    count: u64,
}

impl Writer<'_> {
    fn set(&mut self, section: &'static str, name: String, value: Value) {
        self.sections.entry(section).or_default().insert(name, value);
    }

    fn has(&self, section: &str, name: &str) -> bool {
        self.sections.get(section).is_some_and(|records| records.contains_key(name))
    }

    fn relate(&mut self, relation: &'static str, arguments: Value) {
        self.count += 1;
        let name = format!("_:r{}", self.count);
        self.set(relation, name, arguments);
    }

    fn finish(self, genesis: &Hash) -> Value {
        let chain = format!("urn:citynet:{}", hex::encode(genesis));
        let mut prefixes = Map::new();
        for (prefix, uri) in [
            ("prov", "http://www.w3.org/ns/prov#"),
            ("xsd", "http://www.w3.org/2001/XMLSchema#"),
            ("dct", "http://purl.org/dc/terms/"),
            ("cn", VOCABULARY),
            ("sha256", "urn:citynet:sha256:"),
        ] {
            prefixes.insert(prefix.to_owned(), uri.into());
        }
        for kind in ["version", "batch", "making", "attestation", "organisation", "grant", "device", "dataset"] {
            prefixes.insert(kind.to_owned(), format!("{chain}:{kind}:").into());
        }
        let mut document = Map::new();
        document.insert("prefix".to_owned(), prefixes.into());
        for (section, records) in self.sections {
            document.insert(section.to_owned(), records.into());
        }
        document.into()
    }

    fn version(&mut self, version: VersionId, made: &Made, is_root: bool) {
        let (entity, activity) = (format!("version:{version}"), format!("making:{version}"));
        let content = &made.content;
        let dataset = self.lineage.named.datasets.get(&version.dataset);
        let types = match dataset {
            None => name("cn:Version"),
            Some(dataset) => json!([name("cn:Version"), name(&format!("cn:{}", capital(&dataset.kind)))]),
        };
        let title = dataset.map_or_else(|| format!("dataset {}", version.dataset), |dataset| dataset.title.clone());
        let mut attributes = json!({
            "prov:type": types,
            "prov:label": format!("{title}, version {}", version.version),
            "cn:dataset": name(&format!("dataset:{}", version.dataset)),
            "cn:sha256": hex::encode(content.content),
            "cn:bytes": number(content.bytes),
            "cn:records": number(content.records),
            "cn:observedFrom": time(content.from),
            "cn:observedTo": time(content.to),
            "cn:record": number(made.record),
            "dct:format": words(&content.media_type),
        });
        if let Some(dataset) = dataset {
            attributes["dct:license"] = dataset.licence.as_str().into();
        }
        if let Some(since) = made.faulty_since {
            attributes["cn:faultySince"] = time(since);
        }
        if is_root {
            attributes["cn:lineageComplete"] = self.lineage.is_complete().into();
        }
        self.set("entity", entity.clone(), attributes);

        let sources = self.sources(made);
        let mut making = json!({
            "prov:type": name(&format!("cn:{}", capital(content.activity.as_str()))),
            "prov:endTime": format_utc(made.time),
        });
        let begin = sources.values().copied().flatten().max();
        if let Some(begin) = begin {
            making["prov:startTime"] = format_utc(begin).into();
        }
        if !content.code.is_empty() {
            making["cn:code"] = words(&content.code);
        }
        if let Some(parameters) = &content.parameters {
            making["cn:parametersSha256"] = hex::encode(parameters).into();
        }
        if content.activity == Activity::Training {
            making["prov:label"] = format!("training of {title}, version {}", version.version).into();
        }
        self.set("activity", activity.clone(), making);
        self.generated(&entity, &activity, made.time);
        for source in sources.keys() {
            self.relate("used", json!({ "prov:activity": activity, "prov:entity": source }));
            self.relate(
                "wasDerivedFrom",
                json!({ "prov:generatedEntity": entity, "prov:usedEntity": source, "prov:activity": activity }),
            );
        }
        self.did(&entity, &activity, made.publisher, &grants(made));
    }

    /// The entities that a version was made from, each with the time since which it is on the ledger.
    fn sources(&mut self, made: &Made) -> BTreeMap<String, Option<Moment>> {
        let mut sources = BTreeMap::new();
        for source in &made.content.sources {
            match source {
                Source::Version { dataset, version, .. } => {
                    let id = VersionId { dataset: *dataset, version: *version };
                    let entity = format!("version:{id}");
                    let since = self.lineage.versions.get(&id).map(|found| found.time);
                    if since.is_none() && !self.has("entity", &entity) {
                        // It was not gone to. Whoever reads on must know that there is more.
                        let what = json!({ "prov:type": name("cn:Version"), "cn:followed": false });
                        self.set("entity", entity.clone(), what);
                    }
                    sources.insert(entity, since);
                }
                Source::Batches { device, first_sequence, last_sequence, .. } => {
                    for (batch, attested) in self.lineage.batches_of(*device, *first_sequence, *last_sequence) {
                        sources.insert(format!("batch:{batch}"), Some(attested.time));
                    }
                }
                Source::External { content, uri } => {
                    let entity = format!("sha256:{}", hex::encode(content));
                    let mut what = json!({ "prov:type": name("cn:External"), "cn:sha256": hex::encode(content) });
                    if !uri.is_empty() {
                        what["prov:location"] = words(uri);
                    }
                    self.set("entity", entity.clone(), what);
                    sources.insert(entity, None);
                }
            }
        }
        sources
    }

    fn batch(&mut self, attested: &Attested) {
        let batch = &attested.batch;
        let (entity, activity) = (format!("batch:{}", batch.id()), format!("attestation:{}", batch.id()));
        let mut attributes = json!({
            "prov:type": name("cn:Batch"),
            "cn:device": name(&format!("device:{}", batch.device)),
            "cn:keyEpoch": number(batch.epoch.into()),
            "cn:firstSequence": number(batch.first_sequence),
            "cn:readings": number(batch.count.into()),
            "cn:observedFrom": time(batch.window_start),
            "cn:observedTo": time(batch.window_end),
            "cn:root": hex::encode(batch.root),
            "cn:record": number(attested.record),
        });
        let device = self.lineage.named.devices.get(&batch.device);
        let distrusted = device.and_then(|device| device.distrusted_since);
        if let Some(since) = distrusted.filter(|since| since.0 <= batch.window_end) {
            attributes["cn:distrustedSince"] = time(since.0);
        }
        self.set("entity", entity.clone(), attributes);
        // Clocks may differ: a batch can be recorded some minutes before its observations, by the ledger's time.
        let begin = batch.window_start.min(attested.time);
        let attestation = json!({
            "prov:type": name("cn:Attestation"),
            "prov:startTime": format_utc(begin),
            "prov:endTime": format_utc(attested.time),
        });
        self.set("activity", activity.clone(), attestation);
        self.generated(&entity, &activity, attested.time);
        self.did(&entity, &activity, attested.organisation, &BTreeSet::new());
    }

    fn generated(&mut self, entity: &str, activity: &str, at: Moment) {
        let arguments = json!({ "prov:entity": entity, "prov:activity": activity, "prov:time": format_utc(at) });
        self.relate("wasGeneratedBy", arguments);
    }

    /// Who did it, and by which grants.
    fn did(&mut self, entity: &str, activity: &str, who: OrganisationId, grants: &BTreeSet<GrantId>) {
        let agent = format!("organisation:{who}");
        let label = self.lineage.named.organisation(who);
        let what = json!({ "prov:type": name("prov:Organization"), "prov:label": label });
        self.set("agent", agent.clone(), what);
        self.relate("wasAttributedTo", json!({ "prov:entity": entity, "prov:agent": agent }));
        if grants.is_empty() {
            self.relate("wasAssociatedWith", json!({ "prov:activity": activity, "prov:agent": agent }));
        }
        for grant in grants {
            let plan = self.grant(*grant);
            let arguments = json!({ "prov:activity": activity, "prov:agent": agent, "prov:plan": plan });
            self.relate("wasAssociatedWith", arguments);
        }
    }

    fn grant(&mut self, grant: GrantId) -> String {
        let plan = format!("grant:{grant}");
        let mut what = json!({
            "prov:type": [name("prov:Plan"), name("cn:Grant")],
            "prov:label": format!("grant {grant}"),
        });
        if let Some(view) = self.lineage.named.grants.get(&grant) {
            what["cn:terms"] = hex::encode(&view.terms_hash.0).into();
            what["cn:provider"] = name(&format!("organisation:{}", view.terms.provider));
            what["cn:consumer"] = name(&format!("organisation:{}", view.terms.consumer));
        }
        self.set("entity", plan.clone(), what);
        plan
    }
}

/// The grants by which a version used its sources.
fn grants(made: &Made) -> BTreeSet<GrantId> {
    let grants = made.content.sources.iter().filter_map(|source| match source {
        Source::Version { grant, .. } | Source::Batches { grant, .. } => *grant,
        Source::External { .. } => None,
    });
    grants.collect()
}

fn name(name: &str) -> Value {
    json!({ "$": name, "type": "prov:QUALIFIED_NAME" })
}

fn number(number: u64) -> Value {
    json!({ "$": number.to_string(), "type": "xsd:unsignedLong" })
}

fn time(moment: Moment) -> Value {
    json!({ "$": format_utc(moment), "type": "xsd:dateTime" })
}

fn words(bytes: &[u8]) -> Value {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// `training` as `Training`.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::parts::{attested, id, made};
    use proptest::{collection::vec, prelude::*, sample::Index};
    use std::fs;

    const GENESIS: Hash = [7; 32];

    /// A model made from statistics of two devices' readings and from unknown bytes.
    fn example() -> Lineage {
        let mut lineage = Lineage::default();
        let external = format!("sha256:{}:https://example.org/weather.csv", "ab".repeat(32));
        let statistics = ["device:12:10-39:grant=5", "device:13:0-9:grant=6", external.as_str()];
        let mut model = made(&["7@1", "8@2:grant=9"], 40, 0);
        model.content.activity = Activity::Training;
        model.content.code = b"https://example.org/model.git#4f2a9c1".to_vec().try_into().unwrap();
        model.content.parameters = Some([3; 32]);
        model.faulty_since = Some(1_772_366_400_000);
        lineage.versions.insert(id(9, 1), model);
        lineage.versions.insert(id(7, 1), made(&statistics, 30, 1));
        lineage.versions.insert(id(8, 2), made(&[&format!("sha256:{}", "cd".repeat(32))], 31, 1));
        for attested in [attested(12, 0, 20, 10), attested(12, 20, 20, 11), attested(13, 0, 10, 12)] {
            lineage.batches.insert(attested.batch.id(), attested);
        }
        lineage
    }

    fn count(document: &Value, section: &str) -> usize {
        document.get(section).and_then(Value::as_object).map_or(0, Map::len)
    }

    #[test]
    fn a_lineage_is_a_document() {
        let document = document(&example(), id(9, 1), &GENESIS).unwrap();
        // 3 versions, 3 batches, 2 unknown, 3 grants.
        assert_eq!(count(&document, "entity"), 11);
        assert_eq!((count(&document, "activity"), count(&document, "agent")), (6, 2));
        assert_eq!((count(&document, "used"), count(&document, "wasDerivedFrom")), (7, 7));
        assert_eq!((count(&document, "wasGeneratedBy"), count(&document, "wasAttributedTo")), (6, 6));
        // The statistics have two plans.
        assert_eq!(count(&document, "wasAssociatedWith"), 7);
        let checked = check(&document).unwrap();
        assert_eq!(checked.records, 11 + 6 + 2 + 14 + 12 + 7);
        assert_eq!(checked.entities, 11);

        let chain = format!("urn:citynet:{}", "07".repeat(32));
        assert_eq!(document["prefix"]["version"], format!("{chain}:version:"));
        let making = &document["activity"]["making:9@1"];
        assert_eq!(making["prov:type"], name("cn:Training"));
        assert_eq!(making["cn:code"], "https://example.org/model.git#4f2a9c1");
        assert_eq!(making["prov:startTime"], format_utc(31_000));
        assert_eq!(making["prov:endTime"], format_utc(40_000));
        assert_eq!(document["activity"]["making:8@2"].get("prov:startTime"), None);
        assert_eq!(document["entity"]["version:9@1"]["cn:lineageComplete"], true);
        assert_eq!(document["entity"]["version:7@1"].get("cn:lineageComplete"), None);
        let location = &document["entity"][format!("sha256:{}", "ab".repeat(32))]["prov:location"];
        assert_eq!(*location, "https://example.org/weather.csv");
        let associations = document["wasAssociatedWith"].as_object().unwrap().values();
        let plans = associations
            .filter(|found| found["prov:activity"] == "making:7@1")
            .map(|found| found["prov:plan"].as_str().unwrap().to_owned());
        assert_eq!(plans.collect::<BTreeSet<_>>(), ["grant:5".to_owned(), "grant:6".to_owned()].into());
    }

    #[test]
    fn what_was_not_followed_is_said() {
        let mut lineage = example();
        lineage.versions.remove(&id(7, 1));
        lineage.left_out.push("more than 0 steps".into());
        let document = document(&lineage, id(9, 1), &GENESIS).unwrap();
        assert_eq!(document["entity"]["version:7@1"]["cn:followed"], false);
        assert_eq!(document["entity"]["version:9@1"]["cn:lineageComplete"], false);
    }

    #[test]
    fn a_lineage_that_contradicts_itself_is_refused() {
        let mut lineage = example();
        lineage.versions.get_mut(&id(7, 1)).unwrap().time = 50_000;
        let error = document(&lineage, id(9, 1), &GENESIS).unwrap_err();
        assert!(matches!(error, ProvError::TimeOrder { .. }), "{error}");
        // From itself.
        let mut lineage = example();
        lineage.versions.insert(id(7, 1), made(&["9@1"], 40, 1));
        lineage.versions.get_mut(&id(9, 1)).unwrap().time = 40_000;
        let error = document(&lineage, id(9, 1), &GENESIS).unwrap_err();
        assert!(matches!(error, ProvError::Cycle { .. }), "{error}");
    }

    /// The document that `tests/clients/prov/check.py` loads, so that the library and this program agree on it.
    #[test]
    fn the_example_is_the_one_that_the_library_loads() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/clients/prov/example.json");
        let text = format!("{:#}\n", document(&example(), id(9, 1), &GENESIS).unwrap());
        if std::env::var_os("CITYNET_WRITE_GOLDEN").is_some() {
            fs::write(path, &text).unwrap();
        }
        assert_eq!(fs::read_to_string(path).unwrap(), text, "CITYNET_WRITE_GOLDEN=1 writes it anew");
    }

    /// Versions, each made from some of those before it, of batches, by grants, and of unknown bytes.
    fn lineages() -> impl Strategy<Value = Lineage> {
        let source = (0..4u8, any::<Index>(), 0..30u64, proptest::option::of(1..5u64));
        vec(vec(source, 0..5), 1..12).prop_map(|versions| {
            let mut lineage = Lineage::default();
            for (number, first) in (0..8u64).zip((0u64..).step_by(10)) {
                let attested = attested(12, first, 10, 1 + number);
                lineage.batches.insert(attested.batch.id(), attested);
            }
            let mut record = 100;
            let count = versions.len() as u64;
            for (number, sources) in (1..).zip(versions) {
                let mut texts = BTreeSet::new();
                for (kind, index, from, grant) in sources {
                    let by = grant.map_or_else(String::new, |grant| format!(":grant={grant}"));
                    match kind {
                        0 | 1 if number > 1 => {
                            let before = 1 + index.index(number as usize - 1);
                            texts.insert(format!("{before}@1{by}"));
                        }
                        2 => _ = texts.insert(format!("device:12:{from}-{}{by}", from + 15)),
                        _ => _ = texts.insert(format!("sha256:{}", hex::encode([from as u8; 32]))),
                    }
                }
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                record += 1;
                lineage.versions.insert(id(number, 1), made(&texts, record, (count - number) as u32));
            }
            lineage
        })
    }

    fn sections(document: &Value) -> Vec<String> {
        let all = document.as_object().unwrap().keys();
        all.filter(|section| *section != "prefix").cloned().collect()
    }

    proptest! {
        #[test]
        fn every_lineage_is_a_good_document(lineage in lineages()) {
            let root = *lineage.versions.keys().next_back().unwrap();
            let document = document(&lineage, root, &GENESIS).unwrap();
            let all: usize = sections(&document).iter().map(|section| count(&document, section)).sum();
            prop_assert_eq!(check(&document).unwrap().records, all);
        }

        #[test]
        fn a_document_without_something_is_refused(lineage in lineages(), which: Index, what: Index) {
            let root = *lineage.versions.keys().next_back().unwrap();
            let whole = document(&lineage, root, &GENESIS).unwrap();
            // An entity, activity or agent: all of them are named somewhere.
            for section in ["entity", "activity", "agent"] {
                let mut document = whole.clone();
                let records = document[section].as_object_mut().unwrap();
                let gone = records.keys().nth(which.index(records.len())).unwrap().clone();
                records.remove(&gone);
                let is_dangling = matches!(check(&document), Err(ProvError::Dangling { .. }));
                prop_assert!(is_dangling, "{gone}");
            }
            // A prefix.
            let used = ["version", "making", "organisation", "prov", "cn", "dct", "xsd"];
            let mut document = whole.clone();
            document["prefix"].as_object_mut().unwrap().remove(used[what.index(used.len())]);
            let is_undeclared = matches!(check(&document), Err(ProvError::UndeclaredPrefix { .. }));
            prop_assert!(is_undeclared);
            // An argument of a relation.
            let relations: Vec<String> = sections(&whole)
                .into_iter()
                .filter(|section| !["entity", "activity", "agent"].contains(&section.as_str()))
                .collect();
            let mut document = whole.clone();
            let relation = &relations[which.index(relations.len())];
            let records = document[relation].as_object_mut().unwrap();
            let position = what.index(records.len());
            let record = records.values_mut().nth(position).unwrap().as_object_mut().unwrap();
            let mandatory: Vec<String> = record
                .keys()
                .filter(|argument| {
                    let optional = relation == "wasDerivedFrom" && *argument == "prov:activity";
                    !optional && *argument != "prov:plan" && *argument != "prov:time"
                })
                .cloned()
                .collect();
            let gone = &mandatory[which.index(mandatory.len())];
            record.remove(gone);
            let is_missing = matches!(check(&document), Err(ProvError::Missing { .. }));
            prop_assert!(is_missing, "{relation} {gone}");
        }

        #[test]
        fn times_out_of_order_are_refused(lineage in lineages(), which: Index, later: bool) {
            let root = *lineage.versions.keys().next_back().unwrap();
            let mut document = document(&lineage, root, &GENESIS).unwrap();
            let records = document["wasGeneratedBy"].as_object_mut().unwrap();
            let position = which.index(records.len());
            let record = records.values_mut().nth(position).unwrap();
            // Far outside of what any activity has; an activity without a beginning ends all the same.
            let has_beginning = record["prov:entity"].as_str().unwrap().starts_with("batch:");
            let outside = if later || !has_beginning { "2999-01-01T00:00:00Z" } else { "1970-01-01T00:00:00Z" };
            record["prov:time"] = outside.into();
            let is_refused = matches!(check(&document), Err(ProvError::TimeOrder { .. }));
            prop_assert!(is_refused);
        }
    }
}
