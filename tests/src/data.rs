//! Datasets, grants and what is made by them, looked after with the `citynet` command as organisations would.

use crate::{
    chain::{bytes, decimal, text},
    Chain, Citynet, Finished,
};
use anyhow::{bail, ensure, Context as _, Result};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    Action, Activity, DatasetId, DatasetKind, Decision, Denial, DeviceId, GrantId, Hash, Moment, OrganisationId,
    PurposeCode, ReasonCode, Sensitivity, Usage, VersionId,
};
use citynet_proofs::{jcs, time};
use codec::{DecodeAll as _, Encode as _};
use serde_json::{json, Value};
use std::{ffi::OsString, fs, path::Path};

/// A version to publish.
#[derive(Clone, Debug)]
pub struct Version<'a> {
    /// Its content, as CSV.
    pub file: &'a Path,
    /// How many records that has.
    pub records: u64,
    /// Time of the earliest and of the latest observation.
    pub observed: (Moment, Moment),
    /// How it was made.
    pub activity: Activity,
    /// What it was made from, as the command line has it: `7@3:grant=5`.
    pub sources: Vec<String>,
}

/// May this organisation do this with this data?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who.
    pub consumer: OrganisationId,
    /// With which dataset.
    pub dataset: DatasetId,
    /// With which version; `None` stands for what is none yet.
    pub version: Option<u32>,
    /// What.
    pub action: Action,
    /// For what.
    pub purpose: PurposeCode,
}

/// A version that was made from something, directly or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// The version.
    pub version: VersionId,
    /// In how many steps.
    pub depth: u64,
    /// What it was made from: `7@3` or `device:12`.
    pub via: String,
}

/// Who looks after data, through one node. Organisations are named by their development accounts.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    citynet: &'a Citynet,
}

impl<'a> Data<'a> {
    /// Through the node of this command.
    pub fn new(citynet: &'a Citynet) -> Self {
        Self { citynet }
    }

    /// The arguments of a command that an account signs.
    fn signed(words: &[&str], account: &str) -> Vec<OsString> {
        words.iter().chain(&["--dev-account", account]).map(OsString::from).collect()
    }

    /// Registers a dataset with the DCAT description in a file.
    ///
    /// # Errors
    ///
    /// When the command fails; so with everything here.
    pub async fn register(
        &self,
        account: &str,
        kind: DatasetKind,
        title: &str,
        sensitivity: Sensitivity,
        description: &Path,
    ) -> Result<DatasetId> {
        let what = ["dataset", "register", "--kind", kind.as_str(), "--sensitivity", sensitivity.as_str()];
        let mut arguments = Self::signed(&what, account);
        arguments.extend(["--title", title, "--licence", "CC-BY-4.0", "--description"].map(OsString::from));
        arguments.push(description.into());
        Ok(DatasetId(decimal(&self.citynet.json(arguments).await?["dataset"])?))
    }

    /// Has a device feed a dataset.
    pub async fn feed(&self, account: &str, dataset: DatasetId, device: DeviceId) -> Result<()> {
        let (dataset, device) = (dataset.to_string(), device.to_string());
        let arguments = Self::signed(&["dataset", "devices", &dataset, "--add", &device], account);
        self.citynet.json(arguments).await.map(drop)
    }

    /// Publishes a version of a dataset.
    pub async fn publish(&self, account: &str, dataset: DatasetId, version: &Version<'_>) -> Result<VersionId> {
        let finished = self.try_to_publish(account, dataset, version).await?;
        ensure!(finished.code == 0, "no version is published: {finished:?}");
        let answer = finished.json()?;
        let published = version_id(&answer)?;
        ensure!(published.dataset == dataset, "a version of another dataset was published: {answer}");
        Ok(published)
    }

    /// As [`Data::publish`], where the ledger must refuse it, since this source may not be used, for this reason.
    pub async fn publish_denied(
        &self,
        account: &str,
        dataset: DatasetId,
        version: &Version<'_>,
        (position, reason): (usize, Denial),
    ) -> Result<()> {
        let finished = self.try_to_publish(account, dataset, version).await?;
        let refusal = format!("Catalog::SourceDenied {{ position: {position}, reason: {reason:?} }}");
        ensure!(
            finished.code == 1 && finished.text().contains(&refusal),
            "{account} should get {refusal} for {:?}: {finished:?}",
            version.sources
        );
        Ok(())
    }

    async fn try_to_publish(&self, account: &str, dataset: DatasetId, version: &Version<'_>) -> Result<Finished> {
        let (from, to) = version.observed;
        let mut arguments = Self::signed(&["dataset", "version", &dataset.to_string()], account);
        for (option, value) in [
            ("--media-type", "text/csv".to_owned()),
            ("--records", version.records.to_string()),
            ("--from", time::print(from)),
            ("--to", time::print(to)),
            ("--activity", version.activity.to_string()),
        ] {
            arguments.extend([OsString::from(option), value.into()]);
        }
        arguments.extend([OsString::from("--file"), version.file.into()]);
        for source in &version.sources {
            arguments.extend([OsString::from("--source"), source.into()]);
        }
        self.citynet.run(arguments).await
    }

    /// Says that a version is faulty.
    pub async fn flag(&self, account: &str, version: VersionId, since: Moment, reason: &str) -> Result<()> {
        let (version, since) = (version.to_string(), time::print(since));
        let what = ["dataset", "flag", &version, "--since", &since, "--reason", reason];
        self.citynet.json(Self::signed(&what, account)).await.map(drop)
    }

    /// Makes a binding offer with the terms in a file.
    pub async fn offer(&self, account: &str, terms: &Path) -> Result<GrantId> {
        let mut arguments = Self::signed(&["grant", "offer", "--binding"], account);
        arguments.extend([OsString::from("--terms"), terms.into()]);
        Ok(GrantId(decimal(&self.citynet.json(arguments).await?["grant"])?))
    }

    /// Passes a grant on by a binding offer with the terms in a file.
    pub async fn delegate(&self, account: &str, parent: GrantId, terms: &Path) -> Result<GrantId> {
        let finished = self.try_to_delegate(account, parent, terms).await?;
        ensure!(finished.code == 0, "grant {parent} is not passed on: {finished:?}");
        Ok(GrantId(decimal(&finished.json()?["grant"])?))
    }

    /// As [`Data::delegate`], however it ends.
    pub async fn try_to_delegate(&self, account: &str, parent: GrantId, terms: &Path) -> Result<Finished> {
        let mut arguments = Self::signed(&["grant", "delegate", &parent.to_string()], account);
        arguments.extend([OsString::from("--terms"), terms.into()]);
        self.citynet.run(arguments).await
    }

    /// Accepts a binding offer, so that the grant is in force.
    pub async fn accept(&self, account: &str, grant: GrantId) -> Result<()> {
        let arguments = Self::signed(&["grant", "accept", &grant.to_string()], account);
        self.citynet.json(arguments).await.map(drop)
    }

    /// Revokes a grant. Gives the block that has it.
    pub async fn revoke(&self, account: &str, grant: GrantId, reason: ReasonCode, note: &str) -> Result<u32> {
        let grant = grant.to_string();
        let what = ["grant", "revoke", &grant, "--reason", reason.as_str(), "--note", note];
        let answer = self.citynet.json(Self::signed(&what, account)).await?;
        let block = answer["block"].as_u64().with_context(|| format!("a block's number: {answer}"))?;
        Ok(u32::try_from(block)?)
    }

    /// Writes a grant's terms as an ODRL agreement to a file, the one whose hash the grant names.
    pub async fn odrl(&self, grant: GrantId, file: &Path) -> Result<()> {
        let mut arguments = ["grant", "odrl", &grant.to_string(), "-o"].map(OsString::from).to_vec();
        arguments.push(file.into());
        self.citynet.json(arguments).await.map(drop)
    }

    /// Asks whether something is allowed. The exit code must say the same as the answer.
    pub async fn check(&self, question: &Question) -> Result<Decision> {
        let Question { consumer, dataset, version, action, purpose } = question;
        let (consumer, dataset) = (consumer.to_string(), dataset.to_string());
        let version = version.map(|version| version.to_string());
        let purpose = purpose.name().map_or_else(|| purpose.to_string(), str::to_owned);
        let mut arguments = vec!["access", "check", "--consumer", &consumer, "--dataset", &dataset];
        arguments.extend(["--action", action.as_str(), "--purpose", &purpose]);
        if let Some(version) = &version {
            arguments.extend(["--version", version]);
        }
        let finished = self.citynet.run(arguments).await?;
        let decision = decision(&finished.json()?)?;
        let expected = match decision {
            Decision::Allowed { .. } => 0,
            Decision::Denied { .. } => 1,
        };
        ensure!(finished.code == expected, "the command ended with {} for {decision:?}", finished.code);
        Ok(decision)
    }

    /// Reports receipts, and sees that their root is reported. The receipts are kept in `archive`. Gives the answer.
    pub async fn report(&self, account: &str, receipts: &Receipts, file: &Path, archive: &Path) -> Result<Value> {
        fs::write(file, receipts.text())?;
        let mut arguments = ["access", "report"].map(OsString::from).to_vec();
        match receipts.about {
            About::Grant(grant) => arguments.push(grant.to_string().into()),
            About::Dataset(dataset) => arguments.extend([OsString::from("--dataset"), dataset.to_string().into()]),
        }
        arguments.push(file.into());
        arguments.extend([OsString::from("--archive"), archive.into()]);
        arguments.extend(Self::signed(&[], account));
        let answer = self.citynet.json(arguments).await?;
        let root = format!("0x{}", hex::encode(receipts.root()?));
        ensure!(answer["root"] == json!(root), "the root of the receipts is {root}: {answer}");
        ensure!(answer["receipts"] == json!(receipts.lines.len().to_string()), "all are reported: {answer}");
        let kept = fs::read_to_string(text(&answer["archive"])?)?;
        let kept: Vec<&str> = kept.lines().collect();
        ensure!(root_of(&kept) == receipts.root()?, "what is kept are not the receipts: {kept:?}");
        Ok(answer)
    }

    /// Contests the last report about a grant.
    pub async fn contest(&self, account: &str, grant: GrantId, usage: &Usage, reason: &str) -> Result<()> {
        let (grant, accesses) = (grant.to_string(), usage.accesses.to_string());
        let (records, bytes) = (usage.records.to_string(), usage.bytes.to_string());
        let mut what = vec!["access", "contest", &grant, "--accesses", &accesses, "--records", &records];
        what.extend(["--bytes", &bytes, "--reason", reason]);
        self.citynet.json(Self::signed(&what, account)).await.map(drop)
    }
}

/// What receipts are about.
#[derive(Clone, Copy, Debug)]
enum About {
    Grant(GrantId),
    Dataset(DatasetId),
}

/// Receipts as a provider's gateway writes them. Their root is computed here once more and apart from the client.
#[derive(Clone, Debug)]
pub struct Receipts {
    about: About,
    lines: Vec<String>,
}

impl Receipts {
    /// None yet, about a grant.
    pub const fn of_grant(grant: GrantId) -> Self {
        Self { about: About::Grant(grant), lines: Vec::new() }
    }

    /// None yet, about attempts on a dataset without any grant.
    pub const fn of_strangers(dataset: DatasetId) -> Self {
        Self { about: About::Dataset(dataset), lines: Vec::new() }
    }

    fn push(mut self, about: &str, at: Moment, action: Action, version: Option<u32>, rest: &str) -> Self {
        let (at, version) = (time::print(at), json!(version));
        self.lines.push(format!(
            r#"{{"format":"citynet.receipt/1",{about},"at":"{at}","action":"{action}","version":{version},{rest}}}"#
        ));
        self
    }

    /// And one: so many records and bytes of a version were given.
    #[must_use]
    pub fn given(self, at: Moment, action: Action, version: Option<u32>, records: u64, bytes: u64) -> Self {
        let about = self.about();
        self.push(&about, at, action, version, &format!(r#""records":"{records}","bytes":"{bytes}""#))
    }

    /// And one: access to a version was refused.
    #[must_use]
    pub fn refused(self, at: Moment, action: Action, version: Option<u32>, reason: Denial) -> Self {
        let about = self.about();
        self.push(&about, at, action, version, &format!(r#""refused":"{reason}""#))
    }

    /// And one: a requester without any grant, known by a commitment, was refused.
    #[must_use]
    pub fn stranger(self, at: Moment, action: Action, requester: Hash) -> Self {
        let about = format!(r#"{},"requester":"0x{}""#, self.about(), hex::encode(requester));
        self.push(&about, at, action, None, &format!(r#""refused":"{}""#, Denial::NoGrant))
    }

    fn about(&self) -> String {
        match self.about {
            About::Grant(grant) => format!(r#""grant":"{grant}""#),
            About::Dataset(dataset) => format!(r#""dataset":"{dataset}""#),
        }
    }

    /// And those of other receipts, which are about the same.
    #[must_use]
    pub fn and(mut self, more: &Self) -> Self {
        self.lines.extend_from_slice(&more.lines);
        self
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// The file that has them.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// The RFC 9162 root over their canonical forms.
    ///
    /// # Errors
    ///
    /// When one of them is no JSON.
    pub fn root(&self) -> Result<Hash> {
        let canonical = |line: &String| anyhow::Ok(jcs::to_string(&serde_json::from_str(line)?)?);
        Ok(root_of(&self.lines.iter().map(canonical).collect::<Result<Vec<String>>>()?))
    }
}

fn root_of<T: AsRef<str>>(leaves: &[T]) -> Hash {
    let leaves = leaves.iter().map(|leaf| leaf_hash::<Portable>(leaf.as_ref().as_bytes()));
    MemoryTree::<Portable>::from_leaf_hashes(leaves).root()
}

/// The version in an answer that has the fields `dataset` and `version`.
fn version_id(answer: &Value) -> Result<VersionId> {
    let version = answer["version"].as_u64().with_context(|| format!("a version has a number: {answer}"))?;
    Ok(VersionId { dataset: DatasetId(decimal(&answer["dataset"])?), version: u32::try_from(version)? })
}

/// The decision in an answer.
fn decision(answer: &Value) -> Result<Decision> {
    let grant = |number: &Value| anyhow::Ok(GrantId(decimal(number)?));
    match answer["decision"].as_str() {
        Some("allowed") => {
            let chain = answer["chain"].as_array().with_context(|| format!("a chain of grants: {answer}"))?;
            Ok(Decision::Allowed { chain: chain.iter().map(grant).collect::<Result<_>>()? })
        }
        Some("denied") => {
            let reason = text(&answer["reason"])?;
            let reason = Denial::ALL.iter().find(|denial| denial.as_str() == reason);
            let reason = *reason.with_context(|| format!("a reason to deny: {answer}"))?;
            let number = &answer["grant"];
            Ok(Decision::Denied { reason, grant: if number.is_null() { None } else { Some(grant(number)?) } })
        }
        _ => bail!("{answer} decides nothing"),
    }
}

impl Chain {
    /// A grant, at the finalised head.
    ///
    /// # Errors
    ///
    /// When there is none of that number, or the node does not answer; so with everything here.
    pub async fn grant(&self, grant: GrantId) -> Result<Value> {
        self.call("citynet_grant", vec![json!(grant.to_string())]).await
    }

    /// A version with what its record says. The node must keep an index.
    pub async fn dataset_version(&self, version: VersionId) -> Result<Value> {
        self.until_indexed().await?;
        let parameters = vec![json!(version.dataset.to_string()), json!(version.version)];
        self.call("citynet_datasetVersion", parameters).await
    }

    /// What depends on a version or a device, as `citynet_dependents` is asked. The node must keep an index.
    pub async fn dependents(&self, of: Value) -> Result<Vec<Dependent>> {
        self.until_indexed().await?;
        let answer = self.call("citynet_dependents", vec![of]).await?;
        ensure!(answer["complete"] == json!(true), "there are more than are listed: {answer}");
        let items = answer["items"].as_array().context("dependents are a list")?;
        let dependent = |item: &Value| {
            let depth = item["depth"].as_u64().with_context(|| format!("a number of steps: {item}"))?;
            anyhow::Ok(Dependent { version: version_id(item)?, depth, via: text(&item["via"])? })
        };
        items.iter().map(dependent).collect()
    }

    /// What the ledger decides, by the state of the finalised head.
    pub async fn decision(&self, question: &Question) -> Result<Decision> {
        let Question { consumer, dataset, version, action, purpose } = question;
        let asked = json!({
            "consumer": consumer, "dataset": dataset, "version": version, "action": action, "purpose": purpose,
        });
        decision(&self.call("citynet_checkAccess", vec![asked]).await?)
    }

    /// What the runtime decides after the block of that number, at its time.
    pub async fn decision_at(&self, question: &Question, block: u32) -> Result<Decision> {
        let Question { consumer, dataset, version, action, purpose } = *question;
        let arguments = (consumer, dataset, version, action, purpose, None::<Moment>).encode();
        let arguments = format!("0x{}", hex::encode(arguments));
        let at = self.hash(block).await?;
        let answer =
            self.call("state_call", vec![json!("GrantsApi_check_access"), json!(arguments), json!(at)]).await?;
        Ok(Decision::decode_all(&mut bytes(&text(&answer)?)?.as_slice())?)
    }
}
