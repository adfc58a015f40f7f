//! What auditors ask, answered from the journal's records.
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
//! computed from records is computed here: from the same records, with or without proofs, comes the same answer.
//!
//! # What this module does not guarantee
//!
//! That a node left nothing out, or made nothing up, where no proofs were asked for: see [`dossier`], [`completeness`],
//! [`crate::prove`] and `docs/evidence.md`.

pub mod access;
pub mod account;
pub mod completeness;
pub mod csv_file;
pub mod dcat;
pub mod devices;
pub mod dossier;
pub mod governance;
pub mod graph;
pub mod journal;
pub mod lineage;
pub mod names;
pub mod payments;
pub mod prov;
pub mod reading;
pub mod ro_crate;
pub mod rules;
