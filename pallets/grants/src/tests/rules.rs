use crate::{
    mock::*,
    rules::{broken, RULES},
    BrokenRule, Error,
};
use citynet_primitives::{
    Action, Actions, Document, LegalBasisCode, Notice, PersonalData, Price, PurposeCode, Rule, Sensitivity, Terms,
    UsageLimit, Versions, MAX_DELEGATION_DEPTH,
};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::DispatchError;

type Change = fn(&mut Terms);

const OPEN: Sensitivity = Sensitivity::Open;
const INTERNAL: Sensitivity = Sensitivity::Internal;
const RESTRICTED: Sensitivity = Sensitivity::Restricted;
const PSEUDONYMISED: Sensitivity = Sensitivity::Pseudonymised;
const EVERY: &[Sensitivity] = &[OPEN, INTERNAL, RESTRICTED, PSEUDONYMISED];

/// Changes to [`consent_terms`], which break no rule, and for which sensitivities they break one.
const BREAKS: &[(Rule, &[Sensitivity], Change)] = &[
    (Rule::LegalBasisMissing, EVERY, |terms| terms.legal_basis = None),
    (Rule::LegalBasisMissing, &[PSEUDONYMISED], |terms| {
        terms.personal_data = PersonalData::None;
        terms.legal_basis = None;
        terms.consent = None;
    }),
    (Rule::ConsentMissing, EVERY, |terms| terms.consent = None),
    (Rule::ConsentMissing, EVERY, |terms| {
        terms.legal_basis = Some(LegalBasisCode::GDPR_CONSENT);
        terms.consent = None;
    }),
    (Rule::ConsentWithoutBasis, EVERY, |terms| terms.legal_basis = Some(LegalBasisCode::RU152_STATISTICS)),
    (Rule::PersonalDataUnderstated, &[PSEUDONYMISED], |terms| terms.personal_data = PersonalData::None),
    (Rule::RestrictedDelegation, &[RESTRICTED, PSEUDONYMISED], |terms| {
        terms.restricted_delegation = false;
        terms.delegation_depth = 1;
    }),
    (Rule::RestrictedPublication, &[RESTRICTED, PSEUDONYMISED], |terms| {
        terms.actions = Action::ALL.iter().copied().collect();
    }),
    (Rule::NoticeMissing, EVERY, |terms| terms.notice = None),
    (Rule::WithdrawalMissing, EVERY, |terms| terms.withdrawal = None),
    (Rule::RetentionMissing, EVERY, |terms| terms.retention_days = None),
    (Rule::AssessmentMissing, EVERY, |terms| terms.assessment = None),
    (Rule::JurisdictionMismatch, EVERY, |terms| terms.jurisdiction = text("DE")),
    (Rule::JurisdictionMismatch, EVERY, |terms| {
        terms.jurisdiction = text("RO-B");
        terms.legal_basis = Some(LegalBasisCode::RU152_STATISTICS);
        terms.consent = None;
    }),
];

/// Changes to [`consent_terms`] that break no rule.
const KEEPS: &[(&[Sensitivity], Change)] = &[
    (EVERY, |_| ()),
    (EVERY, |terms| terms.jurisdiction = text("RU")),
    (EVERY, |terms| {
        terms.restricted_delegation = false;
        terms.delegation_depth = 0;
    }),
    (EVERY, |terms| {
        terms.personal_data = PersonalData::Pseudonymised;
        terms.assessment = None;
    }),
    (EVERY, |terms| {
        terms.jurisdiction = text("DE");
        terms.legal_basis = Some(LegalBasisCode::GDPR_CONSENT);
    }),
    // Research on depersonalised data rests on no consent.
    (EVERY, |terms| {
        terms.personal_data = PersonalData::Pseudonymised;
        terms.legal_basis = Some(LegalBasisCode::RU152_STATISTICS);
        (terms.consent, terms.notice, terms.withdrawal, terms.assessment) = (None, None, None, None);
    }),
    // Of what is about nobody nothing has to be said.
    (&[OPEN, INTERNAL, RESTRICTED], |terms| {
        terms.personal_data = PersonalData::None;
        (terms.legal_basis, terms.consent, terms.notice) = (None, None, None);
        (terms.withdrawal, terms.retention_days, terms.assessment) = (None, None, None);
    }),
];

fn offer_terms(terms: &Terms) -> DispatchResult {
    Grants::offer(signed(registrar(CITY)), Box::new(terms.clone()), true, None, None)
}

#[test]
fn every_rule_is_in_the_table_in_order() {
    let rules: Vec<Rule> = RULES.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, Rule::ALL);
    let tested = |rule: Rule| BREAKS.iter().any(|(broken, ..)| *broken == rule);
    assert!(rules.into_iter().all(tested));
}

#[test]
fn rules_are_broken_where_they_hold_and_nowhere_else() {
    for sensitivity in EVERY.iter().copied() {
        for (rule, breaking, change) in BREAKS {
            ExtBuilder::default().air(sensitivity).run(|| {
                let mut terms = Terms { dataset: AIR, ..consent_terms() };
                change(&mut terms);
                let expected = breaking.contains(&sensitivity).then_some(*rule);
                assert_eq!(broken(&terms, sensitivity), expected, "{sensitivity}: {terms:?}");
                match expected {
                    Some(rule) => {
                        assert_noop!(offer_terms(&terms), Error::<Test>::RuleBroken(BrokenRule(rule)));
                    }
                    None => {
                        assert_ok!(offer_terms(&terms));
                    }
                }
            });
        }
        for (keeping, change) in KEEPS {
            ExtBuilder::default().air(sensitivity).run(|| {
                let mut terms = Terms { dataset: AIR, ..consent_terms() };
                change(&mut terms);
                if keeping.contains(&sensitivity) {
                    assert_eq!(broken(&terms, sensitivity), None, "{sensitivity}: {terms:?}");
                    assert_ok!(offer_terms(&terms));
                }
            });
        }
    }
}

#[test]
fn rules_hold_for_requests_and_counters_too() {
    ExtBuilder::default().run(|| {
        let broken = Box::new(Terms { notice: None, ..consent_terms() });
        let error = DispatchError::from(Error::<Test>::RuleBroken(BrokenRule(Rule::NoticeMissing)));
        let (city, university) = (registrar(CITY), registrar(UNIVERSITY));
        let offered = offer(consent_terms(), true, None, None);
        let requested = request(consent_terms());
        assert_noop!(Grants::request(signed(university.clone()), broken.clone(), None), error);
        assert_noop!(Grants::counter_request(signed(university), offered, broken.clone()), error);
        assert_noop!(Grants::counter_offer(signed(city), requested, broken, true), error);
    });
}

/// Terms that nobody can mean, as changes to [`terms`].
fn malformed() -> [(Error<Test>, Change); 36] {
    [
        (Error::NoAction, |terms| terms.actions = Actions(0)),
        (Error::UnknownAction, |terms| terms.actions = Actions(0b10_0001)),
        (Error::NoPurpose, |terms| terms.purposes = purposes(&[])),
        (Error::PurposesUnordered, |terms| terms.purposes = purposes(&[3, 2])),
        (Error::PurposesUnordered, |terms| terms.purposes = purposes(&[2, 2])),
        (Error::UnknownPurpose, |terms| terms.purposes = purposes(&[2, 9_999])),
        (Error::UnknownLegalBasis, |terms| terms.legal_basis = Some(LegalBasisCode(9_999))),
        (Error::WindowEmpty, |terms| terms.not_before = terms.not_after),
        (Error::WindowEmpty, |terms| terms.not_before = terms.not_after + 1),
        (Error::WindowOver, |terms| terms.not_after = now()),
        (Error::DepthTooLarge, |terms| terms.delegation_depth = MAX_DELEGATION_DEPTH + 1),
        (Error::InvalidVersions, |terms| terms.versions.first = 0),
        (Error::InvalidVersions, |terms| terms.versions = Versions { first: 2, last: Some(1), content: None }),
        (Error::InvalidVersions, |terms| terms.versions.content = Some([0xa1; 32])),
        (Error::InvalidVersions, |terms| {
            terms.versions = Versions { first: 1, last: Some(2), content: Some([0xa1; 32]) };
        }),
        (Error::ContentDiffers, |terms| {
            terms.versions = Versions { first: 2, last: Some(2), content: Some([0xa1; 32]) };
        }),
        (Error::LimitZero, |terms| terms.limit.accesses = Some(0)),
        (Error::LimitZero, |terms| terms.limit.records = Some(0)),
        (Error::LimitZero, |terms| terms.limit.bytes = Some(0)),
        (Error::InvalidText, |terms| terms.jurisdiction = text("")),
        (Error::InvalidText, |terms| terms.jurisdiction = text("R")),
        (Error::InvalidText, |terms| terms.jurisdiction = text("ru")),
        (Error::InvalidText, |terms| terms.jurisdiction = text("RUS")),
        (Error::InvalidText, |terms| terms.jurisdiction = text("RU-")),
        (Error::InvalidText, |terms| terms.jurisdiction = text("RU-sp")),
        (Error::InvalidText, |terms| terms.notice = Some(notice(""))),
        (Error::InvalidText, |terms| terms.notice = Some(notice("r"))),
        (Error::InvalidText, |terms| terms.notice = Some(notice("RU"))),
        (Error::InvalidText, |terms| terms.notice = Some(notice("ru-"))),
        (Error::InvalidText, |terms| terms.notice = Some(notice("ru_RU"))),
        (Error::InvalidText, |terms| terms.recipients = vec![text("a"), text("")].try_into().unwrap()),
        (Error::InvalidText, |terms| terms.recipients = vec![bytes(&[0xff])].try_into().unwrap()),
        (Error::InvalidText, |terms| terms.withdrawal = Some(text(""))),
        (Error::InvalidText, |terms| terms.withdrawal = Some(bytes(&[0xff]))),
        (Error::InvalidText, |terms| terms.agreement = Some(Document { hash: [0; 32], uri: bytes(&[0xff]) })),
        (Error::InvalidText, |terms| {
            terms.price = Price::Contract { contract: Document { hash: [0; 32], uri: bytes(&[0xff]) } };
        }),
    ]
}

fn notice(language: &str) -> Notice {
    Notice { hash: [0; 32], language: text(language) }
}

#[test]
fn malformed_terms_are_refused() {
    ExtBuilder::default().run(|| {
        let offered = offer(terms(), true, None, None);
        let requested = request(terms());
        let (city, university) = (registrar(CITY), registrar(UNIVERSITY));
        for (error, change) in malformed() {
            let mut changed = terms();
            change(&mut changed);
            let changed = Box::new(changed);
            let error = DispatchError::from(error);
            assert_noop!(Grants::request(signed(university.clone()), changed.clone(), None), error);
            assert_noop!(Grants::offer(signed(city.clone()), changed.clone(), true, None, None), error);
            assert_noop!(Grants::counter_request(signed(university.clone()), offered, changed.clone()), error);
            assert_noop!(Grants::counter_offer(signed(city.clone()), requested, changed, true), error);
        }
    });
}

#[test]
fn nobody_grants_anything_to_itself() {
    ExtBuilder::default().run(|| {
        let own = Box::new(Terms { consumer: CITY, ..terms() });
        assert_noop!(Grants::request(signed(registrar(CITY)), own.clone(), None), Error::<Test>::SameParty);
        assert_noop!(Grants::offer(signed(registrar(CITY)), own, true, None, None), Error::<Test>::SameParty);
    });
}

#[test]
fn well_formed_terms_are_taken() {
    let changes: &[Change] = &[
        |terms| terms.actions = Action::ALL.iter().copied().collect(),
        |terms| terms.purposes = purposes(&[1, 2, 3, 4, 5, 6, 7, 15]),
        |terms| terms.purposes = [PurposeCode(15)].to_vec().try_into().unwrap(),
        |terms| terms.not_before = terms.not_after - 1,
        |terms| terms.not_after = now() + 1,
        |terms| terms.delegation_depth = MAX_DELEGATION_DEPTH,
        |terms| terms.delegation_depth = 0,
        |terms| terms.versions = Versions { first: 1, last: Some(1), content: Some([0xa1; 32]) },
        |terms| terms.versions = Versions { first: 2, last: Some(2), content: Some([0xa2; 32]) },
        // What is still to come has any content.
        |terms| terms.versions = Versions { first: 3, last: Some(3), content: Some([0xa1; 32]) },
        |terms| terms.versions = Versions { first: 3, last: Some(9), content: None },
        |terms| terms.versions.first = 100,
        |terms| terms.limit = UsageLimit { accesses: Some(1), records: Some(1), bytes: Some(1) },
        |terms| terms.jurisdiction = text("RU-SPE"),
        |terms| terms.jurisdiction = text("FR-75"),
        |terms| terms.notice = Some(notice("ru")),
        |terms| terms.notice = Some(notice("sah")),
        |terms| terms.notice = Some(notice("ru-Cyrl")),
        |terms| terms.withdrawal = Some(text("отзыв")),
        |terms| terms.controller = CITY,
        |terms| terms.controller = UNIVERSITY,
    ];
    for change in changes {
        ExtBuilder::default().run(|| {
            let mut changed = terms();
            change(&mut changed);
            assert_ok!(offer_terms(&changed));
        });
    }
}
