//! Weights for `pallet_settlements`, estimated from those of calls that read and write as much.
//!
//! `scripts/weights settlements` replaces this file by a measured one.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_parens)]
#![allow(unused_imports)]
#![allow(missing_docs)]
#![allow(dead_code)]

use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};
use core::marker::PhantomData;

/// Weight functions needed for `pallet_settlements`.
pub trait WeightInfo {
	fn create_currency() -> Weight;
	fn deposit() -> Weight;
	fn request_withdrawal() -> Weight;
	fn complete_withdrawal() -> Weight;
	fn return_withdrawal() -> Weight;
	fn hold_price() -> Weight;
	fn release_price() -> Weight;
	fn capture_price() -> Weight;
	fn state_usage() -> Weight;
	fn dispute_usage() -> Weight;
	fn restate_usage() -> Weight;
	fn rule_usage() -> Weight;
	fn bill() -> Weight;
	fn reverse() -> Weight;
	fn pay() -> Weight;
	fn declare_payment() -> Weight;
	fn confirm_payment() -> Weight;
	fn deny_payment() -> Weight;
	fn open_cycle() -> Weight;
	fn advance_cycle(n: u32, ) -> Weight;
	fn settle_cycle(n: u32, ) -> Weight;
	fn fund_late(n: u32, ) -> Weight;
	fn name_defaulters(n: u32, ) -> Weight;
}

/// Weights with the database costs of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn create_currency() -> Weight {
		Weight::from_parts(50_000_000, 4687)
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn deposit() -> Weight {
		Weight::from_parts(75_000_000, 6208)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn request_withdrawal() -> Weight {
		Weight::from_parts(95_000_000, 6208)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	fn complete_withdrawal() -> Weight {
		Weight::from_parts(85_000_000, 6208)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn return_withdrawal() -> Weight {
		Weight::from_parts(95_000_000, 6208)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn hold_price() -> Weight {
		Weight::from_parts(100_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(16_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn release_price() -> Weight {
		Weight::from_parts(100_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(14_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn capture_price() -> Weight {
		Weight::from_parts(140_000_000, 6208)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(12_u64))
	}
	fn state_usage() -> Weight {
		Weight::from_parts(60_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn dispute_usage() -> Weight {
		Weight::from_parts(60_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn restate_usage() -> Weight {
		Weight::from_parts(60_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn rule_usage() -> Weight {
		Weight::from_parts(55_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn bill() -> Weight {
		Weight::from_parts(85_000_000, 82022)
			.saturating_add(T::DbWeight::get().reads(14_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	fn reverse() -> Weight {
		Weight::from_parts(70_000_000, 4687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(9_u64))
	}
	fn pay() -> Weight {
		Weight::from_parts(120_000_000, 6208)
			.saturating_add(T::DbWeight::get().reads(12_u64))
			.saturating_add(T::DbWeight::get().writes(10_u64))
	}
	fn declare_payment() -> Weight {
		Weight::from_parts(70_000_000, 4687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn confirm_payment() -> Weight {
		Weight::from_parts(50_000_000, 4687)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	fn deny_payment() -> Weight {
		Weight::from_parts(65_000_000, 4687)
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn open_cycle() -> Weight {
		Weight::from_parts(55_000_000, 60000)
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	/// An obligation is read and written, and with some hundred others a word of each list.
	fn advance_cycle(n: u32, ) -> Weight {
		Weight::from_parts(3000000000, 120000)
			.saturating_add(Weight::from_parts(45000000, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(20_u64))
			.saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(12_u64))
			.saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2700).saturating_mul(n.into()))
	}
	/// Three keys of the assets and one of the cycle are read and written for each organisation.
	fn settle_cycle(n: u32, ) -> Weight {
		Weight::from_parts(400000000, 120000)
			.saturating_add(Weight::from_parts(150000000, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(10_u64))
			.saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(8_u64))
			.saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5800).saturating_mul(n.into()))
	}
	/// The balance of each of up to 1024 debtors is read.
	fn fund_late(n: u32, ) -> Weight {
		Weight::from_parts(12000000000, 120000)
			.saturating_add(Weight::from_parts(120000000, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1034_u64))
			.saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(8_u64))
			.saturating_add(T::DbWeight::get().writes((4_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5800).saturating_mul(n.into()))
	}
	/// A record about the debtor, and its balance.
	fn name_defaulters(n: u32, ) -> Weight {
		Weight::from_parts(4000000000, 120000)
			.saturating_add(Weight::from_parts(120000000, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(14_u64))
			.saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(10_u64))
			.saturating_add(T::DbWeight::get().writes((2_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5800).saturating_mul(n.into()))
	}
}

// For mocks.
impl WeightInfo for () {
	fn create_currency() -> Weight {
		Weight::from_parts(50_000_000, 4687)
			.saturating_add(RocksDbWeight::get().reads(7_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	fn deposit() -> Weight {
		Weight::from_parts(75_000_000, 6208)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn request_withdrawal() -> Weight {
		Weight::from_parts(95_000_000, 6208)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
	}
	fn complete_withdrawal() -> Weight {
		Weight::from_parts(85_000_000, 6208)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn return_withdrawal() -> Weight {
		Weight::from_parts(95_000_000, 6208)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn hold_price() -> Weight {
		Weight::from_parts(100_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(16_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn release_price() -> Weight {
		Weight::from_parts(100_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(14_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn capture_price() -> Weight {
		Weight::from_parts(140_000_000, 6208)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(12_u64))
	}
	fn state_usage() -> Weight {
		Weight::from_parts(60_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn dispute_usage() -> Weight {
		Weight::from_parts(60_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn restate_usage() -> Weight {
		Weight::from_parts(60_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn rule_usage() -> Weight {
		Weight::from_parts(55_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(9_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn bill() -> Weight {
		Weight::from_parts(85_000_000, 82022)
			.saturating_add(RocksDbWeight::get().reads(14_u64))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
	}
	fn reverse() -> Weight {
		Weight::from_parts(70_000_000, 4687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(9_u64))
	}
	fn pay() -> Weight {
		Weight::from_parts(120_000_000, 6208)
			.saturating_add(RocksDbWeight::get().reads(12_u64))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
	}
	fn declare_payment() -> Weight {
		Weight::from_parts(70_000_000, 4687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn confirm_payment() -> Weight {
		Weight::from_parts(50_000_000, 4687)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(5_u64))
	}
	fn deny_payment() -> Weight {
		Weight::from_parts(65_000_000, 4687)
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
	}
	fn open_cycle() -> Weight {
		Weight::from_parts(55_000_000, 60000)
			.saturating_add(RocksDbWeight::get().reads(8_u64))
			.saturating_add(RocksDbWeight::get().writes(6_u64))
	}
	/// An obligation is read and written, and with some hundred others a word of each list.
	fn advance_cycle(n: u32, ) -> Weight {
		Weight::from_parts(3000000000, 120000)
			.saturating_add(Weight::from_parts(45000000, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(20_u64))
			.saturating_add(RocksDbWeight::get().reads((1_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(12_u64))
			.saturating_add(RocksDbWeight::get().writes((1_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 2700).saturating_mul(n.into()))
	}
	/// Three keys of the assets and one of the cycle are read and written for each organisation.
	fn settle_cycle(n: u32, ) -> Weight {
		Weight::from_parts(400000000, 120000)
			.saturating_add(Weight::from_parts(150000000, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(10_u64))
			.saturating_add(RocksDbWeight::get().reads((4_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
			.saturating_add(RocksDbWeight::get().writes((4_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5800).saturating_mul(n.into()))
	}
	/// The balance of each of up to 1024 debtors is read.
	fn fund_late(n: u32, ) -> Weight {
		Weight::from_parts(12000000000, 120000)
			.saturating_add(Weight::from_parts(120000000, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(1034_u64))
			.saturating_add(RocksDbWeight::get().reads((4_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(8_u64))
			.saturating_add(RocksDbWeight::get().writes((4_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5800).saturating_mul(n.into()))
	}
	/// A record about the debtor, and its balance.
	fn name_defaulters(n: u32, ) -> Weight {
		Weight::from_parts(4000000000, 120000)
			.saturating_add(Weight::from_parts(120000000, 0).saturating_mul(n.into()))
			.saturating_add(RocksDbWeight::get().reads(14_u64))
			.saturating_add(RocksDbWeight::get().reads((3_u64).saturating_mul(n.into())))
			.saturating_add(RocksDbWeight::get().writes(10_u64))
			.saturating_add(RocksDbWeight::get().writes((2_u64).saturating_mul(n.into())))
			.saturating_add(Weight::from_parts(0, 5800).saturating_mul(n.into()))
	}
}
