//! One file per call, and one each for the registry, the properties, and the state as a whole.

mod algorithms;
mod attest;
mod attest_many;
mod distrust;
mod properties;
mod register;
mod resume;
mod retire;
mod rotate_key;
mod state;
mod suspend;
