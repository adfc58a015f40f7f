//! The `citynet_*` JSON-RPC methods.
//!
//! [`LedgerApiServer`] declares them, [`Ledger`] answers them from the index, the chain's state and its justifications. A
//! node attaches them with one call:
//!
//! ```ignore
//! module.merge(methods(Ledger::new(client, backend, index, authority_set, chain_name))?)?;
//! ```
//!
//! # Conventions
//!
//! * Every answer is about finalised data and names the block that it is true for: its *anchor*.
//! * 64-bit integers are decimal strings on output; input may also be a JSON number. Bytes are `0x` and lower-case hex.
//! * Lists that grow without bound come in pages. A page's `next` is an opaque cursor that keeps the anchor of the first
//!   page, so that a walk sees one state of the ledger.
//! * An index that is more than [`MAX_BEHIND`] blocks behind the finalised block answers `not_synced` rather than in part.
//! * Errors have the stable numbers and names of [`Error`].
//!
//! # What is not guaranteed
//!
//! A node's word is not proof. What `citynet_proof` and `citynet_completeness` return is, once `citynet-proofs` has
//! verified it.

mod api;
mod catalogue;
mod completeness;
mod cursor;
mod error;
mod grants;
mod methods;
mod page;
mod proof;
mod server;
mod settlements;
mod types;

pub use api::LedgerApiServer;
pub use catalogue::{DatasetAnswer, DatasetView, DependentView, DependentsParams, VersionAnswer};
pub use citynet_index::{Block, Header};
pub use completeness::{CompletenessProofView, CompletenessView};
pub use cursor::{Cursor, List};
pub use error::{Error, Internal, NotFound};
pub use grants::{AccessParams, CodeParam, CodeView, DecisionAnswer, GrantAnswer, GrantFilterParams, GrantView};
pub use methods::{methods, OPENRPC};
pub use page::{completeness, datasets, dependents, devices, grants, obligations, records};
pub use server::{Ledger, LedgerClient, DEFAULT_LIMIT, MAX_BEHIND, MAX_LIMIT, MAX_PROVEN};
pub use settlements::{
    BalanceView, BalancesAnswer, CurrencyView, CycleAnswer, GrantAccountAnswer, ObligationAnswer,
    ObligationFilterParams, ObligationView, WithdrawalView,
};
pub use types::{
    Anchor, AuthoritiesView, BlockView, ChangeView, ConsistencyView, Decimal, DeviceAnswer, DeviceView, FilterParams,
    GenesisView, Hex, IndexView, KeyRecord, ListAnswer, OrganisationAnswer, Page, ParametersAnswer, ProofView,
    RecordAnswer, RecordProofView, RecordView, StatusView,
};
