//! `citynet attest` is killed, again and again, at different points, and run again. In the end every row is attested
//! once.

use anyhow::{ensure, Result};
use citynet_tests::{
    attested,
    command::{Attest, Pace},
    readings, Backend, Network,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_attest_goes_on_where_it_was() -> Result<()> {
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);

    // Two files, so that it dies in either.
    let (first, second) = (job.join("first.csv"), job.join("second.csv"));
    readings::Sample::new(500, "2024-03-01").imperfect().write(&first).await?;
    readings::Sample::new(300, "2024-04-01").write(&second).await?;
    let (mut rows, _) = readings::attestable(&first)?;
    rows.extend(readings::attestable(&second)?.0);
    let (key, archive, files, log) =
        (job.join("device.key"), job.join("archive"), [first, second], job.join("attest.log"));
    citynet.device_key(&key).await?;
    let device = citynet.register("alice", &key).await?;
    let attest =
        Attest { account: "alice", device, key: &key, archive: &archive, files: &files, pace: Some(Pace::slow(10)) };

    // Once before anything can have arrived; then with batches in blocks that are not final yet.
    let mut attesting = citynet.begin_attest(&attest, &log)?;
    attesting.kill().await?;
    let total = rows.len() as u64;
    for reached in [1, total / 5, total / 2, total * 4 / 5] {
        let mut attesting = citynet.begin_attest(&attest, &log)?;
        let what = format!("reading {reached} is in a block");
        let in_a_block = chain.until_best(&what, async || {
            Ok(chain.device(device).await?.filter(|info| info.next_sequence >= reached).map(drop))
        });
        tokio::select! {
            reached = in_a_block => reached?,
            ended = attesting.wait() => {
                let told = std::fs::read_to_string(&log)?;
                anyhow::bail!("attest ended with {} before reading {reached} of {total} was in a block:\n{told}", ended?);
            }
        }
        ensure!(attesting.try_wait()?.is_none(), "attest was done before it could be killed; make the sample larger");
        attesting.kill().await?;
    }

    let finished = citynet.attest(&attest).await?;
    ensure!(finished.code == 2, "the rest was to be attested, with the bad rows rejected: {finished:?}");
    let records = chain.records(json!({"subject": format!("device:{device}"), "kind": "batch_attested"})).await?;
    attested::check(device, &rows, &records)?;

    // The archive can prove readings from before, between and after.
    let genesis = chain.genesis().await?;
    for sequence in [0, total / 5, total / 2, total - 1] {
        let evidence = job.join(format!("evidence-{sequence}.json"));
        citynet.prove(&archive, sequence, &evidence).await?;
        let verified = citynet.verify(&evidence, &genesis).await?;
        ensure!(verified.code == 0, "reading {sequence} is not proven: {verified:?}");
    }
    network.finish().await
}
