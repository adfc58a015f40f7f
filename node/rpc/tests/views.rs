//! Answers compared with the files in `golden`, whose encodings and hashes were made by another implementation.

use citynet_index::{IndexedDevice, IndexedRecord};
use citynet_merkle::{leaf_hash, Portable};
use citynet_primitives::{
    AccountRoles, Action, Activity, AlgorithmId, BankReference, Batch, Body, CurrencyInfo, CycleId, CycleInfo,
    CyclePhase, DatasetId, DatasetInfo, DatasetKind, DatasetProfile, Decision, Denial, DeviceId, DeviceKey,
    DeviceProfile, Dispute, Document, GrantAccount, GrantId, GrantInfo, GrantState, LegalBasisCode, Location,
    MotionInfo, NetPosition, Notice, ObligationInfo, ObligationState, OpenStatement, OrganisationId, OrganisationInfo,
    OrganisationKind, OrganisationProfile, OrganisationStatus, Parameters, PeerId, PeerInfo, PeerPurpose, PersonalData,
    Price, PurposeCode, Quota, Record, RecoveryInfo, Role, Roles, SchemaId, Sensitivity, Source, Subject, SubjectHead,
    Terms, Usage, UsageLimit, ValidatorInfo, ValidatorStatus, VersionContent, VersionInfo, Versions, WithdrawalInfo,
    RECORD_VERSION,
};
use citynet_rpc::{
    Anchor, BalanceView, BalancesAnswer, CodeView, CurrencyView, CycleAnswer, DatasetAnswer, DatasetView, Decimal,
    DecisionAnswer, GrantAccountAnswer, GrantAnswer, GrantView, Hex, ListAnswer, ObligationAnswer, ObligationView,
    Page, ParametersAnswer, RecordAnswer, RecordView, VersionAnswer, WithdrawalView,
};
use codec::Encode;
use serde_json::{json, Value};

const TELECOM: OrganisationId = OrganisationId(2);
const DEVICE: DeviceId = DeviceId(7);
/// The id of a node whose key is 32 times 0x44.
const PEER: &str = "12D3KooWEQrGUcFQQBTtu3WwHuvpZKZi68MKq1mExLgeLqCdhbf1";

fn view(index: u64, block: u32, time: u64, body: Body, subjects: Vec<Subject>) -> RecordView {
    let record =
        Record { version: RECORD_VERSION, index, block, time, organisation: TELECOM, account: [0x22; 32], body };
    let encoded = record.encode();
    let leaf = leaf_hash::<Portable>(&encoded);
    IndexedRecord { block_hash: [0xbb; 32], leaf, record, encoded, subjects: subjects.try_into().unwrap() }.into()
}

fn anchor() -> Anchor {
    Anchor { number: 9, hash: Hex(vec![0xcc; 32]) }
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
    let anchor = anchor();
    let hash = format!("0x{}", "cc".repeat(32));
    let answer = json!(RecordAnswer { anchor: anchor.clone(), record: account_added() });
    assert_eq!(answer["anchor"], json!({ "number": 9, "hash": hash }));
    assert_eq!(answer["record"]["index"], "4");
    let page = json!(Page { anchor, items: Vec::<RecordView>::new(), next: None, complete: true });
    assert_eq!(page, json!({ "anchor": { "number": 9, "hash": hash }, "items": [], "next": null, "complete": true }));
}

#[test]
fn a_device_shows_state_and_records() {
    use citynet_primitives::{DeviceInfo, DeviceStatus};
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

#[test]
fn an_organisation_shows_its_profile_and_seat() {
    let organisation = OrganisationInfo {
        id: TELECOM,
        profile: OrganisationProfile {
            name: b"Neva Telecom".to_vec().try_into().unwrap(),
            contact: b"mailto:ledger@neva.example".to_vec().try_into().unwrap(),
            legal_id: [0xab; 32],
        },
        kind: OrganisationKind::Telecom,
        status: OrganisationStatus::Active,
        seat: true,
        accounts: vec![AccountRoles { account: [0x11; 32], roles: Roles::of(&[Role::Admin]) }],
    };
    let expected = json!({
        "id": 2,
        "name": "Neva Telecom",
        "contact": "mailto:ledger@neva.example",
        "legalId": format!("0x{}", "ab".repeat(32)),
        "kind": "telecom",
        "status": "active",
        "seat": true,
        "accounts": [{ "account": format!("0x{}", "11".repeat(32)), "roles": ["admin"] }],
    });
    assert_eq!(json!(ListAnswer { anchor: anchor(), items: vec![organisation] })["items"], json!([expected]));
}

#[test]
fn the_councils_business() {
    let motion = MotionInfo {
        motion: [0xaa; 32],
        number: 3,
        threshold: 3,
        seats: 4,
        yes: vec![OrganisationId(1), TELECOM],
        no: vec![OrganisationId(4)],
        end: 604_900,
        call: vec![0x14, 0x06].try_into().unwrap(),
    };
    let expected = json!({
        "motion": format!("0x{}", "aa".repeat(32)),
        "number": 3,
        "threshold": 3,
        "seats": 4,
        "yes": [1, 2],
        "no": [4],
        "end": 604_900,
        "call": "0x1406",
    });
    assert_eq!(json!(ListAnswer { anchor: anchor(), items: vec![motion] })["items"], json!([expected]));

    let recovery = RecoveryInfo { organisation: TELECOM, account: [0x33; 32], matures: 259_300 };
    let expected = json!({ "organisation": 2, "account": format!("0x{}", "33".repeat(32)), "matures": 259_300 });
    assert_eq!(json!(ListAnswer { anchor: anchor(), items: vec![recovery] })["items"], json!([expected]));

    let quota = Quota { rate: 150_000, burst: 200_000 };
    let parameters = Parameters {
        min_members: 3,
        min_validators: 4,
        max_validators_per_organisation: 5,
        motion_duration: 6,
        recovery_delay: 7,
        silent_after: 8,
        quotas: [quota; 6],
    };
    let quota = json!({ "rate": 150_000, "burst": 200_000 });
    let expected = json!({
        "minMembers": 3,
        "minValidators": 4,
        "maxValidatorsPerOrganisation": 5,
        "motionDuration": 6,
        "recoveryDelay": 7,
        "silentAfter": 8,
        "quotas": vec![quota; 6],
    });
    assert_eq!(json!(ParametersAnswer { anchor: anchor(), parameters })["parameters"], expected);
}

#[test]
fn nodes_of_organisations() {
    let validator = ValidatorInfo {
        organisation: TELECOM,
        account: [0x11; 32],
        status: ValidatorStatus::Suspended,
        active: true,
        next: false,
        keys: vec![0xee; 64].try_into().unwrap(),
        skipped: (1 << 53) + 1,
        silent: false,
    };
    let expected = json!({
        "organisation": 2,
        "account": format!("0x{}", "11".repeat(32)),
        "status": "suspended",
        "active": true,
        "next": false,
        "keys": format!("0x{}", "ee".repeat(64)),
        "skipped": "9007199254740993",
        "silent": false,
    });
    assert_eq!(json!(ListAnswer { anchor: anchor(), items: vec![validator] })["items"], json!([expected]));

    let peer = PeerInfo {
        organisation: TELECOM,
        peer: PeerId([0x44; 32]),
        purpose: PeerPurpose::Archive,
        address: Some(b"/dns/archive.neva.example/tcp/30333".to_vec().try_into().unwrap()),
    };
    let hidden = PeerInfo { address: None, purpose: PeerPurpose::Validator, ..peer.clone() };
    let expected = json!([
        { "organisation": 2, "peer": PEER, "purpose": "archive", "address": "/dns/archive.neva.example/tcp/30333" },
        { "organisation": 2, "peer": PEER, "purpose": "validator", "address": null },
    ]);
    assert_eq!(json!(ListAnswer { anchor: anchor(), items: vec![peer, hidden] })["items"], expected);
}

/// 32 times the same byte.
fn bytes(byte: &str) -> String {
    format!("0x{}", byte.repeat(32))
}

fn anchor_in_json() -> Value {
    json!({ "number": 9, "hash": bytes("cc") })
}

#[test]
fn a_dataset_shows_its_profile_and_devices() {
    let state = DatasetInfo {
        owner: TELECOM,
        kind: DatasetKind::Stream,
        profile: DatasetProfile {
            title: b"Air of Petrogradsky".to_vec().try_into().unwrap(),
            sensitivity: Sensitivity::Restricted,
            description: Document { hash: [0xdc; 32], uri: b"https://neva.example/air".to_vec().try_into().unwrap() },
            schema: Default::default(),
            licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
        },
        versions: 3,
        devices: 1,
        offered_to: Some(OrganisationId(3)),
        head: SubjectHead { count: 6, chain: [1; 32] },
    };
    let dataset = DatasetView { dataset: DatasetId((1 << 53) + 1), state };
    let expected = json!({
        "anchor": anchor_in_json(),
        "dataset": "9007199254740993",
        "owner": 2,
        "kind": "stream",
        "title": "Air of Petrogradsky",
        "sensitivity": "restricted",
        "description": { "hash": bytes("dc"), "uri": "https://neva.example/air" },
        "schema": "",
        "licence": "CC-BY-4.0",
        "versions": 3,
        "devices": 1,
        "offeredTo": 3,
        "head": { "count": "6", "chain": bytes("01") },
        "fedBy": ["7"],
    });
    assert_eq!(json!(DatasetAnswer { anchor: anchor(), dataset, fed_by: vec![DEVICE] }), expected);
}

#[test]
fn a_version_shows_what_it_was_made_from() {
    let content = VersionContent {
        content: [0xab; 32],
        bytes: (1 << 53) + 1,
        records: 120,
        media_type: b"text/csv".to_vec().try_into().unwrap(),
        from: 1_536_019_344_000,
        to: 1_536_105_561_000,
        sources: vec![
            Source::Version { dataset: DatasetId(3), version: 4, grant: Some(GrantId(5)) },
            Source::Batches { device: DEVICE, first_sequence: 0, last_sequence: u64::MAX, grant: None },
            Source::External { content: [0xef; 32], uri: b"https://osm.example".to_vec().try_into().unwrap() },
        ]
        .try_into()
        .unwrap(),
        activity: Activity::Linkage,
        parameters: Some([0x77; 32]),
        code: b"https://neva.example/air.git#4f2a".to_vec().try_into().unwrap(),
    };
    let (dataset, version) = (DatasetId(9), 2);
    let state = VersionInfo { content: [0xab; 32], record: 17, faulty_since: Some(5) };
    let body = Some(Body::VersionPublished { dataset, version, content });
    let mut expected = json!({
        "anchor": anchor_in_json(),
        "dataset": "9",
        "version": 2,
        "content": bytes("ab"),
        "record": "17",
        "faultySince": "5",
        "body": {
            "kind": "version_published",
            "dataset": "9",
            "version": 2,
            "content": {
                "content": bytes("ab"),
                "bytes": "9007199254740993",
                "records": "120",
                "mediaType": "text/csv",
                "from": "1536019344000",
                "to": "1536105561000",
                "sources": [
                    { "source": "version", "dataset": "3", "version": 4, "grant": "5" },
                    {
                        "source": "batches",
                        "device": "7",
                        "firstSequence": "0",
                        "lastSequence": "18446744073709551615",
                        "grant": null,
                    },
                    { "source": "external", "content": bytes("ef"), "uri": "https://osm.example" },
                ],
                "activity": "linkage",
                "parameters": bytes("77"),
                "code": "https://neva.example/air.git#4f2a",
            },
        },
    });
    let answer = VersionAnswer { anchor: anchor(), dataset, version, state, body };
    assert_eq!(json!(answer), expected);
    expected["body"] = json!(null);
    assert_eq!(json!(VersionAnswer { body: None, ..answer }), expected);
}

#[test]
fn a_grant_shows_its_terms_and_use() {
    let terms = Terms {
        dataset: DatasetId(9),
        versions: Versions { first: 2, last: Some(2), content: Some([0xab; 32]) },
        provider: TELECOM,
        consumer: OrganisationId(3),
        controller: OrganisationId(1),
        actions: [Action::Read, Action::Train].into_iter().collect(),
        purposes: vec![PurposeCode(2), PurposeCode(900)].try_into().unwrap(),
        not_before: 1_536_019_344_000,
        not_after: 1_536_105_561_000,
        limit: UsageLimit { accesses: None, records: Some(u64::MAX), bytes: None },
        price: Price::Contract { contract: Document { hash: [0xc0; 32], uri: Default::default() } },
        delegation_depth: 1,
        restricted_delegation: true,
        jurisdiction: b"RU-SPE".to_vec().try_into().unwrap(),
        legal_basis: Some(LegalBasisCode::RU152_CONSENT),
        personal_data: PersonalData::Pseudonymised,
        consent: Some([0x0c; 32]),
        notice: Some(Notice { hash: [0x0d; 32], language: b"ru".to_vec().try_into().unwrap() }),
        retention_days: Some(30),
        recipients: vec![b"auditors".to_vec().try_into().unwrap()].try_into().unwrap(),
        assessment: None,
        withdrawal: Some(b"https://neva.example/withdraw".to_vec().try_into().unwrap()),
        agreement: None,
    };
    let usage = Usage { accesses: 1, records: 2, bytes: 3 };
    let info = GrantInfo {
        state: GrantState::Active,
        parent: Some(GrantId(4)),
        supersedes: None,
        binding: true,
        terms,
        terms_hash: [0xaa; 32],
        active_since: Some(1_536_019_344_001),
        ended: None,
        last_report: 8,
        reported_until: 1_536_019_345_000,
        used: usage,
        used_in_all: Usage { bytes: (1 << 53) + 1, ..usage },
        head: SubjectHead { count: 6, chain: [1; 32] },
    };
    let terms_in_json = json!({
        "dataset": "9",
        "versions": { "first": 2, "last": 2, "content": bytes("ab") },
        "provider": 2,
        "consumer": 3,
        "controller": 1,
        "actions": ["read", "train"],
        "purposes": [2, 900],
        "notBefore": "1536019344000",
        "notAfter": "1536105561000",
        "limit": { "accesses": null, "records": "18446744073709551615", "bytes": null },
        "price": { "price": "contract", "contract": { "hash": bytes("c0"), "uri": "" } },
        "delegationDepth": 1,
        "restrictedDelegation": true,
        "jurisdiction": "RU-SPE",
        "legalBasis": 101,
        "personalData": "pseudonymised",
        "consent": bytes("0c"),
        "notice": { "hash": bytes("0d"), "language": "ru" },
        "retentionDays": 30,
        "recipients": ["auditors"],
        "assessment": null,
        "withdrawal": "https://neva.example/withdraw",
        "agreement": null,
    });
    let expected = json!({
        "anchor": anchor_in_json(),
        "grant": "5",
        "state": "active",
        "parent": "4",
        "supersedes": null,
        "binding": true,
        "terms": terms_in_json,
        "termsHash": bytes("aa"),
        "activeSince": "1536019344001",
        "ended": null,
        "lastReport": "8",
        "reportedUntil": "1536019345000",
        "used": { "accesses": "1", "records": "2", "bytes": "3" },
        "usedInAll": { "accesses": "1", "records": "2", "bytes": "9007199254740993" },
        "head": { "count": "6", "chain": bytes("01") },
    });
    assert_eq!(json!(GrantAnswer { anchor: anchor(), grant: GrantView { grant: GrantId(5), info } }), expected);
}

#[test]
fn decisions_say_why() {
    let answer = |decision| json!(DecisionAnswer { anchor: anchor(), decision });
    let allowed = answer(Decision::Allowed { chain: vec![GrantId(5), GrantId(4)] });
    assert_eq!(allowed, json!({ "anchor": anchor_in_json(), "decision": "allowed", "chain": ["5", "4"] }));
    let denied = answer(Decision::Denied { reason: Denial::VersionNotCovered, grant: Some(GrantId(4)) });
    let expected =
        json!({ "anchor": anchor_in_json(), "decision": "denied", "reason": "version_not_covered", "grant": "4" });
    assert_eq!(denied, expected);
    let denied = answer(Decision::Denied { reason: Denial::NoGrant, grant: None });
    let expected = json!({ "anchor": anchor_in_json(), "decision": "denied", "reason": "no_grant", "grant": null });
    assert_eq!(denied, expected);
}

#[test]
fn codes_are_listed_with_their_names() {
    let items = vec![CodeView { code: 2, name: "dpv:AcademicResearch".into() }];
    let expected = json!({ "anchor": anchor_in_json(), "items": [{ "code": 2, "name": "dpv:AcademicResearch" }] });
    assert_eq!(json!(ListAnswer { anchor: anchor(), items }), expected);
}

#[test]
fn currencies_and_balances() {
    let info = CurrencyInfo { symbol: b"RUB".to_vec().try_into().unwrap(), exponent: 2, agent: OrganisationId(4) };
    let items = vec![CurrencyView { currency: 1, info, last_cycle: 7 }];
    let expected = json!({
        "anchor": anchor_in_json(),
        "items": [{ "currency": 1, "symbol": "RUB", "exponent": 2, "agent": 4, "lastCycle": 7 }],
    });
    assert_eq!(json!(ListAnswer { anchor: anchor(), items }), expected);

    let balances = vec![BalanceView { currency: 1, free: u128::MAX, held: 5 }];
    let expected = json!({
        "anchor": anchor_in_json(),
        "organisation": 2,
        "balances": [{ "currency": 1, "free": "340282366920938463463374607431768211455", "held": "5" }],
    });
    assert_eq!(json!(BalancesAnswer { anchor: anchor(), organisation: TELECOM, balances }), expected);

    let info = WithdrawalInfo { currency: 1, organisation: TELECOM, amount: 5, account: [0xac; 32] };
    let items = vec![WithdrawalView { withdrawal: Decimal((1 << 53) + 1), info }];
    let expected = json!({
        "withdrawal": "9007199254740993",
        "currency": 1,
        "organisation": 2,
        "amount": "5",
        "account": bytes("ac"),
    });
    assert_eq!(json!(ListAnswer { anchor: anchor(), items })["items"], json!([expected]));
}

#[test]
fn an_account_shows_what_is_disputed() {
    let usage = Usage { accesses: 1, records: 2, bytes: 3 };
    let dispute = Some(Dispute { usage: Usage::default(), at: 7 });
    let account = GrantAccount {
        statements: 3,
        matured: usage,
        open: Some(OpenStatement { usage, root: [0xaa; 32], at: 6, dispute }),
        billed: 5,
    };
    let counts = json!({ "accesses": "1", "records": "2", "bytes": "3" });
    let mut expected = json!({
        "anchor": anchor_in_json(),
        "grant": "5",
        "statements": 3,
        "matured": counts,
        "open": {
            "usage": counts,
            "root": bytes("aa"),
            "at": "6",
            "dispute": { "usage": { "accesses": "0", "records": "0", "bytes": "0" }, "at": "7" },
        },
        "billed": "5",
    });
    let answer = GrantAccountAnswer { anchor: anchor(), grant: GrantId(5), account };
    assert_eq!(json!(answer), expected);
    expected["open"] = json!(null);
    let account = GrantAccount { open: None, ..account };
    assert_eq!(json!(GrantAccountAnswer { account, ..answer }), expected);
}

#[test]
fn an_obligation_shows_its_payment() {
    let info = ObligationInfo {
        state: ObligationState::Declared,
        currency: 1,
        debtor: OrganisationId(3),
        creditor: TELECOM,
        amount: u128::MAX,
        grant: GrantId(5),
        usage: Usage { accesses: 1, records: 2, bytes: 3 },
        reverses: None,
        reversed: 9,
        since: 1_536_019_344_000,
        cycle: 0,
        payment: Some(BankReference { uetr: [0x1e; 16], notification: [0x2e; 32] }),
        declared: Some(1_536_105_561_000),
    };
    let expected = json!({
        "anchor": anchor_in_json(),
        "obligation": "7",
        "state": "declared",
        "currency": 1,
        "debtor": 3,
        "creditor": 2,
        "amount": "340282366920938463463374607431768211455",
        "grant": "5",
        "usage": { "accesses": "1", "records": "2", "bytes": "3" },
        "reverses": null,
        "reversed": "9",
        "since": "1536019344000",
        "cycle": 0,
        "payment": { "uetr": format!("0x{}", "1e".repeat(16)), "notification": bytes("2e") },
        "declared": "1536105561000",
    });
    let obligation = ObligationView { obligation: Decimal(7), info };
    assert_eq!(json!(ObligationAnswer { anchor: anchor(), obligation }), expected);
}

#[test]
fn a_cycle_shows_its_positions() {
    let info = CycleInfo {
        phase: CyclePhase::Funding,
        cutoff: 5,
        deadline: 6,
        obligations: 2,
        gross: 9,
        net: 1,
        root: [0xaa; 32],
        moved: false,
        head: SubjectHead { count: 2, chain: [1; 32] },
    };
    let positions = vec![
        NetPosition { organisation: TELECOM, pays: 1, gets: 0 },
        NetPosition { organisation: OrganisationId(3), pays: 0, gets: 1 },
    ];
    let expected = json!({
        "anchor": anchor_in_json(),
        "currency": 1,
        "number": 7,
        "phase": "funding",
        "cutoff": "5",
        "deadline": "6",
        "obligations": "2",
        "gross": "9",
        "net": "1",
        "root": bytes("aa"),
        "moved": false,
        "head": { "count": "2", "chain": bytes("01") },
        "positions": [
            { "organisation": 2, "pays": "1", "gets": "0" },
            { "organisation": 3, "pays": "0", "gets": "1" },
        ],
    });
    let cycle = CycleId { currency: 1, number: 7 };
    assert_eq!(json!(CycleAnswer { anchor: anchor(), cycle, info, positions }), expected);
}
