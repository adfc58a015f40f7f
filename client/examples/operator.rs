//! An operator's probe: how a node is, and how its consortium is.
//!
//!     cargo run --release --workspace --example operator -- --url ws://127.0.0.1:9944
//!
//! It prints what it finds and ends with exit code 1 if somebody should look at it, so that a monitoring system can run
//! it. Everything is asked over JSON-RPC; no key is needed, and nothing is sent to the ledger.

use citynet_client::{
    governance::{motion::Standing, upgrade},
    keys::ss58,
    ledger::Ledger,
    time::{format_utc, now},
};
use clap::Parser;
use std::{process::ExitCode, time::Duration};

/// So many blocks may wait for finality. A healthy network has one or two.
const MOST_WAITING: u32 = 10;
/// The last final block may be so old, in milliseconds. Blocks come every second or two.
const OLDEST: u64 = 30_000;

/// Say how a node and its consortium are.
#[derive(Debug, Parser)]
struct Arguments {
    /// The node's WebSocket address.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    url: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments { url } = Arguments::parse();
    // A connection that breaks is opened again for as long as this, and the question that it broke is asked again.
    let ledger = Ledger::connect(&url, Duration::from_secs(10)).await?;
    let rpc = ledger.rpc();
    let mut concerns = Vec::new();

    // The node itself. All that it answers is about finalised blocks, so finality that lags is the first thing to know.
    let status = rpc.status().await?;
    let (best, last) = (status.best.number, status.finalized.number);
    println!("{}: block {best}, final up to {last}, {} records", status.chain, status.tree_head.size);
    if best.saturating_sub(last) > MOST_WAITING {
        concerns.push(format!("{} blocks wait for finality", best - last));
    }
    let time = ledger.time().await?;
    if now().saturating_sub(time) > OLDEST {
        concerns.push(format!("the last final block is of {}", format_utc(time)));
    }
    let health = rpc.health().await?;
    if health.should_have_peers && health.peers == 0 {
        concerns.push("the node has no peers".to_owned());
    }
    if health.is_syncing {
        concerns.push("the node is still fetching old blocks".to_owned());
    }
    // A node without an index validates as well as any other, but answers nothing about the past.
    match &status.index {
        None => println!("no index: the node answers nothing about the past"),
        Some(index) if index.synced => println!("index: synced"),
        Some(index) => concerns.push(format!("the index is {} blocks behind", index.behind)),
    }

    // The validators. Those that are suspended signed two things of which they may sign one; those that are silent let
    // their turns pass while others authored.
    let validators = rpc.validators().await?;
    println!(
        "{} of {} validators are in the set",
        validators.iter().filter(|found| found.active).count(),
        validators.len()
    );
    for validator in &validators {
        let account = ss58(&validator.account.hash()?);
        let name = format!("validator {account} of organisation {}", validator.organisation);
        if validator.status == "suspended" {
            concerns.push(format!("{name} is suspended"));
        } else if validator.silent {
            concerns.push(format!("{name} is silent; it has skipped {} slots", validator.skipped));
        }
    }

    // What the members have to decide. An open motion is no fault; one whose vote is over waits for somebody to close it.
    for motion in rpc.motions().await? {
        let standing = Standing::of(&motion, last);
        let (number, yes, threshold) = (motion.number, motion.yes.len(), motion.threshold);
        println!(
            "motion {number}: {yes} of the {threshold} votes that it needs, {standing}, until block {}",
            motion.end
        );
    }

    // An upgrade needs no work from operators: every node compiles the new code before it runs. But one should know.
    let (_, head) = ledger.finalized().await?;
    let upgrades = upgrade::status(&ledger, &head).await?;
    if let Some(code) = upgrades.authorized {
        println!("the council authorised the runtime 0x{}", hex::encode(code));
    }
    match upgrades.scheduled {
        Some((code, block)) => println!("from block {block} on the runtime is 0x{}", hex::encode(code)),
        None => println!("no upgrade is scheduled; the runtime has version {}", status.spec_version),
    }

    for concern in &concerns {
        println!("LOOK: {concern}");
    }
    Ok(if concerns.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
