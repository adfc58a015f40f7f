//! A CityNet Ledger node.
//!
//! [`cli`] says what can be asked of it, [`command`] does it; a running node is put together in [`service`], which the
//! index, the `citynet_*` RPC methods, the [`network_gate`] and the [`explorer`] join with a call or two each. The chains
//! it can run are in [`chain_spec`]; a consortium's own is made from a [`consortium_file`]. The rules of the chain are in
//! the runtime: [`runtimes`] has them compiled, and [`try_upgrade`] tries new ones.

mod chain_spec;
mod cli;
mod command;
mod consortium_file;
mod explorer;
mod metrics;
mod network_gate;
mod rpc;
mod runtimes;
mod service;
mod try_upgrade;

fn main() -> sc_cli::Result<()> {
    command::run()
}
