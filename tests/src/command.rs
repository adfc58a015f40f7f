//! The `citynet` command, and the main job done with it.

use crate::{chain::decimal, programs};
use anyhow::{ensure, Context as _, Result};
use citynet_primitives::DeviceId;
use serde_json::Value;
use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::process::{Child, Command};

/// The command, against one node.
#[derive(Clone, Debug)]
pub struct Citynet {
    program: PathBuf,
    url: String,
    folder: PathBuf,
}

/// How a run of the command ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The exit code: 0 done, 1 failed, 2 done but some input was rejected. −1 when a signal ended it.
    pub code: i32,
    /// What it answered.
    pub stdout: String,
    /// What it told besides.
    pub stderr: String,
}

impl Finished {
    /// The answer as JSON.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("no JSON: {self:?}"))
    }

    /// Both streams, to look for words in.
    pub fn text(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

/// What `citynet attest` shall do.
#[derive(Clone, Debug)]
pub struct Attest<'a> {
    /// The development account that submits.
    pub account: &'a str,
    /// The device.
    pub device: DeviceId,
    /// Its key.
    pub key: &'a Path,
    /// Where the archive is.
    pub archive: &'a Path,
    /// The source files.
    pub files: &'a [PathBuf],
    /// How fast; the command's defaults otherwise.
    pub pace: Option<Pace>,
}

/// How much `citynet attest` sends at a time.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Readings in a batch.
    pub batch: u32,
    /// Batches in a transaction.
    pub per_transaction: u32,
    /// Transactions that are not final yet.
    pub in_flight: u32,
}

impl Pace {
    /// Small batches, one per transaction and three at a time: a few in every block, so that there is a middle of it in
    /// which something can happen.
    pub const fn slow(batch: u32) -> Self {
        Self { batch, per_transaction: 1, in_flight: 3 }
    }
}

impl Citynet {
    /// The command against the node at `url`, run in `folder`.
    ///
    /// # Errors
    ///
    /// When it was not built.
    pub fn new(url: &str, folder: PathBuf) -> Result<Self> {
        Ok(Self { program: programs::find(programs::COMMAND)?, url: url.to_owned(), folder })
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null()).kill_on_drop(true);
        // What whoever runs the tests has set is not part of them.
        for variable in ["CITYNET_NODE", "CITYNET_KEY", "CITYNET_DEVICE_KEY"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs the command without a node.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub async fn offline<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Finished> {
        let output = self.command(arguments).output().await?;
        Ok(Finished {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs the command against the node, and takes its answer as JSON.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub async fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Finished> {
        self.offline(self.with_node(arguments)).await
    }

    /// The command against the node, with JSON as its answer, to be started in another way.
    pub(crate) fn against_node<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        self.command(self.with_node(arguments))
    }

    fn with_node<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Vec<OsString> {
        let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned());
        arguments.chain(["--json", "--node", &self.url].map(OsString::from)).collect()
    }

    /// The JSON that the command answers with when all goes well.
    ///
    /// # Errors
    ///
    /// When it does not end with 0.
    pub async fn json<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Value> {
        let finished = self.run(arguments).await?;
        ensure!(finished.code == 0, "the command failed: {finished:?}");
        finished.json()
    }

    /// Makes a device key.
    ///
    /// # Errors
    ///
    /// When the command fails.
    pub async fn device_key(&self, file: &Path) -> Result<()> {
        let arguments = ["key", "generate", "--scheme", "ed25519", "--out"].map(OsString::from);
        let finished = self.offline(arguments.into_iter().chain([file.into()])).await?;
        ensure!(finished.code == 0, "no key was made: {finished:?}");
        Ok(())
    }

    /// Registers a particulate sensor for the organisation of a development account.
    ///
    /// # Errors
    ///
    /// When the command fails.
    pub async fn register(&self, account: &str, key: &Path) -> Result<DeviceId> {
        let mut arguments: Vec<OsString> =
            ["device", "register", "--dev-account", account, "--model", "Nova SDS011"].map(OsString::from).into();
        arguments.extend(["--property", "P1", "--property", "P2", "--geohash", "udtscze"].map(OsString::from));
        arguments.extend([OsString::from("--device-key"), key.into()]);
        let answer = self.json(arguments).await?;
        Ok(DeviceId(decimal(&answer["device"])?))
    }

    fn attest_arguments(&self, job: &Attest<'_>) -> Vec<OsString> {
        let device = job.device.to_string();
        let mut arguments: Vec<OsString> =
            ["attest", "--dev-account", job.account, "--device", &device].map(OsString::from).into();
        arguments.extend([OsString::from("--device-key"), job.key.into()]);
        arguments.extend([OsString::from("--archive"), job.archive.into()]);
        arguments.extend(["--format", "sensor-community"].map(OsString::from));
        if let Some(Pace { batch, per_transaction, in_flight }) = job.pace {
            let options = [("--batch-size", batch), ("--per-transaction", per_transaction), ("--in-flight", in_flight)];
            arguments
                .extend(options.into_iter().flat_map(|(name, value)| [OsString::from(name), value.to_string().into()]));
        }
        arguments.extend(job.files.iter().map(OsString::from));
        arguments
    }

    /// Attests files.
    ///
    /// # Errors
    ///
    /// When the command cannot be started.
    pub async fn attest(&self, job: &Attest<'_>) -> Result<Finished> {
        self.run(self.attest_arguments(job)).await
    }

    /// Attests files for somebody who watches: with progress, and the report for humans. Gives the exit code.
    ///
    /// # Errors
    ///
    /// When the command cannot be started.
    pub async fn attest_visibly(&self, job: &Attest<'_>) -> Result<i32> {
        let arguments = self.attest_arguments(job).into_iter().chain(["--node", &self.url].map(OsString::from));
        Ok(self.command(arguments).status().await?.code().unwrap_or(-1))
    }

    /// Begins to attest files. What the command writes goes to `log`.
    ///
    /// # Errors
    ///
    /// When the command cannot be started.
    pub fn begin_attest(&self, job: &Attest<'_>, log: &Path) -> Result<Child> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        let mut command = self.against_node(self.attest_arguments(job));
        Ok(command.stdout(log.try_clone()?).stderr(log).spawn()?)
    }

    /// Makes the evidence of one reading.
    ///
    /// # Errors
    ///
    /// When the command fails.
    pub async fn prove(&self, archive: &Path, sequence: u64, evidence: &Path) -> Result<()> {
        let sequence = sequence.to_string();
        let arguments: [&OsStr; 7] = [
            "prove".as_ref(),
            "--archive".as_ref(),
            archive.as_ref(),
            "--reading".as_ref(),
            sequence.as_ref(),
            "-o".as_ref(),
            evidence.as_ref(),
        ];
        self.json(arguments).await?;
        Ok(())
    }

    /// Verifies evidence against a chain specification, without a node.
    ///
    /// # Errors
    ///
    /// When the command cannot be started.
    pub async fn verify_by_spec(&self, evidence: &Path, spec: &Path) -> Result<Finished> {
        let arguments: [&OsStr; 4] = ["verify".as_ref(), evidence.as_ref(), "--spec".as_ref(), spec.as_ref()];
        self.offline(arguments).await
    }

    /// Verifies evidence against a genesis hash, without a node.
    ///
    /// # Errors
    ///
    /// When the command cannot be started.
    pub async fn verify(&self, evidence: &Path, genesis: &[u8; 32]) -> Result<Finished> {
        let genesis = format!("0x{}", hex::encode(genesis));
        let arguments: [&OsStr; 4] = ["verify".as_ref(), evidence.as_ref(), "--genesis".as_ref(), genesis.as_ref()];
        self.offline(arguments).await
    }
}
