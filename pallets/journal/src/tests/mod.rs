//! The journal has no calls; its tests go by what it does.

mod append;
mod blocks;
mod properties;
mod try_state;
