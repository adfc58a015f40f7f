//! Evidence bundles whose records are among as many others as are asked for, and lists of one record and of many.

use crate::{
    measure::{Row, Times},
    support::{
        build,
        list::{build_list, ListPlan},
        Built, Plan,
    },
};
use citynet_merkle::{leaf_hash, MemoryTree, Portable};
use citynet_primitives::{TreeHead, TREE_HEAD_ENGINE};
use citynet_proofs::{evidence::RecordProof, header::DigestItem, verify, verify_list};
use codec::Encode;
use std::sync::OnceLock;

/// How many records the lists have.
const LISTS: [u64; 3] = [1, 1_000, 100_000];

/// Where in the journal the records are, and its head: what the chain's hooks, which are plain functions, put in.
static PLACES: OnceLock<Places> = OnceLock::new();
static HEAD: OnceLock<TreeHead> = OnceLock::new();

#[derive(Clone, Copy)]
struct Places {
    /// The record that made the device's key known.
    key: u64,
    /// The batch's.
    batch: u64,
}

fn places() -> Places {
    *PLACES.get().expect("it is set before a chain is built; qed")
}

/// A chain whose final block commits to a journal of `leaves` records, and that journal's tree.
fn chain(leaves: u64, reading: bool) -> (Built, MemoryTree<Portable>) {
    PLACES.get_or_init(|| Places { key: leaves / 3, batch: leaves / 5 * 4 });
    let plan = Plan {
        reading,
        key: |record| record.index = places().key,
        record: |record| record.index = places().batch,
        ..Plan::default()
    };
    // Once for the bytes of the records, and once with the head of the tree that has them.
    let small = build(&Plan { reading: true, ..plan.clone() }).evidence;
    let key = small.device_key.expect("the plan has a reading; qed").record;
    let Places { key: key_at, batch: batch_at } = places();
    let tree = MemoryTree::from_leaf_hashes((0..leaves).map(|index| {
        if index == key_at {
            leaf_hash::<Portable>(&key)
        } else if index == batch_at {
            leaf_hash::<Portable>(&small.record.record)
        } else {
            leaf_hash::<Portable>(&index.to_le_bytes())
        }
    }));
    HEAD.get_or_init(|| TreeHead { size: leaves, root: tree.root() });
    let built = build(&Plan {
        header: |header| {
            let head = HEAD.get().expect("it is set before the chain is built; qed").encode();
            for item in &mut header.digest {
                if matches!(item, DigestItem::Consensus(TREE_HEAD_ENGINE, _)) {
                    *item = DigestItem::Consensus(TREE_HEAD_ENGINE, head.clone());
                }
            }
        },
        ..plan
    });
    (built, tree)
}

/// Puts the paths of a large tree into a bundle.
fn prove(tree: &MemoryTree<Portable>, built: &Built) -> String {
    let mut evidence = built.evidence.clone();
    let path = |proof: &mut RecordProof, index| {
        proof.path = tree.inclusion_proof(index).expect("it is below the number of leaves; qed");
    };
    path(&mut evidence.record, places().batch);
    if let Some(key) = &mut evidence.device_key {
        path(key, places().key);
    }
    evidence.to_json().expect("the leaf has texts only; qed")
}

pub fn measure(leaves: u64, samples: u32) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |name: String, bytes, times| rows.push(Row { name, bytes, times, theirs: None });
    for (what, reading) in [("bundle of a reading", true), ("bundle of a record", false)] {
        let (built, tree) = chain(leaves, reading);
        let trust = built.trust();
        let text = prove(&tree, &built);
        let made = Times::of(samples, || (), |()| prove(&tree, &built));
        let verified =
            Times::of(samples, || (), |()| verify(text.as_bytes(), &trust).expect("the bundle is of this chain; qed"));
        row(format!("{what}, made"), text.len(), made);
        row(format!("{what}, verified"), text.len(), verified);
    }
    for records in LISTS {
        let built = build_list(&ListPlan { records, ..ListPlan::default() });
        let (trust, text) = (built.trust(), built.json());
        let verified = Times::of(
            samples,
            || (),
            |()| verify_list(text.as_bytes(), &trust).expect("the list is of this chain; qed"),
        );
        row(format!("list of {records} records, verified"), text.len(), verified);
    }
    rows
}
