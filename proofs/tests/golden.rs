//! What was valid once stays valid: this bundle, this list and these dossiers were written when these versions of their formats
//! were made, and no later version of this crate may refuse them or print them differently. They are never regenerated.

mod support;

use citynet_primitives::{DatasetId, Subject, VersionId};
use citynet_proofs::{
    dossier::DossierFormat, evidence::Format, list::ListFormat, verify, verify_dossier, verify_list, Dossier, Evidence,
    List, Question, Trust,
};
use support::{
    build,
    ledger::{dataset, grant, organisation, terms, Ledger, CONSORTIUM},
    list::{build_list, ListPlan},
    Plan,
};

const GOLDEN: &str = include_str!("golden/evidence-1.json");
const GENESIS: &str = "59df85694552ca0c2c4b5ba9ad18bc551bd384e2ca71f0ac041c22d62bfc165b";

#[test]
fn version_1_is_verified_for_ever() {
    let genesis = hex::decode(GENESIS).unwrap().try_into().unwrap();
    let verified = verify(GOLDEN.as_bytes(), &Trust::Genesis(genesis)).unwrap();
    assert_eq!((verified.set_id, verified.block.number), (1, 100));
    assert_eq!(verified.reading.unwrap().observation["P1"], "146.33");

    let evidence = Evidence::from_json(GOLDEN.as_bytes()).unwrap();
    assert_eq!(evidence.format, Format::V1);
    assert_eq!(evidence.to_json().unwrap(), GOLDEN);
}

#[test]
fn the_same_chain_gives_the_same_bundle() {
    let built = build(&Plan { changes: 1, voters: 3, ..Plan::default() });
    assert_eq!(hex::encode(built.genesis), GENESIS);
    assert_eq!(built.json(), GOLDEN);
}

const LIST: &str = include_str!("golden/list-1.json");

#[test]
fn version_1_of_lists_is_verified_for_ever() {
    let genesis = hex::decode(GENESIS).unwrap().try_into().unwrap();
    let verified = verify_list(LIST.as_bytes(), &Trust::Genesis(genesis)).unwrap();
    assert_eq!((verified.set_id, verified.block.number, verified.head.count), (1, 100, 4));
    let shown: Vec<_> =
        verified.records.iter().map(|listed| listed.record.as_ref().map(|record| record.index)).collect();
    assert_eq!(shown, [Some(10), Some(13), None, Some(19)]);

    let list = List::from_json(LIST.as_bytes()).unwrap();
    assert_eq!(list.format, ListFormat::V1);
    assert_eq!(list.to_json(), LIST);
}

#[test]
fn the_same_chain_gives_the_same_list() {
    let mut built = build_list(&ListPlan { changes: 1, ..ListPlan::default() });
    built.list.records[2] = built.list.records[2].concealed();
    assert_eq!(hex::encode(built.genesis), GENESIS);
    assert_eq!(built.json(), LIST);
}

const DOSSIER: &str = include_str!("golden/dossier-1.json");
const ACCESS: Question = Question::Access { at: 9_000, dataset: DatasetId(7) };

#[test]
fn version_1_of_dossiers_is_verified_for_ever() {
    let genesis = hex::decode(GENESIS).unwrap().try_into().unwrap();
    let verified = verify_dossier(DOSSIER.as_bytes(), &Trust::Genesis(genesis)).unwrap();
    assert_eq!((verified.set_id, verified.block.number, verified.question), (0, 500, ACCESS));
    let lists: Vec<(Subject, Vec<u64>)> = verified.lists.into_iter().collect();
    let expected: [(Subject, &[u64]); 5] = [
        (CONSORTIUM, &[]),
        (organisation(1), &[0, 2, 3, 4, 5, 6, 7]),
        (organisation(2), &[1, 3, 4, 5, 6, 7]),
        (dataset(7), &[2]),
        (grant(5), &[3, 4, 5, 6, 7]),
    ];
    assert_eq!(lists, expected.map(|(subject, indices)| (subject, indices.to_vec())));

    let dossier = Dossier::from_json(DOSSIER.as_bytes()).unwrap();
    assert_eq!(dossier.format, DossierFormat::V1);
    assert_eq!(dossier.to_json().unwrap(), DOSSIER);
}

#[test]
fn the_same_chain_gives_the_same_dossier() {
    let mut ledger = Ledger::with_organisations(2);
    ledger.registered(7, 1).granted(5, None, &terms(7, 1, 2, 1));
    let closed = ledger.close(0);
    assert_eq!(hex::encode(closed.genesis), GENESIS);
    assert_eq!(closed.dossier(ACCESS).to_json().unwrap(), DOSSIER);
}

const DOSSIER_2: &str = include_str!("golden/dossier-2.json");
const VERSION_TAINT: Question = Question::VersionTaint { version: VersionId { dataset: DatasetId(7), version: 1 } };

#[test]
fn version_2_of_dossiers_is_verified_for_ever() {
    let genesis = hex::decode(GENESIS).unwrap().try_into().unwrap();
    let verified = verify_dossier(DOSSIER_2.as_bytes(), &Trust::Genesis(genesis)).unwrap();
    assert_eq!((verified.set_id, verified.block.number, verified.question), (0, 500, VERSION_TAINT));
    let lists: Vec<(Subject, Vec<u64>)> = verified.lists.into_iter().collect();
    let expected: [(Subject, &[u64]); 4] = [
        (CONSORTIUM, &[]),
        (organisation(1), &[0, 2, 3, 4, 5, 6, 7]),
        (organisation(2), &[1, 3, 4, 5, 6, 7]),
        (organisation(3), &[]),
    ];
    assert_eq!(lists, expected.map(|(subject, indices)| (subject, indices.to_vec())));

    let dossier = Dossier::from_json(DOSSIER_2.as_bytes()).unwrap();
    assert_eq!(dossier.format, DossierFormat::V2);
    assert_eq!(dossier.to_json().unwrap(), DOSSIER_2);
}

/// The ledger of version 1's dossier. Nobody published anything in it.
#[test]
fn the_same_chain_gives_the_same_dossier_of_version_2() {
    let mut ledger = Ledger::with_organisations(2);
    ledger.registered(7, 1).granted(5, None, &terms(7, 1, 2, 1));
    assert_eq!(ledger.close(0).dossier(VERSION_TAINT).to_json().unwrap(), DOSSIER_2);
}
