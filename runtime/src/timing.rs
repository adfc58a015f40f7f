//! The length of a slot, chosen once at genesis.
//!
//! Aura and the timestamp inherent both need it: a slot is [`SlotLength`] milliseconds long, and two blocks are at
//! least [`MinimumPeriod`], half of that, apart. It is state rather than a constant so that one runtime serves a
//! network on one machine (1 s) and one across a city (2 s).
//!
//! # What it does not guarantee
//!
//! Nothing changes it after genesis, and nothing may: slots are counted from 1970, so another length would renumber
//! them and the chain would refuse its own next block.

pub use pallet::*;

use frame_support::traits::Get;

/// The length of a slot in milliseconds, for `pallet_aura::Config::SlotDuration`.
pub struct SlotLength<T>(core::marker::PhantomData<T>);

impl<T: Config> Get<u64> for SlotLength<T> {
    fn get() -> u64 {
        SlotDuration::<T>::get()
    }
}

/// The least time between two blocks in milliseconds, half a slot, for `pallet_timestamp::Config::MinimumPeriod`.
pub struct MinimumPeriod<T>(core::marker::PhantomData<T>);

impl<T: Config> Get<u64> for MinimumPeriod<T> {
    fn get() -> u64 {
        SlotDuration::<T>::get() / 2
    }
}

/// The pallet.
#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::pallet_prelude::*;

    /// The slot's length where genesis does not say: one second.
    pub const DEFAULT_SLOT_DURATION: u64 = 1_000;

    /// The lengths that genesis may choose. Below, the block weight does not fit into the part of the slot in which a
    /// block is made.
    pub const SLOT_DURATIONS: core::ops::RangeInclusive<u64> = 1_000..=60_000;

    /// The pallet's type.
    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Nothing to provide.
    #[pallet::config]
    pub trait Config: frame_system::Config {}

    /// The slot's length where genesis does not say.
    #[pallet::type_value]
    pub fn DefaultSlotDuration() -> u64 {
        DEFAULT_SLOT_DURATION
    }

    /// The length of a slot in milliseconds.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type SlotDuration<T> = StorageValue<_, u64, ValueQuery, DefaultSlotDuration>;

    /// The state of block 0.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The length of a slot in milliseconds, even and between 1 s and 60 s.
        pub slot_duration: u64,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { slot_duration: DEFAULT_SLOT_DURATION, _config: PhantomData }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                SLOT_DURATIONS.contains(&self.slot_duration) && self.slot_duration.is_multiple_of(2),
                "a slot lasts an even number of milliseconds between 1000 and 60000"
            );
            SlotDuration::<T>::put(self.slot_duration);
        }
    }
}
