//! The traits by which the ledger's pallets meet.
//!
//! Domain pallets decide whether a fact is allowed, then append it to the journal through [`Journal`]. Who stands behind
//! an account they learn through [`Membership`]. No pallet names another in its `Config`.
//!
//! With the feature `std`, `mock` holds the one implementation of each trait that every pallet's tests share.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "std")]
pub mod mock;

extern crate alloc;

use alloc::vec::Vec;
use citynet_primitives::{
    Account, Action, Author, Body, DatasetId, DatasetKind, Denial, DeviceId, GrantId, GrantState, Hash, Moment,
    MotionInfo, OrganisationId, Price, Role, Roles, Sensitivity, Subject, SubjectHead, Usage,
};
use codec::{Decode, Encode};
use frame_support::{dispatch::DispatchErrorWithPostInfo, weights::Weight};
use sp_runtime::{DispatchError, DispatchResult};

/// Where a record went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its position in the journal.
    pub index: u64,
    /// Its leaf hash, `SHA256(0x00 ‖ SCALE(record))`.
    pub leaf: Hash,
}

/// The append-only log of the ledger.
pub trait Journal {
    /// Writes a record for `author` and counts it for each of `subjects`, whose heads the journal keeps.
    ///
    /// # Errors
    ///
    /// When the block holds as many records as it may, or a subject is named twice or beyond the bound. Nothing is
    /// written then.
    fn append(author: &Author, subjects: &[Subject], body: Body) -> Result<Appended, DispatchError>;

    /// As [`Journal::append`], for a record that also counts for `held`, a subject whose head the caller keeps in its
    /// own storage and which is advanced in place. A pallet that writes its subject's state anyway saves a trie key.
    fn append_held(
        author: &Author,
        held: (Subject, &mut SubjectHead),
        subjects: &[Subject],
        body: Body,
    ) -> Result<Appended, DispatchError>;

    /// The worst weight of one append with `subjects` heads kept by the journal.
    fn append_weight(subjects: u32) -> Weight;
}

/// Finds the head of a subject that is not kept by the journal but by the pallet that owns the subject.
pub trait HeldHeads {
    /// The head, or `None` when `subject` is of a kind that the journal keeps itself.
    fn held_head(subject: &Subject) -> Option<SubjectHead>;
}

impl HeldHeads for () {
    fn held_head(_: &Subject) -> Option<SubjectHead> {
        None
    }
}

/// Heads that one of two keeps.
impl<A: HeldHeads, B: HeldHeads> HeldHeads for (A, B) {
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        A::held_head(subject).or_else(|| B::held_head(subject))
    }
}

/// Heads that one of three keeps.
impl<A: HeldHeads, B: HeldHeads, C: HeldHeads> HeldHeads for (A, B, C) {
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        <(A, (B, C))>::held_head(subject)
    }
}

/// Heads that one of four keeps.
impl<A: HeldHeads, B: HeldHeads, C: HeldHeads, D: HeldHeads> HeldHeads for (A, B, C, D) {
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        <(A, (B, C, D))>::held_head(subject)
    }
}

/// An account of a member organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The organisation.
    pub organisation: OrganisationId,
    /// What the account may do for it.
    pub roles: Roles,
}

/// Who stands behind an account.
pub trait Membership<AccountId> {
    /// The organisation and roles of an account. `None` when the account belongs to no organisation **or its
    /// organisation is not active**.
    fn member(account: &AccountId) -> Option<Member>;

    /// The author that `account` acts as, given that it has `role`.
    ///
    /// # Errors
    ///
    /// When [`Membership::member`] is `None`, or the role is missing.
    fn ensure(account: &AccountId, role: Role) -> Result<Author, DispatchError>;

    /// Whether the organisation exists and may act.
    fn is_active(organisation: OrganisationId) -> bool;

    /// Makes `account` a member with every role of a new organisation.
    #[cfg(feature = "runtime-benchmarks")]
    fn admit(account: &AccountId) -> OrganisationId;
}

/// A motion that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Blake2b-256 of the call.
    pub motion: Hash,
    /// The motion's number.
    pub number: u32,
    /// How many seats must approve.
    pub threshold: u32,
}

/// How a vote ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Whether enough seats approved, upon which the call was dispatched.
    pub approved: bool,
    /// How many approved.
    pub yes: u32,
    /// How many did not.
    pub no: u32,
    /// How many there were.
    pub seats: u32,
}

/// The members' assembly. It counts one vote per organisation and knows nothing of accounts.
pub trait Council<Call> {
    /// Gives a seat to exactly these organisations. Those that lose theirs lose their votes on open motions.
    fn set_seats(seats: &[OrganisationId]);

    /// How many organisations may have a seat.
    fn max_seats() -> u32;

    /// Opens a motion to dispatch `call`. How many must approve depends on the call. No vote is cast.
    ///
    /// # Errors
    ///
    /// When the organisation has no seat, the same call is open already, or there are too many motions.
    fn propose(seat: OrganisationId, call: Call) -> Result<Proposed, DispatchError>;

    /// Casts or changes a vote.
    ///
    /// # Errors
    ///
    /// When the organisation has no seat, there is no such motion, or it voted the same before.
    fn vote(seat: OrganisationId, motion: Hash, number: u32, approve: bool) -> Result<(), DispatchError>;

    /// Ends a motion that is decided or whose time is over, and dispatches its call if it is approved. Also returns the weight
    /// that this took.
    ///
    /// # Errors
    ///
    /// When there is no such motion, it is undecided, or its call weighs or measures more than the caller allowed for.
    fn close(
        motion: Hash,
        number: u32,
        call_weight: Weight,
        call_length: u32,
    ) -> Result<(Tally, Weight), DispatchErrorWithPostInfo>;

    /// The motions that are open, by number.
    fn motions() -> Vec<MotionInfo>;

    /// The worst weight of [`Council::propose`] for a call of so many bytes.
    fn propose_weight(call_length: u32) -> Weight;

    /// The worst weight of [`Council::vote`].
    fn vote_weight() -> Weight;

    /// The worst weight of [`Council::close`] for a call of so many bytes, without the call's own.
    fn close_weight(call_length: u32) -> Weight;
}

/// The organisations' validators and nodes, as the consortium sees them.
pub trait ValidatorRegister<AccountId> {
    /// Whether the account is a validator's.
    fn is_validator(account: &AccountId) -> bool;

    /// How many validators the next set would have without those of `organisation`.
    fn count_without(organisation: OrganisationId) -> u32;

    /// Forgets the validators and peers of an organisation that is no member any more.
    fn forget(organisation: OrganisationId);

    /// The worst weight of [`ValidatorRegister::forget`].
    fn forget_weight() -> Weight;
}

/// What other pallets must know of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceFacts {
    /// The organisation that answers for it.
    pub owner: OrganisationId,
    /// The lowest sequence number that has not been attested or declared missing.
    pub next_sequence: u64,
}

/// The devices.
pub trait DeviceRegister {
    /// A device, if there is one.
    fn facts(device: DeviceId) -> Option<DeviceFacts>;

    /// Registers a device that has attested its first thousand readings.
    #[cfg(feature = "runtime-benchmarks")]
    fn add(owner: OrganisationId) -> DeviceId;
}

/// What other pallets must know of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatasetFacts {
    /// The organisation that answers for it.
    pub owner: OrganisationId,
    /// What it is.
    pub kind: DatasetKind,
    /// How careful one must be with it.
    pub sensitivity: Sensitivity,
    /// How many versions it has; the last one has this number.
    pub versions: u32,
}

/// The catalogue of datasets.
pub trait Catalogue {
    /// A dataset, if there is one.
    fn facts(dataset: DatasetId) -> Option<DatasetFacts>;

    /// SHA-256 of a version's content, if there is such a version.
    fn content(dataset: DatasetId, version: u32) -> Option<Hash>;

    /// Registers an open dataset with one version.
    #[cfg(feature = "runtime-benchmarks")]
    fn add(owner: OrganisationId) -> DatasetId;
}

/// Who may use which data, as the grants have it. Nothing is allowed that no grant allows.
pub trait Access {
    /// Whether by this very grant `consumer` may do `action` with a version of a dataset in this block, for any purpose that
    /// the grant has. No version stands for what has not become one yet, as in a stream.
    ///
    /// # Errors
    ///
    /// Why not.
    fn permits(
        grant: GrantId,
        consumer: OrganisationId,
        dataset: DatasetId,
        version: Option<u32>,
        action: Action,
    ) -> Result<(), Denial>;

    /// The dataset that a grant is of, in whatever state it is.
    fn dataset_of(grant: GrantId) -> Option<DatasetId>;

    /// Makes a grant of everything, in force, that stands on as many others as it may.
    #[cfg(feature = "runtime-benchmarks")]
    fn add(provider: OrganisationId, consumer: OrganisationId, dataset: DatasetId) -> GrantId;
}

/// What settlement must know of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct GrantFacts {
    /// Where it is.
    pub state: GrantState,
    /// Who provides the data now: of a grant that passes on no other, whoever owns the dataset.
    pub provider: OrganisationId,
    /// Who uses the data.
    pub consumer: OrganisationId,
    /// What its terms say that use costs.
    pub price: Price,
    /// Its first moment.
    pub not_before: Moment,
    /// The first moment at which it is over.
    pub not_after: Moment,
    /// When it became active.
    pub active_since: Option<Moment>,
    /// When it was revoked or completed.
    pub ended: Option<Moment>,
    /// Its own use, as last reported.
    pub used: Usage,
}

/// The grants.
pub trait GrantRegister {
    /// A grant, in whatever state it is. `None` also where its dataset is gone.
    fn facts(grant: GrantId) -> Option<GrantFacts>;

    /// As [`Journal::append`], for a record that also counts for a grant, whose head the grants keep.
    ///
    /// # Errors
    ///
    /// When there is no such grant, and those of the journal.
    fn append(author: &Author, grant: GrantId, subjects: &[Subject], body: Body) -> Result<Appended, DispatchError>;

    /// Accepts what is offered, for the consumer.
    ///
    /// # Errors
    ///
    /// As those of the grants' own call.
    fn accept(author: &Author, grant: GrantId, terms_hash: Hash) -> DispatchResult;

    /// The worst weight of [`GrantRegister::accept`], with what [`Payments`] takes.
    fn accept_weight() -> Weight;

    /// Makes a grant in force at this price, whose use is reported to be a thousand of each kind.
    #[cfg(feature = "runtime-benchmarks")]
    fn add_priced(provider: OrganisationId, consumer: OrganisationId, price: Price) -> GrantId;

    /// Makes a binding offer at this price, and gives its hash too.
    #[cfg(feature = "runtime-benchmarks")]
    fn offer_priced(provider: OrganisationId, consumer: OrganisationId, price: Price) -> (GrantId, Hash);
}

/// How grants are paid for.
pub trait Payments {
    /// Whether terms may name this price.
    ///
    /// # Errors
    ///
    /// When there is no such currency, or the price by itself makes no sense.
    fn check_price(price: &Price) -> DispatchResult;

    /// Pays `creditor` for a grant that becomes active, from what its consumer has put on hold for it. Only a fixed
    /// price moves money.
    ///
    /// # Errors
    ///
    /// When the money is not on hold.
    fn capture(author: &Author, grant: GrantId, price: &Price, creditor: OrganisationId) -> DispatchResult;

    /// The worst weight of [`Payments::capture`].
    fn capture_weight() -> Weight;
}

/// A ledger without money: prices are nothing, or what a contract outside says.
impl Payments for () {
    fn check_price(price: &Price) -> DispatchResult {
        match price {
            Price::Free | Price::Contract { .. } => Ok(()),
            Price::Fixed { .. } | Price::PerPeriod { .. } | Price::Metered { .. } => Err(DispatchError::Unavailable),
        }
    }

    fn capture(_: &Author, _: GrantId, price: &Price, _: OrganisationId) -> DispatchResult {
        Self::check_price(price)
    }

    fn capture_weight() -> Weight {
        Weight::zero()
    }
}

/// The hash of the chain's first block, which every signed statement names.
pub trait Genesis {
    /// The hash.
    fn genesis_hash() -> Hash;
}

/// The time of the current block.
pub trait Clock {
    /// Milliseconds since 1970.
    fn now() -> Moment;
}

/// Converts a runtime's account into the bytes that records hold.
pub trait AccountBytes {
    /// The 32 bytes.
    fn account_bytes(&self) -> Account;
}

impl AccountBytes for sp_runtime::AccountId32 {
    fn account_bytes(&self) -> Account {
        let bytes: &[u8; 32] = self.as_ref();
        *bytes
    }
}
