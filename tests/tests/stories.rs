//! What users live through, on real processes over real sockets: a module for each story.
//!
//! `cargo test --release --workspace --test stories main_job -- --nocapture` runs one and shows its steps.

mod attest_resume;
mod backends;
mod crash;
mod equivocation;
mod explorer;
mod flood;
mod gates;
mod governance;
mod grants;
mod harness;
mod index_killed;
mod index_rebuild;
mod main_job;
mod network_gate;
mod outage;
mod partition;
mod rpc_abuse;
mod sdk_examples;
mod settlement;
mod third_party_clients;
mod upgrade;
