//! Transactions that a test signs itself, to see how the chain refuses them.

use crate::Chain;
use anyhow::{bail, Context as _, Result};
use futures::future::try_join_all;
use jsonrpsee::core::client::Error as RpcError;
use serde_json::json;
use std::{ops::Range, str::FromStr as _};
use subxt::{
    config::DefaultExtrinsicParamsBuilder,
    error::{DispatchError, TransactionEventsError},
    transactions::DefaultParams,
    Metadata, OnlineClient, SubstrateConfig,
};
use subxt_signer::{sr25519::Keypair, SecretUri};

/// The key pair of a URI such as `//Alice//gateway`.
///
/// # Errors
///
/// When it is none.
pub fn account(uri: &str) -> Result<Keypair> {
    Ok(Keypair::from_uri(&SecretUri::from_str(uri)?)?)
}

/// A call with its arguments as SCALE.
#[derive(Clone, Debug)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    arguments: Vec<u8>,
}

impl Call {
    /// The call of a pallet, by the names in the runtime.
    pub fn new(pallet: &'static str, name: &'static str, arguments: Vec<u8>) -> Self {
        Self { pallet, name, arguments }
    }

    fn data(&self, metadata: &Metadata) -> Result<Vec<u8>> {
        let pallet = metadata.pallet_by_name(self.pallet).with_context(|| self.pallet.to_owned())?;
        let variant = pallet.call_variant_by_name(self.name).with_context(|| self.name.to_owned())?;
        Ok([&[pallet.call_index(), variant.index], self.arguments.as_slice()].concat())
    }
}

/// What became of a transaction that a block took in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it says.
    Succeeded,
    /// It did nothing, for this reason: `Pallet::Error`.
    Failed(String),
}

/// How the pool refuses a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The JSON-RPC error's code.
    pub code: i32,
    /// Its detail.
    pub detail: String,
}

/// Signs and submits.
pub struct Transactions {
    client: OnlineClient<SubstrateConfig>,
}

impl Transactions {
    /// Connects to a node.
    ///
    /// # Errors
    ///
    /// When it does not answer.
    pub async fn connect(url: &str) -> Result<Self> {
        Ok(Self { client: OnlineClient::from_insecure_url(url).await? })
    }

    /// A signed transaction, with the account's next nonce.
    ///
    /// # Errors
    ///
    /// When the runtime has no such call, or the arguments are not its.
    pub async fn sign(&self, signer: &Keypair, call: &Call) -> Result<Vec<u8>> {
        let at = self.client.at_current_block().await?;
        let mut transactions = at.transactions();
        let payload = transactions.from_call_data_bytes(&call.data(at.metadata_ref())?)?;
        Ok(transactions.create_signed(&payload, signer, DefaultParams::default_params()).await?.into_encoded())
    }

    /// Signed transactions with the same call and these nonces, valid for ever.
    ///
    /// # Errors
    ///
    /// As [`Transactions::sign`].
    pub async fn sign_many(&self, signer: &Keypair, call: &Call, nonces: Range<u64>) -> Result<Vec<Vec<u8>>> {
        let at = self.client.at_current_block().await?;
        let transactions = at.transactions();
        let payload = transactions.from_call_data_bytes(&call.data(at.metadata_ref())?)?;
        let signed = nonces.map(|nonce| {
            let parameters = DefaultExtrinsicParamsBuilder::new().immortal().nonce(nonce).build();
            Ok(transactions.create_signable_offline(&payload, parameters)?.sign(signer)?.into_encoded())
        });
        signed.collect()
    }

    /// Signs, submits and waits until the transaction is final.
    ///
    /// # Errors
    ///
    /// When the pool refuses it.
    pub async fn submit(&self, signer: &Keypair, call: &Call) -> Result<Outcome> {
        let transaction = self.sign(signer, call).await?;
        let at = self.client.at_current_block().await?;
        let progress = at.transactions().from_bytes(transaction).submit_and_watch().await?;
        outcome(progress.wait_for_finalized().await?.wait_for_success().await)
    }

    /// Signs calls with the account's next nonces, submits them all, and waits until each is final. Gives what became
    /// of them, in their order.
    ///
    /// # Errors
    ///
    /// When the pool refuses one.
    pub async fn submit_all(&self, chain: &Chain, signer: &Keypair, calls: &[Call]) -> Result<Vec<Outcome>> {
        let next = u64::from(chain.nonce(&signer.public_key().0).await?);
        let at = self.client.at_current_block().await?;
        let mut submitted = Vec::new();
        for (nonce, call) in (next..).zip(calls) {
            for transaction in self.sign_many(signer, call, nonce..nonce + 1).await? {
                submitted.push(at.transactions().from_bytes(transaction).submit_and_watch().await?);
            }
        }
        // All at once: what happens to a transaction is told while it happens.
        let waiting = submitted.into_iter().map(|progress| async move {
            let included = progress.wait_for_finalized().await?;
            outcome(included.wait_for_success().await)
        });
        try_join_all(waiting).await
    }

    /// Signs and submits what the pool must refuse.
    ///
    /// # Errors
    ///
    /// When the pool takes it.
    pub async fn refusal(&self, chain: &Chain, signer: &Keypair, call: &Call) -> Result<Refusal> {
        let transaction = format!("0x{}", hex::encode(self.sign(signer, call).await?));
        match chain.request("author_submitExtrinsic", vec![json!(transaction)]).await {
            Ok(hash) => bail!("the pool took {}.{} as {hash}", call.pallet, call.name),
            Err(RpcError::Call(error)) => {
                let detail = error.data().and_then(|data| serde_json::from_str(data.get()).ok()).unwrap_or_default();
                Ok(Refusal { code: error.code(), detail })
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What became of a transaction whose events, or the failure among them, are these.
fn outcome<T>(events: Result<T, TransactionEventsError>) -> Result<Outcome> {
    match events {
        Ok(_) => Ok(Outcome::Succeeded),
        Err(TransactionEventsError::ExtrinsicFailed(DispatchError::Module(error))) => {
            Ok(Outcome::Failed(error.details_string()))
        }
        Err(TransactionEventsError::ExtrinsicFailed(error)) => Ok(Outcome::Failed(error.to_string())),
        Err(error) => Err(error.into()),
    }
}
