//! The catalogue: datasets, the devices that feed them, their versions, and what these were made from.
//!
//! An organisation's registrar registers a dataset, says which of its devices feed it, and publishes versions of it. A
//! version names its content by SHA-256 and everything that it was made from. What belongs to another organisation can
//! be named only together with a grant that allows that use in this very block, so that lineage is not just written
//! down but lawful.
//!
//! # Terminology
//!
//! * A *dataset* is a stream of readings, a snapshot, something derived, or a model; this never changes.
//! * A *version* is one content of a dataset. Versions are numbered from 1 and never replaced. One that turns out to be
//!   wrong is *flagged* as faulty from a time on, and stays.
//! * A *source* is what a version was made from: a version, attested readings of a device, or something that the ledger
//!   does not know. It is *foreign* where the dataset or device belongs to another organisation than the publisher.
//!
//! # Assumptions
//!
//! * A device never changes its owner. Then the devices of a dataset are always its owner's: they are so when they are
//!   added, and a dataset is taken over only when nothing feeds it.
//! * The journal refuses an append without having written anything.
//! * Weights are measured in the runtime with its real journal, membership, devices and grants. They contain the append
//!   of the record; `Journal::append_weight` is not added to them.
//!
//! # What it does not guarantee
//!
//! It never sees data. That the content has that hash, that it was made from those sources and by that code, and that
//! nothing else went into it are claims of the publisher, who cannot take them back. A foreign source that the
//! publisher does not name, or names as something that the ledger does not know, is not found here. A grant that ends
//! later does not undo a version that was published while it was in force.
//!
//! # State
//!
//! One value per dataset, one per dataset and device that feeds it, and a small one per version; all else that a
//! version says is in its record.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
mod lineage;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::SourceDenied;
pub use weights::WeightInfo;

/// The pallet.
#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::{SourceDenied, WeightInfo};
    use citynet_primitives::{
        DatasetId, DatasetInfo, DatasetKind, DatasetProfile, DeviceId, Devices, Moment, OrganisationId, Text,
        VersionContent, VersionInfo,
    };
    use citynet_support::{Access, Clock, DeviceRegister, Journal, Membership};
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
        /// The time of the block.
        type Clock: Clock;
        /// The devices.
        type Devices: DeviceRegister;
        /// Who may use which data of others.
        type Access: Access;
        /// The most devices that may feed one dataset.
        #[pallet::constant]
        type MaxDevicesPerDataset: Get<u32>;
        /// By how many milliseconds an observation may lie ahead of the block's time: what clocks may be off.
        #[pallet::constant]
        type MaxTimeAhead: Get<Moment>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Every dataset ever registered.
    #[pallet::storage]
    pub type Datasets<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, DatasetInfo>;

    /// How many datasets were ever registered; the last one has this number.
    #[pallet::storage]
    pub type DatasetCount<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Which devices feed which dataset. Apart from [`Datasets`], because there can be thousands.
    #[pallet::storage]
    pub type FedBy<T: Config> = StorageDoubleMap<_, Blake2_128Concat, DatasetId, Blake2_128Concat, DeviceId, ()>;

    /// Every version ever published.
    #[pallet::storage]
    pub type Versions<T: Config> = StorageDoubleMap<_, Blake2_128Concat, DatasetId, Blake2_128Concat, u32, VersionInfo>;

    /// What happened. `record` is the position in the journal of the record that says so.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A dataset was registered.
        DatasetRegistered {
            /// Its number.
            dataset: DatasetId,
            /// The organisation that answers for it.
            owner: OrganisationId,
            /// The record.
            record: u64,
        },
        /// What is said about a dataset changed.
        DatasetChanged {
            /// The dataset.
            dataset: DatasetId,
            /// The record.
            record: u64,
        },
        /// Other devices feed a dataset from now on.
        DatasetDevicesChanged {
            /// The dataset.
            dataset: DatasetId,
            /// The record.
            record: u64,
        },
        /// A dataset is offered to another organisation, or to nobody any more.
        DatasetOffered {
            /// The dataset.
            dataset: DatasetId,
            /// To whom.
            to: Option<OrganisationId>,
            /// The record.
            record: u64,
        },
        /// A dataset belongs to another organisation.
        DatasetTransferred {
            /// The dataset.
            dataset: DatasetId,
            /// Its owner before.
            from: OrganisationId,
            /// Its owner from now on.
            to: OrganisationId,
            /// The record.
            record: u64,
        },
        /// A dataset has another version.
        VersionPublished {
            /// The dataset.
            dataset: DatasetId,
            /// The version's number.
            version: u32,
            /// The record.
            record: u64,
        },
        /// A version's content is faulty.
        VersionFlagged {
            /// The dataset.
            dataset: DatasetId,
            /// The version's number.
            version: u32,
            /// The record.
            record: u64,
        },
    }

    /// Why a call was refused. A number that an error carries is the position, from 0, of the source that it is about.
    #[pallet::error]
    pub enum Error<T> {
        /// There is no such dataset.
        NotFound,
        /// The dataset belongs to another organisation.
        NotOwner,
        /// A text is not UTF-8, or empty where it must not be.
        InvalidText,
        /// Everything would stay as it is.
        NothingChanged,
        /// No dataset can be registered, or version published, any more: the numbers are used up.
        NumbersExhausted,
        /// A device is named twice.
        NamedTwice,
        /// There is no such device.
        UnknownDevice,
        /// The device belongs to another organisation.
        NotOwnerOfDevice,
        /// The device feeds the dataset already.
        AlreadyFeeds,
        /// The device does not feed the dataset.
        DoesNotFeed,
        /// More devices than `MaxDevicesPerDataset` would feed the dataset.
        TooManyDevices,
        /// The recipient is the owner.
        RecipientIsOwner,
        /// The recipient is no active member.
        RecipientInactive,
        /// The dataset is not offered to the caller's organisation.
        NotOffered,
        /// Devices still feed the dataset. They stay with their owner, who removes them first.
        StillFed,
        /// The version has no content.
        EmptyContent,
        /// The observations end before they begin.
        WindowReversed,
        /// The observations end further in the future than `MaxTimeAhead`.
        WindowInFuture,
        /// A source is named twice.
        SourceNamedTwice,
        /// What is derived, or a model, must be made from something.
        NoSources,
        /// There is no such version, or no such device.
        UnknownSource(u8),
        /// The readings end before they begin.
        SequencesReversed(u8),
        /// The device has not attested that many readings yet.
        SequencesNotAttested(u8),
        /// The source is the publisher's own, so that no grant can be needed for it.
        GrantNotNeeded(u8),
        /// The source is another organisation's, and the publisher may not use it so.
        SourceDenied(SourceDenied),
        /// The dataset has no such version.
        UnknownVersion,
        /// A fault cannot begin in the future.
        FaultInFuture,
        /// The version is flagged from that time, or an earlier one, already.
        AlreadyFlagged,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    /// All of it is for accounts with the role registrar of the organisation that owns the dataset, but for
    /// [`Pallet::take`]. What [`Membership::ensure`] refuses, every call refuses first.
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a dataset of the caller's organisation under the next number. It has no version yet.
        ///
        /// Origin: signed by a registrar. Event: [`Event::DatasetRegistered`].
        ///
        /// Errors: `InvalidText`, `NumbersExhausted`, and those of the membership and the journal.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register())]
        pub fn register(origin: OriginFor<T>, kind: DatasetKind, profile: DatasetProfile) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let (dataset, record) = Self::do_register(&author, kind, profile)?;
            Self::deposit_event(Event::DatasetRegistered { dataset, owner: author.organisation, record });
            Ok(())
        }

        /// Says something else about a dataset. A dataset that becomes more sensitive may be more than its grants
        /// suffice for; they allow nothing then.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DatasetChanged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotOwner`, `NothingChanged`, and those of the membership and the
        /// journal.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::change())]
        pub fn change(origin: OriginFor<T>, dataset: DatasetId, profile: DatasetProfile) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_change(&author, dataset, profile)?;
            Self::deposit_event(Event::DatasetChanged { dataset, record });
            Ok(())
        }

        /// Lets devices of the owner feed a dataset from now on, and others not any more. What a device attested
        /// belongs to the datasets that it feeds now, whenever it was observed.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DatasetDevicesChanged`].
        ///
        /// Errors: `NothingChanged`, `NamedTwice`, `NotFound`, `NotOwner`, `DoesNotFeed`, `UnknownDevice`,
        /// `NotOwnerOfDevice`, `AlreadyFeeds`, `TooManyDevices`, and those of the membership and the journal.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_devices(add.len().saturating_add(remove.len()).saturated_into()))]
        pub fn set_devices(origin: OriginFor<T>, dataset: DatasetId, add: Devices, remove: Devices) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_set_devices(&author, dataset, add, remove)?;
            Self::deposit_event(Event::DatasetDevicesChanged { dataset, record });
            Ok(())
        }

        /// Offers a dataset to another organisation, or takes the offer back with `None`. An offer has no end; a new
        /// one replaces it.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::DatasetOffered`].
        ///
        /// Errors: `NotFound`, `NotOwner`, `NothingChanged`, `RecipientIsOwner`, `RecipientInactive`, and those of the
        /// membership and the journal.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::offer())]
        pub fn offer(origin: OriginFor<T>, dataset: DatasetId, to: Option<OrganisationId>) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_offer(&author, dataset, to)?;
            Self::deposit_event(Event::DatasetOffered { dataset, to, record });
            Ok(())
        }

        /// Takes over a dataset that is offered to the caller's organisation, with all its versions. Devices do not
        /// change hands with it, so its owner must have removed them.
        ///
        /// Origin: signed by a registrar of the organisation that it is offered to. Event:
        /// [`Event::DatasetTransferred`].
        ///
        /// Errors: `NotFound`, `NotOffered`, `StillFed`, and those of the membership and the journal.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::take())]
        pub fn take(origin: OriginFor<T>, dataset: DatasetId) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let (from, record) = Self::do_take(&author, dataset)?;
            Self::deposit_event(Event::DatasetTransferred { dataset, from, to: author.organisation, record });
            Ok(())
        }

        /// Publishes the next version of a dataset. For each source that is another organisation's, a grant must be
        /// named that in this block allows the caller's organisation to train with it, if the dataset is a model, or
        /// else to derive from it. Readings of another's device are used by a grant of a dataset that the device feeds.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::VersionPublished`].
        ///
        /// Errors: `InvalidText`, `EmptyContent`, `WindowReversed`, `WindowInFuture`, `SourceNamedTwice`, `NotFound`,
        /// `NotOwner`, `NoSources`, `NumbersExhausted`, `UnknownSource`, `SequencesReversed`, `SequencesNotAttested`,
        /// `GrantNotNeeded`, `SourceDenied`, and those of the membership and the journal.
        #[pallet::call_index(5)]
        #[pallet::weight({
            // No source costs more than one of the dearer kind, so that this covers every mixture.
            let sources: u32 = content.sources.len().saturated_into();
            T::WeightInfo::publish_from_versions(sources).max(T::WeightInfo::publish_from_batches(sources))
        })]
        pub fn publish(origin: OriginFor<T>, dataset: DatasetId, content: VersionContent) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let (version, record) = Self::do_publish(&author, dataset, content)?;
            Self::deposit_event(Event::VersionPublished { dataset, version, record });
            Ok(())
        }

        /// Says that what was observed at or after `since` is faulty in a version. It stays, and can still be used.
        /// Nothing takes it back; only an earlier `since` replaces a later one. `reason` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the owner. Event: [`Event::VersionFlagged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotOwner`, `UnknownVersion`, `FaultInFuture`, `AlreadyFlagged`, and
        /// those of the membership and the journal.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::flag())]
        pub fn flag(
            origin: OriginFor<T>,
            dataset: DatasetId,
            version: u32,
            since: Moment,
            reason: Text<256>,
        ) -> DispatchResult {
            let author = Self::ensure_registrar(origin)?;
            let record = Self::do_flag(&author, dataset, version, since, reason)?;
            Self::deposit_event(Event::VersionFlagged { dataset, version, record });
            Ok(())
        }
    }
}
