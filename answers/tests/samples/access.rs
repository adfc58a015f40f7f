//! Organisation 2 may read and derive from dataset 7 of organisation 1 from the last record on, by grant 5.

use super::parts::{profile, some_terms};
use citynet_answers::access::terms_hash;
use citynet_primitives::{
    Body, DatasetId, DatasetKind, GrantId, GrantState, OrganisationId, OrganisationKind, PurposeCode, Record,
    Sensitivity, Terms, RECORD_VERSION,
};

/// The history.
pub fn records() -> Vec<Record> {
    let terms = Terms {
        purposes: vec![PurposeCode(2)].try_into().unwrap(),
        not_before: 0,
        not_after: 1_798_761_600_000,
        jurisdiction: b"RU".to_vec().try_into().unwrap(),
        legal_basis: None,
        ..some_terms()
    };
    let joined = |id: u32, name: &str| Body::OrganisationRegistered {
        organisation: OrganisationId(id),
        organisation_kind: OrganisationKind::University,
        name: name.as_bytes().to_vec().try_into().unwrap(),
    };
    let grant = GrantId(5);
    let (owner, dataset_kind, hash) = (OrganisationId(1), DatasetKind::Stream, terms_hash(&terms));
    let mut bodies = vec![
        joined(1, "City"),
        joined(2, "University"),
        Body::DatasetRegistered { dataset: DatasetId(7), owner, dataset_kind, profile: profile(Sensitivity::Internal) },
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
