//! Four validators on this machine, the main job on them and a small living city, for somebody who watches. `scripts/run`
//! builds and starts it.

use anyhow::{bail, ensure, Context as _, Result};
use citynet_primitives::DeviceId;
use citynet_tests::{
    city,
    command::Attest,
    node::{Backend, SEATS},
    readings, Network, Options,
};
use clap::Parser;
use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::signal::unix::{signal, Signal, SignalKind};

/// Marks a folder as a network's, and keeps two networks out of one.
const LOCK: &str = "citynet-network.lock";

/// Starts four validators of four organisations, attests readings, proves one of them and verifies the proof offline. Then
/// makes a small living city.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Go on with the chain and the archive of the last run
    #[arg(long, conflicts_with = "tmp")]
    resume: bool,
    /// Keep data in a temporary folder, deleted at the end
    #[arg(long, conflicts_with = "data")]
    tmp: bool,
    /// Stop after the job and the city instead of staying up
    #[arg(long)]
    once: bool,
    /// Keep data there instead of ${XDG_STATE_HOME:-~/.local/state}/citynet/local
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// JSON-RPC of the first node; the others follow
    #[arg(long, value_name = "PORT", default_value_t = 9944)]
    rpc_port: u16,
    /// Metrics of the first node; the others follow
    #[arg(long, value_name = "PORT", default_value_t = 9615)]
    prometheus_port: u16,
    /// Serve the explorer there, by the first node, which must be built with it; a port in use is replaced by a free one
    #[arg(long, value_name = "PORT", overrides_with = "explorer_port")]
    explorer_port: Option<u16>,
    /// Do the main job only: neither other organisations nor what they do
    #[arg(long)]
    no_city: bool,
    /// Network backend
    #[arg(long, value_enum, default_value_t)]
    backend: Backend,
    /// Folder of sensor.community files; when there are none, readings are made up
    #[arg(long, value_name = "DIR")]
    readings: PathBuf,
    /// The script that makes readings up
    #[arg(long, value_name = "FILE")]
    samples: PathBuf,
}

fn say(step: &str, what: &str) {
    println!("{step:>8}: {what}");
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let mut signals = Signals::listen()?;
    // Held until the end.
    let (folder, _lock) = match (arguments.tmp, data_folder(&arguments)) {
        (true, _) => (None, None),
        (false, folder) => {
            let folder = folder?;
            let lock = prepare(&folder, arguments.resume)?;
            // The command runs in a folder of its own.
            let folder = folder.canonicalize()?;
            say("data", &folder.display().to_string());
            (Some(folder), Some(lock))
        }
    };

    say("network", &format!("starting four validators on {}", arguments.backend.as_str()));
    let options = Options {
        backend: arguments.backend,
        folder,
        rpc_port: Some(arguments.rpc_port),
        prometheus_port: Some(arguments.prometheus_port),
        explorer_port: arguments.explorer_port,
        ..Options::default()
    };
    let mut network = tokio::select! {
        network = Network::start(options) => network?,
        () = signals.interrupted() => return Ok(ExitCode::from(130)),
    };
    say("network", "all four see blocks finalised");

    let done = tokio::select! {
        done = job_and_city(&network, &arguments) => Some(done?),
        () = signals.interrupted() => None,
    };
    let finished = done.is_some();
    if let Some(done) = done {
        print_endpoints(&network, &done)?;
        if !arguments.once {
            println!("\nThe network stays up. Ctrl-C stops it.");
            signals.interrupted().await;
        }
    }
    println!();
    say("network", "stopping");
    network.finish().await?;
    if arguments.tmp {
        say("network", "stopped; its data is deleted");
    } else {
        say("network", "stopped; its data stays until the next run. Next: ./scripts/run --resume goes on with it");
    }
    Ok(if finished { ExitCode::SUCCESS } else { ExitCode::from(130) })
}

/// Ctrl-C, and what else ends a process politely. Listened to from the beginning, so that none is missed.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn interrupted(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

fn data_folder(arguments: &Arguments) -> Result<PathBuf> {
    if let Some(folder) = &arguments.data {
        return Ok(folder.clone());
    }
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| set("HOME").map(|home| home.join(".local/state")));
    Ok(state.context("neither XDG_STATE_HOME nor HOME is set; say --data DIR or --tmp")?.join("citynet/local"))
}

/// Takes possession of the folder, and deletes what the last run left there unless it is resumed.
fn prepare(folder: &Path, resume: bool) -> Result<File> {
    let lock = folder.join(LOCK);
    if !lock.exists() && folder.is_dir() {
        let empty = fs::read_dir(folder)?.next().is_none();
        ensure!(empty, "{} is not empty and was not made by this program; choose another --data", folder.display());
    }
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let lock = File::create(lock)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => bail!("a network runs in {} already", folder.display()),
        Err(TryLockError::Error(error)) => return Err(error).context(LOCK),
    }
    if !resume {
        for name in SEATS.iter().map(|seat| seat.name).chain(["job"]) {
            let old = folder.join(name);
            if old.is_dir() {
                fs::remove_dir_all(&old).with_context(|| old.display().to_string())?;
            }
        }
    }
    Ok(lock)
}

/// What the job and the city left behind.
struct Done {
    archive: PathBuf,
    evidence: PathBuf,
    spec: PathBuf,
    /// What is worth a look in the city.
    sights: Vec<String>,
}

async fn job_and_city(network: &Network, arguments: &Arguments) -> Result<Done> {
    let mut done = main_job(network, arguments).await?;
    if !arguments.no_city {
        say("city", "organisations, data, grants and money, made by a hundred commands (two to three minutes)");
        done.sights = city::make(network, |what| say("city", what)).await?;
    }
    Ok(done)
}

async fn main_job(network: &Network, arguments: &Arguments) -> Result<Done> {
    let (citynet, job) = (network.citynet()?, network.job_folder()?);
    let (key, number, archive) = (job.join("device.key"), job.join("device"), job.join("archive"));

    let device = match fs::read_to_string(&number) {
        Ok(text) => {
            let device = DeviceId(text.trim().parse().with_context(|| number.display().to_string())?);
            say("device", &format!("{device}, registered by an earlier run"));
            device
        }
        Err(_) => {
            // A run that died in between may have left a key, perhaps registered; nothing is attested with it.
            if key.exists() {
                fs::remove_file(&key)?;
            }
            citynet.device_key(&key).await?;
            let device = citynet.register("alice", &key).await?;
            fs::write(&number, device.to_string())?;
            say("device", &format!("{device} is registered for the {}", SEATS[0].organisation));
            device
        }
    };

    let mut files = readings::files(&arguments.readings)?;
    if files.is_empty() {
        let sample = job.join("sample.csv");
        readings::generate(&arguments.samples, &[], &sample).await?;
        say("readings", &format!("made up, since there are none in {}", arguments.readings.display()));
        files.push(sample);
    } else {
        say("readings", &format!("{} files in {}", files.len(), arguments.readings.display()));
    }
    let files = files
        .iter()
        .map(|file| file.canonicalize().context("a file that was just found"))
        .collect::<Result<Vec<_>>>()?;
    let attest = Attest { account: "alice", device, key: &key, archive: &archive, files: &files, pace: None };
    match citynet.attest_visibly(&attest).await? {
        0 => say("attested", "every row"),
        2 => say("attested", &format!("all rows but those in {}", archive.join("rejects.csv").display())),
        code => bail!("citynet attest ended with {code}"),
    }

    let (evidence, sequence) = (job.join("evidence.json"), 0);
    say("proof", &format!("of reading {sequence}, as soon as a justification covers it (16 blocks at most)"));
    citynet.prove(&archive, sequence, &evidence).await?;
    say("proof", &evidence.display().to_string());
    let spec = network.export_spec().await?;
    let verified = citynet.verify_by_spec(&evidence, &spec).await?;
    ensure!(verified.code == 0, "the evidence does not verify: {}", verified.text());
    say("verified", "without asking a node:");
    print!("{}", verified.stdout);
    Ok(Done { archive, evidence, spec, sights: Vec::new() })
}

fn print_endpoints(network: &Network, done: &Done) -> Result<()> {
    println!("\nEndpoints:");
    for node in network.nodes() {
        let config = node.config();
        let metrics = config.prometheus_port.map(|port| format!("http://127.0.0.1:{port}/metrics")).unwrap_or_default();
        let index = if config.index { "  with index" } else { "" };
        println!("  {:<40}{}  {metrics}{index}", config.seat.organisation, node.url());
    }
    if let Some(port) = network.node(0).config().explorer_port {
        println!("  {:<40}http://127.0.0.1:{port}/", "Explorer");
    }
    if !done.sights.is_empty() {
        println!("\nIn the city, worth a look:");
        done.sights.iter().for_each(|sight| println!("  {sight}"));
    }
    let programs = std::env::current_exe()?;
    let programs = programs.parent().context("a program is in a folder")?.display();
    let url = network.node(0).url();
    println!("\nNext, in another terminal:");
    println!("  export PATH=\"{programs}:$PATH\"");
    println!("  citynet status --node {url}");
    println!("  citynet verify {} --spec {}", done.evidence.display(), done.spec.display());
    println!("  citynet prove --node {url} --archive {} --reading 42 -o reading-42.json", done.archive.display());
    println!("Logs: {}/*/node.log", network.path().display());
    Ok(())
}
