//! What the ledger says about a transaction: the events of its pallets.

use crate::connection::NodeError;
use citynet_primitives::{DatasetId, DeviceId, GrantId, Hash, VersionId};
use codec::{Compact, Decode, DecodeAll};
use std::fmt;
use subxt::{
    error::{DispatchError, ModuleError},
    ext::scale_value::{Composite, Primitive, Value, ValueDef},
    metadata::ArcMetadata,
    SubstrateConfig,
};

/// A pallet's refusal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refusal {
    /// Such as `Attestations::SequenceReplayed` or `Catalog::SourceDenied { position: 0, reason: Expired }`.
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
        Ok(Self { name: name(module), description })
    }
}

/// A pallet's error with all that it says.
fn name(module: &ModuleError) -> String {
    let whole = module.as_root_error::<Value<()>>().ok();
    let of_pallet = whole.as_ref().and_then(|error| match &error.value {
        ValueDef::Variant(pallet) => pallet.values.values().next().map(|error| (&pallet.name, error)),
        _ => None,
    });
    // Bytes of which the metadata does not say what they mean are left out.
    of_pallet.map_or_else(|| module.details_string(), |(pallet, error)| format!("{pallet}::{}", in_words(error)))
}

/// A value as Rust writes it, without the names of structures: those of variants say what is meant.
fn in_words(value: &Value<()>) -> String {
    match &value.value {
        ValueDef::Variant(variant) => format!("{}{}", variant.name, fields_in_words(&variant.values)),
        ValueDef::Composite(Composite::Unnamed(values)) => match values.as_slice() {
            [one] => in_words(one),
            values => format!("({})", list(values.iter().map(in_words))),
        },
        ValueDef::Composite(fields) => fields_in_words(fields).trim_start().to_owned(),
        ValueDef::Primitive(Primitive::U128(number)) => number.to_string(),
        ValueDef::Primitive(Primitive::I128(number)) => number.to_string(),
        ValueDef::Primitive(Primitive::Bool(yes)) => yes.to_string(),
        ValueDef::Primitive(Primitive::String(text)) => format!("{text:?}"),
        other => format!("{other:?}"),
    }
}

fn fields_in_words(fields: &Composite<()>) -> String {
    match fields {
        Composite::Named(fields) if fields.is_empty() => String::new(),
        Composite::Named(fields) => {
            format!(" {{ {} }}", list(fields.iter().map(|(name, value)| format!("{name}: {}", in_words(value)))))
        }
        Composite::Unnamed(values) => match values.as_slice() {
            [] => String::new(),
            [Value { value: ValueDef::Composite(inner), .. }] => fields_in_words(inner),
            values => format!("({})", list(values.iter().map(in_words))),
        },
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
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
    /// A dataset has a new record about it.
    Dataset {
        /// What happened, such as `VersionPublished`.
        name: String,
        /// The dataset.
        dataset: DatasetId,
        /// The version, where it is about one.
        version: Option<u32>,
        /// The record.
        record: u64,
    },
    /// A grant has a new record about it.
    Grant {
        /// What happened, such as `GrantOffered`.
        name: String,
        /// The grant.
        grant: GrantId,
        /// The record.
        record: u64,
    },
    /// Money has a new record about it: it moved, or somebody owes or uses something.
    Settlement {
        /// What happened, such as `ObligationCreated`.
        name: String,
        /// The obligation, where it is about one.
        obligation: Option<u64>,
        /// The withdrawal, where it is about one.
        withdrawal: Option<u64>,
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
    /// The chain took the code of a new runtime.
    UpgradeScheduled {
        /// Blake2b-256 of the code.
        code: Hash,
        /// The block whose execution replaces the runtime.
        block: u32,
        /// The record.
        record: u64,
    },
    /// The chain refused the code of a new runtime, although the council had authorised it.
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
            ("Catalog" | "Grants", name) => {
                let fields = event.decode_fields_unchecked_as::<Composite<()>>().map_err(NodeError::answer)?;
                return Ok(of_data(name, &fields));
            }
            ("Settlements", name) => {
                let fields = event.decode_fields_unchecked_as::<Composite<()>>().map_err(NodeError::answer)?;
                return Ok(of_money(name, &fields));
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
            ("Upgrades", "UpgradeScheduled") => {
                let (code, block, record) = all::<(Hash, u32, u64)>(bytes)?;
                Self::UpgradeScheduled { code, block, record }
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
    number(fields, "record")
}

/// An event of the catalogue or of the grants: about a grant, a dataset or neither.
fn of_data(name: &str, fields: &Composite<()>) -> Option<Event> {
    let (name, record) = (name.to_owned(), record(fields)?);
    if let Some(grant) = number(fields, "grant") {
        return Some(Event::Grant { name, grant: GrantId(grant), record });
    }
    let Some(dataset) = number(fields, "dataset") else { return Some(Event::Recorded { name, record }) };
    let version = number(fields, "version").and_then(|version| u32::try_from(version).ok());
    Some(Event::Dataset { name, dataset: DatasetId(dataset), version, record })
}

/// An event of the settlements.
fn of_money(name: &str, fields: &Composite<()>) -> Option<Event> {
    Some(Event::Settlement {
        name: name.to_owned(),
        obligation: number(fields, "obligation"),
        withdrawal: number(fields, "withdrawal"),
        record: record(fields)?,
    })
}

/// A number, or an identifier that is one, by its name.
fn number(fields: &Composite<()>, name: &str) -> Option<u64> {
    let Composite::Named(fields) = fields else { return None };
    let mut value = fields.iter().find(|(field, _)| field == name).map(|(_, value)| value)?;
    while let ValueDef::Composite(Composite::Unnamed(inner)) = &value.value {
        let [only] = inner.as_slice() else { return None };
        value = only;
    }
    value.as_u128().and_then(|number| u64::try_from(number).ok())
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

    /// The dataset and record of a call about one dataset.
    pub fn dataset(&self) -> Option<(DatasetId, u64)> {
        self.events.iter().find_map(|event| match event {
            Event::Dataset { dataset, record, .. } => Some((*dataset, *record)),
            _ => None,
        })
    }

    /// The version and record of a call about one version.
    pub fn version(&self) -> Option<(VersionId, u64)> {
        self.events.iter().find_map(|event| match event {
            Event::Dataset { dataset, version: Some(version), record, .. } => {
                Some((VersionId { dataset: *dataset, version: *version }, *record))
            }
            _ => None,
        })
    }

    /// The grant and record of a call about one grant; of several records, the first.
    pub fn grant(&self) -> Option<(GrantId, u64)> {
        self.events.iter().find_map(|event| match event {
            Event::Grant { grant, record, .. } => Some((*grant, *record)),
            _ => None,
        })
    }

    /// The obligation that a call made.
    pub fn made_obligation(&self) -> Option<u64> {
        self.events.iter().find_map(|event| match event {
            Event::Settlement { name, obligation, .. } if name == "ObligationCreated" => *obligation,
            _ => None,
        })
    }

    /// The withdrawal that a call is about.
    pub fn withdrawal(&self) -> Option<u64> {
        self.events.iter().find_map(|event| match event {
            Event::Settlement { withdrawal, .. } => *withdrawal,
            _ => None,
        })
    }

    /// The records that the transaction wrote, in their order, except for those about devices.
    pub fn records(&self) -> Vec<u64> {
        let record = |event: &Event| match event {
            Event::Recorded { record, .. }
            | Event::Dataset { record, .. }
            | Event::Grant { record, .. }
            | Event::Settlement { record, .. }
            | Event::UpgradeScheduled { record, .. } => Some(*record),
            _ => None,
        };
        self.events.iter().filter_map(record).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_an_event_is_about_is_found_by_its_name() {
        let id = |number| Value::unnamed_composite([Value::u128(number)]);
        let of = |fields: Vec<(&str, Value<()>)>| of_data("Happened", &Composite::named(fields));
        let (name, record) = ("Happened".to_owned(), 9);
        assert_eq!(of(vec![("grant", id(5))]), None);
        assert_eq!(
            of(vec![("grant", id(5)), ("dataset", id(7)), ("record", Value::u128(9))]),
            Some(Event::Grant { name: name.clone(), grant: GrantId(5), record })
        );
        assert_eq!(
            of(vec![("dataset", id(7)), ("version", Value::u128(3)), ("record", Value::u128(9))]),
            Some(Event::Dataset { name: name.clone(), dataset: DatasetId(7), version: Some(3), record })
        );
        assert_eq!(
            of(vec![("code", Value::u128(1)), ("record", Value::u128(9))]),
            Some(Event::Recorded { name, record })
        );
    }

    #[test]
    fn what_money_does_is_told() {
        let of = |fields: Vec<(&str, Value<()>)>| of_money("ObligationCreated", &Composite::named(fields));
        assert_eq!(of(vec![("obligation", Value::u128(7))]), None);
        let made = of(vec![("obligation", Value::u128(7)), ("record", Value::u128(9))]).unwrap();
        let name = "ObligationCreated".to_owned();
        assert_eq!(made, Event::Settlement { name, obligation: Some(7), withdrawal: None, record: 9 });
        let asked =
            Event::Settlement { name: "WithdrawalRequested".into(), obligation: None, withdrawal: Some(3), record: 10 };
        let outcome = Outcome { block: 1, hash: [0; 32], events: vec![made, asked] };
        assert_eq!((outcome.made_obligation(), outcome.withdrawal()), (Some(7), Some(3)));
        assert_eq!(outcome.records(), [9, 10]);
    }

    #[test]
    fn errors_say_all_that_they_know() {
        let reason = Value::unnamed_variant("Expired", vec![]);
        let denied = Value::named_composite([("position", Value::u128(0)), ("reason", reason.clone())]);
        assert_eq!(
            in_words(&Value::unnamed_variant("SourceDenied", [denied])),
            "SourceDenied { position: 0, reason: Expired }"
        );
        let rule = Value::unnamed_composite([Value::unnamed_variant("LegalBasisMissing", vec![])]);
        assert_eq!(in_words(&Value::unnamed_variant("RuleBroken", [rule])), "RuleBroken(LegalBasisMissing)");
        assert_eq!(in_words(&Value::unnamed_variant("Wider", [reason])), "Wider(Expired)");
        assert_eq!(in_words(&Value::unnamed_variant("UnknownSource", [Value::u128(7)])), "UnknownSource(7)");
        assert_eq!(in_words(&Value::unnamed_variant("NotFound", vec![])), "NotFound");
    }

    #[test]
    fn records_are_not_those_of_devices() {
        let recorded = |record| Event::Recorded { name: "MotionVoted".into(), record };
        let granted = |grant, record| Event::Grant { name: "GrantAdvanced".into(), grant: GrantId(grant), record };
        let events = vec![
            recorded(4),
            Event::Device { device: DeviceId(1), record: 5 },
            recorded(6),
            Event::UpgradeScheduled { code: [1; 32], block: 31, record: 7 },
            granted(2, 8),
            granted(1, 9),
            Event::Dataset { name: "VersionPublished".into(), dataset: DatasetId(7), version: Some(3), record: 10 },
        ];
        let outcome = Outcome { block: 1, hash: [0; 32], events };
        assert_eq!(outcome.records(), [4, 6, 7, 8, 9, 10]);
        assert_eq!(outcome.device(), Some((DeviceId(1), 5)));
        assert_eq!(outcome.grant(), Some((GrantId(2), 8)));
        assert_eq!(outcome.dataset(), Some((DatasetId(7), 10)));
        assert_eq!(outcome.version(), Some((VersionId { dataset: DatasetId(7), version: 3 }, 10)));
    }
}
