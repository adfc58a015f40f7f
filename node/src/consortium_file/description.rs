//! The file as it is written. `chain-specs/README.md` says what each field means. Whatever can be wrong in more than its
//! shape keeps its place.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Description {
    pub name: Spanned<String>,
    pub id: Spanned<String>,
    #[serde(rename = "type")]
    pub chain_type: Spanned<String>,
    pub slot_duration: Spanned<i64>,
    pub session_length: Option<Spanned<i64>>,
    #[serde(default)]
    pub boot_nodes: Vec<Spanned<String>>,
    #[serde(default)]
    pub telemetry: Vec<Spanned<String>>,
    #[serde(default)]
    pub parameters: Parameters,
    #[serde(default, rename = "organisation")]
    pub organisations: Vec<Spanned<Organisation>>,
}

/// `[parameters]`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Parameters {
    pub min_members: Option<Spanned<i64>>,
    pub min_validators: Option<Spanned<i64>>,
    pub max_validators_per_organisation: Option<Spanned<i64>>,
    pub motion_duration: Option<Spanned<i64>>,
    pub recovery_delay: Option<Spanned<i64>>,
    pub silent_after: Option<Spanned<i64>>,
    #[serde(default)]
    pub quotas: BTreeMap<Spanned<String>, Quota>,
}

/// `[parameters.quotas.KIND]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Quota {
    pub rate: Spanned<i64>,
    pub burst: Spanned<i64>,
}

/// `[[organisation]]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Organisation {
    pub name: Spanned<String>,
    pub kind: Spanned<String>,
    pub contact: Option<Spanned<String>>,
    pub legal_id: Option<Spanned<String>>,
    #[serde(default, rename = "account")]
    pub accounts: Vec<Account>,
    #[serde(default, rename = "validator")]
    pub validators: Vec<Validator>,
    #[serde(default, rename = "peer")]
    pub peers: Vec<Peer>,
}

/// `[[organisation.account]]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Account {
    pub address: Spanned<String>,
    pub roles: Spanned<Vec<Spanned<String>>>,
}

/// `[[organisation.validator]]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Validator {
    pub address: Spanned<String>,
    pub aura: Spanned<String>,
    pub grandpa: Spanned<String>,
}

/// `[[organisation.peer]]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Peer {
    pub id: Spanned<String>,
    pub purpose: Spanned<String>,
    pub address: Option<Spanned<String>>,
}
