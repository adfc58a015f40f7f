//! What the ledger says about a transaction: the events of its pallets.

use crate::connection::NodeError;
use citynet_primitives::{DeviceId, Hash};
use codec::{Compact, Decode, DecodeAll};
use std::fmt;
use subxt::{error::DispatchError, ext::scale_value::Composite, metadata::ArcMetadata, SubstrateConfig};

/// A pallet's refusal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refusal {
    /// Such as `Attestations::SequenceReplayed`.
    pub name: String,
    /// What the pallet's documentation says about it.
    pub description: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.description.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{} {}", self.name, self.description)
        }
    }
}

impl Refusal {
    fn decode(bytes: &[u8], metadata: &ArcMetadata) -> Result<Self, NodeError> {
        let error = DispatchError::decode_from(bytes, metadata.clone()).map_err(NodeError::answer)?;
        let DispatchError::Module(module) = &error else {
            return Ok(Self { name: format!("{error:?}"), description: error.to_string() });
        };
        let details = module.details().map_err(NodeError::answer)?;
        let description = details.variant.docs.join(" ").trim().to_owned();
        Ok(Self { name: module.details_string(), description })
    }
}

/// What the ledger says about a transaction in its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A device has a new record about it: registered, rotated, suspended, resumed, retired, distrusted.
    Device {
        /// The device.
        device: DeviceId,
        /// The record.
        record: u64,
    },
    /// A batch was attested.
    BatchAttested {
        /// The device.
        device: DeviceId,
        /// The sequence number of its first reading.
        first_sequence: u64,
        /// The record.
        record: u64,
    },
    /// An item of `attest_many` was refused.
    BatchRefused {
        /// Its position.
        position: u32,
        /// Why.
        refusal: Refusal,
    },
    /// The consortium or its nodes have a new record about them.
    Recorded {
        /// What happened, such as `AccountAdded`.
        name: String,
        /// The record.
        record: u64,
    },
    /// Too few seats approved a motion, and it was closed.
    MotionRejected {
        /// Blake2b-256 of its call.
        motion: Hash,
    },
    /// Enough seats approved a motion, and its call was dispatched.
    MotionDispatched {
        /// Blake2b-256 of its call.
        motion: Hash,
        /// Whether the call did what it says, or why not.
        result: Result<(), Refusal>,
    },
    /// A whitelisted call was dispatched as Root.
    WhitelistedDispatched {
        /// Blake2b-256 of the call.
        call: Hash,
        /// Whether the call did what it says, or why not.
        result: Result<(), Refusal>,
    },
    /// A call is to be dispatched as Root, but is not whitelisted yet.
    WhitelistedDeferred {
        /// Blake2b-256 of the call.
        call: Hash,
    },
    /// The runtime was replaced.
    CodeUpdated,
    /// The runtime was not replaced, although the council had authorised it.
    CodeRejected(Refusal),
    /// The whole transaction failed.
    Failed(Refusal),
}

impl Event {
    /// What an event of the runtime means, if it means anything here.
    pub(super) fn decode(
        event: &subxt::events::Event<'_, SubstrateConfig>,
        metadata: &ArcMetadata,
    ) -> Result<Option<Self>, NodeError> {
        let mut bytes = event.field_bytes();
        Ok(Some(match (event.pallet_name(), event.event_name()) {
            ("System", "ExtrinsicFailed") => Self::Failed(Refusal::decode(bytes, metadata)?),
            ("System", "CodeUpdated") => Self::CodeUpdated,
            ("System", "RejectedInvalidAuthorizedUpgrade") => {
                let _: Hash = next(&mut bytes)?;
                Self::CodeRejected(Refusal::decode(bytes, metadata)?)
            }
            ("Attestations", "BatchAttested") => {
                let (device, first_sequence, _, record) = all::<(DeviceId, u64, u32, u64)>(bytes)?;
                Self::BatchAttested { device, first_sequence, record }
            }
            ("Attestations", "BatchRefused") => {
                let (position, _, _) = next::<(u32, DeviceId, u64)>(&mut bytes)?;
                Self::BatchRefused { position, refusal: Refusal::decode(bytes, metadata)? }
            }
            ("Attestations", "DeviceRegistered" | "DeviceKeyRotated") => {
                let (device, _, record) = all::<(DeviceId, u32, u64)>(bytes)?;
                Self::Device { device, record }
            }
            ("Attestations", "DeviceSuspended" | "DeviceResumed" | "DeviceRetired" | "DeviceDistrusted") => {
                let (device, record) = all::<(DeviceId, u64)>(bytes)?;
                Self::Device { device, record }
            }
            ("Consortium" | "Nodes", name) => {
                let fields = event.decode_fields_unchecked_as::<Composite<()>>().map_err(NodeError::answer)?;
                let Some(record) = record(&fields) else { return Ok(None) };
                Self::Recorded { name: name.to_owned(), record }
            }
            ("Council", "Disapproved") => Self::MotionRejected { motion: all(bytes)? },
            ("Council", "Executed") => {
                let motion = next(&mut bytes)?;
                Self::MotionDispatched { motion, result: result(bytes, metadata)? }
            }
            ("Whitelist", "WhitelistedCallDispatched") => {
                let call = next(&mut bytes)?;
                Self::WhitelistedDispatched { call, result: result_with_post_info(bytes, metadata)? }
            }
            ("Whitelist", "DispatchDeferred") => Self::WhitelistedDeferred { call: all(bytes)? },
            _ => return Ok(None),
        }))
    }
}

fn all<T: DecodeAll>(mut bytes: &[u8]) -> Result<T, NodeError> {
    T::decode_all(&mut bytes).map_err(NodeError::answer)
}

fn next<T: Decode>(bytes: &mut &[u8]) -> Result<T, NodeError> {
    T::decode(bytes).map_err(NodeError::answer)
}

/// The index of the record that an event speaks of. Every event of the consortium's pallets about a record has it under
/// this name.
fn record(fields: &Composite<()>) -> Option<u64> {
    let Composite::Named(fields) = fields else { return None };
    let (_, value) = fields.iter().find(|(name, _)| name == "record")?;
    value.as_u128().and_then(|record| u64::try_from(record).ok())
}

/// `Result<(), DispatchError>`.
fn result(mut bytes: &[u8], metadata: &ArcMetadata) -> Result<Result<(), Refusal>, NodeError> {
    match next::<u8>(&mut bytes)? {
        0 => Ok(Ok(())),
        1 => Refusal::decode(bytes, metadata).map(Err),
        other => Err(NodeError::Answer(format!("{other} is neither success nor failure"))),
    }
}

/// `Result<PostDispatchInfo, DispatchErrorWithPostInfo>`: of what a call took, only the length matters here.
fn result_with_post_info(mut bytes: &[u8], metadata: &ArcMetadata) -> Result<Result<(), Refusal>, NodeError> {
    // The weight's two parts, if it is given, and whether there is a fee.
    type PostInfo = (Option<(Compact<u64>, Compact<u64>)>, u8);
    let outcome = next::<u8>(&mut bytes)?;
    let _: PostInfo = next(&mut bytes)?;
    match outcome {
        0 => Ok(Ok(())),
        1 => Refusal::decode(bytes, metadata).map(Err),
        other => Err(NodeError::Answer(format!("{other} is neither success nor failure"))),
    }
}

/// A transaction in a finalised block.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The block.
    pub block: u32,
    /// Its hash.
    pub hash: Hash,
    /// What happened.
    pub events: Vec<Event>,
}

impl Outcome {
    /// The device and record of a call about one device.
    pub fn device(&self) -> Option<(DeviceId, u64)> {
        self.events.iter().find_map(|event| match event {
            Event::Device { device, record } => Some((*device, *record)),
            _ => None,
        })
    }

    /// The records about the consortium and its nodes that the transaction wrote, in their order.
    pub fn records(&self) -> Vec<u64> {
        let record = |event: &Event| match event {
            Event::Recorded { record, .. } => Some(*record),
            _ => None,
        };
        self.events.iter().filter_map(record).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::ext::scale_value::Value;

    #[test]
    fn the_record_is_found_by_its_name() {
        let fields = |name: &str, value: Value<()>| Composite::named([("account", Value::u128(7)), (name, value)]);
        assert_eq!(record(&fields("record", Value::u128(12))), Some(12));
        assert_eq!(record(&fields("record", Value::u128(u128::MAX))), None);
        assert_eq!(record(&fields("record", Value::bool(true))), None);
        assert_eq!(record(&fields("number", Value::u128(12))), None);
        assert_eq!(record(&Composite::unnamed([Value::u128(12)])), None);
    }

    #[test]
    fn records_are_those_of_the_consortium() {
        let recorded = |record| Event::Recorded { name: "MotionVoted".into(), record };
        let events = vec![recorded(4), Event::Device { device: DeviceId(1), record: 5 }, recorded(6)];
        let outcome = Outcome { block: 1, hash: [0; 32], events };
        assert_eq!(outcome.records(), [4, 6]);
        assert_eq!(outcome.device(), Some((DeviceId(1), 5)));
    }
}
