//! A node with an index is killed again and again at random moments of its life, while records are made. Its index is
//! then, block by block, that of a node that was never killed, and the one that is made anew from genesis. Who watches the
//! records meanwhile misses none, and gets none twice.
//!
//! It is killed 10 times, which takes a minute, or as often as `CITYNET_KILLS` says: 50 times take three.

use anyhow::{ensure, Context as _, Result};
use citynet_primitives::Hash;
use citynet_tests::{
    gateway::Gateway,
    index::{contents, same},
    node::{Work, SEATS},
    random::Random,
    watching::Watching,
    Chain, Network, Node, Options, Steps,
};
use serde_json::json;
use std::{fs, ops::Range, time::Duration};
use tokio::time::{sleep, sleep_until, timeout_at, Instant};

const KILLS: u32 = 10;
/// The first seconds of a life: a node starts, finds the other one, and catches up.
const BEGINNING: Duration = Duration::from_secs(3);
/// How many blocks become final in a life that lasts longer.
const BLOCKS: Range<u32> = 1..3;
/// The time after a block became final in which the index writes it.
const WRITING: Duration = Duration::from_millis(50);

#[tokio::test(flavor = "multi_thread")]
async fn an_index_survives_every_kill() -> Result<()> {
    let mut steps = Steps::of("index_killed");
    let (kills, mut random) = (kills()?, Random::new()?);
    let mut network = Network::start(Options { alone: true, ..Options::default() }).await?;
    let position = network.join(SEATS[1], Work::Follow, "killed", &["--index"]).await?;
    let (alone, genesis) = (network.chain().await?, network.chain().await?.genesis().await?);
    let gateway = Gateway::open(network.node(0)).await?;
    follow(&alone, network.node(position)).await?;
    let log = network.job_folder()?.join("watch.log");
    let mut watching = Watching::begin(&network.citynet_at(position)?, &log)?;
    // Only who is connected once connects again.
    watching.until(0).await?;
    steps.done(&format!("a node follows with an index and is watched; CITYNET_SEED={} repeats it", random.seed()));

    let node = network.node_mut(position);
    let starting = tokio::select! {
        killed = kill_again_and_again(kills, node, &genesis, &mut random) => killed?,
        ended = gateway.go_on() => match ended? {},
    };
    steps.done(&format!("it was killed {kills} times, {starting} of them while it started; what it left was sound"));

    node.restart().await?;
    let chain = follow(&alone, network.node(position)).await?;
    let (records, all) = (chain.records(json!({})).await?, alone.records(json!({})).await?);
    ensure!(all.starts_with(&records), "the first {} records are not those of the other node", records.len());
    let last = records.len() as u64 - 1;
    ensure!(last > 1_000, "{last} records are too few for the index to be killed while it writes");
    watching.until(last).await.with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
    let watched = watching.end().await?;
    ensure!(watched.starts_with(&records), "what was watched is not what the list has: {} records", watched.len());
    steps.done(&format!("{last} records were watched, over {kills} restarts: none is missing and none came twice"));
    let killed = stopped(&mut network, position, &genesis).await?;
    steps.done(&format!("its index has {} blocks", killed.len()));

    fs::remove_dir_all(network.node(position).index_folder())?;
    network.node_mut(position).restart().await?;
    follow(&alone, network.node(position)).await?;
    let rebuilt = stopped(&mut network, position, &genesis).await?;
    network.finish().await?;
    let never_killed = contents(network.node(0), &genesis)?;
    for (name, other) in [("made anew", rebuilt), ("of the other node", never_killed)] {
        let compared = same(&killed, &other).with_context(|| format!("the index that was killed, and that {name}"))?;
        ensure!(compared == killed.len(), "the index {name} has {compared} of {} blocks", killed.len());
        steps.done(&format!("the index {name} has the same content after each of {compared} blocks"));
    }
    Ok(())
}

/// How often the node is killed.
fn kills() -> Result<u32> {
    match std::env::var("CITYNET_KILLS") {
        Ok(text) => text.parse().with_context(|| format!("CITYNET_KILLS is `{text}`, which is no number")),
        Err(_) => Ok(KILLS),
    }
}

/// Waits until a node has followed another one into its index. Gives the connection.
async fn follow(other: &Chain, node: &Node) -> Result<Chain> {
    let (last, _) = other.finalized().await?;
    let chain = node.chain().await?;
    chain.until_finalized(last).await?;
    chain.until_indexed().await?;
    Ok(chain)
}

/// Stops a node. Gives the content of its index.
async fn stopped(network: &mut Network, position: usize, genesis: &Hash) -> Result<Vec<Hash>> {
    network.node_mut(position).stop().await?;
    contents(network.node(position), genesis)
}

/// Kills a node that runs, and reads what it left. Gives how often it had not started.
async fn kill_again_and_again(kills: u32, node: &mut Node, genesis: &Hash, random: &mut Random) -> Result<u32> {
    let mut starting = 0;
    for kill in 0..kills {
        if kill > 0 && !live(node, random).await? {
            starting += 1;
        }
        node.kill().await?;
        contents(node, genesis).with_context(|| format!("the node was killed {} times", kill + 1))?;
    }
    Ok(starting)
}

/// A life, until the moment at which it shall end: any one of its first seconds, or one at which the index writes a block.
/// Gives whether the node had started by then.
async fn live(node: &mut Node, random: &mut Random) -> Result<bool> {
    if random.below(0..2) == 0 {
        let end = Instant::now() + random.time(BEGINNING);
        let Ok(started) = timeout_at(end, node.restart()).await else { return Ok(false) };
        started?;
        sleep_until(end).await;
    } else {
        node.restart().await?;
        let chain = node.chain().await?;
        let (last, _) = chain.finalized().await?;
        chain.until_finalized(last + random.below(BLOCKS)).await?;
        sleep(random.time(WRITING)).await;
    }
    Ok(true)
}
