//! The explorer, as a node serves it, in a real browser over a living city: every page, in both languages, evidence
//! that the browser verifies, and a light client in it. `tests/explorer` is what looks.

use anyhow::{ensure, Context as _, Result};
use citynet_tests::{city, programs, Network, Options, Steps};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{process::Command, time::timeout};

/// Debian's, since the browsers that npm's packages fetch come from elsewhere.
const BROWSER: &str = "/usr/bin/chromium";
/// For every page in a browser, on a machine that also runs the network. Only a failure reaches it.
const PATIENCE: Duration = Duration::from_secs(900);

#[tokio::test(flavor = "multi_thread")]
async fn the_explorer_shows_a_city_and_proves_it() -> Result<()> {
    let checks = programs::repository("tests/explorer");
    for (needed, advice) in [
        (programs::repository("explorer/dist/index.html"), "run ./scripts/explorer"),
        (checks.join("node_modules/playwright-core"), "run npm ci in tests/explorer"),
        (BROWSER.into(), "install Debian's package chromium"),
    ] {
        if !needed.exists() {
            // On a line of its own: `scripts/test` looks for it, and does not count this test as passed.
            println!("\nNOT RUN: the explorer in a browser: there is no {}; {advice}", needed.display());
            return Ok(());
        }
    }

    let mut steps = Steps::of("explorer");
    let options = Options {
        explorer_port: Some(0),
        // For the light client: a browser reaches WebSockets alone. On a local chain there is no network gate.
        arguments: ["--listen-addr", "/ip4/127.0.0.1/tcp/0/ws"].map(str::to_owned).into(),
        ..Options::default()
    };
    let mut network = Network::start(options).await?;
    steps.done("four validators finalise, and one serves the explorer");
    let citynet = network.citynet()?;
    let key = network.job_folder()?.join("device.key");
    citynet.device_key(&key).await?;
    citynet.register("alice", &key).await?;
    let sights = city::make(&network, |_| ()).await?;
    steps.done(&format!("a city lives on it: {} things are worth a look", sights.len()));

    let port = network.node(0).config().explorer_port.context("the explorer has a port")?;
    let sight = Sight {
        explorer: format!("http://127.0.0.1:{port}/"),
        node: network.node(0).url().to_owned(),
        specification: network.export_spec().await?,
        // Of another node than the one that is asked.
        peer: network.node(1).chain().await?.web_socket_address().await?,
    };
    look(&checks, &sight).await?;
    steps.done("every page was looked at, and what it proves holds");
    network.finish().await
}

/// What is looked at.
struct Sight {
    /// Where the explorer is served.
    explorer: String,
    /// The node that it asks.
    node: String,
    /// The chain's raw specification.
    specification: PathBuf,
    /// Where a light client begins.
    peer: String,
}

/// Has the browser look at everything, and shows what it tells.
async fn look(checks: &Path, sight: &Sight) -> Result<()> {
    let mut look = Command::new("node");
    look.args(["run.mjs", "--explorer", &sight.explorer, "--node", &sight.node]);
    look.arg("--light-spec").arg(&sight.specification).args(["--light-address", &sight.peer]).current_dir(checks);
    let output = timeout(PATIENCE, look.stdin(Stdio::null()).kill_on_drop(true).output()).await;
    let output = output.with_context(|| format!("the browser is not done within {PATIENCE:?}"))??;
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    ensure!(output.status.success(), "the explorer fails:\n{told}");
    println!("{told}");
    Ok(())
}
