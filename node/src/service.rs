//! Puts a node together.

use crate::{
    explorer::Explorer,
    metrics::{self, Metrics},
    network_gate::{self, NetworkGate},
    rpc,
    runtimes::{Executor, Runtimes},
};
use citynet_index::{Index, Location, Settings};
use citynet_rpc::{SubscriptionLimits, Subscriptions};
use citynet_runtime::{apis::RuntimeApi, opaque::Block, BlockNumber, Hash};
use sc_client_api::BlockBackend;
use sc_consensus_aura::{ImportQueueParams, SlotProportion, StartAuraParams};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaPruningFilter, SharedVoterState, ThreeQuartersOfTheUnfinalizedChain,
    VotingRulesBuilder,
};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network::{config::FullNetworkConfiguration, NetworkBackend};
use sc_service::{error::Error, Configuration, TaskManager, WarpSyncConfig};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_aura::{
    inherents::InherentDataProvider as SlotProvider, sr25519::AuthorityPair as AuraPair, SlotDuration,
};
use sp_timestamp::InherentDataProvider as TimestampProvider;
use std::{sync::Arc, time::Duration};

/// A justification is made and stored for every so many blocks, so that from any record it is few headers to the next
/// one. On import the same number decides which justifications of others are kept.
const JUSTIFICATION_PERIOD: u32 = 16;

/// How long GRANDPA expects a message to travel. A round takes at least four times as long.
const GOSSIP_DURATION: Duration = Duration::from_millis(100);

/// A block is made within this share of its slot; the rest is for the others to receive and execute it.
const PROPOSAL_PORTION: f32 = 2.0 / 3.0;

/// The chain, as the node reads it and adds to it.
pub type Client = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The chain's database.
pub type Backend = sc_service::TFullBackend<Block>;
/// The transactions that wait.
pub type Pool = sc_transaction_pool::TransactionPoolHandle<Block, Client>;

type SelectChain = sc_consensus::LongestChain<Backend, Block>;
type BlockImport = sc_consensus_grandpa::GrandpaBlockImport<Backend, Block, Client, SelectChain>;
type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, Client, SelectChain>;

/// What a node is made of, and all that the commands on a database need.
pub type Parts = sc_service::PartialComponents<
    Client,
    Backend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    Pool,
    (BlockImport, GrandpaLink, Option<Telemetry>),
>;

/// Makes the parts.
///
/// # Errors
///
/// When the database or the keystore cannot be opened, or the chain's genesis cannot be made.
pub fn parts(config: &Configuration, runtimes: &Runtimes) -> Result<Parts, Error> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;

    let (client, backend, keystore_container, task_manager) = sc_service::new_full_parts::<Block, RuntimeApi, _>(
        config,
        telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
        runtimes.executor(),
        // Blocks with a justification stay when others are pruned: warp sync and evidence begin with them.
        vec![Arc::new(GrandpaPruningFilter)],
    )?;
    let client = Arc::new(client);

    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager.spawn_handle().spawn("telemetry", None, worker.run());
        telemetry
    });
    let telemetry_handle = telemetry.as_ref().map(Telemetry::handle);

    let select_chain = sc_consensus::LongestChain::new(backend.clone());
    let transaction_pool = Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (block_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry_handle.clone(),
    )?;

    let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
    let import_queue = sc_consensus_aura::import_queue::<AuraPair, _, _, _, _, _>(ImportQueueParams {
        block_import: block_import.clone(),
        justification_import: Some(Box::new(block_import.clone())),
        client: client.clone(),
        create_inherent_data_providers: move |_, ()| async move { Ok(slot_and_time(slot_duration)) },
        spawner: &task_manager.spawn_essential_handle(),
        registry: config.prometheus_registry(),
        check_for_equivocation: Default::default(),
        telemetry: telemetry_handle,
        compatibility_mode: Default::default(),
    })?;

    Ok(Parts {
        client,
        backend,
        task_manager,
        keystore_container,
        import_queue,
        select_chain,
        transaction_pool,
        other: (block_import, grandpa_link, telemetry),
    })
}

/// The inherent data of a block that is made now. The length of a slot never changes after genesis.
fn slot_and_time(slot_duration: SlotDuration) -> (SlotProvider, TimestampProvider) {
    let now = TimestampProvider::from_system_time();
    (SlotProvider::from_timestamp_and_slot_duration(*now, slot_duration), now)
}

/// What a node does that the SDK does not know of.
#[derive(Debug)]
pub struct Options {
    /// Where it keeps an index, if it does.
    pub index: Option<Location>,
    /// Whether it has a network gate.
    pub network_gate: network_gate::Mode,
    /// The explorer, if it is served.
    pub explorer: Option<Explorer>,
    /// Where it keeps what it compiled.
    pub runtimes: Runtimes,
}

/// Starts a node on the network backend `N`.
///
/// # Errors
///
/// When a part cannot be made or an address is taken.
pub fn start<N: NetworkBackend<Block, Hash>>(
    mut config: Configuration,
    options: Options,
) -> Result<TaskManager, Error> {
    let Parts {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore_container,
        select_chain,
        transaction_pool,
        other: (block_import, grandpa_link, mut telemetry),
    } = parts(&config, &options.runtimes)?;
    let keystore = keystore_container.keystore();
    let registry = config.prometheus_registry().cloned();
    let gate = NetworkGate::prepare(options.network_gate, client.clone(), &mut config)?;

    let mut net_config =
        FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, config.prometheus_registry().cloned());
    let notification_metrics = N::register_notification_metrics(config.prometheus_registry());
    let genesis = client.block_hash(0)?.ok_or("the database has no genesis block")?;
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
    let (grandpa_config, grandpa_notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, N>(
        grandpa_protocol.clone(),
        notification_metrics.clone(),
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(grandpa_config);
    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa_link.shared_authority_set().clone(),
        Vec::new(),
    ));

    let (network, system_rpc_tx, tx_handler_controller, sync_service, _) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics: notification_metrics,
            gap_sync_body_policy: None,
        })?;

    if let Some(gate) = gate {
        let sync = sync_service.clone();
        let gate = gate.run(network.clone(), move |peers| sync.set_no_slot_peers(peers));
        task_manager.spawn_essential_handle().spawn("network-gate", None, gate);
    }

    let compile = options.runtimes.compile_ahead(client.clone());
    task_manager.spawn_handle().spawn("citynet-runtimes", None, compile);
    let index = options.index.map(|location| start_index(location, &config, &client, &task_manager));
    let (subscriptions, tell) = Subscriptions::new(client.clone(), index.clone(), SubscriptionLimits::default());
    task_manager.spawn_handle().spawn("citynet-subscriptions", None, tell);
    if let Some(registry) = &registry {
        let metrics = Metrics::register(registry)?;
        task_manager.spawn_handle().spawn("citynet-metrics", None, metrics::run(client.clone(), metrics));
    }

    let role = config.role;
    let force_authoring = config.force_authoring;
    let enable_grandpa = !config.disable_grandpa;
    let name = config.network.node_name.clone();
    let voter_state = SharedVoterState::empty();
    let rpc_sources = rpc::Sources {
        client: client.clone(),
        backend: backend.clone(),
        pool: transaction_pool.clone(),
        index,
        subscriptions,
        chain: config.chain_spec.name().to_owned(),
        authority_set: grandpa_link.shared_authority_set().clone(),
        voter_state: voter_state.clone(),
        justifications: grandpa_link.justification_stream(),
        finality_proofs: FinalityProofProvider::new_for_service(
            backend.clone(),
            Some(grandpa_link.shared_authority_set().clone()),
        ),
    };

    let rpc = sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.clone(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor| {
            rpc::module(&rpc_sources, executor).map_err(|error| Error::Application(error.into()))
        }),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    if let Some(explorer) = options.explorer {
        let serve = explorer.serve(rpc.listen_addresses());
        task_manager.spawn_handle().spawn("citynet-explorer", None, serve);
    }
    let telemetry = telemetry.as_ref().map(Telemetry::handle);

    if role.is_authority() {
        let proposer_factory = sc_basic_authorship::ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            transaction_pool.clone(),
            registry.as_ref(),
            telemetry.clone(),
        );
        let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
        let aura = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
            slot_duration,
            client: client.clone(),
            select_chain,
            block_import,
            proposer_factory,
            create_inherent_data_providers: move |_, ()| async move { Ok(slot_and_time(slot_duration)) },
            force_authoring,
            // Fewer blocks while finality lags, so that the votes have less to catch up with.
            backoff_authoring_blocks: Some(BackoffAuthoringOnFinalizedHeadLagging::<BlockNumber>::default()),
            keystore: keystore.clone(),
            sync_oracle: sync_service.clone(),
            justification_sync_link: sync_service.clone(),
            block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
            max_block_proposal_slot_portion: None,
            telemetry: telemetry.clone(),
            compatibility_mode: Default::default(),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), aura);
    }

    if enable_grandpa {
        let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: GOSSIP_DURATION,
                justification_generation_period: JUSTIFICATION_PERIOD,
                observer_enabled: false,
                local_role: role,
                name: Some(name),
                // Who does not vote needs no keys.
                keystore: role.is_authority().then_some(keystore),
                telemetry: telemetry.clone(),
                protocol_name: grandpa_protocol,
            },
            link: grandpa_link,
            network,
            sync: sync_service,
            notification_service: grandpa_notifications,
            // The SDK's default also stays two blocks behind the best one, which costs two slots of finality.
            voting_rule: VotingRulesBuilder::new().add(ThreeQuartersOfTheUnfinalizedChain).build(),
            prometheus_registry: registry,
            shared_voter_state: voter_state,
            telemetry,
            offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(transaction_pool),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    }

    Ok(task_manager)
}

/// Lets an index follow the chain. It is opened by its task, which tries again where it cannot and may end; the node goes on
/// without it.
fn start_index(location: Location, config: &Configuration, client: &Arc<Client>, task_manager: &TaskManager) -> Index {
    tracing::info!(%location, "Keeping an index of the finalised records.");
    let index = Index::new(location, Settings::default());
    let follow = citynet_index::run(client.clone(), index.clone(), config.prometheus_registry());
    task_manager.spawn_handle().spawn("citynet-index", None, follow);
    index
}
