//! What auditors ask, answered from the journal's records.
//!
//! * [`journal`] fetches records, all as of one finalised block.
//! * [`access`] replays the records about a dataset and its grants: who could use it at a time, and by which grants;
//!   [`rules`] has what the law and a dataset's sensitivity demand.
//! * [`lineage`] follows versions up to what they were made from, and down to what was made from them.
//! * [`completeness`] fetches all records about a subject with what proves that none was left out.
//! * [`account`] sums up what an organisation or an account did, [`devices`] what a device attested and what is missing.
//! * [`prov`], [`dcat`] and [`ro_crate`] write what was found for others: W3C PROV-JSON, DCAT 3 and RO-Crate 1.1.
//! * [`csv_file`] writes tables with a manifest that says what they are and of which block they are true.
//!
//! # Assumptions
//!
//! Except in [`completeness`], a node is trusted to hand over all the records that are asked for, and not to alter them.
//! What is computed from them is computed here.
//!
//! # What this module does not guarantee
//!
//! That a node left nothing out, or made nothing up: that takes proofs, see [`completeness`], [`crate::prove`] and
//! `docs/evidence.md`.

pub mod access;
pub mod account;
pub mod completeness;
pub mod csv_file;
pub mod dcat;
pub mod devices;
pub mod journal;
pub mod lineage;
pub mod prov;
pub mod ro_crate;
pub mod rules;
