//! One WebSocket connection to a node, which carries both the ledger's own methods and everything that transactions
//! need.

use citynet_primitives::Hash;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use subxt::{
    backend::LegacyBackend,
    config::RpcConfigFor,
    rpcs::{
        client::{RpcParams, RpcSubscription},
        methods::LegacyRpcMethods,
        RpcClient,
    },
    utils::H256,
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
};

pub(crate) type Methods = LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>;
/// What a node knew at one finalised block: enough to sign transactions and to decode events.
pub(crate) type Snapshot = OnlineClientAtBlock<SubstrateConfig>;

/// A node does not answer, or not with what was asked for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NodeError {
    /// There is no connection, or it broke.
    #[error("no connection to a node at {url}: {reason}")]
    Unreachable {
        /// Its address.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The node says no.
    #[error("{message} (error {code}){}", .data.as_ref().map(|data| format!(": {data}")).unwrap_or_default())]
    Refused {
        /// The JSON-RPC error code.
        code: i32,
        /// Its message.
        message: String,
        /// Its data, as JSON.
        data: Option<String>,
    },
    /// The node's answer makes no sense.
    #[error("the node's answer cannot be read: {0}")]
    Answer(String),
    /// The node is of another chain than before.
    #[error("the node at {url} is of another chain now: its genesis is 0x{}", hex::encode(.genesis))]
    OtherChain {
        /// Its address.
        url: String,
        /// Its genesis hash.
        genesis: Hash,
    },
}

/// A record is not covered by a justification yet.
pub const NOT_FINAL_YET: i32 = 9008;
/// The node's index has not come that far.
pub const NOT_SYNCED: i32 = 9001;
/// More was asked for than the node gives at once.
pub const LIMIT_EXCEEDED: i32 = 9004;
/// There is no such thing.
pub const NOT_FOUND: i32 = 9005;
/// The node keeps no index.
pub const NO_INDEX: i32 = 9007;

impl NodeError {
    /// The JSON-RPC error code, if the node refused.
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    pub(crate) fn answer(error: impl ToString) -> Self {
        Self::Answer(error.to_string())
    }
}

/// A connection.
pub struct Connection {
    url: String,
    rpc: RpcClient,
    pub(crate) methods: Methods,
    client: OnlineClient<SubstrateConfig>,
    genesis: Hash,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Connection").field(&self.url).finish()
    }
}

impl Connection {
    /// Connects to `ws://…` or `wss://…`.
    ///
    /// # Errors
    ///
    /// [`NodeError::Unreachable`].
    pub async fn open(url: &str) -> Result<Self, NodeError> {
        let unreachable = |error: String| NodeError::Unreachable { url: url.to_owned(), reason: error };
        let rpc = RpcClient::from_insecure_url(url).await.map_err(|error| unreachable(error.to_string()))?;
        let backend: LegacyBackend<SubstrateConfig> = LegacyBackend::builder().build(rpc.clone());
        let client = OnlineClient::from_backend_with_config(SubstrateConfig::new(), Arc::new(backend))
            .await
            .map_err(|error| unreachable(error.to_string()))?;
        let genesis = client.genesis_hash().0;
        Ok(Self { url: url.to_owned(), methods: Methods::new(rpc.clone()), rpc, client, genesis })
    }

    /// The hash of the chain's first block.
    pub fn genesis(&self) -> &Hash {
        &self.genesis
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn request<T: DeserializeOwned>(&self, method: &str, params: RpcParams) -> Result<T, NodeError> {
        self.rpc.request(method, params).await.map_err(|error| self.failed(error))
    }

    /// Subscribes by a method, and unsubscribes by another when what is returned is dropped.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn subscribe<T: DeserializeOwned>(
        &self,
        method: &str,
        params: RpcParams,
        unsubscribe: &str,
    ) -> Result<Subscription<T>, NodeError> {
        let notifications = self.rpc.subscribe(method, params, unsubscribe).await;
        let notifications = notifications.map_err(|error| self.failed(error))?;
        Ok(Subscription { url: self.url.clone(), notifications, _rpc: self.rpc.clone() })
    }

    pub(crate) fn failed(&self, error: subxt::rpcs::Error) -> NodeError {
        failed(&self.url, error)
    }

    /// The number and hash of the finalised head.
    pub(crate) async fn finalized(&self) -> Result<(u32, H256), NodeError> {
        let hash = self.methods.chain_get_finalized_head().await.map_err(|error| self.failed(error))?;
        Ok((self.number(Some(hash), "finalised").await?, hash))
    }

    /// The number of the best block.
    pub(crate) async fn best(&self) -> Result<u32, NodeError> {
        self.number(None, "best").await
    }

    async fn number(&self, hash: Option<H256>, which: &str) -> Result<u32, NodeError> {
        let header = self.methods.chain_get_header(hash).await.map_err(|error| self.failed(error))?;
        let header = header.ok_or_else(|| NodeError::answer(format!("the {which} block has no header")))?;
        u32::try_from(header.number).map_err(NodeError::answer)
    }

    /// The runtime's metadata and versions at a block.
    pub(crate) async fn at(&self, number: u32, hash: H256) -> Result<Snapshot, NodeError> {
        match self.client.at_block_hash_and_number(hash, u64::from(number)).await {
            Ok(snapshot) => Ok(snapshot),
            // subxt hides why; a connection that still answers says that it was not the connection.
            Err(error) => match self.methods.chain_get_finalized_head().await {
                Ok(_) => Err(NodeError::answer(error)),
                Err(broken) => Err(self.failed(broken)),
            },
        }
    }
}

/// What a node says by itself, once it was asked to.
pub struct Subscription<T> {
    url: String,
    notifications: RpcSubscription<T>,
    /// Keeps the connection.
    _rpc: RpcClient,
}

impl<T: DeserializeOwned> Subscription<T> {
    /// The next notification; `None` when the connection broke, or was too slow to be listened to.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn next(&mut self) -> Option<Result<T, NodeError>> {
        let notification = self.notifications.next().await?;
        Some(notification.map_err(|error| failed(&self.url, error)))
    }
}

impl<T> std::fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Subscription").field(&self.url).finish()
    }
}

fn failed(url: &str, error: subxt::rpcs::Error) -> NodeError {
    use subxt::rpcs::Error;
    match error {
        Error::User(refused) => NodeError::Refused {
            code: refused.code,
            message: refused.message,
            data: refused.data.map(|data| data.get().to_owned()),
        },
        Error::Client(_) | Error::DisconnectedWillReconnect(_) => {
            NodeError::Unreachable { url: url.to_owned(), reason: error.to_string() }
        }
        other => NodeError::answer(other),
    }
}
