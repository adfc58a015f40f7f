//! The city (1) is there from genesis on, and the university (2) joined by a motion.

use citynet_primitives::{Body, OrganisationId, OrganisationKind, Record, Role, Roles, RECORD_VERSION};

/// The history.
pub fn records() -> Vec<Record> {
    let text = |words: &str| words.as_bytes().to_vec().try_into().unwrap();
    let (chain, city, university) = (OrganisationId::CONSORTIUM, OrganisationId(1), OrganisationId(2));
    let joined = |organisation, organisation_kind, name: &str| {
        let name = name.as_bytes().to_vec().try_into().unwrap();
        Body::OrganisationRegistered { organisation, organisation_kind, name }
    };
    let roles = Roles::of(&[Role::Validator]);
    let call = vec![1, 2, 3].try_into().unwrap();
    let motion = [7; 32];
    let bodies = vec![
        (chain, joined(city, OrganisationKind::Government, "City")),
        (chain, Body::AccountAdded { organisation: city, account: [8; 32], roles }),
        (city, Body::MotionProposed { motion, number: 1, threshold: 1, call, reason: text("Admit it") }),
        (city, Body::MotionVoted { motion, number: 1, approve: true, reason: text("It is good") }),
        (chain, joined(university, OrganisationKind::University, "University")),
        (city, Body::MotionClosed { motion, number: 1, approved: true, yes: 1, no: 0, seats: 1 }),
    ];
    let record = |(index, (organisation, body)): (u64, (OrganisationId, Body))| {
        let block = u32::from(index > 1);
        let time = u64::from(block) * 1_772_366_400_000;
        let account = if organisation == chain { [0; 32] } else { [1; 32] };
        Record { version: RECORD_VERSION, index, block, time, organisation, account, body }
    };
    (0..).zip(bodies).map(record).collect()
}
