//! What must hold for any tree: against `ct-merkle`, an independent implementation, and against the recursive
//! definitions of the RFC, written down again here.
#![cfg(feature = "std")]

use citynet_merkle::{
    consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, root_of, verify_consistency,
    verify_inclusion, ConsistencyError, Full, Hash, InclusionError, MemoryTree, Missing, NodeStore, Portable,
    ProofError, RightEdge,
};
use codec::{Decode, DecodeAll, DecodeWithMemLimit, Encode, MaxEncodedLen};
use proptest::{collection::vec, prelude::*, sample::Index};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// The hasher that `ct-merkle` takes.
type TheirHash = sha2_digest_0_11::Sha256;
type TheirTree = ct_merkle::mem_backed_tree::MemoryBackedTree<TheirHash, Vec<u8>>;
type TheirRoot = ct_merkle::RootHash<TheirHash>;
type Nodes = BTreeMap<(u32, u64), Hash>;

fn their_tree(leaves: &[Vec<u8>]) -> TheirTree {
    let mut tree = TheirTree::new();
    leaves.iter().for_each(|leaf| tree.push(leaf.clone()));
    tree
}

fn their_root(root: Hash, size: u64) -> TheirRoot {
    TheirRoot::new(root.into(), size)
}

fn our_tree(leaves: &[Vec<u8>]) -> MemoryTree<Portable> {
    MemoryTree::from_leaf_hashes(leaves.iter().map(|leaf| leaf_hash::<Portable>(leaf)))
}

/// A tree whose leaves all differ, so that no wrong proof is right by chance.
fn distinct(size: u64) -> MemoryTree<Portable> {
    MemoryTree::from_leaf_hashes((0..size).map(|index| leaf_hash::<Portable>(&index.to_le_bytes())))
}

fn root_at(tree: &MemoryTree<Portable>, size: u64) -> Hash {
    root_of::<Portable, _>(tree, size).expect("the tree has that many leaves")
}

/// The largest power of two smaller than `size`.
fn cut(size: u64) -> u64 {
    let mut power = 1;
    while power * 2 < size {
        power *= 2;
    }
    power
}

/// `MTH` as the RFC writes it.
fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root::<Portable>(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(cut(leaves.len() as u64) as usize);
            node_hash::<Portable>(&mth(left), &mth(right))
        }
    }
}

/// How a verifier combines a path: on which side each of its hashes goes, from the bottom up.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Left,
    Right,
}

/// Derived from the recursion that *generates* `PATH`. Two pairs of index and size with the same shape accept the same
/// proofs; with different shapes, only a collision of SHA-256 would be accepted by both.
fn inclusion_shape(index: u64, size: u64) -> Option<Vec<Side>> {
    if index >= size {
        return None;
    }
    if size == 1 {
        return Some(Vec::new());
    }
    let k = cut(size);
    let (mut shape, side) = if index < k {
        (inclusion_shape(index, k)?, Side::Right)
    } else {
        (inclusion_shape(index - k, size - k)?, Side::Left)
    };
    shape.push(side);
    Some(shape)
}

/// The same for `PROOF`; the flag says that the path begins with the first root, which the verifier has.
fn consistency_shape(first: u64, second: u64) -> Option<(bool, Vec<Side>)> {
    fn subproof(first: u64, second: u64, whole: bool) -> (bool, Vec<Side>) {
        if first == second {
            return (whole, Vec::new());
        }
        let k = cut(second);
        let ((whole, mut shape), side) = if first <= k {
            (subproof(first, k, whole), Side::Right)
        } else {
            (subproof(first - k, second - k, false), Side::Left)
        };
        shape.push(side);
        (whole, shape)
    }
    (0 < first && first <= second).then(|| subproof(first, second, true))
}

fn leaves(most: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 0..40), 0..=most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn roots_are_theirs_after_any_pushes(leaves in leaves(150)) {
        let whole = our_tree(&leaves);
        let (mut edge, mut tree, mut theirs) = (RightEdge::new(), MemoryTree::<Portable>::new(), TheirTree::new());
        for (index, leaf) in (0u64..).zip(&leaves) {
            let hash = leaf_hash::<Portable>(leaf);
            prop_assert_eq!(edge.push::<Portable>(hash), Ok(index));
            prop_assert_eq!(tree.push(hash), index);
            theirs.push(leaf.clone());
            let root: Hash = (*theirs.root().as_bytes()).into();
            let size = index + 1;
            prop_assert_eq!(edge.root::<Portable>(), root);
            prop_assert_eq!(tree.root(), root);
            prop_assert_eq!(root_at(&whole, size), root);
            prop_assert_eq!((edge.size(), tree.len()), (size, size));
            prop_assert_eq!(edge.peaks().len(), size.count_ones() as usize);
        }
        prop_assert_eq!(tree.is_empty(), leaves.is_empty());
        prop_assert_eq!(root_at(&whole, 0), empty_root::<Portable>());
    }

    #[test]
    fn inclusion_proofs_are_theirs(leaves in leaves(150), size in any::<Index>(), index in any::<Index>()) {
        prop_assume!(!leaves.is_empty());
        let (size, ours) = (size.index(leaves.len()) + 1, our_tree(&leaves));
        let index = index.index(size);
        let (at, n) = (index as u64, size as u64);
        let theirs = their_tree(&leaves[..size]);

        let path = inclusion_proof::<Portable, _>(&ours, at, n).expect("the index is in the tree");
        let their_proof = theirs.prove_inclusion(index);
        prop_assert_eq!(path.concat(), their_proof.as_bytes());

        let leaf = leaf_hash::<Portable>(&leaves[index]);
        let root: Hash = (*theirs.root().as_bytes()).into();
        prop_assert_eq!(verify_inclusion::<Portable>(&leaf, at, n, &path, &root), Ok(()));
        let parsed = ct_merkle::InclusionProof::try_from_bytes(path.concat()).expect("whole hashes");
        let accepted = their_root(root_at(&ours, n), n).verify_inclusion(&leaves[index], at, &parsed);
        prop_assert!(accepted.is_ok(), "{accepted:?}");
    }

    #[test]
    fn consistency_proofs_are_theirs(leaves in leaves(150), first in any::<Index>(), second in any::<Index>()) {
        prop_assume!(!leaves.is_empty());
        let second = second.index(leaves.len()) + 1;
        let first = first.index(second) + 1;
        let (m, n, ours, theirs) = (first as u64, second as u64, our_tree(&leaves), their_tree(&leaves[..second]));

        let path = consistency_proof::<Portable, _>(&ours, m, n).expect("the sizes are in order");
        let their_proof = theirs.prove_consistency(second - first);
        prop_assert_eq!(path.concat(), their_proof.as_bytes());

        let first_root: Hash = (*their_tree(&leaves[..first]).root().as_bytes()).into();
        let second_root: Hash = (*theirs.root().as_bytes()).into();
        prop_assert_eq!(verify_consistency::<Portable>(m, n, &path, &first_root, &second_root), Ok(()));
        let parsed = ct_merkle::ConsistencyProof::try_from_bytes(path.concat()).expect("whole hashes");
        let accepted =
            their_root(root_at(&ours, n), n).verify_consistency(&their_root(root_at(&ours, m), m), &parsed);
        prop_assert!(accepted.is_ok(), "{accepted:?}");
    }

    /// One bit changed anywhere, or a hash removed, doubled, swapped or added.
    #[test]
    fn a_changed_inclusion_proof_is_refused(
        size in 1u64..300, index in any::<Index>(), place in any::<Index>(), bit in 0usize..256, other in any::<Hash>(),
    ) {
        let tree = distinct(size);
        let index = index.index(size as usize) as u64;
        let (leaf, root) = (tree.node(0, index).expect("in the tree"), tree.root());
        let path = tree.inclusion_proof(index).expect("in the tree");
        let verify =
            |leaf: &Hash, path: &[Hash], root: &Hash| verify_inclusion::<Portable>(leaf, index, size, path, root);
        prop_assert_eq!(verify(&leaf, &path, &root), Ok(()));

        prop_assert_eq!(verify(&flipped(leaf, bit), &path, &root), Err(InclusionError::WrongRoot));
        prop_assert_eq!(verify(&leaf, &path, &flipped(root, bit)), Err(InclusionError::WrongRoot));
        prop_assert_eq!(verify(&root, &path, &leaf), if size == 1 { Ok(()) } else { Err(InclusionError::WrongRoot) });
        for at in 0..path.len() {
            let mut changed = path.clone();
            changed[at] = flipped(changed[at], bit);
            prop_assert_eq!(verify(&leaf, &changed, &root), Err(InclusionError::WrongRoot));
            let mut short = path.clone();
            short.remove(at);
            prop_assert_eq!(verify(&leaf, &short, &root), Err(InclusionError::PathTooShort));
            if at > 0 {
                let mut swapped = path.clone();
                swapped.swap(at - 1, at);
                prop_assert_eq!(verify(&leaf, &swapped, &root), Err(InclusionError::WrongRoot));
            }
        }
        let mut long = path.clone();
        long.insert(place.index(path.len() + 1), other);
        prop_assert_eq!(verify(&leaf, &long, &root), Err(InclusionError::PathTooLong));
    }

    #[test]
    fn a_changed_consistency_proof_is_refused(
        second in 2u64..300, first in any::<Index>(), place in any::<Index>(), bit in 0usize..256,
        other in any::<Hash>(),
    ) {
        let tree = distinct(second);
        let first = first.index(second as usize - 1) as u64 + 1;
        let (first_root, second_root) = (root_at(&tree, first), tree.root());
        let path = tree.consistency_proof(first).expect("the sizes are in order");
        let verify = |path: &[Hash], first_root: &Hash, second_root: &Hash| {
            verify_consistency::<Portable>(first, second, path, first_root, second_root)
        };
        prop_assert_eq!(verify(&path, &first_root, &second_root), Ok(()));

        // A first tree that is complete takes part in the second root instead of being recomputed.
        let wrong_first = if first.is_power_of_two() {
            ConsistencyError::WrongSecondRoot
        } else {
            ConsistencyError::WrongFirstRoot
        };
        prop_assert_eq!(verify(&path, &flipped(first_root, bit), &second_root), Err(wrong_first));
        prop_assert_eq!(
            verify(&path, &first_root, &flipped(second_root, bit)),
            Err(ConsistencyError::WrongSecondRoot)
        );
        prop_assert!(verify(&path, &second_root, &first_root).is_err());
        prop_assert_eq!(verify(&[], &first_root, &second_root), Err(ConsistencyError::PathTooShort));
        for at in 0..path.len() {
            let mut changed = path.clone();
            changed[at] = flipped(changed[at], bit);
            prop_assert!(matches!(
                verify(&changed, &first_root, &second_root),
                Err(ConsistencyError::WrongFirstRoot | ConsistencyError::WrongSecondRoot)
            ));
            let mut short = path.clone();
            short.remove(at);
            prop_assert_eq!(verify(&short, &first_root, &second_root), Err(ConsistencyError::PathTooShort));
            if at > 0 {
                let mut swapped = path.clone();
                swapped.swap(at - 1, at);
                prop_assert!(verify(&swapped, &first_root, &second_root).is_err());
            }
        }
        let mut long = path.clone();
        long.insert(place.index(path.len() + 1), other);
        prop_assert_eq!(verify(&long, &first_root, &second_root), Err(ConsistencyError::PathTooLong));
    }

    /// Verifiers meet arbitrary input: they refuse it and do not overflow.
    #[test]
    fn arbitrary_proofs_are_refused(
        a in any_size(), b in any_size(), path in vec(any::<Hash>(), 0..70), leaf in any::<Hash>(),
        root in any::<Hash>(),
    ) {
        prop_assume!(leaf != root);
        prop_assert!(verify_inclusion::<Portable>(&leaf, a, b, &path, &root).is_err());
        prop_assert!(verify_consistency::<Portable>(a, b, &path, &leaf, &root).is_err());
    }

    /// Trees of any size up to the largest: the arithmetic has no edge before the last leaf.
    #[test]
    fn trees_of_any_size(a in any_size(), b in any_size()) {
        let (first, second) = (a.min(b), a.max(b));
        let store = Uniform::new();
        let second_root = root_of::<Portable, _>(&store, second).expect("the store holds any node");
        prop_assert_eq!(store.edge(second).root::<Portable>(), second_root);

        if first < second {
            let path = inclusion_proof::<Portable, _>(&store, first, second).expect("the index is in the tree");
            prop_assert_eq!(verify_inclusion::<Portable>(&store.0[0], first, second, &path, &second_root), Ok(()));
            prop_assert_eq!(Some(path.len()), inclusion_shape_at(first, second));
        }
        if first > 0 {
            let first_root = root_of::<Portable, _>(&store, first).expect("the store holds any node");
            let path = consistency_proof::<Portable, _>(&store, first, second).expect("the sizes are in order");
            prop_assert_eq!(verify_consistency::<Portable>(first, second, &path, &first_root, &second_root), Ok(()));
        }

        let mut edge = store.edge(second);
        match second.checked_add(1) {
            Some(next) => {
                prop_assert_eq!(edge.push::<Portable>(store.0[0]), Ok(second));
                prop_assert_eq!(edge, store.edge(next));
            }
            None => prop_assert_eq!(edge.push::<Portable>(store.0[0]), Err(Full)),
        }
    }

    #[test]
    fn edges_survive_their_encoding(size in any_size(), seed in any::<u8>(), extra in vec(any::<u8>(), 1..80)) {
        let peaks: Vec<Hash> = (0..size.count_ones()).map(|n| leaf_hash::<Portable>(&[seed, n as u8])).collect();
        let bytes = (size, &peaks).encode();

        let edge = RightEdge::decode_all(&mut &bytes[..]).expect("the size and as many peaks as it says");
        prop_assert_eq!(edge.size(), size);
        prop_assert_eq!(edge.peaks(), &peaks[..]);
        prop_assert_eq!(edge.encode(), bytes.clone());
        prop_assert_eq!(edge.encoded_size(), bytes.len());
        prop_assert!(edge.size_hint() >= bytes.len());
        prop_assert!(bytes.len() <= RightEdge::max_encoded_len());
        prop_assert_eq!(RightEdge::decode_with_mem_limit(&mut &bytes[..], 1), Ok(edge.clone()), "no heap is used");

        for length in 0..bytes.len() {
            prop_assert!(RightEdge::decode(&mut &bytes[..length]).is_err(), "{length} of {} bytes", bytes.len());
        }
        // Another number of peaks than the size's set bits is no edge.
        let more = [&peaks[..], &[[seed; 32]]].concat();
        prop_assert!(RightEdge::decode(&mut &(size, more).encode()[..]).is_err());
        if let [_, fewer @ ..] = &peaks[..] {
            prop_assert!(RightEdge::decode(&mut &(size, fewer).encode()[..]).is_err());
        }
        // What follows is left alone, and refused by those who expect nothing.
        let long = [&bytes[..], &extra[..]].concat();
        prop_assert!(RightEdge::decode_all(&mut &long[..]).is_err());
        let (decoded, rest): (RightEdge, Vec<u8>) = {
            let mut input = &long[..];
            (RightEdge::decode(&mut input).expect("it begins with an edge"), input.to_vec())
        };
        prop_assert_eq!((decoded, rest), (edge, extra));
    }

    /// An edge that was stored in between goes on as if it had not been.
    #[test]
    fn a_decoded_edge_goes_on(before in 0u64..200, after in 1u64..200) {
        let leaf = |index: u64| leaf_hash::<Portable>(&index.to_le_bytes());
        let mut edge = RightEdge::new();
        (0..before).for_each(|index| assert_eq!(edge.push::<Portable>(leaf(index)), Ok(index)));
        let mut decoded = RightEdge::decode_all(&mut &edge.encode()[..]).expect("what was encoded");
        // The original still holds merged peaks beyond its size, the decoded one does not: they are equal all the same.
        prop_assert_eq!(&decoded, &edge);
        for index in before..before + after {
            prop_assert_eq!(decoded.push::<Portable>(leaf(index)), edge.push::<Portable>(leaf(index)));
            prop_assert_eq!(&decoded, &edge);
        }
        prop_assert_eq!(decoded.root::<Portable>(), distinct(before + after).root());
    }
}

fn flipped(mut hash: Hash, bit: usize) -> Hash {
    hash[bit / 8] ^= 1 << (bit % 8);
    hash
}

/// Sizes of every magnitude, and those around powers of two.
fn any_size() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (any::<u64>(), 0u32..64).prop_map(|(size, shift)| size >> shift),
        (0u32..64, -2i64..=2).prop_map(|(power, near)| (1u64 << power).wrapping_add_signed(near)),
    ]
}

/// The length of an inclusion path, counted by the recursion of the RFC, for sizes at which [`cut`] might overflow.
fn inclusion_shape_at(mut index: u64, mut size: u64) -> Option<usize> {
    let mut length = 0;
    while size > 1 {
        let k = (size - 1).checked_ilog2().map(|power| 1u64 << power)?;
        (index, size) = if index < k { (index, k) } else { (index - k, size - k) };
        length += 1;
    }
    (index < size).then_some(length)
}

/// A tree of any size whose leaves are all the same, and with them the nodes of each level.
struct Uniform(Vec<Hash>);

impl Uniform {
    fn new() -> Self {
        let leaf = leaf_hash::<Portable>(b"the same");
        Self(std::iter::successors(Some(leaf), |node| Some(node_hash::<Portable>(node, node))).take(64).collect())
    }

    fn edge(&self, size: u64) -> RightEdge {
        let peaks = (0..64usize).rev().filter(|level| size >> level & 1 == 1).map(|level| self.0[level]);
        let bytes = (size, peaks.collect::<Vec<_>>()).encode();
        RightEdge::decode_all(&mut &bytes[..]).expect("the size and as many peaks as it says")
    }
}

impl NodeStore for Uniform {
    type Error = Missing;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Missing> {
        let within = index.checked_add(1).is_some_and(|next| u128::from(next) << level <= u128::from(u64::MAX));
        self.0.get(level as usize).filter(|_| within).copied().ok_or(Missing { level, index })
    }
}

/// A store of what was reported, which notes what is asked for.
struct Noted {
    nodes: Nodes,
    asked: RefCell<BTreeSet<(u32, u64)>>,
}

impl NodeStore for Noted {
    type Error = Missing;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Missing> {
        self.asked.borrow_mut().insert((level, index));
        self.nodes.get(&(level, index)).copied().ok_or(Missing { level, index })
    }
}

/// What `push_with` reports is each complete subtree once, upwards from the leaf; nothing else is ever asked for, and
/// no reported node is never asked for.
#[test]
fn the_reported_nodes_are_those_that_stores_need() {
    for size in 0..=40u64 {
        let leaves: Vec<Hash> = (0..size).map(|index| leaf_hash::<Portable>(&index.to_le_bytes())).collect();
        let mut edge = RightEdge::new();
        let mut nodes = Nodes::new();
        for (index, leaf) in (0u64..).zip(&leaves) {
            let mut next = 0;
            edge.push_with::<Portable>(*leaf, |level, at, node| {
                assert_eq!(level, next, "levels ascend");
                next += 1;
                assert_eq!((at + 1) << level, index + 1, "the subtree ends with this leaf");
                assert!(nodes.insert((level, at), *node).is_none(), "each node is reported once");
            })
            .expect("not full");
        }
        for (&(level, at), node) in &nodes {
            let range = (at << level) as usize..((at + 1) << level) as usize;
            assert_eq!(*node, mth(&leaves[range]), "level {level}, index {at}");
        }

        let store = Noted { nodes, asked: RefCell::default() };
        for n in 0..=size {
            assert_eq!(root_of::<Portable, _>(&store, n), Ok(mth(&leaves[..n as usize])));
            for m in 0..n {
                assert!(inclusion_proof::<Portable, _>(&store, m, n).is_ok());
                assert!(consistency_proof::<Portable, _>(&store, m + 1, n).is_ok());
            }
        }
        assert_eq!(store.asked.into_inner(), store.nodes.into_keys().collect());
    }
}

/// For all small trees: which claims of index and size pass with a given proof. None but those of the same shape, and
/// so for the tree's own size only the index itself.
#[test]
fn no_other_index_or_size_passes_unless_the_shape_is_the_same() {
    let most = 20;
    let tree = distinct(most);
    for size in 1..=most {
        let root = root_at(&tree, size);
        for index in 0..size {
            let leaf = tree.node(0, index).expect("in the tree");
            let path = inclusion_proof::<Portable, _>(&tree, index, size).expect("in the tree");
            let shape = inclusion_shape(index, size);
            for n in 0..=most + 4 {
                for at in 0..=n + 1 {
                    let accepted = verify_inclusion::<Portable>(&leaf, at, n, &path, &root);
                    let same = inclusion_shape(at, n) == shape;
                    assert_eq!(accepted.is_ok(), same, "({index}, {size}) as ({at}, {n}): {accepted:?}");
                    assert!(n != size || accepted.is_ok() == (at == index), "the size given, the index is bound");
                    assert!(at < n || accepted == Err(InclusionError::IndexOutOfRange { index: at, size: n }));
                }
            }
        }
    }
}

#[test]
fn no_other_sizes_pass_unless_the_shape_is_the_same() {
    let most = 20;
    let tree = distinct(most);
    for second in 1..=most {
        for first in 1..=second {
            let (first_root, second_root) = (root_at(&tree, first), root_at(&tree, second));
            let path = consistency_proof::<Portable, _>(&tree, first, second).expect("the sizes are in order");
            let shape = consistency_shape(first, second);
            for n in 0..=most + 4 {
                for m in 0..=n + 1 {
                    let accepted = verify_consistency::<Portable>(m, n, &path, &first_root, &second_root);
                    let same = consistency_shape(m, n) == shape;
                    assert_eq!(accepted.is_ok(), same, "({first}, {second}) as ({m}, {n}): {accepted:?}");
                    assert!(n != second || accepted.is_ok() == (m == first), "one size given, the other is bound");
                }
            }
        }
    }
}

#[test]
fn senseless_claims_have_their_own_errors() {
    let tree = distinct(6);
    let root = tree.root();
    let path = tree.consistency_proof(3).expect("the sizes are in order");

    assert_eq!(tree.inclusion_proof(6), Err(ProofError::IndexOutOfRange { index: 6, size: 6 }));
    assert_eq!(tree.consistency_proof(0), Err(ProofError::FirstEmpty));
    assert_eq!(tree.consistency_proof(7), Err(ProofError::FirstLarger { first: 7, second: 6 }));
    assert_eq!(tree.consistency_proof(6), Ok(vec![]));
    assert_eq!(
        inclusion_proof::<Portable, _>(&tree, 0, 8),
        Err(ProofError::Store(Missing { level: 2, index: 1 })),
        "the leaves from 6 on are not there"
    );
    assert_eq!(root_of::<Portable, _>(&tree, 7), Err(Missing { level: 0, index: 6 }));

    let consistency =
        |first, second, path: &[Hash], a: &Hash, b: &Hash| verify_consistency::<Portable>(first, second, path, a, b);
    let other = root_at(&tree, 3);
    assert_eq!(consistency(0, 0, &[], &root, &root), Err(ConsistencyError::FirstEmpty));
    assert_eq!(consistency(0, 6, &path, &empty_root::<Portable>(), &root), Err(ConsistencyError::FirstEmpty));
    assert_eq!(consistency(0, 6, &[], &empty_root::<Portable>(), &root), Err(ConsistencyError::FirstEmpty));
    assert_eq!(consistency(7, 6, &path, &root, &root), Err(ConsistencyError::FirstLarger { first: 7, second: 6 }));
    assert_eq!(consistency(6, 6, &[], &root, &root), Ok(()));
    assert_eq!(consistency(6, 6, &[], &other, &root), Err(ConsistencyError::RootsDiffer));
    assert_eq!(consistency(6, 6, &[root], &root, &root), Err(ConsistencyError::PathTooLong));
    assert_eq!(
        verify_inclusion::<Portable>(&root, 0, 0, &[], &empty_root::<Portable>()),
        Err(InclusionError::IndexOutOfRange { index: 0, size: 0 })
    );
}

#[test]
fn the_largest_tree_is_full_and_has_the_longest_encoding() {
    let store = Uniform::new();
    let mut edge = store.edge(u64::MAX - 1);
    assert_eq!(edge.push::<Portable>(store.0[0]), Ok(u64::MAX - 1));
    assert_eq!(edge.peaks().len(), 64);
    assert_eq!(edge.encoded_size(), RightEdge::max_encoded_len());

    let before = edge.clone();
    assert_eq!(edge.push_with::<Portable>(store.0[0], |_, _, _| panic!("nothing is completed")), Err(Full));
    assert_eq!(edge, before);
}

/// A client that knows only metadata must be able to read an edge.
#[test]
fn metadata_describes_what_is_encoded() {
    let scale_info::TypeDef::Composite(edge) = <RightEdge as scale_info::TypeInfo>::type_info().type_def else {
        panic!("not a composite");
    };
    let fields: Vec<_> = edge.fields.iter().map(|field| (field.name, field.ty)).collect();
    assert_eq!(
        fields,
        [(Some("size"), scale_info::meta_type::<u64>()), (Some("peaks"), scale_info::meta_type::<[Hash]>())]
    );
    assert!(edge.fields.iter().all(|field| !field.docs.is_empty()));
}
