//! What things cost.
//!
//! The SDK's pallets are charged the SDK's own weights. Those of the ledger's pallets are measured with this runtime
//! and live beside each pallet, in its `weights.rs`. Here is what belongs to the chain as a whole.

use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_MILLIS, Weight};
use sp_runtime::Perbill;

/// What one trie read and one trie write cost on RocksDB.
pub use frame_support::weights::constants::RocksDbWeight;

/// What a block may cost: 400 ms of computing. In a slot of 1 s a block is made within the first 2/3, and the others
/// must execute it before the next author begins. The size of proofs does not matter on a chain of its own.
pub const MAXIMUM_BLOCK_WEIGHT: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_MILLIS.saturating_mul(400), u64::MAX);

/// How many bytes a block's transactions may have.
pub const MAXIMUM_BLOCK_LENGTH: u32 = 2 * 1024 * 1024;

/// The share of a block that is open to everyday transactions. The rest is kept for those that govern the chain, so
/// that a flood cannot keep an upgrade out.
pub const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
