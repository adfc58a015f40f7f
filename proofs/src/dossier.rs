//! All lists that a question needs, at one block, as JSON. The format is specified in `docs/evidence.md`.

use crate::{
    evidence::{ensure_canonical, AuthoritiesProof, FormatError, JustifiedHeader, ReadingProof},
    hex_text, jcs,
    list::{List, ListedRecord},
    question::Question,
    subject_text,
    verify::record,
};
use alloc::{
    collections::BTreeMap,
    string::{String, ToString},
    vec::Vec,
};
use citynet_primitives::{Hash, Subject};
use serde::{ser::Error, Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A question and the lists from which it is answered, with what proves them complete, not yet verified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dossier {
    /// Who was entitled to make blocks final.
    pub authorities: AuthoritiesProof,
    /// The block up to which the lists go, and why it is final.
    pub finality: JustifiedHeader,
    /// The format's version.
    pub format: DossierFormat,
    /// The chain.
    #[serde(with = "hex_text::one")]
    pub genesis_hash: Hash,
    /// The lists that the question needs, ascending by subject.
    pub lists: Vec<DossierList>,
    /// The question.
    pub question: Question,
    /// The reading; present exactly when the question asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "print_canonically")]
    pub reading: Option<ReadingProof>,
    /// Every record that a list names, in SCALE, ascending by index.
    #[serde(with = "hex_text::list")]
    pub records: Vec<Vec<u8>>,
}

/// Versions of the dossier's format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DossierFormat {
    /// Version 1.
    #[default]
    #[serde(rename = "citynet.dossier/1")]
    V1,
    /// Version 2: as version 1, with other questions.
    #[serde(rename = "citynet.dossier/2")]
    V2,
}

impl DossierFormat {
    /// With what the names of all versions begin.
    pub const PREFIX: &'static str = "citynet.dossier/";

    /// The version to which a question belongs: every question to exactly one, so that a dossier has one text.
    pub const fn of(question: &Question) -> Self {
        match question {
            Question::Reading { .. }
            | Question::Access { .. }
            | Question::Lineage { .. }
            | Question::Taint { .. }
            | Question::Payments { .. }
            | Question::Governance => Self::V1,
            Question::VersionTaint { .. } | Question::DeviceLineage { .. } | Question::BatchLineage { .. } => Self::V2,
        }
    }
}

/// All records about a subject, by their indices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DossierList {
    /// Trie nodes from the state root in the header to the value that has the subject's head, or to where it would be:
    /// ascending, each exactly once.
    #[serde(with = "hex_text::list")]
    pub head: Vec<Vec<u8>>,
    /// The indices of the records, ascending.
    #[serde(serialize_with = "print_indices", deserialize_with = "parse_indices")]
    pub records: Vec<u64>,
    /// What they are about.
    #[serde(with = "subject_text")]
    pub subject: Subject,
}

impl Dossier {
    /// Puts lists of one block together. Whether they are of one block and those that the question needs, the verification
    /// says.
    ///
    /// # Errors
    ///
    /// Where there is no list at all, or one has a record that does not decode or that is concealed.
    pub fn of_lists(question: Question, reading: Option<ReadingProof>, lists: Vec<List>) -> Result<Self, FormatError> {
        let refused = |field, problem| FormatError::Encoding { field, problem };
        let first = lists.first().ok_or_else(|| refused("lists", "there is none"))?;
        let (authorities, finality) = (first.authorities.clone(), first.finality.clone());
        let genesis_hash = first.genesis_hash;

        let mut records = BTreeMap::new();
        let mut by_subject = BTreeMap::new();
        for List { head, records: listed, subject, .. } in lists {
            let mut indices = Vec::with_capacity(listed.len());
            for listed in listed {
                let ListedRecord::Record(bytes) = listed else {
                    return Err(refused("records", "a record is concealed"));
                };
                let index = record("records", &bytes)?.index;
                indices.push(index);
                records.insert(index, bytes);
            }
            by_subject.insert(subject, DossierList { head, records: indices, subject });
        }
        Ok(Self {
            authorities,
            finality,
            format: DossierFormat::of(&question),
            genesis_hash,
            lists: by_subject.into_values().collect(),
            question,
            reading,
            records: records.into_values().collect(),
        })
    }

    /// Reads a dossier. The text must be exactly what [`Dossier::to_json`] gives: no white space, no other order, no unknown
    /// or repeated member.
    ///
    /// # Errors
    ///
    /// [`FormatError`].
    pub fn from_json(json: &[u8]) -> Result<Self, FormatError> {
        let dossier: Self =
            serde_json::from_slice(json).map_err(|error| FormatError::NotADossier(error.to_string()))?;
        ensure_canonical(&dossier.to_json()?, json)?;
        Ok(dossier)
    }

    /// The canonical text.
    ///
    /// Members are declared in the order of RFC 8785, and but for the leaf of a reading nothing in them is a number or has to
    /// be escaped: so the text is written at once, as that of a [`List`] is.
    ///
    /// # Errors
    ///
    /// Only if the leaf has a number without a canonical form, which no leaf of a known schema has.
    pub fn to_json(&self) -> Result<String, FormatError> {
        serde_json::to_string(self).map_err(|error| FormatError::NotADossier(error.to_string()))
    }

    /// The dossier for a reader who trusts a checkpoint: see [`AuthoritiesProof::since_checkpoint`].
    pub fn since_checkpoint(mut self, set_id: u64) -> Option<Self> {
        self.authorities = self.authorities.since_checkpoint(set_id)?;
        Some(self)
    }
}

/// A leaf may have members of any name, so this part goes by way of a value.
fn print_canonically<S: Serializer>(reading: &Option<ReadingProof>, serializer: S) -> Result<S::Ok, S::Error> {
    let value = serde_json::to_value(reading).map_err(S::Error::custom)?;
    let text = jcs::to_string(&value).map_err(S::Error::custom)?;
    RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
}

fn print_indices<S: Serializer>(indices: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(indices.iter().map(ToString::to_string))
}

/// An index that is written otherwise, such as `05`, is noticed by the comparison with the canonical text.
fn parse_indices<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let indices = Vec::<String>::deserialize(deserializer)?;
    indices.iter().map(|index| index.parse().map_err(serde::de::Error::custom)).collect()
}
