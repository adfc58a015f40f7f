//! The SQL index of finalised records.
//!
//! The chain's state holds the right edge of the journal's tree and nothing else of the past. [`run`] follows the finalised
//! chain, reads each block's records by the runtime API and writes them to a database, together with every complete subtree
//! of the tree, so that records can be looked up and proven. The index holds nothing that an archive node cannot make again:
//! an [`Index`] of another schema or another chain is emptied and filled anew.
//!
//! The database is a file of SQLite or one on a PostgreSQL server ([`Location`]). Either has the same tables with the same
//! rows, answers the same, and is tested by the same tests.
//!
//! # Terminology
//!
//! * The *position* is the last block that the index holds. It commits in the same transaction as that block's data, so a
//!   crash leaves the index at some earlier block and never between two.
//! * A *snapshot* is one read transaction: all its answers are true for the finalised block of one position.
//!
//! * The *content* of a block is a hash over all rows of the index up to it ([`Snapshot::content`]): two indexes that have
//!   the same one at a block hold the same.
//! * A record is *about* its subjects, which are the ledger's own, and *names* what is in its body ([`Thing`]).
//!
//! # Which question is answered by what
//!
//! What an object is at some block is the chain's state there; the index says which objects there are and what happened to
//! them.
//!
//! | question | query of a [`Snapshot`] |
//! |---|---|
//! | which organisations joined | [`records`](Snapshot::records) of kind `organisation_registered` |
//! | what happened to an organisation, dataset, device, grant or cycle | `records` about the subject; complete, which can be proven |
//! | what an organisation or an account did, and when | `records` by `organisation` or `account`, kind and time |
//! | what happened to an account | [`records_naming`](Snapshot::records_naming) [`Thing::Account`] |
//! | how a member voted | `records` by `organisation`, of kind `motion_voted` |
//! | what became of a motion | `records_naming` [`Thing::Motion`]: `motion_proposed`, `motion_voted`, `motion_closed` |
//! | which motions had this call | `records_naming` [`Thing::Hash`] of the call |
//! | which validators and peers there were | `records` of kind `validator_registered`, `peer_added` |
//! | what happened to a validator, to a peer | `records_naming` [`Thing::Account`], [`Thing::Peer`] |
//! | which datasets, versions, devices there are | [`datasets`](Snapshot::datasets), [`devices`](Snapshot::devices); `records` about the dataset, of kind `version_published` |
//! | what was made from a version or a device | [`dependents_of_version`](Snapshot::dependents_of_version), [`dependents_of_device`](Snapshot::dependents_of_device) |
//! | what was made by right of a grant, or from a file | `records_naming` [`Thing::Grant`], or [`Thing::Hash`] of the file, of kind `version_published` |
//! | which grants a dataset, a provider, a consumer has | [`grants`](Snapshot::grants) |
//! | the chain of a grant | the parent is in `grant_offered` and the state; downwards [`delegations`](Snapshot::delegations), in time [`successors`](Snapshot::successors) |
//! | the receipts of a grant | `records` about the grant, of kind `access_reported` or `access_contested` |
//! | the refusals of a dataset | `records_naming` [`Thing::Dataset`], of kind `refusals_reported` |
//! | the statements of a grant | `records_naming` [`Thing::Grant`], of kind `usage_stated`, `usage_disputed`, `usage_ruled` |
//! | what is owed, by whom, for which grant | [`obligations`](Snapshot::obligations) |
//! | what happened to an obligation, a withdrawal | `records_naming` [`Thing::Obligation`], [`Thing::Withdrawal`] |
//! | deposits and prices paid in a currency | `records_naming` [`Thing::Currency`], by kind |
//! | the cycles of a currency | `records_naming` [`Thing::Currency`], of kind `cycle_opened`, `cycle_computed`, `cycle_settled` |
//! | the cycles in which an organisation had a position | `records_naming` [`Thing::Organisation`], of kind `cycle_computed` |
//! | what a bank's reference is about | `records_naming` [`Thing::Payment`] |
//! | which transactions an account signed, a block has | [`extrinsics_of_account`](Snapshot::extrinsics_of_account), [`extrinsics_of_block`](Snapshot::extrinsics_of_block) |
//! | how much there was at a time | [`records_until`](Snapshot::records_until) |
//! | what is this | [`search`](Snapshot::search) |
//!
//! Money is asked for by what its records name, never by what they are about: which subjects they have is the settlement
//! pallet's to choose.
//!
//! # What a query may cost
//!
//! A snapshot has [`Settings::time`] and [`Settings::rows`]. A query that would go beyond is ended with
//! [`Error::TooExpensive`], which says what to narrow.
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
//! [`Position::number`] with the finalised block. The node does not depend on the index: where it cannot be opened or written,
//! because the disk is full, the file is locked or read-only, or the server is away, [`run`] tries again, and the node goes
//! on.
//!
//! # Assumptions
//!
//! The state and the body of every finalised block are available (`--state-pruning archive-canonical`, and no
//! `--blocks-pruning`). Indices, times and the numbers of
//! devices, datasets, grants and obligations stay below 2^63: they are given by the chain one by one or by its clock.
//! Sequence numbers are the devices' own choice and use the whole range, so the database holds them as 8 big-endian bytes,
//! which sort alike.
//!
//! A PostgreSQL server gives each connection a session of its own. The index has the schema `citynet` of its database to
//! itself, and one index writes there at a time. Connections are not encrypted.

mod budget;
mod content;
mod database;
mod error;
mod extrinsics;
mod follow;
mod lineage;
mod lists;
mod metrics;
mod names;
mod read;
mod schema;
mod search;
mod store;
mod words;
mod writer;

pub use budget::Limit;
pub use content::Difference;
pub use database::{Location, PostgresUrl, UrlError};
pub use error::{Error, Inconsistency};
pub use extrinsics::{ExtrinsicId, IndexedExtrinsic};
pub use follow::{run, tree_head, FinalisedChain};
pub use lineage::{Dependent, Dependents};
pub use lists::{GrantFilter, ObligationFilter};
pub use names::Thing;
pub use read::{BatchLookup, Filter, IndexedBlock, IndexedDevice, IndexedRecord, Snapshot};
pub use search::{Found, Hit, Place, MAX_HITS};
pub use store::{Index, Settings};
pub use words::NoThing;
pub use writer::{FinalisedBlock, Position};

/// A block header of the chain.
pub type Header = sp_runtime::generic::Header<u32, sp_runtime::traits::BlakeTwo256>;
/// A block of the chain with transactions as opaque bytes, the type that the runtime exports for nodes.
pub type Block = sp_runtime::generic::Block<Header, sp_runtime::OpaqueExtrinsic>;
