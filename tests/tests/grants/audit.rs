//! What auditors ask when all is over: each question by one command, with a file that proves the answer.

use super::{Grants, Made, Story, Stream, PARTNER_ID, READINGS, UNIVERSITY_ID};
use anyhow::{ensure, Context as _, Result};
use citynet_primitives::{Moment, OrganisationId, VersionId};
use citynet_proofs::time;
use citynet_tests::{chain::decimal, evidence::Auditor, exports::Exports};
use serde_json::{json, Value};
use std::{collections::BTreeSet, fs};

/// Any reading does.
const SEQUENCE: u64 = 123;

impl Story {
    /// What was attested, who could use it, what was made from it, and what a faulty sensor touches.
    pub(super) async fn auditors_ask(&mut self, stream: &Stream, made: &Made, grants: &Grants) -> Result<()> {
        let auditor = Auditor::new(&self.chain, &self.citynet, &self.job).await?;
        let (device, sequence) = (stream.device.to_string(), SEQUENCE.to_string());
        let words = ["reading", "--archive", "archive", "--device", &device, "--sequence", &sequence];
        let audited = auditor.ask(&words).await?;
        let (line, whole) = (&audited.answer["sourceLine"], &audited.answer["withoutGap"]);
        let sample = fs::read_to_string(self.job.join("air.csv"))?;
        ensure!(
            line.is_string() && sample.lines().nth(usize::try_from(SEQUENCE)? + 1) == line.as_str(),
            "reading {SEQUENCE} is another line of the file: {}",
            audited.answer
        );
        let all = json!({ "first": "0", "last": (READINGS - 1).to_string() });
        ensure!(*whole == all, "nothing is missing among {READINGS} readings: {}", audited.answer);
        self.steps.done(&audited.step("a reading, and that none is missing"));

        let revoked = self.revoked(grants).await?;
        let dataset = stream.version.dataset.to_string();
        let Grants { first, second } = *grants;
        let before = [json!([UNIVERSITY_ID, [first]]), json!([PARTNER_ID, [second, first]])];
        for (at, expected) in [(revoked - 1_000, &before[..]), (revoked + 1_000, &[])] {
            let audited = auditor.ask(&["access", &dataset, "--at", &time::print(at)]).await?;
            let rights = audited.answer["rights"].as_array().context("an answer has rights")?;
            let found: Vec<Value> = rights.iter().map(|right| json!([right["consumer"], right["chain"]])).collect();
            ensure!(found == expected, "at {at} the dataset could be used by {found:?}: {}", audited.answer);
            self.steps.done(&audited.step(&format!("who could use it, which were {}", found.len())));
        }

        let audited = auditor.ask(&["lineage", &made.model.to_string()]).await?;
        let found = pairs(&audited.answer, "steps", "made", "from")?;
        let above = |version: VersionId, sources: &[VersionId]| -> Vec<(String, String)> {
            sources.iter().map(|source| (version.to_string(), source.to_string())).collect()
        };
        let expected = [
            above(made.tuned, &[made.model]),
            above(made.model, &[made.cleaned, stream.version]),
            above(made.cleaned, &[stream.version]),
        ];
        ensure!(audited.answer["complete"] == true, "the lineage is not complete: {}", audited.answer);
        for step in expected.iter().flatten() {
            ensure!(found.contains(step), "{step:?} is no step of the lineage: {}", audited.answer);
        }
        self.steps.done(&audited.step("what the model was made from, up to the sensor, and what from it"));

        let (device, since) = (format!("device:{}", stream.device), time::print(stream.last_batch));
        let audited = auditor.ask(&["taint", &device, "--since", &since]).await?;
        let found = firsts(pairs(&audited.answer, "versions", "version", "via")?);
        let expected = [stream.version, made.statistics, made.cleaned, made.model, made.tuned];
        let expected: BTreeSet<String> = expected.iter().map(ToString::to_string).collect();
        ensure!(found == expected, "the sensor's last batch touches {found:?}: {}", audited.answer);
        self.steps.done(&audited.step("all that the sensor's last batch touches"));
        self.auditors_ask_what_was_made(stream, made).await
    }

    /// What a faulty version touches, and what was made from a sensor's readings, all of them or a batch's.
    async fn auditors_ask_what_was_made(&mut self, stream: &Stream, made: &Made) -> Result<()> {
        let auditor = Auditor::new(&self.chain, &self.citynet, &self.job).await?;
        let others = [made.statistics, made.cleaned, made.model, made.tuned].map(|version| version.to_string());

        let audited = auditor.ask(&["taint", &stream.version.to_string()]).await?;
        let found = firsts(pairs(&audited.answer, "versions", "version", "via")?);
        let expected = BTreeSet::from(others.clone());
        ensure!(found == expected, "version {} touches {found:?}: {}", stream.version, audited.answer);
        let told = audited.answer["notify"].as_array().context("an answer says whom to tell")?;
        let told: BTreeSet<u64> = told.iter().filter_map(|one| one["organisation"].as_u64()).collect();
        for OrganisationId(id) in [UNIVERSITY_ID, PARTNER_ID] {
            ensure!(told.contains(&u64::from(id)), "organisation {id} is to be told, and not only {told:?}");
        }
        self.steps.done(&audited.step("all that a faulty version would touch"));

        let device = format!("device:{}", stream.device);
        let all: BTreeSet<String> = others.into_iter().chain([stream.version.to_string()]).collect();
        let audited = auditor.ask(&["lineage", &device]).await?;
        let found = firsts(pairs(&audited.answer, "steps", "made", "from")?);
        ensure!(found == all, "from {device} were made {found:?}: {}", audited.answer);
        self.steps.done(&audited.step("what was made from all that the sensor observed"));

        // Of the first batch alone something was made at once.
        let batch = format!("batch:{}-0", stream.device);
        let audited = auditor.ask(&["lineage", &batch]).await?;
        let steps = pairs(&audited.answer, "steps", "made", "from")?;
        for of in [batch.clone(), stream.version.to_string(), made.cleaned.to_string()] {
            let step = (of, device.clone());
            ensure!(steps.contains(&step), "{step:?} is no step of the lineage of {batch}: {}", audited.answer);
        }
        let found = firsts(steps);
        let expected: BTreeSet<String> = all.into_iter().chain([batch.clone()]).collect();
        ensure!(found == expected, "the lineage of {batch} has {found:?}: {}", audited.answer);
        self.steps.done(&audited.step("where the sensor's first batch is from, and what was made from it"));
        Ok(())
    }

    /// When the first grant was revoked.
    async fn revoked(&self, grants: &Grants) -> Result<Moment> {
        let filter = json!({ "subject": format!("grant:{}", grants.first), "kind": "grant_state_changed" });
        let records = self.chain.records(filter).await?;
        decimal(&records.first().context("the grant was revoked")?["time"])
    }

    /// The lineage of the last model, the catalogue, and what there is to know about the city's dataset.
    pub(super) async fn auditors_take_it_away(&mut self, stream: &Stream, made: &Made, grants: &Grants) -> Result<()> {
        let exports = Exports::new(&self.citynet, &self.job);
        let document = exports.prov(made.tuned).await?;
        let entities = document["entity"].as_object().context("a lineage has entities")?;
        let versions =
            [stream.version, made.cleaned, made.model, made.tuned].map(|version| format!("version:{version}"));
        for name in versions.iter().chain([&format!("grant:{}", grants.second)]) {
            ensure!(entities.contains_key(name), "{name} is not in the lineage: {document}");
        }

        let catalogue = exports.dcat().await?;
        let datasets = catalogue["dcat:dataset"].as_array().context("a catalogue has datasets")?;
        ensure!(datasets.len() == 4, "four datasets were registered: {catalogue}");

        let parts = exports.ro_crate(stream.version.dataset).await?;
        let expected = ["access.csv", "access.csv.manifest.json", "history.csv", "history.csv.manifest.json"];
        for name in expected.iter().chain(&["lineage.json"]) {
            ensure!(parts.iter().any(|part| part == name), "{name} is not in the crate: {parts:?}");
        }

        let at = time::print(self.revoked(grants).await? - 1_000);
        let rows = exports.table(&["audit", "access", &stream.version.dataset.to_string(), "--at", &at]).await?;
        ensure!(rows.len() == 3, "the owner and two others could use it: {rows:?}");
        self.steps.done("lineage, catalogue, crate and table are taken away as files, and are what they say");
        Ok(())
    }
}

/// The first ones of pairs.
fn firsts(pairs: BTreeSet<(String, String)>) -> BTreeSet<String> {
    pairs.into_iter().map(|(first, _)| first).collect()
}

/// What two members are of each item in a list of an answer.
fn pairs(answer: &Value, list: &str, one: &str, other: &str) -> Result<BTreeSet<(String, String)>> {
    let items = answer[list].as_array().with_context(|| format!("an answer has {list}: {answer}"))?;
    let member = |item: &Value, name: &str| {
        let text = item[name].as_str().map(str::to_owned);
        text.with_context(|| format!("an item has {name}: {item}"))
    };
    items.iter().map(|item| Ok((member(item, one)?, member(item, other)?))).collect()
}
