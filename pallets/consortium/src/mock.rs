//! A runtime with a consortium of two organisations and the shared mocks.

use crate as pallet_consortium;
use crate::{CheckMember, GenesisOrganisation, GenesisParameters};
use citynet_primitives::{
    Account, ApplicationStatement, Moment, OrganisationId, OrganisationKind, OrganisationProfile, OrganisationStatus,
    Role, Roles, Text,
};
use citynet_support::{
    mock::{MockClock, MockCouncil, MockGenesis, MockJournal, MockValidators},
    Council,
};
use frame_support::{
    derive_impl,
    traits::{ConstU32, Contains},
    BoundedVec,
};
use frame_system::EnsureRoot;
use sp_core::{sr25519, Pair, H256};
use sp_runtime::{
    traits::{IdentifyAccount, IdentityLookup},
    AccountId32, BuildStorage, MultiSignature, MultiSigner,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Consortium: pallet_consortium,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId32;
    type Lookup = IdentityLookup<AccountId32>;
}

pub const MAX_ACCOUNTS: u32 = 5;

impl pallet_consortium::Config for Test {
    type Journal = MockJournal;
    type Genesis = MockGenesis;
    type Clock = MockClock;
    type Council = MockCouncil;
    // The mock council dispatches as root.
    type CouncilOrigin = EnsureRoot<AccountId32>;
    type Validators = MockValidators;
    type Signature = MultiSignature;
    type BareCalls = Remarks;
    type MaxAccountsPerOrganisation = ConstU32<MAX_ACCOUNTS>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Applicants;
}

/// Remarks may come without a signer.
pub struct Remarks;

impl Contains<RuntimeCall> for Remarks {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(call, RuntimeCall::System(frame_system::Call::remark { .. }))
    }
}

/// Signs for the benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Applicants;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId32, MultiSignature> for Applicants {
    fn sign(statement: impl FnOnce(&AccountId32) -> Vec<u8>) -> (AccountId32, MultiSignature) {
        let pair = applicant(0);
        let account = account_of(&pair);
        let signature = pair.sign(&statement(&account)).into();
        (account, signature)
    }
}

/// The gate of this runtime.
pub type Gate = CheckMember<Test>;

pub const CITY: OrganisationId = OrganisationId(1);
pub const TELECOM: OrganisationId = OrganisationId(2);
/// The number of the organisation that is admitted first.
pub const NEWCOMER: OrganisationId = OrganisationId(3);
/// An organisation that does not exist.
pub const NOBODY: OrganisationId = OrganisationId(99);

/// The city's admin, with every role, who also runs its validator.
pub const ALICE: AccountId32 = AccountId32::new([1; 32]);
/// The city's gateway, an attestor.
pub const GATEWAY: AccountId32 = AccountId32::new([2; 32]);
/// The telecom's admin, with every role, who also runs its validator.
pub const BOB: AccountId32 = AccountId32::new([3; 32]);
/// Nobody's account.
pub const STRANGER: AccountId32 = AccountId32::new([4; 32]);

pub const ADMIN: Roles = Roles::of(&[Role::Admin]);
pub const ATTESTOR: Roles = Roles::of(&[Role::Attestor]);
pub const EVERY_ROLE: Roles = Roles::of(Role::ALL);

pub fn city() -> GenesisOrganisation<AccountId32> {
    GenesisOrganisation {
        name: "City".into(),
        contact: "mailto:ledger@city.example".into(),
        legal_id: H256([0xc1; 32]),
        kind: OrganisationKind::Government,
        accounts: vec![(ALICE, EVERY_ROLE), (GATEWAY, ATTESTOR)],
    }
}

pub fn telecom() -> GenesisOrganisation<AccountId32> {
    GenesisOrganisation {
        name: "Telecom".into(),
        contact: String::new(),
        legal_id: H256::zero(),
        kind: OrganisationKind::Telecom,
        accounts: vec![(BOB, EVERY_ROLE)],
    }
}

/// Builds a chain, by default with the city and the telecom and a validator of each.
pub struct ExtBuilder {
    organisations: Vec<GenesisOrganisation<AccountId32>>,
    parameters: Option<GenesisParameters>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { organisations: vec![city(), telecom()], parameters: None }
    }
}

impl ExtBuilder {
    pub fn organisations(organisations: Vec<GenesisOrganisation<AccountId32>>) -> Self {
        Self { organisations, parameters: None }
    }

    pub fn parameters(self, parameters: GenesisParameters) -> Self {
        Self { parameters: Some(parameters), ..self }
    }

    pub fn build(self) -> sp_io::TestExternalities {
        let mut storage =
            frame_system::GenesisConfig::<Test>::default().build_storage().expect("the default genesis builds");
        pallet_consortium::GenesisConfig::<Test> { organisations: self.organisations, parameters: self.parameters }
            .assimilate_storage(&mut storage)
            .expect("the consortium's genesis builds");
        let mut ext = sp_io::TestExternalities::new(storage);
        ext.execute_with(|| {
            // Events of block 0 are not kept.
            System::set_block_number(1);
            MockValidators::add(CITY, &ALICE);
            MockValidators::add(TELECOM, &BOB);
        });
        ext
    }

    /// Runs `test` on the chain and then checks the register, and that the council has the seats that it says.
    pub fn execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            assert_sound();
        });
    }
}

/// Checks the register, and that the council has the seats that it says.
pub fn assert_sound() {
    assert_eq!(Consortium::do_try_state(), Ok(()));
    assert_eq!(MockCouncil::seats(), crate::Seats::<Test>::get().into_inner());
}

pub fn signed(account: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

/// The origin of what the council decided.
pub fn council() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub fn text<const N: u32>(text: &str) -> Text<N> {
    text.as_bytes().to_vec().try_into().expect("the text is short")
}

/// A reason.
pub fn why() -> Text<256> {
    text("because")
}

/// Gives an organisation a status, whatever it had, and the council the seats that follow.
pub fn set_status(organisation: OrganisationId, status: OrganisationStatus) {
    crate::Organisations::<Test>::mutate(organisation, |found| {
        found.as_mut().expect("the organisation exists").status = status;
    });
    let mut seats: Vec<_> =
        crate::Organisations::<Test>::iter().filter(|(_, found)| found.has_seat()).map(|(id, _)| id).collect();
    seats.sort();
    <MockCouncil as Council<RuntimeCall>>::set_seats(&seats);
    crate::Seats::<Test>::put(BoundedVec::<_, crate::MaxSeats<Test>>::truncate_from(seats));
}

pub fn status(organisation: OrganisationId) -> OrganisationStatus {
    crate::Organisations::<Test>::get(organisation).expect("the organisation exists").status
}

/// The admin-to-be of the organisation that applies as the `number`th.
pub fn applicant(number: u8) -> sr25519::Pair {
    sr25519::Pair::from_seed(&[0x70 + number; 32])
}

pub fn account_of(pair: &sr25519::Pair) -> AccountId32 {
    MultiSigner::from(pair.public()).into_account()
}

pub fn profile(name: &str) -> OrganisationProfile {
    OrganisationProfile { name: text(name), contact: text("https://newcomer.example"), legal_id: [0x1d; 32] }
}

/// What an applicant signs.
pub fn application(
    pair: &sr25519::Pair,
    profile: &OrganisationProfile,
    kind: OrganisationKind,
    expires: Moment,
) -> MultiSignature {
    let admin: Account = account_of(pair).into();
    let statement = ApplicationStatement { genesis: &MockGenesis::HASH, admin: &admin, kind, expires, profile };
    pair.sign(&statement.to_bytes()).into()
}

/// Lets the council admit an organisation. Returns its admin.
pub fn admit(number: u8, kind: OrganisationKind) -> Result<AccountId32, sp_runtime::DispatchError> {
    let (pair, profile) = (applicant(number), profile("Newcomer"));
    let signature = application(&pair, &profile, kind, Moment::MAX);
    Consortium::admit(council(), profile, kind, account_of(&pair), Moment::MAX, signature)?;
    Ok(account_of(&pair))
}
