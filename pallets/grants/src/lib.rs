//! Grants: who may use which data, for what, on which legal basis, until when.
//!
//! A provider and a consumer negotiate terms with the states and the edges of the Dataspace Protocol (2025-1). What
//! they finalise is in force from its first moment to its last, can be passed on within its own bounds, and ends when
//! it is revoked, renounced or superseded. Gateways ask [`Pallet::check_access`] before they hand out data and report
//! what they handed out.
//!
//! # Terminology
//!
//! * The *provider* of a grant is whoever owns its dataset now, since a dataset that changes hands takes its grants
//!   along. Of a *sub-grant*, which passes another one (its *parent*) on, it is the consumer of the parent.
//! * The *controller* answers to the people whom the data is about and can withdraw their consent for them.
//! * An *offer* is *binding* when accepting it is enough. Otherwise the provider still has to agree and to finalise. It
//!   binds the provider that its terms name: once the dataset has changed hands, it is an offer like any other.
//! * A grant is *in force* when it and all the grants that it stands on are active, within their time and limit,
//!   between active members. `Active` is a state of storage; being in force also depends on the block's time. So a
//!   grant expires without a transaction, and a revoked one takes with it all that stand on it, however many, by one
//!   write.
//! * An *amendment* is a new grant that *supersedes* an older one and takes its place at the moment it becomes active.
//!   The grants that stand on the older one end with it.
//!
//! # Assumptions
//!
//! * The catalogue never loses a dataset, and a version never changes its content.
//! * A price that is paid when a grant begins is taken by [`Config::Payments`] at the moment at which the grant becomes
//!   active, or the grant does not become active.
//! * Block time is right to within a few seconds.
//! * Weights are measured in the runtime with its real journal, membership and catalogue. They contain the append of
//!   the records; `Journal::append_weight` is not added to them.
//!
//! # What it does not guarantee
//!
//! It neither holds nor hands out data, and it does not see what a consumer does with it. Reports of use are claims of
//! the provider's gateway, which the consumer can contest; the consumer's purpose is its promise.
//!
//! # State
//!
//! One value per grant, in whatever state, and one list per dataset and consumer with the grants that may be in force.
//! Parents do not know the grants that stand on them.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod decision;
mod delegation;
mod impls;
mod life;
#[cfg(test)]
mod mock;
mod negotiation;
mod receipts;
pub mod rules;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{BrokenRule, Widened};
pub use weights::WeightInfo;

/// The pallet.
#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::{BrokenRule, WeightInfo, Widened};
    use alloc::boxed::Box;
    use citynet_primitives::{
        AccessReport, Action, CodeList, DatasetId, Decision, GrantId, GrantInfo, GrantState, Hash, Moment,
        OrganisationId, PurposeCode, ReasonCode, RefusalReport, Role, Terms, Text, Usage,
    };
    use citynet_support::{Catalogue, Clock, Journal, Membership, Payments};
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
        /// The datasets.
        type Catalogue: Catalogue;
        /// How grants are paid for.
        type Payments: Payments;
        /// Who may add codes.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The most grants that one organisation may have in the states active and suspended, within their time, of one
        /// dataset. A decision looks at each of them.
        #[pallet::constant]
        type MaxGrantsPerConsumer: Get<u32>;
        /// By how many milliseconds a report's window may end after the block's time: what a gateway's clock may be
        /// off.
        #[pallet::constant]
        type MaxTimeAhead: Get<Moment>;
        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Every grant that was ever requested or offered.
    #[pallet::storage]
    pub type Grants<T: Config> = StorageMap<_, Blake2_128Concat, GrantId, GrantInfo>;

    /// How many grants were ever requested or offered; the last one has this number.
    #[pallet::storage]
    pub type GrantCount<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// The grants of a dataset to a consumer that are in state active or suspended, ascending. One whose time is over
    /// may be missing: it makes room when another one becomes active.
    #[pallet::storage]
    pub type ActiveGrants<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        DatasetId,
        Blake2_128Concat,
        OrganisationId,
        BoundedVec<GrantId, T::MaxGrantsPerConsumer>,
        ValueQuery,
    >;

    /// The codes that the council added. Those that the chain was born with are in [`citynet_primitives::PURPOSES`] and
    /// [`citynet_primitives::LEGAL_BASES`].
    #[pallet::storage]
    pub type Codes<T: Config> = StorageDoubleMap<_, Blake2_128Concat, CodeList, Blake2_128Concat, u16, Text<64>>;

    /// Of each dataset with reports of refusals: the last one's number, and the first moment after its window.
    #[pallet::storage]
    pub type RefusalReports<T: Config> = StorageMap<_, Blake2_128Concat, DatasetId, (u64, Moment), ValueQuery>;

    /// Of each grant with a contested report: the number of the last one that was.
    #[pallet::storage]
    pub type Contested<T: Config> = StorageMap<_, Blake2_128Concat, GrantId, u64>;

    /// What happened. `record` is the position in the journal of the record that says so.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A consumer asked for a grant, or for other terms than were offered.
        GrantRequested {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// A provider offered a grant, or other terms than were asked for.
        GrantOffered {
            /// The grant.
            grant: GrantId,
            /// The record.
            record: u64,
        },
        /// A negotiation went on: accepted, agreed, verified or finalised.
        GrantAdvanced {
            /// The grant.
            grant: GrantId,
            /// Where it is now.
            state: GrantState,
            /// The record.
            record: u64,
        },
        /// A grant was terminated, suspended, resumed, revoked or completed.
        GrantStateChanged {
            /// The grant.
            grant: GrantId,
            /// Where it is now.
            state: GrantState,
            /// Why.
            reason: ReasonCode,
            /// The record.
            record: u64,
        },
        /// A provider's gateway reported the use of a grant.
        AccessReported {
            /// The grant.
            grant: GrantId,
            /// The report's number.
            counter: u64,
            /// The record.
            record: u64,
        },
        /// A consumer contested a report.
        AccessContested {
            /// The grant.
            grant: GrantId,
            /// The report's number.
            counter: u64,
            /// The record.
            record: u64,
        },
        /// A provider's gateway reported attempts without any grant.
        RefusalsReported {
            /// The dataset.
            dataset: DatasetId,
            /// The report's number.
            counter: u64,
            /// The record.
            record: u64,
        },
        /// The council added a code.
        CodeAdded {
            /// To which list.
            list: CodeList,
            /// Its number.
            code: u16,
            /// The record.
            record: u64,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// There is no such grant.
        NotFound,
        /// There is no such dataset.
        UnknownDataset,
        /// There is no grant with the parent's number.
        UnknownParent,
        /// Only the provider may do this.
        NotProvider,
        /// Only the consumer may do this.
        NotConsumer,
        /// Only the controller may do this.
        NotController,
        /// Only the provider or the consumer may do this.
        NotParty,
        /// The terms' provider is not the organisation that owns the dataset.
        WrongProvider,
        /// Provider and consumer are the same organisation.
        SameParty,
        /// The provider, the consumer or the controller is not an active member.
        PartyInactive,
        /// The terms name another dataset, provider, consumer or controller than those before.
        PartiesChanged,
        /// The grant's state does not allow this.
        IllegalTransition,
        /// The hash is not that of the grant's present terms.
        TermsDiffer,
        /// The grant's time is over.
        Expired,
        /// No grant can be made any more: the numbers are used up.
        NumbersExhausted,
        /// A text is empty where it must not be, not UTF-8, or not a code of a country or language where it must be
        /// one.
        InvalidText,
        /// The terms allow no action.
        NoAction,
        /// The terms have a bit set that stands for no action.
        UnknownAction,
        /// The terms name no purpose.
        NoPurpose,
        /// The purposes are not in ascending order, or one is named twice.
        PurposesUnordered,
        /// A purpose is not in the code list.
        UnknownPurpose,
        /// The legal basis is not in the code list.
        UnknownLegalBasis,
        /// The terms end before they begin, or with their first moment.
        WindowEmpty,
        /// The terms' time is over already.
        WindowOver,
        /// The grant could be passed on more often than any grant may.
        DepthTooLarge,
        /// The versions begin before 1, end before they begin, or name a content without being a single one.
        InvalidVersions,
        /// The version's content is not what the terms name.
        ContentDiffers,
        /// A limit is 0, which would allow nothing.
        LimitZero,
        /// The terms break a rule.
        RuleBroken(BrokenRule),
        /// The grant to be superseded does not exist, is of another dataset or between other parties, or is neither
        /// active nor suspended.
        CannotSupersede,
        /// The consumer has as many grants of the dataset as it may.
        TooManyGrants,
        /// The parent, or a grant that it stands on, is not in force.
        ParentNotInForce,
        /// The parent may not be passed on.
        NoDelegation,
        /// The sub-grant goes beyond its parent.
        Wider(Widened),
        /// The grant does not rest on a consent.
        NoConsent,
        /// The list has a code of that number.
        CodeExists,
        /// The grant was never active.
        NeverActive,
        /// The report's number is not greater than that of the last one.
        CounterNotIncreasing,
        /// The window is empty, or ends further in the future than `MaxTimeAhead`.
        WindowInvalid,
        /// The window begins before the end of the last report's.
        WindowOverlaps,
        /// A count of use is below that of the last report.
        UsageDecreased,
        /// There was use, but the window does not touch the time in which the grant was in force.
        UsageOutsideGrant,
        /// The use goes beyond a limit, of the grant or of one that it stands on.
        LimitExceeded,
        /// There are not as many receipts as accesses and refusals.
        ReceiptsMiscounted,
        /// The refusals are not in the order of their reasons, or one has no count.
        RefusedUnordered,
        /// There are no receipts, but the root is not that of an empty tree.
        RootOfNothing,
        /// The report says nothing new.
        NothingToReport,
        /// A requester is named twice, or was not refused once.
        InvalidStrangers,
        /// The report is not the grant's last one.
        NotLastReport,
        /// The report was contested before.
        AlreadyContested,
        /// The dataset belongs to another organisation.
        NotOwner,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    /// Negotiation and life of grants are for accounts with the role registrar, reports for those with the role
    /// attestor. What [`Membership::ensure`] refuses, every call refuses first.
    ///
    /// *The errors of terms* are `SameParty`, `NoAction`, `UnknownAction`, `NoPurpose`, `PurposesUnordered`,
    /// `WindowEmpty`, `WindowOver`, `DepthTooLarge`, `InvalidVersions`, `LimitZero`, `InvalidText`, `UnknownPurpose`,
    /// `UnknownLegalBasis`, those of [`Payments::check_price`], `PartyInactive`, `ContentDiffers` and `RuleBroken`.
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Asks for a grant of a dataset on these terms, whose consumer is the caller's organisation and whose provider
        /// owns the dataset. With `supersedes`, it is to take the place of another grant. A request passes no grant on.
        ///
        /// Origin: signed by a registrar of the consumer. Event: [`Event::GrantRequested`].
        ///
        /// Errors: `NotConsumer`, those of terms, `UnknownDataset`, `WrongProvider`, `CannotSupersede`,
        /// `NumbersExhausted`, and those of the membership and the journal.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::request())]
        pub fn request(origin: OriginFor<T>, terms: Box<Terms>, supersedes: Option<GrantId>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_request(&author, *terms, supersedes)
        }

        /// Offers a grant on these terms, whose provider is the caller's organisation. Without `parent`, it owns the
        /// dataset. With `parent`, it is that grant's consumer and passes it on: nothing in the terms goes beyond the
        /// parent's. If the offer is `binding`, accepting it makes it active at once.
        ///
        /// Origin: signed by a registrar of the provider. Event: [`Event::GrantOffered`].
        ///
        /// Errors: `NotProvider`, those of terms, `UnknownDataset`, `WrongProvider`, `UnknownParent`, `NotConsumer`,
        /// `ParentNotInForce`, `NoDelegation`, `PartiesChanged` (the parent is of another dataset), `Wider`,
        /// `CannotSupersede`, `NumbersExhausted`, and those of the membership and the journal.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::offer())]
        pub fn offer(
            origin: OriginFor<T>,
            terms: Box<Terms>,
            binding: bool,
            parent: Option<GrantId>,
            supersedes: Option<GrantId>,
        ) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_offer(&author, *terms, binding, parent, supersedes)
        }

        /// Answers an offer with other terms for the same dataset and parties.
        ///
        /// Origin: signed by a registrar of the consumer. Event: [`Event::GrantRequested`].
        ///
        /// Errors: `NotFound`, `NotConsumer`, `IllegalTransition`, `PartiesChanged`, those of terms,
        /// `ParentNotInForce`, `Wider`, and those of the membership and the journal.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::counter_request())]
        pub fn counter_request(origin: OriginFor<T>, grant: GrantId, terms: Box<Terms>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_counter_request(&author, grant, *terms)
        }

        /// Answers a request with other terms for the same dataset and parties.
        ///
        /// Origin: signed by a registrar of the provider. Event: [`Event::GrantOffered`].
        ///
        /// Errors: `NotFound`, `NotProvider`, `IllegalTransition`, `PartiesChanged`, those of terms,
        /// `ParentNotInForce`, `Wider`, and those of the membership and the journal.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::counter_offer())]
        pub fn counter_offer(origin: OriginFor<T>, grant: GrantId, terms: Box<Terms>, binding: bool) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_counter_offer(&author, grant, *terms, binding)
        }

        /// Accepts an offer. `terms_hash` is the hash of the terms that the caller read: SHA-256 of
        /// [`Terms::to_bytes`]. A binding offer is agreed, verified and active thereby, with a record of each step.
        ///
        /// Origin: signed by a registrar of the consumer. Events: [`Event::GrantAdvanced`], four of them for a binding
        /// offer, and [`Event::GrantStateChanged`] of the superseded grant.
        ///
        /// Errors: `NotFound`, `NotConsumer`, `IllegalTransition`, `TermsDiffer`, and those of the membership and the
        /// journal; for a binding offer also those of [`Pallet::finalize`], of which payment is one.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::accept().saturating_add(T::Payments::capture_weight()))]
        pub fn accept(origin: OriginFor<T>, grant: GrantId, terms_hash: Hash) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_accept(&author, grant, terms_hash)
        }

        /// Agrees to a request, or to an offer that was accepted. `terms_hash` as in [`Pallet::accept`].
        ///
        /// Origin: signed by a registrar of the provider. Event: [`Event::GrantAdvanced`].
        ///
        /// Errors: `NotFound`, `NotProvider`, `IllegalTransition`, `TermsDiffer`, and those of the membership and the
        /// journal.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::agree())]
        pub fn agree(origin: OriginFor<T>, grant: GrantId, terms_hash: Hash) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_agree(&author, grant, terms_hash)
        }

        /// Says that the agreement is what was negotiated.
        ///
        /// Origin: signed by a registrar of the consumer. Event: [`Event::GrantAdvanced`].
        ///
        /// Errors: `NotFound`, `NotConsumer`, `IllegalTransition`, and those of the membership and the journal.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::verify_agreement())]
        pub fn verify(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_verify(&author, grant)
        }

        /// Makes the grant active. What time may have changed is checked again. The grant that it supersedes is
        /// completed. A price that is paid at the beginning is paid, from what the consumer has put on hold.
        ///
        /// Origin: signed by a registrar of the provider. Events: [`Event::GrantAdvanced`], and
        /// [`Event::GrantStateChanged`] of the superseded grant.
        ///
        /// Errors: `NotFound`, `NotProvider`, `IllegalTransition`, `WindowOver`, `SameParty`, `PartyInactive`,
        /// `ContentDiffers`, `RuleBroken`, `ParentNotInForce`, `CannotSupersede`, `TooManyGrants`, those of
        /// [`Payments::capture`], and those of the membership and the journal.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::finalize().saturating_add(T::Payments::capture_weight()))]
        pub fn finalize(origin: OriginFor<T>, grant: GrantId) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_finalize(&author, grant)
        }

        /// Ends a negotiation for good. Of what was requested or offered either party may do so; after that, the one
        /// whose turn it is: the provider of what was accepted or verified, the consumer of what was agreed. `note` is
        /// text for people and may be empty.
        ///
        /// Origin: signed by a registrar of that party. Event: [`Event::GrantStateChanged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotParty`, `IllegalTransition`, `NotProvider`, `NotConsumer`, and those
        /// of the membership and the journal.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::terminate())]
        pub fn terminate(origin: OriginFor<T>, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_terminate(&author, grant, reason, note)
        }

        /// Puts an active grant, and with it all that stand on it, on hold. `note` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the provider. Event: [`Event::GrantStateChanged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotProvider`, `IllegalTransition`, `Expired`, and those of the
        /// membership and the journal.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_suspend(&author, grant, reason, note)
        }

        /// Takes a grant off hold. The reason is [`ReasonCode::Resolved`]; `note` may be empty.
        ///
        /// Origin: signed by a registrar of the provider. Event: [`Event::GrantStateChanged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotProvider`, `IllegalTransition`, `Expired`, and those of the
        /// membership and the journal.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::resume())]
        pub fn resume(origin: OriginFor<T>, grant: GrantId, note: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_resume(&author, grant, note)
        }

        /// Ends an active or suspended grant for good. No grant that stands on it is in force any more, from this block
        /// on. `note` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the provider. Event: [`Event::GrantStateChanged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotProvider`, `IllegalTransition`, `Expired`, and those of the
        /// membership and the journal.
        // The weight's argument is how many grants stand on it: the same keys are read and written whatever it is. The
        // time grows a little, by the depth of the state's trie, as with any other state. The most that was measured is
        // charged.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::revoke(200))]
        pub fn revoke(origin: OriginFor<T>, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_revoke(&author, grant, reason, note)
        }

        /// Gives an active or suspended grant back: it is completed for good. `note` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the consumer. Event: [`Event::GrantStateChanged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotConsumer`, `IllegalTransition`, `Expired`, and those of the
        /// membership and the journal.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::renounce())]
        pub fn renounce(origin: OriginFor<T>, grant: GrantId, reason: ReasonCode, note: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_renounce(&author, grant, reason, note)
        }

        /// Revokes an active or suspended grant that rests on a consent, because the people withdrew it. The reason is
        /// [`ReasonCode::ConsentWithdrawn`]; `note` may be empty, and names nobody.
        ///
        /// Origin: signed by a registrar of the controller. Event: [`Event::GrantStateChanged`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotController`, `NoConsent`, `IllegalTransition`, `Expired`, and those
        /// of the membership and the journal.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::withdraw_consent())]
        pub fn withdraw_consent(origin: OriginFor<T>, grant: GrantId, note: Text<256>) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            Self::do_withdraw_consent(&author, grant, note)
        }

        /// Reports the use of a grant in a window that follows the last report's. The counts are those since the grant
        /// began. What they grew by counts for the grants that it stands on too, and stays within every limit. A grant
        /// that has ended can still be reported on.
        ///
        /// Origin: signed by an attestor of the provider. Event: [`Event::AccessReported`].
        ///
        /// Errors: `NotFound`, `NotProvider`, `NeverActive`, `CounterNotIncreasing`, `WindowInvalid`, `WindowOverlaps`,
        /// `UsageDecreased`, `UsageOutsideGrant`, `LimitExceeded`, `RefusedUnordered`, `ReceiptsMiscounted`,
        /// `RootOfNothing`, `NothingToReport`, and those of the membership and the journal.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::report())]
        pub fn report(origin: OriginFor<T>, grant: GrantId, report: AccessReport) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Attestor)?;
            let counter = report.counter;
            let record = Self::do_report(&author, grant, report)?;
            Self::deposit_event(Event::AccessReported { grant, counter, record });
            Ok(())
        }

        /// Says that the last report of a grant is wrong: `usage` is what the consumer counts. It changes no count; it
        /// is on record. `reason` is text for people, not empty.
        ///
        /// Origin: signed by a registrar of the consumer. Event: [`Event::AccessContested`].
        ///
        /// Errors: `InvalidText`, `NotFound`, `NotConsumer`, `NotLastReport`, `AlreadyContested`, and those of the
        /// membership and the journal.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::contest())]
        pub fn contest(
            origin: OriginFor<T>,
            grant: GrantId,
            counter: u64,
            usage: Usage,
            reason: Text<256>,
        ) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Registrar)?;
            let record = Self::do_contest(&author, grant, counter, usage, reason)?;
            Self::deposit_event(Event::AccessContested { grant, counter, record });
            Ok(())
        }

        /// Reports attempts on a dataset by requesters who hold no grant of it, in a window that follows the last such
        /// report's.
        ///
        /// Origin: signed by an attestor of the dataset's owner. Event: [`Event::RefusalsReported`].
        ///
        /// Errors: `UnknownDataset`, `NotOwner`, `CounterNotIncreasing`, `WindowInvalid`, `WindowOverlaps`,
        /// `NothingToReport`, `InvalidStrangers`, `ReceiptsMiscounted`, and those of the membership and the journal.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::report_refusals(report.strangers.len().saturated_into()))]
        pub fn report_refusals(origin: OriginFor<T>, dataset: DatasetId, report: RefusalReport) -> DispatchResult {
            let author = Self::ensure_role(origin, Role::Attestor)?;
            let counter = report.counter;
            let record = Self::do_report_refusals(&author, dataset, report)?;
            Self::deposit_event(Event::RefusalsReported { dataset, counter, record });
            Ok(())
        }

        /// Adds a code to a list. A code is never changed or taken away: terms are read for longer than they hold.
        /// `name` is what it stands for, such as a DPV IRI in compact form, not empty.
        ///
        /// Origin: [`Config::CouncilOrigin`]. Event: [`Event::CodeAdded`].
        ///
        /// Errors: `InvalidText`, `CodeExists`, and those of the journal.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::add_code())]
        pub fn add_code(origin: OriginFor<T>, list: CodeList, code: u16, name: Text<64>) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            let record = Self::do_add_code(list, code, name)?;
            Self::deposit_event(Event::CodeAdded { list, code, record });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Whether `consumer` may do `action` for `purpose` with a version of a dataset (without one: with what is no
        /// version yet, as in a stream) at `time`, or in this block. See [`Pallet::check_access`].
        pub fn decision(
            consumer: OrganisationId,
            dataset: DatasetId,
            version: Option<u32>,
            action: Action,
            purpose: PurposeCode,
            time: Option<Moment>,
        ) -> Decision {
            let time = time.unwrap_or_else(T::Clock::now);
            Self::check_access(consumer, dataset, version, action, purpose, time)
        }
    }
}
