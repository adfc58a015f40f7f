//! The code lists of purposes and legal bases, as files and the chain have them.

pub use citynet_answers::codes::{Codes, UnknownCode};

use crate::{connection::NodeError, ledger::Ledger};
use citynet_primitives::{CodeList, Hash, Text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A code as a file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged, expecting = "a code is a name or a number below 65536")]
pub enum Code {
    /// Its number.
    Number(u16),
    /// Its name, or its number as text.
    Name(String),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// The codes of the chain, with what the council added, at the finalised head.
///
/// # Errors
///
/// [`NodeError`].
pub async fn of(ledger: &Ledger) -> Result<Codes, NodeError> {
    let (_, head) = ledger.finalized().await?;
    let purposes = list(ledger, CodeList::Purpose, &head).await?;
    Ok(Codes::new(purposes, list(ledger, CodeList::LegalBasis, &head).await?))
}

async fn list(ledger: &Ledger, list: CodeList, at: &Hash) -> Result<Vec<(u16, String)>, NodeError> {
    let codes: Vec<(u16, Text<64>)> = ledger.runtime("GrantsApi_codes", list, at).await?;
    Ok(codes.into_iter().map(|(code, name)| (code, String::from_utf8_lossy(&name).into_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_either() {
        let read = |text: &str| serde_json::from_str::<Code>(text).map_err(|error| error.to_string());
        assert_eq!(read("7"), Ok(Code::Number(7)));
        assert_eq!(read("\"A6-1-f\""), Ok(Code::Name("A6-1-f".into())));
        for text in ["65536", "-1", "true", "[]"] {
            assert!(read(text).unwrap_err().contains("a name or a number"), "{text}");
        }
    }
}
