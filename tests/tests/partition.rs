//! The network falls apart and comes together again. Two halves finalise nothing, a quarter cannot hold the rest up,
//! and no two nodes ever finalise different blocks.

use anyhow::{ensure, Context as _, Result};
use citynet_tests::{
    consensus::{same_finality, standstill},
    namespaces::{enter, Entry, Namespaces},
    Chain, Network, Options, Steps,
};
use futures::future::{try_join, try_join_all};

const CHARLIE: u8 = 2;
const DAVE: u8 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_partition_heals() -> Result<()> {
    match enter("partition::a_partition_heals").await? {
        Entry::Inside => partition().await,
        Entry::Done => Ok(()),
        Entry::NotPermitted(reason) => {
            // On a line of its own: `scripts/test` looks for it, and does not count this test as passed.
            println!("\nNOT RUN: partition: network namespaces are not permitted here ({reason})");
            Ok(())
        }
    }
}

async fn partition() -> Result<()> {
    let mut steps = Steps::of("partition");
    let namespaces = Namespaces::new(4).await?;
    let mut network = Network::start(Options { places: namespaces.places(), ..Options::default() }).await?;
    let chains = network.chains().await?;
    steps.done("four validators finalise, each in a network namespace of its own");

    namespaces.cut_off(&[CHARLIE, DAVE]).await?;
    let stopped = standstill(&chains, 6).await?;
    let best = best(&chains).await?;
    let height = best.iter().copied().min().context("there are nodes")?;
    let (one, other) = (chains[0].hash(height).await?, chains[3].hash(height).await?);
    ensure!(one != other, "both halves have the same block {height}: the network is not cut");
    steps.done(&format!("2/2: nothing is final after {stopped:?}; the halves have different blocks {height}"));

    namespaces.heal().await?;
    together(&chains, best.into_iter().max().context("there are nodes")?).await?;
    let compared = same_finality(&chains).await?;
    steps.done(&format!("one again: finality goes on; all agree about {compared} blocks"));

    namespaces.cut_off(&[DAVE]).await?;
    let (majority, minority) = chains.split_at(usize::from(DAVE));
    let (now, _) = majority[0].finalized().await?;
    let (_, stopped) = try_join(together(majority, now + 10), standstill(minority, 2)).await?;
    steps.done(&format!("3/1: 10 further blocks are final among three; nothing is after {stopped:?} for the fourth"));

    namespaces.heal().await?;
    let (now, _) = majority[0].finalized().await?;
    together(&chains, now + 1).await?;
    let compared = same_finality(&chains).await?;
    ensure!(compared > now, "{compared} blocks were compared, which ends before the network was one again");
    steps.done(&format!("one again: the fourth has caught up; all agree about {compared} blocks"));
    network.finish().await
}

async fn best(chains: &[Chain]) -> Result<Vec<u32>> {
    let best = try_join_all(chains.iter().map(Chain::best)).await?;
    Ok(best.into_iter().map(|(number, _)| number).collect())
}

/// Waits until each of them has finalised that block.
async fn together(chains: &[Chain], number: u32) -> Result<()> {
    try_join_all(chains.iter().map(|chain| chain.until_finalized(number))).await?;
    Ok(())
}
