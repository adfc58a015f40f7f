//! Any records over any blocks, against an independent implementation of the tree.

use crate::mock::*;
use citynet_primitives::{DeviceId, Subject, SubjectHead};
use citynet_support::Journal as _;
use codec::Encode;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2_digest_0_11::{Digest, Sha256};
use std::collections::BTreeMap;

/// One record to append: the device that it is held by, if any, the organisations it is about, and its body.
#[derive(Clone, Debug)]
struct Fact {
    device: Option<u64>,
    organisations: Vec<u32>,
    body: u8,
}

fn fact() -> impl Strategy<Value = Fact> {
    (prop::option::of(1..4u64), prop::sample::subsequence(vec![1u32, 2, 3], 0..=3), any::<u8>())
        .prop_map(|(device, organisations, body)| Fact { device, organisations, body })
}

fn append(fact: &Fact) {
    let subjects: Vec<_> = fact.organisations.iter().copied().map(organisation).collect();
    let Some(device) = fact.device.map(DeviceId) else {
        Journal::append(&author(), &subjects, body(fact.body)).unwrap();
        return;
    };
    let mut head = DeviceHeads::get().get(&device).copied().unwrap_or_default();
    Journal::append_held(&author(), (Subject::Device(device), &mut head), &subjects, body(fact.body)).unwrap();
    DeviceHeads::mutate(|heads| heads.insert(device, head));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn heads_commit_to_every_record(
        blocks in prop::collection::vec(prop::collection::vec(fact(), 0..=MAX_RECORDS as usize), 1..12),
    ) {
        execute(|| {
            let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            let mut heads = BTreeMap::<Subject, SubjectHead>::new();

            for facts in &blocks {
                let header = run_block(|| facts.iter().for_each(append));

                let entries = Journal::records();
                assert_eq!(entries.len(), facts.len());
                for (entry, fact) in entries.iter().zip(facts) {
                    assert_eq!(entry.record.index, tree.len());
                    assert_eq!(u64::from(entry.record.block), System::block_number());
                    assert_eq!(entry.record.body, body(fact.body));

                    let leaf = Sha256::digest([&[0x00u8][..], entry.record.encode().as_slice()].concat());
                    for subject in &entry.subjects {
                        let head = heads.entry(*subject).or_default();
                        let chained = Sha256::digest([&[0x02u8][..], head.chain.as_slice(), leaf.as_slice()].concat());
                        *head = SubjectHead { count: head.count + 1, chain: chained.into() };
                    }
                    tree.push(entry.record.encode());
                }

                let [head] = tree_heads(&header)[..] else { panic!("a header has one tree head") };
                assert_eq!(head, Journal::tree_head());
                assert_eq!(head.size, tree.len());
                assert_eq!(&head.root[..], tree.root().as_bytes().as_slice());
                assert_eq!(Journal::do_try_state(), Ok(()));
            }

            let organisations = (1..4).map(organisation);
            let devices = (1..4).map(|id| Subject::Device(DeviceId(id)));
            for subject in organisations.chain(devices) {
                let recomputed = heads.get(&subject).copied().unwrap_or_default();
                assert_eq!(Journal::subject_head(subject), recomputed);
            }
        });
    }
}
