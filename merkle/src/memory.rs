//! A tree whose nodes are all in memory.

use crate::{consistency_proof, empty_root, inclusion_proof, node_hash, Hash, NodeStore, ProofError, Sha256};
use alloc::{vec, vec::Vec};
use core::{fmt, marker::PhantomData};

/// A tree with every complete subtree in memory, 64 bytes per leaf: for a batch of readings, and for tests.
pub struct MemoryTree<H> {
    /// The complete subtrees of each level, level 0 first.
    levels: Vec<Vec<Hash>>,
    hasher: PhantomData<fn() -> H>,
}

/// The tree has no such complete subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The level asked for; 0 is that of the leaves.
    pub level: u32,
    /// The index asked for.
    pub index: u64,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the tree has no complete subtree {} at level {}", self.index, self.level)
    }
}

impl core::error::Error for Missing {}

impl<H> MemoryTree<H> {
    /// The tree without leaves.
    pub const fn new() -> Self {
        Self { levels: Vec::new(), hasher: PhantomData }
    }

    /// The number of leaves.
    pub fn len(&self) -> u64 {
        // Memory holds fewer than 2^64 hashes.
        self.levels.first().map_or(0, |leaves| u64::try_from(leaves.len()).unwrap_or(u64::MAX))
    }

    /// Whether there are no leaves.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }
}

impl<H: Sha256> MemoryTree<H> {
    /// The tree over leaves that are given by their hashes, in order.
    pub fn from_leaf_hashes(leaves: impl IntoIterator<Item = Hash>) -> Self {
        let mut tree = Self::new();
        for leaf in leaves {
            tree.push(leaf);
        }
        tree
    }

    /// Appends a leaf, given by its hash, and returns its index.
    pub fn push(&mut self, leaf: Hash) -> u64 {
        let index = self.len();
        let mut node = leaf;
        for nodes in &mut self.levels {
            nodes.push(node);
            match nodes.as_slice() {
                [.., left, right] if is_even(nodes) => node = node_hash::<H>(left, right),
                _ => return index,
            }
        }
        self.levels.push(vec![node]);
        index
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let peaks = self.levels.iter().filter(|nodes| !is_even(nodes)).filter_map(|nodes| nodes.last().copied());
        peaks.reduce(|right, left| node_hash::<H>(&left, &right)).unwrap_or_else(empty_root::<H>)
    }

    /// The path that shows leaf `index` in the tree as it is now.
    ///
    /// # Errors
    ///
    /// [`ProofError::IndexOutOfRange`].
    pub fn inclusion_proof(&self, index: u64) -> Result<Vec<Hash>, ProofError<Missing>> {
        inclusion_proof::<H, Self>(self, index, self.len())
    }

    /// The path that shows that the tree as it is now begins with that of its first `first` leaves.
    ///
    /// # Errors
    ///
    /// [`ProofError::FirstEmpty`], [`ProofError::FirstLarger`].
    pub fn consistency_proof(&self, first: u64) -> Result<Vec<Hash>, ProofError<Missing>> {
        consistency_proof::<H, Self>(self, first, self.len())
    }
}

fn is_even(nodes: &[Hash]) -> bool {
    nodes.len() & 1 == 0
}

impl<H> NodeStore for MemoryTree<H> {
    type Error = Missing;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Missing> {
        let find = || {
            let nodes = self.levels.get(usize::try_from(level).ok()?)?;
            nodes.get(usize::try_from(index).ok()?).copied()
        };
        find().ok_or(Missing { level, index })
    }
}

// By hand, because derived ones would ask the same of `H`, of which there is no value.

impl<H> Default for MemoryTree<H> {
    fn default() -> Self {
        Self::new()
    }
}

impl<H> Clone for MemoryTree<H> {
    fn clone(&self) -> Self {
        Self { levels: self.levels.clone(), hasher: PhantomData }
    }
}

impl<H> fmt::Debug for MemoryTree<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTree").field("leaves", &self.levels.first()).finish()
    }
}
