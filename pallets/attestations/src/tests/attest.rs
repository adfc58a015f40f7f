use crate::{algorithms::AlgorithmStatus, mock::*, Error, Event};
use citynet_primitives::{
    AlgorithmId, Batch, BatchStatement, Body, DeviceId, DeviceInfo, OrganisationStatus, SchemaId, Signature,
};
use citynet_support::mock::{MockClock, MockGenesis, MockJournal, MockMembership};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

/// How many keys the pallet has in storage.
fn keys() -> usize {
    let prefix = sp_io::hashing::twox_128(b"Attestations");
    core::iter::successors(sp_io::storage::next_key(&prefix), |key| sp_io::storage::next_key(key))
        .take_while(|key| key.starts_with(&prefix))
        .count()
}

/// Checks that a batch, properly signed with pair 1, is refused.
#[track_caller]
fn assert_refused(batch: Batch, error: Error<Test>) {
    assert_noop!(attest(&pair(1), &batch), error);
}

#[test]
fn attests() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let keys_before = keys();
        for first_sequence in [0, 10] {
            let before = info(device);
            let batch = next_batch(device);
            assert_eq!(batch.first_sequence, first_sequence);
            let signature = sign(&pair(1), &batch);
            assert_ok!(Attestations::attest(signed(attestor()), batch.clone(), signature.clone()));

            let record = assert_recorded(&attestor(), device, None, &Body::BatchAttested { batch, signature });
            assert_eq!(last_event(), Event::BatchAttested { device, first_sequence, count: 10, record });
            let head = info(device).head;
            assert_ne!(head, before.head);
            assert_eq!(info(device), DeviceInfo { next_sequence: first_sequence + 10, head, ..before });
        }
        assert_eq!(keys(), keys_before);
    });
}

#[test]
fn a_declared_gap_is_recorded_and_skipped() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        // Before the first batch as well as between two.
        for next_sequence in [17, 34] {
            let batch = next_batch(device);
            let batch = Batch { first_sequence: batch.first_sequence + 7, missing: 7, ..batch };
            assert_ok!(attest(&pair(1), &batch));
            assert_eq!(info(device).next_sequence, next_sequence);
            let signature = sign(&pair(1), &batch);
            assert_recorded(&attestor(), device, None, &Body::BatchAttested { batch, signature });
        }
    });
}

#[test]
fn refuses_by_membership() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let batch = next_batch(device);
        let call = |origin| Attestations::attest(origin, batch.clone(), sign(&pair(1), &batch));
        assert_noop!(call(RuntimeOrigin::none()), DispatchError::BadOrigin);
        assert_noop!(call(signed(nobody())), MockMembership::NOT_MEMBER);
        assert_noop!(call(signed(registrar())), MockMembership::NOT_AUTHORIZED);
        MockMembership::set_status(CITY, OrganisationStatus::Expelled);
        assert_noop!(call(signed(attestor())), MockMembership::NOT_MEMBER);
        MockMembership::set_status(CITY, OrganisationStatus::Active);
        MockMembership::remove(&attestor());
        assert_noop!(call(signed(attestor())), MockMembership::NOT_MEMBER);
    });
}

#[test]
fn refuses_by_device() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let batch = next_batch(device);
        for nowhere in [0, 2, u64::MAX] {
            assert_refused(Batch { device: DeviceId(nowhere), ..batch.clone() }, Error::NotFound);
        }
        assert_noop!(
            Attestations::attest(signed(stranger_attestor()), batch.clone(), sign(&pair(1), &batch)),
            Error::<Test>::NotOwner
        );
        assert_ok!(Attestations::suspend(signed(registrar()), device, reason()));
        assert_refused(batch.clone(), Error::DeviceSuspended);
        assert_ok!(Attestations::retire(signed(registrar()), device, reason()));
        assert_refused(batch, Error::DeviceRetired);
    });
}

#[test]
fn refuses_what_the_batch_says_by_itself() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let batch = next_batch(device);
        let base = || batch.clone();
        assert_refused(Batch { count: 0, ..base() }, Error::EmptyBatch);
        for schema in [SchemaId(0), SchemaId(2)] {
            assert_refused(Batch { schema, ..base() }, Error::UnknownSchema);
        }
        assert_refused(Batch { window_start: now() + 1, window_end: now(), ..base() }, Error::WindowReversed);
        assert_refused(Batch { window_end: now() + MAX_WINDOW_AHEAD + 1, ..base() }, Error::WindowInFuture);
        assert_refused(Batch { expires: now() - 1, ..base() }, Error::BatchExpired);
        assert_refused(Batch { expires: now() + MAX_EXPIRY_AHEAD + 1, ..base() }, Error::ExpiryTooFar);
        let first_sequence = u64::MAX - 9;
        assert_refused(Batch { first_sequence, missing: first_sequence, ..base() }, Error::SequenceOverflow);
    });
}

#[test]
fn accepts_at_the_limits() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let one_moment = now() + MAX_WINDOW_AHEAD;
        assert_ok!(attest(&pair(1), &Batch { window_start: one_moment, window_end: one_moment, ..next_batch(device) }));
        assert_ok!(attest(&pair(1), &Batch { window_start: 0, window_end: 0, ..next_batch(device) }));
        assert_ok!(attest(&pair(1), &Batch { expires: now(), ..next_batch(device) }));
        assert_ok!(attest(&pair(1), &Batch { expires: now() + MAX_EXPIRY_AHEAD, ..next_batch(device) }));
        let next = next_batch(device);
        let first_sequence = u64::MAX - 10;
        assert_ok!(attest(&pair(1), &Batch { first_sequence, missing: first_sequence - next.first_sequence, ..next }));
        assert_eq!(info(device).next_sequence, u64::MAX);
        assert_refused(Batch { count: 1, ..next_batch(device) }, Error::SequenceOverflow);
    });
}

#[test]
fn a_batch_expires() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let batch = next_batch(device);
        MockClock::set(batch.expires + 1);
        assert_refused(batch.clone(), Error::BatchExpired);
        MockClock::set(batch.expires);
        assert_ok!(attest(&pair(1), &batch));
    });
}

#[test]
fn refuses_by_epoch() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        assert_refused(Batch { epoch: 1, ..next_batch(device) }, Error::UnknownEpoch);
        assert_refused(Batch { epoch: u32::MAX, ..next_batch(device) }, Error::UnknownEpoch);
        let first = next_batch(device);
        assert_ok!(rotate(device, &pair(2), 5));
        MockClock::advance(5);
        assert_refused(first.clone(), Error::EpochExpired);
        assert_ok!(rotate(device, &pair(3), MAX_OVERLAP));
        assert_refused(first, Error::EpochExpired);
    });
}

#[test]
fn refuses_by_sequence() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let first = next_batch(device);
        assert_ok!(attest(&pair(1), &first));
        let base = || next_batch(device);
        // Replays: the very batch, a part of it, one that ends right before the next number.
        assert_refused(first, Error::SequenceReplayed);
        assert_refused(Batch { first_sequence: 3, count: 2, ..base() }, Error::SequenceReplayed);
        assert_refused(Batch { first_sequence: 9, count: 1, ..base() }, Error::SequenceReplayed);
        assert_refused(Batch { first_sequence: 9, count: 2, ..base() }, Error::SequenceOverlap);
        assert_refused(Batch { first_sequence: 0, count: 11, ..base() }, Error::SequenceOverlap);
        // A declared gap does not excuse an overlap.
        assert_refused(Batch { first_sequence: 9, missing: 1, ..base() }, Error::SequenceOverlap);
        assert_refused(Batch { first_sequence: 11, missing: 0, ..base() }, Error::UndeclaredGap);
        assert_refused(Batch { first_sequence: 12, missing: 1, ..base() }, Error::WrongGap);
        assert_refused(Batch { first_sequence: 12, missing: 3, ..base() }, Error::WrongGap);
        assert_refused(Batch { first_sequence: 10, missing: 1, ..base() }, Error::WrongGap);
        assert_ok!(attest(&pair(1), &Batch { first_sequence: 12, missing: 2, ..base() }));
    });
}

#[test]
fn refuses_by_the_registry() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        set_algorithm(AlgorithmId::ED25519, Some(AlgorithmStatus::Rejected));
        assert_refused(next_batch(device), Error::AlgorithmNotAccepted);
        set_algorithm(AlgorithmId::ED25519, None);
        assert_refused(next_batch(device), Error::UnknownAlgorithm);
        set_algorithm(AlgorithmId::ED25519, Some(AlgorithmStatus::VerifyOnly));
        assert_ok!(attest(&pair(1), &next_batch(device)));
    });
}

#[test]
fn refuses_a_signature_of_something_else() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let batch = next_batch(device);
        let good = sign(&pair(1), &batch);
        let statement = |genesis, algorithm| BatchStatement { genesis, algorithm, batch: &batch }.to_bytes();
        let bad = [
            sign(&pair(2), &batch),
            sign_bytes(&pair(1), &statement(&[0; 32], AlgorithmId::ED25519)),
            sign_bytes(&pair(1), &statement(&MockGenesis::HASH, AlgorithmId::ML_DSA_44)),
            prove(&pair(1), &MockGenesis::HASH, CITY, device, 0, batch.expires),
            Signature::try_from(good[..63].to_vec()).unwrap(),
            Signature::try_from([good.as_slice(), &[0]].concat()).unwrap(),
            Signature::try_from(vec![0; 64]).unwrap(),
            Signature::default(),
        ];
        for signature in bad {
            assert_noop!(
                Attestations::attest(signed(attestor()), batch.clone(), signature),
                Error::<Test>::InvalidSignature
            );
        }
        assert_ok!(Attestations::attest(signed(attestor()), batch, good));
    });
}

#[test]
fn looks_at_the_signature_last() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        let batch = Batch { first_sequence: 1, ..next_batch(device) };
        assert_noop!(
            Attestations::attest(signed(attestor()), batch, Signature::default()),
            Error::<Test>::UndeclaredGap
        );
    });
}

#[test]
fn writes_nothing_when_the_journal_refuses() {
    ExtBuilder::default().run(|| {
        let device = register(&pair(1));
        MockJournal::fail(true);
        assert_noop!(attest(&pair(1), &next_batch(device)), MockJournal::FAILURE);
    });
}
