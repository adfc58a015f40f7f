//! A runtime with a consortium of two organisations.

use crate as pallet_consortium;
use crate::{CheckMember, GenesisOrganisation};
use citynet_primitives::{OrganisationId, OrganisationKind, OrganisationStatus, Role, Roles};
use citynet_support::mock::MockJournal;
use frame_support::{
    derive_impl,
    traits::{ConstU32, Contains},
};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

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
pub const MAX_VALIDATORS: u32 = 3;

impl pallet_consortium::Config for Test {
    type Journal = MockJournal;
    type BareCalls = Remarks;
    type MaxAccountsPerOrganisation = ConstU32<MAX_ACCOUNTS>;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type WeightInfo = ();
}

/// Remarks may come without a signer.
pub struct Remarks;

impl Contains<RuntimeCall> for Remarks {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(call, RuntimeCall::System(frame_system::Call::remark { .. }))
    }
}

/// The gate of this runtime.
pub type Gate = CheckMember<Test>;

pub const CITY: OrganisationId = OrganisationId(1);
pub const TELECOM: OrganisationId = OrganisationId(2);

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
        kind: OrganisationKind::Government,
        accounts: vec![(ALICE, EVERY_ROLE), (GATEWAY, ATTESTOR)],
        validators: vec![ALICE],
    }
}

pub fn telecom() -> GenesisOrganisation<AccountId32> {
    GenesisOrganisation {
        name: "Telecom".into(),
        kind: OrganisationKind::Telecom,
        accounts: vec![(BOB, EVERY_ROLE)],
        validators: vec![BOB],
    }
}

/// Builds a chain, by default with the city and the telecom.
pub struct ExtBuilder {
    organisations: Vec<GenesisOrganisation<AccountId32>>,
}

impl Default for ExtBuilder {
    fn default() -> Self {
        Self { organisations: vec![city(), telecom()] }
    }
}

impl ExtBuilder {
    pub fn organisations(organisations: Vec<GenesisOrganisation<AccountId32>>) -> Self {
        Self { organisations }
    }

    pub fn build(self) -> sp_io::TestExternalities {
        let mut storage =
            frame_system::GenesisConfig::<Test>::default().build_storage().expect("the default genesis builds");
        pallet_consortium::GenesisConfig::<Test> { organisations: self.organisations }
            .assimilate_storage(&mut storage)
            .expect("the consortium's genesis builds");
        let mut ext = sp_io::TestExternalities::new(storage);
        // Events of block 0 are not kept.
        ext.execute_with(|| System::set_block_number(1));
        ext
    }

    /// Runs `test` on the chain and then checks the register.
    pub fn execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            assert_eq!(Consortium::do_try_state(), Ok(()));
        });
    }
}

pub fn signed(account: AccountId32) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

/// Suspends, expels or reinstates an organisation, as governance would.
pub fn set_status(organisation: OrganisationId, status: OrganisationStatus) {
    crate::Organisations::<Test>::mutate(organisation, |found| {
        found.as_mut().expect("the organisation exists").status = status;
    });
}
