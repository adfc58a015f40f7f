//! A grant's terms as an ODRL 2.2 agreement in JSON-LD.
//!
//! The document follows from the terms and the chain's genesis hash alone, so that everybody who reads the terms on
//! chain can make it again. Canonical as RFC 8785 has it, its SHA-256 is the hash in [`Terms::agreement`]; that one is
//! left out of it, since nothing can hold its own hash.
//!
//! Its profile is `urn:citynet:odrl:1`. Where two rules of an agreement conflict, the prohibition holds, and an
//! evaluator that does not know an operand of the profile must deny. All actions of a permission share its counts. The
//! operands and properties of the profile begin with `cn:`:
//!
//! * `cn:version` is the version's number, `cn:content` its SHA-256, `cn:records` and `cn:bytes` count as `count` does;
//! * `cn:sensitivity` is that of the dataset, `cn:delegationDepth` how often the agreement is passed on;
//! * `cn:personalData`, `cn:consent`, `cn:notice`, `cn:assessment`, `cn:withdrawal` and `cn:contract` are those of the
//!   terms;
//! * a price on the ledger is in the smallest unit of `cn:currency`: `payAmount`, for every `timeInterval` if there is
//!   one, or a `cn:tariff`, in which `cn:per` times a `cn:unit` cost the `cn:amount` of the `cn:tier` they are in.

use crate::time::format_utc;
use citynet_primitives::{
    Action, Document, Hash, LegalBasisCode, Moment, OrganisationId, Price, PurposeCode, Sensitivity, Terms, Tier,
    UsageLimit,
};
use citynet_proofs::jcs;
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};
use std::fmt::Display;

/// An agreement as it is hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its canonical text.
    pub text: String,
    /// The text's SHA-256.
    pub hash: Hash,
}

/// The agreement of terms, for the chain with the genesis hash.
pub fn agreement(terms: &Terms, genesis: &Hash) -> Agreement {
    let text = jcs::to_string(&document(terms, genesis))
        .expect("every number in it is below 2^32, which is exact as a double; qed");
    let hash = Sha256::digest(&text).into();
    Agreement { text, hash }
}

/// The agreement as JSON.
pub fn document(terms: &Terms, genesis: &Hash) -> Value {
    let names = Names { chain: format!("urn:citynet:{}", hex::encode(genesis)) };
    let bare = Terms { agreement: None, ..terms.clone() };
    let target = format!("{}:dataset:{}", names.chain, terms.dataset);
    let mut permission = json!({
        "target": target,
        "action": terms.actions.iter().map(action).collect::<Vec<_>>(),
        "constraint": constraints(terms, &names),
    });
    if let Some(duty) = compensation(&terms.price, &names) {
        permission["duty"] = json!([duty]);
    }
    let mut document = json!({
        "@context": [
            "http://www.w3.org/ns/odrl.jsonld",
            {
                "cn": "urn:citynet:odrl:",
                "dpv": "https://w3id.org/dpv#",
                "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
            },
        ],
        "@type": "Agreement",
        "uid": format!("{}:terms:{}", names.chain, hex::encode(super::terms_hash(&bare))),
        "profile": "urn:citynet:odrl:1",
        "conflict": "prohibit",
        "assigner": names.party(terms.provider),
        "assignee": names.party(terms.consumer),
        "dpv:hasDataController": { "@id": names.party(terms.controller) },
        "cn:personalData": terms.personal_data.as_str(),
    });
    let mut permissions = vec![permission];
    match passing_on(terms, &target) {
        Ok(permission) => permissions.push(permission),
        Err(prohibition) => document["prohibition"] = json!([prohibition]),
    }
    document["permission"] = permissions.into();
    if let Some(days) = terms.retention_days {
        document["obligation"] = json!([deletion(days, &target)]);
    }
    if let Some(code) = terms.legal_basis {
        document["dpv:hasLegalBasis"] = json!({ "@id": names.legal_basis(code) });
    }
    if !terms.recipients.is_empty() {
        document["dpv:hasRecipient"] = terms.recipients.iter().map(|recipient| lossy(recipient)).collect();
    }
    if let Some(consent) = &terms.consent {
        document["cn:consent"] = hex::encode(consent).into();
    }
    if let Some(notice) = &terms.notice {
        let hash = hex::encode(notice.hash);
        document["cn:notice"] = json!({ "cn:sha256": hash, "cn:language": lossy(&notice.language) });
    }
    if let Some(assessment) = &terms.assessment {
        document["cn:assessment"] = hex::encode(assessment).into();
    }
    if let Some(withdrawal) = &terms.withdrawal {
        document["cn:withdrawal"] = lossy(withdrawal).into();
    }
    document
}

/// The names of a chain's things.
struct Names {
    chain: String,
}

impl Names {
    fn party(&self, organisation: OrganisationId) -> String {
        format!("{}:organisation:{organisation}", self.chain)
    }

    /// What the council added is named by its number, so that the document does not depend on chain state.
    fn purpose(&self, code: PurposeCode) -> String {
        code.name().map_or_else(|| format!("{}:purpose:{code}", self.chain), str::to_owned)
    }

    fn currency(&self, number: u32) -> Value {
        json!({ "@id": format!("{}:currency:{number}", self.chain) })
    }

    fn legal_basis(&self, code: LegalBasisCode) -> String {
        match code.name() {
            None => format!("{}:legal-basis:{code}", self.chain),
            Some(name) if code.is_russian() => format!("cn:{name}"),
            Some(name) => format!("eu-gdpr:{name}"),
        }
    }
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Read => "read",
        Action::Derive => "derive",
        Action::Train => "cn:train",
        Action::Aggregate => "aggregate",
        Action::Publish => "distribute",
    }
}

fn constraints(terms: &Terms, names: &Names) -> Vec<Value> {
    let purposes: Vec<Value> = terms.purposes.iter().map(|code| json!({ "@id": names.purpose(*code) })).collect();
    let mut constraints = vec![
        constraint("dateTime", "gteq", date_time(terms.not_before)),
        constraint("dateTime", "lt", date_time(terms.not_after)),
        constraint("purpose", "isAnyOf", purposes.into()),
        constraint("spatial", "isPartOf", lossy(&terms.jurisdiction).into()),
        constraint("cn:version", "gteq", integer(u64::from(terms.versions.first))),
    ];
    if let Some(last) = terms.versions.last {
        constraints.push(constraint("cn:version", "lteq", integer(u64::from(last))));
    }
    if let Some(content) = &terms.versions.content {
        constraints.push(constraint("cn:content", "eq", hex::encode(content).into()));
    }
    let UsageLimit { accesses, records, bytes } = terms.limit;
    for (operand, most) in [("count", accesses), ("cn:records", records), ("cn:bytes", bytes)] {
        if let Some(most) = most {
            constraints.push(constraint(operand, "lteq", integer(most)));
        }
    }
    constraints
}

/// The permission to pass the grant on, or the prohibition.
fn passing_on(terms: &Terms, target: &str) -> Result<Value, Value> {
    if terms.delegation_depth == 0 {
        return Err(json!({ "target": target, "action": "grantUse" }));
    }
    let depth = integer(u64::from(terms.delegation_depth));
    let mut constraints = vec![constraint("cn:delegationDepth", "lteq", depth)];
    if !terms.restricted_delegation {
        let free = [Sensitivity::Open, Sensitivity::Internal].map(Sensitivity::as_str);
        constraints.push(constraint("cn:sensitivity", "isAnyOf", json!(free)));
    }
    Ok(json!({ "target": target, "action": "grantUse", "constraint": constraints }))
}

/// What is paid for use, if anything.
fn compensation(price: &Price, names: &Names) -> Option<Value> {
    let paid = |currency: u32, constraints: Vec<Value>| {
        let currency = names.currency(currency);
        json!({ "action": "compensate", "cn:currency": currency, "constraint": constraints })
    };
    Some(match price {
        Price::Free => return None,
        Price::Contract { contract } => json!({ "action": "compensate", "cn:contract": elsewhere(contract) }),
        Price::Fixed { currency, amount } => paid(*currency, vec![constraint("payAmount", "eq", integer(*amount))]),
        Price::PerPeriod { currency, amount, period } => paid(
            *currency,
            vec![
                constraint("payAmount", "eq", integer(*amount)),
                constraint("timeInterval", "eq", milliseconds(*period)),
            ],
        ),
        Price::Metered { currency, unit, per, tiers, dispute_window } => {
            let step = |tier: &Tier| json!({ "cn:above": integer(tier.above), "cn:amount": integer(tier.amount) });
            json!({
                "action": "compensate",
                "cn:currency": names.currency(*currency),
                "cn:tariff": {
                    "cn:unit": unit.as_str(),
                    "cn:per": integer(*per),
                    "cn:tier": tiers.iter().map(step).collect::<Vec<_>>(),
                    "cn:disputeWindow": milliseconds(*dispute_window),
                },
            })
        }
    })
}

/// Not a duty of the permission: in ODRL those are done before the permission is made use of.
fn deletion(days: u32, target: &str) -> Value {
    let after_use = constraint("event", "gt", json!({ "@id": "odrl:policyUsage" }));
    let delay = json!({ "@type": "xsd:duration", "@value": format!("P{days}D") });
    let constraints = [after_use, constraint("delayPeriod", "lteq", delay)];
    json!({ "target": target, "action": "delete", "constraint": constraints })
}

fn constraint(left: &str, operator: &str, right: Value) -> Value {
    json!({ "leftOperand": left, "operator": operator, "rightOperand": right })
}

fn date_time(moment: Moment) -> Value {
    let mut text = format_utc(moment);
    let milliseconds = moment % 1000;
    if milliseconds > 0 && text.ends_with('Z') {
        text.truncate(text.len() - 1);
        text.push_str(&format!(".{milliseconds:03}Z"));
    }
    json!({ "@type": "xsd:dateTime", "@value": text })
}

/// As text: a JSON number above 2^53 is not exact.
fn integer(number: impl Display) -> Value {
    json!({ "@type": "xsd:integer", "@value": number.to_string() })
}

fn milliseconds(duration: Moment) -> Value {
    let (seconds, rest) = (duration / 1000, duration % 1000);
    let fraction = if rest > 0 { format!(".{rest:03}") } else { String::new() };
    json!({ "@type": "xsd:duration", "@value": format!("PT{seconds}{fraction}S") })
}

fn elsewhere(document: &Document) -> Value {
    let mut value = json!({ "cn:sha256": hex::encode(document.hash) });
    if !document.uri.is_empty() {
        value["cn:location"] = lossy(&document.uri).into();
    }
    value
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
