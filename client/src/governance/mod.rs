//! The consortium's affairs: who joins it, what its council decides, which runtime it runs, and its nodes.
//!
//! * [`application`] is the file with which an organisation applies for membership.
//! * [`motion`] finds and judges the council's motions, [`readable`] says in words what one would do.
//! * [`parameter`] reads a parameter from the command line.
//! * [`code`] inspects the code of a runtime before the council authorises it, [`rehearsal`] reads what came of trying
//!   it, [`upgrade`] says how far the upgrade is.
//! * [`validators`] has a validator's node make its keys and waits until they count.
//!
//! The calls themselves are constructors of [`crate::ledger::Call`]. A call that only the council may make is nested in a
//! motion; [`crate::ledger::Call::nested`] does that for any call, with the indices that the node's runtime has.

pub mod application;
mod calls;
pub mod code;
pub mod motion;
pub mod names;
pub mod parameter;
pub mod readable;
pub mod rehearsal;
pub mod upgrade;
pub mod validators;

pub use calls::{Reason, Weight};
