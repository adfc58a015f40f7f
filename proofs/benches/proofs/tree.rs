//! The proofs of the tree alone, beside those of `ct-merkle`. Both hash with the crate `sha2`, in two versions.

use crate::measure::{Row, Times};
use citynet_merkle::{leaf_hash, root_of, verify_consistency, verify_inclusion, Hash, MemoryTree, Portable};
use ct_merkle::{mem_backed_tree::MemoryBackedTree, ConsistencyProof, InclusionProof, RootHash};
use std::time::Instant;

type TheirHash = sha2_digest_0_11::Sha256;
type TheirTree = MemoryBackedTree<TheirHash, Vec<u8>>;

/// What was measured of both trees.
pub struct Measured {
    pub ours_per_second: f64,
    pub theirs_per_second: f64,
    pub rows: Vec<Row>,
}

fn leaf(index: u64) -> Vec<u8> {
    index.to_le_bytes().to_vec()
}

fn position(index: u64) -> usize {
    usize::try_from(index).expect("it is in memory; qed")
}

/// Indices all over a tree, in an order that no cache foresees.
fn places(leaves: u64) -> impl FnMut() -> u64 {
    // The golden ratio of 2^64: steps of it visit a range evenly.
    let mut state = 0_u64;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (state >> 20) % leaves
    }
}

/// Appends leaves one by one. Gives the tree, and how many were appended per second.
fn grow<T>(leaves: u64, mut tree: T, mut push: impl FnMut(&mut T, Vec<u8>)) -> (T, f64) {
    let begin = Instant::now();
    (0..leaves).for_each(|index| push(&mut tree, leaf(index)));
    // Counts of what was done one by one are far below 2^53.
    (tree, leaves as f64 / begin.elapsed().as_secs_f64())
}

pub fn measure(leaves: u64, samples: u32) -> Measured {
    let (ours, ours_per_second) = grow(leaves, MemoryTree::<Portable>::new(), |tree, leaf| {
        tree.push(leaf_hash::<Portable>(&leaf));
    });
    let (theirs, theirs_per_second) = grow(leaves, TheirTree::new(), TheirTree::push);
    let (root, their_root) = (ours.root(), theirs.root());
    assert_eq!(root, Hash::from(*their_root.as_bytes()), "two implementations have two roots");

    let include = |index: u64| ours.inclusion_proof(index).expect("it is below the number of leaves; qed");
    let their_include = |index: u64| theirs.prove_inclusion(position(index));
    let extend = |first: u64| ours.consistency_proof(first).expect("it is between 1 and the number of leaves; qed");
    let their_extend = |first: u64| theirs.prove_consistency(position(leaves - first));
    let first_root = |first: u64| root_of::<Portable, _>(&ours, first).expect("the tree has as many leaves; qed");

    let (mut inclusion_bytes, mut consistency_bytes) = (0, 0);
    let mut place = places(leaves);
    for index in std::iter::repeat_with(&mut place).take(position(samples.into())) {
        let (path, proof) = (include(index).concat(), their_include(index));
        assert_eq!(path, proof.as_bytes(), "two implementations prove leaf {index} in two ways");
        inclusion_bytes = inclusion_bytes.max(path.len());
        let (path, proof) = (extend(index + 1).concat(), their_extend(index + 1));
        assert_eq!(path, proof.as_bytes(), "two implementations prove size {} in two ways", index + 1);
        consistency_bytes = consistency_bytes.max(path.len());
    }

    let row = |name: &str, bytes: usize, times: Times, theirs: Times| Row {
        name: name.to_owned(),
        bytes,
        times,
        theirs: Some(theirs),
    };
    let made = Times::of(samples, places(leaves), |index| include(*index));
    let made_there = Times::of(samples, places(leaves), |index| their_include(*index));
    let mut place = places(leaves);
    let prepare = || {
        let index = place();
        (index, leaf(index), include(index))
    };
    let verified = Times::of(samples, prepare, |(index, leaf, path)| {
        verify_inclusion::<Portable>(&leaf_hash::<Portable>(leaf), *index, leaves, path, &root)
            .expect("the proof is of this leaf; qed");
    });
    let mut place = places(leaves);
    let prepare = || {
        let index = place();
        let proof: InclusionProof<TheirHash> = their_include(index);
        (index, leaf(index), proof)
    };
    let verified_there = Times::of(samples, prepare, |(index, leaf, proof)| {
        their_root.verify_inclusion(leaf, *index, proof).expect("the proof is of this leaf; qed");
    });
    let mut rows = vec![
        row("proof of inclusion, made", inclusion_bytes, made, made_there),
        row("proof of inclusion, verified", inclusion_bytes, verified, verified_there),
    ];

    let made = Times::of(samples, places(leaves), |index| extend(*index + 1));
    let made_there = Times::of(samples, places(leaves), |index| their_extend(*index + 1));
    let mut place = places(leaves);
    let prepare = || {
        let first = place() + 1;
        (first, first_root(first), extend(first))
    };
    let verified = Times::of(samples, prepare, |(first, first_root, path)| {
        verify_consistency::<Portable>(*first, leaves, path, first_root, &root)
            .expect("the proof is of these trees; qed");
    });
    let mut place = places(leaves);
    let prepare = || {
        let first = place() + 1;
        let proof: ConsistencyProof<TheirHash> = their_extend(first);
        (RootHash::<TheirHash>::new(first_root(first).into(), first), proof)
    };
    let verified_there = Times::of(samples, prepare, |(first, proof)| {
        their_root.verify_consistency(first, proof).expect("the proof is of these trees; qed");
    });
    rows.extend([
        row("proof of consistency, made", consistency_bytes, made, made_there),
        row("proof of consistency, verified", consistency_bytes, verified, verified_there),
    ]);
    Measured { ours_per_second, theirs_per_second, rows }
}
