//! The SQL index of finalised records.
//!
//! The chain's state holds the right edge of the journal's tree and nothing else of the past. [`run`] follows the finalised
//! chain, reads each block's records by the runtime API and writes them to SQLite, together with every complete subtree of
//! the tree, so that records can be looked up and proven. The index holds nothing that an archive node cannot make again:
//! an [`Index`] of another schema or another chain is emptied and filled anew.
//!
//! # Terminology
//!
//! * The *position* is the last block that the index holds. It commits in the same transaction as that block's data, so a
//!   crash leaves the index at some earlier block and never between two.
//! * A *snapshot* is one read transaction: all its answers are true for the finalised block of one position.
//!
//! # What is checked
//!
//! The writer trusts no runtime: a record must have the next index and name its block, a block must follow the one before,
//! and the tree over the records' leaf hashes must have the head that the block's header commits to. Otherwise indexing
//! stops with an [`Inconsistency`], because an index that continues would serve proofs that do not verify.
//!
//! # What is not guaranteed
//!
//! The index lags behind finality by the time it takes to write a block, and while it fills, by much more. Readers compare
//! [`Position::number`] with the finalised block. The node does not depend on the index: it may stop, and the node goes on.
//!
//! # Assumptions
//!
//! The state of every finalised block is available (`--state-pruning archive-canonical`). Indices, times and the numbers of
//! devices, datasets, grants and obligations stay below 2^63: they are given by the chain one by one or by its clock.
//! Sequence numbers are the devices' own choice and use the whole range, so SQLite holds them as 8 big-endian bytes, which
//! sort alike.

mod error;
mod follow;
mod lineage;
mod lists;
mod metrics;
mod read;
mod schema;
mod store;
mod writer;

pub use error::{Error, Inconsistency};
pub use follow::{run, tree_head};
pub use lineage::{Dependent, Dependents};
pub use lists::{GrantFilter, ObligationFilter};
pub use read::{BatchLookup, Filter, IndexedBlock, IndexedDevice, IndexedRecord, Snapshot};
pub use store::Index;
pub use writer::{FinalisedBlock, Position};

/// A block header of the chain.
pub type Header = sp_runtime::generic::Header<u32, sp_runtime::traits::BlakeTwo256>;
/// A block of the chain with transactions as opaque bytes, the type that the runtime exports for nodes.
pub type Block = sp_runtime::generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
