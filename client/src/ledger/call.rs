//! Calls of the runtime's pallets: what a transaction does, or what the council is asked to do.

use super::SendError;
use crate::archive::SignedBatch;
use citynet_primitives::{
    AccessReport, DatasetId, DatasetKind, DatasetProfile, DeviceId, DeviceKey, DeviceProfile, Devices, GrantId, Hash,
    Moment, OrganisationId, ReasonCode, RefusalReport, Signature, Terms, Text, Usage, VersionContent, VersionId,
};
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

/// What an organisation does with its datasets.
impl Call {
    fn catalog(name: &'static str, names: &'static [&'static str], arguments: impl Encode) -> Self {
        Self::new("Catalog", name, names, arguments)
    }

    /// Registers a dataset.
    pub fn register_dataset(kind: DatasetKind, profile: &DatasetProfile) -> Self {
        Self::catalog("register", &["kind", "profile"], (kind, profile))
    }

    /// Changes what is said about a dataset.
    pub fn change_dataset(dataset: DatasetId, profile: &DatasetProfile) -> Self {
        Self::catalog("change", &["dataset", "profile"], (dataset, profile))
    }

    /// Changes which devices feed a dataset.
    pub fn set_devices(dataset: DatasetId, add: &Devices, remove: &Devices) -> Self {
        Self::catalog("set_devices", &["dataset", "add", "remove"], (dataset, add, remove))
    }

    /// Offers a dataset to another organisation, or to none any more.
    pub fn offer_dataset(dataset: DatasetId, to: Option<OrganisationId>) -> Self {
        Self::catalog("offer", &["dataset", "to"], (dataset, to))
    }

    /// Takes a dataset that was offered.
    pub fn take_dataset(dataset: DatasetId) -> Self {
        Self::catalog("take", &["dataset"], dataset)
    }

    /// Publishes the next version of a dataset.
    pub fn publish_version(dataset: DatasetId, content: &VersionContent) -> Self {
        Self::catalog("publish", &["dataset", "content"], (dataset, content))
    }

    /// Says that a version is faulty.
    pub fn flag_version(version: VersionId, since: Moment, reason: &Text<256>) -> Self {
        let names = &["dataset", "version", "since", "reason"];
        Self::catalog("flag", names, (version.dataset, version.version, since, reason))
    }
}

/// How grants come to be, are used, and end.
impl Call {
    fn grants(name: &'static str, names: &'static [&'static str], arguments: impl Encode) -> Self {
        Self::new("Grants", name, names, arguments)
    }

    /// Asks for a grant.
    pub fn request_grant(terms: &Terms, supersedes: Option<GrantId>) -> Self {
        Self::grants("request", &["terms", "supersedes"], (terms, supersedes))
    }

    /// Offers a grant, or with `parent` a part of that one.
    pub fn offer_grant(terms: &Terms, binding: bool, parent: Option<GrantId>, supersedes: Option<GrantId>) -> Self {
        let names = &["terms", "binding", "parent", "supersedes"];
        Self::grants("offer", names, (terms, binding, parent, supersedes))
    }

    /// Asks for other terms than were offered.
    pub fn counter_request(grant: GrantId, terms: &Terms) -> Self {
        Self::grants("counter_request", &["grant", "terms"], (grant, terms))
    }

    /// Offers other terms than were asked for.
    pub fn counter_offer(grant: GrantId, terms: &Terms, binding: bool) -> Self {
        Self::grants("counter_offer", &["grant", "terms", "binding"], (grant, terms, binding))
    }

    /// Accepts the terms with this hash, as the consumer.
    pub fn accept_grant(grant: GrantId, terms_hash: &Hash) -> Self {
        Self::grants("accept", &["grant", "terms_hash"], (grant, terms_hash))
    }

    /// Agrees to the terms with this hash, as the provider.
    pub fn agree_grant(grant: GrantId, terms_hash: &Hash) -> Self {
        Self::grants("agree", &["grant", "terms_hash"], (grant, terms_hash))
    }

    /// Verifies the agreement, as the consumer.
    pub fn verify_grant(grant: GrantId) -> Self {
        Self::grants("verify", &["grant"], grant)
    }

    /// Puts a grant into force, as the provider.
    pub fn finalize_grant(grant: GrantId) -> Self {
        Self::grants("finalize", &["grant"], grant)
    }

    /// Ends a negotiation.
    pub fn terminate_grant(grant: GrantId, reason: ReasonCode, note: &Text<256>) -> Self {
        Self::grants("terminate", &["grant", "reason", "note"], (grant, reason, note))
    }

    /// Puts a grant on hold, as the provider.
    pub fn suspend_grant(grant: GrantId, reason: ReasonCode, note: &Text<256>) -> Self {
        Self::grants("suspend", &["grant", "reason", "note"], (grant, reason, note))
    }

    /// Puts a suspended grant into force again, as the provider.
    pub fn resume_grant(grant: GrantId, note: &Text<256>) -> Self {
        Self::grants("resume", &["grant", "note"], (grant, note))
    }

    /// Ends a grant, as the provider.
    pub fn revoke_grant(grant: GrantId, reason: ReasonCode, note: &Text<256>) -> Self {
        Self::grants("revoke", &["grant", "reason", "note"], (grant, reason, note))
    }

    /// Ends a grant, as the consumer.
    pub fn renounce_grant(grant: GrantId, reason: ReasonCode, note: &Text<256>) -> Self {
        Self::grants("renounce", &["grant", "reason", "note"], (grant, reason, note))
    }

    /// Ends a grant, as the controller, because the people whom the data is about withdrew their consent.
    pub fn withdraw_consent(grant: GrantId, note: &Text<256>) -> Self {
        Self::grants("withdraw_consent", &["grant", "note"], (grant, note))
    }

    /// Reports the use of a grant, as the provider's gateway.
    pub fn report_access(grant: GrantId, report: &AccessReport) -> Self {
        Self::grants("report", &["grant", "report"], (grant, report))
    }

    /// Contests the last report, as the consumer.
    pub fn contest_report(grant: GrantId, counter: u64, usage: &Usage, reason: &Text<256>) -> Self {
        Self::grants("contest", &["grant", "counter", "usage", "reason"], (grant, counter, usage, reason))
    }

    /// Reports attempts without any grant, as the gateway of the dataset's owner.
    pub fn report_refusals(dataset: DatasetId, report: &RefusalReport) -> Self {
        Self::grants("report_refusals", &["dataset", "report"], (dataset, report))
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
    fn arguments_are_encoded_one_after_another() {
        let reason = Text::<256>::try_from(b"spill".to_vec()).unwrap();
        let version = VersionId { dataset: DatasetId(7), version: 3 };
        let flag = Call::flag_version(version, 9, &reason);
        assert_eq!((flag.pallet, flag.name), ("Catalog", "flag"));
        let expected = [&7u64.to_le_bytes()[..], &3u32.to_le_bytes(), &9u64.to_le_bytes(), &[20], b"spill"].concat();
        assert_eq!(flag.arguments.bytes, expected);
        let accept = Call::accept_grant(GrantId(5), &[8; 32]);
        assert_eq!(accept.arguments.names, ["grant", "terms_hash"]);
        assert_eq!(accept.arguments.bytes, [&5u64.to_le_bytes()[..], &[8; 32]].concat());
        let revoke = Call::revoke_grant(GrantId(5), ReasonCode::NotNeeded, &reason);
        assert_eq!(revoke.arguments.bytes, [&5u64.to_le_bytes()[..], &[8, 20], b"spill"].concat());
    }

    #[test]
    fn a_nested_call_is_written_as_it_is() {
        let nested = NestedCall(vec![25, 3, 7]);
        assert_eq!((&nested, 7u8).encode(), [25, 3, 7, 7]);
        assert_eq!(nested.hash(), blake2_256(&[25, 3, 7]));
    }
}
