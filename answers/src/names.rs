//! Who organisations are and what codes stand for, as records say.

use crate::codes::Codes;
use citynet_primitives::{Body, CurrencyInfo, OrganisationId, Record};
use std::collections::BTreeMap;

/// How an organisation presents itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Its name.
    pub name: String,
    /// Where it can be reached, or nothing.
    pub contact: String,
}

/// The names that records give organisations: of each, the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<OrganisationId, Name>);

impl Names {
    /// What the records say, which are by index.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut names = Self::default();
        for record in records {
            names.add(&record.body);
        }
        names
    }

    /// What one more record says.
    pub fn add(&mut self, body: &Body) {
        match body {
            Body::OrganisationRegistered { organisation, name, .. } => {
                self.0.entry(*organisation).or_default().name = text(name);
            }
            Body::OrganisationProfileChanged { organisation, profile } => {
                let found = Name { name: text(&profile.name), contact: text(&profile.contact) };
                self.0.insert(*organisation, found);
            }
            _ => {}
        }
    }

    /// What is known of an organisation.
    pub fn get(&self, organisation: OrganisationId) -> Option<&Name> {
        self.0.get(&organisation)
    }

    /// `3 Polytechnic University`, or `3` where no record names it.
    pub fn numbered(&self, organisation: OrganisationId) -> String {
        match (organisation, self.get(organisation)) {
            (OrganisationId::CONSORTIUM, _) => "the consortium".to_owned(),
            (_, Some(found)) => format!("{organisation} {}", found.name),
            (_, None) => organisation.to_string(),
        }
    }
}

/// The codes that are built in, and those that the records add.
pub fn codes<'a>(records: impl IntoIterator<Item = &'a Record>) -> Codes {
    let mut codes = Codes::built_in();
    for record in records {
        if let Body::CodeAdded { list, code, name } = &record.body {
            codes.add(*list, *code, text(name));
        }
    }
    codes
}

/// The currencies that the records create, by number.
pub fn currencies<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<(u32, CurrencyInfo)> {
    let created = records.into_iter().filter_map(|record| match &record.body {
        Body::CurrencyCreated { currency, info } => Some((*currency, info.clone())),
        _ => None,
    });
    created.collect()
}

/// Text of a record. The chain takes only UTF-8; anything else is shown as far as it can be.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use citynet_primitives::{CodeList, OrganisationKind, OrganisationProfile, PurposeCode, RECORD_VERSION};

    fn records(bodies: Vec<Body>) -> Vec<Record> {
        let record = |(index, body)| Record {
            version: RECORD_VERSION,
            index,
            block: 1,
            time: 0,
            organisation: OrganisationId::CONSORTIUM,
            account: [0; 32],
            body,
        };
        (0..).zip(bodies).map(record).collect()
    }

    #[test]
    fn the_last_name_counts() {
        let organisation = OrganisationId(3);
        let profile = OrganisationProfile {
            name: b"Polytechnic".to_vec().try_into().unwrap(),
            contact: b"mailto:a@example.org".to_vec().try_into().unwrap(),
            legal_id: [0; 32],
        };
        let registered = Body::OrganisationRegistered {
            organisation,
            organisation_kind: OrganisationKind::University,
            name: b"University".to_vec().try_into().unwrap(),
        };
        let names = Names::of(&records(vec![registered.clone()]));
        assert_eq!(names.numbered(organisation), "3 University");
        let names = Names::of(&records(vec![registered, Body::OrganisationProfileChanged { organisation, profile }]));
        assert_eq!(names.numbered(organisation), "3 Polytechnic");
        assert_eq!(names.get(organisation).unwrap().contact, "mailto:a@example.org");
        assert_eq!(names.numbered(OrganisationId(4)), "4");
        assert_eq!(names.numbered(OrganisationId::CONSORTIUM), "the consortium");
    }

    #[test]
    fn codes_are_built_in_or_added() {
        let name = b"city:Simulation".to_vec().try_into().unwrap();
        let added = records(vec![Body::CodeAdded { list: CodeList::Purpose, code: 40_000, name }]);
        assert_eq!(codes(&added).purpose_name(PurposeCode(40_000)), "city:Simulation");
        assert_eq!(codes(&added).purpose_name(PurposeCode(2)), "dpv:AcademicResearch");
        assert_eq!(codes(&[]).purpose_name(PurposeCode(40_000)), "40000");
    }
}
