//! Passing on: who holds a grant may give others what it has, and never more.
//!
//! A sub-grant stands on the grant that it passes on, its parent, and so on up to one that the dataset's owner gave.
//! All of them must hold for it to hold. Nothing is kept about what stands on a grant: questions only ever walk
//! upwards, at most [`MAX_DELEGATION_DEPTH`] steps, so that to revoke a grant costs the same however often it was
//! passed on.

use crate::{Config, Grants, Pallet, Widened};
use alloc::vec::Vec;
use citynet_primitives::{GrantId, GrantInfo, Moment, Terms, MAX_DELEGATION_DEPTH};
use frame_support::ensure;

/// Checks that `terms`, of the same dataset, say nothing that `parent` does not allow. Their depth must be below that
/// of the parent. What people must be told and what use costs may differ: those are between the sub-grant's parties.
///
/// # Errors
///
/// The first that is wider.
pub(crate) fn check_within(parent: &GrantInfo, terms: &Terms) -> Result<(), Widened> {
    let others = &parent.terms;
    ensure!(terms.controller == others.controller, Widened::Controller);
    ensure!(terms.versions.is_within(&others.versions), Widened::Versions);
    ensure!(terms.actions.is_subset(others.actions), Widened::Actions);
    ensure!(terms.purposes.iter().all(|purpose| others.purposes.contains(purpose)), Widened::Purposes);
    ensure!(others.not_before <= terms.not_before && terms.not_after <= others.not_after, Widened::Window);
    ensure!(terms.limit.is_within(&others.limit), Widened::Limit);
    ensure!(terms.delegation_depth < others.delegation_depth, Widened::Depth);
    ensure!(others.restricted_delegation || !terms.restricted_delegation, Widened::RestrictedDelegation);
    ensure!(terms.jurisdiction == others.jurisdiction, Widened::Jurisdiction);
    ensure!(terms.legal_basis == others.legal_basis, Widened::LegalBasis);
    // The classes ascend: to call data less personal than the parent does would loosen the rules.
    ensure!(terms.personal_data >= others.personal_data, Widened::PersonalData);
    ensure!(terms.consent == others.consent, Widened::Consent);
    let deleted_in_time = match (terms.retention_days, others.retention_days) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(own), Some(others)) => own <= others,
    };
    ensure!(deleted_in_time, Widened::Retention);
    ensure!(terms.recipients.iter().all(|category| others.recipients.contains(category)), Widened::Recipients);
    Ok(())
}

impl<T: Config> Pallet<T> {
    /// The grants that one stands on, from its parent to the first. `None` where one is missing or there are more than
    /// there may be: neither can happen, and nothing is allowed then.
    pub(crate) fn ancestors(info: &GrantInfo) -> Option<Vec<(GrantId, GrantInfo)>> {
        let mut ancestors = Vec::new();
        let mut next = info.parent;
        for _ in 0..MAX_DELEGATION_DEPTH {
            let Some(parent) = next else { break };
            let info = Grants::<T>::get(parent)?;
            next = info.parent;
            ancestors.push((parent, info));
        }
        next.is_none().then_some(ancestors)
    }

    /// Whether a grant and all that it stands on hold at `now`: finalised and not suspended, between active members, in
    /// its time, and not used up.
    pub(crate) fn in_force(info: &GrantInfo, now: Moment) -> bool {
        let holds = |info: &GrantInfo| Self::check_standing(info, now).is_ok();
        holds(info) && Self::ancestors(info).is_some_and(|ancestors| ancestors.iter().all(|(_, info)| holds(info)))
    }
}
