//! What a list proves, and that every step fails when, and only when, its own part is wrong.

mod support;

use citynet_primitives::{DeviceId, GrantId, OrganisationId, Record, Subject, SubjectHead};
use citynet_proofs::{
    head, jcs, verify_document, verify_list, CompleteRecord, List, ListedRecord, Proven, Step, Trust,
};
use codec::Encode;
use proptest::prelude::*;
use support::{
    assert_failure, bend_header, bend_justification, build,
    list::{about, build_list, head_over, value, BuiltList, ListPlan, OTHERS, SUBJECTS},
    Plan,
};

const ALL: [Step; 6] =
    [Step::Format, Step::Records, Step::SubjectHead, Step::Finality, Step::Authorities, Step::Genesis];

#[track_caller]
fn fails_as(json: &[u8], trust: &Trust, step: Step, reason: &str) {
    assert_failure(&verify_list(json, trust).expect_err("the list must be refused"), step, reason);
}

/// The chain itself is bent.
#[track_caller]
fn plan_fails(bend: fn(&mut ListPlan), step: Step, reason: &str) {
    let mut plan = ListPlan::default();
    bend(&mut plan);
    let built = build_list(&plan);
    fails_as(built.json().as_bytes(), &built.trust(), step, reason);
}

/// The list is bent.
#[track_caller]
fn list_fails(bend: fn(&mut List), step: Step, reason: &str) {
    let mut built = build_list(&ListPlan::default());
    bend(&mut built.list);
    fails_as(built.json().as_bytes(), &built.trust(), step, reason);
}

/// The text is bent.
#[track_caller]
fn text_fails(bend: fn(String) -> String, reason: &str) {
    let built = build_list(&ListPlan::default());
    let text = bend(built.json());
    assert_ne!(text, built.json(), "nothing was bent");
    fails_as(text.as_bytes(), &built.trust(), Step::Format, reason);
}

fn listed(records: &[Record]) -> Vec<ListedRecord> {
    records.iter().map(|record| ListedRecord::Record(record.encode())).collect()
}

#[test]
fn the_records_of_every_kind_of_subject_are_proven_complete() {
    for subject in SUBJECTS {
        for (records, changes) in [(1, 0), (OTHERS, 1), (47, 2)] {
            let built = build_list(&ListPlan { subject, records, changes, ..ListPlan::default() });
            let verified = verify_list(built.json().as_bytes(), &built.trust()).unwrap();
            assert_eq!((verified.genesis, verified.subject), (built.genesis, subject));
            assert_eq!((verified.set_id, verified.block.number), (u64::from(changes), 100));
            assert_eq!(verified.head, head_over(&built.records));
            let found: Vec<_> = verified.records.iter().map(|listed| listed.record.clone().unwrap()).collect();
            assert_eq!(found, built.records);
            assert_eq!(verified.steps.iter().map(|(step, _)| *step).collect::<Vec<_>>(), ALL);
            let (_, words) = &verified.steps[1];
            assert_eq!(words, &format!("these are all: {records} records about {subject}"));
        }
    }
}

#[test]
fn that_there_is_no_record_is_proven_too() {
    for subject in SUBJECTS {
        let built = build_list(&ListPlan { subject, records: 0, ..ListPlan::default() });
        let verified = verify_list(built.json().as_bytes(), &built.trust()).unwrap();
        assert_eq!((verified.head, verified.records.len()), (SubjectHead::default(), 0));
        let hidden = BuiltList { list: List { records: listed(&about(&subject, 1)), ..built.list.clone() }, ..built };
        fails_as(hidden.json().as_bytes(), &hidden.trust(), Step::Records, "1 records are listed, but there are 0");
    }
}

/// The same nodes may show of several subjects that there is nothing: each of these lists is true.
#[test]
fn nothing_about_one_subject_can_be_nothing_about_another() {
    let subject = Subject::Device(DeviceId(3));
    let mut built = build_list(&ListPlan { subject, records: 0, ..ListPlan::default() });
    let other =
        (4..).map(|id| Subject::Device(DeviceId(id))).find(|other| built.nodes(other) == built.list.head).unwrap();
    built.list.subject = other;
    let verified = verify_list(built.json().as_bytes(), &built.trust()).unwrap();
    assert_eq!((verified.subject, verified.head.count), (other, 0));
}

#[test]
fn records_can_be_listed_by_their_leaf_hashes() {
    let mut built = build_list(&ListPlan::default());
    let full = verify_list(built.json().as_bytes(), &built.trust()).unwrap();
    for (position, concealed) in [(3, 1), (0, 2)] {
        built.list.records[position] = built.list.records[position].concealed();
        let verified = verify_list(built.json().as_bytes(), &built.trust()).unwrap();
        assert_eq!(verified.head, full.head);
        assert_eq!(verified.records[position], CompleteRecord { leaf: full.records[position].leaf, record: None });
        let (_, words) = &verified.steps[1];
        assert!(words.ends_with(&format!("{concealed} of them by their leaf hash alone")), "{words}");
    }
    let ListedRecord::Leaf(leaf) = &mut built.list.records[3] else { unreachable!() };
    leaf[0] ^= 1;
    fails_as(built.json().as_bytes(), &built.trust(), Step::Records, "another chain hash");
}

#[test]
fn the_text_is_that_of_rfc_8785() {
    for subject in SUBJECTS {
        let mut list = build_list(&ListPlan { subject, ..ListPlan::default() }).list;
        list.records[1] = list.records[1].concealed();
        let canonical = jcs::to_string(&serde_json::to_value(&list).unwrap()).unwrap();
        assert_eq!(list.to_json(), canonical);
        assert_eq!(List::from_json(canonical.as_bytes()), Ok(list));
    }
}

#[test]
fn a_checkpoint_replaces_what_lies_before_it() {
    let built = build_list(&ListPlan { changes: 3, ..ListPlan::default() });
    for set_id in 0..=3 {
        let cut = BuiltList { list: built.list.clone().since_checkpoint(set_id).unwrap(), ..built.clone() };
        let json = cut.json();
        assert_eq!(verify_list(json.as_bytes(), &built.checkpoint(set_id)).unwrap().set_id, 3);
        let step = if set_id == 3 { Step::Finality } else { Step::Authorities };
        fails_as(json.as_bytes(), &built.checkpoint((set_id + 1) % 4), step, "is no authority of set");
        fails_as(json.as_bytes(), &built.trust(), Step::Genesis, "does not start at genesis");
        fails_as(built.json().as_bytes(), &built.checkpoint(set_id), Step::Genesis, "starts at genesis");
    }
    assert!(built.list.since_checkpoint(4).is_none());
}

#[test]
fn what_is_verified_can_be_printed() {
    let mut built = build_list(&ListPlan::default());
    built.list.records[1] = built.list.records[1].concealed();
    let verified = serde_json::to_value(verify_list(built.json().as_bytes(), &built.trust()).unwrap()).unwrap();
    assert_eq!((&verified["subject"], &verified["setId"]), (&"device:3".into(), &"2".into()));
    assert_eq!((&verified["head"]["count"], &verified["block"]["number"]), (&"4".into(), &100.into()));
    assert_eq!(verified["records"][0]["record"]["index"], "10");
    assert!(verified["records"][1].get("record").is_none());
    assert_eq!(verified["steps"][2][0], "subject head");
}

#[test]
fn a_document_says_itself_what_it_is() {
    let built = build_list(&ListPlan::default());
    let Proven::List(list) = verify_document(built.json().as_bytes(), &built.trust()).unwrap() else {
        panic!("it is a list");
    };
    assert_eq!(list.subject, Subject::Device(DeviceId(3)));
    let bundle = build(&Plan::default());
    let proven = verify_document(bundle.json().as_bytes(), &bundle.trust()).unwrap();
    assert!(matches!(&proven, Proven::Record(verified) if verified.reading.is_some()));
    assert_eq!(proven.steps().len(), 9);
    // The same JSON as before there were lists.
    let verified = citynet_proofs::verify(bundle.json().as_bytes(), &bundle.trust()).unwrap();
    assert_eq!(serde_json::to_value(&proven).unwrap(), serde_json::to_value(&verified).unwrap());

    let refused = |text: &str| {
        let failure = verify_document(text.as_bytes(), &Trust::Genesis([0; 32])).unwrap_err();
        assert_eq!(failure.step, Step::Format);
        failure.to_string()
    };
    assert!(refused(&built.json().replace("list/1", "list/2")).contains("not a list of records"));
    assert!(refused("{\"format\":\"citynet.list/1\"}").contains("not a list of records"));
    assert!(refused(&built.json()[..built.json().len() - 1]).contains("not a list of records"));
    assert!(refused(&bundle.json()[..bundle.json().len() - 1]).contains("not an evidence bundle"));
    for text in ["", "null", "[]", "{}", "{\"format\":1}", "{\"format\":\"citynet.story/1\"}"] {
        assert!(refused(text).contains("not an evidence bundle"), "{text}");
    }
}

#[test]
fn what_passed_before_a_failure_is_told() {
    // The order in which docs/evidence.md takes the steps.
    let taken = [Step::Format, Step::SubjectHead, Step::Records, Step::Genesis, Step::Authorities, Step::Finality];
    type Bend = fn(&mut List);
    let bends: [(Step, Bend); 5] = [
        (Step::SubjectHead, |list| list.subject = Subject::Device(DeviceId(4))),
        (Step::Records, |list| list.records.swap(0, 1)),
        (Step::Genesis, |list| list.authorities.genesis = None),
        (Step::Authorities, |list| list.authorities.changes.swap(0, 1)),
        (Step::Finality, |list| bend_justification(&mut list.finality.justification, |it| it.round ^= 1)),
    ];
    let good = build_list(&ListPlan::default());
    let found = verify_list(good.json().as_bytes(), &good.trust()).unwrap().steps;
    for (step, bend) in bends {
        let mut built = good.clone();
        bend(&mut built.list);
        let failure = verify_list(built.json().as_bytes(), &built.trust()).unwrap_err();
        assert_eq!(failure.step, step, "{failure}");
        let before: Vec<Step> = taken.into_iter().take_while(|earlier| *earlier != step).collect();
        let expected: Vec<_> = found.iter().filter(|(earlier, _)| before.contains(earlier)).cloned().collect();
        // The first says how long the text is, which differs.
        assert_eq!(failure.passed[0].0, Step::Format);
        assert_eq!(failure.passed[1..], expected[1..], "before {step}");
    }
    // Another chain is noticed before anything else is looked at.
    let failure = verify_list(good.json().as_bytes(), &Trust::Genesis([1; 32])).unwrap_err();
    assert_eq!((failure.step, &failure.passed[..]), (Step::Genesis, &found[..1]));
}

#[test]
fn format() {
    text_fails(|text| format!("{text}\n"), "differs at byte");
    text_fails(|text| format!(" {text}"), "differs at byte 0");
    text_fails(|text| text.replacen("\":", "\": ", 1), "differs at byte");
    text_fails(|text| text[..text.len() - 1].to_string(), "not a list of records");
    text_fails(|_| String::new(), "not a list of records");
    text_fails(|_| "null".into(), "not a list of records");
    text_fails(|text| text.replace("list/1", "list/2"), "citynet.list/2");
    text_fails(|text| text.replace("citynet.list/1", "citynet.evidence/1"), "citynet.evidence/1");
    text_fails(|text| text.replacen("{\"authorities\"", "{\"a\":0,\"authorities\"", 1), "unknown field");
    text_fails(|text| text.replacen("{\"record\":", "{\"a\":0,\"record\":", 1), "unknown variant");
    text_fails(|text| text.replacen("\"records\":[", "\"records\":[{},", 1), "not a list of records");
    text_fails(|text| text.replacen("\"records\":[{", "\"records\":[{\"leaf\":\"0x00\",", 1), "1 bytes are not");
    text_fails(
        |text| text.replacen("\"records\":[{", &format!("\"records\":[{{\"leaf\":\"0x{}\",", "00".repeat(32)), 1),
        "not a list of records",
    );
    text_fails(|text| text.replacen("\"records\":[", "\"records\":[null,", 1), "not a list of records");
    // One subject has one text.
    for subject in ["device:03", "device:+3"] {
        let built = build_list(&ListPlan::default());
        let text = built.json().replacen("device:3", subject, 1);
        fails_as(text.as_bytes(), &built.trust(), Step::Format, "differs at byte");
    }
    text_fails(|text| text.replacen("device:3", "device", 1), "a subject is written");
    text_fails(|text| text.replacen("device:3", "sensor:3", 1), "a subject is written");

    // Parts with something behind them, cut short, of a later version, or in another order.
    fn first(list: &mut List) -> &mut Vec<u8> {
        let ListedRecord::Record(record) = &mut list.records[0] else { unreachable!() };
        record
    }
    list_fails(|list| first(list).push(0), Step::Format, "`records`: the record is not");
    list_fails(|list| _ = first(list).pop(), Step::Format, "`records`: the record is not");
    list_fails(|list| first(list)[0] = 2, Step::Format, "records of this version");
    list_fails(|list| first(list).clear(), Step::Format, "`records`: the record is not");
    list_fails(|list| list.finality.header.push(0), Step::Format, "`finality`: the header is not");
    list_fails(|list| _ = list.finality.justification.pop(), Step::Format, "`finality`: the justification is not");
    list_fails(|list| list.authorities.changes[1].header.push(0), Step::Format, "`authorities.changes`: the header");
    list_fails(|list| list.head.reverse(), Step::Format, "`head`: the trie nodes are not in ascending order");
    list_fails(|list| list.head.insert(0, list.head[0].clone()), Step::Format, "`head`: the trie nodes are not in");
    list_fails(
        |list| list.authorities.genesis.as_mut().unwrap().proof.reverse(),
        Step::Format,
        "`authorities.genesis.proof`: the trie nodes are not in ascending order",
    );
}

#[test]
fn subject_head() {
    list_fails(|list| _ = list.head.pop(), Step::SubjectHead, "do not lead from the block's state root to the head of");
    list_fails(|list| list.head.clear(), Step::SubjectHead, "to the head of device:3");
    list_fails(|list| list.head.last_mut().unwrap().push(0), Step::SubjectHead, "to the head of device:3");
    list_fails(|list| list.head.insert(0, vec![]), Step::SubjectHead, "trie nodes that the head of device:3");
    list_fails(
        |list| bend_header(&mut list.finality.header, |header| header.state_root[0] ^= 1),
        Step::SubjectHead,
        "do not lead from the block's state root",
    );
    plan_fails(
        |plan| {
            plan.state = |state| {
                state.get_mut(&head::storage_key(&Subject::Device(DeviceId(3)))).unwrap().push(0);
            }
        },
        Step::SubjectHead,
        "the value that has the head of device:3 does not decode",
    );
    plan_fails(
        |plan| {
            plan.state = |state| {
                state.get_mut(&head::storage_key(&Subject::Device(DeviceId(3)))).unwrap().pop();
            }
        },
        Step::SubjectHead,
        "does not decode",
    );

    // The list of one subject under the name of another, with the nodes of either.
    for subject in SUBJECTS {
        let built = build_list(&ListPlan { subject, ..ListPlan::default() });
        for other in SUBJECTS.into_iter().filter(|other| *other != subject) {
            let mut renamed = built.clone();
            renamed.list.subject = other;
            fails_as(renamed.json().as_bytes(), &built.trust(), Step::SubjectHead, &other.to_string());
            renamed.list.head = built.nodes(&other);
            fails_as(renamed.json().as_bytes(), &built.trust(), Step::Records, &format!("there are {OTHERS} about"));
            // Another subject's head, under the subject's own name.
            let mut swapped = built.clone();
            swapped.list.head = built.nodes(&other);
            fails_as(swapped.json().as_bytes(), &built.trust(), Step::SubjectHead, &subject.to_string());
        }
    }
}

#[test]
fn records() {
    list_fails(|list| _ = list.records.pop(), Step::Records, "3 records are listed, but there are 4 about device:3");
    list_fails(|list| drop(list.records.remove(0)), Step::Records, "up to block 100");
    list_fails(|list| list.records.clear(), Step::Records, "0 records are listed");
    list_fails(|list| list.records.push(list.records[3].clone()), Step::Records, "5 records are listed");
    list_fails(|list| list.records.swap(1, 2), Step::Records, "another chain hash");
    list_fails(|list| list.records[1] = list.records[2].clone(), Step::Records, "the 4 listed records are not those");
    list_fails(
        |list| list.records = listed(&about(&Subject::Grant(GrantId(5)), 4)),
        Step::Records,
        "the 4 listed records are not those about device:3",
    );
    // A record by the hash of its bytes instead of its leaf hash.
    list_fails(
        |list| {
            let ListedRecord::Record(record) = &list.records[0] else { unreachable!() };
            list.records[0] = ListedRecord::Leaf(sp_crypto_hashing::sha2_256(record));
        },
        Step::Records,
        "another chain hash",
    );
    // A head that counts one more than it chains, and one that chains one less than it counts.
    plan_fails(
        |plan| {
            plan.subject = Subject::Organisation(OrganisationId(1));
            plan.state = |state| {
                let subject = Subject::Organisation(OrganisationId(1));
                let head = SubjectHead { count: 5, ..head_over(&about(&subject, 4)) };
                state.insert(head::storage_key(&subject), value(&subject, head));
            };
        },
        Step::Records,
        "4 records are listed, but there are 5",
    );
    plan_fails(
        |plan| {
            plan.subject = Subject::Organisation(OrganisationId(1));
            plan.state = |state| {
                let subject = Subject::Organisation(OrganisationId(1));
                let head = SubjectHead { count: 4, ..head_over(&about(&subject, 3)) };
                state.insert(head::storage_key(&subject), value(&subject, head));
            };
        },
        Step::Records,
        "another chain hash",
    );
}

/// A list is true of its block. That there are later records, another block's header says.
#[test]
fn another_block() {
    let early = build_list(&ListPlan { records: 3, block: 90, ..ListPlan::default() });
    let late = build_list(&ListPlan::default());
    for built in [&early, &late] {
        verify_list(built.json().as_bytes(), &built.trust()).unwrap();
    }
    // The later list with the earlier block, and the earlier list with the later one.
    for (records, block, words) in [
        (&late, &early, "4 records are listed, but there are 3 about device:3 up to block 90"),
        (&early, &late, "3 records are listed, but there are 4 about device:3 up to block 100"),
    ] {
        let mut list = records.list.clone();
        list.finality = block.list.finality.clone();
        fails_as(
            list.to_json().as_bytes(),
            &late.trust(),
            Step::SubjectHead,
            "do not lead from the block's state root",
        );
        list.head = block.list.head.clone();
        fails_as(list.to_json().as_bytes(), &late.trust(), Step::Records, words);
        // The other's header with the own justification.
        let mut list = block.list.clone();
        list.finality.justification = records.list.finality.justification.clone();
        fails_as(list.to_json().as_bytes(), &late.trust(), Step::Finality, "for another block");
    }
}

#[test]
fn finality_and_authorities() {
    plan_fails(|plan| plan.justification = |it| it.commit.precommits.truncate(0), Step::Finality, "no precommit");
    plan_fails(|plan| plan.justification = |it| it.round += 1, Step::Finality, "does not verify for set 2");
    plan_fails(
        |plan| plan.header = |header| header.number = 20,
        Step::Authorities,
        "set 2 began in block 20, but block 20",
    );
    list_fails(|list| _ = list.authorities.changes.pop(), Step::Finality, "is no authority of set 1");
    list_fails(|list| list.authorities.changes.swap(0, 1), Step::Authorities, "is no authority of set 0");
    list_fails(|list| list.genesis_hash[0] ^= 1, Step::Genesis, "of the chain with genesis 0x");
    list_fails(|list| list.authorities.genesis = None, Step::Genesis, "does not start at genesis");
    list_fails(
        |list| list.authorities.genesis.as_mut().unwrap().state_root[0] ^= 1,
        Step::Genesis,
        "not the state root of the genesis block",
    );
}

/// Computed by another implementation of xxHash and Python's BLAKE2b. That the runtime has the heads there, the tests of
/// `citynet-rpc` show.
#[test]
fn keys_are_those_of_the_specification() {
    let expected = [
        (
            "60e733aeb919223fc0ed18923713cbb21b3c252fcb29d88eff4f3de5de4476c3",
            "61303d77febbbbbb2af5347630a052650001000000",
        ),
        (
            "4b7d32548f0c24f56e000909a129911e543e3ac7f2670deb4e269c930abaf3bb",
            "a5e47192376d46472707aad6430c235b0700000000000000",
        ),
        (
            "ae394d879ddf7f99595bc0dd36e355b5a763f06b9a1b7313c2acb6362df916e4",
            "8e79fdf1428e95842eaa9af0b22414be0300000000000000",
        ),
        (
            "5c14ee9e832f77e029f55e118e120c7a5c14ee9e832f77e029f55e118e120c7a",
            "8595022fad0579d57e152d56a4c382fd0500000000000000",
        ),
        (
            "cf1dca7e6933da5533e66e2561ab617bdcfac0c161c85841503cbc9e98b7f5ac",
            "4027feae4f1eb2791190e407e11a545b0100000007000000",
        ),
    ];
    for (subject, (prefix, id)) in SUBJECTS.iter().zip(expected) {
        assert_eq!(hex::encode(head::storage_key(subject)), format!("{prefix}{id}"), "{subject}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_record_can_be_left_out_added_moved_or_altered(
        subject in prop::sample::select(&SUBJECTS[..]),
        records in 2u64..9,
        from: prop::sample::Index,
        to: prop::sample::Index,
        place: prop::sample::Index,
        bit in 0u8..8,
        concealed: bool,
    ) {
        let built = build_list(&ListPlan { subject, records, changes: 0, ..ListPlan::default() });
        let step = |bent: Vec<ListedRecord>| {
            let list = List { records: bent, ..built.list.clone() };
            verify_list(list.to_json().as_bytes(), &built.trust()).map(drop).map_err(|failure| failure.step)
        };
        let mut good = built.list.records.clone();
        let (from, to) = (from.index(good.len()), to.index(good.len()));
        if concealed {
            good[from] = good[from].concealed();
        }
        prop_assert_eq!(step(good.clone()), Ok(()));

        let mut bent = good.clone();
        let taken = bent.remove(from);
        prop_assert_eq!(step(bent.clone()), Err(Step::Records), "left out");
        bent.insert(to, taken);
        prop_assert_eq!(step(bent), if from == to { Ok(()) } else { Err(Step::Records) }, "moved");

        let mut bent = good.clone();
        bent.insert(to, good[from].clone());
        prop_assert_eq!(step(bent), Err(Step::Records), "twice");

        let mut bent = good.clone();
        bent.swap(from, to);
        prop_assert_eq!(step(bent), if from == to { Ok(()) } else { Err(Step::Records) }, "swapped");

        for other in SUBJECTS.into_iter().filter(|other| *other != subject) {
            let mut bent = good.clone();
            bent[from] = listed(&about(&other, records)).swap_remove(to);
            prop_assert_eq!(step(bent), Err(Step::Records), "of another subject");
        }

        let mut bent = good.clone();
        let altered = match &mut bent[from] {
            ListedRecord::Leaf(leaf) => &mut leaf[..],
            ListedRecord::Record(record) => &mut record[..],
        };
        altered[place.index(altered.len())] ^= 1 << bit;
        prop_assert!(matches!(step(bent), Err(Step::Records | Step::Format)), "altered");
    }

    #[test]
    fn trie_nodes_from_anywhere_prove_nothing(
        nodes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..90), 0..4),
        root: Option<[u8; 32]>,
        subject in prop::sample::select(&SUBJECTS[..]),
    ) {
        let first = nodes.first().map_or([0; 32], |node| sp_crypto_hashing::blake2_256(node));
        // What such nodes can show at most, under a root that one of them has, is that there is nothing.
        if let Ok(head) = head::in_state(&root.unwrap_or(first), &subject, &nodes) {
            prop_assert_eq!(head, SubjectHead::default());
        }
    }
}
