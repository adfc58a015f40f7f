//! One node, as a process.

use crate::{programs, Chain};
use anyhow::{bail, Context as _, Result};
use std::{fs, io::Write as _, path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStderr, Command},
    sync::oneshot,
    time::timeout,
};

/// Compiling the runtime takes a node some seconds, and four do it at once.
const START: Duration = Duration::from_secs(120);
/// For closing the database.
const STOP: Duration = Duration::from_secs(60);

/// A validator of the preset `local`. Its network key is as public as its session keys.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// The well-known account behind it, as in `--alice`.
    pub name: &'static str,
    /// Its organisation.
    pub organisation: &'static str,
    node_key: &'static str,
    peer: &'static str,
}

/// The seats, in the order of their organisations.
pub const SEATS: [Seat; 4] = [
    Seat {
        name: "alice",
        organisation: "City of Saint Petersburg",
        node_key: "0000000000000000000000000000000000000000000000000000000000000001",
        peer: "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp",
    },
    Seat {
        name: "bob",
        organisation: "Neva Telecom",
        node_key: "0000000000000000000000000000000000000000000000000000000000000002",
        peer: "12D3KooWHdiAxVd8uMQR1hGWXccidmfCwLqcMpGwR6QcTP6QRMuD",
    },
    Seat {
        name: "charlie",
        organisation: "Polytechnic University",
        node_key: "0000000000000000000000000000000000000000000000000000000000000003",
        peer: "12D3KooWSCufgHzV4fCwRijfH2k3abrpAJxTKxEvN1FDuRXA2U9x",
    },
    Seat {
        name: "dave",
        organisation: "University of Information Technologies",
        node_key: "0000000000000000000000000000000000000000000000000000000000000004",
        peer: "12D3KooWSsChzF81YDUKpe9Uk5AHV5oqAaXAcWNSPYgoLauUk4st",
    },
];

impl Seat {
    /// Where its node listens.
    pub fn address(&self, port: u16) -> String {
        format!("/ip4/127.0.0.1/tcp/{port}/p2p/{}", self.peer)
    }
}

/// A network backend of the SDK.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    /// The ledger's default.
    #[default]
    Libp2p,
    /// The SDK's default.
    Litep2p,
}

impl Backend {
    /// The name on a node's command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Libp2p => "libp2p",
            Self::Litep2p => "litep2p",
        }
    }
}

/// How a node is started.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Whose validator it is.
    pub seat: Seat,
    /// Its data.
    pub base: PathBuf,
    /// Its network port.
    pub port: u16,
    /// The JSON-RPC port to try, 0 for any.
    pub rpc_port: u16,
    /// The port of its metrics, if it serves them.
    pub prometheus_port: Option<u16>,
    /// Where the others listen.
    pub bootnodes: Vec<String>,
    /// Its network backend.
    pub backend: Backend,
    /// Whether it keeps the index.
    pub index: bool,
}

impl NodeConfig {
    fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = ["--chain", "local"].map(str::to_owned).into();
        arguments.push(format!("--{}", self.seat.name));
        let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
        option("--base-path", self.base.display().to_string());
        option("--node-key-file", self.node_key_file().display().to_string());
        option("--listen-addr", format!("/ip4/127.0.0.1/tcp/{}", self.port));
        option("--rpc-port", self.rpc_port.to_string());
        option("--network-backend", self.backend.as_str().to_owned());
        for bootnode in &self.bootnodes {
            option("--bootnodes", bootnode.clone());
        }
        match self.prometheus_port {
            Some(port) => option("--prometheus-port", port.to_string()),
            None => arguments.push("--no-prometheus".to_owned()),
        }
        // Networks of one machine share a genesis, and must not find each other.
        arguments.extend(["--no-mdns", "--no-telemetry"].map(str::to_owned));
        if self.index {
            arguments.push("--index".to_owned());
        }
        arguments
    }

    fn node_key_file(&self) -> PathBuf {
        self.base.join("node-key")
    }

    /// What the node wrote, over all its lives.
    pub fn log(&self) -> PathBuf {
        self.base.join("node.log")
    }
}

/// A running, or stopped, node. Dropped, it is killed.
#[derive(Debug)]
pub struct Node {
    config: NodeConfig,
    child: Option<Child>,
    url: String,
}

impl Node {
    /// Starts a node and waits until it serves JSON-RPC.
    ///
    /// # Errors
    ///
    /// When it ends before, or takes too long.
    pub async fn start(config: NodeConfig) -> Result<Self> {
        fs::create_dir_all(&config.base)?;
        fs::write(config.node_key_file(), config.seat.node_key)?;
        let mut node = Self { config, child: None, url: String::new() };
        node.launch().await?;
        Ok(node)
    }

    /// Starts it again, on the same data and network port. Its JSON-RPC port may be another.
    ///
    /// # Errors
    ///
    /// As [`Node::start`]; when it still runs.
    pub async fn restart(&mut self) -> Result<()> {
        if self.child.is_some() {
            bail!("{} still runs", self.config.seat.name);
        }
        self.launch().await
    }

    async fn launch(&mut self) -> Result<()> {
        let name = self.config.seat.name;
        let mut child = Command::new(programs::find(programs::NODE)?)
            .args(self.config.arguments())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        let stderr = child.stderr.take().context("the standard error was asked for")?;
        self.child = Some(child);

        let log = fs::OpenOptions::new().create(true).append(true).open(self.config.log())?;
        let (found, address) = oneshot::channel();
        tokio::spawn(follow(stderr, log, found));
        match timeout(START, address).await {
            Ok(Ok(address)) => self.url = format!("ws://{address}"),
            Ok(Err(_)) => bail!("{name} ended instead of serving JSON-RPC; its log ends with\n{}", self.log_tail(20)),
            Err(_) => bail!("{name} serves no JSON-RPC after {START:?}; its log ends with\n{}", self.log_tail(20)),
        }
        Ok(())
    }

    /// Its JSON-RPC endpoint.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How it was started.
    pub fn config(&self) -> &NodeConfig {
        &self.config
    }

    /// Connects to it.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub async fn chain(&self) -> Result<Chain> {
        Chain::connect(&self.url).await
    }

    /// The folder of its chain.
    pub fn chain_folder(&self) -> PathBuf {
        self.config.base.join("chains").join("citynet_local")
    }

    /// The last lines that it wrote.
    pub fn log_tail(&self, lines: usize) -> String {
        let text = fs::read(self.config.log()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let all: Vec<&str> = text.lines().collect();
        all.get(all.len().saturating_sub(lines)..).unwrap_or_default().join("\n")
    }

    /// Ends it as a power cut would, with SIGKILL.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub async fn kill(&mut self) -> Result<()> {
        let mut child = self.child.take().with_context(|| format!("{} does not run", self.config.seat.name))?;
        child.kill().await?;
        Ok(())
    }

    /// Ends it as Ctrl-C does. Does nothing when it does not run.
    ///
    /// # Errors
    ///
    /// When it does not end in time, or not well.
    pub async fn stop(&mut self) -> Result<()> {
        let name = self.config.seat.name;
        let Some(mut child) = self.child.take() else { return Ok(()) };
        // After Ctrl-C in a terminal the node may have ended on its own already.
        if let (None, Some(id)) = (child.try_wait()?, child.id()) {
            interrupt(id).await?;
        }
        let Ok(status) = timeout(STOP, child.wait()).await else {
            child.kill().await?;
            bail!("{name} did not stop within {STOP:?}; it was killed");
        };
        let status = status?;
        if !status.success() {
            bail!("{name} stopped with {status}; its log ends with\n{}", self.log_tail(20));
        }
        Ok(())
    }
}

/// Sends SIGINT. By the shell, since the standard library has no call for it.
async fn interrupt(process: u32) -> Result<()> {
    let status = Command::new("sh").arg("-c").arg(format!("kill -INT {process}")).status().await?;
    if !status.success() {
        bail!("process {process} cannot be interrupted");
    }
    Ok(())
}

/// Copies what a node writes into its log, and tells the address of its JSON-RPC server once.
async fn follow(stderr: ChildStderr, mut log: fs::File, found: oneshot::Sender<String>) {
    let mut found = Some(found);
    let (mut reader, mut line) = (BufReader::new(stderr), Vec::new());
    while reader.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
        // A full disk must not stop the node, which would wait for somebody to read.
        let _ = log.write_all(&line);
        if let Some(address) = rpc_address(&String::from_utf8_lossy(&line)) {
            if let Some(found) = found.take() {
                let _ = found.send(address.to_owned());
            }
        }
        line.clear();
    }
}

/// The first address in `… Running JSON-RPC server: addr=127.0.0.1:9944,[::1]:9944`.
pub fn rpc_address(line: &str) -> Option<&str> {
    let (_, addresses) = line.split_once("Running JSON-RPC server: addr=")?;
    addresses.split(',').next().map(str::trim).filter(|address| !address.is_empty())
}
