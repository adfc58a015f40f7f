//! The index is derived: deleted and rebuilt, it gives the same answers and the same proofs.

use anyhow::{ensure, Context as _, Result};
use citynet_tests::{
    attested,
    command::{Attest, Pace},
    readings, Backend, Chain, Network,
};
use serde_json::{json, Value};
use std::fs;

/// Every so many blocks a justification is kept, at the latest.
const JUSTIFICATION_PERIOD: u32 = 16;

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuilt_index_gives_the_same_proofs() -> Result<()> {
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);

    let sample = job.join("sample.csv");
    readings::Sample::new(400, "2024-03-01").write(&sample).await?;
    let (rows, _) = readings::attestable(&sample)?;
    let (key, archive, files) = (job.join("device.key"), job.join("archive"), [sample]);
    citynet.device_key(&key).await?;
    let device = citynet.register("alice", &key).await?;
    let attest =
        Attest { account: "alice", device, key: &key, archive: &archive, files: &files, pace: Some(Pace::slow(50)) };
    let finished = citynet.attest(&attest).await?;
    ensure!(finished.code == 0, "attesting failed: {finished:?}");

    let records = chain.records(json!({})).await?;
    let batches = attested::batches(&records)?;
    ensure!(batches.iter().map(|(_, batch)| u64::from(batch.count)).sum::<u64>() == rows.len() as u64, "all are in");
    let last = records.last().context("there are records")?;
    let block = u32::try_from(last["block"].as_u64().context("a record names its block")?)?;
    // From then on the justification nearest to the last record is one that stays.
    chain.until_finalized(block + JUSTIFICATION_PERIOD).await?;
    let before = answers(&chain, &records, device.0).await?;

    let index = network.node(0).index_folder();
    network.node_mut(0).stop().await?;
    ensure!(index.join("index.sqlite").is_file(), "there is no index at {}", index.display());
    fs::remove_dir_all(&index)?;
    network.node_mut(0).restart().await?;

    let chain = network.chain().await?;
    let after = answers(&chain, &records, device.0).await?;
    ensure!(index.join("index.sqlite").is_file(), "the index was not built again");
    for (before, after) in before.iter().zip(&after) {
        ensure!(before == after, "the rebuilt index answers\n{after}\ninstead of\n{before}");
    }

    // Evidence made with the rebuilt index verifies, and a node without an index says so.
    let (genesis, citynet, evidence) = (chain.genesis().await?, network.citynet()?, job.join("evidence.json"));
    citynet.prove(&archive, 123, &evidence).await?;
    let verified = citynet.verify(&evidence, &genesis).await?;
    ensure!(verified.code == 0, "good evidence is refused: {verified:?}");
    let bare = network.node(1).chain().await?;
    let refused = bare.error("citynet_records", vec![json!({})]).await?;
    ensure!(refused == (9007, Some("no_index".to_owned())), "a node without an index answers {refused:?}");
    network.finish().await
}

/// What the index says about these records: themselves, proofs of the first, a middle and the last, and how the trees
/// belong together. Without the anchors, which move on.
async fn answers(chain: &Chain, records: &[Value], device: u64) -> Result<Vec<Value>> {
    let mut answers = vec![];
    let now = chain.records(json!({})).await?;
    let known = now.get(..records.len()).context("no record is lost")?;
    answers.push(json!(known));
    let last = records.len() as u64 - 1;
    for record in [0, last / 2, last] {
        answers.push(chain.proof(record).await?);
    }
    let sizes = [1, last / 2, last + 1];
    for first in sizes {
        let both = vec![json!(first.to_string()), json!((last + 1).to_string())];
        answers.push(chain.call("citynet_consistency", both).await?);
    }
    for (method, parameters) in [
        ("citynet_device", vec![json!(device.to_string())]),
        ("citynet_batch", vec![json!(device.to_string()), json!("123")]),
        ("citynet_record", vec![json!(last.to_string())]),
    ] {
        let mut answer = chain.call(method, parameters).await?;
        answer.as_object_mut().context("an answer is an object")?.remove("anchor").context("it has an anchor")?;
        answers.push(answer);
    }
    Ok(answers)
}
