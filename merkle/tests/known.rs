//! Roots that others published, and the example tree of RFC 9162, section 2.1.5, put together by hand.
#![cfg(feature = "std")]

use citynet_merkle::{
    consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, root_of, verify_consistency,
    verify_inclusion, Hash, MemoryTree, Portable, RightEdge, Sha256,
};

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_empty_tree_has_the_hash_of_nothing() {
    let known = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex(&empty_root::<Portable>()), known);
    assert_eq!(hex(&RightEdge::new().root::<Portable>()), known);
    assert_eq!(hex(&MemoryTree::<Portable>::new().root()), known);
    assert_eq!(root_of::<Portable, _>(&MemoryTree::<Portable>::new(), 0).map(|root| hex(&root)), Ok(known.into()));
}

#[test]
fn prefixes_are_those_of_the_rfc() {
    let (left, right) = (Portable::digest(&[b"l"]), Portable::digest(&[b"r"]));
    assert_eq!(leaf_hash::<Portable>(b"abc"), Portable::digest(&[b"\0abc"]));
    assert_eq!(node_hash::<Portable>(&left, &right), Portable::digest(&[&[1], &left, &right]));
    assert_eq!(Portable::digest(&[b"", b"ab", b"c"]), Portable::digest(&[b"abc"]), "parts are concatenated");
    assert_eq!(
        hex(&Portable::digest(&[b"abc"])),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "FIPS 180-4"
    );
}

/// The leaves and roots with which the implementations of RFC 6962 test each other.
#[test]
fn reference_roots() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut edge = RightEdge::new();
    let mut tree = MemoryTree::<Portable>::new();
    for (index, (leaf, root)) in (0u64..).zip(leaves.iter().zip(roots)) {
        let hash = leaf_hash::<Portable>(leaf);
        assert_eq!(edge.push::<Portable>(hash), Ok(index));
        assert_eq!(tree.push(hash), index);
        assert_eq!(hex(&edge.root::<Portable>()), root);
        assert_eq!(hex(&tree.root()), root);
    }
}

/// ```text
///             hash
///            /    \
///           /      \
///          k        l
///         / \      / \
///        g   h    i   j
///       /\  /\    /\   \
///       a b c d   e f  d6
/// ```
#[test]
fn example_of_the_rfc() {
    let leaf = |n: u8| leaf_hash::<Portable>(&[b'd', n]);
    let node = node_hash::<Portable>;
    let (a, b, c, d, e, f, j) = (leaf(0), leaf(1), leaf(2), leaf(3), leaf(4), leaf(5), leaf(6));
    let (g, h, i) = (node(&a, &b), node(&c, &d), node(&e, &f));
    let (k, l) = (node(&g, &h), node(&i, &j));
    let root = node(&k, &l);
    let tree = MemoryTree::<Portable>::from_leaf_hashes([a, b, c, d, e, f, j]);
    assert_eq!(tree.root(), root);

    for (index, leaf, path) in [(0, a, vec![b, h, l]), (3, d, vec![c, g, l]), (4, e, vec![f, j, k]), (6, j, vec![i, k])]
    {
        assert_eq!(tree.inclusion_proof(index), Ok(path.clone()));
        assert_eq!(inclusion_proof::<Portable, _>(&tree, index, 7), Ok(path.clone()));
        assert_eq!(verify_inclusion::<Portable>(&leaf, index, 7, &path, &root), Ok(()));
    }
    for (first, first_root, path) in
        [(3, node(&g, &c), vec![c, d, g, l]), (4, k, vec![l]), (6, node(&k, &i), vec![i, j, k])]
    {
        assert_eq!(tree.consistency_proof(first), Ok(path.clone()));
        assert_eq!(consistency_proof::<Portable, _>(&tree, first, 7), Ok(path.clone()));
        assert_eq!(root_of::<Portable, _>(&tree, first), Ok(first_root));
        assert_eq!(verify_consistency::<Portable>(first, 7, &path, &first_root, &root), Ok(()));
    }
}
