//! A device in the hands of a test, which can sign what the client never would.

use crate::transactions::Call;
use citynet_primitives::{
    AlgorithmId, Batch, BatchStatement, DeviceId, DeviceKey, DeviceProfile, Hash, Location, Moment, OrganisationId,
    PossessionStatement, PublicKey, SchemaId, Signature, Text,
};
use codec::Encode as _;
use ed25519_dalek::{Signer as _, SigningKey};
use std::time::{SystemTime, UNIX_EPOCH};

/// How long what it signs is valid.
const VALID: Moment = 60_000;

/// A device with its first key.
#[derive(Debug)]
pub struct Device {
    key: SigningKey,
    genesis: Hash,
}

impl Device {
    /// The device whose key comes from `seed`, for the chain with that genesis hash.
    pub fn new(seed: [u8; 32], genesis: Hash) -> Self {
        Self { key: SigningKey::from_bytes(&seed), genesis }
    }

    fn device_key(&self) -> DeviceKey {
        let public_key = PublicKey::truncate_from(self.key.verifying_key().to_bytes().to_vec());
        DeviceKey { algorithm: AlgorithmId::ED25519, public_key }
    }

    fn signature(&self, message: &[u8]) -> Signature {
        Signature::truncate_from(self.key.sign(message).to_bytes().to_vec())
    }

    /// The call by which `organisation` registers it.
    pub fn register(&self, organisation: OrganisationId) -> Call {
        let profile = DeviceProfile {
            model: Text::truncate_from(b"Nova SDS011".to_vec()),
            properties: vec![Text::truncate_from(b"P1".to_vec())].try_into().expect("one is not too many"),
            location: Location::Geohash(Text::truncate_from(b"udtscze".to_vec())),
            calibration: None,
        };
        let key = self.device_key();
        let expires = now() + VALID;
        let statement = PossessionStatement {
            genesis: &self.genesis,
            organisation,
            device: DeviceId(0),
            epoch: 0,
            expires,
            key: &key,
        };
        let proof = self.signature(&statement.to_bytes());
        Call::new("Attestations", "register", (profile, key, proof, expires).encode())
    }

    /// A batch of one reading, observed now.
    pub fn batch(&self, device: DeviceId, first_sequence: u64) -> Batch {
        let now = now();
        Batch {
            device,
            epoch: 0,
            schema: SchemaId::READING_V1,
            first_sequence,
            count: 1,
            missing: 0,
            window_start: now,
            window_end: now,
            root: [7; 32],
            expires: now + VALID,
        }
    }

    /// Its signature over a batch.
    pub fn sign(&self, batch: &Batch) -> Signature {
        let statement = BatchStatement { genesis: &self.genesis, algorithm: AlgorithmId::ED25519, batch };
        self.signature(&statement.to_bytes())
    }

    /// The call that attests a batch under its signature.
    pub fn attest(&self, batch: &Batch) -> Call {
        attest(batch, &self.sign(batch))
    }
}

/// The call that attests a batch under whatever signature.
pub fn attest(batch: &Batch, signature: &Signature) -> Call {
    Call::new("Attestations", "attest", (batch, signature).encode())
}

/// The call that attests batches, each under whatever signature.
pub fn attest_many(batches: &[(Batch, Signature)]) -> Call {
    Call::new("Attestations", "attest_many", batches.encode())
}

/// Milliseconds since 1970.
pub fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("this machine's clock is set");
    Moment::try_from(since.as_millis()).expect("the clock does not show a time in half a billion years")
}
