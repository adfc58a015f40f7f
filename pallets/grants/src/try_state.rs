//! What must hold of the pallet's state between any two calls.

use crate::{
    delegation::check_within, ActiveGrants, Codes, Config, Contested, GrantCount, Grants, Pallet, RefusalReports,
};
use alloc::collections::BTreeMap;
use citynet_primitives::{
    CodeList, GrantId, GrantInfo, GrantState, LegalBasisCode, OrganisationId, PurposeCode, Usage, MAX_DELEGATION_DEPTH,
};
use citynet_support::{Catalogue, Clock};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::numbers_are_dense()?;
        Grants::<T>::iter().try_for_each(|(id, info)| {
            check_parties(&info)?;
            check_state(&info)?;
            check_use(&info)?;
            Self::check_place(id, &info)
        })?;
        Self::use_adds_up()?;
        Self::active_grants_are_listed()?;
        Self::reports_are_of_something()?;
        Self::codes_are_new()
    }

    fn numbers_are_dense() -> Result<(), TryRuntimeError> {
        let mut grants = 0_u64;
        for id in Grants::<T>::iter_keys() {
            ensure!((1..=GrantCount::<T>::get()).contains(&id.0), "a grant has a number that was never given");
            grants = grants.saturating_add(1);
        }
        ensure!(grants == GrantCount::<T>::get(), "a grant is missing");
        Ok(())
    }

    /// What a grant stands on and what it replaces.
    fn check_place(id: GrantId, info: &GrantInfo) -> Result<(), TryRuntimeError> {
        ensure!(T::Catalogue::facts(info.terms.dataset).is_some(), "a grant is of a dataset that does not exist");
        if let Some(superseded) = info.supersedes {
            ensure!(superseded < id, "a grant supersedes one that came after it");
        }
        let Some(parent) = info.parent else { return Ok(()) };
        // Numbers that fall on the way up leave no room for a circle, and depths that rise none for a long way.
        ensure!(parent < id, "a grant stands on one that came after it");
        let parent = Grants::<T>::get(parent).ok_or("a grant stands on none")?;
        ensure!(parent.state.was_active(), "a grant stands on one that was never finalised");
        ensure!(parent.terms.dataset == info.terms.dataset, "a grant stands on one of another dataset");
        ensure!(parent.terms.consumer == info.terms.provider, "a grant passes on what another organisation has");
        ensure!(check_within(&parent, &info.terms).is_ok(), "a grant allows more than the one it stands on");
        if let (Some(parents), Some(own)) = (parent.active_since, info.active_since) {
            ensure!(parents <= own, "a grant was finalised before the one it stands on");
        }
        Ok(())
    }

    /// What is used of a grant is its own use and that of those which stand on it, whatever became of them.
    fn use_adds_up() -> Result<(), TryRuntimeError> {
        let mut of_children = BTreeMap::<GrantId, Usage>::new();
        for info in Grants::<T>::iter_values() {
            let Some(parent) = info.parent else { continue };
            let sum = of_children.entry(parent).or_default();
            *sum = sum.saturating_add(&info.used_in_all);
        }
        for (id, info) in Grants::<T>::iter() {
            let passed_on = of_children.remove(&id).unwrap_or_default();
            ensure!(info.used.saturating_add(&passed_on) == info.used_in_all, "the use of a grant does not add up");
        }
        Ok(())
    }

    /// Lists hold the grants that are active or suspended, and may lack those whose time is over.
    fn active_grants_are_listed() -> Result<(), TryRuntimeError> {
        for (dataset, consumer, grants) in ActiveGrants::<T>::iter() {
            ensure!(!grants.is_empty(), "a list of no active grants is kept");
            ensure!(grants.is_sorted_by(|one, next| one < next), "active grants are out of order");
            for id in grants {
                let info = Grants::<T>::get(id).ok_or("an active grant does not exist")?;
                ensure!(
                    info.terms.dataset == dataset && info.terms.consumer == consumer,
                    "an active grant is listed for another dataset or consumer"
                );
                ensure!(is_listed(info.state), "a grant that is not active is listed");
            }
        }
        let now = T::Clock::now();
        for (id, info) in Grants::<T>::iter() {
            let listed = ActiveGrants::<T>::get(info.terms.dataset, info.terms.consumer).contains(&id);
            ensure!(listed || !is_listed(info.state) || info.terms.not_after <= now, "an active grant is not listed");
        }
        Ok(())
    }

    fn reports_are_of_something() -> Result<(), TryRuntimeError> {
        for (grant, counter) in Contested::<T>::iter() {
            let info = Grants::<T>::get(grant).ok_or("a report of no grant is contested")?;
            ensure!((1..=info.last_report).contains(&counter), "a report is contested that does not exist");
        }
        for (dataset, (counter, until)) in RefusalReports::<T>::iter() {
            ensure!(T::Catalogue::facts(dataset).is_some(), "refusals are reported of no dataset");
            ensure!(counter > 0 && until > 0, "refusals are reported without a window");
        }
        Ok(())
    }

    fn codes_are_new() -> Result<(), TryRuntimeError> {
        for (list, code, name) in Codes::<T>::iter() {
            let built_in = match list {
                CodeList::Purpose => PurposeCode(code).name(),
                CodeList::LegalBasis => LegalBasisCode(code).name(),
            };
            ensure!(built_in.is_none(), "a code that was there before was added");
            ensure!(!name.is_empty() && core::str::from_utf8(&name).is_ok(), "a code has no name");
        }
        Ok(())
    }
}

/// Whether a grant in this state belongs in [`ActiveGrants`].
const fn is_listed(state: GrantState) -> bool {
    matches!(state, GrantState::Active | GrantState::Suspended)
}

fn check_parties(info: &GrantInfo) -> Result<(), TryRuntimeError> {
    let terms = &info.terms;
    ensure!(terms.provider != terms.consumer, "a grant is to its own provider");
    for party in [terms.provider, terms.consumer, terms.controller] {
        ensure!(party != OrganisationId::CONSORTIUM, "a party of a grant is no organisation");
    }
    ensure!(terms.delegation_depth <= MAX_DELEGATION_DEPTH, "a grant may be passed on too often");
    ensure!(terms.not_before < terms.not_after, "a grant has no time");
    let hash = sp_io::hashing::sha2_256(&terms.to_bytes());
    ensure!(info.terms_hash == hash, "the terms of a grant are not the hashed ones");
    Ok(())
}

fn check_state(info: &GrantInfo) -> Result<(), TryRuntimeError> {
    ensure!(info.head.count >= 1, "a grant has no record");
    let was_active = info.state.was_active();
    ensure!(info.active_since.is_some() == was_active, "when a grant was finalised does not fit its state");
    let has_ended = matches!(info.state, GrantState::Revoked | GrantState::Completed);
    ensure!(info.ended.is_some() == has_ended, "when a grant ended does not fit its state");
    if let (Some(since), Some(ended)) = (info.active_since, info.ended) {
        ensure!(since <= ended, "a grant ended before it was finalised");
    }
    Ok(())
}

fn check_use(info: &GrantInfo) -> Result<(), TryRuntimeError> {
    ensure!(info.used_in_all.is_at_least(&info.used), "more is used by a grant than in all");
    ensure!(info.terms.limit.allows(&info.used_in_all), "more is used of a grant than it allows");
    let is_used = info.used_in_all != Usage::default();
    ensure!(!is_used || info.state.was_active(), "a grant is used that was never finalised");
    if info.last_report == 0 {
        ensure!(info.reported_until == 0 && info.used == Usage::default(), "use of a grant was never reported");
    } else {
        ensure!(info.reported_until > 0 && info.state.was_active(), "a report is of no window, or of no active grant");
    }
    Ok(())
}
