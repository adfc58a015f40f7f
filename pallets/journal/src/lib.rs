//! # Journal
//!
//! The transparency log: every fact that matters to an auditor is one record here, a leaf of one append-only RFC 9162
//! tree. Domain pallets append through [`citynet_support::Journal`]; there are no calls.
//!
//! State holds the tree's right edge and nothing of the records themselves, except those of the current block, which the
//! next one clears. Every block puts the tree head into its header as a `DigestItem::Consensus`, so that whatever
//! finalises the header finalises the whole log.
//!
//! # Terminology
//!
//! * The *leaf* of a record is `SHA256(0x00 ‖ SCALE(record))`.
//! * The *head* of a subject is the count of its records and a chain hash over their leaves, by which a list of records is
//!   proven complete. Heads live here, or, when they are *held*, in the storage of the pallet that owns the subject.
//!
//! # Assumptions
//!
//! * This is the last pallet of the runtime: a record that another pallet appended in an `on_finalize` after this one's would
//!   be in the tree head of the next block only.
//! * `Config::MaxRecordsPerBlock` is more than fit into a block by weight. A call that appends fails where it is reached.
//!
//! # What it does not guarantee
//!
//! * That a fact is true or allowed: that is for the pallet which appends it.
//! * That a held head is advanced only here: whoever holds a head must pass it to `append_held` and write it back.
//! * Records appended by a migration that runs before `System::initialize` carry the number of the block before and are
//!   cleared before anybody reads them; they are in the tree all the same.

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
pub use types::{HostSha256, OpenBlock};
pub use weights::WeightInfo;

#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use citynet_merkle::RightEdge;
    use citynet_primitives::{Entry, Subject, SubjectHead, TREE_HEAD_ENGINE};
    use citynet_support::{Clock, HeldHeads};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_runtime::DigestItem;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// The time that records carry.
        type Clock: Clock;

        /// Where to find the heads that other pallets hold.
        type HeldHeads: HeldHeads;

        /// How many records one block takes.
        #[pallet::constant]
        type MaxRecordsPerBlock: Get<u32>;

        /// Measured weights.
        type WeightInfo: WeightInfo;
    }

    /// The right edge of the tree over all records: its size and at most 64 hashes.
    #[pallet::storage]
    pub type Edge<T: Config> = StorageValue<_, RightEdge, ValueQuery>;

    /// The edge as it was before the first record of [`RecordsBlock`], so that the step from there can be recomputed.
    #[pallet::storage]
    pub type EdgeBefore<T: Config> = StorageValue<_, RightEdge, ValueQuery>;

    /// The latest block that wrote a record, and the index of its first one.
    #[pallet::storage]
    pub type RecordsBlock<T: Config> = StorageValue<_, OpenBlock<BlockNumberFor<T>>, ValueQuery>;

    /// The records of the current block, in order. Cleared by the next one.
    #[pallet::storage]
    pub type Records<T: Config> = StorageValue<_, BoundedVec<Entry, T::MaxRecordsPerBlock>, ValueQuery>;

    /// The heads of the subjects that no other pallet holds.
    #[pallet::storage]
    pub type Heads<T: Config> = StorageMap<_, Blake2_128Concat, Subject, SubjectHead, ValueQuery>;

    #[pallet::error]
    pub enum Error<T> {
        /// The block holds as many records as it may.
        TooManyRecords,
        /// A record is about more subjects than it may be.
        TooManySubjects,
        /// A record names the same subject twice.
        DuplicateSubject,
        /// The log has 2^64 − 1 records and takes no more.
        LogFull,
        /// The number of the block does not fit the 32 bits that a record has for it.
        BlockNumberOverflow,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Clears what the block before wrote, but not what an earlier hook of this block did.
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::clear_before(now);
            T::WeightInfo::on_initialize().saturating_add(T::WeightInfo::on_finalize())
        }

        /// Puts the tree head into the header.
        fn on_finalize(_: BlockNumberFor<T>) {
            let head = DigestItem::Consensus(TREE_HEAD_ENGINE, Self::tree_head().encode());
            frame_system::Pallet::<T>::deposit_log(head);
        }

        fn integrity_test() {
            assert!(T::MaxRecordsPerBlock::get() > 0, "a journal that takes no records is of no use");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
