//! Validators fail, one after another and all at once. What is final stays final, and whoever comes back brings the
//! chain on.

use anyhow::{ensure, Result};
use citynet_tests::{
    consensus::{same_finality, standstill},
    Backend, Chain, Network, Steps,
};
use futures::future::try_join_all;

const CHARLIE: usize = 2;
const DAVE: usize = 3;
/// With more blocks than this that are not final, validators author less: the SDK's default.
const SLACK: u32 = 50;

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_survives_its_validators() -> Result<()> {
    let mut steps = Steps::of("outage");
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let chain = network.chain().await?;
    steps.done("four validators finalise");

    network.node_mut(DAVE).kill().await?;
    let (died_at, _) = chain.finalized().await?;
    chain.until_finalized(died_at + 10).await?;
    steps.done("one killed: 10 further blocks are final");

    network.node_mut(CHARLIE).kill().await?;
    let survivors = network.chains().await?;
    let stopped = standstill(&survivors, 6).await?;
    steps.done(&format!("two killed: nothing is final after {stopped:?}, and blocks go on"));

    // Of four turns, the first two are taken: three slots at most lie between a block and the next.
    let seldom = chain
        .until_best("authoring backs off", async || {
            let (best, last) = (chain.best().await?.0, chain.finalized().await?.0);
            let (block, before) = (chain.authored(best).await?, chain.authored(best - 1).await?);
            let pause = block.slot - before.slot;
            Ok((best > last + SLACK && pause > 3).then_some((best, pause)))
        })
        .await?;
    let last = try_join_all(survivors.iter().map(Chain::finalized)).await?;
    ensure!(last.iter().map(|(number, _)| *number).eq(stopped.iter().copied()), "{last:?} became final meanwhile");
    steps.done(&format!("two killed: validators back off; block {} came after {} slots", seldom.0, seldom.1));

    network.node_mut(CHARLIE).restart().await?;
    let (best, _) = chain.best().await?;
    steps.done("one of them runs again");
    for chain in network.chains().await? {
        chain.until_finalized(best).await?;
    }
    steps.done(&format!("one returned: block {best}, the best of before, is final"));

    network.node_mut(DAVE).restart().await?;
    let (now, _) = chain.finalized().await?;
    for chain in network.chains().await? {
        chain.until_finalized(now + 1).await?;
    }
    let compared = same_finality(&network.chains().await?).await?;
    ensure!(compared > best, "{compared} blocks were compared, which ends before the outage");
    steps.done(&format!("all four run: they agree about {compared} blocks"));

    let (died_at, hash) = chain.finalized().await?;
    network.kill_all().await?;
    network.restart_all().await?;
    steps.done("all four killed and started again");
    let chains = network.chains().await?;
    for chain in &chains {
        chain.until_finalized(died_at + 10).await?;
        ensure!(chain.hash(died_at).await? == hash, "block {died_at} was final and is another one");
    }
    let compared = same_finality(&chains).await?;
    steps.done(&format!("10 further blocks are final; all agree about {compared} blocks"));
    network.finish().await
}
