//! What Prometheus sees of the index.
//!
//! | metric | meaning |
//! |---|---|
//! | `citynet_index_height` | number of the last block that the index holds |
//! | `citynet_index_lag_blocks` | finalised blocks that it does not hold yet |
//! | `citynet_index_blocks_total` | blocks that were written since the node started |
//! | `citynet_index_backfill_blocks_per_second` | speed of catching up; 0 while there is nothing to catch up with |
//! | `citynet_records_total`, `citynet_attestations_total` | records and batches since genesis, as far as they are indexed |
//! | `citynet_index_errors_total` | times that indexing was interrupted |

use crate::Position;
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use substrate_prometheus_endpoint::{register, Counter, Gauge, PrometheusError, Registry, F64, U64};

/// Speed is measured over at least so long.
const MEASURED: Duration = Duration::from_secs(1);

/// The metrics, or nothing when the node has no registry.
pub struct Metrics(Option<Registered>);

struct Registered {
    height: Gauge<U64>,
    lag: Gauge<U64>,
    blocks: Counter<U64>,
    speed: Gauge<F64>,
    records: Counter<U64>,
    attestations: Counter<U64>,
    errors: Counter<U64>,
    /// How many blocks the index held when it was last looked at.
    held: AtomicU64,
}

impl Registered {
    fn new(registry: &Registry) -> Result<Self, PrometheusError> {
        Ok(Self {
            height: register(
                Gauge::new("citynet_index_height", "Number of the last block that the index holds")?,
                registry,
            )?,
            lag: register(
                Gauge::new("citynet_index_lag_blocks", "Finalised blocks that the index does not hold yet")?,
                registry,
            )?,
            blocks: register(
                Counter::new("citynet_index_blocks_total", "Blocks written to the index since the node started")?,
                registry,
            )?,
            speed: register(
                Gauge::new(
                    "citynet_index_backfill_blocks_per_second",
                    "Blocks written per second while the index catches up, else 0",
                )?,
                registry,
            )?,
            records: register(
                Counter::new("citynet_records_total", "Records in the journal since genesis, as far as it is indexed")?,
                registry,
            )?,
            attestations: register(
                Counter::new(
                    "citynet_attestations_total",
                    "Batches attested since genesis, as far as the journal is indexed",
                )?,
                registry,
            )?,
            errors: register(
                Counter::new("citynet_index_errors_total", "Times that indexing was interrupted by an error")?,
                registry,
            )?,
            held: AtomicU64::new(0),
        })
    }
}

impl Metrics {
    /// Registers them. A failure costs the metrics, not the index.
    pub fn register(registry: Option<&Registry>) -> Self {
        Self(registry.and_then(|registry| {
            Registered::new(registry)
                .inspect_err(|error| tracing::warn!(%error, "The index runs without metrics."))
                .ok()
        }))
    }

    /// Shows how far the index is.
    pub fn at(&self, position: Option<&Position>, finalised: u32) {
        let Some(metrics) = &self.0 else { return };
        metrics.held.store(held(position), Ordering::Relaxed);
        metrics.lag.set(behind(position, finalised));
        if let Some(position) = position {
            metrics.height.set(position.number.into());
            raise(&metrics.records, position.records());
            raise(&metrics.attestations, position.attestations);
        }
    }

    /// Counts blocks that were written.
    pub fn wrote(&self, blocks: u64) {
        if let Some(metrics) = &self.0 {
            metrics.blocks.inc_by(blocks);
        }
    }

    /// Shows how fast the index catches up, in blocks per second.
    pub fn speed(&self, speed: f64) {
        if let Some(metrics) = &self.0 {
            metrics.speed.set(speed);
        }
    }

    /// Counts an error. The chain goes on meanwhile, so the index lags ever more.
    pub fn error(&self, finalised: u32) {
        if let Some(metrics) = &self.0 {
            metrics.errors.inc();
            metrics.lag.set(missing(metrics.held.load(Ordering::Relaxed), finalised));
        }
    }
}

/// How fast the index catches up.
pub struct Speed {
    since: Instant,
    blocks: u64,
}

impl Speed {
    /// Measures from now on.
    pub fn new() -> Self {
        Self { since: Instant::now(), blocks: 0 }
    }

    /// Takes note of blocks that were written, and of whether there are more. Returns the blocks per second once that is
    /// known: while catching up after a while each time, and 0 at its end.
    pub fn after(&mut self, blocks: u64, more: bool) -> Option<f64> {
        if !more {
            *self = Self::new();
            return Some(0.0);
        }
        self.blocks = self.blocks.saturating_add(blocks);
        let elapsed = self.since.elapsed();
        if elapsed < MEASURED {
            return None;
        }
        // No node writes 2^32 blocks in the time that is measured.
        let blocks = u32::try_from(self.blocks).unwrap_or(u32::MAX);
        *self = Self::new();
        Some(f64::from(blocks) / elapsed.as_secs_f64())
    }
}

/// How many finalised blocks, the first one included, the index does not hold.
pub fn behind(position: Option<&Position>, finalised: u32) -> u64 {
    missing(held(position), finalised)
}

fn held(position: Option<&Position>) -> u64 {
    position.map_or(0, |position| u64::from(position.number).saturating_add(1))
}

fn missing(held: u64, finalised: u32) -> u64 {
    u64::from(finalised).saturating_add(1).saturating_sub(held)
}

/// Brings a counter up to a total. A total that shrank, because the index was rebuilt, starts the counter again.
fn raise(counter: &Counter<U64>, total: u64) {
    if total < counter.get() {
        counter.reset();
    }
    counter.inc_by(total.saturating_sub(counter.get()));
}
