//! The command line.

use crate::{consortium_file::FromToml, network_gate, try_upgrade::TryUpgrade};
use citynet_index::{Location, PostgresUrl, UrlError};
use clap::{builder::FalseyValueParser, ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};
use sc_cli::{DatabasePruningMode, RunCmd, SubstrateCli};
use sc_service::{BlocksPruning, ChainSpec, Configuration, PruningMode};
use std::{convert::Infallible, path::PathBuf, str::FromStr};

/// Where the node's defaults differ from the SDK's: argument and value.
///
/// * libp2p rather than litep2p; both are tested.
/// * The single-state pool: the fork-aware one was seen to lose transactions under load that it had accepted.
/// * Limits of JSON-RPC, where the SDK has none or generous ones. The rate is that of one connection in calls per
///   minute. The buffer is what waits for a connection that does not read, in answers and notifications.
const DEFAULTS: [(&str, &str); 7] = [
    ("network_backend", "libp2p"),
    ("pool_type", "single-state"),
    ("rpc_max_batch_request_len", "64"),
    ("rpc_max_request_size", "4"),
    ("rpc_max_subscriptions_per_connection", "128"),
    ("rpc_message_buffer_capacity_per_connection", "16"),
    ("rpc_rate_limit", "6000"),
];

/// What was asked.
#[derive(Debug, Parser)]
pub struct Cli {
    /// What to do instead of running a node.
    #[command(subcommand)]
    pub subcommand: Option<Command>,

    /// How to run the node.
    #[command(flatten)]
    pub run: RunCmd,

    /// Keep an SQL index of the finalised records and answer `citynet_*` calls that need it.
    ///
    /// The index lies in `index/` beside the chain's database. It needs the state of every finalised block, so it
    /// implies `--state-pruning archive-canonical`. A validator does not need it.
    #[arg(long, env = "CITYNET_INDEX", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub index: bool,

    /// Keep the index in a PostgreSQL database instead of a file: postgres://USER@%2Frun%2Fpostgresql/DATABASE
    ///
    /// Implies --index. The index has the schema `citynet` of the database to itself, and one node writes there. Arguments
    /// are shown to everybody on the machine, so a URL with a password belongs into the environment variable, out of a file
    /// that only the node may read. None is needed where the server knows the node's user by the Unix socket. There is no
    /// TLS: a URL that leads to another machine must end in `?sslmode=disable`, for a network that is safe, or a tunnel.
    #[arg(long, env = "CITYNET_INDEX_URL", hide_env_values = true, value_name = "URL")]
    pub index_url: Option<IndexUrl>,

    /// Whether to let in only nodes that the chain lists as peers.
    ///
    /// It governs with whom blocks, votes and transactions are exchanged. It keeps nobody from connecting, nor from asking
    /// for blocks: that takes a firewall or a VPN.
    #[arg(long, env = "CITYNET_NETWORK_GATE", value_enum, value_name = "WHEN", default_value_t)]
    pub network_gate: network_gate::Mode,

    /// Serve the explorer at this port, to the browsers of this machine: http://127.0.0.1:PORT/
    ///
    /// The explorer shows what is on the ledger and verifies it in the browser. It asks this node's JSON-RPC, which is why
    /// this node should keep an index (--index); nothing else is opened. It listens on 127.0.0.1 alone. For others, let
    /// any web server serve the same files (explorer/dist). 0 stands for any free port, which the log then names.
    #[arg(long, env = "CITYNET_EXPLORER_PORT", value_name = "PORT")]
    pub explorer_port: Option<u16>,

    /// Keep compiled runtimes in this folder instead of `compiled/` beside the chain's database.
    ///
    /// It may be deleted at any time. Nodes of one machine that run as the same user may share one. What lies in it is
    /// executed, so nobody else may write there.
    #[arg(long, env = "CITYNET_COMPILED_RUNTIMES", value_name = "FOLDER")]
    pub compiled_runtimes: Option<PathBuf>,
}

/// What was given as the URL of the index. That it is no such URL is said by [`Cli::index`]: the parser of arguments would
/// repeat what it does not take, and with it a password.
#[derive(Clone, Debug)]
pub struct IndexUrl(Result<PostgresUrl, UrlError>);

impl FromStr for IndexUrl {
    type Err = Infallible;

    fn from_str(url: &str) -> Result<Self, Infallible> {
        Ok(Self(url.parse()))
    }
}

/// What a node's binary can do besides running a node.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one value per process")]
pub enum Command {
    /// Generate, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Make chain specifications.
    #[command(subcommand)]
    ChainSpec(ChainSpecCommand),

    /// Write the specification of a chain to a file or to the standard output.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Execute a block again that the database has.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file or to the standard output.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Read blocks from a file or from the standard input.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Delete the chain's database. Keys stay.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Take back blocks that are not finalised.
    Revert(sc_cli::RevertCmd),

    /// Say what the database holds.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Try an upgrade of the runtime on the chain's state, with all its checks.
    ///
    /// It needs the database of a node that is stopped, or a copy of it, and a new runtime that was built with the
    /// feature `try-runtime`. Nothing of what the upgrade does is written. When a check fails, the log says which one,
    /// and the command ends with code 1.
    TryUpgrade(TryUpgrade),
}

/// How a chain specification is made.
#[derive(Debug, Subcommand)]
pub enum ChainSpecCommand {
    /// Make the specification of a consortium's chain from its description.
    ///
    /// The same description and the same node make the same bytes. On standard error it says their SHA-256 hash, by which
    /// those who found a chain can see that they have the same one.
    FromToml(FromToml),
}

impl Cli {
    /// Reads the process's arguments. Says what is wrong with them, or helps, and ends the process where they ask for
    /// it.
    pub fn from_process_arguments() -> Self {
        Self::try_from_arguments(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    fn try_from_arguments<I>(arguments: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator,
        I::Item: Into<std::ffi::OsString> + Clone,
    {
        let command = with_defaults(<Self as SubstrateCli>::setup_command(Self::command()));
        Self::from_arg_matches(&command.try_get_matches_from(arguments)?)
    }

    /// Where the node's index lies, if it keeps one.
    ///
    /// # Errors
    ///
    /// When that is said by a URL that cannot be used.
    pub fn index(&self, config: &Configuration) -> sc_cli::Result<Option<Location>> {
        match &self.index_url {
            Some(IndexUrl(Ok(url))) => Ok(Some(url.clone().into())),
            Some(IndexUrl(Err(error))) => Err(format!("--index-url or CITYNET_INDEX_URL: {error}").into()),
            None => Ok(self.index.then(|| config.data_path.join("index").join("index.sqlite").into())),
        }
    }

    fn has_index(&self) -> bool {
        self.index || self.index_url.is_some()
    }

    /// Sees to it that a node with an index keeps what the index reads.
    ///
    /// # Errors
    ///
    /// When the arguments say that it shall not.
    pub fn keep_what_the_index_reads(&self, config: &mut Configuration) -> sc_cli::Result<()> {
        if self.has_index() {
            let wanted = self.run.import_params.pruning_params.state_pruning;
            config.state_pruning = Some(indexed_state_pruning(wanted)?);
            if matches!(config.blocks_pruning, BlocksPruning::Some(_)) {
                return Err("--index needs every finalised block: leave --blocks-pruning out".into());
            }
        }
        Ok(())
    }
}

/// The pruning of a node with an index: the least that keeps every finalised state, or all of it if that was asked for.
fn indexed_state_pruning(wanted: Option<DatabasePruningMode>) -> Result<PruningMode, String> {
    match wanted {
        None | Some(DatabasePruningMode::ArchiveCanonical) => Ok(PruningMode::ArchiveCanonical),
        Some(DatabasePruningMode::Archive) => Ok(PruningMode::ArchiveAll),
        Some(DatabasePruningMode::Custom(blocks)) => Err(format!(
            "--index needs the state of every finalised block, but --state-pruning {blocks} throws it away: leave \
             --state-pruning out, or say archive-canonical"
        )),
    }
}

fn with_defaults(command: clap::Command) -> clap::Command {
    let command = DEFAULTS
        .into_iter()
        .fold(command, |command, (argument, value)| command.mut_arg(argument, |arg| arg.default_value(value)));
    // Only the two that write below the chain's folder must know which chain it is.
    command.mut_subcommand("key", |key| {
        key.mut_subcommand("generate-node-key", |generate| {
            generate
                .mut_arg("base_path", |arg| arg.requires("chain"))
                .mut_arg("default_base_path", |arg| arg.requires("chain"))
        })
    })
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "CityNet Ledger Node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "see CONTRIBUTING.md".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        crate::chain_spec::load(id).map(|spec| Box::new(spec) as Box<dyn ChainSpec>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sc_cli::{CliConfiguration, NetworkBackendType, TransactionPoolType};
    use sc_service::config::RpcBatchRequestConfig;

    fn parse(arguments: &[&str]) -> Cli {
        Cli::try_from_arguments(std::iter::once("citynet-node").chain(arguments.iter().copied()))
            .expect("the arguments are well-formed")
    }

    #[test]
    fn defaults_are_the_ledgers() {
        let run = parse(&["--dev"]).run;
        assert_eq!(run.network_params.network_backend, NetworkBackendType::Libp2p);
        assert!(matches!(run.pool_config.pool_type, TransactionPoolType::SingleState));
        assert!(matches!(run.rpc_batch_config(), Ok(RpcBatchRequestConfig::Limit(64))));
        assert!(matches!(run.rpc_max_request_size(), Ok(4)));
        assert!(matches!(run.rpc_max_subscriptions_per_connection(), Ok(128)));
        assert!(matches!(run.rpc_buffer_capacity_per_connection(), Ok(16)));
        assert!(matches!(run.rpc_rate_limit(), Ok(Some(limit)) if limit.get() == 6000));
    }

    #[test]
    fn flags_replace_the_defaults() {
        let run = parse(&[
            "--dev",
            "--network-backend=litep2p",
            "--pool-type=fork-aware",
            "--rpc-max-request-size=1",
            "--rpc-rate-limit=7",
            "--rpc-disable-batch-requests",
        ])
        .run;
        assert_eq!(run.network_params.network_backend, NetworkBackendType::Litep2p);
        assert!(matches!(run.pool_config.pool_type, TransactionPoolType::ForkAware));
        assert!(matches!(run.rpc_batch_config(), Ok(RpcBatchRequestConfig::Disabled)));
        assert!(matches!(run.rpc_max_request_size(), Ok(1)));
        assert!(matches!(run.rpc_rate_limit(), Ok(Some(limit)) if limit.get() == 7));
    }

    #[test]
    fn an_index_keeps_every_finalised_state() {
        assert!(matches!(indexed_state_pruning(None), Ok(PruningMode::ArchiveCanonical)));
        assert!(matches!(indexed_state_pruning(Some(DatabasePruningMode::Archive)), Ok(PruningMode::ArchiveAll)));
        let cli = parse(&["--dev", "--index", "--state-pruning=256"]);
        assert!(cli.index);
        let refusal = indexed_state_pruning(cli.run.import_params.pruning_params.state_pruning);
        assert!(refusal.expect_err("the state is pruned").contains("--state-pruning 256"));
    }

    #[test]
    fn an_index_lies_where_it_shall() {
        assert!(!parse(&["--dev"]).has_index());
        let cli = parse(&["--dev", "--index-url", "postgres://citynet:s3crit@localhost/ledger"]);
        assert!(cli.has_index() && !cli.index);
        let Some(IndexUrl(Ok(url))) = &cli.index_url else { panic!("it is a URL") };
        assert_eq!(url.to_string(), "postgres://citynet@localhost/ledger");
        assert!(!format!("{cli:?}").contains("s3crit"));
        let wrong = parse(&["--dev", "--index-url=postgres://citynet:s3crit@db.example/ledger"]);
        assert!(matches!(wrong.index_url, Some(IndexUrl(Err(UrlError::InTheClear)))));
    }

    #[test]
    fn the_explorer_is_served_where_it_shall_be() {
        assert_eq!(parse(&["--dev"]).explorer_port, None);
        assert_eq!(parse(&["--dev", "--explorer-port", "8080"]).explorer_port, Some(8080));
        assert!(Cli::try_from_arguments(["citynet-node", "--dev", "--explorer-port", "65536"]).is_err());
    }

    #[test]
    fn the_network_gate_is_where_the_chain_says() {
        assert_eq!(parse(&["--dev"]).network_gate, network_gate::Mode::Auto);
        assert_eq!(parse(&["--dev", "--network-gate", "on"]).network_gate, network_gate::Mode::On);
        assert_eq!(parse(&["--dev", "--network-gate=off"]).network_gate, network_gate::Mode::Off);
    }

    #[test]
    fn compiled_runtimes_lie_where_they_shall() {
        let cli = parse(&["--dev", "--compiled-runtimes", "/var/cache/citynet"]);
        assert_eq!(cli.compiled_runtimes, Some(PathBuf::from("/var/cache/citynet")));
        assert!(Cli::try_from_arguments(["citynet-node", "--dev", "--compiled-runtimes"]).is_err());
    }

    #[test]
    fn an_upgrade_is_tried_on_a_database() {
        let cli = parse(&["try-upgrade", "next.wasm", "-d", "/tmp/copy", "--chain=local", "--at=7", "--out=a.json"]);
        let Some(Command::TryUpgrade(command)) = cli.subcommand else { panic!("it is this command") };
        assert!(matches!(command.base_path(), Ok(Some(path)) if path.path() == std::path::Path::new("/tmp/copy")));
        assert!(matches!(command.chain_id(false).as_deref(), Ok("local")));
        for wrong in [&["try-upgrade"][..], &["try-upgrade", "next.wasm", "--at", "latest"]] {
            assert!(Cli::try_from_arguments(["citynet-node"].iter().chain(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_specification_is_made_from_a_file() {
        let cli = parse(&["chain-spec", "from-toml", "chain.toml", "--raw", "-o", "chain.json"]);
        assert!(matches!(cli.subcommand, Some(Command::ChainSpec(ChainSpecCommand::FromToml(_)))));
        assert!(Cli::try_from_arguments(["citynet-node", "chain-spec", "from-toml"]).is_err());
    }

    #[test]
    fn a_node_key_needs_a_chain_only_below_its_folder() {
        let generate = ["citynet-node", "key", "generate-node-key"];
        assert!(Cli::try_from_arguments(generate).is_ok());
        assert!(Cli::try_from_arguments(generate.into_iter().chain(["--base-path", "/tmp/node"])).is_err());
    }
}
