//! The ledger as Prometheus sees it from a node's headers. What takes reading the records is measured by the index.
//!
//! | metric | meaning |
//! |---|---|
//! | `citynet_tree_size{status}` | records in the journal, of the best and of the finalised block |
//! | `citynet_finality_lag_blocks` | blocks between the finalised and the best one |
//! | `citynet_finality_seconds` | from when a block was imported to when it was finalised, as this node saw it |

use citynet_index::tree_head;
use citynet_runtime::{
    opaque::{Block, Header},
    BlockNumber, Hash,
};
use futures::{select, StreamExt};
use sc_client_api::{BlockchainEvents, FinalityNotification};
use sp_blockchain::HeaderBackend;
use std::{collections::BTreeMap, sync::Arc, time::Instant};
use substrate_prometheus_endpoint::{
    exponential_buckets, register, Gauge, GaugeVec, Histogram, HistogramOpts, Opts, PrometheusError, Registry, U64,
};

/// So many unfinalised blocks are timed; of more, while finality stands still, the oldest are not.
const MAX_PENDING: usize = 4096;

/// The metrics.
pub struct Metrics {
    tree_size: GaugeVec<U64>,
    lag: Gauge<U64>,
    finality: Histogram,
}

impl Metrics {
    /// Registers them.
    ///
    /// # Errors
    ///
    /// When one of the names is taken.
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        Ok(Self {
            tree_size: register(
                GaugeVec::new(Opts::new("citynet_tree_size", "Records in the journal"), &["status"])?,
                registry,
            )?,
            lag: register(
                Gauge::new("citynet_finality_lag_blocks", "Blocks between the finalised and the best one")?,
                registry,
            )?,
            finality: register(
                Histogram::with_opts(
                    HistogramOpts::new("citynet_finality_seconds", "From a block's import to its finality")
                        // 50 ms to 100 s.
                        .buckets(exponential_buckets(0.05, 2.0, 12)?),
                )?,
                registry,
            )?,
        })
    }

    fn lag(&self, client: &impl HeaderBackend<Block>) {
        let info = client.info();
        self.lag.set(info.best_number.saturating_sub(info.finalized_number).into());
    }

    fn tree(&self, status: &str, header: &Header) {
        // The genesis header has no tree head.
        if let Some(head) = tree_head(header) {
            self.tree_size.with_label_values(&[status]).set(head.size);
        }
    }
}

/// When each block that is not finalised was imported, by number and hash.
#[derive(Default)]
struct Pending(BTreeMap<(BlockNumber, Hash), Instant>);

impl Pending {
    fn imported(&mut self, number: BlockNumber, hash: Hash) {
        self.0.entry((number, hash)).or_insert_with(Instant::now);
        if self.0.len() > MAX_PENDING {
            self.0.pop_first();
        }
    }

    /// How long each of the finalised blocks took, in seconds. Forgets all up to their height.
    fn finalised(&mut self, notification: &FinalityNotification<Block>) -> Vec<f64> {
        let number = notification.header.number;
        let unfinalised = number.checked_add(1).map(|next| self.0.split_off(&(next, Hash::zero()))).unwrap_or_default();
        let decided = std::mem::replace(&mut self.0, unfinalised);
        decided
            .iter()
            .filter(|((_, hash), _)| *hash == notification.hash || notification.tree_route.contains(hash))
            .map(|(_, imported)| imported.elapsed().as_secs_f64())
            .collect()
    }
}

/// Keeps the metrics up to date until the node ends.
pub async fn run<C>(client: Arc<C>, metrics: Metrics)
where
    C: BlockchainEvents<Block> + HeaderBackend<Block>,
{
    let mut imports = client.import_notification_stream().fuse();
    let mut finality = client.finality_notification_stream().fuse();
    let mut pending = Pending::default();
    let info = client.info();
    for (status, hash) in [("best", info.best_hash), ("finalized", info.finalized_hash)] {
        if let Ok(Some(header)) = client.header(hash) {
            metrics.tree(status, &header);
        }
    }
    loop {
        select! {
            notification = imports.next() => {
                let Some(notification) = notification else { return };
                pending.imported(notification.header.number, notification.hash);
                if notification.is_new_best {
                    metrics.tree("best", &notification.header);
                }
            },
            notification = finality.next() => {
                let Some(notification) = notification else { return };
                pending.finalised(&notification).into_iter().for_each(|seconds| metrics.finality.observe(seconds));
                metrics.tree("finalized", &notification.header);
            },
        }
        metrics.lag(&*client);
    }
}
