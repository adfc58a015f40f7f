//! The heads of subjects lie in the real runtime's state where `citynet_proofs` looks for them, for every kind of subject,
//! and a list of records under such a head is proven complete.

use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{
    Action, Actions, AlgorithmId, CycleId, DatasetId, DatasetKind, DatasetProfile, DeviceId, DeviceKey, DeviceProfile,
    Document, Entry, GrantId, Location, OrganisationId, PossessionStatement, PurposeCode, Sensitivity, Subject,
    SubjectHead, Terms, Versions,
};
use citynet_proofs::{
    authorities,
    evidence::{AuthoritiesProof, GenesisProof, JustifiedHeader},
    genesis, grandpa, head,
    header::Header,
    list::ListFormat,
    verify_list, List, ListedRecord, Step, Trust,
};
use citynet_rpc::timestamp_key;
use citynet_runtime::{
    configs::Collective,
    genesis_presets::{get_preset, LOCAL},
    AccountId, Attestations, Catalog, Grants, Journal, RuntimeGenesisConfig, RuntimeOrigin, Settlements, System,
    Timestamp,
};
use codec::{Decode, Encode};
use finality_grandpa::{Message, Precommit, SignedPrecommit};
use serde_json::Value;
use sp_core::{ed25519, Blake2Hasher, Pair};
use sp_io::TestExternalities;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{traits::TrailingZeroInput, BuildStorage};
use sp_state_machine::{prove_read, InMemoryBackend};

/// What the calls of [`act`] make. The organisation is one of the genesis block.
const SUBJECTS: [Subject; 5] = [
    Subject::Organisation(OrganisationId(1)),
    Subject::Dataset(DatasetId(1)),
    Subject::Device(DeviceId(1)),
    Subject::Grant(GrantId(1)),
    Subject::Cycle(CycleId { currency: 1, number: 1 }),
];

/// What nobody has made.
const ABSENT: [Subject; 5] = [
    Subject::Organisation(OrganisationId(99)),
    Subject::Dataset(DatasetId(99)),
    Subject::Device(DeviceId(99)),
    Subject::Grant(GrantId(99)),
    Subject::Cycle(CycleId { currency: 1, number: 99 }),
];

/// The genesis of the preset with four founders.
fn start() -> TestExternalities {
    /// RFC 7396, as chain specifications apply a preset to the default configuration.
    fn merge(target: &mut Value, patch: Value) {
        match (target, patch) {
            (Value::Object(target), Value::Object(patch)) => {
                for (key, value) in patch {
                    merge(target.entry(key).or_insert(Value::Null), value);
                }
            }
            (target, patch) => *target = patch,
        }
    }
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
    merge(&mut config, serde_json::from_slice(&get_preset(&LOCAL.into()).unwrap()).unwrap());
    serde_json::from_value::<RuntimeGenesisConfig>(config).unwrap().build_storage().unwrap().into()
}

fn signed(keyring: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(keyring.to_account_id())
}

fn empty<T: Decode>() -> T {
    T::decode(&mut TrailingZeroInput::zeroes()).unwrap()
}

/// Makes one of each of [`SUBJECTS`], and has more than one record about most of them.
fn act() {
    use Sr25519Keyring::{Alice, Bob, Dave};

    let pair = ed25519::Pair::from_seed(&[7; 32]);
    let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: pair.public().0.to_vec().try_into().unwrap() };
    let expires = 60_000;
    let statement = PossessionStatement {
        genesis: &System::block_hash(0).0,
        organisation: OrganisationId(1),
        device: DeviceId(0),
        epoch: 0,
        expires,
        key: &key,
    };
    let proof = pair.sign(&statement.to_bytes()).0.to_vec().try_into().unwrap();
    let profile = DeviceProfile {
        model: b"Nova SDS011".to_vec().try_into().unwrap(),
        properties: vec![b"P1".to_vec().try_into().unwrap()].try_into().unwrap(),
        location: Location::Geohash(b"udtsc".to_vec().try_into().unwrap()),
        calibration: None,
    };
    Attestations::register(signed(Alice), profile, key, proof, expires).unwrap();
    Attestations::suspend(signed(Alice), DeviceId(1), b"inlet blocked".to_vec().try_into().unwrap()).unwrap();

    let profile = DatasetProfile {
        title: b"Air".to_vec().try_into().unwrap(),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: [1; 32], uri: Default::default() },
        schema: Default::default(),
        licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
    };
    Catalog::register(signed(Alice), DatasetKind::Stream, profile).unwrap();

    let terms = Terms {
        dataset: DatasetId(1),
        versions: Versions { first: 1, last: None, content: None },
        provider: OrganisationId(1),
        consumer: OrganisationId(2),
        controller: OrganisationId(1),
        actions: [Action::Read].into_iter().collect::<Actions>(),
        purposes: vec![PurposeCode(2)].try_into().unwrap(),
        not_before: 1,
        not_after: 4_000_000_000_000,
        jurisdiction: b"RU".to_vec().try_into().unwrap(),
        ..empty::<Terms>()
    };
    Grants::offer(signed(Alice), Box::new(terms), true, None, None).unwrap();
    let terms_hash = Grants::grant(GrantId(1)).unwrap().terms_hash;
    Grants::accept(signed(Bob), GrantId(1), terms_hash).unwrap();

    let council: RuntimeOrigin = pallet_collective::RawOrigin::<AccountId, Collective>::Members(3, 4).into();
    Settlements::create_currency(council, b"RUB".to_vec().try_into().unwrap(), 2, OrganisationId(4)).unwrap();
    Settlements::open_cycle(signed(Dave), 1, 0, 60_000).unwrap();
}

/// The state after the genesis block, and after the first one with its entries and the runtime's own heads.
struct Ledger {
    genesis: InMemoryBackend<Blake2Hasher>,
    state: InMemoryBackend<Blake2Hasher>,
    entries: Vec<Entry>,
    heads: Vec<(Subject, SubjectHead)>,
}

impl Ledger {
    fn new() -> Self {
        let mut chain = start();
        chain.commit_all().unwrap();
        let genesis = chain.as_backend();
        let (entries, heads) = chain.execute_with(|| {
            let mut entries = Journal::records();
            System::set_block_number(1);
            act();
            entries.extend(Journal::records());
            let heads = SUBJECTS.into_iter().chain(ABSENT).map(|subject| (subject, Journal::subject_head(subject)));
            (entries, heads.collect())
        });
        chain.commit_all().unwrap();
        Self { genesis, state: chain.as_backend(), entries, heads }
    }

    fn about(&self, subject: Subject) -> Vec<Vec<u8>> {
        let entries = self.entries.iter().filter(|entry| entry.subjects.contains(&subject));
        entries.map(|entry| entry.record.encode()).collect()
    }

    /// The list of a subject, with the justification that the four founders would give.
    fn list(&self, subject: Subject) -> List {
        let header = Header {
            parent_hash: [0; 32],
            number: 1,
            state_root: self.state.root().0,
            extrinsics_root: [0; 32],
            digest: Vec::new(),
        };
        let precommit = Precommit { target_hash: header.hash(), target_number: header.number };
        let vote = (Message::Precommit(precommit.clone()), 1u64, 0u64).encode();
        let founders = Ed25519Keyring::iter().take(4);
        let precommits = founders.map(|founder| SignedPrecommit {
            precommit: precommit.clone(),
            signature: founder.sign(&vote).0,
            id: founder.public().0,
        });
        let justification = grandpa::Justification {
            round: 1,
            commit: grandpa::Commit {
                target_hash: header.hash(),
                target_number: header.number,
                precommits: precommits.collect(),
            },
            votes_ancestries: Vec::new(),
        };
        let state_root = self.genesis.root().0;
        List {
            authorities: AuthoritiesProof {
                changes: Vec::new(),
                genesis: Some(GenesisProof { proof: nodes(&self.genesis, authorities::storage_key()), state_root }),
            },
            finality: JustifiedHeader { header: header.encode(), justification: justification.encode() },
            format: ListFormat::V1,
            genesis_hash: genesis::header_hash(&state_root),
            head: nodes(&self.state, head::storage_key(&subject)),
            records: self.about(subject).into_iter().map(ListedRecord::Record).collect(),
            subject,
        }
    }
}

fn nodes(state: &InMemoryBackend<Blake2Hasher>, key: Vec<u8>) -> Vec<Vec<u8>> {
    prove_read(state.clone(), [key]).unwrap().into_iter_nodes().collect()
}

#[test]
fn every_kind_of_subject_has_its_head_where_it_is_looked_for() {
    let ledger = Ledger::new();
    let root = ledger.state.root().0;
    for (subject, expected) in &ledger.heads {
        let nodes = nodes(&ledger.state, head::storage_key(subject));
        assert_eq!(head::in_state(&root, subject, &nodes), Ok(*expected), "{subject}");
        let leaves: Vec<_> = ledger.about(*subject).iter().map(|record| leaf_hash::<Portable>(record)).collect();
        assert_eq!(head::over(&leaves), *expected, "{subject}");
        assert_eq!(expected.count > 0, SUBJECTS.contains(subject), "{subject}");
    }
    // Every other subject that the records are about, too.
    let subjects = ledger.entries.iter().flat_map(|entry| entry.subjects.iter());
    let mut seen = 0;
    for subject in subjects {
        let nodes = nodes(&ledger.state, head::storage_key(subject));
        let leaves: Vec<_> = ledger.about(*subject).iter().map(|record| leaf_hash::<Portable>(record)).collect();
        assert_eq!(head::in_state(&root, subject, &nodes), Ok(head::over(&leaves)), "{subject}");
        seen += 1;
    }
    assert!(seen > SUBJECTS.len());
}

#[test]
fn the_time_of_a_block_is_where_it_is_looked_for() {
    start().execute_with(|| {
        assert_eq!(Timestamp::get(), 0);
        sp_io::storage::set(&timestamp_key(), &1_536_019_344_000u64.encode());
        assert_eq!(Timestamp::get(), 1_536_019_344_000);
    });
}

#[test]
fn a_list_from_the_real_state_is_complete_and_no_other_is() {
    let ledger = Ledger::new();
    for (subject, expected) in &ledger.heads {
        let list = ledger.list(*subject);
        let trust = Trust::Genesis(list.genesis_hash);
        let verified = verify_list(list.to_json().as_bytes(), &trust).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((verified.subject, verified.head), (*subject, *expected));
        let refused = |list: List| verify_list(list.to_json().as_bytes(), &trust).unwrap_err().step;
        for position in 0..list.records.len() {
            let mut short = list.clone();
            short.records.remove(position);
            assert_eq!(refused(short), Step::Records, "{subject} without {position}");
        }
        let mut long = list.clone();
        long.records.push(ListedRecord::Record(ledger.entries[0].record.encode()));
        assert_eq!(refused(long), Step::Records, "{subject} with one more");
        // The state of the block before.
        let mut early = list.clone();
        early.head = nodes(&ledger.genesis, head::storage_key(subject));
        assert_eq!(refused(early), Step::SubjectHead, "{subject} with an earlier head");
    }
}
