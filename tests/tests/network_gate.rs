//! A node that no organisation has listed gets in nowhere. Listed, it does, and struck off, it is put out, without a
//! restart of anything.

use anyhow::{ensure, Result};
use citynet_tests::{
    consensus::{grow, same_finality},
    node::{Work, EVE},
    Backend, Chain, Consortium, Network, Options, Steps,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_unlisted_node_stays_out_on_libp2p() -> Result<()> {
    an_unlisted_node_stays_out(Backend::Libp2p).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlisted_node_stays_out_on_litep2p() -> Result<()> {
    an_unlisted_node_stays_out(Backend::Litep2p).await
}

async fn an_unlisted_node_stays_out(backend: Backend) -> Result<()> {
    let mut steps = Steps::of("gate");
    let arguments = ["--network-gate", "on"].map(str::to_owned).into();
    let options = Options { backend, consortium: Some(Consortium::default()), arguments, ..Options::default() };
    let mut network = Network::start(options).await?;
    let (members, citynet) = (network.chains().await?, network.citynet()?);
    steps.done(&format!("four validators behind the gate finalise on {}", backend.as_str()));

    // It knows where the others are, has no gate itself and takes whom it gets.
    let position = network.join(EVE, Work::Follow, "eve", &["--network-gate", "off"]).await?;
    let eve = network.node(position).chain().await?;
    let (begin, _) = members[0].finalized().await?;
    members[0]
        .until("20 blocks pass", async || {
            ensure!(let_in(&members).await? == 0, "an unlisted node got in");
            let (best, _) = eve.best().await?;
            ensure!(best == 0, "an unlisted node has block {best}");
            Ok((members[0].finalized().await?.0 >= begin + 20).then_some(()))
        })
        .await?;
    steps.done("an unlisted node stayed out for 20 blocks");

    let peer = EVE.peer().to_string();
    citynet.json(["peer", "add", &peer, "--purpose", "archive", "--dev-account", "alice"]).await?;
    steps.done("it is listed");
    let (now, _) = members[0].finalized().await?;
    eve.until_finalized(now).await?;
    ensure!(let_in(&members).await? > 0, "a listed node has blocks and is nobody's peer");
    steps.done(&format!("it has finalised block {now}"));
    let (mut all, everybody) = (network.chains().await?, members.len() + 1);
    ensure!(all.len() == everybody, "somebody does not run any more");
    same_finality(&all).await?;

    citynet.json(["peer", "remove", &peer, "--dev-account", "alice"]).await?;
    members[0].until("the node is put out", async || Ok((let_in(&members).await? == 0).then_some(()))).await?;
    let (last, _) = eve.best().await?;
    steps.done(&format!("it was struck off and is put out, with block {last}"));
    grow(&members, 10).await?;
    ensure!(let_in(&members).await? == 0, "a node that was struck off got in again");
    // One block may have been on its way.
    let (best, _) = eve.best().await?;
    ensure!(best <= last + 1, "a node that was put out at block {last} has block {best}");
    all.truncate(members.len());
    same_finality(&all).await?;
    steps.done("10 blocks later it is still out, and the others finalise");
    network.finish().await
}

/// How many members exchange blocks with the fifth node.
async fn let_in(members: &[Chain]) -> Result<usize> {
    let mut count = 0;
    for member in members {
        count += usize::from(member.connected().await?.contains(&EVE.peer()));
    }
    Ok(count)
}
