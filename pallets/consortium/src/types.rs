//! What the register holds.

use citynet_primitives::{OrganisationId, OrganisationKind, OrganisationProfile, OrganisationStatus, Role, Roles};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Organisation {
    /// Its name and how to reach it.
    pub profile: OrganisationProfile,
    /// What it is.
    pub kind: OrganisationKind,
    /// Whether its accounts may act.
    pub status: OrganisationStatus,
    /// How many accounts it has.
    pub accounts: u32,
    /// How many of them are admins.
    pub admins: u32,
}

impl Organisation {
    /// Counts an account that had the roles `before` and has `after`, where no role means that there is no account.
    pub(crate) fn recount(&mut self, before: Roles, after: Roles) {
        // What is subtracted was added when the account came, and there are at most 2^32 − 1 accounts.
        self.accounts =
            self.accounts.saturating_add(u32::from(before.is_empty())).saturating_sub(u32::from(after.is_empty()));
        self.admins = self
            .admins
            .saturating_add(u32::from(after.contains(Role::Admin)))
            .saturating_sub(u32::from(before.contains(Role::Admin)));
    }

    /// Whether it votes.
    pub(crate) const fn has_seat(&self) -> bool {
        matches!(self.status, OrganisationStatus::Active) && self.kind.has_seat()
    }

    /// Whether it is a member, be it on hold.
    pub(crate) const fn belongs(&self) -> bool {
        matches!(self.status, OrganisationStatus::Active | OrganisationStatus::Suspended)
    }
}

/// Whose an account is and what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct AccountRecord {
    /// The organisation.
    pub organisation: OrganisationId,
    /// What the account may do for it. Never empty.
    pub roles: Roles,
}

/// A recovery that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Recovery<AccountId> {
    /// The organisation's admin to be.
    pub account: AccountId,
    /// The first block in which it can be completed.
    pub matures: u32,
}
