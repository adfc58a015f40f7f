//! Datasets, their versions and what depends on them, as they go over the wire.

use crate::{Anchor, Decimal, Error};
use citynet_index::Dependent;
use citynet_primitives::{Body, DatasetId, DatasetInfo, DeviceId, Moment, VersionId, VersionInfo};
use serde::{Deserialize, Serialize};

/// A dataset, as the chain's state has it.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetView {
    /// Its number.
    pub dataset: DatasetId,
    /// The fields of [`DatasetInfo`].
    #[serde(flatten)]
    pub state: DatasetInfo,
}

/// Answer of `citynet_dataset`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DatasetAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The dataset.
    #[serde(flatten)]
    pub dataset: DatasetView,
    /// The devices that feed it, by number.
    pub fed_by: Vec<DeviceId>,
}

/// Answer of `citynet_datasetVersion`.
#[derive(Clone, Debug, Serialize)]
pub struct VersionAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The dataset.
    pub dataset: DatasetId,
    /// The version's number.
    pub version: u32,
    /// The fields of [`VersionInfo`].
    #[serde(flatten)]
    pub state: VersionInfo,
    /// What the record says that published it. Null where the node has no index, or the index is behind.
    pub body: Option<Body>,
}

/// What `citynet_dependents` is asked about: either a version, or a device.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DependentsParams {
    /// A version, such as `7@3`: version 3 of dataset 7.
    pub version: Option<String>,
    /// A device.
    pub device: Option<Decimal>,
    /// From when on the device's observations count, in milliseconds since 1970; from the first one on unless told. Of
    /// what the device feeds, versions count whose latest observation is of that time or later.
    pub since: Option<Decimal>,
}

/// Where a walk to what depends on something begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A version.
    Version(VersionId),
    /// What a device observed since a time: versions that name its readings, and versions of what it feeds.
    Device {
        /// The device.
        device: DeviceId,
        /// The time.
        since: Moment,
    },
}

impl DependentsParams {
    pub(crate) fn parse(&self) -> Result<Origin, Error> {
        match (&self.version, self.device, self.since) {
            (Some(version), None, None) => parse_version(version).map(Origin::Version),
            (None, Some(device), since) => {
                Ok(Origin::Device { device: DeviceId(device.0), since: since.map_or(0, |since| since.0) })
            }
            _ => Err(Error::invalid("ask about either a version, or a device and the time since which it counts")),
        }
    }
}

pub(crate) fn parse_version(text: &str) -> Result<VersionId, Error> {
    text.parse().map_err(|_| Error::invalid("a version is written as 7@3: version 3 of dataset 7"))
}

/// A version that was made, directly or not, from what was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DependentView {
    /// The dataset.
    pub dataset: DatasetId,
    /// The version's number.
    pub version: u32,
    /// How many steps it takes at least: 1 for what was made from it directly.
    pub depth: u32,
    /// What it was made from on the shortest way: a version such as `7@3`, or `device:12`, which is a device whose
    /// readings it names or that fed its dataset.
    pub via: String,
}

impl DependentView {
    pub(crate) fn new(origin: &Origin, found: &Dependent) -> Self {
        let VersionId { dataset, version } = found.version;
        let via = match (found.via, *origin) {
            (Some(via), _) | (None, Origin::Version(via)) => via.to_string(),
            (None, Origin::Device { device, .. }) => format!("device:{device}"),
        };
        Self { dataset, version, depth: found.depth, via }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(of: serde_json::Value) -> Result<Origin, String> {
        let params: DependentsParams = serde_json::from_value(of).map_err(|error| error.to_string())?;
        params.parse().map_err(|error| error.to_string())
    }

    #[test]
    fn origins_are_read() {
        let version = VersionId { dataset: DatasetId(7), version: 3 };
        assert_eq!(parse(json!({ "version": "7@3" })), Ok(Origin::Version(version)));
        let device = DeviceId(12);
        assert_eq!(parse(json!({ "device": "12" })), Ok(Origin::Device { device, since: 0 }));
        assert_eq!(parse(json!({ "device": 12, "since": "5" })), Ok(Origin::Device { device, since: 5 }));
    }

    #[test]
    fn origins_that_make_no_sense_are_refused() {
        for (of, reason) in [
            (json!({}), "either a version"),
            (json!({ "version": "7@3", "device": "12" }), "either a version"),
            (json!({ "version": "7@3", "since": "5" }), "either a version"),
            (json!({ "since": "5" }), "either a version"),
            (json!({ "version": "7" }), "7@3"),
            (json!({ "version": "7@" }), "7@3"),
            (json!({ "version": "+7@3" }), "7@3"),
            (json!({ "version": "7@4294967296" }), "7@3"),
            (json!({ "version": "7@3@1" }), "7@3"),
            (json!({ "dataset": "7" }), "unknown field"),
        ] {
            let error = parse(of).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
