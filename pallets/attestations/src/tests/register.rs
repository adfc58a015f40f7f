use crate::{algorithms::AlgorithmStatus, impls::key_id, mock::*, DeviceCount, Error, Event, KeyOwners};
use citynet_primitives::{
    AlgorithmId, Body, Calibration, DeviceId, DeviceInfo, DeviceKey, DeviceProfile, DeviceStatus, Location,
    OrganisationStatus, Signature,
};
use citynet_support::mock::{MockGenesis, MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

fn try_profile(profile: DeviceProfile) -> DispatchResult {
    let pair = pair(1);
    let proof = prove(&pair, &MockGenesis::HASH, CITY, DeviceId(0), 0, now());
    Attestations::register(signed(registrar()), profile, key(&pair), proof, now())
}

/// Registers with a proof that is as good as can be: whatever the key, it is signed by pair 1 over that key.
fn try_key(key: DeviceKey) -> DispatchResult {
    let statement = citynet_primitives::PossessionStatement {
        genesis: &MockGenesis::HASH,
        organisation: CITY,
        device: DeviceId(0),
        epoch: 0,
        expires: now(),
        key: &key,
    };
    let proof = sign_bytes(&pair(1), &statement.to_bytes());
    Attestations::register(signed(registrar()), profile(), key.clone(), proof, now())
}

fn try_proof(proof: Signature) -> DispatchResult {
    Attestations::register(signed(registrar()), profile(), key(&pair(1)), proof, now())
}

#[test]
fn registers() {
    ExtBuilder::default().run(|| {
        for seed in 1..=2u8 {
            let device = register(&pair(seed));
            assert_eq!(device, DeviceId(seed.into()));
            let key = key(&pair(seed));
            let body = Body::DeviceRegistered { device, owner: CITY, profile: profile(), key: key.clone() };
            let record = assert_recorded(&registrar(), device, Some(CITY), &body);
            assert_eq!(last_event(), Event::DeviceRegistered { device, owner: CITY, record });
            assert_eq!(KeyOwners::<Test>::get(key_id(&key)), Some(device));
            let head = info(device).head;
            assert_eq!(
                info(device),
                DeviceInfo {
                    owner: CITY,
                    status: DeviceStatus::Active,
                    epoch: 0,
                    key,
                    previous: None,
                    next_sequence: 0,
                    distrusted_since: None,
                    head,
                }
            );
        }
        assert_eq!(events().len(), 2);
    });
}

#[test]
fn refuses_by_membership() {
    ExtBuilder::default().run(|| {
        let call = |origin| {
            let proof = prove(&pair(1), &MockGenesis::HASH, CITY, DeviceId(0), 0, now());
            Attestations::register(origin, profile(), key(&pair(1)), proof, now())
        };
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(attestor())), MockMembership::NOT_AUTHORIZED);
        MockMembership::set_status(CITY, OrganisationStatus::Suspended);
        assert_noop!(call(signed(registrar())), MockMembership::NOT_MEMBER);
    });
}

#[test]
fn refuses_bad_texts() {
    ExtBuilder::default().run(|| {
        let bad = [
            DeviceProfile { model: text(""), ..profile() },
            DeviceProfile { model: bytes(&[b'N', 0xff]), ..profile() },
            DeviceProfile { properties: vec![text("P1"), text("")].try_into().unwrap(), ..profile() },
            DeviceProfile { properties: vec![bytes(&[0xc3])].try_into().unwrap(), ..profile() },
            DeviceProfile { location: Location::Text(text("")), ..profile() },
            DeviceProfile { location: Location::Text(bytes(&[0x80])), ..profile() },
            DeviceProfile { location: Location::Geohash(text("")), ..profile() },
            DeviceProfile { location: Location::Geohash(text("udta")), ..profile() },
            DeviceProfile { location: Location::Geohash(text("UDTS")), ..profile() },
            DeviceProfile { location: Location::Geohash(text("udt ")), ..profile() },
        ];
        for profile in bad {
            assert_noop!(try_profile(profile), Error::<Test>::InvalidText);
        }
        let russian = Location::Text(text("Петроградский район"));
        assert_ok!(try_profile(DeviceProfile { location: russian, ..profile() }));
    });
}

#[test]
fn refuses_a_device_that_observes_nothing() {
    ExtBuilder::default().run(|| {
        let profile = DeviceProfile { properties: Default::default(), ..profile() };
        assert_noop!(try_profile(profile), Error::<Test>::NoProperties);
    });
}

#[test]
fn refuses_a_reversed_calibration() {
    ExtBuilder::default().run(|| {
        let calibration = Some(Calibration { certificate: [9; 32], valid_from: 2, valid_until: 1 });
        assert_noop!(try_profile(DeviceProfile { calibration, ..profile() }), Error::<Test>::CalibrationReversed);
        assert_ok!(try_profile(DeviceProfile { calibration: None, ..profile() }));
    });
}

#[test]
fn refuses_algorithms_by_the_registry() {
    ExtBuilder::default().run(|| {
        let key = key(&pair(1));
        for algorithm in [AlgorithmId(0), AlgorithmId::ML_DSA_65, AlgorithmId(u16::MAX)] {
            assert_noop!(try_key(DeviceKey { algorithm, ..key.clone() }), Error::<Test>::UnknownAlgorithm);
        }
        for status in [AlgorithmStatus::VerifyOnly, AlgorithmStatus::Rejected] {
            set_algorithm(AlgorithmId::ED25519, Some(status));
            assert_noop!(try_key(key.clone()), Error::<Test>::AlgorithmNotAccepted);
        }
        set_algorithm(AlgorithmId::ED25519, None);
        assert_noop!(try_key(key.clone()), Error::<Test>::UnknownAlgorithm);
        set_algorithm(AlgorithmId::ED25519, Some(AlgorithmStatus::Accepted));
        assert_ok!(try_key(key));
    });
}

#[test]
fn refuses_bad_keys() {
    ExtBuilder::default().run(|| {
        let good = key(&pair(1)).public_key.to_vec();
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut no_point = [0; 32];
        no_point[0] = 2;
        // y = p + 3: a point of large order that ZIP-215 takes in this form, too.
        let mut not_canonical = [0xff; 32];
        not_canonical[0] = 0xf0;
        not_canonical[31] = 0x7f;
        assert!(ed25519_dalek::VerifyingKey::from_bytes(&not_canonical).is_ok_and(|key| !key.is_weak()));

        let long = [good.as_slice(), &[0]].concat();
        let bad: [&[u8]; 6] = [&[], &good[..31], &long, &identity, &no_point, &not_canonical];
        for key in bad {
            assert_noop!(try_key(ed25519(key)), Error::<Test>::InvalidKey);
        }
    });
}

#[test]
fn refuses_a_key_twice() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_noop!(try_key(key(&pair(1))), Error::<Test>::KeyAlreadyRegistered);

        let proof = prove(&pair(1), &MockGenesis::HASH, TELECOM, DeviceId(0), 0, now());
        assert_noop!(
            Attestations::register(signed(stranger_registrar()), profile(), key(&pair(1)), proof, now()),
            Error::<Test>::KeyAlreadyRegistered
        );

        assert_ok!(rotate(device, &pair(2), 0));
        assert_ok!(rotate(device, &pair(3), 0));
        for seed in 1..=3 {
            let proof = prove(&pair(seed), &MockGenesis::HASH, CITY, DeviceId(0), 0, now());
            assert_noop!(
                Attestations::register(signed(registrar()), profile(), key(&pair(seed)), proof, now()),
                Error::<Test>::KeyAlreadyRegistered
            );
        }
    });
}

#[test]
fn refuses_an_expired_proof() {
    ExtBuilder::default().run(|| {
        let register = |seed, expires| {
            let proof = prove(&pair(seed), &MockGenesis::HASH, CITY, DeviceId(0), 0, expires);
            Attestations::register(signed(registrar()), profile(), key(&pair(seed)), proof, expires)
        };
        assert_noop!(register(1, now() - 1), Error::<Test>::ProofExpired);
        assert_ok!(register(1, now()));
        assert_ok!(register(2, u64::MAX));
    });
}

#[test]
fn refuses_a_proof_of_something_else() {
    ExtBuilder::default().run(|| {
        let here = &MockGenesis::HASH;
        let good = prove(&pair(1), here, CITY, DeviceId(0), 0, now());
        let mut flipped = good.clone();
        flipped[0] ^= 1;
        let short = Signature::try_from(good[..63].to_vec()).unwrap();
        let bad = [
            prove(&pair(2), here, CITY, DeviceId(0), 0, now()),
            prove(&pair(1), &[0; 32], CITY, DeviceId(0), 0, now()),
            prove(&pair(1), here, TELECOM, DeviceId(0), 0, now()),
            prove(&pair(1), here, CITY, DeviceId(1), 0, now()),
            prove(&pair(1), here, CITY, DeviceId(0), 1, now()),
            prove(&pair(1), here, CITY, DeviceId(0), 0, now() + 1),
            flipped,
            short,
            Signature::default(),
        ];
        for proof in bad {
            assert_noop!(try_proof(proof), Error::<Test>::InvalidProofOfPossession);
        }
        assert_ok!(try_proof(good));
    });
}

#[test]
fn refuses_when_the_numbers_are_used_up() {
    ExtBuilder::default().run(|| {
        DeviceCount::<Test>::put(u64::MAX);
        assert_noop!(try_key(key(&pair(1))), Error::<Test>::NumbersExhausted);
    });
}

#[test]
fn writes_nothing_when_the_journal_refuses() {
    ExtBuilder::default().run(|| {
        MockJournal::fail(true);
        assert_noop!(try_key(key(&pair(1))), MockJournal::FAILURE);
    });
}
