//! Evidence: one JSON text that proves, without a network and without trusting any node, that a sensor reading (or any other
//! record) is in the ledger, that a list of records about a subject is complete, or that all records are there from which a
//! question is answered.
//!
//! [`verify`] follows the chain of small proofs that the bundle carries:
//!
//! ```text
//! reading → batch root → record → tree head in a block header → GRANDPA justification → authority set → genesis
//! ```
//!
//! and returns either what was proven or the one [`Step`] that failed, why, and what passed before it. [`verify_list`] does
//! the same for
//!
//! ```text
//! records → subject head → state root in a block header → GRANDPA justification → authority set → genesis
//! ```
//!
//! [`verify_dossier`] for all lists that a [`Question`] needs, and [`verify_document`] for any of them. The formats and the algorithms are specified in `docs/evidence.md`, so that they can
//! be implemented again from that page alone.
//!
//! # Terminology
//!
//! * *Leaf*: the RFC 8785 canonical JSON of a reading; a batch commits to its leaves by an RFC 9162 tree.
//! * *Tree head*: size and root of the journal's tree, in the digest of every block header.
//! * *Subject head*: count and chain hash of the records about a subject, in the state of every block.
//! * *Dossier*: a question with all lists that it needs, at one block. Whoever has it computes the answer again.
//! * *Justification*: the signed GRANDPA precommits that make a block final.
//! * *Set change*: a justified header that names the next GRANDPA authorities.
//!
//! # Assumptions
//!
//! The reader knows the genesis hash (or a checkpoint) from elsewhere; fewer than a third of every authority set's weight
//! is dishonest, then or later; SHA-256, BLAKE2b-256 and Ed25519 hold.
//!
//! # What this crate does not do
//!
//! It reads no clock, asks no node and fetches nothing. It does not say whether what a device measured is true, whether
//! the device was distrusted later, or that no other record contradicts the one at hand. It has the records that answer a
//! question and does not say what the answer is.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod attestation;
pub mod authorities;
pub mod completeness;
pub mod document;
pub mod dossier;
pub mod ed25519;
pub mod evidence;
pub mod finality;
pub mod genesis;
pub mod grandpa;
pub mod head;
pub mod header;
mod hex_text;
pub mod jcs;
pub mod list;
pub mod question;
pub mod reading;
mod subject_text;
pub mod sufficiency;
pub mod time;
mod trie;
pub mod verify;

pub use attestation::VerifiedReading;
pub use completeness::{verify_list, CompleteRecord, VerifiedList};
pub use document::{verify_document, Proven};
pub use dossier::{Dossier, DossierList};
pub use evidence::Evidence;
pub use finality::Trust;
pub use list::{List, ListedRecord};
pub use question::{Question, QuestionError};
pub use reading::Reading;
pub use sufficiency::{verify_dossier, VerifiedDossier};
pub use verify::{verify, Failure, Reason, Step, Verified};
