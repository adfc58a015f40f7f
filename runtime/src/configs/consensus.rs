//! Who authors and finalises blocks.

use super::{
    offences::{EquivocationReports, GrandpaWeight},
    NoDeposit,
};
use crate::{
    timing, AccountId, Aura, BlockNumber, Grandpa, Historical, Nodes, Runtime, RuntimeEvent, Session, SessionKeys,
};
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32},
};
use pallet_session::{
    disabling::UpToLimitWithReEnablingDisablingStrategy, historical, FindAccountFromAuthorIndex, PeriodicSessions,
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{Convert, ConvertInto};
use sp_staking::SessionIndex;

/// The most validators that the consortium may have. A justification grows with them.
pub const MAX_VALIDATORS: u32 = 64;

/// For how many sessions it can be proven who held a key, so that an offence can be laid at somebody's door: four weeks
/// with slots of one second.
pub const KEPT_SESSIONS: SessionIndex = 4032;

parameter_types! {
    /// There are at most as many authority sets as sessions.
    pub const KeptSets: u64 = 4032;
    pub const SessionOffset: BlockNumber = 0;
}

/// A session ends after as many blocks as genesis chose.
type Sessions = PeriodicSessions<timing::SessionPeriod<Runtime>, SessionOffset>;

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = Session;
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = timing::SlotLength<Runtime>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = GrandpaWeight;
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = KeptSets;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem = EquivocationReports;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = FindAccountFromAuthorIndex<Runtime, Aura>;
    type EventHandler = ();
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    // Anybody's: keys are set by pallet-nodes alone, which knows whose they may be.
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Sessions;
    type NextSessionRotation = Sessions;
    type SessionManager = historical::NoteHistoricalRoot<Runtime, OrganisationValidators>;
    type SessionHandler = (Aura, Grandpa);
    type Keys = SessionKeys;
    // Never more than a third at a time, so that a small network is not stopped by what should keep it safe.
    type DisablingStrategy = UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = NoDeposit;
    type KeyDeposit = ConstU32<0>;
}

impl historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    // A validator's account says all there is to say about it.
    type FullIdentification = ();
    type FullIdentificationOf = Unit;
}

/// The identification that is the same for every validator.
pub struct Unit;

impl Convert<AccountId, Option<()>> for Unit {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

/// Hands the organisations' validators to the session pallet, and forgets who validated long ago.
pub struct OrganisationValidators;

impl OrganisationValidators {
    fn identified(validators: Vec<AccountId>) -> Vec<(AccountId, ())> {
        validators.into_iter().map(|account| (account, ())).collect()
    }
}

impl pallet_session::SessionManager<AccountId> for OrganisationValidators {
    fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
        <Nodes as pallet_session::SessionManager<AccountId>>::new_session(index)
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<AccountId>> {
        <Nodes as pallet_session::SessionManager<AccountId>>::new_session_genesis(index)
    }

    fn start_session(index: SessionIndex) {
        <Nodes as pallet_session::SessionManager<AccountId>>::start_session(index);
        if let Some(first_kept) = index.checked_sub(KEPT_SESSIONS) {
            Historical::prune_up_to(first_kept);
        }
    }

    fn end_session(index: SessionIndex) {
        <Nodes as pallet_session::SessionManager<AccountId>>::end_session(index);
    }
}

impl historical::SessionManager<AccountId, ()> for OrganisationValidators {
    fn new_session(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<AccountId>>::new_session(index).map(Self::identified)
    }

    fn new_session_genesis(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<AccountId>>::new_session_genesis(index).map(Self::identified)
    }

    fn start_session(index: SessionIndex) {
        <Self as pallet_session::SessionManager<AccountId>>::start_session(index);
    }

    fn end_session(index: SessionIndex) {
        <Self as pallet_session::SessionManager<AccountId>>::end_session(index);
    }
}
