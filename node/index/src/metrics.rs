//! What Prometheus sees of the index.

use crate::Position;
use substrate_prometheus_endpoint::{register, Counter, Gauge, PrometheusError, Registry, U64};

/// The metrics, or nothing when the node has no registry.
pub struct Metrics(Option<Registered>);

struct Registered {
    height: Gauge<U64>,
    lag: Gauge<U64>,
    records: Counter<U64>,
    attestations: Counter<U64>,
    errors: Counter<U64>,
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
        metrics.lag.set(behind(position, finalised));
        if let Some(position) = position {
            metrics.height.set(position.number.into());
            raise(&metrics.records, position.records());
            raise(&metrics.attestations, position.attestations);
        }
    }

    /// Counts an error.
    pub fn error(&self) {
        if let Some(metrics) = &self.0 {
            metrics.errors.inc();
        }
    }
}

/// How many finalised blocks, the first one included, the index does not hold.
pub fn behind(position: Option<&Position>, finalised: u32) -> u64 {
    let held = position.map_or(0, |position| u64::from(position.number).saturating_add(1));
    u64::from(finalised).saturating_add(1).saturating_sub(held)
}

/// Brings a counter up to a total. A total that shrank, because the index was rebuilt, starts the counter again.
fn raise(counter: &Counter<U64>, total: u64) {
    if total < counter.get() {
        counter.reset();
    }
    counter.inc_by(total.saturating_sub(counter.get()));
}
