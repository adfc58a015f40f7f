//! Third-party clients from npm, as they come: each connects, reads a device from storage and attests a batch.

use anyhow::{ensure, Result};
use citynet_tests::{programs, Backend, Network};
use std::{fs, path::Path};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn polkadot_js_17_works_unmodified() -> Result<()> {
    check("polkadot-js", Some("@polkadot/api@17.0.1")).await
}

/// The line before, for registries that lack packages of version 17.
#[tokio::test(flavor = "multi_thread")]
async fn polkadot_js_16_works_unmodified() -> Result<()> {
    check("polkadot-js", Some("@polkadot/api@16.5.6")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn polkadot_api_works_unmodified() -> Result<()> {
    check("polkadot-api", None).await
}

/// `version` stands for the one that `package.json` names.
async fn check(client: &str, version: Option<&str>) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("citynet-client-").tempdir()?;
    if let Err(reason) = install(client, version, folder.path()).await? {
        // On a line of its own: `scripts/test` looks for it, and does not count this test as passed.
        println!("\nNOT RUN: {}: {reason}", version.unwrap_or(client));
        return Ok(());
    }

    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (citynet, job) = (network.citynet()?, network.job_folder()?);
    let key = job.join("device.key");
    citynet.device_key(&key).await?;
    let device = citynet.register("alice", &key).await?;
    let output = Command::new("node")
        .arg("check.mjs")
        .args([network.node(0).url(), &device.to_string()])
        .arg(&key)
        .current_dir(folder.path().join(client))
        .kill_on_drop(true)
        .output()
        .await?;
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    println!("\n{client}:\n{told}");
    ensure!(output.status.success(), "{client} fails:\n{told}");
    network.finish().await
}

/// Copies a client's check out of the repository and installs what it needs there. The inner error says why that is not
/// possible here: there is no npm, the registry cannot be reached, or it lacks a package.
async fn install(client: &str, version: Option<&str>, folder: &Path) -> Result<Result<(), String>> {
    let source = programs::repository("tests/clients");
    let target = folder.join(client);
    fs::create_dir_all(&target)?;
    fs::copy(source.join("job.mjs"), folder.join("job.mjs"))?;
    for file in ["package.json", "check.mjs"] {
        fs::copy(source.join(client).join(file), target.join(file))?;
    }
    let output = Command::new("npm")
        .args(["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"])
        .args(version)
        .current_dir(&target)
        .output()
        .await;
    let output = match output {
        Ok(output) => output,
        Err(error) => return Ok(Err(format!("npm does not start: {error}"))),
    };
    if output.status.success() {
        return Ok(Ok(()));
    }
    let told = String::from_utf8_lossy(&output.stderr);
    let reason = ["notarget No", "error code"].iter().find_map(|words| told.lines().find(|line| line.contains(words)));
    Ok(Err(format!("npm cannot install it: {}", reason.unwrap_or("see the output of npm install").trim())))
}
