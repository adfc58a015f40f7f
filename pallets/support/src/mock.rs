//! The one mock of each trait, for the tests of every pallet.
//!
//! What the mocks know lives in the test's externalities, under keys of their own, and not beside them. So tests do not
//! see one another, a call that fails takes its records back, and `assert_noop!` notices a record that was appended
//! before an error. It also means that they are set up and asked inside `execute_with`.

use crate::{
    Access, AccountBytes, Appended, Catalogue, Clock, Council, DatasetFacts, DeviceFacts, DeviceRegister, Genesis,
    GrantFacts, GrantRegister, Journal, Member, Membership, Payments, Proposed, Tally, ValidatorRegister,
};
use citynet_primitives::{
    Account, Action, Author, Body, DatasetId, DatasetKind, Denial, DeviceId, EncodedCall, Entry, GrantId, GrantState,
    Hash, Moment, MotionInfo, OrganisationId, OrganisationStatus, Price, Record, Role, Roles, Sensitivity, Subject,
    SubjectHead, Subjects, Usage, RECORD_VERSION,
};
use codec::{Decode, Encode};
use core::marker::PhantomData;
use frame_support::{
    dispatch::{DispatchErrorWithPostInfo, GetDispatchInfo, PostDispatchInfo},
    storage::unhashed,
    traits::OriginTrait,
    weights::Weight,
};
use sp_runtime::{
    traits::{BlakeTwo256, Dispatchable, Hash as _},
    DispatchError, DispatchResult,
};

const ENTRIES: &[u8] = b":mock:journal:entries";
const FAILING: &[u8] = b":mock:journal:failing";
const HEADS: &[u8] = b":mock:journal:heads:";
const MEMBERS: &[u8] = b":mock:membership:members:";
const STATUSES: &[u8] = b":mock:membership:statuses:";
const SEATS: &[u8] = b":mock:council:seats";
const MOTIONS: &[u8] = b":mock:council:motions";
const MOTION_COUNT: &[u8] = b":mock:council:count";
const VALIDATORS: &[u8] = b":mock:validators";
const NOW: &[u8] = b":mock:clock:now";
const DEVICES: &[u8] = b":mock:devices:";
const DATASETS: &[u8] = b":mock:catalogue:datasets:";
const GRANTS: &[u8] = b":mock:access:grants:";
const PRICED: &[u8] = b":mock:grants:facts:";
const CAPTURED: &[u8] = b":mock:payments:captured";
const FUNDED: &[u8] = b":mock:payments:funded:";

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

    /// Every account is admitted with an organisation of its own.
    #[cfg(feature = "runtime-benchmarks")]
    fn admit(account: &A) -> OrganisationId {
        let [a, b, c, d, ..] = account.account_bytes();
        let organisation = OrganisationId(u32::from_le_bytes([a, b, c, d]));
        Self::set(account, organisation, Role::ALL.iter().copied().collect());
        organisation
    }
}

/// A council in which two thirds of the seats approve anything, which is then dispatched as root. Motions have no end:
/// they stay open until they are decided.
pub struct MockCouncil;

impl MockCouncil {
    /// How many seats there may be.
    pub const MAX_SEATS: u32 = 6;
    /// How many motions may be open.
    pub const MAX_MOTIONS: usize = 3;
    /// What proposing weighs, whatever the call.
    pub const PROPOSE_WEIGHT: Weight = Weight::from_parts(1_000, 10);
    /// What voting weighs.
    pub const VOTE_WEIGHT: Weight = Weight::from_parts(2_000, 20);
    /// What closing weighs, without the motion's call.
    pub const CLOSE_WEIGHT: Weight = Weight::from_parts(4_000, 40);
    /// What an organisation without a seat is answered.
    pub const NO_SEAT: DispatchError = DispatchError::Other("the mock council has no seat for the organisation");
    /// What is answered when a call is open already.
    pub const DUPLICATE_MOTION: DispatchError = DispatchError::Other("the mock council has that motion already");
    /// What is answered when [`MockCouncil::MAX_MOTIONS`] are open.
    pub const TOO_MANY_MOTIONS: DispatchError = DispatchError::Other("the mock council has too many motions");
    /// What is answered when no such motion is open.
    pub const NO_MOTION: DispatchError = DispatchError::Other("the mock council has no such motion");
    /// What is answered when an organisation votes the same twice.
    pub const DUPLICATE_VOTE: DispatchError = DispatchError::Other("the mock council has that vote already");
    /// What is answered when neither enough approve nor enough do not.
    pub const UNDECIDED: DispatchError = DispatchError::Other("the mock council is undecided");
    /// What is answered when the call is more than was allowed for.
    pub const CALL_TOO_LARGE: DispatchError = DispatchError::Other("the mock council's motion weighs or measures more");

    /// Who has a seat.
    pub fn seats() -> Vec<OrganisationId> {
        unhashed::get_or_default(SEATS)
    }

    /// The motions that are open, by number.
    pub fn open() -> Vec<MotionInfo> {
        unhashed::get_or_default(MOTIONS)
    }

    fn motion(motion: Hash, number: u32) -> Result<MotionInfo, DispatchError> {
        let found = Self::open().into_iter().find(|open| open.motion == motion && open.number == number);
        found.ok_or(Self::NO_MOTION)
    }

    fn ensure_seat(seat: OrganisationId) -> Result<(), DispatchError> {
        Self::seats().contains(&seat).then_some(()).ok_or(Self::NO_SEAT)
    }
}

impl<Call> Council<Call> for MockCouncil
where
    Call: Encode + Decode + GetDispatchInfo + Dispatchable<PostInfo = PostDispatchInfo>,
    Call::RuntimeOrigin: OriginTrait,
{
    fn set_seats(seats: &[OrganisationId]) {
        unhashed::put(SEATS, &seats.to_vec());
        let mut motions = Self::open();
        for motion in &mut motions {
            motion.seats = seats.len() as u32;
            motion.yes.retain(|seat| seats.contains(seat));
            motion.no.retain(|seat| seats.contains(seat));
        }
        unhashed::put(MOTIONS, &motions);
    }

    fn max_seats() -> u32 {
        Self::MAX_SEATS
    }

    fn propose(seat: OrganisationId, call: Call) -> Result<Proposed, DispatchError> {
        Self::ensure_seat(seat)?;
        let call = EncodedCall::try_from(call.encode()).expect("the pallet has made sure of its length");
        let motion = BlakeTwo256::hash(&call).0;
        let mut motions = Self::open();
        if motions.iter().any(|open| open.motion == motion) {
            return Err(Self::DUPLICATE_MOTION);
        }
        if motions.len() == Self::MAX_MOTIONS {
            return Err(Self::TOO_MANY_MOTIONS);
        }
        let number: u32 = unhashed::get_or_default(MOTION_COUNT);
        let seats = Self::seats().len() as u32;
        let threshold = (2 * seats).div_ceil(3);
        motions.push(MotionInfo { motion, number, threshold, seats, yes: vec![], no: vec![], end: u32::MAX, call });
        unhashed::put(MOTIONS, &motions);
        unhashed::put(MOTION_COUNT, &(number + 1));
        Ok(Proposed { motion, number, threshold })
    }

    fn vote(seat: OrganisationId, motion: Hash, number: u32, approve: bool) -> Result<(), DispatchError> {
        Self::ensure_seat(seat)?;
        Self::motion(motion, number)?;
        let mut motions = Self::open();
        for open in motions.iter_mut().filter(|open| open.number == number) {
            let (to, from) = if approve { (&mut open.yes, &mut open.no) } else { (&mut open.no, &mut open.yes) };
            if to.contains(&seat) {
                return Err(Self::DUPLICATE_VOTE);
            }
            from.retain(|voted| *voted != seat);
            to.push(seat);
        }
        unhashed::put(MOTIONS, &motions);
        Ok(())
    }

    fn close(
        motion: Hash,
        number: u32,
        call_weight: Weight,
        call_length: u32,
    ) -> Result<(Tally, Weight), DispatchErrorWithPostInfo> {
        let MotionInfo { threshold, seats, yes, no, call, .. } = Self::motion(motion, number)?;
        let (yes, no) = (yes.len() as u32, no.len() as u32);
        let approved = yes >= threshold;
        let rejected = seats - no < threshold;
        let mut weight = Self::CLOSE_WEIGHT;
        if approved {
            let decoded = Call::decode(&mut &call[..]).expect("it was encoded when it was proposed");
            let declared = decoded.get_dispatch_info().call_weight;
            if declared.any_gt(call_weight) || call.len() as u32 > call_length {
                return Err(Self::CALL_TOO_LARGE.into());
            }
            let outcome = decoded.dispatch(Call::RuntimeOrigin::root());
            let info = outcome.unwrap_or_else(|error| error.post_info);
            weight += info.actual_weight.unwrap_or(declared);
        } else if !rejected {
            return Err(Self::UNDECIDED.into());
        }
        // The call may have changed votes.
        let mut motions = Self::open();
        motions.retain(|open| open.number != number);
        unhashed::put(MOTIONS, &motions);
        Ok((Tally { approved, yes, no, seats }, weight))
    }

    fn motions() -> Vec<MotionInfo> {
        Self::open()
    }

    fn propose_weight(_: u32) -> Weight {
        Self::PROPOSE_WEIGHT
    }

    fn vote_weight() -> Weight {
        Self::VOTE_WEIGHT
    }

    fn close_weight(_: u32) -> Weight {
        Self::CLOSE_WEIGHT
    }
}

/// A register of validators that the test writes. Whether an organisation is active it does not know.
pub struct MockValidators;

impl MockValidators {
    /// Every validator.
    pub fn all() -> Vec<(OrganisationId, Account)> {
        unhashed::get_or_default(VALIDATORS)
    }

    /// Makes `account` a validator.
    pub fn add(organisation: OrganisationId, account: &impl AccountBytes) {
        let mut validators = Self::all();
        validators.push((organisation, account.account_bytes()));
        unhashed::put(VALIDATORS, &validators);
    }

    fn retain(keep: impl Fn(&(OrganisationId, Account)) -> bool) {
        let validators: Vec<_> = Self::all().into_iter().filter(keep).collect();
        unhashed::put(VALIDATORS, &validators);
    }

    /// Makes `account` a validator no longer.
    pub fn remove(account: &impl AccountBytes) {
        let account = account.account_bytes();
        Self::retain(|(_, validator)| *validator != account);
    }
}

impl<A: AccountBytes> ValidatorRegister<A> for MockValidators {
    fn is_validator(account: &A) -> bool {
        Self::all().iter().any(|(_, validator)| *validator == account.account_bytes())
    }

    fn count_without(organisation: OrganisationId) -> u32 {
        Self::all().iter().filter(|(owner, _)| *owner != organisation).count() as u32
    }

    fn forget(organisation: OrganisationId) {
        Self::retain(|(owner, _)| *owner != organisation);
    }

    fn forget_weight() -> Weight {
        Weight::zero()
    }
}

/// Devices that the test registers.
pub struct MockDevices;

impl MockDevices {
    /// Registers or changes a device: whose it is, and how many readings it has attested.
    pub fn set(device: DeviceId, owner: OrganisationId, readings: u64) {
        unhashed::put(&key(DEVICES, &device), &(owner, readings));
    }
}

impl DeviceRegister for MockDevices {
    fn facts(device: DeviceId) -> Option<DeviceFacts> {
        let (owner, next_sequence) = unhashed::get(&key(DEVICES, &device))?;
        Some(DeviceFacts { owner, next_sequence })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(owner: OrganisationId) -> DeviceId {
        let device = (1..).map(DeviceId).find(|device| Self::facts(*device).is_none());
        let device = device.expect("there are not so many devices");
        Self::set(device, owner, 1_000);
        device
    }
}

/// Datasets that the test registers.
pub struct MockCatalogue;

impl MockCatalogue {
    /// Registers or changes a snapshot: whose it is, how careful one must be with it, and the content of its versions.
    pub fn set(dataset: DatasetId, owner: OrganisationId, sensitivity: Sensitivity, versions: &[Hash]) {
        unhashed::put(&key(DATASETS, &dataset), &(owner, sensitivity, versions.to_vec()));
    }

    fn get(dataset: DatasetId) -> Option<(OrganisationId, Sensitivity, Vec<Hash>)> {
        unhashed::get(&key(DATASETS, &dataset))
    }
}

impl Catalogue for MockCatalogue {
    fn facts(dataset: DatasetId) -> Option<DatasetFacts> {
        let (owner, sensitivity, versions) = Self::get(dataset)?;
        Some(DatasetFacts { owner, kind: DatasetKind::Snapshot, sensitivity, versions: versions.len() as u32 })
    }

    fn content(dataset: DatasetId, version: u32) -> Option<Hash> {
        let (_, _, versions) = Self::get(dataset)?;
        versions.get((version as usize).checked_sub(1)?).copied()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(owner: OrganisationId) -> DatasetId {
        let dataset = (1..).map(DatasetId).find(|dataset| Self::get(*dataset).is_none());
        let dataset = dataset.expect("there are not so many datasets");
        Self::set(dataset, owner, Sensitivity::Open, &[[1; 32]]);
        dataset
    }
}

/// Grants that the test makes: each of one dataset, all its versions, to one organisation.
pub struct MockAccess;

impl MockAccess {
    /// Makes or changes a grant. With a denial, it allows nothing for that reason.
    pub fn set(
        grant: GrantId,
        dataset: DatasetId,
        consumer: OrganisationId,
        actions: &[Action],
        denial: Option<Denial>,
    ) {
        unhashed::put(&key(GRANTS, &grant), &(dataset, consumer, actions.to_vec(), denial));
    }

    fn get(grant: GrantId) -> Option<(DatasetId, OrganisationId, Vec<Action>, Option<Denial>)> {
        unhashed::get(&key(GRANTS, &grant))
    }
}

impl Access for MockAccess {
    fn permits(
        grant: GrantId,
        consumer: OrganisationId,
        dataset: DatasetId,
        _: Option<u32>,
        action: Action,
    ) -> Result<(), Denial> {
        let (of, to, actions, denial) = Self::get(grant).ok_or(Denial::NoGrant)?;
        if of != dataset {
            return Err(Denial::WrongDataset);
        }
        if to != consumer {
            return Err(Denial::WrongConsumer);
        }
        if let Some(denial) = denial {
            return Err(denial);
        }
        if actions.contains(&action) {
            Ok(())
        } else {
            Err(Denial::ActionNotGranted)
        }
    }

    fn dataset_of(grant: GrantId) -> Option<DatasetId> {
        Self::get(grant).map(|(dataset, ..)| dataset)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(_: OrganisationId, consumer: OrganisationId, dataset: DatasetId) -> GrantId {
        let grant = (1..).map(GrantId).find(|grant| Self::get(*grant).is_none());
        let grant = grant.expect("there are not so many grants");
        Self::set(grant, dataset, consumer, Action::ALL, None);
        grant
    }
}

/// Grants that the test makes, with their prices. Accepting one pays for it through `P`.
pub struct MockGrants<P = ()>(PhantomData<P>);

impl MockGrants {
    /// What terms hash to.
    pub const TERMS: Hash = [0x7e; 32];
    /// What is answered where there is no such grant.
    pub const NOT_FOUND: DispatchError = DispatchError::Other("the mock has no such grant");
    /// What somebody else than the consumer is answered.
    pub const NOT_CONSUMER: DispatchError = DispatchError::Other("the mock grant has another consumer");
    /// What is answered when the grant is not offered.
    pub const NOT_OFFERED: DispatchError = DispatchError::Other("the mock grant is not offered");
    /// What is answered when the hash is another one than [`MockGrants::TERMS`].
    pub const TERMS_DIFFER: DispatchError = DispatchError::Other("the mock grant has other terms");
    /// What accepting weighs, without what is paid.
    pub const ACCEPT_WEIGHT: Weight = Weight::from_parts(3_000, 30);

    /// Makes or changes a grant.
    pub fn set(grant: GrantId, facts: &GrantFacts) {
        unhashed::put(&key(PRICED, &grant), facts);
    }

    /// Changes a grant that was made before.
    pub fn change(grant: GrantId, change: impl FnOnce(&mut GrantFacts)) {
        let mut facts = Self::get(grant).expect("the test made the grant");
        change(&mut facts);
        Self::set(grant, &facts);
    }

    /// A grant, if there is one.
    pub fn get(grant: GrantId) -> Option<GrantFacts> {
        unhashed::get(&key(PRICED, &grant))
    }

    /// A grant in force from now on for a year, at this price, without any use.
    pub fn active(provider: OrganisationId, consumer: OrganisationId, price: Price) -> GrantFacts {
        let now = MockClock::now();
        GrantFacts {
            state: GrantState::Active,
            provider,
            consumer,
            price,
            not_before: now,
            not_after: now + 365 * 86_400_000,
            active_since: Some(now),
            ended: None,
            used: Usage::default(),
        }
    }

    /// The same, while it is only offered.
    pub fn offered(provider: OrganisationId, consumer: OrganisationId, price: Price) -> GrantFacts {
        GrantFacts { state: GrantState::Offered, active_since: None, ..Self::active(provider, consumer, price) }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add(facts: &GrantFacts) -> GrantId {
        let grant = (1..).map(GrantId).find(|grant| Self::get(*grant).is_none());
        let grant = grant.expect("there are not so many grants");
        Self::set(grant, facts);
        grant
    }
}

impl<P: Payments> GrantRegister for MockGrants<P> {
    fn facts(grant: GrantId) -> Option<GrantFacts> {
        MockGrants::get(grant)
    }

    /// Also of a grant that the test has not made.
    fn append(author: &Author, grant: GrantId, subjects: &[Subject], body: Body) -> Result<Appended, DispatchError> {
        MockJournal::append_held(author, (Subject::Grant(grant), &mut SubjectHead::default()), subjects, body)
    }

    fn accept(author: &Author, grant: GrantId, terms_hash: Hash) -> DispatchResult {
        let mut facts = MockGrants::get(grant).ok_or(MockGrants::NOT_FOUND)?;
        if facts.consumer != author.organisation {
            return Err(MockGrants::NOT_CONSUMER);
        }
        if facts.state != GrantState::Offered {
            return Err(MockGrants::NOT_OFFERED);
        }
        if terms_hash != MockGrants::TERMS {
            return Err(MockGrants::TERMS_DIFFER);
        }
        P::capture(author, grant, &facts.price, facts.provider)?;
        facts.state = GrantState::Active;
        facts.active_since = Some(MockClock::now());
        MockGrants::set(grant, &facts);
        Ok(())
    }

    fn accept_weight() -> Weight {
        MockGrants::ACCEPT_WEIGHT.saturating_add(P::capture_weight())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn add_priced(provider: OrganisationId, consumer: OrganisationId, price: Price) -> GrantId {
        let used = Usage { accesses: 1_000, records: 1_000, bytes: 1_000 };
        MockGrants::add(&GrantFacts { used, ..MockGrants::active(provider, consumer, price) })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn offer_priced(provider: OrganisationId, consumer: OrganisationId, price: Price) -> (GrantId, Hash) {
        (MockGrants::add(&MockGrants::offered(provider, consumer, price)), MockGrants::TERMS)
    }
}

/// A ledger whose only currency is [`MockPayments::CURRENCY`]. What is on hold the test says.
pub struct MockPayments;

impl MockPayments {
    /// The currency.
    pub const CURRENCY: u32 = 1;
    /// What is answered about a price in another one.
    pub const UNKNOWN_CURRENCY: DispatchError = DispatchError::Other("the mock ledger has no such currency");
    /// What is answered when a grant's price is not on hold.
    pub const NOT_HELD: DispatchError = DispatchError::Other("the mock ledger has not the price on hold");
    /// What capturing weighs.
    pub const CAPTURE_WEIGHT: Weight = Weight::from_parts(5_000, 50);

    /// Puts the price of a grant on hold.
    pub fn fund(grant: GrantId) {
        unhashed::put(&key(FUNDED, &grant), &true);
    }

    /// Whose prices were paid to whom, in order.
    pub fn captured() -> Vec<(GrantId, OrganisationId)> {
        unhashed::get_or_default(CAPTURED)
    }
}

impl Payments for MockPayments {
    fn check_price(price: &Price) -> DispatchResult {
        match price {
            Price::Free | Price::Contract { .. } => Ok(()),
            Price::Fixed { currency, .. } | Price::PerPeriod { currency, .. } | Price::Metered { currency, .. } => {
                (*currency == Self::CURRENCY).then_some(()).ok_or(Self::UNKNOWN_CURRENCY)
            }
        }
    }

    fn capture(_: &Author, grant: GrantId, price: &Price, creditor: OrganisationId) -> DispatchResult {
        if !matches!(price, Price::Fixed { .. }) {
            return Ok(());
        }
        if !unhashed::get_or_default::<bool>(&key(FUNDED, &grant)) {
            return Err(Self::NOT_HELD);
        }
        let mut captured = Self::captured();
        captured.push((grant, creditor));
        unhashed::put(CAPTURED, &captured);
        unhashed::kill(&key(FUNDED, &grant));
        Ok(())
    }

    fn capture_weight() -> Weight {
        Self::CAPTURE_WEIGHT
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
