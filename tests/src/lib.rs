//! Real networks on this machine, for tests and for trying things out.
//!
//! Starts `citynet-node` processes on loopback with ports of their own, or each in a network namespace, runs the
//! `citynet` command against them, and looks at the chain through JSON-RPC. Nothing here waits for a length of time: it
//! waits for what must happen, on a subscription, up to a limit that only a failure reaches.
//!
//! # Terminology
//!
//! * A *seat* is an organisation that is there from the beginning, with its validator. There are four, in the preset
//!   `local` and in a [`consortium`] alike.
//! * The [`city`] is what `scripts/run` leaves on a ledger, for whoever wants to look at one that is used.
//! * A *story* is one file of `tests/`: what a user lives through, from beginning to end, on one network.
//!
//! # Assumptions
//!
//! The programs `citynet-node` and `citynet` are built already, with the profile of this crate, into the same target
//! folder: `cargo build --release --workspace`. `scripts/test` sees to it; a test run by hand uses what is there.
//!
//! # What this crate does not do
//!
//! Networks of more than one machine, and measuring: a machine that compiles while it tests is no reference. Times
//! that are printed decide nothing.

pub mod attested;
pub mod chain;
pub mod city;
pub mod command;
pub mod consensus;
pub mod consortium;
pub mod council;
pub mod data;
pub mod device;
pub mod evidence;
pub mod exports;
pub mod gateway;
pub mod index;
pub mod memory;
pub mod money;
pub mod namespaces;
pub mod network;
pub mod node;
pub mod programs;
pub mod random;
pub mod raw;
pub mod readings;
pub mod steps;
pub mod transactions;
pub mod watching;

pub use chain::Chain;
pub use command::{Citynet, Finished};
pub use consortium::Consortium;
pub use network::{Network, Options};
pub use node::{Backend, Node};
pub use steps::Steps;
