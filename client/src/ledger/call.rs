//! Calls of the runtime's pallets: what a transaction does, or what the council is asked to do.

use super::SendError;
use crate::archive::SignedBatch;
use citynet_primitives::{DeviceId, DeviceKey, DeviceProfile, Hash, Moment, Signature, Text};
use codec::{Encode, Output};
use sp_crypto_hashing::blake2_256;
use subxt::{
    ext::{
        frame_decode::extrinsics::encode_call_data,
        scale_encode::{self, EncodeAsFields, FieldIter, TypeResolver},
    },
    transactions::Payload,
    Metadata,
};

/// A call of a pallet.
#[derive(Clone, Debug)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    arguments: Arguments,
}

/// Arguments, already encoded: the ledger's own types have a fixed encoding. Their names are compared with the metadata,
/// so that a runtime with another call under the same name is noticed before anything is signed.
#[derive(Clone, Debug)]
pub struct Arguments {
    names: &'static [&'static str],
    bytes: Vec<u8>,
}

impl EncodeAsFields for Arguments {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        fields: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), scale_encode::Error> {
        let found: Vec<String> = fields.map(|field| field.name.unwrap_or_default().to_owned()).collect();
        if found != self.names {
            let problem = format!("the arguments are ({}), not ({})", found.join(", "), self.names.join(", "));
            return Err(scale_encode::Error::custom_string(problem));
        }
        out.extend_from_slice(&self.bytes);
        Ok(())
    }
}

impl Payload for Call {
    type CallData = Arguments;

    fn pallet_name(&self) -> &str {
        self.pallet
    }

    fn call_name(&self) -> &str {
        self.name
    }

    fn call_data(&self) -> &Arguments {
        &self.arguments
    }
}

/// A call as a runtime nests it in others: the pallet's index, the call's index, the arguments. Which indices these are,
/// only that runtime's metadata says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NestedCall(Vec<u8>);

impl NestedCall {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its Blake2b-256 hash, by which the council and the whitelist know it.
    pub fn hash(&self) -> Hash {
        blake2_256(&self.0)
    }
}

impl Encode for NestedCall {
    fn size_hint(&self) -> usize {
        self.0.len()
    }

    fn encode_to<T: Output + ?Sized>(&self, out: &mut T) {
        out.write(&self.0);
    }
}

impl Call {
    /// A call with its arguments, in the order of `names`.
    pub(crate) fn new(
        pallet: &'static str,
        name: &'static str,
        names: &'static [&'static str],
        arguments: impl Encode,
    ) -> Self {
        Self { pallet, name, arguments: Arguments { names, bytes: arguments.encode() } }
    }

    /// The call as an argument of another one.
    ///
    /// # Errors
    ///
    /// [`SendError::Encoding`] when the runtime has no such call, or one with other arguments.
    pub fn nested(&self, metadata: &Metadata) -> Result<NestedCall, SendError> {
        let bytes = encode_call_data(self.pallet, self.name, &self.arguments, metadata, metadata.types());
        bytes.map(NestedCall).map_err(|error| SendError::Encoding(error.to_string()))
    }

    fn attestations(name: &'static str, names: &'static [&'static str], arguments: impl Encode) -> Self {
        Self::new("Attestations", name, names, arguments)
    }

    /// Registers a device.
    pub fn register(profile: &DeviceProfile, key: &DeviceKey, proof: &[u8; 64], expires: Moment) -> Self {
        let names = &["profile", "key", "proof", "expires"];
        Self::attestations("register", names, (profile, key, signature(proof), expires))
    }

    /// Gives a device another key.
    pub fn rotate_key(device: DeviceId, key: &DeviceKey, proof: &[u8; 64], expires: Moment, overlap: Moment) -> Self {
        let names = &["device", "key", "proof", "expires", "overlap"];
        Self::attestations("rotate_key", names, (device, key, signature(proof), expires, overlap))
    }

    /// Has a device's batches refused until it resumes.
    pub fn suspend(device: DeviceId, reason: &Text<256>) -> Self {
        Self::attestations("suspend", &["device", "reason"], (device, reason))
    }

    /// Has a suspended device's batches accepted again.
    pub fn resume(device: DeviceId, reason: &Text<256>) -> Self {
        Self::attestations("resume", &["device", "reason"], (device, reason))
    }

    /// Ends a device.
    pub fn retire(device: DeviceId, reason: &Text<256>) -> Self {
        Self::attestations("retire", &["device", "reason"], (device, reason))
    }

    /// Puts a device's observations in doubt.
    pub fn distrust(device: DeviceId, since: Moment, reason: &Text<256>) -> Self {
        Self::attestations("distrust", &["device", "since", "reason"], (device, since, reason))
    }

    /// Attests batches: `attest` for one, `attest_many` otherwise.
    pub fn attest(batches: &[SignedBatch]) -> Self {
        match batches {
            [one] => Self::attestations("attest", &["batch", "signature"], (&one.batch, signature(&one.signature))),
            many => {
                let items: Vec<_> = many.iter().map(|item| (&item.batch, signature(&item.signature))).collect();
                Self::attestations("attest_many", &["batches"], items)
            }
        }
    }
}

fn signature(bytes: &[u8; 64]) -> Signature {
    bytes.to_vec().try_into().expect("64 bytes are fewer than the bound; qed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::ext::{scale_encode::Field, scale_type_resolver::ResolvedTypeVisitor};

    /// Encoding the arguments must not depend on it.
    struct NoTypes;

    impl TypeResolver for NoTypes {
        type TypeId = u32;
        type Error = String;

        fn resolve_type<'this, V: ResolvedTypeVisitor<'this, TypeId = u32>>(
            &'this self,
            _: u32,
            visitor: V,
        ) -> Result<V::Value, String> {
            Ok(visitor.visit_not_found())
        }
    }

    #[test]
    fn arguments_are_compared_with_the_metadata() {
        let arguments = Arguments { names: &["device", "reason"], bytes: vec![1, 2, 3] };
        let encode = |names: &[&'static str]| {
            let mut fields = names.iter().map(|name| Field { name: Some(*name), id: 0u32 });
            arguments.encode_as_fields(&mut fields, &NoTypes)
        };
        assert_eq!(encode(&["device", "reason"]).unwrap(), [1, 2, 3]);
        assert!(encode(&["device", "why"]).unwrap_err().to_string().contains("(device, why)"));
        assert!(encode(&["device"]).is_err());
    }

    #[test]
    fn one_batch_and_several_are_different_calls() {
        let batch = SignedBatch {
            batch: citynet_primitives::Batch {
                device: DeviceId(1),
                epoch: 0,
                schema: citynet_primitives::SchemaId::READING_V1,
                first_sequence: 0,
                count: 1,
                missing: 0,
                window_start: 0,
                window_end: 0,
                root: [0; 32],
                expires: 0,
            },
            signature: [9; 64],
        };
        let one = Call::attest(std::slice::from_ref(&batch));
        let two = Call::attest(&[batch.clone(), batch]);
        assert_eq!((one.name, two.name), ("attest", "attest_many"));
        assert_eq!(two.arguments.bytes.len(), 1 + 2 * one.arguments.bytes.len());
    }

    #[test]
    fn a_nested_call_is_written_as_it_is() {
        let nested = NestedCall(vec![25, 3, 7]);
        assert_eq!((&nested, 7u8).encode(), [25, 3, 7, 7]);
        assert_eq!(nested.hash(), blake2_256(&[25, 3, 7]));
    }
}
