//! What terms must be, by themselves, and what the law and a dataset's sensitivity demand of them.

use crate::{BrokenRule, Config, Error, Pallet};
use citynet_primitives::{
    Action, CodeList, Document, LegalBasisCode, Moment, OrganisationId, PersonalData, Price, Rule, Sensitivity, Terms,
    UsageLimit, MAX_DELEGATION_DEPTH,
};
use citynet_support::{Catalogue, DatasetFacts, Membership};
use frame_support::ensure;

/// Whether terms break a rule for a dataset of this sensitivity.
pub type Breaks = fn(&Terms, Sensitivity) -> bool;

/// Every rule, with what breaks it. The order is that of [`Rule`].
pub const RULES: &[(Rule, Breaks)] = &[
    (Rule::LegalBasisMissing, |terms, sensitivity| {
        (is_personal(terms) || sensitivity == Sensitivity::Pseudonymised) && terms.legal_basis.is_none()
    }),
    (Rule::ConsentMissing, |terms, _| rests_on_consent(terms) && terms.consent.is_none()),
    (Rule::ConsentWithoutBasis, |terms, _| !rests_on_consent(terms) && terms.consent.is_some()),
    (Rule::PersonalDataUnderstated, |terms, sensitivity| {
        sensitivity == Sensitivity::Pseudonymised && !is_personal(terms)
    }),
    (Rule::RestrictedDelegation, |terms, sensitivity| {
        is_restricted(sensitivity) && terms.delegation_depth > 0 && !terms.restricted_delegation
    }),
    (Rule::RestrictedPublication, |terms, sensitivity| {
        is_restricted(sensitivity) && terms.actions.contains(Action::Publish)
    }),
    (Rule::NoticeMissing, |terms, _| rests_on_consent(terms) && terms.notice.is_none()),
    (Rule::WithdrawalMissing, |terms, _| rests_on_consent(terms) && terms.withdrawal.is_none()),
    (Rule::RetentionMissing, |terms, _| is_personal(terms) && terms.retention_days.is_none()),
    (Rule::AssessmentMissing, |terms, _| {
        terms.personal_data == PersonalData::SpecialCategory && terms.assessment.is_none()
    }),
    (Rule::JurisdictionMismatch, |terms, _| {
        terms.legal_basis.is_some_and(LegalBasisCode::is_russian) && !is_russian(&terms.jurisdiction)
    }),
];

/// The first rule that terms break for a dataset of this sensitivity.
pub fn broken(terms: &Terms, sensitivity: Sensitivity) -> Option<Rule> {
    RULES.iter().find(|(_, breaks)| breaks(terms, sensitivity)).map(|(rule, _)| *rule)
}

/// Whether data of this sensitivity is passed on only where the terms say so.
pub(crate) fn is_restricted(sensitivity: Sensitivity) -> bool {
    matches!(sensitivity, Sensitivity::Restricted | Sensitivity::Pseudonymised)
}

fn is_personal(terms: &Terms) -> bool {
    terms.personal_data != PersonalData::None
}

fn rests_on_consent(terms: &Terms) -> bool {
    terms.legal_basis.is_some_and(LegalBasisCode::is_consent)
}

fn is_russian(jurisdiction: &[u8]) -> bool {
    jurisdiction == b"RU" || jurisdiction.starts_with(b"RU-")
}

/// Checks what can be seen in the terms alone.
pub(crate) fn check_structure<T: Config>(terms: &Terms) -> Result<(), Error<T>> {
    ensure!(terms.provider != terms.consumer, Error::<T>::SameParty);
    ensure!(!terms.actions.is_empty(), Error::<T>::NoAction);
    ensure!(terms.actions.is_known(), Error::<T>::UnknownAction);
    ensure!(!terms.purposes.is_empty(), Error::<T>::NoPurpose);
    let ascending = terms.purposes.iter().zip(terms.purposes.iter().skip(1)).all(|(one, next)| one < next);
    ensure!(ascending, Error::<T>::PurposesUnordered);
    ensure!(terms.not_before < terms.not_after, Error::<T>::WindowEmpty);
    ensure!(terms.delegation_depth <= MAX_DELEGATION_DEPTH, Error::<T>::DepthTooLarge);
    check_versions::<T>(terms)?;
    let UsageLimit { accesses, records, bytes } = terms.limit;
    ensure!([accesses, records, bytes].iter().all(|limit| *limit != Some(0)), Error::<T>::LimitZero);
    check_texts::<T>(terms)
}

fn check_versions<T: Config>(terms: &Terms) -> Result<(), Error<T>> {
    let versions = &terms.versions;
    // The last one may lie ahead: a grant can cover what is to come.
    let ordered = versions.first >= 1 && versions.last.is_none_or(|last| versions.first <= last);
    let is_single = versions.last == Some(versions.first);
    ensure!(ordered && (versions.content.is_none() || is_single), Error::<T>::InvalidVersions);
    Ok(())
}

fn check_texts<T: Config>(terms: &Terms) -> Result<(), Error<T>> {
    ensure!(is_jurisdiction(&terms.jurisdiction), Error::<T>::InvalidText);
    ensure!(terms.notice.as_ref().is_none_or(|notice| is_language(&notice.language)), Error::<T>::InvalidText);
    ensure!(terms.recipients.iter().all(|category| is_text(category)), Error::<T>::InvalidText);
    ensure!(terms.withdrawal.as_ref().is_none_or(|method| is_text(method)), Error::<T>::InvalidText);
    ensure!(terms.agreement.as_ref().is_none_or(is_document), Error::<T>::InvalidText);
    match &terms.price {
        Price::Contract { contract } => {
            ensure!(is_document(contract), Error::<T>::InvalidText);
            Ok(())
        }
        Price::Free | Price::Fixed { .. } | Price::PerPeriod { .. } | Price::Metered { .. } => Ok(()),
    }
}

/// A text that says something.
fn is_text(text: &[u8]) -> bool {
    !text.is_empty() && core::str::from_utf8(text).is_ok()
}

/// Where a document is may be left open.
fn is_document(document: &Document) -> bool {
    core::str::from_utf8(&document.uri).is_ok()
}

/// A country of ISO 3166-1, in two capital letters, or one of its parts in the form of ISO 3166-2: `RU`, `RU-SPE`.
fn is_jurisdiction(code: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        (1..=3).contains(&part.len()) && part.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    match code {
        [one, two, rest @ ..] if one.is_ascii_uppercase() && two.is_ascii_uppercase() => match rest {
            [] => true,
            [b'-', part @ ..] => is_part(part),
            _ => false,
        },
        _ => false,
    }
}

/// A language tag in the form of BCP 47: two or three small letters, and what narrows them down after hyphens.
fn is_language(tag: &[u8]) -> bool {
    let mut parts = tag.split(|byte| *byte == b'-');
    let is_primary = |part: &[u8]| matches!(part.len(), 2 | 3) && part.iter().all(u8::is_ascii_lowercase);
    parts.next().is_some_and(is_primary)
        && parts.all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_alphanumeric))
}

/// What is checked with the state of the chain.
impl<T: Config> Pallet<T> {
    /// Checks that the code lists have the codes of the terms. They never lose one.
    pub(crate) fn check_codes(terms: &Terms) -> Result<(), Error<T>> {
        let known = terms.purposes.iter().all(|purpose| Self::has_code(CodeList::Purpose, purpose.0));
        ensure!(known, Error::<T>::UnknownPurpose);
        let known = terms.legal_basis.is_none_or(|basis| Self::has_code(CodeList::LegalBasis, basis.0));
        ensure!(known, Error::<T>::UnknownLegalBasis);
        Ok(())
    }

    /// Checks what can change while terms are negotiated: the time, who is a member, and the dataset.
    pub(crate) fn check_circumstances(
        terms: &Terms,
        provider: OrganisationId,
        facts: &DatasetFacts,
        now: Moment,
    ) -> Result<(), Error<T>> {
        ensure!(now < terms.not_after, Error::<T>::WindowOver);
        // The dataset may have gone to the consumer meanwhile.
        ensure!(provider != terms.consumer, Error::<T>::SameParty);
        let active = [provider, terms.consumer, terms.controller].into_iter().all(T::Membership::is_active);
        ensure!(active, Error::<T>::PartyInactive);
        if let Some(named) = terms.versions.content {
            let content = T::Catalogue::content(terms.dataset, terms.versions.first);
            ensure!(content.is_none_or(|content| content == named), Error::<T>::ContentDiffers);
        }
        match broken(terms, facts.sensitivity) {
            Some(rule) => Err(Error::<T>::RuleBroken(BrokenRule(rule))),
            None => Ok(()),
        }
    }
}
