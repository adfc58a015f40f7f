//! The `citynet_*` JSON-RPC methods.
//!
//! [`LedgerApiServer`] declares them, [`Ledger`] answers them from the index, the chain's state and its justifications. A
//! node attaches them with one call:
//!
//! ```ignore
//! module.merge(methods(Ledger::new(client, backend, index, authority_set, chain_name))?)?;
//! ```
//!
//! [`Subscriptions`] tells of records as they become final, and is attached beside it. [`bounded`] then keeps those who ask
//! and do not read from filling the node's memory.
//!
//! # Conventions
//!
//! * Every answer is about finalised data and names the block that it is true for: its *anchor*.
//! * 64-bit integers are decimal strings on output; input may also be a JSON number. Bytes are `0x` and lower-case hex.
//! * Lists that grow without bound come in pages. A page's `next` is an opaque cursor that keeps the anchor of the first
//!   page, so that a walk sees one state of the ledger.
//! * What is asked as of a time is answered by the state of the last block that is not later. A time or a block that is
//!   still to come is `not_final_yet`, so that an answer never changes.
//! * An index that is more than [`MAX_BEHIND`] blocks behind the finalised block answers `not_synced` rather than in part.
//! * Errors have the stable numbers and names of [`Error`].
//! * A WebSocket that does not read has few answers made. Its further calls wait, and are refused with `limit_exceeded` when
//!   nothing was read for 10 seconds.
//!
//! # What is not guaranteed
//!
//! A node's word is not proof. What `citynet_proof` and `citynet_completeness` return is, once `citynet-proofs` has
//! verified it.

mod access_at;
mod anchors;
mod api;
mod as_of;
mod catalogue;
mod completeness;
mod cursor;
mod cycles;
mod error;
mod extrinsics;
mod grants;
mod lineage;
mod methods;
mod page;
mod proof;
mod search;
mod selection;
mod server;
mod settlements;
mod state_at;
mod subscription;
mod synced;
mod types;
mod unread;

pub use access_at::{AccessAtAnswer, AccessAtParams, GrantAccessView, GrantLinkView, StepView, UseView};
pub use api::LedgerApiServer;
pub use as_of::{timestamp_key, AsOfParams};
pub use catalogue::{DatasetAnswer, DatasetView, DependentView, DependentsParams, VersionAnswer};
pub use citynet_index::{Block, Header};
pub use completeness::{CompletenessProofView, CompletenessView};
pub use cursor::{Cursor, List};
pub use cycles::CycleView;
pub use error::{Error, Internal, NotFound};
pub use extrinsics::{
    extrinsics, extrinsics_with_hash, ExtrinsicAnswer, ExtrinsicDetailView, ExtrinsicFilterParams, ExtrinsicView,
};
pub use grants::{AccessParams, CodeParam, CodeView, DecisionAnswer, GrantAnswer, GrantFilterParams, GrantView};
pub use lineage::{sources, OriginView, SourceView, MAX_DEPTH};
pub use methods::{methods, OPENRPC};
pub use page::{completeness, datasets, dependents, devices, grants, obligations, records};
pub use search::{search, HitView, PlaceView, PositionView, SearchAnswer};
pub use selection::FilterParams;
pub use server::{Ledger, LedgerClient, DEFAULT_LIMIT, MAX_BEHIND, MAX_LIMIT, MAX_PROVEN};
pub use settlements::{
    BalanceView, BalancesAnswer, CurrencyView, CycleAnswer, GrantAccountAnswer, ObligationAnswer,
    ObligationFilterParams, ObligationView, WithdrawalView,
};
pub use state_at::{DeviceStateView, ObjectView, StateAtAnswer, VersionView};
pub use subscription::{
    StreamedView, SubscriptionLimits, SubscriptionParams, Subscriptions, STREAMED_RECORDS, SUBSCRIBE_RECORDS,
    UNSUBSCRIBE_RECORDS,
};
pub use types::{
    Anchor, AuthoritiesView, BlockView, ChangeView, ConsistencyView, Decimal, DeviceAnswer, DeviceView, GenesisView,
    Hex, IndexView, KeyRecord, ListAnswer, OrganisationAnswer, Page, ParametersAnswer, ProofView, RecordAnswer,
    RecordProofView, RecordView, StatusView,
};
pub use unread::{bounded, UnreadLimits};
