//! What auditors ask, computed from the journal's records.
//!
//! It takes records and nothing else: no node, no clock, no file. So the same code answers on a command line, where a node
//! gave the records or a dossier proves them, and in a browser, to which the verifier of evidence brings it.
//!
//! # Which module for what
//!
//! * [`access`] replays the records about a dataset and its grants: who could use it at a time, and by which grants;
//!   [`rules`] has what the law and a dataset's sensitivity demand.
//! * [`lineage`] and [`graph`] follow versions up to what they were made from, and down to what was made from them;
//!   [`source`] has how one source is written.
//! * [`payments`] follows what an organisation owes and is owed from use to payment.
//! * [`governance`] says who runs the ledger, who voted for what, and what each organisation did.
//! * [`reading`] places one reading among all that its device attested, [`devices`] sums these up.
//! * [`names`] has what records call organisations, [`codes`] and [`currencies`]; [`amount`] and [`hash`] have how amounts
//!   and hashes are written.
//! * [`answer`] has the whole answers, as programs read them, and [`answer_of`] that of a verified dossier.
//!
//! # Terminology
//!
//! A *record* is an entry of the journal. A *dossier* has all records that a question needs, proven complete. On what an
//! answer rests is its [`Basis`]: a proof, or the word of a node, up to one block.
//!
//! # Assumptions
//!
//! Records come in the order of the journal, each once, and are all that the question needs. Whoever has a node's word
//! only trusts the node for that; of a verified dossier it is proven. Every answer takes the rules that this crate knows. A
//! runtime of another time may have had others.
//!
//! # What this crate does not guarantee
//!
//! * That no record is missing. Some that are left out show, because what follows is not possible without them; others
//!   change the answer in silence. `citynet_proofs` proves that none is.
//! * What is in no record: use that nobody reported, versions that were not published, sources that were not named, and
//!   what was done with data by who had it. Each module, and each answer, says what it does not cover.

pub mod access;
pub mod amount;
pub mod answer;
mod basis;
pub mod codes;
pub mod currencies;
pub mod devices;
pub mod governance;
pub mod graph;
pub mod hash;
pub mod lineage;
pub mod names;
pub mod payments;
mod period;
pub mod reading;
pub mod rules;
#[cfg(test)]
#[path = "../tests/samples/mod.rs"]
mod samples;
pub mod source;

pub use answer::{answer_of, Answer, Answered, NoAnswer, Verdict};
pub use basis::{AsOf, Basis};
pub use period::Period;

// What tests of several crates share calls this crate by its name.
#[cfg(test)]
extern crate self as citynet_answers;
