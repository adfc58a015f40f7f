//! Readings: how a source line becomes the leaf of a batch, and how a leaf is checked against its batch.

use crate::{
    hex_text, jcs,
    time::{self, NotATime},
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use citynet_merkle::Portable;
use citynet_primitives::{Batch, DeviceId, Hash, Moment, SchemaId};
use serde::Deserialize;
use serde_json::Value;
use sp_crypto_hashing::sha2_256;

/// The name that leaves of [`SchemaId::READING_V1`] carry.
pub const SCHEMA_V1: &str = "citynet.reading/1";

/// One reading, as its device attests it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The device that observed.
    pub device: DeviceId,
    /// Its sequence number among the device's readings, from 0.
    pub sequence: u64,
    /// When, as [`time::parse`] reads it.
    pub observed_at: String,
    /// The source line without its line end, byte for byte.
    pub raw: &'a [u8],
    /// Every non-empty field of the source, with its source text as the value.
    pub observation: BTreeMap<String, String>,
}

impl Reading<'_> {
    /// The leaf as JSON, in schema [`SCHEMA_V1`].
    pub fn leaf(&self) -> Value {
        let observation = self.observation.iter().map(|(name, value)| (name.clone(), value.clone()));
        Value::from_iter([
            ("device", Value::from(self.device.to_string())),
            ("observation", observation.collect()),
            ("observedAt", Value::from(self.observed_at.clone())),
            ("raw", Value::from(hex::encode(sha2_256(self.raw)))),
            ("schema", Value::from(SCHEMA_V1)),
            ("sequence", Value::from(self.sequence.to_string())),
        ])
    }

    /// The leaf's bytes: its canonical JSON.
    pub fn leaf_bytes(&self) -> Vec<u8> {
        jcs::to_string(&self.leaf()).expect("only numbers can lack a canonical form, and a leaf has none").into_bytes()
    }

    /// The leaf's hash in the batch's tree.
    pub fn leaf_hash(&self) -> Hash {
        citynet_merkle::leaf_hash::<Portable>(&self.leaf_bytes())
    }
}

/// The hash of a leaf given as JSON, whatever its schema: RFC 9162 `SHA256(0x00 ‖ canonical JSON)`.
pub fn leaf_hash(leaf: &Value) -> Result<Hash, jcs::JcsError> {
    Ok(citynet_merkle::leaf_hash::<Portable>(jcs::to_string(leaf)?.as_bytes()))
}

/// Why a leaf and its source line are not a reading of a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadingError {
    /// The bundle's record is about something else.
    #[error("the record is `{kind}`, not a batch of readings")]
    NotABatch {
        /// What it is.
        kind: &'static str,
    },
    /// No batch of the device has the reading that is asked for.
    #[error("device {device} attested no reading {sequence}")]
    NotAttested {
        /// The device.
        device: DeviceId,
        /// The reading's number.
        sequence: u64,
    },
    /// The leaf is not of the reading that is asked for.
    #[error("the leaf is not of reading {0}, which the question asks for")]
    NotAsked(u64),
    /// This verifier knows one schema.
    #[error("leaves of schema {0} are not supported by this verifier")]
    UnknownSchema(SchemaId),
    /// A member is missing, unknown or not text.
    #[error("the leaf is not of schema {SCHEMA_V1}: {0}")]
    Leaf(String),
    /// The leaf names another schema.
    #[error("the leaf says schema `{0}` where its batch says {SCHEMA_V1}")]
    Schema(String),
    /// The leaf is about another line.
    #[error("the SHA-256 of the source line is {actual}, but the leaf says {claimed}")]
    Raw {
        /// What the leaf says.
        claimed: String,
        /// What it is.
        actual: String,
    },
    /// Decimal without sign or leading zeros.
    #[error("`{field}` of the leaf is not a canonical decimal number: `{text}`")]
    Number {
        /// The member.
        field: &'static str,
        /// Its text.
        text: String,
    },
    /// The leaf is about another device.
    #[error("the leaf is of device {leaf}, the batch of device {batch}")]
    Device {
        /// What the leaf says.
        leaf: u64,
        /// What the batch says.
        batch: DeviceId,
    },
    /// The sequence number lies outside.
    #[error("sequence number {sequence} is not among the {count} of the batch from {first} on")]
    Sequence {
        /// What the leaf says.
        sequence: u64,
        /// The batch's first.
        first: u64,
        /// How many it has.
        count: u32,
    },
    /// The time is not written as it must be.
    #[error("`observedAt` is `{text}`: {source}")]
    Time {
        /// The text.
        text: String,
        /// What is wrong.
        source: NotATime,
    },
    /// The time lies outside.
    #[error("the reading was observed at {observed}, outside the batch's window from {start} to {end}")]
    Window {
        /// What the leaf says.
        observed: String,
        /// First moment of the window.
        start: String,
        /// Last moment of the window.
        end: String,
    },
}

/// A leaf that belongs where its batch has it.
pub(crate) struct Checked {
    pub(crate) sequence: u64,
    /// Position in the batch's tree.
    pub(crate) position: u32,
    pub(crate) observed_at: String,
    pub(crate) observed: Moment,
    pub(crate) observation: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Leaf {
    device: String,
    observation: BTreeMap<String, String>,
    observed_at: String,
    raw: String,
    schema: String,
    sequence: String,
}

/// Checks everything that a leaf says against its source line and its batch, except that it is in the batch's tree.
pub(crate) fn check(leaf: &Value, raw: &[u8], batch: &Batch) -> Result<Checked, ReadingError> {
    if batch.schema != SchemaId::READING_V1 {
        return Err(ReadingError::UnknownSchema(batch.schema));
    }
    let leaf = Leaf::deserialize(leaf).map_err(|error| ReadingError::Leaf(error.to_string()))?;
    if leaf.schema != SCHEMA_V1 {
        return Err(ReadingError::Schema(leaf.schema));
    }
    let actual = hex::encode(sha2_256(raw));
    if leaf.raw != actual {
        return Err(ReadingError::Raw { claimed: leaf.raw, actual });
    }
    let device = decimal("device", &leaf.device)?;
    if device != batch.device.0 {
        return Err(ReadingError::Device { leaf: device, batch: batch.device });
    }
    let sequence = decimal("sequence", &leaf.sequence)?;
    let position = sequence
        .checked_sub(batch.first_sequence)
        .and_then(|position| u32::try_from(position).ok())
        .filter(|position| *position < batch.count)
        .ok_or(ReadingError::Sequence { sequence, first: batch.first_sequence, count: batch.count })?;
    let observed = time::parse(&leaf.observed_at)
        .map_err(|source| ReadingError::Time { text: leaf.observed_at.clone(), source })?;
    if !(batch.window_start..=batch.window_end).contains(&observed) {
        return Err(ReadingError::Window {
            observed: leaf.observed_at,
            start: time::print(batch.window_start),
            end: time::print(batch.window_end),
        });
    }
    Ok(Checked { sequence, position, observed_at: leaf.observed_at, observed, observation: leaf.observation })
}

fn decimal(field: &'static str, text: &str) -> Result<u64, ReadingError> {
    text.parse::<u64>()
        .ok()
        .filter(|number| number.to_string() == text)
        .ok_or_else(|| ReadingError::Number { field, text: text.to_string() })
}

/// A summary of a source line, for people.
pub(crate) fn describe(raw: &[u8]) -> String {
    core::str::from_utf8(raw).map_or_else(|_| hex_text::print(raw), ToString::to_string)
}
