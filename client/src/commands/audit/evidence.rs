//! Evidence of a whole answer: how it is asked for, made and written.

use super::answer::{CsvArgs, Told};
use crate::{commands::Done, output::Output};
use anyhow::Context as _;
use citynet_answers::Basis;
use citynet_client::{
    audit::{
        dossier::{make, records, Made, Progress, WithReading},
        journal::Journal,
    },
    ledger::Ledger,
    time::parse_duration,
};
use citynet_primitives::{Hash, Record};
use citynet_proofs::{Question, VerifiedDossier, VerifiedReading};
use clap::Args;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Args, Debug)]
pub struct EvidenceArgs {
    /// Write all records that the answer needs, with what proves them complete, into this file, and compute the answer from
    /// what is proven. `citynet verify FILE` computes it again with no network.
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// For how long to wait until the node has the proof.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    patience: u64,
}

/// The records that an answer is computed from.
pub struct Found {
    /// By index.
    pub records: Vec<Record>,
    /// Where they are from.
    pub basis: Basis,
    /// The reading, where that was asked for and is proven.
    pub reading: Option<VerifiedReading>,
    /// The file that proves them.
    file: Option<Written>,
}

struct Written {
    name: String,
    bytes: usize,
    genesis: Hash,
}

impl EvidenceArgs {
    /// Whether a file is asked for.
    pub fn is_asked(&self) -> bool {
        self.evidence.is_some()
    }

    /// For how long to wait for a node. One that is only asked must be there.
    pub fn patience(&self) -> Duration {
        if self.is_asked() {
            Duration::from_millis(self.patience)
        } else {
            Duration::ZERO
        }
    }

    /// The records that a question needs: proven, and in the file, if one is asked for.
    pub async fn find(
        &self,
        ledger: &Ledger,
        question: Question,
        reading: Option<WithReading>,
        output: &Output,
    ) -> anyhow::Result<Found> {
        let bar = output.progress("{spinner} {msg} ({elapsed})");
        bar.set_message("asking the node for the records");
        let mut progress = |progress: Progress<'_>| match progress {
            Progress::Fetched { lists, records } => bar.set_message(format!("{records} records in {lists} lists")),
            Progress::Waiting(reason) => bar.set_message(format!("waiting: {reason}")),
        };
        let found = self.fetch(ledger, question, reading, &mut progress).await;
        bar.finish_and_clear();
        found
    }

    async fn fetch(
        &self,
        ledger: &Ledger,
        question: Question,
        reading: Option<WithReading>,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> anyhow::Result<Found> {
        let Some(path) = &self.evidence else {
            let journal = Journal::open(ledger).await?;
            return Ok(Found::trusted(records(&journal, &question, progress).await?, &journal));
        };
        let Made { text, verified } = make(ledger, question, reading, self.patience(), progress).await?;
        let file = Some(Written::write(path, &text, verified.genesis)?);
        Ok(Found { file, ..Found::proven(verified) })
    }
}

impl Written {
    fn write(path: &Path, text: &str, genesis: Hash) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        // Beside it first, so that a dossier is there as a whole or not at all.
        let temporary = PathBuf::from(format!("{name}.new"));
        fs::write(&temporary, text)
            .and_then(|()| fs::rename(&temporary, path))
            .with_context(|| format!("cannot write {name}"))?;
        Ok(Self { name, bytes: text.len(), genesis })
    }

    fn genesis(&self) -> String {
        format!("0x{}", hex::encode(self.genesis))
    }
}

impl Found {
    /// Records that a node gave.
    pub fn trusted(records: Vec<Record>, journal: &Journal<'_>) -> Self {
        Self { records, basis: Basis::node(journal.as_of()), reading: None, file: None }
    }

    fn proven(verified: VerifiedDossier) -> Self {
        let basis = Basis::of(&verified);
        let VerifiedDossier { records, reading, .. } = verified;
        Self { records, basis, reading, file: None }
    }

    /// Tells an answer that was computed from them.
    pub fn tell(&self, answer: &impl Told, csv: Option<&CsvArgs>, output: &Output) -> anyhow::Result<Done> {
        let as_of = &answer.basis().as_of;
        if let Some(csv) = csv {
            csv.write(&answer.table(), &answer.query(), as_of, answer.left_out().is_empty(), output)?;
        }
        let mut told = answer.to_json();
        if let Some(Written { name, bytes, .. }) = &self.file {
            told["evidence"] = json!({ "file": name, "bytes": bytes });
        }
        output.result(&told, |output| {
            let mut lines = answer.lines(output);
            if let Some(file) = &self.file {
                lines.push(format!("{}, {} bytes; anyone can check it with no network:", file.name, file.bytes));
                lines.push(format!("  citynet verify {} --genesis {}", file.name, file.genesis()));
            }
            lines
        })?;
        Ok(answer.done())
    }
}
