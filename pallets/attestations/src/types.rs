//! What the calls and the rules pass around.

use citynet_primitives::{Batch, DeviceInfo, DeviceKey, Signature};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// One batch of an `attest_many`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct AttestItem {
    /// What the device states.
    pub batch: Batch,
    /// The device's signature over [`citynet_primitives::BatchStatement`].
    pub signature: Signature,
}

/// A batch that passed every check but the signature's.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    /// The device as storage has it.
    pub(crate) info: DeviceInfo,
    /// The key of the batch's epoch.
    pub(crate) key: DeviceKey,
    /// The device's next sequence number once the batch is in.
    pub(crate) next_sequence: u64,
}
