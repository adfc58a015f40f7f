//! The nodes from which a chain starts.

use crate::{pallet::*, validators::count, Validator};
use alloc::{string::String, vec::Vec};
use citynet_primitives::{Author, NodeAddress, OrganisationId, PeerId, PeerPurpose, Role, ValidatorStatus};
use citynet_support::Membership;
use frame_support::{ensure, traits::Get, BoundedVec};
use serde::{Deserialize, Serialize};
use sp_runtime::DispatchError;

/// A node of the genesis configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisPeer {
    /// Whose it is: the number that the organisation has in the order of genesis, from 1.
    pub organisation: OrganisationId,
    /// Its id.
    pub peer: PeerId,
    /// What it is for.
    pub purpose: PeerPurpose,
    /// Where it listens, if everybody may know.
    #[serde(default)]
    pub address: Option<String>,
}

impl<T: Config> Pallet<T> {
    /// Writes the first validators and peers into the register, and the peers into the journal. A record of a validator
    /// has its keys, which pallet-session has not read yet; those of genesis are in its state, which every node
    /// computes for itself.
    ///
    /// # Errors
    ///
    /// What is wrong with them. Nothing is cleaned up: no chain starts from such a configuration.
    pub(crate) fn found(
        validators: &[(OrganisationId, T::AccountId)],
        peers: &[GenesisPeer],
    ) -> Result<(), DispatchError> {
        let registered = Self::founders(validators)?;
        let elected = Self::elect(&registered);
        ensure!(elected.len() == registered.len(), "an organisation with several validators has a third of all");
        let parameters = T::Parameters::get();
        let most = parameters.max_validators_per_organisation;
        for Validator { organisation, .. } in &registered {
            let own = registered.iter().filter(|validator| validator.organisation == *organisation).count();
            ensure!(count(own) <= most, "an organisation has more validators than it may");
        }
        // A chain whose session pallet brings its own validators has none here.
        let enough = count(registered.len()) >= parameters.min_validators;
        ensure!(enough || registered.is_empty(), "there are fewer validators than there must be");
        // pallet-session learns of them in its own genesis.
        SessionValidators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(elected));
        Validators::<T>::put(registered);

        for GenesisPeer { organisation, peer, purpose, address } in peers {
            ensure!(T::Membership::is_active(*organisation), "a peer's organisation does not exist");
            let bytes = address.clone().map(|address| NodeAddress::try_from(address.into_bytes()));
            let address = bytes.transpose().map_err(|_| "a peer's address is longer than 128 bytes")?;
            Self::add(&Author::CHAIN, *organisation, *peer, *purpose, address)?;
        }
        Ok(())
    }

    fn founders(
        validators: &[(OrganisationId, T::AccountId)],
    ) -> Result<BoundedVec<Validator<T::AccountId>, T::MaxValidators>, DispatchError> {
        let mut registered = Vec::<Validator<T::AccountId>>::new();
        for (organisation, account) in validators {
            let own = T::Membership::member(account).filter(|member| member.organisation == *organisation);
            let may = own.is_some_and(|member| member.roles.contains(Role::Validator));
            ensure!(may, "a validator is no account of its organisation with the role validator");
            ensure!(registered.iter().all(|other| other.account != *account), "a validator is named twice");
            let status = ValidatorStatus::Registered;
            registered.push(Validator { organisation: *organisation, account: account.clone(), status });
        }
        registered.try_into().map_err(|_| "there are more validators than there may be".into())
    }
}
