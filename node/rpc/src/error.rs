//! What callers are told when there is no answer.

use citynet_index::Limit;
use citynet_primitives::{CycleId, Hash, VersionId};
use jsonrpsee::types::{error::INVALID_PARAMS_CODE, ErrorObjectOwned};
use serde_json::{json, Value};

/// Why there is no answer. Each has a number, and a name in `data.code`; both are stable, messages are not.
///
/// Parameters of the wrong JSON type are refused by jsonrpsee; [`crate::methods`] gives these refusals the form of
/// [`Error::InvalidParams`]. An unknown method is no error of the ledger: the server answers -32601, without `data`.
///
/// The OpenRPC document takes number, name and meaning from the comments below.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 9000 `internal`: the node failed. The message says nothing more; the node's log does.
    #[error("the node failed to answer; its log says why")]
    Internal(#[source] Internal),
    /// 9001 `not_synced`: the index, or the node, is behind. `data.indexed` and `data.finalized` are block numbers.
    #[error("the index holds {} and the chain is finalised up to block {finalized}; ask again later", up_to(.indexed))]
    NotSynced {
        /// The last block that the index holds.
        indexed: Option<u32>,
        /// The finalised block.
        finalized: u32,
    },
    /// 9002 `pruned`: the node once had the data. `data.block` is the block.
    #[error("this node has pruned the {what} of block {block}; ask an archive node")]
    Pruned {
        /// What is gone.
        what: &'static str,
        /// Of which block.
        block: u32,
    },
    /// 9003 `cursor_expired`: the cursor's anchor is not a block of the finalised chain. Start over without it.
    #[error("the cursor is about a block that is not in the finalised chain; start over without it")]
    CursorExpired,
    /// 9004 `limit_exceeded`: too much was asked for at once. `data.limit` is how much is allowed.
    #[error("at most {limit} {what} can be asked for at once")]
    LimitExceeded {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        limit: u32,
    },
    /// 9005 `not_found`: there is no such thing at the anchor. `data.what` says what.
    #[error("{0}")]
    NotFound(NotFound),
    /// 9007 `no_index`: the node runs without an index.
    #[error("this node runs without an index; start it with --index or ask another one")]
    NoIndex,
    /// 9008 `not_final_yet`: it is not final, or no stored justification covers it. Ask again in a moment.
    #[error("it is not final yet; ask again in a moment")]
    NotFinalYet,
    /// 9009 `too_expensive`: the answer would cost the node too much. `data.narrow` says what to ask for instead.
    #[error("the answer {limit}: {narrow}")]
    TooExpensive {
        /// What it costs too much of.
        limit: Limit,
        /// What to do about it.
        narrow: &'static str,
    },
    /// -32602 `invalid_params`: a parameter makes no sense.
    #[error("{0}")]
    InvalidParams(String),
}

/// What does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// A record beyond the journal's end.
    #[error("there is no record {index}: the journal has {records} records")]
    Record {
        /// What was asked for.
        index: u64,
        /// How many there are.
        records: u64,
    },
    /// A device that was never registered.
    #[error("there is no device {0}")]
    Device(u64),
    /// A sequence number that no batch holds.
    #[error("no batch of device {device} holds sequence number {sequence}{}", because(.declared_missing_by))]
    Batch {
        /// The device.
        device: u64,
        /// The sequence number.
        sequence: u64,
        /// The record that declares the number missing, if one does.
        declared_missing_by: Option<u64>,
    },
    /// An organisation that does not exist.
    #[error("there is no organisation {0}")]
    Organisation(u32),
    /// A dataset that was never registered.
    #[error("there is no dataset {0}")]
    Dataset(u64),
    /// A version that was never published.
    #[error("there is no version {} of dataset {}", .0.version, .0.dataset)]
    Version(VersionId),
    /// A grant that was never requested or offered.
    #[error("there is no grant {0}")]
    Grant(u64),
    /// An obligation that never arose.
    #[error("there is no obligation {0}")]
    Obligation(u64),
    /// A netting cycle that was never opened.
    #[error("there is no cycle {} of currency {}", .0.number, .0.currency)]
    Cycle(CycleId),
    /// A currency that was never created.
    #[error("there is no currency {0}")]
    Currency(u32),
    /// A withdrawal that was never requested, or was paid or returned.
    #[error("no withdrawal {0} is open")]
    Withdrawal(u64),
    /// A motion that was never proposed, or is closed.
    #[error("no motion {0} is open")]
    Motion(u32),
    /// A block that the chain has not come to.
    #[error("there is no finalised block {0}")]
    Block(u32),
    /// An extrinsic that no finalised block has.
    #[error("no finalised block has an extrinsic with hash 0x{}", hex::encode(.0))]
    Extrinsic(Hash),
    /// A justification that this node does not have.
    #[error("this node has no justification of block {0}; start over without `at`")]
    Justification(u32),
}

fn up_to(indexed: &Option<u32>) -> String {
    indexed.map_or_else(|| "no block yet".into(), |number| format!("the blocks up to {number}"))
}

fn because(declared_missing_by: &Option<u64>) -> String {
    declared_missing_by.map_or_else(String::new, |record| format!(": record {record} declares it missing"))
}

/// What fails inside the node.
#[derive(Debug, thiserror::Error)]
pub enum Internal {
    /// The index.
    #[error(transparent)]
    Index(citynet_index::Error),
    /// The chain's database.
    #[error(transparent)]
    Chain(#[from] sp_blockchain::Error),
    /// The runtime.
    #[error(transparent)]
    Runtime(#[from] sp_api::ApiError),
    /// The tree in the index.
    #[error(transparent)]
    Tree(#[from] citynet_merkle::ProofError<citynet_index::Error>),
    /// Data that belong together do not fit together.
    #[error("{0}")]
    Inconsistent(&'static str),
}

impl Error {
    pub(crate) fn invalid(message: &str) -> Self {
        Self::InvalidParams(message.to_owned())
    }

    pub(crate) const fn inconsistent(what: &'static str) -> Self {
        Self::Internal(Internal::Inconsistent(what))
    }

    /// The JSON-RPC error number.
    pub const fn number(&self) -> i32 {
        match self {
            Self::Internal(_) => 9000,
            Self::NotSynced { .. } => 9001,
            Self::Pruned { .. } => 9002,
            Self::CursorExpired => 9003,
            Self::LimitExceeded { .. } => 9004,
            Self::NotFound(_) => 9005,
            Self::NoIndex => 9007,
            Self::NotFinalYet => 9008,
            Self::TooExpensive { .. } => 9009,
            Self::InvalidParams(_) => INVALID_PARAMS_CODE,
        }
    }

    /// The name in `data.code`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Internal(_) => "internal",
            Self::NotSynced { .. } => "not_synced",
            Self::Pruned { .. } => "pruned",
            Self::CursorExpired => "cursor_expired",
            Self::LimitExceeded { .. } => "limit_exceeded",
            Self::NotFound(_) => "not_found",
            Self::NoIndex => "no_index",
            Self::NotFinalYet => "not_final_yet",
            Self::TooExpensive { .. } => "too_expensive",
            Self::InvalidParams(_) => "invalid_params",
        }
    }

    fn data(&self) -> Value {
        let code = self.code();
        match self {
            Self::NotSynced { indexed, finalized } => {
                json!({ "code": code, "indexed": indexed, "finalized": finalized })
            }
            Self::Pruned { what, block } => json!({ "code": code, "what": what, "block": block }),
            Self::LimitExceeded { what, limit } => json!({ "code": code, "what": what, "limit": limit }),
            Self::TooExpensive { limit: _, narrow } => json!({ "code": code, "narrow": narrow }),
            Self::NotFound(NotFound::Record { index, records }) => {
                json!({ "code": code, "what": "record", "index": index.to_string(), "records": records.to_string() })
            }
            Self::NotFound(NotFound::Device(device)) => {
                json!({ "code": code, "what": "device", "device": device.to_string() })
            }
            Self::NotFound(NotFound::Batch { device, sequence, declared_missing_by }) => json!({
                "code": code,
                "what": "batch",
                "device": device.to_string(),
                "sequence": sequence.to_string(),
                "declaredMissingBy": declared_missing_by.map(|record| record.to_string()),
            }),
            Self::NotFound(NotFound::Organisation(organisation)) => {
                json!({ "code": code, "what": "organisation", "organisation": organisation })
            }
            Self::NotFound(NotFound::Dataset(dataset)) => {
                json!({ "code": code, "what": "dataset", "dataset": dataset.to_string() })
            }
            Self::NotFound(NotFound::Version(VersionId { dataset, version })) => {
                json!({ "code": code, "what": "version", "dataset": dataset, "version": version })
            }
            Self::NotFound(NotFound::Grant(grant)) => {
                json!({ "code": code, "what": "grant", "grant": grant.to_string() })
            }
            Self::NotFound(NotFound::Obligation(obligation)) => {
                json!({ "code": code, "what": "obligation", "obligation": obligation.to_string() })
            }
            Self::NotFound(NotFound::Cycle(CycleId { currency, number })) => {
                json!({ "code": code, "what": "cycle", "currency": currency, "number": number })
            }
            Self::NotFound(NotFound::Currency(currency)) => {
                json!({ "code": code, "what": "currency", "currency": currency })
            }
            Self::NotFound(NotFound::Withdrawal(withdrawal)) => {
                json!({ "code": code, "what": "withdrawal", "withdrawal": withdrawal.to_string() })
            }
            Self::NotFound(NotFound::Motion(motion)) => json!({ "code": code, "what": "motion", "motion": motion }),
            Self::NotFound(NotFound::Block(block)) => json!({ "code": code, "what": "block", "block": block }),
            Self::NotFound(NotFound::Extrinsic(hash)) => {
                json!({ "code": code, "what": "extrinsic", "hash": format!("0x{}", hex::encode(hash)) })
            }
            Self::NotFound(NotFound::Justification(block)) => {
                json!({ "code": code, "what": "justification", "block": block })
            }
            Self::Internal(_) | Self::CursorExpired | Self::NoIndex | Self::NotFinalYet | Self::InvalidParams(_) => {
                json!({ "code": code })
            }
        }
    }
}

impl From<citynet_index::Error> for Error {
    fn from(error: citynet_index::Error) -> Self {
        match error {
            citynet_index::Error::TooExpensive { limit, narrow } => Self::TooExpensive { limit, narrow },
            error => Self::Internal(Internal::Index(error)),
        }
    }
}

impl From<sp_blockchain::Error> for Error {
    fn from(error: sp_blockchain::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<citynet_merkle::ProofError<citynet_index::Error>> for Error {
    fn from(error: citynet_merkle::ProofError<citynet_index::Error>) -> Self {
        match error {
            citynet_merkle::ProofError::Store(error) => error.into(),
            error => Self::Internal(error.into()),
        }
    }
}

impl From<Error> for ErrorObjectOwned {
    fn from(error: Error) -> Self {
        if let Error::Internal(cause) = &error {
            tracing::error!(%cause, "A JSON-RPC request failed.");
        }
        Self::owned(error.number(), error.to_string(), Some(error.data()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(error: Error) -> (i32, String, Value) {
        let object = ErrorObjectOwned::from(error);
        let data = serde_json::from_str(object.data().unwrap().get()).unwrap();
        (object.code(), object.message().to_owned(), data)
    }

    fn too_expensive() -> citynet_index::Error {
        citynet_index::Error::TooExpensive { limit: Limit::Rows(7), narrow: "ask for less" }
    }

    #[test]
    fn every_error_keeps_its_number_and_name() {
        let expected = [
            (Error::inconsistent("x"), 9000, "internal"),
            (Error::NotSynced { indexed: None, finalized: 1 }, 9001, "not_synced"),
            (Error::Pruned { what: "state", block: 0 }, 9002, "pruned"),
            (Error::CursorExpired, 9003, "cursor_expired"),
            (Error::LimitExceeded { what: "records", limit: 1000 }, 9004, "limit_exceeded"),
            (Error::NotFound(NotFound::Organisation(9)), 9005, "not_found"),
            (Error::NoIndex, 9007, "no_index"),
            (Error::NotFinalYet, 9008, "not_final_yet"),
            (too_expensive().into(), 9009, "too_expensive"),
            (Error::invalid("x"), -32602, "invalid_params"),
        ];
        for (error, number, code) in expected {
            let (found, _, data) = object(error);
            assert_eq!((found, data["code"].as_str()), (number, Some(code)));
        }
    }

    #[test]
    fn details_are_in_the_data() {
        let (_, message, data) = object(Error::NotSynced { indexed: Some(7), finalized: 90 });
        assert_eq!(data, json!({ "code": "not_synced", "indexed": 7, "finalized": 90 }));
        assert!(message.contains("up to 7"), "{message}");
        let missing = NotFound::Batch { device: 1, sequence: u64::MAX, declared_missing_by: Some(4) };
        let (_, message, data) = object(Error::NotFound(missing));
        assert_eq!(data["sequence"], "18446744073709551615");
        assert_eq!(data["declaredMissingBy"], "4");
        assert!(message.ends_with("record 4 declares it missing"), "{message}");
        let (_, _, data) = object(Error::NotFound(NotFound::Record { index: 5, records: 3 }));
        assert_eq!(data, json!({ "code": "not_found", "what": "record", "index": "5", "records": "3" }));
        let (_, message, data) = object(too_expensive().into());
        assert_eq!(data, json!({ "code": "too_expensive", "narrow": "ask for less" }));
        assert_eq!(message, "the answer reads more than 7 rows: ask for less");
        let version = VersionId { dataset: citynet_primitives::DatasetId(7), version: 3 };
        let (_, message, data) = object(Error::NotFound(NotFound::Version(version)));
        assert_eq!(data, json!({ "code": "not_found", "what": "version", "dataset": "7", "version": 3 }));
        assert_eq!(message, "there is no version 3 of dataset 7");
        let (_, _, data) = object(Error::NotFound(NotFound::Dataset(u64::MAX)));
        assert_eq!(data, json!({ "code": "not_found", "what": "dataset", "dataset": "18446744073709551615" }));
        let (_, _, data) = object(Error::NotFound(NotFound::Grant(5)));
        assert_eq!(data, json!({ "code": "not_found", "what": "grant", "grant": "5" }));
        let (_, _, data) = object(Error::NotFound(NotFound::Obligation(u64::MAX)));
        let expected = json!({ "code": "not_found", "what": "obligation", "obligation": "18446744073709551615" });
        assert_eq!(data, expected);
        let (_, message, data) = object(Error::NotFound(NotFound::Cycle(CycleId { currency: 1, number: 7 })));
        assert_eq!(data, json!({ "code": "not_found", "what": "cycle", "currency": 1, "number": 7 }));
        assert_eq!(message, "there is no cycle 7 of currency 1");
        let (_, message, data) = object(Error::NotFound(NotFound::Justification(7)));
        assert_eq!(data, json!({ "code": "not_found", "what": "justification", "block": 7 }));
        assert_eq!(message, "this node has no justification of block 7; start over without `at`");
        let (_, _, data) = object(Error::NotFound(NotFound::Withdrawal(u64::MAX)));
        let expected = json!({ "code": "not_found", "what": "withdrawal", "withdrawal": "18446744073709551615" });
        assert_eq!(data, expected);
        let (_, message, data) = object(Error::NotFound(NotFound::Extrinsic([0xab; 32])));
        let hash = format!("0x{}", "ab".repeat(32));
        assert_eq!(data, json!({ "code": "not_found", "what": "extrinsic", "hash": hash }));
        assert!(message.ends_with(&hash), "{message}");
    }

    #[test]
    fn internal_details_stay_in_the_log() {
        let (_, message, data) = object(Error::inconsistent("secret path"));
        assert!(!message.contains("secret"), "{message}");
        assert_eq!(data, json!({ "code": "internal" }));
    }
}
