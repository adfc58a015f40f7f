//! The configuration of every pallet: the frame here; consensus, offences, governance, money and the ledger's own
//! pallets in a file each.

mod consensus;
mod deposit;
mod governance;
mod ledger;
mod money;
mod offences;

pub use consensus::{OrganisationValidators, MAX_VALIDATORS};
pub use deposit::NoDeposit;
pub use governance::{
    seat, CallFilter, Collective, CollectiveCouncil, ThreeQuarters, TwoThirds, MAX_MOTIONS, MAX_SEATS,
};
pub use ledger::{ChainGenesis, CurrentSlot, InherentClock, KeysOf};
pub use offences::{EquivocationReports, KeyOwners, Misconduct, ReportCalls};

use crate::{
    timing,
    weights::{RocksDbWeight, MAXIMUM_BLOCK_LENGTH, MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO},
    AccountId, Aura, Block, BlockNumber, Hash, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
    RuntimeTask, Upgrades, VERSION,
};
use frame_support::{derive_impl, dispatch::DispatchClass, parameter_types};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_version::RuntimeVersion;

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    /// How many block hashes are kept, and so how long a mortal transaction may live: more than an hour.
    pub const BlockHashCount: BlockNumber = 4096;
    /// The generic prefix, which every client knows; the same as `ss58Format` in the chain specification.
    pub const SS58Prefix: u16 = 42;
    pub RuntimeBlockWeights: BlockWeights =
        BlockWeights::with_sensible_defaults(MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO);
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAXIMUM_BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |length| *length = NORMAL_DISPATCH_RATIO.mul_floor(*length))
        .build();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = CallFilter;
    type Block = Block;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type Hash = Hash;
    type BlockHashCount = BlockHashCount;
    type DbWeight = RocksDbWeight;
    type Version = Version;
    type SS58Prefix = SS58Prefix;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    type OnSetCode = Upgrades;
}

impl timing::Config for Runtime {}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = timing::MinimumPeriod<Runtime>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}
