//! The command line. Each command is a module with its arguments and one function.

mod access;
mod attest;
mod audit;
mod bank;
mod bench;
mod council;
mod currency;
mod dataset;
mod device;
mod grant;
mod key;
mod org;
mod parameters;
mod peer;
mod prov;
mod prove;
mod sending;
mod settle;
mod signing;
mod statement;
mod status;
mod upgrade;
mod usage;
mod validator;
mod verify;
mod watch;

use crate::output::Output;
use anyhow::Context as _;
use citynet_client::{connection::Connection, ledger::Ledger};
use clap::{Args, Parser, Subcommand};
use std::{future::Future, time::Duration};

/// Attest sensor readings on CityNet Ledger, prove them, verify proofs, look after devices and datasets, grant access,
/// settle what is owed for it, and govern the consortium.
#[derive(Debug, Parser)]
#[command(
    name = "citynet",
    version,
    arg_required_else_help = true,
    after_help = "\
The main job, from a sensor's file to a proof that needs no network:
  citynet key generate --scheme ed25519 --out sensor.key
  citynet device register --model 'Nova SDS011' --property P1 --property P2 \\
      --geohash ucfv0 --device-key sensor.key --key-file registrar.key
  citynet attest --device 1 --format sensor-community 2018-09-*.csv \\
      --archive ./archive --device-key sensor.key --key-file gateway.key
  citynet prove --archive ./archive --reading 4711 -o evidence.json
  citynet verify evidence.json --genesis 0x…

Who may use the data, for what and until when:
  citynet dataset register --kind stream --title 'Air quality' --sensitivity open --description dcat.json \\
      --licence CC-BY-4.0 --key-file registrar.key
  citynet grant template > terms.toml
  citynet grant offer --terms terms.toml --binding --key-file registrar.key
  citynet access check --consumer 3 --dataset 7 --action read --purpose dpv:AcademicResearch

What it costs, from use to payment:
  citynet usage state 5 receipts.jsonl --key-file gateway.key
  citynet usage bill 5 --key-file treasurer.key
  citynet settle cycle open RUB --deadline 2026-04-03T12:00:00Z --key-file treasurer.key
  citynet settle run --key-file treasurer.key
  citynet statement --org 3 --currency RUB

What auditors ask:
  citynet audit access 7 --at 2026-03-01T12:00:00Z --csv access.csv
  citynet audit taint device:12 --since 2026-03-01T00:00:00Z
  citynet audit payments --org 3 --evidence payments.json
  citynet audit governance
  citynet prov export 9@1 -o lineage.json
  citynet watch --subject grant:5 --from genesis

Exit codes: 0 done · 1 failed · 2 done, but some input was rejected (see rejects.csv in the archive), or an answer is not \
complete."
)]
pub struct Cli {
    /// Print one JSON object instead of text.
    #[arg(long, global = true)]
    pub json: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
enum Command {
    /// Show what a node knows: chain, blocks, journal, index.
    Status(status::StatusArgs),
    /// Make and inspect key files.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// List the consortium's organisations, join them, and look after your own.
    #[command(subcommand)]
    Org(org::OrgCommand),
    /// Vote: on members, parameters, upgrades and pauses.
    #[command(subcommand)]
    Council(council::CouncilCommand),
    /// Show the parameters that the council sets.
    Parameters(parameters::ParametersArgs),
    /// Run a validator: its keys, and who is in the set.
    #[command(subcommand)]
    Validator(validator::ValidatorCommand),
    /// Say which nodes belong to the network.
    #[command(subcommand)]
    Peer(peer::PeerCommand),
    /// Replace the runtime.
    #[command(subcommand)]
    Upgrade(upgrade::UpgradeCommand),
    /// Register devices and look after them.
    #[command(subcommand)]
    Device(device::DeviceCommand),
    /// Register datasets, publish their versions, and say what these were made from.
    #[command(subcommand)]
    Dataset(dataset::DatasetCommand),
    /// Ask for, offer, accept, pass on and end the right to use datasets.
    #[command(subcommand)]
    Grant(grant::GrantCommand),
    /// Check who may use what, and report what was used.
    #[command(subcommand)]
    Access(access::AccessCommand),
    /// List the currencies, and what organisations have of them.
    #[command(subcommand)]
    Currency(currency::CurrencyCommand),
    /// Put money on the ledger against a deposit at a bank, as a currency's agent.
    Deposit(bank::DepositArgs),
    /// Take money off the ledger.
    #[command(subcommand)]
    Withdraw(bank::WithdrawCommand),
    /// State, dispute and bill the use of grants.
    #[command(subcommand)]
    Usage(usage::UsageCommand),
    /// Pay what is owed: on the ledger, by bank, or netted with what others owe.
    #[command(subcommand)]
    Settle(settle::SettleCommand),
    /// Print an organisation's statement of account, made from the ledger's records.
    Statement(statement::StatementArgs),
    /// Answer what auditors ask, from the ledger's records.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Write where data comes from in the words of W3C PROV.
    #[command(subcommand)]
    Prov(prov::ProvCommand),
    /// Attest the readings in a sensor's files.
    Attest(attest::AttestArgs),
    /// Make an evidence bundle for one reading.
    Prove(prove::ProveArgs),
    /// Verify evidence of a reading, a list of records or a whole answer, without any network.
    Verify(verify::VerifyArgs),
    /// Print records as they become final.
    Watch(watch::WatchArgs),
    /// Measure how fast this machine and the ledger are.
    #[command(subcommand)]
    Bench(bench::BenchCommand),
}

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Exit code 0.
    Completely,
    /// Exit code 2.
    WithRejects,
    /// What is said is true, but it is not all: exit code 2, already reported.
    Incomplete,
    /// The evidence does not hold: exit code 1, already reported.
    Refuted,
    /// Access is denied: exit code 1, already reported.
    Denied,
    /// The transaction succeeded, but what it was to bring about failed: exit code 1, already reported.
    CallFailed,
}

/// Runs a command.
pub fn run(cli: Cli, output: &Output) -> anyhow::Result<Done> {
    match cli.command {
        Command::Status(args) => online(status::run(args, output)),
        Command::Key(command) => key::run(command, output),
        Command::Org(command) => online(org::run(command, output)),
        Command::Council(command) => online(council::run(command, output)),
        Command::Parameters(args) => online(parameters::run(args, output)),
        Command::Validator(command) => online(validator::run(command, output)),
        Command::Peer(command) => online(peer::run(command, output)),
        Command::Upgrade(command) => online(upgrade::run(command, output)),
        Command::Device(command) => online(device::run(command, output)),
        Command::Dataset(command) => online(dataset::run(command, output)),
        Command::Grant(command) => online(grant::run(command, output)),
        Command::Access(command) => online(access::run(command, output)),
        Command::Currency(command) => online(currency::run(command, output)),
        Command::Deposit(args) => online(bank::deposit(args, output)),
        Command::Withdraw(command) => online(bank::withdraw(command, output)),
        Command::Usage(command) => online(usage::run(command, output)),
        Command::Settle(command) => online(settle::run(command, output)),
        Command::Statement(args) => online(statement::run(args, output)),
        Command::Audit(command) => online(audit::run(command, output)),
        Command::Prov(command) => online(prov::run(command, output)),
        Command::Attest(args) => online(attest::run(args, output)),
        Command::Prove(args) => online(prove::run(args, output)),
        Command::Verify(args) => verify::run(args, output),
        Command::Watch(args) => online(watch::run(args, output)),
        Command::Bench(command) => online(bench::run(command, output)),
    }
}

/// Only commands that talk to a node have a runtime.
fn online(work: impl Future<Output = anyhow::Result<Done>>) -> anyhow::Result<Done> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    runtime.block_on(work)
}

/// Which node.
#[derive(Args, Clone, Debug)]
pub struct NodeArgs {
    /// The node's WebSocket address.
    #[arg(long, value_name = "URL", env = "CITYNET_NODE", default_value = "ws://127.0.0.1:9944")]
    node: String,
}

impl NodeArgs {
    async fn connect(&self, patience: Duration) -> anyhow::Result<Ledger> {
        Ok(Ledger::connect(&self.node, patience).await?)
    }

    /// One connection, which is not opened again when it breaks.
    async fn open(&self) -> anyhow::Result<Connection> {
        Ok(Connection::open(&self.node).await?)
    }
}
