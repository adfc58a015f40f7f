//! Devices, the epochs of their keys, and attested batches of readings.
//!
//! An organisation's registrar registers a device with a public key whose possession it proves. The device then signs
//! *batches*: runs of readings under one RFC 9162 root. An attestor submits them; what passes becomes a record of the
//! journal, so that any reading can later be proven against the chain's headers.
//!
//! # Terminology
//!
//! * An *epoch* numbers a device's keys from 0. Rotation begins the next one; for an *overlap* the key before still
//!   signs, so that batches on their way are not lost.
//! * *Sequence numbers* number a device's readings from 0 and never repeat. A *gap* (readings that were lost) is taken
//!   only when the batch after it declares its exact length.
//! * *Distrust* marks a device's observations as doubtful from a time on. It can only be moved to an earlier time.
//!
//! # Assumptions
//!
//! * The journal refuses an append without having written anything, so a refused item of `attest_many` leaves no trace
//!   but its event.
//! * Block time is right to within a few seconds: expiry, windows and overlaps are measured by it.
//! * Weights are measured in the runtime with its real journal and membership. They contain the append of the record;
//!   `Journal::append_weight` is not added to them.
//!
//! # What it does not guarantee
//!
//! It never sees readings. That a root has `count` leaves, that they lie in the window, and that a sensor measured
//! what it says are claims of the device, signed and kept for whoever holds the readings to check.
//!
//! # State
//!
//! One value per device, one per key ever registered, nothing per batch. A batch reads and writes its device's value
//! once; beyond that it touches only the keys that the journal touches once per block.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod algorithms;
#[cfg(feature = "runtime-benchmarks")]
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
pub use types::AttestItem;
pub use weights::WeightInfo;

/// The pallet.
#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::{
        algorithms::{self, AlgorithmStatus, Registry},
        AttestItem, WeightInfo,
    };
    use alloc::vec::Vec;
    use citynet_primitives::{
        AlgorithmId, Batch, DeviceId, DeviceInfo, DeviceKey, DeviceProfile, Epoch, Hash, Moment, OrganisationId,
        Signature, Text,
    };
    use citynet_support::{Clock, Genesis, Journal, Membership};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_runtime::SaturatedConversion;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet's type.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the runtime provides.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who stands behind an account.
        type Membership: Membership<Self::AccountId>;
        /// Where facts are recorded.
        type Journal: Journal;
        /// The hash that binds signed statements to this chain.
        type Genesis: Genesis;
        /// The time of the block.
        type Clock: Clock;
        /// The most batches that one `attest_many` may carry.
        #[pallet::constant]
        type MaxBatchesPerCall: Get<u32>;
        /// By how many milliseconds an observation may lie ahead of the block's time: what device clocks may be off.
        #[pallet::constant]
        type MaxWindowAhead: Get<Moment>;
        /// The longest, in milliseconds, that a signed batch may still be valid when it arrives. Apart from
        /// [`Config::MaxWindowAhead`], because a batch waits for longer than a clock is wrong.
        #[pallet::constant]
        type MaxExpiryAhead: Get<Moment>;
        /// The longest, in milliseconds, that a key may sign after it was replaced.
        #[pallet::constant]
        type MaxOverlap: Get<Moment>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Every device ever registered.
    #[pallet::storage]
    pub type Devices<T: Config> = StorageMap<_, Blake2_128Concat, DeviceId, DeviceInfo>;

    /// How many devices were ever registered; the last one has this number.
    #[pallet::storage]
    pub type DeviceCount<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// The device of every key ever registered, by `SHA256(algorithm, u16 little-endian ‖ public key)`. Nothing is ever
    /// removed, so that a proof of possession works once and a key names one device for all time.
    #[pallet::storage]
    pub type KeyOwners<T: Config> = StorageMap<_, Blake2_128Concat, Hash, DeviceId>;

    /// The signature algorithms and what each is good for.
    #[pallet::storage]
    pub type Algorithms<T: Config> = StorageValue<_, Registry, ValueQuery>;

    /// The state of block 0.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// The registry. By default Ed25519 is accepted and nothing else is known.
        pub algorithms: Vec<(AlgorithmId, AlgorithmStatus)>,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { algorithms: Vec::from([(AlgorithmId::ED25519, AlgorithmStatus::Accepted)]), _config: PhantomData }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let mut registry = Registry::new();
            for (algorithm, status) in &self.algorithms {
                assert!(
                    *status == AlgorithmStatus::Rejected || algorithms::is_implemented(*algorithm),
                    "genesis admits an algorithm that the runtime cannot verify"
                );
                let inserted = registry.try_insert(*algorithm, *status);
                assert!(matches!(inserted, Ok(None)), "genesis names an algorithm twice, or more than fit");
            }
            Algorithms::<T>::put(registry);
        }
    }

    /// What happened. `record` is the position in the journal of the record that says so.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A device was registered.
        DeviceRegistered {
            /// Its number.
            device: DeviceId,
            /// The organisation that answers for it.
            owner: OrganisationId,
            /// The record.
            record: u64,
        },
        /// A device has a new key.
        DeviceKeyRotated {
            /// The device.
            device: DeviceId,
            /// The epoch that began.
            epoch: Epoch,
            /// The record.
            record: u64,
        },
        /// A device's batches are refused from now on.
        DeviceSuspended {
            /// The device.
            device: DeviceId,
            /// The record.
            record: u64,
        },
        /// A device's batches are accepted again.
        DeviceResumed {
            /// The device.
            device: DeviceId,
            /// The record.
            record: u64,
        },
        /// A device will never attest again.
        DeviceRetired {
            /// The device.
            device: DeviceId,
            /// The record.
            record: u64,
        },
        /// A device's observations are in doubt.
        DeviceDistrusted {
            /// The device.
            device: DeviceId,
            /// The record.
            record: u64,
        },
        /// A batch was attested.
        BatchAttested {
            /// The device that signed it.
            device: DeviceId,
            /// The sequence number of its first reading.
            first_sequence: u64,
            /// The number of its readings.
            count: u32,
            /// The record.
            record: u64,
        },
        /// A batch of an `attest_many` was refused; the others are not affected.
        BatchRefused {
            /// Its position in the call, from 0.
            position: u32,
            /// The device that it names.
            device: DeviceId,
            /// Its first sequence number.
            first_sequence: u64,
            /// Why.
            error: DispatchError,
        },
    }

    /// Why a call, or a batch of an `attest_many`, was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// There is no such device.
        NotFound,
        /// The device belongs to another organisation.
        NotOwner,
        /// The registry does not know the key's algorithm.
        UnknownAlgorithm,
        /// The registry does not admit the key's algorithm, or not any more.
        AlgorithmNotAccepted,
        /// The public key has the wrong length, is not a canonical point, or is weak.
        InvalidKey,
        /// The proof is not the key's signature over the possession statement.
        InvalidProofOfPossession,
        /// The proof of possession expired.
        ProofExpired,
        /// The key is, or once was, the key of a device.
        KeyAlreadyRegistered,
        /// A text is empty, not UTF-8, or not a geohash where it must be one.
        InvalidText,
        /// The device observes nothing.
        NoProperties,
        /// The calibration ends before it begins.
        CalibrationReversed,
        /// The overlap is longer than `MaxOverlap`.
        OverlapTooLong,
        /// No device can be registered, or key rotated, any more: the numbers are used up.
        NumbersExhausted,
        /// The device is suspended.
        DeviceSuspended,
        /// The device is retired.
        DeviceRetired,
        /// The device is not suspended.
        NotSuspended,
        /// The device is suspended already.
        AlreadySuspended,
        /// Distrust cannot begin in the future.
        DistrustInFuture,
        /// The device is distrusted from that time, or an earlier one, already.
        AlreadyDistrusted,
        /// The batch has no reading.
        EmptyBatch,
        /// The format of the batch's leaves is unknown.
        UnknownSchema,
        /// The device has no key of that epoch yet.
        UnknownEpoch,
        /// The key of that epoch was replaced and its overlap is over.
        EpochExpired,
        /// The signature is not that of the epoch's key over the batch.
        InvalidSignature,
        /// The batch expired before it arrived.
        BatchExpired,
        /// The batch would be valid for longer than `MaxExpiryAhead`.
        ExpiryTooFar,
        /// The window ends before it begins.
        WindowReversed,
        /// The window ends further in the future than `MaxWindowAhead`.
        WindowInFuture,
        /// Every sequence number of the batch was attested or declared missing before.
        SequenceReplayed,
        /// Some of the batch's sequence numbers were attested or declared missing before.
        SequenceOverlap,
        /// The batch leaves a gap and declares none.
        UndeclaredGap,
        /// The batch declares another gap than it leaves.
        WrongGap,
        /// The batch's sequence numbers do not fit in 64 bits.
        SequenceOverflow,
        /// The window reaches into the time for which the device is distrusted.
        DeviceDistrusted,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    /// Device management is for accounts with the role registrar, attestation for those with the role attestor, of the
    /// organisation that owns the device. What [`Membership::ensure`] refuses, every call refuses first.
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a device of the caller's organisation under the next number. Its key has epoch 0, its first
        /// sequence number is 0.
        ///
        /// `proof` is the key's signature over [`citynet_primitives::PossessionStatement`] with device 0, epoch 0 and
        /// `expires` in milliseconds since 1970.
        ///
        /// Origin: signed by a registrar. Event: [`Event::DeviceRegistered`].
        ///
        /// Errors: `InvalidText`, `NoProperties`, `CalibrationReversed`, `UnknownAlgorithm`, `AlgorithmNotAccepted`,
        /// `ProofExpired`, `InvalidKey`, `KeyAlreadyRegistered`, `InvalidProofOfPossession`, `NumbersExhausted`, and
        /// those of the membership and the journal.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            profile: DeviceProfile,
            key: DeviceKey,
            proof: Signature,
            expires: Moment,
        ) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let (device, record) = Self::do_register(&author, profile, key, &proof, expires)?;
            Self::deposit_event(Event::DeviceRegistered { device, owner: author.organisation, record });
            Ok(())
        }

        /// Gives a device its next key. The key before signs for `overlap` more milliseconds of block time (0: from
        /// this call on it does not); a key before that stops at once. A suspended device may rotate, since that is how
        /// a device with a leaked key comes back.
        ///
        /// `proof` is the new key's signature over [`citynet_primitives::PossessionStatement`] with the device's number
        /// and the epoch that begins. The key before is not asked: it may be lost.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DeviceKeyRotated`].
        ///
        /// Errors: `NotFound`, `NotOwner`, `DeviceRetired`, `OverlapTooLong`, `NumbersExhausted`, `UnknownAlgorithm`,
        /// `AlgorithmNotAccepted`, `ProofExpired`, `InvalidKey`, `KeyAlreadyRegistered`, `InvalidProofOfPossession`,
        /// and those of the membership and the journal.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::rotate_key())]
        pub fn rotate_key(
            origin: OriginFor<T>,
            device: DeviceId,
            key: DeviceKey,
            proof: Signature,
            expires: Moment,
            overlap: Moment,
        ) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let (epoch, record) = Self::do_rotate_key(&author, device, key, &proof, expires, overlap)?;
            Self::deposit_event(Event::DeviceKeyRotated { device, epoch, record });
            Ok(())
        }

        /// Refuses a device's batches until it resumes. `reason` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DeviceSuspended`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotOwner`, `DeviceRetired`, `AlreadySuspended`, and those of the
        /// membership and the journal.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, device: DeviceId, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_suspend(&author, device, reason)?;
            Self::deposit_event(Event::DeviceSuspended { device, record });
            Ok(())
        }

        /// Takes a suspended device's batches again, also those that it signed meanwhile. `reason` is text for people,
        /// not empty.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DeviceResumed`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotOwner`, `DeviceRetired`, `NotSuspended`, and those of the membership
        /// and the journal.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::resume())]
        pub fn resume(origin: OriginFor<T>, device: DeviceId, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_resume(&author, device, reason)?;
            Self::deposit_event(Event::DeviceResumed { device, record });
            Ok(())
        }

        /// Refuses a device's batches for good. `reason` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DeviceRetired`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotOwner`, `DeviceRetired`, and those of the membership and the journal.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::retire())]
        pub fn retire(origin: OriginFor<T>, device: DeviceId, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_retire(&author, device, reason)?;
            Self::deposit_event(Event::DeviceRetired { device, record });
            Ok(())
        }

        /// Says that what a device observed at or after `since` is not to be trusted. Records stay; batches that reach
        /// into that time are refused. Nothing takes it back; only an earlier `since` replaces a later one. Possible
        /// for a device of any status. `reason` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DeviceDistrusted`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotOwner`, `DistrustInFuture`, `AlreadyDistrusted`, and those of the
        /// membership and the journal.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::distrust())]
        pub fn distrust(origin: OriginFor<T>, device: DeviceId, since: Moment, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_distrust(&author, device, since, reason)?;
            Self::deposit_event(Event::DeviceDistrusted { device, record });
            Ok(())
        }

        /// Attests a batch. `signature` is the device's over [`citynet_primitives::BatchStatement`].
        ///
        /// Origin: signed by an attestor of the owner. Event: [`Event::BatchAttested`].
        ///
        /// Errors: `EmptyBatch`, `UnknownSchema`, `WindowReversed`, `WindowInFuture`, `BatchExpired`, `ExpiryTooFar`,
        /// `SequenceOverflow`, `NotFound`, `NotOwner`, `DeviceRetired`, `DeviceSuspended`, `DeviceDistrusted`,
        /// `UnknownEpoch`, `EpochExpired`, `SequenceReplayed`, `SequenceOverlap`, `UndeclaredGap`, `WrongGap`,
        /// `UnknownAlgorithm`, `AlgorithmNotAccepted`, `InvalidSignature`, and those of the membership and the journal.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::attest())]
        pub fn attest(origin: OriginFor<T>, batch: Batch, signature: Signature) -> DispatchResult {
            let author = Self::ensure_attestor(origin)?;
            let admitted = Self::admit(&author, &Algorithms::<T>::get(), &batch)?;
            Self::accept(&author, admitted, batch, signature)
        }

        /// Attests batches one after the other, of one or several devices. Each is accepted or refused by itself, as
        /// if it came in an [`Pallet::attest`] of its own: the call succeeds and says per item what happened.
        ///
        /// Origin: signed by an attestor. Events, one per item and in their order: [`Event::BatchAttested`] or
        /// [`Event::BatchRefused`] with one of the errors of [`Pallet::attest`].
        ///
        /// Errors: those of the membership. The weight of signatures that were never looked at is given back.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::attest_many(batches.len().saturated_into()))]
        pub fn attest_many(
            origin: OriginFor<T>,
            batches: BoundedVec<AttestItem, T::MaxBatchesPerCall>,
        ) -> DispatchResultWithPostInfo {
            let author = Self::ensure_attestor(origin)?;
            let used = Self::do_attest_many(&author, batches);
            Ok(Some(used).into())
        }
    }
}
