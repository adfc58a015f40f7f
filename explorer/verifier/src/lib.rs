//! The verifier of evidence for browsers: the crates `proofs` and `answers` behind a boundary that is bytes in, JSON out.
//!
//! Compiled to WebAssembly it imports nothing. So it has no clock, no network, no randomness and no way to say anything but
//! its answer, and whoever loads it can see that from its header alone.
//!
//! # What it answers
//!
//! An input is a request, which is one line of JSON, then a line feed, then the bytes that the request is about. A [`Session`]
//! answers each with one JSON text. See [`Request`] for what can be asked.
//!
//! A dossier that holds comes with the answer to its question, computed from the records that it proves, as `citynet verify`
//! computes it: members `kind`, `proven` and `answer`. Where these say that there is no answer, such as to where a version comes
//! from that nobody published, `answer` is `null` and `reason` says why.
//!
//! # The boundary
//!
//! Four exports: `memory`; `input(length)`, which makes room for an input and says where; `answer()`, which answers what was
//! written there and gives the length of the answer; and `output()`, which says where the answer is. Nothing is shared and
//! nothing has to be freed: an instance is for one document, and all of its memory goes with it.
//!
//! # When it fails
//!
//! A panic is a trap: `answer` does not return, and there is no text that could be taken for an answer. Whoever calls it must
//! take that for a failure, and must not use the instance again.
//!
//! # What this crate does not do
//!
//! It does not fetch evidence. What an answer does not cover, `citynet_answers` says.

#[cfg(target_arch = "wasm32")]
mod boundary;
mod request;
mod session;

pub use request::{Refused, Request};
pub use session::Session;
