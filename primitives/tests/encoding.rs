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
        (67, Body::MotionVoted { motion, number: 1, approve: true, reason }),
        (68, Body::MotionClosed { motion, number: 1, approved: true, yes: 3, no: 1, seats: 4 }),
        (69, Body::ParameterChanged { parameter: Parameter::MinMembers { value: 3 } }),
    ]
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
    for subject in [Subject::Organisation(OrganisationId(3)), Subject::Device(DeviceId(u64::MAX))] {
        assert_eq!(subject.to_string().parse::<Subject>().unwrap(), subject);
    }
    for wrong in ["", "device", "device:", "device:-1", "grant:1", "device:1:2", "organisation:4294967296"] {
        assert!(wrong.parse::<Subject>().is_err(), "{wrong}");
    }
    assert_eq!(Subject::Organisation(OrganisationId(1)).encode()[0], 0);
    assert_eq!(Subject::Device(DeviceId(1)).encode()[0], 2);
}
