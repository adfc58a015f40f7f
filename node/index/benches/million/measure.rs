//! Measuring: how fast the index fills, and how long its answers take.

use crate::{
    journal::Journal,
    queries::{Think, Thinker, KINDS},
};
use citynet_index::{Error, FinalisedBlock, Index};
use serde_json::{json, Value};
use std::time::{Duration, Instant};

/// As many blocks as a node that catches up writes in one transaction ...
const BATCH_BLOCKS: usize = 256;
/// ... and as many records and extrinsics, after which it adds no further block.
const BATCH_ROWS: usize = 8192;
/// From progress to progress.
const PROGRESS: Duration = Duration::from_secs(5);

/// What a part of the journal took to be written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filling {
    pub blocks: u32,
    pub records: u64,
    /// Of writing alone: what makes the blocks is not counted.
    pub time: Duration,
}

impl Filling {
    pub fn blocks_per_second(&self) -> f64 {
        f64::from(self.blocks) / self.time.as_secs_f64()
    }

    pub fn records_per_second(&self) -> f64 {
        // Counts of what was done one by one are far below 2^53.
        self.records as f64 / self.time.as_secs_f64()
    }
}

/// Writes blocks until the journal has so many records.
pub fn fill(
    index: &Index,
    journal: &mut Journal,
    records: u64,
    told: &mut dyn FnMut(u64, &Filling),
) -> Result<Filling, Error> {
    let (blocks_before, records_before) = (journal.written.blocks, journal.written.records());
    let (mut filling, mut last) = (Filling::default(), Instant::now());
    while journal.written.records() < records {
        let mut blocks: Vec<FinalisedBlock> = Vec::new();
        let mut rows = 0;
        while blocks.len() < BATCH_BLOCKS && rows < BATCH_ROWS && journal.written.records() < records {
            let block = journal.block();
            rows += block.entries.len() + block.extrinsics.len();
            blocks.push(block);
        }
        let begin = Instant::now();
        index.append(&blocks)?;
        filling.time += begin.elapsed();
        filling.blocks = journal.written.blocks - blocks_before;
        filling.records = journal.written.records() - records_before;
        if last.elapsed() >= PROGRESS {
            told(journal.written.records(), &filling);
            last = Instant::now();
        }
    }
    Ok(filling)
}

/// How the answers to one kind of query were.
pub struct Answers {
    pub name: &'static str,
    /// How many things were found, on average.
    pub found: f64,
    /// How many at most.
    pub most: usize,
    /// How long each took, the shortest first.
    times: Vec<Duration>,
}

impl Answers {
    /// The least time, in microseconds, that so many percent of the answers did not exceed.
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.times.len() * percent).div_ceil(100);
        let time = self.times.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        time.as_secs_f64() * 1e6
    }

    pub fn to_json(&self) -> Value {
        json!({
            "found": self.found,
            "most": self.most,
            "p50Microseconds": self.percentile(50),
            "p99Microseconds": self.percentile(99),
            "maxMicroseconds": self.percentile(100),
        })
    }
}

/// Asks every kind of query so often, each time about something else. An error names the kind that is refused.
pub fn ask(index: &Index, journal: &Journal, seed: u64, samples: usize) -> Result<Vec<Answers>, String> {
    let of_kind = |kind: &(&'static str, Think)| {
        let refused = |error: Error| format!("{}: {error}", kind.0);
        answers(index, Thinker::new(seed, &journal.written), *kind, samples).map_err(refused)
    };
    KINDS.iter().map(of_kind).collect()
}

/// The answers to one kind of query. A tenth more is asked before, and not counted.
fn answers(
    index: &Index,
    mut thinker: Thinker<'_>,
    (name, think): (&'static str, Think),
    samples: usize,
) -> Result<Answers, Error> {
    for _ in 0..samples / 10 {
        index.read(&*think(&mut thinker))?;
    }
    let (mut times, mut found, mut most) = (Vec::with_capacity(samples), 0, 0);
    for _ in 0..samples {
        let question = think(&mut thinker);
        let begin = Instant::now();
        let count = index.read(&*question)?;
        times.push(begin.elapsed());
        found += count;
        most = most.max(count);
    }
    times.sort_unstable();
    Ok(Answers { name, found: found as f64 / samples as f64, most, times })
}
