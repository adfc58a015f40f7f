//! Names of the catalogue's closed lists, as people write them.

use crate::governance::names::{find, UnknownName};
use citynet_primitives::{Activity, DatasetKind, Sensitivity};

/// What a dataset is.
///
/// # Errors
///
/// [`UnknownName`].
pub fn kind(name: &str) -> Result<DatasetKind, UnknownName> {
    find(DatasetKind::ALL, name)
}

/// How careful one must be with a dataset.
///
/// # Errors
///
/// [`UnknownName`].
pub fn sensitivity(name: &str) -> Result<Sensitivity, UnknownName> {
    find(Sensitivity::ALL, name)
}

/// How a version was made.
///
/// # Errors
///
/// [`UnknownName`].
pub fn activity(name: &str) -> Result<Activity, UnknownName> {
    find(Activity::ALL, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_lists() {
        assert_eq!(kind("stream"), Ok(DatasetKind::Stream));
        assert_eq!(sensitivity("pseudonymised"), Ok(Sensitivity::Pseudonymised));
        assert_eq!(activity("training"), Ok(Activity::Training));
        let error = kind("streams").unwrap_err().to_string();
        assert_eq!(error, "`streams` is none of: stream, snapshot, derived, model");
    }
}
