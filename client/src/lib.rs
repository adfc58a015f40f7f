//! The CityNet Ledger SDK, on which the `citynet` command is built.
//!
//! Asking takes a node and no key:
//!
//! ```no_run
//! # async fn example() -> Result<(), citynet_client::connection::NodeError> {
//! use citynet_client::{
//!     ledger::Ledger,
//!     rpc::{AccessQuestion, DecisionView},
//! };
//! use citynet_primitives::{Action, DatasetId, OrganisationId, PurposeCode};
//! use std::time::Duration;
//!
//! let ledger = Ledger::connect("ws://127.0.0.1:9944", Duration::from_secs(10)).await?;
//! let question = AccessQuestion {
//!     consumer: OrganisationId(3),
//!     dataset: DatasetId(7),
//!     version: None,
//!     action: Action::Read,
//!     purpose: PurposeCode(2),
//!     time: None,
//! };
//! match ledger.rpc().check_access(&question).await?.decision {
//!     DecisionView::Allowed { chain } => println!("by {} grants", chain.len()),
//!     DecisionView::Denied { reason, .. } => println!("no: {reason}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Where to begin
//!
//! | you | begin with | whole programs |
//! |---|---|---|
//! | serve data or use it | [`rpc::Rpc::check_access`], [`receipts`] | `client/examples/developer.rs` |
//! | run a node | [`rpc::Rpc::status`], [`governance`] | `client/examples/operator.rs` |
//! | audit | [`audit::completeness`], [`audit::access`], `citynet_proofs` | `client/examples/auditor.rs` |
//!
//! Each of these runs against a network that `./scripts/run` starts: `cargo run --release --workspace --example operator`.
//!
//! # Which module for what
//!
//! | module | what it does |
//! |---|---|
//! | [`ledger`] | A node: state, and transactions followed until they are final |
//! | [`rpc`] | The JSON-RPC methods of a node, typed |
//! | [`connection`] | One connection, and why a node does not answer |
//! | [`watch`] | Records as they become final, with no gap and no duplicate over a reconnect |
//! | [`attest`] | A sensor's files ([`sources`]) become attested batches and an [`archive`] |
//! | [`prove`] | An evidence bundle for one reading; `citynet_proofs::verify` checks it without any of this |
//! | [`catalog`] | What datasets and their versions are |
//! | [`grants`] | Who may use data for what: terms, their files, their words |
//! | [`receipts`] | What a gateway gave and refused, and the reports of it |
//! | [`settlement`] | Money: amounts, currencies, statements of account; [`iso20022`] writes payment orders |
//! | [`audit`] | What auditors ask, answered from the journal's records |
//! | [`governance`] | What the consortium does with itself: members, motions, validators, upgrades |
//! | [`keys`] | The keys of accounts and devices |
//! | [`time`] | Times as the ledger and people write them |
//! | [`bench`] | How fast this machine and a ledger are |
//!
//! # Terminology
//!
//! A *reading* is one line of a source file, a *batch* a run of readings that the device signs together, a *record* what
//! the ledger's journal says about it. *Final* means in a block that GRANDPA has finalised.
//!
//! # Assumptions
//!
//! The machine's clock is right to within minutes: it dates signatures and refuses readings from the future. The node is
//! trusted to send transactions on and to say what became of them; it is not trusted with proofs.
//!
//! # What this crate does not guarantee
//!
//! That a sensor measured what its file says.

pub mod archive;
pub mod attest;
pub mod audit;
pub mod bench;
pub mod catalog;
pub mod connection;
pub mod governance;
pub mod grants;
pub mod iso20022;
pub mod keys;
pub mod ledger;
pub mod prove;
pub mod receipts;
pub mod rpc;
pub mod settlement;
pub mod sources;
pub mod time;
pub mod watch;
