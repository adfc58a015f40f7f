//! A runtime of this pallet and the shared mocks, and what a city would register.

use crate::{self as pallet_catalog, Datasets, Event};
use citynet_primitives::{
    Activity, Body, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, DeviceId, Devices, Document, Moment,
    OrganisationId, Role, Roles, Sensitivity, Source, Subject, Text, VersionContent,
};
use citynet_support::{
    mock::{MockAccess, MockClock, MockDevices, MockJournal, MockMembership},
    AccountBytes, Clock,
};
use frame_support::{
    assert_ok, derive_impl,
    traits::{ConstU32, ConstU64},
};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

/// More than fit in one call, so that the bound can be met with two.
pub const MAX_DEVICES: u32 = 70;
pub const MAX_TIME_AHEAD: Moment = 300_000;

/// The organisation of [`registrar`] and [`attestor`].
pub const CITY: OrganisationId = OrganisationId(1);
/// The organisation of [`stranger`].
pub const TELECOM: OrganisationId = OrganisationId(2);
/// The organisation of [`third`].
pub const UNIVERSITY: OrganisationId = OrganisationId(3);

/// A device of the city with a hundred readings.
pub const CITYS_DEVICE: DeviceId = DeviceId(1);
/// A device of the telecom with a hundred readings.
pub const TELECOMS_DEVICE: DeviceId = DeviceId(1_001);

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Catalog: pallet_catalog,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

impl pallet_catalog::Config for Test {
    type Membership = MockMembership;
    type Journal = MockJournal;
    type Clock = MockClock;
    type Devices = MockDevices;
    type Access = MockAccess;
    type MaxDevicesPerDataset = ConstU32<MAX_DEVICES>;
    type MaxTimeAhead = ConstU64<MAX_TIME_AHEAD>;
    type WeightInfo = ();
}

pub struct ExtBuilder;

impl ExtBuilder {
    /// Block 1 with the members and devices above.
    pub fn build() -> TestExternalities {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut externalities = TestExternalities::new(storage);
        externalities.execute_with(|| {
            System::set_block_number(1);
            for (account, organisation, role) in [
                (registrar(), CITY, Role::Registrar),
                (attestor(), CITY, Role::Attestor),
                (stranger(), TELECOM, Role::Registrar),
                (third(), UNIVERSITY, Role::Registrar),
            ] {
                MockMembership::set(&account, organisation, Roles::of(&[role]));
            }
            MockDevices::set(CITYS_DEVICE, CITY, 100);
            MockDevices::set(TELECOMS_DEVICE, TELECOM, 100);
        });
        externalities
    }

    /// Runs a test and then checks that the state it leaves is sound.
    pub fn run(test: impl FnOnce()) {
        Self::build().execute_with(|| {
            test();
            assert_ok!(Catalog::do_try_state());
        });
    }
}

/// The city's registrar.
pub fn registrar() -> AccountId32 {
    AccountId32::new([1; 32])
}

/// An account of the city that is no registrar.
pub fn attestor() -> AccountId32 {
    AccountId32::new([2; 32])
}

/// The telecom's registrar.
pub fn stranger() -> AccountId32 {
    AccountId32::new([3; 32])
}

/// The university's registrar.
pub fn third() -> AccountId32 {
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

pub fn profile() -> DatasetProfile {
    DatasetProfile {
        title: text("Fine dust in the north"),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: [9; 32], uri: text("https://example.org/dust.jsonld") },
        schema: text("https://example.org/dust.schema.json"),
        licence: text("CC-BY-4.0"),
    }
}

/// A version that is made from nothing.
pub fn content() -> VersionContent {
    VersionContent {
        content: [4; 32],
        bytes: 4_096,
        records: 120,
        media_type: text("text/csv"),
        from: now() - 1_000,
        to: now(),
        sources: Default::default(),
        activity: Activity::Collection,
        parameters: Some([5; 32]),
        code: text("https://example.org/dust.git#4f2a"),
    }
}

/// A version that is made from `sources`.
pub fn made_from(sources: &[Source]) -> VersionContent {
    VersionContent { sources: sources.to_vec().try_into().unwrap(), ..content() }
}

pub fn devices(numbers: impl IntoIterator<Item = u64>) -> Devices {
    numbers.into_iter().map(DeviceId).collect::<Vec<_>>().try_into().unwrap()
}

/// Registers a dataset of the city.
pub fn register(kind: DatasetKind) -> DatasetId {
    register_by(registrar(), kind)
}

pub fn register_by(account: AccountId32, kind: DatasetKind) -> DatasetId {
    assert_ok!(Catalog::register(signed(account), kind, profile()));
    DatasetId(Catalog::dataset_count())
}

/// Publishes a version that is made from nothing.
pub fn publish_by(account: AccountId32, dataset: DatasetId) -> u32 {
    assert_ok!(Catalog::publish(signed(account), dataset, content()));
    info(dataset).versions
}

/// Lets devices of the city feed a dataset of it.
pub fn feed(dataset: DatasetId, numbers: impl IntoIterator<Item = u64>) {
    assert_ok!(Catalog::set_devices(signed(registrar()), dataset, devices(numbers), devices([])));
}

pub fn info(dataset: DatasetId) -> DatasetInfo {
    Datasets::<Test>::get(dataset).expect("the test registered the dataset")
}

/// This pallet's events since the test began.
pub fn events() -> Vec<Event<Test>> {
    System::read_events_for_pallet()
}

pub fn last_event() -> Event<Test> {
    events().pop().expect("the test caused an event")
}

/// Checks the latest record: who wrote it, about what, what it says, and that the dataset's head counts it. Gives its
/// index.
#[track_caller]
pub fn assert_recorded(
    (account, organisation): (&AccountId32, OrganisationId),
    dataset: DatasetId,
    about: &[OrganisationId],
    body: &Body,
) -> u64 {
    let entry = MockJournal::last().expect("the test wrote a record");
    assert_eq!(&entry.record.body, body);
    assert_eq!((entry.record.organisation, entry.record.account), (organisation, account.account_bytes()));
    let organisations = about.iter().copied().map(Subject::Organisation);
    let subjects = core::iter::once(Subject::Dataset(dataset)).chain(organisations);
    assert_eq!(entry.subjects.to_vec(), subjects.collect::<Vec<_>>());
    let entries = MockJournal::entries();
    let count = entries.iter().filter(|entry| entry.subjects.contains(&Subject::Dataset(dataset))).count();
    assert_eq!(info(dataset).head.count, count as u64);
    entry.record.index
}
