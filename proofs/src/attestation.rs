//! The verification of a reading, from its source line to the device's signature. Every document that has a reading takes
//! these steps; where batch and key are recorded, it shows in its own way.

use crate::{
    ed25519::{self, SignatureError},
    evidence::ReadingProof,
    hex_text,
    reading::{self, ReadingError},
    verify::{at, decimal, Passed, Reason, Step},
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use citynet_merkle::{verify_inclusion, Portable};
use citynet_primitives::{AlgorithmId, Batch, BatchStatement, Body, DeviceId, Epoch, Hash, Moment, Record};
use serde::Serialize;

/// Why a device did not sign a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceKeyError {
    /// The record is about something else.
    #[error("the record in `deviceKey` is `{0}`, which makes no key known")]
    NoKey(&'static str),
    /// The ledger has no key of that epoch.
    #[error("there is no key of epoch {epoch} among the records about device {device}, but a batch signed with it")]
    Unknown {
        /// The device.
        device: DeviceId,
        /// The epoch.
        epoch: Epoch,
    },
    /// The key is that of another device.
    #[error("the record in `deviceKey` is about device {found}, the batch about device {expected}")]
    Device {
        /// Whose batch it is.
        expected: DeviceId,
        /// Whose key it is.
        found: DeviceId,
    },
    /// The key is of another epoch.
    #[error("the record in `deviceKey` has the key of epoch {found}, the batch was signed in epoch {expected}")]
    Epoch {
        /// The batch's epoch.
        expected: Epoch,
        /// The key's epoch.
        found: Epoch,
    },
    /// The key was not known yet.
    #[error("the key was recorded as number {key}, after the batch, number {batch}")]
    Later {
        /// Index of the key's record.
        key: u64,
        /// Index of the batch's record.
        batch: u64,
    },
    /// This verifier knows one algorithm.
    #[error("signatures of algorithm {0} are not supported by this verifier")]
    Algorithm(AlgorithmId),
    /// The signature is wrong.
    #[error("the batch's signature with the key of epoch {epoch}: {source}")]
    Signature {
        /// The epoch.
        epoch: Epoch,
        /// What is wrong.
        source: SignatureError,
    },
}

/// A proven reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedReading {
    /// The device that signed for it.
    pub device: DeviceId,
    /// The epoch of the key that signed.
    pub epoch: Epoch,
    /// The record that made the key known.
    #[serde(serialize_with = "decimal")]
    pub key_record: u64,
    /// Its number among the device's readings.
    #[serde(serialize_with = "decimal")]
    pub sequence: u64,
    /// When it was observed, as the leaf writes it.
    pub observed_at: String,
    /// The same in milliseconds since 1970.
    #[serde(serialize_with = "decimal")]
    pub observed: Moment,
    /// The source's fields with their source text.
    pub observation: BTreeMap<String, String>,
    /// The source line.
    #[serde(serialize_with = "hex_text::one::serialize")]
    pub raw: Vec<u8>,
}

/// A reading, and the records on which it rests.
pub(crate) struct Attestation<'a> {
    pub(crate) proof: &'a ReadingProof,
    /// The record of its batch.
    pub(crate) batch: &'a Record,
    /// The record that made the key known with which the batch is signed, if there is one.
    pub(crate) key: Option<&'a Record>,
}

impl Attestation<'_> {
    /// Takes the steps from the reading to the signature.
    pub(crate) fn verify(&self, genesis: &Hash, passed: &mut Passed) -> Result<VerifiedReading, (Step, Reason)> {
        let Body::BatchAttested { batch, signature } = &self.batch.body else {
            return Err(at(Step::Reading)(ReadingError::NotABatch { kind: self.batch.body.kind() }));
        };
        let checked = reading::check(&self.proof.leaf, &self.proof.raw, batch).map_err(at(Step::Reading))?;
        passed.insert(
            Step::Reading,
            format!(
                "reading {} of device {}, observed at {}, from the source line `{}`",
                checked.sequence,
                batch.device,
                checked.observed_at,
                reading::describe(&self.proof.raw)
            ),
        );

        let leaf = reading::leaf_hash(&self.proof.leaf).map_err(at(Step::Batch))?;
        let (position, count) = (checked.position, batch.count);
        verify_inclusion::<Portable>(&leaf, position.into(), count.into(), &self.proof.path, &batch.root)
            .map_err(|source| at(Step::Batch)(Reason::NotInBatch { source, position, count }))?;
        passed.insert(Step::Batch, format!("it is leaf {position} of the {count} in batch {}", batch.id()));

        let key = self.verify_signature(genesis, batch, signature).map_err(at(Step::DeviceSignature))?;
        passed.insert(
            Step::DeviceSignature,
            format!("the batch is signed with the device's Ed25519 key of epoch {}", batch.epoch),
        );

        Ok(VerifiedReading {
            device: batch.device,
            epoch: batch.epoch,
            key_record: key.index,
            sequence: checked.sequence,
            observed_at: checked.observed_at,
            observed: checked.observed,
            observation: checked.observation,
            raw: self.proof.raw.clone(),
        })
    }

    /// Gives the record of the key with which the batch is signed.
    fn verify_signature(&self, genesis: &Hash, batch: &Batch, signature: &[u8]) -> Result<&Record, DeviceKeyError> {
        let record = self.key.ok_or(DeviceKeyError::Unknown { device: batch.device, epoch: batch.epoch })?;
        let (device, epoch, key) = match &record.body {
            Body::DeviceRegistered { device, key, .. } => (*device, 0, key),
            Body::DeviceKeyRotated { device, epoch, key, .. } => (*device, *epoch, key),
            other => return Err(DeviceKeyError::NoKey(other.kind())),
        };
        if device != batch.device {
            return Err(DeviceKeyError::Device { expected: batch.device, found: device });
        }
        if epoch != batch.epoch {
            return Err(DeviceKeyError::Epoch { expected: batch.epoch, found: epoch });
        }
        if record.index >= self.batch.index {
            return Err(DeviceKeyError::Later { key: record.index, batch: self.batch.index });
        }
        if key.algorithm != AlgorithmId::ED25519 {
            return Err(DeviceKeyError::Algorithm(key.algorithm));
        }
        let statement = BatchStatement { genesis, algorithm: key.algorithm, batch }.to_bytes();
        ed25519::verify_strict(&key.public_key, &statement, signature)
            .map_err(|source| DeviceKeyError::Signature { epoch, source })?;
        Ok(record)
    }
}
