//! `citynet status`.

use super::{Done, NodeArgs};
use crate::output::{facts, thousands, Output};
use clap::Args;
use std::time::Duration;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet status
  citynet status --node wss://ledger.example.org --json")]
pub struct StatusArgs {
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: StatusArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let status = ledger.rpc().status().await?;
    output.result(&status, |output| {
        let index = match &status.index {
            None => "none (the node runs without --index)".to_owned(),
            Some(index) if index.synced => output.good(format!("synced, {} records", index.records)),
            Some(index) => output.bad(format!("{} blocks behind, {} records", index.behind, index.records)),
        };
        facts(&[
            ("chain", output.strong(&status.chain)),
            ("genesis", status.genesis_hash.to_string()),
            ("runtime", status.spec_version.to_string()),
            ("best block", format!("{} {}", status.best.number, status.best.hash)),
            ("finalised", format!("{} {}", status.finalized.number, status.finalized.hash)),
            ("journal", format!("{} records, root {}", thousands(status.tree_head.size.0), status.tree_head.root)),
            ("index", index),
        ])
    })?;
    Ok(Done::Completely)
}
