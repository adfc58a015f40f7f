//! The index fed with blocks that no chain made.

use citynet_index::{
    BatchLookup, Dependent, Dependents, Error, Filter, FinalisedBlock, GrantFilter, Inconsistency, Index,
    ObligationFilter, Snapshot,
};
use citynet_merkle::{consistency_proof, inclusion_proof, leaf_hash, root_of, MemoryTree, Portable};
use citynet_primitives::{
    Action, Activity, AlgorithmId, Batch, Body, CycleId, DatasetId, DatasetKind, DatasetProfile, DeviceId, DeviceKey,
    DeviceProfile, Document, Entry, GrantId, Hash, Location, ObligationInfo, ObligationState, OrganisationId,
    PersonalData, Price, Record, Role, Roles, SchemaId, Sensitivity, Source, Subject, Terms, TreeHead, Usage,
    UsageLimit, VersionContent, VersionId, Versions, RECORD_VERSION,
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
    batch_until(first_sequence, count, missing, 2)
}

fn batch_until(first_sequence: u64, count: u32, missing: u64, window_end: u64) -> Body {
    Body::BatchAttested {
        batch: Batch {
            device: DEVICE,
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence,
            count,
            missing,
            window_start: 1,
            window_end,
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

const GRANT: GrantId = GrantId(4);

fn dataset(number: u64, kind: DatasetKind) -> (OrganisationId, Body, Vec<Subject>) {
    let dataset = DatasetId(number);
    let profile = DatasetProfile {
        title: b"Air".to_vec().try_into().unwrap(),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: [1; 32], uri: Default::default() },
        schema: Default::default(),
        licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
    };
    let body = Body::DatasetRegistered { dataset, owner: CITY, dataset_kind: kind, profile };
    (CITY, body, vec![Subject::Dataset(dataset), Subject::Organisation(CITY)])
}

fn version(dataset: u64, version: u32) -> VersionId {
    VersionId { dataset: DatasetId(dataset), version }
}

fn published(made: VersionId, sources: Vec<Source>) -> (OrganisationId, Body, Vec<Subject>) {
    published_of((1, 2), made, sources)
}

/// A version with observations from one time to another.
fn published_of((from, to): (u64, u64), made: VersionId, sources: Vec<Source>) -> (OrganisationId, Body, Vec<Subject>) {
    let content = VersionContent {
        content: [2; 32],
        bytes: 1,
        records: 1,
        media_type: b"text/csv".to_vec().try_into().unwrap(),
        from,
        to,
        sources: sources.try_into().unwrap(),
        activity: Activity::Aggregation,
        parameters: None,
        code: Default::default(),
    };
    let VersionId { dataset, version } = made;
    (CITY, Body::VersionPublished { dataset, version, content }, vec![Subject::Dataset(dataset)])
}

fn of(made: VersionId) -> Source {
    Source::Version { dataset: made.dataset, version: made.version, grant: Some(GRANT) }
}

fn readings(first_sequence: u64, last_sequence: u64) -> Source {
    Source::Batches { device: DEVICE, first_sequence, last_sequence, grant: None }
}

/// The device's readings 0 to 9 are of times up to 100, 10 to 19 up to 200, and from `HUGE` on, 5 of them, up to 150.
///
/// ```text
/// 0-4 → 1@1 → 2@1 → 3@1 → 4@1
/// 0-12 → 1@2 ─────→ 3@1, 2@2
/// HUGE → 5@1 → 4@1
/// ```
fn lineage() -> Chain {
    let mut chain = Chain::default();
    let device = vec![Subject::Device(DEVICE)];
    let registered = Body::DeviceRegistered { device: DEVICE, owner: CITY, profile: profile(), key: key(1) };
    chain.block(vec![(CITY, registered, device.clone())]);
    chain.block(vec![
        (CITY, batch_until(0, 10, 0, 100), device.clone()),
        (CITY, batch_until(10, 10, 0, 200), device.clone()),
        (CITY, batch_until(HUGE, 5, HUGE - 20, 150), device),
    ]);
    let kinds = [DatasetKind::Stream, DatasetKind::Derived, DatasetKind::Derived, DatasetKind::Model];
    chain.block((1..).zip(kinds).map(|(number, kind)| dataset(number, kind)).collect());
    chain.block(vec![
        dataset(5, DatasetKind::Stream),
        published(version(1, 1), vec![readings(0, 4)]),
        published(version(1, 2), vec![Source::External { content: [9; 32], uri: Default::default() }, readings(0, 12)]),
        published(version(5, 1), vec![readings(HUGE, HUGE + 4)]),
    ]);
    chain.block(vec![
        published(version(2, 1), vec![of(version(1, 1))]),
        published(version(2, 2), vec![of(version(1, 2))]),
        published(version(3, 1), vec![of(version(2, 1)), of(version(1, 2))]),
        published(version(4, 1), vec![of(version(3, 1)), of(version(5, 1)), readings(3, 3)]),
    ]);
    chain
}

/// Each dependent with its depth and what it was found by.
fn ways(dependents: &Dependents) -> Vec<(String, u32, Option<String>)> {
    let way = |found: &Dependent| (found.version.to_string(), found.depth, found.via.map(|via| via.to_string()));
    dependents.found.iter().map(way).collect()
}

fn way(version: &str, depth: u32, via: Option<&str>) -> (String, u32, Option<String>) {
    (version.to_owned(), depth, via.map(str::to_owned))
}

#[test]
fn what_was_made_from_a_version_is_found() {
    let folder = TempDir::new().unwrap();
    let index = filled(&folder, &lineage());
    let dependents = |of, limit| read(&index, |snapshot| snapshot.dependents_of_version(of, limit));
    let all = dependents(version(1, 1), 10);
    let expected = [way("2@1", 1, Some("1@1")), way("3@1", 2, Some("2@1")), way("4@1", 3, Some("3@1"))];
    assert_eq!((ways(&all), all.complete), (expected.to_vec(), true));
    // The shortest way counts, and each version once.
    let all = dependents(version(1, 2), 10);
    let expected = [way("2@2", 1, Some("1@2")), way("3@1", 1, Some("1@2")), way("4@1", 2, Some("3@1"))];
    assert_eq!((ways(&all), all.complete), (expected.to_vec(), true));
    assert_eq!(dependents(version(1, 2), 3), all);
    let some = dependents(version(1, 2), 2);
    assert_eq!((ways(&some), some.complete), (expected[..2].to_vec(), false));
    for nothing in [version(4, 1), version(9, 1), version(u64::MAX >> 1, 1)] {
        assert_eq!(dependents(nothing, 10), Dependents { found: Vec::new(), complete: true });
    }

    let record = |id| read(&index, |snapshot| snapshot.version(id));
    assert_eq!((record(version(1, 1)), record(version(4, 1))), (Some(9), Some(15)));
    assert_eq!((record(version(1, 3)), record(version(u64::MAX, 1))), (None, None));
}

#[test]
fn what_was_made_from_a_device_since_a_time_is_found() {
    let folder = TempDir::new().unwrap();
    let index = filled(&folder, &lineage());
    let dependents = |since, limit| read(&index, |snapshot| snapshot.dependents_of_device(DEVICE, since, limit));
    let all = dependents(0, 10);
    let expected = [
        way("1@1", 1, None),
        way("1@2", 1, None),
        way("4@1", 1, None),
        way("5@1", 1, None),
        way("2@1", 2, Some("1@1")),
        way("2@2", 2, Some("1@2")),
        way("3@1", 2, Some("1@2")),
    ];
    assert_eq!((ways(&all), all.complete), (expected.to_vec(), true));
    assert_eq!(dependents(100, 10), all, "a batch that ends at that time counts");
    // From the second batch on: what reaches its first reading, and what comes later, although it is of earlier times.
    let later = dependents(101, 10);
    let expected = [
        way("1@2", 1, None),
        way("5@1", 1, None),
        way("2@2", 2, Some("1@2")),
        way("3@1", 2, Some("1@2")),
        way("4@1", 2, Some("5@1")),
    ];
    assert_eq!((ways(&later), later.complete), (expected.to_vec(), true));
    assert_eq!(dependents(200, 10), later);
    let some = dependents(101, 1);
    assert_eq!((ways(&some), some.complete), (expected[..1].to_vec(), false));
    for since in [201, u64::MAX] {
        assert_eq!(dependents(since, 10), Dependents { found: Vec::new(), complete: true });
    }
    for device in [DeviceId(2), DeviceId(u64::MAX)] {
        let none = read(&index, |snapshot| snapshot.dependents_of_device(device, 0, 10));
        assert_eq!(none, Dependents { found: Vec::new(), complete: true });
    }
}

/// A device that attests nothing.
const SILENT: DeviceId = DeviceId(2);

fn fed(dataset: u64, added: &[DeviceId], removed: &[DeviceId]) -> (OrganisationId, Body, Vec<Subject>) {
    let dataset = DatasetId(dataset);
    let (added, removed) = (added.to_vec().try_into().unwrap(), removed.to_vec().try_into().unwrap());
    (CITY, Body::DatasetDevicesChanged { dataset, added, removed }, vec![Subject::Dataset(dataset)])
}

/// Block N has time N000. The device feeds dataset 1 in blocks 1 to 3 and from block 5 on, and dataset 2 from block 1 on; the
/// silent one feeds dataset 2 in blocks 1 to 3. Dataset 3 has what was made from 1@2 and 1@5, and no device.
fn feeding() -> Chain {
    let mut chain = Chain::default();
    let external = || vec![Source::External { content: [9; 32], uri: Default::default() }];
    chain.block(vec![
        dataset(1, DatasetKind::Stream),
        dataset(2, DatasetKind::Stream),
        dataset(3, DatasetKind::Derived),
        (CITY, batch_until(0, 10, 0, 100), vec![Subject::Device(DEVICE)]),
    ]);
    chain.block(vec![
        published_of((1, 900), version(1, 1), Vec::new()),
        fed(1, &[DEVICE], &[]),
        fed(2, &[DEVICE, SILENT], &[]),
    ]);
    chain.block(vec![
        // Of times before the device fed it, and published after.
        published_of((1, 900), version(1, 2), Vec::new()),
        published_of((1, 1600), version(1, 3), vec![readings(0, 4)]),
        published_of((1, 1500), version(2, 1), external()),
        // Of times ahead, when the silent device will feed it no more.
        published_of((3001, 3002), version(2, 2), Vec::new()),
        published_of((1, 900), version(3, 1), vec![of(version(1, 2))]),
    ]);
    chain.block(vec![fed(1, &[], &[DEVICE]), fed(2, &[], &[SILENT])]);
    chain.block(vec![
        published_of((3000, 3500), version(1, 4), Vec::new()),
        published_of((3001, 3600), version(1, 5), Vec::new()),
        published_of((2000, 3700), version(1, 6), external()),
        published_of((3001, 3002), version(2, 3), Vec::new()),
        published_of((3001, 3600), version(3, 2), vec![of(version(1, 5))]),
    ]);
    chain.block(vec![fed(1, &[DEVICE], &[])]);
    chain.block(vec![
        // Of both times in which the device fed it.
        published_of((1, 5900), version(1, 7), Vec::new()),
        published_of((5500, 5950), version(1, 8), Vec::new()),
    ]);
    chain
}

#[test]
fn what_a_device_fed_is_found_without_its_readings_being_named() {
    let folder = TempDir::new().unwrap();
    let index = filled(&folder, &feeding());
    let dependents =
        |device, since, limit| read(&index, |snapshot| snapshot.dependents_of_device(device, since, limit));
    let direct = |versions: &[&str]| versions.iter().map(|version| way(version, 1, None)).collect::<Vec<_>>();

    // Not 1@1, which was there before the device fed it, and not 1@5, which is of times after it was removed.
    let all = dependents(DEVICE, 0, 10);
    let mut expected = direct(&["1@3", "1@2", "1@4", "1@6", "1@7", "1@8", "2@1", "2@2", "2@3"]);
    expected.push(way("3@1", 2, Some("1@2")));
    assert_eq!((ways(&all), all.complete), (expected.clone(), true));
    for limit in 0..expected.len() {
        let some = dependents(DEVICE, 0, u32::try_from(limit).unwrap());
        assert_eq!((ways(&some), some.complete), (expected[..limit].to_vec(), false));
    }

    // What the silent device fed is found although it has no batch: while it fed, even if of times after that.
    let silent = dependents(SILENT, 0, 10);
    assert_eq!((ways(&silent), silent.complete), (direct(&["2@1", "2@2"]), true));
    let nobody = dependents(DeviceId(3), 0, 10);
    assert_eq!(nobody, Dependents { found: Vec::new(), complete: true });
}

#[test]
fn what_a_device_fed_counts_by_its_latest_observation() {
    let folder = TempDir::new().unwrap();
    let index = filled(&folder, &feeding());
    let since = |since| {
        let found = read(&index, |snapshot| snapshot.dependents_of_device(DEVICE, since, 10)).found;
        assert!(found.iter().all(|found| (found.depth, found.via) == (1, None)));
        found.into_iter().map(|found| found.version.to_string()).collect::<Vec<_>>()
    };
    // The device attested nothing of these times, so that 1@3 is found as something that it fed.
    assert_eq!(since(1600), ["1@3", "1@4", "1@6", "1@7", "1@8", "2@2", "2@3"]);
    assert_eq!(since(1601), ["1@4", "1@6", "1@7", "1@8", "2@2", "2@3"]);
    assert_eq!(since(3501), ["1@6", "1@7", "1@8"]);
    assert_eq!(since(5901), ["1@8"]);
    assert_eq!(since(5951), [""; 0]);
    assert_eq!(since(u64::MAX), [""; 0]);
}

#[test]
fn what_a_device_feeds_is_the_same_when_the_blocks_come_one_by_one() {
    let (at_once, one_by_one) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let chain = feeding();
    let expected = filled(&at_once, &chain);
    let index = bound(&one_by_one);
    for block in &chain.blocks {
        index.append(std::slice::from_ref(block)).unwrap();
    }
    for device in [DEVICE, SILENT] {
        let found = |index| read(index, |snapshot| snapshot.dependents_of_device(device, 0, 100));
        assert_eq!(found(&index), found(&expected));
    }
}

fn terms(dataset: u64, provider: OrganisationId, consumer: OrganisationId) -> Terms {
    Terms {
        dataset: DatasetId(dataset),
        versions: Versions { first: 1, last: None, content: None },
        provider,
        consumer,
        controller: provider,
        actions: [Action::Read].into_iter().collect(),
        purposes: Default::default(),
        not_before: 1,
        not_after: 2,
        limit: UsageLimit::default(),
        price: Price::Free,
        delegation_depth: 0,
        restricted_delegation: false,
        jurisdiction: b"RU".to_vec().try_into().unwrap(),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    }
}

#[test]
fn datasets_and_grants_are_listed() {
    let folder = TempDir::new().unwrap();
    let mut chain = Chain::default();
    let subjects = |grant| vec![Subject::Grant(GrantId(grant)), Subject::Organisation(CITY)];
    let offered = |grant, terms| {
        let body = Body::GrantOffered { grant: GrantId(grant), parent: None, supersedes: None, binding: true, terms };
        (CITY, body, subjects(grant))
    };
    let requested = |grant, terms| {
        (TELECOM, Body::GrantRequested { grant: GrantId(grant), supersedes: None, terms }, subjects(grant))
    };
    chain.block(vec![dataset(1, DatasetKind::Stream), dataset(2, DatasetKind::Snapshot)]);
    chain.block(vec![offered(1, terms(1, CITY, TELECOM)), requested(2, terms(2, CITY, TELECOM))]);
    // The second is countered, which is no other grant; the third passes the first one on.
    chain.block(vec![offered(2, terms(2, CITY, TELECOM)), offered(3, terms(1, TELECOM, OrganisationId(3)))]);
    let index = filled(&folder, &chain);

    let datasets = |first, records, limit| read(&index, |snapshot| snapshot.datasets(first, records, limit));
    assert_eq!(datasets(0, 6, 10), [DatasetId(1), DatasetId(2)]);
    assert_eq!(datasets(0, 1, 10), [DatasetId(1)]);
    assert_eq!(datasets(2, 6, 10), [DatasetId(2)]);
    assert_eq!(datasets(0, 6, 1), [DatasetId(1)]);
    assert_eq!(datasets(u64::MAX, 6, 10), [DatasetId(0); 0]);

    let grants = |filter: GrantFilter, first, records| {
        let found = read(&index, |snapshot| snapshot.grants(&filter, first, records, 10));
        found.into_iter().map(|grant| grant.0).collect::<Vec<_>>()
    };
    let all = GrantFilter::default();
    assert_eq!(grants(all, 0, 6), [1, 2, 3]);
    assert_eq!(grants(all, 2, 6), [2, 3]);
    assert_eq!(grants(all, 0, 4), [1, 2]);
    assert_eq!(grants(GrantFilter { dataset: Some(DatasetId(1)), ..all }, 0, 6), [1, 3]);
    assert_eq!(grants(GrantFilter { provider: Some(CITY), ..all }, 0, 6), [1, 2]);
    assert_eq!(grants(GrantFilter { consumer: Some(TELECOM), dataset: Some(DatasetId(2)), ..all }, 0, 6), [2]);
    assert_eq!(grants(GrantFilter { dataset: Some(DatasetId(u64::MAX)), ..all }, 0, 6), [0; 0]);

    let about = |subject| indices(&index, &Filter { subject: Some(subject), ..Filter::default() });
    assert_eq!(about(Subject::Dataset(DatasetId(2))), [1]);
    assert_eq!(about(Subject::Grant(GrantId(2))), [3, 4]);
}

fn owed(
    obligation: u64,
    currency: u32,
    debtor: OrganisationId,
    creditor: OrganisationId,
) -> (OrganisationId, Body, Vec<Subject>) {
    let info = ObligationInfo {
        state: ObligationState::Open,
        currency,
        debtor,
        creditor,
        amount: u128::MAX,
        grant: GRANT,
        usage: Usage::default(),
        reverses: None,
        reversed: 0,
        since: 1,
        cycle: 0,
        payment: None,
        declared: None,
    };
    let subjects = vec![Subject::Organisation(debtor), Subject::Organisation(creditor)];
    (creditor, Body::ObligationCreated { obligation, info }, subjects)
}

#[test]
fn obligations_are_listed() {
    let folder = TempDir::new().unwrap();
    let mut chain = Chain::default();
    chain.block(vec![owed(1, 1, TELECOM, CITY), owed(2, 1, CITY, TELECOM)]);
    chain.block(vec![owed(3, 2, TELECOM, CITY), (CITY, Body::ObligationPaid { obligation: 1 }, Vec::new())]);
    let index = filled(&folder, &chain);

    let found = |filter: ObligationFilter, first, records, limit| {
        read(&index, |snapshot| snapshot.obligations(&filter, first, records, limit))
    };
    let all = ObligationFilter::default();
    assert_eq!(found(all, 0, 4, 10), [1, 2, 3]);
    assert_eq!(found(all, 2, 4, 1), [2]);
    assert_eq!(found(all, 0, 2, 10), [1, 2]);
    assert_eq!(found(all, u64::MAX, 4, 10), [0; 0]);
    assert_eq!(found(ObligationFilter { debtor: Some(TELECOM), ..all }, 0, 4, 10), [1, 3]);
    assert_eq!(found(ObligationFilter { creditor: Some(TELECOM), ..all }, 0, 4, 10), [2]);
    assert_eq!(found(ObligationFilter { debtor: Some(TELECOM), currency: Some(2), ..all }, 0, 4, 10), [3]);
    assert_eq!(found(ObligationFilter { grant: Some(GRANT), ..all }, 0, 4, 10), [1, 2, 3]);
    for grant in [GrantId(1), GrantId(u64::MAX)] {
        assert_eq!(found(ObligationFilter { grant: Some(grant), ..all }, 0, 4, 10), [0; 0]);
    }
}

#[test]
fn cycles_of_any_currency_are_subjects_of_their_own() {
    let folder = TempDir::new().unwrap();
    let mut chain = Chain::default();
    let cycles = [(1, 1), (1, 2), (2, 1), (u32::MAX, u32::MAX)];
    let cycles = cycles.map(|(currency, number)| CycleId { currency, number });
    let settled = |cycle| (CITY, Body::CycleSettled { cycle, net: 1 }, vec![Subject::Cycle(cycle)]);
    chain.block(cycles.map(settled).to_vec());
    let index = filled(&folder, &chain);
    for (record, cycle) in (0_u64..).zip(cycles) {
        let filter = Filter { subject: Some(Subject::Cycle(cycle)), ..Filter::default() };
        assert_eq!(indices(&index, &filter), [record]);
    }
}
