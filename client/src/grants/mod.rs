//! Grants as people write and read them.
//!
//! * [`file`] reads the file with a grant's terms, in TOML or JSON, and makes [`citynet_primitives::Terms`] of it.
//! * [`names`] and [`codes`] know the words that such a file uses.
//! * [`render`] says in words what terms mean and what became of a grant.
//! * [`odrl`] writes terms as an ODRL agreement, whose hash the terms carry.
//!
//! The calls themselves are constructors of [`crate::ledger::Call`].

pub mod codes;
pub mod file;
pub mod names;
pub mod odrl;
pub mod render;

pub use citynet_answers::access::terms_hash;
pub use codes::{Code, Codes, UnknownCode};
pub use file::{Known, Problem, TermsError, TermsFile};
pub use odrl::Agreement;
