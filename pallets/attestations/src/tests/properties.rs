use crate::{mock::*, Algorithms, AttestItem, Error};
use citynet_primitives::{Author, Batch, Body, DeviceId, SchemaId, Signature};
use citynet_support::{
    mock::{MockClock, MockJournal},
    AccountBytes,
};
use frame_support::{assert_noop, assert_ok};
use proptest::{collection::vec, prelude::*};
use sp_runtime::DispatchError;

/// What a generated batch declares about the gap before it.
#[derive(Clone, Copy, Debug)]
enum Declares {
    Nothing,
    TheGap,
    Something(u64),
}

#[derive(Clone, Copy, Debug)]
struct Step {
    /// Where the batch begins, relative to where it should.
    offset: i64,
    count: u32,
    declares: Declares,
}

fn step() -> impl Strategy<Value = Step> {
    let offset = prop_oneof![2 => Just(0i64), 2 => -25i64..25];
    let declares = prop_oneof![
        2 => Just(Declares::Nothing),
        2 => Just(Declares::TheGap),
        1 => (0u64..30).prop_map(Declares::Something),
    ];
    (offset, 0u32..20, declares).prop_map(|(offset, count, declares)| Step { offset, count, declares })
}

/// Checks that the recorded batches follow one another with exactly the declared gaps, and gives the number after the
/// last one.
fn end_of_recorded_batches() -> u64 {
    MockJournal::bodies().iter().fold(0, |next, body| match body {
        Body::BatchAttested { batch, .. } => {
            assert_eq!(batch.first_sequence, next + batch.missing);
            assert!(batch.count > 0);
            batch.first_sequence + u64::from(batch.count)
        }
        _ => next,
    })
}

/// Submits the steps one by one, checking each against a model that knows every range taken so far. Gives what was
/// submitted.
fn one_by_one(steps: &[Step]) -> Vec<AttestItem> {
    let device = register(&pair(1));
    let mut covered: Vec<core::ops::Range<u64>> = Vec::new();
    let mut submitted = Vec::new();
    for step in steps {
        let next = info(device).next_sequence;
        let first_sequence = next.saturating_add_signed(step.offset);
        let gap = first_sequence.saturating_sub(next);
        let missing = match step.declares {
            Declares::Nothing => 0,
            Declares::TheGap => gap,
            Declares::Something(missing) => missing,
        };
        let batch = Batch { first_sequence, count: step.count, missing, ..next_batch(device) };
        let range = first_sequence..first_sequence + u64::from(step.count);
        let overlaps = covered.iter().any(|taken| range.start < taken.end && taken.start < range.end);
        let acceptable = step.count > 0 && first_sequence == next + missing;

        let accepted = attest(&pair(1), &batch).is_ok();
        assert_eq!(accepted, acceptable, "{batch:?} after {next}");
        if accepted {
            assert!(!overlaps, "{batch:?} overlaps one of {covered:?}");
            assert!(info(device).next_sequence > next);
            assert_eq!(info(device).next_sequence, range.end);
            covered.push(range);
        } else {
            assert_eq!(info(device).next_sequence, next);
        }
        submitted.push(signed_item(&pair(1), batch));
    }
    assert_eq!(end_of_recorded_batches(), info(device).next_sequence);
    submitted
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    Rotate { overlap: u64 },
    Wait { milliseconds: u64 },
    Sign { epoch: u32 },
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        1 => (0u64..1_000).prop_map(|overlap| Turn::Rotate { overlap }),
        1 => (0u64..800).prop_map(|milliseconds| Turn::Wait { milliseconds }),
        3 => (0u32..6).prop_map(|epoch| Turn::Sign { epoch }),
    ]
}

/// The key pair of an epoch of the only device.
fn pair_of(epoch: u32) -> ed25519_dalek::SigningKey {
    pair(u8::try_from(epoch + 1).expect("few rotations"))
}

/// Another batch, by one field or by two that keep it consistent.
fn changed(batch: &Batch, field: usize, by: u64) -> Batch {
    let mut other = batch.clone();
    let small = u32::try_from(by).expect("the range is small");
    match field {
        0 => other.device = DeviceId(other.device.0 + by),
        1 => other.epoch = other.epoch.wrapping_sub(small),
        2 => other.schema = SchemaId(other.schema.0 + 1),
        3 => other.first_sequence += by,
        4 => other.count += small,
        5 => other.missing += by,
        6 => other.window_start -= by,
        7 => other.window_end += by,
        8 => other.root[usize::try_from(by).expect("the range is small") % 32] ^= 1,
        9 => other.expires += by,
        10 => {
            other.first_sequence += by;
            other.missing += by;
        }
        _ => unreachable!("the strategy knows the fields"),
    }
    assert_ne!(&other, batch);
    other
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_never_overlap_and_the_sequence_only_grows(steps in vec(step(), 1..40)) {
        let (mut singly, mut submitted) = (None, Vec::new());
        ExtBuilder::default().run(|| {
            submitted = one_by_one(&steps);
            singly = Some((info(DeviceId(1)), MockJournal::entries()));
        });
        // The same batches through `attest_many` leave the same device and the same records.
        ExtBuilder::default().run(|| {
            register(&pair(1));
            for items in submitted.chunks(32) {
                assert_ok!(Attestations::attest_many(signed(attestor()), many(items.to_vec())));
            }
            assert_eq!(singly, Some((info(DeviceId(1)), MockJournal::entries())));
        });
    }

    #[test]
    fn a_key_signs_in_its_epoch_and_the_overlap_after_it(turns in vec(turn(), 1..40)) {
        ExtBuilder::default().run(|| {
            let device = register(&pair_of(0));
            let mut current = 0;
            let mut previous_until = 0;
            for turn in turns {
                match turn {
                    Turn::Rotate { overlap } => {
                        current += 1;
                        previous_until = now() + overlap;
                        assert_ok!(rotate(device, &pair_of(current), overlap));
                    }
                    Turn::Wait { milliseconds } => MockClock::advance(milliseconds),
                    Turn::Sign { epoch } => {
                        let batch = Batch { epoch, ..next_batch(device) };
                        if epoch > current {
                            assert_noop!(attest(&pair_of(epoch), &batch), Error::<Test>::UnknownEpoch);
                        } else if epoch == current || (epoch + 1 == current && now() < previous_until) {
                            assert_ok!(attest(&pair_of(epoch), &batch));
                        } else {
                            assert_noop!(attest(&pair_of(epoch), &batch), Error::<Test>::EpochExpired);
                        }
                    }
                }
            }
        });
    }

    #[test]
    fn a_signature_holds_for_no_other_batch(field in 0usize..=10, by in 1u64..40) {
        ExtBuilder::default().run(|| {
            // Device 1 is in epoch 1 with epoch 0 still valid; device 2 exists as well.
            let device = register(&pair(1));
            register(&pair(2));
            assert_ok!(rotate(device, &pair(3), MAX_OVERLAP));
            let next = next_batch(device);
            let batch = Batch { first_sequence: next.first_sequence + 5, missing: 5, ..next };
            let signature = sign(&pair(3), &batch);

            let other = changed(&batch, field, by);
            let author = Author { organisation: CITY, account: attestor().account_bytes() };
            let invalid_signature = DispatchError::from(Error::<Test>::InvalidSignature);
            let expected = match Attestations::admit(&author, &Algorithms::<Test>::get(), &other) {
                Ok(_) => invalid_signature,
                Err(error) => DispatchError::from(error),
            };
            // These pass every other check, so that only the signature is left to notice.
            if matches!(field, 4 | 6..=10) || (field == 1 && by == 1) {
                assert_eq!(expected, invalid_signature);
            }
            assert_noop!(Attestations::attest(signed(attestor()), other, signature.clone()), expected);
            assert_ok!(Attestations::attest(signed(attestor()), batch, signature));
        });
    }

    #[test]
    fn a_signature_with_a_bit_flipped_is_refused(bit in 0usize..512) {
        ExtBuilder::default().run(|| {
            let device = register(&pair(1));
            let batch = next_batch(device);
            let mut signature = sign(&pair(1), &batch);
            signature[bit / 8] ^= 1 << (bit % 8);
            assert_noop!(
                Attestations::attest(signed(attestor()), batch, signature),
                Error::<Test>::InvalidSignature
            );
        });
    }

    #[test]
    fn bytes_that_are_no_signature_are_refused(bytes in vec(any::<u8>(), 0..200)) {
        ExtBuilder::default().run(|| {
            let device = register(&pair(1));
            let signature = Signature::try_from(bytes).expect("shorter than the bound");
            assert_noop!(
                Attestations::attest(signed(attestor()), next_batch(device), signature),
                Error::<Test>::InvalidSignature
            );
        });
    }
}
