//! The organisations and parameters from which a chain starts.

use crate::{
    pallet::*,
    parameters::{self, quota_mut, DEFAULTS},
};
use alloc::{collections::BTreeMap, string::String, vec::Vec};
use citynet_primitives::{
    Author, OrganisationKind, OrganisationProfile, Parameters as ParameterSet, Quota, Roles, Text,
};
use frame_support::ensure;
use serde::{Deserialize, Serialize};
use sp_core::H256;
use sp_runtime::{DispatchError, SaturatedConversion};

/// An organisation of the genesis configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation<AccountId> {
    /// Its name, 1 to 64 bytes of UTF-8.
    pub name: String,
    /// Where it can be reached, at most 128 bytes of UTF-8, or nothing.
    #[serde(default)]
    pub contact: String,
    /// SHA-256 of the document by which it exists in law, or zeros.
    #[serde(default)]
    pub legal_id: H256,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its accounts and their roles. At least one is an admin.
    pub accounts: Vec<(AccountId, Roles)>,
}

/// A quota of the genesis configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisQuota {
    /// What an organisation gets back with every block, in microseconds.
    pub rate: u32,
    /// The most it can save, in microseconds.
    pub burst: u32,
}

/// The parameters of the genesis configuration. Whatever is not there is as in [`DEFAULTS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisParameters {
    /// The least number of members with a seat.
    pub min_members: u32,
    /// The least number of validators.
    pub min_validators: u32,
    /// The most validators of one organisation.
    pub max_validators_per_organisation: u32,
    /// How long a motion is open, in blocks.
    pub motion_duration: u32,
    /// For how many blocks an organisation can object to its recovery.
    pub recovery_delay: u32,
    /// After how many of its own turns in a row a validator counts as silent.
    pub silent_after: u32,
    /// The quotas of some kinds.
    pub quotas: BTreeMap<OrganisationKind, GenesisQuota>,
}

impl Default for GenesisParameters {
    fn default() -> Self {
        Self {
            min_members: DEFAULTS.min_members,
            min_validators: DEFAULTS.min_validators,
            max_validators_per_organisation: DEFAULTS.max_validators_per_organisation,
            motion_duration: DEFAULTS.motion_duration,
            recovery_delay: DEFAULTS.recovery_delay,
            silent_after: DEFAULTS.silent_after,
            quotas: BTreeMap::new(),
        }
    }
}

impl GenesisParameters {
    fn complete(&self) -> ParameterSet {
        let mut parameters = ParameterSet {
            min_members: self.min_members,
            min_validators: self.min_validators,
            max_validators_per_organisation: self.max_validators_per_organisation,
            motion_duration: self.motion_duration,
            recovery_delay: self.recovery_delay,
            silent_after: self.silent_after,
            quotas: DEFAULTS.quotas,
        };
        for (kind, GenesisQuota { rate, burst }) in &self.quotas {
            *quota_mut(&mut parameters, *kind) = Quota { rate: *rate, burst: *burst };
        }
        parameters
    }
}

impl<T: Config> Pallet<T> {
    /// Writes the parameters, and the first organisations with their accounts and seats, into state, journal and
    /// council.
    ///
    /// # Errors
    ///
    /// What is wrong with them. Nothing is cleaned up: no chain starts from such a configuration.
    pub(crate) fn found(
        organisations: &[GenesisOrganisation<T::AccountId>],
        parameters: Option<&GenesisParameters>,
    ) -> Result<(), DispatchError> {
        let parameters = parameters.map_or(DEFAULTS, GenesisParameters::complete);
        parameters::check(&parameters)?;
        let min_members = parameters.min_members;
        // Also the defaults, so that those of a later runtime do not change what the chain was founded on.
        Parameters::<T>::put(parameters);

        for organisation in organisations {
            let name = Text::<64>::try_from(organisation.name.clone().into_bytes())
                .map_err(|_| "an organisation's name is longer than 64 bytes")?;
            ensure!(!name.is_empty(), "an organisation has no name");
            let contact = Text::<128>::try_from(organisation.contact.clone().into_bytes())
                .map_err(|_| "an organisation's contact is longer than 128 bytes")?;
            let profile = OrganisationProfile { name, contact, legal_id: organisation.legal_id.0 };
            let id = Self::register(profile, organisation.kind)?;

            for (account, roles) in &organisation.accounts {
                Self::add(&Author::CHAIN, id, account, *roles)?;
            }
            ensure!(
                Organisations::<T>::get(id).is_some_and(|registered| registered.admins > 0),
                "an organisation has no admin"
            );
        }

        let seats: u32 = Seats::<T>::get().len().saturated_into();
        ensure!(
            organisations.is_empty() || seats >= min_members,
            "there are fewer members with a seat than minMembers"
        );
        Ok(())
    }
}
