//! Walks through lists while the index grows.

use citynet_index::{FinalisedBlock, Index, Snapshot};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    Actions, Activity, AlgorithmId, Batch, Body, DatasetId, DatasetKind, DatasetProfile, DeviceId, DeviceKey,
    DeviceProfile, Devices, Document, Entry, GrantId, Hash, Location, ObligationInfo, ObligationState, OrganisationId,
    PersonalData, Price, Record, SchemaId, Sensitivity, Source, Subject, Terms, TreeHead, Usage, UsageLimit,
    VersionContent, VersionId, Versions, RECORD_VERSION,
};
use citynet_rpc::{
    completeness, datasets, dependents, devices, extrinsics, extrinsics_with_hash, grants, obligations, records,
    search, sources, Cursor, DependentsParams, Error, ExtrinsicFilterParams, ExtrinsicView, FilterParams,
    GrantFilterParams, Hex, List, NotFound, ObligationFilterParams, OriginView, Page, RecordView,
};
use codec::Encode;
use serde_json::{json, Value};
use sp_crypto_hashing::blake2_256;
use sp_runtime::OpaqueExtrinsic;
use std::collections::BTreeSet;
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
        let index = Index::open(folder.path().join("index.sqlite")).unwrap();
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
        self.append_with(bodies, Vec::new());
    }

    fn append_with(&mut self, bodies: Vec<(Body, Subject)>, extrinsics: Vec<OpaqueExtrinsic>) {
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
        self.index.append(&[FinalisedBlock { number, hash, parent, head, entries, extrinsics }]).unwrap();
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

fn filter(params: Value) -> FilterParams {
    serde_json::from_value(params).unwrap()
}

fn indices(page: &Page<RecordView>) -> Vec<u64> {
    page.items.iter().map(|item| item.record.index).collect()
}

#[test]
fn records_that_name_a_thing_are_walked_at_one_anchor() {
    let mut ledger = Ledger::with_blocks(4, 0);
    let of_account = filter(json!({ "naming": format!("account:0x{}", "00".repeat(32)) }));
    let page = ledger.records(&of_account, None, 3).unwrap();
    ledger.grow();
    let last = ledger.records(&of_account, page.next.as_deref(), 3).unwrap();
    assert_eq!((indices(&page), indices(&last)), (vec![1, 3, 5], vec![7]));
    assert_eq!((&page.anchor, page.complete, last.complete), (&last.anchor, false, true));
    let same = filter(json!({ "naming": format!("account:{}", "00".repeat(32)) }));
    let refused = ledger.records(&same, page.next.as_deref(), 3);
    assert!(matches!(refused, Err(Error::InvalidParams(_))));
}

#[test]
fn what_is_named_goes_with_kinds_indices_and_times() {
    // Block N has time N, and records 2N and 2N + 1.
    let ledger = Ledger::with_blocks(6, 0);
    for (narrowed, expected) in [
        (json!({}), vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        (json!({ "kind": "account_removed" }), vec![1, 3, 5, 7, 9, 11]),
        (json!({ "kind": "device_registered", "fromTime": 1, "toTime": 3 }), vec![2, 4, 6]),
        (json!({ "fromTime": 0, "toTime": 0 }), vec![0, 1]),
        (json!({ "fromTime": 4 }), vec![8, 9, 10, 11]),
        (json!({ "fromTime": 2, "fromIndex": 6, "toTime": 3 }), vec![6, 7]),
        (json!({ "fromTime": 3, "toTime": 2 }), vec![]),
        (json!({ "fromTime": "18446744073709551615" }), vec![]),
        (json!({ "toTime": "18446744073709551615", "fromIndex": 11 }), vec![11]),
    ] {
        let mut params = narrowed.clone();
        params["naming"] = json!("organisation:1");
        let page = ledger.records(&filter(params), None, 100).unwrap();
        assert_eq!((indices(&page), page.complete), (expected.clone(), true), "{narrowed}");
        // All of them are by this organisation, so the other way to them finds the same.
        let mut params = narrowed.clone();
        params["organisation"] = json!(1);
        assert_eq!(indices(&ledger.records(&filter(params), None, 100).unwrap()), expected, "{narrowed}");
    }
    let page = ledger.records(&filter(json!({ "naming": "device:3" })), None, 100).unwrap();
    assert_eq!(indices(&page), [4]);
}

#[test]
fn nothing_is_about_numbers_that_the_index_cannot_hold() {
    let ledger = Ledger::with_blocks(2, 0);
    for beyond in [1u64 << 63, u64::MAX] {
        for word in ["dataset", "device", "grant"] {
            let thing = format!("{word}:{beyond}");
            for params in [
                json!({ "subject": thing }),
                json!({ "subject": thing, "kind": "grant_offered" }),
                json!({ "naming": thing }),
            ] {
                let page = ledger.records(&filter(params.clone()), None, 10).unwrap();
                assert_eq!((page.items.len(), page.complete), (0, true), "{params}");
            }
        }
        let number = beyond.to_string();
        for params in [json!({ "fromIndex": number }), json!({ "fromTime": number })] {
            let page = ledger.records(&filter(params.clone()), None, 10).unwrap();
            assert_eq!((page.items.len(), page.complete), (0, true), "{params}");
        }
        let of_dataset: GrantFilterParams = serde_json::from_value(json!({ "dataset": number })).unwrap();
        let (_, page) = ledger.read(|snapshot| grants(snapshot, &of_dataset, None, 10)).unwrap();
        assert_eq!((page.items.len(), page.complete), (0, true));
        let of_grant: ObligationFilterParams = serde_json::from_value(json!({ "grant": number })).unwrap();
        let (_, page) = ledger.read(|snapshot| obligations(snapshot, &of_grant, None, 10)).unwrap();
        assert_eq!((page.items.len(), page.complete), (0, true));
    }
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
    let ask = |of: Value, limit| {
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

fn transaction(signer: u8, nonce: u8) -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob([&[0x84u8, 0][..], &[signer; 32], &[1, nonce]].concat())
}

fn inherent() -> OpaqueExtrinsic {
    OpaqueExtrinsic::from_blob(vec![5, 2, 0, 0])
}

#[test]
fn extrinsics_are_walked_at_one_anchor() {
    let mut ledger = Ledger::with_blocks(1, 0);
    ledger.append_with(Vec::new(), vec![inherent(), transaction(7, 0), transaction(8, 0), transaction(7, 1)]);
    ledger.append_with(Vec::new(), vec![inherent(), transaction(7, 2)]);
    let ask = |ledger: &Ledger, filter: Value, cursor: Option<&str>, limit| {
        let filter: ExtrinsicFilterParams = serde_json::from_value(filter).unwrap();
        ledger.read(|snapshot| extrinsics(snapshot, &filter, cursor, limit))
    };
    let places = |page: &Page<ExtrinsicView>| page.items.iter().map(|at| (at.block, at.position)).collect::<Vec<_>>();
    let account = format!("0x{}", "07".repeat(32));

    let signed = json!({ "account": account });
    let page = ask(&ledger, signed.clone(), None, 2).unwrap();
    ledger.append_with(Vec::new(), vec![inherent(), transaction(7, 3)]);
    let last = ask(&ledger, signed.clone(), page.next.as_deref(), 2).unwrap();
    assert_eq!((places(&page), page.complete), (vec![(1, 1), (1, 3)], false));
    // Not that of the block after the anchor.
    assert_eq!((places(&last), last.complete, &last.anchor), (vec![(2, 1)], true, &page.anchor));
    assert_eq!(places(&ask(&ledger, signed.clone(), None, 10).unwrap()), [(1, 1), (1, 3), (2, 1), (3, 1)]);

    let both = json!({ "account": account, "block": 1 });
    let page = ask(&ledger, both.clone(), None, 1).unwrap();
    let last = ask(&ledger, both, page.next.as_deref(), 1).unwrap();
    assert_eq!((places(&page), places(&last), last.complete), (vec![(1, 1)], vec![(1, 3)], true));

    let within = json!({ "block": 1 });
    let page = ask(&ledger, within.clone(), None, 3).unwrap();
    let last = ask(&ledger, within, page.next.as_deref(), 3).unwrap();
    assert_eq!((places(&page), places(&last)), (vec![(1, 0), (1, 1), (1, 2)], vec![(1, 3)]));
    let (hash, signer) = (Hex::from(ledger.parent.unwrap().1), Hex(vec![7; 32]));
    let newest = ask(&ledger, json!({ "block": 3 }), None, 10).unwrap();
    assert_eq!((&newest.items[1].block_hash, &newest.items[1].signer), (&hash, &Some(signer)));
    assert_eq!(newest.items[0].signer, None);

    let refused = ask(&ledger, signed, page.next.as_deref(), 3);
    assert!(matches!(refused, Err(Error::InvalidParams(_))));
    for unknown in [json!({ "block": 4 }), json!({ "account": account, "block": 4 })] {
        assert!(matches!(ask(&ledger, unknown, None, 3), Err(Error::NotFound(NotFound::Block(4)))));
    }
}

#[test]
fn extrinsics_with_one_hash_come_at_once() {
    let mut ledger = Ledger::with_blocks(1, 0);
    for nonce in 0..17 {
        ledger.append_with(Vec::new(), vec![inherent(), transaction(7, nonce)]);
    }
    let ask = |extrinsic: &OpaqueExtrinsic| {
        let hash = format!("0x{}", hex::encode(blake2_256(&extrinsic.encode())));
        ledger.read(|snapshot| extrinsics_with_hash(snapshot, &hash))
    };
    let page = ask(&transaction(7, 4)).unwrap();
    assert_eq!((page.items.len(), page.items[0].block, page.complete), (1, 5, true));
    let page = ask(&inherent()).unwrap();
    assert_eq!((page.items.len(), page.items[15].block, page.complete), (16, 16, false));
    let missing = ask(&transaction(8, 0));
    assert!(matches!(missing, Err(Error::NotFound(NotFound::Extrinsic(_)))));
}

fn fed(dataset: u64, added: &[u64], removed: &[u64]) -> (Body, Subject) {
    let devices =
        |numbers: &[u64]| -> Devices { numbers.iter().copied().map(DeviceId).collect::<Vec<_>>().try_into().unwrap() };
    let dataset = DatasetId(dataset);
    let body = Body::DatasetDevicesChanged { dataset, added: devices(added), removed: devices(removed) };
    (body, Subject::Dataset(dataset))
}

fn version(dataset: u64, version: u32) -> VersionId {
    VersionId { dataset: DatasetId(dataset), version }
}

fn of_version(VersionId { dataset, version }: VersionId) -> Source {
    Source::Version { dataset, version, grant: Some(GrantId(4)) }
}

/// Two sensors' readings, made hourly, cleaned, and put together with a file from elsewhere.
fn with_lineage() -> Ledger {
    let mut ledger = Ledger::with_blocks(3, 0);
    let readings =
        |device: u64| Source::Batches { device: DeviceId(device), first_sequence: 0, last_sequence: 9, grant: None };
    ledger.append(vec![attested(DeviceId(1), 2), attested(DeviceId(2), 2), fed(1, &[1, 3], &[]), fed(2, &[2], &[])]);
    ledger.append(vec![fed(1, &[], &[3]), fed(3, &[3], &[])]);
    ledger.append(vec![published(version(1, 1), vec![readings(1)]), published(version(2, 1), vec![readings(2)])]);
    ledger.append(vec![published(version(1, 2), vec![of_version(version(1, 1)), of_version(version(2, 1))])]);
    let file = Source::External { content: [9; 32], uri: b"https://met.example/2018".to_vec().try_into().unwrap() };
    ledger.append(vec![published(version(3, 1), vec![of_version(version(1, 2)), file, of_version(version(1, 1))])]);
    ledger
}

#[test]
fn sources_come_nearest_first_and_each_once() {
    let ledger = with_lineage();
    let ask = |version: &str, depth, limit| ledger.read(|snapshot| sources(snapshot, version, depth, limit));
    let page = ask("3@1", None, 100).unwrap();
    let record = |found: VersionId| ledger.read(|snapshot| Ok(snapshot.version(found)?)).unwrap().unwrap().to_string();
    let made = |of: &str, depth: u32, dataset: &str, version: u32, record: String| {
        json!({
            "source": "version", "of": of, "depth": depth, "dataset": dataset, "version": version, "grant": "4",
            "record": record,
        })
    };
    let read = |of: &str, depth: u32, device: &str| {
        json!({
            "source": "readings", "of": of, "depth": depth, "device": device, "firstSequence": "0",
            "lastSequence": "9", "grant": null,
        })
    };
    let feeds =
        |of: &str, depth: u32, device: &str| json!({ "source": "device", "of": of, "depth": depth, "device": device });
    let expected = json!([
        made("3@1", 1, "1", 2, record(version(1, 2))),
        {
            "source": "external", "of": "3@1", "depth": 1, "content": format!("0x{}", "09".repeat(32)),
            "uri": "https://met.example/2018",
        },
        made("3@1", 1, "1", 1, record(version(1, 1))),
        feeds("3@1", 1, "3"),
        made("1@2", 2, "2", 1, record(version(2, 1))),
        feeds("1@2", 2, "1"),
        read("1@1", 2, "1"),
        read("2@1", 3, "2"),
        feeds("2@1", 3, "2"),
    ]);
    assert_eq!((json!(page.items), page.complete, page.next), (expected, true, None));

    for (depth, found, complete) in [(1, 4, false), (2, 7, false), (3, 9, true), (64, 9, true)] {
        let page = ask("3@1", Some(depth), 100).unwrap();
        assert_eq!((page.items.len(), page.complete), (found, complete), "{depth} steps");
    }
    for (limit, complete) in [(1, false), (8, false), (9, true)] {
        let page = ask("3@1", None, limit).unwrap();
        assert_eq!((u32::try_from(page.items.len()).unwrap(), page.complete), (limit, complete), "at most {limit}");
    }
    assert!(matches!(ask("3@2", None, 1), Err(Error::NotFound(NotFound::Version(_)))));
    assert!(matches!(ask("3", None, 1), Err(Error::InvalidParams(_))));
    assert!(matches!(ask("3@1", Some(0), 1), Err(Error::InvalidParams(_))));
    assert!(matches!(ask("3@1", Some(65), 1), Err(Error::LimitExceeded { what: "steps", limit: 64 })));
}

#[test]
fn sources_and_dependents_say_the_same() {
    let ledger = with_lineage();
    let versions = [version(1, 1), version(1, 2), version(2, 1), version(3, 1)];
    let depends = |of: Value| -> BTreeSet<VersionId> {
        let of: DependentsParams = serde_json::from_value(of).unwrap();
        let page = ledger.read(|snapshot| dependents(snapshot, &of, 100)).unwrap();
        page.items.iter().map(|found| VersionId { dataset: found.dataset, version: found.version }).collect()
    };
    for made in versions {
        let page = ledger.read(|snapshot| sources(snapshot, &made.to_string(), None, 100)).unwrap();
        let (mut from_versions, mut from_devices) = (BTreeSet::new(), BTreeSet::new());
        for source in page.items {
            match source.origin {
                OriginView::Version { dataset, version, .. } => {
                    from_versions.insert(VersionId { dataset, version });
                }
                OriginView::Readings { device, .. } | OriginView::Device { device } => {
                    from_devices.insert(device);
                }
                OriginView::External { .. } => {}
            }
        }
        for version in versions {
            let known = depends(json!({ "version": version.to_string() })).contains(&made);
            assert_eq!(from_versions.contains(&version), known, "{made} from {version}");
        }
        for device in (1..=3).map(DeviceId) {
            let known = depends(json!({ "device": device })).contains(&made);
            assert_eq!(from_devices.contains(&device), known, "{made} from device {device}");
        }
    }
}

#[test]
fn a_text_is_found_as_everything_that_it_is() {
    let mut ledger = Ledger::with_blocks(2, 0);
    ledger.append_with(vec![dataset_registered(1), grant_offered(1, 1, 2)], vec![inherent(), transaction(7, 0)]);
    let ask = |text: &str| json!(ledger.read(|snapshot| search(snapshot, text)).unwrap());
    let hash = json!(Hex::from(ledger.read(|snapshot| Ok(snapshot.block(1)?)).unwrap().unwrap().hash));
    let found = ask("1");
    let expected = json!([
        { "kind": "block", "block": 1, "hash": hash },
        { "kind": "record", "record": "1" },
        { "kind": "organisation", "organisation": 1, "record": "0" },
        { "kind": "dataset", "dataset": "1", "record": "4" },
        { "kind": "device", "device": "1", "record": "0" },
        { "kind": "grant", "grant": "1", "record": "5" },
    ]);
    assert_eq!((&found["hits"], &found["complete"], &found["anchor"]["number"]), (&expected, &json!(true), &json!(2)));
    let searched = json!([
        "block_number",
        "record_index",
        "organisation",
        "dataset",
        "device",
        "grant",
        "currency",
        "obligation",
        "withdrawal",
        "motion",
    ]);
    assert_eq!(found["searched"], searched);

    let signer = format!("0x{}", "07".repeat(32));
    let account = json!({
        "kind": "account", "account": signer, "named": null, "acted": null, "signed": { "block": 2, "position": 1 },
    });
    assert_eq!(ask(&signer)["hits"], json!([account]));
    let extrinsic = &ask("extrinsic:2-1")["hits"][0];
    assert_eq!((&extrinsic["kind"], &extrinsic["signer"]), (&json!("extrinsic"), &json!(signer)));
    let nothing = ask("Neva Telecom");
    assert_eq!((&nothing["hits"], &nothing["searched"], &nothing["complete"]), (&json!([]), &json!([]), &json!(true)));
}
