//! What the errors carry.

use citynet_primitives::Rule;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::traits::PalletError;
use scale_info::TypeInfo;

/// The first rule that terms break, in the order of [`crate::rules::RULES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct BrokenRule(pub Rule);

impl PalletError for BrokenRule {
    const MAX_ENCODED_SIZE: usize = 1;
}

/// In what a sub-grant goes beyond the grant that it passes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum Widened {
    /// It has an action that its parent does not have.
    #[codec(index = 0)]
    Actions,
    /// It has a purpose that its parent does not have.
    #[codec(index = 1)]
    Purposes,
    /// It begins before its parent, or ends after it.
    #[codec(index = 2)]
    Window,
    /// It allows more use than its parent.
    #[codec(index = 3)]
    Limit,
    /// It covers versions that its parent does not cover, or another content.
    #[codec(index = 4)]
    Versions,
    /// It can be passed on as often as its parent, or more often.
    #[codec(index = 5)]
    Depth,
    /// It names another controller.
    #[codec(index = 6)]
    Controller,
    /// The data would be used elsewhere.
    #[codec(index = 7)]
    Jurisdiction,
    /// It names another legal basis.
    #[codec(index = 8)]
    LegalBasis,
    /// It says that the data is less about people than its parent says.
    #[codec(index = 9)]
    PersonalData,
    /// It names another consent.
    #[codec(index = 10)]
    Consent,
    /// The data may be kept for longer.
    #[codec(index = 11)]
    Retention,
    /// It names a recipient that its parent does not name.
    #[codec(index = 12)]
    Recipients,
    /// It lets restricted data be passed on, which its parent does not.
    #[codec(index = 13)]
    RestrictedDelegation,
}

impl PalletError for Widened {
    const MAX_ENCODED_SIZE: usize = 1;
}
