//! What was measured, for people and for programs.

use crate::measure::{Answers, Filling};
use serde_json::{json, Value};

/// What was measured of an index of one size.
pub struct Stage {
    /// How many records it has.
    pub records: u64,
    /// How many blocks it has.
    pub blocks: u32,
    /// How many bytes it takes.
    pub bytes: u64,
    /// How fast it was filled, from the stage before.
    pub filling: Filling,
    /// How it answers, kind by kind.
    pub answers: Vec<Answers>,
}

/// Everything, and how it was measured.
pub struct Report {
    pub database: &'static str,
    pub seed: u64,
    pub samples: usize,
    /// Each of the stages has the same kinds of queries, in the same order.
    pub stages: Vec<Stage>,
}

/// A number with a space between each three digits.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// How many times as long an answer took in the last stage as in the first, by a percentile.
fn growth(first: &Answers, last: &Answers, percent: usize) -> f64 {
    last.percentile(percent) / first.percentile(percent)
}

impl Report {
    /// The answers of all stages to each kind of query.
    fn kinds(&self) -> impl Iterator<Item = Vec<&Answers>> {
        let kinds = self.stages.first().map_or(0, |stage| stage.answers.len());
        (0..kinds).map(move |kind| self.stages.iter().filter_map(|stage| stage.answers.get(kind)).collect())
    }

    pub fn to_json(&self) -> Value {
        let size = |stage: &Stage| {
            json!({
                "records": stage.records,
                "blocks": stage.blocks,
                "bytes": stage.bytes,
                "blocksPerSecond": stage.filling.blocks_per_second(),
                "recordsPerSecond": stage.filling.records_per_second(),
            })
        };
        let query = |kind: Vec<&Answers>| {
            let (Some(first), Some(last)) = (kind.first(), kind.last()) else { return Value::Null };
            json!({
                "query": first.name,
                "answers": kind.iter().map(|answers| answers.to_json()).collect::<Vec<_>>(),
                "p50Growth": growth(first, last, 50),
                "p99Growth": growth(first, last, 99),
            })
        };
        json!({
            "database": self.database,
            "seed": self.seed,
            "samples": self.samples,
            "sizes": self.stages.iter().map(size).collect::<Vec<_>>(),
            "queries": self.kinds().map(query).collect::<Vec<_>>(),
        })
    }

    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("index in {}, journal of seed {}", self.database, self.seed),
            String::new(),
            format!(
                "{:>12}{:>10}{:>12}{:>12}{:>14}{:>10}",
                "records", "blocks", "blocks/s", "records/s", "bytes/record", "MB"
            ),
        ];
        lines.extend(self.stages.iter().map(|stage| {
            format!(
                "{:>12}{:>10}{:>12.0}{:>12.0}{:>14.0}{:>10.1}",
                thousands(stage.records),
                thousands(stage.blocks.into()),
                stage.filling.blocks_per_second(),
                stage.filling.records_per_second(),
                stage.bytes as f64 / stage.records as f64,
                stage.bytes as f64 / 1e6
            )
        }));
        lines.extend([
            String::new(),
            format!("{} questions of each kind; things found on average, p50 and p99 in microseconds", self.samples),
            String::new(),
        ]);
        let (mut sizes, mut columns) = (format!("{:<36}", "records"), format!("{:<36}", ""));
        for stage in &self.stages {
            sizes.push_str(&format!("{:>26}", thousands(stage.records)));
            columns.push_str(&format!("{:>10}{:>8}{:>8}", "found", "p50", "p99"));
        }
        columns.push_str(&format!("{:>10}{:>10}", "p50 grew", "p99 grew"));
        lines.extend([sizes, columns]);
        for kind in self.kinds() {
            let (Some(first), Some(last)) = (kind.first(), kind.last()) else { continue };
            let mut line = format!("{:<36}", first.name);
            for answers in &kind {
                let (p50, p99) = (answers.percentile(50), answers.percentile(99));
                line.push_str(&format!("{:>10.1}{p50:>8.0}{p99:>8.0}", answers.found));
            }
            line.push_str(&format!("{:>9.1}×{:>9.1}×", growth(first, last, 50), growth(first, last, 99)));
            lines.push(line);
        }
        if let (Some(first), Some(last)) = (self.stages.first(), self.stages.last()) {
            let times = last.records as f64 / first.records as f64;
            lines.extend([String::new(), format!("from the first size to the last the journal grew {times:.0}×")]);
        }
        lines
    }
}
