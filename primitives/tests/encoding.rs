//! The encodings that must never change: records are decoded decades later and statements are signed by devices.

use citynet_primitives::*;
use codec::{Decode, DecodeAll, Encode};

fn batch() -> Batch {
    Batch {
        device: DeviceId(7),
        epoch: 3,
        schema: SchemaId::READING_V1,
        first_sequence: 1_000,
        count: 256,
        missing: 2,
        window_start: 1_536_019_344_000,
        window_end: 1_536_105_561_000,
        root: [0xab; 32],
        expires: 1_800_000_000_000,
    }
}

fn text<const N: u32>(text: &str) -> Text<N> {
    text.as_bytes().to_vec().try_into().unwrap()
}

fn key() -> DeviceKey {
    DeviceKey { algorithm: AlgorithmId::ED25519, public_key: vec![0xee; 32].try_into().unwrap() }
}

fn profile() -> OrganisationProfile {
    OrganisationProfile { name: text("Neva Telecom"), contact: text("mailto:ledger@neva.example"), legal_id: [5; 32] }
}

fn bodies() -> Vec<(u8, Body)> {
    let device = DeviceId(7);
    let dataset = DatasetId(9);
    let grant = GrantId(5);
    let organisation = OrganisationId(2);
    let account = [0x11; 32];
    let roles = Roles::of(&[Role::Admin, Role::Attestor]);
    let reason = text("bird nest");
    let keys: EncodedKeys = vec![0x77; 64].try_into().unwrap();
    let motion = [0x66; 32];
    let call: EncodedCall = vec![0, 1, 2].try_into().unwrap();
    vec![
        (
            0,
            Body::OrganisationRegistered {
                organisation,
                organisation_kind: OrganisationKind::Telecom,
                name: text("Neva Telecom"),
            },
        ),
        (1, Body::AccountAdded { organisation, account, roles }),
        (2, Body::AccountRolesChanged { organisation, account, roles }),
        (3, Body::AccountRemoved { organisation, account }),
        (4, Body::OrganisationProfileChanged { organisation, profile: profile() }),
        (
            5,
            Body::OrganisationStatusChanged {
                organisation,
                status: OrganisationStatus::Suspended,
                reason: reason.clone(),
            },
        ),
        (
            6,
            Body::OrganisationKindChanged {
                organisation,
                organisation_kind: OrganisationKind::Auditor,
                reason: reason.clone(),
            },
        ),
        (7, Body::RecoveryStarted { organisation, account, matures: 8, reason: reason.clone() }),
        (8, Body::RecoveryObjected { organisation, account, reason: reason.clone() }),
        (9, Body::RecoveryCompleted { organisation, account }),
        (10, Body::ValidatorRegistered { organisation, account, keys: keys.clone() }),
        (11, Body::ValidatorKeysChanged { organisation, account, keys }),
        (12, Body::ValidatorWithdrawn { organisation, account, reason: reason.clone() }),
        (13, Body::ValidatorSuspended { organisation, account, session: 4, evidence: [0x33; 32] }),
        (14, Body::ValidatorReinstated { organisation, account, reason: reason.clone() }),
        (15, Body::ValidatorSilent { organisation, account, skipped: 60 }),
        (
            16,
            Body::DeviceRegistered {
                device,
                owner: organisation,
                profile: DeviceProfile {
                    model: text("Nova SDS011"),
                    properties: vec![text("P1"), text("P2")].try_into().unwrap(),
                    location: Location::Geohash(text("gfnxyz1")),
                    calibration: Some(Calibration { certificate: [9; 32], valid_from: 1, valid_until: 2 }),
                },
                key: key(),
            },
        ),
        (17, Body::DeviceKeyRotated { device, epoch: 1, key: key(), previous_valid_until: 5 }),
        (18, Body::DeviceSuspended { device, reason: reason.clone() }),
        (19, Body::DeviceResumed { device, reason: reason.clone() }),
        (20, Body::DeviceRetired { device, reason: reason.clone() }),
        (21, Body::DeviceDistrusted { device, since: 4, reason: reason.clone() }),
        (32, Body::BatchAttested { batch: batch(), signature: vec![0x55; 64].try_into().unwrap() }),
        (
            48,
            Body::DatasetRegistered { dataset, owner: organisation, dataset_kind: DatasetKind::Stream, profile: air() },
        ),
        (49, Body::DatasetChanged { dataset, profile: air() }),
        (50, Body::DatasetDevicesChanged { dataset, added: devices(&[7, 8]), removed: devices(&[]) }),
        (51, Body::DatasetOffered { dataset, to: Some(organisation) }),
        (52, Body::DatasetTransferred { dataset, from: OrganisationId(1), to: organisation }),
        (53, Body::VersionPublished { dataset, version: 2, content: content() }),
        (54, Body::VersionFlagged { dataset, version: 2, since: 4, reason: reason.clone() }),
        (
            64,
            Body::PeerAdded {
                organisation,
                peer: PeerId([0x44; 32]),
                purpose: PeerPurpose::Archive,
                address: Some(text("/dns/node.example/tcp/30333")),
            },
        ),
        (65, Body::PeerRemoved { organisation, peer: PeerId([0x44; 32]) }),
        (66, Body::MotionProposed { motion, number: 1, threshold: 3, call, reason: reason.clone() }),
        (67, Body::MotionVoted { motion, number: 1, approve: true, reason: reason.clone() }),
        (68, Body::MotionClosed { motion, number: 1, approved: true, yes: 3, no: 1, seats: 4 }),
        (69, Body::ParameterChanged { parameter: Parameter::MinMembers { value: 3 } }),
        (70, Body::UpgradeScheduled { code: [0x88; 32], bytes: 370_000, block: 300_611 }),
        (80, Body::GrantRequested { grant, supersedes: None, terms: terms() }),
        (81, Body::GrantOffered { grant, parent: Some(GrantId(4)), supersedes: None, binding: true, terms: terms() }),
        (82, Body::GrantAdvanced { grant, state: GrantState::Accepted, terms: [0x99; 32] }),
        (
            83,
            Body::GrantStateChanged {
                grant,
                state: GrantState::Revoked,
                reason: ReasonCode::ConsentWithdrawn,
                note: reason.clone(),
            },
        ),
        (84, Body::AccessReported { grant, report: access_report() }),
        (85, Body::AccessContested { grant, counter: 8, usage: Usage { accesses: 1, records: 2, bytes: 3 }, reason }),
        (86, Body::RefusalsReported { dataset, report: refusal_report() }),
        (87, Body::CodeAdded { list: CodeList::LegalBasis, code: 900, name: text("ru152-9-4") }),
    ]
    .into_iter()
    .chain(settlement_bodies())
    .collect()
}

fn settlement_bodies() -> Vec<(u8, Body)> {
    let grant = GrantId(5);
    let organisation = OrganisationId(2);
    let (currency, amount) = (1, 1_000_000);
    let (withdrawal, obligation) = (6, 7);
    let (statement, usage) = (3, Usage { accesses: 1, records: 2, bytes: 3 });
    let cycle = CycleId { currency, number: 7 };
    let reason = text("bird nest");
    vec![
        (112, Body::CurrencyCreated { currency, info: rouble() }),
        (113, Body::Deposited { currency, organisation, amount, reference: payment() }),
        (114, Body::WithdrawalRequested { withdrawal, info: withdrawal_info() }),
        (115, Body::WithdrawalPaid { withdrawal, reference: payment() }),
        (116, Body::WithdrawalReturned { withdrawal, reason: reason.clone() }),
        (117, Body::PriceHeld { grant, currency, amount }),
        (118, Body::PriceReleased { grant }),
        (119, Body::PricePaid { grant, currency, amount, creditor: organisation }),
        (120, Body::UsageStated { grant, statement, usage, root: [0xaa; 32] }),
        (121, Body::UsageDisputed { grant, statement, usage, reason: reason.clone() }),
        (122, Body::UsageRuled { grant, statement, usage, reason: reason.clone() }),
        (123, Body::ObligationCreated { obligation, info: owed() }),
        (124, Body::ObligationPaid { obligation }),
        (125, Body::PaymentDeclared { obligation, reference: payment() }),
        (126, Body::PaymentAnswered { obligation, confirmed: false, reason: reason.clone() }),
        (127, Body::CycleOpened { cycle, cutoff: 5, deadline: 6 }),
        (128, Body::CycleComputed { cycle, obligations: 2, gross: amount, root: [0xaa; 32], positions: positions() }),
        (129, Body::CycleDefaulted { cycle, debtor: organisation, amount }),
        (130, Body::CycleSettled { cycle, net: amount }),
        (131, Body::ObligationReversed { obligation, info: owed(), reason }),
        (132, Body::DeclarationWithdrawn { obligation }),
    ]
}

fn rouble() -> CurrencyInfo {
    CurrencyInfo { symbol: text("RUB"), exponent: 2, agent: OrganisationId(4) }
}

fn payment() -> BankReference {
    BankReference { uetr: [0x1e; 16], notification: [0x2e; 32] }
}

fn withdrawal_info() -> WithdrawalInfo {
    WithdrawalInfo { currency: 1, organisation: OrganisationId(2), amount: 1_000_000, account: [0x3e; 32] }
}

/// Every field that need not be there is there.
fn owed() -> ObligationInfo {
    ObligationInfo {
        state: ObligationState::Declared,
        currency: 1,
        debtor: OrganisationId(3),
        creditor: OrganisationId(2),
        amount: 1_000_000,
        grant: GrantId(5),
        usage: Usage { accesses: 1, records: 2, bytes: 3 },
        reverses: Some(6),
        reversed: 9,
        since: 1_536_019_344_000,
        cycle: 7,
        payment: Some(payment()),
        declared: Some(1_536_105_561_000),
    }
}

fn positions() -> NetPositions {
    let pays = NetPosition { organisation: OrganisationId(2), pays: 1_000_000, gets: 0 };
    let gets = NetPosition { organisation: OrganisationId(3), pays: 0, gets: 1_000_000 };
    vec![pays, gets].try_into().unwrap()
}

fn devices(numbers: &[u64]) -> Devices {
    numbers.iter().copied().map(DeviceId).collect::<Vec<_>>().try_into().unwrap()
}

fn air() -> DatasetProfile {
    DatasetProfile {
        title: text("Air"),
        sensitivity: Sensitivity::Restricted,
        description: Document { hash: [0xdc; 32], uri: text("https://neva.example/air") },
        schema: text(""),
        licence: text("CC-BY-4.0"),
    }
}

fn content() -> VersionContent {
    VersionContent {
        content: [0xab; 32],
        bytes: 4_096,
        records: 120,
        media_type: text("text/csv"),
        from: 1_536_019_344_000,
        to: 1_536_105_561_000,
        sources: vec![
            Source::Version { dataset: DatasetId(3), version: 4, grant: Some(GrantId(5)) },
            Source::Batches { device: DeviceId(7), first_sequence: 1_000, last_sequence: 1_255, grant: None },
            Source::External { content: [0xef; 32], uri: text("osm") },
        ]
        .try_into()
        .unwrap(),
        activity: Activity::Linkage,
        parameters: Some([0x77; 32]),
        code: text("air.git#4f2a"),
    }
}

/// Every field that need not be there is there.
fn terms() -> Terms {
    Terms {
        dataset: DatasetId(9),
        versions: Versions { first: 2, last: Some(2), content: Some([0xab; 32]) },
        provider: OrganisationId(2),
        consumer: OrganisationId(3),
        controller: OrganisationId(1),
        actions: [Action::Read, Action::Train].into_iter().collect(),
        purposes: vec![PurposeCode(2), PurposeCode(900)].try_into().unwrap(),
        not_before: 1_536_019_344_000,
        not_after: 1_536_105_561_000,
        limit: UsageLimit { accesses: Some(10), records: Some(20), bytes: Some(30) },
        price: Price::Contract { contract: Document { hash: [0xc0; 32], uri: text("c") } },
        delegation_depth: 1,
        restricted_delegation: true,
        jurisdiction: text("RU-SPE"),
        legal_basis: Some(LegalBasisCode::RU152_CONSENT),
        personal_data: PersonalData::Pseudonymised,
        consent: Some([0x0c; 32]),
        notice: Some(Notice { hash: [0x0d; 32], language: text("ru") }),
        retention_days: Some(30),
        recipients: vec![text("auditors"), text("press")].try_into().unwrap(),
        assessment: Some([0x0e; 32]),
        withdrawal: Some(text("tel")),
        agreement: Some(Document { hash: [0x0f; 32], uri: text("") }),
    }
}

fn access_report() -> AccessReport {
    AccessReport {
        counter: 8,
        from: 5,
        to: 6,
        usage: Usage { accesses: 1, records: 2, bytes: 3 },
        refused: vec![RefusedCount { reason: Denial::Expired, count: 4 }].try_into().unwrap(),
        receipts: 5,
        root: [0xaa; 32],
    }
}

fn refusal_report() -> RefusalReport {
    RefusalReport {
        counter: 8,
        from: 5,
        to: 6,
        strangers: vec![Stranger { requester: [0xbb; 32], count: 4 }].try_into().unwrap(),
        receipts: 4,
        root: [0xaa; 32],
    }
}

fn record(body: Body) -> Record {
    Record {
        version: RECORD_VERSION,
        index: 0x0102,
        block: 0x0304,
        time: 0x0506,
        organisation: OrganisationId(2),
        account: [0x22; 32],
        body,
    }
}

#[test]
fn a_record_starts_with_its_version_and_fixed_size_fields() {
    let bytes = record(Body::AccountRemoved { organisation: OrganisationId(2), account: [0x11; 32] }).encode();
    let expected = format!(
        "01{}{}{}{}{}03{}{}",
        "0201000000000000",
        "04030000",
        "0605000000000000",
        "02000000",
        "22".repeat(32),
        "02000000",
        "11".repeat(32),
    );
    assert_eq!(hex::encode(bytes), expected);
}

#[test]
fn every_body_keeps_its_index_and_round_trips() {
    for (index, body) in bodies() {
        let bytes = body.encode();
        assert_eq!(bytes[0], index, "{}", body.kind());
        assert_eq!(Body::decode_all(&mut &bytes[..]).unwrap(), body);
        assert!(Body::KINDS.contains(&body.kind()));
    }
    assert_eq!(bodies().len(), Body::KINDS.len());
}

#[test]
fn unknown_body_indices_are_refused() {
    let known: Vec<u8> = bodies().iter().map(|(index, _)| *index).collect();
    for index in (0..=255u8).filter(|index| !known.contains(index)) {
        assert!(Body::decode(&mut &[[index].as_slice(), &[0; 512]].concat()[..]).is_err(), "{index}");
    }
}

/// One after the other.
fn joined(parts: &[&[u8]]) -> String {
    hex::encode(parts.concat())
}

/// A text or list of fewer than 64 bytes or items begins with its length times four.
fn short(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 64);
    [[length << 2].as_slice(), text.as_bytes()].concat()
}

#[test]
fn datasets_are_encoded_field_by_field() {
    let profile = joined(&[
        &short("Air"),
        &[2],
        &[0xdc; 32],
        &short("https://neva.example/air"),
        &short(""),
        &short("CC-BY-4.0"),
    ]);
    assert_eq!(hex::encode(air().encode()), profile);
    let dataset = DatasetId(9);
    let registered =
        Body::DatasetRegistered { dataset, owner: OrganisationId(2), dataset_kind: DatasetKind::Model, profile: air() };
    let expected = joined(&[&[48], &9u64.to_le_bytes(), &2u32.to_le_bytes(), &[3]]) + &profile;
    assert_eq!(hex::encode(registered.encode()), expected);
    let devices = Body::DatasetDevicesChanged { dataset, added: devices(&[7, 8]), removed: devices(&[]) };
    let expected = joined(&[&[50], &9u64.to_le_bytes(), &[2 << 2], &7u64.to_le_bytes(), &8u64.to_le_bytes(), &[0]]);
    assert_eq!(hex::encode(devices.encode()), expected);
    let offered = Body::DatasetOffered { dataset, to: None };
    assert_eq!(hex::encode(offered.encode()), joined(&[&[51], &9u64.to_le_bytes(), &[0]]));
}

#[test]
fn a_version_is_encoded_field_by_field() {
    let expected = joined(&[
        &[53],
        &9u64.to_le_bytes(),
        &2u32.to_le_bytes(),
        &[0xab; 32],
        &4_096u64.to_le_bytes(),
        &120u64.to_le_bytes(),
        &short("text/csv"),
        &1_536_019_344_000u64.to_le_bytes(),
        &1_536_105_561_000u64.to_le_bytes(),
        &[3 << 2],
        // A version, by a grant.
        &[0],
        &3u64.to_le_bytes(),
        &4u32.to_le_bytes(),
        &[1],
        &5u64.to_le_bytes(),
        // Readings, without one.
        &[1],
        &7u64.to_le_bytes(),
        &1_000u64.to_le_bytes(),
        &1_255u64.to_le_bytes(),
        &[0],
        // Something else.
        &[2],
        &[0xef; 32],
        &short("osm"),
        &[4],
        &[1],
        &[0x77; 32],
        &short("air.git#4f2a"),
    ]);
    let body = Body::VersionPublished { dataset: DatasetId(9), version: 2, content: content() };
    assert_eq!(hex::encode(body.encode()), expected);
}

#[test]
fn terms_are_hashed_over_the_documented_layout() {
    let expected = joined(&[
        b"citynet.terms\0\0\0",
        &[1],
        &9u64.to_le_bytes(),
        &2u32.to_le_bytes(),
        &[1],
        &2u32.to_le_bytes(),
        &[1],
        &[0xab; 32],
        &2u32.to_le_bytes(),
        &3u32.to_le_bytes(),
        &1u32.to_le_bytes(),
        &[0b101],
        &[2 << 2],
        &2u16.to_le_bytes(),
        &900u16.to_le_bytes(),
        &1_536_019_344_000u64.to_le_bytes(),
        &1_536_105_561_000u64.to_le_bytes(),
        &[1],
        &10u64.to_le_bytes(),
        &[1],
        &20u64.to_le_bytes(),
        &[1],
        &30u64.to_le_bytes(),
        &[1],
        &[0xc0; 32],
        &short("c"),
        &[1],
        &[1],
        &short("RU-SPE"),
        &[1],
        &101u16.to_le_bytes(),
        &[1],
        &[1],
        &[0x0c; 32],
        &[1],
        &[0x0d; 32],
        &short("ru"),
        &[1],
        &30u32.to_le_bytes(),
        &[2 << 2],
        &short("auditors"),
        &short("press"),
        &[1],
        &[0x0e; 32],
        &[1],
        &short("tel"),
        &[1],
        &[0x0f; 32],
        &short(""),
    ]);
    assert_eq!(hex::encode(terms().to_bytes()), expected);

    let requested = Body::GrantRequested { grant: GrantId(5), supersedes: None, terms: terms() };
    let start = joined(&[&[80], &5u64.to_le_bytes(), &[0]]);
    // Without the tag and the version.
    assert_eq!(hex::encode(requested.encode()), start + &expected[2 * 17..]);
    let offered = Body::GrantOffered {
        grant: GrantId(5),
        parent: Some(GrantId(4)),
        supersedes: Some(GrantId(3)),
        binding: true,
        terms: terms(),
    };
    let start = joined(&[&[81], &5u64.to_le_bytes(), &[1], &4u64.to_le_bytes(), &[1], &3u64.to_le_bytes(), &[1]]);
    assert_eq!(hex::encode(offered.encode()), start + &expected[2 * 17..]);
}

#[test]
fn what_happens_to_a_grant_is_encoded_field_by_field() {
    let grant = GrantId(5);
    let advanced = Body::GrantAdvanced { grant, state: GrantState::Active, terms: [0x99; 32] };
    assert_eq!(hex::encode(advanced.encode()), joined(&[&[82], &5u64.to_le_bytes(), &[5], &[0x99; 32]]));
    let reason = ReasonCode::Superseded;
    let changed = Body::GrantStateChanged { grant, state: GrantState::Completed, reason, note: text("spill") };
    assert_eq!(hex::encode(changed.encode()), joined(&[&[83], &5u64.to_le_bytes(), &[9, 10], &short("spill")]));
    let counts = [8u64, 5, 6, 1, 2, 3].map(u64::to_le_bytes).concat();
    let reported = Body::AccessReported { grant, report: access_report() };
    let expected = joined(&[
        &[84],
        &5u64.to_le_bytes(),
        &counts,
        &[1 << 2],
        &[9],
        &4u64.to_le_bytes(),
        &5u64.to_le_bytes(),
        &[0xaa; 32],
    ]);
    assert_eq!(hex::encode(reported.encode()), expected);
    let refused = Body::RefusalsReported { dataset: DatasetId(9), report: refusal_report() };
    let expected = joined(&[
        &[86],
        &9u64.to_le_bytes(),
        &[8u64, 5, 6].map(u64::to_le_bytes).concat(),
        &[1 << 2],
        &[0xbb; 32],
        &4u64.to_le_bytes(),
        &4u64.to_le_bytes(),
        &[0xaa; 32],
    ]);
    assert_eq!(hex::encode(refused.encode()), expected);
    let added = Body::CodeAdded { list: CodeList::LegalBasis, code: 900, name: text("ru152-9-4") };
    assert_eq!(hex::encode(added.encode()), joined(&[&[87], &[1], &900u16.to_le_bytes(), &short("ru152-9-4")]));
}

#[test]
fn prices_are_encoded_field_by_field() {
    assert_eq!(Price::Free.encode(), [0]);
    let fixed = Price::Fixed { currency: 1, amount: u128::MAX };
    assert_eq!(hex::encode(fixed.encode()), joined(&[&[2], &1u32.to_le_bytes(), &[0xff; 16]]));
    let per_period = Price::PerPeriod { currency: 1, amount: 9, period: 86_400_000 };
    let expected = joined(&[&[3], &1u32.to_le_bytes(), &9u128.to_le_bytes(), &86_400_000u64.to_le_bytes()]);
    assert_eq!(hex::encode(per_period.encode()), expected);
    let tiers: Tiers = vec![Tier { above: 0, amount: 9 }, Tier { above: 100, amount: 8 }].try_into().unwrap();
    let metered = Price::Metered { currency: 1, unit: Unit::Record, per: 1_000, tiers, dispute_window: 5 };
    let expected = joined(&[
        &[4],
        &1u32.to_le_bytes(),
        &[1],
        &1_000u64.to_le_bytes(),
        &[2 << 2],
        &0u64.to_le_bytes(),
        &9u128.to_le_bytes(),
        &100u64.to_le_bytes(),
        &8u128.to_le_bytes(),
        &5u64.to_le_bytes(),
    ]);
    assert_eq!(hex::encode(metered.encode()), expected);
    let expected = serde_json::json!({
        "price": "metered",
        "currency": 1,
        "unit": "record",
        "per": "1000",
        "tiers": [{ "above": "0", "amount": "9" }, { "above": "100", "amount": "8" }],
        "disputeWindow": "5",
    });
    assert_eq!(serde_json::to_value(metered).unwrap(), expected);
}

#[test]
fn money_is_encoded_field_by_field() {
    let created = Body::CurrencyCreated { currency: 1, info: rouble() };
    let expected = joined(&[&[112], &1u32.to_le_bytes(), &short("RUB"), &[2], &4u32.to_le_bytes()]);
    assert_eq!(hex::encode(created.encode()), expected);
    let reference = [[0x1e_u8; 16].as_slice(), &[0x2e; 32]].concat();
    let (organisation, amount) = (OrganisationId(2), 1_000_000);
    let deposited = Body::Deposited { currency: 1, organisation, amount, reference: payment() };
    let expected =
        joined(&[&[113], &1u32.to_le_bytes(), &2u32.to_le_bytes(), &1_000_000u128.to_le_bytes(), &reference]);
    assert_eq!(hex::encode(deposited.encode()), expected);
    let requested = Body::WithdrawalRequested { withdrawal: 6, info: withdrawal_info() };
    let expected = joined(&[
        &[114],
        &6u64.to_le_bytes(),
        &1u32.to_le_bytes(),
        &2u32.to_le_bytes(),
        &1_000_000u128.to_le_bytes(),
        &[0x3e; 32],
    ]);
    assert_eq!(hex::encode(requested.encode()), expected);
}

#[test]
fn an_obligation_is_encoded_field_by_field() {
    let created = Body::ObligationCreated { obligation: 7, info: owed() };
    let expected = joined(&[
        &[123],
        &7u64.to_le_bytes(),
        &[2],
        &1u32.to_le_bytes(),
        &3u32.to_le_bytes(),
        &2u32.to_le_bytes(),
        &1_000_000u128.to_le_bytes(),
        &5u64.to_le_bytes(),
        &[1u64, 2, 3].map(u64::to_le_bytes).concat(),
        &[1],
        &6u64.to_le_bytes(),
        &9u128.to_le_bytes(),
        &1_536_019_344_000u64.to_le_bytes(),
        &7u32.to_le_bytes(),
        &[1],
        &[0x1e; 16],
        &[0x2e; 32],
        &[1],
        &1_536_105_561_000u64.to_le_bytes(),
    ]);
    assert_eq!(hex::encode(created.encode()), expected);
    let reversed = Body::ObligationReversed { obligation: 7, info: owed(), reason: text("bird nest") };
    let kind_and_info = expected.replacen("7b", "83", 1);
    assert_eq!(hex::encode(reversed.encode()), kind_and_info + &joined(&[&short("bird nest")]));
    let withdrawn = Body::DeclarationWithdrawn { obligation: 7 };
    assert_eq!(hex::encode(withdrawn.encode()), joined(&[&[132], &7u64.to_le_bytes()]));
    let leaf = GrossLeaf { obligation: 7, debtor: OrganisationId(3), creditor: OrganisationId(2), amount: 9 };
    let expected = joined(&[&7u64.to_le_bytes(), &3u32.to_le_bytes(), &2u32.to_le_bytes(), &9u128.to_le_bytes()]);
    assert_eq!(hex::encode(leaf.encode()), expected);
}

#[test]
fn a_cycle_is_encoded_field_by_field() {
    let cycle = CycleId { currency: 1, number: 7 };
    let id = [1u32, 7].map(u32::to_le_bytes).concat();
    let opened = Body::CycleOpened { cycle, cutoff: 5, deadline: 6 };
    assert_eq!(hex::encode(opened.encode()), joined(&[&[127], &id, &5u64.to_le_bytes(), &6u64.to_le_bytes()]));
    let computed = Body::CycleComputed { cycle, obligations: 2, gross: 9, root: [0xaa; 32], positions: positions() };
    let expected = joined(&[
        &[128],
        &id,
        &2u64.to_le_bytes(),
        &9u128.to_le_bytes(),
        &[0xaa; 32],
        &[2 << 2],
        &2u32.to_le_bytes(),
        &1_000_000u128.to_le_bytes(),
        &0u128.to_le_bytes(),
        &3u32.to_le_bytes(),
        &0u128.to_le_bytes(),
        &1_000_000u128.to_le_bytes(),
    ]);
    assert_eq!(hex::encode(computed.encode()), expected);
    let defaulted = Body::CycleDefaulted { cycle, debtor: OrganisationId(2), amount: 9 };
    let expected = joined(&[&[129], &id, &2u32.to_le_bytes(), &9u128.to_le_bytes()]);
    assert_eq!(hex::encode(defaulted.encode()), expected);
    let settled = Body::CycleSettled { cycle, net: 9 };
    assert_eq!(hex::encode(settled.encode()), joined(&[&[130], &id, &9u128.to_le_bytes()]));
}

#[test]
fn actions_are_a_set_of_bits() {
    for (bit, action) in Action::ALL.iter().enumerate() {
        let actions: Actions = [*action].into_iter().collect();
        assert_eq!(actions.0, 1 << bit, "bit n is the action with codec index n");
        assert_eq!(usize::from(action.encode()[0]), bit);
        assert!(actions.contains(*action) && actions.is_known());
    }
    assert!(!Actions(32).is_known() && Actions(31).is_known() && Actions::default().is_empty());
    assert_eq!(serde_json::to_value(Actions(0b1_0101)).unwrap(), serde_json::json!(["read", "train", "publish"]));
    assert_eq!(serde_json::from_str::<Actions>(r#"["publish","read","train"]"#).unwrap(), Actions(0b1_0101));
}

#[test]
fn code_lists_name_each_code_once() {
    for (position, (code, name)) in PURPOSES.iter().enumerate() {
        assert_eq!(code.name(), Some(*name));
        assert!(PURPOSES[..position].iter().all(|(earlier, other)| earlier < code && other != name), "{name}");
        assert!(name.len() <= 64, "{name} is longer than codes that the council adds");
    }
    for (position, (code, name)) in LEGAL_BASES.iter().enumerate() {
        assert_eq!(code.name(), Some(*name));
        assert!(LEGAL_BASES[..position].iter().all(|(earlier, other)| earlier < code && other != name), "{name}");
        assert_eq!(code.is_russian(), name.starts_with("ru152-"), "{name}");
        assert_eq!(code.is_consent(), *name == "A6-1-a" || *name == "ru152-6-1-1", "{name}");
    }
    assert_eq!((PurposeCode(0).name(), LegalBasisCode(110).name()), (None, None));
}

#[test]
fn a_batch_statement_has_the_documented_layout() {
    let (genesis, batch) = ([0xcc; 32], batch());
    let bytes = BatchStatement { genesis: &genesis, algorithm: AlgorithmId::ED25519, batch: &batch }.to_bytes();
    assert_eq!(bytes.len(), 141);
    assert_eq!(&bytes[..16], b"citynet.batch\0\0\0");
    assert_eq!(bytes[16], STATEMENT_VERSION);
    assert_eq!(bytes[17..49], genesis);
    assert_eq!(bytes[49..51], 1u16.to_le_bytes());
    assert_eq!(bytes[51..59], 7u64.to_le_bytes());
    assert_eq!(bytes[59..63], 3u32.to_le_bytes());
    assert_eq!(bytes[63..65], 1u16.to_le_bytes());
    assert_eq!(bytes[65..73], 1_000u64.to_le_bytes());
    assert_eq!(bytes[73..77], 256u32.to_le_bytes());
    assert_eq!(bytes[77..85], 2u64.to_le_bytes());
    assert_eq!(bytes[85..93], 1_536_019_344_000u64.to_le_bytes());
    assert_eq!(bytes[93..101], 1_536_105_561_000u64.to_le_bytes());
    assert_eq!(bytes[101..133], [0xab; 32]);
    assert_eq!(bytes[133..], 1_800_000_000_000u64.to_le_bytes());
}

#[test]
fn a_possession_statement_has_the_documented_layout() {
    let (genesis, key) = ([0xcc; 32], key());
    let bytes = PossessionStatement {
        genesis: &genesis,
        organisation: OrganisationId(2),
        device: DeviceId(7),
        epoch: 1,
        expires: 9,
        key: &key,
    }
    .to_bytes();
    assert_eq!(&bytes[..16], b"citynet.device\0\0");
    assert_eq!(bytes[16], STATEMENT_VERSION);
    assert_eq!(bytes[17..49], genesis);
    assert_eq!(bytes[49..51], 1u16.to_le_bytes());
    assert_eq!(bytes[51..55], 2u32.to_le_bytes());
    assert_eq!(bytes[55..63], 7u64.to_le_bytes());
    assert_eq!(bytes[63..67], 1u32.to_le_bytes());
    assert_eq!(bytes[67..75], 9u64.to_le_bytes());
    assert_eq!(bytes[75..], [0xee; 32]);
}

#[test]
fn an_application_statement_has_the_documented_layout() {
    let (genesis, admin, profile) = ([0xcc; 32], [0x11; 32], profile());
    let kind = OrganisationKind::Telecom;
    let bytes =
        ApplicationStatement { genesis: &genesis, admin: &admin, kind, expires: 9, profile: &profile }.to_bytes();
    assert_eq!(&bytes[..16], b"citynet.applicat");
    assert_eq!(bytes[16], STATEMENT_VERSION);
    assert_eq!(bytes[17..49], genesis);
    assert_eq!(bytes[49..81], admin);
    assert_eq!(bytes[81], 1);
    assert_eq!(bytes[82..90], 9u64.to_le_bytes());
    assert_eq!(bytes[90..], profile.encode());
    assert_eq!(bytes[90], 12 << 2, "the name's length, compact");
}

#[test]
fn a_peer_id_is_written_as_libp2p_writes_it() {
    // `citynet-node key inspect-node-key` says so of the key 00…01.
    let text = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
    let peer: PeerId = text.parse().unwrap();
    assert_eq!(hex::encode(peer.0), "4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29");
    assert_eq!(peer.to_string(), text);
    assert_eq!(serde_json::to_value(peer).unwrap(), text);
    // Empty, not base58, of another kind of key, and a byte short.
    for wrong in ["", "0OIl", "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", &text[..51]] {
        assert!(wrong.parse::<PeerId>().is_err(), "{wrong}");
    }
}

#[test]
fn json_shows_wide_numbers_as_text_and_bytes_as_hex() {
    let body = Body::BatchAttested { batch: batch(), signature: vec![0x55; 2].try_into().unwrap() };
    let json = serde_json::to_value(record(body)).unwrap();
    assert_eq!(json["index"], "258");
    assert_eq!(json["block"], 772);
    assert_eq!(json["time"], "1286");
    assert_eq!(json["body"]["kind"], "batch_attested");
    assert_eq!(json["body"]["batch"]["firstSequence"], "1000");
    assert_eq!(json["body"]["signature"], "0x5555");
    for (_, body) in bodies() {
        assert_eq!(serde_json::to_value(&body).unwrap()["kind"], body.kind());
    }
    let registered = bodies().into_iter().find(|(index, _)| *index == 16).unwrap().1;
    let json = serde_json::to_value(registered).unwrap();
    assert_eq!(json["profile"]["properties"], serde_json::json!(["P1", "P2"]));
    assert_eq!(json["profile"]["location"], serde_json::json!({"geohash": "gfnxyz1"}));
}

#[test]
fn roles_are_a_set_of_bits() {
    let roles = Roles::of(&[Role::Admin, Role::Auditor]);
    assert_eq!(roles.0, 0b10_0001);
    assert!(roles.contains(Role::Auditor) && !roles.contains(Role::Attestor));
    assert_eq!(roles.iter().collect::<Vec<_>>(), [Role::Admin, Role::Auditor]);
    assert_eq!(serde_json::to_value(roles).unwrap(), serde_json::json!(["admin", "auditor"]));
    assert_eq!(serde_json::from_str::<Roles>(r#"["auditor","admin"]"#).unwrap(), roles);
    assert!(serde_json::from_str::<Roles>(r#"["king"]"#).is_err());
    assert!(!Roles(64).is_known() && Roles(63).is_known());
    for (bit, role) in Role::ALL.iter().enumerate() {
        assert_eq!(Roles::of(&[*role]).0, 1 << bit, "bit n is the role with codec index n");
        assert_eq!(usize::from(role.encode()[0]), bit);
    }
}

#[test]
fn subjects_are_written_and_read_as_text() {
    let all = [
        Subject::Organisation(OrganisationId(3)),
        Subject::Dataset(DatasetId(u64::MAX)),
        Subject::Device(DeviceId(u64::MAX)),
        Subject::Grant(GrantId(u64::MAX)),
        Subject::Cycle(CycleId { currency: 1, number: u32::MAX }),
    ];
    for subject in all {
        assert_eq!(subject.to_string().parse::<Subject>().unwrap(), subject);
    }
    let plain = ["", "device", "device:", "device:-1", "motion:1", "device:1:2", "organisation:4294967296"];
    for wrong in plain.into_iter().chain(["cycle:1", "cycle:1-", "cycle:1-2-3", "cycle:1-4294967296"]) {
        assert!(wrong.parse::<Subject>().is_err(), "{wrong}");
    }
    assert_eq!(all.map(|subject| subject.encode()[0]), [0, 1, 2, 3, 4]);
}
