//! The three hashes of RFC 9162, section 2.1.1, over any provider of SHA-256.

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Keeps a leaf from being taken for a node.
const LEAF_PREFIX: &[u8] = &[0x00];
/// Keeps a node from being taken for a leaf.
const NODE_PREFIX: &[u8] = &[0x01];

/// A provider of SHA-256.
pub trait Sha256 {
    /// The hash of the concatenation of `parts`.
    fn digest(parts: &[&[u8]]) -> Hash;
}

/// SHA-256 by the `sha2` crate: correct everywhere, and off chain the one to use.
#[cfg(feature = "sha2")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Portable;

#[cfg(feature = "sha2")]
impl Sha256 for Portable {
    fn digest(parts: &[&[u8]]) -> Hash {
        use sha2::Digest;
        parts.iter().fold(sha2::Sha256::new(), |hasher, part| hasher.chain_update(part)).finalize().into()
    }
}

/// The root of the tree without leaves, `SHA256("")`.
pub fn empty_root<H: Sha256>() -> Hash {
    H::digest(&[])
}

/// The hash of a leaf, `SHA256(0x00 ‖ leaf)`.
pub fn leaf_hash<H: Sha256>(leaf: &[u8]) -> Hash {
    H::digest(&[LEAF_PREFIX, leaf])
}

/// The hash of an inner node, `SHA256(0x01 ‖ left ‖ right)`.
pub fn node_hash<H: Sha256>(left: &Hash, right: &Hash) -> Hash {
    H::digest(&[NODE_PREFIX, left, right])
}
