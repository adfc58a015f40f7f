//! The council, and what it alone may do.
//!
//! Every organisation with a seat has one vote. The consortium pallet says who has a seat and whose account speaks for
//! it; pallet-collective counts ([`CollectiveCouncil`]). A motion passes by two thirds of all seats, absent ones included.
//! There is no root key: what needs the root origin is whitelisted by two thirds, and then dispatched by three quarters.
//!
//! # What members cannot call
//!
//! The calls of pallet-collective and pallet-session are refused ([`MembersCalls`]): votes and session keys go through the
//! consortium and the nodes pallet, which write them into the journal. Those use the pallets' functions, which no filter
//! sees. The filter does see the call of a motion when it is dispatched, as it sees a member's; so safe mode and paused
//! calls leave through what ends them ([`Essential`]).

use super::NoDeposit;
use crate::{
    weights::MAXIMUM_BLOCK_WEIGHT, AccountId, BlockNumber, Consortium, Council, Grandpa, Journal, Nodes, Runtime,
    RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, SafeMode, System, Timestamp, TxPause, Whitelist,
};
use alloc::{boxed::Box, vec::Vec};
use citynet_primitives::{EncodedCall, Hash, MotionInfo, OrganisationId};
use citynet_support::{Proposed, Tally};
use codec::{Decode, Encode};
use frame_support::{
    dispatch::DispatchErrorWithPostInfo,
    ensure, parameter_types,
    storage::unhashed,
    traits::{
        CallMetadata, ChangeMembers, ConstU32, Contains, Get, GetCallMetadata, InsideBoth, NeverEnsureOrigin,
        PalletInfoAccess,
    },
    weights::Weight,
};
use frame_system::EnsureWithSuccess;
use pallet_collective::{
    weights::SubstrateWeight as CollectiveWeight, EnsureProportionAtLeast, Error, Members, PrimeDefaultVote,
    ProposalCount, ProposalOf, Proposals, Voting, WeightInfo,
};
use sp_core::H256;
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    DispatchError,
};

/// The instance of pallet-collective that is the council.
pub type Collective = pallet_collective::Instance1;

/// Two thirds of the seats.
pub type TwoThirds = EnsureProportionAtLeast<AccountId, Collective, 2, 3>;

/// Three quarters of the seats.
pub type ThreeQuarters = EnsureProportionAtLeast<AccountId, Collective, 3, 4>;

/// How many organisations may have a seat.
pub const MAX_SEATS: u32 = 64;

/// How many motions may be open at a time.
pub const MAX_MOTIONS: u32 = 64;

/// How long safe mode lasts unless it is extended, by the same again, or left: a day with slots of one second.
const SAFE_MODE_DURATION: BlockNumber = 86_400;

/// How many blocks the nodes have to compile a new runtime: half a minute with slots of one second. It takes a node some
/// seconds, and several times as long where many nodes share a machine.
const UPGRADE_DELAY: BlockNumber = 30;

/// How many bytes the code of a runtime may have: more than fit into a block.
const MAX_CODE: u32 = 5 * 1024 * 1024;

parameter_types! {
    /// A motion's call is dispatched by the transaction that closes it, which must fit into a block.
    pub const MaxMotionWeight: Weight = MAXIMUM_BLOCK_WEIGHT.saturating_div(2);
}

/// For how many blocks a motion is open.
pub struct MotionDuration;

impl Get<BlockNumber> for MotionDuration {
    fn get() -> BlockNumber {
        Consortium::parameters().motion_duration
    }
}

impl pallet_collective::Config<Collective> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    type MaxProposals = ConstU32<MAX_MOTIONS>;
    type MaxMembers = ConstU32<MAX_SEATS>;
    // There is no prime member: who does not vote counts as not approving.
    type DefaultVote = PrimeDefaultVote;
    type WeightInfo = CollectiveWeight<Runtime>;
    type SetMembersOrigin = NeverEnsureOrigin<()>;
    type MaxProposalWeight = MaxMotionWeight;
    type DisapproveOrigin = NeverEnsureOrigin<()>;
    type KillOrigin = NeverEnsureOrigin<()>;
    type Consideration = ();
}

impl pallet_whitelist::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WhitelistOrigin = TwoThirds;
    type DispatchWhitelistedOrigin = ThreeQuarters;
    // Calls come with the motion that dispatches them, so none is looked up by its hash.
    type Preimages = ();
    // When the motion to dispatch passes before the one to whitelist, it waits for that one as long as a motion would.
    type DeferredDispatchExpiration = MotionDuration;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_whitelist::weights::SubstrateWeight<Runtime>;
}

impl pallet_tx_pause::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PauseOrigin = TwoThirds;
    type UnpauseOrigin = TwoThirds;
    type WhitelistedCalls = Essential;
    type MaxNameLen = ConstU32<256>;
    type WeightInfo = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
}

impl pallet_safe_mode::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = NoDeposit;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WhitelistedCalls = Essential;
    type EnterDuration = ConstU32<SAFE_MODE_DURATION>;
    type ExtendDuration = ConstU32<SAFE_MODE_DURATION>;
    // Nobody enters it by a deposit.
    type EnterDepositAmount = ();
    type ExtendDepositAmount = ();
    type ForceEnterOrigin = EnsureWithSuccess<TwoThirds, AccountId, ConstU32<SAFE_MODE_DURATION>>;
    type ForceExtendOrigin = EnsureWithSuccess<TwoThirds, AccountId, ConstU32<SAFE_MODE_DURATION>>;
    type ForceExitOrigin = TwoThirds;
    type ForceDepositOrigin = NeverEnsureOrigin<()>;
    type Notify = ();
    type ReleaseDelay = ();
    type WeightInfo = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
}

impl pallet_upgrades::Config for Runtime {
    type Journal = Journal;
    type UpgradeDelay = ConstU32<UPGRADE_DELAY>;
    type MaxCode = ConstU32<MAX_CODE>;
    type WeightInfo = pallet_upgrades::weights::SubstrateWeight<Runtime>;
}

/// What is dispatched for anybody but root.
pub type CallFilter = InsideBoth<MembersCalls, InsideBoth<SafeMode, TxPause>>;

/// Everything but the pallets that other pallets speak for.
pub struct MembersCalls;

impl Contains<RuntimeCall> for MembersCalls {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(call, RuntimeCall::Council(_) | RuntimeCall::Session(_))
    }
}

/// What neither safe mode nor a pause stops: consensus, who belongs to the consortium and runs its nodes, and the ways out
/// again.
pub struct Essential;

impl Essential {
    fn has(pallet: &[u8], call: &[u8]) -> bool {
        let pallets = [
            Timestamp::name(),
            Grandpa::name(),
            Consortium::name(),
            Nodes::name(),
            Council::name(),
            Whitelist::name(),
            TxPause::name(),
            SafeMode::name(),
        ];
        let upgrade: &[u8] = b"apply_authorized_upgrade";
        pallets.iter().any(|name| name.as_bytes() == pallet) || (pallet == System::name().as_bytes() && call == upgrade)
    }
}

impl Contains<RuntimeCall> for Essential {
    fn contains(call: &RuntimeCall) -> bool {
        let CallMetadata { pallet_name, function_name } = call.get_call_metadata();
        Self::has(pallet_name.as_bytes(), function_name.as_bytes())
    }
}

impl Contains<pallet_tx_pause::RuntimeCallNameOf<Runtime>> for Essential {
    fn contains((pallet, call): &pallet_tx_pause::RuntimeCallNameOf<Runtime>) -> bool {
        Self::has(pallet, call)
    }
}

/// pallet-collective as the consortium sees it: seats are organisations'.
///
/// pallet-collective knows accounts only, so a seat is an account that is made of the organisation's number. Nobody can
/// have its key: for sr25519 and Ed25519 that takes the discrete logarithm of a point that was not chosen by multiplying,
/// for ECDSA a key whose Blake2b hash was chosen before the key.
pub struct CollectiveCouncil;

/// What the account of every seat begins with.
const SEAT: &[u8; 12] = b"citynet/seat";

/// The account that stands for an organisation's seat: [`SEAT`], the number in little-endian bytes, zeros.
pub fn seat(organisation: OrganisationId) -> AccountId {
    let mut account = [0; 32];
    for (to, from) in account.iter_mut().zip(SEAT.iter().copied().chain(organisation.0.to_le_bytes())) {
        *to = from;
    }
    account.into()
}

/// Whose seat an account stands for.
fn organisation(account: &AccountId) -> Option<OrganisationId> {
    let bytes: &[u8; 32] = account.as_ref();
    let number = bytes.strip_prefix(SEAT)?.first_chunk()?;
    Some(OrganisationId(u32::from_le_bytes(*number)))
}

/// Whose seats accounts stand for, by number.
fn organisations(accounts: &[AccountId]) -> Vec<OrganisationId> {
    let mut organisations: Vec<_> = accounts.iter().filter_map(organisation).collect();
    organisations.sort();
    organisations
}

fn count(accounts: &[AccountId]) -> u32 {
    // There are at most `MAX_SEATS`.
    u32::try_from(accounts.len()).unwrap_or(u32::MAX)
}

/// How many of `seats` must approve `call`: three quarters when it is dispatched as root, two thirds otherwise.
fn threshold(call: &RuntimeCall, seats: u32) -> u32 {
    let as_root = matches!(
        call,
        RuntimeCall::Whitelist(
            pallet_whitelist::Call::dispatch_whitelisted_call { .. }
                | pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage { .. }
        )
    );
    let threshold = if as_root { seats.saturating_mul(3).div_ceil(4) } else { seats.saturating_mul(2).div_ceil(3) };
    threshold.max(1)
}

/// A motion's votes: [`pallet_collective::Votes`], whose fields are private, in the same encoding.
#[derive(Decode)]
struct Votes {
    number: u32,
    threshold: u32,
    yes: Vec<AccountId>,
    no: Vec<AccountId>,
    /// The first block in which the motion can be closed undecided.
    end: BlockNumber,
}

impl Votes {
    fn on(motion: H256) -> Option<Self> {
        unhashed::get(&Voting::<Runtime, Collective>::hashed_key_for(motion))
    }
}

impl CollectiveCouncil {
    fn seats() -> Vec<AccountId> {
        Members::<Runtime, Collective>::get()
    }

    fn seated(organisation: OrganisationId) -> Result<AccountId, DispatchError> {
        let account = seat(organisation);
        ensure!(Self::seats().contains(&account), Error::<Runtime, Collective>::NotMember);
        Ok(account)
    }
}

impl citynet_support::Council<RuntimeCall> for CollectiveCouncil {
    fn set_seats(seats: &[OrganisationId]) {
        let before = Self::seats();
        let mut now: Vec<_> = seats.iter().copied().map(seat).collect();
        // By account, which is not the order of the numbers.
        now.sort();
        if now != before {
            Council::set_members_sorted(&now, &before);
        }
    }

    fn max_seats() -> u32 {
        MAX_SEATS
    }

    fn propose(organisation: OrganisationId, call: RuntimeCall) -> Result<Proposed, DispatchError> {
        let account = Self::seated(organisation)?;
        let threshold = threshold(&call, count(&Self::seats()));
        let motion = BlakeTwo256::hash_of(&call);
        let number = ProposalCount::<Runtime, Collective>::get();
        // How long a call may be is for the consortium to say.
        Council::do_propose_proposed(account, threshold, Box::new(call), u32::MAX)?;
        Ok(Proposed { motion: motion.0, number, threshold })
    }

    fn vote(organisation: OrganisationId, motion: Hash, number: u32, approve: bool) -> Result<(), DispatchError> {
        let account = Self::seated(organisation)?;
        let motion = H256(motion);
        // pallet-collective takes votes until somebody closes the motion. One that is over is none that can be voted on.
        let is_open = Votes::on(motion).is_some_and(|votes| System::block_number() < votes.end);
        ensure!(is_open, Error::<Runtime, Collective>::ProposalMissing);
        Council::do_vote(account, motion, number, approve).map(drop)
    }

    fn close(
        motion: Hash,
        number: u32,
        call_weight: Weight,
        call_length: u32,
    ) -> Result<(Tally, Weight), DispatchErrorWithPostInfo> {
        let motion = H256(motion);
        let votes = Votes::on(motion).ok_or(Error::<Runtime, Collective>::ProposalMissing)?;
        // Counted before: the call may change who has a seat.
        let (yes, against, seats) = (count(&votes.yes), count(&votes.no), count(&Self::seats()));
        let approved = yes >= votes.threshold;
        let rejected = seats.saturating_sub(against) < votes.threshold;
        // A motion that is over undecided counts those who did not vote as not approving.
        let no = if approved || rejected { against } else { seats.saturating_sub(yes) };

        let closed = Council::do_close(motion, number, call_weight, call_length)?;
        let worst = <Self as citynet_support::Council<RuntimeCall>>::close_weight(call_length);
        let weight = closed.actual_weight.unwrap_or_else(|| worst.saturating_add(call_weight));
        Ok((Tally { approved, yes, no, seats }, weight))
    }

    fn motions() -> Vec<MotionInfo> {
        let seats = count(&Self::seats());
        let motions = Proposals::<Runtime, Collective>::get().into_iter();
        let motions = motions.filter_map(|motion| {
            let votes = Votes::on(motion)?;
            let call = ProposalOf::<Runtime, Collective>::get(motion)?;
            Some(MotionInfo {
                motion: motion.0,
                number: votes.number,
                threshold: votes.threshold,
                seats,
                yes: organisations(&votes.yes),
                no: organisations(&votes.no),
                end: votes.end.saturating_sub(1),
                // Not cut: the consortium takes no longer ones.
                call: EncodedCall::truncate_from(call.encode()),
            })
        });
        motions.collect()
    }

    fn propose_weight(call_length: u32) -> Weight {
        CollectiveWeight::<Runtime>::propose_proposed(call_length, MAX_SEATS, MAX_MOTIONS)
    }

    fn vote_weight() -> Weight {
        CollectiveWeight::<Runtime>::vote(MAX_SEATS)
    }

    fn close_weight(call_length: u32) -> Weight {
        CollectiveWeight::<Runtime>::close_early_approved(call_length, MAX_SEATS, MAX_MOTIONS)
            .max(CollectiveWeight::<Runtime>::close_early_disapproved(MAX_SEATS, MAX_MOTIONS))
            .max(CollectiveWeight::<Runtime>::close_approved(call_length, MAX_SEATS, MAX_MOTIONS))
            .max(CollectiveWeight::<Runtime>::close_disapproved(MAX_SEATS, MAX_MOTIONS))
    }
}
