//! What a bundle proves, and that every step fails when, and only when, its own part is wrong.

mod support;

use citynet_primitives::{AlgorithmId, Body, DeviceId, DeviceKey, OrganisationId, SchemaId, TREE_HEAD_ENGINE};
use citynet_proofs::{
    evidence::Evidence,
    header::{DigestItem, Header},
    verify, Step, Trust,
};
use codec::Encode;
use serde_json::Value;
use support::{
    assert_failure, bend_header, bend_justification, build, scheduled_change, Built, Plan, FIRST_SEQUENCE, PROVEN,
};

const ALL: [Step; 9] = [
    Step::Format,
    Step::Reading,
    Step::Batch,
    Step::DeviceSignature,
    Step::Inclusion,
    Step::TreeHead,
    Step::Finality,
    Step::Authorities,
    Step::Genesis,
];

#[track_caller]
fn fails_as(json: &[u8], trust: &Trust, step: Step, reason: &str) {
    assert_failure(&verify(json, trust).expect_err("the bundle must be refused"), step, reason);
}

/// The chain itself is bent.
#[track_caller]
fn plan_fails(bend: fn(&mut Plan), step: Step, reason: &str) {
    let mut plan = Plan::default();
    bend(&mut plan);
    let built = build(&plan);
    fails_as(built.json().as_bytes(), &built.trust(), step, reason);
}

/// The bundle is bent.
#[track_caller]
fn bundle_fails(bend: fn(&mut Evidence), step: Step, reason: &str) {
    let mut built = build(&Plan::default());
    bend(&mut built.evidence);
    fails_as(built.json().as_bytes(), &built.trust(), step, reason);
}

/// The text is bent.
#[track_caller]
fn text_fails(bend: fn(String) -> String, reason: &str) {
    let built = build(&Plan::default());
    let text = bend(built.json());
    assert_ne!(text, built.json(), "nothing was bent");
    fails_as(text.as_bytes(), &built.trust(), Step::Format, reason);
}

fn set(leaf: &mut Value, name: &str, value: &str) {
    leaf[name] = Value::from(value);
}

fn batch_of(plan: &mut Plan, bend: fn(&mut citynet_primitives::Batch)) {
    plan.batch = bend;
}

#[test]
fn a_reading_is_proven() {
    for (changes, rotated, ancestry) in [(0, false, false), (0, true, true), (1, false, true), (3, true, true)] {
        let built = build(&Plan { changes, rotated, ancestry, ..Plan::default() });
        let verified = verify(built.json().as_bytes(), &built.trust()).unwrap();
        assert_eq!(verified.genesis, built.genesis);
        assert_eq!(verified.set_id, u64::from(changes));
        assert_eq!(verified.block.number, 100);
        assert_eq!(verified.record.encode(), built.evidence.record.record);
        assert!(verified.tree.size > verified.record.index);
        assert_eq!(verified.steps.iter().map(|(step, _)| *step).collect::<Vec<_>>(), ALL);
        let reading = verified.reading.unwrap();
        assert_eq!((reading.device, reading.sequence), (DeviceId(3), FIRST_SEQUENCE + PROVEN));
        assert_eq!((reading.epoch, reading.key_record), (u32::from(rotated), 4 + u64::from(rotated)));
        assert_eq!((reading.observed_at.as_str(), reading.observed), ("2018-09-04T00:02:18Z", 1_536_019_338_000));
        assert_eq!(reading.observation["P1"], "146.33");
        assert!(reading.raw.starts_with(b"15092;SDS011;"));
    }
}

#[test]
fn a_bare_record_is_proven() {
    let built = build(&Plan { reading: false, ..Plan::default() });
    let verified = verify(built.json().as_bytes(), &built.trust()).unwrap();
    assert!(verified.reading.is_none());
    assert_eq!(
        verified.steps.iter().map(|(step, _)| *step).collect::<Vec<_>>(),
        [Step::Format, Step::Inclusion, Step::TreeHead, Step::Finality, Step::Authorities, Step::Genesis]
    );
}

#[test]
fn one_authority_alone_and_three_of_four_are_enough() {
    for (authorities, voters) in [(1, 1), (4, 3), (7, 5)] {
        let built = build(&Plan { authorities, voters, ..Plan::default() });
        verify(built.json().as_bytes(), &built.trust()).unwrap();
    }
}

#[test]
fn a_checkpoint_replaces_what_lies_before_it() {
    let built = build(&Plan { changes: 3, ..Plan::default() });
    for set_id in 0..=3 {
        let cut = Built { evidence: built.evidence.clone().since_checkpoint(set_id).unwrap(), ..built.clone() };
        let json = cut.json();
        let verified = verify(json.as_bytes(), &built.checkpoint(set_id)).unwrap();
        assert_eq!(verified.set_id, 3);

        // Another set's checkpoint, members or chain.
        let other = (set_id + 1) % 4;
        let step = if set_id == 3 { Step::Finality } else { Step::Authorities };
        fails_as(json.as_bytes(), &built.checkpoint(other), step, "is no authority of set");
        let Trust::Checkpoint { genesis, authorities, .. } = built.checkpoint(set_id) else { unreachable!() };
        let trust = Trust::Checkpoint { genesis, set_id: other, authorities: authorities.clone() };
        fails_as(json.as_bytes(), &trust, step, "does not verify for set");
        let trust = Trust::Checkpoint { genesis: [5; 32], set_id, authorities };
        fails_as(json.as_bytes(), &trust, Step::Genesis, "of the chain with genesis");

        // The two forms are not taken for each other.
        fails_as(json.as_bytes(), &built.trust(), Step::Genesis, "does not start at genesis");
        fails_as(built.json().as_bytes(), &built.checkpoint(set_id), Step::Genesis, "starts at genesis");
    }
    assert!(built.evidence.clone().since_checkpoint(4).is_none());
    assert!(built.evidence.clone().since_checkpoint(1).unwrap().since_checkpoint(0).is_none());
}

#[test]
fn what_is_verified_can_be_printed() {
    let built = build(&Plan::default());
    let verified = serde_json::to_value(verify(built.json().as_bytes(), &built.trust()).unwrap()).unwrap();
    assert_eq!(verified["setId"], "2");
    assert_eq!(verified["reading"]["sequence"], "46");
    assert_eq!(verified["steps"][3][0], "device signature");
    assert_eq!(
        verified["genesis"],
        built.evidence.to_json().unwrap().split("\"genesisHash\":\"").nth(1).unwrap()[..66]
    );
}

#[test]
fn what_passed_before_a_failure_is_told() {
    // The order in which docs/evidence.md takes the steps.
    let taken = [
        Step::Format,
        Step::Reading,
        Step::Batch,
        Step::DeviceSignature,
        Step::TreeHead,
        Step::Inclusion,
        Step::Genesis,
        Step::Authorities,
        Step::Finality,
    ];
    type Bend = fn(&mut Evidence);
    let bends: [(Step, Bend); 8] = [
        (Step::Reading, |evidence| evidence.reading.as_mut().unwrap().raw.push(b' ')),
        (Step::Batch, |evidence| evidence.reading.as_mut().unwrap().path.clear()),
        (Step::DeviceSignature, |evidence| evidence.device_key = Some(evidence.record.clone())),
        (Step::TreeHead, |evidence| bend_header(&mut evidence.finality.header, |header| header.digest.clear())),
        (Step::Inclusion, |evidence| evidence.record.path[0][0] ^= 1),
        (Step::Genesis, |evidence| evidence.authorities.genesis = None),
        (Step::Authorities, |evidence| evidence.authorities.changes.swap(0, 1)),
        (Step::Finality, |evidence| {
            bend_justification(&mut evidence.finality.justification, |justification| justification.round ^= 1)
        }),
    ];
    let good = build(&Plan::default());
    let found = verify(good.json().as_bytes(), &good.trust()).unwrap().steps;
    for (step, bend) in bends {
        let mut built = good.clone();
        bend(&mut built.evidence);
        let failure = verify(built.json().as_bytes(), &built.trust()).unwrap_err();
        assert_eq!(failure.step, step, "{failure}");
        let before: Vec<Step> = taken.into_iter().take_while(|earlier| *earlier != step).collect();
        let expected: Vec<_> = found.iter().filter(|(earlier, _)| before.contains(earlier)).cloned().collect();
        // The first says how long the text is, which differs.
        assert_eq!(failure.passed[0].0, Step::Format);
        assert_eq!(failure.passed[1..], expected[1..], "before {step}");
    }

    assert!(verify(b"", &good.trust()).unwrap_err().passed.is_empty());
    // Another chain is noticed before anything else is looked at.
    let failure = verify(good.json().as_bytes(), &Trust::Genesis([1; 32])).unwrap_err();
    assert_eq!((failure.step, &failure.passed[..]), (Step::Genesis, &found[..1]));
}

#[test]
fn format() {
    text_fails(|text| format!("{text}\n"), "differs at byte");
    text_fails(|text| format!(" {text}"), "differs at byte 0");
    text_fails(|text| text.replacen("\":", "\": ", 1), "differs at byte");
    text_fails(|text| text[..text.len() - 1].to_string(), "not an evidence bundle");
    text_fails(|text| format!("{text}}}"), "not an evidence bundle");
    text_fails(|_| String::new(), "not an evidence bundle");
    text_fails(|_| "null".into(), "not an evidence bundle");
    text_fails(|text| text.replace("evidence/1", "evidence/2"), "citynet.evidence/2");
    text_fails(|text| text.replacen("{\"authorities\"", "{\"a\":0,\"authorities\"", 1), "unknown field");
    text_fails(|text| text.replacen("{\"changes\"", "{\"a\":0,\"changes\"", 1), "unknown field");
    text_fails(|text| text.replacen("{\"header\"", "{\"a\":0,\"header\"", 1), "unknown field");
    text_fails(|text| text.replacen("{\"proof\"", "{\"a\":0,\"proof\"", 1), "unknown field");
    text_fails(|text| text.replacen("{\"path\"", "{\"a\":0,\"path\"", 1), "unknown field");
    text_fails(|text| text.replacen("{\"leaf\"", "{\"a\":0,\"leaf\"", 1), "unknown field");
    text_fails(|text| text.replacen("{\"device\":\"3\"", "{\"device\":\"3\",\"device\":\"3\"", 1), "differs at byte");
    text_fails(|text| text.replacen("\"P1\"", "\"\\u00501\"", 1), "differs at byte");
    text_fails(|text| text.replacen("\"genesisHash\":\"0x", "\"genesisHash\":\"", 1), "must begin with 0x");
    text_fails(|text| text.replacen("\"genesisHash\":\"0x", "\"genesisHash\":\"0x00", 1), "33 bytes");
    text_fails(
        |text| {
            let at = text.find("\"genesisHash\":\"0x").unwrap() + 17;
            format!("{}{}{}", &text[..at], text[at..at + 64].to_uppercase(), &text[at + 64..])
        },
        "lower-case",
    );
    // An optional member that is there but says nothing.
    text_fails(|text| text.replacen("\"finality\"", "\"deviceKey\":null,\"finality\"", 1), "duplicate field");
    bundle_fails(|evidence| evidence.reading = None, Step::Format, "belong together");
    bundle_fails(|evidence| evidence.device_key = None, Step::Format, "belong together");
    let mut built = build(&Plan { reading: false, ..Plan::default() });
    let text = built.json().replacen(",\"record\"", ",\"reading\":null,\"record\"", 1);
    fails_as(text.as_bytes(), &built.trust(), Step::Format, "differs at byte");
    built.evidence.device_key = Some(built.evidence.record.clone());
    fails_as(built.json().as_bytes(), &built.trust(), Step::Format, "belong together");

    // Parts with something behind them, cut short, or of a later version.
    bundle_fails(|evidence| evidence.record.record.push(0), Step::Format, "`record.record`: the record is not");
    bundle_fails(|evidence| _ = evidence.record.record.pop(), Step::Format, "`record.record`: the record is not");
    bundle_fails(|evidence| evidence.record.record[0] = 2, Step::Format, "records of this version");
    bundle_fails(|evidence| evidence.record.record.clear(), Step::Format, "`record.record`: the record is not");
    bundle_fails(
        |evidence| evidence.device_key.as_mut().unwrap().record.push(0),
        Step::Format,
        "`deviceKey.record`: the record is not",
    );
    bundle_fails(|evidence| evidence.finality.header.push(0), Step::Format, "`finality`: the header is not");
    bundle_fails(|evidence| _ = evidence.finality.header.pop(), Step::Format, "`finality`: the header is not");
    bundle_fails(|evidence| evidence.finality.justification.push(0), Step::Format, "`finality`: the justification");
    bundle_fails(
        |evidence| evidence.authorities.changes[1].header.push(0),
        Step::Format,
        "`authorities.changes`: the header is not",
    );
    bundle_fails(
        |evidence| _ = evidence.authorities.changes[0].justification.pop(),
        Step::Format,
        "`authorities.changes`: the justification is not",
    );
}

#[test]
fn reading() {
    bundle_fails(|evidence| evidence.reading.as_mut().unwrap().raw.push(b' '), Step::Reading, "the SHA-256 of");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "raw", &"0".repeat(64)), Step::Reading, "the SHA-256 of");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "device", "4"), Step::Reading, "the leaf is of device 4");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "device", "03"), Step::Reading, "canonical decimal number: `03`");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "sequence", "+46"), Step::Reading, "canonical decimal");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "sequence", "39"), Step::Reading, "sequence number 39 is not");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "sequence", "51"), Step::Reading, "sequence number 51 is not");
    plan_fails(
        |plan| plan.leaf = |leaf| set(leaf, "observedAt", "2018-09-04T00:01:59Z"),
        Step::Reading,
        "outside the batch's window from 2018-09-04T00:02:00Z to 2018-09-04T00:02:30Z",
    );
    plan_fails(
        |plan| plan.leaf = |leaf| set(leaf, "observedAt", "2018-09-04T00:02:31Z"),
        Step::Reading,
        "outside the batch's window",
    );
    plan_fails(
        |plan| plan.leaf = |leaf| set(leaf, "observedAt", "2018-09-04 00:02:18"),
        Step::Reading,
        "a time is written",
    );
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "schema", "citynet.reading/2"), Step::Reading, "citynet.reading/2");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "unit", "µg/m³"), Step::Reading, "unknown field `unit`");
    plan_fails(|plan| plan.leaf = |leaf| leaf["observation"]["P1"] = 10.into(), Step::Reading, "is not of schema");
    plan_fails(
        |plan| plan.leaf = |leaf| drop(leaf.as_object_mut().unwrap().remove("observedAt")),
        Step::Reading,
        "missing field `observedAt`",
    );
    plan_fails(|plan| plan.leaf = |leaf| *leaf = Value::from("text"), Step::Reading, "is not of schema");
    plan_fails(|plan| batch_of(plan, |batch| batch.schema = SchemaId(2)), Step::Reading, "leaves of schema 2");
    plan_fails(
        |plan| {
            plan.record =
                |record| record.body = Body::AccountRemoved { organisation: OrganisationId(1), account: [0; 32] }
        },
        Step::Reading,
        "`account_removed`, not a batch",
    );
}

#[test]
fn batch() {
    plan_fails(|plan| batch_of(plan, |batch| batch.root[31] ^= 1), Step::Batch, "not number 6 of the 11");
    // The right leaf, but not where its sequence number says.
    plan_fails(|plan| batch_of(plan, |batch| batch.first_sequence -= 1), Step::Batch, "not number 7 of the 11");
    plan_fails(|plan| batch_of(plan, |batch| batch.count += 6), Step::Batch, "not number 6 of the 17");
    plan_fails(|plan| plan.leaf = |leaf| set(leaf, "sequence", "45"), Step::Batch, "not number 5 of the 11");
    bundle_fails(|evidence| evidence.reading.as_mut().unwrap().path[0][0] ^= 1, Step::Batch, "not number 6 of the 11");
    bundle_fails(|evidence| evidence.reading.as_mut().unwrap().path.push([0; 32]), Step::Batch, "not number 6");
    bundle_fails(|evidence| _ = evidence.reading.as_mut().unwrap().path.pop(), Step::Batch, "not number 6");
    bundle_fails(
        |evidence| set(&mut evidence.reading.as_mut().unwrap().leaf["observation"], "P1", "0.00"),
        Step::Batch,
        "not number 6 of the 11",
    );
}

#[test]
fn device_signature() {
    plan_fails(|plan| plan.signature = |bytes| bytes[0] ^= 1, Step::DeviceSignature, "does not verify strictly");
    plan_fails(|plan| plan.signature = |bytes| bytes[63] ^= 0x80, Step::DeviceSignature, "the batch's signature");
    plan_fails(|plan| plan.signature = |bytes| bytes.push(0), Step::DeviceSignature, "has not 64 bytes");
    plan_fails(
        |plan| batch_of(plan, |batch| batch.epoch = 1),
        Step::DeviceSignature,
        "epoch 0, the batch was signed in epoch 1",
    );
    fn bend_key(record: &mut citynet_primitives::Record, bend: fn(&mut DeviceKey)) {
        let Body::DeviceRegistered { key, .. } = &mut record.body else { unreachable!() };
        bend(key)
    }
    plan_fails(
        |plan| plan.key = |record| bend_key(record, |key| key.algorithm = AlgorithmId::ML_DSA_44),
        Step::DeviceSignature,
        "algorithm 2 are not supported by this verifier",
    );
    plan_fails(
        |plan| plan.key = |record| bend_key(record, |key| _ = key.public_key.pop()),
        Step::DeviceSignature,
        "not a canonical Ed25519 key",
    );
    plan_fails(
        |plan| {
            plan.key = |record| {
                bend_key(record, |key| {
                    let other = support::key("another device").verifying_key().to_bytes();
                    key.public_key = other.to_vec().try_into().unwrap();
                })
            }
        },
        Step::DeviceSignature,
        "does not verify strictly",
    );
    plan_fails(
        |plan| {
            plan.key = |record| {
                let Body::DeviceRegistered { device, .. } = &mut record.body else { unreachable!() };
                *device = DeviceId(4);
            }
        },
        Step::DeviceSignature,
        "about device 4, the batch about device 3",
    );
    plan_fails(
        |plan| {
            plan.rotated = true;
            plan.key = |record| {
                let Body::DeviceKeyRotated { epoch, .. } = &mut record.body else { unreachable!() };
                *epoch = 2;
            }
        },
        Step::DeviceSignature,
        "the key of epoch 2, the batch was signed in epoch 1",
    );
    plan_fails(
        |plan| {
            plan.key = |record| {
                record.body = Body::DeviceRetired { device: DeviceId(3), reason: Default::default() };
            }
        },
        Step::DeviceSignature,
        "`device_retired`, which makes no key known",
    );
    plan_fails(
        |plan| plan.key = |record| record.index = 5,
        Step::DeviceSignature,
        "recorded as number 5, after the batch",
    );
    // A signature for another chain.
    let built = build(&Plan::default());
    let other = build(&Plan { state: |state| drop(state.insert(vec![1], vec![1])), ..Plan::default() });
    assert_ne!(built.genesis, other.genesis);
    let evidence = Evidence {
        genesis_hash: other.genesis,
        authorities: other.evidence.authorities.clone(),
        ..built.evidence.clone()
    };
    let json = evidence.to_json().unwrap();
    fails_as(json.as_bytes(), &other.trust(), Step::DeviceSignature, "does not verify strictly");
}

#[test]
fn inclusion() {
    bundle_fails(|evidence| evidence.record.path[0][0] ^= 1, Step::Inclusion, "`record` is not record 5 of the 10");
    bundle_fails(|evidence| evidence.record.path.push([0; 32]), Step::Inclusion, "`record` is not record 5");
    bundle_fails(|evidence| _ = evidence.record.path.pop(), Step::Inclusion, "`record` is not record 5");
    bundle_fails(
        |evidence| evidence.device_key.as_mut().unwrap().path[1][31] ^= 0x80,
        Step::Inclusion,
        "`deviceKey` is not record 4 of the 10",
    );
    // A record at another place than its own.
    plan_fails(|plan| plan.record = |record| record.index += 1, Step::Inclusion, "`record` is not record 6");
    plan_fails(|plan| plan.record = |record| record.index = u64::MAX, Step::Inclusion, "`record` is not record");
    plan_fails(|plan| plan.key = |record| record.index -= 1, Step::Inclusion, "`deviceKey` is not record 3");
    // A record that is in no tree.
    bundle_fails(|evidence| evidence.record.record[9] ^= 1, Step::Inclusion, "`record` is not record 5");
}

#[test]
fn tree_head() {
    fn without(header: &mut Header) {
        header.digest.retain(|item| !matches!(item, DigestItem::Consensus(TREE_HEAD_ENGINE, _)));
    }
    plan_fails(|plan| plan.header = without, Step::TreeHead, "block 100 has 0 tree heads");
    plan_fails(
        |plan| plan.header = |header| header.digest.push(header.digest[1].clone()),
        Step::TreeHead,
        "block 100 has 2 tree heads",
    );
    plan_fails(
        |plan| {
            plan.header = |header| {
                without(header);
                header.digest.push(DigestItem::Consensus(TREE_HEAD_ENGINE, vec![0; 41]));
            }
        },
        Step::TreeHead,
        "does not decode",
    );
    // A seal or a pre-runtime item is the author's word, not the runtime's.
    plan_fails(
        |plan| {
            plan.header = |header| {
                let DigestItem::Consensus(engine, data) = header.digest[1].clone() else { unreachable!() };
                header.digest[1] = DigestItem::PreRuntime(engine, data);
            }
        },
        Step::TreeHead,
        "block 100 has 0 tree heads",
    );
}

#[test]
fn finality() {
    plan_fails(|plan| plan.voters = 0, Step::Authorities, "no precommit");
    plan_fails(
        |plan| plan.justification = |justification| justification.commit.precommits.truncate(0),
        Step::Finality,
        "no precommit",
    );
    plan_fails(
        |plan| {
            plan.justification = |justification| {
                justification.commit.precommits.truncate(2);
                justification.votes_ancestries.clear();
            }
        },
        Step::Finality,
        "the precommits of 2 of 4 authorities are not enough",
    );
    // The same vote over and over is one vote.
    plan_fails(
        |plan| {
            plan.justification = |justification| {
                justification.votes_ancestries.clear();
                let votes = &mut justification.commit.precommits;
                votes.truncate(2);
                votes.extend_from_within(..);
            }
        },
        Step::Finality,
        "the precommits of 2 of 4 authorities are not enough",
    );
    // Enough votes, but for the child: then the child is final, and this is not its justification.
    plan_fails(
        |plan| {
            plan.justification = |justification| {
                justification.commit.precommits.remove(0);
                justification.commit.precommits.remove(0);
                justification.votes_ancestries.pop();
            }
        },
        Step::Finality,
        "not enough",
    );
    plan_fails(|plan| plan.set_id = |id| id + 1, Step::Finality, "does not verify for set 2");
    plan_fails(
        |plan| plan.justification = |justification| justification.round += 1,
        Step::Finality,
        "does not verify for set 2",
    );
    plan_fails(
        |plan| plan.justification = |justification| justification.commit.precommits[3].signature[40] ^= 1,
        Step::Finality,
        "does not verify",
    );
    plan_fails(
        |plan| plan.justification = |justification| justification.commit.precommits[3].id = [0; 32],
        Step::Finality,
        "is no authority of set 2",
    );
    plan_fails(
        |plan| plan.justification = |justification| justification.commit.target_number += 1,
        Step::Finality,
        "(number 101) than the header's (number 100)",
    );
    plan_fails(
        |plan| plan.justification = |justification| justification.commit.target_hash[0] ^= 1,
        Step::Finality,
        "for another block",
    );
    plan_fails(
        |plan| plan.justification = |justification| _ = justification.votes_ancestries.pop(),
        Step::Finality,
        "do not connect",
    );
    plan_fails(
        |plan| plan.justification = |justification| justification.votes_ancestries[0].number += 1,
        Step::Finality,
        "do not connect",
    );
    plan_fails(
        |plan| {
            plan.justification = |justification| {
                let mut unused = justification.votes_ancestries[0].clone();
                unused.number += 1;
                justification.votes_ancestries.push(unused);
            }
        },
        Step::Finality,
        "headers that it does not need",
    );
    plan_fails(
        |plan| {
            plan.justification = |justification| {
                let twice = justification.votes_ancestries[0].clone();
                justification.votes_ancestries.push(twice);
            }
        },
        Step::Finality,
        "headers that it does not need",
    );
    // A header that was never voted for.
    bundle_fails(
        |evidence| bend_header(&mut evidence.finality.header, |header| header.state_root[0] ^= 1),
        Step::Finality,
        "for another block",
    );
    bundle_fails(
        |evidence| bend_justification(&mut evidence.finality.justification, |justification| justification.round ^= 1),
        Step::Finality,
        "does not verify",
    );
    // A set change is left out, so the votes are not those of the set that the bundle leads to.
    bundle_fails(|evidence| _ = evidence.authorities.changes.pop(), Step::Finality, "is no authority of set 1");
}

#[test]
fn authorities() {
    fn without(header: &mut Header) {
        header.digest.remove(1);
    }
    plan_fails(|plan| plan.change = without, Step::Authorities, "to set 1: the header of block 10 schedules 0 changes");
    plan_fails(
        |plan| plan.change = |header| header.digest.push(header.digest[1].clone()),
        Step::Authorities,
        "schedules 2 changes",
    );
    plan_fails(
        |plan| {
            plan.change = |header| {
                without(header);
                header.digest.push(scheduled_change(&vec![([1; 32], 1)], 7));
            }
        },
        Step::Authorities,
        "in block 10 is delayed by 7 blocks",
    );
    plan_fails(
        |plan| {
            plan.change = |header| {
                let forced = (2u8, 0u32, vec![([1u8; 32], 1u64)], 0u32).encode();
                header.digest.push(DigestItem::Consensus(*b"FRNK", forced));
            }
        },
        Step::Authorities,
        "block 10 forces a change",
    );
    plan_fails(
        |plan| plan.change = |header| header.digest.push(DigestItem::Consensus(*b"FRNK", vec![0])),
        Step::Authorities,
        "GRANDPA message in the header of block 10 does not decode",
    );
    plan_fails(|plan| plan.change_set_id = |id| id + 1, Step::Authorities, "to set 1: the precommit signature");
    plan_fails(
        |plan| plan.change = |header| header.number = 10,
        Step::Authorities,
        "set 1 began in block 10, but block 10",
    );
    plan_fails(
        |plan| plan.header = |header| header.number = 20,
        Step::Authorities,
        "set 2 began in block 20, but block 20",
    );
    bundle_fails(|evidence| drop(evidence.authorities.changes.remove(0)), Step::Authorities, "to set 1: 0x");
    bundle_fails(|evidence| evidence.authorities.changes.swap(0, 1), Step::Authorities, "is no authority of set 0");
    bundle_fails(
        |evidence| evidence.authorities.changes.push(evidence.authorities.changes[1].clone()),
        Step::Authorities,
        "to set 3: 0x",
    );
    // Other GRANDPA messages may stand beside the change.
    let built = build(&Plan {
        change: |header| header.digest.push(DigestItem::Consensus(*b"FRNK", (3u8, 1u64).encode())),
        ..Plan::default()
    });
    verify(built.json().as_bytes(), &built.trust()).unwrap();
}

#[test]
fn genesis() {
    let built = build(&Plan::default());
    fails_as(built.json().as_bytes(), &Trust::Genesis([1; 32]), Step::Genesis, "of the chain with genesis 0x");
    bundle_fails(|evidence| evidence.genesis_hash[0] ^= 1, Step::Genesis, "of the chain with genesis 0x");
    fn proof(evidence: &mut Evidence) -> &mut Vec<Vec<u8>> {
        &mut evidence.authorities.genesis.as_mut().unwrap().proof
    }
    bundle_fails(
        |evidence| evidence.authorities.genesis.as_mut().unwrap().state_root[0] ^= 1,
        Step::Genesis,
        "not the state root of the genesis block",
    );
    bundle_fails(|evidence| drop(proof(evidence).pop()), Step::Genesis, "do not lead from the genesis state root");
    bundle_fails(|evidence| proof(evidence).clear(), Step::Genesis, "do not lead from the genesis state root");
    bundle_fails(|evidence| proof(evidence)[0].push(0), Step::Genesis, "do not lead from the genesis state root");
    bundle_fails(|evidence| proof(evidence).push(vec![]), Step::Genesis, "trie nodes that it does not need");
    bundle_fails(
        |evidence| {
            let twice = proof(evidence)[0].clone();
            proof(evidence).push(twice);
        },
        Step::Genesis,
        "trie nodes that it does not need",
    );
    plan_fails(
        |plan| plan.state = |state| drop(state.remove(&citynet_proofs::authorities::storage_key())),
        Step::Genesis,
        "has no GRANDPA authorities",
    );
    plan_fails(
        |plan| {
            plan.state = |state| {
                state.get_mut(&citynet_proofs::authorities::storage_key()).unwrap().push(0);
            }
        },
        Step::Genesis,
        "in the genesis state do not decode",
    );
    bundle_fails(|evidence| evidence.authorities.genesis = None, Step::Genesis, "does not start at genesis");
    // The order of the nodes carries no meaning.
    let mut turned = built.clone();
    proof(&mut turned.evidence).reverse();
    assert_ne!(turned.json(), built.json());
    verify(turned.json().as_bytes(), &built.trust()).unwrap();
}
