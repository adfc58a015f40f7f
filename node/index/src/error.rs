//! What can go wrong with the index.

use crate::{budget::Limit, database::postgres::in_full};
use citynet_primitives::TreeHead;
use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

/// Why the index could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder of the database could not be made.
    #[error("the folder of the index cannot be created")]
    Folder(#[source] std::io::Error),
    /// SQLite refused.
    #[error("the index's database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// PostgreSQL refused, or cannot be reached.
    #[error("the index's database failed: {}", in_full(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// The thread that talks to PostgreSQL could not be started.
    #[error("the thread that talks to the index's database cannot be started")]
    Thread(#[source] std::io::Error),
    /// Another node writes to this database. There is one index in a database, and one node keeps it.
    #[error("another node keeps its index in this database")]
    InUse,
    /// The chain's database refused.
    #[error("the chain's database failed: {0}")]
    Chain(#[from] sp_blockchain::Error),
    /// The chain's database does not have a block that is finalised.
    #[error("finalised block {0} is not in the chain's database")]
    NoBlock(u32),
    /// The chain's database does not have the extrinsics of a block that is finalised.
    #[error("the extrinsics of finalised block {0} are not in the chain's database; are its blocks pruned?")]
    NoBody(u32),
    /// A block's records could not be read from its state.
    #[error("the records of block {number} cannot be read; is its state pruned? {source}")]
    Runtime {
        /// The block.
        number: u32,
        /// The runtime API's error.
        source: sp_api::ApiError,
    },
    /// A stored value does not decode. The database was damaged or changed by hand.
    #[error("a value in the index does not decode")]
    Stored(#[source] codec::Error),
    /// A value is of another type or size than its column's. The database was damaged or changed by hand.
    #[error("a value in column {0} of a query is not what the index writes there")]
    Column(usize),
    /// A complete subtree that the tree has is not stored. The database was damaged or changed by hand.
    #[error("the index has no node {position} at level {level} of the tree")]
    NoNode {
        /// Height above the leaves.
        level: u32,
        /// Position in the level.
        position: u64,
    },
    /// The block at which the index stands is not stored. The database was damaged or changed by hand.
    #[error("the index stands at block {0} but does not hold it")]
    NoContent(u32),
    /// A number that the chain gives one by one or by its clock is not below 2^63.
    #[error("{0} is too large for the index")]
    OutOfRange(u64),
    /// What the chain says does not fit together.
    #[error("block {number}: {reason}")]
    Inconsistent {
        /// The block that was refused.
        number: u32,
        /// Why.
        reason: Inconsistency,
    },
    /// A query goes beyond what one may cost.
    #[error("the query {limit}: {narrow}")]
    TooExpensive {
        /// The budget that it goes beyond.
        limit: Limit,
        /// What the caller can do about it, for people, such as `ask for fewer devices at a time`.
        narrow: &'static str,
    },
    /// The index holds no block yet, it is not open yet, or it is not yet known whether it is about this chain.
    #[error("the index holds no block yet")]
    NotReady,
    /// A blocking task died.
    #[error("a task of the index failed: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl Error {
    /// Whether trying again cannot help.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Inconsistent { .. }
            | Self::OutOfRange(_)
            | Self::Stored(_)
            | Self::Column(_)
            | Self::NoContent(_) => true,
            Self::Database(error) => {
                matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
            }
            Self::Postgres(error) => {
                matches!(error.code(), Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED))
            }
            Self::Folder(_)
            | Self::Thread(_)
            | Self::InUse
            | Self::Chain(_)
            | Self::NoBlock(_)
            | Self::NoBody(_)
            | Self::Runtime { .. }
            | Self::NoNode { .. }
            | Self::TooExpensive { .. }
            | Self::NotReady
            | Self::Task(_) => false,
        }
    }

    /// Whether a statement was ended because it took too long.
    pub(crate) fn is_interruption(&self) -> bool {
        match self {
            Self::Database(error) => error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted),
            Self::Postgres(error) => error.code() == Some(&SqlState::QUERY_CANCELED),
            _ => false,
        }
    }
}

/// How a block contradicts the blocks before it or itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Inconsistency {
    /// The block does not follow the one that was indexed last.
    #[error("does not follow the block that the index is at")]
    NotNext,
    /// A record's index is not the number of records before it.
    #[error("a record has index {found} where {expected} is next")]
    Index {
        /// Number of records before it.
        expected: u64,
        /// What it says.
        found: u64,
    },
    /// A record names another block than the one that wrote it.
    #[error("record {index} says that block {found} wrote it")]
    Block {
        /// The record.
        index: u64,
        /// What it says.
        found: u32,
    },
    /// The header commits to no tree head.
    #[error("its header has no tree head")]
    NoTreeHead,
    /// The header commits to another tree than its records make.
    #[error("its header commits to {} records with root 0x{} but its records make {} with root 0x{}",
        .header.size, hex::encode(.header.root), .records.size, hex::encode(.records.root))]
    TreeHead {
        /// What the header says.
        header: TreeHead,
        /// What the records make.
        records: TreeHead,
    },
    /// The tree cannot take another leaf.
    #[error("the tree is full")]
    Full,
}
