//! Grants: the file with their terms, the ODRL agreement that follows from them, and `citynet grant` as far as it needs
//! no node.

mod support;

use citynet_client::{
    grants::{
        file::TEMPLATE,
        odrl::{agreement, document},
        terms_hash, Codes, Known, TermsError, TermsFile,
    },
    time::parse_utc,
};
use citynet_primitives::{
    Action, Actions, DatasetId, Document, Hash, LegalBasisCode, Notice, OrganisationId, PersonalData, Price,
    PurposeCode, Terms, Text, Tier, Tiers, Unit, UsageLimit, Versions,
};
use proptest::{collection, option, prelude::*, sample::select};
use std::{collections::BTreeSet, fs};
use support::{citynet, code, stderr, stdout, text, GENESIS};

/// Where nobody listens: a command that gets as far as asking a node fails here.
const NOWHERE: [&str; 4] = ["--node", "ws://127.0.0.1:1", "--dev-account", "alice"];
/// Every field.
const TERMS: &str = include_str!("golden/terms.toml");
/// The agreement of these terms, and the hashes, made by another program from the documentation.
const AGREEMENT: &str = include_str!("golden/agreement.json");
const AGREEMENT_HASH: &str = "7128da595b338ee467743a925565fa20f95df7c2afdea51f1c8c410761141d5d";
const TERMS_HASH: &str = "2150addd8ac143df4ae8541f964a7c51f52ffb0deb109103b93782ef6ded98d0";

fn genesis() -> Hash {
    hex::decode(&GENESIS[2..]).unwrap().try_into().unwrap()
}

fn read(toml: &str) -> Result<Terms, TermsError> {
    let known = Known { provider: Some(OrganisationId(1)), ..Known::default() };
    TermsFile::from_toml(toml)?.terms(&known, &Codes::built_in(), &genesis())
}

#[test]
fn the_template_is_a_file_with_terms() {
    let terms = read(TEMPLATE).unwrap();
    assert_eq!((terms.dataset, terms.provider, terms.consumer), (DatasetId(7), OrganisationId(1), OrganisationId(3)));
    assert_eq!(terms.actions, [Action::Read, Action::Derive].into_iter().collect::<Actions>());
    assert_eq!(terms.purposes.to_vec(), [PurposeCode(2)]);
    assert_eq!(terms.versions, Versions { first: 1, last: None, content: None });
    assert_eq!(terms.limit, UsageLimit { accesses: Some(1000), ..UsageLimit::default() });
    assert_eq!(terms.legal_basis, Some(LegalBasisCode::RU152_STATISTICS));
    assert_eq!(terms.price, Price::Free);
    let hash = agreement(&terms, &genesis()).hash;
    assert_eq!(terms.agreement, Some(Document { hash, uri: Default::default() }));

    // It can be used on the day on which it is printed.
    let at = parse_utc("2031-03-05T12:34:56Z").unwrap();
    let terms = read(&citynet_client::grants::file::template(at)).unwrap();
    let year = ["2031-03-05T00:00:00Z", "2032-03-04T00:00:00Z"].map(|time| parse_utc(time).unwrap());
    assert_eq!([terms.not_before, terms.not_after], year);

    // What is an example in it is right too.
    let examples = TEMPLATE.lines().map(|line| match line.strip_prefix("# ") {
        Some(example) if example.starts_with('[') || example.split(' ').nth(1) == Some("=") => {
            example.replace("0x…", &format!("0x{}", "0b".repeat(32)))
        }
        _ => line.to_owned(),
    });
    let whole = read(&examples.collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(whole.versions, Versions { first: 1, last: Some(3), content: Some([11; 32]) });
    assert_eq!(whole.recipients.len(), 1);
    assert!(whole.consent.is_some() && whole.notice.is_some() && whole.withdrawal.is_some());
    assert!(whole.assessment.is_some() && whole.price != Price::Free);
    assert_eq!(whole.limit.bytes, Some(1_000_000_000));
    assert_eq!(whole.agreement.unwrap().uri.to_vec(), b"https://example.org/agreement.json");
}

#[test]
fn every_field_is_read() {
    let terms = read(TERMS).unwrap();
    assert_eq!(terms.controller, OrganisationId(2));
    assert_eq!(terms.actions, Actions(1 | 4 | 16));
    assert_eq!(terms.purposes.to_vec(), [PurposeCode(2), PurposeCode(3), PurposeCode(40_000)]);
    assert_eq!((terms.not_before, terms.not_after), (1_767_225_600_000, 1_798_761_600_000));
    assert_eq!(terms.limit, UsageLimit { accesses: Some(1000), records: None, bytes: Some(u64::MAX) });
    assert_eq!(terms.recipients[1].to_vec(), "журнал \"Нева\"".as_bytes());
    assert_eq!(hex::encode(terms_hash(&terms)), TERMS_HASH);
}

#[test]
fn the_agreement_follows_from_the_terms() {
    let terms = read(TERMS).unwrap();
    let made = agreement(&terms, &genesis());
    assert_eq!(made.text, AGREEMENT);
    assert_eq!(hex::encode(made.hash), AGREEMENT_HASH);
    assert_eq!(terms.agreement.as_ref().unwrap().hash, made.hash);
    assert_eq!(document(&terms, &genesis()), serde_json::from_str::<serde_json::Value>(AGREEMENT).unwrap());

    // Not from what they say about it, but from all else.
    let without = Terms { agreement: None, ..terms.clone() };
    assert_eq!(agreement(&without, &genesis()), made);
    assert_ne!(agreement(&terms, &[0; 32]).hash, made.hash);
    let later = Terms { not_after: terms.not_after + 1, ..terms.clone() };
    assert!(agreement(&later, &genesis()).text.contains("2027-01-01T00:00:00.001Z"));
    // What the document does not say in words is in its identifier.
    let free = Terms { restricted_delegation: true, delegation_depth: 0, ..terms.clone() };
    let kept = Terms { delegation_depth: 0, ..terms };
    assert_ne!(agreement(&free, &genesis()).hash, agreement(&kept, &genesis()).hash);
}

#[test]
fn what_is_not_granted_on_is_prohibited() {
    let terms = read(TEMPLATE).unwrap();
    let made = document(&terms, &genesis());
    assert_eq!(made["prohibition"][0]["action"], "grantUse");
    assert_eq!(made["permission"].as_array().unwrap().len(), 1);
    assert_eq!(made["permission"][0]["action"], serde_json::json!(["read", "derive"]));
    assert_eq!(made["conflict"], "prohibit");
    let gdpr = Terms { legal_basis: Some(LegalBasisCode::GDPR_CONSENT), ..terms };
    assert_eq!(document(&gdpr, &genesis())["dpv:hasLegalBasis"]["@id"], "eu-gdpr:A6-1-a");
}

#[test]
fn an_agreement_of_ones_own_is_left_alone() {
    let own = format!("{TEMPLATE}\n[agreement]\nhash = \"0x{}\"\n", "0c".repeat(32));
    assert_eq!(read(&own).unwrap().agreement.unwrap().hash, [12; 32]);
}

#[test]
fn errors_name_the_field() {
    for (now, then, words) in [
        ("dataset = 7", "", "dataset: it is missing"),
        ("consumer = 3", "", "consumer: it is missing"),
        ("consumer = 3", "consumer = -3", "consumer"),
        ("controller = 1", "controller = 1\nquota = 5", "unknown field `quota`"),
        ("accesses = 1000", "acceses = 1000", "unknown field `acceses`"),
        ("accesses = 1000", "accesses = \"many\"", "accesses"),
        ("[\"read\", \"derive\"]", "[\"read\", \"reed\"]", "actions: `reed` is none of: read, derive"),
        ("\"dpv:AcademicResearch\"", "\"dpv:Fun\"", "purposes: `dpv:Fun` is neither a number nor one of: dpv:Research"),
        ("[\"dpv:AcademicResearch\"]", "[1, 2, 3, 4, 5, 6, 7, 8, 9]", "purposes: it names more than 8"),
        ("[\"dpv:AcademicResearch\"]", "[1.5]", "a name or a number"),
        ("\"2026-01-01T00:00:00Z\"", "\"tomorrow\"", "not_before: `tomorrow` is not a UTC time"),
        ("\"2026-01-01T00:00:00Z\"", "2026-01-01", "not_before: `2026-01-01` is not a UTC time"),
        ("\"2026-01-01T00:00:00Z\"", "2026-01-01T03:00:00+03:00", "not_before: `2026-01-01T03:00:00+03:00` is not"),
        ("not_after = \"2027-01-01T00:00:00Z\"", "", "missing field `not_after`"),
        ("delegation_depth = 0", "delegation_depth = 256", "delegation_depth"),
        ("jurisdiction = \"RU\"", "jurisdiction = \"R\"", "jurisdiction: it has 1 bytes and not 2 to 6"),
        ("jurisdiction = \"RU\"", "jurisdiction = \"RU-SPEC\"", "jurisdiction: it has 7 bytes and not 2 to 6"),
        ("\"pseudonymised\"", "\"anonymous\"", "personal_data: `anonymous` is none of: none, pseudonymised"),
        ("\"ru152-6-1-9\"", "\"ru152-6-1-10\"", "legal_basis: `ru152-6-1-10` is neither a number nor one of: A6-1-a"),
        ("# recipients = [\"doctoral students\"]", "recipients = [\"\"]", "recipients: it has 0 bytes"),
        ("# assessment = \"0x…\"", "assessment = \"0x12\"", "assessment: `0x12` is no hash"),
        ("# consent = \"0x…\"", "consent = \"\"", "consent: `` is no hash"),
        ("# withdrawal = \"https://example.org/withdraw\"", "withdrawal = \"\"", "withdrawal: it has 0 bytes"),
        ("# [notice]\n", "[notice]\nhash = \"0x12\"\nlanguage = \"ru\"\n", "notice.hash: `0x12` is no hash"),
        ("# [versions]\n", "[versions]\ncontent = \"0x12\"\n", "versions.content: `0x12` is no hash"),
        ("# [contract]\n", "[contract]\nhash = \"0x12\"\n", "contract.hash: `0x12` is no hash"),
        ("# [agreement]\n", "[agreement]\nhash = \"0x12\"\n", "agreement.hash: `0x12` is no hash"),
    ] {
        assert_eq!(TEMPLATE.matches(now).count(), 1, "{now}");
        let file = TEMPLATE.replace(now, then);
        let error = match TermsFile::from_toml(&file) {
            Err(error) => error,
            Ok(file) => {
                let known = Known { provider: Some(OrganisationId(1)), ..Known::default() };
                file.terms(&known, &Codes::built_in(), &genesis()).unwrap_err()
            }
        };
        assert!(error.to_string().contains(words), "{then}: {error}");
    }
}

#[test]
fn prices_are_read() {
    // What the template shows them to be, out of their comments.
    let examples: Vec<&str> = TEMPLATE.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
    let examples = examples.join("\n");
    let prices: Vec<Price> = examples
        .split("[price]")
        .skip(1)
        .map(|price| read(&format!("{TEMPLATE}\n[price]{price}\n")).unwrap().price)
        .collect();
    let day = 86_400_000;
    let tiers = vec![Tier { above: 0, amount: 250 }, Tier { above: 1_000_000, amount: 200 }].try_into().unwrap();
    let metered = Price::Metered { currency: 1, unit: Unit::Record, per: 1000, tiers, dispute_window: 7 * day };
    let fixed = Price::Fixed { currency: 1, amount: 500_000 };
    assert_eq!(prices, [fixed, Price::PerPeriod { currency: 1, amount: 500_000, period: 30 * day }, metered]);

    for (price, words) in [
        ("kind = \"gift\"", "gift"),
        ("kind = \"fixed\"\ncurrency = 1", "missing field `amount`"),
        ("kind = \"fixed\"\ncurrency = 1\namount = 1\nper = 2", "unknown field `per`"),
        ("kind = \"fixed\"\ncurrency = 1\namount = -1", "did not match any"),
        ("kind = \"per_period\"\ncurrency = 1\namount = 1\nperiod = \"a month\"", "price.period: `a month`"),
        (
            "kind = \"metered\"\ncurrency = 1\nunit = \"line\"\ndispute_window = \"7d\"\ntiers = []",
            "price.unit: `line` is none of: access, record, byte",
        ),
        (
            "kind = \"metered\"\ncurrency = 1\nunit = \"byte\"\ndispute_window = \"7d\"\ntiers = []",
            "price.tiers: it is missing",
        ),
        (
            "kind = \"fixed\"\ncurrency = 1\namount = 1\n[contract]\nhash = \"0x12\"",
            "price: there is a contract too, and use has one price",
        ),
    ] {
        let error = read(&format!("{TEMPLATE}\n[price]\n{price}\n")).unwrap_err();
        assert!(error.to_string().contains(words), "{price}: {error}");
    }
}

#[test]
fn what_follows_from_the_command_may_be_left_out() {
    let file: String = TEMPLATE
        .lines()
        .filter(|line| !line.starts_with("consumer") && !line.starts_with("dataset"))
        .fold(String::new(), |mut file, line| {
            file.push_str(line);
            file.push('\n');
            file
        });
    let file = TermsFile::from_toml(&file).unwrap();
    let known = Known {
        dataset: Some(DatasetId(9)),
        provider: Some(OrganisationId(4)),
        consumer: Some(OrganisationId(5)),
        controller: Some(OrganisationId(6)),
    };
    let terms = file.terms(&known, &Codes::built_in(), &genesis()).unwrap();
    assert_eq!((terms.dataset, terms.provider, terms.consumer), (DatasetId(9), OrganisationId(4), OrganisationId(5)));
    // What the file says goes first.
    assert_eq!(terms.controller, OrganisationId(1));
}

fn some_hash() -> impl Strategy<Value = Hash> {
    any::<u8>().prop_map(|byte| [byte; 32])
}

fn some_document() -> impl Strategy<Value = Document> {
    (some_hash(), "[ -~]{0,40}").prop_map(|(hash, uri)| Document { hash, uri: uri.into_bytes().try_into().unwrap() })
}

fn some_price() -> impl Strategy<Value = Price> {
    let tiers = collection::vec(any::<(u64, u128)>(), 1..=8).prop_map(|tiers| {
        let tiers: Vec<Tier> = tiers.into_iter().map(|(above, amount)| Tier { above, amount }).collect();
        Tiers::try_from(tiers).unwrap()
    });
    prop_oneof![
        Just(Price::Free),
        some_document().prop_map(|contract| Price::Contract { contract }),
        any::<(u32, u128)>().prop_map(|(currency, amount)| Price::Fixed { currency, amount }),
        any::<(u32, u128, u64)>().prop_map(|(currency, amount, period)| Price::PerPeriod { currency, amount, period }),
        (any::<(u32, u64, u64)>(), select(Unit::ALL), tiers).prop_map(
            |((currency, per, dispute_window), unit, tiers)| {
                Price::Metered { currency, unit, per, tiers, dispute_window }
            }
        ),
    ]
}

prop_compose! {
    fn some_terms()(
        (dataset, provider, consumer, controller) in any::<(u64, u32, u32, u32)>(),
        (first, last, content) in (1..u32::MAX, option::of(any::<u32>()), option::of(some_hash())),
        actions in 0..32u8,
        purposes in collection::btree_set(any::<u16>(), 0..=8),
        // Whole seconds up to the year 9999, as files have them.
        (not_before, not_after) in (0..253_402_300_800u64, 0..253_402_300_800u64),
        (accesses, records, bytes) in any::<(Option<u64>, Option<u64>, Option<u64>)>(),
        (price, agreement) in (some_price(), some_document()),
        (delegation_depth, restricted_delegation) in any::<(u8, bool)>(),
        jurisdiction in "[A-Z]{2}(-[A-Z0-9]{1,3})?",
        (legal_basis, retention_days) in any::<(Option<u16>, Option<u32>)>(),
        personal_data in select(PersonalData::ALL),
        (consent, assessment) in (option::of(some_hash()), option::of(some_hash())),
        notice in option::of((some_hash(), "[a-z]{2,8}")),
        // Letters of two bytes each, quotes, controls: whatever JSON and TOML must escape.
        recipients in collection::vec("[a-zа-я\"'\\\\\n\t =#]{1,20}", 0..=8),
        withdrawal in option::of("[a-zа-я\"'\\\\\n\t =#]{1,40}"),
    ) -> Terms {
        let text = |text: String| text.into_bytes();
        Terms {
            dataset: DatasetId(dataset),
            versions: Versions { first, last, content },
            provider: OrganisationId(provider),
            consumer: OrganisationId(consumer),
            controller: OrganisationId(controller),
            actions: Actions(actions),
            purposes: ascending(&purposes).try_into().unwrap(),
            not_before: not_before * 1000,
            not_after: not_after * 1000,
            limit: UsageLimit { accesses, records, bytes },
            price,
            delegation_depth,
            restricted_delegation,
            jurisdiction: text(jurisdiction).try_into().unwrap(),
            legal_basis: legal_basis.map(LegalBasisCode),
            personal_data,
            consent,
            notice: notice
                .map(|(hash, language)| Notice { hash, language: text(language).try_into().unwrap() }),
            retention_days,
            recipients: recipients
                .into_iter()
                .map(|recipient| Text::<64>::try_from(text(recipient)).unwrap())
                .collect::<Vec<_>>()
                .try_into()
                .unwrap(),
            assessment,
            withdrawal: withdrawal.map(|withdrawal| text(withdrawal).try_into().unwrap()),
            agreement: Some(agreement),
        }
    }
}

fn ascending(purposes: &BTreeSet<u16>) -> Vec<PurposeCode> {
    purposes.iter().copied().map(PurposeCode).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(terms in some_terms()) {
        let (codes, known) = (Codes::built_in(), Known::default());
        let file = TermsFile::of(&terms, &codes);
        let toml = TermsFile::from_toml(&file.to_toml().unwrap()).unwrap();
        prop_assert_eq!(&toml.terms(&known, &codes, &genesis()).unwrap(), &terms);
        let json = TermsFile::from_json(&serde_json::to_string(&file).unwrap()).unwrap();
        prop_assert_eq!(&json.terms(&known, &codes, &genesis()).unwrap(), &terms);
    }

    /// Making it cannot fail, whatever stands on chain.
    #[test]
    fn all_terms_have_an_agreement(terms in some_terms(), not_after in any::<u64>()) {
        let terms = Terms { not_after, ..terms };
        let made = agreement(&terms, &genesis());
        let read: serde_json::Value = serde_json::from_str(&made.text).unwrap();
        prop_assert_eq!(&read, &document(&terms, &genesis()));
    }
}

#[test]
fn a_file_is_read_by_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("terms.toml"), TEMPLATE).unwrap();
    let file = TermsFile::read(&path("terms.toml")).unwrap();
    fs::write(path("terms.json"), serde_json::to_string(&file).unwrap()).unwrap();
    assert_eq!(TermsFile::read(&path("terms.json")).unwrap(), file);
    fs::write(path("terms.yaml"), TEMPLATE).unwrap();
    assert!(matches!(TermsFile::read(&path("terms.yaml")), Err(TermsError::Extension)));
    assert!(matches!(TermsFile::read(&path("missing.toml")), Err(TermsError::Unreadable(_))));
    fs::write(path("other.json"), TEMPLATE).unwrap();
    assert!(matches!(TermsFile::read(&path("other.json")), Err(TermsError::Json(_))));
}

#[test]
fn every_command_explains_itself() {
    for command in [
        "",
        "template",
        "codes",
        "request",
        "offer",
        "delegate",
        "counter-request",
        "counter-offer",
        "accept",
        "agree",
        "verify",
        "finalize",
        "terminate",
        "suspend",
        "resume",
        "revoke",
        "renounce",
        "withdraw",
        "list",
        "show",
        "odrl",
    ] {
        let arguments: Vec<&str> = ["grant", command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 0, "{command}: {}", stderr(&output));
        assert!(stdout(&output).contains("Usage: citynet grant"), "{command}");
    }
}

#[test]
fn the_template_is_printed_without_a_node() {
    let output = citynet(&["grant", "template"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    // But for the days, which are those of a year that begins today.
    let differ = |line: &(&str, &str)| line.0 != line.1;
    let printed = stdout(&output);
    let differing: Vec<_> = printed.lines().zip(TEMPLATE.lines()).filter(differ).map(|(line, _)| line).collect();
    assert!(matches!(differing[..], [begin, end] if begin.starts_with("not_before") && end.starts_with("not_after")));
    assert_eq!(printed.lines().count(), TEMPLATE.lines().count());
    let output = citynet(&["grant", "template", "--json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let file = TermsFile::from_json(&stdout(&output)).unwrap();
    assert_eq!(file, TermsFile::from_toml(&printed).unwrap());
}

#[test]
fn wrong_arguments_are_refused_before_anything_is_asked() {
    for (arguments, words) in [
        ("request", "--terms"),
        ("offer --binding", "--terms"),
        ("delegate --terms terms.toml", "PARENT"),
        ("delegate 5 --terms terms.toml --binding", "--binding"),
        ("counter-offer --terms terms.toml", "GRANT"),
        ("accept five", "five"),
        ("accept 5 --hash 0x12", "`0x12` is no hash"),
        ("terminate 5", "--reason"),
        ("terminate 5 --reason boredom", "`boredom` is none of: other, no_agreement"),
        ("suspend 5 --reason data_faulty", "--note"),
        ("revoke 5 --note x", "--reason"),
        ("renounce", "GRANT"),
        ("list --state happy", "`happy` is none of: requested, offered"),
        ("list --dataset seven", "seven"),
        ("show", "GRANT"),
        ("odrl", "GRANT"),
    ] {
        let arguments: Vec<&str> = ["grant"].into_iter().chain(arguments.split(' ')).collect();
        let output = citynet(&arguments);
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stdout(&output).is_empty(), "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn wrong_values_are_refused_before_a_node_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    let (terms, wrong, other) =
        (dir.path().join("terms.toml"), dir.path().join("wrong.toml"), dir.path().join("terms.txt"));
    fs::write(&terms, TEMPLATE).unwrap();
    fs::write(&wrong, TEMPLATE.replace("actions", "deeds")).unwrap();
    fs::write(&other, TEMPLATE).unwrap();
    let missing = dir.path().join("missing.toml");
    let long = "n".repeat(257);
    for (arguments, words) in [
        (&["request", "--terms", text(&missing)][..], "missing.toml: it cannot be read"),
        (&["offer", "--terms", text(&wrong)], "unknown field `deeds`"),
        (&["delegate", "5", "--terms", text(&other)], "terms.txt: it is named neither *.toml nor *.json"),
        (&["counter-request", "5", "--terms", text(&missing)], "it cannot be read"),
        (&["terminate", "5", "--reason", "other", "--note", &long], "more than 256 bytes"),
        (&["resume", "5", "--note", &long], "more than 256 bytes"),
        (&["suspend", "5", "--reason", "other", "--note", ""], "the note is empty"),
        (&["revoke", "5", "--reason", "other", "--note", &long], "more than 256 bytes"),
        // And these get as far as the node.
        (&["request", "--terms", text(&terms)], "no connection"),
        (&["delegate", "5", "--terms", text(&terms), "--negotiable", "--supersedes", "4"], "no connection"),
        (&["terminate", "5", "--reason", "no_agreement"], "no connection"),
        (&["withdraw", "5"], "no connection"),
        (&["verify", "5"], "no connection"),
    ] {
        let output = citynet(&[&["grant"][..], arguments, &NOWHERE].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
    }
    for arguments in [&["list"][..], &["show", "5"], &["odrl", "5"], &["template", "--grant", "5"], &["codes"]] {
        let output = citynet(&[&["grant"][..], arguments, &NOWHERE[..2], &["--json"]].concat());
        assert_eq!(code(&output), 1, "{arguments:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(report["error"].as_str().unwrap().contains("ws://127.0.0.1:1"), "{report}");
    }
}
