//! Serves the explorer, a web application made of files, to the browsers of this machine.
//!
//! The files are those of `explorer/dist`, compiled in by the cargo feature `explorer`; a node that was built without it
//! refuses to serve them. They are the same for every chain. `config.json` alone is made here: it tells the application
//! where this node's JSON-RPC is.
//!
//! # What it does not do
//!
//! * **Let others in.** It listens on 127.0.0.1 alone, answers to no other host name, and has no TLS. For others, any
//!   web server can serve the same files.
//! * **Pass anything on to the ledger.** The application asks the node's JSON-RPC itself, by the rules of that.
//! * **Vouch for the node.** `config.json` has no genesis hash: a node that could not be trusted would name its own. Readers
//!   pin one that they know from elsewhere, and until then they are told that they have not.
//! * **Stop the node.** Only a port that is taken does, at the start. What goes wrong later is logged.

mod answer;
mod files;
mod server;
#[cfg(test)]
mod tests;

use files::Files;
use sc_network::multiaddr::{Multiaddr, Protocol};
use serde_json::json;
use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    sync::Arc,
};

/// Where the application looks for its node.
const CONFIG: &str = "config.json";

/// Why the explorer cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It is not there.
    #[error(
        "this node was built without the explorer, so --explorer-port cannot be used: build the node with --features \
         explorer, or let any web server serve explorer/dist"
    )]
    NotBuilt,
    /// Nobody can listen there.
    #[error("the explorer cannot be served at {address}: {source}; choose another --explorer-port")]
    NotListening {
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
}

/// The explorer, with the port at which it will be served.
#[derive(Debug)]
pub struct Explorer {
    listener: TcpListener,
    files: Files,
}

impl Explorer {
    /// Takes a port, 0 for any.
    ///
    /// # Errors
    ///
    /// When the explorer was not compiled in, or the port is taken.
    pub fn bind(port: u16) -> Result<Self, Problem> {
        let files = Files::embedded().ok_or(Problem::NotBuilt)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok(listener)
        });
        listener.map(|listener| Self { listener, files }).map_err(|source| Problem::NotListening { address, source })
    }

    /// Serves it until the node ends. `rpc` is where the node's JSON-RPC listens.
    pub fn serve(mut self, rpc: &[Multiaddr]) -> impl Future<Output = ()> + Send + 'static {
        self.files.put(CONFIG, config(rpc).into());
        server::run(self.listener, Arc::new(self.files))
    }
}

/// What the application is told.
fn config(rpc: &[Multiaddr]) -> String {
    json!({ "node": endpoint(rpc), "genesis": null }).to_string()
}

/// The JSON-RPC endpoint as a browser of this machine reaches it: by IPv4 if there is a choice.
fn endpoint(rpc: &[Multiaddr]) -> Option<String> {
    let sockets: Vec<SocketAddr> = rpc.iter().filter_map(socket).collect();
    let chosen = sockets.iter().find(|socket| socket.is_ipv4()).or(sockets.first())?;
    let reached = match chosen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from(Ipv6Addr::LOCALHOST),
        other => other,
    };
    Some(format!("ws://{}", SocketAddr::from((reached, chosen.port()))))
}

fn socket(address: &Multiaddr) -> Option<SocketAddr> {
    let (mut ip, mut port) = (None, None);
    for part in address.iter() {
        match part {
            Protocol::Ip4(v4) => ip = Some(IpAddr::from(v4)),
            Protocol::Ip6(v6) => ip = Some(IpAddr::from(v6)),
            Protocol::Tcp(number) => port = Some(number),
            _ => {}
        }
    }
    Some(SocketAddr::from((ip?, port?)))
}
