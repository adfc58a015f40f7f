//! How large proofs are and how long they take when the journal has a million records.
//!
//! The tree's own proofs are measured beside those of `ct-merkle`, another implementation of the same trees, and both must
//! give the same bytes. Documents are the evidence bundle and the list of a synthetic chain with four authorities and two
//! changes of their set; what they take beyond the paths is mostly the signatures of the authorities.
//!
//! `scripts/bench` runs it and says what it prints.

mod documents;
mod measure;
mod tree;

#[path = "../../tests/support/mod.rs"]
mod support;

use clap::Parser;
use measure::{rows, Row};
use serde_json::json;

/// Measure proofs: their size, and the time to make and to verify them.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many leaves the tree has.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(16..))]
    leaves: u64,
    /// How often to make and verify each proof, each time another one. Documents that take long are made less often.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    samples: u32,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// What cargo says to every benchmark.
    #[arg(long = "bench", hide = true)]
    _bench: bool,
}

fn main() {
    let Arguments { leaves, samples, json, .. } = Arguments::parse();
    eprintln!("{leaves} leaves in two trees");
    let measured = tree::measure(leaves, samples);
    eprintln!("documents");
    let documents = documents::measure(leaves, samples);
    if json {
        let in_json = |rows: &[Row]| rows.iter().map(Row::to_json).collect::<Vec<_>>();
        println!(
            "{}",
            json!({
                "leaves": leaves,
                "appendedPerSecond": { "ours": measured.ours_per_second, "ctMerkle": measured.theirs_per_second },
                "tree": in_json(&measured.rows),
                "documents": in_json(&documents),
            })
        );
        return;
    }
    println!("tree of {leaves} leaves; p50 and p99 in microseconds\n");
    rows(&measured.rows, Some("ct-merkle")).iter().for_each(|line| println!("{line}"));
    let (ours, theirs) = (measured.ours_per_second, measured.theirs_per_second);
    println!("\nleaves appended per second: {ours:.0}; ct-merkle: {theirs:.0}, {:.2}×", theirs / ours);
    println!("\ndocuments, with 4 authorities and 2 changes of their set; p50 and p99 in microseconds\n");
    rows(&documents, None).iter().for_each(|line| println!("{line}"));
}
