//! `citynet prove`.

use super::{Done, NodeArgs};
use crate::output::Output;
use anyhow::Context as _;
use citynet_client::{archive::Archive, prove, time::parse_duration};
use clap::Args;
use serde_json::json;
use std::{fs, path::PathBuf, time::Duration};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  citynet prove --archive ./archive --reading 4711 -o evidence.json
  citynet verify evidence.json --genesis 0x…

The bundle holds the source line, the batch, the record, the block header and what makes it final. It is verified before it \
is written, so the node is not trusted. If the record is not covered by a justification yet, this waits for it.")]
pub struct ProveArgs {
    /// The archive that `citynet attest` wrote.
    #[arg(long, value_name = "DIR")]
    archive: PathBuf,
    /// The reading's sequence number.
    #[arg(long, value_name = "SEQ")]
    reading: u64,
    /// Where the evidence bundle goes.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// For how long to wait for finality.
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = parse_duration)]
    patience: u64,
    #[command(flatten)]
    node: NodeArgs,
}

pub async fn run(args: ProveArgs, output: &Output) -> anyhow::Result<Done> {
    let archive = Archive::open(&args.archive)?;
    let patience = Duration::from_millis(args.patience);
    let ledger = args.node.connect(patience).await?;
    let bar = output.progress("{spinner} {msg} ({elapsed})");
    bar.set_message("asking the node for the proof");
    let mut waiting = |reason: &str| bar.set_message(format!("waiting: {reason}"));
    let proven = prove::prove(&ledger, &archive, args.reading, patience, &mut waiting).await;
    bar.finish_and_clear();
    let (evidence, verified) = proven?;

    let path = args.output.display().to_string();
    // Beside it first, so that a bundle is there as a whole or not at all.
    let temporary = PathBuf::from(format!("{path}.new"));
    fs::write(&temporary, &evidence)
        .and_then(|()| fs::rename(&temporary, &args.output))
        .with_context(|| format!("cannot write {path}"))?;

    let genesis = format!("0x{}", hex::encode(verified.genesis));
    let result = json!({
        "file": path,
        "bytes": evidence.len(),
        "reading": args.reading.to_string(),
        "record": verified.record.index.to_string(),
        "block": verified.block.number,
        "genesisHash": genesis,
    });
    output.result(&result, |output| {
        vec![
            output.good(format!("reading {} is proven, up to block {}", args.reading, verified.block.number)),
            format!("{path}, {} bytes; anyone can check it with no network:", evidence.len()),
            format!("  citynet verify {path} --genesis {genesis}"),
        ]
    })?;
    Ok(Done::Completely)
}
