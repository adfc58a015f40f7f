//! A network of nodes that can be cut in two: each node in a network namespace of its own, all of them on a bridge.
//!
//! A story that wants this runs a second time, as a process whose root is a fresh network namespace ([`enter`]). In it
//! are the bridges and one namespace per node, and nothing of it outlives the last process in there. It needs the
//! programs `unshare` and `ip`, and either root's rights or user namespaces that anybody may make.
//!
//! A node has two network cards. By `peers`, on a bridge, it meets the others; cutting the network moves the card to
//! the other bridge. By `rpc` only the story reaches it, whatever side it is on.

use anyhow::{ensure, Context as _, Result};
use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

/// Set in the story's second run.
const INSIDE: &str = "CITYNET_INSIDE_NAMESPACE";
/// The port of JSON-RPC in every namespace.
const RPC_PORT: u16 = 9944;
/// The bridges of the two sides. Before the network is cut, all nodes are on the first.
const BRIDGES: [&str; 2] = ["side0", "side1"];

/// What must be possible, tried in namespaces that are thrown away. `/run` is where `ip` keeps the names.
const TRIAL: &str = "mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && ip netns add trial && \
                     ip link add bridge type bridge && ip link add card type veth peer name peers netns trial && \
                     ip link set card master bridge && ip netns exec trial ip link set peers up";

/// How to get the rights: by being root, or by being it in a user namespace.
const RIGHTS: [&[&str]; 2] = [&[], &["--user", "--map-root-user"]];

/// Where the calling test is, or what became of its second run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// This is the second run: go on.
    Inside,
    /// The second run succeeded.
    Done,
    /// Namespaces cannot be made here, for this reason.
    NotPermitted(String),
}

/// Runs the test with that name once more, in a fresh network namespace.
///
/// # Errors
///
/// When that run fails.
pub async fn enter(test: &str) -> Result<Entry> {
    if std::env::var_os(INSIDE).is_some() {
        return Ok(Entry::Inside);
    }
    let mut reason = String::new();
    for user in RIGHTS {
        let unshare = || {
            let mut command = Command::new("unshare");
            command.args(user).args(["--net", "--mount"]).stdin(Stdio::null()).kill_on_drop(true);
            command
        };
        match unshare().args(["sh", "-c", TRIAL]).output().await {
            Ok(output) if output.status.success() => {
                let mut command = unshare();
                command.arg(std::env::current_exe()?).args([test, "--exact", "--nocapture", "--test-threads=1"]);
                pass_on(command.env(INSIDE, "1")).await.with_context(|| format!("{test} in a namespace of its own"))?;
                return Ok(Entry::Done);
            }
            Ok(output) => {
                let told = String::from_utf8_lossy(&output.stderr);
                reason = told.lines().next().unwrap_or("unshare says nothing").to_owned();
            }
            Err(error) => reason = format!("unshare: {error}"),
        }
    }
    Ok(Entry::NotPermitted(reason))
}

/// Runs a test and prints what it prints, but for what libtest says about it: whoever counts results would count twice.
async fn pass_on(command: &mut Command) -> Result<()> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().context("the standard output was asked for")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await? {
        if !["running ", "test "].iter().any(|start| line.starts_with(start)) && line != "ok" {
            println!("{line}");
        }
    }
    let status = child.wait().await?;
    ensure!(status.success(), "it ended with {status}");
    Ok(())
}

/// Where in the network a node is.
#[derive(Clone, Debug, Default)]
pub enum Place {
    /// On loopback, beside the others.
    #[default]
    Loopback,
    /// In the namespace with that number, from 1.
    Namespace(u8),
}

impl Place {
    fn name(number: u8) -> String {
        format!("node{number}")
    }

    /// The multiaddress at which a node there listens.
    pub fn address(&self, port: u16) -> String {
        match self {
            Self::Loopback => format!("/ip4/127.0.0.1/tcp/{port}"),
            Self::Namespace(number) => format!("/ip4/10.77.0.{number}/tcp/{port}"),
        }
    }

    /// What `--experimental-rpc-endpoint` says so that the story reaches JSON-RPC there. On loopback there is no need.
    pub fn rpc_endpoint(&self) -> Option<String> {
        match self {
            Self::Loopback => None,
            Self::Namespace(number) => Some(format!("listen-addr=10.78.{number}.2:{RPC_PORT},methods=unsafe")),
        }
    }

    /// A command that runs a program there.
    pub fn command(&self, program: &Path) -> Command {
        match self {
            Self::Loopback => Command::new(program),
            Self::Namespace(number) => {
                // `ip` becomes the program, so that whoever ends the process ends the program.
                let mut command = Command::new("ip");
                command.args(["netns", "exec", &Self::name(*number)]).arg(program);
                command
            }
        }
    }
}

/// The namespaces of a network.
#[derive(Debug)]
pub struct Namespaces {
    count: u8,
}

impl Namespaces {
    /// Makes so many namespaces, all on one side. Only inside of what [`enter`] made, and once.
    ///
    /// # Errors
    ///
    /// When it cannot be done.
    pub async fn new(count: u8) -> Result<Self> {
        run("mount", ["-t", "tmpfs", "tmpfs", "/run"]).await?;
        std::fs::create_dir(PathBuf::from("/run/netns"))?;
        ip("link set lo up").await?;
        for bridge in BRIDGES {
            ip(&format!("link add {bridge} type bridge")).await?;
            ip(&format!("link set {bridge} up")).await?;
        }
        for number in 1..=count {
            let name = Place::name(number);
            ip(&format!("netns add {name}")).await?;
            ip(&format!("-n {name} link set lo up")).await?;
            ip(&format!("link add peers{number} type veth peer name peers netns {name}")).await?;
            ip(&format!("link set peers{number} master {} up", BRIDGES[0])).await?;
            ip(&format!("-n {name} addr add 10.77.0.{number}/24 dev peers")).await?;
            ip(&format!("-n {name} link set peers up")).await?;
            ip(&format!("link add rpc{number} type veth peer name rpc netns {name}")).await?;
            ip(&format!("addr add 10.78.{number}.1/30 dev rpc{number}")).await?;
            ip(&format!("link set rpc{number} up")).await?;
            ip(&format!("-n {name} addr add 10.78.{number}.2/30 dev rpc")).await?;
            ip(&format!("-n {name} link set rpc up")).await?;
        }
        Ok(Self { count })
    }

    /// The places of the nodes, in order.
    pub fn places(&self) -> Vec<Place> {
        (1..=self.count).map(Place::Namespace).collect()
    }

    /// Cuts the network: the nodes at these positions, from 0, are on one side, all others on the other.
    ///
    /// # Errors
    ///
    /// When it cannot be done.
    pub async fn cut_off(&self, positions: &[u8]) -> Result<()> {
        for (position, number) in (0u8..).zip(1..=self.count) {
            let side = if positions.contains(&position) { BRIDGES[1] } else { BRIDGES[0] };
            ip(&format!("link set peers{number} master {side}")).await?;
        }
        Ok(())
    }

    /// Makes the network one again.
    ///
    /// # Errors
    ///
    /// When it cannot be done.
    pub async fn heal(&self) -> Result<()> {
        self.cut_off(&[]).await
    }
}

async fn ip(words: &str) -> Result<()> {
    run("ip", words.split(' ')).await.with_context(|| format!("ip {words}"))
}

async fn run<S: AsRef<OsStr>>(program: &str, arguments: impl IntoIterator<Item = S>) -> Result<()> {
    let output = Command::new(program).args(arguments).output().await.with_context(|| program.to_owned())?;
    ensure!(output.status.success(), "{program} failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
