//! # Upgrades
//!
//! New code of the runtime does not replace the old one at once: it is scheduled, and becomes the runtime some blocks
//! later. A node that executes the block after that needs the new code compiled, which takes seconds, and every call of
//! the runtime waits for it. A node that sees the code beforehand compiles it beside its work, and no slot passes.
//!
//! The runtime names this pallet as `frame_system::Config::OnSetCode`. So whatever sets code, by whichever call, ends
//! here; there are no calls.
//!
//! # Terminology
//!
//! * Code is *scheduled* when the chain has taken it and its block is to come.
//! * It is *enacted* by the block whose execution replaces `:code`. That block still runs on the old code, the blocks
//!   after it on the new one.
//!
//! # Assumptions
//!
//! * Whoever calls `SetCode` has made sure that the code may become the runtime: frame_system has, before it does.
//! * `Config::UpgradeDelay` is longer than a node needs to compile the code.
//!
//! # What it does not guarantee
//!
//! * That every node has compiled the code in time. One that has not does it where the SDK does: before the first block
//!   on the new code.
//! * A way back: what is scheduled is enacted, unless root removes it from storage.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::ScheduledUpgrade;
pub use weights::WeightInfo;

#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use citynet_primitives::Hash;
    use citynet_support::Journal;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Where it is recorded what will become the runtime, and when.
        type Journal: Journal;

        /// How many blocks after the one that took the code the code is enacted.
        #[pallet::constant]
        type UpgradeDelay: Get<u32>;

        /// How many bytes code may have.
        #[pallet::constant]
        type MaxCode: Get<u32>;

        /// Measured weights.
        type WeightInfo: WeightInfo;
    }

    /// Which code is to become the runtime, and when. Nodes read it to compile the code beforehand.
    #[pallet::storage]
    pub type Scheduled<T: Config> = StorageValue<_, ScheduledUpgrade>;

    /// The code itself, compressed or not, as it was sent. Apart from [`Scheduled`], which every block reads.
    #[pallet::storage]
    pub type Code<T: Config> = StorageValue<_, BoundedVec<u8, T::MaxCode>>;

    /// What happened. `record` is the position in the journal of the record that says so.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Code is to become the runtime.
        UpgradeScheduled {
            /// Blake2b-256 of the code.
            code: Hash,
            /// The block whose execution replaces the old code. The blocks after it run on the new one.
            block: u32,
            /// The record.
            record: u64,
        },
        /// Code became the runtime of the blocks after this one.
        UpgradeEnacted {
            /// Blake2b-256 of the code.
            code: Hash,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// Other code is scheduled already, and must be enacted first.
        AlreadyScheduled,
        /// The code has more bytes than it may.
        TooLarge,
        /// The block of the upgrade would have a number beyond 32 bits.
        BlockNumberOverflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Enacts what is due.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::enact_when_due(now)
        }

        fn integrity_test() {
            assert!(T::UpgradeDelay::get() > 0, "without a delay, code would be enacted by no block");
            assert!(T::MaxCode::get() > 0, "an upgrade without code is of no use");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
