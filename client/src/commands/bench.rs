//! `citynet bench`.

use super::{signing::AccountArgs, Done, NodeArgs};
use crate::output::{facts, thousands, Output};
use anyhow::{anyhow, bail};
use citynet_client::{
    attest::{LedgerChain, MOST_PER_TRANSACTION},
    bench::{self, ChainSpeed, ClientSpeed, FinalitySpeed, Load},
    keys::DeviceSigner,
    ledger::{Call, Sender},
    time::now,
};
use citynet_primitives::{DeviceId, DeviceProfile, Location, PossessionStatement, Text};
use clap::{value_parser, Args, Subcommand};
use serde::Serialize;
use std::time::Duration;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum BenchCommand {
    /// Measure attestations per second that become final, one batch per transaction and many, and what the client takes
    /// for a reading.
    #[command(after_help = "\
Examples:
  citynet bench attest --dev-account alice
  citynet bench attest --batches 2000 --in-flight 256 --dev-account alice --json

It registers a device of its own and attests batches with made-up roots, so it leaves records behind: use a test network. A \
node answers 6000 calls per minute on a connection by default; start it with a higher --rpc-rate-limit, or that is \
what is measured.")]
    Attest(BenchArgs),
    /// Measure the client alone: nothing is sent.
    Client(ClientArgs),
    /// Measure how long blocks take from being imported to being final, as one node sees it.
    #[command(after_help = "\
Examples:
  citynet bench finality
  citynet bench finality --blocks 600 --node ws://127.0.0.1:9945 --json

A block's time begins when the node announces it as its best block and ends when the node announces that it, or a block \
after it, is final. Both moments are read from this machine's clock when the news arrives, so no clocks are compared; run \
it beside the node, or the jitter of the network is measured too. Blocks of forks that lose are not counted. It takes as \
long as the blocks do, a second each when all validators are there. p50 is the median and p99 what 99 of 100 blocks did \
not exceed: with fewer than 100 blocks that is the slowest one. Nothing is sent to the ledger; every node and network will \
do.")]
    Finality(FinalityArgs),
}

#[derive(Args, Debug)]
pub struct BenchArgs {
    /// How many batches each of the two ways of submission attests.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = value_parser!(u64).range(1..))]
    batches: u64,
    /// The most transactions on their way at once.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = value_parser!(u16).range(1..=4096))]
    in_flight: u16,
    #[command(flatten)]
    client: ClientArgs,
    #[command(flatten)]
    account: AccountArgs,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Args, Debug)]
pub struct ClientArgs {
    /// Readings in a batch.
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = value_parser!(u32).range(1..=1_000_000))]
    batch_size: u32,
    /// Readings through the client.
    #[arg(long, value_name = "N", default_value_t = 200_000, value_parser = value_parser!(u64).range(1..))]
    readings: u64,
}

#[derive(Args, Debug)]
pub struct FinalityArgs {
    /// How many blocks are measured.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = value_parser!(u64).range(1..))]
    blocks: u64,
    #[command(flatten)]
    node: NodeArgs,
}

#[derive(Serialize)]
struct Speeds {
    client: ClientSpeed,
    chain: Vec<ChainSpeed>,
}

pub async fn run(command: BenchCommand, output: &Output) -> anyhow::Result<Done> {
    let speeds = match command {
        BenchCommand::Client(args) => Speeds { client: client(&args, output)?, chain: Vec::new() },
        BenchCommand::Finality(args) => return finality(&args, output).await,
        BenchCommand::Attest(args) => {
            Speeds { client: client(&args.client, output)?, chain: chain(&args, output).await? }
        }
    };
    output.result(&speeds, |output| {
        let ClientSpeed { readings, batch_size, readings_per_second, share_percent: share } = &speeds.client;
        let mut lines = vec![output.strong(format!("client: {readings_per_second:.0} readings/s hashed and batched"))];
        lines.extend(facts(&[
            ("readings", format!("{} in batches of {batch_size}", thousands(*readings))),
            ("parse", format!("{:.1} %", share.parse)),
            ("canonicalise", format!("{:.1} %", share.canonicalise)),
            ("hash", format!("{:.1} %", share.hash)),
            ("sign", format!("{:.1} %", share.sign)),
        ]));
        for speed in &speeds.chain {
            let way = if speed.per_transaction == 1 { "attest" } else { "attest_many" };
            let per_second = speed.attestations_per_second;
            lines.push(output.strong(format!("{way}: {per_second:.1} attestations/s final")));
            lines.extend(facts(&[
                ("batches", format!("{} in {:.1} s", thousands(speed.batches), speed.seconds)),
                ("per transaction", speed.per_transaction.to_string()),
                ("in flight", speed.in_flight.to_string()),
                (
                    "sent to final",
                    format!("{:.2} s median, {:.2} s at most", speed.median_seconds, speed.slowest_seconds),
                ),
            ]));
        }
        lines
    })?;
    Ok(Done::Completely)
}

fn client(args: &ClientArgs, output: &Output) -> anyhow::Result<ClientSpeed> {
    output.note("measuring the client");
    let batch_size = usize::try_from(args.batch_size)?;
    bench::client(args.readings, batch_size, &DeviceSigner::random()?).ok_or_else(|| anyhow!("no reading was made"))
}

async fn finality(args: &FinalityArgs, output: &Output) -> anyhow::Result<Done> {
    let connection = args.node.open().await?;
    let bar = output.progress("{spinner} {pos} of {len} blocks final · {elapsed}");
    bar.set_length(args.blocks);
    let mut progress = |blocks| bar.set_position(blocks);
    let measured = bench::finality(&connection, args.blocks, &mut progress).await;
    bar.finish_and_clear();
    let speed = measured?;
    output.result(&speed, |output| {
        let FinalitySpeed { blocks, p50_milliseconds, p99_milliseconds, max_milliseconds } = &speed;
        let mut lines =
            vec![output.strong(format!("finality: {p50_milliseconds:.0} ms from imported to final, median"))];
        lines.extend(facts(&[
            ("blocks", thousands(*blocks)),
            ("p50", format!("{p50_milliseconds:.0} ms")),
            ("p99", format!("{p99_milliseconds:.0} ms")),
            ("max", format!("{max_milliseconds:.0} ms")),
        ]));
        lines
    })?;
    Ok(Done::Completely)
}

async fn chain(args: &BenchArgs, output: &Output) -> anyhow::Result<Vec<ChainSpeed>> {
    let ledger = args.node.connect(Duration::from_secs(60)).await?;
    let account = args.account.key(&ledger).await?;
    let Some((organisation, _)) = ledger.member(&account.account()).await? else {
        bail!("account {} belongs to no active organisation of the consortium", account.ss58());
    };
    let signer = DeviceSigner::random()?;
    let (genesis, key, expires) = (ledger.genesis(), signer.key(), now() + 60 * 60 * 1000);
    let statement =
        PossessionStatement { genesis, organisation, device: DeviceId(0), epoch: 0, expires, key: &key }.to_bytes();
    let text = |text: &str| text.as_bytes().to_vec();
    let profile = DeviceProfile {
        model: Text::try_from(text("citynet bench")).map_err(|_| anyhow!("the model's name is too long"))?,
        properties: vec![Text::<32>::try_from(text("none")).map_err(|_| anyhow!("the property's name is too long"))?]
            .try_into()
            .map_err(|_| anyhow!("too many properties"))?,
        location: Location::Text(Text::try_from(text("nowhere")).map_err(|_| anyhow!("the location is too long"))?),
        calibration: None,
    };
    let call = Call::register(&profile, &key, &signer.sign(&statement), expires);
    let registered = Sender::new(&ledger, account.clone()).submit(&call).await?;
    let (device, _) = registered.device().ok_or_else(|| anyhow!("the device was not registered"))?;
    output.note(format!("registered device {device} for the measurement"));

    let chain = LedgerChain::new(&ledger, account);
    let (mut speeds, mut next) = (Vec::new(), 0);
    for per_transaction in [1, MOST_PER_TRANSACTION] {
        let bar = output.progress("{spinner} {pos} of {len} batches final · {per_sec} · {elapsed}");
        bar.set_length(args.batches);
        let load = Load {
            batches: args.batches,
            batch_size: args.client.batch_size,
            per_transaction,
            in_flight: usize::from(args.in_flight),
        };
        let mut progress = |batches| bar.set_position(batches);
        let (speed, end) = bench::chain(&chain, device, next, &signer, load, &mut progress).await?;
        bar.finish_and_clear();
        next = end;
        speeds.push(speed);
    }
    Ok(speeds)
}
