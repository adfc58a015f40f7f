//! Times, and the table of them.

use serde_json::{json, Value};
use std::time::{Duration, Instant};

/// After so long no further sample is taken.
const ENOUGH: Duration = Duration::from_secs(5);

/// How long something took each time, the shortest first.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Does something so often, or for five seconds, but at least once. What `prepare` does is not counted.
    pub fn of<T, R>(samples: u32, mut prepare: impl FnMut() -> T, mut work: impl FnMut(&T) -> R) -> Self {
        let (mut times, all) = (Vec::new(), Instant::now());
        for _ in 0..samples {
            let prepared = prepare();
            let begin = Instant::now();
            let done = work(&prepared);
            times.push(begin.elapsed());
            // Kept until here, so that what it takes to drop it is not counted either.
            drop(std::hint::black_box(done));
            if all.elapsed() > ENOUGH {
                break;
            }
        }
        times.sort_unstable();
        Self(times)
    }

    /// The least time, in microseconds, that so many percent of the times did not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default().as_secs_f64() * 1e6
    }

    fn to_json(&self) -> Value {
        json!({
            "samples": self.0.len(),
            "p50Microseconds": self.percentile(50),
            "p99Microseconds": self.percentile(99),
        })
    }
}

/// What was measured of one thing that is done.
pub struct Row {
    pub name: String,
    /// How many bytes it has, at most.
    pub bytes: usize,
    pub times: Times,
    /// The times of another implementation that does the same.
    pub theirs: Option<Times>,
}

impl Row {
    /// How many times as long the other implementation takes, by the median.
    fn ratio(&self) -> Option<f64> {
        self.theirs.as_ref().map(|theirs| theirs.percentile(50) / self.times.percentile(50))
    }

    pub fn to_json(&self) -> Value {
        json!({
            "what": self.name,
            "bytes": self.bytes,
            "times": self.times.to_json(),
            "ctMerkle": self.theirs.as_ref().map(Times::to_json),
            "ratio": self.ratio(),
        })
    }
}

/// A table, with the columns of another implementation where it has a name.
pub fn rows(rows: &[Row], other: Option<&str>) -> Vec<String> {
    let mut header = format!("{:<36}{:>10}{:>9}{:>10}{:>10}", "", "bytes", "samples", "p50", "p99");
    if let Some(other) = other {
        header.push_str(&format!("{:>18}{:>10}{:>8}", format!("{other} p50"), "p99", "ratio"));
    }
    let line = |row: &Row| {
        let (p50, p99) = (row.times.percentile(50), row.times.percentile(99));
        let mut line = format!("{:<36}{:>10}{:>9}{p50:>10.1}{p99:>10.1}", row.name, row.bytes, row.times.0.len());
        if let (Some(theirs), Some(ratio)) = (&row.theirs, row.ratio()) {
            let (p50, p99) = (theirs.percentile(50), theirs.percentile(99));
            line.push_str(&format!("{p50:>18.1}{p99:>10.1}{ratio:>7.2}×"));
        }
        line
    };
    std::iter::once(header).chain(rows.iter().map(line)).collect()
}
