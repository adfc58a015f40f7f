//! The index fed with blocks that no chain made.

use citynet_index::{BatchLookup, Error, Filter, FinalisedBlock, Inconsistency, Index, Snapshot};
use citynet_merkle::{consistency_proof, inclusion_proof, leaf_hash, root_of, MemoryTree, Portable};
use citynet_primitives::{
    AlgorithmId, Batch, Body, DeviceId, DeviceKey, DeviceProfile, Entry, Hash, Location, OrganisationId, Record, Role,
    Roles, SchemaId, Subject, TreeHead, RECORD_VERSION,
};
use codec::Encode;
use std::path::PathBuf;
use tempfile::TempDir;

const GENESIS: Hash = [7; 32];
const CITY: OrganisationId = OrganisationId(1);
const TELECOM: OrganisationId = OrganisationId(2);
const DEVICE: DeviceId = DeviceId(1);
const HUGE: u64 = 1 << 63;

/// Makes blocks that fit together.
#[derive(Default)]
struct Chain {
    tree: MemoryTree<Portable>,
    blocks: Vec<FinalisedBlock>,
}

impl Chain {
    fn block(&mut self, bodies: Vec<(OrganisationId, Body, Vec<Subject>)>) -> &FinalisedBlock {
        let number = u32::try_from(self.blocks.len()).unwrap();
        let entries = bodies
            .into_iter()
            .map(|(organisation, body, subjects)| {
                let record = Record {
                    version: RECORD_VERSION,
                    index: self.tree.len(),
                    block: number,
                    time: u64::from(number) * 1000,
                    organisation,
                    account: account(organisation),
                    body,
                };
                self.tree.push(leaf_hash::<Portable>(&record.encode()));
                Entry { record, subjects: subjects.try_into().unwrap() }
            })
            .collect();
        self.blocks.push(FinalisedBlock {
            number,
            hash: leaf_hash::<Portable>(&number.encode()),
            parent: self.blocks.last().map_or([0; 32], |parent| parent.hash),
            head: TreeHead { size: self.tree.len(), root: self.tree.root() },
            entries,
        });
        self.blocks.last().unwrap()
    }

    /// Genesis with an organisation, an empty block, a device with its first batch, a gap and a batch of the highest
    /// sequence numbers, a rotation, and an account of the telecom.
    fn sample() -> Self {
        let mut chain = Self::default();
        let device = vec![Subject::Device(DEVICE)];
        chain.block(vec![(
            OrganisationId::CONSORTIUM,
            Body::OrganisationRegistered {
                organisation: CITY,
                organisation_kind: citynet_primitives::OrganisationKind::Government,
                name: b"City".to_vec().try_into().unwrap(),
            },
            vec![Subject::Organisation(CITY)],
        )]);
        chain.block(Vec::new());
        chain.block(vec![
            (
                CITY,
                Body::DeviceRegistered { device: DEVICE, owner: CITY, profile: profile(), key: key(1) },
                vec![Subject::Device(DEVICE), Subject::Organisation(CITY)],
            ),
            (CITY, batch(0, 10, 0), device.clone()),
        ]);
        chain.block(vec![(CITY, batch(HUGE, 5, HUGE - 10), device.clone())]);
        chain.block(vec![
            (CITY, Body::DeviceKeyRotated { device: DEVICE, epoch: 1, key: key(2), previous_valid_until: 9 }, device),
            (
                TELECOM,
                Body::AccountAdded { organisation: TELECOM, account: [9; 32], roles: Roles::of(&[Role::Admin]) },
                vec![Subject::Organisation(TELECOM)],
            ),
        ]);
        chain
    }
}

fn account(organisation: OrganisationId) -> Hash {
    [u8::try_from(organisation.0).unwrap(); 32]
}

fn profile() -> DeviceProfile {
    DeviceProfile {
        model: b"Nova SDS011".to_vec().try_into().unwrap(),
        properties: vec![b"P1".to_vec().try_into().unwrap()].try_into().unwrap(),
        location: Location::Text(b"Petrogradsky".to_vec().try_into().unwrap()),
        calibration: None,
    }
}

fn key(byte: u8) -> DeviceKey {
    DeviceKey { algorithm: AlgorithmId::ED25519, public_key: vec![byte; 32].try_into().unwrap() }
}

fn batch(first_sequence: u64, count: u32, missing: u64) -> Body {
    Body::BatchAttested {
        batch: Batch {
            device: DEVICE,
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence,
            count,
            missing,
            window_start: 1,
            window_end: 2,
            root: [3; 32],
            expires: 4,
        },
        signature: vec![5; 64].try_into().unwrap(),
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("index").join("index.sqlite")
}

fn bound(folder: &TempDir) -> Index {
    let index = Index::open(&file(folder)).unwrap();
    index.bind(&GENESIS).unwrap();
    index
}

fn filled(folder: &TempDir, chain: &Chain) -> Index {
    let index = bound(folder);
    index.append(&chain.blocks).unwrap();
    index
}

fn read<T>(index: &Index, query: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>) -> T {
    index.read(query).unwrap()
}

fn refused(index: &Index, blocks: &[FinalisedBlock]) -> Inconsistency {
    let before = index.position().unwrap();
    let error = index.append(blocks).unwrap_err();
    assert!(error.is_final());
    let Error::Inconsistent { reason, .. } = error else { panic!("{error:?}") };
    assert_eq!(index.position().unwrap(), before, "nothing may be written");
    reason
}

fn indices(index: &Index, filter: &Filter) -> Vec<u64> {
    read(index, |snapshot| snapshot.records(filter, 0, u64::MAX >> 1, 100))
        .into_iter()
        .map(|found| found.record.index)
        .collect()
}

/// Every inclusion and consistency proof at every size, and every root.
fn proofs(index: &Index, size: u64) -> Vec<Vec<Hash>> {
    read(index, |snapshot| {
        let mut all = Vec::new();
        for size in 1..=size {
            all.push(vec![root_of::<Portable, _>(snapshot, size)?]);
            for leaf in 0..size {
                all.push(inclusion_proof::<Portable, _>(snapshot, leaf, size).unwrap());
                all.push(consistency_proof::<Portable, _>(snapshot, leaf + 1, size).unwrap());
            }
        }
        Ok(all)
    })
}

#[test]
fn records_and_blocks_are_found() {
    let folder = TempDir::new().unwrap();
    let chain = Chain::sample();
    let index = filled(&folder, &chain);
    let position = index.position().unwrap().unwrap();
    assert_eq!((position.number, position.records(), position.attestations), (4, 6, 2));
    assert_eq!(position.root(), chain.tree.root());
    for block in &chain.blocks {
        let found = read(&index, |snapshot| snapshot.block(block.number)).unwrap();
        assert_eq!((found.hash, found.head), (block.hash, block.head));
        for entry in &block.entries {
            let found = read(&index, |snapshot| snapshot.record(entry.record.index)).unwrap();
            assert_eq!(found.record, entry.record);
            assert_eq!(found.encoded, entry.record.encode());
            assert_eq!(found.leaf, leaf_hash::<Portable>(&found.encoded));
            assert_eq!(found.subjects, entry.subjects);
            assert_eq!(found.block_hash, block.hash);
        }
    }
    assert_eq!(read(&index, |snapshot| snapshot.block(5)), None);
    assert_eq!(read(&index, |snapshot| snapshot.record(6)), None);
    assert_eq!(read(&index, |snapshot| snapshot.record(u64::MAX)), None);
}

#[test]
fn a_restart_resumes() {
    let folder = TempDir::new().unwrap();
    let chain = Chain::sample();
    let (first, rest) = chain.blocks.split_at(3);
    let stopped = {
        let index = bound(&folder);
        index.append(first).unwrap().unwrap()
    };
    let index = bound(&folder);
    assert_eq!(index.position().unwrap(), Some(stopped));
    assert_eq!(refused(&index, first), Inconsistency::NotNext);
    index.append(rest).unwrap();
    assert_eq!(index.position().unwrap().unwrap().root(), chain.tree.root());
}

#[test]
fn a_rebuild_gives_the_same_proofs() {
    let mut chain = Chain::sample();
    for number in (100..118).step_by(2) {
        let device = vec![Subject::Device(DEVICE)];
        chain.block(vec![
            (CITY, batch(HUGE + number, 1, 0), device.clone()),
            (CITY, batch(HUGE + number + 1, 1, 0), device),
        ]);
    }
    let size = chain.tree.len();
    let (at_once, one_by_one) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let index = filled(&at_once, &chain);
    let expected = proofs(&index, size);
    for leaf in 0..size {
        let path = read(&index, |snapshot| Ok(inclusion_proof::<Portable, _>(snapshot, leaf, size).unwrap()));
        assert_eq!(path, chain.tree.inclusion_proof(leaf).unwrap());
    }

    index.reset(&GENESIS).unwrap();
    assert!(matches!(index.read(|_| Ok::<_, Error>(())), Err(Error::NotReady)));
    index.append(&chain.blocks).unwrap();
    assert_eq!(proofs(&index, size), expected);

    let index = bound(&one_by_one);
    for block in &chain.blocks {
        index.append(std::slice::from_ref(block)).unwrap();
    }
    assert_eq!(proofs(&index, size), expected);
}

#[test]
fn a_head_that_the_records_do_not_make_is_refused() {
    let folder = TempDir::new().unwrap();
    let mut chain = Chain::sample();
    let index = bound(&folder);
    chain.blocks[3].head.root[0] ^= 1;
    assert!(matches!(refused(&index, &chain.blocks), Inconsistency::TreeHead { .. }));
    index.append(&chain.blocks[..3]).unwrap();
    chain.blocks[3].head.root[0] ^= 1;
    chain.blocks[3].head.size += 1;
    assert!(matches!(refused(&index, &chain.blocks[3..]), Inconsistency::TreeHead { .. }));
}

#[test]
fn records_and_blocks_out_of_place_are_refused() {
    let folder = TempDir::new().unwrap();
    let mut chain = Chain::sample();
    let index = bound(&folder);
    assert_eq!(refused(&index, &chain.blocks[1..]), Inconsistency::NotNext);

    chain.blocks[2].entries.swap(0, 1);
    assert_eq!(refused(&index, &chain.blocks), Inconsistency::Index { expected: 1, found: 2 });
    chain.blocks[2].entries.swap(0, 1);

    chain.blocks[2].entries[0].record.block = 1;
    assert_eq!(refused(&index, &chain.blocks), Inconsistency::Block { index: 1, found: 1 });
    chain.blocks[2].entries[0].record.block = 2;

    chain.blocks[4].parent = [0; 32];
    assert_eq!(refused(&index, &chain.blocks), Inconsistency::NotNext);
    index.append(&chain.blocks[..4]).unwrap();
}

#[test]
fn another_chain_or_version_empties_the_index() {
    let folder = TempDir::new().unwrap();
    let chain = Chain::sample();
    drop(filled(&folder, &chain));

    let index = Index::open(&file(&folder)).unwrap();
    assert!(matches!(index.read(|_| Ok::<_, Error>(())), Err(Error::NotReady)), "not before it is bound");
    index.bind(&GENESIS).unwrap();
    assert!(index.position().unwrap().is_some());
    index.bind(&[8; 32]).unwrap();
    assert_eq!(index.position().unwrap(), None);
    index.append(&chain.blocks).unwrap();
    drop(index);

    let connection = rusqlite::Connection::open(file(&folder)).unwrap();
    connection.execute_batch("CREATE TABLE later (x BLOB); PRAGMA user_version = 99;").unwrap();
    drop(connection);
    let index = Index::open(&file(&folder)).unwrap();
    index.bind(&[8; 32]).unwrap();
    assert_eq!(index.position().unwrap(), None);
    index.append(&chain.blocks).unwrap();
}

#[test]
fn filters_select_and_combine() {
    let folder = TempDir::new().unwrap();
    let index = filled(&folder, &Chain::sample());
    let all = Filter::default();
    assert_eq!(indices(&index, &all), [0, 1, 2, 3, 4, 5]);
    let subject = Filter { subject: Some(Subject::Device(DEVICE)), ..all.clone() };
    assert_eq!(indices(&index, &subject), [1, 2, 3, 4]);
    assert_eq!(indices(&index, &Filter { subject: Some(Subject::Organisation(CITY)), ..all.clone() }), [0, 1]);
    assert_eq!(indices(&index, &Filter { subject: Some(Subject::Device(DeviceId(2))), ..all.clone() }), [0; 0]);
    assert_eq!(indices(&index, &Filter { kind: Some("batch_attested"), ..all.clone() }), [2, 3]);
    assert_eq!(indices(&index, &Filter { organisation: Some(TELECOM), ..all.clone() }), [5]);
    assert_eq!(indices(&index, &Filter { account: Some(account(CITY)), ..all.clone() }), [1, 2, 3, 4]);
    assert_eq!(
        indices(&index, &Filter { kind: Some("batch_attested"), from_time: Some(2001), ..subject.clone() }),
        [3]
    );
    assert_eq!(indices(&index, &Filter { from_time: Some(3000), ..all.clone() }), [3, 4, 5]);
    assert_eq!(indices(&index, &Filter { to_time: Some(2000), ..all.clone() }), [0, 1, 2]);
    assert_eq!(indices(&index, &Filter { from_time: Some(2000), to_time: Some(3999), ..all.clone() }), [1, 2, 3]);
    assert_eq!(indices(&index, &Filter { from_time: Some(u64::MAX), ..all.clone() }), [0; 0]);
    assert_eq!(indices(&index, &Filter { from_time: Some(3000), to_time: Some(2000), ..all.clone() }), [0; 0]);
    let part = read(&index, |snapshot| snapshot.records(&subject, 2, 4, 1));
    assert_eq!(part.iter().map(|found| found.record.index).collect::<Vec<_>>(), [2]);
    let part = read(&index, |snapshot| snapshot.records(&subject, 2, 4, 9));
    assert_eq!(part.iter().map(|found| found.record.index).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn devices_have_their_profile_and_keys() {
    let folder = TempDir::new().unwrap();
    let index = filled(&folder, &Chain::sample());
    let device = read(&index, |snapshot| snapshot.device(DEVICE)).unwrap();
    assert_eq!((device.device, device.owner, device.registered), (DEVICE, CITY, 1));
    assert_eq!(device.profile, profile());
    assert_eq!(device.keys, [(0, 1), (1, 4)]);
    assert_eq!(read(&index, |snapshot| snapshot.device(DeviceId(0))), None);
    assert_eq!(read(&index, |snapshot| snapshot.device(DeviceId(u64::MAX))), None);
    assert!(read(&index, |snapshot| snapshot.devices(0, 1, 10)).is_empty());
    let earlier = read(&index, |snapshot| snapshot.devices(0, 4, 10));
    assert_eq!(earlier[0].keys, [(0, 1)]);
}

#[test]
fn batches_are_found_by_sequence_number() {
    let folder = TempDir::new().unwrap();
    let index = filled(&folder, &Chain::sample());
    let lookup = |sequence| read(&index, |snapshot| snapshot.batch(DEVICE, sequence));
    let found = |sequence| match lookup(sequence) {
        BatchLookup::Found(found) => found.record.index,
        other => panic!("{other:?}"),
    };
    assert_eq!((found(0), found(9)), (2, 2));
    assert_eq!((found(HUGE), found(HUGE + 4)), (3, 3));
    assert_eq!(lookup(10), BatchLookup::Missing { declared_by: 3 });
    assert_eq!(lookup(HUGE - 1), BatchLookup::Missing { declared_by: 3 });
    assert_eq!(lookup(HUGE + 5), BatchLookup::Unknown);
    assert_eq!(read(&index, |snapshot| snapshot.batch(DeviceId(2), 0)), BatchLookup::Unknown);
}

#[test]
fn a_snapshot_stays_at_its_position() {
    let folder = TempDir::new().unwrap();
    let chain = Chain::sample();
    let index = bound(&folder);
    index.append(&chain.blocks[..3]).unwrap();
    read(&index, |snapshot| {
        index.append(&chain.blocks[3..])?;
        assert_eq!(snapshot.position().number, 2);
        assert_eq!(snapshot.record(3)?, None);
        assert_eq!(snapshot.block(3)?, None);
        Ok(())
    });
    assert_eq!(read(&index, |snapshot| Ok(snapshot.position().number)), 4);
}
