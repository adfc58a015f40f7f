//! Which nodes belong to the network.

use crate::{pallet::*, Peer};
use alloc::{collections::BTreeMap, vec::Vec};
use citynet_primitives::{Author, Body, NodeAddress, OrganisationId, PeerId, PeerInfo, PeerPurpose, Role, Subject};
use citynet_support::{Journal, Membership};
use frame_support::{ensure, traits::Get};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// The nodes that belong to the network: those of active organisations, by organisation and id.
    pub fn peers() -> Vec<PeerInfo> {
        let mut active = BTreeMap::new();
        let mut peers: Vec<_> = Peers::<T>::iter()
            .filter(|(_, Peer { organisation, .. })| {
                *active.entry(*organisation).or_insert_with(|| T::Membership::is_active(*organisation))
            })
            .map(|(peer, Peer { organisation, purpose, address })| PeerInfo { organisation, peer, purpose, address })
            .collect();
        peers.sort_by_key(|info| (info.organisation, info.peer));
        peers
    }

    pub(crate) fn do_add_peer(
        caller: &T::AccountId,
        peer: PeerId,
        purpose: PeerPurpose,
        address: Option<NodeAddress>,
    ) -> Result<(OrganisationId, u64), DispatchError> {
        let author = Self::ensure_operator(caller)?;
        let record = Self::add(&author, author.organisation, peer, purpose, address)?;
        Ok((author.organisation, record))
    }

    pub(crate) fn do_remove_peer(caller: &T::AccountId, peer: PeerId) -> Result<(OrganisationId, u64), DispatchError> {
        let author = Self::ensure_operator(caller)?;
        let organisation = author.organisation;
        let found = Peers::<T>::get(peer).ok_or(Error::<T>::PeerNotFound)?;
        ensure!(found.organisation == organisation, Error::<T>::NotAuthorized);

        let body = Body::PeerRemoved { organisation, peer };
        let appended = T::Journal::append(&author, &[Subject::Organisation(organisation)], body)?;
        Peers::<T>::remove(peer);
        PeersOf::<T>::mutate_exists(organisation, |own| {
            if let Some(rest) = own {
                rest.retain(|other| *other != peer);
            }
            *own = own.take().filter(|rest| !rest.is_empty());
        });
        Ok((organisation, appended.index))
    }

    /// Adds a node of `organisation` that belongs to nobody yet. Returns the index of its record.
    pub(crate) fn add(
        author: &Author,
        organisation: OrganisationId,
        peer: PeerId,
        purpose: PeerPurpose,
        address: Option<NodeAddress>,
    ) -> Result<u64, DispatchError> {
        ensure!(address.as_deref().is_none_or(|address| is_address(address)), Error::<T>::InvalidAddress);
        ensure!(!Peers::<T>::contains_key(peer), Error::<T>::PeerTaken);
        ensure!(Peers::<T>::count() < T::MaxPeers::get(), Error::<T>::TooManyPeers);
        let mut own = PeersOf::<T>::get(organisation);
        own.try_push(peer).map_err(|_| Error::<T>::TooManyPeers)?;

        let body = Body::PeerAdded { organisation, peer, purpose, address: address.clone() };
        let appended = T::Journal::append(author, &[Subject::Organisation(organisation)], body)?;
        Peers::<T>::insert(peer, Peer { organisation, purpose, address });
        PeersOf::<T>::insert(organisation, own);
        Ok(appended.index)
    }

    /// The author that `caller` acts as when it looks after its organisation's nodes.
    fn ensure_operator(caller: &T::AccountId) -> Result<Author, DispatchError> {
        T::Membership::ensure(caller, Role::Validator).or_else(|_| T::Membership::ensure(caller, Role::Admin))
    }
}

/// Whether it is a multiaddress at first sight. Nodes parse it and leave out what they do not understand.
fn is_address(address: &[u8]) -> bool {
    core::str::from_utf8(address).is_ok_and(|text| text.starts_with('/') && !text.contains("/p2p/"))
}
