//! The code lists of purposes and legal bases. Numbers are never given twice; the council can add further ones on chain.

use crate::{LegalBasisCode, PurposeCode};

/// Purposes, in the words of the Data Privacy Vocabulary (DPV 2, <https://w3id.org/dpv>): number and IRI in compact form.
pub const PURPOSES: &[(PurposeCode, &str)] = &[
    (PurposeCode(1), "dpv:ResearchAndDevelopment"),
    (PurposeCode(2), "dpv:AcademicResearch"),
    (PurposeCode(3), "dpv:ScientificResearch"),
    (PurposeCode(4), "dpv:ProvideOfficialStatistics"),
    (PurposeCode(5), "dpv:PublicPolicyMaking"),
    (PurposeCode(6), "dpv:ImprovePublicServices"),
    (PurposeCode(7), "dpv:ImproveTransportMobility"),
    (PurposeCode(8), "dpv:ImproveHealthcare"),
    (PurposeCode(9), "dpv:CombatClimateChange"),
    (PurposeCode(10), "dpv:PublicBenefit"),
    (PurposeCode(11), "dpv:ServiceProvision"),
    (PurposeCode(12), "dpv:ServiceOptimisation"),
    (PurposeCode(13), "dpv:LegalCompliance"),
    (PurposeCode(14), "dpv:EnforceSecurity"),
    (PurposeCode(15), "dpv:Verification"),
];

/// Legal bases: Article 6(1) of the GDPR, letters a to f, and Article 6, part 1 of the Russian Federal Law 152-FZ by
/// number. Number and name.
pub const LEGAL_BASES: &[(LegalBasisCode, &str)] = &[
    (LegalBasisCode(1), "A6-1-a"),
    (LegalBasisCode(2), "A6-1-b"),
    (LegalBasisCode(3), "A6-1-c"),
    (LegalBasisCode(4), "A6-1-d"),
    (LegalBasisCode(5), "A6-1-e"),
    (LegalBasisCode(6), "A6-1-f"),
    (LegalBasisCode(101), "ru152-6-1-1"),
    (LegalBasisCode(102), "ru152-6-1-2"),
    (LegalBasisCode(103), "ru152-6-1-3"),
    (LegalBasisCode(104), "ru152-6-1-4"),
    (LegalBasisCode(105), "ru152-6-1-5"),
    (LegalBasisCode(106), "ru152-6-1-6"),
    (LegalBasisCode(107), "ru152-6-1-7"),
    (LegalBasisCode(108), "ru152-6-1-8"),
    (LegalBasisCode(109), "ru152-6-1-9"),
    (LegalBasisCode(111), "ru152-6-1-11"),
];

impl PurposeCode {
    /// The name, if the code is one of [`PURPOSES`].
    pub fn name(self) -> Option<&'static str> {
        PURPOSES.iter().find(|(code, _)| *code == self).map(|(_, name)| *name)
    }
}

impl LegalBasisCode {
    /// Consent under the GDPR, Article 6(1)(a).
    pub const GDPR_CONSENT: Self = Self(1);
    /// Consent under 152-FZ, Article 6, part 1, number 1.
    pub const RU152_CONSENT: Self = Self(101);
    /// Research and statistics on depersonalised data under 152-FZ, Article 6, part 1, number 9.
    pub const RU152_STATISTICS: Self = Self(109);

    /// The name, if the code is one of [`LEGAL_BASES`].
    pub fn name(self) -> Option<&'static str> {
        LEGAL_BASES.iter().find(|(code, _)| *code == self).map(|(_, name)| *name)
    }

    /// Whether it is the consent of the people whom the data is about.
    pub fn is_consent(self) -> bool {
        self == Self::GDPR_CONSENT || self == Self::RU152_CONSENT
    }

    /// Whether it is one of 152-FZ, which holds in Russia only.
    pub fn is_russian(self) -> bool {
        (101..=111).contains(&self.0)
    }
}
