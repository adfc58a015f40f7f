//! The index fed with blocks that no chain made.

mod budget;
mod chain;
mod content;
mod extrinsics;
mod follow;
mod lineage;
mod lists;
mod names;
mod records;
mod search;
