//! The ledger's JSON-RPC methods, typed.
//!
//! 64-bit numbers are decimal strings, bytes are `0x` and hex. What a node answers is believed here; only
//! [`crate::prove`] and [`crate::verify`] check it.

mod data;
mod governance;
mod settlement;

pub use data::{
    AccessQuestion, CodeView, DatasetView, Decided, DecisionView, DependentView, Dependents, DocumentView, GrantFilter,
    GrantView, Origin, TermsView, UsageView, VersionView,
};
pub use governance::{
    AccountView, MotionView, OrganisationView, ParametersView, PeerView, QuotaView, RecoveryView, ValidatorView,
};
pub use settlement::{
    BalanceView, BankReferenceView, CurrencyView, CycleView, GrantAccountView, ObligationFilter, ObligationView,
    PositionView, Units, WithdrawalView,
};

pub use citynet_answers::hash::{parse as parse_hash, NotAHash};

use crate::{connection::NodeError, ledger::Ledger};
use citynet_primitives::{Account, Body, DeviceId, Hash, Record, Subject};
use codec::DecodeAll as _;
use serde::{de::DeserializeOwned, Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{json, Value};
use std::{fmt, str::FromStr};
use subxt::rpcs::{client::RpcParams, rpc_params};

/// Bytes as `0x` and hex.
#[derive(Clone, PartialEq, Eq)]
pub struct Hex(pub Vec<u8>);

impl Hex {
    /// As a hash.
    ///
    /// # Errors
    ///
    /// [`NodeError::Answer`] when it has not 32 bytes.
    pub fn hash(&self) -> Result<Hash, NodeError> {
        let bytes = self.0.as_slice();
        bytes.try_into().map_err(|_| NodeError::Answer(format!("{self} is not a hash")))
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(&self.0))
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hex {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        hex::decode(text.strip_prefix("0x").unwrap_or(text)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A 64-bit number: a decimal string, or a JSON number where it fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(pub u64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(u64),
            Text(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Number(number) => Ok(Self(number)),
            Either::Text(text) => text.parse().map(Self).map_err(serde::de::Error::custom),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A block.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Block {
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: Hex,
}

/// The journal's tree.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TreeHead {
    /// Number of records.
    pub size: Decimal,
    /// RFC 9162 root.
    pub root: Hex,
}

/// How far a node's index is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct IndexStatus {
    /// The last block in it, if it has one.
    pub number: Option<u32>,
    /// Number of records in it.
    pub records: Decimal,
    /// Whether it answers.
    pub synced: bool,
    /// How many finalised blocks it has not yet.
    pub behind: u32,
}

/// What a node says about itself and the chain.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The chain's name.
    pub chain: String,
    /// The hash of its first block.
    pub genesis_hash: Hex,
    /// The runtime's version.
    pub spec_version: u32,
    /// The best block.
    pub best: Block,
    /// The finalised head.
    pub finalized: Block,
    /// The journal there.
    pub tree_head: TreeHead,
    /// The index, if the node keeps one.
    pub index: Option<IndexStatus>,
}

/// A record.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordView {
    /// Position in the journal.
    pub index: Decimal,
    /// The block that wrote it.
    pub block: u32,
    /// What happened, by `kind`.
    pub body: Value,
    /// The SCALE-encoded record.
    pub encoded: Hex,
    /// Everything else.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

impl RecordView {
    /// The record.
    ///
    /// # Errors
    ///
    /// When the bytes are no record.
    pub fn record(&self) -> Result<Record, NodeError> {
        Record::decode_all(&mut self.encoded.0.as_slice()).map_err(NodeError::answer)
    }
}

/// An answer with one record.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RecordAt {
    /// The finalised block for which it is true.
    pub anchor: Block,
    /// The record.
    pub record: RecordView,
}

/// A public key.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyView {
    /// Its algorithm.
    pub algorithm: u16,
    /// Its bytes.
    pub public_key: Hex,
}

/// The record that made a device's key known.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct KeyRecord {
    /// The key's epoch.
    pub epoch: u32,
    /// Position of the record in the journal.
    pub record: Decimal,
}

/// A device.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// Its number.
    pub device: Decimal,
    /// The organisation that answers for it.
    pub owner: u32,
    /// `active`, `suspended` or `retired`.
    pub status: String,
    /// The epoch of its key.
    pub epoch: u32,
    /// Its key.
    pub key: KeyView,
    /// The number that its next reading has.
    pub next_sequence: Decimal,
    /// From when on it is distrusted, in milliseconds since 1970.
    pub distrusted_since: Option<Decimal>,
    /// What it is and where.
    pub profile: Value,
    /// The records that made its keys known.
    pub key_records: Vec<KeyRecord>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

/// One page of a list.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Page<T> {
    /// The finalised block for which it is true.
    pub anchor: Block,
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A record with its path in the journal's tree.
#[derive(Clone, Debug, Deserialize)]
pub struct ProvenRecord {
    /// The SCALE-encoded record.
    pub record: Hex,
    /// RFC 9162 inclusion path.
    pub path: Vec<Hex>,
}

/// A header with the justification that makes it final.
#[derive(Clone, Debug, Deserialize)]
pub struct JustifiedHeader {
    /// The SCALE-encoded header.
    pub header: Hex,
    /// The SCALE-encoded GRANDPA justification.
    pub justification: Hex,
}

/// The authorities of set 0.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GenesisAuthorities {
    /// State root of the genesis block.
    pub state_root: Hex,
    /// Trie nodes.
    pub proof: Vec<Hex>,
}

/// The authority sets from genesis on.
#[derive(Clone, Debug, Deserialize)]
pub struct AuthoritySets {
    /// Set 0.
    pub genesis: GenesisAuthorities,
    /// Each hands over to the next set.
    pub changes: Vec<JustifiedHeader>,
}

/// What proves records.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// The chain.
    pub genesis_hash: Hex,
    /// The records asked for, in that order.
    pub records: Vec<ProvenRecord>,
    /// The header of a justified block whose tree has them all.
    pub header: Hex,
    /// Its justification.
    pub justification: Hex,
    /// Who was entitled to make it.
    pub authorities: AuthoritySets,
}

/// How a node is.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// To how many others it is connected.
    pub peers: u32,
    /// Whether it is fetching blocks that others have.
    pub is_syncing: bool,
    /// Whether it should be connected to any.
    pub should_have_peers: bool,
}

/// Which runtime it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuntimeVersion {
    /// Which chain it is for.
    pub spec_name: String,
    /// Its version.
    pub spec_version: u32,
    /// The version of how transactions are encoded.
    pub transaction_version: u32,
}

/// Session keys that a node made.
#[derive(Clone, Debug, Deserialize)]
pub struct MadeKeys {
    /// The public keys in SCALE.
    pub keys: Hex,
    /// What proves that the node has the private ones. Runtimes of old have none.
    pub proof: Option<Hex>,
}

/// The methods.
#[derive(Clone, Copy, Debug)]
pub struct Rpc<'a> {
    ledger: &'a Ledger,
}

impl<'a> Rpc<'a> {
    pub(crate) fn new(ledger: &'a Ledger) -> Self {
        Self { ledger }
    }

    async fn call<T: DeserializeOwned>(&self, method: &str, params: RpcParams) -> Result<T, NodeError> {
        self.ledger.with(async |connection| connection.request(method, params.clone()).await).await
    }

    /// All items of a list, page after page: `params` makes the parameters for the page at a cursor.
    async fn all<T: DeserializeOwned>(
        &self,
        method: &str,
        params: impl Fn(Option<String>) -> RpcParams,
    ) -> Result<Vec<T>, NodeError> {
        let mut items = Vec::new();
        let mut cursor = None;
        loop {
            let page: Page<T> = self.call(method, params(cursor)).await?;
            items.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(items),
            }
        }
    }

    /// `citynet_status`.
    ///
    /// # Errors
    ///
    /// [`NodeError`], as with every method.
    pub async fn status(&self) -> Result<Status, NodeError> {
        self.call("citynet_status", rpc_params![]).await
    }

    /// `system_chainType`: `Development`, `Local` or another.
    pub async fn chain_type(&self) -> Result<Value, NodeError> {
        self.call("system_chainType", rpc_params![]).await
    }

    /// `system_nodeRoles`: `Authority` for a node that validates.
    pub async fn node_roles(&self) -> Result<Vec<String>, NodeError> {
        self.call("system_nodeRoles", rpc_params![]).await
    }

    /// `system_health`.
    pub async fn health(&self) -> Result<Health, NodeError> {
        self.call("system_health", rpc_params![]).await
    }

    /// `system_localPeerId`: the node's own id.
    pub async fn local_peer_id(&self) -> Result<String, NodeError> {
        self.call("system_localPeerId", rpc_params![]).await
    }

    /// `state_getRuntimeVersion` at a block.
    pub async fn runtime_version(&self, at: &Hash) -> Result<RuntimeVersion, NodeError> {
        self.call("state_getRuntimeVersion", rpc_params![Hex(at.to_vec())]).await
    }

    /// `author_rotateKeysWithOwner`: has the node make session keys, keep them and prove that it has them.
    pub async fn make_session_keys(&self, owner: &Account) -> Result<MadeKeys, NodeError> {
        self.call("author_rotateKeysWithOwner", rpc_params![Hex(owner.to_vec())]).await
    }

    /// `citynet_proof`.
    pub async fn proof(&self, records: &[u64]) -> Result<Proof, NodeError> {
        let records: Vec<Decimal> = records.iter().copied().map(Decimal).collect();
        self.call("citynet_proof", rpc_params![records]).await
    }

    /// `citynet_device`.
    pub async fn device(&self, device: DeviceId) -> Result<DeviceView, NodeError> {
        self.call("citynet_device", rpc_params![Decimal(device.0)]).await
    }

    /// `citynet_devices`, page after page.
    pub async fn devices(&self) -> Result<Vec<DeviceView>, NodeError> {
        self.all("citynet_devices", |cursor| rpc_params![cursor]).await
    }

    /// `citynet_records` about a subject, page after page, in their order.
    pub async fn records(&self, subject: Subject) -> Result<Vec<RecordView>, NodeError> {
        let filter = json!({ "subject": subject.to_string() });
        self.all("citynet_records", |cursor| rpc_params![&filter, cursor]).await
    }

    /// `citynet_batch`: the record of the batch that has a reading.
    pub async fn batch(&self, device: DeviceId, sequence: u64) -> Result<Record, NodeError> {
        let answer: RecordAt = self.call("citynet_batch", rpc_params![Decimal(device.0), Decimal(sequence)]).await?;
        let record = answer.record.record()?;
        match record.body {
            Body::BatchAttested { .. } => Ok(record),
            other => Err(NodeError::Answer(format!("the record of a batch is `{}`", other.kind()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_text_and_from_numbers() {
        let read = |text: &str| serde_json::from_str::<Decimal>(text).ok().map(|number| number.0);
        assert_eq!(read("\"18446744073709551615\""), Some(u64::MAX));
        assert_eq!(read("7"), Some(7));
        assert_eq!(read("\"0x7\""), None);
        assert_eq!(read("-1"), None);
        assert_eq!(serde_json::to_string(&Decimal(7)).unwrap(), "\"7\"");
    }

    #[test]
    fn bytes_are_hex() {
        let read = |text: &str| serde_json::from_str::<Hex>(text).ok().map(|bytes| bytes.0);
        assert_eq!(read("\"0x00ff\""), Some(vec![0, 255]));
        assert_eq!(read("\"0x0\""), None);
        assert_eq!(serde_json::to_string(&Hex(vec![0, 255])).unwrap(), "\"0x00ff\"");
    }
}
