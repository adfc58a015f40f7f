//! A validator dies while readings are attested, and comes back. Nothing is lost and nothing attested twice.

use anyhow::{ensure, Context as _, Result};
use citynet_tests::{
    attested,
    command::{Attest, Pace},
    readings, Backend, Network,
};
use serde_json::json;

const DAVE: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_validator_costs_nothing() -> Result<()> {
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);

    let sample = job.join("sample.csv");
    readings::Sample::new(400, "2024-03-01").write(&sample).await?;
    let (rows, _) = readings::attestable(&sample)?;
    let (key, archive, files, log) = (job.join("device.key"), job.join("archive"), [sample], job.join("attest.log"));
    citynet.device_key(&key).await?;
    let device = citynet.register("alice", &key).await?;
    let attest =
        Attest { account: "alice", device, key: &key, archive: &archive, files: &files, pace: Some(Pace::slow(5)) };
    let mut attesting = citynet.begin_attest(&attest, &log)?;

    chain
        .until_best("the first batch is in a block", async || {
            Ok(chain.device(device).await?.filter(|info| info.next_sequence > 0).map(drop))
        })
        .await?;
    network.node_mut(DAVE).kill().await?;
    ensure!(attesting.try_wait()?.is_none(), "attesting was over before the validator died");
    let (died_at, _) = chain.finalized().await?;
    // Three of four still make blocks final.
    chain.until_finalized(died_at + 5).await?;
    network.node_mut(DAVE).restart().await?;

    let status = attesting.wait().await?;
    let told = std::fs::read_to_string(&log)?;
    ensure!(status.code() == Some(0), "attesting ended with {status}:\n{told}");
    let records = chain.records(json!({"subject": format!("device:{device}"), "kind": "batch_attested"})).await?;
    let batches = attested::check(device, &rows, &records)?;
    ensure!(batches.len() >= 80, "{} batches of at most 5 readings hold 400", batches.len());

    // Everybody agrees, on a block after all of it, which the one that died must finalise too.
    let (last, hash) = chain.finalized().await?;
    let at = records.last().and_then(|record| record["block"].as_u64()).context("a record names its block")?;
    ensure!(u64::from(last) >= at, "block {at} with the last batch is final");
    for node in network.nodes() {
        let seen = node.chain().await?;
        seen.until_finalized(last).await?;
        let name = node.config().seat.name;
        ensure!(seen.hash(last).await? == hash, "{name} has another block {last}");
        let info = seen.device(device).await?.context("the device is known")?;
        ensure!(info.next_sequence == rows.len() as u64, "{name} sees {} readings", info.next_sequence);
    }
    network.finish().await
}
