//! Recovery: how an organisation whose admins lost their keys gets another admin.
//!
//! The council starts it, the organisation's admins may object until it matures, and then any member completes it. So
//! the council alone cannot take over an organisation that is there. An admin of a *suspended* organisation cannot send
//! transactions and so cannot object.

use crate::{pallet::*, Recovery};
use alloc::vec::Vec;
use citynet_primitives::{Author, Body, OrganisationId, RecoveryInfo, Role, Roles, Subject, Text};
use citynet_support::{AccountBytes, Journal};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};

impl<T: Config> Pallet<T> {
    /// The recoveries that are under way, by organisation.
    pub fn recoveries() -> Vec<RecoveryInfo> {
        let mut recoveries: Vec<_> = Recoveries::<T>::iter()
            .map(|(organisation, Recovery { account, matures })| RecoveryInfo {
                organisation,
                account: account.account_bytes(),
                matures,
            })
            .collect();
        recoveries.sort_by_key(|recovery| recovery.organisation);
        recoveries
    }

    pub(crate) fn do_recover(id: OrganisationId, account: T::AccountId, reason: Text<256>) -> DispatchResult {
        Self::ensure_text(&reason)?;
        ensure!(Self::registered(id)?.belongs(), Error::<T>::WrongStatus);
        ensure!(!Recoveries::<T>::contains_key(id), Error::<T>::RecoveryPending);
        let theirs = Accounts::<T>::get(&account).is_some_and(|record| record.organisation != id);
        ensure!(!theirs, Error::<T>::AccountTaken);

        let matures = Self::block().saturating_add(Self::parameters().recovery_delay);
        let body = Body::RecoveryStarted { organisation: id, account: account.account_bytes(), matures, reason };
        let record = T::Journal::append(&Author::CHAIN, &[Subject::Organisation(id)], body)?.index;
        Recoveries::<T>::insert(id, Recovery { account: account.clone(), matures });
        Self::deposit_event(Event::RecoveryStarted { organisation: id, account, matures, record });
        Ok(())
    }

    pub(crate) fn do_object(author: &Author, reason: Text<256>) -> DispatchResult {
        Self::ensure_text(&reason)?;
        let recovery = Recoveries::<T>::get(author.organisation).ok_or(Error::<T>::NoRecovery)?;
        Self::call_off(author, author.organisation, recovery.account, reason)
    }

    pub(crate) fn do_complete_recovery(author: &Author, id: OrganisationId) -> DispatchResult {
        let Recovery { account, matures } = Recoveries::<T>::get(id).ok_or(Error::<T>::NoRecovery)?;
        ensure!(Self::block() >= matures, Error::<T>::NotMatured);
        let before = match Accounts::<T>::get(&account) {
            Some(record) if record.organisation == id => record.roles,
            Some(_) => return Self::drop_recovery(id, account, b"The account belongs to another organisation by now."),
            None if Self::registered(id)?.accounts >= T::MaxAccountsPerOrganisation::get() => {
                return Self::drop_recovery(id, account, b"The organisation has as many accounts as it may.");
            }
            None => Roles::NONE,
        };

        let body = Body::RecoveryCompleted { organisation: id, account: account.account_bytes() };
        let record = T::Journal::append(author, &[Subject::Organisation(id)], body)?.index;
        let after: Roles = before.iter().chain([Role::Admin]).collect();
        if after != before {
            Self::change(author, id, &account, before, after)?;
        }
        Recoveries::<T>::remove(id);
        Self::deposit_event(Event::RecoveryCompleted { organisation: id, account, record });
        Ok(())
    }

    /// Makes room for another recovery when this one cannot be completed any more. It was not the organisation that
    /// objected, so the chain is the author.
    fn drop_recovery(id: OrganisationId, account: T::AccountId, reason: &[u8]) -> DispatchResult {
        Self::call_off(&Author::CHAIN, id, account, Text::truncate_from(reason.to_vec()))
    }

    fn call_off(author: &Author, id: OrganisationId, account: T::AccountId, reason: Text<256>) -> DispatchResult {
        let body = Body::RecoveryObjected { organisation: id, account: account.account_bytes(), reason };
        let record = T::Journal::append(author, &[Subject::Organisation(id)], body)?.index;
        Recoveries::<T>::remove(id);
        Self::deposit_event(Event::RecoveryObjected { organisation: id, account, record });
        Ok(())
    }
}
