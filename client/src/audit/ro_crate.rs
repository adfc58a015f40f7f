//! Files packed as an RO-Crate 1.1 (<https://w3id.org/ro/crate/1.1>): a ZIP archive whose `ro-crate-metadata.json` says
//! what each file is.
//!
//! The same files give the same bytes: entries are sorted by their names, not compressed, and dated 1980, which is the
//! earliest that ZIP knows. When the answers are from, the metadata says.

use super::journal::AsOf;
use crate::time::format_utc;
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    io::{Cursor, Write as _},
};
use zip::{result::ZipError, write::SimpleFileOptions, CompressionMethod, DateTime, System, ZipWriter};

/// The name of the metadata's file.
pub const METADATA: &str = "ro-crate-metadata.json";

/// Files cannot be packed.
#[derive(Debug, thiserror::Error)]
pub enum CrateError {
    /// Two files have one name, or one has that of the metadata.
    #[error("there is more than one file `{0}`")]
    NameTaken(String),
    /// A name leads out of the archive, or is none on every system.
    #[error("`{0}` cannot be the name of a file in a crate: letters, digits, `.`, `-`, `_` and `/` only")]
    BadName(String),
    /// The archive cannot be made.
    #[error("the archive cannot be made: {0}")]
    Archive(#[from] ZipError),
    /// As before, while a file was added.
    #[error("the archive cannot be made: {0}")]
    Write(#[from] std::io::Error),
}

/// A file of a crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in the crate, such as `access.csv`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// What it is.
    pub description: String,
}

/// What a crate says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// The URI of its licence, if there is one.
    pub licence: Option<String>,
}

/// Packs files. The metadata is added.
///
/// # Errors
///
/// [`CrateError`].
pub fn pack(about: &About, as_of: &AsOf, parts: Vec<Part>) -> Result<Vec<u8>, CrateError> {
    let mut named: BTreeMap<String, Part> = BTreeMap::new();
    for part in parts {
        check_name(&part.name)?;
        if part.name == METADATA || named.contains_key(&part.name) {
            return Err(CrateError::NameTaken(part.name));
        }
        named.insert(part.name.clone(), part);
    }
    let metadata = format!("{:#}\n", metadata(about, as_of, &named));
    let files = named.iter().map(|(name, part)| (name.as_str(), part.bytes.as_slice()));
    let mut files: BTreeMap<&str, &[u8]> = files.collect();
    files.insert(METADATA, metadata.as_bytes());

    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name, options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn check_name(name: &str) -> Result<(), CrateError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let is_part = |part: &str| !part.is_empty() && part.chars().all(plain) && !part.starts_with('.');
    if name.split('/').all(is_part) {
        Ok(())
    } else {
        Err(CrateError::BadName(name.to_owned()))
    }
}

fn metadata(about: &About, as_of: &AsOf, parts: &BTreeMap<String, Part>) -> Value {
    let licence = about.licence.as_deref().unwrap_or("#licence");
    let mut licence_entity = json!({ "@id": licence, "@type": "CreativeWork" });
    if about.licence.is_none() {
        licence_entity["name"] = "No licence is stated".into();
        licence_entity["description"] = "Ask the consortium whose ledger it is.".into();
    }
    let names: Vec<Value> = parts.keys().map(|name| json!({ "@id": name })).collect();
    let mut graph = vec![
        json!({
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
            "about": { "@id": "./" },
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "name": about.name,
            "description": about.description,
            "datePublished": format_utc(as_of.time),
            "license": { "@id": licence },
            "isBasedOn": { "@id": "#ledger" },
            "hasPart": names,
        }),
        licence_entity,
        json!({
            "@id": "#ledger",
            "@type": "CreativeWork",
            "name": "CityNet Ledger",
            "identifier": format!("urn:citynet:{}", hex::encode(as_of.genesis)),
            "version": format!("block {}, 0x{}", as_of.block, hex::encode(as_of.hash)),
        }),
    ];
    graph.extend(parts.values().map(|part| {
        json!({
            "@id": part.name,
            "@type": "File",
            "name": part.name,
            "description": part.description,
            "encodingFormat": part.media_type,
            "contentSize": part.bytes.len().to_string(),
            "sha256": hex::encode(Sha256::digest(&part.bytes)),
        })
    }));
    // The context of version 1.1 has no word for the hash.
    let context = json!(["https://w3id.org/ro/crate/1.1/context", { "sha256": "https://schema.org/sha256" }]);
    json!({ "@context": context, "@graph": graph })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::csv_file::tests::as_of;
    use proptest::prelude::*;
    use std::io::Read as _;
    use zip::ZipArchive;

    fn part(name: &str, bytes: &[u8]) -> Part {
        let description = "what was there".to_owned();
        Part { name: name.to_owned(), bytes: bytes.to_vec(), media_type: "text/csv", description }
    }

    fn about() -> About {
        About { name: "An audit".into(), description: "of dataset 7".into(), licence: None }
    }

    fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        (0..archive.len())
            .map(|index| {
                let mut file = archive.by_index(index).unwrap();
                let name = file.name().unwrap().into_owned();
                let mut content = Vec::new();
                file.read_to_end(&mut content).unwrap();
                (name, content)
            })
            .collect()
    }

    #[test]
    fn a_crate_says_what_is_in_it() {
        let parts = vec![part("b.csv", b"b\n"), part("a/evidence.json", b"{}")];
        let files = unpack(&pack(&about(), &as_of(), parts).unwrap());
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a/evidence.json", "b.csv", METADATA]);
        let metadata: Value = serde_json::from_slice(&files[2].1).unwrap();
        let graph = metadata["@graph"].as_array().unwrap();
        let find = |id: &str| graph.iter().find(|entity| entity["@id"] == id).unwrap();
        assert_eq!(find(METADATA)["conformsTo"]["@id"], "https://w3id.org/ro/crate/1.1");
        let root = find("./");
        assert_eq!(root["datePublished"], "2026-03-01T12:00:00Z");
        assert_eq!(root["hasPart"], json!([{ "@id": "a/evidence.json" }, { "@id": "b.csv" }]));
        assert_eq!(root["license"]["@id"], "#licence");
        assert_eq!(find("#licence")["name"], "No licence is stated");
        assert_eq!(find("b.csv")["sha256"], hex::encode(Sha256::digest(b"b\n")));
        assert_eq!(find("b.csv")["contentSize"], "2");
        // Everything that is referred to is described, and everything has one description.
        let ids: std::collections::BTreeSet<&str> =
            graph.iter().map(|entity| entity["@id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), graph.len());
        for reference in [&root["license"], &root["isBasedOn"]] {
            assert!(ids.contains(reference["@id"].as_str().unwrap()));
        }

        let licensed = About { licence: Some("https://spdx.org/licenses/CC0-1.0".into()), ..about() };
        let files = unpack(&pack(&licensed, &as_of(), vec![]).unwrap());
        let text = String::from_utf8(files[0].1.clone()).unwrap();
        assert!(text.contains("\"https://spdx.org/licenses/CC0-1.0\"") && !text.contains("#licence"), "{text}");
    }

    #[test]
    fn names_are_safe_and_different() {
        let twice = vec![part("a.csv", b"a"), part("a.csv", b"b")];
        assert!(matches!(pack(&about(), &as_of(), twice), Err(CrateError::NameTaken(_))));
        let taken = vec![part(METADATA, b"{}")];
        assert!(matches!(pack(&about(), &as_of(), taken), Err(CrateError::NameTaken(_))));
        for name in ["", "/etc/passwd", "../a", "a/../b", "a//b", "a b", "C:\\a", "a/", ".a", "é"] {
            let found = pack(&about(), &as_of(), vec![part(name, b"a")]);
            assert!(matches!(found, Err(CrateError::BadName(_))), "{name}");
        }
    }

    proptest! {
        #[test]
        fn the_same_files_give_the_same_bytes(
            files in proptest::collection::btree_map("[a-z]{1,8}", any::<Vec<u8>>(), 0..6),
        ) {
            let parts: Vec<Part> = files.iter().map(|(name, bytes)| part(name, bytes)).collect();
            let mut backwards = parts.clone();
            backwards.reverse();
            let packed = pack(&about(), &as_of(), parts).unwrap();
            prop_assert_eq!(&packed, &pack(&about(), &as_of(), backwards).unwrap());
            let mut unpacked = unpack(&packed);
            unpacked.retain(|(name, _)| name != METADATA);
            let expected: Vec<(String, Vec<u8>)> = files.into_iter().collect();
            prop_assert_eq!(unpacked, expected);
        }
    }
}
