//! A CityNet Ledger node.
//!
//! [`cli`] says what can be asked of it, [`command`] does it; a running node is put together in [`service`], which the
//! index and the `citynet_*` RPC methods join with one call each. The rules of the chain are in the runtime.

mod chain_spec;
mod cli;
mod command;
mod metrics;
mod rpc;
mod service;

fn main() -> sc_cli::Result<()> {
    command::run()
}
