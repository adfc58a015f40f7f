//! A runtime of this pallet and the shared mocks, and a device's half of the protocol.

use crate::{
    self as pallet_attestations,
    algorithms::{AlgorithmStatus, Registry},
    Algorithms, AttestItem, Devices, Event, GenesisConfig,
};
use citynet_primitives::{
    AlgorithmId, Batch, BatchStatement, Body, Calibration, DeviceId, DeviceInfo, DeviceKey, DeviceProfile, Epoch, Hash,
    Location, Moment, OrganisationId, PossessionStatement, PublicKey, Role, Roles, SchemaId, Signature, Subject, Text,
};
use citynet_support::{
    mock::{MockClock, MockGenesis, MockJournal, MockMembership},
    AccountBytes, Clock,
};
use ed25519_dalek::{Signer, SigningKey};
use frame_support::{
    assert_ok, derive_impl,
    dispatch::DispatchResult,
    traits::{ConstU32, ConstU64},
    BoundedVec,
};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

pub const MAX_WINDOW_AHEAD: Moment = 60_000;
pub const MAX_EXPIRY_AHEAD: Moment = 3_600_000;
pub const MAX_OVERLAP: Moment = 86_400_000;

/// The organisation of [`registrar`] and [`attestor`].
pub const CITY: OrganisationId = OrganisationId(1);
/// The organisation of [`stranger_registrar`] and [`stranger_attestor`].
pub const TELECOM: OrganisationId = OrganisationId(2);

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Attestations: pallet_attestations,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl pallet_attestations::Config for Test {
    type Membership = MockMembership;
    type Journal = MockJournal;
    type Genesis = MockGenesis;
    type Clock = MockClock;
    type MaxBatchesPerCall = ConstU32<32>;
    type MaxWindowAhead = ConstU64<MAX_WINDOW_AHEAD>;
    type MaxExpiryAhead = ConstU64<MAX_EXPIRY_AHEAD>;
    type MaxOverlap = ConstU64<MAX_OVERLAP>;
    type WeightInfo = ();
}

pub struct ExtBuilder {
    algorithms: Vec<(AlgorithmId, AlgorithmStatus)>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { algorithms: GenesisConfig::<Test>::default().algorithms }
    }
}

impl ExtBuilder {
    pub fn algorithms(mut self, algorithms: &[(AlgorithmId, AlgorithmStatus)]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// Block 1 with the members below.
    pub fn build(self) -> TestExternalities {
        let attestations = GenesisConfig { algorithms: self.algorithms, _config: core::marker::PhantomData };
        let genesis = RuntimeGenesisConfig { system: Default::default(), attestations };
        let mut externalities = TestExternalities::new(genesis.build_storage().unwrap());
        externalities.execute_with(|| {
            System::set_block_number(1);
            for (account, organisation, role) in [
                (registrar(), CITY, Role::Registrar),
                (attestor(), CITY, Role::Attestor),
                (stranger_registrar(), TELECOM, Role::Registrar),
                (stranger_attestor(), TELECOM, Role::Attestor),
            ] {
                MockMembership::set(&account, organisation, Roles::of(&[role]));
            }
        });
        externalities
    }

    /// Runs a test and then checks that the state it leaves is sound.
    pub fn run(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            assert_ok!(Attestations::do_try_state());
        });
    }
}

pub fn registrar() -> AccountId32 {
    AccountId32::new([1; 32])
}

pub fn attestor() -> AccountId32 {
    AccountId32::new([2; 32])
}

pub fn stranger_registrar() -> AccountId32 {
    AccountId32::new([3; 32])
}

pub fn stranger_attestor() -> AccountId32 {
    AccountId32::new([4; 32])
}

/// An account of no organisation.
pub fn nobody() -> AccountId32 {
    AccountId32::new([5; 32])
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

pub fn reason() -> Text<256> {
    text("the wind took it")
}

pub fn profile() -> DeviceProfile {
    DeviceProfile {
        model: text("Nova SDS011"),
        properties: vec![text("P1"), text("P2")].try_into().unwrap(),
        location: Location::Geohash(text("udtscz0")),
        calibration: Some(Calibration { certificate: [9; 32], valid_from: 1, valid_until: 1 }),
    }
}

/// The key pair with this seed.
pub fn pair(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

pub fn key(pair: &SigningKey) -> DeviceKey {
    ed25519(&pair.verifying_key().to_bytes())
}

pub fn ed25519(bytes: &[u8]) -> DeviceKey {
    DeviceKey { algorithm: AlgorithmId::ED25519, public_key: PublicKey::try_from(bytes.to_vec()).unwrap() }
}

pub fn sign_bytes(pair: &SigningKey, message: &[u8]) -> Signature {
    pair.sign(message).to_bytes().to_vec().try_into().unwrap()
}

/// The proof that `pair` holds its key.
pub fn prove(
    pair: &SigningKey,
    genesis: &Hash,
    organisation: OrganisationId,
    device: DeviceId,
    epoch: Epoch,
    expires: Moment,
) -> Signature {
    let key = key(pair);
    sign_bytes(pair, &PossessionStatement { genesis, organisation, device, epoch, expires, key: &key }.to_bytes())
}

pub fn sign(pair: &SigningKey, batch: &Batch) -> Signature {
    let statement = BatchStatement { genesis: &MockGenesis::HASH, algorithm: AlgorithmId::ED25519, batch };
    sign_bytes(pair, &statement.to_bytes())
}

pub fn signed_item(pair: &SigningKey, batch: Batch) -> AttestItem {
    let signature = sign(pair, &batch);
    AttestItem { batch, signature }
}

pub fn many(items: Vec<AttestItem>) -> BoundedVec<AttestItem, ConstU32<32>> {
    items.try_into().unwrap()
}

/// Registers a device of the city.
pub fn register(pair: &SigningKey) -> DeviceId {
    let proof = prove(pair, &MockGenesis::HASH, CITY, DeviceId(0), 0, now());
    assert_ok!(Attestations::register(signed(registrar()), profile(), key(pair), proof, now()));
    DeviceId(Attestations::device_count())
}

/// Rotates a device of the city to the next epoch.
pub fn rotate(device: DeviceId, pair: &SigningKey, overlap: Moment) -> DispatchResult {
    let proof = prove(pair, &MockGenesis::HASH, CITY, device, info(device).epoch + 1, now());
    Attestations::rotate_key(signed(registrar()), device, key(pair), proof, now(), overlap)
}

/// A batch of ten readings that follows the device's last, in its current epoch.
pub fn next_batch(device: DeviceId) -> Batch {
    let DeviceInfo { epoch, next_sequence, .. } = info(device);
    Batch {
        device,
        epoch,
        schema: SchemaId::READING_V1,
        first_sequence: next_sequence,
        count: 10,
        missing: 0,
        window_start: now() - 1_000,
        window_end: now(),
        root: [3; 32],
        expires: now() + 1_000,
    }
}

/// Signs and submits a batch.
pub fn attest(pair: &SigningKey, batch: &Batch) -> DispatchResult {
    Attestations::attest(signed(attestor()), batch.clone(), sign(pair, batch))
}

pub fn info(device: DeviceId) -> DeviceInfo {
    Devices::<Test>::get(device).expect("the test registered the device")
}

pub fn set_algorithm(algorithm: AlgorithmId, status: Option<AlgorithmStatus>) {
    Algorithms::<Test>::mutate(|registry: &mut Registry| match status {
        Some(status) => {
            registry.try_insert(algorithm, status).unwrap();
        }
        None => {
            registry.remove(&algorithm);
        }
    });
}

/// This pallet's events since the test began.
pub fn events() -> Vec<Event<Test>> {
    System::read_events_for_pallet()
}

pub fn last_event() -> Event<Test> {
    events().pop().expect("the test caused an event")
}

/// Checks the latest record: who wrote it, about what, what it says, and that the device's head counts it. Gives its
/// index.
#[track_caller]
pub fn assert_recorded(account: &AccountId32, device: DeviceId, owner: Option<OrganisationId>, body: &Body) -> u64 {
    let entry = MockJournal::last().expect("the test wrote a record");
    assert_eq!(&entry.record.body, body);
    assert_eq!((entry.record.organisation, entry.record.account), (CITY, account.account_bytes()));
    let subjects = core::iter::once(Subject::Device(device)).chain(owner.map(Subject::Organisation));
    assert_eq!(entry.subjects.to_vec(), subjects.collect::<Vec<_>>());
    let about = MockJournal::entries().iter().filter(|entry| entry.subjects.contains(&Subject::Device(device))).count();
    assert_eq!(info(device).head.count, about as u64);
    entry.record.index
}
