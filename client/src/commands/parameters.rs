//! `citynet parameters`.

use super::{Done, NodeArgs};
use crate::output::{table, Output};
use citynet_client::governance::parameter;
use clap::Args;
use std::time::Duration;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet parameters
  citynet council propose parameter min-validators 4 --reason '…' --key-file admin.key

A quota is how much computing all accounts of an organisation together may use: each block gives back the rate, and at most the \
burst is saved. A block has 300 000 µs for everybody. Only the council changes parameters; each has its bounds.")]
pub struct ParametersArgs {
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: ParametersArgs, output: &Output) -> anyhow::Result<Done> {
    let parameters = args.node.connect(Duration::ZERO).await?.rpc().parameters().await?;
    output.result(&parameters, |_| {
        let rows = parameter::table(&parameters).into_iter().map(Vec::from).collect();
        table(&["parameter", "value", "unit"], rows)
    })?;
    Ok(Done::Completely)
}
