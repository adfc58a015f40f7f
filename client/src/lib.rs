//! The CityNet Ledger SDK, on which the `citynet` command is built.
//!
//! * [`ledger`] talks to a node: state, [`rpc`], and transactions followed until they are final.
//! * [`attest`] turns a sensor's files ([`sources`]) into attested batches and an [`archive`].
//! * [`prove`] makes an evidence bundle for one reading; `citynet_proofs::verify` checks it without any of this.
//! * [`catalog`] says what datasets and their versions are, [`grants`] who may use them for what, [`receipts`] what they
//!   did.
//! * [`settlement`] knows money: amounts, currencies and statements of account; [`iso20022`] writes payment orders.
//! * [`audit`] answers what auditors ask, from the journal's records.
//! * [`governance`] is what the consortium does with itself: members, motions, validators, upgrades.
//! * [`keys`] holds the keys of accounts and devices.
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
