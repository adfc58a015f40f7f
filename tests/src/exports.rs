//! What auditors take away as files of the `citynet` command: PROV-JSON, DCAT, RO-Crates and tables.

use crate::{chain::text, Citynet};
use anyhow::{ensure, Context as _, Result};
use citynet_merkle::{Portable, Sha256 as _};
use citynet_primitives::{DatasetId, VersionId};
use serde_json::{json, Value};
use std::{ffi::OsString, fs, path::Path};

/// Who takes it away, through one node.
#[derive(Clone, Copy, Debug)]
pub struct Exports<'a> {
    citynet: &'a Citynet,
    folder: &'a Path,
}

impl<'a> Exports<'a> {
    /// The files are written to that folder.
    pub const fn new(citynet: &'a Citynet, folder: &'a Path) -> Self {
        Self { citynet, folder }
    }

    /// Runs a command that writes a file. Gives what it tells, and the file's content.
    async fn written(&self, words: &[&str], option: &str, name: &str) -> Result<(Value, Vec<u8>)> {
        let file = self.folder.join(name);
        let mut arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
        arguments.extend([OsString::from(option), file.clone().into()]);
        let told = self.citynet.json(arguments).await?;
        Ok((told, fs::read(&file).with_context(|| file.display().to_string())?))
    }

    /// A version's whole lineage as PROV-JSON, which stands its check, and does not without that version.
    ///
    /// # Errors
    ///
    /// When a command fails or a file is not what it is said to be; so with everything here.
    pub async fn prov(&self, version: VersionId) -> Result<Value> {
        let name = "lineage.prov.json";
        let (told, written) = self.written(&["prov", "export", &version.to_string()], "-o", name).await?;
        ensure!(told["complete"] == true, "the lineage of {version} is not complete: {told}");
        let checked = self.check(name).await?;
        for count in ["records", "entities", "activities", "agents"] {
            ensure!(checked[count] == told[count], "the document has {told}, and is checked to have {checked}");
        }
        ensure!(checked["good"] == true, "what was exported is not good: {checked}");

        let document: Value = serde_json::from_slice(&written)?;
        let mut bent = document.clone();
        let entities = bent["entity"].as_object_mut().context("there are entities")?;
        entities.remove(&format!("version:{version}")).context("one of them is the version")?;
        let name = "bent.prov.json";
        fs::write(self.folder.join(name), bent.to_string())?;
        let checked = self.check(name).await?;
        ensure!(checked["good"] == false, "a document without the version that it is about is good: {checked}");
        Ok(document)
    }

    /// What the check says of a file, without a node. The exit code must say the same.
    async fn check(&self, name: &str) -> Result<Value> {
        let finished = self.citynet.offline(["prov", "check", name, "--json"]).await?;
        let checked = finished.json()?;
        let code = i32::from(checked["good"] != true);
        ensure!(finished.code == code, "the command ended with {} for {checked}", finished.code);
        Ok(checked)
    }

    /// The catalogue as DCAT 3.
    pub async fn dcat(&self) -> Result<Value> {
        let (told, written) = self.written(&["audit", "dcat"], "-o", "catalogue.jsonld").await?;
        let catalogue: Value = serde_json::from_slice(&written)?;
        let datasets = catalogue["dcat:dataset"].as_array().context("a catalogue has datasets")?;
        ensure!(told["datasets"] == json!(datasets.len()), "the catalogue has {} datasets: {told}", datasets.len());
        Ok(catalogue)
    }

    /// What there is to know about a dataset as an RO-Crate. Gives the names of its parts.
    pub async fn ro_crate(&self, dataset: DatasetId) -> Result<Vec<String>> {
        let (told, written) = self.written(&["audit", "crate", &dataset.to_string()], "-o", "audit.zip").await?;
        let hash = hex::encode(Portable::digest(&[&written]));
        ensure!(
            told["sha256"] == json!(hash) && told["complete"] == true,
            "the crate has SHA-256 {hash} and is complete: {told}"
        );
        // Nothing in it is compressed.
        let metadata = b"ro-crate-metadata.json";
        ensure!(written.windows(metadata.len()).any(|part| part == metadata), "the crate says nothing of its parts");
        let parts = told["parts"].as_array().context("a crate has parts")?;
        parts.iter().map(text).collect()
    }

    /// An answer as a table. Gives its lines, without the heading; the manifest beside it must be about that file.
    pub async fn table(&self, question: &[&str]) -> Result<Vec<String>> {
        let name = "answer.csv";
        let (_, written) = self.written(question, "--csv", name).await?;
        let manifest: Value = serde_json::from_slice(&fs::read(self.folder.join(format!("{name}.manifest.json")))?)?;
        let hash = hex::encode(Portable::digest(&[&written]));
        let lines: Vec<String> = String::from_utf8(written)?.lines().skip(1).map(str::to_owned).collect();
        ensure!(
            manifest["sha256"] == json!(hash) && manifest["rows"] == json!(lines.len().to_string()),
            "the table has SHA-256 {hash} and {} rows: {manifest}",
            lines.len()
        );
        ensure!(manifest["complete"] == true, "nothing was left out: {manifest}");
        Ok(lines)
    }
}
