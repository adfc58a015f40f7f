//! Answers compared with the files in `golden`, whose encodings and hashes were made by another implementation.

use citynet_index::{IndexedDevice, IndexedRecord};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{
    AlgorithmId, Batch, Body, DeviceId, DeviceKey, DeviceProfile, Location, OrganisationId, Record, Role, Roles,
    SchemaId, Subject, RECORD_VERSION,
};
use citynet_rpc::{Anchor, Hex, Page, RecordAnswer, RecordView};
use codec::Encode;
use serde_json::{json, Value};

const TELECOM: OrganisationId = OrganisationId(2);
const DEVICE: DeviceId = DeviceId(7);

fn view(index: u64, block: u32, time: u64, body: Body, subjects: Vec<Subject>) -> RecordView {
    let record =
        Record { version: RECORD_VERSION, index, block, time, organisation: TELECOM, account: [0x22; 32], body };
    let encoded = record.encode();
    let leaf = leaf_hash::<Portable>(&encoded);
    IndexedRecord { block_hash: [0xbb; 32], leaf, record, encoded, subjects: subjects.try_into().unwrap() }.into()
}

fn golden(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn account_added() -> RecordView {
    let body = Body::AccountAdded {
        organisation: TELECOM,
        account: [0x11; 32],
        roles: Roles::of(&[Role::Registrar, Role::Attestor]),
    };
    view(4, 7, 1_536_019_344_000, body, vec![Subject::Organisation(TELECOM)])
}

fn profile() -> DeviceProfile {
    DeviceProfile {
        model: b"Nova SDS011".to_vec().try_into().unwrap(),
        properties: vec![b"P1".to_vec().try_into().unwrap(), b"P2".to_vec().try_into().unwrap()].try_into().unwrap(),
        location: Location::Geohash(b"udtsc".to_vec().try_into().unwrap()),
        calibration: None,
    }
}

#[test]
fn an_account_record() {
    let expected = golden(include_str!("golden/account_added.json"));
    assert_eq!(json!(account_added()), expected);
}

#[test]
fn a_device_record() {
    let body = Body::DeviceRegistered {
        device: DEVICE,
        owner: TELECOM,
        profile: profile(),
        key: DeviceKey { algorithm: AlgorithmId::ED25519, public_key: vec![0xee; 32].try_into().unwrap() },
    };
    let subjects = vec![Subject::Device(DEVICE), Subject::Organisation(TELECOM)];
    let expected = golden(include_str!("golden/device_registered.json"));
    assert_eq!(json!(view(5, 7, 1_536_019_344_000, body, subjects)), expected);
}

#[test]
fn a_batch_record_with_numbers_beyond_json() {
    let batch = Batch {
        device: DEVICE,
        epoch: 3,
        schema: SchemaId::READING_V1,
        first_sequence: u64::MAX - 299,
        count: 256,
        missing: 2,
        window_start: 1_536_019_344_000,
        window_end: 1_536_105_561_000,
        root: [0xab; 32],
        expires: 1_800_000_000_000,
    };
    let body = Body::BatchAttested { batch, signature: vec![0x55; 64].try_into().unwrap() };
    let expected = golden(include_str!("golden/batch_attested.json"));
    assert_eq!(json!(view((1 << 53) + 1, 8, 1_536_019_345_000, body, vec![Subject::Device(DEVICE)])), expected);
}

#[test]
fn answers_name_their_anchor() {
    let anchor = Anchor { number: 9, hash: Hex(vec![0xcc; 32]) };
    let hash = format!("0x{}", "cc".repeat(32));
    let answer = json!(RecordAnswer { anchor: anchor.clone(), record: account_added() });
    assert_eq!(answer["anchor"], json!({ "number": 9, "hash": hash }));
    assert_eq!(answer["record"]["index"], "4");
    let page = json!(Page { anchor, items: Vec::<RecordView>::new(), next: None, complete: true });
    assert_eq!(page, json!({ "anchor": { "number": 9, "hash": hash }, "items": [], "next": null, "complete": true }));
}

#[test]
fn a_device_shows_state_and_records() {
    use citynet_primitives::{DeviceInfo, DeviceStatus, SubjectHead};
    let state = DeviceInfo {
        owner: TELECOM,
        status: DeviceStatus::Active,
        epoch: 1,
        key: DeviceKey { algorithm: AlgorithmId::ED25519, public_key: vec![0xee; 32].try_into().unwrap() },
        previous: None,
        next_sequence: u64::MAX,
        distrusted_since: Some(5),
        head: SubjectHead { count: 3, chain: [1; 32] },
    };
    let found =
        IndexedDevice { device: DEVICE, owner: TELECOM, profile: profile(), registered: 5, keys: vec![(0, 5), (1, 9)] };
    let view = json!(citynet_rpc::DeviceView::new(found, state));
    assert_eq!(view["device"], "7");
    assert_eq!(view["status"], "active");
    assert_eq!(view["nextSequence"], "18446744073709551615");
    assert_eq!(view["distrustedSince"], "5");
    assert_eq!(view["profile"]["model"], "Nova SDS011");
    assert_eq!(view["registeredAt"], "5");
    assert_eq!(view["keyRecords"], json!([{ "epoch": 0, "record": "5" }, { "epoch": 1, "record": "9" }]));
}
