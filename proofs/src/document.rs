//! Documents of any format: which one it is, the document says itself.

use crate::{
    completeness::{verify_list, VerifiedList},
    dossier::DossierFormat,
    finality::Trust,
    list::ListFormat,
    sufficiency::{verify_dossier, VerifiedDossier},
    verify::{verify, Failure, Step, Verified},
};
use alloc::{boxed::Box, format, string::String};
use serde::{Deserialize, Serialize};

/// What a document proves.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Proven {
    /// A reading, or any other single record.
    Record(Box<Verified>),
    /// All records about a subject.
    List(VerifiedList),
    /// All records that a question needs.
    Dossier(Box<VerifiedDossier>),
}

impl Proven {
    /// What each step found, in the order of [`Step`], in words.
    pub fn steps(&self) -> &[(Step, String)] {
        match self {
            Self::Record(verified) => &verified.steps,
            Self::List(verified) => &verified.steps,
            Self::Dossier(verified) => &verified.steps,
        }
    }
}

/// Verifies a document of any format, whichever the member `format` says. What names none of them is refused as a bundle.
pub fn verify_document(json: &[u8], trust: &Trust) -> Result<Proven, Failure> {
    #[derive(Deserialize)]
    struct Named {
        format: String,
    }

    let named = serde_json::from_slice::<Named>(json).ok();
    let is = |prefix: &str| match &named {
        Some(Named { format }) => format.starts_with(prefix),
        // What was cut off is refused either way, and called what it was.
        None => {
            let member = format!("\"format\":\"{prefix}");
            json.windows(member.len()).any(|part| part == member.as_bytes())
        }
    };
    if is(ListFormat::PREFIX) {
        return verify_list(json, trust).map(Proven::List);
    }
    if is(DossierFormat::PREFIX) {
        return verify_dossier(json, trust).map(|verified| Proven::Dossier(Box::new(verified)));
    }
    verify(json, trust).map(|verified| Proven::Record(Box::new(verified)))
}
