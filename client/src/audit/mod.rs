//! What auditors ask, answered from the journal's records. The answers are computed by [`citynet_answers`], whose modules
//! are here too; what needs a node or writes files is here only.
//!
//! * [`journal`] fetches records, all as of one finalised block, [`dossier`] with what proves that none was left out.
//! * [`reading`] places one reading among all that its device attested.
//! * [`access`] replays the records about a dataset and its grants: who could use it at a time, and by which grants;
//!   [`rules`] has what the law and a dataset's sensitivity demand.
//! * [`lineage`] and [`graph`] follow versions up to what they were made from, and down to what was made from them.
//! * [`payments`] follows what an organisation owes and is owed from use to payment.
//! * [`governance`] says who runs the ledger, who voted for what, and what each organisation did.
//! * [`completeness`] fetches all records about a subject with what proves that none was left out.
//! * [`account`] sums up what an organisation or an account did, [`devices`] what a device attested and what is missing.
//! * [`names`] has what records call organisations, codes and currencies.
//! * [`prov`], [`dcat`] and [`ro_crate`] write what was found for others: W3C PROV-JSON, DCAT 3 and RO-Crate 1.1.
//! * [`csv_file`] writes tables with a manifest that says what they are and of which block they are true.
//!
//! # Assumptions
//!
//! Whatever comes by way of [`journal`] alone, a node is trusted to hand over all of it and not to alter it. What is
//! computed from records needs nothing else: from the same records, with or without proofs, comes the same answer.
//!
//! # What this module does not guarantee
//!
//! That a node left nothing out, or made nothing up, where no proofs were asked for: see [`dossier`], [`completeness`],
//! [`crate::prove`] and `docs/evidence.md`.

pub mod account;
pub mod completeness;
pub mod csv_file;
pub mod dcat;
pub mod dossier;
pub mod journal;
pub mod lineage;
#[cfg(test)]
#[path = "../../../answers/tests/samples/parts.rs"]
#[allow(dead_code, reason = "what is computed needs the others")]
mod parts;
pub mod prov;
pub mod ro_crate;

pub use citynet_answers::{access, devices, governance, graph, names, payments, reading, rules};
