//! # Nodes
//!
//! The organisations' nodes: who validates, with which session keys and how well, and which peers belong to the
//! network.
//!
//! An organisation registers validators, each with keys that it proves to hold, and this pallet hands them to
//! pallet-session as its `SessionManager`. Slots that a validator skips are counted; one that stays silent is
//! journalled once and remains in the set. One that equivocates is out of it until the council votes it back. The peers
//! are what a live consortium's nodes connect to, and nothing else.
//!
//! # Terminology
//!
//! * A *validator* is an account in [`Validators`]. It stays an account with the role Validator as long as it is there;
//!   the pallet of the accounts asks through [`citynet_support::ValidatorRegister`].
//! * The *elected* are the validators that the next set shall have: see `session.rs`.
//! * A *turn* is a slot that is a validator's to author in. A *skipped* slot is one without a block. A *streak* is a
//!   validator's skipped turns in a row, not counting gaps of a whole round and more, in which the chain stood still.
//! * A *silent* validator has a streak of as many turns as the parameter `silent_after` says.
//!
//! # Assumptions
//!
//! * In the order of genesis this pallet comes after that of the accounts, which it asks for roles, and before
//!   pallet-session, which asks it for the first sets. Its `on_initialize` comes after Aura's, which notes the block's
//!   slot, and before pallet-session's, which may replace the validators whose slots are counted.
//! * The n-th of `Config::Session::validators()` owns the slots s with s mod count = n, as in Aura. That holds when all
//!   validators of genesis have session keys.
//! * pallet-session takes keys for any account that this pallet names: its `ValidatorIdOf` must not ask whether the
//!   account's organisation is active, or the keys of an expelled one could not be purged.
//! * The weights of calls are measured in the runtime with its journal and membership; `Journal::append_weight` is not
//!   added to them.
//!
//! # What it does not guarantee
//!
//! * That anybody who equivocates is caught. pallet-session alone proves whose a key is by the keys that are set now: from
//!   the moment when a validator rotates its keys or withdraws, until it really signs with the new ones or is gone, what
//!   it signs with the old ones cannot be laid at its door. The runtime has to provide for that, and this ledger's does.
//! * That the set is never smaller than the parameter `min_validators`: withdrawals below it are refused, but an
//!   equivocation suspends always. Only the last validators stay, since a chain without any cannot even be mended.
//! * That an organisation whose validator is suspended does not register another account.
//! * That only peers in the list can read the chain: whoever can connect to a node can ask it for blocks.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod benchmarking;
mod conduct;
mod genesis;
#[cfg(test)]
mod mock;
mod offences;
mod peers;
mod session;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
mod types;
mod validators;
pub mod weights;

pub use genesis::GenesisPeer;
pub use pallet::*;
pub use types::{Conduct, Peer, Validator};
pub use weights::WeightInfo;

#[allow(clippy::expect_used, clippy::unreachable, reason = "the macro makes them; scripts/test looks for ours")]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use citynet_primitives::{EncodedKeys, Hash, NodeAddress, OrganisationId, Parameters, PeerId, PeerPurpose, Text};
    use citynet_support::{AccountBytes, Journal, Membership};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use pallet_session::SessionInterface;
    use sp_runtime::traits::{Convert, OpaqueKeys};

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<AccountId: AccountBytes> {
        /// Who stands behind an account.
        type Membership: Membership<Self::AccountId>;

        /// Where every change is recorded.
        type Journal: Journal;

        /// What the council set.
        type Parameters: Get<Parameters>;

        /// Who votes a suspended validator back.
        type CouncilOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The session keys of a validator: at most 256 bytes in SCALE.
        type Keys: OpaqueKeys + Parameter;

        /// The session pallet.
        type Session: SessionInterface<ValidatorId = Self::AccountId, AccountId = Self::AccountId, Keys = Self::Keys>;

        /// The session keys that an account set last, in SCALE.
        type KeysOf: Convert<Self::AccountId, Option<EncodedKeys>>;

        /// The slot of the current block.
        type Slot: Get<u64>;

        /// How many validators there may be.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// How many peers an organisation may have.
        #[pallet::constant]
        type MaxPeersPerOrganisation: Get<u32>;

        /// How many peers there may be.
        #[pallet::constant]
        type MaxPeers: Get<u32>;

        /// Measured weights.
        type WeightInfo: WeightInfo;

        /// New session keys with a proof that the account holds them.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkKeys: Convert<Self::AccountId, (Self::Keys, Vec<u8>)>;
    }

    /// The validators, in the order in which they were registered.
    #[pallet::storage]
    pub type Validators<T: Config> = StorageValue<_, BoundedVec<Validator<T::AccountId>, T::MaxValidators>, ValueQuery>;

    /// The validators that pallet-session was told of last. It is told again only when there is a reason: every telling
    /// begins a new GRANDPA authority set, which every proof has to step over for ever after.
    #[pallet::storage]
    pub type SessionValidators<T: Config> = StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// Whether pallet-session must be told although the elected are the same: one of them has other keys, or was
    /// suspended and voted back before it was ever left out.
    #[pallet::storage]
    pub type TellAnew<T: Config> = StorageValue<_, bool, ValueQuery>;

    /// How the validators used their slots.
    #[pallet::storage]
    pub type Conducts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Conduct, ValueQuery>;

    /// The slot of the latest block.
    #[pallet::storage]
    pub type LastSlot<T: Config> = StorageValue<_, u64>;

    /// SHA-256 of the evidence of an equivocation while it is being processed. Never there at the end of a transaction.
    #[pallet::storage]
    pub type Evidence<T: Config> = StorageValue<_, Hash>;

    /// The nodes that belong to the network, also those of organisations that are not active now.
    #[pallet::storage]
    pub type Peers<T: Config> = CountedStorageMap<_, Blake2_128Concat, PeerId, Peer>;

    /// Which of the peers are an organisation's, in the order in which they were added.
    #[pallet::storage]
    pub type PeersOf<T: Config> =
        StorageMap<_, Blake2_128Concat, OrganisationId, BoundedVec<PeerId, T::MaxPeersPerOrganisation>, ValueQuery>;

    /// The nodes from which the chain starts. The validators' keys are in the genesis configuration of pallet-session.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Who validates, and for whom. Each is an account of that organisation with the role Validator.
        pub validators: Vec<(OrganisationId, T::AccountId)>,
        /// Who belongs to the network.
        pub peers: Vec<GenesisPeer>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let found = Pallet::<T>::found(&self.validators, &self.peers);
            assert!(found.is_ok(), "no network can start from this genesis configuration: {found:?}");
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An organisation runs a validator from the set after the next one on.
        ValidatorRegistered {
            /// The organisation.
            organisation: OrganisationId,
            /// The validator's account.
            account: T::AccountId,
            /// The index of the journal's record.
            record: u64,
        },
        /// A validator signs with other keys from the set after the next one on.
        ValidatorKeysChanged {
            /// The organisation.
            organisation: OrganisationId,
            /// The validator's account.
            account: T::AccountId,
            /// The index of the journal's record.
            record: u64,
        },
        /// A validator leaves the set.
        ValidatorWithdrawn {
            /// The organisation.
            organisation: OrganisationId,
            /// The validator's account.
            account: T::AccountId,
            /// The index of the journal's record.
            record: u64,
        },
        /// A validator equivocated and is in no set until the council votes it back.
        ValidatorSuspended {
            /// The organisation.
            organisation: OrganisationId,
            /// The validator's account.
            account: T::AccountId,
            /// The session in which it did.
            session: u32,
            /// SHA-256 of the SCALE-encoded equivocation proof.
            evidence: Hash,
            /// The index of the journal's record.
            record: u64,
        },
        /// The council voted a suspended validator back.
        ValidatorReinstated {
            /// The organisation.
            organisation: OrganisationId,
            /// The validator's account.
            account: T::AccountId,
            /// The index of the journal's record.
            record: u64,
        },
        /// A validator let its turns pass while others authored. It stays one.
        ValidatorSilent {
            /// The organisation.
            organisation: OrganisationId,
            /// The validator's account.
            account: T::AccountId,
            /// How many of its slots it has skipped since it was registered.
            skipped: u64,
            /// The index of the journal's record.
            record: u64,
        },
        /// A node of an organisation belongs to the network.
        PeerAdded {
            /// The organisation.
            organisation: OrganisationId,
            /// The node's id.
            peer: PeerId,
            /// What it is for.
            purpose: PeerPurpose,
            /// The index of the journal's record.
            record: u64,
        },
        /// A node belongs to the network no longer.
        PeerRemoved {
            /// The organisation.
            organisation: OrganisationId,
            /// The node's id.
            peer: PeerId,
            /// The index of the journal's record.
            record: u64,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The validator or peer is another organisation's.
        NotAuthorized,
        /// The proof does not show that the account holds the private halves of these session keys.
        InvalidProof,
        /// The validator has these session keys already.
        SameKeys,
        /// The account is a validator already.
        AlreadyRegistered,
        /// The account is no validator.
        NotRegistered,
        /// The organisation has as many validators as it may, or with one more it would have a third of all.
        TooManyValidators,
        /// The consortium has as many validators as it may.
        RegisterFull,
        /// Fewer validators would be left than there must be.
        TooFewValidators,
        /// The validator is suspended: only the council decides about it.
        Suspended,
        /// The validator is not suspended.
        NotSuspended,
        /// A reason is empty or no UTF-8.
        InvalidText,
        /// An address is a multiaddress in text that begins with `/` and has no `/p2p/` part.
        InvalidAddress,
        /// The peer belongs to the network already, for this organisation or another.
        PeerTaken,
        /// The peer does not belong to the network.
        PeerNotFound,
        /// The organisation or the consortium has as many peers as it may.
        TooManyPeers,
        /// The journal did not take the record of an equivocation, so its evidence counts as not reported.
        NotRecorded,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Counts the slots since the block before, whoever let them pass.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let counted = Self::note_slot(T::Slot::get(), &T::Session::validators());
            T::WeightInfo::on_initialize(counted)
        }

        fn integrity_test() {
            assert!(T::MaxValidators::get() > 0, "a chain without validators is of no use");
            assert!(
                T::MaxPeersPerOrganisation::get() <= T::MaxPeers::get(),
                "one organisation cannot have more than all"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes the caller a validator of its organisation, with these session keys. `proof` is as pallet-session asks
        /// for it: every key's proof of possession for the caller's account in SCALE, as `author_rotateKeysWithOwner`
        /// gives them.
        ///
        /// It is in the set two sessions later.
        ///
        /// Origin: signed by an account with the role Validator. Event: `ValidatorRegistered`.
        ///
        /// # Errors
        ///
        /// `AlreadyRegistered`, `InvalidProof`, `TooManyValidators`, `RegisterFull`, and those of the membership, of
        /// pallet-session (`DuplicatedKey`: a key is another account's) and of the journal.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_validator())]
        pub fn register_validator(origin: OriginFor<T>, keys: T::Keys, proof: Vec<u8>) -> DispatchResult {
            let account = ensure_signed(origin)?;
            let (organisation, record) = Self::do_register(&account, keys, &proof)?;
            Self::deposit_event(Event::ValidatorRegistered { organisation, account, record });
            Ok(())
        }

        /// Gives the calling validator other session keys. It signs with them two sessions later, and with the old ones
        /// until then, so its node must hold both.
        ///
        /// A suspended validator may do so too. It stays suspended.
        ///
        /// Origin: signed by a validator's account. Event: `ValidatorKeysChanged`.
        ///
        /// # Errors
        ///
        /// `NotRegistered`, `InvalidProof`, `SameKeys`, and those of the membership, of pallet-session
        /// (`DuplicatedKey`: a key is another account's) and of the journal.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::rotate_keys())]
        pub fn rotate_keys(origin: OriginFor<T>, keys: T::Keys, proof: Vec<u8>) -> DispatchResult {
            let account = ensure_signed(origin)?;
            let (organisation, record) = Self::do_rotate(&account, keys, &proof)?;
            Self::deposit_event(Event::ValidatorKeysChanged { organisation, account, record });
            Ok(())
        }

        /// Takes a validator out of the set that is decided next, and forgets its session keys. It has to author and
        /// vote until that set begins, two sessions later. `reason` is text for people, not empty.
        ///
        /// A suspended validator stays: it would be registered anew without a vote.
        ///
        /// Origin: signed by the validator's account, or by an admin of its organisation. Event: `ValidatorWithdrawn`.
        ///
        /// # Errors
        ///
        /// `InvalidText`, `NotRegistered`, `NotAuthorized`, `Suspended`, `TooFewValidators`, and those of the
        /// membership, of pallet-session and of the journal.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::withdraw_validator())]
        pub fn withdraw_validator(origin: OriginFor<T>, account: T::AccountId, reason: Text<256>) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            let (organisation, record) = Self::do_withdraw(&caller, &account, reason)?;
            Self::deposit_event(Event::ValidatorWithdrawn { organisation, account, record });
            Ok(())
        }

        /// Lets a suspended validator be in the set again, two sessions later. `reason` is text for people, not empty.
        ///
        /// Origin: the council. Event: `ValidatorReinstated`.
        ///
        /// # Errors
        ///
        /// `InvalidText`, `NotRegistered`, `NotSuspended`, and those of the journal.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::reinstate_validator())]
        pub fn reinstate_validator(origin: OriginFor<T>, account: T::AccountId, reason: Text<256>) -> DispatchResult {
            T::CouncilOrigin::ensure_origin(origin)?;
            let (organisation, record) = Self::do_reinstate(&account, reason)?;
            Self::deposit_event(Event::ValidatorReinstated { organisation, account, record });
            Ok(())
        }

        /// Lets a node of the caller's organisation into the network. `address` is where it listens, if everybody may
        /// know: a multiaddress in text without its `/p2p` part.
        ///
        /// Origin: signed by an admin or an account with the role Validator. Event: `PeerAdded`.
        ///
        /// # Errors
        ///
        /// `InvalidAddress`, `PeerTaken`, `TooManyPeers`, and those of the membership and of the journal.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::add_peer())]
        pub fn add_peer(
            origin: OriginFor<T>,
            peer: PeerId,
            purpose: PeerPurpose,
            address: Option<NodeAddress>,
        ) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            let (organisation, record) = Self::do_add_peer(&caller, peer, purpose, address)?;
            Self::deposit_event(Event::PeerAdded { organisation, peer, purpose, record });
            Ok(())
        }

        /// Takes a node of the caller's organisation out of the network.
        ///
        /// Origin: signed by an admin or an account with the role Validator. Event: `PeerRemoved`.
        ///
        /// # Errors
        ///
        /// `PeerNotFound`, `NotAuthorized`, and those of the membership and of the journal.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::remove_peer())]
        pub fn remove_peer(origin: OriginFor<T>, peer: PeerId) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            let (organisation, record) = Self::do_remove_peer(&caller, peer)?;
            Self::deposit_event(Event::PeerRemoved { organisation, peer, record });
            Ok(())
        }
    }
}
