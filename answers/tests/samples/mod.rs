//! Histories that tests of several crates tell: those of this crate what is computed from them, those of the command what
//! it says of that.

pub mod access;
pub mod governance;
pub mod lineage;
pub mod parts;
pub mod payments;
pub mod reading;
