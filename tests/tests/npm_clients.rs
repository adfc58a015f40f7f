//! Third-party clients from npm, as they come: each connects, reads a device from storage and attests a batch.

use anyhow::{ensure, Result};
use citynet_tests::{programs, Backend, Network};
use std::{fs, path::Path};
use tokio::process::Command;

const CLIENTS: [&str; 2] = ["polkadot-js", "polkadot-api"];

/// For whoever counts what ran: on a line of its own, which `scripts/test` looks for.
fn not_run(what: &str, why: &str) {
    println!("\nNOT RUN: {what}: {why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_from_npm_work_unmodified() -> Result<()> {
    if Command::new("npm").arg("--version").output().await.is_err() {
        not_run("npm clients", "npm is not installed");
        return Ok(());
    }
    let folder = tempfile::Builder::new().prefix("citynet-clients-").tempdir()?;
    let mut installed = Vec::new();
    for client in CLIENTS {
        if install(client, folder.path()).await? {
            installed.push(client);
        }
    }
    if installed.is_empty() {
        return Ok(());
    }

    let mut network = Network::four_validators(Backend::Libp2p).await?;
    let (citynet, job) = (network.citynet()?, network.job_folder()?);
    for client in installed {
        // A device each, so that one client's failure is not the other's.
        let key = job.join(format!("{client}.key"));
        citynet.device_key(&key).await?;
        let device = citynet.register("alice", &key).await?;
        let output = Command::new("node")
            .arg("check.mjs")
            .args([network.node(0).url(), &device.to_string()])
            .arg(&key)
            .current_dir(folder.path().join(client))
            .output()
            .await?;
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told);
        println!("\n{client}:\n{told}");
        ensure!(output.status.success(), "{client} fails:\n{told}");
    }
    network.finish().await
}

/// Copies a client's check and installs what it needs, outside the repository. Gives whether that went well; the
/// registry may not be reachable, or lack a package.
async fn install(client: &str, folder: &Path) -> Result<bool> {
    let source = programs::repository("tests/clients");
    let target = folder.join(client);
    fs::create_dir_all(&target)?;
    fs::copy(source.join("job.mjs"), folder.join("job.mjs"))?;
    for file in ["package.json", "check.mjs"] {
        fs::copy(source.join(client).join(file), target.join(file))?;
    }
    let output = Command::new("npm")
        .args(["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"])
        .current_dir(&target)
        .output()
        .await?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let reason = told.lines().find(|line| line.contains("notarget") || line.contains("code E"));
        not_run(
            client,
            &format!("npm could not install it ({})", reason.unwrap_or("see the output of npm install").trim()),
        );
    }
    Ok(output.status.success())
}
