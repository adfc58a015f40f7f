//! What is scheduled.

use citynet_primitives::Hash;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Code that is to become the runtime. Nodes decode it as `([u8; 32], u32)`: its fields and their order stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct ScheduledUpgrade {
    /// Blake2b-256 of the code.
    pub code: Hash,
    /// The block whose execution replaces the old code. The blocks after it run on the new one.
    pub block: u32,
}
