//! Going through the index from a record on.

use super::SubscriptionLimits;
use crate::{selection::Selection, Anchor, Error, RecordView};
use citynet_index::Snapshot;

/// What one look at the index brought.
pub struct Scanned {
    /// The block at which the index was.
    pub anchor: Anchor,
    /// The records that were sought, in the order of their indices.
    pub items: Vec<RecordView>,
    /// The lowest index that was not looked at.
    pub next: u64,
    /// Whether that is beyond the last record.
    pub complete: bool,
}

/// Looks for the records of a selection from index `first` on, as far as one notification and one query go.
///
/// # Errors
///
/// When the index fails, or the query costs too much.
pub fn scan(
    snapshot: &Snapshot<'_>,
    selection: &Selection,
    first: u64,
    limits: &SubscriptionLimits,
) -> Result<Scanned, Error> {
    let position = snapshot.position();
    let end = position.records().min(first.saturating_add(limits.scanned)).max(first);
    let found = if first < end { selection.find(snapshot, first, end, limits.records)? } else { Vec::new() };
    // With as many as were asked for there may be more.
    let full = u32::try_from(found.len()).map_or(true, |found| found >= limits.records);
    let mut next = match found.last() {
        Some(last) if full => last.record.index.saturating_add(1),
        Some(_) | None => end,
    };
    let mut bytes = 0_usize;
    let mut items = Vec::new();
    for record in found {
        bytes = bytes.saturating_add(record.encoded.len());
        if bytes > limits.bytes && !items.is_empty() {
            next = record.record.index;
            break;
        }
        items.push(record.into());
    }
    Ok(Scanned { anchor: position.into(), items, next, complete: next >= position.records() })
}
