//! Which records a caller wants.

use crate::{Decimal, Error};
use citynet_index::{Filter, IndexedRecord, NoThing, Snapshot, Thing};
use citynet_primitives::{Account, Body, Subject};
use codec::{Encode, Output};
use serde::Deserialize;

/// What `citynet_records` selects: the records that satisfy everything that is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilterParams {
    /// What they are about: `organisation:N`, `dataset:N`, `device:N`, `grant:N` or `cycle:CURRENCY-N`.
    pub subject: Option<String>,
    /// What they name: `organisation:N`, `dataset:N`, `device:N`, `grant:N`, `cycle:CURRENCY-N`, `currency:N`,
    /// `obligation:N`, `withdrawal:N`, `motion:N`, `payment:UUID`, `account:ADDRESS`, `peer:ID` or `hash:0x…`. It goes
    /// with a kind, `fromIndex` and times, and not with a subject, an organisation or an account.
    pub naming: Option<String>,
    /// A kind of record, such as `batch_attested`.
    pub kind: Option<String>,
    /// The organisation that acted.
    pub organisation: Option<Decimal>,
    /// The account that acted: `0x` and 64 hex digits.
    pub account: Option<String>,
    /// The lowest index.
    pub from_index: Option<Decimal>,
    /// The earliest time, inclusive, in milliseconds since 1970.
    pub from_time: Option<Decimal>,
    /// The latest time, inclusive, in milliseconds since 1970.
    pub to_time: Option<Decimal>,
}

impl FilterParams {
    /// The selection and the lowest index.
    pub(crate) fn parse(&self) -> Result<(Selection, u64), Error> {
        let subject = self.subject.as_deref().map(str::parse::<Subject>).transpose();
        let kind = self.kind.as_deref().map(known_kind).transpose()?;
        let organisation = self.organisation.map(Decimal::organisation).transpose()?;
        let account = self.account.as_deref().map(parse_account).transpose()?;
        let filter = Filter {
            subject: subject.map_err(|error| Error::InvalidParams(error.to_string()))?,
            kind,
            organisation,
            account,
            from_time: self.from_time.map(|time| time.0),
            to_time: self.to_time.map(|time| time.0),
        };
        let naming = self.naming.as_deref().map(Naming::parse).transpose()?;
        let narrowed = filter.subject.is_some() || filter.organisation.is_some() || filter.account.is_some();
        if naming.is_some() && narrowed {
            let reason =
                "naming goes with kind, fromIndex, fromTime and toTime only: leave it out, or leave out subject, \
                          organisation and account";
            return Err(Error::invalid(reason));
        }
        Ok((Selection { filter, naming }, self.from_index.map_or(0, |index| index.0)))
    }
}

/// What [`FilterParams`] say, apart from where to begin. Its encoding is what cursors are bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    filter: Filter,
    naming: Option<Naming>,
}

/// A thing that records name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Naming {
    /// In the caller's words.
    text: String,
    thing: Thing,
}

impl Naming {
    fn parse(text: &str) -> Result<Self, Error> {
        let thing = text.parse().map_err(|error: NoThing| Error::InvalidParams(error.to_string()))?;
        Ok(Self { text: text.to_owned(), thing })
    }
}

impl Selection {
    /// All records about a subject.
    pub(crate) fn about(subject: Subject) -> Self {
        Self { filter: Filter { subject: Some(subject), ..Filter::default() }, naming: None }
    }

    /// At most `limit` of the records, from index `first` up to, but not including, `end`, in order.
    pub(crate) fn find(
        &self,
        snapshot: &Snapshot<'_>,
        first: u64,
        end: u64,
        limit: u32,
    ) -> Result<Vec<IndexedRecord>, Error> {
        let Some(naming) = &self.naming else { return Ok(snapshot.records(&self.filter, first, end, limit)?) };
        let Some((first, end)) = snapshot.within_times(&self.filter, first, end)? else { return Ok(Vec::new()) };
        Ok(snapshot.records_naming(&naming.thing, self.filter.kind, first, end, limit)?)
    }
}

impl Encode for Selection {
    fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
        let Filter { subject, kind, organisation, account, from_time, to_time } = &self.filter;
        let naming = self.naming.as_ref().map(|naming| &naming.text);
        (subject, kind, organisation, account, from_time, to_time, naming).encode_to(output);
    }
}

fn known_kind(kind: &str) -> Result<&'static str, Error> {
    let known = Body::KINDS.iter().copied().find(|known| *known == kind);
    known.ok_or_else(|| Error::InvalidParams(format!("kind is one of {}", Body::KINDS.join(", "))))
}

/// Reads an account: `0x` and 64 hex digits.
pub(crate) fn parse_account(text: &str) -> Result<Account, Error> {
    let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
    let account: Option<Account> = bytes.and_then(|bytes| bytes.try_into().ok());
    account.ok_or_else(|| Error::invalid("an account is 0x and 64 hex digits"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{DeviceId, OrganisationId};
    use serde_json::json;

    fn parse(filter: serde_json::Value) -> Result<(Selection, u64), String> {
        let filter: FilterParams = serde_json::from_value(filter).map_err(|error| error.to_string())?;
        filter.parse().map_err(|error| error.to_string())
    }

    #[test]
    fn filters_are_read() {
        let nothing = Selection { filter: Filter::default(), naming: None };
        assert_eq!(parse(json!({})), Ok((nothing, 0)));
        let all = json!({
            "subject": "device:7",
            "kind": "batch_attested",
            "organisation": "2",
            "account": format!("0x{}", "11".repeat(32)),
            "fromIndex": "5",
            "fromTime": 6,
            "toTime": "7",
        });
        let filter = Filter {
            subject: Some(Subject::Device(DeviceId(7))),
            kind: Some("batch_attested"),
            organisation: Some(OrganisationId(2)),
            account: Some([0x11; 32]),
            from_time: Some(6),
            to_time: Some(7),
        };
        assert_eq!(parse(all), Ok((Selection { filter, naming: None }, 5)));
        let named = json!({ "naming": "motion:5", "kind": "motion_voted", "fromIndex": 1, "fromTime": 6, "toTime": 7 });
        let filter = Filter { kind: Some("motion_voted"), from_time: Some(6), to_time: Some(7), ..Filter::default() };
        let naming = Some(Naming { text: "motion:5".into(), thing: Thing::Motion(5) });
        assert_eq!(parse(named), Ok((Selection { filter, naming }, 1)));
    }

    #[test]
    fn filters_that_make_no_sense_are_refused() {
        for (filter, reason) in [
            (json!({ "subject": "motion:1" }), "organisation:N, dataset:N, device:N, grant:N or cycle:CURRENCY-N"),
            (json!({ "naming": "vote:1" }), "motion:N"),
            (json!({ "naming": "motion:1", "subject": "grant:1" }), "leave out subject"),
            (json!({ "naming": "motion:1", "organisation": "1" }), "leave out subject, organisation"),
            (json!({ "naming": "motion:1", "account": format!("0x{}", "11".repeat(32)) }), "organisation and account"),
            (json!({ "kind": "batch" }), "batch_attested"),
            (json!({ "organisation": "4294967296" }), "below 2^32"),
            (json!({ "account": "0x11" }), "64 hex digits"),
            (json!({ "account": "11".repeat(32) }), "64 hex digits"),
            (json!({ "fromIndex": -1 }), "decimal string"),
            (json!({ "device": "1" }), "unknown field"),
        ] {
            let error = parse(filter).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn every_part_of_a_filter_binds_a_cursor() {
        let filters = [
            json!({}),
            json!({ "subject": "device:7" }),
            json!({ "naming": "device:7" }),
            json!({ "kind": "batch_attested" }),
            json!({ "organisation": "2" }),
            json!({ "account": format!("0x{}", "11".repeat(32)) }),
            json!({ "fromTime": 6 }),
            json!({ "toTime": 6 }),
        ];
        let keys: std::collections::BTreeSet<_> =
            filters.iter().map(|filter| parse(filter.clone()).unwrap().0.encode()).collect();
        assert_eq!(keys.len(), filters.len());
    }
}
