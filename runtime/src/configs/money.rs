//! Money: balances are assets of the SDK, which only the settlements pallet creates and moves.

use super::{governance::TwoThirds, InherentClock, NoDeposit};
use crate::{AccountId, Assets, AssetsHolder, Consortium, Grants, Journal, Runtime, RuntimeEvent, RuntimeHoldReason};
use citynet_primitives::{Amount, Moment};
use frame_support::traits::{ConstU32, ConstU64, NeverEnsureOrigin};

const WEEK: Moment = 7 * 86_400_000;

// Its calls are none of the runtime's, so all that there is about origins, deposits and approvals never matters.
impl pallet_assets::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Amount;
    type RemoveItemsLimit = ConstU32<0>;
    // A currency's number.
    type AssetId = u32;
    type AssetIdParameter = u32;
    type ReserveData = ();
    type Currency = NoDeposit;
    type CreateOrigin = NeverEnsureOrigin<AccountId>;
    type ForceOrigin = NeverEnsureOrigin<()>;
    type AssetDeposit = ConstU32<0>;
    type AssetAccountDeposit = ConstU32<0>;
    type MetadataDepositBase = ConstU32<0>;
    type MetadataDepositPerByte = ConstU32<0>;
    type ApprovalDeposit = ConstU32<0>;
    // Symbols and exponents are with the settlements pallet's currencies.
    type StringLimit = ConstU32<8>;
    type Freezer = ();
    type Holder = AssetsHolder;
    type Extra = ();
    type CallbackHandle = ();
    // The settlements pallet numbers currencies.
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_assets_holder::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_settlements::Config for Runtime {
    type Membership = Consortium;
    type Journal = Journal;
    type Clock = InherentClock;
    type Grants = Grants;
    type CouncilOrigin = TwoThirds;
    type Money = Assets;
    type Holds = AssetsHolder;
    type RuntimeHoldReason = RuntimeHoldReason;
    type ConfirmationWindow = ConstU64<WEEK>;
    // A step must fit into the burst of a quota, which is half of a block.
    type MaxPage = ConstU32<700>;
    type MaxOrganisations = ConstU32<1_024>;
    type WeightInfo = pallet_settlements::weights::SubstrateWeight<Runtime>;
}
