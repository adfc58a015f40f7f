//! What records name, and the questions that this answers.

use crate::{chain::*, database::*};
use citynet_index::{Index, Thing};
use citynet_primitives::{Body, CycleId, DatasetId, DeviceId, GrantId, PeerId, Subject};
use serde_json::Value;
use std::collections::BTreeSet;

/// The kinds of the records that name a thing, of all kinds or of one.
fn kinds(index: &Index, thing: Thing, kind: Option<&str>) -> Vec<&'static str> {
    let found = read(index, |snapshot| snapshot.records_naming(&thing, kind, 0, u64::MAX, 100));
    found.iter().map(|found| found.record.body.kind()).collect()
}

#[test]
fn questions_without_a_subject_are_answered() {
    for store in stores() {
        let index = filled(&store, &every_kind());
        let all = |thing| kinds(&index, thing, None);
        let of = |thing, kind| kinds(&index, thing, Some(kind)).len();

        assert_eq!(all(Thing::Motion(3)), ["motion_proposed", "motion_voted", "motion_closed"]);
        assert_eq!(all(Thing::Hash(hash(7))), all(Thing::Motion(3)), "the call");
        assert_eq!(all(Thing::Account(VALIDATOR)), ["validator_registered", "validator_suspended"]);
        assert_eq!(all(Thing::Account([9; 32])), ["account_added"]);
        assert_eq!(all(Thing::Peer(PEER)), ["peer_added", "peer_removed"]);
        let settled = ["obligation_created", "payment_declared", "payment_answered", "obligation_reversed"];
        assert_eq!(all(Thing::Obligation(8)), settled);
        assert_eq!(all(Thing::Obligation(9)), ["obligation_reversed"]);
        assert_eq!(all(Thing::Withdrawal(6)), ["withdrawal_requested", "withdrawal_paid"]);
        assert_eq!(all(Thing::Payment(UETR)), ["deposited", "withdrawal_paid", "payment_declared"]);
        assert_eq!(
            all(Thing::Cycle(CYCLE)),
            ["obligation_reversed", "cycle_opened", "cycle_computed", "cycle_settled"]
        );
        assert_eq!(of(Thing::Currency(CYCLE.currency), "cycle_opened"), 1);
        assert_eq!(of(Thing::Currency(CYCLE.currency), "deposited"), 1);
        assert_eq!(of(Thing::Organisation(UNIVERSITY), "cycle_computed"), 1);
        assert_eq!(of(Thing::Dataset(DatasetId(1)), "refusals_reported"), 1);
        assert_eq!(of(Thing::Dataset(DatasetId(1)), "grant_offered"), 1);
        assert_eq!(of(Thing::Grant(GRANT), "usage_stated"), 1);
        assert_eq!(of(Thing::Grant(GRANT), "usage_disputed"), 1);
        assert_eq!(of(Thing::Grant(GRANT), "version_published"), 1, "by right of it");
        assert_eq!(of(Thing::Grant(GrantId(3)), "grant_offered"), 1, "which passes it on");
        assert_eq!(of(Thing::Hash(hash(14)), "version_published"), 1, "made from that file");
        assert_eq!(all(Thing::Hash(hash(13))), ["version_published"]);
        for key in [hash(9), hash(10)] {
            assert_eq!(all(Thing::Hash(key)), ["validator_registered"]);
        }
        assert_eq!(all(Thing::Hash([0x74; 32])), ["device_registered"]);
        let device = ["device_registered", "device_key_rotated", "dataset_devices_changed", "version_published"];
        assert_eq!(kinds(&index, Thing::Device(DEVICE), None)[..4], device, "but not its batches");
        assert_eq!(of(Thing::Device(DeviceId(2)), "device_distrusted"), 1);

        let nothing = [
            Thing::Motion(4),
            Thing::Account([0x99; 32]),
            Thing::Peer(PeerId([9; 32])),
            Thing::Obligation(u64::MAX),
            Thing::Payment([0; 16]),
            Thing::Hash([0; 32]),
            Thing::Cycle(CycleId { currency: CYCLE.number, number: CYCLE.currency }),
        ];
        for thing in nothing {
            assert_eq!(all(thing), [""; 0], "{thing:?}");
            assert_eq!(read(&index, |snapshot| snapshot.first_naming(&thing)), None);
        }
    }
}

#[test]
fn records_that_name_a_thing_are_walked_through() {
    for store in stores() {
        let index = filled(&store, &every_kind());
        let indices = |kind, first, end, limit| {
            let thing = Thing::Currency(1);
            let found = read(&index, |snapshot| snapshot.records_naming(&thing, kind, first, end, limit));
            found.into_iter().map(|found| found.record.index).collect::<Vec<_>>()
        };
        let all = indices(None, 0, u64::MAX, 100);
        assert!(all.len() > 4 && all.is_sorted());
        assert_eq!(read(&index, |snapshot| snapshot.first_naming(&Thing::Currency(1))), Some(all[0]));
        assert_eq!(indices(None, all[1], u64::MAX, 2), all[1..3]);
        assert_eq!(indices(None, all[1] + 1, all[3], 100), all[2..3]);
        let opened = indices(Some("cycle_opened"), 0, u64::MAX, 100);
        assert_eq!(opened.len(), 1);
        assert_eq!(indices(Some("cycle_opened"), opened[0] + 1, u64::MAX, 100), [0; 0]);
        assert_eq!(indices(None, 5, 5, 100), [0; 0]);
        assert_eq!(indices(None, u64::MAX, u64::MAX, 100), [0; 0]);
    }
}

/// Every text of 64 hex digits in a body, zeros apart.
fn hashes(value: &Value, found: &mut BTreeSet<[u8; 32]>) {
    match value {
        Value::String(text) => {
            let mut hash = [0; 32];
            let digits = text.strip_prefix("0x").unwrap_or_default();
            if hex::decode_to_slice(digits, &mut hash).is_ok() && hash != [0; 32] {
                found.insert(hash);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| hashes(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| hashes(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Against the records' own JSON, which knows all their fields.
#[test]
fn every_hash_in_a_body_leads_to_its_record() {
    for store in stores() {
        let chain = every_kind();
        let index = filled(&store, &chain);
        let mut checked = BTreeSet::new();
        for record in chain.blocks.iter().flat_map(|block| &block.entries).map(|entry| &entry.record) {
            if matches!(record.body, Body::BatchAttested { .. }) {
                continue;
            }
            let mut found = BTreeSet::new();
            hashes(&serde_json::to_value(&record.body).unwrap(), &mut found);
            for hash in found {
                let naming = |thing: Thing| {
                    let found = read(&index, |snapshot| {
                        snapshot.records_naming(&thing, Some(record.body.kind()), record.index, record.index + 1, 1)
                    });
                    found.len() == 1
                };
                let named = naming(Thing::Hash(hash)) || naming(Thing::Account(hash));
                assert!(named, "0x{} of {} is not named", hex::encode(hash), record.body.kind());
                checked.insert(hash);
            }
        }
        // 23 hashes less the two session keys, which have one text together; device keys, accounts.
        assert!(checked.len() >= 23, "{}", checked.len());
    }
}

#[test]
fn a_grant_has_its_chain() {
    for store in stores() {
        let mut chain = Chain::default();
        let offered = |grant, parent: Option<u64>, supersedes: Option<u64>| {
            let body = Body::GrantOffered {
                grant: GrantId(grant),
                parent: parent.map(GrantId),
                supersedes: supersedes.map(GrantId),
                binding: true,
                terms: terms(1, CITY, TELECOM),
            };
            (CITY, body, vec![Subject::Grant(GrantId(grant))])
        };
        chain.block(vec![offered(1, None, None), offered(2, Some(1), None), offered(3, Some(1), Some(2))]);
        chain.block(vec![offered(4, Some(2), None), offered(5, None, Some(1))]);
        let index = filled(&store, &chain);
        let numbers = |found: Vec<GrantId>| found.into_iter().map(|grant| grant.0).collect::<Vec<_>>();
        let down = |grant, first, records, limit| {
            numbers(read(&index, |snapshot| snapshot.delegations(GrantId(grant), first, records, limit)))
        };
        let on = |grant| numbers(read(&index, |snapshot| snapshot.successors(GrantId(grant), 0, 5, 10)));
        assert_eq!(down(1, 0, 5, 10), [2, 3]);
        assert_eq!(down(1, 3, 5, 10), [3]);
        assert_eq!(down(1, 0, 2, 10), [2]);
        assert_eq!(down(1, 0, 5, 1), [2]);
        assert_eq!(down(2, 0, 5, 10), [4]);
        assert_eq!(down(5, 0, 5, 10), [0; 0]);
        assert_eq!(down(u64::MAX, 0, 5, 10), [0; 0]);
        assert_eq!((on(1), on(2), on(3)), (vec![5], vec![3], vec![]));
    }
}
