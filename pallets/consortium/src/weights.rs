//! Weights for `pallet_consortium`
//!
//! Estimated by hand, in the form that `scripts/weights` generates; it writes measured ones over this file.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]
#![allow(dead_code)]

use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_consortium`.
pub trait WeightInfo {
	fn add_account() -> Weight;
	fn set_roles() -> Weight;
	fn remove_account() -> Weight;
	fn check_member() -> Weight;
}

/// Weights for `pallet_consortium` using the Substrate node and recommended hardware.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn add_account() -> Weight {
		Weight::from_parts(60_000_000, 7000)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn set_roles() -> Weight {
		Weight::from_parts(55_000_000, 7000)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn remove_account() -> Weight {
		Weight::from_parts(60_000_000, 7000)
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn check_member() -> Weight {
		Weight::from_parts(12_000_000, 3600)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
}

// For backwards compatibility and tests.
impl WeightInfo for () {
	fn add_account() -> Weight {
		Weight::from_parts(60_000_000, 7000)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn set_roles() -> Weight {
		Weight::from_parts(55_000_000, 7000)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn remove_account() -> Weight {
		Weight::from_parts(60_000_000, 7000)
			.saturating_add(RocksDbWeight::get().reads(9_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn check_member() -> Weight {
		Weight::from_parts(12_000_000, 3600)
			.saturating_add(RocksDbWeight::get().reads(2_u64))
	}
}
