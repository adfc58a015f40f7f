//! The organisations from which a chain starts.

use crate::pallet::*;
use alloc::{string::String, vec::Vec};
use citynet_primitives::{Author, OrganisationKind, Role, Roles, Text};
use frame_support::{ensure, BoundedVec};
use serde::{Deserialize, Serialize};
use sp_runtime::DispatchError;

/// An organisation of the genesis configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisOrganisation<AccountId> {
    /// Its name, 1 to 64 bytes of UTF-8.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its accounts and their roles. At least one is an admin.
    pub accounts: Vec<(AccountId, Roles)>,
    /// Which of its accounts run validators. Each has the role Validator.
    pub validators: Vec<AccountId>,
}

impl<T: Config> Pallet<T> {
    /// Writes the first organisations, their accounts and validators into the register and the journal.
    ///
    /// # Errors
    ///
    /// What is wrong with them. Nothing is cleaned up: no chain starts from such a configuration.
    pub(crate) fn found(organisations: &[GenesisOrganisation<T::AccountId>]) -> Result<(), DispatchError> {
        let mut validators = Vec::new();
        for organisation in organisations {
            let name = Text::<64>::try_from(organisation.name.clone().into_bytes())
                .map_err(|_| "an organisation's name is longer than 64 bytes")?;
            ensure!(!name.is_empty(), "an organisation has no name");
            let id = Self::register(name, organisation.kind)?;

            for (account, roles) in &organisation.accounts {
                Self::add(&Author::CHAIN, id, account, *roles)?;
            }
            ensure!(
                Organisations::<T>::get(id).is_some_and(|registered| registered.admins > 0),
                "an organisation has no admin"
            );

            for account in &organisation.validators {
                let own = Accounts::<T>::get(account).filter(|record| record.organisation == id);
                let may = own.is_some_and(|record| record.roles.contains(Role::Validator));
                ensure!(may, "a validator is no account of its organisation with the role validator");
                ensure!(!validators.contains(&(id, account.clone())), "a validator is named twice");
                validators.push((id, account.clone()));
            }
        }

        let validators: BoundedVec<_, T::MaxValidators> =
            validators.try_into().map_err(|_| "there are more validators than there may be")?;
        // pallet-session learns of them in its own genesis.
        let accounts = validators.iter().map(|(_, account)| account.clone()).collect();
        SessionValidators::<T>::put(BoundedVec::<_, T::MaxValidators>::truncate_from(accounts));
        Validators::<T>::put(validators);
        Ok(())
    }
}
