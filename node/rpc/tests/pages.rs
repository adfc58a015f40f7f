//! Walks through lists while the index grows.

use citynet_index::{FinalisedBlock, Index, Snapshot};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{
    AlgorithmId, Body, DeviceId, DeviceKey, DeviceProfile, Entry, Hash, Location, OrganisationId, Record, Subject,
    TreeHead, RECORD_VERSION,
};
use citynet_rpc::{devices, records, Error, FilterParams, Page, RecordView};
use codec::Encode;
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
        let (number, parent) = self.parent.map_or((0, [0; 32]), |(number, hash)| (number + 1, hash));
        let device = DeviceId(u64::from(number) + 1);
        let profile = DeviceProfile {
            model: Default::default(),
            properties: Default::default(),
            location: Location::Text(Default::default()),
            calibration: None,
        };
        let key = DeviceKey { algorithm: AlgorithmId::ED25519, public_key: vec![1; 32].try_into().unwrap() };
        let bodies = [
            (Body::DeviceRegistered { device, owner: CITY, profile, key }, Subject::Device(device)),
            (Body::AccountRemoved { organisation: CITY, account: [self.salt; 32] }, Subject::Organisation(CITY)),
        ];
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
        self.index.append(&[FinalisedBlock { number, hash, parent, head, entries }]).unwrap();
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
