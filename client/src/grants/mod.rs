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

pub use codes::{Code, Codes, UnknownCode};
pub use file::{Known, Problem, TermsError, TermsFile};
pub use odrl::Agreement;

use citynet_primitives::{Hash, Terms};
use sha2::{Digest as _, Sha256};

/// The hash by which the chain knows terms: SHA-256 of [`Terms::to_bytes`].
pub fn terms_hash(terms: &Terms) -> Hash {
    Sha256::digest(terms.to_bytes()).into()
}
