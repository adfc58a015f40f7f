//! What happens to a validator that signs two things of which it may sign one.
//!
//! A node that sees both votes submits them as a transaction of its own block, without a signer: the votes' signatures
//! prove themselves ([`EquivocationReports`]), and [`KeyOwners`] proves whose key they are by. pallet-offences takes every
//! report once. [`Misconduct`] then disables the validator for the sessions in which it is still in the set and has it
//! suspended from the next one on, which goes into the journal with the hash of the evidence.

use super::consensus::KEPT_SESSIONS;
use crate::{
    timing, AccountId, BlockNumber, Grandpa, Hash, Historical, Nodes, Offences, Runtime, RuntimeCall, RuntimeEvent,
    Session, SessionKeys, UncheckedExtrinsic,
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{
    storage::{with_transaction, TransactionOutcome},
    traits::{Contains, Get, KeyOwnerProofSystem},
    weights::{constants::RocksDbWeight, Weight},
};
use frame_system::offchain::{CreateBare, CreateTransactionBase};
use pallet_nodes::WeightInfo as _;
use pallet_session::historical::IdentificationTuple;
use sp_consensus_grandpa::{AuthorityId as GrandpaId, EquivocationProof};
use sp_core::crypto::KeyTypeId;
use sp_runtime::{transaction_validity::TransactionValidityError, DispatchError, Perbill};
use sp_session::MembershipProof;
use sp_staking::{
    offence::{OffenceDetails, OffenceReportSystem, OffenceSeverity, OnOffenceHandler},
    SessionIndex,
};

/// The two votes, and whose key signed them.
type Evidence = (EquivocationProof<Hash, BlockNumber>, MembershipProof);

/// How the SDK checks and reports them.
type GrandpaReports = pallet_grandpa::EquivocationReportSystem<Runtime, Offences, KeyOwners, ReportLongevity>;

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = IdentificationTuple<Runtime>;
    type OnOffenceHandler = Misconduct;
}

/// For how many blocks a report can wait in the pool: as long as it can be proven who held the key.
pub struct ReportLongevity;

impl Get<u64> for ReportLongevity {
    fn get() -> u64 {
        u64::from(timing::SessionPeriod::<Runtime>::get()).saturating_mul(u64::from(KEPT_SESSIONS))
    }
}

/// Hands reports to the SDK, and the hash of their evidence to the journal's record.
pub struct EquivocationReports;

impl OffenceReportSystem<Option<AccountId>, Evidence> for EquivocationReports {
    type Longevity = ReportLongevity;

    fn publish_evidence(evidence: Evidence) -> Result<(), ()> {
        GrandpaReports::publish_evidence(evidence)
    }

    fn check_evidence(evidence: Evidence) -> Result<(), TransactionValidityError> {
        GrandpaReports::check_evidence(evidence)
    }

    fn process_evidence(reporter: Option<AccountId>, evidence: Evidence) -> Result<(), DispatchError> {
        let (votes, _) = &evidence;
        let hash = sp_io::hashing::sha2_256(&votes.encode());
        Nodes::with_evidence(hash, || GrandpaReports::process_evidence(reporter, evidence))
    }
}

/// The calls that come without a signer because they prove themselves.
pub struct ReportCalls;

impl Contains<RuntimeCall> for ReportCalls {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(call, RuntimeCall::Grandpa(pallet_grandpa::Call::report_equivocation_unsigned { .. }))
    }
}

impl<C> CreateTransactionBase<C> for Runtime
where
    RuntimeCall: From<C>,
{
    type RuntimeCall = RuntimeCall;
    type Extrinsic = UncheckedExtrinsic;
}

impl<C> CreateBare<C> for Runtime
where
    RuntimeCall: From<C>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

/// Proves whose a session key is.
///
/// pallet-session answers for the current session with the keys that validators set last, but those are in force only
/// from the session after the next one on. So whoever changes its keys, or withdraws, could equivocate with the old ones
/// for up to two sessions and nothing could be proven. Here they are put back while the question is answered.
pub struct KeyOwners;

impl KeyOwners {
    /// Whoever is in the set, with the keys that are in force.
    fn in_force() -> Vec<(AccountId, SessionKeys)> {
        // GRANDPA's follow at the end of the session's first block.
        let finality = Grandpa::pending_change()
            .map_or_else(Grandpa::grandpa_authorities, |change| change.next_authorities.into_inner());
        let authors = pallet_aura::Authorities::<Runtime>::get();
        let keys = authors.into_iter().zip(finality).map(|(aura, (grandpa, _))| SessionKeys { aura, grandpa });
        Session::validators().into_iter().zip(keys).collect()
    }

    fn with_keys_in_force<R>(answer: impl FnOnce() -> Option<R>) -> Option<R> {
        let answered = with_transaction(|| {
            for (validator, keys) in Self::in_force() {
                pallet_session::NextKeys::<Runtime>::insert(validator, keys);
            }
            TransactionOutcome::Rollback(Ok::<_, DispatchError>(answer()))
        });
        // Without a transaction there is no answer, as without a proof.
        answered.ok().flatten()
    }
}

impl KeyOwnerProofSystem<(KeyTypeId, GrandpaId)> for KeyOwners {
    type Proof = MembershipProof;
    type IdentificationTuple = IdentificationTuple<Runtime>;

    fn prove(key: (KeyTypeId, GrandpaId)) -> Option<MembershipProof> {
        Self::with_keys_in_force(|| Historical::prove(key))
    }

    fn check_proof(key: (KeyTypeId, GrandpaId), proof: MembershipProof) -> Option<Self::IdentificationTuple> {
        Self::with_keys_in_force(|| Historical::check_proof(key, proof))
    }
}

/// Disables and suspends the offender.
pub struct Misconduct;

impl OnOffenceHandler<AccountId, IdentificationTuple<Runtime>, Weight> for Misconduct {
    fn on_offence(
        offenders: &[OffenceDetails<AccountId, IdentificationTuple<Runtime>>],
        _: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        // pallet-offences also names those that were reported for the same round before. The new one comes last: an
        // equivocation has one offender. The others must not be accused again, with somebody else's evidence.
        if let Some(OffenceDetails { offender: (validator, ()), .. }) = offenders.last() {
            Session::report_offence(validator.clone(), OffenceSeverity::max_severity());
            Nodes::note_equivocation(validator, session);
        }
        // Charged with the report.
        Weight::zero()
    }
}

/// The SDK's weights, and on top of a report's what is ours: the suspension and its record.
pub struct GrandpaWeight;

impl pallet_grandpa::WeightInfo for GrandpaWeight {
    fn report_equivocation(validators: u32, nominators: u32) -> Weight {
        <() as pallet_grandpa::WeightInfo>::report_equivocation(validators, nominators)
            .saturating_add(<Runtime as pallet_nodes::Config>::WeightInfo::note_equivocation())
            // The evidence, the keys in force, who is disabled.
            .saturating_add(RocksDbWeight::get().reads_writes(5, 3))
    }

    fn note_stalled() -> Weight {
        <() as pallet_grandpa::WeightInfo>::note_stalled()
    }
}
