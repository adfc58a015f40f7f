//! The ledger's own pallets, and what they learn from the frame.

use super::{governance::TwoThirds, offences::ReportCalls, CollectiveCouncil, MAX_VALIDATORS};
use crate::{
    AccountId, Attestations, Catalog, Consortium, Grants, Journal, Nodes, Runtime, Session, SessionKeys, Settlements,
    Signature,
};
use citynet_primitives::{EncodedKeys, Hash, Moment};
use citynet_support::{Clock, Genesis};
use codec::Encode;
use frame_support::traits::{ConstU32, ConstU64, Get};
use sp_runtime::traits::Convert;

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
    type HeldHeads = (Attestations, Catalog, Grants, Settlements);
    // More than fit into a block by weight.
    type MaxRecordsPerBlock = ConstU32<4096>;
    type WeightInfo = pallet_journal::weights::SubstrateWeight<Runtime>;
}

impl pallet_consortium::Config for Runtime {
    type Journal = Journal;
    type Genesis = ChainGenesis;
    type Clock = InherentClock;
    type Council = CollectiveCouncil;
    type CouncilOrigin = TwoThirds;
    type Validators = Nodes;
    type Signature = Signature;
    type BareCalls = ReportCalls;
    type MaxAccountsPerOrganisation = ConstU32<1024>;
    type WeightInfo = pallet_consortium::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Keyring;
}

/// The slot of the current block, which Aura takes out of the header before any other hook runs.
pub struct CurrentSlot;

impl Get<u64> for CurrentSlot {
    fn get() -> u64 {
        pallet_aura::CurrentSlot::<Runtime>::get().into()
    }
}

/// The session keys that a validator set last.
pub struct KeysOf;

impl Convert<AccountId, Option<EncodedKeys>> for KeysOf {
    fn convert(validator: AccountId) -> Option<EncodedKeys> {
        let keys = Session::load_keys(&validator)?;
        EncodedKeys::try_from(keys.encode()).ok()
    }
}

impl pallet_nodes::Config for Runtime {
    type Membership = Consortium;
    type Journal = Journal;
    type Parameters = Consortium;
    type CouncilOrigin = TwoThirds;
    type Session = Session;
    type Keys = SessionKeys;
    type KeysOf = KeysOf;
    type Slot = CurrentSlot;
    type MaxValidators = ConstU32<MAX_VALIDATORS>;
    type MaxPeersPerOrganisation = ConstU32<32>;
    type MaxPeers = ConstU32<256>;
    type WeightInfo = pallet_nodes::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkKeys = crate::benchmarks::Keyring;
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

impl pallet_catalog::Config for Runtime {
    type Membership = Consortium;
    type Journal = Journal;
    type Clock = InherentClock;
    type Devices = Attestations;
    type Access = Grants;
    type MaxDevicesPerDataset = ConstU32<4096>;
    type MaxTimeAhead = ConstU64<{ 5 * MINUTE }>;
    type WeightInfo = pallet_catalog::weights::SubstrateWeight<Runtime>;
}

impl pallet_grants::Config for Runtime {
    type Membership = Consortium;
    type Journal = Journal;
    type Clock = InherentClock;
    type Catalogue = Catalog;
    type Payments = Settlements;
    type CouncilOrigin = TwoThirds;
    type MaxGrantsPerConsumer = ConstU32<16>;
    type MaxTimeAhead = ConstU64<{ 5 * MINUTE }>;
    type WeightInfo = pallet_grants::weights::SubstrateWeight<Runtime>;
}
