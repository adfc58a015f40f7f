//! The index fed with blocks that no chain made, in every database that it can lie in.

mod budget;
mod chain;
mod content;
mod database;
mod extrinsics;
mod follow;
mod lineage;
mod lists;
mod names;
mod postgres;
mod records;
mod search;
