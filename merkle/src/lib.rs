//! Append-only Merkle trees as RFC 9162 (Certificate Transparency version 2) defines them in section 2.1, for the
//! chain, the node, the client and the browser alike.
//!
//! A leaf is hashed as `SHA256(0x00 ‖ leaf)`, an inner node as `SHA256(0x01 ‖ left ‖ right)`, the empty tree as
//! `SHA256("")`. Any verifier for RFC 9162 (or RFC 6962, which has the same trees) accepts what is made here.
//!
//! # Terminology
//!
//! * The *size* of a tree is its number of leaves, its *root* what the RFC calls `MTH`. Both together are its *head*.
//! * A *complete subtree* covers a power of two of leaves and never changes again. The one at `(level, index)` covers
//!   the leaves from `index · 2^level` up to, but not including, `(index + 1) · 2^level`; level 0 holds the leaf
//!   hashes.
//! * The *peaks* of a tree are its largest complete subtrees, from left to right: one for each bit that is set in its
//!   size, the largest first. They and the size are the tree's [right edge](RightEdge), all that appending needs.
//! * An *inclusion proof* shows that a leaf is at an index, a *consistency proof* that a tree begins with an earlier
//!   one.
//!
//! # What is here
//!
//! [`RightEdge`] appends without allocating and reports each complete subtree that a leaf finishes. Whoever keeps
//! those is a [`NodeStore`], from which [`root_of`], [`inclusion_proof`] and [`consistency_proof`] answer for any
//! earlier size. [`verify_inclusion`] and [`verify_consistency`] need neither. [`MemoryTree`] is a store for small
//! trees. All of it is generic over [`Sha256`], since the chain hashes with a host function.
//!
//! # What this crate does not guarantee
//!
//! * A proof speaks of the root it was verified against. That the root is the right one for its size, the reader must
//!   know from elsewhere: some pairs of index and size share their paths (index 0 of 3 leaves and of 4), so that
//!   neither proof binds the *size* by itself. Take size and root from one signed or finalised head, never apart.
//! * A leaf hash is taken as given. Hash the leaf's own bytes with [`leaf_hash`]; a hash from a stranger may be that
//!   of an inner node.
//! * A [`NodeStore`] is believed. If it errs, so do the proofs made from it, and verifying them shows it.
//! * Hashes are compared in variable time: nothing here is secret.

#![no_std]

extern crate alloc;

mod edge;
mod hash;
mod memory;
mod proof;
mod verify;

pub use edge::{Full, RightEdge};
#[cfg(feature = "sha2")]
pub use hash::Portable;
pub use hash::{empty_root, leaf_hash, node_hash, Hash, Sha256};
pub use memory::{MemoryTree, Missing};
pub use proof::{consistency_proof, inclusion_proof, root_of, NodeStore, ProofError};
pub use verify::{verify_consistency, verify_inclusion, ConsistencyError, InclusionError};
