//! The lengths of a slot and of a session, chosen once at genesis.
//!
//! Aura and the timestamp inherent both need the slot's: a slot is [`SlotLength`] milliseconds long, and two blocks are
//! at least [`MinimumPeriod`], half of that, apart. A session is [`SessionPeriod`] blocks long; a new set of validators
//! applies two sessions after it was decided. Both are state rather than constants so that one runtime serves a network
//! on one machine (1 s) and one across a city (2 s), and a rehearsal need not wait twenty minutes for a new validator.
//!
//! # What it does not guarantee
//!
//! Nothing changes a slot's length after genesis, and nothing may: slots are counted from 1970, so another length would
//! renumber them and the chain would refuse its own next block.

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

/// The length of a session in blocks, for `pallet_session::PeriodicSessions`.
pub struct SessionPeriod<T>(core::marker::PhantomData<T>);

impl<T: Config> Get<u32> for SessionPeriod<T> {
    fn get() -> u32 {
        SessionLength::<T>::get()
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

    /// The session's length where genesis does not say: ten minutes with slots of one second.
    pub const DEFAULT_SESSION_LENGTH: u32 = 600;

    /// The lengths of a session that genesis may choose. The first block of a session takes no transactions, because its
    /// weight is spent on the change; so short sessions cost throughput.
    pub const SESSION_LENGTHS: core::ops::RangeInclusive<u32> = 10..=14_400;

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

    /// The session's length where genesis does not say.
    #[pallet::type_value]
    pub fn DefaultSessionLength() -> u32 {
        DEFAULT_SESSION_LENGTH
    }

    /// The length of a session in blocks.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type SessionLength<T> = StorageValue<_, u32, ValueQuery, DefaultSessionLength>;

    /// The state of block 0.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The length of a slot in milliseconds, even and between 1 s and 60 s.
        pub slot_duration: u64,
        /// The length of a session in blocks, between 10 and 14,400.
        pub session_length: u32,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { slot_duration: DEFAULT_SLOT_DURATION, session_length: DEFAULT_SESSION_LENGTH, _config: PhantomData }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            assert!(
                SLOT_DURATIONS.contains(&self.slot_duration) && self.slot_duration.is_multiple_of(2),
                "a slot lasts an even number of milliseconds between 1000 and 60000"
            );
            assert!(SESSION_LENGTHS.contains(&self.session_length), "a session lasts between 10 and 14400 blocks");
            SlotDuration::<T>::put(self.slot_duration);
            SessionLength::<T>::put(self.session_length);
        }
    }
}
