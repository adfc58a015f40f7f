//! Does what the command line asks for.

use crate::{
    cli::{Cli, Command},
    service::{self, Parts},
};
use citynet_runtime::{opaque::Block, Hash};
use sc_cli::{KeySubcommand, SubstrateCli};
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};

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
        Some(Command::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        Some(Command::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, import_queue, task_manager, .. } = service::parts(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Command::ExportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, task_manager, .. } = service::parts(&config)?;
            Ok((command.run(client, config.database), task_manager))
        }),
        Some(Command::ImportBlocks(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, import_queue, task_manager, .. } = service::parts(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Command::PurgeChain(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run(config.database))
        }
        Some(Command::Revert(command)) => cli.create_runner(command)?.async_run(|config| {
            let Parts { client, backend, task_manager, .. } = service::parts(&config)?;
            let revert_grandpa = Box::new(|client, _, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            Ok((command.run(client, backend, Some(revert_grandpa)), task_manager))
        }),
        Some(Command::ChainInfo(command)) => {
            cli.create_runner(command)?.sync_run(|config| command.run::<Block>(&config))
        }
    }
}

fn run_node(cli: &Cli) -> sc_cli::Result<()> {
    let mut runner = cli.create_runner(&cli.run)?;
    cli.keep_what_the_index_reads(runner.config_mut())?;
    let with_index = cli.index;
    runner.run_node_until_exit(|config| async move {
        let node = match config.network.network_backend {
            NetworkBackendType::Libp2p => service::start::<NetworkWorker<Block, Hash>>(config, with_index),
            NetworkBackendType::Litep2p => service::start::<Litep2pNetworkBackend>(config, with_index),
        };
        node.map_err(sc_cli::Error::Service)
    })
}
