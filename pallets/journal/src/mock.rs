//! A runtime with the journal and a pallet whose hooks run before it.

use crate as pallet_journal;
use citynet_primitives::{
    Account, Author, Body, DeviceId, OrganisationId, Roles, Subject, SubjectHead, TreeHead, TREE_HEAD_ENGINE,
};
use citynet_support::{mock::MockClock, HeldHeads};
use codec::DecodeAll;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, OnFinalize, OnInitialize},
};
use sp_runtime::{BuildStorage, DigestItem};
use std::collections::BTreeMap;

type Block = frame_system::mocking::MockBlock<Test>;
type Header = frame_system::pallet_prelude::HeaderFor<Test>;

/// Appends one record in its hook when the test says so.
#[frame_support::pallet(dev_mode)]
pub mod early {
    use citynet_support::Journal;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        type Journal: Journal;
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            if super::AppendsEarly::get() {
                T::Journal::append(&super::author(), &[], super::body(0)).expect("the block is empty");
            }
            Weight::zero()
        }
    }
}

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Early: early,
        Journal: pallet_journal,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

impl early::Config for Test {
    type Journal = Journal;
}

pub const MAX_RECORDS: u32 = 8;

impl pallet_journal::Config for Test {
    type Clock = MockClock;
    type HeldHeads = DevicesHoldTheirs;
    type MaxRecordsPerBlock = ConstU32<MAX_RECORDS>;
    type WeightInfo = ();
}

parameter_types! {
    pub static AppendsEarly: bool = false;
    pub static DeviceHeads: BTreeMap<DeviceId, SubjectHead> = BTreeMap::new();
}

/// Heads of devices are held by the test, in [`DeviceHeads`].
pub struct DevicesHoldTheirs;

impl HeldHeads for DevicesHoldTheirs {
    fn held_head(subject: &Subject) -> Option<SubjectHead> {
        match subject {
            Subject::Device(device) => Some(DeviceHeads::get().get(device).copied().unwrap_or_default()),
            Subject::Organisation(_) | Subject::Dataset(_) | Subject::Grant(_) | Subject::Cycle(_) => None,
        }
    }
}

/// Whoever writes in these tests.
pub fn author() -> Author {
    Author { organisation: OrganisationId(7), account: [0xaa; 32] }
}

/// A body that differs for every `number`.
pub fn body(number: u8) -> Body {
    let account: Account = [number; 32];
    Body::AccountAdded { organisation: OrganisationId(7), account, roles: Roles::NONE }
}

pub fn organisation(id: u32) -> Subject {
    Subject::Organisation(OrganisationId(id))
}

pub fn new_test_ext() -> sp_io::TestExternalities {
    AppendsEarly::set(false);
    DeviceHeads::set(BTreeMap::new());
    frame_system::GenesisConfig::<Test>::default().build_storage().expect("the default genesis builds").into()
}

/// Runs `test` on a new chain, at its genesis, and then checks the journal's storage.
pub fn execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        assert_eq!(Journal::do_try_state(), Ok(()));
    });
}

/// Runs the next block, with `transactions` in the midst of it, and returns its header.
pub fn run_block(transactions: impl FnOnce()) -> Header {
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &Default::default(), &Default::default());
    AllPalletsWithSystem::on_initialize(number);
    transactions();
    AllPalletsWithSystem::on_finalize(number);
    System::finalize()
}

/// The tree heads in a header.
pub fn tree_heads(header: &Header) -> Vec<TreeHead> {
    let encoded = header.digest.logs.iter().filter_map(|item| match item {
        DigestItem::Consensus(TREE_HEAD_ENGINE, head) => Some(head),
        _ => None,
    });
    encoded.map(|head| TreeHead::decode_all(&mut &head[..]).expect("the digest holds a tree head")).collect()
}
