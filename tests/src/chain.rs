//! The chain as one node sees it, through JSON-RPC.

use anyhow::{ensure, Context as _, Result};
use citynet_primitives::{Account, DeviceId, DeviceInfo, Hash};
use codec::{Decode, Encode};
use jsonrpsee::{
    core::client::{ClientT as _, Error as RpcError, Subscription, SubscriptionClientT as _},
    ws_client::{WsClient, WsClientBuilder},
};
use serde_json::{json, Value};
use std::time::Duration;
use tokio::time::timeout;

/// Longer than anything takes that works: four validators that share two processors with a compiler.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// The error code of a proof that was asked for too early.
const NOT_FINAL_YET: i32 = 9008;
/// The error code of an index that is behind.
const NOT_SYNCED: i32 = 9001;

/// A connection to one node.
#[derive(Debug)]
pub struct Chain {
    url: String,
    client: WsClient,
}

impl Chain {
    /// Connects.
    ///
    /// # Errors
    ///
    /// When nobody answers.
    pub async fn connect(url: &str) -> Result<Self> {
        let client = WsClientBuilder::default()
            .max_response_size(64 * 1024 * 1024)
            .build(url)
            .await
            .with_context(|| format!("no connection to {url}"))?;
        Ok(Self { url: url.to_owned(), client })
    }

    /// Where the node's JSON-RPC is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// What the node answers, as it does.
    pub async fn request(&self, method: &str, parameters: Vec<Value>) -> Result<Value, RpcError> {
        self.client.request(method, parameters).await
    }

    /// Calls a method that must succeed.
    ///
    /// # Errors
    ///
    /// What the node answers, with the method's name.
    pub async fn call(&self, method: &str, parameters: Vec<Value>) -> Result<Value> {
        self.request(method, parameters).await.with_context(|| method.to_owned())
    }

    /// The code and `data.code` of the error that a call must end with.
    ///
    /// # Errors
    ///
    /// When it succeeds, or fails in another way.
    pub async fn error(&self, method: &str, parameters: Vec<Value>) -> Result<(i32, Option<String>)> {
        match self.request(method, parameters).await {
            Ok(answer) => anyhow::bail!("{method} answers {answer} instead of an error"),
            Err(RpcError::Call(error)) => {
                let data: Option<Value> = error.data().and_then(|data| serde_json::from_str(data.get()).ok());
                let code = data.as_ref().and_then(|data| data["code"].as_str()).map(str::to_owned);
                Ok((error.code(), code))
            }
            Err(error) => Err(error).with_context(|| method.to_owned()),
        }
    }

    /// Number and hash of the last finalised block.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    pub async fn finalized(&self) -> Result<(u32, String)> {
        let hash = text(&self.call("chain_getFinalizedHead", vec![]).await?)?;
        let header = self.call("chain_getHeader", vec![json!(hash)]).await?;
        Ok((number(&header)?, hash))
    }

    /// The hash of a block by its number.
    ///
    /// # Errors
    ///
    /// When the node has none of that number.
    pub async fn hash(&self, number: u32) -> Result<String> {
        text(&self.call("chain_getBlockHash", vec![json!(number)]).await?)
    }

    /// The genesis hash.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    pub async fn genesis(&self) -> Result<Hash> {
        bytes(&self.hash(0).await?)?.try_into().map_err(|_| anyhow::anyhow!("the genesis hash has not 32 bytes"))
    }

    /// Where a light client reaches the node, which must have been told to listen for WebSockets in the network: address
    /// and id.
    ///
    /// # Errors
    ///
    /// When the node does not answer, or does not listen there.
    pub async fn web_socket_address(&self) -> Result<String> {
        let listening = self.call("system_localListenAddresses", vec![]).await?;
        let listening: Vec<String> = serde_json::from_value(listening)?;
        listening.into_iter().find(|address| address.contains("/ws")).context("a node listens for light clients")
    }

    /// The version of the best block's runtime, now and whenever it changes.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    pub async fn runtime_versions(&self) -> Result<Subscription<Value>> {
        self.subscribe("RuntimeVersion").await
    }

    async fn subscribe(&self, kind: &str) -> Result<Subscription<Value>> {
        let subscribe = format!("chain_subscribe{kind}");
        let unsubscribe = format!("chain_unsubscribe{kind}");
        Ok(self.client.subscribe(&subscribe, Vec::<Value>::new(), &unsubscribe).await?)
    }

    /// Asks `check` now and with every finalised block until it gives a value.
    ///
    /// # Errors
    ///
    /// Those of `check`; when it gives none within [`PATIENCE`].
    pub async fn until<T>(&self, what: &str, check: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        self.until_head("FinalizedHeads", what, check).await
    }

    /// As [`Chain::until`], with every block that becomes the best one.
    ///
    /// # Errors
    ///
    /// As [`Chain::until`].
    pub async fn until_best<T>(&self, what: &str, check: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        self.until_head("NewHeads", what, check).await
    }

    async fn until_head<T>(
        &self,
        kind: &str,
        what: &str,
        mut check: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let mut heads = self.subscribe(kind).await?;
        let waiting = async {
            loop {
                if let Some(value) = check().await? {
                    return anyhow::Ok(value);
                }
                heads.next().await.context("the node ended the subscription")??;
            }
        };
        timeout(PATIENCE, waiting).await.with_context(|| format!("{what}: not within {PATIENCE:?}"))?
    }

    /// Waits until the block of that number is finalised. Gives the number of the one that is.
    ///
    /// # Errors
    ///
    /// As [`Chain::until`].
    pub async fn until_finalized(&self, wanted: u32) -> Result<u32> {
        self.until(&format!("block {wanted} is finalised"), async || {
            let (now, _) = self.finalized().await?;
            Ok((now >= wanted).then_some(now))
        })
        .await
    }

    /// How many transactions wait in the pool.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    pub async fn pending(&self) -> Result<usize> {
        let pending = self.call("author_pendingExtrinsics", vec![]).await?;
        Ok(pending.as_array().context("the pool is a list")?.len())
    }

    /// How many transactions of an account are in blocks up to the best one.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    pub async fn nonce(&self, account: &Account) -> Result<u32> {
        let argument = format!("0x{}", hex::encode(account));
        let answer = self.call("state_call", vec![json!("AccountNonceApi_account_nonce"), json!(argument)]).await?;
        Ok(u32::decode(&mut bytes(&text(&answer)?)?.as_slice())?)
    }

    /// A device as chain state has it after the best block.
    ///
    /// # Errors
    ///
    /// When the node does not answer, or not with a device.
    pub async fn device(&self, device: DeviceId) -> Result<Option<DeviceInfo>> {
        let argument = format!("0x{}", hex::encode(device.encode()));
        let answer = self.call("state_call", vec![json!("AttestationsApi_device"), json!(argument)]).await?;
        Ok(Option::<DeviceInfo>::decode(&mut bytes(&text(&answer)?)?.as_slice())?)
    }

    /// Waits until the index has followed to the last finalised block of now.
    ///
    /// # Errors
    ///
    /// As [`Chain::until`]; when the node keeps no index.
    pub async fn until_indexed(&self) -> Result<()> {
        let (wanted, _) = self.finalized().await?;
        self.until(&format!("block {wanted} is in the index"), async || {
            let status = self.call("citynet_status", vec![]).await?;
            ensure!(!status["index"].is_null(), "the node keeps no index");
            // One that is made anew holds no block at first.
            let at = status["index"]["number"].as_u64();
            Ok(at.filter(|at| *at >= u64::from(wanted)).map(drop))
        })
        .await
    }

    /// All records that match, in order, page by page.
    ///
    /// # Errors
    ///
    /// When a page is missing or the pages do not belong together.
    pub async fn records(&self, filter: Value) -> Result<Vec<Value>> {
        self.until_indexed().await?;
        let mut records = Vec::new();
        let mut cursor = Value::Null;
        let mut anchor = None;
        loop {
            let page = self.call("citynet_records", vec![filter.clone(), cursor, json!(100)]).await?;
            let at = anchor.get_or_insert_with(|| page["anchor"].clone());
            ensure!(*at == page["anchor"], "pages of one walk have the anchors {at} and {}", page["anchor"]);
            records.extend(page["items"].as_array().context("a page has items")?.iter().cloned());
            cursor = page["next"].clone();
            ensure!(
                page["complete"] == json!(cursor.is_null()),
                "a page is complete exactly when nothing comes next: {} and {cursor}",
                page["complete"]
            );
            if cursor.is_null() {
                return Ok(records);
            }
        }
    }

    /// The proof of a record, as soon as there is one.
    ///
    /// # Errors
    ///
    /// As [`Chain::until`], and when the node answers with another error than "not yet".
    pub async fn proof(&self, record: u64) -> Result<Value> {
        self.until(&format!("record {record} has a proof"), async || {
            match self.request("citynet_proof", vec![json!([record.to_string()])]).await {
                Ok(proof) => Ok(Some(proof)),
                Err(RpcError::Call(error)) if [NOT_FINAL_YET, NOT_SYNCED].contains(&error.code()) => Ok(None),
                Err(error) => Err(error).context("citynet_proof"),
            }
        })
        .await
    }
}

/// The bytes behind `0x` and hex.
///
/// # Errors
///
/// When the text is no such thing.
pub fn bytes(text: &str) -> Result<Vec<u8>> {
    let digits = text.strip_prefix("0x").with_context(|| format!("`{text}` does not begin with 0x"))?;
    hex::decode(digits).with_context(|| format!("`{text}` is not hex"))
}

/// The text in a JSON string.
///
/// # Errors
///
/// When it is something else.
pub fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}

/// The integer in a JSON string, as the ledger writes those of 64 bits.
///
/// # Errors
///
/// When it is something else.
pub fn decimal(value: &Value) -> Result<u64> {
    value.as_str().and_then(|text| text.parse().ok()).with_context(|| format!("{value} is no decimal text"))
}

/// The number of a header, which the SDK writes in hex without leading zeros.
pub(crate) fn number(header: &Value) -> Result<u32> {
    let text = text(&header["number"])?;
    u32::from_str_radix(text.trim_start_matches("0x"), 16).with_context(|| format!("`{text}` is no block number"))
}
