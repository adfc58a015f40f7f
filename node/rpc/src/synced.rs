//! Whether an index may answer.

use crate::{Error, Internal, MAX_BEHIND};
use citynet_index::{Index, Position, Snapshot};
use citynet_primitives::Hash;

/// Runs a query on an index, if it is close enough to the finalised block and on the node's chain, of which `hash_of` tells
/// the hash of a block.
///
/// # Errors
///
/// [`Error::NoIndex`] and [`Error::NotSynced`]; else what the query returns.
pub(crate) fn at_index<T>(
    index: Option<&Index>,
    finalized: u32,
    hash_of: impl Fn(u32) -> Result<Option<Hash>, Error>,
    query: impl FnOnce(&Snapshot<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let index = index.ok_or(Error::NoIndex)?;
    let answer = index.read(|snapshot| {
        let position = snapshot.position();
        if !is_synced(position, finalized, hash_of)? {
            return Err(Error::NotSynced { indexed: Some(position.number), finalized });
        }
        query(snapshot)
    });
    match answer {
        Err(Error::Internal(Internal::Index(citynet_index::Error::NotReady))) => {
            Err(Error::NotSynced { indexed: None, finalized })
        }
        answer => answer,
    }
}

/// Whether an index at `position` may answer: it is not far behind, and its block is the node's. The latter fails while a
/// node that was purged syncs again below an index that was kept.
pub(crate) fn is_synced(
    position: &Position,
    finalized: u32,
    hash_of: impl Fn(u32) -> Result<Option<Hash>, Error>,
) -> Result<bool, Error> {
    Ok(is_near(position.number, finalized) && hash_of(position.number)? == Some(position.hash))
}

/// Whether a block is not far behind the finalised one.
pub(crate) fn is_near(number: u32, finalized: u32) -> bool {
    finalized.saturating_sub(number) <= MAX_BEHIND
}
