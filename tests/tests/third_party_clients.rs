//! Third-party clients, as they come from their registries, on one network. Each reads metadata, a constant and a device
//! from storage, attests a batch and sees it final; the light client comes from genesis to the finalised head, before and
//! after a change of validators. `tests/clients/README.md` says which client shows what.

use anyhow::{bail, ensure, Context as _, Result};
use citynet_primitives::DeviceId;
use citynet_tests::{
    chain::PATIENCE,
    consortium::gateway,
    node::{Seat, SEATS},
    programs, Chain, Consortium, Network, Options, Steps,
};
use futures::future::{join_all, try_join_all};
use serde_json::{json, Value};
use std::{
    fmt,
    fs::{self, File},
    io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
    time::timeout,
};

/// For an installation from a registry that can be reached.
const INSTALLATION: Duration = Duration::from_secs(300);

/// From so many blocks on, a light client fetches a proof of who finalises instead of every header.
const FAR: u32 = 40;

/// Where a client comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// From npm, as its lock file says.
    Npm,
    /// This package from npm instead of what the lock file says, without one.
    NpmUnlocked(&'static str),
    /// From PyPI, as its list of requirements says.
    PyPi,
}

/// A client, whose check is in the folder of that name in `tests/clients`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Client {
    name: &'static str,
    source: Source,
}

const POLKADOT_JS_16: Client = Client { name: "polkadot-js", source: Source::Npm };
const POLKADOT_JS_17: Client = Client { name: "polkadot-js", source: Source::NpmUnlocked("@polkadot/api@17.0.1") };
const POLKADOT_API: Client = Client { name: "polkadot-api", source: Source::Npm };
const DEDOT: Client = Client { name: "dedot", source: Source::Npm };
const SIDECAR: Client = Client { name: "sidecar", source: Source::Npm };
const SUBSTRATE_INTERFACE: Client = Client { name: "substrate-interface", source: Source::PyPi };
const ASYNC_SUBSTRATE_INTERFACE: Client = Client { name: "async-substrate-interface", source: Source::PyPi };
const SMOLDOT: Client = Client { name: "smoldot", source: Source::Npm };

#[tokio::test(flavor = "multi_thread")]
async fn third_party_clients_work_unmodified() -> Result<()> {
    let clients =
        [POLKADOT_JS_16, POLKADOT_API, DEDOT, SIDECAR, SUBSTRATE_INTERFACE, ASYNC_SUBSTRATE_INTERFACE, SMOLDOT];
    story(&clients).await
}

/// The line after, which has no lock file because the registry lacks packages that it needs.
#[tokio::test(flavor = "multi_thread")]
async fn polkadot_js_17_works_unmodified() -> Result<()> {
    story(&[POLKADOT_JS_17]).await
}

async fn story(clients: &[Client]) -> Result<()> {
    let mut steps = Steps::of("clients");
    let scripts = tempfile::Builder::new().prefix("citynet-clients-").tempdir()?;
    let (mut installed, mut missing) = (Vec::new(), Vec::new());
    for client in clients {
        match client.prepare(scripts.path(), &mut steps).await? {
            Ok(()) => installed.push(*client),
            Err(reason) => missing.push(format!("{client}: {reason}")),
        }
    }
    if !installed.is_empty() {
        on_a_network(&installed, scripts.path(), &mut steps).await?;
    }
    if !missing.is_empty() {
        // On a line of its own: `scripts/test` looks for it, and does not count this test as passed.
        println!("\nNOT RUN: {}", missing.join("; "));
    }
    Ok(())
}

/// All checks at once. Each client has an account and a device of its own, so that none waits for another's transaction.
async fn on_a_network(clients: &[Client], scripts: &Path, steps: &mut Steps) -> Result<()> {
    let options = Options {
        consortium: Some(Consortium { gateways: 2, ..Consortium::default() }),
        // For the light client, which could be in a browser.
        arguments: ["--listen-addr", "/ip4/127.0.0.1/tcp/0/ws"].map(str::to_owned).into(),
        ..Options::default()
    };
    let mut network = Network::start(options).await?;
    steps.done("four validators finalise");

    let (light, others): (Vec<_>, Vec<_>) = clients.iter().copied().partition(|client| *client == SMOLDOT);
    let mut jobs = Vec::new();
    // One transaction of a seat at a time.
    for (number, round) in (0..).zip(others.chunks(SEATS.len())) {
        let registered = round.iter().zip(&SEATS).map(|(client, seat)| Job::prepare(*client, &network, seat, number));
        jobs.extend(try_join_all(registered).await?);
    }
    steps.done("each client has a device");

    let jobs = join_all(jobs.iter().map(|job| job.run(&network, scripts)));
    let light = join_all(light.iter().map(|_| light_client(&network, scripts)));
    let (jobs, light) = tokio::join!(jobs, light);
    let failed: Vec<String> =
        jobs.into_iter().chain(light).filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    steps.done("every client has done its job");
    network.finish().await
}

/// What a client is given.
struct Job {
    client: Client,
    account: String,
    device: DeviceId,
    key: PathBuf,
}

impl Job {
    /// Registers a device for a seat, of which the gateway with that number is to attest.
    async fn prepare(client: Client, network: &Network, seat: &Seat, number: u32) -> Result<Self> {
        let citynet = network.citynet()?;
        let key = network.job_folder()?.join(format!("{}.key", client.name));
        citynet.device_key(&key).await?;
        let device = citynet.register(seat.name, &key).await?;
        Ok(Self { client, account: gateway(&seat.uri(), number), device, key })
    }

    async fn run(&self, network: &Network, scripts: &Path) -> Result<()> {
        let mut command = self.client.command(scripts)?;
        command.args([network.node(0).url(), &self.account, &self.device.to_string()]).arg(&self.key);
        check(&self.client, command).await
    }
}

/// A light client follows the chain while a validator leaves; another begins at genesis after that.
async fn light_client(network: &Network, scripts: &Path) -> Result<()> {
    network.chain().await?.until_finalized(FAR).await?;
    let (specification, seats) = (specification(network).await?, SEATS.len());
    let (all, fewer) = (seats.to_string(), seats.saturating_sub(1).to_string());
    let command = |counts: &[&String]| -> Result<Command> {
        let mut command = SMOLDOT.command(scripts)?;
        command.arg(&specification).arg(network.node(0).url()).args(counts);
        Ok(command)
    };

    let mut follower = command(&[&all, &fewer])?.stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(follower.stdout.take().context("the standard output was asked for")?).lines();
    while let Some(line) = lines.next_line().await? {
        println!("{SMOLDOT}: {line}");
        if line == format!("ok: {all} finalise") {
            let withdraw = ["validator", "withdraw", "--reason", "to see who notices", "--dev-account", SEATS[3].name];
            network.citynet()?.json(withdraw).await?;
        }
    }
    ensure!(follower.wait().await?.success(), "{SMOLDOT} fails");
    check(&SMOLDOT, command(&[&fewer])?).await
}

/// The network's raw specification, with the addresses at which a light client reaches its nodes.
async fn specification(network: &Network) -> Result<PathBuf> {
    let chains = network.chains().await?;
    let addresses = try_join_all(chains.iter().map(Chain::web_socket_address)).await?;
    let file = network.export_spec().await?;
    let mut specification: Value = serde_json::from_slice(&fs::read(&file)?)?;
    specification["bootNodes"] = json!(addresses);
    let file = file.with_file_name("light.json");
    fs::write(&file, specification.to_string())?;
    Ok(file)
}

/// Runs a check, and shows what it tells.
async fn check(client: &Client, mut command: Command) -> Result<()> {
    let output = timeout(PATIENCE, command.output()).await;
    let output = output.with_context(|| format!("{client} is not done within {PATIENCE:?}"))??;
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    ensure!(output.status.success(), "{client} fails:\n{told}");
    println!("\n{client}:\n{told}");
    Ok(())
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source {
            Source::NpmUnlocked(package) => f.write_str(package),
            Source::Npm | Source::PyPi => f.write_str(self.name),
        }
    }
}

impl Client {
    /// Copies its check out of the repository and puts what it needs beside it, installed now or by an earlier run. The
    /// inner error says why that is not possible here: there is no npm, the registry cannot be reached, or it lacks a
    /// package.
    async fn prepare(&self, scripts: &Path, steps: &mut Steps) -> Result<Result<(), String>> {
        let clients = programs::repository("tests/clients");
        for shared in ["job.mjs", "job.py"] {
            fs::copy(clients.join(shared), scripts.join(shared))?;
        }
        let (source, target) = (clients.join(self.name), scripts.join(self.name));
        fs::create_dir_all(&target)?;
        for entry in fs::read_dir(&source)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), target.join(entry.file_name()))?;
            }
        }
        let installed = self.install(&target, steps).await?;
        if let (Ok(folder), Source::Npm | Source::NpmUnlocked(_)) = (&installed, self.source) {
            symlink(folder.join("node_modules"), target.join("node_modules"))?;
        }
        Ok(installed.map(drop))
    }

    /// Where it is installed, outside the repository: it is large, and changes seldom.
    fn folder(&self) -> Result<PathBuf> {
        let name = match self.source {
            Source::NpmUnlocked(package) => package.replace('/', "-"),
            Source::Npm | Source::PyPi => self.name.to_owned(),
        };
        Ok(programs::tools()?.join("clients").join(name))
    }

    /// Installs it, unless an earlier run has. Gives the folder.
    async fn install(&self, check: &Path, steps: &mut Steps) -> Result<Result<PathBuf, String>> {
        let folder = self.folder()?;
        fs::create_dir_all(&folder)?;
        // Two checkouts may do this at once.
        let lock = File::create(folder.with_extension("lock"))?;
        lock.lock()?;
        let wanted = match self.source {
            Source::Npm => fs::read(check.join("package-lock.json"))?,
            Source::NpmUnlocked(package) => package.as_bytes().to_owned(),
            Source::PyPi => fs::read(check.join("requirements.txt"))?,
        };
        let installed = folder.join("installed");
        if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
            return Ok(Ok(folder));
        }

        println!("{self} is being installed into {}", folder.display());
        fs::remove_dir_all(&folder)?;
        fs::create_dir_all(&folder)?;
        let outcome = match self.source {
            Source::Npm => npm(check, &folder, &["ci"]).await?,
            Source::NpmUnlocked(package) => npm(check, &folder, &["install", "--no-package-lock", package]).await?,
            Source::PyPi => pip(check, &folder).await?,
        };
        if let Err(reason) = outcome {
            return Ok(Err(reason));
        }
        fs::write(installed, wanted)?;
        steps.done(&format!("{self} is installed"));
        Ok(Ok(folder))
    }

    /// The check, without its arguments.
    fn command(&self, scripts: &Path) -> Result<Command> {
        let mut command = match self.source {
            Source::Npm | Source::NpmUnlocked(_) => {
                let mut node = Command::new("node");
                node.arg("check.mjs");
                node
            }
            Source::PyPi => {
                let mut python = Command::new(self.folder()?.join("venv/bin/python"));
                python.arg("check.py").env("PYTHONPATH", scripts);
                python
            }
        };
        command.current_dir(scripts.join(self.name)).stdin(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }
}

/// Runs npm on a copy of the check's `package.json`, and its lock file if there is one.
async fn npm(check: &Path, folder: &Path, arguments: &[&str]) -> Result<Result<(), String>> {
    for file in ["package.json", "package-lock.json"] {
        fs::copy(check.join(file), folder.join(file))?;
    }
    let mut npm = Command::new("npm");
    npm.args(arguments)
        .args(["--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--fetch-retries", "1", "--fetch-retry-mintimeout", "2000"])
        .current_dir(folder);
    let output = match finish("npm", npm).await? {
        Ok(output) if output.status.success() => return Ok(Ok(())),
        Ok(output) => output,
        Err(reason) => return Ok(Err(reason)),
    };
    let told = String::from_utf8_lossy(&output.stderr);
    // What is in the repository does not fit together, or another package was served than was locked.
    if ["EUSAGE", "EINTEGRITY"].iter().any(|code| told.contains(code)) {
        bail!("{} cannot be installed:\n{told}", check.display());
    }
    Ok(Err(format!("npm cannot install it: {}", reason(&told, &["notarget No", "error code"]))))
}

/// Makes a virtual environment with what the check requires, and nothing that would have to be compiled.
async fn pip(check: &Path, folder: &Path) -> Result<Result<(), String>> {
    let environment = folder.join("venv");
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv"]).arg(&environment);
    let mut pip = Command::new(environment.join("bin/pip"));
    pip.args(["install", "--quiet", "--retries", "1", "--no-deps", "--only-binary", ":all:", "--requirement"]);
    pip.arg(check.join("requirements.txt"));
    for (name, command) in [("python3 -m venv", venv), ("pip", pip)] {
        match finish(name, command).await? {
            Ok(output) if output.status.success() => {}
            Ok(output) => {
                let told = [output.stdout, output.stderr].concat();
                let told = String::from_utf8_lossy(&told);
                let reason = reason(&told, &["ensurepip is not", "connection broken", "ERROR"]);
                let reason = if reason.contains("connection broken") { "the registry is out of reach" } else { reason };
                return Ok(Err(format!("{name} fails: {reason}")));
            }
            Err(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Ok(()))
}

/// The line of what an installer told that says why it failed: the first with the first of these words that there are, or
/// else the last one.
fn reason<'a>(told: &'a str, words: &[&str]) -> &'a str {
    let line = words.iter().find_map(|words| told.lines().find(|line| line.contains(words)));
    line.or(told.lines().last()).unwrap_or("it does not say why").trim()
}

/// Runs an installer. The inner error says that it is not there, or waits for a registry.
async fn finish(name: &str, mut command: Command) -> Result<Result<Output, String>> {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output();
    match timeout(INSTALLATION, output).await {
        Ok(Ok(output)) => Ok(Ok(output)),
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound => Ok(Err(format!("{name} is not there"))),
        Ok(Err(error)) => Err(error).with_context(|| name.to_owned()),
        Err(_) => Ok(Err(format!("{name} does not finish within {INSTALLATION:?}"))),
    }
}
