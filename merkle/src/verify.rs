//! Verification, step by step as RFC 9162 writes it in sections 2.1.3.2 and 2.1.4.2.
//!
//! `fn` and `sn` of the RFC are `node` and `last` here: the index, at the current level, of the node that is being
//! hashed upwards and of the last node.

use crate::{node_hash, Hash, Sha256};
use core::fmt;

/// Why an inclusion proof shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InclusionError {
    /// A tree of that size has no leaf at that index.
    IndexOutOfRange {
        /// The index claimed.
        index: u64,
        /// The number of leaves claimed.
        size: u64,
    },
    /// The path has fewer hashes than index and size ask for.
    PathTooShort,
    /// The path has more hashes than index and size ask for.
    PathTooLong,
    /// Leaf and path lead to another root.
    WrongRoot,
}

impl fmt::Display for InclusionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IndexOutOfRange { index, size } => write!(f, "leaf {index} is not in a tree of {size} leaves"),
            Self::PathTooShort => f.write_str("the inclusion path is shorter than index and size ask for"),
            Self::PathTooLong => f.write_str("the inclusion path is longer than index and size ask for"),
            Self::WrongRoot => f.write_str("leaf and inclusion path lead to another root"),
        }
    }
}

impl core::error::Error for InclusionError {}

/// Why a consistency proof shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsistencyError {
    /// The first tree is said to be empty. Every tree begins with the empty one, so this would show nothing.
    FirstEmpty,
    /// The first tree is said to be larger than the second.
    FirstLarger {
        /// Size of the earlier tree.
        first: u64,
        /// Size of the later tree.
        second: u64,
    },
    /// The sizes are equal and the roots are not.
    RootsDiffer,
    /// The path has fewer hashes than the sizes ask for.
    PathTooShort,
    /// The path has more hashes than the sizes ask for; for equal sizes that is any.
    PathTooLong,
    /// The path leads to another root of the first tree.
    WrongFirstRoot,
    /// The path leads to another root of the second tree.
    WrongSecondRoot,
}

impl fmt::Display for ConsistencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstEmpty => f.write_str("consistency with an empty tree shows nothing"),
            Self::FirstLarger { first, second } => {
                write!(f, "a tree of {first} leaves cannot be the beginning of one of {second} leaves")
            }
            Self::RootsDiffer => f.write_str("two trees of the same size have different roots"),
            Self::PathTooShort => f.write_str("the consistency path is shorter than the sizes ask for"),
            Self::PathTooLong => f.write_str("the consistency path is longer than the sizes ask for"),
            Self::WrongFirstRoot => f.write_str("the consistency path leads to another root of the first tree"),
            Self::WrongSecondRoot => f.write_str("the consistency path leads to another root of the second tree"),
        }
    }
}

impl core::error::Error for ConsistencyError {}

/// Verifies that the leaf with hash `leaf` is at `index` in the tree of `size` leaves with root `root` (RFC 9162,
/// section 2.1.3.2).
///
/// Given size and root of one head, no other index passes. The size alone is not bound by the path: see the crate's
/// documentation.
///
/// # Errors
///
/// What is wrong, as [`InclusionError`] says.
pub fn verify_inclusion<H: Sha256>(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), InclusionError> {
    let Some(last) = size.checked_sub(1).filter(|last| index <= *last) else {
        return Err(InclusionError::IndexOutOfRange { index, size });
    };
    let mut climb = Climb { node: index, last };
    let mut hash = *leaf;
    for sibling in path {
        hash = match climb.step().ok_or(InclusionError::PathTooLong)? {
            Side::Left => node_hash::<H>(sibling, &hash),
            Side::Right => node_hash::<H>(&hash, sibling),
        };
    }
    if climb.last != 0 {
        return Err(InclusionError::PathTooShort);
    }
    if hash != *root {
        return Err(InclusionError::WrongRoot);
    }
    Ok(())
}

/// Verifies that the tree of `second` leaves with root `second_root` begins with that of `first` leaves and root
/// `first_root` (RFC 9162, section 2.1.4.2). For equal sizes the path must be empty and the roots equal.
///
/// # Errors
///
/// What is wrong, as [`ConsistencyError`] says.
pub fn verify_consistency<H: Sha256>(
    first: u64,
    second: u64,
    path: &[Hash],
    first_root: &Hash,
    second_root: &Hash,
) -> Result<(), ConsistencyError> {
    if first > second {
        return Err(ConsistencyError::FirstLarger { first, second });
    }
    let (Some(node), Some(last)) = (first.checked_sub(1), second.checked_sub(1)) else {
        return Err(ConsistencyError::FirstEmpty);
    };
    if first == second {
        return match (path.is_empty(), first_root == second_root) {
            (false, _) => Err(ConsistencyError::PathTooLong),
            (true, false) => Err(ConsistencyError::RootsDiffer),
            (true, true) => Ok(()),
        };
    }
    // Step 1. The RFC refuses an empty path even where step 2 would then prepend a hash.
    let (head, tail) = path.split_first().ok_or(ConsistencyError::PathTooShort)?;
    // Step 2: a first tree that is complete is its own starting node.
    let (seed, rest) = if first.is_power_of_two() { (first_root, path) } else { (head, tail) };
    let mut climb = Climb { node, last };
    while climb.node & 1 == 1 {
        climb.up();
    }
    let (mut first_hash, mut second_hash) = (*seed, *seed);
    for sibling in rest {
        match climb.step().ok_or(ConsistencyError::PathTooLong)? {
            Side::Left => {
                first_hash = node_hash::<H>(sibling, &first_hash);
                second_hash = node_hash::<H>(sibling, &second_hash);
            }
            Side::Right => second_hash = node_hash::<H>(&second_hash, sibling),
        }
    }
    if climb.last != 0 {
        return Err(ConsistencyError::PathTooShort);
    }
    if first_hash != *first_root {
        return Err(ConsistencyError::WrongFirstRoot);
    }
    if second_hash != *second_root {
        return Err(ConsistencyError::WrongSecondRoot);
    }
    Ok(())
}

/// On which side of the node its sibling is.
enum Side {
    Left,
    Right,
}

/// The way from a node to the root.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Takes one hash of the path (step 4 of 2.1.3.2, step 6 of 2.1.4.2). `None` at the root, where no hash may be
    /// left.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // The last node of a level has no sibling until it is a right child: it rises unchanged.
            while self.node & 1 == 0 && self.node != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Some(side)
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }
}
