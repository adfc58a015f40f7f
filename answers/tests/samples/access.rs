//! Organisation 2 may read and derive from dataset 7 of organisation 1 from the last record on, by grant 5.

use citynet_answers::access::terms_hash;
use citynet_primitives::{
    Action, Body, DatasetId, DatasetKind, DatasetProfile, Document, GrantId, GrantState, OrganisationId,
    OrganisationKind, PersonalData, Price, PurposeCode, Record, Sensitivity, Terms, UsageLimit, Versions,
    RECORD_VERSION,
};

/// The history.
pub fn records() -> Vec<Record> {
    let terms = Terms {
        dataset: DatasetId(7),
        versions: Versions { first: 1, last: None, content: None },
        provider: OrganisationId(1),
        consumer: OrganisationId(2),
        controller: OrganisationId(1),
        actions: [Action::Read, Action::Derive].into_iter().collect(),
        purposes: vec![PurposeCode(2)].try_into().unwrap(),
        not_before: 0,
        not_after: 1_798_761_600_000,
        limit: UsageLimit::default(),
        price: Price::Free,
        delegation_depth: 0,
        restricted_delegation: false,
        jurisdiction: b"RU".to_vec().try_into().unwrap(),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    };
    let joined = |id: u32, name: &str| Body::OrganisationRegistered {
        organisation: OrganisationId(id),
        organisation_kind: OrganisationKind::University,
        name: name.as_bytes().to_vec().try_into().unwrap(),
    };
    let profile = DatasetProfile {
        title: b"Air".to_vec().try_into().unwrap(),
        sensitivity: Sensitivity::Internal,
        description: Document { hash: [4; 32], uri: Default::default() },
        schema: Default::default(),
        licence: b"CC-BY-4.0".to_vec().try_into().unwrap(),
    };
    let grant = GrantId(5);
    let (owner, dataset_kind, hash) = (OrganisationId(1), DatasetKind::Stream, terms_hash(&terms));
    let mut bodies = vec![
        joined(1, "City"),
        joined(2, "University"),
        Body::DatasetRegistered { dataset: DatasetId(7), owner, dataset_kind, profile },
        Body::GrantOffered { grant, parent: None, supersedes: None, binding: true, terms },
    ];
    for state in [GrantState::Accepted, GrantState::Agreed, GrantState::Verified, GrantState::Active] {
        bodies.push(Body::GrantAdvanced { grant, state, terms: hash });
    }
    let record = |(index, body)| Record {
        version: RECORD_VERSION,
        index,
        block: 1,
        time: 1_772_366_400_000 + index * 1000,
        organisation: OrganisationId(if index < 4 { 1 } else { 2 }),
        account: [1; 32],
        body,
    };
    (0..).zip(bodies).map(record).collect()
}
