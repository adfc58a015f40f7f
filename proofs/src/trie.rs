//! Single values of a block's state, shown by trie nodes.

use alloc::vec::Vec;
use citynet_primitives::Hash;
use sp_core::{Blake2Hasher, H256};
use sp_trie::{accessed_nodes_tracker::AccessedNodesTracker, LayoutV1, StorageProof, Trie, TrieDBBuilder};

/// Why trie nodes do not show what is under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TrieError {
    /// A node is missing, or is not the one that its hash names.
    Incomplete,
    /// A node is there that the path does not visit, or is there twice.
    UnusedNode,
}

/// The value under `key`, or `None` where the nodes show that there is none. State version 1; the nodes may have any
/// order.
pub(crate) fn value(state_root: &Hash, key: &[u8], nodes: &[Vec<u8>]) -> Result<Option<Vec<u8>>, TrieError> {
    let proof = StorageProof::new(nodes.iter().cloned());
    let root = H256(*state_root);
    let database = proof.into_memory_db::<Blake2Hasher>();
    // Counted before duplicates were merged, so that a node given twice is one too many.
    let mut visited = AccessedNodesTracker::<H256>::new(nodes.len());
    let value = TrieDBBuilder::<LayoutV1<Blake2Hasher>>::new(&database, &root)
        .with_recorder(&mut visited)
        .build()
        .get(key)
        .map_err(|_| TrieError::Incomplete)?;
    visited.ensure_no_unused_nodes().map_err(|_| TrieError::UnusedNode)?;
    Ok(value)
}
