//! What the law and a dataset's sensitivity demand of terms, as the chain checks it. The page on grants has the table.

use citynet_primitives::{Action, LegalBasisCode, PersonalData, Rule, Sensitivity, Terms};

/// The first rule that terms break for a dataset of this sensitivity, in the order of [`Rule`].
pub fn broken(terms: &Terms, sensitivity: Sensitivity) -> Option<Rule> {
    Rule::ALL.iter().copied().find(|rule| breaks(*rule, terms, sensitivity))
}

fn breaks(rule: Rule, terms: &Terms, sensitivity: Sensitivity) -> bool {
    let is_personal = terms.personal_data != PersonalData::None;
    let is_pseudonymised = sensitivity == Sensitivity::Pseudonymised;
    let is_restricted = is_pseudonymised || sensitivity == Sensitivity::Restricted;
    let rests_on_consent = terms.legal_basis.is_some_and(LegalBasisCode::is_consent);
    match rule {
        Rule::LegalBasisMissing => (is_personal || is_pseudonymised) && terms.legal_basis.is_none(),
        Rule::ConsentMissing => rests_on_consent && terms.consent.is_none(),
        Rule::ConsentWithoutBasis => !rests_on_consent && terms.consent.is_some(),
        Rule::PersonalDataUnderstated => is_pseudonymised && !is_personal,
        Rule::RestrictedDelegation => is_restricted && terms.delegation_depth > 0 && !terms.restricted_delegation,
        Rule::RestrictedPublication => is_restricted && terms.actions.contains(Action::Publish),
        Rule::NoticeMissing => rests_on_consent && terms.notice.is_none(),
        Rule::WithdrawalMissing => rests_on_consent && terms.withdrawal.is_none(),
        Rule::RetentionMissing => is_personal && terms.retention_days.is_none(),
        Rule::AssessmentMissing => terms.personal_data == PersonalData::SpecialCategory && terms.assessment.is_none(),
        Rule::JurisdictionMismatch => {
            let jurisdiction = terms.jurisdiction.as_slice();
            let is_russian = jurisdiction == b"RU" || jurisdiction.starts_with(b"RU-");
            terms.legal_basis.is_some_and(LegalBasisCode::is_russian) && !is_russian
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::parts::some_terms;
    use citynet_primitives::Notice;

    /// Terms that no rule forbids for any data: each case takes one thing away.
    fn lawful() -> Terms {
        Terms {
            personal_data: PersonalData::SpecialCategory,
            legal_basis: Some(LegalBasisCode::RU152_CONSENT),
            consent: Some([1; 32]),
            notice: Some(Notice { hash: [2; 32], language: b"ru".to_vec().try_into().unwrap() }),
            withdrawal: Some(b"mailto:w@example.org".to_vec().try_into().unwrap()),
            retention_days: Some(30),
            assessment: Some([3; 32]),
            ..some_terms()
        }
    }

    #[test]
    fn each_rule_forbids_what_it_is_about() {
        let all = [Sensitivity::Open, Sensitivity::Internal, Sensitivity::Restricted, Sensitivity::Pseudonymised];
        for sensitivity in all {
            assert_eq!(broken(&lawful(), sensitivity), None);
        }
        let basis = Some(LegalBasisCode::RU152_STATISTICS);
        let not_personal = Terms { personal_data: PersonalData::None, legal_basis: basis, consent: None, ..lawful() };
        let jurisdiction = |code: &[u8]| Terms { jurisdiction: code.to_vec().try_into().unwrap(), ..lawful() };
        let published = Terms { actions: [Action::Publish].into_iter().collect(), ..lawful() };
        let (open, restricted, pseudonymised) =
            (Sensitivity::Open, Sensitivity::Restricted, Sensitivity::Pseudonymised);
        for (terms, sensitivity, rule) in [
            (Terms { legal_basis: None, consent: None, ..lawful() }, open, Some(Rule::LegalBasisMissing)),
            (Terms { consent: None, ..lawful() }, open, Some(Rule::ConsentMissing)),
            (Terms { legal_basis: basis, ..lawful() }, open, Some(Rule::ConsentWithoutBasis)),
            (not_personal.clone(), pseudonymised, Some(Rule::PersonalDataUnderstated)),
            (not_personal, restricted, None),
            (Terms { delegation_depth: 1, ..lawful() }, restricted, Some(Rule::RestrictedDelegation)),
            (Terms { delegation_depth: 1, ..lawful() }, open, None),
            (Terms { delegation_depth: 1, restricted_delegation: true, ..lawful() }, restricted, None),
            (published.clone(), pseudonymised, Some(Rule::RestrictedPublication)),
            (published, open, None),
            (Terms { notice: None, ..lawful() }, open, Some(Rule::NoticeMissing)),
            (Terms { withdrawal: None, ..lawful() }, open, Some(Rule::WithdrawalMissing)),
            (Terms { retention_days: None, ..lawful() }, open, Some(Rule::RetentionMissing)),
            (Terms { assessment: None, ..lawful() }, open, Some(Rule::AssessmentMissing)),
            (jurisdiction(b"FI"), open, Some(Rule::JurisdictionMismatch)),
            (jurisdiction(b"RUS"), open, Some(Rule::JurisdictionMismatch)),
            (jurisdiction(b"RU-SPE"), open, None),
        ] {
            assert_eq!(broken(&terms, sensitivity), rule);
        }
    }
}
