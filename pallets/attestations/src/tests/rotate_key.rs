use crate::{algorithms::AlgorithmStatus, impls::key_id, mock::*, Devices, Error, Event, KeyOwners};
use citynet_primitives::{AlgorithmId, Body, DeviceId, DeviceInfo, DeviceKey, Signature};
use citynet_support::mock::{MockClock, MockGenesis, MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

fn try_proof(device: DeviceId, proof: Signature) -> DispatchResult {
    Attestations::rotate_key(signed(registrar()), device, key(&pair(2)), proof, now(), 0)
}

#[test]
fn rotates() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_ok!(attest(&pair(1), &next_batch(device)));
        let before = info(device);
        assert_ok!(rotate(device, &pair(2), 500));

        let previous_valid_until = now() + 500;
        let body = Body::DeviceKeyRotated { device, epoch: 1, key: key(&pair(2)), previous_valid_until };
        let record = assert_recorded(&registrar(), device, Some(CITY), &body);
        assert_eq!(last_event(), Event::DeviceKeyRotated { device, epoch: 1, record });
        assert_eq!(
            info(device),
            DeviceInfo {
                epoch: 1,
                key: key(&pair(2)),
                previous: Some((key(&pair(1)), previous_valid_until)),
                head: info(device).head,
                ..before
            }
        );
        for seed in 1..=2 {
            assert_eq!(KeyOwners::<Test>::get(key_id(&key(&pair(seed)))), Some(device));
        }
    });
}

#[test]
fn both_keys_sign_until_the_overlap_ends() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let old = |device| citynet_primitives::Batch { epoch: 0, ..next_batch(device) };
        assert_ok!(rotate(device, &pair(2), 500));
        assert_ok!(attest(&pair(1), &old(device)));
        assert_ok!(attest(&pair(2), &next_batch(device)));
        // The epoch chooses the key; that another one is valid as well does not help.
        assert_noop!(attest(&pair(2), &old(device)), Error::<Test>::InvalidSignature);
        assert_noop!(attest(&pair(1), &next_batch(device)), Error::<Test>::InvalidSignature);

        MockClock::advance(499);
        assert_ok!(attest(&pair(1), &old(device)));
        MockClock::advance(1);
        assert_noop!(attest(&pair(1), &old(device)), Error::<Test>::EpochExpired);
        assert_ok!(attest(&pair(2), &next_batch(device)));
    });
}

#[test]
fn an_overlap_of_zero_is_none() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let batch = next_batch(device);
        assert_ok!(rotate(device, &pair(2), 0));
        assert_noop!(attest(&pair(1), &batch), Error::<Test>::EpochExpired);
    });
}

#[test]
fn the_next_rotation_ends_the_overlap_before() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let first = next_batch(device);
        assert_ok!(rotate(device, &pair(2), MAX_OVERLAP));
        let second = next_batch(device);
        assert_ok!(rotate(device, &pair(3), MAX_OVERLAP));
        assert_noop!(attest(&pair(1), &first), Error::<Test>::EpochExpired);
        assert_ok!(attest(&pair(2), &second));
    });
}

#[test]
fn a_suspended_device_may_rotate() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_ok!(Attestations::suspend(signed(registrar()), device, reason()));
        assert_ok!(rotate(device, &pair(2), 0));
    });
}

#[test]
fn refuses_by_membership_and_owner() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let call = |origin, device| {
            let proof = prove(&pair(2), &MockGenesis::HASH, CITY, device, 1, now());
            Attestations::rotate_key(origin, device, key(&pair(2)), proof, now(), 0)
        };
        assert_noop!(call(RuntimeOrigin::none(), device), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody()), device), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(attestor()), device), MockMembership::NOT_AUTHORIZED);
        assert_noop!(call(signed(stranger_registrar()), device), Error::<Test>::NotOwner);
        assert_noop!(call(signed(registrar()), DeviceId(2)), Error::<Test>::NotFound);
    });
}

#[test]
fn refuses_a_retired_device() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_ok!(Attestations::retire(signed(registrar()), device, reason()));
        assert_noop!(rotate(device, &pair(2), 0), Error::<Test>::DeviceRetired);
    });
}

#[test]
fn refuses_a_long_overlap() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_noop!(rotate(device, &pair(2), MAX_OVERLAP + 1), Error::<Test>::OverlapTooLong);
        assert_ok!(rotate(device, &pair(2), MAX_OVERLAP));
    });
}

#[test]
fn refuses_bad_keys() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        register(&pair(3));
        let call = |key: DeviceKey, expires| {
            let proof = prove(&pair(2), &MockGenesis::HASH, CITY, device, 1, expires);
            Attestations::rotate_key(signed(registrar()), device, key, proof, expires, 0)
        };
        let unknown = DeviceKey { algorithm: AlgorithmId::ML_DSA_44, ..key(&pair(2)) };
        assert_noop!(call(unknown, now()), Error::<Test>::UnknownAlgorithm);
        assert_noop!(call(ed25519(&[0; 31]), now()), Error::<Test>::InvalidKey);
        assert_noop!(call(key(&pair(2)), now() - 1), Error::<Test>::ProofExpired);
        // Neither its own key nor that of another device.
        for seed in [1, 3] {
            assert_noop!(call(key(&pair(seed)), now()), Error::<Test>::KeyAlreadyRegistered);
        }
        set_algorithm(AlgorithmId::ED25519, Some(AlgorithmStatus::VerifyOnly));
        assert_noop!(call(key(&pair(2)), now()), Error::<Test>::AlgorithmNotAccepted);
        set_algorithm(AlgorithmId::ED25519, Some(AlgorithmStatus::Accepted));
        assert_ok!(call(key(&pair(2)), now()));
    });
}

#[test]
fn refuses_a_proof_of_something_else() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let here = &MockGenesis::HASH;
        let bad = [
            prove(&pair(1), here, CITY, device, 1, now()),
            prove(&pair(2), &[0; 32], CITY, device, 1, now()),
            prove(&pair(2), here, TELECOM, device, 1, now()),
            prove(&pair(2), here, CITY, DeviceId(0), 0, now()),
            prove(&pair(2), here, CITY, device, 0, now()),
            prove(&pair(2), here, CITY, device, 2, now()),
            prove(&pair(2), here, CITY, device, 1, now() + 1),
            Signature::default(),
        ];
        for proof in bad {
            assert_noop!(try_proof(device, proof), Error::<Test>::InvalidProofOfPossession);
        }
        assert_ok!(try_proof(device, prove(&pair(2), here, CITY, device, 1, now())));
    });
}

#[test]
fn refuses_when_the_epochs_are_used_up() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        Devices::<Test>::mutate(device, |info| info.as_mut().unwrap().epoch = u32::MAX);
        assert_noop!(
            Attestations::rotate_key(signed(registrar()), device, key(&pair(2)), Signature::default(), now(), 0),
            Error::<Test>::NumbersExhausted
        );
    });
}

#[test]
fn writes_nothing_when_the_journal_refuses() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        MockJournal::fail(true);
        assert_noop!(rotate(device, &pair(2), 0), MockJournal::FAILURE);
    });
}
