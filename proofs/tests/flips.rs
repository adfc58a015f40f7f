//! No bit of a bundle, a list or a dossier can be flipped, and none of its bytes dropped, added or cut off, without `verify` failing and naming
//! the step.

mod support;

use citynet_primitives::{DeviceId, OrganisationId};
use citynet_proofs::{verify_document, Dossier, Question, Step, Trust};
use proptest::prelude::*;
use std::{collections::BTreeMap, sync::LazyLock};
use support::{
    build,
    ledger::{terms, Ledger},
    list::{build_list, ListPlan},
    Plan, FIRST_SEQUENCE, PROVEN,
};

struct Bundle {
    json: Vec<u8>,
    trust: Trust,
}

/// A reading from genesis, a bare record from genesis, a reading from a checkpoint, a list from genesis with a record by
/// its leaf hash alone, and dossiers from genesis about a reading, about payments and about what was made from a device. A
/// list without records is not among them: it may well hold for a subject that differs by a bit. Neither is a dossier whose
/// question has a time, a version or a batch: it may well answer that of another one too.
static BUNDLES: LazyLock<[Bundle; 7]> = LazyLock::new(|| {
    let reading = build(&Plan { changes: 1, rotated: true, ..Plan::default() });
    let record = build(&Plan { changes: 0, reading: false, ..Plan::default() });
    let mut checkpoint = build(&Plan { changes: 2, ..Plan::default() });
    checkpoint.evidence = checkpoint.evidence.since_checkpoint(1).unwrap();
    let mut list = build_list(&ListPlan { changes: 1, ..ListPlan::default() });
    list.list.records[2] = list.list.records[2].concealed();
    let mut ledger = Ledger::with_organisations(2);
    let price = terms(7, 1, 2, 1);
    ledger.attested(&reading.evidence).registered(7, 1).granted(5, None, &price).billed(1, 5, &price, 1, 1);
    let closed = ledger.settled(1, 1, 1, 2, 1).clone().close(1);
    let asked = Question::Reading { device: DeviceId(3), sequence: FIRST_SEQUENCE + PROVEN };
    let observed = Dossier { reading: reading.evidence.reading.clone(), ..closed.dossier(asked) };
    let payments = closed.dossier(Question::Payments { organisation: OrganisationId(2) });
    let made = closed.dossier(Question::DeviceLineage { device: DeviceId(3) });
    let dossier = |dossier: Dossier| Bundle { json: dossier.to_json().unwrap().into(), trust: closed.trust() };
    let bundles = [
        Bundle { json: reading.json().into(), trust: reading.trust() },
        Bundle { json: record.json().into(), trust: record.trust() },
        Bundle { json: checkpoint.json().into(), trust: checkpoint.checkpoint(1) },
        Bundle { json: list.json().into(), trust: list.trust() },
        dossier(observed),
        dossier(payments),
        dossier(made),
    ];
    for bundle in &bundles {
        verify_document(&bundle.json, &bundle.trust).expect("what is not bent is valid");
    }
    bundles
});

fn refused(json: &[u8], trust: &Trust) -> Result<Step, String> {
    match verify_document(json, trust) {
        Ok(_) => Err("it was accepted".into()),
        Err(failure) if failure.to_string().starts_with(&format!("{}: ", failure.step)) => Ok(failure.step),
        Err(failure) => Err(format!("`{failure}` does not name its step")),
    }
}

/// Every byte once, with a flip that leaves hex digits hex digits where that is possible, so that the cryptography and not
/// only the parser has to notice. Unoptimised builds, in which a signature takes a hundred times as long, do every seventh.
fn steps_that_notice(Bundle { json, trust }: &Bundle) -> BTreeMap<Step, usize> {
    let mut seen = BTreeMap::new();
    let stride = if cfg!(debug_assertions) { 7 } else { 1 };
    for position in (0..json.len()).step_by(stride) {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let byte = json[position];
        let bit = (0..8).find(|bit| is_hex(byte) && is_hex(byte ^ (1 << bit))).unwrap_or(0);
        let mut bent = json.clone();
        bent[position] ^= 1 << bit;
        let step = refused(&bent, trust).unwrap_or_else(|problem| panic!("bit {bit} of byte {position}: {problem}"));
        *seen.entry(step).or_default() += 1;
    }
    for step in [Step::Format, Step::Finality, Step::Authorities, Step::Genesis] {
        assert!(seen.contains_key(&step), "no flip was noticed by {step}: {seen:?}");
    }
    seen
}

#[test]
fn every_byte_of_a_bundle_matters() {
    let seen = steps_that_notice(&BUNDLES[0]);
    // The tree head is inside the header: whoever bends it fails at the inclusion or the votes first.
    for step in [Step::Reading, Step::Batch, Step::DeviceSignature, Step::Inclusion] {
        assert!(seen.contains_key(&step), "no flip was noticed by {step}: {seen:?}");
    }
}

#[test]
fn every_byte_of_a_list_matters() {
    let seen = steps_that_notice(&BUNDLES[3]);
    for step in [Step::Records, Step::SubjectHead] {
        assert!(seen.contains_key(&step), "no flip was noticed by {step}: {seen:?}");
    }
}

#[test]
fn every_byte_of_a_dossier_matters() {
    // One digit of the last one makes it another question, and unoptimised builds may not come by.
    let of_made: &[Step] = if cfg!(debug_assertions) { &[] } else { &[Step::Question] };
    for (dossier, own) in [
        (&BUNDLES[4], &[Step::Reading, Step::Batch, Step::Question][..]),
        (&BUNDLES[5], &[Step::Question]),
        (&BUNDLES[6], of_made),
    ] {
        let seen = steps_that_notice(dossier);
        for step in own.iter().chain(&[Step::Records, Step::SubjectHead]) {
            assert!(seen.contains_key(step), "no flip was noticed by {step}: {seen:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn any_bit_of_any_byte_matters(bundle in 0usize..7, position: prop::sample::Index, bit in 0u8..8) {
        let Bundle { json, trust } = &BUNDLES[bundle];
        let mut bent = json.clone();
        bent[position.index(json.len())] ^= 1 << bit;
        prop_assert_eq!(refused(&bent, trust).err(), None);
    }

    #[test]
    fn any_byte_in_place_of_another_matters(bundle in 0usize..7, position: prop::sample::Index, byte: u8) {
        let Bundle { json, trust } = &BUNDLES[bundle];
        let mut bent = json.clone();
        let place = &mut bent[position.index(json.len())];
        prop_assume!(*place != byte);
        *place = byte;
        prop_assert_eq!(refused(&bent, trust).err(), None);
    }

    #[test]
    fn truncated_and_lengthened_texts_are_refused(
        bundle in 0usize..7,
        position: prop::sample::Index,
        more in prop::collection::vec(any::<u8>(), 1..4),
    ) {
        let Bundle { json, trust } = &BUNDLES[bundle];
        let position = position.index(json.len());
        prop_assert_eq!(refused(&json[..position], trust), Ok(Step::Format));
        prop_assert_eq!(refused(&[&json[..], &more].concat(), trust), Ok(Step::Format));
        let inserted = [&json[..position], &more, &json[position..]].concat();
        prop_assert_eq!(refused(&inserted, trust).err(), None);
        let dropped = [&json[..position], &json[position + 1..]].concat();
        prop_assert_eq!(refused(&dropped, trust).err(), None);
    }

    #[test]
    fn no_text_panics(text in ".{0,200}") {
        prop_assert_eq!(refused(text.as_bytes(), &Trust::Genesis([0; 32])), Ok(Step::Format));
    }
}
