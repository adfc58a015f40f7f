//! Keeps the peers of this node in step with the list of nodes on the chain.
//!
//! Organisations list the peer ids of their nodes on the chain. On a live chain a node exchanges blocks, votes and
//! transactions with those alone. Whom it lets in follows every finalised block: a node that is listed gets in, and one
//! that is taken off the list is put out, without a restart of anything.
//!
//! # What it does
//!
//! The sync peers of the SDK are the gate: votes and transactions are exchanged with peers that are sync peers, so
//! that who is not let in there is let in nowhere. The gate makes the sync peer set take reserved peers only and makes
//! the listed nodes the reserved ones; they cost no slot (`--in-peers`). Addresses from the chain are told to the network
//! again and again, because libp2p forgets one that did not answer once. Who is put out is banned as well, which the
//! network forgets after 69 seconds; the gate repeats it.
//!
//! Let in besides the listed ones are
//!
//! * the nodes of this node's `--reserved-nodes`: they are its operator's own wish, and no other node's;
//! * while this node's last finalised block is older than ten minutes, its boot nodes, those of the chain specification
//!   and of `--bootnodes`. A node that joins knows the list of the block that it has, at first the one of genesis, and
//!   the nodes that were there then may be gone. Once it has caught up, a boot node must be listed like any other.
//!
//! As long as nobody is listed there is no gate: the node says so and lets everybody in. The first peer that is listed then
//! shuts all others out, validators as well, and without them nothing more is listed. A live chain therefore starts with the
//! nodes of everybody who validates; to list them later, every node must run with `--network-gate off` until it is done.
//!
//! What `system_addReservedPeer` adds over JSON-RPC lasts until the list changes next.
//!
//! # What it does not protect
//!
//! * **The chain's data.** The gate does not decide about connections. Whoever reaches the port can connect, learns this
//!   node's addresses and version and those of others (identify, Kademlia), and can *request* blocks, states and proofs:
//!   the SDK answers requests of everybody whose reputation is not bad. A stranger's is not. Only a firewall or a VPN keeps
//!   the data in.
//! * **Load.** A stranger's connections and requests cost what they cost.
//! * **What another member does.** Every node decides for itself. A listed node that has no gate may pass everything on.
//! * **From what was not finalised.** A node that is expelled while finality stands still stays in until it goes on.
//! * **After a restart** the bans are forgotten. Who was put out before it is a stranger: no peer, but see above.
//!
//! # The two network backends
//!
//! Read in sc-network 0.60: `protocol_controller.rs` for libp2p, `litep2p/shim/notification/peerset.rs` for litep2p.
//! litep2p marks *every* connected peer as closing when the set is switched to reserved peers only, but closes only the
//! connections of the others: a reserved peer that is connected then can never be put out again. Hence the gate is closed
//! in the configuration before there is a network; where a list appears only later, there are no reserved peers at the
//! moment of the switch, which cuts every connection once. On litep2p they are back after the five seconds for which it
//! leaves a closed connection alone.

mod doors;

use crate::service::Client;
use citynet_primitives::PeerInfo;
use citynet_runtime::opaque::Block;
use citynet_runtime_api::NodesApi;
use doors::{Doors, Orders};
use futures::{FutureExt, StreamExt};
use sc_client_api::BlockchainEvents;
use sc_network::{
    config::NonReservedPeerMode,
    multiaddr::{Multiaddr, Protocol},
    service::traits::NetworkService,
    PeerId, ReputationChange,
};
use sc_service::{error::Error, ChainType, Configuration};
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_blockchain::HeaderBackend;
use sp_consensus_aura::{sr25519::AuthoritySignature, SlotDuration};
use sp_timestamp::Timestamp;
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::time::{interval_at, Instant, MissedTickBehavior};

/// How often addresses and bans are repeated. A ban is forgotten after 69 seconds.
const TICK: Duration = Duration::from_secs(30);

/// The least time between two warnings of the same kind.
const SELDOM: Duration = Duration::from_secs(60);

/// A node whose last finalised block is younger has caught up.
const RECENT: Duration = Duration::from_secs(600);

/// The worst reputation, for a peer that is taken off the list.
const DISMISSED: ReputationChange = ReputationChange::new_fatal("Not on the chain's list of peers");

/// On which chains there is a gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// On chains of the type live.
    #[default]
    Auto,
    /// On every chain.
    On,
    /// On none.
    Off,
}

impl Mode {
    fn applies(self, chain: &ChainType) -> bool {
        match self {
            Self::Auto => *chain == ChainType::Live,
            Self::On => true,
            Self::Off => false,
        }
    }
}

/// The gate of this node.
pub struct NetworkGate {
    client: Arc<Client>,
    slot_duration: SlotDuration,
    reserved: BTreeSet<PeerId>,
    boot: BTreeSet<PeerId>,
    reserved_only: bool,
    closed: bool,
}

impl NetworkGate {
    /// Prepares the gate of a node that is about to start, if it shall have one. When anybody is listed, the network
    /// starts with the gate closed, so that no stranger slips in before [`NetworkGate::run`].
    ///
    /// # Errors
    ///
    /// When the chain's state cannot be read.
    pub fn prepare(mode: Mode, client: Arc<Client>, config: &mut Configuration) -> Result<Option<Self>, Error> {
        let chain = config.chain_spec.chain_type();
        if !mode.applies(&chain) {
            if chain == ChainType::Live {
                tracing::warn!("The network gate of a live chain is switched off: every node is let in.");
            }
            return Ok(None);
        }

        let set = &mut config.network.default_peers_set;
        let reserved_only = set.non_reserved_mode.is_reserved_only();
        let reserved = set.reserved_nodes.iter().map(|node| node.peer_id).collect();
        // After an interrupted warp sync the state of the last finalised block may not be there yet.
        if list(&client).map_or(true, |listed| !listed.is_empty()) {
            set.non_reserved_mode = NonReservedPeerMode::Deny;
        }
        let closed = set.non_reserved_mode.is_reserved_only();
        let boot = config.network.boot_nodes.iter().map(|node| node.peer_id).collect();
        let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
        Ok(Some(Self { client, slot_duration, reserved, boot, reserved_only, closed }))
    }

    /// Opens and closes the gate until the node ends. `set_no_slot_peers` tells the sync engine which peers take no slot.
    pub async fn run(self, network: Arc<dyn NetworkService>, set_no_slot_peers: impl Fn(HashSet<PeerId>) + Send) {
        let mut finality = self.client.finality_notification_stream().fuse();
        let mut ticks = interval_at(Instant::now() + TICK, TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);

        let mut keeper = Keeper {
            doors: Doors::new(network.local_peer_id(), self.reserved, self.boot, self.reserved_only, self.closed),
            network,
            set_no_slot_peers,
            listed: None,
            unreadable: Seldom::default(),
            unlisted: Seldom::default(),
        };
        keeper.follow(&self.client, self.slot_duration);
        if !self.closed && !keeper.doors.is_closed() {
            warn_open();
        }
        loop {
            tokio::select! {
                finalised = finality.next() => {
                    if finalised.is_none() {
                        return;
                    }
                    // Only the newest list counts. There are many while the node catches up.
                    while let Some(Some(_)) = finality.next().now_or_never() {}
                    keeper.follow(&self.client, self.slot_duration);
                },
                _ = ticks.tick() => {
                    keeper.follow(&self.client, self.slot_duration);
                    keeper.repeat();
                },
            }
        }
    }
}

/// Does what the [`Doors`] order.
struct Keeper<S> {
    doors: Doors,
    network: Arc<dyn NetworkService>,
    set_no_slot_peers: S,
    /// The list as it was read last.
    listed: Option<Vec<PeerInfo>>,
    unreadable: Seldom,
    unlisted: Seldom,
}

impl<S: Fn(HashSet<PeerId>)> Keeper<S> {
    /// Reads the list and does what follows from it. Whoever was let in stays in while it cannot be read.
    fn follow(&mut self, client: &Client, slot_duration: SlotDuration) {
        let recent = is_recent(client, slot_duration);
        let listed = match list(client) {
            Ok(listed) => listed,
            Err(error) => {
                if self.unreadable.is_due() {
                    tracing::warn!(%error, "The chain's list of peers cannot be read.");
                }
                return;
            }
        };
        let orders = self.doors.update(listed.iter().filter_map(peer_id).collect(), recent);
        let changed = self.listed.as_ref() != Some(&listed);
        self.listed = Some(listed);
        if changed {
            self.tell_addresses();
        }
        self.obey(orders);
    }

    fn obey(&self, orders: Orders) {
        let Orders { pardon, close, admit, open, dismiss } = orders;
        for peer in pardon {
            let reputation = self.network.peer_reputation(&peer);
            if reputation < 0 {
                let change = ReputationChange::new(reputation.saturating_neg(), "On the chain's list of peers again");
                self.network.report_peer(peer, change);
            }
        }
        if close {
            tracing::info!("The network gate closes: from now on only listed peers are let in.");
            self.network.set_authorized_peers(HashSet::new());
            self.network.set_authorized_only(true);
        }
        if let Some(peers) = admit {
            tracing::info!(peers = peers.len(), "The network gate follows the chain's list of peers.");
            let peers: HashSet<PeerId> = peers.into_iter().collect();
            (self.set_no_slot_peers)(peers.clone());
            self.network.set_authorized_peers(peers);
        }
        if open {
            warn_open();
            self.network.set_authorized_only(false);
        }
        for peer in dismiss {
            tracing::warn!(%peer, "A peer is not on the chain's list any more and is put out.");
            self.network.report_peer(peer, DISMISSED);
        }
    }

    /// Repeats what the network forgets, and says when this node is not listed itself.
    fn repeat(&mut self) {
        self.tell_addresses();
        for peer in self.doors.dismissed() {
            self.network.report_peer(*peer, DISMISSED);
        }
        let refused = self.doors.is_closed()
            && !self.doors.lists_own()
            && (self.doors.has_caught_up() || self.network.sync_num_connected() == 0);
        if refused && self.unlisted.is_due() {
            let peer = self.network.local_peer_id();
            tracing::warn!(
                "This node, {peer}, is not on the list of peers of the last finalised block that it has, and the others \
                 refuse nodes that are not listed. If it was never listed, an admin of its organisation can do that: \
                 `citynet peer add {peer} --purpose validator`, archive or boot. No restart is needed."
            );
        }
    }

    fn tell_addresses(&self) {
        let own = self.network.local_peer_id();
        for info in self.listed.iter().flatten() {
            if let Some((peer, address)) = peer_id(info).zip(address(info)).filter(|(peer, _)| *peer != own) {
                self.network.add_known_address(peer, address);
            }
        }
    }
}

fn warn_open() {
    tracing::warn!("No peer is listed on the chain: the network gate is open to everybody.");
}

/// A warning that is not given every time.
#[derive(Default)]
struct Seldom(Option<Instant>);

impl Seldom {
    fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let due = self.0.is_none_or(|last| now.duration_since(last) >= SELDOM);
        if due {
            self.0 = Some(now);
        }
        due
    }
}

/// The list after the last finalised block.
fn list(client: &Client) -> Result<Vec<PeerInfo>, ApiError> {
    client.runtime_api().peers(client.info().finalized_hash)
}

/// The id as the network has it. There is none for bytes that are no key: no node can have them.
fn peer_id(info: &PeerInfo) -> Option<PeerId> {
    PeerId::from_ed25519(&info.peer.0)
}

/// The address as the network has it, if it is one. The chain only sees that it begins with a slash.
fn address(info: &PeerInfo) -> Option<Multiaddr> {
    let text = std::str::from_utf8(info.address.as_ref()?).ok()?;
    let mut address: Multiaddr = text.parse().ok()?;
    if matches!(address.iter().last(), Some(Protocol::P2p(_))) {
        address.pop();
    }
    Some(address)
}

/// Whether the last finalised block is young enough to say that the node has caught up.
fn is_recent(client: &Client, slot_duration: SlotDuration) -> bool {
    let header = client.header(client.info().finalized_hash).ok().flatten();
    let made = header.and_then(|header| {
        let slot = sc_consensus_aura::find_pre_digest::<Block, AuthoritySignature>(&header).ok()?;
        slot.timestamp(slot_duration)
    });
    made.is_some_and(|made| is_within(RECENT, made, Timestamp::current()))
}

/// Whether `made` is at most so long before `now`, or after it: clocks differ.
fn is_within(duration: Duration, made: Timestamp, now: Timestamp) -> bool {
    now.as_millis().saturating_sub(made.as_millis()) <= Timestamp::from(duration).as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{NodeAddress, OrganisationId, PeerPurpose};
    use sp_keyring::Ed25519Keyring;

    fn listed(address: Option<&str>) -> PeerInfo {
        PeerInfo {
            organisation: OrganisationId(1),
            peer: citynet_primitives::PeerId(Ed25519Keyring::Alice.to_raw_public()),
            purpose: PeerPurpose::Validator,
            address: address.map(|text| NodeAddress::truncate_from(text.into())),
        }
    }

    #[test]
    fn live_chains_have_a_gate_by_default() {
        assert!(Mode::default().applies(&ChainType::Live));
        assert!(!Mode::Auto.applies(&ChainType::Local));
        assert!(!Mode::Auto.applies(&ChainType::Development));
        assert!(Mode::On.applies(&ChainType::Local));
        assert!(!Mode::Off.applies(&ChainType::Live));
    }

    #[test]
    fn the_network_knows_a_peer_by_the_same_text() {
        let info = listed(None);
        assert_eq!(peer_id(&info).map(|peer| peer.to_base58()), Some(info.peer.to_string()));
        // y = 2 is on no point of the curve.
        let mut key = [0; 32];
        key[0] = 2;
        assert_eq!(peer_id(&PeerInfo { peer: citynet_primitives::PeerId(key), ..info }), None);
    }

    #[test]
    fn an_address_has_no_peer_id() {
        let tcp = "/dns/node.example/tcp/30333";
        let text = |info: &PeerInfo| address(info).map(|address| address.to_string());
        assert_eq!(text(&listed(Some(tcp))).as_deref(), Some(tcp));
        let info = listed(None);
        assert_eq!(text(&listed(Some(&format!("{tcp}/p2p/{}", info.peer)))).as_deref(), Some(tcp));
        assert_eq!(text(&info), None);
        assert_eq!(text(&listed(Some("/nowhere"))), None);
    }

    #[test]
    fn a_node_has_caught_up_when_its_last_block_is_young() {
        let now = Timestamp::new(1_000_000);
        assert!(is_within(RECENT, Timestamp::new(400_000), now));
        assert!(!is_within(RECENT, Timestamp::new(399_999), now));
        assert!(is_within(RECENT, Timestamp::new(1_000_001), now));
    }

    #[test]
    fn a_warning_is_given_once_a_minute() {
        let mut seldom = Seldom::default();
        assert!(seldom.is_due());
        assert!(!seldom.is_due());
        seldom.0 = seldom.0.and_then(|last| last.checked_sub(SELDOM));
        assert!(seldom.is_due());
    }
}
