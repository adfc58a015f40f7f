//! `try_state` notices what is wrong.

use crate::{mock::*, *};
use citynet_primitives::{OrganisationId, OrganisationStatus, PeerPurpose, Role, Roles, ValidatorStatus};
use citynet_support::mock::MockMembership;
use frame_support::BoundedVec;
use sp_runtime::{AccountId32, TryRuntimeError};

/// What `try_state` says of the genesis register, with a peer of the city, after `damage`.
fn after(damage: impl FnOnce()) -> Result<(), TryRuntimeError> {
    let of_city = GenesisPeer { organisation: CITY, peer: peer(1), purpose: PeerPurpose::Validator, address: None };
    ExtBuilder::default().peers(vec![of_city]).build().execute_with(|| {
        damage();
        Nodes::do_try_state()
    })
}

fn validators(list: Vec<(OrganisationId, AccountId32)>) -> Result<(), TryRuntimeError> {
    let status = ValidatorStatus::Registered;
    let validators = list.into_iter().map(|(organisation, account)| Validator { organisation, account, status });
    after(|| {
        Validators::<Test>::put(BoundedVec::<_, <Test as Config>::MaxValidators>::truncate_from(validators.collect()))
    })
}

#[test]
fn an_intact_register_passes() {
    assert_eq!(after(|| ()), Ok(()));
}

#[test]
fn organisations_that_may_not_act_pass() {
    assert_eq!(after(|| set_status(CITY, OrganisationStatus::Suspended)), Ok(()));
}

#[test]
fn wrong_validators_are_noticed() {
    assert_eq!(validators(vec![(CITY, STRANGER)]), Err("a validator is nobody's account".into()));
    assert_eq!(validators(vec![(CITY, BOB)]), Err("a validator is another organisation's account".into()));
    assert_eq!(validators(vec![(CITY, GATEWAY)]), Err("a validator lacks the role".into()));
    assert_eq!(validators(vec![(CITY, ALICE), (CITY, ALICE)]), Err("a validator counts twice".into()));

    let demoted = || MockMembership::set(&ALICE, CITY, Roles::of(&[Role::Admin]));
    assert_eq!(after(demoted), Err("a validator lacks the role".into()));

    let twice = || {
        let told = BoundedVec::<_, <Test as Config>::MaxValidators>::truncate_from(vec![ALICE, ALICE]);
        SessionValidators::<Test>::put(told);
    };
    assert_eq!(after(twice), Err("a validator is in the set twice".into()));
}

#[test]
fn wrong_conduct_is_noticed() {
    let of = |account: AccountId32, skipped, streak, silent| {
        after(|| Conducts::<Test>::insert(account, Conduct { skipped, streak, silent }))
    };
    assert_eq!(of(ALICE, 5, 3, true), Ok(()));
    assert_eq!(of(SPARE, 5, 3, true), Err("the conduct of no validator is kept".into()));
    assert_eq!(of(ALICE, 2, 3, true), Err("a streak is longer than what was skipped".into()));
    assert_eq!(of(ALICE, 5, 0, true), Err("a validator that authored counts as silent".into()));
}

#[test]
fn wrong_peers_are_noticed() {
    let list = |organisation, peers: Vec<_>| {
        let own = BoundedVec::<_, <Test as Config>::MaxPeersPerOrganisation>::truncate_from(peers);
        after(|| PeersOf::<Test>::insert(organisation, own))
    };
    assert_eq!(list(TELECOM, vec![]), Err("an organisation without peers has a list of them".into()));
    assert_eq!(list(CITY, vec![peer(2)]), Err("a listed peer does not exist".into()));
    assert_eq!(list(TELECOM, vec![peer(1)]), Err("a peer is listed for another organisation".into()));
    assert_eq!(list(CITY, vec![peer(1), peer(1)]), Err("a peer is listed twice".into()));
    assert_eq!(after(|| PeersOf::<Test>::remove(CITY)), Err("a peer is not listed".into()));

    let miscounted = || {
        let counter = Peers::<Test>::counter_storage_final_key();
        frame_support::storage::unhashed::put(&counter, &2u32);
    };
    assert_eq!(after(miscounted), Err("the peers are miscounted".into()));

    let too_many = || {
        for organisation in 2..4 {
            for number in 0..2u8 {
                let organisation = OrganisationId(organisation);
                let new = peer(10 * organisation.0 as u8 + number);
                let purpose = PeerPurpose::Archive;
                Peers::<Test>::insert(new, Peer { organisation, purpose, address: None });
                PeersOf::<Test>::mutate(organisation, |own| own.try_push(new).unwrap());
            }
        }
    };
    assert_eq!(after(too_many), Ok(()));
    let one_more = || {
        too_many();
        let (organisation, purpose) = (INSTITUTE, PeerPurpose::Archive);
        Peers::<Test>::insert(peer(99), Peer { organisation, purpose, address: None });
        PeersOf::<Test>::mutate(organisation, |own| own.try_push(peer(99)).unwrap());
    };
    assert_eq!(MAX_PEERS, 5);
    assert_eq!(after(one_more), Err("there are more peers than there may be".into()));
}

#[test]
fn evidence_that_was_left_behind_is_noticed() {
    assert_eq!(after(|| Evidence::<Test>::put([7; 32])), Err("evidence was left behind".into()));
}
