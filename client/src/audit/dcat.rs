//! The catalogue as DCAT 3 in JSON-LD, computed from the journal's records.
//!
//! Each dataset is a `dcat:Dataset`, and so is each of its versions, with its bytes as a `dcat:Distribution`. Whatever
//! owners wrote as a URI and is none is given as text. What DCAT has no words for is in the namespace `urn:citynet:dcat:`.

use super::journal::AsOf;
use crate::{catalog::source::print, time::format_utc};
use citynet_primitives::{
    Body, DatasetId, DatasetKind, DatasetProfile, Moment, OrganisationId, Record, Sensitivity, Source, VersionContent,
    VersionId,
};
use serde_json::{json, Value};
use std::{collections::BTreeMap, fmt};

/// The kinds of records that [`catalogue`] reads.
pub const KINDS: [&str; 7] = [
    "organisation_registered",
    "organisation_profile_changed",
    "dataset_registered",
    "dataset_changed",
    "dataset_transferred",
    "version_published",
    "version_flagged",
];

/// A record is about a dataset, a version or an organisation that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {record} is about {what}, which was not there before; records are missing")]
pub struct NotThere {
    record: u64,
    what: What,
}

/// What is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Organisation(OrganisationId),
    Dataset(DatasetId),
    Version(VersionId),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation(organisation) => write!(f, "organisation {organisation}"),
            Self::Dataset(dataset) => write!(f, "dataset {dataset}"),
            Self::Version(version) => write!(f, "version {version}"),
        }
    }
}

struct Dataset {
    owner: OrganisationId,
    kind: DatasetKind,
    profile: DatasetProfile,
    issued: Moment,
    modified: Moment,
    versions: BTreeMap<u32, Version>,
}

struct Version {
    content: VersionContent,
    issued: Moment,
    faulty_since: Option<Moment>,
}

#[derive(Default)]
struct Catalogue {
    organisations: BTreeMap<OrganisationId, (String, String)>,
    datasets: BTreeMap<DatasetId, Dataset>,
}

/// The catalogue as records of [`KINDS`] tell it, by index.
///
/// # Errors
///
/// [`NotThere`].
pub fn catalogue<'a>(records: impl IntoIterator<Item = &'a Record>, as_of: &AsOf) -> Result<Value, NotThere> {
    let mut catalogue = Catalogue::default();
    for record in records {
        catalogue.apply(record).map_err(|what| NotThere { record: record.index, what })?;
    }
    let chain = format!("urn:citynet:{}", hex::encode(as_of.genesis));
    let datasets: Vec<Value> =
        catalogue.datasets.iter().map(|(id, dataset)| catalogue.dataset(&chain, *id, dataset)).collect();
    Ok(json!({
        "@context": {
            "adms": "http://www.w3.org/ns/adms#",
            "cn": "urn:citynet:dcat:",
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "prov": "http://www.w3.org/ns/prov#",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": format!("{chain}:catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": "The catalogue of a CityNet Ledger",
        "dct:modified": time(as_of.time),
        "cn:block": { "@type": "xsd:nonNegativeInteger", "@value": as_of.block.to_string() },
        "cn:blockHash": hex::encode(as_of.hash),
        "dcat:dataset": datasets,
    }))
}

impl Catalogue {
    /// Takes a record in. The error says what is not there.
    fn apply(&mut self, record: &Record) -> Result<(), What> {
        match &record.body {
            Body::OrganisationRegistered { organisation, name, .. } => {
                self.organisations.insert(*organisation, (text(name), String::new()));
            }
            Body::OrganisationProfileChanged { organisation, profile } => {
                let known = self.organisations.get_mut(organisation);
                *known.ok_or(What::Organisation(*organisation))? = (text(&profile.name), text(&profile.contact));
            }
            Body::DatasetRegistered { dataset, owner, dataset_kind, profile } => {
                let (issued, modified) = (record.time, record.time);
                let (owner, kind, profile, versions) = (*owner, *dataset_kind, profile.clone(), BTreeMap::new());
                self.datasets.insert(*dataset, Dataset { owner, kind, profile, issued, modified, versions });
            }
            Body::DatasetChanged { dataset, profile } => {
                let known = self.known(*dataset)?;
                known.profile = profile.clone();
                known.modified = record.time;
            }
            Body::DatasetTransferred { dataset, to, .. } => {
                let known = self.known(*dataset)?;
                known.owner = *to;
                known.modified = record.time;
            }
            Body::VersionPublished { dataset, version, content } => {
                let known = self.known(*dataset)?;
                known.modified = record.time;
                let published = Version { content: content.clone(), issued: record.time, faulty_since: None };
                known.versions.insert(*version, published);
            }
            Body::VersionFlagged { dataset, version, since, .. } => {
                let found = self.known(*dataset)?.versions.get_mut(version);
                let id = VersionId { dataset: *dataset, version: *version };
                found.ok_or(What::Version(id))?.faulty_since = Some(*since);
            }
            _ => {}
        }
        Ok(())
    }

    fn known(&mut self, dataset: DatasetId) -> Result<&mut Dataset, What> {
        self.datasets.get_mut(&dataset).ok_or(What::Dataset(dataset))
    }

    fn dataset(&self, chain: &str, id: DatasetId, dataset: &Dataset) -> Value {
        let Dataset { owner, kind, profile, issued, modified, versions } = dataset;
        let address = format!("{chain}:dataset:{id}");
        let mut described = json!({
            "@id": address,
            "@type": "dcat:Dataset",
            "dct:identifier": id.to_string(),
            "dct:title": text(&profile.title),
            "dct:publisher": self.publisher(chain, *owner),
            "dct:type": { "@id": format!("cn:{kind}") },
            "dct:license": licence(&text(&profile.licence)),
            "dct:accessRights": { "@id": format!(
                "http://publications.europa.eu/resource/authority/access-right/{}",
                if profile.sensitivity == Sensitivity::Open { "PUBLIC" } else { "RESTRICTED" }
            ) },
            "cn:sensitivity": profile.sensitivity.as_str(),
            "cn:descriptionSha256": hex::encode(profile.description.hash),
            "dct:issued": time(*issued),
            "dct:modified": time(*modified),
        });
        if !profile.description.uri.is_empty() {
            described["foaf:isPrimaryTopicOf"] = address_or_text(&text(&profile.description.uri));
        }
        if !profile.schema.is_empty() {
            described["dct:conformsTo"] = address_or_text(&text(&profile.schema));
        }
        if let Some(last) = versions.keys().next_back() {
            described["dcat:hasCurrentVersion"] = json!({ "@id": format!("{chain}:version:{id}@{last}") });
            let versions = versions.iter().map(|(number, version)| version.describe(chain, id, *number, profile));
            described["dcat:hasVersion"] = versions.collect();
        }
        described
    }

    fn publisher(&self, chain: &str, id: OrganisationId) -> Value {
        let mut publisher = json!({ "@id": format!("{chain}:organisation:{id}"), "@type": "foaf:Organization" });
        if let Some((name, contact)) = self.organisations.get(&id) {
            publisher["foaf:name"] = name.as_str().into();
            if !contact.is_empty() {
                publisher["foaf:page"] = address_or_text(contact);
            }
        }
        publisher
    }
}

impl Version {
    fn describe(&self, chain: &str, dataset: DatasetId, number: u32, profile: &DatasetProfile) -> Value {
        let content = &self.content;
        let sources: Vec<Value> = content.sources.iter().map(|source| derived_from(chain, source)).collect();
        let mut described = json!({
            "@id": format!("{chain}:version:{dataset}@{number}"),
            "@type": "dcat:Dataset",
            "dct:title": format!("{}, version {number}", text(&profile.title)),
            "dcat:version": number.to_string(),
            "dcat:isVersionOf": { "@id": format!("{chain}:dataset:{dataset}") },
            "dct:issued": time(self.issued),
            "dct:temporal": {
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": time(content.from),
                "dcat:endDate": time(content.to),
            },
            "dcat:distribution": {
                "@type": "dcat:Distribution",
                "dcat:mediaType": media_type(&text(&content.media_type)),
                "dcat:byteSize": { "@type": "xsd:nonNegativeInteger", "@value": content.bytes.to_string() },
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": { "@id": "spdx:checksumAlgorithm_sha256" },
                    "spdx:checksumValue": { "@type": "xsd:hexBinary", "@value": hex::encode(content.content) },
                },
            },
            "cn:activity": content.activity.as_str(),
        });
        if !sources.is_empty() {
            described["prov:wasDerivedFrom"] = sources.into();
        }
        if let Some(since) = self.faulty_since {
            described["adms:status"] = json!({ "@id": "cn:faulty" });
            described["cn:faultySince"] = time(since);
        }
        described
    }
}

fn derived_from(chain: &str, source: &Source) -> Value {
    match source {
        Source::Version { dataset, version, .. } => json!({ "@id": format!("{chain}:version:{dataset}@{version}") }),
        Source::Batches { device, .. } => json!({
            "@type": "prov:Entity",
            "dct:description": print(source),
            "prov:wasAttributedTo": { "@id": format!("{chain}:device:{device}") },
        }),
        Source::External { content, .. } => json!({ "@id": format!("urn:citynet:sha256:{}", hex::encode(content)) }),
    }
}

fn time(moment: Moment) -> Value {
    json!({ "@type": "xsd:dateTime", "@value": format_utc(moment) })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An absolute URI, or what is none as text.
fn address_or_text(text: &str) -> Value {
    let letters = |letter: char| letter.is_ascii_graphic() && !"<>\"{}|\\^`".contains(letter);
    let is_uri = text.split_once(':').is_some_and(|(scheme, rest)| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.chars().all(plain) && !rest.is_empty()
    });
    if is_uri && text.chars().all(letters) {
        json!({ "@id": text })
    } else {
        text.into()
    }
}

/// A licence is a URI or an SPDX identifier.
fn licence(text: &str) -> Value {
    if text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.+".contains(letter)) {
        return json!({ "@id": format!("https://spdx.org/licenses/{text}") });
    }
    address_or_text(text)
}

/// A media type of IANA's register, by its address there.
fn media_type(text: &str) -> Value {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "!#$&-^_.+".contains(letter);
    let is_type = text.split_once('/').is_some_and(|(kind, name)| {
        !kind.is_empty() && !name.is_empty() && kind.chars().all(plain) && name.chars().all(plain)
    });
    if is_type {
        address_or_text(&format!("https://www.iana.org/assignments/media-types/{text}"))
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{
        csv_file::tests::as_of,
        parts::{made, profile},
    };
    use citynet_primitives::{OrganisationKind, RECORD_VERSION};

    const AIR: DatasetId = DatasetId(7);

    fn records(bodies: Vec<Body>) -> Vec<Record> {
        let record = |(index, body)| Record {
            version: RECORD_VERSION,
            index,
            block: 1,
            time: index * 1000,
            organisation: OrganisationId(1),
            account: [1; 32],
            body,
        };
        (0..).zip(bodies).map(record).collect()
    }

    fn joined() -> Body {
        let (organisation, organisation_kind) = (OrganisationId(1), OrganisationKind::Telecom);
        Body::OrganisationRegistered { organisation, organisation_kind, name: b"Neva".to_vec().try_into().unwrap() }
    }

    fn registered() -> Body {
        let (owner, dataset_kind) = (OrganisationId(1), DatasetKind::Derived);
        Body::DatasetRegistered { dataset: AIR, owner, dataset_kind, profile: profile(Sensitivity::Open) }
    }

    #[test]
    fn datasets_are_described_with_their_versions() {
        let external = format!("sha256:{}", "ab".repeat(32));
        let content = made(&["8@2:grant=5", "device:12:0-9", &external], 1, 0).content;
        let changed = DatasetProfile {
            licence: b"https://example.org/licence".to_vec().try_into().unwrap(),
            schema: b"the usual one".to_vec().try_into().unwrap(),
            ..profile(Sensitivity::Restricted)
        };
        let records = records(vec![
            joined(),
            registered(),
            Body::VersionPublished { dataset: AIR, version: 1, content: content.clone() },
            Body::VersionPublished { dataset: AIR, version: 2, content },
            Body::VersionFlagged { dataset: AIR, version: 1, since: 5000, reason: Default::default() },
            Body::DatasetChanged { dataset: AIR, profile: changed },
        ]);
        let chain = format!("urn:citynet:{}", "01".repeat(32));
        let early = catalogue(&records[..2], &as_of()).unwrap();
        let dataset = &early["dcat:dataset"][0];
        assert_eq!(dataset["@id"], format!("{chain}:dataset:7"));
        assert_eq!(dataset["dct:license"]["@id"], "https://spdx.org/licenses/CC-BY-4.0");
        assert!(dataset["dct:accessRights"]["@id"].as_str().unwrap().ends_with("/PUBLIC"));
        assert_eq!(dataset["dct:publisher"]["foaf:name"], "Neva");
        assert_eq!(dataset.get("dcat:hasVersion"), None);

        let all = catalogue(&records, &as_of()).unwrap();
        assert_eq!(all["@type"], "dcat:Catalog");
        assert_eq!(all["dct:modified"]["@value"], "2026-03-01T12:00:00Z");
        let dataset = &all["dcat:dataset"][0];
        assert_eq!(dataset["dct:license"]["@id"], "https://example.org/licence");
        assert_eq!(dataset["dct:conformsTo"], "the usual one");
        assert!(dataset["dct:accessRights"]["@id"].as_str().unwrap().ends_with("/RESTRICTED"));
        assert_eq!(dataset["dct:issued"]["@value"], "1970-01-01T00:00:01Z");
        assert_eq!(dataset["dct:modified"]["@value"], "1970-01-01T00:00:05Z");
        assert_eq!(dataset["dcat:hasCurrentVersion"]["@id"], format!("{chain}:version:7@2"));
        let [first, second] = dataset["dcat:hasVersion"].as_array().unwrap().as_slice() else { panic!() };
        assert_eq!(first["adms:status"]["@id"], "cn:faulty");
        assert_eq!((second.get("adms:status"), &second["dcat:version"]), (None, &json!("2")));
        let sources = &second["prov:wasDerivedFrom"];
        assert_eq!(sources[0]["@id"], format!("{chain}:version:8@2"));
        assert_eq!(sources[1]["prov:wasAttributedTo"]["@id"], format!("{chain}:device:12"));
        assert_eq!(sources[2]["@id"], format!("urn:citynet:sha256:{}", "ab".repeat(32)));
        let distribution = &second["dcat:distribution"];
        let media_type = "https://www.iana.org/assignments/media-types/text/csv";
        assert_eq!(distribution["dcat:mediaType"]["@id"], media_type);
        assert_eq!(distribution["spdx:checksum"]["spdx:checksumValue"]["@value"], "01".repeat(32));
    }

    #[test]
    fn a_dataset_goes_to_another_publisher() {
        let (from, to) = (OrganisationId(1), OrganisationId(2));
        let transferred = Body::DatasetTransferred { dataset: AIR, from, to };
        let all = catalogue(&records(vec![joined(), registered(), transferred]), &as_of()).unwrap();
        let publisher = &all["dcat:dataset"][0]["dct:publisher"];
        let chain = "01".repeat(32);
        assert_eq!(publisher["@id"], format!("urn:citynet:{chain}:organisation:2"));
        assert_eq!(publisher.get("foaf:name"), None);
    }

    #[test]
    fn what_is_missing_is_said() {
        let flagged = |version| Body::VersionFlagged { dataset: AIR, version, since: 5, reason: Default::default() };
        let refused = |bodies| catalogue(&records(bodies), &as_of()).unwrap_err().to_string();
        assert!(refused(vec![flagged(1)]).contains("record 0 is about dataset 7"));
        assert!(refused(vec![registered(), flagged(1)]).contains("record 1 is about version 7@1"));
        let organisation = OrganisationId(1);
        let profile = citynet_primitives::OrganisationProfile {
            name: Default::default(),
            contact: Default::default(),
            legal_id: [0; 32],
        };
        let body = Body::OrganisationProfileChanged { organisation, profile };
        assert!(refused(vec![body]).contains("organisation 1"));
    }

    #[test]
    fn only_uris_are_addresses() {
        for text in ["https://example.org/a?b=c#d", "mailto:a@example.org", "urn:x:y"] {
            assert_eq!(address_or_text(text), json!({ "@id": text }));
        }
        for text in ["", "example.org", "https:", ":a", "9p:x", "https://example.org/a b", "javascript:<x>", "a:é"] {
            assert_eq!(address_or_text(text), json!(text));
        }
        assert_eq!(licence("see contract"), "see contract");
        assert_eq!(media_type("csv"), "csv");
        assert_eq!(media_type("text/csv; header=present"), "text/csv; header=present");
    }
}
