//! What errors carry.

use citynet_primitives::Denial;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::traits::PalletError;
use scale_info::TypeInfo;

/// Which source of a version its publisher may not use, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct SourceDenied {
    /// Its position among the version's sources, from 0.
    pub position: u8,
    /// Why.
    pub reason: Denial,
}

// Not derived, because the primitives know nothing of FRAME: a denial is no `PalletError`.
impl PalletError for SourceDenied {
    const MAX_ENCODED_SIZE: usize = 2;
}
