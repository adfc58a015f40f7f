//! The types that go over the wire, as their sources declare them.
//!
//! Most of them belong to `citynet-primitives`, which is part of the runtime and must know nothing of JSON Schema. A
//! second declaration of them here would have to be kept equal by hand. So the sources are read: what serde is told
//! there, in the few forms that this repository uses, is all that a schema needs, and the doc comments describe it.
//! Whatever else is found is an error. That the reading is right is shown by the golden answers, which must fit.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use syn::{
    braced, parenthesized,
    parse::{Parse, ParseStream},
    Attribute, Expr, ExprLit, Ident, ItemEnum, ItemStruct, ItemType, Lit, LitInt, LitStr, Meta, Token, TraitItem,
    TraitItemFn, Type,
};

/// A type.
pub enum Item {
    /// A struct.
    Struct(ItemStruct),
    /// An enum.
    Enum(ItemEnum),
    /// Another name of a type.
    Alias(ItemType),
    /// What `closed_list!` makes: an enum without data.
    List(ClosedList),
    /// What `id!` and `wide_id!` make: a number.
    Id(Id),
}

impl Item {
    fn attributes(&self) -> &[Attribute] {
        match self {
            Self::Struct(item) => &item.attrs,
            Self::Enum(item) => &item.attrs,
            Self::Alias(item) => &item.attrs,
            Self::List(item) => &item.attributes,
            Self::Id(item) => &item.attributes,
        }
    }

    /// Its doc comment.
    pub fn docs(&self) -> String {
        docs(self.attributes())
    }

    /// Whether `name` is among what it derives; the macros derive everything.
    pub fn derives(&self, name: &str) -> bool {
        match self {
            Self::Struct(_) | Self::Enum(_) => derives(self.attributes()).contains(name),
            Self::Alias(_) | Self::List(_) | Self::Id(_) => true,
        }
    }
}

/// The arguments of `closed_list!`.
pub struct ClosedList {
    attributes: Vec<Attribute>,
    name: Ident,
    /// The JSON of each member, and its doc comment.
    pub members: Vec<(String, String)>,
}

impl Parse for ClosedList {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.parse()?;
        let body;
        braced!(body in input);
        let mut members = Vec::new();
        while !body.is_empty() {
            let docs = docs(&body.call(Attribute::parse_outer)?);
            body.parse::<Ident>()?;
            body.parse::<Token![=]>()?;
            body.parse::<LitInt>()?;
            body.parse::<Token![=>]>()?;
            members.push((body.parse::<LitStr>()?.value(), docs));
            body.parse::<Token![,]>()?;
        }
        Ok(Self { attributes, name, members })
    }
}

/// The arguments of `id!`, or of `wide_id!` without the type.
pub struct Id {
    attributes: Vec<Attribute>,
    name: Ident,
    /// The number's type; none for 64 bits, which are a decimal string.
    pub number: Option<Type>,
}

impl Parse for Id {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.parse()?;
        if input.is_empty() {
            return Ok(Self { attributes, name, number: None });
        }
        let number;
        parenthesized!(number in input);
        Ok(Self { attributes, name, number: Some(number.parse()?) })
    }
}

/// What the sources declare.
pub struct Sources {
    items: BTreeMap<String, Vec<Item>>,
    /// The methods of `LedgerApi`, in order.
    pub methods: Vec<TraitItemFn>,
    /// The doc comment of the crate `citynet-rpc`.
    pub about: String,
}

impl Sources {
    /// Reads the crates `citynet-primitives` and `citynet-rpc`.
    pub fn read() -> Self {
        let mut sources = Self { items: BTreeMap::new(), methods: Vec::new(), about: String::new() };
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        sources.read_folder(&here.join("../../primitives/src"));
        sources.read_folder(&here.join("src"));
        sources
    }

    fn read_folder(&mut self, folder: &Path) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                self.read_folder(&path);
                continue;
            }
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap());
            let file = file.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            if path.ends_with("rpc/src/lib.rs") {
                self.about = docs(&file.attrs);
            }
            file.items.into_iter().for_each(|item| self.add(item));
        }
    }

    fn add(&mut self, item: syn::Item) {
        let (name, item) = match item {
            syn::Item::Struct(item) => (item.ident.to_string(), Item::Struct(item)),
            syn::Item::Enum(item) => (item.ident.to_string(), Item::Enum(item)),
            syn::Item::Type(item) => (item.ident.to_string(), Item::Alias(item)),
            syn::Item::Macro(item) if item.mac.path.is_ident("closed_list") => {
                let list: ClosedList = item.mac.parse_body().unwrap();
                (list.name.to_string(), Item::List(list))
            }
            syn::Item::Macro(item) if item.mac.path.is_ident("id") || item.mac.path.is_ident("wide_id") => {
                let id: Id = item.mac.parse_body().unwrap();
                (id.name.to_string(), Item::Id(id))
            }
            syn::Item::Trait(item) if item.ident == "LedgerApi" => {
                self.methods.extend(item.items.into_iter().filter_map(|item| match item {
                    TraitItem::Fn(method) => Some(method),
                    _ => None,
                }));
                return;
            }
            _ => return,
        };
        self.items.entry(name).or_default().push(item);
    }

    /// The type with a name.
    pub fn item(&self, name: &str) -> &Item {
        match self.items.get(name).map(Vec::as_slice) {
            Some([item]) => item,
            Some(items) => {
                panic!("{} types are called {name}; what goes over the wire needs a name of its own", items.len())
            }
            None => panic!("there is no type {name} in primitives/src or node/rpc/src; it needs an entry in schema.rs"),
        }
    }

    /// What another name of a type stands for.
    pub fn alias(&self, name: &str) -> Option<&ItemType> {
        match self.items.get(name).map(Vec::as_slice) {
            Some([Item::Alias(item)]) => Some(item),
            _ => None,
        }
    }
}

/// The lines of a doc comment as paragraphs, lists and headings, each on one line. Links to other items lose their
/// brackets, since they lead nowhere in JSON.
pub fn docs(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for line in attributes.iter().filter_map(doc_line) {
        let line = line.trim();
        if line.is_empty() {
            text.push_str("\n\n");
        } else if line.starts_with("* ") || line.starts_with("# ") {
            text.push('\n');
            text.push_str(line);
        } else {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            text.push_str(line);
        }
    }
    let text = text.replace("[`crate::", "`").replace("[`", "`").replace("`]", "`").replace("\n\n\n", "\n\n");
    text.trim().to_owned()
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

fn derives(attributes: &[Attribute]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        attribute
            .parse_nested_meta(|meta| {
                names.extend(meta.path.segments.last().map(|segment| segment.ident.to_string()));
                Ok(())
            })
            .unwrap();
    }
    names
}

/// What serde is told about a type, a variant or a field.
#[derive(Default)]
pub struct Serde {
    pub rename: Option<String>,
    pub rename_all: Option<String>,
    pub rename_all_fields: Option<String>,
    pub serialize_with: Option<String>,
    pub tag: Option<String>,
    pub deny_unknown_fields: bool,
    pub flatten: bool,
    pub untagged: bool,
}

impl Serde {
    /// Reads it.
    pub fn of(attributes: &[Attribute]) -> Self {
        let mut serde = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute
                .parse_nested_meta(|meta| {
                    let key = meta.path.require_ident()?.to_string();
                    let text = || meta.value()?.parse::<LitStr>().map(|text| text.value());
                    match key.as_str() {
                        "rename" => serde.rename = Some(text()?),
                        "rename_all" => serde.rename_all = Some(text()?),
                        "rename_all_fields" => serde.rename_all_fields = Some(text()?),
                        "serialize_with" => serde.serialize_with = Some(text()?),
                        "tag" => serde.tag = Some(text()?),
                        // Only what an error message says.
                        "expecting" => drop(text()?),
                        "deny_unknown_fields" => serde.deny_unknown_fields = true,
                        "flatten" => serde.flatten = true,
                        "untagged" => serde.untagged = true,
                        _ => return Err(meta.error("schema.rs does not know this attribute of serde")),
                    }
                    Ok(())
                })
                .unwrap();
        }
        serde
    }
}
