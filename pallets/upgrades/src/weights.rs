//! Weights for `pallet_upgrades`, estimated: one read of a small value, as in every block.
//!
//! `scripts/weights upgrades` replaces this file by a measured one. The block in which code is enacted is charged
//! whole, so that is not measured.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]
#![allow(dead_code)]

use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_upgrades`.
pub trait WeightInfo {
	fn on_initialize_idle() -> Weight;
}

/// Weights with the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	/// Storage: `Upgrades::Scheduled` (r:1 w:0)
	/// Proof: `Upgrades::Scheduled` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `Measured`)
	fn on_initialize_idle() -> Weight {
		Weight::from_parts(3_500_000, 1658)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
}

// For mocks.
impl WeightInfo for () {
	/// Storage: `Upgrades::Scheduled` (r:1 w:0)
	/// Proof: `Upgrades::Scheduled` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `Measured`)
	fn on_initialize_idle() -> Weight {
		Weight::from_parts(3_500_000, 1658)
			.saturating_add(RocksDbWeight::get().reads(1_u64))
	}
}
