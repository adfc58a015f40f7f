//! Our own decoding against the SDK's types, from which the bytes of a real chain come.

mod support;

use citynet_primitives::Hash;
use citynet_proofs::{
    authorities::{self, SetChangeError},
    genesis::{self, SpecError},
    grandpa::{self, JustificationError},
    header::{self, DigestItem, Header},
};
use codec::{DecodeAll, Encode};
use ed25519_dalek::Signer;
use finality_grandpa::{Message, Precommit, SignedPrecommit};
use proptest::prelude::*;
use serde_json::json;
use sp_consensus_grandpa::{AuthorityId, AuthorityList, ConsensusLog, ScheduledChange};
use sp_core::{crypto::UncheckedFrom, Blake2Hasher, H256};
use sp_runtime::{
    generic,
    traits::{BlakeTwo256, Hash as _, Header as _},
    StateVersion,
};
use sp_state_machine::{prove_read, InMemoryBackend};
use std::collections::BTreeMap;

type SdkHeader = generic::Header<u32, BlakeTwo256>;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..80)
}

fn digest_item() -> impl Strategy<Value = generic::DigestItem> {
    prop_oneof![
        bytes().prop_map(generic::DigestItem::Other),
        any::<([u8; 4], Vec<u8>)>().prop_map(|(id, data)| generic::DigestItem::Consensus(id, data)),
        any::<([u8; 4], Vec<u8>)>().prop_map(|(id, data)| generic::DigestItem::Seal(id, data)),
        any::<([u8; 4], Vec<u8>)>().prop_map(|(id, data)| generic::DigestItem::PreRuntime(id, data)),
        Just(generic::DigestItem::RuntimeEnvironmentUpdated),
    ]
}

prop_compose! {
    fn sdk_header()(
        number in prop_oneof![any::<u32>(), 0u32..300],
        roots: [Hash; 3],
        logs in prop::collection::vec(digest_item(), 0..5),
    ) -> SdkHeader {
        let [parent, state, extrinsics] = roots.map(H256);
        SdkHeader::new(number, extrinsics, state, parent, generic::Digest { logs })
    }
}

prop_compose! {
    fn sdk_justification()(
        round: u64,
        target: (Hash, u32),
        votes in prop::collection::vec(any::<(Hash, u32, [[u8; 32]; 2], Hash)>(), 0..4),
        votes_ancestries in prop::collection::vec(sdk_header(), 0..3),
    ) -> sp_consensus_grandpa::GrandpaJustification<SdkHeader> {
        let precommits = votes.into_iter().map(|(hash, number, signature, id)| SignedPrecommit {
            precommit: Precommit { target_hash: H256(hash), target_number: number },
            signature: sp_core::ed25519::Signature::unchecked_from(
                <[u8; 64]>::try_from(signature.concat()).unwrap(),
            ).into(),
            id: authority_id(id),
        }).collect();
        let commit = finality_grandpa::Commit { target_hash: H256(target.0), target_number: target.1, precommits };
        sp_consensus_grandpa::GrandpaJustification { round, commit, votes_ancestries }
    }
}

fn authority_id(key: Hash) -> AuthorityId {
    sp_core::ed25519::Public::unchecked_from(key).into()
}

proptest! {
    #[test]
    fn a_header_is_the_sdks(sdk in sdk_header()) {
        let header = Header::from_scale(&sdk.encode()).unwrap();
        prop_assert_eq!(header.encode(), sdk.encode());
        prop_assert_eq!(header.hash(), sdk.hash().0);
        prop_assert_eq!(header.number, *sdk.number());
        prop_assert_eq!(header.parent_hash, sdk.parent_hash().0);
        prop_assert_eq!(header.state_root, sdk.state_root().0);
        prop_assert_eq!(header.extrinsics_root, sdk.extrinsics_root().0);
        prop_assert_eq!(header.digest.len(), sdk.digest().logs.len());
    }

    #[test]
    fn a_header_is_nothing_but_itself(sdk in sdk_header(), cut: prop::sample::Index, more: u8) {
        let encoded = sdk.encode();
        prop_assert!(Header::from_scale(&encoded[..cut.index(encoded.len())]).is_err());
        prop_assert!(Header::from_scale(&[&encoded[..], &[more]].concat()).is_err());
    }

    #[test]
    fn bent_bytes_decode_in_both_or_in_none(sdk in sdk_header(), place: prop::sample::Index, byte: u8) {
        let mut encoded = sdk.encode();
        // Beyond the parent's hash, where every byte decodes.
        let place = 32 + place.index(encoded.len() - 32);
        encoded[place] = byte;
        let sdk = SdkHeader::decode_all(&mut &encoded[..]).ok().filter(|header| header.encode() == encoded);
        prop_assert_eq!(Header::from_scale(&encoded).ok().map(|header| header.hash()), sdk.map(|header| header.hash().0));
    }

    #[test]
    fn a_justification_is_the_sdks(sdk in sdk_justification(), cut: prop::sample::Index) {
        let encoded = sdk.encode();
        let justification = grandpa::Justification::from_scale(&encoded).unwrap();
        prop_assert_eq!(justification.encode(), encoded.clone());
        prop_assert_eq!(justification.commit.precommits.len(), sdk.commit.precommits.len());
        prop_assert_eq!(justification.commit.target_hash, sdk.commit.target_hash.0);
        prop_assert_eq!(justification.votes_ancestries.len(), sdk.votes_ancestries.len());
        prop_assert!(grandpa::Justification::from_scale(&encoded[..cut.index(encoded.len())]).is_err());
        prop_assert!(grandpa::Justification::from_scale(&[&encoded[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_scheduled_change_is_the_sdks(next in prop::collection::vec(any::<(Hash, u64)>(), 0..5), delay in 0u32..2) {
        let next_authorities: AuthorityList = next.iter().map(|(key, weight)| (authority_id(*key), *weight)).collect();
        prop_assert_eq!(next_authorities.encode(), next.encode());
        let log = ConsensusLog::<u32>::ScheduledChange(ScheduledChange { next_authorities, delay });
        let header = header_with(vec![log]);
        let expected = match delay {
            0 => Ok(next),
            delay => Err(SetChangeError::Delayed { block: 7, delay }),
        };
        prop_assert_eq!(authorities::handed_over(&header), expected);
    }

    #[test]
    fn a_raw_specification_has_the_genesis_hash_of_its_state(
        state in prop::collection::btree_map(bytes(), bytes(), 0..30),
    ) {
        let backend = InMemoryBackend::<Blake2Hasher>::from((state.clone(), StateVersion::V1));
        let sdk = SdkHeader::new(
            0,
            BlakeTwo256::trie_root(vec![], StateVersion::V1),
            *backend.root(),
            H256::zero(),
            Default::default(),
        );
        prop_assert_eq!(genesis::header_hash(&backend.root().0), sdk.hash().0);
        let text = spec(&state).to_string();
        prop_assert_eq!(genesis::hash_of_raw_spec(text.as_bytes()), Ok(sdk.hash().0));
    }
}

fn header_with(logs: Vec<ConsensusLog<u32>>) -> Header {
    Header {
        parent_hash: [0; 32],
        number: 7,
        state_root: [0; 32],
        extrinsics_root: [0; 32],
        digest: logs.iter().map(|log| DigestItem::Consensus(*b"FRNK", log.encode())).collect(),
    }
}

fn spec(state: &BTreeMap<Vec<u8>, Vec<u8>>) -> serde_json::Value {
    let hex = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
    let top: serde_json::Map<_, _> = state.iter().map(|(key, value)| (hex(key), hex(value).into())).collect();
    json!({
        "name": "Some city", "id": "some_city", "chainType": "Live", "bootNodes": [], "properties": { "ss58Format": 42 },
        "genesis": { "raw": { "top": top, "childrenDefault": {} } },
    })
}

#[test]
fn constants_are_the_sdks() {
    assert_eq!(genesis::EMPTY_TRIE_ROOT, BlakeTwo256::trie_root(vec![], StateVersion::V1).0);
    assert_eq!(genesis::EMPTY_TRIE_ROOT, sp_crypto_hashing::blake2_256(&[0]));
    assert_eq!(authorities::GRANDPA_ENGINE, sp_consensus_grandpa::GRANDPA_ENGINE_ID);
    assert_eq!(
        hex::encode(authorities::storage_key()),
        "5f9cc45b7a00c5899361e1c6099678dc5e0621c4869aa60c02be9adcc98a0d1d"
    );
}

#[test]
fn other_grandpa_messages_are_the_sdks() {
    let scheduled = || ScheduledChange { next_authorities: vec![(authority_id([1; 32]), 1)], delay: 0 };
    let harmless = [ConsensusLog::OnDisabled(3), ConsensusLog::Pause(4), ConsensusLog::Resume(5)];
    let with = |log| harmless.clone().into_iter().chain([log]).collect();
    let header = header_with(with(ConsensusLog::ScheduledChange(scheduled())));
    assert_eq!(authorities::handed_over(&header), Ok(vec![([1; 32], 1)]));
    let header = header_with(with(ConsensusLog::ForcedChange(6, scheduled())));
    assert_eq!(authorities::handed_over(&header), Err(SetChangeError::Forced(7)));
    let header = header_with(harmless.to_vec());
    assert_eq!(authorities::handed_over(&header), Err(SetChangeError::Count { block: 7, found: 0 }));
}

#[test]
fn a_real_header_of_another_substrate_chain_has_its_published_hash() {
    // Polkadot's genesis: its state root gives the hash that every Polkadot client knows.
    let state_root = "29d0d972cd27cbc511e9589fcb7a4506d5eb6a9e8df205f00472e5ab354a4e17";
    let state_root = <Hash>::try_from(hex::decode(state_root).unwrap()).unwrap();
    assert_eq!(
        hex::encode(genesis::header_hash(&state_root)),
        "91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3"
    );
}

#[test]
fn specifications_that_have_no_known_state() {
    let hash = |spec: serde_json::Value| genesis::hash_of_raw_spec(spec.to_string().as_bytes());
    let not_raw = json!({ "genesis": { "runtimeGenesis": { "code": "0x", "patch": {} } } });
    assert_eq!(hash(not_raw), Err(SpecError::NotRaw));
    assert!(SpecError::NotRaw.to_string().contains("--raw"));
    let mut children = spec(&BTreeMap::new());
    children["genesis"]["raw"]["childrenDefault"] = json!({ "0x00": { "0x01": "0x02" } });
    assert_eq!(hash(children), Err(SpecError::ChildTries));
    for (key, value) in [("00", "0x"), ("0x0", "0x"), ("0x00", ""), ("0x00", "0xzz")] {
        let spec = json!({ "genesis": { "raw": { "top": { key: value } } } });
        assert!(matches!(hash(spec), Err(SpecError::Hex(_))), "{key} {value}");
    }
    assert!(matches!(hash(json!({})), Err(SpecError::Json(_))));
    assert!(matches!(genesis::hash_of_raw_spec(b"{"), Err(SpecError::Json(_))));
    // Hex in either case names the same state.
    let upper = json!({ "genesis": { "raw": { "top": { "0xAB": "0xCD" } } } });
    assert_eq!(hash(upper), hash(spec(&[(vec![0xab], vec![0xcd])].into())));
}

#[test]
fn a_trie_of_one_entry_and_short_values_are_proven_too() {
    for authorities in [vec![([1u8; 32], 1u64)], vec![]] {
        let state = BTreeMap::from([(authorities::storage_key(), authorities.encode())]);
        let backend = InMemoryBackend::<Blake2Hasher>::from((state, StateVersion::V1));
        let root = backend.root().0;
        let nodes: Vec<_> = prove_read(backend, [authorities::storage_key()]).unwrap().into_iter_nodes().collect();
        assert_eq!(authorities::in_genesis_state(&root, &nodes), Ok(authorities));
    }
}

/// The SDK's verification and ours agree on votes that are spread over a chain of blocks, whoever votes for what.
#[test]
fn votes_count_as_consensus_counts_them() {
    let keys: Vec<_> = (0..4).map(|i| support::key(&format!("voter {i}"))).collect();
    let set: grandpa::Authorities = keys.iter().map(|key| (key.verifying_key().to_bytes(), 1)).collect();
    let mut chain = vec![header_with(vec![])];
    for _ in 0..3 {
        let parent = chain.last().unwrap();
        chain.push(Header { parent_hash: parent.hash(), number: parent.number + 1, ..parent.clone() });
    }
    let (mut final_, mut refused) = (0, 0);
    // Every way in which four authorities vote for one of three blocks or not at all, for every target.
    for choice in 0..256usize {
        let votes: Vec<_> = (0..4).map(|voter| choice >> (2 * voter) & 3).collect();
        for target in 0..3 {
            let precommits: Vec<_> = votes
                .iter()
                .zip(&keys)
                .filter(|(vote, _)| **vote < 3)
                .map(|(vote, key)| {
                    let block = &chain[*vote];
                    let precommit = Precommit { target_hash: block.hash(), target_number: block.number };
                    let message = (Message::Precommit(precommit.clone()), 1u64, 0u64).encode();
                    let signature = key.sign(&message).to_bytes();
                    SignedPrecommit { precommit, signature, id: key.verifying_key().to_bytes() }
                })
                .collect();
            let given = votes.iter().filter(|vote| **vote < 3);
            let needed = given.clone().min().map_or(0, |low| low + 1)..given.max().map_or(0, |high| high + 1);
            let justification = grandpa::Justification {
                round: 1,
                commit: grandpa::Commit {
                    target_hash: chain[target].hash(),
                    target_number: chain[target].number,
                    precommits,
                },
                votes_ancestries: chain.get(needed).unwrap_or_default().to_vec(),
            };
            // Three of four are needed on the block or above it, and no higher block has as many.
            let weight = |block: usize| votes.iter().filter(|vote| **vote < 3 && **vote >= block).count();
            let expected = weight(target) >= 3 && (target == 2 || weight(target + 1) < 3);
            let result = justification.verify(&chain[target], 0, &set);
            match &result {
                Ok(counted) => {
                    final_ += 1;
                    assert_eq!(counted.voters, weight(0));
                }
                Err(JustificationError::NotEnough { .. } | JustificationError::NoVotes) => refused += 1,
                Err(other) => panic!("votes {votes:?} for block {target}: {other}"),
            }
            assert_eq!(result.is_ok(), expected, "votes {votes:?} for block {target}");
        }
    }
    assert!(final_ > 0 && refused > 0);
    assert_eq!(header::NotAHeader.to_string(), Header::from_scale(&[]).unwrap_err().to_string());
}

/// Who votes twice in a round counts once for each block: enough to keep a justification of consensus valid, never
/// enough to make two of three out of one.
#[test]
fn an_equivocation_is_accepted_once_as_consensus_does() {
    let keys: Vec<_> = (0..4).map(|i| support::key(&format!("voter {i}"))).collect();
    let set: grandpa::Authorities = keys.iter().map(|key| (key.verifying_key().to_bytes(), 1)).collect();
    let base = header_with(vec![]);
    let fork = |state: u8| Header { parent_hash: base.hash(), number: 8, state_root: [state; 32], ..base.clone() };
    let (left, right) = (fork(1), fork(2));
    let vote = |key: &ed25519_dalek::SigningKey, block: &Header| {
        let precommit = Precommit { target_hash: block.hash(), target_number: block.number };
        let signature = key.sign(&(Message::Precommit(precommit.clone()), 1u64, 0u64).encode()).to_bytes();
        SignedPrecommit { precommit, signature, id: key.verifying_key().to_bytes() }
    };
    let justification = |precommits, votes_ancestries| grandpa::Justification {
        round: 1,
        commit: grandpa::Commit { target_hash: base.hash(), target_number: base.number, precommits },
        votes_ancestries,
    };
    let headers = || vec![left.clone(), right.clone()];
    let twice = vec![vote(&keys[0], &base), vote(&keys[1], &base), vote(&keys[2], &left), vote(&keys[2], &right)];
    assert!(justification(twice, headers()).verify(&base, 0, &set).is_ok());
    let alone = vec![vote(&keys[0], &base), vote(&keys[2], &left), vote(&keys[2], &right)];
    assert!(justification(alone, headers()).verify(&base, 0, &set).is_err());
}
