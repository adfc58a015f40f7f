//! Walks through lists while the index grows.

use citynet_index::{FinalisedBlock, Index, Snapshot};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    Actions, Activity, AlgorithmId, Batch, Body, DatasetId, DatasetKind, DatasetProfile, DeviceId, DeviceKey,
    DeviceProfile, Document, Entry, GrantId, Hash, Location, ObligationInfo, ObligationState, OrganisationId,
    PersonalData, Price, Record, SchemaId, Sensitivity, Source, Subject, Terms, TreeHead, Usage, UsageLimit,
    VersionContent, VersionId, Versions, RECORD_VERSION,
};
use citynet_rpc::{
    completeness, datasets, dependents, devices, grants, obligations, records, Cursor, DependentsParams, Error,
    FilterParams, GrantFilterParams, List, NotFound, ObligationFilterParams, Page, RecordView,
};
use codec::Encode;
use serde_json::json;
use tempfile::TempDir;

const CITY: OrganisationId = OrganisationId(1);

/// An index that grows by blocks of two records: a device is registered, an account removed.
struct Ledger {
    _folder: TempDir,
    index: Index,
    tree: MemoryTree<Portable>,
    salt: u8,
    parent: Option<(u32, Hash)>,
}

impl Ledger {
    fn with_blocks(blocks: u32, salt: u8) -> Self {
        let folder = TempDir::new().unwrap();
        let index = Index::open(&folder.path().join("index.sqlite")).unwrap();
        index.bind(&[7; 32]).unwrap();
        let mut ledger = Self { _folder: folder, index, tree: MemoryTree::new(), salt, parent: None };
        for _ in 0..blocks {
            ledger.grow();
        }
        ledger
    }

    fn grow(&mut self) {
        let device = DeviceId(self.parent.map_or(1, |(number, _)| u64::from(number) + 2));
        let profile = DeviceProfile {
            model: Default::default(),
            properties: Default::default(),
            location: Location::Text(Default::default()),
            calibration: None,
        };
        let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: vec![1; 32].try_into().unwrap() };
        let removed = Body::AccountRemoved { organisation: CITY, account: [self.salt; 32] };
        self.append(vec![
            (Body::DeviceRegistered { device, owner: CITY, profile, key }, Subject::Device(device)),
            (removed, Subject::Organisation(CITY)),
        ]);
    }

    fn append(&mut self, bodies: Vec<(Body, Subject)>) {
        let (number, parent) = self.parent.map_or((0, [0; 32]), |(number, hash)| (number + 1, hash));
        let mut entries = Vec::new();
        for (body, subject) in bodies {
            let index = self.tree.len();
            let time = u64::from(number);
            let record = Record {
                version: RECORD_VERSION,
                index,
                block: number,
                time,
                organisation: CITY,
                account: [0; 32],
                body,
            };
            self.tree.push(leaf_hash::<Portable>(&record.encode()));
            entries.push(Entry { record, subjects: vec![subject].try_into().unwrap() });
        }
        let hash = leaf_hash::<Portable>(&(number, self.salt).encode());
        let head = TreeHead { size: self.tree.len(), root: self.tree.root() };
        self.index.append(&[FinalisedBlock { number, hash, parent, head, entries, extrinsics: Vec::new() }]).unwrap();
        self.parent = Some((number, hash));
    }

    fn read<T>(&self, query: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.index.read(query)
    }

    fn records(&self, filter: &FilterParams, cursor: Option<&str>, limit: u32) -> Result<Page<RecordView>, Error> {
        self.read(|snapshot| records(snapshot, filter, cursor, limit))
    }
}

fn removals() -> FilterParams {
    FilterParams { kind: Some("account_removed".into()), ..Default::default() }
}

#[test]
fn a_walk_sees_one_state_while_the_index_grows() {
    let mut ledger = Ledger::with_blocks(5, 0);
    let filter = removals();
    let mut page = ledger.records(&filter, None, 2).unwrap();
    let anchor = page.anchor.clone();
    assert_eq!(anchor.number, 4);
    let mut seen = Vec::new();
    loop {
        assert_eq!(page.anchor, anchor);
        assert_eq!(page.complete, page.next.is_none());
        seen.extend(page.items.iter().map(|item| item.record.index));
        ledger.grow();
        let Some(next) = page.next else { break };
        page = ledger.records(&filter, Some(&next), 2).unwrap();
    }
    assert_eq!(seen, [1, 3, 5, 7, 9]);
    assert_eq!(ledger.records(&filter, None, 2).unwrap().anchor.number, 7);
}

#[test]
fn a_full_last_page_is_complete() {
    let ledger = Ledger::with_blocks(2, 0);
    let page = ledger.records(&FilterParams::default(), None, 4).unwrap();
    assert_eq!((page.items.len(), page.complete, page.next), (4, true, None));
    let page = ledger.records(&FilterParams::default(), None, 3).unwrap();
    assert_eq!((page.items.len(), page.complete), (3, false));
    let last = ledger.records(&FilterParams::default(), page.next.as_deref(), 3).unwrap();
    assert_eq!((last.items.len(), last.complete), (1, true));
}

#[test]
fn devices_are_walked_at_one_anchor() {
    let mut ledger = Ledger::with_blocks(3, 0);
    let (hash, page) = ledger.read(|snapshot| devices(snapshot, None, 2)).unwrap();
    ledger.grow();
    let (same, last) = ledger.read(|snapshot| devices(snapshot, page.next.as_deref(), 2)).unwrap();
    assert_eq!(hash, same);
    let seen = page.items.iter().chain(&last.items).map(|found| found.device.0).collect::<Vec<_>>();
    assert_eq!(seen, [1, 2, 3]);
    assert!(last.complete);
}

#[test]
fn a_cursor_of_another_filter_or_method_is_refused() {
    let ledger = Ledger::with_blocks(5, 0);
    let cursor = ledger.records(&removals(), None, 1).unwrap().next.unwrap();
    let refused = |result: Result<_, Error>| matches!(result, Err(Error::InvalidParams(_)));
    assert!(refused(ledger.records(&FilterParams::default(), Some(&cursor), 1).map(drop)));
    assert!(refused(ledger.read(|snapshot| devices(snapshot, Some(&cursor), 1)).map(drop)));
    assert!(refused(ledger.records(&removals(), Some("00"), 1).map(drop)));
}

#[test]
fn a_cursor_of_another_chain_has_expired_and_one_ahead_waits() {
    let ledger = Ledger::with_blocks(5, 0);
    let cursor = ledger.records(&removals(), None, 1).unwrap().next.unwrap();
    let other = Ledger::with_blocks(5, 1);
    assert!(matches!(other.records(&removals(), Some(&cursor), 1), Err(Error::CursorExpired)));
    let refilled = Ledger::with_blocks(2, 0);
    assert!(matches!(
        refilled.records(&removals(), Some(&cursor), 1),
        Err(Error::NotSynced { indexed: Some(1), finalized: 4 })
    ));
}

#[test]
fn all_records_about_a_subject_are_walked_at_the_block_of_the_first_cursor() {
    let mut ledger = Ledger::with_blocks(6, 0);
    let subject = Subject::Organisation(CITY);
    let block = ledger.read(|snapshot| Ok(snapshot.block(3)?)).unwrap().unwrap();
    let first = Cursor::new(List::Completeness, 3, block.hash, &subject, 0).text();
    let walk =
        |ledger: &Ledger, cursor: &str, limit| ledger.read(|snapshot| completeness(snapshot, subject, cursor, limit));
    let (mut cursor, mut seen) = (Some(first.clone()), Vec::new());
    while let Some(next) = cursor {
        let page = walk(&ledger, &next, 3).unwrap();
        assert_eq!((page.anchor.number, page.complete), (3, page.next.is_none()));
        seen.push(page.items.iter().map(|item| item.record.index).collect::<Vec<_>>());
        ledger.grow();
        cursor = page.next;
    }
    // Nothing of the blocks after the third, which the index held from the beginning.
    assert_eq!(seen, [vec![1, 3, 5], vec![7]]);

    let nobody = Subject::Grant(GrantId(u64::MAX));
    let of_nobody = Cursor::new(List::Completeness, 3, block.hash, &nobody, 0).text();
    let page = ledger.read(|snapshot| completeness(snapshot, nobody, &of_nobody, 3)).unwrap();
    assert_eq!((page.items.len(), page.complete), (0, true));

    let refused = |result: Result<_, Error>| matches!(result, Err(Error::InvalidParams(_)));
    let of_device = Cursor::new(List::Completeness, 3, block.hash, &Subject::Device(DeviceId(1)), 0).text();
    assert!(refused(walk(&ledger, &of_device, 3)));
    let of_records = Cursor::new(List::Records, 3, block.hash, &subject, 0).text();
    assert!(refused(walk(&ledger, &of_records, 3)));
    let other = Ledger::with_blocks(6, 1);
    assert!(matches!(walk(&other, &first, 3), Err(Error::CursorExpired)));
    let behind = Ledger::with_blocks(3, 0);
    assert!(matches!(walk(&behind, &first, 3), Err(Error::NotSynced { indexed: Some(2), finalized: 3 })));
}

fn dataset_registered(number: u64) -> (Body, Subject) {
    let dataset = DatasetId(number);
    let profile = DatasetProfile {
        title: b"Air".to_vec().try_into().unwrap(),
        sensitivity: Sensitivity::Open,
        description: Document { hash: [1; 32], uri: Default::default() },
        schema: Default::default(),
        licence: b"CC0-1.0".to_vec().try_into().unwrap(),
    };
    let dataset_kind = DatasetKind::Derived;
    (Body::DatasetRegistered { dataset, owner: CITY, dataset_kind, profile }, Subject::Dataset(dataset))
}

fn grant_offered(number: u64, dataset: u64, consumer: u32) -> (Body, Subject) {
    let grant = GrantId(number);
    let terms = Terms {
        dataset: DatasetId(dataset),
        versions: Versions { first: 1, last: None, content: None },
        provider: CITY,
        consumer: OrganisationId(consumer),
        controller: CITY,
        actions: Actions(1),
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
    };
    (Body::GrantOffered { grant, parent: None, supersedes: None, binding: false, terms }, Subject::Grant(grant))
}

fn obligation_created(obligation: u64, debtor: u32) -> (Body, Subject) {
    let debtor = OrganisationId(debtor);
    let info = ObligationInfo {
        state: ObligationState::Open,
        currency: 1,
        debtor,
        creditor: CITY,
        amount: 5,
        grant: GrantId(1),
        usage: Usage::default(),
        reverses: None,
        reversed: 0,
        since: 1,
        cycle: 0,
        payment: None,
        declared: None,
    };
    (Body::ObligationCreated { obligation, info }, Subject::Organisation(debtor))
}

fn published(made: VersionId, sources: Vec<Source>) -> (Body, Subject) {
    let VersionId { dataset, version } = made;
    let content = VersionContent {
        content: [2; 32],
        bytes: 1,
        records: 1,
        media_type: b"text/csv".to_vec().try_into().unwrap(),
        from: 1,
        to: 2,
        sources: sources.try_into().unwrap(),
        activity: Activity::Cleaning,
        parameters: None,
        code: Default::default(),
    };
    (Body::VersionPublished { dataset, version, content }, Subject::Dataset(dataset))
}

fn attested(device: DeviceId, window_end: u64) -> (Body, Subject) {
    let batch = Batch {
        device,
        epoch: 0,
        schema: SchemaId::READING_V1,
        first_sequence: 0,
        count: 10,
        missing: 0,
        window_start: 1,
        window_end,
        root: [3; 32],
        expires: 4,
    };
    (Body::BatchAttested { batch, signature: vec![5; 64].try_into().unwrap() }, Subject::Device(device))
}

#[test]
fn datasets_are_walked_at_one_anchor() {
    let mut ledger = Ledger::with_blocks(1, 0);
    ledger.append((1..=3).map(dataset_registered).collect());
    let (hash, page) = ledger.read(|snapshot| datasets(snapshot, None, 2)).unwrap();
    ledger.append(vec![dataset_registered(4)]);
    let (same, last) = ledger.read(|snapshot| datasets(snapshot, page.next.as_deref(), 2)).unwrap();
    assert_eq!((hash, &page.anchor), (same, &last.anchor));
    let seen = page.items.iter().chain(&last.items).map(|found| found.0).collect::<Vec<_>>();
    assert_eq!((seen, last.complete), (vec![1, 2, 3], true));
    let refused = ledger.read(|snapshot| devices(snapshot, page.next.as_deref(), 1));
    assert!(matches!(refused, Err(Error::InvalidParams(_))));
}

#[test]
fn grants_are_walked_at_one_anchor_by_one_filter() {
    let mut ledger = Ledger::with_blocks(1, 0);
    ledger.append(vec![grant_offered(1, 7, 2), grant_offered(2, 7, 3), grant_offered(3, 8, 2), grant_offered(4, 7, 2)]);
    let filter: GrantFilterParams = serde_json::from_value(json!({ "dataset": "7", "consumer": 2 })).unwrap();
    let (_, page) = ledger.read(|snapshot| grants(snapshot, &filter, None, 1)).unwrap();
    ledger.append(vec![grant_offered(5, 7, 2)]);
    let (_, last) = ledger.read(|snapshot| grants(snapshot, &filter, page.next.as_deref(), 2)).unwrap();
    assert_eq!(page.anchor, last.anchor);
    let seen = page.items.iter().chain(&last.items).map(|found| found.0).collect::<Vec<_>>();
    assert_eq!((seen, last.complete), (vec![1, 4], true));
    let all = GrantFilterParams::default();
    let refused = ledger.read(|snapshot| grants(snapshot, &all, page.next.as_deref(), 1));
    assert!(matches!(refused, Err(Error::InvalidParams(_))));
    let (_, page) = ledger.read(|snapshot| grants(snapshot, &all, None, 10)).unwrap();
    assert_eq!((page.items.len(), page.complete), (5, true));
}

#[test]
fn obligations_are_walked_at_one_anchor_by_one_filter() {
    let mut ledger = Ledger::with_blocks(1, 0);
    ledger.append((1..=4).map(|number| obligation_created(number, 2 + u32::from(number == 2))).collect());
    let filter: ObligationFilterParams = serde_json::from_value(json!({ "debtor": 2, "grant": "1" })).unwrap();
    let (hash, page) = ledger.read(|snapshot| obligations(snapshot, &filter, None, 2)).unwrap();
    ledger.append(vec![obligation_created(5, 2)]);
    let (same, last) = ledger.read(|snapshot| obligations(snapshot, &filter, page.next.as_deref(), 2)).unwrap();
    assert_eq!((hash, &page.anchor), (same, &last.anchor));
    assert_eq!((page.items, last.items, last.complete), (vec![1, 3], vec![4], true));
    let all = ObligationFilterParams::default();
    let refused = ledger.read(|snapshot| obligations(snapshot, &all, page.next.as_deref(), 2));
    assert!(matches!(refused, Err(Error::InvalidParams(_))));
}

#[test]
fn dependents_come_at_once_and_in_part_where_there_are_too_many() {
    let mut ledger = Ledger::with_blocks(1, 0);
    let device = DeviceId(1);
    let (first, second) =
        (VersionId { dataset: DatasetId(1), version: 1 }, VersionId { dataset: DatasetId(2), version: 1 });
    let readings = Source::Batches { device, first_sequence: 0, last_sequence: 9, grant: None };
    let of_first = Source::Version { dataset: first.dataset, version: first.version, grant: Some(GrantId(4)) };
    ledger.append(vec![
        attested(device, 1_536_019_344_000),
        published(first, vec![readings]),
        published(second, vec![of_first]),
    ]);
    let ask = |of: serde_json::Value, limit| {
        let of: DependentsParams = serde_json::from_value(of).unwrap();
        ledger.read(|snapshot| dependents(snapshot, &of, limit))
    };

    let page = ask(json!({ "device": "1", "since": "1536019344000" }), 10).unwrap();
    let expected = json!([
        { "dataset": "1", "version": 1, "depth": 1, "via": "device:1" },
        { "dataset": "2", "version": 1, "depth": 2, "via": "1@1" },
    ]);
    assert_eq!(json!(page), json!({ "anchor": page.anchor, "items": expected, "next": null, "complete": true }));
    let page = ask(json!({ "device": "1" }), 1).unwrap();
    assert_eq!((page.items.len(), page.next, page.complete), (1, None, false));
    let page = ask(json!({ "version": "1@1" }), 10).unwrap();
    assert_eq!(json!(page.items), json!([{ "dataset": "2", "version": 1, "depth": 1, "via": "1@1" }]));
    for nothing in [json!({ "version": "2@1" }), json!({ "device": "1", "since": "1536019344001" })] {
        let page = ask(nothing, 10).unwrap();
        assert_eq!((page.items.len(), page.complete), (0, true));
    }

    let unknown = ask(json!({ "version": "1@2" }), 10).unwrap_err();
    let missing = VersionId { version: 2, ..first };
    assert!(matches!(unknown, Error::NotFound(NotFound::Version(id)) if id == missing));
    let unknown = ask(json!({ "device": "9" }), 10).unwrap_err();
    assert!(matches!(unknown, Error::NotFound(NotFound::Device(9))));
}
