//! JSON schemas (draft 7) of the types that go over the wire.

use crate::source::{docs, Item, Serde, Sources};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;
use syn::{
    Expr, ExprLit, Fields, FieldsNamed, GenericArgument, ItemEnum, ItemStruct, Lit, PathArguments, Type, Variant,
};

/// Bytes of any length.
pub const BYTES: &str = "^0x([0-9a-f]{2})*$";
/// A whole number as the node writes it.
pub const DECIMAL: &str = "^(0|[1-9][0-9]*)$";
/// A whole number as the node also reads it.
pub const DIGITS: &str = "^[0-9]+$";

/// A pattern for so many bytes.
fn bytes_of(length: usize) -> String {
    format!("^0x[0-9a-f]{{{}}}$", length * 2)
}

/// Whether a caller sends a value or gets it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is a parameter.
    In,
    /// It is an answer.
    Out,
}

/// The schemas of named types, made as they are asked for.
pub struct Schemas<'a> {
    sources: &'a Sources,
    /// By name: `components.schemas` of the document.
    pub components: BTreeMap<String, Value>,
}

/// What the parameters of a generic type stand for.
type Bound = BTreeMap<String, Type>;

impl<'a> Schemas<'a> {
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, components: BTreeMap::new() }
    }

    /// The schema of a type, which is a reference where it has a name.
    pub fn of(&mut self, ty: &Type, way: Way) -> Value {
        self.bound(ty, way, &Bound::new())
    }

    fn bound(&mut self, ty: &Type, way: Way, bound: &Bound) -> Value {
        if let Type::Array(array) = ty {
            let length = length(&array.len);
            let items = self.bound(&array.elem, way, bound);
            return json!({ "type": "array", "items": items, "minItems": length, "maxItems": length });
        }
        let (name, arguments) = named(ty);
        if let Some(ty) = bound.get(&name) {
            return self.of(ty, way);
        }
        match (name.as_str(), arguments.as_slice()) {
            ("bool", []) => json!({ "type": "boolean" }),
            ("String", []) => json!({ "type": "string" }),
            ("u8", []) => json!({ "type": "integer", "minimum": 0, "maximum": u8::MAX }),
            ("u16", []) => json!({ "type": "integer", "minimum": 0, "maximum": u16::MAX }),
            ("u32", []) => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
            ("u64" | "u128", []) => panic!("a number that JSON cannot hold; write it as a decimal string"),
            ("Option", [inner]) => nullable(self.bound(inner, way, bound)),
            ("Vec", [item]) => json!({ "type": "array", "items": self.bound(item, way, bound) }),
            (_, arguments) => self.component(&name, arguments, way),
        }
    }

    /// A reference to a named type, whose schema is made the first time.
    fn component(&mut self, name: &str, arguments: &[&Type], way: Way) -> Value {
        let mut key = name.to_owned();
        for argument in arguments {
            key = format!("{key}Of{}", named(argument).0);
        }
        if key == "Decimal" && way == Way::In {
            key = "DecimalInput".into();
        }
        if !self.components.contains_key(&key) {
            // Known before it is made, so that a type may have itself inside.
            self.components.insert(key.clone(), Value::Null);
            let schema = self.define(name, arguments, way);
            self.components.insert(key.clone(), schema);
        }
        reference(&key)
    }

    fn define(&mut self, name: &str, arguments: &[&Type], way: Way) -> Value {
        let item = self.sources.item(name);
        let serde = if way == Way::In { "Deserialize" } else { "Serialize" };
        let by_hand = match (name, way) {
            ("Hex", Way::Out) => json!({ "type": "string", "pattern": BYTES }),
            ("Decimal", Way::Out) => json!({ "type": "string", "pattern": DECIMAL }),
            ("Decimal", Way::In) => {
                json!({ "oneOf": [{ "type": "string", "pattern": DIGITS }, { "type": "integer", "minimum": 0 }] })
            }
            ("Roles", Way::Out) => self.set_of("Role"),
            ("Actions", Way::Out) => self.set_of("Action"),
            ("PeerId", Way::Out) => json!({ "type": "string" }),
            _ => {
                assert!(item.derives(serde), "{name} does not derive {serde}; say its schema in schema.rs");
                return described(self.derived(item, arguments, way), &item.docs());
            }
        };
        assert!(!item.derives(serde), "{name} derives {serde} now; remove its schema from schema.rs");
        described(by_hand, &item.docs())
    }

    fn set_of(&mut self, list: &str) -> Value {
        json!({ "type": "array", "items": self.component(list, &[], Way::Out), "uniqueItems": true })
    }

    fn derived(&mut self, item: &Item, arguments: &[&Type], way: Way) -> Value {
        match item {
            Item::Struct(item) => {
                let parameters = item.generics.type_params().map(|parameter| parameter.ident.to_string());
                let bound = parameters.zip(arguments.iter().map(|ty| (*ty).clone())).collect();
                self.structure(item, way, &bound).into_schema()
            }
            Item::Enum(item) => self.enumeration(item, way),
            Item::Alias(item) => self.of(&item.ty, way),
            Item::List(list) => one_of(&item.docs(), &list.members),
            Item::Id(id) => match &id.number {
                Some(number) => self.of(number, way),
                None => json!({ "type": "string", "pattern": DECIMAL }),
            },
        }
    }

    fn structure(&mut self, item: &ItemStruct, way: Way, bound: &Bound) -> Object {
        let Fields::Named(fields) = &item.fields else { panic!("{} has fields without names", item.ident) };
        let serde = Serde::of(&item.attrs);
        let mut object = self.fields(fields, serde.rename_all.as_deref(), way, bound);
        object.closed = serde.deny_unknown_fields;
        object
    }

    fn fields(&mut self, fields: &FieldsNamed, case: Option<&str>, way: Way, bound: &Bound) -> Object {
        let mut object = Object::default();
        for field in &fields.named {
            let serde = Serde::of(&field.attrs);
            if serde.flatten {
                self.flatten(&field.ty, way, &mut object);
                continue;
            }
            let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let name = serde.rename.unwrap_or_else(|| in_case(&ident, case));
            // What a caller need not say may be absent.
            let (ty, optional) = match (way, inner(&field.ty, "Option")) {
                (Way::In, Some(inner)) => (inner, true),
                _ => (&field.ty, false),
            };
            let schema = match serde.serialize_with {
                Some(with) => self.serialized_with(&with, ty),
                None => self.bound(ty, way, bound),
            };
            if !optional {
                object.required.push(name.clone());
            }
            object.properties.insert(name, described(schema, &docs(&field.attrs)));
        }
        object
    }

    fn flatten(&mut self, ty: &Type, way: Way, object: &mut Object) {
        let (name, arguments) = named(ty);
        match self.sources.item(&name) {
            Item::Struct(item) => {
                let Object { properties, required, also, closed: _ } = self.structure(item, way, &Bound::new());
                object.properties.extend(properties);
                object.required.extend(required);
                object.also.extend(also);
            }
            _ => object.also.push(self.component(&name, &arguments, way)),
        }
    }

    /// What the functions in `primitives/src/json.rs` and the one in `settlements.rs` write.
    fn serialized_with(&mut self, with: &str, ty: &Type) -> Value {
        let optional = || inner(ty, "Option").unwrap_or_else(|| panic!("{with} is for options"));
        match with {
            "json::hex" => self.bytes(ty),
            "json::optional_hex" => nullable(self.bytes(optional())),
            "json::text" => json!({ "type": "string" }),
            "json::optional_text" => nullable(json!({ "type": "string" })),
            "json::decimal" | "decimal" => self.decimal(ty),
            "json::optional_decimal" => nullable(self.decimal(optional())),
            "json::texts" => {
                let (_, most) = self.list(ty);
                json!({ "type": "array", "items": { "type": "string" }, "maxItems": most })
            }
            "json::list" => {
                let (item, most) = self.list(ty);
                json!({ "type": "array", "items": self.of(&item, Way::Out), "maxItems": most })
            }
            "json::previous_key" => nullable(json!({
                "type": "object",
                "properties": {
                    "key": self.component("DeviceKey", &[], Way::Out),
                    "validUntil": self.written_as("Moment", json!({ "type": "string", "pattern": DECIMAL })),
                },
                "required": ["key", "validUntil"],
            })),
            _ => panic!("schema.rs does not know what {with} writes"),
        }
    }

    fn bytes(&mut self, ty: &Type) -> Value {
        let pattern = self.width(ty).map_or_else(|| BYTES.to_owned(), bytes_of);
        let schema = json!({ "type": "string", "pattern": pattern });
        match ty {
            Type::Path(_) => self.written_as(&named(ty).0, schema),
            _ => schema,
        }
    }

    fn decimal(&mut self, ty: &Type) -> Value {
        let (name, _) = named(ty);
        if name == "u64" {
            return self.component("Decimal", &[], Way::Out);
        }
        self.written_as(&name, json!({ "type": "string", "pattern": DECIMAL }))
    }

    /// A reference to what another name of a type is written as; without such a name, the schema itself.
    fn written_as(&mut self, name: &str, schema: Value) -> Value {
        let Some(alias) = self.sources.alias(name) else { return schema };
        let schema = described(schema, &docs(&alias.attrs));
        let known = self.components.entry(name.to_owned()).or_insert_with(|| schema.clone());
        assert_eq!(*known, schema, "{name} is written in two ways");
        reference(name)
    }

    /// How many bytes a type always has.
    fn width(&self, ty: &Type) -> Option<usize> {
        match ty {
            Type::Array(array) => Some(length(&array.len)),
            ty => self.sources.alias(&named(ty).0).and_then(|alias| self.width(&alias.ty)),
        }
    }

    /// The items of a bounded list, and how many it has at most.
    fn list(&self, ty: &Type) -> (Type, usize) {
        let (name, arguments) = named(ty);
        match (name.as_str(), arguments.as_slice()) {
            ("BoundedVec", [item, most]) => ((*item).clone(), bound_of(most)),
            _ => self.list(&self.sources.alias(&name).unwrap_or_else(|| panic!("{name} is no bounded list")).ty),
        }
    }

    fn enumeration(&mut self, item: &ItemEnum, way: Way) -> Value {
        let serde = Serde::of(&item.attrs);
        let variants = item.variants.iter();
        if serde.tag.is_none() && variants.clone().all(|variant| matches!(variant.fields, Fields::Unit)) {
            let member = |variant: &Variant| {
                (in_case(&variant.ident.to_string(), serde.rename_all.as_deref()), docs(&variant.attrs))
            };
            return one_of(&docs(&item.attrs), &variants.map(member).collect::<Vec<_>>());
        }
        if serde.untagged {
            let inner = variants.map(|variant| described(self.of(only(&variant.fields), way), &docs(&variant.attrs)));
            return json!({ "anyOf": inner.collect::<Vec<_>>() });
        }
        let mut options = Vec::new();
        for variant in variants {
            let of_variant = Serde::of(&variant.attrs);
            let name =
                of_variant.rename.unwrap_or_else(|| in_case(&variant.ident.to_string(), serde.rename_all.as_deref()));
            let mut object = match (&variant.fields, &serde.tag) {
                (Fields::Named(fields), Some(_)) => {
                    self.fields(fields, serde.rename_all_fields.as_deref(), way, &Bound::new())
                }
                (Fields::Unit, Some(_)) => Object::default(),
                (Fields::Unnamed(_), None) => {
                    let ty = only(&variant.fields);
                    let schema = match of_variant.serialize_with {
                        Some(with) => self.serialized_with(&with, ty),
                        None => self.of(ty, way),
                    };
                    Object {
                        properties: [(name.clone(), schema)].into_iter().collect(),
                        required: vec![name.clone()],
                        ..Object::default()
                    }
                }
                _ => panic!("schema.rs does not know how {}::{} is written", item.ident, variant.ident),
            };
            if let Some(tag) = &serde.tag {
                object.properties.insert(tag.clone(), json!({ "const": name }));
                object.required.push(tag.clone());
            }
            options.push(described(object.into_schema(), &docs(&variant.attrs)));
        }
        json!({ "oneOf": options })
    }
}

/// An object that is being described.
#[derive(Default)]
struct Object {
    properties: Map<String, Value>,
    required: Vec<String>,
    /// Schemas that the same object also fits.
    also: Vec<Value>,
    /// Whether it may have nothing else.
    closed: bool,
}

impl Object {
    fn into_schema(self) -> Value {
        let Self { properties, mut required, also, closed } = self;
        required.sort();
        let mut schema = json!({ "type": "object", "properties": properties, "required": required });
        if closed {
            schema["additionalProperties"] = json!(false);
        }
        if also.is_empty() {
            return schema;
        }
        let parts = [vec![schema], also].concat();
        json!({ "allOf": parts })
    }
}

/// One of several words, each with what it means.
fn one_of(description: &str, words: &[(String, String)]) -> Value {
    let names: Vec<_> = words.iter().map(|(word, _)| word).collect();
    let meanings = words.iter().map(|(word, meaning)| format!("\n* `{word}`: {meaning}"));
    let description = format!("{description}\n{}", meanings.collect::<String>());
    json!({ "type": "string", "enum": names, "description": description })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn nullable(schema: Value) -> Value {
    json!({ "oneOf": [schema, { "type": "null" }] })
}

/// The schema with a description, unless it has one of its own that says more.
fn described(mut schema: Value, description: &str) -> Value {
    let known = schema["description"].as_str().is_some_and(|known| known.starts_with(description));
    if !known && !description.is_empty() {
        schema["description"] = json!(description);
    }
    schema
}

/// The last part of a type's path, and what it is applied to.
fn named(ty: &Type) -> (String, Vec<&Type>) {
    let Type::Path(path) = ty else { panic!("schema.rs knows named types and arrays only") };
    let segment = path.path.segments.last().expect("a path has a part");
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    (segment.ident.to_string(), arguments)
}

/// What is inside an `Option` or another wrapper.
pub fn inner<'t>(ty: &'t Type, wrapper: &str) -> Option<&'t Type> {
    match ty {
        Type::Path(_) => {
            let (name, arguments) = named(ty);
            (name == wrapper).then(|| arguments.first().copied()).flatten()
        }
        _ => None,
    }
}

fn only(fields: &Fields) -> &Type {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => &fields.unnamed[0].ty,
        _ => panic!("a variant without a tag has one field without a name"),
    }
}

fn length(expression: &Expr) -> usize {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().unwrap(),
        _ => panic!("a length that is no literal"),
    }
}

/// The number in `ConstU32<8>`.
fn bound_of(ty: &Type) -> usize {
    let Type::Path(path) = ty else { panic!("a bound that is no constant") };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments[0].arguments else {
        panic!("a bound without a number")
    };
    match arguments.args.first() {
        Some(GenericArgument::Const(number)) => length(number),
        _ => panic!("a bound that is no literal"),
    }
}

/// A name as serde writes it.
fn in_case(name: &str, case: Option<&str>) -> String {
    match case {
        None => name.to_owned(),
        Some("camelCase") => {
            let mut words = name.split('_');
            let first = words.next().unwrap_or_default().to_owned();
            words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
        }
        Some("snake_case") => {
            let mut text = String::new();
            for letter in name.chars() {
                if letter.is_uppercase() && !text.is_empty() {
                    text.push('_');
                }
                text.extend(letter.to_lowercase());
            }
            text
        }
        Some(other) => panic!("schema.rs does not know the case {other}"),
    }
}
