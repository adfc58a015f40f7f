//! Subjects in JSON: their text, such as `device:12`.

use alloc::string::String;
use citynet_primitives::Subject;
use serde::{de::Error, Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(subject: &Subject, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(subject)
}

/// A number that is written otherwise, such as `grant:05`, is noticed by the comparison with the canonical text.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Subject, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(Error::custom)
}
