//! Real networks on this machine, for tests and for trying things out.
//!
//! Starts `citynet-node` processes on loopback with ports of their own, runs the `citynet` command against them, and
//! looks at the chain through JSON-RPC. Nothing here waits for a length of time: it waits for what must happen, on a
//! subscription, up to a limit that only a failure reaches.
//!
//! # Terminology
//!
//! * A *seat* is a validator of the preset `local`, one per organisation.
//! * A *story* is one file of `tests/`: what a user lives through, from beginning to end, on one network.
//!
//! # Assumptions
//!
//! The programs `citynet-node` and `citynet` are built already, with the profile of this crate, into the same target
//! folder: `cargo build --release --workspace`. `scripts/test` sees to it; a test run by hand uses what is there.
//!
//! # What this crate does not do
//!
//! Networks that are not on loopback, and measuring: a machine that compiles while it tests is no reference.

pub mod attested;
pub mod chain;
pub mod command;
pub mod device;
pub mod network;
pub mod node;
pub mod programs;
pub mod readings;
pub mod transactions;

pub use chain::Chain;
pub use command::{Citynet, Finished};
pub use network::{Network, Options};
pub use node::{Backend, Node};
