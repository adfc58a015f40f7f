//! Pages of lists, walked at one anchor.

use crate::{
    catalogue::Origin, selection::Selection, AccessAtParams, Anchor, Cursor, DependentView, DependentsParams, Error,
    FilterParams, GrantFilterParams, List, NotFound, ObligationFilterParams, Page, RecordView,
};
use citynet_index::{GrantFilter, IndexedDevice, Snapshot};
use citynet_primitives::{DatasetId, GrantId, Hash, Subject};
use codec::Encode;

/// Where a walk is.
pub(crate) struct Walk {
    /// The number of the anchor.
    pub(crate) number: u32,
    hash: Hash,
    /// How many records there are at the anchor.
    records: u64,
    /// The next item.
    pub(crate) next: u64,
}

impl Walk {
    /// Begins at the snapshot's block, or goes on where a cursor says.
    pub(crate) fn new(
        snapshot: &Snapshot<'_>,
        list: List,
        filter: &impl Encode,
        cursor: Option<&str>,
        first: u64,
    ) -> Result<Self, Error> {
        let position = snapshot.position();
        let Some(text) = cursor else {
            return Ok(Self { number: position.number, hash: position.hash, records: position.records(), next: first });
        };
        let cursor = Cursor::parse(text, list, filter)?;
        if cursor.number > position.number {
            // The index was rebuilt since the cursor was given, or the cursor is from another node.
            return Err(Error::NotSynced { indexed: Some(position.number), finalized: cursor.number });
        }
        match snapshot.block(cursor.number)? {
            Some(block) if block.hash == cursor.hash => {
                Ok(Self { number: cursor.number, hash: cursor.hash, records: block.head.size, next: cursor.next })
            }
            Some(_) | None => Err(Error::CursorExpired),
        }
    }

    /// Makes a page of the items found, which are one more than `limit` unless they are the last.
    pub(crate) fn page<T>(
        &self,
        list: List,
        filter: &impl Encode,
        mut items: Vec<T>,
        limit: u32,
        key: fn(&T) -> u64,
    ) -> Page<T> {
        // A page of a thousand items fits any usize.
        let beyond = usize::try_from(limit).ok().and_then(|limit| items.get(limit)).map(key);
        let next = beyond.map(|next| Cursor::new(list, self.number, self.hash, filter, next).text());
        if next.is_some() {
            items.pop();
        }
        let complete = next.is_none();
        Page { anchor: Anchor::new(self.number, self.hash), items, next, complete }
    }
}

/// A page of `citynet_records`.
///
/// # Errors
///
/// When the filter or the cursor is refused, or the index fails.
pub fn records(
    snapshot: &Snapshot<'_>,
    filter: &FilterParams,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<RecordView>, Error> {
    let key = filter.parse()?;
    let (selection, first) = &key;
    let walk = Walk::new(snapshot, List::Records, &key, cursor, *first)?;
    let found = selection.find(snapshot, walk.next, walk.records, limit.saturating_add(1))?;
    let page = walk.page(List::Records, &key, found, limit, |found| found.record.index);
    Ok(page.map(RecordView::from))
}

/// A page of `citynet_completeness`: of all records about a subject. The first one has a cursor too, for its anchor is not
/// the snapshot's block but one with a justification.
///
/// # Errors
///
/// When the cursor is refused, or the index fails.
pub fn completeness(
    snapshot: &Snapshot<'_>,
    subject: Subject,
    cursor: &str,
    limit: u32,
) -> Result<Page<RecordView>, Error> {
    let walk = Walk::new(snapshot, List::Completeness, &subject, Some(cursor), 0)?;
    let found = Selection::about(subject).find(snapshot, walk.next, walk.records, limit.saturating_add(1))?;
    let page = walk.page(List::Completeness, &subject, found, limit, |found| found.record.index);
    Ok(page.map(RecordView::from))
}

/// A page of `citynet_devices`, as far as the index knows them, and the hash of its anchor.
///
/// # Errors
///
/// When the cursor is refused, or the index fails.
pub fn devices(
    snapshot: &Snapshot<'_>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Hash, Page<IndexedDevice>), Error> {
    let walk = Walk::new(snapshot, List::Devices, &(), cursor, 0)?;
    let found = snapshot.devices(walk.next, walk.records, limit.saturating_add(1))?;
    Ok((walk.hash, walk.page(List::Devices, &(), found, limit, |found| found.device.0)))
}

/// A page of `citynet_datasets`, as far as the index knows them, and the hash of its anchor.
///
/// # Errors
///
/// When the cursor is refused, or the index fails.
pub fn datasets(snapshot: &Snapshot<'_>, cursor: Option<&str>, limit: u32) -> Result<(Hash, Page<DatasetId>), Error> {
    let walk = Walk::new(snapshot, List::Datasets, &(), cursor, 0)?;
    let found = snapshot.datasets(walk.next, walk.records, limit.saturating_add(1))?;
    Ok((walk.hash, walk.page(List::Datasets, &(), found, limit, |found| found.0)))
}

/// A page of `citynet_grants`, as far as the index knows them, and the hash of its anchor.
///
/// # Errors
///
/// When the filter or the cursor is refused, or the index fails.
pub fn grants(
    snapshot: &Snapshot<'_>,
    filter: &GrantFilterParams,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Hash, Page<GrantId>), Error> {
    let filter = filter.parse()?;
    let key = (filter.dataset, filter.provider, filter.consumer);
    let walk = Walk::new(snapshot, List::Grants, &key, cursor, 0)?;
    let found = snapshot.grants(&filter, walk.next, walk.records, limit.saturating_add(1))?;
    Ok((walk.hash, walk.page(List::Grants, &key, found, limit, |found| found.0)))
}

/// The grants of a page of `citynet_accessAt`, and how many records there were at its anchor. The first page has a
/// cursor too, for its anchor is not the snapshot's block but that of the time asked about.
///
/// # Errors
///
/// When the cursor is refused, or the index fails.
pub(crate) fn granted(
    snapshot: &Snapshot<'_>,
    asked: &AccessAtParams,
    filter: &GrantFilter,
    cursor: &str,
    limit: u32,
) -> Result<(u64, Page<GrantId>), Error> {
    let walk = Walk::new(snapshot, List::AccessAt, asked, Some(cursor), 0)?;
    let found = snapshot.grants(filter, walk.next, walk.records, limit.saturating_add(1))?;
    Ok((walk.records, walk.page(List::AccessAt, asked, found, limit, |found| found.0)))
}

/// A page of `citynet_obligations`, as far as the index knows them, and the hash of its anchor.
///
/// # Errors
///
/// When the filter or the cursor is refused, or the index fails.
pub fn obligations(
    snapshot: &Snapshot<'_>,
    filter: &ObligationFilterParams,
    cursor: Option<&str>,
    limit: u32,
) -> Result<(Hash, Page<u64>), Error> {
    let filter = filter.parse()?;
    let key = (filter.currency, filter.debtor, filter.creditor, filter.grant);
    let walk = Walk::new(snapshot, List::Obligations, &key, cursor, 0)?;
    let found = snapshot.obligations(&filter, walk.next, walk.records, limit.saturating_add(1))?;
    Ok((walk.hash, walk.page(List::Obligations, &key, found, limit, |found| *found)))
}

/// What `citynet_dependents` answers: one page of at most `limit` versions, which has no next one.
///
/// # Errors
///
/// When the version or device does not exist, or the index fails.
pub fn dependents(snapshot: &Snapshot<'_>, of: &DependentsParams, limit: u32) -> Result<Page<DependentView>, Error> {
    let origin = of.parse()?;
    let dependents = match origin {
        Origin::Version(version) => {
            snapshot.version(version)?.ok_or(Error::NotFound(NotFound::Version(version)))?;
            snapshot.dependents_of_version(version, limit)?
        }
        Origin::Device { device, since } => {
            snapshot.device(device)?.ok_or(Error::NotFound(NotFound::Device(device.0)))?;
            snapshot.dependents_of_device(device, since, limit)?
        }
    };
    let items = dependents.found.iter().map(|found| DependentView::new(&origin, found)).collect();
    Ok(Page { anchor: snapshot.position().into(), items, next: None, complete: dependents.complete })
}

impl<T> Page<T> {
    fn map<U>(self, view: fn(T) -> U) -> Page<U> {
        let Self { anchor, items, next, complete } = self;
        Page { anchor, items: items.into_iter().map(view).collect(), next, complete }
    }
}
