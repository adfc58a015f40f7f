//! A runtime with this pallet and the shared mock of the journal.

use crate as pallet_upgrades;
use citynet_support::mock::MockJournal;
use frame_support::{
    derive_impl,
    storage::unhashed,
    traits::{ConstU32, OnFinalize, OnInitialize},
    weights::Weight,
};
use sp_runtime::{BuildStorage, DigestItem};

type Block = frame_system::mocking::MockBlock<Test>;
type Header = frame_system::pallet_prelude::HeaderFor<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Upgrades: pallet_upgrades,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type OnSetCode = Upgrades;
}

/// How many blocks code waits.
pub const DELAY: u32 = 5;
/// How many bytes code may have.
pub const MAX_CODE: u32 = 64;

impl pallet_upgrades::Config for Test {
    type Journal = MockJournal;
    type UpgradeDelay = ConstU32<DELAY>;
    type MaxCode = ConstU32<MAX_CODE>;
    type WeightInfo = ();
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().expect("the default genesis builds");
    let mut ext = sp_io::TestExternalities::new(storage);
    // Events of block 0 are not kept.
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs `test` in block 1 and then checks what is scheduled.
pub fn execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        assert_eq!(Upgrades::do_try_state(), Ok(()));
    });
}

/// Runs the next block, and returns what its hooks weighed and its header.
pub fn run_block() -> (Weight, Header) {
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &Default::default(), &Default::default());
    let weight = Upgrades::on_initialize(number);
    AllPalletsWithSystem::on_finalize(number);
    (weight, System::finalize())
}

/// Runs blocks up to the one of that number.
pub fn run_to(number: u32) {
    while System::block_number() < u64::from(number) {
        run_block();
    }
}

/// Whether a header tells that the runtime was replaced.
pub fn is_replaced(header: &Header) -> bool {
    header.digest.logs.contains(&DigestItem::RuntimeEnvironmentUpdated)
}

/// The code that the next block would run on.
pub fn runtime_code() -> Vec<u8> {
    unhashed::get_raw(b":code").unwrap_or_default()
}
