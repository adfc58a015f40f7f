//! Weights for `pallet_grants`, estimated from those of calls that read and write as much.
//!
//! `scripts/weights grants` replaces this file by a measured one.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]
#![allow(dead_code)]

use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_grants`.
pub trait WeightInfo {
	fn request() -> Weight;
	fn offer() -> Weight;
	fn counter_request() -> Weight;
	fn counter_offer() -> Weight;
	fn accept() -> Weight;
	fn agree() -> Weight;
	fn verify() -> Weight;
	fn finalize() -> Weight;
	fn terminate() -> Weight;
	fn suspend() -> Weight;
	fn resume() -> Weight;
	fn revoke(c: u32, ) -> Weight;
	fn renounce() -> Weight;
	fn withdraw_consent() -> Weight;
	fn report() -> Weight;
	fn contest() -> Weight;
	fn report_refusals(n: u32, ) -> Weight;
	fn add_code() -> Weight;
	fn check_access(c: u32, ) -> Weight;
}

/// Weights with the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn request() -> Weight {
		Weight::from_parts(95_000_000, 4687)
			.saturating_add(T::DbWeight::get().reads(13_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn offer() -> Weight {
		Weight::from_parts(150_000_000, 23435)
			.saturating_add(T::DbWeight::get().reads(31_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn counter_request() -> Weight {
		Weight::from_parts(150_000_000, 23435)
			.saturating_add(T::DbWeight::get().reads(29_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn counter_offer() -> Weight {
		Weight::from_parts(150_000_000, 23435)
			.saturating_add(T::DbWeight::get().reads(29_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn accept() -> Weight {
		Weight::from_parts(420_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(50_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	fn agree() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn verify() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn finalize() -> Weight {
		Weight::from_parts(260_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(50_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	fn terminate() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn suspend() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn resume() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// `c` is measured from 0 to 200.
	fn revoke(_c: u32, ) -> Weight {
		Weight::from_parts(65_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn renounce() -> Weight {
		Weight::from_parts(65_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn withdraw_consent() -> Weight {
		Weight::from_parts(65_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn report() -> Weight {
		Weight::from_parts(110_000_000, 23435)
			.saturating_add(T::DbWeight::get().reads(13_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	fn contest() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(T::DbWeight::get().reads(11_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	/// `n` is measured from 1 to 64.
	fn report_refusals(n: u32, ) -> Weight {
		Weight::from_parts(45_000_000, 4687)
			.saturating_add(Weight::from_parts(180_000, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn add_code() -> Weight {
		Weight::from_parts(35_000_000, 3561)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	/// `c` is measured from 0 to 200.
	fn check_access(_c: u32, ) -> Weight {
		Weight::from_parts(520_000_000, 374960)
			.saturating_add(T::DbWeight::get().reads(96_u64))
	}
}

// For mocks.
impl WeightInfo for () {
	fn request() -> Weight {
		Weight::from_parts(95_000_000, 4687)
			.saturating_add(RocksDbWeight::get().reads(13_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn offer() -> Weight {
		Weight::from_parts(150_000_000, 23435)
			.saturating_add(RocksDbWeight::get().reads(31_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn counter_request() -> Weight {
		Weight::from_parts(150_000_000, 23435)
			.saturating_add(RocksDbWeight::get().reads(29_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn counter_offer() -> Weight {
		Weight::from_parts(150_000_000, 23435)
			.saturating_add(RocksDbWeight::get().reads(29_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn accept() -> Weight {
		Weight::from_parts(420_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(50_u64))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
	}
	fn agree() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn verify() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn finalize() -> Weight {
		Weight::from_parts(260_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(50_u64))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
	}
	fn terminate() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn suspend() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn resume() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	/// `c` is measured from 0 to 200.
	fn revoke(_c: u32, ) -> Weight {
		Weight::from_parts(65_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(11_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn renounce() -> Weight {
		Weight::from_parts(65_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(11_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn withdraw_consent() -> Weight {
		Weight::from_parts(65_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(11_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	fn report() -> Weight {
		Weight::from_parts(110_000_000, 23435)
			.saturating_add(RocksDbWeight::get().reads(13_u64))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
	}
	fn contest() -> Weight {
		Weight::from_parts(60_000_000, 5687)
			.saturating_add(RocksDbWeight::get().reads(11_u64))
			.saturating_add(RocksDbWeight::get().writes(7_u64))
	}
	/// `n` is measured from 1 to 64.
	fn report_refusals(n: u32, ) -> Weight {
		Weight::from_parts(45_000_000, 4687)
			.saturating_add(Weight::from_parts(180_000, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(9_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn add_code() -> Weight {
		Weight::from_parts(35_000_000, 3561)
			.saturating_add(RocksDbWeight::get().reads(5_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	/// `c` is measured from 0 to 200.
	fn check_access(_c: u32, ) -> Weight {
		Weight::from_parts(520_000_000, 374960)
			.saturating_add(RocksDbWeight::get().reads(96_u64))
	}
}
