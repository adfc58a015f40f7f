//! Every problem with its line, shown on the example with something changed.

use super::{check::check, parse, problem::Problem, read, Consortium, Error, Source};
use crate::chain_spec::ChainSpec;
use sc_service::ChainSpec as _;
use serde_json::{json, Value};

const EXAMPLE: &str = include_str!("../../../chain-specs/example.toml");

const CITY_GATEWAY: &str = "5ELHJb7ds7ogjh4PCL5QbAe796s5Mqo97zhTSvu8h2CzoeZE";
const CITY_REGISTRAR: &str = "5FWBxZwMVQRRFY64jpKJVhg53FLez2pXGXuUmcTaKkeh2pZh";
const CITY_VALIDATOR: &str = "5DvZEVdvnEBFkX4DscegU54pfdU2GqokLRgFYpuShUVHEw4t";
const CITY_PEER: &str = "12D3KooWQCNDWvkjK3wRkzQkbiwRtyPFwBfVYFLqBTuiFqCxebum";
const CITY_AURA: &str = "0x1eaa9914cf0751904e2e74744897847ed91670f74a6bb8a284ccf2839844971a";
const CITY_GRANDPA: &str = "0x25446e9534dbe5ecb37730370297fb61f0013277d6fb8c11d519387a55819a6b";
const TELECOM_AURA: &str = "0xccfe06e19e2e4554493034d3aa63fc1d5ca1f9e6572e793c1c628fd3dd1c0a50";
const TELECOM_GRANDPA: &str = "0x19177c2342c1202a622243af3d7046c8b911d5a448fae8bcee7c05ad172bdce2";
const TELECOM_PEER: &str = "12D3KooWMRyEsv8EHyoRyR5Vy4YFPwZEJkhv8YmTXGgzDUPmQuAc";
const BOOT_NODE: &str = "/dns/boot.city.example/tcp/30333/p2p/12D3KooWHxndf1pSZbcDmSRwQUcJKXSR2G7NkBuQ7vsKH5dmQm9N";

/// `//Alice` and `//Bob`.
const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const BOB_GRANDPA: &str = "0xd17c2d7823ebf260fd138f2d7e27d114c0145d968b5ff5006125f2414fadae69";

/// The example with the first `from` replaced by `to`.
fn example_with(from: &str, to: &str) -> String {
    with(EXAMPLE, from, to)
}

fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the example has no {from}");
    text.replacen(from, to, 1)
}

fn source(text: &str) -> Source<'_> {
    Source { name: "chain.toml", text }
}

fn consortium(text: &str) -> Consortium {
    read(source(text)).unwrap_or_else(|error| panic!("{error}"))
}

fn problems(text: &str) -> Vec<Problem> {
    parse(source(text)).and_then(|description| check(&description, source(text))).err().unwrap_or_default()
}

/// The line of a problem, or 0.
fn line(text: &str, problem: &Problem) -> usize {
    problem.span.as_ref().map_or(0, |span| source(text).line(span.start))
}

/// The last line that has `mark`.
fn line_with(text: &str, mark: &str) -> usize {
    text.lines().zip(1..).filter_map(|(line, number)| line.contains(mark).then_some(number)).last().unwrap_or(0)
}

/// Asserts that the only problem is `what`, in the last line that has `mark`.
fn assert_problem(text: &str, mark: &str, what: &str) {
    let problems = problems(text);
    let [problem] = problems.as_slice() else { panic!("not one problem, {what}, but {problems:?}") };
    assert!(problem.what.contains(what), "{}, not {what}", problem.what);
    assert_eq!(line(text, problem), line_with(text, mark), "{what}");
}

/// Asserts that writing `to` instead of `from` is the only problem, and is told in the line of `to`.
fn assert_wrong(from: &str, to: &str, what: &str) {
    assert_problem(&example_with(from, to), to, what);
}

#[test]
fn the_example_is_a_consortium() {
    let consortium = consortium(EXAMPLE);
    assert_eq!(consortium.organisations.len(), 5);
    assert_eq!(consortium.parameters.min_members, 3);
    assert_eq!(consortium.parameters.silent_after, 60);
    assert_eq!(consortium.boot_nodes.len(), 1);
    assert_eq!(consortium.organisations[0].peers[1].address.as_deref(), Some("/dns/boot.city.example/tcp/30333"));
}

#[test]
fn the_chain_itself_is_checked() {
    assert_wrong("name = \"CityNet Example\"", "name = \" \"", "the chain has no name");
    assert_wrong("id = \"citynet_example\"", "id = \"CityNet\"", "an id consists of a to z, 0 to 9 and _");
    assert_wrong("type = \"live\"", "type = \"public\"", "a chain is live, local or development");
    for length in ["slot-duration = 998", "slot-duration = 1001", "slot-duration = 60_002", "slot-duration = -2000"] {
        assert_wrong("slot-duration = 2000", length, "an even number of milliseconds from 1000 to 60000");
    }
    for length in ["session-length = 9", "session-length = 14_401", "session-length = -600"] {
        assert_wrong("session-length = 600", length, "this is not between 10 and 14400");
    }
    let telemetry = "telemetry = [\"nowhere\"]";
    assert_wrong("session-length = 600", telemetry, "this is no address of a telemetry server");
}

#[test]
fn lengths_and_telemetry_may_be_left_out_or_given() {
    assert_eq!(consortium(&example_with("session-length = 600", "")).session_length, 600);
    assert!(consortium(EXAMPLE).telemetry.is_none());
    let text = example_with("session-length = 600", "telemetry = [\"wss://telemetry.city.example/submit/\"]");
    assert!(consortium(&text).telemetry.is_some());
}

#[test]
fn boot_nodes_are_listed_with_their_purpose() {
    let text = example_with(BOOT_NODE, "/dns/boot.city.example/tcp/30333");
    assert_problem(&text, "boot-nodes", "this is no multiaddress that ends in /p2p");
    let other = format!("/dns/boot.city.example/tcp/30333/p2p/{CITY_PEER}");
    assert_wrong(BOOT_NODE, &other, "no organisation has this peer with the purpose boot");
    let local = with(&example_with(BOOT_NODE, &other), "type = \"live\"", "type = \"local\"");
    assert!(problems(&local).is_empty());
    let twice = format!("{BOOT_NODE}\", \"{BOOT_NODE}");
    assert_wrong(BOOT_NODE, &twice, "there is a boot node at this address already");
}

#[test]
fn parameters_have_the_pallets_bounds() {
    for (parameter, bounds) in [
        ("min-members = 0", "this is not between 1 and 64"),
        ("min-members = 65", "this is not between 1 and 64"),
        ("min-members = -3", "this is not between 1 and 64"),
        ("max-validators-per-organisation = 17", "this is not between 1 and 16"),
        ("recovery-delay = 9", "this is not between 10 and 2592000"),
        ("silent-after = 2", "this is not between 3 and 100000"),
    ] {
        assert_wrong("min-members = 3", parameter, bounds);
    }
    assert_wrong("min-validators = 3", "min-validators = 65", "this is not between 1 and 64");
    assert_wrong("motion-duration = 302_400", "motion-duration = 5_184_001", "this is not between 10 and 5184000");
    assert_wrong("rate = 200_000", "rate = 999", "this is not between 1000 and 300000");
    assert_wrong("burst = 400_000", "burst = 10_000_001", "this is not between 10000 and 10000000");
    assert_wrong("burst = 400_000", "burst = 199_999", "the burst is less than the rate");
    assert_wrong("quotas.telecom]", "quotas.bank]", "there is no such kind; there are government, telecom");
}

#[test]
fn quotas_beyond_the_default_of_the_other_half_are_right() {
    let text = with(&example_with("rate = 200_000", "rate = 300_000"), "burst = 400_000", "burst = 300_000");
    assert!(problems(&text).is_empty());
    let text = with(&example_with("rate = 200_000", "rate = 10_000"), "burst = 400_000", "burst = 10_000");
    assert!(problems(&text).is_empty());
    assert!(problems(&example_with("quotas.telecom]", "quotas.settlement-agent]")).is_empty());
}

#[test]
fn there_are_as_many_members_and_validators_as_there_must_be() {
    // The audit office has no seat.
    let what = "too few organisations have a seat: 4 instead of 5";
    assert_wrong("min-members = 3", "min-members = 5", what);
    assert_wrong("min-validators = 3", "min-validators = 5", "there are too few validators: 4 instead of 5");
    let one = EXAMPLE.split("# ---- 1").next().expect("there is a beginning");
    let none = with(&with(one, "min-members = 3", ""), "min-validators = 3", "");
    let none = with(&none, &format!("\"{BOOT_NODE}\""), "");
    let told: Vec<_> = problems(&none).into_iter().map(|problem| problem.what).collect();
    assert_eq!(
        told,
        ["too few organisations have a seat: 0 instead of 1", "there is no validator: nobody would make a block"]
    );
}

#[test]
fn organisations_are_checked() {
    assert_wrong("name = \"Example Telecom\"", "name = \"\"", "the organisation has no name");
    let long = format!("name = \"{}\"", "ж".repeat(33));
    assert_wrong("name = \"Example Telecom\"", &long, "a name has at most 64 bytes; this has 66");
    let same = example_with("name = \"Example Telecom\"", "name = \"City of Example\"");
    let first = line_with(EXAMPLE, "name = \"City of Example\"");
    let what = format!("an organisation of this name is in line {first} already");
    assert_problem(&same, "name = \"City of Example\"", &what);
    assert_wrong("kind = \"telecom\"", "kind = \"operator\"", "there is no such kind");
    let long = format!("contact = \"https://{}\"", "a".repeat(121));
    assert_wrong("contact = \"https://telecom.example/ledger\"", &long, "a contact has at most 128 bytes");
    let hash = EXAMPLE.lines().find(|line| line.starts_with("legal-id")).expect("the city has one");
    assert_wrong(hash, "legal-id = \"0x12\"", "this is no SHA-256 hash");
}

#[test]
fn accounts_are_checked() {
    assert_wrong("roles = [\"registrar\"]", "roles = []", "the account has no role");
    let twice = "roles = [\"registrar\", \"registrar\"]";
    assert_wrong("roles = [\"registrar\"]", twice, "the account has this role already");
    assert_wrong(CITY_REGISTRAR, "5FWBx", "this is no address");
    let same = example_with(CITY_GATEWAY, CITY_REGISTRAR);
    let what = format!("this account is in line {} already", line_with(EXAMPLE, CITY_REGISTRAR));
    assert_problem(&same, CITY_REGISTRAR, &what);
    let text = example_with("roles = [\"admin\"]", "roles = [\"treasurer\"]");
    assert_problem(&text, "name = \"City of Example\"", "no account of this organisation has the role admin");
    // Whose account it should have been is not asked as well.
    assert_wrong("roles = [\"admin\"]", "roles = [\"owner\"]", "there is no such role; there are admin, validator");
}

#[test]
fn validators_are_accounts_with_keys_of_their_own() {
    let text = example_with("roles = [\"validator\"]", "roles = [\"treasurer\"]");
    let what = "this is no account of its organisation with the role validator";
    assert_problem(&text, CITY_VALIDATOR, what);
    let validator = format!("address = \"{CITY_VALIDATOR}\"\naura");
    let other = format!("address = \"{CITY_GATEWAY}\"\naura");
    let text = example_with(&validator, &other);
    assert_problem(&text, CITY_GATEWAY, what);

    for (key, other, scheme) in [(CITY_AURA, TELECOM_AURA, "sr25519"), (CITY_GRANDPA, TELECOM_GRANDPA, "Ed25519")] {
        let text = example_with(other, key);
        let what = format!("this key is in line {} already", line_with(EXAMPLE, key));
        assert_problem(&text, key, &what);
        // Ristretto encodes nothing as an odd number, and no point of the curve has y = 2.
        let number = if scheme == "sr25519" { "01" } else { "02" };
        let none = format!("0x{number}{}", "00".repeat(31));
        assert_wrong(key, &none, &format!("these bytes are no {scheme} public key"));
        assert_wrong(key, "0x1234", "this is no public key: after 0x there are 64 hexadecimal digits");
    }
}

#[test]
fn nobody_with_several_validators_has_a_third() {
    // The city takes over the telecom's: its account, and what it runs.
    let block = |key: &str| {
        let begin = EXAMPLE.find(&format!("[[organisation.validator]]\naddress = \"{key}")).expect("it is there");
        EXAMPLE[begin..].split("\n\n").next().expect("a block ends").to_owned()
    };
    let telecom = "5C7W9rYBJhSp1Z4F3qWRzx2DdyukoDoNkRUUQRNEiBs7DUHC";
    let account = format!("[[organisation.account]]\naddress = \"{telecom}\"\nroles = [\"validator\"]");
    let theirs = block(telecom);
    let text = with(&with(EXAMPLE, &account, ""), &theirs, "");
    let ours = block(CITY_VALIDATOR);
    let text = with(&text, &ours, &format!("{account}\n\n{ours}\n\n{theirs}"));
    let what = "this organisation has 2 of 4 validators: whoever has several must have less than a third";
    assert_problem(&text, "name = \"City of Example\"", what);
    let text = with(&text, "min-members = 3", "max-validators-per-organisation = 1");
    let told: Vec<_> = problems(&text).into_iter().map(|problem| problem.what).collect();
    assert_eq!(told, ["this organisation has 2 validators; it may have 1", what]);
}

#[test]
fn peers_are_checked() {
    assert_wrong(CITY_PEER, "12D3KooWQCN", "this is no peer id");
    let what = format!("this peer is in line {} already", line_with(EXAMPLE, CITY_PEER));
    assert_problem(&example_with(TELECOM_PEER, CITY_PEER), CITY_PEER, &what);
    assert_wrong("purpose = \"archive\"", "purpose = \"backup\"", "there is no such purpose");
    let address = "address = \"/dns/validator.telecom.example/tcp/30333\"";
    assert_wrong(address, "address = \"validator.telecom.example:30333\"", "this is no multiaddress such as");
    let with_id = format!("address = \"/dns/validator.telecom.example/tcp/30333/p2p/{TELECOM_PEER}\"");
    assert_wrong(address, &with_id, "the address of a peer has no /p2p part");
    let long = format!("address = \"/dns/{}/tcp/30333\"", "a".repeat(120));
    assert_wrong(address, &long, "an address has at most 128 bytes");
}

#[test]
fn a_live_chain_lists_nodes_of_whoever_validates() {
    let peer =
        "[[organisation.peer]]\nid = \"12D3KooWER7EcndLHbAzpR9jpwfvvBfCEanu5wqwUtCTYFCVaCZR\"\npurpose = \"validator\"";
    let text = example_with(peer, "");
    let what = "this organisation has validators and no peer: the others would refuse it";
    assert_problem(&text, "name = \"Example Institute of Technology\"", what);
    assert!(problems(&with(&text, "type = \"live\"", "type = \"local\"")).is_empty());
}

#[test]
fn a_live_chain_has_no_key_that_everybody_knows() {
    for (from, to, secret) in
        [(CITY_REGISTRAR, ALICE, "//Alice"), (CITY_AURA, ALICE, "//Alice"), (CITY_GRANDPA, BOB_GRANDPA, "//Bob")]
    {
        assert_wrong(from, to, &format!("everybody knows the secret of this key, {secret}"));
        let local = with(&example_with(from, to), "type = \"live\"", "type = \"local\"");
        assert!(problems(&local).is_empty());
    }
}

#[test]
fn the_shape_is_checked_with_its_line() {
    for (from, to, what) in [
        ("min-members = 3", "min-member = 3", "unknown field `min-member`"),
        ("slot-duration = 2000", "slot-duration = \"2 s\"", "invalid type: string \"2 s\""),
        ("kind = \"telecom\"", "kind = telecom", ""),
    ] {
        assert_wrong(from, to, what);
    }
    let text = example_with("kind = \"telecom\"\n", "");
    let begin = text.lines().zip(1..).find(|(line, _)| line.starts_with("# ---- 2")).map_or(0, |(_, number)| number);
    let problems = problems(&text);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].what.contains("missing field `kind`"), "{problems:?}");
    assert_eq!(line(&text, &problems[0]), begin + 1, "the line in which the organisation begins");
}

#[test]
fn every_problem_is_told_in_the_order_of_the_lines() {
    let text = with(&example_with(CITY_PEER, "12D3KooW"), "id = \"citynet_example\"", "id = \"\"");
    let text = with(&text, "burst = 400_000", "burst = 0");
    let error = read(source(&text)).expect_err("three things are wrong");
    let Error::Wrong { shown, count: 3 } = &error else { panic!("{error}") };
    let lines: Vec<_> = shown.lines().filter(|line| line.starts_with("chain.toml:")).collect();
    assert_eq!(lines.len(), 3);
    for (line, mark) in lines.iter().zip(["id = \"\"", "burst = 0", "12D3KooW\""]) {
        assert!(line.starts_with(&format!("chain.toml:{}: ", line_with(&text, mark))), "{line}");
    }
    assert!(shown.contains("\n    id = \"\"\n         ^^\n"), "{shown}");
    assert!(error.to_string().ends_with("Problems: 3."));
}

#[test]
fn the_same_description_makes_the_same_bytes() {
    for raw in [false, true] {
        let make = || consortium(EXAMPLE).specification(raw).expect("the runtime takes it");
        let json = make();
        assert!(json == make(), "raw: {raw}");
        assert!(json.ends_with("}\n"));
    }
}

#[test]
fn both_specifications_are_of_the_same_chain() {
    let consortium = consortium(EXAMPLE);
    let spec = |raw| {
        let json = consortium.specification(raw).expect("the runtime takes it");
        ChainSpec::from_json_bytes(json.into_bytes()).expect("it is a specification")
    };
    let (plain, raw) = (spec(false), spec(true));
    let state = |spec: &ChainSpec| spec.as_storage_builder().build_storage().expect("the runtime takes it").top;
    assert!(state(&plain) == state(&raw));
    assert_eq!(raw.name(), "CityNet Example");
    assert_eq!(raw.id(), "citynet_example");
    assert_eq!(raw.chain_type(), sc_service::ChainType::Live);
    assert_eq!(raw.boot_nodes(), consortium.boot_nodes);
    assert_eq!(Value::Object(raw.properties()), json!({ "ss58Format": 42 }));
}

#[test]
fn the_genesis_says_what_the_description_says() {
    let json = consortium(EXAMPLE).specification(false).expect("the runtime takes it");
    let spec: Value = serde_json::from_str(&json).expect("it is JSON");
    let patch = &spec["genesis"]["runtimeGenesis"]["patch"];
    assert_eq!(patch["timing"], json!({ "slotDuration": 2000, "sessionLength": 600 }));
    assert_eq!(patch["consortium"]["parameters"]["motionDuration"], 302_400);
    assert_eq!(patch["consortium"]["parameters"]["quotas"]["telecom"], json!({ "rate": 200_000, "burst": 400_000 }));
    let organisations = patch["consortium"]["organisations"].as_array().expect("there are some");
    assert_eq!(organisations.len(), 5);
    assert_eq!(organisations[0]["contact"], "mailto:ledger@city.example");
    assert_eq!(organisations[4]["kind"], "auditor");
    assert_eq!(patch["nodes"]["validators"][0], json!([1, CITY_VALIDATOR]));
    assert_eq!(
        patch["nodes"]["peers"][2],
        json!({
            "organisation": 2,
            "peer": TELECOM_PEER,
            "purpose": "validator",
            "address": "/dns/validator.telecom.example/tcp/30333",
        })
    );
    assert_eq!(patch["session"]["keys"].as_array().map(Vec::len), Some(4));
}
