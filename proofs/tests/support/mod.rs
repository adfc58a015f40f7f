//! A synthetic chain with real keys and the evidence bundle that it would give, with a hook wherever a test bends it. What
//! a hook bends is signed, hashed and proven like everything else, so that exactly one step can fail.

#![allow(dead_code, reason = "every test file compiles this module and uses a part of it")]

pub mod ledger;
pub mod list;

use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    AlgorithmId, Batch, BatchStatement, Body, DeviceId, DeviceKey, DeviceProfile, Hash, Location, OrganisationId,
    OrganisationKind, Record, SchemaId, TreeHead, RECORD_VERSION, TREE_HEAD_ENGINE,
};
use citynet_proofs::{
    authorities::{storage_key, GRANDPA_ENGINE},
    evidence::{AuthoritiesProof, Evidence, Format, GenesisProof, JustifiedHeader, ReadingProof, RecordProof},
    genesis::header_hash,
    grandpa::{Authorities, Commit, Justification},
    header::{DigestItem, Header},
    reading::{self, Reading},
    time, Failure, Step, Trust,
};
use codec::Encode;
use ed25519_dalek::{Signer, SigningKey};
use finality_grandpa::{Message, Precommit, SignedPrecommit};
use serde_json::Value;
use sp_core::{storage::StateVersion, Blake2Hasher};
use sp_crypto_hashing::{blake2_256, sha2_256};
use sp_state_machine::{prove_read, InMemoryBackend};
use std::{collections::BTreeMap, path::PathBuf};

/// A folder of `shared/vectors`, or `None` with a word on stderr.
pub fn vectors(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CITYNET_VECTORS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: the vectors `{name}` are absent; set CITYNET_VECTORS to the folder that has them");
    None
}

/// That verification failed at this step, for this reason, and says so.
#[track_caller]
pub fn assert_failure(failure: &Failure, step: Step, reason: &str) {
    assert_eq!(failure.step, step, "{failure}");
    let message = failure.to_string();
    assert!(message.starts_with(&format!("{step}: ")), "{message}");
    assert!(message.contains(reason), "`{message}` does not say `{reason}`");
    assert!(failure.passed.iter().all(|(passed, _)| *passed != step), "{step} failed and passed");
}

/// Bends a header in SCALE.
pub fn bend_header(bytes: &mut Vec<u8>, bend: fn(&mut Header)) {
    let mut header = Header::from_scale(bytes).unwrap();
    bend(&mut header);
    *bytes = header.encode();
}

/// Bends a justification in SCALE.
pub fn bend_justification(bytes: &mut Vec<u8>, bend: fn(&mut Justification)) {
    let mut justification = Justification::from_scale(bytes).unwrap();
    bend(&mut justification);
    *bytes = justification.encode();
}

/// The chain to build and how to bend it.
#[derive(Clone)]
pub struct Plan {
    /// Authorities of every set.
    pub authorities: usize,
    /// How many of them vote.
    pub voters: usize,
    /// Whether votes are for descendants of the final block.
    pub ancestry: bool,
    /// Changes of the authority set before the final block.
    pub changes: u32,
    /// Whether a reading is proven or the bare batch record.
    pub reading: bool,
    /// Whether the device has rotated its key to epoch 1 before the batch.
    pub rotated: bool,
    /// Bends the proven reading's leaf before the batch's tree is made.
    pub leaf: fn(&mut Value),
    /// Bends the batch before it is signed.
    pub batch: fn(&mut Batch),
    /// Bends the device's signature before the batch is recorded.
    pub signature: fn(&mut Vec<u8>),
    /// Bends the record of the key before it is put in the journal.
    pub key: fn(&mut Record),
    /// Bends the batch's record before it is put in the journal.
    pub record: fn(&mut Record),
    /// Bends the final header before it is voted for.
    pub header: fn(&mut Header),
    /// Bends the header of every set change before it is voted for.
    pub change: fn(&mut Header),
    /// Bends the set id for which the final block is voted.
    pub set_id: fn(u64) -> u64,
    /// Bends the set id for which the set changes are voted.
    pub change_set_id: fn(u64) -> u64,
    /// Bends the final block's justification after it was signed.
    pub justification: fn(&mut Justification),
    /// Bends the genesis state.
    pub state: fn(&mut BTreeMap<Vec<u8>, Vec<u8>>),
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            authorities: 4,
            voters: 4,
            ancestry: true,
            changes: 2,
            reading: true,
            rotated: false,
            leaf: |_| (),
            batch: |_| (),
            signature: |_| (),
            key: |_| (),
            record: |_| (),
            header: |_| (),
            change: |_| (),
            set_id: |id| id,
            change_set_id: |id| id,
            justification: |_| (),
            state: |_| (),
        }
    }
}

/// A bundle and what its reader would know.
#[derive(Clone)]
pub struct Built {
    pub evidence: Evidence,
    pub genesis: Hash,
    /// The genesis state.
    pub state: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Every authority set, from 0.
    pub sets: Vec<Authorities>,
}

impl Built {
    pub fn trust(&self) -> Trust {
        Trust::Genesis(self.genesis)
    }

    pub fn checkpoint(&self, set_id: u64) -> Trust {
        let authorities = self.sets[usize::try_from(set_id).unwrap()].clone();
        Trust::Checkpoint { genesis: self.genesis, set_id, authorities }
    }

    pub fn json(&self) -> String {
        self.evidence.to_json().unwrap()
    }
}

pub const READINGS: u64 = 11;
pub const FIRST_SEQUENCE: u64 = 40;
pub const PROVEN: u64 = 6;

pub fn key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&sha2_256(name.as_bytes()))
}

fn authority(set: u64, position: usize) -> SigningKey {
    key(&format!("authority {position} of set {set}"))
}

fn line(sequence: u64) -> String {
    let second = (sequence - FIRST_SEQUENCE) * 3;
    format!("15092;SDS011;7624;57.138;-2.078;2018-09-04T00:02:{second:02};1{sequence}.33;;;6.{sequence}0;;")
}

fn reading(sequence: u64, raw: &str) -> Reading<'_> {
    let fields: Vec<_> = raw.split(';').collect();
    Reading {
        device: DeviceId(3),
        sequence,
        observed_at: format!("{}Z", fields[5]),
        raw: raw.as_bytes(),
        observation: [("P1", fields[6]), ("P2", fields[9]), ("sensor_type", fields[1]), ("é", "\u{1f600}\n")]
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .into(),
    }
}

fn device_key(key: &SigningKey) -> DeviceKey {
    let public_key = key.verifying_key().to_bytes().to_vec().try_into().unwrap();
    DeviceKey { algorithm: AlgorithmId::ED25519, public_key }
}

fn record(index: u64, block: u32, body: Body) -> Record {
    Record {
        version: RECORD_VERSION,
        index,
        block,
        time: u64::from(block) * 1_000,
        organisation: OrganisationId(1),
        account: [7; 32],
        body,
    }
}

fn justify(plan: &Plan, header: &Header, set_id: u64, named: u64) -> Justification {
    let child = Header { parent_hash: header.hash(), number: header.number + 1, ..header.clone() };
    let grandchild = Header { parent_hash: child.hash(), number: child.number + 1, ..header.clone() };
    let round = 17;
    let precommits = (0..plan.voters)
        .map(|position| {
            let target = match position {
                2 if plan.ancestry => &child,
                3 if plan.ancestry => &grandchild,
                _ => header,
            };
            let precommit = Precommit { target_hash: target.hash(), target_number: target.number };
            let key = authority(set_id, position);
            let message = sp_consensus_grandpa::localized_payload(round, named, &Message::Precommit(precommit.clone()));
            let signature = key.sign(&message).to_bytes();
            SignedPrecommit { precommit, signature, id: key.verifying_key().to_bytes() }
        })
        .collect();
    let needed = if plan.ancestry { plan.voters.saturating_sub(2).min(2) } else { 0 };
    let mut votes_ancestries = vec![grandchild, child];
    Justification {
        round,
        commit: Commit { target_hash: header.hash(), target_number: header.number, precommits },
        // With only the third vote beyond the block, just the child is needed.
        votes_ancestries: votes_ancestries.split_off(2 - needed),
    }
}

fn header(number: u32, mut digest: Vec<DigestItem>) -> Header {
    digest.insert(0, DigestItem::PreRuntime(*b"aura", u64::from(number).encode()));
    digest.push(DigestItem::Seal(*b"aura", vec![number.to_le_bytes()[0]; 64]));
    Header {
        parent_hash: blake2_256(&(number - 1).encode()),
        number,
        state_root: [9; 32],
        extrinsics_root: [8; 32],
        digest,
    }
}

pub fn scheduled_change(next: &Authorities, delay: u32) -> DigestItem {
    DigestItem::Consensus(GRANDPA_ENGINE, (1u8, next, delay).encode())
}

pub fn build(plan: &Plan) -> Built {
    let sets: Vec<Authorities> = (0..=u64::from(plan.changes))
        .map(|set| (0..plan.authorities).map(|i| (authority(set, i).verifying_key().to_bytes(), 1)).collect())
        .collect();

    // The genesis state: enough other entries that the path to the authorities has branches.
    let mut state: BTreeMap<Vec<u8>, Vec<u8>> =
        (0u8..40).map(|i| (blake2_256(&[i]).to_vec(), vec![i; 5 * usize::from(i)])).collect();
    state.insert(b":code".to_vec(), vec![0xc0; 3_000]);
    let prefix = &storage_key()[..16];
    state.insert([prefix, &[0; 16][..]].concat(), vec![1]);
    state.insert([prefix, &[0xff; 16][..]].concat(), vec![2; 40]);
    state.insert(storage_key(), sets[0].encode());
    (plan.state)(&mut state);
    let backend = InMemoryBackend::<Blake2Hasher>::from((state.clone(), StateVersion::V1));
    let state_root = backend.root().0;
    let genesis = header_hash(&state_root);
    let proof = prove_read(backend, [storage_key()]).unwrap().into_iter_nodes().collect();

    // The batch.
    let lines: Vec<_> = (FIRST_SEQUENCE..FIRST_SEQUENCE + READINGS).map(line).collect();
    let mut leaves: Vec<_> =
        lines.iter().zip(FIRST_SEQUENCE..).map(|(line, sequence)| reading(sequence, line).leaf()).collect();
    let proven = usize::try_from(PROVEN).unwrap();
    (plan.leaf)(&mut leaves[proven]);
    let leaf_tree =
        MemoryTree::<Portable>::from_leaf_hashes(leaves.iter().map(|leaf| reading::leaf_hash(leaf).unwrap()));
    let mut batch = Batch {
        device: DeviceId(3),
        epoch: plan.rotated.into(),
        schema: SchemaId::READING_V1,
        first_sequence: FIRST_SEQUENCE,
        count: u32::try_from(READINGS).unwrap(),
        missing: 0,
        window_start: time::parse("2018-09-04T00:02:00Z").unwrap(),
        window_end: time::parse("2018-09-04T00:02:30Z").unwrap(),
        root: leaf_tree.root(),
        expires: u64::MAX,
    };
    (plan.batch)(&mut batch);
    let signer = if plan.rotated { key("device, epoch 1") } else { key("device, epoch 0") };
    let statement = BatchStatement { genesis: &genesis, algorithm: AlgorithmId::ED25519, batch: &batch };
    let mut signature = signer.sign(&statement.to_bytes()).to_bytes().to_vec();
    (plan.signature)(&mut signature);

    // The journal.
    let mut records: Vec<_> = (1..=4)
        .map(|id| {
            let organisation = OrganisationId(id);
            let name = format!("Organisation {id}").into_bytes().try_into().unwrap();
            let organisation_kind = OrganisationKind::University;
            Body::OrganisationRegistered { organisation, organisation_kind, name }
        })
        .zip(0..)
        .map(|(body, index)| record(index, 0, body))
        .collect();
    let registered = Body::DeviceRegistered {
        device: DeviceId(3),
        owner: OrganisationId(1),
        profile: DeviceProfile {
            model: b"Nova SDS011".to_vec().try_into().unwrap(),
            properties: vec![b"P1".to_vec().try_into().unwrap(), b"P2".to_vec().try_into().unwrap()]
                .try_into()
                .unwrap(),
            location: Location::Geohash(b"gfnt".to_vec().try_into().unwrap()),
            calibration: None,
        },
        key: device_key(&key("device, epoch 0")),
    };
    records.push(record(4, 5, registered));
    if plan.rotated {
        let body = Body::DeviceKeyRotated {
            device: DeviceId(3),
            epoch: 1,
            key: device_key(&key("device, epoch 1")),
            previous_valid_until: 77_000,
        };
        records.push(record(5, 50, body));
    }
    let key_index = records.len() - 1;
    (plan.key)(&mut records[key_index]);
    let batch_index = records.len();
    let signature = signature.try_into().unwrap();
    records.push(record(batch_index.try_into().unwrap(), 60, Body::BatchAttested { batch, signature }));
    (plan.record)(&mut records[batch_index]);
    for more in 1..=4 {
        let index = u64::try_from(batch_index).unwrap() + more;
        let body = Body::AccountRemoved { organisation: OrganisationId(2), account: [1; 32] };
        records.push(record(index, 61, body));
    }
    let journal =
        MemoryTree::<Portable>::from_leaf_hashes(records.iter().map(|record| leaf_hash::<Portable>(&record.encode())));
    let proof_of = |index: usize| RecordProof {
        path: journal.inclusion_proof(index.try_into().unwrap()).unwrap(),
        record: records[index].encode(),
    };

    // The set changes and the final block.
    let changes = (0..plan.changes)
        .map(|set| {
            let next = &sets[usize::try_from(set).unwrap() + 1];
            let mut header = header(10 + 10 * set, vec![scheduled_change(next, 0)]);
            (plan.change)(&mut header);
            let set = u64::from(set);
            let justification = justify(plan, &header, set, (plan.change_set_id)(set)).encode();
            JustifiedHeader { header: header.encode(), justification }
        })
        .collect();
    let tree_head = TreeHead { size: journal.len(), root: journal.root() };
    let mut last = header(100, vec![DigestItem::Consensus(TREE_HEAD_ENGINE, tree_head.encode())]);
    (plan.header)(&mut last);
    let set_id = u64::from(plan.changes);
    let mut justification = justify(plan, &last, set_id, (plan.set_id)(set_id));
    (plan.justification)(&mut justification);

    let evidence = Evidence {
        authorities: AuthoritiesProof { changes, genesis: Some(GenesisProof { proof, state_root }) },
        device_key: plan.reading.then(|| proof_of(key_index)),
        finality: JustifiedHeader { header: last.encode(), justification: justification.encode() },
        format: Format::V1,
        genesis_hash: genesis,
        reading: plan.reading.then(|| ReadingProof {
            leaf: leaves[proven].clone(),
            path: leaf_tree.inclusion_proof(PROVEN).unwrap(),
            raw: lines[proven].clone().into_bytes(),
        }),
        record: proof_of(batch_index),
    };
    Built { evidence, genesis, state, sets }
}
