//! The file with a grant's terms.
//!
//! It is TOML or JSON, by its name's extension, with the same fields in both; [`TEMPLATE`] is one in TOML that explains
//! them. Times are in UTC as in RFC 3339, purposes and legal bases are named or numbered, hashes are `0x` and hex. In
//! place of `not_before` a file may say `notBefore`, and so with the others, as JSON elsewhere does. A file with any
//! other field is refused, so that no term is lost to a slip of the pen.

use super::{
    codes::{Code, Codes, UnknownCode},
    names, odrl,
};
use crate::{
    governance::names::UnknownName,
    rpc::{parse_hash, Decimal, NotAHash, Units},
    time::{format_duration, format_utc, parse_duration, parse_utc, TimeError},
};
use citynet_primitives::{
    Action, DatasetId, Document, Hash, Moment, Notice, OrganisationId, Price, PurposeCode, Terms, Text, Tier, Tiers,
    UsageLimit, Versions,
};
use serde::{
    de::{value::MapAccessDeserializer, MapAccess, Visitor},
    Deserialize, Deserializer, Serialize,
};
use std::{fmt, fs, io, path::Path};

/// A file to begin with. The chain takes its terms once the numbers are those of real organisations and data.
pub const TEMPLATE: &str = include_str!("template.toml");

const DAY: Moment = 86_400_000;

/// [`TEMPLATE`] for a year that begins with the day of `now`.
pub fn template(now: Moment) -> String {
    let begin = now - now % DAY;
    let year = [begin, begin.saturating_add(365 * DAY)].map(format_utc);
    ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]
        .iter()
        .zip(year)
        .fold(TEMPLATE.to_owned(), |text, (example, time)| text.replace(example, &time))
}

/// Terms cannot be read from a file.
#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    /// The file's name does not say what it is.
    #[error("it is named neither *.toml nor *.json, so how to read it is not known")]
    Extension,
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is no TOML, or not of these fields.
    // Not its source too: that ends in an empty line, with which it would be said twice.
    #[error("{}", .0.to_string().trim_end())]
    Toml(toml::de::Error),
    /// It is no JSON, or not of these fields.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    /// A field is wrong.
    #[error("{field}: {problem}")]
    Field {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        #[source]
        problem: Problem,
    },
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is needed.
    #[error("it is missing, and does not follow from the command")]
    Missing,
    /// A text is too short or too long.
    #[error("it has {has} bytes and not {least} to {most}")]
    Length {
        /// How many it has.
        has: usize,
        /// The fewest.
        least: usize,
        /// The most.
        most: u32,
    },
    /// A list is too long.
    #[error("it names more than {0}")]
    TooMany(u32),
    /// There are two prices.
    #[error("there is a contract too, and use has one price")]
    TwoPrices,
    /// No time.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// No hash.
    #[error(transparent)]
    Hash(#[from] NotAHash),
    /// No code.
    #[error(transparent)]
    Code(#[from] UnknownCode),
    /// No name of its list.
    #[error(transparent)]
    Name(#[from] UnknownName),
}

/// Names the field that a problem is of.
trait In<T> {
    fn of(self, field: &'static str) -> Result<T, TermsError>;
}

impl<T, E: Into<Problem>> In<T> for Result<T, E> {
    fn of(self, field: &'static str) -> Result<T, TermsError> {
        self.map_err(|problem| TermsError::Field { field, problem: problem.into() })
    }
}

/// A time as the file has it: text, or a time of TOML's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Time(pub String);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;

        impl<'de> Visitor<'de> for TimeVisitor {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time in UTC such as 2026-01-01T00:00:00Z")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Time, E> {
                Ok(Time(text.to_owned()))
            }

            // This is how the TOML reader hands over a time that is not in quotes.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Time, A::Error> {
                let time = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Time(time.to_string()))
            }
        }

        deserializer.deserialize_any(TimeVisitor)
    }
}

impl From<Moment> for Time {
    fn from(moment: Moment) -> Self {
        Self(format_utc(moment))
    }
}

/// Which versions, as the file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VersionsFile {
    /// The first one.
    #[serde(default = "one")]
    pub first: u32,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u32>,
    /// SHA-256 of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

fn one() -> u32 {
    1
}

/// How much may be used, as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LimitFile {
    /// How often data may be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accesses: Option<Decimal>,
    /// How many records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Decimal>,
    /// How many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Decimal>,
}

/// What people were told, as the file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeFile {
    /// SHA-256 of the notice.
    pub hash: String,
    /// Its language.
    pub language: String,
}

/// A document, as the file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentFile {
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Where it can be had.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uri: String,
}

/// A price on the ledger, as the file has it. Amounts are in the smallest unit of the currency, as they are on chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PriceFile {
    /// A sum, paid when the grant begins.
    Fixed {
        /// The currency's number.
        currency: u32,
        /// The sum.
        amount: Units,
    },
    /// A sum for every period that begins.
    PerPeriod {
        /// The currency's number.
        currency: u32,
        /// The sum.
        amount: Units,
        /// How long a period is, such as `30d`.
        period: String,
    },
    /// By use.
    Metered {
        /// The currency's number.
        currency: u32,
        /// What is counted: access, record or byte.
        unit: String,
        /// For how many units the tiers' amounts are.
        #[serde(default = "one_unit")]
        per: Decimal,
        /// For how long a usage statement can be disputed, such as `7d`.
        #[serde(alias = "disputeWindow")]
        dispute_window: String,
        /// The steps, ascending.
        tiers: Vec<TierFile>,
    },
}

/// A step of a metered price, as the file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TierFile {
    /// It is for the units above so many.
    #[serde(default = "nothing")]
    pub above: Decimal,
    /// What `per` units cost.
    pub amount: Units,
}

fn one_unit() -> Decimal {
    Decimal(1)
}

fn nothing() -> Decimal {
    Decimal(0)
}

impl PriceFile {
    /// The file's part that says what a price says, unless that is nothing or a contract.
    fn of(price: &Price) -> Option<Self> {
        match price {
            Price::Free | Price::Contract { .. } => None,
            Price::Fixed { currency, amount } => Some(Self::Fixed { currency: *currency, amount: Units(*amount) }),
            Price::PerPeriod { currency, amount, period } => {
                Some(Self::PerPeriod { currency: *currency, amount: Units(*amount), period: format_duration(*period) })
            }
            Price::Metered { currency, unit, per, tiers, dispute_window } => Some(Self::Metered {
                currency: *currency,
                unit: unit.to_string(),
                per: Decimal(*per),
                dispute_window: format_duration(*dispute_window),
                tiers: tiers
                    .iter()
                    .map(|tier| TierFile { above: Decimal(tier.above), amount: Units(tier.amount) })
                    .collect(),
            }),
        }
    }

    fn price(&self) -> Result<Price, TermsError> {
        Ok(match self {
            Self::Fixed { currency, amount } => Price::Fixed { currency: *currency, amount: amount.0 },
            Self::PerPeriod { currency, amount, period } => Price::PerPeriod {
                currency: *currency,
                amount: amount.0,
                period: parse_duration(period).of("price.period")?,
            },
            Self::Metered { currency, unit, per, dispute_window, tiers } => Price::Metered {
                currency: *currency,
                unit: names::unit(unit).of("price.unit")?,
                per: per.0,
                tiers: steps(tiers)?,
                dispute_window: parse_duration(dispute_window).of("price.dispute_window")?,
            },
        })
    }
}

fn steps(tiers: &[TierFile]) -> Result<Tiers, TermsError> {
    if tiers.is_empty() {
        return Err(Problem::Missing).of("price.tiers");
    }
    let tiers: Vec<Tier> = tiers.iter().map(|tier| Tier { above: tier.above.0, amount: tier.amount.0 }).collect();
    Tiers::try_from(tiers).map_err(|_| Problem::TooMany(8)).of("price.tiers")
}

/// The ODRL agreement, as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementFile {
    /// Its hash, if it is not the one that follows from the terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Where it can be had.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uri: String,
}

/// A file with a grant's terms. See [`Terms`] for what the fields mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TermsFile {
    /// The dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<Decimal>,
    /// The organisation that grants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<u32>,
    /// The organisation that uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consumer: Option<u32>,
    /// The organisation that answers to the people whom the data is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<u32>,
    /// What the consumer may do.
    pub actions: Vec<String>,
    /// For what, in any order.
    pub purposes: Vec<Code>,
    /// First moment of the grant.
    #[serde(alias = "notBefore")]
    pub not_before: Time,
    /// First moment after the grant.
    #[serde(alias = "notAfter")]
    pub not_after: Time,
    /// How often it may be passed on.
    #[serde(default, alias = "delegationDepth")]
    pub delegation_depth: u8,
    /// Whether restricted or pseudonymised data may be passed on.
    #[serde(default, alias = "restrictedDelegation")]
    pub restricted_delegation: bool,
    /// Where the data is used.
    pub jurisdiction: String,
    /// How far it is about people.
    #[serde(alias = "personalData")]
    pub personal_data: String,
    /// On which legal basis.
    #[serde(default, alias = "legalBasis", skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<Code>,
    /// For how many days after its end the consumer may keep what it had.
    #[serde(default, alias = "retentionDays", skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// Who else receives the data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
    /// SHA-256 of the impact assessment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
    /// The commitment to the consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// How consent is withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<String>,
    /// What people were told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeFile>,
    /// Which versions; without it, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<VersionsFile>,
    /// How much may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitFile>,
    /// The contract that says what use costs; without it and without a price, nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<DocumentFile>,
    /// The price that is paid on the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<PriceFile>,
    /// The ODRL agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementFile>,
}

/// What follows from the command, where the file does not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The dataset.
    pub dataset: Option<DatasetId>,
    /// The organisation that grants.
    pub provider: Option<OrganisationId>,
    /// The organisation that uses.
    pub consumer: Option<OrganisationId>,
    /// The organisation that answers to the people whom the data is about.
    pub controller: Option<OrganisationId>,
}

impl TermsFile {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Every [`TermsError`] but [`TermsError::Field`].
    pub fn read(path: &Path) -> Result<Self, TermsError> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => Self::from_toml(&fs::read_to_string(path)?),
            Some("json") => Self::from_json(&fs::read_to_string(path)?),
            _ => Err(TermsError::Extension),
        }
    }

    /// Reads TOML.
    ///
    /// # Errors
    ///
    /// [`TermsError::Toml`].
    pub fn from_toml(text: &str) -> Result<Self, TermsError> {
        toml::from_str(text).map_err(TermsError::Toml)
    }

    /// Reads JSON.
    ///
    /// # Errors
    ///
    /// [`TermsError::Json`].
    pub fn from_json(text: &str) -> Result<Self, TermsError> {
        Ok(serde_json::from_str(text)?)
    }

    /// The file that says what terms say. Times lose their milliseconds.
    pub fn of(terms: &Terms, codes: &Codes) -> Self {
        let decimal = |number: Option<u64>| number.map(Decimal);
        let limit = LimitFile {
            accesses: decimal(terms.limit.accesses),
            records: decimal(terms.limit.records),
            bytes: decimal(terms.limit.bytes),
        };
        Self {
            dataset: Some(Decimal(terms.dataset.0)),
            provider: Some(terms.provider.0),
            consumer: Some(terms.consumer.0),
            controller: Some(terms.controller.0),
            actions: terms.actions.iter().map(|action| action.to_string()).collect(),
            purposes: terms.purposes.iter().map(|code| Code::Name(codes.purpose_name(*code))).collect(),
            not_before: terms.not_before.into(),
            not_after: terms.not_after.into(),
            delegation_depth: terms.delegation_depth,
            restricted_delegation: terms.restricted_delegation,
            jurisdiction: lossy(&terms.jurisdiction),
            personal_data: terms.personal_data.to_string(),
            legal_basis: terms.legal_basis.map(|code| Code::Name(codes.legal_basis_name(code))),
            retention_days: terms.retention_days,
            recipients: terms.recipients.iter().map(|recipient| lossy(recipient)).collect(),
            assessment: terms.assessment.as_ref().map(hexed),
            consent: terms.consent.as_ref().map(hexed),
            withdrawal: terms.withdrawal.as_ref().map(|withdrawal| lossy(withdrawal)),
            notice: terms
                .notice
                .as_ref()
                .map(|notice| NoticeFile { hash: hexed(&notice.hash), language: lossy(&notice.language) }),
            versions: Some(VersionsFile {
                first: terms.versions.first,
                last: terms.versions.last,
                content: terms.versions.content.as_ref().map(hexed),
            }),
            limit: (limit != LimitFile::default()).then_some(limit),
            contract: match &terms.price {
                Price::Contract { contract } => {
                    Some(DocumentFile { hash: hexed(&contract.hash), uri: lossy(&contract.uri) })
                }
                Price::Free | Price::Fixed { .. } | Price::PerPeriod { .. } | Price::Metered { .. } => None,
            },
            price: PriceFile::of(&terms.price),
            agreement: terms
                .agreement
                .as_ref()
                .map(|agreement| AgreementFile { hash: Some(hexed(&agreement.hash)), uri: lossy(&agreement.uri) }),
        }
    }

    /// As TOML.
    ///
    /// # Errors
    ///
    /// When TOML cannot write it.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }

    /// The terms for the chain with the genesis hash. They name their ODRL agreement, unless the file names another.
    ///
    /// # Errors
    ///
    /// [`TermsError::Field`].
    pub fn terms(&self, known: &Known, codes: &Codes, genesis: &Hash) -> Result<Terms, TermsError> {
        let actions = self.actions.iter().map(|name| names::action(name)).collect::<Result<Vec<Action>, _>>();
        let recipients = self.recipients.iter().map(|recipient| text("recipients", recipient, 1));
        let recipients: Vec<Text<64>> = recipients.collect::<Result<_, _>>()?;
        let limit = self.limit.clone().unwrap_or_default();
        let dataset = self.dataset.map(|dataset| DatasetId(dataset.0)).or(known.dataset);
        let mut terms = Terms {
            dataset: dataset.ok_or(Problem::Missing).of("dataset")?,
            versions: self.versions()?,
            provider: party("provider", self.provider, known.provider)?,
            consumer: party("consumer", self.consumer, known.consumer)?,
            controller: party("controller", self.controller, known.controller)?,
            actions: actions.of("actions")?.into_iter().collect(),
            purposes: self.purposes(codes)?.try_into().map_err(|_| Problem::TooMany(8)).of("purposes")?,
            not_before: parse_utc(&self.not_before.0).of("not_before")?,
            not_after: parse_utc(&self.not_after.0).of("not_after")?,
            limit: UsageLimit {
                accesses: limit.accesses.map(|most| most.0),
                records: limit.records.map(|most| most.0),
                bytes: limit.bytes.map(|most| most.0),
            },
            price: self.price()?,
            delegation_depth: self.delegation_depth,
            restricted_delegation: self.restricted_delegation,
            jurisdiction: text("jurisdiction", &self.jurisdiction, 2)?,
            legal_basis: match &self.legal_basis {
                None => None,
                Some(code) => Some(codes.legal_basis(&code.to_string()).of("legal_basis")?),
            },
            personal_data: names::personal_data(&self.personal_data).of("personal_data")?,
            consent: hash("consent", self.consent.as_deref())?,
            notice: match &self.notice {
                None => None,
                Some(notice) => Some(Notice {
                    hash: parse_hash(&notice.hash).of("notice.hash")?,
                    language: text("notice.language", &notice.language, 2)?,
                }),
            },
            retention_days: self.retention_days,
            recipients: recipients.try_into().map_err(|_| Problem::TooMany(8)).of("recipients")?,
            assessment: hash("assessment", self.assessment.as_deref())?,
            withdrawal: match &self.withdrawal {
                None => None,
                Some(withdrawal) => Some(text("withdrawal", withdrawal, 1)?),
            },
            agreement: None,
        };
        let agreement = self.agreement.clone().unwrap_or_default();
        terms.agreement = Some(Document {
            hash: match hash("agreement.hash", agreement.hash.as_deref())? {
                Some(hash) => hash,
                None => odrl::agreement(&terms, genesis).hash,
            },
            uri: text("agreement.uri", &agreement.uri, 0)?,
        });
        Ok(terms)
    }

    fn price(&self) -> Result<Price, TermsError> {
        match (&self.price, &self.contract) {
            (None, None) => Ok(Price::Free),
            (Some(price), None) => price.price(),
            (None, Some(contract)) => Ok(Price::Contract {
                contract: Document {
                    hash: parse_hash(&contract.hash).of("contract.hash")?,
                    uri: text("contract.uri", &contract.uri, 0)?,
                },
            }),
            (Some(_), Some(_)) => Err(Problem::TwoPrices).of("price"),
        }
    }

    fn versions(&self) -> Result<Versions, TermsError> {
        let Some(versions) = &self.versions else { return Ok(Versions { first: 1, last: None, content: None }) };
        Ok(Versions {
            first: versions.first,
            last: versions.last,
            content: hash("versions.content", versions.content.as_deref())?,
        })
    }

    /// Ascending, as the chain wants them.
    fn purposes(&self, codes: &Codes) -> Result<Vec<PurposeCode>, TermsError> {
        let purposes = self.purposes.iter().map(|code| codes.purpose(&code.to_string()).of("purposes"));
        let mut purposes: Vec<PurposeCode> = purposes.collect::<Result<_, _>>()?;
        purposes.sort_unstable();
        purposes.dedup();
        Ok(purposes)
    }
}

fn party(field: &'static str, given: Option<u32>, known: Option<OrganisationId>) -> Result<OrganisationId, TermsError> {
    given.map(OrganisationId).or(known).ok_or(Problem::Missing).of(field)
}

fn hash(field: &'static str, given: Option<&str>) -> Result<Option<Hash>, TermsError> {
    given.map(parse_hash).transpose().of(field)
}

fn text<const N: u32>(field: &'static str, text: &str, least: usize) -> Result<Text<N>, TermsError> {
    let wrong = Problem::Length { has: text.len(), least, most: N };
    if text.len() < least {
        return Err(wrong).of(field);
    }
    Text::<N>::try_from(text.as_bytes().to_vec()).map_err(|_| wrong).of(field)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn hexed(hash: &Hash) -> String {
    format!("0x{}", hex::encode(hash))
}
