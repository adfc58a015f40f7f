//! Weights for `pallet_nodes`
//!
//! Estimated by hand, in the form that `scripts/weights` generates; it writes measured ones over this file.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]
#![allow(dead_code)]

use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_nodes`.
pub trait WeightInfo {
	fn register_validator() -> Weight;
	fn rotate_keys() -> Weight;
	fn withdraw_validator() -> Weight;
	fn reinstate_validator() -> Weight;
	fn add_peer() -> Weight;
	fn remove_peer() -> Weight;
	fn forget() -> Weight;
	fn note_equivocation() -> Weight;
	fn on_initialize(s: u32, ) -> Weight;
}

/// Weights for `pallet_nodes` using the Substrate node and recommended hardware.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn register_validator() -> Weight {
		Weight::from_parts(420_000_000, 200000)
			.saturating_add(T::DbWeight::get().reads(84_u64))
			.saturating_add(T::DbWeight::get().writes(14_u64))
	}
	fn rotate_keys() -> Weight {
		Weight::from_parts(330_000_000, 20000)
			.saturating_add(T::DbWeight::get().reads(18_u64))
			.saturating_add(T::DbWeight::get().writes(16_u64))
	}
	fn withdraw_validator() -> Weight {
		Weight::from_parts(330_000_000, 200000)
			.saturating_add(T::DbWeight::get().reads(85_u64))
			.saturating_add(T::DbWeight::get().writes(15_u64))
	}
	fn reinstate_validator() -> Weight {
		Weight::from_parts(120_000_000, 9000)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn add_peer() -> Weight {
		Weight::from_parts(120_000_000, 9000)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn remove_peer() -> Weight {
		Weight::from_parts(110_000_000, 9000)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn forget() -> Weight {
		Weight::from_parts(1_500_000_000, 200000)
			.saturating_add(T::DbWeight::get().reads(90_u64))
			.saturating_add(T::DbWeight::get().writes(120_u64))
	}
	fn note_equivocation() -> Weight {
		Weight::from_parts(120_000_000, 9000)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	/// The range of component `s` is `[0, 63]`.
	fn on_initialize(s: u32, ) -> Weight {
		Weight::from_parts(45_000_000, 9000)
			.saturating_add(Weight::from_parts(75_000_000, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(s.into())))
			.saturating_add(T::DbWeight::get().writes(8_u64))
			.saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(s.into())))
			.saturating_add(Weight::from_parts(0, 5200).saturating_mul(s.into()))
	}
}

// For backwards compatibility and tests.
impl WeightInfo for () {
	fn register_validator() -> Weight {
		Weight::from_parts(420_000_000, 200000)
			.saturating_add(RocksDbWeight::get().reads(84_u64))
			.saturating_add(RocksDbWeight::get().writes(14_u64))
	}
	fn rotate_keys() -> Weight {
		Weight::from_parts(330_000_000, 20000)
			.saturating_add(RocksDbWeight::get().reads(18_u64))
			.saturating_add(RocksDbWeight::get().writes(16_u64))
	}
	fn withdraw_validator() -> Weight {
		Weight::from_parts(330_000_000, 200000)
			.saturating_add(RocksDbWeight::get().reads(85_u64))
			.saturating_add(RocksDbWeight::get().writes(15_u64))
	}
	fn reinstate_validator() -> Weight {
		Weight::from_parts(120_000_000, 9000)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn add_peer() -> Weight {
		Weight::from_parts(120_000_000, 9000)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn remove_peer() -> Weight {
		Weight::from_parts(110_000_000, 9000)
			.saturating_add(RocksDbWeight::get().reads(11_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn forget() -> Weight {
		Weight::from_parts(1_500_000_000, 200000)
			.saturating_add(RocksDbWeight::get().reads(90_u64))
			.saturating_add(RocksDbWeight::get().writes(120_u64))
	}
	fn note_equivocation() -> Weight {
		Weight::from_parts(120_000_000, 9000)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	/// The range of component `s` is `[0, 63]`.
	fn on_initialize(s: u32, ) -> Weight {
		Weight::from_parts(45_000_000, 9000)
			.saturating_add(Weight::from_parts(75_000_000, 0).saturating_mul(s.into()))
			.saturating_add(RocksDbWeight::get().reads(11_u64))
			.saturating_add(RocksDbWeight::get().reads((2_u64).saturating_mul(s.into())))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
			.saturating_add(RocksDbWeight::get().writes((2_u64).saturating_mul(s.into())))
			.saturating_add(Weight::from_parts(0, 5200).saturating_mul(s.into()))
	}
}
