//! The OpenRPC document: methods and types from the sources, examples from the golden answers.

use crate::{
    cases::Answered,
    double::Kind,
    schema::{inner, Schemas, Way},
    source::{docs, Sources},
    subscription,
};
use citynet_rpc::MAX_BEHIND;
use serde_json::{json, Map, Value};
use std::{collections::BTreeMap, sync::LazyLock};
use syn::{FnArg, LitStr, Pat, ReturnType, TraitItemFn, Type};

/// The version of the OpenRPC specification.
const OPENRPC: &str = "1.3.2";

/// Makes the document.
pub fn document(answered: &[Answered]) -> Value {
    let sources = Sources::read();
    let mut schemas = Schemas::new(&sources);
    let mut methods: Vec<_> = sources.methods.iter().map(|method| describe(method, &mut schemas, answered)).collect();
    methods.extend(subscription::describe(&mut schemas, answered));
    json!({
        "openrpc": OPENRPC,
        "info": {
            "title": "CityNet Ledger",
            "description": about(&sources),
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        "methods": methods,
        "components": { "schemas": schemas.components, "errors": errors() },
    })
}

/// What the crate says of all methods.
fn about(sources: &Sources) -> String {
    let conventions = sources.about.find("# Conventions").expect("the crate says what its conventions are");
    // Names mean nothing to a reader of the document.
    sources.about[conventions..]
        .replace("`MAX_BEHIND`", &MAX_BEHIND.to_string())
        .replace("of `Error`", "in `components.errors`")
}

/// The errors by the name of their variant, as their doc comments have them: number, name in `data.code`, meaning.
pub fn errors() -> &'static BTreeMap<String, Value> {
    static ERRORS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(read_errors);
    &ERRORS
}

fn read_errors() -> BTreeMap<String, Value> {
    let sources = Sources::read();
    let crate::source::Item::Enum(errors) = sources.item("Error") else { panic!("errors are an enum") };
    let variants = errors.variants.iter().map(|variant| {
        let text = docs(&variant.attrs);
        let parts = text.split_once(" `").and_then(|(number, rest)| Some((number, rest.split_once("`: ")?)));
        let (number, (code, meaning)) = parts.unwrap_or_else(|| panic!("not `NUMBER `name`: meaning`: {text}"));
        let number: i32 = number.parse().unwrap();
        let message = format!("{}{}", meaning[..1].to_uppercase(), &meaning[1..]);
        (variant.ident.to_string(), json!({ "code": number, "message": message, "data": { "code": code } }))
    });
    variants.collect()
}

/// A parameter: its name, its type without `Option`, and whether it must be given.
struct Param<'m> {
    name: String,
    ty: &'m Type,
    required: bool,
}

fn params(method: &TraitItemFn) -> Vec<Param<'_>> {
    let typed = method.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(input),
        FnArg::Receiver(_) => None,
    });
    typed
        .map(|input| {
            let Pat::Ident(name) = &*input.pat else { panic!("a parameter without a name") };
            let optional = inner(&input.ty, "Option");
            Param { name: name.ident.to_string(), ty: optional.unwrap_or(&input.ty), required: optional.is_none() }
        })
        .collect()
}

/// The name on the wire.
fn name(method: &TraitItemFn) -> String {
    let attribute = method.attrs.iter().find(|attribute| attribute.path().is_ident("method"));
    let mut name = None;
    attribute
        .expect("every method has a name")
        .parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                name = Some(meta.value()?.parse::<LitStr>()?.value());
            }
            Ok(())
        })
        .unwrap();
    format!("citynet_{}", name.expect("every method has a name"))
}

fn describe(method: &TraitItemFn, schemas: &mut Schemas<'_>, answered: &[Answered]) -> Value {
    let (name, text, params) = (name(method), docs(&method.attrs), params(method));
    let ReturnType::Type(_, answer) = &method.sig.output else { panic!("{name} answers nothing") };
    let answer = schemas.of(inner(answer, "Result").expect("every method may fail"), Way::Out);
    let described: Vec<_> = params
        .iter()
        .map(|param| json!({ "name": param.name, "required": param.required, "schema": schemas.of(param.ty, Way::In) }))
        .collect();
    let errors: Vec<_> = errors_of(&text, &params)
        .into_iter()
        .map(|error| json!({ "$ref": format!("#/components/errors/{error}") }))
        .collect();
    json!({
        "name": name,
        "summary": first_sentence(&text),
        "description": text,
        "paramStructure": "either",
        "params": described,
        "result": { "name": "answer", "schema": answer },
        "errors": errors,
        "examples": examples(&name, &params, answered),
    })
}

/// The first sentence of a text.
pub fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").or(text.find(".\n")).map_or(text.len(), |end| end + 1);
    &text[..end]
}

/// The errors that a method may answer with, by what it takes and says. That none is missing is tested with the golden
/// answers.
fn errors_of(text: &str, params: &[Param<'_>]) -> Vec<&'static str> {
    let takes = |names: &[&str]| params.iter().any(|param| names.contains(&param.name.as_str()));
    let mut errors = vec!["Internal", "Pruned"];
    if !params.is_empty() {
        errors.push("InvalidParams");
    }
    if !text.contains("Needs no index") {
        errors.extend(["NoIndex", "NotSynced", "TooExpensive"]);
    }
    if takes(&["cursor"]) {
        errors.push("CursorExpired");
    }
    if takes(&["limit", "indices", "depth"]) {
        errors.push("LimitExceeded");
    }
    if params.iter().any(|param| param.required) {
        errors.push("NotFound");
    }
    if text.contains("justification") || text.contains("`not_final_yet`") {
        errors.push("NotFinalYet");
    }
    errors
}

/// What a complete node answered.
fn examples(method: &str, params: &[Param<'_>], answered: &[Answered]) -> Vec<Value> {
    let cases = answered.iter().filter(|case| case.method == method && case.node == Kind::Complete);
    let example = |case: &Answered| {
        let result = case.answer.get("result")?;
        let given = case.request["params"].as_object().map_or_else(Map::new, Clone::clone);
        let named = |param: &Param<'_>| Some(json!({ "name": param.name, "value": given.get(&param.name)? }));
        Some(json!({
            "name": case.case.replace('_', " "),
            "params": params.iter().filter_map(named).collect::<Vec<_>>(),
            "result": { "name": "answer", "value": result },
        }))
    };
    cases.filter_map(example).collect()
}
