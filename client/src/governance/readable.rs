//! Calls in words, so that whoever votes on one knows what it does.
//!
//! The metadata of the node's runtime says what the bytes mean: `Consortium::suspend(organisation: 3, reason: "fraud")`.
//! Accounts are written in SS58, hashes in hex, texts in quotes with everything escaped that could deceive a terminal.

use crate::keys;
use citynet_primitives::PeerId;
use scale_info::{form::PortableForm, PortableRegistry, Type, TypeDef, TypeDefPrimitive};
use subxt::{
    ext::scale_value::{scale::decode_as_type, Composite, Primitive, Value, ValueDef, Variant},
    Metadata,
};

/// The bytes are no call of the runtime.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// They cannot be decoded.
    #[error("these bytes are no call of the node's runtime: {0}")]
    Decoding(String),
    /// Something follows the call.
    #[error("{0} bytes follow the call")]
    TooLong(usize),
}

/// A call of the runtime, in words.
///
/// # Errors
///
/// [`Unreadable`].
pub fn call(metadata: &Metadata, bytes: &[u8]) -> Result<String, Unreadable> {
    written(metadata.types(), metadata.outer_enums().call_enum_ty(), bytes)
}

fn written(types: &PortableRegistry, id: u32, mut bytes: &[u8]) -> Result<String, Unreadable> {
    let value = decode_as_type(&mut bytes, id, types).map_err(|error| Unreadable::Decoding(error.to_string()))?;
    if !bytes.is_empty() {
        return Err(Unreadable::TooLong(bytes.len()));
    }
    Ok(Words { types }.value(&value))
}

/// What is needed to write values down.
struct Words<'a> {
    types: &'a PortableRegistry,
}

impl Words<'_> {
    fn value(&self, value: &Value<u32>) -> String {
        if let Some(bytes) = self.bytes(value) {
            return self.bytes_in_words(value.context, &bytes);
        }
        match &value.value {
            ValueDef::Primitive(primitive) => in_words(primitive),
            ValueDef::BitSequence(bits) => format!("{bits:?}"),
            ValueDef::Variant(variant) if self.has_name(value.context, "RuntimeCall") => self.call(variant),
            ValueDef::Variant(variant) if variant.values.is_empty() => variant.name.clone(),
            ValueDef::Variant(variant) => format!("{}({})", variant.name, self.fields(&variant.values)),
            // A structure around one thing, such as a number that has a type of its own.
            ValueDef::Composite(Composite::Unnamed(items)) if self.is_structure(value.context) && items.len() == 1 => {
                items.iter().map(|item| self.value(item)).collect()
            }
            ValueDef::Composite(fields @ Composite::Named(_)) => format!("{{{}}}", self.fields(fields)),
            ValueDef::Composite(items) if self.is_list(value.context) => format!("[{}]", self.fields(items)),
            ValueDef::Composite(items) => format!("({})", self.fields(items)),
        }
    }

    /// `Pallet::call(argument: value, …)`.
    fn call(&self, pallet: &Variant<u32>) -> String {
        let calls = pallet.values.values().map(|call| match &call.value {
            ValueDef::Variant(call) => format!("{}::{}({})", pallet.name, call.name, self.fields(&call.values)),
            _ => format!("{}::{}", pallet.name, self.value(call)),
        });
        calls.collect()
    }

    fn fields(&self, fields: &Composite<u32>) -> String {
        let words: Vec<String> = match fields {
            Composite::Named(fields) => {
                fields.iter().map(|(name, value)| format!("{name}: {}", self.value(value))).collect()
            }
            Composite::Unnamed(fields) => fields.iter().map(|value| self.value(value)).collect(),
        };
        words.join(", ")
    }

    /// What is nothing but bytes: a list of them, or a structure around one.
    fn bytes(&self, value: &Value<u32>) -> Option<Vec<u8>> {
        let ValueDef::Composite(fields) = &value.value else { return None };
        let element = match &self.type_of(value.context)?.type_def {
            TypeDef::Sequence(list) => list.type_param.id,
            TypeDef::Array(list) => list.type_param.id,
            TypeDef::Composite(_) if fields.len() == 1 => return self.bytes(fields.values().next()?),
            _ => return None,
        };
        if !matches!(self.type_of(element)?.type_def, TypeDef::Primitive(TypeDefPrimitive::U8)) {
            return None;
        }
        fields.values().map(|byte| byte.as_u128().and_then(|byte| u8::try_from(byte).ok())).collect()
    }

    fn bytes_in_words(&self, id: u32, bytes: &[u8]) -> String {
        if let Ok(fixed) = <[u8; 32]>::try_from(bytes) {
            if self.has_name(id, "AccountId32") {
                return keys::ss58(&fixed);
            }
            if self.has_name(id, "PeerId") {
                return PeerId(fixed).to_string();
            }
        }
        match std::str::from_utf8(bytes) {
            Ok(text) if self.has_any_length(id) => format!("{text:?}"),
            _ => format!("0x{}", hex::encode(bytes)),
        }
    }

    /// Whether a type of bytes is a list, or a structure around one, and no array.
    fn has_any_length(&self, id: u32) -> bool {
        match self.type_of(id).map(|found| &found.type_def) {
            Some(TypeDef::Sequence(_)) => true,
            Some(TypeDef::Composite(structure)) => match structure.fields.as_slice() {
                [field] => self.has_any_length(field.ty.id),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_structure(&self, id: u32) -> bool {
        matches!(self.type_of(id).map(|found| &found.type_def), Some(TypeDef::Composite(_)))
    }

    fn is_list(&self, id: u32) -> bool {
        matches!(self.type_of(id).map(|found| &found.type_def), Some(TypeDef::Sequence(_) | TypeDef::Array(_)))
    }

    fn has_name(&self, id: u32, name: &str) -> bool {
        self.type_of(id).and_then(|found| found.path.segments.last()).is_some_and(|last| last == name)
    }

    fn type_of(&self, id: u32) -> Option<&Type<PortableForm>> {
        self.types.resolve(id)
    }
}

fn in_words(primitive: &Primitive) -> String {
    match primitive {
        Primitive::Bool(value) => value.to_string(),
        Primitive::Char(value) => format!("{value:?}"),
        Primitive::String(text) => format!("{text:?}"),
        Primitive::U128(number) => number.to_string(),
        Primitive::I128(number) => number.to_string(),
        Primitive::U256(bytes) | Primitive::I256(bytes) => format!("0x{}", hex::encode(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::AccountKey;
    use citynet_primitives::{OrganisationId, OrganisationKind, OrganisationProfile, Parameter, Quota, Text};
    use codec::Encode;
    use scale_info::{MetaType, Registry, TypeInfo};

    #[derive(Encode, TypeInfo)]
    struct AccountId32([u8; 32]);

    #[derive(Encode, TypeInfo)]
    #[allow(non_camel_case_types, reason = "as calls are named")]
    enum Consortium {
        suspend { organisation: OrganisationId, reason: Text<256> },
        recover { organisation: OrganisationId, account: AccountId32 },
        admit { profile: OrganisationProfile, kind: OrganisationKind, signature: Signature },
        set_parameter { parameter: Parameter },
        pause { full_name: (Vec<u8>, Vec<u8>) },
        many { numbers: Vec<u32>, peer: PeerId, deep: Option<bool> },
        exit,
        dispatch { call: Box<RuntimeCall> },
    }

    #[derive(Encode, TypeInfo)]
    enum Signature {
        Sr25519([u8; 4]),
    }

    #[derive(Encode, TypeInfo)]
    enum RuntimeCall {
        Consortium(Consortium),
    }

    fn registry() -> (PortableRegistry, u32) {
        let mut registry = Registry::new();
        let id = registry.register_type(&MetaType::new::<RuntimeCall>()).id;
        (registry.into(), id)
    }

    fn words(call: Consortium) -> String {
        let (types, id) = registry();
        written(&types, id, &RuntimeCall::Consortium(call).encode()).unwrap()
    }

    fn text<const N: u32>(text: &str) -> Text<N> {
        text.as_bytes().to_vec().try_into().unwrap()
    }

    #[test]
    fn calls_are_written_as_people_read_them() {
        let reason = text("floods\u{1b}[2J \"us\"");
        assert_eq!(
            words(Consortium::suspend { organisation: OrganisationId(3), reason }),
            "Consortium::suspend(organisation: 3, reason: \"floods\\u{1b}[2J \\\"us\\\"\")"
        );
        let alice = AccountKey::development("alice").unwrap();
        let account = AccountId32(alice.account());
        assert_eq!(
            words(Consortium::recover { organisation: OrganisationId(3), account }),
            format!("Consortium::recover(organisation: 3, account: {})", alice.ss58())
        );
        let profile = OrganisationProfile { name: text("Нева"), contact: text(""), legal_id: [1; 32] };
        assert_eq!(
            words(Consortium::admit {
                profile,
                kind: OrganisationKind::University,
                signature: Signature::Sr25519([0, 1, 2, 255])
            }),
            format!(
                "Consortium::admit(profile: {{name: \"Нева\", contact: \"\", legal_id: 0x{}}}, kind: University, \
                 signature: Sr25519(0x000102ff))",
                "01".repeat(32)
            )
        );
        let quota = Quota { rate: 1, burst: 2 };
        assert_eq!(
            words(Consortium::set_parameter { parameter: Parameter::Quota { kind: OrganisationKind::Telecom, quota } }),
            "Consortium::set_parameter(parameter: Quota(kind: Telecom, quota: {rate: 1, burst: 2}))"
        );
        assert_eq!(
            words(Consortium::pause { full_name: (b"Attestations".to_vec(), b"attest".to_vec()) }),
            "Consortium::pause(full_name: (\"Attestations\", \"attest\"))"
        );
        let peer = PeerId([7; 32]);
        assert_eq!(
            words(Consortium::many { numbers: vec![1, 2], peer, deep: Some(true) }),
            format!("Consortium::many(numbers: [1, 2], peer: {peer}, deep: Some(true))")
        );
        assert_eq!(words(Consortium::exit), "Consortium::exit()");
    }

    #[test]
    fn bytes_that_are_no_text_are_hex() {
        let reason = vec![0xff, 0xfe].try_into().unwrap();
        assert_eq!(
            words(Consortium::suspend { organisation: OrganisationId(1), reason }),
            "Consortium::suspend(organisation: 1, reason: 0xfffe)"
        );
    }

    #[test]
    fn calls_in_calls_are_written_too() {
        let inner = Box::new(RuntimeCall::Consortium(Consortium::exit));
        assert_eq!(words(Consortium::dispatch { call: inner }), "Consortium::dispatch(call: Consortium::exit())");
    }

    #[test]
    fn what_is_no_call_is_refused() {
        let (types, id) = registry();
        for bytes in [&[9][..], &[], &[0], &[0, 99], &[0, 0, 1]] {
            assert!(matches!(written(&types, id, bytes), Err(Unreadable::Decoding(_))), "{bytes:?}");
        }
        assert_eq!(written(&types, id, &[0, 6, 1, 2]), Err(Unreadable::TooLong(2)));
    }
}
