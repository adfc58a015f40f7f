//! Roots and proofs for any size, made from a store of complete subtrees (RFC 9162, sections 2.1.1, 2.1.3.1 and
//! 2.1.4.1).
//!
//! The RFC defines them by recursion into the left or the right part of a range of leaves. Here one loop narrows the
//! range instead; it meets the topmost node of the path first, so the path is reversed at the end.

use crate::{empty_root, node_hash, Hash, Sha256};
use alloc::vec::Vec;
use core::fmt;

/// Where the complete subtrees of a tree are kept.
pub trait NodeStore {
    /// Why a node could not be had.
    type Error;

    /// The root of the complete subtree that covers the leaves from `index << level` up to, but not including,
    /// `(index + 1) << level`. At level 0 that is the leaf hash of leaf `index`.
    ///
    /// # Errors
    ///
    /// When the store does not hold it, or fails.
    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// Why there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError<E> {
    /// The tree has no leaf at that index.
    IndexOutOfRange {
        /// The index asked for.
        index: u64,
        /// The number of leaves.
        size: u64,
    },
    /// A consistency proof from the tree without leaves: everything begins with it, so there is nothing to prove.
    FirstEmpty,
    /// A consistency proof to a smaller tree.
    FirstLarger {
        /// Size of the earlier tree.
        first: u64,
        /// Size of the later tree.
        second: u64,
    },
    /// The store could not give a node.
    Store(E),
}

impl<E: fmt::Display> fmt::Display for ProofError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IndexOutOfRange { index, size } => write!(f, "leaf {index} is not in a tree of {size} leaves"),
            Self::FirstEmpty => f.write_str("there is no consistency proof from an empty tree"),
            Self::FirstLarger { first, second } => {
                write!(f, "a tree of {first} leaves cannot be the beginning of one of {second} leaves")
            }
            Self::Store(error) => write!(f, "a node of the tree is not available: {error}"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for ProofError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::IndexOutOfRange { .. } | Self::FirstEmpty | Self::FirstLarger { .. } => None,
        }
    }
}

impl<E> From<E> for ProofError<E> {
    fn from(error: E) -> Self {
        Self::Store(error)
    }
}

/// The root of the tree of the first `size` leaves: `MTH` of RFC 9162, section 2.1.1.
///
/// # Errors
///
/// Those of the store, which must hold every complete subtree within `size` leaves.
pub fn root_of<H: Sha256, S: NodeStore + ?Sized>(store: &S, size: u64) -> Result<Hash, S::Error> {
    range_root::<H, S>(store, 0, size)
}

/// The path that shows leaf `index` in the tree of the first `size` leaves, from the bottom up: `PATH` of RFC 9162,
/// section 2.1.3.1.
///
/// # Errors
///
/// [`ProofError::IndexOutOfRange`] unless `index < size`; [`ProofError::Store`].
pub fn inclusion_proof<H: Sha256, S: NodeStore + ?Sized>(
    store: &S,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProofError<S::Error>> {
    if index >= size {
        return Err(ProofError::IndexOutOfRange { index, size });
    }
    let mut path = Vec::new();
    let (mut start, mut end) = (0, size);
    while let Some(middle) = split(start, end) {
        if index < middle {
            path.push(range_root::<H, S>(store, middle, end)?);
            end = middle;
        } else {
            path.push(range_root::<H, S>(store, start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The path that shows that the tree of the first `second` leaves begins with that of the first `first`, from the
/// bottom up: `PROOF` of RFC 9162, section 2.1.4.1. Empty when the sizes are equal.
///
/// # Errors
///
/// [`ProofError::FirstEmpty`], [`ProofError::FirstLarger`], [`ProofError::Store`].
pub fn consistency_proof<H: Sha256, S: NodeStore + ?Sized>(
    store: &S,
    first: u64,
    second: u64,
) -> Result<Vec<Hash>, ProofError<S::Error>> {
    if first == 0 {
        return Err(ProofError::FirstEmpty);
    }
    if first > second {
        return Err(ProofError::FirstLarger { first, second });
    }
    let mut path = Vec::new();
    let (mut start, mut end) = (0, second);
    while end != first {
        let Some(middle) = split(start, end) else { break };
        if first <= middle {
            path.push(range_root::<H, S>(store, middle, end)?);
            end = middle;
        } else {
            path.push(range_root::<H, S>(store, start, middle)?);
            start = middle;
        }
    }
    // A range that begins at 0 is the whole first tree, whose root the verifier has.
    if start != 0 {
        path.push(range_root::<H, S>(store, start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Where the RFC cuts the leaves from `start` up to, but not including, `end`: after the largest power of two of them
/// that is smaller than all. `None` when there are fewer than two.
fn split(start: u64, end: u64) -> Option<u64> {
    let power = end.checked_sub(start)?.checked_sub(1)?.checked_ilog2()?;
    start.checked_add(1u64.checked_shl(power)?)
}

/// `MTH` over the leaves from `start` up to, but not including, `end`. `start` must be one at which [`split`] cuts, or
/// 0: a multiple of every power of two up to the first that holds the range.
fn range_root<H: Sha256, S: NodeStore + ?Sized>(store: &S, start: u64, end: u64) -> Result<Hash, S::Error> {
    let mut root = None;
    let mut rest = end.saturating_sub(start);
    // Each bit of the range's length is a complete subtree, the lowest bit the rightmost one.
    while rest != 0 {
        let level = rest.trailing_zeros();
        rest &= rest.wrapping_sub(1);
        // `rest` leaves precede the subtree in the range. They are added by `|`, because no bit of `start` is that
        // low. The level is below 64, since a bit was set.
        let index = (start | rest).checked_shr(level).unwrap_or(0);
        let node = store.node(level, index)?;
        root = Some(match root {
            Some(right) => node_hash::<H>(&node, &right),
            None => node,
        });
    }
    Ok(root.unwrap_or_else(empty_root::<H>))
}
