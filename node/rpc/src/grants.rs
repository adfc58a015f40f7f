//! Grants, decisions and codes, as they go over the wire.

use crate::{Anchor, Decimal, Error};
use citynet_index::GrantFilter;
use citynet_primitives::{Action, DatasetId, Decision, GrantId, GrantInfo, Moment, OrganisationId, PurposeCode, Text};
use codec::Encode;
use serde::{Deserialize, Serialize};

/// A grant, as the chain's state has it.
#[derive(Clone, Debug, Serialize)]
pub struct GrantView {
    /// Its number.
    pub grant: GrantId,
    /// The fields of [`GrantInfo`].
    #[serde(flatten)]
    pub info: GrantInfo,
}

/// Answer of `citynet_grant`.
#[derive(Clone, Debug, Serialize)]
pub struct GrantAnswer {
    /// The block that the answer is true for.
    pub anchor: Anchor,
    /// The grant.
    #[serde(flatten)]
    pub grant: GrantView,
}

/// What `citynet_grants` selects: the grants that satisfy everything that is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantFilterParams {
    /// The dataset.
    pub dataset: Option<Decimal>,
    /// The organisation that grants, as the terms have it.
    pub provider: Option<Decimal>,
    /// The organisation that uses.
    pub consumer: Option<Decimal>,
}

impl GrantFilterParams {
    pub(crate) fn parse(&self) -> Result<GrantFilter, Error> {
        Ok(GrantFilter {
            dataset: self.dataset.map(|dataset| DatasetId(dataset.0)),
            provider: self.provider.map(Decimal::organisation).transpose()?,
            consumer: self.consumer.map(Decimal::organisation).transpose()?,
        })
    }
}

/// What `citynet_checkAccess` is asked: may this organisation do this with this data?
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessParams {
    /// The organisation that would use the data.
    pub consumer: Decimal,
    /// The dataset.
    pub dataset: Decimal,
    /// Which of its versions; without it, what is no version yet, as in a stream.
    pub version: Option<Decimal>,
    /// What it would do.
    pub action: Action,
    /// For what.
    pub purpose: CodeParam,
    /// When, in milliseconds since 1970; at the anchor's time unless told. The state is the anchor's in any case.
    pub time: Option<Decimal>,
}

/// A code, by its number or its name, such as `dpv:AcademicResearch`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Encode)]
#[serde(untagged, expecting = "a code is a name or a number below 65536")]
pub enum CodeParam {
    /// Its number.
    Number(u16),
    /// Its name, or its number as text.
    Text(String),
}

impl CodeParam {
    /// The number, if it is one.
    fn number(&self) -> Option<u16> {
        match self {
            Self::Number(number) => Some(*number),
            // `parse` would also take a plus sign.
            Self::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            Self::Text(_) => None,
        }
    }

    /// The number of the code that has this name.
    fn named(&self, codes: &[(u16, Text<64>)]) -> Option<u16> {
        let Self::Text(text) = self else { return None };
        codes.iter().find(|(_, name)| name.as_slice() == text.as_bytes()).map(|(code, _)| *code)
    }

    /// The purpose, unless it has a name that is none of `codes`, which are asked for only where they are needed.
    pub(crate) fn look_up<E>(
        &self,
        codes: impl FnOnce() -> Result<Vec<(u16, Text<64>)>, E>,
    ) -> Result<Option<PurposeCode>, E> {
        let code = match self.number() {
            Some(number) => Some(number),
            None => self.named(&codes()?),
        };
        Ok(code.map(PurposeCode))
    }
}

/// A question with its purpose still to be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) consumer: OrganisationId,
    pub(crate) dataset: DatasetId,
    pub(crate) version: Option<u32>,
    pub(crate) action: Action,
    pub(crate) time: Option<Moment>,
}

impl AccessParams {
    pub(crate) fn parse(&self) -> Result<Question, Error> {
        Ok(Question {
            consumer: self.consumer.organisation()?,
            dataset: DatasetId(self.dataset.0),
            version: self.version.map(Decimal::version).transpose()?,
            action: self.action,
            time: self.time.map(|time| time.0),
        })
    }
}

/// Answer of `citynet_checkAccess`.
#[derive(Clone, Debug, Serialize)]
pub struct DecisionAnswer {
    /// The block whose state decides.
    pub anchor: Anchor,
    /// `decision` is `allowed`, with `chain`, or `denied`, with `reason` and `grant`.
    #[serde(flatten)]
    pub decision: Decision,
}

/// A code in an answer of `citynet_codes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodeView {
    /// Its number.
    pub code: u16,
    /// What it stands for, such as a DPV IRI in compact form.
    pub name: String,
}

impl From<(u16, Text<64>)> for CodeView {
    fn from((code, name): (u16, Text<64>)) -> Self {
        Self { code, name: String::from_utf8_lossy(&name).into_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    fn filter(params: Value) -> Result<GrantFilter, String> {
        let params: GrantFilterParams = serde_json::from_value(params).map_err(|error| error.to_string())?;
        params.parse().map_err(|error| error.to_string())
    }

    #[test]
    fn filters_are_read() {
        assert_eq!(filter(json!({})), Ok(GrantFilter::default()));
        let expected = GrantFilter {
            dataset: Some(DatasetId(7)),
            provider: Some(OrganisationId(1)),
            consumer: Some(OrganisationId(3)),
        };
        assert_eq!(filter(json!({ "dataset": "7", "provider": 1, "consumer": "3" })), Ok(expected));
        for (wrong, reason) in [
            (json!({ "consumer": "4294967296" }), "below 2^32"),
            (json!({ "dataset": -1 }), "decimal string"),
            (json!({ "owner": "1" }), "unknown field"),
        ] {
            let error = filter(wrong).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    fn question(changes: Value) -> Result<(Question, Option<PurposeCode>), String> {
        let mut params = json!({ "consumer": "3", "dataset": "7", "action": "derive", "purpose": 2 });
        for (key, value) in changes.as_object().expect("the test passes an object") {
            params[key] = value.clone();
        }
        let params: AccessParams = serde_json::from_value(params).map_err(|error| error.to_string())?;
        let added = (900, b"cn:SnowRemoval".to_vec().try_into().expect("the name is short"));
        let purpose = params.purpose.look_up(|| Ok::<_, String>(vec![added]))?;
        Ok((params.parse().map_err(|error| error.to_string())?, purpose))
    }

    #[test]
    fn questions_are_read() {
        let expected = Question {
            consumer: OrganisationId(3),
            dataset: DatasetId(7),
            version: None,
            action: Action::Derive,
            time: None,
        };
        assert_eq!(question(json!({})), Ok((expected.clone(), Some(PurposeCode(2)))));
        let exact = Question { version: Some(4), time: Some(5), ..expected.clone() };
        assert_eq!(question(json!({ "version": "4", "time": 5 })), Ok((exact, Some(PurposeCode(2)))));
        for (purpose, code) in
            [(json!("2"), Some(2)), (json!("cn:SnowRemoval"), Some(900)), (json!("cn:Snow"), None), (json!("+2"), None)]
        {
            assert_eq!(question(json!({ "purpose": purpose })), Ok((expected.clone(), code.map(PurposeCode))));
        }
    }

    #[test]
    fn questions_that_make_no_sense_are_refused() {
        for (changes, reason) in [
            (json!({ "action": "sell" }), "unknown variant"),
            (json!({ "purpose": 65_536 }), "number below 65536"),
            (json!({ "version": "4294967296" }), "below 2^32"),
            (json!({ "consumer": "4294967296" }), "below 2^32"),
            (json!({ "at": "5" }), "unknown field"),
        ] {
            let error = question(changes).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn codes_have_names() {
        let code = CodeView::from((2, b"dpv:AcademicResearch".to_vec().try_into().expect("the name is short")));
        assert_eq!(json!(code), json!({ "code": 2, "name": "dpv:AcademicResearch" }));
    }
}
