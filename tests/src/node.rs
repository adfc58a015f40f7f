//! One node, as a process.

use crate::{namespaces::Place, programs, Chain};
use anyhow::{bail, Context as _, Result};
use citynet_primitives::PeerId;
use ed25519_dalek::SigningKey;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
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

/// A place in the consortium. Its network key is as public as its session keys.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// The well-known account behind it, as in `--alice`.
    pub name: &'static str,
    /// Its organisation.
    pub organisation: &'static str,
    /// What its organisation is, as TOML and JSON say it.
    pub kind: &'static str,
    /// The last byte of its node's network key; the others are zero.
    node_key: u8,
}

/// The seats, in the order of their organisations.
pub const SEATS: [Seat; 4] = [
    Seat { name: "alice", organisation: "City of Saint Petersburg", kind: "government", node_key: 1 },
    Seat { name: "bob", organisation: "Neva Telecom", kind: "telecom", node_key: 2 },
    Seat { name: "charlie", organisation: "Polytechnic University", kind: "university", node_key: 3 },
    Seat { name: "dave", organisation: "University of Information Technologies", kind: "university", node_key: 4 },
];

/// Who comes later.
pub const EVE: Seat = Seat { name: "eve", organisation: "Ladoga Industries", kind: "industry", node_key: 5 };

impl Seat {
    /// The same seat with another node, whose network key ends with that byte.
    #[must_use]
    pub const fn elsewhere(self, node_key: u8) -> Self {
        Self { node_key, ..self }
    }

    fn node_key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        key[31] = self.node_key;
        key
    }

    /// The id of its node in the network.
    pub fn peer(&self) -> PeerId {
        PeerId(SigningKey::from_bytes(&self.node_key()).verifying_key().to_bytes())
    }

    /// The URI of its account, such as `//Alice`.
    pub fn uri(&self) -> String {
        let (first, rest) = self.name.split_at(1);
        format!("//{}{rest}", first.to_uppercase())
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

/// The chain that a node is on.
#[derive(Clone, Debug)]
pub struct ChainChoice {
    /// What `--chain` says.
    pub argument: String,
    /// The chain's id, by which its folder is named.
    pub id: &'static str,
}

impl ChainChoice {
    /// The preset `local`.
    pub fn local() -> Self {
        Self { argument: "local".to_owned(), id: "citynet_local" }
    }

    /// The preset `development`, on which the first seat finalises alone.
    pub fn development() -> Self {
        Self { argument: "development".to_owned(), id: "citynet_development" }
    }
}

/// What a node does on the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Work {
    /// Validates with the seat's well-known session keys, as with `--alice`.
    #[default]
    WellKnownKeys,
    /// Validates with the session keys that it makes, once they are registered.
    OwnKeys,
    /// Follows.
    Follow,
}

/// How a node is started.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Whose node it is.
    pub seat: Seat,
    /// What it does.
    pub work: Work,
    /// Its chain.
    pub chain: ChainChoice,
    /// Its data.
    pub base: PathBuf,
    /// Where in the network it is.
    pub place: Place,
    /// Its network port.
    pub port: u16,
    /// The JSON-RPC port to try, 0 for any.
    pub rpc_port: u16,
    /// The port of its metrics, if it serves them.
    pub prometheus_port: Option<u16>,
    /// The port of the explorer, if it serves it: it must be built with it.
    pub explorer_port: Option<u16>,
    /// Where the others listen.
    pub bootnodes: Vec<String>,
    /// Its network backend.
    pub backend: Backend,
    /// Whether it keeps the index.
    pub index: bool,
    /// Further arguments.
    pub arguments: Vec<String>,
}

impl NodeConfig {
    fn arguments(&self) -> Vec<String> {
        let name = self.seat.name.to_owned();
        let mut arguments = match self.work {
            Work::WellKnownKeys => vec![format!("--{name}")],
            Work::OwnKeys => vec!["--validator".to_owned(), "--name".to_owned(), name],
            Work::Follow => vec!["--name".to_owned(), name],
        };
        let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
        option("--chain", self.chain.argument.clone());
        option("--base-path", self.base.display().to_string());
        option("--node-key-file", self.node_key_file().display().to_string());
        option("--listen-addr", self.address());
        match self.place.rpc_endpoint() {
            Some(endpoint) => option("--experimental-rpc-endpoint", endpoint),
            None => option("--rpc-port", self.rpc_port.to_string()),
        }
        option("--network-backend", self.backend.as_str().to_owned());
        for bootnode in &self.bootnodes {
            option("--bootnodes", bootnode.clone());
        }
        if let Some(port) = self.explorer_port {
            option("--explorer-port", port.to_string());
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
        arguments.extend(self.arguments.iter().cloned());
        arguments
    }

    /// Where it listens, without its id.
    pub fn address(&self) -> String {
        self.place.address(self.port)
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
        fs::write(config.node_key_file(), hex::encode(config.seat.node_key()))?;
        let mut node = Self { config, child: None, url: String::new() };
        node.launch().await?;
        Ok(node)
    }

    /// Starts it again, on the same data and ports. Its JSON-RPC port is another one where somebody took it meanwhile.
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
        let mut child = self
            .config
            .place
            .command(&programs::find(programs::NODE)?)
            .args(self.config.arguments())
            // One port cannot serve all nodes.
            .env_remove("CITYNET_EXPLORER_PORT")
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
            Ok(Ok(address)) => {
                // Who is connected finds it there again after a restart.
                self.config.rpc_port = port(&address)?;
                self.url = format!("ws://{address}");
            }
            Ok(Err(_)) => bail!("{name} ended instead of serving JSON-RPC; its log ends with\n{}", self.log_tail(20)),
            Err(_) => bail!("{name} serves no JSON-RPC after {START:?}; its log ends with\n{}", self.log_tail(20)),
        }
        Ok(())
    }

    /// Its JSON-RPC endpoint.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it was started and not stopped since.
    pub fn is_running(&self) -> bool {
        self.child.is_some()
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

    /// Where its JSON-RPC server listens: address and port.
    pub fn rpc_address(&self) -> &str {
        self.url.trim_start_matches("ws://")
    }

    /// The id of its process.
    ///
    /// # Errors
    ///
    /// When it does not run.
    pub fn process(&self) -> Result<u32> {
        let id = self.child.as_ref().and_then(Child::id);
        id.with_context(|| format!("{} does not run", self.config.seat.name))
    }

    /// The folder of its chain.
    pub fn chain_folder(&self) -> PathBuf {
        self.config.base.join("chains").join(self.config.chain.id)
    }

    /// The folder of its index.
    pub fn index_folder(&self) -> PathBuf {
        self.chain_folder().join("index")
    }

    /// Copies its data to another folder, for programs that work on a node's data.
    ///
    /// # Errors
    ///
    /// When it runs, since it writes its data then, or when they cannot be copied.
    pub fn copy_data(&self, to: &Path) -> Result<()> {
        if self.is_running() {
            bail!("{} runs", self.config.seat.name);
        }
        copy_folder(&self.config.base, to).with_context(|| format!("no copy to {}", to.display()))
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

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The port in `127.0.0.1:9944`.
fn port(address: &str) -> Result<u16> {
    let port = address.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    port.with_context(|| format!("{address} has no port"))
}

/// Sends SIGINT. By the shell, since the standard library has no call for it.
pub(crate) async fn interrupt(process: u32) -> Result<()> {
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
