//! Why transactions fail.

use super::{Refusal, ERA};
use crate::connection::NodeError;
use std::fmt;

/// Why a transaction did not get into a block.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SendError {
    /// The account may not send transactions; from the `CheckMember` extension.
    #[error("{0}")]
    NotMember(NotMember),
    /// The pool does not want it, whoever sends it.
    #[error("the node refuses the transaction: {0}")]
    Invalid(String),
    /// It is in a block and failed.
    #[error("{0}")]
    Failed(Refusal),
    /// Another transaction of the account took its place.
    #[error("another transaction of the same account took its nonce; is another process using the account?")]
    Replaced,
    /// It was not included in time.
    #[error("no block included the transaction within {} blocks, so it has no effect; try again", ERA)]
    Expired,
    /// It cannot be encoded for this runtime.
    #[error("the node's runtime does not have this call as expected: {0}")]
    Encoding(String),
    /// The node does not answer. Whether the transaction has an effect is not known.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl SendError {
    /// Whether the same request may succeed later with another transaction.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Replaced | Self::Expired)
    }
}

/// The codes of the `CheckMember` transaction extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMember {
    /// Code 1.
    Stranger,
    /// Code 2.
    Suspended,
    /// Code 3.
    Expelled,
    /// Code 4.
    Unsigned,
    /// Code 5.
    Left,
    /// A code that this program does not know.
    Other(u8),
}

impl fmt::Display for NotMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stranger => {
                f.write_str("the account belongs to no organisation of the consortium; its admin can add it")
            }
            Self::Suspended => f.write_str("the account's organisation is suspended"),
            Self::Expelled => f.write_str("the account's organisation was expelled from the consortium"),
            Self::Unsigned => f.write_str("the ledger takes signed transactions only"),
            Self::Left => f.write_str("the account's organisation left the consortium"),
            Self::Other(code) => write!(f, "the ledger refuses the account (code {code})"),
        }
    }
}

impl From<u8> for NotMember {
    fn from(code: u8) -> Self {
        match code {
            1 => Self::Stranger,
            2 => Self::Suspended,
            3 => Self::Expelled,
            4 => Self::Unsigned,
            5 => Self::Left,
            other => Self::Other(other),
        }
    }
}

/// What the pool's refusal means: `Ok` when the transaction may still be, or come, in a block.
///
/// The codes are those of `sc-rpc-api`: 1010 invalid, 1011 validity unknown, 1012 banned for a while, 1013 in the pool
/// already, 1014 another with this nonce is in the pool, 1016 the pool is full.
pub(super) fn refused(code: i32, message: String, data: Option<String>) -> Result<(), SendError> {
    let detail: String = data.as_deref().and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
    match code {
        1010 => match detail.strip_prefix("Custom error: ").and_then(|code| code.parse::<u8>().ok()) {
            Some(code) => Err(SendError::NotMember(code.into())),
            None if detail == "Transaction is outdated" => Ok(()),
            None => Err(SendError::Invalid(detail)),
        },
        1011..=1014 | 1016 => Ok(()),
        _ => Err(SendError::Node(NodeError::Refused { code, message, data })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused_with(code: i32, data: &str) -> Result<(), SendError> {
        refused(code, "Invalid Transaction".into(), Some(data.into()))
    }

    #[test]
    fn the_pools_refusals_are_told_in_words() {
        for (code, words) in [
            (1, "belongs to no organisation"),
            (2, "is suspended"),
            (3, "was expelled"),
            (4, "signed transactions only"),
            (5, "left the consortium"),
            (9, "code 9"),
        ] {
            let error = refused_with(1010, &format!("\"Custom error: {code}\"")).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
        assert!(refused_with(1010, "\"Transaction is outdated\"").is_ok());
        let bad = refused_with(1010, "\"Transaction has a bad signature\"").unwrap_err();
        assert!(bad.to_string().contains("bad signature"));
        for code in [1012, 1013, 1014, 1016] {
            assert!(refused_with(code, "\"whatever\"").is_ok());
        }
        assert!(matches!(refused_with(-32000, "1"), Err(SendError::Node(_))));
    }
}
