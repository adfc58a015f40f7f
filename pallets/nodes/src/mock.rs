//! A runtime with this pallet, the real session pallet and the shared mocks. Aura and GRANDPA are played by
//! [`Consensus`].

use crate::{self as pallet_nodes, Conduct, Conducts, Event, GenesisConfig, GenesisPeer};
use citynet_primitives::{
    Author, Body, EncodedKeys, NodeAddress, OrganisationId, OrganisationStatus, Parameters, PeerId, Quota, Role, Roles,
    Subject, Text,
};
use citynet_support::{
    mock::{MockJournal, MockMembership},
    AccountBytes,
};
use codec::Encode;
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{BuildGenesisConfig, ConstU32, ConstU64, OnInitialize},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_session::{
    disabling::UpToLimitWithReEnablingDisablingStrategy,
    historical::{self as pallet_session_historical, NoteHistoricalRoot},
    PeriodicSessions, SessionHandler, SessionManager,
};
use sp_runtime::{
    impl_opaque_keys,
    testing::UintAuthorityId,
    traits::{Convert, ConvertInto, IdentityLookup, OpaqueKeys},
    AccountId32, BuildStorage, DispatchError, KeyTypeId, RuntimeAppPublic,
};
use sp_staking::SessionIndex;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Nodes: pallet_nodes,
        Session: pallet_session,
        Historical: pallet_session_historical,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
    type AccountData = pallet_balances::AccountData<u64>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
}

impl_opaque_keys! {
    pub struct MockKeys {
        pub dummy: UintAuthorityId,
    }
}

/// The type of the one key.
pub const KEY_TYPE: KeyTypeId = <UintAuthorityId as RuntimeAppPublic>::ID;

/// A session's length in blocks.
pub const SESSION: u64 = 10;

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId32;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = PeriodicSessions<ConstU64<SESSION>, ConstU64<0>>;
    type NextSessionRotation = PeriodicSessions<ConstU64<SESSION>, ConstU64<0>>;
    type SessionManager = NoteHistoricalRoot<Test, Manager>;
    type SessionHandler = Consensus;
    type Keys = MockKeys;
    type DisablingStrategy = UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ConstU64<0>;
}

impl pallet_session_historical::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = Unit;
}

/// The identification that is the same for every validator.
pub struct Unit;

impl Convert<AccountId32, Option<()>> for Unit {
    fn convert(_: AccountId32) -> Option<()> {
        Some(())
    }
}

/// Hands what this pallet says to the session pallet, as the runtime does.
pub struct Manager;

fn identified(validators: Vec<AccountId32>) -> Vec<(AccountId32, ())> {
    validators.into_iter().map(|account| (account, ())).collect()
}

impl SessionManager<AccountId32> for Manager {
    fn new_session(index: SessionIndex) -> Option<Vec<AccountId32>> {
        <Nodes as SessionManager<AccountId32>>::new_session(index)
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<AccountId32>> {
        <Nodes as SessionManager<AccountId32>>::new_session_genesis(index)
    }

    fn start_session(index: SessionIndex) {
        <Nodes as SessionManager<AccountId32>>::start_session(index);
    }

    fn end_session(index: SessionIndex) {
        <Nodes as SessionManager<AccountId32>>::end_session(index);
    }
}

impl pallet_session_historical::SessionManager<AccountId32, ()> for Manager {
    fn new_session(index: SessionIndex) -> Option<Vec<(AccountId32, ())>> {
        <Self as SessionManager<AccountId32>>::new_session(index).map(identified)
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<(AccountId32, ())>> {
        <Self as SessionManager<AccountId32>>::new_session_genesis(index).map(identified)
    }

    fn start_session(index: SessionIndex) {
        <Self as SessionManager<AccountId32>>::start_session(index);
    }

    fn end_session(index: SessionIndex) {
        <Self as SessionManager<AccountId32>>::end_session(index);
    }
}

parameter_types! {
    /// The slot of the current block.
    pub storage CurrentSlot: u64 = 0;
    /// What the council set.
    pub storage Rules: Parameters = rules();
    /// The keys that author and finalise now.
    pub storage Authorities: Vec<u64> = Vec::new();
    /// The number of their set.
    pub storage SetId: u64 = 0;
}

fn rules() -> Parameters {
    Parameters {
        min_members: 1,
        min_validators: 1,
        max_validators_per_organisation: 4,
        motion_duration: 10,
        recovery_delay: 10,
        silent_after: 3,
        quotas: [Quota { rate: 1_000, burst: 10_000 }; 6],
    }
}

/// Changes a parameter.
pub fn set_rules(change: impl FnOnce(&mut Parameters)) {
    let mut rules = Rules::get();
    change(&mut rules);
    Rules::set(&rules);
}

/// Takes new authorities as Aura and GRANDPA do: when the session pallet says that something changed.
pub struct Consensus;

impl Consensus {
    fn keys<Ks: OpaqueKeys>(validators: &[(AccountId32, Ks)]) -> Vec<u64> {
        let key = |keys: &Ks| keys.get::<UintAuthorityId>(KEY_TYPE).expect("the keys have this one").0;
        validators.iter().map(|(_, keys)| key(keys)).collect()
    }
}

impl SessionHandler<AccountId32> for Consensus {
    const KEY_TYPE_IDS: &'static [KeyTypeId] = &[KEY_TYPE];

    fn on_genesis_session<Ks: OpaqueKeys>(validators: &[(AccountId32, Ks)]) {
        Authorities::set(&Self::keys(validators));
    }

    fn on_new_session<Ks: OpaqueKeys>(changed: bool, validators: &[(AccountId32, Ks)], _: &[(AccountId32, Ks)]) {
        if changed {
            Authorities::set(&Self::keys(validators));
            SetId::set(&(SetId::get() + 1));
        }
    }

    fn on_disabled(_: u32) {}
}

/// The session keys that the session pallet holds.
pub struct StoredKeys;

impl Convert<AccountId32, Option<EncodedKeys>> for StoredKeys {
    fn convert(account: AccountId32) -> Option<EncodedKeys> {
        pallet_session::NextKeys::<Test>::get(account).map(|keys| encoded(&keys))
    }
}

/// Keys that nobody else has.
#[cfg(feature = "runtime-benchmarks")]
pub struct FreshKeys;

#[cfg(feature = "runtime-benchmarks")]
impl Convert<AccountId32, (MockKeys, Vec<u8>)> for FreshKeys {
    fn convert(owner: AccountId32) -> (MockKeys, Vec<u8>) {
        let generated = MockKeys::generate(&owner.encode(), None);
        (generated.keys, generated.proof.encode())
    }
}

pub const MAX_VALIDATORS: u32 = 16;
pub const MAX_PEERS_PER_ORGANISATION: u32 = 3;
pub const MAX_PEERS: u32 = 5;

impl pallet_nodes::Config for Test {
    type Membership = MockMembership;
    type Journal = MockJournal;
    type Parameters = Rules;
    type CouncilOrigin = EnsureRoot<AccountId32>;
    type Keys = MockKeys;
    type Session = Session;
    type KeysOf = StoredKeys;
    type Slot = CurrentSlot;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type MaxPeersPerOrganisation = ConstU32<MAX_PEERS_PER_ORGANISATION>;
    type MaxPeers = ConstU32<MAX_PEERS>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkKeys = FreshKeys;
}

/// The organisations of genesis, each with the validator of the same number.
pub const CITY: OrganisationId = OrganisationId(1);
pub const TELECOM: OrganisationId = OrganisationId(2);
pub const POLYTECHNIC: OrganisationId = OrganisationId(3);
pub const INSTITUTE: OrganisationId = OrganisationId(4);

pub const ALICE: AccountId32 = AccountId32::new([1; 32]);
pub const BOB: AccountId32 = AccountId32::new([2; 32]);
pub const CHARLIE: AccountId32 = AccountId32::new([3; 32]);
pub const DAVE: AccountId32 = AccountId32::new([4; 32]);

/// The city's admin, who runs nothing.
pub const ADMIN: AccountId32 = AccountId32::new([101; 32]);
/// The city's account for another validator.
pub const SPARE: AccountId32 = AccountId32::new([102; 32]);
/// The city's attestor.
pub const GATEWAY: AccountId32 = AccountId32::new([103; 32]);
/// Nobody's account.
pub const STRANGER: AccountId32 = AccountId32::new([104; 32]);

pub const VALIDATOR: Roles = Roles::of(&[Role::Validator]);

/// The `number`th validator of genesis, and of the organisation with this number.
pub fn founder(number: u8) -> AccountId32 {
    AccountId32::new([number; 32])
}

/// Builds a chain, by default with four organisations and a validator each, whose keys have its number.
pub struct ExtBuilder {
    pub validators: Vec<(OrganisationId, AccountId32)>,
    pub peers: Vec<GenesisPeer>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self::founders(4)
    }
}

impl ExtBuilder {
    /// So many organisations with a validator each.
    pub fn founders(count: u8) -> Self {
        let validators = (1..=count).map(|number| (OrganisationId(number.into()), founder(number)));
        Self { validators: validators.collect(), peers: vec![] }
    }

    pub fn peers(mut self, peers: Vec<GenesisPeer>) -> Self {
        self.peers = peers;
        self
    }

    /// A chain without nodes, but with the members.
    pub fn members() -> sp_io::TestExternalities {
        let storage =
            frame_system::GenesisConfig::<Test>::default().build_storage().expect("the default genesis builds");
        let mut ext = sp_io::TestExternalities::new(storage);
        ext.execute_with(|| {
            for number in 1..=MAX_VALIDATORS as u8 {
                MockMembership::set(&founder(number), OrganisationId(number.into()), VALIDATOR);
            }
            MockMembership::set(&ADMIN, CITY, Roles::of(&[Role::Admin]));
            MockMembership::set(&SPARE, CITY, VALIDATOR);
            MockMembership::set(&GATEWAY, CITY, Roles::of(&[Role::Attestor]));
            // A member's account exists, so that the session pallet can refer to it.
            for account in (1..=MAX_VALIDATORS as u8).map(founder).chain([ADMIN, SPARE, GATEWAY]) {
                System::inc_providers(&account);
            }
        });
        ext
    }

    pub fn build(self) -> sp_io::TestExternalities {
        let mut ext = Self::members();
        ext.execute_with(|| {
            let session_keys = |(index, (_, account)): (u64, &(OrganisationId, AccountId32))| {
                (account.clone(), account.clone(), keys(index))
            };
            let keys = (1..).zip(&self.validators).map(session_keys).collect();
            GenesisConfig::<Test> { validators: self.validators, peers: self.peers }.build();
            pallet_session::GenesisConfig::<Test> { keys, ..Default::default() }.build();
            // Events of block 0 are not kept.
            System::set_block_number(1);
        });
        ext
    }

    /// Runs `test` on the chain and then checks the register.
    pub fn execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            assert_ok!(Nodes::do_try_state());
        });
    }
}

pub fn signed(account: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

pub fn reason() -> Text<256> {
    text("it is time")
}

pub fn text<const N: u32>(text: &str) -> Text<N> {
    text.as_bytes().to_vec().try_into().expect("the text fits")
}

pub fn keys(number: u64) -> MockKeys {
    MockKeys { dummy: UintAuthorityId(number) }
}

pub fn encoded(keys: &MockKeys) -> EncodedKeys {
    keys.encode().try_into().expect("mock keys take 8 bytes")
}

/// Proves that `owner` holds the keys with this number.
pub fn proof(owner: &AccountId32, number: u64) -> Vec<u8> {
    let proof = UintAuthorityId(number).generate_proof_of_possession(&owner.encode());
    proof.expect("the mock key signs anything").encode()
}

pub fn register(account: AccountId32, number: u64) -> Result<(), DispatchError> {
    let proof = proof(&account, number);
    Nodes::register_validator(signed(account), keys(number), proof)
}

pub fn rotate(account: AccountId32, number: u64) -> Result<(), DispatchError> {
    let proof = proof(&account, number);
    Nodes::rotate_keys(signed(account), keys(number), proof)
}

pub fn withdraw(account: AccountId32) -> Result<(), DispatchError> {
    Nodes::withdraw_validator(signed(account.clone()), account, reason())
}

pub fn reinstate(account: AccountId32) -> Result<(), DispatchError> {
    Nodes::reinstate_validator(RuntimeOrigin::root(), account, reason())
}

/// Suspends a validator, as the runtime does upon evidence.
pub fn suspend(account: &AccountId32) {
    assert_ok!(Nodes::with_evidence([0xee; 32], || {
        Nodes::note_equivocation(account, Session::current_index());
        Ok(())
    }));
}

/// Suspends, expels or reinstates an organisation, as governance would.
pub fn set_status(organisation: OrganisationId, status: OrganisationStatus) {
    MockMembership::set_status(organisation, status);
}

/// Registers founders of the numbers `from..=to`, with the keys of their number.
pub fn join(from: u8, to: u8) {
    for number in from..=to {
        assert_ok!(register(founder(number), number.into()));
    }
}

/// A block in this slot. Gives the weight that this pallet's hook says it took.
pub fn block(slot: u64) -> Weight {
    let number = System::block_number() + 1;
    System::set_block_number(number);
    CurrentSlot::set(&slot);
    let weight = Nodes::on_initialize(number);
    Session::on_initialize(number);
    weight
}

/// The next session begins.
pub fn next_session() {
    Session::rotate_session();
}

pub fn conduct(account: &AccountId32) -> Conduct {
    Conducts::<Test>::get(account)
}

pub fn peer(number: u8) -> PeerId {
    PeerId([number; 32])
}

pub fn address() -> Option<NodeAddress> {
    Some(text("/dns/node.city.example/tcp/30333"))
}

/// This pallet's latest event.
pub fn last_event() -> Event<Test> {
    System::read_events_for_pallet::<Event<Test>>().pop().expect("the test caused an event")
}

/// Checks the latest record: who wrote it, about whom and what it says. Gives its index.
#[track_caller]
pub fn assert_recorded(author: &Author, organisation: OrganisationId, body: &Body) -> u64 {
    let entry = MockJournal::last().expect("the test wrote a record");
    assert_eq!(&entry.record.body, body);
    assert_eq!((entry.record.organisation, entry.record.account), (author.organisation, author.account));
    assert_eq!(entry.subjects[..], [Subject::Organisation(organisation)]);
    entry.record.index
}

pub fn author(organisation: OrganisationId, account: &AccountId32) -> Author {
    Author { organisation, account: account.account_bytes() }
}
