//! `citynet peer`.

use super::{
    sending::{report, SignedArgs},
    Done, NodeArgs,
};
use crate::output::{table, Output};
use anyhow::{anyhow, bail, Context as _};
use citynet_client::{governance::names, ledger::Call, rpc::PeerView};
use citynet_primitives::{NodeAddress, PeerId, PeerPurpose};
use clap::Subcommand;
use std::time::Duration;

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum PeerCommand {
    /// Let a node of your organisation into the network.
    #[command(after_help = "\
Examples:
  citynet peer add 12D3KooW… --purpose archive --key-file admin.key
  citynet peer add --purpose validator --address /dns/n1.neva.example/tcp/30333 --key-file admin.key

Without an id, the node is asked for its own. On a live consortium's chain, other nodes let it in as soon as this is final, \
without a restart. A node that can connect can fetch blocks: a firewall or VPN keeps strangers from that, this list does not.")]
    Add {
        /// The node's id; by default that of the node which is asked.
        #[arg(value_name = "PEERID")]
        peer: Option<PeerId>,
        /// What it is for: validator, archive or boot.
        #[arg(long, value_parser = names::purpose)]
        purpose: PeerPurpose,
        /// Where it listens, if everybody may know: a multiaddress without /p2p, such as /dns/n1.example/tcp/30333.
        #[arg(long, value_name = "MULTIADDRESS")]
        address: Option<String>,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Take a node of your organisation out of the network.
    #[command(after_help = "Example:\n  citynet peer remove 12D3KooW… --key-file admin.key")]
    Remove {
        /// The node's id.
        #[arg(value_name = "PEERID")]
        peer: PeerId,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// List the nodes that belong to the network.
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
}

pub async fn run(command: PeerCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        PeerCommand::Add { peer, purpose, address, signed } => {
            let address = address.as_deref().map(node_address).transpose()?;
            let (ledger, account) = signed.open().await?;
            let peer = match peer {
                Some(peer) => peer,
                None => {
                    let own = ledger.rpc().local_peer_id().await?;
                    own.parse::<PeerId>().with_context(|| format!("the node says that its id is {own}"))?
                }
            };
            let call = Call::add_peer(peer, purpose, address.as_ref());
            report(&ledger, &account, &call, &format!("peer {peer} added"), output).await
        }
        PeerCommand::Remove { peer, signed } => {
            let (ledger, account) = signed.open().await?;
            report(&ledger, &account, &Call::remove_peer(peer), &format!("peer {peer} removed"), output).await
        }
        PeerCommand::List { node } => list(&node, output).await,
    }
}

fn node_address(text: &str) -> anyhow::Result<NodeAddress> {
    if !text.starts_with('/') {
        bail!("an address is a multiaddress, such as /dns/n1.example/tcp/30333, not `{text}`");
    }
    if text.split('/').any(|part| part == "p2p") {
        bail!("the address is given without /p2p and the node's id: the id is known already");
    }
    NodeAddress::try_from(text.as_bytes().to_vec()).map_err(|_| anyhow!("the address has more than 128 bytes"))
}

async fn list(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let peers = node.connect(Duration::ZERO).await?.rpc().peers().await?;
    output.result(&peers, |_| {
        let row = |peer: &PeerView| {
            let address = peer.address.clone().unwrap_or_default();
            vec![peer.organisation.to_string(), peer.peer.clone(), peer.purpose.clone(), address]
        };
        table(&["organisation", "peer", "purpose", "address"], peers.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_and_not_who() {
        assert_eq!(node_address("/ip4/10.0.0.1/tcp/30333").unwrap().as_slice(), b"/ip4/10.0.0.1/tcp/30333");
        assert!(node_address("10.0.0.1:30333").unwrap_err().to_string().contains("multiaddress"));
        assert!(node_address("/dns/n1.example/tcp/30333/p2p/12D3KooW").is_err());
        assert!(node_address(&format!("/dns/{}", "n".repeat(123))).is_ok());
        assert!(node_address(&format!("/dns/{}", "n".repeat(124))).is_err());
    }
}
