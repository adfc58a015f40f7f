//! The main job: a sensor's file becomes batches on a chain of four organisations, and one reading of it a file that
//! proves it without a network. Any byte of that file changed, and it proves nothing.

use anyhow::{ensure, Context as _, Result};
use citynet_proofs::Trust;
use citynet_tests::{
    attested,
    command::{Attest, Pace},
    readings, Backend, Network,
};
use serde_json::json;
use std::fs;

/// Which reading is proven. Any one does.
const SEQUENCE: u64 = 777;

#[tokio::test(flavor = "multi_thread")]
async fn from_a_sensor_file_to_an_offline_proof() -> Result<()> {
    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (chain, citynet, job) = (network.chain().await?, network.citynet()?, network.job_folder()?);
    let genesis = chain.genesis().await?;

    let status = citynet.json(["status"]).await?;
    ensure!(status["genesisHash"] == json!(format!("0x{}", hex::encode(genesis))), "the status is of another chain");
    let organisations = chain.call("citynet_organisations", vec![]).await?;
    let kinds = organisations["items"].as_array().context("a list")?.iter().map(|item| item["kind"].clone());
    ensure!(
        kinds.collect::<Vec<_>>() == ["government", "telecom", "university", "university"],
        "the consortium is another one: {organisations}"
    );

    let sample = job.join("sample.csv");
    readings::Sample::new(2_000, "2024-03-01").imperfect().write(&sample).await?;
    let (rows, rejected) = readings::attestable(&sample)?;
    ensure!((rows.len(), rejected) == (1_988, 12), "the sample has {} good and {rejected} bad rows", rows.len());

    let key = job.join("device.key");
    citynet.device_key(&key).await?;
    let device = citynet.register("alice", &key).await?;
    let archive = job.join("archive");
    let files = [sample];
    let attest = Attest {
        account: "alice",
        device,
        key: &key,
        archive: &archive,
        files: &files,
        pace: Some(Pace { batch: 100, per_transaction: 4, in_flight: 3 }),
    };
    let finished = citynet.attest(&attest).await?;
    ensure!(finished.code == 2, "some rows were to be rejected, the others attested: {finished:?}");

    let filter = json!({"subject": format!("device:{device}"), "kind": "batch_attested"});
    let records = chain.records(filter.clone()).await?;
    let batches = attested::check(device, &rows, &records)?;
    ensure!(batches.len() >= 20, "{} batches of at most 100 readings hold 1988", batches.len());

    // Every rejected row is accounted for, with its line and the reason.
    let rejects = fs::read_to_string(archive.join("rejects.csv"))?;
    for (line, word) in [(101, "blank"), (201, "time"), (301, "sensor"), (1_801, "sensor")] {
        let told = rejects.lines().any(|reject| reject.contains(&line.to_string()) && reject.contains(word));
        ensure!(told, "line {line} should be among the rejects for its {word}:\n{rejects}");
    }

    // A second run has nothing left to do.
    let finished = citynet.attest(&attest).await?;
    ensure!(finished.code == 2, "the same rows are still rejected: {finished:?}");
    ensure!(chain.records(filter).await? == records, "a second run attested something again");

    // The index and the chain agree, and the journal of before is a part of the journal of now.
    let (record, batch) = batches.last().context("there are batches")?;
    let found = chain.call("citynet_batch", vec![json!(device.to_string()), json!(SEQUENCE.to_string())]).await?;
    let of_reading = attested::batches(&[found["record"].clone()])?;
    let (_, found) = of_reading.first().context("a batch was asked for")?;
    let end = found.first_sequence + u64::from(found.count);
    ensure!((found.first_sequence..end).contains(&SEQUENCE), "reading {SEQUENCE} is not in {found:?}");
    let next = batch.first_sequence + u64::from(batch.count);
    let missing = vec![json!(device.to_string()), json!(next.to_string())];
    ensure!(
        chain.error("citynet_batch", missing).await? == (9005, Some("not_found".to_owned())),
        "reading {next} does not exist"
    );
    ensure!(
        chain.error("citynet_record", vec![json!("18446744073709551615")]).await?
            == (9005, Some("not_found".to_owned())),
        "no such record exists"
    );
    let size = (record + 1).to_string();
    let consistency = chain.call("citynet_consistency", vec![json!("1"), json!(size)]).await?;
    ensure!(consistency["second"]["size"] == json!(size), "consistency is about another tree: {consistency}");

    let evidence = job.join("evidence.json");
    citynet.prove(&archive, SEQUENCE, &evidence).await?;
    let spec = network.export_spec().await?;

    // From here on there is no network.
    network.finish().await?;
    let verified = citynet.verify_by_spec(&evidence, &spec).await?;
    ensure!(verified.code == 0, "good evidence is refused: {verified:?}");
    let verified = citynet.verify(&evidence, &genesis).await?;
    ensure!(verified.code == 0, "good evidence is refused: {verified:?}");

    let good = fs::read(&evidence)?;
    let row = &rows[usize::try_from(SEQUENCE)?];
    let proven =
        citynet_proofs::verify(&good, &Trust::Genesis(genesis)).map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let reading = proven.reading.context("the evidence is of a reading")?;
    ensure!(reading.sequence == SEQUENCE, "another reading is proven: {}", reading.sequence);
    ensure!(
        good.windows(row.raw.len() * 2).any(|window| window == hex::encode(&row.raw).as_bytes()),
        "the evidence holds the line of the source"
    );
    for position in 0..good.len() {
        changed(&good, position, genesis)?;
    }

    let mut other = genesis;
    other[0] ^= 1;
    ensure!(citynet_proofs::verify(&good, &Trust::Genesis(other)).is_err(), "evidence of one chain holds for another");
    let verified = citynet.verify(&evidence, &other).await?;
    ensure!(verified.code == 1, "evidence of one chain holds for another: {verified:?}");

    // And the command says which step it was.
    for position in (0..good.len()).step_by(good.len() / 12 + 1) {
        let (bad, step) = changed(&good, position, genesis)?;
        let file = job.join("changed.json");
        fs::write(&file, bad)?;
        let verified = citynet.verify(&file, &genesis).await?;
        ensure!(
            verified.code == 1 && verified.text().contains(&format!("it fails at step `{step}`")),
            "byte {position} was changed, which breaks the step `{step}`: {verified:?}"
        );
    }
    Ok(())
}

/// Evidence with one byte changed, and the step that fails for it.
fn changed(good: &[u8], position: usize, genesis: [u8; 32]) -> Result<(Vec<u8>, String)> {
    let mut bad = good.to_vec();
    let byte = bad.get_mut(position).context("a position in the evidence")?;
    *byte ^= 1;
    match citynet_proofs::verify(&bad, &Trust::Genesis(genesis)) {
        Ok(_) => anyhow::bail!("byte {position} was changed and the evidence still holds"),
        Err(failure) => Ok((bad, failure.step.to_string())),
    }
}
