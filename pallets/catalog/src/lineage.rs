//! What a version may be made from.
//!
//! The publisher's own versions and readings it may always use. Those of others it may use by a grant that allows it in
//! this block. What the ledger does not know it cannot forbid.

use crate::{impls::check_utf8, Config, Datasets, Error, FedBy, SourceDenied};
use citynet_primitives::{Action, DatasetKind, Denial, GrantId, OrganisationId, Source, Sources};
use citynet_support::{Access, DeviceRegister};
use frame_support::ensure;

/// Checks that texts in sources are UTF-8.
pub(crate) fn check_texts<T: Config>(sources: &Sources) -> Result<(), Error<T>> {
    sources.iter().try_for_each(|source| match source {
        Source::External { uri, .. } => check_utf8(uri),
        Source::Version { .. } | Source::Batches { .. } => Ok(()),
    })
}

/// Checks that no source is named twice. There are few enough to compare each with those before it.
pub(crate) fn check_distinct<T: Config>(sources: &Sources) -> Result<(), Error<T>> {
    let is_repeated =
        |(position, source): (usize, &Source)| sources.iter().take(position).any(|earlier| is_same(earlier, source));
    ensure!(!sources.iter().enumerate().any(is_repeated), Error::<T>::SourceNamedTwice);
    Ok(())
}

/// Whether two name the same data. By which grant does not matter, nor where it was had.
fn is_same(one: &Source, other: &Source) -> bool {
    match (one, other) {
        (
            Source::Version { dataset, version, .. },
            Source::Version { dataset: other_dataset, version: other_version, .. },
        ) => dataset == other_dataset && version == other_version,
        (
            Source::Batches { device, first_sequence, last_sequence, .. },
            Source::Batches { device: other_device, first_sequence: other_first, last_sequence: other_last, .. },
        ) => device == other_device && first_sequence == other_first && last_sequence == other_last,
        (Source::External { content, .. }, Source::External { content: other_content, .. }) => content == other_content,
        _ => false,
    }
}

/// Checks that `publisher` may make a version of a dataset of this kind from these sources. Reports the first one that
/// it may not use.
///
/// A version cannot be made from itself or from a later one of its dataset: they do not exist yet.
pub(crate) fn check_sources<T: Config>(
    publisher: OrganisationId,
    kind: DatasetKind,
    sources: &Sources,
) -> Result<(), Error<T>> {
    let action = if kind == DatasetKind::Model { Action::Train } else { Action::Derive };
    (0u8..)
        .zip(sources.iter())
        .try_for_each(|(position, source)| check_source::<T>(publisher, action, position, source))
}

fn check_source<T: Config>(
    publisher: OrganisationId,
    action: Action,
    position: u8,
    source: &Source,
) -> Result<(), Error<T>> {
    match *source {
        Source::Version { dataset, version, grant } => {
            let info = Datasets::<T>::get(dataset).ok_or(Error::<T>::UnknownSource(position))?;
            // Versions are numbered without a gap, so that they need not be read.
            ensure!((1..=info.versions).contains(&version), Error::<T>::UnknownSource(position));
            check_use(position, info.owner == publisher, grant, |grant| {
                T::Access::permits(grant, publisher, dataset, Some(version), action)
            })
        }
        Source::Batches { device, first_sequence, last_sequence, grant } => {
            let facts = T::Devices::facts(device).ok_or(Error::<T>::UnknownSource(position))?;
            ensure!(first_sequence <= last_sequence, Error::<T>::SequencesReversed(position));
            ensure!(last_sequence < facts.next_sequence, Error::<T>::SequencesNotAttested(position));
            check_use(position, facts.owner == publisher, grant, |grant| {
                let dataset = T::Access::dataset_of(grant).ok_or(Denial::NoGrant)?;
                ensure!(FedBy::<T>::contains_key(dataset, device), Denial::WrongDataset);
                T::Access::permits(grant, publisher, dataset, None, action)
            })
        }
        Source::External { .. } => Ok(()),
    }
}

/// Checks that a source is the publisher's own and no grant is named, or that the grant permits its use.
fn check_use<T: Config>(
    position: u8,
    is_own: bool,
    grant: Option<GrantId>,
    permits: impl FnOnce(GrantId) -> Result<(), Denial>,
) -> Result<(), Error<T>> {
    if is_own {
        ensure!(grant.is_none(), Error::<T>::GrantNotNeeded(position));
        return Ok(());
    }
    let permitted = grant.ok_or(Denial::NoGrant).and_then(permits);
    permitted.map_err(|reason| Error::SourceDenied(SourceDenied { position, reason }))
}
