//! The main job, smaller, on the other network backend.

use anyhow::{ensure, Result};
use citynet_tests::{attested, command::Attest, readings, Backend, Network};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_on_litep2p() -> Result<()> {
    let mut network = Network::four_validators(Backend::Litep2p).await?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);
    let genesis = chain.genesis().await?;

    let sample = job.join("sample.csv");
    readings::Sample::new(300, "2024-03-01").write(&sample).await?;
    let (rows, _) = readings::attestable(&sample)?;
    let (key, archive, files) = (job.join("device.key"), job.join("archive"), [sample]);
    citynet.device_key(&key).await?;
    let device = citynet.register("alice", &key).await?;
    let attest = Attest { account: "alice", device, key: &key, archive: &archive, files: &files, pace: None };
    let finished = citynet.attest(&attest).await?;
    ensure!(finished.code == 0, "attesting failed: {finished:?}");
    let records = chain.records(json!({"subject": format!("device:{device}"), "kind": "batch_attested"})).await?;
    attested::check(device, &rows, &records)?;

    let evidence = job.join("evidence.json");
    citynet.prove(&archive, 299, &evidence).await?;
    network.finish().await?;
    let verified = citynet.verify(&evidence, &genesis).await?;
    ensure!(verified.code == 0, "good evidence is refused: {verified:?}");
    Ok(())
}
