//! The examples of the SDK do what they say, on a real network.

use anyhow::{ensure, Context as _, Result};
use citynet_tests::{programs, Network, Options};
use std::process::Stdio;
use tokio::process::Command;

/// Runs an example. Gives its exit code and what it printed.
async fn example(name: &str, arguments: &[&str]) -> Result<(i32, String)> {
    let program = programs::find(&format!("examples/{name}"))
        .context("or, for the examples of the SDK: cargo build --release --workspace --examples")?;
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).kill_on_drop(true).output().await?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Ok((output.status.code().unwrap_or(-1), told))
}

/// That an example ended with an exit code and printed all these words.
#[track_caller]
fn printed((code, told): &(i32, String), expected: i32, words: &[&str]) -> Result<()> {
    ensure!(*code == expected, "it ended with {code}:\n{told}");
    for words in words {
        ensure!(told.contains(words), "it does not say `{words}`:\n{told}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_sdk_do_what_they_say() -> Result<()> {
    let mut network = Network::start(Options { alone: true, ..Options::default() }).await?;
    let chain = network.chain().await?;
    let (url, genesis) = (chain.url().to_owned(), format!("0x{}", hex::encode(chain.genesis().await?)));
    chain.until_indexed().await?;

    // A developer is told no where nothing is granted, and attests.
    let developer = example("developer", &["--url", &url, "--attest"]).await?;
    printed(
        &developer,
        0,
        &["denied as of block", "unknown_dataset", "attested as record", "audit completeness device:1"],
    )?;
    chain.until_indexed().await?;

    // An auditor finds both records about the device, offline, and trusts no other chain.
    let audited = example("auditor", &["--url", &url, "--genesis", &genesis, "--subject", "device:1"]).await?;
    let words = ["✓ genesis: ", "device_registered", "batch_attested", "these are all 2 records about device:1"];
    printed(&audited, 0, &words)?;
    let other = format!("0x{}", "17".repeat(32));
    let audited = example("auditor", &["--url", &url, "--genesis", &other, "--subject", "device:1"]).await?;
    printed(&audited, 1, &["✗ genesis: "])?;
    ensure!(!audited.1.contains("these are all"), "a list of another chain was believed:\n{}", audited.1);
    let arguments = ["--url", &url, "--genesis", &genesis, "--dataset", "7"];
    printed(&example("auditor", &arguments).await?, 0, &["records about organisation:1", "it was not registered yet"])?;

    // An operator has nothing to look at.
    let probed = example("operator", &["--url", &url]).await?;
    printed(&probed, 0, &["final up to", "1 of 1 validators are in the set", "no upgrade is scheduled"])?;
    ensure!(!probed.1.contains("LOOK"), "a healthy node raised concerns:\n{}", probed.1);
    // Where nobody listens, it says so.
    printed(&example("operator", &["--url", "ws://127.0.0.1:1"]).await?, 1, &["no connection to a node"])?;

    network.finish().await
}
