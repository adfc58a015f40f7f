//! The one mock of each trait, for the tests of every pallet.
//!
//! What the mocks know lives in the test's externalities, under keys of their own, and not beside them. So tests do not
//! see one another, a call that fails takes its records back, and `assert_noop!` notices a record that was appended
//! before an error. It also means that they are set up and asked inside `execute_with`.

use crate::{AccountBytes, Appended, Clock, Genesis, Journal, Member, Membership};
use citynet_primitives::{
    Account, Author, Body, Entry, Hash, Moment, OrganisationId, OrganisationStatus, Record, Role, Roles, Subject,
    SubjectHead, Subjects, RECORD_VERSION,
};
use codec::Encode;
use frame_support::{storage::unhashed, weights::Weight};
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    DispatchError,
};

const ENTRIES: &[u8] = b":mock:journal:entries";
const FAILING: &[u8] = b":mock:journal:failing";
const HEADS: &[u8] = b":mock:journal:heads:";
const MEMBERS: &[u8] = b":mock:membership:members:";
const STATUSES: &[u8] = b":mock:membership:statuses:";
const NOW: &[u8] = b":mock:clock:now";

fn key(prefix: &[u8], of: &impl Encode) -> Vec<u8> {
    [prefix, of.encode().as_slice()].concat()
}

/// A journal that keeps every entry. It has no tree: a leaf is some hash of the record, and a chain hash some hash of the
/// chain before and the leaf. The block number of its records is 0, their time that of [`MockClock`].
pub struct MockJournal;

impl MockJournal {
    /// What every append answers while [`MockJournal::fail`] is on.
    pub const FAILURE: DispatchError = DispatchError::Other("the mock journal was told to fail");
    /// What an append answers that names a subject twice.
    pub const DUPLICATE_SUBJECT: DispatchError = DispatchError::Other("a subject is named twice");
    /// What an append answers that names more than eight subjects.
    pub const TOO_MANY_SUBJECTS: DispatchError = DispatchError::Other("too many subjects");

    /// Every entry so far, the held subject of each before the others.
    pub fn entries() -> Vec<Entry> {
        unhashed::get_or_default(ENTRIES)
    }

    /// The body of every record so far.
    pub fn bodies() -> Vec<Body> {
        Self::entries().into_iter().map(|entry| entry.record.body).collect()
    }

    /// The latest entry.
    pub fn last() -> Option<Entry> {
        Self::entries().pop()
    }

    /// The head of a subject that the journal keeps, not of a held one.
    pub fn head(subject: &Subject) -> SubjectHead {
        unhashed::get_or_default(&key(HEADS, subject))
    }

    /// Makes every append fail with [`MockJournal::FAILURE`], or no longer.
    pub fn fail(failing: bool) {
        unhashed::put(FAILING, &failing);
    }

    fn advance(head: &mut SubjectHead, leaf: &Hash) {
        head.count += 1;
        head.chain = BlakeTwo256::hash_of(&(head.chain, leaf)).0;
    }

    fn write(
        author: &Author,
        held: Option<(Subject, &mut SubjectHead)>,
        kept: &[Subject],
        body: Body,
    ) -> Result<Appended, DispatchError> {
        if unhashed::get_or_default(FAILING) {
            return Err(Self::FAILURE);
        }
        let all: Vec<Subject> = held.iter().map(|(subject, _)| *subject).chain(kept.iter().copied()).collect();
        if all.iter().enumerate().any(|(position, subject)| all[..position].contains(subject)) {
            return Err(Self::DUPLICATE_SUBJECT);
        }
        let subjects = Subjects::try_from(all).map_err(|_| Self::TOO_MANY_SUBJECTS)?;

        let mut entries = Self::entries();
        let index = entries.len() as u64;
        let record = Record {
            version: RECORD_VERSION,
            index,
            block: 0,
            time: MockClock::now(),
            organisation: author.organisation,
            account: author.account,
            body,
        };
        let leaf = BlakeTwo256::hash_of(&record).0;
        if let Some((_, head)) = held {
            Self::advance(head, &leaf);
        }
        for subject in kept {
            let mut head = Self::head(subject);
            Self::advance(&mut head, &leaf);
            unhashed::put(&key(HEADS, subject), &head);
        }
        entries.push(Entry { record, subjects });
        unhashed::put(ENTRIES, &entries);
        Ok(Appended { index, leaf })
    }
}

impl Journal for MockJournal {
    fn append(author: &Author, subjects: &[Subject], body: Body) -> Result<Appended, DispatchError> {
        Self::write(author, None, subjects, body)
    }

    fn append_held(
        author: &Author,
        held: (Subject, &mut SubjectHead),
        subjects: &[Subject],
        body: Body,
    ) -> Result<Appended, DispatchError> {
        Self::write(author, Some(held), subjects, body)
    }

    fn append_weight(_: u32) -> Weight {
        Weight::zero()
    }
}

/// A register of members that the test writes.
pub struct MockMembership;

impl MockMembership {
    /// What [`Membership::ensure`] answers for an account that is no member of an active organisation.
    pub const NOT_MEMBER: DispatchError = DispatchError::Other("no member of an active organisation");
    /// What [`Membership::ensure`] answers for a member without the role.
    pub const NOT_AUTHORIZED: DispatchError = DispatchError::Other("the role is missing");

    /// Makes `account` a member. An organisation that was not named before is active.
    pub fn set(account: &impl AccountBytes, organisation: OrganisationId, roles: Roles) {
        let status = key(STATUSES, &organisation);
        if !unhashed::exists(&status) {
            unhashed::put(&status, &OrganisationStatus::Active);
        }
        unhashed::put(&key(MEMBERS, &account.account_bytes()), &(organisation, roles));
    }

    /// Makes `account` a stranger.
    pub fn remove(account: &impl AccountBytes) {
        unhashed::kill(&key(MEMBERS, &account.account_bytes()));
    }

    /// Gives an organisation a status.
    pub fn set_status(organisation: OrganisationId, status: OrganisationStatus) {
        unhashed::put(&key(STATUSES, &organisation), &status);
    }

    fn is_active_organisation(organisation: OrganisationId) -> bool {
        unhashed::get(&key(STATUSES, &organisation)) == Some(OrganisationStatus::Active)
    }
}

impl<A: AccountBytes> Membership<A> for MockMembership {
    fn member(account: &A) -> Option<Member> {
        let (organisation, roles) = unhashed::get::<(OrganisationId, Roles)>(&key(MEMBERS, &account.account_bytes()))?;
        Self::is_active_organisation(organisation).then_some(Member { organisation, roles })
    }

    fn ensure(account: &A, role: Role) -> Result<Author, DispatchError> {
        let member = <Self as Membership<A>>::member(account).ok_or(Self::NOT_MEMBER)?;
        if !member.roles.contains(role) {
            return Err(Self::NOT_AUTHORIZED);
        }
        let account: Account = account.account_bytes();
        Ok(Author { organisation: member.organisation, account })
    }

    fn is_active(organisation: OrganisationId) -> bool {
        Self::is_active_organisation(organisation)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn admit(account: &A) -> OrganisationId {
        let organisation = OrganisationId(u32::MAX);
        Self::set(account, organisation, Role::ALL.iter().copied().collect());
        organisation
    }
}

/// A genesis block whose hash is [`MockGenesis::HASH`].
pub struct MockGenesis;

impl MockGenesis {
    /// The hash.
    pub const HASH: Hash = [0x6e; 32];
}

impl Genesis for MockGenesis {
    fn genesis_hash() -> Hash {
        Self::HASH
    }
}

/// A clock that stands still until the test moves it. It starts at [`MockClock::START`].
pub struct MockClock;

impl MockClock {
    /// 2020-09-13T12:26:40Z.
    pub const START: Moment = 1_600_000_000_000;

    /// Sets the time.
    pub fn set(now: Moment) {
        unhashed::put(NOW, &now);
    }

    /// Lets `milliseconds` pass.
    pub fn advance(milliseconds: Moment) {
        Self::set(Self::now() + milliseconds);
    }
}

impl Clock for MockClock {
    fn now() -> Moment {
        unhashed::get_or(NOW, Self::START)
    }
}
