//! Weights for `pallet_attestations`
//!
//! Estimated by hand (a strict Ed25519 verification in Wasm as 200 µs, the journal's append as 40 µs) in the form that
//! `scripts/weights` generates; it writes measured ones over this file.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]
#![allow(dead_code)]

use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_attestations`.
pub trait WeightInfo {
	fn register() -> Weight;
	fn rotate_key() -> Weight;
	fn suspend() -> Weight;
	fn resume() -> Weight;
	fn retire() -> Weight;
	fn distrust() -> Weight;
	fn attest() -> Weight;
	fn attest_many(n: u32, ) -> Weight;
	fn attest_many_refused(n: u32, ) -> Weight;
}

/// Weights for `pallet_attestations` using the Substrate node and recommended hardware.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn register() -> Weight {
		Weight::from_parts(300_000_000, 7766)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn rotate_key() -> Weight {
		Weight::from_parts(300_000_000, 7766)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn suspend() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn resume() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn retire() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn distrust() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn attest() -> Weight {
		Weight::from_parts(270_000_000, 7766)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	/// The range of component `n` is `[1, 32]`.
	fn attest_many(n: u32, ) -> Weight {
		Weight::from_parts(40_000_000, 2517)
			.saturating_add(Weight::from_parts(240_000_000, 7766).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(3_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
	}
	/// The range of component `n` is `[1, 32]`.
	fn attest_many_refused(n: u32, ) -> Weight {
		Weight::from_parts(20_000_000, 2517)
			.saturating_add(Weight::from_parts(12_000_000, 7766).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
	}
}

// For backwards compatibility and tests.
impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(300_000_000, 7766)
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn rotate_key() -> Weight {
		Weight::from_parts(300_000_000, 7766)
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn suspend() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn resume() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn retire() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn distrust() -> Weight {
		Weight::from_parts(70_000_000, 7766)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	fn attest() -> Weight {
		Weight::from_parts(270_000_000, 7766)
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(4_u64))
	}
	/// The range of component `n` is `[1, 32]`.
	fn attest_many(n: u32, ) -> Weight {
		Weight::from_parts(40_000_000, 2517)
			.saturating_add(Weight::from_parts(240_000_000, 7766).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(6_u64))
			.saturating_add(RocksDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(3_u64))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
	}
	/// The range of component `n` is `[1, 32]`.
	fn attest_many_refused(n: u32, ) -> Weight {
		Weight::from_parts(20_000_000, 2517)
			.saturating_add(Weight::from_parts(12_000_000, 7766).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(4_u64))
			.saturating_add(RocksDbWeight::get().reads((1_u64).saturating_mul(n.into())))
	}
}
