//! What happens to a validator that votes for two blocks in one round of GRANDPA.

use crate::chain::{accounts, close_block, on, open_block, open_block_number};
use citynet_primitives::{Body, OrganisationId, ValidatorStatus};
use citynet_runtime::{
    configs::KeyOwners, genesis_presets::LOCAL, Executive, Grandpa, Hash, Historical, Journal, Nodes, Runtime,
    RuntimeCall, Session, SessionKeys, UncheckedExtrinsic,
};
use codec::Encode;
use finality_grandpa::{Message, Prevote};
use frame_support::{
    storage::{with_transaction, TransactionOutcome},
    traits::KeyOwnerProofSystem,
};
use serde_json::json;
use sp_consensus_grandpa::{
    localized_payload, AuthorityId, AuthoritySignature, Equivocation, EquivocationProof, KEY_TYPE,
};
use sp_core::H256;
use sp_io::hashing::sha2_256;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity},
    DispatchError,
};

type Votes = EquivocationProof<Hash, u32>;

/// The fourth validator's finality key votes for two blocks in a round of the first set.
fn votes_for(first: H256, second: H256) -> Votes {
    let (round_number, set_id) = (1, 0);
    let vote = |target_hash: H256| {
        let vote = Prevote { target_hash, target_number: 1_u32 };
        let payload = localized_payload(round_number, set_id, &Message::Prevote(vote.clone()));
        (vote, AuthoritySignature::from(Ed25519Keyring::Dave.sign(&payload)))
    };
    let identity = AuthorityId::from(Ed25519Keyring::Dave.public());
    let votes = finality_grandpa::Equivocation { round_number, identity, first: vote(first), second: vote(second) };
    EquivocationProof::new(set_id, Equivocation::Prevote(votes))
}

fn equivocation() -> Votes {
    votes_for(H256::repeat_byte(1), H256::repeat_byte(2))
}

/// The transaction that a node makes of them.
fn report(votes: &Votes) -> UncheckedExtrinsic {
    let key_owner_proof = KeyOwners::prove((KEY_TYPE, votes.offender().clone())).expect("the key is in force");
    let equivocation_proof = Box::new(votes.clone());
    let call = pallet_grandpa::Call::report_equivocation_unsigned { equivocation_proof, key_owner_proof };
    UncheckedExtrinsic::new_bare(RuntimeCall::Grandpa(call))
}

/// Offers a transaction to the pool, which leaves no trace in the state.
fn offer(source: TransactionSource, transaction: UncheckedExtrinsic) -> TransactionValidity {
    let parent = frame_system::BlockHash::<Runtime>::get(0);
    let answer = with_transaction(|| {
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(Executive::validate_transaction(
            source,
            transaction,
            parent,
        )))
    });
    answer.expect("few transactions are nested")
}

fn status() -> Option<ValidatorStatus> {
    let dave = <[u8; 32]>::from(Sr25519Keyring::Dave.to_account_id());
    Nodes::validators().into_iter().find(|validator| validator.account == dave).map(|validator| validator.status)
}

#[test]
fn an_equivocation_disables_at_once_and_suspends_from_the_next_set() {
    on(LOCAL, json!({ "timing": { "sessionLength": 10 } }), || {
        let votes = equivocation();
        assert_eq!(
            offer(TransactionSource::External, report(&votes)),
            Err(InvalidTransaction::Call.into()),
            "only a node that saw both votes reports them"
        );
        assert!(offer(TransactionSource::Local, report(&votes)).is_ok());

        open_block();
        assert_eq!(Executive::apply_extrinsic(report(&votes)), Ok(Ok(())));
        assert_eq!(Session::disabled_validators(), [3]);
        assert_eq!(status(), Some(ValidatorStatus::Suspended));
        let suspended = Body::ValidatorSuspended {
            organisation: OrganisationId(4),
            account: Sr25519Keyring::Dave.to_account_id().into(),
            session: 0,
            evidence: sha2_256(&votes.encode()),
        };
        assert_eq!(Journal::records().pop().map(|entry| entry.record.body), Some(suspended));

        // Once is enough.
        assert_eq!(Executive::apply_extrinsic(report(&votes)), Err(InvalidTransaction::Stale.into()));

        open_block_number(19);
        assert_eq!((Session::current_index(), Session::disabled_validators()), (1, vec![3]));
        assert_eq!(Grandpa::current_set_id(), 0);
        open_block_number(20);
        close_block();
        let rest = accounts(&[Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie]);
        assert_eq!(Session::validators(), rest);
        assert!(Session::disabled_validators().is_empty());
        assert_eq!((Grandpa::current_set_id(), Grandpa::grandpa_authorities().len()), (1, 3));
    });
}

#[test]
fn who_changes_its_keys_answers_for_the_old_ones_while_they_are_in_force() {
    on(LOCAL, json!({}), || {
        let dave = Sr25519Keyring::Dave.to_account_id();
        let votes = equivocation();
        let key = (KEY_TYPE, votes.offender().clone());
        let keys = SessionKeys {
            aura: Sr25519Keyring::Ferdie.public().into(),
            grandpa: Ed25519Keyring::Ferdie.public().into(),
        };
        let changed = <Session as pallet_session::SessionInterface>::set_keys(&dave, keys.clone());
        assert_eq!(changed, Ok(()));

        // The session pallet by itself only knows the new ones.
        let stock = Historical::prove(key.clone()).and_then(|proof| Historical::check_proof(key.clone(), proof));
        assert_eq!(stock, None);
        let proof = KeyOwners::prove(key.clone()).expect("the key is in force");
        assert_eq!(KeyOwners::check_proof(key, proof), Some((dave.clone(), ())));
        assert_eq!(Session::load_keys(&dave), Some(keys));

        open_block();
        assert_eq!(Executive::apply_extrinsic(report(&votes)), Ok(Ok(())));
        assert_eq!(status(), Some(ValidatorStatus::Suspended));
    });
}

#[test]
fn votes_that_are_none_accuse_nobody() {
    on(LOCAL, json!({}), || {
        open_block();
        let votes = votes_for(H256::repeat_byte(1), H256::repeat_byte(1));
        let refused = pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof;
        assert_eq!(Executive::apply_extrinsic(report(&votes)), Ok(Err(refused.into())));
        assert_eq!(status(), Some(ValidatorStatus::Registered));
        assert!(Session::disabled_validators().is_empty());
        assert!(Journal::records().is_empty());
    });
}
