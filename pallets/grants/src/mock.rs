//! A runtime of this pallet and the shared mocks, four organisations, and grants in every state.

use crate::{self as pallet_grants, Event};
use citynet_primitives::{
    Action, Body, DatasetId, Document, GrantId, GrantInfo, GrantState, Hash, LegalBasisCode, Moment, Notice,
    OrganisationId, PersonalData, Price, PurposeCode, ReasonCode, Role, Roles, Sensitivity, Subject, Terms, Text,
    UsageLimit, Versions,
};
use citynet_support::{
    mock::{MockCatalogue, MockClock, MockJournal, MockMembership, MockPayments},
    AccountBytes, Clock,
};
use frame_support::{
    assert_ok, derive_impl,
    dispatch::DispatchResult,
    traits::{ConstU32, ConstU64},
};
use frame_system::EnsureRoot;
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

pub const MAX_GRANTS: u32 = 16;
pub const MAX_TIME_AHEAD: Moment = 300_000;

pub const HOUR: Moment = 3_600_000;
pub const DAY: Moment = 24 * HOUR;

/// Owns every dataset.
pub const CITY: OrganisationId = OrganisationId(1);
/// The consumer of [`terms`].
pub const UNIVERSITY: OrganisationId = OrganisationId(2);
/// The controller of [`terms`].
pub const CLINIC: OrganisationId = OrganisationId(3);
/// No party of [`terms`].
pub const TELECOM: OrganisationId = OrganisationId(4);

/// All of them.
pub const ORGANISATIONS: [OrganisationId; 4] = [CITY, UNIVERSITY, CLINIC, TELECOM];

/// Open unless [`ExtBuilder::air`] says otherwise, with two versions.
pub const AIR: DatasetId = DatasetId(1);
/// Restricted, with one version.
pub const TRAFFIC: DatasetId = DatasetId(2);
/// Pseudonymised, with one version.
pub const HEALTH: DatasetId = DatasetId(3);
/// No dataset.
pub const NOWHERE: DatasetId = DatasetId(4);

/// The content of the versions of every dataset, as far as it has them.
pub const CONTENTS: [Hash; 2] = [[0xa1; 32], [0xa2; 32]];

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Grants: pallet_grants,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl pallet_grants::Config for Test {
    type Membership = MockMembership;
    type Journal = MockJournal;
    type Clock = MockClock;
    type Catalogue = MockCatalogue;
    type Payments = MockPayments;
    type CouncilOrigin = EnsureRoot<AccountId32>;
    type MaxGrantsPerConsumer = ConstU32<MAX_GRANTS>;
    type MaxTimeAhead = ConstU64<MAX_TIME_AHEAD>;
    type WeightInfo = ();
}

pub struct ExtBuilder {
    air: Sensitivity,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { air: Sensitivity::Open }
    }
}

impl ExtBuilder {
    /// Gives [`AIR`] another sensitivity.
    pub fn air(mut self, sensitivity: Sensitivity) -> Self {
        self.air = sensitivity;
        self
    }

    /// Block 1 with the organisations, their accounts and the datasets above.
    pub fn build(self) -> TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut externalities = TestExternalities::new(storage);
        externalities.execute_with(|| {
            System::set_block_number(1);
            for organisation in ORGANISATIONS {
                MockMembership::set(&registrar(organisation), organisation, Roles::of(&[Role::Registrar]));
                MockMembership::set(&attestor(organisation), organisation, Roles::of(&[Role::Attestor]));
            }
            let [first, _] = CONTENTS;
            MockCatalogue::set(AIR, CITY, self.air, &CONTENTS);
            MockCatalogue::set(TRAFFIC, CITY, Sensitivity::Restricted, &[first]);
            MockCatalogue::set(HEALTH, CITY, Sensitivity::Pseudonymised, &[first]);
        });
        externalities
    }

    /// Runs a test and then checks that the state it leaves is sound.
    pub fn run(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            assert_ok!(Grants::do_try_state());
        });
    }
}

/// The organisation's account that negotiates.
pub fn registrar(organisation: OrganisationId) -> AccountId32 {
    AccountId32::new([organisation.0 as u8; 32])
}

/// The organisation's account that reports.
pub fn attestor(organisation: OrganisationId) -> AccountId32 {
    AccountId32::new([100 + organisation.0 as u8; 32])
}

/// An account of no organisation.
pub fn nobody() -> AccountId32 {
    AccountId32::new([99; 32])
}

pub fn signed(account: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

pub fn now() -> Moment {
    MockClock::now()
}

pub fn text<const N: u32>(text: &str) -> Text<N> {
    bytes(text.as_bytes())
}

pub fn bytes<const N: u32>(bytes: &[u8]) -> Text<N> {
    bytes.to_vec().try_into().unwrap()
}

pub fn note() -> Text<256> {
    text("as agreed on the phone")
}

pub fn purposes(codes: &[u16]) -> frame_support::BoundedVec<PurposeCode, ConstU32<8>> {
    codes.iter().copied().map(PurposeCode).collect::<Vec<_>>().try_into().unwrap()
}

/// Terms of the city for the university: all versions of the air data, two purposes, from an hour ago until in ten
/// days, without a limit, to be passed on four times.
pub fn terms() -> Terms {
    Terms {
        dataset: AIR,
        versions: Versions { first: 1, last: None, content: None },
        provider: CITY,
        consumer: UNIVERSITY,
        controller: CLINIC,
        actions: [Action::Read, Action::Derive, Action::Train].into_iter().collect(),
        purposes: purposes(&[2, 3]),
        not_before: now() - HOUR,
        not_after: now() + 10 * DAY,
        limit: UsageLimit::default(),
        price: Price::Free,
        delegation_depth: 4,
        restricted_delegation: false,
        jurisdiction: text("RU"),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    }
}

/// [`terms`], for the pseudonymised data, on the consent of the people whom it is about, with everything that can be
/// said.
pub fn consent_terms() -> Terms {
    Terms {
        dataset: HEALTH,
        price: Price::Contract { contract: Document { hash: [1; 32], uri: text("https://example.org/contract") } },
        restricted_delegation: true,
        jurisdiction: text("RU-SPE"),
        legal_basis: Some(LegalBasisCode::RU152_CONSENT),
        personal_data: PersonalData::SpecialCategory,
        consent: Some([2; 32]),
        notice: Some(Notice { hash: [3; 32], language: text("ru") }),
        retention_days: Some(30),
        recipients: vec![text("processors"), text("auditors")].try_into().unwrap(),
        assessment: Some([4; 32]),
        withdrawal: Some(text("https://example.org/withdraw")),
        agreement: Some(Document { hash: [5; 32], uri: text("") }),
        ..terms()
    }
}

/// Terms by which the consumer of `parent` passes on all that it has, to be passed on one time fewer.
pub fn sub_terms(parent: GrantId, consumer: OrganisationId) -> Terms {
    let terms = info(parent).terms;
    Terms { provider: terms.consumer, consumer, delegation_depth: terms.delegation_depth.saturating_sub(1), ..terms }
}

/// The consumer asks for these terms.
pub fn request(terms: Terms) -> GrantId {
    assert_ok!(Grants::request(signed(registrar(terms.consumer)), Box::new(terms), None));
    GrantId(Grants::grant_count())
}

/// The provider offers these terms.
pub fn offer(terms: Terms, binding: bool, parent: Option<GrantId>, supersedes: Option<GrantId>) -> GrantId {
    assert_ok!(Grants::offer(signed(registrar(terms.provider)), Box::new(terms), binding, parent, supersedes));
    GrantId(Grants::grant_count())
}

/// The consumer accepts what is offered.
pub fn accept(grant: GrantId) -> DispatchResult {
    let GrantInfo { terms, terms_hash, .. } = info(grant);
    Grants::accept(signed(registrar(terms.consumer)), grant, terms_hash)
}

/// The provider agrees to what was requested or accepted.
pub fn agree(grant: GrantId) -> DispatchResult {
    let GrantInfo { terms, terms_hash, .. } = info(grant);
    Grants::agree(signed(registrar(terms.provider)), grant, terms_hash)
}

/// An active grant with these terms.
pub fn activate(terms: Terms) -> GrantId {
    let grant = offer(terms, true, None, None);
    assert_ok!(accept(grant));
    grant
}

/// An active grant that passes `parent` on with these terms.
pub fn delegate_with(parent: GrantId, terms: Terms) -> GrantId {
    let grant = offer(terms, true, Some(parent), None);
    assert_ok!(accept(grant));
    grant
}

/// An active grant that passes all of `parent` on.
pub fn delegate(parent: GrantId, consumer: OrganisationId) -> GrantId {
    delegate_with(parent, sub_terms(parent, consumer))
}

/// Three active grants in a line: the city's to the university, which passed it on to the telecom, which passed it on
/// to the clinic.
pub fn chain() -> [GrantId; 3] {
    let root = activate(terms());
    let middle = delegate(root, TELECOM);
    let leaf = delegate(middle, CLINIC);
    [root, middle, leaf]
}

/// A grant with these terms that has come to `state` step by step.
pub fn grant_in(state: GrantState, terms: Terms) -> GrantId {
    let (provider, consumer) = (registrar(terms.provider), registrar(terms.consumer));
    if state == GrantState::Requested {
        return request(terms);
    }
    let grant = offer(terms, false, None, None);
    if state == GrantState::Terminated {
        assert_ok!(Grants::terminate(signed(consumer), grant, ReasonCode::NoAgreement, note()));
        return grant;
    }
    for step in [GrantState::Accepted, GrantState::Agreed, GrantState::Verified, GrantState::Active] {
        if info(grant).state == state {
            return grant;
        }
        assert_ok!(match step {
            GrantState::Accepted => accept(grant),
            GrantState::Agreed => agree(grant),
            GrantState::Verified => Grants::verify(signed(consumer.clone()), grant),
            _ => Grants::finalize(signed(provider.clone()), grant),
        });
    }
    let last = match state {
        GrantState::Suspended => Grants::suspend(signed(provider), grant, ReasonCode::TermsBroken, note()),
        GrantState::Revoked => Grants::revoke(signed(provider), grant, ReasonCode::TermsBroken, note()),
        GrantState::Completed => Grants::renounce(signed(consumer), grant, ReasonCode::NotNeeded, note()),
        _ => Ok(()),
    };
    assert_ok!(last);
    assert_eq!(info(grant).state, state);
    grant
}

pub fn suspend(grant: GrantId) -> DispatchResult {
    let provider = provider(grant);
    Grants::suspend(signed(registrar(provider)), grant, ReasonCode::SecurityIncident, note())
}

pub fn resume(grant: GrantId) -> DispatchResult {
    Grants::resume(signed(registrar(provider(grant))), grant, note())
}

pub fn revoke(grant: GrantId) -> DispatchResult {
    Grants::revoke(signed(registrar(provider(grant))), grant, ReasonCode::TermsBroken, note())
}

pub fn renounce(grant: GrantId) -> DispatchResult {
    let consumer = info(grant).terms.consumer;
    Grants::renounce(signed(registrar(consumer)), grant, ReasonCode::NotNeeded, note())
}

pub fn info(grant: GrantId) -> GrantInfo {
    crate::Grants::<Test>::get(grant).expect("the test made the grant")
}

pub fn provider(grant: GrantId) -> OrganisationId {
    Grants::provider_of(&info(grant)).expect("the test registered the dataset")
}

pub fn active_grants(dataset: DatasetId, consumer: OrganisationId) -> Vec<GrantId> {
    crate::ActiveGrants::<Test>::get(dataset, consumer).into_inner()
}

pub fn hash_of(terms: &Terms) -> Hash {
    sp_io::hashing::sha2_256(&terms.to_bytes())
}

/// This pallet's events since the test began.
pub fn events() -> Vec<Event<Test>> {
    System::read_events_for_pallet()
}

pub fn last_event() -> Event<Test> {
    events().pop().expect("the test caused an event")
}

/// Checks the latest record: who wrote it, about what, what it says, and that the grant's head counts it. Gives its
/// index.
#[track_caller]
pub fn assert_recorded(account: &AccountId32, grant: GrantId, parties: &[OrganisationId], body: &Body) -> u64 {
    let entry = MockJournal::last().expect("the test wrote a record");
    assert_eq!(&entry.record.body, body);
    assert_eq!(entry.record.account, account.account_bytes());
    let subjects = core::iter::once(Subject::Grant(grant)).chain(parties.iter().copied().map(Subject::Organisation));
    assert_eq!(entry.subjects.to_vec(), subjects.collect::<Vec<_>>());
    let about = MockJournal::entries().iter().filter(|entry| entry.subjects.contains(&Subject::Grant(grant))).count();
    assert_eq!(info(grant).head.count, about as u64);
    entry.record.index
}
