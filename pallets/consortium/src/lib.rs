//! # Consortium
//!
//! Who may use the ledger, and how the members decide about that and about the ledger itself. It is the register behind
//! [`citynet_support::Membership`], by which every other pallet asks who stands behind an account, and behind
//! [`CheckMember`], the transaction extension that keeps everybody else out of the pool and every member within its
//! quota.
//!
//! The first organisations come from genesis. Later ones apply, and the council admits them; it also suspends,
//! reinstates and expels, and it sets the parameters. An organisation's admins look after its accounts and its profile,
//! and vote. Every such fact is a record of the journal about the organisation, with the reason that was given.
//!
//! # Terminology
//!
//! * A *member* is an account of an organisation that is active.
//! * An *admin* is an account with the role of that name; an organisation that has one always keeps one.
//! * A *seat* is an organisation's vote. Every active one has one, whatever its number of accounts, except observers.
//! * The *council* is the assembly of the organisations with a seat. A *motion* is a call that it votes on.
//! * A *recovery* gives an organisation whose admins lost their keys another admin.
//!
//! # Assumptions
//!
//! * There are no fees, so accounts exist by a provider reference that this pallet gives and takes.
//! * In the order of genesis the council comes before this pallet, which gives it the first seats.
//! * Weights are measured in the runtime with its journal; `Journal::append_weight` is not added to them. To `propose`,
//!   `vote` and `close` the council's own weights are added, since a benchmark here cannot know how much it may hold.
//!
//! # What it does not guarantee
//!
//! * That a name, contact, legal id or kind of an organisation is true.
//! * A transaction is refused by its signer's organisation, not by what it does: each pallet asks for the role itself.
//! * That a quota is there when it is asked for: together, the members' quotas are more than a block.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod benchmarking;
mod check_member;
mod genesis;
mod impls;
mod membership;
#[cfg(test)]
mod mock;
mod motions;
pub mod parameters;
mod quota;
mod recovery;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use check_member::{CheckMember, Refusal};
pub use genesis::{GenesisOrganisation, GenesisParameters, GenesisQuota};
pub use membership::MaxSeats;
pub use pallet::*;
pub use quota::Bucket;
pub use types::{AccountRecord, Organisation, Recovery};
pub use weights::WeightInfo;

#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::{boxed::Box, vec::Vec};
    use citynet_primitives::{
        Author, Hash, Moment, OrganisationId, OrganisationKind, OrganisationProfile, OrganisationStatus, Parameter,
        Roles, Text,
    };
    use citynet_support::{AccountBytes, Clock, Council, Genesis, Journal, ValidatorRegister};
    use frame_support::{pallet_prelude::*, traits::Contains};
    use frame_system::pallet_prelude::*;
    use sp_runtime::{
        traits::{IdentifyAccount, Verify},
        SaturatedConversion,
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId: AccountBytes> {
        /// Where every change is recorded.
        type Journal: Journal;

        /// The hash that binds applications to this chain.
        type Genesis: Genesis;

        /// The time by which applications expire.
        type Clock: Clock;

        /// Where organisations vote.
        type Council: Council<<Self as frame_system::Config>::RuntimeCall>;

        /// The council's decision, by as many seats as it takes to change who is a member.
        type CouncilOrigin: EnsureOrigin<<Self as frame_system::Config>::RuntimeOrigin>;

        /// The organisations' validators.
        type Validators: ValidatorRegister<Self::AccountId>;

        /// What applications are signed with.
        type Signature: Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>> + frame_support::Parameter;

        /// Calls that may come without a signer although they are no inherents, because they prove themselves.
        type BareCalls: Contains<<Self as frame_system::Config>::RuntimeCall>;

        /// How many accounts an organisation may have.
        #[pallet::constant]
        type MaxAccountsPerOrganisation: Get<u32>;

        /// Measured weights.
        type WeightInfo: WeightInfo;

        /// Signs an application.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId, Self::Signature>;
    }

    /// How many organisations there have ever been; the last one has this number.
    #[pallet::storage]
    pub type OrganisationCount<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The organisations. Those that left or were expelled stay.
    #[pallet::storage]
    pub type Organisations<T: Config> = StorageMap<_, Blake2_128Concat, OrganisationId, Organisation>;

    /// The organisations with a seat, by number: the active ones that are no observers.
    #[pallet::storage]
    pub type Seats<T: Config> = StorageValue<_, BoundedVec<OrganisationId, MaxSeats<T>>, ValueQuery>;

    /// The accounts of all organisations.
    #[pallet::storage]
    pub type Accounts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, AccountRecord>;

    /// The nonce with which an account begins: the highest one that a removed account had. So a transaction that was in
    /// a block once is not valid again when its signer is removed and added anew.
    #[pallet::storage]
    pub type FirstNonce<T: Config> = StorageValue<_, T::Nonce, ValueQuery>;

    /// The parameters. Every transaction of a block reads them, so benchmarks do not count it.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type Parameters<T: Config> =
        StorageValue<_, citynet_primitives::Parameters, ValueQuery, parameters::DefaultParameters>;

    /// The recoveries that are under way, at most one of an organisation.
    #[pallet::storage]
    pub type Recoveries<T: Config> = StorageMap<_, Blake2_128Concat, OrganisationId, Recovery<T::AccountId>>;

    /// What organisations may still use of the blocks' weight. One that is not here may use its whole burst.
    #[pallet::storage]
    pub type Buckets<T: Config> = StorageMap<_, Blake2_128Concat, OrganisationId, Bucket>;

    /// What the chain starts from.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The first organisations. They are numbered from 1 in their order.
        pub organisations: Vec<GenesisOrganisation<T::AccountId>>,
        /// The parameters, where they are not [`parameters::DEFAULTS`].
        pub parameters: Option<GenesisParameters>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let found = Pallet::<T>::found(&self.organisations, self.parameters.as_ref());
            assert!(found.is_ok(), "no consortium can start from this genesis configuration: {found:?}");
        }
    }

    /// What happened. `record` is the position in the journal of the record that says so.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account may act for an organisation from now on.
        AccountAdded {
            /// The organisation.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
            /// What it may do.
            roles: Roles,
            /// The record.
            record: u64,
        },
        /// An account may do something else from now on.
        AccountRolesChanged {
            /// The organisation.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
            /// What it may do now.
            roles: Roles,
            /// The record.
            record: u64,
        },
        /// An account may no longer act.
        AccountRemoved {
            /// The organisation.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
            /// The record.
            record: u64,
        },
        /// An organisation joined.
        OrganisationRegistered {
            /// Its number.
            organisation: OrganisationId,
            /// The record.
            record: u64,
        },
        /// An organisation presents itself in another way.
        OrganisationProfileChanged {
            /// The organisation.
            organisation: OrganisationId,
            /// The record.
            record: u64,
        },
        /// An organisation was suspended, reinstated or expelled, or it left.
        OrganisationStatusChanged {
            /// The organisation.
            organisation: OrganisationId,
            /// What it is now.
            status: OrganisationStatus,
            /// The record.
            record: u64,
        },
        /// An organisation counts as another kind.
        OrganisationKindChanged {
            /// The organisation.
            organisation: OrganisationId,
            /// What it is now.
            kind: OrganisationKind,
            /// The record.
            record: u64,
        },
        /// An organisation is to have another admin.
        RecoveryStarted {
            /// The organisation.
            organisation: OrganisationId,
            /// The admin to be.
            account: T::AccountId,
            /// The first block in which the recovery can be completed.
            matures: u32,
            /// The record.
            record: u64,
        },
        /// A recovery is off: an admin objected, or it cannot be completed any more.
        RecoveryObjected {
            /// The organisation.
            organisation: OrganisationId,
            /// The account that does not become its admin.
            account: T::AccountId,
            /// The record.
            record: u64,
        },
        /// A recovery is over and the account is an admin.
        RecoveryCompleted {
            /// The organisation.
            organisation: OrganisationId,
            /// The admin.
            account: T::AccountId,
            /// The record.
            record: u64,
        },
        /// A call was put to the vote.
        MotionProposed {
            /// Blake2b-256 of the call.
            motion: Hash,
            /// The motion's number.
            number: u32,
            /// How many seats must approve.
            threshold: u32,
            /// Who proposes.
            organisation: OrganisationId,
            /// The record.
            record: u64,
        },
        /// An organisation voted.
        MotionVoted {
            /// Blake2b-256 of the call.
            motion: Hash,
            /// The motion's number.
            number: u32,
            /// Who voted.
            organisation: OrganisationId,
            /// Whether it approves.
            approve: bool,
            /// The record.
            record: u64,
        },
        /// A vote is over.
        MotionClosed {
            /// Blake2b-256 of the call.
            motion: Hash,
            /// The motion's number.
            number: u32,
            /// Whether enough seats approved. Whether the call succeeded, the council's own event says.
            approved: bool,
            /// The record.
            record: u64,
        },
        /// The council changed a parameter.
        ParameterChanged {
            /// The parameter with its new value.
            parameter: Parameter,
            /// The record.
            record: u64,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The account belongs to no organisation.
        NotMember,
        /// The account's organisation is suspended, left or was expelled.
        OrganisationNotActive,
        /// The account lacks the role that this takes.
        NotAuthorized,
        /// The account belongs to an organisation already.
        AccountTaken,
        /// The organisation has no such account.
        NotFound,
        /// An account must have a role.
        NoRoles,
        /// A bit of the roles stands for nothing.
        UnknownRole,
        /// The organisation would be left without an admin.
        LastAdmin,
        /// The organisation has as many accounts as it may.
        TooManyAccounts,
        /// The account runs a validator, so it stays, and stays one with that role.
        ValidatorAccount,
        /// There is no such organisation.
        UnknownOrganisation,
        /// A text is not UTF-8, or is empty where it must not be.
        InvalidText,
        /// The signature is not that of the admin to be over this application for this chain.
        InvalidApplication,
        /// The application expired.
        ApplicationExpired,
        /// The council has no seat left.
        TooManyMembers,
        /// There would be fewer members with a seat than the consortium must have.
        TooFewMembers,
        /// There would be fewer validators than the consortium must have.
        TooFewValidators,
        /// The organisation's status does not allow that.
        WrongStatus,
        /// The organisation is of that kind already.
        SameKind,
        /// A recovery of the organisation is under way already.
        RecoveryPending,
        /// No recovery of the organisation is under way.
        NoRecovery,
        /// The organisation can still object to its recovery.
        NotMatured,
        /// The organisation has no seat.
        NoSeat,
        /// The call is longer than 1024 bytes.
        CallTooLong,
        /// The parameter is out of its bounds.
        OutOfBounds,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    /// Whatever is signed by a member or an admin is refused with `NotMember`, `OrganisationNotActive` or
    /// `NotAuthorized` when it is not; whatever gives a reason, with `InvalidText` when that is empty or not UTF-8;
    /// everything, when the journal refuses the record.
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Lets `account` act for the caller's organisation.
        ///
        /// Origin: signed by an admin. Event: `AccountAdded`. Errors: `NoRoles`, `UnknownRole`, `AccountTaken`,
        /// `TooManyAccounts`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::add_account())]
        pub fn add_account(origin: OriginFor<T>, account: T::AccountId, roles: Roles) -> DispatchResult {
            let author = Self::ensure_admin(origin)?;
            Self::add(&author, author.organisation, &account, roles)
        }

        /// Gives an account of the caller's organisation other roles, in place of those that it had.
        ///
        /// Origin: signed by an admin. Event: `AccountRolesChanged`. Errors: `NoRoles`, `UnknownRole`, `NotFound`,
        /// `ValidatorAccount`, `LastAdmin`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_roles())]
        pub fn set_roles(origin: OriginFor<T>, account: T::AccountId, roles: Roles) -> DispatchResult {
            Self::do_set_roles(&Self::ensure_admin(origin)?, &account, roles)
        }

        /// Lets an account of the caller's organisation act no longer.
        ///
        /// Origin: signed by an admin. Event: `AccountRemoved`. Errors: `NotFound`, `ValidatorAccount`, `LastAdmin`,
        /// and `ConsumerRemaining` of the frame while another pallet relies on the account.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::remove_account())]
        pub fn remove_account(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            Self::do_remove_account(&Self::ensure_admin(origin)?, &account)
        }

        /// Presents the caller's organisation in another way.
        ///
        /// Origin: signed by an admin. Event: `OrganisationProfileChanged`. Errors: `InvalidText`, also of the name and
        /// the contact; only the contact may be empty.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_profile())]
        pub fn set_profile(origin: OriginFor<T>, profile: OrganisationProfile) -> DispatchResult {
            Self::do_set_profile(&Self::ensure_admin(origin)?, profile)
        }

        /// Takes the caller's organisation out of the consortium for good. Its accounts stop working at once, its
        /// validators and peers are forgotten, its records stay.
        ///
        /// Origin: signed by an admin. Event: `OrganisationStatusChanged`. Errors: `TooFewMembers`, `TooFewValidators`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::leave().saturating_add(T::Validators::forget_weight()))]
        pub fn leave(origin: OriginFor<T>, reason: Text<256>) -> DispatchResult {
            let author = Self::ensure_admin(origin)?;
            Self::do_set_status(&author, author.organisation, OrganisationStatus::Left, reason)
        }

        /// Makes an organisation that applied a member, with `admin` as its first account.
        ///
        /// `signature` is that account's over [`citynet_primitives::ApplicationStatement`], which it also proves to be
        /// usable; `expires` is in milliseconds since 1970.
        ///
        /// Origin: the council. Events: `OrganisationRegistered`, `AccountAdded`. Errors: `InvalidText`,
        /// `ApplicationExpired`, `AccountTaken`, `InvalidApplication`, `TooManyMembers`.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::admit())]
        pub fn admit(
            origin: OriginFor<T>,
            profile: OrganisationProfile,
            kind: OrganisationKind,
            admin: T::AccountId,
            expires: Moment,
            signature: T::Signature,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_admit(profile, kind, &admin, expires, &signature)
        }

        /// Puts an active organisation on hold: its accounts are refused, it has no seat, and its validators are not in
        /// the next set.
        ///
        /// Origin: the council. Event: `OrganisationStatusChanged`. Errors: `UnknownOrganisation`, `WrongStatus`,
        /// `TooFewMembers`, `TooFewValidators`.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, organisation: OrganisationId, reason: Text<256>) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_status(&Author::CHAIN, organisation, OrganisationStatus::Suspended, reason)
        }

        /// Ends an organisation's suspension.
        ///
        /// Origin: the council. Event: `OrganisationStatusChanged`. Errors: `UnknownOrganisation`, `WrongStatus`,
        /// `TooManyMembers`.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::reinstate())]
        pub fn reinstate(origin: OriginFor<T>, organisation: OrganisationId, reason: Text<256>) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_status(&Author::CHAIN, organisation, OrganisationStatus::Active, reason)
        }

        /// Puts an active or suspended organisation out of the consortium for good, as if it left.
        ///
        /// Origin: the council. Event: `OrganisationStatusChanged`. Errors: `UnknownOrganisation`, `WrongStatus`,
        /// `TooFewMembers`, `TooFewValidators`.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::expel().saturating_add(T::Validators::forget_weight()))]
        pub fn expel(origin: OriginFor<T>, organisation: OrganisationId, reason: Text<256>) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_status(&Author::CHAIN, organisation, OrganisationStatus::Expelled, reason)
        }

        /// Counts a member, be it suspended, as another kind. It may gain or lose its seat, and has another quota.
        ///
        /// Origin: the council. Event: `OrganisationKindChanged`. Errors: `UnknownOrganisation`, `WrongStatus`,
        /// `SameKind`, `TooFewMembers`, `TooManyMembers`.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::set_kind())]
        pub fn set_kind(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            kind: OrganisationKind,
            reason: Text<256>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_kind(organisation, kind, reason)
        }

        /// Begins to make `account` an admin of a member, be it suspended, whose admins lost their keys. The account is
        /// nobody's, or one of the organisation. Its admins may object until the recovery delay is over.
        ///
        /// Origin: the council. Event: `RecoveryStarted`. Errors: `UnknownOrganisation`, `WrongStatus`,
        /// `RecoveryPending`, `AccountTaken`.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::recover())]
        pub fn recover(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            account: T::AccountId,
            reason: Text<256>,
        ) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_recover(organisation, account, reason)
        }

        /// Calls the recovery of the caller's organisation off. Until it is completed that is not too late. An admin of
        /// a suspended organisation cannot object: it cannot send transactions.
        ///
        /// Origin: signed by an admin. Event: `RecoveryObjected`. Errors: `NoRecovery`.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::object())]
        pub fn object(origin: OriginFor<T>, reason: Text<256>) -> DispatchResult {
            Self::do_object(&Self::ensure_admin(origin)?, reason)
        }

        /// Makes the account of a recovery that nobody objected to in time an admin. When that is impossible, because
        /// the account went to another organisation or there are too many, the recovery is off.
        ///
        /// Origin: signed by a member. Events: `AccountAdded`, `AccountRolesChanged` or neither, and
        /// `RecoveryCompleted`; or `RecoveryObjected`. Errors: `NoRecovery`, `NotMatured`.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::complete_recovery())]
        pub fn complete_recovery(origin: OriginFor<T>, organisation: OrganisationId) -> DispatchResult {
            Self::do_complete_recovery(&Self::ensure_member(origin)?, organisation)
        }

        /// Puts a call to the vote, and votes for it. It is known by Blake2b-256 of its encoding and by its number.
        ///
        /// Origin: signed by an admin of an organisation with a seat. Events: `MotionProposed`, `MotionVoted`. Errors:
        /// `NoSeat`, `CallTooLong`, and those of the council: the call is open already, or there are too many motions.
        #[pallet::call_index(13)]
        #[pallet::weight(
            T::WeightInfo::propose()
                .saturating_add(T::Council::propose_weight(call.encoded_size().saturated_into()))
                .saturating_add(T::Council::vote_weight())
        )]
        pub fn propose(
            origin: OriginFor<T>,
            call: Box<<T as frame_system::Config>::RuntimeCall>,
            reason: Text<256>,
        ) -> DispatchResult {
            Self::do_propose(&Self::ensure_admin(origin)?, *call, reason)
        }

        /// Votes on a motion, or votes otherwise than before.
        ///
        /// Origin: signed by an admin of an organisation with a seat. Event: `MotionVoted`. Errors: `NoSeat`, and those
        /// of the council: there is no such motion, or the organisation voted the same before.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::vote().saturating_add(T::Council::vote_weight()))]
        pub fn vote(
            origin: OriginFor<T>,
            motion: Hash,
            number: u32,
            approve: bool,
            reason: Text<256>,
        ) -> DispatchResult {
            Self::do_vote(&Self::ensure_admin(origin)?, motion, number, approve, reason)
        }

        /// Ends a motion that is decided or whose time is over. If enough seats approve, its call is dispatched, and
        /// whether that succeeds or not, the motion is closed.
        ///
        /// `call_weight` and `call_length` are the most that the motion's call weighs and measures in bytes.
        ///
        /// Origin: signed by a member. Event: `MotionClosed`. Errors: those of the council: there is no such motion, it
        /// is undecided, or its call is more than the caller allowed for. The weight that was not needed is given back.
        #[pallet::call_index(15)]
        #[pallet::weight(
            T::WeightInfo::close()
                .saturating_add(T::Council::close_weight(*call_length))
                .saturating_add(*call_weight)
        )]
        pub fn close(
            origin: OriginFor<T>,
            motion: Hash,
            number: u32,
            call_weight: Weight,
            call_length: u32,
        ) -> DispatchResultWithPostInfo {
            Self::do_close(&Self::ensure_member(origin)?, motion, number, call_weight, call_length)
        }

        /// Changes a parameter. Its bounds are in [`parameters`].
        ///
        /// Origin: the council. Event: `ParameterChanged`. Errors: `OutOfBounds`; `TooFewMembers` or `TooFewValidators`
        /// when there are not so many.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::set_parameter())]
        pub fn set_parameter(origin: OriginFor<T>, parameter: Parameter) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            Self::do_set_parameter(parameter)
        }
    }
}
