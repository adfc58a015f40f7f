//! Does what the command line asks for.

use crate::{
    cli::{ChainSpecCommand, Cli, Command},
    explorer::Explorer,
    runtimes::Runtimes,
    service::{self, Options, Parts},
};
use citynet_runtime::{opaque::Block, Hash};
use futures::FutureExt as _;
use sc_cli::{CliConfiguration as _, KeySubcommand, Signals, SubstrateCli};
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::Configuration;
use std::io::Write as _;

/// Reads the process's arguments and does what they say.
pub fn run() -> sc_cli::Result<()> {
    let cli = Cli::from_process_arguments();
    match &cli.subcommand {
        None => run_node(&cli),
        // Printed or written to a file, a node's key has nothing to do with a chain.
        Some(Command::Key(KeySubcommand::GenerateNodeKey(command))) if command.chain.is_none() => {
            command.run("", &Cli::executable_name())
        }
        Some(Command::Key(command)) => command.run(&cli),
        Some(Command::ChainSpec(ChainSpecCommand::FromToml(command))) => {
            command.run().unwrap_or_else(|error| {
                // Not as an error of the SDK: those are shown on one line.
                eprintln!("{error}");
                leave(1)
            });
            Ok(())
        }
        Some(Command::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        Some(Command::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, import_queue, task_manager, .. } = parts(&cli, &config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Command::ExportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, task_manager, .. } = parts(&cli, &config)?;
            Ok((command.run(client, config.database), task_manager))
        }),
        Some(Command::ImportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, import_queue, task_manager, .. } = parts(&cli, &config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Command::PurgeChain(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run(config.database))
        }
        Some(Command::Revert(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, backend, task_manager, .. } = parts(&cli, &config)?;
            let revert_grandpa = Box::new(|client, _, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((command.run(client, backend, Some(revert_grandpa)), task_manager))
        }),
        Some(Command::ChainInfo(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run::<Block>(&config))
        }
        Some(Command::TryUpgrade(command)) => cli.create_runner(command)?.sync_run(|config| {
            command.run(&config).unwrap_or_else(|error| {
                // As above: what a runtime fails with has many lines.
                eprintln!("{error}");
                leave(1)
            });
            Ok(())
        }),
    }
}

/// What the commands on a database need.
fn parts(cli: &Cli, config: &Configuration) -> Result<Parts, sc_service::Error> {
    service::parts(config, &Runtimes::new(config, cli.compiled_runtimes.as_deref())?)
}

/// Runs a node until it is told to stop or one of its essential tasks ends.
///
/// Not by the SDK's `run_node_until_exit`, which takes the running node apart: tasks that still author, import or hold
/// the database then panic or abort now and then, and a stop that was asked for looks like a crash. A node survives being
/// killed at any moment, so a stop is no more than that: its end is logged, and the process leaves with everything in it.
fn run_node(cli: &Cli) -> sc_cli::Result<()> {
    let runtime = sc_cli::build_runtime()?;
    let signals = runtime.block_on(async { Signals::capture() })?;
    let mut config = cli.run.create_configuration(cli, runtime.handle().clone())?;
    cli.run.init(&Cli::support_url(), &Cli::impl_version(), |_| {})?;
    cli.keep_what_the_index_reads(&mut config)?;
    sc_cli::print_node_infos::<Cli>(&config);

    // Before anything is opened: a port that is taken is told at once.
    let explorer = cli.explorer_port.map(Explorer::bind).transpose();
    let explorer = explorer.map_err(|problem| sc_cli::Error::Input(problem.to_string()))?;
    let options = Options {
        index: cli.index(&config)?,
        network_gate: cli.network_gate,
        explorer,
        runtimes: Runtimes::new(&config, cli.compiled_runtimes.as_deref())?,
    };
    let mut node = runtime.block_on(async {
        match config.network.network_backend {
            NetworkBackendType::Libp2p => service::start::<NetworkWorker<Block, Hash>>(config, options),
            NetworkBackendType::Litep2p => service::start::<Litep2pNetworkBackend>(config, options),
        }
    })?;
    let ended = runtime.block_on(signals.run_until_signal(node.future().fuse()));
    if let Err(error) = ended {
        tracing::error!(%error, "an essential task has ended; the node stops");
        leave(1);
    }
    tracing::info!("the node stops as it was told");
    leave(0)
}

/// Ends the process without the C library's exit handlers: they destroy RocksDB's static mutexes, and a thread that still
/// holds the database then aborts the process with "pthread lock: Invalid argument". Nothing is lost, since every write
/// has gone through the log on disk.
fn leave(code: i32) -> ! {
    // A stream that is closed already has nobody left to tell.
    let _ = std::io::stdout().flush();
    let _ = std::io::stderr().flush();
    signal_hook::low_level::exit(code)
}
