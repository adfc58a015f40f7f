//! # Consortium
//!
//! Who may use the ledger: the organisations, their accounts and what each account may do, and which accounts run the
//! validators. It is the register behind [`citynet_support::Membership`], by which every other pallet asks who stands
//! behind an account, and behind [`CheckMember`], the transaction extension that keeps everybody else out of the pool.
//!
//! Organisations and validators come from genesis. An organisation's admins add, change and remove its accounts. Every such
//! fact is a record of the journal about the organisation.
//!
//! # Terminology
//!
//! * A *member* is an account of an organisation that is active.
//! * An *admin* is an account with the role of that name; an organisation that has one always keeps one.
//! * A *validator's account* is one in [`Validators`]. It stays an account with the role Validator as long as it is there.
//!
//! # Assumptions
//!
//! * There are no fees, so accounts exist by a sufficient reference that this pallet gives and takes.
//! * In the order of genesis this pallet comes before pallet-session, which asks for the validators in its own.
//! * The weights of calls are measured in the runtime with its journal; `Journal::append_weight` is not added to them.
//!
//! # What it does not guarantee
//!
//! * That a name or kind of an organisation is true.
//! * A transaction is refused by its signer's organisation, not by what it does: each pallet asks for the role itself.
//! * That a validator has session keys: pallet-session leaves out those that have none.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod benchmarking;
mod check_member;
mod genesis;
mod impls;
#[cfg(test)]
mod mock;
mod session;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
pub mod weights;

pub use check_member::{CheckMember, Refusal};
pub use genesis::GenesisOrganisation;
pub use pallet::*;
pub use types::{AccountRecord, Organisation};
pub use weights::WeightInfo;

#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use citynet_primitives::{OrganisationId, Roles};
    use citynet_support::{AccountBytes, Journal};
    use frame_support::{pallet_prelude::*, traits::Contains};
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId: AccountBytes> {
        /// Where every change is recorded.
        type Journal: Journal;

        /// Calls that may come without a signer although they are no inherents, because they prove themselves.
        type BareCalls: Contains<<Self as frame_system::Config>::RuntimeCall>;

        /// How many accounts an organisation may have.
        #[pallet::constant]
        type MaxAccountsPerOrganisation: Get<u32>;

        /// How many validators there may be.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// Measured weights.
        type WeightInfo: WeightInfo;
    }

    /// How many organisations there have ever been; the last one has this number.
    #[pallet::storage]
    pub type OrganisationCount<T: Config> = StorageValue<_, u32, ValueQuery>;

    /// The organisations. Those that were expelled stay.
    #[pallet::storage]
    pub type Organisations<T: Config> = StorageMap<_, Blake2_128Concat, OrganisationId, Organisation>;

    /// The accounts of all organisations.
    #[pallet::storage]
    pub type Accounts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, AccountRecord>;

    /// The accounts that shall run the validators, and for whom.
    #[pallet::storage]
    pub type Validators<T: Config> =
        StorageValue<_, BoundedVec<(OrganisationId, T::AccountId), T::MaxValidators>, ValueQuery>;

    /// The validators that pallet-session was told of last. It is told again only when [`Validators`] differ: every telling
    /// begins a new GRANDPA authority set, which every proof has to step over for ever after.
    #[pallet::storage]
    pub type SessionValidators<T: Config> = StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// The nonce with which an account begins: the highest one that a removed account had. So a transaction that was in a
    /// block once is not valid again when its signer is removed and added anew.
    #[pallet::storage]
    pub type FirstNonce<T: Config> = StorageValue<_, T::Nonce, ValueQuery>;

    /// The organisations from which the chain starts. They are numbered from 1 in their order.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Who they are.
        pub organisations: Vec<GenesisOrganisation<T::AccountId>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let found = Pallet::<T>::found(&self.organisations);
            assert!(found.is_ok(), "no consortium can start from this genesis configuration: {found:?}");
        }
    }

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
            /// The index of the journal's record.
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
            /// The index of the journal's record.
            record: u64,
        },
        /// An account may no longer act.
        AccountRemoved {
            /// The organisation.
            organisation: OrganisationId,
            /// The account.
            account: T::AccountId,
            /// The index of the journal's record.
            record: u64,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account belongs to no organisation.
        NotMember,
        /// The account's organisation is suspended or expelled.
        OrganisationNotActive,
        /// The account lacks the role that this takes.
        NotAuthorized,
        /// The account belongs to an organisation already, this one or another.
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
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Lets `account` act for the caller's organisation.
        ///
        /// Origin: signed by an admin. Event: `AccountAdded`.
        ///
        /// # Errors
        ///
        /// `NotMember`, `OrganisationNotActive`, `NotAuthorized`, `NoRoles`, `UnknownRole`, `AccountTaken`,
        /// `TooManyAccounts`, and those of the journal.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::add_account())]
        pub fn add_account(origin: OriginFor<T>, account: T::AccountId, roles: Roles) -> DispatchResult {
            let admin = ensure_signed(origin)?;
            let (organisation, record) = Self::do_add_account(&admin, &account, roles)?;
            Self::deposit_event(Event::AccountAdded { organisation, account, roles, record });
            Ok(())
        }

        /// Gives an account of the caller's organisation other roles, in place of those that it had.
        ///
        /// Origin: signed by an admin. Event: `AccountRolesChanged`.
        ///
        /// # Errors
        ///
        /// `NotMember`, `OrganisationNotActive`, `NotAuthorized`, `NoRoles`, `UnknownRole`, `NotFound`,
        /// `ValidatorAccount`, `LastAdmin`, and those of the journal.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_roles())]
        pub fn set_roles(origin: OriginFor<T>, account: T::AccountId, roles: Roles) -> DispatchResult {
            let admin = ensure_signed(origin)?;
            let (organisation, record) = Self::do_set_roles(&admin, &account, roles)?;
            Self::deposit_event(Event::AccountRolesChanged { organisation, account, roles, record });
            Ok(())
        }

        /// Lets an account of the caller's organisation act no longer.
        ///
        /// Origin: signed by an admin. Event: `AccountRemoved`.
        ///
        /// # Errors
        ///
        /// `NotMember`, `OrganisationNotActive`, `NotAuthorized`, `NotFound`, `ValidatorAccount`, `LastAdmin`, and those of
        /// the journal.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::remove_account())]
        pub fn remove_account(origin: OriginFor<T>, account: T::AccountId) -> DispatchResult {
            let admin = ensure_signed(origin)?;
            let (organisation, record) = Self::do_remove_account(&admin, &account)?;
            Self::deposit_event(Event::AccountRemoved { organisation, account, record });
            Ok(())
        }
    }
}
