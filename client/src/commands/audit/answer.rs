//! What the answers to auditors have in common: on what they rest, whether they are complete, how they are told, and CSV.

use crate::{
    commands::Done,
    output::{table, Output},
};
use citynet_answers::{Answer, Answered, AsOf, Basis, Verdict};
use citynet_client::{
    audit::{csv_file::Table, journal::Journal},
    ledger::Ledger,
    time::format_utc,
};
use clap::Args;
use serde_json::Value;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct CsvArgs {
    /// Write the table into this file too, and beside it FILE.manifest.json with its SHA-256, the question, and the block
    /// for which the answer is true.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

impl CsvArgs {
    /// Writes the table, if that was asked for.
    pub fn write(
        &self,
        table: &Table,
        query: &Value,
        as_of: &AsOf,
        complete: bool,
        output: &Output,
    ) -> anyhow::Result<()> {
        if let Some(path) = &self.csv {
            let manifest = table.write(path, query, as_of, complete)?;
            output.note(format!("the table is in {}; {} says what it is", path.display(), manifest.display()));
        }
        Ok(())
    }
}

/// The journal of a node, as of the block to which its index has come.
pub async fn journal(ledger: &Ledger) -> anyhow::Result<Journal<'_>> {
    Ok(Journal::open(ledger).await?)
}

/// As of which block an answer is.
pub fn as_of_line(as_of: &AsOf) -> String {
    format!("as of block {} ({})", as_of.block, format_utc(as_of.time))
}

/// What was left out, for people.
pub fn left_out_lines(left_out: &[String], output: &Output) -> Vec<String> {
    left_out.iter().map(|reason| output.bad(format!("NOT complete: {reason}"))).collect()
}

/// How a command ends that has found something.
pub fn done(left_out: &[String]) -> Done {
    if left_out.is_empty() {
        Done::Completely
    } else {
        Done::Incomplete
    }
}

/// An answer as a terminal tells it.
pub trait Told: Answer {
    /// Its rows, for spreadsheets.
    fn table(&self) -> Table;
    /// What people read of it.
    fn lines(&self, output: &Output) -> Vec<String>;

    /// How a command ends that has found it.
    fn done(&self) -> Done {
        match self.verdict() {
            Verdict::Complete => Done::Completely,
            Verdict::Incomplete => Done::Incomplete,
            Verdict::Refuted => Done::Refuted,
        }
    }
}

/// The answer of a dossier as a terminal tells it.
pub fn told(answered: &Answered) -> &dyn Told {
    match answered {
        Answered::Reading(answer) => answer,
        Answered::Access(answer) => answer,
        Answered::Lineage(answer) => answer,
        Answered::Taint(answer) => answer,
        Answered::Payments(answer) => answer,
        Answered::Governance(answer) => answer,
    }
}

/// On what an answer rests, for people, and how it would be proven.
pub fn basis_lines(basis: &Basis, output: &Output) -> Vec<String> {
    let AsOf { block, time, .. } = basis.as_of;
    if basis.proven {
        let proven = format!("proven complete up to block {block}; the last record in it is of {}", format_utc(time));
        vec![output.good(proven)]
    } else {
        let trusted = "the node is trusted to have left nothing out: --evidence FILE proves it";
        vec![as_of_line(&basis.as_of), trusted.to_owned()]
    }
}

/// A table as lines, or one that says that there is nothing.
pub fn rows_or(nothing: &str, header: &[&str], rows: Vec<Vec<String>>) -> Vec<String> {
    if rows.is_empty() {
        vec![nothing.to_owned()]
    } else {
        table(header, rows)
    }
}
