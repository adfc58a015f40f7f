//! A node's index as it lies on disk, read without the node.

use crate::{node::copy_folder, Node};
use anyhow::{ensure, Context as _, Result};
use citynet_index::{Index, Settings};
use citynet_primitives::Hash;
use std::time::Duration;

/// The content hash of a node's index after each block, from the first one on. Every one of them is made again from the
/// rows, and must be what is stored.
///
/// It reads a copy: what a killed node left is for the node to put right.
///
/// # Errors
///
/// When the node runs or has no index, when it is about another chain than that with this genesis hash, and when its rows
/// are not what its hashes say.
pub fn contents(node: &Node, genesis: &Hash) -> Result<Vec<Hash>> {
    let name = node.config().seat.name;
    ensure!(!node.is_running(), "{name} runs, and writes its index");
    let copy = tempfile::tempdir()?;
    copy_folder(&node.index_folder(), copy.path()).with_context(|| format!("{name} has no index"))?;
    // Nobody waits for the answer.
    let settings = Settings { time: Duration::from_secs(60), ..Settings::default() };
    let index = Index::open_with(copy.path().join("index.sqlite"), settings)?;
    index.bind(genesis)?;
    let difference = index.check()?;
    ensure!(difference.is_none(), "the rows of {name}'s index are not what its hashes say: {difference:?}");
    index.read(|snapshot| {
        let last = snapshot.position().number;
        let content = |number| snapshot.content(number)?.with_context(|| format!("the index has no block {number}"));
        (0..=last).map(content).collect()
    })
}

/// How many blocks two indexes have in common. They must have the same content after each of these.
///
/// # Errors
///
/// The first block after which they differ.
pub fn same(one: &[Hash], another: &[Hash]) -> Result<usize> {
    for (number, (one, another)) in one.iter().zip(another).enumerate() {
        let print = |hash: &Hash| hex::encode(hash);
        ensure!(one == another, "after block {number} the content is {} and {}", print(one), print(another));
    }
    Ok(one.len().min(another.len()))
}
