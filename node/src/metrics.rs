//! The ledger as Prometheus sees it from a node's headers and the state. What takes reading the records is measured by
//! the index.
//!
//! | metric | meaning |
//! |---|---|
//! | `citynet_tree_size{status}` | records in the journal, of the best and of the finalised block |
//! | `citynet_finality_lag_blocks` | blocks between the finalised and the best one |
//! | `citynet_finality_seconds` | from when a block was imported to when it was finalised, as this node saw it |
//! | `citynet_validators_active` | validators in the set that authors and finalises now |
//! | `citynet_validator_silent{validator}` | 1 if it let its last turns pass while others authored, 0 if not |
//! | `citynet_validator_skipped_slots{validator}` | slots that it has skipped since it was registered |
//! | `citynet_network_peers_listed` | nodes that belong to the network |
//!
//! The last four are those of the last finalised block, read every five seconds at most and only when something is
//! finalised. A validator is labelled with its account's SS58 address; one that is withdrawn disappears.

use citynet_index::tree_head;
use citynet_primitives::{Account, ValidatorInfo};
use citynet_runtime::{
    configs::SS58Prefix,
    opaque::{Block, Header},
    AccountId, BlockNumber, Hash,
};
use citynet_runtime_api::NodesApi;
use futures::{select, StreamExt};
use sc_client_api::{BlockchainEvents, FinalityNotification};
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_core::crypto::Ss58Codec;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};
use substrate_prometheus_endpoint::{
    exponential_buckets, register, Gauge, GaugeVec, Histogram, HistogramOpts, Opts, PrometheusError, Registry, U64,
};

/// So many unfinalised blocks are timed; of more, while finality stands still, the oldest are not.
const MAX_PENDING: usize = 4096;

/// The least time between two looks at the validators and peers.
const NODES_PERIOD: Duration = Duration::from_secs(5);

/// The metrics.
pub struct Metrics {
    tree_size: GaugeVec<U64>,
    lag: Gauge<U64>,
    finality: Histogram,
    nodes: Nodes,
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
            nodes: Nodes::register(registry)?,
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

/// The validators and the peers.
struct Nodes {
    active: Gauge<U64>,
    silent: GaugeVec<U64>,
    skipped: GaugeVec<U64>,
    peers: Gauge<U64>,
    /// The validators that have values.
    labels: BTreeSet<String>,
    last_read: Option<Instant>,
}

impl Nodes {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::<U64>::new(name, help)?, registry);
        let by_validator =
            |name: &str, help: &str| register(GaugeVec::<U64>::new(Opts::new(name, help), &["validator"])?, registry);
        Ok(Self {
            active: gauge("citynet_validators_active", "Validators in the set that authors and finalises now")?,
            silent: by_validator(
                "citynet_validator_silent",
                "Whether the validator let its last turns pass while others authored",
            )?,
            skipped: by_validator("citynet_validator_skipped_slots", "Slots that the validator has skipped")?,
            peers: gauge("citynet_network_peers_listed", "Nodes that belong to the network")?,
            labels: BTreeSet::new(),
            last_read: None,
        })
    }

    /// Reads them at a finalised block, unless they were read a moment ago. They stay as they are when they cannot be read.
    fn follow<C>(&mut self, client: &C, hash: Hash)
    where
        C: ProvideRuntimeApi<Block>,
        C::Api: NodesApi<Block>,
    {
        if self.last_read.is_some_and(|last| last.elapsed() < NODES_PERIOD) {
            return;
        }
        self.last_read = Some(Instant::now());
        if let Err(error) = self.read(client, hash) {
            tracing::debug!(%error, block = ?hash, "The validators and peers cannot be read.");
        }
    }

    fn read<C>(&mut self, client: &C, hash: Hash) -> Result<(), ApiError>
    where
        C: ProvideRuntimeApi<Block>,
        C::Api: NodesApi<Block>,
    {
        let api = client.runtime_api();
        self.peers.set(count(api.peers(hash)?.len()));
        self.set_validators(&api.validators(hash)?);
        Ok(())
    }

    fn set_validators(&mut self, validators: &[ValidatorInfo]) {
        self.active.set(count(validators.iter().filter(|validator| validator.active).count()));
        let mut labels = BTreeSet::new();
        for validator in validators {
            let label = ss58(validator.account);
            self.silent.with_label_values(&[label.as_str()]).set(validator.silent.into());
            self.skipped.with_label_values(&[label.as_str()]).set(validator.skipped);
            labels.insert(label);
        }
        for gone in self.labels.difference(&labels) {
            for metric in [&self.silent, &self.skipped] {
                if let Err(error) = metric.remove_label_values(&[gone.as_str()]) {
                    tracing::debug!(%error, validator = %gone, "A metric cannot be removed.");
                }
            }
        }
        self.labels = labels;
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn ss58(account: Account) -> String {
    AccountId::new(account).to_ss58check_with_version(SS58Prefix::get().into())
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
pub async fn run<C>(client: Arc<C>, mut metrics: Metrics)
where
    C: BlockchainEvents<Block> + HeaderBackend<Block> + ProvideRuntimeApi<Block>,
    C::Api: NodesApi<Block>,
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
    metrics.nodes.follow(&*client, info.finalized_hash);
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
                metrics.nodes.follow(&*client, notification.hash);
            },
        }
        metrics.lag(&*client);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{OrganisationId, ValidatorStatus};
    use sp_keyring::Sr25519Keyring::{self, Alice, Bob};

    fn validator(name: Sr25519Keyring, silent: bool, skipped: u64) -> ValidatorInfo {
        ValidatorInfo {
            organisation: OrganisationId(1),
            account: name.to_raw_public(),
            status: ValidatorStatus::Registered,
            active: !silent,
            next: true,
            keys: Default::default(),
            skipped,
            silent,
        }
    }

    #[test]
    fn validators_are_shown_as_long_as_they_are_registered() {
        let registry = Registry::new();
        let mut nodes = Nodes::register(&registry).expect("no name is taken");
        nodes.set_validators(&[validator(Alice, false, 3), validator(Bob, true, 7)]);
        assert_eq!(nodes.active.get(), 1);
        let bob = "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty";
        assert_eq!(ss58(Bob.to_raw_public()), bob);
        assert_eq!(nodes.silent.with_label_values(&[bob]).get(), 1);
        assert_eq!(nodes.skipped.with_label_values(&[bob]).get(), 7);

        nodes.set_validators(&[validator(Alice, false, 4)]);
        let shown = |name: &str| {
            let families = registry.gather();
            families.iter().find(|family| family.get_name() == name).map(|family| family.get_metric().len())
        };
        assert_eq!(shown("citynet_validator_silent"), Some(1));
        assert_eq!(shown("citynet_validator_skipped_slots"), Some(1));
    }
}
