//! How fast the index is filled, how large it is, and how long its answers take when it has a million records.
//!
//! The journal is made up (see [`journal`]), written as a node writes that catches up, and asked at ten thousand, a hundred
//! thousand, and so on up to the size that was asked for. What is claimed is that an answer takes O(log n) and the length of
//! the answer: so the last columns say how much longer it took after the journal grew a hundred times.
//!
//! `scripts/bench` runs it and says what it prints.

mod database;
mod journal;
mod measure;
mod queries;
mod report;

use clap::Parser;
use database::Database;
use journal::Journal;
use measure::{ask, fill};
use report::{thousands, Report, Stage};
use std::error::Error;

/// The least size at which answers are measured.
const FIRST: u64 = 10_000;

/// Measure the index: its filling, its size, and every kind of query.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many records to write.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1_000..))]
    records: u64,
    /// How many records each block has.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    per_block: u16,
    /// How many questions of each kind to ask.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    samples: u32,
    /// Where to make the index: a file of SQLite that is not there yet, or the URL of a PostgreSQL database that has no index
    /// yet. By default a temporary file.
    #[arg(long, value_name = "FILE|URL")]
    database: Option<String>,
    /// Which journal and which questions.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// What cargo says to every benchmark.
    #[arg(long = "bench", hide = true)]
    _bench: bool,
}

/// The sizes at which answers are measured.
fn sizes(records: u64) -> Vec<u64> {
    let smaller = std::iter::successors(Some(FIRST), |size| size.checked_mul(10));
    smaller.take_while(|size| *size < records).chain([records]).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let samples = usize::try_from(arguments.samples)?;
    let database = Database::open(arguments.database.as_deref())?;
    let mut journal = Journal::new(arguments.seed, arguments.per_block.into());
    let mut stages = Vec::new();
    for size in sizes(arguments.records) {
        let filling = fill(&database.index, &mut journal, size, &mut |records, filling| {
            let (records, speed) = (thousands(records), filling.records_per_second());
            eprintln!("{records} of {} records, {speed:.0} per second", thousands(arguments.records));
        })?;
        eprintln!("{} records: asking {} questions of each kind", thousands(journal.written.records()), samples);
        let answers = ask(&database.index, &journal, arguments.seed, samples)?;
        let (records, blocks) = (journal.written.records(), journal.written.blocks);
        stages.push(Stage { records, blocks, bytes: database.bytes()?, filling, answers });
    }
    let report = Report { database: database.kind, seed: arguments.seed, samples, stages };
    if arguments.json {
        println!("{}", report.to_json());
    } else {
        report.lines().iter().for_each(|line| println!("{line}"));
    }
    Ok(())
}
