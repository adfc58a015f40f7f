//! `citynet watch`, as somebody runs it who must miss nothing.

use crate::{
    chain::{decimal, PATIENCE},
    node::interrupt,
    Citynet,
};
use anyhow::{ensure, Context as _, Result};
use serde_json::Value;
use std::{fs::OpenOptions, path::Path, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdout},
    sync::mpsc::{unbounded_channel, UnboundedReceiver, UnboundedSender},
    time::timeout,
};

/// Somebody who watches. Dropped, the command is killed.
#[derive(Debug)]
pub struct Watching {
    child: Child,
    lines: UnboundedReceiver<String>,
    records: Vec<Value>,
}

impl Watching {
    /// Begins to watch all records from the first one on. What the command writes besides goes to `log`.
    ///
    /// # Errors
    ///
    /// When the command cannot be started.
    pub fn begin(citynet: &Citynet, log: &Path) -> Result<Self> {
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let mut command = citynet.against_node(["watch", "--from", "genesis"]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn()?;
        let stdout = child.stdout.take().context("the standard output was asked for")?;
        let (sender, lines) = unbounded_channel();
        // Read at once: whoever lets the command wait has it end as a slow reader.
        tokio::spawn(forward(stdout, sender));
        Ok(Self { child, lines, records: Vec::new() })
    }

    /// Waits until the record with that index has come.
    ///
    /// # Errors
    ///
    /// When it does not come in time, or the command ends.
    pub async fn until(&mut self, index: u64) -> Result<()> {
        let waiting = async {
            loop {
                let line = self.lines.recv().await.context("the command has ended")?;
                let record: Value = serde_json::from_str(&line).with_context(|| format!("no JSON: {line}"))?;
                let last = decimal(&record["index"]).with_context(|| format!("no record: {line}"))?;
                self.records.push(record);
                if last >= index {
                    return anyhow::Ok(());
                }
            }
        };
        timeout(PATIENCE, waiting).await.with_context(|| format!("record {index} is not watched in time"))?
    }

    /// Ends it as Ctrl-C does. Gives the records, each of which must follow the one before.
    ///
    /// # Errors
    ///
    /// When it does not end well, when it does not say where to go on, and where a record is missing or comes twice.
    pub async fn end(mut self) -> Result<Vec<Value>> {
        interrupt(self.child.id().context("the command has ended")?).await?;
        let status = self.child.wait().await?;
        ensure!(status.success(), "watching ended with {status}");
        let mut rest = Vec::new();
        while let Some(line) = self.lines.recv().await {
            rest.push(serde_json::from_str::<Value>(&line)?);
        }
        let next = rest.pop().context("it says where to go on")?;
        self.records.append(&mut rest);
        for (expected, record) in (0..).zip(&self.records) {
            let index = decimal(&record["index"])?;
            ensure!(index == expected, "record {index} comes where {expected} should");
        }
        let expected = self.records.len() as u64;
        ensure!(decimal(&next["next"])? == expected, "{next} is said, and {expected} is next");
        Ok(self.records)
    }
}

async fn forward(stdout: ChildStdout, to: UnboundedSender<String>) {
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if to.send(line).is_err() {
            return;
        }
    }
}
