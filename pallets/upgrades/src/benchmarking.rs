//! Benchmarks: what the pallet costs in every block. Enacting takes the whole block whatever it costs.

#![cfg(feature = "runtime-benchmarks")]

use crate::*;
use frame_benchmarking::v2::*;
use frame_support::traits::Hooks;

#[benchmarks]
mod benchmarks {
    use super::*;

    /// Something is scheduled, but not due.
    #[benchmark(pov_mode = Measured)]
    fn on_initialize_idle() {
        Scheduled::<T>::put(ScheduledUpgrade { code: [0x5a; 32], block: u32::MAX });

        #[block]
        {
            Pallet::<T>::on_initialize(8u32.into());
        }

        assert!(Scheduled::<T>::exists());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
