//! Four validators that find each other, and who joins them.

use crate::{
    consortium::Consortium,
    namespaces::Place,
    node::{Backend, ChainChoice, Node, NodeConfig, Seat, Work, SEATS},
    programs, Chain, Citynet,
};
use anyhow::{bail, Context as _, Result};
use futures::future::try_join_all;
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
};
use tempfile::TempDir;
use tokio::process::Command;

/// How a network is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The network backend of all nodes.
    pub backend: Backend,
    /// Where data is kept; a temporary folder otherwise.
    pub folder: Option<PathBuf>,
    /// The JSON-RPC port of the first node; the others follow. Any ports otherwise.
    pub rpc_port: Option<u16>,
    /// The port of the first node's metrics; the others follow. No metrics otherwise.
    pub prometheus_port: Option<u16>,
    /// The port at which the first node serves the explorer, or a free one when it is in use; not at all otherwise.
    pub explorer_port: Option<u16>,
    /// A chain of its own for this consortium; the preset `local` otherwise.
    pub consortium: Option<Consortium>,
    /// One validator instead of four, on the preset `development`: for what is about the node that joins it.
    pub alone: bool,
    /// Further arguments of every node.
    pub arguments: Vec<String>,
    /// Where the nodes are, in the order of the seats; on loopback otherwise.
    pub places: Vec<Place>,
}

#[derive(Debug)]
enum Folder {
    Kept(PathBuf),
    Temporary(TempDir),
}

/// Four validators of four organisations, or the first of them alone, which keeps the index.
///
/// End a story with [`Network::finish`]. A network that is dropped without it, because the story failed, shows what its
/// nodes wrote last and leaves the data where it is.
#[derive(Debug)]
pub struct Network {
    nodes: Vec<Node>,
    chain: ChainChoice,
    folder: Option<Folder>,
    finished: bool,
}

impl Network {
    /// Starts a network in a temporary folder and waits until it finalises.
    ///
    /// # Errors
    ///
    /// When a node does not start, or nothing is finalised.
    pub async fn four_validators(backend: Backend) -> Result<Self> {
        Self::start(Options { backend, ..Options::default() }).await
    }

    /// Starts a network and waits until every node sees new blocks finalised.
    ///
    /// # Errors
    ///
    /// As [`Network::four_validators`].
    pub async fn start(options: Options) -> Result<Self> {
        let folder = match options.folder {
            Some(path) => {
                fs::create_dir_all(&path).with_context(|| format!("{} cannot be made", path.display()))?;
                Folder::Kept(path)
            }
            None => Folder::Temporary(tempfile::Builder::new().prefix("citynet-").tempdir()?),
        };
        let path = match &folder {
            Folder::Kept(path) => path.clone(),
            Folder::Temporary(folder) => folder.path().to_owned(),
        };

        let seats = if options.alone { &SEATS[..1] } else { &SEATS[..] };
        let ports = free_ports(seats.len())?;
        let places = options.places.into_iter().chain(std::iter::repeat(Place::Loopback));
        let locations: Vec<(Place, u16)> = places.zip(ports).collect();
        let listening: Vec<String> = locations.iter().map(|(place, port)| place.address(*port)).collect();
        let chain = match &options.consortium {
            Some(consortium) => consortium.make_spec(&path, &listening).await?,
            None if options.alone => ChainChoice::development(),
            None => ChainChoice::local(),
        };
        let addresses: Vec<String> = seats.iter().zip(&listening).map(|(seat, address)| full(address, seat)).collect();
        let explorer_port = options.explorer_port.map(free_port_or_other).transpose()?;
        let config = |((seat, (place, port)), position): ((&Seat, (Place, u16)), u16)| {
            let follow = |first: u16| first.saturating_add(position);
            let own = full(&place.address(port), seat);
            anyhow::Ok(NodeConfig {
                seat: *seat,
                work: Work::WellKnownKeys,
                chain: chain.clone(),
                base: path.join(seat.name),
                place,
                port,
                rpc_port: options.rpc_port.map_or(0, follow),
                prometheus_port: options.prometheus_port.map(follow).map(free_port_or_other).transpose()?,
                explorer_port: explorer_port.filter(|_| position == 0),
                bootnodes: addresses.iter().filter(|address| **address != own).cloned().collect(),
                backend: options.backend,
                index: position == 0,
                arguments: options.arguments.clone(),
            })
        };
        let configs = seats.iter().zip(locations).zip(0..).map(config).collect::<Result<Vec<_>>>()?;
        let mut network = Self { nodes: Vec::new(), chain, folder: Some(folder), finished: false };
        network.nodes = try_join_all(configs.into_iter().map(Node::start)).await?;
        network.until_finalising().await?;
        Ok(network)
    }

    /// Starts a further node on loopback, on fresh data in a folder of that name, with those arguments besides what all
    /// nodes need, and waits until it serves JSON-RPC. All others are its boot nodes. Gives its position.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub async fn join(&mut self, seat: Seat, work: Work, folder: &str, arguments: &[&str]) -> Result<usize> {
        let mut config = self.node(0).config().clone();
        config.port = free_ports(1)?.into_iter().next().context("a port was asked for")?;
        config.base = self.path().join(folder);
        (config.rpc_port, config.prometheus_port, config.index) = (0, None, false);
        config.explorer_port = None;
        (config.seat, config.work, config.place) = (seat, work, Place::Loopback);
        config.arguments = arguments.iter().map(ToString::to_string).collect();
        config.bootnodes = self.nodes.iter().map(|node| full(&node.config().address(), &node.config().seat)).collect();
        self.nodes.push(Node::start(config).await?);
        Ok(self.nodes.len().saturating_sub(1))
    }

    /// Waits until every running node has seen a further block finalised.
    ///
    /// # Errors
    ///
    /// When one does not.
    pub async fn until_finalising(&self) -> Result<()> {
        try_join_all(self.nodes.iter().filter(|node| node.is_running()).map(|node| async move {
            let chain = node.chain().await?;
            let (now, _) = chain.finalized().await?;
            chain.until_finalized(now.saturating_add(1)).await
        }))
        .await?;
        Ok(())
    }

    /// The node of a seat, or one that joined, in order after those.
    pub fn node(&self, seat: usize) -> &Node {
        &self.nodes[seat]
    }

    /// The node of a seat, to kill or restart.
    pub fn node_mut(&mut self, seat: usize) -> &mut Node {
        &mut self.nodes[seat]
    }

    /// Every node, in the order of the seats, then those that joined.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Connects to every node that runs.
    ///
    /// # Errors
    ///
    /// When one does not answer.
    pub async fn chains(&self) -> Result<Vec<Chain>> {
        try_join_all(self.nodes.iter().filter(|node| node.is_running()).map(Node::chain)).await
    }

    /// Ends every node at once, as a power cut would.
    ///
    /// # Errors
    ///
    /// When one does not run.
    pub async fn kill_all(&mut self) -> Result<()> {
        try_join_all(self.nodes.iter_mut().map(Node::kill)).await?;
        Ok(())
    }

    /// Starts every node again.
    ///
    /// # Errors
    ///
    /// When one still runs, or does not start.
    pub async fn restart_all(&mut self) -> Result<()> {
        try_join_all(self.nodes.iter_mut().map(Node::restart)).await?;
        Ok(())
    }

    /// Connects to the first node, the one with the index.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub async fn chain(&self) -> Result<Chain> {
        self.node(0).chain().await
    }

    /// The folder with the nodes' data; stories keep their own files in `path().join("job")`.
    pub fn path(&self) -> &Path {
        match &self.folder {
            Some(Folder::Kept(path)) => path,
            Some(Folder::Temporary(folder)) => folder.path(),
            None => Path::new("."),
        }
    }

    /// A folder for the files of a job, made when it is not there.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn job_folder(&self) -> Result<PathBuf> {
        let folder = self.path().join("job");
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// The `citynet` command, against the first node, in the folder of the job.
    ///
    /// # Errors
    ///
    /// When the command was not built.
    pub fn citynet(&self) -> Result<Citynet> {
        self.citynet_at(0)
    }

    /// The `citynet` command, against the node at that position, in the folder of the job.
    ///
    /// # Errors
    ///
    /// When the command was not built.
    pub fn citynet_at(&self, position: usize) -> Result<Citynet> {
        Citynet::new(self.node(position).url(), self.job_folder()?)
    }

    /// Writes the raw chain specification, by which proofs are verified without a network.
    ///
    /// # Errors
    ///
    /// When the node cannot make it.
    pub async fn export_spec(&self) -> Result<PathBuf> {
        let file = self.job_folder()?.join("citynet-local-raw.json");
        let output = Command::new(programs::find(programs::NODE)?)
            .args(["export-chain-spec", "--chain", &self.chain.argument, "--raw", "--output"])
            .arg(&file)
            .output()
            .await?;
        if !output.status.success() {
            bail!("the chain specification cannot be exported: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(file)
    }

    /// Rehearses an upgrade to a runtime, which must have been built with `try-runtime`, on a copy of a node's data. Gives
    /// where the report is.
    ///
    /// # Errors
    ///
    /// When the upgrade would fail, or cannot be tried.
    pub async fn try_upgrade(&self, runtime: &Path, data: &Path) -> Result<PathBuf> {
        let report = self.job_folder()?.join("rehearsal.json");
        let output = Command::new(programs::find(programs::NODE)?)
            .arg("try-upgrade")
            .arg(runtime)
            .args(["--chain", &self.chain.argument, "--base-path"])
            .arg(data)
            .arg("--out")
            .arg(&report)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await?;
        if !output.status.success() {
            let told = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            bail!("the rehearsal failed: {}{}", told.0, told.1);
        }
        Ok(report)
    }

    /// Ends the nodes as Ctrl-C does, and sees that each ends well. The data stays until the network is dropped.
    ///
    /// # Errors
    ///
    /// When one does not.
    pub async fn finish(&mut self) -> Result<()> {
        for result in futures::future::join_all(self.nodes.iter_mut().map(Node::stop)).await {
            result?;
        }
        self.finished = true;
        Ok(())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        for node in &self.nodes {
            eprintln!("---- the last lines of {}:\n{}", node.config().seat.name, node.log_tail(40));
        }
        if let Some(Folder::Temporary(folder)) = self.folder.take() {
            eprintln!("---- the network's data stays in {}", folder.keep().display());
        }
    }
}

/// Where a seat's node is found.
fn full(address: &str, seat: &Seat) -> String {
    format!("{address}/p2p/{}", seat.peer())
}

/// Ports that nobody listens on. Held all at once until they are known, so that they differ; another program could take
/// one before its node does, which then says so.
fn free_ports(count: usize) -> Result<Vec<u16>> {
    let listeners: Vec<TcpListener> =
        (0..count).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<Result<_, _>>()?;
    listeners.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}

/// The port, or a free one when somebody listens on it.
fn free_port_or_other(port: u16) -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", port)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
    Ok(listener.local_addr()?.port())
}
