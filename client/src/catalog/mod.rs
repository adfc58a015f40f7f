//! Datasets: what they are, what their versions were made from, and how people write that.
//!
//! * [`names`] has the names of the closed lists.
//! * [`source`] reads and writes what a version was made from.
//! * [`content`] hashes files and measures texts.
//!
//! The calls themselves are constructors of [`crate::ledger::Call`].

pub mod content;
pub mod names;

pub use citynet_answers::source;
