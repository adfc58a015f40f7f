//! Documents of any format: which one it is, the document says itself.

use crate::{
    completeness::{verify_list, VerifiedList},
    finality::Trust,
    list::ListFormat,
    verify::{verify, Failure, Step, Verified},
};
use alloc::{boxed::Box, string::String};
use serde::{Deserialize, Serialize};

/// What a document proves.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Proven {
    /// A reading, or any other single record.
    Record(Box<Verified>),
    /// All records about a subject.
    List(VerifiedList),
}

impl Proven {
    /// What each step found, in the order of [`Step`], in words.
    pub fn steps(&self) -> &[(Step, String)] {
        match self {
            Self::Record(verified) => &verified.steps,
            Self::List(verified) => &verified.steps,
        }
    }
}

/// The member by which the text of every list says what it is.
const LIST: &[u8] = b"\"format\":\"citynet.list/";

/// Verifies an evidence bundle or a list, whichever the member `format` says. What names neither is refused as a bundle.
pub fn verify_document(json: &[u8], trust: &Trust) -> Result<Proven, Failure> {
    #[derive(Deserialize)]
    struct Named {
        format: String,
    }

    let is_list = match serde_json::from_slice::<Named>(json) {
        Ok(Named { format }) => format.starts_with(ListFormat::PREFIX),
        // What was cut off is refused either way, and called what it was.
        Err(_) => json.windows(LIST.len()).any(|part| part == LIST),
    };
    if is_list {
        return verify_list(json, trust).map(Proven::List);
    }
    verify(json, trust).map(|verified| Proven::Record(Box::new(verified)))
}
