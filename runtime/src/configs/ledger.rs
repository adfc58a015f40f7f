//! The ledger's own pallets, and what they learn from the frame.

use super::MAX_VALIDATORS;
use crate::{Attestations, Consortium, Journal, Runtime};
use citynet_primitives::{Hash, Moment};
use citynet_support::{Clock, Genesis};
use frame_support::traits::{ConstU32, ConstU64, Nothing};

const MINUTE: Moment = 60_000;
const DAY: Moment = 86_400_000;

/// Names the chain by the hash of its first block, which the frame keeps for ever.
pub struct ChainGenesis;

impl Genesis for ChainGenesis {
    fn genesis_hash() -> Hash {
        frame_system::BlockHash::<Runtime>::get(0u32).0
    }
}

/// The time that the block's author put in. Before that transaction, in hooks, it is the time of the block before.
pub struct InherentClock;

impl Clock for InherentClock {
    fn now() -> Moment {
        pallet_timestamp::Now::<Runtime>::get()
    }
}

impl pallet_journal::Config for Runtime {
    type Clock = InherentClock;
    type HeldHeads = Attestations;
    // More than fit into a block by weight.
    type MaxRecordsPerBlock = ConstU32<4096>;
    type WeightInfo = pallet_journal::weights::SubstrateWeight<Runtime>;
}

impl pallet_consortium::Config for Runtime {
    type Journal = Journal;
    type BareCalls = Nothing;
    type MaxAccountsPerOrganisation = ConstU32<1024>;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
}

impl pallet_attestations::Config for Runtime {
    type Membership = Consortium;
    type Journal = Journal;
    type Genesis = ChainGenesis;
    type Clock = InherentClock;
    type MaxBatchesPerCall = ConstU32<32>;
    type MaxWindowAhead = ConstU64<{ 5 * MINUTE }>;
    type MaxExpiryAhead = ConstU64<{ 30 * DAY }>;
    type MaxOverlap = ConstU64<{ 30 * DAY }>;
    type WeightInfo = pallet_attestations::weights::SubstrateWeight<Runtime>;
}
