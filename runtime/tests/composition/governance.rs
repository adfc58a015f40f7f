//! How the members govern: by motions of two thirds, and as root by three quarters of them.

use crate::chain::{apply, close_block, on, open_block, open_block_number};
use citynet_primitives::{Body, Hash, MotionInfo, OrganisationId, OrganisationStatus, Text};
use citynet_runtime::{
    configs::{Collective, CollectiveCouncil},
    genesis_presets::LOCAL,
    AccountId, Consortium, Journal, Runtime, RuntimeCall, RuntimeOrigin, SafeMode, System, TxPause,
};
use citynet_support::Council;
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo, storage::unhashed, traits::Get};
use serde_json::json;
use sp_core::H256;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave};
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    transaction_validity::InvalidTransaction,
    ApplyExtrinsicResult, DigestItem, DispatchError,
};

/// Dave's.
const INFORMATION_TECHNOLOGIES: OrganisationId = OrganisationId(4);

type CouncilError = pallet_collective::Error<Runtime, Collective>;

fn reason() -> Text<256> {
    b"because".to_vec().try_into().expect("it is short")
}

fn suspension() -> RuntimeCall {
    let organisation = INFORMATION_TECHNOLOGIES;
    RuntimeCall::Consortium(pallet_consortium::Call::suspend { organisation, reason: reason() })
}

fn remark() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark { remark: vec![7] })
}

/// What the council decided with all four votes.
fn unanimous() -> RuntimeOrigin {
    pallet_collective::RawOrigin::<AccountId, Collective>::Members(4, 4).into()
}

fn status() -> Option<OrganisationStatus> {
    Consortium::organisation(INFORMATION_TECHNOLOGIES).map(|found| found.status)
}

fn motions() -> Vec<MotionInfo> {
    <CollectiveCouncil as Council<RuntimeCall>>::motions()
}

/// A motion that somebody opened.
struct Motion {
    call: RuntimeCall,
    hash: Hash,
    number: u32,
}

impl Motion {
    fn propose(proposer: Sr25519Keyring, call: RuntimeCall) -> Self {
        let proposed = pallet_consortium::Call::propose { call: Box::new(call.clone()), reason: reason() };
        assert_eq!(apply(proposer, RuntimeCall::Consortium(proposed)), Ok(Ok(())));
        let opened = motions().pop().expect("the motion is open");
        assert_eq!(opened.motion, BlakeTwo256::hash_of(&call).0);
        assert_eq!(opened.call.to_vec(), call.encode());
        Self { call, hash: opened.motion, number: opened.number }
    }

    fn vote(&self, voter: Sr25519Keyring, approve: bool) -> ApplyExtrinsicResult {
        let Self { hash: motion, number, .. } = *self;
        let vote = pallet_consortium::Call::vote { motion, number, approve, reason: reason() };
        apply(voter, RuntimeCall::Consortium(vote))
    }

    fn close(&self) -> ApplyExtrinsicResult {
        let Self { hash: motion, number, .. } = *self;
        let call_weight = self.call.get_dispatch_info().call_weight;
        let call_length = u32::try_from(self.call.encoded_size()).expect("it is short");
        let close = pallet_consortium::Call::close { motion, number, call_weight, call_length };
        apply(Alice, RuntimeCall::Consortium(close))
    }
}

/// Has a call decided by exactly these.
fn pass(approving: &[Sr25519Keyring], call: RuntimeCall) {
    let (proposer, others) = approving.split_first().expect("somebody proposes");
    let motion = Motion::propose(*proposer, call);
    for voter in others {
        assert_eq!(motion.vote(*voter, true), Ok(Ok(())));
    }
    assert_eq!(motion.close(), Ok(Ok(())));
}

#[test]
fn two_thirds_suspend_a_member() {
    on(LOCAL, json!({}), || {
        open_block();
        let motion = Motion::propose(Alice, suspension());
        let open = motions().remove(0);
        assert_eq!((open.threshold, open.seats, open.number, open.end), (3, 4, 0, 604_800));
        assert_eq!((open.yes, open.no), (vec![OrganisationId(1)], vec![]));

        assert_eq!(motion.vote(Bob, true), Ok(Ok(())));
        assert_eq!(motion.close(), Ok(Err(CouncilError::TooEarly.into())));
        assert_eq!(status(), Some(OrganisationStatus::Active));
        assert_eq!(motion.vote(Charlie, true), Ok(Ok(())));
        assert_eq!(motion.close(), Ok(Ok(())));

        assert!(motions().is_empty());
        let suspended = Consortium::organisation(INFORMATION_TECHNOLOGIES).expect("its records stay");
        assert_eq!((suspended.status, suspended.seat), (OrganisationStatus::Suspended, false));
        assert_eq!(pallet_collective::Members::<Runtime, Collective>::get().len(), 3);
        assert_eq!(apply(Dave, remark()), Err(InvalidTransaction::Custom(2).into()));

        let said: Vec<_> = Journal::records().into_iter().map(|entry| entry.record).collect();
        let kinds: Vec<_> = said.iter().map(|record| record.body.kind()).collect();
        let expected = [
            "motion_proposed",
            "motion_voted",
            "motion_voted",
            "motion_voted",
            "organisation_status_changed",
            "motion_closed",
        ];
        assert_eq!(kinds, expected);
        let closed = Body::MotionClosed { motion: motion.hash, number: 0, approved: true, yes: 3, no: 0, seats: 4 };
        assert_eq!(said.last().map(|record| &record.body), Some(&closed));
    });
}

#[test]
fn a_vote_short_of_two_thirds_changes_nothing() {
    on(LOCAL, json!({}), || {
        open_block();
        let motion = Motion::propose(Alice, suspension());
        assert_eq!(motion.vote(Bob, true), Ok(Ok(())));
        assert_eq!(motion.vote(Charlie, false), Ok(Ok(())));
        assert_eq!(motion.vote(Dave, false), Ok(Ok(())));
        assert_eq!(motion.close(), Ok(Ok(())));
        assert_eq!(status(), Some(OrganisationStatus::Active));
        let closed = Body::MotionClosed { motion: motion.hash, number: 0, approved: false, yes: 2, no: 2, seats: 4 };
        assert_eq!(Journal::records().pop().map(|entry| entry.record.body), Some(closed));
    });
}

#[test]
fn whoever_does_not_vote_does_not_approve() {
    on(LOCAL, json!({ "consortium": { "parameters": { "motionDuration": 10 } } }), || {
        open_block();
        let motion = Motion::propose(Alice, suspension());
        assert_eq!(motions().remove(0).end, 10);
        open_block_number(10);
        assert_eq!(motion.vote(Bob, true), Ok(Ok(())));
        assert_eq!(motion.close(), Ok(Err(CouncilError::TooEarly.into())));
        open_block_number(11);
        assert_eq!(motion.vote(Charlie, true), Ok(Err(CouncilError::ProposalMissing.into())));
        assert_eq!(motion.close(), Ok(Ok(())));
        assert_eq!(status(), Some(OrganisationStatus::Active));
        let closed = Body::MotionClosed { motion: motion.hash, number: 0, approved: false, yes: 2, no: 2, seats: 4 };
        assert_eq!(Journal::records().pop().map(|entry| entry.record.body), Some(closed));
    });
}

#[test]
fn root_takes_a_whitelist_and_three_quarters() {
    on(LOCAL, json!({}), || {
        open_block();
        // Of three, two thirds are two and three quarters are three.
        assert_ok!(Consortium::suspend(unanimous(), INFORMATION_TECHNOLOGIES, reason()));
        let upgrade = RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash: H256::repeat_byte(7) });
        let call_hash = BlakeTwo256::hash_of(&upgrade);
        let call = Box::new(upgrade.clone());
        let dispatch = RuntimeCall::Whitelist(pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage { call });

        // A motion alone has not the origin that it takes.
        pass(&[Alice, Bob], upgrade);
        assert!(System::authorized_upgrade().is_none());

        pass(&[Alice, Bob], RuntimeCall::Whitelist(pallet_whitelist::Call::whitelist_call { call_hash }));
        assert!(pallet_whitelist::WhitelistedCall::<Runtime>::contains_key(call_hash));

        let motion = Motion::propose(Alice, dispatch);
        assert_eq!(motions().remove(0).threshold, 3);
        assert_eq!(motion.vote(Bob, true), Ok(Ok(())));
        assert_eq!(motion.close(), Ok(Err(CouncilError::TooEarly.into())));
        assert!(System::authorized_upgrade().is_none());
        assert_eq!(motion.vote(Charlie, true), Ok(Ok(())));
        assert_eq!(motion.close(), Ok(Ok(())));
        assert!(System::authorized_upgrade().is_some());
    });
}

#[test]
fn three_quarters_alone_are_not_root() {
    on(LOCAL, json!({}), || {
        open_block();
        let upgrade = RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash: H256::repeat_byte(7) });
        let call_hash = BlakeTwo256::hash_of(&upgrade);
        let call = Box::new(upgrade);
        let dispatch = RuntimeCall::Whitelist(pallet_whitelist::Call::dispatch_whitelisted_call_with_preimage { call });

        // It waits for the motion that whitelists the call, and then for somebody to dispatch it.
        pass(&[Alice, Bob, Charlie, Dave], dispatch.clone());
        assert!(System::authorized_upgrade().is_none());
        let relayed = apply(Alice, dispatch.clone());
        assert_eq!(relayed, Ok(Err(pallet_whitelist::Error::<Runtime>::CallIsNotWhitelisted.into())));
        pass(&[Alice, Bob, Dave], RuntimeCall::Whitelist(pallet_whitelist::Call::whitelist_call { call_hash }));
        assert!(System::authorized_upgrade().is_none());
        assert_eq!(apply(Alice, dispatch), Ok(Ok(())));
        assert!(System::authorized_upgrade().is_some());
    });
}

#[test]
fn new_code_waits_while_nodes_compile_it() {
    fn next_code() -> Vec<u8> {
        unhashed::get_raw(b":code").unwrap_or_default()
    }

    on(LOCAL, json!({}), || {
        open_block();
        let (before, code) = (next_code(), b"the next runtime".to_vec());
        assert_ok!(System::set_code_without_checks(RuntimeOrigin::root(), code.clone()));
        let delay: u32 = <Runtime as pallet_upgrades::Config>::UpgradeDelay::get();
        let block = 1 + delay;
        let hash = BlakeTwo256::hash(&code).0;
        let body = Body::UpgradeScheduled { code: hash, bytes: 16, block };
        assert_eq!(Journal::records().pop().map(|entry| entry.record.body), Some(body));
        let scheduled = pallet_upgrades::ScheduledUpgrade { code: hash, block };
        assert_eq!(pallet_upgrades::Scheduled::<Runtime>::get(), Some(scheduled));

        open_block_number(block - 1);
        let other = System::set_code_without_checks(RuntimeOrigin::root(), b"another one".to_vec());
        assert_eq!(other, Err(pallet_upgrades::Error::<Runtime>::AlreadyScheduled.into()));
        assert_eq!(apply(Alice, remark()), Ok(Ok(())));
        assert_eq!(next_code(), before);
        let replaced = DigestItem::RuntimeEnvironmentUpdated;
        assert!(!close_block().digest.logs.contains(&replaced));

        open_block();
        assert_eq!(next_code(), code);
        // The block is the upgrade's.
        assert_eq!(apply(Alice, remark()), Err(InvalidTransaction::ExhaustsResources.into()));
        assert!(close_block().digest.logs.contains(&replaced));

        open_block();
        assert_eq!(pallet_upgrades::Scheduled::<Runtime>::get(), None);
        assert_eq!(apply(Alice, remark()), Ok(Ok(())));
    });
}

#[test]
fn members_reach_votes_and_session_keys_through_the_ledgers_pallets_only() {
    on(LOCAL, json!({}), || {
        open_block();
        let filtered: ApplyExtrinsicResult = Ok(Err(frame_system::Error::<Runtime>::CallFiltered.into()));
        let proposal = Box::new(remark());
        let propose = pallet_collective::Call::propose { threshold: 1, proposal, length_bound: 1_024 };
        assert_eq!(apply(Alice, RuntimeCall::Council(propose)), filtered);
        assert_eq!(apply(Alice, RuntimeCall::Session(pallet_session::Call::purge_keys {})), filtered);
        // What a motion dispatches is filtered too.
        let seats = pallet_collective::Call::set_members { new_members: vec![], prime: None, old_count: 4 };
        pass(&[Alice, Bob, Charlie], RuntimeCall::Council(seats));
        assert_eq!(pallet_collective::Members::<Runtime, Collective>::get().len(), 4);
        assert_eq!(apply(Alice, remark()), Ok(Ok(())));
    });
}

#[test]
fn safe_mode_stops_everything_but_the_way_out() {
    on(LOCAL, json!({}), || {
        open_block();
        let filtered: ApplyExtrinsicResult = Ok(Err(frame_system::Error::<Runtime>::CallFiltered.into()));
        pass(&[Alice, Bob, Charlie], RuntimeCall::SafeMode(pallet_safe_mode::Call::force_enter {}));
        assert!(SafeMode::is_entered());
        assert_eq!(apply(Alice, remark()), filtered);
        open_block_number(2);
        pass(&[Alice, Bob, Charlie], suspension());
        assert_eq!(status(), Some(OrganisationStatus::Suspended));
        pass(&[Alice, Bob], RuntimeCall::SafeMode(pallet_safe_mode::Call::force_exit {}));
        assert_eq!(apply(Alice, remark()), Ok(Ok(())));
    });
}

#[test]
fn calls_are_paused_but_for_the_essential_ones() {
    type Name = pallet_tx_pause::RuntimeCallNameOf<Runtime>;
    let name = |pallet: &str, call: &str| -> Name {
        let bounded = |text: &str| text.as_bytes().to_vec().try_into().expect("names are short");
        (bounded(pallet), bounded(call))
    };
    on(LOCAL, json!({}), || {
        open_block();
        let pause = pallet_tx_pause::Call::pause { full_name: name("System", "remark") };
        pass(&[Alice, Bob, Charlie], RuntimeCall::TxPause(pause));
        assert_eq!(apply(Alice, remark()), Ok(Err(frame_system::Error::<Runtime>::CallFiltered.into())));
        let unpause = pallet_tx_pause::Call::unpause { ident: name("System", "remark") };
        pass(&[Alice, Bob, Charlie], RuntimeCall::TxPause(unpause));
        assert_eq!(apply(Alice, remark()), Ok(Ok(())));

        for (pallet, call) in [
            ("Consortium", "vote"),
            ("Nodes", "withdraw_validator"),
            ("Timestamp", "set"),
            ("Grandpa", "report_equivocation_unsigned"),
            ("System", "apply_authorized_upgrade"),
            ("Whitelist", "whitelist_call"),
            ("SafeMode", "force_exit"),
            ("TxPause", "unpause"),
        ] {
            let unpausable = pallet_tx_pause::Error::<Runtime>::Unpausable;
            assert_noop!(TxPause::pause(unanimous(), name(pallet, call)), unpausable);
        }
        assert_noop!(TxPause::pause(RuntimeOrigin::root(), name("System", "remark")), DispatchError::BadOrigin);
    });
}

#[test]
fn seats_are_sorted_as_the_council_wants_them() {
    on(LOCAL, json!({}), || {
        let numbers = [1, 2, 255, 256, 257].map(OrganisationId);
        <CollectiveCouncil as Council<RuntimeCall>>::set_seats(&numbers);
        let members = pallet_collective::Members::<Runtime, Collective>::get();
        assert_eq!(members.len(), numbers.len());
        assert!(members.is_sorted());
        // Back to what the consortium knows.
        <CollectiveCouncil as Council<RuntimeCall>>::set_seats(&[1, 2, 3, 4].map(OrganisationId));
    });
}
